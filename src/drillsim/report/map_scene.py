"""What the maps of one run share: the window on the city, places with people, what is fouled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drillsim.hazards.water_course import WATER_KINDS, course_below
from drillsim.log.runlog import RunLog
from drillsim.report.footprint import Outline, outlines, source_xy
from drillsim.report.ground import Frame, frame_around
from drillsim.report.harm import Harm, harm_of
from drillsim.report.scene import Receptor, frame_times, receptors
from drillsim.report.stretch import Stretch, stretches
from drillsim.report.svg import Point
from drillsim.report.words import place_xy
from drillsim.scenario import Scenario

NEAR_M = 2800.0
RATIO = 1.9
# Facilities that are named on the map of every kind of harm.
LANDMARKS = (
    "gate", "command-post-site", "park-brigade", "emergency-centre", "hospital", "shelter",
    "fire-station", "micro-station",
)  # fmt: skip
# Facilities that the window holds if they are near, how near that is, and its least width (m).
WINDOWS: Mapping[Harm, tuple[tuple[str, ...], float, float]] = {
    "gas": (("gate",), NEAR_M, 400.0),
    "smoke": (("fire-station", "micro-station", "hospital", "shelter"), 1200.0, 1800.0),
    "row": (("fire-station", "micro-station", "hospital", "shelter"), 1200.0, 1800.0),
    "road-heat": ((), 0.0, 1500.0),
    "tank-heat": (("gate",), 1500.0, 2400.0),
    "cloud-fire": (("gate",), 1500.0, 2400.0),
    "water": ((), 0.0, 3000.0),
}


@dataclass(frozen=True)
class Scene:
    """What all maps of one run share; `times_s` are those of the small maps."""

    scenario: Scenario
    log: RunLog
    frame: Frame
    times_s: tuple[float, ...]
    places: tuple[Receptor, ...]
    outlines: tuple[Outline, ...]
    stretches: tuple[Stretch, ...]

    @property
    def landmarks(self) -> tuple[str, ...]:
        """The kinds of facilities that the map names."""
        return WATER_KINDS if harm_of(self.scenario) == "water" else LANDMARKS

    @property
    def source(self) -> Point:
        """The place of the accident in metres."""
        return source_xy(self.scenario)


def scene_of(scenario: Scenario, log: RunLog) -> Scene:
    """Choose times and window: the accident, the places it reached, what matters to its family."""
    harm, centre = harm_of(scenario), source_xy(scenario)
    times = frame_times(log, "hours" if harm == "water" else "hour")
    found = receptors(log)
    at = {r.id: xy for r in found if (xy := place_xy(scenario, r.id))}
    shown = [at[r.id] for r in found if r.id in at and r.arrival_s is not None]
    kinds, near_m, least_m = WINDOWS[harm]
    shown = [xy for xy in shown if _dist(xy, centre) < NEAR_M]
    near = [f.xy for f in scenario.city.of_kind(*kinds)] if kinds else []
    shown += [xy for xy in near if _dist(xy, centre) < near_m]
    shown += _own_places(scenario)
    fouled = stretches(scenario, log, times)
    frame = frame_around([centre, *shown], ratio=RATIO, least_m=least_m)
    inside = [r for r in found if r.id in at and frame.holds(*at[r.id], -60.0)]
    inside.sort(key=lambda r: _dist(at[r.id], centre))
    return Scene(scenario, log, frame, times, tuple(inside), outlines(scenario, log, times), fouled)


def _own_places(scenario: Scenario) -> Sequence[Point]:
    """Give the places that belong to the accident: ends of the road, places down-stream."""
    facilities = scenario.city.facilities
    if scenario.file.family == "water-transport":
        course = course_below(scenario.city, scenario.spec.at)
        return [facilities[name].xy for name in course.marks]
    if scenario.file.family != "road-transport":
        return ()
    road = scenario.spec.road
    names = (road.upstream, road.downstream, *(s.entry for s in road.stored), *road.stairs)
    return [facilities[name].xy for name in names if name in facilities]


def _dist(a: Point, b: Point) -> float:
    return float(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5)
