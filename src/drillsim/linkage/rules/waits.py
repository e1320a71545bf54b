"""S15: nobody waits for somebody who waits for him."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from drillsim.i18n import catalogue
from drillsim.linkage.findings import Basis, Finding, Skipped, joined
from drillsim.linkage.rules.context import Linked, Said, org_of
from drillsim.linkage.rules.rule import Rule, named
from drillsim.plans.conditions import Atom

catalogue(
    {
        "s15.finding": (
            "循环等待：{steps}，没有别的启动办法，谁也动不了",
            "circular wait: {steps}; there is no other way to start, so none of them ever does",
        ),
    }
)

Needs = Mapping[str, frozenset[str]]


def _supports(on: Linked, one: Said, atom: Atom) -> frozenset[str] | None:
    """Give the elements of which any makes a sentence true; None when it needs none of them."""
    head, _, rest = atom.key.partition(":")
    if atom.negated or not rest or head == "holds":
        return None
    if head == "told":
        found = [n for who in on.listeners(one) for n in on.sent(rest, who, atom.senders)]
        return frozenset(note.ref for note in found) or None  # nobody sends it: that is S02
    owner, _, name = rest.rpartition(":")
    owner = owner or one.plan.head.id
    if head == "level":
        mapped = {
            m.ref for m in on.section("mappings")
            if m.plan.head.id == owner and m.element.target == name
        }  # fmt: skip
        return frozenset({f"{owner}/{name}", *mapped})
    return frozenset({f"{owner}/{name}"})


def _true(on: Linked, one: Said, when: Any, alive: set[str]) -> bool:
    if isinstance(when, Atom):
        needs = _supports(on, one, when)
        return needs is None or bool(needs & alive)
    parts = when.any if hasattr(when, "any") else when.all
    truths = (_true(on, one, part, alive) for part in parts)
    return any(truths) if hasattr(when, "any") else all(truths)


def _can_start(on: Linked, one: Said, alive: set[str]) -> bool:
    element = one.element
    if one.section == "mappings":
        return element.source.replace(":", "/") in alive
    when = getattr(element, "when", None)
    after = getattr(element, "after", ())
    ready = all(f"{one.plan.head.id}/{name}" in alive for name in after)
    return ready and (when is None or _true(on, one, when, alive))


def s15(on: Linked) -> Iterator[Finding | Skipped]:
    """Circular wait: duties that can start only after each other.

    Only hard edges count: a message waited for, a task done, `after`, a level. An edge with an
    alternative that can come true ("any") is none, nor is a wait for a fact of the world. What
    merely stands behind the circle is not listed. A message that nobody sends is left to S02.

    Bad: the press waits for readings, the monitors wait to be let through, the police set up the
    cordon after the press has published.

    Good: the police let monitors through on their permit: `when: told gate-order by park`
    """
    elements = {one.ref: one for one in on.elements}
    alive: set[str] = set()
    waiting = dict(elements)
    while found := {ref for ref, one in waiting.items() if _can_start(on, one, alive)}:
        alive |= found
        waiting = {ref: one for ref, one in waiting.items() if ref not in found}
    edges = {ref: frozenset(_needs(on, one) & waiting.keys()) for ref, one in waiting.items()}
    for circle in _circles(edges):
        saids = [elements[ref] for ref in circle]
        actors = [on.name(one.actor) for one in saids if one.actor]
        seam = " > ".join(dict.fromkeys(org_of(one.actor) for one in saids if one.actor))
        yield S15.finding("s15.finding", seam, on.places(saids), steps=joined(actors))


def _needs(on: Linked, one: Said) -> frozenset[str]:
    out: set[str] = {f"{one.plan.head.id}/{name}" for name in getattr(one.element, "after", ())}
    if one.section == "mappings":
        out.add(one.element.source.replace(":", "/"))
    for atom in one.atoms:
        out |= _supports(on, one, atom) or frozenset()
    return frozenset(out)


def _circles(edges: Needs) -> list[list[str]]:
    """Give the sets of elements that all need each other, each ordered from its first name."""
    reach = {ref: _from(edges, ref) for ref in edges}
    circles: dict[frozenset[str], list[str]] = {}
    for ref in sorted(edges):
        if ref not in reach[ref]:
            continue
        ring = frozenset(o for o in reach[ref] if ref in reach[o])
        circles.setdefault(ring, _walk(edges, ref, ring))
    return list(circles.values())


def _from(edges: Needs, start: str) -> frozenset[str]:
    seen: set[str] = set()
    wave = [start]
    while wave:
        for other in edges.get(wave.pop(), ()):
            if other not in seen:
                seen.add(other)
                wave.append(other)
    return frozenset(seen)


def _walk(edges: Needs, start: str, ring: frozenset[str]) -> list[str]:
    """Order a ring by who waits for whom, as far as one walk goes, then by name."""
    order, here = [start], start
    while step := next((o for o in sorted(edges[here]) if o in ring and o not in order), None):
        order.append(step)
        here = step
    return order + sorted(ring - set(order))


S15 = Rule(
    "S15", named("循环等待", "circular wait"), "critical",
    Basis("design rule of this product: hard precedence only", False), s15,
)  # fmt: skip
RULES = (S15,)
