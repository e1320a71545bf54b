"""A floating slick going down a channel: where its oil is, what booms hold and skimmers take.

The oil is followed as parcels spread evenly over the length of the slick, which drifts with the
current and a share of the wind and lengthens by Fay's laws between the banks. A boom holds its
share of every parcel that comes to it after it was laid; skimmers take oil that booms hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from drillsim.data.drinking_water import drinking_water
from drillsim.data.transport import transport
from drillsim.hazards.water_course import Course
from drillsim.physics.oil_slick import weather_slick
from drillsim.physics.oil_spread import slick_length_m
from drillsim.physics.river_plume import FlowClock

Floats = NDArray[np.float64]

STEP_S = 60.0
SPAN_S = 12 * 3600.0
PARCELS = 40
GRID_S: Floats = np.arange(0.0, SPAN_S + STEP_S, STEP_S)


@dataclass(frozen=True, slots=True)
class Boom:
    """A boom across the channel: where (m down-stream), from when (s), the share that passes."""

    where: str
    dist_m: float
    from_s: float
    passes: float


@dataclass(frozen=True, eq=False)
class Slick:
    """The oil over time on `GRID_S`; masses in kg.

    `front_m`, `tail_m` (t,) of the slick if nothing held it; `x_m` and `afloat` (t, parcels):
    place of each parcel and the share of it that still drifts (1, less what booms hold);
    `floating_kg` (t,) if nothing were recovered; `held_kg` and `recovered_kg` (t,) at booms;
    `taken` (t,) the share of the slick that has been taken up.
    """

    spilled_kg: float
    front_m: Floats
    tail_m: Floats
    x_m: Floats
    afloat: Floats
    floating_kg: Floats
    held_kg: Floats
    recovered_kg: Floats
    taken: Floats

    def passed_kg(self, dist_m: float) -> Floats:
        """Give the floating oil that has drifted past a place by each time, (t,)."""
        beyond = (self.x_m > dist_m) * self.afloat
        return np.asarray(beyond.mean(axis=1) * self.floating_kg)

    @lru_cache(maxsize=16)  # noqa: B019 - a few places are asked for again and again
    def line_kg_m(self, dist_m: float, window_m: float) -> Floats:
        """Give the drifting oil a metre of channel round a place, (t,)."""
        here = np.abs(self.x_m - dist_m) <= 0.5 * window_m
        return np.asarray((here * self.afloat).mean(axis=1) * self.floating_kg / window_m)

    def left_kg(self) -> Floats:
        """Give the oil on the water, drifting or held by a boom and not taken up, (t,)."""
        return np.asarray(self.floating_kg * (1.0 - self.taken))

    def weathered_kg(self) -> Floats:
        """Give what has gone into the air and, little on a canal, into the water, (t,)."""
        return np.asarray(self.spilled_kg - self.left_kg() - self.recovered_kg)


@cache
def _budget(oil_id: str, spilled_kg: float, width_m: float, wind: float, kelvin: float) -> Floats:
    """Give the floating oil and the slick's length, (2, t), on the grid."""
    oil = transport().oils[oil_id]
    coarse = np.arange(0.0, SPAN_S + 300.0, 300.0)
    fate = weather_slick(
        oil, spilled_kg, coarse, width_m=width_m, wind_mps=wind, temperature_k=kelvin
    )
    length = slick_length_m(oil, spilled_kg / oil.density_kg_m3, width_m, coarse)
    return np.array([np.interp(GRID_S, coarse, row) for row in (fate.floating_kg, length)])


@lru_cache(maxsize=8)
def drift(
    course: Course,
    oil_id: str,
    spilled_kg: float,
    clock: FlowClock,
    wind: tuple[float, float],
    kelvin: float,
    booms: tuple[Boom, ...] = (),
    skims: tuple[tuple[float, float], ...] = (),
) -> Slick:
    """Follow a sudden spill down a course for twelve hours.

    `wind` is the vector (east, north), m/s, it blows towards; `kelvin` of the water; `skims` are
    (from s, kg/s) of each skimmer. What was followed last is kept, so that a change that leaves
    the oil alone costs nothing. A slick that the wind drives up-stream stays at the accident.
    """
    speed = float(np.hypot(*wind))
    floating, length = _budget(
        oil_id, spilled_kg, float(course.width_m[0]), round(speed, 2), round(kelvin, 2)
    )
    centre = _centre(course, clock, wind)
    spread = (np.arange(PARCELS) + 0.5) / PARCELS - 0.5
    x = np.maximum(centre[:, None] + spread[None, :] * length[:, None], 0.0)
    afloat = np.ones_like(x)
    for boom in sorted(booms, key=lambda b: (b.dist_m, b.from_s)):
        afloat = afloat * _kept(x, boom)
    held = (1.0 - afloat).mean(axis=1)
    taken, recovered = _recovered(held, floating, skims)
    return Slick(
        spilled_kg, centre + 0.5 * length, np.maximum(centre - 0.5 * length, 0.0), x, afloat,
        floating, (held - taken) * floating, recovered, taken,
    )  # fmt: skip


@lru_cache(maxsize=4)
def _centre(course: Course, clock: FlowClock, wind: tuple[float, float]) -> Floats:
    """Give the middle of the slick over time, m down-stream."""
    share = transport().slick.wind_share.value
    along = course.heading @ np.asarray(wind) * share
    spans = np.diff(clock.reading(GRID_S)).tolist()
    by_wind, current = (along * STEP_S).tolist(), course.current_mps.tolist()
    where, most, reach = 0.0, float(course.dist_m[-1]) + 5000.0, 0
    ends, centre = course.dist_m.tolist(), [0.0]
    for span in spans:
        while reach < len(by_wind) - 1 and where >= ends[reach + 1]:
            reach += 1
        where = min(max(where + (current[reach] * span + by_wind[reach]), 0.0), most)
        centre.append(where)
    return np.array(centre)


def _kept(x: Floats, boom: Boom) -> Floats:
    """Give the share of each parcel left by a boom, (t, parcels): 1 until it meets the boom."""
    beyond = x > boom.dist_m
    laid = int(np.searchsorted(GRID_S, boom.from_s))
    slipped = beyond[min(laid, len(GRID_S) - 1)]
    met = np.logical_or.accumulate(beyond, axis=0) & ~slipped[None, :]
    met[:laid] = False
    return np.where(met, boom.passes, 1.0)


def _recovered(
    held: Floats, floating: Floats, skims: Sequence[tuple[float, float]]
) -> tuple[Floats, Floats]:
    """Give the share of the slick that skimmers have taken from booms, and its mass, kg, (t,)."""
    taken, mass = np.zeros_like(held), np.zeros_like(held)
    if not skims:
        return taken, mass
    most = drinking_water().oil_recoverable.value
    gone = got = 0.0
    for k, (now, kept, left) in enumerate(
        zip(GRID_S.tolist(), held.tolist(), floating.tolist(), strict=True)
    ):
        could = sum(rate * min(max(now - start, 0.0), STEP_S) for start, rate in skims)
        if k and could:
            more = min(could / max(left, 1e-9), max(most * kept - gone, 0.0))
            gone, got = gone + more, got + more * left
        taken[k], mass[k] = gone, got
    return taken, mass
