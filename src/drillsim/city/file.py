"""The city.yaml file: its schema, the check of its references, the resolving of its places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Self

import numpy as np
from pydantic import Discriminator, Field, Tag, model_validator

from drillsim.city.facilities import Facility
from drillsim.city.plane import metres_per_degree, towards
from drillsim.city.population import Zones, nearest_street
from drillsim.city.snap import NodeIndex
from drillsim.city.spec import CanalCity, District
from drillsim.errors import Fault, unknown_reference
from drillsim.i18n import Text, catalogue, default_lang, say
from drillsim.units import Length
from drillsim.yamlio import Id, Model, Source

catalogue(
    {
        "city.twice": ("编号 {value!r} 重复", "the id {value!r} is used twice"),
        "city.ring": (
            "位置互相引用成环：{value}",
            "the places refer to each other in a ring: {value}",
        ),
        "city.network": (
            "要且只要一项：network 或 base",
            "give exactly one of network and base",
        ),
        "city.latlon": (
            "本城市是局部平面坐标，不能用 lat/lon；请改用 x/y",
            "this city has a local plane: use x/y, not lat/lon",
        ),
        "zone.place": (
            "位置要且只要一种写法：x 与 y，或 lat 与 lon",
            "give the place in exactly one way: x and y, or lat and lon",
        ),
        "city.base-loop": ("base 指向了自己", "base refers to itself"),
        "city.room": ("居民区放不下：{why}", "no room for the residential zones: {why}"),
    }
)


class Origin(Model):
    """The WGS-84 point that is x = 0, y = 0 of an imported city (CGCS2000 agrees to 1 m).

    GCJ-02 coordinates, as most Chinese web maps give, are 300-500 m off and must be converted
    by the user first.
    """

    lat: float = Field(ge=-85, le=85)
    lon: float = Field(ge=-180, le=180)


class NetworkFile(Model):
    """A network kept in a file beside the city file."""

    file: str


def _network_tag(value: object) -> str:
    if isinstance(value, Mapping):
        return "file" if "file" in value else "canal-city"
    return "file" if isinstance(value, NetworkFile) else "canal-city"


AnyNetwork = Annotated[
    Annotated[CanalCity, Tag("canal-city")] | Annotated[NetworkFile, Tag("file")],
    Discriminator(_network_tag),
]


class ZoneRow(Model):
    """One residential zone written by hand."""

    id: Id
    name: Text
    x: Length | None = None
    y: Length | None = None
    lat: float | None = Field(None, ge=-90, le=90)
    lon: float | None = Field(None, ge=-180, le=180)
    residents: int = Field(ge=0)
    jobs: int | None = Field(None, ge=0, description="people there by day; default: as residents")
    district: Id | None = None
    street: Id | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        ways = ((self.x, self.y), (self.lat, self.lon))
        if (
            sum(None not in way for way in ways) != 1
            or sum(way != (None, None) for way in ways) != 1
        ):
            raise ValueError(say("zone.place", default_lang()))
        return self


class CityFile(Model):
    """A city.yaml: a network or a `base` city, and what is added to it."""

    id: Id
    name: Text
    origin: Origin | None = None
    attribution: Text | None = None
    network: AnyNetwork | None = None
    base: str | None = Field(None, description="folder of the city that this file completes")
    remove: tuple[Id, ...] = Field((), description="facilities of the base to leave out")
    districts: tuple[District, ...] = ()
    zones: tuple[ZoneRow, ...] = ()
    facilities: tuple[Facility, ...] = ()


def local_xy(origin: Origin, lat: float, lon: float) -> tuple[float, float]:
    """Give metres east and north of an origin, by the WGS-84 radii there.

    Equirectangular about the origin: within 0.1 % up to 50 km from it (Snyder 1987, ch. 12).
    """
    east_m, north_m = metres_per_degree(origin.lat)
    return (lon - origin.lon) * east_m, (lat - origin.lat) * north_m


def check_references(
    file: CityFile,
    base: Mapping[str, Facility],
    districts: Sequence[District],
    origin: Origin | None,
    source: Source,
) -> list[Fault]:
    """Check every id and reference of a file against itself and its base."""
    lang = default_lang()
    known = [*base, *(f.id for f in file.facilities)]
    allowed = {
        "from": known,
        "district": [d.id for d in districts],
        "street": [s.id for d in districts for s in d.streets],
    }
    faults: list[Fault] = []
    for part, rows in (("facilities", file.facilities), ("zones", file.zones)):
        seen: set[str] = set()
        for n, row in enumerate(rows):
            given = row.model_dump(by_alias=True, include={"id", "lat", "from_", *allowed})
            if given["id"] in seen:
                message = say("city.twice", lang, value=given["id"])
                faults.append(source.fault((part, n, "id"), message))
            seen.add(given["id"])
            if given["lat"] is not None and origin is None:
                faults.append(source.fault((part, n, "lat"), say("city.latlon", lang)))
            faults += [
                source.fault((part, n, key), unknown_reference(key, given[key], words))
                for key, words in allowed.items()
                if given.get(key) is not None and given[key] not in words
            ]
    for n, gone in enumerate(file.remove):
        if gone not in known:
            message = unknown_reference("facility", gone, known)
            faults.append(source.fault(("remove", n), message))
    return faults or _rings(file, source)


def _rings(file: CityFile, source: Source) -> list[Fault]:
    before = {f.id: f.from_ for f in file.facilities}
    for n, facility in enumerate(file.facilities):
        trail = [facility.id]
        while (ahead := before.get(trail[-1])) is not None:
            if ahead in trail:
                message = say("city.ring", default_lang(), value=" -> ".join([*trail, ahead]))
                return [source.fault(("facilities", n, "from"), message)]
            trail.append(ahead)
    return []


def resolve_facilities(
    file: CityFile,
    base: Mapping[str, Facility],
    districts: Sequence[District],
    origin: Origin | None,
) -> dict[str, Facility]:
    """Resolve every place to x and y, overlay the base, fill districts by the nearest seat."""
    places: dict[str, Facility] = dict(base)
    for gone in file.remove:
        places.pop(gone, None)
    own = {f.id: f for f in file.facilities}
    done: dict[str, Facility] = {}

    def resolve(facility: Facility) -> Facility:
        if facility.id in done:
            return done[facility.id]
        x, y = facility.x, facility.y
        if facility.lat is not None and facility.lon is not None and origin is not None:
            x, y = local_xy(origin, facility.lat, facility.lon)
        elif facility.from_ is not None:
            # a place that this file removes may still be measured from
            start = own.get(facility.from_) or base[facility.from_]
            start = resolve(start) if facility.from_ in own else start
            x, y = towards(*start.xy, facility.bearing or 0.0, facility.distance or 0.0)
        done[facility.id] = facility.model_copy(
            update={"x": x, "y": y, "lat": None, "lon": None, "from_": None, "distance": None}
        )
        return done[facility.id]

    for facility in file.facilities:
        places[facility.id] = resolve(facility)
    open_ones = [f for f in places.values() if f.street is None and f.kind != "out-of-town"]
    if districts and open_ones:
        where = nearest_street(districts, np.array([f.xy for f in open_ones]))
        for facility, (district, street) in zip(open_ones, where, strict=True):
            update = {"district": facility.district or district, "street": street}
            places[facility.id] = facility.model_copy(update=update)
    return places


def zones_from_rows(
    rows: Sequence[ZoneRow],
    districts: Sequence[District],
    index: NodeIndex,
    origin: Origin | None,
) -> Zones:
    """Make zones of hand-written rows, each at the nearest junction on the ground."""
    xy = np.array(
        [
            local_xy(origin, row.lat or 0.0, row.lon or 0.0)
            if origin is not None and row.lat is not None
            else (row.x or 0.0, row.y or 0.0)
            for row in rows
        ]
    )
    where = nearest_street(districts, xy)
    residents = np.array([row.residents for row in rows], dtype=np.int64)
    jobs = np.array([r.residents if r.jobs is None else r.jobs for r in rows], dtype=np.float64)
    scale = residents.sum() / jobs.sum() if jobs.sum() else 0.0
    nodes, _ = index.nearest_many(xy)
    return Zones(
        id=tuple(row.id for row in rows), name=tuple(row.name for row in rows),
        x=xy[:, 0], y=xy[:, 1], residents=residents, jobs=jobs * scale,
        district=tuple(r.district or d for r, (d, _) in zip(rows, where, strict=True)),
        street=tuple(r.street or s for r, (_, s) in zip(rows, where, strict=True)),
        node=nodes,
    )  # fmt: skip
