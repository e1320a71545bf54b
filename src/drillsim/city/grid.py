"""The street grid of a generated city: bent arterials, finer streets where people live.

Grid keys are eighths of an arterial block, so that streets of neighbouring blocks with different
fineness meet in T-junctions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drillsim.city.plane import Floats
from drillsim.city.spec import CanalCity
from drillsim.city.streets import Piece, Streets
from drillsim.rng import Draws

FINE = 8
"""Finest division of an arterial block."""

Key = tuple[int, int]


def density(spec: CanalCity, points: Floats) -> Floats:
    """Give the built-up density in [0, 1] at points (n, 2): the strongest centre counts."""
    best = np.zeros(len(points))
    for centre in spec.centres:
        dist = np.hypot(*(points - np.array(centre.at[0])).T)
        best = np.maximum(best, centre.weight * np.exp(-((dist / centre.radius) ** 2)))
    return best


@dataclass(frozen=True)
class Grid:
    """The arterial grid: how many blocks, how fine each block is, how the plane is bent."""

    spec: CanalCity
    columns: int
    rows: int
    fine: tuple[tuple[int, ...], ...]
    phase: Floats

    def place(self, keys: Floats) -> Floats:
        """Give the bent places (n, 2) of grid keys (n, 2) in eighths of a block."""
        flat = keys / FINE * self.spec.block
        x, y = flat[:, 0], flat[:, 1]
        amp, p = self.spec.warp, self.phase
        dx = np.sin(y / 5200 + p[0]) + 0.5 * np.sin((x + y) / 3900 + p[1])
        dy = np.sin(x / 6100 + p[2]) + 0.5 * np.sin((x - 0.6 * y) / 3500 + p[3])
        return flat + amp * np.column_stack([dx, dy])

    def block_fineness(self, i: int, j: int) -> int:
        """Give the division of block (i, j); 1 off the map."""
        return self.fine[i][j] if 0 <= i < self.columns and 0 <= j < self.rows else 1

    def on_ring(self, a: Key, b: Key) -> bool:
        """Say whether a piece of arterial belongs to the ring expressway."""
        ring = self.spec.ring
        if ring is None:
            return False
        (c0, c1), (r0, r1) = ring.columns, ring.rows
        column, row = a[0] / FINE, a[1] / FINE
        if a[0] == b[0]:
            return column in (c0, c1) and r0 <= min(a[1], b[1]) / FINE < r1
        return row in (r0, r1) and c0 <= min(a[0], b[0]) / FINE < c1


def make_grid(spec: CanalCity, draws: Draws) -> Grid:
    """Lay out the arterial grid of a specification."""
    columns, rows = round(spec.width / spec.block), round(spec.height / spec.block)
    phase = 2 * np.pi * draws.many("warp", "grid", 4)
    grid = Grid(spec, columns, rows, (), phase)
    keys = np.array([(FINE * i + 4, FINE * j + 4) for i in range(columns) for j in range(rows)])
    dens = density(spec, grid.place(keys.astype(np.float64))).reshape(columns, rows)
    fine = np.select([dens > 0.55, dens > 0.2, dens > 0.06], [8, 4, 2], 1)
    return Grid(spec, columns, rows, tuple(tuple(int(v) for v in col) for col in fine), phase)


def lay_streets(grid: Grid, draws: Draws) -> tuple[Streets, dict[Key, int]]:
    """Lay the arterials and the local streets; gives the map and its nodes by grid key."""
    pieces: dict[tuple[Key, Key], str] = {}
    for i in range(grid.columns + 1):
        for j in range(grid.rows + 1):
            _arterials_from(grid, i, j, pieces)
    for i in range(grid.columns):
        for j in range(grid.rows):
            _local_streets(grid, i, j, draws, pieces)
    keys = sorted({key for pair in pieces for key in pair})
    places = grid.place(np.array(keys, dtype=np.float64))
    places += _jitter(grid, keys, draws)
    streets = Streets()
    node = {key: streets.add_node(x, y) for key, (x, y) in zip(keys, places, strict=True)}
    for (a, b), road_class in pieces.items():
        streets.add_piece(Piece(node[a], node[b], road_class))
    return streets, node


def _arterials_from(grid: Grid, i: int, j: int, pieces: dict[tuple[Key, Key], str]) -> None:
    for di, dj in ((1, 0), (0, 1)):
        if i + di > grid.columns or j + dj > grid.rows:
            continue
        sides = ((i, j), (i, j - 1)) if di else ((i, j), (i - 1, j))
        fineness = max(grid.block_fineness(*side) for side in sides)
        a = (FINE * i, FINE * j)
        if grid.on_ring(a, (a[0] + di, a[1] + dj)):
            # local streets do not open on the expressway
            pieces[a, (a[0] + FINE * di, a[1] + FINE * dj)] = "trunk"
            continue
        line = j if di else i
        road_class = "county" if fineness == 1 else ("secondary" if line % 2 else "primary")
        step = FINE // fineness
        for k in range(0, FINE, step):
            start = (a[0] + k * di, a[1] + k * dj)
            pieces[start, (start[0] + step * di, start[1] + step * dj)] = road_class


def _local_streets(
    grid: Grid, i: int, j: int, draws: Draws, pieces: dict[tuple[Key, Key], str]
) -> None:
    fineness = grid.block_fineness(i, j)
    if fineness == 1:
        return
    step = FINE // fineness
    luck = draws.many("street", f"{i}-{j}", 2 * FINE * FINE)
    drawn = 0
    for across in (False, True):
        for line in range(step, FINE, step):
            middle = line == FINE // 2 and fineness >= 4
            for k in range(0, FINE, step):
                a = (FINE * i + k, FINE * j + line) if across else (FINE * i + line, FINE * j + k)
                b = (a[0] + step, a[1]) if across else (a[0], a[1] + step)
                drawn += 1
                if not middle and luck[drawn] < grid.spec.dead_ends:
                    continue
                if _opens_on_ring(grid, a, b):
                    continue
                pieces[a, b] = "secondary" if middle and fineness == FINE else "local"


def _opens_on_ring(grid: Grid, a: Key, b: Key) -> bool:
    for end in (a, b):
        for ahead in ((1, 0), (0, 1)):
            if (end[0] % FINE == 0 and ahead[1]) or (end[1] % FINE == 0 and ahead[0]):
                base = (end[0] // FINE * FINE, end[1] // FINE * FINE)
                if grid.on_ring(base, (base[0] + ahead[0], base[1] + ahead[1])):
                    return True
    return False


def _jitter(grid: Grid, keys: list[Key], draws: Draws) -> Floats:
    """Shift local junctions by up to a sixth of their street spacing; arterials stay in line."""
    luck = draws.many("jitter", "grid", 2 * len(keys)).reshape(-1, 2) - 0.5
    size = np.zeros(len(keys))
    for n, (u, v) in enumerate(keys):
        if u % FINE and v % FINE:
            size[n] = grid.spec.block / grid.block_fineness(u // FINE, v // FINE) / 3
    return luck * size[:, None]
