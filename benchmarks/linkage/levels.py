"""Operators of response levels (LD2): S08 to S11 and S32, from their statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from benchmarks.linkage.seeding import Seeded, seeded
from benchmarks.linkage.worlds import Item, World, house, rewritten, sentences


def maps(world: World) -> list[tuple[Item, str, str]]:
    """Give every mapping with the plan and level that it starts from."""
    out = []
    for item in world.items("mappings"):
        plan, _, level = item.it.source.partition(":")
        out.append((item, plan, level))
    return out


def named_level(world: World, plan: str, level: str, besides: str) -> bool:
    """Tell whether some condition outside a plan names its level."""
    text = f"level {plan}:{level}"
    return any(
        s.startswith(text)
        for i in world.items()
        if i.plan not in {plan, besides}
        for s in sentences(i.raw.get("when"))
    )


def s08_unmapped(world: World) -> Iterator[Seeded]:
    """A level that reaches beyond its plan is mapped to none."""
    every = maps(world)
    for plan in sorted(world.scope.plans):
        owner = world.scope.plans[plan].head.owner
        kin = set(world.owners[owner])
        levels = {e.id: e.rank for e in world.scope.plans[plan].of("levels")}
        for level, rank in sorted(levels.items()):
            mine = [m for m, p, lv in every if (p, lv) == (plan, level)]
            inside = [m for m in mine if m.plan in kin]
            inside += [
                m for m, p, _ in every if p in kin - {plan} and m.plan in {x.plan for x in mine}
            ]
            lowest = rank == max(levels.values())
            if not mine or inside or lowest or named_level(world, plan, level, ""):
                continue
            names = (f"{plan}/{level}", *(f"{m.plan}/{m.it.target}" for m in mine))
            edits = [m.gone() for m in mine]
            yield seeded(*edits, names=names, note=f"{plan}:{level} has no map")


def pairs(world: World) -> Iterator[tuple[Item, Item, dict[str, int]]]:
    """Give two mappings of one plan into one other, the graver source first."""
    every = maps(world)
    for a, pa, la in every:
        for b, pb, lb in every:
            if pa == pb and pa in world.scope.plans and a.plan == b.plan and a.id != b.id:
                ranks = {e.id: e.rank for e in world.scope.plans[pa].of("levels")}
                goals = {e.id: e.rank for e in world.scope.plans[a.plan].of("levels")}
                if ranks[la] < ranks[lb] and goals[a.it.target] <= goals[b.it.target]:
                    yield a, b, goals


def images(a: Item, b: Item) -> tuple[str, ...]:
    """Name the levels that two mappings join, as `plan/level`."""
    ends = [i.it.source.replace(":", "/") for i in (a, b)]
    return (*ends, *(f"{i.plan}/{i.it.target}" for i in (a, b)))


def s08_crossed(world: World) -> Iterator[Seeded]:
    """The graver level maps to the lighter one, and the other way round."""
    for a, b, goals in pairs(world):
        if goals[a.it.target] < goals[b.it.target]:
            edits = (a.set(target=b.it.target), b.set(target=a.it.target))
            yield seeded(*edits, names=images(a, b), note="maps crossed")


def s08_lighter(world: World) -> Iterator[Seeded]:
    """The graver of two levels now maps below the lighter one."""
    for a, b, goals in pairs(world):
        lower = [lv for lv, rank in sorted(goals.items()) if rank > goals[b.it.target]]
        if lower:
            names = (b.ref, *images(a, b))
            yield seeded(a.set(target=lower[0]), names=names, note="not monotone")


def t08_faster(world: World) -> Iterator[Seeded]:
    """A shorter time in a map."""
    for item in world.items("mappings"):
        if item.it.within and item.it.within > 60:
            yield seeded(item.set(within="1 min"), note="mapped sooner")


def t08_equal_images(world: World) -> Iterator[Seeded]:
    """Two neighbouring levels with one image stay in order."""
    for a, b, goals in pairs(world):
        owner = world.scope.plans[a.plan].head.owner
        own = a.it.source.partition(":")[0] in world.owners[owner]
        if goals[b.it.target] - goals[a.it.target] == 1 and not own:
            yield seeded(b.set(target=a.it.target), note="two levels, one image")


RANGE = re.compile(r"^([a-z-]+) in \[\s*(\d+)\s*,\s*(\d+)\s*\)$")
LEAST = re.compile(r"^([a-z-]+) >= (\d+)$")


def bounds(world: World) -> Iterator[tuple[Item, str, str, int, int | None]]:
    """Give each interval of a level: element, sentence, fact, lower and upper bound."""
    for item in world.items("levels"):
        for sentence in dict.fromkeys(sentences(item.raw.get("when"))):
            if m := RANGE.match(sentence):
                yield item, sentence, m[1], int(m[2]), int(m[3])
            elif m := LEAST.match(sentence):
                yield item, sentence, m[1], int(m[2]), None


def joints(world: World) -> Iterator[tuple[Item, str, str, int, int]]:
    """Give the bounds at which one level of a plan ends and the next begins, by their lower end."""
    every = list(bounds(world))
    for item, sentence, fact, low, high in every:
        other = [r for r in every if r[0].plan == item.plan and r[2] == fact and r[0].id != item.id]
        if high is not None and any(r[3] == high for r in other):
            covered = [
                r
                for r in every
                if r[0].plan == item.plan
                and r[2] == fact
                and r[1] != sentence
                and r[3] < high
                and (r[4] is None or r[4] >= high)
            ]
            again = [r for r in other if r[1] == sentence]
            if not covered and not again:  # fmt: skip
                yield item, sentence, fact, low, high


def swap(when: Any, old: str, new: Any) -> Any:
    return rewritten(when, lambda s: new if s == old else s)


def s09_ends_early(world: World) -> Iterator[Seeded]:
    """A level ends before the next one begins."""
    for item, sentence, fact, low, high in joints(world):
        for less in (max(low + 1, high - 1), max(low + 1, high * 4 // 5)):
            if low < less < high:
                new = f"{fact} in [{low}, {less})"
                names = (item.plan, fact)
                when = swap(item.raw["when"], sentence, new)
                yield seeded(item.set(when=when), names=names, note=f"{sentence} -> {new}")


def s09_starts_late(world: World) -> Iterator[Seeded]:
    """A level begins after the one below it has ended."""
    ends = {(i.plan, fact, high) for i, _, fact, _, high in joints(world)}
    for item, sentence, fact, low, high in bounds(world):
        if (item.plan, fact, low) not in ends:
            continue
        for late in (low + 1, low * 5 // 4 + 1):
            if high is not None and late >= high:
                continue
            new = f"{fact} >= {late}" if high is None else f"{fact} in [{late}, {high})"
            when = swap(item.raw["when"], sentence, new)
            yield seeded(item.set(when=when), names=(item.plan, fact), note=f"{sentence} -> {new}")


def s09_more_than(world: World) -> Iterator[Seeded]:
    """ "More than" instead of "and above": the bound itself belongs to nobody."""
    ends = {(i.plan, fact, high) for i, _, fact, _, high in joints(world)}
    for item, sentence, fact, low, high in bounds(world):
        if high is None and (item.plan, fact, low) in ends:
            new = f"{fact} > {low}"
            when = swap(item.raw["when"], sentence, new)
            yield seeded(item.set(when=when), names=(item.plan, fact), note=f"{sentence} -> {new}")


def t09_two_sentences(world: World) -> Iterator[Seeded]:
    """An interval written as two comparisons."""
    for item, sentence, fact, low, high in bounds(world):
        if high is not None:
            both = {"all": [f"{fact} >= {low}", f"{fact} < {high}"]}
            when = swap(item.raw["when"], sentence, both)
            yield seeded(item.set(when=when), note=f"{sentence} in two")


def t09_moved_together(world: World) -> Iterator[Seeded]:
    """A bound that no law gives, moved on both sides."""
    for item, sentence, fact, low, high in joints(world):
        if fact != "to-protect":
            continue
        new = high + 100
        edits = []
        for other, text, f, lo, hi in bounds(world):
            if other.plan == item.plan and f == fact and lo == high:
                to = f"{fact} in [{new}, {hi})" if hi else f"{fact} >= {new}"
                edits.append(other.set(when=swap(other.raw["when"], text, to)))
        mine = swap(item.raw["when"], sentence, f"{fact} in [{low}, {new})")
        yield seeded(item.set(when=mine), *edits, note=f"{high} -> {new} on both sides")


def shut_at_night(world: World, address: str) -> bool:
    """Tell whether nobody holds a post at night and it has no deputies."""
    role = world.full.role(address)
    if role is None:
        return world.full.organisations[house(address)].desk != "24h"
    return role.hours != "24h" and not role.deputies


def s10_no_cover(world: World) -> Iterator[Seeded]:
    """A leader who is there by day only, without deputy or substitute."""
    for item in world.items("levels"):
        if item.it.substitutes and shut_at_night(world, item.it.activator):
            edit = item.set(substitutes=None, substitute_after=None)
            yield seeded(edit, names=(item.it.activator,), note="nobody at night")


def s10_day_man(world: World) -> Iterator[Seeded]:
    """The activator becomes a post with office hours, without substitute."""
    for item in world.items("levels"):
        body = house(item.it.activator)
        roles = world.full.organisations[body].roles
        posts = [f"{body}/{r.id}" for r in roles if r.hours != "24h" and not r.deputies]
        posts = [p for p in posts if p != item.it.activator]
        if posts:
            edit = item.set(activator=posts[0], substitutes=None, substitute_after=None)
            yield seeded(edit, names=(posts[0],), note=f"{posts[0]} alone")


def s10_two(world: World) -> Iterator[Seeded]:
    """Two bodies that do not stand in for each other may each start one level."""
    for item in world.items("levels"):
        plan = world.scope.plans[item.plan]
        if item.raw.get("when") is None or plan.head.tier == "community":
            continue
        others = sorted(b for b in world.owners if b not in world.kin(house(item.it.activator))
                        and world.full.organisations[b].desk == "24h"
                        and world.full.organisations[b].level not in {"enterprise", "township"}
                        and "activate" in world.full.organisations[b].powers)  # fmt: skip
        if others:
            twin = {**item.raw, "id": f"{item.id}-b", "activator": others[0], "substitutes": []}
            twin.pop("substitute_after", None)
            new = world.add("levels", item.plan, twin)
            yield seeded(new, names=(item.ref, item.plan), note=f"{others[0]} starts it as well")


def s10_desk_shuts(world: World) -> Iterator[Seeded]:
    """The desk that alone may start a level is staffed in office hours only."""
    for item in world.items("levels"):
        address = item.it.activator
        if "/" in address or item.it.substitutes or shut_at_night(world, address):
            continue
        refs = [i.ref for i in world.items("levels") if i.it.activator == address]
        edit = world.body(address, desk="08:30-17:30")
        yield seeded(edit, names=refs, note=f"{address} shuts at night")


def t10_more_substitutes(world: World) -> Iterator[Seeded]:
    """One more substitute of the same house."""
    for item in world.items("levels"):
        body = house(item.it.activator)
        roles = world.full.organisations[body].roles
        fresh = [f"{body}/{r.id}" for r in roles
                 if f"{body}/{r.id}" not in (*item.it.substitutes, item.it.activator)]  # fmt: skip
        if item.it.substitutes and fresh:
            more = [*item.raw["substitutes"], fresh[0]]
            yield seeded(item.set(substitutes=more), note="one more substitute")


def t10_sooner(world: World) -> Iterator[Seeded]:
    """The substitute starts it sooner."""
    for item in world.items("levels"):
        if item.it.substitute_after and item.it.substitute_after > 60:
            yield seeded(item.set(substitute_after="1 min"), note="substitute sooner")


def s11_only_harm(world: World) -> Iterator[Seeded]:
    """Every level of a plan waits for casualties already suffered."""
    table = {
        1: "deaths >= 30",
        2: "deaths in [10, 30)",
        3: "deaths in [3, 10)",
        4: "deaths in [1, 3)",
    }
    other = {1: "hurt >= 100", 2: "hurt in [50, 100)", 3: "hurt in [10, 50)", 4: "hurt in [1, 10)"}
    into = {m.it.target for m in world.items("mappings")}
    for plan in sorted(world.scope.plans):
        levels = [i for i in world.items("levels") if i.plan == plan]
        if not levels or any(i.raw.get("when") is None for i in levels):
            continue
        ranks = sorted({i.it.rank for i in levels})
        order = {r: 4 - (len(ranks) - 1 - n) for n, r in enumerate(ranks)}
        mine = [m.gone() for m in world.items("mappings") if m.plan == plan] if into else []
        for facts in (table, other):
            edits = [i.set(when=facts[min(4, max(1, order[i.it.rank]))]) for i in levels]
            yield seeded(*edits, *mine, names=(plan,), note="casualties only")


def t11_shorter_time(world: World) -> Iterator[Seeded]:
    """A waiting time in a criterion written in seconds."""
    for item in world.items("levels"):
        for sentence in sentences(item.raw.get("when")):
            if m := re.match(r"^(.+) for (\d+) min$", sentence):
                new = f"{m[1]} for {int(m[2]) * 60} s"
                when = swap(item.raw["when"], sentence, new)
                yield seeded(item.set(when=when), note=f"{sentence} in seconds")
                break


def t11_turned(world: World) -> Iterator[Seeded]:
    """The criteria of a level in another order."""
    for item in world.items("levels"):
        when = item.raw.get("when")
        if isinstance(when, dict):
            key, parts = next(iter(when.items()))
            yield seeded(item.set(when={key: [*parts[1:], parts[0]]}), note="order of criteria")


def s32_rate(world: World) -> Iterator[Seeded]:
    """A level hangs on a rate of release that nobody can measure."""
    for item in world.items("levels"):
        if item.raw.get("when") is not None:
            for when in ("release-rate >= 0.1", {"any": ["release-rate >= 0.5", "deaths >= 3"]}):
                yield seeded(item.set(when=when), names=(item.plan,), note="a rate of release")


def s32_task_rate(world: World) -> Iterator[Seeded]:
    """A task or a message waits for that rate."""
    for item in world.items("tasks", "notifications", "protective"):
        if item.it.criticality >= 4 and isinstance(item.raw["when"], str | dict):
            yield seeded(item.set(when="release-rate >= 0.2"), note="waits for a rate")


def s32_nobody_brings(world: World) -> Iterator[Seeded]:
    """A level hangs on a figure that nobody brings to the one who decides."""
    for item in world.items("levels"):
        body = house(item.it.activator)
        for fact in ("beds", "moved"):
            kin = world.kin(body)
            brought = any(
                fact in i.it.content or fact in world.full.head.forms.get(i.it.form or "", ())
                for i in world.items("notifications")
                if kin & {house(a) for a in i.it.to}
            ) or any(
                fact in h.it.brief and kin & {house(h.it.giver), house(h.it.taker)}
                for h in world.items("handovers")
            )
            if not brought and item.raw.get("when") is not None and body in world.owners:
                edit = item.set(when=f"{fact} >= 100")
                yield seeded(edit, names=(item.plan, fact), note=f"{body} is never told {fact}")


def t32_seen(world: World) -> Iterator[Seeded]:
    """One more criterion that the decider sees himself, already used by this level."""
    for item in world.items("levels"):
        when = item.raw.get("when")
        one = next((s for s in sentences(when) if re.match(r"^[a-z-]+ >= \d+$", s)
                    and not s.startswith(("deaths", "hurt"))), None)  # fmt: skip
        if one and isinstance(when, dict) and "any" in when:
            held = f"{one} for 1 min"
            edit = item.set(when={"any": [*when["any"], held]})
            yield seeded(edit, note=f"also {held}")
