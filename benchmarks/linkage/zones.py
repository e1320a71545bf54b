"""Operators of protection and its places (LD4): S20 to S22 and S37, from their statements."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.linkage.seams import fits, fits_plan, footprint, own_trigger
from benchmarks.linkage.seeding import Seeded, seeded
from benchmarks.linkage.worlds import Item, World


def tables(world: World) -> list[Item]:
    """Give the protective decisions that go by distance and sector."""
    return [p for p in world.items("protective") if p.it.sector and not p.it.sites]


def shared(world: World) -> list[Item]:
    """Give those whose people some other plan speaks of as well."""
    rows = tables(world)
    return [a for a in rows if any(b.plan != a.plan and b.it.near < a.it.far
                                   and a.it.near < b.it.far for b in rows)]  # fmt: skip


def peopled(world: World, near: float, far: float) -> bool:
    """Tell whether anybody's place lies between two distances down the wind."""
    return any(near <= metres < far for metres in abodes(world))


def abodes(world: World) -> list[float]:
    """Give the distances of the places with people well inside the sector of the first accident."""
    out = []
    for case in world.chemical[:1]:
        for place in world.city.facilities.values():
            metres, off = world.where(place.id, case)
            if place.org and place.heads.day and off <= 20:
                out.append(metres)
    return sorted(out)


LEAVE = {"evacuate": "leave", "leave-crosswind": "leave"}


def contrary(world: World, item: Item, near: float, far: float, action: str) -> list[str]:
    """Give other plans' rows that tell somebody in a band of distances something else."""
    said = LEAVE.get(action, action)
    return [
        row.ref
        for row in tables(world)
        if row.plan != item.plan
        and world.together(row.plan, item.plan)
        and LEAVE.get(row.it.action, row.it.action) != said
        and not row.it.margin
        and any(max(near, row.it.near) <= m < min(far, row.it.far) for m in abodes(world))
    ]


def s20_other_radius(world: World) -> Iterator[Seeded]:
    """One plan draws its line elsewhere, and people change sides."""
    for item in shared(world):
        for factor in (2.0, 4.0):
            far = item.it.far * factor
            against = contrary(world, item, item.it.near, far, item.it.action)
            if far > item.it.far and against and not item.it.margin:
                edit = item.set(far=f"{far:.0f} m")
                yield seeded(edit, names=against, note=f"far {far:.0f} m")
        near = item.it.near * 0.3
        against = contrary(world, item, near, item.it.far, item.it.action)
        if item.it.near and against and not item.it.margin:
            yield seeded(item.set(near=f"{near:.0f} m"), names=against, note=f"near {near:.0f} m")


def s20_other_action(world: World) -> Iterator[Seeded]:
    """One plan tells the same people something else."""
    for item in shared(world):
        for action in ("shelter", "evacuate", "gather-outdoors"):
            against = contrary(world, item, item.it.near, item.it.far, action)
            if against and action != item.it.action:
                edit = item.set(action=action, margin=None)
                yield seeded(edit, names=against, note=action)


def s20_own_script(world: World) -> Iterator[Seeded]:
    """A place inside the sector tells its own people something else than the zone table."""
    inside = {f for places in footprint(world).values() for f in places}
    for task in world.items("tasks"):
        if task.it.verb == "instruct-occupants" and task.it.where in inside:
            metres, _ = world.where(task.it.where, world.chemical[0])
            for action in ("gather-outdoors", "evacuate"):
                against = contrary(world, task, metres, metres + 1, action)
                if task.it.action == "shelter" and against:
                    names = (*against, task.it.where)
                    yield seeded(task.set(action=action), names=names, note=action)


def t20_kilometres(world: World) -> Iterator[Seeded]:
    """The same distance in kilometres."""
    for item in world.items("protective"):
        yield seeded(item.set(far=f"{item.it.far / 1000:g} km"), note="in kilometres")


def t20_a_step(world: World) -> Iterator[Seeded]:
    """A line moved by ten metres where nobody lives."""
    for item in tables(world):
        far = item.it.far - 10
        if not peopled(world, far, item.it.far) and item.it.far < 2000:
            yield seeded(item.set(far=f"{far:.0f} m"), note="ten metres less")


def down_wind(world: World, case: object) -> list[str]:
    """Give the places well inside the sector of an accident."""
    out = []
    for place in world.city.facilities.values():
        metres, off = world.where(place.id, case)
        if 100 < metres < 1450 and off <= 15:
            out.append(place.id)
    return sorted(out)


