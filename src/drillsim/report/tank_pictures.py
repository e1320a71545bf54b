"""Pictures of a tank-farm fire: rings of heat on the map, and the damage of vessels over time."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drillsim.hazards.tank_farm import TankFarm
from drillsim.i18n import Lang, catalogue, say
from drillsim.report import svg
from drillsim.report.footprint import hazard_of, wind_from_deg
from drillsim.report.ground import Frame
from drillsim.report.marks import wind_rose
from drillsim.report.model import ScenarioRun
from drillsim.report.svg import BLUE, FAINT, GREEN, INK, ORANGE, PURPLE, RED, SOFT, TEAL

catalogue(
    {
        "tankpic.rings": (
            "热辐射范围（室外，1.5 m，kW/m²）：稳定火焰，以及球罐破裂时的火球"
            "（二度烧伤 1 %、死亡 50 %）",
            "Heat outdoors at 1.5 m, kW/m2: the steady fires, and the fireball if a sphere bursts "
            "(1 % second-degree burns, 50 % deaths)",
        ),
        "tankpic.damage": (
            "容器受火损伤（1 为破裂）：本次运行、无人处置、参考方案",
            "Damage of the vessels by heat (1: it fails): this run, nobody acting, the reference",
        ),
        "tankpic.near": ("近处：现有火焰的热辐射", "close up: heat of the fires that burn"),
        "tankpic.far": ("若球罐破裂：火球伤害范围", "if a sphere bursts: reach of the fireball"),
        "tankpic.axis": ("损伤", "damage"),
        "tankpic.level": ("{kw:g} kW/m²", "{kw:g} kW/m2"),
        "tankpic.burns": ("火球：二度烧伤 1 %", "fireball: 1 % second-degree burns"),
        "tankpic.deaths": ("火球：死亡 50 %", "fireball: 50 % deaths"),
        "tankpic.fire": ("着火点", "fire"),
        "tankpic.vessel": ("容器", "vessel"),
        "tankpic.stand": ("力量站位", "where engines stand"),
        "tankpic.people": ("企业办公区", "offices of the plant"),
        "tankpic.shown": ("本次运行", "this run"),
        "tankpic.none": ("无人处置", "nobody acts"),
        "tankpic.reference": ("参考方案", "reference"),
        "tankpic.spray": ("固定喷淋", "fixed spray"),
        "tankpic.monitors": ("移动炮冷却", "monitors"),
        "tankpic.knock": ("泡沫灭火", "fire out by foam"),
        "tankpic.isolate": ("关阀", "valve shut"),
        "tankpic.lost": ("喷淋中断", "spray lost"),
        "report.verb.cool-vessel": ("冷却容器", "cool the vessel"),
        "report.verb.foam-attack": ("泡沫灭火", "foam attack"),
        "report.verb.shut-drains": ("关闭雨排", "shut the drains"),
        "report.verb.cut-plant-power": ("切断厂区电源", "cut the plant's power"),
        "report.verb.withdraw": ("紧急撤离", "withdraw"),
        "report.hazard.deluge": ("固定喷淋", "fixed spray"),
        "report.hazard.monitors": ("移动炮冷却", "monitors on a vessel"),
        "report.hazard.knock": ("泡沫灭火", "fire out by foam"),
        "report.hazard.drain": ("雨排关闭", "rain outlet shut"),
        "tankpic.same": ("未见差别", "no difference to be seen"),
    }
)

Floats = NDArray[np.float64]
RINGS: tuple[tuple[float, str], ...] = ((1.6, "#f0c060"), (5.0, ORANGE), (12.5, RED))
WIDE, HIGH, RIGHT, GAP = 560.0, 430.0, 300.0, 20.0
# Doses (W/m2)^(4/3) s of second-degree burns to one in a hundred, of death to one in two.
BURNS, DEATHS = 3.9e6, 2.4e7
CELLS = 150
LINES = {"shown": (RED, None, 3.0), "none": (SOFT, "7 5", 2.0), "reference": (GREEN, "2 4", 2.5)}
EVENTS = {"deluge": BLUE, "monitors": TEAL, "knock": PURPLE, "isolate": INK}


def tank_pictures(run: ScenarioRun, lang: Lang) -> Sequence[tuple[str, str]]:
    """Give the map of heat and the curves of damage."""
    found = [(say("tankpic.rings", lang), heat_map(run, lang))]
    if isinstance(farm := hazard_of(run.scenario, run.shown), TankFarm) and farm.vessels:
        found.append((say("tankpic.damage", lang), damage_curves(run, lang)))
    return found


def _farm(run: ScenarioRun, variant: str) -> TankFarm | None:
    log = run.shown if variant == "shown" else run.logs.get(variant)
    if log is None:
        return None
    farm = hazard_of(run.scenario, log)
    return farm if isinstance(farm, TankFarm) else None


# --- map -----------------------------------------------------------------------------------------


def heat_map(run: ScenarioRun, lang: Lang) -> str:
    """Draw the heat of the first fires close up, beside it that of the greatest fireball."""
    farm = _farm(run, "shown")
    assert farm is not None
    balls = [
        (_reach(farm, n, BURNS), _reach(farm, n, DEATHS), vessel.xy)
        for n, vessel in enumerate(farm.vessels)
        if vessel.bursts
    ]
    panels = [(_near_m(run, farm), False)]
    if balls:
        panels.append((1.06 * max(ball[0] for ball in balls), True))
    parts = []
    for k, (reach, wide_view) in enumerate(panels):
        content = _panel(run, farm, reach, sorted(balls, reverse=True)[:1], wide_view, lang)
        at = f"translate({svg.num(k * (WIDE + GAP))} 0)"
        inner = svg.tag("svg", content, x=0.0, y=20.0, width=WIDE, height=HIGH)
        title = say("tankpic.far" if wide_view else "tankpic.near", lang)
        head = svg.words(0, 13, title, 12, weight="700")
        parts.append(svg.tag("g", head + inner, transform=at))
    parts += _map_key(bool(balls), lang)
    return svg.drawing(2 * WIDE + GAP, HIGH + 48, "".join(parts), say("tankpic.rings", lang))


def _near_m(run: ScenarioRun, farm: TankFarm) -> float:
    """Give how far the close-up reaches: rings, vessels, engines and offices, m."""
    city, spec = run.scenario.city, farm.spec
    spots = [vessel.xy for vessel in farm.vessels]
    for place in (spec.stand, spec.plant):
        xy = city.facilities[place].xy
        spots.append((xy[0] - farm.source_xy[0], xy[1] - farm.source_xy[1]))
    return max(80.0, 1.25 * max(max(abs(x), abs(y)) for x, y in spots))


def _panel(
    run: ScenarioRun, farm: TankFarm, reach: float,
    balls: Sequence[tuple[float, float, tuple[float, float]]], wide_view: bool, lang: Lang,
) -> str:  # fmt: skip
    """Draw one window about the fire, `reach` m to each side of the shorter way."""
    scale = 0.5 * min(WIDE, HIGH) / reach

    def at(east: float, north: float) -> svg.Point:
        return WIDE / 2 + east * scale, HIGH / 2 - north * scale

    parts = [svg.box(0, 0, WIDE, HIGH, fill="#f6f8f9")]
    for far, near, xy in balls if wide_view else ():
        x, y = at(*xy)
        parts.append(svg.dot(x, y, far * scale, fill="#8e5aa8", fill_opacity="0.10", stroke=PURPLE,
                             stroke_dasharray="8 5", stroke_width=1.5))  # fmt: skip
        parts.append(svg.dot(x, y, near * scale, fill="#8e5aa8", fill_opacity="0.14",
                             stroke=PURPLE, stroke_width=1.5))  # fmt: skip
    parts += _rings(farm, at, reach * WIDE / HIGH)
    parts += _marks(run, farm, at, wide_view, lang)
    parts.append(_scale_bar(scale))
    frame = Frame(-1.0, -1.0, 1.0, 1.0, WIDE)
    room = svg.Room(0, 0, WIDE, HIGH)
    parts.append(wind_rose(frame, wind_from_deg(run.scenario, run.shown), 0.8, room, lang))
    return "".join(parts)


def _reach(farm: TankFarm, n: int, dose: float) -> float:
    """Give how far from a vessel its fireball gives a dose, m."""
    dist = np.geomspace(5.0, 4000.0, 400)
    inside = farm.ball_dose(n, dist) >= dose
    return float(dist[inside].max()) if inside.any() else 0.0


def _rings(farm: TankFarm, at: object, reach: float) -> list[str]:
    """Outline where the fires that burn first are above each level, by rays from the source."""
    assert callable(at)
    turns = np.linspace(0.0, 2.0 * math.pi, 72, endpoint=False)
    radii = np.geomspace(3.0, reach, CELLS)
    east = radii[None, :] * np.sin(turns)[:, None]
    north = radii[None, :] * np.cos(turns)[:, None]
    places = np.stack([east.ravel(), north.ravel()], axis=1) + np.asarray(farm.source_xy)
    first = int(farm.course.burns.any(axis=1).argmax())
    flux = (farm.course.burns[first] @ farm.at(places).flux).reshape(east.shape)
    out = []
    for kw, colour in RINGS:
        inside = flux >= kw * 1e3
        far = np.where(inside.any(axis=1), radii[CELLS - 1 - inside[:, ::-1].argmax(axis=1)], 0.0)
        if far.any():
            ring = [at(r * math.sin(t), r * math.cos(t)) for r, t in zip(far, turns, strict=True)]
            out.append(svg.path(ring, closed=True, fill=colour, fill_opacity="0.30", stroke=colour,
                                stroke_width=2))  # fmt: skip
    return out


def _marks(run: ScenarioRun, farm: TankFarm, at: object, wide_view: bool, lang: Lang) -> list[str]:
    """Draw vessels, fires, where engines stand, the plant, and name them apart.

    The wide view names the fire and the offices alone: all else is too close together.
    """
    assert callable(at)
    city, spec = run.scenario.city, farm.spec
    room = svg.Room(0, 0, WIDE, HIGH)
    marks: list[tuple[svg.Point, str, str]] = []
    for vessel, known in zip(farm.vessels, spec.vessels, strict=True):
        marks.append((at(*vessel.xy), known.name.say(lang), BLUE))
    marks.append((at(*farm.flames[0].xy), spec.fires[0].name.say(lang), RED))
    for place, key, colour in (
        (spec.stand, "tankpic.stand", INK), (spec.plant, "tankpic.people", GREEN),
    ):  # fmt: skip
        xy = city.facilities[place].xy
        gap = (xy[0] - farm.source_xy[0], xy[1] - farm.source_xy[1])
        marks.append((at(*gap), say(key, lang), colour))
    for (x, y), _, _ in marks:
        room.take(x - 7, y - 7, 14, 14)
    out = []
    for (x, y), name, colour in marks:
        out.append(svg.dot(x, y, 3.5 if wide_view else 5.5, fill=colour, stroke="#fff",
                           stroke_width=1.2))  # fmt: skip
        if wide_view and colour not in (RED, GREEN):
            continue
        wide = svg.width_of(name, 11) + 6
        spot = room.place(x, y, wide, 15, (10, 20, 34, 52, 74, 100, 130))
        if spot:
            left, top = spot
            out.append(svg.line(x, y, left + wide / 2, top + 8, stroke=SOFT, stroke_width=0.7))
            out.append(svg.box(left, top, wide, 15, fill="#fff", fill_opacity="0.85", rx=3))
            out.append(svg.words(left + 3, top + 11.5, name, 11, INK))
    return out


def _scale_bar(scale: float) -> str:
    step = next((s for s in (10, 20, 50, 100, 200, 500) if s * scale > 60), 1000)
    y = HIGH - 14
    bar = svg.line(14, y, 14 + step * scale, y, stroke=INK, stroke_width=3)
    return bar + svg.words(14, y - 5, f"{step} m", 11, INK, halo=True)


def _map_key(balls: bool, lang: Lang) -> list[str]:
    rows = [(colour, say("tankpic.level", lang, kw=kw), "0.45") for kw, colour in RINGS]
    if balls:
        rows += [(PURPLE, say("tankpic.deaths", lang), "0.30"),
                 (PURPLE, say("tankpic.burns", lang), "0.10")]  # fmt: skip
    out, x, y = [], 0.0, HIGH + 40
    for colour, words, fill in rows:
        out.append(svg.box(x, y - 11, 16, 13, fill=colour, fill_opacity=fill, stroke=colour))
        out.append(svg.words(x + 22, y, words, 12))
        x += 46 + svg.width_of(words, 12)
    return out


# --- curves --------------------------------------------------------------------------------------


def damage_curves(run: ScenarioRun, lang: Lang) -> str:
    """Draw one panel a vessel that takes harm: its damage in this run, undone, and at its best."""
    farms = {name: farm for name in LINES if (farm := _farm(run, name)) is not None}
    end = min(run.scenario.file.horizon, 3600.0)
    shown = farms["shown"]
    some = [n for n in range(len(shown.vessels))
            if any(f.course.damage(end)[n] > 0.0 for f in farms.values())]  # fmt: skip
    if not some:
        note = svg.words(20, 30, say("tankpic.same", lang), 12)
        return svg.drawing(WIDE + RIGHT, 50, note, say("tankpic.damage", lang))
    high, out = 150.0, []
    axis = svg.TimeAxis(0.0, end, 60.0, WIDE + 60)
    for row, n in enumerate(some):
        top = 46 + row * (high + 70)
        name = shown.spec.vessels[n].name.say(lang)
        out.append(svg.words(60, top - 24, name, 13, weight="700"))
        out.append(svg.words(14, top - 6, say("tankpic.axis", lang), 10, SOFT))
        out.append(axis.grid(top, top + high, lang))
        for mark in (0.0, 0.5, 1.0):
            y = top + high * (1.0 - mark)
            out.append(svg.line(60, y, WIDE + 60, y, stroke=FAINT))
            out.append(svg.words(52, y + 4, f"{mark:g}", 10, SOFT, "end"))
        out += _acts(shown, n, axis, top, high, lang)
        for key, farm in sorted(farms.items(), key=lambda item: item[0] != "shown"):
            colour, dash, thick = LINES[key]
            edges = farm.course.curve[:, 0]
            # a blast breaks at one moment: look just before every event too
            times = np.unique(np.concatenate([edges, np.maximum(edges - 0.1, 0.0), [end]]))
            times = times[times <= end]
            line = [(axis.at(t), top + high * (1.0 - farm.course.damage(t)[n])) for t in times]
            out.append(svg.path(line, fill="none", stroke=colour, stroke_width=thick,
                                stroke_dasharray=dash))  # fmt: skip
    out += _line_key(farms, lang)
    height = 46 + len(some) * (high + 70) - 40
    return svg.drawing(WIDE + RIGHT, max(height, 170), "".join(out), say("tankpic.damage", lang))


def _acts(
    farm: TankFarm, n: int, axis: svg.TimeAxis, top: float, high: float,
    lang: Lang,
) -> list[str]:  # fmt: skip
    """Mark when cooling of a vessel began or ceased and when fires were put out, labels apart."""
    out: list[str] = []
    name = farm.vessels[n].name
    room = svg.Room(60, top, WIDE + 60, top + high)
    seen: set[str] = set()
    for act in farm.acts:
        if act.kind not in EVENTS or (act.kind in ("deluge", "monitors") and not act.at(name)):
            continue
        key = {"deluge": "spray", "monitors": "monitors"}.get(act.kind, act.kind)
        if act.factor >= 1.0:
            key = "lost" if act.kind == "deluge" else ""
        if not key or key in seen or not axis.holds(act.t_s):
            continue
        seen.add(key)
        x = axis.at(act.t_s)
        colour = EVENTS[act.kind] if key != "lost" else ORANGE
        out.append(svg.line(x, top, x, top + high, stroke=colour, stroke_width=1.4))
        words = say(f"tankpic.{key}", lang)
        wide = svg.width_of(words, 11) + 4
        for step in range(8):
            y = top + 4 + 15 * step
            if room.free(x + 4, y, wide, 14):
                room.take(x + 4, y, wide, 14)
                out.append(svg.box(x + 3, y, wide, 14, fill="#fff", fill_opacity="0.85"))
                out.append(svg.words(x + 5, y + 11, words, 11, colour))
                break
    return out


def _line_key(farms: dict[str, TankFarm], lang: Lang) -> list[str]:
    out = []
    for k, key in enumerate(farms):
        colour, dash, thick = LINES[key]
        y = 40 + 22 * k
        out.append(svg.line(WIDE + 110, y - 4, WIDE + 150, y - 4, stroke=colour,
                            stroke_width=thick, stroke_dasharray=dash))  # fmt: skip
        out.append(svg.words(WIDE + 158, y, say(f"tankpic.{key}", lang), 12))
    return out
