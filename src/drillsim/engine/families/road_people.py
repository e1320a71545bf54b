"""Who is on the road: those in the wreck, those who come to stand behind it, and the neighbours."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from drillsim.engine.settlement import Floats, Place, Settlement, settle
from drillsim.hazards.road_transport import RoadTransportSpec, Stored
from drillsim.physics.crash import SEVERITIES, casualties
from drillsim.physics.traffic_queue import stored_vehicles
from drillsim.scenario import Scenario

FIRE_REACH_M = 700.0
NEAR_M, NEAR_GROUP, FAR_GROUP = 200.0, 1, 5
FIRST_CAR_M = 12.0


def settle_road(scenario: Scenario) -> Settlement:
    """Place the people of a road accident (once a scenario).

    Neighbours as for any hazard, within 700 m for a fire; on each stretch the people of the
    vehicles that fit on it, singly within 200 m of the wreck, else in fives; in the wreck one by
    one, the gravest hurt first. People on a stretch are counted from the start, those who would
    come to stand there later far from the wreck.
    """
    known = scenario.memo.get("road-settlement")
    if isinstance(known, Settlement):
        return known
    spec: RoadTransportSpec = scenario.spec
    base = settle(scenario)
    if spec.cargo == "flammable":
        base = _within(base, scenario.city.facilities[spec.at].xy, FIRE_REACH_M)
    taken = {spec.wreck.at, *(s.at for s in spec.road.stored)}
    base = _without(base, taken)
    parts = [_wreck(scenario, spec), *(_stretch(scenario, spec.at, s) for s in spec.road.stored)]
    whole = _joined(base, parts)
    scenario.memo["road-settlement"] = whole
    return whole


def severity_of(spec: RoadTransportSpec) -> list[str]:
    """Give the triage class of everyone in the wreck, gravest first."""
    heads = casualties(spec.wreck.aboard, spec.wreck.severity)
    return [name for name in SEVERITIES for _ in range(heads[name])]


def trapped_of(spec: RoadTransportSpec) -> NDArray[np.intp]:
    """Give who in the wreck is trapped, by position: the gravest of those who live."""
    classes = severity_of(spec)
    alive = [n for n, name in enumerate(classes) if name != "black"]
    return np.asarray(alive[: spec.wreck.trapped], dtype=np.intp)


def away_of(stretch: Stored) -> Floats:
    """Give the distance of each group on a stretch from the wreck, m, nearest first."""
    heads = _heads(stretch)
    near = round(heads * min(NEAR_M / stretch.room, 1.0))
    far = math.ceil((heads - near) / FAR_GROUP)
    first = np.linspace(FIRST_CAR_M, min(NEAR_M, stretch.room), max(near, 1))[:near]
    return np.concatenate([first, np.linspace(min(NEAR_M, stretch.room), stretch.room, far)])


def _heads(stretch: Stored) -> int:
    return round(stored_vehicles(stretch.room, stretch.lanes) * stretch.heads)


def _wreck(scenario: Scenario, spec: RoadTransportSpec) -> tuple[Place, Floats, Floats]:
    facility = scenario.city.facilities[spec.wreck.at]
    place = Place(
        facility.id, "vehicle-queue", facility.org, *facility.xy, spec.wreck.aboard, 30.0, 10.0, 0.0
    )
    spots = np.tile(np.asarray(facility.xy), (spec.wreck.aboard, 1))
    return place, spots, np.ones(spec.wreck.aboard)


def _stretch(scenario: Scenario, at: str, stretch: Stored) -> tuple[Place, Floats, Floats]:
    city = scenario.city
    facility, heads = city.facilities[stretch.at], _heads(stretch)
    source, entry = (np.asarray(city.facilities[p].xy) for p in (at, stretch.entry))
    away = away_of(stretch)
    way = (entry - source) / max(float(np.hypot(*(entry - source))), 1e-9)
    near = int((away <= NEAR_M).sum()) if stretch.room > NEAR_M else away.size
    near = min(near, round(heads * min(NEAR_M / stretch.room, 1.0)))
    weight = np.ones(away.size)
    if away.size > near:
        rest, groups = heads - near, away.size - near
        weight[near:] = rest // groups
        weight[near : near + rest % groups] += 1.0
    place = Place(stretch.at, "vehicle-queue", facility.org, *facility.xy, heads, 30.0, 10.0, 0.0)
    return place, source + away[:, None] * way, weight


def _within(base: Settlement, xy: tuple[float, float], reach_m: float) -> Settlement:
    far = {p.id for p in base.places if math.dist((p.x, p.y), xy) > reach_m}
    return _without(base, far)


def _without(base: Settlement, names: set[str]) -> Settlement:
    """Give a settlement without some places."""
    kept = [n for n, place in enumerate(base.places) if place.id not in names]
    new = np.full(len(base.places), -1, dtype=np.intp)
    new[kept] = np.arange(len(kept))
    some = np.flatnonzero(new[base.place] >= 0)
    return Settlement(
        tuple(base.places[n] for n in kept), new[base.place[some]], base.weight[some],
        base.x[some], base.y[some], base.outdoors[some], base.ach_open[some],
        base.ach_shut[some], base.immobile[some],
    )  # fmt: skip


def _joined(base: Settlement, parts: list[tuple[Place, Floats, Floats]]) -> Settlement:
    """Give a settlement with the places of the road before the neighbours'."""
    places = tuple(place for place, _, _ in parts)
    index = np.concatenate(
        [np.full(w.size, n, dtype=np.intp) for n, (_, _, w) in enumerate(parts)]
        + [base.place + len(parts)]
    )
    spots = np.vstack([xy for _, xy, _ in parts])
    size = len(spots)
    return Settlement(
        (*places, *base.places),
        index,
        np.concatenate([*(w for _, _, w in parts), base.weight]),
        np.concatenate([spots[:, 0], base.x]),
        np.concatenate([spots[:, 1], base.y]),
        np.concatenate([np.ones(size, dtype=bool), base.outdoors]),
        np.concatenate([np.full(size, 30.0), base.ach_open]),
        np.concatenate([np.full(size, 10.0), base.ach_shut]),
        np.concatenate([np.zeros(size, dtype=bool), base.immobile]),
    )
