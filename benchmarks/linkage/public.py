"""Operators of environment, public word and power (LD6, LD7): S23, S24, S31, S33."""

from __future__ import annotations

import re
from collections.abc import Iterator

from benchmarks.linkage.seams import own_trigger
from benchmarks.linkage.seeding import Seeded, seeded
from benchmarks.linkage.worlds import World, house
from benchmarks.linkage.zones import tables

MISSING = ("S19", "S23", "S26", "S31")
"""Rules that overlap when a task disappears: whichever names the missing thing may speak first."""


def s23_nobody_dams(world: World) -> Iterator[Seeded]:
    """Toxic water can run off and no plan holds it back."""
    for verb in ("collect-firewater", "monitor-air", "shut-drains", "plug-drains", "monitor-water"):
        tasks = [t for t in world.items("tasks") if t.it.verb == verb]
        if tasks and not any(
            t.it.id in str(i.raw.get("when")) for t in tasks for i in world.items()
        ):
            edits = [t.gone() for t in tasks]
            names = (verb, *(t.ref for t in tasks), *sorted(world.scope.plans))
            yield seeded(*edits, names=names, note=f"no {verb}", also=MISSING)


def s23_other_work(world: World) -> Iterator[Seeded]:
    """The tasks that held back or measured become tasks of another kind."""
    for verb in ("collect-firewater", "monitor-air", "shut-drains", "plug-drains", "monitor-water"):
        tasks = [t for t in world.items("tasks") if t.it.verb == verb]
        for other in ("set-cordon", "size-up"):
            if tasks:
                edits = [t.set(verb=other) for t in tasks]
                names = (verb, *(t.ref for t in tasks), *sorted(world.scope.plans))
                yield seeded(*edits, names=names, note=f"{verb} becomes {other}", also=MISSING)


def s23_down_stream(world: World) -> Iterator[Seeded]:
    """The works and the neighbours down-stream are told by nobody."""
    orgs = world.full.organisations
    wet = {f.org for f in world.city.facilities.values() if f.kind == "intake" and f.org}
    wet |= {
        house(a)
        for i in world.items("notifications")
        if orgs[house(i.it.by)].kind == "ecology" or "downstream" in i.it.kind
        for a in i.it.to
        if orgs[house(a)].kind == "duty-office" and house(a) not in world.owners
    }
    for body in sorted(wet):
        hits = [i for i in world.items("notifications") if body in {house(a) for a in i.it.to}
                and i.it.kind in {"accident-report", "pollution-notice", "downstream-notice",
                                  "intake-order", "activation-notice"}]  # fmt: skip
        if any(i.it.kind != "activation-notice" for i in hits):
            edits = []
            for i in hits:
                rest = [a for a in i.raw["to"] if house(a) != body]
                edits.append(i.set(to=rest) if rest else i.gone())
            names = (body, *sorted(world.scope.plans))
            yield seeded(*edits, names=names, note=f"nobody tells {body}")


def t23_second_dam(world: World) -> Iterator[Seeded]:
    """A second task that holds the water back, by another owner on his own ground."""
    for task in world.items("tasks"):
        if task.it.verb == "collect-firewater":
            raw = {**task.raw, "id": "t-dam-2", "modality": "should"}
            yield seeded(world.add("tasks", task.plan, raw), note="once more")


def s24_second_voice(world: World) -> Iterator[Seeded]:
    """A second body publishes to the same people at the same time a text of its own."""
    voices = [t for t in world.items("tasks") if t.it.verb == "publish"]
    asks = [n for n in world.items("notifications") if n.it.kind == "public-warning-request"]
    for body in sorted(world.owners):
        org = world.full.organisations[body]
        if org.level in {"city", "county", "park"} and org.kind not in {"ecology", "propaganda"}:
            plan = world.owners[body][0]
            if body in {house(v.it.by) for v in voices} | {house(a.it.by) for a in asks}:
                continue
            raw = {"id": "t-own-news", "by": body, "when": "zone-order", "verb": "publish",
                   "channel": "sms", "crews": 0, "deadline": "10 min",
                   "quote": "本单位自行拟稿并向社会发布避险信息。"}  # fmt: skip
            names = (*(v.ref for v in voices), *(a.ref for a in asks), plan)
            if voices or asks:
                yield seeded(
                    world.add("tasks", plan, raw), names=names, note=f"{body} publishes too"
                )


