"""Command by scope: who holds it, how it passes on, and what waits in a gap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

import simpy

from drillsim.engine.comms import Staff
from drillsim.engine.minds import Minds
from drillsim.engine.world import Process, World
from drillsim.plans.model import Command, Handover
from drillsim.plans.sets import PlanSet

TIER = {
    "enterprise": 0, "park": 1, "township": 1, "county": 2, "city": 3, "province": 4, "national": 5,
}  # fmt: skip


@dataclass(slots=True)
class ScopeState:
    """One scope: holder, whether contested, to whom it is passing, who waits for it."""

    holder: str | None = None
    contested: bool = False
    coming: set[str] = field(default_factory=set)
    waiting: list[simpy.Event] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Declared:
    """Both sides' words about one handover."""

    sides: frozenset[str]
    brief: tuple[str, ...]
    limit: float | None
    clause: str


class CommandTable:
    """Who holds which scope, claim by claim."""

    def __init__(self, world: World, minds: Minds, staff: Staff, plan_set: PlanSet) -> None:
        """Read the handovers that plans declare and wait for the claims."""
        self.world = world
        self.minds = minds
        self.staff = staff
        self.scopes: dict[str, ScopeState] = {}
        self._declared = self._join(plan_set)
        for plan, claim in plan_set.elements("commands"):
            self._await_claim(plan.head.id, claim)
        for plan, handover in plan_set.elements("handovers"):
            if handover.scope != "tasks":
                self._await_handover(plan.head.id, handover)

    def _join(self, plan_set: PlanSet) -> dict[tuple[str, str, str], Declared]:
        found: dict[tuple[str, str, str], Declared] = {}
        for plan, handover in plan_set.elements("handovers"):
            key = (handover.scope, handover.giver, handover.taker)
            old = found.get(key)
            sides = (old.sides if old else frozenset()) | {plan.head.owner}
            brief = tuple(dict.fromkeys((*(old.brief if old else ()), *handover.brief)))
            limits = [x for x in (old.limit if old else None, handover.limit) if x is not None]
            clause = old.clause if old else f"{plan.head.id}/{handover.id}"
            found[key] = Declared(sides, brief, min(limits) if limits else None, clause)
        return found

    def clean(self, scope: str, giver: str, taker: str) -> Declared | None:
        """Give the joint declaration when both sides (or the one body they share) made it."""
        declared = self._declared.get((scope, giver, taker))
        if declared is None:
            return None
        inside = giver.partition("/")[0] == taker.partition("/")[0]
        return declared if inside or len(declared.sides) > 1 else None

    def state(self, scope: str) -> ScopeState:
        """Give the state of a scope."""
        return self.scopes.setdefault(scope, ScopeState())

    def holder(self, scope: str) -> str | None:
        """Give the undisputed holder of a scope, or None."""
        state = self.state(scope)
        return None if state.contested else state.holder

    def until_held(self, scope: str) -> simpy.Event:
        """Give an event that comes when somebody holds the scope without dispute."""
        event = self.world.env.event()
        if self.holder(scope) is not None:
            event.succeed()
        else:
            self.state(scope).waiting.append(event)
        return event

    def _await_claim(self, plan_id: str, claim: Command) -> None:
        clause = f"{plan_id}/{claim.id}"

        def act(causes: tuple[int, ...]) -> None:
            self.world.start(self._claim(claim.scope, claim.by, causes, clause))

        self.minds.wait_for(claim.by, self.minds.bound(claim.when, plan_id), act)

    def _await_handover(self, plan_id: str, handover: Handover) -> None:
        """The taker claims when his plan's condition holds; the giver calls him when his does."""
        clause = f"{plan_id}/{handover.id}"
        condition = self.minds.bound(handover.when, plan_id)

        def taker_ready(causes: tuple[int, ...]) -> None:
            self.world.start(self._claim(handover.scope, handover.taker, causes, clause))

        def giver_ready(causes: tuple[int, ...]) -> None:
            if self.state(handover.scope).holder == handover.giver:
                self.world.start(self._give(handover, causes, clause))

        self.minds.wait_for(handover.taker, condition, taker_ready)
        self.minds.wait_for(handover.giver, condition, giver_ready)

    def _give(self, handover: Handover, causes: tuple[int, ...], clause: str) -> Process:
        """A giver whose plan says "now" offers command; alone on it, he just lets go."""
        if self.clean(handover.scope, handover.giver, handover.taker) is not None:
            yield from self._get_there(handover.taker, handover.scope)
            if self.state(handover.scope).holder == handover.giver:
                yield from self._pass(
                    handover.scope, handover.giver, handover.taker, causes, clause
                )
            return
        state = self.state(handover.scope)
        self._lose(handover.scope, handover.taker, causes, clause)
        yield self.world.wait(self.world.delay("settle", handover.taker, handover.scope))
        if state.holder is None:
            self._take(handover.scope, handover.taker, handover.giver, (), (), causes, clause)

    def _claim(self, scope: str, claimant: str, causes: tuple[int, ...], clause: str) -> Process:
        """Somebody means to command a scope."""
        world = self.world
        yield from self._get_there(claimant, scope)
        state = self.state(scope)
        if state.holder == claimant or state.contested or claimant in state.coming:
            return
        if state.holder is None:
            self._take(scope, claimant, None, (), (), causes, clause)
            return
        if self._rank(claimant) < self._rank(state.holder):
            return
        if self.clean(scope, state.holder, claimant) or world.behaviour.shared:
            yield from self._pass(scope, state.holder, claimant, causes, clause)
            return
        giver = state.holder
        settle = world.delay("settle", claimant, scope)
        state.contested = True
        data = {"holder": giver, "until_s": round(world.now + settle, 3)}
        event = world.note("command-contested", claimant, scope, data, causes, clause)
        yield world.wait(settle)
        state.contested = False
        self._take(scope, claimant, giver, (), (), (event,), clause)

    def _get_there(self, claimant: str, scope: str) -> Process:
        """Leaders of government come to the post; everybody else is where his crew is."""
        org = self.staff.org(claimant)
        if (
            scope == "overall"
            and TIER[org.level] >= TIER["county"]
            and not self.world.behaviour.shared
        ):
            if not self.staff.there(claimant) and self.staff.stand_in(claimant) is None:
                figure = "call-in-night" if self.world.night else "call-in-day"
                yield self.world.wait(self.world.delay(figure, claimant))
            yield self.world.wait(self.world.delay("travel-to-post", claimant, scope))

    def _rank(self, address: str) -> int:
        return TIER[self.staff.org(address).level]

    def _pass(
        self, scope: str, giver: str, taker: str, causes: tuple[int, ...], clause: str
    ) -> Process:
        """The two-sided protocol: brief, confirm, take."""
        state = self.state(scope)
        if taker in state.coming:
            return
        state.coming.add(taker)
        declared = self.clean(scope, giver, taker)
        asked = declared.brief if declared else ()
        limit = declared.limit if declared else None
        start = self.world.now
        data = {"giver": giver, "both_sides": declared is not None}
        begun = self.world.note("handover-started", taker, scope, data, causes, clause)
        if not self.world.behaviour.shared:
            yield self.world.wait(self.world.delay("brief", taker, scope, limit))
        known = {fact: self.minds.value(giver, fact) for fact in asked}
        done = self.world.note(
            "handover-done", taker, scope,
            {**data, "brief": known, "lasted_s": round(self.world.now - start, 3)},
            (begun,), clause,
        )  # fmt: skip
        for fact, value in known.items():
            if value is not None:
                seen_s = self.minds.of[giver].beliefs[fact].observed_s
                self.minds.believe(taker, fact, value, "message", (done,), seen_s)
        self._take(
            scope,
            taker,
            giver,
            asked,
            tuple(f for f in asked if known[f] is not None),
            (done,),
            clause,
        )

    def interrupt(self, org: str, seconds: float, cause: int, clause: str) -> None:
        """A post in the gas moves: what its house holds is without a commander meanwhile."""
        for scope, state in sorted(self.scopes.items()):
            holder = state.holder
            body = holder.partition("/")[0] if holder else None
            if holder is None or body is None or not self._same_house(body, org):
                continue
            self._lose(scope, holder, (cause,), clause)
            self.world.after(seconds, partial(self._resume, scope, holder, cause, clause))

    def _same_house(self, body: str, org: str) -> bool:
        parents = {self.staff.org(body).parent, self.staff.org(org).parent}
        return body == org or bool({body, org} & parents)

    def _resume(self, scope: str, holder: str, cause: int, clause: str) -> None:
        if self.state(scope).holder is None:
            self._take(scope, holder, None, (), (), (cause,), clause)

    def _lose(self, scope: str, taker: str, causes: Iterable[int], clause: str) -> None:
        state = self.state(scope)
        giver, state.holder = state.holder, None
        if giver is not None:
            self.world.note("command-lost", giver, scope, {"taker": taker}, causes, clause)

    def _take(
        self,
        scope: str,
        taker: str,
        giver: str | None,
        asked: tuple[str, ...],
        known: tuple[str, ...],
        causes: Iterable[int],
        clause: str,
    ) -> None:
        state = self.state(scope)
        state.holder = taker
        state.coming.discard(taker)
        clean = giver is None or bool(asked) or self.world.behaviour.shared
        data = {"from": giver, "clean": clean, "known": len(known), "asked": len(asked)}
        event = self.world.note("command-taken", taker, scope, data, causes, clause)
        for address in self.minds.body(taker.partition("/")[0]):
            self.minds.believe(address, f"holds:{scope}", True, "own", (event,))
        for waiting in state.waiting:
            waiting.succeed(event)
        state.waiting.clear()
