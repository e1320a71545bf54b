"""Three simpler checkers run on the same mutants: schema, reachability, each plan alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from benchmarks.linkage.worlds import World, house

from drillsim.data.statutes import statutes
from drillsim.plans.conditions import AnyOf, Atom
from drillsim.plans.model import SECTIONS
from drillsim.plans.sets import Plan, PlanSet

BASELINES = ("schema", "reachability", "alone")


def reachability(world: World, plan_set: PlanSet) -> frozenset[str]:
    """Every receiver exists, and every plan that must act is reached by some chain of messages.

    Starts from the bodies whose duties wake on facts (no message); kinds and times are not looked
    at. Gives one complaint for each plan and body in it that is not reached.
    """
    plan_set = plan_set.covering(world.family) if world.family else plan_set
    woken = {house(_actor(e)) for _, e in _acting(plan_set) if e.when and _by_itself(e.when)} | {
        house(e.to) for _, e in plan_set.elements("feeds")
    }
    sends = [(house(n.by), {house(a) for a in n.to}) for _, n in plan_set.elements("notifications")]
    while True:
        more = {b for sender, to in sends if sender in woken for b in to} - woken
        if not more:
            break
        woken |= more
    acting = {(p.head.id, house(_actor(e))) for p, e in _acting(plan_set)}
    acting |= {(plan_id, plan.head.owner) for plan_id, plan in plan_set.plans.items()}
    out = {f"{plan}: {body} is reached by nobody" for plan, body in acting if body not in woken}
    for _, n in plan_set.elements("notifications"):
        out |= {f"{n.id}: no {a}" for a in n.to if house(a) not in plan_set.organisations}
    return frozenset(out)


def _acting(plan_set: PlanSet) -> Iterator[tuple[Plan, Any]]:
    for section in ("notifications", "tasks", "protective", "levels"):
        yield from plan_set.elements(section)


def _actor(element: Any) -> str:
    return next((v for f in ("by", "activator") if (v := getattr(element, f, ""))), "")


def _by_itself(when: Any) -> bool:
    """Tell whether a condition can hold without any message."""
    if isinstance(when, Atom):
        return when.negated or when.key.partition(":")[0] not in {"told", "level", "done", "failed"}
    parts = [_by_itself(p) for p in (when.any if isinstance(when, AnyOf) else when.all)]
    return any(parts) if isinstance(when, AnyOf) else all(parts)


def alone(world: World, plan_set: PlanSet) -> frozenset[str]:
    """What a careful reader of one plan at a time would mark; no other plan is opened."""
    plan_set = plan_set.covering(world.family) if world.family else plan_set
    return frozenset(
        complaint
        for plan in plan_set.plans.values()
        for complaint in (*_head(world, plan), *_levels(plan), *_duties(plan), *_rest(world, plan))
    )


def _head(world: World, plan: Plan) -> Iterator[str]:
    head, dates, law = plan.head, plan.head.revision, statutes()
    if not dates.signed_by:
        yield f"{head.id}: not signed"
    if dates.filed and (dates.filed - dates.issued).days > 28:
        yield f"{head.id}: filed late"
    if dates.last_drill is None or (world.on - dates.last_drill).days > 730:
        yield f"{head.id}: no drill in two years"
    for cite in head.cites:
        edition = law.law(cite.name, cite.version)
        if edition and not edition.holds(world.on):
            yield f"{head.id}: cites {cite.name} {cite.version}"
    for contact in plan.contacts:
        if contact.verified_on is None or (world.on - contact.verified_on).days > 183:
            yield f"{head.id}: contact of {contact.of} is old"


def _levels(plan: Plan) -> Iterator[str]:
    pid, levels = plan.head.id, plan.of("levels")
    atoms = [a for level in levels if level.when for a in level.when.atoms()]
    lagging = {"deaths", "hurt", "symptoms"}
    if atoms and all(a.key in lagging for a in atoms):
        yield f"{pid}: levels by casualties only"
    if any(a.key == "release-rate" for a in atoms):
        yield f"{pid}: nobody measures a rate"
    if len({level.rank for level in levels}) < len(levels):
        yield f"{pid}: two levels of one rank"
    for fact in sorted({a.key for a in atoms if a.op == "in"}):
        spans = sorted((a.value, a.upper) for a in atoms if a.key == fact and a.op == "in")
        for (_, upper), (lower, _) in itertools.pairwise(spans):
            if isinstance(lower, float) and upper is not None and lower > upper:
                yield f"{pid}: a gap of {fact} at {upper:g}"


def _duties(plan: Plan) -> Iterator[str]:
    pid = plan.head.id
    for section in ("notifications", "tasks", "protective"):
        for duty in plan.of(section):
            if duty.deadline is not None and duty.deadline <= 0:
                yield f"{pid}/{duty.id}: no time at all"
            if duty.law and duty.modality != "must":
                yield f"{pid}/{duty.id}: a legal duty weakened"
            if duty.law and duty.law.within and (duty.deadline or 0) > duty.law.within:
                yield f"{pid}/{duty.id}: later than the law"
            if duty.law and duty.deadline is None and "立即" not in duty.quote:
                yield f"{pid}/{duty.id}: a legal duty without minutes"
    for note in plan.of("notifications"):
        if not note.content and not note.form:
            yield f"{pid}/{note.id}: says nothing"
    after = {t.id: t.after for t in plan.of("tasks")}
    for start, before in after.items():
        seen, todo = set(), list(before)
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                todo += after.get(one, ())
        if start in seen:
            yield f"{pid}/{start}: waits for itself"


def _rest(world: World, plan: Plan) -> Iterator[str]:
    pid = plan.head.id
    for hand in plan.of("handovers"):
        for field in ("brief", "limit", "stays"):
            if not getattr(hand, field):
                yield f"{pid}/{hand.id}: no {field}"
        if not hand.confirm:
            yield f"{pid}/{hand.id}: nobody confirms"
    for promise in plan.of("promises"):
        if promise.by not in promise.signed_by:
            yield f"{pid}/{promise.id}: not signed"
        if promise.expires and promise.expires < world.on:
            yield f"{pid}/{promise.id}: expired"
    for task in plan.of("tasks"):
        if task.verb == "bus-evacuation" and not task.sites:
            yield f"{pid}/{task.id}: leads nowhere"
    own = {e.id for s in SECTIONS for e in plan.of(s)}
    for delegation in plan.of("delegations"):
        if delegation.until and delegation.until not in own and not plan.of("handovers"):
            yield f"{pid}/{delegation.id}: ends with nothing"
