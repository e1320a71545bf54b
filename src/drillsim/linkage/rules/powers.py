"""S26, S31: every needed act has one lead, and whoever orders the public may do so."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from drillsim.data.statutes import statutes
from drillsim.i18n import catalogue
from drillsim.linkage.findings import Basis, Finding, Skipped, joined, said
from drillsim.linkage.rules.context import Linked, Said, conditions_true, org_of
from drillsim.linkage.rules.rule import Rule, named
from drillsim.plans.conditions import Atom

catalogue(
    {
        "s26.nobody": (
            "全部预案都没有规定由谁牵头：{verb}",
            "no plan of the set says who leads: {verb}",
        ),
        "s26.two": (
            "{verbs}有两个牵头单位：{leads}",
            "{verbs} has two leads: {leads}",
        ),
        "s26.partial": (
            "预案集不含政府、部门、企业三层预案，不判断职责空缺",
            "the set lacks plans of government, department or enterprise: gaps are not judged",
        ),
        "s31.finding": (
            "{who}无权“{power}”，也没有有权机关的授权：预案集中有权的是{holders}",
            "{who} has no power to {power} and no delegation by a holder; in the set it lies with "
            "{holders}",
        ),
        "s31.nobody": ("（无）", "nobody"),
        "s31.edit": (
            "改为请求有权机关，或由其书面授权",
            "let it ask the holder, or have the holder delegate it in writing",
        ),
        "s31.order-evacuation": ("下令疏散或避护", "order people out or to shelter"),
        "s31.off-site-alarm": ("鸣响厂外警报", "sound an off-site alarm"),
        "s31.close-road": ("封闭道路", "close a road"),
        "s31.close-waterway": ("封闭水道", "close a waterway"),
        "s31.open-shelter": ("开放避难场所", "open a shelter"),
        "s31.publish": ("对外发布", "publish"),
        "s31.terminate": ("终止响应", "end the response"),
    }
)

POWER_OF_VERB = {
    "close-road": "close-road", "close-channel": "close-waterway", "open-shelter": "open-shelter",
    "publish": "publish", "terminate": "terminate",
}  # fmt: skip
"""Measures of public power; a siren beyond one's own fence and protective orders come beside."""


def s26(on: Linked) -> Iterator[Finding | Skipped]:
    """RACI gap: needed work has no lead in the whole set, or two leads at once.

    Two leads: working groups of different plans for the same accident that take the same verb under
    bodies neither of which stands above the other; and two bodies that each have the same task at
    the same place, of work that one hand must lead (valves, roads, triage). "Police and street, the
    police lead" is one lead. No lead: a verb of the family's catalogue that no task of any plan
    does; judged only where the set holds plans of government, department and enterprise.

    Bad: the city's rescue group is led by the fire brigade, the district's by the park brigade.

    Good: both groups name the same lead.
    """
    owners: dict[frozenset[str], dict[str, Said]] = {}
    verbs: dict[frozenset[str], set[str]] = {}
    for one, other in combinations(on.section("groups"), 2):
        a, b = org_of(one.element.lead), org_of(other.element.lead)
        both = set(one.element.verbs) & set(other.element.verbs)
        apart = on.related(a, b) or on.divided(a, b)
        if not both or apart or not on.overlap(one.plan, other.plan):
            continue
        key = frozenset((a, b))
        owners.setdefault(key, {}).update({one.ref: one, other.ref: other})
        verbs.setdefault(key, set()).update(both)
    for key, saids in sorted(owners.items(), key=lambda pair: sorted(pair[0])):
        yield S26.finding(
            "s26.two", "|".join(sorted(key)), on.places(saids.values()),
            verbs=", ".join(sorted(verbs[key])), leads=joined([on.name(o) for o in sorted(key)]),
        )  # fmt: skip
    yield from _two_hands(on)
    tiers = {plan.head.tier for plan in on.plans}
    families = {case.family for case in on.cases if on.meant(case.family)}
    families &= set(statutes().required_verbs)
    if not families or not {"government", "department", "enterprise"} <= tiers:
        yield S26.skipped("s26.partial")
        return
    for family in sorted(families):
        fits = [
            one for one in on.section("tasks")
            if not one.plan.head.covers or family in one.plan.head.covers
        ]  # fmt: skip
        done = {one.element.verb for one in fits}
        for verb in statutes().required_verbs[family]:
            if verb not in done:
                yield S26.finding("s26.nobody", f"{family} {verb}", (), verb=verb)


