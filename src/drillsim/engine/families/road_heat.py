"""What a pool fire on a road does to each group: flux, thermal dose, who is burnt and who dies."""

from __future__ import annotations

import numpy as np

from drillsim.engine.exposure import Flags, Groups
from drillsim.engine.people import People
from drillsim.engine.settlement import Floats, Settlement
from drillsim.engine.states import ABLE
from drillsim.engine.world import World
from drillsim.hazards.spill_fire import FireSpots, SpillFire
from drillsim.physics.thermal_harm import REACTION_S, RUNNING_MPS, lethal_dose

# Whoever can run is out of the worst after reacting and running this far (TNO Green Book: 5 s,
# 4 m/s); steps of people are longer than that.
RUN_M = 30.0
CLEAR_OF_FIRE_M = 150.0
STAIR_REACH_M = 900.0
FELT_W_M2 = 300.0


def spill_of(world: World) -> SpillFire:
    """Give the fire's field as it stands now."""
    hazard = world.hazard
    assert isinstance(hazard, SpillFire)
    return hazard


class HeatExposure:
    """The thermal dose of every group; arrays of shape (n,) as in the settlement.

    Death by the probit of Lees (clothed people, half of the skin exposed), each at their own
    tolerance; down at the dose of that flux over `serious-factor`; exposed from the dose of pain,
    severe from that of second-degree burns. Indoors a share of the flux comes through windows.
    Whoever is able runs: in one step they take at most the dose of reacting and running 30 m.
    """

    def __init__(self, world: World, settlement: Settlement, tolerance: Floats) -> None:
        """Start unburnt; `tolerance` (0, 1) is the quantile of the dose each one bears."""
        n = settlement.weight.size
        self.world, self.settlement = world, settlement
        constants = world.figures.constants
        self.notice_level = spill_of(world).notice_level
        self.level, self.inside, self.dose = (np.zeros(n) for _ in range(3))
        self.exposed, self.severe = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        self.lethal = lethal_dose(tolerance, "lees")
        self.crippling = self.lethal / constants["serious-factor"].value ** (4.0 / 3.0)
        self.window = constants["heat-indoors"].value
        # 1 unit of dose is 1 (kW/m2)^(4/3) s = 10^4 (W/m2)^(4/3) s
        self.pain = 1e4 * constants["heat-pain-dose"].value
        self.burn = 1e4 * constants["heat-burn-dose"].value
        self._spots: FireSpots | None = None
        self._hot: Groups = np.zeros(0, dtype=np.intp)

    def doors_changed(self) -> None:
        """Windows do not matter to heat."""

    def set_down(self) -> None:
        """Somebody was driven elsewhere: all spots are worked out again."""
        self._spots = None

    def step(self, people: People, going: Groups, now: float, dt: float) -> None:
        """Take in a step's heat."""
        fire = spill_of(self.world)
        if self._spots is None:
            self._spots = fire.at(np.column_stack([people.x, people.y]))
        elif going.size:
            self._spots.put(going, fire.at(np.column_stack([people.x[going], people.y[going]])))
        outside = fire.level_at(self._spots, now)
        if not outside.any():
            self.level = self.inside = outside
            self._hot = np.zeros(0, dtype=np.intp)
            return
        self.inside = outside * self.window
        self.level = np.where(people.outdoors, outside, self.inside)
        hot = self._hot = np.flatnonzero(self.level > FELT_W_M2)
        span = np.full(hot.size, dt)
        runs = ABLE[people.state[hot]] & (self.level[hot] >= self.notice_level)
        span[runs] = np.minimum(span[runs], REACTION_S + RUN_M / RUNNING_MPS)
        self.dose[hot] += self.level[hot] ** (4.0 / 3.0) * span

    def judge(self, breathes: Flags) -> None:
        """Whose dose has passed pain counts as exposed, second-degree burns as severe."""
        hot = self._hot[breathes[self._hot]]
        self.exposed[hot] |= self.dose[hot] >= self.pain
        self.severe[hot] |= self.dose[hot] >= self.burn

    def crippled(self) -> Groups:
        """Give the groups in the heat whose dose has passed what they bear upright."""
        hot = self._hot
        return np.asarray(hot[self.dose[hot] >= self.crippling[hot]]) if hot.size else hot

    def killed(self, groups: Groups) -> Groups:
        """Give those whose dose has passed their own lethal one."""
        return np.asarray(groups[self.dose[groups] >= self.lethal[groups]])

    def arrival_s(self) -> Floats:
        """Give when each place becomes too hot to stay in, s."""
        spots = np.array([[p.x, p.y] for p in self.settlement.places])
        fire = spill_of(self.world)
        return fire.arrival_s(spots, fire.harmful_level)

    def endangers(self, groups: Groups) -> Flags:
        """Tell where nobody goes without protective clothing."""
        if self._spots is None:
            return np.zeros(groups.size, dtype=bool)
        level = spill_of(self.world).level_at(self._spots.of(groups), self.world.now)
        return np.asarray(level > self.notice_level)

    def way_in_s(self, _groups: Groups) -> float:
        """Give 0: the way to people on the road is part of the trip's time."""
        return 0.0


