"""Hand correlations of a room fire: gas temperature, wall losses, plume, flame, smoke filling."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from drillsim.data.room_fire import room_fire
from drillsim.physics.design_fire import Opening, Place

# Discharge of doors and windows: Steckler 1982 0.68-0.73; CFAST 0.7.
DISCHARGE, G = 0.7, 9.81


@dataclass(frozen=True, slots=True)
class Lining:
    """A wall lining: conductivity W/mK, density kg/m3, specific heat J/kgK, thickness m.

    Range: 1 mm to 1 m.
    Source: heat equation.
    Verified: yes
    Test: tests/physics/test_room_temperature.py
    """

    conductivity_w_mk: float
    density_kg_m3: float
    heat_j_kgk: float
    thickness_m: float

    def __post_init__(self) -> None:
        """Refuse a lining without substance."""
        sizes = (self.conductivity_w_mk, self.density_kg_m3, self.heat_j_kgk, self.thickness_m)
        if min(sizes) <= 0.0:
            raise ValueError("the four figures of a lining must be above 0")


@dataclass(frozen=True, slots=True)
class Vent:
    """An opening to the outside or a corridor that stands open from one time to another, s.

    Range: openings in walls.
    Source: geometry.
    Verified: yes
    Test: tests/physics/test_two_zone.py
    """

    opening: Opening
    opens_s: float = 0.0
    shuts_s: float = math.inf


@dataclass(frozen=True, slots=True)
class Room:
    """A room: sizes m, vents, one lining, the fire's place, and cracks that never shut (m2).

    Range: rooms of 10 to 300 m3, one lining for all surfaces.
    Source: geometry.
    Verified: yes
    Test: tests/physics/test_two_zone.py
    """

    length_m: float
    width_m: float
    height_m: float
    vents: tuple[Vent, ...]
    lining: Lining | None
    fire_base_m: float = 0.0
    fire_diameter_m: float | None = None
    place: Place = "open"
    leak_m2: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a room without size, or a vent above its ceiling."""
        if min(self.length_m, self.width_m, self.height_m) <= 0.0:
            raise ValueError("length, width and height of a room must be above 0 m")
        tops = [v.opening.sill_m + v.opening.height_m for v in self.vents]
        if any(top > self.height_m + 1e-9 for top in tops):
            raise ValueError("a vent reaches above the ceiling of its room")

    def open_at(self, now_s: float) -> list[tuple[float, float, float]]:
        """Give width, sill and head of what stands open, m; cracks last, over the full height."""
        found = [
            (v.opening.width_m, v.opening.sill_m, v.opening.sill_m + v.opening.height_m)
            for v in self.vents
            if v.opens_s <= now_s < v.shuts_s
        ]
        if self.leak_m2 > 0.0:
            found.append((self.leak_m2 / self.height_m, 0.0, self.height_m))
        return found


def lining(name: str, thickness_m: float | None = None) -> Lining:
    """Give a lining of the table (concrete, brick, gypsum-board, ...), at its usual thickness.

    KeyError for an unknown name; `thickness_m` > 0 in place of the usual one.
    Range: the rows of the table; constant properties.
    Source: NUREG-1805 table 2-3; the fibreboard of the Steckler room from NIST's inputs.
    Verified: no (from memory, +-20 %; fibreboard yes)
    Test: tests/physics/test_room_temperature.py
    """
    row = room_fire().linings[name]
    return Lining(
        row.conductivity_w_mk,
        row.density_kg_m3,
        row.heat_j_kgk,
        row.thickness_m if thickness_m is None else thickness_m,
    )


def penetration_s(of: Lining) -> float:
    """Give the time after which a lining passes heat through, s: (rho c / k) (thickness / 2)^2.

    Range: linings on an insulating back.
    Source: NUREG-1805 eq. 2-4; McCaffrey, Quintiere & Harkleroad 1981.
    Verified: yes
    Test: tests/physics/test_room_temperature.py
    """
    return of.density_kg_m3 * of.heat_j_kgk / of.conductivity_w_mk * (of.thickness_m / 2.0) ** 2


