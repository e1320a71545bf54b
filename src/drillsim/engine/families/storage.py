"""The course of a tank-farm fire at the scene: what becomes true by itself, and who sees it."""

from __future__ import annotations

import numpy as np

from drillsim.engine.families.tank_heat import CrewPeople, HeatExposure, crew_place, farm_of
from drillsim.engine.scene import Scene
from drillsim.engine.world import Process
from drillsim.hazards.storage_fire import StorageFireSpec

DETECTOR_S, LOOK_S, QUIET_LOOK_S, EYES_S, ACCOUNT_S = 15.0, 10.0, 30.0, 30.0, 300.0
# Signs of a vessel in trouble by the damage it has taken (judgement; the valve lifts between 0.1
# and 0.5, roaring and discoloured steel between 0.5 and 0.9).
VENTS_AT, ROARS_AT = 0.25, 0.65
SEEN = (
    "fire", "fire-out", "flames-on-vessel", "venting", "failure-near", "vessel-failed",
    "vessel-cooled", "pumps-dead", "drains-shut", "run-off",
)  # fmt: skip


def unfold(scene: Scene) -> Process:
    """Make the facts of the scene true, each at its time."""
    world, spec = scene.world, scene.world.scenario.spec
    seat_crews(scene)
    weather = farm_of(world).weather
    first = {
        "fire": 1.0, "location": scene.drill.source(), "substance": spec.substance,
        "wind": f"{weather.wind_from:.0f} deg {weather.wind_speed:.1f} m/s",
        "access": scene.upwind_gate(),
    }  # fmt: skip
    if any(f.course.jet for f in farm_of(world).flames):
        first |= {"release": 1.0, "state": "liquid"}
    event = -1
    for fact, value in first.items():
        made = world.become(fact, value)
        event = made if fact == "fire" else event
    world.start(_ring_up(scene, spec, event))
    world.start(eyes(scene))
    world.start(account(scene))
    world.after(DETECTOR_S, lambda: _detect(scene))
    said: set[int] = set()
    while not world.ended:
        look(scene, said)
        yield world.wait(LOOK_S if world.truth.get("flames-on-vessel") else QUIET_LOOK_S)


def _detect(scene: Scene) -> None:
    scene.world.become("detectors", 1.0)


def seat_crews(scene: Scene) -> None:
    """Tell the exposure which of its people ride on which unit."""
    people, exposure = scene.drill.people, scene.drill.people.exposure
    assert isinstance(exposure, HeatExposure)
    taken: dict[str, int] = {}
    for unit in scene.drill.crews.units:
        place = crew_place(unit.resource)
        if place not in people.ids:
            continue
        groups, first = people.members(place), taken.get(place, 0)
        mine = groups[first : first + unit.resource.members]
        taken[place] = first + mine.size
        if mine.size:
            exposure.crews.append(CrewPeople(unit, mine))


def look(scene: Scene, said: set[int]) -> None:
    """Bring what anybody can see of fires and vessels up to date."""
    world = scene.world
    farm, now = farm_of(world), world.now
    damage = farm.course.damage(now) if farm.vessels else ()
    failed = [n for n, t_s in enumerate(farm.course.failed_s) if t_s <= now]
    worst = max((d for n, d in enumerate(damage) if n not in failed), default=-1.0)
    heated = farm.heated(now)
    world.become("flames-on-vessel", float(bool(heated)))
    cooled = bool(heated) and all(farm.cooling(n, now) < 0.99 for n in heated)
    if cooled or world.truth.get("vessel-cooled"):
        world.become("vessel-cooled", float(cooled))
    for fact, limit in (("venting", VENTS_AT), ("failure-near", ROARS_AT)):
        if worst >= limit:
            world.become(fact, 1.0)
    for n in failed:
        if n not in said:
            said.add(n)
            world.become("vessel-failed", float(len(said)))
            _strike(scene, n)
    burning = farm.burns(now)
    if not burning and not world.truth.get("fire-out"):
        event = world.become("fire-out", 1.0)
        world.become("fire", 0.0, (event,))
        world.become("isolated", 1.0, (event,))
    elif burning and world.truth.get("fire-out"):
        world.become("fire-out", 0.0)
    minute = round(now) % 60 == 0 and not world.truth.get("run-off")
    if minute and farm.firewater(now)["river_m3"] > 0.0:
        world.become("run-off", 1.0)


def _strike(scene: Scene, n: int) -> None:
    """A burst stops the work of every crew within its fireball."""
    farm = farm_of(scene.world)
    vessel = farm.vessels[n]
    if not vessel.bursts:
        return
    centre = np.asarray(farm.source_xy) + np.asarray(vessel.xy)
    for unit in scene.drill.crews.units:
        near = np.hypot(unit.x - centre[0], unit.y - centre[1]) < vessel.ball.diameter_m
        if near and unit.process is not None and unit.process.is_alive:
            unit.process.interrupt("gas")
            unit.process = None


def _ring_up(scene: Scene, spec: StorageFireSpec, fire: int) -> Process:
    """Somebody who sees it rings a desk: law obliges everybody, no plan is needed."""
    world, minds = scene.world, scene.drill.minds
    yield world.wait(world.delay("public-call", "public", spec.at))
    for desk in spec.calls[:1]:
        if desk in minds.of:
            minds.believe(desk, "location", world.truth["location"], "public", (fire,))
            minds.believe(desk, "fire", 1.0, "public", (fire,))
            minds.believe(desk, "told:tank-fire-call", True, "public", (fire,))


def eyes(scene: Scene) -> Process:
    """Whoever looks on at the scene sees what is to be seen, half a minute later at most."""
    world, drill = scene.world, scene.drill
    source: dict[str, int] = {}
    world.watch(lambda fact, _value, event: source.__setitem__(fact, event))
    while world.behaviour.plans and not world.ended:
        yield world.wait(EYES_S)
        shown = [fact for fact in SEEN if world.truth.get(fact) is not None]
        for address in (*scene.witnesses, *drill.observers):
            beliefs = drill.minds.of[address].beliefs
            for fact in shown:
                value, known = world.truth[fact], beliefs.get(fact)
                if known is None or known.value != value:
                    cause = source.get(fact, -1)
                    drill.minds.believe(address, fact, value, "crew", (cause,))


def account(scene: Scene) -> Process:
    """Every five minutes: what has reached the waterway so far, in t."""
    world = scene.world
    world.become("environment-loss", 0.0)
    while not world.ended:
        yield world.wait(ACCOUNT_S)
        lost = farm_of(world).firewater(world.now)["river_kg"] / 1e3
        world.become("environment-loss", round(lost, 4))
