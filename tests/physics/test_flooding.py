import math

import pytest

from drillsim.physics.flooding import Breach, HullBox, filling_time_s, flood, hole_flow_m3_s

BARGE = HullBox(60.0, 11.0, 3.2, 2.4)  # reserve 60 x 11 x 0.9 x 0.8 = 475.2 m3


def test_hole_flow_by_hand():
    # 0.61 x 0.1 m2 x sqrt(2 x 9.80665 x 2 m) = 0.3820 m3/s
    assert hole_flow_m3_s(0.1, 2.0) == pytest.approx(0.38205, rel=1e-4)
    assert hole_flow_m3_s(0.1, -1.0) == 0.0
    assert hole_flow_m3_s(0.1, 8.0) == pytest.approx(2.0 * hole_flow_m3_s(0.1, 2.0))
    with pytest.raises(ValueError, match="hole"):
        hole_flow_m3_s(-0.1, 1.0)


def test_stepped_flooding_meets_the_closed_form():
    # a huge hull hardly sinks: the compartment rises to the level outside in the closed-form time
    huge = HullBox(1e4, 1e3, 10.0, 3.0, 1.0)
    breach = Breach(0.1, 3.0, 1e6, 50.0, 1.0)
    expected = filling_time_s(0.1, 50.0, 3.0)
    found = flood(huge, breach)
    assert found.sinks_s == math.inf
    assert found.water_m3 == pytest.approx(150.0, rel=1e-3)
    assert found.settled_s == pytest.approx(expected, rel=0.01)


def test_reserve_buoyancy_by_hand():
    assert BARGE.reserve_m3 == pytest.approx(475.2)
    with pytest.raises(ValueError, match="draught"):
        HullBox(60.0, 11.0, 3.2, 3.2)
    with pytest.raises(ValueError, match="sizes"):
        HullBox(60.0, 0.0, 3.2, 2.4)


def test_a_big_compartment_sinks_the_barge_and_a_small_one_does_not():
    big = flood(BARGE, Breach(0.2, 1.5, 700.0, 300.0))
    limit = 0.85 * 475.2
    # at a constant head of 1.5 m it would take at least limit / Q; the head only falls inside
    quickest = limit / hole_flow_m3_s(0.2, 1.5 + limit / BARGE.plane_m2)
    assert quickest < big.sinks_s < 4.0 * quickest
    assert big.water_m3 == pytest.approx(limit)
    small = flood(BARGE, Breach(0.2, 1.5, 60.0, 30.0))
    assert small.sinks_s == math.inf
    assert small.water_m3 == pytest.approx(60.0 * 0.95)
    assert small.sinkage_m == pytest.approx(57.0 / BARGE.plane_m2)


def test_larger_holes_sink_sooner_and_pumps_delay():
    times = [flood(BARGE, Breach(a, 1.5, 700.0, 300.0)).sinks_s for a in (0.05, 0.1, 0.2)]
    assert times[0] > times[1] > times[2]
    pumped = flood(BARGE, Breach(0.05, 1.5, 700.0, 300.0), pump_m3_s=0.05)
    assert pumped.sinks_s > times[0]
    saved = flood(BARGE, Breach(0.05, 1.5, 700.0, 300.0), pump_m3_s=5.0)
    assert saved.sinks_s == math.inf
    assert saved.water_m3 < 5.0


def test_step_hardly_matters():
    breach = Breach(0.1, 1.5, 700.0, 300.0)
    assert flood(BARGE, breach).sinks_s == pytest.approx(
        flood(BARGE, breach, step_s=0.25).sinks_s, rel=1e-3
    )
    with pytest.raises(ValueError, match="step"):
        flood(BARGE, breach, step_s=0.0)
    with pytest.raises(ValueError, match="areas"):
        filling_time_s(0.0, 1.0, 1.0)
