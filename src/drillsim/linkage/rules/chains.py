"""S05: the chain of promised times reaches people before the cloud does."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from drillsim.city.facilities import Facility
from drillsim.i18n import catalogue
from drillsim.linkage.findings import Basis, Finding, Skipped, joined, said
from drillsim.linkage.rules.cases import Case
from drillsim.linkage.rules.clocks import Clock, call
from drillsim.linkage.rules.context import Linked, Said, org_of
from drillsim.linkage.rules.rule import Rule, named
from drillsim.linkage.rules.zones import MEANING, covers, drawn_zones, toxic_cases

catalogue(
    {
        "s05.late": (
            "气云约{arrives:g}分钟到达{sites}，而按各预案承诺的时间，最快{promised:g}分钟才能告知到位"
            "（{band}）",
            "the cloud reaches {sites} after some {arrives:g} min; by what the plans promise they "
            "are protected after {promised:g} min at the earliest ({band})",
        ),
        "s05.never": (
            "气云约{arrives:g}分钟到达{sites}，没有一条{band}的告知链条通到那里",
            "the cloud reaches {sites} after some {arrives:g} min, and no chain leads there "
            "({band})",
        ),
        "s05.automatic": (
            "3分钟内：只有自动报警加就地避护来得及",
            "within 3 min: only an automatic alarm with shelter is in time",
        ),
        "s05.direct": (
            "3至12分钟：只有企业（园区）直接告知来得及",
            "3 to 12 min: only a direct alarm by plant or park is in time",
        ),
        "s05.government": (
            "12分钟以上：可由政府预警", "12 min and more: a warning by government may do",
        ),
        "s05.no-ground": (
            "没有城市或情景，无法计算气云到达时间",
            "without a city and a scenario nobody can tell when the cloud arrives",
        ),
        "s05.edit": (
            "增加由事故企业或园区直接、自动告知{sites}的通报，并写明分钟数",
            "let plant or park tell {sites} directly and by itself, with the minutes stated",
        ),
    }
)  # fmt: skip

AUTOMATIC_S, DIRECT_S = 180.0, 720.0
"""Ends of the first two bands of arrival; half-open."""
AUTOMATIC = frozenset(
    {"siren", "tone-alert", "public-address", "data-link", "group-call", "robot-call"}
)
"""Channels that reach a neighbour without anybody dialling."""
TRUST = 1.3
"""Share of the arrival from which a promise is late; arrival is trusted within a factor of two."""
PLACES = frozenset({"school", "community", "nursing-home", "hospital", "enterprise", "public"})
"""Kinds of bodies that are themselves to be warned, not a step of government."""
WARNING = frozenset({"zone-order", "release", "substance", "cloud-visible", "cloud-over-fence"})
"""Facts of which one makes a message a warning to those who get it."""


@dataclass(frozen=True)
class _Late:
    """A peopled place whose own band holds no chain in time."""

    site: Facility
    arrives: float
    promised: float
    band: str
    chain: tuple[Said, ...]


def s05(on: Linked) -> Iterator[Finding | Skipped]:
    """Promised chain too slow: the cloud is there before the promised warning.

    For every peopled place down wind inside the widest distance of the set's own protective
    actions, the promised minutes are added up along the quickest chain from detection to people
    told what to do, and compared with the arrival of the harmful cloud by the scenario's own hazard
    in its stated weather; a third late is let pass, for the arrival is not known better. Each place
    is judged in its band: arrival under 3 min asks for an automatic alarm from the plant or its
    park, promised inside the band; from 3 min on any chain will do that is in time, which below
    12 min none through a government is. A duty without minutes counts one call. Places behind the
    same chain are one finding, a slow extra chain is none. Places of the body itself are its own
    matter; without a case beside the plans all is skipped.

    Bad: the works tells the park within 15 min, the park the district within 30 min, and the
    school, which the cloud reaches after 8 min, waits for the district.

    Good: `{by: works, to: [school], channels: [tone-alert], deadline: 3 min}` and, in the
    school's plan, `{verb: instruct-occupants, when: told off-site-alarm, deadline: 2 min}`
    """
    cases = [case for case in toxic_cases(on) if on.front(case)]
    if not cases or on.city is None:
        yield S05.skipped("s05.no-ground")
        return
    worst: dict[str, _Late] = {}
    for case in cases:
        source = on.facility(case.at)
        if source is None or not source.org or source.org not in on.plan_set.organisations:
            continue
        for late in _late(on, case, source.org):
            kept = worst.get(late.site.id)
            if kept is None or late.arrives < kept.arrives:
                worst[late.site.id] = late
    groups: dict[tuple[str, tuple[str, ...]], list[_Late]] = {}
    for late in worst.values():
        key = (late.band, tuple(one.ref for one in late.chain))
        groups.setdefault(key, []).append(late)
    for (band, _), found in sorted(groups.items()):
        first = min(found, key=lambda late: (late.arrives, late.site.id))
        sites = joined([late.site.name for late in sorted(found, key=lambda late: late.site.id)])
        shown = first.chain or tuple(_zones_at(on, first.site))
        yield S05.finding(
            "s05.late" if math.isfinite(first.promised) else "s05.never",
            "|".join(sorted(late.site.id for late in found)), on.places(shown),
            edit=said("s05.edit", sites=sites), sites=sites, band=S05_BANDS[band],
            arrives=round(first.arrives / 60, 1), promised=round(first.promised / 60, 1)
            if math.isfinite(first.promised) else 0,
        )  # fmt: skip


def _late(on: Linked, case: Case, origin: str) -> Iterator[_Late]:
    far = _reach(on, case)
    everybody = Clock(on, origin, lambda one: _family(one, case))
    direct = Clock(on, origin, lambda one: _family(one, case) and _no_government(on, one, origin))
    assert on.city is not None  # asked by the caller
    for site in on.city.facilities.values():
        metres = on.distance(case, site)
        inside = metres < far and on.down_wind(case, site)
        if not inside or not site.org or not (site.heads.day or site.heads.night):
            continue
        if site.org not in on.plan_set.organisations or on.related(site.org, origin):
            continue
        arrives = _arrival(on, case, metres)
        if not math.isfinite(arrives):
            continue
        band = (
            "automatic" if arrives < AUTOMATIC_S
            else "direct" if arrives < DIRECT_S else "government"
        )  # fmt: skip
        clock = direct if band == "automatic" else everybody
        limit = AUTOMATIC_S if band == "automatic" else arrives
        promised, chain = _told(on, clock, case, site, band)
        if promised > limit * TRUST:
            yield _Late(site, arrives, promised, band, chain)


def _reach(on: Linked, case: Case) -> float:
    """Give the widest distance (m) that the set's own protective actions speak of."""
    zones = [zone for zone in on.section("protective") if _family(zone, case)]
    fars = [zone.element.far for zone in zones if not zone.element.sites]
    return max(fars, default=0.0)


