"""`demo` and `run`: play scenarios, print scorecards, write the report and the logs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from drillsim.cli.app import (
    STOPPED,
    JsonOption,
    LangOption,
    app,
    chosen,
    err,
    guarded,
    print_json,
    refuse,
)
from drillsim.cli.cards import Shown, as_plain, print_card, print_side_by_side
from drillsim.cli.decisions import replay
from drillsim.cli.playing import Case, play
from drillsim.cli.shipped import (
    check_folder,
    check_modifiers,
    check_variant,
    plans_folder,
    scenario_path,
    shipped_scenarios,
    under,
)
from drillsim.engine.behaviour import VARIANTS
from drillsim.engine.session import run
from drillsim.experiments.replications import Replication
from drillsim.i18n import Lang, catalogue, say
from drillsim.report import ScenarioRun, write_report
from drillsim.scenario import Scenario, read_scenario
from drillsim.scoring.many import score_many
from drillsim.scoring.score import score

catalogue(
    {
        "run.replay-alone": (
            "--decisions 只重放一次演练，不能与 --reps、--variant 同用",
            "--decisions repeats one exercise; it does not go with --reps or --variant",
        ),
        "demo.reps": (
            "演示：{scenarios} 个情景 × {sets} 套预案，依次重复 {n} 次（种子 {seed}），"
            "每次 {variants} 种运行变体。重复少，只看大意；下结论请用 drillsim run --reps 30。",
            "Demo: {n} replications (seed {seed}) of the scenarios ({scenarios}) under each plan "
            "set ({sets}), in {variants} variants. So few give an idea only; for conclusions use "
            "drillsim run --reps 30.",
        ),
    }
)

DEMO_SEED = 1
DEMO_SCENARIOS = {"cl-1": 6, "rf-1": 1, "ww-1": 1}
"""One of each: storage of hazardous chemicals, fire in a dwelling, transport."""
DEMO_PLAN_SETS = ("2024", "2026-draft")


@dataclass
class Finished:
    """What is finished of a number of replications, and whether that is all of them."""

    results: list[Replication] = field(default_factory=list)
    stopped: bool = False

    def take(self, running: Iterator[Replication], folder: Path | None, name: str) -> None:
        """Take replications as they end, writing their logs at once; Ctrl-C ends it early.

        Raises KeyboardInterrupt when it comes before the first is finished.
        """
        latest: Replication | None = None
        try:
            for latest in running:
                self._keep(latest, folder, name)
        except KeyboardInterrupt:
            if latest is None:
                raise
            self.stopped = True
            if self.results[-1:] != [latest]:
                # stopped while its logs were being written: they are written again, whole
                self._keep(latest, folder, name)

    def _keep(self, result: Replication, folder: Path | None, name: str) -> None:
        if folder is not None:
            write_logs(folder, name, result)
        self.results.append(result)


def write_logs(folder: Path, name: str, result: Replication) -> None:
    """Write the logs of one replication, one file a variant."""
    folder.mkdir(parents=True, exist_ok=True)
    for variant, log in result.logs.items():
        log.write(folder / f"{name}-{variant}-{result.rep}.jsonl.gz")


def leave(stopped: bool, lang: Lang) -> None:
    """End with the exit code of Ctrl-C when the runs were stopped."""
    if stopped:
        err.print(say("cli.stopped", lang))
        raise typer.Exit(STOPPED)


def _read_all(pairs: Sequence[tuple[Path, Path]]) -> list[Scenario]:
    """Read scenarios under plan sets, the city once."""
    read: list[Scenario] = []
    for path, plans in pairs:
        read.append(read_scenario(path, plans, read[-1] if read else None))
    return read


@app.command()
@guarded
def demo(
    folder: Annotated[
        Path, typer.Option("--out", help="Folder for the report / 报告文件夹.")
    ] = Path("out/demo"),
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes / 进程数.")] = 2,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Run a shipped drill of each accident family under both plan revisions / 演示.

    Example: [b]drillsim demo --out out/demo[/b]
    """
    language = chosen(lang)
    check_folder(folder)
    known, variants = shipped_scenarios(), tuple(VARIANTS)
    pairs = [
        (known[name], known[name].parent / "plans" / plans, reps)
        for name, reps in DEMO_SCENARIOS.items()
        for plans in DEMO_PLAN_SETS
    ]
    cases = [
        Case(path, plans, DEMO_SEED, rep, variants)
        for path, plans, reps in pairs
        for rep in range(reps)
    ]
    finished = Finished()
    with ThreadPoolExecutor(1) as aside:  # reads for the report while other processes run
        reading = aside.submit(_read_all, [(path, plans) for path, plans, _ in pairs])
        finished.take(play(cases, jobs, language), None, "")
    results = iter(finished.results)
    shown = [
        Shown(scenario, mine, score_many([r.card for r in mine]))
        for scenario, (_, _, reps) in zip(reading.result(), pairs, strict=True)
        if (mine := list(islice(results, reps)))
    ]
    report = folder / "report.html"
    folder.mkdir(parents=True, exist_ok=True)
    runs = [ScenarioRun(s.scenario, s.results[0].logs, s.results[0].card, s.table) for s in shown]
    write_report(report, runs, language)
    if as_json:
        plain = [
            as_plain(s.scenario, s.results, s.table, DEMO_SEED, "behavioural", language)
            for s in shown
        ]
        print_json({"runs": plain})
    else:
        print_side_by_side(shown, language)
        told = {
            "scenarios": len(DEMO_SCENARIOS),
            "sets": len(DEMO_PLAN_SETS),
            "n": " + ".join(str(reps) for reps in DEMO_SCENARIOS.values()),
            "seed": DEMO_SEED,
        }
        typer.echo(say("demo.reps", language, variants=len(variants), **told))
    err.print(say("cli.written", language, path=report), soft_wrap=True)
    leave(finished.stopped, language)