def s21_into_the_cloud(world: World) -> Iterator[Seeded]:
    """People are taken to a place that lies down the wind."""
    for task in world.items("tasks"):
        if task.it.verb in {"bus-evacuation", "open-shelter"} and world.chemical:
            if not fits(world, task):
                continue
            for place in down_wind(world, world.chemical[0]):
                kind = world.city.facilities[place].kind
                if kind in {"school", "kindergarten", "market", "estate", "sports-hall"}:
                    yield seeded(task.set(sites=[place]), names=(place,), note=f"to {place}")


def s21_nowhere(world: World) -> Iterator[Seeded]:
    """Buses without a place to go to."""
    for task in world.items("tasks"):
        if task.it.verb == "bus-evacuation":
            yield seeded(task.set(sites=None), note="to no place")
            shelters = [t.gone() for t in world.items("tasks") if t.it.verb == "open-shelter"
                        and not any(f"done {t.id}" in str(i.raw.get("when"))
                                    for i in world.items())]  # fmt: skip
            if shelters:
                yield seeded(task.set(sites=None), *shelters, note="to no place, none opened")


def s21_too_many(world: World) -> Iterator[Seeded]:
    """The whole estate is to leave, and there is room for a part of it."""
    rows = [p for p in tables(world) if p.it.action == "shelter" and fits(world, p)]
    spots = {s for t in world.items("tasks") if t.it.verb in {"bus-evacuation", "open-shelter"}
             and fits(world, t) for s in t.it.sites}  # fmt: skip
    room = sum(world.city.facilities[s].capacity.places or 0 for s in spots)
    if rows and world.chemical and heads_between(world, rows[0]) > room:
        for far in (None, "2000 m"):
            edits = [p.set(action="evacuate", **({"far": far} if far else {})) for p in rows]
            names = (*sorted(spots), *(t.ref for t in world.items("tasks")
                     if t.it.verb in {"bus-evacuation", "open-shelter"}))  # fmt: skip
            yield seeded(*edits, names=names, note=f"all to leave, {far or 'as far as before'}")


def heads_between(world: World, row: Item) -> int:
    """Give the people by day whom a row of the table speaks of at the first accident."""
    out = 0
    for place in world.city.facilities.values():
        metres, off = world.where(place.id, world.chemical[0])
        if row.it.near <= metres < row.it.far and off <= row.it.sector / 2:
            out += place.heads.day
    return out


def s21_no_own_word(world: World) -> Iterator[Seeded]:
    """A school or home in the sector has no instruction of its own."""
    kinds = {"school", "kindergarten", "nursing-home", "hospital"}
    inside = {f for places in footprint(world).values() for f in places}
    for place in sorted(inside):
        if world.city.facilities[place].kind in kinds:
            tasks = [t for t in world.items("tasks") if t.it.verb == "instruct-occupants"
                     and t.it.where == place and t.it.action == "shelter"]  # fmt: skip
            if tasks:
                yield seeded(
                    *(t.gone() for t in tasks), names=(place,), note=f"no word for {place}"
                )


def t21_more_room(world: World) -> Iterator[Seeded]:
    """A second place to go to, off the wind."""
    for task in world.items("tasks"):
        if task.it.verb in {"bus-evacuation", "open-shelter"} and task.it.sites and world.chemical:
            for place in world.city.facilities.values():
                far = all(world.where(place.id, c)[0] > 5000 for c in world.chemical)
                if place.kind == "shelter" and far and place.id not in task.it.sites:
                    edit = task.set(sites=[*task.raw["sites"], place.id])
                    yield seeded(edit, note=f"{place.id} too")


def s22_in_the_cloud(world: World) -> Iterator[Seeded]:
    """A post, a casualty point or a decontamination point inside the hazard zone."""
    verbs = {"set-command-post", "triage", "decontaminate"}
    for task in world.items("tasks"):
        if task.it.verb in verbs and task.it.where not in {None, "scene", "upwind"}:
            if not world.chemical or not fits(world, task):
                continue
            for place in down_wind(world, world.chemical[0]):
                if world.city.facilities[place].kind not in {"detector", "gate", "road-point"}:
                    yield seeded(task.set(where=place), names=(place,), note=f"at {place}")


