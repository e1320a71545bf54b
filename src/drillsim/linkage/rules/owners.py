"""S34: the plans of one owner say one thing for one accident."""

from __future__ import annotations

import re
from collections.abc import Iterator

from drillsim.i18n import catalogue
from drillsim.linkage.findings import Basis, Finding, Skipped, joined
from drillsim.linkage.rules.context import Linked, Said, org_of
from drillsim.linkage.rules.rule import Rule, named

catalogue(
    {
        "s34.command": (
            "{owner}的几个预案对同一事故的{scope}指挥人不同：{who}",
            "plans of {owner} name different commanders of {scope} for one accident: {who}",
        ),
        "s34.place": (
            "{owner}的几个预案对同一动作（{verb}）写了不同的地点：{sites}",
            "plans of {owner} do the same work ({verb}) at different places: {sites}",
        ),
        "s34.valve": (
            "{owner}的几个预案对雨水阀门的要求相反：一个打开，一个关闭",
            "plans of {owner} want the rain valve in opposite positions: open in one, shut in "
            "another",
        ),
        "s34.level": (
            "{owner}的几个预案对同一级别（{level}）写了互不关联的启动条件",
            "plans of {owner} start one level ({level}) on criteria that have nothing in common",
        ),
        "s34.call": (
            "{owner}的几个预案把同一种报警（{kind}）打给不同的部门",
            "plans of {owner} make one and the same call ({kind}) to different bodies",
        ),
    }
)


def s34(on: Linked) -> Iterator[Finding | Skipped]:
    """Plans of one owner contradict each other for one accident.

    Judged are different commanders of one scope without a handover between them; the same work
    (collecting firewater, mustering) at different places; a rain valve that one sentence opens and
    another shuts (critical, as is water let out at an outfall and held back elsewhere); levels of
    one rank on other criteria that nothing ties together; one kind of call to different trades.

    Bad: the safety plan opens the rain outlet for firewater, the environment plan shuts it.

    Good: both name the same valve card, and one commander.
    """
    for owner, plans in sorted(on.owners.items()):
        if len(plans) < 2:
            continue
        mine = [one for one in on.elements if one.plan.head.owner == owner]
        yield from _commanders(on, owner, [one for one in mine if one.section == "commands"])
        yield from _texts(on, owner, mine)
        yield from _scales(on, owner, [one for one in mine if one.section == "levels"])
        yield from _first_calls(on, owner, mine)
        tasks = [one for one in mine if one.section == "tasks"]
        for verb in ("collect-firewater", "muster"):
            same = [one for one in tasks if one.element.verb == verb and one.element.where]
            sites = {one.element.where for one in same}
            if len(sites) < 2 or len({one.plan.head.id for one in same}) < 2:
                continue
            found = [on.facility(site) for site in sorted(sites)]
            outlet = {f.kind == "outfall" for f in found if f is not None}
            yield S34.finding(
                "s34.place", owner, on.places(same), "critical" if len(outlet) == 2 else "high",
                owner=on.name(owner), verb=verb, sites=", ".join(sorted(sites)),
            )  # fmt: skip


OPEN = re.compile(r"(打开|开启)[^，。；]{0,8}雨水|open[^,.;]{0,20}rain", re.IGNORECASE)
SHUT = re.compile(
    r"关闭[^，。；]{0,8}雨水|shut[^,.;]{0,20}rain|close[^,.;]{0,20}rain", re.IGNORECASE
)


def _texts(on: Linked, owner: str, mine: list[Said]) -> Iterator[Finding]:
    """Find a valve that one plan of an owner opens and another shuts, by their sentences."""
    opens = [one for one in mine if OPEN.search(one.element.quote)]
    shuts = [one for one in mine if SHUT.search(one.element.quote)]
    clash = [
        one
        for these, others in ((opens, shuts), (shuts, opens))
        for one in these
        if any(o.plan is not one.plan and on.overlap(o.plan, one.plan) for o in others)
    ]
    if clash:
        places = on.places(clash)
        yield S34.finding("s34.valve", owner, places, "critical", owner=on.name(owner))


