import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drillsim.physics.traffic_queue import (
    Diagram,
    Steps,
    incident_capacity,
    incident_duration_s,
    queue_curves,
    queue_length_m,
    residual_capacity,
    shock_speed_mps,
    spillback_s,
    stored_vehicles,
)


@pytest.mark.parametrize(
    ("lanes", "blocked", "left"),
    [(2, 1, 0.35), (2, 2, 0.0), (3, 1, 0.49), (3, 2, 0.17), (3, 3, 0.0), (4, 3, 0.13),
     (5, 2, 0.40), (6, 3, 0.26), (8, 1, 0.78)],
)  # fmt: skip
def test_residual_capacity(lanes, blocked, left):
    # FHWA-HOP-13042, table 40
    assert residual_capacity(lanes, blocked) == left


def test_residual_capacity_of_the_shoulder_and_beyond_the_table():
    assert residual_capacity(3, 0) == 1.0
    assert residual_capacity(3, 0, "disablement") == 0.99
    assert residual_capacity(3, 0, "accident") == 0.83
    assert residual_capacity(6, 4) == pytest.approx(0.26 * 2 / 3)
    assert residual_capacity(4, 4) == 0.0
    for lanes in range(2, 9):
        shares = [residual_capacity(lanes, n) for n in range(lanes + 1)]
        assert (np.diff(shares) < 0.0).all()
        # what is left is never more than the lanes that are open
        assert all(s <= (lanes - n) / lanes + 1e-12 for n, s in enumerate(shares))
    with pytest.raises(ValueError, match="2 to 8"):
        residual_capacity(1, 0)


def test_durations_have_the_tables_mean_and_spread():
    u = (np.arange(200_000) + 0.5) / 200_000
    for kind, mean, spread in [("shoulder", 34.0, 15.1), ("one-lane", 34.6, 13.8),
                               ("two-lane", 53.6, 13.9), ("three-lane", 67.9, 21.9)]:  # fmt: skip
        found = incident_duration_s(kind, u) / 60.0
        assert found.mean() == pytest.approx(mean, rel=1e-3)
        assert found.std() == pytest.approx(spread, rel=1e-2)
    with pytest.raises(ValueError, match="quantile"):
        incident_duration_s("shoulder", 1.0)


def test_a_textbook_closure_by_hand():
    # Two lanes of 2,200 veh/h; 2 x 1,200 veh/h arrive. Shut for 20 min, one lane (2,200) for
    # 20 min more, then 4,400. Queue 800 at 20 min, 866.7 at 40 min, gone 26 min later.
    arrival = Steps((0.0,), (2400 / 3600,))
    capacity = Steps((0.0, 1200.0, 2400.0), (0.0, 2200 / 3600, 4400 / 3600))
    queue = queue_curves(arrival, capacity, 4 * 3600.0)
    assert queue.vehicles([1200.0, 2400.0]) == pytest.approx([800.0, 866.667], rel=1e-6)
    assert queue.longest == pytest.approx(866.667, rel=1e-6)
    assert queue.clear_s == pytest.approx(2400.0 + 1560.0)
    # total delay: 1/2 800 1200 + 1/2 (800 + 866.667) 1200 + 1/2 866.667 1560 vehicle-seconds
    assert queue.total_delay_s == pytest.approx(480_000 + 1_000_000 + 676_000, rel=1e-6)
    # the first vehicle waits 20 min; one that comes at 20 min is number 800, which leaves at
    # 20 min + 800 / 2,200 h, cut short by the opening at 40 min: 733.3 have left, 66.7 to go
    waits = queue.delay_s([0.0, 1200.0])
    assert waits == pytest.approx([1200.0, 1200.0 + 66.667 / (4400 / 3600)], rel=1e-4)


def test_nobody_waits_while_capacity_lasts():
    queue = queue_curves(Steps((0.0,), (1.0,)), Steps((0.0,), (1.5,)), 3600.0)
    assert (queue.longest, queue.clear_s, queue.total_delay_s) == (0.0, 0.0, 0.0)
    assert queue.delay_s(np.linspace(0.0, 3600.0, 7)).max() == 0.0


def test_a_closure_without_end_holds_everybody():
    queue = queue_curves(Steps((0.0,), (1.0,)), Steps((0.0,), (0.0,)), 3600.0)
    assert queue.clear_s == math.inf
    assert queue.delay_s([600.0])[0] == math.inf
    assert queue.vehicles(1800.0) == pytest.approx(1800.0)


def test_delay_is_the_gap_between_the_curves():
    arrival = Steps((0.0, 1800.0), (1.2, 0.4))
    capacity = Steps((0.0, 900.0, 2700.0), (1.59, 0.0, 1.0))
    queue = queue_curves(arrival, capacity, 4 * 3600.0)
    for t in (950.0, 1500.0, 2500.0, 3000.0):
        wait = float(queue.delay_s(t))
        left_then = float(np.interp(t + wait, queue.t_s, queue.departed))
        assert left_then == pytest.approx(float(np.interp(t, queue.t_s, queue.arrived)))
        assert wait > 0.0


