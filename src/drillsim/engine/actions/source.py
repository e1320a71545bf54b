"""Work on the source: shut the valve, plug the hole, put up a water curtain."""

from __future__ import annotations

from drillsim.engine.drill import Drill, Job
from drillsim.engine.world import Process
from drillsim.hazards import Change, ToxicRelease
from drillsim.hazards.cloud_farm import CloudFarm

PLUG_LEAVES = 0.05
MAX_ENTRIES = 4
LOOK_S = 30.0


def close_valve(drill: Drill, job: Job) -> Process:
    """Shut the leak off: by the remote valve without a crew, by hand with one."""
    if job.task.needs:
        yield from _by_hand(drill, job, "isolate")
        return
    world, isolation = drill.world, drill.world.scenario.isolation
    yield world.wait(world.delay("emergency-valve", job.task.by))
    if isolation.emergency_valve == "works":
        _stop(drill, job, Change("isolate", 0.0, job.where))
        drill.duties.finish(job, done=True)
        return
    event = drill.duties.finish(job, done=False, why="valve-failed")
    world.become("valve-failed", 1.0, (event,))
    for address in drill.minds.body(job.task.by.partition("/")[0]):
        drill.minds.believe(address, "valve-failed", 1.0, "own", (event,))


def plug_leak(drill: Drill, job: Job) -> Process:
    """Plug the hole with a kit; a little goes on leaking."""
    yield from _by_hand(drill, job, "plug")


def _by_hand(drill: Drill, job: Job, how: str) -> Process:
    """Dress, go in, work; an entry may come back empty-handed and must be repeated."""
    world, isolation = drill.world, drill.world.scenario.isolation
    lead = job.task.by
    if not all(unit.resource.protected for unit in job.units):
        drill.duties.finish(job, done=False, why="no-protection")
        return
    dress = isolation.dress
    dressing = world.spread("dress", job.units[0].resource.id, how, dress, dress * 1.4)
    yield world.wait(dressing * job.pace)
    work = (
        isolation.work if how == "isolate" or isolation.plug_work is None else isolation.plug_work
    )
    for _ in range(MAX_ENTRIES):
        if world.truth.get("isolated"):
            drill.duties.finish(job, done=True, why="already-isolated")
            return
        yield from _until_safe(drill)
        yield world.wait(world.spread("entry", lead, how, work, work * 1.5) * job.pace)
        share = min(world.figures.shares["entry-fails"].value * job.slips, 1.0)
        if world.behaviour.human and world.chance("entry-fails", lead, how, share):
            continue
        change = (
            Change("isolate", 0.0, job.where)
            if how == "isolate"
            else Change("plug", PLUG_LEAVES, job.where)
        )
        _stop(drill, job, change)
        drill.duties.finish(job, done=True)
        return
    drill.duties.finish(job, done=False, why="entries-failed")


def _until_safe(drill: Drill) -> Process:
    """Nobody goes in, in whatever suit, while the gas at the valve might be lit."""
    while not drill.world.ended:
        hazard = drill.world.hazard
        if not (isinstance(hazard, CloudFarm) and hazard.bars_entry(drill.world.now)):
            return
        yield drill.world.wait(LOOK_S)


def _stop(drill: Drill, job: Job, change: Change) -> None:
    world = drill.world
    if world.truth.get("isolated"):
        return
    hazard = world.hazard
    world.hazard = hazard.after(change, world.now)
    data = {"factor": change.factor, "where": change.where, **hazard.emitted(world.now)}
    event = world.note("hazard-changed", job.task.by, change.kind, data, (job.event,), job.clause)
    world.become("isolated", 1.0, (event,))
    for address in drill.minds.body(job.task.by.partition("/")[0]):
        drill.minds.believe(address, "isolated", 1.0, "own", (event,))


def water_curtain(drill: Drill, job: Job) -> Process:
    """Lay a water curtain round the source; what it takes out is a figure of the substance."""
    world = drill.world
    owner = job.units[0].resource.owner if job.units else job.task.by
    yield world.wait(world.delay("curtain", owner) * job.pace)
    hazard = world.hazard
    removal = hazard.curtain_removal if isinstance(hazard, ToxicRelease) else 0.0
    if not world.truth.get("isolated") and not world.truth.get("curtain"):
        world.truth["curtain"] = 1.0
        world.hazard = hazard.after(Change("curtain", 1.0 - removal, job.where), world.now)
        data = {"factor": 1.0 - removal, "where": job.where, **hazard.emitted(world.now)}
        world.note("hazard-changed", job.task.by, "curtain", data, (job.event,), job.clause)
    world.become("measures", "water-curtain", (job.event,))
    drill.duties.finish(job, done=True)
