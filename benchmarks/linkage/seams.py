"""Who tells whom, who waits for it, and who lives down the wind: read off a clean set."""

from __future__ import annotations

import re
from typing import Any

from benchmarks.linkage.worlds import Edit, Item, World, house, sentences, told


def senders_of(world: World, kind: str, to: str | None = None) -> set[str]:
    """Give the bodies that send a kind of message (to a body, when named)."""
    return {
        house(i.it.by)
        for i in world.items("notifications")
        if i.it.kind == kind and (to is None or to in {house(a) for a in i.it.to})
    }


Wait = tuple[Item, str, tuple[str, ...]]


def waits(world: World, body: str) -> list[Wait]:
    """Give every sentence by which a body waits for a message: element, kind, senders."""
    if "waits" not in world.memo:
        table: dict[str, list[Wait]] = {}
        for item in world.items():
            for sentence in sentences(item.raw.get("when")):
                if found := told(sentence):
                    for actor in sorted(world.actors(item)):
                        table.setdefault(actor, []).append((item, found[0], found[1]))
        world.memo["waits"] = table
    found_waits: list[Wait] = world.memo["waits"].get(body, [])
    return found_waits


def accepts(world: World, body: str, kind: str, sender: str) -> bool:
    """Tell whether some plan of a body or of its kin takes up a message of the kind."""
    for one in world.kin(body):
        for _, k, senders in waits(world, one):
            if k == kind and (not senders or sender in {house(s) for s in senders}):
                return True
    return False


def planned(world: World) -> list[str]:
    """Give the bodies whose own plans are in the set and wait for some message."""
    return [b for b in sorted(world.owners) if waits(world, b)]


def facts_read(world: World, body: str) -> set[str]:
    """Give the words of every condition of a body and its kin."""
    if "words" not in world.memo:
        table: dict[str, set[str]] = {}
        for item in world.items():
            words = {w for s in sentences(item.raw.get("when")) for w in re.findall(r"[a-z-]+", s)}
            for actor in world.actors(item):
                table.setdefault(actor, set()).update(words)
        world.memo["words"] = table
    return set().union(*(world.memo["words"].get(one, set()) for one in world.kin(body)))


def content(world: World, item: Item) -> set[str]:
    """Give all facts that a notification carries."""
    form = world.full.head.forms.get(item.it.form or "", ())
    return set(item.it.content) | set(form)


def site_owners(world: World) -> set[str]:
    """Give the bodies at whose places the accidents begin."""
    places = world.city.facilities
    return {o for c in world.cases if (o := places[c.at].org) and o in world.owners}


def footprint(world: World) -> dict[str, set[str]]:
    """Give the bodies with people inside the plans' own down-wind sector, by their places."""
    found: dict[str, set[str]] = {}
    for case in world.chemical[:1]:
        zones = [p.it for p in world.items("protective") if p.it.sector]
        far = max((z.far for z in zones), default=0.0)
        half = max((z.sector for z in zones), default=0.0) / 2
        for place in world.city.facilities.values():
            metres, off = world.where(place.id, case)
            if place.org and place.heads.day and 0 < metres < far * 0.95 and off <= half / 2:
                found.setdefault(place.org, set()).add(place.id)
    return found


def outward(item: Item) -> bool:
    return house(item.it.by) not in {house(a) for a in item.it.to}


def minutes(seconds: float) -> str:
    return f"{seconds / 60:g} min"


def spelled(world: World, item: Item, drop: set[str]) -> Edit:
    """Write out the form of a message and leave some facts away."""
    form = list(world.full.head.forms.get(item.it.form or "", ()))
    facts = [f for f in dict.fromkeys([*form, *item.it.content]) if f not in drop]
    return item.set(form=None, content=facts)


def fits(world: World, item: Item) -> bool:
    return fits_plan(world, item.plan)


def fits_plan(world: World, plan: str) -> bool:
    """Tell whether a plan is for accidents with hazardous substances in storage."""
    covers = world.full.plans[plan].head.covers
    return not covers or "chemical-storage" in covers


def own_trigger(world: World, body: str, plan: str) -> Any:
    """Give a condition on which a body already does something in a plan of its own."""
    for item in world.items("tasks", "notifications"):
        after = any(s.startswith(("done", "failed")) for s in sentences(item.raw["when"]))
        if item.plan == plan and house(item.it.by) == body and not after:
            return item.raw["when"]
    return None
