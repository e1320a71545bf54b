"""The water below an accident: the channel down-stream, its places, the ways to each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from drillsim.city.model import City
from drillsim.physics.river_network import Channel, passages
from drillsim.physics.river_transport import Passage, Reach, mixing_length_m

Floats = NDArray[np.float64]

NEAR_M = 1000.0
BESIDE_M = 400.0
WATER_KINDS = (
    "intake", "lock", "berth", "boundary", "water-point", "sluice", "boom-store", "outfall",
    "maritime-local", "maritime-yangtze",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Course:
    """The main channel down-stream of a place.

    Node k lies `dist_m[k]` below the accident at `xy[k]`; the reach from node k to k + 1 has
    `width_m[k]`, `depth_m[k]` and, without pumps, `current_mps[k]`. `ways[k]` are all ways of the
    water from the accident to node k, with their shares (empty at the accident itself). `marks`
    gives the node of every facility that stands on this water.
    """

    dist_m: Floats
    xy: Floats
    width_m: Floats
    depth_m: Floats
    current_mps: Floats
    ways: tuple[tuple[Passage, ...], ...]
    marks: Mapping[str, int]

    @cached_property
    def heading(self) -> Floats:
        """Give the direction of each reach as unit vectors (n - 1, 2), east and north."""
        step = np.diff(self.xy, axis=0)
        return np.asarray(step / np.hypot(step[:, 0], step[:, 1])[:, None])

    def reach_at(self, dist_m: Floats) -> NDArray[np.intp]:
        """Give the reach in which each distance lies; beyond the end, the last one."""
        last = len(self.current_mps) - 1
        return np.clip(np.searchsorted(self.dist_m, dist_m, side="right") - 1, 0, last)

    def xy_at(self, dist_m: float) -> tuple[float, float]:
        """Give the place at a distance down-stream, held at both ends."""
        east = np.interp(dist_m, self.dist_m, self.xy[:, 0])
        north = np.interp(dist_m, self.dist_m, self.xy[:, 1])
        return float(east), float(north)

    def node_at(self, places: Floats) -> NDArray[np.intp]:
        """Give the nearest node of each place (m, 2), -1 for a place not beside this water."""
        gaps = np.hypot(*(places[:, None, :] - self.xy[None, :, :]).transpose(2, 0, 1))
        best = gaps.argmin(axis=1)
        return np.where(gaps.min(axis=1) <= BESIDE_M, best, -1)

    def mixing_m(self) -> float:
        """Give the distance within which the spill is not mixed across, m (a bank-side spill)."""
        reach = Reach(
            float(self.dist_m[-1]), float(self.width_m[0]), float(self.depth_m[0]),
            float(self.current_mps[0]),
        )  # fmt: skip
        return 4.0 * mixing_length_m(
            reach.current_mps, reach.width_m, reach.depth_m, reach.shear_mps
        )


_KNOWN: dict[tuple[str, str], Course] = {}
_KEPT = 16


def course_below(city: City, at: str) -> Course:
    """Give the water below a facility (worked out once a city and place).

    Follows the current from the nearest node on the water; at a junction the channel with the
    greatest flow goes on. Tributaries do not dilute it, since the channel keeps the flow of its
    own geometry: concentrations below one come out high. ValueError when no current leaves the
    place.
    """
    key = (city.digest, at)
    if key not in _KNOWN:
        if len(_KNOWN) >= _KEPT:
            _KNOWN.clear()
        _KNOWN[key] = _worked_out(city, at)
    return _KNOWN[key]


def _worked_out(city: City, at: str) -> Course:
    rows = [
        (u, v, data)
        for u, v, data in city.graph.edges(data=True)
        if data["mode"] == "water" and data["current_mps"] > 0.0
    ]
    channels = [
        Channel(u, v, Reach(d["length_m"], d["width_m"], d["depth_m"], d["current_mps"]))
        for u, v, d in rows
    ]
    leaving: dict[int, list[Channel]] = {}
    for channel in channels:
        leaving.setdefault(channel.tail, []).append(channel)
    source = city.node_of(at, "water")
    nodes, reaches = [source], []
    while nodes[-1] in leaving:
        onward = max(leaving[nodes[-1]], key=lambda c: (c.reach.flow_m3_s, -c.head))
        if onward.head in nodes:
            break
        nodes.append(onward.head)
        reaches.append(onward.reach)
    if not reaches:
        raise ValueError(f"no current leaves {at}: the spill would stay where it is")
    place = city.graph.nodes
    index = {node: k for k, node in enumerate(nodes)}
    marks = {}
    for facility in city.of_kind(*WATER_KINDS):
        node = city.node_of(facility.id, "water")
        gap = np.hypot(place[node]["x"] - facility.xy[0], place[node]["y"] - facility.xy[1])
        if node in index and gap <= NEAR_M:
            marks[facility.id] = index[node]
    return Course(
        dist_m=np.concatenate([[0.0], np.cumsum([r.length_m for r in reaches])]),
        xy=np.array([[place[n]["x"], place[n]["y"]] for n in nodes], dtype=np.float64),
        width_m=np.array([r.width_m for r in reaches]),
        depth_m=np.array([r.depth_m for r in reaches]),
        current_mps=np.array([r.current_mps for r in reaches]),
        ways=(
            (),
            *(
                tuple(
                    replace(way, flow_m3_s=reach.flow_m3_s)
                    for way in passages(channels, source, node)
                )
                for node, reach in zip(nodes[1:], reaches, strict=True)
            ),
        ),
        marks=marks,
    )
