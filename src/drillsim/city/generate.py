"""A generated canal city: grid, waters, corridors, fenced compounds, residential zones.

The same specification and seed give the same city, bit by bit, on one platform; nothing is tuned
to a real place.
"""

from __future__ import annotations

import itertools

import numpy as np

from drillsim.city.grid import lay_streets, make_grid
from drillsim.city.network import Network, network_from_streets
from drillsim.city.plane import crossings, inside, meet, resample, smooth, to_segments
from drillsim.city.spec import CanalCity, Compound, Corridor, Line, Waterway
from drillsim.city.streets import SNAP_M, Piece, Streets
from drillsim.rng import Draws

_BRIDGED = frozenset(
    {"trunk", "primary", "secondary", "provincial", "county", "elevated", "motorway", "link"}
)
_JOIN_M = 450.0
_AHEAD_M = 900.0
_WATER_STEP_M = 250.0


def generate(spec: CanalCity) -> Network:
    """Generate the road and waterway network of a canal city.

    Takes a specification (metres) and gives the network, connected in each mode.
    """
    draws = Draws(spec.seed, 0)
    waters = {water.id: smooth(water.line) for water in spec.waterways}
    streets, _ = lay_streets(make_grid(spec, draws), draws)
    _leave_waters(streets, spec, waters)
    _cross_waters(streets, spec, waters)
    _clear_compounds(streets, spec)
    for corridor in spec.corridors:
        _build(streets, corridor)
    _mend_ends(streets, spec)
    for compound in spec.compounds:
        _fence_in(streets, compound)
    for gateway in spec.gateways:
        start = streets.attach(gateway.line[0], 4 * _JOIN_M, "county")
        end = streets.add_node(*gateway.line[1])
        piece = Piece(start, end, gateway.road_class, gateway.id, length_m=gateway.length)
        piece.speed_mps = gateway.speed
        streets.add_piece(piece)
    _mark_bridges(streets, waters)
    _mark_lanes(streets, spec)
    names = {road.id: road.name for road in spec.corridors}
    names |= {gateway.id: gateway.name for gateway in spec.gateways}
    names |= {water.id: water.name for water in spec.waterways}
    names |= {road.id: road.name for compound in spec.compounds for road in compound.roads}
    return network_from_streets(streets, _water_pieces(spec, waters), names)


def _leave_waters(streets: Streets, spec: CanalCity, waters: dict[str, Line]) -> None:
    """Drop nodes in wide water, push the others to the bank of narrow canals."""
    xy = np.asarray(streets.xy)
    wet = np.zeros(len(xy), dtype=np.bool_)
    out = ~((xy >= 0) & (xy <= (spec.width, spec.height))).all(axis=1)
    for water in spec.waterways:
        dist, foot = to_segments(xy, waters[water.id])
        bank = water.width / 2
        if water.water_class == "river":
            wet |= dist < bank + 120
            # nothing is built beyond the river
            wet |= xy[:, 1] > foot[:, 1]
            continue
        near = dist < bank + 20
        away = (xy - foot) / np.maximum(dist, 1e-6)[:, None]
        xy = np.where(near[:, None], foot + away * (bank + 20), xy)
    for lake in spec.lakes:
        wet |= inside(xy, lake.shore)
    streets.xy = [(float(x), float(y)) for x, y in xy]
    streets.drop_nodes(int(node) for node in np.flatnonzero(wet | out))


def _cross_waters(streets: Streets, spec: CanalCity, waters: dict[str, Line]) -> None:
    """Keep only main roads across water; local streets end at the bank."""
    a, b = streets.ends()
    cross = np.zeros(len(a), dtype=np.bool_)
    for line in waters.values():
        cross |= crossings(a, b, line)
    for lake in spec.lakes:
        cross |= crossings(a, b, (*lake.shore, lake.shore[0]))
    streets.keep(~cross | streets.of_class(*_BRIDGED))


def _mark_bridges(streets: Streets, waters: dict[str, Line]) -> None:
    a, b = streets.ends()
    cross = np.zeros(len(a), dtype=np.bool_)
    for line in waters.values():
        cross |= crossings(a, b, line)
    for piece, over in zip(streets.pieces, cross, strict=True):
        piece.bridge = bool(over)


def _mark_lanes(streets: Streets, spec: CanalCity) -> None:
    a, b = streets.ends()
    middle = (a + b) / 2
    for quarter in spec.old_quarters:
        near = np.hypot(*(middle - np.array(quarter.at[0])).T) < quarter.radius
        for piece, old in zip(streets.pieces, near, strict=True):
            if old and piece.road_class == "local":
                piece.road_class = "lane"


