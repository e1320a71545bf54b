"""The road of an accident from above: the stretch between the entries, and the wreck close up."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from drillsim.data.figures import human
from drillsim.engine.road_traffic import Traffic
from drillsim.hazards.spill_course import STEP_S
from drillsim.hazards.spill_fire import SpillFire
from drillsim.i18n import Lang, catalogue, say
from drillsim.log.runlog import RunLog
from drillsim.physics.traffic_queue import queue_length_m
from drillsim.report import svg
from drillsim.report.footprint import hazard_of, outlines, wind_from_deg
from drillsim.report.ground import Frame, frame_around, ground
from drillsim.report.map import CLOUD_COLOURS
from drillsim.report.marks import scale_bar, star, wind_rose
from drillsim.report.svg import BLUE, GREEN, INK, PURPLE
from drillsim.report.words import place_name
from drillsim.scenario import Scenario

catalogue(
    {
        "roadmap.label": ("路段示意图", "map of the road"),
        "roadmap.band": ("{kw:.1f} kW/m² 以上", "{kw:.1f} kW/m² or more"),
        "roadmap.could": ("若点燃：2.5 kW/m² 以上", "2.5 kW/m² or more if lit"),
        "roadmap.pool": ("液池（{where}）{area:.0f} m²", "pool on the {where}, {area:.0f} m²"),
        "roadmap.deck": ("桥面", "deck"),
        "roadmap.street": ("地面", "street"),
        "roadmap.road": ("事故道路（示意）", "the road (scheme)"),
        "roadmap.queue": ("静止车队", "standing vehicles"),
        "roadmap.shut": ("道路封闭", "road shut"),
        "roadmap.corridor": ("逆向应急通道", "corridor against the traffic"),
        "roadmap.post": ("伤员集中点", "casualty point"),
    }
)

Floats = NDArray[np.float64]
# kW/m2: what people notice, what hurts, what kills within half a minute; yellow, orange, dark red
BANDS: tuple[tuple[float, str], ...] = ((1.58, "#f3d34a"), (2.5, "#f08a24"), (12.5, "#8f1d1d"))
CELL_M, NEAR_M = 4.0, 150.0
ROAD = "#c3c9d0"
AT_LEAST_S = 1800.0


def shown_at(scenario: Scenario, log: RunLog) -> float:
    """Choose the time to show (s): when the burning pools were widest, else half an hour."""
    hazard = hazard_of(scenario, log)
    if not isinstance(hazard, SpillFire):
        return min(AT_LEAST_S, log.end_s)
    course = hazard.course
    areas = [
        sum(course.area_m2(pool, k) for pool in (0, 1) if course.burns(pool, k))
        for k in range(min(course.alight.size, int(log.end_s / STEP_S) + 1))
    ]
    widest = max(areas, default=0.0)
    return (areas.index(widest) - 1) * STEP_S if widest > 0.0 else min(AT_LEAST_S, log.end_s)


def close_up(scenario: Scenario, log: RunLog, t_s: float, lang: Lang) -> str:
    """Draw 300 m around the wreck: pools, heat in bands (or where it would be), people's places."""
    hazard = hazard_of(scenario, log)
    assert isinstance(hazard, SpillFire)
    (x0, y0), (x1, y1) = hazard.pools_xy
    mid = ((x0 + x1) / 2, (y0 + y1) / 2)
    high = NEAR_M * 1.1
    frame = Frame(mid[0] - 1.9 * high, mid[1] - high, mid[0] + 1.9 * high, mid[1] + high)
    knot = min(int(t_s / STEP_S) + 1, hazard.course.alight.size - 1)
    room = svg.Room(0, 0, frame.width, frame.height)
    heat, keys = _heat(hazard, frame, t_s, bool(hazard.course.alight[knot]), lang)
    parts = [ground(scenario.city, frame), heat]
    for pool, (x, y) in enumerate(hazard.pools_xy):
        area = hazard.course.area_m2(pool, knot)
        px, py = frame.at(x, y)
        radius = max(math.sqrt(area / math.pi) * frame.scale, 2.0)
        parts.append(svg.dot(px, py, radius, fill=BLUE, fill_opacity="0.55", stroke=BLUE))
        room.take(px - radius, py - radius, 2 * radius, 2 * radius)
        where = say("roadmap.deck" if pool == 0 else "roadmap.street", lang)
        keys.append((BLUE, say("roadmap.pool", lang, where=where, area=area)))
    parts += [
        star(*frame.at(*hazard.source_xy), 0.8),
        wind_rose(frame, wind_from_deg(scenario, log), 1.0, room, lang),
        scale_bar(frame, 1.0, room),
        _key(keys, frame, room),
        _names(scenario, log, frame, room, lang),
    ]
    return svg.drawing(frame.width, frame.height, "".join(parts), say("roadmap.label", lang))


