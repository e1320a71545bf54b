"""Neutral dispersion: Gaussian plume and puffs with Briggs spreads."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erf

from drillsim.physics.atmosphere import Stability, Terrain

Floats = NDArray[np.float64]

# (a, b, power) of sigma = a x (1 + b x)^power. Briggs (1973), doi 10.2172/5118833, as given in
# CCPS (1999); 10-min means, 100 m to 10 km.
_SIGMA_Y: dict[Terrain, dict[Stability, tuple[float, float, float]]] = {
    "rural": {
        "A": (0.22, 1e-4, -0.5),
        "B": (0.16, 1e-4, -0.5),
        "C": (0.11, 1e-4, -0.5),
        "D": (0.08, 1e-4, -0.5),
        "E": (0.06, 1e-4, -0.5),
        "F": (0.04, 1e-4, -0.5),
    },
    "urban": {
        "A": (0.32, 4e-4, -0.5),
        "B": (0.32, 4e-4, -0.5),
        "C": (0.22, 4e-4, -0.5),
        "D": (0.16, 4e-4, -0.5),
        "E": (0.11, 4e-4, -0.5),
        "F": (0.11, 4e-4, -0.5),
    },
}
# Urban A and B grow as (1 + 0.001 x)^(+1/2) in Briggs's own table.
_SIGMA_Z: dict[Terrain, dict[Stability, tuple[float, float, float]]] = {
    "rural": {
        "A": (0.20, 0.0, 1.0),
        "B": (0.12, 0.0, 1.0),
        "C": (0.08, 2e-4, -0.5),
        "D": (0.06, 1.5e-3, -0.5),
        "E": (0.03, 3e-4, -1.0),
        "F": (0.016, 3e-4, -1.0),
    },
    "urban": {
        "A": (0.24, 1e-3, 0.5),
        "B": (0.24, 1e-3, 0.5),
        "C": (0.20, 0.0, 1.0),
        "D": (0.14, 3e-4, -0.5),
        "E": (0.08, 1.5e-3, -0.5),
        "F": (0.08, 1.5e-3, -0.5),
    },
}
# Puff spreads a x^b: CCPS (1999), after Slade (1968).
_PUFF_Y: dict[Stability, tuple[float, float]] = {
    "A": (0.18, 0.92),
    "B": (0.14, 0.92),
    "C": (0.10, 0.92),
    "D": (0.06, 0.92),
    "E": (0.04, 0.92),
    "F": (0.02, 0.89),
}
_PUFF_Z: dict[Stability, tuple[float, float]] = {
    "A": (0.60, 0.75),
    "B": (0.53, 0.73),
    "C": (0.34, 0.71),
    "D": (0.15, 0.70),
    "E": (0.10, 0.65),
    "F": (0.05, 0.61),
}
# Spicer & Havens (1988), analysis of the TFI/NH3 tests, sigma_y = a x^0.9 with the shortest
# averaging time it holds for; Seinfeld (1986) a x^b exp(c ln^2 x); as in GasDispersion.jl.
_HAVENS_Y: dict[Stability, tuple[float, float]] = {
    "A": (0.423, 18.4),
    "B": (0.313, 18.4),
    "C": (0.210, 18.4),
    "D": (0.136, 18.3),
    "E": (0.102, 11.4),
    "F": (0.0674, 4.6),
}
_SEINFELD_Z: dict[Stability, tuple[float, float, float]] = {
    "A": (107.7, -1.7172, 0.2770),
    "B": (0.1355, 0.8752, 0.0136),
    "C": (0.09623, 0.9477, -0.0020),
    "D": (0.04134, 1.1737, -0.0316),
    "E": (0.02275, 1.3010, -0.0450),
    "F": (0.01122, 1.4024, -0.0540),
}
BRIGGS_AVERAGING_S = 600.0


def sigma_y(x_m: ArrayLike, stability: Stability, terrain: Terrain = "rural") -> Floats:
    """Give the cross-wind spread of a plume, m; 10-min mean (Briggs 1973; CCPS 1999).

    Range: 100 m to 10 km, 10-min mean
    Source: Briggs (1973); CCPS (1999)
    Verified: yes (golden rows sigma.ccps)
    Test: tests/physics/test_gaussian.py
    """
    a, b, power = _SIGMA_Y[terrain][stability]
    x = np.asarray(x_m, dtype=float)
    return np.asarray(a * x * (1.0 + b * x) ** power)


def sigma_z(x_m: ArrayLike, stability: Stability, terrain: Terrain = "rural") -> Floats:
    """Give the vertical spread of a plume, m (Briggs 1973; CCPS 1999).

    Range: 100 m to 10 km
    Source: Briggs (1973); CCPS (1999)
    Verified: yes (golden rows sigma.ccps)
    Test: tests/physics/test_gaussian.py
    """
    a, b, power = _SIGMA_Z[terrain][stability]
    x = np.asarray(x_m, dtype=float)
    return np.asarray(a * x * (1.0 + b * x) ** power)


def puff_sigma_y(x_m: ArrayLike, stability: Stability) -> Floats:
    """Give the cross-wind (and along-wind) spread of a puff, m (CCPS 1999).

    Range: 100 m to 10 km, stability A to F
    Source: CCPS (1999), puff spreads
    Verified: yes (worked puff, golden row disp.gauss_puff)
    Test: tests/physics/test_gaussian.py
    """
    a, b = _PUFF_Y[stability]
    return np.asarray(a * np.asarray(x_m, dtype=float) ** b)


def puff_sigma_z(x_m: ArrayLike, stability: Stability) -> Floats:
    """Give the vertical spread of a puff, m (CCPS 1999).

    Range: 100 m to 10 km, stability A to F
    Source: CCPS (1999), puff spreads
    Verified: yes (worked puff, golden row disp.gauss_puff)
    Test: tests/physics/test_gaussian.py
    """
    a, b = _PUFF_Z[stability]
    return np.asarray(a * np.asarray(x_m, dtype=float) ** b)


def havens_sigma_y(x_m: ArrayLike, stability: Stability, averaging_s: float = 600.0) -> Floats:
    """Give the cross-wind spread of Spicer & Havens (1988), m, for an averaging time in s.

    Range: 100 m to 10 km; averaging 20 s to 1 h
    Source: Spicer & Havens (1988)
    Verified: yes (golden row disp.gauss_plume)
    Test: tests/physics/test_gaussian.py
    """
    a, shortest = _HAVENS_Y[stability]
    factor = (max(averaging_s, shortest) / 600.0) ** 0.2
    return np.asarray(a * factor * np.asarray(x_m, dtype=float) ** 0.9)


def seinfeld_sigma_z(x_m: ArrayLike, stability: Stability) -> Floats:
    """Give the vertical spread of Seinfeld (1986), m; 100 m to 10 km.

    Range: 100 m to 10 km
    Source: Seinfeld (1986)
    Verified: yes (golden row disp.gauss_plume)
    Test: tests/physics/test_gaussian.py
    """
    a, b, c = _SEINFELD_Z[stability]
    x = np.asarray(x_m, dtype=float)
    return np.asarray(a * x**b * np.exp(c * np.log(x) ** 2))


def averaged_sigma_y(
    x_m: ArrayLike, stability: Stability, averaging_s: float, terrain: Terrain = "rural"
) -> Floats:
    """Give sigma_y for an averaging time: Briggs's 10-min value times (t/600 s)^0.2.

    Valid for 20 s to 1 h, held at those ends.

    Range: 20 s to 1 h, held at those ends
    Source: Gifford (1975); CCPS (1999)
    Verified: yes (RMP table 1)
    Test: tests/physics/test_gaussian.py
    """
    factor = (min(max(averaging_s, 20.0), 3600.0) / BRIGGS_AVERAGING_S) ** 0.2
    return np.asarray(sigma_y(x_m, stability, terrain) * factor)


def vertical_term(z_m: ArrayLike, height_m: ArrayLike, spread_m: ArrayLike) -> Floats:
    """Give the vertical factor of a Gaussian cloud with ground reflection, 1/m.

    Range: flat ground, no inversion lid
    Source: CCPS (1999) p. 97
    Verified: yes (mass flux by integration)
    Test: tests/physics/test_gaussian.py
    """
    z, h, s = (np.asarray(v, dtype=float) for v in (z_m, height_m, spread_m))
    both = np.exp(-0.5 * ((z - h) / s) ** 2) + np.exp(-0.5 * ((z + h) / s) ** 2)
    return np.asarray(both / (math.sqrt(2.0 * math.pi) * s))


def cloud(
    rate_kg_s: float,
    wind_mps: float,
    y_m: ArrayLike,
    z_m: ArrayLike,
    height_m: float,
    spread_y_m: ArrayLike,
    spread_z_m: ArrayLike,
) -> Floats:
    """Give the concentration of a Gaussian plume where its spreads are known, kg/m3.

    Arguments broadcast; wind at release height.

    Range: spreads above 0, wind at release height
    Source: CCPS (1999) p. 97
    Verified: yes (golden row disp.gauss_plume, with the spreads of Spicer & Havens and of
        Seinfeld)
    Test: tests/physics/test_gaussian.py
    """
    sy = np.asarray(spread_y_m, dtype=float)
    across = np.exp(-0.5 * (np.asarray(y_m, float) / sy) ** 2) / (math.sqrt(2.0 * math.pi) * sy)
    return np.asarray(rate_kg_s / wind_mps * across * vertical_term(z_m, height_m, spread_z_m))


def plume(
    rate_kg_s: float,
    wind_mps: float,
    x_m: ArrayLike,
    y_m: ArrayLike,
    z_m: ArrayLike,
    height_m: float,
    stability: Stability,
    terrain: Terrain = "rural",
    averaging_s: float = BRIGGS_AVERAGING_S,
) -> Floats:
    """Give the steady concentration of a neutral plume with Briggs spreads, kg/m3; 0 up-wind.

    Arguments broadcast; wind at release height. Valid 50 m to 10 km, wind above 1 m/s, flat, cloud
    not denser than air.

    Range: 50 m to 10 km, wind above 1 m/s, flat, cloud not denser than air
    Source: Briggs (1973); CCPS (1999) p. 97
    Verified: yes (RMP table 1)
    Test: tests/physics/test_gaussian.py
    """
    x = np.asarray(x_m, dtype=float)
    down = np.maximum(x, 1e-6)
    sy = averaged_sigma_y(down, stability, averaging_s, terrain)
    sz = sigma_z(down, stability, terrain)
    c = cloud(rate_kg_s, wind_mps, y_m, z_m, height_m, sy, sz)
    return np.asarray(np.where(x > 0.0, c, 0.0))


def rmp_sigma_x(x_m: ArrayLike) -> Floats:
    """Give the along-wind spread 0.02 x^1.22, m, behind the EPA look-up tables (class F).

    Range: class F, 0.3 to 25 miles
    Source: EPA 550-B-99-009 (1999), after Beals (1971)
    Verified: yes (RMP table 1)
    Test: tests/physics/test_gaussian.py
    """
    return np.asarray(0.02 * np.asarray(x_m, dtype=float) ** 1.22)


def finite_duration_factor(wind_mps: float, duration_s: float, spread_x_m: ArrayLike) -> Floats:
    """Give the peak of a finite release relative to the steady plume, erf(u T / (2 sqrt2 sx)).

    In (0, 1]; 1 for a long release.
    Leaving it out puts the far distances of RMP table 1 2.5 times too far.

    Range: durations of 1 min to hours
    Source: Palazzi et al. (1982), Atmos. Environ. 16:2785-2790
    Verified: yes (RMP table 1)
    Test: tests/physics/test_gaussian.py
    """
    spread = np.asarray(spread_x_m, dtype=float)
    return np.asarray(erf(wind_mps * duration_s / (2.0 * math.sqrt(2.0) * spread)))


def puff(
    mass_kg: float,
    x_m: float,
    y_m: float,
    z_m: float,
    t_s: float,
    wind_mps: float,
    height_m: float,
    stability: Stability,
) -> float:
    """Give the concentration of an instantaneous puff, kg/m3 (CCPS 1999 p. 101).

    Spreads at the travelled distance u t; along-wind spread equal to cross-wind.

    Range: 100 m to 10 km, cloud not denser than air
    Source: CCPS (1999) p. 101
    Verified: yes (golden row disp.gauss_puff)
    Test: tests/physics/test_gaussian.py
    """
    if t_s <= 0.0:
        return 0.0
    travelled = wind_mps * t_s
    sy = float(puff_sigma_y(travelled, stability))
    sz = float(puff_sigma_z(travelled, stability))
    along = math.exp(-0.5 * ((x_m - travelled) / sy) ** 2) / (math.sqrt(2.0 * math.pi) * sy)
    across = math.exp(-0.5 * (y_m / sy) ** 2) / (math.sqrt(2.0 * math.pi) * sy)
    return mass_kg * along * across * float(vertical_term(z_m, height_m, sz))


def palazzi_share(
    x_m: ArrayLike, t_s: float, duration_s: float, wind_mps: float, spread_x_m: ArrayLike
) -> Floats:
    """Give the share of the steady plume present at a place and time for a finite release.

    (erf((x - u (t - T)) / sqrt2 sx) - erf((x - u t) / sqrt2 sx)) / 2 with the along-wind spread at
    x and T cut at t; in [0, 1], 0 before the release.

    Range: steady wind, release of finite duration
    Source: Palazzi et al. (1982), Atmos. Environ. 16:2785-2790
    Verified: yes (golden row disp.palazzi)
    Test: tests/physics/test_gaussian.py
    """
    x, spread = np.asarray(x_m, dtype=float), np.asarray(spread_x_m, dtype=float)
    if t_s <= 0.0:
        return np.zeros(np.broadcast_shapes(x.shape, spread.shape))
    emitted = min(t_s, duration_s)
    tail = (x - wind_mps * (t_s - emitted)) / (math.sqrt(2.0) * spread)
    head = (x - wind_mps * t_s) / (math.sqrt(2.0) * spread)
    return np.asarray(0.5 * (erf(tail) - erf(head)))
