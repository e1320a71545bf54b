"""S25, S27, S29, S30: bodies that exist, contacts that answer, laws in force, drills held."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from drillsim.data.statutes import statutes
from drillsim.i18n import catalogue
from drillsim.linkage.findings import Basis, Finding, Place, Skipped, joined, said
from drillsim.linkage.names import stale_names, valid_names
from drillsim.linkage.rules.context import Linked, Said, org_of
from drillsim.linkage.rules.duties import origins
from drillsim.linkage.rules.rule import Rule, named
from drillsim.plans.sets import Plan

catalogue(
    {
        "s25.renamed": (
            "{plan}仍用已停用的名称“{former}”，现名为{now}",
            "{plan} still uses a name of {now} that is out of use ({former})",
        ),
        "s25.edit": ("把“{former}”改为“{now}”", "write {now} for {former}"),
        "s25.gone": (
            "{org}自{day}起不复存在，仍被赋予任务或列为通报对象",
            "{org} does not exist any more since {day}, and still has duties or is told",
        ),
        "s27.stale": (
            "{plan}的通讯录自{day}起未核对，超过{months}个月",
            "the contact list of {plan} was last checked on {day}, more than {months} months ago",
        ),
        "s27.office": (
            "{plan}的通讯录中{who}只有{hours}有人接听，而通报要靠它",
            "the contact list of {plan} has {who} only for {hours}, and its messages need it",
        ),
        "s29.law": (
            "引用的{law}（{version}）已于{day}失效；现行：{successor}",
            "the cited {law} ({version}) ceased to hold on {day}; now: {successor}",
        ),
        "s29.upper": (
            "上位预案在它之后已修订：{plans}",
            "the plan above has been revised since: {plans}",
        ),
        "s29.annex": (
            "引用{plan}的附件{number}，而该预案最后一个附件是附件{last}",
            "annex {number} of {plan} is cited, whose last annex is {last}",
        ),
        "s29.skipped": (
            "上位预案{plan}不在预案集中",
            "the upper plan {plan} is not in the set",
        ),
        "s30.drill": (
            "{plan}上次演练在{day}，超过{months}个月",
            "{plan} was last exercised on {day}, more than {months} months ago",
        ),
        "s30.none": ("{plan}没有演练记录", "{plan} has no record of a drill"),
        "s30.filed": (
            "{plan}发布后{days}个工作日才备案，规定为{limit}个",
            "{plan} was filed {days} working days after issue; the rule allows {limit}",
        ),
        "s30.signed": ("{plan}没有签署人", "{plan} is signed by nobody"),
        "s30.pair": (
            "{one}与{other}有衔接，但从未一起演练",
            "{one} and {other} share an interface and were never exercised together",
        ),
        "s30.unsaid": (
            "{plan}没有写备案、签署和演练情况",
            "{plan} says nothing of filing, signature and drills",
        ),
    }
)


def months_before(day: date, months: int) -> date:
    """Give the day so many months earlier, at most the 28th of its month."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, min(day.day, 28))


def s25(on: Linked) -> Iterator[Finding | Skipped]:
    """Dead organisation: a plan names a body by a name out of use, or a body that is gone.

    Names are resolved by date first: an alias is valid, both plates of a renamed body are valid,
    and a former name counts only in a plan issued after it went out of use and not in a remark on
    history. One body in one plan is one finding.

    Bad: a plan of 2022: "the city monitoring station arrives in 30 min" (a provincial centre
    since 2020).

    Good: the name valid on the day of issue.
    """
    bodies = on.plan_set.organisations
    every = tuple(bodies.values())
    for plan in on.plans:
        places: dict[tuple[str, str], list[Place]] = {}
        grave: set[str] = set()
        for section, element in plan.elements():
            for org, former in stale_names(element.quote, every, plan.head.revision.issued):
                one = Said(plan, section, element)
                places.setdefault((org, former), []).append(on.place(one))
                if section == "tasks" and element.criticality >= 4:
                    grave.add(org)
        for contact in plan.contacts:
            for org, former in stale_names(contact.printed_name, every, plan.head.revision.issued):
                place = on.head_place(plan, contact.printed_name)
                places.setdefault((org, former), []).append(place)
        for (body, former), found in sorted(places.items()):
            now = bodies[body].name
            yield S25.finding(
                "s25.renamed", f"{plan.head.id} {body}", tuple(found),
                "critical" if body in grave else "high",
                edit=said("s25.edit", former=former, now=now),
                plan=on.title(plan), former=former, now=now,
            )  # fmt: skip
    for org_id, gone in bodies.items():
        used = [*on.speaking.get(org_id, ()), *_tells(on, org_id)]
        if gone.valid_to is not None and gone.valid_to < on.on and used:
            day = gone.valid_to.isoformat()
            yield S25.finding("s25.gone", org_id, on.places(used), org=gone.name, day=day)


