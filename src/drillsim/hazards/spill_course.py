"""Where the liquid of a split road tank goes: tank, deck, street, drain, canal, air, flame.

A balance of masses on a fixed time grid. A change of the controls at a time leaves everything up
to that time as it was and works out the rest anew; no mass appears or is lost.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEP_S, HORIZON_S = 20.0, 14_400.0
KNOTS = int(HORIZON_S / STEP_S) + 1
# It is worked out so many knots ahead at a time.
AHEAD = 12
STORES = ("tank", "deck", "street", "sewer", "canal", "air", "burnt", "taken", "recovered")


@dataclass(frozen=True, slots=True)
class SpillData:
    """What does not change: the tank, the ways of the liquid and the fuel, all SI.

    `leak_kg_s` and `split_kg_s`: outflow of the full tank through the hole and through the split
    that opens at `split_s` (inf: never). `deck_m2`, `street_m2`: most a pool can cover. `deck_s`,
    `street_s`: mean stay on the deck before the downpipes and on the street before the gullies;
    `sewer_s`: travel from the gullies to the outfall. `water_limit`: share of fuel by mass below
    which a mixture with water does not burn (0 for fuels that do not mix). `evaporation` and
    `burning`: kg/m2/s. Flushing shortens both stays by `flush_speed`.
    """

    mass_kg: float
    start_s: float
    leak_kg_s: float
    split_s: float
    split_kg_s: float
    density_kg_m3: float
    film_m: float
    deck_m2: float
    street_m2: float
    deck_s: float
    street_s: float
    sewer_s: float
    water_limit: float
    evaporation_kg_m2s: float
    burning_kg_m2s: float
    flush_speed: float = 3.0


@dataclass(frozen=True, slots=True)
class Controls:
    """What people (and chance) have done so far.

    `leak`: share of the outflow left; `deck` and `street`: share of the downpipes and of the
    gullies that still take liquid; `outfall`: whether the drain's mouth is open; `foam`: share of
    evaporation and burning left under the foam; `water_kg_s`: flushing; `burning`: alight.
    """

    leak: float = 1.0
    deck: float = 1.0
    street: float = 1.0
    outfall: bool = True
    foam: float = 1.0
    water_kg_s: float = 0.0
    burning: bool = False


Row = tuple[float, ...]


@dataclass(frozen=True, eq=False)
class SpillCourse:
    """The masses at the knots of the grid, worked out only as far as somebody asks.

    By knot: `rows` the masses (kg) of `STORES`, `waters` what of the flushing lies on deck and
    street, `lit` whether it burns, `entered` what has come to the sewer so far; `cover` (knots,)
    is the share of each pool that the foam leaves bare. Between knots masses go in a line.
    """

    data: SpillData
    controls: Controls
    rows: list[Row]
    waters: list[tuple[float, float]]
    lit: list[bool]
    cover: Floats
    entered: list[float] = field(repr=False)

    @classmethod
    def of(cls, data: SpillData) -> SpillCourse:
        """Give the course if nobody acts and nothing ignites."""
        start = (data.mass_kg, *(0.0 for _ in STORES[1:]))
        return cls(data, Controls(), [start], [(0.0, 0.0)], [False], np.ones(KNOTS), [0.0])

    # --- all of it --------------------------------------------------------------------------

    @cached_property
    def mass(self) -> Floats:
        """Give the masses of all stores at all knots, (stores, knots) kg."""
        self.reach(KNOTS - 1)
        return np.array(self.rows).T

    @cached_property
    def water(self) -> Floats:
        """Give the water on deck and street at all knots, (2, knots) kg."""
        self.reach(KNOTS - 1)
        return np.array(self.waters).T

    @cached_property
    def alight(self) -> NDArray[np.bool_]:
        """Tell at which knots it burns, (knots,)."""
        self.reach(KNOTS - 1)
        return np.array(self.lit, dtype=bool)

    def reach(self, knot: int) -> None:
        """Work it out up to a knot at least."""
        if knot >= len(self.rows):
            _integrate(self, min(max(knot, len(self.rows) + AHEAD), KNOTS - 1))

    # --- at one time ------------------------------------------------------------------------

    def store(self, name: str, t_s: float) -> float:
        """Give the mass in a store at a drill time, kg."""
        store, t_s = STORES.index(name), min(max(t_s, 0.0), HORIZON_S)
        k = min(int(t_s / STEP_S), KNOTS - 2)
        if STEP_S * k > t_s:  # a time just under a knot may come out as the knot
            k -= 1
        self.reach(k + 1)
        first, last, past = self.rows[k][store], self.rows[k + 1][store], t_s - STEP_S * k
        return (last - first) / STEP_S * past + first if past < STEP_S else last

    def pool(self, where: int, knot: int) -> tuple[float, float]:
        """Give liquid and water on the deck (0) or the street (1) at a knot, kg."""
        self.reach(knot)
        return self.rows[knot][1 + where], self.waters[knot][where]

    def area_m2(self, where: int, knot: int) -> float:
        """Give the bare area of the pool on the deck (0) or the street (1) at a knot, m2."""
        return pool_area_m2(self.data, where, *self.pool(where, knot)) * float(self.cover[knot])

    def lit_at(self, knot: int) -> bool:
        """Tell whether anything is alight at a knot (the last one for later ones)."""
        knot = min(knot, KNOTS - 1)
        self.reach(knot)
        return self.lit[knot]

    def burns(self, where: int, knot: int) -> bool:
        """Tell whether the pool on the deck (0) or the street (1) is alight at a knot."""
        return self.lit_at(knot) and flammable(self.data, *self.pool(where, knot))

    # --- changes ----------------------------------------------------------------------------

    def changed(self, controls: Controls, t_s: float) -> SpillCourse:
        """Give the course with other controls from the first knot after a time on."""
        first = knot_after(t_s)
        if first >= KNOTS - 1:
            return self
        self.reach(first)
        cover, lit = self.cover.copy(), self.lit[: first + 1]
        cover[first:] = controls.foam
        if controls.burning and not lit[first]:
            lit[first] = self.data.burning_kg_m2s > 0.0
        if not controls.burning:
            lit[first] = False
        rows, waters = self.rows[: first + 1], self.waters[: first + 1]
        entered = self.entered[: first + 1]
        return SpillCourse(self.data, controls, rows, waters, lit, cover, entered)

    def emptied(self, t_s: float) -> SpillCourse:
        """Give the course with what is left in the tank taken away from a time on."""
        new = self.changed(self.controls, t_s)
        if new is not self:
            tank, *others, taken, recovered = new.rows[-1]
            new.rows[-1] = (0.0, *others, taken + tank, recovered)
        return new

    def sucked_up(self, t_s: float) -> SpillCourse:
        """Give the course with the pools of deck and street taken away from a time on."""
        new = self.changed(self.controls, t_s)
        if new is not self:
            tank, deck, street, *others, recovered = new.rows[-1]
            new.rows[-1] = (tank, 0.0, 0.0, *others, recovered + (deck + street))
            new.waters[-1] = (0.0, 0.0)
        return new


def knot_after(t_s: float) -> int:
    """Give the first knot after a drill time."""
    return max(int(t_s / STEP_S + 1e-9), 0) + 1


def pool_area_m2(data: SpillData, where: int, fuel_kg: float, water_kg: float) -> float:
    """Give the area of a pool, m2: its volume over the film, at most what the place can hold."""
    volume = fuel_kg / data.density_kg_m3 + water_kg / 1000.0
    return min(volume / data.film_m, data.deck_m2 if where == 0 else data.street_m2)


def flammable(data: SpillData, fuel_kg: float, water_kg: float) -> bool:
    """Tell whether a pool can burn: enough fuel, and not thinned below the limit."""
    return fuel_kg > 1.0 and fuel_kg >= data.water_limit * (fuel_kg + water_kg)


def outflow_kg_s(data: SpillData, tank_kg: float, t_s: float, leak: float) -> float:
    """Give the outflow from the tank, kg/s: Torricelli with the head falling as it empties."""
    if t_s < data.start_s or tank_kg <= 0.0:
        return 0.0
    full = data.split_kg_s if t_s >= data.split_s else data.leak_kg_s
    return leak * full * math.sqrt(tank_kg / data.mass_kg)


def _integrate(course: SpillCourse, last: int) -> None:
    """Fill the knots up to `last`, explicitly; every flow is at most what is there.

    Plain numbers in lists: this loop is run again at every change of a run.
    """
    data, controls, entered = course.data, course.controls, course.entered
    tank, deck, street, sewer, canal, air, burnt, *rest = course.rows[-1]
    wet, wet_street = course.waters[-1]
    alight, lag = course.lit[-1], round(data.sewer_s / STEP_S)
    quick = data.flush_speed if controls.water_kg_s > 0.0 else 1.0
    down = -math.expm1(-STEP_S * quick * controls.deck / data.deck_s)
    away = -math.expm1(-STEP_S * quick * controls.street / data.street_s)
    foam, outfall, washed = controls.foam, controls.outfall, controls.water_kg_s * STEP_S
    for k in range(len(course.rows) - 1, last):
        if tank > 0.0:
            out = min(outflow_kg_s(data, tank, k * STEP_S, controls.leak) * STEP_S, tank)
            tank -= out
            deck += out
        wet += washed
        if deck > 0.0:
            gone, fire = _lost(data, data.deck_m2, deck, wet, alight, foam)
            deck, air, burnt = deck - gone - fire, air + gone, burnt + fire
        if street > 0.0:
            gone, fire = _lost(data, data.street_m2, street, wet_street, alight, foam)
            street, air, burnt = street - gone - fire, air + gone, burnt + fire
        fell, fell_wet = deck * down, wet * down
        ran, ran_wet = street * away, wet_street * away
        deck, wet = deck - fell, wet - fell_wet
        street, wet_street = street + fell - ran, wet_street + fell_wet - ran_wet
        sewer += ran
        entered.append(entered[k] + ran)
        if outfall and k + 1 - lag > 0:
            came = min(entered[k + 1 - lag] - entered[max(k - lag, 0)], sewer)
            sewer, canal = sewer - came, canal + came
        alight = alight and (flammable(data, deck, wet) or flammable(data, street, wet_street))
        course.rows.append((tank, deck, street, sewer, canal, air, burnt, *rest))
        course.waters.append((wet, wet_street))
        course.lit.append(alight)


def _lost(
    data: SpillData, most_m2: float, fuel: float, water: float, alight: bool, bare: float
) -> tuple[float, float]:
    """Give what a pool of at most `most_m2` loses in a step to air and flame, kg.

    A mixture gives off and burns its share of fuel (Raoult). The area is that of `pool_area_m2`.
    """
    area = (fuel / data.density_kg_m3 + water / 1000.0) / data.film_m
    area = min(area, most_m2)
    area = area * bare * fuel / (fuel + water)
    gone = data.evaporation_kg_m2s * area * STEP_S
    gone = min(gone, fuel)
    if not (alight and flammable(data, fuel - gone, water)):
        return gone, 0.0
    return gone, min(data.burning_kg_m2s * area * STEP_S, fuel - gone)
