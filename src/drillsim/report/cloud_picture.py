"""The picture of a flammable cloud over a tank farm: where it lay, what lit it, what burnt."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from drillsim.hazards.cloud_farm import CloudFarm
from drillsim.hazards.vapour_cloud import CREW_SHARE, IgnitionSpec, offset
from drillsim.i18n import Lang, catalogue, say
from drillsim.report import svg
from drillsim.report.footprint import half_widths, hazard_of, wind_from_deg
from drillsim.report.ground import Frame
from drillsim.report.marks import wind_rose
from drillsim.report.model import ScenarioRun
from drillsim.report.svg import BLUE, GREEN, INK, ORANGE, PURPLE, RED, SOFT
from drillsim.report.tank_pictures import tank_pictures
from drillsim.units import clock

catalogue(
    {
        "cloudpic.lit": (
            "可燃气云：点燃时（{at}）的范围、点燃它的和可能点燃它的、爆燃超压",
            "The flammable cloud when it was lit at {at}: its reach, what lit it and what might "
            "have, the blast",
        ),
        "cloudpic.unlit": (
            "可燃气云最大时（{at}）的范围；本次运行未点燃",
            "The flammable cloud at its greatest ({at}); it was not lit in this run",
        ),
        "cloudpic.lfl": ("爆炸下限（LFL）", "lower flammable limit (LFL)"),
        "cloudpic.half": ("1/2 LFL：人员不得进入", "half the LFL: nobody goes in"),
        "cloudpic.burnt": ("闪燃范围", "burnt in the flash"),
        "cloudpic.rack": ("{name}：受限空间", "{name}: congested"),
        "cloudpic.blast": ("{kpa:g} kPa 超压", "{kpa:g} kPa overpressure"),
        "cloudpic.mass": ("可燃质量 {t:.1f} t（上限）", "flammable mass {t:.1f} t (upper bound)"),
        "cloudpic.flash-only": ("无爆燃超压，仅闪燃", "a flash, no blast"),
        "cloudpic.lit-by": ("{name}：{at} 点燃", "{name}: lit it at {at}"),
        "cloudpic.off": ("{name}：{at} 已消除", "{name}: ended at {at}"),
        "cloudpic.on": ("{name}：未消除", "{name}: never ended"),
        "cloudpic.valve": ("泄漏 {at} 切断", "leak shut off at {at}"),
        "cloudpic.open": ("泄漏未切断", "leak never shut off"),
        "cloudpic.source": ("泄漏点", "leak"),
        "cloudpic.detector": ("可燃气体探测器", "gas detector"),
        "report.hazard.ignite": ("气云点燃", "the cloud is lit"),
        "report.hazard.power": ("切断点火源电源", "power of ignition sources cut"),
        "report.hazard.traffic": ("车辆停止", "vehicles stopped"),
        "figure.flash-kills-open": ("闪燃范围内室外死亡份额", "deaths in the open in a flash"),
        "figure.flash-kills-gear": ("闪燃范围内着装队员死亡份额", "deaths in gear in a flash"),
        "figure.flash-kills-indoors": ("闪燃范围内室内死亡份额", "deaths indoors in a flash"),
        "figure.ignition-chance": ("每分钟点燃概率", "chance of ignition a minute"),
        "figure.crews-stop-at": ("人员止步浓度与 LFL 之比", "where crews stop, share of the LFL"),
        "figure.lower-limit": ("爆炸下限", "lower flammable limit"),
        "figure.cloud-reach": ("可燃气云距离", "reach of the flammable cloud"),
    }
)

Floats = NDArray[np.float64]
Spot = Callable[[float, float], svg.Point]
WIDE, HIGH, KEY = 620.0, 430.0, 400.0
ALONG, ACROSS, SIDE_M = 160, 60, 400.0
RINGS_PA = (7e3, 20e3)


def draw(run: ScenarioRun, lang: Lang) -> Sequence[tuple[str, str]]:
    """Give the picture of the cloud, if there was one, then those of every tank-farm fire."""
    farm = hazard_of(run.scenario, run.shown)
    if not isinstance(farm, CloudFarm):
        return tank_pictures(run, lang)
    lit = math.isfinite(farm.lit_s)
    t_s = farm.lit_s if lit else _greatest_s(farm)
    title = say("cloudpic.lit" if lit else "cloudpic.unlit", lang, at=clock(t_s))
    found = [(title, cloud_map(run, farm, t_s, title, lang))]
    return [*found, *tank_pictures(run, lang)] if lit else found


def _greatest_s(farm: CloudFarm) -> float:
    """Give the first time at which the flammable mass is as great as it gets, s."""
    times = np.arange(0.0, farm.cloud.gone_s() + 10.0, 10.0)
    mass = np.array([farm.cloud.flammable_kg(float(t)) for t in times])
    return float(times[int((mass >= 0.999 * mass.max()).argmax())])


def cloud_map(run: ScenarioRun, farm: CloudFarm, t_s: float, title: str, lang: Lang) -> str:
    """Draw the cloud at a time, down wind of the leak, with a key to its right."""
    east, north = farm.weather.down_wind()
    ahead = max(1.15 * _reach_m(farm), 90.0)
    scale = 0.78 * min(WIDE, HIGH) / ahead
    middle = (0.42 * ahead * east, 0.42 * ahead * north)

    def at(x: float, y: float) -> svg.Point:
        return WIDE / 2 + (x - middle[0]) * scale, HIGH / 2 - (y - middle[1]) * scale

    lit = t_s == farm.lit_s
    parts = [svg.box(0, 0, WIDE, HIGH, fill="#f6f8f9")]
    half, full = (_outline(farm, t_s, share * farm.cloud.lfl_ppm) for share in (CREW_SHARE, 1.0))
    parts.append(svg.path([at(*p) for p in half], closed=True, fill=ORANGE, fill_opacity="0.10",
                          stroke=ORANGE, stroke_dasharray="7 5", stroke_width=1.6))  # fmt: skip
    parts.append(svg.path([at(*p) for p in full], closed=True, fill=RED,
                          fill_opacity="0.38" if lit else "0.16", stroke=RED,
                          stroke_width=2))  # fmt: skip
    parts += _blast(farm, at, scale, lit, lang)
    parts += _marks(run, farm, at, lang)
    frame, room = Frame(-1.0, -1.0, 1.0, 1.0, WIDE), svg.Room(0, 0, WIDE, HIGH)
    parts.append(wind_rose(frame, wind_from_deg(run.scenario, run.shown), 0.8, room, lang))
    step = next((s for s in (10, 20, 50, 100, 200) if s * scale > 60), 500)
    parts.append(svg.line(14, HIGH - 14, 14 + step * scale, HIGH - 14, stroke=INK, stroke_width=3))
    parts.append(svg.words(14, HIGH - 19, f"{step} m", 11, INK, halo=True))
    inner = svg.tag("svg", "".join(parts), x=0.0, y=0.0, width=WIDE, height=HIGH)
    key = "".join(_key(run, farm, t_s, lit, lang))
    return svg.drawing(WIDE + KEY, HIGH, inner + key, title)


def _reach_m(farm: CloudFarm) -> float:
    gas = farm.cloud.gas
    return gas.plume(farm.cloud.quantity).distance_to(CREW_SHARE * farm.cloud.lfl_ppm)


def _outline(farm: CloudFarm, t_s: float, ppm: float) -> list[tuple[float, float]]:
    """Give the edge of a level at a time, m east and north of the leak, down one side and back."""
    gas = farm.cloud.gas
    east, north = farm.weather.down_wind()
    along = 1.1 * _reach_m(farm) * np.linspace(0.0, 1.0, ALONG)
    across = SIDE_M * np.linspace(0.0, 1.0, ACROSS) ** 2
    x, y = np.meshgrid(along, across, indexing="ij")
    grid = np.stack([x * east - y * north, x * north + y * east], axis=-1).reshape(-1, 2)
    level = gas.level(farm.cloud.quantity, grid + np.asarray(gas.source_xy), t_s)
    half = half_widths(level.reshape(ALONG, ACROSS), across, ppm)
    some = np.flatnonzero(half > 0.0)
    if not some.size:
        return [(0.0, 0.0)]
    down = np.concatenate([along[some], along[some][::-1]])
    side = np.concatenate([half[some], -half[some][::-1]])
    edge = np.column_stack([down * east - side * north, down * north + side * east])
    return [(float(a), float(b)) for a, b in edge]


def _blast(farm: CloudFarm, at: Spot, scale: float, lit: bool, lang: Lang) -> list[str]:
    """Draw the congested part, and rings of overpressure if it took part."""
    part = farm.cloud.spec.congested
    if part is None:
        return []
    x, y = at(*offset(part.bearing, part.distance))
    out = [svg.dot(x, y, part.radius * scale, fill=PURPLE, fill_opacity="0.18", stroke=PURPLE,
                   stroke_width=1.2)]  # fmt: skip
    if not lit:
        return out
    gaps = np.geomspace(2.0, 2000.0, 600)
    pressure = farm.cloud.blast_pa(gaps, farm.lit_s)
    for pa in RINGS_PA:
        if not (pressure >= pa).any():
            continue
        radius = float(gaps[pressure >= pa].max()) * scale
        out.append(svg.dot(x, y, radius, fill="none", stroke=PURPLE, stroke_width=1.4,
                           stroke_dasharray="3 4"))  # fmt: skip
        out.append(svg.words(x, y - radius - 3, say("cloudpic.blast", lang, kpa=pa / 1e3), 10,
                             PURPLE, "middle", halo=True))  # fmt: skip
    return out


def _marks(run: ScenarioRun, farm: CloudFarm, at: Spot, lang: Lang) -> list[str]:
    """Mark leak, vessels, ignition sources, detectors and where engines stand; names apart."""
    spec, city = farm.spec, run.scenario.city
    marks = [((0.0, 0.0), say("cloudpic.source", lang), RED)]
    marks += [(v.xy, k.name.say(lang), BLUE)
              for v, k in zip(farm.vessels, spec.vessels, strict=True)]  # fmt: skip
    marks += [(offset(s.bearing, s.distance), s.name.say(lang), ORANGE)
              for s in farm.cloud.spec.ignition]  # fmt: skip
    stand = np.asarray(city.facilities[spec.stand].xy) - np.asarray(farm.source_xy)
    marks.append(((float(stand[0]), float(stand[1])), say("tankpic.stand", lang), INK))
    room = svg.Room(0, 0, WIDE, HIGH)
    room.take(WIDE - 60, 0, 60, 60)
    placed = [(at(*xy), name, colour) for xy, name, colour in marks]
    out = []
    for detector in farm.cloud.spec.detectors:
        x, y = at(*offset(detector.bearing, detector.distance))
        out.append(svg.box(x - 3, y - 3, 6, 6, fill=GREEN, stroke="#fff"))
    for (x, y), _, _ in placed:
        room.take(x - 7, y - 7, 14, 14)
    for (x, y), name, colour in placed:
        if not (0.0 <= x <= WIDE and 0.0 <= y <= HIGH):
            continue
        out.append(svg.dot(x, y, 5, fill=colour, stroke="#fff", stroke_width=1.2))
        wide = svg.width_of(name, 11) + 6
        spot = room.place(x, y, wide, 15, (10, 20, 34, 52, 74))
        if spot:
            left, top = spot
            out.append(svg.line(x, y, left + wide / 2, top + 8, stroke=SOFT, stroke_width=0.7))
            out.append(svg.box(left, top, wide, 15, fill="#fff", fill_opacity="0.85", rx=3))
            out.append(svg.words(left + 3, top + 11.5, name, 11, INK))
    return out


def _key(run: ScenarioRun, farm: CloudFarm, t_s: float, lit: bool, lang: Lang) -> list[str]:
    """Write beside the map what the colours mean, and what became of each source."""
    x, y = WIDE + 16.0, 22.0
    burnt = say("cloudpic.burnt" if lit else "cloudpic.lfl", lang)
    rows: list[tuple[str, str | None]] = [
        (burnt if not lit else f"{burnt} = {say('cloudpic.lfl', lang)}", RED),
        (say("cloudpic.half", lang), ORANGE), (say("cloudpic.detector", lang), GREEN),
    ]  # fmt: skip
    part = farm.cloud.spec.congested
    if part is not None:
        rows.append((say("cloudpic.rack", lang, name=part.name.say(lang)), PURPLE))
    rows.append(("", None))
    rows.append((say("cloudpic.mass", lang, t=farm.cloud.flammable_kg(t_s) / 1e3), None))
    if lit and farm.cloud.blast_j(t_s) == 0.0:
        rows.append((say("cloudpic.flash-only", lang), None))
    rows.append((_valve(run, lang), None))
    rows += [(_fate(run, source, lang), None) for source in farm.cloud.spec.ignition]
    out = []
    for words, colour in rows:
        if colour is not None:
            out.append(svg.box(x, y - 10, 14, 12, fill=colour, fill_opacity="0.4", stroke=colour))
        left = x + 22 if colour is not None else x
        out.append(svg.words(left, y, svg.shortened(words, 12, WIDE + KEY - left), 12))
        y += 21
    return out


def _valve(run: ScenarioRun, lang: Lang) -> str:
    shut = [e.t for e in run.shown.of("hazard-changed") if e.subject == "isolate"]
    if not shut:
        return say("cloudpic.open", lang)
    return say("cloudpic.valve", lang, at=clock(shut[0]))


def _fate(run: ScenarioRun, source: IgnitionSpec, lang: Lang) -> str:
    """Tell of one source whether and when it lit the cloud, or was ended."""
    name = source.name.say(lang)
    kind = {"electrical": "power", "vehicle": "traffic"}.get(source.kind)
    for event in run.shown.of("hazard-changed"):
        where = event.data.get("where")
        if event.subject == "ignite" and where == source.id:
            return say("cloudpic.lit-by", lang, name=name, at=clock(event.t))
        if event.subject == kind and where == source.off_by:
            return say("cloudpic.off", lang, name=name, at=clock(event.t))
    return say("cloudpic.on", lang, name=name)
