"""S16-S19: what is promised exists, once, by its owner, in time, and can do the work."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from drillsim.city.routing import Router
from drillsim.i18n import catalogue
from drillsim.linkage.findings import Basis, Finding, Skipped, joined, said
from drillsim.linkage.rules.context import Linked, Said, org_of
from drillsim.linkage.rules.rule import Rule, named
from drillsim.plans.organisations import Resource

catalogue(
    {
        "s16.over": (
            "{resource}共{units}组，各预案同时承诺{promised}组",
            "{resource}: {units} in all, {promised} promised at once",
        ),
        "s17.not-his": (
            "{by}对{to}的支援承诺只写在用方的预案里，{by}没有签字，自己的预案也没有写",
            "the promise of {by} to {to} stands in the user's plan only: {by} has neither signed "
            "it nor put it into a plan of its own",
        ),
        "s17.unsigned": (
            "{by}对{to}的支援承诺没有{by}的签字",
            "the promise of {by} to {to} was never signed by {by}",
        ),
        "s17.expired": (
            "{by}对{to}的协议已于{day}到期",
            "the agreement of {by} with {to} ended on {day}",
        ),
        "s18.late": (
            "{resource}承诺{within:g}分钟到{at}，{when}最快也要{true:g}分钟（出动加行车）",
            "{resource}: promised at {at} in {within:g} min, but turnout and drive take {true:g} "
            "min {when}",
        ),
        "s18.day": ("白天", "by day"),
        "s18.night": ("夜间", "at night"),
        "s18.skipped": (
            "没有城市路网，无法核对到场时间",
            "without the roads of a city no arrival can be checked",
        ),
        "s19.nobody": (
            "{who}的任务需要{tag}能力，但其本身、上下级和有承诺的单位都没有",
            "{who} needs the capability {tag}, and neither it, its own line nor anybody who has "
            "promised it help has any",
        ),
        "s19.night": (
            "{who}的任务需要{tag}能力，夜间没有一支力量在岗",
            "{who} needs the capability {tag}, and at night no crew with it is on duty",
        ),
    }
)

HOURS = ((10.5, "day"), (3.0, "night"))
"""Hours at which an arrival is tried."""
LATE_S = 3.0 * 3600.0
"""Turnout by day from which a crew is no help in the first hours (ours, unverified)."""
SLACK = 1.05
"""An arrival counts as impossible when it takes 5 % longer than promised (and half a minute)."""


def _promises(on: Linked) -> dict[tuple[str, str, str, str], list[Said]]:
    """Give the promises; the same one written in both sides' plans is one."""
    out: dict[tuple[str, str, str, str], list[Said]] = {}
    for one in on.section("promises"):
        p = one.element
        out.setdefault((p.resource, p.by, p.to, p.at), []).append(one)
    return out


def s16(on: Linked) -> Iterator[Finding | Skipped]:
    """Double promise: more units are promised at one time than there are.

    Promises to one user add up, and so do exclusive ones to anybody; a promise written down on
    both sides counts once. Promises to different users that are not exclusive do not add up: two
    accidents at once are a matter of priority.

    Bad: the three teams of the special station, each time exclusive, for the park and the depot.

    Good: the depot is served by the second station.
    """
    kept: dict[str, list[Said]] = {}
    for (crew, _, _, _), saids in sorted(_promises(on).items()):
        biggest = max(saids, key=lambda one: (one.element.units, one.ref))
        kept.setdefault(crew, []).append(biggest)
    over: dict[tuple[str, str, str], list[tuple[Resource, int, list[Said]]]] = {}
    for name, saids in sorted(kept.items()):
        resource = on.plan_set.resources[name]
        groups = [
            [one for one in saids if one.element.to == to]
            for to in sorted({one.element.to for one in saids})
        ]
        if any(one.element.exclusive for one in saids):
            groups.append(saids)
        worst = max(groups, key=lambda group: sum(one.element.units for one in group))
        promised = sum(one.element.units for one in worst)
        if promised > resource.units:
            first = worst[0]
            cause = (first.plan.head.id, first.element.by, first.element.quote or first.ref)
            over.setdefault(cause, []).append((resource, promised, worst))
    for (plan_id, by, _), found in sorted(over.items()):
        saids = [one for _, _, group in found for one in group]
        exclusive = any(one.element.exclusive for one in saids)
        yield S16.finding(
            "s16.over", f"{plan_id} {by}", on.places(saids), "critical" if exclusive else "high",
            resource=joined([resource.name for resource, _, _ in found]),
            units=sum(resource.units for resource, _, _ in found),
            promised=sum(promised for _, promised, _ in found),
        )  # fmt: skip


def s17(on: Linked) -> Iterator[Finding | Skipped]:
    """One-sided aid: a promise that the promiser does not know, or whose agreement has ended.

    It is good when the promiser (or the body above it) has signed it; then the missing plan of a
    company does no harm.

    Bad: the street's plan counts on 20 buses; the bus company has signed nothing.

    Good: `signed_by: [street, bus-company], expires: 2029-09-30`
    """
    for (_, by, to, _), saids in sorted(_promises(on).items()):
        words: dict[str, Any] = {"by": on.name(by), "to": on.name(to)}
        own = any(one.plan.head.owner in on.line(by) for one in saids)
        signed = any(s in on.line(by) for one in saids for s in one.element.signed_by)
        if by != to and not signed:
            key = "s17.unsigned" if own else "s17.not-his"
            yield S17.finding(key, f"{by} > {to}", on.places(saids), **words)
        ends = [one.element.expires for one in saids if one.element.expires]
        if ends and max(ends) < on.on:
            day = max(ends).isoformat()
            yield S17.finding("s17.expired", f"{by} > {to}", on.places(saids), day=day, **words)


