"""Work for the hurt: rescue, decontamination, triage, transport, treatment."""

from __future__ import annotations

import numpy as np
import simpy

from drillsim.engine.drill import Drill, Job
from drillsim.engine.world import Process

PER_TRIP = 2
PER_AMBULANCE = 2
ROUND_S = 120.0
HOT_PPM_FOR_UNPROTECTED = 3.0


def _heads(drill: Drill, groups: np.ndarray, limit: float) -> np.ndarray:
    """Take groups from the front of a queue up to a number of heads, at least one group."""
    if not groups.size:
        return groups
    count = int(np.searchsorted(np.cumsum(drill.people.weight[groups]), limit, side="right"))
    return groups[: max(count, 1)]


def _in_gas(drill: Drill, groups: np.ndarray) -> np.ndarray:
    spots = np.column_stack([drill.people.x[groups], drill.people.y[groups]])
    hazard = drill.people.hazard
    level = hazard.level(f"{hazard.of.short}@1.5m/60s", spots, drill.world.now)
    return np.asarray(level > HOT_PPM_FOR_UNPROTECTED)


def search_rescue(drill: Drill, job: Job) -> Process:
    """Bring out who lies on the ground, two at a time; in gas only crews with protection."""
    world, out = drill.world, 0.0
    protected = bool(job.units) and all(u.resource.protected for u in job.units)
    if protected:
        yield world.wait(world.delay("suit-up", job.units[0].resource.id))
    quiet = 0
    while not world.ended and quiet < 5:
        queue = drill.medical.waiting("down")
        if queue.size and not protected:
            queue = queue[~_in_gas(drill, queue)]
        if not queue.size:
            quiet += 1
            yield world.wait(ROUND_S)
            continue
        quiet = 0
        some = _heads(drill, queue, PER_TRIP * max(1, len(job.units)))
        yield world.wait(world.delay("rescue-trip", job.task.by))
        some = some[drill.medical.stage[some] == 0]
        out += drill.medical.advance(
            some, "rescued", "rescued", job.where, (job.event,), job.clause
        )
    drill.duties.finish(job, done=out > 0, why="" if out else "nobody-found", heads=out)


def decontaminate(drill: Drill, job: Job) -> Process:
    """Wash people at the pace of the units that serve; longest waiting first."""
    world, done = drill.world, 0.0
    pace = sum(u.resource.served for u in job.units)
    if pace <= 0.0:
        drill.duties.finish(job, done=False, why="no-capacity")
        return
    quiet = 0
    while not world.ended and quiet < 10:
        some = _heads(drill, drill.medical.waiting("rescued"), max(1.0, pace * ROUND_S / 3600))
        quiet = 0 if some.size else quiet + 1
        if some.size:
            heads = float(drill.people.weight[some].sum())
            yield world.wait(heads / pace * 3600)
            done += drill.medical.advance(
                some, "clean", "decontaminated", job.where, (job.event,), job.clause
            )
        else:
            yield world.wait(ROUND_S)
    drill.duties.finish(job, done=done > 0, why="" if done else "nobody-to-wash", heads=done)


def triage(drill: Drill, job: Job) -> Process:
    """Sort who has been brought out; red goes first."""
    world, done, quiet = drill.world, 0.0, 0
    while not world.ended and quiet < 10:
        some = _heads(drill, _ready_for_triage(drill), 1)
        quiet = 0 if some.size else quiet + 1
        if some.size:
            yield world.wait(world.delay("triage", job.task.by))
            drill.medical.sort(some)
            done += drill.medical.advance(
                some, "triaged", "triaged", job.where, (job.event,), job.clause
            )
        else:
            yield world.wait(ROUND_S)
    drill.duties.finish(job, done=done > 0, why="" if done else "nobody-to-sort", heads=done)


def _ready_for_triage(drill: Drill) -> np.ndarray:
    """Washed people; also unwashed ones when no washing has been set up for them."""
    clean = drill.medical.waiting("clean")
    if clean.size or drill.decon_running():
        return clean
    return drill.medical.waiting("rescued")


def transport_casualties(drill: Drill, job: Job) -> Process:
    """Every ambulance shuttles between the casualty point and the best hospital."""
    trips = [drill.world.start(_shuttle(drill, job, index)) for index in range(len(job.units))]
    yield simpy.AllOf(drill.world.env, trips)
    moved = float(sum(float(trip.value or 0.0) for trip in trips))
    drill.duties.finish(job, done=moved > 0, why="" if moved else "nobody-to-drive", heads=moved)


def _shuttle(drill: Drill, job: Job, index: int) -> Process:
    world, unit = drill.world, job.units[index]
    moved, quiet = 0.0, 0
    while not world.ended and quiet < 12:
        queue = drill.medical.waiting("triaged")
        red_first = queue[np.argsort(drill.medical.colour[queue] != "red", kind="stable")]
        some = _heads(drill, red_first, PER_AMBULANCE)
        if not some.size:
            quiet += 1
            yield world.wait(ROUND_S)
            continue
        quiet = 0
        drill.medical.advance(
            some, "on-the-way", "transported", job.where, (job.event,), job.clause
        )
        hospital, travel = drill.best_hospital(job.where)
        if hospital is None:
            break
        heads = float(drill.people.weight[some].sum())
        drill.medical.beds[hospital] -= heads
        yield world.wait(world.delay("load", unit.name) + travel)
        ready = 0.0 if hospital in drill.hospitals_ready else world.delay("institution", hospital)
        yield world.wait(world.delay("load", unit.name, hospital) + ready)
        moved += drill.medical.advance(
            some, "admitted", "admitted", hospital, (job.event,), job.clause
        )
        yield world.wait(travel)
    return moved


def receive_casualties(drill: Drill, job: Job) -> Process:
    """A hospital calls in its teams and clears beds before patients come."""
    world = drill.world
    yield world.wait(world.delay("institution", job.task.by))
    for site in job.task.sites or (job.where,):
        drill.hospitals_ready.add(site)
    drill.duties.finish(job, done=True)
