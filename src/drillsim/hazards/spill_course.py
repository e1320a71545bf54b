"""Where the liquid of a split road tank goes: tank, deck, street, drain, canal, air, flame.

A balance of masses on a fixed time grid. A change of the controls at a time leaves everything up
to that time as it was and works out the rest anew; no mass appears or is lost.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEP_S, HORIZON_S = 20.0, 14_400.0
KNOTS = int(HORIZON_S / STEP_S) + 1
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


@dataclass(frozen=True, eq=False)
class SpillCourse:
    """The masses (kg) at the knots of the grid: `mass` (stores, knots), `water` (2, knots).

    `water` is what of the flushing lies on deck and street. `alight` tells at which knots it
    burns, `cover` what share of each pool the foam leaves bare. Between knots masses go in a line.
    """

    data: SpillData
    controls: Controls
    mass: Floats
    water: Floats
    alight: NDArray[np.bool_]
    cover: Floats
    entered: Floats = field(repr=False)

    @classmethod
    def of(cls, data: SpillData) -> SpillCourse:
        """Give the course if nobody acts and nothing ignites."""
        course = cls(
            data, Controls(), np.zeros((len(STORES), KNOTS)), np.zeros((2, KNOTS)),
            np.zeros(KNOTS, dtype=bool), np.ones(KNOTS), np.zeros(KNOTS),
        )  # fmt: skip
        course.mass[0, 0] = data.mass_kg
        _integrate(course, 0)
        return course

    def changed(self, controls: Controls, t_s: float) -> SpillCourse:
        """Give the course with other controls from the first knot after a time on."""
        first = knot_after(t_s)
        if first >= KNOTS - 1:
            return self
        new = replace(
            self, controls=controls, mass=self.mass.copy(), water=self.water.copy(),
            alight=self.alight.copy(), cover=self.cover.copy(), entered=self.entered.copy(),
        )  # fmt: skip
        new.cover[first:] = controls.foam
        if controls.burning and not self.alight[first]:
            new.alight[first] = self.data.burning_kg_m2s > 0.0
        if not controls.burning:
            new.alight[first] = False
        _integrate(new, first)
        return new

    def store(self, name: str, t_s: float) -> float:
        """Give the mass in a store at a drill time, kg."""
        row = self.mass[STORES.index(name)]
        return float(np.interp(t_s, STEP_S * np.arange(KNOTS), row))

    def emptied(self, t_s: float) -> SpillCourse:
        """Give the course with what is left in the tank taken away from a time on."""
        first = knot_after(t_s)
        new = self.changed(self.controls, t_s)
        if new is self:
            return self
        new.mass[7, first] += new.mass[0, first]
        new.mass[0, first] = 0.0
        _integrate(new, first)
        return new

    def sucked_up(self, t_s: float) -> SpillCourse:
        """Give the course with the pools of deck and street taken away from a time on."""
        first = knot_after(t_s)
        new = self.changed(self.controls, t_s)
        if new is self:
            return self
        new.mass[8, first] += new.mass[1, first] + new.mass[2, first]
        new.mass[1:3, first] = 0.0
        new.water[:, first] = 0.0
        _integrate(new, first)
        return new

    def area_m2(self, where: int, knot: int) -> float:
        """Give the bare area of the pool on the deck (0) or the street (1) at a knot, m2."""
        fuel, water = float(self.mass[1 + where, knot]), float(self.water[where, knot])
        return pool_area_m2(self.data, where, fuel, water) * float(self.cover[knot])

    def burns(self, where: int, knot: int) -> bool:
        """Tell whether the pool on the deck (0) or the street (1) is alight at a knot."""
        fuel, water = float(self.mass[1 + where, knot]), float(self.water[where, knot])
        return bool(self.alight[knot]) and flammable(self.data, fuel, water)


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


def _integrate(course: SpillCourse, first: int) -> None:
    """Fill the knots after `first` from it, explicitly; every flow is at most what is there.

    Plain numbers in lists: this loop is run again at every change of a run.
    """
    data, controls = course.data, course.controls
    tank, deck, street, sewer, canal, air, burnt, *rest = course.mass[:, first].tolist()
    wet, wet_street = course.water[:, first].tolist()
    alight, lag = bool(course.alight[first]), round(data.sewer_s / STEP_S)
    entered: list[float] = course.entered[: first + 1].tolist()
    quick = data.flush_speed if controls.water_kg_s > 0.0 else 1.0
    down = -math.expm1(-STEP_S * quick * controls.deck / data.deck_s)
    away = -math.expm1(-STEP_S * quick * controls.street / data.street_s)
    masses, waters, lit = [], [], []
    for k in range(first, KNOTS - 1):
        out = min(outflow_kg_s(data, tank, k * STEP_S, controls.leak) * STEP_S, tank)
        tank -= out
        deck += out
        wet += controls.water_kg_s * STEP_S
        if deck > 0.0:
            gone, fire = _lost(data, 0, deck, wet, alight, controls.foam)
            deck, air, burnt = deck - gone - fire, air + gone, burnt + fire
        if street > 0.0:
            gone, fire = _lost(data, 1, street, wet_street, alight, controls.foam)
            street, air, burnt = street - gone - fire, air + gone, burnt + fire
        fell, fell_wet = deck * down, wet * down
        ran, ran_wet = street * away, wet_street * away
        deck, wet = deck - fell, wet - fell_wet
        street, wet_street = street + fell - ran, wet_street + fell_wet - ran_wet
        sewer += ran
        entered.append(entered[k] + ran)
        if controls.outfall and k + 1 - lag > 0:
            came = min(entered[k + 1 - lag] - entered[max(k - lag, 0)], sewer)
            sewer, canal = sewer - came, canal + came
        alight = alight and (flammable(data, deck, wet) or flammable(data, street, wet_street))
        masses.append((tank, deck, street, sewer, canal, air, burnt, *rest))
        waters.append((wet, wet_street))
        lit.append(alight)
    if masses:
        course.mass[:, first + 1 :] = np.array(masses).T
        course.water[:, first + 1 :] = np.array(waters).T
        course.alight[first + 1 :] = lit
        course.entered[first + 1 :] = entered[first + 1 :]


def _lost(
    data: SpillData, where: int, fuel: float, water: float, alight: bool, bare: float
) -> tuple[float, float]:
    """Give what a pool loses in a step to air and flame, kg.

    A mixture gives off and burns its share of fuel (Raoult).
    """
    area = pool_area_m2(data, where, fuel, water) * bare * fuel / (fuel + water)
    gone = min(data.evaporation_kg_m2s * area * STEP_S, fuel)
    if not (alight and flammable(data, fuel - gone, water)):
        return gone, 0.0
    return gone, min(data.burning_kg_m2s * area * STEP_S, fuel - gone)
