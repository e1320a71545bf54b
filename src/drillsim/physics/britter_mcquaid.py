"""Britter-McQuaid screening of dense gas: a bound by hand, beside the model proper.

Correlations of Britter & McQuaid (1988), Workbook on the Dispersion of Dense Gases, HSE Contract
Research Report 17/1988, as broken lines in CCPS (1999) p. 122 and EPA's TSCREEN (1994).

The CCPS correction for cold clouds is **off by default**: on the LNG trials it takes FAC2 from
0.67 to 0.31. It stays available since the published worked examples use it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

# Each line: (from alpha, slope, intercept) of beta = slope alpha + intercept, until the next.
_Line = tuple[float, float, float]
_LOW, _HIGH = -math.inf, 1.0
_PLUME: dict[float, tuple[_Line, ...]] = {
    0.10: ((_LOW, 0.0, 1.75), (-0.55, 0.24, 1.88), (-0.14, -0.50, 1.78)),
    0.05: ((_LOW, 0.0, 1.92), (-0.68, 0.36, 2.16), (-0.29, 0.0, 2.06), (-0.18, -0.56, 1.96)),
    0.02: ((_LOW, 0.0, 2.08), (-0.69, 0.45, 2.39), (-0.31, 0.0, 2.25), (-0.16, -0.54, 2.16)),
    0.01: ((_LOW, 0.0, 2.25), (-0.70, 0.49, 2.59), (-0.29, 0.0, 2.45), (-0.20, -0.52, 2.35)),
    0.005: ((_LOW, 0.0, 2.40), (-0.67, 0.59, 2.80), (-0.28, 0.0, 2.63), (-0.15, -0.48, 2.56)),
    0.002: ((_LOW, 0.0, 2.60), (-0.69, 0.39, 2.87), (-0.25, 0.0, 2.77), (-0.13, -0.50, 2.71)),
}
_PUFF: dict[float, tuple[_Line, ...]] = {
    0.10: ((_LOW, 0.0, 0.70), (-0.44, 0.26, 0.81), (0.43, 0.0, 0.93)),
    0.05: ((_LOW, 0.0, 0.85), (-0.56, 0.26, 1.00), (0.31, -0.12, 1.12)),
    0.02: ((_LOW, 0.0, 0.95), (-0.66, 0.36, 1.19), (0.32, -0.26, 1.38)),
    0.01: ((_LOW, 0.0, 1.15), (-0.71, 0.34, 1.39), (0.37, -0.38, 1.66)),
    0.005: ((_LOW, 0.0, 1.48), (-0.52, 0.26, 1.62), (0.24, -0.30, 1.75)),
    0.002: ((_LOW, 0.0, 1.83), (0.27, -0.32, 1.92)),
    0.001: ((_LOW, 0.0, 2.075), (-0.10, -0.27, 2.05)),
}
GRAVITY_45 = 9.80616
NEAR_FIELD = 30.0


@dataclass(frozen=True, slots=True)
class HeavyCloud:
    """What Britter-McQuaid asks of a release.

    `flow_m3_s` of released gas (continuous) or `volume_m3` (puff); densities in kg/m3; wind at
    10 m in m/s; temperatures in K, used by the correction for cold clouds alone.

    Range: clouds denser than air
    Source: Britter & McQuaid (1988), HSE Contract Research Report 17
    Verified: yes (a definition)
    Test: tests/physics/test_britter_mcquaid.py
    """

    density_kg_m3: float
    air_density_kg_m3: float
    wind_mps: float
    flow_m3_s: float = 0.0
    volume_m3: float = 0.0
    gas_k: float = 298.15
    air_k: float = 298.15

    @property
    def reduced_gravity(self) -> float:
        """Give g0 = g (rho - rho_air) / rho_air, m/s2."""
        return GRAVITY_45 * (self.density_kg_m3 - self.air_density_kg_m3) / self.air_density_kg_m3


def plume_alpha(cloud: HeavyCloud) -> float:
    """Give alpha = 0.2 log10(g0^2 q0 / u^5) of a continuous release.

    Range: alpha up to 1
    Source: Britter & McQuaid (1988); CCPS (1999) p. 122
    Verified: yes (worked example)
    Test: tests/physics/test_britter_mcquaid.py
    """
    return 0.2 * math.log10(cloud.reduced_gravity**2 * cloud.flow_m3_s / cloud.wind_mps**5)


def puff_alpha(cloud: HeavyCloud) -> float:
    """Give alpha = 0.5 log10(g0 V0^(1/3) / u^2) of an instantaneous release.

    Range: alpha up to 1
    Source: Britter & McQuaid (1988); CCPS (1999) p. 122
    Verified: yes (worked example)
    Test: tests/physics/test_britter_mcquaid.py
    """
    size = cloud.volume_m3 ** (1.0 / 3.0)
    return 0.5 * math.log10(cloud.reduced_gravity * size / cloud.wind_mps**2)


def betas(kind: Literal["plume", "puff"], alpha: float) -> tuple[tuple[float, float], ...]:
    """Give (C/C0, beta) knots for an alpha up to 1: beta = log10 of the scaled distance.

    ValueError above 1, where the correlations end.

    Range: alpha up to 1; C/C0 of 0.002 to 0.1
    Source: Britter & McQuaid (1988), fits of CCPS (1999)
    Verified: yes (knots at alpha -0.75 and 0)
    Test: tests/physics/test_britter_mcquaid.py
    """
    if alpha > _HIGH:
        raise ValueError(f"alpha = {alpha:.2f} lies above the correlations' range of 1")
    table = _PLUME if kind == "plume" else _PUFF
    knots = []
    for share, lines in table.items():
        _, slope, intercept = [line for line in lines if alpha > line[0]][-1]
        knots.append((share, slope * alpha + intercept))
    return tuple(knots)


def plume_share(cloud: HeavyCloud, x_m: float, cold_correction: bool = False) -> float:
    """Give the ground-level concentration of a dense plume as a share of pure gas, in [0, 1].

    Down-wind distance in m; scaled by sqrt(q0/u). Nearer than 30 scaled lengths 306/(306 + x'^2),
    then linear between the knots, then x'^-2. A release counts as continuous when u T/x > 2.5,
    as a puff below 0.6. Test range 0.002 < C/C0 < 0.1.

    Range: 0.002 < C/C0 < 0.1, u T/x above 2.5; a screening bound
    Source: Britter & McQuaid (1988); CCPS (1999) p. 122
    Verified: yes (golden rows disp.bm_plume, without the correction for cold clouds)
    Test: tests/physics/test_britter_mcquaid.py
    """
    if x_m <= 0.0:
        return 1.0
    scaled = x_m / math.sqrt(cloud.flow_m3_s / cloud.wind_mps)
    knots = list(betas("plume", plume_alpha(cloud)))
    first = 10.0 ** min(beta for _, beta in knots)
    near = min(NEAR_FIELD, first)
    if near == NEAR_FIELD:
        knots.insert(0, (306.0 / (306.0 + NEAR_FIELD**2), math.log10(NEAR_FIELD)))
    share = 306.0 / (306.0 + scaled**2) if scaled <= near else _between(knots, scaled)
    return _corrected(share, cloud) if cold_correction else share


def puff_radius(cloud: HeavyCloud, t_s: float) -> float:
    """Give the radius of an instantaneous cloud at a time: R^2 = R0^2 + 1.2 sqrt(g0 V0) t, m.

    Range: instantaneous releases
    Source: Britter & McQuaid (1988)
    Verified: yes (by way of the worked example)
    Test: tests/physics/test_britter_mcquaid.py
    """
    first = (3.0 * cloud.volume_m3 / (4.0 * math.pi)) ** (2.0 / 3.0)
    return math.sqrt(first + 1.2 * math.sqrt(cloud.reduced_gravity * cloud.volume_m3) * t_s)


def puff_share(
    cloud: HeavyCloud, x_m: float, t_s: float, y_m: float = 0.0, cold_correction: bool = False
) -> float:
    """Give the concentration of an instantaneous cloud as a share of the first, in [0, 1].

    The cloud is a disc around 0.4 u t; inside, the concentration is that of the correlation at
    the distance its front has reached.

    Range: 0.002 < C/C0 < 0.1, u T/x below 0.6
    Source: Britter & McQuaid (1988); CCPS (1999)
    Verified: yes (golden rows disp.bm_puff)
    Test: tests/physics/test_britter_mcquaid.py
    """
    centre, radius = 0.4 * cloud.wind_mps * t_s, puff_radius(cloud, t_s)
    if t_s < 0.0 or math.hypot(x_m - centre, y_m) > radius:
        return 0.0
    scaled = (centre + radius) / cloud.volume_m3 ** (1.0 / 3.0)
    knots = betas("puff", puff_alpha(cloud))
    if scaled <= 10.0 ** min(beta for _, beta in knots):
        share = max(3.24 / (3.24 + scaled**2), *(c for c, _ in knots))
    else:
        share = _between(knots, scaled)
    return _corrected(share, cloud) if cold_correction else share


def distance_to(cloud: HeavyCloud, share: float) -> float:
    """Give the distance at which a dense plume falls to a share of pure gas, m (bisection).

    Range: shares of 0.002 to 0.1 of pure gas
    Source: inverse of `plume_share`
    Verified: yes (identity)
    Test: tests/physics/test_britter_mcquaid.py
    """
    low, high = 1e-3, 1e6
    for _ in range(60):
        middle = math.sqrt(low * high)
        if plume_share(cloud, middle) > share:
            low = middle
        else:
            high = middle
    return high


def _between(knots: Sequence[tuple[float, float]], scaled: float) -> float:
    beta = math.log10(scaled)
    for (c_low, b_low), (c_high, b_high) in pairwise(knots):
        if beta <= b_high:
            return c_low + (c_high - c_low) * (beta - b_low) / (b_high - b_low)
    last, beta_last = knots[-1]
    return last * float(10.0 ** (2.0 * (beta_last - beta)))


def _corrected(share: float, cloud: HeavyCloud) -> float:
    """Correct a share for a cold cloud: c / (c + (1 - c) Tgas/Tair) (CCPS 1999)."""
    return share / (share + (1.0 - share) * cloud.gas_k / cloud.air_k)
