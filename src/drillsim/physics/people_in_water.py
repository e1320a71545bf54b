"""People in the water: how they drift, and how long they live by temperature and life jacket."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from drillsim.data.transport import Span, transport

Z90 = 1.2815515655446004
COLD_C, WARM_C = 10.0, 25.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Drift:
    """Drift of an object through the water, m/s: `downwind`, `crosswind` to either side, spreads.

    Range: wind 0 to 20 m/s
    Source: Allen (2005), as in OpenDrift's object table
    Verified: yes (see `leeway`)
    Test: tests/physics/test_people_in_water.py
    """

    downwind_mps: float
    crosswind_mps: float
    downwind_sd_mps: float
    crosswind_sd_mps: float


def leeway(kind: str, wind_mps: float) -> Drift:
    """Give how an object drifts relative to the water.

    `kind` "person", "person-in-jacket", "person-in-survival-suit" or "life-raft"; `wind_mps` at
    10 m. Crosswind drift goes left or right with equal chance. KeyError for another kind,
    ValueError for a negative wind.

    Range: wind 0 to 20 m/s; open water, less between high banks
    Source: Allen (2005), as in OpenDrift's object table
    Verified: no ("person" is, golden row water.leeway_piw; the spread of the others is from memory)
    Test: tests/physics/test_people_in_water.py
    """
    if wind_mps < 0.0:
        raise ValueError("the wind must be 0 m/s or more")
    row = transport().leeway[kind]
    return Drift(
        row.downwind * wind_mps,
        row.crosswind * wind_mps,
        row.downwind_sd_mps,
        row.crosswind_sd_mps,
    )


def drifted_m(kind: str, wind_along_mps: float, current_mps: float, t_s: ArrayLike) -> Floats:
    """Give how far down a channel an object has drifted, m: (current + leeway along it) t.

    `wind_along_mps` the wind's component down the channel, negative against it; `t_s` any shape.

    Range: banks hold what the wind pushes aside
    Source: as `leeway`
    Verified: no (banks are our rule)
    Test: tests/physics/test_people_in_water.py
    """
    share = leeway(kind, abs(wind_along_mps)).downwind_mps
    speed = current_mps + math.copysign(share, wind_along_mps)
    return np.asarray(speed * np.asarray(t_s, dtype=np.float64))


def search_half_length_m(kind: str, t_s: float, found_share: float = 0.9) -> float:
    """Give half the length of channel that holds a share of the objects, m: z sd t.

    `found_share` in (0, 1). The spread of leeway is taken as a lasting difference between
    objects, which is how the trials are reported. ValueError for a share out of range.

    Range: hours; wider when position or time of loss are uncertain
    Source: as `leeway`; normal spread
    Verified: no (constant spread is a simplification)
    Test: tests/physics/test_people_in_water.py
    """
    if not 0.0 < found_share < 1.0:
        raise ValueError("the share must lie in (0, 1)")
    return float(ndtri(0.5 + 0.5 * found_share)) * transport().leeway[kind].downwind_sd_mps * t_s


def _span_s(temperature_c: float, which: str) -> Span:
    """Give a row's low and high time at a temperature: logarithms between the bands' middles."""
    rows = transport().water_survival.rows
    middles = [((row.low_f + row.high_f) / 2.0 - 32.0) / 1.8 for row in rows]
    spans = [row.exhaustion if which == "exhaustion" else row.survival for row in rows]
    low, high = (
        float(np.exp(np.interp(temperature_c, middles, np.log([span[side] for span in spans]))))
        for side in (0, 1)
    )
    return low, high


def survival_span_s(temperature_c: float) -> Span:
    """Give the expected survival time in water, low and high, s, at a water temperature, C.

    Log-linear between the middles of the table's bands, held at the ends. ValueError below -2 or
    above 40 C.

    Range: -2 to 27 C; the table has no limit above 27 C, so times there are low
    Source: US Search and Rescue Task Force cold-water table (secondary transcriptions agree)
    Verified: no (the open upper end at 21 to 27 C is taken as 96 h)
    Test: tests/physics/test_people_in_water.py
    """
    _check(temperature_c)
    return _span_s(temperature_c, "survival")


def exhaustion_span_s(temperature_c: float) -> Span:
    """Give the expected time to exhaustion or unconsciousness, low and high, s.

    As `survival_span_s`.

    Range: -2 to 27 C
    Source: US Search and Rescue Task Force cold-water table (secondary transcriptions agree)
    Verified: no (the coldest row, "under 15 min", is taken as 5 to 15 min)
    Test: tests/physics/test_people_in_water.py
    """
    _check(temperature_c)
    return _span_s(temperature_c, "exhaustion")


def _check(temperature_c: float) -> None:
    if not -2.0 <= temperature_c <= 40.0:
        raise ValueError(f"a water temperature must lie in -2 to 40 C, not {temperature_c:g}")


def hayward_time_s(temperature_c: float) -> float:
    """Give the predicted survival time of a lightly clad adult holding still, s.

    t = 15 + 7.2 / (0.0785 - 0.0034 T) minutes: an independent check on the table. ValueError
    where the formula has no answer (from 23 C on).

    Range: 0 to 20 C, life jacket worn, calm water
    Source: Hayward, Eckerson & Collis (1975), Can. J. Physiol. Pharmacol. 53:21-32
    Verified: no (formula read in secondary sources)
    Test: tests/physics/test_people_in_water.py
    """
    slope = 0.0785 - 0.0034 * temperature_c
    if slope <= 0.0:
        raise ValueError("the formula holds below 23 C only")
    return 60.0 * (15.0 + 7.2 / slope)


def _alive(t_s: Floats, span: Span) -> Floats:
    """Give the share alive when the span holds the middle eight tenths, log-normal between."""
    middle = math.sqrt(span[0] * span[1])
    spread = math.log(span[1] / span[0]) / (2.0 * Z90)
    return np.asarray(1.0 - ndtr(np.log(np.maximum(t_s, 1e-9) / middle) / spread))


def alive_share(
    t_s: ArrayLike,
    temperature_c: float,
    life_jacket: bool,
    swimmers_share: float | None = None,
) -> Floats:
    """Give the share of people in the water still alive after a time, 0 to 1.

    `t_s` any shape, s since they went in; `temperature_c` of the water. First losses (cold shock,
    the plunge) build up over two minutes. With a life jacket people then die by the table's
    survival times; without one they go under when exhausted, and those who cannot swim
    (`1 - swimmers_share`, by default 0.4) within minutes. The table's span is read as the middle
    80 % of a log-normal. Never rises with time; a jacket never lowers it. ValueError for a
    temperature or share out of range.

    Range: -2 to 27 C; adults in ordinary clothes, calm water, nothing to hold on to
    Source: US Search and Rescue Task Force table; first losses and swimmers are judgement
    Verified: no (80 % reading, first losses 3 to 30 %, non-swimmers 10 to 70 % are judgement)
    Test: tests/physics/test_people_in_water.py
    """
    _check(temperature_c)
    data = transport().water_survival
    share = 1.0 - data.non_swimmer_share.value if swimmers_share is None else swimmers_share
    if not 0.0 <= share <= 1.0:
        raise ValueError("the share of swimmers must lie in 0 to 1")
    time = np.maximum(np.asarray(t_s, dtype=np.float64), 0.0)
    early = np.minimum(time / data.first_loss_s.value, 1.0)
    lives = _alive(time, survival_span_s(temperature_c))
    if life_jacket:
        return np.asarray((1.0 - data.first_loss_jacket.value * early) * lives)
    cold = (WARM_C - temperature_c) / (WARM_C - COLD_C)
    warm, icy = data.first_loss_warm.value, data.first_loss_cold.value
    first = warm + (icy - warm) * min(max(cold, 0.0), 1.0)
    first = max(first, data.first_loss_jacket.value)
    tired = np.minimum(_alive(time, exhaustion_span_s(temperature_c)), lives)
    sinking = np.exp(-time / data.non_swimmer_s.value)
    afloat = share * tired + (1.0 - share) * np.minimum(sinking, tired)
    return np.asarray((1.0 - first * early) * afloat)
