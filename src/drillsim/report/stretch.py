"""The stretch of a river that is fouled at a time, as lines on the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from drillsim.hazards.river_spill import RiverSpill
from drillsim.hazards.slick_drift import GRID_S
from drillsim.log.runlog import RunLog
from drillsim.report.footprint import hazard_of
from drillsim.report.svg import Point
from drillsim.scenario import Scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stretch:
    """A fouled stretch at a time (s): its line in metres east and north, and with what.

    cargo: dissolved, above the drinking-water limit; slick: oil afloat.
    """

    t_s: float
    kind: Literal["cargo", "slick"]
    line: tuple[Point, ...]


def stretches(scenario: Scenario, log: RunLog, times_s: Sequence[float]) -> tuple[Stretch, ...]:
    """Give the fouled stretches of a spill on water at the times; none in other families."""
    if scenario.file.family != "water-transport":
        return ()
    spill = hazard_of(scenario, log)
    assert isinstance(spill, RiverSpill)
    found = []
    for t_s in times_s:
        for begin, end in _cargo(spill, t_s):
            found.append(Stretch(t_s, "cargo", _line(spill, begin, end)))
        if spill.slick is not None:
            k = int(np.searchsorted(GRID_S, t_s))
            tail, front = float(spill.slick.tail_m[k]), float(spill.slick.front_m[k])
            held = [b.dist_m for b in spill.booms if b.from_s <= t_s and b.passes < 0.5]
            front = min([front, *(d for d in held if tail <= d)])
            if front > tail and tail < float(spill.course.dist_m[-1]):
                found.append(Stretch(t_s, "slick", _line(spill, tail, front)))
    return tuple(found)


def _cargo(spill: RiverSpill, t_s: float) -> list[tuple[float, float]]:
    """Give (from, to) in m down-stream where the cargo is above its limit."""
    if spill.cargo is None:
        return []
    dist = spill.course.dist_m
    at = np.array([t_s])
    level = np.array([float(spill.cargo_mg_l(n, at)[0]) for n in range(len(dist))])
    level /= spill.cargo.limit_mg_l.value
    # the accident itself carries no level: it goes with the first node below it
    level[0] = level[1] if len(level) > 1 else 0.0
    over = np.flatnonzero(np.diff(np.r_[0, (level >= 1.0).astype(int), 0]))
    ends = []
    for first, past in zip(over[0::2], over[1::2], strict=True):
        begin, end = float(dist[first]), float(dist[past - 1])
        if first > 0:
            begin = _crossing(dist, level, first - 1, first)
        if past < len(dist):
            end = _crossing(dist, level, past - 1, past)
        ends.append((begin, end))
    return ends


def _crossing(dist: Floats, level: Floats, a: int, b: int) -> float:
    """Give where the level passes the limit between two nodes, linear in between."""
    share = (1.0 - level[a]) / (level[b] - level[a])
    return float(dist[a] + share * (dist[b] - dist[a]))


def _line(spill: RiverSpill, begin_m: float, end_m: float) -> tuple[Point, ...]:
    course = spill.course
    between = [float(d) for d in course.dist_m if begin_m < d < end_m]
    return tuple(course.xy_at(d) for d in (begin_m, *between, end_m))
