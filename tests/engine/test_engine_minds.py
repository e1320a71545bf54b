"""Belief: which word counts, what wakes a condition, and how a clock runs."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from drillsim.engine.minds import Minds
from drillsim.engine.session import Session
from drillsim.plans.conditions import Condition
from drillsim.scenario import Scenario

READ = TypeAdapter(Condition)
DESK = "bureau"


@pytest.fixture
def minds(tiny: Scenario) -> Minds:
    """The minds of the tiny drill in which nobody acts on a plan."""
    return Session(tiny, 1, variant="none").drill.minds


def wait(minds: Minds, condition: object) -> list[tuple[float, tuple[int, ...]]]:
    """Give the list that grows when the desk believes a condition."""
    woken: list[tuple[float, tuple[int, ...]]] = []
    minds.wait_for(
        DESK, READ.validate_python(condition), lambda c: woken.append((minds.world.now, c))
    )
    return woken


def until(minds: Minds, t: float) -> None:
    minds.world.env.run(until=t)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ((1.0, "message", 10.0), (2.0, "message", 20.0), 2.0),
        ((1.0, "message", 20.0), (2.0, "message", 10.0), 1.0),
        ((1.0, "own", 10.0), (2.0, "public", 20.0), 2.0),
        ((1.0, "own", 20.0), (2.0, "message", 20.0), 1.0),
        ((1.0, "message", 20.0), (2.0, "own", 20.0), 2.0),
        ((1.0, "crew", 20.0), (2.0, "message", 20.0), 1.0),
        ((1.0, "own", 20.0), (2.0, "crew", 20.0), 1.0),
        ((1.0, "public", 20.0), (2.0, "message", 20.0), 2.0),
        ((1.0, "own", 20.0), (2.0, "own", 20.0), 2.0),
    ],
)
def test_later_observation_then_better_source(
    minds: Minds, first: tuple[Any, ...], second: tuple[Any, ...], kept: float
) -> None:
    until(minds, 30.0)
    for value, source, seen_s in (first, second):
        minds.believe(DESK, "hurt", value, source, (), seen_s)
    assert minds.value(DESK, "hurt") == kept


def test_the_same_word_again_is_no_news(minds: Minds) -> None:
    woken = wait(minds, "hurt >= 2")
    for _ in range(3):
        minds.believe(DESK, "hurt", 2.0, "message")
    told = [e for e in minds.world.events if e.kind == "believed" and e.who == DESK]
    assert len(told) == 1
    assert len(woken) == 1


def test_a_condition_wakes_once_with_its_reasons(minds: Minds) -> None:
    woken = wait(minds, {"all": ["release", "hurt >= 1"]})
    minds.believe(DESK, "hurt", 3.0, "message")
    assert woken == []
    minds.believe(DESK, "release", 1.0, "own")
    minds.believe(DESK, "hurt", 4.0, "message")
    assert len(woken) == 1
    events = minds.world.events
    assert {events[c].subject for c in woken[0][1]} == {"release", "hurt"}


def test_what_already_holds_wakes_at_once(minds: Minds) -> None:
    minds.believe(DESK, "release", 1.0, "own")
    assert len(wait(minds, "release")) == 1


def test_only_the_mind_that_learns_wakes(minds: Minds) -> None:
    woken = wait(minds, "release")
    minds.believe("brigade", "release", 1.0, "own")
    assert woken == []
    assert minds.value(DESK, "release") is None


@pytest.mark.parametrize(("broken_s", "expected_s"), [(None, 310.0), (200.0, 550.0)])
def test_a_clock_runs_unbroken(minds: Minds, broken_s: float | None, expected_s: float) -> None:
    """Held from 10 s; broken at 200 s and true again at 250 s it starts anew."""
    woken = wait(minds, "release for 5 min")
    until(minds, 10.0)
    minds.believe(DESK, "release", 1.0, "own")
    if broken_s is not None:
        until(minds, broken_s)
        minds.believe(DESK, "release", 0.0, "own")
        until(minds, 250.0)
        minds.believe(DESK, "release", 1.0, "own")
    until(minds, 1000.0)
    assert [t for t, _ in woken] == [expected_s]


def test_the_same_sentence_in_two_units_runs_one_clock_each(minds: Minds) -> None:
    one, other = wait(minds, "release for 5 min"), wait(minds, "release for 300 s")
    longer = wait(minds, "release for 400 s")
    until(minds, 50.0)
    minds.believe(DESK, "release", 1.0, "own")
    until(minds, 1000.0)
    assert [[t for t, _ in w] for w in (one, other, longer)] == [[350.0], [350.0], [450.0]]


def test_shared_beliefs_reach_everybody_but_not_who_was_told(tiny: Scenario) -> None:
    minds = Session(tiny, 1, variant="ideal-links").drill.minds
    minds.believe("works/operator", "hurt", 2.0, "own")
    minds.believe("works/operator", "told:report", True, "message")
    assert {minds.value(a, "hurt") for a in minds.of} == {2.0}
    assert [a for a in minds.of if minds.value(a, "told:report")] == ["works/operator"]
