"""What a toxic cloud does to each group: the level it breathes, its load, who passes a limit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from drillsim.engine.settlement import Floats, Settlement
from drillsim.engine.world import World
from drillsim.hazards.toxic_release import ReceptorField, ToxicRelease
from drillsim.physics.harm import (
    aegl_ppm,
    air_exchanged,
    lethal_load,
    ppm_to_mg_m3,
    toxic_load_rate,
)

NOTICEABLE_PPM = 0.05
SHORTEST_AEGL_S, LONGEST_AEGL_S = 600.0, 28_800.0
Groups = NDArray[np.intp]
Flags = NDArray[np.bool_]


class GasExposure:
    """The dose of every group; arrays of shape (n,) as in the settlement."""

    def __init__(self, world: World, settlement: Settlement, tolerance: Floats) -> None:
        """Start with clean air; `tolerance` (0, 1) is the quantile of the dose each one bears."""
        n = settlement.weight.size
        release = world.hazard
        assert isinstance(release, ToxicRelease)
        self.of = release.of
        self.temperature_k = release.weather.temperature
        self.level, self.c_in, self.load, self.dose, self.breathed = (np.zeros(n) for _ in range(5))
        self.exposed, self.severe = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        exponent = self.of.probit.n if self.of.probit else 1.0
        self.lethal = lethal_load(self.of, tolerance)
        serious = world.figures.constants["serious-factor"].value
        self.crippling = self.lethal / serious**exponent
        # no dose below this is above a guideline level of any duration
        self._least_dose = {
            tier: aegl_ppm(self.of, tier, LONGEST_AEGL_S) * SHORTEST_AEGL_S for tier in (2, 3)
        }
        self._field: ReceptorField | None = None
        self._hit: Groups = np.zeros(0, dtype=np.intp)
        # step (s) and the share of indoor air it exchanges, kept while neither changes
        self._aired: tuple[float, Floats] = (0.0, self.c_in)

    def doors_changed(self) -> None:
        """Somebody opened or shut windows: air exchange is worked out again."""
        self._aired = (0.0, self.c_in)

    def set_down(self) -> None:
        """Somebody was driven elsewhere: all spots are worked out again."""
        self._field = None

    def outside_ppm(
        self, release: ToxicRelease, x: Floats, y: Floats, going: Groups, now: float
    ) -> Floats:
        """Give the outdoor level at everyone's spot; only who moves is worked out again."""
        if self._field is None:
            self._field = release.at(np.column_stack([x, y]))
        elif going.size:
            self._field.put(going, release.at(np.column_stack([x[going], y[going]])))
        return release.level_at(self._field, now)

    def breathe(self, outside: Floats, outdoors: Flags, ach: Floats, dt: float) -> None:
        """Take in a step's gas, indoors through the exchange of air."""
        if self._aired[0] != dt:
            self._aired = (dt, air_exchanged(ach, dt))
        self.c_in += (outside - self.c_in) * self._aired[1]
        self.level = np.where(outdoors, outside, self.c_in)
        hit = self._hit = np.flatnonzero(self.level > NOTICEABLE_PPM)
        if not hit.size:
            return
        level = self.level[hit]
        mg = ppm_to_mg_m3(self.of, level, self.temperature_k)
        self.load[hit] += toxic_load_rate(self.of, mg) * (dt / 60.0)
        self.dose[hit] += level * dt
        self.breathed[hit] += dt

    def judge(self, breathes: Flags) -> None:
        """Whose mean level so far is above a guideline level for as long counts as exposed."""
        for tier, passed in ((2, self.exposed), (3, self.severe)):
            fresh = self._hit[~passed[self._hit]]
            fresh = fresh[(self.dose[fresh] >= self._least_dose[tier]) & breathes[fresh]]
            if fresh.size:
                span = np.maximum(self.breathed[fresh], SHORTEST_AEGL_S)
                passed[fresh] = self.dose[fresh] / span >= aegl_ppm(self.of, tier, span)

    def crippled(self) -> Groups:
        """Give the groups in gas whose load has passed what they bear without lying down."""
        if not self._hit.size:
            return self._hit
        near = np.flatnonzero(self.load >= self.crippling)
        return np.asarray(near[self.level[near] > NOTICEABLE_PPM])
