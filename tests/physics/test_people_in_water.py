import math
from itertools import pairwise

import numpy as np
import pytest

from drillsim.physics.people_in_water import (
    alive_share,
    drifted_m,
    exhaustion_span_s,
    hayward_time_s,
    leeway,
    search_half_length_m,
    survival_span_s,
)

HOUR = 3600.0


def test_leeway_of_a_person_golden(golden):
    row = golden["water.leeway_piw"]["expected"]
    found = leeway("person", 10.0)
    assert found.downwind_mps == pytest.approx(row["DWL_pct"] / 100 * 10.0)
    assert found.crosswind_mps == pytest.approx(row["CWL_pct"] / 100 * 10.0)
    assert found.downwind_sd_mps * 100 == pytest.approx(row["DWL_sd_cm_s"])
    assert found.crosswind_sd_mps * 100 == pytest.approx(row["CWL_sd"])


def test_other_objects_by_the_published_shares():
    # OpenDrift's table: life jacket III 0.48 %, survival suit 1.71 %, raft with deep ballast 3.52 %
    shares = {"person-in-jacket": 0.48, "person-in-survival-suit": 1.71, "life-raft": 3.52}
    for kind, percent in shares.items():
        assert leeway(kind, 5.0).downwind_mps == pytest.approx(percent / 100 * 5.0)
    with pytest.raises(ValueError, match="wind"):
        leeway("person", -1.0)


def test_drift_adds_current_and_leeway():
    # 0.25 m/s with the current, 0.96 % of 5 m/s: 0.298 m/s, 1,072.8 m in an hour
    assert float(drifted_m("person", 5.0, 0.25, HOUR)) == pytest.approx(1072.8)
    assert float(drifted_m("person", -5.0, 0.25, HOUR)) == pytest.approx((0.25 - 0.048) * HOUR)
    # 90 % lie within 1.645 sd: 1.645 x 0.12 x 3,600 m
    assert search_half_length_m("person", HOUR) == pytest.approx(710.6, rel=1e-3)
    with pytest.raises(ValueError, match="share"):
        search_half_length_m("person", HOUR, 1.0)


@pytest.mark.parametrize(
    ("fahrenheit", "exhausted", "dead"),
    [(36.25, (15, 30), (30, 90)), (45.0, (30, 60), (60, 180)), (55.0, (60, 120), (60, 360)),
     (65.0, (120, 420), (120, 2400))],
)  # fmt: skip
def test_the_table_at_the_middle_of_its_bands(fahrenheit, exhausted, dead):
    celsius = (fahrenheit - 32.0) / 1.8
    assert [t / 60 for t in exhaustion_span_s(celsius)] == pytest.approx(exhausted)
    assert [t / 60 for t in survival_span_s(celsius)] == pytest.approx(dead)


def test_spans_grow_with_warmth():
    spans = [survival_span_s(c) for c in np.linspace(-2.0, 27.0, 60)]
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(spans))


def test_survival_against_hayward(gate):
    # an independent formula for a still adult with a life jacket; the table's middle may lie a
    # factor of 2.5 off (both sources claim no better)
    for celsius in (5.0, 10.0, 12.0, 15.0):
        low, high = survival_span_s(celsius)
        gate(f"water: table over Hayward at {celsius:g} C",
             math.sqrt(low * high) / hayward_time_s(celsius), 0.4, 2.5)  # fmt: skip
    with pytest.raises(ValueError, match="below 23"):
        hayward_time_s(25.0)


def test_a_cold_canal_in_november(gate):
    # 12 C: with a life jacket most live for an hour; without one most are gone in two
    jacket = alive_share([0.0, HOUR, 2 * HOUR], 12.0, True)
    bare = alive_share([0.0, HOUR, 2 * HOUR], 12.0, False)
    assert (jacket[0], bare[0]) == (1.0, 1.0)
    gate("water: 12 C, jacket, alive after 1 h", float(jacket[1]), 0.7, 0.98)
    gate("water: 12 C, no jacket, alive after 1 h", float(bare[1]), 0.1, 0.6)
    gate("water: 12 C, no jacket, alive after 2 h", float(bare[2]), 0.0, 0.2)


def test_survival_never_rises_and_a_jacket_never_harms():
    t = np.linspace(0.0, 24 * HOUR, 500)
    for celsius in (-1.0, 4.0, 12.0, 20.0, 26.0):
        curves = [alive_share(t, celsius, jacket) for jacket in (True, False)]
        for curve in curves:
            assert (np.diff(curve) <= 1e-12).all()
            assert ((curve >= 0.0) & (curve <= 1.0)).all()
        assert (curves[0] >= curves[1] - 1e-12).all()
    at = 3 * HOUR
    shares = [float(alive_share(at, c, True)) for c in np.linspace(-2.0, 27.0, 30)]
    assert (np.diff(shares) >= -1e-12).all()
    assert alive_share(at, 12.0, False, 1.0) > alive_share(at, 12.0, False, 0.0)


def test_wrong_inputs_are_named():
    with pytest.raises(ValueError, match="temperature"):
        alive_share(1.0, 60.0, True)
    with pytest.raises(ValueError, match="swimmers"):
        alive_share(1.0, 12.0, False, 2.0)
