"""S12, S13, S38: one commander a scope, handed over by both sides, with the tasks' state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drillsim.i18n import catalogue
from drillsim.linkage.findings import Basis, Finding, Place, Skipped, joined, said
from drillsim.linkage.rules.context import Linked, Said, org_of
from drillsim.linkage.rules.rule import Rule, named
from drillsim.plans.sets import Plan

catalogue(
    {
        "s12.one-sided": (
            "{giver}向{taker}移交{scope}指挥权，只写在{declared}，{silent}的预案没有写",
            "{giver} hands {scope} command to {taker} in {declared} only; the plans of {silent} "
            "are silent",
        ),
        "s12.incomplete": (
            "{giver}向{taker}移交{scope}指挥权，双方都没有写明：{parts}",
            "{giver} hands {scope} command to {taker}; neither side says: {parts}",
        ),
        "s12.brief": ("移交内容", "what is told"),
        "s12.limit": ("时限", "within how many minutes"),
        "s12.confirm": ("双方确认", "that both sides confirm"),
        "s12.stays": ("移交后仍由原方负责的事", "what stays with the giver"),
        "s12.fallback": ("接收人未到时由谁负责", "who holds it if the taker does not come"),
        "s12.skipped": (
            "未提供{who}的预案，无法判断移交是否双方约定",
            "the plans of {who} were not supplied, so whether both declare it is unknown",
        ),
        "s13.finding": (
            "{scope}指挥权有{n}个互不移交的持有人：{who}",
            "command of {scope} has {n} holders who never hand it over: {who}",
        ),
        "s13.nobody": (
            "没有任何预案规定由谁持有{scope}指挥权，而有任务要等其指令",
            "no plan says who holds command of {scope}, and work waits for its word",
        ),
        "s38.finding": (
            "{group}成立后接管{verbs}，但没有条款让{old}把已完成和未完成的情况移交给{new}",
            "once formed, {group} takes over {verbs}, and nothing lets {old} hand the state of the "
            "work to {new}",
        ),
    }
)

STATE = frozenset({"moved", "missing", "hurt", "deaths", "symptoms", "measures", "trapped", "beds"})
"""Facts of which one tells how far a work has come; a brief that names none hands over nothing."""
OWN_PART = frozenset(
    {"monitor-air", "monitor-water", "publish", "set-cordon", "collect-firewater", "size-up"}
)
"""Work of which each body does a part of its own, so that there is no state to hand over."""
Key = tuple[str, str, str]


def _speaks_for(on: Linked, plan: Plan, org: str) -> bool:
    """Tell whether a plan is one side's own: its owner is that body, above it or below it."""
    return plan.head.owner == org or (
        org not in on.owners and any(plan is p for p in on.plans_of(org))
    ) or plan.head.owner in on.line(org)[1:2]  # fmt: skip


def _passings(on: Linked) -> dict[Key, list[Said]]:
    out: dict[Key, list[Said]] = {}
    for one in on.section("handovers"):
        h = one.element
        out.setdefault((h.scope, org_of(h.giver), org_of(h.taker)), []).append(one)
    return out


