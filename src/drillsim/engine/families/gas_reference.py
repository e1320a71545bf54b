"""The reference policy: plan-free, from the truth at detection, by one fixed rule.

It knows the cloud and every crew, tells every place within a minute what costs it less dose
(stay in, or walk out across the wind), sends the nearest able crew to the leak and every free
ambulance, and airs rooms when the air outside is clean. It is reference-best, not optimal.
"""

from __future__ import annotations

import numpy as np
import simpy

from drillsim.engine.actions import ACTIONS
from drillsim.engine.drill import Drill, Job
from drillsim.engine.families.gas_exposure import CLEAR_OF_CLOUD_M
from drillsim.engine.world import Process
from drillsim.hazards.toxic_release import ToxicRelease
from drillsim.physics.harm import indoor_step
from drillsim.plans.conditions import Atom
from drillsim.plans.model import Task, Verb

DECIDE_S = 10.0
TOLD_WITHIN_S = (15.0, 60.0)
AIR_CLEAN_PPM = 0.3
LOOK_AHEAD_S, LOOK_STEP_S = 3600.0, 60.0


def act(drill: Drill) -> Process:
    """Wait for detection, decide at once, then do everything in parallel."""
    world = drill.world
    yield world.detected
    yield world.wait(DECIDE_S)
    _protect(drill)
    isolation = world.scenario.isolation
    work: tuple[tuple[Verb, tuple[str, ...], int], ...] = (
        ("close-valve", () if isolation.emergency_valve == "works" else isolation.needs, 1),
        ("plug-leak", isolation.plug_needs, 1),
        ("search-rescue", ("level-a",), 2),
        ("triage", ("ambulance",), 1),
        ("decontaminate", ("decon",), 1),
        ("transport-casualties", ("ambulance",), 8),
    )
    for verb, needs, count in work:
        if verb == "plug-leak" and not needs:
            continue
        world.start(_send(drill, verb, needs, count))
    yield from _air_rooms(drill)


def _release(drill: Drill) -> ToxicRelease:
    hazard = drill.world.hazard
    assert isinstance(hazard, ToxicRelease)
    return hazard


def _protect(drill: Drill) -> None:
    """Give every place the better of two instructions, over the quickest channel."""
    world, people = drill.world, drill.people
    hazard = _release(drill)
    places = people.of.places
    xy = np.array([[p.x, p.y] for p in places])
    times = world.now + np.arange(0.0, LOOK_AHEAD_S, LOOK_STEP_S)
    outside = hazard.level(f"{hazard.of.short}@1.5m/60s", xy, times)
    shut = world.figures.constants["sheltered-ach"].value
    walk = world.figures.constants["walk-mps"].value
    exponent = hazard.of.probit.n if hazard.of.probit else 1.0
    across = np.abs(hazard.axes(xy)[1])
    for index, place in enumerate(places):
        series = outside[:, index]
        if not series.any():
            continue
        inside = np.zeros_like(series)
        for step in range(1, series.size):
            inside[step] = indoor_step(inside[step - 1], series[step], shut, LOOK_STEP_S)
        steps = max(1, int((CLEAR_OF_CLOUD_M - across[index]) / walk / LOOK_STEP_S))
        stay, leave = (inside**exponent).sum(), (series[:steps] ** exponent).sum()
        action = "shelter" if stay <= leave else "leave-crosswind"
        groups = people.members(place.id)
        u = world.draws.many("warning-reference", place.id, groups.size)
        data = {"channel": "tone-alert", "action": action, "heads": float(place.heads)}
        world.note("warned", "reference", place.id, data)
        first, last = TOLD_WITHIN_S
        people.instruct(groups, action, world.now + first + (last - first) * u)


def _send(drill: Drill, verb: Verb, needs: tuple[str, ...], count: int) -> Process:
    """Send the nearest crews of anybody that can do the work."""
    world = drill.world
    where = drill.source()
    if verb in {"triage", "transport-casualties", "decontaminate"}:
        where = str(world.truth.get("access") or where)
    owners = {u.resource.owner for u in drill.crews.units}
    units = []
    if needs:
        units = yield from drill.crews.get(needs, owners, count, where, LOOK_AHEAD_S)
        if not units:
            return
        trips = [world.start(drill.crews.send(u, where, verb, "", ())) for u in units]
        yield simpy.AllOf(world.env, trips)
    lead = units[0].resource.owner if units else world.scenario.city.facilities[where].org
    if lead not in drill.minds.of:
        return
    task = Task(id="reference", by=lead, when=Atom(key="release"), verb=verb, needs=needs)
    job = Job("", task, where, (), units)
    job.event = world.note(
        "task-started", lead, verb, {"where": where, "units": [u.name for u in units]}
    )
    yield world.start(ACTIONS[verb](drill, job))


def _air_rooms(drill: Drill) -> Process:
    """Open the windows of every place as soon as the air outside has been clean for a while."""
    world, people = drill.world, drill.people
    xy = np.array([[p.x, p.y] for p in people.of.places])
    quantity = f"{_release(drill).of.short}@1.5m/60s"
    foul = np.zeros(len(people.of.places), dtype=bool)
    while not world.ended:
        yield world.wait(LOOK_STEP_S)
        level = _release(drill).level(quantity, xy, world.now)
        for index in np.flatnonzero(foul & (level < AIR_CLEAN_PPM)):
            groups = people.members(people.of.places[index].id)
            people.instruct(groups, "return", world.now + LOOK_STEP_S)
        foul = level >= AIR_CLEAN_PPM
