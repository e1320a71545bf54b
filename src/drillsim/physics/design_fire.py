"""How a fire in a room grows, is held by its air, flashes over and burns out; parked e-bikes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.data.room_fire import constant, room_fire

Floats = NDArray[np.float64]

Place = Literal["open", "wall", "corner"]
PlumeLaw = Literal["heskestad", "mccaffrey", "zukoski"]

# A fire at a wall draws as half of one twice as strong, in a corner as a quarter of four times.
MIRRORS: dict[Place, float] = {"open": 1.0, "wall": 2.0, "corner": 4.0}
# Heat released per kilogram of oxygen, kJ/kg: Huggett 1980, +-5 % over common fuels.
HEAT_PER_OXYGEN_KJ_KG = 13_100.0
# Flames go out between 15 and 10 % of oxygen by volume (Beyler, SFPE Handbook; unverified, +-2 %).
OUT_PCT, FULL_PCT = 10.0, 15.0


@dataclass(frozen=True, slots=True)
class Opening:
    """A door, window or gap in a wall: `width_m`, `height_m`, and its sill above the floor.

    Range: openings in walls.
    Source: geometry.
    Verified: yes
    Test: tests/physics/test_design_fire.py
    """

    width_m: float
    height_m: float
    sill_m: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a negative size."""
        if min(self.width_m, self.height_m, self.sill_m) < 0.0:
            raise ValueError("an opening has width, height and sill of at least 0 m")

    @property
    def area_m2(self) -> float:
        """Give its area, m2."""
        return self.width_m * self.height_m

    @property
    def factor_m52(self) -> float:
        """Give its ventilation factor A sqrt(H), m^2.5."""
        return self.area_m2 * math.sqrt(self.height_m)


@dataclass(frozen=True, slots=True)
class Fuel:
    """What a kilogram of fuel gives: heat MJ, yields kg/kg with air in plenty, radiant share.

    `co_rise` and `co_power` are Tewarson's: CO times 1 + rise / exp(2.5 phi^-power).
    Range: equivalence ratios to some 5; soot yield held.
    Source: Tewarson, SFPE Handbook, CO over the equivalence ratio.
    Verified: no (form and coefficients from memory)
    Test: tests/physics/test_design_fire.py
    """

    heat_mj_kg: float
    co: float = 0.0
    co2: float = 0.0
    hcn: float = 0.0
    soot: float = 0.0
    radiant_share: float = 0.35
    co_rise: float = 0.0
    co_power: float = 3.5

    def co_yield(self, phi: float) -> float:
        """Give the CO yield at an equivalence ratio of fuel to air, kg/kg."""
        if phi <= 0.0:
            return self.co
        return self.co * (1.0 + self.co_rise / math.exp(min(2.5 * phi**-self.co_power, 700.0)))


def fuel(name: str) -> Fuel:
    """Give a fuel of the table: dwelling, wood, pu-foam, e-bike; KeyError otherwise.

    Range: factor 0.3 to 3 about the yields.
    Source: the table's rows.
    Verified: no (from memory)
    Test: tests/physics/test_design_fire.py
    """
    row = room_fire().fuels[name]
    yields = (row.co, row.co2, row.hcn, row.soot, row.radiant_share, row.co_rise, row.co_power)
    return Fuel(row.heat_mj_kg, *yields)


def opening_factor_m52(openings: tuple[Opening, ...]) -> float:
    """Give the ventilation factor of several openings, m^2.5: the sum of A sqrt(H).

    Range: openings in walls; not roof vents.
    Source: Kawagoe 1958; the sum as in NUREG-1805 ch. 2.
    Verified: yes
    Test: tests/physics/test_design_fire.py
    """
    return sum(o.factor_m52 for o in openings)


