"""What fires and fireballs of a tank farm do to each group: dose, blast, who is burnt, who dies."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from drillsim.engine.crews import Unit
from drillsim.engine.exposure import Flags, Groups
from drillsim.engine.people import People
from drillsim.engine.settlement import Floats, Place, Settlement, settle
from drillsim.engine.states import ABLE
from drillsim.engine.world import World
from drillsim.hazards.storage_fire import StorageFireSpec
from drillsim.hazards.tank_farm import HeatSpots, TankFarm
from drillsim.physics.thermal_harm import (
    REACTION_S,
    RUNNING_MPS,
    TOLERABLE_W_M2,
    blast_fatality,
    burn_share,
    lethal_dose,
)
from drillsim.plans.organisations import Resource
from drillsim.scenario import Scenario

REACH_M = 2500.0
RUN_M = 30.0
CLEAR_M = 400.0
# below this dose nobody has as much as a first-degree burn
LEAST_DOSE = 2e5
NOBODY: Groups = np.zeros(0, dtype=np.intp)
CREW_WORK = frozenset({"engine", "foam"})


def farm_of(world: World) -> TankFarm:
    """Give the tank farm as it stands now."""
    hazard = world.hazard
    assert isinstance(hazard, TankFarm)
    return hazard


# --- who is where --------------------------------------------------------------------------------


def crew_place(resource: Resource) -> str:
    """Give the id of the place that stands for a crew's own people."""
    return f"crew-{resource.id}"


def settle_farm(scenario: Scenario) -> Settlement:
    """Place people within 2.5 km, those of the plant at their posts, and the crews that may come.

    Crews of engines and foam are people too: they are at home until their unit moves, and go with
    it (`HeatExposure.crews`). Worked out once a scenario.
    """
    known = scenario.memo.get("farm-settlement")
    if isinstance(known, Settlement):
        return known
    spec: StorageFireSpec = scenario.spec
    source = scenario.city.facilities[spec.at].xy
    base = settle(scenario)
    near = [n for n, p in enumerate(base.places) if math.dist((p.x, p.y), source) <= REACH_M]
    new = np.full(len(base.places), -1, dtype=np.intp)
    new[near] = np.arange(len(near))
    some = np.flatnonzero(new[base.place] >= 0)
    places = [base.places[n] for n in near]
    index = new[base.place[some]]
    x, y, outdoors = base.x[some].copy(), base.y[some].copy(), base.outdoors[some].copy()
    plant = next((n for n, p in enumerate(places) if p.id == spec.plant), None)
    if plant is not None:
        _posts(spec, source, np.flatnonzero(index == plant), x, y, outdoors)
    crews = [r for _, r in sorted(scenario.plan_set.resources.items())
             if CREW_WORK & set(r.capabilities)]  # fmt: skip
    heads = [r.units * r.members for r in crews]
    homes = np.array([scenario.city.facilities[r.home].xy for r in crews]).reshape(-1, 2)
    extra = np.repeat(np.arange(len(crews)), heads)
    for resource, count, xy in zip(crews, heads, homes, strict=True):
        place = Place(crew_place(resource), "crew", None, float(xy[0]), float(xy[1]), count,
                      1.0, 1.0, 0.0)  # fmt: skip
        places.append(place)
    size = extra.size
    whole = Settlement(
        tuple(places),
        np.concatenate([index, extra + len(near)]).astype(np.intp),
        np.concatenate([base.weight[some], np.ones(size)]),
        np.concatenate([x, homes[extra, 0]]),
        np.concatenate([y, homes[extra, 1]]),
        np.concatenate([outdoors, np.zeros(size, dtype=bool)]),
        np.concatenate([base.ach_open[some], np.ones(size)]),
        np.concatenate([base.ach_shut[some], np.ones(size)]),
        np.concatenate([base.immobile[some], np.zeros(size, dtype=bool)]),
    )
    scenario.memo["farm-settlement"] = whole
    return whole


def _posts(
    spec: StorageFireSpec,
    source: tuple[float, float],
    groups: Groups,
    x: Floats,
    y: Floats,
    outdoors: Flags,
) -> None:
    """Put the people of the plant where the scenario says; the rest stay at the plant's place."""
    first = 0
    for spot in spec.staff:
        some = groups[first : first + round(spot.share * groups.size)]
        first += some.size
        turn = math.radians(spot.bearing)
        x[some] = source[0] + spot.distance * math.sin(turn)
        y[some] = source[1] + spot.distance * math.cos(turn)
        outdoors[some] = np.arange(some.size) < round(spot.outdoors * some.size)


