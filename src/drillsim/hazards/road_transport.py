"""The `hazard:` block of the family road-transport: a tanker or a bus comes to grief on a road.

The cargo makes the field: a toxic liquefied gas a cloud (`ToxicRelease`), a flammable liquid two
pools that chance may light (`SpillFire`). The crash and the road stand beside it: who is aboard
and how badly hurt at once, how many are trapped, what the road still carries, where it fills up.
"""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field, model_validator

from drillsim.city.model import City
from drillsim.data.fuels import fuel, fuel_table
from drillsim.data.substances import P_ATM_PA, substance, substance_table
from drillsim.errors import did_you_mean
from drillsim.hazards.chemical_storage import ChemicalStorageSpec
from drillsim.hazards.chemical_storage import build as build_release
from drillsim.hazards.field import Hazard, Provenance
from drillsim.hazards.spill_course import SpillCourse, SpillData
from drillsim.hazards.spill_fire import SpillFire
from drillsim.hazards.weather import Weather
from drillsim.physics.atmosphere import GRAVITY
from drillsim.physics.crash import SEVERITIES
from drillsim.physics.pool import FILM_M, evaporation_flux_kg_m2s
from drillsim.physics.pool_fire import burning_rate_kg_m2s
from drillsim.physics.release import liquid_orifice
from drillsim.units import Duration, Frequency, Length, Mass, Pressure, Share, Temperature
from drillsim.yamlio import Id, Model

# Fuels that mix with water: they destroy ordinary foam and can be thinned until they do not burn.
# The share of fuel by mass below which the mixture's flash point is above a warm day: methanol and
# ethanol of 40 % flash at 25 to 30 C (handbooks, from memory; 0.25 to 0.6).
WATER_LIMIT = {"methanol": 0.4, "ethanol": 0.4, "acetone": 0.2}
DISCHARGE = 0.62
BURNING_AT_M = 12.0


class Wreck(Model):
    """Who sits in what was hit: `at` a facility, `aboard` people, `trapped` of them in the metal.

    `severity`: shares of black, red, yellow and green (gravest first); the trapped are among the
    gravest that live.
    """

    at: Id
    aboard: int = Field(ge=1, le=100)
    trapped: int = Field(default=0, ge=0, le=100)
    severity: dict[str, float]

    @model_validator(mode="after")
    def _possible(self) -> Wreck:
        if unknown := sorted(set(self.severity) - set(SEVERITIES)):
            raise ValueError(f"severity: no such class: {', '.join(unknown)}")
        if abs(sum(self.severity.values()) - 1.0) > 1e-6 or min(self.severity.values()) < 0.0:
            raise ValueError("severity: the shares must add up to 1")
        if self.trapped > self.aboard:
            raise ValueError("trapped: cannot be more than aboard")
        return self


class Stored(Model):
    """A stretch of road on which vehicles come to stand, from `at` towards the accident.

    `room`: its length; `lanes` in that direction; `heads`: people in one vehicle. `entry`: the
    road point whose closing lets nobody else in.
    """

    at: Id
    room: Length = Field(gt=0.0, le=20_000.0)
    lanes: int = Field(ge=1, le=8)
    flow: Frequency = Field(gt=0.0)
    heads: float = Field(default=1.5, gt=0.0, le=60.0)
    entry: Id


class RoadSpec(Model):
    """The road: where crews come from, what still passes, where people stand.

    `upstream`, `downstream`: road points before and behind the accident in the direction of
    travel; `lanes` of that direction and how many are `blocked`; `flow` that comes (vehicles a
    second inside). `stairs`: facilities with a way down on foot. `below`: the street under the
    road, `height` under it.
    """

    upstream: Id
    downstream: Id
    lanes: int = Field(ge=2, le=8)
    blocked: int = Field(ge=0, le=8)
    flow: Frequency = Field(gt=0.0)
    stored: tuple[Stored, ...] = ()
    stairs: tuple[Id, ...] = ()
    below: Id | None = None
    height: Length = Field(default=0.0, ge=0.0, le=60.0)

    @model_validator(mode="after")
    def _possible(self) -> RoadSpec:
        if self.blocked > self.lanes:
            raise ValueError("blocked: cannot be more than lanes")
        return self


class Drains(Model):
    """The way of a liquid: how long it stays on deck and street, and the sewer to the outfall."""

    deck_stay: Duration = Field(default=90.0, gt=0.0)
    street_stay: Duration = Field(default=600.0, gt=0.0)
    sewer: Duration = Field(default=2200.0, ge=0.0)
    outfall: Id | None = None
    deck_length: Length = Field(default=40.0, gt=0.0, le=500.0)
    street_length: Length = Field(default=40.0, gt=0.0, le=500.0)
    width: Length = Field(default=12.0, gt=0.0, le=60.0)


