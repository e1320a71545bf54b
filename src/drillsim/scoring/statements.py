"""A5: whether figures, promises of arrival and contacts that plans state are true."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from drillsim.city.routing import Router
from drillsim.i18n import Text, catalogue
from drillsim.plans.model import Promise, Statement
from drillsim.plans.organisations import Resource
from drillsim.scenario import Scenario
from drillsim.scoring.card import Blame, Part, said
from drillsim.scoring.window import org_name, place_name

catalogue(
    {
        "a5.name": ("事实表述", "stated facts"),
        "a5.none": ("预案没有可核对的事实", "the plans state no fact that can be checked"),
        "a5.wrong": (
            "{plan}：{about} 的{quantity}写为 {stated:g}，实为 {true:g}",
            "{plan}: {quantity} of {about} is stated as {stated:g}, in truth {true:g}",
        ),
        "a5.contact-name": (
            "{plan}：通讯录中 {org} 仍用旧名“{printed}”",
            "{plan}: the contact list prints {org} under its former name {printed!r}",
        ),
        "a5.contact-hours": (
            "{plan}：通讯录称 {org} 值守 {stated}，实为 {true}",
            "{plan}: the contact list says {org} is staffed {stated}, in truth {true}",
        ),
        "a5.heads-day": ("白天人数", "heads by day"),
        "a5.heads-night": ("夜间人数", "heads by night"),
        "a5.units": ("数量", "units"),
        "a5.places": ("容量", "places"),
        "a5.beds": ("床位", "beds"),
        "a5.travel": ("行车分钟数", "travel minutes"),
        "a5.distance": ("距离（米）", "distance in m"),
        "a5.promise": ("承诺到场分钟数", "promised minutes to arrival"),
    }
)

TOLERANCE: dict[str, float] = {
    "heads-day": 0.10, "heads-night": 0.10, "units": 0.0, "places": 0.05, "beds": 0.05,
    "travel": 0.20, "distance": 0.10, "promise": 0.20,
}  # fmt: skip
"""Share by which a stated figure may differ from the city's (ours, unverified)."""
GENEROUS = 2.0
"""A promise may name up to twice the true time; beyond that it is padded, and as untrue."""


@dataclass(frozen=True, slots=True)
class _Check:
    """One stated fact and whether it is true."""

    clause: str
    right: bool
    message: Text | None = None


def statement_part(scenario: Scenario, weight: float) -> Part:
    """Give A5: the share of checked statements, promises and contacts that are true.

    A figure whose subject the city does not know is left out and counted as `unchecked`.
    """
    checks = [*_statements(scenario), *_promises(scenario), *_contacts(scenario)]
    known = [check for check in checks if check is not None]
    name = said("a5.name")
    if not known:
        return Part("A5", name, None, weight, said("a5.none"))
    right = sum(check.right for check in known)
    blames = tuple(
        Blame(1.0, check.message, (), check.clause)
        for check in known
        if not check.right and check.message is not None
    )
    detail = {
        "checked": len(known), "right": right, "unchecked": len(checks) - len(known),
        "wrong": sorted(check.clause for check in known if not check.right),
    }  # fmt: skip
    return Part("A5", name, right / len(known), weight, None, detail, blames)


def _statements(scenario: Scenario) -> Iterator[_Check | None]:
    for plan, statement in scenario.plan_set.elements("statements"):
        true = _true_value(scenario, statement)
        clause = f"{plan.head.id}/{statement.id}"
        if true is None:
            yield None
            continue
        gap = abs(statement.value - true)
        right = gap <= TOLERANCE[statement.quantity] * max(abs(true), 1e-9) + 1e-9
        message = said(
            "a5.wrong", plan=plan.head.title, about=_subject(scenario, statement.about),
            quantity=said(f"a5.{statement.quantity}"), stated=statement.value,
            true=float(f"{true:.3g}") if true < 1000 else round(true),
        )  # fmt: skip
        yield _Check(clause, right, message)


def _subject(scenario: Scenario, about: str) -> Text:
    resource = scenario.plan_set.resources.get(about)
    return resource.name if resource is not None else place_name(scenario, about)


