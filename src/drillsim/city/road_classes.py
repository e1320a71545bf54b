"""Classes of roads and waterways: free-flow speed, congestion by hour, who may hurry on them.

Every figure here is a planning default from judgement (`verified=False`) with its range, except
the emergency ratio, which is a measured median. An imported road with its own posted speed keeps
that speed; the class then only gives the hourly profile.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from drillsim.i18n import Text

EMERGENCY_RATIO = 0.67
"""Median ratio of the driving time with lights and siren to the car's time on the same route.

Source: a measured median of emergency runs against car travel times, given as the reference for
this product; the primary paper was not read, so vary it in 0.55 to 0.85.
"""

EMERGENCY_TOP_MPS = 80 / 3.6
"""Top speed of a loaded heavy fire appliance (judgement, unverified; range 70 to 95 km/h)."""


@dataclass(frozen=True, slots=True)
class RoadClass:
    """One class of road or waterway.

    `speed_mps` is the ordinary car's (or patrol boat's) free-flow journey speed, junction delay
    included; `low_mps`..`high_mps` its plausible range. `peak` is the factor on the journey time
    in the peak hours and `midday` between them (1 = free flow). `hurry` says whether lights and
    siren help: not inside a fenced site, where the site's limit binds everyone.
    """

    name: Text
    speed_mps: float
    low_mps: float
    high_mps: float
    peak: float
    midday: float
    lanes: int
    hurry: bool = True
    verified: bool = False


def _road(
    zh: str,
    en: str,
    kmh: tuple[float, float, float],
    peak: float,
    midday: float,
    lanes: int,
    hurry: bool = True,
) -> RoadClass:
    low, typical, high = (value / 3.6 for value in kmh)
    return RoadClass(Text(zh=zh, en=en), typical, low, high, peak, midday, lanes, hurry)


ROAD_CLASSES: MappingProxyType[str, RoadClass] = MappingProxyType(
    {
        "motorway": _road("高速公路", "motorway", (80, 95, 110), 1.15, 1.05, 2),
        "trunk": _road("快速路", "expressway", (50, 58, 70), 1.35, 1.15, 3),
        "elevated": _road("高架路", "elevated road", (45, 55, 70), 1.7, 1.2, 3),
        "ramp": _road("匝道", "ramp", (25, 35, 45), 1.5, 1.2, 1),
        "primary": _road("主干路", "primary street", (38, 48, 58), 1.75, 1.45, 3),
        "secondary": _road("次干路", "secondary street", (30, 36, 45), 1.6, 1.35, 2),
        "provincial": _road("省道", "provincial road", (40, 50, 65), 1.2, 1.08, 2),
        "county": _road("县乡道", "county road", (30, 40, 50), 1.1, 1.04, 1),
        "local": _road("支路", "local street", (18, 24, 30), 1.4, 1.25, 1),
        "lane": _road("街巷", "old-town lane", (8, 12, 18), 1.3, 1.2, 1),
        "park": _road("园区道路", "park road", (20, 30, 40), 1.05, 1.0, 1, hurry=False),
        "plant": _road("厂内道路", "plant road", (10, 15, 20), 1.0, 1.0, 1, hurry=False),
        "gate": _road("门岗", "gate", (3, 5, 10), 1.0, 1.0, 1, hurry=False),
        "link": _road("对外公路", "link out of town", (40, 55, 80), 1.15, 1.05, 2),
        "river": _road("长江航道", "Yangtze fairway", (15, 22, 30), 1.0, 1.0, 1, hurry=False),
        "canal": _road("运河航道", "canal fairway", (10, 15, 20), 1.0, 1.0, 1, hurry=False),
        "branch": _road("支河", "branch canal", (6, 10, 15), 1.0, 1.0, 1, hurry=False),
        "lock": _road("船闸", "lock", (0.3, 0.6, 1.2), 1.0, 1.0, 1, hurry=False),
    }
)

CLASS_IDS: tuple[str, ...] = tuple(ROAD_CLASSES)

WATER_CLASSES = frozenset({"river", "canal", "branch", "lock"})

# Share of the peak's excess journey time felt in each hour of a working day (0 = free flow,
# 1 = peak); the middle of the day uses the class's own `midday` factor. Judgement, unverified:
# two peaks at 07-09 and 17-19 as in any Chinese prefecture city.
_PEAK_SHARE = (
    *(0.0,) * 6,
    *(0.3, 1.0, 1.0),
    *(None,) * 8,
    *(1.0, 1.0, 0.6),
    *(0.4, 0.25, 0.1, 0.0),
)


def hour_factor(road_class: str, hour: float) -> float:
    """Give the factor on the free-flow journey time of a class at an hour of a working day.

    `hour` in [0, 24), only its whole part counts. Raises KeyError for an unknown class.
    """
    row = ROAD_CLASSES[road_class]
    share = _PEAK_SHARE[int(hour) % 24]
    return row.midday if share is None else 1.0 + share * (row.peak - 1.0)


def hour_factors(hour: float) -> NDArray[np.float64]:
    """Give the factor of every class at an hour, in the order of `CLASS_IDS`."""
    return np.array([hour_factor(name, hour) for name in CLASS_IDS])
