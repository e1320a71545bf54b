"""Harm of heat and blast to people and buildings: dose, probits, pain, escape, damage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]
ThermalProbit = Literal["eisenberg", "tsao-perry", "tno", "lees"]
BlastProbit = Literal["lung", "lung-hse", "head", "collapse"]

# Y = a + b ln(f V), V in (W/m2)^(4/3) s: a, b, f.
THERMAL_PROBITS: dict[ThermalProbit, tuple[float, float, float]] = {
    "eisenberg": (-38.48, 2.56, 1.0),
    "tsao-perry": (-36.38, 2.56, 1.0),
    "tno": (-37.23, 2.56, 1.0),
    "lees": (-29.02, 1.99, 0.5),
}
# Burn probits of the Green Book, Y = a + b ln V: first and second degree; ultraviolet corrected.
BURN_PROBITS: dict[int, tuple[float, float]] = {1: (-39.83, 3.0186), 2: (-43.14, 3.0186)}

# Share of the people who die under clothing that does not burn, over those unclothed (Green Book;
# from memory, unverified, 0.1 to 0.3).
CLOTHED = 0.14
# Below this flux a person can stay (ISO 13571: 2.5 kW/m2 for half an hour).
TOLERABLE_W_M2 = 2500.0
REACTION_S, RUNNING_MPS, SAFE_W_M2 = 5.0, 4.0, 1000.0

# Overpressure (Pa) from which a building of ordinary masonry suffers the class (Clancey 1972 and
# Jarrett's classes as in Lees; from memory, unverified, a factor of 1.5 either way).
DAMAGE_PA: dict[str, float] = {
    "glass": 1.0e3,
    "light": 3.5e3,
    "moderate": 7.0e3,
    "heavy": 17.0e3,
    "partial-collapse": 35.0e3,
    "total": 70.0e3,
}


def thermal_dose(flux_w_m2: ArrayLike, dt_s: ArrayLike) -> Floats:
    """Give the thermal dose of a course of flux, (W/m2)^(4/3) s, summed over the last axis.

    `flux_w_m2` constant within steps of `dt_s` (s, scalar or one per step); negative flux counts
    as 0.

    Range: exposures to some minutes
    Source: Eisenberg et al. (1975), USCG AD-A015 245
    Verified: yes (definition)
    Test: tests/physics/test_thermal_harm.py
    """
    flux = np.maximum(np.asarray(flux_w_m2, dtype=float), 0.0)
    return np.asarray((flux ** (4.0 / 3.0) * np.asarray(dt_s, dtype=float)).sum(axis=-1))


def thermal_probit(dose: ArrayLike, by: ThermalProbit = "eisenberg") -> Floats:
    """Give the probit of death by heat of a dose in (W/m2)^(4/3) s; -inf for no dose.

    `by` "eisenberg" (nuclear data), "tsao-perry" (hydrocarbon fires, infrared, unclothed), "tno"
    or "lees" (half of the skin exposed, clothed).

    Range: doses of 1e6 to 1e8
    Source: Eisenberg (1975); Tsao & Perry (1979); TNO Green Book (1992); Lees (1994)
    Verified: yes (dose 1e7: 2.7823249, 4.8823249, 4.0323249, 1.6756475)
    Test: tests/physics/test_thermal_harm.py
    """
    a, b, factor = THERMAL_PROBITS[by]
    with np.errstate(divide="ignore"):
        return np.asarray(a + b * np.log(factor * np.maximum(np.asarray(dose, dtype=float), 0.0)))


def thermal_fatality(
    dose: ArrayLike, by: ThermalProbit = "eisenberg", clothed: bool = False
) -> Floats:
    """Give the share of people who die of a thermal dose, in [0, 1]: Phi(Y - 5).

    `clothed` takes 0.14 of it as long as clothes do not burn; meant for the probits of bare skin.

    Range: doses of 1e6 to 1e8
    Source: as `thermal_probit`; clothing TNO Green Book (CPR 16E, 1992)
    Verified: yes (15796 W/m2 for 60 s: one half by Eisenberg)
    Test: tests/physics/test_thermal_harm.py
    """
    share = np.asarray(ndtr(thermal_probit(dose, by) - 5.0))
    return np.asarray(share * CLOTHED) if clothed else share


def lethal_dose(share: ArrayLike, by: ThermalProbit = "eisenberg") -> Floats:
    """Give the thermal dose of which a share of people in (0, 1) dies: inverse of the probit.

    Range: shares in (0, 1)
    Source: as `thermal_probit`
    Verified: yes (inverse)
    Test: tests/physics/test_thermal_harm.py
    """
    a, b, factor = THERMAL_PROBITS[by]
    y = 5.0 + ndtri(np.asarray(share, dtype=float))
    return np.asarray(np.exp((y - a) / b) / factor)


def burn_share(dose: ArrayLike, degree: int) -> Floats:
    """Give the share of people with burns of a degree (1 or 2) or worse, in [0, 1].

    Bare skin; dose in (W/m2)^(4/3) s. KeyError for another degree.

    Range: doses of 1e5 to 1e8
    Source: TNO Green Book (CPR 16E, 1992) ch. 1, from memory
    Verified: no (constants from memory; +-0.5 in Y)
    Test: tests/physics/test_thermal_harm.py
    """
    a, b = BURN_PROBITS[degree]
    with np.errstate(divide="ignore"):
        y = a + b * np.log(np.maximum(np.asarray(dose, dtype=float), 0.0))
    return np.asarray(ndtr(y - 5.0))


def time_to_pain_s(flux_w_m2: ArrayLike) -> Floats:
    """Give how long bare skin stands a flux, s: 4.2 q^-1.9 min, q in kW/m2; inf below 2.5 kW/m2.

    Range: 2.5 to 20 kW/m2
    Source: ISO 13571:2012 eq. 7, in the form of the CFAST Technical Reference, Tenability
    Verified: yes (HUD: pain after 15 s at 4.7 kW/m2; here 13 s)
    Test: tests/physics/test_thermal_harm.py
    """
    flux = np.asarray(flux_w_m2, dtype=float)
    time = 60.0 * 4.2 * (np.maximum(flux, 1.0) / 1e3) ** -1.9
    return np.asarray(np.where(flux >= TOLERABLE_W_M2, time, np.inf))


def escape_dose(
    flux_at: Callable[[Floats], Floats],
    start_m: float,
    most_s: float,
    reaction_s: float = REACTION_S,
    running_mps: float = RUNNING_MPS,
    safe_w_m2: float = SAFE_W_M2,
    step_s: float = 0.25,
) -> float:
    """Give the thermal dose of a person who waits, then runs straight away, (W/m2)^(4/3) s.

    `flux_at` gives W/m2 at distances (m, array) from the fire in the direction of flight;
    `start_m` first distance; `most_s` how long the fire lasts; after `reaction_s` they run at
    `running_mps` until the flux falls below `safe_w_m2`. Nothing bars the way and the running
    do not tire or fall.

    Range: running 2 to 6 m/s, reaction 2 to 10 s
    Source: TNO Green Book (CPR 16E, 1992) sec. 1.6: 5 s, 4 m/s, 1 kW/m2, from memory
    Verified: no (speeds and threshold from memory)
    Test: tests/physics/test_thermal_harm.py
    """
    if not step_s > 0.0 or most_s < 0.0 or running_mps < 0.0:
        raise ValueError("the step must be above 0 s, time and speed not below 0")
    count = max(int(np.ceil(most_s / step_s)), 1)
    width = most_s / count
    middle = (np.arange(count) + 0.5) * width
    distance = start_m + running_mps * np.maximum(middle - reaction_s, 0.0)
    flux = np.asarray(flux_at(distance), dtype=float)
    safe = np.maximum.accumulate((flux < safe_w_m2) & (middle > reaction_s))
    return float(thermal_dose(np.where(safe, 0.0, flux), width))


def blast_probit(
    overpressure_pa: ArrayLike, by: BlastProbit = "lung", impulse_pa_s: ArrayLike = 1.0
) -> Floats:
    """Give the probit of death by blast; -inf for none.

    "lung" -77.1 + 6.91 ln p (Eisenberg), "lung-hse" 5.13 + 1.37 ln p[bar] (people in the open,
    fragments included), "head" 5 - 8.49 ln(2430/p + 4e8/(p i)) and "collapse" of the building
    5 - 0.22 ln((40000/p)^7.4 + (460/i)^11.3), both with the impulse `impulse_pa_s`.

    Range: 5 kPa to 1 MPa
    Source: Eisenberg et al. (1975); Hurst, Nussey & Pape (1989); TNO Green Book (1992)
    Verified: no (lung is: 50 % at 144543 Pa; the other three from memory, +-30 % in pressure)
    Test: tests/physics/test_thermal_harm.py
    """
    p = np.maximum(np.asarray(overpressure_pa, dtype=float), 0.0)
    i = np.maximum(np.asarray(impulse_pa_s, dtype=float), 0.0)
    with np.errstate(divide="ignore", over="ignore"):
        if by == "lung":
            return np.asarray(-77.1 + 6.91 * np.log(p))
        if by == "lung-hse":
            return np.asarray(5.13 + 1.37 * np.log(p / 1e5))
        if by == "head":
            return np.asarray(5.0 - 8.49 * np.log(2430.0 / p + 4e8 / (p * i)))
        return np.asarray(5.0 - 0.22 * np.log((40e3 / p) ** 7.4 + (460.0 / i) ** 11.3))


def blast_fatality(
    overpressure_pa: ArrayLike, by: BlastProbit = "lung", impulse_pa_s: ArrayLike = 1.0
) -> Floats:
    """Give the share of people who die of blast, in [0, 1]; arguments as `blast_probit`.

    Range: 5 kPa to 1 MPa
    Source: as `blast_probit`
    Verified: no (as there)
    Test: tests/physics/test_thermal_harm.py
    """
    return np.asarray(ndtr(blast_probit(overpressure_pa, by, impulse_pa_s) - 5.0))


def damage_class(overpressure_pa: ArrayLike) -> NDArray[np.str_]:
    """Give the class of damage to ordinary masonry buildings: none, glass, light, ..., total.

    Classes and their least overpressures are in `DAMAGE_PA`.

    Range: 0.1 to 200 kPa
    Source: Clancey (1972), as in Lees, Loss Prevention, ch. 17
    Verified: no (from memory, a factor of 1.5 either way)
    Test: tests/physics/test_thermal_harm.py
    """
    names = np.array(["none", *DAMAGE_PA])
    steps = np.array(list(DAMAGE_PA.values()))
    return np.asarray(
        names[np.searchsorted(steps, np.asarray(overpressure_pa, dtype=float), side="right")]
    )
