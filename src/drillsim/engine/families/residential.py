"""The course of a fire in a building: what becomes true by itself, and who can see it."""

from __future__ import annotations

import numpy as np

from drillsim.engine.indoors.smoke_exposure import SEEN_KW, SMOKY_PER_M, SmokeExposure
from drillsim.engine.scene import Scene
from drillsim.engine.states import State
from drillsim.engine.world import Process
from drillsim.hazards.residential_fire import ResidentialFire

LOOK_S, QUIET_S = 20.0, 180.0
# Who sits behind a door, by state.
BEHIND_A_DOOR = np.isin(np.arange(len(State)), (State.SHELTERING, State.WAITING_TRANSPORT))
ALARM_KW, SECOND_ALARM_KW, FLAMES_KW = 60.0, 300.0, 500.0
ALARM_PER_M = 0.15
# The emergency number people ring, by which the desk that answers is found, and the message.
NUMBER, CALL_KIND = "119", "building-fire-call"
# What whoever stands outside sees, and what only crews who went in know as well.
FROM_OUTSIDE = (
    "fire", "fire-floor", "flames-outside", "fire-out", "lane-blocked", "location", "hurt",
    "deaths",
)  # fmt: skip
FROM_INSIDE = (*FROM_OUTSIDE, "smoke-in-stair", "trapped", "missing", "fans-running", "power-off")


def _fire(scene: Scene) -> ResidentialFire:
    hazard = scene.world.hazard
    assert isinstance(hazard, ResidentialFire)
    return hazard


def unfold(scene: Scene) -> Process:
    """Make the facts of the building true, each at its time, and let them be seen."""
    world, spec = scene.world, scene.world.scenario.spec
    sights = _Sights(scene)
    world.watch(sights.changed)
    world.become("location", scene.drill.source())
    if spec.building.blocked:
        world.become("lane-blocked", 1.0)
    world.start(_first_call(scene))
    while not world.ended:
        _look(scene)
        sights.tell_newcomers()
        yield world.wait(QUIET_S if world.truth.get("fire-out") else LOOK_S)


def _look(scene: Scene) -> None:
    """Bring the facts up to date with fire and smoke."""
    world, fire, spec = scene.world, _fire(scene), scene.world.scenario.spec
    now = world.now
    heat, truth = fire.heat_kw(now), world.truth
    if heat > SEEN_KW and not truth.get("fire"):
        world.become("fire", 1.0)
        world.become("fire-floor", float(spec.floor))
    alarms = _alarms(fire, now, heat)
    if alarms > float(truth.get("detectors", 0.0)):
        world.become("detectors", alarms)
    open_question = spec.seat != "row" and not truth.get("smoke-in-stair")
    if open_question and float(fire.extinction("stair", now).max()) > fire.harmful_level:
        world.become("smoke-in-stair", 1.0)
    spread = int(np.count_nonzero(fire.alight(now)))
    if (spread > 1 or heat > 20 * FLAMES_KW) and not truth.get("flames-outside"):
        world.become("flames-outside", 1.0)
    if fire.is_out(now) and truth.get("fire") and not truth.get("fire-out"):
        world.become("fire-out", 1.0)
        # the engine's care of the hurt reads this: nothing more comes from the source
        truth["isolated"] = 1.0
    _count_trapped(scene)


def _alarms(fire: ResidentialFire, now: float, heat: float) -> float:
    """Give the smoke alarms that have gone off: at the seat, and on storeys with smoke."""
    at_seat = float(heat > ALARM_KW) + float(heat > SECOND_ALARM_KW)
    if fire.spec.seat == "row":
        return at_seat + float(np.count_nonzero(fire.alight(now)) - 1)
    lobby = fire.extinction("lobby", now)
    return at_seat + float(np.count_nonzero(lobby > ALARM_PER_M))


def _count_trapped(scene: Scene) -> None:
    """People who sit in smoke behind their doors ring and wave: how many, by quarters more."""
    people, world = scene.drill.people, scene.world
    exposure = people.exposure
    assert isinstance(exposure, SmokeExposure)
    inside = BEHIND_A_DOOR[people.state]
    heads = float(people.weight[inside & ((exposure.inside > SMOKY_PER_M) | exposure.barred)].sum())
    if heads >= 1.25 * float(world.truth.get("trapped", 0.0)) + 1.0:
        world.become("trapped", heads)


def _first_call(scene: Scene) -> Process:
    """Somebody who sees the fire rings 119, as the law obliges everybody; he knows the place."""
    world = scene.world
    if not world.behaviour.plans:
        return
    while not world.truth.get("fire"):
        if world.ended:
            return
        yield world.wait(LOOK_S)
    figure = "caller-night" if world.night else "caller-day"
    yield world.wait(world.delay(figure, "public", scene.drill.source()))
    content = {"location": scene.drill.source(), "fire-floor": world.truth.get("fire-floor")}
    data = {"sender": "public", "channel": "phone", "woken_s": round(world.now, 3)}
    believe = scene.drill.minds.believe
    desk = _answers(scene)
    if desk is None:
        return
    event = world.note("message-delivered", desk, CALL_KIND, {**data, "content": content})
    for fact, value in (*content.items(), ("fire", 1.0)):
        believe(desk, fact, value, "public", (event,))
    believe(desk, f"told:{CALL_KIND}", True, "public", (event,))


def _answers(scene: Scene) -> str | None:
    """Give the body that answers the emergency number, if the city has one."""
    bodies = scene.drill.plan_set.organisations.values()
    return next((org.id for org in bodies if NUMBER in org.aliases), None)


class _Sights:
    """Lets those on the spot see what this family makes true."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.world = scene, scene.world
        self.known: set[str] = set()

    def changed(self, fact: str, value: object, event: int) -> None:
        """A fact changed: whoever stands there notices it."""
        if not self.world.behaviour.plans:
            return
        seen_s = self.world.now
        if fact in FROM_OUTSIDE:
            for address in self.scene.witnesses:
                delay = self.world.delay("notice", address, fact)
                self._later(address, fact, value, "own", event, delay, seen_s)
        if fact in FROM_INSIDE:
            for address in sorted(self.known):
                self._later(address, fact, value, "crew", event, LOOK_S, seen_s)

    def _later(
        self, address: str, fact: str, value: object, source: str, event: int, delay: float,
        seen_s: float,
    ) -> None:  # fmt: skip
        def learn() -> None:
            self.scene.drill.minds.believe(address, fact, value, source, (event,), seen_s)

        self.world.after(delay, learn)

    def tell_newcomers(self) -> None:
        """Officers who have sized up since last time know what can be seen from inside."""
        for address in sorted(set(self.scene.drill.observers) - self.known):
            self.known.add(address)
            for fact in FROM_INSIDE:
                if fact in self.world.truth:
                    value = self.world.truth[fact]
                    self.scene.drill.minds.believe(address, fact, value, "crew")
