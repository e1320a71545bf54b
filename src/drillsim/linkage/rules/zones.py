"""S20, S21: people are told one thing, and those who must go have somewhere to go."""

from __future__ import annotations

from collections.abc import Iterator

from drillsim.city.facilities import Facility
from drillsim.i18n import catalogue
from drillsim.linkage.findings import Basis, Finding, Skipped, joined, said
from drillsim.linkage.rules.cases import TOXIC, Case
from drillsim.linkage.rules.context import Linked, Said, org_of
from drillsim.linkage.rules.rule import Rule, named

catalogue(
    {
        "s20.action": (
            "对{sites}的人，不同预案下达不同的动作：{actions}",
            "the people at {sites} are told different things by different plans: {actions}",
        ),
        "s20.radius": (
            "同一动作的范围不一致：{radii}",
            "the same measure reaches to different distances: {radii}",
        ),
        "s20.no-ground": (
            "没有城市或情景，无法判断各防护范围内有谁",
            "without a city and a scenario nobody can tell who lies in which zone",
        ),
        "s20.leave": ("横风撤离", "leave on foot"),
        "s20.drive": ("疏散转移", "evacuate"),
        "s20.stay": ("就地避护", "shelter"),
        "s20.gather": ("室外集合", "gather outdoors"),
        "s21.places": (
            "要转移{heads}人，而{shelters}只有{room}个安置位",
            "{heads} people are to be moved, and {shelters} has {room} places",
        ),
        "s21.crowd": (
            "各防护范围共要转移{heads}人，而各预案开放的安置位只有{room}个",
            "the zones send {heads} people away, and the plans open {room} places for them",
        ),
        "s21.nowhere": (
            "{who}组织转移，却没有写明转移到哪里",
            "{who} moves people, and nothing says where to",
        ),
        "s21.down-wind": (
            "安置点{shelter}就在下风向扇区内（距泄漏点{metres} m）",
            "the shelter {shelter} itself lies down wind ({metres} m from the source)",
        ),
        "s21.alone": (
            "{site}在防护范围内，却没有任何预案告诉里面的人怎么做",
            "{site} lies inside the zone, and no plan says what the people in it do",
        ),
    }
)

MEANING = {
    "evacuate": "drive", "leave-crosswind": "leave", "shelter": "stay", "gather-outdoors": "gather",
}  # fmt: skip
WORKING = frozenset({"plant", "release-point", "camp", "emergency-centre", "vehicle-queue"})
"""Kinds of places whose people leave on foot to a muster point of their own."""
VULNERABLE = frozenset({"school", "kindergarten", "nursing-home", "hospital"})
RADIUS_TOLERANCE = 0.25
"""Share by which two plans' distances for one measure may differ (ours, unverified)."""
BEYOND = 1.25
"""A shelter down wind and within a quarter beyond the zone is no shelter (ours, unverified)."""


def toxic_cases(on: Linked) -> list[Case]:
    """Give the cases whose source is a fixed installation that can let out a cloud."""
    found = ((case, on.facility(case.at)) for case in on.sources if _gas(on, case))
    return [case for case, at in found if at is not None and at.kind == "release-point"]


def _gas(on: Linked, case: Case) -> bool:
    return case.family == TOXIC and on.meant(TOXIC)


def drawn_zones(on: Linked) -> list[Said]:
    """Give the protective actions drawn by distance; those with a margin serve both ways."""
    return [
        one
        for one in on.section("protective")
        if one.element.action in MEANING and one.element.margin is None
    ]


def every_zone(on: Linked) -> list[Said]:
    """Give the protective actions drawn by distance, those with a margin too."""
    return [one for one in on.section("protective") if one.element.action in MEANING]


def _own(on: Linked, zone: Said) -> bool:
    """Tell whether a zone names only places of the body that orders it: its own people."""
    sites = [on.facility(site) for site in zone.element.sites]
    if on.rank(org_of(zone.actor)) > 0:
        return False  # who lives somewhere is nobody's staff
    return bool(sites) and all(s is not None and s.org == org_of(zone.actor) for s in sites)


def covers(on: Linked, case: Case, zone: Said, site: Facility) -> bool:
    """Tell whether a zone drawn around a case's source holds a facility in some wind."""
    element = zone.element
    if not fits_case(zone, case):
        return False
    if element.sites:
        return site.id in element.sites
    metres = on.distance(case, site)
    if not element.near <= metres < element.far:
        return False
    return element.sector is None or on.down_wind(case, site)


def fits_case(one: Said, case: Case) -> bool:
    """Tell whether a plan is for the accident of a case."""
    return not one.plan.head.covers or case.family in one.plan.head.covers


