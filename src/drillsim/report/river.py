"""The river of a spill: distance against time with the plume, intakes, what was done; the taps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from drillsim.hazards.river_spill import RiverSpill
from drillsim.hazards.slick_drift import GRID_S
from drillsim.i18n import Lang, catalogue, say
from drillsim.log.events import Event
from drillsim.report import svg
from drillsim.report.footprint import hazard_of
from drillsim.report.model import ScenarioRun
from drillsim.report.svg import BROWN, INK, ORANGE, RED, SOFT
from drillsim.report.words import body_name, clause_name, minute, named, place_name

catalogue(
    {
        "river.title": (
            "污染沿河道下行：横轴为时间，纵轴为距事故点的下游距离；{what}；数字为采取的措施",
            "The spill on its way down the water: time across, distance below the accident down; "
            "{what}; numbers are what was done",
        ),
        "river.title.cargo": ("蓝色为水中货物超限", "blue: cargo in the water above the limit"),
        "river.title.oil": ("棕线为油膜前缘和后缘", "brown lines: front and tail of the slick"),
        "river.taps": (
            "各供水片区水龙头水质（饮用水限值的倍数）：实线为本次推演，虚线为无人处置",
            "Water at the taps of each supply area, multiples of the limit: solid in this run, "
            "dashed if nobody had acted",
        ),
        "river.km": ("{km:.1f} 公里", "{km:.1f} km"),
        "river.times": ("≥{n:g}倍限值", "≥{n:g} x limit"),
        "river.idle": ("无人处置时的前锋", "leading edge if nobody acts"),
        "river.slick": ("油膜前缘、后缘", "front and tail of the slick"),
        "river.open": ("取水口敞开且超限", "intake open, water above the limit"),
        "river.shut": ("取水口已关闭", "intake shut"),
        "river.limit": ("限值", "limit"),
        "river.none": ("没有人对水体采取措施", "nobody did anything to the water"),
        "river.nobody": ("（自行）", "by itself"),
        "river.rescued": ("{n:.0f} 人获救上岸", "{n:.0f} brought ashore"),
        "river.died": ("{n:.0f} 人死亡", "{n:.0f} died"),
        "report.verb.stop-sluice": ("停泵关闸", "stop the sluice pumps"),
        "report.verb.close-intake": ("关闭取水口", "shut the intake"),
        "report.verb.deploy-boom": ("布设围油栏", "lay a boom"),
        "report.verb.skim-oil": ("收油", "skim oil"),
        "report.verb.close-channel": ("封航", "shut the channel"),
        "report.verb.tow-vessel": ("拖离事故船", "tow the wreck"),
        "report.verb.rescue-water": ("水上搜救", "rescue on water"),
        "report.verb.monitor-water": ("水质监测", "sample the water"),
        "report.verb.notify-consumers": ("停用通告", "tell customers"),
        "report.action.stop-drinking": ("停用自来水", "leave the tap alone"),
        "report.hazard.stop-sluice": ("闸泵停止", "sluice stopped"),
        "report.hazard.close-intake": ("取水口关闭", "intake shut"),
        "report.hazard.deploy-boom": ("围油栏布设", "boom laid"),
        "report.hazard.skim-oil": ("开始收油", "skimming"),
        "report.hazard.close-channel": ("封航", "channel shut"),
        "report.hazard.tow-vessel": ("事故船拖离", "wreck towed"),
        "report.hazard.stop-leak": ("堵住泄漏", "leak stopped"),
        "report.why.not-on-this-water": ("不在该水域", "not on this water"),
        "report.why.close-waterway": ("无封航权", "no power to shut the waterway"),
        "report.why.nobody-found": ("无人可救", "nobody to rescue"),
    }
)

Floats = NDArray[np.float64]
LEVELS = ((1.0, "#cfe3f5"), (10.0, "#7fb2de"), (30.0, "#2f6fae"))
WIDTH, LEFT, RIGHT, TOP, HIGH = 1180.0, 208.0, 1150.0, 52.0, 330.0
COARSE_S = 300.0
TAP_HIGH, TAP_COLOURS = 170.0, (RED, "#1f6fb2", "#8e5aa8")
MOST_NOTES = 14
LINE = 17.0


@dataclass(frozen=True)
class Frame:
    """Time across, distance (m) down."""

    time: svg.TimeAxis
    far_m: float

    def y(self, dist_m: float) -> float:
        """Give the height of a distance."""
        return TOP + HIGH * min(max(dist_m / self.far_m, 0.0), 1.0)


def pictures_of(run: ScenarioRun, lang: Lang) -> Sequence[tuple[str, str]]:
    """Give the two pictures of a spill: the river, and the taps."""
    spill = hazard_of(run.scenario, run.shown)
    assert isinstance(spill, RiverSpill)
    idle = _untouched(run)
    return (
        (_title(spill, lang), river(run, spill, idle, lang)),
        (say("river.taps", lang), taps(run, spill, idle, lang)),
    )


def _title(spill: RiverSpill, lang: Lang) -> str:
    """Say what the picture of the river shows for what was spilled."""
    there = (("cargo", spill.cargo is not None), ("oil", spill.slick is not None))
    what = [say(f"river.title.{key}", lang) for key, shown in there if shown]
    return say("river.title", lang, what=("，" if lang == "zh" else ", ").join(what))


def _untouched(run: ScenarioRun) -> RiverSpill:
    """Give the spill of the run in its drawn weather, had nobody acted."""
    log = run.shown
    kept = tuple(e for e in log.events if e.kind != "hazard-changed")
    spill = hazard_of(run.scenario, replace(log, events=kept))
    assert isinstance(spill, RiverSpill)
    return spill


def river(run: ScenarioRun, spill: RiverSpill, idle: RiverSpill, lang: Lang) -> str:
    """Draw distance against time: plume, slick, intakes, and each act with its number."""
    end_s = run.shown.end_s
    axis = svg.TimeAxis(0.0, max(end_s, 3600.0), LEFT, RIGHT)
    frame = Frame(axis, float(spill.course.dist_m[-1]))
    notes = _notes(run, spill, lang)
    parts = [axis.grid(TOP - 12, TOP + HIGH, lang), _plume(spill, frame), _idle(idle, frame)]
    parts += [_slick(spill, frame), _marks(run, spill, frame, lang), _numbers(notes, frame)]
    parts.append(_legend(spill, lang, TOP + HIGH + 22))
    y = TOP + HIGH + 48 + LINE
    if not notes:
        parts.append(svg.words(LEFT, y, say("river.none", lang), 12, SOFT))
    rows = (len(notes) + 1) // 2
    for k, note in enumerate(notes):
        x = LEFT + (k // max(rows, 1)) * (RIGHT - LEFT) / 2
        line = svg.shortened(f"{k + 1}  T+{note.minute}  {note.words}", 11, 505)
        parts.append(svg.words(x, y + LINE * (k % max(rows, 1)), line, 11))
    height = y + LINE * max(rows, 1) + 4
    return svg.drawing(WIDTH, height, "".join(parts), _title(spill, lang))


def _plume(spill: RiverSpill, frame: Frame) -> str:
    times = np.arange(0.0, frame.time.t1_s + COARSE_S, COARSE_S)
    nodes = range(1, len(spill.course.dist_m))
    if spill.cargo is None:
        return ""
    table = np.array([spill.cargo_mg_l(n, times) for n in nodes]) / spill.cargo.limit_mg_l.value
    dist = spill.course.dist_m[1:]
    out = []
    for level, colour in LEVELS:
        first, last = _span(table, times, level)
        seen = np.isfinite(first)
        if seen.sum() < 2:
            continue
        y = [frame.y(float(d)) for d in dist[seen]]
        go = [(frame.time.at(float(t)), h) for t, h in zip(first[seen], y, strict=True)]
        back = [(frame.time.at(float(t)), h) for t, h in zip(last[seen], y, strict=True)]
        out.append(svg.path([*go, *back[::-1]], closed=True, fill=colour, fill_opacity="0.85"))
    return "".join(out)


def _span(table: Floats, times: Floats, level: float) -> tuple[Floats, Floats]:
    """Give when each row first and last holds a level, linear between steps; inf where never."""
    first, last = np.full(len(table), np.inf), np.full(len(table), np.inf)
    for row, values in enumerate(table):
        over = np.flatnonzero(values >= level)
        if not over.size:
            continue
        a, b = int(over[0]), int(over[-1])
        first[row], last[row] = times[a], times[b]
        if a > 0:
            step = (level - values[a - 1]) / (values[a] - values[a - 1])
            first[row] = times[a - 1] + step * (times[a] - times[a - 1])
        if b + 1 < len(values):
            step = (values[b] - level) / (values[b] - values[b + 1])
            last[row] = times[b] + step * (times[b + 1] - times[b])
    return first, last


def _idle(idle: RiverSpill, frame: Frame) -> str:
    """Draw the leading edge that nobody had slowed."""
    times = np.arange(0.0, frame.time.t1_s + COARSE_S, COARSE_S)
    if idle.cargo is None:
        return ""
    nodes = range(1, len(idle.course.dist_m))
    table = np.array([idle.cargo_mg_l(n, times) for n in nodes]) / idle.cargo.limit_mg_l.value
    first, _ = _span(table, times, 1.0)
    line = [
        (frame.time.at(float(t)), frame.y(float(d)))
        for t, d in zip(first, idle.course.dist_m[1:], strict=True)
        if np.isfinite(t)
    ]
    return svg.path(line, fill="none", stroke=SOFT, stroke_width=1.6, stroke_dasharray="3 4")


def _slick(spill: RiverSpill, frame: Frame) -> str:
    """Draw front and tail of the drifting oil; what a boom holds stays on the boom's line."""
    slick = spill.slick
    if slick is None:
        return ""
    out = []
    keep = frame.time.t1_s >= GRID_S
    for row, width in ((slick.front_m, 2.2), (slick.tail_m, 1.2)):
        end = _held_at(spill, row, frame.far_m)
        line = [
            (frame.time.at(float(t)), frame.y(float(d)))
            for t, d in zip(GRID_S[keep][::5], row[keep][::5], strict=True)
            if d < end
        ]
        if len(line) > 1:
            out.append(svg.path(line, fill="none", stroke=BROWN, stroke_width=width))
    for boom in spill.booms:
        y = frame.y(boom.dist_m)
        x0 = frame.time.at(boom.from_s)
        out.append(
            svg.line(x0, y, frame.time.x1, y, stroke=ORANGE, stroke_width=5, stroke_opacity="0.55")
        )
    return "".join(out)


