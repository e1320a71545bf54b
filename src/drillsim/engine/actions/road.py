"""Work on a road accident: cut people free, foam, flush, plug drains, pump over, clear the way."""

from __future__ import annotations

import numpy as np

from drillsim.engine.drill import Drill, Job
from drillsim.engine.road_traffic import Traffic, traffic_of
from drillsim.engine.states import State
from drillsim.engine.world import Process
from drillsim.hazards import Change
from drillsim.hazards.spill_course import knot_after
from drillsim.hazards.spill_fire import SpillFire
from drillsim.physics.crash import extrication_s

LOOK_S = 60.0
FOAM_LASTS_S = 5400.0
BARE_UNDER_FOAM = 0.1
WORTH_TELLING = 0.05


def _change(drill: Drill, job: Job, change: Change) -> int:
    """Put a change into force and write it down."""
    world = drill.world
    world.hazard = world.hazard.after(change, world.now)
    data = {
        "factor": change.factor, "where": change.where, **world.hazard.emitted(world.now),
    }  # fmt: skip
    return world.note("hazard-changed", job.task.by, change.kind, data, (job.event,), job.clause)


def _spill(drill: Drill, job: Job) -> SpillFire | None:
    """Give the pool, or end the task when there is none."""
    hazard = drill.world.hazard
    if isinstance(hazard, SpillFire):
        return hazard
    drill.duties.finish(job, done=False, why="no-pool")
    return None


# --- people in the metal -------------------------------------------------------------------------


def extricate(drill: Drill, job: Job) -> Process:
    """Cut the trapped free, one team a person, the gravest first; then they are rescued.

    How long each takes is a trait of the wreck, the same under every plan (physics of extrication).
    """
    world, traffic = drill.world, traffic_of(drill)
    if traffic is None:
        drill.duties.finish(job, done=False, why="nobody-trapped")
        return
    freed, mine = 0.0, dict[str, int]()
    ready: dict[str, float] = {}
    teams = sorted(unit.name for unit in job.units) or ["hands"]
    try:
        while not world.ended:
            for team in (t for t in teams if t not in mine):
                group = _next_trapped(drill, traffic)
                if group is None:
                    break
                mine[team] = group
                traffic.in_hand.add(group)
                u = world.draws.at("extrication", drill.source(), str(group))
                ready[team] = world.now + float(extrication_s(u))
            if not mine:
                break
            team = min(mine, key=lambda t: (ready[t], t))
            yield world.wait(ready[team] - world.now)
            freed += _freed(drill, job, traffic, mine.pop(team))
    finally:
        traffic.in_hand.difference_update(mine.values())
    drill.duties.finish(job, done=freed > 0.0, why="" if freed else "nobody-trapped", heads=freed)


def _next_trapped(drill: Drill, traffic: Traffic) -> int | None:
    dead = drill.people.state
    return next(
        (g for g in traffic.trapped if g not in traffic.in_hand and dead[g] != State.DEAD), None
    )


def _freed(drill: Drill, job: Job, traffic: Traffic, group: int) -> float:
    """Hand one person over to the medics; whoever has died meanwhile counts no more."""
    traffic.in_hand.discard(group)
    traffic.trapped.remove(group)
    drill.medical.claimed[group] = False
    heads = drill.medical.advance(
        [group], "rescued", "extricated", job.where, (job.event,), job.clause
    )
    living = [g for g in traffic.trapped if drill.people.state[g] != State.DEAD]
    drill.world.become("trapped", float(len(living)), (job.event,))
    return heads


# --- the liquid ----------------------------------------------------------------------------------


def foam(drill: Drill, job: Job) -> Process:
    """Cover the pools with foam and keep them covered; fuels that mix with water need their own."""
    world = drill.world
    hazard = _spill(drill, job)
    if hazard is None:
        return
    yield world.wait(world.delay("lay-foam", job.task.by))
    resistant = bool(job.units) and all("foam-ar" in u.resource.capabilities for u in job.units)
    if hazard.polar and not resistant:
        drill.duties.finish(job, done=False, why="foam-destroyed")
        return
    most = world.figures.constants["foam-m2"].value * max(len(job.units), 1)
    told, covered_s, until_s = False, 0.0, world.now + FOAM_LASTS_S
    while not world.ended and world.now < until_s:
        pool = world.hazard
        assert isinstance(pool, SpillFire)
        share = min(most / max(_whole_m2(pool, world.now), 1.0), 1.0)
        bare = 1.0 - (1.0 - BARE_UNDER_FOAM) * share
        if abs(bare - pool.course.controls.foam) > WORTH_TELLING:
            _change(drill, job, Change("foam", bare, job.where))
        if not told:
            told = True
            drill.duties.finish(job, done=True, covered=round(share, 3))
        covered_s = covered_s + LOOK_S if share >= 1.0 else 0.0
        out = world.figures.figures["foam-out"]
        burning = bool(world.truth.get("spill-fire"))
        if burning and covered_s >= (out.median if world.behaviour.human else out.best):
            event = _change(drill, job, Change("extinguish", 0.0, job.where))
            world.become("spill-fire", 0.0, (event,))
        if world.truth.get("isolated") and not world.truth.get("spill-fire"):
            return
        yield world.wait(LOOK_S)


