"""Firewater: what boils away, what runs off, what the basin holds, what reaches the river."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

WATER_KG_M3 = 998.0
# Water of 20 C warmed and boiled away.
WATER_J_KG = 2.59e6


def evaporated_share(heat_w: ArrayLike, water_m3_s: ArrayLike, taken: float = 0.3) -> Floats:
    """Give the share of firewater that boils away, in [0, 1]: taken Q / (m 2.59 MJ/kg).

    `heat_w` released by the fire or falling on the cooled walls; `water_m3_s` applied; `taken`
    share of that heat that goes into the water, in [0, 1]. 0 where no water is applied.

    Range: taken 0.1 to 0.5 for jets on fires, 0.5 to 1 of the heat on a cooled wall
    Source: heat balance; efficiency by Hadjisophocleous & Richardson (2005), Fire Technol. 41:173
    Verified: no (share taken from memory, 0.1 to 0.5)
    Test: tests/physics/test_firewater.py
    """
    if not 0.0 <= taken <= 1.0:
        raise ValueError("the share of heat taken lies in [0, 1]")
    water = np.asarray(water_m3_s, dtype=float) * WATER_KG_M3
    heat = np.asarray(heat_w, dtype=float)
    if np.any(water < 0.0) or np.any(heat < 0.0):
        raise ValueError("heat and water must not be negative")
    full = water * WATER_J_KG
    used = np.minimum(taken * heat, full)
    return np.divide(used, full, out=np.zeros_like(used), where=full > 0.0)


def emergency_basin_m3(
    largest_m3: float,
    firewater_m3: float,
    elsewhere_m3: float = 0.0,
    process_m3: float = 0.0,
    rain_m3: float = 0.0,
) -> float:
    """Give the volume that an emergency basin needs, m3: (V1 + V2 - V3) + V4 + V5, at least 0.

    `largest_m3` content of the largest vessel, `firewater_m3` of the fire, `elsewhere_m3` what
    bunds and pipes hold, `process_m3` waste water that still comes, `rain_m3` of the event.

    Range: all
    Source: GB 50483-2009 and Q/SY 1190-2013 (sizing of accident pools), from memory
    Verified: no (equation from memory)
    Test: tests/physics/test_firewater.py
    """
    parts = (largest_m3, firewater_m3, elsewhere_m3, process_m3, rain_m3)
    if min(parts) < 0.0:
        raise ValueError("volumes must not be negative")
    return max(largest_m3 + firewater_m3 - elsewhere_m3, 0.0) + process_m3 + rain_m3


@dataclass(frozen=True, slots=True)
class Basin:
    """What catches contaminated water: `capacity_m3` (bund, drains and pool together).

    `stored_m3` in it at the start (rain, for one), `pump_m3_s` what is carried off to treatment.

    Range: all not negative
    Source: definition
    Verified: yes
    Test: tests/physics/test_firewater.py
    """

    capacity_m3: float
    stored_m3: float = 0.0
    pump_m3_s: float = 0.0

    def __post_init__(self) -> None:
        """Refuse negative volumes and more than it holds."""
        if min(self.capacity_m3, self.stored_m3, self.pump_m3_s) < 0.0:
            raise ValueError("volumes and rates of a basin must not be negative")
        if self.stored_m3 > self.capacity_m3:
            raise ValueError("a basin cannot start with more than it holds")


@dataclass(frozen=True, slots=True)
class Runoff:
    """The course of firewater, each array (n,) at the end of a step, sums since the start.

    `evaporated_m3`, `basin_m3` and `basin_kg` stored, `pumped_m3` and `pumped_kg` carried off,
    `river_m3` and `river_kg` that reached the waterway, past the basin or over its edge;
    `undissolved_kg` pollutant that no water has yet carried.

    Range: all
    Source: balance of water and of pollutant
    Verified: yes (both balances closed)
    Test: tests/physics/test_firewater.py
    """

    evaporated_m3: Floats
    basin_m3: Floats
    basin_kg: Floats
    pumped_m3: Floats
    pumped_kg: Floats
    river_m3: Floats
    river_kg: Floats
    undissolved_kg: Floats

    def overflow_step(self) -> int | None:
        """Give the first step in which anything reaches the waterway; None if nothing does."""
        found = np.flatnonzero(self.river_m3 > 0.0)
        return int(found[0]) if found.size else None


def run_off(
    basin: Basin,
    water_m3_s: ArrayLike,
    dt_s: float,
    pollutant_kg_s: ArrayLike = 0.0,
    evaporated: ArrayLike = 0.0,
    bypass: ArrayLike = 0.0,
) -> Runoff:
    """Give the course of firewater into a basin and over it into the waterway.

    Within each step of `dt_s`: `water_m3_s` applied, a share `evaporated` boils away, the rest
    takes up `pollutant_kg_s` that is washed in (and what earlier steps left behind, where there
    is run-off); a share `bypass` of the run-off misses the basin (the rain outlet not shut), the
    rest mixes with what is stored; the pump draws from the mixture; what is more than the basin
    holds flows over at the mixture's concentration. `water_m3_s` is (n,); the others scalar or
    (n,). The pollutant is taken to be dissolved or carried evenly; what floats would overflow
    first: for oils `river_kg` is a lower bound.

    Range: steps short against the filling time of the basin
    Source: balance of a stirred basin
    Verified: yes (water and pollutant balances closed to 1e-9)
    Test: tests/physics/test_firewater.py
    """
    water = np.atleast_1d(np.asarray(water_m3_s, dtype=float))
    pollutant, boiled, missed = (
        np.broadcast_to(np.asarray(v, dtype=float), water.shape)
        for v in (pollutant_kg_s, evaporated, bypass)
    )
    if not dt_s > 0.0 or np.any(water < 0.0) or np.any(pollutant < 0.0):
        raise ValueError("the step must be above 0 s, water and pollutant not below 0")
    if any(np.any((v < 0.0) | (v > 1.0)) for v in (boiled, missed)):
        raise ValueError("evaporated and bypass are shares in [0, 1]")
    stored_m3, stored_kg, loose_kg = basin.stored_m3, 0.0, 0.0
    out = np.zeros((8, len(water)))
    sums = np.zeros(5)
    for k in range(len(water)):
        gone = water[k] * boiled[k] * dt_s
        flow = water[k] * dt_s - gone
        loose_kg += pollutant[k] * dt_s
        carried = loose_kg if flow > 0.0 else 0.0
        loose_kg -= carried
        stored_m3 += flow * (1.0 - missed[k])
        stored_kg += carried * (1.0 - missed[k])
        drawn = min(basin.pump_m3_s * dt_s, stored_m3)
        drawn_kg = stored_kg * drawn / stored_m3 if stored_m3 > 0.0 else 0.0
        stored_m3, stored_kg = stored_m3 - drawn, stored_kg - drawn_kg
        over = max(stored_m3 - basin.capacity_m3, 0.0)
        over_kg = stored_kg * over / stored_m3 if stored_m3 > 0.0 else 0.0
        stored_m3, stored_kg = stored_m3 - over, stored_kg - over_kg
        past, past_kg = flow * missed[k] + over, carried * missed[k] + over_kg
        sums += (gone, drawn, drawn_kg, past, past_kg)
        out[:, k] = (sums[0], stored_m3, stored_kg, *sums[1:], loose_kg)
    return Runoff(*out)
