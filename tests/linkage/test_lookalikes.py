"""The sixteen things that look like seams and are none: every rule stays silent on them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from case_world import ON, RuleCase, linked, town

from drillsim.linkage.rules import check_linkage


def head(name: str, owner: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "owner": owner, **more}


def note(name: str, by: str, to: list[str], kind: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "by": by, "to": to, "kind": kind, "when": "cloud-visible", **more}


def lead(name: str, who: str, members: list[str]) -> dict[str, Any]:
    return {
        "id": name, "name": {"zh": "疏散组", "en": "evacuation"}, "lead": who, "members": members,
        "when": "cloud-visible", "verbs": ["bus-evacuation"],
    }  # fmt: skip


def level(name: str, rank: int, when: Any, who: str) -> dict[str, Any]:
    return {
        "id": name, "name": {"zh": name, "en": name}, "rank": rank, "severity": 1, "when": when,
        "activator": who,
    }  # fmt: skip


PLATE_A = {"of": "brigade", "printed_name": "消防救援局"}
PLATE_B = {"of": "brigade", "printed_name": "消防救援支队"}
LAW = {"basis": "突发事件应对法第六十一条"}
FIRE = {"plan": head("p-fire", "brigade"), "tasks": [
    {"id": "t0", "by": "brigade", "when": "told fire-call", "verb": "size-up"},
]}  # fmt: skip
T: dict[str, list[dict[str, Any]]] = {
    "t1 at once": [
        {"plan": head("p-em", "county-em"), "notifications": [
            note("n1", "county-em", ["brigade"], "fire-call", quote="立即报告", law=LAW,
                 content=["location", "substance"])]}, FIRE],
    "t2 two plates": [
        {"plan": head("p-a", "county"), "contacts": [PLATE_A]},
        {"plan": head("p-b", "city"), "contacts": [PLATE_B]}],
    "t3 fire under overall": [
        {"plan": head("p-f", "brigade"), "commands": [
            {"id": "c1", "scope": "fire", "by": "brigade", "when": "release"}]},
        {"plan": head("p-c", "county"), "commands": [
            {"id": "c2", "scope": "overall", "by": "county/vice", "when": "release"}]}],
    "t4 manager is a member": [
        {"plan": head("p-c", "county"), "commands": [
            {"id": "c2", "scope": "overall", "by": "county/vice", "when": "release"}],
         "groups": [lead("g1", "police", ["works/manager"])]}],
    "t5 closure lets crews in": [
        {"plan": head("p-park", "park"), "tasks": [
            {"id": "t1", "by": "park/desk", "when": "release", "verb": "set-gates", "crews": 0,
             "sites": ["gate-b"]}]},
        {"plan": head("p-f", "brigade"), "tasks": [
            {"id": "t2", "by": "brigade", "when": "release", "verb": "size-up", "where": "scene",
             "sites": ["gate-b"], "needs": ["entry"], "protected": True}]}],
    "t6 told twice": [
        {"plan": head("p-em", "county-em"), "notifications": [
            note("n1", "county-em", ["ecology"], "report", deadline="10 min")]},
        {"plan": head("p-cem", "city-em"), "notifications": [
            note("n2", "city-em", ["ecology"], "report", deadline="15 min")]},
        {"plan": head("p-eco", "ecology"), "commands": [
            {"id": "c1", "scope": "environment", "by": "ecology", "when": "told report"}]}],
    "t7 three levels against four": [
        {"plan": head("p-city", "city"), "levels": [
            level("four", 4, "release", "city-em"), level("three", 3, "told report", "city-em"),
            level("two", 2, "cloud-visible", "city-em"), level("one", 1, "smell", "city-em")],
         "mappings": [{"id": "m1", "source": "p-em:two", "target": "three"},
                      {"id": "m2", "source": "p-em:one", "target": "two"}],
         "notifications": [note("n0", "county-em", ["city-em"], "report")]},
        {"plan": head("p-em", "county-em", parents=["p-city"]), "levels": [
            level("three", 3, "smell", "county-em"), level("two", 2, "release", "county-em"),
            level("one", 1, "cloud-visible", "county-em")]}],
    "t8 one stated lead": [
        {"plan": head("p-city", "city"), "groups": [lead("g1", "police", ["street"])]},
        {"plan": head("p-c", "county"), "groups": [lead("g2", "police", ["street"])]}],
    "t9 lawful discretion": [
        {"plan": head("p-em", "county-em"), "notifications": [
            note("n1", "county-em", ["city-em"], "report", modality="if-needed",
                 quote="必要时越级上报")]}],
    "t10 phone, then paper": [
        {"plan": head("p-em", "county-em"), "notifications": [
            note("n1", "county-em", ["city-em"], "report", deadline="10 min",
                 law={**LAW, "within": "1 h"}),
            note("n2", "county-em", ["city-em"], "report", deadline="90 min", form="six")]}],
    "t11 other grades side by side": [
        {"plan": head("p-eco", "ecology"), "levels": [
            level("e2", 2, "moved >= 500", "ecology"), level("e1", 1, "smell", "ecology")],
         "notifications": [note("n1", "street", ["ecology"], "report", content=["moved"])]},
        {"plan": head("p-h", "health"), "levels": [
            level("h2", 2, "symptoms >= 10", "ambulance"), level("h1", 1, "smell", "ambulance")]}],
    "t12 right on its day": [
        {"plan": head("p-city", "city", revision={"issued": "2024-03-01"},
                      cites=[{"name": "中华人民共和国突发事件应对法", "version": "2007"}])}],
    "t13 overall plan without detail": [
        {"plan": head("p-all", "city", kind="gov-overall")},
        {"plan": head("p-city", "city-em", parents=["p-all"]), "levels": [
            level("one", 1, "cloud-visible", "city-em")]}],
    "t14 119 in several plans": [
        {"plan": head(f"p-{n}", owner), "notifications": [
            note("n1", owner, ["brigade"], "fire-call", deadline="2 min", criticality=5,
                 content=["location", "substance"])]}
        for n, owner in enumerate(["county-em", "police", "street", "school"])] + [FIRE],
    "t15 receiver not supplied": [
        {"plan": head("p-em", "county-em"), "notifications": [
            note("n1", "county-em", ["clinic"], "order", criticality=5)]}],
    "t16 deputy in plans of other accidents": [
        {"plan": head("p-a", "county", covers=["chemical-storage"]), "commands": [
            {"id": "c1", "scope": "overall", "by": "county/vice", "when": "release"}]},
        {"plan": head("p-b", "city", covers=["water-transport"]), "commands": [
            {"id": "c2", "scope": "overall", "by": "city", "when": "collision"}],
         "groups": [lead("g1", "county/vice", [])]}],
}  # fmt: skip


@pytest.mark.parametrize("name", list(T))
def test_silent(name: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    on = date(2024, 6, 1) if name.startswith("t12") else ON
    case = RuleCase("", name, True, tuple(T[name]), on, True, {})
    city = town(tmp_path_factory.getbasetemp() / "town")
    result = check_linkage(linked(case, tmp_path / "set", city))
    assert [(f.rule, f.message.en) for f in result.findings] == []


def test_there_are_sixteen() -> None:
    assert [name.split()[0] for name in T] == [f"t{n}" for n in range(1, 17)]
