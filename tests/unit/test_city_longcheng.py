"""The shipped city against the geography its plans are written for."""

from __future__ import annotations

import math
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from drillsim.city.facilities import FACILITY_KINDS
from drillsim.city.file import CityFile
from drillsim.city.generate import generate
from drillsim.city.model import City, read_city
from drillsim.city.plane import inside
from drillsim.city.population import settle
from drillsim.city.routing import Router
from drillsim.city.summary import describe, summary
from drillsim.city.template import generate_city
from drillsim.errors import InputError
from drillsim.yamlio import load, validate

LONGCHENG = Path(__file__).parents[2] / "scenarios" / "longcheng"
DAY, NIGHT = 10 + 20 / 60, 4 + 50 / 60


@pytest.fixture(scope="module")
def city() -> City:
    return read_city(LONGCHENG)


@pytest.fixture(scope="module")
def router(city: City) -> Router:
    return Router(city)


def test_size_and_connection(city: City) -> None:
    road = [n for n, mode in city.graph.nodes(data="mode") if mode == "road"]
    water = [n for n, mode in city.graph.nodes(data="mode") if mode == "water"]
    assert len(road) >= 2500
    assert nx.is_strongly_connected(city.graph.subgraph(road))
    assert nx.is_strongly_connected(city.graph.subgraph(water))
    classes = {road_class for _, _, road_class in city.graph.edges(data="road_class")}
    assert {"river", "canal", "branch", "lock", "elevated", "provincial", "gate"} <= classes
    bridges = sum(bridge for _, _, bridge in city.graph.edges(data="bridge"))
    assert bridges >= 2 * 30
    locks = [d for _, _, d in city.graph.edges(data=True) if d.get("lock")]
    assert len(locks) == 4  # two locks, both ways


def test_only_bridges_cross_the_canal(city: City) -> None:
    graph = city.graph
    canal = [
        (np.array([graph.nodes[u]["x"], graph.nodes[u]["y"]]),
         np.array([graph.nodes[v]["x"], graph.nodes[v]["y"]]))
        for u, v, d in graph.edges(data=True)
        if d["road_class"] == "canal" and d["current_mps"] > 0
    ]  # fmt: skip
    a, b = np.array([p for p, _ in canal]), np.array([q for _, q in canal])

    def crosses(p: np.ndarray, q: np.ndarray) -> bool:
        def side(o: np.ndarray, d: np.ndarray, at: np.ndarray) -> np.ndarray:
            return np.sign((d - o)[..., 0] * (at - o)[..., 1] - (d - o)[..., 1] * (at - o)[..., 0])

        return bool(
            ((side(a, b, p) * side(a, b, q) < 0) & (side(p, q, a) * side(p, q, b) < 0)).any()
        )

    for u, v, d in graph.edges(data=True):
        if d["mode"] == "road" and not d["bridge"]:
            p = np.array([graph.nodes[u]["x"], graph.nodes[u]["y"]])
            q = np.array([graph.nodes[v]["x"], graph.nodes[v]["y"]])
            assert not crosses(p, q), (u, v, d["road_class"])


def test_generation_is_deterministic() -> None:
    spec = validate(load(LONGCHENG / "city.yaml"), CityFile).network
    first = generate(spec)
    assert generate(spec).digest() == first.digest()
    other = generate(spec.model_copy(update={"seed": spec.seed + 1}))
    assert other.digest() != first.digest()


def test_facilities_of_the_issue(city: City) -> None:
    count = {kind: len(city.of_kind(kind)) for kind in FACILITY_KINDS}
    assert count["fire-station"] + count["special-station"] == 14
    assert count["special-station"] == 1
    assert city.facilities["special-station"].capacity.suits == 12
    assert count["hospital"] == 12
    assert [f.id for f in city.of_kind("hospital") if f.capacity.decon_per_h] == ["hosp-1"]
    assert all(f.capacity.beds for f in city.of_kind("hospital"))
    assert count["plant"] == 6
    assert count["intake"] == 3
    for kind in (
        "duty-office", "police-station", "traffic-police", "maritime-yangtze", "maritime-local",
        "environment-station", "school", "shelter", "bus-depot", "lock", "sluice", "berth",
    ):  # fmt: skip
        assert count[kind] >= 1, kind
    assert len(city.districts) == 3
    assert {f.kind for f in city.facilities.values()} <= set(FACILITY_KINDS)


