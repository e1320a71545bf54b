"""Marks that every map carries: the release, the time, the wind, the scale."""

from __future__ import annotations

import math

from drillsim.i18n import Lang, catalogue, say
from drillsim.report import svg
from drillsim.report.ground import Frame
from drillsim.report.svg import INK, SOFT

catalogue({"map.wind": ("风向", "wind")})


def star(x: float, y: float, size: float) -> str:
    """Mark the release point."""
    r = 9 * size
    return svg.path(
        [(x, y - r), (x + r, y), (x, y + r), (x - r, y)], closed=True, fill="#111", stroke="#fff",
        stroke_width=2 * size,
    )  # fmt: skip


def title_box(title: str, size: float, room: svg.Room) -> str:
    """Write the time of the map into its left top corner."""
    high = 17 * size
    wide = svg.width_of(title, high) + 16 * size
    room.take(0, 0, wide, high * 1.5)
    back = svg.box(0, 0, wide, high * 1.5, fill="#fff", fill_opacity="0.9")
    return back + svg.words(8 * size, high * 1.1, title, high, INK, weight="700")


def wind_rose(frame: Frame, deg: float, size: float, room: svg.Room, lang: Lang) -> str:
    """Draw the wind as an arrow the way it blows, top right."""
    x, y, r = frame.width - 34 * size, 34 * size, 22 * size
    room.take(x - 34 * size, 0, 68 * size, 68 * size)
    turn = math.radians(deg)
    dx, dy = math.sin(turn) * r, -math.cos(turn) * r
    angle = math.atan2(-dy, -dx)
    ring = svg.dot(x, y, r * 1.3, fill="#fff", fill_opacity="0.9", stroke=SOFT, stroke_width=size)
    shaft = svg.line(x + dx, y + dy, x - dx, y - dy, stroke=INK, stroke_width=3 * size)
    head = svg.arrow_head(x - dx, y - dy, angle, 13 * size, INK)
    name = svg.words(x, y + r * 1.3 + 12 * size, say("map.wind", lang), 10 * size, SOFT, "middle")
    return ring + shaft + head + name


def scale_bar(frame: Frame, size: float, room: svg.Room) -> str:
    """Draw a bar of a round length, bottom left."""
    steps = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
    step = next((s for s in steps if s * frame.scale > 70 * size), 50_000)
    x, y, wide = 14 * size, frame.height - 14 * size, step * frame.scale
    room.take(0, y - 18 * size, wide + 30 * size, 34 * size)
    words = f"{step} m" if step < 1000 else f"{step // 1000} km"
    bar = svg.line(x, y, x + wide, y, stroke=INK, stroke_width=3 * size)
    return bar + svg.words(x, y - 5 * size, words, 11 * size, INK, halo=True)
