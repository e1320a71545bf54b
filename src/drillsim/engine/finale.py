"""The end of a run: how everybody came out of it, place by place and in all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from drillsim.engine.drill import Drill
from drillsim.engine.states import ACTIONS, State

PROTECTS = tuple(ACTIONS.index(a) for a in ("shelter", "leave-crosswind", "evacuate"))
SAFE = (State.SHELTERING, State.CLEAR, State.LEAVING, State.NORMAL)
CAR_HEADS = 1.5
CROSSING_S = 20.0
AVERAGING_S = 600.0


def watch_roads(drill: Drill) -> Iterator[None]:
    """Count people who drive through the cloud on open roads, minute by minute.

    A car is in the cloud for about 20 s; its people count as exposed when the 10-minute mean of
    that passage is above the 10-minute AEGL-2.
    """
    world = drill.world
    city = world.scenario.city
    roads = [f for f in city.of_kind("road-point") if f.flow or f.flow_night]
    if not roads:
        return
    spots = world.hazard.at(np.array([f.xy for f in roads]))
    limit = world.hazard.harmful_level
    while True:
        yield
        level = world.hazard.level_at(spots, world.now)
        if not level.any():
            continue
        for road, felt in zip(roads, level, strict=True):
            flow = (road.flow_night if world.night else road.flow) or 0.0
            if road.id in drill.roads_closed or felt <= 0.0:
                continue
            drill.passing.setdefault(road.id, 0.0)
            drill.crossed[road.id] = drill.crossed.get(road.id, 0.0) + flow * 60.0 * CAR_HEADS
            if felt * CROSSING_S / AVERAGING_S >= limit:
                drill.passing[road.id] += flow * 60.0 * CAR_HEADS


def watch_posts(drill: Drill) -> Iterator[None]:
    """Each minute: offices whose rooms fill with gas are left, and are dead until they resettle."""
    world, people, staff = drill.world, drill.people, drill.staff
    limit = people.exposure.notice_level
    homes = {place for address in drill.minds.of if (place := staff.place(address))}
    posts = [p for p in people.of.places if p.id in homes]
    while posts:
        yield
        rooms = np.concatenate([people.members(post.id) for post in posts])
        rooms = rooms[people.exposure.inside[rooms] > limit]
        foul = {people.of.places[i].id for i in people.of.place[rooms]}
        for post in [p for p in posts if p.id in foul]:
            away = world.delay("relocate", post.id)
            staff.drive_out(post.id, away)
            world.note("post-lost", "world", post.id, {"back_s": round(world.now + away, 1)})
        posts = [p for p in posts if p.id not in foul]


def note_final(drill: Drill) -> None:
    """Write the outcome of every place and of all together."""
    world, people = drill.world, drill.people
    places, arrival = people.of.places, people.exposure.arrival_s()
    acted = people.acted_s
    ordered = _ordered(drill)
    for index, place in enumerate(places):
        groups = people.members(place.id)
        weight = people.weight[groups]
        early = (acted[groups] <= arrival[index]) & np.isin(people.state[groups], SAFE)
        early &= np.isin(people.first_act[groups], PROTECTS)
        reached = people.reached[groups]
        data = {
            **_outcome(drill, groups),
            "hazardous": bool(np.isfinite(arrival[index])),
            "arrival_s": round(float(arrival[index]), 1) if np.isfinite(arrival[index]) else None,
            "protected": float(weight[early].sum()),
            "planned": float(weight.sum() if place.id in ordered else weight[reached].sum()),
            "needless": float(weight[people.moved[groups]].sum())
            if not np.isfinite(arrival[index])
            else 0.0,
            "action": ordered.get(place.id, ""),
        }
        world.note("people-final", "world", place.id, data)
    every = np.arange(people.weight.size)
    total = _outcome(drill, every)
    crews = _crews_exposed(drill, world.hazard.harmful_level)
    passers = sum(drill.passing.values())
    waiting = drill.medical.waiting_loss()
    total.update(
        {
            "deaths": round(float(total["deaths"]) + waiting, 6),
            "exposed": float(total["exposed"]) + crews + passers,
            "crews_exposed": crews,
            "passers_exposed": passers,
            "passers": round(sum(drill.crossed.values()), 1),
            "treated": float(people.weight[np.isfinite(drill.medical.admitted_s)].sum()),
            "waiting_loss": round(waiting, 6),
        }
    )
    world.note("people-final", "world", "all", total)


def _outcome(drill: Drill, groups: Any) -> dict[str, Any]:
    people = drill.people
    weight = people.weight[groups]
    dead = people.state[groups] == State.DEAD
    return {
        "heads": float(weight.sum()),
        "states": people.counts(groups),
        "exposed": float(weight[people.exposure.exposed[groups]].sum()),
        "severe": float(weight[people.exposure.severe[groups]].sum()),
        "serious": float(weight[people.serious[groups] & ~dead].sum()),
        "deaths": float(weight[dead].sum()),
    }


def _ordered(drill: Drill) -> dict[str, str]:
    """Give the last action that an order or a warning named for each place."""
    found: dict[str, str] = {}
    for event in drill.world.events:
        if event.kind == "warned" and event.data["action"] != "return":
            found[event.subject] = str(event.data["action"])
    return found


def _crews_exposed(drill: Drill, limit: float) -> float:
    return float(
        sum(
            unit.resource.members
            for unit in drill.crews.units
            if unit.dose_ppm_s / AVERAGING_S >= limit
        )
    )
