"""The course of a road accident at the scene: the crash, the call, the queue, cloud or pool."""

from __future__ import annotations

import math

import numpy as np

from drillsim.engine.crews import Crews
from drillsim.engine.drill import Drill
from drillsim.engine.exposure import Exposure, Groups
from drillsim.engine.families.gas_exposure import GasExposure, across_the_wind
from drillsim.engine.families.road_heat import HeatExposure, off_the_road, spill_of
from drillsim.engine.families.road_people import away_of, severity_of, trapped_of
from drillsim.engine.people import People
from drillsim.engine.road_traffic import RoadRouter, Traffic
from drillsim.engine.scene import Scene
from drillsim.engine.settlement import Floats, Settlement
from drillsim.engine.states import State
from drillsim.engine.world import Process, World
from drillsim.hazards import Change, ToxicRelease
from drillsim.hazards.road_transport import RoadTransportSpec
from drillsim.hazards.spill_course import STEP_S, flammable, knot_after

VISIBLE_S, LOOK_S, EYES_S = 20.0, 30.0, 30.0
RUN_OFF_KG, IN_WATER_KG, EMPTY_KG = 50.0, 1.0, 50.0
COUNTED_S = 300.0
STREET_MPS = 8.0
# what anybody at the scene sees beside what the engine shows of every accident
SEEN = (
    "crash", "trapped", "spill-fire", "tank-split", "run-off", "road-people", "corridor",
    "stairs-open", "drains-plugged", "in-canal",
)  # fmt: skip


def exposure(world: World, settlement: Settlement, tolerance: Floats) -> Exposure:
    """Give what the cargo does to people: breathed gas or radiant heat."""
    of: type[GasExposure] | type[HeatExposure] = (
        GasExposure if isinstance(world.hazard, ToxicRelease) else HeatExposure
    )
    return of(world, settlement, tolerance)


def way(people: People, groups: Groups, to: tuple[float, float] | None) -> tuple[Floats, Floats]:
    """Give how people leave: across the wind from a cloud, off the road from a fire."""
    toxic = isinstance(people.world.hazard, ToxicRelease)
    return (across_the_wind if toxic else off_the_road)(people, groups, to)


def unfold(scene: Scene) -> Process:
    """Make the facts of the scene true, each at its time."""
    world, spec = scene.world, scene.world.scenario.spec
    traffic = _road(scene.drill.crews, world, spec)
    crash = _crash(scene, spec, traffic)
    world.start(_ring_up(scene, spec, crash))
    world.start(_eyes(scene))
    world.start(_watch_road(scene, spec, traffic))
    world.after(spec.placard, lambda: _placard(world, spec))
    if isinstance(world.hazard, ToxicRelease):
        world.become("smell", 1.0)
        world.after(world.hazard.emission.last_s, scene.ran_dry)
        yield world.wait(VISIBLE_S)
        world.become("cloud-visible", 1.0)
        return
    if spec.split_at is not None:
        world.after(spec.split_at, lambda: _split(world))
    yield from _pool(scene, spec)


def _placard(world: World, spec: RoadTransportSpec) -> None:
    world.become("substance", spec.substance)


def _split(world: World) -> None:
    if not world.truth.get("isolated"):
        world.become("tank-split", 1.0)


# --- at once -------------------------------------------------------------------------------------


def _crash(scene: Scene, spec: RoadTransportSpec, traffic: Traffic) -> int:
    """Hurt whom the crash hurts; the trapped wait for cutters, the others for bearers."""
    world, drill = scene.world, scene.drill
    people, medical = drill.people, drill.medical
    groups = people.members(spec.wreck.at)
    classes = np.array(severity_of(spec))
    dead, hurt = groups[classes == "black"], groups[np.isin(classes, ("red", "yellow"))]
    people.state[dead] = State.DEAD
    people.serious[hurt] = True
    people.state[hurt] = State.DOWN
    trapped = groups[trapped_of(spec)]
    people.state[trapped] = State.DOWN
    medical.claimed[trapped] = True
    traffic.trapped = [int(group) for group in trapped]
    people.falls += int(hurt.size + trapped.size)
    medical.fell_s[hurt] = 0.0
    wind = scene.hazard.weather
    event = world.become("crash", 1.0)
    for subject, some in (("died", dead), ("hurt", hurt)):
        data = {"n": float(people.weight[some].sum()), "place": spec.wreck.at}
        world.note("casualties", "world", subject, data, (event,))
    facts: dict[str, float | str] = {
        "location": drill.source(), "release": 1.0, "cargo": spec.substance,
        "wind": f"{wind.wind_from:.0f} deg {wind.wind_speed:.1f} m/s",
        "access": _up_wind(scene, spec), "trapped": float(trapped.size),
        "hurt": float(people.weight[people.serious].sum()), "deaths": float(dead.size),
    }  # fmt: skip
    if spec.cargo == "toxic":
        facts["state"] = str(spec.phase)
    for fact, value in facts.items():
        world.become(fact, value, (event,))
    return event


def _up_wind(scene: Scene, spec: RoadTransportSpec) -> str:
    """Give the road point on either side of the wreck that lies up wind of it."""
    east, north = scene.hazard.weather.down_wind()
    ends = (spec.road.upstream, spec.road.downstream)
    spots = scene.city.facilities
    return min(ends, key=lambda p: (spots[p].xy[0] * east + spots[p].xy[1] * north, p))


