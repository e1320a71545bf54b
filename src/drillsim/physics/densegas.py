"""Dense gas: our own function around SLAB (slabx), so that the model can be replaced."""

from __future__ import annotations

import math
import warnings as python_warnings
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from slabx.core.plume import run_dispersion
from slabx.core.source import EvaporatingPool, HorizontalJet
from slabx.core.trajectory import Trajectory
from slabx.post.concentration import ConcentrationField, concentration_field
from slabx.scope import ScopeWarning
from slabx.submodels.atmosphere import Atmosphere
from slabx.thermo.base import LegacyThermo, water_backend
from slabx.thermo.base import Substance as SlabSubstance

from drillsim.data.substances import Substance
from drillsim.physics.atmosphere import Air
from drillsim.physics.plume import GRID_X_M, LOG_X, TINY_PPM, X_MAX_M, Plume
from drillsim.physics.release import mixture_density

Floats = NDArray[np.float64]

# A steady plume lasts longer than any averaging time; SLAB caps its meander at the duration.
STEADY_S = 1e6
# Along-wind spread sigma_x = 2 u* t: Hanna & Franzese (2000), J. Appl. Meteorol. 39:1700-1714
# (abstract read); half of their observations lie within a factor of 2, hence the range 1 to 4.
ALONG_WIND = 2.0
FIELD_STEPS = 60
# A cloud wider than this (half-width, m, times 1 + sqrt of kg/s) so near its source is slabx's
# known failure for slow dense jets, not a cloud: sound ones stay below half of it.
RUNAWAY_AT_M, RUNAWAY_M = 30.0, 40.0


@dataclass(frozen=True, slots=True)
class PlumeSource:
    """A steady source as the dispersion models see it, after flashing and expansion.

    `kind` "jet" (momentum, may carry droplets) or "pool" (vapour rising from an area).
    `rate_kg_s` > 0; `temperature_k` of the material at ambient pressure; `liquid_fraction` of
    droplets in [0, 1) (jet); `speed_mps` of the jet; `area_m2` of the pool; `height_m` of the jet.

    Range: rate above 0, liquid fraction in [0, 1)
    Source: as the release models that make it
    Verified: yes (a definition)
    Test: tests/physics/test_dense_gas.py
    """

    kind: Literal["jet", "pool"]
    rate_kg_s: float
    temperature_k: float
    liquid_fraction: float = 0.0
    speed_mps: float = 10.0
    area_m2: float = 1.0
    height_m: float = 1.0

    def density_kg_m3(self, of: Substance) -> float:
        """Give the density of the material as it enters the air, kg/m3."""
        if self.liquid_fraction > 0.0:
            return mixture_density(of, self.liquid_fraction)
        return of.gas_density_kg_m3(self.temperature_k)


def slab_substance(of: Substance) -> SlabSubstance:
    """Give the row of our table as SLAB's block of nine properties.

    Range: rows of the substance table
    Source: Ermak (1990), UCRL-MA-105607, nine properties
    Verified: yes (deck DT4)
    Test: tests/physics/test_dense_gas.py
    """
    return SlabSubstance(
        name=of.name.en,
        mw=of.molar_mass,
        cp_vapour=of.gas_heat_capacity_j_kgk.value,
        cp_liquid=of.liquid_heat_capacity_j_kgk.value,
        dh_vap=of.vaporisation_heat_j_kg.value,
        T_boil=of.boiling_k,
        rho_liquid=of.boiling_density_kg_m3.value,
        sat_B=of.saturation_b_k.value,
        sat_C=of.saturation_c_k.value,
    )


