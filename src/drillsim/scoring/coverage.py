"""Which plan elements say that the people of a place shall be protected."""

from __future__ import annotations

import math
from typing import Any

from drillsim.linkage.interfaces import org_of
from drillsim.scenario import Scenario

ALARM_ENDINGS = ("alarm", "order", "warning")


def covering(scenario: Scenario, place: str) -> str:
    """Give the element (`plan/element`) that comes nearest to protecting a place, or "".

    First an instruction to its own occupants, then a protective order whose distances and
    down-wind sector (wind as the scenario states it) hold the place, then an alarm to the body it
    belongs to. An empty answer is what "nobody declares it" means.
    """
    facility = scenario.city.facilities.get(place)
    org = facility.org if facility is not None else None
    plans = scenario.plan_set
    for plan, task in plans.elements("tasks"):
        tells = task.verb == "instruct-occupants" and task.action != "return"
        if tells and place in {task.where, *task.sites}:
            return f"{plan.head.id}/{task.id}"
    for plan, order in plans.elements("protective"):
        if order.action != "return" and _holds(scenario, order, place):
            return f"{plan.head.id}/{order.id}"
    for plan, note in plans.elements("notifications"):
        alarm = note.kind.endswith(ALARM_ENDINGS)
        if org and alarm and any(org_of(to) == org for to in note.to):
            return f"{plan.head.id}/{note.id}"
    return ""


def _holds(scenario: Scenario, order: Any, place: str) -> bool:
    if order.sites:
        return place in order.sites
    spot = _spot(scenario, place)
    if spot is None:
        return False
    source = scenario.city.facilities[scenario.spec.at].xy
    east, north = spot[0] - source[0], spot[1] - source[1]
    if not order.near <= math.hypot(east, north) < order.far:
        return False
    if order.sector is None:
        return True
    bearing = math.degrees(math.atan2(east, north))
    down_wind = scenario.file.weather.wind_from + 180.0
    off = (bearing - down_wind + 180.0) % 360.0 - 180.0
    return bool(abs(off) <= order.sector / 2.0)


def _spot(scenario: Scenario, place: str) -> tuple[float, float] | None:
    if place in scenario.city.facilities:
        return scenario.city.facilities[place].xy
    zones = scenario.city.zones
    if place in zones.id:
        at = zones.id.index(place)
        return float(zones.x[at]), float(zones.y[at])
    return None
