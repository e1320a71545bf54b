import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drillsim.physics.crash import (
    apportion,
    casualties,
    extrication_prediction_s,
    extrication_s,
    freed_at_s,
)


def test_largest_remainder_by_hand():
    # 38 aboard at 10/20/30/40 %: quotas 3.8, 7.6, 11.4, 15.2; two seats left to .8 and .6
    shares = {"red": 0.1, "yellow": 0.2, "green": 0.3, "black": 0.4}
    assert apportion(38, shares) == {"red": 4, "yellow": 8, "green": 11, "black": 15}
    # equal remainders: the earlier key
    assert apportion(1, {"red": 0.5, "green": 0.5}) == {"red": 1, "green": 0}
    # the American House of 1880 in small: 3 states, 10 seats, populations 53, 24, 23
    assert apportion(10, {"a": 0.53, "b": 0.24, "c": 0.23}) == {"a": 5, "b": 3, "c": 2}


@given(st.integers(0, 500), st.lists(st.floats(0.0, 1.0), min_size=2, max_size=5))
def test_parts_add_up_and_stay_within_one(count, weights):
    total = sum(weights)
    if total < 1e-3:
        return
    shares = {str(n): w / total for n, w in enumerate(weights)}
    parts = apportion(count, shares)
    assert sum(parts.values()) == count
    assert all(abs(parts[k] - count * shares[k]) < 1.0 + 1e-6 for k in parts)


def test_severity_is_checked():
    assert casualties(10, {"green": 1.0}) == {"black": 0, "red": 0, "yellow": 0, "green": 10}
    with pytest.raises(ValueError, match="no such class: amber"):
        casualties(10, {"amber": 1.0})
    with pytest.raises(ValueError, match="add up"):
        casualties(10, {"green": 0.9})
    with pytest.raises(ValueError, match="count"):
        apportion(-1, {"green": 1.0})


def test_extrication_has_the_published_quartiles(gate):
    quarter, median, late = extrication_s([0.25, 0.5, 0.75]) / 60.0
    gate("crash: extrication median over 30 min", median / 30.0, 1 - 1e-9, 1 + 1e-9)
    gate("crash: lower quartile over 24 min", quarter / 24.0, 0.95, 1.05)
    gate("crash: upper quartile over 38 min", late / 38.0, 0.95, 1.05)
    with pytest.raises(ValueError, match="quantile"):
        extrication_s(0.0)


def test_prediction_tool_by_hand():
    assert extrication_prediction_s(True, 2, obstruction=True) == 60 * (8 + 7 + 20 + 10)
    assert extrication_prediction_s(False, 0, rapid_access=True) == 60
    assert extrication_prediction_s(False, 0, rapid_access=True, on_roof=True) == 0.0
    with pytest.raises(ValueError, match="medically"):
        extrication_prediction_s(False, -1)


def test_nine_trapped_and_three_teams_by_hand():
    # teams ready at 10, 20 and 30 min, 30 min a person
    free = freed_at_s([1800.0] * 9, [600.0, 1200.0, 1800.0]) / 60.0
    assert free.tolist() == [40, 50, 60, 70, 80, 90, 100, 110, 120]
    first = freed_at_s([1800.0, 600.0], [0.0], order=[1, 0])
    assert first.tolist() == [2400.0, 600.0]
    assert np.isinf(freed_at_s([1.0], [])).all()
    with pytest.raises(ValueError, match="order"):
        freed_at_s([1.0, 2.0], [0.0], order=[0, 0])


def test_more_teams_never_free_anybody_later():
    times = extrication_s((np.arange(9) + 0.5) / 9)
    one, two = freed_at_s(times, [600.0]), freed_at_s(times, [600.0, 600.0])
    assert (two <= one).all()