def _scales(on: Linked, owner: str, levels: list[Said]) -> Iterator[Finding]:
    """Find levels of one rank in two plans of an owner that start on other criteria."""
    tied = _tied(on)
    clashes: dict[tuple[str, ...], list[Said]] = {}
    for one in levels:
        others = [
            other
            for other in levels
            if other.plan is not one.plan
            and other.element.rank == one.element.rank
            and on.overlap(other.plan, one.plan)
            and _criteria(one) != _criteria(other)
            and _one_event(one, other)
            and frozenset((one.ref, other.ref)) not in tied
        ]
        for other in others:
            pair = tuple(sorted((one.plan.head.id, other.plan.head.id)))
            clashes.setdefault(pair, []).append(one)
    for pair, saids in sorted(clashes.items()):
        names = joined([one.element.name for one in saids if one.plan.head.id == pair[0]])
        yield S34.finding("s34.level", owner, on.places(saids), owner=on.name(owner), level=names)


def _one_event(one: Said, other: Said) -> bool:
    """Tell whether two levels bear one name or look at one fact: else they are for other events."""
    keys = [{atom.key for atom in said.atoms} - {"location"} for said in (one, other)]
    return one.element.name == other.element.name or bool(keys[0] & keys[1])


def _criteria(one: Said) -> frozenset[str]:
    return frozenset(atom.text for atom in one.atoms if atom.key != "location")


def _tied(on: Linked) -> set[frozenset[str]]:
    """Give the pairs of levels that a mapping or a condition on the other's level joins."""
    out: set[frozenset[str]] = set()
    for one in on.section("mappings"):
        target = f"{one.plan.head.id}/{one.element.target}"
        out.add(frozenset((one.element.source.replace(":", "/"), target)))
    for one in on.section("levels"):
        for atom in one.atoms:
            if atom.key.startswith("level:"):
                out.add(frozenset((atom.key.removeprefix("level:").replace(":", "/"), one.ref)))
    return out


def _first_calls(on: Linked, owner: str, mine: list[Said]) -> Iterator[Finding]:
    """Find a call of one kind that plans of an owner make to bodies of different trades."""
    calls: dict[str, list[tuple[Said, frozenset[str]]]] = {}
    for one in mine:
        if one.section == "notifications" and one.element.criticality >= 4:
            bodies = {org_of(to) for to in one.element.to} - set(on.line(org_of(one.element.by)))
            trades = frozenset(on.plan_set.organisations[body].kind for body in bodies)
            if trades:
                calls.setdefault(one.element.kind, []).append((one, trades))
    for kind, found in sorted(calls.items()):
        clash = [
            one
            for one, trades in found
            if any(
                other.plan is not one.plan and on.overlap(other.plan, one.plan)
                and not trades & theirs
                for other, theirs in found
            )
        ]  # fmt: skip
        if clash:
            yield S34.finding(
                "s34.call", owner, on.places(clash), owner=on.name(owner),
                kind=on.kind_name(kind),
            )  # fmt: skip


def _commanders(on: Linked, owner: str, claims: list[Said]) -> Iterator[Finding]:
    passes = {
        (one.element.scope, frozenset((one.element.giver, one.element.taker)))
        for one in on.section("handovers")
    }
    for scope in sorted({one.element.scope for one in claims}):
        same = [one for one in claims if one.element.scope == scope]
        clash = [
            one
            for one in same
            if any(
                one.element.by != other.element.by
                and one.plan is not other.plan
                and on.overlap(one.plan, other.plan)
                and (scope, frozenset((one.element.by, other.element.by))) not in passes
                for other in same
            )
        ]
        if clash:
            yield S34.finding(
                "s34.command", owner, on.places(clash), owner=on.name(owner), scope=scope,
                who=joined([on.name(one.element.by) for one in clash]),
            )  # fmt: skip


S34 = Rule(
    "S34", named("一企多案冲突", "plans of one owner conflict"), "high",
    Basis("Order 88 art. 8(8); Environmental Protection Law art. 47", True), s34,
)  # fmt: skip
RULES = (S34,)
