"""The course of a vapour cloud in a tank farm: gas alarm, what lights it, whom the flash burns."""

from __future__ import annotations

import math

import numpy as np

from drillsim.engine.drill import Drill
from drillsim.engine.exposure import Exposure, Groups
from drillsim.engine.families import storage, storage_reference
from drillsim.engine.families.gas_exposure import out_of_gas
from drillsim.engine.families.tank_heat import HeatExposure, away_from_fire
from drillsim.engine.people import People
from drillsim.engine.scene import Scene
from drillsim.engine.settlement import Floats, Settlement
from drillsim.engine.world import Process, World
from drillsim.hazards import Change
from drillsim.hazards.cloud_farm import CloudFarm
from drillsim.hazards.storage_fire import StorageFireSpec
from drillsim.hazards.vapour_cloud import GasSpot, offset
from drillsim.physics.thermal_harm import lethal_dose

VISIBLE_S, LOOK_S = 20.0, 5.0
# GB/T 50493: first alarm at 25 % of the lower limit, second at 50 %; from memory
ALARMS = (("detectors", 0.25), ("detectors-high", 0.5))
# below this nobody is hurt by blast in the open, Pa
LEAST_BLAST_PA = 10e3
ALL = 0.999


def cloud_of(world: World) -> CloudFarm | None:
    """Give the tank farm under a cloud as it stands, or None where there never was one."""
    hazard = world.hazard
    return hazard if isinstance(hazard, CloudFarm) else None


# --- the course ------------------------------------------------------------------------------


def unfold(scene: Scene) -> Process:
    """Make the facts of the scene true: those of a fire at once, or those of a leak first."""
    if cloud_of(scene.world) is None:
        yield from storage.unfold(scene)
        return
    world = scene.world
    storage.seat_crews(scene)
    released = _tell_first(scene)
    world.start(_ring_up(scene, released))
    world.start(_detectors(scene))
    world.after(VISIBLE_S, lambda: _see(scene, 1.0))
    lit = yield from _until_lit(scene)
    if lit < 0:
        return
    world.become("cloud-visible", 0.0, (lit,))
    world.become("fire", 1.0, (lit,))
    _stop_work(scene)
    world.start(storage.eyes(scene))
    world.start(storage.account(scene))
    said: set[int] = set()
    while not world.ended:
        storage.look(scene, said)
        quiet = storage.LOOK_S if world.truth.get("flames-on-vessel") else storage.QUIET_LOOK_S
        yield world.wait(quiet)


def _tell_first(scene: Scene) -> int:
    """Make true what is so from the start; gives the event of the release."""
    world, farm = scene.world, cloud_of(scene.world)
    assert farm is not None
    weather = farm.weather
    first = {
        "location": scene.drill.source(), "substance": world.scenario.spec.substance,
        "state": "liquid", "smell": 1.0, "access": scene.upwind_gate(),
        "wind": f"{weather.wind_from:.0f} deg {weather.wind_speed:.1f} m/s", "release": 1.0,
    }  # fmt: skip
    event = -1
    for fact, value in first.items():
        event = world.become(fact, value)
    return event


def _see(scene: Scene, value: float) -> None:
    farm = cloud_of(scene.world)
    if farm is not None and farm.threatens(scene.world.now):
        scene.world.become("cloud-visible", value)


def _ring_up(scene: Scene, released: int) -> Process:
    """Somebody who smells it and sees the white cloud rings a desk."""
    world, minds, spec = scene.world, scene.drill.minds, scene.world.scenario.spec
    yield world.wait(world.delay("public-call", "public", spec.at))
    for desk in spec.calls[:1]:
        if desk in minds.of:
            for fact, value in (("location", world.truth["location"]), ("release", 1.0),
                                ("told:tank-fire-call", True)):  # fmt: skip
                minds.believe(desk, fact, value, "public", (released,))


