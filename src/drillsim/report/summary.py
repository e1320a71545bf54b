"""The first screen of a report: what happened, in a few sentences with numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drillsim.i18n import Lang, catalogue, say
from drillsim.report.assessment import linkage_share
from drillsim.report.harm import harm_say
from drillsim.report.losses import shown, tonnes, with_waters
from drillsim.report.model import ScenarioRun
from drillsim.report.scene import receptors
from drillsim.report.timeline import Row

catalogue(
    {
        "head.loss": (
            "按“{name}”推演：死亡 {deaths} 人，重伤 {serious} 人，{exposed}。",
            'In the run "{name}": {deaths} deaths, {serious} seriously hurt, {exposed}.',
        ),
        "head.loss-mean": (
            "按“{name}”推演，多次重复平均：死亡 {deaths} 人，重伤 {serious} 人，{exposed}。",
            'In the run "{name}", mean of the replications: {deaths} deaths, {serious} seriously '
            "hurt, {exposed}.",
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
        "head.links-nothing": (
            "照预案执行与无缝衔接的损失相同：本次没有因衔接不畅造成损失。",
            "Perfect plans and ideal links lose the same: poor linkage cost nothing here.",
        ),
        "head.links-all": (
            "仅因衔接不畅（照预案执行与无缝衔接之差）损失 {gap}；无缝衔接时优于参照规则。",
            "Poor linkage alone (perfect against ideal links) costs {gap}; with ideal links the "
            "plans do better than the reference rule.",
        ),
        "head.messages": (
            "法律与灾情要求的 {n} 条信息通报中，按时送达 {good} 条，迟到 {late} 条，"
            "未送达 {never} 条，{undeclared} 条没有任何预案规定。",
            "Of {n} messages that law and hazard require, {good} came in time, {late} late, "
            "{never} never; {undeclared} are in no plan.",
        ),
        "head.all-told": (
            "法律与灾情要求的 {n} 条信息通报全部按时送达。",
            "All {n} messages that law and hazard require came in time.",
        ),
        "head.no-loss": (
            "有无预案、参照规则的损失指数均为 0：本次事故没有造成损失。",
            "The loss index is 0 without plans, with them and under the reference: this run of "
            "the accident did no harm.",
        ),
        "head.worse": (
            "与无预案相比，损失指数由 {none} 变为 {now}；参照规则为 {best}，本次不如预案"
            "（参照是固定规则，并非最优）。",
            "Against no plan the loss index goes from {none} to {now}; the reference rule reaches "
            "{best}, here worse than the plans (it is a fixed rule, no optimum).",
        ),
        "head.environment": (
            "环境损失 {now} 吨（无预案时 {none} 吨）。",
            "Loss to the environment: {now} t ({none} t without plans).",
        ),
    }
)


# A difference of the loss index that two decimals do not show.
LITTLE = 0.005


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
                exposed=harm_say(run.scenario, "count", lang, n=shown(loss.exposed)))
        )  # fmt: skip
    if {variant, "none", "reference"} <= set(losses):
        none, now, best = (losses[v].scalar for v in ("none", variant, "reference"))
        key = "head.gain" if best <= now + LITTLE else "head.worse"
        key = "head.no-loss" if max(none, now, best) < LITTLE else key
        out.append(say(key, lang, none=f"{none:.2f}", now=f"{now:.2f}", best=f"{best:.2f}"))
    if {variant, "none"} <= set(losses) and with_waters(losses):
        now, none = (losses[v].part("environment") for v in (variant, "none"))
        out.append(say("head.environment", lang, now=tonnes(now), none=tonnes(none)))
    share = linkage_share(losses)
    if share is not None:
        gap = losses["perfect"].scalar - losses["ideal-links"].scalar
        key = "head.links-nothing" if gap < LITTLE else "head.links"
        key = "head.links-all" if gap >= LITTLE and share > 1.0 else key
        out.append(say(key, lang, gap=f"{gap:.2f}", share=100 * share))
    return out


def _messages(rows: Sequence[Row], lang: Lang) -> str:
    if not rows:
        return ""
    count = dict.fromkeys(("good", "late", "never", "undeclared"), 0)
    for row in rows:
        count[row.verdict] += 1
    if count["good"] == len(rows):
        return say("head.all-told", lang, n=len(rows))
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
    return harm_say(
        run.scenario, "people", lang, places=len(reached), heads=shown(early + late + never),
        early=shown(early), late=shown(late), never=shown(never),
    )  # fmt: skip
