"""The arithmetic of the scores: small pure functions with published or golden values."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from drillsim.linkage.interfaces import attainment

__all__ = [
    "Overlap",
    "ZoneScore",
    "attainment",
    "geometric_mean",
    "level_accuracy",
    "level_cost",
    "mean_interval",
    "overlap",
    "quadratic_kappa",
    "saved_share",
    "wilson",
    "zone_score",
]

Floats = NDArray[np.float64]

# Cost of a level one step too low against one step too high. Judgement, unverified: a late start
# costs lives, an early one costs work (plans reference 5.1).
TOO_LOW, TOO_HIGH = 3.0, 1.0
SEVERITIES = 5
Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class ZoneScore:
    """How a planned zone fits the hazardous one, people-weighted; each in [0, 1]."""

    precision: float
    recall: float
    iou: float
    f2: float


def zone_score(tp: float, fp: float, fn: float) -> ZoneScore | None:
    """Compare a planned zone with the hazardous one from people counts.

    `tp` hazardous and protected in time, `fp` planned but never hazardous, `fn` hazardous and not
    protected in time; each >= 0. None when nobody was in danger (tp + fn = 0).
    F2 = 5PR / (4P + R) weighs a missed person above a needless warning (van Rijsbergen 1979).
    """
    if tp + fn <= 0.0:
        return None
    precision = tp / (tp + fp) if tp + fp > 0.0 else 0.0
    recall = tp / (tp + fn)
    below = 4.0 * precision + recall
    f2 = 5.0 * precision * recall / below if below > 0.0 else 0.0
    return ZoneScore(precision, recall, tp / (tp + fp + fn), f2)


def wilson(successes: float, trials: int, z: float = Z_95) -> tuple[float, float]:
    """Give the Wilson score interval of a rate (Wilson 1927, JASA 22:209).

    `trials` >= 1, 0 <= `successes` <= `trials`; `z` is the normal quantile (1.96 for 95 %).
    """
    if trials < 1 or not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes of {trials} trials is no rate")
    rate, spread = successes / trials, z * z / trials
    centre = (rate + spread / 2.0) / (1.0 + spread)
    half = z * math.sqrt(rate * (1.0 - rate) / trials + spread / (4.0 * trials)) / (1.0 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def quadratic_kappa(matrix: ArrayLike) -> float | None:
    """Give the quadratic weighted kappa of a square confusion matrix (Cohen 1968).

    None when chance alone explains everything (no expected disagreement).
    """
    seen = np.asarray(matrix, dtype=float)
    size = seen.shape[0]
    steps = np.arange(size)
    weight = (steps[:, None] - steps[None, :]) ** 2 / max(1, (size - 1) ** 2)
    chance = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / max(seen.sum(), 1e-300)
    expected = float((weight * chance).sum())
    return None if expected <= 0.0 else 1.0 - float((weight * seen).sum()) / expected


def level_cost(activated: int, required: int) -> float:
    """Give the cost of having one severity (0..4) where another is required."""
    gap = required - activated
    return TOO_LOW * gap if gap > 0 else TOO_HIGH * -gap


def level_accuracy(matrix: ArrayLike) -> float | None:
    """Give 1 minus the cost share of a confusion matrix n[activated, required], in [0, 1].

    The share is against the worst choice at each required severity; None for an empty matrix.
    """
    counts = np.asarray(matrix, dtype=float)
    size = counts.shape[0]
    cost = np.array([[level_cost(i, j) for j in range(size)] for i in range(size)])
    worst = float((counts * cost.max(axis=0)[None, :]).sum())
    return None if worst <= 0.0 else 1.0 - float((counts * cost).sum()) / worst


@dataclass(frozen=True, slots=True)
class Overlap:
    """Planned against executed links: shares in [0, 1], or None where there is none to share."""

    coverage: float | None
    precision: float | None
    jaccard: float | None


def overlap(planned: Collection[Hashable], executed: Collection[Hashable]) -> Overlap:
    """Compare the links that plans foresee with those that a run used."""
    p, e = set(planned), set(executed)
    both = len(p & e)
    return Overlap(
        both / len(p) if p else None,
        both / len(e) if e else None,
        both / len(p | e) if p | e else None,
    )


def saved_share(loss_none: float, loss: float, loss_reference: float) -> float:
    """Give the effectiveness (L0 - L) / (L0 - L*); below 0 when the plan makes things worse.

    The caller makes sure that there is something to save (L0 > L*).
    """
    return (loss_none - loss) / (loss_none - loss_reference)


def geometric_mean(rows: Sequence[tuple[float, float]], floor: float) -> float | None:
    """Give the weighted geometric mean of (weight, value); values are held within [floor, 1].

    None when no weight is above 0. Golden value: .9, .9, .9, .1 at equal weights give 0.52.
    """
    whole = sum(weight for weight, _ in rows)
    if whole <= 0.0:
        return None
    logs = sum(weight * math.log(min(1.0, max(floor, value))) for weight, value in rows)
    return math.exp(logs / whole)


def mean_interval(values: Sequence[float], level: float = 0.95) -> tuple[float, float | None]:
    """Give the mean and the half-width of its Student t interval (None for fewer than 2)."""
    data = np.asarray(values, dtype=float)
    mean = float(data.mean())
    if len(data) < 2:
        return mean, None
    spread = float(data.std(ddof=1)) / math.sqrt(len(data))
    return mean, float(stdtrit(len(data) - 1, 0.5 + level / 2.0)) * spread
