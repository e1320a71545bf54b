"""`demo` and `run`: play scenarios, print scorecards, write the report and the logs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from drillsim.cli.app import (
    JsonOption,
    LangOption,
    app,
    chosen,
    err,
    guarded,
    out,
    plans_folder,
    scenario_path,
    shipped_scenarios,
)
from drillsim.engine.behaviour import VARIANTS
from drillsim.engine.session import Decision, run
from drillsim.errors import Fault, InputError
from drillsim.experiments.replications import Replication, replicate, replicate_many
from drillsim.i18n import Lang, catalogue, say
from drillsim.report import ScenarioRun, write_report
from drillsim.scenario import Scenario, read_scenario
from drillsim.scoring.card import Scorecard
from drillsim.scoring.many import ScoreTable, score_many
from drillsim.yamlio import Model, load, validate

catalogue(
    {
        "run.title": (
            "演练/模拟 · {scenario} · 预案集 {plans}",
            "EXERCISE · {scenario} · plan set {plans}",
        ),
        "run.reps": ("{n} 次重复，种子 {seed}", "{n} replications, seed {seed}"),
        "run.pillar": ("指标", "score"),
        "run.value": ("得分", "value"),
        "run.interval": ("95% 区间", "95 % interval"),
        "run.composite": ("综合", "composite"),
        "run.grade": ("等级", "grade"),
        "run.losses": ("损失", "losses"),
        "run.variant": ("变体", "variant"),
        "run.deaths": ("死亡", "deaths"),
        "run.serious": ("重伤", "serious"),
        "run.exposed": ("受影响", "exposed"),
        "run.lost": ("主要失分", "most points lost"),
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

DEMO_REPS = 3


class DecisionFile(Model):
    """A saved exercise: the decisions of its players."""

    decisions: tuple[Decision, ...]


def progress_bar(lang: Lang) -> Progress:
    """Give the bar on stderr: done, elapsed, left."""
    return Progress(
        TextColumn(say("cli.running", lang)),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )


@app.command()
@guarded
def demo(
    folder: Annotated[
        Path, typer.Option("--out", help="Folder for the report / 报告文件夹.")
    ] = Path("out/demo"),
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes / 进程数.")] = 2,
    lang: LangOption = None,
) -> None:
    """Run the shipped chlorine drill by day under both plan revisions, a few seeds each.

    Example: [b]drillsim demo --out out/demo[/b]
    """
    language = chosen(lang)
    path = shipped_scenarios()["cl-1"]
    sets = [path.parent / "plans" / name for name in ("2024", "2026-draft")]
    cases = [(path, plans, 1, rep) for plans in sets for rep in range(DEMO_REPS)]
    with progress_bar(language) as bar:
        task = bar.add_task("demo", total=len(cases))
        results = replicate_many(cases, jobs, lambda: bar.advance(task))
    shown = []
    for index, plans in enumerate(sets):
        mine = results[index * DEMO_REPS : (index + 1) * DEMO_REPS]
        scenario = read_scenario(path, plans)
        table = score_many([r.card for r in mine])
        print_card(scenario, mine[0].card, table, language, seed=1)
        shown.append(ScenarioRun(scenario, mine[0].logs, mine[0].card, table))
    report = folder / "report.html"
    folder.mkdir(parents=True, exist_ok=True)
    write_report(report, shown, language)
    out.print(say("cli.written", language, path=report))


@app.command(name="run")
@guarded
def run_command(
    scenario: Annotated[str, typer.Argument(help="Scenario file or shipped id / 情景文件或编号.")],
    seed: Annotated[int, typer.Option(help="Root seed / 随机种子.")] = 1,
    reps: Annotated[int, typer.Option(min=1, help="Replications 0..N-1 / 重复次数.")] = 1,
    plans: Annotated[str | None, typer.Option(help="Plan set name or folder / 预案集.")] = None,
    variant: Annotated[
        str | None,
        typer.Option(help=f"Only this variant: {', '.join(VARIANTS)} / 只运行一种变体."),
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option(help="Saved decisions of a played exercise / 参演决策文件.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Write report and logs here / 输出文件夹.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes / 进程数.")] = 1,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Run one scenario: scorecard, lost points with their clauses, log.

    Example: [b]drillsim run cl-1 --seed 7 --reps 3 --plans 2026-draft --out out/cl-1[/b]
    """
    language = chosen(lang)
    path = scenario_path(scenario)
    plan_folder = plans_folder(plans, path)
    if variant is not None and variant not in VARIANTS:
        raise typer.BadParameter(f"{variant!r}: {', '.join(VARIANTS)}")
    loaded = read_scenario(path, plan_folder)
    if decisions is not None:
        results = [_replayed(loaded, seed, decisions)]
    elif jobs > 1 and variant is None:
        results = replicate_many([(path, plan_folder, seed, r) for r in range(reps)], jobs)
    else:
        names = tuple(VARIANTS) if variant is None else (variant,)
        with progress_bar(language) as bar:
            task = bar.add_task("run", total=reps)
            results = []
            for rep in range(reps):
                results.append(replicate(loaded, seed, rep, names))
                bar.advance(task)
    table = score_many([r.card for r in results])
    if as_json:
        found = as_plain(loaded, results, table, seed, variant, language)
        print(json.dumps(found, ensure_ascii=False, indent=2, default=float))
    else:
        print_card(loaded, results[0].card, table, language, seed)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        write_report(
            folder / "report.html",
            [ScenarioRun(loaded, results[0].logs, results[0].card, table)],
            language,
        )
        for result in results:
            for name, log in result.logs.items():
                log.write(folder / f"{loaded.id}-{name}-{result.rep}.jsonl.gz")
        err.print(say("cli.written", language, path=folder))


