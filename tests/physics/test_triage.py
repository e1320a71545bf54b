import numpy as np
import pytest

from drillsim.physics.triage import (
    CLASSES,
    Vitals,
    expected_tags,
    rpm_score,
    start_class,
    survival_by_class,
    survival_by_rpm,
    tag_shares,
)

STUDY = {"green": 120, "yellow": 26, "red": 2}


@pytest.mark.parametrize(
    ("seen", "tag"),
    [
        (Vitals(walks=True), "green"),
        (Vitals(breathes=False), "red"),
        (Vitals(breathes=False, breathes_after_airway=False), "black"),
        (Vitals(breaths_per_min=31.0), "red"),
        (Vitals(breaths_per_min=30.0), "yellow"),
        (Vitals(perfused=False), "red"),
        (Vitals(obeys=False), "red"),
        (Vitals(), "yellow"),
    ],
)
def test_start(seen, tag):
    assert start_class(seen) == tag


def test_the_study_comes_back_from_its_table():
    # Kahn et al. 2009: 58 green, 68 yellow, 22 red tags; 79 over-, 3 under-triaged, 66 right
    found = expected_tags(STUDY)
    assert found.tagged() == pytest.approx({"green": 58, "yellow": 68, "red": 22, "black": 0})
    assert found.over_share == pytest.approx(79 / 148)
    assert found.under_share == pytest.approx(3 / 148)
    assert np.trace(found.counts) == pytest.approx(66.0)


def test_sensitivity_and_specificity_of_the_study():
    shares = tag_shares()
    red = CLASSES.index("red")
    assert shares[red, red] == 1.0  # red 100 % sensitive
    counts = expected_tags(STUDY).counts
    not_green = counts[1:, 0].sum() / counts[1:].sum()
    assert 1.0 - not_green == pytest.approx(0.893, abs=1e-3)  # green 89.3 % specific


def test_persons_are_conserved_and_a_perfect_team_errs_never():
    needs = {"green": 11.0, "yellow": 8.0, "red": 4.0, "black": 15.0}
    found = expected_tags(needs)
    assert found.counts.sum() == pytest.approx(38.0)
    assert found.counts.sum(axis=1) == pytest.approx([11.0, 8.0, 4.0, 15.0])
    perfect = expected_tags(needs, np.eye(4))
    assert perfect.tagged() == pytest.approx(needs)
    assert (perfect.over_share, perfect.under_share) == (0.0, 0.0)
    with pytest.raises(ValueError, match="no such class"):
        expected_tags({"blue": 1.0})
    with pytest.raises(ValueError, match="4 x 4"):
        expected_tags(needs, np.ones((4, 4)))
    with pytest.raises(ValueError, match="persons"):
        expected_tags({"red": -1.0})


@pytest.mark.parametrize(
    ("breaths", "pulse", "motor", "score"),
    [(16, 80, 4, 12), (0, 0, 0, 0), (30, 130, 4, 10), (40, 50, 2, 6), (8, 30, 1, 3)],
)
def test_rpm_score(breaths, pulse, motor, score):
    assert rpm_score(breaths, pulse, motor) == score


def test_survival_at_once_is_the_published_row():
    row = [0.052, 0.089, 0.15, 0.23, 0.35, 0.49, 0.63, 0.75, 0.84, 0.90, 0.94, 0.97, 0.98]
    assert [float(survival_by_rpm(s, 0.0)) for s in range(13)] == pytest.approx(row)
    # score 6 is 4 after 30 min, 3 after an hour: 0.63, 0.35, 0.23; half-way 0.49
    assert survival_by_rpm(6, [0.0, 900.0, 1800.0, 3600.0]) == pytest.approx(
        [0.63, 0.49, 0.35, 0.23]
    )
    # score 9 after six hours is 0
    assert float(survival_by_rpm(9, 6 * 3600.0)) == pytest.approx(0.052)


def test_waiting_never_helps_and_a_better_score_never_harms():
    waiting = np.linspace(0.0, 8 * 3600.0, 97)
    table = np.array([survival_by_rpm(s, waiting) for s in range(13)])
    assert (np.diff(table, axis=1) <= 1e-12).all()
    assert (np.diff(table, axis=0) >= -1e-12).all()
    for name in CLASSES:
        low, mean, high = (survival_by_class(name, waiting, s) for s in ("low", "mean", "high"))
        assert (low <= mean + 1e-12).all()
        assert (mean <= high + 1e-12).all()
    order = [survival_by_class(name, waiting) for name in ("red", "yellow", "green")]
    assert (order[0] <= order[1]).all()
    assert (order[1] < order[2]).all()
    soon = waiting <= 4 * 3600.0
    assert (order[0][soon] < order[1][soon]).all()


def test_wrong_inputs_are_named():
    with pytest.raises(ValueError, match="0 to 12"):
        survival_by_rpm(13, 0.0)
    with pytest.raises(ValueError, match="waiting"):
        survival_by_rpm(6, -1.0)
    with pytest.raises(ValueError, match="spread"):
        survival_by_class("red", 0.0, "worst")
    with pytest.raises(ValueError, match="motor"):
        rpm_score(16, 80, 5)
    with pytest.raises(ValueError, match="breaths"):
        start_class(Vitals(breaths_per_min=-1.0))
