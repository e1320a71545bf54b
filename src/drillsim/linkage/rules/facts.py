"""S24, S28, S32, S35: one signal, one figure, one verifier, and triggers that can be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from drillsim.i18n import Text, catalogue
from drillsim.linkage.findings import Basis, Finding, Skipped, joined, said
from drillsim.linkage.rules.context import Linked, Said, conditions_true, org_of
from drillsim.linkage.rules.rule import Rule, named
from drillsim.plans.conditions import Atom
from drillsim.plans.facts import FACTS

catalogue(
    {
        "s24.signal": (
            "同一信号“{signal}”在不同预案里意思不同：{meanings}",
            "one signal ({signal}) means different things in different plans: {meanings}",
        ),
        "s24.nobody": (
            "没有任何预案规定由谁对外发布信息",
            "no plan says who tells the public",
        ),
        "s24.two": (
            "{who}各自对外发布，没有规定由谁统一",
            "{who} each publish for one accident, and nothing says who speaks for all",
        ),
        "s24.leave": ("撤离", "leave"),
        "s24.stay": ("回屋关窗", "go indoors"),
        "s24.return": ("返回、通风", "ventilate and return"),
        "s28.figure": (
            "同一数字各预案说法不一：{about}的{quantity}写为{values}",
            "plans state one figure differently: {quantity} of {about} is given as {values}",
        ),
        "s28.origin": (
            "防护距离的起点各预案不一：有的从泄漏点算起，有的从厂界、围墙算起",
            "distances start at the source in some plans and at the fence in others",
        ),
        "s28.scale": (
            "级别数字的方向各预案说法不一（哪一级最高）",
            "plans disagree on which number of a scale is the gravest",
        ),
        "s28.unit": (
            "同一数字{figure}在不同预案里单位不同：{units}",
            "one figure ({figure}) carries different units in different plans: {units}",
        ),
        "s32.unmeasured": (
            "{plan}用“{fact}”作启动或终止条件，而现场没有人也没有仪表能测它",
            "{plan} uses {fact} as a criterion, and nobody and no instrument at the scene gives it",
        ),
        "s32.unbrought": (
            "{who}要凭“{fact}”作决定，而没有任何通报或仪表把它送到",
            "{who} decides on {fact}, and no message and no instrument brings it there",
        ),
        "s32.edit": ("改用能看到的条件（报警探头数、可见气云、几分钟未切断）",
                     "use what can be seen: detectors in alarm, visible cloud, minutes it lasts"),
        "s35.finding": (
            "{receiver}同时从{lines}收到同一类数字（{facts}），没有规定由谁核实",
            "{receiver} gets the same figures ({facts}) from {lines}, and nobody verifies them",
        ),
    }
)  # fmt: skip

SIGNALS = ("长鸣", "短鸣", "钟声", "steady", "short blasts", "chime")
"""Words by which plans tell warning signals apart."""
MEANS = (
    ("return", re.compile(r"通风|返回|解除|ventilat|return|all clear", re.IGNORECASE)),
    ("stay", re.compile(r"避护|室内|关窗|关闭门窗|shelter|indoors|shut", re.IGNORECASE)),
    ("leave", re.compile(r"撤离|疏散|离开|leave|evacuat", re.IGNORECASE)),
)
PUBLIC = ("public-warning-request", "public-notice")
"""Kinds of messages by which publishing is asked for or done."""
QUIET = frozenset({"warning", "ecology"})
"""Kinds of bodies that publish for others, or on a subject of their own by law."""
COUNTS = frozenset({"hurt", "deaths", "symptoms", "missing", "moved"})
FIGURE_TOLERANCE = {"travel": 0.20, "distance": 0.10}
"""Share by which two plans' figures may differ; others by 10 % (ours, unverified)."""


def _meanings(quote: str) -> Iterator[tuple[str, str]]:
    """Give (signal, meaning) of a sentence: each signal up to the next one."""
    found = sorted((m.start(), w) for w in SIGNALS for m in re.finditer(re.escape(w), quote))
    for (start, word), (end, _) in zip(found, [*found[1:], (len(quote), "")], strict=True):
        part = quote[start:end]
        hits = sorted((m.start(), name) for name, p in MEANS for m in [p.search(part)] if m)
        if hits:
            yield word, hits[0][1]


