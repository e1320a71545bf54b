"""A vapour cloud in a tank farm: what lights it, whom it burns, what responders change."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from drillsim.engine.session import run
from drillsim.hazards.cloud_farm import CloudFarm
from drillsim.hazards.vapour_cloud import GasSpot
from drillsim.report.footprint import hazard_of
from drillsim.scenario import read_scenario

ROOT = Path(__file__).resolve().parents[2] / "scenarios" / "longcheng"
REPS = range(6)


@cache
def scenario(plans="2024"):
    return read_scenario(ROOT / "sf-2.yaml", ROOT / "plans" / plans)


@cache
def played(variant="behavioural", plans="2024", rep=0):
    return run(scenario(plans), seed=1, rep=rep, variant=variant)


def changed(base, **cloud):
    """Give a scenario with another `cloud:` block."""
    block = base.spec.cloud.model_copy(update=cloud)
    return replace(base, spec=base.spec.model_copy(update={"cloud": block}), memo={})


def truths(log, fact):
    return [(e.t, e.data["value"]) for e in log.of("truth") if e.subject == fact]


def acts(log, kind):
    return [e for e in log.of("hazard-changed") if e.subject == kind]


def total(log):
    return next(e.data for e in log.of("people-final") if e.subject == "all")


def harm(log):
    return total(log)["deaths"] + 0.3 * total(log)["serious"]


# --- the course ----------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_run():
    again = run(scenario(), seed=1, rep=0, variant="behavioural")
    assert again.digest == played().digest
    assert played(rep=1).digest != again.digest


@pytest.mark.parametrize("variant", ["none", "behavioural", "perfect", "ideal-links", "reference"])
@pytest.mark.parametrize("plans", ["2024", "2026-draft"])
def test_everybody_is_in_one_state_and_causes_come_first(variant, plans):
    log = played(variant, plans)
    final = total(log)
    assert sum(final["states"].values()) == pytest.approx(final["heads"])
    for event in log.events:
        assert all(cause < event.id for cause in event.causes)
    died = sum(e.data["n"] for e in log.of("casualties") if e.subject == "died")
    assert final["deaths"] == pytest.approx(died + final["waiting_loss"])


def test_detectors_alarm_first_and_fire_comes_with_the_spark():
    log = played("none")
    assert 0.0 < truths(log, "detectors")[0][0] < truths(log, "detectors-high")[-1][0] < 120.0
    (lit,) = acts(log, "ignite")
    assert truths(log, "fire")[0] == (lit.t, 1.0)
    assert truths(log, "cloud-visible") == [(20.0, 1.0), (lit.t, 0.0)]
    assert lit.data["where"] in {s.id for s in scenario().spec.cloud.ignition}
    farm = hazard_of(scenario(), log)
    assert isinstance(farm, CloudFarm)
    assert farm.lit_s == lit.t
    assert farm.cloud.flammable_kg(lit.t) == pytest.approx(lit.data["flammable_kg"], abs=0.1)


def test_what_lights_it_is_drawn_anew_in_every_replication():
    logs = [played("none", rep=rep) for rep in REPS]
    lit = {e.t for log in logs for e in acts(log, "ignite")}
    assert len(lit) >= 3
    unlit = [log for log in logs if not acts(log, "ignite")]
    for log in unlit:
        assert not truths(log, "fire")
        assert total(log)["deaths"] == 0.0


def test_without_a_spark_within_the_cloud_there_is_no_fire():
    calm = changed(scenario(), ignition=())
    for rep in REPS:
        log = run(calm, seed=1, rep=rep, variant="none")
        assert not acts(log, "ignite")
        assert total(log)["deaths"] == 0.0
        assert truths(log, "isolated")[0][0] > 2000.0


def test_the_flash_kills_those_in_the_open_within_it():
    log = played("none")
    lit = acts(log, "ignite")[0].t
    struck = [e for e in log.of("casualties") if e.subject == "died" and lit <= e.t <= lit + 10.0]
    dead = sum(e.data["n"] for e in struck)
    assert {e.data["place"] for e in struck} == {"donggang"}
    heads = next(e.data["heads"] for e in log.of("people-final") if e.subject == "donggang")
    near = scenario().spec.staff[:3]
    # those at the rack and the drivers who stand about are in it, nobody further off
    assert 0.1 * heads <= dead <= sum(s.share for s in near) * heads
    assert total(log)["exposed"] >= dead


# --- what responders do --------------------------------------------------------------------------


def test_cutting_the_power_in_time_leaves_that_source_cold():
    only = tuple(s for s in scenario("2026-draft").spec.cloud.ignition if s.kind == "electrical")
    kept = changed(scenario("2026-draft"), ignition=only)
    cut_late = 0
    for rep in REPS:
        log = run(kept, seed=1, rep=rep, variant="behavioural")
        off = [e.t for e in acts(log, "power") if e.data["where"] == only[0].off_by]
        assert off
        bare = run(kept, seed=1, rep=rep, variant="none")
        lit, alone = acts(log, "ignite"), acts(bare, "ignite")
        if not alone or alone[0].t > off[0] + 5.0:
            assert not lit
        else:
            cut_late += 1
            assert [e.t for e in lit] == [alone[0].t]
    assert cut_late < len(REPS)


def test_the_general_manager_is_asked_before_the_power_is_cut_in_2024():
    def first(plans):
        return [
            next(e.t for e in acts(played(plans=plans, rep=rep), "power")
                 if e.data["where"] == "donggang")
            for rep in REPS
        ]  # fmt: skip

    old, new = np.array(first("2024")), np.array(first("2026-draft"))
    assert (new < old).mean() >= 0.8
    asked = [e for e in played().of("approval-asked") if e.clause == "tf7/t-cut"]
    assert asked
    assert not [e for e in played(plans="2026-draft").of("approval-asked")
                if e.clause == "tf7/t-cut"]  # fmt: skip


def test_vehicles_go_with_the_road():
    log = played("reference")
    (stopped,) = acts(log, "traffic")
    assert stopped.data["where"] == "donggang-loading"
    for rep in REPS:
        late = acts(played("reference", rep=rep), "ignite")
        assert all(e.data["where"] != "tankers" for e in late if e.t > stopped.t + 5.0)


def test_nobody_shuts_a_valve_within_the_gas():
    unlit = changed(scenario("2026-draft"), ignition=())
    free = run(unlit, seed=1, rep=0, variant="perfect")
    assert acts(free, "isolate")[0].t < 900.0
    spot = GasSpot.model_construct(bearing=280.0, distance=20.0)
    log = run(changed(unlit, valve=spot), seed=1, rep=0, variant="perfect")
    # not before the last of the inventory has gone
    assert all(e.data["released_kg"] >= 60e3 for e in acts(log, "isolate"))
    assert truths(log, "isolated")[0][0] > 2000.0


def test_engines_stand_by_and_cool_once_it_burns():
    log = played("reference", rep=0)
    monitors = acts(log, "monitors")
    if not acts(log, "ignite"):
        assert not monitors
    lit = next(played(plans="2026-draft", rep=r) for r in REPS
               if acts(played(plans="2026-draft", rep=r), "ignite"))  # fmt: skip
    cooled = acts(lit, "monitors")
    assert all(e.t >= acts(lit, "ignite")[0].t for e in cooled)


def test_the_reference_does_better_than_nobody():
    best = [harm(played("reference", rep=rep)) for rep in REPS]
    worst = [harm(played("none", rep=rep)) for rep in REPS]
    assert all(a <= b + 1e-9 for a, b in zip(best, worst, strict=True))
    assert sum(best) < 0.5 * sum(worst)


# --- directions ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_shutting_the_valve_earlier_never_harms_more():
    """The same hands, dressed and done in half the time, over 40 pairs."""
    base = scenario("2026-draft")
    file = base.file
    isolation = file.isolation
    quick = isolation.model_copy(update={"dress": isolation.dress / 2, "work": isolation.work / 2})
    sooner = replace(base, file=file.model_copy(update={"isolation": quick}), memo={})
    gaps, left = [], []
    for rep in range(40):
        a = run(sooner, seed=11, rep=rep, variant="behavioural")
        b = run(base, seed=11, rep=rep, variant="behavioural")
        shut = [acts(log, "isolate") for log in (a, b)]
        if all(shut):
            assert shut[0][0].t <= shut[1][0].t + 1e-6
        gaps.append(harm(a) - harm(b))
        left.append(harm(run(base, seed=11, rep=rep, variant="none")))
    gap = np.array(gaps)
    bound = gap.mean() + 1.685 * gap.std(ddof=1) / math.sqrt(gap.size)
    assert bound <= 0.01 * np.mean(left)
