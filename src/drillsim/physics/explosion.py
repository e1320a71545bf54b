"""Explosions: blast of TNT, of congested vapour clouds and of bursting vessels; flash fires."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.data.substances import P_ATM_PA

Floats = NDArray[np.float64]
Congestion = Literal["none", "low", "medium", "high"]
Confinement = Literal["2d", "2.5d", "3d"]
Reactivity = Literal["low", "medium", "high"]

TNT_J_KG = 4.68e6
# Share of the heat of combustion that becomes blast: HyRAM and most accidents 3 %; EPA's
# off-site consequence guidance 10 %.
CLOUD_YIELD, EPA_YIELD = 0.03, 0.10

# ln p (kPa) or ln i (Pa s/kg^(1/3)) as polynomials of ln Z, each up to its Z (m/kg^(1/3)).
PRESSURE_FITS: tuple[tuple[float, tuple[float, ...]], ...] = (
    (2.9, (7.2106, -2.1069, -0.3229, 0.1117, 0.0685)),
    (23.8, (7.5938, -3.0523, 0.40977, 0.0261, -0.01267)),
    (198.5, (6.0536, -1.4066)),
)
IMPULSE_FITS: tuple[tuple[float, tuple[float, ...]], ...] = (
    (0.96, (5.522, 1.117, 0.600, -0.292, -0.087)),
    (2.38, (5.465, -0.308, -1.464, 1.362, -0.432)),
    (33.7, (5.2749, -0.4677, -0.2499, 0.0588, -0.00554)),
    (158.7, (5.9825, -1.062)),
)
LEAST_Z = 0.2

# Flame Mach numbers; None: the flame is to be taken as a detonation. By confinement, then
# reactivity: low, medium, high congestion.
DETONATION_MACH = 5.2
FLAME_MACH: dict[Confinement, dict[Reactivity, tuple[float | None, float | None, float | None]]] = {
    "2d": {
        "high": (0.59, None, None),
        "medium": (0.47, 0.66, 1.6),
        "low": (0.079, 0.47, 0.66),
    },
    "2.5d": {
        "high": (0.47, None, None),
        "medium": (0.29, 0.55, 1.0),
        "low": (0.053, 0.35, 0.50),
    },
    "3d": {
        "high": (0.36, None, None),
        "medium": (0.11, 0.44, 0.50),
        "low": (0.026, 0.23, 0.34),
    },
}
# Blast of a detonating cloud, Mach 5.2: scaled distance, scaled overpressure, read off the curve.
DETONATION_R = (0.1, 0.17, 0.19, 0.22, 0.25, 0.3, 0.4, 0.5, 0.7, 1.0, 2.0, 5.0, 10.0)
DETONATION_P = (20.0, 20.0, 11.0, 6.4, 4.6, 2.8, 1.6, 1.05, 0.58, 0.40, 0.17, 0.058, 0.026)
# A stoichiometric hydrocarbon cloud holds 3.5 MJ/m3 and burns to some 8 times its volume.
CLOUD_J_M3, EXPANSION = 3.5e6, 8.0


def tnt_mass_kg(
    fuel_kg: ArrayLike, combustion_heat_j_kg: float, share: float = CLOUD_YIELD
) -> Floats:
    """Give the mass of TNT with the blast energy of a burning cloud, kg: share m Hc / 4.68 MJ/kg.

    `fuel_kg` of fuel within the flammable limits, >= 0; `share` in (0, 1], 0.03 by default, 0.10
    by EPA's guidance. ValueError otherwise.

    Range: far field (below some 30 kPa); near the cloud it gives far too much
    Source: HyRAM+ technical reference; EPA 550-B-99-009 app. C
    Verified: yes (equation)
    Test: tests/physics/test_explosion.py
    """
    mass = np.asarray(fuel_kg, dtype=float)
    if np.any(mass < 0.0) or not 0.0 < share <= 1.0:
        raise ValueError("fuel must be 0 kg or more and the share in (0, 1]")
    return np.asarray(share * mass * combustion_heat_j_kg / TNT_J_KG)


def _piecewise(z: Floats, fits: tuple[tuple[float, tuple[float, ...]], ...]) -> Floats:
    logs = np.log(np.maximum(z, LEAST_Z))
    values = [np.polynomial.polynomial.polyval(logs, fit) for _, fit in fits]
    below = [z <= last for last, _ in fits[:-1]]
    return np.asarray(np.exp(np.select(below, values[:-1], values[-1])))


def tnt_overpressure_pa(dist_m: ArrayLike, tnt_kg: ArrayLike) -> Floats:
    """Give the peak incident overpressure of TNT on the ground, Pa.

    Fits to Kingery & Bulmash by ln Z, Z = r/W^(1/3). `dist_m` > 0, `tnt_kg` > 0 else ValueError;
    below Z = 0.2 the value there is held, beyond 198.5 the last fit is carried on.

    Range: Z 0.2 to 198.5 m/kg^(1/3)
    Source: Swisdak (1994), 26th DoD Explosives Safety Seminar; UN SaferGuard
    Verified: yes (Z 5: 43.23 kPa; 10 t at 500 m: 5.05 kPa)
    Test: tests/physics/test_explosion.py
    """
    return np.asarray(1e3 * _piecewise(_scaled(dist_m, tnt_kg)[0], PRESSURE_FITS))


def tnt_impulse_pa_s(dist_m: ArrayLike, tnt_kg: ArrayLike) -> Floats:
    """Give the incident impulse of TNT on the ground, Pa s; arguments as for the overpressure.

    Range: Z 0.2 to 158.7 m/kg^(1/3)
    Source: Swisdak (1994), from memory
    Verified: no (coefficients from memory; pieces meet within 3 %; +-15 %)
    Test: tests/physics/test_explosion.py
    """
    z, root = _scaled(dist_m, tnt_kg)
    return np.asarray(root * _piecewise(z, IMPULSE_FITS))


def _scaled(dist_m: ArrayLike, tnt_kg: ArrayLike) -> tuple[Floats, Floats]:
    distance, mass = np.asarray(dist_m, dtype=float), np.asarray(tnt_kg, dtype=float)
    if np.any(distance <= 0.0) or np.any(mass <= 0.0):
        raise ValueError("blast needs a distance and a mass above 0")
    root = np.cbrt(mass)
    return np.asarray(distance / root), np.asarray(root)


def tnt_distance_m(overpressure_pa: float, tnt_kg: float) -> float:
    """Give the distance at which TNT makes an overpressure, m: the inverse, within 1e-6.

    `overpressure_pa` between the values of Z 0.2 and 198.5, `tnt_kg` > 0, else ValueError.

    Range: Z 0.2 to 198.5 m/kg^(1/3)
    Source: Swisdak (1994)
    Verified: yes (EPA's 17 W^(1/3) m for 1 psi within 7 %)
    Test: tests/physics/test_explosion.py
    """
    low, high = LEAST_Z, PRESSURE_FITS[-1][0]
    most, least = (float(tnt_overpressure_pa(z, 1.0)) for z in (low, high))
    if not least <= overpressure_pa <= most or not tnt_kg > 0.0:
        raise ValueError(f"an overpressure between {least:.0f} and {most:.0f} Pa is needed")
    for _ in range(60):
        middle = math.sqrt(low * high)
        if float(tnt_overpressure_pa(middle, 1.0)) > overpressure_pa:
            low = middle
        else:
            high = middle
    return math.sqrt(low * high) * float(np.cbrt(tnt_kg))


def flame_mach(
    congestion: Congestion, confinement: Confinement = "3d", reactivity: Reactivity = "medium"
) -> float:
    """Give the flame's Mach number by what the cloud burns in; 0 in the open.

    `congestion` "none": a flash fire without blast. "low": below 10 % of the way blocked,
    "medium" to 40 %, "high" above. `confinement` "3d" free, "2.5d" under light roofs or pipe
    racks, "2d" under a platform. `reactivity` "low" methane and CO, "high" hydrogen, acetylene,
    ethylene and its oxide, "medium" all else. Detonations give 5.2.

    Range: the classes named
    Source: Pierorazio et al. (2005), Process Saf. Prog. 24:59-65; CCPS (2010) ch. 6
    Verified: no (table from memory; 0.44 for medium, medium, 3d read; +-30 %)
    Test: tests/physics/test_explosion.py
    """
    for value, allowed in (
        (congestion, get_args(Congestion)),
        (confinement, get_args(Confinement)),
        (reactivity, get_args(Reactivity)),
    ):
        if value not in allowed:
            raise ValueError(f"{value!r} is none of {', '.join(allowed)}")
    if congestion == "none":
        return 0.0
    found = FLAME_MACH[confinement][reactivity][("low", "medium", "high").index(congestion)]
    return DETONATION_MACH if found is None else found


def cloud_overpressure_pa(
    dist_m: ArrayLike, energy_j: float, mach: float, ambient_pa: float = P_ATM_PA
) -> Floats:
    """Give the peak overpressure of a burning congested cloud, Pa, by Baker, Strehlow and Tang.

    `dist_m` > 0 from the middle of the congested part; `energy_j` of the fuel **in that part**
    (doubled here for the ground); `mach` of the flame, 0 for none. Inside the burnt cloud
    2.4 M2/(1 + M) ambient pressures (Tang & Baker), outside it falling as 1/R from the radius of
    the burnt cloud, both held below the curve of a detonation. The published curves are so met
    within 25 %. ValueError for a distance not above 0 or a negative energy.

    Range: scaled distance 0.1 to 10, flames to Mach 1; above that a detonation's curve bounds it
    Source: Tang & Baker (1999), Process Saf. Prog. 18:235-240; curves in CCPS (2010)
    Verified: no (Mach 5.2 is 0.4 at R 1, read; the rest of the curve +-15 %)
    Test: tests/physics/test_explosion.py
    """
    distance = np.asarray(dist_m, dtype=float)
    if np.any(distance <= 0.0) or energy_j < 0.0 or mach < 0.0:
        raise ValueError("blast needs a distance above 0 m and energy and Mach number not below 0")
    if energy_j == 0.0 or mach == 0.0:
        return np.zeros_like(distance)
    ground = 2.0 * energy_j
    scaled = distance * (ambient_pa / ground) ** (1.0 / 3.0)
    r, p = np.log(DETONATION_R), np.log(DETONATION_P)
    detonation = np.exp(np.interp(np.log(scaled), r, p))
    beyond = scaled > DETONATION_R[-1]
    detonation = np.where(beyond, DETONATION_P[-1] * DETONATION_R[-1] / scaled, detonation)
    if mach >= DETONATION_MACH:
        return np.asarray(detonation * ambient_pa)
    burnt = (3.0 * EXPANSION * ambient_pa / (4.0 * math.pi * CLOUD_J_M3)) ** (1.0 / 3.0)
    inside = 2.4 * mach**2 / (1.0 + mach)
    flame = inside * np.minimum(1.0, burnt / scaled)
    return np.asarray(np.minimum(flame, detonation) * ambient_pa)


def in_flash_fire(share_vv: ArrayLike, lfl_vv: float, fraction: float = 1.0) -> NDArray[np.bool_]:
    """Tell where an igniting cloud in the open burns: concentration at or above the lower limit.

    `share_vv` by volume, `lfl_vv` lower limit in (0, 1), `fraction` of it (0.5 allows for peaks
    within an averaged plume). People outdoors within are taken to die, those outside to be unhurt
    by the flame.

    Range: open, uncongested ground
    Source: TNO Purple Book (CPR 18E, 1999) ch. 5, from memory
    Verified: no (rule of assessment)
    Test: tests/physics/test_explosion.py
    """
    if not 0.0 < lfl_vv < 1.0 or not 0.0 < fraction <= 1.0:
        raise ValueError("the limit and its fraction are shares in (0, 1)")
    return np.asarray(np.asarray(share_vv, dtype=float) >= fraction * lfl_vv)


def burst_energy_j(
    pressure_pa: float, gas_m3: float, gamma: float, ambient_pa: float = P_ATM_PA
) -> float:
    """Give the energy of the gas of a bursting vessel, J: (p - pa) V / (gamma - 1).

    `pressure_pa` absolute at burst, `gas_m3` gas space, `gamma` > 1. About half of it is blast;
    ValueError unless the pressure is above ambient.

    Range: 2 to 200 bar
    Source: Brode (1959), Phys. Fluids 2:217-229
    Verified: yes (equation)
    Test: tests/physics/test_explosion.py
    """
    if not pressure_pa > ambient_pa or gas_m3 < 0.0 or not gamma > 1.0:
        raise ValueError("a burst needs a pressure above ambient, a volume and gamma above 1")
    return (pressure_pa - ambient_pa) * gas_m3 / (gamma - 1.0)


def boiling_energy_j(liquid_kg: float, superheat_j_kg: float, share: float = 0.05) -> float:
    """Give the blast energy of flashing liquid in a burst, J: a share of its superheat.

    `superheat_j_kg` cp (T - Tb), enthalpy above that at the boiling point; `share` 0.036 to 0.14.

    Range: liquefied gases
    Source: Casal & Salla (2006), J. Hazard. Mater. 137:1321-1327, from memory
    Verified: no (share 0.036 to 0.14)
    Test: tests/physics/test_explosion.py
    """
    if liquid_kg < 0.0 or superheat_j_kg < 0.0 or not 0.0 < share <= 1.0:
        raise ValueError("mass and superheat must not be negative, the share in (0, 1]")
    return share * liquid_kg * superheat_j_kg


def burst_tnt_kg(energy_j: float, blast_share: float = 0.5) -> float:
    """Give the mass of TNT with the blast of a burst, kg: share of the energy over 4.68 MJ/kg.

    Range: beyond some 10 vessel radii
    Source: CCPS (1994) sec. 6.3; share by Baker et al. (1983), from memory
    Verified: no (share 0.3 to 0.8)
    Test: tests/physics/test_explosion.py
    """
    return blast_share * energy_j / TNT_J_KG


def fragment_exclusion_m(mass_kg: float, rare: bool = False) -> float:
    """Give the distance to keep for fragments of a bursting tank, m: 4 fireball radii, or 15.

    `mass_kg` of liquefied gas in it. Within four radii lie 80 to 90 % of the fragments; `rare`
    gives 15, beyond which only single ends of tanks have flown. An exclusion distance, no model.

    Range: 0.4 to 60 t of liquefied gas
    Source: Birk (1996), J. Loss Prev. Process Ind. 9:173-181, from memory
    Verified: no (single ends to 30 radii)
    Test: tests/physics/test_explosion.py
    """
    if not mass_kg > 0.0:
        raise ValueError("a mass above 0 kg is needed")
    radius = 0.5 * 5.8 * mass_kg ** (1.0 / 3.0)
    return (15.0 if rare else 4.0) * float(radius)
