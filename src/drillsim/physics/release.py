"""Source terms: what comes out of a hole, how fast, in which state."""

from __future__ import annotations

import math
from dataclasses import dataclass

from drillsim.data.substances import P_ATM_PA, R_GAS, Substance


@dataclass(frozen=True, slots=True)
class Outflow:
    """Flow through a hole: mass rate, speed and state at the exit plane.

    Range: not applicable (a record)
    Source: as the functions that make it
    Verified: yes (a definition)
    Test: tests/physics/test_release.py
    """

    rate_kg_s: float
    speed_mps: float
    temperature_k: float
    pressure_pa: float
    liquid_fraction: float


def hole_area_m2(diameter_m: float) -> float:
    """Give the area of a round hole, m2.

    Range: round holes
    Source: geometry
    Verified: yes (identity)
    Test: tests/physics/test_release.py
    """
    return 0.25 * math.pi * diameter_m * diameter_m


def liquid_orifice(
    diameter_m: float,
    pressure_pa: float,
    density_kg_m3: float,
    temperature_k: float,
    discharge_coefficient: float = 0.62,
    ambient_pa: float = P_ATM_PA,
) -> Outflow:
    """Give the outflow of liquid through a sharp hole (Bernoulli).

    m = Cd A sqrt(2 rho (p - pa)), u = Cd sqrt(2 (p - pa) / rho): speed averaged over the hole.
    Pressure at the hole includes any liquid head. Valid for a hole in a wall (length/diameter
    below about 10); a longer path flashes inside, see `two_phase_pipe`. Zero if p <= pa.

    Range: holes in a wall, length over diameter below about 10
    Source: CCPS (1999) sec. 2.1; TNO Yellow Book (CPR 14E) ch. 2
    Verified: yes (golden row src.liq_orifice)
    Test: tests/physics/test_release.py
    """
    if pressure_pa <= ambient_pa:
        return Outflow(0.0, 0.0, temperature_k, ambient_pa, 1.0)
    speed = discharge_coefficient * math.sqrt(2.0 * (pressure_pa - ambient_pa) / density_kg_m3)
    rate = density_kg_m3 * hole_area_m2(diameter_m) * speed
    return Outflow(rate, speed, temperature_k, ambient_pa, 1.0)


def gas_orifice(
    diameter_m: float,
    pressure_pa: float,
    temperature_k: float,
    molar_mass_kg_mol: float,
    heat_capacity_ratio: float,
    discharge_coefficient: float = 0.85,
    ambient_pa: float = P_ATM_PA,
) -> Outflow:
    """Give the outflow of an ideal gas through a hole, choked or subsonic.

    Isentropic; choked when p/pa > ((k+1)/2)^(k/(k-1)). The exit plane of a choked hole stands at
    p (2/(k+1))^(k/(k-1)) and T 2/(k+1). Speed is rate/(rho A) at the exit plane, thus with Cd.

    Range: ideal gas, choked or subsonic
    Source: CCPS (1999) sec. 2.1; TNO Yellow Book (CPR 14E) ch. 2
    Verified: yes (golden row src.gas_choked)
    Test: tests/physics/test_release.py
    """
    if pressure_pa <= ambient_pa:
        return Outflow(0.0, 0.0, temperature_k, ambient_pa, 0.0)
    k = heat_capacity_ratio
    critical = (2.0 / (k + 1.0)) ** (k / (k - 1.0))
    ratio = max(ambient_pa / pressure_pa, critical)
    density = pressure_pa * molar_mass_kg_mol / (R_GAS * temperature_k)
    flux = math.sqrt(
        2.0
        * pressure_pa
        * density
        * k
        / (k - 1.0)
        * (ratio ** (2.0 / k) - ratio ** ((k + 1.0) / k))
    )
    rate = discharge_coefficient * hole_area_m2(diameter_m) * flux
    exit_pa = pressure_pa * ratio
    exit_k = temperature_k * ratio ** ((k - 1.0) / k)
    exit_density = exit_pa * molar_mass_kg_mol / (R_GAS * exit_k)
    speed = rate / (exit_density * hole_area_m2(diameter_m))
    return Outflow(rate, speed, exit_k, exit_pa, 0.0)


