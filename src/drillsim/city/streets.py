"""A street map under construction: a planar net that lines can be inserted into.

Mutable on purpose and private to the generator; `canal_city` turns it into the frozen city graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from drillsim.city.plane import Bools, Floats, meet, to_segments

XY = tuple[float, float]

SNAP_M = 30.0
"""Two junctions nearer than this are one junction."""


@dataclass(slots=True)
class Piece:
    """One undirected piece of street between two nodes."""

    a: int
    b: int
    road_class: str
    name: str = ""
    over: bool = False  # passes over others: meets them at ramps only
    length_m: float | None = None  # stated length of a road that leaves the map
    bridge: bool = False
    speed_mps: float | None = None


class Streets:
    """Nodes and pieces of a growing street map.

    The ends of the pieces are mirrored in growing arrays, because every insertion asks all of
    them; change `pieces` only through the methods.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.xy: list[XY] = []
        self.pieces: list[Piece] = []
        self._ends = np.zeros((1024, 4))
        self._over = np.zeros(1024, dtype=np.bool_)

    def add_node(self, x: float, y: float) -> int:
        """Add a node and give its number."""
        self.xy.append((float(x), float(y)))
        return len(self.xy) - 1

    def add_piece(self, piece: Piece) -> None:
        """Add a piece unless it is empty."""
        if piece.a == piece.b:
            return
        self.pieces.append(piece)
        if len(self.pieces) > len(self._over):
            self._ends = np.vstack([self._ends, np.zeros_like(self._ends)])
            self._over = np.concatenate([self._over, np.zeros_like(self._over)])
        self._mirror(len(self.pieces) - 1)

    def _mirror(self, index: int) -> None:
        piece = self.pieces[index]
        self._ends[index] = (*self.xy[piece.a], *self.xy[piece.b])
        self._over[index] = piece.over

    def ends(self) -> tuple[Floats, Floats]:
        """Give the end points of every piece, two arrays (n, 2)."""
        table = self._ends[: len(self.pieces)]
        return table[:, :2], table[:, 2:]

    @property
    def over(self) -> Bools:
        """Say for every piece (n,) whether it passes over the others."""
        return self._over[: len(self.pieces)]

    def keep(self, wanted: Iterable[bool]) -> None:
        """Keep the pieces that are wanted (n,)."""
        kept = np.flatnonzero(np.fromiter(wanted, dtype=np.bool_, count=len(self.pieces)))
        self._ends[: len(kept)] = self._ends[kept]
        self._over[: len(kept)] = self._over[kept]
        self.pieces = [self.pieces[index] for index in kept]

    def drop_nodes(self, gone: Iterable[int]) -> None:
        """Drop every piece that touches a node."""
        lost = set(gone)
        self.keep(p.a not in lost and p.b not in lost for p in list(self.pieces))

    def split(self, index: int, share: float) -> int:
        """Split a piece at a share of its length and give the node there.

        A split within `SNAP_M` of an end gives that end instead.
        """
        piece = self.pieces[index]
        a, b = np.array(self.xy[piece.a]), np.array(self.xy[piece.b])
        length = float(np.hypot(*(b - a)))
        if share * length < SNAP_M:
            return piece.a
        if (1 - share) * length < SNAP_M:
            return piece.b
        at = a + share * (b - a)
        return self.cut(index, (float(at[0]), float(at[1])))

    def cut(self, index: int, at: XY) -> int:
        """Put a new node at a place on a piece, always."""
        piece = self.pieces[index]
        node = self.add_node(*at)
        self.pieces[index] = Piece(piece.a, node, piece.road_class, piece.name, piece.over)
        self._mirror(index)
        self.add_piece(Piece(node, piece.b, piece.road_class, piece.name, piece.over))
        return node

    def nearest_piece(self, at: XY, usable: Bools) -> tuple[int, float, float]:
        """Give the nearest usable piece (mask (n,)): its index, the share along, the distance."""
        a, b = self.ends()
        step = b - a
        share = ((np.array(at) - a) * step).sum(axis=1) / np.maximum((step**2).sum(axis=1), 1e-9)
        share = np.clip(share, 0, 1)
        dist = np.hypot(*(a + share[:, None] * step - np.array(at)).T)
        best = int(np.argmin(np.where(usable, dist, np.inf)))
        return best, float(share[best]), float(dist[best])

    def of_class(self, *road_classes: str) -> Bools:
        """Say for every piece (n,) whether it has one of these classes."""
        return np.array([piece.road_class in road_classes for piece in self.pieces])

    def attach(self, at: XY, within_m: float, link_class: str) -> int:
        """Give a node at a place: on a street within `SNAP_M`, else joined to one by a link.

        With no street within `within_m` the node stays unconnected (a free end).
        """
        index, share, dist = self.nearest_piece(at, ~self.over)
        if dist <= SNAP_M:
            return self.split(index, share)
        node = self.add_node(*at)
        if dist <= within_m:
            self.add_piece(Piece(node, self.split(index, share), link_class))
        return node

    def insert(self, line: Sequence[XY], road_class: str, name: str, join_m: float) -> None:
        """Insert a road at grade: a junction wherever it meets another street."""
        stops: list[tuple[float, int]] = []
        stops.append((0.0, self.attach(line[0], join_m, road_class)))
        stops.append((float(len(line) - 1), self.attach(line[-1], join_m, road_class)))
        for leg in range(len(line) - 1):
            c, d = np.array(line[leg]), np.array(line[leg + 1])
            a, b = self.ends()
            on_street, on_line = meet(a, b, c, d)
            hit = (on_street >= 0) & (on_street <= 1) & (on_line > 0) & (on_line < 1)
            for index in np.flatnonzero(hit & ~self.over):
                stops.append(
                    (leg + float(on_line[index]), self.split(int(index), float(on_street[index])))
                )
            if leg:
                stops.append((float(leg), self._corner(line[leg])))
        self._chain(stops, road_class, name, over=False)

    def insert_over(
        self, line: Sequence[XY], road_class: str, name: str, step_m: float
    ) -> list[int]:
        """Insert a road that passes over the streets; gives its nodes for the ramps."""
        nodes = [self.add_node(x, y) for x, y in line]
        for a, b in pairwise(nodes):
            start, end = np.array(self.xy[a]), np.array(self.xy[b])
            parts = max(round(float(np.hypot(*(end - start))) / step_m), 1)
            chain = [a]
            for k in range(1, parts):
                chain.append(self.add_node(*(start + (end - start) * k / parts)))
            chain.append(b)
            for p, q in pairwise(chain):
                self.add_piece(Piece(p, q, road_class, name, over=True))
        return nodes

    def _corner(self, at: XY) -> int:
        index, share, dist = self.nearest_piece(at, ~self.over)
        return self.split(index, share) if dist <= SNAP_M else self.add_node(*at)

    def _chain(
        self, stops: list[tuple[float, int]], road_class: str, name: str, over: bool
    ) -> None:
        ordered = [node for _, node in sorted(stops)]
        for a, b in pairwise(ordered):
            self.add_piece(Piece(a, b, road_class, name, over))

    def near_line(self, line: Sequence[XY], dist_m: float) -> list[int]:
        """Give the nodes within a distance of a line."""
        dist, _ = to_segments(np.asarray(self.xy), line)
        return [int(node) for node in np.flatnonzero(dist < dist_m)]