ONE_HAND = frozenset(
    {
        "close-valve", "plug-leak", "triage", "decontaminate", "transport-casualties",
        "open-shelter",
        "set-gates", "close-road", "plug-drains", "shut-drains", "close-intake", "stop-sluice",
        "cut-power", "cut-load", "cut-plant-power", "shut-gas", "start-fans", "broadcast-zoned",
        "muster", "publish", "terminate", "bus-evacuation", "transfer-cargo", "deploy-boom",
        "skim-oil", "close-channel", "tow-vessel", "notify-consumers", "instruct-occupants",
        "receive-casualties", "ladder-rescue", "foam", "extricate", "walk-off", "open-corridor",
        "collect-firewater", "search-floors",
        "search-rescue", "rescue-water", "monitor-water", "flush",
    }
)  # fmt: skip
"""Work that one body leads at a place; of other work each body at the scene does its part."""


def _two_hands(on: Linked) -> Iterator[Finding]:
    """Find work of one kind at one place that two bodies lead, neither under the other."""
    places: dict[tuple[str, str], list[Said]] = {}
    for task in on.section("tasks"):
        where = task.element.where or "|".join(task.element.sites)
        if task.element.verb in ONE_HAND and where not in {"", "upwind"}:
            places.setdefault((task.element.verb, where), []).append(task)
    for (verb, where), tasks in sorted(places.items()):
        clash = [
            one for one in tasks
            if any(_rival(on, one, other) for other in tasks if other is not one)
        ]  # fmt: skip
        if clash:
            leads = sorted({org_of(one.actor) for one in clash})
            yield S26.finding(
                "s26.two", f"{'|'.join(leads)} {verb} {where}", on.places(clash), verbs=verb,
                leads=joined([on.name(lead) for lead in leads]),
            )  # fmt: skip


def _passing(on: Linked, start: str) -> set[str]:
    """Give the bodies to which or from which command or work is handed, over any steps."""
    seen, wave = {start}, [start]
    pairs = [
        (org_of(one.element.giver), org_of(one.element.taker)) for one in on.section("handovers")
    ]
    while wave:
        here = wave.pop()
        for a, b in pairs:
            for other in (b if a == here else "", a if b == here else ""):
                if other and other not in seen:
                    seen.add(other)
                    wave.append(other)
    return seen


def _rival(on: Linked, one: Said, other: Said) -> bool:
    """Tell whether two tasks can be under way at once under bodies independent of each other."""
    a, b = org_of(one.actor), org_of(other.actor)
    if on.related(a, b) or on.divided(a, b) or not on.overlap(one.plan, other.plan):
        return False
    if b in _passing(on, a):
        return False
    helpers = {org_of(s) for task in (one, other) for s in task.element.support}
    towns = [
        {atom.value for atom in said.atoms if atom.key == "location" and not atom.negated}
        for said in (one, other)
    ]
    apart = towns[0] and towns[1] and not towns[0] & towns[1]
    return not apart and not ({a, b} & helpers)


def _measures(on: Linked) -> Iterator[tuple[Said, str]]:
    """Give the elements that use public power, with the power."""
    for one in on.section("tasks"):
        power = POWER_OF_VERB.get(one.element.verb)
        if one.element.verb == "warn-public" and one.element.channel == "siren":
            power = "off-site-alarm"
        if power == "terminate" and _on_word(on, one):
            continue  # one's own response, on the word of whoever ends
        if power and not _at_home(on, one):
            yield one, power
    for one in on.section("protective"):
        if not _at_home(on, one):
            yield one, "order-evacuation"


