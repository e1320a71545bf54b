"""What each desk and role believes, and the conditions that wake when a belief changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from drillsim.engine.world import World
from drillsim.plans.conditions import AllOf, AnyOf, Atom, Condition

SOURCES = {"own": 3, "crew": 2, "message": 1, "public": 0}


class Belief(NamedTuple):
    """What a body takes for true: value, when it was observed (s), whence, and the log entry."""

    value: Any
    observed_s: float
    source: str
    event: int


@dataclass(slots=True)
class Trigger:
    """A condition that somebody waits for; fires once with the ids that made it true."""

    condition: Condition
    act: Callable[[tuple[int, ...]], None]
    fired: bool = False


@dataclass(slots=True)
class Mind:
    """One desk or role: its beliefs and what it waits for."""

    world: World
    address: str
    beliefs: dict[str, Belief] = field(default_factory=dict)
    triggers: dict[str, list[Trigger]] = field(default_factory=dict)
    clocks: dict[str, list[Atom]] = field(default_factory=dict)
    held_from: dict[str, float] = field(default_factory=dict)

    def value(self, key: str) -> Any:
        """Give what is believed of a key, or None."""
        belief = self.beliefs.get(key)
        return None if belief is None else belief.value

    def since(self, atom: Atom) -> float | None:
        """Give the time (s) since when the inner sentence of a `for` has held, or None."""
        return self.held_from.get(atom.text)

    def now(self) -> float:
        """Give drill time in s."""
        return self.world.now


def localise(condition: Condition, plan_id: str) -> Condition:
    """Give the condition with `level x`, `done x`, `failed x` bound to their plan."""
    if isinstance(condition, AnyOf):
        return AnyOf(any=tuple(localise(part, plan_id) for part in condition.any))
    if isinstance(condition, AllOf):
        return AllOf(all=tuple(localise(part, plan_id) for part in condition.all))
    head, _, rest = condition.key.partition(":")
    if head in {"level", "done", "failed"} and ":" not in rest:
        return condition.model_copy(update={"key": f"{head}:{plan_id}:{rest}"})
    return condition


class Minds:
    """All minds of a run; the one place where beliefs change."""

    def __init__(self, world: World, addresses: Iterable[str]) -> None:
        """Make an empty mind for every desk and role."""
        self.world = world
        self.of: dict[str, Mind] = {address: Mind(world, address) for address in addresses}
        self._bodies: dict[str, list[str]] = {}
        for address in self.of:
            self._bodies.setdefault(address.partition("/")[0], []).append(address)

    def body(self, org: str) -> list[str]:
        """Give the addresses of one organisation."""
        return self._bodies.get(org, [])

    def bound(self, condition: Condition, plan_id: str) -> Condition:
        """Give a plan's condition bound to the plan (worked out once a scenario)."""
        known = self.world.scenario.memo.setdefault("bound", {})
        key = (plan_id, id(condition))
        if key not in known:
            # the condition is kept beside the result, so that its id stays its own
            known[key] = (condition, localise(condition, plan_id))
        result: Condition = known[key][1]
        return result

    def wait_for(
        self, address: str, condition: Condition, act: Callable[[tuple[int, ...]], None]
    ) -> None:
        """Call `act` once, as soon as the role believes the condition."""
        mind = self.of[address]
        trigger = Trigger(condition, act)
        for key in condition.mentions:
            mind.triggers.setdefault(key, []).append(trigger)
        for atom in condition.atoms():
            if atom.held_s:
                for key in atom.mentions:
                    mind.clocks.setdefault(key, []).append(atom)
                self._start_clock(mind, atom)
        self._try(mind, trigger, ())

    def holds(self, address: str, condition: Condition) -> bool:
        """Tell whether a role believes a condition now."""
        return condition.holds(self.of[address])

    def value(self, address: str, key: str) -> Any:
        """Give what a role believes of a key, or None."""
        return self.of[address].value(key)

    def believe(
        self,
        address: str,
        key: str,
        value: Any,
        source: str,
        causes: Iterable[int] = (),
        observed_s: float | None = None,
    ) -> None:
        """Let a role learn something; under shared beliefs everybody learns it."""
        causes = tuple(causes)
        if self.world.behaviour.shared and not key.startswith(("told:", "holds:")):
            for mind in self.of.values():
                self._learn(mind, key, value, source, causes, observed_s)
        else:
            self._learn(self.of[address], key, value, source, causes, observed_s)

    def _learn(
        self,
        mind: Mind,
        key: str,
        value: Any,
        source: str,
        causes: tuple[int, ...],
        observed_s: float | None,
    ) -> None:
        seen_s = self.world.now if observed_s is None else observed_s
        old = mind.beliefs.get(key)
        if old is not None:
            older = seen_s < old.observed_s
            if older or (seen_s == old.observed_s and SOURCES[source] < SOURCES[old.source]):
                return
            if old.value == value:
                mind.beliefs[key] = Belief(value, seen_s, source, old.event)
                return
        data = {"value": value, "observed_s": round(seen_s, 3), "source": source}
        event = self.world.note("believed", mind.address, key, data, causes)
        mind.beliefs[key] = Belief(value, seen_s, source, event)
        if key in mind.clocks:
            for atom in mind.clocks[key]:
                self._start_clock(mind, atom)
        if key in mind.triggers:
            mind.triggers[key] = [t for t in mind.triggers[key] if not t.fired]
            for trigger in tuple(mind.triggers[key]):
                self._try(mind, trigger, (event,))

    def _try(self, mind: Mind, trigger: Trigger, causes: tuple[int, ...]) -> None:
        if trigger.fired or not trigger.condition.holds(mind):
            return
        trigger.fired = True
        reasons = [
            belief.event
            for key in trigger.condition.mentions
            if (belief := mind.beliefs.get(key)) is not None
        ]
        trigger.act((*causes, *reasons))

    def _start_clock(self, mind: Mind, atom: Atom) -> None:
        """Keep the time since when the inner sentence of a `for` holds, and look again then."""
        bare = atom.model_copy(update={"held_s": 0.0, "negated": False})
        if not bare.holds(mind):
            mind.held_from.pop(atom.text, None)
            return
        if atom.text in mind.held_from:
            return
        mind.held_from[atom.text] = self.world.now

        def look_again() -> None:
            for key in atom.mentions:
                for trigger in tuple(mind.triggers.get(key, ())):
                    self._try(mind, trigger, ())

        self.world.after(atom.held_s, look_again)

    def reasons(self, address: str, keys: Iterable[str]) -> Iterator[int]:
        """Give the log entries behind some beliefs of a role."""
        beliefs = self.of[address].beliefs
        for key in keys:
            if key in beliefs:
                yield beliefs[key].event
