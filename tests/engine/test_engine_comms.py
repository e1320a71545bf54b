"""Channels: outage, deputies, absence, off duty, queues, fallback; worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from drillsim.engine.comms import Message, open_at
from drillsim.engine.session import Session, run
from drillsim.i18n import Text
from drillsim.log.events import Event
from drillsim.plans.conditions import read_atom
from drillsim.plans.model import Notification
from drillsim.plans.organisations import Role
from drillsim.plans.sets import with_elements
from drillsim.scenario import Inject, Scenario

pytestmark = pytest.mark.usefixtures("constant_times")
NAME = Text(zh="名", en="name")


def with_file(scenario: Scenario, **update: Any) -> Scenario:
    return replace(scenario, file=scenario.file.model_copy(update=update), memo={})


def with_roles(scenario: Scenario, org: str, **update: Any) -> Scenario:
    bodies = dict(scenario.plan_set.organisations)
    bodies[org] = bodies[org].model_copy(update=update)
    return scenario.with_plans(replace(scenario.plan_set, organisations=bodies))


def tell(
    session: Session, to: tuple[str, ...], channels: tuple[str, ...] = ("phone",)
) -> list[Event]:
    """Let the operator tell somebody at t = 0; gives the facts about the message."""
    drill = session.drill
    message = Message("report", (), channels, "", 0.0, ack=False)
    drill.world.start(drill.comms.tell("works/operator", to, message, ()))
    drill.world.env.run(until=1700.0)
    return [e for e in drill.world.events if e.kind.startswith("message-")]


@pytest.mark.parametrize(
    ("hours", "hour", "there"),
    [
        ("24h", 3.0, True), ("08:00-18:00", 8.0, True), ("08:00-18:00", 7.99, False),
        ("08:00-18:00", 18.0, False), ("08:30-17:30", 17.49, True), ("22:00-06:00", 23.0, True),
        ("22:00-06:00", 5.99, True), ("22:00-06:00", 6.0, False), ("22:00-06:00", 12.0, False),
    ],
)  # fmt: skip
def test_hours_are_half_open(hours: str, hour: float, there: bool) -> None:
    assert open_at(hours, hour) is there


def idle(scenario: Scenario, variant: str = "perfect") -> Session:
    """A session without any plan."""
    return Session(scenario.with_plans(replace(scenario.plan_set, plans={})), 1, variant=variant)


def test_one_receiver_after_the_other_on_one_line(tiny: Scenario) -> None:
    """8 + 60 s each: two calls by one person take 136 s."""
    facts = tell(idle(tiny), ("brigade", "bureau"))
    assert [(e.t, e.kind, e.who) for e in facts if e.kind == "message-delivered"] == [
        (68.0, "message-delivered", "brigade"), (136.0, "message-delivered", "bureau"),
    ]  # fmt: skip


def test_a_radio_reaches_all_at_once(tiny: Scenario) -> None:
    session = idle(tiny)
    setup = session.drill.world.figures.channels["radio"].best
    facts = tell(session, ("brigade", "bureau"), ("radio",))
    assert [e.t for e in facts if e.kind == "message-delivered"] == [setup, setup]


def test_callers_queue_when_nothing_is_faulty(tiny: Scenario) -> None:
    """Variant `perfect`: a busy desk is waited for; three callers of one line, 60 s apart."""
    session = idle(tiny)
    drill = session.drill
    for caller in ("works/operator", "works", "brigade"):
        message = Message("report", (), ("phone",), "", 0.0, ack=False)
        drill.world.start(drill.comms.tell(caller, ("bureau",), message, ()))
    drill.world.env.run(until=600.0)
    events = drill.world.events
    assert [e.t for e in events if e.kind == "message-delivered"] == [68.0, 128.0, 188.0]
    assert not [e for e in events if e.kind == "message-failed"]


def test_an_outage_costs_one_ring_and_the_next_channel_is_tried(tiny: Scenario) -> None:
    """The telephone is down from 0 to 10 min: one attempt of 30 s, then the radio."""
    text = Text(zh="断", en="cut")
    inject = Inject(id="cut", at="0 s", text=text, outage=("pstn",), lasts="10 min")
    session = idle(with_file(tiny, injects=(inject,)))
    setup = session.drill.world.figures.channels["radio"].best
    facts = tell(session, ("bureau",), ("phone", "radio"))
    assert [(e.t, e.kind, e.data.get("why")) for e in facts] == [
        (0.0, "message-sent", None), (30.0, "message-failed", "outage"),
        (30.0, "message-sent", None), (30.0 + setup, "message-delivered", None),
    ]  # fmt: skip
    assert [e.data["attempt"] for e in facts if e.kind == "message-sent"] == [1, 2]


def test_an_outage_ends(tiny: Scenario) -> None:
    text = Text(zh="断", en="cut")
    inject = Inject(id="cut", at="5 min", text=text, outage=("pstn",), lasts="10 min")
    session = idle(with_file(tiny, injects=(inject,)))
    down = session.drill.comms.carrier_down
    assert not down("pstn")
    states = []
    for t in (299.0, 300.0, 899.0, 900.0):
        session.advance(t)
        states.append(down("pstn"))
    assert states == [False, True, True, False]


CHIEF = Role(id="chief", name=NAME, hours="08:00-09:00")
DEPUTY = Role(id="deputy", name=NAME, hours="24h")


def test_a_deputy_answers_after_one_ring(tiny: Scenario) -> None:
    """10:20: the chief is off duty; his deputy picks up 30 s later, then 60 s of talk."""
    chief = CHIEF.model_copy(update={"deputies": ("bureau/deputy",)})
    scenario = with_roles(tiny, "bureau", roles=(chief, DEPUTY))
    facts = tell(idle(scenario), ("bureau/chief",))
    assert [(e.t, e.kind) for e in facts] == [
        (0.0, "message-sent"), (8.0 + 30.0 + 60.0, "message-delivered"),
    ]  # fmt: skip


def test_who_is_off_duty_is_called_in(tiny: Scenario) -> None:
    scenario = with_roles(tiny, "bureau", roles=(CHIEF,))
    session = idle(scenario)
    call_in = session.drill.world.figures.figures["call-in-day"].best
    facts = tell(session, ("bureau/chief",))
    assert [e.t for e in facts if e.kind == "message-delivered"] == [8.0 + call_in + 60.0]


def test_by_night_the_night_figures_hold(tiny: Scenario) -> None:
    night = with_file(tiny, start=datetime(2026, 9, 15, 2, 0))
    log = run(night, 1, variant="perfect")
    turnout = {e.kind: e.t for e in log.events if e.kind.startswith("crew-")}
    assert turnout["crew-departed"] - turnout["crew-assigned"] == 90.0
    assert log.of("people-final")[-1].data["heads"] == 90.0


def test_who_is_absent_never_answers(tiny: Scenario) -> None:
    """One attempt a channel, 8 s to dial and 30 s of ringing; then nobody is left to try."""
    staff = tiny.file.staff.model_copy(update={"absent": ("bureau",)})
    facts = tell(idle(with_file(tiny, staff=staff)), ("bureau",))
    assert [(e.t, e.kind, e.data.get("why")) for e in facts] == [
        (0.0, "message-sent", None), (38.0, "message-failed", "no-answer"),
    ]  # fmt: skip


def test_an_absent_sender_sends_nothing(tiny: Scenario) -> None:
    """Nobody at the works: no call, no level, no crew; the drill runs to its horizon."""
    staff = tiny.file.staff.model_copy(update={"absent": ("works/operator",)})
    log = run(with_file(tiny, staff=staff), 1, variant="perfect")
    assert log.of("message-sent", "level-activated", "crew-assigned") == ()


def test_three_tries_a_channel(tiny: Scenario) -> None:
    """A desk that never picks up: three attempts, and every failure says why."""
    session = idle(tiny, "behavioural")
    world = session.drill.world
    shares = {
        name: share.model_copy(update={"value": 1.0}) if name.startswith("unanswered") else share
        for name, share in world.figures.shares.items()
    }
    world.figures = world.figures.model_copy(update={"shares": shares})
    session.drill.comms.outages.clear()
    facts = tell(session, ("bureau",))
    failed = [e for e in facts if e.kind == "message-failed"]
    assert [e.data["attempt"] for e in failed] == [1, 2, 3]
    assert {e.data["why"] for e in failed} <= {"unanswered", "lost"}
    assert not [e for e in facts if e.kind == "message-delivered"]
    assert all(fail.causes == (sent.id,) for sent, fail in zip(facts[::2], failed, strict=True))


def test_a_repeated_report_ends_with_the_all_clear(tiny: Scenario) -> None:
    """Every 5 min after each delivery, until the sender believes the all-clear."""
    report = Notification(
        id="n-every", by="works/operator", when=read_atom("release"), to=("bureau",),
        kind="report", channels=("radio",), every="5 min",
    )  # fmt: skip
    text = Text(zh="解除", en="all clear")
    inject = Inject(id="end", at="14 min", text=text, to=("works/operator",), tell={"all-clear": 1})
    scenario = with_file(tiny, injects=(inject,)).with_plans(
        with_elements(tiny.plan_set, {"p-works/n-every": ("notifications", report)})
    )
    log = run(scenario, 1, variant="perfect")
    radio = Session(tiny, 1, variant="perfect").drill.world.figures.channels["radio"].best
    times = [e.t for e in log.of("message-delivered") if e.clause == "p-works/n-every"]
    first = 25.0 + radio
    assert times == [first, first + 300.0 + radio, first + 2 * (300.0 + radio)]
