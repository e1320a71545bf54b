"""Properties of routes: against networkx on random graphs, and on the shipped city."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drillsim.city.mirror import mirror_of
from drillsim.city.model import City, read_city
from drillsim.city.road_classes import EMERGENCY_RATIO, ROAD_CLASSES, hour_factor
from drillsim.city.routing import Router

LONGCHENG = Path(__file__).parents[2] / "scenarios" / "longcheng"
HOUR = 10.0


@pytest.fixture(scope="module")
def city() -> City:
    return read_city(LONGCHENG)


def _graph(edges: list[tuple[int, int, float, str]]) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    nodes = sorted({n for u, v, _, _ in edges for n in (u, v)})
    graph.add_nodes_from((n, {"x": 100.0 * n, "y": 7.0 * n * n, "mode": "road"}) for n in nodes)
    for number, (u, v, length, road_class) in enumerate(edges):
        graph.add_edge(
            u, v, edge_id=number, mode="road", length_m=length, road_class=road_class,
            speed_mps=ROAD_CLASSES[road_class].speed_mps, lanes=1, bridge=False, name=None,
        )  # fmt: skip
    return graph


EDGES = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.integers(0, 9),
        st.floats(10, 5000),
        st.sampled_from(["primary", "local", "trunk", "park"]),
    ),
    min_size=1,
    max_size=45,
)


def _times_by_networkx(graph: nx.MultiDiGraph, src: int, closed: set[int]) -> dict[int, float]:
    def weight(_u: int, _v: int, parallel: dict[int, dict[str, object]]) -> float | None:
        times = [
            d["length_m"] / d["speed_mps"] * hour_factor(d["road_class"], HOUR)
            for d in parallel.values()
            if d["edge_id"] not in closed
        ]
        return min(times) if times else None

    return nx.single_source_dijkstra_path_length(graph, src, weight=weight)


@given(EDGES, st.sets(st.integers(0, 44), max_size=6))
@settings(max_examples=150, deadline=None)
def test_times_and_routes_equal_networkx(
    edges: list[tuple[int, int, float, str]], closed: set[int]
) -> None:
    graph = _graph(edges)
    router = Router(graph).with_closures(c for c in closed if c < len(edges))
    nodes = sorted(graph.nodes)
    for src in nodes[:3]:
        expected = _times_by_networkx(graph, src, closed)
        for dst in nodes:
            time_s = router.travel_time(src, dst, HOUR)
            assert time_s == pytest.approx(expected.get(dst, np.inf), rel=1e-12)
            route = router.route(src, dst, HOUR)
            if route is None:
                assert dst not in expected
                continue
            assert route.duration_s == pytest.approx(time_s)
            assert not closed & set(route.edges)
            assert route.length_m == pytest.approx(sum(edges[e][2] for e in route.edges))
            assert [edges[e][:2] for e in route.edges] == list(
                zip(route.nodes[:-1], route.nodes[1:], strict=True)
            )
            assert float(router.times_to(dst, HOUR)[list(router.nodes).index(src)]) == (
                pytest.approx(time_s)
            )


def _nodes(city: City, picks: list[int]) -> list[int]:
    road = [n for n, mode in city.graph.nodes(data="mode") if mode == "road"]
    return [road[pick % len(road)] for pick in picks]


PICKS = st.lists(st.integers(0, 10**6), min_size=2, max_size=2)


@given(PICKS, st.sets(st.integers(0, 10_000), max_size=400), st.floats(0, 23.99), st.booleans())
@settings(max_examples=60, deadline=None)
def test_closing_roads_never_shortens_a_trip(
    city: City, picks: list[int], closed: set[int], hour: float, emergency: bool
) -> None:
    src, dst = _nodes(city, picks)
    before = Router(city)
    after = before.with_closures(closed)
    assert after.travel_time(src, dst, hour, emergency) >= before.travel_time(
        src, dst, hour, emergency
    )
    again = after.reopened(closed)
    assert again.closures == frozenset()
    assert again.travel_time(src, dst, hour, emergency) == before.travel_time(
        src, dst, hour, emergency
    )


@given(st.lists(st.integers(0, 10**6), min_size=3, max_size=3), st.floats(0, 23.99))
@settings(max_examples=60, deadline=None)
def test_triangle_inequality(city: City, picks: list[int], hour: float) -> None:
    a, b, c = _nodes(city, picks)
    router = Router(city)
    direct = router.travel_time(a, c, hour)
    assert direct <= router.travel_time(a, b, hour) + router.travel_time(b, c, hour) + 1e-6


@given(PICKS, st.floats(500, 4000), st.floats(2000, 28_000), st.floats(2000, 19_000))
@settings(max_examples=60, deadline=None)
def test_avoiding_an_area_keeps_out_but_lets_out(
    city: City, picks: list[int], size: float, x: float, y: float
) -> None:
    src, dst = _nodes(city, picks)
    square = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
    router = Router(city).avoiding(square)

    def within(node: int) -> bool:
        data = city.graph.nodes[node]
        return x < data["x"] < x + size and y < data["y"] < y + size

    route = router.route(src, dst, HOUR)
    if within(dst) and not within(src):
        assert route is None
    if route is not None:
        states = [within(node) for node in route.nodes]
        # inside only as long as it started inside
        assert states == sorted(states, reverse=True)


@given(PICKS, st.floats(-100, 8000))
@settings(max_examples=60, deadline=None)
def test_position_moves_along_the_route(city: City, picks: list[int], t_s: float) -> None:
    src, dst = _nodes(city, picks)
    route = Router(city).route(src, dst, HOUR, emergency=True)
    assert route is not None
    ends = [(city.graph.nodes[n]["x"], city.graph.nodes[n]["y"]) for n in (src, dst)]
    assert route.position(-1.0) == pytest.approx(ends[0])
    assert route.position(route.duration_s + 1.0) == pytest.approx(ends[1])
    here, soon = np.array(route.position(t_s)), np.array(route.position(t_s + 1.0))
    assert float(np.hypot(*(soon - here))) <= 40.0  # nobody exceeds 144 km/h
    assert (np.diff(route.times_s) >= 0).all()


def test_views_share_the_mirror_and_leave_the_city_alone(city: City) -> None:
    before = city.graph.number_of_edges()
    router = Router(city)
    closed = router.with_closures(range(500))
    assert mirror_of(city.graph) is mirror_of(city.graph, city.index)
    assert router.closures == frozenset()
    assert len(closed.closures) == 500
    assert city.graph.number_of_edges() == before


def test_emergency_is_two_thirds_of_the_car_on_streets(city: City) -> None:
    router = Router(city)
    a, b = city.node_of("qingguo-station"), city.node_of("hosp-2")
    ratio = router.travel_time(a, b, 12.0, True) / router.travel_time(a, b, 12.0)
    assert ratio == pytest.approx(EMERGENCY_RATIO, rel=0.02)


def test_rush_hour_is_slower_than_noon_than_night(city: City) -> None:
    router = Router(city)
    a, b = city.node_of("special-station"), city.node_of("hosp-1")
    night, noon, rush = (router.travel_time(a, b, hour) for hour in (3.0, 12.0, 8.0))
    assert night < noon < rush


def test_nearest_crews_by_time(city: City) -> None:
    router = Router(city)
    stations = [f.id for f in city.of_kind("fire-station", "special-station")]
    nodes = [city.node_of(name) for name in stations]
    scene = city.node_of("jinse-garden-6")
    reach = router.nearest(scene, nodes, 3, 4.5, emergency=True)
    times = sorted((router.travel_time(n, scene, 4.5, True), i) for i, n in enumerate(nodes))
    assert [r.rank for r in reach] == [i for _, i in times[:3]]
    assert stations[reach[0].rank] == "hutang-station"
    assert [r.time_s for r in reach] == pytest.approx([t for t, _ in times[:3]])


def test_closed_in_crew_has_no_way(city: City) -> None:
    router = Router(city)
    gates = [
        e for g in ("gate-e", "gate-n", "gate-w", "gate-s")
        for e in router.edges_at(*city.facilities[g].xy)
    ]  # fmt: skip
    shut = router.with_closures(gates)
    bay, station = city.node_of("huacheng-bay"), city.node_of("special-station")
    assert shut.travel_time(station, bay, HOUR) == np.inf
    assert shut.route(station, bay, HOUR) is None
    assert shut.nearest(bay, [station], 1, HOUR) == ()


def test_trees_are_found_once_and_shared_between_views(city: City) -> None:
    a, b = city.node_of("special-station"), city.node_of("huacheng-bay")
    first = Router(city).with_closures(range(100)).times_from(a, 10.0)
    # another view, another hour with the same traffic: the very same array
    assert Router(city, range(100)).times_from(a, 11.5) is first
    assert Router(city).times_from(a, 10.0) is not first
    assert Router(city, range(100)).times_from(a, 8.0) is not first
    assert Router(city, range(100)).travel_time(a, b, 10.0) == first[list(city.graph).index(b)]


def test_boats_sail_and_pass_the_lock_slowly(city: City) -> None:
    router = Router(city)
    a = router.nearest_node(*city.facilities["collision-point"].xy, "water")
    b = city.node_of("xitang-boundary", "water")
    down = router.travel_time(a, b, HOUR, mode="water")
    up = router.travel_time(b, a, HOUR, mode="water")
    assert np.isfinite([down, up]).all()
    assert down < up  # the current helps
    lock = router.with_closures(router.edges_at(*city.facilities["yunhe-lock"].xy, "water"))
    assert lock.travel_time(a, b, HOUR, mode="water") == np.inf
    assert router.travel_time(a, b, HOUR) == np.inf  # boats do not drive
