"""The course of a spill on water: what becomes true by itself, who sees it, who is told."""

from __future__ import annotations

import math
from collections.abc import Iterator

from drillsim.engine.comms import Message
from drillsim.engine.drill import Drill
from drillsim.engine.scene import Scene
from drillsim.engine.water_scene import change, count_overboard, harm_of, spill_of
from drillsim.engine.world import Process
from drillsim.hazards.field import Change
from drillsim.hazards.slick_drift import GRID_S

SEEN = (
    "collision", "in-water", "oil-on-water", "second-collision", "wreck-cleared", "boom-laid",
    "vessels-passed",
)  # fmt: skip
COUNT_S, ACCOUNT_S, LOOK_S = 60.0, 600.0, 60.0
MOST_VESSELS = 200
CALLED = ("location", "collision", "in-water", "oil-on-water")
PERSON_HOURS_PER_T = 10_000.0
MATTERS = ("close-intake", "stop-sluice", "deploy-boom")
OVER_A_BOUNDARY = "boundary-reached"


def unfold(scene: Scene) -> Process:
    """Make the facts of the scene true, each at its time."""
    world, drill, spec = scene.world, scene.drill, scene.world.scenario.spec
    spill, weather = spill_of(drill), world.hazard.weather
    _let_people_see(scene)
    first = {
        "location": drill.source(), "substance": spec.cargo or spec.oil or "",
        "wind": f"{weather.wind_from:.0f} deg {weather.wind_speed:.1f} m/s", "release": 1.0,
        "collision": 1.0, "in-water": float(spec.in_water),
    }  # fmt: skip
    if spec.oil is not None:
        first["oil-on-water"] = 1.0
    for fact, value in first.items():
        if value:
            world.become(fact, value)
    end = max((r.start_s + r.duration_s for r in spill.releases), default=LOOK_S)
    world.after(end, scene.ran_dry)
    for name in spec.channel_ends:
        world.start(_traffic(drill, name))
    world.start(_instruments(drill))
    world.start(_account(drill))
    drill.comms.listeners.append(_neighbours(drill))
    if spec.caller and spec.call_to and world.behaviour.plans:
        world.start(_call(drill, spec.caller, spec.call_to))
    while not world.ended:
        yield world.wait(COUNT_S)
        count_overboard(drill)


def _let_people_see(scene: Scene) -> None:
    """Witnesses and crews see what floats; a crew that comes later sees what is so."""
    world, minds = scene.world, scene.drill.minds

    def told(fact: str, value: object, event: int) -> None:
        if fact not in SEEN or not world.behaviour.plans:
            return
        seen_s = world.now
        for address in scene.witnesses:
            wait = world.delay("notice", address, fact)
            world.after(wait, _learn(address, fact, value, "own", event, seen_s))
        for address in tuple(scene.drill.observers):
            world.after(30.0, _learn(address, fact, value, "crew", event, seen_s))

    def _learn(who: str, fact: str, value: object, source: str, event: int, seen_s: float):  # type: ignore[no-untyped-def]
        return lambda: minds.believe(who, fact, value, source, (event,), seen_s)

    def newcomers() -> Iterator[None]:
        known: set[str] = set()
        while True:
            for address in [a for a in scene.drill.observers if a not in known]:
                known.add(address)
                for fact in SEEN:
                    if fact in world.truth:
                        minds.believe(address, fact, world.truth[fact], "crew", ())
            yield

    def look() -> Process:
        watcher = newcomers()
        while not world.ended:
            next(watcher)
            yield world.wait(LOOK_S)

    world.watch(told)
    world.start(look())


def _call(drill: Drill, caller: str, desk: str) -> Process:
    """Somebody on the bank rings up, as everybody must; what he cannot know stays unknown."""
    world = drill.world
    yield world.wait(world.delay("bank-call", caller, desk))
    causes = []
    for fact in CALLED:
        if fact in world.truth:
            drill.minds.believe(caller, fact, world.truth[fact], "own", ())
            causes.append(len(world.events) - 1)
    message = Message("water-call", CALLED, ("phone",), "", world.now, ack=False)
    yield from drill.comms.tell(caller, (desk,), message, tuple(causes))