def hk_kw_m2k(of: Lining, age_s: ArrayLike) -> Any:
    """Give the effective heat transfer into a lining, kW/m2K.

    sqrt(k rho c / t) before the penetration time and k / thickness from then on; `age_s` > 0 s, any
    shape, a float for a scalar. ValueError for an age of 0 or less. Jumps by up to 2 at penetration
    (a known trait of the correlation).
    Range: 10 s to 2 h.
    Source: NUREG-1805 eqs. 2-3 and 2-5; McCaffrey, Quintiere & Harkleroad 1981.
    Verified: yes
    Test: tests/physics/test_room_temperature.py
    """
    age = np.asarray(age_s, dtype=float)
    if np.any(age <= 0.0):
        raise ValueError("the age of a fire must be above 0 s for wall losses")
    inertia = of.conductivity_w_mk * of.density_kg_m3 * of.heat_j_kgk
    thick = np.sqrt(inertia / age)
    thin = of.conductivity_w_mk / of.thickness_m
    return (np.where(age < penetration_s(of), thick, thin) / 1000.0)[()]


def mqh_rise_k(
    heat_kw: ArrayLike, wall_area_m2: ArrayLike, factor_m52: ArrayLike, hk: ArrayLike
) -> Any:
    """Give the rise of the hot layer before flashover, K: 6.85 (Q^2 / (A0 sqrt(H0) hk A_T))^(1/3).

    `heat_kw` >= 0, `wall_area_m2` of all surfaces without openings, `factor_m52` the sum of
    A sqrt(H), `hk` kW/m2K; shapes that broadcast, a float for scalars. ValueError unless areas,
    factor and hk are above 0.
    Range: rise below 600 K, one room, fire away from the walls; over by 25 % on Steckler's room.
    Source: McCaffrey, Quintiere & Harkleroad 1981, Fire Technology 17:98; NUREG-1805 eq. 2-1.
    Verified: yes
    Test: tests/physics/test_room_temperature.py
    """
    below = np.asarray(factor_m52, dtype=float) * np.asarray(hk, dtype=float)
    below = below * np.asarray(wall_area_m2, dtype=float)
    if np.any(below <= 0.0):
        raise ValueError("opening factor, hk and wall area must be above 0")
    heat = np.maximum(np.asarray(heat_kw, dtype=float), 0.0)
    return (6.85 * (heat**2 / below) ** (1 / 3))[()]


def closed_rise_k(heat_kw: float, age_s: float, of: Lining, air_kg: float) -> float:
    """Give the rise of the gas in a closed room with a steady fire, K.

    `heat_kw` steady, `age_s` since ignition, `air_kg` of air in the room. ValueError for no air or
    a negative age.
    Range: closed rooms with a leak, before the air is used up; rise below 150 K.
    Source: Beyler 1991, Fire Safety Journal 16:35; NUREG-1805 eq. 2-6.
    Verified: yes
    Test: tests/physics/test_room_temperature.py
    """
    if air_kg <= 0.0 or age_s < 0.0:
        raise ValueError("the air must be above 0 kg and the age at least 0 s")
    inertia = of.conductivity_w_mk * of.density_kg_m3 * of.heat_j_kgk / 1e6
    first = 2.0 * 0.4 * math.sqrt(inertia) / air_kg
    root = first * math.sqrt(age_s)
    return 2.0 * (heat_kw / air_kg) / first**2 * (root + math.expm1(-root))


def sealed_room(
    heat_kw: float, volume_m3: float, t_s: float, start_k: float
) -> tuple[float, float]:
    """Give mean temperature (K) and overpressure (Pa) in a sealed room with lossless walls.

    dP/dt = (gamma - 1) Q / V with gamma 1.4; the temperature follows the pressure, the mass of the
    fuel neglected.
    ValueError for no volume.
    Range: until the air is used up.
    Source: CFAST Verification Guide, sealed compartment.
    Verified: yes
    Test: tests/physics/test_room_temperature.py
    """
    if volume_m3 <= 0.0:
        raise ValueError("a room has a volume above 0 m3")
    rise = 0.4 * heat_kw * 1000.0 * t_s / volume_m3
    return start_k * (1.0 + rise / 101_325.0), rise


