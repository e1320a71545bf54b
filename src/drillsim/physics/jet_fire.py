"""Jet fires: length of the flame, where it leads, what it radiates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.data.substances import P_ATM_PA, R_GAS
from drillsim.physics.atmosphere import GRAVITY, M_AIR_KG_MOL
from drillsim.physics.radiation import point_source_w_m2, transmissivity

Floats = NDArray[np.float64]
Aim = Literal["horizontal", "vertical"]

SOURCES = 50
WAIST = 0.75
# Total heat on a body in the flame, W/m2: 250 to 350 (Lowesmith et al. 2007; from memory,
# unverified). The flux of a point source is held at it near the flame.
IMPINGING_W_M2 = 300e3
# A wind behind the jet lengthens the flame's reach; held here, where the trials end (own limit).
MOST_STRETCH, LEAST_STRETCH = 1.5, 0.2


@dataclass(frozen=True, slots=True)
class GasJet:
    """A steady jet of gas after it has expanded to ambient pressure.

    `rate_kg_s`, `speed_mps` after expansion, `molar_mass_kg_mol`, lower `combustion_heat_j_kg`;
    all > 0, else ValueError.

    Range: 0.1 to 80 kg/s
    Source: Chamberlain (1987)
    Verified: yes
    Test: tests/physics/test_jet_fire.py
    """

    rate_kg_s: float
    speed_mps: float
    molar_mass_kg_mol: float
    combustion_heat_j_kg: float

    def __post_init__(self) -> None:
        """Refuse a jet without rate, speed, mass or heat."""
        least = min(
            self.rate_kg_s, self.speed_mps, self.molar_mass_kg_mol, self.combustion_heat_j_kg
        )
        if not least > 0.0:
            raise ValueError("a jet needs rate, speed, molar mass and heat above 0")

    @property
    def heat_w(self) -> float:
        """Give the heat released, W."""
        return self.rate_kg_s * self.combustion_heat_j_kg


def expanded_speed_mps(
    pressure_pa: float,
    temperature_k: float,
    molar_mass_kg_mol: float,
    gamma: float,
    ambient_pa: float = P_ATM_PA,
) -> float:
    """Give the speed of a gas that expands from a vessel to ambient pressure, m/s.

    Isentropic from the vessel (`pressure_pa` absolute, `temperature_k`) to a sonic throat where
    choked, then to ambient pressure by Chamberlain's Mach number; `gamma` ratio of heats. Ideal
    gas, no friction. ValueError unless the vessel's pressure is the higher.

    Range: 1 to 100 bar
    Source: Chamberlain (1987), Chem. Eng. Res. Des. 65:299-309, eq. 1-4
    Verified: yes (the throat is sonic; slow discharge equals Bernoulli's)
    Test: tests/physics/test_jet_fire.py
    """
    if not pressure_pa > ambient_pa:
        raise ValueError("the vessel's pressure must lie above the ambient one")
    choked = ((gamma + 1.0) / 2.0) ** (gamma / (gamma - 1.0))
    power = (gamma - 1.0) / gamma
    ratio = pressure_pa / ambient_pa
    if ratio >= choked:
        throat = ratio / choked
        mach2 = ((gamma + 1.0) * throat**power - 2.0) / (gamma - 1.0)
    else:
        mach2 = (ratio**power - 1.0) * 2.0 / (gamma - 1.0)
    jet_k = 2.0 * temperature_k / (2.0 + (gamma - 1.0) * mach2)
    return math.sqrt(mach2 * gamma * R_GAS * jet_k / molar_mass_kg_mol)


def source_diameter_m(jet: GasJet, air_kg_m3: float) -> float:
    """Give the effective source diameter, m: sqrt(4 m / (pi rho_a u)).

    That of a hole through which air of the jet's speed carries the jet's rate.

    Range: all
    Source: Chamberlain (1987) eq. 6
    Verified: yes
    Test: tests/physics/test_jet_fire.py
    """
    return math.sqrt(4.0 * jet.rate_kg_s / (math.pi * air_kg_m3 * jet.speed_mps))


def still_air_length_m(jet: GasJet, air_kg_m3: float = 1.2) -> float:
    """Give the length of the visible flame in still air, m.

    L = Y Ds with 0.024 (g Ds/u2)^(1/3) Y^(5/3) + 0.2 Y^(2/3) = (2.85/W)^(2/3), W the mass share
    of fuel in a stoichiometric mixture, M/(15.816 M + 0.0395) for paraffins.

    Range: natural gas and lighter paraffins, 0.1 to 80 kg/s
    Source: Kalghatgi (1984), Combust. Sci. Tech. 41:17-29; Chamberlain (1987) eq. 7-9
    Verified: yes (19.8, 37.8, 49.9 m of natural gas at 60 bar within 6 %)
    Test: tests/physics/test_jet_fire.py
    """
    mass = jet.molar_mass_kg_mol
    fuel_share = mass / (15.816 * mass + 0.0395)
    wide = source_diameter_m(jet, air_kg_m3)
    first = 0.024 * (GRAVITY * wide / jet.speed_mps**2) ** (1.0 / 3.0)
    right = (2.85 / fuel_share) ** (2.0 / 3.0)
    low, high = 0.0, (right / 0.2) ** 1.5
    for _ in range(80):
        middle = 0.5 * (low + high)
        if first * middle ** (5.0 / 3.0) + 0.2 * middle ** (2.0 / 3.0) < right:
            low = middle
        else:
            high = middle
    return wide * float(0.5 * (low + high))


def heat_length_m(heat_w: ArrayLike) -> Floats:
    """Give the length of a jet flame by its heat alone, m: 0.00326 Q^0.478, Q in W.

    For two-phase jets and where the speed is not known; 20 to 30 % longer than the large natural
    gas flames of the record: an upper bound.

    Range: 1 MW to 10 GW
    Source: API Standard 521; Cook, Bahrami & Whitehouse (1990)
    Verified: yes (26.0, 46.0, 64.6 m at 2.9, 9.6, 19.5 kg/s)
    Test: tests/physics/test_jet_fire.py
    """
    return np.asarray(0.00326 * np.asarray(heat_w, dtype=float) ** 0.478)


def radiated_fraction(speed_mps: float, molar_mass_kg_mol: float = 0.016) -> float:
    """Give the share of a jet flame's heat that is radiated: 0.21 exp(-0.00323 u) + 0.11.

    Times 1 up to 21 g/mol, sqrt(M/21) to 60 g/mol, 1.69 beyond: heavier fuels make more soot.

    Range: speeds 20 to 1000 m/s
    Source: Chamberlain (1987) eq. 30; factor of mass by Cook et al. (1987)
    Verified: no (from memory; the four trials of Johnson have 0.14 to 0.22, here within 0.06)
    Test: tests/physics/test_jet_fire.py
    """
    grams = 1e3 * molar_mass_kg_mol
    heavier = 1.0 if grams <= 21.0 else min(math.sqrt(grams / 21.0), 1.69)
    return (0.21 * math.exp(-0.00323 * speed_mps) + 0.11) * heavier


def horizontal_tip_m(
    jet: GasJet, length_m: float, along_mps: float, across_mps: float, air_kg_m3: float
) -> tuple[float, float, float]:
    """Give the tip of a horizontal jet's flame from its orifice, m: along, across, up.

    Momentum, buoyancy and wind by the Richardson number of the length and the ratio of the wind's
    momentum to the jet's: X = L f(xi)(1 + r(xi) Wx), Y = L h(xi)(1 - c(xi) Wx), Z = 0.178 Wz X.
    `along_mps` wind with the jet (negative: against), `across_mps` across it. Held to 0.2 to 1.5
    lengths; the trials had the wind behind or little of it.

    Range: natural gas, 2 to 10 kg/s, winds to 10 m/s
    Source: Johnson, Brightwell & Carsley (1994), Trans. IChemE 72B:157-166
    Verified: no (correlations from memory; the radiometer gate holds with and without the wind)
    Test: tests/physics/test_jet_fire.py
    """
    wide = source_diameter_m(jet, air_kg_m3)
    xi = (GRAVITY / (wide * jet.speed_mps) ** 2) ** (1.0 / 3.0) * length_m
    thrust = jet.rate_kg_s * jet.speed_mps
    wind = math.sqrt(math.pi * air_kg_m3 / (4.0 * thrust)) * length_m
    bent = 0.3 * max(xi - 5.11, 0.0) ** 2
    forward = 0.55 + 0.45 * math.exp(-0.168 * xi - bent)
    carried = 0.82 * -math.expm1(-0.5 * max(xi - 3.3, 0.0))
    lifted = (1.0 + 1.0 / xi) ** -8.78
    reach = forward * (1.0 + carried * wind * along_mps)
    x = length_m * min(max(reach, LEAST_STRETCH), MOST_STRETCH)
    up = length_m * lifted * min(max(1.0 - 0.02 * xi * wind * along_mps, 0.0), 1.0)
    across = min(max(0.178 * wind * across_mps, -1.0), 1.0) * x
    return x, across, up


def vertical_tip_m(
    jet: GasJet, length_m: float, wind_mps: float, air_kg_m3: float
) -> tuple[float, float, float]:
    """Give the tip of a vertical jet's flame from its orifice, m: downwind, across (0), up.

    The wind shortens the flame to L (0.51 exp(-0.4 u) + 0.49) and leans it by 8000 R/xi degrees,
    R = wind over jet speed, (1726 sqrt(R - 0.026) + 134)/xi beyond R = 0.05.

    Range: flares, winds to 15 m/s
    Source: Chamberlain (1987) eq. 10-14
    Verified: no (from memory; the two branches meet at R = 0.05 within 0.5 %)
    Test: tests/physics/test_jet_fire.py
    """
    wide = source_diameter_m(jet, air_kg_m3)
    xi = (GRAVITY / (wide * jet.speed_mps) ** 2) ** (1.0 / 3.0) * length_m
    ratio = wind_mps / jet.speed_mps
    if ratio <= 0.05:
        degrees = 8000.0 * ratio / xi
    else:
        degrees = (1726.0 * math.sqrt(ratio - 0.026) + 134.0) / xi
    lean = math.radians(min(degrees, 90.0))
    length = length_m * (0.51 * math.exp(-0.4 * wind_mps) + 0.49)
    return length * math.sin(lean), 0.0, length * math.cos(lean)


def source_weights(count: int = SOURCES) -> Floats:
    """Give the share of the radiation of each point along the flame, rising to 3/4 of its length.

    Linear from the orifice to the widest place at 75 % of the length, then falling to the tip;
    the sum is 1. `count` >= 4.

    Range: 4 points or more
    Source: Hankinson & Lowesmith (2012), Combust. Flame 159:1165-1177
    Verified: yes (sum, place of the maximum)
    Test: tests/physics/test_jet_fire.py
    """
    if count < 4:
        raise ValueError("at least 4 points make a flame")
    waist = int(WAIST * count)
    point = np.arange(1, count + 1, dtype=float)
    fall = waist - (waist - 1.0) / (count - (waist + 1.0)) * (point - (waist + 1.0))
    weight = np.where(point <= waist, point, fall)
    return np.asarray(weight / weight.sum())


@dataclass(frozen=True, slots=True)
class JetFire:
    """A steady jet fire as weighted point sources along a straight flame.

    `start_m` orifice and `tip_m` flame tip: along (a vertical jet: downwind), across, above
    ground; `length_m` in still air; `heat_w` released, `radiated` its radiated share;
    `temperature_k`, `humidity` of the air.

    Range: from a fifth of the length beside the flame outwards
    Source: Hankinson & Lowesmith (2012)
    Verified: yes (30 radiometers of Johnson et al. 1994)
    Test: tests/physics/test_jet_fire.py
    """

    start_m: tuple[float, float, float]
    tip_m: tuple[float, float, float]
    length_m: float
    heat_w: float
    radiated: float
    temperature_k: float = 293.15
    humidity: float = 0.5

    def flux_w_m2(self, x_m: ArrayLike, y_m: ArrayLike = 0.0, z_m: ArrayLike = 1.5) -> Floats:
        """Give the flux on surfaces turned to the flame, W/m2, held at that of impingement.

        `x_m` along, `y_m` across, `z_m` above ground; broadcast.
        """
        x, y, z = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (x_m, y_m, z_m)))
        places = np.stack([x.ravel(), y.ravel(), z.ravel()], axis=1)
        share = np.arange(1, SOURCES + 1)[:, None] / SOURCES
        start, tip = np.asarray(self.start_m), np.asarray(self.tip_m)
        spots = start + share * (tip - start)
        far = np.linalg.norm(places[:, None, :] - spots[None, :, :], axis=2)
        far = np.maximum(far, 1e-3)
        tau = transmissivity(far, self.temperature_k, self.humidity)
        flux = point_source_w_m2(self.heat_w * source_weights(), self.radiated, far, tau)
        return np.asarray(np.minimum(flux.sum(axis=1), IMPINGING_W_M2).reshape(x.shape))


def jet_fire(
    jet: GasJet,
    aim: Aim = "horizontal",
    height_m: float = 1.0,
    wind_mps: float = 0.0,
    wind_angle_rad: float = 0.0,
    temperature_k: float = 293.15,
    humidity: float = 0.5,
    radiated: float | None = None,
) -> JetFire:
    """Give the fire of a jet in a wind.

    `height_m` of the orifice; `wind_angle_rad` between jet and wind (0: wind behind a horizontal
    jet); `radiated` in place of `radiated_fraction`. A vertical jet's x axis is downwind.

    Range: 0.1 to 80 kg/s of natural gas or lighter paraffins
    Source: as its parts
    Verified: yes (30 radiometers: FAC2 0.97, MG 0.95, VG 1.08)
    Test: tests/physics/test_jet_fire.py
    """
    if wind_mps < 0.0:
        raise ValueError("wind speed must be 0 m/s or more")
    air = P_ATM_PA * M_AIR_KG_MOL / (R_GAS * temperature_k)
    length = still_air_length_m(jet, air)
    if aim == "horizontal":
        along, across = wind_mps * math.cos(wind_angle_rad), wind_mps * math.sin(wind_angle_rad)
        x, y, up = horizontal_tip_m(jet, length, along, across, air)
    else:
        x, y, up = vertical_tip_m(jet, length, wind_mps, air)
    share = radiated_fraction(jet.speed_mps, jet.molar_mass_kg_mol)
    return JetFire(
        start_m=(0.0, 0.0, height_m),
        tip_m=(x, y, height_m + up),
        length_m=length,
        heat_w=jet.heat_w,
        radiated=share if radiated is None else radiated,
        temperature_k=temperature_k,
        humidity=humidity,
    )
