"""Interfaces, handovers and continuity of command, by hand."""

from __future__ import annotations

from typing import Any

import pytest
from scoring_logs import INTERFACE, NOTE, Builder, drill, plan_set

from drillsim.linkage.interfaces import InterfaceRun, interface_runs
from drillsim.linkage.truth import Truth
from drillsim.plans.conditions import AllOf, read_atom
from drillsim.scenario import Scenario
from drillsim.scoring.command import command_part, stretches
from drillsim.scoring.linkage import interface_part, verdict_of
from drillsim.scoring.window import Window

GOOD = {"substance": "chlorine", "wind": "70 deg 3.0 m/s"}


def began() -> Builder:
    builder = Builder()
    builder.truth(0.0, substance="chlorine", wind="70 deg 3.0 m/s", release=1.0)
    builder.truth(60.0, detectors=1.0)
    return builder


def one(scenario: Scenario, builder: Builder) -> InterfaceRun:
    (run,) = interface_runs(scenario, builder.log())
    return run


@pytest.fixture
def scenario() -> Scenario:
    return drill(plan_set(notifications=[NOTE]), interfaces=[INTERFACE])


def test_need_counts_from_detection(scenario: Scenario) -> None:
    builder = began()
    builder.told(60.0 + 375.0, "plant/control", "park", "report", woken_s=400.0, content=GOOD)
    run = one(scenario, builder)
    assert (run.last.limit, run.last.latency_s) == ("need", 375.0)
    assert run.attained == pytest.approx(0.75)
    assert run.value == pytest.approx(0.75)
    assert not run.on_time
    assert run.plan_s == 180.0


def test_law_counts_from_waking_and_the_worse_clock_judges() -> None:
    law = {**INTERFACE, "law": {"basis": "x", "within": "1 min"}}
    scenario = drill(plan_set(notifications=[NOTE]), interfaces=[law])
    builder = began()
    builder.told(200.0, "plant", "park", "report", woken_s=110.0, content=GOOD)
    run = one(scenario, builder)
    assert (run.last.limit, run.last.limit_s, run.last.latency_s) == ("law", 60.0, 90.0)
    assert run.value == pytest.approx(0.5)


def test_without_law_or_need_no_time_is_judged() -> None:
    free = {k: v for k, v in INTERFACE.items() if k != "need"}
    scenario = drill(plan_set(notifications=[NOTE]), interfaces=[free])
    builder = began()
    builder.told(5000.0, "plant", "park", "report", content=GOOD)
    assert one(scenario, builder).value == 1.0


def test_undeclared_counts_nothing_even_when_it_happened() -> None:
    scenario = drill(plan_set(), interfaces=[INTERFACE])
    builder = began()
    builder.told(70.0, "plant", "park", "report", content=GOOD)
    run = one(scenario, builder)
    assert run.executed
    assert run.value == 0.0
    part = interface_part(Window(scenario, builder.log()), 1.0)
    assert part.value == 0.0
    assert "nobody declares it" in part.blames[0].message.en
    assert part.blames[0].clause == ""


@pytest.mark.parametrize(
    ("sender", "receiver", "kind"),
    [("fire", "park", "report"), ("plant", "city", "report"), ("plant", "park", "gossip")],
)
def test_another_sender_receiver_or_kind_does_not_serve(
    scenario: Scenario, sender: str, receiver: str, kind: str
) -> None:
    builder = began()
    builder.told(70.0, sender, receiver, kind, content=GOOD)
    run = one(scenario, builder)
    assert not run.executed
    assert run.value == 0.0


def test_a_fax_needs_confirmation(scenario: Scenario) -> None:
    silent, heard = began(), began()
    silent.told(70.0, "plant", "park", "report", channel="fax", content=GOOD)
    heard.told(70.0, "plant", "park", "report", channel="fax", content=GOOD, ack=True)
    assert one(scenario, silent).value == 0.0
    assert one(scenario, heard).value == 1.0


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ({"substance": "chlorine", "wind": None}, 0.5),
        ({"substance": "ammonia", "wind": "70 deg 3.0 m/s"}, 0.5),
        ({}, 0.0),
    ],
)
def test_content_is_what_arrived_and_was_right(
    scenario: Scenario, content: dict[str, Any], value: float
) -> None:
    builder = began()
    builder.told(70.0, "plant", "park", "report", content=content)
    assert one(scenario, builder).value == pytest.approx(value)


def test_a_repeat_in_time_completes_the_content(scenario: Scenario) -> None:
    builder = began()
    builder.told(70.0, "plant", "park", "report", content={"substance": "chlorine"})
    builder.told(200.0, "plant", "park", "report", content={"wind": "70 deg 3.0 m/s"})
    assert one(scenario, builder).value == 1.0
    builder = began()
    builder.told(70.0, "plant", "park", "report", content={"substance": "chlorine"})
    builder.told(400.0, "plant", "park", "report", content={"wind": "70 deg 3.0 m/s"})
    # half the content in time, or all of it 340 s after detection: the better counts
    assert one(scenario, builder).value == pytest.approx(1.0 - 40.0 / 300.0)


def test_every_receiver_must_be_told() -> None:
    both = {**INTERFACE, "receivers": ["park", "fire"]}
    note = {**NOTE, "to": ["park", "fire"]}
    scenario = drill(plan_set(notifications=[note]), interfaces=[both])
    builder = began()
    builder.told(70.0, "plant", "park", "report", content=GOOD)
    assert one(scenario, builder).value == 0.0
    builder.told(435.0, "plant", "fire", "report", content=GOOD)
    run = one(scenario, builder)
    assert run.attained == pytest.approx(0.75)
    assert run.value == pytest.approx((1.0 + 0.75) / 2)


