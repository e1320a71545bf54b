"""Operators of messages and their receivers (LD1): S01 to S03, from their statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from benchmarks.linkage.seams import (
    accepts,
    content,
    facts_read,
    footprint,
    planned,
    senders_of,
    site_owners,
    waits,
)
from benchmarks.linkage.seeding import Seeded, seeded
from benchmarks.linkage.worlds import Edit, Item, World, house, rewritten, sentences, told

SERIES = frozenset(
    [
        "leader-report",
        "monitoring-result",
        "casualty-count",
        "weather-advice",
        "site-report",
        "scene-report",
        "bed-query",
        "all-clear",
        "public-notice",
        "building-report",
        "building-end",
        "building-counted",
        "water-result",
    ]
)
"""Follow-up and copies for information: read as no event that must start something."""


def s01_told_but_deaf(world: World) -> Iterator[Seeded]:
    """A further addressee whose plans have no trigger for this event."""
    awaited = {k for b in planned(world) for _, k, _ in waits(world, b)}
    for item in world.items("notifications"):
        if item.it.kind not in awaited or item.it.kind in SERIES:
            continue
        sender = house(item.it.by)
        carried = content(world, item)
        for body in planned(world):
            known = {house(a) for a in item.it.to} | {sender}
            if world.plan_beside(body, item.plan) is None:
                continue
            if known & world.kin(body) or accepts(world, body, item.it.kind, sender):
                continue
            if carried & facts_read(world, body):
                continue  # it might start on a fact that the message brings
            edit = item.set(to=[*item.raw["to"], body])
            yield seeded(edit, names=(f"{sender} > {body}",), note=f"{body} is told and deaf")


def s01_starts_on_another(world: World) -> Iterator[Seeded]:
    """The receiver starts only on somebody else's word."""
    for item in world.items("notifications"):
        sender, kind = house(item.it.by), item.it.kind
        for body in sorted({house(a) for a in item.it.to} & set(world.owners)):
            if content(world, item) & facts_read(world, body) - {"substance", "wind"}:
                continue
            hits = [i for b in sorted(world.kin(body)) for i, k, _ in waits(world, b) if k == kind]
            if kind in SERIES or not any(i.plan in world.owners[body] for i in hits):
                continue
            calls = [
                i for i in world.items("notifications")
                if i.it.kind == kind and body in {house(a) for a in i.it.to}
            ]  # fmt: skip
            senders = {one for s in senders_of(world, kind) for one in world.kin(s)}
            other = sorted(set(world.owners) - world.kin(body) - senders)
            if not hits or not other or sender in world.kin(body):
                continue

            def swap(sentence: str, kind: str = kind, other: str = other[0]) -> str:
                found = told(sentence)
                return f"told {kind} by {other}" if found and found[0] == kind else sentence

            edits = {i.ref: i.set(when=rewritten(i.raw["when"], swap)) for i in hits}
            names = [i.ref for i in calls] + [f"{house(i.it.by)} > {body}" for i in calls]
            yield seeded(*edits.values(), names=names, note=f"{body} waits for {other[0]}")


def t01_second_receiver(world: World) -> Iterator[Seeded]:
    """A further addressee that does take the message up."""
    for item in world.items("notifications"):
        here = {house(a) for a in item.it.to}
        for body in sorted(here):
            roles = [f"{body}/{r.id}" for r in world.full.organisations[body].roles]
            fresh = [a for a in roles if a not in item.it.to]
            if fresh and body in item.it.to and house(item.it.by) != body:
                yield seeded(item.set(to=[*item.raw["to"], fresh[0]]), note="a second post is told")


def t01_any_sender(world: World) -> Iterator[Seeded]:
    """A receiver that took the message from named bodies takes it from anybody."""
    for item in world.items("tasks", "levels", "protective", "notifications"):
        when = item.raw.get("when")
        for sentence in sentences(when):
            found = told(sentence)
            if found and found[1] and " for " not in sentence and len(found[1]) == 1:
                wide = f"told {found[0]}"

                def swap(s: str, old: str = sentence, new: str = wide) -> str:
                    return new if s == old else s

                yield seeded(item.set(when=rewritten(when, swap)), note="taken from anybody")
                break


def can_fire(world: World, when: Any, body: str, silent: set[str]) -> bool:
    """Tell whether some alternative of a condition has all its messages sent to the body."""
    if isinstance(when, dict):
        key, parts = next(iter(when.items()))
        fired = [can_fire(world, p, body, silent) for p in parts]
        return any(fired) if key == "any" else all(fired)
    found = told(str(when))
    if not found:
        return True
    for item in world.items("notifications"):
        if item.ref in silent or item.it.kind != found[0]:
            continue
        if found[1] and house(item.it.by) not in {house(s) for s in found[1]}:
            continue
        if any(house(a) in world.kin(body) for a in item.it.to):
            return True
    return False


def waiting(world: World) -> Iterator[tuple[Item, str]]:
    """Give the elements that wait for a message, with the body that waits."""
    for item in world.items("notifications", "levels", "tasks", "protective", "groups"):
        field = {"levels": "activator", "groups": "lead"}.get(item.section, "by")
        if any(told(s) for s in sentences(item.raw.get("when"))):
            yield item, house(getattr(item.it, field))


