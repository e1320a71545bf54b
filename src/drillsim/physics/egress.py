"""How people leave a building: reaction, walking, doors, merging on a stair, smoke."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from drillsim.data.figures import Z90, Figure
from drillsim.data.room_fire import room_fire

Floats = NDArray[np.float64]
Kind = Literal["door", "stair", "corridor"]

# Speed k (1 - a D): a in m2/person, k of level ways in m/s; free below the least density.
A, LEVEL_K, LEAST_DENSITY = 0.266, 1.40, 0.54
BEST_DENSITY = 1.0 / (2.0 * A)
# Strip along each side that people leave free, m; most people a second through a metre of door.
BOUNDARY_M: dict[Kind, float] = {"door": 0.15, "stair": 0.15, "corridor": 0.20}
DOOR_FLOW = 1.3
# Walking speed in smoke falls by 0.057/0.706 per 1/m of extinction, to a tenth at the least.
SMOKE_SLOPE_M, SLOWEST = 0.057 / 0.706, 0.1


def stair_k_mps(riser_m: float, tread_m: float) -> float:
    """Give the speed constant of a stair, m/s: 51.8 sqrt(tread / riser) m/min.

    `riser_m` and `tread_m` above 0, else ValueError.
    Range: risers 0.165 to 0.19 m, treads 0.25 to 0.33 m.
    Source: Nelson & Mowrer, SFPE Handbook, table of k (7/11 inch: 1.08 m/s).
    Verified: yes
    Test: tests/physics/test_egress.py
    """
    if min(riser_m, tread_m) <= 0.0:
        raise ValueError("riser and tread must be above 0 m")
    return 51.8 * math.sqrt(tread_m / riser_m) / 60.0


def walking_mps(density_per_m2: ArrayLike, k_mps: ArrayLike = LEVEL_K) -> Any:
    """Give the walking speed in a crowd, m/s: k (1 - 0.266 D), free below 0.54 persons/m2.

    `density_per_m2` >= 0 and `k_mps` >= 0, shapes that broadcast; 0 from 3.76 persons/m2 on; a
    float for scalars.
    Range: adults; the frail walk at half of it.
    Source: Nelson & Mowrer, SFPE Handbook.
    Verified: yes
    Test: tests/physics/test_egress.py
    """
    density = np.maximum(np.asarray(density_per_m2, dtype=float), LEAST_DENSITY)
    return np.maximum(np.asarray(k_mps, dtype=float) * (1.0 - A * density), 0.0)[()]


def specific_flow(density_per_m2: ArrayLike, k_mps: ArrayLike = LEVEL_K) -> Any:
    """Give the people that pass a metre of effective width in a second: density times speed.

    Shapes that broadcast; a float for scalars. Highest, k / (4 a), at 1.88 persons/m2.
    Range: 0 to 3.76 persons/m2.
    Source: Nelson & Mowrer, SFPE Handbook.
    Verified: yes
    Test: tests/physics/test_egress.py
    """
    density = np.asarray(density_per_m2, dtype=float)
    return (density * walking_mps(density, k_mps))[()]


def most_flow(k_mps: ArrayLike = LEVEL_K) -> Any:
    """Give the highest specific flow of a way, persons/(s m): k / (4 a); 1.316 on the level.

    Range: as `specific_flow`.
    Source: Nelson & Mowrer, SFPE Handbook.
    Verified: yes
    Test: tests/physics/test_egress.py
    """
    return (np.asarray(k_mps, dtype=float) / (4.0 * A))[()]


def effective_width_m(width_m: float, kind: Kind) -> float:
    """Give the width that people use, m: clear width less a boundary layer on each side.

    KeyError for an unknown kind (door, stair, corridor); at least 0.
    Range: widths from 0.6 m.
    Source: Nelson & Mowrer, SFPE Handbook (0.15 m at doors and stair walls, 0.20 m in corridors).
    Verified: yes
    Test: tests/physics/test_egress.py
    """
    return max(width_m - 2.0 * BOUNDARY_M[kind], 0.0)


def smoke_factor(extinction_per_m: ArrayLike) -> Any:
    """Give the factor on walking speed in smoke: 1 - 0.081 K, at least 0.1.

    `extinction_per_m` >= 0 any shape, K = 8700 m2/kg times the soot; a float for a scalar.
    Range: 1.9 to 7.4 per m in the tests, irritant wood smoke and lamps; straight below.
    Source: Frantzich & Nilsson 2003, Lund report 3126, as in FDS+Evac.
    Verified: no (coefficients 0.706 and -0.057 from memory, +-30 %)
    Test: tests/physics/test_egress.py
    """
    smoke = np.maximum(np.asarray(extinction_per_m, dtype=float), 0.0)
    return np.maximum(1.0 - SMOKE_SLOPE_M * smoke, SLOWEST)[()]


def reaction(cue: str, night: bool) -> Figure:
    """Give the figure of the time from a cue to the first step: median, p90, range.

    `cue`: see-fire, flat-alarm, bell, broadcast, door-knock, hearsay; KeyError otherwise.
    Range: dwellings; day awake, night asleep.
    Source: PD 7974-6 in shape, the table's rows.
    Verified: no (factor 2 to 3)
    Test: tests/physics/test_egress.py
    """
    row = room_fire().premovement[cue]
    return row.night if night else row.day


def started_share(since_cue_s: ArrayLike, cue: str, night: bool) -> Floats:
    """Give the share of people who walk by a time after their cue, in [0, 1]; log-normal.

    `since_cue_s` any shape, 0 share before the cue. KeyError for an unknown cue.
    Range: as `reaction`.
    Source: PD 7974-6; log-normal after Purser & Bensilum 2001.
    Verified: no (figures factor 2 to 3)
    Test: tests/physics/test_egress.py
    """
    figure = reaction(cue, night)
    spread = math.log(figure.p90 / figure.median) / Z90
    since = np.maximum(np.asarray(since_cue_s, dtype=float), 1e-9)
    return np.asarray(ndtr(np.log(since / figure.median) / spread), dtype=float)


@dataclass(frozen=True, slots=True)
class Stair:
    """A stairwell of equal storeys over its exit; storey 0 is the lowest that people come from.

    `storeys` above the exit level, `storey_m` height, `width_m` clear, `landing_m` walked level
    per storey, riser and tread m, doors m; `lost_width_m` taken by crews and hose coming up.
    Range: straight flights, 1 to 100 storeys.
    Source: geometry; Nelson & Mowrer, SFPE Handbook.
    Verified: yes
    Test: tests/physics/test_egress.py
    """

    storeys: int
    width_m: float = 1.2
    storey_m: float = 2.9
    landing_m: float = 2.4
    riser_m: float = 0.165
    tread_m: float = 0.26
    door_width_m: float = 0.9
    exit_width_m: float = 1.2
    lost_width_m: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a stair that leads nowhere."""
        if self.storeys < 1 or self.used_m <= 0.0 or self.storey_m <= 0.0:
            raise ValueError("a stair has a storey, a height and a width that people can use")

    @property
    def k_mps(self) -> float:
        """Give the speed constant, m/s."""
        return stair_k_mps(self.riser_m, self.tread_m)

    @property
    def used_m(self) -> float:
        """Give the effective width, m."""
        return effective_width_m(self.width_m - self.lost_width_m, "stair")

    @property
    def walk_m(self) -> float:
        """Give the way of one storey along the slope and the landings, m."""
        return self.storey_m * math.hypot(1.0, self.tread_m / self.riser_m) + self.landing_m

    @property
    def longest_step_s(self) -> float:
        """Give the longest step of `stair_step`: the time of a free walker for a storey, s."""
        return self.walk_m / float(walking_mps(0.0, self.k_mps))


