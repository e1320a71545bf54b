"""Golden values of the plans reference 5.6."""

from __future__ import annotations

import math

import pytest

from drillsim.scoring import kernel
from drillsim.scoring.alignment import align, allowed_share, chain

MODEL = chain("ABCDEF")


def test_attainment_golden() -> None:
    assert kernel.attainment(75, 60) == pytest.approx(0.75)
    assert kernel.attainment(60, 60) == 1.0
    assert kernel.attainment(120, 60) == 0.0
    assert kernel.attainment(500, 60) == 0.0
    assert kernel.attainment(math.inf, 60) == 0.0
    assert kernel.attainment(1, 0) == 0.0


def test_zone_golden() -> None:
    score = kernel.zone_score(800, 400, 200)
    assert score is not None
    assert score.precision == pytest.approx(0.6667, abs=5e-5)
    assert score.recall == pytest.approx(0.8)
    assert score.iou == pytest.approx(0.5714, abs=5e-5)
    assert score.f2 == pytest.approx(0.7692, abs=5e-5)


def test_zone_without_danger_is_no_score() -> None:
    assert kernel.zone_score(0, 10, 0) is None
    missed = kernel.zone_score(0, 0, 10)
    assert missed is not None
    assert missed.f2 == 0.0


def test_effectiveness_golden() -> None:
    assert kernel.saved_share(120, 45, 20) == pytest.approx(0.75)
    assert kernel.saved_share(120, 130, 20) == pytest.approx(-0.10)


def test_wilson_golden() -> None:
    low, high = kernel.wilson(17, 20)
    assert low == pytest.approx(0.6396, abs=5e-5)
    assert high == pytest.approx(0.9476, abs=5e-5)


def test_wilson_needs_35_runs_for_090() -> None:
    assert kernel.wilson(34, 34)[0] < 0.90
    assert kernel.wilson(35, 35)[0] >= 0.90


def test_wilson_refuses_what_is_no_rate() -> None:
    with pytest.raises(ValueError, match="no rate"):
        kernel.wilson(3, 2)


def test_overlap_golden() -> None:
    found = kernel.overlap(range(20), range(3, 22))
    assert found.coverage == pytest.approx(0.85)
    assert found.precision == pytest.approx(0.8947, abs=5e-5)
    assert found.jaccard == pytest.approx(0.7727, abs=5e-5)


def test_quadratic_kappa_golden() -> None:
    matrix = [[2, 1, 0, 0], [0, 5, 2, 0], [0, 1, 8, 1], [0, 0, 2, 10]]
    assert kernel.quadratic_kappa(matrix) == pytest.approx(0.8772, abs=5e-5)


def test_level_cost_is_asymmetric() -> None:
    assert kernel.level_cost(1, 3) == 6.0
    assert kernel.level_cost(3, 1) == 2.0


def test_level_accuracy_by_hand() -> None:
    matrix = [[0] * 5 for _ in range(5)]
    matrix[3][3] = 2  # right, worst possible cost 9 each
    matrix[1][3] = 1  # two too low: 6 of 9
    matrix[2][1] = 1  # one too high: 1 of 3
    assert kernel.level_accuracy(matrix) == pytest.approx(1 - 7 / 30)


def test_mean_interval_matches_student() -> None:
    mean, half = kernel.mean_interval([1.0, 2.0, 3.0, 4.0])
    assert mean == 2.5
    assert half == pytest.approx(3.182446 * 1.2909944 / 2, rel=1e-6)
    assert kernel.mean_interval([2.0]) == (2.0, None)


@pytest.mark.parametrize(
    ("run", "cost", "fitness"),
    [
        ("ABCDEF", 0, 1.0),
        ("ABDCEF", 2, 0.8333),
        ("ACDEF", 1, 0.9091),
        ("ABCXDEF", 1, 0.9231),
        ("FEDCBA", 10, 0.1667),
        ("", 6, 0.0),
    ],
)
def test_alignment_golden(run: str, cost: float, fitness: float) -> None:
    found = align(run, MODEL)
    assert found.cost == cost
    assert found.fitness == pytest.approx(fitness, abs=5e-5)


def test_alignment_of_a_partial_order_takes_the_order_that_suits() -> None:
    free = {"A": (), "B": (), "C": ("A", "B")}
    assert align("BAC", free).cost == 0
    assert align("ABC", free).cost == 0
    assert align("CAB", free).cost == 2


def test_alignment_weights_and_repeats() -> None:
    order = {"A": (), "B": ("A",)}
    # keeping the heavy one and dropping the light one is cheaper
    found = align("BA", order, {"A": 1.0, "B": 9.0})
    assert found.cost == 2.0
    assert found.missing == ("A",)
    # a repeat is one extra move, wherever the useful one stands
    assert align("BAB", order).cost == 1.0
    assert align("BAB", order, reasons=[0]).cost == pytest.approx(0.25)


def test_alignment_sees_order_through_a_missing_middle() -> None:
    assert align("CA", MODEL | {}).cost == align("CA", chain("ABC")).cost + 3


def test_alignment_refuses_a_cycle() -> None:
    with pytest.raises(ValueError, match="cycle"):
        align("A", {"A": ("B",), "B": ("A",)})


def test_precision() -> None:
    assert allowed_share("AABX", "ABC") == pytest.approx(2 / 3)
    assert allowed_share("", "ABC") is None