def slab_atmosphere(air: Air) -> Atmosphere:
    """Give our air as SLAB's; the stability **class** is used, never a measured L.

    On the LNG trials the class agrees better than the measured Obukhov length. SLAB's own scope
    warnings are silenced here: `ranges.py` says the same in both languages.

    Range: wind 1 to 12 m/s, roughness 1e-5 to 0.1 m
    Source: Ermak (1990); class preferred to a measured L on the LNG trials
    Verified: yes (LNG trials)
    Test: tests/physics/test_dense_gas.py
    """
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore", ScopeWarning)
        return Atmosphere(
            u_ref=air.wind_mps,
            z_ref=air.wind_height_m,
            T=air.temperature_k,
            rh=100.0 * air.humidity,
            z0=air.roughness_m,
            stability=air.stability,
            p=air.pressure_pa,
        )


def _slab_source(of: SlabSubstance, ours: Substance, source: PlumeSource, last_s: float) -> Any:
    if source.kind == "pool":
        return EvaporatingPool(
            substance=_unsaturated(of, source.temperature_k),
            rate=source.rate_kg_s,
            area=source.area_m2,
            duration=last_s,
            T_source=source.temperature_k,
        )
    density = source.density_kg_m3(ours)
    return HorizontalJet(
        substance=of,
        rate=source.rate_kg_s,
        area=source.rate_kg_s / (density * source.speed_mps),
        duration=last_s,
        liquid_fraction=source.liquid_fraction,
        T_source=source.temperature_k,
        height=source.height_m,
    )


def _unsaturated(of: SlabSubstance, temperature_k: float) -> SlabSubstance:
    """Give a substance that enters as vapour at its pool's temperature.

    SLAB lifts every source to the boiling point. Vapour off a liquid below its boiling point is
    as cold as the liquid and far from saturation once diluted, so its "boiling point" is lowered.
    """
    return replace(of, T_boil=temperature_k) if temperature_k < of.T_boil else of


def solve(
    of: SlabSubstance,
    ours: Substance,
    source: PlumeSource,
    atmosphere: Atmosphere,
    duration_s: float = math.inf,
    x_max_m: float = X_MAX_M,
) -> Trajectory:
    """Run SLAB for a source and give its trajectory of cloud properties.

    About 0.05 s for a jet, 0.2 s for a pool. A jet points down-wind (the worst direction); beyond
    some 100 m the result hardly depends on its speed. RuntimeError when the source region of a
    slow dense jet runs away.

    Range: wind 1 to 12 m/s, roughness 1e-5 to 0.1 m, flat ground
    Source: Ermak (1990), UCRL-MA-105607, by slabx 1.0.7
    Verified: yes (deck DT4, Burro, Maplin Sands, RMP table 9)
    Test: tests/physics/test_dense_gas.py
    """
    made = _slab_source(of, ours, source, duration_s)
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")
        trajectory, _ = run_dispersion(
            made,
            atmosphere,
            LegacyThermo(made.substance),
            water_backend(),
            x_max=x_max_m,
            n_field_steps=FIELD_STEPS,
        )
    near = float(np.interp(RUNAWAY_AT_M, trajectory.x, trajectory.b_half))
    if source.kind == "jet" and near > RUNAWAY_M * (1.0 + math.sqrt(source.rate_kg_s)):
        raise RuntimeError(f"the jet widened to {near:.0f} m within {RUNAWAY_AT_M:.0f} m")
    return trajectory


def field_of(
    trajectory: Trajectory,
    atmosphere: Atmosphere,
    z_m: float,
    averaging_s: float,
    duration_s: float = STEADY_S,
) -> ConcentrationField:
    """Give the time-averaged field of a trajectory at a height (m) and averaging time (s).

    Range: averaging 10 s to 1 h
    Source: Ermak (1990), by slabx 1.0.7
    Verified: yes (longer averaging widens and lowers)
    Test: tests/physics/test_dense_gas.py
    """
    return concentration_field(
        trajectory, atmosphere, z=z_m, t_avg=averaging_s, t_release=duration_s
    )


