"""Effectiveness 有效性: the share of the avoidable loss that the plans avoid.

E = (L0 - Lv) / (L0 - L*), with L0 the loss when nobody acts on a plan and L* that of the plan-free
reference policy. E_total (behavioural) = E_plan (perfect) x E_exec exactly. The linkage loss is
dL = LP - LPL, what perfect bodies lose only because they are not linked. E may be below 0 (the
plan makes it worse) or above 1 (the reference is not optimal): both are shown as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drillsim.i18n import Text, catalogue
from drillsim.log.events import Event
from drillsim.log.runlog import RunLog
from drillsim.scenario import Scenario
from drillsim.scoring.card import (
    LOSS_WEIGHTS,
    Blame,
    Loss,
    Part,
    Pillar,
    pillar_of,
    said,
    skipped_pillar,
)
from drillsim.scoring.kernel import saved_share
from drillsim.scoring.window import place_name

catalogue(
    {
        "e.total": ("总有效性", "effectiveness in all"),
        "e.plan": ("预案有效性（完美执行）", "of the plans, perfectly executed"),
        "e.exec": ("执行有效性", "of the execution"),
        "e.link": ("衔接损失", "linkage loss"),
        "e.nothing": (
            "可避免的损失不足 {eps:g}，无从评价",
            "less than {eps:g} of loss could be avoided: nothing to save",
        ),
        "e.no-plan-gain": (
            "预案完美执行也几乎不减少损失，执行有效性无定义",
            "perfect execution saves next to nothing: the share of execution is not defined",
        ),
        "e.place": (
            "{place}：比参考方案多 死亡 {deaths:.1f}、重伤 {serious:.1f}、暴露 {exposed:.0f} 人"
            "（告知时间 T+{minute:.0f} 分）",
            "{place}: {deaths:.1f} deaths, {serious:.1f} seriously hurt, {exposed:.0f} exposed "
            "more than under the reference (told at T+{minute:.0f} min)",
        ),
        "e.unwarned": (
            "{place}：比参考方案多 死亡 {deaths:.1f}、重伤 {serious:.1f}、暴露 {exposed:.0f} 人，"
            "无人告知；没有预案规定此事",
            "{place}: {deaths:.1f} deaths, {serious:.1f} seriously hurt, {exposed:.0f} exposed "
            "more than under the reference; nobody warned it, nobody declares it",
        ),
        "e.unmodelled": ("财产与环境损失尚无模型", "property and environment are not modelled yet"),
    }
)

EPS = 0.01
"""Least avoidable loss (in deaths) that is worth dividing by (ours)."""


def effectiveness_pillar(
    scenario: Scenario, logs: Mapping[str, RunLog], losses: Mapping[str, Loss]
) -> Pillar:
    """Give the pillar; skipped when `none`, `behavioural` or `reference` was not run."""
    for variant in ("none", "behavioural", "reference"):
        if variant not in losses:
            return skipped_pillar("effectiveness", said("score.no-run", variant=variant))
    base, best, lived = (losses[v].scalar for v in ("none", "reference", "behavioural"))
    if base - best < EPS:
        return skipped_pillar("effectiveness", said("e.nothing", eps=EPS))
    total = Part(
        "E", said("e.total"), saved_share(base, lived, best), 1.0, None,
        {
            "components": _components(losses),
            "scalar": {variant: loss.scalar for variant, loss in losses.items()},
            "weights": dict(LOSS_WEIGHTS),
            "not_modelled": said("e.unmodelled"),
        },
        _blames(scenario, logs),
    )  # fmt: skip
    return pillar_of("effectiveness", [total, *_split(losses)])


def _split(losses: Mapping[str, Loss]) -> list[Part]:
    """Give the shares of plan and execution and the linkage loss; shown, not added."""
    base, best, lived = (losses[v].scalar for v in ("none", "reference", "behavioural"))
    if "perfect" not in losses:
        missing = said("score.no-run", variant="perfect")
        names = ("E_plan", "E_exec", "dL")
        keys = ("e.plan", "e.exec", "e.link")
        return [
            Part(name, said(key), None, 0.0, missing) for name, key in zip(names, keys, strict=True)
        ]
    perfect = losses["perfect"].scalar
    parts = [Part("E_plan", said("e.plan"), saved_share(base, perfect, best), 0.0)]
    if base - perfect <= EPS:
        parts.append(Part("E_exec", said("e.exec"), None, 0.0, said("e.no-plan-gain")))
    else:
        executed = (base - lived) / (base - perfect)
        parts.append(Part("E_exec", said("e.exec"), executed, 0.0))
    if "ideal-links" not in losses:
        missing = said("score.no-run", variant="ideal-links")
        parts.append(Part("dL", said("e.link"), None, 0.0, missing))
    else:
        lost = perfect - losses["ideal-links"].scalar
        share = lost / (perfect - best) if perfect - best > EPS else None
        detail = {"linkage_loss": lost, "share_of_avoidable": share}
        parts.append(Part("dL", said("e.link"), lost, 0.0, None, detail))
    return parts


def _components(losses: Mapping[str, Loss]) -> dict[str, Any]:
    """Give averted numbers and E by component; E is None where the component had none to save."""
    out: dict[str, Any] = {}
    for key in LOSS_WEIGHTS:
        base, best, lived = (
            float(getattr(losses[v], key)) for v in ("none", "reference", "behavioural")
        )
        share = saved_share(base, lived, best) if base - best > EPS else None
        out[key] = {"averted": base - lived, "avoidable": base - best, "E": share}
    return out


def _blames(scenario: Scenario, logs: Mapping[str, RunLog]) -> tuple[Blame, ...]:
    """Give, by place, what the run lost above the reference, with the word the place got."""
    lived, best = logs["behavioural"], _by_place(logs["reference"])
    told: dict[str, Event] = {}
    for event in lived.of("warned"):
        told.setdefault(event.subject, event)
    out = []
    for place, event in sorted(_by_place(lived).items()):
        other = best.get(place)
        excess = {
            key: float(event.data.get(key, 0.0)) - (float(other.data.get(key, 0.0)) if other else 0)
            for key in LOSS_WEIGHTS
        }
        share = sum(weight * excess[key] for key, weight in LOSS_WEIGHTS.items())
        if share <= 0.0:
            continue
        word = told.get(place)
        name: Text = place_name(scenario, place)
        events = [("behavioural", event.id)]
        if word is None:
            out.append(Blame(share, said("e.unwarned", place=name, **excess), tuple(events)))
            continue
        message = said("e.place", place=name, minute=word.t / 60.0, **excess)
        events.append(("behavioural", word.id))
        out.append(Blame(share, message, tuple(events), word.clause))
    return tuple(out)


def _by_place(log: RunLog) -> dict[str, Event]:
    return {event.subject: event for event in log.of("people-final") if event.subject != "all"}
