"""Escalation: when heat or blast makes the next vessel fail, and what cooling water wins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]
VesselKind = Literal["atmospheric", "pressurised", "elongated", "small"]
Exposure = Literal["radiation", "engulfed"]

# Cozzani, Gubinelli & Salzano (2006), J. Hazard. Mater. 129:1-21; only its abstract was read.
# W/m2 below which a vessel is not taken to fail; elongated and small vessels as pressurised ones.
# Range +-30 %.
HEAT_THRESHOLD_W_M2: dict[VesselKind, float] = {
    "atmospheric": 15e3,
    "pressurised": 45e3,
    "elongated": 45e3,
    "small": 45e3,
}
LEAST_EXPOSURE_S = 600.0
# Pa below which blast is not taken to damage it; range +-30 %.
BLAST_THRESHOLD_PA: dict[VesselKind, float] = {
    "atmospheric": 22e3,
    "pressurised": 16e3,
    "elongated": 31e3,
    "small": 37e3,
}
# Y = a + b ln p (Pa): Cozzani & Salzano (2004), J. Hazard. Mater. 107:67-80, from memory.
BLAST_PROBIT: dict[VesselKind, tuple[float, float]] = {
    "atmospheric": (-18.96, 2.44),
    "pressurised": (-42.44, 4.33),
    "elongated": (-28.07, 3.16),
    "small": (-17.79, 2.18),
}
# Volumes (m3) of the vessels that the times to failure were made for.
VOLUMES_M3 = {"atmospheric": (25.0, 17_500.0), "pressurised": (5.0, 250.0)}

# Design rate of cooling water, l/min m2, at which NFPA 15 grants full relief: engulfed 10.2
# (GB 50160: 9 to 10 on spheres), radiation 4.1 (GB 50160: 2 to 2.5 on tanks, 4 near). From memory,
# unverified, ranges 8 to 12 and 2 to 6.
DESIGN_RATE: dict[Exposure, float] = {"radiation": 4.1, "engulfed": 10.2}
# Share of the heat that still gets in at the design rate: 6000 of 20,000 Btu/h ft2 (NFPA 15; from
# memory, unverified, 0.2 to 0.5).
COOLED_SHARE = 0.3
# Water of 20 C heated and boiled away takes 2.59 MJ/kg.
WATER_J_KG = 2.59e6


@dataclass(frozen=True, slots=True)
class Vessel:
    """A vessel exposed to fire or blast.

    `kind`; `volume_m3` > 0; `protected_s` how long its fireproofing holds at or above the
    threshold (0: none).

    Range: atmospheric 25 to 17,500 m3, pressurised 5 to 250 m3 (heat)
    Source: Cozzani et al. (2006)
    Verified: no (classes read in the abstract)
    Test: tests/physics/test_domino.py
    """

    kind: VesselKind
    volume_m3: float
    protected_s: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no vessel."""
        if self.kind not in HEAT_THRESHOLD_W_M2:
            raise ValueError(f"{self.kind!r} is none of {', '.join(HEAT_THRESHOLD_W_M2)}")
        if not self.volume_m3 > 0.0 or self.protected_s < 0.0:
            raise ValueError("a vessel needs a volume above 0 m3 and a protection not below 0 s")


def time_to_failure_s(
    of: Vessel, flux_w_m2: ArrayLike, threshold_w_m2: float | None = None
) -> Floats:
    """Give the time to failure of an unprotected vessel under a steady flux, s.

    atmospheric: ln t = -1.128 ln I - 2.667e-5 V + 9.877; others: -0.947 ln I + 8.835 V^0.032, I in
    kW/m2, V in m3. inf below the threshold (`threshold_w_m2` in place of the class's). Volumes
    outside the tested ones are taken at the nearest tested one.

    Range: 15 to 200 kW/m2
    Source: Cozzani, Gubinelli & Salzano (2006); Landucci et al. (2009), Accid. Anal. Prev. 41:1206
    Verified: no (from memory; half to double)
    Test: tests/physics/test_domino.py
    """
    flux = np.asarray(flux_w_m2, dtype=float)
    least = HEAT_THRESHOLD_W_M2[of.kind] if threshold_w_m2 is None else threshold_w_m2
    log_flux = np.log(np.maximum(flux, 1.0) / 1e3)
    if of.kind == "atmospheric":
        low, high = VOLUMES_M3["atmospheric"]
        logs = -1.128 * log_flux - 2.667e-5 * min(max(of.volume_m3, low), high) + 9.877
    else:
        low, high = VOLUMES_M3["pressurised"]
        logs = -0.947 * log_flux + 8.835 * min(max(of.volume_m3, low), high) ** 0.032
    return np.asarray(np.where(flux >= least, np.exp(logs), np.inf))


def failure_share(time_s: ArrayLike) -> Floats:
    """Give the chance that a vessel fails before it is effectively cooled, in [0, 1].

    Y = 12.54 - 1.847 ln t, `time_s` to failure; includes how fast crews are as a rule, so use it
    for screening and the race of `damage` against the crews' own arrival in a drill.

    Range: 1 to 120 min
    Source: Cozzani et al. (2006); Landucci et al. (2009), from memory
    Verified: no (constants from memory)
    Test: tests/physics/test_domino.py
    """
    minutes = np.asarray(time_s, dtype=float) / 60.0
    with np.errstate(divide="ignore"):
        return np.asarray(ndtr(12.54 - 1.847 * np.log(minutes) - 5.0))


