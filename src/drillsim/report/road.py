"""Pictures of a road accident: the queue in time and space, and the close-up of pools and heat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drillsim.data.figures import human
from drillsim.engine.road_traffic import Traffic
from drillsim.i18n import Lang, catalogue, say
from drillsim.log.runlog import RunLog
from drillsim.physics.traffic_queue import queue_length_m
from drillsim.report import svg
from drillsim.report.model import ScenarioRun
from drillsim.report.road_map import close_up, road_map, shown_at
from drillsim.report.svg import BLUE, FAINT, GREEN, INK, RED, SOFT, TEAL
from drillsim.report.words import place_name
from drillsim.scenario import Scenario

catalogue(
    {
        "report.verb.extricate": ("破拆救人", "cut people free"),
        "report.verb.foam": ("泡沫覆盖", "foam"),
        "report.verb.flush": ("冲洗稀释", "flush with water"),
        "report.verb.plug-drains": ("封堵雨水口", "plug drains"),
        "report.verb.transfer-cargo": ("倒罐", "transfer the cargo"),
        "report.verb.open-corridor": ("开辟应急通道", "open a corridor"),
        "report.verb.walk-off": ("引导下高架", "lead people off"),
        "road.space": (
            "车队时空图：纵轴为距事故点的距离/米（上为事故方向，下为对向），蓝色为静止车队",
            "The queue in time and space: metres from the wreck (up: the travelled direction, "
            "down: the other one); blue: standing vehicles",
        ),
        "road.close": (
            "事故点特写，T+{minute:.0f} 分：{what}",
            "Close-up of the wreck at T+{minute:.0f} min: {what}",
        ),
        "road.close.lit": ("液池与热辐射", "pools and radiant heat"),
        "road.close.dark": (
            "液池，以及此刻若点燃的危险范围",
            "pools, and who would be in danger if they were lit",
        ),
        "road.map": (
            "路段示意图，T+{minute:.0f} 分：车队、封闭、通道与危险范围",
            "The road at T+{minute:.0f} min: queue, closures, corridor and danger",
        ),
        "road.metres": ("距事故点（米）", "metres from the wreck"),
        "road.e.call": ("首个报警", "first call"),
        "road.e.shut": ("封闭{place}", "{place} shut"),
        "road.e.corridor": ("应急通道开通", "corridor open"),
        "road.e.split": ("罐体撕裂", "tank splits"),
        "road.e.fire": ("着火", "fire"),
        "road.e.out": ("熄灭", "fire out"),
        "road.e.isolated": ("泄漏停止", "leak stopped"),
        "road.e.crew": ("首支{verb}力量到场", "first crew to {verb}"),
        "road.key.queue": ("静止车队", "standing vehicles"),
        "road.key.stairs": ("疏散楼梯", "stairs"),
        "road.key.crew": ("力量到达事故点", "crew at the wreck"),
    }
)

WIDTH, LEFT, RIGHT, TOP, HALF = 1180.0, 92.0, 1130.0, 58.0, 150.0
SAMPLES = 120
NUMBER_ROWS = 5
CREW_VERBS = ("extricate", "foam", "plug-leak", "walk-off")


@dataclass(frozen=True)
class Moment:
    """Something worth a line in the diagram."""

    t_s: float
    words: str
    colour: str


def draw(run: ScenarioRun, lang: Lang) -> Sequence[tuple[str, str]]:
    """Give the pictures of a road accident: map, close-up (flammable cargo), time and space."""
    scenario, log = run.scenario, run.shown
    t_s = shown_at(scenario, log)
    minute = t_s / 60.0
    out = [(say("road.map", lang, minute=minute), road_map(scenario, log, t_s, lang))]
    if scenario.spec.cargo == "flammable":
        lit = any(e.t <= t_s for e in log.of("hazard-changed") if e.subject == "ignite")
        what = say("road.close.lit" if lit else "road.close.dark", lang)
        caption = say("road.close", lang, minute=minute, what=what)
        out.append((caption, close_up(scenario, log, t_s, lang)))
    out.append((say("road.space", lang), time_space(scenario, log, lang)))
    return out


def traffic_at_end(scenario: Scenario, log: RunLog) -> Traffic:
    """Rebuild the road of a run from the log: when which entry was shut."""
    traffic = Traffic.of(scenario.spec.road, scenario.city, scenario.spec.at, human())
    for event in log.of("road-closed"):
        traffic.shut_s.setdefault(event.subject, event.t)
    return traffic


def time_space(scenario: Scenario, log: RunLog, lang: Lang) -> str:
    """Draw the queue of both directions over time, with what was done about it."""
    road, traffic = scenario.spec.road, traffic_at_end(scenario, log)
    end_s = min(log.end_s, 7200.0)
    axis = svg.TimeAxis(0.0, end_s, LEFT, RIGHT)
    moments = [m for m in _moments(scenario, log, lang) if m.t_s <= end_s]
    zero = TOP + HALF
    both = len(road.stored) > 1
    bottom = zero + (HALF if both else 24.0)
    most = max((s.room for s in road.stored), default=500.0)
    parts = [axis.grid(TOP, bottom, lang), _scale(zero, most, both, lang)]
    for way, stretch in zip((-1.0, 1.0), road.stored[:2], strict=False):
        times = np.linspace(0.0, end_s, SAMPLES)
        standing = traffic.queue(stretch).vehicles(times)
        length = np.minimum(queue_length_m(standing, stretch.lanes), stretch.room)
        outline = [(axis.at(float(t)), zero + way * HALF * float(m) / most)
                   for t, m in zip(times, length, strict=True)]  # fmt: skip
        corners = [(LEFT, zero), *outline, (RIGHT, zero)]
        parts.append(svg.path(corners, closed=True, fill=BLUE, fill_opacity="0.35", stroke=BLUE))
        y = zero + way * HALF * stretch.room / most
        parts.append(svg.line(LEFT, y, RIGHT, y, stroke=INK, stroke_dasharray="6 4"))
        name = svg.shortened(place_name(scenario, stretch.entry, lang), 11, 260)
        parts.append(svg.words(RIGHT - 4, y + 14 if way < 0 else y - 5, name, 11, INK, "end",
                               halo=True))  # fmt: skip
    parts.append(_stairs(scenario, most, zero, lang))
    parts.append(_crews(scenario, log, axis, zero, end_s))
    parts.append(svg.line(LEFT, zero, RIGHT, zero, stroke=INK, stroke_width=2))
    parts.append(_numbered(moments, axis, bottom))
    legend, high = _legend(moments, bottom + 15.0 * NUMBER_ROWS - 20.0, bool(road.stairs), lang)
    return svg.drawing(WIDTH, high, "".join([*parts, legend]), say("road.space", lang))


def _scale(zero: float, most: float, both: bool, lang: Lang) -> str:
    out = [svg.words(10, TOP - 34, say("road.metres", lang), 11, SOFT)]
    step = 200.0 if most <= 700 else 400.0
    for k in range(-int(most // step) if both else 0, int(most // step) + 1):
        y = zero - HALF * k * step / most
        out.append(svg.line(LEFT, y, RIGHT, y, stroke=FAINT))
        out.append(svg.words(LEFT - 8, y + 4, f"{abs(k) * step:g}", 11, SOFT, "end"))
    return "".join(out)


def _stairs(scenario: Scenario, most: float, zero: float, lang: Lang) -> str:
    """Mark the stairs at the left edge, each on its side of the wreck."""
    road, city = scenario.spec.road, scenario.city
    source = np.asarray(city.facilities[scenario.spec.at].xy)
    up = np.asarray(city.facilities[road.upstream].xy) - source
    out = []
    for name in road.stairs:
        off = np.asarray(city.facilities[name].xy) - source
        way = -1.0 if float(off @ up) > 0 else 1.0
        y = zero + way * HALF * min(float(np.hypot(*off)), most) / most
        out.append(
            svg.box(
                LEFT + 2,
                y - 4,
                8,
                8,
                svg.hint(place_name(scenario, name, lang)),
                fill=GREEN,
                stroke="#fff",
            )
        )
    return "".join(out)


def _crews(scenario: Scenario, log: RunLog, axis: svg.TimeAxis, zero: float, end_s: float) -> str:
    out = []
    for event in log.of("crew-arrived"):
        if event.data["place"] == scenario.spec.at and event.t <= end_s:
            x = axis.at(event.t)
            out.append(svg.path([(x, zero - 1), (x - 5, zero - 11), (x + 5, zero - 11)],
                                closed=True, fill=INK, stroke="#fff"))  # fmt: skip
    return "".join(out)


def _moments(scenario: Scenario, log: RunLog, lang: Lang) -> list[Moment]:
    """Give what happened, in order of time."""
    found: list[Moment] = []
    calls = [e.t for e in log.of("believed") if e.subject == "told:road-call"]
    if calls:
        found.append(Moment(min(calls), say("road.e.call", lang), INK))
    for event in log.of("road-closed"):
        name = place_name(scenario, event.subject, lang)
        found.append(Moment(event.t, say("road.e.shut", lang, place=name), SOFT))
    for fact, value, key, colour in (
        ("corridor", 1.0, "corridor", GREEN), ("tank-split", 1.0, "split", TEAL),
        ("spill-fire", 1.0, "fire", RED), ("spill-fire", 0.0, "out", GREEN),
        ("isolated", 1.0, "isolated", GREEN),
    ):  # fmt: skip
        times = [e.t for e in log.of("truth") if e.subject == fact and e.data["value"] == value]
        if times:
            found.append(Moment(times[0], say(f"road.e.{key}", lang), colour))
    for verb in CREW_VERBS:
        started = [e.t for e in log.of("task-started") if e.subject == verb]
        if started:
            words = say("road.e.crew", lang, verb=say(f"report.verb.{verb}", lang))
            found.append(Moment(started[0], words, INK))
    return sorted(found, key=lambda m: (m.t_s, m.words))


def _numbered(moments: Sequence[Moment], axis: svg.TimeAxis, bottom: float) -> str:
    """Draw a line at each moment with its number below, rows apart where they are close."""
    out, ends = [], [-100.0] * NUMBER_ROWS
    for n, moment in enumerate(moments, 1):
        x = axis.at(moment.t_s)
        row = next((r for r, end in enumerate(ends) if x - end > 17.0), NUMBER_ROWS - 1)
        ends[row] = x
        y = bottom + 9 + 15 * row
        out.append(svg.line(x, TOP, x, y - 7, stroke=moment.colour, stroke_dasharray="3 3"))
        out.append(svg.dot(x, y, 7, fill=moment.colour))
        out.append(svg.words(x, y + 3.5, str(n), 9.5, "#fff", "middle", "700"))
    return "".join(out)


def _legend(moments: Sequence[Moment], top: float, stairs: bool, lang: Lang) -> tuple[str, float]:
    """Write what the numbers and marks mean, in three columns; gives the picture's height."""
    rows = [
        (svg.dot(7, -4, 7, fill=m.colour)
         + svg.words(7, -0.5, str(n), 9.5, "#fff", "middle", "700"),
         f"{m.t_s / 60:.1f} {say('report.min', lang)}  {m.words}")
        for n, m in enumerate(moments, 1)
    ]  # fmt: skip
    triangle = svg.path([(7, 0), (2, -10), (12, -10)], closed=True, fill=INK)
    rows += [
        (svg.box(1, -10, 12, 10, fill=BLUE, fill_opacity="0.35", stroke=BLUE),
         say("road.key.queue", lang)),
        (triangle, say("road.key.crew", lang)),
    ]  # fmt: skip
    if stairs:
        rows.append((svg.box(3, -9, 8, 8, fill=GREEN), say("road.key.stairs", lang)))
    out, lines = [], -(-len(rows) // 3)
    for k, (mark, words) in enumerate(rows):
        x, y = LEFT + 350.0 * (k // lines), top + 36 + 19 * (k % lines)
        moved = svg.tag("g", mark, transform=f"translate({svg.num(x)} {svg.num(y)})")
        out.append(moved + svg.words(x + 20, y, svg.shortened(words, 11.5, 322), 11.5))
    return "".join(out), top + 36 + 19 * lines
