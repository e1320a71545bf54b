"""Work on a spill: pumps, intakes, booms, skimmers, the channel, people overboard, samples."""

from __future__ import annotations

import math

import numpy as np

from drillsim.engine.crews import PATH_POINTS, Unit
from drillsim.engine.drill import Drill, Job
from drillsim.engine.orders import covers
from drillsim.engine.states import State
from drillsim.engine.water_scene import change, harm_of, people_ashore, spill_of
from drillsim.engine.world import Process
from drillsim.hazards.field import Change
from drillsim.physics.oil_slick import boom_length_m

REPEAT_S = 1800.0
ON_WATCH_S, ROUND_S = 600.0, 60.0
ONE_BOOM = "boom"


def stop_sluice(drill: Drill, job: Job) -> Process:
    """Stop the pumps of a sluice: the current falls back to its own."""
    world = drill.world
    yield world.wait(world.delay("stop-pumps", job.task.by, job.where))
    event = change(
        drill, Change("stop-sluice", 0.0, job.where), job.task.by, (job.event,), job.clause
    )
    world.become("sluice-stopped", 1.0, (event,))
    _know(drill, job, "sluice-stopped", 1.0, event)
    drill.duties.finish(job, done=True)


def close_intake(drill: Drill, job: Job) -> Process:
    """Shut an intake; the works goes over to its other sources."""
    world = drill.world
    yield world.wait(world.delay("close-intake", job.task.by, job.where))
    for site in job.task.sites or (job.where,):
        event = change(
            drill, Change("close-intake", 0.0, site), job.task.by, (job.event,), job.clause
        )
        world.become("intake-shut", 1.0, (event,))
        _know(drill, job, "intake-shut", 1.0, event)
    drill.duties.finish(job, done=True)


def deploy_boom(drill: Drill, job: Job) -> Process:
    """Lay booms across the channel at the angle that still holds; what they hold stays there.

    They cover the share of the width for which their length is enough at that angle. Dissolved
    cargo passes as if there were none.
    """
    world, spill = drill.world, spill_of(drill)
    mark = job.where
    if mark not in spill.course.marks:
        drill.duties.finish(job, done=False, why="not-on-this-water")
        return
    count = sum(ONE_BOOM in u.resource.capabilities for u in job.units)
    yield world.wait(world.delay("lay-boom", job.task.by, job.where))
    node = min(spill.course.marks[mark], len(spill.course.width_m) - 1)
    current = float(spill.course.current_mps[node] * spill_of(drill).clock.factor(world.now))
    needed = boom_length_m(float(spill.course.width_m[node]), current)
    length = world.scenario.spec.boom_length * max(count, 1)
    passes = round(1.0 - min(1.0, length / needed), 4)
    event = change(
        drill, Change("deploy-boom", passes, mark), job.task.by, (job.event,), job.clause
    )
    world.become("boom-laid", 1.0, (event,))
    _know(drill, job, "boom-laid", 1.0, event)
    drill.duties.finish(job, done=True, holds=round(1.0 - passes, 3))


def skim_oil(drill: Drill, job: Job) -> Process:
    """Set skimmers to work on the oil that booms hold."""
    world = drill.world
    yield world.wait(world.delay("set-skimmer", job.task.by, job.where))
    for _ in job.units:
        change(drill, Change("skim-oil", 0.0, job.where), job.task.by, (job.event,), job.clause)
    drill.duties.finish(job, done=True, units_at_work=len(job.units))


def close_channel(drill: Drill, job: Job) -> Process:
    """Shut ends of the channel to traffic; needs the power over the waterway or one's own lock."""
    world = drill.world
    facilities = world.scenario.city.facilities
    ends = [s for s in job.task.sites if s in world.scenario.spec.channel_ends]
    org = job.task.by.partition("/")[0]
    own = bool(ends) and all(facilities[s].org == org for s in ends)
    if not own and not drill.may(job.task.by, "close-waterway"):
        data = {"why": "close-waterway"}
        world.note("duty-refused", job.task.by, job.task.id, data, (job.event,), job.clause)
        drill.duties.finish(job, done=False, why="close-waterway")
        return
    yield world.wait(world.delay("close-channel", job.task.by, job.where))
    event = drill.duties.finish(job, done=True)
    for site in ends:
        if site not in drill.roads_closed:
            drill.roads_closed.add(site)
            world.note("road-closed", job.task.by, site, {"edges": 0}, (event,), job.clause)
    if ends:
        change(drill, Change("close-channel", 0.0, ends[0]), job.task.by, (event,), job.clause)


def tow_vessel(drill: Drill, job: Job) -> Process:
    """Tow the wreck out of the fairway: nobody runs into it any more."""
    world = drill.world
    yield world.wait(world.delay("tow", job.task.by, job.where))
    event = change(
        drill, Change("tow-vessel", 0.0, job.where), job.task.by, (job.event,), job.clause
    )
    world.become("wreck-cleared", 1.0, (event,))
    drill.duties.finish(job, done=True)