@lru_cache(maxsize=64)
def _sizes(stair: Stair) -> tuple[float, float, float, float, float, float]:
    """Give k (m/s), width (m), area (m2), longest step (s) and the flows of door and exit (1/s)."""
    door = DOOR_FLOW * effective_width_m(stair.door_width_m, "door")
    way_out = DOOR_FLOW * effective_width_m(stair.exit_width_m, "door")
    area = stair.used_m * stair.walk_m
    return stair.k_mps, stair.used_m, area, stair.longest_step_s, door, way_out


def stair_step(
    stair: Stair,
    on_stair: ArrayLike,
    waiting: ArrayLike,
    dt_s: float,
    factor: ArrayLike = 1.0,
    floor_share: float = 0.5,
) -> tuple[Floats, Floats, float]:
    """Carry a stairwell over a step: people on it by storey, people waiting at doors, people out.

    `on_stair`, `waiting` (n,) persons from the lowest storey up; `factor` (n,) or scalar on speed
    (smoke; 0 bars a storey); `floor_share` of a full storey's inflow that the floor gets against
    the stair. What can leave a storey and what the next can take follow from the fundamental
    diagram, so queues grow upwards. ValueError when `dt_s` is not in (0, `longest_step_s`].
    Range: evacuation downwards, no counterflow but through `lost_width_m`.
    Source: Nelson & Mowrer, SFPE Handbook (speeds, flows); Daganzo 1994-95 cell transmission and
      merge; equal sharing after Boyce, Purser & Shields 2012.
    Verified: yes
    Test: tests/physics/test_egress.py
    """
    k_mps, used_m, area_m2, longest_s, door, way_out = _sizes(stair)
    if not 0.0 < dt_s <= longest_s * (1.0 + 1e-9):
        raise ValueError(f"a step must lie in (0, {longest_s:.2f}] s")
    here, queue = np.asarray(on_stair, dtype=float), np.asarray(waiting, dtype=float)
    k = k_mps * np.asarray(factor, dtype=float)
    density = here / area_m2
    # `most_flow` and `specific_flow`, written out: this runs a thousand times in a drill
    peak = k / (4.0 * A)
    flow = density * np.maximum(k * (1.0 - A * np.maximum(density, LEAST_DENSITY)), 0.0)
    wide = used_m * dt_s
    loose = density < BEST_DENSITY
    gives = np.minimum(np.where(loose, flow, peak) * wide, here)
    takes = np.where(loose, peak, flow) * wide
    wants = np.minimum(queue, door * dt_s)
    above = np.zeros_like(gives)
    above[:-1] = gives[1:]
    fits = above + wants <= takes
    floor = np.maximum(np.maximum(takes - above, floor_share * takes), 0.0)
    floor = np.minimum(floor, wants)
    down = np.where(fits, above, np.minimum(above, takes - floor))
    floor = np.where(fits, wants, floor)
    out = min(float(gives[0]), way_out * dt_s)
    after = here + floor + down
    after[0] -= out
    after[1:] -= down[:-1]
    return after, np.asarray(queue - floor), out


