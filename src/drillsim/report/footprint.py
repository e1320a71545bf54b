"""The outline of the cloud on the map at chosen times, from scenario and log alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drillsim.hazards import Change, Hazard, ToxicRelease
from drillsim.log.runlog import RunLog
from drillsim.physics.harm import aegl_ppm
from drillsim.scenario import Scenario

Floats = NDArray[np.float64]
MAP_EXPOSURE_S = 600.0
REACH_M, WIDTH_M = 9000.0, 1500.0
ALONG, ACROSS = 180, 40


@dataclass(frozen=True)
class Outline:
    """Where the outdoor air is above the AEGL of a tier (10 min) at one time.

    `rings` are polygons (k, 2) in metres east and north; none when the level is reached nowhere.
    """

    tier: int
    ppm: float
    t_s: float
    rings: tuple[Floats, ...]


def hazard_of(scenario: Scenario, log: RunLog) -> Hazard:
    """Rebuild the hazard of a run: the drawn weather, then every change the log tells of."""
    weather = scenario.file.weather
    for event in log.of("drawn"):
        if event.subject == "weather":
            weather = weather.model_copy(
                update={
                    "wind_from": event.data["wind_from_deg"],
                    "wind_speed": event.data["wind_mps"],
                    "stability": event.data["stability"],
                    "temperature": event.data["temperature_k"],
                    "direction_sd": 0.0,
                    "speed_cv": 0.0,
                }
            )
    hazard = scenario.hazard(weather)
    for event in log.of("hazard-changed"):
        where = str(event.data.get("where", ""))
        hazard = hazard.after(Change(event.subject, float(event.data["factor"]), where), event.t)
    return hazard


def wind_from_deg(scenario: Scenario, log: RunLog) -> float:
    """Give the drawn wind direction, degrees from which it blows."""
    for event in log.of("drawn"):
        if event.subject == "weather":
            return float(event.data["wind_from_deg"])
    return float(scenario.file.weather.wind_from)


def source_xy(scenario: Scenario) -> tuple[float, float]:
    """Give the place of the accident, metres east and north; on the water, where boats go to."""
    if scenario.file.family == "water-transport":
        node = scenario.city.graph.nodes[scenario.city.node_of(scenario.spec.at, "water")]
        return float(node["x"]), float(node["y"])
    return scenario.city.facilities[scenario.spec.at].xy


def outlines(
    scenario: Scenario, log: RunLog, times_s: Sequence[float], tiers: Sequence[int] = (2, 3)
) -> tuple[Outline, ...]:
    """Give the outlines of the AEGL tiers at the times, each tier and time once.

    The levels are those of a 10-minute exposure, read at 1.5 m. The cloud is taken as symmetric
    about its axis and falling away from it, as both plume models are; the edge is interpolated
    between points on a fan of rays.
    """
    hazard = hazard_of(scenario, log)
    if not isinstance(hazard, ToxicRelease):
        return ()
    gas = hazard.of
    bearing = np.radians(wind_from_deg(scenario, log) + 180.0)
    axis = np.array([np.sin(bearing), np.cos(bearing)])
    normal = np.array([axis[1], -axis[0]])
    along = REACH_M * np.linspace(0.03, 1.0, ALONG) ** 2
    across = WIDTH_M * np.linspace(0.0, 1.0, ACROSS) ** 2
    start = np.array(source_xy(scenario))
    grid = start + along[:, None, None] * axis + across[None, :, None] * normal
    quantity = f"{gas.short}@1.5m/{MAP_EXPOSURE_S:.0f}s"
    levels = hazard.level(quantity, grid.reshape(-1, 2), np.asarray(times_s, dtype=float))
    levels = levels.reshape(len(times_s), ALONG, ACROSS)
    found = []
    for tier in tiers:
        ppm = float(aegl_ppm(gas, tier, MAP_EXPOSURE_S))
        for k, t_s in enumerate(times_s):
            half = half_widths(levels[k], across, ppm)
            rings = tuple(
                start + down[:, None] * axis + side[:, None] * normal
                for down, side in _rings(along, half, levels[k][:, 0], ppm)
            )
            found.append(Outline(tier, ppm, float(t_s), rings))
    return tuple(found)


def half_widths(levels: Floats, across_m: Floats, threshold: float) -> Floats:
    """Give how far from the axis each row (n, m) stays at or above a threshold, m; 0 where never.

    Linear in the logarithm of the level between two columns, as a Gaussian edge asks for.
    """
    inside = levels >= threshold
    last = np.where(inside[:, 0], np.argmin(np.c_[inside, np.zeros(len(levels), bool)], axis=1), 0)
    rows = np.arange(len(levels))
    before = np.clip(last - 1, 0, levels.shape[1] - 1)
    beyond = np.clip(last, 0, levels.shape[1] - 1)
    high = np.log(np.maximum(levels[rows, before], 1e-30))
    low = np.log(np.maximum(levels[rows, beyond], 1e-30))
    share = np.clip((high - np.log(threshold)) / np.maximum(high - low, 1e-12), 0.0, 1.0)
    edge = across_m[before] + share * (across_m[beyond] - across_m[before])
    return np.where(inside[:, 0], edge, 0.0)


def _rings(
    along: Floats, half: Floats, axis_ppm: Floats, threshold: float
) -> list[tuple[Floats, Floats]]:
    """Give each unbroken stretch of the cloud as (down-wind, sideways) of a closed ring."""

    def end_m(inside: int, outside: int) -> float:
        high, low = np.log(np.maximum(axis_ppm[[inside, outside]], 1e-30))
        share = (high - np.log(threshold)) / max(high - low, 1e-12)
        return float(along[inside] + min(share, 1.0) * (along[outside] - along[inside]))

    rings = []
    edges = np.flatnonzero(np.diff(np.r_[0, (half > 0).astype(int), 0]))
    for first, end in zip(edges[0::2], edges[1::2], strict=True):
        x, w = along[first:end], half[first:end]
        x0 = end_m(first, first - 1) if first else 0.0
        x1 = end_m(end - 1, end) if end < len(along) else x[-1]
        down = np.r_[x0, x, x1, x[::-1]]
        rings.append((down, np.r_[0.0, w, 0.0, -w[::-1]]))
    return rings
