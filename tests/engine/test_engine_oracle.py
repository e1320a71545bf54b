"""The engine against a drill worked out by hand, fact by fact."""

from __future__ import annotations

import pytest

from drillsim.engine.session import Session, run
from drillsim.log.runlog import RunLog
from drillsim.scenario import Scenario

pytestmark = pytest.mark.usefixtures("constant_times")
OPERATOR = "works/operator"
ON_THE_SPOT = ("location", "release", "smell", "state", "substance", "wind")


def facts(log: RunLog) -> list[tuple[float, str, str, str]]:
    return sorted((e.t, e.kind, e.who, e.subject) for e in log.events)


BY_HAND: list[tuple[float, str, str, str]] = [
    (0.0, "drawn", "world", "channels"),
    (0.0, "drawn", "world", "people"),
    (0.0, "drawn", "world", "weather"),
    *((0.0, "truth", "world", fact) for fact in (*ON_THE_SPOT, "access", "sector")),
    (0.0, "truth", "world", "to-protect"),
    (0.0, "truth", "world", "sensitive-site"),
    *((t, "people", "world", "snapshot") for t in (0.0, 300.0, 600.0, 900.0, 1200.0, 1500.0)),
    # the operator notices after 10 s
    *((10.0, "believed", OPERATOR, fact) for fact in ON_THE_SPOT),
    (10.0, "duty-woken", OPERATOR, "n-call"),
    (20.0, "truth", "world", "cloud-visible"),
    (30.0, "believed", OPERATOR, "cloud-visible"),
    # 10 + 15 to decide, 8 to dial, 60 to talk
    (25.0, "message-sent", OPERATOR, "fire-call"),
    (93.0, "message-delivered", "brigade", "fire-call"),
    (93.0, "message-acknowledged", "brigade", "fire-call"),
    *((93.0, "believed", "brigade", fact) for fact in ("location", "substance", "release")),
    (93.0, "believed", "brigade", "told:fire-call"),
    (93.0, "believed", "brigade", "told:fire-call@works"),
    (93.0, "believed", "brigade", "told:fire-call@works/operator"),
    (93.0, "duty-woken", "brigade", "ii"),
    (93.0, "duty-woken", "brigade", "t-close"),
    # 93 + 30: somebody has to decide on a level
    (123.0, "level-activated", "brigade", "p-brigade:ii"),
    (123.0, "believed", "brigade", "level:p-brigade:ii"),
    (123.0, "duty-woken", "brigade", "n-report"),
    # 123 + 15, + 8 + 60; no acknowledgement is asked for
    (138.0, "message-sent", "brigade", "report"),
    (206.0, "message-delivered", "bureau", "report"),
    (206.0, "believed", "bureau", "level:p-brigade:ii"),
    (206.0, "believed", "bureau", "location"),
    (206.0, "believed", "bureau", "told:report"),
    (206.0, "believed", "bureau", "told:report@brigade"),
    (206.0, "duty-woken", "bureau", "i"),
    (236.0, "level-activated", "bureau", "p-bureau:i"),
    (236.0, "believed", "bureau", "level:p-bureau:i"),
    # 93 + 15 at the desk, 60 turnout, 2,500 m at 10 m/s, 120 to dress, 180 to work
    (108.0, "crew-assigned", "brigade", "engine"),
    (168.0, "crew-departed", "brigade", "engine"),
    (418.0, "crew-arrived", "brigade", "engine"),
    (418.0, "task-started", "brigade", "close-valve"),
    (718.0, "hazard-changed", "brigade", "isolate"),
    (718.0, "truth", "world", "isolated"),
    (718.0, "believed", "brigade", "isolated"),
    (718.0, "task-done", "brigade", "close-valve"),
    (718.0, "believed", "brigade", "done:p-brigade:t-close"),
    (718.0, "crew-freed", "brigade", "engine"),
    (728.0, "believed", OPERATOR, "isolated"),
    (1800.0, "horizon", "world", "horizon"),
    (1800.0, "people-final", "world", "hamlet"),
    (1800.0, "people-final", "world", "all"),
]


def test_every_fact_of_the_oracle_drill(tiny: Scenario) -> None:
    """Three bodies, two messages, one crew, constant times (variant `perfect`).

    The best case of each figure holds, and is given here: notice 10 s, person 15 s, desk 15 s,
    leader 30 s, telephone 8 s, call 60 s (fixture `constant_times`). Road and work
    are those of `tests/data/tiny`.

    message 1: noticed 10, decided 10 + 15 = 25 sent, 25 + 8 + 60 = 93 delivered, acknowledged
    level ii:  told 93, activated 93 + 30 = 123
    message 2: level known 123, sent 123 + 15 = 138, delivered 138 + 8 + 60 = 206
    level i:   told 206, activated 206 + 30 = 236
    crew:      told 93, assigned 93 + 15 = 108, departed 108 + 60 = 168,
               arrived 168 + 2500 / 10 = 418, dressed 418 + 120 = 538, valve shut 538 + 180 = 718
    The operator sees it 10 s later. Nothing else happens until the horizon at 1800 s.
    """
    assert facts(run(tiny, seed=1, variant="perfect")) == sorted(BY_HAND)