def growth_alpha_kw_s2(growth: str) -> float:
    """Give the growth constant of a named class, kW/s2.

    `growth` is a key of the table: slow, medium, fast, ultra-fast, battery. KeyError otherwise.
    Range: the classes of the table.
    Source: NFPA 92 and NFPA 72; battery is judgement.
    Verified: no (quoted everywhere, primary not read; battery 0.1 to 2)
    Test: tests/physics/test_design_fire.py
    """
    return room_fire().growth[growth].alpha_kw_s2.value


def t_squared_kw(age_s: ArrayLike, alpha_kw_s2: ArrayLike) -> Floats:
    """Give the heat release of a growing fire, kW: alpha t^2, 0 before it starts.

    `age_s` s since ignition and `alpha_kw_s2`, shapes that broadcast.
    Range: until ventilation or fuel limits it.
    Source: NFPA 92 annex B; Heskestad & Delichatsios 1978.
    Verified: yes
    Test: tests/physics/test_design_fire.py
    """
    age = np.maximum(np.asarray(age_s, dtype=float), 0.0)
    return np.asarray(np.asarray(alpha_kw_s2, dtype=float) * age**2, dtype=float)


def ventilation_limit_kw(factor_m52: ArrayLike) -> Any:
    """Give the most that can burn inside a room after flashover, kW: 1500 A sqrt(H).

    `factor_m52` from `opening_factor_m52`, m^2.5, any shape; a float for a scalar. Do not use the
    inflow 0.5 A sqrt(H) behind it before flashover: it overstates doors of small fires by 60 %.
    Range: after flashover; +-20 %.
    Source: Kawagoe 1958, 0.5 kg/s air per m^2.5 at 3 MJ/kg; SFPE Handbook.
    Verified: yes
    Test: tests/physics/test_design_fire.py
    """
    return 1500.0 * np.maximum(np.asarray(factor_m52, dtype=float), 0.0)[()]


def flashover_kw(
    method: str, wall_area_m2: float, factor_m52: float, hk_kw_m2k: float = 0.03
) -> float:
    """Give the heat release that brings a room to flashover, kW, by a named correlation.

    `method`: thomas 7.8 A + 378 f, babrauskas 750 f, or mqh 610 sqrt(hk A f), with A the area of
    walls, floor and ceiling without openings (m2) and f = A0 sqrt(H0) (m^2.5); `hk_kw_m2k` of
    `room_temperature` for mqh alone. They differ by a factor of two for small openings; a room
    with no opening gives 7.8 A by thomas and 0 by the others, which then do not apply. ValueError
    for an unknown method or negative input.
    Range: rooms to 500 m3 with openings; rise of 500 to 600 K.
    Source: Thomas 1981; Babrauskas 1980; McCaffrey, Quintiere & Harkleroad 1981; PD 7974-1 s. 8.
    Verified: yes
    Test: tests/physics/test_design_fire.py
    """
    if min(wall_area_m2, factor_m52, hk_kw_m2k) < 0.0:
        raise ValueError("areas, opening factors and heat coefficients must be at least 0")
    if method == "thomas":
        return 7.8 * wall_area_m2 + 378.0 * factor_m52
    if method == "babrauskas":
        return 750.0 * factor_m52
    if method == "mqh":
        return 610.0 * math.sqrt(hk_kw_m2k * wall_area_m2 * factor_m52)
    raise ValueError(f"flashover by {method!r} is not known: thomas, babrauskas or mqh")


