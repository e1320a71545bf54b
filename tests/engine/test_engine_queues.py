"""Telephone lines and crew pools against queueing theory; seeds and sizes fixed beforehand."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
import simpy
from scipy.stats import binom

from drillsim.engine import comms
from drillsim.engine.comms import Message
from drillsim.engine.session import Session
from drillsim.plans.organisations import Resource
from drillsim.rng import exponential
from drillsim.scenario import Scenario

SEED = 20260915


def erlang_b(load: float, lines: int) -> float:
    """Give the share of calls lost with `load` erlang on `lines` lines (Erlang 1917)."""
    blocked = 1.0
    for n in range(1, lines + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def erlang_c(load: float, servers: int) -> float:
    """Give the share of jobs that wait (Erlang 1917)."""
    lost = erlang_b(load, servers)
    return servers * lost / (servers - load * (1.0 - lost))


def test_the_formulas() -> None:
    """Textbook values: B(2, 1) = 1/5, B(5, 3) = 0.1101, C(2, 1) = 1/3 (Gross & Harris, ch. 2)."""
    assert erlang_b(1.0, 2) == pytest.approx(0.2)
    assert erlang_b(3.0, 5) == pytest.approx(0.1101, abs=5e-5)
    assert erlang_c(1.0, 2) == pytest.approx(1 / 3)


def quiet_session(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A session whose channels do nothing but get busy: all answer, nothing fails, no redial."""
    session = Session(scenario, SEED)
    world = session.drill.world
    figures = world.figures
    shares = {
        name: share.model_copy(update={"value": 0.0}) if name.startswith("unanswered") else share
        for name, share in figures.shares.items()
    }
    world.figures = figures.model_copy(update={"shares": shares})
    session.drill.comms.outages.clear()
    monkeypatch.setattr(comms, "TRIES_PER_CHANNEL", 1)
    return session


@pytest.mark.parametrize(("lines", "load"), [(1, 1.0), (2, 1.5), (4, 2.0)])
def test_busy_lines_match_erlang_b(
    tiny: Scenario, monkeypatch: pytest.MonkeyPatch, lines: int, load: float
) -> None:
    """Poisson callers, each tries once: the lost share is Erlang's, whatever the talking time.

    Every tenth caller is counted: some six calls apart, so that the counts are independent and
    the binomial interval (99 %) is the right one.
    """
    session = quiet_session(tiny, monkeypatch)
    drill = session.drill
    world, desk = drill.world, "bureau"
    drill.comms._lines[desk] = simpy.Resource(world.env, capacity=lines)
    call = world.figures.figures["call"]
    sigma = math.log(call.p90 / call.median) / 1.2815515655
    mean_s = call.median * math.exp(sigma**2 / 2)
    callers = 8_000

    def arrive() -> Iterator[simpy.Event]:
        for n in range(callers):
            gap = world.draws.at("arrival", "callers", "", n)
            yield world.wait(exponential(gap, mean_s / load))
            message = Message("report", (), ("phone",), "", world.now, ack=False)
            world.start(drill.comms.tell(f"caller/{n}", (desk,), message, ()))

    world.start(arrive())
    world.env.run(until=callers * mean_s / load * 1.2)
    tried = [e for e in world.events if e.kind == "message-sent" and e.who.startswith("caller")]
    busy = {
        e.who for e in world.events
        if e.kind == "message-failed" and e.data["why"] == "busy" and e.data["attempt"] == 1
    }  # fmt: skip
    assert len(tried) == callers
    assert not [e for e in world.events if e.kind == "message-failed" and e.data["why"] != "busy"
                and e.data["why"] != "lost" and e.who.startswith("caller")]  # fmt: skip
    counted = [f"caller/{n}" for n in range(100, callers, 10)]
    lost = sum(who in busy for who in counted)
    low, high = binom.interval(0.99, len(counted), erlang_b(load, lines))
    assert low <= lost <= high
    delivered = {e.data["sender"] for e in world.events if e.kind == "message-delivered"}
    assert not busy & delivered


def test_crew_pool_matches_erlang_c(tiny: Scenario) -> None:
    """Poisson jobs on three crews with exponential work: the share that waits is Erlang's C.

    Waiting is longer-lived than a call, so every 20th job is counted.
    """
    session = Session(tiny, SEED)
    drill, world = session.drill, session.drill.world
    engine = tiny.plan_set.resources["engine"]
    pool = Resource(**{**dump(engine), "units": 3, "capabilities": ("pump",)})
    first = drill.crews.units[0]
    drill.crews.units = [
        type(first)(f"pump#{n}", pool, first.node, first.x, first.y, place="fire-house")
        for n in range(3)
    ]
    load, work_s, jobs = 2.0, 600.0, 8_000
    waited: dict[int, float] = {}

    def job(n: int) -> Iterator[simpy.Event]:
        asked = world.now
        units = yield from drill.crews.get(("pump",), {"brigade"}, 1, "valve-house", 1e9)
        waited[n] = world.now - asked
        yield world.wait(exponential(world.draws.at("work", "jobs", "", n), work_s))
        drill.crews.free(units[0], "")

    def arrive() -> Iterator[simpy.Event]:
        for n in range(jobs):
            gap = world.draws.at("arrival", "jobs", "", n)
            yield world.wait(exponential(gap, work_s / load))
            world.start(job(n))

    world.start(arrive())
    world.env.run(until=jobs * work_s / load * 1.1)
    assert len(waited) == jobs
    counted = [waited[n] for n in range(200, jobs, 20)]
    low, high = binom.interval(0.99, len(counted), erlang_c(load, 3))
    assert low <= sum(w > 1e-9 for w in counted) <= high
    # mean wait of M/M/c: C / (c mu - lambda) = 0.4444 * 600 s (Gross & Harris, eq. 2.33)
    assert sum(counted) / len(counted) == pytest.approx(erlang_c(load, 3) * work_s, rel=0.2)


def dump(resource: Resource) -> dict[str, object]:
    """Give the fields of a resource; durations as they are read."""
    turnout = resource.turnout
    return {
        **{name: getattr(resource, name) for name in Resource.model_fields if name != "turnout"},
        "turnout": turnout,
    }


def test_a_bottleneck_takes_n_over_capacity(tiny: Scenario) -> None:
    """Twelve jobs of ten minutes on three crews are done after 12 / 3 * 10 = 40 min, in order."""
    session = Session(tiny, SEED, variant="perfect")
    drill, world = session.drill, session.drill.world
    first = drill.crews.units[0]
    drill.crews.units = [
        type(first)(f"pump#{n}", first.resource, first.node, first.x, first.y, place="fire-house")
        for n in range(3)
    ]
    done: list[tuple[float, int]] = []

    def job(n: int) -> Iterator[simpy.Event]:
        units = yield from drill.crews.get(("entry",), {"brigade"}, 1, "valve-house", 1e9)
        yield world.wait(600.0)
        done.append((world.now, n))
        drill.crews.free(units[0], "")

    for n in range(12):
        world.start(job(n))
    world.env.run(until=2500.0)
    assert done == [(600.0 * (1 + n // 3), n) for n in range(12)]
