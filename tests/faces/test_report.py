"""The report page from a hand-built log: right numbers, both languages, nothing from outside."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drillsim.i18n import Text
from drillsim.log.events import Event
from drillsim.log.runlog import RunLog
from drillsim.report import ScenarioRun, write_report
from drillsim.report.assessment import lost_rows
from drillsim.report.footprint import half_widths, outlines
from drillsim.report.lanes import arrows, lane_order
from drillsim.report.levels import command_spans, level_spans
from drillsim.report.page import html
from drillsim.report.scene import Receptor, crews_at, receptors, zones_at
from drillsim.report.svg import Room, TimeAxis, shortened, width_of
from drillsim.report.tables import crew_rows
from drillsim.report.timeline import timeline
from drillsim.scenario import Scenario, read_scenario
from drillsim.scoring.card import Grade, LostPoint, Part, Pillar, Scorecard, losses_of, origin

CITY = """
id: little
name: {zh: 小城, en: Littleton}
network:
  generator: canal-city
  seed: 7
  width: 9 km
  height: 7 km
  centres: [{at: 3 3 km, radius: 1.5 km, weight: 1.0}]
  waterways:
    - {id: canal, name: {zh: 小河, en: Creek}, water_class: canal, line: 0 3.6; 9 3.4 km,
       width: 40 m, depth: 3 m, current: 0.2 m/s}
  residents: {count: 6, people: 6000}
districts:
  - id: north
    name: {zh: 北区, en: North}
    streets: [{id: first, name: {zh: 一街, en: First}, seat: 3 3 km}]
facilities:
  - {id: bay, kind: release-point, name: {zh: 卸车位, en: unloading bay}, x: 6 km, y: 4.5 km}
  - {id: school, kind: school, name: {zh: 小学, en: school}, from: bay, bearing: 250 deg,
     distance: 1 km, heads: {day: 400, night: 2}}
  - {id: base, kind: fire-station, name: {zh: 消防站, en: fire station}, x: 2 km, y: 5 km}
  - {id: gate-e, kind: gate, name: {zh: 东门, en: East Gate}, x: 6.6 km, y: 4.5 km}
"""
PLANS = {
    "planset.yaml": """
name: little
title: {zh: 小城预案, en: Little plans}
revision: "1"
date: 2026-01-01
kinds: {fire-call: {zh: 火警报告, en: fire call}, off-site-alarm: {zh: 场外警报, en: alarm}}
""",
    "bodies.yaml": """
organisations:
  - {id: plant, name: {zh: 某化工厂, en: the Plant}, kind: plant, level: enterprise, place: bay}
  - {id: fire, name: {zh: 消防队, en: Fire Brigade}, kind: fire, level: city, place: base}
  - {id: school, name: {zh: 小学, en: School}, kind: school, level: township, place: school}
resources:
  - id: engines
    name: {zh: 消防车, en: fire engines}
    owner: fire
    home: base
    capabilities: [engine]
    units: 2
    turnout: {day: 1 min, night: 2 min}
""",
    "plan.yaml": """
plan:
  id: p1
  title: {zh: 某厂预案, en: plan of the Plant}
  kind: ent-special
  tier: enterprise
  owner: plant
  revision: {issued: 2026-01-01}
levels:
  - {id: i, name: {zh: Ⅰ级, en: level I}, rank: 1, severity: 3, when: "detectors >= 2",
     activator: plant}
  - {id: ii, name: {zh: Ⅱ级, en: level II}, rank: 2, severity: 2, when: "detectors >= 1",
     activator: plant}
notifications:
  - {id: n1, clause: "3.1", quote: 经总经理同意后拨打119, by: plant, to: [fire], kind: fire-call,
     when: "detectors >= 1", deadline: 2 min, content: [substance]}
promises:
  - {id: pr, by: fire, to: plant, resource: engines, at: bay, within: 3 min}
""",
    "fire.yaml": """