def s02_sender_silent(world: World) -> Iterator[Seeded]:
    """The only message that a duty waits for is taken out of the sender's plans."""
    for item, body in waiting(world):
        if not can_fire(world, item.raw["when"], body, set()):
            continue
        kinds = {found[0] for s in sentences(item.raw["when"]) if (found := told(s))}
        supply = [
            n
            for n in world.items("notifications")
            if n.it.kind in kinds
            and house(n.it.by) in world.owners
            and any(house(a) in world.kin(body) for a in n.it.to)
        ]
        for n in supply:
            same = [m for m in supply if (m.it.kind, m.it.by) == (n.it.kind, n.it.by)]
            if can_fire(world, item.raw["when"], body, {m.ref for m in same}):
                continue
            owner = house(n.it.by)
            edits = [m.gone() for m in same]
            yield seeded(*edits, names=(item.ref, f"{owner} > {body}"), note=f"{item.ref} waits")
            break


def s02_waits_for_mute(world: World) -> Iterator[Seeded]:
    """A duty waits for a message from a body whose plans never send it."""
    for item, body in waiting(world):
        if item.section == "levels" and len(list(sentences(item.raw["when"]))) > 3:
            continue
        for sentence in sentences(item.raw["when"]):
            found = told(sentence)
            if not found or not found[1]:
                continue
            mute = sorted(
                b for b in world.owners
                if world.plan_beside(b, item.plan)
                and not (world.kin(b) & (senders_of(world, found[0]) | world.kin(body)))
            )  # fmt: skip
            if not mute:
                continue
            when = f"told {found[0]} by {mute[0]}"
            names = (item.ref, f"{mute[0]} > {body}")
            yield seeded(item.set(when=when), names=names, note=f"{mute[0]} never sends it")
            break


def t02_one_more_way(world: World) -> Iterator[Seeded]:
    """An alternative beside one that is served: one satisfied alternative is enough."""
    for item, body in waiting(world):
        if not can_fire(world, item.raw["when"], body, set()):
            continue
        for n in world.items("notifications"):
            known = {found[0] for s in sentences(item.raw["when"]) if (found := told(s))}
            if n.it.kind not in known or body not in {house(a) for a in n.it.to}:
                continue
            extra = f"told {n.it.kind} by {house(n.it.by)}"
            if extra not in set(sentences(item.raw["when"])) and house(n.it.by) != body:
                when = {"any": [item.raw["when"], extra]}
                yield seeded(item.set(when=when), note="one more alternative")
                break


LAW_KINDS = {
    "chemical-storage": ("em", "ecology", "police", "health", "fire"),
}


def without_body(item: Item, bodies: set[str]) -> Edit:
    rest = [a for a in item.raw["to"] if house(a) not in bodies]
    return item.set(to=rest) if rest else item.gone()


def s03_law_forgotten(world: World) -> Iterator[Seeded]:
    """The body at which the accident begins no longer tells one kind of body the law names."""
    orgs = world.full.organisations
    for owner in sorted(site_owners(world)):
        own = [i for i in world.items("notifications") if house(i.it.by) == owner]
        families = {c.family for c in world.cases if world.city.facilities[c.at].org == owner}
        for family in sorted(families):
            for kind in LAW_KINDS.get(family, ()):
                group = {o for o in orgs if orgs[o].kind == kind}
                if kind == "fire":
                    group = {o for o in group if orgs[o].parent or orgs[o].level == "county"}
                hits = [i for i in own if {house(a) for a in i.it.to} & group]
                if hits:
                    edits = [without_body(i, group) for i in hits]
                    names = (owner, kind, *sorted(group), *world.owners[owner])
                    yield seeded(*edits, names=names, note=f"{owner} does not tell {kind}")


def s03_neighbour_forgotten(world: World) -> Iterator[Seeded]:
    """People inside the planned sector whom nobody tells any more."""
    inside = footprint(world)
    site = site_owners(world)
    for body in sorted(set(inside) - site):
        hits = [i for i in world.items("notifications") if body in {house(a) for a in i.it.to}]
        alarms = [i for i in hits if "alarm" in i.it.kind or "order" in i.it.kind]
        if alarms:
            edits = [without_body(i, {body}) for i in hits]
            names = (body, *inside[body])
            yield seeded(*edits, names=names, note=f"nobody tells {body}")


def s03_wrong_house(world: World) -> Iterator[Seeded]:
    """The report goes to a body of another kind than the law names."""
    for base in s03_law_forgotten(world):
        dropped = {e.key: e for e in base.edits}
        edits = []
        for key, edit in dropped.items():
            item = world.find(*key)
            if item is None:
                continue
            old = set(item.raw["to"]) - set((edit.value or {}).get("to", ()))
            orgs = world.full.organisations
            other = sorted(o for o in orgs if orgs[o].kind == "propaganda")
            if other and old:
                edits.append(item.set(to=[a for a in item.raw["to"] if a not in old] + other[:1]))
        if len(edits) == len(dropped):
            yield seeded(*edits, names=base.names, note=base.note + ", another is told instead")


def t03_split(world: World) -> Iterator[Seeded]:
    """One message to two bodies becomes two messages."""
    for item in world.items("notifications"):
        bodies = {house(a) for a in item.it.to}
        if len(bodies) > 1 and len(item.it.to) <= 4:
            last = house(item.it.to[-1])
            rest = [a for a in item.raw["to"] if house(a) != last]
            mine = [a for a in item.raw["to"] if house(a) == last]
            twin = world.add("notifications", item.plan, {**item.raw, "id": "n-x2", "to": mine})
            yield seeded(item.set(to=rest), twin, note="split in two")


def t03_told_twice(world: World) -> Iterator[Seeded]:
    """A second plan of the same owner tells the same body the same."""
    for item in world.items("notifications"):
        others = [p for p in world.owners.get(house(item.it.by), ()) if p != item.plan]
        if others and not any(re.match(r"(not )?(level|done|failed) ", s)
                              for s in sentences(item.raw["when"])):  # fmt: skip
            twin = world.add("notifications", others[0], dict(item.raw))
            yield seeded(twin, names=(item.ref,), note="told by a second plan too")
