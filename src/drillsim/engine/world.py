"""The world of one run: clock, log, draws, the hazard as it stands, and the true facts."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import simpy

from drillsim.data.figures import Figure, HumanFigures, human
from drillsim.engine.behaviour import Behaviour
from drillsim.hazards import Hazard
from drillsim.log.events import Event
from drillsim.rng import Draws, lognormal
from drillsim.scenario import Scenario

Process = Generator[simpy.Event, Any, Any]
Watcher = Callable[[str, Any, int], None]


@dataclass(frozen=True, slots=True)
class Weather:
    """The weather as drawn for this replication."""

    wind_from_deg: float
    wind_mps: float
    stability: str
    temperature_k: float


class World:
    """Everything that changes during one run hangs on this object; nothing of it is shared."""

    def __init__(
        self, scenario: Scenario, draws: Draws, behaviour: Behaviour, hazard: Hazard
    ) -> None:
        """Set the stage at t = 0."""
        self.scenario = scenario
        self.behaviour = behaviour
        self.draws = draws
        self.env = simpy.Environment()
        self.figures: HumanFigures = human()
        self.hazard = hazard
        self.truth: dict[str, Any] = {}
        self.events: list[Event] = []
        self.detected: simpy.Event = self.env.event()
        self.detected_s: float | None = None
        self.ended = False
        self._watchers: list[Watcher] = []

    @property
    def now(self) -> float:
        """Drill time in s."""
        return float(self.env.now)

    def note(
        self,
        kind: str,
        who: str,
        subject: str,
        data: Mapping[str, Any] | None = None,
        causes: Iterable[int] = (),
        clause: str = "",
    ) -> int:
        """Write one fact and give its id."""
        event_id = len(self.events)
        kept = tuple(causes)
        if len(kept) > 1 or (kept and kept[0] < 0):
            kept = tuple(sorted({cause for cause in kept if cause >= 0}))
        t = round(self.env.now, 3)
        self.events.append(Event(event_id, t, kind, who, subject, data or {}, kept, clause))
        return event_id

    def start(self, process: Process) -> simpy.Process:
        """Start a process of the run."""
        return self.env.process(process)

    def wait(self, seconds: float) -> simpy.Event:
        """Let time pass."""
        return self.env.timeout(max(0.0, seconds))

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Do something once, later."""
        moment = self.env.timeout(max(0.0, seconds))
        assert moment.callbacks is not None
        moment.callbacks.append(lambda _event: act())

    def watch(self, watcher: Watcher) -> None:
        """Be told of every change of a true fact: watcher(fact, value, event id)."""
        self._watchers.append(watcher)

    def become(self, fact: str, value: Any, causes: Iterable[int] = ()) -> int:
        """Make a fact true in the world; does nothing when it already is so."""
        if self.truth.get(fact) == value:
            return -1
        self.truth[fact] = value
        event_id = self.note("truth", "world", fact, {"value": value}, causes)
        if fact in {"detectors", "fence-alarms"} and self.detected_s is None:
            self.detected_s = self.now
            self.detected.succeed(event_id)
        for watcher in self._watchers:
            watcher(fact, value, event_id)
        return event_id

    def delay(
        self, figure: str, owner: str, subject: str = "", deadline: float | None = None
    ) -> float:
        """Draw how long a body takes for a kind of work (s); the best case where humans are ideal.

        A written deadline D makes the median min(natural, D/2), never less than the best case.
        """
        spec: Figure = self.figures.figures[figure]
        if not self.behaviour.human:
            return spec.best
        cap = None if deadline is None else max(deadline / 2, spec.best)
        u = self.draws.next(figure, owner, subject)
        return max(spec.draw(u, cap), spec.best)

    def chance(self, purpose: str, owner: str, subject: str, share: float) -> bool:
        """Draw whether something of this probability happens."""
        return self.draws.next(purpose, owner, subject) < share

    def spread(self, purpose: str, owner: str, subject: str, median: float, p90: float) -> float:
        """Draw a log-normal time around a median; the median itself where humans are ideal."""
        if not self.behaviour.human:
            return median
        return lognormal(self.draws.next(purpose, owner, subject), median, p90)

    @property
    def hour(self) -> float:
        """Clock hour now."""
        return self.scenario.clock_hour(self.now)

    @property
    def night(self) -> bool:
        """Tell whether it is between 19:00 and 07:00 now."""
        return not 7.0 <= self.hour < 19.0