def _at_source(on: Linked, cases: list[Case], site: Facility) -> bool:
    """Tell whether a place belongs to the body where an accident begins: its own staff."""
    sources = [on.facility(case.at) for case in cases]
    return site.org is not None and any(s is not None and s.org == site.org for s in sources)


def _told_at(on: Linked, site: Facility, cases: list[Case]) -> dict[str, list[Said]]:
    """Give what people at a facility are told, by meaning."""
    out: dict[str, list[Said]] = {}
    either: list[Said] = []
    for zone in every_zone(on):
        if _own(on, zone) or not any(covers(on, case, zone, site) for case in cases):
            continue
        if zone.element.margin is None:
            out.setdefault(MEANING[zone.element.action], []).append(zone)
        else:
            either.append(zone)
    for task in on.section("tasks"):
        here = task.element.verb == "instruct-occupants" and task.element.where == site.id
        if here and any(fits_case(task, case) for case in cases):
            meaning = MEANING.get(task.element.action or "")
            if meaning:
                out.setdefault(meaning, []).append(task)
    for zone in either:  # "leave if minutes remain, else shelter" agrees with both
        meaning = MEANING[zone.element.action]
        if set(out) - {meaning, "stay"}:
            out.setdefault(meaning, []).append(zone)
    return out


def s20(on: Linked) -> Iterator[Finding | Skipped]:
    """Zone mismatch: the same people are told different things, or to different distances.

    Judged at every peopled facility around the sources of the cases beside the plans, save those of
    the body where it begins; what an enterprise orders its own people alone is its own matter. A
    zone "leave only if minutes remain, else shelter" agrees with both. Facilities with the same
    clash are one finding. The furthest distance of each measure is compared between owners.

    Bad: the city says `evacuate, far: 2000 m`; the street shuts windows at 1350 m; the school
    gathers in the playground.

    Good: one table: below 300 m leave cross wind, [300, 1500) m shelter, in every plan.
    """
    cases = toxic_cases(on)
    if not cases or on.city is None:
        yield S20.skipped("s20.no-ground")
        return
    clashes: dict[frozenset[str], tuple[list[Facility], dict[str, list[Said]]]] = {}
    for site in on.city.facilities.values():
        if not (site.heads.day or site.heads.night) or _at_source(on, cases, site):
            continue
        told = _told_at(on, site, cases)
        if len(told) > 1:
            key = frozenset(one.ref for saids in told.values() for one in saids)
            clashes.setdefault(key, ([], told))[0].append(site)
    for sites, told in clashes.values():
        saids = [one for found in told.values() for one in found]
        yield S20.finding(
            "s20.action", "|".join(site.id for site in sites), on.places(saids),
            sites=joined([site.name for site in sites]),
            actions=joined([S20_WORDS[meaning] for meaning in sorted(told)]),
        )  # fmt: skip
    yield from _radii(on)


def _radii(on: Linked) -> Iterator[Finding]:
    for meaning in sorted(set(MEANING.values())):
        yield from _radii_of(on, meaning)


def _radii_of(on: Linked, meaning: str) -> Iterator[Finding]:
    widest: dict[str, Said] = {}
    for zone in drawn_zones(on):
        element = zone.element
        fits = any(fits_case(zone, case) for case in toxic_cases(on))
        if MEANING[element.action] != meaning or element.sites or not fits:
            continue
        owner = zone.plan.head.owner
        if owner not in widest or element.far > widest[owner].element.far:
            widest[owner] = zone
    fars = [zone.element.far for zone in widest.values()]
    if fars and max(fars) > min(fars) * (1.0 + RADIUS_TOLERANCE):
        saids = list(widest.values())
        radii = ", ".join(f"{z.plan.head.id} {z.element.far:g} m" for z in saids)
        owners = "|".join(sorted(widest))
        yield S20.finding("s20.radius", owners, on.places(saids), "high", radii=radii)