def _held_at(spill: RiverSpill, row: Floats, far_m: float) -> float:
    """Give how far an edge of the slick is drawn: to the first boom that holds most of it."""
    ends = [far_m]
    for boom in spill.booms:
        there = np.flatnonzero(row >= boom.dist_m)
        in_time = there.size > 0 and float(GRID_S[there[0]]) >= boom.from_s
        if in_time and boom.passes < 0.5:
            ends.append(boom.dist_m)
    return min(ends)


def _marks(run: ScenarioRun, spill: RiverSpill, frame: Frame, lang: Lang) -> str:
    """Draw the places on the water, and at each intake when it stood open in bad water."""
    out: list[str] = []
    taken: list[float] = []
    intakes = {s.intake: s for s in spill.supplies}
    order = sorted(spill.course.marks.items(), key=lambda m: (m[0] not in intakes, m[1]))
    for mark, node in order:
        dist = float(spill.course.dist_m[node])
        y = frame.y(dist)
        if any(abs(y - other) < 15 for other in taken):
            continue
        taken.append(y)
        far = say("river.km", lang, km=dist / 1000.0)
        bold = "700" if mark in intakes else None
        name = place_name(run.scenario, mark, lang)
        label = svg.shortened(name, 11, LEFT - 20 - svg.width_of(far, 11)) + f" {far}"
        out.append(svg.words(LEFT - 8, y + 4, label, 11, anchor="end", weight=bold))
        out.append(svg.line(LEFT, y, frame.time.x1, y, stroke=SOFT, stroke_width=0.6))
        if mark in intakes:
            out.append(_intake(spill, mark, frame, y))
    return "".join(out)


