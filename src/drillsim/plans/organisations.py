"""Organisations, their roles and their crews: the bodies that plans speak of."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from drillsim.data.staffing import Readiness
from drillsim.i18n import Text
from drillsim.units import Duration
from drillsim.yamlio import Id, Model

Hours = Annotated[str, StringConstraints(pattern=r"^(24h|\d\d:\d\d-\d\d:\d\d)$")]

OrgLevel = Literal["enterprise", "park", "township", "county", "city", "province", "national"]
Power = Literal[
    "activate", "order-evacuation", "off-site-alarm", "close-road", "close-waterway", "publish",
    "requisition", "stop-production", "withdraw-crews", "terminate", "open-shelter",
]  # fmt: skip
Address = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)?$")]


class FormerName(Model):
    """A name an organisation once bore, and until when."""

    name: str
    until: date


class Role(Model):
    """A post in an organisation that a person holds.

    `hours`: when the holder is on duty at `place` (default: the organisation's); outside them the
    holder answers after a call-in delay. `deputies` are tried in order when the holder does not
    answer. `senses`: the holder is at the place and notices smell, cloud and hurt people there.
    """

    id: Id
    name: Text
    hours: Hours = "24h"
    place: Id | None = None
    deputies: tuple[Address, ...] = ()
    powers: tuple[Power, ...] = ()
    senses: bool = False


class Organisation(Model):
    """A body that can be told, believe, decide and act.

    `desk`: hours of the duty desk, which is the implicit role addressed by the bare id; `lines`:
    calls it can hold at once (>= 1).
    """

    id: Id
    name: Text
    kind: Id
    level: OrgLevel
    parent: Id | None = None
    aliases: tuple[str, ...] = ()
    former_names: tuple[FormerName, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    place: Id | None = None
    desk: Hours = "24h"
    lines: Annotated[int, Field(ge=1, le=50)] = 1
    powers: tuple[Power, ...] = ()
    roles: tuple[Role, ...] = ()


class DayNight(Model):
    """A duration by day (07:00-19:00) and by night."""

    day: Duration
    night: Duration


class Resource(Model):
    """Crews and their equipment as they truly are: `units` equal crews at one home.

    `seats`: people one unit carries in one trip. `served`: people per hour one unit can serve
    (decontaminate, treat). `none_at_night`: nobody trained for it is on duty at night.
    `readiness`: the six respects 六到位 of each unit; a fully ready team when nothing is said.
    """

    id: Id
    name: Text
    owner: Id
    home: Id
    capabilities: tuple[Id, ...]
    units: Annotated[int, Field(ge=0, le=500)] = 1
    members: Annotated[int, Field(ge=1, le=100)] = 4
    turnout: DayNight
    night_units: Annotated[int, Field(ge=0, le=500)] | None = None
    protected: bool = False
    emergency: bool = True
    seats: Annotated[int, Field(ge=0, le=5000)] = 0
    served: Annotated[float, Field(ge=0)] = 0.0
    readiness: Readiness = Readiness()