def _tells(on: Linked, org: str) -> list[Said]:
    notes = on.section("notifications")
    return [note for note in notes if org in {org_of(to) for to in note.element.to}]


def s27(on: Linked) -> Iterator[Finding | Skipped]:
    """Stale contact: a list not checked for six months, or a number nobody answers at night.

    One list is one cause. Office hours count only for a body that a message of this plan goes to,
    that has no 24-hour line in the same list, and where people are at night; it is high when the
    message is critical.

    Bad: `contacts: [{of: bureau, verified_on: 2023-02-15}]` judged in 2026.

    Good: `contacts: [{of: bureau, hours: 24h, verified_on: 2026-09-10}]`
    """
    limit = months_before(on.on, statutes().contacts.months)
    for plan in on.plans:
        days = [c.verified_on for c in plan.contacts if c.verified_on is not None]
        told = {
            org_of(to)
            for note in on.section("notifications")
            if note.plan is plan and note.element.criticality >= 4
            for to in note.element.to
            if org_of(to) != org_of(note.element.by)
        }
        asked = {
            org_of(to)
            for note in on.section("notifications")
            if note.plan is plan
            for to in note.element.to
            if org_of(to) != org_of(note.element.by)
        }
        if days and min(days) < limit:
            listed = {
                org_of(c.of) for c in plan.contacts if c.verified_on and c.verified_on < limit
            }
            yield S27.finding(
                "s27.stale", plan.head.id,
                (on.head_place(plan, f"{min(days).isoformat()}"),),
                "high" if listed & told else "medium",
                plan=on.title(plan), day=min(days).isoformat(), months=statutes().contacts.months,
            )  # fmt: skip
        always = {org_of(c.of) for c in plan.contacts if c.hours == "24h"}
        for contact in plan.contacts:
            org = org_of(contact.of)
            if contact.hours == "24h" or org not in asked - always or not on.people_at_night(org):
                continue
            yield S27.finding(
                "s27.office", f"{plan.head.id} {contact.of}",
                (on.head_place(plan, contact.printed_name),), "high" if org in told else "medium",
                plan=on.title(plan), who=on.name(contact.of), hours=contact.hours,
            )  # fmt: skip


def s29(on: Linked) -> Iterator[Finding | Skipped]:
    """Invalid basis: a cited law is no longer in force, or the plan above is newer.

    Judged by the law in force on the day of judging. One law is one finding over all plans; it is
    high when a duty rests on it. A plan above that is not in the set is skipped.

    Bad: `cites: [{name: 中华人民共和国突发事件应对法, version: "2007"}]` judged in 2026.

    Good: the edition of 2024; the same citation judged on 2024-06-01 is good.
    """
    cited: dict[tuple[str, str], list[Plan]] = {}
    for plan in on.plans:
        for cite in plan.head.cites:
            cited.setdefault((cite.name, cite.version), []).append(plan)
    for (name, version), plans in sorted(cited.items()):
        law = statutes().law(name, version)
        if law is None or law.until is None or law.until >= on.on:
            continue
        rests = [
            one
            for one in on.elements
            if any(one.plan is plan for plan in plans)
            and getattr(one.element, "law", None) is not None
            and name.removeprefix("中华人民共和国") in one.element.law.basis
            and not _newer_edition(one.plan, name, version)
        ]
        found = S29.finding(
            "s29.law", name, (*(on.head_place(p) for p in plans), *on.places(rests)),
            "high" if rests and law.verified else "medium",
            law=name, version=version, day=law.until.isoformat(), successor=law.successor,
        )  # fmt: skip
        yield replace(found, basis=Basis(law.source, law.verified))
    old = [
        (plan, on.plan_set.plans[p])
        for plan in on.plans
        for p in plan.head.parents
        if p in on.plan_set.plans
        and on.plan_set.plans[p].head.revision.issued > plan.head.revision.issued
    ]
    if old:
        yield S29.finding(
            "s29.upper", "|".join(plan.head.id for plan, _ in old),
            tuple(on.head_place(plan) for plan, _ in old), "medium",
            plans=joined([on.title(plan) for plan, _ in old]),
        )  # fmt: skip
    yield from _annexes(on)
    absent = {p for plan in on.plans for p in plan.head.parents}
    for parent in sorted(absent - set(on.plan_set.plans)):
        yield S29.skipped("s29.skipped", plan=parent)


