"""A neutral or light plume in the same shape as a dense one."""

from __future__ import annotations

import math

import numpy as np

from drillsim.data.substances import R_GAS, Substance
from drillsim.physics.atmosphere import GRAVITY, VON_KARMAN, Air
from drillsim.physics.densegas import PlumeSource, along_wind_spread_s
from drillsim.physics.gaussian import averaged_sigma_y, sigma_z, vertical_term
from drillsim.physics.plume import GRID_X_M, TINY_PPM, Plume

# Continuous releases are dense when (g0 q0 / (u^3 D))^(1/3) is at least this, D = sqrt(q0/u):
# Britter & McQuaid (1988), Workbook on the Dispersion of Dense Gases, HSE CRR 17, as in CCPS 1999.
DENSE_CRITERION = 0.15


def dense_number(of: Substance, source: PlumeSource, air: Air) -> float:
    """Give the Britter-McQuaid number (g0 q0 / (u^3 D))^(1/3) of a steady source; 0 if not heavy.

    g0 = g (rho - rho_air)/rho_air and q0 = rate/rho with the density as released, droplets
    included; D = sqrt(q0/u), u at 10 m.

    Range: steady sources
    Source: Britter & McQuaid (1988)
    Verified: yes (definition; both sides of the threshold)
    Test: tests/physics/test_dense_gas.py
    """
    density = source.density_kg_m3(of)
    reduced = GRAVITY * (density - air.density_kg_m3) / air.density_kg_m3
    if reduced <= 0.0:
        return 0.0
    wind = air.wind_at(10.0)
    flow = source.rate_kg_s / density
    return float((reduced * flow / (wind**3 * math.sqrt(flow / wind))) ** (1.0 / 3.0))


def is_dense(of: Substance, source: PlumeSource, air: Air) -> bool:
    """Tell whether a steady source needs the dense-gas model (Britter & McQuaid 1988).

    Range: steady sources
    Source: Britter & McQuaid (1988), threshold 0.15
    Verified: yes (both sides of the threshold)
    Test: tests/physics/test_dense_gas.py
    """
    return dense_number(of, source, air) >= DENSE_CRITERION


def steady_plume(
    of: Substance, source: PlumeSource, air: Air, z_m: float = 1.5, averaging_s: float = 600.0
) -> Plume:
    """Give the steady Gaussian plume of a source, concentrations in volume ppm.

    Briggs spreads with the averaging-time factor; wind at the release height, not below 1 m; capped
    at pure gas. Valid 50 m to 10 km, wind above 1 m/s; nearer the source an upper bound.

    Range: 50 m to 10 km, wind above 1 m/s; nearer an upper bound
    Source: CCPS (1999); along-wind spread as for dense gas
    Verified: yes (RMP table 1; agrees with SLAB far away)
    Test: tests/physics/test_dense_gas.py
    """
    wind = air.wind_at(source.height_m)
    sy = averaged_sigma_y(GRID_X_M, air.stability, averaging_s, air.terrain)
    sz = sigma_z(GRID_X_M, air.stability, air.terrain)
    axis = source.rate_kg_s / wind * vertical_term(z_m, source.height_m, sz)
    kg_m3 = axis / (math.sqrt(2.0 * math.pi) * sy)
    ppm = kg_m3 * R_GAS * air.temperature_k / (air.pressure_pa * of.molar_mass) * 1e6
    friction = VON_KARMAN * air.wind_mps / math.log(air.wind_height_m / air.roughness_m)
    travel = GRID_X_M / wind
    return Plume(
        model="gaussian",
        log_ppm=np.log(np.clip(ppm, TINY_PPM, 1e6)),
        flat_m=1e-3 * sy,
        edge_m=sy,
        travel_s=travel,
        spread_s=along_wind_spread_s(GRID_X_M, travel, friction),
        height_m=z_m,
        averaging_s=averaging_s,
    )