def s12(on: Linked) -> Iterator[Finding | Skipped]:
    """One-sided or incomplete handover of command.

    Both sides' plans must declare it, whatever plan the declaration stands in. Judged over all
    declarations together: brief, time limit, confirmation, what stays with the giver, and who
    holds it if the taker does not come (not for lists of tasks, nor for what is handed back down).
    A side of whom no plan was supplied is skipped.

    Bad: the plant's plan says "command passes to the government on arrival"; the government's
    plan says nothing.

    Good: the same handover (scope, giver, taker) in both plans, with `brief`, `limit`,
    `confirm`, `stays` and `fallback`.
    """
    for (scope, giver, taker), saids in sorted(_passings(on).items()):
        words: dict[str, Any] = {"scope": scope, "giver": on.name(giver), "taker": on.name(taker)}
        missing = [o for o in (giver, taker) if not any(on.supplied(o, one.plan) for one in saids)]
        silent = [
            o
            for o in dict.fromkeys((giver, taker))
            if not any(_speaks_for(on, one.plan, o) for one in saids)
        ]
        for who in missing:
            yield S12.skipped("s12.skipped", who=on.name(who))
        if missing:
            continue
        seam = f"{giver} > {taker} {scope}"
        if silent:
            yield S12.finding(
                "s12.one-sided", seam,
                (*on.places(saids), *_covers(on, silent, saids[0].plan)),
                declared=joined([on.title(one.plan) for one in saids]),
                silent=joined([on.name(o) for o in silent]), **words,
            )  # fmt: skip
            continue
        parts = _parts(on, scope, giver, saids)
        if parts:
            what = joined([said(f"s12.{part}") for part in parts])
            yield S12.finding("s12.incomplete", seam, on.places(saids), "high", parts=what, **words)


def _covers(on: Linked, silent: list[str], plan: Plan) -> list[Place]:
    """Give the covers of the plans of silent bodies that are for the same accidents."""
    plans = (p for org in silent for p in on.plans_of(org))
    return [on.head_place(p) for p in plans if on.overlap(p, plan)]


def _parts(on: Linked, scope: str, giver: str, saids: list[Said]) -> list[str]:
    """Give which parts no declaration of a handover has."""
    handovers = [one.element for one in saids]
    wanted = ["brief", "limit", "confirm", "stays"]
    down = on.rank(giver) > on.rank(org_of(handovers[0].taker))  # handed back at the end
    if scope != "tasks" and not down:
        wanted.append("fallback")
    return [part for part in wanted if not any(getattr(h, part) for h in handovers)]


def s13(on: Linked) -> Iterator[Finding | Skipped]:
    """Two commanders or none: bodies claim one scope and no handover ever joins them.

    Process, fire and overall are different scopes, a member of the command holds nothing, and
    plans of one owner are left to S34. A chain of handovers declared by either side joins holders;
    whether both sides declare it is S12. Plans for different accidents are not compared, nor two
    bodies of one kind with the same power over different territory (districts, waterways). None:
    a task waits for the word of a scope that no plan gives to anybody.

    Bad: the plant's duty leader, the park's director and the vice-mayor each hold `overall`; no
    handover anywhere.

    Good: `overall` plant > district > city, one handover each, and the park holds nothing.
    """
    joins = {(scope, frozenset((a, b))) for scope, a, b in _passings(on)}
    clashes: dict[frozenset[str], tuple[str, int, list[Said]]] = {}
    for family in on.families:
        claims: dict[str, dict[str, list[Said]]] = {}
        for one in on.section("commands"):
            if on.covers(one.plan, family):
                by = claims.setdefault(one.element.scope, {})
                by.setdefault(org_of(one.element.by), []).append(one)
        for scope, holders in sorted(claims.items()):
            parts: list[set[str]] = []
            for org in sorted(holders):
                near = [p for p in parts if any(_joined(on, joins, scope, org, o) for o in p)]
                parts = [p for p in parts if p not in near] + [{org}.union(*near)]
            rivals = _rivals(parts, holders)
            saids = [one for org in sorted(rivals) for one in holders[org]]
            if rivals:
                clashes[frozenset(one.ref for one in saids)] = scope, len(parts), saids
    yield from _vacant(on)
    for refs, (scope, n, saids) in clashes.items():
        if not any(refs < other for other in clashes):  # the same quarrel in another family
            yield S13.finding(
                "s13.finding", scope, on.places(saids), scope=scope, n=n,
                who=joined([on.name(one.element.by) for one in saids]),
            )  # fmt: skip


