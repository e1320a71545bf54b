"""Work at a tank farm: cool vessels, foam a fire, shut the drains, cut the power, get crews out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import simpy

from drillsim.engine.crews import Unit
from drillsim.engine.drill import Drill, Job
from drillsim.engine.world import Process
from drillsim.hazards import Change
from drillsim.hazards.cloud_farm import CloudFarm
from drillsim.hazards.tank_farm import TankFarm

LOOK_S = 30.0
# alcohol-resistant foam is lent out by this capability; ordinary foam by `foam`
FOAM_OF = {"any": ("foam", "foam-ar"), "alcohol-resistant": ("foam-ar",), "none": ()}
DANGER_M, SIGNAL_S = 350.0, 1200.0


def farm_of(drill: Drill) -> TankFarm:
    """Give the tank farm as it stands."""
    hazard = drill.world.hazard
    assert isinstance(hazard, TankFarm), "this work is for a fire in a tank farm"
    return hazard


def change(drill: Drill, job: Job, kind: str, factor: float, where: str) -> int:
    """Do something to the farm and write it down; gives the fact's id."""
    world = drill.world
    world.hazard = farm_of(drill).after(Change(kind, factor, where), world.now)
    data = {"factor": round(factor, 6), "where": where, **world.hazard.emitted(world.now)}
    return world.note("hazard-changed", job.task.by, kind, data, (job.event,), job.clause)


@contextmanager
def _water(drill: Drill, job: Job) -> Iterator[dict[str, float]]:
    """Let a job run water; what still flows when it stops is shut off."""
    flow = {"m3_s": 0.0}
    try:
        yield flow
    finally:
        if flow["m3_s"] > 0.0 and not drill.world.ended:
            change(drill, job, "water", 0.0, f"{job.clause or job.task.by}:{job.task.verb}")


def _run(drill: Drill, job: Job, flow: dict[str, float], m3_s: float) -> None:
    if m3_s != flow["m3_s"]:
        flow["m3_s"] = m3_s
        where = f"{job.clause or job.task.by}:{job.task.verb}"
        change(drill, job, "water", min(m3_s, 1.0), where)


def cool_vessel(drill: Drill, job: Job) -> Process:
    """Cool the vessel that is worst off: with crews by monitors, without by its fixed spray.

    Stays until nothing burns; waits while a cloud of gas has not been lit. Crews that leave in a
    hurry lash their monitors: half goes on. The fixed spray has no water once the plant's power is
    cut, unless its pump is a diesel.
    """
    if not job.task.needs:
        yield from _fixed_spray(drill, job)
        return
    world, shares = drill.world, drill.world.figures.shares
    yield world.wait(world.delay("set-monitor", job.task.by))
    one = world.figures.constants["monitor-lps"].value / 1e3
    hits, wets = shares["monitor-hits"].value, shares["monitor-wets"].value
    told, done, vessel = False, 0, ""
    yield from _stand_by(drill)
    with _water(drill, job) as flow:
        try:
            while not world.ended and (farm_of(drill).burns(world.now) or not told):
                target = _worst(drill, vessel)
                crews = len(job.units)
                if target and (crews != done or target != vessel):
                    if vessel and vessel != target:
                        change(drill, job, "monitors", 1.0, _spot(job, vessel))
                    vessel, done = target, crews
                    share = farm_of(drill).cooled_share(
                        vessel, crews * one * hits, 1.0 - (1.0 - wets) ** crews
                    )
                    change(drill, job, "monitors", share, _spot(job, vessel))
                    _run(drill, job, flow, crews * one)
                if not told:
                    told = True
                    why = "" if target else "nothing-to-cool"
                    drill.duties.finish(job, done=bool(target), why=why, vessel=vessel)
                yield world.wait(LOOK_S)
        except simpy.Interrupt:
            if vessel and not world.ended:
                _lash(drill, job, vessel, done * one * hits, wets)
            raise


def _stand_by(drill: Drill) -> Process:
    """Stand ready, lines laid, while unburnt gas may still be lit."""
    while not drill.world.ended:
        farm = farm_of(drill)
        if not (isinstance(farm, CloudFarm) and farm.threatens(drill.world.now)):
            return
        yield drill.world.wait(LOOK_S)


