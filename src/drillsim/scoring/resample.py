"""Intervals for ratios of mean losses, by resampling replications."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

BOOTSTRAP_SEED = 20260915
RESAMPLES = 2000
LEVEL = 0.95
Floats = NDArray[np.float64]
Statistic = Callable[[Mapping[str, Floats]], Floats]


def bca_interval(
    samples: Mapping[str, Floats], statistic: Statistic, value: float
) -> tuple[float, float] | None:
    """Give the bias-corrected accelerated 95 % interval of a statistic of paired means.

    The same replications are drawn for every variant (Efron 1987, JASA 82:171). None for fewer
    than 3 replications or when too many resamples have no value.
    """
    n = len(next(iter(samples.values())))
    if n < 3:
        return None
    draws = np.random.default_rng(BOOTSTRAP_SEED).integers(0, n, size=(RESAMPLES, n))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = statistic({v: x[draws].mean(axis=1) for v, x in samples.items()})
        left = statistic({v: (x.sum() - x) / (n - 1) for v, x in samples.items()})
    found, left = found[np.isfinite(found)], left[np.isfinite(left)]
    if len(found) < 0.9 * RESAMPLES or len(left) < n:
        return None
    share = (np.sum(found < value) + 0.5 * np.sum(found == value)) / len(found)
    bias = float(ndtri(min(max(float(share), 1e-6), 1 - 1e-6)))
    gap = left.mean() - left
    below = float((gap**2).sum()) ** 1.5
    speed = float((gap**3).sum()) / (6.0 * below) if below > 0.0 else 0.0
    edges = []
    for side in ((1 - LEVEL) / 2, (1 + LEVEL) / 2):
        z = bias + float(ndtri(side))
        edges.append(float(ndtr(bias + z / (1.0 - speed * z))))
    low, high = np.quantile(found, np.clip(edges, 0.0, 1.0))
    return float(low), float(high)