SIGNALS = re.compile(r"长鸣为[^，；。、）]+")


def s24_other_signal(world: World) -> Iterator[Seeded]:
    """One plan gives a signal another meaning than the others."""
    tables_ = [i for i in world.items() if SIGNALS.search(i.raw.get("quote", ""))]
    for item in tables_:
        others = [i.ref for i in tables_ if i.plan != item.plan]
        quote = item.raw["quote"]
        for new in ("长鸣为解除警报", "长鸣为紧急撤离"):
            if others and new not in quote:
                edit = item.set(quote=SIGNALS.sub(new, quote))
                yield seeded(edit, names=others, note=new)


def s24_nobody(world: World) -> Iterator[Seeded]:
    """Nobody is responsible for telling the public."""
    voices = [t for t in world.items("tasks") if t.it.verb == "publish"]
    asks = [n for n in world.items("notifications")
            if n.it.kind in {"public-warning-request", "public-notice"}]  # fmt: skip
    if voices:
        names = [v.ref for v in (*voices, *asks)] + ["publish"]
        yield seeded(*(v.gone() for v in (*voices, *asks)), names=names, note="nobody publishes")


def t24_same_voice(world: World) -> Iterator[Seeded]:
    """The same publisher on one more channel."""
    for task in world.items("tasks"):
        if task.it.verb == "publish" and task.it.channel:
            raw = {**task.raw, "id": "t-again", "channel": "platform"}
            yield seeded(world.add("tasks", task.plan, raw), note="one more channel")


def t24_reworded(world: World) -> Iterator[Seeded]:
    """The same signals in a sentence of another length."""
    for item in world.items():
        quote = item.raw.get("quote", "")
        if SIGNALS.search(quote):
            new = quote.rstrip("。") + "，张贴于各出入口。"
            yield seeded(item.set(quote=new), note="posted at the doors")


POWER_OF = {"close-road": "close-road", "publish": "publish", "open-shelter": "open-shelter",
            "close-channel": "close-waterway", "terminate": "terminate"}  # fmt: skip


def powers(world: World, address: str) -> set[str]:
    """Give the powers of an address, its house and by delegation."""
    org = world.full.organisations[house(address)]
    role = world.full.role(address)
    got: set[str] = set(org.powers) | set(role.powers if role else ())
    for item in world.items("delegations"):
        if {address, org.id} & set(item.it.to):
            got.add(item.it.power)
    return got


def s31_no_power(world: World) -> Iterator[Seeded]:
    """A measure of public power in the hands of a body that has none."""
    for task in world.items("tasks"):
        power = POWER_OF.get(task.it.verb)
        if power is None or power not in powers(world, task.it.by):
            continue
        for body in sorted(world.owners):
            org = world.full.organisations[body]
            if power in powers(world, body) or org.kind in {"command", "government"}:
                continue
            if body == house(task.it.by) or any(power in r.powers for r in org.roles):
                continue
            if org.level in {"park", "enterprise", "township"} or org.kind in {"health", "em"}:
                yield seeded(task.set(by=body), names=(body,), note=f"{body} does {task.it.verb}")


def s31_orders_people(world: World) -> Iterator[Seeded]:
    """People outside are ordered about by a body without power or delegation."""
    papers = [d for d in world.items("delegations") if d.it.power == "order-evacuation"]
    users = {a for d in papers for a in d.it.to}
    for user in sorted(users):
        rows = [p for p in tables(world) if house(p.it.by) == house(user)]
        if rows:
            edits = []
            for d in papers:
                rest = [a for a in d.it.to if house(a) != house(user)]
                edits.append(d.set(to=rest) if rest else d.gone())
            names = (*(r.ref for r in rows), house(user))
            yield seeded(*edits, names=names, note=f"{user} without the paper")
    for body in sorted(world.owners):
        org = world.full.organisations[body]
        if "order-evacuation" in powers(world, body) or org.kind in {"command", "government"}:
            continue
        if org.level in {"park", "enterprise", "township"} or org.kind in {"ecology", "health"}:
            for row in tables(world)[:1]:
                raw = {**row.raw, "id": "pa-own", "by": body, "when": "cloud-over-fence",
                       "quote": "本单位下达周边居民疏散令。"}  # fmt: skip
                new = world.add("protective", world.owners[body][0], raw)
                yield seeded(new, names=(body,), note=f"{body} orders residents")


