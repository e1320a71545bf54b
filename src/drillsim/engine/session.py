"""One driver for batch, live exercise and replay: advance, decide, finish."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from drillsim.engine import finale
from drillsim.engine.comms import Message
from drillsim.engine.stage import set_stage
from drillsim.log.runlog import RunLog
from drillsim.plans.facts import FACTS
from drillsim.scenario import Scenario
from drillsim.yamlio import Model

GRID_S = 0.1
DecisionAction = Literal["take-over", "release", "do", "skip", "approve", "refuse", "tell"]


class Decision(Model):
    """What a player decided: at `t` (s, on a 0.1 s grid) as `role`.

    `do` and `skip` name an `element` (`plan/element`) of the role's plans; `approve` and `refuse`
    the element that waits for leave; `tell` sends `kind` with `content` facts to `to`.
    """

    seq: Annotated[int, Field(ge=0)]
    t: Annotated[float, Field(ge=0.0)]
    role: str
    action: DecisionAction
    element: str = ""
    to: tuple[str, ...] = ()
    kind: str = ""
    content: tuple[str, ...] = ()
    channel: str = "phone"


def role_of(section: str, duty: Any) -> str:
    """Give the role that must act on an element; "" for one that nobody acts on."""
    return str(getattr(duty, "activator" if section == "levels" else "by", ""))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A duty of a played role that waits for the player's decision."""

    section: str
    plan_id: str
    duty: Any
    causes: tuple[int, ...]
    since_s: float

    @property
    def role(self) -> str:
        """The role that must decide."""
        return role_of(self.section, self.duty)

    @property
    def element(self) -> str:
        """The name a decision uses."""
        return f"{self.plan_id}/{self.duty.id}"


