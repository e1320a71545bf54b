"""Key periods 重点时段: what a time of the year or of the day changes in any scenario."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from drillsim.i18n import Text
from drillsim.units import Duration
from drillsim.yamlio import Id, Model, read_yaml

Factor = Annotated[float, Field(gt=0.0, le=10.0)]
Probability = Annotated[float, Field(ge=0.0, le=1.0)]


class KeyPeriod(Model):
    """One key period; neutral in every field that is left out.

    All its numbers are judgement: none is verified, each may be off by the share `spread`.
    """

    name: Text
    text: Text
    source: str
    spread: Probability
    occupancy: Factor = 1.0
    staff: Annotated[float, Field(gt=0.0, le=1.0)] = 1.0
    contact_failure: Probability = 0.0
    travel: Annotated[float, Field(ge=1.0, le=10.0)] = 1.0
    sailing: Annotated[float, Field(ge=1.0, le=10.0)] = 1.0
    sign_off: Duration = 0.0
    alarm_delay: Duration = 0.0
    committed: dict[Id, Probability] = {}
    principals: Literal["there", "away"] = "there"
    start_hour: Annotated[float, Field(ge=0.0, lt=24.0)] | None = None
    temperature: Annotated[float, Field(ge=-40.0, le=40.0)] = 0.0
    wind: Factor = 1.0
    stability: Literal["A", "B", "C", "D", "E", "F"] | None = None
    direction_sd: Annotated[float, Field(ge=0.0, le=90.0)] = 0.0
    hazard: dict[str, Any] = {}
    isolation: dict[Literal["emergency_valve", "scrubber"], Literal["fails", "out"]] = {}


class _Table(Model):
    key_periods: dict[Id, KeyPeriod]


@cache
def key_periods() -> dict[str, KeyPeriod]:
    """Give the shipped key periods by id."""
    path = Path(str(resources.files("drillsim.data") / "key_periods.yaml"))
    return read_yaml(path, _Table).key_periods
