"""S03, S04: who must be told by law or because the cloud reaches him, and by when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from drillsim.data.statutes import ReportDeadline, statutes
from drillsim.i18n import catalogue
from drillsim.linkage.findings import Basis, Finding, Skipped, joined, said
from drillsim.linkage.rules.cases import Case
from drillsim.linkage.rules.context import Linked, Said, org_of
from drillsim.linkage.rules.rule import Rule, named
from drillsim.plans.facts import FACTS

catalogue(
    {
        "s03.law": (
            "{owner}的任何预案都没有规定事故时报告{kind}部门（{basis}）",
            "no plan of {owner} says that the {kind} department is told of an accident ({basis})",
        ),
        "s03.near": (
            "{site}（{org}，距泄漏点{metres} m）在{owner}自己的防护范围（{far} m）内，"
            "但没有预案规定{owner}通知它",
            "{site} ({org}, {metres} m from the source) lies inside the distances of {owner}'s own "
            "plans ({far} m), but no plan lets {owner} tell it",
        ),
        "s03.edit": (
            "在{owner}的对外通报名单中增加{whom}",
            "add {whom} to the call list of {owner}",
        ),
        "s03.on-the-spot": (
            "只提供了{owner}的现场处置方案，对外报告写在其综合或专项预案里",
            "of {owner} only on-the-spot plans were supplied; outward reports stand in others",
        ),
        "s03.no-ground": (
            "没有城市或情景，无法判断防护范围内有谁",
            "without a city and a scenario nobody can tell who lies inside the distances",
        ),
        "s04.over": (
            "{sender}承诺{plan:g}分钟内报{to}，超过法定的{law:g}分钟",
            "{sender} promises {to} within {plan:g} min; the law allows {law:g} min",
        ),
        "s04.none": (
            "{sender}对{to}的法定通报没有写明时限（“及时”“尽快”不是时限；“立即”是）",
            "the legal duty of {sender} to tell {to} has no time limit ('in time' is none; "
            "'at once' is one)",
        ),
        "s04.clock": (
            "{sender}报{to}的时限从“核实”起算，而法定时限从负责人接报起算",
            "the clock of {sender} towards {to} starts only after checking; by law it starts when "
            "the head is informed",
        ),
        "s04.weak": (
            "{sender}对{to}的法定通报被弱化为“视情况、可以”",
            "the legal duty of {sender} to tell {to} is weakened to 'may' or 'if needed'",
        ),
        "s04.leave": (
            "{sender}须经{who}同意才能通知{to}；法律要求立即",
            "{sender} may tell {to} only after {who} agrees; the law says at once",
        ),
        "s04.no-quote": (
            "{ref}没有引用原文，无法判断是否写了“立即”",
            "{ref} quotes no sentence, so nobody can tell whether it says 'at once'",
        ),
    }
)

AT_ONCE = re.compile(
    r"立即|立刻|马上|第一时间|同时|自动|immediately|at once|forthwith", re.IGNORECASE
)
ALARM = frozenset({"location", "substance", "release", "fire", "crash", "collision"})
"""Facts of which one makes a message a report of an accident; a list of missing people is none."""
VAGUE = re.compile(r"尽快|及时|as soon as|in time", re.IGNORECASE)
LEAVE = re.compile(
    r"同意后|批准后|经.{1,12}(同意|批准)|after .{1,40} (agrees|consent)", re.IGNORECASE
)
"""Words by which a plan makes telling wait for leave."""
ON_THE_SPOT = frozenset({"onsite", "response-card", "work-manual", "action-plan"})
"""Kinds of plans that need not hold the enterprise's outward reports."""
ORIGIN = frozenset({"release", "detectors", "detectors-high", "scrubber-out", "valve-failed"})
"""Facts of an accident of one's own: a plan that acts on them is for accidents that begin there."""


def origins(on: Linked) -> tuple[str, ...]:
    """Give the enterprises whose plans start on an accident of their own."""
    starting = {
        one.plan.head.owner
        for one in on.elements
        if one.plan.head.tier == "enterprise" and any(a.key in ORIGIN for a in one.atoms)
    }
    return tuple(sorted(starting))


def _told_by(on: Linked, owner: str) -> dict[str, list[Said]]:
    """Give the notifications of an owner's bodies by the organisation that they tell."""
    out: dict[str, list[Said]] = {}
    for note in on.section("notifications"):
        if owner in on.line(org_of(note.element.by)):
            for to in note.element.to:
                out.setdefault(org_of(to), []).append(note)
    return out


def _department(on: Linked, org: str, kind: str, desk: bool) -> bool:
    """Tell whether an organisation stands for a department of a kind."""
    body = on.plan_set.organisations[org]
    above = on.plan_set.organisations.get(body.parent or "")
    local = body.level in {"enterprise", "park", "township"}  # a park's own brigade is not 119
    return body.kind == kind and not local and (desk or above is None or above.kind != kind)