def _heat(
    hazard: SpillFire, frame: Frame, t_s: float, lit: bool, lang: Lang
) -> tuple[str, list[tuple[str, str]]]:
    """Draw the bands of heat as rows of cells; unlit, the cells that a fire would reach."""
    xs = np.arange(frame.left, frame.right, CELL_M) + CELL_M / 2
    ys = np.arange(frame.bottom, frame.top, CELL_M) + CELL_M / 2
    grid = np.array([(x, y) for y in ys for x in xs])
    shape = (ys.size, xs.size)
    if not lit:
        would = hazard.endangers(grid, t_s).reshape(shape)
        mark = _cells(would, xs, ys, frame, "#f08a24", 0.30)
        return mark, [("#f08a24", say("roadmap.could", lang))]
    level = hazard.level("heat@1.5m/60s", grid, t_s).reshape(shape) / 1e3
    tops = [*(kw for kw, _ in BANDS[1:]), math.inf]
    out = [
        _cells((level >= kw) & (level < top), xs, ys, frame, colour, 0.6)
        for (kw, colour), top in zip(BANDS, tops, strict=True)
    ]
    return "".join(out), [(colour, say("roadmap.band", lang, kw=kw)) for kw, colour in BANDS]


def _cells(
    inside: NDArray[np.bool_], xs: Floats, ys: Floats, frame: Frame, colour: str, opacity: float
) -> str:
    """Draw each unbroken run of cells of a row as one box."""
    high = CELL_M * frame.scale
    out = []
    for row, y in zip(inside, ys, strict=True):
        edges = np.flatnonzero(np.diff(np.r_[0, row.astype(int), 0]))
        for first, end in zip(edges[0::2], edges[1::2], strict=True):
            left, top = frame.at(float(xs[first]) - CELL_M / 2, float(y) + CELL_M / 2)
            out.append(svg.box(left, top, high * float(end - first), high))
    return svg.tag("g", "".join(out), fill=colour, fill_opacity=str(opacity)) if out else ""


def road_map(scenario: Scenario, log: RunLog, t_s: float, lang: Lang) -> str:
    """Draw the stretch between the entries: standing vehicles, closures, corridor, danger."""
    spec, city = scenario.spec, scenario.city
    spots = [city.facilities[p].xy for p in _shown(scenario, log)]
    frame = frame_around(spots, ratio=2.4, pad=0.08)
    room = svg.Room(0, 0, frame.width, frame.height)
    parts = [ground(city, frame), _road(scenario, frame), _danger(scenario, log, t_s, frame)]
    parts += [_standing(scenario, log, t_s, frame), _closed(scenario, log, t_s, frame)]
    opened = [e.t for e in log.of("truth") if e.subject == "corridor"]
    keys = [(ROAD, say("roadmap.road", lang)), (BLUE, say("roadmap.queue", lang))]
    keys += _danger_keys(scenario, log, t_s, lang)
    keys.append((INK, say("roadmap.shut", lang)))
    if opened and opened[0] <= t_s:
        parts.append(_corridor(scenario, frame))
        keys.append((GREEN, say("roadmap.corridor", lang)))
    parts += [
        star(*frame.at(*city.facilities[spec.at].xy), 1.0),
        wind_rose(frame, wind_from_deg(scenario, log), 1.0, room, lang),
        scale_bar(frame, 1.0, room),
        _key(keys, frame, room),
        _names(scenario, log, frame, room, lang),
    ]
    return svg.drawing(frame.width, frame.height, "".join(parts), say("roadmap.label", lang))