ANNEX = re.compile(r"附件\s*(\d+)")
ANNEX_OF = re.compile(r"([\u4e00-\u9fff]{2,12}?)(?:应急)?预案附件\s*(\d+)")


def _annexes(on: Linked) -> Iterator[Finding]:
    """Find annexes of another plan that are cited and lie beyond its last one."""
    last: dict[str, int] = {}
    for one in on.elements:
        text = f"{one.element.clause} {ANNEX_OF.sub('', one.element.quote)}"
        for number in ANNEX.findall(text):
            last[one.plan.head.id] = max(int(number), last.get(one.plan.head.id, 0))
    lost: dict[tuple[str, int], list[Said]] = {}
    for one in on.elements:
        for word, number in ANNEX_OF.findall(one.element.quote):
            meant = [
                plan for plan in on.plans
                if plan is not one.plan and on.overlap(plan, one.plan)
                and plan.head.id in last and _called(on, plan, word)
            ]  # fmt: skip
            if meant and all(int(number) > last[plan.head.id] for plan in meant):
                lost.setdefault((meant[0].head.id, int(number)), []).append(one)
    for (plan_id, number), saids in sorted(lost.items()):
        plan = on.plan_set.plans[plan_id]
        yield S29.finding(
            "s29.annex", f"{plan_id} {number}", (*on.places(saids), on.head_place(plan)), "medium",
            plan=on.title(plan), number=number, last=last[plan_id],
        )  # fmt: skip


def _called(on: Linked, plan: Plan, word: str) -> bool:
    """Tell whether a word in a citation means a plan: by its title or by its owner's names."""
    names = valid_names(on.plan_set.organisations[plan.head.owner])
    tails = {word[n:] for n in range(max(1, len(word) - 1))}
    return any(tail in plan.head.title.zh or tail in names for tail in tails if len(tail) > 1)


def _newer_edition(plan: Plan, name: str, version: str) -> bool:
    return any(c.name == name and c.version > version for c in plan.head.cites)


def s30(on: Linked) -> Iterator[Finding | Skipped]:
    """Management overdue: drills, filing, signature, and pairs never exercised together.

    Intervals are dated data by tier. A pair is two plans whose bodies tell each other something,
    promise each other something, or are joined by an interface that the scenario requires; drills
    of the edition before count. A plan that says nothing of its own life is skipped.

    Bad: the plant's `drilled_with` lacks the street that it must warn.

    Good: `last_drill` within the interval, and every partner in `drilled_with`.
    """
    for plan in on.plans:
        life, title = plan.head.revision, on.title(plan)
        if life.filed is None and not life.signed_by and life.last_drill is None:
            yield S30.skipped("s30.unsaid", plan=title)
            continue
        place = (on.head_place(plan),)
        months = _interval(on, plan)
        if life.last_drill is None:
            yield S30.finding("s30.none", plan.head.id, place, plan=title)
        elif life.last_drill < months_before(on.on, months):
            day = life.last_drill.isoformat()
            yield S30.finding("s30.drill", plan.head.id, place, plan=title, day=day, months=months)
        if not life.signed_by:
            yield S30.finding("s30.signed", plan.head.id, place, plan=title)
        limit = statutes().filing.working_days
        if life.filed is not None and plan.head.tier == statutes().filing.tier:
            days = working_days(life.issued, life.filed)
            if days > limit:
                words: dict[str, Any] = {"plan": title, "days": days, "limit": limit}
                yield S30.finding("s30.filed", plan.head.id, place, **words)
    yield from _pairs(on)