def s18(on: Linked) -> Iterator[Finding | Skipped]:
    """Impossible arrival: the promised time is shorter than turnout and drive on the roads.

    Tried by day and by night on the city's graph; the stated times are medians. Promises of one
    body that share a sentence are one finding.

    Bad: `within: 15 min` from a station 27 min away.

    Good: the true time, and an own crew for the first minutes.
    """
    if on.city is None:
        yield S18.skipped("s18.skipped")
        return
    router = Router(on.city)
    late: dict[tuple[str, str], list[tuple[Said, float, str]]] = {}
    for saids in _promises(on).values():
        for one in saids:
            slow = _slow(on, router, one.element)
            if slow:
                cause = (one.element.by, one.element.quote or one.ref)
                late.setdefault(cause, []).append((one, *slow))
    for (by, _), found in sorted(late.items()):
        worst, seconds, when = max(found, key=lambda row: row[1] / row[0].element.within)
        at = on.facility(worst.element.at)
        yield S18.finding(
            "s18.late", f"{by} > {worst.element.to}", on.places(one for one, _, _ in found),
            resource=on.plan_set.resources[worst.element.resource].name,
            at=at.name if at else worst.element.at, within=worst.element.within / 60,
            true=round(seconds / 60, 1), when=S18_WHEN[when],
        )  # fmt: skip


def _slow(on: Linked, router: Router, promise: Any) -> tuple[float, str] | None:
    """Give the first arrival (s) that a promise cannot keep, with "day" or "night"."""
    resource = on.plan_set.resources[promise.resource]
    assert on.city is not None  # asked by the caller
    if resource.home not in on.city.facilities or promise.at not in on.city.facilities:
        return None
    start, end = on.city.node_of(resource.home), on.city.node_of(promise.at)
    for hour, when in HOURS:
        turnout = resource.turnout.day if when == "day" else resource.turnout.night
        seconds = turnout + router.travel_time(start, end, hour, resource.emergency)
        nobody = when == "night" and resource.night_units == 0
        if math.isfinite(seconds) and not nobody and seconds > promise.within * SLACK + 30.0:
            return seconds, when
    return None


def s19(on: Linked) -> Iterator[Finding | Skipped]:
    """Capability gap: a task needs what nobody who would do it has, or has by night.

    Searched are the crews, out within 3 hours by day, of the body itself, of those above and below
    it, of its supporters and of everybody who has promised it something.

    Bad: "each hospital decontaminates", and one hospital of three has a decontamination line.

    Good: decontamination at the gate by the fire brigade, which has the tent.
    """
    gaps: dict[tuple[str, str, str], list[Said]] = {}
    for one in on.section("tasks"):
        task = one.element
        for tag in task.needs if task.crews > 0 else ():
            crews = _crews(on, one, tag)
            if not crews:
                gaps.setdefault((tag, task.quote or one.ref, "s19.nobody"), []).append(one)
            elif all(crew.night_units == 0 for crew in crews):
                gaps.setdefault((tag, one.ref, "s19.night"), []).append(one)
    for (tag, _, key), saids in sorted(gaps.items()):
        who = joined([on.name(one.actor) for one in saids])
        seam = "|".join(sorted({org_of(one.actor) for one in saids}))
        grave = max(one.element.criticality for one in saids) >= 4
        yield S19.finding(
            key, f"{seam} {tag}", on.places(saids), "critical" if grave else "high",
            who=who, tag=tag,
        )  # fmt: skip


def _crews(on: Linked, one: Said, tag: str) -> list[Resource]:
    """Give the crews with a capability that a task can count on."""
    asked = [org_of(one.actor), *(org_of(s) for s in one.element.support)]
    promised = {p.element.resource for p in on.section("promises") if p.element.to in asked}
    return [
        crew
        for crew in on.plan_set.resources.values()
        if tag in crew.capabilities
        and crew.units > 0
        and crew.turnout.day <= LATE_S
        and (crew.id in promised or any(_lends(on, crew.owner, org) for org in asked))
    ]


def _lends(on: Linked, owner: str, org: str) -> bool:
    """Tell whether a body's crews are at another's call: its own, its parent's, its branches'."""
    bodies = on.plan_set.organisations
    if owner == org:
        return True
    return on.related(owner, org) and (
        bodies[owner].kind == bodies[org].kind and bodies[org].kind != "hospital"
    )


S18_WHEN = {"day": said("s18.day"), "night": said("s18.night")}
S16 = Rule(
    "S16", named("资源重复承诺", "double promise"), "critical",
    Basis("Order 708 art. 12-13; Order 88 art. 8(7)", True), s16,
)  # fmt: skip
S17 = Rule(
    "S17", named("互助单边或过期", "one-sided or expired aid"), "high",
    Basis("Order 708 art. 10, 19", True), s17,
)  # fmt: skip
S18 = Rule(
    "S18", named("到达不可行", "impossible arrival"), "high",
    Basis("Order 88 art. 8(5): the plan must be operable", True), s18,
)  # fmt: skip
S19 = Rule(
    "S19", named("能力缺口", "capability gap"), "critical",
    Basis("Order 708 art. 13; GB/T 46791-2025 clause 7 (title read)", False), s19,
)  # fmt: skip
RULES = (S16, S17, S18, S19)
