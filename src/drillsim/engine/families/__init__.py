"""What each hazard family brings to a run; a new family is a row here and the functions of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from drillsim.engine.drill import Drill
from drillsim.engine.exposure import Exposure, Way
from drillsim.engine.families import gas, gas_reference
from drillsim.engine.families.gas_exposure import GasExposure, across_the_wind
from drillsim.engine.scene import Scene
from drillsim.engine.settlement import Floats, Settlement, settle
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
FAMILIES: dict[str, Family] = {"chemical-storage": GAS}
