import math

import numpy as np
import pytest
from reference_rows import read_rows

from drillsim.data.fuels import fuel
from drillsim.physics import pool_fire as pf
from drillsim.physics.radiation import cylinder_factors, transmissivity


def test_burning_rate_grows_to_its_limit():
    # Gasoline, 1 m: 0.055 (1 - exp(-2.1)) = 0.04827.
    assert pf.burning_rate_kg_m2s("gasoline", 1.0) == pytest.approx(0.04827, rel=1e-3)
    rates = [pf.burning_rate_kg_m2s("lng", d) for d in (0.5, 1, 2, 5, 20, 60)]
    assert rates == sorted(rates)
    assert rates[-1] == pytest.approx(0.078)
    with pytest.raises(ValueError, match="diameter_m"):
        pf.burning_rate_kg_m2s("lng", 0.0)


def test_heights_by_hand():
    # 0.235 * 1000^0.4 - 1.02 = 2.7044 m for 1 MW over 1 m.
    assert pf.heskestad_height_m(1e6, 1.0) == pytest.approx(2.7044, rel=1e-3)
    assert pf.heskestad_height_m(1e3, 10.0) == 0.0
    # Gasoline 10 m: 420 (0.055/(1.2 * 9.903))^0.61 = 15.8 m.
    assert pf.thomas_height_m(0.055, 10.0) == pytest.approx(15.8, rel=0.01)
    assert pf.thomas_height_m(0.055, 20.0) > pf.thomas_height_m(0.055, 10.0)


def test_tilt():
    # u* = 6 / (9.80665*0.078*20/1.76)^(1/3) = 2.917; acos(2.917^-0.5) = 54.15 degrees.
    tilt = pf.tilt_aga_rad(6.0, 0.078, 20.0, 1.76)
    assert math.degrees(tilt) == pytest.approx(54.15, abs=0.1)
    assert pf.tilt_aga_rad(0.5, 0.078, 20.0, 1.76) == 0.0
    for rule in (
        lambda u: pf.tilt_aga_rad(u, 0.055, 10.0, 3.5),
        lambda u: pf.tilt_welker_rad(u, 10.0, 3.5),
    ):
        leans = [rule(u) for u in (0.0, 1.0, 2.0, 4.0, 8.0, 15.0)]
        assert leans == sorted(leans)
        assert leans[0] == 0.0
        assert leans[-1] < math.radians(85)
    # Welker's own equation holds: tan/cos of the answer is the right-hand side.
    lean = pf.tilt_welker_rad(3.0, 0.5, 3.0)
    right = 3.3 * (0.5 * 3.0 / 1.5e-5) ** 0.07 * (9.0 / (0.5 * 9.80665)) ** 0.8 * 2.5**-0.6
    assert math.tan(lean) / math.cos(lean) == pytest.approx(right, rel=1e-6)
    with pytest.raises(ValueError, match="wind"):
        pf.tilt_aga_rad(-1.0, 0.055, 10.0, 3.5)


def test_lng_trial_of_montoir(gate):
    """35 m of LNG: visible length 72-89 m, lean 39-62 degrees; winds from memory 4 to 10 m/s."""
    fire = pf.pool_fire("lng", 35.0)
    gate("Montoir 35 m LNG, flame length over 80.5 m observed", fire.length_m / 80.5, 0.7, 1.3)
    for wind in (4.5, 7.0, 10.0):
        lean = math.degrees(pf.pool_fire("lng", 35.0, wind).tilt_rad)
        gate(f"Montoir 35 m LNG, lean at {wind} m/s (observed 39-62)", lean, 37.0, 64.0)


def test_emissive_power_against_trials(reference, gate):
    """Each measured range, taken by its middle; one row is of another quantity."""
    for row in read_rows(reference / "fires" / "raj2005_mudan_sep.csv"):
        middle = 0.5 * (float(row["SEP_min_kW_m2"]) + float(row["SEP_max_kW_m2"]))
        diameter = float(row["pool_D_m"])
        fire = pf.pool_fire(row["fuel"].lower(), diameter)
        # 18 m LNG is a mean over the whole flame, smoke and all; the others are of its bright part.
        soft = row["fuel"] == "LNG" and diameter == 18.0
        name = f"SEP {row['fuel']} {diameter:g} m, model over measured"
        gate(name, fire.sep_w_m2 / 1e3 / middle, 0.65, 1.35, soft)
    assert pf.pool_fire("gasoline", 1.0).sep_w_m2 == pytest.approx(130e3, rel=0.10)
    assert pf.pool_fire("gasoline", 10.0).sep_w_m2 == pytest.approx(60e3, rel=0.10)


