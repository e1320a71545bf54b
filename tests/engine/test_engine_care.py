"""Work for the hurt, one casualty at a time, in the tiny drill."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import pytest
import simpy

from drillsim.engine.actions import ACTIONS
from drillsim.engine.drill import Drill, Job
from drillsim.engine.medical import STAGES
from drillsim.engine.session import Session
from drillsim.engine.states import State
from drillsim.plans.conditions import read_atom
from drillsim.plans.model import Task
from drillsim.scenario import Scenario

pytestmark = pytest.mark.usefixtures("constant_times")


@pytest.fixture
def drill(tiny: Scenario, constant_times: None) -> Drill:
    """The tiny drill at t = 0 under constant times; one group of three lies on the ground."""
    drill = Session(tiny, 1, variant="perfect").drill
    drill.people.state[0] = State.DOWN
    drill.people.serious[0] = True
    drill.people.falls = 1
    drill.medical.notice()
    return drill


def start(drill: Drill, verb: Any, by: str = "brigade", served: float = 0.0) -> simpy.Process:
    task = Task(id=f"t-{verb}", by=by, when=read_atom("release"), verb=verb)
    unit = drill.crews.units[0]
    if served:
        unit.resource = unit.resource.model_copy(update={"served": served})
    job = Job("p-brigade", task, "valve-house", (), [unit])
    return drill.world.start(ACTIONS[verb](drill, job))


def count(drill: Drill, subject: str) -> float:
    events = drill.world.events
    return sum(e.data["n"] for e in events if e.kind == "casualties" and e.subject == subject)


def at_stage(drill: Drill, stage: str) -> None:
    drill.medical.stage[0] = STAGES.index(stage)
    drill.people.state[0] = State.IN_CARE


def test_a_casualty_is_brought_out_after_suiting_up_and_a_trip(drill: Drill) -> None:
    """Best case: 720 s to suit up, 360 s a trip; the group of three comes out at 1080 s."""
    start(drill, "search-rescue")
    drill.world.env.run(until=1081.0)
    (out,) = [e for e in drill.world.events if e.kind == "casualties" and e.subject == "rescued"]
    assert (out.t, out.data["n"]) == (1080.0, 3.0)
    assert drill.people.state[0] == State.IN_CARE


def test_who_dies_during_the_trip_stays_dead(drill: Drill) -> None:
    start(drill, "search-rescue")
    drill.world.env.run(until=900.0)
    drill.people.state[0] = State.DEAD
    drill.world.env.run(until=1790.0)
    assert drill.people.state[0] == State.DEAD
    assert count(drill, "rescued") == 0.0


@pytest.mark.parametrize(
    ("verb", "stage", "subject"),
    [("triage", "rescued", "triaged"), ("decontaminate", "rescued", "decontaminated")],
)
def test_two_teams_do_not_treat_one_casualty_twice(
    drill: Drill, verb: str, stage: str, subject: str
) -> None:
    at_stage(drill, stage)
    start(drill, verb, served=60.0)
    start(drill, verb, by="bureau", served=60.0)
    drill.world.env.run(until=1000.0)
    assert count(drill, subject) == 3.0


def test_who_is_left_behind_is_treated_by_the_next_team(drill: Drill) -> None:
    """The first team is driven off by gas after ten seconds; a second one comes."""
    at_stage(drill, "rescued")
    work = start(drill, "triage")

    def driven_off() -> Any:
        with contextlib.suppress(simpy.Interrupt):
            yield work

    drill.world.start(driven_off())
    drill.world.env.run(until=10.0)
    work.interrupt("gas")
    drill.world.env.run(until=20.0)
    assert count(drill, "triaged") == 0.0
    start(drill, "triage", by="bureau")
    drill.world.env.run(until=1000.0)
    assert count(drill, "triaged") == 3.0


def test_red_goes_first(drill: Drill) -> None:
    medical = drill.medical
    medical.beds["hall"] = 10.0
    drill.people.state[:3] = State.DOWN
    drill.people.falls = 3
    medical.notice()
    medical.stage[:3] = STAGES.index("triaged")
    medical.colour[:3] = ["yellow", "red", "yellow"]
    drill.people.state[:3] = State.IN_CARE
    medical.since_s[:3] = [0.0, 50.0, 10.0]
    assert list(medical.waiting("triaged")) == [0, 2, 1]
    start(drill, "transport-casualties")
    drill.world.env.run(until=1.0)
    assert medical.stage[1] == STAGES.index("on-the-way")
    assert list(np.flatnonzero(medical.stage == STAGES.index("triaged"))) == [0, 2]


def test_without_a_free_bed_the_casualty_waits_at_the_point(drill: Drill) -> None:
    at_stage(drill, "triaged")
    start(drill, "transport-casualties")
    drill.world.env.run(until=1000.0)
    assert drill.medical.stage[0] == STAGES.index("triaged")
    drill.medical.beds["hall"] = 10.0
    drill.world.env.run(until=1790.0)
    assert drill.medical.stage[0] > STAGES.index("triaged")
    assert drill.medical.beds["hall"] == 7.0, "a group of three takes three beds"


def test_waiting_costs_lives_by_the_stated_rate(drill: Drill) -> None:
    """12 % an hour from the fall: one hour on the ground, one more beyond the horizon."""
    medical, world = drill.medical, drill.world
    rate = world.figures.shares["red-death-per-hour"].value
    medical.remember_falls()
    world.env.run(until=1800.0 - 1e-6)
    expected = 3.0 * (1 - (1 - rate) ** 1.5)
    assert medical.waiting_loss() == pytest.approx(expected, rel=1e-6)
    medical.admitted_s[0] = 900.0
    assert medical.waiting_loss() == pytest.approx(3.0 * (1 - (1 - rate) ** 0.25), rel=1e-6)