def _intake(spill: RiverSpill, mark: str, frame: Frame, y: float) -> str:
    bad = (spill.raws[mark] >= 1.0) & (spill.open_share(mark) > 0.0)
    bad &= frame.time.t1_s >= GRID_S
    out = []
    over = np.flatnonzero(bad)
    if over.size:
        x0, x1 = (frame.time.at(float(GRID_S[over[i]])) for i in (0, -1))
        out.append(svg.line(x0, y, max(x1, x0 + 2), y, stroke=RED, stroke_width=6))
    shut = min((t for name, t in spill.closings if name == mark), default=None)
    if shut is not None and frame.time.holds(shut):
        x = frame.time.at(shut)
        out.append(svg.line(x, y, frame.time.x1, y, stroke=INK, stroke_width=2))
        out.append(svg.box(x - 3, y - 7, 6, 14, fill=INK))
    return "".join(out)


@dataclass(frozen=True)
class Note:
    """One numbered act: when (s), where down-stream (m), what to read."""

    t_s: float
    dist_m: float
    minute: str
    words: str


def _notes(run: ScenarioRun, spill: RiverSpill, lang: Lang) -> list[Note]:
    """Give what was done to the water and who was brought ashore or died, in order of time."""
    found = []
    for event in run.shown.of("hazard-changed", "casualties"):
        if event.kind == "casualties" and event.subject not in ("rescued", "died"):
            continue
        where = str(event.data.get("where") or event.data.get("place") or "")
        node = spill.course.marks.get(where, 0)
        dist = float(spill.course.dist_m[node])
        found.append(Note(event.t, dist, minute(event.t, lang), _words(run, event, where, lang)))
    return found[:MOST_NOTES]


