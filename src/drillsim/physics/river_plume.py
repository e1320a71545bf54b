"""Concentration at places down a river: releases, sluices that change the flow, locks that close.

Works on the passages of `river_transport`. A sluice or pump that changes all currents by one
factor is a `FlowClock`: with Manning's u* both current and dispersion scale with it, so transport
runs on a clock that goes faster or slower, which is exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq, minimize_scalar

from drillsim.physics.river_transport import (
    Passage,
    Reach,
    Release,
    passed_share,
    passing_density_per_s,
)

Floats = NDArray[np.float64]
SLICE_S = 300.0


@dataclass(frozen=True, slots=True)
class FlowClock:
    """How fast the water moves against the reaches' own currents, step by step.

    From `changes_s[i]` on, all currents are `factors[i]` times those of the reaches; before the
    first change 1. Changes rise; factors are 0 (still) or more. ValueError otherwise.

    Range: one factor for all reaches of the way (one sluice governs them); depth held
    Source: exact for dispersion proportional to the current (Fischer with Manning's u*)
    Verified: yes (identity, tested against the changed current)
    Test: tests/physics/test_river_transport.py
    """

    changes_s: tuple[float, ...] = ()
    factors: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in pairwise(self.changes_s))
        if (
            len(self.changes_s) != len(self.factors)
            or not rising
            or min(self.factors, default=0) < 0
        ):
            raise ValueError("a flow clock needs rising times, each with a factor of 0 or more")

    def reading(self, t_s: ArrayLike) -> Floats:
        """Give the transport time at a time, s: seconds of the reaches' own current."""
        time = np.asarray(t_s, dtype=np.float64)
        total = time.copy()
        before = 1.0
        for change, factor in zip(self.changes_s, self.factors, strict=True):
            total = total + (factor - before) * np.maximum(time - change, 0.0)
            before = factor
        return np.asarray(total)

    def factor(self, t_s: ArrayLike) -> Floats:
        """Give the factor on the reaches' own currents at a time."""
        steps = np.concatenate([[1.0], self.factors])
        return np.asarray(steps[np.searchsorted(self.changes_s, t_s, side="right")])


STEADY = FlowClock()


def _slices(release: Release, clock: FlowClock, decay_per_s: float) -> list[Release]:
    """Cut a release where the flow changes, and into short pieces where the substance decays."""
    end = release.start_s + release.duration_s
    if release.duration_s == 0.0:
        return [release]
    marks = {release.start_s, end}
    marks |= {change for change in clock.changes_s if release.start_s < change < end}
    if decay_per_s > 0.0:
        count = max(1, math.ceil(release.duration_s / SLICE_S))
        marks |= set(np.linspace(release.start_s, end, count + 1)[1:-1].tolist())
    rate = release.mass_kg / release.duration_s
    cuts = sorted(marks)
    return [Release(rate * (b - a), a, b - a) for a, b in pairwise(cuts) if b > a]


def passed_mass_kg(
    passages: Sequence[Passage],
    releases: Sequence[Release],
    t_s: ArrayLike,
    clock: FlowClock = STEADY,
) -> Floats:
    """Give the mass that has passed a place by each time, kg, without decay.

    `passages` are the ways to the place, `t_s` any shape. Rises to the released mass times the
    shares of the ways.

    Range: as the passages
    Source: convolution of the release with the inverse Gaussian, trapezoid of 32 points a piece
    Verified: yes (mass conserved in the test)
    Test: tests/physics/test_river_transport.py
    """
    time = np.asarray(t_s, dtype=np.float64)
    now = clock.reading(time)
    total = np.zeros_like(time)
    for way in passages:
        for release in releases:
            for piece in _slices(release, clock, 0.0):
                starts = np.linspace(0.0, piece.duration_s, 33 if piece.duration_s else 1)
                weight = np.full(len(starts), 1.0 / max(len(starts) - 1, 1))
                if len(starts) > 1:
                    weight[[0, -1]] *= 0.5
                for start, part in zip(starts, weight, strict=True):
                    age = now - float(clock.reading(piece.start_s + start))
                    total = total + piece.mass_kg * part * passed_share(way, age)
    return np.asarray(total)


def concentration_kg_m3(
    passages: Sequence[Passage],
    releases: Sequence[Release],
    t_s: ArrayLike,
    decay_per_s: float = 0.0,
    clock: FlowClock = STEADY,
) -> Floats:
    """Give the concentration at a place over time, kg/m3.

    `passages` the ways from the release to the place (see `river_network.passages`), `t_s` any
    shape, `decay_per_s` first-order loss, `clock` changes of the flow. A release of finite
    duration is the difference of two inverse Gaussian distribution functions; with decay it is
    cut into slices of 300 s, each losing exp(-k age of its middle), within 150 s times k of exact.
    Where two ways of unequal flow join, each carries its mass into the flow at the place.
    ValueError for a negative decay.

    Range: beyond the mixing length; Peclet number above about 3
    Source: as `passage_through`; mass flux over flow (flux concentration of Kreft & Zuber 1978)
    Verified: yes (numerical solution, mass balance and causality in the test)
    Test: tests/physics/test_river_transport.py
    """
    if decay_per_s < 0.0:
        raise ValueError("the decay must be 0 or more")
    time = np.asarray(t_s, dtype=np.float64)
    now = clock.reading(time)
    total = np.zeros_like(time)
    for way in passages:
        if way.share == 0.0:
            continue
        for release in releases:
            for piece in _slices(release, clock, decay_per_s):
                first = float(clock.reading(piece.start_s))
                last = float(clock.reading(piece.start_s + piece.duration_s))
                if last > first:
                    gone = passed_share(way, now - first) - passed_share(way, now - last)
                    rate = piece.mass_kg / (last - first) * gone
                else:  # at once, or into still water
                    rate = piece.mass_kg * passing_density_per_s(way, now - last)
                middle = piece.start_s + 0.5 * piece.duration_s
                kept = np.exp(-decay_per_s * np.maximum(time - middle, 0.0))
                total = total + rate / way.flow_m3_s * kept
    return np.asarray(total)


def held_back(
    passages: Sequence[Passage],
    releases: Sequence[Release],
    closed_from_s: float,
    clock: FlowClock = STEADY,
    bins: int = 200,
) -> tuple[Release, ...]:
    """Give what a lock lets through until it closes, as releases at the lock.

    `passages` lead to the lock; what has passed it by `closed_from_s` travels on unchanged, the
    rest stays above. The outflow is cut into `bins` of constant rate, so its mass is exact and
    its timing within half a bin. Without decay.

    Range: closing later than the first release; 20 bins or more
    Source: mass balance over the lock
    Verified: yes (mass and agreement with the open way in the test)
    Test: tests/physics/test_river_transport.py
    """
    start = min((release.start_s for release in releases), default=0.0)
    if closed_from_s <= start or bins < 1:
        return ()
    edges = np.linspace(start, closed_from_s, bins + 1)
    passed = passed_mass_kg(passages, releases, edges, clock)
    width = float(edges[1] - edges[0])
    return tuple(
        Release(float(b - a), float(at), width)
        for a, b, at in zip(passed, passed[1:], edges, strict=False)
        if b > a
    )


@dataclass(frozen=True, slots=True)
class Exceedance:
    """What a place sees: times when a limit is first and last passed, peak and its time.

    `first_s` and `last_s` are None when the limit is never passed; `seconds` is the time above it.

    Range: concentrations in kg/m3 (1 mg/L is 0.001 kg/m3)
    Source: reading of `concentration_kg_m3`
    Verified: yes (definition)
    Test: tests/physics/test_river_transport.py
    """

    first_s: float | None
    last_s: float | None
    seconds: float
    peak_kg_m3: float
    peak_s: float


def exceedance(
    passages: Sequence[Passage],
    releases: Sequence[Release],
    limit_kg_m3: float,
    horizon_s: float,
    decay_per_s: float = 0.0,
    clock: FlowClock = STEADY,
    points: int = 4001,
) -> Exceedance:
    """Give when a place is above a limit, and its peak, up to a horizon.

    `limit_kg_m3` > 0; times from a grid of `points` over the horizon, refined by root finding to
    0.1 s. A peak narrower than a grid step is missed: keep horizon / points below a tenth of the
    passage's standard deviation. ValueError for a limit or horizon that is not above zero.

    Range: as `concentration_kg_m3`
    Source: reading of `concentration_kg_m3`
    Verified: yes (numerical solution in the test)
    Test: tests/physics/test_river_transport.py
    """
    if limit_kg_m3 <= 0.0 or horizon_s <= 0.0:
        raise ValueError("limit and horizon must be above 0")
    grid = np.linspace(0.0, horizon_s, points)
    level = concentration_kg_m3(passages, releases, grid, decay_per_s, clock)

    def over(t: float) -> float:
        at = concentration_kg_m3(passages, releases, np.array(t), decay_per_s, clock)
        return float(at) - limit_kg_m3

    best = int(np.argmax(level))
    around = (float(grid[max(best - 1, 0)]), float(grid[min(best + 1, points - 1)]))
    finest = minimize_scalar(lambda t: -over(float(t)), bounds=around, method="bounded")
    peak, peak_s = max(
        (float(level[best]), float(grid[best])),
        (over(float(finest.x)) + limit_kg_m3, float(finest.x)),
    )
    above = level > limit_kg_m3
    if not above.any():
        return Exceedance(None, None, 0.0, peak, peak_s)
    crossings = [
        float(brentq(over, grid[n], grid[n + 1], xtol=0.1))
        for n in np.flatnonzero(above[1:] != above[:-1])
    ]
    edges = ([0.0] if above[0] else []) + crossings + ([horizon_s] if above[-1] else [])
    seconds = sum(b - a for a, b in zip(edges[::2], edges[1::2], strict=True))
    return Exceedance(edges[0], edges[-1], seconds, peak, peak_s)


def slick_arrival_s(
    reaches: Sequence[Reach],
    wind_along_mps: Sequence[float] | float,
    wind_share: float = 0.03,
    lead_m: float = 0.0,
) -> float:
    """Give when the front of a floating slick reaches the end of a chain of reaches, s.

    It drifts with the current plus `wind_share` of the wind component along each reach (one
    number for all, or one a reach, negative against it); `lead_m` is half the slick's length,
    which arrives first. inf where the wind holds it or a lock is shut. ValueError for an empty
    chain or a wind list of another length.

    Range: wind share 0.02 to 0.04; the deflection of 10 to 15 degrees of open water is left out,
        since banks hold the slick
    Source: common drift rule, as in NOAA GNOME; unverified
    Verified: no (rule of thumb)
    Test: tests/physics/test_river_transport.py
    """
    if not reaches:
        raise ValueError("a slick needs at least one reach")
    if isinstance(wind_along_mps, Sequence):
        winds = list(wind_along_mps)
    else:
        winds = [wind_along_mps] * len(reaches)
    if len(winds) != len(reaches):
        raise ValueError(f"{len(winds)} winds for {len(reaches)} reaches")
    total, left = 0.0, max(sum(reach.length_m for reach in reaches) - lead_m, 0.0)
    for reach, wind in zip(reaches, winds, strict=True):
        part = min(reach.length_m, left)
        speed = reach.current_mps + wind_share * wind
        if part > 0.0 and (speed <= 0.0 or reach.lock_closed):
            return math.inf
        total += part / speed if part > 0.0 else 0.0
        left -= part
    return total