plan:
  id: p2
  title: {zh: 消防预案, en: plan of the Brigade}
  kind: dept
  tier: department
  owner: fire
  revision: {issued: 2026-01-01}
tasks:
  - {id: t1, clause: "4", quote: 接报后一分钟内出动, by: fire, verb: size-up, needs: [engine],
     when: told fire-call, where: bay}
""",
}
YARDSTICK = """
id: little
interfaces:
  - {id: i1, dimension: LD1, pair: D-E, senders: [plant], receivers: [fire], kinds: [fire-call],
     criticality: 5, need: 3 min, law: {basis: 消防法, verified: true}, content: [substance]}
  - {id: i2, dimension: LD7, pair: E-C, senders: [plant], receivers: [school],
     kinds: [off-site-alarm], criticality: 4, need: 5 min}
required_levels:
  - {owner: plant, plans: [p1], severity: 3, when: "detectors >= 2"}
"""
SCENARIO = """
id: little
name: {zh: 小城氯气泄漏, en: Chlorine at Littleton}
family: chemical-storage
city: city.yaml
plans: plans
yardstick: yardstick.yaml
hazard: {substance: chlorine, at: bay, hole: 10 mm, inventory: 10 t, duration: 20 min}
weather: {wind_from: 70 deg, wind_speed: 3 m/s, stability: D}
start: 2026-09-15 10:20
horizon: 60 min
isolation: {emergency_valve: fails, valve_time: 30 s, needs: [], dress: 5 min, work: 5 min}
"""
FACTS: list[tuple[float, str, str, str, dict[str, Any], tuple[int, ...], str]] = [
    (0, "drawn", "world", "weather", {"wind_from_deg": 70.0, "wind_mps": 3.0, "stability": "D",
        "temperature_k": 298.15, "rate_kg_s": 1.9, "warnings": []}, (), ""),
    (30, "truth", "world", "detectors", {"value": 1.0}, (), ""),
    (90, "truth", "world", "detectors", {"value": 2.0}, (), ""),
    (90, "level-activated", "plant", "p1:ii",
        {"rank": 2, "severity": 2, "woken_s": 30.0, "owner": "plant"}, (1,), "p1/ii"),
    (120, "command-taken", "plant", "overall",
        {"from": None, "clean": True, "known": 0, "asked": 0}, (3,), ""),
    (150, "level-activated", "plant", "p1:i",
        {"rank": 1, "severity": 3, "woken_s": 90.0, "owner": "plant"}, (2,), "p1/i"),
    (240, "message-sent", "plant", "fire-call",
        {"to": "fire", "channel": "phone", "attempt": 1, "woken_s": 30.0}, (1,), "p1/n1"),
    (255, "message-failed", "plant", "fire-call", {"to": "fire", "channel": "phone",
        "attempt": 1, "woken_s": 30.0, "why": "busy"}, (6,), "p1/n1"),
    (300, "message-sent", "plant", "fire-call",
        {"to": "fire", "channel": "phone", "attempt": 2, "woken_s": 30.0}, (1,), "p1/n1"),
    (390, "message-delivered", "fire", "fire-call", {"sender": "plant", "channel": "phone",
        "woken_s": 30.0, "content": {"substance": None}}, (8,), "p1/n1"),
    (400, "crew-assigned", "fire", "engines",
        {"unit": "engines-1", "verb": "size-up", "place": "bay"}, (9,), "p2/t1"),
    (460, "crew-departed", "fire", "engines", {"unit": "engines-1", "place": "bay",
        "eta_s": 860.0, "path": [[460, 2000, 5000], [660, 4000, 5000], [860, 6000, 4500]]},
        (10,), "p2/t1"),
    (600, "zone-ordered", "fire", "shelter", {"near_m": 300.0, "far_m": 1500.0,
        "sector_deg": 90.0, "bearing_deg": 250.0, "sites": [], "heads": 400}, (9,), ""),
    (700, "warned", "world", "school",
        {"channel": "phone", "action": "shelter", "heads": 400}, (12,), ""),
    (800, "command-lost", "plant", "overall", {"taker": "fire"}, (), ""),
    (860, "crew-arrived", "fire", "engines", {"unit": "engines-1", "place": "bay",
        "x": 6000.0, "y": 4500.0, "verb": "size-up"}, (11,), "p2/t1"),
    (1100, "command-taken", "fire", "overall",
        {"from": "plant", "clean": False, "known": 0, "asked": 0}, (14,), ""),
    (1200, "hazard-changed", "fire", "isolate", {"factor": 0.0, "released_kg": 2280.0}, (15,), ""),
    (3600, "people-final", "world", "school", {"heads": 400.0, "states": {"sheltering": 400.0},
        "exposed": 120.0, "severe": 0.0, "serious": 3.0, "deaths": 0.0, "hazardous": True,
        "arrival_s": 360.0, "protected": 0.0, "planned": 400.0, "needless": 0.0,
        "action": "shelter"}, (), ""),
    (3600, "people-final", "world", "all", {"heads": 6400.0, "deaths": 0.5, "serious": 3.0,
        "exposed": 120.0, "severe": 0.0, "treated": 3.0, "waiting_loss": 0.5}, (), ""),
    (3600, "horizon", "world", "horizon", {}, (), ""),
]  # fmt: skip


def a_log(variant: str) -> RunLog:
    events = tuple(Event(k, float(t), *rest) for k, (t, *rest) in enumerate(FACTS))
    return RunLog("little", "little", variant, 1, 0, events)


def a_pillar(pillar_id: str, value: float | None, reason: Text | None = None) -> Pillar:
    name = Text(zh=f"维度{pillar_id}", en=f"pillar {pillar_id}")
    part = Part("x", Text(zh="分项甲", en="part one"), value, 1.0, reason)
    return Pillar(pillar_id, name, value, (part,), reason)


def a_card(scenario: Scenario, logs: dict[str, RunLog]) -> Scorecard:
    where = origin(scenario.plan_set, "p1/n1")
    late = LostPoint(
        "linkage", "x", 0.25, Text(zh="火警迟到 <五分钟>", en="fire call <late>"),
        (("behavioural", 9),), "p1/n1", where,
    )  # fmt: skip
    nobody = LostPoint("linkage", "x", 0.10, Text(zh="学校无人通知", en="nobody tells the school"))
    why = Text(zh="没有参照", en="no reference")
    return Scorecard(
        "little", "little", 1, 0, a_pillar("accuracy", 0.5), a_pillar("effectiveness", None, why),
        a_pillar("linkage", 0.65), a_pillar("capability", 0.8), 0.63, Grade("fair", True),
        losses_of(logs), (nobody, late),
    )  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> ScenarioRun:
    folder = tmp_path_factory.mktemp("little")
    (folder / "plans").mkdir()
    for name, content in PLANS.items():
        (folder / "plans" / name).write_text(content, encoding="utf-8")
    for name, content in (("city", CITY), ("yardstick", YARDSTICK), ("scenario", SCENARIO)):
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    scenario = read_scenario(folder / "scenario.yaml")
    logs = {"behavioural": a_log("behavioural"), "perfect": a_log("perfect")}
    return ScenarioRun(scenario, logs, a_card(scenario, logs))


class Checker(HTMLParser):
    """Collects what a browser would fetch, every id, every text, and whether tags balance."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name in ("src", "href", "xlink:href", "data", "srcset", "action"):
            value = given.get(name)
            if value is not None:
                (self.links if value.startswith("#") else self.fetched).append(value)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("p", "li", "dt", "dd"):
            assert self.open, f"</{tag}> closes nothing"
            assert self.open.pop() == tag


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_is_whole_and_asks_for_nothing(run: ScenarioRun, tmp_path: Path, lang: Any) -> None:
    path = tmp_path / "report.html"
    write_report(path, [run, replace(run)], lang)
    page = path.read_text(encoding="utf-8")
    found = Checker()
    found.feed(re.sub(r"</?(p|li|dt|dd)\b[^>]*>", "", page))
    assert found.open == []
    assert found.fetched == []
    assert len(found.ids) == len(set(found.ids))
    assert {link[1:] for link in found.links} <= set(found.ids)
    assert "<script" not in page
    assert not re.search(r"(?i)https?://|@import|url\(", page)
    assert len(page) < 3_000_000
    assert not list(tmp_path.glob("*.part"))
    nothing_filled = re.search(r">(None|nan|inf)<|\{[a-z_]+\}(?!\s*[a-z.#@*:])", page)
    assert nothing_filled is None


