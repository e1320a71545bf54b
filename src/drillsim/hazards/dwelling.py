"""The building of a residential fire: storeys, stair, lobbies, light well, rows, open doors."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from drillsim.units import Duration, Length, Share, Temperature
from drillsim.yamlio import Id, Model

Seat = Literal["ground-floor", "flat", "row"]
DoorState = Literal["shut", "ajar", "open"]
# Share of a door's leaf that stands open; a shut one leaks only (ours, unverified).
OPEN_SHARE: dict[DoorState, float] = {"shut": 0.0, "ajar": 0.1, "open": 0.8}
# Stairs are as wide as two flights and the gap between them.
FLIGHTS, GAP_M = 2.0, 0.2


class Dwelling(Model):
    """The `building:` of a residential fire.

    `floors` are storeys counted from 1 at the ground, or the houses of a row. `stair_door` is the
    door at the foot of the stair (seat ground-floor) or the stair door of the burning storey's
    lobby (seat flat); `flat_door` that of the burning flat. `fans`: pressurisation of the stair;
    `auto_fans`: the fire alarm starts it without anybody. `pump`: the building's fire pump;
    `riser`: the fire main holds water. `exit_through_fire`: the stair leads out through the burning
    space. `well_side` of a square light well, 0 for none; `to_well` the share of the plume that it
    draws. `lane` is the clear width for engines; `blocked`: parked cars or bollards stand in it.
    `gap` between the houses of a row.
    """

    floors: Annotated[int, Field(ge=1, le=60)]
    flats: Annotated[int, Field(ge=1, le=20)] = 8
    storey: Length = Field(default=2.9, gt=2.0, lt=6.0)
    stair_width: Length = Field(default=1.2, gt=0.6, lt=3.0)
    stair_length: Length = Field(default=5.0, gt=2.0, lt=12.0)
    lobby_length: Length = Field(default=22.0, gt=2.0, lt=120.0)
    lobby_width: Length = Field(default=1.8, gt=0.9, lt=6.0)
    flat_side: Length = Field(default=9.2, gt=2.0, lt=30.0)
    stair_door: DoorState = "ajar"
    flat_door: DoorState = "open"
    roof_door: DoorState = "shut"
    fans: Literal["works", "fails", "none"] = "works"
    auto_fans: bool = False
    pump: Literal["works", "fails", "none"] = "works"
    riser: bool = True
    exit_through_fire: bool = False
    well_side: Length = Field(default=0.0, ge=0.0, le=20.0)
    to_well: Share = Field(default=0.0, ge=0.0, le=1.0)
    lane: Length = Field(default=4.0, gt=1.0, lt=20.0)
    blocked: bool = False
    gap: Length = Field(default=0.0, ge=0.0, le=20.0)

    @property
    def stair_m2(self) -> float:
        """Give the section of the stair shaft, m2."""
        return (FLIGHTS * self.stair_width + GAP_M) * self.stair_length

    @property
    def lobby_m3(self) -> float:
        """Give the volume of one lobby, m3."""
        return self.lobby_length * self.lobby_width * self.storey

    @property
    def height_m(self) -> float:
        """Give the height of the roof, m."""
        return self.floors * self.storey

    def place_id(self, floor: int) -> str:
        """Give the name of a storey (1 = ground) or house as it stands in logs."""
        return f"F{floor}"


class ResidentialFireSpec(Model):
    """The `hazard:` block of the family residential-fire.

    `seat`: the open ground floor with `bikes` electric bicycles `spacing` apart; a flat on `floor`;
    or house number `floor` of a row. `growth` is a class of the table (bikes have their own).
    `gas`: a gas flame feeds the seat until the gas is shut off. `indoor` is the temperature inside,
    which with the weather drives the draught of the stair. `detectors`: smoke alarms that report.
    """

    family: Literal["residential-fire"] = "residential-fire"
    at: Id
    seat: Seat
    building: Dwelling
    floor: Annotated[int, Field(ge=1, le=60)] = 1
    growth: Literal["slow", "medium", "fast", "ultra-fast", "battery"] = "medium"
    bikes: Annotated[int, Field(ge=1, le=300)] = 60
    spacing: Length = Field(default=0.8, gt=0.3, lt=5.0)
    gas: bool = False
    indoor: Temperature = 291.15
    horizon: Duration = Field(default=14_400.0, gt=600.0, le=43_200.0)

    @model_validator(mode="after")
    def _possible(self) -> ResidentialFireSpec:
        if self.floor > self.building.floors:
            raise ValueError(f"floor: the building has {self.building.floors}, got {self.floor}")
        if self.seat == "ground-floor" and self.floor != 1:
            raise ValueError("floor: a fire of the open ground floor stands on floor 1")
        return self