def _spot(job: Job, vessel: str) -> str:
    """Name a vessel and who cools it: what several bodies do adds up."""
    return f"{vessel}/{job.clause or job.task.by}"


def _lash(drill: Drill, job: Job, vessel: str, water: float, wets: float) -> None:
    share = drill.world.figures.shares["lashed-share"].value
    left = farm_of(drill).cooled_share(vessel, water * share, wets)
    change(drill, job, "monitors", left, _spot(job, vessel))


def _worst(drill: Drill, at_work_on: str) -> str:
    """Give the heated vessel that fails first; the one already cooled while it is still heated."""
    farm = farm_of(drill)
    heated = [farm.vessels[n].name for n in farm.heated(drill.world.now)]
    if at_work_on in heated:
        return at_work_on
    return heated[0] if heated else ""


def _fixed_spray(drill: Drill, job: Job) -> Process:
    """Open the fixed water spray from the control room."""
    world, farm = drill.world, farm_of(drill)
    yield world.wait(world.delay("open-spray", job.task.by))
    out = world.figures.shares["spray-fails"].value
    broken = world.behaviour.human and world.chance("spray-fails", "world", farm.spec.at, out)
    if broken or world.truth.get("pumps-dead"):
        drill.duties.finish(job, done=False, why="no-water")
        return
    wets = world.figures.shares["spray-wets"].value
    opened = []
    for known, vessel in zip(farm.spec.vessels, farm.vessels, strict=True):
        if known.deluge > 0.0:
            share = farm.cooled_share(vessel.name, known.deluge, wets)
            change(drill, job, "deluge", share, vessel.name)
            change(drill, job, "water", known.deluge, f"spray:{vessel.name}")
            opened.append(vessel.name)
    drill.duties.finish(job, done=bool(opened), why="" if opened else "none", vessels=opened)


def cut_plant_power(drill: Drill, job: Job) -> Process:
    """Cut the power of the plant: electric pumps of the fixed spray stop with it.

    What it feeds lights no vapour cloud any more.
    """
    world = drill.world
    yield world.wait(world.delay("switch-off", job.task.by, job.where))
    farm = farm_of(drill)
    event = drill.duties.finish(job, done=True)
    if isinstance(farm, CloudFarm):
        event = change(drill, job, "power", 0.0, job.where)
    if farm.spec.pumps == "diesel" or world.truth.get("pumps-dead"):
        return
    for known in farm.spec.vessels:
        if known.deluge > 0.0 and any(
            a.kind == "deluge" and a.at(known.id) and a.factor < 1.0 for a in farm.acts
        ):
            event = change(drill, job, "deluge", 1.0, known.id)
            change(drill, job, "water", 0.0, f"spray:{known.id}")
    world.become("pumps-dead", 1.0, (event,))


def foam_attack(drill: Drill, job: Job) -> Process:
    """Foam the greatest pool fire: it needs the right foam, enough flow at once, and a stock.

    Below the rate for the fire's area nothing is knocked down and the foam is spent; at the rate
    the fire is out after a drawn time. The stock of each unit lasts a fixed time.
    """
    world, constants = drill.world, drill.world.figures.constants
    yield world.wait(world.delay("lay-foam", job.task.by))
    fire = _greatest(drill)
    if not fire:
        drill.duties.finish(job, done=False, why="nothing-to-foam")
        return
    wanted = next(f.foam for f in farm_of(drill).spec.fires if f.id == fire)
    area = _area_m2(drill, fire)
    need = area * constants["foam-rate"].value
    one, lasts = constants["foam-unit-lpm"].value, constants["foam-unit-s"].value
    out_s = world.delay("tank-foam-out", job.task.by, fire)
    applied = 0.0
    stock: dict[str, float] = {}
    with _water(drill, job) as flow:
        while not world.ended and farm_of(drill).burns(world.now):
            fit = [u for u in job.units if u.capabilities & set(FOAM_OF[wanted])]
            for unit in job.units:
                stock.setdefault(unit.name, lasts)
            able = [u for u in job.units if stock[u.name] > 0.0]
            right = [u for u in able if u in fit]
            enough = one * len(right) >= need
            waiting = not enough and applied == 0.0 and len(job.units) < job.task.crews
            if not able or (not enough and not waiting and not right):
                break
            if not waiting:
                _run(drill, job, flow, one * len(able) / 60e3)
                for unit in able:
                    stock[unit.name] -= LOOK_S
                applied += LOOK_S if enough else 0.0
            if applied >= out_s:
                change(drill, job, "knock", 0.0, fire)
                drill.duties.finish(job, done=True, fire=fire)
                return
            yield world.wait(LOOK_S)
    if farm_of(drill).burns(world.now):
        right_kind = any(u.capabilities & set(FOAM_OF[wanted]) for u in job.units)
        why = "foam-spent" if right_kind else "wrong-foam"
        drill.duties.finish(job, done=False, why=why, fire=fire)
    else:
        drill.duties.finish(job, done=True, why="already-out")


