import math

import numpy as np
import pytest

from drillsim.physics import radiation as rad


def test_saturation_pressure_of_water():
    # Steam tables: 611.2 Pa at 0 C, 2339 Pa at 20 C, 4247 Pa at 30 C.
    kelvin = np.array([273.15, 293.15, 303.15])
    assert rad.saturation_vapour_pa(kelvin) == pytest.approx([611.2, 2339.0, 4247.0], rel=2e-3)
    assert rad.vapour_pressure_pa(293.15, 0.5) == pytest.approx(1169.5, rel=2e-3)
    with pytest.raises(ValueError, match="233"):
        rad.saturation_vapour_pa(150.0)
    with pytest.raises(ValueError, match="share"):
        rad.vapour_pressure_pa(293.15, 50.0)


def test_transmissivity_against_the_printed_table(golden, gate):
    row = golden["rad.transmissivity"]
    kelvin = np.array(row["inputs"]["T_K"], dtype=float)[:, None]
    printed = np.array(row["expected"]["v"])
    tau = rad.transmissivity(np.array(row["inputs"]["x_m"], dtype=float), kelvin, 0.5)
    off = np.sort(np.abs(tau / printed - 1.0).ravel())
    gate("transmissivity, worst of eleven printed values", off[-2], 0.0, row["rel_tol"])
    # The table has two digits: 0.47 stands for 0.465 to 0.475.
    rounded = np.maximum(np.abs(tau - printed) - 0.005, 0.0) / printed
    gate("transmissivity, worst of twelve, to the digits printed", rounded.max(), 0, row["rel_tol"])
    gate("transmissivity, worst of twelve, raw", off[-1], 0.0, row["rel_tol"], soft=True)


def test_transmissivity_falls_with_path_and_water():
    path = np.geomspace(0.01, 2000.0, 200)
    tau = rad.transmissivity(path, 293.15, 0.7)
    assert np.all(np.diff(tau) <= 0.0)
    assert tau[0] == 1.0
    assert 0.0 < tau[-1] < 0.5
    humid = rad.transmissivity(300.0, 293.15, np.linspace(0.05, 1.0, 20))
    assert np.all(np.diff(humid) < 0.0)
    assert rad.transmissivity(300.0, co2_ppm=420.0) < rad.transmissivity(300.0, co2_ppm=335.0)
    assert rad.transmissivity(0.0) == 1.0
    with pytest.raises(ValueError, match="path"):
        rad.transmissivity(-1.0)


def test_the_short_form_by_hand():
    # 2.02 * 30000^-0.09 = 2.02 * exp(-0.09 * 10.309) = 0.7988
    assert rad.transmissivity_tno(30.0, 1000.0) == pytest.approx(0.7988, rel=1e-3)
    assert rad.transmissivity_tno(0.5, 1000.0) == 1.0
    # In humid air and at middle distances the two agree within a tenth.
    vapour = float(rad.vapour_pressure_pa(303.15, 0.8))
    wayne = float(rad.transmissivity(30.0, 303.15, 0.8))
    assert float(rad.transmissivity_tno(30.0, vapour)) == pytest.approx(wayne, rel=0.10)


def test_point_source(golden):
    row = golden["rad.point_source"]
    flux = rad.point_source_w_m2(row["inputs"]["Q_kW"] * 1e3, 0.3, 2.5)
    assert float(flux) / 1e3 == pytest.approx(row["expected"]["q"], rel=row["rel_tol"])
    near, far = rad.point_source_w_m2(1e6, 0.3, np.array([10.0, 20.0]))
    assert near == pytest.approx(4.0 * far)
    with pytest.raises(ValueError, match="distance"):
        rad.point_source_w_m2(1e6, 0.3, 0.0)


def test_upright_cylinder(golden):
    row = golden["rad.cylinder_vf"]
    given = row["inputs"]
    found = rad.cylinder_factors(given["X"], given["R"], given["L"])
    expected = [row["expected"][name] for name in ("Fv", "Fh", "Fmax")]
    assert [float(f) for f in found] == pytest.approx(expected, rel=row["rel_tol"])
    # Second published case of the same row: L 2, R 1, X 2.
    second = [float(f) for f in rad.cylinder_factors(2.0, 1.0, 2.0)]
    assert second == pytest.approx([0.23611743, 0.12615133, 0.26770431], rel=1e-6)


def by_integration(dist, radius, length, tilt, cells=400):
    """View factors of the side of a sheared cylinder by plain summation over its surface."""
    turn = (np.arange(cells) + 0.5) * 2 * np.pi / cells
    up = (np.arange(cells) + 0.5) / cells
    turn, up = np.meshgrid(turn, up)
    x = radius * np.cos(turn) + up * length * math.sin(tilt)
    y = radius * np.sin(turn)
    z = up * length * math.cos(tilt)
    # d/dturn x d/dup of the surface: outward normal times area.
    nx = radius * np.cos(turn) * length * math.cos(tilt)
    ny = radius * np.sin(turn) * length * math.cos(tilt)
    nz = -radius * np.cos(turn) * length * math.sin(tilt)
    area = (2 * np.pi / cells) / cells
    rx, ry, rz = dist - x, -y, -z
    square = rx**2 + ry**2 + rz**2
    facing = np.maximum(rx * nx + ry * ny + rz * nz, 0.0) * area
    upright = np.sum(facing * np.maximum(rx, 0.0) / (np.pi * square**2))
    lying = np.sum(facing * np.maximum(-rz, 0.0) / (np.pi * square**2))
    return upright, lying