def off_the_road(
    people: People, groups: Groups, to: tuple[float, float] | None
) -> tuple[Floats, Floats]:
    """Run from the heat; else walk to the refuge, or to the nearest open stairs on one's own side.

    On the deck people go along it, away from the wreck; stairs pass a limited number a second, in
    the order of arrival. On the ground they go straight away from the fire.
    """
    world, fire = people.world, spill_of(people.world)
    here = np.column_stack([people.x[groups], people.y[groups]])
    constants = world.figures.constants
    pace = np.where(
        people.exposure.level[groups] >= fire.notice_level,
        RUNNING_MPS, constants["walk-mps"].value,
    )  # fmt: skip
    if to is not None:
        target = np.broadcast_to(np.asarray(to), here.shape)
        return target, np.hypot(*(target - here).T) / pace
    source = np.asarray(fire.source_xy)
    off = here - source
    gap = np.hypot(*off.T)
    way = off / np.maximum(gap, 1e-9)[:, None]
    way[gap < 1.0] = np.array([1.0, 0.0])
    deck = fire.at(here).on_deck
    if deck.any():
        along = np.asarray(fire.deck_line[1]) - np.asarray(fire.deck_line[0])
        along = along / max(float(np.hypot(*along)), 1e-9)
        side = np.where(off[deck] @ along >= 0.0, 1.0, -1.0)
        way[deck] = side[:, None] * along
    need = np.maximum(CLEAR_OF_FIRE_M - gap, 0.0) + 20.0
    target = here + way * need[:, None]
    duration = need / pace
    stairs = world.truth.get("stairs-open")
    if deck.any() and stairs:
        _by_stairs(people, here, off, deck, str(stairs).split(","), target, duration)
    return target, duration


def _by_stairs(
    people: People,
    here: Floats,
    off: Floats,
    deck: Flags,
    stairs: list[str],
    target: Floats,
    duration: Floats,
) -> None:
    """Send those on the deck down the nearest stairs that they reach without passing the fire."""
    world = people.world
    constants = world.figures.constants
    spots = np.array([world.scenario.city.facilities[s].xy for s in stairs])
    source = np.asarray(spill_of(world).source_xy)
    for k in np.flatnonzero(deck):
        same = ((spots - source) @ off[k]) > 0.0
        gaps = np.where(same, np.hypot(*(spots - here[k]).T), np.inf)
        best = int(np.argmin(gaps))
        if gaps[best] <= STAIR_REACH_M:
            target[k] = spots[best]
            duration[k] = gaps[best] / constants["walk-mps"].value
    # the last of a crowd comes down when all before have passed
    for spot in spots:
        mine = np.flatnonzero(deck & (np.hypot(*(target - spot).T) < 1.0))
        if mine.size:
            order = mine[np.argsort(duration[mine], kind="stable")]
            passed = np.arange(1, order.size + 1) / constants["stair-people-s"].value
            duration[order] = np.maximum(duration[order], passed)
