"""Faults of city files are told with file, line and column, all at once."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from drillsim.city.facilities import Facility
from drillsim.city.model import City, read_city
from drillsim.city.network import Edge as CityEdge
from drillsim.city.network import (
    graph_from_network,
    network_from_edges,
    read_network,
    write_network,
)
from drillsim.errors import InputError

HEAD = """\
id: toy
name: {zh: 小城, en: Toy}
network: {file: network.npz}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    xy = np.array([(0.0, 0.0), (1000.0, 0.0), (1000.0, 800.0)])
    edges = [
        CityEdge(u, v, "primary", 1000.0) for a, b in ((0, 1), (1, 2)) for u, v in ((a, b), (b, a))
    ]
    write_network(network_from_edges(xy, edges, {}), tmp_path / "network.npz")
    return tmp_path


def _read(folder: Path, text: str) -> City:
    (folder / "city.yaml").write_text(HEAD + text, encoding="utf-8")
    return read_city(folder)


def _faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        _read(folder, text)
    return [f"{f.line}:{f.col} {f.field}: {f.message}" for f in caught.value.faults]


def test_a_small_city_reads(folder: Path) -> None:
    city = _read(
        folder,
        "facilities:\n"
        "  - {id: a, kind: plant, name: {zh: 甲, en: A}, x: 0 m, y: 10 m}\n"
        "  - {id: b, kind: gate, name: {zh: 乙, en: B}, from: a, bearing: 90 deg, distance: 1 km}\n"
        "zones:\n"
        "  - {id: z1, name: {zh: 一, en: One}, x: 1 km, y: 790 m, residents: 1200}\n",
    )
    assert city.facilities["b"].xy == pytest.approx((1000, 10))
    assert city.node_of("b") == 1
    assert city.zones.people_at(3).tolist() == [1200]
    assert city.zones.node.tolist() == [2]
    with pytest.raises(TypeError):
        city.facilities["c"] = city.facilities["a"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("{id: a, kind: plnt, name: {zh: 甲, en: A}, x: 0 m, y: 0 m}", "plnt"),
        ("{id: a, kind: plant, name: {zh: 甲, en: A}, x: 0 m}", "x"),
        ("{id: a, kind: plant, name: {zh: 甲, en: A}, x: 0 m, y: 0 m, lat: 1, lon: 2}", "lat"),
        ("{id: a, kind: plant, name: {zh: 甲, en: A}, x: 0, y: 0 m}", "m, mm"),
        ("{id: a, kind: plant, name: {zh: 甲, en: A}, lat: 32.0, lon: 118.0}", "x/y"),
        ("{id: a, kind: plant, name: {zh: 甲}, x: 0 m, y: 0 m}", "name.en"),
        ("{id: a, kind: plant, name: {zh: 甲, en: A}, x: 0 m, y: 0 m, bedz: 3}", "bedz"),
        (
            "{id: a, kind: plant, name: {zh: 甲, en: A}, from: c, bearing: 0 deg, distance: 1 m}",
            "'c'",
        ),
        ("{id: a, kind: plant, name: {zh: 甲, en: A}, x: 0 m, y: 0 m, district: north}", "north"),
    ],
)
def test_faulty_facility(folder: Path, row: str, expected: str) -> None:
    faults = _faults(folder, f"facilities:\n  - {row}\n")
    assert len(faults) >= 1
    assert faults[0].startswith("5:")
    assert any(expected in fault for fault in faults), faults


def test_all_reference_faults_at_once(folder: Path) -> None:
    faults = _faults(
        folder,
        "facilities:\n"
        "  - {id: a, kind: plant, name: {zh: 甲, en: A}, x: 0 m, y: 0 m, street: s1}\n"
        "  - {id: a, kind: gate, name: {zh: 乙, en: B}, from: aa, bearing: 0 deg, distance: 1 m}\n"
        "remove: [nobody]\n",
    )
    assert [fault.split()[0].split(":")[0] for fault in faults] == ["5", "6", "6", "7"]


def test_places_in_a_ring(folder: Path) -> None:
    faults = _faults(
        folder,
        "facilities:\n"
        "  - {id: a, kind: gate, name: {zh: 甲, en: A}, from: b, bearing: 0 deg, distance: 1 m}\n"
        "  - {id: b, kind: gate, name: {zh: 乙, en: B}, from: a, bearing: 0 deg, distance: 1 m}\n",
    )
    assert "a -> b -> a" in faults[0]


