"""Smoke in stairs, light wells and corridors by storey: stack effect, doors, pressurisation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg.lapack import dgtsv

from drillsim.data.room_fire import constant
from drillsim.physics.room_temperature import DISCHARGE, G, rising_root
from drillsim.physics.tenability import gas_rate_per_min, visibility_m

Floats = NDArray[np.float64]

# Density of air is 353 / T at the pressure of the sea.
RHO_K = 353.0
# What is carried, in this order, kg/m3.
CARRIED = ("soot", "co", "co2", "hcn")
MOLAR_KG = (28.0e-3, 44.0e-3, 27.0e-3)


@dataclass(frozen=True, slots=True)
class Shaft:
    """A stair or a light well: storeys from the lowest up, height m, plan m2, vents m2.

    `top_m2` opens to the air at the head, `foot_m2` at the bottom (the exit door standing open).
    Range: 1 to 60 storeys.
    Source: geometry.
    Verified: yes
    Test: tests/physics/test_stair_smoke.py
    """

    storeys: int
    storey_m: float = 2.9
    plan_m2: float = 12.0
    top_m2: float = 0.0
    foot_m2: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a shaft without size."""
        if self.storeys < 1 or min(self.storey_m, self.plan_m2) <= 0.0:
            raise ValueError("a shaft has a storey, a height and a plan above 0")

    @property
    def middles_m(self) -> Floats:
        """Give the heights of the middles of its storeys above its foot, (n,) m."""
        return np.asarray((np.arange(self.storeys) + 0.5) * self.storey_m, dtype=float)


@dataclass(frozen=True, slots=True)
class ShaftFlow:
    """Air through a shaft: `over_pa` against each floor, `out_kg_s` through each door (in: < 0).

    All (n,); `swap_kg_s` goes both ways through an open door besides; `up_kg_s` from each storey
    to the next (the last: out of the head; negative: in), `foot_kg_s` in at the foot.
    Range: as `shaft_flow`.
    Source: as `shaft_flow`.
    Verified: yes
    Test: tests/physics/test_stair_smoke.py
    """

    over_pa: Floats
    out_kg_s: Floats
    swap_kg_s: Floats
    up_kg_s: Floats
    foot_kg_s: float


def door_area_m2(
    open_share: ArrayLike, leaf_m2: float = 1.8, leak_m2: float | None = None
) -> Floats:
    """Give the area through which a storey's doors pass air, m2: leak when shut, leaf when open.

    `open_share` of the time (or of the doors) in [0, 1], any shape; `leak_m2` by default the
    table's. ValueError for a share outside.
    Range: single leaf doors.
    Source: EN 12101-6 and BS 5588-4 for leaks.
    Verified: no (leak 0.01 to 0.04 m2)
    Test: tests/physics/test_stair_smoke.py
    """
    share = np.asarray(open_share, dtype=float)
    if np.any((share < 0.0) | (share > 1.0)):
        raise ValueError("the share of an open door must lie in [0, 1]")
    leak = constant("door-leak-m2") if leak_m2 is None else leak_m2
    return np.asarray(leak + share * (leaf_m2 - leak))


def _each(figure: ArrayLike, n: int) -> Floats:
    """Give a figure of every storey, (n,), from one for all or one for each."""
    given = np.asarray(figure, dtype=float)
    return given if given.shape == (n,) else np.full(n, given)