def two_phase_pipe(
    diameter_m: float,
    substance: Substance,
    temperature_k: float,
    discharge_coefficient: float = 1.0,
) -> Outflow:
    """Give the outflow of saturated liquid that flashes inside a pipe or arm longer than 0.1 m.

    Equilibrium rate model: G = (dHv / v_lg) / sqrt(T cp), with the vapour's specific volume for
    v_lg; the exit state is the liquid flashed to the boiling point. Valid for saturated liquid,
    length over 0.1 m, not for subcooled storage.

    Range: saturated liquid, pipe longer than 0.1 m, not subcooled
    Source: Fauske & Epstein (1988), J. Loss Prev. Process Ind. 1:75-83; CCPS (1999) sec. 2.1
    Verified: no (bounded by the liquid and vapour rates, no published number)
    Test: tests/physics/test_release.py
    """
    pressure = substance.saturation_pressure_pa(temperature_k)
    if pressure <= P_ATM_PA:
        return Outflow(0.0, 0.0, temperature_k, P_ATM_PA, 1.0)
    volume = 1.0 / substance.gas_density_kg_m3(temperature_k, pressure)
    cp = substance.liquid_heat_capacity_j_kgk.value
    flux = substance.vaporisation_heat_j_kg.value / (volume * math.sqrt(temperature_k * cp))
    area = hole_area_m2(diameter_m)
    rate = discharge_coefficient * area * flux
    vapour = substance.flash_fraction(temperature_k)
    # Momentum over the expansion outside the mouth, from choke pressure (taken as saturation) to
    # ambient: u = G / rho_l + (p - pa) / G.
    liquid = substance.liquid_density_kg_m3(temperature_k)
    speed = flux / liquid + (pressure - P_ATM_PA) / flux
    return Outflow(rate, speed, substance.boiling_k, P_ATM_PA, 1.0 - vapour)


def expanded(outflow: Outflow, diameter_m: float, ambient_pa: float = P_ATM_PA) -> Outflow:
    """Expand a choked gas outflow to ambient pressure, keeping its momentum.

    u = u_exit + (p_exit - pa) A / m; the temperature stays that of the exit plane. Unchanged when
    the exit plane is at ambient pressure.

    Range: choked gas outflow
    Source: TNO Yellow Book (CPR 14E) ch. 2
    Verified: yes (momentum kept)
    Test: tests/physics/test_release.py
    """
    if outflow.rate_kg_s <= 0.0 or outflow.pressure_pa <= ambient_pa:
        return outflow
    gain = (outflow.pressure_pa - ambient_pa) * hole_area_m2(diameter_m) / outflow.rate_kg_s
    return Outflow(
        outflow.rate_kg_s,
        outflow.speed_mps + gain,
        outflow.temperature_k,
        ambient_pa,
        outflow.liquid_fraction,
    )


def flashed(substance: Substance, outflow: Outflow) -> Outflow:
    """Flash a superheated liquid outflow to the boiling point at ambient pressure.

    Momentum is kept: the speed stays. A liquid below its boiling point is returned unchanged.

    Range: superheated liquid
    Source: energy balance, CCPS (1999) sec. 2.1
    Verified: yes (mass and momentum kept)
    Test: tests/physics/test_release.py
    """
    vapour = substance.flash_fraction(outflow.temperature_k) * outflow.liquid_fraction
    if vapour <= 0.0:
        return outflow
    return Outflow(
        outflow.rate_kg_s,
        outflow.speed_mps,
        substance.boiling_k,
        P_ATM_PA,
        outflow.liquid_fraction - vapour,
    )


def mixture_density(substance: Substance, liquid_fraction: float) -> float:
    """Give the density of released vapour and droplets at the boiling point, kg/m3.

    Range: vapour and droplets at the boiling point
    Source: volumes add up
    Verified: yes (identity)
    Test: tests/physics/test_release.py
    """
    vapour = substance.gas_density_kg_m3(substance.boiling_k)
    liquid = substance.boiling_density_kg_m3.value
    return 1.0 / ((1.0 - liquid_fraction) / vapour + liquid_fraction / liquid)