def _on_word(on: Linked, one: Said) -> bool:
    """Tell whether a task cannot start without word of an all-clear from another body."""
    told = {
        atom
        for atom in one.atoms
        if not atom.negated
        and (atom.key == "all-clear" or atom.key.startswith("told:"))
        and (atom.key == "all-clear" or _clear(on, atom))
    }
    return bool(told) and not conditions_true(one.element.when, told)


def _clear(on: Linked, atom: Atom) -> bool:
    kind = atom.key.partition(":")[2]
    return kind == "all-clear" or any(
        "all-clear" in on.content(note.element) for note in on.notes.get(kind, ())
    )


def _at_home(on: Linked, one: Said) -> bool:
    """Tell whether a measure stays among one's own people; without a city, when it names sites."""
    sites = one.element.sites or tuple(filter(None, [getattr(one.element, "where", None)]))
    if not sites:
        return False
    if on.city is None:
        return True
    found = [on.city.facilities[s] for s in sites if s in on.city.facilities]
    return bool(found) and all(f.org == org_of(one.actor) for f in found)


def _may(on: Linked, address: str, power: str) -> bool:
    org = on.plan_set.organisations[org_of(address)]
    role = on.plan_set.role(address) if "/" in address else None
    if power in org.powers or (role is not None and power in role.powers):
        return True
    return any(
        one.element.power == power
        and address in {a for to in one.element.to for a in (to, address if to == org.id else to)}
        and power in on.plan_set.organisations[one.element.holder].powers
        for one in on.section("delegations")
    )


def s31(on: Linked) -> Iterator[Finding | Skipped]:
    """Power without source: a measure of public power by a body that has none.

    Moving or sheltering people who are not one's own, a siren beyond the fence, closing a public
    road or waterway, opening a shelter, publishing, ending the response. A delegation in the set by
    a body that holds the power is a source; asking the holder needs none. Critical when no body
    with the power has the measure as a task of its own.

    Bad: the park's director "orders residents out and closes the provincial road".

    Good: `delegations: [{power: off-site-alarm, holder: district, to: [park-desk], until: h3}]`
    """
    wrong: dict[tuple[str, str], list[Said]] = {}
    rightful: dict[str, set[str]] = {}
    for one, power in _measures(on):
        if _may(on, one.actor, power):
            rightful.setdefault(power, set()).add(org_of(one.actor))
        elif not (one.section == "protective" and _guides(one)):
            wrong.setdefault((one.actor, power), []).append(one)
    for (actor, power), saids in sorted(wrong.items()):
        held = sorted(rightful.get(power, ()))
        yield S31.finding(
            "s31.finding", f"{actor} {power}", on.places(saids), "high" if held else "critical",
            edit=said("s31.edit"), who=on.name(actor), power=said(f"s31.{power}"),
            holders=joined([on.name(o) for o in held]) if held else said("s31.nobody"),
        )  # fmt: skip


def _guides(one: Said) -> bool:
    """Tell whether a body only passes on advice to go indoors on somebody's order."""
    waits = any(atom.key.startswith("told:") and not atom.negated for atom in one.atoms)
    return one.element.action == "shelter" and waits


S26 = Rule(
    "S26", named("职责空缺或重叠", "no lead or two leads"), "high",
    Basis("Emergency Response Law 2024 art. 73; Order 708 art. 18", True), s26,
)  # fmt: skip
S31 = Rule(
    "S31", named("越权或授权缺失", "power without source"), "critical",
    Basis("Work Safety Law art. 80(2); Road Traffic Safety Law art. 39-40; "
          "Emergency Response Law 2024 art. 73", True), s31,
)  # fmt: skip
RULES = (S26, S31)
