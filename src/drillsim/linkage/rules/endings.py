"""S14, S23: everybody ends by the same proof, and what runs into the water has its plans too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from drillsim.data.statutes import EnvironmentDuty, statutes
from drillsim.i18n import catalogue
from drillsim.linkage.findings import Basis, Finding, Place, Skipped, joined, said
from drillsim.linkage.rules.context import Linked, Said, conditions_true, org_of
from drillsim.linkage.rules.rule import Rule, named
from drillsim.plans.conditions import Atom
from drillsim.plans.facts import FACTS

catalogue(
    {
        "s14.earlier": (
            "{lower}自行终止（{mine}），而{upper}以“{theirs}”终止：上级响应还在时下级已经结束",
            "{lower} ends by itself on {mine}, while {upper} ends on {theirs}: the lower one may "
            "be over while the upper response is still on",
        ),
        "s14.proof": (
            "对同一事故，{lower}与{upper}的终止条件不同：{mine}；{theirs}",
            "{lower} and {upper} end the same accident by different proof: {mine}; {theirs}",
        ),
        "s14.edit": (
            "改为“接到{upper}的解除通知后终止”",
            "let it end on the all-clear of {upper}",
        ),
        "s14.nothing": ("没有写明条件", "no criterion at all"),
        "s23.contain": (
            "{family}可能产生消防废水或泄漏液，而没有任何预案规定截流收集",
            "{family} can let out liquid or firewater, and no plan has it contained",
        ),
        "s23.measure": (
            "{family}可能污染大气或水体，而没有任何预案安排监测",
            "{family} can foul air or water, and no plan has anybody measure",
        ),
        "s23.tell": (
            "{family}可能流入水体，而没有任何预案通知下游{whom}",
            "{family} can reach the water, and no plan tells {whom} down-stream",
        ),
        "s23.partial": (
            "预案集不含政府、部门、企业三层预案，不判断环境衔接缺失",
            "the set lacks plans of government, department or enterprise: gaps are not judged",
        ),
        "s23.edit": ("补充该任务或通报及其牵头单位", "add the task or message with its lead"),
    }
)

RANK = {
    name: n
    for n, name in enumerate(
        ("enterprise", "park", "township", "county", "city", "province", "national")
    )
}
OVER = frozenset({"isolated", "air-clear", "fire-out", "accounted", "wreck-cleared"})
"""Facts that say that something is over, when a report waits for them."""
SIDE = frozenset({"location", "level", "wind", "all-clear"})
"""Facts that tell which accident or what was told, not that it is over."""


def _closing(on: Linked) -> list[Said]:
    """Give what ends a response or tells that it is over: tasks and messages, relays too."""
    out = [one for one in on.section("tasks") if one.element.verb == "terminate"]
    out += [n for n in on.section("notifications") if "all-clear" in on.content(n.element)]
    out += [n for n in on.notes.get("all-clear", ()) if n not in out]
    out += [
        one
        for one in on.section("tasks")
        if one.element.action == "return"
        and one.element.verb in {"instruct-occupants", "warn-public"}
    ]
    out += [one for one in on.section("protective") if one.element.action == "return"]
    return sorted(out, key=lambda one: one.ref)


def _proof(on: Linked, one: Said) -> frozenset[str]:
    """Give the facts of the world on which an ending rests, through the own tasks it waits for."""
    out: set[str] = set()
    for atom in one.atoms:
        if atom.key in FACTS and atom.key not in SIDE:
            out.add(atom.key)
        elif atom.key.startswith("told:") and not atom.negated:
            for note in on.notes.get(atom.key.removeprefix("told:"), ()):
                if on.named(atom.senders, note.element.by) and "all-clear" not in on.content(
                    note.element
                ):
                    out |= {a.key for a in note.atoms if a.key in FACTS and FACTS[a.key].id in OVER}
        elif atom.key.startswith("done:"):
            owner, _, name = atom.key.removeprefix("done:").rpartition(":")
            out |= _proof_of_task(on, owner or one.plan.head.id, name)
    return frozenset(out)


def _proof_of_task(on: Linked, plan_id: str, name: str) -> frozenset[str]:
    ref = f"{plan_id}/{name}"
    found = [task for task in on.section("tasks") if task.ref == ref]
    return _proof(on, found[0]) if found and found[0].element.verb == "terminate" else frozenset()


def _waits(on: Linked, one: Said) -> frozenset[str]:
    """Give the bodies without whose word an ending cannot come true."""
    told = {
        atom
        for atom in one.atoms
        if atom.key.startswith("told:") and not atom.negated and _ends(on, atom)
    }
    heard: set[Atom] = {atom for atom in one.atoms if atom.key == "all-clear"}
    if conditions_true(one.element.when, told | heard):
        return frozenset()
    out = {org_of(s) for atom in told for s in atom.senders}
    for atom in told:
        if not atom.senders:
            kind = atom.key.partition(":")[2]
            out |= {org_of(n.element.by) for n in on.notes.get(kind, ())}
    if heard:
        out |= {org_of(n.element.by) for n in _closing(on) if n.section == "notifications"}
    return frozenset(out - {org_of(one.actor)})


def _ends(on: Linked, atom: Atom) -> bool:
    """Tell whether a message waited for is itself word that it is over."""
    kind = atom.key.partition(":")[2]
    notes = [n for n in on.notes.get(kind, ()) if on.named(atom.senders, n.element.by)]
    return any("all-clear" in on.content(n.element) or kind == "all-clear" for n in notes)


def _apart(one: Said, other: Said) -> bool:
    """Tell whether two endings are for accidents at different places."""
    places = [
        {atom.value for atom in said.atoms if atom.key == "location" and not atom.negated}
        for said in (one, other)
    ]
    return bool(places[0] and places[1] and not places[0] & places[1])


def s14(on: Linked) -> Iterator[Finding | Skipped]:
    """Termination mismatch: the response is over for one body while it goes on for another.

    Endings are tasks with the verb `terminate`, messages that carry the all-clear, and people told
    to return. The yardstick is the ending of the highest body that ends by its own proof. Whoever
    stands below must wait for word of somebody who ends, or end by a proof that holds everything
    the upper one asks for; to stay longer is no finding, nor is a fire crew's own report that it is
    done. Two endings of one body must rest on the same proof. Endings for different places or kinds
    of accidents are not compared.

    Bad: the works ends when the leak is stopped; the city when air is below the limit twice.

    Good: `{id: t-end, by: works, when: told all-clear by city, verb: terminate}`
    """
    endings = _closing(on)
    enders = {org_of(one.actor) for one in endings}
    own = [one for one in endings if not _waits(on, one) and _proof(on, one)]
    blank = [
        one for one in endings
        if one.section == "tasks" and one.element.verb == "terminate"
        and not _proof(on, one) and not _waits(on, one)
    ]  # fmt: skip
    found: dict[tuple[str, str, str], dict[str, Said]] = {}
    for upper in own:
        for lower in (*own, *blank, *(one for one in endings if _waits(on, one))):
            key = _mismatch(on, upper, lower, enders)
            if key:
                orgs = (org_of(lower.actor), org_of(upper.actor))
                found.setdefault((key, *orgs), {}).update({upper.ref: upper, lower.ref: lower})
    for (key, low, high), saids in sorted(found.items()):
        lows = [one for one in saids.values() if org_of(one.actor) == low]
        highs = [one for one in saids.values() if org_of(one.actor) == high]
        upper_name = on.name(high)
        yield S14.finding(
            key, f"{low} > {high}", on.places(saids.values()),
            edit=said("s14.edit", upper=upper_name) if low != high else None,
            lower=on.name(low), upper=upper_name, mine=_facts(on, lows), theirs=_facts(on, highs),
        )  # fmt: skip


def _mismatch(on: Linked, upper: Said, lower: Said, enders: set[str]) -> str:
    """Give the message for a lower ending that does not fit an upper one, or an empty string."""
    if lower is upper or not on.overlap(upper.plan, lower.plan) or _apart(upper, lower):
        return ""
    a, b = org_of(upper.actor), org_of(lower.actor)
    same = on.desks(a, b)
    theirs, mine = _proof(on, upper), _proof(on, lower)
    if same:
        # each pair once; a message that only hears of the ending has no proof of its own
        differs = bool(theirs and mine) and theirs != mine and upper.ref < lower.ref
        return "s14.proof" if differs and not _waits(on, lower) and a == b else ""
    if _rank(on, a) < _rank(on, b) or (_rank(on, a) == _rank(on, b) and a > b):
        return ""
    if _waits(on, lower) & (enders | set(on.line(a))):
        return ""
    if _waits(on, lower):
        return ""  # waits for somebody else's word: whether it comes is S02
    if theirs <= mine and theirs:
        return ""
    return "s14.earlier"


def _rank(on: Linked, org: str) -> int:
    return RANK.get(on.plan_set.organisations[org].level, 0)


def _facts(on: Linked, saids: Iterable[Said]) -> Any:
    facts = sorted({fact for one in saids for fact in _proof(on, one)})
    return joined([FACTS[fact].name for fact in facts]) if facts else S14_NOTHING


def s23(on: Linked) -> Iterator[Finding | Skipped]:
    """Environment interface missing: nobody contains, measures, or tells those down-stream.

    By family of accidents (dated table): some task contains liquid or firewater, some task measures
    or some message asks a monitoring body to, and some message tells the owner of a water intake
    of the city, a neighbour's duty office and, on the water, the maritime office. Searched over
    all plans that are for the family; judged only where the set holds plans of government,
    department and enterprise.

    Bad: a dock's fire plan with foam and no boom, and nobody tells the water company.

    Good: `{verb: collect-firewater, ...}`, `{verb: monitor-water, ...}` and
    `{kind: pollution-notice, to: [water-works, neighbour-city], ...}`
    """
    tiers = {plan.head.tier for plan in on.plans}
    families = {case.family for case in on.cases if on.meant(case.family)}
    rows = [row for row in statutes().environment if row.family in families and row.holds(on.on)]
    if not rows or not {"government", "department", "enterprise"} <= tiers:
        yield S23.skipped("s23.partial")
        return
    for row in rows:
        plans = [p for p in on.plans if not p.head.covers or row.family in p.head.covers]
        fits = {plan.head.id for plan in plans}
        elements = [one for one in on.elements if one.plan.head.id in fits]
        places = tuple(
            on.head_place(plan) for plan in plans if row.family in plan.head.covers
        ) or tuple(on.head_place(plan) for plan in plans)  # fmt: skip
        for key, whom in _missing(on, row, elements):
            what = {"s23.contain": row.contain, "s23.measure": row.measure}.get(key, whom)
            if key == "s23.tell":
                places = (*places, *_waters(on, row, elements))
            yield S23.finding(
                key, f"{row.family} {key.removeprefix('s23.')} {'|'.join(what)}", places,
                edit=said("s23.edit"), family=row.name, whom=joined([on.name(o) for o in whom]),
            )  # fmt: skip


def _waters(on: Linked, row: EnvironmentDuty, elements: list[Said]) -> tuple[Place, ...]:
    """Give the messages about the water that tell somebody else."""
    return on.places(
        one for one in elements
        if one.section == "notifications"
        and one.element.kind in {"pollution-notice", "downstream-notice", *row.ask}
    )  # fmt: skip


def _missing(
    on: Linked, row: EnvironmentDuty, elements: list[Said]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give what no element does: message of the finding and the bodies that are not told."""
    verbs = {one.element.verb for one in elements if one.section == "tasks"}
    notes = [one for one in elements if one.section == "notifications"]
    asked = {note.element.kind for note in notes}
    if row.contain and not verbs & set(row.contain):
        yield "s23.contain", ()
    if row.measure and not verbs & set(row.measure) and not asked & set(row.ask):
        yield "s23.measure", ()
    told = {org_of(to) for note in notes for to in note.element.to}
    for group in _downstream(on, row):
        if not any(on.desks(org, other) for org in group for other in told):
            yield "s23.tell", group