def rescue_water(drill: Drill, job: Job) -> Process:
    """Sail to where people have drifted, find them, land them; stay on watch for a while.

    The task is done when nobody is left in the water and somebody was saved.
    """
    world, harm = drill.world, harm_of(drill)
    landing = world.scenario.spec.landing or job.where
    started, told, quiet, saved = False, False, 0.0, 0.0
    while not world.ended and quiet < ON_WATCH_S:
        wet = _alive(drill, harm.wet())
        if not wet.size:
            if saved and not told:
                told = True
                drill.duties.finish(job, done=True, heads=saved)
            quiet += ROUND_S
            yield world.wait(ROUND_S)
            continue
        quiet = 0.0
        if not started:
            yield from _sail(drill, job)
            started = True
            continue
        yield world.wait(world.delay("find-person", job.task.by))
        wet = _alive(drill, harm.wet())[: max(len(job.units), 1)]
        if not wet.size:
            continue
        yield world.wait(world.delay("pick-up", job.task.by))
        wet = _alive(drill, wet[np.isfinite(harm.entered_s[wet])])
        if wet.size:
            saved += float(drill.people.weight[wet].sum())
            people_ashore(drill, wet, landing, job.event, job.clause)
    if not told:
        why = "" if saved else "nobody-found"
        drill.duties.finish(job, done=saved > 0, why=why, heads=saved)


def _alive(drill: Drill, groups: np.ndarray) -> np.ndarray:
    return np.asarray(groups[drill.people.state[groups] != State.DEAD])


def _sail(drill: Drill, job: Job) -> Process:
    """Sail every boat of the job from where it lies; the first one there begins."""
    world, router, city = drill.world, drill.crews.router, drill.world.scenario.city
    harm = harm_of(drill)
    wet = harm.wet()
    group = int(wet[0]) if wet.size else int(harm.aboard[0])
    goal = (float(drill.people.x[group]), float(drill.people.y[group]))
    node = router.nearest_node(*goal, "water")
    first = math.inf
    for unit in job.units:
        start = city.node_of(unit.place, "water")
        route = router.route(start, node, world.hour, False, "water")
        if route is None:
            continue
        luck = world.spread("travel", unit.resource.owner, unit.name, 1.0, 1.25)
        keep = np.unique(np.linspace(0, len(route.line) - 1, PATH_POINTS).round().astype(int))
        path = [
            [round(world.now + float(route.line_times_s[i]) * luck, 1),
             round(float(route.line[i][0])), round(float(route.line[i][1]))]
            for i in keep
        ]  # fmt: skip
        reach = route.duration_s * luck
        data = {
            "unit": unit.name, "place": drill.source(), "eta_s": round(world.now + reach, 1),
            "path": path,
        }  # fmt: skip
        owner = unit.resource.owner
        event = world.note("crew-departed", owner, unit.resource.id, data, (job.event,), job.clause)
        world.after(reach, _arrive(drill, job, unit, goal, event))
        first = min(first, reach)
    yield world.wait(first if math.isfinite(first) else ON_WATCH_S)


def _arrive(drill: Drill, job: Job, unit: Unit, goal: tuple[float, float], cause: int):  # type: ignore[no-untyped-def]
    def there() -> None:
        unit.x, unit.y = goal
        unit.place, unit.node = drill.source(), drill.node(drill.source())
        data = {
            "unit": unit.name, "place": drill.source(), "x": unit.x, "y": unit.y,
            "verb": job.task.verb,
        }  # fmt: skip
        owner = unit.resource.owner
        drill.world.note("crew-arrived", owner, unit.resource.id, data, (cause,), job.clause)

    return there


def monitor_water(drill: Drill, job: Job) -> Process:
    """Take water at sites and have it read; repeated while somebody may still want it."""
    world = drill.world
    yield world.wait(world.delay("sample-water", job.task.by))
    first = True
    while not world.ended:
        spill = spill_of(drill)
        index = min(int(world.now // 60.0), len(spill.taps[0]) - 1 if spill.taps.size else 0)
        marks = [s for s in (job.task.sites or (job.where,)) if s in spill.course.marks]
        nodes = [spill.course.marks[m] for m in marks]
        worst = max((float(spill.raw(n)[index]) for n in nodes), default=0.0)
        event = job.event
        if first:
            event = drill.duties.finish(job, done=True, times_limit=round(worst, 2))
            first = False
        _know(drill, job, "water-reading", round(worst, 2), event)
        yield world.wait(REPEAT_S)


def notify_consumers(drill: Drill, job: Job) -> Process:
    """Tell the customers of a works not to use the tap; `sites` or the order name the areas."""
    world, task = drill.world, job.task
    channel = task.channel or "sms"
    spec = world.figures.channels[channel]
    if drill.comms.carrier_down(spec.carrier):
        drill.duties.finish(job, done=False, why="outage")
        return
    median, p90 = (spec.median, spec.p90) if world.behaviour.human else (spec.best, spec.best)
    yield world.wait(world.spread("set-up", task.by, channel, median, p90))
    share, reached = world.figures.shares["comply-shelter"].value, 0.0
    for place in drill.people.of.places:
        told = place.id in task.sites or any(
            covers(drill, order, place) for order in drill.orders.values() if order.sites
        )
        if not told:
            continue
        heads, _ = drill.people.warn(place.id, channel, "shelter", world.now, share)
        data = {"channel": channel, "action": "stop-drinking", "heads": heads}
        world.note("warned", task.by, place.id, data, (job.event,), job.clause)
        reached += heads
    drill.duties.finish(job, done=True, heads=reached)


def _know(drill: Drill, job: Job, fact: str, value: float, event: int) -> None:
    for address in drill.minds.body(job.task.by.partition("/")[0]):
        drill.minds.believe(address, fact, value, "own", (event,))