@app.command(name="run")
@guarded
def run_command(
    scenario: Annotated[str, typer.Argument(help="Scenario file or shipped id / 情景文件或编号.")],
    seed: Annotated[int, typer.Option(min=0, help="Root seed / 随机种子.")] = 1,
    reps: Annotated[int, typer.Option(min=1, help="Replications 0..N-1 / 重复次数.")] = 1,
    plans: Annotated[str | None, typer.Option(help="Plan set name or folder / 预案集.")] = None,
    modifier: Annotated[
        list[str] | None,
        typer.Option(help="Key period, may be repeated: spring-festival, fog, ... / 重点时段."),
    ] = None,
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
    """Run one scenario: scorecard, lost points with their clauses, log / 推演.

    Example: [b]drillsim run cl-1 --seed 7 --reps 3 --plans 2026-draft --out out/cl-1[/b]
    """
    language = chosen(lang)
    path = scenario_path(scenario)
    plan_folder = plans_folder(plans, path)
    check_variant(variant, list(VARIANTS))
    check_folder(folder)
    if decisions is not None and (reps > 1 or variant is not None):
        raise refuse("run.replay-alone")
    periods = check_modifiers(modifier)
    loaded = under(read_scenario(path, plan_folder), periods)
    finished = Finished()
    if decisions is not None:
        finished.take(iter([_replayed(loaded, seed, decisions)]), folder, loaded.id)
    else:
        names = tuple(VARIANTS) if variant is None else (variant,)
        cases = [Case(path, plan_folder, seed, rep, names, periods) for rep in range(reps)]
        finished.take(play(cases, jobs, language, loaded), folder, loaded.id)
    results = finished.results
    table = score_many([r.card for r in results])
    if folder is not None:
        shown = ScenarioRun(loaded, results[0].logs, results[0].card, table)
        write_report(folder / "report.html", [shown], language)
    # printed last: a reader that closes the pipe costs no file
    if as_json:
        name = variant or "behavioural"
        print_json(as_plain(loaded, results, table, seed, name, language))
    else:
        print_card(loaded, results, table, language, seed)
    if folder is not None:
        err.print(say("cli.written", language, path=folder), soft_wrap=True)
    leave(finished.stopped, language)


def _replayed(scenario: Scenario, seed: int, decisions: Path) -> Replication:
    """Replay a played exercise; the other variants are run beside it, to score it."""
    played = replay(scenario, seed, decisions)
    logs = {v: played if v == "behavioural" else run(scenario, seed, 0, v) for v in VARIANTS}
    return Replication(0, logs, score(scenario, logs))
