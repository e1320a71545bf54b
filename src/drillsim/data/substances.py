"""The substance table: physical properties, toxic levels and probits, each with its source."""

from __future__ import annotations

import math
from functools import cache
from importlib.resources import as_file, files
from typing import Annotated

from pydantic import Field, model_validator

from drillsim.i18n import Text
from drillsim.yamlio import Id, Model, read_yaml

P_ATM_PA = 101_325.0
R_GAS = 8.31446
AEGL_DURATIONS_S: tuple[float, ...] = (600.0, 1800.0, 3600.0, 14_400.0, 28_800.0)
T_25C_K = 298.15

Tier = Annotated[int, Field(ge=1, le=3)]
Row = Annotated[tuple[float, ...], Field(min_length=5, max_length=5)]


class Figure(Model):
    """One cited number; an unverified one carries the range in which it may be varied."""

    value: float
    source: str
    verified: bool
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _ranged(self) -> Figure:
        if not self.verified and (self.low is None or self.high is None):
            raise ValueError("an unverified figure needs a range (low, high)")
        if (
            self.low is not None
            and self.high is not None
            and not (self.low <= self.value <= self.high)
        ):
            raise ValueError("the value lies outside its own range")
        return self


class Probit(Model):
    """Fatality probit Y = a + b ln(integral of C^n dt), C in mg/m3, t in minutes."""

    a: float
    b: float
    n: float
    source: str
    verified: bool
    a_low: float
    a_high: float


class Substance(Model):
    """One row of the substance table; temperatures in K, densities in kg/m3, heats in J/kg.

    `irritation_ppm` is the level that irritates eyes and throat at once.
    `curtain_removal` is the share of the gas that a water curtain at the source takes out of the
    air by absorption. Dilution within its first ten metres is not in it: that gas travels on.
    """

    name: Text
    short: str
    cas: str
    molar_mass_kg_mol: Figure
    boiling_point_k: Figure
    critical_temperature_k: Figure
    vaporisation_heat_j_kg: Figure
    gas_heat_capacity_j_kgk: Figure
    liquid_heat_capacity_j_kgk: Figure
    boiling_density_kg_m3: Figure
    density_25c_kg_m3: Figure
    saturation_b_k: Figure
    saturation_c_k: Figure
    heat_capacity_ratio: Figure
    idlh_ppm: Figure | None = None
    curtain_removal: Figure | None = None
    irritation_ppm: Figure | None = None
    probit: Probit | None = None
    aegl_source: str = "aegl"
    aegl_verified: bool = False
    aegl_ppm: dict[Tier, Row] = {}

    @property
    def molar_mass(self) -> float:
        """Molar mass, kg/mol."""
        return self.molar_mass_kg_mol.value

    @property
    def boiling_k(self) -> float:
        """Boiling point at 101,325 Pa, K."""
        return self.boiling_point_k.value

    def saturation_pressure_pa(self, temperature_k: float) -> float:
        """Give the vapour pressure in Pa by ln(p/p_atm) = B/(Tb+C) - B/(T+C) (Ermak 1990, eq. 43).

        Valid from well below the boiling point to the critical temperature; ValueError above it,
        where the curve means nothing. Test: tests/physics/test_substances.py.
        """
        critical = self.critical_temperature_k.value
        if not 0.5 * self.boiling_k < temperature_k < critical:
            raise ValueError(
                f"no vapour pressure of {self.name.en} at {temperature_k:.1f} K: the range is "
                f"{0.5 * self.boiling_k:.0f} to {critical:.1f} K (critical point)"
            )
        b, c = self.saturation_b_k.value, self.saturation_c_k.value
        return P_ATM_PA * math.exp(b / (self.boiling_k + c) - b / (temperature_k + c))

    def liquid_density_kg_m3(self, temperature_k: float) -> float:
        """Give the liquid density by a line through its values at the boiling point and at 25 C.

        Within 2 % between -40 C and 40 C for the liquefied gases of the table; for substances
        that boil near 25 C the line is taken as flat.
        """
        at_boiling, at_25c = self.boiling_density_kg_m3.value, self.density_25c_kg_m3.value
        gap = T_25C_K - self.boiling_k
        if abs(gap) < 5.0:
            return at_25c
        return at_25c + (at_boiling - at_25c) * (T_25C_K - temperature_k) / gap

    def gas_density_kg_m3(self, temperature_k: float, pressure_pa: float = P_ATM_PA) -> float:
        """Give the ideal-gas density, kg/m3, at a temperature (K) and pressure (Pa)."""
        return pressure_pa * self.molar_mass / (R_GAS * temperature_k)

    def flash_fraction(self, temperature_k: float) -> float:
        """Give the share of saturated liquid that flashes on release to the atmosphere.

        x = 1 - exp(-cp (T - Tb) / dHv), adiabatic, in [0, 1) (CCPS 1999, sec. 2.1.3, integrated).
        """
        superheat = temperature_k - self.boiling_k
        if superheat <= 0.0:
            return 0.0
        cp, heat = self.liquid_heat_capacity_j_kgk.value, self.vaporisation_heat_j_kg.value
        return -math.expm1(-cp * superheat / heat)

    def figures(self) -> dict[str, Figure]:
        """Give every cited figure of the row by its name, for reports and variation."""
        return {
            name: value
            for name in type(self).model_fields
            if isinstance(value := getattr(self, name), Figure)
        }


class SubstanceTable(Model):
    """The whole table with the full text of its sources."""

    sources: dict[str, str]
    substances: dict[Id, Substance]

    @model_validator(mode="after")
    def _cited(self) -> SubstanceTable:
        for key, row in self.substances.items():
            named = {figure.source for figure in row.figures().values()} | {row.aegl_source}
            if row.probit is not None:
                named.add(row.probit.source)
            if unknown := sorted(named - set(self.sources)):
                raise ValueError(f"{key}: no such source: {', '.join(unknown)}")
        shorts = [row.short for row in self.substances.values()]
        if len(set(shorts)) != len(shorts):
            raise ValueError("two substances share one short name")
        return self


@cache
def substance_table() -> SubstanceTable:
    """Read the shipped table (once a process)."""
    with as_file(files("drillsim.data") / "substances.yaml") as path:
        return read_yaml(path, SubstanceTable, shown="drillsim/data/substances.yaml")


def substance(name: str | Substance) -> Substance:
    """Give a substance by id ("chlorine") or short name ("cl2"); a Substance passes through.

    Raises KeyError naming the known ids.
    """
    if isinstance(name, Substance):
        return name
    table = substance_table().substances
    if name in table:
        return table[name]
    for row in table.values():
        if row.short == name:
            return row
    raise KeyError(f"unknown substance {name!r}; known: {', '.join(sorted(table))}")
