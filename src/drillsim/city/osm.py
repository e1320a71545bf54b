"""Import of a real city from an OpenStreetMap extract (.osm, .osm.pbf, .osm.gz, .osm.bz2).

The only importer of osmium. Its output is an ordinary city folder, so nothing needs osmium at run
time. A user's own file completes the city (`base:`); the imported files stay as they are.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from drillsim.city.facilities import FACILITY_KINDS
from drillsim.city.network import Network, network_from_edges, write_network
from drillsim.city.osm_edges import Way, edges_of, posted_share, reachable, unread_speeds
from drillsim.city.osm_report import ATTRIBUTION, ImportReport
from drillsim.city.osm_tags import (
    Tags,
    facility_kind_of,
    names_of,
    number_of,
    road_class_of,
    water_class_of,
)
from drillsim.city.plane import metres_per_degree
from drillsim.city.road_classes import CLASS_IDS, WATER_CLASSES
from drillsim.errors import Fault, InputError
from drillsim.i18n import catalogue, default_lang, say

catalogue(
    {
        "osm.extra": (
            "导入真实城市需要 osmium；请安装 drillsim[city]",
            "importing a real city needs osmium; install drillsim[city]",
        ),
        "osm.suffix": (
            "应为 .osm、.osm.pbf、.osm.gz 或 .osm.bz2 文件",
            "an .osm, .osm.pbf, .osm.gz or .osm.bz2 file is expected",
        ),
        "osm.absent": ("文件不存在", "there is no such file"),
        "osm.broken": ("文件读不出来：{why}", "the file cannot be read: {why}"),
        "osm.no-roads": (
            "文件中没有可行车且相互连通的道路",
            "the file holds no connected roads that cars can drive",
        ),
        "osm.exists": (
            "文件夹中已有城市；请换一个文件夹",
            "the folder already holds a city; choose another folder",
        ),
    }
)

SUFFIXES = (".osm", ".pbf", ".osm.gz", ".osm.bz2")
_HEADED = frozenset({"school", "kindergarten", "nursing-home", "market", "sports-hall"})


@dataclass(frozen=True, slots=True)
class Place:
    """An object that is a facility: `id` like "n12", its kind, tags and node references."""

    id: str
    kind: str
    tags: Tags
    refs: tuple[int, ...]


@dataclass
class Extract:
    """What was read of a file: usable ways, facilities, node places as (lat, lon)."""

    ways: list[Way] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    latlon: dict[int, tuple[float, float]] = field(default_factory=dict)
    footpaths: int = 0


def import_city(path: Path, out: Path, city_id: str | None = None) -> ImportReport:
    """Import an extract into a city folder: city.yaml, network.npz, import.md.

    `city_id` defaults to the file name. Raises InputError for an absent, broken or roadless file,
    for a folder that already holds a city, and when osmium is not installed.
    """
    if not path.is_file():
        raise _refuse(path, "osm.absent")
    if not path.name.lower().endswith(SUFFIXES):
        raise _refuse(path, "osm.suffix")
    if (out / "city.yaml").exists():
        raise _refuse(out / "city.yaml", "osm.exists")
    extract = read_extract(path)
    origin = _origin(extract)
    east_m, north_m = metres_per_degree(origin[0])
    places = {
        ref: ((lon - origin[1]) * east_m, (lat - origin[0]) * north_m)
        for ref, (lat, lon) in extract.latlon.items()
    }
    ways = edges_of(extract.ways, places)
    edges, islands = reachable(ways.edges)
    if not any(edge.road_class not in WATER_CLASSES for edge in edges):
        raise _refuse(path, "osm.no-roads")
    network = network_from_edges(ways.xy, edges, ways.names)
    name = city_id or _id_from(path)
    located = [place for place in extract.places if _middle(place, extract) is not None]
    report = _report(name, network, extract, located, ways.gaps, islands)
    out.mkdir(parents=True, exist_ok=True)
    write_network(network, out / "network.npz")
    text = _city_yaml(name, origin, located, extract)
    (out / "city.yaml").write_text(text, encoding="utf-8", newline="\n")
    both = f"{report.say('zh')}\n{report.say('en')}"
    (out / "import.md").write_text(both, encoding="utf-8", newline="\n")
    return report


def _refuse(path: Path, key: str, **fields: object) -> InputError:
    return InputError([Fault(str(path), 1, 1, "", say(key, default_lang(), **fields))])


def _osmium(path: Path) -> ModuleType:
    try:
        import osmium
    except ImportError as error:
        raise _refuse(path, "osm.extra") from error
    module: ModuleType = osmium
    return module


def read_extract(path: Path) -> Extract:
    """Read the usable ways, the facilities and the places of their nodes.

    Three passes, relations, ways and nodes, so that only the nodes in use are held. Raises
    InputError for a file that osmium cannot read.
    """
    osmium = _osmium(path)
    extract = Extract()
    try:
        outlines = _relations(osmium, path)
        _ways(osmium, path, extract, outlines)
        wanted = {ref for way in extract.ways for ref in way.refs}
        wanted |= {ref for place in extract.places for ref in place.refs}
        for node in osmium.FileProcessor(str(path), osmium.osm.NODE):
            kind = facility_kind_of(node.tags) if len(node.tags) else None
            if kind:
                place = Place(f"n{node.id}", kind, dict(node.tags), (node.id,))
                extract.places.append(place)
            if (kind or node.id in wanted) and node.location.valid():
                extract.latlon[node.id] = (node.location.lat, node.location.lon)
    except (RuntimeError, ValueError, OSError) as error:
        raise _refuse(path, "osm.broken", why=str(error).splitlines()[0]) from error
    extract.places.sort(key=lambda place: (list(FACILITY_KINDS).index(place.kind), place.id))
    return extract


def _relations(osmium: ModuleType, path: Path) -> dict[int, tuple[int, str, Tags]]:
    """Give for each outline way of a facility relation: relation id, kind, tags."""
    outlines: dict[int, tuple[int, str, Tags]] = {}
    for relation in osmium.FileProcessor(str(path), osmium.osm.RELATION):
        kind = facility_kind_of(relation.tags)
        if kind and relation.tags.get("type") == "multipolygon":
            for member in relation.members:
                if member.type == "w" and member.role != "inner":
                    outlines[member.ref] = (relation.id, kind, dict(relation.tags))
    return outlines


def _ways(
    osmium: ModuleType, path: Path, extract: Extract, outlines: dict[int, tuple[int, str, Tags]]
) -> None:
    rings: dict[int, Place] = {}
    for way in osmium.FileProcessor(str(path), osmium.osm.WAY):
        tags: Tags = dict(way.tags)
        refs = tuple(node.ref for node in way.nodes)
        road_class = road_class_of(tags) or water_class_of(tags)
        if road_class:
            extract.ways.append(Way(way.id, refs, tags, road_class))
        elif "highway" in tags:
            extract.footpaths += 1
        kind = facility_kind_of(tags)
        if kind:
            extract.places.append(Place(f"w{way.id}", kind, tags, refs))
        elif way.id in outlines:
            relation, kind, tags = outlines[way.id]
            before = rings[relation].refs if relation in rings else ()
            rings[relation] = Place(f"r{relation}", kind, tags, before + refs)
    extract.places += rings.values()


def _origin(extract: Extract) -> tuple[float, float]:
    """Give the middle of the nodes' bounding box, to 1e-4 degree."""
    lats = [lat for lat, _ in extract.latlon.values()] or [0.0]
    lons = [lon for _, lon in extract.latlon.values()] or [0.0]
    return round((min(lats) + max(lats)) / 2, 4), round((min(lons) + max(lons)) / 2, 4)