@pytest.mark.parametrize(
    ("dist", "degrees"), [(2.0, 0), (4.0, 30), (6.0, 45), (2.0, -30), (5.0, -60)]
)
def test_tilted_cylinder_against_integration(dist, degrees):
    tilt = math.radians(degrees)
    found = rad.tilted_cylinder_factors(dist, 1.0, 3.0, tilt)
    upright, lying = by_integration(dist, 1.0, 3.0, tilt)
    assert float(found.vertical) == pytest.approx(upright, rel=1e-3)
    assert float(found.horizontal) == pytest.approx(lying, rel=1e-3)


@pytest.mark.parametrize(("degrees", "dist"), [(0, 1.3), (0, 6.0), (35, 5.0), (-35, 1.3)])
def test_flame_factor_equals_the_closed_form(degrees, dist):
    tilt = math.radians(degrees)
    closed = float(rad.tilted_cylinder_factors(dist, 1.0, 3.0, tilt).maximum)
    found = rad.flame_factor(np.array([[dist, 0.0, 0.0]]), (1.0, 1.0), 3.0, tilt)
    assert found[0] == pytest.approx(closed, rel=5e-3)


def test_flame_factor_turns_with_the_place_and_sees_the_top():
    ring = np.radians(np.arange(0.0, 360.0, 30.0))
    places = np.stack([5 * np.cos(ring), 5 * np.sin(ring), np.ones(12)], axis=1)
    factors = rad.flame_factor(places, (1.0, 1.0), 3.0)
    assert factors == pytest.approx(np.full(12, factors[0]), rel=2e-3)
    # From far above the flame is its top disc, (r/d)^2.
    above = rad.flame_factor(np.array([[0.0, 0.0, 53.0]]), (1.0, 1.0), 3.0)
    assert above[0] == pytest.approx(1.0 / 50.0**2, rel=0.01)
    # Downwind of a leaning flame it is hotter than upwind of it.
    two = rad.flame_factor(np.array([[6.0, 0, 1], [-6.0, 0, 1]]), (1.0, 1.0), 3.0, 0.7)
    assert two[0] > 2.0 * two[1]
    assert rad.flame_factor(np.array([[0.0, 0.0, 1.0]]), (1.0, 1.0), 3.0)[0] == 1.0


def test_far_away_a_flame_is_its_projected_area():
    far = 400.0
    found = rad.cylinder_factors(far, 1.0, 6.0)
    assert float(found.vertical) == pytest.approx(2.0 * 6.0 / (math.pi * far**2), rel=0.01)
    distances = np.linspace(1.2, 50.0, 100)
    assert np.all(np.diff(rad.cylinder_factors(distances, 1.0, 6.0).maximum) < 0.0)
    with pytest.raises(ValueError, match="outside"):
        rad.cylinder_factors(0.9, 1.0, 6.0)
    with pytest.raises(ValueError, match="below the leaning"):
        rad.tilted_cylinder_factors(2.0, 1.0, 6.0, 0.8)


def test_rectangles(golden):
    row = golden["rad.br187_phi"]
    found = rad.rectangle_factor(row["inputs"]["X"], row["inputs"]["Y"])
    assert float(found) == pytest.approx(row["expected"]["phi"], rel=row["rel_tol"])
    assert float(rad.rectangle_factor(1e6, 1e6)) == pytest.approx(1.0, abs=1e-5)
    assert float(rad.corner_factor(-0.3, 0.4)) == -float(rad.corner_factor(0.3, 0.4))
    whole, part = rad.corner_factor(2.0, 1.0), rad.corner_factor(0.5, 1.0)
    # A window beside the foot: the large corner less the small one, by summation.
    assert float(whole - part) == pytest.approx(plane_sum(0.5, 2.0, 0.0, 1.0)[0], rel=1e-4)
    assert float(rad.perpendicular_factor(1.5, 2.0)) == pytest.approx(
        plane_sum(0.0, 1.5, 0.0, 2.0)[1], rel=1e-4
    )


def plane_sum(x0, x1, y0, y1, cells=800):
    """Factors of a rectangle at distance 1 for receivers facing it and looking along y."""
    x = x0 + (np.arange(cells) + 0.5) * (x1 - x0) / cells
    y = y0 + (np.arange(cells) + 0.5) * (y1 - y0) / cells
    x, y = np.meshgrid(x, y)
    square = x**2 + y**2 + 1.0
    area = (x1 - x0) * (y1 - y0) / cells**2
    return np.sum(1.0 / square**2) * area / np.pi, np.sum(y / square**2) * area / np.pi


def test_sphere(golden):
    given = golden["fire.bleve_ccps"]["expected"]
    radius = 0.5 * given["D_m"]
    upright = rad.sphere_factors(100.0, radius, radius).vertical
    assert float(upright) == pytest.approx(given["F"], rel=5e-3)
    found = rad.sphere_factors(np.array([0.0, 50.0, 200.0]), 10.0, 40.0)
    assert found.maximum == pytest.approx(np.hypot(found.vertical, found.horizontal))
    assert float(found.maximum[0]) == pytest.approx((10.0 / 40.0) ** 2)
    assert float(rad.sphere_factors(1.0, 10.0, 2.0).maximum) == pytest.approx(1.0)
