"""Operators of deadlines, content and channels (LD1): S04 to S07, from their statements."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.linkage.seams import content, footprint, minutes, outward, site_owners, spelled
from benchmarks.linkage.seeding import Seeded, seeded
from benchmarks.linkage.worlds import Item, World, house, sentences, told

from drillsim.data.statutes import statutes


def sole(world: World, item: Item) -> bool:
    """Tell whether no other plan of the body gives the same duty to the same body."""
    to = {house(a) for a in item.it.to}
    return not any(
        i.ref != item.ref
        and house(i.it.by) == house(item.it.by)
        and to & {house(a) for a in i.it.to}
        for i in world.items("notifications")
    )


def s04_slower_than_law(world: World) -> Iterator[Seeded]:
    """The plan grants more time than the law."""
    for item in world.items("notifications"):
        if item.it.law and item.it.law.within and outward(item):
            for factor in (1.5, 2, 3):
                late = minutes(item.it.law.within * factor)
                quote = f"接报后{late.removesuffix(' min')}分钟内报告。"
                yield seeded(item.set(deadline=late, quote=quote), note=f"{late} against the law")


def s04_no_deadline(world: World) -> Iterator[Seeded]:
    """An outward legal or protective duty loses its minutes."""
    for item in world.items("notifications"):
        if not sole(world, item):
            continue
        if outward(item) and item.it.law and item.it.modality == "must" and item.it.deadline:
            quote = "得知情况后尽快告知有关单位。"
            yield seeded(item.set(deadline=None, quote=quote), note="as soon as possible")


def s04_weaker(world: World) -> Iterator[Seeded]:
    """A legal duty becomes a matter of judgement."""
    for item in world.items("notifications"):
        if outward(item) and item.it.law and item.it.modality == "must" and sole(world, item):
            for word, quote in (
                ("if-needed", "视情况告知有关单位。"),
                ("may", "可以告知有关单位。"),
            ):
                yield seeded(item.set(modality=word, quote=quote), note=f"modality {word}")


def s04_after_leave(world: World) -> Iterator[Seeded]:
    """A legal call waits for leave: Z01 of the chlorine set counts it as weakened."""
    for item in world.items("notifications"):
        if not (outward(item) and item.it.law and item.it.modality == "must" and item.it.deadline):
            continue
        org = world.full.organisations[house(item.it.by)]
        if world.full.plans[item.plan].head.tier not in {"enterprise", "community"}:
            continue
        chiefs = [f"{org.id}/{r.id}" for r in org.roles if f"{org.id}/{r.id}" != item.it.by]
        if chiefs and item.it.criticality >= 4 and not item.it.approval and sole(world, item):
            quote = "经负责人同意后告知有关单位。"
            yield seeded(item.set(approval=chiefs[-1], quote=quote), note="only after leave")


def t04_shorter(world: World) -> Iterator[Seeded]:
    """A shorter deadline on a legal duty."""
    for item in world.items("notifications"):
        if item.it.law and item.it.deadline and item.it.deadline >= 300:
            yield seeded(item.set(deadline=minutes(item.it.deadline - 60)), note="a minute less")


def t04_other_unit(world: World) -> Iterator[Seeded]:
    """The same time in another unit."""
    for item in world.items("notifications", "tasks"):
        if item.it.deadline and item.it.deadline >= 60:
            yield seeded(item.set(deadline=f"{item.it.deadline:g} s"), note="written in seconds")


def t04_just_the_law(world: World) -> Iterator[Seeded]:
    """Exactly the time that the law grants."""
    for item in world.items("notifications"):
        if item.it.law and item.it.law.within and outward(item):
            yield seeded(item.set(deadline=minutes(item.it.law.within)), note="equal to the law")


def t04_at_once(world: World) -> Iterator[Seeded]:
    """ "At once" instead of a number of minutes (t1)."""
    for item in world.items("notifications"):
        if outward(item) and item.it.law and item.it.deadline and not item.it.law.within:
            yield seeded(item.set(deadline=None, quote="立即告知有关单位。"), note="at once")


def t04_inside(world: World) -> Iterator[Seeded]:
    """A message inside one house needs no minutes."""
    for item in world.items("notifications"):
        if not outward(item) and not item.it.law and item.it.deadline and len(item.it.to) == 1:
            yield seeded(item.set(deadline=None), note="no minutes inside the house")


def s05_all_too_slow(world: World) -> Iterator[Seeded]:
    """Every message that warns one place is promised only long after the cloud."""
    inside = footprint(world)
    for body in sorted(set(inside) - site_owners(world)):
        hits = [i for i in world.items("notifications")
                if body in {house(a) for a in i.it.to}
                and ("alarm" in i.it.kind or "order" in i.it.kind)]  # fmt: skip
        near = [f for f in inside[body] if world.where(f, world.chemical[0])[0] < 1450]
        if hits and near:
            calls = [t for t in world.items("tasks") if t.it.verb in {"warn-public", "publish"}]
            for late in ("60 min", "90 min", "120 min"):
                edits = [i.set(deadline=late) for i in (*hits, *calls)]
                yield seeded(*edits, names=(body, *inside[body]), note=f"{body} told after {late}")


def t05_one_slow(world: World) -> Iterator[Seeded]:
    """One more warning, slow, beside those in time: a slow extra path is no finding."""
    for item in world.items("notifications"):
        if "alarm" in item.it.kind and outward(item) and item.it.deadline:
            twin = {
                **item.raw,
                "id": "n-late",
                "deadline": "30 min",
                "channels": ["radio", "phone"],
            }
            yield seeded(world.add("notifications", item.plan, twin), note="one more, later")


def s06_receiver_blind(world: World) -> Iterator[Seeded]:
    """The message that starts a task lacks a fact without which the task cannot begin."""
    for task in world.items("tasks"):
        for fact in statutes().inputs.get(task.it.verb, ()):
            body = house(task.it.by)
            kinds = {found[0] for s in sentences(task.raw["when"]) if (found := told(s))}
            hits = [
                i for i in world.items("notifications")
                if fact in content(world, i) and any(house(a) == body for a in i.it.to)
            ]  # fmt: skip
            starts = [i for i in hits if i.it.kind in kinds]
            if starts and all(len(content(world, i)) > 1 for i in hits):
                edits = [spelled(world, i, {fact}) for i in (*starts, *hits)]
                one = {e.ref: e for e in edits}
                yield seeded(*one.values(), names=(task.ref,), note=f"{body} is not told {fact}")


def s06_report_incomplete(world: World) -> Iterator[Seeded]:
    """A legal report lacks one of the items that the law lists."""
    for item in world.items("notifications"):
        for rule in statutes().report_items:
            if item.it.law and any(m in item.it.law.basis for m in rule.match):
                for fact in sorted(set(rule.facts) & content(world, item)):
                    yield seeded(spelled(world, item, {fact}), note=f"report without {fact}")


def t06_spelled_out(world: World) -> Iterator[Seeded]:
    """The form's facts written out one by one."""
    for item in world.items("notifications"):
        if item.it.form:
            yield seeded(spelled(world, item, set()), note="form written out")


