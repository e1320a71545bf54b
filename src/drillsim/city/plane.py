"""Plane geometry in metres: distances to lines, crossings, points in polygons."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def towards(x_m: float, y_m: float, bearing_deg: float, dist_m: float) -> tuple[float, float]:
    """Give the point at a compass bearing (0 = north, 90 = east) and distance from a point."""
    angle = math.radians(bearing_deg)
    return x_m + dist_m * math.sin(angle), y_m + dist_m * math.cos(angle)


def to_segments(points: ArrayLike, line: Sequence[tuple[float, float]]) -> tuple[Floats, Floats]:
    """Give the distance of each point to a line, and the nearest point on it.

    `points` (n, 2) metres; returns distances (n,) and feet (n, 2).
    """
    p = np.atleast_2d(np.asarray(points, dtype=np.float64))
    best = np.full(len(p), np.inf)
    feet = np.zeros_like(p)
    for a, b in itertools.pairwise(line):
        start, step = np.array(a), np.array(b) - np.array(a)
        share = np.clip((p - start) @ step / max(float(step @ step), 1e-12), 0.0, 1.0)
        foot = start + share[:, None] * step
        dist = np.hypot(*(p - foot).T)
        nearer = dist < best
        best[nearer] = dist[nearer]
        feet[nearer] = foot[nearer]
    return best, feet


def crossings(a: ArrayLike, b: ArrayLike, line: Sequence[tuple[float, float]]) -> Bools:
    """Say for each segment a[i]-b[i] (arrays (n, 2)) whether it crosses a line."""
    p, q = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    hit = np.zeros(len(p), dtype=np.bool_)
    for c, d in itertools.pairwise(line):
        s, t = meet(p, q, np.array(c), np.array(d))
        hit |= (s >= 0) & (s <= 1) & (t >= 0) & (t <= 1)
    return hit


def meet(a: Floats, b: Floats, c: Floats, d: Floats) -> tuple[Floats, Floats]:
    """Give where lines a[i]b[i] and cd meet, as shares along each; NaN where parallel."""
    r, s = b - a, d - c
    cross = r[:, 0] * s[1] - r[:, 1] * s[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        along_ab = ((c[0] - a[:, 0]) * s[1] - (c[1] - a[:, 1]) * s[0]) / cross
        along_cd = ((c[0] - a[:, 0]) * r[:, 1] - (c[1] - a[:, 1]) * r[:, 0]) / cross
    flat = np.abs(cross) < 1e-9
    return np.where(flat, np.nan, along_ab), np.where(flat, np.nan, along_cd)


def inside(points: ArrayLike, polygon: ArrayLike) -> Bools:
    """Say which points (n, 2) lie inside a polygon (k, 2), by the even-odd rule."""
    p = np.atleast_2d(np.asarray(points, dtype=np.float64))
    corners = np.asarray(polygon, dtype=np.float64)
    odd = np.zeros(len(p), dtype=np.bool_)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        spans = (y0 > p[:, 1]) != (y1 > p[:, 1])
        odd ^= spans & (p[:, 0] < x0 + (p[:, 1] - y0) * (x1 - x0) / (y1 - y0))
    return odd


def resample(line: Sequence[tuple[float, float]], step_m: float) -> Floats:
    """Give points along a line at equal distances of about `step_m`, both ends kept."""
    points = np.asarray(line, dtype=np.float64)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    count = max(round(along[-1] / step_m), 1)
    at = np.linspace(0.0, along[-1], count + 1)
    return np.column_stack([np.interp(at, along, points[:, k]) for k in (0, 1)])


def smooth(line: Sequence[tuple[float, float]], rounds: int = 3) -> tuple[tuple[float, float], ...]:
    """Round the corners of a line (Chaikin 1974), both ends kept."""
    points = np.asarray(line, dtype=np.float64)
    for _ in range(rounds):
        if len(points) < 3:
            break
        a, b = points[:-1], points[1:]
        cut = np.empty((2 * len(a), 2))
        cut[0::2], cut[1::2] = 0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b
        points = np.vstack([points[:1], cut[1:-1], points[-1:]])
    return tuple((float(x), float(y)) for x, y in points)


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Give the metres of one degree of longitude and of latitude at a latitude (WGS-84)."""
    a, e2 = 6_378_137.0, 0.00669437999014
    phi = math.radians(lat)
    w2 = 1 - e2 * math.sin(phi) ** 2
    prime, meridian = a / math.sqrt(w2), a * (1 - e2) / w2**1.5
    return math.radians(prime * math.cos(phi)), math.radians(meridian)
