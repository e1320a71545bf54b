"""People: warned, acting, moving, breathing; one state each, exposed to what the cloud does."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from drillsim.engine.exposure import Exposure, Way
from drillsim.engine.settlement import Floats, Settlement
from drillsim.engine.states import (
    ABLE,
    ACTIONS,
    BREATHES,
    IDLE,
    OPEN_AIR_KINDS,
    STATE_NAMES,
    State,
)
from drillsim.engine.world import Process, World
from drillsim.rng import Draws

SNAPSHOT_S = 300.0
COUNT_S = 60.0
# step (s) until a drill time (s): near the source minutes decide, later they do not
STEPS: tuple[tuple[float, float], ...] = ((300.0, 10.0), (1200.0, 30.0), (math.inf, 60.0))
NOTICEABLE_PPM = 0.05
SHORTEST_AEGL_S, LONGEST_AEGL_S = 600.0, 28_800.0
JUDGED_EVERY_S = 60


class People:
    """The people of one run."""

    def __init__(
        self,
        world: World,
        settlement: Settlement,
        exposure: Callable[[World, Settlement, Floats], Exposure],
        way: Way,
    ) -> None:
        """Draw their traits; they do not depend on any plan.

        `exposure` and `way`: what the hazard's family does to people and how they leave.
        """
        self.world = world
        self.of = settlement
        n = settlement.weight.size
        self.weight = settlement.weight
        self.x, self.y = settlement.x.copy(), settlement.y.copy()
        self.outdoors = settlement.outdoors.copy()
        self.state = np.zeros(n, dtype=np.int8)
        self.ach = settlement.ach_open.copy()
        self.act_at = np.full(n, np.inf)
        self.act = np.full(n, -1, dtype=np.int8)
        self.acted_s = np.full(n, np.inf)
        self.first_act = np.full(n, -1, dtype=np.int8)
        self.dest = np.zeros((n, 2))
        self.start_xy = np.zeros((n, 2))
        self.left_s, self.arrive_s = np.full(n, np.inf), np.full(n, np.inf)
        self.serious = np.zeros(n, dtype=bool)
        self.reached = np.zeros(n, dtype=bool)
        self.moved = np.zeros(n, dtype=bool)
        self.tolerance = self._trait("tolerance")
        self.complies = self._trait("compliance")
        figures = world.figures.figures
        u = self._trait("reaction")
        self.exposure = exposure(world, settlement, self.tolerance)
        self.way = way
        self.open_air = np.array([p.kind in OPEN_AIR_KINDS for p in settlement.places])[
            settlement.place
        ]
        self.reaction_s = np.where(
            self.open_air, figures["flee"].draws(u), figures["self-protect"].draws(u)
        )
        self.ids = {place.id: index for index, place in enumerate(settlement.places)}
        self.to_refuge = np.zeros(n, dtype=bool)
        self.refuge: Callable[[], tuple[float, float] | None] = lambda: None
        self.take_room: Callable[[tuple[float, float], float], float] = lambda _xy, _heads: 0.0
        self._going = np.zeros(0, dtype=np.intp)
        self._last_s = 0.0
        self._snapshot_s = 0.0
        self.falls = 0
        self._uncounted: list[int] = []
        self._counted_s = 0.0

    def _trait(self, purpose: str) -> Floats:
        return traits(self.world.draws, purpose, self.of)

    # --- instructions -----------------------------------------------------------------------

    def members(self, place_id: str) -> NDArray[np.intp]:
        """Give the groups that belong to a place."""
        return self.of.members[self.ids[place_id]]

    def instruct(self, groups: NDArray[np.intp], action: str, at_s: Floats | float) -> None:
        """Tell groups what to do from a time on; the last word counts, an earlier act is kept."""
        code = ACTIONS.index(action)
        times = np.broadcast_to(np.asarray(at_s, dtype=float), groups.shape)
        fit = ABLE[self.state[groups]] & np.isfinite(times)
        groups, times = groups[fit], times[fit]
        same = (self.act[groups] == code) & (self.act_at[groups] <= times)
        groups, times = groups[~same], times[~same]
        # whoever already shelters is not sent out and back by a repeated word
        self.act[groups] = code
        self.act_at[groups] = times
        self.reached[groups] = True

    def warn(
        self, place_id: str, channel: str, action: str, start_s: float, comply: float
    ) -> tuple[float, NDArray[np.intp]]:
        """Let a public warning spread through a place; gives the heads it will reach."""
        spec = self.world.figures.warning[channel]
        groups = self.members(place_id)
        u = self.world.draws.many(f"warning-{channel}", place_id, groups.size)
        heard = u < spec.reach
        # a log-normal through the half and nine-tenths points of those reached
        share = np.clip(u / spec.reach, 1e-9, 1 - 1e-9)
        delay = spec.t50 * np.exp(ndtri(share) * math.log(spec.t90 / spec.t50) / 1.2816)
        mobilise = self.mobilisation(place_id, groups.size, action)
        obeys = heard & (self.complies[groups] < comply)
        self.instruct(groups[obeys], action, start_s + delay[obeys] + mobilise[obeys])
        return float(self.weight[groups[heard]].sum()), groups[obeys]

    def mobilisation(self, place_id: str, count: int, action: str) -> Floats:
        """Draw the time from word to act, Rayleigh with the figure's median (s)."""
        name = "mobilise-shelter" if action in {"shelter", "return"} else "mobilise-leave"
        figure = self.world.figures.figures[name]
        if not self.world.behaviour.human and not self.world.behaviour.clairvoyant:
            return np.full(count, figure.best)
        u = self.world.draws.many(name, place_id, count)
        scale = figure.median / math.sqrt(2 * math.log(2))
        return np.asarray(scale * np.sqrt(-2 * np.log1p(-u)))

    # --- the clock --------------------------------------------------------------------------

    def live(self) -> Process:
        """Step people through the drill until it ends."""
        world = self.world
        self._note_snapshot()
        while not world.ended:
            yield world.wait(next(step for until, step in STEPS if world.now < until))
            self.step()

    def step(self) -> None:
        """Bring everyone to now: act, move, breathe, suffer."""
        now, dt = self.world.now, self.world.now - self._last_s
        self._last_s = now
        if dt <= 0.0:
            return
        self._enact(now)
        self._move(now)
        self.exposure.step(self, self._going, now, dt)
        if round(now) % JUDGED_EVERY_S == 0:
            self.exposure.judge(BREATHES[self.state])
        self._suffer()
        self._tell_counts(now)
        self._react(now)
        if now >= self._snapshot_s + SNAPSHOT_S - 1e-6:
            self._snapshot_s = now
            self._note_snapshot()

    def _enact(self, now: float) -> None:
        due = np.flatnonzero(self.act_at <= now)
        if not due.size:
            return
        code = self.act[due]
        self.act_at[due] = np.inf
        self.exposure.doors_changed()
        first = due[(code != ACTIONS.index("return")) & ~np.isfinite(self.acted_s[due])]
        self.acted_s[first] = now
        self.first_act[first] = self.act[first]
        fit = ABLE[self.state[due]]
        due, code = due[fit], code[fit]
        shut = due[(code == 0) & (self.state[due] != State.CLEAR)]
        still = shut[~np.isfinite(self.left_s[shut])]
        self.outdoors[still] = False
        self.ach[still] = np.minimum(
            self.of.ach_shut[still], self.world.figures.constants["sheltered-ach"].value
        )
        self.state[still] = State.SHELTERING
        leaving = due[code == 1]
        if leaving.size:
            self._set_out(leaving, None, now)
        evacuees = due[code == 2]
        if evacuees.size:
            refuge = self.refuge()
            self.to_refuge[evacuees] = refuge is not None
            self._set_out(evacuees, refuge, now)
        if code.size and code.max() > 2:
            gather, back = due[code == 3], due[code == 4]
            self.outdoors[gather] = True
            self.state[gather] = State.GATHERED
            self.ach[back] = self.world.figures.constants["ventilated-ach"].value
            self.state[back] = State.NORMAL

    def _set_out(
        self, groups: NDArray[np.intp], to: tuple[float, float] | None, now: float
    ) -> None:
        """Send groups off on foot: out of the hazard, or to a place."""
        walkers = groups[~self.of.immobile[groups]]
        still = groups[self.of.immobile[groups]]
        self.state[still] = State.WAITING_TRANSPORT
        if not walkers.size:
            return
        target, duration = self.way(self, walkers, to)
        self.start_xy[walkers] = np.column_stack([self.x[walkers], self.y[walkers]])
        self.dest[walkers] = target
        self.left_s[walkers] = now
        self.arrive_s[walkers] = now + duration
        self.outdoors[walkers] = True
        self.moved[walkers] = True
        self.state[walkers] = State.LEAVING

    def carry(self, groups: NDArray[np.intp], to: tuple[float, float]) -> None:
        """Set groups down at a place they were driven to."""
        fit = groups[ABLE[self.state[groups]]]
        self.x[fit], self.y[fit] = to
        self.left_s[fit] = np.inf
        self.moved[fit] = True
        self.outdoors[fit] = False
        self.state[fit] = State.CLEAR
        self.acted_s[fit] = np.minimum(self.acted_s[fit], self.world.now)
        self.exposure.set_down()

    def _move(self, now: float) -> None:
        going = self._going = np.flatnonzero(np.isfinite(self.left_s))
        if not going.size:
            return
        span = np.maximum(self.arrive_s[going] - self.left_s[going], 1e-9)
        share = np.clip((now - self.left_s[going]) / span, 0.0, 1.0)[:, None]
        spot = self.start_xy[going] + share * (self.dest[going] - self.start_xy[going])
        self.x[going], self.y[going] = spot[:, 0], spot[:, 1]
        there = going[share[:, 0] >= 1.0]
        fine = there[self.state[there] == State.LEAVING]
        self.state[fine] = State.CLEAR
        self.left_s[there] = np.inf
        self._enter_refuge(fine[self.to_refuge[fine]])

    def _enter_refuge(self, groups: NDArray[np.intp]) -> None:
        """Whoever finds no room stands outside the shelter."""
        if not groups.size:
            return
        here = (float(self.dest[groups[0], 0]), float(self.dest[groups[0], 1]))
        heads = np.cumsum(self.weight[groups])
        inside = heads <= self.take_room(here, float(heads[-1]))
        self.outdoors[groups[inside]] = False
        self.state[groups[~inside]] = State.GATHERED

    def _suffer(self) -> None:
        """Whose load passes his own tolerance dies; at a fraction of it he goes down, hurt."""
        near = self.exposure.crippled()
        near = near[BREATHES[self.state[near]]]
        if not near.size:
            return
        newly = near[~self.serious[near]]
        self.serious[newly] = True
        fallen = newly[self.state[newly] != State.WAITING_TRANSPORT]
        self.state[fallen] = State.DOWN
        self.left_s[fallen] = np.inf
        dying = self.exposure.killed(near)
        self.state[dying] = State.DEAD
        self.falls += newly.size
        self._count_hurt(newly, dying)

    def _count_hurt(self, newly: NDArray[np.intp], dying: NDArray[np.intp]) -> None:
        """Write down who is hurt and who dies."""
        for subject, groups in (("hurt", newly), ("died", dying)):
            if groups.size:
                data = {"n": float(self.weight[groups].sum()), "place": self._where(groups)}
                event = self.world.note("casualties", "world", subject, data)
                self._uncounted.append(event)

    def _tell_counts(self, now: float) -> None:
        """Once a minute, what people at the scene could count becomes true."""
        if now < self._counted_s + COUNT_S:
            return
        self._counted_s = now
        weight, state = self.weight, self.state
        symptoms = float(weight[self.exposure.exposed].sum())
        grown = symptoms >= 1.25 * float(self.world.truth.get("symptoms", 0.0)) + 1
        if not (self._uncounted or grown):
            return
        causes, self._uncounted = tuple(self._uncounted), []
        if grown:
            self.world.become("symptoms", symptoms, causes)
        if causes:
            self.world.become("hurt", float(weight[self.serious].sum()), causes)
            self.world.become("deaths", float(weight[state == State.DEAD].sum()), causes)
        self.world.become("missing", float(weight[state == State.DOWN].sum()), causes)

    def _where(self, groups: NDArray[np.intp]) -> str:
        names = [self.of.places[i].id for i in self.of.place[groups]]
        return str(max(dict.fromkeys(names), key=names.count))

    def _react(self, now: float) -> None:
        """Whoever smells it badly protects himself, plan or no plan."""
        groups = np.flatnonzero(self.exposure.level >= self.exposure.notice_level)
        groups = groups[IDLE[self.state[groups]] & ~np.isfinite(self.act_at[groups])]
        if not groups.size:
            return
        leave = self.open_air[groups] & self.outdoors[groups]
        for action, some in (("leave-crosswind", groups[leave]), ("shelter", groups[~leave])):
            self.act[some] = ACTIONS.index(action)
            self.act_at[some] = now + self.reaction_s[some]

    # --- the record -------------------------------------------------------------------------

    def counts(self, groups: NDArray[np.intp] | None = None) -> dict[str, float]:
        """Give heads by state, of some groups or of all."""
        states = self.state if groups is None else self.state[groups]
        weight = self.weight if groups is None else self.weight[groups]
        heads = np.bincount(states, weights=weight, minlength=len(State))
        return _named(heads.tolist())

    def _note_snapshot(self) -> None:
        cells = self.of.place * len(State) + self.state
        shape = (len(self.of.places), len(State))
        table = np.bincount(cells, self.weight, math.prod(shape)).reshape(shape)
        places = {
            place.id: _named(row)
            for place, row in zip(self.of.places, table.tolist(), strict=True)
            if any(row[1:])
        }
        self.world.note("people", "world", "snapshot", {"states": self.counts(), "places": places})


def _named(heads: Sequence[float]) -> dict[str, float]:
    """Give heads by the name of their state, without the empty ones."""
    return {name: n for name, n in zip(STATE_NAMES, heads, strict=True) if n > 0}


def traits(draws: Draws, purpose: str, settlement: Settlement) -> Floats:
    """Draw one trait for every group, keyed by place, so that a new place shifts nobody's luck."""
    sizes = np.bincount(settlement.place, minlength=len(settlement.places))
    parts = [
        draws.many(purpose, place.id, int(size))
        for place, size in zip(settlement.places, sizes, strict=True)
    ]
    return np.concatenate(parts)
