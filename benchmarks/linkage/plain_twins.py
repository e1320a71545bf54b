"""Harmless edits that suit every rule: another wording, unit, order or file of the same thing."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.linkage.seeding import Seeded, seeded
from benchmarks.linkage.worlds import World

TIMES = ("deadline", "limit", "within", "ack", "every", "delay", "substitute_after")


def reworded(world: World) -> Iterator[Seeded]:
    """A body named by another of its valid names."""
    orgs = world.full.organisations
    for item in world.items():
        quote = item.raw.get("quote", "")
        for org_id in sorted(orgs):
            org = orgs[org_id]
            names = sorted({org.name.zh, *org.aliases}, key=lambda n: (-len(n), n))
            used = next((n for n in names if len(n) > 3 and n in quote), None)
            if not used:
                continue
            inside = [
                n for o in orgs.values() for n in (o.name.zh, *o.aliases)
                if used in n and n != used and n in quote
            ]  # fmt: skip
            other = [n for n in names if len(n) > 3 and n != used and n not in used]
            if other and not inside:
                new = quote.replace(used, other[0])
                yield seeded(item.set(quote=new), note=f"{used} is called {other[0]}")
                break


def other_unit(world: World) -> Iterator[Seeded]:
    """The same time written in seconds."""
    for item in world.items():
        for field in TIMES:
            value = getattr(item.it, field, None)
            if isinstance(value, float) and value >= 60:
                yield seeded(item.set(**{field: f"{value:g} s"}), note=f"{field} in seconds")
                break


def turned_round(world: World) -> Iterator[Seeded]:
    """The alternatives of a condition in another order."""
    for item in world.items():
        when = item.raw.get("when")
        if isinstance(when, dict):
            key, parts = next(iter(when.items()))
            if len(parts) > 1:
                yield seeded(item.set(when={key: parts[::-1]}), note="order of alternatives")


def wrapped(world: World) -> Iterator[Seeded]:
    """A single condition written as one alternative of one."""
    for item in world.items("tasks", "notifications", "protective"):
        when = item.raw.get("when")
        if isinstance(when, str):
            yield seeded(item.set(when={"any": [when]}), note="one alternative of one")


def other_file(world: World) -> Iterator[Seeded]:
    """An element moved to a second file of the same plan."""
    for item in world.items():
        yield Seeded((), (item.ref,), "moved to a second file", shift=(item.ref,))


def other_clause(world: World) -> Iterator[Seeded]:
    """A clause with another number."""
    for item in world.items("tasks", "notifications", "handovers"):
        if item.raw.get("clause") and "附件" not in item.raw["clause"]:
            new = f"{item.raw['clause']}.1"
            yield seeded(item.set(clause=new), note="another clause number")


PLAIN = (reworded, other_unit, turned_round, wrapped, other_file, other_clause)
