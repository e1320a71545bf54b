"""The reference policy of a road accident: plan-free, from the truth at detection, one fixed rule.

It opens the way for crews, shuts the roads, leads people off, cuts the trapped free with the
nearest able crews, foams with the right foam, plugs the drains and stops the leak, all at once;
against a cloud it also tells every place what costs it less dose. Reference-best, not optimal.
"""

from __future__ import annotations

import simpy

from drillsim.engine.actions import ACTIONS
from drillsim.engine.drill import Drill, Job
from drillsim.engine.families import gas_reference
from drillsim.engine.world import Process
from drillsim.hazards import ToxicRelease
from drillsim.hazards.road_transport import RoadTransportSpec
from drillsim.plans.conditions import Atom
from drillsim.plans.model import Task, Verb

DECIDE_S, PATIENCE_S = 10.0, 3600.0
AT_ACCESS = frozenset({"triage", "transport-casualties", "decontaminate"})
Work = tuple[Verb, tuple[str, ...], int, tuple[str, ...]]


def act(drill: Drill) -> Process:
    """Wait for the first call, decide at once, then do everything in parallel."""
    world, spec = drill.world, drill.world.scenario.spec
    yield world.detected
    yield world.wait(DECIDE_S)
    toxic = isinstance(world.hazard, ToxicRelease)
    for verb, needs, count, sites in _work(drill, spec, toxic):
        world.start(_send(drill, verb, needs, count, sites))
    if toxic:
        gas_reference._protect(drill)
        yield from gas_reference._air_rooms(drill)


def _work(drill: Drill, spec: RoadTransportSpec, toxic: bool) -> list[Work]:
    file = drill.world.scenario.file
    entries = tuple(sorted({s.entry for s in spec.road.stored}))
    below = (spec.road.below,) if spec.road.below is not None else ()
    rescue = ("level-a",) if toxic else ("first-aid",)
    work: list[Work] = [
        ("open-corridor", ("traffic",), 1, ()),
        ("close-road", ("traffic",), 2, (*entries, *below)),
        ("walk-off", ("cordon",), 4, ()),
        ("extricate", ("cutting",), 3, ()),
        ("search-rescue", rescue, 3, ()),
        ("triage", ("ambulance",), 2, ()),
        ("transport-casualties", ("ambulance",), 10, ()),
    ]
    if not toxic:
        work.append(("foam", ("foam-ar",), 2, ()))
        outfall = (spec.drains.outfall,) if spec.drains.outfall is not None else ()
        work.append(("plug-drains", ("drain-plugs",), 1, (spec.at, *outfall)))
        work.append(("transfer-cargo", ("transfer",), 1, ()))
    if file.isolation is not None and file.isolation.plug_needs:
        work.append(("plug-leak", file.isolation.plug_needs, 1, ()))
    return work


def _send(
    drill: Drill, verb: Verb, needs: tuple[str, ...], count: int, sites: tuple[str, ...]
) -> Process:
    """Send the nearest crews of anybody that can do the work."""
    world = drill.world
    where = drill.source()
    if verb in AT_ACCESS or verb in {"open-corridor", "close-road"}:
        where = str(world.truth.get("access") or where)
    if not set(needs) <= {c for u in drill.crews.units for c in u.resource.capabilities}:
        return
    owners = {u.resource.owner for u in drill.crews.units}
    units = yield from drill.crews.get(needs, owners, count, where, PATIENCE_S)
    if not units:
        return
    trips = [world.start(drill.crews.send(u, where, verb, "", ())) for u in units]
    yield simpy.AllOf(world.env, trips)
    lead = next((u.resource.owner for u in units if _able(drill, u.resource.owner, verb)), "")
    lead = lead or units[0].resource.owner
    if lead not in drill.minds.of:
        return
    task = Task(
        id="reference", by=lead, when=Atom(key="crash"), verb=verb, needs=needs, sites=sites
    )
    job = Job("", task, where, (), units)
    job.event = world.note(
        "task-started", lead, verb, {"where": where, "units": [u.name for u in units]}
    )
    yield world.start(ACTIONS[verb](drill, job))


def _able(drill: Drill, owner: str, verb: Verb) -> bool:
    return verb != "open-corridor" or drill.may(owner, "close-road")