def filling_height_m(heat_kw: float, age_s: ArrayLike, floor_m2: float, height_m: float) -> Any:
    """Give the height of the smoke layer in a big closed space with a steady fire, m.

    (2 k Q^(1/3) t / (3 A) + H^(-2/3))^(-3/2) with k = 0.12 kg-based, for halls and car parks;
    `age_s` >= 0 s any shape, `floor_m2` and `height_m` > 0, a float for a scalar; ValueError
    otherwise. No openings to let the smoke out.
    Range: H to 20 m, 0.9 < A / H^2 < 14.
    Source: Yamana & Tanaka 1985; NUREG-1805 ch. 2.
    Verified: yes
    Test: tests/physics/test_room_temperature.py
    """
    if floor_m2 <= 0.0 or height_m <= 0.0:
        raise ValueError("floor and height must be above 0")
    age = np.maximum(np.asarray(age_s, dtype=float), 0.0)
    filled = 2.0 * 0.12 * max(heat_kw, 0.0) ** (1 / 3) * age / (3.0 * floor_m2)
    return ((filled + height_m ** (-2 / 3)) ** -1.5)[()]


def _band(
    width: float, high: float, first: float, last: float, rho: float, air: float
) -> tuple[float, float]:
    """Give outflow and inflow (kg/s) through a band whose pressure runs from `first` to `last`."""
    a, b = math.sqrt(abs(first)), math.sqrt(abs(last))
    if a + b == 0.0:
        return 0.0, 0.0
    root = DISCHARGE * width * high * (2.0 / 3.0)
    if first < 0.0 < last or last < 0.0 < first:
        # The neutral plane lies in it: each side runs from 0 to its end.
        root /= abs(first) + abs(last)
        out, back = (b**3, a**3) if last > 0.0 else (a**3, b**3)
        return root * out * math.sqrt(2.0 * rho), root * back * math.sqrt(2.0 * air)
    root *= (a * a + a * b + b * b) / (a + b)
    if first + last > 0.0:
        return root * math.sqrt(2.0 * rho), 0.0
    return 0.0, root * math.sqrt(2.0 * air)


def vent_flows(
    vents: list[tuple[float, float, float]],
    pressure_pa: float,
    interface_m: float,
    rho_upper: float,
    rho_lower: float,
    rho_out: float,
) -> tuple[float, float, float, float]:
    """Give the flows through vents, kg/s: out of the upper layer, out of the lower, in, in above.

    `vents` as (width, sill, head) in m; `pressure_pa` over outside at the floor; densities kg/m3.
    The last is the part of the inflow that enters above the interface. Bernoulli with hydrostatic
    pressures, so that the neutral plane follows from the pressure.
    Range: openings in walls, quiet outside air.
    Source: Emmons, SFPE Handbook; discharge 0.7 (Steckler 1982).
    Verified: yes
    Test: tests/physics/test_room_temperature.py
    """
    slope_lower, slope_upper = G * (rho_out - rho_lower), G * (rho_out - rho_upper)
    out_upper = out_lower = inflow = above = 0.0
    at_interface = pressure_pa + slope_lower * interface_m
    for width, sill, head in vents:
        top = min(head, interface_m)
        if top > sill:
            first, last = pressure_pa + slope_lower * sill, pressure_pa + slope_lower * top
            out, back = _band(width, top - sill, first, last, rho_lower, rho_out)
            out_lower, inflow = out_lower + out, inflow + back
        foot = max(sill, interface_m)
        if head > foot:
            first = at_interface + slope_upper * (foot - interface_m)
            last = at_interface + slope_upper * (head - interface_m)
            out, back = _band(width, head - foot, first, last, rho_upper, rho_out)
            out_upper, inflow, above = out_upper + out, inflow + back, above + back
    return out_upper, out_lower, inflow, above