# --- harm ----------------------------------------------------------------------------------------


@dataclass
class CrewPeople:
    """The groups of one unit's own people."""

    unit: Unit
    groups: Groups


class HeatExposure:
    """The thermal dose of every group, and the blast it met; arrays (n,) as in the settlement.

    Death by Eisenberg's probit of the dose, or the probit of blast in the open (Hurst, Nussey &
    Pape 1989) of a burst, each at their own tolerance; down at second-degree burns, exposed at
    first-degree burns by the Green Book's probits. Indoors a share of the flux comes through
    windows and blast is that of collapse, left out below 35 kPa. Whoever is able runs: in one step
    they take at most the dose of reacting and running 30 m. Below 2.5 kW/m2 skin takes no harm
    (ISO 13571). From a fireball nobody runs far enough
    to matter, its whole dose is taken where one stands. Crews at work wear gear that lets a share
    of the heat through.
    """

    def __init__(self, world: World, settlement: Settlement, tolerance: Floats) -> None:
        """Start unburnt; `tolerance` (0, 1) is the quantile of the dose each one bears."""
        n = settlement.weight.size
        self.world, self.settlement, self.tolerance = world, settlement, tolerance
        constants = world.figures.constants
        self.notice_level = farm_of(world).notice_level
        self.level, self.inside, self.dose, self.blast = (np.zeros(n) for _ in range(4))
        self.exposed, self.severe = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        self.lethal = lethal_dose(tolerance)
        self.window = constants["heat-indoors"].value
        self.gear = constants["fire-gear-share"].value
        self.is_crew = np.array([p.kind == "crew" for p in settlement.places])[settlement.place]
        self.crews: list[CrewPeople] = []
        # of them all: the first group of each unit; unit and group of everybody
        self._riders: tuple[Groups, Groups, Groups] | None = None
        self._spots: HeatSpots | None = None
        self._hot: Groups = np.zeros(0, dtype=np.intp)
        self._last_s = 0.0

    def doors_changed(self) -> None:
        """Windows do not matter to heat."""

    def set_down(self) -> None:
        """Somebody was driven elsewhere: all spots are worked out again."""
        self._spots = None

    def step(self, people: People, going: Groups, now: float, dt: float) -> None:
        """Take in a step's heat, and the whole of a fireball that began in it."""
        farm = farm_of(self.world)
        moved = self._with_units(people)
        moved = np.concatenate([going, moved]) if going.size else moved
        if self._spots is None:
            self._spots = farm.at(np.column_stack([people.x, people.y]))
        elif moved.size:
            self._spots.put(moved, farm.at(np.column_stack([people.x[moved], people.y[moved]])))
        outside = farm.course.shares(now) @ self._spots.flux
        share = np.where(people.outdoors, 1.0, self.window)
        share[self.is_crew & people.outdoors] = self.gear
        self.inside = outside * self.window
        self.level = outside * share
        hot = (self.level > TOLERABLE_W_M2).nonzero()[0]
        if hot.size:
            span = np.full(hot.size, dt)
            runs = ABLE[people.state[hot]] & (self.level[hot] >= self.notice_level)
            span[runs] = np.minimum(span[runs], REACTION_S + RUN_M / RUNNING_MPS)
            self.dose[hot] += self.level[hot] ** (4.0 / 3.0) * span
        for n in farm.bursts(now - dt, now):
            ball = farm.ball_dose(n, self._spots.gap[n]) * share ** (4.0 / 3.0)
            self.dose += ball
            blast = farm.vessels[n].blast_pa(self._spots.gap[n])
            self.blast = np.maximum(self.blast, np.where(people.outdoors, blast, 0.0))
            hot = np.union1d(hot, np.flatnonzero(ball > LEAST_DOSE))
        self._hot = hot
        self._run_by_themselves(people, now)

    def _with_units(self, people: People) -> Groups:
        """Let the people of crews be where their units are; gives who moved."""
        if not self.crews:
            return NOBODY
        units = [crew.unit for crew in self.crews]
        if self._riders is None or self._riders[0].size != len(units):
            first = np.array([crew.groups[0] for crew in self.crews])
            unit = np.repeat(np.arange(len(units)), [crew.groups.size for crew in self.crews])
            self._riders = (first, unit, np.concatenate([crew.groups for crew in self.crews]))
        first, unit, riders = self._riders
        away = np.array([u.place != u.resource.home for u in units])
        people.outdoors[riders] = away[unit]
        x, y = np.array([u.x for u in units]), np.array([u.y for u in units])
        some = ((people.x[first] != x) | (people.y[first] != y))[unit].nonzero()[0]
        if not some.size:
            return NOBODY
        moved: Groups = riders[some]
        people.x[moved], people.y[moved] = x[unit[some]], y[unit[some]]
        return moved

    def _run_by_themselves(self, people: People, now: float) -> None:
        """Whoever feels pain in the open runs within seconds, whatever the kind of place."""
        hurts = ((self.level >= self.notice_level) & ~self.is_crew).nonzero()[0]
        if not hurts.size:
            return
        some = hurts[people.outdoors[hurts] & ABLE[people.state[hurts]]]
        some = some[~np.isfinite(people.left_s[some])]
        people.act[some] = 1
        people.act_at[some] = np.minimum(people.act_at[some], now + REACTION_S)

    def judge(self, breathes: Flags) -> None:
        """Whose dose has passed first-degree burns counts as exposed, second-degree as severe."""
        some = np.flatnonzero((self.dose > LEAST_DOSE) & breathes)
        if some.size:
            self.exposed[some] |= burn_share(self.dose[some], 1) >= self.tolerance[some]
            self.severe[some] |= burn_share(self.dose[some], 2) >= self.tolerance[some]

    def crippled(self) -> Groups:
        """Give the groups in the heat with burns or blast that they do not walk away from."""
        hot = self._hot
        if not hot.size:
            return hot
        burnt = burn_share(self.dose[hot], 2) >= self.tolerance[hot]
        return np.asarray(hot[burnt | self._blown(hot)])

    def killed(self, groups: Groups) -> Groups:
        """Give those whose dose or blast has passed what they live through."""
        burnt = self.dose[groups] >= self.lethal[groups]
        return np.asarray(groups[burnt | self._blown(groups)])

    def _blown(self, groups: Groups) -> Flags:
        share = blast_fatality(np.maximum(self.blast[groups], 1.0), "lung-hse")
        return np.asarray(share >= self.tolerance[groups])

    def arrival_s(self) -> Floats:
        """Give when each place becomes too hot to stay in the open, s."""
        spots = np.array([[p.x, p.y] for p in self.settlement.places])
        farm = farm_of(self.world)
        return farm.arrival_s(spots, farm.harmful_level)

    def endangers(self, groups: Groups) -> Flags:
        """Tell where nobody goes without protective clothing."""
        if self._spots is None:
            return np.zeros(groups.size, dtype=bool)
        level = farm_of(self.world).level_at(self._spots.of(groups), self.world.now)
        return np.asarray(level > self.notice_level)

    def way_in_s(self, _groups: Groups) -> float:
        """Give 0: the way to people in the plant is part of the trip's time."""
        return 0.0


def away_from_fire(
    people: People, groups: Groups, to: tuple[float, float] | None
) -> tuple[Floats, Floats]:
    """Walk to the refuge, or straight away from the fire to 400 m; run while it hurts."""
    here = np.column_stack([people.x[groups], people.y[groups]])
    walk = people.world.figures.constants["walk-mps"].value
    hurts = people.exposure.level[groups] >= people.exposure.notice_level
    pace = np.where(hurts, RUNNING_MPS, walk)
    if to is not None:
        target = np.broadcast_to(np.asarray(to), here.shape)
        return target, np.hypot(*(target - here).T) / pace
    off = here - np.asarray(people.world.hazard.source_xy)
    gap = np.hypot(*off.T)
    way = off / np.maximum(gap, 1e-9)[:, None]
    way[gap < 1.0] = np.array([0.0, -1.0])
    need = np.maximum(CLEAR_M - gap, 0.0) + 30.0
    # at a run through the first 60 m, then at a walk
    fast = np.minimum(need, 60.0)
    return here + way * need[:, None], fast / pace + (need - fast) / walk
