import math

import pytest

from drillsim.data.substances import substance
from drillsim.physics import pool


def test_mass_transfer_by_hand():
    # The three powers by hand: wind, size, Schmidt number.
    expected = 0.0048 * 2.3502 * 0.77426 * 0.67581
    assert pool.mass_transfer_mps(3.0, 10.0, 1.8) == pytest.approx(expected, rel=1e-3)


def test_benzene_flux_against_the_rule_of_the_epa():
    # EPA 550-B-99-009 eq. D-1, lb/min and ft2: 0.284 U^0.78 M^(2/3) A P[mmHg] / (82.05 T).
    pounds = 0.284 * 4.0**0.78 * 78.11 ** (2 / 3) * 95.2 / (82.05 * 298.15)
    published = pounds * 0.45359237 / 60.0 / 0.09290304
    flux = pool.evaporation_flux_kg_m2s(substance("benzene"), 298.15, 4.0, 5.0)
    assert flux == pytest.approx(published, rel=0.30)


def test_flux_rises_with_wind_and_warmth():
    benzene = substance("benzene")
    flux = pool.evaporation_flux_kg_m2s
    assert flux(benzene, 298.0, 6.0, 5.0) > flux(benzene, 298.0, 2.0, 5.0)
    assert flux(benzene, 303.0, 3.0, 5.0) > flux(benzene, 283.0, 3.0, 5.0)
    with pytest.raises(ValueError, match="flashes"):
        flux(substance("chlorine"), 298.0, 3.0, 5.0)


def test_boil_off_falls_with_the_root_of_time():
    early = pool.boiling_flux_kg_m2s(substance("chlorine"), 298.0, 10.0)
    late = pool.boiling_flux_kg_m2s(substance("chlorine"), 298.0, 1000.0)
    assert early / late == pytest.approx(10.0)
    assert pool.boiling_flux_kg_m2s(substance("benzene"), 298.0, 10.0) == 0.0


def test_a_pool_never_evaporates_more_than_feeds_it():
    benzene = substance("benzene")
    free = pool.evaporating_pool(benzene, 0.5, 40_000.0, 298.15, 3.0)
    assert free.rate_kg_s == pytest.approx(0.5)
    bund = 0.25 * math.pi * 8.0**2
    held = pool.evaporating_pool(benzene, 0.5, 40_000.0, 298.15, 3.0, bund)
    assert held.rate_kg_s < free.rate_kg_s
    assert held.area_m2 == pytest.approx(bund)