def _vacant(on: Linked) -> Iterator[Finding]:
    """Find work that waits for the word of a scope which nobody ever holds."""
    held = [(one.element.scope, one.plan) for one in on.section("commands")]
    held += [(one.element.scope, one.plan) for one in on.section("handovers")]
    lost: dict[str, list[Said]] = {}
    for task in on.section("tasks"):
        scope = task.element.scope
        if scope and not any(s == scope and on.overlap(plan, task.plan) for s, plan in held):
            lost.setdefault(scope, []).append(task)
    for scope, saids in sorted(lost.items()):
        yield S13.finding("s13.nobody", scope, on.places(saids), scope=scope)


def _joined(
    on: Linked, joins: set[tuple[str, frozenset[str]]], scope: str, one: str, other: str
) -> bool:
    """Tell whether two bodies pass a scope on, stand in one line, or divide the territory."""
    passed = (scope, frozenset((one, other))) in joins
    return passed or on.desks(one, other) or on.divided(one, other)


def _rivals(parts: list[set[str]], holders: dict[str, list[Said]]) -> set[str]:
    """Give the bodies of different parts that claim the scope in plans of different owners."""
    out: set[str] = set()
    for n, part in enumerate(parts):
        for other in parts[n + 1 :]:
            for a in part:
                for b in other:
                    if any(
                        x.plan.head.owner != y.plan.head.owner
                        for x in holders[a]
                        for y in holders[b]
                    ):
                        out |= {a, b}
    return out


def s38(on: Linked) -> Iterator[Finding | Skipped]:
    """Lost task: a working group takes over work and nothing hands over how far it has come.

    Judged for all work save that of which each body does its own part (measuring, cordons). A
    handover of any scope from the body that led it to the body that leads the group is enough, as
    long as its brief tells how far the work has come (who is moved, missing, hurt; what is done).

    Bad: the street empties a village; the police-led group takes over `bus-evacuation`.

    Good: `handovers: [{scope: tasks, giver: street, taker: police, brief: [moved, missing]}]`
    """
    passed = {
        (a, b)
        for (_, a, b), saids in _passings(on).items()
        if any(set(one.element.brief) & STATE or not one.element.brief for one in saids)
    }
    lost: dict[tuple[str, ...], dict[str, Said]] = {}
    for group in on.section("groups"):
        new = org_of(group.element.lead)
        for task in on.section("tasks"):
            old = org_of(task.actor)
            if task.element.verb in OWN_PART or task.element.verb not in group.element.verbs:
                continue
            if on.related(old, new) or not on.overlap(task.plan, group.plan):
                continue
            if not any(on.related(a, old) and _same(on, b, new) for a, b in passed):
                found = lost.setdefault(tuple(sorted((old, new))), {})
                found[group.ref], found[task.ref] = group, task
    for (old, new), found in sorted(lost.items()):
        groups = [one for one in found.values() if one.section == "groups"]
        verbs = {one.element.verb for one in found.values() if one.section == "tasks"}
        yield S38.finding(
            "s38.finding", f"{old} > {new}", on.places(found.values()),
            group=joined([one.element.name for one in groups]), verbs=", ".join(sorted(verbs)),
            old=on.name(old), new=on.name(new),
        )  # fmt: skip


def _same(on: Linked, one: str, other: str) -> bool:
    return one == other or on.desks(one, other)


S12 = Rule(
    "S12", named("移交单边或不完整", "one-sided handover"), "critical",
    Basis("AQ/T 9011-2019: command transfer; Order 708 art. 20-21", True), s12,
)  # fmt: skip
S13 = Rule(
    "S13", named("指挥冲突", "two commanders"), "critical",
    Basis("Fire Law art. 45-46; Emergency Response Law 2024 art. 72", True), s13,
)  # fmt: skip
S38 = Rule(
    "S38", named("任务接续缺失", "lost task on escalation"), "high",
    Basis("Order 708 art. 20-21; AQ/T 9009-2015 group 4", True), s38,
)  # fmt: skip
RULES = (S12, S13, S38)