@dataclass(frozen=True, slots=True)
class DesignFire:
    """A fire by its growth constant (kW/s2), its peak (kW) and its fuel (MJ).

    Grows as alpha t^2 to the peak, stays there until `decay-share` (70 %) of the fuel is gone, and
    falls linearly to nothing as the rest burns; a fire that has spent 70 % before its peak decays
    from where it is. No smouldering stage. ValueError unless all three are above 0.
    Range: furnishing fires, 10 kW to 100 MW.
    Source: EN 1991-1-2 annex E.4.
    Verified: no (decay share and shape from memory, 0.6 to 0.8)
    Test: tests/physics/test_design_fire.py
    """

    alpha_kw_s2: float
    peak_kw: float
    fuel_mj: float

    def __post_init__(self) -> None:
        """Refuse a fire of nothing."""
        if min(self.alpha_kw_s2, self.peak_kw, self.fuel_mj) <= 0.0:
            raise ValueError("growth, peak and fuel of a fire must be above 0")

    @property
    def decay_s(self) -> float:
        """Give the age at which it begins to decay, s."""
        spent_kj = constant("decay-share") * self.fuel_mj * 1000.0
        grown_s = math.sqrt(self.peak_kw / self.alpha_kw_s2)
        growing_kj = self.peak_kw * grown_s / 3.0
        if spent_kj <= growing_kj:
            return float((3.0 * spent_kj / self.alpha_kw_s2) ** (1 / 3))
        return grown_s + (spent_kj - growing_kj) / self.peak_kw

    @property
    def end_s(self) -> float:
        """Give the age at which it is out, s."""
        left_kj = (1.0 - constant("decay-share")) * self.fuel_mj * 1000.0
        return self.decay_s + 2.0 * left_kj / self._steady_kw

    @property
    def _steady_kw(self) -> float:
        return min(self.alpha_kw_s2 * self.decay_s**2, self.peak_kw)

    def heat_kw(self, age_s: ArrayLike) -> Floats:
        """Give the heat release at ages since ignition, kW; any shape, 0 before ignition."""
        age = np.asarray(age_s, dtype=float)
        burning = np.minimum(t_squared_kw(age, self.alpha_kw_s2), self._steady_kw)
        left = np.clip((self.end_s - age) / (self.end_s - self.decay_s), 0.0, 1.0)
        return np.asarray(np.where(age > self.decay_s, self._steady_kw * left, burning))


def burn_step(
    age_s: ArrayLike,
    burnt_mj: ArrayLike,
    dt_s: float,
    alpha_kw_s2: ArrayLike,
    cap_kw: ArrayLike,
    fuel_mj: ArrayLike,
) -> tuple[Floats, Floats]:
    """Carry many fires over a step while their caps change: heat release (kW), fuel burnt (MJ).

    `age_s` since ignition (negative: not yet alight), `burnt_mj` so far, `cap_kw` what air and
    water allow in this step, all of shapes that broadcast; `dt_s` > 0. The law of `DesignFire`
    with a cap that may move when a window breaks or water is put on: the heat falls with the root
    of what is left once 70 % is burnt. Never burns more than the fuel. ValueError for `dt_s` <= 0.
    Range: steps up to 60 s, short against the growth time.
    Source: EN 1991-1-2 annex E.4, as a rate law.
    Verified: no (as `DesignFire`)
    Test: tests/physics/test_design_fire.py
    """
    if dt_s <= 0.0:
        raise ValueError("a step must last longer than 0 s")
    fuel = np.asarray(fuel_mj, dtype=float)
    burnt = np.asarray(burnt_mj, dtype=float)
    middle = np.maximum(np.asarray(age_s, dtype=float) + 0.5 * dt_s, 0.0)
    heat = np.minimum(t_squared_kw(middle, alpha_kw_s2), np.asarray(cap_kw, dtype=float))
    rest = np.maximum(fuel - burnt, 0.0) / ((1.0 - constant("decay-share")) * fuel)
    heat = heat * np.sqrt(np.minimum(rest, 1.0))
    heat = np.minimum(np.maximum(heat, 0.0), np.maximum(fuel - burnt, 0.0) * 1000.0 / dt_s)
    return np.asarray(heat), np.asarray(burnt + heat * dt_s / 1000.0)


