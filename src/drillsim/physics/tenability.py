"""What smoke and heat do to people: fractional effective doses and the share they stop."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from drillsim.data.room_fire import constant

Floats = NDArray[np.float64]

# ISO 13571: tolerances spread log-normally about FED 1, so that 11 % are stopped at 0.3.
SPREAD = 1.0
# Volume ppm at which an irritant alone stops half the people from finding their way.
IRRITANT_PPM = {
    "hcl": 1000.0,
    "hbr": 1000.0,
    "hf": 500.0,
    "so2": 150.0,
    "no2": 250.0,
    "acrolein": 30.0,
    "formaldehyde": 250.0,
}


def gas_rate_per_min(
    co_ppm: ArrayLike, co2_pct: ArrayLike = 0.0, hcn_ppm: ArrayLike = 0.0
) -> Floats:
    """Give the dose of asphyxiant gases taken in a minute, as a fraction of the effective dose.

    `co_ppm`, `hcn_ppm` in volume ppm and `co2_pct` in volume %, any shapes that broadcast; below 0
    counts as 0. Breathing rises with CO2 by exp(CO2/5), held at 10 % CO2, above which ISO gives no
    figure. Lack of oxygen is `hypoxia_rate_per_min`. No errors.
    Range: CO to 1 %, CO2 to 10 %, HCN to 500 ppm, adults at light work.
    Source: ISO 13571:2012 eqs. 2-4, in the form of the CFAST Technical Reference, Tenability.
    Verified: yes
    Test: tests/physics/test_tenability.py
    """
    breath = np.exp(np.minimum(np.maximum(np.asarray(co2_pct, dtype=float), 0.0), 10.0) / 5.0)
    co = np.maximum(np.asarray(co_ppm, dtype=float), 0.0) * breath
    hcn = np.maximum(np.asarray(hcn_ppm, dtype=float), 0.0) * breath
    return np.asarray(co / 35_000.0 + hcn**2.36 / 1.2e6, dtype=float)


def hypoxia_rate_per_min(o2_pct: ArrayLike) -> Floats:
    """Give the dose of lack of oxygen taken in a minute: 1 / exp(8.13 - 0.54 (20.9 - O2)).

    `o2_pct` in volume %, any shape. Not in ISO 13571; add it to the gas rate below 13 % oxygen.
    0 above 19.5 %, where nobody is harmed however long.
    Range: 3 to 20.9 % oxygen; held below.
    Source: Purser, SFPE Handbook, incapacitation by low oxygen.
    Verified: no (coefficients from memory, +-20 %)
    Test: tests/physics/test_tenability.py
    """
    o2 = np.clip(np.asarray(o2_pct, dtype=float), 3.0, 20.9)
    rate = np.exp(0.54 * (20.9 - o2) - 8.13)
    return np.asarray(np.where(o2 > 19.5, 0.0, rate), dtype=float)


def heat_rate_per_min(air_k: ArrayLike, flux_w_m2: ArrayLike = 0.0) -> Floats:
    """Give the dose of heat taken in a minute by somebody dressed: convection plus radiation.

    `air_k` in K and `flux_w_m2` in W/m2, any shapes that broadcast. T^3.61 / 4.1e8 with T in
    Celsius, and q^1.9 / 4.2 with q in kW/m2 where q is above 2.5 kW/m2; below that skin bears the
    radiation for half an hour and more, so it adds nothing.
    Range: 40 to 200 C, to 20 kW/m2.
    Source: ISO 13571:2012 eqs. 8-11 (light clothing). CFAST 7 codes (4.2 q)^1.9, 64 times as much.
    Verified: yes
    Test: tests/physics/test_tenability.py
    """
    celsius = np.maximum(np.asarray(air_k, dtype=float) - 273.15, 0.0)
    convective = celsius**3.61 / 4.1e8
    if isinstance(flux_w_m2, float) and flux_w_m2 == 0.0:
        return np.asarray(convective)
    flux_kw = np.asarray(flux_w_m2, dtype=float) / 1000.0
    radiant = np.where(flux_kw > 2.5, np.maximum(flux_kw, 0.0) ** 1.9 / 4.2, 0.0)
    return np.asarray(convective + radiant, dtype=float)


def irritant_fec(**ppm: ArrayLike) -> Floats:
    """Give the fractional effective concentration of irritants: the sum of c / F.

    Keywords are the gases of `IRRITANT_PPM` in volume ppm, of shapes that broadcast; acts at once,
    with no dose: 1 stops half the people. ValueError for a gas without a figure.
    Range: any.
    Source: ISO 13571:2012 table 1 and eq. 7.
    Verified: no (F values from memory)
    Test: tests/physics/test_tenability.py
    """
    unknown = sorted(set(ppm) - set(IRRITANT_PPM))
    if unknown:
        raise ValueError(f"no figure for {', '.join(unknown)}; known: {', '.join(IRRITANT_PPM)}")
    total = np.zeros(())
    for gas, amount in ppm.items():
        total = total + np.maximum(np.asarray(amount, dtype=float), 0.0) / IRRITANT_PPM[gas]
    return np.asarray(total, dtype=float)


def dose(t_s: ArrayLike, rate_per_min: ArrayLike) -> Floats:
    """Add up a history of dose rates: the dose taken by each time, 0 at the first.

    `t_s` (m,) rising, s; `rate_per_min` (m,) or (m, n) for n people or places, by the trapezium
    rule; the result has the shape of the rates. ValueError when the times do not rise.
    Range: steps short against the change of the smoke, 60 s or less.
    Source: ISO 13571:2012, FED as an integral over time.
    Verified: yes
    Test: tests/physics/test_tenability.py
    """
    times = np.asarray(t_s, dtype=float)
    rates = np.asarray(rate_per_min, dtype=float)
    steps = np.diff(times) / 60.0
    if np.any(steps < 0.0):
        raise ValueError("the times of a dose must rise from one to the next")
    mean = 0.5 * (rates[1:] + rates[:-1])
    added = mean * steps.reshape((-1,) + (1,) * (rates.ndim - 1))
    return np.asarray(np.concatenate([np.zeros_like(rates[:1]), np.cumsum(added, axis=0)]))


def incapacitated_share(fed: ArrayLike) -> Floats:
    """Give the share of people who can no longer save themselves at a dose, in [0, 1].

    `fed` >= 0, any shape. Log-normal about 1 with a spread of 1 in the natural logarithm: 11.4 %
    at 0.3, half at 1.
    Range: any dose.
    Source: ISO 13571:2012 clause 5 and annex A: 11.4 % of people susceptible at 0.3.
    Verified: yes
    Test: tests/physics/test_tenability.py
    """
    return _share(fed, 1.0)


def dead_share(fed: ArrayLike) -> Floats:
    """Give the share of people whom a dose kills unless they are carried out first, in [0, 1].

    `fed` >= 0, any shape. The same spread about the table's `fatal-fed`, 2.5 times the
    incapacitating dose.
    Range: median between 1.5 and 4.
    Source: judgement; LC50 of fire gases is two to three times their IC50.
    Verified: no (median 1.5 to 4)
    Test: tests/physics/test_tenability.py
    """
    return _share(fed, constant("fatal-fed"))


def tolerated_fed(share: ArrayLike) -> Floats:
    """Give the dose at which a person of the quantile `share` in (0, 1) is incapacitated.

    `share` any shape, 0.5 for the median person. The inverse of `incapacitated_share`, so a trait
    drawn once serves every revision of a plan.
    Range: (0, 1).
    Source: ISO 13571:2012, as `incapacitated_share`.
    Verified: yes
    Test: tests/physics/test_tenability.py
    """
    return np.asarray(np.exp(SPREAD * ndtri(np.asarray(share, dtype=float))), dtype=float)


def visibility_m(soot_kg_m3: ArrayLike, lit: bool = True) -> Floats:
    """Give how far one sees through smoke, m: 8 / (K c) for lit signs, 3 / (K c) for others.

    `soot_kg_m3` >= 0, any shape; K = 8700 m2/kg of flaming smoke. Held at 100 m in thin smoke.
    Range: 0.2 to 30 m of sight.
    Source: Jin, SFPE Handbook (factors 8 and 3); Mulholland & Croarkin 2000 (K 8700 +-1100 m2/kg).
    Verified: no (K from memory)
    Test: tests/physics/test_tenability.py
    """
    factor = 8.0 if lit else 3.0
    extinction = constant("smoke-extinction") * np.maximum(np.asarray(soot_kg_m3, float), 0.0)
    return np.asarray(factor / np.maximum(extinction, factor / 100.0), dtype=float)


def _share(fed: ArrayLike, median: float) -> Floats:
    taken = np.maximum(np.asarray(fed, dtype=float), 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(ndtr(np.log(taken / median) / SPREAD), dtype=float)