def _detectors(scene: Scene) -> Process:
    """Gas detectors alarm when the cloud as it stands reaches them."""
    world, farm = scene.world, cloud_of(scene.world)
    assert farm is not None
    spots: tuple[GasSpot, ...] = farm.cloud.spec.detectors
    if not spots:
        return
    xy = np.array([offset(d.bearing, d.distance) for d in spots]) + np.asarray(farm.source_xy)
    quantity, gas = farm.cloud.quantity, farm.cloud.gas
    moments = sorted(
        (float(t_s), fact)
        for fact, share in ALARMS
        for t_s in gas.arrival_s(xy, share * farm.cloud.lfl_ppm, quantity)
        if np.isfinite(t_s)
    )
    counts: dict[str, float] = {}
    for t_s, fact in moments:
        yield world.wait(t_s - world.now)
        here = cloud_of(world)
        if here is not None and here.threatens(world.now):
            counts[fact] = counts.get(fact, 0.0) + 1.0
            world.become(fact, counts[fact])


def _until_lit(scene: Scene) -> Process:
    """Wait for a spark; the value is the event of the ignition, -1 if the gas thins out first.

    Every source bears a drawn time within the flammable cloud, by its chance a minute; the times
    it is covered add up, so that a shorter cloud never lights what a longer one would not.
    """
    world = scene.world
    start = cloud_of(world)
    assert start is not None
    bears = {}
    for source in start.cloud.spec.ignition:
        u = world.draws.at("ignition", source.id)
        bears[source.id] = 60.0 * math.log1p(-u) / math.log1p(-source.chance)
    closed: set[str] = set()
    while not world.ended:
        yield world.wait(LOOK_S)
        _traffic(scene, closed)
        farm = cloud_of(world)
        assert farm is not None
        if not farm.threatens(world.now):
            event = world.become("cloud-visible", 0.0)
            world.become("isolated", 1.0, (event,))
            return -1
        covered = farm.covered(world.now)
        for name, within in covered.items():
            bears[name] -= LOOK_S if within else 0.0
        spent = [name for name in covered if bears[name] <= 0.0]
        if spent:
            return _light(scene, spent[0])
    return -1


def _traffic(scene: Scene, closed: set[str]) -> None:
    """Let no vehicle be where a road has been closed since the last look."""
    world = scene.world
    for road in sorted(scene.drill.roads_closed - closed):
        closed.add(road)
        farm = cloud_of(world)
        assert farm is not None
        after = farm.after(Change("traffic", 0.0, road), world.now)
        if after.off != farm.off:
            world.hazard = after
            data = {"factor": 0.0, "where": road, **after.emitted(world.now)}
            world.note("hazard-changed", "world", "traffic", data)


def _light(scene: Scene, source: str) -> int:
    """Light the cloud, and write down what burnt and with which blast."""
    world, farm = scene.world, cloud_of(scene.world)
    assert farm is not None
    now, cloud = world.now, farm.cloud
    data = {
        "factor": 0.0, "where": source, "flammable_kg": round(cloud.flammable_kg(now), 1),
        "blast_j": round(cloud.blast_j(now)), **farm.emitted(now),
    }  # fmt: skip
    world.hazard = farm.after(Change("ignite", 0.0, source), now)
    return world.note("hazard-changed", "world", "ignite", data)


def _stop_work(scene: Scene) -> None:
    """A flash stops the work of every crew within it."""
    farm = cloud_of(scene.world)
    assert farm is not None
    units = [u for u in scene.drill.crews.units if u.place != u.resource.home]
    if not units:
        return
    inside = farm.burns_where(farm.at([(u.x, u.y) for u in units]))
    for unit, burns in zip(units, inside, strict=True):
        if burns and unit.process is not None and unit.process.is_alive:
            unit.process.interrupt("gas")
            unit.process = None


# --- people ----------------------------------------------------------------------------------


