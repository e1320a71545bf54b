"""The seeded-defect benchmark: its draw, its judge, a fixed sample; the whole of it when slow."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.linkage import judge, run  # noqa: E402
from benchmarks.linkage.plain_twins import reworded  # noqa: E402
from benchmarks.linkage.seeding import RefusedError, applied, draw, seeded  # noqa: E402
from benchmarks.linkage.table import MUTANTS, TWINS  # noqa: E402
from benchmarks.linkage.worlds import World, read_worlds, rewritten, told  # noqa: E402

SAMPLE = ("S02", "S06", "S09", "S15", "S16", "S25", "S30")


@pytest.fixture(scope="module")
def town() -> World:
    (world,) = read_worlds(("qinghe",))
    return world


def test_second_city_is_clean(town: World) -> None:
    assert [judge.told(f) for f in town.base] == []


def test_every_rule_has_operators() -> None:
    assert set(MUTANTS) == set(TWINS) == set(run.ALL)


def test_same_seed_same_sample(town: World) -> None:
    one, two = (draw("S02", MUTANTS["S02"], (town,), 6, 3, []) for _ in range(2))
    other = draw("S02", MUTANTS["S02"], (town,), 6, 4, [])
    assert [d.seeded for d in one] == [d.seeded for d in two]
    assert [d.seeded for d in one] != [d.seeded for d in other]


def test_no_edit_leaves_the_set_unread(town: World) -> None:
    level = town.items("levels")[0]
    with pytest.raises(RefusedError):
        applied(town, seeded(level.set(rank="heavy")))
    with pytest.raises(RefusedError):
        applied(town, seeded(town.items("tasks")[0].set(where="nowhere-at-all")))


def test_edit_changes_only_what_it_names(town: World) -> None:
    item = town.find("notifications", "q10", "n-119")
    assert item is not None
    after = applied(town, seeded(item.set(deadline="1 min")))
    assert after.find("q10/n-119")[1].deadline == 60.0
    rest = [
        (p, e) for p, plan in after.plans.items() for _, e in plan.elements() if e.id != "n-119"
    ]
    assert rest == [
        (p, e) for p, plan in town.full.plans.items() for _, e in plan.elements() if e.id != "n-119"
    ]


def test_judge_wants_rule_and_place(town: World) -> None:
    item = town.find("notifications", "q10", "n-119")
    assert item is not None
    gone = seeded(item.gone(), names=("qh-cold",))
    drawn = draw("S03", (lambda _: iter([gone]),), (town,), 1, 0, [])[0]
    news = judge.fresh(town.base, town.check(drawn.plan_set))
    assert judge.detected(drawn, news)
    assert not judge.detected(drawn, [f for f in news if f.rule != "S03"])
    assert judge.fresh(news, news) == ()


def test_rewording_keeps_the_condition() -> None:
    when = {"any": ["told fire-call", {"all": ["level ii", "told joint-call by a, b"]}]}
    assert rewritten(when, lambda s: s) == when
    assert rewritten(when, lambda s: None if s == "told fire-call" else s) == {
        "any": [{"all": ["level ii", "told joint-call by a, b"]}]
    }
    assert told("told joint-call by a, b") == ("joint-call", ("a", "b"))
    assert told("not told joint-call") is None


def test_other_name_is_a_name_of_the_same_body(town: World) -> None:
    edits = [s.edits[0] for s in reworded(town)]
    assert edits
    for edit in edits[:10]:
        assert edit.value["quote"] != town.raw[edit.key]["quote"]


def test_fixed_sample(town: World) -> None:
    result = run.run(SAMPLE, (town,), 4)
    for row in result["rules"]:
        assert row["mutants"] == row["twins"] == 4, row["rule"]
    assert result["overall"]["recall"] >= 0.95, result["missed"]
    assert result["overall"]["false_alarms"] == 0, result["false_alarms"]


@pytest.mark.slow
def test_whole_benchmark_meets_its_goals() -> None:
    result = run.run(run.ALL, read_worlds(), 20)
    goals = {k: result["overall"][k] for k in ("below_0.95", "imprecise", "not_beaten")}
    assert goals == {"below_0.95": [], "imprecise": [], "not_beaten": []}
