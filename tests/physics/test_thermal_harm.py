import math
from itertools import pairwise

import numpy as np
import pytest

from drillsim.physics import thermal_harm as th


def test_thermal_probits(golden):
    row = golden["harm.thermal_probit"]
    names = {"Eisenberg": "eisenberg", "TsaoPerry": "tsao-perry", "TNO": "tno", "Lees": "lees"}
    for printed, ours in names.items():
        found = float(th.thermal_probit(row["inputs"]["V"], ours))
        assert found == pytest.approx(row["expected"][printed], rel=row["rel_tol"])


def test_half_die_of_a_minute_at_15_8_kw():
    dose = th.thermal_dose(np.full(60, 15796.17), 1.0)
    assert float(th.thermal_fatality(dose)) == pytest.approx(0.5, abs=1e-4)
    assert float(th.thermal_fatality(dose, clothed=True)) == pytest.approx(0.07, abs=1e-4)


@pytest.mark.parametrize("by", sorted(th.THERMAL_PROBITS))
def test_fatality_rises_and_inverts(by):
    dose = np.geomspace(1e4, 1e9, 200)
    share = th.thermal_fatality(dose, by)
    assert np.all(np.diff(share) >= 0.0)
    assert share[0] < 1e-3
    assert share[-1] > 0.999
    assert float(th.thermal_fatality(0.0, by)) == 0.0
    for wanted in (0.01, 0.5, 0.99):
        assert float(th.thermal_fatality(th.lethal_dose(wanted, by), by)) == pytest.approx(wanted)


def test_dose_adds_up():
    flux = np.array([[10e3, 5e3, 0.0], [4e3, 4e3, -1.0]])
    doses = th.thermal_dose(flux, np.array([2.0, 3.0, 5.0]))
    assert doses[0] == pytest.approx(2 * 10e3 ** (4 / 3) + 3 * 5e3 ** (4 / 3))
    assert doses[1] == pytest.approx(5 * 4e3 ** (4 / 3))


def test_burns_come_before_death():
    dose = np.geomspace(1e6, 1e8, 50)
    first, second = th.burn_share(dose, 1), th.burn_share(dose, 2)
    assert np.all(first >= second)
    assert np.all(second >= th.thermal_fatality(dose, "eisenberg"))
    with pytest.raises(KeyError):
        th.burn_share(1e6, 4)


def test_time_to_pain():
    # 24 CFR 51 subpart C app. II: 4.7 kW/m2 (1500 Btu/h ft2) hurts unbearably in 15 s.
    assert float(th.time_to_pain_s(4730.0)) == pytest.approx(15.0, rel=0.25)
    # API 521: 6.31 kW/m2 8 s, 9.46 kW/m2 6 s, 11.67 kW/m2 4 s; a factor of 2 between sources.
    for flux, printed in ((6310.0, 8.0), (9460.0, 6.0), (11670.0, 4.0)):
        assert 0.5 < float(th.time_to_pain_s(flux)) / printed < 2.0
    assert float(th.time_to_pain_s(2000.0)) == math.inf
    times = th.time_to_pain_s(np.array([3e3, 5e3, 10e3, 20e3]))
    assert np.all(np.diff(times) < 0.0)


def test_escape():
    def flux(distance):
        return 20e3 * (20.0 / distance) ** 2

    stays = th.escape_dose(flux, 20.0, 30.0, running_mps=0.0)
    runs = th.escape_dose(flux, 20.0, 30.0)
    fast = th.escape_dose(flux, 20.0, 30.0, running_mps=6.0)
    assert stays == pytest.approx(20e3 ** (4 / 3) * 30.0)
    assert stays > runs > fast > 20e3 ** (4 / 3) * th.REACTION_S
    # Inverse square, closed form of the Green Book: q0^(4/3) (tr + 3/5 x0/u (1 - (1+u t/x0)^-5/3)).
    away = (25.0 * 4.0) / 20.0
    effective = 5.0 + 0.6 * 20.0 / 4.0 * (1 - (1 + away) ** (-5 / 3))
    free = th.escape_dose(flux, 20.0, 30.0, safe_w_m2=0.0, step_s=0.01)
    assert free == pytest.approx(20e3 ** (4 / 3) * effective, rel=1e-3)
    assert th.escape_dose(flux, 20.0, 3.0) == pytest.approx(20e3 ** (4 / 3) * 3.0)
    with pytest.raises(ValueError, match="step"):
        th.escape_dose(flux, 20.0, 30.0, step_s=0.0)


def test_blast():
    assert float(th.blast_fatality(144_542.87)) == pytest.approx(0.5, abs=1e-4)
    # HSE: Y = 5 at exp(-0.13/1.37) bar.
    assert float(th.blast_fatality(1e5 * math.exp(-0.13 / 1.37), "lung-hse")) == pytest.approx(0.5)
    pressure = np.geomspace(1e3, 2e6, 100)
    for by in ("lung", "lung-hse", "head", "collapse"):
        share = th.blast_fatality(pressure, by, 2000.0)
        assert np.all(np.diff(share) >= 0.0)
        assert share[0] < 0.01
        assert float(th.blast_fatality(0.0, by, 2000.0)) == 0.0
    weak, strong = th.blast_fatality(50e3, "collapse", np.array([100.0, 2000.0]))
    assert strong > weak
    # A building under 40 kPa for long: collapse probit 5, one half.
    assert float(th.blast_fatality(40e3, "collapse", 1e9)) == pytest.approx(0.5)


def test_damage_classes():
    assert list(th.damage_class(np.array([0.0, 999.0, 1e3, 20e3, 1e6]))) == [
        "none",
        "none",
        "glass",
        "heavy",
        "total",
    ]
    for lesser, greater in pairwise(th.DAMAGE_PA.values()):
        assert lesser < greater
