"""Casualties of a bus or tanker crash: severities from the scenario, and getting people out.

How bad the crash is comes from the scenario as shares of red, yellow, green and black; it is
never a result here. Speed change at impact (delta-v) and injury risk from it are out of scope.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from drillsim.data.transport import transport

SEVERITIES = ("black", "red", "yellow", "green")
Z75 = 0.6744897501960817

Floats = NDArray[np.float64]


def apportion(count: int, shares: Mapping[str, float]) -> dict[str, int]:
    """Split a number of persons by shares into whole persons, by largest remainder.

    `count` of persons, 0 or more; `shares` of any keys, each 0 or more, adding up to 1 within
    1e-6. The parts add up to `count`; equal remainders go to the earlier key, so list the
    gravest first. ValueError for a negative count or share or another sum.

    Range: any count
    Source: largest remainder (Hamilton) method
    Verified: yes (worked example in the test)
    Test: tests/physics/test_crash.py
    """
    total = sum(shares.values())
    if count < 0 or min(shares.values(), default=0.0) < 0.0 or abs(total - 1.0) > 1e-6:
        raise ValueError(f"count must be 0 or more and shares add up to 1, not {total:g}")
    exact = {key: Fraction(share).limit_denominator(10**9) for key, share in shares.items()}
    whole = sum(exact.values())
    quotas = {key: count * share / whole for key, share in exact.items()}
    parts = {key: math.floor(quota) for key, quota in quotas.items()}
    order = sorted(quotas, key=lambda key: parts[key] - quotas[key])
    for key in order[: count - sum(parts.values())]:
        parts[key] += 1
    return parts


def casualties(aboard: int, severity: Mapping[str, float]) -> dict[str, int]:
    """Give the persons of each triage class aboard, gravest first: black, red, yellow, green.

    `severity` shares as scenario input; a class left out counts 0. ValueError for another key.

    Range: as `apportion`
    Source: scenario
    Verified: yes (a definition)
    Test: tests/physics/test_crash.py
    """
    if unknown := sorted(set(severity) - set(SEVERITIES)):
        raise ValueError(f"no such class: {', '.join(unknown)}; known: {', '.join(SEVERITIES)}")
    return apportion(aboard, {key: severity.get(key, 0.0) for key in SEVERITIES})


def extrication_s(u: ArrayLike) -> Floats:
    """Give the u-quantile of the time to free one trapped person, s.

    `u` in (0, 1), any shape. Log-normal with the published median of 30 min and the spread of its
    quartiles, 24 and 38 min. ValueError for a quantile out of range.

    Range: cars, urban fire service with cutting tools; unverified for buses and lorry cabs,
        20 to 45 min
    Source: Nutbeam et al. (2014), Emerg. Med. J. 31:1006-1008 (abstract)
    Verified: yes (abstract read; log-normal form is ours, its quartiles meet theirs within 4 %)
    Test: tests/physics/test_crash.py
    """
    quantile = np.asarray(u, dtype=np.float64)
    if (quantile <= 0.0).any() or (quantile >= 1.0).any():
        raise ValueError("a quantile must lie in (0, 1)")
    data = transport().crash
    spread = math.log(data.extrication_q3_s.value / data.extrication_q1_s.value) / (2.0 * Z75)
    return np.asarray(data.extrication_median_s.value * np.exp(spread * ndtri(quantile)))


def extrication_prediction_s(
    physically_trapped: bool,
    medically_trapped: int,
    obstruction: bool = False,
    rapid_access: bool = False,
    on_roof: bool = False,
) -> float:
    """Give the predicted time to clear one car, s, from what the first officer sees; never below 0.

    8 min + 7 if anybody is physically trapped + 10 for each medically trapped + 10 for a physical
    obstruction - 7 with rapid access - 12 with the car on its roof. ValueError for a negative
    count.

    Range: cars, one team
    Source: Nutbeam et al. (2015), Emerg. Med. J. 32:401-403 (abstract)
    Verified: yes (abstract read)
    Test: tests/physics/test_crash.py
    """
    if medically_trapped < 0:
        raise ValueError("the number of medically trapped must be 0 or more")
    data = transport().crash
    total = data.base_s.value + medically_trapped * data.medically_trapped_s.value
    total += physically_trapped * data.physically_trapped_s.value
    total += obstruction * data.obstruction_s.value
    total += rapid_access * data.rapid_access_s.value + on_roof * data.on_roof_s.value
    return max(total, 0.0)


def freed_at_s(
    times_s: Sequence[float], team_ready_s: Sequence[float], order: Sequence[int] | None = None
) -> Floats:
    """Give when each trapped person is free, s, shape (n,).

    `times_s` (n,) the work each needs, e.g. from `extrication_s`; `team_ready_s` when each team
    starts; `order` in which persons are taken (gravest first; as listed when None). The next
    person goes to the team that is ready first. inf when there is no team. ValueError for an
    order that is not a permutation.

    Range: one team a person; two teams on one person are not modelled
    Source: list scheduling, Graham (1969)
    Verified: yes (by hand in the test)
    Test: tests/physics/test_crash.py
    """
    turns = list(range(len(times_s))) if order is None else list(order)
    if sorted(turns) != list(range(len(times_s))):
        raise ValueError("the order must name each trapped person once")
    free = np.full(len(times_s), np.inf)
    ready = sorted(team_ready_s)
    if not ready:
        return free
    for person in turns:
        free[person] = ready[0] + times_s[person]
        ready[0] = float(free[person])
        ready.sort()
    return free
