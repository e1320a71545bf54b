"""Handling ability 综合处置能力: work done in order, in time, with one picture.

H_c = 0.6 mean over groups C_g + 0.2 SSA + 0.2 conformance; a broken safety precedence that exposed
a crew caps it at 0.5. Read from the run as people lived it; required work, its order and times come
from the yardstick, so that a plan cannot ask less of itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drillsim.i18n import catalogue
from drillsim.log.events import Event
from drillsim.scenario import ScoredTask
from drillsim.scoring.alignment import align, allowed_share
from drillsim.scoring.awareness import awareness_part
from drillsim.scoring.card import Blame, Part, Pillar, pillar_of, said, skipped_pillar
from drillsim.scoring.kernel import attainment
from drillsim.scoring.window import Window

catalogue(
    {
        "hc.tasks": ("任务完成", "work done"),
        "hc.order": ("流程符合度", "conformance"),
        "hc.none": ("标尺未规定应完成的任务", "the yardstick requires no work"),
        "hc.undone": ("任务“{verb}”未完成", "task “{verb}” was not done"),
        "hc.undeclared": (
            "任务“{verb}”未完成；没有任何预案规定此事",
            "task “{verb}” was not done; nobody declares it",
        ),
        "hc.late": (
            "任务“{verb}”用时 {took:.0f} 分钟，限 {limit:.0f} 分钟",
            "task “{verb}” took {took:.0f} min, the limit is {limit:.0f} min",
        ),
        "hc.unsafe": (
            "任务“{verb}”在“{missing}”之前开始，违反安全次序",
            "task “{verb}” began before “{missing}”: safety precedence broken",
        ),
        "hc.misplaced": (
            "任务“{verb}”次序不当或缺失",
            "task “{verb}” missing or out of order",
        ),
        "hc.cap": (
            "安全次序被打破且有人员暴露，得分上限 {cap:g}",
            "safety precedence broken with exposure: capped at {cap:g}",
        ),
    }
)

WEIGHTS: Mapping[str, float] = {"C": 0.6, "SSA": 0.2, "fitness": 0.2}
UNSAFE_CAP = 0.5
SAFETY_FACTOR = 3.0
CASUALTY_VERBS = frozenset(
    {"search-rescue", "decontaminate", "triage", "transport-casualties", "receive-casualties"}
)
"""Work that is asked only once somebody is hurt or missing."""


@dataclass(frozen=True, slots=True)
class _TaskRun:
    """One required task in one run: done * in safe order * a(latency)."""

    task: ScoredTask
    done: Event | None
    started: Event | None
    unsafe: tuple[str, ...]
    exposed: Event | None
    latency_s: float | None
    declared: str

    @property
    def value(self) -> float:
        if self.done is None or self.unsafe or self.latency_s is None:
            return 0.0
        return 1.0 if self.task.within is None else attainment(self.latency_s, self.task.within)


def capability_pillar(windows: Mapping[str, Window]) -> Pillar:
    """Give the pillar from the behavioural run."""
    window = windows.get("behavioural")
    if window is None:
        return skipped_pillar("capability", said("score.no-run", variant="behavioural"))
    if window.detection is None:
        return skipped_pillar("capability", said("score.no-detection"))
    runs = _task_runs(window)
    parts = [
        _tasks_part(window, runs),
        awareness_part(window, WEIGHTS["SSA"]),
        _order_part(window, runs),
    ]
    breach = next((run for run in runs if run.unsafe and run.exposed is not None), None)
    cap = UNSAFE_CAP if breach is not None else None
    if breach is not None and breach.exposed is not None:
        events = ((window.log.variant, breach.exposed.id),)
        blame = Blame(0.0, said("hc.cap", cap=UNSAFE_CAP), events, breach.exposed.clause)
        parts.append(Part("cap", said("hc.cap", cap=UNSAFE_CAP), UNSAFE_CAP, 0.0, blames=(blame,)))
    return pillar_of("capability", parts, cap)


def _task_runs(window: Window) -> list[_TaskRun]:
    hurt = _somebody_hurt(window)
    first_done = _first(window.log.of("task-done"))
    out = []
    for task in window.scenario.yardstick.scored_tasks:
        if task.verb in CASUALTY_VERBS and hurt is None:
            continue
        done = first_done.get(task.verb)
        begin = window.start_s
        if task.verb in CASUALTY_VERBS and hurt is not None:
            begin = max(begin, hurt)
        entered = next(
            (
                event
                for event in window.log.of("task-started")
                if event.subject == task.verb and event.data.get("units")
            ),
            None,
        )
        unsafe = _unsafe(task, entered, first_done) if task.safety else ()
        out.append(
            _TaskRun(
                task, done, entered, unsafe, _exposed(window, task.verb),
                None if done is None else max(0.0, done.t - begin), _declared(window, task.verb),
            )
        )  # fmt: skip
    return out


def _first(events: Sequence[Event]) -> dict[str, Event]:
    found: dict[str, Event] = {}
    for event in events:
        found.setdefault(event.subject, event)
    return found


def _somebody_hurt(window: Window) -> float | None:
    """Give when somebody was first hurt, died or went missing; None when nobody was."""
    times = [
        event.t
        for event in window.log.of("casualties")
        if event.subject in {"hurt", "died"} and float(event.data["n"]) > 0.0
    ]
    return min(times) if times else None


def _unsafe(task: ScoredTask, entered: Event | None, done: Mapping[str, Event]) -> tuple[str, ...]:
    """Give the verbs that should have been done before crews began this one."""
    if entered is None:
        return ()
    return tuple(verb for verb in task.after if verb not in done or done[verb].id > entered.id)


def _exposed(window: Window, verb: str) -> Event | None:
    """Give the fact that a crew at this work was driven off by gas, or went in unprotected."""
    for event in window.log.of("task-failed"):
        if event.subject == verb and event.data.get("why") in {"gas", "no-protection"}:
            return event
    return None


def _declared(window: Window, verb: str) -> str:
    for plan, task in window.scenario.plan_set.elements("tasks"):
        if task.verb == verb:
            return f"{plan.head.id}/{task.id}"
    return ""


def _tasks_part(window: Window, runs: Sequence[_TaskRun]) -> Part:
    """Give the mean over capability groups of C_g, each a mean of its tasks by criticality."""
    name = said("hc.tasks")
    if not runs:
        return Part("C", name, None, WEIGHTS["C"], said("hc.none"))
    groups: dict[str, list[_TaskRun]] = defaultdict(list)
    for run in runs:
        groups[run.task.group].append(run)
    blames: list[Blame] = []
    values: dict[str, float] = {}
    for group, members in sorted(groups.items()):
        total = sum(run.task.criticality for run in members)
        values[group] = sum(run.task.criticality * run.value for run in members) / total
        blames += [
            _blame(window, run, run.task.criticality * (1.0 - run.value) / total) for run in members
        ]
    detail: dict[str, Any] = {
        "groups": values,
        "tasks": {run.task.verb: run.value for run in runs},
        "acknowledged_share": _acknowledged(window),
        "conflicts": len(window.log.of("command-contested")),
    }
    value = sum(values.values()) / len(values)
    return Part("C", name, value, WEIGHTS["C"], None, detail, tuple(blames))


def _acknowledged(window: Window) -> float | None:
    delivered = len(window.log.of("message-delivered"))
    return len(window.log.of("message-acknowledged")) / delivered if delivered else None


def _blame(window: Window, run: _TaskRun, share: float) -> Blame:
    variant, verb = window.log.variant, run.task.verb
    event = run.done or run.started
    events: tuple[tuple[str, int], ...] = ()
    if event is not None:
        events = ((variant, event.id),)
    clause = event.clause if event is not None else run.declared
    if run.unsafe:
        message = said("hc.unsafe", verb=verb, missing=", ".join(run.unsafe))
        events = ((variant, run.started.id),) if run.started is not None else events
        return Blame(share, message, events, run.started.clause if run.started else clause)
    if run.done is None:
        failed = [e for e in window.log.of("task-failed") if e.subject == verb][:1]
        events = tuple((variant, e.id) for e in failed) or events
        key = "hc.undone" if clause else "hc.undeclared"
        return Blame(share, said(key, verb=verb), events, clause)
    limit, took = (run.task.within or 0.0) / 60.0, (run.latency_s or 0.0) / 60.0
    return Blame(share, said("hc.late", verb=verb, took=took, limit=limit), events, clause)


def _order_part(window: Window, runs: Sequence[_TaskRun]) -> Part:
    """Give conformance: the weight of required work done in order over that of all of it.

    The run (first start of each verb that was completed) is aligned with the yardstick's partial
    order, weights by criticality, safety work threefold. The classical fitness stands in the
    detail; it is never below the scored share, but dropping a misplaced duty could raise it.
    """
    name = said("hc.order")
    if not runs:
        return Part("fitness", name, None, WEIGHTS["fitness"], said("hc.none"))
    order: dict[str, tuple[str, ...]] = {run.task.verb: run.task.after for run in runs}
    weight: dict[str, float] = {
        run.task.verb: run.task.criticality * (SAFETY_FACTOR if run.task.safety else 1.0)
        for run in runs
    }
    finished = {run.task.verb for run in runs if run.done is not None}
    first = _first(window.log.of("task-started"))
    steps = [verb for verb in first if verb in finished]
    found = align(steps, order, weight)
    lost = {verb: weight[verb] for verb in found.missing}
    whole = sum(weight.values())
    planned = {task.verb for _, task in window.scenario.plan_set.elements("tasks")}
    detail = {
        "fitness": found.fitness, "cost": found.cost, "missing": list(found.missing),
        "precision": allowed_share(list(first), planned), "order": steps,
    }  # fmt: skip
    by_verb: dict[str, _TaskRun] = {run.task.verb: run for run in runs}
    blames = tuple(
        Blame(
            cost, said("hc.misplaced", verb=verb),
            ((window.log.variant, first[verb].id),) if verb in first else (),
            first[verb].clause if verb in first else by_verb[verb].declared,
        )
        for verb, cost in sorted(lost.items())
    )  # fmt: skip
    value = 1.0 - sum(lost.values()) / whole
    return Part("fitness", name, value, WEIGHTS["fitness"], None, detail, blames)