def shaft_flow(
    shaft: Shaft,
    door_m2: ArrayLike,
    shaft_k: ArrayLike,
    outside_k: float,
    floor_k: ArrayLike | None = None,
    floor_pa: ArrayLike = 0.0,
    supply_kg_s: ArrayLike = 0.0,
) -> ShaftFlow:
    """Give the air through a shaft and its doors: stack effect, fan, hot floors.

    Per storey (n,) or scalar: `door_m2` passing area, `shaft_k`, `floor_k` behind the doors
    (outside by default), `floor_pa` there over the outside at the same height (fire, wind),
    `supply_kg_s` blown in by the fan. Floors stand at outside pressure but for `floor_pa`: the
    facade is taken as much leakier than the stair door, so inflows are an upper bound. Open doors
    swap air both ways by temperature, less by what the net flow drives. ValueError for no way out.
    Range: to 60 storeys, doors to 2.2 m.
    Source: Klote & Milke, stack effect and orifice flow; Brown & Solvason 1962 for the swap
      (0.33 Cd A sqrt(g H drho/rho)).
    Verified: yes
    Test: tests/physics/test_stair_smoke.py
    """
    n = shaft.storeys
    area = _each(door_m2, n)
    if area.sum() + shaft.top_m2 + shaft.foot_m2 <= 0.0:
        raise ValueError("a shaft without any opening has no flow")
    inside = RHO_K / _each(shaft_k, n)
    outside = RHO_K / outside_k
    behind = inside * 0.0 + RHO_K / (outside_k if floor_k is None else np.asarray(floor_k, float))
    blown = _each(supply_kg_s, n)
    lift = G * (outside - inside) * shaft.storey_m
    # the doors, then the head and the foot: area, pressure over the foot, density out and in
    areas, stack, out_of, into = np.empty((4, n + 2))
    areas[:n], areas[n], areas[n + 1] = area, shaft.top_m2, shaft.foot_m2
    stack[:n] = lift.cumsum() - 0.5 * lift - np.asarray(floor_pa, dtype=float)
    stack[n], stack[n + 1] = lift.sum(), 0.0
    into[:n], into[n:] = 2.0 * behind, 2.0 * outside
    out_of[:n], out_of[n], out_of[n + 1] = 2.0 * inside, 2.0 * inside[-1], 2.0 * inside[0]
    total, weight, wide = float(blown.sum()), float(areas.sum()), DISCHARGE * areas

    def flows(foot_pa: float) -> Floats:
        over = foot_pa + stack
        passing = np.abs(over)
        passing *= np.where(over > 0.0, out_of, into)
        np.sqrt(passing, out=passing)
        passing *= wide
        return np.copysign(passing, over, out=passing)

    def excess(foot_pa: float) -> float:
        return float(np.add.reduce(flows(foot_pa))) - total

    start = -float((stack * areas).sum()) / weight
    foot_pa, _ = rising_root(excess, start, max(weight, 1e-3), 1e-7)
    passed = flows(foot_pa)
    doors = passed[:n]
    loose = np.abs(behind - inside) / np.minimum(behind, inside)
    free = DISCHARGE * area / 3.0 * np.sqrt(G * 2.0 * loose) * np.minimum(behind, inside)
    swap = np.maximum(free - 0.5 * np.abs(doors), 0.0) * (area > 0.2)
    up = (blown - doors).cumsum() - passed[n + 1]
    return ShaftFlow(foot_pa + stack[:n], doors, swap, up, -float(passed[n + 1]))


def shaft_step(
    shaft: Shaft,
    held_kg_m3: ArrayLike,
    floor_kg_m3: ArrayLike,
    flow: ShaftFlow,
    shaft_k: ArrayLike,
    dt_s: float,
    loss_per_s: ArrayLike = 0.0,
) -> Floats:
    """Carry what the air of a shaft holds over a step, (n, g) kg/m3 by storey and substance.

    `held_kg_m3` now and `floor_kg_m3` behind the doors, both (n, g); `flow` from `shaft_flow`,
    `shaft_k` as there; `loss_per_s` (g,) to walls. Each storey is well mixed; neighbours swap
    `mixing-mps` times the plan besides. Implicit in time: any step, never negative, mass kept.
    Fan and outside air are clean. ValueError for a step of 0 or less.
    Range: steps to 60 s; the front is smeared over a few storeys.
    Source: well-mixed compartments in a row (CONTAM; Klote & Milke).
    Verified: yes
    Test: tests/physics/test_stair_smoke.py
    """
    if dt_s <= 0.0:
        raise ValueError("a step must last longer than 0 s")
    held, beyond = np.asarray(held_kg_m3, float), np.asarray(floor_kg_m3, float)
    n = shaft.storeys
    dense = RHO_K / _each(shaft_k, n)
    volume = shaft.plan_m2 * shaft.storey_m
    # Volumes per second between storeys: carried up, carried down, mixed.
    mixed = constant("mixing-mps") * shaft.plan_m2
    rise = np.maximum(flow.up_kg_s, 0.0) / dense
    down = np.maximum(-flow.up_kg_s[:-1], 0.0) / dense[1:] + mixed
    leaves = np.maximum(flow.out_kg_s, 0.0) / dense + flow.swap_kg_s / dense + rise
    leaves[1:] += down
    leaves[:-1] += mixed
    leaves[0] += max(-flow.foot_kg_s, 0.0) / dense[0]
    enters = (np.maximum(-flow.out_kg_s, 0.0) + flow.swap_kg_s) / dense
    losses = np.broadcast_to(np.asarray(loss_per_s, dtype=float), (held.shape[1],))
    still = volume / dt_s
    known = still * held + enters[:, None] * beyond
    stays, below, above = still + leaves, -(rise[:-1] + mixed), -down
    if n == 1:
        return np.asarray(known / (stays + losses * volume))
    result = np.empty_like(held)
    for loss in dict.fromkeys(losses.tolist()):  # what is lost alike has one matrix
        same = np.flatnonzero(losses == loss)
        *_, solved, failed = dgtsv(below, stays + loss * volume, above, known[:, same])
        if failed:
            raise ValueError(f"the air of the shaft could not be solved in a step of {dt_s} s")
        result[:, same] = solved
    return result


