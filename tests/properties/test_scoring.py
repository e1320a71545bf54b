"""What no score may do, whatever the plans and the run."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit"))
from scoring_logs import Builder, drill, plan_set

from drillsim.log.runlog import RunLog
from drillsim.scenario import Scenario
from drillsim.scoring import kernel, score
from drillsim.scoring.accuracy import time_part
from drillsim.scoring.alignment import align
from drillsim.scoring.linkage import interface_part
from drillsim.scoring.window import Window

BODIES = ("plant", "park", "fire", "city")
FACTS = {"substance": "chlorine", "wind": "70 deg 3.0 m/s", "state": "liquid"}
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def interfaces(draw: st.DrawFn) -> list[dict[str, Any]]:
    out = []
    for n in range(draw(st.integers(1, 4))):
        receivers = draw(st.lists(st.sampled_from(BODIES), min_size=1, max_size=3, unique=True))
        item: dict[str, Any] = {
            "id": f"i{n}",
            "dimension": "LD1",
            "pair": "G-E",
            "senders": draw(st.lists(st.sampled_from(BODIES), min_size=1, unique=True)),
            "receivers": receivers,
            "kinds": draw(st.lists(st.sampled_from(["report", "alarm"]), min_size=1, unique=True)),
            "criticality": draw(st.integers(1, 5)),
            "content": draw(st.lists(st.sampled_from(sorted(FACTS)), unique=True)),
        }
        if draw(st.booleans()):
            item["need"] = f"{draw(st.integers(1, 30))} min"
        if draw(st.booleans()):
            item["law"] = {"basis": "law", "within": f"{draw(st.integers(1, 60))} min"}
        out.append(item)
    return out


@st.composite
def notes(draw: st.DrawFn) -> list[dict[str, Any]]:
    return [
        {
            "id": f"n{n}",
            "by": draw(st.sampled_from(BODIES)),
            "when": "detectors >= 1",
            "to": draw(st.lists(st.sampled_from(BODIES), min_size=1, max_size=3, unique=True)),
            "kind": draw(st.sampled_from(["report", "alarm"])),
            "deadline": f"{draw(st.integers(1, 60))} min",
        }
        for n in range(draw(st.integers(0, 6)))
    ]


Message = tuple[float, str, str, str, str, dict[str, Any], bool]


@st.composite
def messages(draw: st.DrawFn) -> list[Message]:
    content = st.fixed_dictionaries(
        {},
        optional={k: st.sampled_from([v, "something else", None]) for k, v in FACTS.items()},
    )
    row = st.tuples(
        st.floats(60.0, 5000.0),
        st.sampled_from(BODIES),
        st.sampled_from(BODIES),
        st.sampled_from(["report", "alarm"]),
        st.sampled_from(["phone", "fax", "siren"]),
        content,
        st.booleans(),
    )
    return sorted(draw(st.lists(row, max_size=12)), key=lambda m: m[0])


def run_of(rows: Sequence[Message]) -> RunLog:
    builder = Builder()
    builder.truth(0.0, **FACTS)
    builder.truth(60.0, detectors=1.0)
    for t, sender, receiver, kind, channel, content, ack in rows:
        builder.told(t, sender, receiver, kind, channel, 60.0, content, ack)
    return builder.log()


def linkage_and_time(scenario: Scenario, log: RunLog) -> tuple[float, float]:
    window = Window(scenario, log)
    times = time_part(window, 0.2).value
    links = interface_part(window, 0.45).value
    assert links is not None
    return links, 1.0 if times is None else times


@QUICK
@given(interfaces(), notes(), messages(), st.data())
def test_deleting_a_duty_never_raises_linkage_or_time(
    wanted: list[dict[str, Any]], told: list[dict[str, Any]], rows: list[Message], data: Any
) -> None:
    kept = [note for note in told if data.draw(st.booleans())]
    before = linkage_and_time(drill(plan_set(notifications=told), interfaces=wanted), run_of(rows))
    after = linkage_and_time(drill(plan_set(notifications=kept), interfaces=wanted), run_of(rows))
    assert after[0] <= before[0] + 1e-12
    assert after[1] <= before[1] + 1e-12


@QUICK
@given(interfaces(), notes(), messages(), st.data())
def test_an_unsent_message_never_raises_linkage_or_time(
    wanted: list[dict[str, Any]], told: list[dict[str, Any]], rows: list[Message], data: Any
) -> None:
    scenario = drill(plan_set(notifications=told), interfaces=wanted)
    fewer = [row for row in rows if data.draw(st.booleans())]
    before = linkage_and_time(scenario, run_of(rows))
    after = linkage_and_time(scenario, run_of(fewer))
    assert after[0] <= before[0] + 1e-12
    assert after[1] <= before[1] + 1e-12


@QUICK
@given(interfaces(), notes(), messages(), st.integers(1, 100))
def test_a_slacker_promise_never_scores_better(
    wanted: list[dict[str, Any]], told: list[dict[str, Any]], rows: list[Message], hours: int
) -> None:
    slack = [{**note, "deadline": f"{hours} h"} for note in told]
    bare = [{k: v for k, v in note.items() if k != "deadline"} for note in told]
    log = run_of(rows)
    before = linkage_and_time(drill(plan_set(notifications=told), interfaces=wanted), log)
    for changed in (slack, bare):
        scenario = drill(plan_set(notifications=changed), interfaces=wanted)
        assert linkage_and_time(scenario, log) == before


@QUICK
@given(interfaces(), notes(), messages())
def test_lost_points_add_up(
    wanted: list[dict[str, Any]], told: list[dict[str, Any]], rows: list[Message]
) -> None:
    card = score(
        drill(plan_set(notifications=told), interfaces=wanted), {"behavioural": run_of(rows)}
    )
    for pillar in card.pillars:
        if pillar.value is not None:
            lost = sum(point.points for point in card.lost if point.pillar == pillar.id)
            assert lost == pytest.approx(1.0 - pillar.value, abs=1e-9)


@QUICK
@given(interfaces(), notes(), messages(), st.randoms())
def test_the_order_of_elements_does_not_matter(
    wanted: list[dict[str, Any]], told: list[dict[str, Any]], rows: list[Message], luck: Any
) -> None:
    mixed = list(told)
    luck.shuffle(mixed)
    log = run_of(rows)
    plain = score(drill(plan_set(notifications=told), interfaces=wanted), {"behavioural": log})
    other = score(drill(plan_set(notifications=mixed), interfaces=wanted), {"behavioural": log})
    assert [p.value for p in plain.pillars] == [p.value for p in other.pillars]


VERBS = "ABCDEF"
ORDERS = st.dictionaries(
    st.sampled_from(VERBS), st.lists(st.sampled_from(VERBS), unique=True), min_size=1
).map(lambda table: {a: tuple(b for b in before if b < a) for a, before in table.items()})


@given(st.lists(st.sampled_from(VERBS + "X"), max_size=9), ORDERS)
def test_alignment_bounds(run: list[str], after: dict[str, tuple[str, ...]]) -> None:
    found = align(run, after)
    assert 0.0 <= found.fitness <= 1.0
    assert found.cost == len(found.missing) + len(found.extra)
    kept = [name for n, name in enumerate(run) if n not in found.extra]
    assert sorted(kept) == sorted(set(after) - set(found.missing))
    seen: set[str] = set()
    for name in kept:
        late = [b for b in after[name] if b in kept and b not in seen]
        assert not late
        seen.add(name)


@given(st.permutations(VERBS), ORDERS, st.integers(0, 5))
def test_dropping_work_never_completes_more_in_order(
    run: list[str], after: dict[str, tuple[str, ...]], position: int
) -> None:
    fewer = [name for n, name in enumerate(run) if n != position]
    assert len(align(fewer, after).missing) >= len(align(run, after).missing)


@given(st.floats(0, 1e5), st.floats(1e-3, 1e5), st.floats(0, 1e5))
def test_attainment_falls_with_time_and_rises_with_the_limit(
    latency: float, limit: float, more: float
) -> None:
    value = kernel.attainment(latency, limit)
    assert 0.0 <= value <= 1.0
    assert kernel.attainment(latency + more, limit) <= value
    assert kernel.attainment(latency, limit + more) >= value


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_holds_the_rate(successes: int, more: int) -> None:
    low, high = kernel.wilson(successes, successes + more)
    assert 0.0 <= low <= successes / (successes + more) <= high <= 1.0


@given(st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0, 1e3))
def test_protecting_more_people_never_lowers_f2(
    tp: float, fp: float, fn: float, moved: float
) -> None:
    before = kernel.zone_score(tp, fp, fn + moved)
    after = kernel.zone_score(tp + moved, fp, fn)
    if before is not None and after is not None:
        assert after.f2 >= before.f2 - 1e-12