def _traffic(drill: Drill, end: str) -> Process:
    """Vessels come from one end of the channel until it is shut; one of them may strike the wreck.

    Times and luck are drawn beforehand, so closing the channel takes vessels away and adds none.
    """
    world, spec = drill.world, drill.world.scenario.spec
    rate = spec.passing / max(len(spec.channel_ends), 1)
    for k in range(MOST_VESSELS if rate > 0.0 else 0):
        u = world.draws.at("vessel-gap", f"{end}-{k}")
        yield world.wait(-math.log(u) / rate)
        if world.ended or world.truth.get("wreck-cleared"):
            return
        if end in drill.roads_closed:
            continue
        world.become("vessels-passed", float(world.truth.get("vessels-passed", 0.0)) + 1.0)
        if world.draws.at("vessel-strike", f"{end}-{k}") < spec.strike_share:
            _second_collision(drill)


def _second_collision(drill: Drill) -> None:
    world, harm = drill.world, harm_of(drill)
    if world.truth.get("second-collision") or not harm.next_crew.size:
        return
    event = world.become("second-collision", 1.0)
    harm.overboard(harm.next_crew)
    world.become("in-water", float(harm.wet().size), (event,))


def _instruments(drill: Drill) -> Process:
    """Oil probes at intakes show oil; that the water is above the limit is true, but not seen."""
    world = drill.world
    while not world.ended:
        spill = spill_of(drill)
        index = min(int(world.now // 60.0), len(GRID_S) - 1)
        for supply in spill.supplies:
            node = spill.course.marks[supply.intake]
            reached = OVER_A_BOUNDARY if supply.abroad else "intake-reached"
            if not world.truth.get(reached) and spill.over_limit_s(supply.intake) <= world.now:
                world.become(reached, 1.0)
            seen = "intake-alarm" in world.truth or supply.abroad
            if not seen and spill.oil_mg_l(node)[: index + 1].max() > 0.0:
                world.become("intake-alarm", 1.0)
        yield world.wait(LOOK_S * 2)


def _account(drill: Drill) -> Process:
    """Keep the loss to the environment up to date, in tonnes (see `environment_t`).

    Its causes are what was last done about it, each kind once: that is where time was lost.
    """
    world = drill.world
    last_s = world.scenario.file.horizon - 1.0
    while not world.ended and world.now < last_s:
        yield world.wait(min(ACCOUNT_S, last_s - world.now))
        done = {e.subject: e.id for e in world.events if e.kind == "hazard-changed"}
        causes = tuple(done[kind] for kind in MATTERS if kind in done)
        world.become("environment-loss", round(environment_t(drill), 3), causes)


def environment_t(drill: Drill) -> float:
    """Give the loss to the environment so far, t.

    What a neighbour's intake saw pass while it stood open, the oil left on the water, and a tonne
    for 10,000 person-hours of tap water above the limit (ours, unverified, 1,000 to 100,000).
    """
    spill, now = spill_of(drill), drill.world.now
    emitted = spill.emitted(now)
    mass = emitted["past_open_kg"] + emitted.get("left_kg", 0.0)
    return mass / 1000.0 + harm_of(drill).unfit_h / PERSON_HOURS_PER_T


def _neighbours(drill: Drill):  # type: ignore[no-untyped-def]
    """A neighbour who is told shuts his intake, in the time an institution takes."""
    told: set[str] = set()

    def hear(receiver: str, _kind: str, _sender: str, event: int) -> None:
        world = drill.world
        org = receiver.partition("/")[0]
        for supply in world.scenario.spec.supplies:
            if supply.abroad and supply.of == org and supply.intake not in told:
                told.add(supply.intake)
                world.after(
                    world.delay("close-intake", org, supply.intake),
                    _shut(drill, supply.intake, receiver, event),
                )

    return hear


def _shut(drill: Drill, intake: str, who: str, event: int):  # type: ignore[no-untyped-def]
    def act() -> None:
        done = change(drill, Change("close-intake", 0.0, intake), who, (event,), "")
        drill.world.become("downstream-told", 1.0, (done,))

    return act