def _downstream(on: Linked, row: EnvironmentDuty) -> Iterator[tuple[str, ...]]:
    """Give the bodies down-stream, of each group of which one must be told."""
    bodies = on.plan_set.organisations
    sites = on.city.of_kind(*row.tell_at) if on.city is not None else ()
    owners = sorted({site.org for site in sites if site.org and site.org in bodies})
    if row.each:
        yield from ((owner,) for owner in owners)
    elif owners:
        yield tuple(owners)
    outside = tuple(sorted(org for org in bodies if _neighbour(on, org)))
    if row.neighbour and outside:
        yield outside
    for kind in row.tell_kinds:
        found = sorted(org for org, body in bodies.items() if body.kind == kind)
        if found:
            yield tuple(found)


def _neighbour(on: Linked, org: str) -> bool:
    """Tell whether a body is the duty office of a jurisdiction without any plan in the set."""
    body = on.plan_set.organisations[org]
    levels = {on.plan_set.organisations[owner].level for owner in on.owners}
    return (
        body.kind == "duty-office"
        and body.level in levels & {"county", "city"}
        and org not in on.owners
        and org not in on.speaking
        and body.place is None
    )


S14_NOTHING = said("s14.nothing")
S14 = Rule(
    "S14", named("终止不一致", "termination mismatch"), "medium",
    Basis("Order 708 art. 25", True), s14,
)  # fmt: skip
S23 = Rule(
    "S23", named("环境次生接口缺失", "environment interface missing"), "high",
    Basis("Emergency Response Law 2024 art. 73(10); Order 708 art. 17(4), 18(3)", True), s23,
)  # fmt: skip
RULES = (S14, S23)
