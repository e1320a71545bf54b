"""A cloud of flammable gas over a tank farm: the `cloud:` block and what is flammable of it.

The gas itself is the release of the family chemical-storage (source, plume, travel times); here
are its limits, what may light it, and the blast where it burns between pipes and columns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field, model_validator

from drillsim.data.fuels import Fuel, fuel
from drillsim.hazards.chemical_storage import ChemicalStorageSpec
from drillsim.hazards.chemical_storage import build as build_release
from drillsim.hazards.field import Floats, Provenance
from drillsim.hazards.toxic_release import ReceptorField, ToxicRelease
from drillsim.hazards.weather import Weather
from drillsim.i18n import Text
from drillsim.physics.explosion import (
    CLOUD_J_M3,
    Confinement,
    Congestion,
    cloud_overpressure_pa,
    flame_mach,
)
from drillsim.units import Angle, Length, Mass, Share, Volume
from drillsim.yamlio import Id, Model

# the row of the fuel table whose limits and heat hold for a substance
FUEL_OF = {"propane": "lpg", "gasoline": "gasoline"}
HEIGHT_M, AVERAGING_S = 0.5, 10.0
# share of the lower limit that crews take for the edge of the danger zone
CREW_SHARE = 0.5
RINGS, SPOKES = (0.35, 0.75), 8


class IgnitionSpec(Model):
    """Something that may light the cloud, placed from the hazard's facility.

    `chance` that it does so in a minute within the flammable cloud. `off_by` ends it: of an
    electrical one the place where the power is cut, of a vehicle the road that is closed.
    """

    id: Id
    name: Text
    kind: Literal["electrical", "vehicle", "flame"]
    bearing: Angle
    distance: Length = Field(ge=0.0, le=2000.0)
    chance: Share = Field(gt=0.0, lt=1.0)
    off_by: Id | None = None

    @model_validator(mode="after")
    def _possible(self) -> IgnitionSpec:
        if self.kind == "flame" and self.off_by is not None:
            raise ValueError("off_by: an open flame is ended by nothing; leave it out")
        return self


class CongestedSpec(Model):
    """Where pipes, columns or a roof hold the flame up: a round patch and the volume it fills."""

    name: Text
    bearing: Angle
    distance: Length = Field(ge=0.0, le=1000.0)
    radius: Length = Field(gt=0.0, le=100.0)
    volume: Volume = Field(gt=0.0, le=100_000.0)
    congestion: Congestion
    confinement: Confinement = "3d"


class GasSpot(Model):
    """Where the gas matters (a detector, the valve), placed from the hazard's facility."""

    bearing: Angle
    distance: Length = Field(ge=0.0, le=1000.0)


class CloudSpec(Model):
    """The `cloud:` block: a liquid leak that has not been lit yet.

    The rate follows from hole and vapour pressure (or `head` of liquid), as in the family
    chemical-storage; `bund_diameter` bounds the pool of a liquid that does not boil. Once lit it
    goes on as the fire `burns_as`. `congested`: where it gives blast; without, it only flashes.
    `valve`: where it is shut by hand; nobody goes there while the gas is above half its limit.
    """

    substance: Literal["propane", "gasoline"]
    hole: Length = Field(gt=0.0, le=0.2)
    inventory: Mass = Field(gt=0.0)
    height: Length = Field(default=1.0, ge=0.0, le=40.0)
    head: Length = Field(default=0.0, ge=0.0, le=50.0)
    bund_diameter: Length | None = Field(default=None, gt=0.0)
    burns_as: Id
    ignition: tuple[IgnitionSpec, ...] = ()
    congested: CongestedSpec | None = None
    detectors: tuple[GasSpot, ...] = ()
    valve: GasSpot | None = None

    @model_validator(mode="after")
    def _named(self) -> CloudSpec:
        names = [source.id for source in self.ignition]
        if len(set(names)) != len(names):
            raise ValueError("ignition: every source needs an id of its own")
        return self

    def release(self, at: str) -> ChemicalStorageSpec:
        """Give the leak as the family chemical-storage knows it; the figures are checked here."""
        return ChemicalStorageSpec.model_construct(
            substance=self.substance, at=at, phase="liquid", hole=self.hole,
            inventory=self.inventory, height=self.height, head=self.head,
            bund_diameter=self.bund_diameter,
        )  # fmt: skip


def offset(bearing_deg: float, distance_m: float) -> tuple[float, float]:
    """Give metres east and north of a spot by bearing and distance."""
    turn = math.radians(bearing_deg)
    return distance_m * math.sin(turn), distance_m * math.cos(turn)


