import pytest
from pydantic import ValidationError
from reference_rows import read_rows

from drillsim.data.substances import (
    AEGL_DURATIONS_S,
    P_ATM_PA,
    Figure,
    substance,
    substance_table,
)

# ChEDL thermo 0.6.1, as read; tolerance set by the spread between handbooks.
VAPOUR_PRESSURE_298 = {
    "chlorine": 7.76e5,
    "ammonia": 1.003e6,
    "sulfur-dioxide": 3.92e5,
    "benzene": 12_695.0,
    "propane": 9.52e5,
}
HEAT_AT_BOILING = {
    "chlorine": 287e3,
    "ammonia": 1370e3,
    "hydrogen-sulfide": 546e3,
    "sulfur-dioxide": 390e3,
    "ethylene-oxide": 578e3,
    "methane": 511e3,
    "hydrogen-chloride": 444e3,
    "hydrogen-fluoride": 377e3,
    "methanol": 1101e3,
    "propane": 425.6e3,
}


@pytest.mark.parametrize(("name", "expected"), VAPOUR_PRESSURE_298.items())
def test_vapour_pressure_at_25c(name, expected):
    assert substance(name).saturation_pressure_pa(298.15) == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize(("name", "expected"), HEAT_AT_BOILING.items())
def test_heat_of_vaporisation(name, expected):
    assert substance(name).vaporisation_heat_j_kg.value == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("name", sorted(substance_table().substances))
def test_boils_at_one_atmosphere_and_rises(name):
    row = substance(name)
    assert row.saturation_pressure_pa(row.boiling_k) == pytest.approx(P_ATM_PA, rel=1e-9)
    assert row.saturation_pressure_pa(row.boiling_k + 10) > P_ATM_PA
    assert row.flash_fraction(row.boiling_k) == 0.0
    assert 0.0 < row.flash_fraction(row.boiling_k + 30) < 1.0


def test_no_vapour_pressure_above_the_critical_point():
    with pytest.raises(ValueError, match="critical"):
        substance("methane").saturation_pressure_pa(298.15)


def test_short_names_and_unknown_ones():
    assert substance("cl2") is substance("chlorine")
    with pytest.raises(KeyError, match="chlorine"):
        substance("chlorin")


def test_liquid_density_falls_with_temperature():
    # Perry: 1574 at -34 C (or 1563), 1467 at 0 C, 1398 at 25 C.
    assert substance("chlorine").liquid_density_kg_m3(273.15) == pytest.approx(1467.0, rel=0.02)
    # NIST: ammonia 638.6 at 0 C.
    assert substance("ammonia").liquid_density_kg_m3(273.15) == pytest.approx(638.6, rel=0.02)


def test_an_unverified_figure_needs_a_range():
    with pytest.raises(ValidationError, match="range"):
        Figure(value=1.0, source="x", verified=False)
    with pytest.raises(ValidationError, match="outside its own range"):
        Figure(value=3.0, source="x", verified=False, low=1.0, high=2.0)


def test_guideline_levels_equal_the_published_table(reference):
    shipped = substance_table().substances
    compared = 0
    for row in read_rows(reference / "aegl_durations.csv"):
        name = row["substance"].replace(" ", "-")
        if name not in shipped:
            continue
        columns = ("ppm_10min", "ppm_30min", "ppm_60min", "ppm_4h", "ppm_8h")
        expected = [float(row[column]) for column in columns]
        assert list(shipped[name].aegl_ppm[int(row["tier"])]) == pytest.approx(expected)
        compared += 1
    assert compared >= 18
    assert len(AEGL_DURATIONS_S) == 5


def number(text):
    value, _, unit = text.partition(" ")
    return float(value) if unit == "ppm" else None


def test_hourly_levels_and_idlh_equal_the_compilation(reference):
    """CAMEO's compilation by CAS number, which it writes without leading zeros."""
    shipped = {
        tuple(map(int, row.cas.split("-"))): row for row in substance_table().substances.values()
    }
    compared = 0
    for row in read_rows(reference / "toxic_levels.csv"):
        parts = row["cas_number"].split("-")
        found = shipped.get(tuple(map(int, parts))) if all(map(str.isdigit, parts)) else None
        if found is None:
            continue
        for tier in (1, 2, 3):
            printed = number(row[f"aegl{tier}_60min"])
            if printed is not None and tier in found.aegl_ppm:
                assert found.aegl_ppm[tier][2] == pytest.approx(printed), (row["name"], tier)
                compared += 1
        idlh = number(row["idlh"])
        if idlh is not None and found.idlh_ppm is not None:
            assert found.idlh_ppm.value == pytest.approx(idlh), row["name"]
            compared += 1
    assert compared >= 30


FULL = ("hydrogen-chloride", "hydrogen-fluoride", "sulfur-dioxide", "hydrogen-sulfide")


@pytest.mark.parametrize("name", FULL)
def test_the_toxic_gases_have_every_key_of_chlorine(name):
    assert set(substance(name).figures()) == set(substance("chlorine").figures())
    assert substance(name).probit is not None
    assert set(substance(name).aegl_ppm) == {1, 2, 3}


@pytest.mark.parametrize("name", sorted(substance_table().substances))
def test_guideline_levels_fall_with_time_and_rise_with_tier(name):
    levels = substance(name).aegl_ppm
    for row in levels.values():
        assert list(row) == sorted(row, reverse=True)
    for lower, upper in ((1, 2), (2, 3)):
        if lower in levels and upper in levels:
            assert all(a < b for a, b in zip(levels[lower], levels[upper], strict=True))


def test_vapour_pressures_from_handbooks():
    # Methanol 16.9 kPa at 25 C (NIST); hydrogen fluoride 48 kPa at 0 C and 123 kPa at 25 C.
    methanol, acid = substance("methanol"), substance("hydrogen-fluoride")
    assert methanol.saturation_pressure_pa(298.15) == pytest.approx(16.9e3, rel=0.03)
    assert acid.saturation_pressure_pa(273.15) == pytest.approx(48.2e3, rel=0.03)
    assert acid.saturation_pressure_pa(298.15) == pytest.approx(122.7e3, rel=0.03)
    # Gasoline as its Reid vapour pressure: 60 kPa at 37.8 C.
    assert substance("gasoline").saturation_pressure_pa(310.95) == pytest.approx(60e3, rel=0.03)
    # Liquid densities: propane 528.6 at 0 C (NIST), methanol 791.4 at 20 C (Perry).
    assert substance("propane").liquid_density_kg_m3(273.15) == pytest.approx(528.6, rel=0.03)
    assert methanol.liquid_density_kg_m3(293.15) == pytest.approx(791.4, rel=0.01)
