import math

import numpy as np
import pytest
from reference_rows import read_rows

from drillsim.data.fuels import fuel
from drillsim.data.substances import R_GAS, substance
from drillsim.physics import jet_fire as jf

# The natural gas of the trials is taken as methane with the figures of our own tables.
METHANE = substance("methane")
GAS = METHANE.molar_mass, METHANE.heat_capacity_ratio.value
HEAT = fuel("lng").combustion_heat_j_kg.value


def natural_gas(rate_kg_s, pressure_pa, temperature_k):
    speed = jf.expanded_speed_mps(pressure_pa, temperature_k, *GAS)
    return jf.GasJet(rate_kg_s, speed, METHANE.molar_mass, HEAT)


def test_expansion():
    mass, gamma = GAS
    # A slow discharge is Bernoulli's: u = sqrt(2 dp / rho).
    slow = jf.expanded_speed_mps(101_325.0 + 200.0, 288.15, mass, gamma)
    density = 101_325.0 * mass / (R_GAS * 288.15)
    assert slow == pytest.approx(math.sqrt(2 * 200.0 / density), rel=2e-3)
    # At the choking ratio the speed is that of sound in the throat.
    choked = ((gamma + 1) / 2) ** (gamma / (gamma - 1))
    sonic = math.sqrt(gamma * R_GAS * 288.15 * 2 / (gamma + 1) / mass)
    for nudge in (0.999, 1.001):
        speed = jf.expanded_speed_mps(101_325.0 * choked * nudge, 288.15, mass, gamma)
        assert speed == pytest.approx(sonic, rel=2e-3)
    assert jf.expanded_speed_mps(60e5, 288.15, mass, gamma) > sonic
    with pytest.raises(ValueError, match="above the ambient"):
        jf.expanded_speed_mps(1e5, 288.15, mass, gamma)


def test_length_against_the_large_flames(reference, gate):
    """Natural gas at about 60 bar, 15 C: every observed length within 20 %."""
    for row in read_rows(reference / "fires" / "jet_flame_lengths.csv"):
        jet = natural_gas(float(row["mdot_kg_s"]), 61e5, 288.15)
        observed = float(row["flame_length_m_obs"])
        ratio = jf.still_air_length_m(jet, 1.225) / observed
        gate(f"jet flame length, {jet.rate_kg_s} kg/s, over observed", ratio, 0.8, 1.2)
        bias = float(jf.heat_length_m(jet.heat_w)) / observed
        gate("  the same by heat alone (API 521)", bias, 1.0, 1.45)
        published = float(row["API521_0.00326Q^0.478_m"])
        assert float(jf.heat_length_m(jet.heat_w)) == pytest.approx(published, rel=0.025)


def radiometers(reference, **changed):
    pairs = []
    for row in read_rows(reference / "fires" / "johnson_jet_fire_radiometers.csv"):
        given = {name: float(value) for name, value in row.items() if name != "test"}
        jet = natural_gas(given["mdot_kg_s"], given["P0_Pa"], given["T0_K"])
        weather = {"wind_mps": given["wind_m_s"], **changed}
        fire = jf.jet_fire(
            jet,
            height_m=0.0,
            temperature_k=given["Ta_K"],
            humidity=given["RH"],
            radiated=given["Xr_model"],
            **weather,
        )
        flux = fire.flux_w_m2(given["x_m"], given["y_m"], given["z_m"])
        pairs.append((given["measured_kW_m2"], float(flux) / 1e3))
    return np.array(pairs).T


@pytest.mark.parametrize("wind", ["as measured", "none"])
def test_johnson_radiometers(reference, gate, wind):
    """All 30 of four tests, untuned; the wind taken along the jet, then left out."""
    changed = {} if wind == "as measured" else {"wind_mps": 0.0}
    observed, predicted = radiometers(reference, **changed)
    assert len(observed) == 30
    ratio, logs = predicted / observed, np.log(observed / predicted)
    gate(f"Johnson radiometers, wind {wind}, FAC2", np.mean((ratio >= 0.5) & (ratio <= 2)), 0.9, 1)
    gate(f"Johnson radiometers, wind {wind}, MG", math.exp(logs.mean()), 0.75, 1.33)
    gate(f"Johnson radiometers, wind {wind}, VG", math.exp((logs**2).mean()), 1.0, 1.15)


