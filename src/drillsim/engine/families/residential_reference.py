"""The reference policy for a building on fire: plan-free, from the truth, by one fixed rule.

From detection it starts what the building has, shuts the door between fire and stair, tells every
storey within a minute to stay behind its door unless stair and lobby stay fit to walk for as long
as the way down takes, and sends the nearest engines, searchers, ladder and ambulances at once. It
is reference-best, not optimal.
"""

from __future__ import annotations

import numpy as np
import simpy

from drillsim.engine.actions import ACTIONS
from drillsim.engine.crews import Unit
from drillsim.engine.drill import Drill, Job
from drillsim.engine.indoors.smoke_exposure import SmokeExposure
from drillsim.engine.world import Process
from drillsim.hazards import Change
from drillsim.hazards.residential_fire import ResidentialFire
from drillsim.plans.conditions import Atom
from drillsim.plans.model import Task, Verb

DECIDE_S, PRESS_S = 10.0, 50.0
TOLD_WITHIN_S = (15.0, 60.0)
LOOK_AHEAD_S, LOOK_STEP_S = 1200.0, 60.0
STOREY_S = 12.0
PATIENCE_S = 3600.0
WORK: tuple[tuple[Verb, tuple[str, ...], int], ...] = (
    ("attack-fire", ("engine",), 6),
    ("attack-fire", ("light-pump",), 2),
    ("attack-fire", ("hand-line",), 1),
    ("search-floors", ("ba-team",), 10),
    ("clear-lane", ("tow",), 1),
    ("ladder-rescue", ("ladder",), 2),
    ("shut-gas", ("gas-crew",), 1),
    ("triage", ("ambulance",), 1),
    ("transport-casualties", ("ambulance",), 8),
)


def act(drill: Drill) -> Process:
    """Wait for detection, decide at once, then do everything in parallel."""
    world = drill.world
    yield world.detected
    yield world.wait(DECIDE_S)
    world.start(_press(drill))
    _tell(drill)
    known = {c for unit in drill.crews.units for c in unit.resource.capabilities}
    for verb, needs, count in WORK:
        if set(needs) <= known:
            world.start(_send(drill, verb, needs, count))


def _press(drill: Drill) -> Process:
    """Start the fans and shut the doors on the fire."""
    world = drill.world
    yield world.wait(PRESS_S)
    for kind, factor in (("fans-on", 1.0), ("foot-door", 0.0), ("lobby-door", 0.0)):
        hazard = world.hazard
        world.hazard = hazard.after(Change(kind, factor, drill.source()), world.now)
        if world.hazard is not hazard:
            data = {"factor": factor, "where": drill.source(), **world.hazard.emitted(world.now)}
            world.note("hazard-changed", "reference", kind, data)


def _tell(drill: Drill) -> None:
    """Give every storey the better of two instructions, over the quickest channel."""
    world, people = drill.world, drill.people
    fire = world.hazard
    assert isinstance(fire, ResidentialFire)
    exposure = people.exposure
    assert isinstance(exposure, SmokeExposure)
    house = fire.spec.building
    planned = fire.after(Change("fans-on", 1.0), world.now).after(
        Change("foot-door", 0.0), world.now
    )
    times = world.now + np.arange(60.0, LOOK_AHEAD_S, LOOK_STEP_S)
    limit = fire.harmful_level
    clear = np.ones(house.floors, dtype=bool)
    if fire.spec.seat != "row":
        for t_s in times:
            stair = planned.levels(planned.held("stair", float(t_s)))
            lobby = planned.levels(planned.held("lobby", float(t_s)))
            worst = np.maximum(stair.extinction_per_m, lobby.extinction_per_m)
            clear &= np.maximum.accumulate(worst) < limit
    for place in people.of.places:
        groups = people.members(place.id)
        leave = bool(clear[int(place.id[1:]) - 1]) and not house.exit_through_fire
        action = "evacuate" if leave else "shelter"
        u = world.draws.many("warning-reference", place.id, groups.size)
        data = {"channel": "tone-alert", "action": action, "heads": float(place.heads)}
        world.note("warned", "reference", place.id, data)
        first, last = TOLD_WITHIN_S
        people.instruct(groups, action, world.now + first + (last - first) * u)


def _send(drill: Drill, verb: Verb, needs: tuple[str, ...], count: int) -> Process:
    """Send the nearest crews of anybody that can do the work; from the first on they work."""
    world, where = drill.world, drill.source()
    owners = {u.resource.owner for u in drill.crews.units}
    units = yield from drill.crews.get(needs, owners, count, where, PATIENCE_S)
    if not units:
        return
    task = Task(
        id="reference", by=units[0].resource.owner, when=Atom(key="fire"), verb=verb, needs=needs,
        action="evacuate" if verb == "search-floors" else None,
    )  # fmt: skip
    job = Job("", task, where, (), [])

    def bring(unit: Unit) -> Process:
        arrived = yield from drill.crews.send(unit, where, verb, "", ())
        if arrived is not None:
            job.units.append(unit)

    trips = [world.start(bring(unit)) for unit in units]
    yield simpy.AnyOf(world.env, trips)
    if not job.units:
        yield simpy.AllOf(world.env, trips)
    if job.units:
        data = {"where": where, "units": [u.name for u in job.units]}
        job.event = world.note("task-started", task.by, verb, data)
        yield world.start(ACTIONS[verb](drill, job))
