"""The network as arrays: what a file holds and what the city graph is made from.

Directed edges in a fixed order; the number of an edge in that order is its edge id everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from drillsim.city.plane import Floats
from drillsim.city.road_classes import CLASS_IDS, ROAD_CLASSES, WATER_CLASSES
from drillsim.city.spec import Waterway
from drillsim.city.streets import SNAP_M, Piece, Streets
from drillsim.errors import Fault, InputError
from drillsim.i18n import Text, catalogue, default_lang, say

catalogue(
    {
        "network.file": (
            "网络文件读不出来：{why}；应为 drillsim 写出的 .npz 或 .graphml",
            "the network file cannot be read: {why}; a .npz or .graphml written by drillsim "
            "is expected",
        ),
    }
)

Ints = NDArray[np.int32]
NO_NAME = -1


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes and directed edges as arrays.

    `x`, `y` (n,) metres; `u`, `v` (m,) node numbers; `length_m`, `speed_mps` (m,) free flow;
    `road_class` (m,) index into `CLASS_IDS`; `lanes`, `bridge` (m,); `name` (m,) index into
    `names_zh`/`names_en` or -1; `width_m`, `depth_m`, `current_mps` (m,) of water edges, else 0;
    `shape_at` (m+1,) offsets into `shape_xy` (k, 2), the bends between the two ends.
    """

    x: Floats
    y: Floats
    u: Ints
    v: Ints
    length_m: Floats
    speed_mps: Floats
    road_class: Ints
    lanes: Ints
    bridge: NDArray[np.bool_]
    name: Ints
    names_zh: NDArray[np.str_]
    names_en: NDArray[np.str_]
    width_m: Floats
    depth_m: Floats
    current_mps: Floats
    shape_at: Ints
    shape_xy: Floats

    def digest(self) -> str:
        """Give the hash of all arrays (first 32 hex digits)."""
        mixed = hashlib.sha256()
        for field in fields(self):
            array = np.ascontiguousarray(getattr(self, field.name))
            mixed.update(f"{field.name}{array.shape}".encode())
            if array.dtype.kind == "U":
                mixed.update("\x1f".join(array.tolist()).encode())
            elif array.dtype.kind == "f":
                # a micrometre: the last bits of sine and cosine differ between platforms
                mixed.update(np.round(array * 1e6).astype("<i8").tobytes())
            else:
                mixed.update(array.astype("<i8").tobytes())
        return mixed.hexdigest()[:32]


@dataclass(frozen=True)
class Edge:
    """One directed edge on its way into a `Network`."""

    u: int
    v: int
    road_class: str
    length_m: float
    speed_mps: float | None = None
    lanes: int | None = None
    bridge: bool = False
    name: str = ""
    width_m: float = 0.0
    depth_m: float = 0.0
    current_mps: float = 0.0
    shape: tuple[tuple[float, float], ...] = ()


def network_from_edges(xy: Floats, edges: Sequence[Edge], names: Mapping[str, Text]) -> Network:
    """Make a network; keeps the nodes that edges use, in order, and gives missing defaults."""
    used = np.unique(np.array([(e.u, e.v) for e in edges], dtype=np.int64).ravel())
    number = np.full(len(xy), -1, dtype=np.int32)
    number[used] = np.arange(len(used), dtype=np.int32)
    keys = sorted({e.name for e in edges if e.name})
    named = {key: n for n, key in enumerate(keys)}
    texts = [names.get(key, Text(zh=key, en=key)) for key in keys]
    classes = {name: n for n, name in enumerate(CLASS_IDS)}
    bends = np.array([len(e.shape) for e in edges], dtype=np.int32)
    rows = [ROAD_CLASSES[e.road_class] for e in edges]
    speed = [e.speed_mps or row.speed_mps for e, row in zip(edges, rows, strict=True)]
    return Network(
        x=np.ascontiguousarray(xy[used, 0], dtype=np.float64),
        y=np.ascontiguousarray(xy[used, 1], dtype=np.float64),
        u=number[[e.u for e in edges]],
        v=number[[e.v for e in edges]],
        length_m=np.array([e.length_m for e in edges]),
        speed_mps=np.array(speed),
        road_class=np.array([classes[e.road_class] for e in edges], dtype=np.int32),
        lanes=np.array([e.lanes or r.lanes for e, r in zip(edges, rows, strict=True)], np.int32),
        bridge=np.array([e.bridge for e in edges], dtype=np.bool_),
        name=np.array([named.get(e.name, NO_NAME) for e in edges], dtype=np.int32),
        names_zh=np.array([text.zh for text in texts], dtype=np.str_),
        names_en=np.array([text.en for text in texts], dtype=np.str_),
        width_m=np.array([e.width_m for e in edges]),
        depth_m=np.array([e.depth_m for e in edges]),
        current_mps=np.array([e.current_mps for e in edges]),
        shape_at=np.concatenate([[0], np.cumsum(bends)]).astype(np.int32),
        shape_xy=np.array([p for e in edges for p in e.shape], dtype=np.float64).reshape(-1, 2),
    )


