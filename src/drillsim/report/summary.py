"""The first screen of a report: what happened, in a few sentences with numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drillsim.i18n import Lang, catalogue, say
from drillsim.report.assessment import linkage_share
from drillsim.report.losses import shown
from drillsim.report.model import ScenarioRun
from drillsim.report.scene import receptors
from drillsim.report.timeline import Row

catalogue(
    {
        "head.loss": (
            "按“{name}”推演：死亡 {deaths} 人，重伤 {serious} 人，{exposed} 人超过 AEGL-2。",
            'In the run "{name}": {deaths} deaths, {serious} seriously hurt, {exposed} people '
            "above AEGL-2.",
        ),
        "head.loss-mean": (
            "按“{name}”推演，多次重复平均：死亡 {deaths} 人，重伤 {serious} 人，"
            "{exposed} 人超过 AEGL-2。",
            'In the run "{name}", mean of the replications: {deaths} deaths, {serious} seriously '
            "hurt, {exposed} people above AEGL-2.",
        ),
        "head.gain": (
            "与无预案相比，损失指数由 {none} 变为 {now}；参照最优为 {best}。",
            "Against no plan the loss index goes from {none} to {now}; the reference-best reaches "
            "{best}.",
        ),
        "head.links": (
            "仅因衔接不畅（照预案执行与无缝衔接之差）损失 {gap}，占可避免损失的 {share:.0f}%。",
            "Poor linkage alone (perfect against ideal links) costs {gap}, {share:.0f} % of what "
            "could be avoided.",
        ),
        "head.messages": (
            "法律与灾情要求的 {n} 条信息通报中，按时送达 {good} 条，迟到 {late} 条，"
            "未送达 {never} 条，{undeclared} 条没有任何预案规定。",
            "Of {n} messages that law and hazard require, {good} came in time, {late} late, "
            "{never} never; {undeclared} are in no plan.",
        ),
        "head.people": (
            "云团所及 {places} 处 {heads} 人中，{early} 人在云团到达前得到告知，{late} 人晚于云团，"
            "{never} 人始终无人告知。",
            "Of {heads} people at {places} places that the cloud reached, {early} were told before "
            "it, {late} after it, {never} never.",
        ),
    }
)


@dataclass(frozen=True)
class Headline:
    """Composite and grade as printed, and the sentences below them."""

    composite: str
    grade: str
    tone: str
    sentences: tuple[str, ...]


TONES = {"excellent": "good", "good": "good", "fair": "middling", "poor": "bad"}


def headline(run: ScenarioRun, rows: Sequence[Row], lang: Lang) -> Headline:
    """Give the first screen of a run; `rows` is its time line."""
    grade, composite = run.card.grade, run.card.composite
    if run.table is not None and run.table.n > 1:
        grade, composite = run.table.grade, run.table.row("composite").mean
    return Headline(
        composite="—" if composite is None else f"{100 * composite:.0f}",
        grade=grade.say(lang),
        tone=TONES.get(grade.id, "middling"),
        sentences=tuple(
            s for s in (*_losses(run, lang), _messages(rows, lang), _people(run, lang)) if s
        ),
    )


def _losses(run: ScenarioRun, lang: Lang) -> list[str]:
    losses, variant = run.losses, run.shown.variant
    out = []
    if variant in losses:
        loss = losses[variant]
        key = "head.loss-mean" if losses is not run.card.losses else "head.loss"
        out.append(
            say(key, lang, name=say(f"report.short.{variant}", lang),
                deaths=shown(loss.deaths), serious=shown(loss.serious),
                exposed=shown(loss.exposed))
        )  # fmt: skip
    if {variant, "none", "reference"} <= set(losses):
        none, now, best = (losses[v].scalar for v in ("none", variant, "reference"))
        out.append(say("head.gain", lang, none=f"{none:.2f}", now=f"{now:.2f}", best=f"{best:.2f}"))
    share = linkage_share(losses)
    if share is not None:
        gap = losses["perfect"].scalar - losses["ideal-links"].scalar
        out.append(say("head.links", lang, gap=f"{gap:.2f}", share=100 * share))
    return out


def _messages(rows: Sequence[Row], lang: Lang) -> str:
    if not rows:
        return ""
    count = dict.fromkeys(("good", "late", "never", "undeclared"), 0)
    for row in rows:
        count[row.verdict] += 1
    return say("head.messages", lang, n=len(rows), **count)


def _people(run: ScenarioRun, lang: Lang) -> str:
    reached = [r for r in receptors(run.shown) if r.arrival_s is not None]
    if not reached:
        return ""
    early = late = never = 0.0
    for place in reached:
        assert place.arrival_s is not None
        if place.warned_s is None:
            never += place.heads
        elif place.warned_s <= place.arrival_s:
            early += place.heads
        else:
            late += place.heads
    return say(
        "head.people", lang, places=len(reached), heads=shown(early + late + never),
        early=shown(early), late=shown(late), never=shown(never),
    )  # fmt: skip