def _replayed(scenario: Scenario, seed: int, decisions: Path) -> Replication:
    """Replay a played exercise; the other variants are run beside it, to score it."""
    from drillsim.scoring.score import score

    source = load(decisions)
    taken = validate(source, DecisionFile).decisions
    try:
        played = run(scenario, seed, 0, "behavioural", taken)
    except (ValueError, KeyError) as error:
        raise InputError([Fault(str(decisions), 1, 1, "decisions", str(error))]) from error
    others = {v: run(scenario, seed, 0, v) for v in VARIANTS if v != "behavioural"}
    logs = {**others, "behavioural": played}
    return Replication(0, logs, score(scenario, logs))


def as_plain(
    scenario: Scenario,
    results: list[Replication],
    table: ScoreTable,
    seed: int,
    variant: str | None,
    lang: Lang,
) -> dict[str, Any]:
    """Give the object of `run --json`."""
    first = results[0]
    shown = variant or "behavioural"
    log = first.logs[shown]
    card = first.card.plain(lang)
    scores = {p.id: card[p.id] for p in first.card.pillars}
    return {
        "scenario": scenario.id,
        "plan_set": scenario.plan_set.head.name,
        "seed": seed,
        "reps": len(results),
        "variant": shown,
        "scenario_digest": scenario.digest,
        "log_digest": log.digest,
        "log_digests": {name: one.digest for name, one in first.logs.items()},
        "scores": {**scores, "composite": card["composite"], "grade": card["grade"]},
        "intervals": table.plain(lang) if len(results) > 1 else {},
        "losses": card["losses"],
        "findings": [],
        "lost_points": card["lost"],
        "events": len(log.events),
    }


def print_card(
    scenario: Scenario, card: Scorecard, table: ScoreTable, lang: Lang, seed: int
) -> None:
    """Print one scorecard as tables."""
    title = say(
        "run.title", lang, scenario=scenario.file.name.say(lang), plans=scenario.plan_set.head.name
    )
    out.rule(title)
    scores = Table(say("run.pillar", lang), say("run.value", lang), say("run.interval", lang))
    for row in table.rows:
        if "." not in row.id:
            value = "-" if row.mean is None else f"{row.mean:.3f}"
            span = "" if row.low is None or row.high is None else f"{row.low:.3f} - {row.high:.3f}"
            scores.add_row(row.name.say(lang), value, span)
    scores.add_row(
        say("run.grade", lang), table.grade.say(lang), say("run.reps", lang, n=table.n, seed=seed)
    )
    out.print(scores)
    losses = Table(
        say("run.variant", lang), say("run.deaths", lang), say("run.serious", lang),
        say("run.exposed", lang), title=say("run.losses", lang),
    )  # fmt: skip
    for name, loss in table.losses.items():
        losses.add_row(name, *(_mean(loss, part) for part in ("deaths", "serious", "exposed")))
    out.print(losses)
    out.print(say("run.lost", lang), style="bold")
    for point in card.lost[:5]:
        where = f" [{point.clause}]" if point.clause else ""
        out.print(f"  -{point.points:.3f}  {point.message.say(lang)}{where}", markup=False)
    out.print(say("run.note", lang), style="dim")
    out.print(say("run.unverified", lang), style="dim")


def _mean(loss: Mapping[str, tuple[float, float | None]], part: str) -> str:
    mean, half = loss[part]
    return f"{mean:.1f}" if half is None else f"{mean:.1f} ± {half:.1f}"
