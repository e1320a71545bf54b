"""The live exercise without a screen: a scripted player, saved decisions, replay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from drillsim.engine.session import Decision, Session, run
from drillsim.log.runlog import RunLog
from drillsim.plans.sets import with_elements
from drillsim.scenario import Scenario

SEED, ROLE = 3, "park-centre"
LATE_S, PLAYED_S = 150.0, 1200.0
Script = tuple[Decision, ...]


def first_woken_s(log: RunLog) -> float:
    """Give the time at which the first duty of the played role wakes."""
    return min(e.t for e in log.of("duty-woken") if e.who == ROLE)


def report_that_helps(log: RunLog) -> str:
    """Give the clause of a report of the role that some place was warned by, in the end."""
    sent = {e.clause for e in log.of("message-sent") if e.who == ROLE}
    reasons = {fact.clause for e in log.of("warned") for fact in log.chain(e.id)}
    return min(sent & reasons)


def play(scenario: Scenario, start_s: float, forgotten: str) -> tuple[RunLog, Script]:
    """Hold a duty desk for twenty minutes: do everything 150 s late, and forget one report."""
    session = Session(scenario, SEED)
    seq = 0

    def decide(action: str, element: str = "") -> None:
        nonlocal seq
        seq += 1
        session.decide(
            Decision(seq=seq, t=round(session.now, 1), role=ROLE, action=action, element=element)
        )

    session.advance(start_s)
    decide("take-over")
    while session.now < start_s + PLAYED_S:
        session.advance(session.now + 30.0)
        for waiting in list(session.inbox):
            assert waiting.role == ROLE
            if session.now - waiting.since_s >= LATE_S and waiting.element != forgotten:
                decide("do", waiting.element)
    decide("release")
    return session.finish(), session.decisions


@pytest.fixture(scope="module")
def unplayed(longcheng: Scenario) -> RunLog:
    return run(longcheng, SEED)


@pytest.fixture(scope="module")
def start_s(unplayed: RunLog) -> float:
    """The player sits down up to ten seconds before the first duty of his desk wakes."""
    return first_woken_s(unplayed) // 10.0 * 10.0


@pytest.fixture(scope="module")
def forgotten(unplayed: RunLog) -> str:
    return report_that_helps(unplayed)


@pytest.fixture(scope="module")
def played(longcheng: Scenario, start_s: float, forgotten: str) -> tuple[RunLog, Script]:
    return play(longcheng, start_s, forgotten)


def test_saved_decisions_replay_to_the_live_digest(
    longcheng: Scenario, played: tuple[RunLog, Script], tmp_path: Path
) -> None:
    log, decisions = played
    saved = tmp_path / "decisions.json"
    saved.write_text(json.dumps([d.model_dump(mode="json") for d in decisions]), "utf-8")
    read = TypeAdapter(tuple[Decision, ...]).validate_json(saved.read_text("utf-8"))
    assert read == decisions
    assert run(longcheng, SEED, decisions=read).digest == log.digest
    assert run(longcheng, SEED, decisions=reversed(read)).digest == log.digest


def test_the_player_was_late_and_the_log_says_so(
    played: tuple[RunLog, Script], unplayed: RunLog, start_s: float
) -> None:
    log, _ = played
    done = [e for e in log.of("decision") if e.subject == "do"]
    assert len(done) >= 5
    by_player = [
        e for e in log.of("message-sent", "level-activated")
        if e.who == ROLE and "decision" in {fact.kind for fact in log.chain(e.id)}
    ]  # fmt: skip
    assert by_player
    for event in by_player:
        (decided, *_) = [e for e in log.chain(event.id) if e.kind == "decision"]
        before = {e.kind for e in log.chain(decided.id)} | {e.kind for e in log.chain(event.id)}
        assert "message-delivered" in before, "the player was told before he decided"
        assert event.t >= first_woken_s(unplayed) + LATE_S
    sent = {e.clause: e.t for e in reversed(log.of("message-sent")) if e.who == ROLE}
    usual = {e.clause: e.t for e in reversed(unplayed.of("message-sent")) if e.who == ROLE}
    later = [clause for clause in sent.keys() & usual.keys() if sent[clause] > usual[clause]]
    assert later


def test_a_forgotten_report_has_consequences(
    played: tuple[RunLog, Script], unplayed: RunLog, forgotten: str
) -> None:
    """Never sent; whoever was warned by it fares otherwise, and the log shows why."""
    log, _ = played
    assert [e for e in unplayed.of("message-delivered") if e.clause == forgotten]
    assert not [e for e in log.of("message-sent") if e.clause == forgotten]

    def warned(one: RunLog) -> set[str]:
        return {
            e.subject for e in one.of("warned")
            if forgotten in {fact.clause for fact in one.chain(e.id)}
        }  # fmt: skip

    assert warned(unplayed)
    assert not warned(log)
    ends = [{e.subject: e.data for e in one.of("people-final")} for one in (log, unplayed)]
    differ = {place for place in ends[0] if ends[0][place] != ends[1][place]}
    assert differ & warned(unplayed)
    assert "all" in differ


def test_a_forgotten_duty_is_a_fact(played: tuple[RunLog, Script], forgotten: str) -> None:
    """The evaluator must see that it was due: every missed obligation is in the log."""
    log, _ = played
    assert [
        e for e in log.of("duty-woken", "duty-omitted", "duty-waiting") if e.clause == forgotten
    ]


def test_a_level_waits_in_the_inbox_once(tiny: Scenario) -> None:
    """`report` reaches the activator and his substitute; the player decides one level once."""
    _, level = tiny.plan_set.find("p-bureau/i")
    both = level.model_copy(update={"substitutes": ("works",)})
    _, report = tiny.plan_set.find("p-brigade/n-report")
    told = report.model_copy(update={"to": ("bureau", "works"), "channels": ("radio",)})
    changes = {"p-bureau/i": ("levels", both), "p-brigade/n-report": ("notifications", told)}
    scenario = tiny.with_plans(with_elements(tiny.plan_set, changes))
    session = Session(scenario, 1, variant="perfect")
    session.decide(Decision(seq=0, t=0.0, role="bureau", action="take-over"))
    session.advance(600.0)
    assert [w.element for w in session.inbox] == ["p-bureau/i"]


def test_until_the_first_decision_nothing_differs(
    played: tuple[RunLog, Script], unplayed: RunLog
) -> None:
    """Taking a role over changes nothing until one of its duties wakes."""
    log, _ = played
    woken = first_woken_s(unplayed)
    early = [
        [(e.t, e.kind, e.who, e.subject)
         for e in one.events if e.t < woken and e.kind != "decision"]
        for one in (log, unplayed)
    ]  # fmt: skip
    assert early[0] == early[1]
    assert len(early[0]) > 50


def test_an_empty_script_is_the_ordinary_run(tiny: Scenario) -> None:
    session = Session(tiny, 4)
    for t in range(0, 1900, 7):
        session.advance(float(t))
    assert session.finish().digest == run(tiny, 4).digest


@pytest.mark.usefixtures("constant_times")
def test_doing_at_once_what_wakes_needs_no_human_time(tiny: Scenario) -> None:
    session = Session(tiny, 1, variant="perfect")
    session.decide(Decision(seq=0, t=0.0, role="works/operator", action="take-over"))
    session.advance(10.1)
    assert [w.element for w in session.inbox] == ["p-works/n-call"]
    session.decide(
        Decision(seq=1, t=10.1, role="works/operator", action="do", element="p-works/n-call")
    )
    assert session.inbox == []
    log = session.finish()
    # 10.1 + 8 to dial + 60 to talk: the 15 s to decide are the player's own
    assert [e.t for e in log.of("message-delivered")][:1] == [78.1]
    assert run(tiny, 1, variant="perfect", decisions=session.decisions).digest == log.digest


def test_what_a_player_skips_is_not_done(tiny: Scenario) -> None:
    decisions = [
        Decision(seq=0, t=0.0, role="works/operator", action="take-over"),
        Decision(seq=1, t=20.0, role="works/operator", action="skip", element="p-works/n-call"),
    ]
    log = run(tiny, 1, variant="perfect", decisions=decisions)
    assert log.of("message-sent", "level-activated", "crew-assigned") == ()
    assert [e.subject for e in log.of("decision")] == ["take-over", "skip"]


@pytest.mark.usefixtures("constant_times")
def test_a_player_may_tell_what_no_plan_asks(tiny: Scenario) -> None:
    decisions = [
        Decision(seq=0, t=28.0, role="works/operator", action="take-over"),
        Decision(
            seq=1, t=30.0, role="works/operator", action="tell", to=("bureau",), kind="report",
            content=("location", "hurt"),
        ),
    ]  # fmt: skip
    log = run(tiny, 1, variant="perfect", decisions=decisions)
    told = [e for e in log.of("message-delivered") if e.who == "bureau"]
    # the operator's own line is taken by the call of 25 s until 93, then 8 + 60
    assert told[0].t == 161.0
    assert told[0].data["content"] == {"location": "valve-house", "hurt": None}
    assert told[0].clause == ""
    assert "decision" in {e.kind for e in log.chain(told[0].id)}


@pytest.mark.parametrize(
    ("decision", "why"),
    [
        ({"t": 5.0, "role": "works/nobody", "action": "take-over"}, "no role 'works/nobody'"),
        ({"t": 5.0, "role": "brigade", "action": "approve", "element": "p-x/y"}, "taken this role"),
        ({"t": 5.0, "role": "brigade", "action": "release"}, "taken this role"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(
    tiny: Scenario, decision: dict[str, object], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        run(tiny, 1, decisions=[Decision(seq=1, **decision)])


def test_a_decision_in_the_past_is_refused(tiny: Scenario) -> None:
    session = Session(tiny, 1)
    session.advance(60.0)
    with pytest.raises(ValueError, match="passed"):
        session.decide(Decision(seq=0, t=59.9, role="brigade", action="take-over"))
    assert session.decisions == ()


@pytest.mark.parametrize("wrong", [{"t": -1.0}, {"seq": -1}, {"action": "dance"}, {"typo": 1}])
def test_a_malformed_decision_is_refused(wrong: dict[str, object]) -> None:
    good = {"seq": 0, "t": 1.0, "role": "brigade", "action": "take-over"}
    with pytest.raises(ValidationError):
        Decision(**{**good, **wrong})


OPERATOR = "works/operator"


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"action": "do", "element": "p-works/nothing"}, "no element 'p-works/nothing'"),
        ({"action": "do", "element": "nowhere/n-call"}, "no element 'nowhere/n-call'"),
        ({"action": "skip", "element": "n-call"}, "no element 'n-call'"),
        ({"action": "do", "element": "p-brigade/t-close"}, "not its duty"),
        ({"action": "do", "element": "p-brigade/ii"}, "not its duty"),
        ({"action": "approve", "element": "p-brigade/ii"}, "nobody asked leave"),
        ({"action": "tell", "kind": "report"}, "tell needs"),
        ({"action": "tell", "kind": "gossip", "to": ("bureau",)}, "tell needs"),
        ({"action": "tell", "kind": "report", "to": ("moon",)}, "no role 'moon'"),
        ({"action": "tell", "kind": "report", "to": ("bureau",), "content": ("x",)},
         "unknown fact"),
        ({"action": "tell", "kind": "report", "to": ("bureau",), "channel": "owl"},
         "channel 'owl'"),
    ],
)  # fmt: skip
def test_a_player_is_told_why_not(tiny: Scenario, asked: dict[str, object], why: str) -> None:
    """Nothing of a refused decision is kept: neither in the script nor in the log."""
    session = Session(tiny, 1)
    session.decide(Decision(seq=0, t=5.0, role=OPERATOR, action="take-over"))
    with pytest.raises(ValueError, match=why):
        session.decide(Decision(seq=1, t=6.0, role=OPERATOR, **asked))
    log = session.finish()
    assert [d.seq for d in session.decisions] == [0]
    assert len(log.of("decision")) == 1
    assert run(tiny, 1, decisions=session.decisions).digest == log.digest


def test_a_decision_between_two_ticks_replays(tiny: Scenario) -> None:
    """A clock that stands off the 0.1 s grid must not make the script unrepeatable."""
    session = Session(tiny, 1)
    session.advance(60.04)
    try:
        session.decide(Decision(seq=0, t=60.0, role=OPERATOR, action="take-over"))
    except ValueError:
        return
    log = session.finish()
    assert run(tiny, 1, decisions=session.decisions).digest == log.digest


def test_a_decision_after_the_horizon_is_refused(tiny: Scenario) -> None:
    with pytest.raises(ValueError, match="horizon"):
        run(tiny, 1, decisions=[Decision(seq=0, t=1800.0, role="bureau", action="take-over")])
