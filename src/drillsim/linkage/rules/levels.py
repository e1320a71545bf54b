"""S08-S11: levels map to each other, leave no gap, and somebody may set them at any hour."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from drillsim.i18n import catalogue
from drillsim.linkage.findings import Basis, Finding, Skipped, joined, said
from drillsim.linkage.rules.context import Linked, Said, org_of
from drillsim.linkage.rules.rule import Rule, named
from drillsim.plans.facts import FACTS
from drillsim.plans.sets import Plan

catalogue(
    {
        "s08.none": (
            "{plan}的级别（{levels}）没有对应到{upper}的任何级别",
            "the levels of {plan} ({levels}) map to no level of {upper}",
        ),
        "s08.turned": (
            "{plan}的“{grave}”比“{mild}”严重，却对应到{upper}较轻的级别",
            "in {plan} {grave} is graver than {mild}, but maps to a milder level of {upper}",
        ),
        "s09.gap": (
            "{plan}：{fact}在[{low:g}, {high:g})时不触发任何级别",
            "{plan}: {fact} in [{low:g}, {high:g}) starts no level",
        ),
        "s09.overlap": (
            "{plan}：{fact}在[{low:g}, {high:g})同时属于两个级别",
            "{plan}: {fact} in [{low:g}, {high:g}) belongs to two levels",
        ),
        "s10.nobody": (
            "{who}只在{hours}在岗，且没有可代行的人：夜间无人能启动或批准{levels}",
            "{who} is there {hours} only, with no substitute at night: nobody can set or approve "
            "{levels}",
        ),
        "s10.two": (
            "{plan}的同一级别（{level}）由互不隶属的{who}各自启动",
            "one level of {plan} ({level}) is started by {who}, each by itself",
        ),
        "s10.edit": (
            "给{who}增加24小时在岗的代行人和“几分钟联系不上即代行”的时限",
            "name a substitute of {who} who is there at all hours, and after how many minutes",
        ),
        "s11.finding": (
            "{plan}的各级启动条件全是已经发生的伤亡，没有一个可在伤亡之前观察到的条件",
            "every criterion of {plan} is harm already done; none can be seen before it",
        ),
    }
)


def _edges(on: Linked) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Give which levels are tied to which, by mappings and by conditions on another's level."""
    ties: dict[tuple[str, str], set[tuple[str, str]]] = {}

    def tie(one: tuple[str, str], other: tuple[str, str]) -> None:
        ties.setdefault(one, set()).add(other)
        ties.setdefault(other, set()).add(one)

    for one in on.section("mappings"):
        plan_id, _, level = one.element.source.partition(":")
        tie((plan_id, level), (one.plan.head.id, one.element.target))
    for one in on.section("levels"):
        for atom in one.atoms:
            plan_id, _, level = atom.key.removeprefix("level:").partition(":")
            if atom.key.startswith("level:") and level:
                tie((plan_id, level), (one.plan.head.id, one.element.id))
    return ties


def _above(on: Linked, plan: Plan) -> list[Plan]:
    """Give the nearest plans of other owners above one that have levels of their own."""
    found: list[Plan] = []
    seen, wave = {plan.head.id}, list(plan.head.parents)
    while wave and not found:
        upper = [on.plan_set.plans[p] for p in wave if p in on.plan_set.plans and p not in seen]
        seen |= set(wave)
        found = [
            p
            for p in upper
            if p.head.owner != plan.head.owner and len(p.of("levels")) > 1 and on.overlap(p, plan)
        ]
        wave = [q for p in upper for q in p.head.parents]
    return found


