"""What each hazard family brings to a run; a new family is a row here and the functions of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from drillsim.engine import water_people
from drillsim.engine.drill import Drill
from drillsim.engine.exposure import Exposure, Way
from drillsim.engine.families import (
    cloud_fire,
    gas,
    gas_reference,
    residential,
    residential_reference,
    road,
    road_reference,
    water,
    water_reference,
)
from drillsim.engine.families.gas_exposure import GasExposure, across_the_wind
from drillsim.engine.families.road_people import settle_road
from drillsim.engine.families.tank_heat import settle_farm
from drillsim.engine.indoors import residents
from drillsim.engine.indoors.smoke_exposure import SmokeExposure, down_the_stair
from drillsim.engine.scene import Scene
from drillsim.engine.settlement import Floats, Settlement, settle
from drillsim.engine.water_people import WaterExposure, stay_put
from drillsim.engine.world import Process, World
from drillsim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Family:
    """The functions of one family.

    `settle` says who is where at the start, `exposure` what the hazard does to them, `way` how
    they leave, `unfold` what becomes true at the scene by itself, `reference` the plan-free
    policy that knows the truth.
    """

    settle: Callable[[Scenario], Settlement]
    exposure: Callable[[World, Settlement, Floats], Exposure]
    way: Way
    unfold: Callable[[Scene], Process]
    reference: Callable[[Drill], Process]


GAS = Family(settle, GasExposure, across_the_wind, gas.unfold, gas_reference.act)
WATER = Family(water_people.settle, WaterExposure, stay_put, water.unfold, water_reference.act)
FIRE = Family(
    residents.settle, SmokeExposure, down_the_stair, residential.unfold, residential_reference.act
)
ROAD = Family(settle_road, road.exposure, road.way, road.unfold, road_reference.act)
TANK = Family(
    settle_farm, cloud_fire.exposure, cloud_fire.way, cloud_fire.unfold, cloud_fire.reference
)
FAMILIES: dict[str, Family] = {
    "storage-fire": TANK,
    "road-transport": ROAD,
    "chemical-storage": GAS,
    "water-transport": WATER,
    "residential-fire": FIRE,
}
