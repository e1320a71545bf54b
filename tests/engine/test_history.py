"""Accidents on record: sound records, measures worked out by hand, a page that is up to date."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from drillsim.errors import InputError
from drillsim.experiments.history import (
    Accident,
    Fact,
    cases,
    changed,
    inputs_of,
    normal_depth_m,
    read_accidents,
)
from drillsim.experiments.history_measures import (
    MEASURES,
    RIVER_S,
    STEP_S,
    exposed,
    worst_load,
)
from drillsim.experiments.history_page import Row, page, round_as_shown, section
from drillsim.hazards import HAZARDS, ToxicRelease
from drillsim.hazards.river_spill import RiverSpill
from drillsim.physics.harm import ppm_to_mg_m3
from drillsim.scenario import ScenarioFile, read_scenario

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "scenarios" / "history"
PAGE = ROOT / "docs" / "history.md"
ACCIDENTS = read_accidents(FOLDER)
BY_ID = {accident.id: (accident, folder) for accident, folder in ACCIDENTS}
FAMILIES = {"chemical-storage", "residential-fire", "road-transport", "water-transport"}


def stated(name: str) -> Any:
    return next(iter(cases(*BY_ID[name])))[2]


def test_there_is_one_for_each_family() -> None:
    assert {accident.family for accident, _ in ACCIDENTS} == FAMILIES <= set(HAZARDS)


@pytest.mark.parametrize("name", sorted(BY_ID))
def test_every_fact_can_be_measured_and_every_input_is_accounted_for(name: str) -> None:
    accident, folder = BY_ID[name]
    assert {fact.measure for fact in accident.record} <= set(MEASURES)
    assert any(fact.verified and fact.low is not None for fact in accident.record)
    given = inputs_of(accident, folder)
    said = {basis.input for basis in accident.basis}
    sections = {path.partition(".")[0] for path in said | set(accident.ranges)}
    assert sections <= set(given)
    # what was read in an official text is not varied as if it were a guess
    read = {b.input for b in accident.basis if b.verified}
    assert read & set(accident.ranges) <= {"hazard.cargo_mass"}
    assert accident.after, "what was seen is told"


def _stated(inputs: Any, path: str) -> str:
    for step in path.split("."):
        inputs = inputs[int(step)] if isinstance(inputs, list) else inputs[step]
    return str(inputs)


@pytest.mark.parametrize("name", sorted(BY_ID))
def test_every_end_of_every_range_is_another_valid_run(name: str) -> None:
    accident, folder = BY_ID[name]
    given = inputs_of(accident, folder)
    spec = HAZARDS[accident.family].spec

    def read(inputs: Any) -> tuple[Any, ...]:
        rest = {k: v for k, v in inputs.items() if k != "hazard"}
        file = ScenarioFile.model_validate(inputs) if accident.drill else None
        return spec.model_validate(inputs["hazard"]), rest, file and file.weather

    first = read(given)
    for path, values in accident.ranges.items():
        for value in values:
            other = read(changed(given, path, value))
            assert other != first or value == _stated(given, path), f"{path}: {value} is no change"


def test_the_drill_differs_from_its_city_in_the_building_alone() -> None:
    accident, folder = BY_ID["nanjing-2024"]
    scenario = read_scenario(folder / accident.drill)
    assert scenario.spec.bikes == 100
    heads = scenario.city.facilities[scenario.spec.at].heads_at(scenario.hour)
    assert round(heads * scenario.file.occupancy.factor) == 607


def _record(**fields: Any) -> dict[str, Any]:
    fact = {"measure": "dead", "what": "dead", "low": 1, "high": 2, "source": "a", "verified": True}
    return {
        "id": "x", "name": {"zh": "甲", "en": "x"}, "date": "2000-01-01",
        "family": "residential-fire", "told": ["so"], "drill": "drill.yaml",
        "sources": {"a": {"text": "read", "read": True}, "m": {"text": "memory", "read": False}},
        "record": [fact], "basis": [], **fields,
    }  # fmt: skip


def test_a_record_refuses_what_it_cannot_vouch_for() -> None:
    assert Accident.model_validate(_record()).record[0].high == 2
    fact = _record()["record"][0]
    for wrong, why in (
        ({"record": [{**fact, "source": "m"}]}, "was not read"),
        ({"record": [{**fact, "source": "b"}]}, "not among"),
        ({"record": [{**fact, "low": 3}]}, "above high"),
        ({"record": [{**fact, "low": None}]}, "belong together"),
        ({"run": {"hazard": {}}}, "exactly one of run and drill"),
        ({"drill": ""}, "exactly one of run and drill"),
    ):
        with pytest.raises(ValidationError, match=why):
            Accident.model_validate(_record(**wrong))


def test_a_folder_without_records_and_a_broken_one_are_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="record"):
        read_accidents(tmp_path)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "record.yaml").write_text("id: a\nfamly: x\n", "utf-8")
    with pytest.raises(InputError, match="famly"):
        read_accidents(tmp_path)


def test_one_input_is_replaced_and_the_rest_is_left_alone() -> None:
    given = {"a": {"b": [{"c": 1, "d": 2}, {"c": 3}]}, "e": 4}
    assert changed(given, "a.b.1.c", "9") == {"a": {"b": [{"c": 1, "d": 2}, {"c": "9"}]}, "e": 4}
    assert changed(given, "a.f", "9")["a"] == {"b": given["a"]["b"], "f": "9"}
    assert given["a"]["b"][1] == {"c": 3}
    with pytest.raises(KeyError):
        changed(given, "g.h", "9")


# --- measures by hand ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cloud() -> ToxicRelease:
    found = stated("houston-1976").hazard
    assert isinstance(found, ToxicRelease)
    return found


def test_the_worst_stay_is_the_worst_stay(cloud: ToxicRelease) -> None:
    """100 ppm for 20 min, then 200 ppm for 5: 10 min hold all of the second and 5 of the first."""
    ppm = np.concatenate([np.full(120, 100.0), np.full(30, 200.0), np.zeros(60)])[:, None]
    assert STEP_S == 10.0
    mg = float(ppm_to_mg_m3(cloud.of, 100.0, cloud.weather.temperature))
    assert cloud.of.probit is not None
    n = cloud.of.probit.n
    by_hand = 5.0 * mg**n + 5.0 * (2.0 * mg) ** n
    assert worst_load(cloud, ppm, 600.0)[0] == pytest.approx(by_hand, rel=1e-9)
    everything = 20.0 * mg**n + 5.0 * (2.0 * mg) ** n
    assert worst_load(cloud, ppm, 36_000.0)[0] == pytest.approx(everything, rel=1e-9)


def test_exposed_is_a_mean_over_ten_minutes_at_least(cloud: ToxicRelease) -> None:
    limit = cloud.of.aegl_ppm[2][0]
    short = np.zeros((120, 2))
    short[:30, 0] = 1.9 * limit  # five minutes of it: 0.95 of the limit over ten
    short[:30, 1] = 2.1 * limit
    assert exposed(cloud, short, 600.0).tolist() == [False, True]


def test_more_of_the_crowd_in_the_open_means_more_harm() -> None:
    case = stated("houston-1976")
    inside, outside = (
        replace(case, inputs=changed(case.inputs, "crowd.outdoors", share), memo={})
        for share in ("0", "1")
    )
    for measure in ("crowd-dead", "crowd-exposed"):
        few, most = (MEASURES[measure](c, "") for c in (inside, outside))
        assert 0.0 <= few < MEASURES[measure](case, "") < most <= case.crowd.heads


def test_a_river_runs_as_deep_as_mannings_equation_says() -> None:
    depth = normal_depth_m(600.0, 350.0, 1.55e-4, 0.03)
    current = depth ** (2 / 3) * 1.55e-4**0.5 / 0.03
    assert current * depth * 350.0 == pytest.approx(600.0)


def test_all_that_was_spilled_passes_every_place_of_the_river() -> None:
    case = stated("songhua-2005")
    spill = case.hazard
    assert isinstance(spill, RiverSpill)
    flows = {row["to"]: float(row["flow"].split()[0]) for row in case.inputs["river"]["reaches"]}
    for place in ("sujiatun", "mulan"):
        level = spill.cargo_mg_l(spill.course.marks[place], RIVER_S)
        passed = 1e-3 * np.trapezoid(level, RIVER_S) * flows[place]
        assert passed == pytest.approx(100_000.0, rel=0.01)
    hours = [MEASURES["peak-h"](case, p) for p in ("sujiatun", "bayan", "mulan", "dalai")]
    assert hours == sorted(hours)


# --- the page ------------------------------------------------------------------------------------


def _row(low: float | None, high: float | None, *model: float) -> Row:
    fact = Fact(measure="dead", what="", low=low, high=high, source="a", verified=False)
    return Row(fact, *model, most_by="")


def test_what_the_page_says_of_a_row() -> None:
    assert _row(5, 5, 5.001, 5.001, 5.001).says == "meets"
    assert _row(5, 6, 4, 3, 5.5).says == "in range"
    assert _row(10, 10, 4, 3, 5).says == "model below by a factor of 2"
    assert _row(0, 10, 40, 30, 50).says == "model above by a factor of 3"
    assert _row(10, 10, 0, 0, 0).says == "off"
    assert _row(10, 10, float("inf"), float("inf"), float("inf")).says == "off"
    assert _row(None, None, 1, 1, 1).says == "no record"
    assert [round_as_shown(x) for x in (17_093.0, 0.58054, 0.0)] == [17_100, 0.581, 0.0]


@pytest.mark.parametrize("name", ["songhua-2005", "houston-1976"])
def test_the_quick_parts_of_the_page_are_current(name: str) -> None:
    assert section(*BY_ID[name]).strip() in PAGE.read_text("utf-8"), (
        "run `python -m drillsim.experiments.history_page scenarios/history > docs/history.md`"
    )


@pytest.mark.slow
def test_the_page_is_current() -> None:
    assert page(FOLDER) == PAGE.read_text("utf-8"), (
        "run `python -m drillsim.experiments.history_page scenarios/history > docs/history.md`"
    )
