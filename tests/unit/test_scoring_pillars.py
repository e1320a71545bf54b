"""Accuracy, effectiveness and capability by hand, and how the card joins them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from scoring_logs import INTERFACE, NOTE, Builder, drill, plan_set

from drillsim.log.runlog import RunLog
from drillsim.scenario import Scenario
from drillsim.scoring import score, score_many
from drillsim.scoring.accuracy import resource_part, time_part
from drillsim.scoring.awareness import awareness_part, wanted_facts
from drillsim.scoring.capability import capability_pillar
from drillsim.scoring.card import Loss, Pillar, Scorecard, composite_of, grade_of, said
from drillsim.scoring.envelope import envelope
from drillsim.scoring.kernel import geometric_mean
from drillsim.scoring.levels import level_part
from drillsim.scoring.statements import statement_part
from drillsim.scoring.window import Window
from drillsim.scoring.zones import zone_part


def began() -> Builder:
    builder = Builder()
    builder.truth(0.0, substance="chlorine", release=1.0)
    builder.truth(60.0, detectors=1.0)
    return builder


# --- A1 ------------------------------------------------------------------------------------------


def test_zone_part_counts_people_by_place() -> None:
    builder = began()
    builder.event(90.0, "warned", "park", "tailong", {"action": "shelter"}, (), "p1/t")
    stopped = {"factor": 0.0, "released_kg": 1.0}
    builder.event(1800.0, "hazard-changed", "plant", "isolate", stopped)
    builder.final("tailong", heads=1000.0, hazardous=True, protected=800.0, planned=1000.0)
    builder.final("sports-ground", heads=400.0, planned=400.0)  # nowhere near the cloud
    part = zone_part(drill(plan_set()), builder.log("perfect"), 0.3)
    assert part.value == pytest.approx(0.7692, abs=5e-5)
    assert part.detail["over_warned"] == 400.0
    shares = [blame.share for blame in part.blames]
    assert shares == [800.0, 400.0]  # 4 FN against FP
    assert part.blames[0].clause == "p1/t"


def test_the_envelope_turns_with_the_wind_and_stops_with_the_leak() -> None:
    scenario = drill(plan_set())
    builder = began()
    places = ["tailong", "jiangbian-village", "binjiang-school", "jiangyuan", "hosp-1", "z252"]
    builder.event(1200.0, "hazard-changed", "plant", "isolate", {"factor": 0.0, "released_kg": 1})
    short = envelope(scenario, builder.log(), places)
    assert {"tailong", "jiangbian-village", "binjiang-school"} <= short
    assert "hosp-1" not in short
    long = envelope(scenario, began().log(), places)
    assert short <= long
    brief = Builder()
    brief.event(60.0, "hazard-changed", "plant", "isolate", {"factor": 0.0, "released_kg": 1.0})
    assert envelope(scenario, brief.log(), places) <= short


def test_a_place_the_plume_missed_still_asks_for_protection() -> None:
    builder = began()
    builder.event(1800.0, "hazard-changed", "plant", "isolate", {"factor": 0.0, "released_kg": 1})
    builder.final("tailong", heads=100.0, hazardous=False, protected=0.0)
    part = zone_part(drill(plan_set()), builder.log("perfect"), 0.3)
    assert part.value == 0.0
    assert part.detail["missed"] == 100.0
    assert "nobody declares it" in part.blames[0].message.en


# --- A2 to A5 ------------------------------------------------------------------------------------


def arrivals(*times: float) -> Window:
    need = {"capability": "engine", "units": 2, "within": "10 min"}
    builder = began()
    for n, t in enumerate(times):
        data = {"unit": f"engines-{n}", "place": "x", "verb": "size-up"}
        builder.event(t, "crew-arrived", "fire", "engines", data)
    return Window(drill(plan_set(), required_resources=[need]), builder.log("perfect"))


@pytest.mark.parametrize(
    ("times", "value"),
    [
        ((), 0.0),
        ((100.0,), 0.5),
        ((100.0, 660.0), 1.0),
        ((100.0, 661.0), 0.5),
        ((100.0, 110.0, 120.0, 130.0), 1.0 - 0.25 * 0.5),
    ],
)
def test_resources_by_hand(times: tuple[float, ...], value: float) -> None:
    assert resource_part(arrivals(*times), 0.2).value == pytest.approx(value)


def test_the_same_unit_counts_once() -> None:
    window = arrivals(100.0)
    twice = Builder()
    twice.events = [e for e in window.log.events if e.kind != "horizon"]
    data = {"unit": "engines-0", "place": "y", "verb": "size-up"}
    twice.event(200.0, "crew-arrived", "fire", "engines", data)
    again = Window(window.scenario, twice.log("perfect"))
    assert resource_part(again, 0.2).value == pytest.approx(0.5)


LEVELS = [
    {"owner": "district", "plans": ["p1"], "severity": 1, "when": "detectors >= 1"},
    {"owner": "district", "plans": ["p1"], "severity": 3, "when": "cloud-over-fence"},
]


def test_levels_by_hand() -> None:
    builder = began()
    builder.event(400.0, "level-activated", "district", "p1:iii", {"rank": 3, "severity": 1})
    builder.truth(700.0, cloud_over_fence=1.0)
    builder.event(1300.0, "level-activated", "district", "p1:i", {"rank": 1, "severity": 3})
    # epochs at 360 (had 0 of 1), 660 (1 of 1), 960 and 1260 (1 of 3), 1560 (3 of 3)
    window = Window(drill(plan_set(), required_levels=LEVELS), builder.log("perfect", 1560.0))
    part = level_part(window, 0.2)
    # costs 3 + 0 + 6 + 6 + 0 of worst 3 + 3 + 9 + 9 + 9
    assert part.value == pytest.approx(1 - 15 / 33)
    assert part.detail["under_rate"] == pytest.approx(3 / 5)
    assert part.detail["delay_min"] == {"district": 10.0}
    assert all("nobody declares" in blame.message.en for blame in part.blames)


def test_time_ignores_the_promise_and_keeps_to_law_and_need() -> None:
    builder = began()
    builder.told(435.0, "plant", "park", "report", woken_s=60.0, content={"substance": "chlorine"})
    values = []
    for deadline in ("30 s", "3 min", "10 h"):
        note = {**NOTE, "deadline": deadline}
        scenario = drill(plan_set(notifications=[note]), interfaces=[INTERFACE])
        values.append(time_part(Window(scenario, builder.log()), 0.2).value)
    assert values == [pytest.approx(0.75)] * 3


def test_time_counts_tasks_from_detection_and_undone_ones_as_zero() -> None:
    tasks = [
        {"verb": "size-up", "group": "assessment", "criticality": 1, "within": "10 min"},
        {"verb": "triage", "group": "medical", "criticality": 3, "within": "10 min"},
    ]
    builder = began()
    builder.event(660.0, "task-done", "fire", "size-up", {"where": "x", "units": []})
    part = time_part(Window(drill(plan_set(), scored_tasks=tasks), builder.log()), 0.2)
    assert part.value == pytest.approx(0.25)


def test_statements_against_the_city() -> None:
    school = "binjiang-school"  # 1,256 heads by day
    states = [
        {"id": "a", "about": school, "quantity": "heads-day", "value": 1200},
        {"id": "b", "about": school, "quantity": "heads-day", "value": 1000},
        {"id": "c", "about": "engines", "quantity": "units", "value": 3},
        {"id": "d", "about": "engines", "quantity": "units", "value": 4},
        {"id": "e", "about": "nowhere", "quantity": "beds", "value": 4},
    ]
    part = statement_part(drill(plan_set(statements=states)), 0.1)
    assert part.value == pytest.approx(0.5)
    assert part.detail["unchecked"] == 1
    assert part.detail["wrong"] == ["p1/b", "p1/d"]
    assert statement_part(drill(plan_set()), 0.1).value is None


def test_a_promise_must_be_neither_too_short_nor_padded() -> None:
    base = {"by": "fire", "to": "plant", "resource": "engines", "at": "huacheng-bay"}
    found = {}
    for minutes in (4, 9, 60):
        promise = {**base, "id": "pr", "within": f"{minutes} min"}
        found[minutes] = statement_part(drill(plan_set(promises=[promise])), 0.1).value
    # one minute of turnout and about eight of driving
    assert found == {4: 0.0, 9: 1.0, 60: 0.0}


# --- effectiveness -------------------------------------------------------------------------------


def people(variant: str, deaths: float, exposed: float = 0.0, rep: int = 0) -> RunLog:
    builder = began()
    builder.final("tailong", deaths=deaths, exposed=exposed, hazardous=True)
    builder.final("all", deaths=deaths, exposed=exposed)
    return builder.log(variant, rep=rep)


def runs(rep: int = 0, **deaths: float) -> dict[str, RunLog]:
    return {v.replace("_", "-"): people(v.replace("_", "-"), n, rep=rep) for v, n in deaths.items()}


FIVE = {"none": 120.0, "perfect": 40.0, "ideal_links": 30.0, "behavioural": 45.0, "reference": 20.0}


def test_effectiveness_golden_and_identity() -> None:
    card = score(drill(plan_set()), runs(**FIVE))
    pillar = card.effectiveness
    assert pillar.value == pytest.approx(0.75)
    plan, executed = pillar.part("E_plan").value, pillar.part("E_exec").value
    assert plan is not None
    assert executed is not None
    assert plan * executed == pytest.approx(0.75)
    link = pillar.part("dL")
    assert link.value == pytest.approx(10.0)
    assert link.detail["share_of_avoidable"] == pytest.approx(0.5)


def test_effectiveness_below_zero_is_shown_and_clipped_in_the_composite_only() -> None:
    card = score(drill(plan_set()), runs(**{**FIVE, "behavioural": 130.0}))
    assert card.effectiveness.value == pytest.approx(-0.10)
    assert card.composite is not None
    assert card.composite > 0.0


@pytest.mark.parametrize("gone", ["none", "behavioural", "reference"])
def test_effectiveness_needs_its_runs(gone: str) -> None:
    left = {k: v for k, v in FIVE.items() if k != gone}
    card = score(drill(plan_set()), runs(**left))
    assert card.effectiveness.value is None
    assert card.effectiveness.skipped is not None
    assert gone in card.effectiveness.skipped.en
    assert card.grade.partial


def test_nothing_to_save_is_skipped() -> None:
    card = score(drill(plan_set()), runs(**{**FIVE, "none": 20.005}))
    assert card.effectiveness.value is None
    useless = score(drill(plan_set()), runs(**{**FIVE, "perfect": 120.0}))
    assert useless.effectiveness.part("E_exec").value is None


def test_loss_scalar_shows_its_weights() -> None:
    assert Loss(1.0, 10.0, 1000.0).scalar == pytest.approx(1.0 + 3.0 + 3.0)
    assert Loss(0.0, 0.0, 0.0).property is None


# --- capability ----------------------------------------------------------------------------------

TASKS: list[dict[str, Any]] = [
    {"verb": "size-up", "group": "assessment", "criticality": 2, "within": "10 min"},
    {
        "verb": "plug-leak",
        "group": "handling",
        "criticality": 4,
        "safety": True,
        "after": ["size-up"],
    },
    {"verb": "triage", "group": "medical", "criticality": 3},
]


def works(*steps: tuple[float, str, str], why: str = "") -> Builder:
    builder = began()
    for t, kind, verb in steps:
        data = {"where": "x", "units": ["engines-0"], **({"why": why} if "failed" in kind else {})}
        builder.event(t, kind, "fire", verb, data, (), f"p1/{verb}")
    return builder


def capability(builder: Builder) -> Pillar:
    window = Window(drill(plan_set(), scored_tasks=TASKS), builder.log())
    return capability_pillar({"behavioural": window})


SAFE = (
    (100.0, "task-started", "size-up"),
    (660.0, "task-done", "size-up"),
    (700.0, "task-started", "plug-leak"),
    (900.0, "task-done", "plug-leak"),
)


def test_capability_by_hand() -> None:
    pillar = capability(works(*SAFE))
    # nobody was hurt, so triage is not asked; there is no belief to compare
    assert pillar.part("C").value == 1.0
    assert pillar.part("fitness").value == 1.0
    assert pillar.part("SSA").value is None
    assert pillar.value == 1.0


def test_casualty_work_is_asked_once_somebody_is_hurt() -> None:
    builder = began()
    builder.event(70.0, "casualties", "world", "hurt", {"n": 3.0, "place": "x"})
    pillar = capability(builder)
    assert "triage" in pillar.part("C").detail["tasks"]


def test_entering_before_the_size_up_scores_nothing_and_caps_when_it_exposed() -> None:
    steps = (
        (100.0, "task-started", "size-up"),
        (200.0, "task-started", "plug-leak"),
        (300.0, "task-failed", "plug-leak"),
        (400.0, "task-started", "plug-leak"),
        (500.0, "task-done", "plug-leak"),
        (600.0, "task-done", "size-up"),
    )
    unsafe = capability(works(*steps, why="no-crew"))
    assert unsafe.part("C").value == pytest.approx(0.5)
    assert [part.id for part in unsafe.parts] == ["C", "SSA", "fitness"]
    exposed = capability(works(*steps, why="gas"))
    assert exposed.part("cap").value == 0.5
    assert exposed.value is not None
    assert exposed.value <= 0.5


def test_awareness_by_hand() -> None:
    scenario = drill(plan_set(), interfaces=[{**INTERFACE, "content": ["substance", "hurt"]}])
    assert wanted_facts(scenario.yardstick) == {"park": ("substance", "hurt")}
    builder = began()
    told = {"value": "chlorine", "observed_s": 0.0, "source": "message"}
    builder.event(500.0, "believed", "park/officer", "substance", told)
    builder.truth(900.0, hurt=5.0)
    # epochs 360, 660, 960, 1260: substance 0 1 1 1, hurt asked at the last two, never known
    part = awareness_part(Window(scenario, builder.log(end_s=1260.0)), 0.2)
    assert part.value == pytest.approx(3 / 6)


# --- the card ------------------------------------------------------------------------------------


def test_composite_shows_one_bad_pillar() -> None:
    assert geometric_mean([(1.0, v) for v in (0.9, 0.9, 0.9, 0.1)], 0.01) == pytest.approx(
        0.52, abs=5e-3
    )
    pillars = [
        Pillar(k, said(f"score.{k}"), v)
        for k, v in (
            ("accuracy", 0.8),
            ("effectiveness", 1.3),
            ("linkage", 0.6),
            ("capability", None),
        )
    ]
    # E above 1 counts 1; the skipped pillar's weight is shared
    expected = (0.8**0.25 * 1.0**0.30 * 0.6**0.25) ** (1 / 0.8)
    assert composite_of(pillars) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("value", "harmed", "grade"),
    [
        (0.90, False, "excellent"),
        (0.8999, False, "good"),
        (0.75, False, "good"),
        (0.60, False, "fair"),
        (0.59, False, "poor"),
        (0.95, True, "fair"),
        (0.3, True, "poor"),
        (None, False, "none"),
    ],
)
def test_grades(value: float | None, harmed: bool, grade: str) -> None:
    assert grade_of(value, False, harmed).id == grade


def full_card(scenario: Scenario | None = None) -> Scorecard:
    scenario = scenario or drill(
        plan_set(notifications=[NOTE]), interfaces=[INTERFACE], scored_tasks=TASKS
    )
    return score(scenario, runs(**FIVE))


def test_lost_points_add_up_to_what_each_pillar_lost() -> None:
    card = full_card()
    for pillar in card.pillars:
        assert pillar.value is not None
        lost = sum(point.points for point in card.lost if point.pillar == pillar.id)
        assert lost == pytest.approx(1.0 - pillar.value), pillar.id


def test_lost_points_name_clause_and_line() -> None:
    card = full_card()
    point = next(p for p in card.lost if p.part == "K_D")
    assert point.clause == "p1/n1"
    assert point.where == "p1.yaml:10"


def test_the_card_speaks_two_languages_and_json() -> None:
    card = full_card()
    assert json.loads(json.dumps(card.plain("zh")))["grade"] in {"优", "良", "一般", "差"}
    assert "衔接度" in json.dumps(card.plain("zh"), ensure_ascii=False)
    assert "linkage" in json.dumps(card.plain("en"))


def test_scores_are_pure() -> None:
    assert full_card().plain("en") == full_card().plain("en")


def test_wrong_logs_are_refused() -> None:
    scenario = drill(plan_set())
    with pytest.raises(ValueError, match="needed"):
        score(scenario, {})
    with pytest.raises(ValueError, match="heroic"):
        score(scenario, {"heroic": people("heroic", 1.0)})
    mixed = {"none": people("none", 1.0), "perfect": people("perfect", 1.0, rep=1)}
    with pytest.raises(ValueError, match="different draws"):
        score(scenario, mixed)


# --- many ----------------------------------------------------------------------------------------


def many(*changes: dict[str, float]) -> list[Scorecard]:
    scenario = drill(plan_set(notifications=[NOTE]), interfaces=[INTERFACE])
    return [score(scenario, runs(rep, **{**FIVE, **c})) for rep, c in enumerate(changes)]


def test_effectiveness_over_seeds_is_a_ratio_of_means() -> None:
    table = score_many(
        many({}, {"none": 220.0, "behavioural": 200.0}, {"none": 150.0}, {"none": 90.0})
    )
    saved = (75.0 + 20.0 + 105.0 + 45.0) / (100.0 + 200.0 + 130.0 + 70.0)
    row = table.row("effectiveness")
    assert row.mean == pytest.approx(saved)
    plan, executed = table.row("effectiveness.E_plan").mean, table.row("effectiveness.E_exec").mean
    assert plan is not None
    assert executed is not None
    assert plan * executed == pytest.approx(saved)
    assert row.low is not None
    assert row.high is not None
    assert row.low < saved < row.high


def test_effectiveness_is_skipped_where_noise_hides_the_gain() -> None:
    table = score_many(many({"none": 21.0}, {"none": 20.0}, {"none": 60.0}))
    row = table.row("effectiveness")
    assert row.mean is None
    assert row.skipped is not None
    assert "half-width" in row.skipped.en
    assert table.grade.partial


def test_table_counts_interfaces_and_says_what_it_did_not_judge() -> None:
    table = score_many(many({}, {}))
    assert table.interfaces == {"i1": (4, 0, 2)}
    assert "not judged" in table.say_verdict("en")
    assert "未判定" in table.say_verdict("zh")
    assert table.losses["none"]["deaths"] == (120.0, 0.0)
    json.dumps(table.plain("en"))


def test_one_run_has_no_interval() -> None:
    table = score_many(many({}))
    assert table.n == 1
    assert table.row("accuracy").low is None
    assert table.row("effectiveness").low is None


def test_cards_of_different_plan_sets_are_not_mixed() -> None:
    with pytest.raises(ValueError, match="one scenario"):
        score_many([])