class CloudExposure(HeatExposure):
    """Heat and blast as in every tank-farm fire, and before that the gas and its flash.

    Outdoors where the gas is at half its lower limit people make off as they do from heat. In the
    flash the dose is that of which a share dies: of those in the open, of crews in their gear;
    indoors a share is burnt through doors and windows, the rest is not.
    """

    def __init__(self, world: World, settlement: Settlement, tolerance: Floats) -> None:
        """Start unburnt."""
        super().__init__(world, settlement, tolerance)
        shares = world.figures.shares
        self.flashed = False
        self.open_share = min(shares["flash-kills-open"].value, ALL)
        self.gear_share = min(shares["flash-kills-gear"].value, ALL)
        self.room_share = shares["flash-kills-indoors"].value

    def step(self, people: People, going: Groups, now: float, dt: float) -> None:
        """Take in a step's heat and gas, and the flash that came in it."""
        super().step(people, going, now, dt)
        farm, spots = cloud_of(self.world), self._spots
        assert farm is not None
        assert spots is not None
        if now < farm.lit_s:
            felt = np.where(people.outdoors, farm.shunned(spots, now), 0.0)
            self.level = np.maximum(self.level, felt)
        elif not self.flashed:
            self.flashed = True
            self._flash(people, farm, np.flatnonzero(farm.burns_where(spots)))

    def _flash(self, people: People, farm: CloudFarm, within: Groups) -> None:
        """Burn who is within the flash, and let everybody in the open meet the blast."""
        out = people.outdoors[within]
        crew = self.is_crew[within]
        shares = np.where(crew, self.gear_share, self.open_share)
        dose = np.where(out, lethal_dose(shares), 0.0)
        caught = ~out & (self.tolerance[within] <= self.room_share)
        dose[caught] = 1.001 * self.lethal[within][caught]
        self.dose[within] += dose
        burnt = within[dose > 0.0]
        self.exposed[burnt] = self.severe[burnt] = True
        centre = np.asarray(farm.source_xy) + np.asarray(farm.cloud.centre)
        gap = np.hypot(people.x - centre[0], people.y - centre[1])
        blast = np.where(people.outdoors, farm.cloud.blast_pa(gap, farm.lit_s), 0.0)
        self.blast = np.maximum(self.blast, blast)
        struck = np.flatnonzero(blast > LEAST_BLAST_PA)
        self._hot = np.union1d(self._hot, np.union1d(burnt, struck))


def exposure(world: World, settlement: Settlement, tolerance: Floats) -> Exposure:
    """Give what fires, and a cloud where there is one, do to people."""
    kind = HeatExposure if cloud_of(world) is None else CloudExposure
    return kind(world, settlement, tolerance)


def way(people: People, groups: Groups, to: tuple[float, float] | None) -> tuple[Floats, Floats]:
    """Walk to the refuge; from gas across the wind, from fire straight away."""
    farm = cloud_of(people.world)
    if farm is None or to is not None or not farm.threatens(people.world.now):
        return away_from_fire(people, groups, to)
    return out_of_gas(farm.cloud.gas, people, groups)


# --- the reference ---------------------------------------------------------------------------


def reference(drill: Drill) -> Process:
    """Act by the truth: get people out of the cloud, cut the power, then as in every such fire."""
    world = drill.world
    if cloud_of(world) is not None:
        world.start(_clear_cloud(drill))
    yield from storage_reference.act(drill)


def _clear_cloud(drill: Drill) -> Process:
    """Tell every place that the cloud endangers to leave across the wind; stop what may light it.

    Traffic is stopped and every power that feeds a source cut, each after its own delay.
    """
    world, people = drill.world, drill.people
    yield world.detected
    yield world.wait(storage_reference.DECIDE_S)
    farm = cloud_of(world)
    assert farm is not None
    spec: StorageFireSpec = world.scenario.spec
    first, last = storage_reference.TOLD_WITHIN_S
    horizon = world.scenario.file.horizon
    for place in people.of.places:
        groups = people.members(place.id)
        if place.kind == "crew":
            continue
        xy = np.column_stack([people.x[groups], people.y[groups]])
        if not farm.endangers(xy, horizon).any():
            continue
        u = world.draws.many("warning-reference", place.id, groups.size)
        data = {"channel": "tone-alert", "action": "leave-crosswind", "heads": float(place.heads)}
        world.note("warned", "reference", place.id, data)
        people.instruct(groups, "leave-crosswind", world.now + first + (last - first) * u)
    yield world.wait(world.delay("switch-off", "reference", spec.plant))
    for kind in ("power", "traffic"):
        wanted = "electrical" if kind == "power" else "vehicle"
        sites = {s.off_by for s in farm.sources() if s.kind == wanted and s.off_by is not None}
        for site in sorted(sites):
            here = cloud_of(world)
            assert here is not None
            world.hazard = here.after(Change(kind, 0.0, site), world.now)
            data = {"factor": 0.0, "where": site, **world.hazard.emitted(world.now)}
            world.note("hazard-changed", "reference", kind, data)
