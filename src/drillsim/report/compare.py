"""Plan sets side by side: the same accident, told to whom and when under each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drillsim.i18n import Lang, catalogue, say
from drillsim.report.harm import harm_say
from drillsim.report.losses import shown, tonnes, with_waters
from drillsim.report.model import ScenarioRun
from drillsim.report.scene import Receptor, receptors
from drillsim.report.storeys import runs_alike, storey_no, storeys_name
from drillsim.report.timeline import Actual, Row
from drillsim.report.words import minute, place_name

catalogue(
    {
        "compare.composite": ("综合", "overall"),
        "compare.deaths": ("死亡", "deaths"),
        "compare.serious": ("重伤", "seriously hurt"),
        "compare.environment": ("环境损失（吨）", "environment, t"),
        "compare.scores": ("评分与损失（实际执行）", "Scores and losses (as executed)"),
        "compare.places": (
            "场所被告知的分钟（推演开始起）",
            "Minute at which places were told (from start)",
        ),
        "compare.messages": (
            "通报送达的分钟（发现起）",
            "Minute at which messages arrived (from detection)",
        ),
        "compare.undeclared": ("无预案规定", "in no plan"),
        "compare.part": ("仅部分收到", "some were told"),
    }
)


@dataclass(frozen=True)
class Cell:
    """One figure under one plan set; `tone` is good, late, never or empty."""

    words: str
    tone: str = ""


@dataclass(frozen=True)
class Line:
    """One thing under every plan set."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Comparison:
    """One scenario under several plan sets: columns and blocks of (heading, lines)."""

    title: str
    columns: tuple[str, ...]
    blocks: tuple[tuple[str, tuple[Line, ...]], ...]


Pair = tuple[ScenarioRun, Sequence[Row]]


def comparisons(runs: Sequence[Pair], lang: Lang) -> list[Comparison]:
    """Give a comparison for each scenario that stands in the report under several plan sets.

    `runs` are runs with their time lines. Plan sets keep their order.
    """
    groups: dict[str, list[Pair]] = {}
    for pair in runs:
        groups.setdefault(pair[0].scenario.id, []).append(pair)
    return [_comparison(group, lang) for group in groups.values() if len(group) > 1]


def _comparison(group: Sequence[Pair], lang: Lang) -> Comparison:
    runs = [run for run, _ in group]
    messages = _messages(group, lang)
    half = (len(messages) + 1) // 2
    heading = say("compare.messages", lang)
    blocks = (
        (say("compare.scores", lang), tuple(_scores(runs, lang))),
        (say("compare.places", lang), tuple(_places(runs, lang))),
        (heading, tuple(messages[:half])),
        (heading, tuple(messages[half:])),
    )
    return Comparison(
        runs[0].scenario.file.name.say(lang),
        tuple(run.scenario.plan_set.head.revision for run in runs),
        tuple(blocks),
    )


def _scores(runs: Sequence[ScenarioRun], lang: Lang) -> list[Line]:
    def score(value: float | None) -> Cell:
        return Cell("—" if value is None else f"{100 * value:.0f}")

    def mean(run: ScenarioRun, row_id: str, own: float | None) -> float | None:
        many = run.table is not None and run.table.n > 1
        return run.table.row(row_id).mean if many and run.table is not None else own

    lines = [
        Line(
            say("compare.composite", lang),
            tuple(score(mean(r, "composite", r.card.composite)) for r in runs),
        )
    ]
    for k, pillar in enumerate(runs[0].card.pillars):
        cells = tuple(score(mean(r, pillar.id, r.card.pillars[k].value)) for r in runs)
        lines.append(Line(pillar.name.say(lang), cells))
    for measure in ("deaths", "serious", "exposed"):
        losses = [r.losses.get(r.shown.variant) for r in runs]
        cells = tuple(Cell("—" if x is None else shown(getattr(x, measure))) for x in losses)
        name = harm_say(runs[0].scenario, "exposed", lang)
        lines.append(Line(name if measure == "exposed" else say(f"compare.{measure}", lang), cells))
    if any(with_waters(r.losses) for r in runs):
        losses = [r.losses.get(r.shown.variant) for r in runs]
        cells = tuple(Cell("—" if x is None else tonnes(x.part("environment"))) for x in losses)
        lines.append(Line(say("compare.environment", lang), cells))
    return lines


def _places(runs: Sequence[ScenarioRun], lang: Lang) -> list[Line]:
    tables = [{place.id: place for place in receptors(run.shown)} for run in runs]
    order = [p.id for p in receptors(runs[0].shown)]
    order += sorted({key for table in tables for key in table} - set(order))
    scenario = runs[0].scenario
    lines: list[Line] = []
    storeys: list[tuple[int, tuple[Cell, ...]]] = []
    for place_id in order:
        found = [table.get(place_id) for table in tables]
        if not any(place is not None and place.arrival_s is not None for place in found):
            continue
        cells = tuple(_told(place, lang) for place in found)
        number = storey_no(scenario, place_id)
        if number is None:
            lines.append(Line(place_name(scenario, place_id, lang), cells))
        else:
            storeys.append((number, cells))
    return lines + [
        Line(storeys_name(scenario, first, last, lang), alike[0])
        for first, last, alike in runs_alike(storeys, lambda cells: cells)
    ]


def _told(place: Receptor | None, lang: Lang) -> Cell:
    if place is None:
        return Cell("—")
    if place.warned_s is None:
        return Cell("—") if place.arrival_s is None else Cell("✕", "never")
    early = place.arrival_s is None or place.warned_s <= place.arrival_s
    return Cell(minute(place.warned_s, lang), "good" if early else "late")


def _messages(group: Sequence[Pair], lang: Lang) -> list[Line]:
    tables = [{row.id: row for row in rows} for _, rows in group]
    names = {row.id: row.name for _, rows in group for row in rows}
    order = list(dict.fromkeys(row.id for _, rows in group for row in rows))
    return [
        Line(names[key], tuple(_came(table.get(key), lang) for table in tables)) for key in order
    ]


def _came(row: Row | None, lang: Lang) -> Cell:
    if row is None:
        return Cell("—")
    if not row.declared:
        return Cell(say("compare.undeclared", lang), "never")
    actual: Actual | None = row.actual
    if actual is None:
        return Cell("—")
    if actual.told_min is None:
        part = say("compare.part", lang) if actual.part_min is not None else ""
        return Cell(f"✕ {part}".strip(), "never")
    told = f"{actual.told_min:.1f}" if actual.told_min < 10 else f"{actual.told_min:.0f}"
    return Cell(told, "good" if actual.on_time else "late")
