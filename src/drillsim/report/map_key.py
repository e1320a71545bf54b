"""The key of the maps: what stands on them, and only that."""

from __future__ import annotations

from drillsim.i18n import Lang, catalogue, say
from drillsim.report import svg
from drillsim.report.harm import harm_say
from drillsim.report.map import (
    CLOUD_COLOURS,
    SERVICE_COLOURS,
    STATE_COLOURS,
    STRETCH_COLOURS,
    ZONE_COLOURS,
)
from drillsim.report.map_scene import Scene
from drillsim.report.marks import star
from drillsim.report.scene import closures_at, crews_at, zones_at
from drillsim.report.svg import INK, SOFT
from drillsim.report.words import named

catalogue(
    {
        "key.closed": ("封闭处", "closed"),
        "key.fence": ("园区围栏（示意）", "park fence (scheme)"),
        "key.state": ("人员场所", "places with people"),
        "key.crew": (
            "力量（数字为车组数，三角为途中）",
            "crews (number: units; triangle: on the way)",
        ),
        "key.cloud": ("气云（室外，1.5 m）", "cloud (outdoors, 1.5 m)"),
        "key.water": ("水面", "on the water"),
        "key.order": ("防护命令", "protective orders"),
    }
)

Marks = list[tuple[str, str]]


def legend(scene: Scene, lang: Lang) -> list[tuple[str, Marks]]:
    """Give the key as groups of (mark as SVG, words), for the page to set beside the map."""
    scenario, log = scene.scenario, scene.log
    states = [
        (_swatch(svg.dot(8, 7, 5.5, fill=c)), harm_say(scenario, f"state.{s}", lang))
        for s, c in STATE_COLOURS.items()
    ]
    present = {c.service for c in crews_at(scenario, log, log.end_s)}
    crews = [
        (_swatch(svg.box(2, 1, 12, 12, fill=c, rx=2)), say(f"map.service.{s}", lang))
        for s, c in SERVICE_COLOURS.items()
        if s in present
    ]
    levels = {o.tier: o.ppm for o in scene.outlines if o.rings}
    clouds = [
        (_patch(CLOUD_COLOURS[tier]), say("map.aegl", lang, tier=tier, ppm=ppm))
        for tier, ppm in sorted(levels.items())
    ]
    fouled = {stretch.kind for stretch in scene.stretches}
    water = [
        (_patch(c), say(f"map.stretch.{k}", lang))
        for k, c in STRETCH_COLOURS.items()
        if k in fouled
    ]
    ordered = {zone.action for zone in zones_at(log, log.end_s) if zone.far_m > 0}
    orders = [
        (_patch(ZONE_COLOURS.get(a, SOFT)), named("action", a, lang)) for a in sorted(ordered)
    ]
    return [
        (say("key.cloud", lang), clouds),
        (say("key.water", lang), water),
        (say("key.state", lang), states if scene.places else []),
        (say("key.order", lang), orders),
        (say("key.crew", lang), crews),
        ("", _others(scene, lang)),
    ]


def _others(scene: Scene, lang: Lang) -> Marks:
    """Give the marks of the accident, of closures, of the fence of a park."""
    out = [(_swatch(star(8, 7, 0.7)), harm_say(scene.scenario, "source", lang))]
    city, frame = scene.scenario.city, scene.frame
    gates = [f.xy for f in city.of_kind("gate")]
    if len(gates) > 2 and any(frame.holds(*xy) for xy in gates):
        fence = svg.box(1, 2, 14, 10, fill="none", stroke="#6b5b8c", stroke_dasharray="4 2")
        out.append((_swatch(fence), say("key.fence", lang)))
    if closures_at(scene.log, scene.log.end_s):
        cross = svg.line(3, 2, 13, 12, stroke=INK, stroke_width=2.5)
        cross += svg.line(13, 2, 3, 12, stroke=INK, stroke_width=2.5)
        out.append((_swatch(cross), say("key.closed", lang)))
    return out


def _swatch(content: str) -> str:
    return svg.tag("svg", content, width=16, height=14, viewBox="0 0 16 14")


def _patch(colour: str) -> str:
    return _swatch(svg.box(1, 2, 14, 10, fill=colour, fill_opacity="0.5", stroke=colour))
