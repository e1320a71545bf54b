"""S33, S36: no measure destroys what another needs, and who knows a thing is asked."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

from drillsim.data.statutes import Clash, Deciding, statutes
from drillsim.i18n import catalogue
from drillsim.linkage.findings import Basis, Finding, Skipped, joined, said
from drillsim.linkage.rules.context import Linked, Said, org_of
from drillsim.linkage.rules.messages import blocked
from drillsim.linkage.rules.rule import Rule, named
from drillsim.plans.facts import FACTS

catalogue(
    {
        "s33.finding": (
            "{taker}的措施（{verb}）使{state}丧失，而{users}同时要用它（{needs}），且没有写明由谁决定",
            "{taker} takes away {state} ({verb}) while {users} need it ({needs}), and nothing says "
            "who decides",
        ),
        "s33.edit": (
            "写明该措施只凭现场指挥的指令实施，或只切断不影响他方的部分",
            "let it wait for the word of a named commander, or take only what nobody needs",
        ),
        "s36.finding": (
            "{holders}掌握“{fact}”，{who}的工作（{verb}）要靠它决定，而没有任何消息或查询把它送到",
            "{holders} know {fact}, {who} decide by it how to do their work ({verb}), and no "
            "message or query brings it",
        ),
        "s36.edit": (
            "增加由{holders}向{who}通报“{fact}”的条款，或由后者在接警时查询",
            "let {holders} tell {who} {fact}, or let these ask when they are called",
        ),
    }
)

DECIDER = re.compile(
    r"(只凭|仅凭|凭|由|经|须经|听从|服从|按)[^。；，]{0,20}(口令|指令|决定|同意|命令|批准)"
    r"|(无须|无需|不需|不须)请示"
    r"|only on the word|on the order of|decided by|with the consent of",
    re.IGNORECASE,
)
"""Words by which a plan says who decides about its own measure."""
BY_VOICE = frozenset({"door-to-door", "loudspeaker", "radio", "in-person"})
"""Channels of a warning that need nothing but people and their own sets."""
NEAR_M = 500.0
"""Distance within which two works share power, drains and water (ours, unverified)."""


def _decided(on: Linked, one: Said) -> bool:
    """Tell whether a plan says of its own measure who decides."""
    task = one.element
    if task.scope or task.approval or DECIDER.search(task.quote):
        return True
    told = [atom for atom in one.atoms if atom.key.startswith("told:") and not atom.negated]
    return any(
        atom.key.endswith("-order") or any(_commands(on, sender) for sender in atom.senders)
        for atom in told
    )


def _commands(on: Linked, address: str) -> bool:
    """Tell whether a body or role holds some scope of command in the set."""
    return any(
        one.element.by == address or ("/" not in address and org_of(one.element.by) == address)
        for one in on.section("commands")
    )


def _together(on: Linked, one: Said, other: Said) -> bool:
    """Tell whether two works can meet: one kind of accident, one place, or places not known."""
    if not on.overlap(one.plan, other.plan):
        return False
    towns = [
        {atom.value for atom in s.atoms if atom.key == "location" and not atom.negated}
        for s in (one, other)
    ]
    if towns[0] and towns[1] and not towns[0] & towns[1]:
        return False
    a, b = (on.facility(said.element.where) for said in (one, other))
    if a is None or b is None:
        return True
    return math.dist(a.xy, b.xy) < NEAR_M or (bool(a.org) and a.org == b.org)


def s33(on: Linked) -> Iterator[Finding | Skipped]:
    """Mutually destructive measures: one plan takes away what a task of another plan needs.

    By a table of states (power, foam blanket, dry drains): verbs that take a state away against
    verbs that need it, in plans for the same accidents at places not further apart than 500 m. It
    is settled when the plan that takes the measure names who decides about it: a scope of command,
    an approval, an order waited for, or a sentence that says so; a rule in another plan is none.

    Bad: the power company cuts the whole block within 15 min of the fire call, while the fire plan
    counts on pump, lift and fans.

    Good: `{verb: cut-power, when: told power-order by fire-brigade, ...}`
    """
    found: dict[tuple[str, str], tuple[Clash, dict[str, Said], dict[str, Said]]] = {}
    for clash in statutes().clashes:
        for taker in on.section("tasks"):
            if taker.element.verb not in clash.taken_by or _decided(on, taker):
                continue
            users = {
                user.ref: user
                for user in on.section("tasks")
                if user.element.verb in clash.needed_by
                and user.element.channel not in BY_VOICE
                and user.plan is not taker.plan
                and _together(on, taker, user)
            }
            if users:
                key = (taker.ref, clash.state)
                found[key] = (clash, {taker.ref: taker}, users)
    for (ref, state), (clash, takers, users) in sorted(found.items()):
        taker = takers[ref]
        verbs = sorted({user.element.verb for user in users.values()})
        yield S33.finding(
            "s33.finding", f"{ref} {state}", on.places([taker, *users.values()]),
            "critical" if clash.grave else "high", said("s33.edit"),
            taker=on.name(taker.actor), verb=taker.element.verb, state=clash.name,
            users=joined([on.name(user.actor) for _, user in sorted(users.items())]),
            needs=", ".join(verbs),
        )  # fmt: skip


def _holders(on: Linked, fact: str) -> frozenset[str]:
    """Give the bodies to which an instrument or a register brings a fact."""
    return frozenset(
        org_of(one.element.to) for one in on.section("feeds") if one.element.fact == fact
    )


def _knowing(
    on: Linked, fact: str, holders: frozenset[str], unsent: Mapping[str, object]
) -> set[str]:
    """Give the bodies that a fact reaches by messages and queries; a brief comes too late."""
    known = set(holders)
    if FACTS[fact].observable == "presence":
        known |= {
            org for org, body in on.plan_set.organisations.items()
            if any(role.senses for role in body.roles)
        }  # fmt: skip
    moving = True
    while moving:
        moving = False
        for one in on.section("notifications"):
            if fact not in on.content(one.element) or one.ref in unsent:
                continue
            if not any(on.desks(org_of(one.actor), org) for org in known):
                continue
            told = {org_of(to) for to in one.element.to}
            if not told <= known:
                known |= told
                moving = True
    return known


def s36(on: Linked) -> Iterator[Finding | Skipped]:
    """Who knows is not asked: a fact that decides a work is held in the set and does not come.

    Held is what an instrument, a platform or a register brings to a body (`feeds`). It spreads by
    every message of somebody who has it to those who get it, as long as the message can
    be sent at all; a reply to a query that nobody sends brings nothing. Asked are the tasks of a
    table (agent, protection, zone, post) by the task model, not by their text. What nobody in the
    set holds is not judged, nor is what a crew sees at the place. Works of one body that lack one
    fact are one finding.

    Bad: the electronic waybill shows the cargo to the transport bureau after 2 min; 119 does not
    ask, and the first engines bring plain foam.

    Good: `{by: 119, to: [transport], kind: cargo-query, ...}` and a reply with `content: [cargo]`
    """
    unsent = blocked(on)
    yield from _unasked(on, unsent)
    for row in statutes().deciding:
        holders = _holders(on, row.fact)
        if not holders:
            continue
        lost: dict[str, list[Said]] = {}
        for family in on.families:
            part = _for_family(on, family)
            held = _holders(part, row.fact)
            if not held:
                continue
            known = _knowing(part, row.fact, held, unsent)
            for one in _deciding(part, row):
                body = org_of(one.actor)
                if body not in known:
                    lost.setdefault(body, []).append(one)
        for body, saids in sorted(lost.items()):
            yield _lost(on, row, body, holders, list({one.ref: one for one in saids}.values()))


def _unasked(on: Linked, unsent: Mapping[str, object]) -> Iterator[Finding]:
    """Find a work that cannot begin without a fact which no message to its doer carries at all.

    A body that sees the accident itself needs no message.
    """
    held: dict[str, frozenset[str]] = {}
    lost: dict[tuple[str, str], list[Said]] = {}
    got = _got(on, unsent)
    for one in on.section("tasks"):
        body = org_of(one.actor)
        if not any(atom.key.startswith("told:") and not atom.negated for atom in one.atoms):
            continue
        spared = [set(statutes().not_asked.get(f, ())) for f in one.plan.head.covers]
        free: set[str] = set.intersection(*spared) if spared else set()
        decided = {row.fact for row in statutes().deciding if one.element.verb in row.verbs}
        for fact in statutes().inputs.get(one.element.verb, ()):
            if fact in decided:
                continue
            held.setdefault(fact, _holders(on, fact))
            known = fact in free or fact in got.get(body, ())
            if not known and held[fact] - {body} and _same_kind(on, one, held[fact]):
                lost.setdefault((body, fact), []).append(one)
    for (body, fact), saids in sorted(lost.items()):
        row = Deciding(fact=fact, grave=fact != "location", source="", verified=False)
        yield _lost(on, row, body, held[fact] - {body}, saids)


def _same_kind(on: Linked, one: Said, holders: frozenset[str]) -> bool:
    """Tell whether somebody holds the fact in a plan for the same accidents."""
    return any(
        org_of(feed.element.to) in holders and on.overlap(feed.plan, one.plan)
        for feed in on.section("feeds")
    )


def _got(on: Linked, unsent: Mapping[str, object]) -> dict[str, set[str]]:
    """Give the facts that messages, briefs and instruments bring to each body."""
    out: dict[str, set[str]] = {}
    for one in on.section("notifications"):
        if one.ref not in unsent:
            for to in one.element.to:
                out.setdefault(org_of(to), set()).update(on.content(one.element))
    for one in on.section("handovers"):
        out.setdefault(org_of(one.element.taker), set()).update(one.element.brief)
    for one in on.section("feeds"):
        out.setdefault(org_of(one.element.to), set()).add(one.element.fact)
    return out


def _for_family(on: Linked, family: str) -> Linked:
    if not family or all(family in (plan.head.covers or (family,)) for plan in on.plans):
        return on
    plan_set = on.plan_set.covering(family)
    return Linked(plan_set, on.on, on.city, on.cases, on.interfaces)


def _deciding(on: Linked, row: Deciding) -> Iterator[Said]:
    for one in on.section("tasks"):
        if one.element.verb in row.verbs and (one.element.crews > 0 or not one.element.needs):
            yield one
    for one in on.section("protective"):
        if one.element.action in row.actions and one.element.sector is not None:
            yield one


def _lost(
    on: Linked, row: Deciding, body: str, holders: frozenset[str], saids: list[Said]
) -> Finding:
    feeds = [one for one in on.section("feeds") if one.element.fact == row.fact]
    who, fact = on.name(body), FACTS[row.fact].name
    known = joined([on.name(org) for org in sorted(holders)])
    verbs = sorted({getattr(s.element, "verb", "") or s.element.action for s in saids})
    return S36.finding(
        "s36.finding", f"{'|'.join(sorted(holders))} > {body} {row.fact}",
        on.places([*saids, *feeds]), "critical" if row.grave else "high",
        said("s36.edit", holders=known, who=who, fact=fact),
        holders=known, fact=fact, who=who, verb=", ".join(verbs),
    )  # fmt: skip


S33 = Rule(
    "S33", named("措施互斥", "mutually destructive measures"), "critical",
    Basis("Order 708 art. 18(3); Emergency Response Law 2024 art. 73(11)", True), s33,
)  # fmt: skip
S36 = Rule(
    "S36", named("信息孤岛", "who knows is not asked"), "critical",
    Basis("Emergency Response Law 2024 art. 59, 61; Work Safety Law art. 40(2)", True), s36,
)  # fmt: skip
RULES = (S33, S36)