@dataclass(frozen=True, slots=True)
class Clearance:
    """A stairwell as it empties: `t_s` (m,), `out` (m,), `on_stair` and `waiting` (m, n).

    Range: as `clearance`.
    Source: as `clearance`.
    Verified: yes
    Test: tests/physics/test_egress.py
    """

    t_s: Floats
    out: Floats
    on_stair: Floats
    waiting: Floats

    def out_by_s(self, share: float) -> float:
        """Give when a share of all that ever came has left, s; inf if not within the times."""
        goal = share * (self.out[-1] + self.on_stair[-1].sum() + self.waiting[-1].sum())
        found = np.flatnonzero(self.out >= goal - 1e-9)
        return float(self.t_s[found[0]]) if found.size else math.inf


def clearance(
    stair: Stair,
    arrivals: ArrayLike,
    t_s: ArrayLike,
    factor: ArrayLike = 1.0,
    floor_share: float = 0.5,
) -> Clearance:
    """Give the emptying of a stairwell for people who reach its doors over time.

    `arrivals` (m, n) persons that have reached the door of each storey by `t_s` (m,), never
    falling; `factor` scalar, (n,) or (m, n) on speed. Sub-steps keep within the stair's longest
    step; people arrive evenly between times. ValueError for shapes that do not fit.
    Range: as `stair_step`.
    Source: as `stair_step`.
    Verified: yes
    Test: tests/physics/test_egress.py
    """
    times, come = np.asarray(t_s, dtype=float), np.asarray(arrivals, dtype=float)
    if come.shape != (times.size, stair.storeys) or np.any(np.diff(come, axis=0) < -1e-9):
        raise ValueError("arrivals must be (times, storeys) and never fall")
    slow = np.broadcast_to(np.asarray(factor, dtype=float), come.shape)
    on_stair, waiting, out = np.zeros(stair.storeys), come[0].copy(), 0.0
    outs, stairs, waits = [0.0], [on_stair], [waiting]
    for row in range(1, times.size):
        span = float(times[row] - times[row - 1])
        count = max(math.ceil(span / stair.longest_step_s), 1)
        fresh = (come[row] - come[row - 1]) / count
        for _ in range(count):
            on_stair, waiting, left = stair_step(
                stair, on_stair, waiting + fresh, span / count, slow[row], floor_share
            )
            out += left
        outs.append(out)
        stairs.append(on_stair)
        waits.append(waiting)
    return Clearance(times, np.array(outs), np.array(stairs), np.array(waits))
