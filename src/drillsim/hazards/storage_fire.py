"""Fires in a tank farm: the `hazard:` block and how the field is built from it."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from drillsim.city.model import City
from drillsim.data.fuels import fuel, fuel_table
from drillsim.data.substances import P_ATM_PA, substance
from drillsim.hazards.cloud_farm import under_cloud
from drillsim.hazards.flame_table import held_wind
from drillsim.hazards.tank_course import ENGULFING_W_M2, Burning, Floats, Standing
from drillsim.hazards.tank_farm import Flame, TankFarm
from drillsim.hazards.vapour_cloud import CloudSpec, VapourCloud
from drillsim.hazards.weather import Weather
from drillsim.i18n import Text
from drillsim.physics.domino import Vessel, VesselKind
from drillsim.physics.jet_fire import GasJet, expanded_speed_mps, jet_fire
from drillsim.physics.pool_fire import burning_rate_kg_m2s, pool_fire
from drillsim.physics.release import liquid_orifice
from drillsim.units import Angle, Duration, Length, Mass, Share, Volume, VolumeRate
from drillsim.yamlio import Id, Model

FoamKind = Literal["any", "alcohol-resistant", "none"]
JET_SUBSTANCE = "propane"


class FireSpec(Model):
    """One fire. A pool has `diameter` (of a round pool of the same area) and `base`, its height.

    A jet of liquefied gas has `hole`, `aim` (bearing of the jet) and `base` (height of the hole);
    its rate follows from the vapour pressure at the temperature of the air. `bearing` and
    `distance` place it from the hazard's facility. `after`: the vessel whose failure lights it,
    `start` then counts from there. `foam` that works on it.
    """

    id: Id
    kind: Literal["pool", "jet"] = "pool"
    fuel: Id
    name: Text
    diameter: Length = Field(default=0.0, ge=0.0, le=60.0)
    hole: Length = Field(default=0.0, ge=0.0, le=0.2)
    aim: Angle = 0.0
    base: Length = Field(default=0.0, ge=0.0, le=40.0)
    inventory: Mass = Field(gt=0.0)
    start: Duration = Field(default=0.0, ge=0.0)
    bearing: Angle = 0.0
    distance: Length = Field(default=0.0, ge=0.0, le=1000.0)
    after: Id | None = None
    foam: FoamKind = "any"

    @model_validator(mode="after")
    def _possible(self) -> FireSpec:
        if self.fuel not in fuel_table().fuels:
            raise ValueError(f"fuel: allowed are {', '.join(sorted(fuel_table().fuels))}")
        if self.kind == "pool" and self.diameter < 1.0:
            raise ValueError("diameter: a pool fire needs 1 m or more")
        if self.kind == "jet" and not (self.hole > 0.0 and self.fuel == "lpg"):
            raise ValueError("hole: a jet needs a hole above 0 m and the fuel lpg")
        return self


class VesselSpec(Model):
    """One vessel near the fires, placed from the hazard's facility by `bearing` and `distance`.

    A sphere or a tank as wide as `diameter`; `content` a fuel; a pressurised one bursts in a
    fireball. `fireproofing`: how long its coat holds. `deluge`: flow of its fixed water spray,
    0 without.
    """

    id: Id
    name: Text
    kind: VesselKind
    volume: Volume = Field(gt=0.0)
    diameter: Length = Field(gt=0.0, le=80.0)
    content: Id
    mass: Mass = Field(gt=0.0)
    bearing: Angle
    distance: Length = Field(ge=0.0, le=1000.0)
    fireproofing: Duration = Field(default=0.0, ge=0.0)
    deluge: VolumeRate = Field(default=0.0, ge=0.0, le=1.0)


class BasinSpec(Model):
    """What catches firewater: capacity, what stands in it, kg of pollutant in a m3 of run-off."""

    capacity: Volume = Field(ge=0.0)
    stored: Volume = Field(default=0.0, ge=0.0)
    wash: float = Field(default=2.0, ge=0.0, le=50.0)


class StaffSpot(Model):
    """Where a share of the people of the plant is, from the hazard's facility."""

    bearing: Angle
    distance: Length
    share: Share = Field(gt=0.0, le=1.0)
    outdoors: Share = Field(ge=0.0, le=1.0)


class StorageFireSpec(Model):
    """The `hazard:` block of the family storage-fire.

    `pumps`: whether the fixed spray still has water when the plant's power is cut. `staff`: where
    the people of `plant` are; `stand`: where engines stand and work. Who sees the fire from outside
    rings the first of `calls`. With `cloud` nothing burns yet: the fire it names waits for a spark.
    """

    family: Literal["storage-fire"] = "storage-fire"
    at: Id
    substance: Id
    fires: tuple[FireSpec, ...] = Field(min_length=1)
    vessels: tuple[VesselSpec, ...] = ()
    basin: BasinSpec
    plant: Id
    stand: Id
    staff: tuple[StaffSpot, ...] = ()
    pumps: Literal["diesel", "electric"] = "electric"
    calls: tuple[Id, ...] = ()
    cloud: CloudSpec | None = None

    @model_validator(mode="after")
    def _named(self) -> StorageFireSpec:
        names = [*(x.id for x in self.fires), *(x.id for x in self.vessels)]
        if len(set(names)) != len(names):
            raise ValueError("fires and vessels need ids of their own")
        known = {v.id for v in self.vessels}
        for fire in self.fires:
            if fire.after is not None and fire.after not in known:
                raise ValueError(f"after: {fire.after!r} is none of the vessels")
        if sum(s.share for s in self.staff) > 1.0 + 1e-9:
            raise ValueError("staff: the shares add up to more than 1")
        if self.cloud is not None:
            burns = {f.id for f in self.fires if f.after is None}
            if self.cloud.burns_as not in burns:
                allowed = ", ".join(sorted(burns)) or "none"
                raise ValueError(
                    f"cloud: burns_as: {self.cloud.burns_as!r} is none of the fires that no vessel "
                    f"lights; allowed: {allowed}"
                )
        return self


