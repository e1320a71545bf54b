import math
import time

import numpy as np
import pytest

from drillsim.physics import design_fire as df
from drillsim.physics import fire_spread as fs


def test_br187_golden(golden):
    row = golden["rad.br187_phi"]
    phi = fs.centre_factor(row["inputs"]["X"], row["inputs"]["Y"])
    assert phi == pytest.approx(row["expected"]["phi"], rel=row["rel_tol"])


def test_rectangles_add_up():
    # 3 x 1.5 m at 7.5 m is the golden case in metres.
    whole = fs.rectangle_factor(-1.5, 1.5, -0.75, 0.75, 7.5)
    assert whole == pytest.approx(fs.centre_factor(0.2, 0.1))
    parts = fs.rectangle_factor(-1.5, 0.4, -0.75, 0.75, 7.5)
    parts += fs.rectangle_factor(0.4, 1.5, -0.75, 0.75, 7.5)
    assert parts == pytest.approx(whole)
    assert fs.rectangle_factor(-1e6, 1e6, -1e6, 1e6, 1.0) == pytest.approx(1.0, abs=1e-5)
    beside = fs.rectangle_factor(5.0, 8.0, -0.75, 0.75, 7.5)
    assert 0.0 < beside < whole
    with pytest.raises(ValueError, match="gap"):
        fs.rectangle_factor(-1.0, 1.0, -1.0, 1.0, 0.0)


def test_the_safe_gap_is_where_the_flux_is_critical():
    gap = fs.safe_gap_m(6.0, 3.0)
    assert fs.received_w_m2(6.0, 3.0, gap, fs.EMITTED_W_M2) == pytest.approx(
        fs.CRITICAL_W_M2, rel=1e-6
    )
    assert fs.safe_gap_m(6.0, 3.0, fs.EMITTED_LOW_W_M2) < gap < fs.safe_gap_m(12.0, 3.0)
    assert fs.safe_gap_m(6.0, 3.0, open_share=0.05) == 0.0
    flux = fs.received_w_m2(6.0, 3.0, np.linspace(0.5, 40.0, 80), fs.EMITTED_W_M2)
    assert np.all(np.diff(flux) < 0.0)
    with pytest.raises(ValueError, match="share"):
        fs.received_w_m2(1.0, 1.0, 1.0, 1.0, 1.5)


def test_ignition_golden_is_the_thin_sheet(golden):
    # The row is named thick, but its numbers are those of rho c d dT / q.
    row = golden["room.ignition_thick"]
    found = fs.ignition_thin_s(*row["inputs"]["args"])
    assert found == pytest.approx(row["expected"]["t_s"], rel=row["rel_tol"])


def test_a_thick_solid_ignites_with_the_square_of_the_flux():
    # k rho c = 0.25 (kW/m2K)2 s, 330 K at 25 kW/m2: pi/4 x 250000 x (330/25000)^2 = 34.2 s.
    assert fs.ignition_thick_s(250_000.0, 623.0, 293.0, 25_000.0) == pytest.approx(34.2, abs=0.1)
    slow, quick = fs.ignition_thick_s(1e5, 600.0, 300.0, np.array([10e3, 20e3]))
    assert slow == pytest.approx(4.0 * quick)
    assert fs.ignition_thick_s(1e5, 600.0, 300.0, 0.0) == math.inf
    assert fs.ignites_s("timber", 12_000.0) == math.inf
    assert fs.ignites_s("timber", 13_000.0) < 600.0
    with pytest.raises(ValueError, match="above 0"):
        fs.ignition_thin_s(1.0, 1.0, 1.0, 600.0, 300.0, 0.0)


def test_parked_e_bikes_light_each_other(gate):
    bike = df.item_fire("e-bike")
    row = np.column_stack([np.arange(60) * 0.6, np.zeros(60)])
    begun = time.process_time()
    lit = fs.item_ignitions_s(row, 30, bike)
    gate(
        "fire_spread: 60 parked e-bikes, ms",
        (time.process_time() - begun) * 1e3,
        0.0,
        250.0,
        soft=True,
    )
    assert lit[30] == 0.0
    # One after another, away from the first, some tens of seconds each.
    assert np.all(np.diff(lit[30:]) >= 0.0)
    assert np.all(np.diff(lit[:31]) <= 0.0)
    assert 10.0 < lit[31] < 120.0
    assert lit[33] < 240.0
    wide = fs.item_ignitions_s(row * 8.0, 30, bike)
    assert wide[31] == math.inf
    with pytest.raises(ValueError, match="number 99"):
        fs.item_ignitions_s(row, 99, bike)


