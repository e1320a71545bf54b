"""The accidents beside a plan set: where they begin, in which wind, and when a cloud arrives."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from drillsim.city.model import City
from drillsim.hazards import HAZARDS, Hazard
from drillsim.plans.sets import PlanSet
from drillsim.scenario import RequiredInterface, ScenarioFile, Yardstick
from drillsim.units import parse
from drillsim.yamlio import Source, load, validate

TOXIC = "chemical-storage"
"""Family of accidents whose cloud moves over people."""


@dataclass(frozen=True, slots=True)
class Case:
    """An accident that the plans stand beside: its source and the wind it may meet (deg).

    `front`: (distance m, seconds) at which the harmful cloud reaches places straight down wind, by
    the scenario's own hazard in its stated weather; empty where there is no cloud, or where it is
    still to be worked out from the scenario file at `path` (`front_in`).
    """

    id: str
    family: str
    at: str
    wind: tuple[float, float]
    start: date
    front: tuple[tuple[float, float], ...] = ()
    path: Path | None = None


def read_cases(folder: Path) -> tuple[Case, ...]:
    """Read the accidents of the scenario files in a folder; those that are no toxic cloud too.

    A file that is not a scenario, or one with faults, is left out: it has its own check.
    """
    out = []
    for path in sorted(folder.glob("*.yaml")):
        source = _scenario(path)
        if source is not None:
            out.append(replace(case_of(source), path=path))
    return tuple(out)


def read_interfaces(folder: Path, family: str | None = None) -> tuple[RequiredInterface, ...]:
    """Read the required interfaces of the yardsticks that scenarios in a folder name.

    With `family` only those of scenarios of that family.
    """
    found = [f for f in map(_scenario, sorted(folder.glob("*.yaml"))) if f is not None]
    paths = {folder / f.yardstick for f in found if family in {None, f.family}}
    yards = [validate(load(path), Yardstick) for path in sorted(paths) if path.is_file()]
    return tuple(interface for yard in yards for interface in yard.interfaces)


def case_of(file: ScenarioFile) -> Case:
    """Give the accident of a scenario file."""
    low, high = file.weather.wind_from, file.weather.wind_from
    if "wind_from" in file.ranges:
        low, high = (parse(written, "angle") for written in file.ranges["wind_from"])
    at = str(file.hazard.get("at", ""))
    return Case(file.id, file.family, at, (low, high), file.start.date())


def front_of(hazard: Hazard, wind_from: float) -> tuple[tuple[float, float], ...]:
    """Give (distance m, seconds) at which a hazard harms places straight down wind."""
    x, y = hazard.source_xy
    to = math.radians(wind_from + 180.0)
    metres = [50.0 * n for n in range(1, 81)]
    places = [(x + d * math.sin(to), y + d * math.cos(to)) for d in metres]
    seconds = hazard.arrival_s(places, hazard.harmful_level)
    pairs = zip(metres, (float(s) for s in seconds), strict=True)
    return tuple((d, s) for d, s in pairs if math.isfinite(s))


def front_in(case: Case, city: City) -> tuple[tuple[float, float], ...]:
    """Give the front of a case: as stated, else from its scenario file (read once a city)."""
    if case.front or case.path is None or case.family != TOXIC:
        return case.front
    return _front(case.path, city)


@lru_cache(maxsize=64)
def _front(path: Path, city: City) -> tuple[tuple[float, float], ...]:
    try:
        source = load(path)
        file = validate(source, ScenarioFile)
        family = HAZARDS[file.family]
        spec = validate(Source(str(path), source.data["hazard"]), family.spec)
        return front_of(family.build(spec, city, file.weather), file.weather.wind_from)
    except (ValueError, KeyError):
        return ()  # a place or substance that does not exist: the scenario has its own check


def _scenario(path: Path) -> ScenarioFile | None:
    if "\nhazard:" not in path.read_text("utf-8", errors="replace"):
        return None
    try:
        return validate(load(path), ScenarioFile)
    except ValueError:
        return None


def judged_on(plan_set: PlanSet, cases: Iterable[Case]) -> date:
    """Give the day of judging: that of the set, or the middle one of the drills if it is later."""
    starts = sorted(case.start for case in cases)
    return max([plan_set.head.date, *starts[(len(starts) - 1) // 2 :][:1]])
