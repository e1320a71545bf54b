"""What a spill does to people: those on the tap drink it, those overboard grow cold and sink."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from drillsim.data.drinking_water import drinking_water
from drillsim.engine.exposure import Flags, Groups
from drillsim.engine.people import JUDGED_EVERY_S, People
from drillsim.engine.settlement import INSTITUTION_GROUP, Floats, Place, Settlement
from drillsim.engine.states import State
from drillsim.engine.world import World
from drillsim.hazards.river_spill import RiverSpill
from drillsim.physics.people_in_water import alive_share
from drillsim.scenario import Scenario

SHELTERING, NORMAL = int(State.SHELTERING), int(State.NORMAL)
OVERBOARD, SUPPLIED = "overboard", "supply-area"
TAP_GROUP = 100
THIRST_SPREAD, MOST_THIRST = 0.5, 2.5
LONGEST_S, STEP_S = 8 * 3600.0, 20.0


def settle(scenario: Scenario) -> Settlement:
    """Put people where the spill finds them: overboard or aboard at the accident, and on the tap.

    The accident's place holds those in the water from the start and the crew of the next vessel,
    one group each; every supply area its heads in groups of a hundred.
    """
    spec, city = scenario.spec, scenario.city
    places: list[Place] = []
    rows: list[tuple[int, float, float, float, bool]] = []
    for area, kind, heads, size in (
        (spec.at, OVERBOARD, spec.in_water + spec.aboard_next, 1),
        *((s.area, SUPPLIED, s.heads, TAP_GROUP) for s in spec.supplies),
    ):
        if heads <= 0:
            continue
        x, y = city.facilities[area].xy
        groups = max(1, round(heads / size))
        for k in range(groups):
            weight = heads // groups + (1 if k < heads % groups else 0)
            rows.append((len(places), float(weight), x, y, kind == OVERBOARD))
        places.append(Place(area, kind, None, x, y, heads, 3.0, 0.5, 0.0))
    table = np.array(rows, dtype=np.float64)
    air = np.ones(len(rows))
    return Settlement(
        tuple(places), table[:, 0].astype(np.intp), table[:, 1], table[:, 2], table[:, 3],
        table[:, 4] > 0.0, air, 0.5 * air, np.zeros(len(rows), dtype=bool),
    )  # fmt: skip


class WaterExposure:
    """The dose from the tap and the time in the water of every group; arrays of shape (n,).

    `entered_s` is when a group went overboard (inf: it is not in the water), `dies_s` how long
    after that it lives. `unfit_h` counts heads x hours of tap water above the limit that nobody
    had told people to leave alone.
    """

    def __init__(self, world: World, settlement: Settlement, tolerance: Floats) -> None:
        """Draw thirst, life jackets, how long each one lasts; `tolerance` (0, 1) is endurance."""
        n = settlement.weight.size
        self.world, self.settlement = world, settlement
        spec = world.scenario.spec
        self.notice_level = self.spill.notice_level
        self.level, self.inside, self.dose_mg = np.zeros(n), np.zeros(n), np.zeros(n)
        self.exposed, self.severe = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        kinds = np.array([place.kind for place in settlement.places])[settlement.place]
        self.aboard = np.flatnonzero(kinds == OVERBOARD)
        self.on_tap = np.flatnonzero(kinds == SUPPLIED)
        spots = np.array([[p.x, p.y] for p in settlement.places]).reshape(-1, 2)
        self._area = self.spill.at(spots)
        # they stand in one row, after those at the accident
        self._taps = slice(n - self.on_tap.size, n)
        self._tap_of = settlement.place[self._taps]
        thirst = self._trait("thirst", n)
        factor = np.exp(ndtri(np.clip(thirst, 1e-6, 1.0 - 1e-6)) * THIRST_SPREAD)
        self.thirst = np.clip(factor, 1.0 / MOST_THIRST, MOST_THIRST)
        jacket = self._trait("jacket", n) < spec.jackets
        self.dies_s = _endurance(tolerance, jacket, spec.water_temperature - 273.15)
        self.entered_s = np.full(n, np.inf)
        self.entered_s[self.aboard[: spec.in_water]] = 0.0
        self.next_crew = self.aboard[spec.in_water :]
        self.unfit_h = 0.0
        shares, figures = world.figures.shares, world.figures.figures
        self.climbs = self._trait("climb-out", n) < shares["climb-out"].value
        self.climb_s = figures["climb-out"].draws(self._trait("climb-time", n))
        cargo = self.spill.cargo
        self._mg_per_level_h = (
            cargo.limit_mg_l.value * drinking_water().drink_l_h.value if cargo else 0.0
        )
        self._acute_mg = cargo.acute_mg.value if cargo else math.inf

    def _trait(self, purpose: str, n: int) -> Floats:
        parts = [
            self.world.draws.many(purpose, place.id, int(size))
            for place, size in zip(
                self.settlement.places,
                np.bincount(self.settlement.place, minlength=len(self.settlement.places)),
                strict=True,
            )
        ]
        return np.concatenate(parts) if parts else np.zeros(n)

    @property
    def spill(self) -> RiverSpill:
        """The spill as it stands now."""
        hazard = self.world.hazard
        assert isinstance(hazard, RiverSpill)
        return hazard

    def wet(self) -> Groups:
        """Give the groups in the water that still live."""
        return np.asarray(self.aboard[np.isfinite(self.entered_s[self.aboard])])

    def overboard(self, groups: Groups) -> None:
        """Let groups go overboard now."""
        self.entered_s[groups] = self.world.now

    def picked_up(self, groups: Groups) -> None:
        """Take groups out of the water."""
        self.entered_s[groups] = np.inf

    def doors_changed(self) -> None:
        """Windows do not matter to water."""

    def set_down(self) -> None:
        """Nobody's tap depends on where he is carried."""

    def step(self, people: People, _going: Groups, now: float, dt: float) -> None:
        """Drink and drift for a step."""
        tap = self.spill.level_at(self._area, now)
        if tap.any():
            level = self.level[self._taps] = tap.take(self._tap_of)
            drinks = people.state[self._taps] != SHELTERING
            taken = level * self._mg_per_level_h * (dt / 3600.0)
            self.dose_mg[self._taps] += np.where(drinks, taken * self.thirst[self._taps], 0.0)
            unfit = people.weight[self._taps][drinks & (level >= self.spill.harmful_level)]
            self.unfit_h += float(unfit.sum()) * dt / 3600.0
        else:
            self.level[self._taps] = 0.0
        wet = self.wet()
        if not wet.size:
            return
        self._climb_out(people, wet, now)
        for group in self.wet():
            down = self.spill.drifted_m(now, float(self.entered_s[group]))
            people.x[group], people.y[group] = self.spill.course.xy_at(down)

    def _climb_out(self, people: People, wet: Groups, now: float) -> None:
        """Some reach the bank by themselves, whatever anybody plans."""
        out = wet[self.climbs[wet] & (now - self.entered_s[wet] >= self.climb_s[wet])]
        out = out[people.state[out] == NORMAL]
        self.picked_up(out)
        people.state[out] = State.CLEAR

    def judge(self, _breathes: Flags) -> None:
        """Count who has drunk more than the acute reference dose, at the end of the drill alone.

        It is a dose to worry about, not an illness: nobody could see it on the day.
        """
        if self.world.now < self.world.scenario.file.horizon - 2 * JUDGED_EVERY_S:
            return
        self.exposed |= self.dose_mg >= self._acute_mg
        self.severe |= self.dose_mg >= 10.0 * self._acute_mg

    def crippled(self) -> Groups:
        """Give those in the water who are too cold or tired to help themselves."""
        wet = self.wet()
        if not wet.size:
            return wet
        share = self.world.figures.constants["faint-share"].value
        return np.asarray(wet[self.world.now - self.entered_s[wet] >= share * self.dies_s[wet]])

    def killed(self, groups: Groups) -> Groups:
        """Give those who have been in the water longer than they last."""
        dead = groups[self.world.now - self.entered_s[groups] >= self.dies_s[groups]]
        self.entered_s[dead] = np.inf
        return np.asarray(dead)

    def arrival_s(self) -> Floats:
        """Give when the tap of each place passes the limit, s; inf for none."""
        spots = np.array([[p.x, p.y] for p in self.settlement.places]).reshape(-1, 2)
        return self.spill.arrival_s(spots, self.spill.harmful_level)

    def endangers(self, groups: Groups) -> Flags:
        """Tell who is in the water, where nobody goes without a boat."""
        return np.asarray(np.isfinite(self.entered_s[groups]))

    def way_in_s(self, _groups: Groups) -> float:
        """Give 0: boats sail as part of their work."""
        return 0.0


def _endurance(tolerance: Floats, jacket: Flags, temperature_c: float) -> Floats:
    """Give how long each one lives in the water, s: the quantile of the survival curves."""
    times = np.arange(0.0, LONGEST_S + STEP_S, STEP_S)
    out = np.full(tolerance.shape, np.inf)
    for worn in (False, True):
        alive = alive_share(times, temperature_c, worn)
        dead_share = np.maximum.accumulate(1.0 - alive)
        some = jacket == worn
        k = np.searchsorted(dead_share, tolerance[some], side="left")
        out[some] = np.where(k < len(times), times[np.minimum(k, len(times) - 1)], np.inf)
    return out


def stay_put(
    people: People, groups: Groups, _to: tuple[float, float] | None
) -> tuple[Floats, Floats]:
    """Nobody walks away from his tap: the way is no way."""
    here = np.column_stack([people.x[groups], people.y[groups]])
    return here, np.full(len(groups), float(INSTITUTION_GROUP))
