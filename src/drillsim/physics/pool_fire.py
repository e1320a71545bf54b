"""Pool and tank fires: burning rate, height, lean and drag of the flame, what it radiates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.data.fuels import Fuel, fuel
from drillsim.data.substances import P_ATM_PA, R_GAS
from drillsim.physics.atmosphere import GRAVITY, M_AIR_KG_MOL
from drillsim.physics.radiation import flame_factor, inside_flame, transmissivity

Floats = NDArray[np.float64]
HeightRule = Literal["upper", "heskestad", "thomas"]
TiltRule = Literal["aga", "welker"]

AIR_VISCOSITY_M2_S = 1.5e-5
# Emissive power of sooty flames: luminous spots and smoke (Mudan & Croce, SFPE Handbook), W/m2.
LUMINOUS_W_M2, SMOKE_W_M2, SMOKE_PER_M = 140e3, 20e3, 0.12
# Mean over the flame (Shokri & Beyler 1989), W/m2 and 1/m.
GREY_W_M2, GREY_PER_M = 58e3, 0.00823


def _positive(**values: float) -> None:
    for name, value in values.items():
        if not value > 0.0:
            raise ValueError(f"{name} must be above 0, got {value}")


def burning_rate_kg_m2s(of: Fuel | str, diameter_m: float) -> float:
    """Give the burning rate of a pool, kg/m2/s: m_inf (1 - exp(-k beta D)).

    `diameter_m` of a round pool of the same area; still air, liquid layer deep. Wind can raise it
    by half for pools below some metres.

    Range: 0.2 to 60 m
    Source: Babrauskas (1983), Fire Technology 19:251-261
    Verified: no (constants from memory, ranges in the fuel table)
    Test: tests/physics/test_pool_fire.py
    """
    _positive(diameter_m=diameter_m)
    row = fuel(of)
    return row.burning_rate_kg_m2s.value * -math.expm1(-row.k_beta_per_m.value * diameter_m)


def heskestad_height_m(heat_w: float, diameter_m: float) -> float:
    """Give the mean flame height over a pool, m: 0.235 Q^0.4 - 1.02 D, Q in kW; 0 if negative.

    `heat_w` released, `diameter_m` of the pool.

    Range: Q*^(2/5)/D 7 to 700 kW^0.4/m; beyond about 10 m of diameter an extrapolation
    Source: Heskestad (1983), Fire Safety J. 5:103-108; NUREG-1805 (2004) ch. 3
    Verified: yes (1 MW, 1 m: 2.70 m)
    Test: tests/physics/test_pool_fire.py
    """
    _positive(heat_w=heat_w, diameter_m=diameter_m)
    return max(float(0.235 * (heat_w / 1e3) ** 0.4 - 1.02 * diameter_m), 0.0)


def thomas_height_m(burning_kg_m2s: float, diameter_m: float, air_kg_m3: float = 1.2) -> float:
    """Give the mean visible flame height without wind, m: 42 D (m/(rho_a sqrt(g D)))^0.61.

    `burning_kg_m2s` and `diameter_m` of the pool, `air_kg_m3` density of air.

    Range: H/D 3 to 10 for the cribs it was found on; used down to 1 in practice
    Source: Thomas (1963), 9th Symp. (Int.) on Combustion, 844-859
    Verified: yes (by hand, test)
    Test: tests/physics/test_pool_fire.py
    """
    _positive(burning_kg_m2s=burning_kg_m2s, diameter_m=diameter_m, air_kg_m3=air_kg_m3)
    rate = burning_kg_m2s / (air_kg_m3 * math.sqrt(GRAVITY * diameter_m))
    return float(42.0 * diameter_m * rate**0.61)


def tilt_aga_rad(
    wind_mps: float, burning_kg_m2s: float, diameter_m: float, vapour_kg_m3: float
) -> float:
    """Give the lean of a flame from the vertical, rad: cos = u*^-0.5, upright for u* <= 1.

    u* = u / (g m D / rho_v)^(1/3); `wind_mps` at 1.6 m, >= 0; `vapour_kg_m3` of the fuel's vapour
    at its boiling point.

    Range: LNG pools of 1.8 to 35 m; winds to 12 m/s
    Source: American Gas Association, project IS-3-1 (1974); Mudan (1984)
    Verified: yes (Montoir 35 m: observed leans 39 to 62 degrees, here 39 to 62 for 4 to 11 m/s)
    Test: tests/physics/test_pool_fire.py
    """
    _positive(burning_kg_m2s=burning_kg_m2s, diameter_m=diameter_m, vapour_kg_m3=vapour_kg_m3)
    if wind_mps < 0.0:
        raise ValueError("wind speed must be 0 m/s or more")
    still = (GRAVITY * burning_kg_m2s * diameter_m / vapour_kg_m3) ** (1.0 / 3.0)
    scaled = wind_mps / still
    return 0.0 if scaled <= 1.0 else math.acos(scaled**-0.5)


def tilt_welker_rad(
    wind_mps: float, diameter_m: float, vapour_kg_m3: float, air_kg_m3: float = 1.2
) -> float:
    """Give the lean of a flame from the vertical, rad, by Froude and Reynolds number.

    tan/cos = 3.3 (D u/nu)^0.07 (u2/(D g))^0.8 (rho_v/rho_a)^-0.6.

    Range: small pools (0.1 to 0.6 m) of hydrocarbons and alcohols
    Source: Welker & Sliepcevich (1966), Fire Technology 2:127-135
    Verified: no (from memory; leans of large pools differ by +-15 degrees from AGA)
    Test: tests/physics/test_pool_fire.py
    """
    _positive(diameter_m=diameter_m, vapour_kg_m3=vapour_kg_m3, air_kg_m3=air_kg_m3)
    if wind_mps < 0.0:
        raise ValueError("wind speed must be 0 m/s or more")
    reynolds = diameter_m * wind_mps / AIR_VISCOSITY_M2_S
    froude = wind_mps**2 / (diameter_m * GRAVITY)
    right = 3.3 * reynolds**0.07 * froude**0.8 * (vapour_kg_m3 / air_kg_m3) ** -0.6
    if right <= 0.0:
        return 0.0
    return math.asin((math.sqrt(1.0 + 4.0 * right**2) - 1.0) / (2.0 * right))


def dragged_m(wind_mps: float, diameter_m: float) -> float:
    """Give the length of a flame's foot along the wind, m: D 1.5 (u2/(g D))^0.069, at least D.

    Range: LNG pools to 24 m, winds to 15 m/s
    Source: Moorhouse (1982), I. Chem. E. Symp. Ser. 71:165-179
    Verified: no (from memory; factor 1.2 to 1.6)
    Test: tests/physics/test_pool_fire.py
    """
    _positive(diameter_m=diameter_m)
    if wind_mps <= 0.0:
        return diameter_m
    froude = wind_mps**2 / (GRAVITY * diameter_m)
    return max(diameter_m * float(1.5 * froude**0.069), diameter_m)


def emissive_power_w_m2(
    of: Fuel | str, diameter_m: float, burning_kg_m2s: float, height_m: float
) -> float:
    """Give the emissive power of the flame's surface, W/m2, by the rule of the fuel.

    sooty: 140 exp(-0.12 D) + 20 (1 - exp(-0.12 D)) kW/m2; grey: 58 10^(-0.00823 D) kW/m2;
    optical: E (1 - exp(-s D)); radiated: chi m Hc / (1 + 4 H/D), the radiated fraction spread over
    side and top. Against trials: gasoline of 1 and 10 m within 10 %, LNG of 6 to 20 m within 20 %
    but 28 % low at 35 m, LPG of 20 m 17 % low. Sources: Mudan & Croce (SFPE Handbook) for sooty,
    Shokri & Beyler (1989), J. Fire Prot. Eng. 1:141-150, for grey, Atallah & Shah (1990),
    GRI-89/0176, for optical, TNO Yellow Book ch. 6 for radiated.

    Range: 1 to 60 m
    Source: Mudan & Croce; Shokri & Beyler (1989); Atallah & Shah (1990); TNO Yellow Book ch. 6
    Verified: yes (six trials, -28 to +2 %; a seventh, of a whole smoky flame, is half of it)
    Test: tests/physics/test_pool_fire.py
    """
    _positive(diameter_m=diameter_m, burning_kg_m2s=burning_kg_m2s, height_m=height_m)
    row = fuel(of)
    if row.sep.rule == "sooty":
        bright = math.exp(-SMOKE_PER_M * diameter_m)
        return LUMINOUS_W_M2 * bright + SMOKE_W_M2 * (1.0 - bright)
    if row.sep.rule == "grey":
        return float(GREY_W_M2 * 10.0 ** (-GREY_PER_M * diameter_m))
    if row.sep.most_w_m2 is not None and row.sep.extinction_per_m is not None:
        thick = -math.expm1(-row.sep.extinction_per_m.value * diameter_m)
        return row.sep.most_w_m2.value * thick
    heat = row.radiated_fraction.value * burning_kg_m2s * row.combustion_heat_j_kg.value
    return heat / (1.0 + 4.0 * height_m / diameter_m)


@dataclass(frozen=True, slots=True)
class PoolFire:
    """A steady pool or tank fire as a leaning cylinder that radiates from its whole surface.

    `diameter_m` of the liquid, `foot_m` the foot's length along the wind (longer than the diameter
    with drag), `length_m` of the flame along its axis, `tilt_rad` from the vertical, `base_m` the
    height of the liquid (roof of a tank), `sep_w_m2` emissive power, `heat_w` released,
    `temperature_k` and `humidity` of the air. Places: x downwind and y across from the centre of
    the liquid, z above ground. The shell of a tank does not shade: an upper bound near its foot.

    Range: 1 to 60 m of diameter; solid flame of one emissive power
    Source: Mudan (1984); Beyler, SFPE Handbook, Fire hazard calculations for large pool fires
    Verified: yes (parts as said there)
    Test: tests/physics/test_pool_fire.py
    """

    fuel_name: str
    diameter_m: float
    foot_m: float
    burning_kg_m2s: float
    heat_w: float
    length_m: float
    tilt_rad: float
    sep_w_m2: float
    base_m: float = 0.0
    temperature_k: float = 293.15
    humidity: float = 0.5

    @property
    def semi_axes_m(self) -> tuple[float, float]:
        """Give the half length of the foot along the wind and across it, m."""
        return 0.5 * self.foot_m, 0.5 * self.diameter_m

    def _from_foot(self, x_m: ArrayLike, y_m: ArrayLike, z_m: ArrayLike) -> Floats:
        x, y, z = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (x_m, y_m, z_m)))
        shift = 0.5 * (self.foot_m - self.diameter_m)
        return np.stack([(x - shift).ravel(), y.ravel(), (z - self.base_m).ravel()], axis=1)

    def flux_w_m2(self, x_m: ArrayLike, y_m: ArrayLike = 0.0, z_m: ArrayLike = 1.5) -> Floats:
        """Give the flux on surfaces turned to receive the most, W/m2; the emissive power inside.

        `x_m` downwind, `y_m` across, `z_m` above ground, broadcast; the shape of the broadcast.
        """
        shape = np.broadcast_shapes(np.shape(x_m), np.shape(y_m), np.shape(z_m))
        places = self._from_foot(x_m, y_m, z_m)
        factor = flame_factor(places, self.semi_axes_m, self.length_m, self.tilt_rad)
        tau = transmissivity(self._gap_m(places), self.temperature_k, self.humidity)
        return np.asarray((self.sep_w_m2 * factor * tau).reshape(shape))

    def _gap_m(self, places: Floats) -> Floats:
        """Give the distance from the flame's surface, m, along the level of the place."""
        x, y, z = places.T
        top = self.length_m * math.cos(self.tilt_rad)
        level = np.clip(z, 0.0, top)
        sideways = np.hypot(x - level * math.tan(self.tilt_rad), y)
        beside = np.maximum(sideways - 0.5 * self.diameter_m, 0.0)
        return np.asarray(np.hypot(beside, z - level))

    def engulfs(self, x_m: ArrayLike, y_m: ArrayLike = 0.0, z_m: ArrayLike = 1.5) -> Floats:
        """Tell which places stand in the flame (1.0) or outside it (0.0)."""
        shape = np.broadcast_shapes(np.shape(x_m), np.shape(y_m), np.shape(z_m))
        inside = inside_flame(
            self._from_foot(x_m, y_m, z_m), self.semi_axes_m, self.length_m, self.tilt_rad
        )
        return np.asarray(inside.astype(float).reshape(shape))

    def reach_m(self, level_w_m2: float, bearing_rad: float = 0.0, z_m: float = 1.5) -> float:
        """Give the farthest distance from the centre with a flux of a level or more, m.

        `level_w_m2` > 0; `bearing_rad` from downwind. 0 where the level is not reached. On a grid
        of 400 distances, interpolated in the logarithm: within 0.5 %.
        """
        _positive(level_w_m2=level_w_m2)
        most = 2.0 * math.sqrt(self.heat_w / level_w_m2) + 4.0 * (self.length_m + self.foot_m)
        at = np.geomspace(0.5 * self.diameter_m, most, 400)
        flux = self.flux_w_m2(at * math.cos(bearing_rad), at * math.sin(bearing_rad), z_m)
        above = np.flatnonzero(flux >= level_w_m2)
        if not above.size:
            return 0.0
        last = int(above[-1])
        if last == len(at) - 1:
            return float(at[last])
        pair = slice(last, last + 2)
        logs = np.log(flux[pair])[::-1]
        return float(np.exp(np.interp(math.log(level_w_m2), logs, np.log(at[pair])[::-1])))


