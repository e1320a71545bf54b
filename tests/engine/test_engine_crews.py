"""Crews: who may send whom, who goes, and that work is done by those who are there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from drillsim.engine.session import Session, run
from drillsim.i18n import Text
from drillsim.plans.conditions import read_atom
from drillsim.plans.model import Promise, Task
from drillsim.plans.sets import with_elements
from drillsim.scenario import Inject, Scenario

pytestmark = pytest.mark.usefixtures("constant_times")


def with_engines(scenario: Scenario, **homes: str) -> Scenario:
    """Give the drill with one engine at each home, by id."""
    engine = scenario.plan_set.resources["engine"]
    found = {
        name: engine.model_copy(update={"id": name, "home": home}) for name, home in homes.items()
    }
    return scenario.with_plans(replace(scenario.plan_set, resources=found))


def with_task(scenario: Scenario, **update: Any) -> Scenario:
    _, task = scenario.plan_set.find("p-brigade/t-close")
    changed = ("tasks", task.model_copy(update=update))
    return scenario.with_plans(with_elements(scenario.plan_set, {"p-brigade/t-close": changed}))


def test_the_nearest_crew_goes(tiny: Scenario) -> None:
    """Fire house 2,500 m, hall 5,500 m from the valve."""
    log = run(with_engines(tiny, far="hall", near="fire-house"), 1, variant="perfect")
    assert [e.subject for e in log.of("crew-assigned")] == ["near"]


def test_a_crew_that_stands_there_needs_no_turnout(tiny: Scenario) -> None:
    """A second task after the first: the engine is at the valve house and free at 718 s."""
    second = Task(
        id="t-look", by="brigade", when=read_atom("done t-close"), verb="size-up",
        needs=("entry",), where="scene",
    )  # fmt: skip
    scenario = tiny.with_plans(
        with_elements(tiny.plan_set, {"p-brigade/t-look": ("tasks", second)})
    )
    log = run(scenario, 1, variant="perfect")
    facts = [(e.t, e.kind) for e in log.events if e.clause == "p-brigade/t-look"]
    assert (733.0, "crew-assigned") in facts
    assert (733.0, "crew-arrived") in facts, "15 s at the desk, no turnout, no way to go"


def test_a_busy_crew_is_waited_for(tiny: Scenario) -> None:
    """Both tasks want the one engine at 108 s: the second gets it when the first is done."""
    twin = Task(
        id="t-twin", by="brigade", when=read_atom("told fire-call by works"), verb="size-up",
        needs=("entry",), where="scene",
    )  # fmt: skip
    scenario = tiny.with_plans(with_elements(tiny.plan_set, {"p-brigade/t-twin": ("tasks", twin)}))
    log = run(scenario, 1, variant="perfect")
    assert [(e.t, e.clause) for e in log.of("crew-assigned")] == [
        (108.0, "p-brigade/t-close"), (718.0, "p-brigade/t-twin"),
    ]  # fmt: skip


def test_without_an_able_crew_the_task_fails_at_once(tiny: Scenario) -> None:
    log = run(with_engines(tiny), 1, variant="perfect")
    (none,) = log.of("crew-unavailable")
    (failed,) = log.of("task-failed")
    assert (none.t, failed.t, failed.data["why"]) == (108.0, 108.0, "no-crew")
    assert none.id in failed.causes
    assert log.of("hazard-changed") == ()


@pytest.mark.parametrize(
    ("signed_by", "goes"), [(("bureau", "brigade"), True), (("brigade",), False), ((), False)]
)
def test_another_house_helps_only_when_it_has_signed(
    tiny: Scenario, signed_by: tuple[str, ...], goes: bool
) -> None:
    """The bureau's engine is promised to the brigade; the promiser's own signature counts."""
    promise = Promise(
        id="aid", by="bureau", to="brigade", resource="engine", at="valve-house",
        within="30 min", signed_by=signed_by,
    )  # fmt: skip
    engine = tiny.plan_set.resources["engine"].model_copy(update={"owner": "bureau"})
    scenario = tiny.with_plans(
        with_elements(
            replace(tiny.plan_set, resources={"engine": engine}),
            {"p-bureau/aid": ("promises", promise)},
        )
    )
    assert bool(run(scenario, 1, variant="perfect").of("crew-assigned")) is goes


def test_support_lends_its_crews(tiny: Scenario) -> None:
    engine = tiny.plan_set.resources["engine"].model_copy(update={"owner": "bureau"})
    lent = tiny.with_plans(replace(tiny.plan_set, resources={"engine": engine}))
    assert run(lent, 1, variant="perfect").of("crew-assigned") == ()
    assert run(with_task(lent, support=("bureau",)), 1, variant="perfect").of("crew-assigned")


def test_unprotected_hands_do_not_touch_the_valve(tiny: Scenario) -> None:
    engine = tiny.plan_set.resources["engine"].model_copy(update={"protected": False})
    bare = tiny.with_plans(replace(tiny.plan_set, resources={"engine": engine}))
    log = run(bare, 1, variant="perfect")
    assert [e.data["why"] for e in log.of("task-failed")] == ["no-protection"]
    assert log.of("hazard-changed") == ()
    assert log.of("crew-freed")


def cut_off(scenario: Scenario) -> Scenario:
    """Close the one road between fire house and valve house from the start."""
    inject = Inject(id="flood", at="0 s", text=Text(zh="水淹", en="flood"), close=("valve-house",))
    file = scenario.file.model_copy(update={"injects": (inject,)})
    return replace(scenario, file=file, memo={})


def test_a_crew_without_a_way_does_no_work(tiny: Scenario) -> None:
    log = run(cut_off(tiny), 1, variant="perfect")
    assert log.of("crew-arrived") == ()
    assert log.of("task-started", "hazard-changed") == ()
    assert [e.data["why"] for e in log.of("task-failed")] == ["no-crew"]


def test_only_who_has_arrived_works(tiny: Scenario) -> None:
    """Two engines, 2,500 m and 5,500 m: the first is there at 418 s, the second at 718 s."""
    scenario = with_task(with_engines(tiny, far="hall", near="fire-house"), crews=2)
    log = run(scenario, 1, variant="perfect")
    arrived = {e.data["unit"]: e.t for e in log.of("crew-arrived")}
    assert arrived == {"near#1": 418.0, "far#1": 718.0}
    for started in log.of("task-started"):
        assert all(arrived[unit] <= started.t for unit in started.data["units"])


def test_crews_line_up_by_their_numbers(tiny: Scenario) -> None:
    engine = tiny.plan_set.resources["engine"]
    many = engine.model_copy(update={"units": 5, "night_units": 2})
    scenario = tiny.with_plans(replace(tiny.plan_set, resources={"engine": many}))
    assert len(Session(scenario, 1).drill.crews.units) == 5
    staff = tiny.file.staff.model_copy(update={"factor": 0.5})
    half = replace(scenario, file=scenario.file.model_copy(update={"staff": staff}), memo={})
    assert len(Session(half, 1).drill.crews.units) == 3, "half of five, rounded up"
    night = scenario.file.model_copy(update={"start": scenario.file.start.replace(hour=2)})
    by_night = replace(scenario, file=night, memo={})
    assert len(Session(by_night, 1).drill.crews.units) == 2
