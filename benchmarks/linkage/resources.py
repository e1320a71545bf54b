"""Operators of crews and promises (LD5): S16 to S19 and S26, from their statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from benchmarks.linkage.seams import own_trigger
from benchmarks.linkage.seeding import Seeded, seeded
from benchmarks.linkage.worlds import Edit, Item, World, house, rewritten, sentences

from drillsim.data.statutes import statutes


def deals(world: World) -> dict[tuple[str, str, str], list[Item]]:
    """Give the declarations of each promise: from, to and resource equal."""
    out: dict[tuple[str, str, str], list[Item]] = defaultdict(list)
    for item in world.items("promises"):
        out[item.it.by, item.it.to, item.it.resource].append(item)
    return dict(sorted(out.items()))


def s16_more_than_there_are(world: World) -> Iterator[Seeded]:
    """One crew is promised a second time, to somebody else at the same accident."""
    for (by, to, name), items in deals(world).items():
        crew = world.full.resources[name]
        others = sorted(b for b in world.owners if b not in {by, to}
                        and world.full.organisations[b].kind != "enterprise")  # fmt: skip
        for body in others:
            plan = world.plan_beside(body, items[0].plan)
            if plan is None:
                continue
            mine = [p for p in world.owners.get(by, ()) if p != plan][:1]
            raw = {**items[0].raw, "id": "pr-second", "to": body, "units": max(1, crew.units),
                   "exclusive": True, "signed_by": [by, body],
                   "quote": f"{crew.name.zh}全部力量由本单位专用。"}  # fmt: skip
            raw.pop("expires", None)
            new = [world.add("promises", p, raw) for p in (plan, *mine)]
            names = (*(i.ref for i in items), name)
            yield seeded(*new, names=names, note=f"{name} also to {body}")


def s16_too_many(world: World) -> Iterator[Seeded]:
    """More units are promised than exist."""
    for (_, _, name), items in deals(world).items():
        crew = world.full.resources[name]
        for more in (crew.units + 1, crew.units * 2 + 1):
            edits = [i.set(units=more) for i in items]
            note = f"{more} of {crew.units} {name}"
            yield seeded(*edits, names=(name,), note=note)


def t16_within(world: World) -> Iterator[Seeded]:
    """One unit fewer is promised."""
    for (_, _, name), items in deals(world).items():
        if all(i.it.units > 1 for i in items):
            edits = [i.set(units=i.it.units - 1) for i in items]
            yield seeded(*edits, note=f"one {name} fewer")


def s17_unsigned(world: World) -> Iterator[Seeded]:
    """The promising body has not signed."""
    for (by, _, name), items in deals(world).items():
        kin = world.kin(by)
        if items[0].it.to in kin or any(
            i.plan in world.owners.get(b, ()) for i in items for b in kin
        ):
            continue  # within one house, or stated in the giver's own plan
        for left in ([s for s in items[0].it.signed_by if s not in kin], []):
            edits = [i.set(signed_by=left) for i in items]
            yield seeded(*edits, names=(name,), note=f"{by} did not sign")


def s17_expired(world: World) -> Iterator[Seeded]:
    """The agreement has run out."""
    for (by, to, name), items in deals(world).items():
        if by != to:
            for day in ("2025-12-31", "2026-03-31"):
                edits = [i.set(expires=day) for i in items]
                yield seeded(*edits, names=(name,), note=f"ended {day}")


def s17_unknown_to_giver(world: World) -> Iterator[Seeded]:
    """The promising body's own plans do not know it, and nothing is signed."""
    for (by, _, name), items in deals(world).items():
        mine = [i for i in items if i.plan in world.owners.get(by, ())]
        rest = [i for i in items if i not in mine]
        if mine and rest:
            edits = [i.set(signed_by=[]) for i in rest] + [i.gone() for i in mine]
            names = (name, *(i.ref for i in items))
            yield seeded(*edits, names=names, note=f"{by} does not know of it")


def t17_longer(world: World) -> Iterator[Seeded]:
    """An agreement that ends in some years."""
    for _, items in deals(world).items():
        edits = [i.set(expires="2030-06-30") for i in items]
        yield seeded(*edits, note="ends in 2030")


