"""Work at the scene that is not on the source: looking, measuring, closing, counting, ending."""

from __future__ import annotations

import numpy as np

from drillsim.engine.drill import Drill, Job
from drillsim.engine.world import Process
from drillsim.hazards.toxic_release import ToxicRelease
from drillsim.physics.harm import ppm_to_mg_m3

LIMIT_MG_M3 = 1.0
REPEAT_S = 900.0
CLEAR_SETS = 2
SECONDS_TO_CLEAR_A_ROAD = 60.0


def size_up(drill: Drill, job: Job) -> Process:
    """Look round; then the lead knows the scene and goes on seeing it."""
    world = drill.world
    yield world.wait(world.delay("size-up", job.task.by) * job.pace)
    event = drill.duties.finish(job, done=True)
    for address in drill.minds.body(job.task.by.partition("/")[0]):
        drill.scene.sized_up(address, event)


def _gas(drill: Drill) -> ToxicRelease:
    hazard = drill.world.hazard
    assert isinstance(hazard, ToxicRelease), "air is monitored for a gas"
    return hazard


def monitor_air(drill: Drill, job: Job) -> Process:
    """Take sets of readings until two in a row, after isolation, are below the limit."""
    world, hazard = drill.world, _gas(drill)
    quantity = f"{hazard.of.short}@1.5m/600s"
    spots = np.array(
        [world.scenario.city.facilities[s].xy for s in (job.task.sites or (job.where,))]
    )
    yield world.wait(world.delay("monitor", job.task.by))
    clear = 0
    first = True
    while not world.ended:
        level = float(_gas(drill).level(quantity, spots, world.now).max())
        reading = float(ppm_to_mg_m3(hazard.of, level, hazard.weather.temperature))
        data = {
            "where": job.where,
            "units": [u.name for u in job.units],
            "mg_m3": round(reading, 3),
        }
        event = job.event
        if first:
            event = drill.duties.finish(job, done=True, mg_m3=data["mg_m3"])
            first = False
        for address in drill.minds.body(job.task.by.partition("/")[0]):
            drill.minds.believe(address, "air-reading", round(reading, 3), "own", (event,))
        clear = clear + 1 if reading < LIMIT_MG_M3 and world.truth.get("isolated") else 0
        if clear >= CLEAR_SETS:
            world.become("air-clear", 1.0, (event,))
            for address in drill.minds.body(job.task.by.partition("/")[0]):
                drill.minds.believe(address, "air-clear", 1.0, "own", (event,))
            return
        yield world.wait(REPEAT_S)


def set_cordon(drill: Drill, job: Job) -> Process:
    """Keep people out: roads among the sites are shut, nobody new walks in."""
    yield from _close(drill, job)


def close_road(drill: Drill, job: Job) -> Process:
    """Shut roads to the public; crews still pass."""
    yield from _close(drill, job)


def _close(drill: Drill, job: Job) -> Process:
    world = drill.world
    yield world.wait(world.delay("cordon", job.task.by, job.where))
    event = drill.duties.finish(job, done=True)
    for site in job.task.sites:
        if (
            site not in drill.roads_closed
            and world.scenario.city.facilities[site].kind == "road-point"
        ):
            drill.roads_closed.add(site)
            world.note("road-closed", job.task.by, site, {"edges": 0}, (event,), job.clause)


def set_gates(drill: Drill, job: Job) -> Process:
    """Say which gates are open to crews; every other is shut to what comes in."""
    world = drill.world
    yield world.wait(world.delay("gates", job.task.by))
    drill.crews.gates_open = tuple(job.task.sites)
    drill.duties.finish(job, done=True, open=list(job.task.sites))


def set_command_post(drill: Drill, job: Job) -> Process:
    """Open a field command post; one that stands in the gas must move and cannot command."""
    world, hazard = drill.world, drill.world.hazard
    yield world.wait(world.delay("person", job.task.by, "command-post"))
    xy = [world.scenario.city.facilities[job.where].xy]
    level = float(hazard.level_at(hazard.at(xy), world.now)[0])
    event = drill.duties.finish(job, done=True, level=round(level, 2))
    if level > hazard.notice_level:
        away = world.delay("relocate", job.where)
        data = {"back_s": round(world.now + away, 1)}
        lost = world.note("post-lost", job.task.by, job.where, data, (event,), job.clause)
        drill.command.interrupt(job.task.by.partition("/")[0], away, lost, job.clause)


def muster(drill: Drill, job: Job) -> Process:
    """Count the shift: who is missing becomes known to the lead."""
    world = drill.world
    yield world.wait(world.delay("muster", job.task.by))
    event = drill.duties.finish(job, done=True)
    missing = float(world.truth.get("missing", 0.0))
    for address in drill.minds.body(job.task.by.partition("/")[0]):
        drill.minds.believe(address, "missing", missing, "own", (event,))


def collect_firewater(drill: Drill, job: Job) -> Process:
    """Hold or let go the firewater. No water model yet: the act is logged, harm is not counted."""
    world = drill.world
    yield world.wait(world.delay("person", job.task.by, "firewater"))
    drill.duties.finish(job, done=True)


def terminate(drill: Drill, job: Job) -> Process:
    """End the response: the lead's house knows the all-clear and may tell it."""
    world = drill.world
    yield world.wait(world.delay("leader", job.task.by, "terminate"))
    event = drill.duties.finish(job, done=True)
    for address in drill.minds.body(job.task.by.partition("/")[0]):
        drill.minds.believe(address, "all-clear", 1.0, "own", (event,))
    emitted = drill.world.hazard.emitted(world.now)
    drill.response_ended = True
    world.note("ended", job.task.by, "response", emitted, (event,), job.clause)