def build(spec: StorageFireSpec, city: City, weather: Weather) -> TankFarm:
    """Build the immutable field of a spec in a weather already drawn for the replication."""
    source = city.facilities[spec.at].xy
    flames = tuple(_flame(fire, weather) for fire in spec.fires)
    vessels = tuple(_standing(vessel, weather) for vessel in spec.vessels)
    flux = np.zeros((len(flames), len(vessels)))
    engulfed = np.zeros(flux.shape, dtype=bool)
    for k, flame in enumerate(flames):
        for n, vessel in enumerate(spec.vessels):
            flux[k, n], engulfed[k, n] = _on_wall(spec.fires[k], flame, vessel, weather)
    farm = TankFarm.start(spec, source, weather, flames, vessels, flux, engulfed)
    if spec.cloud is None:
        return farm
    return under_cloud(farm, VapourCloud.build(spec.cloud, spec.at, source, weather))


def _offset(bearing: float, distance: float) -> tuple[float, float]:
    angle = math.radians(bearing)
    return distance * math.sin(angle), distance * math.cos(angle)


def _flame(spec: FireSpec, weather: Weather) -> Flame:
    """Give a fire with its rate; its radiation is looked up or computed where it is asked."""
    xy = _offset(spec.bearing, spec.distance)
    after = spec.after or ""
    if spec.kind == "pool":
        rate = burning_rate_kg_m2s(spec.fuel, spec.diameter) * 0.25 * math.pi * spec.diameter**2
        lasts = spec.inventory / rate
        course = Burning(spec.id, spec.start, lasts, rate, after, False)
        return Flame(course, xy, spec.fuel, spec.diameter, spec.base, None, 0.0)
    of = substance(JET_SUBSTANCE)
    pressure = of.saturation_pressure_pa(weather.temperature)
    density = of.liquid_density_kg_m3(weather.temperature)
    rate = liquid_orifice(spec.hole, pressure, density, weather.temperature, 0.62).rate_kg_s
    speed = expanded_speed_mps(
        max(pressure, 1.2 * P_ATM_PA), weather.temperature, of.molar_mass,
        of.heat_capacity_ratio.value,
    )  # fmt: skip
    jet = GasJet(rate, speed, of.molar_mass, fuel(spec.fuel).combustion_heat_j_kg.value)
    turn = math.radians(weather.wind_from + 180.0 - spec.aim)
    fire = jet_fire(
        jet, "horizontal", max(spec.base, 0.5), weather.wind_speed, turn, weather.temperature,
        weather.humidity,
    )  # fmt: skip
    course = Burning(spec.id, spec.start, spec.inventory / rate, rate, after, True)
    return Flame(course, xy, spec.fuel, 0.0, spec.base, fire, spec.aim)


def _standing(spec: VesselSpec, weather: Weather) -> Standing:
    area = math.pi * spec.diameter**2
    if spec.kind == "atmospheric":
        area = math.pi * spec.diameter * (4.0 * spec.volume / (math.pi * spec.diameter**2))
    return Standing(
        spec.id, Vessel(spec.kind, spec.volume, spec.fireproofing),
        _offset(spec.bearing, spec.distance), area, spec.mass, spec.kind == "pressurised",
        fuel(spec.content).combustion_heat_j_kg.value, weather.temperature, weather.humidity,
    )  # fmt: skip


def _on_wall(
    spec: FireSpec, flame: Flame, vessel: VesselSpec, weather: Weather
) -> tuple[float, bool]:
    """Give the greatest flux on the wall that faces a fire, W/m2, and whether flames touch it.

    Looked at in three heights of the facing wall, by the solid flame or the jet itself.
    """
    east, north = _offset(vessel.bearing, vessel.distance)
    gap = np.array([east - flame.xy[0], north - flame.xy[1]])
    far = max(float(np.hypot(*gap)), 1e-6)
    face = gap * max(far - 0.5 * vessel.diameter, 0.0) / far
    tall = vessel.diameter if vessel.kind != "atmospheric" else 0.8 * vessel.diameter
    heights: Floats = tall * np.array([0.15, 0.5, 0.85]) + 0.5
    if flame.jet is not None:
        along, side = flame.turned(face[None, :], weather)
        heat = flame.jet.flux_w_m2(np.full(3, along[0]), np.full(3, side[0]), heights)
        return float(heat.max()), bool(heat.max() >= ENGULFING_W_M2)
    fire = pool_fire(
        spec.fuel, spec.diameter, held_wind(weather.wind_speed), weather.temperature,
        weather.humidity, spec.base,
    )  # fmt: skip
    east_w, north_w = weather.down_wind()
    x, y = face[0] * east_w + face[1] * north_w, face[1] * east_w - face[0] * north_w
    heat = fire.flux_w_m2(np.full(3, x), np.full(3, y), heights)
    if fire.engulfs(np.full(3, x), np.full(3, y), heights).any():
        return ENGULFING_W_M2, True
    return float(heat.max()), False
