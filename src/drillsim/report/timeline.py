"""Who told whom at which minute: law, plan and need against what happened."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from drillsim.i18n import Lang, catalogue, say
from drillsim.linkage.interfaces import InterfaceRun, detection, interface_runs
from drillsim.log.runlog import RunLog
from drillsim.report import svg
from drillsim.report.model import ScenarioRun
from drillsim.report.svg import GREEN, INK, ORANGE, RED, SOFT
from drillsim.report.words import interface_name, kinds_name, org_name
from drillsim.scenario import RequiredInterface, Scenario

catalogue(
    {
        "timeline.undeclared": ("无预案规定", "no plan says it"),
        "timeline.at-once": ("立即", "at once"),
        "timeline.need": ("最迟有用时刻（分）", "latest useful minute"),
        "timeline.plan": ("预案规定时刻", "minute the plan sets"),
        "timeline.perfect": ("照预案执行", "plan carried out perfectly"),
        "timeline.actual": ("实际执行", "as executed"),
        "timeline.late": ("晚于需要", "later than needed"),
        "timeline.never": ("未送达", "never delivered"),
        "timeline.part": ("仅部分收到", "some were told"),
        "timeline.more": (" 等（另 {n} 家）", " and {n} more"),
        "timeline.label": ("时间线", "time line"),
        "timeline.unconfirmed": ("未确认", "not confirmed"),
    }
)

WIDTH, HIGH = 420.0, 22.0
SHOWN_ORGS = 4
TICKS_MIN = (0, 1, 3, 5, 10, 20, 30, 45, 60, 90, 120, 180)


@dataclass(frozen=True)
class Actual:
    """How a required message fared in one variant; minutes count from detection."""

    told_min: float | None
    missing: tuple[str, ...]
    part_min: float | None
    content: float
    on_time: bool
    confirmed: bool


@dataclass(frozen=True)
class Row:
    """One required message: the limits and what happened, in minutes from detection."""

    id: str
    name: str
    what: str
    senders: str
    receivers: str
    criticality: int
    law: str
    basis: str
    law_min: float | None
    plan_min: float | None
    need_min: float | None
    declared: tuple[str, ...]
    perfect: Actual | None
    actual: Actual | None
    drawing: str = ""

    @property
    def verdict(self) -> str:
        """Give a word for the colour of the row: good, late, never, undeclared."""
        if not self.declared:
            return "undeclared"
        if self.actual is None or self.actual.told_min is None:
            return "never"
        return "good" if self.actual.on_time else "late"


def timeline(run: ScenarioRun, lang: Lang) -> list[Row]:
    """Give every interface that the course of the run required, by need, then by weight."""
    actual = _runs(run.scenario, run.shown)
    perfect = _runs(run.scenario, run.planned) if run.planned else {}
    both = {**perfect, **actual}
    zero = {
        "perfect": _zero(run.planned) if run.planned else 0.0,
        "actual": _zero(run.shown),
    }
    rows = []
    for interface in run.scenario.yardstick.interfaces:
        if interface.id not in both:
            continue
        seen = both[interface.id]
        log = run.shown if interface.id in actual else run.planned or run.shown
        rows.append(
            _row(
                run.scenario, log, interface, seen,
                _actual(perfect.get(interface.id), zero["perfect"]),
                _actual(actual.get(interface.id), zero["actual"]), _zero(log), lang,
            )
        )  # fmt: skip
    rows.sort(key=lambda r: (r.need_min is None, r.need_min or 0.0, -r.criticality, r.id))
    span = _span(rows)
    return [_with_drawing(row, span, lang) for row in rows]


def _runs(scenario: Scenario, log: RunLog) -> dict[str, InterfaceRun]:
    return {found.interface.id: found for found in interface_runs(scenario, log)}


def _zero(log: RunLog) -> float:
    found = detection(log)
    return 0.0 if found is None else found.t


def _row(
    scenario: Scenario,
    log: RunLog,
    interface: RequiredInterface,
    seen: InterfaceRun,
    perfect: Actual | None,
    actual: Actual | None,
    zero_s: float,
    lang: Lang,
) -> Row:
    law = interface.law
    woken = [
        float(log.events[telling.event].data["woken_s"])
        for telling in seen.tellings
        if telling.event is not None
    ]
    start_s = max(woken) if woken else seen.required_s
    begin_min = max(0.0, start_s - zero_s) / 60

    def after(duration_s: float | None) -> float | None:
        return None if duration_s is None else begin_min + duration_s / 60

    shown_law = "" if law is None else say("timeline.at-once", lang)
    if law is not None and law.within is not None:
        shown_law = f"{law.within / 60:g}"
    need_s = interface.need
    return Row(
        id=interface.id,
        name=interface_name(scenario, interface, lang),
        what=kinds_name(scenario, interface, lang),
        senders=_names(scenario, interface.senders, lang),
        receivers=_names(scenario, interface.receivers, lang),
        criticality=interface.criticality,
        law=shown_law,
        basis=law.basis if law else "",
        law_min=after(law.within) if law else None,
        plan_min=after(seen.plan_s),
        need_min=None if need_s is None else (seen.required_s - zero_s + need_s) / 60,
        declared=seen.declared,
        perfect=perfect,
        actual=actual,
    )


def _names(scenario: Scenario, orgs: Sequence[str], lang: Lang) -> str:
    joint = "、" if lang == "zh" else ", "
    shown = joint.join(org_name(scenario, org, lang) for org in orgs[:SHOWN_ORGS])
    more = len(orgs) - SHOWN_ORGS
    return shown if more <= 0 else shown + say("timeline.more", lang, n=more)


def _actual(found: InterfaceRun | None, zero_s: float) -> Actual | None:
    if found is None:
        return None
    times = [telling.t_s for telling in found.tellings]
    told = [t for t in times if math.isfinite(t)]
    whole = len(told) == len(times)
    return Actual(
        told_min=(max(told) - zero_s) / 60 if whole else None,
        missing=tuple(t.receiver for t in found.tellings if not math.isfinite(t.t_s)),
        part_min=(min(told) - zero_s) / 60 if told and not whole else None,
        content=found.content,
        on_time=found.on_time,
        confirmed=found.executed,
    )


def _span(rows: Sequence[Row]) -> float:
    """Give the last minute of the axis: enough for all that happened, at least 20."""
    found = [20.0]
    for row in rows:
        found += [m for m in (row.need_min, row.plan_min) if m is not None]
        found += [a.told_min for a in (row.actual, row.perfect) if a and a.told_min is not None]
    return next((float(t) for t in TICKS_MIN if t >= max(found)), max(found))


def x_of(minute: float, span: float) -> float:
    """Give the place on the compressed axis (square root of time, so early minutes get room)."""
    return 8 + (WIDTH - 24) * math.sqrt(min(max(minute, 0.0), span) / span)


def axis(rows: Sequence[Row], lang: Lang) -> str:
    """Draw the head of the time column."""
    span = _span(rows)
    out = []
    for tick in TICKS_MIN:
        if tick <= span:
            x = x_of(tick, span)
            out.append(svg.words(x, 12, str(tick), 10, SOFT, "middle"))
            out.append(svg.line(x, 15, x, HIGH, stroke=SOFT))
    return svg.drawing(WIDTH, HIGH, "".join(out), say("timeline.label", lang))


def _with_drawing(row: Row, span: float, lang: Lang) -> Row:
    mid = HIGH / 2
    out = [
        svg.line(x_of(t, span), 0, x_of(t, span), HIGH, stroke="#eceff2")
        for t in TICKS_MIN
        if t <= span
    ]
    if row.need_min is not None:
        x = x_of(row.need_min, span)
        out.insert(0, svg.box(8, 3, x - 8, HIGH - 6, fill=GREEN, fill_opacity="0.13"))
        hint = svg.hint(f"{say('timeline.need', lang)}: {row.need_min:.1f}")
        out.append(svg.box(x - 1, 2, 2.5, HIGH - 4, hint, fill=GREEN))
    if row.plan_min is not None:
        x = x_of(row.plan_min, span)
        hint = svg.hint(f"{say('timeline.plan', lang)}: {row.plan_min:.1f}")
        corners = [(x - 5, 3.0), (x + 5, 3.0), (x, 11.0)]
        out.append(
            svg.tag("path", hint, d=svg.d_of(corners, closed=True), fill="none", stroke=INK,
                    stroke_width=1.3)
        )  # fmt: skip
    out += _marks(row, span, mid, lang)
    label = row.name
    return replace(row, drawing=svg.drawing(WIDTH, HIGH, "".join(out), label))


def _marks(row: Row, span: float, mid: float, lang: Lang) -> list[str]:
    """Draw what happened: a ring when carried out perfectly, a disc as executed, a cross never."""
    out = []
    if row.perfect and row.perfect.told_min is not None:
        hint = svg.hint(f"{say('timeline.perfect', lang)}: {row.perfect.told_min:.1f}")
        x = x_of(row.perfect.told_min, span)
        out.append(svg.dot(x, mid, 4.5, hint, fill="#fff", stroke=SOFT, stroke_width=1.8))
    if not row.declared:
        words = say("timeline.undeclared", lang)
        out.append(svg.words(WIDTH - 14, mid + 4, words, 10, RED, "end", halo=True))
        return out
    if row.actual is None:
        return out
    if row.actual.told_min is None:
        words = say("timeline.part" if row.actual.part_min is not None else "timeline.never", lang)
        out.append(svg.words(WIDTH - 14, mid + 4, f"✕ {words}", 10, RED, "end", halo=True))
        if row.actual.part_min is not None:
            x = x_of(row.actual.part_min, span)
            out.append(svg.dot(x, mid, 4, fill="#fff", stroke=RED, stroke_width=2))
        return out
    x = x_of(row.actual.told_min, span)
    colour = GREEN if row.actual.on_time else (ORANGE if row.actual.confirmed else RED)
    if row.need_min is not None and row.actual.told_min > 2 * row.need_min:
        colour = RED
    hint = svg.hint(f"{say('timeline.actual', lang)}: {row.actual.told_min:.1f}")
    out.append(svg.dot(x, mid, 5, hint, fill=colour, stroke="#fff"))
    return out
