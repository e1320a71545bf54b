"""Accuracy 精准度: whether the plans' picture matches what was so.

A = 0.30 A1 protected area + 0.20 A2 resources + 0.20 A3 level + 0.20 A4 time + 0.10 A5 facts. The
first three are read from the variant `perfect` (what the words bring about when nobody errs), time
from `behavioural`; weights are ours, unverified.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from drillsim.i18n import Text, catalogue
from drillsim.linkage.interfaces import InterfaceRun
from drillsim.log.events import Event
from drillsim.scenario import RequiredResource, ScoredTask
from drillsim.scoring.card import Blame, Part, Pillar, pillar_of, said
from drillsim.scoring.kernel import attainment
from drillsim.scoring.levels import level_part
from drillsim.scoring.statements import statement_part
from drillsim.scoring.window import Window
from drillsim.scoring.zones import zone_part

catalogue(
    {
        "a2.name": ("应急资源", "resources"),
        "a2.none": ("标尺未规定所需资源", "the yardstick requires no resource"),
        "a2.short": (
            "能力“{capability}”：{minutes:.0f} 分钟内需 {need}，到场 {had}",
            "capability “{capability}”: {need} needed within {minutes:.0f} min, {had} arrived",
        ),
        "a2.surplus": (
            "能力“{capability}”：{minutes:.0f} 分钟内需 {need}，到场 {had}，过量",
            "capability “{capability}”: {need} needed within {minutes:.0f} min, {had} arrived: "
            "surplus",
        ),
        "a4.name": ("时间目标", "time targets"),
        "a4.none": ("没有可评的时间目标", "no time target applied"),
        "a4.late": (
            "{what}：限 {limit:.0f} 分钟，实际 {took:.0f} 分钟",
            "{what}: limit {limit:.0f} min, took {took:.0f} min",
        ),
        "a4.never": (
            "{what}：限 {limit:.0f} 分钟，未完成",
            "{what}: limit {limit:.0f} min, never done",
        ),
        "a4.undeclared": (
            "{what}：限 {limit:.0f} 分钟，没有任何预案规定此事",
            "{what}: limit {limit:.0f} min; nobody declares it",
        ),
        "a4.interface": ("通报“{id}”", "message “{id}”"),
        "a4.task": ("任务“{verb}”", "task “{verb}”"),
    }
)

WEIGHTS: Mapping[str, float] = {"A1": 0.30, "A2": 0.20, "A3": 0.20, "A4": 0.20, "A5": 0.10}
SURPLUS_COST = 0.25


def accuracy_pillar(windows: Mapping[str, Window]) -> Pillar:
    """Give the pillar from the windows of the variants at hand; needs at least one."""
    parts: list[Part] = []
    perfect, lived = windows.get("perfect"), windows.get("behavioural")
    if perfect is None:
        missing = said("score.no-run", variant="perfect")
        parts += [
            Part(k, said(f"{k.lower()}.name"), None, WEIGHTS[k], missing)
            for k in ("A1", "A2", "A3")
        ]
    else:
        parts.append(zone_part(perfect.scenario, perfect.log, WEIGHTS["A1"]))
        parts.append(resource_part(perfect, WEIGHTS["A2"]))
        parts.append(level_part(perfect, WEIGHTS["A3"]))
    if lived is None:
        missing = said("score.no-run", variant="behavioural")
        parts.append(Part("A4", said("a4.name"), None, WEIGHTS["A4"], missing))
    else:
        parts.append(time_part(lived, WEIGHTS["A4"]))
    scenario = next(iter(windows.values())).scenario
    parts.append(statement_part(scenario, WEIGHTS["A5"]))
    return pillar_of("accuracy", parts)


# --- A2 ------------------------------------------------------------------------------------------


def resource_part(window: Window, weight: float) -> Part:
    """Give A2: adequacy of what arrived in time, less a quarter of the surplus share.

    a_k = min(1, allocated / required), o_k = max(0, allocated - required) / allocated, with units
    counted once each when they arrive anywhere within the time; A2 = sum w_k a_k (1 - 0.25 o_k).
    """
    required = window.scenario.yardstick.required_resources
    name = said("a2.name")
    if window.detection is None or not required:
        return Part("A2", name, None, weight, said("a2.none"))
    total = sum(need.weight for need in required)
    value, blames, detail = 0.0, [], {}
    for need in required:
        arrivals = _arrivals(window, need)
        in_time = [e for e in arrivals.values() if e.t <= window.start_s + need.within]
        had = len(in_time)
        adequacy = min(1.0, had / need.units)
        surplus = max(0, had - need.units) / had if had else 0.0
        worth = adequacy * (1.0 - SURPLUS_COST * surplus)
        value += need.weight * worth
        detail[f"{need.capability}@{need.within / 60:g}min"] = {
            "required": need.units, "arrived": had, "adequacy": adequacy, "surplus": surplus,
        }  # fmt: skip
        if worth < 1.0:
            blames.append(_short(window, need, had, need.weight * (1.0 - worth), arrivals))
    return Part("A2", name, value / total, weight, None, detail, tuple(blames))


def _arrivals(window: Window, need: RequiredResource) -> dict[str, Event]:
    """Give the first arrival of each unit with the capability."""
    resources = window.scenario.plan_set.resources
    first: dict[str, Event] = {}
    for event in window.log.of("crew-arrived"):
        resource = resources.get(event.subject)
        if resource is not None and need.capability in resource.capabilities:
            first.setdefault(f"{event.subject}/{event.data['unit']}", event)
    return first


def _short(
    window: Window, need: RequiredResource, had: int, share: float, arrivals: Mapping[str, Event]
) -> Blame:
    key = "a2.surplus" if had > need.units else "a2.short"
    message = said(
        key, capability=need.capability, minutes=need.within / 60.0, need=need.units, had=had
    )
    late = [e for e in arrivals.values() if e.t > window.start_s + need.within][:3]
    lacking = [
        event
        for event in window.log.of("crew-unavailable")
        if need.capability in event.data.get("needs", ())
    ][:3]
    named = late or lacking
    clause = next((event.clause for event in named if event.clause), "")
    return Blame(share, message, tuple((window.log.variant, e.id) for e in named), clause)


# --- A4 ------------------------------------------------------------------------------------------


def time_part(window: Window, weight: float) -> Part:
    """Give A4: attainment of the times that law and hazard set, weighted by criticality.

    Targets are the required interfaces with a legal or needed time and the scored tasks with one,
    from detection (need) or from waking (law). A plan's own deadline is shown beside it (share
    kept, 90th percentile and bias of taken against promised) and does not enter the value, so that
    a slacker deadline never scores better; a deadline nobody states scores no better either.
    """
    rows: list[tuple[float, float, Blame]] = []
    if window.detection is not None:
        rows += [row for run in window.interfaces if (row := _interface_row(window, run))]
        for task in window.scenario.yardstick.scored_tasks:
            if task.within is not None:
                rows.append(_task_row(window, task, task.within))
    name = said("a4.name")
    detail = {"targets": len(rows), **_against_plan(window)}
    if not rows:
        return Part("A4", name, None, weight, said("a4.none"), detail)
    total = sum(w for w, _, _ in rows)
    value = sum(w * a for w, a, _ in rows) / total
    return Part("A4", name, value, weight, None, detail, tuple(blame for _, _, blame in rows))


def _interface_row(window: Window, run: InterfaceRun) -> tuple[float, float, Blame] | None:
    last = run.last
    if last.limit_s is None:
        return None
    weight = float(run.interface.criticality)
    kept = run.attained if run.declared and run.executed else 0.0
    what = said("a4.interface", id=run.interface.id)
    clause = next((t.clause for t in run.tellings if t.clause), "") or next(iter(run.declared), "")
    events = tuple((window.log.variant, t.event) for t in run.tellings if t.event is not None)
    took = last.latency_s if run.executed else None
    return weight, kept, _late(what, last.limit_s, took, weight * (1 - kept), clause, events)


def _task_row(window: Window, task: ScoredTask, within: float) -> tuple[float, float, Blame]:
    weight = float(task.criticality)
    done = next((e for e in window.log.of("task-done") if e.subject == task.verb), None)
    took = None if done is None else max(0.0, done.t - window.start_s)
    kept = 0.0 if took is None else attainment(took, within)
    what = said("a4.task", verb=task.verb)
    declared = done.clause if done is not None else _task_clause(window, task.verb)
    events = ((window.log.variant, done.id),) if done is not None else ()
    return weight, kept, _late(what, within, took, weight * (1 - kept), declared, events)


def _task_clause(window: Window, verb: str) -> str:
    for plan, task in window.scenario.plan_set.elements("tasks"):
        if task.verb == verb:
            return f"{plan.head.id}/{task.id}"
    return ""


def _late(
    what: Text,
    limit_s: float,
    took_s: float | None,
    share: float,
    clause: str,
    events: tuple[tuple[str, int], ...],
) -> Blame:
    if took_s is not None:
        message = said("a4.late", what=what, limit=limit_s / 60.0, took=took_s / 60.0)
    else:
        key = "a4.never" if clause else "a4.undeclared"
        message = said(key, what=what, limit=limit_s / 60.0)
    return Blame(share, message, events, clause)


def _against_plan(window: Window) -> dict[str, float | int | None]:
    """Compare what acts took with the deadlines that plans state (shown, not scored)."""
    ratios = []
    for event in window.log.of("message-delivered", "task-done"):
        plan_id, _, element_id = event.clause.partition("/")
        if not element_id or plan_id not in window.scenario.plan_set.plans:
            continue
        try:
            _, element = window.scenario.plan_set.find(event.clause)
        except KeyError:
            continue
        deadline = getattr(element, "deadline", None)
        woken = event.data.get("woken_s", _woken(window, event))
        if deadline and woken is not None:
            ratios.append(max(event.t - float(woken), 1.0) / deadline)
    if not ratios:
        return {"promised": 0, "kept_share": None, "p90_of_deadline": None, "bias": None}
    return {
        "promised": len(ratios),
        "kept_share": sum(r <= 1.0 for r in ratios) / len(ratios),
        "p90_of_deadline": float(np.quantile(ratios, 0.9)),
        "bias": sum(math.log(r) for r in ratios) / len(ratios),
    }


def _woken(window: Window, event: Event) -> float | None:
    """Give when the duty behind an event was woken."""
    woken = window.log.of("duty-woken")
    times = [e.t for e in woken if e.clause == event.clause and e.t <= event.t]
    return times[-1] if times else None