def _posts(log: RunLog) -> list[str]:
    found = [str(e.data["where"]) for e in log.of("task-started") if e.subject == "triage"]
    return list(dict.fromkeys(found))


def _shown(scenario: Scenario, log: RunLog) -> list[str]:
    spec = scenario.spec
    road = spec.road
    below = [road.below] if road.below is not None else []
    entries = [s.entry for s in road.stored]
    names = [spec.at, road.upstream, road.downstream, *entries, *below, *road.stairs, *_posts(log)]
    return [n for n in dict.fromkeys(names) if n in scenario.city.facilities]


def _danger(scenario: Scenario, log: RunLog, t_s: float, frame: Frame) -> str:
    """Draw the cloud's outlines, or the heat, at the time shown."""
    hazard = hazard_of(scenario, log)
    if isinstance(hazard, SpillFire):
        knot = min(int(t_s / STEP_S) + 1, hazard.course.alight.size - 1)
        return _heat(hazard, frame, t_s, bool(hazard.course.alight[knot]), "en")[0]
    return "".join(
        svg.path(frame.line(ring), closed=True, fill=CLOUD_COLOURS[o.tier], fill_opacity="0.4",
                 stroke=CLOUD_COLOURS[o.tier])
        for o in outlines(scenario, log, (t_s,)) for ring in o.rings
    )  # fmt: skip


def _danger_keys(scenario: Scenario, log: RunLog, t_s: float, lang: Lang) -> list[tuple[str, str]]:
    """Give the key of what `_danger` draws."""
    hazard = hazard_of(scenario, log)
    if isinstance(hazard, SpillFire):
        knot = min(int(t_s / STEP_S) + 1, hazard.course.alight.size - 1)
        if hazard.course.alight[knot]:
            return [(colour, say("roadmap.band", lang, kw=kw)) for kw, colour in BANDS]
        return [("#f08a24", say("roadmap.could", lang))]
    drawn = {o.tier: o.ppm for o in outlines(scenario, log, (t_s,)) if o.rings}
    return [
        (CLOUD_COLOURS[tier], say("map.aegl", lang, tier=tier, ppm=ppm))
        for tier, ppm in sorted(drawn.items())
    ]


def _road(scenario: Scenario, frame: Frame) -> str:
    """Draw the road of the accident as straight lines between its places, under all else."""
    spec, facilities = scenario.spec, scenario.city.facilities
    entries = [s.entry for s in spec.road.stored]
    ends = dict.fromkeys([spec.road.upstream, spec.road.downstream, *entries])
    ax, ay = frame.at(*facilities[spec.at].xy)
    out = []
    for name in ends:
        if name in facilities and name != spec.at:
            bx, by = frame.at(*facilities[name].xy)
            out.append(
                svg.line(ax, ay, bx, by, stroke=ROAD, stroke_width=9, stroke_linecap="round")
            )
    return "".join(out)


def _standing(scenario: Scenario, log: RunLog, t_s: float, frame: Frame) -> str:
    """Draw each stretch's standing vehicles as a thick line from the wreck."""
    spec, city = scenario.spec, scenario.city
    traffic = Traffic.of(spec.road, city, spec.at, human())
    for event in log.of("road-closed"):
        traffic.shut_s.setdefault(event.subject, event.t)
    source = np.asarray(city.facilities[spec.at].xy)
    out = []
    for stretch in spec.road.stored:
        length = float(queue_length_m(traffic.queue(stretch).vehicles(t_s), stretch.lanes))
        way = np.asarray(city.facilities[stretch.entry].xy) - source
        end = source + way * min(length, stretch.room) / max(float(np.hypot(*way)), 1e-9)
        (ax, ay), (bx, by) = frame.at(*source), frame.at(float(end[0]), float(end[1]))
        out.append(svg.line(ax, ay, bx, by, stroke=BLUE, stroke_width=7, stroke_opacity="0.75"))
    return "".join(out)


