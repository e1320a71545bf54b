import math

import numpy as np
import pytest
from reference_rows import read_rows

from drillsim.physics import gaussian
from drillsim.physics.atmosphere import power_law_wind

LB_MIN, MILE = 0.45359237 / 60.0, 1609.344


def test_spreads_equal_the_published_values(golden):
    rows = [row for name, row in golden.items() if name.startswith("sigma.ccps_")]
    assert len(rows) >= 8
    for row in rows:
        terrain = row["id"].split("_")[1].split(".")[0]
        x, stability = row["inputs"]["x_m"], row["inputs"]["cls"]
        sy, sz = row["expected"]["sigma_y"], row["expected"]["sigma_z"]
        assert gaussian.sigma_y(x, stability, terrain) == pytest.approx(sy, rel=row["rel_tol"])
        assert gaussian.sigma_z(x, stability, terrain) == pytest.approx(sz, rel=row["rel_tol"])


@pytest.mark.parametrize(
    ("terrain", "stability", "sy", "sz"),
    [  # physics notes, CCPS (1999) at x = 1.2 m
        ("rural", "E", 0.0719957, 0.0359870),
        ("urban", "C", 0.263937, 0.24),
        ("urban", "B", 0.383908, 0.288173),
        ("urban", "F", 0.131968, 0.0959137),
    ],
)
def test_the_other_spreads(terrain, stability, sy, sz):
    assert gaussian.sigma_y(1.2, stability, terrain) == pytest.approx(sy, rel=1e-5)
    assert gaussian.sigma_z(1.2, stability, terrain) == pytest.approx(sz, rel=1e-5)


def test_wind_power_law(golden):
    row = golden["wind.power_rural"]
    for stability, expected in row["expected"].items():
        wind = power_law_wind(3.0, 1.0, 10.0, stability, "rural")
        assert wind == pytest.approx(expected, rel=row["rel_tol"])
    assert power_law_wind(3.0, 1.0, 10.0, "F", "urban") == pytest.approx(11.943, rel=1e-4)
    assert power_law_wind(3.0, 1.0, 10.0, "D", "urban") == pytest.approx(5.3348, rel=1e-4)


def test_plume_worked_example(golden):
    """The example is made with the spreads of Spicer & Havens and Seinfeld, wind exponent .253."""
    row = golden["disp.gauss_plume"]
    x, y, z = row["inputs"]["xyz"]
    height = row["inputs"]["h"]
    wind = row["inputs"]["u"] * (height / 10.0) ** 0.253
    density = 0.044096 * 101_325 / 8.31446 / 298.15
    c = gaussian.cloud(
        0.08991799,
        wind,
        y,
        z,
        height,
        gaussian.havens_sigma_y(x, "F"),
        gaussian.seinfeld_sigma_z(x, "F"),
    )
    assert c / density == pytest.approx(row["expected"]["c_vv"], rel=row["rel_tol"])


def test_puff_worked_example(golden):
    row = golden["disp.gauss_puff"]
    assert gaussian.puff_sigma_y(500.0, "F") == pytest.approx(row["inputs"]["sigma_y"], rel=1e-9)
    assert gaussian.puff_sigma_z(500.0, "F") == pytest.approx(row["inputs"]["sigma_z"], rel=1e-9)
    c = gaussian.puff(1.0, 500.0, 0.0, 0.0, 250.0, 2.0, 0.0, "F") / row["inputs"]["rho"]
    assert c == pytest.approx(row["expected"]["c_vv"], rel=row["rel_tol"])
    assert gaussian.puff(1.0, 500.0, 0.0, 0.0, -1.0, 2.0, 0.0, "F") == 0.0


def test_finite_release_worked_example(golden):
    row = golden["disp.palazzi"]
    given = row["inputs"]
    x = np.array(float(given["x"]))
    sy = gaussian.havens_sigma_y(x, "F")
    steady = gaussian.cloud(
        given["Q"], given["u"], 0.0, given["h"], given["h"], sy, gaussian.seinfeld_sigma_z(x, "F")
    )
    share = gaussian.palazzi_share(x, given["t"], given["dt"], given["u"], sy)
    assert steady * share / 1.2268 == pytest.approx(row["expected"]["c_vv"], rel=row["rel_tol"])


def test_a_long_release_is_the_steady_plume():
    x = np.array([200.0])
    assert gaussian.palazzi_share(x, 1e5, 1e5, 2.0, 20.0)[0] == pytest.approx(1.0)
    assert gaussian.palazzi_share(x, -1.0, 60.0, 2.0, 20.0)[0] == 0.0


@pytest.mark.parametrize("stability", list("ABCDEF"))
def test_the_plume_carries_what_is_released(stability):
    """The flux u C through a cross-section equals the release rate."""
    y, z = np.linspace(-3000, 3000, 1201), np.linspace(0, 4000, 2001)
    c = gaussian.plume(1.7, 3.0, 800.0, y[:, None], z[None, :], 5.0, stability)
    flux = 3.0 * np.trapezoid(np.trapezoid(c, z, axis=1), y)
    assert flux == pytest.approx(1.7, rel=2e-3)


def test_rmp_table_1(reference, gate):
    """EPA table 1: neutral, rural, F 1.5 m/s, 10-min release, 10-min mean, ground level."""
    x = np.geomspace(30.0, 80_000.0, 6000)
    steady = gaussian.plume(1.0, 1.5, x, 0.0, 0.0, 0.0, "F")
    finite = steady * gaussian.finite_duration_factor(1.5, 600.0, gaussian.rmp_sigma_x(x))
    logs = []
    for row in read_rows(reference / "epa_rmp" / "table1_neutral_rural_F_1.5.csv"):
        rate = float(row["rate_over_endpoint_lb_min_per_mg_L_upper"]) * LB_MIN
        miles = float(row["distance_mile"])
        if not 0.3 <= miles <= 25.0:
            continue
        # Rate over endpoint in lb/min per mg/L: the endpoint of 1 mg/L is 1e-3 kg/m3.
        distance = np.interp(-math.log(1e-3), -np.log(finite * rate), np.log(x))
        logs.append(distance - math.log(miles * MILE))
    logs = np.array(logs)
    assert logs.size >= 40
    gate("RMP table 1, geometric mean of distance ratio", math.exp(logs.mean()), 0.90, 1.10)
    gate("RMP table 1, sd of ln ratio", float(logs.std(ddof=1)), 0.0, 0.12)
