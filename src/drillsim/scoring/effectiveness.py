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
from drillsim.scoring.coverage import covering
from drillsim.scoring.kernel import saved_share
from drillsim.scoring.window import Window, joined, place_name

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
            "{place}：比参考方案多 {harm}（告知时间 T+{minute:.0f} 分）",
            "{place}: {harm} more than under the reference (told at T+{minute:.0f} min)",
        ),
        "e.unwarned": (
            "{place}：比参考方案多 {harm}，预案有规定但无人告知",
            "{place}: {harm} more than under the reference; a plan covers it, nobody warned it",
        ),
        "e.unlinked": (
            "{place}：比参考方案多 {harm}，无人告知；没有预案规定由谁告知它（通报“{id}”）",
            "{place}: {harm} more than under the reference; nobody warned it, and nobody declares "
            "that anybody tells it (message “{id}”)",
        ),
        "e.undeclared": (
            "{place}：比参考方案多 {harm}，无人告知；没有预案规定此事",
            "{place}: {harm} more than under the reference; nobody warned it, nobody declares it",
        ),
        "e.other": (
            "{place}：比参考方案多 {harm}",
            "{place}: {harm} more than under the reference",
        ),
        "e.deaths": ("死亡 {n:.1f} 人", "{n:.1f} deaths"),
        "e.serious": ("重伤 {n:.1f} 人", "{n:.1f} seriously hurt"),
        "e.exposed": ("受影响 {n:.0f} 人", "{n:.0f} affected"),
        "e.environment": ("环境损失 {n:.1f} t", "{n:.1f} t of loss to the environment"),
        "e.water": ("水环境", "the water"),
        "e.crews": ("救援人员", "crews"),
        "e.passers": ("过路人员", "passers-by on the roads"),
        "e.waiting": ("候治伤员", "casualties still waiting at the end"),
        "e.unmodelled": ("财产损失尚无模型", "property is not modelled yet"),
    }
)

EPS = 0.01
"""Least avoidable loss (in deaths) that is worth dividing by (ours)."""


def effectiveness_pillar(windows: Mapping[str, Window], losses: Mapping[str, Loss]) -> Pillar:
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
        _blames(windows),
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
        base, best, lived = (losses[v].part(key) for v in ("none", "reference", "behavioural"))
        share = saved_share(base, lived, best) if base - best > EPS else None
        out[key] = {"averted": base - lived, "avoidable": base - best, "E": share}
    return out


def _blames(windows: Mapping[str, Window]) -> tuple[Blame, ...]:
    """Give, by place, what the run lost above the reference, with the word the place got."""
    window = windows["behavioural"]
    scenario, lived = window.scenario, window.log
    best = _by_place(windows["reference"].log)
    told: dict[str, Event] = {}
    for event in lived.of("warned"):
        told.setdefault(event.subject, event)
    out = []
    for place, event in sorted(_by_place(lived).items()):
        if place == "all":
            continue
        excess = _excess(event, best.get(place), {key: key for key in LOSS_WEIGHTS})
        share = sum(weight * excess[key] for key, weight in LOSS_WEIGHTS.items())
        if share <= 0.0:
            continue
        fields = {"place": place_name(scenario, place), "harm": _harm(excess)}
        word = told.get(place)
        events = [("behavioural", event.id)]
        declared = (word.clause if word is not None else "") or covering(scenario, place)
        if word is not None:
            events.append(("behavioural", word.id))
            message = said("e.place", minute=word.t / 60.0, **fields)
        elif unlinked := _unlinked(window, place):
            message = said("e.unlinked", id=unlinked, **fields)
        else:
            message = said("e.unwarned" if declared else "e.undeclared", **fields)
        out.append(Blame(share, message, tuple(events), declared))
    return (*out, *_others(lived, windows["reference"].log))


def _unlinked(window: Window, place: str) -> str:
    """Give the required interface by which nobody declares to tell a place's body, or ""."""
    facility = window.scenario.city.facilities.get(place)
    for run in window.interfaces:
        for telling in run.tellings:
            if facility is not None and telling.receiver == facility.org and not telling.declared:
                return run.interface.id
    return ""


def _excess(event: Event, other: Event | None, fields: Mapping[str, str]) -> dict[str, float]:
    """Give, by component of the loss, how much more a run lost than another."""
    before = other.data if other is not None else {}
    return {
        key: float(event.data.get(name) or 0.0) - float(before.get(name) or 0.0)
        for key, name in fields.items()
    }


def _others(run: RunLog, reference: RunLog) -> list[Blame]:
    """Give what was lost outside any place: crews, passers-by, casualties left waiting."""
    lived, best = _by_place(run).get("all"), _by_place(reference).get("all")
    if lived is None:
        return []
    out = []
    for who, component, name in (
        ("e.crews", "exposed", "crews_exposed"),
        ("e.passers", "exposed", "passers_exposed"),
        ("e.waiting", "deaths", "waiting_loss"),
    ):
        excess = _excess(lived, best, {component: name})
        share = LOSS_WEIGHTS[component] * excess[component]
        if share > 0.0:
            message = said("e.other", place=said(who), harm=_harm(excess))
            out.append(Blame(share, message, (("behavioural", lived.id),)))
    return out + _waters(run, reference)


def _waters(run: RunLog, reference: RunLog) -> list[Blame]:
    """Give what the waters lost above the reference, where a family keeps an account of them."""
    lived, best = (
        [e for e in log.of("truth") if e.subject == "environment-loss"] for log in (run, reference)
    )
    if not lived:
        return []
    excess = float(lived[-1].data["value"]) - (float(best[-1].data["value"]) if best else 0.0)
    if excess <= 0.0:
        return []
    message = said("e.other", place=said("e.water"), harm=said("e.environment", n=excess))
    share = LOSS_WEIGHTS["environment"] * excess
    reasons = [run.events[cause] for cause in lived[-1].causes]
    clause = next((event.clause for event in reasons if event.clause), "")
    events = tuple(("behavioural", event.id) for event in (lived[-1], *reasons))
    return [Blame(share, message, events, clause)]


def _harm(excess: Mapping[str, float]) -> Text:
    worse = [said(f"e.{key}", n=value) for key, value in excess.items() if value >= 0.05]
    return joined(worse)


def _by_place(log: RunLog) -> dict[str, Event]:
    return {event.subject: event for event in log.of("people-final")}