def s22_shut_gate(world: World) -> Iterator[Seeded]:
    """Crews are sent through a gate that another plan has shut."""
    gates = [f.id for f in world.city.facilities.values() if f.kind == "gate"]
    opened = {s for t in world.items("tasks") if t.it.verb == "set-gates" for s in t.it.sites}
    shut = sorted(set(gates) - opened)
    holders = [t.ref for t in world.items("tasks") if t.it.verb == "set-gates"]
    for task in world.items("tasks"):
        if task.it.verb != "set-gates" and set(task.it.sites) & opened and task.it.crews and shut:
            for gate in shut:
                if world.chemical and world.where(gate, world.chemical[0])[1] < 60:
                    edit = task.set(sites=[gate])
                    yield seeded(edit, names=(*holders, gate), note=f"through {gate}")


def s22_two_uses(world: World) -> Iterator[Seeded]:
    """One place serves as command post and as casualty or decontamination point."""
    busy = sorted({t.it.where for t in world.items("tasks")
                   if t.it.verb in {"triage", "decontaminate"} and t.it.where
                   and t.it.where not in {"scene", "upwind"} and fits(world, t)
                   and world.city.facilities[t.it.where].kind != "hospital"})  # fmt: skip
    for task in world.items("tasks"):
        if task.it.verb == "set-command-post" and task.it.where not in {"scene", "upwind"}:
            for place in busy:
                if fits(world, task) and place != task.it.where:
                    yield seeded(task.set(where=place), names=(place,), note=f"post on {place}")


def t22_quicker(world: World) -> Iterator[Seeded]:
    """A post set up a little sooner."""
    for task in world.items("tasks"):
        placed = task.it.verb in {"set-command-post", "set-gates", "close-road", "set-cordon"}
        if placed and task.it.deadline and task.it.deadline > 60:
            late = f"{task.it.deadline / 60 - 1:g} min"
            yield seeded(task.set(deadline=late), note="a minute sooner")


def s37_bare(world: World) -> Iterator[Seeded]:
    """Entry crews without protection: task and crews alike."""
    for task in world.items("tasks"):
        if task.it.protected and task.it.needs and fits(world, task):
            crews = [r for r, c in sorted(world.full.resources.items())
                     if set(task.it.needs) <= set(c.capabilities)]  # fmt: skip
            edits = [task.set(protected=None), *(world.crew(c, protected=False) for c in crews)]
            yield seeded(*edits, names=(task.ref,), note="no protection")


def s37_door_to_door(world: World) -> Iterator[Seeded]:
    """Somebody is sent from door to door inside the zone, without mask or recall."""
    inside = sorted({f for places in footprint(world).values() for f in places
                     if world.where(f, world.chemical[0])[0] < 1400})  # fmt: skip
    for body in sorted(world.owners):
        org = world.full.organisations[body]
        if org.kind in {"police", "community", "street", "township"}:
            for place in inside:
                quote = "组织人员逐户上门通知，确保不漏一户。"
                raw = {"id": "t-doors-2", "by": body, "when": "told protective-order",
                       "verb": "warn-public", "channel": "door-to-door", "crews": 0,
                       "where": place, "quote": quote, "deadline": "10 min"}  # fmt: skip
                plans = [p for p in world.owners[body] if fits_plan(world, p)]
                if plans and own_trigger(world, body, plans[0]) is not None:
                    raw["when"] = own_trigger(world, body, plans[0])
                    new = world.add("tasks", plans[0], raw)
                    yield seeded(new, names=(place,), note=f"{body} at the doors of {place}")


def s37_cordon_inside(world: World) -> Iterator[Seeded]:
    """A cordon is stood inside the zone."""
    for task in world.items("tasks"):
        if (
            task.it.verb in {"set-cordon", "close-road"}
            and not task.it.protected
            and world.chemical
        ):
            if not fits(world, task):
                continue
            for place in down_wind(world, world.chemical[0]):
                metres, _ = world.where(place, world.chemical[0])
                if metres < 1000 and world.city.facilities[place].kind != "detector":
                    edit = task.set(where=place, quote="在下风向就近设卡值守。")
                    yield seeded(edit, names=(place,), note=f"posts at {place}")


def t37_from_afar(world: World) -> Iterator[Seeded]:
    """The same people are told from afar."""
    for task in world.items("tasks"):
        if task.it.verb == "warn-public" and task.it.channel in {"robot-call", "chat-group"}:
            for channel in ("loudspeaker", "sms"):
                yield seeded(task.set(channel=channel), note=f"by {channel}")


def t37_reworded(world: World) -> Iterator[Seeded]:
    """More protection than before."""
    for task in world.items("tasks"):
        if task.it.verb in {"set-cordon", "size-up", "search-rescue"} and not task.it.protected:
            yield seeded(task.set(protected=True), note="protected")
