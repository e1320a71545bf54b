"""What `run` and `demo` print: scorecards as tables, or as one JSON object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from drillsim.cli.app import out
from drillsim.experiments.replications import Replication
from drillsim.i18n import Lang, catalogue, say
from drillsim.scenario import Scenario
from drillsim.scoring.many import ScoreTable

catalogue(
    {
        "run.title": (
            "演练/模拟 · {scenario} · 预案集 {plans}",
            "EXERCISE · {scenario} · plan set {plans}",
        ),
        "run.reps": ("重复 {n} 次，种子 {seed}", "replications: {n}, seed {seed}"),
        "run.pillar": ("指标", "score"),
        "run.value": ("得分", "value"),
        "run.interval": ("95% 区间", "95 % interval"),
        "run.grade": ("等级", "grade"),
        "run.losses": ("损失", "losses"),
        "run.variant": ("变体", "variant"),
        "run.deaths": ("死亡", "deaths"),
        "run.serious": ("重伤", "serious"),
        "run.exposed": ("受影响", "exposed"),
        "run.environment": ("水体损失 t", "water, t"),
        "run.lost": ("主要失分", "most points lost"),
        "run.why-none": ("{name}未评分：{why}", "{name} has no score: {why}"),
        "run.unverified": (
            "结论为模拟建议；未核实数字见报告。",
            "advice from a simulation; unverified figures are listed in the report.",
        ),
        "run.note": (
            "未评静态衔接（本版尚无静态规则）",
            "static linkage is not judged yet (no static rules in this release)",
        ),
    }
)


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
        "lost_points": card["lost"],
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
            unscored.append((row.name.say(lang), row.skipped.say(lang)))
    reps = say("run.reps", lang, n=table.n, seed=seed)
    scores.add_row(say("run.grade", lang), table.grade.say(lang), reps)
    out.print(scores)
    for score, why in unscored:
        _line(say("run.why-none", lang, name=score, why=why), "dim")
    parts = ["deaths", "serious", "exposed"]
    if any(loss["environment"][0] for loss in table.losses.values()):
        parts.append("environment")
    heads = [say(f"run.{part}", lang) for part in ("variant", *parts)]
    losses = Table(*heads, title=say("run.losses", lang))
    for variant, loss in table.losses.items():
        losses.add_row(variant, *(_mean(loss, part) for part in parts))
    out.print(losses)
    lost = results[0].card.lost[:5]
    if lost:
        _line(say("run.lost", lang), "bold")
    for point in lost:
        where = f" [{point.clause}]" if point.clause else ""
        _line(f"  -{point.points:.3f}  {point.message.say(lang)}{where}")
    _line(say("run.note", lang), "dim")
    _line(say("run.unverified", lang), "dim")


def _line(text: str, style: str = "") -> None:
    """Print a sentence whole: a pipe gets it on one line, a terminal wraps it itself."""
    out.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def _mean(loss: Mapping[str, tuple[float, float | None]], part: str) -> str:
    mean, half = loss[part]
    return f"{mean:.1f}" if half is None else f"{mean:.1f} ± {half:.1f}"