def t06_one_more(world: World) -> Iterator[Seeded]:
    """One more fact in the message."""
    for item in world.items("notifications"):
        for fact in ("measures", "location", "isolated"):
            if fact not in content(world, item) and outward(item):
                more = [*item.raw.get("content", ()), fact]
                yield seeded(item.set(content=more), note=f"{fact} too")
                break


def s07_one_carrier(world: World) -> Iterator[Seeded]:
    """All channels of a critical message hang on one carrier."""
    for item in world.items("notifications"):
        kin = world.kin(house(item.it.by)) & {house(a) for a in item.it.to}
        if item.it.criticality >= 4 and not kin and sole(world, item):
            for channels in (["group-call", "robot-call"], ["tone-alert", "robot-call"]):
                if set(item.it.channels) - {"group-call", "robot-call", "tone-alert"}:
                    note = f"only {' and '.join(channels)}"
                    yield seeded(item.set(channels=channels), names=("carrier-a",), note=note)


def s07_desk_shut(world: World) -> Iterator[Seeded]:
    """The desk that a critical message goes to is staffed in office hours only."""
    desks = {a for i in world.items("notifications") if i.it.criticality >= 4 and outward(i)
             for a in i.it.to if "/" not in a}  # fmt: skip
    for desk in sorted(desks):
        org = world.full.organisations[desk]
        if org.desk != "24h":
            continue
        refs = [i.ref for i in world.items("notifications")
                if desk in i.it.to and i.it.criticality >= 4 and outward(i)]  # fmt: skip
        alone = [i for i in world.items("notifications") if i.ref in refs
                 and {house(a) for a in i.it.to} == {desk} and len(i.it.to) == 1]  # fmt: skip
        if alone:
            yield seeded(world.body(desk, desk="08:30-17:30"), names=refs, note=f"{desk} shuts")


def t07_second_channel(world: World) -> Iterator[Seeded]:
    """One more channel on a carrier of its own."""
    for item in world.items("notifications"):
        extra = [c for c in ("radio", "hotline") if c not in item.it.channels]
        if item.it.criticality >= 4 and extra:
            channels = [*item.raw.get("channels", ["phone"]), extra[0]]
            yield seeded(item.set(channels=channels), note="one more channel")


def t07_other_order(world: World) -> Iterator[Seeded]:
    """The same channels in another order."""
    for item in world.items("notifications"):
        if len(item.it.channels) > 1:
            yield seeded(item.set(channels=list(item.it.channels)[::-1]), note="other order")


def t07_not_critical(world: World) -> Iterator[Seeded]:
    """A message of little weight by one channel."""
    for item in world.items("notifications"):
        if item.it.criticality <= 2 and len(item.it.channels) > 1 and not item.it.law:
            yield seeded(item.set(channels=list(item.it.channels)[:1]), note="one channel is left")
