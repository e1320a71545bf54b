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

    `confirmed`: acknowledged, or on a channel that confirms by nature. `declared` are the plan
    elements (`plan/element`) that say somebody tells this receiver.
    """

    receiver: str
    declared: tuple[str, ...]
    event: int | None = None
    t_s: float = math.inf
    woken_s: float = 0.0
    confirmed: bool = False
    content: float = 0.0
    unknown: tuple[str, ...] = ()
    clause: str = ""


@dataclass(frozen=True, slots=True)
class InterfaceRun:
    """One required interface in one run.

    `executed` (x), `attained` (a) and `content` (c) make `value` = x a c, 0 when nobody declares
    the interface. `latency_s` and `limit_s` are those of the judging clock `limit`: "need" counts
    from detection, "law" from the moment the duty was woken, "none" means that neither sets a
    time. `plan_s` is the shortest deadline that a plan states; it is shown and never judged here,
    so that a slacker promise cannot score better.
    """

    interface: RequiredInterface
    required_s: float
    tellings: tuple[Telling, ...]
    attained: float
    limit: TimeLimit
    limit_s: float | None
    latency_s: float | None
    plan_s: float | None

    @property
    def declared(self) -> tuple[str, ...]:
        """Give the plan elements that declare any part of it."""
        return tuple(dict.fromkeys(ref for telling in self.tellings for ref in telling.declared))

    @property
    def executed(self) -> bool:
        """Tell whether every receiver was told and confirmed it."""
        return all(telling.confirmed for telling in self.tellings)

    @property
    def content(self) -> float:
        """Give the share of required fields that arrived and were right, over receivers."""
        return sum(telling.content for telling in self.tellings) / len(self.tellings)

    @property
    def value(self) -> float:
        """Give the worth of the interface in this run, in [0, 1]."""
        if not self.declared or not self.executed:
            return 0.0
        return self.attained * self.content

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
    messages = _Messages(log)
    out = []
    for interface in scenario.yardstick.interfaces:
        required: float | None = found.t
        if interface.required_when is not None:
            required = truth.first(interface.required_when, log.end_s)
        if required is None:
            continue
        declared = declarations(scenario.plan_set, interface)
        tellings = tuple(
            messages.telling(interface, receiver, declared[receiver], truth, found.t)
            for receiver in interface.receivers
        )
        start = max(found.t, required)
        deadlines = [
            element.deadline
            for refs in declared.values()
            for ref in refs
            if (element := scenario.plan_set.find(ref)[1]).deadline is not None
        ]
        plan_s = min(deadlines) if deadlines else None
        timing = _timing(interface, start, tellings)
        out.append(InterfaceRun(interface, start, tellings, *timing, plan_s))
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


def _timing(
    interface: RequiredInterface, start_s: float, tellings: Iterable[Telling]
) -> tuple[float, TimeLimit, float | None, float | None]:
    """Give attainment, judging clock, its limit and the latency of the last receiver told.

    Law and need have different clocks; the worse of the two judges, as min(D_law, D_need) does
    where they share one. A law that says "at once" sets no number of minutes.
    """
    last = max(tellings, key=lambda telling: telling.t_s)
    clocks: list[tuple[float, TimeLimit, float, float]] = []
    law = interface.law.within if interface.law is not None else None
    rows: tuple[tuple[float | None, TimeLimit, float], ...] = (
        (interface.need, "need", start_s),
        (law, "law", last.woken_s if last.event is not None else start_s),
    )
    for limit, name, begin in rows:
        if limit is not None:
            latency = max(0.0, last.t_s - begin)
            clocks.append((attainment(latency, limit), name, limit, latency))
    if not clocks:
        return 1.0, "none", None, None
    kept, name, limit, latency = min(clocks, key=lambda row: (row[0], row[1] != "need"))
    return kept, name, limit, latency if math.isfinite(latency) else None


class _Messages:
    """The messages of a run by kind and receiving organisation."""

    def __init__(self, log: RunLog) -> None:
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
        truth: Truth,
        detected_s: float,
    ) -> Telling:
        """Judge how one receiver was told: by the first message, with all that came in time."""
        came = sorted(
            (
                event
                for kind in dict.fromkeys(interface.kinds)
                for event in self._delivered.get((kind, receiver), ())
                if org_of(str(event.data["sender"])) in interface.senders
            ),
            key=lambda event: event.id,
        )
        if not came:
            return Telling(receiver, declared, unknown=interface.content)
        first = next((event for event in came if self._confirmed(event)), came[0])
        useful_s = max(first.t, detected_s + interface.need if interface.need else first.t)
        right = {
            fact
            for event in came
            if event.t <= useful_s
            for fact, told in event.data.get("content", {}).items()
            if truth.agrees(fact, told, event.t)
        }
        unknown = tuple(fact for fact in interface.content if fact not in right)
        asked = len(interface.content)
        return Telling(
            receiver, declared, first.id, first.t, float(first.data["woken_s"]),
            self._confirmed(first), (asked - len(unknown)) / asked if asked else 1.0, unknown,
            first.clause,
        )  # fmt: skip

    def _confirmed(self, event: Event) -> bool:
        return event.data["channel"] in CONFIRMED_BY_NATURE or event.id in self._acknowledged
