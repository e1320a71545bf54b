"""Traffic held up by an incident: capacity left, queue, delay, length, and shock speeds.

Arrivals and capacity are step functions of time; the queue is the gap between the cumulative
curves of arrivals and departures, in closed form between their knots. A point queue: vehicles
wait at the incident, its length follows from the density of standing traffic. Deterministic; a
random duration enters as a quantile. Left out: drivers who turn off, stop-and-go waves, and what
a queue does to the junctions it grows across (see `spillback_s`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from drillsim.data.transport import transport

Floats = NDArray[np.float64]
Shoulder = Literal["clear", "disablement", "accident"]


def residual_capacity(lanes: int, blocked: int, shoulder: Shoulder = "clear") -> float:
    """Give the share of a carriageway's capacity left at an incident, 0 to 1.

    `lanes` in one direction, 2 to 8; `blocked` of them, 0 to `lanes`; with none blocked the
    `shoulder` counts ("clear" leaves 1). Blocking every lane leaves 0; more than three of them,
    where the table ends, leaves the entry for three scaled by the open lanes. ValueError for lanes
    out of the table or more blocked than there are.

    Range: 2 to 8 lanes in one direction; freeways and elevated roads
    Source: FHWA-HOP-13042 (2013), appendix C, table 40 (HCM 2010 exhibit 10-17)
    Verified: yes (read there; beyond three blocked lanes it is our scaling)
    Test: tests/physics/test_traffic_queue.py
    """
    table = transport().road.residual
    if lanes not in table or not 0 <= blocked <= lanes:
        raise ValueError(f"lanes must be 2 to 8 and blocked 0 to lanes, not {lanes} and {blocked}")
    row = table[lanes]
    if blocked == lanes:
        return 0.0
    if blocked == 0:
        return {"clear": 1.0, "disablement": row[0], "accident": row[1]}[shoulder]
    if blocked <= 3:
        return row[1 + blocked]
    return row[4] * (lanes - blocked) / (lanes - 3)


def incident_duration_s(kind: str, u: ArrayLike) -> Floats:
    """Give the u-quantile of an incident's duration, s: log-normal with the table's mean and sd.

    `kind` "shoulder", "one-lane", "two-lane" or "three-lane"; `u` in (0, 1), any shape.
    KeyError for another kind, ValueError for a quantile out of range.

    Range: ordinary incidents; a burning tanker lasts hours and is scenario input
    Source: HCM 2010 default incident durations, from memory
    Verified: no (from memory; range by kind in drillsim/data/transport.yaml)
    Test: tests/physics/test_traffic_queue.py
    """
    quantile = np.asarray(u, dtype=np.float64)
    if (quantile <= 0.0).any() or (quantile >= 1.0).any():
        raise ValueError("a quantile must lie in (0, 1)")
    row = transport().road.duration[kind]
    spread = math.log1p((row.sd_s / row.mean_s) ** 2)
    return np.asarray(row.mean_s * np.exp(-0.5 * spread + math.sqrt(spread) * ndtri(quantile)))


@dataclass(frozen=True, slots=True)
class Steps:
    """A rate that changes in steps: `rates_veh_s[i]` from `starts_s[i]` on; starts rise from 0.

    Range: rates of 0 or more, vehicles a second over all lanes
    Source: scenario
    Verified: yes (a definition)
    Test: tests/physics/test_traffic_queue.py
    """

    starts_s: tuple[float, ...]
    rates_veh_s: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.starts_s) != len(self.rates_veh_s) or not self.starts_s:
            raise ValueError("steps need one rate for each start")
        if self.starts_s[0] != 0.0 or (np.diff(self.starts_s) <= 0.0).any():
            raise ValueError("the starts of the steps must rise from 0")
        if min(self.rates_veh_s) < 0.0:
            raise ValueError("a rate must be 0 or more")

    def rate(self, t_s: float) -> float:
        """Give the rate at a time, vehicles/s."""
        return self.rates_veh_s[int(np.searchsorted(self.starts_s, t_s, side="right")) - 1]


@dataclass(frozen=True, slots=True)
class Queue:
    """Cumulative curves: knots `t_s`, vehicles `arrived` and `departed`, each (k,), and `capacity`.

    `clear_s` is when the queue has gone for good, inf if it still stands at the horizon.

    Range: from 0 to the horizon of `queue_curves`
    Source: cumulative curves, Newell (1982), Applications of Queueing Theory, ch. 2
    Verified: yes (identity)
    Test: tests/physics/test_traffic_queue.py
    """

    t_s: Floats
    arrived: Floats
    departed: Floats
    capacity: Steps

    @property
    def clear_s(self) -> float:
        """Time at which the queue has gone for good, s."""
        waiting = np.flatnonzero(self.arrived - self.departed > 1e-9)
        if len(waiting) == 0:
            return 0.0
        after = int(waiting[-1]) + 1
        return float(self.t_s[after]) if after < len(self.t_s) else math.inf

    @property
    def longest(self) -> float:
        """Most vehicles that ever wait."""
        return float((self.arrived - self.departed).max())

    @property
    def total_delay_s(self) -> float:
        """Delay of all vehicles up to the horizon, vehicle-seconds: the area between the curves."""
        return float(np.trapezoid(self.arrived - self.departed, self.t_s))

    def vehicles(self, t_s: ArrayLike) -> Floats:
        """Give the vehicles waiting at times."""
        time = np.asarray(t_s, dtype=np.float64)
        return np.asarray(np.interp(time, self.t_s, self.arrived - self.departed))

    def delay_s(self, t_s: ArrayLike) -> Floats:
        """Give the delay of a vehicle that arrives at each time, first come first served, s.

        inf when it does not get through within the horizon.
        """
        time = np.asarray(t_s, dtype=np.float64)
        number = np.interp(time, self.t_s, self.arrived)
        waiting = number - np.interp(time, self.t_s, self.departed) > 1e-9
        # the first time at which that many have left, on the climb that follows any flat stretch
        after = np.searchsorted(self.departed, number - 1e-9, side="left")
        after = np.clip(after, 1, len(self.t_s) - 1)
        low, high = self.departed[after - 1], self.departed[after]
        some = high - low > 1e-9
        part = np.divide(number - low, high - low, out=np.zeros_like(number), where=some)
        reached = self.t_s[after - 1] + part * (self.t_s[after] - self.t_s[after - 1])
        turn = self._next_open(np.where(waiting, np.maximum(reached, time), time))
        gone = number <= self.departed[-1] + 1e-9
        return np.asarray(np.where(gone & (turn <= self.t_s[-1]), turn - time, np.inf))

    def _next_open(self, t_s: Floats) -> Floats:
        """Give the first time at or after each at which the incident lets anybody through."""
        starts = np.asarray(self.capacity.starts_s)
        opens = np.where(np.asarray(self.capacity.rates_veh_s) > 0.0, starts, np.inf)
        soonest = np.append(np.minimum.accumulate(opens[::-1])[::-1], np.inf)
        step = np.searchsorted(starts, t_s, side="right") - 1
        return np.where(np.isfinite(opens[step]), t_s, soonest[step + 1])


def queue_curves(arrival: Steps, capacity: Steps, horizon_s: float) -> Queue:
    """Give the cumulative curves of arrivals and departures at an incident.

    Both rates in vehicles/s over all lanes. Departures run at the capacity while a queue stands,
    at the arrivals otherwise; the moment at which a queue ends is found exactly. ValueError for a
    horizon that is not above zero.

    Range: any rates; one bottleneck
    Source: cumulative curves, Newell (1982), ch. 2; HCM 2010 appendix on incidents
    Verified: yes (textbook example by hand in the test; vehicles conserved)
    Test: tests/physics/test_traffic_queue.py
    """
    if horizon_s <= 0.0:
        raise ValueError("the horizon must be above 0")
    changes = sorted({*arrival.starts_s, *capacity.starts_s, horizon_s})
    changes = [t for t in changes if t <= horizon_s]
    knots, came, left = [0.0], [0.0], [0.0]
    for begin, end in pairwise(changes):
        start = begin
        enters, most = arrival.rate(start), capacity.rate(start)
        waiting = came[-1] - left[-1]
        if waiting > 0.0 and most > enters:
            ends = start + waiting / (most - enters)
            if ends < end:
                knots.append(ends)
                came.append(came[-1] + enters * (ends - start))
                left.append(came[-1])
                start, waiting = ends, 0.0
        step = end - start
        leaves = most if waiting > 0.0 else min(enters, most)
        knots.append(end)
        came.append(came[-1] + enters * step)
        left.append(min(left[-1] + leaves * step, came[-1]))
    return Queue(np.array(knots), np.array(came), np.array(left), capacity)


def queue_length_m(
    vehicles: ArrayLike, lanes: int, density_veh_m_lane: float | None = None
) -> Floats:
    """Give the length of a standing queue, m: vehicles over lanes and density.

    `vehicles` any shape; density of standing traffic by default 0.140 vehicles per metre and lane.
    ValueError for lanes or a density that are not above zero.

    Range: standing traffic, 0.11 to 0.16 vehicles/m/lane (lorries: less)
    Source: traffic-flow textbooks, from memory
    Verified: no (density from memory)
    Test: tests/physics/test_traffic_queue.py
    """
    density = _density(density_veh_m_lane)
    if lanes < 1:
        raise ValueError("lanes must be 1 or more")
    return np.asarray(np.asarray(vehicles, dtype=np.float64) / (lanes * density))


def stored_vehicles(length_m: float, lanes: int, density_veh_m_lane: float | None = None) -> float:
    """Give the vehicles that a stretch of road holds when all stand: length x lanes x density.

    Range: as `queue_length_m`
    Source: as `queue_length_m`
    Verified: no (density from memory)
    Test: tests/physics/test_traffic_queue.py
    """
    return length_m * lanes * _density(density_veh_m_lane)


def _density(given: float | None) -> float:
    density = transport().road.jam_density_veh_m_lane.value if given is None else given
    if density <= 0.0:
        raise ValueError("the density must be above 0")
    return density


def spillback_s(queue: Queue, room_m: float, lanes: int) -> float:
    """Give when a queue first reaches a ramp or junction `room_m` up-stream, s; inf if never.

    Range: as `queue_length_m`
    Source: geometry on `queue_curves`
    Verified: yes (identity)
    Test: tests/physics/test_traffic_queue.py
    """
    most = stored_vehicles(room_m, lanes)
    gap = queue.arrived - queue.departed
    over = np.flatnonzero(gap >= most)
    if len(over) == 0:
        return math.inf
    n = int(over[0])
    if n == 0:
        return float(queue.t_s[0])
    part = (most - gap[n - 1]) / (gap[n] - gap[n - 1])
    return float(queue.t_s[n - 1] + part * (queue.t_s[n] - queue.t_s[n - 1]))


def shock_speed_mps(
    flow_up_veh_s: float, density_up_veh_m: float, flow_down_veh_s: float, density_down_veh_m: float
) -> float:
    """Give the speed of the border between two traffic states, m/s, positive down-stream.

    w = (q2 - q1) / (k2 - k1); flows in vehicles/s, densities in vehicles/m, both over all lanes.
    ValueError for two states of equal density.

    Range: any two states
    Source: Lighthill & Whitham (1955), Proc. R. Soc. A 229:317-345; Richards (1956)
    Verified: yes (textbook example in the test)
    Test: tests/physics/test_traffic_queue.py
    """
    if density_up_veh_m == density_down_veh_m:
        raise ValueError("two states of equal density have no shock between them")
    return (flow_down_veh_s - flow_up_veh_s) / (density_down_veh_m - density_up_veh_m)


@dataclass(frozen=True, slots=True)
class Diagram:
    """A triangular flow-density diagram over all lanes: free speed, capacity, jam density.

    `free_mps` m/s, `capacity_veh_s` vehicles/s, `jam_veh_m` vehicles/m. ValueError when the
    capacity needs more than the jam density.

    Range: congested flow falls in a line to 0 at the jam density
    Source: Daganzo (1994), Transp. Res. B 28:269-287
    Verified: yes (identity)
    Test: tests/physics/test_traffic_queue.py
    """

    free_mps: float
    capacity_veh_s: float
    jam_veh_m: float

    def __post_init__(self) -> None:
        if min(self.free_mps, self.capacity_veh_s) <= 0.0:
            raise ValueError("speed and capacity must be above 0")
        if self.capacity_veh_s / self.free_mps >= self.jam_veh_m:
            raise ValueError("the jam density must be above capacity over free speed")

    def free_density_veh_m(self, flow_veh_s: float) -> float:
        """Give the density of free traffic at a flow, vehicles/m."""
        return flow_veh_s / self.free_mps

    def queued_density_veh_m(self, flow_veh_s: float) -> float:
        """Give the density of queued traffic at a flow, vehicles/m."""
        critical = self.capacity_veh_s / self.free_mps
        return self.jam_veh_m - (self.jam_veh_m - critical) * flow_veh_s / self.capacity_veh_s

    def tail_speed_mps(self, arriving_veh_s: float, through_veh_s: float) -> float:
        """Give the speed of a queue's tail, m/s, negative while it grows up-stream.

        `arriving_veh_s` free traffic behind it, `through_veh_s` what passes the incident.
        """
        return shock_speed_mps(
            arriving_veh_s,
            self.free_density_veh_m(arriving_veh_s),
            through_veh_s,
            self.queued_density_veh_m(through_veh_s),
        )

    def start_speed_mps(self) -> float:
        """Give the speed at which standing traffic sets off when freed, m/s (negative)."""
        return shock_speed_mps(
            0.0, self.jam_veh_m, self.capacity_veh_s, self.capacity_veh_s / self.free_mps
        )


def incident_capacity(
    lanes: int, stages: Sequence[tuple[float, int]], lane_veh_s: float | None = None
) -> Steps:
    """Give the capacity of a carriageway through an incident's stages, vehicles/s.

    `stages` are (start in s from 0, lanes blocked): e.g. ((0, 3), (3600, 1), (5400, 0)) for a full
    closure, one lane opened, all clear. `lane_veh_s` per lane, by default 0.53. Errors as
    `residual_capacity` and `Steps`.

    Range: 2 to 8 lanes in one direction
    Source: `residual_capacity`; lane capacity HCM 2010, from memory
    Verified: no (lane capacity from memory, 0.44 to 0.61)
    Test: tests/physics/test_traffic_queue.py
    """
    each = transport().road.capacity_veh_s_lane.value if lane_veh_s is None else lane_veh_s
    rates = tuple(lanes * each * residual_capacity(lanes, blocked) for _, blocked in stages)
    return Steps(tuple(start for start, _ in stages), rates)
