"""Plans interpreted: conditions wake duties, duties take their human time and then act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import simpy

from drillsim.engine.actions import ACTIONS
from drillsim.engine.comms import Message
from drillsim.engine.crews import Unit
from drillsim.engine.drill import Drill, Job
from drillsim.engine.levels import Levels
from drillsim.engine.orders import POWER_OF_VERB, give_order
from drillsim.engine.world import Process
from drillsim.plans.conditions import Atom, Condition
from drillsim.plans.model import Duty, Notification, Protective, Task
from drillsim.plans.sets import Plan

PATIENCE_S = 3600.0
Act = Callable[[tuple[int, ...]], None]


class Duties:
    """Every duty of the plan set, waiting for what its role believes."""

    def __init__(self, drill: Drill, idle: bool = False) -> None:
        """Wait for the conditions of all levels, notifications, tasks and protective actions.

        `idle`: nobody acts on a plan.
        """
        self.drill = drill
        self.levels = Levels(self)
        self.intercept: Callable[[str, str, Any, tuple[int, ...]], bool] | None = None
        self.ask_player: Callable[[str, str], simpy.Event | None] | None = None
        if not idle:
            self._await_everything()

    def _await_everything(self) -> None:
        drill, plan_set = self.drill, self.drill.plan_set
        for _, delegation in plan_set.elements("delegations"):
            drill.delegations.setdefault(delegation.power, set()).update(delegation.to)
        for section in ("protective", "notifications", "tasks"):
            for plan, duty in plan_set.elements(section):
                self._await(plan, section, duty)
        self.levels.await_levels()
        self.levels.await_groups()

    # --- waking -----------------------------------------------------------------------------

    def _await(self, plan: Plan, section: str, duty: Any) -> None:
        condition = self.drill.minds.bound(duty.when, plan.head.id)
        if section == "tasks" and duty.after:
            done = [Atom(key=f"done:{plan.head.id}:{task}") for task in duty.after]
            self._await_all(duty.by, [condition, *done], self._waker(plan, section, duty))
            return
        self.drill.minds.wait_for(duty.by, condition, self._waker(plan, section, duty))

    def _await_all(self, address: str, conditions: list[Condition], act: Act) -> None:
        """Wait for conditions one after the other: each may be met at its own time."""
        first, *rest = conditions

        def onward(causes: tuple[int, ...]) -> None:
            if rest:
                self._await_all(address, rest, lambda more: act((*causes, *more)))
            else:
                act(causes)

        self.drill.minds.wait_for(address, first, onward)

    def _waker(self, plan: Plan, section: str, duty: Duty) -> Act:
        def wake(causes: tuple[int, ...]) -> None:
            if self.drill.world.ended:
                return
            if self.intercept and self.intercept(section, plan.head.id, duty, causes):
                return
            self.drill.world.start(self.perform(plan.head.id, section, duty, causes))

        return wake

    # --- doing ------------------------------------------------------------------------------

    def perform(
        self,
        plan_id: str,
        section: str,
        duty: Any,
        causes: tuple[int, ...],
        decided: bool = False,
    ) -> Process:
        """One duty from waking to the end of its act; a player's decision needs no human time."""
        world, clause = self.drill.world, f"{plan_id}/{duty.id}"
        woken_s = world.now
        data = {"section": section, "deadline_s": duty.deadline}
        woken = world.note("duty-woken", duty.by, duty.id, data, causes, clause)
        if not decided and self._omitted(duty):
            why = {"why": duty.modality}
            world.note("duty-omitted", duty.by, duty.id, why, (woken,), clause)
            return
        if not decided:
            yield from self._be_there(duty.by, causes)
            yield world.wait(self._human_delay(section, duty))
        if getattr(duty, "verify_first", False) and not decided:
            yield world.wait(world.delay("verify", duty.by, self._subject(duty)))
        if duty.approval is not None:
            approved = yield from self.approval(duty.by, duty.approval, duty, clause, woken)
            if not approved:
                world.note("duty-waiting", duty.by, duty.id, {"why": "approval"}, (woken,), clause)
                return
        if section == "notifications":
            yield from self._notify(duty, clause, woken, woken_s)
        elif section == "protective":
            yield from self._protect(duty, clause, woken)
        else:
            yield from self._work(plan_id, duty, clause, woken)

    def _subject(self, duty: Any) -> str:
        """Name a duty for its draws by what is done to whom, never by its id."""
        if isinstance(duty, Notification):
            return f"{duty.kind}>{','.join(duty.to)}"
        if isinstance(duty, Task):
            return f"{duty.verb}@{duty.where or ''}"
        if isinstance(duty, Protective):
            return f"{duty.action}<{duty.near:g}-{duty.far:g}"
        return type(duty).__name__

    def _omitted(self, duty: Duty) -> bool:
        world = self.drill.world
        share = {"if-needed": "omit-weak", "may": "omit-weak", "should": "omit-should"}.get(
            duty.modality
        )
        if share is None or not world.behaviour.omission:
            return False
        return world.chance(
            "omission", duty.by, self._subject(duty), world.figures.shares[share].value
        )

    def _be_there(self, address: str, causes: tuple[int, ...]) -> Process:
        """Whoever is off duty and has not just been reached must be called in, or a deputy acts."""
        staff, world = self.drill.staff, self.drill.world
        if staff.there(address) or any(self._was_told(address, cause) for cause in causes):
            return
        reached = yield from self.drill.comms.raise_person(address)
        if not reached:
            world.note("duty-waiting", address, "", {"why": "nobody-there"}, causes)
            yield world.env.event()

    def _was_told(self, address: str, cause: int) -> bool:
        event = self.drill.world.events[cause]
        by_word = event.kind == "believed" and event.data["source"] == "message"
        return by_word and event.who == address

    def _human_delay(self, section: str, duty: Any) -> float:
        world, staff = self.drill.world, self.drill.staff
        if section == "protective":
            figure = "leader"
        elif (role := staff.role(duty.by)) is None:
            figure = "desk"
        elif role.senses and not getattr(duty, "needs", ()):
            figure = "on-the-spot"
        else:
            figure = "person"
        return world.delay(figure, duty.by, self._subject(duty), duty.deadline)

    def approval(self, asker: str, approver: str, duty: Any, clause: str, cause: int) -> Process:
        """Ask somebody for leave: reach him, put the case, wait for his word."""
        drill, world = self.drill, self.drill.world
        if world.behaviour.shared:
            return True
        reached = yield from drill.comms.raise_person(approver)
        data = {"asker": asker, "reached": bool(reached)}
        asked = world.note("approval-asked", approver, duty.id, data, (cause,), clause)
        if not reached:
            return False
        public = isinstance(duty, Notification) and any(
            drill.staff.org(to).kind == "warning" for to in duty.to
        )
        public = public or (isinstance(duty, Task) and duty.verb == "publish")
        yield world.wait(world.delay("call", asker, approver))
        answer = self.ask_player(approver, clause) if self.ask_player else None
        if answer is not None:
            granted = yield answer
            if granted:
                world.note("approval-given", approver, duty.id, data, (asked,), clause)
            return bool(granted)
        longer = world.scenario.file.circumstances.sign_off if public else 0.0
        yield world.wait(
            world.delay("sign-off" if public else "approve", approver, self._subject(duty)) + longer
        )
        world.note(
            "approval-given", approver, duty.id, {"asker": asker, "reached": True}, (asked,), clause
        )
        return True

    def _notify(self, duty: Notification, clause: str, woken: int, woken_s: float) -> Process:
        """Tell the receivers, and again at the interval the plan gives, until the all-clear."""
        world = self.drill.world
        message = self.message(duty, clause, woken_s)
        yield from self.drill.comms.tell(duty.by, duty.to, message, (woken,))
        while duty.every is not None:
            yield world.wait(duty.every)
            if world.ended or self.drill.minds.value(duty.by, "all-clear"):
                return
            again = self.message(duty, clause, world.now)
            yield from self.drill.comms.tell(duty.by, duty.to, again, (woken,))

    def message(self, duty: Notification, clause: str, woken_s: float) -> Message:
        """Give what a notification tells: its own content and that of its form."""
        form = self.drill.plan_set.head.forms.get(duty.form, ()) if duty.form else ()
        content = tuple(dict.fromkeys((*form, *duty.content)))
        return Message(duty.kind, content, duty.channels, clause, woken_s, duty.ack is not None)

    def _protect(self, duty: Protective, clause: str, woken: int) -> Process:
        world = self.drill.world
        if not self.drill.may(duty.by, "order-evacuation") and not self._own_people(duty):
            data = {"why": "order-evacuation"}
            world.note("duty-refused", duty.by, duty.id, data, (woken,), clause)
            return
        yield from ()
        give_order(self.drill, duty, clause, (woken,))

    def _own_people(self, duty: Protective) -> bool:
        org = duty.by.partition("/")[0]
        cities = self.drill.world.scenario.city.facilities
        return bool(duty.sites) and all(cities[s].org == org for s in duty.sites)

    def _work(self, plan_id: str, task: Task, clause: str, woken: int) -> Process:
        """Order of command, power, crews, then the verb."""
        drill, world = self.drill, self.drill.world
        bound = task.scope is not None and not world.behaviour.shared
        if task.scope is not None and bound and drill.command.holder(task.scope) is None:
            data = {"why": f"command:{task.scope}"}
            world.note("duty-waiting", task.by, task.id, data, (woken,), clause)
            yield drill.command.until_held(task.scope)
        power = POWER_OF_VERB.get(task.verb)
        if power and not drill.may(task.by, power) and not self._at_home(task):
            world.note("duty-refused", task.by, task.id, {"why": power}, (woken,), clause)
            return
        where = self._where(task)
        job = Job(plan_id, task, where, (woken,))
        if task.needs:
            yield from self._with_crews(job)
        else:
            job.event = world.note(
                "task-started", task.by, task.verb, {"where": where, "units": []}, (woken,), clause
            )
            yield from ACTIONS[task.verb](drill, job)

    def _at_home(self, task: Task) -> bool:
        """A measure inside the body's own fence needs no public power."""
        org = task.by.partition("/")[0]
        facilities = self.drill.world.scenario.city.facilities
        places = [*task.sites, *([task.where] if task.where in facilities else [])]
        return bool(places) and all(facilities[p].org == org for p in places if p)

    def _where(self, task: Task) -> str:
        if task.where in {None, "scene"}:
            return self.drill.source()
        if task.where == "upwind":
            gates = self.drill.world.scenario.city.of_kind("gate")
            access = self.drill.world.truth.get("access")
            return str(access or (gates[0].id if gates else self.drill.source()))
        return str(task.where)

    def _with_crews(self, job: Job) -> Process:
        """Get crews, bring them there, work; a crew driven off by gas leaves the task undone."""
        drill, world, task = self.drill, self.drill.world, job.task
        owners = drill.crews.owners(task.by, task.support)
        units = yield from drill.crews.get(task.needs, owners, task.crews, job.where, PATIENCE_S)
        if not units:
            data = {"needs": list(task.needs), "where": job.where}
            none = world.note("crew-unavailable", task.by, task.verb, data, job.causes, job.clause)
            self.finish(job, done=False, why="no-crew", causes=(none,))
            return
        trips = [world.start(self._bring(job, unit)) for unit in units]
        everybody = simpy.AllOf(world.env, trips)
        while not job.units and not everybody.processed:
            yield simpy.AnyOf(world.env, [t for t in trips if t.is_alive] or [everybody])
        if not job.units:
            for unit in units:
                drill.crews.free(unit, job.clause, job.causes)
            self.finish(job, done=False, why="no-crew")
            return
        data = {"where": job.where, "units": [u.name for u in job.units]}
        job.event = world.note("task-started", task.by, task.verb, data, job.causes, job.clause)
        work = world.start(ACTIONS[task.verb](drill, job))
        for unit in units:
            unit.process = work
        try:
            yield work
        except simpy.Interrupt:
            self.finish(job, done=False, why="gas")
        if not everybody.processed:
            yield everybody
        for unit in units:
            unit.process = None
            drill.crews.free(unit, job.clause, (job.event,))

    def _bring(self, job: Job, unit: Unit) -> Process:
        """Bring one crew; from its arrival on it works with those who are there."""
        arrived = yield from self.drill.crews.send(
            unit, job.where, job.task.verb, job.clause, job.causes
        )
        if arrived is not None:
            job.units.append(unit)
            if len(job.units) == 1:
                job.causes = (*job.causes, arrived)

    def finish(
        self, job: Job, done: bool, why: str = "", causes: tuple[int, ...] = (), **more: Any
    ) -> int:
        """Write the end of a task and let the lead's house know it."""
        kind = "task-done" if done else "task-failed"
        data = {"where": job.where, "units": [u.name for u in job.units], **more}
        if why:
            data["why"] = why
        reasons = (job.event, *causes) if job.event >= 0 else (*job.causes, *causes)
        event = self.drill.world.note(kind, job.task.by, job.task.verb, data, reasons, job.clause)
        key = f"{'done' if done else 'failed'}:{job.plan_id}:{job.task.id}"
        for address in self.drill.minds.body(job.task.by.partition("/")[0]):
            self.drill.minds.believe(address, key, True, "own", (event,))
        return event
