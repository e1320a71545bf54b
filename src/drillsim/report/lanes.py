"""Swim lanes: one lane an organisation, messages as arrows, levels as flags, work as bars."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from drillsim.i18n import Lang, catalogue, say
from drillsim.log.events import Event
from drillsim.log.runlog import RunLog
from drillsim.report import svg
from drillsim.report.levels import SEVERITY_COLOURS, SEVERITY_INK
from drillsim.report.svg import BLUE, INK, RED, SOFT, TEAL
from drillsim.report.telling import fact_name
from drillsim.report.words import (
    body_name,
    level_name,
    message_name,
    minute,
    named,
    org_name,
    org_of,
)
from drillsim.scenario import Scenario

catalogue(
    {
        "lanes.title": ("T+{a} 至 T+{b} 分", "T+{a} to T+{b} min"),
        "lanes.label": ("泳道图", "swim lanes"),
        "lanes.unknown": ("未知：{what}", "unknown: {what}"),
        "lanes.command": ("{scope}：{who}", "{scope}: {who}"),
    }
)

WIDTH, LEFT, RIGHT = 1180.0, 225.0, 1140.0
HIGH = 38.0
FLAGS = ("level-activated", "command-taken", "zone-ordered")
TIERS = ("enterprise", "park", "township", "county", "city", "province", "national")
PANELS_MIN: tuple[tuple[float, float], ...] = ((0, 15), (15, 45), (45, 90), (90, 240), (240, 480))


@dataclass(frozen=True)
class Arrow:
    """Messages of one kind between two organisations that went together; times in s."""

    kind: str
    sender: str
    receiver: str
    sent_s: float
    came_s: float
    failed: bool
    count: int
    hint: str


def arrows(scenario: Scenario, log: RunLog, lang: Lang) -> list[Arrow]:
    """Give delivered and failed messages; the like of one minute are drawn as one."""
    groups: dict[tuple[str, str, str, bool, int], list[tuple[float, Event]]] = {}
    for event in log.of("message-delivered", "message-failed"):
        failed = event.kind == "message-failed"
        sender = event.who if failed else str(event.data["sender"])
        receiver = str(event.data["to"]) if failed else event.who
        sent_s = next(
            (log.events[c].t for c in event.causes if log.events[c].kind == "message-sent"), event.t
        )
        key = (event.subject, org_of(sender), org_of(receiver), failed, int(sent_s // 60))
        groups.setdefault(key, []).append((sent_s, event))
    out = []
    for (kind, sender, receiver, failed, _), found in groups.items():
        sent_s, first = found[0]
        hint = _hint(scenario, kind, first, sender, receiver, lang)
        out.append(Arrow(kind, sender, receiver, sent_s, first.t, failed, len(found), hint))
    return sorted(out, key=lambda a: (a.sent_s, a.kind, a.sender, a.receiver))


def _hint(
    scenario: Scenario, kind: str, event: Event, sender: str, receiver: str, lang: Lang
) -> str:
    who = f"{org_name(scenario, sender, lang)} → {org_name(scenario, receiver, lang)}"
    words = f"{message_name(scenario, kind, lang)}: {who} · T+{minute(event.t, lang)}"
    if event.data.get("why"):
        words += f" · {named('why', str(event.data['why']), lang)}"
    unknown = [k for k, v in (event.data.get("content") or {}).items() if v is None]
    if unknown:
        names = [fact_name(scenario, key, lang) for key in unknown]
        words += f" · {say('lanes.unknown', lang, what=', '.join(names))}"
    return f"{words} · {event.clause}" if event.clause else words


def panels(scenario: Scenario, log: RunLog, lang: Lang) -> list[tuple[str, str]]:
    """Give (title, drawing) for each stretch of the drill in which something went on."""
    everything = arrows(scenario, log, lang)
    ranked = lane_order(scenario, everything, _marks(log, 0.0, math.inf))
    out = []
    for begin, end in PANELS_MIN:
        t0, t1 = begin * 60.0, min(end * 60.0, max(log.end_s, 60.0))
        if t1 - t0 < 60:
            continue
        inside = [a for a in everything if a.sent_s < t1 and a.came_s >= t0]
        marks = _marks(log, t0, t1)
        active = {a.sender for a in inside} | {a.receiver for a in inside}
        active |= {org_of(event.who) for event in marks}
        order = [org for org in ranked if org in active]
        if not order:
            continue
        title = say("lanes.title", lang, a=f"{t0 / 60:g}", b=f"{t1 / 60:g}")
        out.append((title, _panel(scenario, inside, marks, order, (t0, t1), lang)))
    return out


def _marks(log: RunLog, t0: float, t1: float) -> list[Event]:
    """Give the events that are drawn on a lane itself."""
    kinds = ("level-activated", "command-taken", "task-started", "task-done", "zone-ordered")
    return [e for e in log.of(*kinds) if t0 <= e.t < t1]


def lane_order(scenario: Scenario, found: Iterable[Arrow], marks: Iterable[Event]) -> list[str]:
    """Order the organisations that take part from the plant up to the province.

    Bodies of one tier stand in the order in which they first act, so that most arrows are short.
    """
    first: dict[str, float] = {}
    for arrow in found:
        for org, t_s in ((arrow.sender, arrow.sent_s), (arrow.receiver, arrow.came_s)):
            first[org] = min(first.get(org, math.inf), t_s)
    for event in marks:
        org = org_of(event.who)
        first[org] = min(first.get(org, math.inf), event.t)
    known = scenario.plan_set.organisations

    def tier(org: str) -> int:
        return TIERS.index(known[org].level) if org in known else len(TIERS)

    return sorted((o for o in first if o != "world"), key=lambda o: (tier(o), first[o], o))


def _lane_height(org: str, marks: Iterable[Event]) -> float:
    """Give a lane with many flags room for two more rows of them."""
    flags = sum(org_of(e.who) == org and e.kind in FLAGS for e in marks)
    return HIGH + (28.0 if flags > 3 else 0.0)


def _panel(
    scenario: Scenario,
    found: Sequence[Arrow],
    marks: Sequence[Event],
    order: Sequence[str],
    window: tuple[float, float],
    lang: Lang,
) -> str:
    axis = svg.TimeAxis(window[0], window[1], LEFT, RIGHT)
    top = 24.0
    high = {org: _lane_height(org, marks) for org in order}
    begins = {org: top + sum(high[o] for o in order[:k]) for k, org in enumerate(order)}
    at = {org: begins[org] + high[org] - HIGH / 2 for org in order}
    bottom = top + sum(high.values())
    room = svg.Room(LEFT, top, WIDTH, bottom)
    out = [axis.grid(top, bottom, lang)]
    for k, org in enumerate(order):
        if k % 2:
            out.insert(0, svg.box(0, begins[org], WIDTH, high[org], fill="#f3f6f9"))
        name = svg.shortened(org_name(scenario, org, lang), 11, LEFT - 14)
        out.append(svg.words(6, at[org] + 4, name, 11))
        out.append(svg.line(LEFT, at[org], RIGHT, at[org], stroke="#b9c3cd"))
    known: set[tuple[str, str, str]] = set()
    for arrow in found:
        key = (arrow.kind, arrow.sender, arrow.receiver)
        out.append(_arrow(arrow, at, axis, faint=key in known and not arrow.failed))
        known.add(key)
    out.append(_work(marks, at, axis, room, lang))
    out.append(_flags(scenario, marks, at, axis, room, lang))
    done: set[tuple[str, str, float]] = set()
    for arrow in found:
        out.append(_arrow_label(scenario, arrow, at, axis, room, done, lang))
    return svg.drawing(WIDTH, bottom + 6, "".join(out), say("lanes.label", lang))


def _ends(
    arrow: Arrow, at: dict[str, float], axis: svg.TimeAxis
) -> tuple[float, float, float, float]:
    """Give both ends of an arrow, cut where the stretch of time begins and ends."""
    y0, y1 = at[arrow.sender], at[arrow.receiver]
    lasts = max(arrow.came_s - arrow.sent_s, 1e-9)

    def height(t_s: float) -> float:
        share = (min(max(t_s, axis.t0_s), axis.t1_s) - arrow.sent_s) / lasts
        return y0 + (y1 - y0) * min(max(share, 0.0), 1.0)

    return axis.at(arrow.sent_s), height(arrow.sent_s), axis.at(arrow.came_s), height(arrow.came_s)


def _arrow(arrow: Arrow, at: dict[str, float], axis: svg.TimeAxis, faint: bool) -> str:
    """Draw one arrow; a repeated report is drawn faintly."""
    x0, y0, x1, y1 = _ends(arrow, at, axis)
    whole = axis.holds(arrow.came_s)
    colour = RED if arrow.failed else "#44546a"
    if arrow.sender == arrow.receiver:
        d = f"M{svg.num(x0)},{svg.num(y0)}q{svg.num((x1 - x0) / 2)},-14 {svg.num(x1 - x0)},0"
        dash = "3 3" if arrow.failed else None
        loop = svg.tag("path", svg.hint(arrow.hint), d=d, fill="none", stroke=colour,
                       stroke_width=1.1, stroke_dasharray=dash)  # fmt: skip
        return loop + svg.dot(x1, y1, 2.2, fill=colour)
    angle = math.atan2(y1 - y0, x1 - x0)
    line = svg.tag(
        "line", svg.hint(arrow.hint), x1=float(x0), y1=float(y0), x2=float(x1), y2=float(y1),
        stroke=colour, stroke_width=1.2, stroke_dasharray="4 3" if arrow.failed else None,
        stroke_opacity="0.35" if faint else None, class_="arrow",
    )  # fmt: skip
    if not whole:
        tip = ""
    elif arrow.failed:
        tip = svg.words(x1, y1 + 4, "✕", 11, RED, "middle", "700")
    else:
        tip = svg.arrow_head(x1, y1, angle, 7, "#a3adb8" if faint else colour)
    start = svg.dot(x0, y0, 2, fill=colour) if axis.holds(arrow.sent_s) else ""
    return start + line + tip


def _arrow_label(
    scenario: Scenario,
    arrow: Arrow,
    at: dict[str, float],
    axis: svg.TimeAxis,
    room: svg.Room,
    done: set[tuple[str, str, float]],
    lang: Lang,
) -> str:
    """Name a message beside its arrow where there is room; the same news once a lane and minute."""
    key = (arrow.kind, arrow.sender, arrow.sent_s // 600)
    if arrow.failed or key in done:
        return ""
    words = message_name(scenario, arrow.kind, lang)
    words += f" ×{arrow.count}" if arrow.count > 1 else ""
    wide = svg.width_of(words, 9.5) + 2
    x0, y0, x1, y1 = _ends(arrow, at, axis)
    for share in (0.5, 0.3, 0.7, 0.15, 0.85):
        x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
        for dx, dy in ((4.0, -6.0), (-wide - 4, -6.0), (4.0, 4.0), (-wide - 4, 4.0)):
            if room.free(x + dx, y + dy, wide, 11):
                room.take(x + dx, y + dy, wide, 11)
                done.add(key)
                return svg.words(x + dx, y + dy + 9, words, 9.5, "#2c4a72", halo=True)
    return ""


def _work(
    marks: Sequence[Event], at: dict[str, float], axis: svg.TimeAxis, room: svg.Room, lang: Lang
) -> str:
    """Draw tasks as bars under the lane, from start to end, and protective orders as marks."""
    out = []
    ends: dict[tuple[str, str], list[float]] = {}
    for event in marks:
        if event.kind == "task-done":
            ends.setdefault((org_of(event.who), event.subject), []).append(event.t)
    for event in marks:
        org = org_of(event.who)
        if event.kind == "task-started":
            later = [t for t in ends.get((org, event.subject), []) if t >= event.t]
            x0, x1 = axis.at(event.t), axis.at(later[0] if later else axis.t1_s)
            y = at[org] + 8
            words = svg.shortened(named("verb", event.subject, lang), 9, max(x1 - x0, 70))
            wide = max(x1 - x0, 3.0)
            if not room.free(x0, y, max(wide, svg.width_of(words, 9)), 10):
                continue
            room.take(x0, y, max(wide, svg.width_of(words, 9)), 10)
            out.append(svg.box(x0, y, wide, 10, fill=TEAL, fill_opacity="0.25", stroke=TEAL,
                               stroke_width=0.6))  # fmt: skip
            out.append(svg.words(x0 + 2, y + 8, words, 9, "#0a5a5d"))
    return "".join(out)


def _flags(
    scenario: Scenario,
    marks: Sequence[Event],
    at: dict[str, float],
    axis: svg.TimeAxis,
    room: svg.Room,
    lang: Lang,
) -> str:
    """Draw levels, orders and command taken as flags above the lane."""
    out = []
    for event in marks:
        org = org_of(event.who)
        if event.kind == "level-activated":
            words = level_name(scenario, event.subject, lang)
            severity = int(event.data["severity"])
            back, ink = SEVERITY_COLOURS[severity], SEVERITY_INK[severity]
        elif event.kind == "zone-ordered":
            words, back, ink = named("action", event.subject, lang), "#7a4fa3", "#fff"
        elif event.kind == "command-taken":
            words, back, ink = "★" + named("scope", event.subject, lang), BLUE, "#fff"
        else:
            continue
        x, y = axis.at(event.t), at[org] - 18
        wide = svg.width_of(words, 9.5) + 6
        spots = [(x + dx, y + dy) for dy in (0, -14, -28, 22) for dx in (0, -wide)]
        spot = next((s for s in spots if room.free(*s, wide, 13)), None)
        pole = svg.line(x, at[org], x, spot[1] if spot else y, stroke=INK, stroke_width=1)
        hint = svg.hint(f"{words} · {body_name(scenario, event.who, lang)} · "
                        f"T+{minute(event.t, lang)} {event.clause}")  # fmt: skip
        if spot is None:
            out.append(pole + svg.dot(x, y + 3, 4, hint, fill=back, stroke=SOFT))
            continue
        left, up = spot
        room.take(left, up, wide, 13)
        out.append(pole + svg.box(left, up, wide, 13, hint, fill=back, rx=2))
        out.append(svg.words(left + 3, up + 10, words, 9.5, ink))
    return "".join(out)