@given(
    st.lists(st.floats(0.0, 2.0), min_size=3, max_size=3),
    st.lists(st.floats(0.0, 2.0), min_size=3, max_size=3),
)
def test_vehicles_are_conserved(arrivals, capacities):
    starts = (0.0, 700.0, 2000.0)
    queue = queue_curves(Steps(starts, tuple(arrivals)), Steps(starts, tuple(capacities)), 7200.0)
    assert (queue.departed <= queue.arrived + 1e-9).all()
    assert (np.diff(queue.departed) >= -1e-9).all()
    assert queue.arrived[-1] == pytest.approx(
        arrivals[0] * 700 + arrivals[1] * 1300 + arrivals[2] * 5200
    )
    steps = np.diff(queue.t_s)
    most = np.array([Steps(starts, tuple(capacities)).rate(t) for t in queue.t_s[:-1]])
    assert (np.diff(queue.departed) <= most * steps + 1e-6).all()
    # first come first served: nobody who comes later leaves earlier
    at = np.linspace(0.0, 7200.0, 60)
    leave = at + queue.delay_s(at)
    finite = leave[np.isfinite(leave)]
    assert (np.diff(finite) >= -1e-6).all()


def test_opening_earlier_never_delays_anybody():
    arrival = Steps((0.0,), (1.2,))
    early = queue_curves(arrival, incident_capacity(3, ((0.0, 3), (1800.0, 0))), 6 * 3600.0)
    late = queue_curves(arrival, incident_capacity(3, ((0.0, 3), (3600.0, 0))), 6 * 3600.0)
    at = np.linspace(0.0, 6 * 3600.0, 200)
    assert (early.delay_s(at) <= late.delay_s(at) + 1e-6).all()
    assert early.clear_s < late.clear_s


def test_vehicles_between_the_ramps_of_the_elevated_road(gate):
    # 2.1 km between ramps, three lanes, one carriageway: some 880 vehicles in the scenario.
    gate(
        "road: vehicles stored between the ramps / 880",
        stored_vehicles(2100.0, 3) / 880.0,
        0.9,
        1.1,
    )
    assert queue_length_m(stored_vehicles(2100.0, 3), 3) == pytest.approx(2100.0)
    # fully closed at 4,300 veh/h the queue reaches the up-stream ramp in 882 / 1.194 s
    closed = queue_curves(Steps((0.0,), (4300 / 3600,)), Steps((0.0,), (0.0,)), 7200.0)
    assert spillback_s(closed, 2100.0, 3) == pytest.approx(882.0 / (4300 / 3600))
    assert spillback_s(closed, 1e6, 3) == math.inf


def test_shock_speed_of_a_worked_example():
    # 3,000 veh/h at 50 veh/mi against a standstill at 240 veh/mi: -15.79 mi/h, 3.95 mi in 15 min;
    # partly open, 2,100 veh/h at 175 veh/mi: -7.2 mi/h.
    mile, hour = 1609.344, 3600.0
    stop = shock_speed_mps(3000 / hour, 50 / mile, 0.0, 240 / mile)
    assert stop * hour / mile == pytest.approx(-15.789, rel=1e-3)
    assert stop * 900.0 / mile == pytest.approx(-3.947, rel=1e-3)
    slow = shock_speed_mps(3000 / hour, 50 / mile, 2100 / hour, 175 / mile)
    assert slow * hour / mile == pytest.approx(-7.2)
    with pytest.raises(ValueError, match="equal density"):
        shock_speed_mps(1.0, 0.1, 2.0, 0.1)


def test_the_triangle_meets_its_corners():
    road = Diagram(80 / 3.6, 3 * 0.53, 3 * 0.14)
    assert road.queued_density_veh_m(0.0) == pytest.approx(0.42)
    assert road.queued_density_veh_m(1.59) == pytest.approx(road.free_density_veh_m(1.59))
    assert road.tail_speed_mps(1.2, 0.0) < 0.0
    assert road.tail_speed_mps(1.2, 0.5) > road.tail_speed_mps(1.2, 0.0)
    assert road.tail_speed_mps(0.3, 0.8) > 0.0  # the tail comes back when less arrives
    assert -8.0 < road.start_speed_mps() < -3.0  # observed: about 15 to 20 km/h
    with pytest.raises(ValueError, match="jam density"):
        Diagram(20.0, 2.0, 0.1)


def test_steps_are_checked():
    with pytest.raises(ValueError, match="rise from 0"):
        Steps((5.0,), (1.0,))
    with pytest.raises(ValueError, match="one rate"):
        Steps((0.0, 1.0), (1.0,))
    with pytest.raises(ValueError, match="0 or more"):
        Steps((0.0,), (-1.0,))
    with pytest.raises(ValueError, match="horizon"):
        queue_curves(Steps((0.0,), (1.0,)), Steps((0.0,), (1.0,)), 0.0)
