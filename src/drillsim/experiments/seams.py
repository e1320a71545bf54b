"""Seams mended one at a time, and duties deleted one at a time, under common random numbers.

What a brief or a plan writer expects of a seam is read from `mends.yaml` as a sentence and printed
beside the result; no code uses it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean, stdev

from scipy.stats import t as student

from drillsim.engine.session import run
from drillsim.i18n import Text
from drillsim.log.runlog import RunLog
from drillsim.plans.planset import read_plan_set
from drillsim.plans.revise import graft, without
from drillsim.plans.sets import PlanSet
from drillsim.scenario import Scenario, read_scenario
from drillsim.scoring.card import LOSS_WEIGHTS
from drillsim.yamlio import Id, Model, read_yaml

MEASURES = ("deaths", "serious", "exposed", "loss")
CHUNK = 10


class Mend(Model):
    """One seam: which elements of the draft mend it alone, and what was expected before running.

    `watch`: `address belief-key`, the moment the expectation speaks of (the first to come counts).
    `elements` are `plan/element` or `resource:id`; one that the draft does not have is removed.
    """

    seam: Id
    title: Text
    plans: tuple[Id, ...]
    rules: tuple[str, ...] = ()
    quotes: dict[str, str] = {}
    elements: tuple[str, ...] = ()
    expected: Text
    watch: tuple[str, ...] = ()
    note: Text | None = None


class MendFile(Model):
    """The file `mends.yaml`."""

    mends: tuple[Mend, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A paired difference (changed minus base): mean and 95 % interval over n pairs."""

    mean: float
    low: float
    high: float
    n: int
    base: float

    @property
    def verdict(self) -> str:
        """Give `less`, `more`, or `open` when the interval holds 0."""
        return "less" if self.high < 0 else "more" if self.low > 0 else "open"


@dataclass(frozen=True, slots=True)
class Case:
    """One arm: the scenario file, its base set, and what is changed in it."""

    scenario: Path
    base: Path
    scion: Path | None = None
    graft: tuple[str, ...] = ()
    delete: tuple[str, ...] = ()
    watch: tuple[tuple[str, ...], ...] = ()


def read_mends(path: Path) -> tuple[Mend, ...]:
    """Read `mends.yaml`. Raises InputError with every fault."""
    return read_yaml(path, MendFile).mends


def moment_min(log: RunLog, watch: Sequence[str]) -> float:
    """Give the minute in which one of the watched beliefs first comes; the end when none does."""
    wanted = {tuple(w.split(" ", 1)) for w in watch}
    for event in log.of("believed"):
        if (event.who, event.subject) in wanted:
            return event.t / 60.0
    return log.end_s / 60.0


def losses(log: RunLog) -> tuple[float, ...]:
    """Give deaths, serious, exposed and their weighted sum of one run."""
    total = log.of("people-final")[-1].data
    parts = [float(total[name]) for name in ("deaths", "serious", "exposed")]
    return (*parts, sum(w * x for w, x in zip(_weights(), parts, strict=True)))


def _weights() -> tuple[float, float, float]:
    return tuple(LOSS_WEIGHTS[name] for name in ("deaths", "serious", "exposed"))  # type: ignore[return-value]


def paired(base: Sequence[float], changed: Sequence[float]) -> Difference:
    """Give the paired difference with its t interval. Needs at least two pairs."""
    gaps = [c - b for b, c in zip(base, changed, strict=True)]
    mean, n = fmean(gaps), len(gaps)
    half = float(student.ppf(0.975, n - 1)) * stdev(gaps) / math.sqrt(n)
    return Difference(mean, mean - half, mean + half, n, fmean(base))


@cache
def _scenario(path: Path, base: Path) -> Scenario:
    return read_scenario(path, base)


@cache
def _scion(path: Path) -> PlanSet:
    return read_plan_set(path)


def arm(case: Case) -> Scenario:
    """Give the scenario of a case, its plan set changed as the case says."""
    scenario = _scenario(case.scenario, case.base)
    plan_set = scenario.plan_set
    if case.graft and case.scion is not None:
        plan_set = graft(plan_set, _scion(case.scion), case.graft)
    if case.delete:
        plan_set = without(plan_set, case.delete)
    return scenario.with_plans(plan_set)


def _chunk(case: Case, seed: int, reps: range) -> list[tuple[float, ...]]:
    scenario = arm(case)
    rows = []
    for rep in reps:
        log = run(scenario, seed, rep, "behavioural")
        rows.append((*losses(log), *(moment_min(log, watch) for watch in case.watch)))
    return rows


def run_cases(
    cases: Mapping[str, Case],
    reps: int,
    seed: int = 1,
    jobs: int = 2,
    done: Callable[[], None] = lambda: None,
) -> dict[str, list[tuple[float, ...]]]:
    """Run every case for replications 0..reps-1; the losses in order of replication."""
    chunks = [range(i, min(i + CHUNK, reps)) for i in range(0, reps, CHUNK)]
    results: dict[str, list[tuple[float, ...]]] = {name: [] for name in cases}
    if jobs <= 1:
        for name, case in cases.items():
            for part in chunks:
                results[name] += _chunk(case, seed, part)
                done()
        return results
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        futures = [
            (name, pool.submit(_chunk, case, seed, part))
            for name, case in cases.items()
            for part in chunks
        ]
        for name, future in futures:
            results[name] += future.result()
            done()
    return results


def compared(
    results: Mapping[str, Sequence[tuple[float, ...]]], base: str, watched: Sequence[str] = ()
) -> dict[str, dict[str, Difference]]:
    """Give, for every other case, the paired difference of each measure to the base case.

    `watched` names the moments (minutes) that follow the losses in every row.
    """
    found: dict[str, dict[str, Difference]] = {}
    for name, rows in results.items():
        if name != base:
            found[name] = {
                measure: paired([r[i] for r in results[base]], [r[i] for r in rows])
                for i, measure in enumerate((*MEASURES, *watched))
            }
    return found


def critical_notifications(plan_set: PlanSet, least: int = 4) -> dict[str, tuple[str, ...]]:
    """Group the notifications of at least this criticality by message: `n07` -> its elements."""
    groups: dict[str, list[str]] = {}
    for plan, note in plan_set.elements("notifications"):
        if note.criticality >= least:
            groups.setdefault(note.id, []).append(f"{plan.head.id}/{note.id}")
    return {name: tuple(refs) for name, refs in sorted(groups.items())}
