"""What releases carry past a place, on the grid of a spill; releases cut short.

Most of what is done to a spill leaves the dissolved cargo as it was, so what has been worked out
for the same ways, releases and current is kept.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from drillsim.hazards.slick_drift import GRID_S
from drillsim.physics.river_plume import FlowClock, concentration_kg_m3, passed_mass_kg
from drillsim.physics.river_transport import Passage, Release

Floats = NDArray[np.float64]


@lru_cache(maxsize=32)
def carried(
    ways: tuple[Passage, ...], releases: tuple[Release, ...], loss_per_s: float, clock: FlowClock
) -> Floats:
    """Give the concentration at a place, kg/m3, on `GRID_S` (not to be written to)."""
    found = concentration_kg_m3(ways, releases, GRID_S, loss_per_s, clock)
    found.flags.writeable = False
    return found


@lru_cache(maxsize=32)
def passed(ways: tuple[Passage, ...], releases: tuple[Release, ...], clock: FlowClock) -> Floats:
    """Give the mass that has gone past a place, kg, on `GRID_S` (not to be written to)."""
    found = passed_mass_kg(ways, releases, GRID_S, clock)
    found.flags.writeable = False
    return found


def cut(releases: tuple[Release, ...], t_s: float, factor: float) -> tuple[Release, ...]:
    """Give the releases with what would come out from `t_s` on multiplied by a factor, 0 to 1."""
    out: list[Release] = []
    for release in releases:
        end = release.start_s + release.duration_s
        if end <= t_s or release.duration_s == 0.0:
            out.append(release)
            continue
        rate = release.mass_kg / release.duration_s
        middle = max(release.start_s, t_s)
        if middle > release.start_s:
            before = middle - release.start_s
            out.append(Release(rate * before, release.start_s, before))
        if factor > 0.0:
            out.append(Release(rate * factor * (end - middle), middle, end - middle))
    return tuple(out)
