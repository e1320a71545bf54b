"""Keyed draws: every random number is a pure function of what is drawn, never of when.

A draw is a 64-bit hash of (seed, rep, purpose, owner, subject, n) mapped into (0, 1), then an
inverse distribution. Keys name verbs, bodies and places, never plans, clauses or times, so a duty
inserted into one plan leaves every other draw as it was and revisions share their luck.
"""

from __future__ import annotations

import math
from hashlib import blake2b
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

_NORMAL = NormalDist()
_Z90 = _NORMAL.inv_cdf(0.9)
_TWO_64 = float(2**64)


class Draws:
    """The draws of one replication; holds only the counters n of repeated questions."""

    __slots__ = ("_counts", "_root")

    def __init__(self, seed: int, rep: int) -> None:
        """Root every key in (seed, rep)."""
        self._root = blake2b(f"{seed}|{rep}".encode(), digest_size=32).digest()
        self._counts: dict[tuple[str, str, str], int] = {}

    def _hash(self, purpose: str, owner: str, subject: str, n: int) -> int:
        key = f"{purpose}\x1f{owner}\x1f{subject}\x1f{n}".encode()
        return int.from_bytes(blake2b(key, digest_size=8, key=self._root).digest(), "big")

    def at(self, purpose: str, owner: str, subject: str = "", n: int = 0) -> float:
        """Draw a uniform number in (0, 1) for a fixed key, without counting."""
        return (self._hash(purpose, owner, subject, n) + 0.5) / _TWO_64

    def next(self, purpose: str, owner: str, subject: str = "") -> float:
        """Draw in (0, 1); n counts how often this owner did this to this subject."""
        key = (purpose, owner, subject)
        n = self._counts.get(key, 0)
        self._counts[key] = n + 1
        return self.at(purpose, owner, subject, n)

    def many(self, purpose: str, owner: str, size: int) -> NDArray[np.float64]:
        """Draw `size` uniform numbers in (0, 1) for one owner, e.g. the traits of its people.

        Number i depends on the key and i alone (splitmix64), so a longer vector keeps its head.
        """
        state = np.uint64(self._hash(purpose, owner, "", 0))
        with np.errstate(over="ignore"):
            z = state + (np.arange(1, size + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            z ^= z >> np.uint64(31)
        return (z.astype(np.float64) + 0.5) / _TWO_64


def lognormal(u: float, median: float, p90: float) -> float:
    """Give the u-quantile of the log-normal with this median and 90th percentile.

    `p90` must be at least `median` > 0; equal values give the constant.
    """
    if median <= 0.0:
        return 0.0
    return median * math.exp(_NORMAL.inv_cdf(u) * math.log(max(p90, median) / median) / _Z90)


def normal(u: float, mean: float, sd: float) -> float:
    """Give the u-quantile of the normal distribution."""
    return mean + sd * _NORMAL.inv_cdf(u)


def exponential(u: float, mean: float) -> float:
    """Give the u-quantile of the exponential distribution."""
    return -mean * math.log1p(-u)
