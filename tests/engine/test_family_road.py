"""Road accidents: the crash and the queue by hand, every verb, the order of the losses."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drillsim.engine.actions import ACTIONS
from drillsim.engine.drill import Drill, Job
from drillsim.engine.families.road import _ignite, ignition_rate
from drillsim.engine.families.road_people import away_of, severity_of, trapped_of
from drillsim.engine.road_traffic import RoadRouter, Traffic, traffic_of
from drillsim.engine.session import run
from drillsim.engine.stage import set_stage
from drillsim.engine.states import State
from drillsim.experiments.seams import read_mends
from drillsim.hazards.spill_fire import SpillFire
from drillsim.log.runlog import RunLog
from drillsim.plans.conditions import Atom
from drillsim.plans.model import Task
from drillsim.plans.planset import read_plan_set
from drillsim.plans.revise import graft
from drillsim.scenario import Scenario, read_scenario
from drillsim.scoring.card import losses_of

FOLDER = Path(__file__).resolve().parents[2] / "scenarios" / "longcheng"
VARIANTS = ("none", "behavioural", "perfect", "ideal-links", "reference")


@cache
def scenario(name: str, plans: str = "2024") -> Scenario:
    return read_scenario(FOLDER / f"{name}.yaml", FOLDER / "plans" / plans)


@cache
def logged(name: str, variant: str, rep: int = 0, plans: str = "2024") -> RunLog:
    return run(scenario(name, plans), 1, rep, variant)


def on_stage(name: str = "rt-1", **hazard: Any) -> Drill:
    """Give a drill in which nobody acts on a plan, with some figures of the hazard replaced."""
    known = scenario(name)
    spec = known.spec.model_copy(update=hazard)
    return set_stage(replace(known, spec=spec, memo={}), 1, 0, "none")


def work(
    drill: Drill, verb: Any, lead: str = "fire-city", crews: str = "", count: int = 1, **task: Any
) -> Job:
    """Start a verb now, with crews of a capability that are there already."""
    units = [u for u in drill.crews.units if crews and crews in u.resource.capabilities][:count]
    plan = Task(id="by-hand", by=lead, when=Atom(key="crash"), verb=verb, **task)
    job = Job("", plan, task.get("where", drill.source()), (), units)
    drill.world.start(ACTIONS[verb](drill, job))
    return job


def ended(drill: Drill, verb: str) -> list[Any]:
    kinds = {"task-done", "task-failed"}
    return [e for e in drill.world.events if e.kind in kinds and e.subject == verb]


def truth(log: RunLog, fact: str) -> list[tuple[float, Any]]:
    return [(e.t, e.data["value"]) for e in log.of("truth") if e.subject == fact]


# --- the crash, by hand -----------------------------------------------------------------------


def test_the_crash_by_hand() -> None:
    """38 aboard at 5, 16, 24, 55 %: 1.9, 6.08, 9.12, 20.9 -> 2, 6, 9, 21 by largest remainder."""
    spec = scenario("rt-1").spec
    classes = severity_of(spec)
    assert [classes.count(c) for c in ("black", "red", "yellow", "green")] == [2, 6, 9, 21]
    assert trapped_of(spec).tolist() == list(range(2, 11)), "the gravest of the living are trapped"
    log = logged("rt-1", "none")
    assert truth(log, "crash") == [(0.0, 1.0)]
    assert truth(log, "trapped")[0] == (0.0, 9.0)
    assert truth(log, "hurt")[0] == (0.0, 15.0)
    assert truth(log, "deaths")[0] == (0.0, 2.0)
    (bus,) = [e for e in log.of("people-final") if e.subject == "longjiang-bus"]
    assert bus.data["heads"] == 38.0
    assert bus.data["deaths"] >= 2.0


def test_the_cargo_is_known_to_the_waybill_and_the_plate_only_later() -> None:
    log = logged("rt-1", "behavioural")
    known = [e for e in log.of("believed") if e.subject == "cargo"]
    assert {e.who for e in known if e.data["source"] == "own"} == {
        "transport-city",
        "shunda/escort",
    }
    assert truth(log, "substance") == [(1200.0, "methanol")]
    assert min(e.t for e in log.of("believed") if e.subject == "substance") >= 1200.0


def test_nobody_knows_before_the_first_call() -> None:
    """A passer-by rings one of two desks; before that only those at the place know."""
    log = logged("rt-1", "behavioural")
    (called,) = [e for e in log.of("believed") if e.subject == "told:road-call"]
    assert called.who in {"police-110", "fire-119"}
    assert called.data["source"] == "public"
    assert 20.0 <= called.t <= 600.0
    early = [
        e.who for e in log.of("believed")
        if e.subject == "location" and e.t < called.t and e.data["source"] != "own"
    ]  # fmt: skip
    assert set(early) <= {"shunda/safety-chief", "police-110", "transport-city"}


# --- the queue, by hand -----------------------------------------------------------------------


def road() -> Traffic:
    spec = scenario("rt-1").spec.road
    return Traffic(spec, (0.0, 0.0), (-1200.0, 0.0), (900.0, 0.0), 2.0, 8.0)


def test_the_queue_by_hand() -> None:
    """2,600 an hour on three shut lanes: 433 after 10 min, 1,032 m; then 7 m a car more a lane."""
    traffic = road()
    assert traffic.standing_m(600.0) == pytest.approx(2600 / 6 / (3 * 0.14), rel=1e-6)
    assert traffic.push_s(600.0) == pytest.approx((1200 - 1031.746) / 12 + 1031.746 / 2, rel=1e-4)
    assert traffic.standing_m(3600.0) == 1200.0, "full up to the ramp"
    assert traffic.reverse_s() == 900 / 8
    traffic.shut_s["longjiang-ramp-west"] = 300.0
    assert traffic.standing_m(3600.0) == pytest.approx(2600 / 12 / (3 * 0.14), rel=1e-6)


def test_880_vehicles_and_1300_people_stand_between_the_ramps() -> None:
    stored = scenario("rt-1").spec.road.stored
    vehicles = sum(s.room * s.lanes * 0.14 for s in stored)
    assert vehicles == pytest.approx(882.0)
    drill = on_stage()
    heads = [drill.people.weight[drill.people.members(s.at)].sum() for s in stored]
    assert sum(heads) == pytest.approx(1.5 * vehicles, abs=2.0)
    away = away_of(stored[0])
    assert (np.diff(away) >= -1e-9).all()
    assert away[-1] == 1200.0


def test_crews_push_through_the_queue_until_the_corridor_is_open() -> None:
    drill = on_stage()
    drill.world.env.run(until=900.0)
    router = drill.crews.router
    assert isinstance(router, RoadRouter)
    traffic = router.traffic
    station, deck = drill.node("tianning-station"), drill.node("longjiang-deck")
    pushed = router.travel_time(station, deck, 17.7, True)
    route = router.route(station, deck, 17.7, True)
    assert route is not None
    assert route.duration_s == pytest.approx(pushed)
    assert pushed > 540.0, "more than nine minutes through the jam"
    traffic.corridor_s = 0.0
    opened = router.travel_time(station, deck, 17.7, True)
    assert opened < 420.0
    assert opened == pytest.approx(
        router.travel_time(station, router.down, 17.7, True) + traffic.reverse_s()
    )
    # elsewhere in the city nothing changes, and closing a road keeps the wreck in mind
    other = router.with_closures([1])
    assert isinstance(other, RoadRouter)
    assert other.traffic is traffic


def test_shut_ramps_turn_away_who_has_not_come_yet() -> None:
    drill = on_stage()
    drill.world.env.run(until=301.0)
    drill.roads_closed.add("longjiang-ramp-west")
    drill.world.env.run(until=400.0)
    people = drill.people
    west = people.members("longjiang-queue-west")
    away = away_of(drill.world.scenario.spec.road.stored[0])
    clear = people.state[west] == State.CLEAR
    # 2,600 an hour for 301 to 330 s: 517 to 567 m stand
    assert away[clear].min() > 500.0
    assert clear[away > 600.0].all()


# --- the verbs --------------------------------------------------------------------------------


def test_extricate_frees_one_a_team_the_gravest_first() -> None:
    drill = on_stage(ignition=0.0)
    drill.world.env.run(until=60.0)
    work(drill, "extricate", crews="cutting", count=3)
    drill.world.env.run(until=7200.0)
    traffic = traffic_of(drill)
    assert traffic is not None
    assert traffic.trapped == []
    out = [e for e in drill.world.events if e.kind == "casualties" and e.subject == "extricated"]
    assert sum(e.data["n"] for e in out) == 9.0
    # three rounds of three teams at 24 to 38 min in the middle half: none in the first ten minutes
    assert out[0].t > 600.0
    (end,) = ended(drill, "extricate")
    assert end.kind == "task-done"
    assert end.data["heads"] == 9.0
    assert drill.world.truth["trapped"] == 0.0


def test_more_teams_free_the_trapped_sooner() -> None:
    def last(count: int) -> float:
        drill = on_stage(ignition=0.0)
        work(drill, "extricate", crews="cutting", count=count)
        drill.world.env.run(until=5 * 3600.0 - 1)
        return float(ended(drill, "extricate")[0].t)

    times = [last(n) for n in (1, 3, 6)]
    assert times == sorted(times, reverse=True)
    assert times[0] > 2.0 * times[1]


def test_plain_foam_is_wasted_on_methanol_and_the_right_foam_covers_it() -> None:
    drill = on_stage(ignition=0.0)
    drill.world.env.run(until=1800.0)
    work(drill, "foam", crews="foam", count=2)
    drill.world.env.run(until=2700.0)
    (failed,) = ended(drill, "foam")
    assert failed.data["why"] == "foam-destroyed"
    before = ignition_rate(drill, drill.world.scenario.spec)
    assert before == 0.0, "no sparks in this world"
    work(drill, "foam", crews="foam-ar", count=2)
    drill.world.env.run(until=3300.0)
    hazard = drill.world.hazard
    assert isinstance(hazard, SpillFire)
    assert hazard.course.controls.foam < 0.6
    assert ended(drill, "foam")[-1].kind == "task-done"


def test_foam_puts_a_covered_fire_out() -> None:
    drill = on_stage(split_at=None, split_hole=None)
    drill.world.env.run(until=100.0)
    _ignite(drill.world, drill.world.scenario.spec)
    drill.world.env.run(until=200.0)
    assert drill.people.exposure.level.max() > 0.0
    work(drill, "foam", crews="foam-ar", count=2)
    drill.world.env.run(until=2400.0)
    assert drill.world.truth["spill-fire"] == 0.0
    assert drill.people.exposure.level.max() == 0.0


def test_plugging_keeps_the_canal_clean_and_flushing_fouls_it() -> None:
    def in_water(*verbs: str) -> float:
        drill = on_stage(ignition=0.0)
        drill.world.env.run(until=300.0)
        for verb in verbs:
            where = "longjiang-drain" if verb == "plug-drains" else "longjiang-deck"
            work(drill, verb, where=where, sites=(where,))
        drill.world.env.run(until=10_000.0)
        return drill.world.hazard.emitted(10_000.0)["to_water_kg"]

    left, flushed, plugged = in_water(), in_water("flush"), in_water("plug-drains")
    assert plugged < 100.0 < left
    assert flushed > left


def test_transfer_stops_the_leak_for_good() -> None:
    drill = on_stage(ignition=0.0, split_at=None, split_hole=None)
    work(drill, "transfer-cargo")
    drill.world.env.run(until=10_000.0)
    changed = [e for e in drill.world.events if e.kind == "hazard-changed"]
    assert [e.subject for e in changed] == ["recover", "transfer", "recover"]
    out = drill.world.hazard.emitted(10_000.0)["released_kg"]
    assert out == pytest.approx(changed[-1].data["released_kg"], abs=50.0)
    assert drill.world.truth["isolated"] == 1.0


def test_the_corridor_needs_the_power_over_roads() -> None:
    drill = on_stage()
    work(drill, "open-corridor", lead="fire-city")
    drill.world.env.run(until=30.0)
    assert ended(drill, "open-corridor")[0].data["why"] == "no-power"
    work(drill, "open-corridor", lead="traffic-city")
    drill.world.env.run(until=1800.0)
    traffic = traffic_of(drill)
    assert traffic is not None
    assert traffic.corridor
    assert drill.world.truth["corridor"] == 1.0


def test_walking_off_empties_the_deck_from_the_wreck_outwards() -> None:
    drill = on_stage(ignition=0.0)
    drill.world.env.run(until=1200.0)
    people = drill.people
    west = people.members("longjiang-queue-west")
    work(drill, "walk-off", lead="traffic-city", crews="cordon", count=4)
    drill.world.env.run(until=1200.0 + 1500.0)
    left = np.isin(people.state[west], (State.CLEAR, State.LEAVING))
    share = people.weight[west[left]].sum() / people.weight[west].sum()
    assert 0.6 < share < 0.9, "those who comply (0.75) have gone"
    assert drill.world.truth["stairs-open"].count("longjiang-stairs") == 4
    told = [e for e in drill.world.events if e.kind == "warned"]
    assert {e.subject for e in told} == {"longjiang-queue-west", "longjiang-queue-east"}


def test_a_road_verb_without_a_road_fails_with_a_reason() -> None:
    drill = on_stage("rt-2")
    for verb in ("foam", "flush", "plug-drains"):
        work(drill, verb)
    drill.world.env.run(until=60.0)
    assert {e.data["why"] for v in ("foam", "flush") for e in ended(drill, v)} == {"no-pool"}


# --- sparks and heat --------------------------------------------------------------------------


def test_shutting_the_street_below_takes_its_sparks_away() -> None:
    drill = on_stage()
    drill.world.env.run(until=1000.0)
    spec = drill.world.scenario.spec
    both = ignition_rate(drill, spec)
    drill.roads_closed.add("longjiang-below")
    deck = ignition_rate(drill, spec)
    assert 0.0 < deck < both
    # two hot vehicles at 0.012 a minute each
    assert deck == pytest.approx(2 * 0.012 / 60.0, rel=1e-6)


def test_a_fire_kills_the_trapped_and_drives_the_able_off() -> None:
    drill = on_stage(ignition=1.0)
    drill.world.env.run(until=1560.0)
    _ignite(drill.world, drill.world.scenario.spec)
    drill.world.env.run(until=5400.0)
    people = drill.people
    bus = people.members("longjiang-bus")
    assert (people.state[bus[:11]] == State.DEAD).all()
    able = bus[17:]
    assert (people.state[able] == State.DEAD).mean() < 0.5


# --- whole runs -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["rt-1", "rt-2"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_everybody_is_in_one_state_and_causes_come_first(name: str, variant: str) -> None:
    log = logged(name, variant)
    *places, total = log.of("people-final")
    assert total.subject == "all"
    for event in (*places, total):
        assert sum(event.data["states"].values()) == pytest.approx(event.data["heads"])
    assert sum(e.data["heads"] for e in places) == pytest.approx(total.data["heads"])
    for event in log.events:
        assert all(cause < event.id for cause in event.causes)


@pytest.mark.parametrize("name", ["rt-1", "rt-2"])
def test_same_seed_same_log(name: str) -> None:
    assert run(scenario(name), 1, 0, "behavioural").digest == logged(name, "behavioural").digest
    assert logged(name, "behavioural", 1).digest != logged(name, "behavioural").digest


def mean_loss(name: str, variant: str, plans: str, reps: int) -> np.ndarray:
    return np.array(
        [losses_of({"v": logged(name, variant, r, plans)})["v"].scalar for r in range(reps)]
    )


def not_worse(fewer: np.ndarray, more: np.ndarray, slack: float = 0.0) -> bool:
    """One-sided paired test: the mean difference is not above the slack by two standard errors."""
    gap = fewer - more
    error = gap.std(ddof=1) / math.sqrt(gap.size) if gap.size > 1 else 0.0
    return bool(gap.mean() <= slack + 2.0 * error)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rt-1", "rt-2"])
@pytest.mark.parametrize("plans", ["2024", "2026-draft"])
def test_losses_are_ordered(name: str, plans: str) -> None:
    loss = {v: mean_loss(name, v, plans, 20) for v in VARIANTS}
    assert not_worse(loss["behavioural"], loss["none"], 0.2)
    assert not_worse(loss["perfect"], loss["behavioural"])
    assert not_worse(loss["reference"], loss["perfect"])
    assert loss["reference"].mean() < loss["none"].mean() - 0.5


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rt-1", "rt-2"])
def test_the_draft_of_2026_loses_less(name: str) -> None:
    old, new = (mean_loss(name, "behavioural", p, 20) for p in ("2024", "2026-draft"))
    assert not_worse(new, old)
    assert new.mean() < old.mean()


@pytest.mark.slow
def test_more_sparks_never_harm_fewer() -> None:
    def mean(ignition: float) -> np.ndarray:
        one = replace(
            scenario("rt-1"), spec=scenario("rt-1").spec.model_copy(update={"ignition": ignition}),
            memo={},
        )  # fmt: skip
        logs = [run(one, 1, r, "behavioural") for r in range(20)]
        return np.array([losses_of({"v": log})["v"].scalar for log in logs])

    calm, sparks = mean(0.1), mean(1.0)
    assert not_worse(calm, sparks)
    assert calm.mean() < sparks.mean()


def test_every_mend_names_sentences_and_elements_that_stand_there() -> None:
    old, new = scenario("rt-1").plan_set, scenario("rt-1", "2026-draft").plan_set
    mends = read_mends(FOLDER / "mends-road.yaml")
    assert [m.seam for m in mends] == [f"rz{n}" for n in range(1, 9)]
    for mend in mends:
        for ref, quote in mend.quotes.items():
            element = old.find(ref)[1]
            assert quote == f"{element.clause} {element.quote}", ref
        for ref in mend.elements:
            head, _, resource = ref.partition(":")
            if head == "resource":
                assert resource in new.resources
                continue
            plan_id, _, element_id = ref.partition("/")
            known = {e.id for s in (old, new) for _, e in s.plans[plan_id].elements()}
            assert element_id in known, ref


def test_the_waybill_seam_mended_alone() -> None:
    """RZ1: the fire commander knows the cargo within ten minutes, before the plate is read."""
    whole = read_plan_set(FOLDER / "plans" / "2024"), read_plan_set(FOLDER / "plans" / "2026-draft")
    (mend,) = [m for m in read_mends(FOLDER / "mends-road.yaml") if m.seam == "rz1"]
    mended = scenario("rt-1").with_plans(graft(*whole, mend.elements))

    def known_s(one: Scenario) -> float:
        log = run(one, 1, 0, "behavioural")
        return min(
            e.t for e in log.of("believed")
            if e.who == "fire-city/duty-commander" and e.subject in {"cargo", "substance"}
        )  # fmt: skip

    assert known_s(mended) < 600.0 < 1200.0 <= known_s(scenario("rt-1"))


def test_the_casualty_point_seam_mended_alone() -> None:
    """RZ7: up wind, triage goes on; beside the wreck it is broken off in the cloud."""
    whole = read_plan_set(FOLDER / "plans" / "2024"), read_plan_set(FOLDER / "plans" / "2026-draft")
    (mend,) = [m for m in read_mends(FOLDER / "mends-road.yaml") if m.seam == "rz7"]
    mended = run(scenario("rt-2").with_plans(graft(*whole, mend.elements)), 1, 0, "behavioural")

    def fled(log: RunLog) -> int:
        return sum(e.subject == "triage" and e.data.get("why") == "gas"
                   for e in log.of("task-failed"))  # fmt: skip

    assert fled(logged("rt-2", "behavioural")) == 1
    assert fled(mended) == 0