def network_from_streets(
    streets: Streets,
    waterways: Sequence[tuple[Waterway, list[tuple[float, float]], int | None]],
    names: Mapping[str, Text],
) -> Network:
    """Join the largest connected street map and the waterways into one network."""
    xy = np.asarray(streets.xy)
    edges = [edge for piece in _largest(streets) for edge in _both_ways(piece, xy)]
    points = [tuple(p) for p in xy]
    first_water = len(points)
    for water, line, lock in waterways:
        previous = None
        for n, at in enumerate(line):
            node = _water_node(points, first_water, at, bool(n in (0, len(line) - 1)))
            if previous is not None:
                edges += _sail(water, previous, node, points, lock == n - 1)
            previous = node
    return network_from_edges(np.array(points, dtype=np.float64), edges, names)


def _largest(streets: Streets) -> list[Piece]:
    graph = nx.Graph()
    graph.add_edges_from((p.a, p.b) for p in streets.pieces)
    best = max(nx.connected_components(graph), key=lambda part: (len(part), -min(part)))
    return [p for p in streets.pieces if p.a in best]


def _both_ways(piece: Piece, xy: Floats) -> list[Edge]:
    # a street is never straight for long: 3 % over the chord (judgement)
    length = piece.length_m or float(np.hypot(*(xy[piece.b] - xy[piece.a]))) * 1.03
    return [
        Edge(u, v, piece.road_class, length, piece.speed_mps, None, piece.bridge, piece.name)
        for u, v in ((piece.a, piece.b), (piece.b, piece.a))
    ]


def _water_node(points: list[Any], first: int, at: tuple[float, float], end: bool) -> int:
    """Give a new node, or at the end of a waterway the node of the one it joins."""
    if end and len(points) > first:
        gaps = np.hypot(*(np.array(points[first:]) - np.array(at)).T)
        if gaps.min() < 10 * SNAP_M:
            return first + int(np.argmin(gaps))
    points.append(at)
    return len(points) - 1


def _sail(water: Waterway, a: int, b: int, points: list[Any], lock: bool) -> list[Edge]:
    length = float(np.hypot(points[b][0] - points[a][0], points[b][1] - points[a][1]))
    road_class = "lock" if lock else water.water_class
    boat = ROAD_CLASSES[road_class].speed_mps
    if length < 1:
        return []
    return [
        Edge(
            u, v, road_class, length, max(boat + (0.0 if lock else drift), 0.3),
            name=water.id, width_m=water.width, depth_m=water.depth, current_mps=drift,
        )
        for u, v, drift in ((a, b, water.current), (b, a, -water.current))
    ]  # fmt: skip