def _road(crews: Crews, world: World, spec: RoadTransportSpec) -> Traffic:
    """Put the wreck into the way of every crew from now on."""
    city = world.scenario.city
    traffic = Traffic.of(spec.road, city, spec.at, world.figures)
    nodes = (crews.node(spec.at), crews.node(spec.road.upstream), crews.node(spec.road.downstream))
    crews.router = RoadRouter(city, traffic, nodes, crews.router.closures)
    return traffic


def _ring_up(scene: Scene, spec: RoadTransportSpec, crash: int) -> Process:
    """Somebody who saw it rings a desk: law obliges everybody, no plan is needed."""
    world, minds = scene.world, scene.drill.minds
    yield world.wait(world.delay("public-call", "public", spec.at))
    known = [address for address in spec.calls if address in minds.of]
    if known:
        first = world.draws.at("first-desk", spec.at) < world.figures.shares["first-desk"].value
        desk = known[0] if first else known[-1]
        for fact in ("crash", "location", "release"):
            minds.believe(desk, fact, world.truth[fact], "public", (crash,))
        minds.believe(desk, "told:road-call", True, "public", (crash,))
    if world.detected_s is None:
        world.detected_s = world.now
        world.detected.succeed(crash)


def _eyes(scene: Scene) -> Process:
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


# --- the road ------------------------------------------------------------------------------------


def _watch_road(scene: Scene, spec: RoadTransportSpec, traffic: Traffic) -> Process:
    """Follow the queue: closed entries turn people away, and who stands can be counted."""
    world, drill = scene.world, scene.drill
    people = drill.people
    arrives = {s.at: traffic.stands_from_s(s, away_of(s)) for s in spec.road.stored}
    counted_s = -COUNTED_S
    while not world.ended:
        traffic.now_s = world.now
        entries = {s.entry for s in spec.road.stored} | {spec.road.upstream}
        for entry in sorted(entries & drill.roads_closed - set(traffic.shut_s)):
            traffic.shut_s[entry] = world.now
            for stretch in spec.road.stored:
                if stretch.entry == entry:
                    groups = people.members(stretch.at)
                    late = groups[arrives[stretch.at] > world.now]
                    people.state[late[people.state[late] == State.NORMAL]] = State.CLEAR
        if world.now >= counted_s + COUNTED_S:
            counted_s = world.now
            standing = 0.0
            for stretch in spec.road.stored:
                groups = people.members(stretch.at)
                here = (arrives[stretch.at] <= world.now) & (people.state[groups] == State.NORMAL)
                standing += float(people.weight[groups[here]].sum())
            world.become("road-people", 10.0 * round(standing / 10.0))
        yield world.wait(LOOK_S)


# --- the pool ------------------------------------------------------------------------------------


def _pool(scene: Scene, spec: RoadTransportSpec) -> Process:
    """Follow the liquid: run-off, water, the tank running dry, and the chance of ignition.

    What has run into the water (t) is the loss to the environment, told every five minutes.
    """
    world = scene.world
    luck = -math.log(world.draws.at("ignition", spec.at))
    risk, lit, told_s = 0.0, False, 0.0
    while not world.ended:
        course = spill_of(world).course
        if world.now >= told_s:
            told_s = world.now + COUNTED_S
            lost = round(course.store("canal", world.now) / 1000.0, 2)
            if lost > 0.0:
                world.become("environment-loss", lost)
        if course.store("street", world.now) > RUN_OFF_KG:
            world.become("run-off", 1.0)
        if course.store("canal", world.now) > IN_WATER_KG:
            world.become("in-canal", 1.0)
        if course.store("tank", world.now) < EMPTY_KG:
            scene.ran_dry()
        if not lit:
            risk += ignition_rate(scene.drill, spec) * STEP_S
            if risk >= luck:
                lit = True
                _ignite(world, spec)
        elif world.truth.get("spill-fire") and not _burning(world):
            world.become("spill-fire", 0.0)
        yield world.wait(STEP_S)


def _burning(world: World) -> bool:
    """Tell whether it still burns, or is only just lit."""
    return spill_of(world).course.lit_at(knot_after(world.now))


def ignition_rate(drill: Drill, spec: RoadTransportSpec) -> float:
    """Give the rate of ignition now, 1/s: sparks a minute per vehicle within a flammable pool.

    On the deck hot parts of the wreck until the people have been led away and engines are off;
    on the street the traffic that still passes below. Foam lowers it by the area it covers.
    """
    world = drill.world
    course = spill_of(world).course
    knot = min(knot_after(world.now), course.cover.size - 1)
    constants = world.figures.constants
    vehicles = 0.0
    for pool in (0, 1):
        if not flammable(course.data, *course.pool(pool, knot)):
            continue
        across = math.sqrt(4.0 * course.area_m2(pool, knot) / math.pi)
        if pool == 0:
            led = bool(world.truth.get("stairs-open"))
            vehicles += constants["hot-vehicles"].value * (0.3 if led else 1.0)
        elif spec.road.below is not None and spec.road.below not in drill.roads_closed:
            below = world.scenario.city.facilities[spec.road.below]
            flow = (below.flow_night if world.night else below.flow) or 0.0
            vehicles += flow * across / STREET_MPS
    share = float(course.cover[knot])
    return spec.ignition * constants["ignition-per-min"].value / 60.0 * vehicles * share


def _ignite(world: World, spec: RoadTransportSpec) -> None:
    hazard = spill_of(world)
    world.hazard = hazard.after(Change("ignite", 1.0, spec.at), world.now)
    data = {"factor": 1.0, "where": spec.at, **hazard.emitted(world.now)}
    event = world.note("hazard-changed", "world", "ignite", data)
    world.become("spill-fire", 1.0, (event,))
