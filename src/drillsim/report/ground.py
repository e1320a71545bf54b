"""The ground of a map: our own graph drawn as a scheme, without any map service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from drillsim.city.model import City
from drillsim.city.plane import towards
from drillsim.report.svg import Point, d_of, path, tag

LAND, WATER, FENCE = "#f7f6f2", "#bcd6ea", "#6b5b8c"
# Stroke (px on a map 1,180 px wide) and colour by importance; classes not listed are streets.
HIGHWAYS = ("motorway", "trunk", "elevated")
MAINS = ("primary", "provincial", "ramp", "link")
STREETS = ("secondary", "county", "park", "plant", "gate")
WIDTHS = ((HIGHWAYS, 3.0, "#aab2bb"), (MAINS, 2.2, "#bcc3ca"), (STREETS, 1.5, "#c9cfd5"))


@dataclass(frozen=True)
class Frame:
    """A window on the city (metres) and the picture it fills (px), north up."""

    left: float
    bottom: float
    right: float
    top: float
    width: float = 1180.0

    @property
    def scale(self) -> float:
        """Pixels per metre."""
        return self.width / (self.right - self.left)

    @property
    def height(self) -> float:
        """Height of the picture in px."""
        return (self.top - self.bottom) * self.scale

    def at(self, x_m: float, y_m: float) -> Point:
        """Give the pixel of a place."""
        return (x_m - self.left) * self.scale, (self.top - y_m) * self.scale

    def holds(self, x_m: float, y_m: float, margin_m: float = 0.0) -> bool:
        """Tell whether a place is in the window."""
        return (
            self.left - margin_m <= x_m <= self.right + margin_m
            and self.bottom - margin_m <= y_m <= self.top + margin_m
        )

    def line(self, points: Iterable[Sequence[float]]) -> list[Point]:
        """Give the pixels of a line."""
        return [self.at(float(p[0]), float(p[1])) for p in points]


def frame_around(
    places: Sequence[Point],
    ratio: float,
    pad: float = 0.12,
    width: float = 1180.0,
    least_m: float = 400.0,
) -> Frame:
    """Give the smallest window of a width-to-height ratio around places, with a margin.

    `least_m`: how wide it is at least.
    """
    xs, ys = [p[0] for p in places], [p[1] for p in places]
    wide = max((max(xs) - min(xs)) * (1 + 2 * pad), least_m)
    high = max((max(ys) - min(ys)) * (1 + 2 * pad), least_m / ratio)
    wide, high = max(wide, high * ratio), max(high, wide / ratio)
    cx, cy = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return Frame(cx - wide / 2, cy - high / 2, cx + wide / 2, cy + high / 2, width)


def ground(city: City, frame: Frame, streets: bool = True) -> str:
    """Draw land, water and roads inside a window; `streets` False leaves the small ones out."""
    roads: dict[tuple[float, str], list[str]] = {}
    water: list[str] = []
    for points, attributes in _edges(city, frame):
        d = d_of(frame.line(points))
        if d.count(",") < 2:
            continue
        if attributes["mode"] == "water":
            wide = max(float(attributes.get("width_m") or 30.0) * frame.scale, 2.0)
            water.append(tag("path", d=d, stroke=WATER, stroke_width=wide, stroke_linecap="round"))
            continue
        wide, colour = _road_style(attributes["road_class"])
        if wide >= 1.5 or streets:
            roads.setdefault((wide, colour), []).append(d)
    lanes = [
        tag("path", d="".join(ds), stroke=colour, stroke_width=wide)
        for (wide, colour), ds in sorted(roads.items())
    ]
    back = tag("rect", width=frame.width, height=frame.height, fill=LAND)
    return back + tag("g", "".join(water + lanes), fill="none") + _fence(city, frame)


def _edges(city: City, frame: Frame) -> Iterable[tuple[Sequence[Sequence[float]], dict[str, Any]]]:
    """Give each edge near the window once (not once per direction) with its bends."""
    at = city.graph.nodes
    seen: set[tuple[int, int, str]] = set()
    margin = 1500.0
    for u, v, attributes in city.graph.edges(data=True):
        key = (min(u, v), max(u, v), str(attributes["road_class"]))
        if key in seen:
            continue
        seen.add(key)
        ends = [(at[u]["x"], at[u]["y"]), (at[v]["x"], at[v]["y"])]
        xs, ys = [p[0] for p in ends], [p[1] for p in ends]
        if max(xs) < frame.left - margin or min(xs) > frame.right + margin:
            continue
        if max(ys) < frame.bottom - margin or min(ys) > frame.top + margin:
            continue
        shape = attributes.get("shape")
        bends = [] if shape is None else [tuple(p) for p in np.asarray(shape, dtype=float)]
        yield [ends[0], *bends, ends[1]], attributes


def _road_style(road_class: object) -> tuple[float, str]:
    for classes, wide, colour in WIDTHS:
        if road_class in classes:
            return wide, colour
    return 0.9, "#d9dde1"


def _fence(city: City, frame: Frame) -> str:
    """Draw the fence of a park as the box through its gates (a city keeps no fence line)."""
    gates = [f.xy for f in city.of_kind("gate")]
    if len(gates) < 3:
        return ""
    xs, ys = [g[0] for g in gates], [g[1] for g in gates]
    corners = [(min(xs), min(ys)), (max(xs), min(ys)), (max(xs), max(ys)), (min(xs), max(ys))]
    return path(
        frame.line(corners), closed=True, fill="#6b5b8c", fill_opacity="0.06", stroke=FENCE,
        stroke_width=1.6, stroke_dasharray="7 3",
    )  # fmt: skip


def ring_sector(
    frame: Frame, centre: Point, near_m: float, far_m: float, bearing: float, sector: float | None
) -> str:
    """Give the `d` of a ring [near, far), or of its sector (degrees) about a bearing."""
    full = sector is None or sector >= 360
    half = 180.0 if full else float(sector or 0.0) / 2
    turns = [bearing - half + 2 * half * k / 48 for k in range(49)]
    outer = frame.line([towards(*centre, turn, far_m) for turn in turns])
    inner = frame.line([towards(*centre, turn, near_m) for turn in reversed(turns)])
    if near_m <= 0:
        return d_of(outer if full else [*outer, frame.at(*centre)], closed=True)
    if full:
        return d_of(outer, closed=True) + d_of(inner, closed=True)
    return d_of([*outer, *inner], closed=True)