def s03(on: Linked) -> Iterator[Finding | Skipped]:
    """Recipient missing: somebody whom the law or the cloud makes a recipient is not told.

    By law: an enterprise whose plans start on an accident of its own tells the departments of the
    dated table; the body with the duty must do it, a redundant second report by another is no
    defect. By need: other enterprises inside the distances of that enterprise's own protective
    actions, down wind in the cases beside the plans, are told by itself; all other units and people
    inside the widest distance of the set by anybody.

    Bad: the call list of a chlorine plant names police and emergency bureau only.

    Good: one call sheet for emergency bureau, police, health, ecology, and every neighbour.
    """
    families = {case.family for case in on.cases}
    for owner in sorted(origins(on)):
        told = _told_by(on, owner)
        plans = on.owners[owner]
        if all(plan.head.kind in ON_THE_SPOT for plan in plans):
            yield S03.skipped("s03.on-the-spot", owner=on.name(owner))
            continue
        for duty in statutes().recipients:
            covered = {f for plan in plans for f in plan.head.covers}
            asked = (
                (duty.family in covered) if covered else (duty.family in families or not families)
            )
            known = any(b.kind == duty.kind for b in on.plan_set.organisations.values())
            if not asked or not known or not duty.holds(on.on):
                continue
            first = (
                org
                for org, notes in told.items()
                if any(on.content(n.element) & ALARM or not on.content(n.element) for n in notes)
            )
            if any(_department(on, org, duty.kind, duty.desk) for org in first):
                continue
            yield S03.finding(
                "s03.law", f"{owner} > {duty.kind}",
                tuple(on.head_place(plan) for plan in plans),
                edit=said("s03.edit", owner=on.name(owner), whom=duty.kind),
                owner=on.name(owner), kind=duty.kind, basis=duty.basis,
            )  # fmt: skip
        yield from _neighbours(on, owner, told)


def _neighbours(on: Linked, owner: str, told: dict[str, list[Said]]) -> Iterator[Finding | Skipped]:
    cases = [c for c in on.sources if on.city and on.city.facilities[c.at].org == owner]
    zones = [
        one for one in on.section("protective")
        if one.plan.head.owner == owner and not one.element.sites
    ]  # fmt: skip
    if not cases or not zones:
        yield S03.skipped("s03.no-ground")
        return
    far = max(one.element.far for one in zones)
    anybody = {org_of(to) for note in on.section("notifications") for to in note.element.to}
    wide = max(
        (z.element.far for z in on.section("protective")
         if not z.element.sites and any(on.covers(z.plan, c.family) for c in cases)),
        default=far,
    )  # fmt: skip
    for site in _inside(on, cases, wide):
        org = site.org or ""
        if org not in on.plan_set.organisations or org == owner:
            continue
        mine = on.tier(org) == "enterprise"
        if mine and min(on.distance(case, site) for case in cases) >= far:
            continue  # beyond one's own distances a neighbour is told by whoever orders
        if org in told or (not mine and any(on.desks(org, other) for other in anybody)):
            continue
        metres = round(min(on.distance(case, site) for case in cases), -1)
        yield S03.finding(
            "s03.near", f"{owner} > {org}",
            on.places([*zones, *_outward_alarms(on, owner)]),
            edit=said("s03.edit", owner=on.name(owner), whom=on.name(org)),
            site=site.name, org=on.name(org), owner=on.name(owner), metres=f"{metres:g}",
            far=f"{far:g}",
        )  # fmt: skip


def _outward_alarms(on: Linked, owner: str) -> list[Said]:
    """Give the notifications by which an enterprise tells other enterprises."""
    return [
        note
        for note in on.section("notifications")
        if org_of(note.element.by) == owner
        and any(on.tier(org_of(to)) == "enterprise" for to in note.element.to)
        and all(org_of(to) != owner for to in note.element.to)
    ]


def _inside(on: Linked, cases: list[Case], far: float) -> list[Any]:
    """Give the peopled facilities that lie in some case's sector within a distance."""
    assert on.city is not None  # there are sources
    return [
        site
        for site in on.city.facilities.values()
        if (site.heads.day or site.heads.night)
        and any(on.distance(c, site) < far and on.down_wind(c, site) for c in cases)
    ]


