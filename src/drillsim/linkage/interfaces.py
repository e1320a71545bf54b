"""Dynamic linkage: which required interfaces a run required, executed, and how well."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from drillsim.linkage.truth import Truth
from drillsim.log.events import Event
from drillsim.log.runlog import RunLog
from drillsim.plans.sets import PlanSet
from drillsim.scenario import RequiredInterface, Scenario

CONFIRMED_BY_NATURE = frozenset(
    {
        # somebody answers and is heard, or the link itself confirms
        "phone", "hotline", "radio", "group-call", "conference", "in-person", "door-to-door",
        "data-link",
        # nobody can confirm: whoever is at the place hears it
        "siren", "public-address", "loudspeaker",
    }
)  # fmt: skip
"""Channels that need no separate acknowledgement; a fax or a text message does."""

TimeLimit = Literal["need", "law", "none"]


@dataclass(frozen=True, slots=True)
class Telling:
    """One receiver of an interface and how it was told; `event` is None when it was not.

    `confirmed`: acknowledged, or on a channel that confirms by nature. `attained` is that of the
    most timely confirmed message, `worth` the best a x c over them, where c counts every required
    field that had arrived and was right by then (at the earliest by the needed time); `content` is
    that c. So one more message can only help. `limit` tells the judging clock: "need" counts from
    when the interface was required, "law" from when the duty was woken, "none" means that neither
    sets a time. `declared` are the plan elements (`plan/element`) that say somebody tells it.
    """

    receiver: str
    declared: tuple[str, ...]
    event: int | None = None
    t_s: float = math.inf
    confirmed: bool = False
    attained: float = 0.0
    limit: TimeLimit = "none"
    limit_s: float | None = None
    latency_s: float | None = None
    content: float = 0.0
    worth: float = 0.0
    unknown: tuple[str, ...] = ()
    clause: str = ""


@dataclass(frozen=True, slots=True)
class InterfaceRun:
    """One required interface in one run.

    `plan_s` is the shortest deadline that a plan states; it is shown and never judged, so that a
    slacker promise cannot score better.
    """

    interface: RequiredInterface
    required_s: float
    tellings: tuple[Telling, ...]
    plan_s: float | None

    @property
    def declared(self) -> tuple[str, ...]:
        """Give the plan elements that declare any part of it."""
        return tuple(dict.fromkeys(ref for telling in self.tellings for ref in telling.declared))

    @property
    def executed(self) -> bool:
        """Tell whether every receiver was told and confirmed it (x)."""
        return all(telling.confirmed for telling in self.tellings)

    @property
    def last(self) -> Telling:
        """Give the receiver that was served worst in time."""
        return min(self.tellings, key=lambda telling: (telling.attained, -telling.t_s))

    @property
    def attained(self) -> float:
        """Give the attainment of the receiver served worst in time (a)."""
        return self.last.attained

    @property
    def content(self) -> float:
        """Give the share of required fields that arrived and were right, over receivers (c)."""
        return sum(telling.content for telling in self.tellings) / len(self.tellings)

    @property
    def value(self) -> float:
        """Give the worth in this run, in [0, 1]: x times the mean of a c over receivers.

        0 when nobody declares the interface, whatever happened.
        """
        if not self.declared or not self.executed:
            return 0.0
        return sum(telling.worth for telling in self.tellings) / len(self.tellings)

    @property
    def on_time(self) -> bool:
        """Tell whether it was executed within its limit."""
        return self.executed and self.attained == 1.0


def org_of(address: str) -> str:
    """Give the organisation of an address `org` or `org/role`."""
    return address.partition("/")[0]


def detection(log: RunLog) -> Event | None:
    """Give the fact that counts as detection: the first alarm, or the first confirmed release."""
    for event in log.of("truth", "believed"):
        value = event.data["value"]
        if event.kind == "truth" and event.subject == "detectors" and value >= 1:
            return event
        if event.kind == "believed" and event.subject == "release" and value:
            return event
    return None


def attainment(latency_s: float, deadline_s: float) -> float:
    """Give how well a time target was met, in [0, 1].

    1 up to the deadline, then falling in a straight line to 0 at twice the deadline. Both in s,
    `deadline_s` >= 0; a deadline of 0 is met at 0 only. Golden value: a(75, 60) = 0.75.
    """
    if latency_s <= deadline_s:
        return 1.0
    if deadline_s <= 0.0 or not math.isfinite(latency_s):
        return 0.0
    return max(0.0, 1.0 - (latency_s - deadline_s) / deadline_s)


def interface_runs(scenario: Scenario, log: RunLog) -> tuple[InterfaceRun, ...]:
    """Give every interface of the yardstick that the course of a run required, in file order.

    An interface is required from detection, or from when its `required_when` was first true.
    """
    found = detection(log)
    if found is None:
        return ()
    truth = Truth(log)
    messages = _Messages(log, truth)
    out = []
    for interface in scenario.yardstick.interfaces:
        required: float | None = found.t
        if interface.required_when is not None:
            required = truth.first(interface.required_when, log.end_s)
        if required is None:
            continue
        start = max(found.t, required)
        declared = declarations(scenario.plan_set, interface)
        tellings = tuple(
            messages.telling(interface, receiver, declared[receiver], start)
            for receiver in interface.receivers
        )
        deadlines = [
            element.deadline
            for refs in declared.values()
            for ref in refs
            if (element := scenario.plan_set.find(ref)[1]).deadline is not None
        ]
        plan_s = min(deadlines) if deadlines else None
        out.append(InterfaceRun(interface, start, tellings, plan_s))
    return tuple(out)


def declarations(plan_set: PlanSet, interface: RequiredInterface) -> Mapping[str, tuple[str, ...]]:
    """Give, for each receiver, the notifications (`plan/element`) that promise to tell it."""
    found: dict[str, list[str]] = {receiver: [] for receiver in interface.receivers}
    for plan, note in plan_set.elements("notifications"):
        if note.kind not in interface.kinds or org_of(note.by) not in interface.senders:
            continue
        for receiver in dict.fromkeys(org_of(to) for to in note.to):
            if receiver in found:
                found[receiver].append(f"{plan.head.id}/{note.id}")
    return {receiver: tuple(refs) for receiver, refs in found.items()}


@dataclass(frozen=True, slots=True)
class _Clock:
    """One message against the clock that judges it."""

    attained: float
    limit: TimeLimit
    limit_s: float | None
    latency_s: float | None


def _clock(interface: RequiredInterface, start_s: float, t_s: float, woken_s: float) -> _Clock:
    """Judge one delivery: the worse of need and law, as min(D_law, D_need) does on one clock.

    A law that says "at once" sets no number of minutes.
    """
    law = interface.law.within if interface.law is not None else None
    rows: tuple[tuple[float | None, TimeLimit, float], ...] = (
        (interface.need, "need", start_s),
        (law, "law", woken_s),
    )
    clocks = [
        _Clock(attainment(max(0.0, t_s - begin), limit), name, limit, max(0.0, t_s - begin))
        for limit, name, begin in rows
        if limit is not None
    ]
    if not clocks:
        return _Clock(1.0, "none", None, None)
    return min(clocks, key=lambda clock: clock.attained)


class _Messages:
    """The messages of a run by kind and receiving organisation."""

    def __init__(self, log: RunLog, truth: Truth) -> None:
        self._truth = truth
        self._delivered: dict[tuple[str, str], list[Event]] = {}
        self._acknowledged: set[int] = set()
        for event in log.of("message-delivered"):
            self._delivered.setdefault((event.subject, org_of(event.who)), []).append(event)
        for event in log.of("message-acknowledged"):
            self._acknowledged.update(event.causes)

    def telling(
        self,
        interface: RequiredInterface,
        receiver: str,
        declared: tuple[str, ...],
        start_s: float,
    ) -> Telling:
        """Judge how one receiver was told."""
        came = sorted(
            (
                event
                for kind in dict.fromkeys(interface.kinds)
                for event in self._delivered.get((kind, receiver), ())
                if org_of(str(event.data["sender"])) in interface.senders
            ),
            key=lambda event: event.id,
        )
        judged = {
            event.id: _clock(interface, start_s, event.t, float(event.data["woken_s"]))
            for event in came
        }
        heard = [event for event in came if self._confirmed(event)]
        if not heard:
            limit_s = interface.need or (interface.law.within if interface.law else None)
            silent = came[0].id if came else None
            return Telling(receiver, declared, silent, limit_s=limit_s, unknown=interface.content)
        soonest = max(heard, key=lambda event: (judged[event.id].attained, -event.id))
        known = {event.id: self._right(interface, came, event.t, start_s) for event in heard}
        asked = len(interface.content)
        share = {key: len(right) / asked if asked else 1.0 for key, right in known.items()}
        best = max(heard, key=lambda e: (judged[e.id].attained * share[e.id], -e.id))
        clock = judged[soonest.id]
        return Telling(
            receiver, declared, soonest.id, soonest.t, True, clock.attained, clock.limit,
            clock.limit_s, clock.latency_s, share[best.id],
            judged[best.id].attained * share[best.id],
            tuple(fact for fact in interface.content if fact not in known[best.id]),
            soonest.clause,
        )  # fmt: skip

    def _right(
        self, interface: RequiredInterface, came: Iterable[Event], t_s: float, start_s: float
    ) -> frozenset[str]:
        """Give the required fields that had arrived and were right by a time or by the need."""
        useful_s = max(t_s, start_s + (interface.need or 0.0))
        return frozenset(
            fact
            for event in came
            if event.t <= useful_s
            for fact, told in event.data.get("content", {}).items()
            if fact in interface.content and self._truth.agrees(fact, told, event.t)
        )

    def _confirmed(self, event: Event) -> bool:
        return event.data["channel"] in CONFIRMED_BY_NATURE or event.id in self._acknowledged
