import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drillsim.physics import domino as do

TANK = do.Vessel("atmospheric", 100.0)
SPHERE = do.Vessel("pressurised", 50.0)


def test_times_by_the_formulae():
    # By hand: 662 s at 20 kW/m2 for 100 m3, 462 s at 60 kW/m2 for 50 m3.
    assert float(do.time_to_failure_s(TANK, 20e3)) == pytest.approx(662.0, rel=2e-3)
    assert float(do.time_to_failure_s(SPHERE, 60e3)) == pytest.approx(462.0, rel=2e-3)
    assert float(do.time_to_failure_s(TANK, 14.9e3)) == np.inf
    assert float(do.time_to_failure_s(SPHERE, 44e3)) == np.inf
    assert float(do.time_to_failure_s(SPHERE, 44e3, 30e3)) < np.inf


def test_time_falls_with_heat_and_with_the_tank():
    flux = np.linspace(50e3, 200e3, 40)
    for vessel in (TANK, SPHERE):
        assert np.all(np.diff(do.time_to_failure_s(vessel, flux)) < 0.0)
    large = do.Vessel("atmospheric", 10_000.0)
    assert do.time_to_failure_s(large, 20e3) < do.time_to_failure_s(TANK, 20e3)
    thick = do.Vessel("pressurised", 200.0)
    assert do.time_to_failure_s(thick, 60e3) > do.time_to_failure_s(SPHERE, 60e3)
    # Outside the tested volumes the nearest tested one holds.
    tiny, least = do.Vessel("pressurised", 0.5), do.Vessel("pressurised", 5.0)
    assert do.time_to_failure_s(tiny, 60e3) == do.time_to_failure_s(least, 60e3)
    with pytest.raises(ValueError, match="atmospheric"):
        do.Vessel("open", 10.0)
    with pytest.raises(ValueError, match="volume"):
        do.Vessel("small", 0.0)


def test_chances():
    shares = do.failure_share(60.0 * np.array([0.0, 5.0, 20.0, 60.0, np.inf]))
    assert shares[0] == 1.0
    assert shares[-1] == 0.0
    assert np.all(np.diff(shares) < 0.0)
    # 12.54 - 1.847 ln t = 5 at 59.3 min: one half.
    assert float(do.failure_share(60.0 * np.exp(7.54 / 1.847))) == pytest.approx(0.5)


@pytest.mark.parametrize("kind", sorted(do.BLAST_PROBIT))
def test_blast(kind):
    vessel = do.Vessel(kind, 50.0)
    share = do.blast_damage_share(vessel, np.geomspace(5e3, 500e3, 50))
    assert np.all(np.diff(share) >= 0.0)
    assert share[0] < 0.05
    assert share[-1] > 0.9
    a, b = do.BLAST_PROBIT[kind]
    half = np.exp((5.0 - a) / b)
    assert float(do.blast_damage_share(vessel, half)) == pytest.approx(0.5)
    assert float(do.blast_damage_share(vessel, 0.0)) == 0.0
    least = do.BLAST_THRESHOLD_PA[kind]
    found = do.escalates(vessel, overpressure_pa=np.array([0.99, 1.0]) * least)
    assert found.tolist() == [False, True]


def test_screening_by_heat():
    flux = np.array([14e3, 16e3, 44e3, 46e3])
    assert do.escalates(TANK, flux).tolist() == [False, True, True, True]
    assert do.escalates(SPHERE, flux).tolist() == [False, False, False, True]
    # Less than ten minutes do not count for an atmospheric tank, flames around it do.
    assert not do.escalates(TANK, 16e3, 300.0)
    assert do.escalates(TANK, 16e3, 600.0)
    assert do.escalates(TANK, 0.0, 1.0, engulfed=True)
    assert do.escalates(SPHERE, 46e3, 60.0)


def test_cooling_by_hand():
    assert float(do.absorbed_w_m2(50e3, 0.0)) == 50e3
    assert float(do.absorbed_w_m2(50e3, 10.2, 1.0, "engulfed")) == pytest.approx(15e3)
    # Half the wall dry: 0.5 * 15 + 0.5 * 50.
    assert float(do.absorbed_w_m2(50e3, 10.2, 0.5, "engulfed")) == pytest.approx(32.5e3)
    # 0.05 l/min m2 cannot carry away more than 0.05/60 * 2.59 MJ = 2.16 kW/m2.
    assert float(do.absorbed_w_m2(1e6, 0.05)) >= 1e6 - 2.2e3
    with pytest.raises(ValueError, match="wetted"):
        do.absorbed_w_m2(50e3, 4.0, 1.5)


@given(
    flux=st.floats(0.0, 300e3),
    rate=st.floats(0.0, 20.0),
    more=st.floats(0.0, 10.0),
    wetted=st.floats(0.0, 1.0),
)
def test_more_water_never_heats(flux, rate, more, wetted):
    less = float(do.absorbed_w_m2(flux, rate + more, wetted))
    assert 0.0 <= less <= float(do.absorbed_w_m2(flux, rate, wetted)) + 1e-9 <= flux + 2e-9


def test_steady_flux_fails_at_its_time():
    expected = float(do.time_to_failure_s(TANK, 30e3))
    assert do.failure_time_s(TANK, np.full(2000, 30e3), 1.0) == pytest.approx(expected, rel=1e-9)
    coarse = do.failure_time_s(TANK, np.full(40, 30e3), 50.0)
    assert coarse == pytest.approx(expected, rel=1e-9)
    assert do.failure_time_s(TANK, np.full(10, 30e3), 1.0) == np.inf


def test_damage_adds_up_and_does_not_heal():
    half = 0.5 * float(do.time_to_failure_s(TANK, 30e3))
    done = do.damage(TANK, [30e3, 1e3, 30e3], [half, 1e5, half])
    assert done == pytest.approx([0.5, 0.5, 1.0])
    # Cooling to below the threshold in time suspends the failure.
    cooled = float(do.absorbed_w_m2(30e3, 4.1))
    assert cooled < 15e3
    course = np.where(np.arange(3000) < half, 30e3, cooled)
    assert do.failure_time_s(TANK, course, 1.0) == np.inf
    late = np.where(np.arange(3000) < 3 * half, 30e3, cooled)
    assert do.failure_time_s(TANK, late, 1.0) == pytest.approx(2 * half, rel=1e-6)
    with pytest.raises(ValueError, match="step"):
        do.damage(TANK, [30e3], [-1.0])


def test_fireproofing_comes_first():
    bare = float(do.time_to_failure_s(SPHERE, 90e3))
    clad = do.Vessel("pressurised", 50.0, 3600.0)
    failed = do.failure_time_s(clad, np.full(10_000, 90e3), 1.0)
    assert failed == pytest.approx(3600.0 + bare, rel=1e-6)
    # Cold time does not use it up.
    course = np.concatenate([np.full(5000, 1e3), np.full(10_000, 90e3)])
    assert do.failure_time_s(clad, course, 1.0) == pytest.approx(5000 + 3600 + bare, rel=1e-6)
