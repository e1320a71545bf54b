"""The fate of an oil slick: evaporation, natural dispersion, booms, skimmers; mass is conserved.

The oil is a mixture of pseudo-components, one for each distillation cut; each evaporates at its
own first-order rate. Spreading is that of `oil_spread`. Left out: sinking, oil on the banks,
photo-oxidation, biodegradation, dissolution (under 1 % of an oil).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.data.substances import P_ATM_PA, R_GAS
from drillsim.data.transport import Oil, transport
from drillsim.physics.oil_spread import slick_area_m2
from drillsim.physics.pool import AIR_VISCOSITY_M2_S, diffusivity_m2_s, mass_transfer_mps

G = 9.80665
ZERO_C_K = 273.15
LAST_BOILING_K = 1015.0

Floats = NDArray[np.float64]


def molar_mass_kg_mol(boiling_k: ArrayLike) -> Floats:
    """Give the molar mass of a petroleum cut from its boiling point, kg/mol.

    M = (49.677 (6.98291 - ln(1070 - T)))^1.5 g/mol (saturates); `boiling_k` any shape.

    Range: 250 to 1060 K
    Source: Riazi (2005), Characterization and Properties of Petroleum Fractions, eq. 2.48
    Verified: yes (n-heptane to 0.2 %; within 2 % of NOAA's values at 300 and 400 K)
    Test: tests/physics/test_oil_slick.py
    """
    boiling = np.clip(np.asarray(boiling_k, dtype=np.float64), 250.0, 1060.0)
    return np.asarray((49.677 * (6.98291 - np.log(1070.0 - boiling))) ** 1.5 / 1000.0)


def cut_pressure_pa(boiling_k: ArrayLike, temperature_k: float) -> Floats:
    """Give the vapour pressure of a petroleum cut, Pa, from its boiling point.

    ln(P/P_atm) = S (Tb - C)^2 / (0.97 R Tb) (1/(Tb - C) - 1/(T - C)), S = 8.75 + R ln Tb,
    C = 0.19 Tb - 18, R = 1.987 cal/(mol K). `boiling_k` any shape, `temperature_k` > 200.

    Range: T from 260 to 320 K, cuts boiling up to 700 K; up to 86 % off below 1.3 kPa (too high
        by 46 % for n-decane), so middle cuts go early
    Source: Lyman et al. (1990), ch. 14, method 1, as in NOAA PyGNOME
    Verified: yes (benzene and n-octane within 20 %, n-decane within 50 %, at 25 C in the test)
    Test: tests/physics/test_oil_slick.py
    """
    boiling = np.asarray(boiling_k, dtype=np.float64)
    entropy = 8.75 + 1.987 * np.log(boiling)
    shift = 0.19 * boiling - 18.0
    slope = entropy * (boiling - shift) ** 2 / (0.97 * 1.987 * boiling)
    power = slope * (1.0 / (boiling - shift) - 1.0 / (temperature_k - shift))
    return np.asarray(P_ATM_PA * np.exp(power))


def components(oil: Oil) -> tuple[Floats, Floats]:
    """Give an oil's pseudo-components: mass shares (n,), adding up to 1, boiling points (n,), K.

    Each lies between two cuts and boils at their mean; what distils before the first cut boils at
    it, what is left after the last does not evaporate (1,015 K).

    Range: oils with distillation cuts by mass
    Source: ADIOS2, Lehr et al. (2002), Environ. Model. Softw. 17:191-199
    Verified: yes (shares add up; a definition)
    Test: tests/physics/test_oil_slick.py
    """
    share = np.array([cut[0] for cut in oil.cuts])
    boiling = np.array([cut[1] for cut in oil.cuts]) + ZERO_C_K
    shares = np.concatenate([[share[0]], np.diff(share), [1.0 - share[-1]]])
    temperatures = np.concatenate(
        [[boiling[0]], 0.5 * (boiling[1:] + boiling[:-1]), [LAST_BOILING_K]]
    )
    kept = shares > 0.0
    return shares[kept], temperatures[kept]


def evaporation_rates_per_s(
    oil: Oil, mass_kg: Floats, area_m2: float, wind_mps: float, temperature_k: float
) -> Floats:
    """Give the first-order evaporation rate of each pseudo-component, 1/s, shape (n,).

    k_i = A K_i P_i / (R T sum(m_j / M_j)), K_i = 0.0048 U^(7/9) X^(-1/9) Sc_i^(-2/3);
    `mass_kg` (n,) of each component in the slick, `area_m2`, `wind_mps` at 10 m (at least 1 m/s
    is taken), `temperature_k` of the water. ValueError for a mass of another shape.

    Range: wind 1 to 15 m/s; films thinner than about 2 mm (thick ones are limited from within)
    Source: Mackay & Matsugu (1973) with pseudo-components as in ADIOS2 and NOAA PyGNOME
    Verified: yes (equations read there; benzene film by hand in the test)
    Test: tests/physics/test_oil_slick.py
    """
    _, boiling = components(oil)
    if mass_kg.shape != boiling.shape:
        raise ValueError(f"{oil.name.en} has {len(boiling)} components, not {mass_kg.shape}")
    molar = molar_mass_kg_mol(boiling)
    moles = float((mass_kg / molar).sum())
    if moles <= 0.0 or area_m2 <= 0.0:
        return np.zeros_like(boiling)
    across = max(math.sqrt(4.0 * area_m2 / math.pi), 1.0)
    transfer = np.array(
        [
            mass_transfer_mps(
                max(wind_mps, 1.0),
                across,
                AIR_VISCOSITY_M2_S / diffusivity_m2_s(float(m), temperature_k),
            )
            for m in molar
        ]
    )
    pressure = cut_pressure_pa(boiling, temperature_k)
    rate = area_m2 * transfer * pressure / (R_GAS * temperature_k * moles)
    return np.where(boiling < LAST_BOILING_K, rate, 0.0)


def open_wave_height_m(wind_mps: float) -> float:
    """Give the significant height of a fully grown sea, m: 0.22 U^2 / g.

    Range: open water with days of fetch; an upper bound anywhere else
    Source: NOAA PyGNOME waves (Lehr & Simecek-Beatty); 2.24337 m at 10 m/s
    Verified: yes (that value)
    Test: tests/physics/test_oil_slick.py
    """
    return 0.22 * wind_mps**2 / G


def fetch_wave_height_m(wind_mps: float, fetch_m: float) -> float:
    """Give the significant wave height on a short fetch, m, never above the fully grown sea.

    H = 0.0016 sqrt(g F / U^2) U^2 / g; `fetch_m` the open water up-wind (a canal's width, or its
    straight length when the wind blows along it).

    Range: fetch 10 m to 100 km, wind 2 to 20 m/s; a low bank shelters further
    Source: JONSWAP as in the Shore Protection Manual (1984), eq. 3-33
    Verified: no (from memory)
    Test: tests/physics/test_oil_slick.py
    """
    if fetch_m <= 0.0:
        raise ValueError("the fetch must be above 0")
    if wind_mps <= 0.0:
        return 0.0
    grown = open_wave_height_m(wind_mps)
    young = 0.0016 * math.sqrt(G * fetch_m / wind_mps**2) * wind_mps**2 / G
    return min(grown, young)


def dispersion_rate_per_s(oil: Oil, wind_mps: float, thickness_m: float, fetch_m: float) -> float:
    """Give the first-order rate at which waves mix a slick into the water, 1/s.

    k = 0.11 (1 + U)^2 / 3600 / (1 + 50 sqrt(mu) h s), mu in cP, h in cm, s in dyn/cm, scaled by
    wave energy (H / H_open)^2 for the fetch. ValueError for a thickness that is not above zero.

    Range: thin slicks of oils under 10,000 cP; order of magnitude only; close to 0 on canals
    Source: Mackay et al. (1980), as used in oil-spill models; scaling by fetch is judgement
    Verified: no (from memory)
    Test: tests/physics/test_oil_slick.py
    """
    if thickness_m <= 0.0:
        raise ValueError("the thickness must be above 0")
    centipoise = oil.viscosity_m2_s * oil.density_kg_m3 * 1000.0
    slowed = 1.0 + 50.0 * math.sqrt(centipoise) * thickness_m * 100.0 * oil.tension_n_m.value * 1e3
    open_rate = 0.11 * (1.0 + wind_mps) ** 2 / 3600.0 / 100.0 / slowed
    grown = open_wave_height_m(wind_mps)
    if grown <= 0.0:
        return 0.0
    return open_rate * (fetch_wave_height_m(wind_mps, fetch_m) / grown) ** 2


def emulsion_share(oil: Oil, t_s: ArrayLike, wind_mps: float) -> Floats:
    """Give the share of water in the slick's emulsion, 0 to the oil's greatest.

    Y = Y_max (1 - exp(-2e-6 (1 + U)^2 t / Y_max)); `t_s` any shape, s since the release.

    Range: oils that take up water; onset delays of days are left out, so volumes are early
    Source: Mackay et al. (1980); coefficient 2e-6, unverified, 1e-6 to 4.5e-6
    Verified: no (from memory)
    Test: tests/physics/test_oil_slick.py
    """
    time = np.maximum(np.asarray(t_s, dtype=np.float64), 0.0)
    most = oil.emulsion_water_max.value
    if most <= 0.0:
        return np.zeros_like(time)
    return np.asarray(most * -np.expm1(-2e-6 * (1.0 + wind_mps) ** 2 * time / most))


@dataclass(frozen=True, slots=True)
class SlickBudget:
    """Where the oil is over time, kg, each of shape (k,), and the slick's area, m2.

    `floating`, `evaporated`, `dispersed` and `recovered` add up to what was spilled.

    Range: as `weather_slick`
    Source: mass balance
    Verified: yes (adds up in the test)
    Test: tests/physics/test_oil_slick.py
    """

    t_s: Floats
    floating_kg: Floats
    evaporated_kg: Floats
    dispersed_kg: Floats
    recovered_kg: Floats
    area_m2: Floats


def weather_slick(
    oil: Oil,
    spilled_kg: float,
    t_s: Sequence[float] | Floats,
    *,
    width_m: float,
    wind_mps: float,
    temperature_k: float,
    fetch_m: float | None = None,
    recovery_kg_s: float = 0.0,
    recovery_from_s: float = math.inf,
) -> SlickBudget:
    """Follow a sudden spill on a canal through time, its mass conserved to rounding.

    `t_s` (k,) rising from 0; a step between two of them holds area and rates (take steps of a few
    minutes). `width_m` between the banks; `fetch_m` for waves, the width when None. Skimmers take
    `recovery_kg_s` from `recovery_from_s` on, never more than floats. Within a step evaporation
    and dispersion share the loss of each component by their rates, so nothing is lost twice; area
    is that of the spilled volume (evaporation does not shrink it). ValueError for times that do
    not rise from 0 or a mass that is not above zero.

    Range: 0.01 to 1e5 m3; up to a few days
    Source: ADIOS2, Lehr et al. (2002), for the scheme; the rates as in their functions
    Verified: yes (mass balance; steps halved change the result by under 1 % in the test)
    Test: tests/physics/test_oil_slick.py
    """
    times = np.asarray(t_s, dtype=np.float64)
    if times.ndim != 1 or len(times) < 2 or times[0] != 0.0 or (np.diff(times) <= 0.0).any():
        raise ValueError("the times must rise from 0, two at least")
    if spilled_kg <= 0.0:
        raise ValueError("the spilled mass must be above 0")
    volume = spilled_kg / oil.density_kg_m3
    middles = 0.5 * (times[1:] + times[:-1])
    areas = slick_area_m2(oil, volume, width_m, middles)
    mass = components(oil)[0] * spilled_kg
    rows = np.zeros((len(times), 3))  # evaporated, dispersed, recovered
    for n, area in enumerate(areas.tolist()):
        step = float(times[n + 1] - times[n])
        into_air = evaporation_rates_per_s(oil, mass, area, wind_mps, temperature_k)
        thickness = max(float(mass.sum()) / oil.density_kg_m3 / area, 1e-9)
        mixed = dispersion_rate_per_s(oil, wind_mps, thickness, fetch_m or width_m)
        total = into_air + mixed
        lost = mass * -np.expm1(-total * step)
        share = np.divide(into_air, total, out=np.zeros_like(total), where=total > 0.0)
        air = float((lost * share).sum())
        left = mass - lost
        active = max(float(times[n + 1]) - max(recovery_from_s, float(times[n])), 0.0)
        taken = min(recovery_kg_s * active, float(left.sum()))
        mass = left * (1.0 - taken / float(left.sum())) if left.sum() > 0.0 else left
        rows[n + 1] = rows[n] + (air, float(lost.sum()) - air, taken)
    return SlickBudget(
        t_s=times,
        floating_kg=np.asarray(spilled_kg - rows.sum(axis=1)),
        evaporated_kg=rows[:, 0],
        dispersed_kg=rows[:, 1],
        recovered_kg=rows[:, 2],
        area_m2=slick_area_m2(oil, volume, width_m, times),
    )


def boom_holds_share(current_mps: float, angle_deg: float = 90.0) -> float:
    """Give the share of floating oil that a boom holds back, 0 to 1.

    `angle_deg` between boom and current, 90 straight across. All while the current across the
    boom, u sin(angle), is at most 0.36 m/s (0.7 kn: oil is drawn under beyond it), then falling
    in a line to nothing at twice that. Dissolved substances pass any boom. ValueError for an
    angle out of 0 to 90.

    Range: calm water, boom draught above the slick; a boom along the stream (0) leads oil aside
    Source: threshold: US Navy Ship Salvage Manual vol. 6, sec. 4-5.1; the line beyond is judgement
    Verified: no (threshold read; loss beyond it is judgement, 1.4 to 3 times the threshold)
    Test: tests/physics/test_oil_slick.py
    """
    if not 0.0 <= angle_deg <= 90.0:
        raise ValueError("the angle between boom and current must lie in 0 to 90 degrees")
    data = transport().slick
    first = data.boom_loss_mps.value
    last = first * data.boom_all_lost_factor.value
    across = abs(current_mps) * math.sin(math.radians(angle_deg))
    return min(max((last - across) / (last - first), 0.0), 1.0)


def boom_angle_deg(current_mps: float) -> float:
    """Give the steepest angle at which a boom still holds everything, degrees: asin(0.36 / u).

    Range: any current; 90 in slow water
    Source: US Navy Ship Salvage Manual vol. 6, fig. 4-16
    Verified: yes (maker's example: 2 kn across 50 m need 150 m of boom)
    Test: tests/physics/test_oil_slick.py
    """
    first = transport().slick.boom_loss_mps.value
    return math.degrees(math.asin(min(first / max(abs(current_mps), first), 1.0)))


def boom_length_m(width_m: float, current_mps: float) -> float:
    """Give the length of boom that crosses a width at the angle that still holds, m.

    Range: sheltered water; anchoring and overlap extra
    Source: as `boom_angle_deg`
    Verified: yes (maker's example: 2 kn across 50 m need 150 m of boom)
    Test: tests/physics/test_oil_slick.py
    """
    return width_m / math.sin(math.radians(boom_angle_deg(current_mps)))


def skimmer_rate_m3_s(nameplate_m3_s: float, water_share: float = 0.0) -> float:
    """Give the oil that a skimmer takes up, m3/s: nameplate x 20 % x (1 - water in the emulsion).

    ValueError for a negative rate or a share out of 0 to 1.

    Range: hours to days of work in a boomed slick; unverified, 10 to 50 % of nameplate
    Source: effective daily recovery capacity, 33 CFR 155 appendix B, from memory
    Verified: no (from memory)
    Test: tests/physics/test_oil_slick.py
    """
    if nameplate_m3_s < 0.0 or not 0.0 <= water_share <= 1.0:
        raise ValueError("the nameplate must be 0 or more and the water share in 0 to 1")
    return nameplate_m3_s * transport().slick.skimmer_share.value * (1.0 - water_share)
