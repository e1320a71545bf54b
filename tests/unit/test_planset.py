"""Plan sets: joined from any files, laid over one another, every name resolved."""

from __future__ import annotations

from pathlib import Path

import pytest

from drillsim.errors import InputError
from drillsim.plans.planset import read_plan_set
from drillsim.plans.sets import PlanSet, with_elements

HALL = {"valve-house", "fire-house", "hall", "hamlet"}


@pytest.fixture
def folder(tiny_files: Path) -> Path:
    """The plan set folder of a fresh copy of the tiny drill."""
    return tiny_files.parent / "plans"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def faults(folder: Path, facilities: set[str] | None = HALL) -> list[str]:
    before = sorted((p, p.stat().st_mtime_ns) for p in folder.rglob("*"))
    with pytest.raises(InputError) as caught:
        read_plan_set(folder, facilities)
    after = sorted((p, p.stat().st_mtime_ns) for p in folder.rglob("*"))
    assert before == after, "reading writes nothing"
    root = str(folder) + "/"
    return [str(f).replace("\\", "/").removeprefix(root.replace("\\", "/"))
            for f in caught.value.faults]  # fmt: skip


def test_the_tiny_set(tiny: object, folder: Path) -> None:
    plan_set = read_plan_set(folder, HALL)
    assert sorted(plan_set.plans) == ["p-brigade", "p-bureau", "p-works"]
    assert plan_set.addresses() == ["brigade", "bureau", "works", "works/operator"]
    section, call = plan_set.find("p-works/n-call")
    assert (section, call.deadline, call.ack, call.clause) == ("notifications", 60.0, 120.0, "1.1")
    origin = plan_set.origins["p-works", "n-call"]
    assert (Path(origin.file).name, origin.line) == ("works.yaml", 9)
    with pytest.raises(KeyError, match="p-works/nothing"):
        plan_set.find("p-works/nothing")


def test_origin_is_outside_equality_and_digest(folder: Path) -> None:
    one = read_plan_set(folder)
    change(folder / "works.yaml", "plan:\n", "# a remark\n\nplan:\n")
    (folder / "works.yaml").rename(folder / "a-works.yaml")
    other = read_plan_set(folder)
    assert one.origins != other.origins
    assert one == other
    assert one.digest == other.digest


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("brigade.yaml", "deadline: 5 min", "deadlnie: 5 min",
         ["brigade.yaml:33:5: tasks[0].deadlnie: unknown field; did you mean 'deadline'?"]),
        ("brigade.yaml", "deadline: 5 min", "deadline: 5",
         ["brigade.yaml:33:15: tasks[0].deadline: 5 has no unit; write for example '5 min' "
          "(units: s, min, h, d)"]),
        ("brigade.yaml", "deadline: 5 min", "deadline: 5 km",
         ["brigade.yaml:33:15: tasks[0].deadline: '5 km' has a unit that does not fit; units: "
          "s, min, h, d, for example '5 min'"]),
        ("brigade.yaml", "to: [bureau]", "to: [buraeu]",
         ["brigade.yaml:23:10: notifications[0].to[0]: there is no organisation called 'buraeu'; "
          "did you mean 'bureau' / 'brigade'?"]),
        ("works.yaml", "by: works/operator", "by: works/opreator",
         ["works.yaml:12:9: notifications[0].by: there is no role called 'opreator'; "
          "did you mean 'operator'?"]),
        ("brigade.yaml", "kind: report", "kind: raport",
         ["brigade.yaml:24:11: notifications[0].kind: there is no message kind called 'raport'; "
          "did you mean 'report'?"]),
        ("works.yaml", "form: first", "form: frist",
         ["works.yaml:17:11: notifications[0].form: there is no form called 'frist'; "
          "did you mean 'first'?"]),
        ("works.yaml", "content: [release, hurt]", "content: [release, hrut]",
         ["works.yaml:18:24: notifications[0].content[1]: there is no fact called 'hrut'; "
          "did you mean 'hurt'?"]),
        ("brigade.yaml", "needs: [entry]", "needs: [entyr]",
         ["brigade.yaml:35:13: tasks[0].needs[0]: there is no capability called 'entyr'; "
          "did you mean 'entry'?"]),
        ("brigade.yaml", "where: scene", "where: fire-huose",
         ["brigade.yaml:36:12: tasks[0].where: there is no facility called 'fire-huose'; "
          "did you mean 'fire-house'?"]),
        ("brigade.yaml", "when: level ii", "when: level iii",
         ["brigade.yaml:22:11: notifications[0].when: there is no level called 'iii'; "
          "did you mean 'ii'?"]),
        ("brigade.yaml", "when: level ii", "when: level p-wroks:ii",
         ["brigade.yaml:22:11: notifications[0].when: there is no plan called 'p-wroks'; "
          "did you mean 'p-works'?"]),
        ("brigade.yaml", "verb: close-valve", "verb: close-valve\n    after: [t-dress]",
         ["brigade.yaml:35:13: tasks[0].after[0]: there is no task called 't-dress'"]),
        ("brigade.yaml", "verb: close-valve", "verb: dance", None),
        ("bodies.yaml", "home: fire-house", "home: fire-hose",
         ["bodies.yaml:15:11: resources[0].home: there is no facility called 'fire-hose'; "
          "did you mean 'fire-house' / 'valve-house'?"]),
        ("bodies.yaml", "owner: brigade", "owner: brigad", None),
        ("works.yaml", "owner: works", "owner: wroks", None),
        ("works.yaml", "  id: p-works\n", "", None),
        ("works.yaml", "id: n-call", "id: N Call", None),
        ("planset.yaml", 'revision: "1"', "revison: x", None),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_place(
    folder: Path, file: str, old: str, new: str, told: list[str] | None
) -> None:
    change(folder / file, old, new)
    found = faults(folder)
    assert all(line.startswith(f"{file}:") for line in found)
    if told is not None:
        assert found == told