def s21(on: Linked) -> Iterator[Finding | Skipped]:
    """Evacuation without reception: no room, a shelter in the gas, a school without a word.

    Room: those at the place to be emptied against the places of the shelters named, and all
    residents whom the zones send away against all places opened. A move without a shelter named
    leads nowhere. A shelter down wind in or just beyond the zone is none. A school, kindergarten,
    nursing home or hospital inside a zone is told by some plan what those inside do.

    Bad: 3,100 people into a hall with 800 places, 2.4 km down wind.

    Good: shelter first; a school with 2,600 places cross wind for those who must go.
    """
    cases = toxic_cases(on)
    if not cases or on.city is None:
        yield S21.skipped("s20.no-ground")
        return
    used: dict[str, list[Said]] = {}
    crowded = False
    for one in on.section("tasks"):
        if not any(fits_case(one, case) for case in cases):
            continue
        if one.element.verb in {"bus-evacuation", "open-shelter"}:
            for site in one.element.sites:
                used.setdefault(site, []).append(one)
        if one.element.verb == "bus-evacuation":
            short = list(_room(on, one))
            crowded = crowded or bool(short)
            yield from short
            if not one.element.sites:
                who, places = on.name(one.actor), on.places([one])
                yield S21.finding("s21.nowhere", one.ref, places, "critical", who=who)
    if not crowded:
        yield from _crowd(on, cases, used)
    far = max(
        (
            zone.element.far for zone in drawn_zones(on)
            if not zone.element.sites and any(fits_case(zone, case) for case in cases)
        ),
        default=0.0,
    )  # fmt: skip
    for place, saids in sorted(used.items()):
        shelter = on.facility(place)
        near = [
            on.distance(case, shelter) for case in cases
            if shelter and on.down_wind(case, shelter)
            and on.distance(case, shelter) < far * BEYOND
        ]  # fmt: skip
        if shelter and near:
            yield S21.finding(
                "s21.down-wind", place, on.places(saids), "critical",
                shelter=shelter.name, metres=f"{min(near):.0f}",
            )  # fmt: skip
    yield from _alone(on, cases)


def _crowd(on: Linked, cases: list[Case], used: dict[str, list[Said]]) -> Iterator[Finding]:
    """Compare all whom the zones send away with all places that plans open for them."""
    assert on.city is not None  # asked by the caller
    zones = [
        zone for zone in drawn_zones(on)
        if MEANING[zone.element.action] in {"leave", "drive"} and not _own(on, zone)
    ]  # fmt: skip
    sent: dict[str, tuple[Facility, list[Said]]] = {}
    for site in on.city.facilities.values():
        over = [
            zone
            for zone in zones
            if any(covers(on, case, zone, site) and on.down_wind(case, site) for case in cases)
        ]
        if over and (site.heads.day or site.heads.night) and site.kind not in WORKING:
            sent[site.id] = (site, over)
    crowds: list[int] = [max(s.heads.day, s.heads.night) for s, _ in sent.values()]
    count = sum(crowds)
    places = [on.facility(site) for site in sorted(used)]
    room = sum(f.capacity.places or 0 for f in places if f is not None)
    if used and count > room:
        saids = [zone for _, over in sent.values() for zone in over]
        users = [one for ones in used.values() for one in ones]
        yield S21.finding(
            "s21.crowd", "|".join(sorted(sent)), on.places([*saids, *users]), "high",
            heads=count, room=room,
        )  # fmt: skip


def _room(on: Linked, one: Said) -> Iterator[Finding]:
    start = on.facility(one.element.where)
    shelters = [f for site in one.element.sites if (f := on.facility(site)) is not None]
    known = [f.capacity.places for f in shelters if f.capacity.places is not None]
    if start is None or not known or len(known) < len(shelters):
        return
    heads = max(start.heads.day, start.heads.night)
    if heads > sum(known):
        yield S21.finding(
            "s21.places", one.ref, on.places([one]), "high", heads=heads,
            shelters=joined([f.name for f in shelters]), room=sum(known),
        )  # fmt: skip


def _alone(on: Linked, cases: list[Case]) -> Iterator[Finding]:
    assert on.city is not None  # asked by the caller
    spoken = {
        place
        for one in on.section("tasks")
        if one.element.verb in {"instruct-occupants", "bus-evacuation"}
        and one.element.action != "return"
        for place in (one.element.where, *one.element.sites)
    } | {site for zone in on.section("protective") for site in zone.element.sites}
    for site in on.city.of_kind(*sorted(VULNERABLE)):
        zones = [z for z in every_zone(on) if any(covers(on, case, z, site) for case in cases)]
        down = any(on.down_wind(case, site) for case in cases)
        if zones and down and site.id not in spoken and (site.heads.day or site.heads.night):
            places = on.places(zones)
            yield S21.finding("s21.alone", site.id, places, "critical", site=site.name)


S20 = Rule(
    "S20", named("防护范围不一致", "zone mismatch"), "critical",
    Basis("AQ/T 9011-2019: cordon and evacuation (second hand)", False), s20,
)  # fmt: skip
S21 = Rule(
    "S21", named("疏散无承接", "evacuation without reception"), "critical",
    Basis("Emergency Response Law 2024 art. 73(1)", True), s21,
)  # fmt: skip
S20_WORDS = {meaning: said(f"s20.{meaning}") for meaning in ("leave", "drive", "stay", "gather")}
RULES = (S20, S21)