def test_receptors_lie_on_the_axis(city: City) -> None:
    bay = np.array(city.facilities["huacheng-bay"].xy)
    table = {
        "tanker-queue": (150, 18, 2), "tailong": (300, 142, 38), "jiangyuan-camp": (500, 230, 0),
        "s122-point": (600, 0, 0), "park-centre": (800, 34, 14), "kindergarten": (1100, 292, 0),
        "jiangbian-village": (1350, 1700, 3100), "binjiang-school": (1400, 1256, 6),
        "anyi-nursing": (1800, 201, 169), "street-hospital": (2200, 110, 72),
    }  # fmt: skip
    for name, (dist, day, night) in table.items():
        facility = city.facilities[name]
        step = np.array(facility.xy) - bay
        assert np.hypot(*step) == pytest.approx(dist, abs=0.1), name
        assert math.degrees(math.atan2(*step)) % 360 == pytest.approx(250, abs=0.01), name
        assert (facility.heads.day, facility.heads.night) == (day, night), name
    inner = [n for n in table if n not in ("tanker-queue", "s122-point")]
    assert sum(city.facilities[n].heads_at(DAY) for n in inner) == 3965
    assert sum(city.facilities[n].heads_at(NIGHT) for n in inner) == 3399
    far = ("market", "sports-hall", "street-office")
    assert sum(city.facilities[n].heads.day for n in far) == 2400
    assert sum(city.facilities[n].heads.night for n in far) == 300
    blocks = city.blocks("jiangbian-village", 5)
    gaps = np.hypot(*(blocks - bay).T)
    assert gaps.min() >= 1100
    assert gaps.max() <= 1600


def test_s122_crosses_the_axis_at_600_m(city: City, router: Router) -> None:
    edges = router.edges_named("S122 省道")
    assert edges
    near = router.edges_at(*city.facilities["s122-point"].xy)
    assert set(near) <= set(edges)
    assert city.facilities["s122-point"].flow == pytest.approx(1900 / 3600)


def test_nobody_lives_unlisted_near_the_park(city: City) -> None:
    bay = city.facilities["huacheng-bay"].xy
    gaps = np.hypot(city.zones.x - bay[0], city.zones.y - bay[1])
    assert gaps.min() > 2600


@pytest.mark.parametrize(
    ("crew", "emergency", "km", "day_min", "night_min"),
    [
        ("park-fire", True, 1.4, 4, 4),
        ("binjiang-station", True, 6.5, 8, 8),
        ("special-station", True, 22, 26, 19),
        ("special-station-2", True, 41, 48, None),
        ("reg-team", True, 96, 85, None),
        ("ambulance-binjiang", True, None, 7, 7),
        ("env-monitor", False, 24, 32, 28),
        ("bus-depot", False, 9, None, None),
    ],
)
def test_resource_truth_comes_out_of_the_router(
    city: City, router: Router, crew: str, emergency: bool,
    km: float | None, day_min: float | None, night_min: float | None,
) -> None:  # fmt: skip
    """Distances and minutes of the set's resource table (fictional), within 15 %."""
    here, bay = city.node_of(crew), city.node_of("huacheng-bay")
    for hour, minutes in ((DAY, day_min), (NIGHT, night_min)):
        route = router.route(here, bay, hour, emergency)
        assert route is not None
        if minutes is not None:
            assert route.duration_s / 60 == pytest.approx(minutes, rel=0.15)
        if km is not None and hour == DAY:
            assert route.length_m / 1000 == pytest.approx(km, rel=0.15)


def test_park_is_entered_by_its_gates_only(city: City, router: Router) -> None:
    fence = [(20965, 17700), (24015, 17700), (24015, 19700), (20965, 19700)]
    within = inside(router.xy, fence)
    row = {int(n): i for i, n in enumerate(router.nodes)}
    crossing = [
        d["road_class"]
        for u, v, d in city.graph.edges(data=True)
        if within[row[u]] != within[row[v]]
    ]
    assert len(crossing) == 8
    assert set(crossing) == {"gate"}
    for gate in ("gate-e", "gate-n", "gate-w", "gate-s"):
        others = [
            e for g in ("gate-e", "gate-n", "gate-w", "gate-s") if g != gate
            for e in router.edges_at(*city.facilities[g].xy)
        ]  # fmt: skip
        alone = router.with_closures(others)
        start, bay = city.node_of("binjiang-station"), city.node_of("huacheng-bay")
        assert math.isfinite(alone.travel_time(start, bay, DAY)), gate


