"""The true facts of a run over time, as conditions and judgements see them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from drillsim.log.events import Event
from drillsim.log.runlog import RunLog
from drillsim.plans.conditions import Atom, Condition

VALIDITY_S = 600.0
"""How long an outdated value still counts as right (ours, unverified; range 300 to 1800 s)."""
COUNT_TOLERANCE = 0.1
"""Share by which a told number may differ from the true one (ours, unverified)."""


class Truth:
    """What was true when, rebuilt from the `truth` facts of a log."""

    def __init__(self, log: RunLog) -> None:
        """Index the facts by name."""
        self._events: dict[str, list[Event]] = {}
        for event in log.of("truth"):
            self._events.setdefault(event.subject, []).append(event)
        self._times = {key: [e.t for e in events] for key, events in self._events.items()}

    def event(self, key: str, t_s: float) -> Event | None:
        """Give the fact that made `key` what it is at a drill time, or None."""
        place = bisect_right(self._times.get(key, []), t_s)
        return self._events[key][place - 1] if place else None

    def value(self, key: str, t_s: float) -> Any:
        """Give the true value of `key` at a drill time; None before it was ever set."""
        event = self.event(key, t_s)
        return None if event is None else event.data["value"]

    def at(self, t_s: float) -> Moment:
        """Give the truth at a drill time as conditions see it."""
        return Moment(self, t_s)

    def changes(self, condition: Condition) -> Iterator[float]:
        """Give the drill times at which a condition may turn, in no order, repeats included."""
        for atom in condition.atoms():
            for key in atom.mentions:
                for t_s in self._times.get(key, []):
                    yield t_s
                    if atom.held_s:
                        yield t_s + atom.held_s

    def first(self, condition: Condition, until_s: float) -> float | None:
        """Give the first drill time up to `until_s` at which a condition holds, or None."""
        times = sorted({0.0, *self.changes(condition)})
        return next((t for t in times if t <= until_s and condition.holds(self.at(t))), None)

    def agrees(self, key: str, told: Any, t_s: float) -> bool:
        """Tell whether a told value was right at a drill time.

        Right is any value that was true within the last 10 min; a number may be 10 % off. A fact
        that the world of this run never set cannot be wrong. None (unknown) is never right.
        """
        if told is None:
            return False
        if key not in self._events:
            return True
        return any(_same(told, value) for value in self._recent(key, t_s))

    def _recent(self, key: str, t_s: float) -> Iterator[Any]:
        times = self._times[key]
        last = bisect_right(times, t_s)
        if last == 0:
            # told before the world logged it: compare with what it became
            yield self._events[key][0].data["value"]
        for event in reversed(self._events[key][:last]):
            yield event.data["value"]
            if event.t <= t_s - VALIDITY_S:
                return


def _same(told: Any, true: Any) -> bool:
    if told == true:
        return True
    numbers = isinstance(told, int | float) and isinstance(true, int | float)
    return numbers and abs(told - true) <= COUNT_TOLERANCE * abs(true)


@dataclass(frozen=True, slots=True)
class Moment:
    """The truth at one drill time: a `View` for conditions."""

    truth: Truth
    t_s: float

    def value(self, key: str) -> float | str | None:
        """Give the true value of a key, or None."""
        found: float | str | None = self.truth.value(key, self.t_s)
        return found

    def since(self, atom: Atom) -> float | None:
        """Give the time (s) since when the inner sentence holds without a break, or None."""
        bare = atom.model_copy(update={"held_s": 0.0, "negated": False})
        start: float | None = None
        for t_s in sorted({t for t in self.truth.changes(bare) if t <= self.t_s}):
            if not bare.holds(Moment(self.truth, t_s)):
                start = None
            elif start is None:
                start = t_s
        return start

    def now(self) -> float:
        """Give drill time in s."""
        return self.t_s
