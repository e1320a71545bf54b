"""A steady plume on a down-wind grid, whatever model made it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erf

Floats = NDArray[np.float64]

X_MIN_M = 2.0
X_MAX_M = 20_000.0
GRID_POINTS = 140
LOG_X: Floats = np.linspace(math.log(X_MIN_M), math.log(X_MAX_M), GRID_POINTS)
GRID_X_M: Floats = np.exp(LOG_X)
_LOG_STEP = float(LOG_X[1] - LOG_X[0])
TINY_PPM = 1e-9
# Places nearer than this stand beside the leak, whatever the wind: they get the near-field value.
NEAR_M = 10.0

Model = Literal["slab", "gaussian"]


@dataclass(frozen=True, eq=False)
class Plume:
    """A steady plume at one height and averaging time, on the fixed grid `GRID_X_M`.

    Arrays of shape (GRID_POINTS,): `log_ppm` natural log of the centreline concentration in
    volume ppm; `flat_m` half-width of the flat core b and `edge_m` Gaussian edge beta of the cross
    profile erf((y+b)/(sqrt2 beta)) - erf((y-b)/(sqrt2 beta)); `travel_s` mean travel time from the
    source; `spread_s` standard deviation of travel time (along-wind dispersion).

    Range: the fixed grid of down-wind distances
    Source: own form of a steady plume
    Verified: yes (carries what is released)
    Test: tests/physics/test_dense_gas.py
    """

    model: Model
    log_ppm: Floats
    flat_m: Floats
    edge_m: Floats
    travel_s: Floats
    spread_s: Floats
    height_m: float
    averaging_s: float
    warnings: tuple[str, ...] = ()

    def concentration(self, x_m: ArrayLike, y_m: ArrayLike) -> Floats:
        """Give the steady concentration in volume ppm at down-wind x and cross-wind y, metres.

        Vectorised; 0 up-wind and beyond the grid's 20 km, except within 10 m of the source, where
        the value of x = 10 m at this cross-wind distance holds.
        """
        x, y = np.broadcast_arrays(np.asarray(x_m, float), np.asarray(y_m, float))
        rows = _blend(self._rows, *_locate(np.maximum(x, NEAR_M)))
        return self._concentration(x, y, rows)

    def reception(self, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats, Floats]:
        """Give `concentration` and `travel` (at 10 m where nearer) of places in one go."""
        rows = _blend(self._rows, *_locate(np.maximum(x_m, NEAR_M)))
        return self._concentration(x_m, y_m, rows), rows[3], rows[4]

    @cached_property
    def _rows(self) -> Floats:
        """All that the grid holds, one row a quantity, so that one lookup gives all of them."""
        return np.stack([self.log_ppm, self.flat_m, self.edge_m, self.travel_s, self.spread_s])

    @staticmethod
    def _concentration(x: Floats, y: Floats, rows: Floats) -> Floats:
        ppm = np.exp(rows[0])
        ppm *= cross_profile(y, rows[1], rows[2])
        within = ((x > 0.0) & (x <= X_MAX_M)) | (np.hypot(x, y) <= NEAR_M)
        return np.asarray(np.where(within & (ppm >= TINY_PPM), ppm, 0.0))

    def travel(self, x_m: ArrayLike) -> tuple[Floats, Floats]:
        """Give mean travel time and its standard deviation at down-wind distances, s."""
        place, share = _locate(np.asarray(x_m, dtype=float))
        return _blend(self.travel_s, place, share), _blend(self.spread_s, place, share)

    def centreline_ppm(self, x_m: ArrayLike) -> Floats:
        """Give the centreline concentration at down-wind distances, volume ppm."""
        place, share = _locate(np.asarray(x_m, dtype=float))
        return np.exp(_blend(self.log_ppm, place, share))

    def distance_to(self, level_ppm: float) -> float:
        """Give the farthest down-wind distance where the centreline reaches a level, m.

        0 if it never does; 20 km (the grid's end) if it still does there.
        """
        above = np.flatnonzero(self.log_ppm >= math.log(level_ppm))
        if above.size == 0:
            return 0.0
        last = int(above[-1])
        if last == GRID_POINTS - 1:
            return X_MAX_M
        here, after = float(self.log_ppm[last]), float(self.log_ppm[last + 1])
        return math.exp(
            float(LOG_X[last]) + _LOG_STEP * (here - math.log(level_ppm)) / (here - after)
        )

    def half_width(self, x_m: ArrayLike, level_ppm: float) -> Floats:
        """Give the cross-wind distance at which the plume falls to a level, m (0 if below it)."""
        x = np.atleast_1d(np.asarray(x_m, dtype=float))
        place, share = _locate(x)
        ppm = np.exp(_blend(self.log_ppm, place, share))
        flat, edge = _blend(self.flat_m, place, share), _blend(self.edge_m, place, share)
        low, high = np.zeros_like(x), flat + 8.0 * edge
        reached = ppm >= level_ppm
        for _ in range(50):
            middle = 0.5 * (low + high)
            above = ppm * cross_profile(middle, flat, edge) >= level_ppm
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        return np.where(reached, low, 0.0)


def cross_profile(y_m: Floats, flat_m: Floats, edge_m: Floats) -> Floats:
    """Give the cross-wind profile, 1 on the axis (Ermak 1990, eq. 13, with the meandering edge).

    Range: flat core and edge of 0 or more
    Source: Ermak (1990), UCRL-MA-105607, eq. 13
    Verified: yes (carries what is released)
    Test: tests/physics/test_dense_gas.py
    """
    scale = math.sqrt(2.0) * np.maximum(edge_m, 1e-9)
    flat = np.maximum(flat_m, 1e-3 * np.maximum(edge_m, 1e-9))
    axis = 2.0 * erf(flat / scale)
    return np.asarray((erf((y_m + flat) / scale) - erf((y_m - flat) / scale)) / axis)


def _locate(x_m: Floats) -> tuple[NDArray[np.intp], Floats]:
    position = (np.log(np.clip(x_m, X_MIN_M, X_MAX_M)) - LOG_X[0]) / _LOG_STEP
    place = np.minimum(position.astype(np.intp), GRID_POINTS - 2)
    return place, position - place


def _blend(values: Floats, place: NDArray[np.intp], share: Floats) -> Floats:
    here = values[..., place]
    return np.asarray(here + (values[..., place + 1] - here) * share)