def test_both_languages_say_exercise_and_escape_what_plans_say(run: ScenarioRun) -> None:
    chinese, english = html([run], "zh"), html([run], "en")
    assert "演练 / 模拟" in chinese
    assert "EXERCISE" in english
    assert "火警迟到 &lt;五分钟&gt;" in chinese
    assert "<五分钟>" not in chinese
    assert "没有参照" in chinese
    assert "no reference" in english
    shown = re.sub(r"<[^>]*>|&[a-z#0-9]+;", " ", english[english.index("<body") :])
    quotes = ("经总经理同意后拨打119", "接报后一分钟内出动", "消防法", "演练", "模拟")
    for quote in quotes:
        shown = shown.replace(quote, "")
    assert not re.findall(r"[\u4e00-\u9fff]+", shown)


def test_lost_points_show_both_sentences_file_and_chain(run: ScenarioRun) -> None:
    rows, rest = lost_rows(run, "en")
    assert [row.points for row in rows] == ["25.0", "10.0"]
    assert rest == ""
    late, nobody = rows
    assert [s.quote for s in late.sentences] == ["经总经理同意后拨打119", "接报后一分钟内出动"]
    assert late.sentences[0].clause == "3.1"
    assert re.search(r"plans/plan\.yaml:\d+$", late.sentences[0].where)
    times = [when for when, _ in late.chain]
    assert times == ["T+0.5", "T+5.0", "T+6.5"]
    assert "Fire Brigade" in late.chain[-1][1]
    assert nobody.no_clause
    assert nobody.sentences == ()


