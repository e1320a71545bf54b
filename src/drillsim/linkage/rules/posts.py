"""S22, S37: nobody is shut out, and nobody works unprotected in the gas."""

from __future__ import annotations

import re
from collections.abc import Iterator

from drillsim.i18n import catalogue
from drillsim.linkage.findings import Basis, Finding, Skipped, joined, said
from drillsim.linkage.rules.context import Linked, Said, org_of
from drillsim.linkage.rules.rule import Rule, named
from drillsim.linkage.rules.zones import covers, every_zone, fits_case, toxic_cases

catalogue(
    {
        "s22.gate": (
            "{shut}只放行{open}，而{users}按预案从{gates}进入",
            "{shut} lets crews through {open} only, while {users} come in by {gates}",
        ),
        "s22.none": ("（没有任何大门）", "no gate at all"),
        "s22.post": (
            "{place}在防护范围内（距泄漏点{metres} m），不能设指挥部、检伤或洗消点",
            "{place} lies inside the zone ({metres} m from the source): no place for a command "
            "post, triage or decontamination",
        ),
        "s22.uses": (
            "{place}既设指挥部又作检伤、洗消点，一处两用",
            "{place} is given two uses: a command post, and triage or decontamination",
        ),
        "s37.finding": (
            "{who}要进入{place}（下风向{metres} m）执行任务，但没有防护装备",
            "{who} work at {place} ({metres} m down wind) without protection",
        ),
        "s37.bare": (
            "{who}执行“{verb}”要进入毒气、浓烟或高热，而力量和任务都没有写防护",
            "{who} go into gas, smoke or heat ({verb}), and neither crew nor task is protected",
        ),
        "s37.scene": ("事故现场", "the scene"),
    }
)

DEADLY_M = 1500.0
"""Down-wind distance within which nobody works unprotected in a toxic cloud (ours, unverified)."""


def s22(on: Linked) -> Iterator[Finding | Skipped]:
    """Cordon conflict: gates shut before those who must come in, or a post inside the zone.

    Gates: a `set-gates` task lets crews in by the gates that it names; a crew whose task names
    another gate is shut out (points of measurement are no gates). Posts: a command post, triage or
    decontamination at a named place inside a zone that some plan draws, in some wind of the cases;
    one place for a command post and for the dirty work of casualties.

    Bad: `{verb: set-gates}` with no gate open, while engines come by the west gate.

    Good: `{verb: set-gates, sites: [gate-e, gate-n]}`, and every crew by one of them.
    """
    orders = [one for one in on.section("tasks") if one.element.verb == "set-gates"]
    for order in orders:
        wrong = [
            one
            for one in on.section("tasks")
            if one.element.verb not in {"set-gates", "monitor-air", "monitor-water"}
            and on.overlap(one.plan, order.plan)
            and _gates(on, one)
            and not _gates(on, one) & set(order.element.sites)
        ]
        if wrong:
            opened = [f.name for s in order.element.sites if (f := on.facility(s)) is not None]
            gates = sorted({gate for one in wrong for gate in _gates(on, one)})
            names = [f.name for gate in gates if (f := on.facility(gate)) is not None]
            yield S22.finding(
                "s22.gate", f"{org_of(order.actor)} > {'|'.join(gates)}",
                on.places([order, *wrong]), shut=on.name(order.actor),
                open=joined(opened) if opened else S22_NONE,
                users=joined([on.name(one.actor) for one in wrong]), gates=joined(names),
            )  # fmt: skip
    yield from _posts(on)


def _gates(on: Linked, one: Said) -> set[str]:
    found = {site: on.facility(site) for site in one.element.sites}
    return {site for site, f in found.items() if f is not None and f.kind == "gate"}


def _posts(on: Linked) -> Iterator[Finding]:
    posts: dict[str, list[Said]] = {}
    for one in on.section("tasks"):
        at_scene = one.element.verb in {"set-command-post", "triage", "decontaminate"}
        if at_scene and any(fits_case(one, case) for case in toxic_cases(on)):
            posts.setdefault(one.element.where or "", []).append(one)
    for place, saids in sorted(posts.items()):
        site = on.facility(place)
        uses = {one.element.verb == "set-command-post" for one in saids}
        if site is not None and len(uses) == 2:
            yield S22.finding("s22.uses", place, on.places(saids), place=site.name)
        for case in toxic_cases(on) if site is not None else ():
            assert site is not None  # or there is nothing to loop over
            zones = [z for z in every_zone(on) if not z.element.sites and covers(on, case, z, site)]
            if zones and on.down_wind(case, site):
                metres = f"{on.distance(case, site):.0f}"
                yield S22.finding(
                    "s22.post", place, on.places([*saids, *zones]), place=site.name, metres=metres
                )
                break