class Session:
    """A drill under way. Fork, what-if and recovery mean: replay the decisions to t."""

    def __init__(
        self, scenario: Scenario, seed: int, rep: int = 0, variant: str = "behavioural"
    ) -> None:
        """Set the stage at t = 0; raises KeyError for an unknown variant."""
        self.scenario, self.seed, self.rep, self.variant = scenario, seed, rep, variant
        self.played: set[str] = set()
        self.inbox: list[Waiting] = []
        self._offered: set[str] = set()
        self.drill = set_stage(scenario, seed, rep, variant)
        self.drill.duties.intercept = self._intercept
        self.drill.duties.ask_player = self._ask_player
        self._asked: dict[str, Any] = {}
        self._decisions: list[Decision] = []

    @property
    def now(self) -> float:
        """Drill time in s."""
        return self.drill.world.now

    @property
    def over(self) -> bool:
        """Tell whether the run has ended."""
        return self.drill.world.ended

    def advance(self, to_s: float) -> None:
        """Run everything strictly before a drill time (not beyond the horizon)."""
        to_s = min(to_s, self.scenario.file.horizon)
        if to_s > self.now and not self.over:
            self.drill.world.env.run(until=to_s)

    def decide(self, decision: Decision) -> None:
        """Advance to the decision's time and apply it.

        Raises ValueError, before anything is written, when it cannot be applied.
        """
        if abs(decision.t / GRID_S - round(decision.t / GRID_S)) > 1e-6:
            raise self._cannot(decision, f"times lie on a grid of {GRID_S} s")
        if decision.t < self.now - 1e-9:
            raise self._cannot(decision, "its time has passed")
        if decision.t >= self.scenario.file.horizon:
            raise self._cannot(decision, "it lies beyond the horizon")
        self._check(decision)
        self.advance(decision.t)
        if decision.action in {"approve", "refuse"} and decision.element not in self._asked:
            raise self._cannot(decision, f"nobody asked leave for {decision.element!r}")
        self._decisions.append(decision)
        given = decision.model_dump(
            mode="json", exclude={"t", "role", "action"}, exclude_defaults=True
        )
        data = {**given, "seq": decision.seq}
        event = self.drill.world.note("decision", decision.role, decision.action, data)
        self._apply(decision, event)

    def _cannot(self, decision: Decision, why: str) -> ValueError:
        return ValueError(
            f"decision {decision.seq} ({decision.role}, {decision.action}, {decision.t} s): {why}"
        )

    def _check(self, decision: Decision) -> None:
        """Refuse names that do not exist and duties of somebody else."""
        known = self.drill.minds.of
        for address in (decision.role, *decision.to):
            if address not in known:
                raise self._cannot(decision, f"there is no role {address!r}")
        if decision.action != "take-over" and decision.role not in self.played:
            raise self._cannot(decision, "nobody has taken this role over")
        if decision.action in {"do", "skip"}:
            try:
                section, duty = self.scenario.plan_set.find(decision.element)
            except KeyError as error:
                why = f"there is no element {decision.element!r}"
                raise self._cannot(decision, why) from error
            if role_of(section, duty) != decision.role:
                raise self._cannot(decision, f"{decision.element!r} is not its duty")
        if decision.action == "tell":
            if decision.kind not in self.scenario.plan_set.head.kinds or not decision.to:
                raise self._cannot(decision, f"tell needs `to` and a known kind: {decision.kind!r}")
            unknown = sorted(set(decision.content) - set(FACTS))
            if unknown:
                raise self._cannot(decision, f"unknown facts {unknown}")
            if decision.channel not in self.drill.world.figures.channels:
                raise self._cannot(decision, f"unknown channel {decision.channel!r}")

    def _apply(self, decision: Decision, event: int) -> None:
        if decision.action == "take-over":
            self.played.add(decision.role)
        elif decision.action == "release":
            self.played.discard(decision.role)
            # what the player left undone stays undone: nobody else knows of it
            self.inbox = [w for w in self.inbox if w.role != decision.role]
        elif decision.action in {"do", "skip"}:
            self._do(decision, event)
        elif decision.action in {"approve", "refuse"}:
            self._asked.pop(decision.element).succeed(decision.action == "approve")
        else:
            message = Message(
                decision.kind, decision.content, (decision.channel,), "", self.now, ack=True
            )
            tell = self.drill.comms.tell(decision.role, decision.to, message, (event,))
            self.drill.world.start(tell)

    def _do(self, decision: Decision, event: int) -> None:
        found = [w for w in self.inbox if w.element == decision.element]
        if found:
            self.inbox.remove(found[0])
        if decision.action == "skip":
            return
        plan_id = decision.element.partition("/")[0]
        section, duty = self.scenario.plan_set.find(decision.element)
        causes = (event, *(found[0].causes if found else ()))
        duties = self.drill.duties
        if section == "levels":
            plan = self.scenario.plan_set.plans[plan_id]
            act = duties.levels.activate(plan, duty, causes, decided=True)
        else:
            act = duties.perform(plan_id, section, duty, causes, decided=True)
        self.drill.world.start(act)

    def _intercept(self, section: str, plan_id: str, duty: Any, causes: tuple[int, ...]) -> bool:
        """Put a duty of a played role into the inbox instead of doing it."""
        role = role_of(section, duty)
        if role not in self.played:
            return False
        clause = f"{plan_id}/{duty.id}"
        if clause not in self._offered:  # a level wakes once for each address that may start it
            self._offered.add(clause)
            why = {"why": "player"}
            event = self.drill.world.note("duty-waiting", role, duty.id, why, causes, clause)
            self.inbox.append(Waiting(section, plan_id, duty, (event, *causes), self.now))
        return True

    def _ask_player(self, approver: str, element: str) -> Any:
        """Give the event of a player's answer, or None when nobody plays the approver."""
        if approver not in self.played:
            return None
        event = self.drill.world.env.event()
        self._asked[element] = event
        return event

    def finish(self) -> RunLog:
        """Run to the end and give the log."""
        world = self.drill.world
        self.advance(self.scenario.file.horizon)
        if not world.ended:
            world.ended = True
            world.note("horizon", "world", "horizon")
        finale.note_final(self.drill)
        return RunLog(
            self.scenario.id, self.scenario.plan_set.head.name, self.variant, self.seed, self.rep,
            tuple(world.events),
        )  # fmt: skip

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions taken so far, to be saved."""
        return tuple(self._decisions)


def run(
    scenario: Scenario,
    seed: int,
    rep: int = 0,
    variant: str = "behavioural",
    decisions: Iterable[Decision] = (),
) -> RunLog:
    """Run one replication and give its log.

    `variant` is one of `VARIANTS`; `decisions` replay a played exercise. Same scenario, seed, rep,
    variant and decisions give the same digest. Raises KeyError for an unknown variant, ValueError
    for a decision that cannot be applied.
    """
    with _collector_resting():
        session = Session(scenario, seed, rep, variant)
        for decision in sorted(decisions, key=lambda d: (d.t, d.seq)):
            session.decide(decision)
        return session.finish()


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Keep the garbage collector from walking the whole city graph again and again in a run.

    A run makes many small objects and no garbage to speak of while it lasts.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
