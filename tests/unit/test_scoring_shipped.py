"""Scores of the shipped chlorine drill, run by the engine."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from drillsim.log.runlog import RunLog
from drillsim.plans.revise import without
from drillsim.scenario import Scenario, read_scenario
from drillsim.scoring import VARIANTS, Scorecard, score
from drillsim.scoring.linkage import interface_part
from drillsim.scoring.window import Window

session = pytest.importorskip("drillsim.engine.session")
LONGCHENG = Path(__file__).resolve().parents[2] / "scenarios" / "longcheng"
Case = tuple[Scenario, dict[str, RunLog], Scorecard]


def case(plans: str) -> Case:
    scenario = read_scenario(LONGCHENG / "cl-1.yaml", LONGCHENG / "plans" / plans)
    logs = {variant: session.run(scenario, 1, 0, variant) for variant in VARIANTS}
    return scenario, logs, score(scenario, logs)


@pytest.fixture(scope="module")
def old() -> Case:
    return case("2024")


@pytest.fixture(scope="module")
def new() -> Case:
    return case("2026-draft")


def test_every_pillar_has_a_value_and_every_lost_point_adds_up(old: Case, new: Case) -> None:
    for _, logs, card in (old, new):
        assert set(card.losses) == set(VARIANTS)
        for pillar in card.pillars:
            assert pillar.value is not None
            lost = sum(point.points for point in card.lost if point.pillar == pillar.id)
            assert lost == pytest.approx(1.0 - pillar.value, abs=1e-9), pillar.id
        for point in card.lost:
            assert all(0 <= event < len(logs[variant].events) for variant, event in point.events)


def test_a_lost_point_names_an_element_of_the_plans(old: Case) -> None:
    scenario, _, card = old
    known = {
        f"{plan.head.id}/{element.id}"
        for plan in scenario.plan_set.plans.values()
        for _, element in plan.elements()
    }
    named = [point for point in card.lost if point.clause and "/contacts" not in point.clause]
    assert named
    for point in named:
        assert point.clause in known
        assert point.where.rpartition(":")[2].isdigit()


def test_the_draft_links_better_than_the_plans_in_force(old: Case, new: Case) -> None:
    assert (new[2].linkage.value or 0) > (old[2].linkage.value or 1) + 0.2
    assert (new[2].effectiveness.value or 0) > (old[2].effectiveness.value or 1)
    assert (new[2].capability.value or 0) > (old[2].capability.value or 1)


def test_the_neighbour_that_nobody_tells_is_named(old: Case) -> None:
    seam = [p for p in old[2].lost if p.part == "K_D" and "n07-tailong" in p.message.en]
    assert len(seam) == 1
    assert "nobody declares it" in seam[0].message.en
    assert seam[0].clause == ""


def test_deleting_any_notification_never_raises_linkage(new: Case) -> None:
    scenario, logs, _ = new
    lived = logs["behavioural"]
    before = interface_part(Window(scenario, lived), 1.0).value
    assert before is not None
    for plan, note in scenario.plan_set.elements("notifications"):
        ref = f"{plan.head.id}/{note.id}"
        changed = scenario.with_plans(without(scenario.plan_set, [ref]))
        kept = tuple(e for e in lived.events if not (e.kind[:7] == "message" and e.clause == ref))
        for log in (lived, replace(lived, events=kept)):
            after = interface_part(Window(changed, log), 1.0).value
            assert after is not None
            assert after <= before + 1e-12, ref


def test_scoring_again_gives_the_same_card_fast(new: Case) -> None:
    scenario, logs, card = new
    start = time.perf_counter()
    again = score(scenario, logs)
    elapsed = time.perf_counter() - start
    assert again.plain("en") == card.plain("en")
    # about 0.1 s on an office PC; the bound only catches a lost cache
    assert elapsed < 2.0
