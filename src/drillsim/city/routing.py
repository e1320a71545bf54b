"""Routes on the city graph: by hour of day, with lights and siren, round closures and clouds.

A `Router` is a light, immutable view of a city's shared mirror: closing a road gives another
view and never touches the city, so parallel runs cannot disturb each other.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.city.mirror import Closures, Mirror, Mode, mirror_of
from drillsim.city.model import City
from drillsim.city.plane import Floats, crossings, inside


@dataclass(frozen=True, eq=False)
class Route:
    """One way through the graph.

    `nodes` (k,), `edges` (k-1,) ids, `times_s` (k,) since departure at each node, `length_m`;
    `line` (j, 2) and `line_times_s` (j,) also hold the bends between nodes.
    """

    nodes: tuple[int, ...]
    edges: tuple[int, ...]
    times_s: Floats
    length_m: float
    line: Floats
    line_times_s: Floats

    @property
    def duration_s(self) -> float:
        """Give the whole travel time in seconds."""
        return float(self.times_s[-1])

    def position(self, t_s: float) -> tuple[float, float]:
        """Give x, y (m) at a time since departure; before and after: the two ends."""
        x = np.interp(t_s, self.line_times_s, self.line[:, 0])
        y = np.interp(t_s, self.line_times_s, self.line[:, 1])
        return float(x), float(y)

    def node_after(self, t_s: float) -> int:
        """Give the next node on the way at a time since departure: where a crew can turn."""
        at = int(np.searchsorted(self.times_s, t_s, side="left"))
        return self.nodes[min(at, len(self.nodes) - 1)]

    def delay_until(self, node: int) -> float:
        """Give the time since departure at which a node of the route is reached (s)."""
        return float(self.times_s[self.nodes.index(node)])


@dataclass(frozen=True)
class Reach:
    """A candidate within reach: its position in the list asked, its node, its travel time."""

    rank: int
    node: int
    time_s: float


class Router:
    """Shortest times and routes on a city graph, under one set of closed edges.

    Making one costs nothing but the first time for a city. `hour` is the hour of a working day in
    [0, 24); times are seconds, infinite where there is no way.
    """

    __slots__ = ("_mirror", "closures")

    def __init__(self, city: City | nx.MultiDiGraph, closures: Iterable[int] = ()) -> None:
        """Route on a city or a bare graph with some edges closed from the start."""
        if isinstance(city, City):
            self._mirror: Mirror = mirror_of(city.graph, city.index)
        else:
            self._mirror = mirror_of(city)
        self.closures: Closures = frozenset(closures)

    def _view(self, closures: Closures) -> Router:
        other = Router.__new__(Router)
        other._mirror = self._mirror
        other.closures = closures
        return other

    # --- closures -------------------------------------------------------------------------

    def with_closures(self, edges: Iterable[int]) -> Router:
        """Give a view in which these edges are closed too."""
        return self._view(self.closures | frozenset(edges))

    def reopened(self, edges: Iterable[int]) -> Router:
        """Give a view in which these edges are open again."""
        return self._view(self.closures - frozenset(edges))

    def avoiding(self, area: ArrayLike) -> Router:
        """Give a view that does not drive into an area, a polygon (k, 2) or a node mask (n,).

        Edges that enter or cut through are closed; who is inside can still move and leave.
        """
        shape = np.asarray(area)
        if shape.ndim == 1:
            within = shape.astype(np.bool_)
            closed = ~within[self._mirror.u] & within[self._mirror.v]
        else:
            within = inside(self._mirror.xy, shape)
            closed = ~within[self._mirror.u] & (within[self._mirror.v] | self._cut(shape))
        return self.with_closures(np.flatnonzero(closed).tolist())

    def edges_in(self, polygon: ArrayLike, mode: Mode = "road") -> tuple[int, ...]:
        """Give the edges that touch a polygon (k, 2), both directions, in order of id."""
        within = inside(self._mirror.xy, polygon)
        touch = within[self._mirror.u] | within[self._mirror.v] | self._cut(np.asarray(polygon))
        touch &= self._mirror.water == (mode == "water")
        return tuple(int(edge) for edge in np.flatnonzero(touch))

    def _cut(self, polygon: NDArray[np.float64]) -> NDArray[np.bool_]:
        xy = self._mirror.xy
        ring = [(float(x), float(y)) for x, y in (*polygon, polygon[0])]
        return crossings(xy[self._mirror.u], xy[self._mirror.v], ring)

    def edges_named(self, name: str) -> tuple[int, ...]:
        """Give the edges of a road or waterway by its Chinese or English name."""
        return tuple(n for n, names in enumerate(self._mirror.names) if name in names)

    def edges_at(self, x_m: float, y_m: float, mode: Mode = "road") -> tuple[int, ...]:
        """Give both directions of the edge nearest to a place."""
        mirror = self._mirror
        a, b = mirror.xy[mirror.u], mirror.xy[mirror.v]
        step = b - a
        share = ((np.array([x_m, y_m]) - a) * step).sum(axis=1) / (step**2).sum(axis=1).clip(1e-9)
        gaps = np.hypot(*(a + np.clip(share, 0, 1)[:, None] * step - (x_m, y_m)).T)
        gaps[mirror.water != (mode == "water")] = np.inf
        best = int(np.argmin(gaps))
        ends = {int(mirror.u[best]), int(mirror.v[best])}
        same = np.isin(mirror.u, list(ends)) & np.isin(mirror.v, list(ends))
        return tuple(int(edge) for edge in np.flatnonzero(same))

    # --- places ---------------------------------------------------------------------------

    @property
    def nodes(self) -> NDArray[np.int64]:
        """Give the node numbers in the order of `times_from`."""
        return self._mirror.nodes

    @property
    def xy(self) -> Floats:
        """Give the places (n, 2) of the nodes in the order of `times_from`."""
        return self._mirror.xy

    def nearest_node(self, x_m: float, y_m: float, mode: Mode = "road") -> int:
        """Give the nearest junction on the ground, or the nearest node on the water."""
        return self._mirror.index.nearest(x_m, y_m, mode)[0]

    # --- times ----------------------------------------------------------------------------

    def times_from(
        self, src: int, hour: float, emergency: bool = False, mode: Mode = "road"
    ) -> Floats:
        """Give the times (n,) from a node to every node; do not write into the array."""
        row = self._mirror.row_of[src]
        return self._mirror.tree(mode, row, hour, emergency, self.closures).times_s

    def times_to(
        self, dst: int, hour: float, emergency: bool = False, mode: Mode = "road"
    ) -> Floats:
        """Give the times (n,) from every node to a node; do not write into the array."""
        row = self._mirror.row_of[dst]
        return self._mirror.tree(mode, row, hour, emergency, self.closures, True).times_s

    def travel_time(
        self, src: int, dst: int, hour: float, emergency: bool = False, mode: Mode = "road"
    ) -> float:
        """Give the travel time between two nodes in seconds; inf when there is no way."""
        times = self.times_from(src, hour, emergency, mode)
        return float(times[self._mirror.row_of[dst]])

    def travel_times(
        self,
        src: int,
        dst: Sequence[int],
        hour: float,
        emergency: bool = False,
        mode: Mode = "road",
    ) -> Floats:
        """Give the travel times (k,) from a node to `k` others in seconds; inf where no way."""
        rows = [self._mirror.row_of[node] for node in dst]
        return self.times_from(src, hour, emergency, mode)[rows]

    def nearest(
        self,
        dst: int,
        candidates: Sequence[int],
        k: int,
        hour: float,
        emergency: bool = False,
        mode: Mode = "road",
    ) -> tuple[Reach, ...]:
        """Give the `k` candidates (nodes) that reach a node first, quickest first.

        Candidates without a way are left out; equal times keep the order of the list.
        """
        times = self.times_to(dst, hour, emergency, mode)
        found = [
            Reach(rank, node, float(times[self._mirror.row_of[node]]))
            for rank, node in enumerate(candidates)
        ]
        within = [reach for reach in found if np.isfinite(reach.time_s)]
        return tuple(sorted(within, key=lambda reach: (reach.time_s, reach.rank))[:k])

    def route(
        self, src: int, dst: int, hour: float, emergency: bool = False, mode: Mode = "road"
    ) -> Route | None:
        """Give the quickest route between two nodes, or None when there is no way."""
        mirror = self._mirror
        start, end = mirror.row_of[src], mirror.row_of[dst]
        tree = mirror.tree(mode, start, hour, emergency, self.closures)
        if not np.isfinite(tree.times_s[end]):
            return None
        rows = [end]
        while rows[-1] != start:
            rows.append(int(tree.before[rows[-1]]))
        rows.reverse()
        times, _ = mirror.weights(mode, hour, emergency, self.closures)
        pairs = itertools.pairwise(rows)
        edges = [mirror.edge_between(mode, u, v, times) for u, v in pairs]
        line, line_times = self._line(rows, edges, tree.times_s)
        return Route(
            nodes=tuple(int(mirror.nodes[row]) for row in rows),
            edges=tuple(edges),
            times_s=tree.times_s[rows],
            length_m=float(mirror.length_m[edges].sum()),
            line=line,
            line_times_s=line_times,
        )

    def _line(self, rows: list[int], edges: list[int], times: Floats) -> tuple[Floats, Floats]:
        """Lay the bends of each edge between the times at its ends, by chord length."""
        points, stamps = [self._mirror.xy[rows[:1]]], [times[rows[:1]]]
        for edge, u, v in zip(edges, rows[:-1], rows[1:], strict=True):
            bends = self._mirror.shapes.get(edge)
            leg = self._mirror.xy[[v]] if bends is None else np.vstack([bends, self._mirror.xy[v]])
            whole = np.vstack([self._mirror.xy[u], leg])
            along = np.cumsum(np.hypot(*np.diff(whole, axis=0).T))
            share = along / along[-1] if along[-1] > 0 else np.ones(len(along))
            points.append(leg)
            stamps.append(times[u] + share * (times[v] - times[u]))
        return np.vstack(points), np.concatenate(stamps)
