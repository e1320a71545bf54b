"""Findings as text, JSON and SARIF, exit codes, `explain`; names and dated law."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from drillsim.cli import cities, files, runs  # noqa: F401 - importing them registers the commands
from drillsim.cli.app import app
from drillsim.data.statutes import statutes
from drillsim.i18n import Text
from drillsim.interop.sarif import sarif_log
from drillsim.linkage.findings import Basis, Finding, Place, Skipped
from drillsim.linkage.names import stale_names
from drillsim.linkage.rules import PLANNED, RULES
from drillsim.linkage.rules.upkeep import months_before, working_days
from drillsim.plans.organisations import FormerName, Organisation

PLANS = Path(__file__).resolve().parents[2] / "scenarios" / "longcheng" / "plans" / "2024"


def call(*args: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(a) for a in args])
    return result.exit_code, result.stdout


def test_check_prints_findings_and_fails_on_request() -> None:
    code, told = call("check", PLANS, "--lang", "en", "--fail-on", "critical")
    assert code == 1
    assert "S12 critical one-sided handover" in told
    assert "p12-hc-general.yaml:" in told
    assert f"({len(RULES)} of {PLANNED} static rules" in told
    code, told = call("check", PLANS, "--lang", "zh")
    assert code == 0
    assert "S12 严重" in told


def test_check_as_json() -> None:
    code, told = call("check", PLANS, "--format", "json", "--lang", "en")
    found = json.loads(told)
    assert code == 0
    assert found["rules"] == {"implemented": len(RULES), "planned": PLANNED}
    assert found["counts"]["critical"] == sum(
        f["severity"] == "critical" for f in found["findings"]
    )
    one = next(f for f in found["findings"] if f["rule"] == "S12")
    assert set(one) >= {
        "rule", "severity", "interface", "message", "basis", "where", "explained_by",
    }  # fmt: skip
    assert set(one["where"][0]) >= {"file", "line", "quote"}
    assert found["skipped"]
    assert set(found["skipped"][0]) == {"rule", "reason"}


def test_check_as_sarif() -> None:
    code, told = call("check", PLANS, "--format", "sarif", "--lang", "en")
    log = json.loads(told)
    assert code == 0
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert ids == list(RULES)
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        for place in result["locations"] + result["relatedLocations"]:
            assert place["physicalLocation"]["region"]["startLine"] >= 1
            assert ".." not in place["physicalLocation"]["artifactLocation"]["uri"]
    prints = [r["partialFingerprints"]["seam/v1"] for r in run["results"]]
    assert len(set(prints)) >= len(prints) - 2


def test_sarif_of_one_finding() -> None:
    place = Place("plans/a.yaml", 7, "一句话", "p-a/n1")
    finding = Finding(
        "S01", "medium", "a > b", Text(zh="断", en="broken"), Basis("law", False), (place,)
    )
    skipped = [Skipped("S02", Text(zh="缺", en="not supplied"))]
    log = sarif_log([finding], skipped, RULES, "zh", "1.0")
    (run,) = log["runs"]
    (result,) = run["results"]
    assert (result["level"], result["message"]["text"]) == ("warning", "断")
    where = result["locations"][0]["physicalLocation"]
    assert where == {
        "artifactLocation": {"uri": "plans/a.yaml"}, "region": {"startLine": 7},
    }  # fmt: skip
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "缺"
    with pytest.raises(KeyError):
        sarif_log([finding], (), {}, "zh", "1.0")


def test_explain() -> None:
    code, told = call("explain", "s12", "--lang", "en")
    assert code == 0
    assert told.startswith("S12 one-sided handover")
    assert "Bad:" in told
    code, told = call("explain", "S12", "--json")
    assert json.loads(told)["rule"] == "S12"
    code, _ = call("explain", "S99")
    assert code == 2


def body(name: str, aliases: tuple[str, ...] = (), former: str = "") -> Organisation:
    gone = (FormerName(name=former, until=date(2018, 12, 31)),) if former else ()
    return Organisation(
        id="b", name=Text(zh=name, en="b"), kind="fire", level="city", aliases=aliases,
        former_names=gone,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "day", "stale"),
    [
        ("报告市消防支队", date(2024, 1, 1), True),
        ("报告市消防支队", date(2018, 12, 31), False),
        ("报告（原市消防支队）", date(2024, 1, 1), False),
        ("报告市消防支队特勤站", date(2024, 1, 1), False),
        ("报告消防救援局", date(2024, 1, 1), False),
        ("原市消防支队，现仍称市消防支队", date(2024, 1, 1), True),
    ],
)
def test_former_names_by_date(sentence: str, day: date, stale: bool) -> None:
    body_ = body("消防救援支队", ("消防救援局", "市消防支队特勤站"), "市消防支队")
    assert bool(list(stale_names(sentence, (body_,), day))) is stale


def test_the_law_of_a_day() -> None:
    law = statutes().law("中华人民共和国突发事件应对法", "2007")
    assert law is not None
    assert law.holds(date(2024, 10, 31))
    assert not law.holds(date(2024, 11, 1))
    assert statutes().law("中华人民共和国突发事件应对法", "2024").holds(date(2024, 11, 1))  # type: ignore[union-attr]


def test_calendar() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 3, 15), 6) == date(2025, 9, 15)
    assert working_days(date(2023, 12, 11), date(2024, 1, 5)) == 19
    assert working_days(date(2026, 1, 2), date(2026, 1, 5)) == 1