def s08(on: Linked) -> Iterator[Finding | Skipped]:
    """Unmapped level: the levels of a plan are not tied to those of the plan above it.

    Plans of one owner are taken together. The lower part of a scale, less than half of it, may
    stay inside the body; a plan with a single level has no scale; the plan at the top needs no map
    beyond. Ties run either way, by a mapping or by a condition on the other's level. Two levels
    may map to one, but a graver one never to a milder one.

    Bad: a plant has levels III, II, I; the park has its own III, II, I; no word on what the
    plant's I means to the park.

    Good: `mappings: [{id: m1, source: p-works:i, target: ii, within: 2 min}]`
    """
    ties, directed = _edges(on), _directed(on)
    lost: dict[tuple[str, str], list[Said]] = {}
    for plan in on.plans:
        levels = sorted(plan.of("levels"), key=lambda level: -level.rank)
        uppers = _above(on, plan)
        yield from _turned(on, plan, directed)
        if len(levels) < 2 or not uppers:
            continue
        reached = {level.id: _reach(on, (plan.head.id, level.id), ties, plan) for level in levels}
        free = max(1, (len(levels) - 1) // 2)
        inside = next((n for n, lv in enumerate(levels) if reached[lv.id]), len(levels))
        below = {lv.id for lv in levels if _from_below(on, plan, lv.id, ties)}
        for n, level in enumerate(levels):
            excused = n < free and n < inside and (n == 0 or level.id not in below)
            if not reached[level.id] and not excused:
                key = (plan.head.owner, uppers[0].head.id)
                lost.setdefault(key, []).append(Said(plan, "levels", level))
    for (owner, upper_id), saids in sorted(lost.items()):
        upper = on.plan_set.plans[upper_id]
        plans = joined([on.title(one.plan) for one in saids])
        yield S08.finding(
            "s08.none", f"{owner} > {upper.head.owner}",
            (*on.places(saids), *on.places(Said(upper, "levels", v) for v in upper.of("levels"))),
            plan=plans, upper=on.title(upper), levels=joined([one.element.name for one in saids]),
        )  # fmt: skip


def _reach(
    on: Linked,
    start: tuple[str, str],
    ties: dict[tuple[str, str], set[tuple[str, str]]],
    plan: Plan,
) -> set[tuple[str, str]]:
    """Give the levels of plans not below this one that a level is tied to, its owner's joined."""
    owner, seen, wave, out = plan.head.owner, {start}, [start], set()
    while wave:
        for other in ties.get(wave.pop(), ()):
            if other in seen or other[0] not in on.plan_set.plans:
                continue
            seen.add(other)
            theirs = on.plan_set.plans[other[0]]
            if theirs.head.owner == owner:
                wave.append(other)
            elif not _is_below(on, theirs, plan):
                out.add(other)
    return out


def _from_below(
    on: Linked, plan: Plan, level: str, ties: dict[tuple[str, str], set[tuple[str, str]]]
) -> bool:
    """Tell whether a plan below escalates into this level."""
    return any(
        p in on.plan_set.plans and _is_below(on, on.plan_set.plans[p], plan)
        for p, _ in ties.get((plan.head.id, level), ())
    )


def _is_below(on: Linked, lower: Plan, upper: Plan) -> bool:
    """Tell whether one plan stands under another, over any number of steps."""
    seen: set[str] = set()
    wave = list(lower.head.parents)
    while wave:
        parent = wave.pop()
        if parent == upper.head.id:
            return True
        if parent in on.plan_set.plans and parent not in seen:
            seen.add(parent)
            wave += on.plan_set.plans[parent].head.parents
    return False


def _turned(
    on: Linked, plan: Plan, ties: dict[tuple[str, str], set[tuple[str, str]]]
) -> Iterator[Finding]:
    """Find mappings in which the graver level of one plan means the milder one of another."""
    for upper in on.plans:
        if upper.head.owner == plan.head.owner:
            continue
        images = []
        for level in sorted(plan.of("levels"), key=lambda level: -level.rank):
            ranks = [
                target.rank
                for target in upper.of("levels")
                if (upper.head.id, target.id) in ties.get((plan.head.id, level.id), ())
            ]
            if ranks:
                images.append((level, min(ranks)))
        for (mild, mild_image), (grave, grave_image) in combinations(images, 2):
            if mild.rank > grave.rank and grave_image > mild_image:
                levels = [Said(plan, "levels", mild), Said(plan, "levels", grave)]
                yield S08.finding(
                    "s08.turned", f"{plan.head.id} > {upper.head.id}",
                    on.places([*levels, *_joining(on, levels, upper)]),
                    plan=on.title(plan), upper=on.title(upper), grave=grave.name, mild=mild.name,
                )  # fmt: skip


def _joining(on: Linked, levels: list[Said], upper: Plan) -> list[Said]:
    """Give the mappings of another plan that start from some levels, and what they start."""
    sources = {one.ref.replace("/", ":") for one in levels}
    maps = [
        one for one in on.section("mappings")
        if one.plan is upper and one.element.source in sources
    ]  # fmt: skip
    targets = {one.element.target for one in maps}
    found = [Said(upper, "levels", lv) for lv in upper.of("levels") if lv.id in targets]
    return [*maps, *found]


def _directed(on: Linked) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Give which levels make which others start, by mappings and conditions."""
    ties: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for one in on.section("mappings"):
        plan_id, _, level = one.element.source.partition(":")
        ties.setdefault((plan_id, level), set()).add((one.plan.head.id, one.element.target))
    for one in on.section("levels"):
        for atom in one.atoms:
            plan_id, _, level = atom.key.removeprefix("level:").partition(":")
            if atom.key.startswith("level:") and level and not atom.negated:
                ties.setdefault((plan_id, level), set()).add((one.plan.head.id, one.element.id))
    return ties


def s09(on: Linked) -> Iterator[Finding | Skipped]:
    """Trigger gap or overlap: a count between two levels starts neither, or two at once.

    Each count is followed along its half-open bounds over the levels of one plan. Open-ended
    criteria (">= 3" below ">= 10") nest: the gravest is tested first, so they are no overlap.

    Bad: `deaths in [3, 10)` for level III and `deaths >= 11` for level II: ten dead start nothing.

    Good: `deaths in [3, 10)` and `deaths >= 10`
    """
    for plan in on.plans:
        spans: dict[str, list[tuple[float, float, Said]]] = {}
        for level in plan.of("levels"):
            one = Said(plan, "levels", level)
            for atom in one.atoms:
                if atom.negated or not isinstance(atom.value, int | float):
                    continue
                if atom.op in {"in", ">=", ">"}:
                    upper = atom.upper if atom.op == "in" and atom.upper else float("inf")
                    low = float(atom.value) + (1.0 if atom.op == ">" else 0.0)
                    spans.setdefault(atom.key, []).append((low, upper, one))
        for fact, found in sorted(spans.items()):
            yield from _seams(on, plan, fact, found)


def _seams(
    on: Linked, plan: Plan, fact: str, spans: list[tuple[float, float, Said]]
) -> Iterator[Finding]:
    ordered = sorted(spans, key=lambda span: (span[0], span[1]))
    for (low, high, one), (start, end, other) in pairwise(ordered):
        if one.element.id == other.element.id or high == float("inf"):
            continue
        words = {"plan": on.title(plan), "fact": FACTS[fact].name}
        seam, places = f"{plan.head.id} {fact}", on.places([one, other])
        if high < start:
            yield S09.finding("s09.gap", seam, places, "high", low=high, high=start, **words)
        elif start < high < end and low < start:
            yield S09.finding("s09.overlap", seam, places, "medium", low=start, high=high, **words)


def s10(on: Linked) -> Iterator[Finding | Skipped]:
    """Activation authority: at night nobody is there who may set or approve a level.

    An ordered list of substitutes is one role, and good when one of them answers at every hour and
    the plan says after how many minutes he takes over. An approver must answer too, and has no
    substitutes of his own unless he has deputies. Two levels of one rank in one plan that bodies
    independent of each other start are two authorities for one level.

    Bad: `{activator: park/director}` who is there from 08:30 to 17:30.

    Good: `{activator: park/director, substitutes: [park-desk], substitute_after: 5 min}`
    """
    alone: dict[str, list[Said]] = {}
    for one in on.section("levels"):
        level = one.element
        steps = [level.activator, *(level.substitutes if level.substitute_after else ())]
        if not any(on.answers(address) for address in steps):
            alone.setdefault(level.activator, []).append(one)
        if level.approval and not on.answers(level.approval):
            alone.setdefault(level.approval, []).append(one)
    yield from _rivals(on)
    for address, saids in sorted(alone.items()):
        role = on.plan_set.role(address) if "/" in address else None
        hours = role.hours if role else on.plan_set.organisations[address].desk
        yield S10.finding(
            "s10.nobody", address, on.places(saids),
            edit=said("s10.edit", who=on.name(address)), who=on.name(address), hours=hours,
            levels=joined([one.element.name for one in saids]),
        )  # fmt: skip


def _rivals(on: Linked) -> Iterator[Finding]:
    """Find levels of one rank in one plan that bodies independent of each other start."""
    for plan in on.plans:
        levels = [Said(plan, "levels", level) for level in plan.of("levels")]
        for one, other in combinations(sorted(levels, key=lambda said: said.ref), 2):
            a, b = one.element, other.element
            names = {a.activator, *a.substitutes}, {b.activator, *b.substitutes}
            orgs = org_of(a.activator), org_of(b.activator)
            if a.rank != b.rank or names[0] & names[1] or on.desks(*orgs):
                continue
            yield S10.finding(
                "s10.two", f"{plan.head.id} {'|'.join(sorted(orgs))}", on.places([one, other]),
                plan=on.title(plan), level=a.name,
                who=joined([on.name(a.activator), on.name(b.activator)]),
            )  # fmt: skip


def s11(on: Linked) -> Iterator[Finding | Skipped]:
    """Lagging triggers: every criterion of a plan's scheme is harm that has already happened.

    A scheme with one leading criterion, or one that starts on a message or on another level, is
    good; levels without a condition are left out.

    Bad: levels by deaths and injured only, for a gas that has hurt nobody yet.

    Good: beside them `to-protect >= 1000`, `cloud-over-fence`, `release for 20 min`
    """
    for plan in on.plans:
        saids = [Said(plan, "levels", level) for level in plan.of("levels") if level.when]
        atoms = [atom for one in saids for atom in one.atoms]
        if atoms and all(a.key in FACTS and not FACTS[a.key].leading for a in atoms):
            places, title = on.places(saids), on.title(plan)
            yield S11.finding("s11.finding", plan.head.id, places, plan=title)


_LAW = Basis("Emergency Response Law 2024 art. 71; AQ/T 9011-2019: response grading", True)
S08 = Rule("S08", named("级别无映射", "unmapped level"), "high", _LAW, s08)
S09 = Rule(
    "S09", named("启动条件空档或重叠", "trigger gap or overlap"), "high",
    Basis("Order 493 art. 3: the lower number is included, the upper is not", True), s09,
)  # fmt: skip
S10 = Rule(
    "S10", named("启动权限悬空", "nobody may activate"), "high",
    Basis("Emergency Response Law 2024 art. 71-72", True), s10,
)  # fmt: skip
S11 = Rule(
    "S11", named("仅后果触发", "lagging triggers"), "medium",
    Basis("GB/T 29639-2020 6.1 (from memory)", False), s11,
)  # fmt: skip
RULES = (S08, S09, S10, S11)