def item_fire(item: str) -> DesignFire:
    """Give the fire of one burning thing in the open, by its key in the table (e-bike, sofa...).

    KeyError for an unknown key.
    Range: single items with air in plenty.
    Source: the table's rows; for the electric bicycle judgement from published burns.
    Verified: no (peak of an e-bike 0.3 to 2 MW, heat 100 to 500 MJ)
    Test: tests/physics/test_design_fire.py
    """
    row = room_fire().items[item]
    return DesignFire(growth_alpha_kw_s2(row.growth), row.peak_kw.value, row.energy_mj.value)


def group_kw(fire: DesignFire, ignitions_s: ArrayLike, t_s: ArrayLike) -> Floats:
    """Give the heat release of many equal things that catch fire one after another, kW.

    `ignitions_s` (n,) s, inf for one that never burns; `t_s` any shape; the result has its shape.
    For a shed of parked e-bikes take the ignitions from `fire_spread.item_ignitions_s`. In the
    open: cap the sum by the air of the space with `ventilation_limit_kw`.
    Range: as the single fire.
    Source: sum of single fires, Babrauskas, SFPE Handbook.
    Verified: yes
    Test: tests/physics/test_design_fire.py
    """
    times = np.asarray(t_s, dtype=float)
    starts = np.asarray(ignitions_s, dtype=float)
    starts = starts[np.isfinite(starts)]
    return np.asarray(fire.heat_kw(times[..., None] - starts).sum(axis=-1), dtype=float)


def gas_emissivity(path_m: float, co2_share: float, soot_kg_m3: float, gas_k: float) -> float:
    """Give the emissivity of smoke: carbon dioxide with as much steam, and soot, in [0, 1].

    `path_m` mean beam length, `co2_share` by volume, `soot_kg_m3`, `gas_k`.
    Range: 350 to 1400 K, 0.3 to 5 m.
    Source: Hottel's charts as 0.4 (pL)^0.4; soot absorption 1200 f T per m (Tien), 1800 kg/m3.
    Verified: no (+-30 %)
    Test: tests/physics/test_design_fire.py
    """
    gas = constant("gas-emissivity") * math.pow(2.0 * max(co2_share, 0.0) * path_m, 0.4)
    thick = constant("soot-absorption") * soot_kg_m3 / 1800.0 * gas_k * path_m
    return 1.0 - (1.0 - min(gas, 0.6)) * math.exp(-thick)


def flame_height_m(heat_kw: ArrayLike, diameter_m: ArrayLike) -> Any:
    """Give the mean height of a flame above its fuel in the open, m: 0.235 Q^0.4 - 1.02 D.

    `heat_kw` >= 0, `diameter_m` > 0, shapes that broadcast; at least 0, a float for scalars.
    Range: 7 < Q^0.4/D < 700 kW^0.4/m.
    Source: Heskestad 1983, SFPE Handbook.
    Verified: yes
    Test: tests/physics/test_design_fire.py
    """
    heat = np.maximum(np.asarray(heat_kw, dtype=float), 0.0)
    height = 0.235 * heat**0.4 - 1.02 * np.asarray(diameter_m, dtype=float)
    return np.maximum(height, 0.0)[()]


