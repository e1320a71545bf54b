"""What the canal-city generator is told: waters, centres, corridors, compounds, districts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from drillsim.i18n import Text, catalogue, default_lang, say
from drillsim.units import Length, Share, Speed, parse
from drillsim.yamlio import Id, Model

catalogue(
    {
        "line.form": (
            "折线要写成 “0 11.8; 4 11.5 km”：每点两个数，末尾写单位",
            "write a line as '0 11.8; 4 11.5 km': two numbers a point, the unit at the end",
        ),
    }
)

Point = tuple[float, float]


def _line(value: object) -> tuple[Point, ...]:
    """Read "0 11.8; 4 11.5 km" into points in metres."""
    if isinstance(value, tuple):  # already read
        return value
    if not isinstance(value, str) or not value.strip():
        raise ValueError(say("line.form", default_lang()))
    body, _, unit = value.strip().rpartition(" ")
    points = []
    for part in body.split(";"):
        numbers = part.split()
        if len(numbers) != 2:
            raise ValueError(say("line.form", default_lang()))
        points.append(
            (parse(f"{numbers[0]} {unit}", "length"), parse(f"{numbers[1]} {unit}", "length"))
        )
    return tuple(points)


_SCHEMA = WithJsonSchema({"type": "string", "examples": ["0 11.8; 4 11.5 km"]})
Line = Annotated[tuple[Point, ...], BeforeValidator(_line), _SCHEMA]


class Centre(Model):
    """A built-up centre: density `weight` x exp(-(d/radius)^2) at distance d."""

    at: Line = Field(min_length=1, max_length=1)
    radius: Length = Field(gt=0)
    weight: float = Field(gt=0, le=1)


class Waterway(Model):
    """A river or canal along a centre line; `current` is positive in the line's direction."""

    id: Id
    name: Text
    water_class: Literal["river", "canal", "branch"]
    line: Line = Field(min_length=2)
    width: Length = Field(gt=0)
    depth: Length = Field(gt=0)
    current: Speed = 0.0
    lock: Line | None = Field(None, description="place of a lock on this waterway")


class Lake(Model):
    """A lake as a polygon."""

    id: Id
    name: Text
    shore: Line = Field(min_length=3)


class Corridor(Model):
    """A named road; with `at_grade: false` it passes over and meets streets at `ramps` only."""

    id: Id
    name: Text
    road_class: str
    line: Line = Field(min_length=2)
    at_grade: bool = True
    ramps: Line | None = None
    clear: Length = Field(90.0, ge=0, description="local streets this near are left out")


class Gate(Model):
    """A gate in a compound's fence, on one of its roads."""

    id: Id
    at: Line = Field(min_length=1, max_length=1)


class Compound(Model):
    """A fenced site: no public street inside, entered by its gates only."""

    id: Id
    name: Text
    fence: Line = Field(min_length=2, max_length=2, description="two opposite corners")
    roads: tuple[Corridor, ...]
    gates: tuple[Gate, ...]


class Gateway(Model):
    """A road out of town to a base that lies off the map; its length is stated, not drawn."""

    id: Id
    name: Text
    line: Line = Field(min_length=2, max_length=2, description="from the city edge, to the base")
    length: Length = Field(gt=0)
    road_class: str = "link"
    speed: Speed | None = Field(None, gt=0, description="free flow; default: of the road class")


class Street(Model):
    """A street or town 街道/镇 by its seat; zones belong to the nearest seat."""

    id: Id
    name: Text
    seat: Line = Field(min_length=1, max_length=1)


class District(Model):
    """A county-level district 区 and its streets."""

    id: Id
    name: Text
    streets: tuple[Street, ...]


class Clear(Model):
    """A circle without residential zones: the people there are counted in facilities."""

    at: Line = Field(min_length=1, max_length=1)
    radius: Length = Field(gt=0)


class Residents(Model):
    """How many people in how many residential zones."""

    count: int = Field(300, ge=1, le=5000)
    people: int = Field(600_000, ge=1)
    keep_clear: tuple[Clear, ...] = ()


class Ring(Model):
    """The ring expressway: which grid columns and rows it follows."""

    columns: tuple[int, int]
    rows: tuple[int, int]


class CanalCity(Model):
    """The whole specification of a generated canal city."""

    generator: Literal["canal-city"]
    seed: int = Field(ge=0)
    width: Length = Field(gt=3000, le=100_000)
    height: Length = Field(gt=3000, le=100_000)
    block: Length = Field(1500.0, ge=500, description="spacing of the arterial roads")
    warp: Length = Field(260.0, ge=0, description="how far arterials bend from straight lines")
    dead_ends: Share = Field(0.12, ge=0, le=0.5, description="share of local links left out")
    centres: tuple[Centre, ...]
    waterways: tuple[Waterway, ...] = ()
    lakes: tuple[Lake, ...] = ()
    ring: Ring | None = None
    corridors: tuple[Corridor, ...] = ()
    compounds: tuple[Compound, ...] = ()
    gateways: tuple[Gateway, ...] = ()
    old_quarters: tuple[Clear, ...] = Field((), description="circles whose streets are lanes")
    residents: Residents = Residents()
