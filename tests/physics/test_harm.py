import math

import numpy as np
import pytest

from drillsim.physics import harm


def test_guideline_level_at_and_between_the_tabulated_durations():
    assert harm.aegl_ppm("chlorine", 3, 1800) == pytest.approx(28.0)
    assert harm.aegl_ppm("ammonia", 2, 600) == pytest.approx(220.0)
    # Log-log half way between 30 min (1600) and 60 min (1100).
    middle = harm.aegl_ppm("ammonia", 3, math.sqrt(1800 * 3600))
    assert middle == pytest.approx(math.sqrt(1600 * 1100))


def test_guideline_level_is_held_outside_the_table():
    assert harm.aegl_ppm("chlorine", 3, 1.0) == pytest.approx(50.0)
    assert harm.aegl_ppm("chlorine", 3, 1e6) == pytest.approx(7.1)
    levels = harm.aegl_ppm("chlorine", 3, np.geomspace(10, 1e6, 200))
    assert np.all(np.diff(levels) <= 1e-12)
    with pytest.raises(KeyError):
        harm.aegl_ppm("ethylene-oxide", 1, 600)
    with pytest.raises(ValueError, match="above 0"):
        harm.aegl_ppm("chlorine", 1, 0.0)


def test_ppm_and_mg_m3():
    # NIOSH pocket guide: 1 ppm = 2.90 mg/m3 chlorine, 0.70 mg/m3 ammonia, 2.62 mg/m3 SO2.
    assert harm.ppm_to_mg_m3("chlorine", 1.0) == pytest.approx(2.90, rel=2e-3)
    assert harm.ppm_to_mg_m3("ammonia", 1.0) == pytest.approx(0.70, rel=6e-3)
    assert harm.ppm_to_mg_m3("sulfur-dioxide", 1.0) == pytest.approx(2.62, rel=2e-3)
    # HJ 169-2018 puts the chlorine endpoints at 58 and 5.8 mg/m3 = 20 and 2 ppm.
    assert harm.mg_m3_to_ppm("chlorine", 58.0) == pytest.approx(20.0, rel=2e-3)
    ppm = np.array([1.0, 5.0])
    there = harm.ppm_to_mg_m3("ammonia", ppm, 280.0, 9e4)
    assert harm.mg_m3_to_ppm("ammonia", there, 280.0, 9e4) == pytest.approx(ppm)


def test_probit_of_chlorine_by_hand():
    # 640 ppm for 30 min: 1856 mg/m3, ln(C^2.75 t) = 24.10, Y = 5.70, P = 0.758.
    load = harm.toxic_load_rate("chlorine", harm.ppm_to_mg_m3("chlorine", 640.0)) * 30.0
    assert harm.probit_fatality("chlorine", load) == pytest.approx(0.758, abs=0.005)


def test_probit_has_its_median_where_y_is_five():
    load = math.exp((5.0 + 15.6) / 1.0)
    assert harm.probit_fatality("ammonia", load) == pytest.approx(0.5)
    assert harm.probit_fatality("ammonia", 0.0) == 0.0
    many = harm.probit_fatality("ammonia", np.geomspace(1e-3, 1e14, 100))
    assert np.all(np.diff(many) >= 0.0)
    assert many[-1] > 0.999
    with pytest.raises(KeyError):
        harm.probit_fatality("benzene", 1.0)


def test_indoor_step_is_exact_and_composes():
    one = harm.indoor_step(0.0, 40.0, 0.5, 2100.0)
    # 1 - exp(-0.5 * 35/60) of the outdoor level.
    assert one == pytest.approx(40.0 * (1 - math.exp(-0.5 * 35 / 60)))
    many = np.zeros(1)
    for _ in range(35):
        many = harm.indoor_step(many, 40.0, 0.5, 60.0)
    assert many[0] == pytest.approx(float(one))
    assert harm.indoor_step(3.0, 40.0, 0.0, 1e6) == pytest.approx(3.0)
