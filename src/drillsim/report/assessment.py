"""The scorecard as the page prints it: pillars, parts, and each lost point with its clause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from drillsim.i18n import Lang, catalogue, say
from drillsim.log.events import Event
from drillsim.log.runlog import RunLog
from drillsim.report.model import ScenarioRun
from drillsim.report.spoken import spoken
from drillsim.report.telling import event_line
from drillsim.report.words import element_name, minute, org_name
from drillsim.scenario import Scenario
from drillsim.scoring.card import Loss, LostPoint, Part, Pillar
from drillsim.scoring.many import ScoreRow

catalogue(
    {
        "assess.single": (
            "仅 1 次推演，不给区间；下结论请作 30 次以上重复。",
            "One replication, so no interval; run 30 or more before drawing conclusions.",
        ),
        "assess.interval": (
            "{low:.0f} – {high:.0f}（n = {n}）",
            "{low:.0f} to {high:.0f} (n = {n})",
        ),
        "assess.verdict": ("衔接结论：{verdict}。", "Verdict on linkage: {verdict}."),
        "assess.many": (
            "{n} 次重复的均值与 95% 区间；图与失分取第 {rep} 次重复。",
            "Mean and 95 % interval of {n} replications; pictures and lost points show "
            "replication {rep}.",
        ),
        "assess.earlier": ("…此前另有 {n} 条相关事实", "... {n} earlier facts"),
        "assess.rest": (
            "另有 {n} 项较小失分，共 {points} 分",
            "{n} smaller ones, {points} points in all",
        ),
        "assess.variant": ("依据 {variant} 方案", "from the run {variant}"),
    }
)

CHAIN = 7
SENTENCES = 3


@dataclass(frozen=True)
class PartRow:
    """A part of a pillar: its value as a share, or why it was skipped."""

    id: str
    name: str
    value: float | None
    weight: float
    skipped: str


@dataclass(frozen=True)
class PillarRow:
    """One of the four scores with its parts; `interval` is printed when there were many runs."""

    id: str
    name: str
    value: float | None
    interval: str
    skipped: str
    parts: tuple[PartRow, ...]


@dataclass(frozen=True)
class Sentence:
    """What a plan says at a clause, and where it is written."""

    ref: str
    plan: str
    owner: str
    clause: str
    quote: str
    where: str


@dataclass(frozen=True)
class LostRow:
    """A lost point: how much, why, by which sentences, after which chain of events."""

    points: str
    pillar: str
    part: str
    message: str
    sentences: tuple[Sentence, ...]
    chain: tuple[tuple[str, str], ...]
    variant: str
    no_clause: bool


def pillar_rows(run: ScenarioRun, lang: Lang) -> list[PillarRow]:
    """Give the four pillars in order."""
    table = {row.id: row for row in run.table.rows} if run.table and run.table.n > 1 else {}
    out = []
    for pillar in run.card.pillars:
        row = table.get(pillar.id)
        value, skipped = (row.mean, row.skipped) if row else (pillar.value, pillar.skipped)
        out.append(
            PillarRow(
                pillar.id, pillar.name.say(lang), value, _interval(row, lang),
                spoken(run.scenario, skipped, lang) if skipped else "",
                tuple(_part(run, pillar.id, p, table, lang) for p in pillar.parts),
            )
        )  # fmt: skip
    return out


def runs_note(run: ScenarioRun, lang: Lang) -> str:
    """Say on how many replications the scores rest, and the verdict on linkage."""
    if run.table is None or run.table.n < 2:
        return say("assess.single", lang)
    note = say("assess.many", lang, n=run.table.n, rep=run.shown.rep)
    return f"{note} {say('assess.verdict', lang, verdict=run.table.say_verdict(lang))}"


def linkage_share(losses: Mapping[str, Loss]) -> float | None:
    """Give the part of the avoidable loss that ideal links alone would avoid; None if unknown."""
    if not {"perfect", "ideal-links", "reference"} <= set(losses):
        return None
    perfect, links = losses["perfect"].scalar, losses["ideal-links"].scalar
    avoidable = perfect - losses["reference"].scalar
    return (perfect - links) / avoidable if avoidable > 1e-6 else None


def _interval(row: ScoreRow | None, lang: Lang) -> str:
    if row is None or row.low is None or row.high is None:
        return ""
    return say("assess.interval", lang, low=100 * row.low, high=100 * row.high, n=row.n)


def _part(
    run: ScenarioRun, pillar_id: str, part: Part, table: Mapping[str, ScoreRow], lang: Lang
) -> PartRow:
    value, skipped = part.value, part.skipped
    if table:
        row = table.get(pillar_id if part.id == "E" else f"{pillar_id}.{part.id}")
        value, skipped = (row.mean, row.skipped) if row else (None, None)
    if part.id == "dL" and value is not None:
        # the part itself is a loss in deaths; as a share it stands beside the others
        value = linkage_share(run.losses)
    why = spoken(run.scenario, skipped, lang) if skipped else ""
    return PartRow(part.id, part.name.say(lang), value, part.weight, why)


def lost_rows(run: ScenarioRun, lang: Lang, most: int = 40) -> tuple[list[LostRow], str]:
    """Give the largest lost points, and a sentence about the rest ("" when there is none).

    Points are hundredths of their pillar.
    """
    lost = sorted(run.card.lost, key=lambda p: -p.points)
    rows = [_lost(run, point, lang) for point in lost[:most]]
    rest = lost[most:]
    if not rest:
        return rows, ""
    points = f"{100 * sum(p.points for p in rest):.1f}"
    return rows, say("assess.rest", lang, n=len(rest), points=points)


def _lost(run: ScenarioRun, point: LostPoint, lang: Lang) -> LostRow:
    pillars: Mapping[str, Pillar] = {pillar.id: pillar for pillar in run.card.pillars}
    pillar = pillars[point.pillar]
    part = next((p.name.say(lang) for p in pillar.parts if p.id == point.part), point.part)
    facts = _facts(run.logs, point.events)
    variant = point.events[0][0] if point.events else ""
    return LostRow(
        points=f"{100 * point.points:.1f}",
        pillar=pillar.name.say(lang),
        part=part,
        message=spoken(run.scenario, point.message, lang),
        sentences=tuple(_sentences(run.scenario, point, facts, lang)),
        chain=tuple(_chain(run.scenario, facts, lang)),
        variant=say("assess.variant", lang, variant=say(f"report.short.{variant}", lang))
        if variant
        else "",
        no_clause=not point.clause,
    )


def _facts(logs: Mapping[str, RunLog], events: Sequence[tuple[str, int]]) -> list[Event]:
    """Give the facts behind a lost point with their causes, nearest first, of one variant."""
    if not events or events[0][0] not in logs:
        return []
    log = logs[events[0][0]]
    found: dict[int, Event] = {}
    for variant, event_id in events:
        if variant == events[0][0] and 0 <= event_id < len(log.events):
            for event in log.chain(event_id):
                found.setdefault(event.id, event)
    return [e for e in found.values() if not _echo(log, e)]


def _echo(log: RunLog, event: Event) -> bool:
    """Tell whether a belief only repeats the message that brought it."""
    return event.kind == "believed" and any(
        log.events[c].kind in ("message-delivered", "level-activated") for c in event.causes
    )


def _chain(scenario: Scenario, facts: Sequence[Event], lang: Lang) -> Iterable[tuple[str, str]]:
    kept = sorted(facts[:CHAIN], key=lambda e: e.id)
    if len(facts) > CHAIN:
        yield "", say("assess.earlier", lang, n=len(facts) - CHAIN)
    for event in kept:
        yield f"T+{minute(event.t, lang)}", event_line(scenario, event, lang)


def _sentences(
    scenario: Scenario, point: LostPoint, facts: Sequence[Event], lang: Lang
) -> Iterable[Sentence]:
    """Give the sentence to blame and those of the other side: receivers of it, then the chain's."""
    refs = [point.clause] if point.clause else []
    refs += _other_side(scenario, point.clause)
    refs += [event.clause for event in facts if event.clause]
    for ref in list(dict.fromkeys(refs))[:SENTENCES]:
        found = sentence(scenario, ref, lang)
        if found is not None:
            yield found


