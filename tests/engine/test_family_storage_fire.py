"""Tank-farm fires: what each verb changes, who is harmed, repeatability, directions."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from drillsim.engine.families.tank_heat import settle_farm
from drillsim.engine.session import run
from drillsim.physics.domino import Vessel, time_to_failure_s
from drillsim.scenario import read_scenario

ROOT = Path(__file__).resolve().parents[2] / "scenarios" / "longcheng"


@cache
def scenario(name="sf-1", plans="2024"):
    return read_scenario(ROOT / f"{name}.yaml", ROOT / "plans" / plans)


@cache
def played(variant, name="sf-1", plans="2024", rep=0):
    return run(scenario(name, plans), seed=1, rep=rep, variant=variant)


def truths(log, fact):
    return [(e.t, e.data["value"]) for e in log.of("truth") if e.subject == fact]


def total(log):
    return next(e.data for e in log.of("people-final") if e.subject == "all")


def done(log, verb, kind="task-done"):
    return [e for e in log.of(kind) if e.subject == verb]


def without(name, plans, *dropped):
    """Give a scenario under a plan set that lacks some elements (plan/id)."""
    base = scenario(name, plans)
    kept = {}
    for key, plan in base.plan_set.plans.items():
        names = {d.partition("/")[2] for d in dropped if d.partition("/")[0] == key}
        sections = {
            section: tuple(e for e in some if e.id not in names)
            for section, some in plan.sections.items()
        }
        kept[key] = replace(plan, sections=sections) if names else plan
    return base.with_plans(replace(base.plan_set, plans=kept))


# --- the course ----------------------------------------------------------------------------------


def test_left_alone_the_sphere_bursts_when_coat_and_wall_are_spent():
    # 8 min of coat, then the time to failure of the (held) 250 m3 under 100 kW/m2, by the formula
    wall = float(time_to_failure_s(Vessel("pressurised", 250.0), 100e3))
    expected = 480.0 + wall
    assert 900.0 < expected < 1020.0
    (t_s, n) = truths(played("none"), "vessel-failed")[0]
    assert n == 1.0
    assert expected <= t_s <= expected + 10.0


def test_signs_come_before_the_burst_in_their_order():
    log = played("none")
    times = [truths(log, f)[0][0] for f in ("venting", "failure-near", "vessel-failed")]
    assert times == sorted(times)
    assert times[0] > 480.0


def test_the_same_seed_gives_the_same_run():
    again = run(scenario(), seed=1, rep=0, variant="behavioural")
    assert again.digest == played("behavioural").digest
    assert played("behavioural", rep=1).digest != again.digest


@pytest.mark.parametrize("variant", ["none", "behavioural", "perfect", "ideal-links", "reference"])
@pytest.mark.parametrize("name", ["sf-1", "sf-3"])
def test_everybody_is_in_one_state_and_causes_come_first(variant, name):
    log = played(variant, name)
    final = total(log)
    assert sum(final["states"].values()) == pytest.approx(final["heads"])
    for event in log.events:
        assert all(cause < event.id for cause in event.causes)
    died = sum(e.data["n"] for e in log.of("casualties") if e.subject == "died")
    assert final["deaths"] == pytest.approx(died + final["waiting_loss"])


def test_crews_are_people_too():
    places = {p.id: p for p in settle_farm(scenario()).places}
    resources = scenario().plan_set.resources
    assert places["crew-donggang-brigade"].heads == resources["donggang-brigade"].members
    assert "crew-street-staff" not in places


# --- verbs ---------------------------------------------------------------------------------------


def test_opening_the_spray_cools_and_cutting_the_power_ends_it():
    log = played("ideal-links")
    spray = [e for e in log.of("hazard-changed") if e.subject == "deluge"]
    assert [e.data["factor"] for e in spray][:2] == [0.37, 0.37]
    (off, _) = truths(log, "pumps-dead")[0]
    assert {e.data["factor"] for e in spray if e.t == pytest.approx(off)} == {1.0}
    water = [e for e in log.of("hazard-changed") if e.subject == "water"]
    assert any(e.data["factor"] == 0.0 and e.t == pytest.approx(off) for e in water)


def test_without_that_sentence_the_sphere_is_saved():
    kept = run(without("sf-1", "2024", "tf1/t-power"), seed=1, rep=0, variant="ideal-links")
    assert not truths(kept, "vessel-failed")
    assert truths(played("ideal-links"), "vessel-failed")
    assert total(kept)["deaths"] < total(played("ideal-links"))["deaths"]


def test_too_little_foam_puts_nothing_out():
    # 1,500 L/min on 452 m2 that needs 2,940
    log = run(without("sf-1", "2024", "tf3/t-foam", "tf1/t-power"), seed=1, variant="ideal-links")
    failed = {e.who: e.data.get("why") for e in done(log, "foam-attack", "task-failed")}
    assert failed["donggang-depot/shift-leader"] == "foam-spent"
    assert not [e for e in log.of("hazard-changed") if e.subject == "knock"]


def test_enough_foam_puts_it_out():
    log = played("perfect", plans="2026-draft")
    knock = [e for e in log.of("hazard-changed") if e.subject == "knock"]
    assert knock
    assert knock[0].data["factor"] == 0.0
    assert truths(log, "fire-out")[0][0] == pytest.approx(knock[0].t, abs=10.0)


def test_shut_drains_keep_the_firewater_back():
    last = {p: [e.data for e in played("perfect", plans=p).of("hazard-changed")][-1]
            for p in ("2024", "2026-draft")}  # fmt: skip
    assert done(played("perfect", plans="2026-draft"), "shut-drains")
    assert not done(played("perfect"), "shut-drains")
    new, old = last["2026-draft"], last["2024"]
    assert new["river_m3"] / new["firewater_m3"] < 0.2 < old["river_m3"] / old["firewater_m3"]


def test_the_valve_ends_a_jet_and_foam_does_not():
    log = played("perfect", "sf-3", "2026-draft")
    (shut,) = [e for e in log.of("hazard-changed") if e.subject == "isolate"]
    assert shut.t < truths(log, "fire-out")[0][0] <= shut.t + 40.0
    old = played("perfect", "sf-3")
    assert {e.data.get("why") for e in done(old, "foam-attack", "task-failed")} <= {
        "nothing-to-foam", "gas",
    }  # fmt: skip


def test_withdrawal_reaches_those_who_know_the_signal():
    log = run(without("sf-1", "2026-draft", "tf2/t-spray", "tf2/t-cool", "tf3/t-cool",
                      "tf4/t-park-cool", "tf3/t-foam"), seed=1, variant="ideal-links")  # fmt: skip
    out = done(log, "withdraw")[0]
    owners = {name.partition("#")[0] for name in out.data["withdrawn"]}
    assert any(name.startswith("park-fire") for name in owners)
    failed = truths(log, "vessel-failed")[0][0]
    assert out.t < failed
    back = [e for e in log.of("crew-departed") if e.data["place"] == "donggang-muster"]
    assert {e.data["unit"] for e in back} >= set(out.data["withdrawn"])


# --- directions ----------------------------------------------------------------------------------

SEEDS = range(20)


def harm(scene, variant="behavioural"):
    found = []
    for rep in SEEDS:
        final = total(run(scene, seed=7, rep=rep, variant=variant))
        found.append(final["deaths"] + 0.3 * final["serious"])
    return np.array(found)


@pytest.mark.slow
def test_leaving_the_pumps_their_power_never_harms_more():
    with_power = harm(without("sf-1", "2024", "tf1/t-power"))
    assert with_power.mean() <= harm(scenario()).mean()


@pytest.mark.slow
def test_the_draft_harms_less_than_the_plans_in_force():
    better, worse = harm(scenario("sf-1", "2026-draft")), harm(scenario())
    assert (better <= worse + 1e-9).mean() >= 0.9
