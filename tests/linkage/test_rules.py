"""Each rule: its cases as YAML, its words, its page; look-alikes and the shipped sets apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from case_world import RuleCase, linked, read_rule_cases, town

from drillsim.linkage.findings import Finding
from drillsim.linkage.rules import PLANNED, RULES, check_linkage
from drillsim.linkage.rules.pages import page, told

ALL = read_rule_cases()
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_case(case: RuleCase, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    city = town(tmp_path_factory.getbasetemp() / "town")
    on = linked(case, tmp_path / "set", city)
    found = [f for f in RULES[case.rule].judge(on) if isinstance(f, Finding)]
    if case.good:
        assert [f.message.en for f in found] == []
        if case.expect.get("skipped"):
            assert check_linkage(on, [RULES[case.rule]]).skipped
        return
    assert found, "the seam was not found"
    for finding in found:
        assert finding.rule == case.rule
        assert finding.message.zh.strip()
        assert finding.message.en.strip()
        assert "{" not in finding.message.zh + finding.message.en
        known = {p.head.id for p in on.plan_set.plans.values()}
        assert all(place.ref.partition("/")[0] in known for place in finding.places)
        assert all(place.line >= 1 for place in finding.places)
    expect = case.expect
    assert len(found) == expect.get("n", 1), [f.message.en for f in found]
    if "severity" in expect:
        assert {f.severity for f in found} == {expect["severity"]}
    if "interface" in expect:
        assert {f.interface for f in found} == {expect["interface"]}
    if "places" in expect:
        assert {p.ref for f in found for p in f.places} == set(expect["places"])


def test_every_rule_has_cases_both_ways() -> None:
    assert {c.rule for c in ALL if not c.good} == set(RULES)
    assert {c.rule for c in ALL if c.good} == set(RULES)


def test_every_rule_says_what_it_is() -> None:
    assert len(RULES) <= PLANNED
    for rule in RULES.values():
        text = told(rule)
        assert "Bad:" in text
        assert text.index("Bad:") < text.index("Good:")
        assert rule.name.zh
        assert rule.basis.text


def test_the_page_is_current() -> None:
    told_there = (ROOT / "docs" / "rules.md").read_text("utf-8")
    assert told_there == page(), "run: python -m drillsim.linkage.rules > docs/rules.md"