def test_constant_times_need_no_luck(tiny: Scenario) -> None:
    one = facts(run(tiny, seed=1, variant="perfect"))
    assert facts(run(tiny, seed=2, rep=5, variant="perfect")) == one


def test_a_message_carries_what_the_sender_knew(tiny: Scenario) -> None:
    """The form's facts and the notification's own; nobody is hurt, so `hurt` stays unknown."""
    call, report = run(tiny, seed=1, variant="perfect").of("message-delivered")
    assert call.data["content"] == {
        "location": "valve-house", "substance": "chlorine", "release": 1.0, "hurt": None,
    }  # fmt: skip
    assert call.data["sender"] == OPERATOR
    assert call.data["woken_s"] == 10.0
    assert report.data["content"] == {"level": "p-brigade:ii", "location": "valve-house"}


def test_a_belief_keeps_the_time_it_was_observed(tiny: Scenario) -> None:
    """What the operator saw happened at 0; two calls later it is still as old as that."""
    log = run(tiny, seed=1, variant="perfect")
    learnt = {e.who: e for e in log.of("believed") if e.subject == "location"}
    assert {who: e.t for who, e in learnt.items()} == {
        OPERATOR: 10.0,
        "brigade": 93.0,
        "bureau": 206.0,
    }
    assert {e.data["observed_s"] for e in learnt.values()} == {0.0}
    assert [e.data["source"] for e in learnt.values()] == ["own", "message", "message"]


def test_every_fact_walks_back_to_its_reasons(tiny: Scenario) -> None:
    log = run(tiny, seed=1, variant="perfect")
    assert [e.id for e in log.events] == list(range(len(log.events)))
    assert all(cause < e.id for e in log.events for cause in e.causes)
    (shut,) = log.of("hazard-changed")
    chain = list(log.chain(shut.id))
    assert {e.clause for e in chain} == {"p-brigade/t-close", "p-works/n-call", ""}
    assert [e.subject for e in chain if e.kind == "truth"] == ["release"]
    kinds = ["hazard-changed", "crew-arrived", "crew-departed", "crew-assigned", "duty-woken",
             "message-delivered", "message-sent", "believed", "truth"]  # fmt: skip
    assert set(kinds) <= {e.kind for e in chain}
    last = [e for e in log.events if e.subject == "p-bureau:i" and e.kind == "level-activated"]
    clauses = {e.clause for e in log.chain(last[0].id)} - {""}
    assert clauses == {"p-bureau/i", "p-brigade/n-report", "p-brigade/ii", "p-works/n-call"}


def test_nobody_up_wind_is_touched(tiny: Scenario) -> None:
    log = run(tiny, seed=1, variant="perfect")
    hamlet, total = log.of("people-final")
    assert hamlet.data["states"] == {"normal": 60.0}
    assert (total.data["heads"], total.data["exposed"], total.data["deaths"]) == (60.0, 0.0, 0.0)
    assert hamlet.data["arrival_s"] is None
    assert hamlet.data["hazardous"] is False


def test_without_plans_nobody_acts(tiny: Scenario) -> None:
    """Variant `none`: the world goes its way, and no duty, message, crew or level is in the log."""
    kinds = {e.kind for e in run(tiny, seed=1, variant="none").events}
    assert kinds == {"drawn", "truth", "people", "people-final", "horizon"}


def test_behavioural_times_never_beat_the_floor(tiny: Scenario) -> None:
    """Nobody notices, decides, dials and talks quicker than his best case, for any seed."""
    floor = 93.0
    told = [
        e.t
        for seed in range(60)
        for e in run(tiny, seed).of("message-delivered")
        if e.subject == "fire-call"
    ]
    assert len(told) > 40
    assert min(told) >= floor


def test_no_drawn_time_is_shorter_than_the_best_case(tiny: Scenario) -> None:
    """`best` is called the floor of physics: `perfect` must be the best that people can do."""
    world = Session(tiny, 1).drill.world
    early = {
        name: shortest
        for name, figure in world.figures.figures.items()
        if (shortest := min(world.delay(name, f"body-{n}") for n in range(300))) < figure.best
    }
    assert early == {}


@pytest.mark.parametrize("deadline", [None, 1.0, 120.0, 7200.0])
def test_a_deadline_hurries_but_never_slows(tiny: Scenario, deadline: float | None) -> None:
    """A deadline D makes the median min(natural, D / 2), never less than the best case."""
    natural = Session(tiny, 1).drill.world
    spec = natural.figures.figures["leader"]
    free = [natural.delay("leader", f"body-{n}") for n in range(400)]
    hurried = Session(tiny, 1).drill.world
    times = [hurried.delay("leader", f"body-{n}", "", deadline) for n in range(400)]
    assert all(h <= f + 1e-9 for h, f in zip(times, free, strict=True))
    median = sorted(times)[200]
    expected = spec.median if deadline is None else min(spec.median, max(deadline / 2, spec.best))
    assert median == pytest.approx(expected, rel=0.12)