def _true_value(scenario: Scenario, statement: Statement) -> float | None:
    facility = scenario.city.facilities.get(statement.about)
    resource = scenario.plan_set.resources.get(statement.about)
    if statement.quantity == "units":
        return float(resource.units) if resource is not None else None
    if statement.quantity in {"travel", "distance"}:
        return _way(scenario, statement, resource)
    if facility is None:
        return None
    found = {
        "heads-day": facility.heads.day,
        "heads-night": facility.heads.night,
        "places": facility.capacity.places,
        "beds": facility.capacity.beds,
    }[statement.quantity]
    return None if found is None else float(found)


def _way(scenario: Scenario, statement: Statement, resource: Resource | None) -> float | None:
    """Give minutes or metres between two places; a resource adds its turnout."""
    start = resource.home if resource is not None else statement.about
    facilities = scenario.city.facilities
    if start not in facilities or statement.to not in facilities or statement.to is None:
        return None
    if statement.quantity == "distance":
        return _road_or_air(scenario, start, statement.to, statement.value)
    emergency = any(r.emergency for r in scenario.plan_set.resources.values() if r.home == start)
    seconds = _drive_s(scenario, start, statement.to, emergency)
    if resource is not None:
        seconds += resource.turnout.night if scenario.night else resource.turnout.day
    return seconds / 60.0 if math.isfinite(seconds) else None


def _road_or_air(scenario: Scenario, start: str, end: str, stated: float) -> float:
    """Give the distance by air or by road, whichever the stated one is nearer to."""
    city = scenario.city
    air = math.dist(city.facilities[start].xy, city.facilities[end].xy)
    route = Router(city).route(city.node_of(start), city.node_of(end), scenario.hour)
    road = air if route is None else route.length_m
    return min((air, road), key=lambda length: abs(length - stated))


def _drive_s(scenario: Scenario, start: str, end: str, emergency: bool) -> float:
    city = scenario.city
    return Router(city).travel_time(
        city.node_of(start), city.node_of(end), scenario.hour, emergency
    )


def _promises(scenario: Scenario) -> Iterator[_Check | None]:
    """A promise states an arrival: true when turnout and drive fit it, and it is not padded."""
    for plan, promise in scenario.plan_set.elements("promises"):
        true = _promise_s(scenario, promise)
        if true is None:
            yield None
            continue
        right = promise.within * (1.0 + TOLERANCE["promise"]) >= true
        right = right and promise.within <= GENEROUS * true + 60.0
        message = said(
            "a5.wrong", plan=plan.head.title, about=_subject(scenario, promise.resource),
            quantity=said("a5.promise"), stated=promise.within / 60.0, true=round(true / 60.0, 1),
        )  # fmt: skip
        yield _Check(f"{plan.head.id}/{promise.id}", right, message)


def _promise_s(scenario: Scenario, promise: Promise) -> float | None:
    resource = scenario.plan_set.resources.get(promise.resource)
    facilities = scenario.city.facilities
    if resource is None or resource.home not in facilities or promise.at not in facilities:
        return None
    turnout = resource.turnout.night if scenario.night else resource.turnout.day
    seconds = turnout + _drive_s(scenario, resource.home, promise.at, resource.emergency)
    return seconds if math.isfinite(seconds) else None


def _contacts(scenario: Scenario) -> Iterator[_Check | None]:
    """A contact is true when the name is not a former one and the hours are not overstated."""
    for _, plan in sorted(scenario.plan_set.plans.items()):
        for contact in plan.contacts:
            org_id, _, role_id = contact.of.partition("/")
            org = scenario.plan_set.organisations.get(org_id)
            if org is None:
                yield None
                continue
            role = scenario.plan_set.role(contact.of) if role_id else None
            hours = role.hours if role is not None else org.desk
            clause = f"{plan.head.id}/contacts"
            today = scenario.file.start.date()
            gone = any(
                former.name == contact.printed_name and former.until <= today
                for former in org.former_names
            )
            fields = {"plan": plan.head.title, "org": org_name(scenario, org_id)}
            if gone:
                printed = contact.printed_name
                yield _Check(clause, False, said("a5.contact-name", printed=printed, **fields))
            elif contact.hours == "24h" and hours != "24h":
                message = said("a5.contact-hours", stated=contact.hours, true=hours, **fields)
                yield _Check(clause, False, message)
            else:
                yield _Check(clause, True)