def _clear_compounds(streets: Streets, spec: CanalCity) -> None:
    """Take public streets out of fenced sites, a strip of 60 m around the fence included."""
    xy = np.asarray(streets.xy)
    for compound in spec.compounds:
        (x0, y0), (x1, y1) = compound.fence
        low, high = np.array([min(x0, x1), min(y0, y1)]), np.array([max(x0, x1), max(y0, y1)])
        taken = ((xy > low - 60) & (xy < high + 60)).all(axis=1)
        streets.drop_nodes(int(node) for node in np.flatnonzero(taken))
        a, b = streets.ends()
        west, south, east, north = (float(v) for v in (*low, *high))
        fence = ((west, south), (east, south), (east, north), (west, north), (west, south))
        cut = crossings(a, b, fence)
        streets.keep(~cut)


def _build(streets: Streets, corridor: Corridor) -> None:
    line = smooth(corridor.line, 2) if corridor.at_grade else corridor.line
    near = set(streets.near_line(line, corridor.clear))
    streets.keep(
        p.road_class not in {"local", "lane"} or (p.a not in near and p.b not in near)
        for p in list(streets.pieces)
    )
    if corridor.at_grade:
        streets.insert(line, corridor.road_class, corridor.id, _JOIN_M)
        return
    streets.insert_over(line, corridor.road_class, corridor.id, 700.0)
    for ramp in corridor.ramps or ():
        above, share, _ = streets.nearest_piece(ramp, streets.of_class(corridor.road_class))
        top = streets.split(above, share)
        usable = streets.of_class("primary", "secondary", "trunk") & ~streets.over
        below, share, _ = streets.nearest_piece(ramp, usable)
        piece = Piece(top, streets.split(below, share), "ramp", corridor.id, over=True)
        streets.add_piece(piece)


def _mend_ends(streets: Streets, spec: CanalCity) -> None:
    """Lead main roads that end in the open straight on to the next street ahead."""
    ends: dict[int, list[Piece]] = {}
    for piece in streets.pieces:
        if piece.road_class not in {"local", "lane"} and not piece.over:
            ends.setdefault(piece.a, []).append(piece)
            ends.setdefault(piece.b, []).append(piece)
    for node, pieces in sorted(ends.items()):
        if len(pieces) > 1 or pieces[0].road_class not in {"primary", "secondary", "county"}:
            continue
        here = np.array(streets.xy[node])
        back = np.array(streets.xy[pieces[0].a if pieces[0].b == node else pieces[0].b])
        ahead = (here - back) / max(float(np.hypot(*(here - back))), 1e-6)
        start, end = here + ahead, here + _AHEAD_M * ahead
        a, b = streets.ends()
        on_street, on_ray = meet(a, b, start, end)
        hit = (on_street >= 0) & (on_street <= 1) & (on_ray >= 0) & (on_ray <= 1)
        hit &= ~streets.over
        if not hit.any():
            continue
        nearest = int(np.argmin(np.where(hit, on_ray, np.inf)))
        stop = start + float(on_ray[nearest]) * (end - start)
        if any(crossings([here], [stop], (*lake.shore, lake.shore[0]))[0] for lake in spec.lakes):
            continue
        target = streets.split(nearest, float(on_street[nearest]))
        streets.add_piece(Piece(node, target, pieces[0].road_class))


def _fence_in(streets: Streets, compound: Compound) -> None:
    """Lay the roads of a fenced site and put its gates on them."""
    for road in compound.roads:
        streets.insert(road.line, road.road_class, road.id, SNAP_M)
    for gate in compound.gates:
        index, _, _ = streets.nearest_piece(gate.at[0], streets.of_class("park", "plant"))
        piece = streets.pieces[index]
        a, b = np.array(streets.xy[piece.a]), np.array(streets.xy[piece.b])
        ahead = (b - a) / max(float(np.hypot(*(b - a))), 1e-6)
        middle = a + float((np.array(gate.at[0]) - a) @ ahead) * ahead
        # a gate is a slow stretch of 20 m, so closing it closes the way in
        first = streets.cut(
            index, (float((middle - 10 * ahead)[0]), float((middle - 10 * ahead)[1]))
        )
        last = len(streets.pieces) - 1
        second = streets.cut(
            last, (float((middle + 10 * ahead)[0]), float((middle + 10 * ahead)[1]))
        )
        for piece in streets.pieces[last:]:
            if {piece.a, piece.b} == {first, second}:
                piece.road_class = "gate"


def _water_pieces(
    spec: CanalCity, waters: dict[str, Line]
) -> list[tuple[Waterway, list[tuple[float, float]], int | None]]:
    """Give each waterway as points about 250 m apart, and which piece is its lock."""
    out = []
    for water in spec.waterways:
        points = [(float(x), float(y)) for x, y in resample(waters[water.id], _WATER_STEP_M)]
        lock = None
        if water.lock:
            middles = [
                ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in itertools.pairwise(points)
            ]
            gaps = np.hypot(*(np.array(middles) - np.array(water.lock[0])).T)
            lock = int(np.argmin(gaps))
        out.append((water, points, lock))
    return out
