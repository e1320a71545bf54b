"""Operators of one owner's plans and of work that changes hands: S34 and S38."""

from __future__ import annotations

import re
from collections.abc import Iterator

from benchmarks.linkage.command import meetings
from benchmarks.linkage.seeding import Seeded, seeded
from benchmarks.linkage.worlds import Item, World, house


def several(world: World) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the enterprises with several plans."""
    for body, plans in sorted(world.owners.items()):
        if len(plans) > 1 and world.full.organisations[body].level == "enterprise":
            yield body, plans


def s34_commander(world: World) -> Iterator[Seeded]:
    """Two plans of one owner name two commanders on the site."""
    for body, plans in several(world):
        heads = [c for c in world.items("commands")
                 if c.plan in plans and c.it.scope == "on-site"]  # fmt: skip
        used = {c.it.by for c in heads} | {
            a for h in world.items("handovers") if h.plan in plans for a in (h.it.giver, h.it.taker)
        }
        for role in world.full.organisations[body].roles:
            for plan in plans:
                address = f"{body}/{role.id}"
                if address not in used and heads and any(c.plan != plan for c in heads):
                    raw = {"id": "c-other", "scope": "on-site", "by": address,
                           "when": heads[0].raw["when"]
                           if "level" not in str(heads[0].raw["when"]) else "release",
                           "quote": f"事故现场由{role.name.zh}任现场总指挥。"}  # fmt: skip
                    names = (*(c.ref for c in heads), body)
                    yield seeded(world.add("commands", plan, raw), names=names, note=role.id)


def s34_valve(world: World) -> Iterator[Seeded]:
    """One plan of the owner opens the valve that another shuts."""
    for _, plans in several(world):
        for item in world.items("tasks"):
            quote = item.raw.get("quote", "")
            if item.plan in plans and "关闭雨水" in quote and item.it.verb == "collect-firewater":
                others = [t.ref for t in world.items("tasks") if t.plan in plans
                          and t.ref != item.ref and "雨水" in t.raw.get("quote", "")]  # fmt: skip
                for word in ("打开雨水", "开启雨水"):
                    new = quote.replace("关闭雨水", word)
                    new = new.replace("导入", "不再导入")
                    if others:
                        yield seeded(item.set(quote=new), names=others, note=f"{word}阀")


def s34_muster(world: World) -> Iterator[Seeded]:
    """Two plans of the owner muster at two places."""
    for body, plans in several(world):
        spots = [t for t in world.items("tasks") if t.plan in plans and t.it.verb == "muster"]
        places = sorted(f.id for f in world.city.facilities.values()
                        if f.kind in {"forecourt", "muster-point", "gate"})  # fmt: skip
        for spot in spots:
            for plan in plans:
                other = [p for p in places if p not in {s.it.where for s in spots}]
                if plan != spot.plan and other:
                    raw = {**spot.raw, "id": "t-muster-2", "where": other[0], "when": "release",
                           "quote": "各班组到本预案指定集合点清点。"}  # fmt: skip
                    names = (spot.ref, body)
                    yield seeded(world.add("tasks", plan, raw), names=names, note=other[0])


def s34_levels(world: World) -> Iterator[Seeded]:
    """For one event the plans of the owner start levels of one rank on different signs."""
    for body, plans in several(world):
        levels = [i for i in world.items("levels") if i.plan in plans and i.raw.get("when")]
        for item in levels:
            for plan in plans:
                if plan == item.plan or any(i.plan == plan for i in world.items("levels")):
                    continue
                raw = {"id": f"own-{item.id}", "name": item.raw["name"], "rank": item.it.rank,
                       "severity": item.it.severity, "when": "missing >= 5",
                       "activator": item.it.activator,
                       "quote": "5人以上失联启动本级。"}  # fmt: skip
                names = (item.ref, body)
                yield seeded(world.add("levels", plan, raw), names=names, note="other criteria")


def s34_first_call(world: World) -> Iterator[Seeded]:
    """One plan of the owner calls somebody else first."""
    for body, plans in several(world):
        calls = [n for n in world.items("notifications")
                 if n.plan in plans and n.it.kind in {"fire-call", "tank-fire-call"}]  # fmt: skip
        for call in calls:
            orgs = world.full.organisations
            other = sorted(o for o in orgs if orgs[o].kind in {"em", "park"} and o in world.owners)
            if len(calls) > 1 and other:
                quote = "发生事故先报主管单位，由其决定是否拨打119。"
                edit = call.set(to=[other[0]], quote=quote)
                names = (*(c.ref for c in calls), body)
                yield seeded(edit, names=names, note=f"first call to {other[0]}")


def t34_reworded(world: World) -> Iterator[Seeded]:
    """A sentence that says that the owner's plans agree."""
    for _, plans in several(world):
        for item in world.items("tasks", "commands", "levels", "notifications"):
            if item.plan in plans and item.raw.get("quote"):
                new = item.raw["quote"].rstrip("。") + "（本公司各预案一致）。"
                yield seeded(item.set(quote=new), note="said to agree")


