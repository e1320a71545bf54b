"""Operators of command and handover (LD3): S12 to S15, from their statements."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from benchmarks.linkage.seeding import Seeded, seeded
from benchmarks.linkage.worlds import Item, World, house


def meetings(world: World) -> dict[tuple[str, str, str], list[Item]]:
    """Give the declarations of each handover: scope, giver and taker equal."""
    out: dict[tuple[str, str, str], list[Item]] = {}
    for item in world.items("handovers"):
        out.setdefault((item.it.scope, item.it.giver, item.it.taker), []).append(item)
    return out


def sides(
    world: World, key: tuple[str, str, str], hands: list[Item]
) -> tuple[list[Item], list[Item]]:
    """Give the declarations in plans of the giver's side and of the taker's side."""
    _, giver, taker = key
    owner = {h.ref: world.scope.plans[h.plan].head.owner for h in hands}
    mine = [h for h in hands if owner[h.ref] in world.kin(house(giver))]
    theirs = [h for h in hands if owner[h.ref] in world.kin(house(taker))]
    return mine, theirs


def s12_one_side(world: World) -> Iterator[Seeded]:
    """Only the plans of one side still speak of the handover."""
    for key, hands in sorted(meetings(world).items()):
        if house(key[1]) == house(key[2]):
            continue
        mine, theirs = sides(world, key, hands)
        names = [h.ref for h in hands]
        for side in (mine, theirs):
            rest = [h for h in hands if h not in side]
            if side and mine and theirs and rest and not set(map(id, mine)) & set(map(id, theirs)):
                third = [h for h in rest if h not in mine and h not in theirs]
                edits = [h.gone() for h in (*side, *third)]
                yield seeded(*edits, names=names, note=f"{key[0]}: one side silent")


def s12_part_missing(world: World) -> Iterator[Seeded]:
    """Brief, limit, confirmation, residual duty or fallback stand in no declaration."""
    for key, hands in sorted(meetings(world).items()):
        if house(key[1]) == house(key[2]):
            continue
        parts = ("brief", "limit", "stays", "fallback", "confirm")
        for field in parts if key[0] != "tasks" else ("brief", "limit", "confirm"):
            if field == "confirm":
                edits = [h.set(confirm=False) for h in hands]
            elif any(h.raw.get(field) for h in hands):
                edits = [h.set(**{field: None}) for h in hands if h.raw.get(field)]
            else:
                continue
            names = [h.ref for h in hands]
            yield seeded(*edits, names=names, note=f"{key[0]}: no {field}")


def t12_shorter(world: World) -> Iterator[Seeded]:
    """A shorter limit in all declarations."""
    for _, hands in sorted(meetings(world).items()):
        if all(h.it.limit and h.it.limit >= 120 for h in hands):
            edits = [h.set(limit=f"{h.it.limit / 60 - 1:g} min") for h in hands]
            yield seeded(*edits, note="a minute less")


def t12_longer_brief(world: World) -> Iterator[Seeded]:
    """One more item in the brief of all declarations."""
    for _, hands in sorted(meetings(world).items()):
        for fact in ("access", "moved", "measures", "hurt"):
            if all(h.it.brief and fact not in h.it.brief for h in hands):
                edits = [h.set(brief=[*h.raw["brief"], fact]) for h in hands]
                yield seeded(*edits, note=f"{fact} in the brief too")
                break


def t12_stays(world: World) -> Iterator[Seeded]:
    """The residual duty in other words."""
    for _, hands in sorted(meetings(world).items()):
        if all(h.raw.get("stays") for h in hands):
            edits = [h.set(stays=f"移交后，{h.raw['stays']}") for h in hands]
            yield seeded(*edits, note="residual duty reworded")


def s13_second_head(world: World) -> Iterator[Seeded]:
    """A second body takes the same scope at the same time, and nobody hands it over."""
    hands = {frozenset((house(h.it.giver), house(h.it.taker))) for h in world.items("handovers")}
    for command in world.items("commands"):
        holder = house(command.it.by)
        for body in sorted(world.owners):
            if body in world.kin(holder) or frozenset((body, holder)) in hands:
                continue
            if world.full.organisations[body].level in {"enterprise", "township"}:
                continue
            plan = world.plan_beside(body, command.plan)
            if plan is None:
                continue
            text = f"{body}任总指挥，统一指挥现场处置。"
            raw = {"id": "c-second", "scope": command.it.scope, "by": body,
                   "when": "release" if command.it.scope == "overall" else "hurt >= 1",
                   "quote": text}  # fmt: skip
            new = world.add("commands", plan, raw)
            names = (command.ref, f"{plan}/c-second")
            yield seeded(new, names=names, note=f"{body} and {holder}: {command.it.scope}")


def s13_nobody(world: World) -> Iterator[Seeded]:
    """Tasks wait for an order that nobody may give: the scope has no holder."""
    for scope in ("overall", "fire", "medical", "traffic"):
        tasks = [t for t in world.items("tasks") if t.it.scope == scope]
        heads = [c for c in world.items("commands") if c.it.scope == scope]
        hands = [h for h in world.items("handovers") if h.it.scope == scope]
        if tasks and heads:
            edits = [e.gone() for e in (*heads, *hands)]
            names = (*(t.ref for t in tasks), scope)
            yield seeded(*edits, names=names, note=f"nobody holds {scope}")


def t13_inside(world: World) -> Iterator[Seeded]:
    """The fire officer holds the fire while somebody else holds the whole (t3)."""
    held = {c.it.scope for c in world.items("commands")}
    for body in sorted(world.owners):
        org = world.full.organisations[body]
        if org.kind == "fire" and "fire" not in held:
            for plan in world.owners[body]:
                raw = {"id": "c-fire", "scope": "fire", "by": body, "when": "release",
                       "quote": "火场由到场最高指挥员统一指挥灭火救援。"}  # fmt: skip
                yield seeded(world.add("commands", plan, raw), note="fire inside the whole")


def t13_same_holder(world: World) -> Iterator[Seeded]:
    """A second plan of the same owner says the same of the same holder."""
    for command in world.items("commands"):
        for plan in world.owners.get(house(command.it.by), ()):
            text = str(command.raw["when"])
            if plan != command.plan and not re.search(r"level |done |failed ", text):
                new = world.add("commands", plan, dict(command.raw))
                yield seeded(new, note="said twice of one holder")


def s14_ends_early(world: World) -> Iterator[Seeded]:
    """A lower plan ends by its own sign while the upper one is still in force."""
    upper = [t for t in world.items("tasks") if t.it.verb == "terminate"]
    for top in upper:
        families = set(world.full.plans[top.plan].head.covers)
        if "air-clear" not in str(top.raw["when"]):
            continue
        for plan, body in sorted((p, b) for b, ps in world.owners.items() for p in ps):
            mine = set(world.full.plans[plan].head.covers)
            low = world.full.organisations[body].level in {
                "enterprise",
                "park",
                "township",
                "county",
            }
            if plan == top.plan or not low or (families and mine and not families & mine):
                continue
            for sign in ("isolated", "isolated for 10 min", "not release"):
                raw = {"id": "t-own-end", "by": body, "when": sign, "verb": "terminate", "crews": 0,
                       "quote": "险情消除后本单位即终止应急响应。"}  # fmt: skip
                new = world.add("tasks", plan, raw)
                yield seeded(new, names=(top.ref, plan), note=f"{plan} ends when {sign}")


def t14_longer(world: World) -> Iterator[Seeded]:
    """The response stays on a little longer than it must: no finding (2.1 row 19)."""
    for task in world.items("tasks"):
        if task.it.verb == "terminate" and isinstance(task.raw["when"], str):
            for late in ("1 min", "2 min"):
                if " for " not in task.raw["when"]:
                    edit = task.set(when=f"{task.raw['when']} for {late}")
                    yield seeded(edit, note=f"{late} longer")


def t14_ends_after(world: World) -> Iterator[Seeded]:
    """A lower plan ends on the word of the upper one."""
    clear = [n for n in world.items("notifications") if n.it.kind == "all-clear"]
    for note in clear:
        for body in sorted({house(a) for a in note.it.to} & set(world.owners)):
            plan = world.owners[body][0]
            if "terminate" in world.full.organisations[body].powers:
                raw = {"id": "t-own-end", "by": body, "verb": "terminate", "crews": 0,
                       "when": f"told all-clear by {house(note.it.by)}",
                       "quote": "接到解除指令后终止应急响应。"}  # fmt: skip
                yield seeded(world.add("tasks", plan, raw), note=f"{plan} ends on the word")


def s15_between_plans(world: World) -> Iterator[Seeded]:
    """Each of two tasks waits for the other's message, with no other way and no time-out."""
    tasks = [t for t in world.items("tasks") if t.it.criticality >= 3]
    for one in tasks:
        for two in tasks:
            a, b = house(one.it.by), house(two.it.by)
            if not (a < b and one.plan != two.plan and one.it.verb != two.it.verb):
                continue
            words = ("entry-permit", "monitoring-result", "scene-report")
            kinds = [k for k in words if k in world.full.head.kinds]
            if len(kinds) < 2 or {house(o) for o in one.it.support} & {b}:
                continue
            go = [
                {"id": f"n-{x}-ready", "by": src, "to": [dst], "kind": kind,
                 "content": ["measures"], "when": f"done {task.id}", "channels": ["radio"],
                 "quote": "完成后通知对方。"}
                for x, src, dst, kind, task in (
                    ("one", one.it.by, two.it.by, kinds[0], one),
                    ("two", two.it.by, one.it.by, kinds[1], two),
                )
            ]  # fmt: skip
            edits = (
                one.set(when=f"told {kinds[1]} by {b}"),
                two.set(when=f"told {kinds[0]} by {a}"),
                world.add("notifications", one.plan, go[0]),
                world.add("notifications", two.plan, go[1]),
            )
            yield seeded(*edits, note=f"{one.ref} and {two.ref} wait for each other")
            break


