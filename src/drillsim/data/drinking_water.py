"""Limits of drinking water and what a spill means to a water works, with sources."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files

from drillsim.data.substances import Figure
from drillsim.i18n import Text
from drillsim.yamlio import Id, Model, read_yaml


class Dissolved(Model):
    """One soluble cargo: limit and taste in water (mg/L), acute dose (mg), loss to air (m/s)."""

    name: Text
    limit_mg_l: Figure
    acute_mg: Figure
    taste_mg_l: Figure
    transfer_mps: Figure


class DrinkingWater(Model):
    """The whole file `drinking_water.yaml`; every figure names its source."""

    sources: dict[Id, str]
    dissolved: dict[Id, Dissolved]
    oil_limit_mg_l: Figure
    oil_taste_mg_l: Figure
    oil_entrained: Figure
    oil_recoverable: Figure
    drink_l_h: Figure
    raw_m3_head_day: Figure


@cache
def drinking_water() -> DrinkingWater:
    """Read the shipped figures (once)."""
    with as_file(files("drillsim.data") / "drinking_water.yaml") as path:
        return read_yaml(path, DrinkingWater, shown="drinking_water.yaml")