def t17_order(world: World) -> Iterator[Seeded]:
    """The signatures in another order."""
    for _, items in deals(world).items():
        if len(items[0].it.signed_by) > 1:
            edits = [i.set(signed_by=list(i.it.signed_by)[::-1]) for i in items]
            yield seeded(*edits, note="other order of signatures")


def s18_sooner_than_turnout(world: World) -> Iterator[Seeded]:
    """Arrival is promised before the crew can even have left."""
    for (_, _, name), items in deals(world).items():
        crew = world.full.resources[name]
        least = min(crew.turnout.day, crew.turnout.night)
        for share in (0.7, 0.5):
            if least >= 60:
                edits = [i.set(within=f"{least * share:.0f} s") for i in items]
                yield seeded(*edits, names=(name,), note=f"{share:.0%} of the turnout of {name}")


def s18_no_road(world: World) -> Iterator[Seeded]:
    """The promise leaves one minute for a drive of kilometres."""
    for (_, _, name), items in deals(world).items():
        crew = world.full.resources[name]
        at, home = (world.city.facilities[p].xy for p in (items[0].it.at, crew.home))
        if (at[0] - home[0]) ** 2 + (at[1] - home[1]) ** 2 > 4000**2:
            late = max(crew.turnout.day, crew.turnout.night)
            edits = [i.set(within=f"{late + 60:.0f} s") for i in items]
            yield seeded(*edits, names=(name,), note=f"one minute for the road of {name}")


def t18_seconds(world: World) -> Iterator[Seeded]:
    """The promised time in seconds."""
    for _, items in deals(world).items():
        edits = [i.set(within=f"{i.it.within:g} s") for i in items]
        yield seeded(*edits, note="in seconds")


def t18_a_little_later(world: World) -> Iterator[Seeded]:
    """A promise that allows a minute more."""
    for _, items in deals(world).items():
        edits = [i.set(within=f"{i.it.within / 60 + 1:g} min") for i in items]
        yield seeded(*edits, note="one minute more")


def needed(world: World) -> dict[str, list[Item]]:
    """Give the capabilities that tasks ask for."""
    out: dict[str, list[Item]] = defaultdict(list)
    for task in world.items("tasks"):
        for tag in task.it.needs:
            out[tag].append(task)
    return dict(sorted(out.items()))


def holders(world: World, tag: str) -> list[str]:
    return sorted(k for k, r in world.full.resources.items() if tag in r.capabilities)


def s19_none_ready(world: World) -> Iterator[Seeded]:
    """A needed capability is left with no unit at all."""
    for tag, tasks in needed(world).items():
        crews = holders(world, tag)
        if len(crews) <= 8:
            edits = [world.crew(c, units=0, night_units=None) for c in crews]
            names = (tag, *(t.ref for t in tasks), *crews)
            yield seeded(*edits, names=names, note=f"no {tag} is left")


def s19_half_a_day(world: World) -> Iterator[Seeded]:
    """Whoever has the capability needs hours to turn out."""
    for tag, tasks in needed(world).items():
        crews = holders(world, tag)
        promised = {i.it.resource for i in world.items("promises")}
        if len(crews) <= 8 and not promised & set(crews):
            for hours in (8, 12):
                late = {"day": f"{hours} h", "night": f"{hours} h"}
                edits = [world.crew(c, turnout=late) for c in crews]
                names = (tag, *(t.ref for t in tasks), *crews)
                yield seeded(*edits, names=names, note=f"{tag} after {hours} h")


def s19_elsewhere(world: World) -> Iterator[Seeded]:
    """The tag stays with one crew only, and that has no units."""
    for tag, tasks in needed(world).items():
        crews = holders(world, tag)
        if not 2 <= len(crews) <= 8:
            continue
        edits = [world.crew(crews[0], units=0, night_units=None)]
        for name in crews[1:]:
            kept = [c for c in world.full.resources[name].capabilities if c != tag]
            if not kept:
                break
            edits.append(world.crew(name, capabilities=kept))
        else:
            names = (tag, *(t.ref for t in tasks), *crews)
            yield seeded(*edits, names=names, note=f"{tag} with nobody")


