"""How a release goes on in time, and how it reaches a place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Emission:
    """The share of the full rate emitted, piecewise constant in emission time.

    Piece k runs from `edges[k]` to `edges[k + 1]` (s of drill time) with `factors[k]` in [0, 1];
    nothing is emitted before the first and after the last edge.
    """

    edges: tuple[float, ...]
    factors: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse pieces that do not fit together."""
        if len(self.edges) != len(self.factors) + 1 or not self.factors:
            raise ValueError("one more edge than factors is needed")
        if any(b < a for a, b in zip(self.edges, self.edges[1:], strict=False)):
            raise ValueError("edges must not fall")
        if any(not 0.0 <= f <= 1.0 for f in self.factors):
            raise ValueError("factors must lie in [0, 1]")

    def scaled_from(self, t_s: float, share: float) -> Emission:
        """Give the emission with everything from `t_s` on multiplied by a share in [0, 1].

        The end stays where it was: what is held back by a plug does not come out later.
        """
        if share == 1.0 or t_s >= self.edges[-1]:
            return self
        if t_s <= self.edges[0]:
            return Emission(self.edges, tuple(f * share for f in self.factors))
        edges: list[float] = [self.edges[0]]
        factors: list[float] = []
        for factor, end in zip(self.factors, self.edges[1:], strict=True):
            start = edges[-1]
            if start < t_s < end:
                edges.append(t_s)
                factors.append(factor)
            edges.append(end)
            factors.append(factor * share if edges[-2] >= t_s else factor)
        return Emission(tuple(edges), tuple(factors))

    def emitted_s(self, t_s: float) -> float:
        """Give the seconds of full-rate emission up to a time."""
        return sum(
            factor * min(max(t_s - start, 0.0), end - start)
            for factor, start, end in zip(self.factors, self.edges, self.edges[1:], strict=False)
        )

    def share_at(self, t_s: float) -> float:
        """Give the factor at a time; pieces are half-open, the last one ends before its end."""
        for factor, start, end in zip(self.factors, self.edges, self.edges[1:], strict=False):
            if start <= t_s < end:
                return factor
        return 0.0

    @property
    def last_s(self) -> float:
        """Time of the end of the last piece that emits anything."""
        ends = [end for factor, end in zip(self.factors, self.edges[1:], strict=True) if factor]
        return ends[-1] if ends else self.edges[0]

    def arriving(self, t_s: ArrayLike, lag_lo_s: Floats, lag_hi_s: Floats) -> Any:
        """Give the share of the steady level present at a time, for travel times lo..hi.

        Travel time is uniform between the two lags, so the share is the mean of the emission over
        the emission times t - hi .. t - lo. Linear in every factor: lowering one never raises a
        share, and pieces later than t - lo do not count. `t_s` broadcasts against the lags.
        """
        t = np.asarray(t_s, dtype=float)
        latest = t.max(initial=-math.inf)
        newest, oldest = t - lag_lo_s, t - lag_hi_s
        total = np.zeros(newest.shape)
        for factor, start, end in zip(self.factors, self.edges, self.edges[1:], strict=False):
            if factor > 0.0 and end > start and start < latest:
                overlap = np.minimum(newest, end)
                overlap -= np.maximum(oldest, start)
                total += factor * np.maximum(overlap, 0.0, out=overlap)
        total /= lag_hi_s - lag_lo_s
        return total


HALF_WIDTH = math.sqrt(3.0)
# Travel times are never shorter than this share of their mean, nor shorter than this many seconds:
# gas does not arrive before it has left.
CAUSAL_SHARE, CAUSAL_S = 0.1, 0.5


def lag_bounds(travel_s: Floats, spread_s: Floats) -> tuple[Floats, Floats]:
    """Give the shortest and longest travel time of a uniform kernel with this mean and sd, s.

    Half-width sqrt(3) sigma, cut so that the shortest lag stays above 0 (finite support, causal).
    """
    mean = np.maximum(travel_s, 2.0 * CAUSAL_S)
    half = np.minimum(HALF_WIDTH * spread_s, (1.0 - CAUSAL_SHARE) * mean - 0.5 * CAUSAL_S)
    half = np.maximum(half, 0.05)
    return mean - half, mean + half
