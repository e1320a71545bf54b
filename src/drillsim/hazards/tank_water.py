"""Firewater of a tank farm: what is applied by whom, what boils off, what reaches the waterway."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from drillsim.hazards.tank_course import Act
from drillsim.physics.firewater import Basin, evaporated_share, run_off

STEP_S = 60.0
# Of the heat on a cooled wall, the share that goes into the water (own figure, 0.5 to 1).
WALL_TAKEN = 0.7
NOTHING = {"firewater_m3": 0.0, "river_m3": 0.0, "river_kg": 0.0}


def firewater(
    acts: Sequence[Act], basin: Basin, wash_kg_m3: float, wall_w: float, t_s: float
) -> dict[str, float]:
    """Give m3 of firewater applied and run off up to a time, and kg of pollutant in the waterway.

    `wall_w` heat on the cooled walls, W. Every body's flow is that of its last word (`water`); the
    share that misses the basin is 1 until somebody shuts the rain outlet (`drain`).
    """
    steps = max(math.ceil(t_s / STEP_S), 1)
    middles = (np.arange(steps) + 0.5) * STEP_S
    flow, missed = np.zeros(steps), np.ones(steps)
    for key in sorted({a.where for a in acts if a.kind == "water"}):
        mine = np.zeros(steps)
        for act in acts:
            if act.kind == "water" and act.where == key:
                mine[middles >= act.t_s] = act.factor
        flow += mine
    for act in acts:
        if act.kind == "drain":
            missed[middles >= act.t_s] = act.factor
    if not flow.any():
        return dict(NOTHING)
    boiled = evaporated_share(wall_w, flow, WALL_TAKEN)
    whole = run_off(basin, flow, STEP_S, flow * (1.0 - boiled) * wash_kg_m3, boiled, missed)
    return {
        "firewater_m3": round(float(flow.sum()) * STEP_S, 1),
        "river_m3": round(float(whole.river_m3[-1]), 1),
        "river_kg": round(float(whole.river_kg[-1]), 1),
    }