def t19_more(world: World) -> Iterator[Seeded]:
    """One more unit of a crew."""
    for name in sorted(world.full.resources):
        crew = world.full.resources[name]
        yield seeded(world.crew(name, units=crew.units + 1), note=f"one more {name}")


def t19_quicker(world: World) -> Iterator[Seeded]:
    """A crew that turns out a little quicker."""
    for name in sorted(world.full.resources):
        crew = world.full.resources[name]
        if crew.turnout.day >= 120:
            sooner = {"day": f"{crew.turnout.day - 30:g} s", "night": f"{crew.turnout.night:g} s"}
            yield seeded(world.crew(name, turnout=sooner), note=f"{name} half a minute sooner")


def s26_nobody(world: World) -> Iterator[Seeded]:
    """A verb that the accident asks for has no lead in any plan."""
    for case in sorted({c.family for c in world.cases}):
        for verb in statutes().required_verbs.get(case, ()):
            tasks = [t for t in world.items("tasks") if t.it.verb == verb]
            if tasks:
                dropped = {(t.plan, t.id) for t in tasks}
                edits = [t.gone() for t in tasks] + list(_untied(world, dropped))
                yield seeded(*edits, names=(verb, *(t.ref for t in tasks)), note=f"nobody: {verb}")


def _untied(world: World, dropped: set[tuple[str, str]]) -> Iterator[Edit]:
    """Free other elements from tasks that are gone."""
    for item in world.items():
        changed: dict[str, Any] = {}
        after = getattr(item.it, "after", ())
        kept = [a for a in after if (item.plan, a) not in dropped]
        if len(kept) < len(after):
            changed["after"] = kept
        gone = {f"{k} {t}" for p, t in dropped for k in ("done", "failed") if p == item.plan}
        gone |= {f"{k} {p}:{t}" for p, t in dropped for k in ("done", "failed")}
        if gone & set(sentences(item.raw.get("when"))):
            changed["when"] = rewritten(
                item.raw["when"], lambda s, gone=gone: "release" if s in gone else s
            )
        if changed and (item.plan, item.id) not in dropped:
            yield item.set(**changed)


MANY = frozenset(
    [
        "instruct-occupants",
        "receive-casualties",
        "size-up",
        "warn-public",
        "set-command-post",
        "monitor-air",
        "publish",
        "set-cordon",
        "transport-casualties",
        "close-road",
        "open-shelter",
        "water-curtain",
        "collect-firewater",
        "withdraw",
        "cool-vessel",
        "attack-fire",
    ]
)
"""Work that several bodies rightly do at one accident, each on its own ground."""


def s26_two_leads(world: World) -> Iterator[Seeded]:
    """A second body leads the same work at the same place and time."""
    families = {c.family for c in world.cases}
    required = {v for f, verbs in statutes().required_verbs.items() if f in families for v in verbs}
    required -= {v for g in world.items("groups") for v in g.it.verbs}  # one stated lead (t8)
    for task in world.items("tasks"):
        if task.it.verb in MANY or task.it.verb not in required or task.it.where is None:
            continue
        lead = house(task.it.by)
        for body in sorted(world.owners):
            org = world.full.organisations[body]
            if body in world.kin(lead) or org.level in {"enterprise", "township"}:
                continue
            if body in {house(s) for s in task.it.support}:
                continue
            plan = world.plan_beside(body, task.plan)
            if plan is None:
                continue
            when = own_trigger(world, body, plan)
            if when is None:
                continue
            drop = {"after", "support", "zone", "sites", "needs"}
            raw = {k: v for k, v in task.raw.items() if k not in drop}
            raw |= {"crews": 0, "id": "t-too", "by": body, "when": when,
                    "quote": f"由{org.name.zh}负责组织实施。"}  # fmt: skip
            names = (task.ref, task.it.verb)
            yield seeded(world.add("tasks", plan, raw), names=names, note=f"{body} leads it too")


def t26_support(world: World) -> Iterator[Seeded]:
    """One more body helps; the lead stays one (t8)."""
    for task in world.items("tasks"):
        for body in sorted(world.owners):
            if body != house(task.it.by) and body not in {house(a) for a in task.it.support}:
                edit = task.set(support=[*task.raw.get("support", ()), body])
                yield seeded(edit, note=f"{body} helps")
                break
