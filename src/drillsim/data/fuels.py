"""The fuel table of pool fires: burning rates, heats, limits, soot, each with its source."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import Literal

from pydantic import model_validator

from drillsim.data.substances import Figure
from drillsim.i18n import Text
from drillsim.yamlio import Id, Model, read_yaml

SepRule = Literal["sooty", "grey", "optical", "radiated"]


class Emission(Model):
    """How the surface emissive power of a fuel's flame is found; see `pool_fire`.

    "sooty" falls with the diameter as smoke hides the flame (Mudan & Croce), "grey" is the mean
    over the whole flame (Shokri & Beyler), "optical" rises with it to `most_w_m2`, "radiated"
    spreads the radiated fraction over the flame's surface.
    """

    rule: SepRule
    most_w_m2: Figure | None = None
    extinction_per_m: Figure | None = None

    @model_validator(mode="after")
    def _complete(self) -> Emission:
        both = self.most_w_m2 is not None and self.extinction_per_m is not None
        neither = self.most_w_m2 is None and self.extinction_per_m is None
        if not (both if self.rule == "optical" else neither):
            raise ValueError("most_w_m2 and extinction_per_m belong to rule optical, both of them")
        return self


class Fuel(Model):
    """One row of the fuel table.

    `lfl` and `ufl` are shares by volume; crude and fuel oils have none in the table.
    """

    name: Text
    burning_rate_kg_m2s: Figure
    k_beta_per_m: Figure
    combustion_heat_j_kg: Figure
    density_kg_m3: Figure
    vapour_density_kg_m3: Figure
    radiated_fraction: Figure
    soot_yield: Figure
    lfl: Figure | None = None
    ufl: Figure | None = None
    sep: Emission

    def figures(self) -> dict[str, Figure]:
        """Give every cited figure of the row by its name, for reports and variation."""
        own = {name: getattr(self, name) for name in type(self).model_fields}
        own |= {f"sep.{name}": getattr(self.sep, name) for name in type(self.sep).model_fields}
        return {name: value for name, value in own.items() if isinstance(value, Figure)}


class FuelTable(Model):
    """The whole table with the full text of its sources."""

    sources: dict[str, str]
    fuels: dict[Id, Fuel]

    @model_validator(mode="after")
    def _cited(self) -> FuelTable:
        for key, row in self.fuels.items():
            named = {figure.source for figure in row.figures().values()}
            if unknown := sorted(named - set(self.sources)):
                raise ValueError(f"{key}: no such source: {', '.join(unknown)}")
            if row.lfl is not None and row.ufl is not None and row.lfl.value >= row.ufl.value:
                raise ValueError(f"{key}: the lower limit lies above the upper one")
        return self


@cache
def fuel_table() -> FuelTable:
    """Read the shipped table (once a process)."""
    with as_file(files("drillsim.data") / "fuels.yaml") as path:
        return read_yaml(path, FuelTable, shown="drillsim/data/fuels.yaml")


def fuel(name: str | Fuel) -> Fuel:
    """Give a fuel by its id ("gasoline"); a Fuel passes through.

    Raises KeyError naming the known ids.
    """
    if isinstance(name, Fuel):
        return name
    table = fuel_table().fuels
    if name not in table:
        raise KeyError(f"unknown fuel {name!r}; known: {', '.join(sorted(table))}")
    return table[name]
