"""A little world for the report's tests: a city, two plans, and a log written by hand."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from drillsim.i18n import Text
from drillsim.log.events import Event
from drillsim.log.runlog import RunLog
from drillsim.report import ScenarioRun
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


def a_run(folder: Path) -> ScenarioRun:
    """Write the little world into a folder, read it, and give it a log and scores."""
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