def s24(on: Linked) -> Iterator[Finding | Skipped]:
    """Public message conflict: one warning signal means two things, or two voices, or none.

    Read from the sentences of tasks that sound a siren. Plans that tell the same table of signals
    agree. Judged as well is who publishes: nobody in a whole set, or two bodies for one kind of
    accident; the warning centre publishes for others, and the ecology bureau's own publication is
    another subject.

    Bad: a plant: "steady three minutes: leave at once"; the leaflet of the street: "steady three
    minutes: go indoors".

    Good: one table in all plans: steady shelter, short blasts leave, chime return.
    """
    yield from _voices(on)
    heard: dict[str, dict[str, list[Said]]] = {}
    for one in on.section("tasks"):
        if one.element.verb == "warn-public" and one.element.channel == "siren":
            for signal, meaning in _meanings(one.element.quote):
                heard.setdefault(signal, {}).setdefault(meaning, []).append(one)
    for signal, meanings in sorted(heard.items()):
        plans = {one.plan.head.id for saids in meanings.values() for one in saids}
        if len(meanings) > 1 and len(plans) > 1:
            saids = [one for found in meanings.values() for one in found]
            yield S24.finding(
                "s24.signal", "|".join(sorted(plans)), on.places(saids), signal=signal_text(signal),
                meanings=joined([S24_WORDS[meaning] for meaning in sorted(meanings)]),
            )  # fmt: skip


def _voices(on: Linked) -> Iterator[Finding]:
    """Find accidents of which nobody tells the public, or two bodies, each in its own words."""
    tasks = [one for one in on.section("tasks") if one.element.verb == "publish"]
    asked = [n for kind in PUBLIC for n in on.notes.get(kind, ())]
    tiers = {plan.head.tier for plan in on.plans}
    whole = {"government", "department", "enterprise"} <= tiers
    found: dict[tuple[str, ...], list[Said]] = {}
    for family in on.families:
        mine = [one for one in tasks if on.covers(one.plan, family)]
        if whole and not mine and not any(on.covers(n.plan, family) for n in asked):
            fits = [p for p in on.plans if on.covers(p, family)]
            places = tuple(on.head_place(plan) for plan in fits)
            yield S24.finding("s24.nobody", f"{family} publish".strip(), places)
        bodies = {org_of(one.actor) for one in mine}
        own = sorted(body for body in bodies if on.plan_set.organisations[body].kind not in QUIET)
        if len(own) > 1:
            found[tuple(own)] = [one for one in mine if org_of(one.actor) in own]
    for names, saids in sorted(found.items()):
        yield S24.finding(
            "s24.two", "|".join(names), on.places(saids), who=joined([on.name(o) for o in names])
        )


def signal_text(word: str) -> Text:
    """Give a signal word for both languages."""
    english = {"长鸣": "steady", "短鸣": "short blasts", "钟声": "chime"}
    return Text(zh=word, en=english.get(word, word))


def s28(on: Linked) -> Iterator[Finding | Skipped]:
    """Term or figure mismatch: two plans state the same figure differently.

    Judged for stated figures about the same subject (heads, units, places, beds, travel, distance)
    beyond a tolerance; which plan is right is not asked here. From the sentences: distances counted
    from the source here and from the fence there, one figure of a level with two units, and a scale
    whose gravest number differs.

    Bad: the hall holds 3,240 people in the district's plan and 800 in the street's.

    Good: one survey, quoted by both.
    """
    yield from _words(on)
    groups: dict[tuple[str, str, str], list[Said]] = {}
    for one in on.section("statements"):
        s = one.element
        groups.setdefault((s.about, s.quantity, s.to or ""), []).append(one)
    for (about, quantity, to), saids in sorted(groups.items()):
        values = [one.element.value for one in saids]
        tolerance = FIGURE_TOLERANCE.get(quantity, 0.10)
        if max(values) - min(values) <= tolerance * max(map(abs, values)):
            continue
        if len({one.plan.head.id for one in saids}) < 2:
            continue
        facility, resource = on.facility(about), on.plan_set.resources.get(about)
        subject = facility.name if facility else resource.name if resource else about
        yield S28.finding(
            "s28.figure", f"{about} {quantity} {to}".strip(), on.places(saids), about=subject,
            quantity=quantity, values=" / ".join(f"{v:g}" for v in sorted(set(values))),
        )  # fmt: skip


FROM_SOURCE = re.compile(
    r"距(泄漏点|泄漏源|事故点|着火点)|from the (release|source)", re.IGNORECASE
)
FROM_EDGE = re.compile(r"距(围墙|厂界|厂区边界|罐区)|from the (fence|boundary)", re.IGNORECASE)
ALARM_SCALE = re.compile(r"火警[^。；]{0,30}?([一二三四五])级为?最高|以([一二三四五])级为?最高")
UNITS = re.compile(r"(\d+(?:\.\d+)?)\s*(mg/m³|mg/m3|ppm)", re.IGNORECASE)


