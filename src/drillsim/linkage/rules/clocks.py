"""Promised times: when each duty is done at the earliest, if everybody keeps his word."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from drillsim.data.figures import human
from drillsim.linkage.rules.context import Linked, Said, org_of
from drillsim.plans.conditions import Atom
from drillsim.plans.facts import FACTS

LATER = frozenset(
    {"isolated", "air-clear", "all-clear", "air-reading", "zone-order", "moved", "beds", "level"}
)
"""Facts that do not hold in the first minutes, although nobody need be harmed for them."""
Allowed = Callable[[Said], bool]


def early(key: str) -> bool:
    """Tell whether a fact holds from detection on: seen before harm, and no result of the work."""
    fact = FACTS.get(key)
    return fact is not None and fact.leading and fact.observable != "unmeasured" and (
        key not in LATER
    )  # fmt: skip


class Clock:
    """Promised times (s since detection) of the elements of a set for one accident.

    `origin`: the body at whose place it happens, which sees it from the start; everybody else
    learns by a message or an instrument. `allowed` leaves elements out (another body's part of a
    chain). A duty without a number counts one call, and the median of a check before telling or of
    leave where it waits for one. Times only fall until none falls any more, so it ends.
    """

    def __init__(self, on: Linked, origin: str, allowed: Allowed) -> None:
        """Work out the times once."""
        self._on, self._origin = on, origin
        self._elements = [one for one in on.elements if one.actor and allowed(one)]
        self._maps = [one for one in on.section("mappings") if allowed(one)]
        self.time: dict[str, float] = {}
        self._cause: dict[str, tuple[str, ...]] = {}
        self._settle()

    def of(self, one: Said) -> float:
        """Give the promised time of an element, infinity when it never starts."""
        return self.time.get(one.ref, math.inf)

    def chain(self, one: Said) -> tuple[Said, ...]:
        """Give the elements that lead to one, the first first."""
        known = {said.ref: said for said in self._on.elements}
        seen: list[str] = []
        wave = [one.ref]
        while wave:
            ref = wave.pop()
            if ref not in seen and ref in known:
                seen.append(ref)
                wave += self._cause.get(ref, ())
        return tuple(known[ref] for ref in reversed(seen))

    @cached_property
    def _feeds(self) -> Mapping[tuple[str, str], float]:
        out: dict[tuple[str, str], float] = {}
        for one in self._on.section("feeds"):
            key = (one.element.fact, org_of(one.element.to))
            out[key] = min(one.element.delay, out.get(key, math.inf))
        return out

    @cached_property
    def _telling(self) -> Mapping[tuple[str, str], tuple[Said, ...]]:
        """Give the messages that bring a fact to a body."""
        out: dict[tuple[str, str], list[Said]] = {}
        for one in self._elements:
            if one.section == "notifications":
                for to in dict.fromkeys(org_of(to) for to in one.element.to):
                    for fact in self._on.content(one.element):
                        out.setdefault((fact, to), []).append(one)
        return {key: tuple(found) for key, found in out.items()}

    @cached_property
    def _mapped(self) -> Mapping[str, tuple[Said, ...]]:
        out: dict[str, list[Said]] = {}
        for one in self._maps:
            out.setdefault(f"{one.plan.head.id}/{one.element.target}", []).append(one)
        return {key: tuple(found) for key, found in out.items()}

    def _settle(self) -> None:
        """Lower the times until nothing falls any more."""
        moving = True
        while moving:
            moving = False
            for one in self._elements:
                start, cause = self._start(one)
                done = start + _takes(self._on, one)
                if done < self.time.get(one.ref, math.inf) - 1e-9:
                    self.time[one.ref], self._cause[one.ref] = done, cause
                    moving = True

    def _start(self, one: Said) -> tuple[float, tuple[str, ...]]:
        when = getattr(one.element, "when", None)
        start, cause = (0.0, ()) if when is None else self._true(one, when)
        if one.section == "levels":
            start, cause = min(
                [(start, cause) if when is not None else (math.inf, ()), *self._by_map(one)],
                key=lambda pair: pair[0],
            )
        for name in getattr(one.element, "after", ()):
            ref = f"{one.plan.head.id}/{name}"
            start, cause = max(start, self.time.get(ref, math.inf)), (*cause, ref)
        return start, cause

    def _by_map(self, one: Said) -> Iterator[tuple[float, tuple[str, ...]]]:
        for mapping in self._mapped.get(one.ref, ()):
            source = mapping.element.source.replace(":", "/")
            within = mapping.element.within
            yield (
                self.time.get(source, math.inf) + (call() if within is None else within),
                (source,),
            )

    def _true(self, one: Said, when: Any) -> tuple[float, tuple[str, ...]]:
        if isinstance(when, Atom):
            return self._atom(one, when)
        parts = [self._true(one, part) for part in (when.any if hasattr(when, "any") else when.all)]
        if hasattr(when, "any"):
            return min(parts, key=lambda part: part[0])
        return max(part[0] for part in parts), tuple(c for part in parts for c in part[1])

    def _atom(self, one: Said, atom: Atom) -> tuple[float, tuple[str, ...]]:
        if atom.negated:
            return 0.0, ()
        head, _, rest = atom.key.partition(":")
        refs: list[str] = []
        if head == "told":
            refs = [
                note.ref
                for who in self._on.listeners(one)
                for note in self._on.sent(rest, who, atom.senders)
            ]
        elif head in {"level", "done", "failed"} and rest:
            owner, _, name = rest.rpartition(":")
            refs = [f"{owner or one.plan.head.id}/{name}"]
        elif atom.key in FACTS:
            return self._known(one, atom)
        times = [(self.time.get(ref, math.inf), (ref,)) for ref in refs]
        best, cause = min(times, key=lambda pair: pair[0], default=(math.inf, ()))
        return best + atom.held_s, cause

    def _known(self, one: Said, atom: Atom) -> tuple[float, tuple[str, ...]]:
        """Give when a body knows a fact: from the start at the place, else by message or feed."""
        key, org = atom.key, org_of(one.actor)
        if not early(key):
            return math.inf, ()
        ways: list[tuple[float, tuple[str, ...]]] = [
            (self.time.get(note.ref, math.inf), (note.ref,))
            for note in self._telling.get((key, org), ())
        ]
        if (key, org) in self._feeds:
            ways.append((self._feeds[key, org], ()))
        if self._on.desks(org, self._origin) or FACTS[key].observable == "none":
            ways.append((0.0, ()))
        best, cause = min(ways, key=lambda pair: pair[0], default=(math.inf, ()))
        return best + atom.held_s, cause


def call() -> float:
    """Give the seconds that a call takes: what "at once" can mean at best."""
    return human().figures["call"].best


def _takes(on: Linked, one: Said) -> float:
    """Give the promised seconds of an element from its trigger on."""
    element = one.element
    deadline = getattr(element, "deadline", None)
    seconds = call() if deadline is None else float(deadline)
    if one.section == "levels" and not on.answers(element.activator):
        seconds += element.substitute_after or 0.0
    if deadline is None:  # a number is a promise, whatever it has to hold
        if getattr(element, "approval", None):
            text = getattr(element, "channel", None) == "sms"
            signed = text or getattr(element, "verb", "") == "publish"
            seconds += human().figures["sign-off" if signed else "approve"].median
        if getattr(element, "verify_first", False):
            seconds += human().figures["verify"].median
    return seconds
