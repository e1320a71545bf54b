"""The radiation of pool fires read from tables: solved once a fuel, size and wind, then looked up.

Solving the solid flame costs milliseconds a place; a run asks for hundreds of places every few
seconds. Each table holds one fire on rays and rings; between tables of two diameters, and between
points, the logarithm of the flux goes in a line (a test measures the error).
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from drillsim.physics.pool_fire import PoolFire, pool_fire

Floats = NDArray[np.float64]

DIAMETERS_M: tuple[float, ...] = (1.5, 2.5, 4.0, 6.0, 9.0, 13.0, 18.0, 25.0, 35.0)
WIND_STEP_MPS, MOST_WIND_MPS = 0.5, 12.0
RAYS, RINGS = 9, 26
REACH_DIAMETERS = 14.0
LEAST_W_M2 = 0.1


@lru_cache(maxsize=1024)
def flux_table(fuel: str, diameter_m: float, wind_mps: float, z_m: float) -> tuple[Floats, Floats]:
    """Give rings (m) and the logarithm of the flux (rays, rings), W/m2, of one fire.

    `z_m` height of the receiver over the liquid. Rays from down wind (0) to up wind (180 deg);
    the other half is its mirror.
    """
    fire: PoolFire = pool_fire(fuel, diameter_m, wind_mps)
    rings = np.geomspace(0.1 * diameter_m, REACH_DIAMETERS * diameter_m, RINGS)
    bearing = np.linspace(0.0, np.pi, RAYS)[:, None]
    flux = fire.flux_w_m2(rings * np.cos(bearing), rings * np.sin(bearing), z_m)
    return rings, np.log(np.maximum(flux, LEAST_W_M2))


def held_wind(wind_mps: float) -> float:
    """Give the wind of the table nearest to a wind, m/s."""
    return min(round(wind_mps / WIND_STEP_MPS) * WIND_STEP_MPS, MOST_WIND_MPS)


@lru_cache(maxsize=1024)
def _ready(fuel: str, diameter_m: float, wind_mps: float, z_m: float) -> tuple[Floats, Floats]:
    """Give a table laid out for `_one`: logarithms of its rings, and its rays one after another."""
    rings, table = flux_table(fuel, diameter_m, wind_mps, z_m)
    return np.log(rings), table.ravel()


def _one(ready: tuple[Floats, Floats], log_r: Floats, ray: NDArray[np.intp], fy: Floats) -> Floats:
    """Look the logarithm of the flux up in one table, bilinear in log distance and bearing."""
    logs, table = ready
    x = (np.maximum(log_r, logs[0]) - logs[0]) / (logs[1] - logs[0])
    x = np.minimum(np.maximum(x, 0.0), RINGS - 1.0)
    i = np.minimum(x.astype(np.intp), RINGS - 2)
    fx = x - i
    nearer, cell = 1 - fx, ray + i
    low = table.take(cell) * nearer + table.take(cell + 1) * fx
    cell += RINGS
    high = table.take(cell) * nearer + table.take(cell + 1) * fx
    # beyond the last ring the flux falls with the square of the distance
    beyond = np.maximum(log_r - logs[-1], 0.0)
    return np.asarray(low * (1 - fy) + high * fy - 2.0 * beyond)


def bearings(down_m: Floats, side_m: Floats) -> tuple[Floats, Floats]:
    """Give where places lie as `flux_at` wants it: logarithm of the distance (m), ray from 0."""
    log_r = np.log(np.maximum(np.hypot(down_m, side_m), 1e-9))
    ray = np.abs(np.arctan2(side_m, down_m)) / np.pi * (RAYS - 1)
    return log_r, np.minimum(np.maximum(ray, 0.0), RAYS - 1.0)


def flux_w_m2(
    fuel: str, diameter_m: float, wind_mps: float, z_m: float, down_m: Floats, side_m: Floats
) -> Floats:
    """Give the flux (n,) of a pool fire at places down wind and aside of it, W/m2; 0 for no pool.

    `diameter_m` is held between 1.5 and 35 m; below 1 m there is no fire worth a figure.
    """
    return flux_at(fuel, diameter_m, wind_mps, z_m, *bearings(down_m, side_m))


def flux_at(
    fuel: str, diameter_m: float, wind_mps: float, z_m: float, log_r: Floats, ray: Floats
) -> Floats:
    """Give the flux (n,) as `flux_w_m2`, at places given by their `bearings`."""
    if diameter_m < 1.0 or not log_r.size:
        return np.zeros(log_r.shape)
    d = min(max(diameter_m, DIAMETERS_M[0]), DIAMETERS_M[-1])
    n = min(max(bisect_left(DIAMETERS_M, d) - 1, 0), len(DIAMETERS_M) - 2)
    share = (d - DIAMETERS_M[n]) / (DIAMETERS_M[n + 1] - DIAMETERS_M[n])
    wind = held_wind(wind_mps)
    j = np.minimum(ray.astype(np.intp), RAYS - 2)
    fy, row = ray - j, j * RINGS
    low = _one(_ready(fuel, DIAMETERS_M[n], wind, z_m), log_r, row, fy)
    high = _one(_ready(fuel, DIAMETERS_M[n + 1], wind, z_m), log_r, row, fy)
    flux = np.exp(low * (1.0 - share) + high * share)
    return np.asarray(np.where(flux <= 2.0 * LEAST_W_M2, 0.0, flux))