def _words(run: ScenarioRun, event: Event, where: str, lang: Lang) -> str:
    if event.kind == "casualties":
        return say(f"river.{event.subject}", lang, n=float(event.data["n"]))
    what = named("hazard", event.subject, lang)
    place = f" · {place_name(run.scenario, where, lang)}" if where else ""
    who = body_name(run.scenario, event.who, lang)
    clause = f" · {clause_name(run.scenario, event.clause)}" if event.clause else ""
    return f"{what}{place} · {who}{clause}"


def _numbers(notes: Sequence[Note], frame: Frame) -> str:
    """Set a number at the time and place of each act, moved down where one stands already."""
    room = svg.Room(0, 0, WIDTH, TOP + HIGH + 20)
    out = []
    for k, note in enumerate(notes, 1):
        low = note.dist_m > 0.9 * frame.far_m
        x, y = frame.time.at(note.t_s), frame.y(note.dist_m) + (-12 if low else 12)
        for _ in range(12):
            if room.free(x - 8, y - 8, 16, 16):
                break
            y += -6 if low else 6
        room.take(x - 8, y - 8, 16, 16)
        hint = svg.hint(note.words)
        out.append(svg.dot(x, y, 8, hint, fill="#fff", stroke=INK, stroke_width=1.2))
        out.append(svg.words(x, y + 3.8, str(k), 10.5, anchor="middle", weight="700"))
    return "".join(out)


def _legend(spill: RiverSpill, lang: Lang, y: float) -> str:
    out: list[str] = []
    x = LEFT
    marks: list[tuple[str, str, float]] = []
    if spill.cargo is not None:
        marks += [(c, say("river.times", lang, n=level), 12.0) for level, c in LEVELS]
        marks.append((SOFT, say("river.idle", lang), 2.0))
    if spill.slick is not None:
        marks.append((BROWN, say("river.slick", lang), 3.0))
    if spill.booms:
        marks.append((ORANGE, say("report.hazard.deploy-boom", lang), 5.0))
    marks += [(RED, say("river.open", lang), 6.0), (INK, say("river.shut", lang), 3.0)]
    for colour, label, high in marks:
        if x + 23 + svg.width_of(label, 11) > RIGHT:
            x, y = LEFT, y + LINE
        dashes = "3 4" if colour == SOFT else None
        out.append(
            svg.line(x, y - 4, x + 18, y - 4, stroke=colour, stroke_width=high,
                     stroke_dasharray=dashes)
        )  # fmt: skip
        out.append(svg.words(x + 23, y, label, 11))
        x += 35 + svg.width_of(label, 11)
    return "".join(out)


def taps(run: ScenarioRun, spill: RiverSpill, idle: RiverSpill, lang: Lang) -> str:
    """Draw the level at the tap of each supply area over time, with and without what was done."""
    axis = svg.TimeAxis(0.0, max(run.shown.end_s, 3600.0), LEFT, RIGHT)
    keep = axis.t1_s >= GRID_S
    top = max(float(idle.taps[:, keep].max(initial=0.0)), 2.0) * 1.1
    base = TOP + TAP_HIGH

    def y(level: float) -> float:
        return base - TAP_HIGH * min(level / top, 1.0)

    out = [axis.grid(TOP - 12, base, lang)]
    limit = y(1.0)
    out.append(svg.line(LEFT, limit, RIGHT, limit, stroke=INK, stroke_dasharray="6 4"))
    out.append(svg.words(LEFT - 8, limit + 4, f"1 ({say('river.limit', lang)})", 11, anchor="end"))
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 500) if top / s <= 5)
    for level in np.arange(step, top, step):
        if level > 1.5:
            out.append(svg.words(LEFT - 8, y(float(level)) + 4, f"{level:g}", 11, SOFT, "end"))
    x = LEFT
    for k, supply in enumerate(spill.supplies):
        colour = TAP_COLOURS[k % len(TAP_COLOURS)]
        for field, dashes, wide in ((idle, "4 4", 1.4), (spill, None, 2.4)):
            line = [
                (axis.at(float(t)), y(float(v)))
                for t, v in zip(GRID_S[keep][::5], field.taps[k][keep][::5], strict=True)
            ]
            out.append(
                svg.path(line, fill="none", stroke=colour, stroke_width=wide,
                         stroke_dasharray=dashes)
            )  # fmt: skip
        name = place_name(run.scenario, supply.area, lang)
        out.append(svg.line(x, base + 20, x + 18, base + 20, stroke=colour, stroke_width=3))
        out.append(svg.words(x + 23, base + 24, name, 11))
        x += 45 + svg.width_of(name, 11)
    return svg.drawing(WIDTH, base + 34, "".join(out), say("river.taps", lang))
