"""What the report says and draws in every family of accidents, in its own words."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from report_world import Checker

from drillsim.data.figures import human
from drillsim.engine.session import run as simulate
from drillsim.hazards.river_spill import RiverSpill
from drillsim.i18n import LANGS, Text, messages
from drillsim.plans.facts import FACTS
from drillsim.report import ScenarioRun
from drillsim.report.figure_names import ALSO, OWN, ROAD_TOO, plays_a_part, unit_of
from drillsim.report.figure_table import figure_rows
from drillsim.report.footprint import hazard_of, source_xy
from drillsim.report.harm import HARMS, harm_of
from drillsim.report.map_scene import scene_of
from drillsim.report.page import html
from drillsim.report.spoken import spoken
from drillsim.report.storeys import runs_alike, storey_no, storeys_name
from drillsim.report.stretch import stretches
from drillsim.report.tables import place_rows
from drillsim.report.telling import event_line, fact_name
from drillsim.report.words import place_name
from drillsim.scenario import read_scenario
from drillsim.scoring import score

FOLDER = Path(__file__).parents[2] / "scenarios" / "longcheng"
HARM = {
    "cl-1": "gas", "rf-1": "smoke", "rf-2": "row", "rt-1": "road-heat", "rt-2": "gas",
    "sf-1": "tank-heat", "ww-1": "water",
}  # fmt: skip
CLOUD = re.compile(r"云团|气云|AEGL|(?i:\bcloud\b)")


@cache
def played(name: str) -> ScenarioRun:
    scenario = read_scenario(FOLDER / f"{name}.yaml")
    logs = {variant: simulate(scenario, 1, 0, variant) for variant in ("none", "behavioural")}
    return ScenarioRun(scenario, logs, score(scenario, logs))


def shown_text(page: str) -> str:
    """Give what a reader sees: no hints, quotations of plans, file references, sources."""
    body = page[page.index("<body") :]
    body = re.sub(r'<details class="all">.*?</details>', " ", body, flags=re.DOTALL)
    for hidden in ("title", "q", "code", "script"):
        body = re.sub(rf"<{hidden}>.*?</{hidden}>", " ", body, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", body)


@pytest.mark.parametrize("name", sorted(HARM))
def test_every_family_is_told_in_its_own_words(name: str) -> None:
    run = played(name)
    assert harm_of(run.scenario) == HARM[name]
    for lang in LANGS:
        page = html([run], lang)
        found = Checker()
        found.feed(re.sub(r"</?(p|li|dt|dd)\b[^>]*>", "", page))
        assert found.open == []
        text = shown_text(page)
        hits = CLOUD.findall(text)
        assert bool(hits) == (HARM[name] == "gas"), hits[:3]
        assert not re.search(r"\bF\d+\b|\bcrew-[a-z]|(?:done|failed|holds):[a-z0-9]", text)


def test_a_chinese_page_keeps_to_chinese() -> None:
    """Words of four letters and more are units, names of systems, or digests alone."""
    known = {"drillsim", "check", "draft", "AEGL", "SLAB", "EXERCISE"}
    for name in ("rf-1", "ww-1", "cl-1"):
        page = html([played(name)], "zh")
        text = re.sub(r"\b[0-9a-f]{32}\b", "", shown_text(page))
        words = set(re.findall(r"[A-Za-z]{4,}", text)) - known
        assert words == set(), name


def test_every_harm_has_every_word() -> None:
    def keys(harm: str) -> set[str]:
        head = f"harm.{harm}."
        return {key.removeprefix(head) for key in messages() if key.startswith(head)}

    wanted = keys("gas")
    assert {"exposed", "exposed-note", "count", "arrival", "people", "source", "limits"} <= wanted
    for harm in HARMS:
        assert keys(harm) == wanted, harm


def test_figures_are_those_of_the_family() -> None:
    table = human()
    every = {*table.figures, *table.shares, *table.constants}
    claimed = {name for names in OWN.values() for name in names}
    assert claimed <= every
    assert set(ROAD_TOO) | set(ALSO) <= claimed | every
    unnamed = sorted(name for name in every if f"figure.{name}" not in messages())
    assert len(unnamed) <= 0.05 * len(every), unnamed
    for name in every:
        assert any(plays_a_part(name, harm, False) for harm in HARMS)
    assert plays_a_part("monitor-lps", "cloud-fire", False)
    assert not plays_a_part("flash-kills-open", "tank-heat", False)
    assert plays_a_part("detector-low-mg", "gas", False)
    assert not plays_a_part("detector-low-mg", "smoke", False)
    assert plays_a_part("transfer-cargo", "gas", True)
    assert not plays_a_part("transfer-cargo", "gas", False)
    fire, spill = played("rf-1"), played("ww-1")
    of_fire = figure_rows(fire.scenario, hazard_of(fire.scenario, fire.shown), "zh")[0]
    of_spill = figure_rows(spill.scenario, hazard_of(spill.scenario, spill.shown), "zh")[0]
    assert "架设云梯" in {row.name for row in of_fire}
    assert "架设云梯" not in {row.name for row in of_spill}
    assert all(row.unit for row in (*of_fire, *of_spill))
    assert not [row.name for row in of_fire if not re.search(r"[\u4e00-\u9fff]", row.name)]


def test_units_follow_the_end_of_a_name() -> None:
    assert unit_of("walk-mps", "") == "m/s"
    assert unit_of("foam-m2", "") == "m²"
    assert unit_of("density-kg-m3", "m3") == "kg/m³"
    assert unit_of("comply-leave", "") == "1"


def test_sentences_of_the_scores_name_what_they_quote() -> None:
    scenario = played("rf-1").scenario
    late = Text(zh="任务“clear-lane”用时 40 分钟", en="task “clear-lane” took 40 min")
    assert spoken(scenario, late, "zh") == "任务“清理消防通道”用时 40 分钟"
    assert spoken(scenario, late, "en") == "task “clear the lane” took 40 min"
    lacked = Text(zh="移交“on-site”缺“missing、trapped”", en="“on-site” lacked “missing, trapped”")
    assert spoken(scenario, lacked, "en") == (
        "“on site” lacked “missing or trapped, people behind their doors”"
    )
    floor = Text(zh="F12：多 1 人", en="F12: 1 more")
    assert spoken(scenario, floor, "zh") == "12 层：多 1 人"
    assert spoken(scenario, floor, "en") == "floor 12: 1 more"
    handover = scenario.yardstick.handovers[0]
    between = spoken(scenario, Text(zh=f"移交“{handover.id}”", en=f"“{handover.id}”"), "en")
    assert between == "“Jinse property manager → Fire and rescue detachment”"
    unknown = Text(zh="“no-such-thing”", en="“no-such-thing”")
    assert spoken(scenario, unknown, "en") == "“no-such-thing”"
    message = spoken(scenario, Text(zh="通报“q01”", en="message “q01”"), "en")
    assert message == "message “q01 call of a fire in a building”"


def test_no_lost_point_shows_an_id() -> None:
    for name in HARM:
        run = played(name)
        for point in run.card.lost:
            for lang in LANGS:
                said = spoken(run.scenario, point.message, lang)
                quoted = set(re.findall("“([^“”]*)”", said))
                ids = {i.id for i in run.scenario.yardstick.interfaces} | set(FACTS)
                bare = {q for q in quoted if q in ids and "-" in q}
                assert bare == set(), said


def test_beliefs_name_places_substances_and_finished_work() -> None:
    run = played("rf-1")
    lines = [
        event_line(run.scenario, event, "zh")
        for event in run.shown.of("believed")
        if event.subject.startswith(("location", "done:"))
    ]
    assert any("锦瑟花园6号楼" in line for line in lines)
    assert any("已完成：" in line for line in lines)
    assert not [line for line in lines if re.search(r"[a-z]{3,}", line)]
    assert fact_name(run.scenario, "trapped", "zh") != fact_name(
        played("rt-1").scenario, "trapped", "zh"
    )


def test_storeys_that_fared_alike_stand_in_one_row() -> None:
    run = played("rf-1")
    assert storey_no(run.scenario, "F12") == 12
    assert storey_no(played("cl-1").scenario, "F12") is None
    assert place_name(run.scenario, "F12", "en") == "floor 12"
    assert storeys_name(played("rf-2").scenario, 1, 3, "en") == "houses 1 to 3"
    found = runs_alike([(3, "b"), (1, "a"), (2, "a"), (5, "a")], lambda kind: kind)
    assert [(first, last) for first, last, _ in found] == [(1, 2), (3, 3), (5, 5)]
    rows = place_rows(scene_of(run.scenario, run.shown), "en")
    finals = [e for e in run.shown.of("people-final") if e.subject != "all"]
    assert len(rows) < len(finals)
    heads = sum(float(row.heads.replace(",", "")) for row in rows)
    assert heads == pytest.approx(sum(float(e.data["heads"]) for e in finals))
    deaths = sum(float(row.deaths) for row in rows)
    assert deaths == pytest.approx(sum(float(e.data["deaths"]) for e in finals))


def test_crews_own_people_are_named_by_their_crew() -> None:
    scenario = played("sf-1").scenario
    some = next(iter(scenario.plan_set.resources.values()))
    assert place_name(scenario, f"crew-{some.id}", "en") == f"crew: {some.name.en}"


def test_a_spill_drifts_down_the_river_and_stops_at_nothing_else() -> None:
    run = played("ww-1")
    scenario, times = run.scenario, (900.0, 3600.0, 14_400.0)
    found = stretches(scenario, run.logs["none"], times)
    spill = hazard_of(scenario, run.logs["none"])
    assert isinstance(spill, RiverSpill)
    ends = []
    for t_s in times:
        (cargo,) = [s for s in found if s.kind == "cargo" and s.t_s == t_s]
        line = np.array(cargo.line)
        gap = np.hypot(*(line[:, None, :] - spill.course.xy[None]).transpose(2, 0, 1))
        assert float(gap.min(axis=1)[1:-1].max(initial=0.0)) == 0.0
        ends.append(float(np.hypot(*np.diff(line, axis=0).T).sum()))
        level = [
            float(spill.cargo_mg_l(n, np.array([t_s]))[0]) for n in range(len(spill.course.xy))
        ]
        inside = [n for n, value in enumerate(level) if value >= spill.cargo.limit_mg_l.value]
        assert len(inside) <= len(line)
    assert ends[0] < ends[1]
    assert stretches(played("rf-1").scenario, played("rf-1").shown, times) == ()


def test_the_accident_on_the_water_lies_on_the_water() -> None:
    run = played("ww-1")
    spill = hazard_of(run.scenario, run.shown)
    assert isinstance(spill, RiverSpill)
    assert source_xy(run.scenario) == pytest.approx(tuple(spill.course.xy[0]))


@pytest.mark.parametrize("name", ["rf-1", "rt-1", "sf-1", "ww-1"])
def test_the_window_holds_the_scene_and_is_not_empty(name: str) -> None:
    run = played(name)
    scene = scene_of(run.scenario, run.shown)
    assert scene.frame.holds(*scene.source)
    assert scene.frame.right - scene.frame.left >= 1500.0
    city = run.scenario.city
    roads = sum(scene.frame.holds(d["x"], d["y"]) for _, d in city.graph.nodes(data=True))
    assert roads >= 10


def test_section_says_what_the_losses_leave_out() -> None:
    texts: dict[str, Any] = {
        name: shown_text(html([played(name)], "en")) for name in ("rf-1", "ww-1")
    }
    for text in texts.values():
        assert "Property has no model yet" in text
    assert "environment has no model in this family" in texts["rf-1"]
    assert "environment has no model in this family" not in texts["ww-1"]