def test_timeline_counts_minutes_from_detection(run: ScenarioRun) -> None:
    call, alarm = sorted(timeline(run, "en"), key=lambda row: row.id)
    assert call.verdict == "late"
    assert call.actual is not None
    assert call.actual.told_min == pytest.approx(6.0)
    assert call.need_min == pytest.approx(3.0)
    assert call.plan_min == pytest.approx(2.0)
    assert call.law == "at once"
    assert call.actual.content == 0.0
    assert alarm.verdict == "undeclared"
    assert "no plan says it" in alarm.drawing


def test_state_of_places_follows_cloud_and_warning(run: ScenarioRun) -> None:
    (school,) = receptors(run.shown)
    assert [school.state(t) for t in (100, 400, 699, 700)] == ["quiet", "hit", "hit", "late"]
    early = replace(school, warned_s=60.0)
    assert [early.state(t) for t in (30, 60, 400)] == ["quiet", "warned", "warned"]
    never = Receptor("x", 1, None, None, "", False, 0, 0, 0)
    assert never.state(9999) == "quiet"


def test_crews_move_along_their_path(run: ScenarioRun) -> None:
    assert crews_at(run.scenario, run.shown, 400) == ()
    (midway,) = crews_at(run.scenario, run.shown, 560)
    assert (midway.x, midway.y, midway.moving) == (3000.0, 5000.0, True)
    (there,) = crews_at(run.scenario, run.shown, 3000)
    assert (there.x, there.y, there.moving) == (6000.0, 4500.0, False)
    assert there.service == "fire"
    (row,) = crew_rows(run.scenario, run.shown, "en")
    assert row.late  # 860 - 400 s against a promise of 3 min
    assert row.clause == "p1/pr"


