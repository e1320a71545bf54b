"""Evaporation of spilled liquid: by wind below the boiling point, by the ground's heat at it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from drillsim.data.substances import P_ATM_PA, R_GAS, Substance

# Smooth bunded ground keeps about 5 mm of liquid: TNO Yellow Book (CPR 14E) sec. 3.5, from memory,
# unverified, 5 to 20 mm by surface.
FILM_M = 0.005
AIR_VISCOSITY_M2_S = 1.5e-5
# Concrete: conductivity W/mK, diffusivity m2/s (TNO Yellow Book table 3.1, from memory, +-30 %).
CONCRETE_W_MK, CONCRETE_M2_S = 1.1, 5.7e-7


@dataclass(frozen=True, slots=True)
class PoolSource:
    """Steady evaporation: `rate_kg_s` into the air from `area_m2`; `feed_kg_s` spilled.

    Range: steady evaporation
    Source: as `evaporating_pool`
    Verified: yes (a definition)
    Test: tests/physics/test_pool.py
    """

    rate_kg_s: float
    area_m2: float
    feed_kg_s: float


def diffusivity_m2_s(molar_mass_kg_mol: float, temperature_k: float) -> float:
    """Give the diffusivity of a vapour in air, m2/s: 2.4e-5 sqrt(0.018/M) (T/298)^1.75.

    Scaled from water vapour by Graham's law; within 30 % for the substances of the table.

    Range: molar mass 0.017 to 0.15 kg/mol, 250 to 330 K, within 30 %
    Source: Mackay & Matsugu (1973); Graham's law; Fuller's exponent of temperature
    Verified: no (rule of thumb, +-30 %)
    Test: tests/physics/test_pool.py
    """
    return 2.4e-5 * math.sqrt(0.018 / molar_mass_kg_mol) * float((temperature_k / 298.0) ** 1.75)


def mass_transfer_mps(wind_mps: float, diameter_m: float, schmidt: float) -> float:
    """Give the mass transfer coefficient of a pool, m/s: 0.0048 U^(7/9) X^(-1/9) Sc^(-2/3).

    `wind_mps` at 10 m, 0.5 to 10 m/s; `diameter_m` of the pool.

    Range: wind 0.5 to 10 m/s
    Source: Mackay & Matsugu (1973), Can. J. Chem. Eng. 51:434-439, SI form of NOAA's ADIOS
    Verified: yes (by hand)
    Test: tests/physics/test_pool.py
    """
    return float(0.0048 * wind_mps ** (7 / 9) * diameter_m ** (-1 / 9) * schmidt ** (-2 / 3))


def evaporation_flux_kg_m2s(
    of: Substance, temperature_k: float, wind_mps: float, diameter_m: float
) -> float:
    """Give the evaporation flux of a liquid below its boiling point, kg/m2/s.

    E = -K (pa M / R T) ln(1 - pv/pa), which holds for volatile liquids too (Kawamura & Mackay
    1987, J. Hazard. Mater. 15:343-364); vapour pressure at the liquid's temperature, which is held
    (no cooling by evaporation: an upper bound). ValueError at or above the boiling point.

    Range: below the boiling point, wind 0.5 to 10 m/s
    Source: Mackay & Matsugu (1973); Kawamura & Mackay (1987), J. Hazard. Mater. 15:343-364
    Verified: yes (EPA 550-B-99-009 eq. D-1 within 30 %)
    Test: tests/physics/test_pool.py
    """
    share = of.saturation_pressure_pa(temperature_k) / P_ATM_PA
    if share >= 1.0:
        raise ValueError(
            f"{of.name.en} boils at {of.boiling_k:.1f} K; at {temperature_k:.1f} K it flashes"
        )
    schmidt = AIR_VISCOSITY_M2_S / diffusivity_m2_s(of.molar_mass, temperature_k)
    coefficient = mass_transfer_mps(wind_mps, diameter_m, schmidt)
    density = P_ATM_PA * of.molar_mass / (R_GAS * temperature_k)
    return -coefficient * density * math.log1p(-share)


def boiling_flux_kg_m2s(of: Substance, ground_k: float, contact_s: float) -> float:
    """Give the boil-off of a cold liquid on concrete after a contact time, kg/m2/s.

    One-dimensional conduction into a half-space: q = k (Tg - Tb) / sqrt(pi a t).
    `contact_s` > 0; 0 when the ground is colder than the liquid.

    Range: cold liquids on concrete, contact of 1 s to 1 h
    Source: TNO Yellow Book (CPR 14E) ch. 3
    Verified: no (ground constants from memory, +-30 %)
    Test: tests/physics/test_pool.py
    """
    warmer = max(ground_k - of.boiling_k, 0.0)
    heat = CONCRETE_W_MK * warmer / math.sqrt(math.pi * CONCRETE_M2_S * contact_s)
    return heat / of.vaporisation_heat_j_kg.value


def evaporating_pool(
    of: Substance,
    feed_kg_s: float,
    spilled_kg: float,
    temperature_k: float,
    wind_mps: float,
    bund_m2: float | None = None,
) -> PoolSource:
    """Give the steady evaporation from a spill that is fed at a rate.

    The pool spreads until it evaporates what feeds it, fills its bund, or has spread all of
    `spilled_kg` to a film of 5 mm, whichever is smallest; taken from the start of the leak (an
    early, thus safe, estimate). Diameter of a round pool of the same area.

    Range: one pool on smooth ground, bunded or not
    Source: balance of feed and evaporation; film of 5 mm from TNO Yellow Book sec. 3.5
    Verified: no (film from memory, 5 to 20 mm)
    Test: tests/physics/test_pool.py
    """
    film_m2 = spilled_kg / of.liquid_density_kg_m3(temperature_k) / FILM_M
    most_m2 = film_m2 if bund_m2 is None else min(film_m2, bund_m2)
    low, high = 1e-4, most_m2

    def rate(area_m2: float) -> float:
        diameter = math.sqrt(4.0 * area_m2 / math.pi)
        return area_m2 * evaporation_flux_kg_m2s(of, temperature_k, wind_mps, diameter)

    if rate(high) <= feed_kg_s:
        return PoolSource(rate(high), high, feed_kg_s)
    for _ in range(60):
        middle = math.sqrt(low * high)
        if rate(middle) < feed_kg_s:
            low = middle
        else:
            high = middle
    return PoolSource(feed_kg_s, high, feed_kg_s)