def _middle(place: Place, extract: Extract) -> tuple[float, float] | None:
    """Give the middle of an object's known nodes as (lat, lon), or None when it has none."""
    known = [extract.latlon[ref] for ref in dict.fromkeys(place.refs) if ref in extract.latlon]
    if not known:
        return None
    lats, lons = zip(*known, strict=True)
    return (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2


def _report(
    name: str, network: Network, extract: Extract, located: list[Place], gaps: int, islands: int
) -> ImportReport:
    wet = [CLASS_IDS[k] in WATER_CLASSES for k in network.road_class]
    water_nodes = {int(u) for u, w in zip(network.u, wet, strict=True) if w}
    kinds = Counter(place.kind for place in located)
    metres = sum(d for d, w in zip(network.length_m.tolist(), wet, strict=True) if not w)
    bridges = sum(1 for b, w in zip(network.bridge, wet, strict=True) if b and not w)
    return ImportReport(
        name=name,
        road_nodes=len(network.x) - len(water_nodes),
        road_edges=len(wet) - sum(wet),
        road_km=metres / 1000,
        bridges=bridges,
        water_nodes=len(water_nodes),
        water_edges=sum(wet),
        posted_share=posted_share(extract.ways),
        kinds={kind: kinds[kind] for kind in FACILITY_KINDS if kinds[kind]},
        without_beds=sum(1 for p in located if p.kind == "hospital" and not _beds(p)),
        without_heads=sum(1 for p in located if p.kind in _HEADED),
        footpaths=extract.footpaths,
        gaps=gaps,
        islands=islands,
        unread_speeds=unread_speeds(extract.ways),
    )


def _beds(place: Place) -> int | None:
    found = number_of(place.tags, "beds") or number_of(place.tags, "capacity:beds")
    return int(found) if found else None


def _id_from(path: Path) -> str:
    stem = path.name.split(".")[0].lower()
    cleaned = "".join(c if c.isascii() and c.isalnum() else "-" for c in stem).strip("-")
    return cleaned[:64] or "city"


def _city_yaml(
    name: str, origin: tuple[float, float], located: list[Place], extract: Extract
) -> str:
    lines = [
        "# Imported; complete it in a file of your own with `base:`, do not edit it here.",
        f"# {ATTRIBUTION.en}",
        f"id: {name}",
        f"name: {{zh: {_quoted(name)}, en: {_quoted(name)}}}",
        f"origin: {{lat: {origin[0]}, lon: {origin[1]}}}",
        f"attribution: {{zh: {_quoted(ATTRIBUTION.zh)}, en: {_quoted(ATTRIBUTION.en)}}}",
        "network: {file: network.npz}",
        "facilities:" if located else "facilities: []",
    ]
    for place in located:
        middle = _middle(place, extract)
        if middle is None:
            continue
        kind = FACILITY_KINDS[place.kind]
        zh, en = names_of(place.tags)
        beds = _beds(place) if place.kind == "hospital" else None
        floors = number_of(place.tags, "building:levels")
        extra = f", capacity: {{beds: {beds}}}" if beds else ""
        extra += f", floors: {int(floors)}" if floors and 1 <= floors <= 120 else ""
        lines.append(
            f"  - {{id: {place.kind}-{place.id}, kind: {place.kind}, "
            f"name: {{zh: {_quoted(zh or kind.zh)}, en: {_quoted(en or kind.en)}}}, "
            f"lat: {middle[0]:.6f}, lon: {middle[1]:.6f}{extra}}}"
        )
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    """Write a string as YAML: JSON strings are YAML strings."""
    printable = "".join(c if c.isprintable() else " " for c in value)
    return json.dumps(" ".join(printable.split()), ensure_ascii=False)