def _words(on: Linked) -> Iterator[Finding]:
    """Find one term with two meanings: origin of a distance, unit of a figure, way of a scale."""
    for family in on.families:
        mine = [one for one in on.elements if on.covers(one.plan, family) and one.element.quote]
        zones = [one for one in mine if one.section == "protective"]
        source = [one for one in zones if FROM_SOURCE.search(one.element.quote)]
        edge = [one for one in zones if FROM_EDGE.search(one.element.quote)]
        if source and edge and {o.plan.head.id for o in source} != {o.plan.head.id for o in edge}:
            yield S28.finding("s28.origin", f"{family} origin".strip(), on.places([*source, *edge]))
        yield from _scale_of(on, family, mine)
        yield from _units(on, family, [one for one in mine if one.section == "levels"])


def _scale_of(on: Linked, family: str, mine: list[Said]) -> Iterator[Finding]:
    ways: dict[str, list[Said]] = {}
    for one in mine:
        for match in ALARM_SCALE.finditer(one.element.quote):
            ways.setdefault(match.group(1) or match.group(2), []).append(one)
    if len(ways) > 1:
        saids = [one for found in ways.values() for one in found]
        yield S28.finding("s28.scale", f"{family} scale".strip(), on.places(saids))
        return
    ranked = [one for one in mine if one.section == "levels" and "火警" in one.element.name.zh]
    numbers = [
        ("一二三四五".index(one.element.name.zh[0]), one.element.rank, one)
        for one in ranked
        if one.element.name.zh[0] in "一二三四五"
    ]
    rising = any(a[0] > b[0] and a[1] < b[1] for a in numbers for b in numbers)
    if rising and "一" in ways:
        saids = [*ways["一"], *(one for _, _, one in numbers)]
        yield S28.finding("s28.scale", f"{family} scale".strip(), on.places(saids))


def _units(on: Linked, family: str, levels: list[Said]) -> Iterator[Finding]:
    figures: dict[str, dict[str, list[Said]]] = {}
    for one in levels:
        for match in UNITS.finditer(one.element.quote):
            unit = "ppm" if match.group(2).lower() == "ppm" else "mg/m³"
            figures.setdefault(match.group(1), {}).setdefault(unit, []).append(one)
    for figure, units in sorted(figures.items()):
        saids = [one for found in units.values() for one in found]
        if len(units) > 1 and len({one.plan.head.id for one in saids}) > 1:
            yield S28.finding(
                "s28.unit", f"{family} {figure}".strip(), on.places(saids), figure=figure,
                units=" / ".join(sorted(units)),
            )  # fmt: skip


def _brought(on: Linked) -> dict[str, set[str]]:
    """Give the facts that messages, briefs and instruments bring to each organisation."""
    out: dict[str, set[str]] = {}
    for note in on.section("notifications"):
        for to in note.element.to:
            out.setdefault(org_of(to), set()).update(on.content(note.element))
    for one in on.section("handovers"):
        out.setdefault(org_of(one.element.taker), set()).update(one.element.brief)
    for one in on.section("feeds"):
        out.setdefault(org_of(one.element.to), set()).add(one.element.fact)
    return out


def s32(on: Linked) -> Iterator[Finding | Skipped]:
    """Unobservable trigger: a criterion that nobody can know.

    Two things: a fact that no instrument gives (a leak rate), wherever it stands; and a level that
    cannot be reached without a fact that only an instrument or a message gives, and that nothing in
    the set brings to the deciding body or to those above and below it. What a crew or a witness
    sees counts as observable.

    Bad: `when: release-rate >= 0.1`

    Good: `when: {any: [detectors-high >= 2, cloud-visible, release for 5 min]}`
    """
    brought = _brought(on)
    blind: dict[tuple[str, str], list[Said]] = {}
    unbrought: dict[tuple[str, str], list[Said]] = {}
    for one in on.elements:
        for atom in one.atoms:
            if atom.key in FACTS and FACTS[atom.key].observable == "unmeasured":
                blind.setdefault((one.plan.head.id, atom.key), []).append(one)
        if one.section == "levels" and one.element.when is not None:
            lost = _unbrought(on, one, brought)
            if not conditions_true(one.element.when, lost):
                for atom in lost:
                    unbrought.setdefault((org_of(one.actor), atom.key), []).append(one)
    for (plan_id, fact_id), saids in sorted(blind.items()):
        yield S32.finding(
            "s32.unmeasured", f"{plan_id} {fact_id}", on.places(saids), edit=said("s32.edit"),
            plan=on.title(saids[0].plan), fact=FACTS[fact_id].name,
        )  # fmt: skip
    for (org, fact_id), saids in sorted(unbrought.items()):
        yield S32.finding(
            "s32.unbrought", f"{org} {fact_id}", on.places(saids), who=on.name(org),
            fact=FACTS[fact_id].name,
        )  # fmt: skip


