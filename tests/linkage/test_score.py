"""K_S from findings: golden values, what must never help, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from case_world import ON, RuleCase, linked, town

from drillsim.i18n import Text
from drillsim.linkage.findings import Basis, Finding, Place, Severity
from drillsim.linkage.rules import Linked, check_linkage
from drillsim.linkage.score import linkage_score, linkage_verdict, static_score
from drillsim.plans.model import Law
from drillsim.scenario import RequiredHandover, RequiredInterface

Plans = Sequence[dict[str, Any]]


def need(name: str, receivers: tuple[str, ...], weight: int, kind: str = "report") -> Any:
    return RequiredInterface(
        id=name, dimension="LD1", pair="G-E", senders=("works",), receivers=receivers,
        kinds=(kind,), criticality=weight, law=Law(basis="law"),
    )  # fmt: skip


def found(rule: str, severity: Severity, interface: str, *refs: str) -> Finding:
    places = tuple(Place("f.yaml", 1, "", ref) for ref in refs)
    return Finding(
        rule, severity, interface, Text(zh="z", en="e"), Basis("b", True), places
    )  # fmt: skip


def note(name: str, to: list[str], **more: Any) -> dict[str, Any]:
    return {"id": name, "by": "works", "to": to, "kind": "report", "when": "release", **more}


@pytest.fixture
def build(tmp_path: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    city = town(tmp_path_factory.getbasetemp() / "town")
    count = iter(range(100))

    def one(plans: Plans, *needs: RequiredInterface) -> Linked:
        case = RuleCase("", "", True, tuple(plans), ON, True, {})
        return replace(linked(case, tmp_path / f"s{next(count)}", city), interfaces=tuple(needs))

    return one


def works(*notes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"plan": {"id": "p-works", "owner": "works"}, "notifications": list(notes), **more}


def test_golden(build: Any) -> None:
    on = build(
        [works(note("n1", ["county-em"]), note("n2", ["police"]))],
        need("a", ("county-em",), 5), need("b", ("police",), 3), need("c", ("health",), 2),
    )  # fmt: skip
    findings = [
        found("S04", "high", "works > county-em", "p-works/n1"),
        found("S07", "medium", "carrier pstn", "p-works/n1", "p-works/n2"),
        found("S06", "critical", "works > county-em", "p-works/n2"),
    ]
    score = static_score(on, findings)
    # a: (1 - .5)(1 - .2) = .4; b: .8, as S06 is about another receiver; c: nobody declares it
    assert [row.value for row in score.interfaces] == pytest.approx([0.4, 0.8, 0.0])
    assert score.value == pytest.approx((5 * 0.4 + 3 * 0.8) / 10)
    assert score.matrix == {("G-E", "LD1"): pytest.approx(0.44)}
    assert score.interfaces[2].silent == ("health",)


def test_deleting_a_duty_never_helps(build: Any) -> None:
    needs = need("a", ("county-em",), 5), need("b", ("police",), 3)
    bad = note("n1", ["county-em"], modality="may", law={"basis": "law"})
    good = note("n1", ["county-em"], deadline="10 min", law={"basis": "law"})

    def value(*notes: dict[str, Any]) -> float:
        on = build([works(*notes)], *needs)
        score = static_score(on, check_linkage(on).findings)
        assert score.value is not None
        return score.value

    police = note("n2", ["police"])
    with_bad, with_good, without = value(bad, police), value(good, police), value(police)
    assert without < with_bad < with_good
    # one more way, slack or not, never lowers; nor does one more proper receiver
    assert value(bad, {**good, "id": "n3"}, police) == with_good
    assert value({**good, "to": ["county-em", "police"]}) >= value(good)


def test_a_level_without_authority_weighs_on_what_waits_for_it(build: Any) -> None:
    level = {
        "id": "i", "name": {"zh": "级", "en": "i"}, "rank": 1, "severity": 2, "when": "release",
        "activator": "works/manager",
    }  # fmt: skip
    on = build([works(note("n1", ["police"], when="level i"), levels=[level])],
               need("b", ("police",), 3))  # fmt: skip
    findings = check_linkage(on).findings
    assert {f.rule for f in findings} >= {"S10"}
    only = static_score(on, [f for f in findings if f.rule == "S10"])
    assert only.value == pytest.approx(0.5)


def test_handovers_count_alike(build: Any) -> None:
    passing = {
        "id": "h1", "scope": "overall", "giver": "works/leader", "taker": "county/vice",
        "when": "release",
    }  # fmt: skip
    county: dict[str, Any] = {"plan": {"id": "p-county", "owner": "county"}}
    on = build([works(handovers=[passing]), county])
    asked = RequiredHandover(
        id="h", scope="overall", givers=("works",), takers=("county",), criticality=4
    )
    score = static_score(on, check_linkage(on).findings, [asked])
    (row,) = score.interfaces
    assert (row.dimension, row.pair, row.value) == ("LD3", "G-E", 0.0)  # S12: one side only
    assert static_score(on, [], [asked]).value == 1.0
    assert static_score(build([works(), county]), [], [asked]).interfaces[0].silent == ("county",)


def test_no_yardstick_no_score(build: Any) -> None:
    assert static_score(build([works(note("n1", ["police"]))]), []).value is None


def test_k_and_verdict() -> None:
    assert linkage_score({"K_S": 0.8, "K_D": 0.6, "H": 0.5}) == pytest.approx(0.65)
    assert linkage_score({"K_S": 0.8, "H": 0.5}) == pytest.approx((0.28 + 0.1) / 0.55)
    assert linkage_score({}) is None
    grave = [found("S01", "critical", "a > b", "p/n")]
    mild = [found("S30", "medium", "a > b", "p/n")]
    kept = {"a": (5, 0.93), "b": (2, 0.1)}
    assert linkage_verdict(grave, 0.9) == "partial"
    assert linkage_verdict(grave, 0.9, harmed=True) == "broken"
    assert linkage_verdict(mild, 0.8) == "basic"
    assert linkage_verdict(mild, 0.7) == "partial"
    assert linkage_verdict(mild, 0.8, gap=0.0, kept=kept, runs=34) == "not-judged"
    seamless = {"gap": 0.01, "kept": kept, "runs": 40, "exercised": True}
    assert linkage_verdict(mild, 0.8, **seamless) == "seamless"
    assert linkage_verdict(mild, 0.8, **{**seamless, "gap": 0.03}) == "basic"
    assert linkage_verdict(mild, 0.8, **{**seamless, "kept": {"a": (4, 0.89)}}) == "basic"
