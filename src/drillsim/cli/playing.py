"""Many runs with a progress bar; Ctrl-C keeps what is finished."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from drillsim.cli.app import collect_seldom, err
from drillsim.engine.session import run
from drillsim.experiments.replications import Replication
from drillsim.i18n import Lang, catalogue, say
from drillsim.modifiers import modified
from drillsim.scenario import Scenario, read_scenario
from drillsim.scoring.score import score

catalogue(
    {
        "run.running": ("推演中", "running"),
        "run.rate": ("{rate} 次/分", "{rate} runs/min"),
    }
)


@dataclass(frozen=True, slots=True)
class Case:
    """One replication to run, named so that another process can read it for itself."""

    scenario: Path
    plans: Path | None
    seed: int
    rep: int
    variants: tuple[str, ...]
    modifiers: tuple[str, ...] = ()


_known: dict[Path, Scenario] = {}


@cache
def _read(path: Path, plans: Path | None, modifiers: tuple[str, ...]) -> Scenario:
    """Read a case's files once a process; scenarios of one folder share their city."""
    _known[path.parent] = read_scenario(path, plans, _known.get(path.parent))
    return modified(_known[path.parent], modifiers)


def play_one(
    case: Case, scenario: Scenario | None = None, ran: Callable[[], object] = lambda: None
) -> Replication:
    """Run one case in all its variants under the same draws and score it; `ran` after each.

    `scenario`: what the case names, if it has been read already.
    """
    scenario = scenario or _read(case.scenario, case.plans, case.modifiers)
    logs = {}
    for variant in case.variants:
        logs[variant] = run(scenario, case.seed, case.rep, variant)
        ran()
    return Replication(case.rep, logs, score(scenario, logs))


def play(
    cases: Sequence[Case], jobs: int, lang: Lang, scenario: Scenario | None = None
) -> Iterator[Replication]:
    """Run cases, giving each in its order as soon as it is finished.

    With `jobs` > 1 in that many processes; the results do not depend on it. Ctrl-C raises
    KeyboardInterrupt here; what was given before is whole.
    """
    with _bar(lang) as bar:
        task = bar.add_task("", total=sum(len(case.variants) for case in cases))
        if jobs <= 1 or len(cases) == 1:
            for case in cases:
                yield play_one(case, scenario, lambda: bar.advance(task))
        else:
            yield from _spread(cases, jobs, lambda case: bar.advance(task, len(case.variants)))


def _spread(
    cases: Sequence[Case], jobs: int, ran: Callable[[Case], object]
) -> Iterator[Replication]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(jobs, len(cases)), context, _settle_worker)
    try:
        futures = [pool.submit(play_one, case) for case in cases]
        for case, future in zip(cases, futures, strict=True):
            future.add_done_callback(lambda _, case=case: ran(case))  # type: ignore[misc]
        for future in futures:
            yield future.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise
    pool.shutdown()


def _settle_worker() -> None:
    """Leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()


class _Rate(ProgressColumn):
    """Runs a minute."""

    def __init__(self, lang: Lang) -> None:
        super().__init__()
        self.lang = lang

    def render(self, task: Task) -> Text:
        """Show the rate, once there is one."""
        speed = task.finished_speed or task.speed
        rate = "-" if speed is None else f"{speed * 60:.1f}"
        return Text(say("run.rate", self.lang, rate=rate))


def _bar(lang: Lang) -> Progress:
    """Give the bar on stderr: done, rate, elapsed, left. Without a terminal there is none."""
    return Progress(
        TextColumn(say("run.running", lang)),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(lang),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )
