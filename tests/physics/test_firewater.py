import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drillsim.physics import firewater as fw


def test_what_boils_away():
    # 10 MW, 0.3 of it into 10 kg/s: 3 / 25.9 = 0.1158 (998 kg/m3).
    share = float(fw.evaporated_share(10e6, 10.0 / fw.WATER_KG_M3))
    assert share == pytest.approx(0.3 * 10e6 / (10.0 * 2.59e6), rel=1e-9)
    assert float(fw.evaporated_share(1e9, 0.01)) == 1.0
    assert float(fw.evaporated_share(1e6, 0.0)) == 0.0
    falling = fw.evaporated_share(10e6, np.linspace(0.01, 0.5, 20))
    assert np.all(np.diff(falling) < 0.0)
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        fw.evaporated_share(1e6, 0.1, 1.2)


def test_size_of_the_basin_by_hand():
    assert fw.emergency_basin_m3(500.0, 1080.0, 600.0, 50.0, 120.0) == pytest.approx(1150.0)
    assert fw.emergency_basin_m3(100.0, 100.0, 600.0, 50.0) == 50.0
    with pytest.raises(ValueError, match="negative"):
        fw.emergency_basin_m3(-1.0, 0.0)


def test_filling_and_overflow_by_hand():
    # 0.2 m3/s less a tenth into 540 m3: full after 3000 s; then 0.18 m3/s to the river.
    course = fw.run_off(fw.Basin(540.0), np.full(400, 0.2), 10.0, evaporated=0.1)
    assert course.basin_m3[299] == pytest.approx(540.0)
    assert course.river_m3[299] == pytest.approx(0.0, abs=1e-9)
    assert course.river_m3[-1] == pytest.approx(0.18 * 1000.0)
    assert course.evaporated_m3[-1] == pytest.approx(0.02 * 4000.0)
    assert course.overflow_step() in (299, 300)
    assert fw.run_off(fw.Basin(1e4), np.full(10, 0.2), 10.0).overflow_step() is None


def test_an_open_rain_outlet_goes_straight_to_the_river():
    shut_at = 30
    bypass = np.where(np.arange(100) < shut_at, 0.8, 0.0)
    course = fw.run_off(fw.Basin(1e4), np.full(100, 0.1), 60.0, 0.05, 0.0, bypass)
    assert course.river_m3[-1] == pytest.approx(0.8 * 0.1 * 60 * shut_at)
    assert course.river_kg[-1] == pytest.approx(0.8 * 0.05 * 60 * shut_at)
    late = fw.run_off(fw.Basin(1e4), np.full(100, 0.1), 60.0, 0.05, 0.0, 0.8)
    assert late.river_kg[-1] > course.river_kg[-1]


def test_concentration_of_a_stirred_basin():
    # Full of clean water and fed at the rate it overflows: kg left = kg/s V/q (1 - exp(-q t/V)).
    basin = fw.Basin(1000.0, 1000.0)
    course = fw.run_off(basin, np.full(20_000, 0.1), 1.0, 0.5)
    expected = 0.5 * 1000.0 / 0.1 * (1 - np.exp(-0.1 * 20_000 / 1000.0))
    assert course.basin_kg[-1] == pytest.approx(expected, rel=1e-3)
    assert course.river_kg[-1] == pytest.approx(0.5 * 20_000 - expected, rel=1e-3)


def test_pollutant_waits_for_water():
    water = np.concatenate([np.zeros(5), np.full(5, 0.1)])
    course = fw.run_off(fw.Basin(100.0), water, 10.0, 2.0)
    assert course.undissolved_kg[4] == pytest.approx(100.0)
    assert course.basin_kg[4] == 0.0
    assert course.basin_kg[5] == pytest.approx(120.0)
    assert course.undissolved_kg[-1] == 0.0


@given(
    water=st.lists(st.floats(0.0, 2.0), min_size=1, max_size=30),
    capacity=st.floats(0.0, 2000.0),
    filled=st.floats(0.0, 1.0),
    pump=st.floats(0.0, 0.5),
    boiled=st.floats(0.0, 1.0),
    bypass=st.floats(0.0, 1.0),
    dirt=st.floats(0.0, 5.0),
)
def test_nothing_is_lost(water, capacity, filled, pump, boiled, bypass, dirt):
    basin = fw.Basin(capacity, capacity * filled, pump)
    course = fw.run_off(basin, water, 60.0, dirt, boiled, bypass)
    applied = np.cumsum(water) * 60.0 + basin.stored_m3
    held = course.basin_m3 + course.pumped_m3 + course.river_m3 + course.evaporated_m3
    assert held == pytest.approx(applied, rel=1e-9, abs=1e-6)
    washed = dirt * 60.0 * np.arange(1, len(water) + 1)
    found = course.basin_kg + course.pumped_kg + course.river_kg + course.undissolved_kg
    assert found == pytest.approx(washed, rel=1e-9, abs=1e-6)
    assert np.all(course.basin_m3 <= capacity + 1e-9)
    for sums in (course.river_m3, course.river_kg, course.pumped_m3, course.evaporated_m3):
        assert np.all(np.diff(sums) >= -1e-12)


def test_a_larger_basin_or_pump_lets_less_out():
    water = np.full(200, 0.3)
    outs = [
        fw.run_off(fw.Basin(c, 0.0, p), water, 60.0, 0.1).river_kg[-1]
        for c, p in ((100.0, 0.0), (1000.0, 0.0), (1000.0, 0.1), (5000.0, 0.0))
    ]
    assert outs == sorted(outs, reverse=True)
    with pytest.raises(ValueError, match="holds"):
        fw.Basin(10.0, 11.0)
    with pytest.raises(ValueError, match="shares"):
        fw.run_off(fw.Basin(10.0), [1.0], 60.0, bypass=2.0)
