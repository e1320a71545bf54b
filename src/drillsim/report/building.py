"""A fire in a building in one picture: smoke by storey and minute, acts, and who came out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from drillsim.hazards.residential_fire import ResidentialFire
from drillsim.i18n import Lang, catalogue, say
from drillsim.log.events import Event
from drillsim.report import svg
from drillsim.report.footprint import hazard_of
from drillsim.report.model import ScenarioRun
from drillsim.report.words import body_name, minute, named

catalogue(
    {
        "bld.caption": (
            "楼内烟气与人员：各层能见距离随时间变化、采取的措施、各层人员结果",
            "Smoke and people in the building: sight by storey over time, what was done, how "
            "people of each storey came out",
        ),
        "bld.caption-row": (
            "连片房屋：各户起火与烟气随时间变化、采取的措施、各户人员结果",
            "The row of houses: fire and smoke by house over time, what was done, how people of "
            "each house came out",
        ),
        "bld.stair": ("楼梯间", "stair"),
        "bld.lobby": ("走道", "lobbies"),
        "bld.houses": ("各户", "houses"),
        "bld.people": (
            "人员结果（每层 ≤ {most:.0f} 人）",
            "people at the end (≤ {most:.0f} a floor)",
        ),
        "bld.people-row": (
            "人员结果（每户 ≤ {most:.0f} 人）",
            "people at the end (≤ {most:.0f} a house)",
        ),
        "bld.acts": ("措施（T+分钟）：", "what was done (T+ minutes):"),
        "bld.heat": ("热释放速率 MW", "heat release, MW"),
        "bld.floor": ("层", "floor"),
        "bld.house": ("户", "house"),
        "bld.sight": ("能见距离（发光标志）", "sight to a lit sign"),
        "bld.alight": ("起火", "on fire"),
        "bld.out": ("已撤出或救出", "out"),
        "bld.in": ("留在室内", "behind doors"),
        "bld.hurt": ("重伤", "gravely hurt"),
        "bld.dead": ("死亡", "dead"),
        "report.hazard.water": ("出水", "water on the fire"),
        "report.hazard.fans-on": ("启动送风", "stair fans on"),
        "report.hazard.power-cut": ("整楼断电", "power cut"),
        "report.hazard.gas-off": ("关断燃气", "gas shut"),
        "report.hazard.foot-door": ("关底层门", "foot door shut"),
        "report.hazard.lobby-door": ("关走道门", "lobby doors shut"),
        "report.verb.attack-fire": ("出水灭火", "attack the fire"),
        "report.verb.start-fans": ("启动消防设施", "start fans and pump"),
        "report.verb.shut-doors": ("关闭防火门", "shut doors"),
        "report.verb.cut-power": ("整楼断电", "cut the power"),
        "report.verb.cut-load": ("切非消防电源", "cut power of flats"),
        "report.verb.shut-gas": ("关断燃气", "shut the gas"),
        "report.verb.clear-lane": ("清理消防通道", "clear the lane"),
        "report.verb.broadcast-all": ("通知全部疏散", "everybody out"),
        "report.verb.broadcast-zoned": ("分区通知", "announce by zone"),
        "report.verb.search-floors": ("逐层搜救", "search storeys"),
        "report.verb.ladder-rescue": ("云梯救人", "ladder rescue"),
        "report.verb.count-residents": ("清点居民", "roll call"),
        "bld.mark.119": ("119接警", "119 told"),
        "bld.mark.out": ("明火扑灭", "fire out"),
        "bld.mark.broadcast-all": ("通知全部疏散", "everybody out"),
        "bld.mark.broadcast-zoned": ("分区通知", "announced by zone"),
        "bld.mark.search-floors": ("开始搜救", "search begins"),
    }
)

Floats = NDArray[np.float64]
# Sight to a lit sign, m: from which class on; dark is bad, readable without colour.
CLASSES: tuple[tuple[float, str], ...] = (
    (20.0, "#f3f1ec"), (10.0, "#cfd3dc"), (5.0, "#98a3bf"), (2.0, "#5a5f96"), (0.0, "#2b1a4d"),
)  # fmt: skip
FIRE = "#d95f02"
STATE_COLOURS = {"out": "#8cb8a4", "in": "#dfe3e8", "hurt": "#e0a11b", "dead": "#1b1b1b"}
OUT_STATES = ("clear", "leaving", "gathered")
HURT_STATES = ("down", "in-care")
WIDTH, LEFT, RIGHT = 980.0, 40.0, 12.0
CHART, BARS = 350.0, 190.0
LIT_SIGN = 8.0
STEPS = 110


@dataclass(frozen=True)
class _Frame:
    """Where things stand: storeys from the lowest, the height of one, top of the charts, times."""

    places: tuple[str, ...]
    row: float
    top: float
    times: Floats

    @property
    def bottom(self) -> float:
        return self.top + self.row * len(self.places)

    def y(self, index: int) -> float:
        """Give the upper edge of a storey; the ground is at the bottom."""
        return self.bottom - self.row * (index + 1)


def building_pictures(run: ScenarioRun, lang: Lang) -> Sequence[tuple[str, str]]:
    """Give the picture of a run in a building, with its caption."""
    fire = hazard_of(run.scenario, run.shown)
    assert isinstance(fire, ResidentialFire)
    row = fire.spec.seat == "row"
    caption = say("bld.caption-row" if row else "bld.caption", lang)
    return [(caption, _drawing(run, fire, lang, caption))]


def _drawing(run: ScenarioRun, fire: ResidentialFire, lang: Lang, caption: str) -> str:
    log = run.shown
    finals = [e for e in log.of("people-final") if e.subject != "all"]
    places = tuple(e.subject for e in finals)
    until = min(_until(run), log.end_s)
    times = np.linspace(0.0, until, STEPS)
    marks = _marks(run, until)
    frame = _Frame(places, max(8.0, min(15.0, 360.0 / len(places))), 150.0, times)
    row = fire.spec.seat == "row"
    spaces = ("lobby",) if row else ("stair", "lobby")
    wide = CHART * 2 + 10 if row else CHART
    out = [_heat(fire, frame, lang, svg.TimeAxis(0.0, until, LEFT, LEFT + wide))]
    for k, space in enumerate(spaces):
        x0 = LEFT + k * (CHART + 10)
        axis = svg.TimeAxis(0.0, until, x0, x0 + wide)
        out.append(_smoke(fire, frame, space, axis, lang))
        out.append(_mark_lines(marks, frame, axis, run, lang, named_too=k == 0))
    out.append(_floors(frame, row, lang))
    out.append(_people(finals, frame, LEFT + 2 * CHART + 26, row, lang))
    out.append(_key(frame.bottom + 34, row, lang))
    return svg.drawing(WIDTH, frame.bottom + 66, "".join(out), caption)


def _until(run: ScenarioRun) -> float:
    """Give how far the picture goes: a quarter of an hour past the end of the fire, s."""
    out = [e.t for e in run.shown.of("truth") if e.subject == "fire-out"]
    return (out[0] if out else run.shown.end_s) + 900.0


def _smoke(fire: ResidentialFire, frame: _Frame, space: str, axis: svg.TimeAxis, lang: Lang) -> str:
    """Draw sight in one space as a grid: storeys up, minutes across; equal neighbours joined."""
    floors = np.array([int(p[1:]) for p in frame.places]) - 1
    row = fire.spec.seat == "row"
    grid = np.zeros((len(floors), frame.times.size), dtype=int)
    lit = np.zeros_like(grid, dtype=bool)
    for k, t_s in enumerate(frame.times):
        held = fire.held("stair" if space == "stair" else "lobby", float(t_s))
        thick = fire.levels(held).extinction_per_m[floors]
        sight = LIT_SIGN / np.maximum(thick, 1e-6)
        grid[:, k] = [next(n for n, (m, _) in enumerate(CLASSES) if s >= m) for s in sight]
        burns = fire.state(float(t_s)).fire.heat_kw
        if burns.size > int(floors.max()):
            lit[:, k] = (burns[floors] > 100.0) & (space == "lobby")
    grid[lit] = len(CLASSES)
    title = say("bld.houses" if row else f"bld.{space}", lang)
    out = [svg.words(axis.x0, frame.top - 26, title, 12, weight="700")]
    out.append(svg.box(axis.x0, frame.top, axis.x1 - axis.x0, frame.bottom - frame.top,
                       fill=CLASSES[0][1], stroke=svg.FAINT))  # fmt: skip
    colours = [*(c for _, c in CLASSES), FIRE]
    step = (axis.x1 - axis.x0) / frame.times.size
    for n in range(len(floors)):
        edges = np.flatnonzero(np.diff(np.r_[-1, grid[n], -1]))
        for start, end in pairwise(edges):
            kind = int(grid[n, start])
            if kind:
                out.append(svg.box(axis.x0 + start * step, frame.y(n), (end - start) * step,
                                   frame.row, fill=colours[kind]))  # fmt: skip
    return "".join([*out, _ticks(axis, frame, lang)])


def _ticks(axis: svg.TimeAxis, frame: _Frame, lang: Lang) -> str:
    ends = svg.words(axis.x1, frame.bottom + 15, say("report.min", lang), 10, svg.SOFT, "end")
    return ends + "".join(
        svg.line(axis.at(t), frame.bottom, axis.at(t), frame.bottom + 4, stroke=svg.SOFT)
        + svg.words(axis.at(t), frame.bottom + 15, f"{t / 60:g}", 10, svg.SOFT, "middle")
        for t in axis.ticks()
        if axis.at(t) < axis.x1 - 34
    )


def _heat(fire: ResidentialFire, frame: _Frame, lang: Lang, axis: svg.TimeAxis) -> str:
    """Draw the heat release over the first chart as a small curve."""
    heat = np.array([fire.heat_kw(float(t)) for t in frame.times]) / 1000.0
    most = max(float(heat.max()), 0.1)
    low, high = frame.top - 40.0, frame.top - 84.0
    points = [
        (axis.at(float(t)), low - (low - high) * float(h) / most)
        for t, h in zip(frame.times, heat, strict=True)
    ]
    area = [(axis.x0, low), *points, (axis.x1, low)]
    label = f"{say('bld.heat', lang)} (≤ {most:.1f})"
    return svg.path(area, closed=True, fill=FIRE, fill_opacity="0.35", stroke=FIRE) + svg.words(
        axis.x0, high - 6, label, 10, svg.SOFT
    )


def _marks(run: ScenarioRun, until: float) -> list[tuple[float, str, Event]]:
    """Give what was done, each kind at its first time."""
    found: dict[str, tuple[float, str, Event]] = {}
    for event in run.shown.events:
        key = ""
        if event.kind == "hazard-changed":
            key = f"report.hazard.{event.subject}"
        elif event.kind == "message-delivered" and event.subject == "building-fire-call":
            key = "bld.mark.119"
        elif event.kind == "truth" and event.subject == "fire-out":
            key = "bld.mark.out"
        elif event.kind == "task-started" and event.subject in {
            "broadcast-all", "broadcast-zoned", "search-floors",
        }:  # fmt: skip
            key = f"bld.mark.{event.subject}"
        if key and key not in found and event.t <= until:
            found[key] = (event.t, key, event)
    return sorted(found.values(), key=lambda m: m[:2])


def _mark_lines(
    marks: Sequence[tuple[float, str, Event]], frame: _Frame, axis: svg.TimeAxis,
    run: ScenarioRun, lang: Lang, named_too: bool,
) -> str:  # fmt: skip
    """Draw each act as a numbered line; the numbers are told above the charts once."""
    out = []
    for k, (t_s, key, event) in enumerate(marks, 1):
        x = axis.at(t_s)
        words = say(key, lang)
        hint = svg.hint(f"{words} · {body_name(run.scenario, event.who, lang)} · "
                        f"T+{minute(t_s, lang)} {event.clause}")  # fmt: skip
        out.append(svg.line(x, frame.top, x, frame.bottom, stroke="#c23b22", stroke_width=1.2,
                            stroke_dasharray="3 2"))  # fmt: skip
        y = frame.top - 4 - 9 * (k % 2)
        out.append(svg.words(x, y, str(k), 10, "#c23b22", "middle", "700"))
        out.append(svg.dot(x, y - 3, 6, hint, fill="transparent"))
    if named_too:
        out.append(_mark_names(marks, lang))
    return "".join(out)


def _mark_names(marks: Sequence[tuple[float, str, Event]], lang: Lang) -> str:
    """Tell the numbers, in lines that wrap."""
    head = say("bld.acts", lang)
    out, x, y = (
        [svg.words(LEFT, 16.0, head, 11, svg.SOFT)],
        LEFT + svg.width_of(head, 11) + 12,
        16.0,
    )
    for k, (t_s, key, _) in enumerate(marks, 1):
        words = f"{k} {say(key, lang)} {minute(t_s, lang)}"
        wide = svg.width_of(words, 11) + 26
        if x + wide > WIDTH - RIGHT:
            x, y = LEFT, y + 16
        out.append(svg.words(x, y, words, 11, "#a03020"))
        x += wide
    return "".join(out)


def _floors(frame: _Frame, row: bool, lang: Lang) -> str:
    """Number the storeys, as many as can be read."""
    every = max(1, round(14 / frame.row))
    out = [svg.words(LEFT - 6, frame.top - 6, say("bld.house" if row else "bld.floor", lang), 10,
                     svg.SOFT, "end")]  # fmt: skip
    for n, place in enumerate(frame.places):
        if n % every == 0:
            y = frame.y(n) + frame.row * 0.5 + 3.5
            out.append(svg.words(LEFT - 6, y, place[1:], 10, svg.SOFT, "end"))
    return "".join(out)


def _people(finals: Sequence[Event], frame: _Frame, x0: float, row: bool, lang: Lang) -> str:
    """Draw who of each storey is out, inside, hurt or dead, as one bar each."""
    most = max(float(e.data["heads"]) for e in finals)
    title = say("bld.people-row" if row else "bld.people", lang, most=most)
    out = [svg.words(x0, frame.top - 26, title, 12, weight="700")]
    for n, event in enumerate(finals):
        states = event.data["states"]
        counts = {
            "dead": float(event.data["deaths"]),
            "hurt": sum(states.get(s, 0.0) for s in HURT_STATES),
            "out": sum(states.get(s, 0.0) for s in OUT_STATES),
        }
        counts["in"] = max(float(event.data["heads"]) - sum(counts.values()), 0.0)
        x = x0
        for kind in ("dead", "hurt", "in", "out"):
            wide = BARS * counts[kind] / most
            if wide > 0:
                words = f"{event.subject[1:]} {say(f'bld.{kind}', lang)} {counts[kind]:g}"
                out.append(svg.box(x, frame.y(n) + 1, wide, frame.row - 2, svg.hint(words),
                                   fill=STATE_COLOURS[kind], stroke="#9aa3ad",
                                   stroke_width=0.4))  # fmt: skip
            x += wide
    return "".join(out)


def _key(y: float, row: bool, lang: Lang) -> str:
    """Explain the colours."""
    out, x = [svg.words(LEFT, y + 10, say("bld.sight", lang), 11, svg.SOFT)], LEFT + 130.0
    edges = [m for m, _ in CLASSES]
    for k, (low, colour) in enumerate(CLASSES):
        words = f"> {low:g} m" if k == 0 else f"{low:g}–{edges[k - 1]:g} m"
        x = _swatch(out, x, y, colour, words)
    x = _swatch(out, x, y, FIRE, say("bld.alight", lang))
    x = LEFT + 130.0 if not row else x
    y += 18 if not row else 0
    for kind in ("dead", "hurt", "in", "out"):
        x = _swatch(out, x, y, STATE_COLOURS[kind], say(f"bld.{kind}", lang))
    return "".join(out)


def _swatch(out: list[str], x: float, y: float, colour: str, words: str) -> float:
    out.append(svg.box(x, y, 14, 11, fill=colour, stroke="#9aa3ad", stroke_width=0.6))
    out.append(svg.words(x + 18, y + 10, words, 11))
    return x + 30 + svg.width_of(words, 11)


__all__ = ["building_pictures", "named"]
