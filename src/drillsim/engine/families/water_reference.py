"""The reference policy on water: plan-free, from the truth at detection, by one fixed rule.

It stops the pumps, shuts the intakes of the city and the neighbour, shuts the channel, sends the
boat that is there first and every ambulance that may be needed, and lays a boom and skims where
oil floats, all at the best times. It is reference-best, not optimal.
"""

from __future__ import annotations

import math

import simpy

from drillsim.engine.actions import ACTIONS
from drillsim.engine.crews import Unit
from drillsim.engine.drill import Drill, Job
from drillsim.engine.water_scene import change, spill_of
from drillsim.engine.world import Process
from drillsim.hazards.field import Change
from drillsim.plans.conditions import Atom
from drillsim.plans.model import Task, Verb

DECIDE_S = 10.0
BOATS, AFLOAT_M, LOOK_S = 4, 400.0, 60.0
WHO = "reference"


def act(drill: Drill) -> Process:
    """Wait until somebody at the place has noticed, decide at once, do everything in parallel."""
    world, spec = drill.world, drill.world.scenario.spec
    figures = world.figures.figures
    yield world.wait(figures["notice"].best + DECIDE_S)
    calls = figures["call"].best
    for supply in spec.supplies:
        wait = calls + figures["close-intake"].best
        world.after(wait, _do(drill, Change("close-intake", 0.0, supply.intake)))
    if spec.sluice:
        wait = calls + figures["stop-pumps"].best
        world.after(wait, _do(drill, Change("stop-sluice", 0.0, spec.sluice)))
    world.after(calls + figures["close-channel"].best, lambda: _shut_channel(drill))
    ashore = spec.landing or spec.at
    work: list[tuple[Verb, tuple[str, ...], int, str]] = [
        *(("rescue-water", ("rescue-boat",), 1, "") for _ in range(BOATS)),
        ("triage", ("ambulance",), 1, ashore),
        ("transport-casualties", ("ambulance",), 2, ashore),
    ]
    if spec.oil:
        where = _boom_site(drill)
        work += [("deploy-boom", ("boom",), 1, where), ("skim-oil", ("skimmer",), 1, where)]
    for verb, needs, count, where in work:
        world.start(_send(drill, verb, needs, count, where))


def _do(drill: Drill, what: Change):  # type: ignore[no-untyped-def]
    return lambda: change(drill, what, WHO, (), "")


def _shut_channel(drill: Drill) -> None:
    change(drill, Change("close-channel"), WHO, (), "")
    drill.roads_closed.update(drill.world.scenario.spec.channel_ends)


def _boom_site(drill: Drill) -> str:
    """Give the first intake below, where a boom comes before the slick; else the accident."""
    spill = spill_of(drill)
    ahead = [s.intake for s in spill.supplies if not s.abroad]
    return min(ahead, key=lambda name: spill.course.marks[name], default=drill.source())


def _send(drill: Drill, verb: Verb, needs: tuple[str, ...], count: int, where: str) -> Process:
    """Send the crews of anybody that can do the work and are there first.

    Boats that lie afloat start from their berths, others are driven to the accident; `where` is
    empty for boats.
    """
    world = drill.world
    able = drill.crews.able(needs, {u.resource.owner for u in drill.crews.units})
    while able and all(u.busy for u in able) and not world.ended:
        yield world.wait(LOOK_S)
    free = [u for u in able if not u.busy]
    units = sorted(free, key=lambda u: (_there_s(drill, u, where), u.name))[:count]
    if not units:
        return
    for unit in units:
        unit.busy = True
    goals = {u.name: where or _launch(drill, u) for u in units}
    trips = [world.start(drill.crews.send(u, goals[u.name], verb, "", ())) for u in units]
    yield simpy.AllOf(world.env, trips)
    lead, place = units[0].resource.owner, goals[units[0].name]
    task = Task(id=WHO, by=lead, when=Atom(key="release"), verb=verb, needs=needs)
    job = Job("", task, place, (), units)
    names = [u.name for u in units]
    job.event = world.note("task-started", lead, verb, {"where": place, "units": names})
    yield world.start(ACTIONS[verb](drill, job))
    for unit in units:
        drill.crews.free(unit, "", (job.event,))


def _launch(drill: Drill, unit: Unit) -> str:
    """Give where a boat goes onto the water: its berth, or the bank at the accident."""
    city, home = drill.world.scenario.city, unit.resource.home
    node = city.graph.nodes[city.node_of(home, "water")]
    gap = math.dist((node["x"], node["y"]), city.facilities[home].xy)
    return home if gap <= AFLOAT_M else drill.source()


def _there_s(drill: Drill, unit: Unit, where: str) -> float:
    """Give when a crew could be at work, s: turnout, the road, and for a boat the water."""
    world, city, resource = drill.world, drill.world.scenario.city, unit.resource
    turnout = resource.turnout.night if world.night else resource.turnout.day
    goal = where or _launch(drill, unit)
    drive = drill.crews.router.travel_time(unit.node, drill.node(goal), world.hour, True)
    if where:
        return turnout + drive
    start, end = (city.node_of(place, "water") for place in (goal, drill.source()))
    sail = drill.crews.router.travel_time(start, end, world.hour, False, "water")
    return turnout + drive + (sail if math.isfinite(sail) else 1e9)
