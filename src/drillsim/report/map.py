"""Maps of the scene: cloud, orders, crews and people at chosen times; and the way crews came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from drillsim.i18n import Lang, catalogue, say
from drillsim.report import svg
from drillsim.report.footprint import wind_from_deg
from drillsim.report.ground import Frame, ground, ring_sector
from drillsim.report.harm import harm_say
from drillsim.report.map_scene import Scene
from drillsim.report.marks import scale_bar, star, title_box, wind_rose
from drillsim.report.scene import CrewPlace, closures_at, crews_at, zones_at
from drillsim.report.svg import BLUE, BROWN, GREEN, INK, ORANGE, PURPLE, RED, SOFT, TEAL
from drillsim.report.words import clock_at, place_name, place_xy

catalogue(
    {
        "map.title": ("T+{minute} 分（{clock}）", "T+{minute} min ({clock})"),
        "map.scene": ("现场示意图", "map of the scene"),
        "map.aegl": ("AEGL-{tier}（10 分钟，{ppm:g} ppm）", "AEGL-{tier} (10 min, {ppm:g} ppm)"),
        "map.service.fire": ("消防", "fire"),
        "map.service.medical": ("医疗", "medical"),
        "map.service.police": ("公安交警", "police"),
        "map.service.water": ("海事与水上清污", "boats and booms"),
        "map.service.monitoring": ("监测", "monitoring"),
        "map.service.bus": ("车辆转移", "buses"),
        "map.service.plant": ("企业处置队", "plant crew"),
        "map.service.other": ("其他力量", "others"),
        "map.stretch.cargo": ("水中货物超限", "cargo above the limit"),
        "map.stretch.slick": ("油膜", "oil slick"),
    }
)

STATE_COLOURS: Mapping[str, str] = {
    "quiet": "#9aa5b1", "warned": GREEN, "late": ORANGE, "hit": RED,
}  # fmt: skip
SERVICE_COLOURS: Mapping[str, str] = {
    "fire": RED, "medical": "#d6479b", "police": BLUE, "monitoring": TEAL, "bus": PURPLE,
    "water": "#3b4fa0", "plant": BROWN, "other": "#555f6b",
}  # fmt: skip
ZONE_COLOURS: Mapping[str, str] = {
    "shelter": BLUE, "leave-crosswind": PURPLE, "evacuate": PURPLE, "gather-outdoors": BROWN,
    "return": GREEN,
}  # fmt: skip
CLOUD_COLOURS: Mapping[int, str] = {2: "#f0a830", 3: "#d43d2a"}
STRETCH_COLOURS: Mapping[str, str] = {"cargo": "#2f6fae", "slick": "#6b3f14"}


def map_ground(scene: Scene, mark: str) -> str:
    """Draw the ground once as a symbol that every map of the run uses."""
    frame = scene.frame
    content = ground(scene.scenario.city, frame)
    box = f"0 0 {svg.num(frame.width)} {svg.num(frame.height)}"
    symbol = svg.tag("symbol", content, id=mark, viewBox=box)
    return svg.tag("svg", symbol, width=0, height=0, class_="defs", aria_hidden="true")


def scene_map(scene: Scene, t_s: float, mark: str, lang: Lang, big: bool) -> str:
    """Draw the scene at one time; `big` with names, else with numbers, to be set side by side."""
    frame = scene.frame
    room = svg.Room(0, 0, frame.width, frame.height)
    size = 1.0 if big else 2.5
    for place in scene.places:
        x, y = frame.at(*(place_xy(scene.scenario, place.id) or scene.source))
        room.take(x - 8 * size, y - 8 * size, 16 * size, 16 * size)
    sx, sy = frame.at(*scene.source)
    room.take(sx - 12 * size, sy - 12 * size, 24 * size, 24 * size)
    title = say("map.title", lang, minute=f"{t_s / 60:g}", clock=clock_at(scene.scenario, t_s))
    parts = [
        svg.tag("use", href=f"#{mark}", width=frame.width, height=frame.height),
        _zones(scene, t_s),
        _fouled(scene, t_s, size, lang),
        _cloud(scene, t_s, lang),
        _closures(scene, t_s, size),
        _crews(scene, t_s, size, room, lang),
        _receptors(scene, t_s, size, lang),
        star(sx, sy, size),
        title_box(title, size, room),
        wind_rose(frame, wind_from_deg(scene.scenario, scene.log), size, room, lang),
        scale_bar(frame, size, room),
    ]
    if big:
        parts.append(_labels(scene, room, lang))
    else:
        parts.append(_numbers(scene, size, room))
    label = f"{say('map.scene', lang)} {title}"
    return svg.drawing(frame.width, frame.height, "".join(parts), label)


def _zones(scene: Scene, t_s: float) -> str:
    out = []
    for zone in reversed(zones_at(scene.log, t_s)):
        if zone.far_m <= 0:
            continue
        d = ring_sector(
            scene.frame, scene.source, zone.near_m, zone.far_m, zone.bearing_deg, zone.sector_deg
        )
        colour = ZONE_COLOURS.get(zone.action, SOFT)
        out.append(
            svg.tag("path", d=d, fill=colour, fill_opacity="0.10", fill_rule="evenodd",
                    stroke=colour, stroke_width=2, stroke_dasharray="9 5")
        )  # fmt: skip
    return "".join(out)


def _cloud(scene: Scene, t_s: float, lang: Lang) -> str:
    out = []
    for outline in scene.outlines:
        if outline.t_s != t_s:
            continue
        colour = CLOUD_COLOURS[outline.tier]
        words = say("map.aegl", lang, tier=outline.tier, ppm=outline.ppm)
        for ring in outline.rings:
            d = svg.d_of(scene.frame.line(ring), closed=True)
            out.append(
                svg.tag("path", svg.hint(words), d=d, fill=colour, fill_opacity="0.45",
                        stroke=colour, stroke_width=1.5)
            )  # fmt: skip
    return "".join(out)


def _fouled(scene: Scene, t_s: float, size: float, lang: Lang) -> str:
    out = []
    for stretch in scene.stretches:
        if stretch.t_s == t_s:
            slick = stretch.kind == "slick"
            hint = svg.hint(say(f"map.stretch.{stretch.kind}", lang))
            out.append(
                svg.tag("path", hint, d=svg.d_of(scene.frame.line(stretch.line)), fill="none",
                        stroke=STRETCH_COLOURS[stretch.kind], stroke_opacity="0.8",
                        stroke_width=(3.0 if slick else 8.0) * size**0.5)
            )  # fmt: skip
    return "".join(out)


def _closures(scene: Scene, t_s: float, size: float) -> str:
    out = []
    for event in closures_at(scene.log, t_s):
        xy = place_xy(scene.scenario, event.subject)
        if xy is None:
            continue
        x, y = scene.frame.at(*xy)
        arm = 7 * size
        for dx in (arm, -arm):
            out.append(
                svg.line(x - dx, y - arm, x + dx, y + arm, stroke=INK, stroke_width=3 * size)
            )
    return "".join(out)


def _clusters(
    crews: Sequence[CrewPlace], frame: Frame
) -> list[tuple[float, float, dict[str, int]]]:
    """Put units that stand together into one mark with a count for each service."""
    groups: dict[tuple[int, int], list[CrewPlace]] = {}
    for crew in crews:
        x, y = frame.at(crew.x, crew.y)
        groups.setdefault((int(x // 26), int(y // 26)), []).append(crew)
    out = []
    for members in groups.values():
        px = [frame.at(c.x, c.y) for c in members]
        count: dict[str, int] = {}
        for crew in members:
            count[crew.service] = count.get(crew.service, 0) + 1
        out.append((sum(p[0] for p in px) / len(px), sum(p[1] for p in px) / len(px), count))
    return out


def _crews(scene: Scene, t_s: float, size: float, room: svg.Room, lang: Lang) -> str:
    frame = scene.frame
    inside = [c for c in crews_at(scene.scenario, scene.log, t_s) if frame.holds(c.x, c.y)]
    tracks: dict[str, list[str]] = {}
    for crew in inside:
        if len(crew.track) > 1:
            d = svg.d_of(frame.line(crew.track))
            if d not in tracks.setdefault(crew.service, []):
                tracks[crew.service].append(d)
    out = [
        svg.tag("path", d="".join(ds), fill="none", stroke=SERVICE_COLOURS[service],
                stroke_width=1.6 * size**0.5, stroke_opacity="0.55")
        for service, ds in sorted(tracks.items())
    ]  # fmt: skip
    for crew in inside:
        if crew.moving:
            x, y = frame.at(crew.x, crew.y)
            r = 7 * size
            corners = [(x, y - r), (x + r, y + 0.8 * r), (x - r, y + 0.8 * r)]
            out.append(svg.path(corners, closed=True, fill=SERVICE_COLOURS[crew.service],
                                stroke="#fff", stroke_width=size))  # fmt: skip
    for x, y, count in _clusters([c for c in inside if not c.moving], frame):
        out.append(_cluster(x, y, count, size, room, lang))
    return "".join(out)


def _cluster(
    x: float, y: float, count: Mapping[str, int], size: float, room: svg.Room, lang: Lang
) -> str:
    """Draw units that stand together as a row of squares, each with its count."""
    side = 13 * size
    wide = side * len(count)
    spot = room.place(x, y, wide, side, (4 * size, 12 * size, 24 * size, 40 * size))
    left, top = spot or (x - wide / 2, y - side / 2)
    out = [svg.line(x, y, left + wide / 2, top + side / 2, stroke=SOFT, stroke_width=0.8 * size)]
    for k, (service, n) in enumerate(sorted(count.items())):
        words = svg.hint(f"{say(f'map.service.{service}', lang)} × {n}")
        out.append(
            svg.box(left + k * side, top, side - 1, side, words,
                    fill=SERVICE_COLOURS[service], rx=2)
        )  # fmt: skip
        middle = left + k * side + (side - 1) / 2
        out.append(svg.words(middle, top + side * 0.76, str(n), 10 * size, "#fff", "middle", "700"))
    return "".join(out)


def _receptors(scene: Scene, t_s: float, size: float, lang: Lang) -> str:
    out = []
    for place in scene.places:
        x, y = scene.frame.at(*(place_xy(scene.scenario, place.id) or scene.source))
        state = place.state(t_s)
        r = size**0.8 * (5 + min(place.heads, 4000.0) ** 0.5 / 12)
        words = f"{place_name(scene.scenario, place.id, lang)}: {place.heads:.0f}, " + harm_say(
            scene.scenario, f"state.{state}", lang
        )
        out.append(
            svg.dot(x, y, r, svg.hint(words), fill=STATE_COLOURS[state], stroke="#fff",
                    stroke_width=1.5 * size)
        )  # fmt: skip
    return "".join(out)


def _labels(scene: Scene, room: svg.Room, lang: Lang) -> str:
    """Name places and landmarks beside their marks, none over another."""
    out = []
    known = {place.id for place in scene.places}
    city, at = scene.scenario.city, str(scene.scenario.spec.at)
    wanted = [
        (place_xy(scene.scenario, place.id), f"{k}", place_name(scene.scenario, place.id, lang))
        for k, place in enumerate(scene.places, 1)
    ]
    if at not in known:
        wanted.insert(0, (scene.source, "", place_name(scene.scenario, at, lang)))
    wanted += [
        (f.xy, "", f.name.say(lang))
        for f in city.of_kind(*scene.landmarks)
        if f.id not in known and f.id != at and scene.frame.holds(*f.xy)
    ]
    for xy, number, name in wanted:
        if xy is None:
            continue
        x, y = scene.frame.at(*xy)
        words = svg.shortened(f"{number} {name}".strip(), 11, 190)
        wide = svg.width_of(words, 11) + 6
        reach = (9, 20, 34, 50, 70, 95) if number else (4, 12, 24)
        spot = room.place(x, y, wide, 15, reach)
        if spot is None:
            continue
        left, top = spot
        if not number and xy != scene.source:
            out.append(svg.box(x - 3, y - 3, 6, 6, fill="#7a8794"))
        out.append(svg.line(x, y, left + wide / 2, top + 8, stroke=SOFT, stroke_width=0.7))
        out.append(svg.box(left, top, wide, 15, fill="#fff", fill_opacity="0.82", rx=3))
        colour = INK if number else SOFT
        out.append(svg.words(left + 3, top + 11.5, words, 11, colour))
    return "".join(out)


def _numbers(scene: Scene, size: float, room: svg.Room) -> str:
    out = []
    for k, place in enumerate(scene.places, 1):
        x, y = scene.frame.at(*(place_xy(scene.scenario, place.id) or scene.source))
        high = 12 * size
        wide = svg.width_of(str(k), high)
        spot = room.place(x, y, wide, high, (2 * size, 8 * size, 16 * size))
        if spot:
            out.append(svg.words(spot[0], spot[1] + high * 0.85, str(k), high, INK, halo=True))
    return "".join(out)