@dataclass(frozen=True, eq=False)
class VapourCloud:
    """The gas of one leak with its flammable limits; levels in volume ppm, 10 s, 0.5 m up."""

    spec: CloudSpec
    gas: ToxicRelease

    @classmethod
    def build(
        cls, spec: CloudSpec, at: str, source_xy: tuple[float, float], weather: Weather
    ) -> VapourCloud:
        """Build the cloud of a spec at a place in a weather already drawn."""
        return cls(spec, build_release(spec.release(at), source_xy, weather))

    @property
    def fuel(self) -> Fuel:
        """The row of limits and heat."""
        return fuel(FUEL_OF[self.spec.substance])

    @property
    def quantity(self) -> str:
        """The concentration that decides on ignition."""
        return f"{self.gas.of.short}@{HEIGHT_M:g}m/{AVERAGING_S:g}s"

    @cached_property
    def lfl_ppm(self) -> float:
        """The lower flammable limit, volume ppm."""
        assert self.fuel.lfl is not None
        return 1e6 * self.fuel.lfl.value

    def level_ppm(self, places: ArrayLike, t_s: float) -> Floats:
        """Give the gas (n,) at places (n, 2) east and north of the source at a time, ppm."""
        spots = np.asarray(places, dtype=float).reshape(-1, 2) + np.asarray(self.gas.source_xy)
        return self.gas.level_at(self.gas.at(spots, self.quantity), t_s)

    @cached_property
    def sparks(self) -> ReceptorField:
        """Work out once where the ignition sources stand, in their order."""
        spots = [offset(s.bearing, s.distance) for s in self.spec.ignition]
        xy = np.array(spots).reshape(-1, 2) + np.asarray(self.gas.source_xy)
        return self.gas.at(xy, self.quantity)

    @cached_property
    def ages_s(self) -> tuple[float, float]:
        """Give how long the gas on the axis takes to thin to the upper and to the lower limit, s.

        Both are 0 for a cloud that is nowhere within the limits.
        """
        assert self.fuel.ufl is not None
        plume = self.gas.plume(self.quantity)
        far = plume.distance_to(self.lfl_ppm)
        near = plume.distance_to(1e6 * self.fuel.ufl.value)
        if far <= 0.0:
            return 0.0, 0.0
        young = float(plume.travel(near)[0]) if near > 0.0 else 0.0
        return young, max(float(plume.travel(far)[0]), young)

    @property
    def reach_m(self) -> float:
        """Give how far down wind the steady cloud is flammable, m."""
        return self.gas.plume(self.quantity).distance_to(self.lfl_ppm)

    def flammable_kg(self, t_s: float) -> float:
        """Give the mass between the limits at a time, kg: what left the source at such an age.

        The whole cross-section counts as its axis does, so that it is an upper bound.
        """
        young, old = self.ages_s
        emitted = self.gas.emission.emitted_s
        return self.gas.rate_kg_s * max(emitted(t_s - young) - emitted(t_s - old), 0.0)

    def gone_s(self) -> float:
        """Give when the last gas has thinned out of the limits, s."""
        return self.gas.emission.last_s + 2.0 * self.ages_s[1] + 60.0

    # --- blast --------------------------------------------------------------------------------

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the congested part from the source, m east and north."""
        part = self.spec.congested
        return (0.0, 0.0) if part is None else offset(part.bearing, part.distance)

    def filled_share(self, t_s: float) -> float:
        """Give the share of the congested part within the flammable cloud at a time."""
        part = self.spec.congested
        if part is None:
            return 0.0
        turns = 2.0 * np.pi * np.arange(SPOKES) / SPOKES
        spots = [np.zeros((1, 2))]
        for ring in RINGS:
            way = np.column_stack([np.sin(turns), np.cos(turns)])
            spots.append(ring * part.radius * way)
        level = self.level_ppm(np.asarray(self.centre) + np.concatenate(spots), t_s)
        return float((level >= self.lfl_ppm).mean())

    def blast_j(self, t_s: float) -> float:
        """Give the heat of the gas in the congested part at a time, J, never more than there is."""
        part = self.spec.congested
        if part is None or part.congestion == "none":
            return 0.0
        whole = self.flammable_kg(t_s) * self.fuel.combustion_heat_j_kg.value
        return min(self.filled_share(t_s) * part.volume * CLOUD_J_M3, whole)

    def blast_pa(self, gap_m: Floats, t_s: float) -> Floats:
        """Give the overpressure at distances from the congested part if lit at a time, Pa."""
        part = self.spec.congested
        if part is None:
            return np.zeros(np.shape(gap_m))
        mach = flame_mach(part.congestion, part.confinement)
        return cloud_overpressure_pa(np.maximum(gap_m, 1.0), self.blast_j(t_s), mach)

    # --- telling ------------------------------------------------------------------------------

    def provenance(self) -> tuple[Provenance, ...]:
        """Give every figure behind the cloud with its source."""
        rows = [
            Provenance("lower-limit", self.lfl_ppm, "ppm", "IEC 60079-20-1 by the fuel table",
                       self.fuel.lfl is not None and self.fuel.lfl.verified),
            Provenance("crews-stop-at", CREW_SHARE, "share of the lower limit",
                       "practice of fire services: 50 % of the lower limit, some 20 to 25 %; "
                       "from memory", False, 0.2, 0.5),
            Provenance("cloud-reach", round(self.reach_m), "m", "computed, 10 s, 0.5 m", True),
        ]  # fmt: skip
        for source in self.spec.ignition:
            rows.append(
                Provenance("ignition-chance", source.chance, "1/min",
                           f"scenario ({source.id}); TNO Purple Book (CPR 18E) app. 4.A gives "
                           "0.4 to moving traffic; from memory", False, 0.01, 0.9)
            )  # fmt: skip
        return (*self.gas.provenance(), *rows)