def test_required_only_when_the_truth_says_so() -> None:
    late = {**INTERFACE, "required_when": {"all": ["cloud-over-fence", "to-protect >= 500"]}}
    scenario = drill(plan_set(notifications=[NOTE]), interfaces=[late])
    builder = began()
    assert interface_runs(scenario, builder.log()) == ()
    builder.truth(300.0, cloud_over_fence=1.0)
    builder.truth(600.0, to_protect=500.0)
    run = one(scenario, builder)
    assert run.required_s == 600.0
    assert run.value == 0.0


def test_nothing_is_required_without_detection(scenario: Scenario) -> None:
    builder = Builder()
    builder.truth(0.0, substance="chlorine")
    assert interface_runs(scenario, builder.log()) == ()


def test_truth_held_for_a_while() -> None:
    builder = Builder()
    builder.truth(0.0, release=1.0)
    builder.truth(1000.0, isolated=1.0)
    truth = Truth(builder.log())
    held = read_atom("release for 10 min")
    assert truth.first(held, 7200.0) == 600.0
    both = AllOf(all=(held, read_atom("not isolated")))
    assert truth.first(both, 7200.0) == 600.0
    assert truth.first(read_atom("isolated for 40 min"), 7200.0) == 3400.0
    assert truth.first(read_atom("isolated for 40 min"), 3000.0) is None
    builder.truth(1500.0, isolated=0.0)
    assert Truth(builder.log()).first(read_atom("isolated for 40 min"), 7200.0) is None


def test_told_values_are_judged_with_a_memory() -> None:
    builder = Builder()
    builder.truth(0.0, hurt=10.0)
    builder.truth(1000.0, hurt=50.0)
    truth = Truth(builder.log())
    assert truth.agrees("hurt", 10.4, 500.0)
    assert not truth.agrees("hurt", 12.0, 500.0)
    assert truth.agrees("hurt", 10.0, 1500.0)
    assert not truth.agrees("hurt", 10.0, 1700.0)
    assert not truth.agrees("hurt", None, 500.0)
    assert truth.agrees("beds", 3.0, 500.0)


# --- command -------------------------------------------------------------------------------------

HANDOVER = {
    "id": "h3",
    "scope": "overall",
    "givers": ["plant"],
    "takers": ["district"],
    "criticality": 5,
    "brief": ["wind", "missing"],
}


def commanded(both_sides: bool = True, missing: Any = 2.0) -> Builder:
    builder = began()
    builder.event(360.0, "command-taken", "plant", "overall", {"from": None, "clean": True})
    data = {
        "giver": "plant",
        "both_sides": both_sides,
        "brief": {"wind": "x", "missing": missing},
    }
    builder.event(1860.0, "handover-done", "district", "overall", data)
    builder.event(1860.0, "command-taken", "district", "overall", {"from": "plant"})
    return builder


@pytest.mark.parametrize(
    ("both_sides", "missing", "clean"), [(True, 2.0, 1.0), (True, None, 0.5), (False, 2.0, 0.0)]
)
def test_handover_by_hand(both_sides: bool, missing: Any, clean: float) -> None:
    scenario = drill(plan_set(), handovers=[HANDOVER])
    window = Window(scenario, commanded(both_sides, missing).log(end_s=6060.0))
    part = command_part(window, 0.2)
    # nobody commands from detection at 60 s to 360 s, of 6,000 s
    assert part.detail["G"] == pytest.approx(0.05)
    assert part.value == pytest.approx(clean * 0.95)


def test_contested_and_lost_command_count_as_without() -> None:
    scenario = drill(plan_set())
    builder = began()
    builder.event(60.0, "command-taken", "plant", "overall", {"from": None})
    builder.event(1000.0, "command-lost", "plant", "overall", {"taker": "district"})
    builder.event(1200.0, "command-taken", "district", "overall", {"from": "plant"})
    data = {"holder": "district", "until_s": 2100.0}
    builder.event(2000.0, "command-contested", "city", "overall", data)
    builder.event(2100.0, "command-taken", "city", "overall", {"from": "district"})
    window = Window(scenario, builder.log(end_s=6060.0))
    whole, found = stretches(window, "overall")
    assert whole == 6000.0
    assert [(s.kind, s.start_s, s.end_s) for s in found] == [
        ("gap", 1000.0, 1200.0),
        ("two", 2000.0, 2100.0),
    ]
    assert command_part(window, 0.2).value == pytest.approx(0.95)


def test_nobody_ever_in_command_is_all_gap() -> None:
    scenario = drill(plan_set(), handovers=[HANDOVER])
    part = command_part(Window(scenario, began().log()), 0.2)
    assert part.detail["G"] == 1.0
    assert part.value == 0.0
    assert any("nobody declares it" in blame.message.en for blame in part.blames)


def test_the_incident_ends_half_an_hour_after_isolation() -> None:
    builder = began()
    builder.truth(1000.0, isolated=1.0)
    assert Window(drill(plan_set()), builder.log()).end_s == 2800.0


# --- verdict -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "kept", "gap", "k", "broken", "verdict"),
    [
        (40, 40, 0.01, 0.9, False, "seamless"),
        (34, 34, 0.01, 0.9, False, "basic"),
        (40, 38, 0.01, 0.9, False, "basic"),
        (40, 40, 0.05, 0.9, False, "basic"),
        (40, 20, 0.05, 0.6, False, "partial"),
        (40, 40, 0.01, 0.9, True, "broken"),
    ],
)
def test_verdict(n: int, kept: int, gap: float, k: float, broken: bool, verdict: str) -> None:
    assert verdict_of({"i1": (5, kept, n), "i2": (2, 0, n)}, k, gap, n, broken) == verdict
