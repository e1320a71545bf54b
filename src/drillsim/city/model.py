"""The city: one graph of roads and waterways, the facilities on it, the people in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import networkx as nx
import numpy as np

from drillsim.city.facilities import Facility
from drillsim.city.file import (
    CityFile,
    Origin,
    check_references,
    resolve_facilities,
    zones_from_rows,
)
from drillsim.city.generate import generate
from drillsim.city.network import Network, graph_from_network, read_network
from drillsim.city.plane import Floats, towards
from drillsim.city.population import Zones, no_zones, settle
from drillsim.city.snap import NodeIndex
from drillsim.city.spec import CanalCity, District
from drillsim.errors import InputError
from drillsim.i18n import Text, default_lang, say
from drillsim.yamlio import Source, digest_of, load, validate

Mode = Literal["road", "water"]


@dataclass(frozen=True, eq=False)
class City:
    """A city.

    `graph` is a networkx MultiDiGraph. Nodes are numbered from 0 and have `x`, `y` (m east and
    north), `mode`. Edges have `edge_id` (their order), `mode` "road"|"water", `length_m`,
    `speed_mps` (free flow), `road_class` (see `ROAD_CLASSES`), `name` (Text or None), `bridge`,
    `lanes`, where bent `shape` (k, 2); water edges also `width_m`, `depth_m`, `current_mps`
    (along the edge), `lock`. Treat it as frozen: closures belong in a `Router` view.
    """

    id: str
    name: Text
    crs: str
    origin: Origin | None
    graph: nx.MultiDiGraph
    facilities: Mapping[str, Facility]
    zones: Zones
    districts: tuple[District, ...]
    digest: str
    network: Network = field(repr=False)
    attribution: Text | None = None

    @cached_property
    def index(self) -> NodeIndex:
        """Give the nearest-node index."""
        return NodeIndex(self.graph)

    def node_of(self, facility_id: str, mode: Mode = "road") -> int:
        """Give the node where a facility meets the roads or the water.

        Raises KeyError for an unknown facility or when the city has no such mode.
        """
        facility = self.facilities[facility_id]
        on = (facility.snap_to or "road") if mode == "road" else "water"
        return self.index.nearest(*facility.xy, on)[0]

    def of_kind(self, *kinds: str) -> tuple[Facility, ...]:
        """Give the facilities of some kinds, in file order."""
        return tuple(f for f in self.facilities.values() if f.kind in kinds)

    def blocks(self, facility_id: str, count: int) -> Floats:
        """Give `count` places (count, 2) spread along a facility's extent (all equal if none)."""
        facility = self.facilities[facility_id]
        offsets = ((np.arange(count) + 0.5) / count - 0.5) * facility.extent
        bearing = facility.bearing or 0.0
        return np.array([towards(*facility.xy, bearing, float(step)) for step in offsets])


def read_city(path: Path) -> City:
    """Read a city from its city.yaml, or from the folder that holds one.

    Raises InputError with every fault at file:line:col.
    """
    return _read(path / "city.yaml" if path.is_dir() else path, frozenset())


def _read(path: Path, seen: frozenset[Path]) -> City:
    source = load(path)
    file = validate(source, CityFile)
    if (file.network is None) == (file.base is None):
        raise InputError([source.fault((), say("city.network", default_lang()))])
    base = None
    if file.base is not None:
        here = path.resolve()
        if here in seen:
            raise InputError([source.fault(("base",), say("city.base-loop", default_lang()))])
        target = path.parent / file.base
        base = _read(target / "city.yaml" if target.is_dir() else target, seen | {here})
    origin = file.origin or (base.origin if base else None)
    districts = file.districts or (base.districts if base else ())
    before: Mapping[str, Facility] = base.facilities if base else {}
    faults = check_references(file, before, districts, origin, source)
    if faults:
        raise InputError(faults)
    network = base.network if base else _network(file, path)
    graph = base.graph if base else graph_from_network(network)
    places = resolve_facilities(file, before, districts, origin)
    index = base.index if base else NodeIndex(graph)
    zones = _zones(file, base, districts, index, origin, source)
    city = City(
        id=file.id, name=file.name, origin=origin, graph=graph, network=network,
        crs="local plane, metres" if origin is None else "WGS-84, local tangent plane, metres",
        facilities=MappingProxyType(places), zones=zones, districts=districts,
        digest=_digest(file, network, places, zones),
        attribution=file.attribution or (base.attribution if base else None),
    )  # fmt: skip
    city.__dict__["index"] = index  # already built: hand it to the cached property
    return city


def _network(file: CityFile, path: Path) -> Network:
    if isinstance(file.network, CanalCity):
        return generate(file.network)
    assert file.network is not None  # checked by the caller
    return read_network(path.parent / file.network.file)


def _zones(
    file: CityFile,
    base: City | None,
    districts: Sequence[District],
    index: NodeIndex,
    origin: Origin | None,
    source: Source,
) -> Zones:
    if file.zones:
        return zones_from_rows(file.zones, districts, index, origin)
    if base is not None:
        return base.zones
    if not isinstance(file.network, CanalCity):
        return no_zones()
    try:
        return settle(file.network, districts, index.xy[index.doors], index.nodes[index.doors])
    except ValueError as error:
        message = say("city.room", default_lang(), why=error)
        raise InputError([source.fault(("network", "residents"), message)]) from error


def _digest(file: CityFile, network: Network, places: Mapping[str, Facility], zones: Zones) -> str:
    return digest_of(
        {
            "id": file.id,
            "network": network.digest(),
            "facilities": {key: places[key].model_dump(mode="json") for key in sorted(places)},
            "districts": [district.model_dump(mode="json") for district in file.districts],
            "zones": [zones.id, zones.residents.tolist(), zones.node.tolist()],
            "seats": [zones.district, zones.street],
            "jobs": [round(float(job), 3) for job in zones.jobs],
        }
    )
