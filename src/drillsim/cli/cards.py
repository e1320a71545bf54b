"""What `run` and `demo` print: scorecards as tables, or as one JSON object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from drillsim.cli.app import out
from drillsim.experiments.replications import Replication
from drillsim.i18n import Lang, catalogue, say
from drillsim.report.harm import harm_say
from drillsim.report.spoken import spoken
from drillsim.report.words import named
from drillsim.scenario import Scenario
from drillsim.scoring.card import LostPoint
from drillsim.scoring.many import ScoreTable

catalogue(
    {
        "run.title": (
            "演练/模拟 · {scenario} · 预案集 {plans}",
            "EXERCISE · {scenario} · plan set {plans}",
        ),
        "run.exercise": ("演练/模拟 · {scenario}", "EXERCISE · {scenario}"),
        "run.reps": ("重复 {n} 次，种子 {seed}", "replications: {n}, seed {seed}"),
        "run.pillar": ("指标", "score"),
        "run.value": ("得分", "value"),
        "run.interval": ("95% 区间", "95 % interval"),
        "run.grade": ("等级", "grade"),
        "run.losses": ("损失", "losses"),
        "run.variant": ("变体", "variant"),
        "run.deaths": ("死亡", "deaths"),
        "run.serious": ("重伤", "serious"),
        "run.exposed": ("受影响", "affected"),
        "run.environment": ("环境损失 t", "environment, t"),
        "run.lost": ("主要失分", "most points lost"),
        "run.why-none": ("{name}未评分：{why}", "{name} has no score: {why}"),
        "run.unverified": (
            "结论为模拟建议；未核实数字见报告。",
            "advice from a simulation; unverified figures are listed in the report.",
        ),
        "run.not-judged": ("未评{part}：{why}", "{part} is not judged: {why}"),
        "run.affected": ("受影响：{note}", "affected: {note}"),
    }
)


PARTS = ("deaths", "serious", "exposed")


def as_plain(
    scenario: Scenario,
    results: Sequence[Replication],
    table: ScoreTable,
    seed: int,
    variant: str,
    lang: Lang,
) -> dict[str, Any]:
    """Give the object of `run --json`.

    Digests, parts, lost points and events are those of the first replication and of `variant`;
    with several replications each score carries mean, interval and n, and losses are means.
    """
    first = results[0]
    log = first.logs[variant]
    card = first.card.plain(lang)
    rows = {row.id: row for row in table.rows}
    scores: dict[str, Any] = {pillar.id: card[pillar.id] for pillar in first.card.pillars}
    scores["composite"] = {"value": card["composite"]}
    if len(results) > 1:
        for name, score in scores.items():
            row = rows[name]
            interval = None if row.low is None else [row.low, row.high]
            score.update(value=row.mean, mean=row.mean, interval=interval, n=row.n)
            if "skipped" in score:
                score["skipped"] = row.skipped.say(lang) if row.skipped else None
    scores["grade"] = table.grade.say(lang)
    return {
        "exercise": True,
        "scenario": scenario.id,
        "modifiers": list(scenario.file.modifiers),
        "plan_set": scenario.plan_set.head.name,
        "seed": seed,
        "reps": len(results),
        "variant": variant,
        "scenario_digest": scenario.digest,
        "log_digest": log.digest,
        "log_digests": {name: one.digest for name, one in first.logs.items()},
        "scores": scores,
        "intervals": table.plain(lang) if len(results) > 1 else {},
        "losses": {name: _losses(card["losses"][name], table.losses[name]) for name in first.logs},
        "findings": [],
        "lost_points": [
            {**row, "message": spoken(scenario, point.message, lang)}
            for row, point in zip(card["lost"], first.card.lost, strict=True)
        ],
        "events": len(log.events),
    }


def _losses(
    first: Mapping[str, Any], means: Mapping[str, tuple[float, float | None]]
) -> dict[str, float | None]:
    """Give the losses of a variant; None for what has no model in this family."""
    return {
        "deaths": means["deaths"][0],
        "serious_injuries": means["serious"][0],
        "exposed": means["exposed"][0],
        "property": first["property"],
        "environment": None if first["environment"] is None else means["environment"][0],
    }


@dataclass(frozen=True)
class Shown:
    """A scenario under one plan set with what was run of it."""

    scenario: Scenario
    results: Sequence[Replication]
    table: ScoreTable


def print_side_by_side(shown: Sequence[Shown], lang: Lang) -> None:
    """Print each scenario under all its plan sets in one table, and what cost each set most."""
    groups: dict[str, list[Shown]] = {}
    for one in shown:
        groups.setdefault(one.scenario.id, []).append(one)
    for group in groups.values():
        first = group[0].scenario
        _line(say("run.exercise", lang, scenario=first.file.name.say(lang)), "bold green")
        sets = [one.scenario.plan_set.head.revision for one in group]
        table = Table(say("run.pillar", lang), *sets)
        for row in group[0].table.rows:
            if "." not in row.id:
                values = [one.table.row(row.id).mean for one in group]
                table.add_row(
                    row.name.say(lang), *("-" if v is None else f"{v:.3f}" for v in values)
                )
        table.add_row(say("run.grade", lang), *(one.table.grade.say(lang) for one in group))
        for part in (*PARTS, "environment"):
            cells = [one.table.losses.get("behavioural", {}).get(part) for one in group]
            if all(cell is None for cell in cells) or (
                part == "environment" and not any(cell and cell[0] for cell in cells)
            ):
                continue
            name = (
                harm_say(first, "exposed", lang) if part == "exposed" else say(f"run.{part}", lang)
            )
            table.add_row(name, *("-" if cell is None else f"{cell[0]:.1f}" for cell in cells))
        out.print(table)
        for one, plans in zip(group, sets, strict=True):
            for point in one.results[0].card.lost[:2]:
                _line(f"  {plans}: {_lost(one.scenario, point, lang)}")


def _lost(scenario: Scenario, point: LostPoint, lang: Lang) -> str:
    """Print a lost point with its clause."""
    where = f" [{point.clause}]" if point.clause else ""
    return f"-{point.points:.3f}  {spoken(scenario, point.message, lang)}{where}"


def print_card(
    scenario: Scenario,
    results: Sequence[Replication],
    table: ScoreTable,
    lang: Lang,
    seed: int,
) -> None:
    """Print scores, losses by variant and the points that cost most, with their clauses."""
    name, plans = scenario.file.name.say(lang), scenario.plan_set.head.name
    _line(say("run.title", lang, scenario=name, plans=plans), "bold green")
    scores = Table(say("run.pillar", lang), say("run.value", lang), say("run.interval", lang))
    unscored = []
    for row in table.rows:
        if "." in row.id:
            continue
        value = "-" if row.mean is None else f"{row.mean:.3f}"
        span = "" if row.low is None or row.high is None else f"{row.low:.3f} - {row.high:.3f}"
        scores.add_row(row.name.say(lang), value, span)
        if row.mean is None and row.skipped is not None:
            unscored.append((row.name.say(lang), spoken(scenario, row.skipped, lang)))
    reps = say("run.reps", lang, n=table.n, seed=seed)
    scores.add_row(say("run.grade", lang), table.grade.say(lang), reps)
    out.print(scores)
    for score, why in unscored:
        _line(say("run.why-none", lang, name=score, why=why), "dim")
    parts = [*PARTS]
    if any(loss["environment"][0] for loss in table.losses.values()):
        parts.append("environment")
    heads = [say(f"run.{part}", lang) for part in ("variant", *parts)]
    losses = Table(*heads, title=say("run.losses", lang))
    for variant, loss in table.losses.items():
        losses.add_row(
            f"{named('short', variant, lang)} · {variant}", *(_mean(loss, part) for part in parts)
        )
    out.print(losses)
    note = harm_say(scenario, "exposed-note", lang)
    _line(say("run.affected", lang, note=note), "dim")
    lost = results[0].card.lost[:5]
    if lost:
        _line(say("run.lost", lang), "bold")
    for point in lost:
        _line(f"  {_lost(scenario, point, lang)}")
    for part in results[0].card.linkage.parts:
        if part.skipped is not None:
            why = spoken(scenario, part.skipped, lang)
            _line(say("run.not-judged", lang, part=part.name.say(lang), why=why), "dim")
    _line(say("run.unverified", lang), "dim")


def _line(text: str, style: str = "") -> None:
    """Print a sentence whole: a pipe gets it on one line, a terminal wraps it itself."""
    out.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def _mean(loss: Mapping[str, tuple[float, float | None]], part: str) -> str:
    mean, half = loss[part]
    return f"{mean:.1f}" if half is None else f"{mean:.1f} ± {half:.1f}"
