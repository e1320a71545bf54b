"""A builder of small logs and a small drill for the tests of scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from drillsim.log.events import KINDS, Event
from drillsim.log.runlog import RunLog
from drillsim.plans.model import SECTIONS, PlanFile, SetHead
from drillsim.plans.organisations import Organisation, Resource
from drillsim.plans.sets import Origin, Plan, PlanSet
from drillsim.scenario import Scenario, Yardstick, read_scenario

SHIPPED = Path(__file__).resolve().parents[2] / "scenarios" / "longcheng" / "cl-1.yaml"


class Builder:
    """Adds facts in order of time; `event` gives the id."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def event(
        self,
        t: float,
        kind: str,
        who: str,
        subject: str,
        data: Mapping[str, Any] | None = None,
        causes: tuple[int, ...] = (),
        clause: str = "",
    ) -> int:
        assert kind in KINDS
        assert not self.events or t >= self.events[-1].t
        number = len(self.events)
        self.events.append(Event(number, t, kind, who, subject, data or {}, causes, clause))
        return number

    def truth(self, t: float, **facts: Any) -> None:
        for key, value in facts.items():
            self.event(t, "truth", "world", key.replace("_", "-"), {"value": value})

    def told(
        self,
        t: float,
        sender: str,
        receiver: str,
        kind: str,
        channel: str = "phone",
        woken_s: float = 0.0,
        content: Mapping[str, Any] | None = None,
        ack: bool = False,
        clause: str = "",
    ) -> int:
        data = {
            "sender": sender,
            "channel": channel,
            "woken_s": woken_s,
            "content": dict(content or {}),
        }
        came = self.event(t, "message-delivered", receiver, kind, data, (), clause)
        if ack:
            self.event(t, "message-acknowledged", receiver, kind, data, (came,), clause)
        return came

    def final(self, place: str, t: float = 7200.0, **data: Any) -> int:
        base = {
            "heads": 100.0,
            "deaths": 0.0,
            "serious": 0.0,
            "exposed": 0.0,
            "hazardous": False,
            "protected": 0.0,
            "planned": 0.0,
            "needless": 0.0,
            "arrival_s": None,
        }
        return self.event(t, "people-final", "world", place, {**base, **data})

    def log(self, variant: str = "behavioural", end_s: float = 7200.0, rep: int = 0) -> RunLog:
        events = list(self.events)
        if not events or events[-1].t < end_s:
            events.append(Event(len(events), end_s, "horizon", "world", "horizon", {}, (), ""))
        return RunLog("mini", "mini", variant, 1, rep, tuple(events))


@cache
def shipped() -> Scenario:
    return read_scenario(SHIPPED)


ORGS = ("plant", "park", "fire", "district", "city")


def plan_set(**sections: list[dict[str, Any]]) -> PlanSet:
    """One plan `p1` of the plant with these sections, five bodies and two crews."""
    head = {
        "id": "p1",
        "title": {"zh": "预案", "en": "plan"},
        "kind": "ent-special",
        "tier": "enterprise",
        "owner": "plant",
        "revision": {"issued": "2026-01-01"},
    }
    file = PlanFile.model_validate({"plan": head, **sections})
    assert file.plan is not None
    elements = {section: getattr(file, section) for section in SECTIONS}
    origins = {
        ("p1", element.id): Origin("p1.yaml", 10 + n)
        for n, element in enumerate(e for part in elements.values() for e in part)
    }
    return PlanSet(
        SetHead(name="mini", title={"zh": "小", "en": "mini"}, revision="1", date="2026-01-01"),
        {o: Organisation(id=o, name={"zh": o, "en": o}, kind="any", level="city") for o in ORGS},
        {
            r: Resource(
                id=r,
                name={"zh": r, "en": r},
                owner="fire",
                home="binjiang-station",
                capabilities=(c,),
                units=3,
                turnout={"day": "1 min", "night": "1 min"},
            )
            for r, c in (("engines", "engine"), ("tents", "decon"))
        },
        {"p1": Plan(file.plan, elements, file.contacts)},
        origins,
    )


def drill(plans: PlanSet, **yardstick: list[dict[str, Any]]) -> Scenario:
    """The shipped city and hazard under a small plan set and yardstick."""
    stick = Yardstick.model_validate({"id": "mini", **yardstick})
    return replace(shipped(), plan_set=plans, yardstick=stick, memo={})


INTERFACE = {
    "id": "i1",
    "dimension": "LD1",
    "pair": "G-E",
    "senders": ["plant"],
    "receivers": ["park"],
    "kinds": ["report"],
    "criticality": 4,
    "need": "5 min",
    "content": ["substance", "wind"],
}
NOTE = {
    "id": "n1",
    "by": "plant",
    "when": "detectors >= 1",
    "to": ["park"],
    "kind": "report",
    "deadline": "3 min",
    "content": ["substance", "wind"],
}
