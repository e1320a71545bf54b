"""Work for people: warn them, move them, give them a place to stay."""

from __future__ import annotations

import numpy as np

from drillsim.engine.drill import Drill, Job, Order
from drillsim.engine.orders import action_now, covers, follow
from drillsim.engine.settlement import HOME_KINDS, Place
from drillsim.engine.states import State
from drillsim.engine.world import Process

COMPLY = {"shelter": "comply-shelter", "return": "comply-shelter"}


def warn_public(drill: Drill, job: Job) -> Process:
    """Put a warning out over a channel to the public places that the order speaks of."""
    world, task = drill.world, job.task
    channel = task.channel or ("sms" if task.verb == "publish" else "loudspeaker")
    spec = world.figures.channels[channel]
    if drill.comms.carrier_down(spec.carrier):
        drill.duties.finish(job, done=False, why="outage")
        return
    setup = (
        spec.best
        if not world.behaviour.human
        else world.spread("set-up", task.by, channel, spec.median, spec.p90)
    )
    yield world.wait(setup)
    if drill.minds.value(task.by, "all-clear"):
        _air_rooms(drill, job, channel)
        return
    orders = _orders(drill, job)
    reached = 0.0
    for place in drill.people.of.places:
        mine = [o for o in orders if covers(drill, o, place)]
        if not mine or not _is_public(place, task.sites):
            continue
        action = action_now(drill, mine[-1], place)
        reached += _warn_place(drill, job, place, channel, action)
    drill.duties.finish(job, done=True, heads=reached)
    if job.units and channel == "door-to-door":
        # door knockers stay among the houses until nine tenths of the doors are done
        yield world.wait(world.figures.warning["door-to-door"].t90)


def _is_public(place: Place, sites: tuple[str, ...]) -> bool:
    """Homes, markets and offices hear a public warning; named sites always do."""
    return place.id in sites if sites else place.kind in HOME_KINDS | {
        "market", "old-quarter", "sports-hall", "street-office", "building",
    }  # fmt: skip


def _orders(drill: Drill, job: Job) -> list[Order]:
    """Give the orders to pass on: that of the task's own plan, or all that the lead was told of."""
    refs = str(drill.minds.value(job.task.by, "zone-order") or "").split(",")
    known = [drill.orders[r] for r in refs if r in drill.orders]
    if job.task.zone:
        known = [o for o in known if o.ref == f"{job.plan_id}/{job.task.zone}"] or known
    return sorted(known, key=lambda o: (o.given_s, o.ref))


def _warn_place(drill: Drill, job: Job, place: Place, channel: str, action: str) -> float:
    world = drill.world
    share = world.figures.shares[COMPLY.get(action, "comply-leave")].value
    start = world.now + drill.knocking_held_s(channel)
    heads, _ = drill.people.warn(place.id, channel, action, start, share)
    data = {"channel": channel, "action": action, "heads": heads}
    world.note("warned", job.task.by, place.id, data, (job.event,), job.clause)
    return heads


def _air_rooms(drill: Drill, job: Job, channel: str) -> None:
    reached = 0.0
    for place in drill.people.of.places:
        groups = drill.people.members(place.id)
        if _is_public(place, job.task.sites) and drill.people.reached[groups].any():
            reached += _warn_place(drill, job, place, channel, "return")
    drill.duties.finish(job, done=True, heads=reached, all_clear=True)


def instruct_occupants(drill: Drill, job: Job) -> Process:
    """An institution tells its own people what to do."""
    world, task = drill.world, job.task
    org = task.by.partition("/")[0]
    yield world.wait(world.delay("institution", org, job.where))
    action = task.action or "shelter"
    named = (job.where,) if job.where in drill.people.ids else ()
    for site in (*named, *(s for s in task.sites if s in drill.people.ids)):
        groups = drill.people.members(site)
        place = drill.people.of.places[drill.people.ids[site]]
        data = {"channel": "in-house", "action": action, "heads": float(place.heads)}
        world.note("warned", task.by, site, data, (job.event,), job.clause)
        follow(drill, site, action, groups, world.now)
    drill.duties.finish(job, done=True, action=action)


def open_shelter(drill: Drill, job: Job) -> Process:
    """Open places to stay; `sites` names them."""
    world = drill.world
    yield world.wait(world.delay("open-shelter", job.task.by, job.where))
    for site in job.task.sites or (job.where,):
        places = world.scenario.city.facilities[site].capacity.places or 0
        drill.shelters_open.setdefault(site, float(places))
    drill.duties.finish(job, done=True, sites=list(job.task.sites or (job.where,)))


def bus_evacuation(drill: Drill, job: Job) -> Process:
    """Drive those who cannot walk, or wait for a bus, from their place to an open shelter."""
    world, people = drill.world, drill.people
    orders = [o for o in _orders(drill, job) if o.action == "evacuate"]
    moved = 0.0
    shelter = drill.best_shelter(job.task.sites)
    for unit in job.units:
        seats = unit.resource.seats
        while seats and shelter and not world.ended:
            load = _boarders(drill, orders, seats)
            if not load.size:
                break
            people.state[load] = State.LEAVING
            yield world.wait(world.delay("board-bus", unit.name))
            here = drill.node(job.where)
            there = drill.node(shelter)
            trip = drill.crews.router.travel_time(here, there, world.hour)
            if not np.isfinite(trip):
                break
            yield world.wait(trip)
            alive = load[people.state[load] == State.LEAVING]
            people.carry(alive, world.scenario.city.facilities[shelter].xy)
            moved += float(people.weight[alive].sum())
            drill.shelters_open[shelter] -= float(people.weight[alive].sum())
            yield world.wait(trip)
    drill.duties.finish(job, done=moved > 0, why="" if moved else "nobody-to-drive", heads=moved)


def _boarders(drill: Drill, orders: list[Order], seats: int) -> np.ndarray:
    people = drill.people
    waiting = []
    for place in people.of.places:
        if any(covers(drill, o, place) for o in orders):
            groups = people.members(place.id)
            waiting.append(groups[people.state[groups] == State.WAITING_TRANSPORT])
    found = np.concatenate(waiting) if waiting else np.zeros(0, dtype=np.intp)
    return found[np.cumsum(people.weight[found]) <= seats]
