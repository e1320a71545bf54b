"""Revisions: what differs, grafting single clauses, leaving some out."""

from __future__ import annotations

from pathlib import Path

import pytest

from drillsim.plans.planset import read_plan_set
from drillsim.plans.revise import diff, graft, without
from drillsim.plans.sets import PlanSet
from drillsim.scenario import Scenario

OVERLAY = {
    "planset.yaml": "name: newer\ntitle: {zh: 新, en: newer}\nrevision: '2'\ndate: 2026-06-01\n"
    "base: ../plans\nkinds:\n  all-clear: {zh: 解除, en: all clear}\n",
    "works.yaml": "of: p-works\nnotifications:\n"
    "  - {id: n-call, by: works/operator, when: smell, to: [brigade], kind: fire-call}\n"
    "  - {id: n-clear, by: works/operator, when: isolated, to: [brigade], kind: all-clear}\n",
    "brigade.yaml": "of: p-brigade\nremove: [n-report]\n",
    "bodies.yaml": "resources:\n  - {id: engine, name: {zh: 车, en: engine}, owner: brigade, "
    "home: fire-house, capabilities: [entry], turnout: {day: 30 s, night: 30 s}}\n",
}


@pytest.fixture
def sets(tiny_files: Path) -> tuple[PlanSet, PlanSet]:
    """The tiny set and a newer one: a call changed, a message added, a report removed."""
    folder = tiny_files.parent / "newer"
    folder.mkdir()
    for name, text in OVERLAY.items():
        (folder / name).write_text(text, "utf-8")
    return read_plan_set(tiny_files.parent / "plans"), read_plan_set(folder)


def test_diff_lists_every_change_once_and_in_order(sets: tuple[PlanSet, PlanSet]) -> None:
    old, new = sets
    changes = diff(old, new)
    assert [(c.ref, c.section, c.what) for c in changes] == [
        ("p-brigade/n-report", "notifications", "removed"),
        ("p-works/n-call", "notifications", "changed"),
        ("p-works/n-clear", "notifications", "added"),
    ]
    report, call, clear = changes
    assert report.after is None
    assert clear.before is None
    assert (call.before.deadline, call.after.deadline) == (60.0, None)


def test_diff_back_and_of_itself(sets: tuple[PlanSet, PlanSet]) -> None:
    old, new = sets
    assert diff(old, old) == ()
    there, back = diff(old, new), diff(new, old)
    assert [c.ref for c in there] == [c.ref for c in back]
    assert [c.before for c in there] == [c.after for c in back]


def test_grafting_all_changes_gives_the_newer_set(sets: tuple[PlanSet, PlanSet]) -> None:
    old, new = sets
    refs = [c.ref for c in diff(old, new)] + ["resource:engine"]
    grafted = graft(old, new, refs)
    assert diff(grafted, new) == ()
    assert grafted.resources == new.resources
    assert grafted.digest == new.digest
    assert diff(graft(new, old, refs), old) == ()


@pytest.mark.parametrize("ref", ["p-brigade/n-report", "p-works/n-call", "p-works/n-clear"])
def test_grafting_one_clause_changes_one_clause(sets: tuple[PlanSet, PlanSet], ref: str) -> None:
    old, new = sets
    before = old.digest
    assert [c.ref for c in diff(old, graft(old, new, [ref]))] == [ref]
    assert old.digest == before


def test_a_name_that_neither_has(sets: tuple[PlanSet, PlanSet]) -> None:
    old, new = sets
    with pytest.raises(KeyError, match=r"p-works/n-cal; did you mean 'p-works/n-call'"):
        graft(old, new, ["p-works/n-cal"])
    with pytest.raises(KeyError, match=r"p-works/n-clear"):
        without(old, ["p-works/n-clear"])


def test_a_resource_that_neither_has_is_suggested(sets: tuple[PlanSet, PlanSet]) -> None:
    old, new = sets
    with pytest.raises(KeyError, match="engin"):
        graft(old, new, ["resource:engin"])


def test_without(sets: tuple[PlanSet, PlanSet]) -> None:
    old, _ = sets
    poorer = without(old, ["p-works/n-call", "p-brigade/t-close"])
    assert [(c.ref, c.what) for c in diff(old, poorer)] == [
        ("p-brigade/t-close", "removed"), ("p-works/n-call", "removed"),
    ]  # fmt: skip
    assert without(old, []) == old


def test_without_takes_any_iterable(sets: tuple[PlanSet, PlanSet]) -> None:
    old, _ = sets
    assert without(old, iter(["p-works/n-call"])).plans["p-works"].of("notifications") == ()


def test_the_draft_of_the_city_can_be_grafted_clause_by_clause(longcheng: Scenario) -> None:
    """Every single change of the shipped draft gives a set that differs in that clause alone."""
    draft = read_plan_set(longcheng.path.parent / "plans" / "2026-draft")
    draft = draft.covering("chemical-storage")
    changes = diff(longcheng.plan_set, draft)
    assert len(changes) > 20
    for change in changes:
        grafted = graft(longcheng.plan_set, draft, [change.ref])
        assert [c.ref for c in diff(longcheng.plan_set, grafted)] == [change.ref]
    whole = graft(longcheng.plan_set, draft, [c.ref for c in changes])
    assert diff(whole, draft) == ()
