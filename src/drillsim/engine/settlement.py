"""Who is where when the drill starts: people in small groups that share one fate.

Groups are one person each at plants and roads near the source, five in institutions, a household
of three in estates and fifty in the zones behind; a group's size is its weight in every count.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from drillsim.scenario import Scenario

REACH_M = 5000.0
SINGLES_WITHIN_M = 700.0
GROUP = {"estate": 3, "zone": 50}
INSTITUTION_GROUP = 5
HOME_KINDS = frozenset({"estate", "zone"})
STAFFED_KINDS = frozenset({"plant", "camp", "release-point", "control-room", "vehicle-queue"})
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Place:
    """A place where people are: a facility with heads, or a residential zone."""

    id: str
    kind: str
    org: str | None
    x: float
    y: float
    heads: int
    ach_open: float
    ach_shut: float
    mobility: float


@dataclass(frozen=True, eq=False)
class Settlement:
    """All groups at the start; arrays of shape (n,). `place` indexes `places`."""

    places: tuple[Place, ...]
    place: NDArray[np.intp]
    weight: Floats
    x: Floats
    y: Floats
    outdoors: NDArray[np.bool_]
    ach_open: Floats
    ach_shut: Floats
    immobile: NDArray[np.bool_]

    @cached_property
    def members(self) -> tuple[NDArray[np.intp], ...]:
        """The groups of each place."""
        return tuple(np.flatnonzero(self.place == index) for index in range(len(self.places)))

    @property
    def heads(self) -> float:
        """All people."""
        return float(self.weight.sum())


def settle(scenario: Scenario) -> Settlement:
    """Place the people of a scenario within 5 km of the source (once a scenario)."""
    known = scenario.memo.get("settlement")
    if isinstance(known, Settlement):
        return known
    settlement = _settle(scenario)
    scenario.memo["settlement"] = settlement
    return settlement


def _settle(scenario: Scenario) -> Settlement:
    city, hour = scenario.city, scenario.hour
    source = np.array(city.facilities[scenario.spec.at].xy)
    factor = scenario.file.occupancy.factor
    places: list[Place] = []
    columns: list[tuple[Floats, ...]] = []

    def add(place: Place, spots: Floats, size: int, outdoor_share: float) -> None:
        groups = max(1, round(place.heads / size))
        weights = np.full(groups, place.heads // groups, dtype=float)
        weights[: place.heads % groups] += 1.0
        at = spots[np.arange(groups) * len(spots) // groups]
        out = np.arange(groups) < round(outdoor_share * groups)
        # the last groups are those who cannot walk; they are indoors
        still = np.arange(groups) >= groups - round(place.mobility * groups)
        columns.append(
            (np.full(groups, len(places), dtype=float), weights, at[:, 0], at[:, 1],
             out.astype(float), still.astype(float))
        )  # fmt: skip
        places.append(place)

    for facility in city.facilities.values():
        distance = float(np.hypot(*(np.array(facility.xy) - source)))
        home = facility.kind in HOME_KINDS
        staffed = scenario.file.staff.factor if facility.kind in STAFFED_KINDS else 1.0
        heads = round(facility.heads_at(hour) * (factor if home else staffed))
        if heads <= 0 or distance > REACH_M:
            continue
        place = Place(
            facility.id, facility.kind, facility.org, *facility.xy, heads,
            facility.ach_open, facility.ach, facility.mobility,
        )  # fmt: skip
        size = GROUP.get(facility.kind, INSTITUTION_GROUP)
        if distance <= SINGLES_WITHIN_M:
            size = 1
        spots = city.blocks(facility.id, 10) if facility.extent else np.array([facility.xy])
        add(place, spots, size, facility.outdoors_at(hour))
    zones = city.zones
    people = zones.people_at(hour)
    for row in np.flatnonzero(np.hypot(zones.x - source[0], zones.y - source[1]) <= REACH_M):
        heads = round(int(people[row]) * factor)
        if heads > 0:
            spot = np.array([[float(zones.x[row]), float(zones.y[row])]])
            place = Place(
                str(zones.id[row]), "zone", None, float(spot[0, 0]), float(spot[0, 1]), heads,
                3.0, 0.5, 0.03,
            )  # fmt: skip
            add(place, spot, GROUP["zone"], zones.outdoors_at(hour))
    index, weight, x, y, out, still = (np.concatenate(c) for c in zip(*columns, strict=True))
    at: NDArray[np.intp] = index.astype(np.intp)
    return Settlement(
        tuple(places), at, weight, x, y, out > 0,
        np.array([places[i].ach_open for i in at]), np.array([places[i].ach_shut for i in at]),
        still > 0,
    )  # fmt: skip
