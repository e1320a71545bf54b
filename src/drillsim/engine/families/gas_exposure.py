"""What a toxic cloud does to each group: the level it breathes, its load, who passes a limit."""

from __future__ import annotations

import numpy as np

from drillsim.engine.exposure import Flags, Groups
from drillsim.engine.people import People
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
CLEAR_OF_CLOUD_M = 400.0


class GasExposure:
    """The dose of every group; arrays of shape (n,) as in the settlement."""

    def __init__(self, world: World, settlement: Settlement, tolerance: Floats) -> None:
        """Start with clean air; `tolerance` (0, 1) is the quantile of the dose each one bears."""
        n = settlement.weight.size
        self.world, self.settlement = world, settlement
        release = self.release
        self.of = release.of
        self.temperature_k = release.weather.temperature
        self.notice_level = release.notice_level
        self.level, self.inside, self.load, self.dose, self.breathed = (
            np.zeros(n) for _ in range(5)
        )
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
        self._aired: tuple[float, Floats] = (0.0, self.inside)

    @property
    def release(self) -> ToxicRelease:
        """The cloud as it stands now."""
        hazard = self.world.hazard
        assert isinstance(hazard, ToxicRelease)
        return hazard

    def doors_changed(self) -> None:
        """Somebody opened or shut windows: air exchange is worked out again."""
        self._aired = (0.0, self.inside)

    def set_down(self) -> None:
        """Somebody was driven elsewhere: all spots are worked out again."""
        self._field = None

    def step(self, people: People, going: Groups, now: float, dt: float) -> None:
        """Take in a step's gas, indoors through the exchange of air."""
        outside = self._outside(people, going, now)
        if self._aired[0] != dt:
            self._aired = (dt, air_exchanged(people.ach, dt))
        self.inside += (outside - self.inside) * self._aired[1]
        self.level = np.where(people.outdoors, outside, self.inside)
        hit = self._hit = np.flatnonzero(self.level > NOTICEABLE_PPM)
        if not hit.size:
            return
        level = self.level[hit]
        mg = ppm_to_mg_m3(self.of, level, self.temperature_k)
        self.load[hit] += toxic_load_rate(self.of, mg) * (dt / 60.0)
        self.dose[hit] += level * dt
        self.breathed[hit] += dt

    def _outside(self, people: People, going: Groups, now: float) -> Floats:
        """Outdoor level at everyone's spot; only who moves is worked out again."""
        release, x, y = self.release, people.x, people.y
        if self._field is None:
            self._field = release.at(np.column_stack([x, y]))
        elif going.size:
            self._field.put(going, release.at(np.column_stack([x[going], y[going]])))
        return release.level_at(self._field, now)

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

    def killed(self, groups: Groups) -> Groups:
        """Give those whose load has passed their own lethal one."""
        return np.asarray(groups[self.load[groups] >= self.lethal[groups]])

    def arrival_s(self) -> Floats:
        """Give when each place passes the 10-minute AEGL-2 outdoors, s."""
        spots = np.array([[p.x, p.y] for p in self.settlement.places])
        return self.release.arrival_s(spots, self.release.harmful_level)

    def endangers(self, groups: Groups) -> Flags:
        """Tell where the gas is above what irritates: nobody goes there without protection."""
        assert self._field is not None
        level = self.release.level_at(self._field.of(groups), self.world.now)
        return np.asarray(level > self.notice_level)

    def way_in_s(self, _groups: Groups) -> float:
        """Give 0: the way to people in the open is part of the trip's time."""
        return 0.0


def across_the_wind(
    people: People, groups: Groups, to: tuple[float, float] | None
) -> tuple[Floats, Floats]:
    """Walk straight to the refuge, or out of the cloud across the wind on the nearer side."""
    if to is None:
        release = people.world.hazard
        assert isinstance(release, ToxicRelease)
        return out_of_gas(release, people, groups)
    here = np.column_stack([people.x[groups], people.y[groups]])
    target = np.broadcast_to(np.asarray(to), here.shape)
    walk = people.world.figures.constants["walk-mps"].value
    return target, np.hypot(*(target - here).T) / walk


def out_of_gas(release: ToxicRelease, people: People, groups: Groups) -> tuple[Floats, Floats]:
    """Walk out of the cloud of a release across the wind on the nearer side."""
    here = np.column_stack([people.x[groups], people.y[groups]])
    across = release.axes(here)[1]
    east, north = release.weather.down_wind()
    side = np.where(across >= 0, 1.0, -1.0)
    need = np.maximum(CLEAR_OF_CLOUD_M - np.abs(across), 0.0) + 50.0
    # left of the wind is (-north, east) when the wind blows towards (east, north)
    target = here + np.column_stack([-north * side, east * side]) * need[:, None]
    walk = people.world.figures.constants["walk-mps"].value
    return target, np.hypot(*(target - here).T) / walk
