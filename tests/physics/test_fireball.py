import math

import numpy as np
import pytest

from drillsim.physics import fireball as fb


def tanker(**changed):
    return fb.Fireball(22.7 * 0.9 * 585.3, 46.34e6, **changed)


def test_the_road_tanker_of_ccps(golden, gate):
    row = golden["fire.bleve_ccps"]
    given, expected = row["inputs"], row["expected"]
    ball = fb.Fireball(given["V_m3"] * given["fill"] * given["rho"], 46.34e6)
    assert ball.mass_kg == pytest.approx(expected["M_kg"], rel=row["rel_tol"])
    assert ball.diameter_m == pytest.approx(expected["D_m"], rel=row["rel_tol"])
    assert ball.life_s == pytest.approx(expected["t_s"], rel=row["rel_tol"])
    assert ball.sep_w_m2 / 1e3 == pytest.approx(given["E_kW_m2"], rel=row["rel_tol"])
    # The worksheet puts the centre half a diameter up and lets all pass the air.
    there = ball.static_flux_w_m2(given["X_m"], upright=True, height_m=0.5 * ball.diameter_m)
    clear = there / ball._tau(given["X_m"], 0.5 * ball.diameter_m, 0.5 * ball.diameter_m)
    assert float(clear) / ball.sep_w_m2 == pytest.approx(expected["F"], rel=row["rel_tol"])
    assert float(clear) / 1e3 == pytest.approx(expected["q_kW_m2"], rel=row["rel_tol"])
    gate("CCPS fireball, flux at 100 m over 89.1 kW/m2", float(clear) / 89.1e3, 0.995, 1.005)


def test_duration_of_small_and_large():
    below, at = fb.fireball_life_s(np.array([29_999.0, 30_000.0]))
    assert at == pytest.approx(below, rel=0.04)
    assert float(fb.fireball_life_s(100_000.0)) == pytest.approx(2.6 * 100_000.0 ** (1 / 6))
    masses = np.geomspace(100.0, 3e5, 60)
    assert np.all(np.diff(fb.fireball_diameter_m(masses)) > 0.0)
    with pytest.raises(ValueError, match="above 0"):
        fb.fireball_diameter_m(0.0)


def test_emissive_power_below_its_cap():
    # chi M Hc / (pi D2 t) with M^(1/3) cancelling: chi Hc / (pi 5.8^2 0.45).
    ball = fb.Fireball(5000.0, 46.34e6, fb.CHI_BELOW)
    assert ball.sep_w_m2 == pytest.approx(0.3 * 46.34e6 / (math.pi * 5.8**2 * 0.45), rel=1e-9)
    assert tanker().sep_w_m2 == fb.MOST_SEP_W_M2


def test_it_grows_then_lifts_then_fades():
    ball = tanker()
    times = np.linspace(0.0, ball.life_s, 200)
    diameter, height, power = ball.course(times)
    assert diameter.max() == pytest.approx(ball.diameter_m)
    assert np.all(np.diff(diameter) >= -1e-9)
    assert np.all(np.diff(height) >= -1e-9)
    assert np.all(np.diff(power) <= 1e-9)
    growing = times <= ball.life_s / 3
    assert height[growing] == pytest.approx(0.5 * diameter[growing])
    assert height[-1] == pytest.approx(1.5 * ball.diameter_m)
    assert power[-1] == pytest.approx(0.0, abs=1e-6)
    gone = ball.course(ball.life_s + 1.0)
    assert float(gone[2]) == 0.0


def test_the_life_radiates_its_share():
    ball = fb.Fireball(3000.0, 46.34e6, 0.15)
    times = np.linspace(0.0, ball.life_s, 20_001)
    diameter, _, power = ball.course(times)
    radiated = np.trapezoid(math.pi * diameter**2 * power, times)
    assert radiated == pytest.approx(0.15 * 3000.0 * 46.34e6, rel=1e-3)
    hot = tanker()
    diameter, _, power = hot.course(np.linspace(0.0, hot.life_s, 2001))
    energy = np.trapezoid(math.pi * diameter**2 * power, dx=hot.life_s / 2000)
    assert energy < hot.radiated * hot.mass_kg * hot.combustion_heat_j_kg


def test_the_point_source_check():
    # The same energy and life as a point source far away: sphere, no air, facing.
    ball = fb.Fireball(5000.0, 46.34e6, fb.CHI_BELOW)
    far = 10.0 * ball.diameter_m
    factor = (0.5 * ball.diameter_m) ** 2 / far**2
    hymes = float(fb.hymes_flux_w_m2(5000.0, 46.34e6, fb.CHI_BELOW, far))
    assert ball.sep_w_m2 * factor == pytest.approx(hymes, rel=0.10)
    with pytest.raises(ValueError, match="distance"):
        fb.hymes_flux_w_m2(5000.0, 46.34e6, 0.3, 0.0)


def test_dose_falls_with_distance_and_adds_up():
    ball = tanker()
    at = np.array([50.0, 100.0, 200.0, 400.0, 800.0])
    dose = ball.dose(at)
    assert np.all(np.diff(dose) < 0.0)
    # Not more than the peak flux held over the life.
    peak = ball.flux_w_m2(at[:, None], np.linspace(0, ball.life_s, 400)).max(axis=1)
    assert np.all(dose <= peak ** (4 / 3) * ball.life_s)
    early = ball.dose(at, 0.5 * ball.life_s)
    assert np.all((early > 0.5 * dose) & (early < dose))
    assert ball.dose(at, 1e9) == pytest.approx(dose)
    assert np.all(ball.dose(at, 0.0) == 0.0)


def test_what_takes_part():
    assert fb.flashing_mass_kg(10_000.0, 0.2) == pytest.approx(6000.0)
    assert fb.flashing_mass_kg(10_000.0, 0.4) == 10_000.0
    with pytest.raises(ValueError, match="share"):
        fb.flashing_mass_kg(10_000.0, 1.4)
    with pytest.raises(ValueError, match="fraction"):
        fb.Fireball(100.0, 46e6, 0.0)