def test_network_or_base(folder: Path) -> None:
    assert "network" in _faults(folder, "base: .\n")[0]
    (folder / "own.yaml").write_text("id: t\nname: {zh: 甲, en: A}\nbase: own.yaml\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read_city(folder / "own.yaml")
    assert caught.value.faults[0].line == 3


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_broken_network_file(folder: Path, content: bytes) -> None:
    (folder / "network.npz").write_bytes(content)
    assert _faults(folder, "facilities: []\n")
    (folder / "network.npz").unlink()
    assert _faults(folder, "facilities: []\n")


def test_bad_line_of_a_generated_city(tmp_path: Path) -> None:
    text = (
        "id: t\nname: {zh: 甲, en: A}\nnetwork:\n  generator: canal-city\n  seed: 1\n"
        "  width: 9 km\n  height: 9 km\n  centres:\n    - {at: 4.5 km, radius: 2 km, weight: 1.0}\n"
    )
    (tmp_path / "city.yaml").write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        read_city(tmp_path)
    assert caught.value.faults[0].line == 9
    assert "centres[0].at" in caught.value.faults[0].field


def test_too_many_zones_for_the_room(tmp_path: Path) -> None:
    text = (
        "id: t\nname: {zh: 甲, en: A}\nnetwork:\n  generator: canal-city\n  seed: 1\n"
        "  width: 9 km\n  height: 9 km\n"
        "  centres:\n    - {at: 4.5 4.5 km, radius: 2 km, weight: 1.0}\n"
        "  residents: {count: 5000, people: 10000}\n"
    )
    (tmp_path / "city.yaml").write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        read_city(tmp_path)
    assert caught.value.faults[0].line == 10
    (tmp_path / "city.yaml").write_text(text.replace("5000", "50"), "utf-8")
    city = read_city(tmp_path)
    assert len(city.zones) == 50
    assert int(city.zones.residents.sum()) == 10_000


def test_network_round_trip(folder: Path) -> None:
    network = read_network(folder / "network.npz")
    write_network(network, folder / "again.npz")
    again = read_network(folder / "again.npz")
    assert again.digest() == network.digest()
    assert graph_from_network(again).number_of_edges() == 4


def test_graphml_drawn_elsewhere(tmp_path: Path) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("p", x=0.0, y=0.0)
    graph.add_node("q", x=300.0, y=400.0)
    graph.add_edge("p", "q", road_class="secondary", name="东街", name_en="East St", oneway=True)
    graph.add_edge("q", "p", road_class="canal", width_m=40.0, current_mps=0.3)
    nx.write_graphml(graph, tmp_path / "net.graphml")
    made = graph_from_network(read_network(tmp_path / "net.graphml"))
    roads = [d for _, _, d in made.edges(data=True) if d["mode"] == "road"]
    water = [d for _, _, d in made.edges(data=True) if d["mode"] == "water"]
    assert [d["length_m"] for d in roads] == [500.0]
    assert roads[0]["name"].en == "East St"
    assert sorted(d["current_mps"] for d in water) == [-0.3, 0.3]
    (tmp_path / "bad.graphml").write_text("<graphml", "utf-8")
    with pytest.raises(InputError):
        read_network(tmp_path / "bad.graphml")


def test_digest_follows_content_not_layout(folder: Path) -> None:
    row = "{id: a, kind: plant, name: {zh: 甲, en: A}, x: 0 m, y: 10 m}"
    other = "{kind: plant, id: a, y: 0.01 km, x: 0 km, name: {en: A, zh: 甲}}"
    first = _read(folder, f"facilities:\n  - {row}\n").digest
    assert _read(folder, f"\n\nfacilities:\n- {other}\n").digest == first
    assert _read(folder, f"facilities:\n  - {row.replace('10 m', '11 m')}\n").digest != first


def test_heads_by_hour() -> None:
    place = Facility.model_validate(
        {
            "id": "s", "kind": "school", "name": {"zh": "校", "en": "S"}, "x": "0 m", "y": "0 m",
            "heads": {"day": 900, "night": 3, "outdoors": {"day": "12 %", "night": 0}},
        }
    )  # fmt: skip
    assert [place.heads_at(h) for h in (6.99, 7, 18.99, 19, 24.5)] == [3, 900, 900, 3, 3]
    assert place.outdoors_at(10) == pytest.approx(0.12)