def test_zones_levels_and_command_over_time(run: ScenarioRun) -> None:
    assert zones_at(run.shown, 599) == ()
    (zone,) = zones_at(run.shown, 600)
    assert (zone.near_m, zone.far_m, zone.sector_deg) == (300.0, 1500.0, 90.0)
    spans = level_spans(run.scenario, run.shown, "p1", "en")
    assert [(s.t0_s, s.t1_s, s.words) for s in spans] == [
        (90.0, 150.0, "level II"), (150.0, 3600.0, "level I"),
    ]  # fmt: skip
    held, gaps = command_spans(run.scenario, run.shown, "overall", "en")
    assert [(s.t0_s, s.t1_s) for s in held] == [(120.0, 800.0), (1100.0, 3600.0)]
    assert [(s.t0_s, s.t1_s) for s in gaps] == [(800.0, 1100.0)]


def test_lanes_show_failed_and_delivered_messages(run: ScenarioRun) -> None:
    failed, delivered = arrows(run.scenario, run.shown, "en")
    assert (failed.failed, failed.sent_s, failed.came_s) == (True, 240.0, 255.0)
    assert (delivered.failed, delivered.sent_s, delivered.came_s) == (False, 300.0, 390.0)
    assert "busy" in failed.hint
    assert "substance" in delivered.hint
    assert lane_order(run.scenario, [delivered], run.shown.of("warned")) == ["plant", "fire"]


def test_outline_grows_with_the_tier_and_stops_after_isolation(run: ScenarioRun) -> None:
    found = outlines(run.scenario, run.shown, (300.0, 900.0, 3600.0))
    by = {(o.tier, o.t_s): o for o in found}
    source = np.array([6000.0, 4500.0])

    def reach(outline: Any) -> float:
        return max(
            (float(np.hypot(*(ring - source).T).max()) for ring in outline.rings), default=0.0
        )

    assert reach(by[2, 300.0]) < reach(by[2, 900.0])
    assert 0 < reach(by[3, 900.0]) < reach(by[2, 900.0])
    assert by[3, 3600.0].rings == ()
    assert by[2, 900.0].ppm < by[3, 900.0].ppm
    ring = by[2, 900.0].rings[0] - source
    assert ring.mean(axis=0)[0] < 0  # the wind from 70 degrees carries the cloud to the west


def test_half_width_of_a_gaussian_is_exact() -> None:
    sigma, top, threshold = 100.0, 50.0, 5.0
    across = 600.0 * np.linspace(0, 1, 60) ** 2
    levels = np.array([top * np.exp(-0.5 * (across / sigma) ** 2), np.zeros(60)])
    exact = sigma * np.sqrt(2 * np.log(top / threshold))
    found = half_widths(levels, across, threshold)
    assert found[0] == pytest.approx(exact, rel=0.01)
    assert found[1] == 0.0


def test_labels_keep_apart_and_texts_fit() -> None:
    room = Room(0, 0, 300, 200)
    boxes = [room.place(150, 100, 60, 14) for _ in range(12)]
    placed = [b for b in boxes if b]
    assert len(placed) >= 6
    for k, (x, y) in enumerate(placed):
        for other_x, other_y in placed[:k]:
            assert abs(x - other_x) >= 60 or abs(y - other_y) >= 14
    assert shortened("应急响应中心", 10, 30) == "应急…"
    assert width_of(shortened("emergency centre", 10, 50), 10) <= 50
    axis = TimeAxis(0, 900, 100, 200)
    assert axis.at(450) == 150
    assert axis.at(5000) == 200
    assert axis.ticks()[:3] == [0.0, 120.0, 240.0]


def test_nothing_to_report_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one"):
        write_report(tmp_path / "r.html", [], "en")
