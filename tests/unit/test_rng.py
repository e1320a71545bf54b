"""Keyed draws: golden first numbers, independence of order, and the distributions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from drillsim.rng import Draws, exponential, lognormal, normal

GOLDEN = (
    0.3704557261828543,
    0.12795714830199476,
    0.8551177677428414,
    [0.04193802710859982, 0.4937082154045878, 0.551360224492976],
)
KEYS = st.tuples(
    st.sampled_from(["call", "retry", "desk"]), st.sampled_from(["a", "b"]),
    st.sampled_from(["", "x", "y"]),
)  # fmt: skip


def test_golden_first_draws() -> None:
    """Accepted on purpose: another number here makes every saved digest another one."""
    draws = Draws(1, 0)
    assert draws.at("call", "a", "b") == GOLDEN[0]
    assert draws.at("call", "a", "b", 1) == GOLDEN[1]
    assert Draws(1, 1).at("call", "a", "b") == GOLDEN[2]
    assert draws.many("tolerance", "hamlet", 3).tolist() == GOLDEN[3]


def test_the_key_is_the_whole_draw() -> None:
    one, other = Draws(1, 0), Draws(1, 0)
    other.next("desk", "z")
    other.many("tolerance", "hamlet", 1000)
    assert one.at("call", "a", "b") == other.at("call", "a", "b")
    values = {
        Draws(seed, rep).at(purpose, owner, subject, n)
        for seed in (1, 2) for rep in (0, 1) for purpose in ("p", "q")
        for owner in ("a", "b") for subject in ("", "s") for n in (0, 1)
    }  # fmt: skip
    assert len(values) == 2**6, "every part of the key counts"


def test_parts_of_a_key_do_not_run_together() -> None:
    draws = Draws(1, 0)
    assert draws.at("ab", "c") != draws.at("a", "bc")
    assert draws.at("a", "b", "c") != draws.at("a", "bc", "")
    assert Draws(1, 23).at("a", "b") != Draws(12, 3).at("a", "b")


@given(st.lists(KEYS, max_size=30), st.randoms(use_true_random=False))
def test_others_draws_do_not_depend_on_the_order(keys: list[tuple[str, ...]], luck) -> None:
    """Common random numbers: each owner's own sequence is the same, however they interleave."""

    def sequence(order: list[tuple[str, ...]]) -> dict[tuple[str, ...], list[float]]:
        draws = Draws(5, 2)
        found: dict[tuple[str, ...], list[float]] = {}
        for key in order:
            found.setdefault(key, []).append(draws.next(*key))
        return found

    shuffled = list(keys)
    luck.shuffle(shuffled)
    assert sequence(keys) == sequence(shuffled)


def test_next_counts_on() -> None:
    draws = Draws(1, 0)
    assert [draws.next("call", "a", "b") for _ in range(3)] == [
        draws.at("call", "a", "b", n) for n in range(3)
    ]


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_longer_vector_keeps_its_head(short: int, more: int) -> None:
    draws = Draws(9, 0)
    longer = draws.many("tolerance", "z001", short + more)
    assert np.array_equal(draws.many("tolerance", "z001", short), longer[:short])


def test_draws_are_uniform_and_unrelated() -> None:
    """Kolmogorov-Smirnov and correlation at 1 in 1,000; the seed was set before looking."""
    draws = Draws(20260915, 0)
    many = draws.many("tolerance", "z001", 20_000)
    single = np.array([draws.at("call", "a", "b", n) for n in range(5_000)])
    for sample in (many, single):
        assert (sample > 0).all()
        assert (sample < 1).all()
        assert stats.kstest(sample, "uniform").pvalue > 0.001
        assert abs(np.corrcoef(sample[1:], sample[:-1])[0, 1]) < 3.3 / math.sqrt(sample.size)
    other = draws.many("tolerance", "z002", 20_000)
    assert abs(np.corrcoef(many, other)[0, 1]) < 3.3 / math.sqrt(many.size)


def test_lognormal_meets_its_two_points() -> None:
    assert lognormal(0.5, 75.0, 90.0) == pytest.approx(75.0)
    assert lognormal(0.9, 75.0, 90.0) == pytest.approx(90.0)
    assert lognormal(0.1, 75.0, 90.0) == pytest.approx(75.0**2 / 90.0)
    assert lognormal(0.99, 60.0, 60.0) == 60.0
    assert lognormal(0.99, 60.0, 30.0) == 60.0, "a p90 below the median is held at it"
    assert lognormal(0.3, 0.0, 10.0) == 0.0


def test_normal_and_exponential_quantiles() -> None:
    assert normal(0.5, 70.0, 8.0) == pytest.approx(70.0)
    assert normal(0.975, 0.0, 1.0) == pytest.approx(1.959964, abs=1e-6)
    assert exponential(1 - math.exp(-1), 40.0) == pytest.approx(40.0)
    assert exponential(0.5, 40.0) == pytest.approx(40.0 * math.log(2))


@given(st.floats(1e-9, 1 - 1e-9), st.floats(0.1, 1e4), st.floats(1.0, 5.0))
def test_quantiles_rise(u: float, median: float, ratio: float) -> None:
    higher = min(u + 1e-3, 1 - 1e-10)
    assert lognormal(u, median, median * ratio) <= lognormal(higher, median, median * ratio)
    assert exponential(u, median) <= exponential(higher, median)
