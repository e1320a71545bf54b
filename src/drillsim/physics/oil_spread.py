"""How an oil slick spreads on calm water: Fay's regimes, and what the banks of a canal make of it.

A slick spreads as a disc (gravity against inertia, then gravity against viscous drag, then
interfacial tension against viscous drag) until it is as wide as the water; from then on it
spreads along the water only. Spreading ends at a least film thickness. Currents and wind move the
slick (see `river_plume.slick_arrival_s`), they do not spread it here: stretching by the velocity
profile of a river, which lengthens a slick further, is left out.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.data.transport import Oil, transport

G = 9.80665
WATER_DENSITY_KG_M3 = 999.0
WATER_VISCOSITY_M2_S = 1.14e-6  # at 15 C

Floats = NDArray[np.float64]


def relative_buoyancy(oil: Oil, water_density_kg_m3: float = WATER_DENSITY_KG_M3) -> float:
    """Give the relative density difference of oil and water, (rho_w - rho_o) / rho_w.

    ValueError when the oil would sink.

    Range: floating oils
    Source: definition, Fay (1971)
    Verified: yes (identity)
    Test: tests/physics/test_oil_slick.py
    """
    if oil.density_kg_m3 >= water_density_kg_m3:
        raise ValueError(f"{oil.name.en} ({oil.density_kg_m3:g} kg/m3) would sink in this water")
    return (water_density_kg_m3 - oil.density_kg_m3) / water_density_kg_m3


def _checked(volume_m3: float, buoyancy: float) -> None:
    if volume_m3 <= 0.0 or not 0.0 < buoyancy < 1.0:
        raise ValueError("spreading needs a volume above 0 and a buoyancy in (0, 1)")


def transition_time_s(
    volume_m3: float, buoyancy: float, viscosity_m2_s: float = WATER_VISCOSITY_M2_S
) -> float:
    """Give the time at which drag takes over from inertia, s: (k2/k1)^4 (V / (nu g D))^(1/3).

    `volume_m3` of oil, `buoyancy` the relative density difference, `viscosity_m2_s` of the water.
    ValueError for a volume or buoyancy out of range.

    Range: sudden release on calm water, 0.01 to 1e5 m3
    Source: Fay (1971) as in NOAA PyGNOME, k1 = 1.53, k2 = 1.21
    Verified: yes (golden row water.fay_A0)
    Test: tests/physics/test_oil_slick.py
    """
    _checked(volume_m3, buoyancy)
    data = transport().slick
    ratio = data.fay_transition.value / data.fay_inertial.value
    return float(ratio**4 * (volume_m3 / (viscosity_m2_s * G * buoyancy)) ** (1 / 3))


def transition_area_m2(
    volume_m3: float, buoyancy: float, viscosity_m2_s: float = WATER_VISCOSITY_M2_S
) -> float:
    """Give the area at that time, m2: pi k2^4/k1^2 (V^5 g D / nu^2)^(1/6).

    Arguments and errors as `transition_time_s`.

    Range: sudden release on calm water, 0.01 to 1e5 m3
    Source: Fay (1971) as in NOAA PyGNOME, k1 = 1.53, k2 = 1.21
    Verified: yes (golden row water.fay_A0)
    Test: tests/physics/test_oil_slick.py
    """
    _checked(volume_m3, buoyancy)
    data = transport().slick
    k1, k2 = data.fay_inertial.value, data.fay_transition.value
    power = (volume_m3**5 * G * buoyancy / viscosity_m2_s**2) ** (1 / 6)
    return float(math.pi * k2**4 / k1**2 * power)


def film_limit_m(oil: Oil) -> float:
    """Give the thickness at which an oil stops spreading, m.

    1e-5 m for thin oils (below 1e-6 m2/s), 1e-4 m for thick ones (above 1e-4), a line between.

    Range: 1e-5 to 1e-4 m
    Source: thickness limit of NOAA PyGNOME
    Verified: yes (read there)
    Test: tests/physics/test_oil_slick.py
    """
    data = transport().slick
    low, high = data.film_thin_m.value, data.film_thick_m.value
    part = (oil.viscosity_m2_s - 1e-6) / (1e-4 - 1e-6)
    return low + (high - low) * min(max(part, 0.0), 1.0)


def final_area_m2(oil: Oil, volume_m3: float) -> float:
    """Give the area at which spreading ends, m2: the smaller of Fay's 1e5 V^0.75 and V/film.

    ValueError for a volume that is not above zero.

    Range: 0.01 to 1e5 m3; within a factor of 3
    Source: Fay (1971), from memory; film of NOAA PyGNOME
    Verified: no (Fay's factor from memory, 3e4 to 2e5)
    Test: tests/physics/test_oil_slick.py
    """
    if volume_m3 <= 0.0:
        raise ValueError("spreading needs a volume above 0")
    fay = transport().slick.final_area_factor.value * volume_m3**0.75
    return min(float(fay), volume_m3 / film_limit_m(oil))


def free_area_m2(
    oil: Oil,
    volume_m3: float,
    t_s: ArrayLike,
    water_density_kg_m3: float = WATER_DENSITY_KG_M3,
    viscosity_m2_s: float = WATER_VISCOSITY_M2_S,
) -> Floats:
    """Give the area of a slick on open calm water, m2.

    `t_s` any shape, s since a sudden release. Inertial disc up to `transition_time_s`; then
    A^2 = A0^2 + C^2 (t - t0), which starts at the transition area and turns into the viscous law
    A = C sqrt(t), C = pi k^2 (V^2 g D / sqrt(nu))^(1/3), k = 1.45; the tension law
    pi 2.30^2 (s^2 t^3 / (rho^2 nu))^(1/2) where it is larger; never above `final_area_m2`.

    Range: 0.01 to 1e5 m3, calm water, sudden release
    Source: Fay (1971); Dodge et al. (1983) constants as in NOAA PyGNOME; tension 2.30 from memory
    Verified: no (the first two regimes are golden; the tension constant is from memory)
    Test: tests/physics/test_oil_slick.py
    """
    buoyancy = relative_buoyancy(oil, water_density_kg_m3)
    data = transport().slick
    time = np.maximum(np.asarray(t_s, dtype=np.float64), 0.0)
    start_s = transition_time_s(volume_m3, buoyancy, viscosity_m2_s)
    start_m2 = transition_area_m2(volume_m3, buoyancy, viscosity_m2_s)
    inertial = start_m2 * time / start_s
    rate = math.pi * data.fay_viscous.value**2
    rate *= (volume_m3**2 * G * buoyancy / math.sqrt(viscosity_m2_s)) ** (1 / 3)
    viscous = np.sqrt(start_m2**2 + rate**2 * np.maximum(time - start_s, 0.0))
    pull = oil.tension_n_m.value**2 / (water_density_kg_m3**2 * viscosity_m2_s)
    tension = math.pi * data.fay_tension.value**2 * np.sqrt(pull * time**3)
    area = np.where(time < start_s, inertial, np.maximum(viscous, tension))
    return np.asarray(np.minimum(area, final_area_m2(oil, volume_m3)))


def bank_time_s(oil: Oil, volume_m3: float, width_m: float) -> float:
    """Give when a disc-shaped slick in mid-stream is as wide as the water, s; inf if never.

    `width_m` between the banks, > 0. From then on it can only lengthen.

    Range: 0.01 to 1e5 m3; a slick released at one bank gets there later
    Source: geometry on `free_area_m2`
    Verified: yes (identity)
    Test: tests/physics/test_oil_slick.py
    """
    if width_m <= 0.0:
        raise ValueError("the width must be above 0")
    target = math.pi * width_m**2 / 4.0
    if final_area_m2(oil, volume_m3) < target:
        return math.inf
    low, high = 1e-3, 1e9
    for _ in range(80):
        middle = math.sqrt(low * high)
        if float(free_area_m2(oil, volume_m3, middle)) < target:
            low = middle
        else:
            high = middle
    return high


def _line_half_length_m(oil: Oil, volume_m3: float, width_m: float, t_s: Floats) -> Floats:
    """Give half the length of a slick between banks by the one-dimensional laws of Fay."""
    data = transport().slick
    buoyancy = relative_buoyancy(oil)
    half = 0.5 * volume_m3 / width_m  # oil per metre of width in one half, m2
    drag = G * buoyancy * half**2 / math.sqrt(WATER_VISCOSITY_M2_S)
    pull = oil.tension_n_m.value**2 / (WATER_DENSITY_KG_M3**2 * WATER_VISCOSITY_M2_S)
    viscous = data.line_viscous.value * drag**0.25 * t_s**0.375
    tension = data.line_tension.value * pull**0.25 * t_s**0.75
    return np.asarray(np.maximum(viscous, tension))


def slick_length_m(oil: Oil, volume_m3: float, width_m: float, t_s: ArrayLike) -> Floats:
    """Give the length of a slick along a canal, m.

    `t_s` any shape, s since a sudden release, `width_m` between the banks. The diameter of the
    disc until it meets the banks; then the one-dimensional viscous or tension law, on a clock set
    so that the area has no jump: 2 x 1.5 (g D a^2 t^1.5 / nu^0.5)^(1/4), a = V / (2 W), or
    2 x 1.33 (s^2 t^3 / (rho^2 nu))^(1/4); never longer than the final area over the width.

    Range: 0.01 to 1e5 m3, width above 1 m; stretching by the velocity profile is left out
    Source: Fay (1971), one-dimensional laws, from memory
    Verified: no (constants 1.5 and 1.33 from memory; theory gives 1.39 and 1.43)
    Test: tests/physics/test_oil_slick.py
    """
    time = np.maximum(np.asarray(t_s, dtype=np.float64), 0.0)
    meets = bank_time_s(oil, volume_m3, width_m)
    disc = np.sqrt(4.0 * free_area_m2(oil, volume_m3, time) / math.pi)
    if math.isinf(meets):
        return np.asarray(disc)
    joined = math.pi * width_m / 4.0  # length of a band with the disc's area
    low, high = 0.0, 1e9
    for _ in range(100):
        middle = 0.5 * (low + high)
        if 2.0 * float(_line_half_length_m(oil, volume_m3, width_m, np.array(middle))) < joined:
            low = middle
        else:
            high = middle
    later = np.maximum(time - meets, 0.0) + high
    band = 2.0 * _line_half_length_m(oil, volume_m3, width_m, later)
    longest = max(final_area_m2(oil, volume_m3) / width_m, joined)
    return np.asarray(np.where(time < meets, disc, np.minimum(band, longest)))


def slick_area_m2(oil: Oil, volume_m3: float, width_m: float, t_s: ArrayLike) -> Floats:
    """Give the area of a slick on a canal, m2: the disc until the banks, then length x width.

    Arguments as `slick_length_m`; continuous and never falling.

    Range: as `slick_length_m`
    Source: as `free_area_m2` and `slick_length_m`
    Verified: no (as `slick_length_m`)
    Test: tests/physics/test_oil_slick.py
    """
    time = np.asarray(t_s, dtype=np.float64)
    confined = slick_length_m(oil, volume_m3, width_m, time) * width_m
    free = free_area_m2(oil, volume_m3, time)
    return np.asarray(np.where(time < bank_time_s(oil, volume_m3, width_m), free, confined))