def _whole_m2(hazard: SpillFire, now: float) -> float:
    """Give the area of both pools, bare or under foam, m2."""
    course = hazard.course
    knot = min(knot_after(now), course.cover.size - 1)
    cover = max(float(course.cover[knot]), 1e-9)
    return (course.area_m2(0, knot) + course.area_m2(1, knot)) / cover


def flush(drill: Drill, job: Job) -> Process:
    """Thin the liquid and wash it away with hose lines: off the road, into the drains."""
    world = drill.world
    if _spill(drill, job) is None:
        return
    yield world.wait(world.delay("flush", job.task.by))
    _change(drill, job, Change("flush", 1.0, job.where))
    world.become("measures", "flushing", (job.event,))
    drill.duties.finish(job, done=True)


def plug_drains(drill: Drill, job: Job) -> Process:
    """Plug downpipes and gullies, or the outfall, one place after the other."""
    world = drill.world
    hazard = _spill(drill, job)
    if hazard is None:
        return
    for site in job.task.sites or (job.where,):
        yield world.wait(world.delay("plug-drain", job.task.by, site))
        _change(drill, job, Change("plug-drains", 0.0, site))
    world.become("drains-plugged", 1.0, (job.event,))
    drill.duties.finish(job, done=True)


def transfer_cargo(drill: Drill, job: Job) -> Process:
    """Pump the cargo into another tank, the pools first: they can burn; then nothing comes out."""
    world = drill.world
    spill = isinstance(world.hazard, SpillFire)
    if spill:
        yield world.wait(world.delay("recover-pool", job.task.by))
        _change(drill, job, Change("recover", 0.0, job.where))
    if world.truth.get("isolated"):
        drill.duties.finish(job, done=True, why="already-isolated")
        return
    yield world.wait(world.delay("transfer-cargo", job.task.by))
    if not world.truth.get("isolated"):
        kind = "transfer" if spill else "isolate"
        event = _change(drill, job, Change(kind, 0.0, job.where))
        world.become("isolated", 1.0, (event,))
    if spill:
        _change(drill, job, Change("recover", 0.0, job.where))
    drill.duties.finish(job, done=True)


# --- the road ------------------------------------------------------------------------------------


def open_corridor(drill: Drill, job: Job) -> Process:
    """Keep the empty carriageway behind the wreck free: crews come against its direction."""
    world, traffic = drill.world, traffic_of(drill)
    if traffic is None or not drill.may(job.task.by, "close-road"):
        drill.duties.finish(job, done=False, why="no-power" if traffic else "no-road")
        return
    yield world.wait(world.delay("corridor", job.task.by, job.where))
    traffic.corridor_s = min(traffic.corridor_s, world.now)
    event = drill.duties.finish(job, done=True)
    world.become("corridor", 1.0, (event,))


def walk_off(drill: Drill, job: Job) -> Process:
    """Go along the standing vehicles, have engines stopped, and lead the people off on foot.

    Each crew takes a stretch in turn and walks it from the wreck outwards, so those nearest the
    wreck leave first.
    """
    world, people, spec = drill.world, drill.people, drill.world.scenario.spec
    road = getattr(spec, "road", None)
    sites = job.task.sites or tuple(s.at for s in (road.stored if road is not None else ()))
    places = [site for site in sites if site in people.ids]
    if not places:
        drill.duties.finish(job, done=False, why="nobody-there")
        return
    yield world.wait(world.delay("open-stairs", job.task.by, job.where))
    if road is not None and road.stairs:
        world.become("stairs-open", ",".join(road.stairs), (job.event,))
    source = np.asarray(world.scenario.city.facilities[drill.source()].xy)
    pace = world.figures.constants["walk-mps"].value
    hands = max(len(job.units), 1) / len(places)
    share = world.figures.shares["comply-leave"].value
    reached = 0.0
    for place in places:
        groups = people.members(place)
        away = np.hypot(people.x[groups] - source[0], people.y[groups] - source[1])
        told = world.now + away / (pace * min(max(hands, 0.5), 4.0))
        obeys = people.complies[groups] < share
        people.instruct(groups[obeys], "leave-crosswind", told[obeys])
        heads = float(people.weight[groups].sum())
        reached += heads
        data = {"channel": "in-person", "action": "leave-crosswind", "heads": heads}
        world.note("warned", job.task.by, place, data, (job.event,), job.clause)
    drill.duties.finish(job, done=True, heads=reached)