def test_radiated_fraction(reference):
    # 0.21 exp(-0.969) + 0.11 = 0.1897 at 300 m/s; propane sqrt(44.1/21) more.
    assert jf.radiated_fraction(300.0) == pytest.approx(0.1897, rel=1e-3)
    assert jf.radiated_fraction(300.0, 0.0441) == pytest.approx(0.1897 * 1.449, rel=1e-3)
    assert jf.radiated_fraction(300.0, 0.1) == pytest.approx(0.1897 * 1.69, rel=1e-3)
    for row in read_rows(reference / "fires" / "johnson_jet_fire_radiometers.csv"):
        speed = jf.expanded_speed_mps(float(row["P0_Pa"]), float(row["T0_K"]), *GAS)
        assert jf.radiated_fraction(speed) == pytest.approx(float(row["Xr_model"]), abs=0.06)


def test_the_length_grows_with_the_rate():
    lengths = [
        jf.still_air_length_m(jf.GasJet(rate, 400.0, 0.044, 46e6)) for rate in (0.1, 1, 10, 80)
    ]
    assert lengths == sorted(lengths)
    # The equation itself holds for the root found.
    jet = jf.GasJet(5.0, 400.0, 0.016, 50e6)
    wide = jf.source_diameter_m(jet, 1.2)
    root = jf.still_air_length_m(jet) / wide
    share = 0.016 / (15.816 * 0.016 + 0.0395)
    left = 0.024 * (9.80665 * wide / 400.0**2) ** (1 / 3) * root ** (5 / 3) + 0.2 * root ** (2 / 3)
    assert left == pytest.approx((2.85 / share) ** (2 / 3), rel=1e-9)
    with pytest.raises(ValueError, match="above 0"):
        jf.GasJet(0.0, 400.0, 0.016, 50e6)


def test_weights():
    weights = jf.source_weights()
    assert weights.sum() == pytest.approx(1.0)
    assert np.all(weights > 0.0)
    assert np.argmax(weights) + 1 == pytest.approx(0.75 * jf.SOURCES, abs=1.0)
    with pytest.raises(ValueError, match="at least 4"):
        jf.source_weights(3)


def test_far_away_it_is_a_point_source():
    jet = natural_gas(5.0, 20e5, 288.15)
    fire = jf.jet_fire(jet, humidity=0.0)
    far = 60.0 * fire.length_m
    flux = float(fire.flux_w_m2(0.0, far))
    tau = float(jf.transmissivity(far, 293.15, 0.0))
    point = fire.radiated * fire.heat_w * tau / (4 * math.pi * far**2)
    assert flux == pytest.approx(point, rel=0.01)


def test_wind_carries_the_tip():
    jet = natural_gas(5.0, 10e5, 288.15)
    calm = jf.jet_fire(jet)
    behind = jf.jet_fire(jet, wind_mps=5.0)
    against = jf.jet_fire(jet, wind_mps=5.0, wind_angle_rad=math.pi)
    beside = jf.jet_fire(jet, wind_mps=5.0, wind_angle_rad=math.pi / 2)
    assert behind.tip_m[0] > calm.tip_m[0] > against.tip_m[0] > 0.0
    assert behind.tip_m[2] <= calm.tip_m[2]
    assert beside.tip_m[1] > 0.0
    assert calm.tip_m[1] == 0.0
    gale = jf.jet_fire(jet, wind_mps=40.0)
    assert gale.tip_m[0] <= 1.5 * gale.length_m
    assert behind.flux_w_m2(60.0) > calm.flux_w_m2(60.0)


def test_a_vertical_jet_leans():
    jet = jf.GasJet(5.0, 200.0, 0.016, 50e6)
    calm, windy = jf.jet_fire(jet, "vertical"), jf.jet_fire(jet, "vertical", wind_mps=6.0)
    assert calm.tip_m[0] == 0.0
    assert calm.tip_m[2] == pytest.approx(1.0 + calm.length_m)
    assert windy.tip_m[0] > 0.0
    assert windy.tip_m[2] < calm.tip_m[2]
    below, beyond = (jf.vertical_tip_m(jet, 30.0, r * 200.0, 1.2) for r in (0.04999, 0.05001))
    assert below[0] == pytest.approx(beyond[0], rel=5e-3)


def test_flux_near_the_flame_is_held():
    fire = jf.jet_fire(natural_gas(5.0, 20e5, 288.15))
    middle = 0.5 * (np.array(fire.start_m) + np.array(fire.tip_m))
    assert fire.flux_w_m2(*middle) == jf.IMPINGING_W_M2
    beside = fire.flux_w_m2(middle[0], np.linspace(5.0, 200.0, 80), middle[2])
    assert np.all(np.diff(beside) <= 0.0)
    assert np.all(beside <= jf.IMPINGING_W_M2)
