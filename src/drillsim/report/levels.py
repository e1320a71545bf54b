"""Response levels in every plan's own scale on one page, and who held command when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from drillsim.i18n import Lang, catalogue, say
from drillsim.linkage.truth import Truth
from drillsim.log.events import Event
from drillsim.log.runlog import RunLog
from drillsim.report import svg
from drillsim.report.svg import INK, RED, SOFT
from drillsim.report.words import body_name, level_name, minute, named, org_name
from drillsim.scenario import RequiredLevel, Scenario

catalogue(
    {
        "levels.required": ("应达等级", "required"),
        "levels.title": ("各预案响应级别", "levels of every plan"),
        "levels.command": ("指挥权", "command"),
        "levels.gap": ("空缺", "nobody"),
        "levels.lost": ("空缺或冲突 {n} 分", "unclear for {n} min"),
        "levels.contest": ("两人争指挥", "two commanders"),
        "levels.missed": ("无人启动", "nobody activated it"),
        "levels.never": ("从未启动", "never activated"),
        "levels.severity": ("共同标尺 {n}", "common scale {n}"),
    }
)

SEVERITY_COLOURS = ("#c9d1d9", "#f2d16b", "#f0a23c", "#dc5b35", "#a3202a")
SEVERITY_INK = (INK, INK, INK, "#fff", "#fff")
WIDTH, LEFT, RIGHT = 1180.0, 250.0, 1130.0
ROW = 26.0


@dataclass(frozen=True)
class Span:
    """A stretch of time (s) with its words and its place on the common scale 0 to 4."""

    t0_s: float
    t1_s: float
    words: str
    severity: int
    hint: str = ""


def level_spans(scenario: Scenario, log: RunLog, plan_id: str, lang: Lang) -> list[Span]:
    """Give which level of a plan was in force when; a graver one replaces a lighter one."""
    changes: list[tuple[float, Event]] = []
    best: int | None = None
    for event in log.of("level-activated"):
        if event.subject.partition(":")[0] != plan_id:
            continue
        rank = int(event.data["rank"])
        if best is None or rank < best:
            best = rank
            changes.append((event.t, event))
    ended = next((e.t for e in log.of("ended")), log.end_s)
    out = []
    for k, (t_s, event) in enumerate(changes):
        until = changes[k + 1][0] if k + 1 < len(changes) else max(ended, t_s)
        name = level_name(scenario, event.subject, lang)
        who = body_name(scenario, event.who, lang)
        hint = f"{name} · {who} · T+{minute(t_s, lang)} · {event.clause}"
        out.append(Span(t_s, until, name, int(event.data["severity"]), hint))
    return out


def required_spans(log: RunLog, levels: Iterable[RequiredLevel]) -> list[Span]:
    """Give which severity the truth asked for when: the gravest criterion that held."""
    truth = Truth(log)
    levels = tuple(levels)
    times = {0.0, *(t for level in levels for t in truth.changes(level.when))}
    out: list[Span] = []
    for t_s in sorted(t for t in times if t <= log.end_s):
        moment = truth.at(t_s)
        severity = max((v.severity for v in levels if v.when.holds(moment)), default=0)
        if out and out[-1].severity == severity:
            continue
        if out:
            out[-1] = Span(out[-1].t0_s, t_s, "", out[-1].severity)
        out.append(Span(t_s, log.end_s, "", severity))
    return out


def command_spans(
    scenario: Scenario, log: RunLog, scope: str, lang: Lang
) -> tuple[list[Span], list[Span]]:
    """Give who held a scope when, and the times when it was lost or contested."""
    held: list[Span] = []
    bad: list[Span] = []
    for event in log.of("command-taken", "command-lost", "command-contested"):
        if event.subject != scope:
            continue
        if held and held[-1].t1_s > event.t and event.kind != "command-contested":
            held[-1] = Span(held[-1].t0_s, event.t, held[-1].words, 0, held[-1].hint)
        if event.kind == "command-taken":
            if bad and bad[-1].t1_s > event.t:
                bad[-1] = Span(bad[-1].t0_s, event.t, bad[-1].words, bad[-1].severity)
            who = body_name(scenario, event.who, lang)
            held.append(Span(event.t, log.end_s, who, 0, f"{who} · T+{minute(event.t, lang)}"))
        elif event.kind == "command-lost":
            bad.append(Span(event.t, log.end_s, say("levels.gap", lang), 4))
        else:
            until = float(event.data.get("until_s") or event.t)
            who = body_name(scenario, event.who, lang)
            words = say("levels.contest", lang)
            bad.append(Span(event.t, until, words, 3, f"{words}: {who}"))
    return held, bad


def levels_chart(scenario: Scenario, log: RunLog, lang: Lang) -> str:
    """Draw levels of all plans and holders of all scopes over one time axis."""
    plans = [plan for _, plan in sorted(scenario.plan_set.plans.items()) if plan.of("levels")]
    scopes = list(dict.fromkeys(e.subject for e in log.of("command-taken", "command-contested")))
    axis = svg.TimeAxis(0.0, max(log.end_s, 600.0), LEFT, RIGHT)
    missed: dict[str, list[Event]] = {}
    for event in log.of("level-missed"):
        missed.setdefault(event.subject.partition(":")[0], []).append(event)
    needs: dict[str, list[RequiredLevel]] = {}
    for level in scenario.yardstick.required_levels:
        for plan_id in level.plans:
            needs.setdefault(plan_id, []).append(level)
    y = 40.0
    body: list[str] = []
    for plan in plans:
        plan_id = plan.head.id
        spans = level_spans(scenario, log, plan_id, lang)
        if not (spans or plan_id in needs or plan_id in missed):
            continue
        owner = org_name(scenario, plan.head.owner, lang)
        name = svg.shortened(f"{plan_id} {owner}", 11, LEFT - 20)
        title = svg.hint(plan.head.title.say(lang))
        body.append(svg.tag("g", title + svg.words(6, y + 16, name, 11)))
        body.append(_required(required_spans(log, needs.get(plan_id, ())), axis, y))
        body.append(_bars(spans, axis, y))
        body += [_missed(e, axis, y, scenario, lang) for e in missed.get(plan_id, ())]
        if not spans and plan_id in needs:
            words = say("levels.never", lang)
            body.append(svg.words(LEFT + 6, y + 18, words, 10.5, RED))
        y += ROW + 4
    y += 22
    body.append(svg.words(6, y - 6, say("levels.command", lang), 11, SOFT, weight="700"))
    for scope in scopes:
        held, bad = command_spans(scenario, log, scope, lang)
        body.append(svg.words(6, y + 16, named("scope", scope, lang), 11))
        lost_s = sum(span.t1_s - span.t0_s for span in bad)
        if lost_s:
            words = say("levels.lost", lang, n=f"{lost_s / 60:.0f}")
            body.append(svg.words(LEFT - 10, y + 16, words, 10.5, RED, "end"))
        body.append(_holders(held, bad, axis, y))
        y += ROW
    grid = axis.grid(30, y, lang)
    return svg.drawing(WIDTH, y + 6, grid + "".join(body), say("levels.title", lang))


def _required(spans: Sequence[Span], axis: svg.TimeAxis, y: float) -> str:
    """Draw the required severity as a thin band above the level."""
    out = []
    for span in spans:
        if span.severity:
            x0, x1 = axis.at(span.t0_s), axis.at(span.t1_s)
            colour = SEVERITY_COLOURS[span.severity]
            out.append(svg.box(x0, y, x1 - x0, 4, fill=colour, stroke=INK, stroke_width=0.4))
    return "".join(out)


def _bars(spans: Sequence[Span], axis: svg.TimeAxis, y: float) -> str:
    out = []
    for span in spans:
        x0, x1 = axis.at(span.t0_s), axis.at(span.t1_s)
        colour = SEVERITY_COLOURS[span.severity]
        out.append(svg.box(x0, y + 6, x1 - x0, ROW - 7, svg.hint(span.hint), fill=colour))
        words = svg.shortened(span.words, 10.5, x1 - x0 - 8)
        if len(words) > 1:
            ink = SEVERITY_INK[span.severity]
            out.append(svg.words(x0 + 4, y + 20, words, 10.5, ink))
    return "".join(out)


def _missed(event: Event, axis: svg.TimeAxis, y: float, scenario: Scenario, lang: Lang) -> str:
    name = level_name(scenario, event.subject, lang)
    hint = svg.hint(f"{say('levels.missed', lang)}: {name} · T+{minute(event.t, lang)}")
    x = axis.at(event.t)
    return svg.tag("g", hint + svg.words(x, y + 20, "✕", 13, RED, "middle", "700", halo=True))


def _holders(held: Sequence[Span], bad: Sequence[Span], axis: svg.TimeAxis, y: float) -> str:
    out = []
    for span in held:
        x0, x1 = axis.at(span.t0_s), axis.at(span.t1_s)
        out.append(
            svg.box(x0, y + 3, max(x1 - x0 - 1, 1.5), ROW - 9, svg.hint(span.hint), fill="#cfe0f1",
                    stroke="#1f6fb2", stroke_width=0.8)
        )  # fmt: skip
        words = svg.shortened(span.words, 10.5, x1 - x0 - 8)
        if len(words) > 1:
            out.append(svg.words(x0 + 4, y + 15.5, words, 10.5))
    for span in bad:
        x0, x1 = axis.at(span.t0_s), axis.at(span.t1_s)
        hint = svg.hint(span.hint or span.words)
        out.append(svg.box(x0, y + ROW - 5, max(x1 - x0, 2.0), 5, hint, fill=RED))
    return "".join(out)
