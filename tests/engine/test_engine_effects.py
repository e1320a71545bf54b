"""`plans/effects` tells the truth: every field is varied, and the run changes or it does not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from effects_cases import AIDED, RECORD, RUN, STATIC, Case
from effects_world import copy_effects, course, patched

from drillsim.engine.behaviour import VARIANTS
from drillsim.engine.session import run
from drillsim.log.runlog import RunLog
from drillsim.plans.effects import EFFECTS, USES, declared, figure_verified, page
from drillsim.plans.model import SECTIONS
from drillsim.plans.sets import PlanSet
from drillsim.report.model import ScenarioRun
from drillsim.report.page import html
from drillsim.scenario import Scenario, read_scenario
from drillsim.scoring import score
from drillsim.yamlio import Model

ROOT = Path(__file__).resolve().parents[2]
ROWS = {f"{e.model}.{e.field}": e for e in EFFECTS}
# what only a file can say: the one file of a set laid over the shipped one
OVERLAID: dict[str, str] = {
    "PlanFile.plan": "plan: {id: p-bureau, title: {zh: 甲, en: a}, kind: dept, tier: department, "
    "owner: mast, revision: {issued: 2025-01-01}}",
    "PlanFile.of": "of: p-bureau\nnotifications: [{id: n-new, by: bureau, when: level ii, "
    "to: [police], kind: note}]",
    "PlanFile.remove": "of: p-works\nremove: [n-alarm]",
    "PlanFile.organisations": "organisations: [{id: police, name: {zh: 公安, en: police}, "
    "kind: police, level: county, place: hall}]",
    # the same ambulance as in the set below, but for accidents of another family only
    "PlanFile.covers": "covers: [water-transport]\nresources: [{id: ambulance, name: {zh: 救护车, "
    "en: ambulance}, owner: health, home: hospital, capabilities: [ambulance], "
    "turnout: {day: 60 s, night: 90 s}, units: 2}]",
    "PlanFile.resources": "resources: [{id: engine, name: {zh: 车, en: engine}, owner: brigade, "
    "home: hall, capabilities: [entry], turnout: {day: 60 s, night: 90 s}, protected: true}]",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_effects(tmp_path_factory.mktemp("effects"))


@pytest.fixture(scope="module")
def drill(files: Path) -> Scenario:
    return read_scenario(files)


def arms(case: Case, drill: Scenario) -> tuple[Scenario, Scenario]:
    if case.night:
        start = drill.file.start.replace(hour=2)
        file = drill.file.model_copy(update={"start": start})
        drill = replace(drill, file=file, memo={})
    return patched(drill, *case.given), patched(drill, *case.given, case.vary)


@pytest.fixture(scope="module")
def usual(drill: Scenario) -> Callable[[int], RunLog]:
    """Runs under the plans as they are, each once."""
    return cache(lambda seed: run(drill, seed))


def pairs(
    case: Case, drill: Scenario, usual: Callable[[int], RunLog]
) -> Iterator[tuple[RunLog, RunLog]]:
    before, after = arms(case, drill)
    plain = not (case.given or case.night)
    for seed in case.seeds:
        yield usual(seed) if plain else run(before, seed), run(after, seed)


def named(cases: tuple[Case, ...]) -> list[str]:
    return [f"{c.field}-{n}" for n, c in enumerate(cases)]


# --- the table ------------------------------------------------------------------------------------


def test_every_field_has_exactly_one_row() -> None:
    rows = [(e.model, e.field) for e in EFFECTS]
    assert len(rows) == len(set(rows))
    assert set(rows) == set(declared())


def test_every_row_is_whole() -> None:
    for effect in EFFECTS:
        assert effect.what.zh.strip(), effect
        assert effect.what.en.strip(), effect
        assert effect.use in USES
        assert not (effect.use == "none" and effect.figures), effect
        assert (effect.source == "figures") <= bool(effect.figures), effect


def test_nothing_is_verified_that_hangs_on_an_unverified_figure() -> None:
    """Each figure exists in human.yaml; a rule of our own is never called verified."""
    for effect in EFFECTS:
        known = [figure_verified(name) for name in effect.figures]
        assert effect.verified == (effect.source != "rule" and all(known)), effect
    assert not any(e.verified for e in EFFECTS if e.figures or e.source == "rule")


def test_every_row_is_put_to_the_test() -> None:
    active = {c.field for c in (*RUN, *RECORD)} | set(OVERLAID) | {"SetHead.base"}
    active |= {"SetHead.organisations", *(f"PlanFile.{s}" for s in SECTIONS if s != "statements")}
    still = {c.field for c in STATIC} | {"PlanFile.statements", "PlanFile.contacts"}
    assert active == {name for name, e in ROWS.items() if not e.static_only}
    # the length of an acknowledgement changes nothing, its presence is logged
    assert still - {"Notification.ack"} == {name for name, e in ROWS.items() if e.static_only}
    assert {c.field for c in RECORD} == {name for name, e in ROWS.items() if e.use == "record"}


def test_the_page_is_up_to_date() -> None:
    """`python -m drillsim.plans.effects` writes docs/effects.md."""
    told = (ROOT / "docs" / "effects.md").read_text("utf-8")
    assert told == page(), "run: python -m drillsim.plans.effects > docs/effects.md"
    command = [sys.executable, "-m", "drillsim.plans.effects"]
    printed = subprocess.run(command, capture_output=True, check=True, cwd=ROOT / "src")
    assert printed.stdout.decode("utf-8") == told


# --- varying one field ----------------------------------------------------------------------------


@pytest.mark.parametrize("case", RUN, ids=named(RUN))
def test_an_active_field_changes_what_happens(
    case: Case, drill: Scenario, usual: Callable[[int], RunLog]
) -> None:
    changed = [course(a) != course(b) for a, b in pairs(case, drill, usual)]
    assert any(changed)
    if case.drawn:
        assert not all(changed), "a chance changes some runs only"


@pytest.mark.parametrize("case", RECORD, ids=named(RECORD))
def test_a_recorded_field_changes_the_log_and_nothing_else(
    case: Case, drill: Scenario, usual: Callable[[int], RunLog]
) -> None:
    ((before, after),) = pairs(case, drill, usual)
    assert before.digest != after.digest
    assert course(before) == course(after)


@pytest.mark.parametrize("case", STATIC, ids=named(STATIC))
def test_a_static_field_leaves_the_log_as_it_was(
    case: Case, drill: Scenario, usual: Callable[[int], RunLog]
) -> None:
    before, after = arms(case, drill)
    assert before.plan_set != after.plan_set
    ((plain, varied),) = pairs(case, drill, usual)
    assert plain.digest == varied.digest


# --- whole sections and files ---------------------------------------------------------------------


def without_section(plan_set: PlanSet, section: str) -> PlanSet:
    plans = {
        key: replace(plan, sections={k: v for k, v in plan.sections.items() if k != section})
        for key, plan in plan_set.plans.items()
    }
    return replace(plan_set, plans=plans)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_left_out_changes_what_happens(section: str, drill: Scenario) -> None:
    before = patched(drill, *AIDED)
    assert list(before.plan_set.elements(section))
    after = patched(before, lambda plan_set: without_section(plan_set, section))
    same = course(run(before, 1)) == course(run(after, 1))
    assert same == ROWS[f"PlanFile.{section}"].static_only


def test_contacts_left_out_change_nothing(drill: Scenario) -> None:
    plans = {key: replace(p, contacts=()) for key, p in drill.plan_set.plans.items()}
    after = patched(drill, lambda plan_set: replace(plan_set, plans=plans))
    assert after.plan_set != drill.plan_set
    assert run(after, 1).digest == run(drill, 1).digest


def overlay(folder: Path, head: str, content: str = "") -> Path:
    """Write a set of one file over the shipped one."""
    folder.mkdir()
    lines = f"name: over\ntitle: {{zh: 上, en: over}}\nrevision: '1'\ndate: 2026-01-01\n{head}\n"
    (folder / "planset.yaml").write_text(lines, "utf-8")
    if content:
        (folder / "over.yaml").write_text(content, "utf-8")
    return folder


def read_over(files: Path, folder: Path) -> Scenario:
    return read_scenario(files, plans=folder)


def base_of(files: Path) -> str:
    return f"base: {(files.parent / 'plans').as_posix()}"


@pytest.mark.parametrize("field", OVERLAID)
def test_a_file_laid_over_changes_what_happens(
    field: str, files: Path, drill: Scenario, tmp_path: Path
) -> None:
    folder = overlay(tmp_path / "over", base_of(files), OVERLAID[field])
    assert course(run(read_over(files, folder), 1)) != course(run(drill, 1))


def test_base_is_the_set_below(files: Path, drill: Scenario, tmp_path: Path) -> None:
    plain = overlay(tmp_path / "plain", base_of(files))
    assert run(read_over(files, plain), 1).digest == run(drill, 1).digest
    overlay(tmp_path / "middle", base_of(files), OVERLAID["PlanFile.remove"])
    upper = overlay(tmp_path / "upper", "base: ../middle")
    assert course(run(read_over(files, upper), 1)) != course(run(drill, 1))


def test_organisations_names_the_folder_of_bodies(
    files: Path, drill: Scenario, tmp_path: Path
) -> None:
    """Without the key the folder beside the set is not read."""
    (tmp_path / "bodies").mkdir()
    content = OVERLAID["PlanFile.organisations"]
    (tmp_path / "bodies" / "police.yaml").write_text(content, "utf-8")
    base = base_of(files)
    named_it = overlay(tmp_path / "named", f"{base}\norganisations: ../bodies")
    silent = overlay(tmp_path / "silent", base)
    assert run(read_over(files, silent), 1).digest == run(drill, 1).digest
    assert course(run(read_over(files, named_it), 1)) != course(run(drill, 1))


# --- who reads what -------------------------------------------------------------------------------


@cache
def _home(kind: type, field: str) -> str:
    return next(
        (c.__name__ for c in kind.__mro__ if field in vars(c).get("__annotations__", {})), ""
    )


@contextmanager
def reading() -> Iterator[set[str]]:
    """Note every plan field that somebody reads, as `Model.field`."""
    seen: set[str] = set()
    plain = Model.__getattribute__

    def spy(self: Any, name: str) -> Any:
        home = "" if name.startswith("_") else _home(type(self), name)
        if home:
            seen.add(f"{home}.{name}")
        return plain(self, name)

    Model.__getattribute__ = spy  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        del Model.__getattribute__


def test_reading_is_noticed(drill: Scenario) -> None:
    with reading() as seen:
        _ = drill.plan_set.organisations["works"].aliases
    assert seen == {"Organisation.aliases"}
    with reading() as seen:
        pass
    assert not seen


def test_who_reads_a_field_is_told(drill: Scenario) -> None:
    """The run reads no field called static; scores and the report read none called unread.

    What is said to be read afterwards is read there, except what other pages alone read.
    """
    drill = patched(drill, *AIDED)
    with reading() as in_run:
        logs = {variant: run(drill, 1, variant=variant) for variant in VARIANTS}
    with reading() as after:
        card = score(drill, logs)
        shown = ScenarioRun(drill, logs, card)
        html([shown], "en")
        html([shown, shown], "zh")
    uses = {use: {k for k, e in ROWS.items() if e.use == use} for use in USES}
    assert in_run & (uses["none"] | uses["check"]) == set()
    assert (in_run | after) & uses["none"] == set()
    # the run passes on names it does nothing with: whose log it is
    assert in_run & uses["after"] <= {"SetHead.name"}
    files_only = {"PlanFile.statements", "PlanFile.contacts"}
    elsewhere = {"Duty.criticality"}  # the study of seams
    assert uses["after"] - after - in_run - files_only - elsewhere == set()
