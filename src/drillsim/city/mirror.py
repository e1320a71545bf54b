"""The scipy mirror of a city graph: compressed rows for fast shortest paths, shared by all views.

networkx stays the model; this mirror is read only and built once per graph and process. Shortest
path trees are kept by (mode, hour band, emergency, closures, source), the least used dropped first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar
from weakref import WeakKeyDictionary

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from drillsim.city.plane import Floats
from drillsim.city.road_classes import (
    CLASS_IDS,
    EMERGENCY_RATIO,
    EMERGENCY_TOP_MPS,
    ROAD_CLASSES,
    hour_factors,
)
from drillsim.city.snap import NodeIndex

Mode = Literal["road", "water"]
Closures = frozenset[int]
T = TypeVar("T")

_KEEP_TREES = 3000
_KEEP_WEIGHTS = 128


class Recent(Generic[T]):
    """A dictionary that forgets what was used longest ago."""

    def __init__(self, size: int) -> None:
        """Keep at most `size` entries."""
        self._size = size
        self._kept: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable) -> T | None:
        """Give an entry and mark it as used, or None."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: Hashable, value: T) -> T:
        """Keep an entry and give it back."""
        self._kept[key] = value
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return value

    def __len__(self) -> int:
        """Give the number of entries kept."""
        return len(self._kept)


@dataclass(frozen=True, eq=False)
class Tree:
    """Shortest times from (or to) one node: `times_s` (n,), inf where there is no way."""

    times_s: Floats
    before: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class _Rows:
    """The compressed rows of one mode: which edges share a (u, v) pair."""

    edges: NDArray[np.int64]  # edge ids in (u, v) order
    starts: NDArray[np.int64]  # where each (u, v) pair starts in `edges`
    indptr: NDArray[np.int32]
    indices: NDArray[np.int32]


class Mirror:
    """Arrays of one graph: nodes, edges, compressed rows by mode, and the trees found so far."""

    def __init__(self, graph: nx.MultiDiGraph, index: NodeIndex | None = None) -> None:
        """Read a graph with the attributes documented in `City`."""
        self.index = index or NodeIndex(graph)
        self.nodes = self.index.nodes
        self.xy = self.index.xy
        self.row_of = {int(node): row for row, node in enumerate(self.nodes)}
        edges: list[tuple[int, int, dict[str, Any]]] = list(graph.edges(data=True))
        edges.sort(key=lambda e: e[2].get("edge_id", 0))
        self.u = np.array([self.row_of[u] for u, _, _ in edges], dtype=np.int32)
        self.v = np.array([self.row_of[v] for _, v, _ in edges], dtype=np.int32)
        self.length_m = np.array([d["length_m"] for _, _, d in edges], dtype=np.float64)
        speed = np.array([d["speed_mps"] for _, _, d in edges], dtype=np.float64)
        # a floor keeps the sparse matrix from dropping an edge as "no edge"
        self.free_s = np.maximum(self.length_m / speed, 0.01)
        order = {name: n for n, name in enumerate(CLASS_IDS)}
        self.road_class = np.array([order[d["road_class"]] for _, _, d in edges], dtype=np.int32)
        hurry = np.array([ROAD_CLASSES[name].hurry for name in CLASS_IDS])
        self.hurry = hurry[self.road_class]
        water = np.array([d["mode"] == "water" for _, _, d in edges], dtype=np.bool_)
        self.rows = {"road": self._compress(~water), "water": self._compress(water)}
        self.water = water
        self.shapes = {n: d["shape"] for n, (_, _, d) in enumerate(edges) if "shape" in d}
        names = [d.get("name") for _, _, d in edges]
        self.names = [("", "") if name is None else (name.zh, name.en) for name in names]
        self._bands = [hour_factors(hour) for hour in range(24)]
        self._band_of = [
            next(h for h in range(24) if np.array_equal(self._bands[h], factors))
            for factors in self._bands
        ]
        self._weights: Recent[tuple[Floats, csr_matrix]] = Recent(_KEEP_WEIGHTS)
        self._trees: Recent[Tree] = Recent(_KEEP_TREES)

    def _compress(self, wanted: NDArray[np.bool_]) -> _Rows:
        ids = np.flatnonzero(wanted)
        u, v = self.u[ids], self.v[ids]
        order = np.lexsort((ids, v, u))
        u, v, ids = u[order], v[order], ids[order]
        new = np.ones(len(ids), dtype=np.bool_)
        new[1:] = (u[1:] != u[:-1]) | (v[1:] != v[:-1])
        starts = np.flatnonzero(new)
        counts = np.bincount(u[starts], minlength=len(self.nodes))
        indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        return _Rows(ids, starts, indptr, v[starts].astype(np.int32))

    def band(self, hour: float) -> int:
        """Give the first hour of the day with the same traffic as this one."""
        return self._band_of[int(hour) % 24]

    def edge_times(self, hour: float, emergency: bool) -> Floats:
        """Give the time (m,) to pass each edge, no closures."""
        car = self.free_s * self._bands[self.band(hour)][self.road_class]
        if not emergency:
            return car
        fast = np.maximum(EMERGENCY_RATIO * car, self.length_m / EMERGENCY_TOP_MPS)
        return np.where(self.hurry, fast, car)

    def weights(
        self, mode: Mode, hour: float, emergency: bool, closures: Closures
    ) -> tuple[Floats, csr_matrix]:
        """Give the times of all edges with closures at infinity, and their sparse matrix."""
        key = (mode, self.band(hour), emergency, closures)
        found = self._weights.get(key)
        if found is not None:
            return found
        times = self.edge_times(hour, emergency)
        if closures:
            times[list(closures)] = np.inf
        rows = self.rows[mode]
        size = (len(self.nodes), len(self.nodes))
        if len(rows.starts):
            data = np.minimum.reduceat(times[rows.edges], rows.starts)
            matrix = csr_matrix((data, rows.indices, rows.indptr), shape=size)
        else:
            matrix = csr_matrix(size)
        return self._weights.put(key, (times, matrix))

    def tree(
        self,
        mode: Mode,
        row: int,
        hour: float,
        emergency: bool,
        closures: Closures,
        backward: bool = False,
    ) -> Tree:
        """Give the shortest path tree from a node row, or to it when `backward`."""
        key = (mode, row, self.band(hour), emergency, closures, backward)
        found = self._trees.get(key)
        if found is not None:
            return found
        _, matrix = self.weights(mode, hour, emergency, closures)
        times, before = dijkstra(
            matrix.T if backward else matrix, indices=row, return_predecessors=True
        )
        return self._trees.put(key, Tree(times, before))

    def edge_between(self, mode: Mode, u: int, v: int, times: Floats) -> int:
        """Give the quickest edge between two neighbouring rows (lowest id on a tie)."""
        rows = self.rows[mode]
        at = int(rows.indptr[u]) + int(
            np.flatnonzero(rows.indices[rows.indptr[u] : rows.indptr[u + 1]] == v)[0]
        )
        end = rows.starts[at + 1] if at + 1 < len(rows.starts) else len(rows.edges)
        parallel = rows.edges[rows.starts[at] : end]
        return int(parallel[np.argmin(times[parallel])])


_MIRRORS: WeakKeyDictionary[nx.MultiDiGraph, Mirror] = WeakKeyDictionary()


def mirror_of(graph: nx.MultiDiGraph, index: NodeIndex | None = None) -> Mirror:
    """Give the mirror of a graph, built at the first call and shared afterwards."""
    found = _MIRRORS.get(graph)
    if found is None:
        found = _MIRRORS[graph] = Mirror(graph, index)
    return found
