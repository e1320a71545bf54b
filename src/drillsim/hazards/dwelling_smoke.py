"""Where the smoke of a residential fire goes: burning space, light well, stair and lobbies in time.

A `Course` is solved step by step and only as far as somebody asks. A change forks it: the past is
shared and stays as it was, the future is solved anew from the state at that time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from drillsim.data.room_fire import constant
from drillsim.hazards.dwelling import OPEN_SHARE, ResidentialFireSpec
from drillsim.hazards.dwelling_fire import (
    DOOR,
    SPANDREL_M,
    WELL_FLAME_M,
    WINDOW,
    Fire,
    FireState,
    TowerFire,
    fire_of,
)
from drillsim.hazards.weather import Weather
from drillsim.physics.design_fire import flame_height_m, plume_kg_s
from drillsim.physics.fire_spread import barrier_s
from drillsim.physics.stair_smoke import (
    Shaft,
    ShaftFlow,
    door_area_m2,
    mixed_step,
    shaft_flow,
    shaft_step,
)

Floats = NDArray[np.float64]

STEP_S, FLOWS_S = 30.0, 90.0
# Once the fire is out the smoke is carried in steps this many times as long, until it is thin.
SLOWER, THIN_KG_M3 = 3, 6.0e-6
AIR_KG_M3, CP_KJ_KGK, G = 1.2, 1.0, 9.81
CEILING_M, BURNING_KW_M2, DISCHARGE = 3.6, 500.0, 0.6
# soot, CO, CO2, HCN (kg/m3) and heat (kg/m3 times K above the room): what smoke is made of
SOOT, CO, CO2, HCN, HEAT = range(5)
GASES = slice(0, 4)
# Judged, with their ranges in `FIGURES` of the field.
LAYER_AT_DOOR = 0.5
WALL_LOSS_S = 90.0
FAN_KG_S = 8.0
LOBBY_AIR_PER_H = 1.5
CLEARING_S = 90.0
STAIR_LOSS = np.array([0.0, 0.0, 0.0, 0.0, 1.0 / WALL_LOSS_S])
WELL_S = 40.0
# Share of a burning flat's gas that leaves by its window once its door has burnt through.
OUT_OF_THE_WINDOW = 0.6
LEAST_HEAT_KW = 20.0
# Air of a flat on fire: 3 g/m3 soot, 1.2 % CO, 8 % CO2, some HCN, 500 K hotter (ours, unverified).
FLASHED = np.array([3.0e-3, 1.4e-2, 0.145, 3.0e-4, 500.0 * AIR_KG_M3])


@dataclass(frozen=True, slots=True)
class Controls:
    """What people have done to building and fire by now.

    `lpm` of water on the fire; `fans`, `power` and `gas` on or off; `foot`, `lobby` and `roof`
    shares of the doors that stand open; `traffic` the share of time that people hold doors open.
    """

    lpm: float = 0.0
    fans: bool = False
    power: bool = True
    gas: bool = False
    foot: float = 0.0
    lobby: float = 0.0
    roof: float = 0.0
    traffic: float = 0.0


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Fire and smoke at one time: `stair` and `lobby` (n, 5), `well` and `space` (5,)."""

    fire: FireState
    stair: Floats
    lobby: Floats
    well: Floats
    space: Floats
    broken_s: Floats


def first_controls(spec: ResidentialFireSpec) -> Controls:
    """Give the doors and the gas as the scenario leaves them."""
    house = spec.building
    door = OPEN_SHARE[house.stair_door]
    return Controls(
        gas=spec.gas,
        foot=door if spec.seat == "ground-floor" else 0.1,
        lobby=door if spec.seat == "flat" else 0.0,
        roof=OPEN_SHARE[house.roof_door],
    )


def _thickest(of: Snapshot) -> float:
    """Give the most soot anywhere, kg/m3."""
    return max(float(of.stair[:, SOOT].max()), float(of.lobby[:, SOOT].max()))


