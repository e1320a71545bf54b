"""Work for people in a burning building: broadcasts, doors, search, ladders, roll call."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from drillsim.engine.actions.fire_work import fire_of, know
from drillsim.engine.crews import Unit
from drillsim.engine.drill import Drill, Job
from drillsim.engine.indoors.residents import residents_of
from drillsim.engine.indoors.smoke_exposure import SmokeExposure
from drillsim.engine.indoors.stairway import OUT
from drillsim.engine.states import State
from drillsim.engine.world import Process
from drillsim.physics.egress import reaction
from drillsim.physics.fire_attack import climb_s, ladder_floor

Groups = NDArray[np.intp]
LED_A_TRIP, CARRIED_A_TRIP, LADDER_A_TRIP = 6, 2, 2
LADDER_M, SETBACK_M = 53.0, 8.0
ABOVE = 2
PAUSE_S, PATIENCE_S = 60.0, 2400.0
FLOOR_KNOCK_S = 90.0
BAD_PER_M = 0.6
# Who is in the building and may be led out, by state.
INSIDE = np.isin(np.arange(len(State)), (State.NORMAL, State.SHELTERING, State.WAITING_TRANSPORT))
WAITING = int(State.WAITING_TRANSPORT)


def broadcast_all(drill: Drill, job: Job) -> Process:
    """Tell everybody in the building to leave at once."""
    yield from _broadcast(drill, job, zoned=False)


def broadcast_zoned(drill: Drill, job: Job) -> Process:
    """Tell the burning storey and the two above to leave, and all others to stay behind doors.

    Where the way out leads through the fire, nobody is sent down.
    """
    yield from _broadcast(drill, job, zoned=True)


def _broadcast(drill: Drill, job: Job, zoned: bool) -> Process:
    world, spec = drill.world, fire_of(drill).spec
    channel = job.task.channel or "public-address"
    spread = world.figures.channels[channel]
    human = world.behaviour.human
    setup = (
        world.spread("set-up", job.task.by, channel, spread.median, spread.p90)
        if human and channel != "door-to-door"
        else spread.best * (channel != "door-to-door")
    )
    yield world.wait(setup)
    heads = 0.0
    workers = max(1, len(job.units))
    for index, place in enumerate(drill.people.of.places):
        floor = int(place.id[1:])
        if channel == "door-to-door" and index % workers == 0:
            yield world.wait(FLOOR_KNOCK_S)
        near = spec.floor <= floor <= spec.floor + ABOVE and not spec.building.exit_through_fire
        action = "evacuate" if not zoned or near or spec.seat == "row" else "shelter"
        heads += tell_floor(drill, job, place.id, channel, action)
    drill.duties.finish(job, done=True, heads=heads)


def tell_floor(drill: Drill, job: Job, place: str, channel: str, action: str) -> float:
    """Tell the households of a floor what to do; gives the heads that take it in."""
    world, people = drill.world, drill.people
    groups = people.members(place)
    home = residents_of(world.scenario)
    flats = int(home.flat.max()) + 1
    cue = "door-knock" if channel == "door-to-door" else "broadcast"
    reach = 0.95 if cue == "door-knock" else world.figures.warning["public-address"].reach
    hear = world.draws.many(f"hears-{channel}", world.scenario.spec.at, flats)[home.flat[groups]]
    figure = reaction(cue, world.night)
    u = world.draws.many(f"reacts-{cue}", world.scenario.spec.at, flats)[home.flat[groups]]
    delay = figure.draws(u) if world.behaviour.human else np.full(groups.size, figure.best)
    share = world.figures.shares["comply-leave" if action == "evacuate" else "comply-shelter"].value
    obeys = (hear < reach) & (people.complies[groups] < share)
    people.instruct(groups[obeys], action, world.now + delay[obeys])
    reached = float(people.weight[groups[hear < reach]].sum())
    data = {"channel": channel, "action": action, "heads": reached}
    world.note("warned", job.task.by, place, data, (job.event,), job.clause)
    return reached


def search_floors(drill: Drill, job: Job) -> Process:
    """Go up in breathing apparatus: bring out who lies there, then lead out whom smoke reaches.

    Each crew works for itself. With `action: evacuate` everybody found is led out, else only those
    in smoke and those who cannot walk. The way is that of a crew with gear on the stairs.
    """
    world = drill.world
    done: list[float] = []
    running = {}
    if not job.units or not all(u.resource.protected for u in job.units):
        drill.duties.finish(job, done=False, why="no-protection")
        return
    quiet = 0
    while not world.ended and quiet * PAUSE_S < PATIENCE_S:
        for unit in job.units:
            if unit.name not in running:
                running[unit.name] = world.start(_search_crew(drill, job, unit, done))
        quiet = 0 if any(p.is_alive for p in running.values()) else quiet + 1
        yield world.wait(PAUSE_S)
    if not done:
        drill.duties.finish(job, done=False, why="nobody-found")


def _search_crew(drill: Drill, job: Job, unit: Unit, done: list[float]) -> Process:
    world = drill.world
    idle = 0
    while not world.ended and idle * PAUSE_S < PATIENCE_S:
        hurt, led = _find(drill, everybody=job.task.action == "evacuate")
        if not hurt.size and not led.size:
            idle += 1
            yield world.wait(PAUSE_S)
            continue
        idle = 0
        some = hurt if hurt.size else led
        with drill.medical.claim(some):
            exposure = _exposure(drill)
            top = float(exposure.floor[some].max())
            climb = 0.0 if exposure.spec.seat == "row" else float(climb_s(top))
            yield world.wait(climb + world.delay("search-floor", unit.resource.id))
            if led.size and not hurt.size:
                lead_out(drill, led)
            yield world.wait(0.6 * climb)
        heads = float(some.size)
        if hurt.size:
            heads = drill.medical.advance(
                hurt, "rescued", "rescued", job.where, (job.event,), job.clause
            )
        if not done:
            drill.duties.finish(job, done=True, heads=heads)
        done.append(heads)


def _exposure(drill: Drill) -> SmokeExposure:
    exposure = drill.people.exposure
    assert isinstance(exposure, SmokeExposure)
    return exposure


def _find(drill: Drill, everybody: bool) -> tuple[Groups, Groups]:
    """Give whom a crew takes next: two who lie there, or up to six to be led from one storey."""
    people, exposure = drill.people, _exposure(drill)
    queue = drill.medical.waiting("down")
    if queue.size:
        return queue[:CARRIED_A_TRIP], np.zeros(0, dtype=np.intp)
    wanted = INSIDE[people.state] & ~drill.medical.claimed
    if not everybody:
        wanted &= (exposure.inside > BAD_PER_M) | (people.state == WAITING)
    fit: Groups = wanted.nonzero()[0]
    if not fit.size:
        return fit, fit
    # the worst air first; among equals the lowest storey
    smoke = exposure.inside[fit].round(1)
    worst = fit[smoke == smoke.max()]
    same = fit[exposure.floor[fit] == exposure.floor[worst].min()]
    return np.zeros(0, dtype=np.intp), same[:LED_A_TRIP]


def lead_out(drill: Drill, groups: Groups) -> None:
    """Set people down outside who were led or carried out unhurt."""
    people, exposure = drill.people, _exposure(drill)
    fit = groups[INSIDE[people.state[groups]]]
    if not fit.size:
        return
    x, y = people.x[fit[0]], people.y[fit[0]]
    people.carry(fit, (float(x), float(y)))
    exposure.way.where[fit] = OUT


def ladder_rescue(drill: Drill, job: Job) -> Process:
    """Take people from windows within the ladder's reach; a blocked lane must be cleared first."""
    world = drill.world
    waited = 0.0
    while world.truth.get("lane-blocked") and waited < PATIENCE_S and not world.ended:
        yield world.wait(PAUSE_S)
        waited += PAUSE_S
    if world.truth.get("lane-blocked"):
        drill.duties.finish(job, done=False, why="lane-blocked")
        return
    yield world.wait(world.delay("ladder-set", job.task.by))
    reach = ladder_floor(LADDER_M, SETBACK_M, fire_of(drill).spec.building.storey)
    brought, idle = 0.0, 0
    while not world.ended and idle * PAUSE_S < PATIENCE_S:
        exposure = _exposure(drill)
        _, led = _find(drill, everybody=False)
        low = led[exposure.floor[led] <= reach][:LADDER_A_TRIP]
        if not low.size:
            idle += 1
            yield world.wait(PAUSE_S)
            continue
        idle = 0
        with drill.medical.claim(low):
            yield world.wait(world.delay("ladder-trip", job.task.by))
            lead_out(drill, low)
        if not brought:
            drill.duties.finish(job, done=True, heads=float(low.size))
        brought += float(low.size)
    if not brought:
        drill.duties.finish(job, done=False, why="nobody-found")


def count_residents(drill: Drill, job: Job) -> Process:
    """Count those outside against those who live there, until nobody is unaccounted for."""
    world = drill.world
    yield world.wait(world.delay("roll-call", job.task.by))
    event = drill.duties.finish(job, done=True)
    while not world.ended:
        lying = float(drill.people.weight[drill.people.state == State.DOWN].sum())
        for address in drill.minds.body(job.task.by.partition("/")[0]):
            drill.minds.believe(address, "missing", lying, "own", (event,))
        if lying <= 0.0 and fire_of(drill).is_out(world.now):
            know(drill, job, "accounted", 1.0, event)
            return
        yield world.wait(5 * PAUSE_S)
