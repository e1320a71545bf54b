"""The shipped chlorine plans: the seams that their briefs name, and the draft that mends them."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import pytest

from drillsim.city.model import City, read_city
from drillsim.linkage.rules import (
    Checked,
    Linked,
    check_linkage,
    judged_on,
    read_cases,
    read_interfaces,
)
from drillsim.plans.planset import read_plan_set

CITY = Path(__file__).resolve().parents[2] / "scenarios" / "longcheng"
FAMILY = "chemical-storage"


@cache
def ground() -> City:
    return read_city(CITY)


@cache
def chlorine(name: str) -> Linked:
    plan_set = read_plan_set(CITY / "plans" / name, ground().facilities).covering(FAMILY)
    cases = tuple(case for case in read_cases(CITY) if case.family == FAMILY)
    interfaces = read_interfaces(CITY, FAMILY)
    return Linked(plan_set, judged_on(plan_set, cases), ground(), cases, interfaces)


@cache
def checked(name: str) -> Checked:
    return check_linkage(chlorine(name))


SEAMS = [
    ("Z01", "S04", "p13/n04"), ("Z02", "S04", "p12/n09"), ("Z03", "S05", "p17/t-gather"),
    ("Z04", "S02", "p16/ii"),
    ("Z04", "S03", "p12/n07"), ("Z05", "S08", "p03/iii"), ("Z06", "S11", "p02/iii"),
    ("Z07", "S32", "p13/ii"), ("Z08", "S10", "p04/i"), ("Z09", "S31", "p04/t-s122"),
    ("Z10", "S20", "p17/t-gather"), ("Z11", "S21", "p05/t-bus"), ("Z11", "S17", "p05/pr-buses"),
    ("Z12", "S22", "p04/t-post"), ("Z13", "S18", "p04/pr-special"),
    ("Z13", "S16", "p06/pr-special-nanhu"), ("Z14", "S12", "p12/h3"),
    ("Z14", "S13", "p04/c-overall"), ("Z15", "S34", "p13/t-firewater"), ("Z16", "S03", "p15"),
    ("Z17", "S25", "p09/n27"), ("Z17", "S18", "p09/pr-env-van"), ("Z18", "S15", "p11/t-publish"),
    ("Z19", "S01", "p12/n05"), ("Z19", "S19", "p08/t-decon-street"), ("Z19", "S06", "p10/n24"),
    ("Z20", "S35", "p07/n33-police"), ("Z21", "S37", "p05/t-doors"), ("Z22", "S22", "p04/t-gates"),
    ("Z23", "S29", "p02"), ("Z24", "S25", "p04"), ("Z24", "S27", "p04"),
    ("Z25", "S24", "p05/t-siren"), ("Z26", "S30", "p12"),
]  # fmt: skip


@pytest.mark.parametrize(("seam", "rule", "ref"), SEAMS)
def test_a_seam_of_2024_is_found_and_mended(seam: str, rule: str, ref: str) -> None:
    def hits(name: str) -> list[str]:
        return [
            f.message.en
            for f in checked(name).findings
            if f.rule == rule and ref in {p.ref for p in f.places}
        ]

    assert hits("2024"), f"{seam} is not found by {rule}"
    assert hits("2026-draft") == [], f"{seam} is not mended in the draft"


def test_the_draft_keeps_its_deliberate_faults_and_one_more() -> None:
    found = {(f.rule, f.interface) for f in checked("2026-draft").findings}
    # y1 (one carrier), y3 (never exercised), and the grades of the ecology plan, which at night
    # still wait for the vice-mayor: judged by hand, a true seam
    assert found == {
        ("S07", "carrier carrier-a"), ("S30", "reg-team > park"), ("S10", "city-hq/commander"),
    }  # fmt: skip


@cache
def whole(name: str) -> Checked:
    plan_set = read_plan_set(CITY / "plans" / name, ground().facilities)
    cases = read_cases(CITY)
    on = Linked(plan_set, judged_on(plan_set, cases), ground(), cases, read_interfaces(CITY))
    return check_linkage(on)


def test_the_whole_draft_keeps_no_other_fault() -> None:
    found = {(f.rule, f.interface) for f in whole("2026-draft").findings}
    assert found == {
        ("S07", "carrier carrier-a"), ("S30", "reg-team > park"), ("S10", "city-hq/commander"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("seam", "rule", "ref"),
    [
        ("FZ1", "S33", "f07/t-cut"), ("FZ2", "S04", "f06/n-119"), ("FZ4", "S02", "f04/t-tow"),
        ("FZ5", "S19", "f02/t-micro"), ("FZ7", "S28", "f06/st-heads"),
        ("RZ1", "S36", "p06r/t-foam"),
        ("RZ2", "S33", "p06r/t-flush"), ("RZ4", "S13", "r1/c-overall"),
        ("RZ6", "S04", "r5/n-police"),
        ("WZ4", "S02", "w5/t-stop"), ("WZ5", "S17", "w1/pr-boom"), ("WZ8", "S04", "w2/n-down"),
    ],
)  # fmt: skip
def test_seams_of_other_families(seam: str, rule: str, ref: str) -> None:
    for name, there in (("2024", True), ("2026-draft", False)):
        hits = [
            f for f in whole(name).findings if f.rule == rule and ref in {p.ref for p in f.places}
        ]
        assert bool(hits) is there, f"{seam} in {name}"


def test_what_is_not_supplied_is_skipped_and_never_critical() -> None:
    result = checked("2024")
    reasons = {s.reason.en for s in result.skipped if s.rule == "S01"}
    assert any("Jiangyuan" in reason for reason in reasons)
    assert not any("jiangyuan" in f.interface for f in result.findings if f.rule == "S01")


def test_the_check_is_quick() -> None:
    on = chlorine("2024")
    start = time.process_time()
    check_linkage(on)
    assert time.process_time() - start < 2.0


def test_places_are_real_lines() -> None:
    for finding in checked("2024").findings:
        assert finding.places
        for place in finding.places:
            lines = Path(place.file).read_text("utf-8").splitlines()
            assert 1 <= place.line <= len(lines)
            if "/" in place.ref:
                nearby = " ".join(lines[place.line - 1 : place.line + 1])
                assert place.ref.partition("/")[2] in nearby


def test_order_of_plans_and_of_elements_changes_nothing() -> None:
    on = chlorine("2024")
    turned = type(on.plan_set)(
        on.plan_set.head, on.plan_set.organisations, on.plan_set.resources,
        dict(reversed(on.plan_set.plans.items())), on.plan_set.origins,
    )  # fmt: skip
    again = check_linkage(Linked(turned, on.on, on.city, on.cases, on.interfaces))
    assert [f.message.en for f in again.findings] == [
        f.message.en for f in checked("2024").findings
    ]
