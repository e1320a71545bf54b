"""Operators of facts that several know or nobody asks for (LD1): S35, S36."""

from __future__ import annotations

import re
from collections.abc import Iterator

from benchmarks.linkage.seams import content, spelled
from benchmarks.linkage.seeding import Seeded, seeded
from benchmarks.linkage.worlds import World, house

from drillsim.data.statutes import statutes

COUNTS = ("hurt", "deaths")


def s35_second_line(world: World) -> Iterator[Seeded]:
    """Two lines report a deciding figure upward and no plan names its verifier and cut-off."""
    counts = [i for i in world.items("notifications") if i.it.kind == "casualty-count"]
    words = re.compile(r"唯一核实|统一核实|核实|整点截数|整点|截数|唯一")
    named = [i for i in world.items() if words.search(i.raw.get("quote", ""))]
    tops = {a for i in counts for a in i.it.to if "duty" in house(a) or house(a).endswith("hq")}
    if not counts or not tops:
        return
    plain = [i.set(quote=words.sub("汇总", i.raw["quote"])) for i in named]
    known = {house(i.it.by) for i in counts}
    for plan, body in sorted((p, b) for b, ps in world.owners.items() for p in ps):
        org = world.full.organisations[body]
        if org.kind in {"police", "fire", "em", "enterprise", "park"} and body not in known:
            line = {
                "id": "n-count", "by": body, "when": "hurt >= 1", "deadline": "30 min",
                "quote": "单位自行统计伤亡数字并上报。", "to": [sorted(tops)[0]],
                "kind": "casualty-count", "content": list(COUNTS), "channels": ["phone"],
            }  # fmt: skip
            names = (*(c.ref for c in counts), "hurt", "deaths")
            new = world.add("notifications", plan, line)
            yield seeded(new, *plain, names=names, note=f"{body} counts by itself, no verifier")


def t35_feeds_verifier(world: World) -> Iterator[Seeded]:
    """A line that feeds the verifier is no second line."""
    counts = [i for i in world.items("notifications") if i.it.kind == "casualty-count"]
    orgs = world.full.organisations
    heads = sorted(
        {i.it.by for i in counts
         if "核实" in i.raw.get("quote", "") and orgs[house(i.it.by)].kind == "health"}
    )  # fmt: skip
    for head in heads:
        for plan, body in sorted((p, b) for b, ps in world.owners.items() for p in ps):
            if world.full.organisations[body].kind in {"fire", "police"} and world.kin(body):
                line = {
                    "id": "n-count", "by": body, "when": "hurt >= 1", "deadline": "30 min",
                    "quote": "只报伤亡核实单位，由其统一核实、整点截数。", "to": [head],
                    "kind": "casualty-count", "content": list(COUNTS), "channels": ["phone"],
                }  # fmt: skip
                yield seeded(world.add("notifications", plan, line), note=f"{body} feeds {head}")


CARGO = ("foam", "flush", "plug-leak", "transfer-cargo")
"""Work that cannot begin safely without knowing what the tank holds."""


def s36_not_asked(world: World) -> Iterator[Seeded]:
    """What a task needs is known in the set, and no message to its doer carries it."""
    for task in world.items("tasks"):
        body = house(task.it.by)
        if world.full.organisations[body].level == "enterprise":
            continue  # it knows its own tanks
        held = {
            f.it.fact
            for f in world.items("feeds")
            if house(f.it.to) not in world.kin(body) and world.together(f.plan, task.plan)
        }
        for fact in ("substance", "cargo"):
            if fact == "substance" and fact not in statutes().inputs.get(task.it.verb, ()):
                continue
            hits = [i for i in world.items("notifications") if fact in content(world, i)
                    and world.together(i.plan, task.plan)
                    and world.kin(body) & {house(a) for a in i.it.to}]  # fmt: skip
            if fact not in held or (fact == "cargo" and task.it.verb not in CARGO):
                continue
            feeds = [f.gone() for f in world.items("feeds")
                     if f.it.fact == fact and house(f.it.to) in world.kin(body)]  # fmt: skip
            if hits and all(len(content(world, i)) > 1 for i in hits):
                edits = [spelled(world, i, {fact}) for i in hits]
                yield seeded(*edits, *feeds, names=(task.ref, body), note=f"{body}: no {fact}")