def _greatest(drill: Drill) -> str:
    """Give the pool fire that burns most now."""
    farm = farm_of(drill)
    shares = farm.course.shares(drill.world.now)
    found = [
        (-s * f.course.rate_kg_s, f.course.name)
        for s, f in zip(shares, farm.flames, strict=True)
        if s > 0.0 and not f.course.jet
    ]
    return min(found)[1] if found else ""


def _area_m2(drill: Drill, fire: str) -> float:
    flame = next(f for f in farm_of(drill).flames if f.course.name == fire)
    return 0.25 * np.pi * flame.diameter_m**2


def shut_drains(drill: Drill, job: Job) -> Process:
    """Shut the rain-water valve, so that firewater goes to the basin."""
    world = drill.world
    yield world.wait(world.delay("shut-drain", job.task.by, job.where))
    event = change(drill, job, "drain", 0.0, "")
    world.become("drains-shut", 1.0, (event,))
    drill.duties.finish(job, done=True)


def withdraw(drill: Drill, job: Job) -> Process:
    """Get crews out: those of one's own house and of the bodies that know the signal.

    The signal stands for whoever comes later, until nothing is heated any more or it has burst, at
    most for `SIGNAL_S`.
    """
    world = drill.world
    yield world.wait(world.delay("withdraw", job.task.by))
    owners = drill.crews.owners(job.task.by, job.task.support)
    first = _in_danger(drill, owners)
    drill.duties.finish(job, done=True, withdrawn=[unit.name for unit in first])
    until_s, leaving = world.now + SIGNAL_S, set[str]()
    while not world.ended and world.now < until_s:
        out = [u for u in _in_danger(drill, owners) if u.name not in leaving]
        leaving |= {u.name for u in out}
        _drop_lines(out)
        yield world.wait(1.0)
        for unit in out:
            unit.busy = True
            world.start(_fall_back(drill, job, unit))
        if not farm_of(drill).heated(world.now):
            return
        yield world.wait(LOOK_S)


def _in_danger(drill: Drill, owners: set[str]) -> list[Unit]:
    """Give the units of some owners that stand near the fires."""
    source = farm_of(drill).source_xy
    return [
        u for u in drill.crews.units
        if u.resource.owner in owners and u.place != u.resource.home
        and float(np.hypot(u.x - source[0], u.y - source[1])) < DANGER_M
    ]  # fmt: skip


def _drop_lines(units: list[Unit]) -> None:
    """Stop the work of units, each piece of work once."""
    stopped: list[simpy.Process] = []
    for unit in units:
        if unit.process is not None and unit.process.is_alive and unit.process not in stopped:
            stopped.append(unit.process)
            unit.process.interrupt("withdraw")
        unit.process = None


def _fall_back(drill: Drill, job: Job, unit: Unit) -> Process:
    """Drive to the place named, and be free there."""
    yield from drill.crews.send(unit, job.where, job.task.verb, job.clause, (job.event,))
    drill.crews.free(unit, job.clause, (job.event,))