def mixed_step(
    held_kg_m3: ArrayLike,
    volume_m3: ArrayLike,
    made_kg_s: ArrayLike,
    air_m3_s: ArrayLike,
    dt_s: float,
    air_kg_m3: ArrayLike = 0.0,
) -> Floats:
    """Carry well-mixed corridors or flats over a step with steady inflow, (n, g) kg/m3.

    `volume_m3` (n,), `made_kg_s` (n, g) that comes in as smoke, `air_m3_s` (n,) exchanged with air
    holding `air_kg_m3` (n, g) or 0. Exact for constant rates. ValueError for a step of 0 or less.
    Range: rooms whose smoke is stirred; not the layered room of the fire.
    Source: first-order box.
    Verified: yes
    Test: tests/physics/test_stair_smoke.py
    """
    if dt_s <= 0.0:
        raise ValueError("a step must last longer than 0 s")
    volume = np.asarray(volume_m3, dtype=float)[:, None]
    air = np.asarray(air_m3_s, dtype=float)[:, None]
    held, fresh = np.asarray(held_kg_m3, float), np.asarray(air_kg_m3, float)
    rate = np.maximum(air / volume, 1e-15)
    gone = -np.expm1(-rate * dt_s)
    lasting = np.asarray(made_kg_s, dtype=float) / volume * gone / rate
    return np.asarray(held + (fresh - held) * gone + lasting)


def gas_dose_per_min(held_kg_m3: ArrayLike, air_k: ArrayLike) -> Floats:
    """Give the dose of asphyxiant gases taken in a minute of air that holds smoke.

    `held_kg_m3` (..., 4) of `CARRIED`, `air_k` of shapes that broadcast with its front.
    Range: as `tenability`.
    Source: ideal gas; ISO 13571.
    Verified: yes
    Test: tests/physics/test_stair_smoke.py
    """
    held = np.asarray(held_kg_m3, dtype=float)
    litres = 8.314 * np.asarray(air_k, dtype=float) / 101_325.0
    co, co2, hcn = (held[..., k] / kg * litres for k, kg in enumerate(MOLAR_KG, start=1))
    return gas_rate_per_min(co * 1e6, co2 * 100.0, hcn * 1e6)


def smoke_levels(held_kg_m3: ArrayLike, air_k: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Give what smoke does: sight to a lit sign (m), extinction (1/m), gas dose a minute.

    `held_kg_m3` (..., 4) of `CARRIED`, `air_k` of shapes that broadcast with its front.
    Range: as `tenability`.
    Source: ideal gas; ISO 13571; Jin.
    Verified: yes
    Test: tests/physics/test_stair_smoke.py
    """
    held = np.asarray(held_kg_m3, dtype=float)
    extinction = constant("smoke-extinction") * held[..., 0]
    return visibility_m(held[..., 0]), np.asarray(extinction), gas_dose_per_min(held, air_k)
