"""Small pure functions that write SVG: text stays text, so that it is crisp and can be selected."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from drillsim.i18n import Lang, catalogue, say

catalogue({"report.min": ("分钟", "min")})

INK, SOFT, FAINT = "#1d2733", "#5d6b7a", "#d7dde3"
RED, ORANGE, GREEN, BLUE, PURPLE, TEAL, BROWN = (
    "#c0392b", "#d98200", "#1a8a5a", "#1f6fb2", "#8e5aa8", "#0f8f93", "#8a5a2b",
)  # fmt: skip

Point = tuple[float, float]


def num(value: float) -> str:
    """Print a coordinate with at most one decimal."""
    out = f"{value:.1f}"
    return out.removesuffix(".0") if out != "-0.0" else "0"


def tag(name: str, content: str = "", /, **attributes: object) -> str:
    """Write one element; `_` in attribute names becomes `-`, None leaves one out."""
    parts = [name]
    for key, value in attributes.items():
        if value is None:
            continue
        shown = num(value) if isinstance(value, float) else escape(str(value), quote=True)
        parts.append(f'{key.rstrip("_").replace("_", "-")}="{shown}"')
    head = " ".join(parts)
    return f"<{head}>{content}</{name}>" if content else f"<{head}/>"


def drawing(width: float, height: float, content: str, label: str) -> str:
    """Wrap content into an `svg` that scales to the page and tells screen readers what it is."""
    box = f"0 0 {num(width)} {num(height)}"
    return tag(
        "svg", content, viewBox=box, width=num(width), height=num(height), role="img",
        aria_label=label,
    )  # fmt: skip


def words(
    x: float,
    y: float,
    content: str,
    size: float = 11,
    fill: str = INK,
    anchor: str = "start",
    weight: str | None = None,
    halo: bool = False,
) -> str:
    """Write a line of text with its base line at (x, y); `halo` keeps it readable on a map."""
    return tag(
        "text", escape(content), x=float(x), y=float(y), font_size=num(size),
        fill=None if fill == INK else fill, text_anchor=None if anchor == "start" else anchor,
        font_weight=weight, class_="halo" if halo else None,
    )  # fmt: skip


def path(points: Iterable[Point], closed: bool = False, **attributes: object) -> str:
    """Write a polyline or polygon; nothing for fewer than two points."""
    return tag("path", d=d_of(points, closed), **attributes)


def d_of(points: Iterable[Point], closed: bool = False) -> str:
    """Give the `d` of a polyline, leaving out points that print the same."""
    steps: list[str] = []
    for x, y in points:
        step = f"{num(x)},{num(y)}"
        if not steps or steps[-1] != step:
            steps.append(step)
    return "M" + "L".join(steps) + ("Z" if closed else "")


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> str:
    """Write one straight line."""
    return tag("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), **attributes)


def box(x: float, y: float, w: float, h: float, content: str = "", **attributes: object) -> str:
    """Write a rectangle."""
    return tag(
        "rect", content, x=float(x), y=float(y), width=float(max(w, 0)), height=float(h),
        **attributes,
    )  # fmt: skip


def dot(x: float, y: float, r: float, content: str = "", **attributes: object) -> str:
    """Write a circle."""
    return tag("circle", content, cx=float(x), cy=float(y), r=float(r), **attributes)


def hint(content: str) -> str:
    """Write the text that shows when the pointer rests on the parent."""
    return f"<title>{escape(content)}</title>"


def width_of(content: str, size: float) -> float:
    """Estimate the printed width: a Chinese character is as wide as the font is high.

    Shares of the font size for Latin letters are those of common sans-serif fonts, rounded up.
    """
    return size * sum(_share(c) for c in content)


def _share(letter: str) -> float:
    if ord(letter) > 0x215F:
        return 1.0
    if letter in " .,:;'|!()[]/-iljtfrI1":
        return 0.36
    return 0.68 if letter.isupper() or letter in "mwMW" else 0.56


def shortened(content: str, size: float, room: float) -> str:
    """Cut a text to a width, with an ellipsis when something was cut."""
    if width_of(content, size) <= room:
        return content
    while content and width_of(content + "…", size) > room:
        content = content[:-1]
    return content.rstrip() + "…"


def arrow_head(x: float, y: float, angle: float, size: float, fill: str) -> str:
    """Write a filled arrow head whose tip is at (x, y), pointing along `angle` (radians)."""
    back = [
        (x - size * math.cos(angle + turn), y - size * math.sin(angle + turn))
        for turn in (0.42, -0.42)
    ]
    return path([(x, y), *back], closed=True, fill=fill)


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Drill time from `t0_s` to `t1_s` laid out from `x0` to `x1`."""

    t0_s: float
    t1_s: float
    x0: float
    x1: float

    def at(self, t_s: float) -> float:
        """Give the place of a time, held inside the axis."""
        share = (t_s - self.t0_s) / max(self.t1_s - self.t0_s, 1e-9)
        return self.x0 + (self.x1 - self.x0) * min(max(share, 0.0), 1.0)

    def holds(self, t_s: float) -> bool:
        """Tell whether a time lies on the axis."""
        return self.t0_s <= t_s <= self.t1_s

    def ticks(self) -> list[float]:
        """Give round minutes, at most about twelve."""
        span = (self.t1_s - self.t0_s) / 60
        step = next((s for s in (1, 2, 5, 10, 15, 20, 30, 60, 120) if span / s <= 12), 240)
        first = math.ceil(self.t0_s / 60 / step) * step
        return [m * 60.0 for m in range(first, int(self.t1_s / 60 + 1e-6) + 1, step)]

    def grid(self, top: float, bottom: float, lang: Lang) -> str:
        """Write the vertical lines with their minutes above."""
        out = []
        ticks = self.ticks()
        for t_s in ticks:
            x = self.at(t_s)
            out.append(line(x, top, x, bottom, stroke=FAINT))
            out.append(words(x, top - 4, f"{t_s / 60:g}", 10, SOFT, "middle"))
        unit = say("report.min", lang)
        return "".join([*out, words(self.x1 + 12, top - 4, unit, 10, SOFT)])


@dataclass
class Room:
    """Keeps labels apart: boxes that are taken, and a free place near a point.

    Lives only while one picture is made.
    """

    left: float
    top: float
    right: float
    bottom: float
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def take(self, x: float, y: float, w: float, h: float) -> None:
        """Mark a box (left, top, width, height) as taken."""
        self.taken.append((x, y, x + w, y + h))

    def free(self, x: float, y: float, w: float, h: float) -> bool:
        """Tell whether a box is inside the picture and touches nothing."""
        if x < self.left or y < self.top or x + w > self.right or y + h > self.bottom:
            return False
        return all(x >= r or x + w <= left or y >= b or y + h <= t for left, t, r, b in self.taken)

    def place(
        self, x: float, y: float, w: float, h: float, reach: Sequence[float] = (9, 20, 34, 50, 70)
    ) -> Point | None:
        """Take the first free box around a point; give its left top corner, None when full."""
        for far in reach:
            for step in range(16):
                turn = step * math.pi / 8
                cx = x + math.cos(turn) * (far + w / 2)
                cy = y + math.sin(turn) * (far + h / 2)
                if self.free(cx - w / 2, cy - h / 2, w, h):
                    self.take(cx - w / 2, cy - h / 2, w, h)
                    return cx - w / 2, cy - h / 2
        return None
