"""Response levels and working groups: who starts them, on whose word, and what that changes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from drillsim.engine.world import Process
from drillsim.plans.conditions import Atom
from drillsim.plans.model import Group, Level, Mapping
from drillsim.plans.sets import Plan

if TYPE_CHECKING:
    from drillsim.engine.duties import Duties

GRAVEST_UNSET = 99


class Levels:
    """The levels of every plan: which is active, and how the next one is started."""

    def __init__(self, duties: Duties) -> None:
        """No level is active yet."""
        self.duties = duties
        self.drill = duties.drill
        self.active: dict[str, int] = {}

    def await_levels(self) -> None:
        """Wait for the conditions and mappings of all levels."""
        plan_set = self.drill.plan_set
        mapped: dict[tuple[str, str], list[Mapping]] = {}
        for plan, mapping in plan_set.elements("mappings"):
            mapped.setdefault((plan.head.id, mapping.target), []).append(mapping)
        for plan, level in plan_set.elements("levels"):
            self._await_level(plan, level, mapped.get((plan.head.id, level.id), []))

    def _await_level(self, plan: Plan, level: Level, mappings: list[Mapping]) -> None:
        def wake(causes: tuple[int, ...], within: float | None = None) -> None:
            if self.duties.intercept and self.duties.intercept(
                "levels", plan.head.id, level, causes
            ):
                return
            self.drill.world.start(self.activate(plan, level, causes, within))

        addresses = dict.fromkeys((level.activator, *level.substitutes))
        if level.when is not None:
            condition = self.drill.minds.bound(level.when, plan.head.id)
            for address in addresses:
                self.drill.minds.wait_for(address, condition, wake)
        for mapping in mappings:
            atom = Atom(key=f"level:{mapping.source}")
            for address in addresses:
                self.drill.minds.wait_for(address, atom, partial(wake, within=mapping.within))

    def await_groups(self) -> None:
        """Wait for the conditions of all working groups."""
        for plan, group in self.drill.plan_set.elements("groups"):
            self._await_group(plan, group)

    def activate(
        self,
        plan: Plan,
        level: Level,
        causes: tuple[int, ...],
        within: float | None = None,
        decided: bool = False,
    ) -> Process:
        """Start a level: reach the activator or a substitute, get approval, announce it."""
        drill, world = self.drill, self.drill.world
        ref, clause = f"{plan.head.id}:{level.id}", f"{plan.head.id}/{level.id}"
        if self.active.get(plan.head.id, GRAVEST_UNSET) <= level.rank:
            return
        woken_s = world.now
        woken = world.note(
            "duty-woken",
            level.activator,
            level.id,
            {"section": "levels", "deadline_s": level.deadline},
            causes,
            clause,
        )
        who = level.activator if decided else (yield from self._activator(level))
        if who is None:
            world.note("level-missed", level.activator, ref, {"rank": level.rank}, (woken,), clause)
            return
        limit = level.deadline if within is None else within
        if not decided and not (within is not None and world.behaviour.shared):
            yield world.wait(world.delay("leader", who, "level", limit))
        if level.approval is not None:
            approved = yield from self.duties.approval(who, level.approval, level, clause, woken)
            if not approved:
                world.note(
                    "level-missed",
                    who,
                    ref,
                    {"rank": level.rank, "why": "approval"},
                    (woken,),
                    clause,
                )
                return
        if self.active.get(plan.head.id, GRAVEST_UNSET) <= level.rank:
            return
        self.active[plan.head.id] = level.rank
        data = {
            "rank": level.rank, "severity": level.severity, "woken_s": round(woken_s, 3),
            "owner": plan.head.owner,
        }  # fmt: skip
        event = world.note("level-activated", who, ref, data, (woken,), clause)
        bodies = dict.fromkeys((plan.head.owner, who.partition("/")[0]))
        for body in bodies:
            mine = drill.comms.levels.setdefault(body, [])
            mine[:] = [x for x in mine if not x.startswith(f"{plan.head.id}:")] + [ref]
        for body in bodies:
            for address in drill.minds.body(body):
                for other in plan.of("levels"):
                    if other.rank >= level.rank:
                        key = f"level:{plan.head.id}:{other.id}"
                        drill.minds.believe(address, key, True, "own", (event,))

    def _activator(self, level: Level) -> Process:
        """Give who activates: the activator, after a wait a substitute there, else nobody."""
        drill, world = self.drill, self.drill.world
        staff = drill.staff
        if staff.there(level.activator) or staff.stand_in(level.activator):
            return level.activator
        substitute = next((s for s in level.substitutes if staff.there(s)), None)
        figure = "call-in-night" if world.night else "call-in-day"
        reach = world.delay(figure, level.activator)
        patience = reach if level.substitute_after is None else level.substitute_after
        if (
            substitute is not None
            and patience is not None
            and (patience < reach or staff.absent(level.activator))
        ):
            yield world.wait(patience)
            return substitute
        if staff.absent(level.activator):
            return None
        yield world.wait(reach)
        return level.activator

    def _await_group(self, plan: Plan, group: Group) -> None:
        """A working group takes verbs over; without a list from the street it starts again."""
        drill = self.drill
        clause = f"{plan.head.id}/{group.id}"
        orgs = {p.head.owner for p, h in drill.plan_set.elements("handovers") if h.scope == "tasks"}

        def form(causes: tuple[int, ...]) -> None:
            kept = len(orgs) > 1 or drill.world.behaviour.shared
            data = {"verbs": list(group.verbs), "members": list(group.members), "state_kept": kept}
            drill.world.note("group-formed", group.lead, group.id, data, causes, clause)
            if not kept and {"warn-public", "bus-evacuation"} & set(group.verbs):
                delay = drill.world.delay("group-handover", group.lead)
                drill.hold_door_knocking(delay)

        drill.minds.wait_for(group.lead, drill.minds.bound(group.when, plan.head.id), form)
