"""Harm of a toxic cloud: exposure guideline levels, probits, air exchange of buildings."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from drillsim.data.substances import (
    AEGL_DURATIONS_S,
    P_ATM_PA,
    R_GAS,
    Probit,
    Substance,
    substance,
)

Floats = NDArray[np.float64]
LOG_AEGL_DURATIONS = np.log(AEGL_DURATIONS_S)


def aegl_ppm(of: Substance | str, tier: int, duration_s: ArrayLike) -> Any:
    """Give the AEGL of a tier (1, 2 or 3) for an exposure of a duration, in ppm.

    Log-log between the tabulated 10 min, 30 min, 60 min, 4 h and 8 h. Outside 10 min..8 h the
    nearest tabulated value is **held constant**: shorter exposures are not allowed more than the
    10-min level, longer ones not asked less than the 8-h level. `duration_s` > 0, scalar or array;
    a float for a scalar. KeyError when the substance has no such tier.

    Range: 10 min to 8 h, held constant outside
    Source: US EPA, Acute Exposure Guideline Levels
    Verified: yes (equals the transcribed table; see the substance table for each row)
    Test: tests/physics/test_harm.py
    """
    row = substance(of)
    if tier not in row.aegl_ppm:
        raise KeyError(f"{row.name.en} has no AEGL-{tier}")
    t = np.asarray(duration_s, dtype=float)
    if (t <= 0.0).any():
        raise ValueError("an exposure duration must be above 0 s")
    level = np.exp(np.interp(np.log(t), LOG_AEGL_DURATIONS, np.log(row.aegl_ppm[tier])))
    return float(level) if level.ndim == 0 else level


def ppm_to_mg_m3(
    of: Substance | str,
    ppm: ArrayLike,
    temperature_k: float = 298.15,
    pressure_pa: float = P_ATM_PA,
) -> Any:
    """Turn volume ppm into mg/m3 at a temperature (K) and pressure (Pa), by the ideal gas.

    Range: ideal gas
    Source: ideal gas law
    Verified: yes (identity)
    Test: tests/physics/test_harm.py
    """
    factor = pressure_pa * substance(of).molar_mass / (R_GAS * temperature_k)
    return np.asarray(ppm, dtype=float)[()] * factor


def mg_m3_to_ppm(
    of: Substance | str,
    mg_m3: ArrayLike,
    temperature_k: float = 298.15,
    pressure_pa: float = P_ATM_PA,
) -> Any:
    """Turn mg/m3 into volume ppm at a temperature (K) and pressure (Pa), by the ideal gas.

    Range: ideal gas
    Source: ideal gas law
    Verified: yes (identity)
    Test: tests/physics/test_harm.py
    """
    factor = pressure_pa * substance(of).molar_mass / (R_GAS * temperature_k)
    return np.asarray(mg_m3, dtype=float)[()] / factor


def _probit(of: Substance | str) -> Probit:
    row = substance(of)
    if row.probit is None:
        raise KeyError(f"{row.name.en} has no fatality probit in the table")
    return row.probit


def toxic_load_rate(of: Substance | str, c_mg_m3: ArrayLike) -> Floats:
    """Give C^n in (mg/m3)^n: what a minute at this concentration adds to the toxic load.

    Negative concentrations count as 0.

    Range: exponents of 1 to 3.5
    Source: ten Berge, Zwart & Appelman (1986), J. Hazard. Mater. 13:301-309
    Verified: yes (definition)
    Test: tests/physics/test_harm.py
    """
    c = np.maximum(np.asarray(c_mg_m3, dtype=float), 0.0)
    return np.asarray(np.power(c, _probit(of).n), dtype=float)


def probit_fatality(of: Substance | str, load: ArrayLike) -> Floats:
    """Give the share of exposed people who die of a toxic load, in [0, 1].

    `load` is the integral of C^n dt with C in mg/m3 and t in minutes; P = Phi(a + b ln(load) - 5).
    Loads of 0 give 0.

    Range: loads of 0 and more; adults
    Source: BEVI v3.2 (2009) constants, from memory
    Verified: no (constants unverified; the range of `a` is in the substance table)
    Test: tests/physics/test_harm.py
    """
    constants = _probit(of)
    dose = np.asarray(load, dtype=float)
    with np.errstate(divide="ignore"):
        y = constants.a + constants.b * np.log(np.maximum(dose, 0.0))
    return np.asarray(ndtr(y - 5.0), dtype=float)


def lethal_load(of: Substance | str, share: ArrayLike) -> Floats:
    """Give the toxic load of which a share of people in (0, 1) dies: inverse of the probit.

    A person whose tolerance is the quantile `share` dies of this load and of none below it.

    Range: shares in (0, 1)
    Source: inverse of `probit_fatality`
    Verified: no (as `probit_fatality`)
    Test: tests/physics/test_harm.py
    """
    constants = _probit(of)
    y = 5.0 + ndtri(np.asarray(share, dtype=float))
    return np.asarray(np.exp((y - constants.a) / constants.b), dtype=float)


def indoor_step(c_in: ArrayLike, c_out: ArrayLike, ach_per_h: ArrayLike, dt_s: ArrayLike) -> Floats:
    """Carry an indoor concentration over a step with the outdoor one held constant.

    Exact solution of dC/dt = n (Cout - C): C_in moves towards C_out by 1 - exp(-n dt).
    `ach_per_h` air changes an hour >= 0 (tight 0.2-0.5, leaky 0.5-1.5, commercial 0.8-2); any
    unit of concentration; broadcasts. No deposition and no filtering, so indoor doses are an
    upper bound.

    Range: 0.1 to 12 air changes an hour; no deposition: an upper bound
    Source: first-order box model, EPA/FEMA shelter-in-place guidance
    Verified: yes (exact solution; steps compose)
    Test: tests/physics/test_harm.py
    """
    inside = np.asarray(c_in, dtype=float)
    share = air_exchanged(ach_per_h, dt_s)
    return np.asarray(inside + (np.asarray(c_out, dtype=float) - inside) * share)


def air_exchanged(ach_per_h: ArrayLike, dt_s: ArrayLike) -> Floats:
    """Give the share of indoor air exchanged in a step, 1 - exp(-n dt), in [0, 1).

    `ach_per_h` air changes an hour >= 0, `dt_s` >= 0; broadcasts.

    Range: 0.1 to 12 air changes an hour
    Source: first-order box model
    Verified: yes (exact solution)
    Test: tests/physics/test_harm.py
    """
    return np.asarray(-np.expm1(-np.asarray(ach_per_h, float) * np.asarray(dt_s, float) / 3600.0))
