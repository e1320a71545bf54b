"""The weather of a scenario, and the one drawn for a replication."""

from __future__ import annotations

import math

from pydantic import Field, model_validator

from drillsim.physics.atmosphere import Air, Stability, Terrain
from drillsim.rng import normal
from drillsim.units import Angle, Length, Share, Speed, Temperature
from drillsim.yamlio import Model

SPEED_FLOOR_MPS = 0.5


class Weather(Model):
    """The `weather:` block: wind at 10 m, stability, air, roughness, and the spreads to draw.

    `direction_sd` and `speed_cv` are drawn once a replication by `drawn`; a forecast uncertainty,
    not turbulence, which the averaging time of a concentration already holds.
    """

    wind_from: Angle
    wind_speed: Speed = Field(gt=0.0)
    stability: Stability
    temperature: Temperature = 298.15
    humidity: Share = Field(default=0.6, ge=0.0, le=1.0)
    roughness: Length = Field(default=0.1, gt=0.0, lt=5.0)
    terrain: Terrain = "rural"
    direction_sd: Angle = Field(default=0.0, ge=0.0, le=90.0)
    speed_cv: Share = Field(default=0.0, ge=0.0, le=1.0)

    @model_validator(mode="after")
    def _possible(self) -> Weather:
        if not 200.0 < self.temperature < 330.0:
            raise ValueError("temperature: allowed are -73 C to 57 C")
        return self

    def drawn(self, direction_u: float, speed_u: float) -> Weather:
        """Give the weather of one replication from two uniform draws in (0, 1).

        Direction is normal around `wind_from`; speed log-normal with mean `wind_speed` and
        coefficient of variation `speed_cv`, not below 0.5 m/s. The result has no spread left.
        """
        direction = self.wind_from
        if self.direction_sd > 0.0:
            direction = normal(direction_u, self.wind_from, self.direction_sd) % 360.0
        speed = self.wind_speed
        if self.speed_cv > 0.0:
            width = math.sqrt(math.log1p(self.speed_cv**2))
            log_mean = math.log(self.wind_speed) - 0.5 * width * width
            speed = max(math.exp(normal(speed_u, log_mean, width)), SPEED_FLOOR_MPS)
        return self.model_copy(
            update={
                "wind_from": direction,
                "wind_speed": speed,
                "direction_sd": 0.0,
                "speed_cv": 0.0,
            }
        )

    def air(self) -> Air:
        """Give the air for the physics."""
        return Air(
            wind_mps=self.wind_speed,
            stability=self.stability,
            temperature_k=self.temperature,
            humidity=self.humidity,
            roughness_m=self.roughness,
            terrain=self.terrain,
        )

    def down_wind(self) -> tuple[float, float]:
        """Give the unit vector (east, north) in which the wind carries the cloud."""
        angle = math.radians(self.wind_from)
        return -math.sin(angle), -math.cos(angle)
