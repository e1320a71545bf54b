"""The fire itself: bicycles, flats one above the other, or houses in a row, and water on them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from drillsim.data.room_fire import constant, room_fire
from drillsim.hazards.dwelling import ResidentialFireSpec
from drillsim.physics.design_fire import (
    DesignFire,
    Fuel,
    Opening,
    burn_step,
    flame_height_m,
    fuel,
    group_kw,
    growth_alpha_kw_s2,
    item_fire,
    opening_factor_m52,
    ventilation_limit_kw,
)
from drillsim.physics.fire_attack import needed_flow_lpm, suppressed_kw
from drillsim.physics.fire_spread import house_delays_s, item_ignitions_s, window_flame_m

Floats = NDArray[np.float64]

WINDOW = Opening(1.8, 1.5, 0.9)
DOOR = Opening(0.9, 2.0)
SPANDREL_M = 1.2
# The fire under a light well counts as this wide there; sills stand this far over their floors.
WELL_FLAME_M, SILL_M = 3.0, 0.9
# A fire under water that gives less than this is out (ours).
OUT_KW = 30.0
# A gas ring with a burst hose (judgement, 40 to 150 kW).
GAS_KW = 80.0
# A cell spreads to its neighbours while it gives this share of its peak (ours).
SPREADS_AT = 0.3
# A cell whose `reached` stands here has been put out for good; crews give a fire this many times
# the water that takes up its heat before they turn to the next (ours).
BEATEN, STAND = 2.0, 1.5


@dataclass(frozen=True, eq=False)
class FireState:
    """Every burning cell at one time: arrays (n,). `age_s` negative: not alight yet.

    `reached` is the share of the way to ignition that a neighbour's fire has brought it; `BEATEN`
    for a cell that has been put out.
    """

    age_s: Floats
    heat_kw: Floats
    burnt_mj: Floats
    reached: Floats
    out: bool = False

    @cached_property
    def total_kw(self) -> float:
        """Give the heat release of all cells, kW."""
        return float(self.heat_kw.sum())

    @cached_property
    def alight(self) -> NDArray[np.bool_]:
        """Tell which cells have caught fire so far."""
        return np.asarray(self.age_s >= 0.0)


class Fire(Protocol):
    """What burns: its fuel, its cells, and how a step changes them."""

    @property
    def of(self) -> Fuel:
        """Give its fuel."""

    def start(self) -> FireState:
        """Give the state at ignition."""

    def step(self, state: FireState, t_s: float, dt_s: float, lpm: float, gas: bool) -> FireState:
        """Carry the fire over a step with `lpm` litres of water a minute on it."""

    def phi(self, state: FireState) -> float:
        """Give how much fuel there is for the air, as an equivalence ratio."""


@cache
def _ignitions(bikes: int, spacing_m: float, horizon_s: float) -> tuple[float, ...]:
    """Give when each bicycle of two parked rows catches fire after the one in the middle."""
    half = (bikes + 1) // 2
    rows = np.array([[k % half * spacing_m, k // half * 2.2] for k in range(bikes)])
    found = item_ignitions_s(rows, half // 2, item_fire("e-bike"), horizon_s=horizon_s)
    return tuple(float(t) for t in found)


@dataclass(frozen=True)
class BikeFire:
    """Electric bicycles under an open ground floor, one lighting the next."""

    bikes: int
    spacing_m: float
    horizon_s: float

    @property
    def of(self) -> Fuel:
        """Give its fuel."""
        return fuel("e-bike")

    def start(self) -> FireState:
        """Give one cell for all of them."""
        none = np.zeros(1)
        return FireState(none, none, none, none)

    def free_kw(self, t_s: float) -> float:
        """Give what they would give off if nobody acted, kW."""
        return float(group_kw(self._item, self._starts_s, np.array([t_s]))[0])

    @cached_property
    def end_s(self) -> float:
        """Give when the last of them has burnt out if nobody acts, s."""
        return float(self._starts_s.max()) + self._item.end_s

    @cached_property
    def _item(self) -> DesignFire:
        return item_fire("e-bike")

    @cached_property
    def _starts_s(self) -> Floats:
        """When each bicycle that ever burns catches fire."""
        found = _ignitions(self.bikes, self.spacing_m, min(self.horizon_s, 5400.0))
        return np.array([t for t in found if math.isfinite(t)])

    def step(self, state: FireState, t_s: float, dt_s: float, lpm: float, gas: bool) -> FireState:
        """Carry it on; water takes heat away, and what is out stays out."""
        del gas
        heat = np.zeros(1)
        if not state.out:
            free = np.array([self.free_kw(t_s + dt_s)])
            heat = suppressed_kw(np.maximum(state.heat_kw, 1.0), free, np.array([lpm]), dt_s)
        spent = t_s > self.end_s
        out = state.out or spent or _out(float(heat[0]), lpm, t_s)
        burnt = state.burnt_mj + heat * dt_s / 1000.0
        return FireState(state.age_s + dt_s, heat * (not out), burnt, state.reached, out)

    def phi(self, state: FireState) -> float:
        """Give a low ratio: the ground floor is open to the air all round."""
        del state
        return 0.3


def _stand(state: FireState, lpm: float) -> Floats:
    """Share the water: crews make their stand at the latest fires and work back from there."""
    need = STAND * np.asarray(needed_flow_lpm(state.heat_kw))
    order = np.argsort(np.where(state.alight, state.age_s, np.inf), kind="stable")
    before = np.concatenate([[0.0], np.cumsum(need[order])[:-1]])
    flow = np.zeros_like(need)
    flow[order] = np.clip(lpm - before, 0.0, need[order])
    spare = max(lpm - float(flow.sum()), 0.0)
    return flow + spare * state.heat_kw / max(state.total_kw, 1e-9)


@dataclass(frozen=True, eq=False)
class CellFire:
    """Flats one above another, or houses of a row: `delay_s` (n, n) from cell to cell."""

    alpha_kw_s2: float
    cap_kw: float
    fuel_mj: float
    seat: int
    delay_s: Floats
    of: Fuel

    def start(self) -> FireState:
        """Light the seat."""
        n = len(self.delay_s)
        age = np.full(n, -1.0)
        age[self.seat] = 0.0
        return FireState(age, np.zeros(n), np.zeros(n), np.zeros(n))

    def step(self, state: FireState, t_s: float, dt_s: float, lpm: float, gas: bool) -> FireState:
        """Grow, spread, and share the water by heat."""
        alight = state.alight
        free, _ = burn_step(
            state.age_s, state.burnt_mj, dt_s, self.alpha_kw_s2, self.cap_kw, self.fuel_mj
        )
        free = np.where(alight, free, 0.0)
        beaten = alight & (state.reached >= BEATEN)
        held = suppressed_kw(state.heat_kw, free, _stand(state, lpm), dt_s) if lpm > 0.0 else free
        heat = np.where(alight & ~beaten, held, 0.0)
        beaten |= alight & (lpm > 0.0) & (heat < OUT_KW) & (state.age_s > dt_s)
        if gas:
            heat[self.seat] = max(heat[self.seat], min(GAS_KW, self.cap_kw))
        spent = bool((state.burnt_mj[alight] > 0.97 * self.fuel_mj).all())
        out = state.out or (not gas and (spent or _out(float(heat.sum()), lpm, t_s)))
        if out:
            heat = np.zeros_like(heat)
        burns = heat >= SPREADS_AT * self.cap_kw
        rate = (1.0 / self.delay_s[burns]).max(axis=0, initial=0.0)
        reached = np.minimum(state.reached + np.where(alight, 0.0, rate * dt_s), 1.0)
        age = np.where(alight, state.age_s + dt_s, np.where(reached >= 1.0, 0.0, -1.0))
        reached = np.where(beaten, BEATEN, reached)
        return FireState(age, heat, state.burnt_mj + heat * dt_s / 1000.0, reached, out)

    def phi(self, state: FireState) -> float:
        """Give it from what the seat asks for against what its air can burn."""
        wanted = self.alpha_kw_s2 * max(float(state.age_s[self.seat]), 0.0) ** 2
        return min(max(wanted / self.cap_kw, 0.1), constant("fuel-excess"))


@dataclass(frozen=True, eq=False)
class TowerFire:
    """Bicycles under a tower (cell 0) and the flats whose windows their flames reach (by floor).

    A flat catches fire when flames have stood before its window for the time that a facade takes
    from storey to storey; from then on it burns, and spreads, like any flat.
    """

    bikes: BikeFire
    flats: CellFire
    storey_m: float
    well_share: float

    @property
    def of(self) -> Fuel:
        """Give the fuel of the bicycles."""
        return self.bikes.of

    @cached_property
    def _above(self) -> CellFire:
        """The flats over the open ground floor, as a fire of their own."""
        return replace(self.flats, seat=0, delay_s=self.flats.delay_s[1:, 1:])

    def start(self) -> FireState:
        """Light the first bicycle; no flat burns."""
        n = len(self.flats.delay_s)
        age = np.full(n, -1.0)
        age[0] = 0.0
        return FireState(age, np.zeros(n), np.zeros(n), np.zeros(n))

    def step(self, state: FireState, t_s: float, dt_s: float, lpm: float, gas: bool) -> FireState:
        """Carry both on; water is shared by heat."""
        del gas
        n = state.heat_kw.size
        share = state.heat_kw / max(state.total_kw, 1e-9)
        spent = bool(state.heat_kw[0] <= 0.0 and state.burnt_mj[0] > 1.0)
        below = replace(_cells(state, slice(0, 1)), out=spent)
        under = self.bikes.step(below, t_s, dt_s, lpm * float(share[0]), gas=False)
        flats = _cells(state, slice(1, None))
        above = self._above.step(flats, t_s, dt_s, lpm * float(share[1:].sum()), gas=False)
        tall = float(flame_height_m(float(under.heat_kw[0]) * self.well_share, WELL_FLAME_M))
        sill = np.arange(1, n) * self.storey_m + SILL_M
        bathed = (sill < tall) & ~above.alight
        reached = above.reached + bathed * dt_s / constant("facade-storey-s")
        reached = np.where(above.reached >= BEATEN, BEATEN, np.minimum(reached, 1.0))
        age = np.where(above.alight | (reached < 1.0), above.age_s, 0.0)
        over = bool((above.heat_kw <= OUT_KW).all())
        out = state.out or (
            under.out and over and not ((age >= 0.0) & (above.burnt_mj < 1.0)).any()
        )
        heat = np.concatenate([under.heat_kw, above.heat_kw])
        return FireState(
            np.concatenate([under.age_s, age]), np.zeros(n) if out else heat,
            np.concatenate([under.burnt_mj, above.burnt_mj]),
            np.concatenate([under.reached, reached]), out,
        )  # fmt: skip

    def phi(self, state: FireState) -> float:
        """Give that of the bicycles."""
        return self.bikes.phi(state)


def _cells(state: FireState, part: slice) -> FireState:
    """Give some of the cells as a fire of their own."""
    return FireState(
        state.age_s[part], state.heat_kw[part], state.burnt_mj[part], state.reached[part]
    )


def _out(heat_kw: float, lpm: float, t_s: float) -> bool:
    return lpm > 0.0 and heat_kw < OUT_KW and t_s > 0.0


def fire_of(spec: ResidentialFireSpec, wind_mps: float, wind_from_deg: float) -> Fire:
    """Give the fire of a spec in a wind."""
    house = spec.building
    loads = room_fire().fuel_load_mj_m2
    area = house.flat_side**2
    alpha = growth_alpha_kw_s2(spec.growth)
    if spec.seat == "row":
        side = house.flat_side
        spots = np.array(
            [
                [k // 2 * (side + house.gap), k % 2 * (side + house.lane)]
                for k in range(house.floors)
            ]
        )
        delay = house_delays_s(spots, side, wind_mps, (wind_from_deg + 180.0) % 360.0)
        cap = constant("dwelling-kw-m2") * area
        load = loads["let-room"].value * area
        return CellFire(alpha, cap, load, spec.floor - 1, delay, fuel("wood"))
    # one room of the flat burns at a time through a window and a door: ventilation holds it
    factor = opening_factor_m52((WINDOW, DOOR) if house.flat_door == "open" else (WINDOW,))
    cap = min(float(ventilation_limit_kw(factor)), constant("dwelling-kw-m2") * area)
    load = loads["dwelling"].value * area
    bikes = BikeFire(spec.bikes, spec.spacing, spec.horizon)
    flame = float(window_flame_m(cap, WINDOW.width_m, WINDOW.height_m))
    delay = np.full((house.floors, house.floors), np.inf)
    if flame >= SPANDREL_M:
        for k in range(house.floors - 1):
            delay[k, k + 1] = constant("facade-storey-s")
    flats = CellFire(alpha, cap, load, spec.floor - 1, delay, fuel("dwelling"))
    if spec.seat == "ground-floor":
        return TowerFire(bikes, flats, house.storey, house.to_well)
    return flats


__all__ = ["BikeFire", "CellFire", "DesignFire", "Fire", "FireState", "TowerFire", "fire_of"]
