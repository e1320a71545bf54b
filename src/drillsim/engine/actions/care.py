"""Work for the hurt: rescue, decontamination, triage, transport, treatment."""

from __future__ import annotations

import numpy as np
import simpy

from drillsim.engine.drill import Drill, Job
from drillsim.engine.world import Process

PER_TRIP = 2
PER_AMBULANCE = 2
ROUND_S = 120.0
PATIENCE_S = 2400.0


def _heads(drill: Drill, groups: np.ndarray, limit: float) -> np.ndarray:
    """Take groups from the front of a queue up to a number of heads, at least one group."""
    if not groups.size:
        return groups
    count = int(np.searchsorted(np.cumsum(drill.people.weight[groups]), limit, side="right"))
    return groups[: max(count, 1)]


def _waits_on(drill: Drill, quiet: int) -> bool:
    """Stay while gas comes out or somebody is on his way; then a while longer."""
    if drill.world.ended:
        return False
    more_to_come = not drill.world.truth.get("isolated") or drill.medical.unfinished()
    return more_to_come or quiet * ROUND_S < PATIENCE_S


class _Progress:
    """Writes a task's end once: done with the first success, failed when none ever came."""

    def __init__(self, drill: Drill, job: Job) -> None:
        self.drill, self.job, self.written = drill, job, False

    def success(self, heads: float) -> None:
        if heads > 0.0 and not self.written:
            self.written = True
            self.drill.duties.finish(self.job, done=True, heads=heads)

    def end(self, why: str) -> None:
        if not self.written:
            self.drill.duties.finish(self.job, done=False, why=why)


def search_rescue(drill: Drill, job: Job) -> Process:
    """Bring out who lies on the ground, two at a time; in danger only crews with protection."""
    world, progress = drill.world, _Progress(drill, job)
    protected = bool(job.units) and all(u.resource.protected for u in job.units)
    if protected:
        yield world.wait(world.delay("suit-up", job.units[0].resource.id) * job.pace)
    quiet = 0
    while _waits_on(drill, quiet):
        queue = drill.medical.waiting("down")
        if queue.size and not protected:
            queue = queue[~drill.people.exposure.endangers(queue)]
        if not queue.size:
            quiet += 1
            yield world.wait(ROUND_S)
            continue
        quiet = 0
        some = _heads(drill, queue, PER_TRIP * max(1, len(job.units)))
        with drill.medical.claim(some):
            way_in = drill.people.exposure.way_in_s(some)
            yield world.wait(world.delay("rescue-trip", job.task.by) * job.pace + way_in)
        progress.success(
            drill.medical.advance(some, "rescued", "rescued", job.where, (job.event,), job.clause)
        )
    progress.end("nobody-found")


def decontaminate(drill: Drill, job: Job) -> Process:
    """Wash people at the pace of the units that serve; longest waiting first."""
    world, progress = drill.world, _Progress(drill, job)
    if not sum(unit.served for unit in job.units) > 0.0:
        progress.end("no-capacity")
        return
    quiet = 0
    drill.washing = True
    while _waits_on(drill, quiet):
        pace = sum(unit.served for unit in job.units) / job.pace
        some = _heads(drill, drill.medical.waiting("rescued"), max(1.0, pace * ROUND_S / 3600))
        if not some.size:
            quiet += 1
            yield world.wait(ROUND_S)
            continue
        quiet = 0
        with drill.medical.claim(some):
            yield world.wait(float(drill.people.weight[some].sum()) / pace * 3600)
        progress.success(
            drill.medical.advance(
                some, "clean", "decontaminated", job.where, (job.event,), job.clause
            )
        )
    progress.end("nobody-to-wash")


def triage(drill: Drill, job: Job) -> Process:
    """Sort who has been brought out; red goes first."""
    world, progress, quiet = drill.world, _Progress(drill, job), 0
    while _waits_on(drill, quiet):
        some = _heads(drill, _ready_for_triage(drill), 1)
        if not some.size:
            quiet += 1
            yield world.wait(ROUND_S)
            continue
        quiet = 0
        with drill.medical.claim(some):
            yield world.wait(world.delay("triage", job.task.by) * job.pace)
        drill.medical.sort(some, job.slips)
        progress.success(
            drill.medical.advance(some, "triaged", "triaged", job.where, (job.event,), job.clause)
        )
    progress.end("nobody-to-sort")


def _ready_for_triage(drill: Drill) -> np.ndarray:
    """Washed people; unwashed ones when nobody washes, or when the line there is too long."""
    clean = drill.medical.waiting("clean")
    if clean.size:
        return clean
    unwashed = drill.medical.waiting("rescued")
    if not drill.decon_running():
        return unwashed
    waited = drill.world.now - drill.medical.since_s[unwashed]
    return unwashed[waited > drill.world.figures.figures["wash-patience"].median]


def transport_casualties(drill: Drill, job: Job) -> Process:
    """Every ambulance shuttles between the casualty point and the best hospital."""
    progress, world = _Progress(drill, job), drill.world
    running: dict[str, simpy.Process] = {}
    quiet = 0
    while _waits_on(drill, quiet) or any(trip.is_alive for trip in running.values()):
        for unit in job.units:
            if unit.name not in running:
                running[unit.name] = world.start(_shuttle(drill, job, unit.name, progress))
        quiet = 0 if any(trip.is_alive for trip in running.values()) else quiet + 1
        yield world.wait(ROUND_S)
        if world.ended:
            break
    progress.end("nobody-to-drive")


def _shuttle(drill: Drill, job: Job, unit: str, progress: _Progress) -> Process:
    world, medical, quiet = drill.world, drill.medical, 0
    while _waits_on(drill, quiet):
        queue = medical.waiting("triaged")
        red_first = queue[np.argsort(medical.colour[queue] != "red", kind="stable")]
        some = _heads(drill, red_first, PER_AMBULANCE)
        hospital, travel = drill.best_hospital(job.where) if some.size else (None, 0.0)
        if hospital is None:
            quiet += 1
            yield world.wait(ROUND_S)
            continue
        quiet = 0
        medical.advance(some, "on-the-way", "transported", job.where, (job.event,), job.clause)
        medical.beds[hospital] -= float(drill.people.weight[some].sum())
        yield world.wait(world.delay("load", unit) + travel)
        ready = 0.0 if hospital in drill.hospitals_ready else world.delay("institution", hospital)
        yield world.wait(world.delay("load", unit, hospital) + ready)
        progress.success(
            medical.advance(some, "admitted", "admitted", hospital, (job.event,), job.clause)
        )
        yield world.wait(travel)


def receive_casualties(drill: Drill, job: Job) -> Process:
    """A hospital calls in its teams and clears beds before patients come."""
    world = drill.world
    yield world.wait(world.delay("institution", job.task.by))
    for site in job.task.sites or (job.where,):
        drill.hospitals_ready.add(site)
    drill.duties.finish(job, done=True)