def test_ignition_of_one_neighbour_agrees_with_the_closed_form():
    # A steady fire from the start: alpha so high that the peak is there at once.
    steady = df.DesignFire(1e4, 500.0, 1e5)
    flux = 0.35 * 500e3 / (4.0 * math.pi * 0.8**2)
    exact = fs.ignites_s("plastic", flux)
    found = fs.item_ignitions_s([[0.0, 0.0], [0.8, 0.0]], 0, steady)[1]
    assert found == pytest.approx(exact, abs=5.0)


def test_fire_takes_the_quickest_way():
    inf = math.inf
    delay = np.array(
        [[inf, 100.0, 500.0, inf], [inf, inf, 50.0, inf], [inf, inf, inf, 10.0], [inf] * 4]
    )
    start = np.array([0.0, inf, inf, inf])
    assert fs.earliest_s(start, delay) == pytest.approx([0.0, 100.0, 150.0, 160.0])
    shut = delay.copy()
    shut[0, 1] = inf
    later = fs.earliest_s(start, shut)
    assert np.all(later >= fs.earliest_s(start, delay))
    assert later[1] == inf
    with pytest.raises(ValueError, match="at least 0"):
        fs.earliest_s(start, -delay)


def test_barriers_hold_for_their_minutes():
    assert fs.barrier_s("fire-door") == 3600.0
    assert fs.barrier_s("fire-door", is_open=True) == 0.0
    assert fs.barrier_s("timber-wall") < fs.barrier_s("timber-door") < fs.barrier_s("brick-wall")


def test_flames_out_of_a_window():
    # 3 MW, 1.5 m wide, 1.4 m high: 1.9 x 2^(2/3) - 1.4 = 1.62 m.
    assert fs.window_flame_m(3000.0, 1.5, 1.4) == pytest.approx(1.616, abs=0.001)
    assert fs.window_flame_m(100.0, 1.5, 1.4) == 0.0
    assert np.all(np.diff(fs.window_flame_m(np.linspace(2e3, 9e3, 20), 1.5, 1.4)) > 0.0)
    with pytest.raises(ValueError, match="width"):
        fs.window_flame_m(1.0, 0.0, 1.0)


def test_facades_carry_fire_upwards_only():
    plain = fs.facade_s(33, 2, 1.6, 1.2, combustible=False)
    clad = fs.facade_s(33, 2, 1.6, 1.2, combustible=True)
    assert plain[2] == clad[2] == 0.0
    assert np.all(np.isinf(plain[:2]))
    assert np.all(np.diff(plain[2:]) > 0.0)
    assert np.all(clad[3:] < plain[3:])
    # A flame that does not reach over the spandrel stays below.
    assert np.all(np.isinf(fs.facade_s(33, 2, 1.0, 1.2, combustible=False)[3:]))
    # Twenty storeys of combustible cladding within ten minutes to an hour.
    assert 600.0 < clad[22] < 3600.0
    with pytest.raises(ValueError, match="floor 40"):
        fs.facade_s(33, 40, 1.0, 1.0, combustible=False)


def test_hamada_by_hand():
    # a 8 m, d 3 m, V 5 m/s: (3 + 3 + 24/37.5) / (1.5 x 1.675) = 2.643 min.
    assert fs.hamada_s(8.0, 3.0, 5.0) / 60.0 == pytest.approx(2.643, abs=0.001)
    assert fs.hamada_s(8.0, 3.0, 5.0, 1.0) > fs.hamada_s(8.0, 3.0, 5.0)
    down, across, up = (fs.hamada_s(8.0, 3.0, 8.0, 0.0, w) for w in ("down", "across", "up"))
    assert down < across < up
    assert fs.hamada_s(8.0, 3.0, 12.0) < fs.hamada_s(8.0, 3.0, 2.0)
    with pytest.raises(ValueError, match="at least 0"):
        fs.hamada_s(-1.0, 1.0, 1.0)


def test_a_quarter_burns_down_wind():
    east, north = np.meshgrid(np.arange(7) * 10.0, np.arange(7) * 10.0)
    places = np.column_stack([east.ravel(), north.ravel()])
    delay = fs.house_delays_s(places, 8.0, 8.0, 90.0, 0.1)
    start = np.full(49, np.inf)
    start[24] = 0.0
    lit = fs.earliest_s(start, delay).reshape(7, 7)
    assert np.isfinite(lit).all()
    assert lit[3, 6] < lit[6, 3] < lit[3, 0]
    assert lit[6, 3] == pytest.approx(lit[0, 3])
    # A lane of 15 m is not crossed.
    split = places + np.where(places[:, :1] > 35.0, 15.0, 0.0) * np.array([1.0, 0.0])
    kept = fs.earliest_s(start, fs.house_delays_s(split, 8.0, 8.0, 90.0)).reshape(7, 7)
    assert np.all(np.isinf(kept[:, 4:]))