def s37(on: Linked) -> Iterator[Finding | Skipped]:
    """Unprotected executor: crews are sent down wind into the zone without protection.

    Judged for tasks with crews, posts on the road and callers at doors at a named place within
    1,500 m down wind in some case, or at the scene, when neither the task nor any crew that could
    do it is protected; and, in any accident, for work that needs a team for gas, smoke or heat.

    Bad: grid workers knock at doors 1,350 m down wind.

    Good: phone and loudspeaker inside 1,500 m; `protected: true` for those who must go in.
    """
    yield from _bare(on)
    cases = toxic_cases(on)
    if not cases:
        yield S37.skipped("s20.no-ground")
        return
    sent: dict[str, list[tuple[Said, float]]] = {}
    for one in on.section("tasks"):
        task = one.element
        if task.protected or task.where is None or not _outdoors(one):
            continue
        if not any(fits_case(one, case) for case in cases):
            continue
        site = on.facility(task.where)
        reach = [
            on.distance(case, site) if site else 0.0
            for case in cases
            if task.where == "scene" or (site is not None and on.down_wind(case, site))
        ]
        if reach and min(reach) < DEADLY_M and not _guarded(on, one):
            sent.setdefault(task.where, []).append((one, min(reach)))
    for place, found in sorted(sent.items()):
        site = on.facility(place)
        yield S37.finding(
            "s37.finding", place, on.places(one for one, _ in found),
            who=joined([on.name(one.actor) for one, _ in found]),
            place=site.name if site else S37_SCENE, metres=f"{found[0][1]:.0f}",
        )  # fmt: skip


OUTSIDE = frozenset({"set-cordon", "close-road", "monitor-air", "search-rescue", "walk-off"})
"""Work done in the open at its place, whoever does it."""
DOORS = re.compile(r"逐户|上门|door to door", re.IGNORECASE)
NOT_AT_DOORS = re.compile(
    r"(不|禁止|严禁)[^，。；]{0,8}(逐户|上门)|no(t|body) [^,.;]*door", re.IGNORECASE
)
GUARDED = frozenset({"level-a", "ba-team", "process-entry", "heat-entry"})
"""Capabilities that mean work in gas, smoke or heat, in any kind of accident."""


def _outdoors(one: Said) -> bool:
    """Tell whether a task sends people into the open: crews, posts, or callers at doors."""
    task = one.element
    quote = task.quote
    doors = task.channel == "door-to-door" or (
        bool(DOORS.search(quote)) and not NOT_AT_DOORS.search(quote)
    )
    return (task.crews > 0 and bool(task.needs)) or task.verb in OUTSIDE or doors


def _bare(on: Linked) -> Iterator[Finding]:
    """Find work in gas, smoke or heat that neither task nor crew is protected for."""
    for one in on.section("tasks"):
        task = one.element
        tags = GUARDED & set(task.needs)
        if not tags or task.protected or task.crews == 0:
            continue
        able = [
            crew for crew in on.plan_set.resources.values()
            if tags <= set(crew.capabilities)
            and any(on.related(crew.owner, org_of(a)) for a in (one.actor, *task.support))
        ]  # fmt: skip
        bare = [crew for crew in able if not crew.protected]
        if bare:
            yield S37.finding(
                "s37.bare", "|".join(crew.id for crew in bare), on.places([one]),
                who=joined([crew.name for crew in bare]), verb=task.verb,
            )  # fmt: skip


def _guarded(on: Linked, one: Said) -> bool:
    """Tell whether every crew of the set with the needed capabilities is protected."""
    able = [
        crew
        for crew in on.plan_set.resources.values()
        if set(one.element.needs) <= set(crew.capabilities)
        and any(on.related(crew.owner, org_of(a)) for a in (one.actor, *one.element.support))
    ]
    return bool(able) and all(crew.protected for crew in able)


S22 = Rule(
    "S22", named("警戒、路线、场地冲突", "cordon conflict"), "high",
    Basis("Order 708 art. 18(2)", True), s22,
)  # fmt: skip
S37 = Rule(
    "S37", named("执行者无防护", "unprotected executor"), "critical",
    Basis("Order 708 art. 11, 22; Emergency Response Law 2024 art. 40", True), s37,
)  # fmt: skip
S22_NONE = said("s22.none")
S37_SCENE = said("s37.scene")
RULES = (S22, S37)
