"""A3: whether each body had the response level that the truth called for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drillsim.i18n import Text, catalogue
from drillsim.log.events import Event
from drillsim.scenario import RequiredLevel
from drillsim.scoring.card import Blame, Part, said
from drillsim.scoring.kernel import SEVERITIES, level_accuracy, level_cost, quadratic_kappa
from drillsim.scoring.window import Window, org_name

catalogue(
    {
        "a3.name": ("响应级别", "response level"),
        "a3.none": ("标尺未规定应有级别", "the yardstick requires no level"),
        "a3.low": (
            "{owner}：{minutes:.0f} 分钟内级别偏低（应为严重度 {required}，实为 {had}）",
            "{owner}: level too low for {minutes:.0f} min "
            "(severity {required} required, {had} had)",
        ),
        "a3.high": (
            "{owner}：{minutes:.0f} 分钟内级别偏高（应为严重度 {required}，实为 {had}）",
            "{owner}: level too high for {minutes:.0f} min "
            "(severity {required} required, {had} had)",
        ),
        "a3.undeclared": (
            "{owner}：{minutes:.0f} 分钟应为严重度 {required}，没有任何预案设此级别",
            "{owner}: severity {required} required for {minutes:.0f} min; nobody declares "
            "such a level",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class _Epoch:
    """One decision epoch of one body."""

    owner: str
    had: int
    required: int
    event: int | None


def level_part(window: Window, weight: float) -> Part:
    """Give A3 of a run: asymmetric cost of the level at 5-min epochs against the required one.

    The required severity is that of the gravest criterion true so far: a level once due stays due
    until the incident ends.
    """
    by_owner: dict[str, list[RequiredLevel]] = defaultdict(list)
    for required in window.scenario.yardstick.required_levels:
        by_owner[required.owner].append(required)
    name = said("a3.name")
    if window.detection is None or not by_owner:
        return Part("A3", name, None, weight, said("a3.none"))
    epochs: list[_Epoch] = []
    delays: dict[str, float | None] = {}
    for owner in sorted(by_owner):
        epochs += _epochs(window, owner, by_owner[owner])
        delays[owner] = _delay(window, by_owner[owner])
    matrix = np.zeros((SEVERITIES, SEVERITIES), dtype=int)
    for epoch in epochs:
        matrix[epoch.had, epoch.required] += 1
    value = level_accuracy(matrix)
    if value is None:
        return Part("A3", name, None, weight, said("a3.none"))
    total = int(matrix.sum())
    detail = {
        "matrix": matrix.tolist(),
        "under_rate": float(np.triu(matrix, 1).sum()) / total,
        "over_rate": float(np.tril(matrix, -1).sum()) / total,
        "kappa": quadratic_kappa(matrix),
        "delay_min": {k: None if v is None else v / 60.0 for k, v in delays.items()},
        "variant": window.log.variant,
    }  # fmt: skip
    return Part("A3", name, value, weight, None, detail, _blames(window, epochs, by_owner))


def _activations(window: Window, plans: Sequence[str]) -> list[Event]:
    return [
        event
        for event in window.log.of("level-activated")
        if event.subject.partition(":")[0] in plans
    ]


def _plans(levels: Sequence[RequiredLevel]) -> list[str]:
    return sorted({plan for level in levels for plan in level.plans})


def _epochs(window: Window, owner: str, levels: Sequence[RequiredLevel]) -> list[_Epoch]:
    raised = _activations(window, _plans(levels))
    due = [(window.truth.first(level.when, window.end_s), level.severity) for level in levels]
    out = []
    for t_s in window.epochs():
        active = [event for event in raised if event.t <= t_s]
        top = max(active, key=lambda event: int(event.data["severity"]), default=None)
        had = int(top.data["severity"]) if top is not None else 0
        required = max((s for since, s in due if since is not None and since <= t_s), default=0)
        out.append(_Epoch(owner, had, required, top.id if top is not None else None))
    return out


def _delay(window: Window, levels: Sequence[RequiredLevel]) -> float | None:
    """Give the time from the earliest truth of the gravest due level to a level that serves it."""
    due = [(window.truth.first(level.when, window.end_s), level.severity) for level in levels]
    met = [(severity, since) for since, severity in due if since is not None and severity > 0]
    if not met:
        return None
    severity = max(met)[0]
    since = min(t for s, t in met if s == severity)
    times = [
        event.t
        for event in _activations(window, _plans(levels))
        if int(event.data["severity"]) >= severity
    ]
    return max(0.0, min(times) - since) if times else None


def _blames(
    window: Window, epochs: Sequence[_Epoch], by_owner: dict[str, list[RequiredLevel]]
) -> tuple[Blame, ...]:
    counts = Counter((e.owner, e.had, e.required, e.event) for e in epochs if e.had != e.required)
    out = []
    for (owner, had, required, event), n in sorted(counts.items(), key=str):
        clause = _clause(window, _plans(by_owner[owner]), required, event, had > required)
        low = "a3.low" if clause else "a3.undeclared"
        key = "a3.high" if had > required else low
        name: Text = org_name(window.scenario, owner)
        message = said(key, owner=name, minutes=n * 5, required=required, had=had)
        events = ((window.log.variant, event),) if event is not None else ()
        out.append(Blame(n * level_cost(had, required), message, events, clause))
    return tuple(out)


def _clause(
    window: Window, plans: Sequence[str], required: int, event: int | None, too_high: bool
) -> str:
    """Give the level that should have served, or the one that was activated without need."""
    if too_high and event is not None:
        return window.log.events[event].clause
    for plan_id in plans:
        plan = window.scenario.plan_set.plans.get(plan_id)
        for level in plan.of("levels") if plan is not None else ():
            if level.severity == required:
                return f"{plan_id}/{level.id}"
    return ""
