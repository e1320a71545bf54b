"""Import of real cities: small extracts written here, and the two reference extracts."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from drillsim.city.model import City, read_city
from drillsim.city.osm import import_city
from drillsim.city.osm_report import ImportReport
from drillsim.city.osm_tags import (
    directions,
    facility_kind_of,
    names_of,
    road_class_of,
    speed_of,
    water_class_of,
)
from drillsim.city.routing import Router
from drillsim.errors import InputError

pytest.importorskip("osmium", reason="the extra [city] is not installed")

REFERENCE = os.environ.get("DRILLSIM_REFERENCE")


def extract(name: str) -> Path:
    if not REFERENCE:
        pytest.skip("DRILLSIM_REFERENCE is not set")
    path = Path(REFERENCE) / "city" / name
    if not path.is_file():
        pytest.skip(f"{name} is not among the reference data")
    return path


def _osm(folder: Path, nodes: dict[int, tuple[float, float]], body: str) -> Path:
    lines = [
        f'<node id="{n}" version="1" lat="{lat}" lon="{lon}"/>' for n, (lat, lon) in nodes.items()
    ]
    path = folder / "small.osm"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n'
        + "\n".join(lines) + body + "\n</osm>\n", "utf-8",
    )  # fmt: skip
    return path


def _way(n: int, refs: list[int], **tags: str) -> str:
    inner = "".join(f'<nd ref="{ref}"/>' for ref in refs)
    inner += "".join(f'<tag k="{k.replace("__", ":")}" v="{v}"/>' for k, v in tags.items())
    return f'\n<way id="{n}" version="1">{inner}</way>'


LINE = {n: (32.0, 118.0 + 0.001 * n) for n in range(1, 8)}


def test_way_cut_by_the_edge_is_split_at_the_gap(tmp_path: Path) -> None:
    body = _way(1, [1, 2, 99, 98, 3, 4], highway="primary", name="大道")
    body += _way(2, [2, 5, 6, 3], highway="residential")
    report = import_city(_osm(tmp_path, LINE, body), tmp_path / "out")
    assert report.gaps == 2
    city = read_city(tmp_path / "out")
    # 0.001 degree of longitude at 32 N is 94.5 m (WGS-84); no edge jumps over the gap of 99, 98
    lengths = sorted({round(d["length_m"] / 94.5, 2) for _, _, d in city.graph.edges(data=True)})
    assert lengths == pytest.approx([1, 7], abs=0.01)
    names = {d["name"].zh for _, _, d in city.graph.edges(data=True) if d["name"]}
    assert names == {"大道"}


def test_footpaths_no_speeds_no_facilities(tmp_path: Path) -> None:
    body = _way(1, [1, 2, 3], highway="residential") + _way(2, [3, 4], highway="footway")
    body += _way(3, [3, 5], highway="steps") + _way(4, [3, 6], highway="service", access="private")
    report = import_city(_osm(tmp_path, LINE, body), tmp_path / "out")
    assert (report.road_nodes, report.road_edges, report.footpaths) == (2, 2, 3)
    assert report.posted_share == 0
    assert report.kinds == {}
    assert "fire-station" in report.missing_kinds()
    city = read_city(tmp_path / "out")
    assert city.facilities == {}
    assert len(city.zones) == 0
    assert city.attribution is not None
    assert "ODbL" in city.attribution.en
    for lang in ("zh", "en"):
        assert "OpenStreetMap" in report.say(lang)
        assert len(report.to_add(lang)) > 10
    json.dumps(report.as_dict())


def test_oneway_ends_are_dropped_and_counted(tmp_path: Path) -> None:
    body = _way(1, [1, 2, 3], highway="primary") + _way(2, [3, 4], highway="primary", oneway="yes")
    report = import_city(_osm(tmp_path, LINE, body), tmp_path / "out")
    assert report.islands == 1
    assert report.road_nodes == 2


def test_roads_do_not_join_the_water(tmp_path: Path) -> None:
    body = _way(1, [1, 2, 3], highway="primary", bridge="yes") + _way(
        2, [5, 2, 6], waterway="canal"
    )
    import_city(_osm(tmp_path, LINE, body), tmp_path / "out")
    router = Router(read_city(tmp_path / "out"))
    a = router.nearest_node(-300, 0)
    b = router.nearest_node(300, 0, "water")
    assert router.travel_time(a, b, 10) == np.inf


def test_facilities_from_nodes_ways_and_relations(tmp_path: Path) -> None:
    body = _way(1, [1, 2, 3], highway="primary")
    body += (
        '<node id="20" version="1" lat="32.001" lon="118.002"><tag k="amenity" v="fire_station"/>'
    )
    body += '<tag k="name" v="西站"/><tag k="name:en" v="West &quot;1&quot;: a"/></node>'
    nodes = dict(LINE)
    way = _way(5, [4, 5, 6, 4], amenity="hospital", name="医院", beds="120")
    way += _way(6, [1, 3, 7, 1])
    relation = (
        '\n<relation id="7" version="1"><member type="way" ref="6" role="outer"/>'
        '<tag k="type" v="multipolygon"/><tag k="amenity" v="school"/></relation>'
    )
    start, end = body.index("<node"), body.index("</node>") + 7
    path = _osm(tmp_path, nodes, "\n" + body[start:end] + body[:start] + way + relation)
    report = import_city(path, tmp_path / "out")
    assert report.kinds == {"fire-station": 1, "hospital": 1, "school": 1}
    city = read_city(tmp_path / "out")
    assert city.facilities["fire-station-n20"].name.en == 'West "1": a'
    assert city.facilities["hospital-w5"].capacity.beds == 120
    assert city.facilities["school-r7"].name.zh == "学校"


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        import_city(tmp_path / "absent.osm", tmp_path / "o1")
    odd = tmp_path / "map.txt"
    odd.write_text("x", "utf-8")
    with pytest.raises(InputError):
        import_city(odd, tmp_path / "o2")
    for name, content in (("a.osm", b"<osm"), ("b.osm.pbf", b"\x00\x01"), ("c.osm", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError):
            import_city(tmp_path / name, tmp_path / "o3")
    no_roads = _osm(tmp_path, LINE, _way(1, [1, 2], waterway="river"))
    with pytest.raises(InputError):
        import_city(no_roads, tmp_path / "o4")
    roads = _osm(tmp_path, LINE, _way(1, [1, 2], highway="primary"))
    import_city(roads, tmp_path / "o5")
    with pytest.raises(InputError):
        import_city(roads, tmp_path / "o5")
    assert not (tmp_path / "o4").exists()


def test_without_osmium_the_message_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roads = _osm(tmp_path, LINE, _way(1, [1, 2], highway="primary"))
    monkeypatch.setitem(sys.modules, "osmium", None)
    with pytest.raises(InputError, match=r"drillsim\[city\]"):
        import_city(roads, tmp_path / "out")


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "primary"}, "primary"),
        ({"highway": "primary", "name": "龙江高架"}, "elevated"),
        ({"highway": "motorway_link"}, "ramp"),
        ({"highway": "cycleway"}, None),
        ({"highway": "residential", "access": "private"}, None),
        ({"highway": "residential", "access": "no", "motor_vehicle": "yes"}, "local"),
        ({"highway": "service", "service": "parking_aisle"}, None),
        ({"highway": "service", "area": "yes"}, None),
        ({}, None),
    ],
)
def test_road_classes(tags: dict[str, str], expected: str | None) -> None:
    assert road_class_of(tags) == expected


@pytest.mark.parametrize(
    ("posted", "kmh"),
    [("50", 40), ("30 mph", 38.6), ("50;60", 40), ("CN:urban", None), ("none", None), ("0", None)],
)
def test_posted_speeds(posted: str, kmh: float | None) -> None:
    found = speed_of({"maxspeed": posted})
    assert found == (None if kmh is None else pytest.approx(kmh / 3.6, rel=0.001))


def test_other_tags() -> None:
    assert directions({"oneway": "-1"}) == (False, True)
    assert directions({"junction": "roundabout"}) == (True, False)
    assert directions({"highway": "motorway", "oneway": "no"}) == (True, True)
    assert water_class_of({"waterway": "canal", "tunnel": "culvert"}) is None
    assert facility_kind_of({"amenity": "hospital", "building": "yes"}) == "hospital"
    assert names_of({"name": "中山路", "name:en": "Zhongshan Rd"}) == ("中山路", "Zhongshan Rd")


@pytest.fixture(scope="module")
def nanjing(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ImportReport]:
    out = tmp_path_factory.mktemp("nanjing") / "imported"
    return out, import_city(extract("nanjing-xinjiekou.osm"), out)


def test_nanjing(nanjing: tuple[Path, ImportReport]) -> None:
    """Counts against the reference notes: 345 driveable nodes, 929 edges, 5 hospitals, 6 police."""
    out, report = nanjing
    assert report.road_nodes == pytest.approx(345, rel=0.1)
    assert report.road_edges == pytest.approx(929, rel=0.1)
    assert report.kinds["hospital"] == 5
    assert report.kinds["police-station"] == 6
    assert report.kinds["school"] == 18
    assert "fire-station" in report.missing_kinds()
    assert report.bridges > 0
    assert report.water_edges > 0
    city = read_city(out)
    assert city.origin is not None
    assert any(
        "一" <= name["name"].zh[0] <= "鿿"
        for _, _, name in city.graph.edges(data=True)
        if name["name"]
    )
    assert (out / "import.md").read_text("utf-8").count("OpenStreetMap") >= 2


def test_harrisburg(tmp_path: Path) -> None:
    """Reference notes: 4,126 driveable nodes, 11,554 edges, 112 bridges, 3 fire stations."""
    report = import_city(extract("harrisburg.osm.pbf"), tmp_path / "out")
    assert report.road_nodes == pytest.approx(4126, rel=0.1)
    assert report.road_edges == pytest.approx(11554, rel=0.1)
    assert report.kinds["fire-station"] == 3
    assert report.kinds["hospital"] == 1
    assert 0 < report.posted_share < 1
    city = read_city(tmp_path / "out")
    router = Router(city)
    station = city.node_of(city.of_kind("fire-station")[0].id)
    hospital = city.node_of(city.of_kind("hospital")[0].id)
    assert 60 < router.travel_time(station, hospital, 10.0, True) < 3600


# ruff: noqa: E501
OWN = """\
id: nanjing-drill
name: {zh: 南京演练, en: Nanjing drill}
base: imported
remove: [sports-hall-w88780387]
districts:
  - id: qinhuai
    name: {zh: 秦淮区, en: Qinhuai District}
    streets:
      - {id: xinjiekou, name: {zh: 新街口街道, en: Xinjiekou Street}, seat: 0 0 km}