def test_detectors_stand_round_the_bay_and_on_the_fence(city: City) -> None:
    bay = city.facilities["huacheng-bay"].xy
    gaps = [math.dist(f.xy, bay) for f in city.of_kind("detector") if f.id.startswith("det-bay")]
    assert len(gaps) >= 6
    assert all(9.9 <= gap <= 40.1 for gap in gaps)
    assert sum(f.id.startswith("det-fence") for f in city.of_kind("detector")) >= 4


def test_canal_distances_of_the_collision(city: City, router: Router) -> None:
    start = city.node_of("collision-point", "water")
    for place, dist_m in (
        ("power-intake", 1200),
        ("standby-intake", 4800),
        ("xitang-boundary", 11000),
    ):
        route = router.route(start, city.node_of(place, "water"), DAY, mode="water")
        assert route is not None
        assert route.length_m == pytest.approx(dist_m, rel=0.15), place


def test_people_by_hour(city: City) -> None:
    zones = city.zones
    assert len(zones) == 300
    assert int(zones.residents.sum()) == 600_000
    assert np.array_equal(zones.people_at(2.0), zones.residents)
    for hour in (0.0, 7.5, 10.33, 15.0, 18.2, 23.9):
        assert int(zones.people_at(hour).sum()) == 600_000
        assert (zones.people_at(hour) >= 0).all()
    centre = zones.jobs > 2 * zones.residents
    assert zones.people_at(10.0)[centre].sum() > zones.people_at(2.0)[centre].sum()
    assert set(zones.district) == {"beijiang", "yunhe", "nanhu"}
    assert len({name.zh for name in zones.name}) == 300


def test_zones_do_not_depend_on_facilities(city: City) -> None:
    file = validate(load(LONGCHENG / "city.yaml"), CityFile)
    index = city.index
    again = settle(file.network, file.districts, index.xy[index.doors], index.nodes[index.doors])
    assert np.array_equal(again.node, city.zones.node)


ON_WATER = ("intake", "berth", "boundary", "sluice", "water-point", "lock", "outfall", "boom-store")


def test_every_facility_meets_a_street_or_the_water(city: City) -> None:
    for facility in city.facilities.values():
        mode = "water" if facility.kind in ON_WATER else "road"
        node = city.graph.nodes[city.node_of(facility.id, mode)]
        assert node["mode"] == mode
        gap = math.dist(facility.xy, (node["x"], node["y"]))
        limit = 900 if mode == "water" or facility.kind == "detector" else 450
        if facility.kind in ("plant", "vehicle-queue", "gate"):
            limit = 130
        if facility.kind == "release-point":  # tanks lie deep in a plant
            limit = 250
        assert gap < limit, (facility.id, gap)


def test_another_seed_is_another_city(tmp_path: Path, city: City) -> None:
    other = generate_city(LONGCHENG, tmp_path / "new", 7)
    assert other.id == "city-7"
    assert other.digest != city.digest
    assert list(other.facilities) == list(city.facilities)
    bay = other.node_of("huacheng-bay")
    time_s = Router(other).travel_time(other.node_of("special-station"), bay, DAY, emergency=True)
    assert 10 < time_s / 60 < 45
    with pytest.raises(InputError):
        generate_city(LONGCHENG, tmp_path / "new", 8)
    with pytest.raises(InputError):
        generate_city(tmp_path / "nowhere", tmp_path / "other", 8)


def test_summary(city: City) -> None:
    facts = summary(city)
    assert facts["residents"] == 600_000
    assert facts["locks"] == 2
    assert facts["facilities"]["hospital"] == 12
    for lang in ("zh", "en"):
        lines = describe(city, lang)
        assert len(lines) == 4 + len(facts["facilities"])
        assert all(line and "None" not in line for line in lines)