def _arrival(on: Linked, case: Case, metres: float) -> float:
    """Give when the front is at a distance (s); infinity where it harms nobody any more."""
    before = (0.0, 0.0)
    for point in on.front(case):
        if metres <= point[0]:
            share = (metres - before[0]) / (point[0] - before[0])
            return before[1] + share * (point[1] - before[1])
        before = point
    return math.inf


def _family(one: Said, case: Case) -> bool:
    return not one.plan.head.covers or case.family in one.plan.head.covers


def _no_government(on: Linked, one: Said, origin: str) -> bool:
    """Tell whether an element is the plant's, its park's, or of somebody who is to be warned."""
    org = org_of(one.actor)
    body = on.plan_set.organisations.get(org)
    if body is None:
        return True  # a mapping of levels has no actor of its own
    return on.related(org, origin) or body.level == "park" or body.kind in PLACES


def _told(
    on: Linked, clock: Clock, case: Case, site: Facility, band: str
) -> tuple[float, tuple[Said, ...]]:
    """Give the earliest promised time at which people at a place know what to do, and how."""
    ways: list[tuple[float, Said]] = []
    inside = [
        task for task in on.section("tasks")
        if task.element.verb == "instruct-occupants" and _family(task, case)
        and site.id in {task.element.where, *task.element.sites}
    ]  # fmt: skip
    if band == "automatic" or not inside:
        ways += [
            (clock.of(note) + (0.0 if band == "automatic" else call()), note)
            for note in on.section("notifications")
            if any(on.desks(org_of(to), site.org or "") for to in note.element.to)
            and on.content(note.element) & WARNING
            and (band != "automatic" or set(note.element.channels) & AUTOMATIC)
        ]
    if band != "automatic":
        ways += [(clock.of(task), task) for task in inside]
    for task in on.section("tasks"):
        element = task.element
        sounds = element.verb == "warn-public" and _family(task, case)
        automatic = element.channel in AUTOMATIC or band != "automatic"
        if sounds and automatic and _reaches(on, task, case, site):
            ways.append((clock.of(task), task))
    promised, last = min(ways, key=lambda way: (way[0], way[1].ref), default=(math.inf, None))
    chain = clock.chain(last) if last is not None and math.isfinite(promised) else ()
    if last is not None and not chain:
        chain = tuple(one for _, one in sorted(ways, key=lambda way: way[1].ref))
    return promised, chain


def _reaches(on: Linked, task: Said, case: Case, site: Facility) -> bool:
    """Tell whether a warning of the public is meant for a place: by its zone or by name."""
    if site.id in {task.element.where, *task.element.sites}:
        return True
    zones = [
        z for z in drawn_zones(on) if z.plan is task.plan and z.element.id == task.element.zone
    ]
    return any(covers(on, case, zone, site) for zone in zones)


def _zones_at(on: Linked, site: Facility) -> list[Said]:
    """Give the protective actions drawn over a place, or all where none is."""
    cases = toxic_cases(on)
    zones = [z for z in on.section("protective") if z.element.action in MEANING]
    found = [z for z in zones if any(covers(on, case, z, site) for case in cases)]
    return found or zones


S05_BANDS = {band: said(f"s05.{band}") for band in ("automatic", "direct", "government")}
S05 = Rule(
    "S05", named("承诺链慢于需求", "promised chain too slow"), "critical",
    Basis("Order 708 art. 17-18; bands of arrival and floor of a call are ours", True), s05,
)  # fmt: skip
RULES = (S05,)