def _unbrought(on: Linked, one: Said, brought: dict[str, set[str]]) -> set[Atom]:
    """Give the sentences of a level on facts that only others know and nobody brings."""
    org = org_of(one.actor)
    near = set().union(*(facts for o, facts in brought.items() if on.related(o, org)))
    orders = any(other.section == "protective" for other in on.speaking.get(org, ()))
    return {
        atom
        for atom in one.atoms
        if atom.key in FACTS
        and FACTS[atom.key].observable in {"none", "instrument"}
        and atom.key not in near
        and not (atom.key == "zone-order" and orders)
    }


def s35(on: Linked) -> Iterator[Finding | Skipped]:
    """Fact without an owner: one desk gets the same count by two lines and nobody verifies.

    Judged for messages that carry counts of people and nothing else. A line that feeds the other is
    no second line; a desk that only passes on counts nothing itself. Receivers with the same
    trouble are one finding.

    Bad: police and health each report deaths and hurt to the duty office every hour.

    Good: the police report to the health bureau; only the health bureau reports up.
    """
    lines: dict[str, dict[str, list[Said]]] = {}
    for note in on.section("notifications"):
        facts = on.content(note.element)
        if not facts or not facts <= COUNTS:
            continue
        by = org_of(note.element.by)
        for to in dict.fromkeys(org_of(to) for to in note.element.to):
            if to != by:
                lines.setdefault(to, {}).setdefault(by, []).append(note)
    trouble: list[tuple[str, list[Said], frozenset[str]]] = []
    for receiver, senders in sorted(lines.items()):
        own = {s: notes for s, notes in senders.items() if not _feeds(lines, s, set(senders))}
        if _verifies(on, receiver):
            continue  # lines that feed the verifier
        shared = [
            frozenset(on.content(a.element) & on.content(b.element))
            for one, first in own.items() for other, second in own.items() if one < other
            for a in first for b in second
        ]  # fmt: skip
        facts = frozenset().union(*shared)
        if facts:
            trouble.append((receiver, [n for notes in own.values() for n in notes], facts))
    if trouble:
        saids = [one for _, notes, _ in trouble for one in notes]
        facts = frozenset().union(*(f for _, _, f in trouble))
        yield S35.finding(
            "s35.finding", "|".join(receiver for receiver, _, _ in trouble), on.places(saids),
            receiver=joined([on.name(receiver) for receiver, _, _ in trouble]),
            lines=joined([on.name(org_of(one.element.by)) for one in saids]),
            facts=joined([FACTS[f].name for f in sorted(facts)]),
        )  # fmt: skip


VERIFIES = re.compile(r"核实|核定|统一汇总|verif", re.IGNORECASE)
CUT_OFF = re.compile(r"截数|截止|整点|cut.?off|on the hour", re.IGNORECASE)


def _verifies(on: Linked, org: str) -> bool:
    """Tell whether a body's own sentence makes it the verifier of counts, with a cut-off."""
    return any(
        VERIFIES.search(one.element.quote) and CUT_OFF.search(one.element.quote)
        for body in on.plan_set.organisations
        if on.desks(body, org)
        for one in on.speaking.get(body, ())
    )


def _feeds(lines: dict[str, dict[str, list[Said]]], sender: str, others: set[str]) -> bool:
    """Tell whether a sender's count also goes to another sender, which may verify it."""
    return any(sender in lines.get(other, {}) for other in others - {sender})


S24 = Rule(
    "S24", named("公众信息不一致", "public message conflict"), "high",
    Basis("Emergency Response Law 2024 art. 64", True), s24,
)  # fmt: skip
S28 = Rule(
    "S28", named("术语、数字不一致", "figure or term mismatch"), "high",
    Basis("Order 88 art. 8(7): annex information accurate", True), s28,
)  # fmt: skip
S32 = Rule(
    "S32", named("触发不可测", "unobservable trigger"), "high",
    Basis("Order 708 art. 6: operable", True), s32,
)  # fmt: skip
S35 = Rule(
    "S35", named("一数多源", "fact without an owner"), "high",
    Basis("Emergency Response Law 2024 art. 61; Order 493 art. 4, 12, 13", True), s35,
)  # fmt: skip
S24_WORDS = {meaning: said(f"s24.{meaning}") for meaning in ("leave", "stay", "return")}
RULES = (S24, S28, S32, S35)