def graph_from_network(network: Network) -> nx.MultiDiGraph:
    """Make the city graph; node and edge attributes are those documented in `City`."""
    graph = nx.MultiDiGraph()
    water = np.array([name in WATER_CLASSES for name in CLASS_IDS])
    mode_of_node = np.zeros(len(network.x), dtype=np.bool_)
    mode_of_node[network.u] = water[network.road_class]
    graph.add_nodes_from(
        (n, {"x": x, "y": y, "mode": "water" if wet else "road"})
        for n, (x, y, wet) in enumerate(
            zip(network.x.tolist(), network.y.tolist(), mode_of_node.tolist(), strict=True)
        )
    )
    names = [
        Text.model_construct(zh=zh, en=en)
        for zh, en in zip(network.names_zh.tolist(), network.names_en.tolist(), strict=True)
    ]
    columns = (
        network.u, network.v, network.length_m, network.speed_mps, network.road_class,
        network.lanes, network.bridge, network.name,
    )  # fmt: skip
    for index, row in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
        u, v, length, speed, road_class, lanes, bridge, name = row
        class_id = CLASS_IDS[road_class]
        data: dict[str, Any] = {
            "edge_id": index, "mode": "water" if water[road_class] else "road",
            "length_m": length, "speed_mps": speed, "road_class": class_id, "lanes": lanes,
            "bridge": bridge, "name": names[name] if name >= 0 else None,
        }  # fmt: skip
        if water[road_class]:
            data |= {
                "width_m": float(network.width_m[index]),
                "depth_m": float(network.depth_m[index]),
                "current_mps": float(network.current_mps[index]),
                "lock": class_id == "lock",
            }
        low, high = network.shape_at[index : index + 2]
        if high > low:
            data["shape"] = network.shape_xy[low:high]
        graph.add_edge(u, v, **data)
    return graph


def write_network(network: Network, path: Path) -> None:
    """Write a network to a .npz file, whole or not at all."""
    partial = path.with_name(path.name + ".part")
    with partial.open("wb") as file:
        np.savez_compressed(
            file, allow_pickle=False, **{f.name: getattr(network, f.name) for f in fields(network)}
        )
    partial.replace(path)


def read_network(path: Path) -> Network:
    """Read a network from .npz (ours) or .graphml (see `read_graphml`).

    Raises InputError when the file is absent or not of that form.
    """
    try:
        if path.suffix == ".graphml":
            return read_graphml(path)
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return Network(**{f.name: arrays[f.name] for f in fields(Network)})
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, ParseError) as error:
        why = f"{type(error).__name__} {error}".splitlines()[0]
        message = say("network.file", default_lang(), why=why)
        raise InputError([Fault(str(path), 1, 1, "", message)]) from error


def read_graphml(path: Path) -> Network:
    """Read a network drawn in another tool from GraphML.

    Nodes need `x` and `y` (metres); edges need `road_class` (see `ROAD_CLASSES`) and may have
    `length_m` (default: the chord), `speed_mps`, `lanes`, `bridge`, `name`, `name_en`, `width_m`,
    `depth_m`, `current_mps`, `oneway`. An undirected edge, or one without `oneway`, runs both
    ways. Raises ValueError or KeyError for what is missing.
    """
    graph = nx.read_graphml(path, force_multigraph=True)
    order = list(graph.nodes)
    row = {node: n for n, node in enumerate(order)}
    xy = np.array([(float(graph.nodes[n]["x"]), float(graph.nodes[n]["y"])) for n in order])
    edges: list[Edge] = []
    names: dict[str, Text] = {}
    for u, v, data in graph.edges(data=True):
        if data["road_class"] not in ROAD_CLASSES:
            raise ValueError(f"road_class {data['road_class']!r}")
        name = str(data.get("name", ""))
        if name:
            names[name] = Text(zh=name, en=str(data.get("name_en", name)))
        chord = float(np.hypot(*(xy[row[v]] - xy[row[u]])))
        ends = [(row[u], row[v], 1.0)]
        if not _true(data.get("oneway", False)):
            ends.append((row[v], row[u], -1.0))
        edges += [
            Edge(
                a, b, data["road_class"], float(data.get("length_m", max(chord, 0.5))),
                speed_mps=float(data["speed_mps"]) if "speed_mps" in data else None,
                lanes=int(data["lanes"]) if "lanes" in data else None,
                bridge=_true(data.get("bridge", False)), name=name,
                width_m=float(data.get("width_m", 0.0)), depth_m=float(data.get("depth_m", 0.0)),
                current_mps=sign * float(data.get("current_mps", 0.0)),
            )
            for a, b, sign in ends
        ]  # fmt: skip
    if not edges:
        raise ValueError("no edges")
    return network_from_edges(xy, edges, names)


def _true(value: object) -> bool:
    """Read a boolean that GraphML may hold as text."""
    return str(value).lower() in {"true", "1", "yes"}
