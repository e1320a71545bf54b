"""A1: whether protection came in time to those whom the cloud could reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from drillsim.i18n import Text, catalogue
from drillsim.log.events import Event
from drillsim.log.runlog import RunLog
from drillsim.scenario import Scenario
from drillsim.scoring.card import Blame, Part, said
from drillsim.scoring.coverage import covering
from drillsim.scoring.envelope import envelope
from drillsim.scoring.kernel import zone_score
from drillsim.scoring.window import place_name

catalogue(
    {
        "a1.name": ("防护范围", "protected area"),
        "a1.none": ("无人处于危险范围", "nobody was in the area of danger"),
        "a1.late": (
            "{place}：{heads:.0f} 人未在危害可能到达前得到防护（告知时间 T+{minute:.0f} 分）",
            "{place}: {heads:.0f} people not protected before the hazard could arrive "
            "(told at T+{minute:.0f} min)",
        ),
        "a1.missed": (
            "{place}：{heads:.0f} 人无人告知；没有预案规定此事",
            "{place}: {heads:.0f} people whom nobody warned; nobody declares it",
        ),
        "a1.unwarned": (
            "{place}：{heads:.0f} 人，预案有规定但无人告知",
            "{place}: {heads:.0f} people whom a plan covers but nobody warned",
        ),
        "a1.over": (
            "{place}：{heads:.0f} 人被要求行动，但危害不会到达（风向偏转30°也不会）",
            "{place}: {heads:.0f} people told to act although the hazard could not reach them "
            "(nor with the wind turned by 30 deg)",
        ),
    }
)

MISSED_WEIGHT = 4.0
"""1 - F2 = (4 FN + FP) / (5 TP + 4 FN + FP): a missed person weighs four needless warnings."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One place: people protected in time, missed, or warned without need."""

    place: str
    protected: float
    missed: float
    needless: float


def zone_part(scenario: Scenario, log: RunLog, weight: float) -> Part:
    """Give A1 of a run: F2, people-weighted by place, against the envelope of the hazard."""
    rows, hazardous = _rows(scenario, log)
    tp, fn = sum(row.protected for row in rows), sum(row.missed for row in rows)
    fp = sum(row.needless for row in rows)
    score = zone_score(tp, fp, fn)
    name = said("a1.name")
    if score is None:
        return Part("A1", name, None, weight, said("a1.none"))
    planned = sum(_planned(event.data) for event in _places(log))
    detail = {
        "f2": score.f2, "precision": score.precision, "recall": score.recall, "iou": score.iou,
        "protected": tp, "missed": fn, "over_warned": fp,
        "over_warning_share": fp / planned if planned > 0 else 0.0,
        "moved_needlessly": sum(float(e.data.get("needless", 0.0)) for e in _places(log)),
        "places_in_envelope": sorted(hazardous), "variant": log.variant,
    }  # fmt: skip
    told = _told(log)
    blames = tuple(blame for row in rows for blame in _blames(scenario, log, row, told))
    return Part("A1", name, score.f2, weight, None, detail, blames)


def _places(log: RunLog) -> list[Event]:
    return [event for event in log.of("people-final") if event.subject != "all"]


def _planned(data: Mapping[str, Any]) -> float:
    return float(data.get("planned", 0.0))


def _rows(scenario: Scenario, log: RunLog) -> tuple[list[_Row], set[str]]:
    finals = _places(log)
    reachable = envelope(scenario, log, [event.subject for event in finals])
    rows, hazardous = [], set()
    for event in finals:
        data = event.data
        heads, protected = float(data["heads"]), float(data["protected"])
        if event.subject in reachable or data["hazardous"]:
            hazardous.add(event.subject)
            kept = min(heads, protected)
            rows.append(_Row(event.subject, kept, heads - kept, 0.0))
        else:
            rows.append(_Row(event.subject, 0.0, 0.0, _planned(data)))
    return rows, hazardous


def _told(log: RunLog) -> dict[str, Event]:
    """Give the first word that each place got."""
    first: dict[str, Event] = {}
    for event in log.of("warned"):
        first.setdefault(event.subject, event)
    return first


def _blames(scenario: Scenario, log: RunLog, row: _Row, told: Mapping[str, Event]) -> list[Blame]:
    name: Text = place_name(scenario, row.place)
    word = told.get(row.place)
    events = ((log.variant, word.id),) if word is not None else ()
    clause = word.clause if word is not None else ""
    if row.missed > 0.0 and word is not None:
        message = said("a1.late", place=name, heads=row.missed, minute=word.t / 60.0)
        declared = clause or covering(scenario, row.place)
        return [Blame(MISSED_WEIGHT * row.missed, message, events, declared)]
    if row.missed > 0.0:
        declared = covering(scenario, row.place)
        key = "a1.unwarned" if declared else "a1.missed"
        message = said(key, place=name, heads=row.missed)
        return [Blame(MISSED_WEIGHT * row.missed, message, (), declared)]
    if row.needless > 0.0:
        message = said("a1.over", place=name, heads=row.needless)
        return [Blame(row.needless, message, events, clause)]
    return []
