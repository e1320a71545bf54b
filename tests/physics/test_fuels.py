import pytest
from pydantic import ValidationError

from drillsim.data.fuels import Emission, FuelTable, fuel, fuel_table

# Lower heats of combustion (J/kg) and limits (share) read in ChEDL chemicals 1.5.2.
READ_HEAT = {
    "lng": 50.03e6,
    "lpg": 46.34e6,
    "heptane": 44.92e6,
    "benzene": 40.58e6,
    "toluene": 40.94e6,
    "xylene": 41.22e6,
    "methanol": 21.11e6,
    "ethanol": 27.74e6,
}
READ_LIMITS = {
    "lng": (0.044, 0.17),
    "lpg": (0.017, 0.109),
    "methanol": (0.06, 0.36),
    "heptane": (0.0085, 0.067),
    "benzene": (0.012, 0.086),
    "toluene": (0.010, 0.078),
}


@pytest.mark.parametrize(("name", "heat"), READ_HEAT.items())
def test_heat_of_combustion(name, heat):
    assert fuel(name).combustion_heat_j_kg.value == pytest.approx(heat, rel=1e-6)


@pytest.mark.parametrize(("name", "limits"), READ_LIMITS.items())
def test_limits(name, limits):
    row = fuel(name)
    assert (row.lfl.value, row.ufl.value) == pytest.approx(limits)


@pytest.mark.parametrize("name", sorted(fuel_table().fuels))
def test_every_row_lies_in_its_physical_range(name):
    row = fuel(name)
    assert 0.01 < row.burning_rate_kg_m2s.value < 0.15
    assert 20e6 < row.combustion_heat_j_kg.value < 51e6
    assert 400.0 < row.density_kg_m3.value < 1000.0
    assert 0.05 < row.radiated_fraction.value < 0.5
    assert 0.0 <= row.soot_yield.value < 0.25
    figures = row.figures()
    assert "burning_rate_kg_m2s" in figures
    assert all(f.verified or (f.low < f.high) for f in figures.values())
    assert {f.source for f in figures.values()} <= set(fuel_table().sources)


def test_every_source_is_used():
    used = {f.source for row in fuel_table().fuels.values() for f in row.figures().values()}
    assert used == set(fuel_table().sources)


def test_names_and_faults():
    assert fuel(fuel("lpg")) is fuel("lpg")
    with pytest.raises(KeyError, match="gasoline"):
        fuel("petrol")
    with pytest.raises(ValidationError, match="belong to rule optical"):
        Emission(rule="optical")
    table = fuel_table().model_dump()
    table["fuels"]["lpg"]["lfl"]["source"] = "nowhere"
    with pytest.raises(ValidationError, match="no such source"):
        FuelTable.model_validate(table)
