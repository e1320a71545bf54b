import math

import numpy as np
import pytest
from pydantic import ValidationError

from drillsim.data.staffing import (
    Readiness,
    StaffingFigures,
    crew_time_factor,
    effects_of,
    error_factor,
    staffing,
    vacant_post_factor,
)

READY = Readiness(
    posts={"commander": True, "safety": True},
    people=4,
    crew_planned=4,
    equipment=frozenset({"level-a-suit", "plugging-kit", "pump"}),
    needs={"plug": frozenset({"level-a-suit", "plugging-kit"}), "pump": frozenset({"pump"})},
    premises={"pump": True},
)


def test_residential_crews_have_the_published_shares():
    # NIST TN 1661: a crew of 4 takes 30 % less time than 2 and 25 % less than 3; water 15 %, 6 %
    assert 1.0 - 1.0 / crew_time_factor("residential", 2) == pytest.approx(0.30, abs=0.005)
    assert 1.0 - 1.0 / crew_time_factor("residential", 3) == pytest.approx(0.25, abs=0.005)
    assert 1.0 - 1.0 / crew_time_factor("residential-water", 2) == pytest.approx(0.15, abs=0.005)
    assert 1.0 - 1.0 / crew_time_factor("residential-water", 3) == pytest.approx(0.06, abs=0.005)


def test_high_rise_crews_have_the_published_minutes():
    # NIST TN 1797: 12, 21 and 23 min between a crew of 3 and crews of 4, 5, 6; 9 and 11 from 4
    base = staffing().high_rise_base_min.value
    minutes = {n: crew_time_factor("high-rise", n) * base for n in (3, 4, 5, 6)}
    gaps = [minutes[3] - minutes[n] for n in (4, 5, 6)]
    assert gaps == pytest.approx([12, 21, 23], abs=0.5)
    assert [minutes[4] - minutes[n] for n in (5, 6)] == pytest.approx([9, 11], abs=0.5)
    stated = {n: row.value for n, row in staffing().high_rise_minutes.items()}
    assert {n: minutes[n] - minutes[4] for n in stated} == pytest.approx(stated, abs=0.5)


@pytest.mark.parametrize("setting", ["residential", "residential-water", "high-rise"])
def test_more_hands_are_never_slower(setting):
    factors = [crew_time_factor(setting, crew) for crew in np.linspace(0.5, 8.0, 60)]
    assert (np.diff(factors) <= 1e-12).all()
    assert crew_time_factor(setting, 4) == 1.0
    assert crew_time_factor(setting, 1) == pytest.approx(2.0 * crew_time_factor(setting, 2))
    assert crew_time_factor(setting, 0) == math.inf
    with pytest.raises(ValueError, match="crew"):
        crew_time_factor(setting, -1)


def test_training_lowers_errors():
    factors = [error_factor(level) for level in ("none", "briefed", "trained", "drilled")]
    assert (np.diff(factors) < 0.0).all()
    assert error_factor("trained") == 1.0


def test_a_ready_team_loses_nothing():
    found = effects_of(READY)
    assert (found.time_factor, found.error_factor, found.supply_share) == (1.0, 1.0, 1.0)
    assert found.capabilities == {"plug", "pump"}
    assert not found.lost
    assert found.vacant == ()


def test_each_respect_bites():
    def changed(**fields):
        return effects_of(READY.model_copy(update=fields))

    assert changed(body=False).time_factor == pytest.approx(1.3)
    assert changed(posts={"commander": False, "safety": True}).vacant == ("commander",)
    assert vacant_post_factor() > 1.0
    assert changed(people=2).time_factor == pytest.approx(1.429)
    assert changed(training="none").error_factor == 3.0
    bare = changed(equipment=frozenset({"pump", "plugging-kit"}))
    assert bare.capabilities == {"pump"}
    assert bare.lost["plug"] == ("equipment: level-a-suit",)
    assert changed(funds=0.25).supply_share == 0.25
    assert changed(premises={"pump": False}).lost["pump"] == ("premises",)


def test_nobody_on_duty_loses_everything():
    found = effects_of(READY.model_copy(update={"people": 0}))
    assert found.time_factor == math.inf
    assert found.capabilities == frozenset()
    assert all("people" in reasons for reasons in found.lost.values())


def test_a_planned_crew_of_three_is_its_own_reference():
    three = READY.model_copy(update={"people": 3, "crew_planned": 3})
    assert effects_of(three).time_factor == 1.0
    assert effects_of(three.model_copy(update={"people": 4})).time_factor < 1.0


def test_readiness_is_checked():
    with pytest.raises(ValidationError, match="serve no stated capability"):
        Readiness(premises={"kitchen": True})
    with pytest.raises(ValidationError, match="planned crew"):
        Readiness(people=40, crew_planned=4)
    with pytest.raises(ValidationError):
        Readiness(funds=1.5)
    with pytest.raises(ValidationError):
        Readiness(people=-1)
    raw = staffing().model_dump(mode="json")
    raw["no_body_factor"]["source"] = "hearsay"
    with pytest.raises(ValidationError, match="no such source: hearsay"):
        StaffingFigures.model_validate(raw)
