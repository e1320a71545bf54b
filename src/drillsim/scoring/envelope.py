"""The places that a release could have made hazardous: the picture a plan is compared with.

Plans draw a circle and a down-wind sector, because the wind turns; one simulated plume is 100 to
200 m wide. A plan is therefore judged against the envelope over the wind direction +-30 deg and
the ranges that the scenario states, with the leak stopped when it was stopped in the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from drillsim.city.model import City
from drillsim.hazards import Change
from drillsim.log.runlog import RunLog
from drillsim.scenario import Scenario
from drillsim.yamlio import digest_of

TURNS_DEG: tuple[float, ...] = (-30.0, -20.0, -10.0, 0.0, 10.0, 20.0, 30.0)
SPOTS = 10
"""Points along a facility with an extent; the place is hazardous when one of them is."""

Changes = tuple[tuple[str, float, float], ...]
_KNOWN: dict[tuple[str, Changes], frozenset[str]] = {}
_KEPT = 256


@dataclass(frozen=True, eq=False)
class Spots:
    """The points (n, 2) of the judged places, and the place of each."""

    xy: NDArray[np.float64]
    place: tuple[str, ...]


def spots_of(city: City, places: Iterable[str]) -> Spots:
    """Give the points of places (facility or zone ids); a name of neither has no point."""
    zone = {zone_id: n for n, zone_id in enumerate(city.zones.id)}
    rows: list[tuple[float, float]] = []
    names: list[str] = []
    for place in places:
        if place in city.facilities:
            facility = city.facilities[place]
            points = city.blocks(place, SPOTS) if facility.extent else np.array([facility.xy])
        elif place in zone:
            points = np.array([[city.zones.x[zone[place]], city.zones.y[zone[place]]]])
        else:
            continue
        rows += [(float(x), float(y)) for x, y in points]
        names += [place] * len(points)
    return Spots(np.array(rows).reshape(-1, 2), tuple(names))


def changes_of(log: RunLog) -> Changes:
    """Give what was done to the hazard in a run: (kind, factor, minute)."""
    return tuple(
        (event.subject, float(event.data["factor"]), round(event.t / 60.0) * 60.0)
        for event in log.of("hazard-changed")
    )


def envelope(scenario: Scenario, log: RunLog, places: Iterable[str]) -> frozenset[str]:
    """Give the places that the hazard could have endangered, by its own limit of harm.

    Over wind directions -30 to +30 deg of the scenario's own and every stated range of hazard and
    weather at both ends, one at a time. Kept in memory by the content of hazard, city and
    places, so that further replications cost nothing.
    """
    names = tuple(places)
    changes = changes_of(log)
    key = _key(scenario, names)
    if (key, changes) not in _KNOWN:
        if len(_KNOWN) >= _KEPT:
            _KNOWN.clear()
        _KNOWN[key, changes] = _envelope(scenario, changes, spots_of(scenario.city, names))
    return _KNOWN[key, changes]


def _key(scenario: Scenario, names: tuple[str, ...]) -> str:
    file = scenario.file.model_dump(mode="json", include={"family", "hazard", "weather", "ranges"})
    return digest_of([file, scenario.city.digest, list(names)])


def _envelope(scenario: Scenario, changes: Changes, spots: Spots) -> frozenset[str]:
    if not spots.place:
        return frozenset()
    found = np.zeros(len(spots.place), dtype=bool)
    for variant in _variants(scenario):
        still = variant.file.weather
        for turn in TURNS_DEG:
            turned = still.model_copy(
                update={
                    "wind_from": (still.wind_from + turn) % 360.0,
                    "direction_sd": 0.0,
                    "speed_cv": 0.0,
                }
            )
            hazard = variant.hazard(turned)
            for kind, factor, t_s in changes:
                hazard = hazard.after(Change(kind, factor), t_s)
            open_spots = np.flatnonzero(~found)
            found[open_spots] = hazard.endangers(spots.xy[open_spots], scenario.file.horizon)
    return frozenset(place for place, bad in zip(spots.place, found, strict=True) if bad)


def _variants(scenario: Scenario) -> Iterable[Scenario]:
    """Give the scenario, and with each figure of a stated range at either end.

    The wind direction is left out, since it is turned anyway; so are the times of human work,
    since the leak is stopped when it was stopped in the run.
    """
    yield scenario
    for name, ends in sorted(scenario.file.ranges.items()):
        field = name.rpartition(".")[2]
        for end in ends if field != "wind_from" else ():
            changed = _changed(scenario, field, end)
            if changed is not None:
                yield changed


def _changed(scenario: Scenario, field: str, value: str) -> Scenario | None:
    """Give the scenario with one figure replaced; None when hazard and weather have none such."""
    weather = scenario.file.weather
    update = _read(type(weather), field, value)
    if update is not None:
        changed = {"weather": weather.model_copy(update=update)}
        return replace(scenario, file=scenario.file.model_copy(update=changed), memo={})
    update = _read(type(scenario.spec), field, value)
    if update is not None:
        return replace(scenario, spec=scenario.spec.model_copy(update=update), memo={})
    return None


def _read(model: Any, field: str, value: str) -> Mapping[str, Any] | None:
    """Read one field's value by the rules of its model; None when there is no such field."""
    if field not in model.model_fields:
        return None
    info = model.model_fields[field]
    kind: Any = info.annotation
    for extra in info.metadata:
        kind = Annotated[kind, extra]
    return {field: TypeAdapter(kind).validate_python(value)}