def _interval(on: Linked, plan: Plan) -> int:
    """Give the months that may pass between drills of a plan; the shortest row that fits."""
    risky = plan.head.owner in origins(on)
    rows = [
        row.months
        for row in statutes().drills
        if row.holds(on.on)
        and row.tier == plan.head.tier
        and row.kind in {None, plan.head.kind}
        and (risky or not row.high_risk)
    ]
    return min(rows, default=24)


def working_days(start: date, end: date) -> int:
    """Give the days from Monday to Friday after `start` up to `end`; holidays are not known."""
    span = (end - start).days
    return sum((start + timedelta(days=n)).weekday() < 5 for n in range(1, span + 1))


def _pairs(on: Linked) -> Iterator[Finding]:
    links: set[tuple[str, str]] = set()
    for note in on.section("notifications"):
        links |= {(org_of(note.element.by), org_of(to)) for to in note.element.to}
    links |= {(one.element.by, one.element.to) for one in on.section("promises")}
    links |= {
        (a, b) for i in on.interfaces for a in i.senders[:1] for b in i.receivers
        if a in on.plan_set.organisations and b in on.plan_set.organisations
        and b not in i.senders  # each side tells its own
    }  # fmt: skip
    done: set[frozenset[str]] = set()
    never: dict[str, list[str]] = {}
    for one, other in sorted(links):
        pair = frozenset((one, other))
        if one == other or pair in done or on.related(one, other):
            continue
        done.add(pair)
        sides = [(one, other), (other, one)]
        plans = [p for org, _ in sides for p in on.plans_of(org)]
        stated = [p for p in plans if p.head.revision.last_drill is not None]
        if not stated or not _judged(on, one, other):
            continue
        if any(_drilled(on, p, partner) for org, partner in sides for p in on.plans_of(org)):
            continue
        if any(_drilled(on, p, one) and _drilled(on, p, other) for p in on.plans):
            continue  # together in the drill of a third plan
        never.setdefault(one, []).append(other)
    for one, others in sorted(never.items()):
        names = dict.fromkeys(p.head.id for o in (one, *others) for p in on.plans_of(o))
        yield S30.finding(
            "s30.pair", f"{one} > {'|'.join(others)}",
            tuple(on.head_place(on.plan_set.plans[p]) for p in names),
            one=on.name(one), other=joined([on.name(o) for o in others]),
        )  # fmt: skip


def _judged(on: Linked, one: str, other: str) -> bool:
    """Tell whether the pair can be judged: both have plans, or one has promised the other help."""
    if on.plans_of(one) and on.plans_of(other):
        return True
    return any({p.element.by, p.element.to} == {one, other} for p in on.section("promises"))


def _drilled(on: Linked, plan: Plan, partner: str) -> bool:
    kinds = on.plan_set.organisations
    return any(
        partner in on.line(body)  # its branch took part
        or (body in on.line(partner) and kinds[body].kind == kinds[partner].kind)
        for body in plan.head.revision.drilled_with
        if body in kinds
    )


S25 = Rule(
    "S25", named("责任主体不存在", "dead organisation"), "critical",
    Basis("Order 708 art. 6(2)", True), s25,
)  # fmt: skip
S27 = Rule(
    "S27", named("联系失效", "stale contact"), "medium",
    Basis("Order 88 art. 16, 36; six months are ours", False), s27,
)  # fmt: skip
S29 = Rule(
    "S29", named("依据或引用失效", "invalid basis"), "medium",
    Basis("Order 708 art. 6(1)", True), s29,
)  # fmt: skip
S30 = Rule(
    "S30", named("管理超期", "management overdue"), "medium",
    Basis("Order 708 art. 8; Order 88 art. 26, 33", True), s30,
)  # fmt: skip
RULES = (S25, S27, S29, S30)