def test_all_faults_of_all_files_at_once(folder: Path) -> None:
    change(folder / "works.yaml", "deadline: 1 min", "deadline: soon")
    change(folder / "brigade.yaml", "deadline: 5 min", "deadline: 5")
    change(folder / "brigade.yaml", "rank: 2", "rank: 10")
    (folder / "bureau.yaml").write_text("", "utf-8")
    found = faults(folder)
    assert [line.split(":")[0] for line in found] == [
        "brigade.yaml", "brigade.yaml", "bureau.yaml", "works.yaml",
    ]  # fmt: skip


def test_an_element_defined_twice(folder: Path) -> None:
    (folder / "more.yaml").write_text(
        "of: p-brigade\ntasks:\n  - {id: ii, by: brigade, when: release, verb: size-up}\n", "utf-8"
    )
    (found,) = faults(folder)
    assert found.startswith("more.yaml:3:5: tasks[0]: 'ii' is already defined at ")
    assert found.endswith("brigade.yaml:9")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tasks:\n  - {id: a, by: brigade, when: release, verb: size-up}\n",
         "more.yaml:1:1: the elements belong to no plan"),
        ("of: p-nobody\ntasks:\n  - {id: a, by: brigade, when: release, verb: size-up}\n",
         "more.yaml:3:5: tasks[0]: there is no plan called 'p-nobody'"),
        ("of: p-works\nremove: [n-kall]\n",
         "more.yaml:2:10: remove[0]: there is no element 'n-kall' to remove"),
    ],
)  # fmt: skip
def test_a_file_that_fits_nowhere(folder: Path, text: str, told: str) -> None:
    (folder / "more.yaml").write_text(text, "utf-8")
    (found,) = faults(folder)
    assert found.startswith(told)


def test_contacts_of_an_unknown_plan_are_a_fault(folder: Path) -> None:
    (folder / "more.yaml").write_text("of: p-nobody\ncontacts:\n  - {of: brigade}\n", "utf-8")
    assert faults(folder)[0].startswith("more.yaml:1:5: of: there is no plan called 'p-nobody'")


def test_a_contact_of_an_unknown_body_is_a_fault(folder: Path) -> None:
    (folder / "more.yaml").write_text("of: p-works\ncontacts:\n  - {of: brigad}\n", "utf-8")
    assert "no organisation called 'brigad'" in faults(folder)[0]


def test_contacts_of_two_files_are_joined(folder: Path) -> None:
    for name, of in (("a.yaml", "brigade"), ("z.yaml", "bureau")):
        (folder / name).write_text(f"of: p-works\ncontacts:\n  - {{of: {of}}}\n", "utf-8")
    contacts = read_plan_set(folder).plans["p-works"].contacts
    assert [c.of for c in contacts] == ["brigade", "bureau"]