class RoadTransportSpec(Model):
    """The `hazard:` block of the family road-transport.

    `cargo` of the tanker: toxic (then phase, pressure, temperature as for a storage) or flammable
    (a fuel; `head` of liquid over the hole drives the outflow, `split_at` tears the tank open by
    `split_hole`). The outflow follows from the hole; it is never given. `calls`: desks the public
    rings, in the order of likelihood; `placard`: how long the danger plate cannot be read.
    """

    family: Literal["road-transport"] = "road-transport"
    at: Id
    cargo: Literal["toxic", "flammable"]
    substance: Id
    hole: Length = Field(gt=0.0, le=0.5)
    inventory: Mass = Field(gt=0.0)
    phase: Literal["liquid", "gas", "two-phase"] = "liquid"
    pressure: Pressure | None = Field(default=None, gt=0.0)
    temperature: Temperature | None = None
    head: Length = Field(default=0.0, ge=0.0, le=5.0)
    height: Length = Field(default=1.0, ge=0.0, le=100.0)
    start: Duration = Field(default=0.0, ge=0.0)
    split_at: Duration | None = Field(default=None, gt=0.0)
    split_hole: Length | None = Field(default=None, gt=0.0, le=1.0)
    ignition: Share = Field(default=1.0, ge=0.0, le=1.0)
    wreck: Wreck
    road: RoadSpec
    drains: Drains = Drains()
    calls: tuple[str, ...] = Field(min_length=1)
    placard: Duration = Field(default=0.0, ge=0.0)

    @model_validator(mode="after")
    def _possible(self) -> RoadTransportSpec:
        fuels, toxic = sorted(fuel_table().fuels), sorted(substance_table().substances)
        known = [f for f in fuels if f in toxic] if self.cargo == "flammable" else toxic
        if self.substance not in known:
            raise ValueError(
                f"substance: unknown {self.substance!r}; allowed: {', '.join(known)}"
                + did_you_mean(self.substance, known)
            )
        if self.cargo == "flammable" and self.head <= 0.0:
            raise ValueError("head: a tank of flammable liquid needs liquid over the hole")
        if (self.split_at is None) != (self.split_hole is None):
            raise ValueError("split_at and split_hole belong together")
        if self.cargo == "toxic":
            self.as_storage()
        return self

    def as_storage(self) -> ChemicalStorageSpec:
        """Give the toxic cargo as the leak of a vessel; ValueError for what cannot be."""
        return ChemicalStorageSpec.model_validate(
            {
                "substance": self.substance, "at": self.at, "phase": self.phase,
                "hole": f"{self.hole!r} m", "inventory": f"{self.inventory!r} kg",
                "head": f"{self.head!r} m", "height": f"{self.height!r} m",
                "start": f"{self.start!r} s",
                **({} if self.pressure is None else {"pressure": f"{self.pressure!r} Pa"}),
                **({} if self.temperature is None else {"temperature": f"{self.temperature!r} K"}),
            }
        )  # fmt: skip


def build(spec: RoadTransportSpec, city: City, weather: Weather) -> Hazard:
    """Give the field of a spec in a city and a weather already drawn."""
    xy = city.facilities[spec.at].xy
    if spec.cargo == "toxic":
        return build_release(spec.as_storage(), xy, weather)
    road = spec.road
    below = city.facilities[road.below].xy if road.below is not None else xy
    ends = (city.facilities[road.upstream].xy, city.facilities[road.downstream].xy)
    data = spill_data(spec, weather)
    return SpillFire(
        fuel_id=spec.substance,
        name=fuel(spec.substance).name,
        source_xy=xy,
        weather=weather,
        course=SpillCourse.of(data),
        pools_xy=(xy, below),
        deck_line=ends,
        height_m=road.height,
        outfall=spec.drains.outfall or "",
        figures=_figures(data),
    )


def spill_data(spec: RoadTransportSpec, weather: Weather) -> SpillData:
    """Give what does not change about the spill of a flammable cargo."""
    of, drains = substance(spec.substance), spec.drains
    temperature = spec.temperature if spec.temperature is not None else weather.temperature
    density = of.liquid_density_kg_m3(temperature)
    pressure = P_ATM_PA + density * GRAVITY * spec.head

    def outflow(hole_m: float) -> float:
        return liquid_orifice(hole_m, pressure, density, temperature, DISCHARGE).rate_kg_s

    deck_m2 = drains.deck_length * drains.width
    return SpillData(
        mass_kg=spec.inventory,
        start_s=spec.start,
        leak_kg_s=outflow(spec.hole),
        split_s=spec.split_at if spec.split_at is not None else math.inf,
        split_kg_s=outflow(spec.split_hole) if spec.split_hole is not None else 0.0,
        density_kg_m3=density,
        film_m=FILM_M,
        deck_m2=deck_m2,
        street_m2=drains.street_length * drains.width,
        deck_s=drains.deck_stay,
        street_s=drains.street_stay,
        sewer_s=drains.sewer,
        water_limit=WATER_LIMIT.get(spec.substance, 0.0),
        evaporation_kg_m2s=evaporation_flux_kg_m2s(
            of, temperature, max(weather.wind_speed, 0.5), BURNING_AT_M
        ),
        burning_kg_m2s=burning_rate_kg_m2s(spec.substance, BURNING_AT_M),
    )


def _figures(data: SpillData) -> tuple[Provenance, ...]:
    judged = "judgement: crossfall and gullies of an elevated road; no measurement read"
    return (
        Provenance("outflow", round(data.leak_kg_s, 3), "kg/s", "from hole and head", True),
        Provenance(
            "discharge-coefficient", DISCHARGE, "1", "CCPS (1999) sec. 2.1", False, 0.60, 0.65
        ),
        Provenance("film-thickness", data.film_m, "m", "TNO Yellow Book", False, 0.005, 0.02),
        Provenance("deck-stay", data.deck_s, "s", judged, False, 30.0, 300.0),
        Provenance("street-stay", data.street_s, "s", judged, False, 200.0, 1800.0),
        Provenance("sewer-travel", data.sewer_s, "s", judged, False, 900.0, 4500.0),
        Provenance(
            "water-limit", data.water_limit, "1",
            "flash points of mixtures with water, handbooks, from memory", False, 0.25, 0.6,
        ),
        Provenance(
            "burning-rate", round(data.burning_kg_m2s, 4), "kg/m2/s",
            "Babrauskas (1983) for a pool of 12 m", False,
            0.8 * data.burning_kg_m2s, 1.2 * data.burning_kg_m2s,
        ),
    )  # fmt: skip