def pool_fire(
    of: str,
    diameter_m: float,
    wind_mps: float = 0.0,
    temperature_k: float = 293.15,
    humidity: float = 0.5,
    base_m: float = 0.0,
    burning_kg_m2s: float | None = None,
    height_rule: HeightRule = "upper",
    tilt_rule: TiltRule = "aga",
    drag: bool = False,
) -> PoolFire:
    """Give the fire of a pool of a fuel in a wind.

    `of` id of the fuel; `wind_mps` at 1.6 m (that of 10 m leans the flame more); `base_m` height
    of the liquid; `burning_kg_m2s` in place of the table's. `height_rule` "upper" takes the higher
    of Heskestad's and Thomas's. ValueError for what lies outside the parts' ranges.

    Range: 1 to 60 m of diameter, winds 0 to 15 m/s
    Source: as its parts
    Verified: yes (LNG trial of Montoir: length within 30 %, tilt within the observed range)
    Test: tests/physics/test_pool_fire.py
    """
    row = fuel(of)
    rate = burning_rate_kg_m2s(row, diameter_m) if burning_kg_m2s is None else burning_kg_m2s
    heat_w = rate * 0.25 * math.pi * diameter_m**2 * row.combustion_heat_j_kg.value
    air = P_ATM_PA * M_AIR_KG_MOL / (R_GAS * temperature_k)
    heskestad = heskestad_height_m(heat_w, diameter_m)
    thomas = thomas_height_m(rate, diameter_m, air)
    length = {"upper": max(heskestad, thomas), "heskestad": heskestad, "thomas": thomas}[
        height_rule
    ]
    if length <= 0.0:
        raise ValueError("Heskestad gives no flame for a fire so weak and wide; use thomas")
    vapour = row.vapour_density_kg_m3.value
    if tilt_rule == "aga":
        tilt = tilt_aga_rad(wind_mps, rate, diameter_m, vapour)
    else:
        tilt = tilt_welker_rad(wind_mps, diameter_m, vapour, air)
    return PoolFire(
        fuel_name=of,
        diameter_m=diameter_m,
        foot_m=dragged_m(wind_mps, diameter_m) if drag else diameter_m,
        burning_kg_m2s=rate,
        heat_w=heat_w,
        length_m=length,
        tilt_rad=tilt,
        sep_w_m2=emissive_power_w_m2(row, diameter_m, rate, length),
        base_m=base_m,
        temperature_k=temperature_k,
        humidity=humidity,
    )
