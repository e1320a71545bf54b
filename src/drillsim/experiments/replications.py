"""Many replications of one scenario in all variants, in one process or in several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from drillsim.engine.behaviour import VARIANTS
from drillsim.engine.session import run
from drillsim.log.runlog import RunLog
from drillsim.scenario import Scenario, read_scenario
from drillsim.scoring.card import Scorecard
from drillsim.scoring.score import score

Logs = Mapping[str, RunLog]


@dataclass(frozen=True, slots=True)
class Replication:
    """One replication: its logs by variant and its scores."""

    rep: int
    logs: Logs
    card: Scorecard


def replicate(
    scenario: Scenario, seed: int, rep: int, variants: Iterable[str] = tuple(VARIANTS)
) -> Replication:
    """Run one replication in every variant, under the same draws, and score it."""
    logs = {variant: run(scenario, seed, rep, variant) for variant in variants}
    return Replication(rep, logs, score(scenario, logs))


def _one(path: Path, plans: Path | None, seed: int, rep: int) -> Replication:
    """Work of one process; the scenario is read once a process and kept."""
    key = (path, plans)
    if key not in _READ:
        _READ[key] = read_scenario(path, plans)
    return replicate(_READ[key], seed, rep)


_READ: dict[tuple[Path, Path | None], Scenario] = {}


def replicate_many(
    cases: Sequence[tuple[Path, Path | None, int, int]],
    jobs: int = 1,
    done: Callable[[], None] = lambda: None,
) -> list[Replication]:
    """Run cases (scenario file, plan set folder or None, seed, rep), results in their order.

    With `jobs` > 1 in that many processes (spawn); `done` is called after each. The results do not
    depend on the number of processes.
    """
    if jobs <= 1 or len(cases) == 1:
        results = []
        for case in cases:
            results.append(_one(*case))
            done()
        return results
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(_one, *case) for case in cases]
        for future in futures:
            future.add_done_callback(lambda _future: done())
        return [future.result() for future in futures]