def _closed(scenario: Scenario, log: RunLog, t_s: float, frame: Frame) -> str:
    out = []
    for event in log.of("road-closed"):
        if event.t > t_s or event.subject not in scenario.city.facilities:
            continue
        x, y = frame.at(*scenario.city.facilities[event.subject].xy)
        for d in (9.0, -9.0):
            out.append(svg.line(x - d, y - 9, x + d, y + 9, stroke=INK, stroke_width=4))
    return "".join(out)


def _corridor(scenario: Scenario, frame: Frame) -> str:
    city, spec = scenario.city, scenario.spec
    (ax, ay), (bx, by) = (frame.at(*city.facilities[p].xy) for p in (spec.road.downstream, spec.at))
    # beside the road, so that it does not hide the vehicles of the other carriageway
    turn = math.atan2(by - ay, bx - ax)
    dx, dy = 12 * math.sin(turn), -12 * math.cos(turn)
    bx, by = bx - 14 * math.cos(turn), by - 14 * math.sin(turn)
    shaft = svg.line(ax + dx, ay + dy, bx + dx, by + dy, stroke=GREEN, stroke_width=5)
    return shaft + svg.arrow_head(bx + dx, by + dy, turn, 16, GREEN)


def _names(scenario: Scenario, log: RunLog, frame: Frame, room: svg.Room, lang: Lang) -> str:
    """Name the places of the road, none over another; casualty points in purple."""
    posts, out = _posts(log), []
    spec = scenario.spec
    places = list(dict.fromkeys([spec.wreck.at, *_shown(scenario, log)]))
    inside = [p for p in places if frame.holds(*scenario.city.facilities[p].xy)]
    for place in inside:
        x, y = frame.at(*scenario.city.facilities[place].xy)
        room.take(x - 7, y - 7, 14, 14)
    for place in inside:
        x, y = frame.at(*scenario.city.facilities[place].xy)
        name = place_name(scenario, place, lang)
        if place in posts:
            name = f"{say('roadmap.post', lang)}: {name}"
        colour = PURPLE if place in posts else GREEN if place in spec.road.stairs else INK
        name = svg.shortened(name, 11, 240)
        wide = svg.width_of(name, 11) + 6
        spot = room.place(x, y, wide, 15, (14, 30, 50, 75, 100))
        if place != spec.at:
            out.append(svg.box(x - 4, y - 4, 8, 8, fill=colour, stroke="#fff"))
        if spot is None:
            continue
        left, top = spot
        out.append(svg.line(x, y, left + wide / 2, top + 8, stroke="#8a949e", stroke_width=0.8))
        out.append(svg.box(left, top, wide, 15, fill="#fff", fill_opacity="0.85", rx=3))
        out.append(svg.words(left + 3, top + 11.5, name, 11, colour))
    return "".join(out)


def _key(keys: list[tuple[str, str]], frame: Frame, room: svg.Room) -> str:
    """Write the key into the lower right corner."""
    wide = max(svg.width_of(words, 11) for _, words in keys) + 34
    high = 17.0 * len(keys) + 8
    left, top = frame.width - wide - 8, frame.height - high - 8
    room.take(left, top, wide, high)
    out = [svg.box(left, top, wide, high, fill="#fff", fill_opacity="0.9", rx=3)]
    for k, (colour, words) in enumerate(keys):
        y = top + 6 + 17 * k
        out.append(svg.box(left + 6, y + 1, 14, 10, fill=colour, fill_opacity="0.7"))
        out.append(svg.words(left + 26, y + 10, words, 11))
    return "".join(out)
