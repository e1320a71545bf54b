"""The reference policy of a tank-farm fire: plan-free, from the truth at detection, fixed rule.

It opens the spray, cools the worst vessel with the nearest engines, foams with the right foam and
enough of it, shuts drains and valve, clears everybody out of reach of a fireball at once, and
pulls crews back when a vessel is about to fail all the same. Reference-best, not optimal.
"""

from __future__ import annotations

import math

import numpy as np
import simpy

from drillsim.engine.actions import ACTIONS
from drillsim.engine.crews import Unit
from drillsim.engine.drill import Drill, Job
from drillsim.engine.families.tank_heat import farm_of
from drillsim.engine.world import Process
from drillsim.physics.thermal_harm import burn_share
from drillsim.plans.conditions import Atom
from drillsim.plans.model import Task, Verb

DECIDE_S, PATIENCE_S, LOOK_S = 10.0, 3600.0, 30.0
TOLD_WITHIN_S = (15.0, 60.0)
# the signal takes half a minute and driving off a minute
LEAVES_S = 100.0
AT_ACCESS = frozenset({"triage", "transport-casualties"})
CLEAR_BURNS = 0.01
Work = tuple[Verb, tuple[str, ...], int]


def act(drill: Drill) -> Process:
    """Wait for the first alarm, decide at once, then do everything in parallel."""
    world = drill.world
    yield world.detected
    yield world.wait(DECIDE_S)
    _clear(drill)
    farm = farm_of(drill.world)
    foams = {f.foam for f in farm.spec.fires if f.kind == "pool"}
    kind = "foam-ar" if "alcohol-resistant" in foams else "foam"
    pools = [f.diameter_m for f in farm.flames if f.jet is None]
    area = 0.25 * math.pi * max(pools, default=0.0) ** 2
    constants = world.figures.constants
    units = math.ceil(area * constants["foam-rate"].value / constants["foam-unit-lpm"].value) + 1
    work: list[Work] = [
        ("cool-vessel", (), 0), ("shut-drains", (), 0), ("cool-vessel", ("engine",), 3),
        ("search-rescue", ("first-aid",), 2), ("triage", ("ambulance",), 1),
        ("transport-casualties", ("ambulance",), 8),
    ]  # fmt: skip
    if area > 0.0:
        work.insert(3, ("foam-attack", (kind,), units))
    if world.scenario.file.isolation is not None:
        isolation = world.scenario.file.isolation
        hands = () if isolation.emergency_valve == "works" else isolation.needs
        work.insert(0, ("close-valve", hands, 1))
    for verb, needs, count in work:
        world.start(_send(drill, verb, needs, count))
    while not world.ended:
        yield world.wait(LOOK_S)
        failing = [t - world.now for t in farm_of(drill.world).course.failed_s if t > world.now]
        if min(failing, default=math.inf) < LEAVES_S:
            yield from _send(drill, "withdraw", (), 0)
            return


def _clear(drill: Drill) -> None:
    """Tell every place that a fireball would burn to walk out of its reach."""
    world, people, farm = drill.world, drill.people, farm_of(drill.world)
    xy = np.array([[p.x, p.y] for p in people.of.places])
    spots = farm.at(xy)
    dose = np.zeros(len(xy))
    for n, vessel in enumerate(farm.vessels):
        if vessel.bursts:
            dose = np.maximum(dose, farm.ball_dose(n, spots.gap[n]))
    first, last = TOLD_WITHIN_S
    for index in np.flatnonzero(burn_share(dose, 2) >= CLEAR_BURNS):
        place = people.of.places[int(index)]
        if place.kind == "crew":
            continue
        groups = people.members(place.id)
        near = float(np.hypot(*(xy[int(index)] - np.asarray(farm.source_xy)))) < 500.0
        action = "leave-crosswind" if near else "shelter"
        u = world.draws.many("warning-reference", place.id, groups.size)
        data = {"channel": "tone-alert", "action": action, "heads": float(place.heads)}
        world.note("warned", "reference", place.id, data)
        people.instruct(groups, action, world.now + first + (last - first) * u)


def _send(drill: Drill, verb: Verb, needs: tuple[str, ...], count: int) -> Process:
    """Send the nearest crews of anybody that can do the work."""
    world, spec = drill.world, drill.world.scenario.spec
    away = verb in AT_ACCESS or verb == "withdraw"
    where = str(world.truth.get("access")) if away else spec.stand
    owners = {u.resource.owner for u in drill.crews.units}
    units = []
    if needs:
        units = yield from drill.crews.get(needs, owners, count, where, PATIENCE_S)
        if not units:
            return
        trips = [world.start(drill.crews.send(u, where, verb, "", ())) for u in units]
        # whoever is there begins; the others join
        yield simpy.AnyOf(world.env, trips)
    city = world.scenario.city
    lead = units[0].resource.owner if units else city.facilities[spec.at].org
    if lead not in drill.minds.of:
        return
    support = tuple(sorted(o for o in owners if o in drill.minds.of)) if verb == "withdraw" else ()
    task = Task(
        id="reference", by=lead, when=Atom(key="fire"), verb=verb, needs=needs,
        crews=min(count, 100), support=support,
    )  # fmt: skip
    here = [u for u in units if u.place == where]
    job = Job("", task, where, (), here)
    job.event = world.note(
        "task-started", lead, verb, {"where": where, "units": [u.name for u in here]}
    )
    work = world.start(ACTIONS[verb](drill, job))
    for unit in units:
        unit.process = work
    if units:
        world.start(_join(job, trips, units))
    try:
        yield work
    except simpy.Interrupt:
        return


def _join(job: Job, trips: list[simpy.Process], units: list[Unit]) -> Process:
    """Let later arrivals work with those who are there."""
    for trip, unit in zip(trips, units, strict=True):
        if trip.is_alive:
            yield trip
        if unit not in job.units and unit.place == job.where:
            job.units.append(unit)
