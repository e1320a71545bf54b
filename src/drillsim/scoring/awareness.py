"""Shared situational awareness: what bodies believe against what is so."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping

from drillsim.i18n import catalogue
from drillsim.linkage.interfaces import org_of
from drillsim.log.events import Event
from drillsim.scenario import Yardstick
from drillsim.scoring.card import Blame, Part, said
from drillsim.scoring.window import Window, org_name

catalogue(
    {
        "ssa.name": ("共同态势认知", "shared situational awareness"),
        "ssa.none": ("没有可比对的认知", "there is no belief to compare"),
        "ssa.wrong": (
            "{org}：“{fact}”有 {minutes:.0f} 分钟未知或有误",
            "{org}: “{fact}” unknown or wrong for {minutes:.0f} min",
        ),
    }
)

KEY_FACTS: tuple[str, ...] = ("location", "substance", "wind", "isolated", "hurt", "zone-order")
"""Facts on which bodies must agree (JESIP 2021, shared situational awareness; plans 5.4)."""


def wanted_facts(yardstick: Yardstick) -> Mapping[str, tuple[str, ...]]:
    """Give, for each body, the key facts that it needs: those its required messages must carry.

    A body that is to be told without stated content needs the first two. The yardstick alone
    decides, so that no plan can lower what its bodies should know.
    """
    wanted: dict[str, set[str]] = defaultdict(set)
    for interface in yardstick.interfaces:
        facts = [fact for fact in interface.content if fact in KEY_FACTS]
        for receiver in interface.receivers:
            wanted[receiver].update(facts or KEY_FACTS[:2])
    return {org: tuple(f for f in KEY_FACTS if f in wanted[org]) for org in sorted(wanted)}


def awareness_part(window: Window, weight: float) -> Part:
    """Give SSA: the share of (body, key fact, 5-min epoch) in which belief agreed with truth.

    A fact counts from when the world set it; a body knows what any of its roles learned last.
    Unknown is not agreement.
    """
    name = said("ssa.name")
    beliefs = _beliefs(window)
    right, asked = 0, 0
    wrong: dict[tuple[str, str], int] = defaultdict(int)
    by_org: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for t_s in window.epochs() if window.detection is not None else ():
        for org, facts in wanted_facts(window.scenario.yardstick).items():
            for fact in facts:
                if window.truth.value(fact, t_s) is None:
                    continue
                asked += 1
                by_org[org][1] += 1
                last = _last(beliefs.get((org, fact), ()), t_s)
                if last is not None and window.truth.agrees(fact, last.data["value"], t_s):
                    right += 1
                    by_org[org][0] += 1
                else:
                    wrong[org, fact] += 1
    if asked == 0:
        return Part("SSA", name, None, weight, said("ssa.none"))
    detail = {"by_body": {org: got / of for org, (got, of) in sorted(by_org.items())}}
    blames = tuple(_blame(window, org, fact, n) for (org, fact), n in sorted(wrong.items()))
    return Part("SSA", name, right / asked, weight, None, detail, blames)


def _beliefs(window: Window) -> Mapping[tuple[str, str], list[Event]]:
    found: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in window.log.of("believed"):
        if event.subject in KEY_FACTS:
            found[org_of(event.who), event.subject].append(event)
    return found


def _last(events: list[Event] | tuple[()], t_s: float) -> Event | None:
    place = bisect_right(events, t_s, key=lambda event: event.t)
    return events[place - 1] if place else None


def _blame(window: Window, org: str, fact: str, epochs: int) -> Blame:
    message = said("ssa.wrong", org=org_name(window.scenario, org), fact=fact, minutes=epochs * 5.0)
    truth = window.truth.event(fact, window.end_s)
    events = ((window.log.variant, truth.id),) if truth is not None else ()
    return Blame(float(epochs), message, events)
