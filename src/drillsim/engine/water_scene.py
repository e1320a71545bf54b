"""What a spill on water is to the engine: the field, the harm, changes, people brought ashore."""

from __future__ import annotations

import numpy as np

from drillsim.engine.drill import Drill
from drillsim.engine.states import State
from drillsim.engine.water_people import WaterExposure
from drillsim.hazards.field import Change
from drillsim.hazards.river_spill import RiverSpill

DEAD = int(State.DEAD)


def spill_of(drill: Drill) -> RiverSpill:
    """Give the spill as it stands."""
    hazard = drill.world.hazard
    assert isinstance(hazard, RiverSpill)
    return hazard


def harm_of(drill: Drill) -> WaterExposure:
    """Give what the spill has done to people."""
    exposure = drill.people.exposure
    assert isinstance(exposure, WaterExposure)
    return exposure


def change(drill: Drill, what: Change, who: str, causes: tuple[int, ...], clause: str) -> int:
    """Let something done act on the spill, and write it down."""
    world = drill.world
    world.hazard = world.hazard.after(what, world.now)
    data = {"factor": what.factor, "where": what.where, **world.hazard.emitted(world.now)}
    return world.note("hazard-changed", who, what.kind, data, causes, clause)


def count_overboard(drill: Drill) -> None:
    """Bring the true number of people in the water up to date."""
    wet = harm_of(drill).wet()
    alive = wet[drill.people.state[wet] != DEAD] if wet.size else wet
    heads = float(drill.people.weight[alive].sum()) if alive.size else 0.0
    drill.world.become("in-water", heads)


def people_ashore(drill: Drill, groups: np.ndarray, landing: str, event: int, clause: str) -> None:
    """Bring people out of the water: the fit stand on the bank, the others wait for a doctor."""
    world, people = drill.world, drill.people
    harm_of(drill).picked_up(groups)
    xy = world.scenario.city.facilities[landing].xy
    fit = groups[people.state[groups] == State.NORMAL]
    hurt = groups[people.state[groups] == State.DOWN]
    people.x[groups], people.y[groups] = xy
    people.state[fit] = State.CLEAR
    people.outdoors[groups] = False
    if fit.size:
        data = {"n": float(people.weight[fit].sum()), "place": landing, "colour": "green"}
        world.note("casualties", "world", "rescued", data, (event,), clause)
    if hurt.size:
        drill.medical.notice()
        drill.medical.advance(hurt, "rescued", "rescued", landing, (event,), clause)
    count_overboard(drill)