def t34_same_spot(world: World) -> Iterator[Seeded]:
    """A second plan of the owner musters at the same place."""
    for _, plans in several(world):
        for spot in world.items("tasks"):
            if spot.plan in plans and spot.it.verb == "muster":
                for plan in plans:
                    if plan != spot.plan:
                        raw = {**spot.raw, "id": "t-muster-2"}
                        if not re.search(r"level |done |failed ", str(raw["when"])):
                            yield seeded(world.add("tasks", plan, raw), note="same place")


def s38_no_list(world: World) -> Iterator[Seeded]:
    """A group takes a verb over and no element hands over what is done."""
    takers: dict[str, list[tuple[Item, str]]] = {}
    for group in world.items("groups"):
        for verb in group.it.verbs:
            leads = {house(t.it.by) for t in world.items("tasks") if t.it.verb == verb}
            if leads and not leads & world.kin(house(group.it.lead)):
                takers.setdefault(house(group.it.lead), []).append((group, verb))
    for body, found in sorted(takers.items()):
        hands = [h for h in world.items("handovers")
                 if h.it.scope == "tasks" and house(h.it.taker) in world.kin(body)]  # fmt: skip
        if hands:
            names = [x for g, v in found for x in (g.ref, v)]
            yield seeded(*(h.gone() for h in hands), names=names, note=f"{body} starts again")


def list_takers(world: World, hand: Item) -> list[Item]:
    """Give the groups that take work over from the giver of a list, under the lead of its taker."""
    giver = world.kin(house(hand.it.giver))
    return [
        g for g in world.items("groups")
        if house(g.it.lead) == house(hand.it.taker)
        and any(house(t.it.by) in giver and t.it.verb in g.it.verbs for t in world.items("tasks"))
    ]  # fmt: skip


def s38_no_state(world: World) -> Iterator[Seeded]:
    """The list of what is done is left out of what is handed over (2.1 row 36)."""
    for _, hands in sorted(meetings(world).items()):
        if hands[0].it.scope == "tasks" and list_takers(world, hands[0]):
            for kept in (["zone-order"], ["location"], ["wind"]):
                edits = [h.set(brief=kept) for h in hands]
                names = [h.ref for h in hands] + [g.ref for g in list_takers(world, hands[0])]
                yield seeded(*edits, names=names, note=f"brief is {kept[0]} alone")


def s38_other_hands(world: World) -> Iterator[Seeded]:
    """The list is handed to a body that does not lead the group."""
    for _, hands in sorted(meetings(world).items()):
        if hands[0].it.scope != "tasks":
            continue
        takers = list_takers(world, hands[0])
        orgs = world.full.organisations
        for body in sorted(b for b in world.owners if orgs[b].kind in {"em", "health"}):
            if takers:
                edits = [h.set(taker=body) for h in hands]
                names = [g.ref for g in takers]
                yield seeded(*edits, names=names, note=f"list goes to {body}")


def t38_same_lead(world: World) -> Iterator[Seeded]:
    """A group takes over a verb that its own leader has led before."""
    for group in world.items("groups"):
        for verb in sorted({t.it.verb for t in world.items("tasks")}):
            leads = {house(t.it.by) for t in world.items("tasks") if t.it.verb == verb}
            if leads == {house(group.it.lead)} and verb not in group.it.verbs:
                edit = group.set(verbs=[*group.raw.get("verbs", ()), verb])
                yield seeded(edit, note=f"{verb} stays with its lead")


def t38_member(world: World) -> Iterator[Seeded]:
    """One more member in a group."""
    for group in world.items("groups"):
        for body in sorted(world.owners):
            if body not in {house(a) for a in (group.it.lead, *group.it.members)}:
                edit = group.set(members=[*group.raw.get("members", ()), body])
                yield seeded(edit, note=f"{body} joins")
                break
