"""From OpenStreetMap ways to edges: split at junctions and at gaps, keep what is connected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np

from drillsim.city.network import Edge
from drillsim.city.osm_tags import WATER_SIZE_M, Tags, directions, names_of, number_of, speed_of
from drillsim.city.plane import Floats
from drillsim.city.road_classes import WATER_CLASSES
from drillsim.i18n import Text


@dataclass(frozen=True, slots=True)
class Way:
    """A way that cars or boats can use: its node references in order, its tags, its class."""

    id: int
    refs: tuple[int, ...]
    tags: Tags
    road_class: str

    @property
    def wet(self) -> bool:
        """Say whether it is a waterway."""
        return self.road_class in WATER_CLASSES


@dataclass(frozen=True)
class Ways:
    """Edges made from ways: node places (n, 2), edges, names by key, gaps at the map's edge."""

    xy: Floats
    edges: list[Edge]
    names: dict[str, Text]
    gaps: int


def whole_runs(way: Way, known: Mapping[int, tuple[float, float]]) -> list[tuple[int, ...]]:
    """Split a way where the extract lacks nodes; runs of fewer than two nodes are dropped."""
    runs: list[list[int]] = [[]]
    for ref in way.refs:
        if ref in known:
            if not runs[-1] or runs[-1][-1] != ref:
                runs[-1].append(ref)
        elif runs[-1]:
            runs.append([])
    return [tuple(run) for run in runs if len(run) > 1]


def edges_of(ways: Iterable[Way], places: Mapping[int, tuple[float, float]]) -> Ways:
    """Make edges between junctions.

    `places` gives x, y (m) by node reference; references it lacks are gaps. A junction is a node
    at an end of a run or used twice; roads and waterways never share one, since a bridge is no
    junction with the water.
    """
    runs = [(way, run) for way in ways for run in whole_runs(way, places)]
    gaps = sum(1 for way, run in runs for end in (0, -1) if run[end] != way.refs[end])
    use: Counter[tuple[bool, int]] = Counter()
    for way, run in runs:
        for at, ref in enumerate(run):
            use[way.wet, ref] += 2 if at in (0, len(run) - 1) else 1
    number: dict[tuple[bool, int], int] = {}
    points: list[tuple[float, float]] = []
    edges: list[Edge] = []
    names: dict[str, Text] = {}
    for way, run in runs:
        key = _name_key(way, names)
        # on the water every mapped bend is a node: intakes and spills snap to them
        stops = [at for at, ref in enumerate(run) if way.wet or use[way.wet, ref] > 1]
        for first, last in pairwise(stops):
            for ref in (run[first], run[last]):
                if (way.wet, ref) not in number:
                    number[way.wet, ref] = len(points)
                    points.append(places[ref])
            line = [places[ref] for ref in run[first : last + 1]]
            u, v = number[way.wet, run[first]], number[way.wet, run[last]]
            edges += _both_ways(way, u, v, line, key)
    return Ways(np.array(points, dtype=np.float64).reshape(-1, 2), edges, names, gaps)


def _name_key(way: Way, names: dict[str, Text]) -> str:
    zh, en = names_of(way.tags)
    if not zh:
        return ""
    key = f"{zh}|{en}"
    names[key] = Text(zh=zh, en=en)
    return key


def _both_ways(way: Way, u: int, v: int, line: list[tuple[float, float]], name: str) -> list[Edge]:
    length = max(float(np.hypot(*np.diff(np.array(line), axis=0).T).sum()), 0.5)
    bends = tuple(line[1:-1])
    lanes = number_of(way.tags, "lanes")
    forward, backward = (True, True) if way.wet else directions(way.tags)
    width, depth = WATER_SIZE_M.get(way.road_class, (0.0, 0.0))
    made = []
    if u == v and len(bends) < 2:
        return []
    for start, end, shape, allowed in ((u, v, bends, forward), (v, u, bends[::-1], backward)):
        if allowed:
            made.append(
                Edge(
                    start, end, way.road_class, length,
                    speed_mps=None if way.wet else speed_of(way.tags),
                    lanes=max(int(lanes / (1 + (forward and backward))), 1) if lanes else None,
                    bridge=way.tags.get("bridge", "no") != "no", name=name,
                    width_m=(number_of(way.tags, "width") or width) if way.wet else 0.0,
                    depth_m=depth, shape=shape,
                )
            )  # fmt: skip
    return made


def reachable(edges: list[Edge]) -> tuple[list[Edge], int]:
    """Keep the road edges of the largest strongly connected part, and all water edges.

    Gives the edges and the number of road nodes dropped: a crew sent to one could not return.
    """
    graph = nx.DiGraph()
    graph.add_edges_from((e.u, e.v) for e in edges if e.road_class not in WATER_CLASSES)
    parts = list(nx.strongly_connected_components(graph))
    best = max(parts, key=lambda part: (len(part), -min(part))) if parts else set()
    kept = [e for e in edges if e.road_class in WATER_CLASSES or {e.u, e.v} <= best]
    return kept, graph.number_of_nodes() - len(best)


def posted_share(ways: Iterable[Way]) -> float:
    """Give the share of road ways with a posted speed that can be read."""
    speeds = [speed_of(way.tags) is not None for way in ways if not way.wet]
    return sum(speeds) / len(speeds) if speeds else 0.0


def unread_speeds(ways: Iterable[Way]) -> int:
    """Count the road ways whose posted speed is there but cannot be read."""
    return sum(
        1 for way in ways if not way.wet and way.tags.get("maxspeed") and not speed_of(way.tags)
    )
