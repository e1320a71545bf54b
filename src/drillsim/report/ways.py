"""The whole city with the way every crew came to the scene."""

from __future__ import annotations

from drillsim.i18n import Lang, catalogue, say
from drillsim.log.runlog import RunLog
from drillsim.report import svg
from drillsim.report.footprint import source_xy
from drillsim.report.ground import frame_around, ground
from drillsim.report.map import SERVICE_COLOURS
from drillsim.report.marks import scale_bar, star
from drillsim.report.scene import crews_at
from drillsim.report.svg import INK
from drillsim.scenario import Scenario

catalogue({"ways.label": ("力量来路示意图", "map of the ways crews came")})


def city_map(scenario: Scenario, log: RunLog, lang: Lang) -> str:
    """Draw the whole city with the way every unit came, and where stations stand."""
    at = scenario.city.graph.nodes
    corners = [(d["x"], d["y"]) for _, d in at(data=True)]
    frame = frame_around([(min(c[0] for c in corners), min(c[1] for c in corners)),
                          (max(c[0] for c in corners), max(c[1] for c in corners))],
                         ratio=1.45, pad=0.01, width=820)  # fmt: skip
    crews = crews_at(scenario, log, log.end_s)
    room = svg.Room(0, 0, frame.width, frame.height)
    out = [ground(scenario.city, frame, streets=False)]
    for crew in crews:
        if len(crew.track) > 1:
            out.append(
                svg.path(frame.line(crew.track), fill="none", stroke_width=2.2,
                         stroke=SERVICE_COLOURS[crew.service], stroke_opacity="0.6")
            )  # fmt: skip
    x, y = frame.at(*source_xy(scenario))
    out.append(star(x, y, 1.0))
    room.take(x - 10, y - 10, 20, 20)
    homes: dict[str, str] = {}
    for crew in crews:
        resource = scenario.plan_set.resources.get(crew.resource)
        if resource is not None and resource.home in scenario.city.facilities:
            homes.setdefault(resource.home, crew.service)
    for home, service in sorted(homes.items()):
        facility = scenario.city.facilities[home]
        if not frame.holds(*facility.xy):
            continue
        x, y = frame.at(*facility.xy)
        out.append(svg.box(x - 4, y - 4, 8, 8, fill=SERVICE_COLOURS[service], stroke="#fff"))
        words = svg.shortened(facility.name.say(lang), 10, 150)
        wide = svg.width_of(words, 10) + 2
        if spot := room.place(x, y, wide, 12, (6, 14, 26)):
            out.append(svg.words(spot[0] + 1, spot[1] + 10, words, 10, INK, halo=True))
    out.append(scale_bar(frame, 1.0, room))
    return svg.drawing(frame.width, frame.height, "".join(out), say("ways.label", lang))