def test_missing_folder_and_missing_head(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such plan set folder"):
        read_plan_set(tmp_path / "nowhere")
    (folder / "planset.yaml").unlink()
    assert faults(folder) == [
        "planset.yaml:1:1: planset.yaml is missing; a plan set folder must contain it"
    ]


def test_places_are_checked_when_the_city_is_known(folder: Path) -> None:
    change(folder / "brigade.yaml", "where: scene", "where: moon")
    assert read_plan_set(folder).find("p-brigade/t-close")[1].where == "moon"
    assert len(faults(folder)) == 1


# --- overlays -----------------------------------------------------------------------------------

HEAD = """\
name: newer
title: {zh: 新, en: newer}
revision: "2"
date: 2026-06-01
base: ../plans
"""


@pytest.fixture
def overlay(folder: Path) -> Path:
    """An empty overlay over the tiny set."""
    new = folder.parent / "newer"
    new.mkdir()
    (new / "planset.yaml").write_text(HEAD, "utf-8")
    return new


def test_an_empty_overlay_is_its_base(folder: Path, overlay: Path) -> None:
    base, newer = read_plan_set(folder), read_plan_set(overlay)
    assert newer.head.name == "newer"
    assert newer.plans == base.plans
    assert newer.digest == base.digest, "name, revision and date do not change a run"


def test_an_overlay_replaces_whole_elements(folder: Path, overlay: Path) -> None:
    (overlay / "works.yaml").write_text(
        "of: p-works\nnotifications:\n  - {id: n-call, by: works/operator, when: smell, "
        "to: [brigade], kind: fire-call}\n",
        "utf-8",
    )
    _, call = read_plan_set(overlay).find("p-works/n-call")
    assert (call.when.key, call.deadline, call.clause) == ("smell", None, "")
    assert read_plan_set(folder).find("p-works/n-call")[1].deadline == 60.0


def test_an_overlay_removes(folder: Path, overlay: Path) -> None:
    (overlay / "b.yaml").write_text("of: p-brigade\nremove: [n-report]\n", "utf-8")
    newer = read_plan_set(overlay)
    assert [e.id for _, e in newer.plans["p-brigade"].elements()] == ["ii", "t-close"]


def test_removing_what_others_need_is_a_fault(folder: Path, overlay: Path) -> None:
    """The level that a report waits for is gone: told at the report, in the base's file."""
    (overlay / "b.yaml").write_text("of: p-brigade\nremove: [ii]\n", "utf-8")
    with pytest.raises(InputError, match=r"brigade.yaml:22:11: .*no level called 'ii'"):
        read_plan_set(overlay)


def test_an_element_may_move_to_another_section(overlay: Path) -> None:
    (overlay / "b.yaml").write_text(
        "of: p-brigade\ntasks:\n  - {id: n-report, by: brigade, when: level ii, verb: size-up}\n",
        "utf-8",
    )
    assert read_plan_set(overlay).find("p-brigade/n-report")[0] == "tasks"


def test_the_order_of_files_does_not_matter_to_remove(overlay: Path) -> None:
    """One file of the overlay removes the base's element, another writes it anew."""
    element = "{id: n-call, by: works/operator, when: smell, to: [brigade], kind: fire-call}"
    define = f"of: p-works\nnotifications:\n  - {element}\n"
    results = []
    for first, second in ((define, "of: p-works\nremove: [n-call]\n"),) * 2:
        names = ("a.yaml", "z.yaml") if not results else ("z.yaml", "a.yaml")
        for name, text in zip(names, (first, second), strict=True):
            (overlay / name).write_text(text, "utf-8")
        results.append(read_plan_set(overlay))
    assert results[0] == results[1]


def test_a_base_that_leads_back_is_a_fault(folder: Path, overlay: Path) -> None:
    change(folder / "planset.yaml", "date: 2026-01-01", "date: 2026-01-01\nbase: ../newer")
    with pytest.raises(InputError, match="`base` leads back to this set"):
        read_plan_set(overlay)


def test_a_missing_base_is_a_fault(overlay: Path) -> None:
    change(overlay / "planset.yaml", "../plans", "../plnas")
    with pytest.raises(InputError, match="there is no such plan set folder"):
        read_plan_set(overlay)


# --- the set as an object -----------------------------------------------------------------------


def test_the_digest_sees_every_element(folder: Path) -> None:
    plan_set = read_plan_set(folder)
    seen = {plan_set.digest}
    for plan_id, plan in plan_set.plans.items():
        for section, element in plan.elements():
            ref = f"{plan_id}/{element.id}"
            other = with_elements(
                plan_set, {ref: (section, element.model_copy(update={"quote": "x"}))}
            )
            seen |= {other.digest, with_elements(plan_set, {ref: None}).digest}
    assert len(seen) == 1 + 2 * 5


def test_with_elements_leaves_the_original(folder: Path) -> None:
    plan_set = read_plan_set(folder)
    before = plan_set.digest
    with_elements(plan_set, {"p-works/n-call": None})
    assert plan_set.digest == before
    assert isinstance(plan_set, PlanSet)


def test_elements_are_ordered_by_plan_and_id(longcheng: object) -> None:
    plan_set = longcheng.plan_set  # type: ignore[attr-defined]
    refs = [(plan.head.id, e.id) for plan, e in plan_set.elements("tasks")]
    assert refs == sorted(refs)
    assert len(refs) > 20
