"""The end of a run: how everybody came out of it, place by place and in all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from drillsim.engine.drill import Drill
from drillsim.engine.states import ACTIONS, State
from drillsim.physics.harm import aegl_ppm

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
    spots = drill.people.hazard.at(np.array([f.xy for f in roads]))
    limit = float(aegl_ppm(drill.people.hazard.of, 2, AVERAGING_S))
    while True:
        yield
        level = drill.people.hazard.level_at(spots, world.now)
        if not level.any():
            continue
        for road, ppm in zip(roads, level, strict=True):
            flow = (road.flow_night if world.night else road.flow) or 0.0
            if road.id in drill.roads_closed or ppm <= 0.0:
                continue
            drill.passing.setdefault(road.id, 0.0)
            drill.crossed[road.id] = drill.crossed.get(road.id, 0.0) + flow * 60.0 * CAR_HEADS
            if ppm * CROSSING_S / AVERAGING_S >= limit:
                drill.passing[road.id] += flow * 60.0 * CAR_HEADS


def watch_posts(drill: Drill) -> Iterator[None]:
    """Each minute: offices whose rooms fill with gas are left, and are dead until they resettle."""
    world, people, staff = drill.world, drill.people, drill.staff
    limit = world.figures.constants["irritation-ppm"].value
    homes = {place for address in drill.minds.of if (place := staff.place(address))}
    steady = people.hazard.at(np.array([[p.x, p.y] for p in people.of.places])).steady_ppm
    reached = zip(people.of.places, steady, strict=True)
    posts = [p for p, ppm in reached if p.id in homes and ppm > limit]
    while posts:
        yield
        rooms = np.concatenate([people.members(post.id) for post in posts])
        rooms = rooms[people.gas.c_in[rooms] > limit]
        foul = {people.of.places[i].id for i in people.of.place[rooms]}
        for post in [p for p in posts if p.id in foul]:
            away = world.delay("relocate", post.id)
            staff.drive_out(post.id, away)
            world.note("post-lost", "world", post.id, {"back_s": round(world.now + away, 1)})
        posts = [p for p in posts if p.id not in foul]


def note_final(drill: Drill) -> None:
    """Write the outcome of every place and of all together."""
    world, people = drill.world, drill.people
    hazard, places = people.hazard, people.of.places
    xy = np.array([[p.x, p.y] for p in places])
    limit = float(aegl_ppm(hazard.of, 2, AVERAGING_S))
    arrival = hazard.arrival_s(xy, limit)
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
    crews = _crews_exposed(drill, limit)
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
        "exposed": float(weight[people.gas.exposed[groups]].sum()),
        "severe": float(weight[people.gas.severe[groups]].sum()),
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