class Slab:
    """A wall, ceiling or floor that takes up heat: one-dimensional conduction in eight cells.

    Cells grow by 1.6 from the hot face; implicit in time, so any step is stable; the back loses
    10 W/m2K to `outside_k`. Mutable, for use inside one solution.
    Range: linings of 5 to 300 mm; constant properties, no moisture.
    Source: heat equation, finite volumes; back coefficient as in EN 1991-1-2 (4-9 W/m2K, rounded).
    Verified: yes
    Test: tests/physics/test_room_temperature.py
    """

    __slots__ = ("_capacity", "_half", "_links", "cells_k", "outside_k")

    CELLS = 8
    GROWTH = 1.6
    BACK_W_M2K = 10.0

    def __init__(self, of: Lining, start_k: float, outside_k: float) -> None:
        """Start at an even temperature."""
        first = of.thickness_m * (self.GROWTH - 1.0) / (self.GROWTH**self.CELLS - 1.0)
        wide = [first * self.GROWTH**k for k in range(self.CELLS)]
        self._capacity = [w * of.density_kg_m3 * of.heat_j_kgk for w in wide]
        self._half = 0.5 * wide[0] / of.conductivity_w_mk
        between = [0.5 * (a + b) / of.conductivity_w_mk for a, b in pairwise(wide)]
        last = 0.5 * wide[-1] / of.conductivity_w_mk + 1.0 / self.BACK_W_M2K
        self._links = [1.0 / r for r in (*between, last)]
        self.cells_k = [start_k] * self.CELLS
        self.outside_k = outside_k

    @property
    def stored_j_m2(self) -> float:
        """Give the heat in the slab above `outside_k`, J/m2."""
        return sum(
            c * (t - self.outside_k) for c, t in zip(self._capacity, self.cells_k, strict=True)
        )

    def back_w_m2(self) -> float:
        """Give the flux out of the back, W/m2."""
        return self._links[-1] * (self.cells_k[-1] - self.outside_k)

    def face_k(self, hot_k: float, h_w_m2k: float, flux_w_m2: float) -> float:
        """Give the temperature of the hot face under gas at `hot_k` and an added flux, K."""
        inner = 1.0 / self._half
        return (h_w_m2k * hot_k + flux_w_m2 + inner * self.cells_k[0]) / (h_w_m2k + inner)

    def step(self, dt_s: float, hot_k: float, h_w_m2k: float, flux_w_m2: float) -> float:
        """Carry over a step; gives the flux taken from the gas through `h_w_m2k`, W/m2.

        `hot_k` gas in contact, `flux_w_m2` radiation absorbed besides. The sum of both fluxes is
        what the slab stores and passes on.
        """
        inner = 1.0 / self._half
        through = inner * h_w_m2k / (inner + h_w_m2k)
        added = flux_w_m2 * inner / (inner + h_w_m2k)
        # Thomas algorithm; a row: capacity/dt dT = flux in from the left - flux out to the right.
        upper, right = [], []
        left, before, below = through, 0.0, hot_k + added / max(through, 1e-30)
        for capacity, link, cell in zip(self._capacity, self._links, self.cells_k, strict=True):
            store = capacity / dt_s
            diagonal = store + link + left * (1.0 - before)
            below = (store * cell + left * below) / diagonal
            before = link / diagonal
            upper.append(before)
            right.append(below)
            left = link
        new, solved = self.outside_k, []
        for share, known in zip(reversed(upper), reversed(right), strict=True):
            new = known + share * new
            solved.append(new)
        solved.reverse()
        self.cells_k = solved
        face = self.face_k(hot_k, h_w_m2k, flux_w_m2)
        return h_w_m2k * (hot_k - face)


def rising_root(
    excess: Callable[[float], float], start: float, slope: float, small: float
) -> tuple[float, float]:
    """Find where a rising function is 0, from a guess and its last slope: the place, the slope.

    Brackets by steps that grow fourfold, then false position with the Illinois rule; `small` is
    the residual that is near enough. For a function that does not rise the search may not end.
    Range: continuous rising functions.
    Source: Dowell & Jarratt 1971, BIT 11:168.
    Verified: yes
    Test: tests/physics/test_room_temperature.py
    """
    x, f = start, excess(start)
    if abs(f) <= small:
        return x, slope
    reach = -f / slope
    other = x + reach
    g = excess(other)
    while f * g > 0.0 and abs(g) > small:
        reach *= 4.0
        other = x + reach
        g = excess(other)
    tilt = (g - f) / (other - x)
    for _ in range(60):
        if abs(g) <= small:
            break
        new = other - g * (other - x) / (g - f)
        value = excess(new)
        if value * g < 0.0:
            x, f = other, g
        else:
            f *= 0.5
        other, g = new, value
    return other, tilt