def travel_times(trajectory: Trajectory, rate_kg_s: float) -> Floats:
    """Give the mean travel time to each station: mass on its way divided by the rate, s.

    SLAB's own clock of a plume, t = 2 Qint/q, is when the *centre of mass* of what was emitted
    gets there (Ermak 1990, eq. 29b): twice the transit time of the gas itself. Arrival of a cloud
    is asked of the gas, so half of it is taken.

    Range: steady plumes
    Source: Ermak (1990), eq. 29b, halved: transit of the gas
    Verified: yes (equals the integral of dx/U)
    Test: tests/physics/test_dense_gas.py
    """
    return np.asarray(trajectory.mass_in_cloud, dtype=float) / rate_kg_s


def plume_from(
    trajectory: Trajectory,
    atmosphere: Atmosphere,
    rate_kg_s: float,
    z_m: float,
    averaging_s: float,
) -> Plume:
    """Put a solved steady trajectory on the fixed grid, at a height and averaging time.

    Range: the fixed grid of down-wind distances
    Source: Ermak (1990), by slabx 1.0.7
    Verified: yes (carries what is released)
    Test: tests/physics/test_dense_gas.py
    """
    field = field_of(trajectory, atmosphere, z_m, averaging_s)
    keep = np.asarray(field.x) > 0.0
    log_x = np.log(np.asarray(field.x)[keep])
    tau = travel_times(trajectory, rate_kg_s)[keep]

    def on_grid(values: Floats) -> Floats:
        positive = np.log(np.maximum(np.asarray(values, dtype=float), 1e-12))
        return np.asarray(np.interp(LOG_X, log_x, positive))

    travel = np.exp(on_grid(np.maximum(tau, 1e-3)))
    spread = along_wind_spread_s(GRID_X_M, travel, float(atmosphere.u_star))
    ppm = np.maximum(np.asarray(field.peak)[keep] * 1e6, TINY_PPM)
    return Plume(
        model="slab",
        log_ppm=np.asarray(np.interp(LOG_X, log_x, np.log(ppm))),
        flat_m=np.exp(on_grid(np.asarray(field.b_shape)[keep])),
        edge_m=np.exp(on_grid(np.asarray(field.beta_c)[keep])),
        travel_s=travel,
        spread_s=spread,
        height_m=z_m,
        averaging_s=averaging_s,
    )


def along_wind_spread_s(x_m: Floats, travel_s: Floats, friction_mps: float) -> Floats:
    """Give the standard deviation of travel time, s: sigma_t = (2 u* t) / (x / t).

    Capped at half the travel time, so that the uniform kernel of half-width sqrt(3) sigma_t stays
    causal.

    Range: steady wind; capped at half the travel time
    Source: Hanna & Franzese (2000), as at `ALONG_WIND`
    Verified: no (coefficient 2, spread of the paper)
    Test: tests/physics/test_dense_gas.py
    """
    advection = x_m / travel_s
    return np.asarray(np.minimum(ALONG_WIND * friction_mps * travel_s / advection, 0.5 * travel_s))


def steady_plume(
    of: Substance, source: PlumeSource, air: Air, z_m: float = 1.5, averaging_s: float = 600.0
) -> Plume:
    """Give the steady dense-gas plume of a source: SLAB, concentrations in volume ppm.

    `z_m` receptor height, `averaging_s` the averaging time of the endpoint (toxic 600 s or the
    AEGL time, flammable 10 s). Valid 1 to 12 m/s, roughness 1e-5 to 0.1 m, flat ground without
    obstacles; see `ranges.py`.

    Range: wind 1 to 12 m/s, roughness 1e-5 to 0.1 m, flat ground without obstacles
    Source: Ermak (1990), UCRL-MA-105607, by slabx 1.0.7
    Verified: yes (Burro, Maplin Sands, RMP table 9, deck DT4)
    Test: tests/physics/test_dense_gas.py
    """
    slab, atmosphere = slab_substance(of), slab_atmosphere(air)
    trajectory = solve(slab, of, source, atmosphere)
    return plume_from(trajectory, atmosphere, source.rate_kg_s, z_m, averaging_s)