def plume_kg_s(
    heat_kw: float,
    rise_m: float,
    diameter_m: float,
    radiant_share: float = 0.35,
    place: Place = "open",
    law: PlumeLaw = "heskestad",
) -> float:
    """Give the air that a fire's plume has drawn in at a height above the fuel, kg/s.

    `heat_kw`, `rise_m` above the fuel, `diameter_m` of the fire; `place` mirrors the fire at walls.
    Laws: heskestad (below the flame tip the inflow grows linearly with height), mccaffrey (three
    regions of z / Q^0.4), zukoski (0.071 Q^(1/3) z^(5/3), for plumes above the flame). 0 without
    heat or height. ValueError for an unknown law, KeyError for an unknown place.
    Range: 10 kW to 10 MW, to 20 m; quiet air (a draught from a door can double it).
    Source: Heskestad 1984; McCaffrey 1983; Zukoski 1981; all SFPE Handbook; mirrors: Zukoski.
    Verified: yes
    Test: tests/physics/test_design_fire.py
    """
    mirror = MIRRORS[place]
    heat = heat_kw * mirror
    if heat <= 0.0 or rise_m <= 0.0:
        return 0.0
    if law == "heskestad":
        wide = diameter_m * math.sqrt(mirror)
        drawn = _heskestad_kg_s(heat, rise_m, wide, 1.0 - radiant_share)
    elif law == "mccaffrey":
        scaled = rise_m / heat**0.4
        if scaled < 0.08:
            drawn = 0.011 * heat * scaled**0.566
        elif scaled < 0.20:
            drawn = 0.026 * heat * scaled**0.909
        else:
            drawn = 0.124 * heat * scaled**1.895
    elif law == "zukoski":
        drawn = 0.071 * math.pow(heat, 1 / 3) * math.pow(rise_m, 5 / 3)
    else:
        raise ValueError(f"plume law {law!r} is not known: heskestad, mccaffrey or zukoski")
    return drawn / mirror


def _heskestad_kg_s(heat: float, rise_m: float, diameter_m: float, convective: float) -> float:
    warm = heat * convective
    power = math.pow(heat, 0.4)
    tip = max(0.235 * power - 1.02 * diameter_m, 1e-6)
    origin = 0.083 * power - 1.02 * diameter_m
    height = max(rise_m, tip) - origin
    if height <= 0.0:
        return 0.0056 * warm
    lifted = math.pow(height, 5 / 3)
    above = 0.071 * math.pow(warm, 1 / 3) * lifted + 0.001917 * warm
    return above if rise_m >= tip else above * rise_m / tip


def draught_factor(heat_kw: float, rise_m: float, draught_mps: float) -> float:
    """Give how much more a plume draws in when a cross-flow blows on it, a factor of at least 1.

    1 + (0.6 / 0.11) u / w: entrainment 0.11 w along and 0.6 u across a bent plume, with w half of
    McCaffrey's speed on the axis (the mean of a bell-shaped profile) at `rise_m` above the fuel,
    and the draught u held at w. 1 for still air. No fit to room fires.
    Range: draughts below the plume's own speed; a factor of 2 to 3 was measured in rooms.
    Source: Hoult, Fay & Forney 1969 (coefficients); McCaffrey 1979 (speeds); effect in rooms:
      Quintiere, Rinkinen & Jones 1981, Combust. Sci. Technol. 26:193.
    Verified: no (coefficients from memory; 0.34/0.17 in Lee & Chu 2003 would give 2 u / w)
    Test: tests/physics/test_design_fire.py
    """
    if heat_kw <= 0.0 or rise_m <= 0.0 or draught_mps <= 0.0:
        return 1.0
    scaled = rise_m / math.pow(heat_kw, 0.4)
    if scaled < 0.08:
        axis = 6.8 * math.sqrt(rise_m)
    elif scaled < 0.20:
        axis = 1.9 * math.pow(heat_kw, 0.2)
    else:
        axis = 1.1 * math.pow(heat_kw / rise_m, 1 / 3)
    return 1.0 + 0.6 / 0.11 * min(draught_mps / (0.5 * axis), 1.0)


def usable_oxygen(oxygen: float) -> float:
    """Give the part of a mass share of oxygen that a flame can use: all at 15 %, none at 10 %.

    `oxygen` kg/kg; percentages by volume.
    Range: room temperature to 600 C; hotter smoke burns lower.
    Source: Beyler, SFPE Handbook, limits of flames in vitiated air.
    Verified: no (+-2 % of oxygen)
    Test: tests/physics/test_two_zone.py
    """
    percent = 100.0 * oxygen * 28.96 / 32.0
    return oxygen * min(max((percent - OUT_PCT) / (FULL_PCT - OUT_PCT), 0.0), 1.0)
