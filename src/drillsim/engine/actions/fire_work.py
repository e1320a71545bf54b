"""Work on a fire in a building: water, fans, power, gas, the lane for the engines."""

from __future__ import annotations

from functools import cache

from drillsim.engine.drill import Drill, Job
from drillsim.engine.world import Process
from drillsim.hazards import Change
from drillsim.hazards.residential_fire import MOST_LPM, ResidentialFire
from drillsim.physics.fire_attack import Pump, climb_s, delivered_lpm

LOOK_S = 30.0
ENGINE_LANE_M = 3.5
# Parked cars keep the engine some 80 m off, a lane too narrow for it some 200 m (ours).
BLOCKED_SHARE = 0.4
LINE_LPM, LINE_BORE_M, LINE_M = 390.0, 0.065, 60.0


def fire_of(drill: Drill) -> ResidentialFire:
    """Give the fire as it stands."""
    hazard = drill.world.hazard
    assert isinstance(hazard, ResidentialFire), "this work is for a fire in a building"
    return hazard


def change(drill: Drill, job: Job, kind: str, factor: float) -> int:
    """Do something to building or fire and write it down; gives the fact's id, -1 for nothing."""
    world, before = drill.world, fire_of(drill)
    after = before.after(Change(kind, factor, job.where), world.now)
    if after is before:
        return -1
    world.hazard = after
    data = {"factor": round(factor, 6), "where": job.where, **after.emitted(world.now)}
    return world.note("hazard-changed", job.task.by, kind, data, (job.event,), job.clause)


def know(drill: Drill, job: Job, fact: str, value: object, event: int) -> None:
    """Let a fact become true and the house that did it know it."""
    drill.world.become(fact, value, (event,))
    for address in drill.minds.body(job.task.by.partition("/")[0]):
        drill.minds.believe(address, fact, value, "own", (event,))


def attack_fire(drill: Drill, job: Job) -> Process:
    """Lay lines and put water on the fire; stays until it is out.

    An engine gives its main line, a light pump or a hand line less. Upstairs the water comes from
    the building's riser, or from the engine through it when the building's pump stands still. An
    engine that the lane or parked cars keep away must lay its lines over the whole way.
    """
    world = drill.world
    yield world.wait(_laying_s(drill, job))
    mine, told = 0.0, False
    while not world.ended and not fire_of(drill).is_out(world.now):
        flow = sum(_flow_lpm(drill, unit.resource.capabilities) for unit in job.units)
        if flow != mine:
            total = min(fire_of(drill).controls.lpm + flow - mine, MOST_LPM)
            change(drill, job, "water", 1.0 - max(total, 0.0) / MOST_LPM)
            mine = flow
        if not told:
            told = True
            drill.duties.finish(job, done=flow > 0.0, why="" if flow else "no-water", lpm=flow)
            world.become("measures", "water", (job.event,))
        yield world.wait(LOOK_S)
    if not told:
        drill.duties.finish(job, done=True, why="already-out")


def _laying_s(drill: Drill, job: Job) -> float:
    world, spec = drill.world, fire_of(drill).spec
    caps = {c for unit in job.units for c in unit.resource.capabilities}
    seconds = world.delay("hose-line", job.task.by)
    house = spec.building
    wide = "engine" in caps and "light-pump" not in caps
    if wide and house.lane < ENGINE_LANE_M:
        seconds += world.delay("hose-far", job.task.by)
    elif wide and world.truth.get("lane-blocked"):
        seconds += BLOCKED_SHARE * world.delay("hose-far", job.task.by)
    if spec.seat == "flat" and spec.floor > 2:
        seconds += float(climb_s(spec.floor)) + world.delay("riser-line", job.task.by)
    return seconds


def _flow_lpm(drill: Drill, capabilities: tuple[str, ...]) -> float:
    """Give what one crew brings onto the fire, L/min."""
    constants, fire = drill.world.figures.constants, fire_of(drill)
    kind = next((k for k in ("engine", "light-pump", "hand-line") if k in capabilities), "")
    if not kind:
        return 0.0
    flow = constants[f"{kind}-lpm"].value
    spec = fire.spec
    if spec.seat != "flat" or spec.floor <= 2:
        return flow
    house = spec.building
    lift = (spec.floor - 1) * house.storey
    if house.riser and house.pump == "works" and fire.controls.power:
        return min(flow, 2 * LINE_LPM)
    if kind != "engine":
        return 0.0
    return min(flow, _pumped_lpm(lift))


@cache
def _pumped_lpm(lift_m: float) -> float:
    """Give what an engine brings to two branches over its own hose up to a height, L/min."""
    return delivered_lpm(Pump(), LINE_M + lift_m, LINE_BORE_M, lift_m, LINE_LPM, lines=2)


def start_fans(drill: Drill, job: Job) -> Process:
    """Start pressurisation, fire pump and bells from the control room, as far as they work."""
    world = drill.world
    yield world.wait(world.delay("start-fans", job.task.by))
    world.become("bell", 1.0, (job.event,))
    event = change(drill, job, "fans-on", 1.0)
    running = fire_of(drill).controls.fans
    done = drill.duties.finish(job, done=running, why="" if running else "fans-fail")
    if running:
        know(drill, job, "fans-running", 1.0, event if event >= 0 else done)


def shut_doors(drill: Drill, job: Job) -> Process:
    """Shut the doors between fire and stair."""
    world = drill.world
    yield world.wait(world.delay("shut-doors", job.task.by))
    for kind in ("foot-door", "lobby-door"):
        change(drill, job, kind, 0.0)
    drill.duties.finish(job, done=True)


def cut_power(drill: Drill, job: Job) -> Process:
    """Cut the power of the whole building: fans, fire pump and fire lift stop too."""
    world = drill.world
    yield world.wait(world.delay("switch-off", job.task.by))
    event = change(drill, job, "power-cut", 0.0)
    done = drill.duties.finish(job, done=True)
    know(drill, job, "power-off", 1.0, event if event >= 0 else done)
    world.become("fans-running", 0.0, (done,))


def cut_load(drill: Drill, job: Job) -> Process:
    """Cut the power of flats and lights only; what fights the fire keeps its supply."""
    world = drill.world
    yield world.wait(world.delay("switch-off", job.task.by))
    done = drill.duties.finish(job, done=True)
    know(drill, job, "load-off", 1.0, done)


def shut_gas(drill: Drill, job: Job) -> Process:
    """Shut the gas of the building."""
    world = drill.world
    yield world.wait(world.delay("shut-gas", job.task.by))
    change(drill, job, "gas-off", 0.0)
    done = drill.duties.finish(job, done=True)
    know(drill, job, "gas-shut", 1.0, done)


def clear_lane(drill: Drill, job: Job) -> Process:
    """Tow or push away what stands in the fire lane."""
    world = drill.world
    if world.truth.get("lane-blocked"):
        yield world.wait(world.delay("clear-lane", job.task.by))
    done = drill.duties.finish(job, done=True)
    know(drill, job, "lane-blocked", 0.0, done)