def s31_siren(world: World) -> Iterator[Seeded]:
    """The public siren is sounded by a body whose delegation is gone."""
    papers = [d for d in world.items("delegations") if d.it.power == "off-site-alarm"]
    sirens = [t for t in world.items("tasks") if t.it.verb == "warn-public"
              and t.it.channel == "siren" and t.it.zone]  # fmt: skip
    for task in sirens:
        mine = [d for d in papers if house(task.it.by) in {house(a) for a in d.it.to}]
        zone = world.find("protective", task.plan, task.it.zone)
        if mine and zone is not None and not zone.it.sites:
            edits = []
            for d in mine:
                rest = [a for a in d.it.to if house(a) != house(task.it.by)]
                edits.append(d.set(to=rest) if rest else d.gone())
            yield seeded(*edits, names=(task.ref, house(task.it.by)), note="siren without paper")


def t31_other_holder(world: World) -> Iterator[Seeded]:
    """Another post that has the power itself."""
    for task in world.items("tasks"):
        power = POWER_OF.get(task.it.verb)
        if power and power in powers(world, task.it.by):
            for role in world.full.organisations[house(task.it.by)].roles:
                address = f"{house(task.it.by)}/{role.id}"
                if power in role.powers and address != task.it.by and role.hours == "24h":
                    yield seeded(task.set(by=address), note=f"{address} has it too")


def t31_more_paper(world: World) -> Iterator[Seeded]:
    """A delegation to one more body of the holder's own house."""
    for paper in world.items("delegations"):
        for role in world.full.organisations[paper.it.holder].roles:
            address = f"{paper.it.holder}/{role.id}"
            if address not in paper.it.to:
                yield seeded(paper.set(to=[*paper.raw["to"], address]), note=f"{address} as well")
                break


AGAINST = (
    ("cut-power", ("start-fans", "broadcast-zoned", "broadcast-all")),
    ("cut-plant-power", ("cool-vessel", "foam-attack")),
    ("flush", ("plug-drains", "shut-drains")),
)  # fmt: skip


def s33_takes_away(world: World) -> Iterator[Seeded]:
    """One plan cuts what another plan's task needs at that hour, and nobody decides."""
    for verb, needs in AGAINST:
        users = [t for t in world.items("tasks") if t.it.verb in needs]
        for body in sorted(world.owners):
            org = world.full.organisations[body]
            for user in users:
                if body in world.kin(house(user.it.by)) or org.kind in {"propaganda", "health"}:
                    continue
                plan = world.owners[body][0]
                if not set(world.full.plans[plan].head.covers) & set(
                    world.full.plans[user.plan].head.covers or world.full.plans[plan].head.covers
                ):
                    continue
                when = own_trigger(world, body, plan)
                if when is None:
                    continue
                raw = {"id": "t-cut", "by": body, "when": when, "verb": verb, "crews": 0,
                       "quote": "接警后立即切断或冲洗，不再请示。"}  # fmt: skip
                if user.it.where:
                    raw["where"] = user.it.where
                names = (user.ref, verb)
                yield seeded(world.add("tasks", plan, raw), names=names, note=f"{verb} by {body}")


def s33_no_rule(world: World) -> Iterator[Seeded]:
    """The sentence that says who decides is struck out."""
    for item in world.items("tasks"):
        quote = item.raw.get("quote", "")
        if "只凭" in quote and re.search("断电|停泵|关闸|通风|停电", quote):
            new = re.sub(r"[；，][^；。]*只凭[^；。]*", "", quote)
            if new != quote and item.it.verb in {"cut-power", "cut-plant-power"}:
                yield seeded(item.set(quote=new), note="nobody decides")


def t33_with_rule(world: World) -> Iterator[Seeded]:
    """The same measure with a rule who decides, in the plan that takes it."""
    for bad in s33_takes_away(world):
        edit = bad.edits[0]
        if edit.value["verb"] == "flush":
            continue  # whoever flushes must know the cargo as well
        quote = "切断、冲洗只凭现场指挥长口令，未下令不得实施。"
        raw = {**edit.value, "quote": quote, "scope": "overall"}
        yield seeded(type(edit)(edit.key, raw), note="only on the commander's word")