def s04(on: Linked) -> Iterator[Finding | Skipped]:
    """Deadline: a legal duty to tell is over the legal time, without a time, or weakened.

    (a) the promised minutes exceed those of the law (of the element or of the dated table);
    "at once" is no number and is never compared. (b) an outward legal duty has no deadline and its
    sentence does not say "at once", or its clock starts only after checking. (c) it is weaker than
    "must", or an enterprise's call for help waits for leave. A second duty of the same body to the
    same receiver that meets the law silences (a) and (c): first by phone, then on paper.

    Bad: `{to: [county-em], deadline: 2 h, verify_first: true, law: {basis: ..., within: 1 h}}`

    Good: `{to: [county-em], deadline: 10 min, law: {basis: ..., within: 1 h}}`
    """
    for note in on.section("notifications"):
        element = note.element
        sender = org_of(element.by)
        outward = [to for to in element.to if org_of(to) != sender]
        if not outward:
            continue
        limit = _limit(on, note, outward)
        words = {"sender": on.name(element.by), "to": joined([on.name(to) for to in outward])}
        seam = f"{sender} > {'|'.join(dict.fromkeys(org_of(to) for to in outward))}"
        places = on.places([note])
        late = limit is not None and element.deadline is not None and element.deadline > limit
        if late and limit is not None and not _quicker(on, note, outward, limit):
            over = S04.finding(
                "s04.over", seam, places, "critical",
                plan=element.deadline / 60, law=limit / 60, **words,
            )  # fmt: skip
            stated = element.law is not None and element.law.within is not None
            yield (
                replace(over, basis=Basis(element.law.basis, element.law.verified))
                if (stated)
                else over
            )
        if element.law is None:
            continue
        if element.verify_first:
            yield S04.finding("s04.clock", seam, places, "high", **words)
        weak = "" if _covered(on, note, outward) else _weakness(note)
        if weak:
            who = on.name(element.approval or element.by)
            yield S04.finding(weak, seam, places, "high", who=who, **words)
        elif element.deadline is None and not element.verify_first:
            if element.every is not None and not VAGUE.search(element.quote):
                continue  # a count every hour has a time
            if not element.quote:
                yield S04.skipped("s04.no-quote", ref=note.ref)
            elif not AT_ONCE.search(element.quote):
                yield S04.finding("s04.none", seam, places, "high", **words)


def _weakness(note: Said) -> str:
    """Give the message for a legal duty that need not be done, or not without leave."""
    if note.element.modality != "must":
        return "s04.weak"
    asks = note.element.approval and note.plan.head.tier in {"enterprise", "community"}
    waits = note.element.approval and LEAVE.search(note.element.quote)
    return "s04.leave" if asks or waits else ""


def _limit(on: Linked, note: Said, outward: list[str]) -> float | None:
    """Give the legal minutes in s: of the element itself, else of the dated table for a report."""
    law = note.element.law
    found = [law.within] if law is not None and law.within is not None else []
    if note.element.every is None or law is not None:
        for row in statutes().deadlines:
            if row.holds(on.on) and any(_row_fits(on, row, note, to) for to in outward):
                found.append(row.within)
    return min(found) if found else None


def _row_fits(on: Linked, row: ReportDeadline, note: Said, to: str) -> bool:
    if not any(FACTS[f].kind == "count" for f in on.content(note.element) if f in FACTS):
        return False  # no report of an accident: it carries no figure at all
    sender = on.plan_set.organisations[org_of(note.element.by)]
    receiver = on.plan_set.organisations[org_of(to)]
    return (
        row.from_tier in {None, on.tier(sender.id)}
        and row.from_kind in {None, sender.kind}
        and row.from_level in {None, sender.level}
        and (row.to_kind, row.to_level) == (receiver.kind, receiver.level)
    )


def _others(on: Linked, note: Said, outward: list[str]) -> Iterator[Said]:
    """Give the other notifications of the same body and kind that reach all these receivers."""
    wanted = {org_of(to) for to in outward}
    sender = org_of(note.element.by)
    for other in on.notes[note.element.kind]:
        reached = {org_of(to) for to in other.element.to}
        if other is not note and org_of(other.element.by) == sender and wanted <= reached:
            yield other


def _quicker(on: Linked, note: Said, outward: list[str], limit: float) -> bool:
    return any(
        other.element.law is not None
        and other.element.deadline is not None
        and other.element.deadline <= limit
        for other in _others(on, note, outward)
    )


def _covered(on: Linked, note: Said, outward: list[str]) -> bool:
    """Tell whether another duty with a legal basis does what the weak one may leave out."""
    return any(
        other.element.law is not None
        and other.element.modality == "must"
        and other.element.approval is None
        for other in _others(on, note, outward)
    )


S03 = Rule(
    "S03", named("应通报对象缺失", "recipient missing"), "critical",
    Basis("Order 591 art. 71; Order 708 art. 17(3); Order 493 art. 9", True), s03,
)  # fmt: skip
S04 = Rule(
    "S04", named("时限违法、缺失或弱化", "deadline over, missing or weakened"), "critical",
    Basis("Order 493 art. 9, 11; Emergency Response Law art. 61", True), s04,
)  # fmt: skip
RULES = (S03, S04)
