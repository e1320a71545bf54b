"""Linkage 衔接度: whether the interfaces that law and hazard require do work.

K = 0.35 K_S + 0.45 K_D + 0.20 H(1 - G). K_S needs the static rules, which this release does not
have; its weight is shared between the others and the reason is printed. The interfaces and their
weights come from the yardstick alone, so that deleting a duty never helps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from drillsim.i18n import catalogue
from drillsim.linkage.interfaces import InterfaceRun, org_of
from drillsim.scoring.card import Blame, Part, Pillar, pillar_of, said, skipped_pillar
from drillsim.scoring.command import command_part
from drillsim.scoring.kernel import overlap, wilson
from drillsim.scoring.window import Window, joined, org_name

catalogue(
    {
        "k.static": ("静态衔接", "static linkage"),
        "k.no-static": (
            "静态规则的得分（K_S）尚未计入推演得分，请看 drillsim check",
            "the static rules' score (K_S) is not part of a run's score yet; see drillsim check",
        ),
        "k.dynamic": ("动态衔接", "dynamic linkage"),
        "k.none": ("本次过程不要求任何接口", "the course of events required no interface"),
        "k.undeclared": (
            "通报“{id}”没有任何预案规定（应告知 {who}）",
            "message “{id}”: nobody declares it ({who} should be told)",
        ),
        "k.unreached": (
            "通报“{id}”未送达或未确认：{who}",
            "message “{id}” was not delivered or not confirmed: {who}",
        ),
        "k.late": (
            "通报“{id}”用时 {took:.0f} 分钟，限 {limit:.0f} 分钟",
            "message “{id}” took {took:.0f} min, the limit is {limit:.0f} min",
        ),
        "k.content": (
            "通报“{id}”内容缺失或有误：“{fields}”",
            "message “{id}” arrived without or with wrong “{fields}”",
        ),
        "verdict.seamless": ("无缝衔接", "seamless"),
        "verdict.basic": ("基本衔接", "linked on the whole"),
        "verdict.partial": ("部分衔接", "linked in part"),
        "verdict.broken": ("脱节", "not linked"),
        "verdict.not-judged": (
            "{verdict}；“无缝衔接”未判定（{n} 次，至少需 35 次）",
            "{verdict}; 'seamless' not judged ({n} runs, 35 needed at least)",
        ),
    }
)

WEIGHTS: Mapping[str, float] = {"K_S": 0.35, "K_D": 0.45, "H": 0.20}
CRITICAL = 4
RUNS_FOR_SEAMLESS = 35
SEAMLESS_RATE, SEAMLESS_GAP, BASIC_K = 0.90, 0.02, 0.75


def linkage_pillar(windows: Mapping[str, Window]) -> Pillar:
    """Give the pillar from the run as people lived it."""
    window = windows.get("behavioural")
    if window is None:
        return skipped_pillar("linkage", said("score.no-run", variant="behavioural"))
    static = Part("K_S", said("k.static"), None, WEIGHTS["K_S"], said("k.no-static"))
    dynamic = interface_part(window, WEIGHTS["K_D"])
    return pillar_of("linkage", [static, dynamic, command_part(window, WEIGHTS["H"])])


def interface_part(window: Window, weight: float) -> Part:
    """Give K_D = sum w x a c / sum w over the interfaces that the run required.

    w criticality 1..5; x executed and confirmed; a attainment of min(D_law, D_need); c share of
    required fields that arrived and were right; an interface nobody declares counts 0.
    """
    runs = window.interfaces
    name = said("k.dynamic")
    if not runs:
        return Part("K_D", name, None, weight, said("k.none"))
    total = sum(run.interface.criticality for run in runs)
    value = sum(run.interface.criticality * run.value for run in runs) / total
    planned, executed = _planned(window), _executed(window)
    links = overlap(planned, executed)
    detail: dict[str, Any] = {
        "interfaces": {run.interface.id: _row(run) for run in runs},
        "by_dimension": _means(runs, lambda run: run.interface.dimension),
        "by_pair": _means(runs, lambda run: run.interface.pair),
        "network": {
            "coverage": links.coverage, "precision": links.precision, "jaccard": links.jaccard,
        },
    }  # fmt: skip
    blames = tuple(
        _blame(window, run, run.interface.criticality * (1.0 - run.value)) for run in runs
    )
    return Part("K_D", name, value, weight, None, detail, blames)


def _row(run: InterfaceRun) -> dict[str, Any]:
    return {
        "criticality": run.interface.criticality, "dimension": run.interface.dimension,
        "pair": run.interface.pair, "declared": list(run.declared), "executed": run.executed,
        "attained": run.attained, "content": run.content, "value": run.value,
        "on_time": run.on_time and bool(run.declared), "limit": run.last.limit,
        "limit_s": run.last.limit_s, "latency_s": run.last.latency_s, "plan_s": run.plan_s,
        "told": [t.receiver for t in run.tellings if t.confirmed],
        "untold": [t.receiver for t in run.tellings if not t.confirmed],
    }  # fmt: skip


def _means(runs: Sequence[InterfaceRun], key: Any) -> dict[str, float]:
    groups: dict[str, list[InterfaceRun]] = defaultdict(list)
    for run in runs:
        groups[key(run)].append(run)
    return {
        name: sum(r.interface.criticality * r.value for r in found)
        / sum(r.interface.criticality for r in found)
        for name, found in sorted(groups.items())
    }


def _planned(window: Window) -> set[tuple[str, str]]:
    return {
        (org_of(note.by), org_of(to))
        for _, note in window.scenario.plan_set.elements("notifications")
        for to in note.to
        if org_of(to) != org_of(note.by)
    }


def _executed(window: Window) -> set[tuple[str, str]]:
    links = {
        (org_of(str(event.data["sender"])), org_of(event.who))
        for event in window.log.of("message-delivered")
    }
    return {(a, b) for a, b in links if a != b}


def _blame(window: Window, run: InterfaceRun, share: float) -> Blame:
    variant = window.log.variant
    events = [(variant, t.event) for t in run.tellings if t.event is not None]
    clause = next(iter(run.declared), "")
    bad = [t.receiver for t in run.tellings if not t.confirmed]
    who = joined([org_name(window.scenario, r) for r in bad or run.interface.receivers])
    if not run.declared:
        return Blame(share, said("k.undeclared", id=run.interface.id, who=who), tuple(events))
    if bad:
        silent = [t for t in run.tellings if t.receiver in bad and not t.declared]
        if silent and len(silent) == len(bad):
            # others are told, but no plan says that anybody tells these
            message = said("k.undeclared", id=run.interface.id, who=who)
            return Blame(share, message, tuple(events))
        events += [
            (variant, event.id)
            for event in window.log.of("message-failed", "duty-omitted", "duty-waiting")
            if event.clause in run.declared
        ][:3]
        message = said("k.unreached", id=run.interface.id, who=who)
        return Blame(share, message, tuple(events), clause)
    last = run.last
    if last.attained < 1.0 and last.latency_s is not None and last.limit_s is not None:
        message = said(
            "k.late", id=run.interface.id, took=last.latency_s / 60.0, limit=last.limit_s / 60.0
        )
        return Blame(share, message, tuple(events), last.clause or clause)
    fields = sorted({fact for t in run.tellings for fact in t.unknown})
    message = said("k.content", id=run.interface.id, fields=", ".join(fields))
    return Blame(share, message, tuple(events), last.clause or clause)


def verdict_of(
    rows: Mapping[str, tuple[int, int, int]], k: float | None, gap: float, n: int, broken: bool
) -> str:
    """Give the verdict over `n` runs: "seamless", "basic", "partial" or "broken".

    `rows` holds (criticality, times on time, times required) by interface. Seamless asks for at
    least 35 runs, every critical interface on time with a Wilson 95 % lower bound of 0.90, all
    interfaces exercised and at most 2 % of the time without a clear commander. `broken`: a
    critical interface that nobody declares cost lives.
    """
    if broken:
        return "broken"
    critical = [(kept, asked) for level, kept, asked in rows.values() if level >= CRITICAL]
    exercised = bool(critical) and all(asked for _, _, asked in rows.values())
    judged = n >= RUNS_FOR_SEAMLESS and gap <= SEAMLESS_GAP and exercised
    if judged and all(wilson(kept, asked)[0] >= SEAMLESS_RATE for kept, asked in critical):
        return "seamless"
    return "basic" if k is not None and k >= BASIC_K else "partial"
