"""How a run is set going: the drawn world, everybody in place, and what runs beside them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from drillsim.engine import finale
from drillsim.engine.behaviour import VARIANTS
from drillsim.engine.command import CommandTable
from drillsim.engine.comms import Comms, Message, Staff
from drillsim.engine.crews import Crews
from drillsim.engine.drill import Drill
from drillsim.engine.duties import Duties
from drillsim.engine.families import FAMILIES
from drillsim.engine.medical import Medical
from drillsim.engine.minds import Minds
from drillsim.engine.orders import all_clear_reaches, institution_hears
from drillsim.engine.people import People
from drillsim.engine.scene import Scene
from drillsim.engine.world import Process, World
from drillsim.rng import Draws
from drillsim.scenario import Inject, Scenario

AFTER_END_S = 1200.0


def set_stage(scenario: Scenario, seed: int, rep: int, variant: str) -> Drill:
    """Draw the world's facts, put everything in its place and set it going."""
    behaviour, family = VARIANTS[variant], FAMILIES[scenario.file.family]
    forecast = scenario.file.weather
    draws = Draws(seed, rep)
    weather = forecast.drawn(draws.at("wind", "direction"), draws.at("wind", "speed"))
    world = World(scenario, draws, behaviour, scenario.hazard(weather))
    plan_set = scenario.plan_set
    minds = Minds(world, plan_set.addresses())
    staff = Staff(world, plan_set)
    comms = Comms(world, minds, staff)
    people = People(world, family.settle(scenario), family.exposure, family.way)
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
    world.start(family.unfold(drill.scene))
    world.start(people.live())
    watchers = (
        crews.watch_exposure(), finale.watch_roads(drill), finale.watch_posts(drill),
        _bookkeeping(drill),
    )  # fmt: skip
    world.start(_minute_by_minute(world, watchers))
    for inject in scenario.file.injects:
        world.start(_inject(drill, inject))
    if behaviour.clairvoyant:
        world.start(family.reference(drill))
    if behaviour.shared:
        serve_interfaces(drill)
    return drill


def _heard(drill: Drill, receiver: str, kind: str, _sender: str, event: int) -> None:
    """Institutions listen to every message that reaches them."""
    institution_hears(drill, receiver, kind, event)
    if kind == "all-clear":
        all_clear_reaches(drill, receiver, event)


def _note_drawn(drill: Drill) -> None:
    world, weather = drill.world, drill.world.hazard.weather
    data = {
        "wind_from_deg": round(weather.wind_from, 3), "wind_mps": round(weather.wind_speed, 4),
        "stability": weather.stability, "temperature_k": weather.temperature,
        **world.hazard.drawn(), "warnings": [w.en for w in world.hazard.warnings],
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


def _minute_by_minute(world: World, watchers: tuple[Iterator[None], ...]) -> Process:
    """Let every watcher do its minute's work, in order; each yields when it has done it."""
    for watcher in watchers:
        next(watcher, None)
    while not world.ended:
        yield world.wait(60.0)
        for watcher in watchers:
            next(watcher, None)


def _bookkeeping(drill: Drill) -> Iterator[None]:
    """Each minute: keep falls in mind, and end the run some time after the response has ended."""
    world = drill.world
    ended_s: float | None = None
    while True:
        yield
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