zones:
  - {id: z1, name: {zh: 社区一, en: Community 1}, lat: 32.0480, lon: 118.7750, residents: 9000, jobs: 14000}
  - {id: z2, name: {zh: 社区二, en: Community 2}, lat: 32.0400, lon: 118.7850, residents: 12000}
facilities:
  - {id: cold-store, kind: plant, name: {zh: 冷库, en: cold store}, lat: 32.0465, lon: 118.7820, org: cold-store, inventory: 12 t}
  - {id: cold-store-valve, kind: release-point, name: {zh: 阀组, en: valve station}, from: cold-store, bearing: 90 deg, distance: 20 m, org: cold-store}
  - {id: det-1, kind: detector, name: {zh: 探测器, en: detector}, from: cold-store-valve, bearing: 250 deg, distance: 10 m, org: cold-store}
  - {id: gulou-station, kind: fire-station, name: {zh: 消防救援站, en: fire station}, lat: 32.0520, lon: 118.7760, org: fire-city, capacity: {vehicles: 3}}
"""


def test_nanjing_is_completed_by_a_file_of_ones_own(nanjing: tuple[Path, ImportReport]) -> None:
    out, report = nanjing
    imported = read_city(out)
    own = out.parent / "city.yaml"
    gone = next(name for name in imported.facilities if name.startswith("sports-hall"))
    own.write_text(OWN.replace("sports-hall-w88780387", gone), "utf-8")
    city: City = read_city(own)
    assert gone not in city.facilities
    assert len(city.facilities) == sum(report.kinds.values()) - 1 + 4
    assert city.attribution == imported.attribution
    assert int(city.zones.people_at(2.0).sum()) == 21_000
    assert set(city.zones.street) == {"xinjiekou"}
    assert {f.district for f in city.facilities.values()} == {"qinhuai"}
    router = Router(city)
    scene = city.node_of("cold-store-valve")
    first = router.travel_time(city.node_of("gulou-station"), scene, 10.0, emergency=True)
    assert 60 < first < 900
    hospitals = [city.node_of(f.id) for f in city.of_kind("hospital")]
    assert len(router.nearest(scene, hospitals, 3, 10.0)) == 3
    assert city.digest != imported.digest