class Course:
    """The course of fire and smoke, solved as far as asked."""

    def __init__(self, spec: ResidentialFireSpec, weather: Weather) -> None:
        """Start at ignition with clean air."""
        self.spec, self.weather = spec, weather
        self.fire: Fire = fire_of(spec, weather.wind_speed, weather.wind_from)
        self.fuel = self.fire.of
        house = spec.building
        n = house.floors
        self.shafted = spec.seat != "row"
        self.shaft = Shaft(
            n, house.storey, house.stair_m2,
            top_m2=0.05 + 1.8 * OPEN_SHARE[house.roof_door],
            foot_m2=0.0 if spec.seat == "ground-floor" else 0.3,
        )  # fmt: skip
        clean = np.zeros((n, 5))
        first = Snapshot(
            self.fire.start(), clean, clean, np.zeros(5), np.zeros(5), np.full(n, np.inf)
        )
        self.states: list[Snapshot] = [first]
        self.controls: list[tuple[float, Controls]] = [(0.0, first_controls(spec))]
        self._flow: tuple[float, Controls, ShaftFlow] | None = None
        self._last: tuple[float, tuple[Snapshot, Snapshot, float]] | None = None

    def forked(self, controls: Controls, t_s: float) -> Course:
        """Give another course that is the same up to `t_s` and goes on under other controls."""
        other = object.__new__(Course)
        other.__dict__.update(self.__dict__)
        keep = math.ceil(max(t_s, 0.0) / STEP_S - 1e-9)
        self.reach(keep)
        other.states = self.states[: keep + 1]
        other.controls = [*self.controls, (keep * STEP_S, controls)]
        other._flow = other._last = None
        return other

    def reach(self, index: int) -> None:
        """Solve up to a step."""
        while len(self.states) <= index:
            self.states.append(self._step(len(self.states) - 1))

    def at(self, t_s: float) -> tuple[Snapshot, Snapshot, float]:
        """Give the states before and after a time, and the share of the way between them."""
        if self._last is not None and self._last[0] == t_s:
            return self._last[1]
        place = min(max(t_s, 0.0), self.spec.horizon) / STEP_S
        index = int(place)
        self.reach(index + 1)
        found = self.states[index], self.states[index + 1], place - index
        self._last = (t_s, found)
        return found

    def controls_at(self, t_s: float) -> Controls:
        """Give the controls that act from a time on."""
        return next(c for start, c in reversed(self.controls) if start <= t_s + 1e-6)

    # --- one step ---------------------------------------------------------------------------

    def _step(self, k: int) -> Snapshot:
        now, old = k * STEP_S, self.states[k]
        ctl = self.controls_at(now)
        fire = old.fire
        if not fire.out:
            fire = self.fire.step(old.fire, now, STEP_S, ctl.lpm, ctl.gas)
        if fire.out and k % SLOWER and self.shafted:
            return old if fire is old.fire else replace(old, fire=fire)
        made = self._made(fire)
        flats = self._flats_made(fire)
        space, gas_kg_s = self._space(old, made)
        well = self._well(old, made, flats)
        broken = self._broken(old, fire, now + STEP_S)
        if not self.shafted:
            lobby = old.lobby if fire is old.fire else self._houses(fire)
            return Snapshot(fire, old.stair, lobby, well, space, broken)
        clean = fire.total_kw < LEAST_HEAT_KW and _thickest(old) < THIN_KG_M3
        if clean:
            return Snapshot(fire, old.stair, old.lobby, well, space, broken)
        dt = STEP_S * SLOWER if fire.out else STEP_S
        into = self._into_lobbies(old, fire, flats, space, gas_kg_s)
        stair, lobby = self._building(old, ctl, now, space, well, into, dt)
        return Snapshot(fire, stair, lobby, well, space, broken)

    def _made(self, fire: FireState) -> Floats:
        """Give what the fire makes a second: products in kg, heat in kg K."""
        of = self.fuel
        if fire.out:
            return np.zeros(5)
        heat = fire.total_kw if self.spec.seat == "row" else fire.heat_kw[self._k]
        burnt = float(heat) / (of.heat_mj_kg * 1000.0)
        given = [of.soot, of.co_yield(self.fire.phi(fire)), of.co2, of.hcn]
        warm = (1.0 - of.radiant_share) * float(heat) / CP_KJ_KGK
        return np.array([*(burnt * share for share in given), warm])

    @property
    def _k(self) -> int:
        return self.spec.floor - 1

    def _flats_made(self, fire: FireState) -> tuple[Floats, Floats] | None:
        """Give what burning flats over a ground-floor fire make, (n, 5), and their gas, (n,)."""
        if not isinstance(self.fire, TowerFire) or not fire.heat_kw[1:].any():
            return None
        n = fire.heat_kw.size
        made = np.zeros((n, 5))
        on = np.flatnonzero(fire.heat_kw[1:] > 0.0) + 1
        flats = self.fire.flats
        of = flats.of
        heat = np.zeros(n)
        heat[on] = fire.heat_kw[on]
        burnt = heat[on] / (of.heat_mj_kg * 1000.0)
        wanted = flats.alpha_kw_s2 * np.maximum(fire.age_s[on], 0.0) ** 2
        short = np.clip(wanted / flats.cap_kw, 0.1, constant("fuel-excess"))
        made[on, SOOT], made[on, CO2], made[on, HCN] = (
            burnt * of.soot,
            burnt * of.co2,
            burnt * of.hcn,
        )
        made[on, CO] = burnt * [of.co_yield(float(phi)) for phi in short]
        made[on, HEAT] = (1.0 - of.radiant_share) * heat[on] / CP_KJ_KGK
        factor = WINDOW.factor_m52 + DOOR.factor_m52
        return made, 0.5 * factor * np.minimum(heat / 3000.0, 1.0) ** (1 / 3)

    def _space(self, old: Snapshot, made: Floats) -> tuple[Floats, float]:
        """Give the smoke of the burning space by m3 of cooled gas, and how much gas leaves it."""
        heat = float(made[HEAT]) / max(1.0 - self.fuel.radiant_share, 1e-6)
        if self.spec.seat == "flat":
            factor = WINDOW.factor_m52 + DOOR.factor_m52
            gas = 0.5 * factor * min(heat / 3000.0, 1.0) ** (1 / 3)
        else:
            wide = math.sqrt(4.0 * max(heat, 1.0) / BURNING_KW_M2 / math.pi)
            gas = plume_kg_s(heat, CEILING_M, wide, self.fuel.radiant_share)
        target = made / gas * AIR_KG_M3 if gas > 1e-3 else np.zeros(5)
        target[HEAT] = min(target[HEAT], 900.0 * AIR_KG_M3)
        near = -math.expm1(-STEP_S / CLEARING_S)
        return old.space + near * (target - old.space), gas

    def _well(self, old: Snapshot, made: Floats, flats: tuple[Floats, Floats] | None) -> Floats:
        """Give the smoke of the light well: a chimney as hot as the plume it draws makes it."""
        house = self.spec.building
        if house.well_side <= 0.0 or house.to_well <= 0.0:
            return old.well
        made = made * house.to_well
        if flats is not None:
            made += flats[0].sum(axis=0) * OUT_OF_THE_WINDOW
        area = house.well_side**2
        cold = self.weather.temperature
        buoyant = 2.0 * G * house.height_m * float(made[HEAT]) / cold
        drawn = ((DISCHARGE * area * AIR_KG_M3) ** 2 * buoyant) ** (1 / 3)
        drawn = max(drawn, 0.3 * area * AIR_KG_M3)
        target = made / drawn * AIR_KG_M3
        return np.asarray(old.well - math.expm1(-STEP_S / WELL_S) * (target - old.well))

    def _broken(self, old: Snapshot, fire: FireState, now: float) -> Floats:
        """Give when the windows over the fire break: where its flames stand before them a while."""
        house = self.spec.building
        if self.spec.seat == "row" or not fire.heat_kw.any():
            return old.broken_s
        bathed = fire.heat_kw > 1500.0
        if self.spec.seat == "ground-floor":
            heat = float(fire.heat_kw[0]) * house.to_well
            tall = float(flame_height_m(heat, WELL_FLAME_M)) if heat > 0.0 else 0.0
            bathed |= np.arange(house.floors) * house.storey + SPANDREL_M < tall
            bathed[0] = False
        fresh = bathed & ~np.isfinite(old.broken_s)
        return np.where(fresh, now + barrier_s("window"), old.broken_s)

    def _houses(self, fire: FireState) -> Floats:
        """Give the smoke of each house of a row: its own fire's, as thick as its openings let."""
        cells = fire.heat_kw / max(getattr(self.fire, "cap_kw", 1.0), 1.0)
        of = self.fuel
        gas = 0.5 * (WINDOW.factor_m52 + DOOR.factor_m52)
        burnt = np.minimum(fire.heat_kw, 6000.0) / (of.heat_mj_kg * 1000.0)
        given = np.array([of.soot, of.co_yield(1.2), of.co2, of.hcn])
        out = np.zeros((fire.heat_kw.size, 5))
        out[:, GASES] = burnt[:, None] * given / gas * AIR_KG_M3
        out[:, HEAT] = np.minimum(cells, 1.0) * 600.0 * AIR_KG_M3
        return out

    def _into_lobbies(
        self, old: Snapshot, fire: FireState, flats: tuple[Floats, Floats] | None,
        space: Floats, gas: float,
    ) -> tuple[Floats, Floats]:  # fmt: skip
        """Give what fires bring into the lobbies, (n, 5), and the air that comes with it, (n,)."""
        n = self.spec.building.floors
        made, air = np.zeros((n, 5)), np.zeros(n)
        if flats is not None:
            door = np.where(fire.age_s > barrier_s("steel-door"), 1.0 - OUT_OF_THE_WINDOW, 0.03)
            made, air = flats[0] * door[:, None], flats[1] * door / AIR_KG_M3
        if self.spec.seat == "flat":
            entering = self._into_lobby(old, gas)
            made[self._k], air[self._k] = space * entering, entering
        return made, air

    def _building(
        self, old: Snapshot, ctl: Controls, now: float, space: Floats, well: Floats,
        into: tuple[Floats, Floats], dt: float,
    ) -> tuple[Floats, Floats]:  # fmt: skip
        """Carry stair and lobbies over a step."""
        house, ground = self.spec.building, self.spec.seat == "ground-floor"
        lobby_m3 = house.lobby_m3
        warm = old.stair[:, HEAT] / AIR_KG_M3
        stair_k = self.spec.indoor + np.minimum(warm, 300.0)
        flow = self._flows(ctl, now, stair_k)
        beyond = old.lobby
        if ground:
            beyond = beyond.copy()
            beyond[0] = LAYER_AT_DOOR * space
        stair = shaft_step(self.shaft, old.stair, beyond, flow, stair_k, dt, STAIR_LOSS)
        from_stair = (np.maximum(flow.out_kg_s, 0.0) + flow.swap_kg_s) / AIR_KG_M3
        aired = LOBBY_AIR_PER_H / 3600.0 * lobby_m3 + np.maximum(-flow.out_kg_s, 0.0) / AIR_KG_M3
        made, air = into
        aired += air
        made[:, HEAT] -= old.lobby[:, HEAT] * lobby_m3 * -math.expm1(-1 / WALL_LOSS_S)
        total = from_stair + aired
        mixed = (from_stair[:, None] * stair + aired[:, None] * well) / total[:, None]
        lobby = mixed_step(old.lobby, np.full(house.floors, lobby_m3), made, total, dt, mixed)
        if ground:
            lobby[0] = LAYER_AT_DOOR * space
        return stair, np.maximum(lobby, 0.0)

    def _into_lobby(self, old: Snapshot, gas: float) -> float:
        """Give how much hot gas of the burning flat enters its lobby, m3/s (cooled)."""
        house = self.spec.building
        share = OPEN_SHARE[house.flat_door]
        if share <= 0.0:
            return 0.05 if gas > 0.01 else 0.0
        window = np.isfinite(old.broken_s[self._k])
        part = DOOR.factor_m52 / (DOOR.factor_m52 + (WINDOW.factor_m52 if window else 0.0))
        return gas * part * share / AIR_KG_M3

    def _flows(self, ctl: Controls, now: float, stair_k: Floats) -> ShaftFlow:
        kept = self._flow
        if kept is not None and kept[1] == ctl and now - kept[0] < FLOWS_S:
            return kept[2]
        house = self.spec.building
        doors = door_area_m2(np.full(house.floors, min(ctl.traffic, 1.0)))
        if self.spec.seat == "ground-floor":
            doors[0] = float(door_area_m2(max(ctl.foot, min(ctl.traffic * 3.0, 1.0))))
        else:
            doors[self._k] = float(door_area_m2(max(ctl.lobby, ctl.traffic)))
        fan = FAN_KG_S / house.floors if ctl.fans and ctl.power else 0.0
        shaft = replace(self.shaft, top_m2=0.05 + 1.8 * ctl.roof)
        flow = shaft_flow(shaft, doors, stair_k, self.weather.temperature, supply_kg_s=fan)
        self._flow = (now, ctl, flow)
        return flow
