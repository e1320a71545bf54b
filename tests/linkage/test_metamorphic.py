"""Edits that change nothing that a plan says must change no finding; a proper receiver helps."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from drillsim.city.model import City, read_city
from drillsim.linkage.findings import Finding
from drillsim.linkage.rules import (
    Linked,
    check_linkage,
    judged_on,
    read_cases,
    read_interfaces,
)
from drillsim.linkage.score import static_score
from drillsim.plans.planset import read_plan_set
from drillsim.yamlio import load, plain

CITY = Path(__file__).resolve().parents[2] / "scenarios" / "longcheng"
FAMILY = "chemical-storage"


@cache
def ground() -> City:
    return read_city(CITY)


def on_disk(plans: Path) -> Linked:
    plan_set = read_plan_set(plans, ground().facilities).covering(FAMILY)
    cases = tuple(case for case in read_cases(CITY) if case.family == FAMILY)
    day = judged_on(plan_set, cases)
    return Linked(plan_set, day, ground(), cases, read_interfaces(CITY, FAMILY))


@cache
def before() -> tuple[Linked, tuple[Finding, ...]]:
    on = on_disk(CITY / "plans" / "2024")
    return on, check_linkage(on).findings


def seen(findings: tuple[Finding, ...], names: dict[str, str] | None = None) -> list[Any]:
    """Give what findings say, without file and line, with ids named back."""

    def back(text: str) -> str:
        for new, old in (names or {}).items():
            text = re.sub(rf"(?<![\w-]){re.escape(new)}(?![\w-])", old, text)
        return text

    rows = []
    for f in findings:
        parts = sorted(re.split(r"[ |]", back(f.interface)))
        places = sorted((p.ref, p.quote) for p in f.places)
        rows.append((f.rule, f.severity, parts, places))
    return sorted(rows, key=str)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in ("plans/2024", "organisations"):
        shutil.copytree(CITY / name, tmp_path / name)
    return tmp_path / "plans" / "2024"


def rewrite(folder: Path, change: Any) -> int:
    count = 0
    for path in sorted([*folder.glob("*.yaml"), *(folder.parents[1] / "organisations").iterdir()]):
        text = path.read_text("utf-8")
        new = change(text)
        count += text != new
        path.write_text(new, "utf-8")
    return count


def test_a_body_renamed_throughout(copied: Path) -> None:
    names = {"ward-council": "community", "night-street": "street"}

    def rename(text: str) -> str:
        # the body's own id, its addresses and its roles; facilities and crews keep theirs
        for new, old in names.items():
            keys = r"(id|by|owner|parent|activator|giver|taker|fallback|lead|holder|approval|of|to)"
            text = re.sub(rf"(?<![\w-]){keys}: {old}(?=[/\s,}}])", rf"\1: {new}", text)
            text = re.sub(rf"(?<=[\[ ]){old}(?=[/,\]])", new, text)
            text = re.sub(rf"(by|,) {old}(?=[\s,/}}\]]|$)", rf"\1 {new}", text, flags=re.MULTILINE)
        return text

    assert rewrite(copied, rename) > 5
    city = ground()
    back = {v: k for k, v in names.items()}
    moved = {
        k: f.model_copy(update={"org": back.get(f.org or "", f.org)})
        for k, f in city.facilities.items()
    }
    on, old = before()
    plan_set = read_plan_set(copied, city.facilities).covering(FAMILY)
    assert set(names) <= set(plan_set.organisations)
    town = replace(city, facilities=moved)
    needs = tuple(
        i.model_copy(
            update={
                "senders": tuple(back.get(s, s) for s in i.senders),
                "receivers": tuple(back.get(r, r) for r in i.receivers),
            }
        )
        for i in on.interfaces
    )
    new = check_linkage(Linked(plan_set, on.on, town, on.cases, needs)).findings
    assert seen(new, names) == seen(old)


def test_units_converted(copied: Path) -> None:
    def convert(text: str) -> str:
        text = re.sub(r"\b(\d+) min\b", lambda m: f"{int(m[1]) * 60} s", text)
        text = re.sub(r"\b(\d+) h\b", lambda m: f"{int(m[1]) * 60} min", text)
        return re.sub(r"\b(\d+) m(?=[\s,}])", lambda m: f"{int(m[1]) / 1000} km", text)

    assert rewrite(copied, convert) > 10
    on, old = before()
    assert seen(check_linkage(replace(on, plan_set=on_disk(copied).plan_set)).findings) == seen(old)


def test_one_plan_split_into_two_files(copied: Path) -> None:
    import json

    path = copied / "p02-lc-hazchem.yaml"
    content = plain(load(path).data)
    rest = {"of": content["plan"]["id"], "tasks": content.pop("tasks")}
    rest["notifications"] = content["notifications"][1::2]
    content["notifications"] = content["notifications"][::2]
    for name, part in (("p02-lc-hazchem.yaml", content), ("a-second-file.yaml", rest)):
        (copied / name).write_text(json.dumps(part, ensure_ascii=False, default=str), "utf-8")
    on, old = before()
    assert seen(check_linkage(replace(on, plan_set=on_disk(copied).plan_set)).findings) == seen(old)


def test_files_and_elements_in_another_order(copied: Path) -> None:
    for n, path in enumerate(sorted(copied.glob("p*.yaml"), reverse=True)):
        if path.name != "planset.yaml":
            path.rename(copied / f"{n:02d}-{path.name}")
    on, old = before()
    plan_set = on_disk(copied).plan_set
    turned = {
        k: replace(p, sections={s: tuple(reversed(e)) for s, e in reversed(p.sections.items())})
        for k, p in reversed(plan_set.plans.items())
    }
    new = check_linkage(replace(on, plan_set=replace(plan_set, plans=turned))).findings
    assert seen(new) == seen(old)


@pytest.mark.parametrize(
    ("ref", "to"), [("p12/n09", "health-city"), ("p02/n30", "community"), ("p04/n14", "huacheng")]
)
def test_one_more_proper_receiver_never_lowers_the_score(ref: str, to: str) -> None:
    on, findings = before()
    plan_id, _, name = ref.partition("/")
    plan = on.plan_set.plans[plan_id]
    notes = tuple(
        n.model_copy(update={"to": (*n.to, to)}) if n.id == name else n
        for n in plan.of("notifications")
    )
    grown = replace(plan, sections={**plan.sections, "notifications": notes})
    plan_set = replace(on.plan_set, plans={**on.plan_set.plans, plan_id: grown})
    other = replace(on, plan_set=plan_set)
    old, new = static_score(on, findings), static_score(other, check_linkage(other).findings)
    assert old.value is not None
    assert new.value is not None
    assert new.value >= old.value
