"""Figures of residential fires: growth, products, linings, barriers, reaction times."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from drillsim.data.figures import Figure, Number
from drillsim.i18n import Text
from drillsim.yamlio import Model, read_yaml


class Named(Model):
    """A row with a name in two languages."""

    zh: str
    en: str

    @property
    def name(self) -> Text:
        """Give the row's name."""
        return Text(zh=self.zh, en=self.en)


class GrowthRow(Named):
    """A growth class: heat release in kW is `alpha_kw_s2` times the square of the age in s."""

    alpha_kw_s2: Number


class ItemRow(Named):
    """A burning thing in the open: growth class, fuel, peak (kW), heat content (MJ), footprint."""

    growth: str
    fuel: str
    footprint_m2: float
    peak_kw: Number
    energy_mj: Number


class FuelRow(Named):
    """What a kilogram of fuel gives: heat (MJ), yields (kg/kg) with air in plenty, CO rise.

    All yields may lie between `low_factor` and `high_factor` times their value.
    """

    heat_mj_kg: float
    co: float
    co2: float
    hcn: float
    soot: float
    radiant_share: float
    co_rise: float
    co_power: float
    low_factor: float
    high_factor: float
    source: str
    verified: bool


class LiningRow(Named):
    """A wall lining: W/mK, kg/m3, J/kgK and its usual thickness in m."""

    conductivity_w_mk: float
    density_kg_m3: float
    heat_j_kgk: float
    thickness_m: float
    source: str
    verified: bool


class IgnitionRow(Named):
    """What can catch fire: thermal inertia W2 s/(m4 K2), ignition K, lowest igniting flux W/m2."""

    inertia: float
    ignition_k: float
    critical_w_m2: float
    source: str
    verified: bool


class BarrierRow(Named):
    """A closed barrier: minutes that it holds a fully developed fire."""

    minutes: Number


class Reaction(Model):
    """Time from a cue to the first step, awake by day and asleep at night."""

    day: Figure
    night: Figure


class RoomFireFigures(Model):
    """The whole file `room_fire.yaml`."""

    growth: dict[str, GrowthRow]
    items: dict[str, ItemRow]
    fuels: dict[str, FuelRow]
    linings: dict[str, LiningRow]
    ignition: dict[str, IgnitionRow]
    fuel_load_mj_m2: dict[str, Number]
    barriers: dict[str, BarrierRow]
    premovement: dict[str, Reaction]
    constants: dict[str, Number]


@cache
def room_fire() -> RoomFireFigures:
    """Read the shipped figures (once)."""
    with resources.as_file(resources.files("drillsim.data") / "room_fire.yaml") as path:
        return read_yaml(Path(path), RoomFireFigures, shown="room_fire.yaml")


def constant(name: str) -> float:
    """Give the value of a named constant of the table; KeyError for an unknown name."""
    return room_fire().constants[name].value