def s15_inside(world: World) -> Iterator[Seeded]:
    """Two tasks of one plan each come after the other."""
    for plan in sorted(world.scope.plans):
        tasks = [t for t in world.items("tasks") if t.plan == plan]
        for one, two in itertools.pairwise(tasks):
            edits = (one.set(after=[two.id]), two.set(after=[one.id]))
            yield seeded(*edits, note="each after the other")


def s15_done(world: World) -> Iterator[Seeded]:
    """A task waits until another is done, which itself comes after it."""
    for plan in sorted(world.scope.plans):
        tasks = [t for t in world.items("tasks") if t.plan == plan]
        for one, two in itertools.pairwise(tasks):
            edits = (one.set(when=f"done {two.id}"), two.set(after=[one.id]))
            yield seeded(*edits, note="done before it may begin")


def t15_chain(world: World) -> Iterator[Seeded]:
    """One task after another, with no way back."""
    for plan in sorted(world.scope.plans):
        tasks = [t for t in world.items("tasks") if t.plan == plan and not t.it.after
                 and t.it.verb not in {"instruct-occupants", "warn-public", "publish"}]  # fmt: skip
        for one, two in itertools.pairwise(tasks):
            if one.it.by == two.it.by and not re.search(r"done|failed", str(one.raw["when"])):
                yield seeded(two.set(after=[one.id]), note="a chain without a way back")


def t15_way_out(world: World) -> Iterator[Seeded]:
    """A cycle with an alternative is none."""
    for plan in sorted(world.scope.plans):
        tasks = [t for t in world.items("tasks") if t.plan == plan and not t.it.after
                 and t.it.verb not in {"instruct-occupants", "warn-public", "publish"}]  # fmt: skip
        for one, two in itertools.pairwise(tasks):
            if one.it.by == two.it.by:
                when = {"any": [one.raw["when"], f"done {two.id}"]}
                edits = (one.set(when=when), two.set(after=[one.id]))
                yield seeded(*edits, note="a cycle with another way in")
