"""Fires in dwellings: who lives where, how they leave, each new verb, and that runs repeat."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from drillsim.engine.indoors.residents import household_heads, residents_of, settle
from drillsim.engine.indoors.stairway import OUT, STAIR, Stairway
from drillsim.engine.session import run
from drillsim.experiments.seams import read_mends
from drillsim.hazards.residential_fire import ResidentialFire
from drillsim.log.runlog import RunLog
from drillsim.physics.egress import clearance, smoke_factor
from drillsim.plans.revise import without
from drillsim.plans.sets import PlanSet
from drillsim.report.footprint import hazard_of
from drillsim.scenario import Scenario, read_scenario

LONGCHENG = Path(__file__).resolve().parents[2] / "scenarios" / "longcheng"
SETS = ("2024", "2026-draft")


@cache
def scenario(name: str, plans: str = "2024") -> Scenario:
    known = scenario(name) if plans != "2024" else None
    return read_scenario(LONGCHENG / f"{name}.yaml", LONGCHENG / "plans" / plans, known)


@cache
def log_of(name: str, plans: str = "2024", variant: str = "behavioural", rep: int = 0) -> RunLog:
    return run(scenario(name, plans), 7, rep, variant)


def total(log: RunLog) -> dict[str, float]:
    return next(e.data for e in log.of("people-final") if e.subject == "all")


def first(log: RunLog, kind: str, subject: str) -> float:
    return min((e.t for e in log.of(kind) if e.subject == subject), default=float("inf"))


# --- who lives there -----------------------------------------------------------------------------


@pytest.mark.parametrize(("flats", "heads"), [(264, 690), (264, 230), (96, 260), (3, 1)])
def test_households_add_up(flats: int, heads: int) -> None:
    sizes = household_heads(flats, heads)
    assert sizes.sum() == heads
    assert sizes.size == flats
    assert sizes.min() >= 0


def test_everybody_lives_on_a_storey() -> None:
    tower = scenario("rf-1")
    settlement, home = settle(tower), residents_of(tower)
    assert settlement.heads == 690.0
    assert [p.id for p in settlement.places] == [f"F{n}" for n in range(2, 35)]
    assert sum(p.heads for p in settlement.places) == 690
    assert home.floor.min() == 2
    assert home.floor.max() == 34
    assert np.unique(home.flat).size == 264
    assert settlement.immobile.mean() == pytest.approx(0.05, abs=0.01)


# --- the stair -----------------------------------------------------------------------------------


def drain(smoke: float, n: int = 300, floors: int = 16) -> tuple[list[float], Stairway]:
    """Let n people down a stair; gives how many are out after each 30 s."""
    way = Stairway(floors, n, 1.2, 2.9)
    floor = 2 + np.arange(n) % (floors - 1)
    way.enter(np.arange(n), floor, 0.0)
    out, rows = 0, []
    while out < n and len(rows) < 400:
        out += way.step(30.0, np.full(floors, smoke), np.ones(n, dtype=bool)).size
        rows.append(float(out))
    return rows, way


def test_everybody_comes_out_in_the_time_of_the_hydraulic_model() -> None:
    rows, way = drain(0.0)
    assert rows[-1] == 300
    assert (way.where == OUT).all()
    come = np.zeros((200, 15))
    come[1:] = 20.0
    model = clearance(way.stair, come, np.arange(200) * 30.0).out_by_s(0.99)
    # single people queue and bunch, so they are never much faster and up to 1.7 times slower
    assert 0.9 * model <= 30.0 * len(rows) <= 1.7 * model


def test_smoke_makes_them_slower() -> None:
    clear, thick = len(drain(0.0)[0]), len(drain(6.0)[0])
    assert clear < thick <= 1.3 * clear / float(smoke_factor(6.0)) + 2


def test_who_has_fallen_stays_where_he_lies() -> None:
    way = Stairway(10, 4, 1.2, 2.9)
    way.enter(np.arange(4), np.full(4, 9), 0.0)
    way.step(60.0, np.zeros(10), np.ones(4, dtype=bool))
    at = way.z.copy()
    way.step(60.0, np.zeros(10), np.array([False, True, True, True]))
    assert way.z[0] == at[0]
    assert (way.z[way.where == STAIR][1:] < at[way.where == STAIR][1:]).all()


# --- runs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["rf-1", "rf-2", "rf-3", "rf-4"])
@pytest.mark.parametrize("plans", SETS)
def test_people_are_conserved_and_causes_come_first(name: str, plans: str) -> None:
    log = log_of(name, plans)
    drawn = next(e for e in log.of("drawn") if e.subject == "people")
    finals = log.of("people-final")
    assert {e.subject: e.data["heads"] for e in finals[:-1]} == drawn.data["places"]
    for event in finals:
        assert sum(event.data["states"].values()) == pytest.approx(event.data["heads"])
    for event in log.events:
        assert all(cause < event.id for cause in event.causes)
    assert [e.t for e in log.events] == sorted(e.t for e in log.events)
    assert log.of("ended", "horizon"), "the run says itself that it is over"


@pytest.mark.parametrize("variant", ["behavioural", "reference"])
def test_a_run_repeats(variant: str) -> None:
    again = run(scenario("rf-1"), 7, 0, variant)
    assert again.digest == log_of("rf-1", "2024", variant).digest
    assert run(scenario("rf-1"), 7, 1, variant).digest != again.digest


def test_the_hazard_is_rebuilt_from_the_log() -> None:
    log = log_of("rf-3")
    fire = hazard_of(scenario("rf-3"), log)
    assert isinstance(fire, ResidentialFire)
    out = first(log, "truth", "fire-out")
    assert fire.is_out(out + 60.0)
    assert not fire.is_out(out - 120.0)


def test_plans_of_chlorine_sleep_and_fire_plans_sleep_in_chlorine() -> None:
    clauses = {e.clause.partition("/")[0] for e in log_of("rf-1").events if e.clause}
    assert clauses <= {f"f{n:02d}" for n in range(1, 10)} | {"p01", "p07", "p08", "p10", "p11"}
    assert not {"p13", "p06", "p12", "p04"} & clauses


def test_losses_fall_from_nobody_to_the_reference() -> None:
    losses = [total(log_of("rf-1", "2024", v))["deaths"] for v in ("none", "behavioural")]
    best = total(log_of("rf-1", "2024", "reference"))["deaths"]
    assert losses[0] > 10 * max(losses[1], 1.0)
    assert best <= losses[1]


# --- each verb -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "change", "name", "plans"),
    [
        ("attack-fire", "water", "rf-1", "2024"),
        ("start-fans", "fans-on", "rf-1", "2024"),
        ("cut-power", "power-cut", "rf-1", "2024"),
        ("shut-doors", "foot-door", "rf-1", "2026-draft"),
        ("shut-gas", "gas-off", "rf-3", "2024"),
    ],
)
def test_work_on_the_building_changes_the_hazard(
    verb: str, change: str, name: str, plans: str
) -> None:
    log = log_of(name, plans)
    made = [e for e in log.of("hazard-changed") if e.subject == change]
    started = first(log, "task-started", verb)
    assert made, f"{verb} never changed the fire"
    assert started < made[0].t
    assert made[0].clause


def test_fans_tell_that_they_run_and_a_cut_stops_them() -> None:
    log = log_of("rf-1")
    values = [e.data["value"] for e in log.of("truth") if e.subject == "fans-running"]
    assert values == [1.0, 0.0]
    draft = [e.data["value"] for e in log_of("rf-1", "2026-draft").of("truth")
             if e.subject == "fans-running"]  # fmt: skip
    assert draft == [1.0]
    assert first(log_of("rf-1", "2026-draft"), "truth", "load-off") < float("inf")


def test_full_and_zoned_announcements() -> None:
    said = {p: [e.data["action"] for e in log_of("rf-1", p).of("warned")
                if e.data["channel"] == "public-address"] for p in SETS}  # fmt: skip
    assert set(said["2024"]) == {"evacuate"}
    assert set(said["2026-draft"]) == {"shelter"}, "the way out leads through the fire"
    zoned = {e.subject: e.data["action"] for e in log_of("rf-3", "2026-draft").of("warned")
             if e.data["channel"] == "public-address"}  # fmt: skip
    assert {f for f, a in zoned.items() if a == "evacuate"} == {"F12", "F13", "F14"}


def test_the_ladder_waits_for_the_lane() -> None:
    log = log_of("rf-1")
    failed = [e for e in log.of("task-failed") if e.subject == "ladder-rescue"]
    assert failed[0].data["why"] == "lane-blocked"
    draft = log_of("rf-1", "2026-draft")
    cleared = first(draft, "task-done", "clear-lane")
    assert cleared < float("inf")
    assert not [e for e in draft.of("task-failed") if e.data.get("why") == "lane-blocked"]


def test_the_night_roster_has_no_hand_line_until_the_draft_mends_it() -> None:
    def micro(plans: str) -> list[str]:
        events = log_of("rf-1", plans).events
        return [e.kind for e in events if e.who == "jinse-community/micro-station"
                and e.subject == "attack-fire" and e.kind.startswith("task")]  # fmt: skip

    assert micro("2024") == ["task-failed"]
    assert micro("2026-draft")[0] == "task-started"


def test_searchers_bring_people_out_and_the_count_ends_it() -> None:
    log = log_of("rf-1", "2026-draft")
    done = [e for e in log.of("task-done") if e.subject == "search-floors"]
    assert done[0].data["heads"] >= 1
    assert first(log, "task-done", "count-residents") <= first(log, "truth", "accounted")
    assert first(log, "truth", "accounted") < first(log, "ended", "response")


def test_a_guard_who_looks_first_calls_later() -> None:
    def call(plans: str) -> float:
        return min(e.t for e in log_of("rf-1", plans).of("message-sent")
                   if e.subject == "building-fire-call")  # fmt: skip

    assert call("2026-draft") + 60.0 < call("2024")


def test_somebody_rings_119_without_any_plan() -> None:
    log = log_of("rf-1")
    calls = [e for e in log.of("message-delivered") if e.data["sender"] == "public"]
    assert [e.who for e in calls] == ["fire-119"]
    assert not log_of("rf-1", "2024", "none").of("message-delivered")


# --- directions, over paired seeds ---------------------------------------------------------------


def paired(
    name: str, remove: list[str], reps: int = 20, variant: str = "behavioural"
) -> np.ndarray:
    """Give the paired difference in the loss without some elements of 2024, (reps,)."""
    whole = scenario(name)
    part = whole.with_plans(without(whole.plan_set, remove))

    def loss(of: Scenario, rep: int) -> float:
        data = total(run(of, 11, rep))
        return float(data["deaths"] + 0.3 * data["serious"] + 0.003 * data["exposed"])

    return np.array([loss(part, rep) - loss(whole, rep) for rep in range(reps)])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "remove"),
    [
        ("rf-3", ["f03/t-attack", "f03/t-attack-2"]),
        ("rf-4", ["f03/t-search", "f03/t-search-2"]),
        ("rf-2", ["f09/t-knock"]),
    ],
)
def test_leaving_the_right_work_out_never_helps(name: str, remove: list[str]) -> None:
    worse = paired(name, remove)
    half = 1.73 * worse.std(ddof=1) / np.sqrt(worse.size)
    assert worse.mean() >= -half, f"{worse.mean():.2f} +- {half:.2f}"


@pytest.mark.slow
def test_not_cutting_the_power_never_hurts() -> None:
    gain = -paired("rf-3", ["f07/t-cut"])
    half = 1.73 * gain.std(ddof=1) / np.sqrt(gain.size)
    assert gain.mean() >= -half, f"{gain.mean():.2f} +- {half:.2f}"


# --- the seams that the draft mends ---------------------------------------------------------------


def test_every_mend_names_what_is_there_and_quotes_it() -> None:
    base = scenario("rf-1").plan_set
    draft = scenario("rf-1", "2026-draft").plan_set
    mends = read_mends(LONGCHENG / "mends-residential-fire.yaml")
    assert [m.seam for m in mends] == [f"fz{n}" for n in range(1, 9)]
    for mend in mends:
        for ref, quote in mend.quotes.items():
            element = base.find(ref)[1]
            said = f"{element.clause} {element.quote}"
            assert said == quote, ref
        for ref in mend.elements:
            if ref.startswith("resource:"):
                assert ref.removeprefix("resource:") in draft.resources
                continue
            known = [s for s in (base, draft) if _has(s, ref)]
            assert known, f"{mend.seam}: {ref} stands in neither set"


def _has(plan_set: PlanSet, ref: str) -> bool:
    try:
        plan_set.find(ref)
    except KeyError:
        return False
    return True
