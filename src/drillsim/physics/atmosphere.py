"""The air a release disperses in: stability, wind profile, density."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from drillsim.data.substances import P_ATM_PA, R_GAS

Stability = Literal["A", "B", "C", "D", "E", "F"]
Terrain = Literal["rural", "urban"]

M_AIR_KG_MOL = 0.02896
GRAVITY = 9.80665
VON_KARMAN = 0.41

# Exponents of the wind power law: AIChE/CCPS (1999), Guidelines for Consequence Analysis of
# Chemical Releases, after Irwin (1979). ISC3 differs for urban E and F (0.30).
WIND_EXPONENT: dict[Terrain, dict[Stability, float]] = {
    "rural": {"A": 0.07, "B": 0.07, "C": 0.10, "D": 0.15, "E": 0.35, "F": 0.55},
    "urban": {"A": 0.15, "B": 0.15, "C": 0.20, "D": 0.25, "E": 0.40, "F": 0.60},
}


@dataclass(frozen=True, slots=True)
class Air:
    """Ambient conditions of one run.

    `wind_mps` at `wind_height_m` (10 m by default), stability class A..F, `temperature_k`,
    relative humidity as a share in [0, 1], roughness length `roughness_m`, pressure in Pa.

    Range: wind 0.5 to 15 m/s, 233 to 323 K, roughness 1e-5 to 1 m
    Source: scenario or drawn weather
    Verified: yes (a definition)
    Test: tests/physics/test_gaussian.py
    """

    wind_mps: float
    stability: Stability
    temperature_k: float = 298.15
    humidity: float = 0.5
    roughness_m: float = 0.1
    wind_height_m: float = 10.0
    pressure_pa: float = P_ATM_PA
    terrain: Terrain = "rural"

    def __post_init__(self) -> None:
        """Refuse values that would run on to a plausible and meaningless answer."""
        if not self.wind_mps > 0.0:
            raise ValueError(f"wind speed must be above 0 m/s, got {self.wind_mps}")
        if not 0.0 <= self.humidity <= 1.0:
            raise ValueError(f"humidity is a share in [0, 1], got {self.humidity}")
        if not 0.0 < self.roughness_m < self.wind_height_m:
            raise ValueError(
                f"roughness {self.roughness_m} m must lie between 0 and the wind height"
            )

    @property
    def density_kg_m3(self) -> float:
        """Density of dry air at these conditions, kg/m3."""
        return self.pressure_pa * M_AIR_KG_MOL / (R_GAS * self.temperature_k)

    def wind_at(self, height_m: float) -> float:
        """Give the wind speed at a height by the power law of `WIND_EXPONENT`, m/s.

        Below 1 m the speed of 1 m is given: the law has no meaning near the ground.
        """
        return power_law_wind(
            self.wind_mps, self.wind_height_m, max(height_m, 1.0), self.stability, self.terrain
        )


def power_law_wind(
    wind_mps: float, from_m: float, to_m: float, stability: Stability, terrain: Terrain = "rural"
) -> float:
    """Carry a wind speed from one height to another, m/s.

    u(z) = u0 (z/z0)^p with p of `WIND_EXPONENT` (CCPS 1999). Valid 1 m to about 200 m.

    Range: 1 m to about 200 m over flat ground
    Source: CCPS (1999), Guidelines for Consequence Analysis, power law by stability class
    Verified: yes (golden row wind.power_rural)
    Test: tests/physics/test_gaussian.py
    """
    exponent: float = WIND_EXPONENT[terrain][stability]
    return wind_mps * float((to_m / from_m) ** exponent)