def test_the_radiated_rule_keeps_the_energy():
    fire = pf.pool_fire("methanol", 8.0)
    surface = math.pi * 8.0 * fire.length_m + 0.25 * math.pi * 64.0
    share = fuel("methanol").radiated_fraction.value
    assert fire.sep_w_m2 * surface == pytest.approx(share * fire.heat_w, rel=1e-9)


def test_flux_is_power_times_factor_times_air():
    fire = pf.pool_fire("gasoline", 20.0)
    at = np.array([15.0, 30.0, 80.0])
    factor = cylinder_factors(at, 10.0, fire.length_m).maximum
    expected = fire.sep_w_m2 * factor * transmissivity(at - 10.0)
    assert fire.flux_w_m2(at, 0.0, 0.0) == pytest.approx(expected, rel=0.01)


def test_flux_falls_with_distance_and_leans_with_the_wind():
    calm, windy = pf.pool_fire("gasoline", 20.0), pf.pool_fire("gasoline", 20.0, 8.0)
    at = np.linspace(12.0, 300.0, 60)
    assert np.all(np.diff(calm.flux_w_m2(at)) < 0.0)
    assert windy.flux_w_m2(60.0) > calm.flux_w_m2(60.0) > windy.flux_w_m2(-60.0)
    assert calm.flux_w_m2(0.0, 40.0) == pytest.approx(calm.flux_w_m2(40.0, 0.0), rel=2e-3)
    assert calm.flux_w_m2(np.zeros((3, 2)) + 50.0).shape == (3, 2)
    assert calm.flux_w_m2(0.0) == pytest.approx(calm.sep_w_m2)
    assert calm.engulfs(np.array([0.0, 9.0, 11.0])).tolist() == [1.0, 1.0, 0.0]


def test_a_tank_fire_burns_above():
    ground = pf.pool_fire("gasoline", 20.0)
    roof = pf.pool_fire("gasoline", 20.0, base_m=15.0)
    assert roof.flux_w_m2(40.0, 0.0, 16.5) == pytest.approx(ground.flux_w_m2(40.0, 0.0, 1.5))
    assert roof.engulfs(0.0, 0.0, 1.5) == 0.0


def test_drag_lengthens_the_foot_downwind():
    plain = pf.pool_fire("lng", 20.0, 8.0)
    dragged = pf.pool_fire("lng", 20.0, 8.0, drag=True)
    assert dragged.foot_m == pytest.approx(20.0 * 1.5 * (64.0 / (9.80665 * 20.0)) ** 0.069)
    assert dragged.flux_w_m2(80.0) > plain.flux_w_m2(80.0)
    assert pf.dragged_m(0.0, 20.0) == 20.0
    assert dragged.engulfs(-9.5, 0.0, 0.1) == 1.0


def test_reach_is_where_the_flux_is():
    fire = pf.pool_fire("gasoline", 20.0, 5.0)
    for level in (37.5e3, 12.5e3, 4e3, 1.6e3):
        for bearing in (0.0, math.pi / 2, math.pi):
            reach = fire.reach_m(level, bearing)
            if reach == 0.0:
                continue
            there = fire.flux_w_m2(reach * math.cos(bearing), reach * math.sin(bearing))
            assert there == pytest.approx(level, rel=0.02)
    assert fire.reach_m(4e3) > fire.reach_m(12.5e3) > 0.0
    assert fire.reach_m(1e6) == 0.0


def test_the_height_rules():
    upper = pf.pool_fire("methanol", 50.0)
    assert upper.length_m == pf.pool_fire("methanol", 50.0, height_rule="thomas").length_m
    with pytest.raises(ValueError, match="thomas"):
        pf.pool_fire("methanol", 200.0, height_rule="heskestad")