def blast_damage_share(of: Vessel, overpressure_pa: ArrayLike) -> Floats:
    """Give the chance that blast damages a vessel so that it loses content, in [0, 1].

    The threshold of screening is apart, in `escalates`: it stands for damage bad enough to spread
    the accident, the probit for damage of any consequence.

    Range: 7 to 300 kPa
    Source: Cozzani & Salzano (2004), J. Hazard. Mater. 107:67-80
    Verified: no (constants from memory; one half at 18, 57, 35 and 35 kPa by kind)
    Test: tests/physics/test_domino.py
    """
    a, b = BLAST_PROBIT[of.kind]
    pressure = np.asarray(overpressure_pa, dtype=float)
    with np.errstate(divide="ignore"):
        return np.asarray(ndtr(a + b * np.log(np.maximum(pressure, 0.0)) - 5.0))


def escalates(
    of: Vessel,
    flux_w_m2: ArrayLike = 0.0,
    exposed_s: ArrayLike = np.inf,
    overpressure_pa: ArrayLike = 0.0,
    engulfed: ArrayLike = False,
) -> NDArray[np.bool_]:
    """Tell where escalation must be reckoned with: the screening thresholds of heat and blast.

    Heat at or above 15 kW/m2 for 10 min or more (atmospheric) or 45 kW/m2 (pressurised), flames
    around the vessel always; blast at or above the threshold of the kind. Arguments broadcast.

    Range: screening
    Source: Cozzani, Gubinelli & Salzano (2006), J. Hazard. Mater. 129:1-21
    Verified: no (abstract read; +-30 %)
    Test: tests/physics/test_domino.py
    """
    hot = np.asarray(flux_w_m2, dtype=float) >= HEAT_THRESHOLD_W_M2[of.kind]
    if of.kind == "atmospheric":
        hot = hot & (np.asarray(exposed_s, dtype=float) >= LEAST_EXPOSURE_S)
    blown = np.asarray(overpressure_pa, dtype=float) >= BLAST_THRESHOLD_PA[of.kind]
    return np.asarray(hot | blown | np.asarray(engulfed, dtype=bool))


def absorbed_w_m2(
    flux_w_m2: ArrayLike,
    water_l_min_m2: ArrayLike,
    wetted: ArrayLike = 1.0,
    exposure: Exposure = "radiation",
) -> Floats:
    """Give the flux that acts on a cooled wall, W/m2, the worst of its wet and dry parts averaged.

    Of the heat on the wetted part a share of 0.3 gets in at the design rate of water and more,
    rising evenly to all of it without water; never less than the heat beyond what the water can
    take by warming and boiling (2.59 MJ/kg). `water_l_min_m2` on the exposed wall, `wetted` share
    of it that the water reaches in [0, 1]; broadcast. ValueError for negative rates.

    Range: 0 to 15 l/min m2
    Source: NFPA 15; GB 50160-2008 sec. 8.4 and 8.10; API 2030
    Verified: no (rates and share from memory; 0.2 to 0.5 at the design rate)
    Test: tests/physics/test_domino.py
    """
    flux = np.asarray(flux_w_m2, dtype=float)
    rate = np.asarray(water_l_min_m2, dtype=float)
    reached = np.asarray(wetted, dtype=float)
    if np.any(rate < 0.0) or np.any((reached < 0.0) | (reached > 1.0)):
        raise ValueError("water must be 0 l/min m2 or more and the wetted share in [0, 1]")
    relief = (1.0 - COOLED_SHARE) * np.minimum(rate / DESIGN_RATE[exposure], 1.0)
    through = np.maximum(flux * (1.0 - relief), flux - rate / 60.0 * WATER_J_KG)
    return np.asarray(reached * through + (1.0 - reached) * flux)


def damage(of: Vessel, flux_w_m2: ArrayLike, dt_s: ArrayLike) -> Floats:
    """Give the damage at the end of each step under a varying flux: the integral of dt / ttf.

    `flux_w_m2` (n,) absorbed within steps of `dt_s`; the vessel fails where it reaches 1. Time at
    or above the threshold first uses up the fireproofing. Damage does not heal under cooling.

    Range: as `time_to_failure_s`
    Source: linear accumulation (Miner's rule), as in simulation studies of escalation
    Verified: yes (steady flux fails at its time to failure)
    Test: tests/physics/test_domino.py
    """
    flux = np.atleast_1d(np.asarray(flux_w_m2, dtype=float))
    step = np.broadcast_to(np.asarray(dt_s, dtype=float), flux.shape)
    if np.any(step < 0.0):
        raise ValueError("a step of time must not be negative")
    time = time_to_failure_s(of, flux)
    hot = np.where(np.isfinite(time), step, 0.0)
    spent = np.cumsum(hot)
    bare = np.clip(spent - of.protected_s, 0.0, hot)
    return np.asarray(np.cumsum(bare / time))


def failure_time_s(of: Vessel, flux_w_m2: ArrayLike, dt_s: ArrayLike) -> float:
    """Give when a vessel fails under a course of flux, s from its start; inf if it does not.

    Arguments as `damage`; within a step the time is found in proportion, fireproofing included.

    Range: as `time_to_failure_s`
    Source: as `damage`
    Verified: yes (as `damage`)
    Test: tests/physics/test_domino.py
    """
    flux = np.atleast_1d(np.asarray(flux_w_m2, dtype=float))
    step = np.broadcast_to(np.asarray(dt_s, dtype=float), flux.shape)
    done = damage(of, flux, step)
    over = np.flatnonzero(done >= 1.0)
    if not over.size:
        return float("inf")
    k = int(over[0])
    left = float(done[k] - 1.0) * float(time_to_failure_s(of, flux[k]))
    return float(step[: k + 1].sum() - left)