def _other_side(scenario: Scenario, ref: str) -> list[str]:
    """Give the elements whose condition waits for the message that a clause sends."""
    try:
        section, element = scenario.plan_set.find(ref)
    except KeyError:
        return []
    if section != "notifications":
        return []
    to = {address.partition("/")[0] for address in element.to}
    out = []
    for wanted in ("levels", "notifications", "tasks", "protective"):
        for plan, other in scenario.plan_set.elements(wanted):
            if plan.head.owner not in to or other.when is None:
                continue
            if any(atom.key == f"told:{element.kind}" for atom in other.when.atoms()):
                out.append(f"{plan.head.id}/{other.id}")
    return out[:1]


def sentence(scenario: Scenario, ref: str, lang: Lang) -> Sentence | None:
    """Give what a plan says at `plan/element`; None for an unknown one."""
    try:
        _, element = scenario.plan_set.find(ref)
    except KeyError:
        return None
    plan_id, _, element_id = ref.partition("/")
    head = scenario.plan_set.plans[plan_id].head
    origin = scenario.plan_set.origins.get((plan_id, element_id))
    where = ""
    if origin is not None:
        where = f"{_short(origin.file)}:{origin.line}"
    return Sentence(
        ref=ref,
        plan=head.title.say(lang),
        owner=org_name(scenario, head.owner, lang),
        clause=element.clause,
        quote=element.quote or element_name(scenario, ref, lang),
        where=where,
    )


def _short(file: str) -> str:
    """Give the last three parts of a path: enough to find the file, nothing of the machine."""
    return "/".join(file.replace("\\", "/").split("/")[-3:])
