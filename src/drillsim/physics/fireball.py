"""Fireballs of bursting vessels of liquefied flammable gas (BLEVE): size, rise, heat, dose."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.physics.radiation import sphere_factors, transmissivity

Floats = NDArray[np.float64]

SMALL_KG = 30_000.0
# Radiated fraction for a burst below and at or above the relief valve's set pressure
# (Roberts 1982, as in CCPS 1994).
CHI_BELOW, CHI_RELIEF = 0.3, 0.4
MOST_SEP_W_M2 = 350e3
# Martinsen & Marx (1999), from memory: the ball grows in the first third of its life, then rises.
GROWING = 1.0 / 3.0
STEPS = 120


def fireball_diameter_m(mass_kg: ArrayLike) -> Floats:
    """Give the greatest diameter of a fireball, m: 5.8 M^(1/3).

    `mass_kg` of flammable liquid that takes part, > 0 else ValueError (some take three times the
    flashed share, at most all of it).

    Range: 100 kg to 300 t
    Source: CCPS (1994), Guidelines for ... BLEVEs, eq. 6.2
    Verified: yes (11958 kg: 132.6 m)
    Test: tests/physics/test_fireball.py
    """
    mass = np.asarray(mass_kg, dtype=float)
    if np.any(mass <= 0.0):
        raise ValueError("a fireball needs a mass above 0 kg")
    return np.asarray(5.8 * np.cbrt(mass))


def fireball_life_s(mass_kg: ArrayLike) -> Floats:
    """Give the duration of a fireball, s: 0.45 M^(1/3) below 30 t, 2.6 M^(1/6) from there.

    `mass_kg` > 0 else ValueError. The two meet at 30 t within 4 %.

    Range: 100 kg to 300 t
    Source: CCPS (1994), eq. 6.3 and 6.4
    Verified: yes (11958 kg: 10.3 s)
    Test: tests/physics/test_fireball.py
    """
    mass = np.asarray(mass_kg, dtype=float)
    if np.any(mass <= 0.0):
        raise ValueError("a fireball needs a mass above 0 kg")
    return np.asarray(np.where(mass < SMALL_KG, 0.45 * np.cbrt(mass), 2.6 * mass ** (1.0 / 6.0)))


def hymes_flux_w_m2(
    mass_kg: float, combustion_heat_j_kg: float, radiated: float, dist_m: ArrayLike
) -> Floats:
    """Give the flux of a fireball as a point source, W/m2, without loss in air.

    2.2 chi Hc M^0.67 / (4 pi L^2), `dist_m` from its centre, > 0. A check on the solid sphere.

    Range: beyond two diameters
    Source: Hymes (1983), SRD R275, as in CCPS (1999)
    Verified: yes (within 10 % of the sphere with the same energy and life, test)
    Test: tests/physics/test_fireball.py
    """
    distance = np.asarray(dist_m, dtype=float)
    if np.any(distance <= 0.0):
        raise ValueError("a point source needs a distance above 0 m")
    power = 2.2 * radiated * combustion_heat_j_kg * mass_kg**0.67
    return np.asarray(power / (4.0 * math.pi * distance**2))


def flashing_mass_kg(liquid_kg: float, flash_share: float) -> float:
    """Give the mass that takes part in a fireball, kg: three times the flashed share, at most all.

    `liquid_kg` in the vessel; `flash_share` in [0, 1], as `Substance.flash_fraction` gives.

    Range: liquefied gases
    Source: Roberts (1981); Hasegawa & Sato (1977): all takes part from 36 % flash
    Verified: no (from memory; factor 2 to 3)
    Test: tests/physics/test_fireball.py
    """
    if not 0.0 <= flash_share <= 1.0 or liquid_kg < 0.0:
        raise ValueError("the flashed share lies in [0, 1] and the mass is not negative")
    return liquid_kg * min(3.0 * flash_share, 1.0)


@dataclass(frozen=True, slots=True)
class Fireball:
    """A fireball over its life: it grows on the ground, lifts off and cools away.

    `mass_kg` of fuel, `combustion_heat_j_kg` lower heat, `radiated` share, `temperature_k` and
    `humidity` of the air. Times in s since ignition, distances in m from below the centre. The
    emissive power is that of the radiated energy over the greatest surface and the life, held at
    350 kW/m2. In the course of time: diameter 5.8 M^(1/3) times the cube root of time over the
    first third, constant after; centre at half the diameter while growing, then rising evenly to
    1.5 diameters; emissive power full to the end of growth, then falling evenly to 0, and such
    that the whole life radiates `radiated` of the energy, unless the cap bites.

    Range: 100 kg to 300 t
    Source: CCPS (1994); Martinsen & Marx (1999) for growth, rise and fall
    Verified: no (size, life and static flux are; growth and rise from memory)
    Test: tests/physics/test_fireball.py
    """

    mass_kg: float
    combustion_heat_j_kg: float
    radiated: float = CHI_RELIEF
    temperature_k: float = 293.15
    humidity: float = 0.5

    def __post_init__(self) -> None:
        """Refuse what is no fireball."""
        if not self.mass_kg > 0.0 or not self.combustion_heat_j_kg > 0.0:
            raise ValueError("a fireball needs a mass and a heat of combustion above 0")
        if not 0.0 < self.radiated <= 1.0:
            raise ValueError("the radiated fraction lies in (0, 1]")

    @property
    def diameter_m(self) -> float:
        """Give the greatest diameter, m."""
        return float(fireball_diameter_m(self.mass_kg))

    @property
    def life_s(self) -> float:
        """Give the duration, s."""
        return float(fireball_life_s(self.mass_kg))

    @property
    def height_m(self) -> float:
        """Give the height of the centre for the static estimate, m: 0.75 diameters (CCPS)."""
        return 0.75 * self.diameter_m

    @property
    def sep_w_m2(self) -> float:
        """Give the static emissive power, W/m2: chi M Hc / (pi D2 t), at most 350 kW/m2."""
        energy = self.radiated * self.mass_kg * self.combustion_heat_j_kg
        return min(energy / (math.pi * self.diameter_m**2 * self.life_s), MOST_SEP_W_M2)

    def static_flux_w_m2(
        self,
        dist_m: ArrayLike,
        upright: bool = False,
        height_m: float | None = None,
        sep_w_m2: float | None = None,
    ) -> Floats:
        """Give the flux of the full-grown ball, W/m2, turned to it or on an upright surface.

        `height_m` of its centre (0.75 diameters unless given) and `sep_w_m2` in its place.
        """
        height = self.height_m if height_m is None else height_m
        power = self.sep_w_m2 if sep_w_m2 is None else sep_w_m2
        factors = sphere_factors(dist_m, 0.5 * self.diameter_m, height)
        factor = factors.vertical if upright else factors.maximum
        return np.asarray(power * factor * self._tau(dist_m, height, 0.5 * self.diameter_m))

    def _tau(self, dist_m: ArrayLike, height_m: ArrayLike, radius_m: ArrayLike) -> Floats:
        slant = np.hypot(np.asarray(dist_m, dtype=float), np.asarray(height_m, dtype=float))
        path = np.maximum(slant - np.asarray(radius_m, dtype=float), 0.0)
        return transmissivity(path, self.temperature_k, self.humidity)

    def course(self, t_s: ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Give diameter (m), height of the centre (m) and emissive power (W/m2) at times (s)."""
        share = np.asarray(t_s, dtype=float) / self.life_s
        alive = (share >= 0.0) & (share <= 1.0)
        grown = np.cbrt(np.clip(share / GROWING, 0.0, 1.0))
        late = np.clip((share - GROWING) / (1.0 - GROWING), 0.0, 1.0)
        diameter = np.where(alive, self.diameter_m * grown, 0.0)
        height = np.where(late > 0.0, self.diameter_m * (0.5 + late), 0.5 * diameter)
        power = np.where(alive, self._peak_sep_w_m2() * (1.0 - late), 0.0)
        return np.asarray(diameter), np.asarray(height), np.asarray(power)

    def _peak_sep_w_m2(self) -> float:
        # Integral of (t/T)^(2/3) over growth and of the even fall after it, per pi D2 life.
        growing = GROWING * 3.0 / 5.0
        falling = 0.5 * (1.0 - GROWING)
        energy = self.radiated * self.mass_kg * self.combustion_heat_j_kg
        area_time = math.pi * self.diameter_m**2 * self.life_s
        return min(energy / (area_time * (growing + falling)), MOST_SEP_W_M2)

    def flux_w_m2(self, dist_m: ArrayLike, t_s: ArrayLike) -> Floats:
        """Give the flux at places and times on a surface that follows the ball, W/m2; broadcast."""
        diameter, height, power = self.course(t_s)
        factor = sphere_factors(dist_m, 0.5 * diameter, height).maximum
        return np.asarray(power * factor * self._tau(dist_m, height, 0.5 * diameter))

    def dose(self, dist_m: ArrayLike, until_s: float | None = None) -> Floats:
        """Give the thermal dose of people who stay, (W/m2)^(4/3) s, to `until_s` or to the end."""
        distance = np.asarray(dist_m, dtype=float)
        last = self.life_s if until_s is None else min(max(until_s, 0.0), self.life_s)
        edges = np.linspace(0.0, last, STEPS + 1)
        middles = 0.5 * (edges[1:] + edges[:-1])
        flux = self.flux_w_m2(distance[..., None], middles)
        return np.asarray((flux ** (4.0 / 3.0)).sum(axis=-1) * (last / STEPS))
