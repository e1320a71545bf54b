import numpy as np
import pytest

from drillsim.physics import tenability as ten


def test_gas_dose_golden(golden):
    row = golden["evac.fed_iso"]
    given = row["inputs"]
    rate = ten.gas_rate_per_min(given["CO_ppm"], given["CO2_pct"], given["HCN_ppm"])
    t_s = np.linspace(0.0, given["minutes"] * 60.0, 11)
    fed = ten.dose(t_s, np.full(11, rate))[-1]
    assert fed == pytest.approx(row["expected"]["FED"], rel=row["rel_tol"])


def test_heat_dose_golden(golden):
    row = golden["evac.fed_heat"]
    given = row["inputs"]
    rate = ten.heat_rate_per_min(given["T_C"] + 273.15, 2000.0)
    fed = rate * given["minutes"]
    assert fed == pytest.approx(row["expected"]["FED"], rel=row["rel_tol"])


def test_radiant_dose_is_iso_and_not_the_known_defect():
    # 56.7 kW/m2 for one second: 8.53, where a known defect of another code gives 547.67.
    cold = ten.heat_rate_per_min(273.15, 56_700.0) / 60.0
    assert cold == pytest.approx(8.53, rel=0.005)
    assert ten.heat_rate_per_min(273.15, 2500.0) == 0.0
    assert ten.heat_rate_per_min(273.15, 2501.0) > 1.0


def test_hydrogen_cyanide_by_hand():
    # 150 ppm, no CO2: 150^2.36 / 1.2e6 = 0.1139 a minute.
    assert ten.gas_rate_per_min(0.0, 0.0, 150.0) == pytest.approx(0.1139, rel=2e-3)


def test_rates_rise_with_everything_that_harms():
    ppm = np.linspace(0.0, 10_000.0, 50)
    assert np.all(np.diff(ten.gas_rate_per_min(ppm, 3.0, 10.0)) > 0.0)
    assert np.all(np.diff(ten.gas_rate_per_min(1000.0, np.linspace(0.0, 10.0, 20))) > 0.0)
    assert np.all(np.diff(ten.heat_rate_per_min(np.linspace(300.0, 500.0, 20))) > 0.0)
    assert np.all(np.diff(ten.hypoxia_rate_per_min(np.linspace(19.0, 5.0, 20))) > 0.0)
    assert ten.hypoxia_rate_per_min(20.9) == 0.0
    assert ten.gas_rate_per_min(-5.0) == 0.0


def test_a_dose_is_additive_and_keeps_its_shape():
    t_s = np.array([0.0, 30.0, 90.0, 150.0])
    rates = np.random.default_rng(3).uniform(0.0, 1.0, (4, 5))
    whole = ten.dose(t_s, rates)
    assert whole.shape == (4, 5)
    assert np.all(np.diff(whole, axis=0) >= 0.0)
    assert whole[-1] == pytest.approx(whole[2] + ten.dose(t_s[2:], rates[2:])[-1])
    with pytest.raises(ValueError, match="rise"):
        ten.dose([0.0, 10.0, 5.0], [1.0, 1.0, 1.0])


def test_shares_of_iso_13571():
    assert ten.incapacitated_share(0.3) == pytest.approx(0.114, abs=0.001)
    assert ten.incapacitated_share(1.0) == pytest.approx(0.5)
    assert ten.incapacitated_share(0.0) == 0.0
    fed = np.linspace(0.0, 20.0, 100)
    assert np.all(ten.dead_share(fed) <= ten.incapacitated_share(fed))
    share = np.linspace(0.01, 0.99, 30)
    assert ten.incapacitated_share(ten.tolerated_fed(share)) == pytest.approx(share)


def test_irritants_add_up():
    assert ten.irritant_fec(hcl=500.0, acrolein=15.0) == pytest.approx(1.0)
    assert ten.irritant_fec() == 0.0
    with pytest.raises(ValueError, match="phosgene"):
        ten.irritant_fec(phosgene=1.0)


def test_sight_through_smoke():
    # 0.1 g/m3: extinction 0.87 per m, 9.2 m to a lit sign and 3.4 m to a plain one.
    assert ten.visibility_m(1e-4) == pytest.approx(9.2, abs=0.05)
    assert ten.visibility_m(1e-4, lit=False) == pytest.approx(3.45, abs=0.05)
    assert ten.visibility_m(0.0) == 100.0
    assert np.all(np.diff(ten.visibility_m(np.geomspace(1e-5, 1e-2, 20))) < 0.0)
