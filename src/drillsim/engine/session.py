"""One driver for batch, live exercise and replay: advance, decide, finish."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field

from drillsim.engine import clairvoyant, finale
from drillsim.engine.behaviour import VARIANTS
from drillsim.engine.command import CommandTable
from drillsim.engine.comms import Comms, Message, Staff
from drillsim.engine.crews import Crews
from drillsim.engine.drill import Drill
from drillsim.engine.duties import Duties
from drillsim.engine.medical import Medical
from drillsim.engine.minds import Minds
from drillsim.engine.orders import all_clear_reaches, institution_hears
from drillsim.engine.people import People
from drillsim.engine.scene import Scene
from drillsim.engine.settlement import settle
from drillsim.engine.world import Process, World
from drillsim.log.runlog import RunLog
from drillsim.plans.facts import FACTS
from drillsim.scenario import Inject, Scenario
from drillsim.yamlio import Model

AFTER_END_S = 1200.0
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
        self.drill = _stage(scenario, seed, rep, variant)
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
    session = Session(scenario, seed, rep, variant)
    for decision in sorted(decisions, key=lambda d: (d.t, d.seq)):
        session.decide(decision)
    return session.finish()


def _stage(scenario: Scenario, seed: int, rep: int, variant: str) -> Drill:
    """Draw the world's facts, put everything in its place and set it going."""
    behaviour = VARIANTS[variant]
    forecast = scenario.file.weather
    world = World(scenario, seed, rep, behaviour, scenario.hazard(forecast))
    weather = forecast.drawn(world.draws.at("wind", "direction"), world.draws.at("wind", "speed"))
    world.hazard = scenario.hazard(weather)
    plan_set = scenario.plan_set
    minds = Minds(world, plan_set.addresses())
    staff = Staff(world, plan_set)
    comms = Comms(world, minds, staff)
    people = People(world, settle(scenario))
    crews = Crews(world, minds, staff, plan_set)
    drill = Drill(
        world, plan_set, minds, staff, comms, CommandTable(world, minds, staff, plan_set), crews,
        people, Medical(world, people),
    )  # fmt: skip
    people.refuge, people.take_room = drill.refuge, drill.take_room
    _note_drawn(drill)
    drill._scene = Scene(drill)
    drill._duties = Duties(drill, idle=not behaviour.plans)
    drill.scene.let_judges_judge()
    comms.listeners.append(partial(_heard, drill))
    world.start(drill.scene.unfold())
    world.start(people.live())
    world.start(crews.watch_exposure())
    world.start(finale.watch_roads(drill))
    world.start(finale.watch_posts(drill))
    world.start(_bookkeeping(drill))
    for inject in scenario.file.injects:
        world.start(_inject(drill, inject))
    if behaviour.clairvoyant:
        world.start(clairvoyant.act(drill))
    if behaviour.shared:
        serve_interfaces(drill)
    return drill


def _heard(drill: Drill, receiver: str, kind: str, _sender: str, event: int) -> None:
    """Institutions listen to every message that reaches them."""
    institution_hears(drill, receiver, kind, event)
    if kind == "all-clear":
        all_clear_reaches(drill, receiver, event)


def _note_drawn(drill: Drill) -> None:
    world, hazard = drill.world, drill.people.hazard
    weather = hazard.weather
    data = {
        "wind_from_deg": round(weather.wind_from, 3), "wind_mps": round(weather.wind_speed, 4),
        "stability": weather.stability, "temperature_k": weather.temperature,
        "source": list(hazard.source_xy), "rate_kg_s": round(hazard.rate_kg_s, 6),
        "warnings": [w.en for w in hazard.warnings],
    }  # fmt: skip
    world.note("drawn", "world", "weather", data)
    outages = {k: list(v) for k, v in sorted(drill.comms.outages.items())}
    world.note("drawn", "world", "channels", {"outages": outages})
    people = drill.people
    checks = [
        float(people.tolerance.sum()),
        float(people.complies.sum()),
        float(people.reaction_s.sum()),
    ]
    places = {p.id: float(p.heads) for p in people.of.places}
    drawn = {"heads": people.of.heads, "digest": f"{sum(checks):.9f}", "places": places}
    world.note("drawn", "world", "people", drawn)


def _bookkeeping(drill: Drill) -> Process:
    """Keep falls in mind, and end the run some time after the response has ended."""
    world = drill.world
    ended_s: float | None = None
    while not world.ended:
        yield world.wait(60.0)
        drill.medical.notice()
        drill.medical.remember_falls()
        if ended_s is None and drill.response_ended:
            ended_s = world.now
        if ended_s is not None and world.now - ended_s >= AFTER_END_S:
            world.ended = True


def _inject(drill: Drill, inject: Inject) -> Process:
    """Change the world or somebody's information at its time."""
    world = drill.world
    yield world.wait(inject.at)
    data = {"tell": dict(inject.tell), "close": list(inject.close), "outage": list(inject.outage)}
    event = world.note("inject", "world", inject.id, data)
    for address in inject.to:
        for fact, value in inject.tell.items():
            drill.minds.believe(address, fact, value, "public", (event,))
    if inject.close:
        city = world.scenario.city
        edges = [
            e
            for site in inject.close
            for e in drill.crews.router.edges_at(*city.facilities[site].xy)
        ]
        drill.crews.router = drill.crews.router.with_closures(edges)
        drill.roads_closed.update(inject.close)


def serve_interfaces(drill: Drill) -> None:
    """Under ideal links a required message is there once its sender believes the cause."""
    for interface in drill.world.scenario.yardstick.interfaces:
        for sender in interface.senders:
            if interface.required_when is None or sender not in drill.minds.of:
                continue
            drill.minds.wait_for(sender, interface.required_when, _serve(drill, interface, sender))


def _serve(drill: Drill, interface: Any, sender: str) -> Any:
    done: list[str] = []

    def send(causes: tuple[int, ...]) -> None:
        if done or drill.world.ended:
            return
        done.append(sender)
        for receiver in interface.receivers:
            for kind in interface.kinds:
                message = Message(
                    kind, tuple(interface.content), ("data-link",), "", drill.world.now, ack=True
                )
                for address in drill.minds.body(receiver):
                    drill.comms.deliver(
                        sender, address, "data-link", message, causes[-1] if causes else -1
                    )

    return send
