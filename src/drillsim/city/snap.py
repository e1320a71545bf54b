"""Snapping places to nodes: the nearest junction on the ground, on a road class, or on water."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from drillsim.city.plane import Floats

_OFF_GROUND = frozenset({"elevated", "motorway", "trunk", "ramp", "link"})


class NodeIndex:
    """Nearest-node queries on a city graph; built once per city."""

    def __init__(self, graph: nx.MultiDiGraph) -> None:
        """Index the nodes by mode and by road class."""
        self.nodes = np.array(list(graph.nodes), dtype=np.int64)
        data: Mapping[int, Mapping[str, Any]] = graph.nodes
        self.xy: Floats = np.array([(data[n]["x"], data[n]["y"]) for n in graph.nodes])
        classes: dict[int, set[str]] = {int(n): set() for n in self.nodes}
        for u, v, road_class in graph.edges(data="road_class"):
            classes[u].add(road_class)
            classes[v].add(road_class)
        water = np.array([data[n].get("mode") == "water" for n in graph.nodes], dtype=np.bool_)
        # a door opens on an ordinary street, not on an expressway or a bridge deck
        ground = np.array([bool(classes[int(n)] - _OFF_GROUND) for n in self.nodes])
        if not (~water & ground).any():
            ground = np.ones_like(ground)
        self._masks: dict[str, NDArray[np.bool_]] = {"water": water, "road": ~water & ground}
        for name in sorted(set().union(*classes.values())) if classes else []:
            self._masks[name] = np.array([name in classes[int(n)] for n in self.nodes])
        self.doors = self._masks["road"]
        self._trees: dict[str, tuple[cKDTree, NDArray[np.int64]]] = {}

    def nearest(self, x_m: float, y_m: float, on: str = "road") -> tuple[int, float]:
        """Give the nearest node and its distance (m).

        `on` is "road" (streets on the ground), "water", or a road class. Raises KeyError when the
        graph has no such node.
        """
        nodes, gaps = self.nearest_many(np.array([[x_m, y_m]]), on)
        return int(nodes[0]), float(gaps[0])

    def nearest_many(self, xy: Floats, on: str = "road") -> tuple[NDArray[np.int64], Floats]:
        """Give the nearest nodes (n,) and distances (n,) of places (n, 2)."""
        if on not in self._trees:
            mask = self._masks[on]
            if not mask.any():
                raise KeyError(on)
            self._trees[on] = cKDTree(self.xy[mask]), self.nodes[mask]
        tree, nodes = self._trees[on]
        gaps, at = tree.query(xy)
        return nodes[at], np.asarray(gaps, dtype=np.float64)
