"""What a residential fire does to people: smoke in room, lobby and stair; waking; turning back."""

from __future__ import annotations

import numpy as np

from drillsim.data.room_fire import constant
from drillsim.engine.exposure import Flags, Groups
from drillsim.engine.indoors.residents import flat_trait, residents_of
from drillsim.engine.indoors.stairway import OUT, QUEUE, ROOM, STAIR, Stairway
from drillsim.engine.people import People
from drillsim.engine.settlement import Floats, Settlement
from drillsim.engine.states import ACTIONS, BREATHES, IDLE, State
from drillsim.engine.world import World
from drillsim.hazards.dwelling_smoke import HEAT, SOOT
from drillsim.hazards.residential_fire import ResidentialFire
from drillsim.physics.egress import reaction
from drillsim.physics.fire_attack import climb_s
from drillsim.physics.fire_spread import barrier_s
from drillsim.physics.tenability import tolerated_fed

# Fractional effective doses from which somebody counts as having breathed smoke that would stop
# one in a hundred (ISO 13571), and as gravely so (the susceptible, one in nine).
HURT_FED, GRAVE_FED = 0.1, 0.3
SMOKY_PER_M = 0.3
# Soot so thin that one sees 80 m through it.
CLEAN_KG_M3 = 1.2e-5
# Longer than any walk: the end of a way that nobody has walked yet.
FAR_S = 1e6
SEEN_KW, LOUD_KW = 100.0, 2000.0
LOOK_EVERY_S = 60.0
ARRIVAL_UNTIL_S, ARRIVAL_STEP_S = 5400.0, 60.0
# What wakes people; in a row of houses shouts and light of the fire next door are an alarm.
CUES = ("see-fire", "bell", "flat-alarm", "hearsay")
SHELTER, LEAVE = ACTIONS.index("shelter"), ACTIONS.index("leave-crosswind")
LEAVING, SHELTERING, CLEAR = int(State.LEAVING), int(State.SHELTERING), int(State.CLEAR)
# Whom smoke can harm, by state: those who breathe and are not away.
IN_REACH = BREATHES & (np.arange(BREATHES.size) != CLEAR)


class SmokeExposure:
    """The dose of everybody in the building; arrays of shape (n,) as in the settlement."""

    def __init__(self, world: World, settlement: Settlement, tolerance: Floats) -> None:
        """Start in clean air; `tolerance` (0, 1) is the quantile of the dose each one bears."""
        self.world, self.settlement = world, settlement
        n = settlement.weight.size
        first = self.fire
        self.first = first
        self.spec = first.spec
        house = self.spec.building
        self.home = residents_of(world.scenario)
        self.level, self.inside, self.dose = (np.zeros(n) for _ in range(3))
        # one substance after the other in memory: sums over people run along it
        self.air = np.zeros((5, n)).T
        self.exposed, self.severe = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        self.notice_level = np.inf  # people wake and act by their own rule, see `_wake`
        self.crippling = tolerated_fed(tolerance)
        self.lethal = self.crippling * constant("fatal-fed")
        self.way = Stairway(house.floors, n, house.stair_width, house.storey)
        self.floor = self.home.floor.copy()
        self.barred = np.zeros(n, dtype=bool)
        self._hit: Groups = np.zeros(0, dtype=np.intp)
        flats = int(self.home.flat.max()) + 1
        draw = world.draws.many
        at = self.spec.at
        self.goes = flat_trait(world.scenario, draw("goes-by-itself", at, flats))
        self.turns = flat_trait(world.scenario, draw("turns-back", at, flats))
        self.cues = {
            cue: flat_trait(world.scenario, reaction(cue, world.night).draws(draw(cue, at, flats)))
            for cue in CUES
        }
        self.cued = {cue: np.zeros(n, dtype=bool) for cue in self.cues}
        limits = world.figures.constants["turn-back-extinction"]
        share = world.figures.shares["turns-back"].value
        early = limits.low + (limits.high - limits.low) * np.minimum(self.turns / share, 1.0)
        blind = world.figures.constants["blind-extinction"].value
        self.turn_per_m = np.where(self.turns < share, early, blind)
        # the first flat of each storey is the one that may burn
        first_flat = (self.home.flat % house.flats == 0) & (self.home.floor > self._lowest)
        self._first_flats = np.flatnonzero(first_flat)

    @property
    def fire(self) -> ResidentialFire:
        """The fire as it stands now."""
        hazard = self.world.hazard
        assert isinstance(hazard, ResidentialFire)
        return hazard

    def doors_changed(self) -> None:
        """Nothing to do: the air exchange of rooms is worked out anew in every step."""

    def set_down(self) -> None:
        """Somebody was brought out: he breathes clean air."""

    # --- a step -----------------------------------------------------------------------------

    def step(self, people: People, going: Groups, now: float, dt: float) -> None:
        """Move people on the stair, fill rooms with smoke, add up doses, wake the sleepers."""
        del going
        fire = self.fire
        if self._quiet(people, fire, now):
            self.level[:], self._hit = 0.0, self._hit[:0]
            return
        stair = fire.held("stair", now)
        lobby = fire.held("lobby", now)
        self._walk(people, fire, stair, lobby, now, dt)
        self._fill_rooms(people, fire, lobby, now, dt)
        felt = self._felt(people, stair, lobby)
        self.level = constant("smoke-extinction") * felt[:, SOOT]
        self.inside = constant("smoke-extinction") * self.air[:, SOOT]
        self._breathe(people, fire, felt, dt)
        self._wake(people, fire, now)

    def _breathe(self, people: People, fire: ResidentialFire, felt: Floats, dt: float) -> None:
        """Add up the dose of everybody who breathes smoke or stands in heat."""
        some = (IN_REACH[people.state] & felt.any(axis=1)).nonzero()[0]
        rate = fire.dose_per_min(felt.T.take(some, axis=1).T)
        hit = (rate > 1e-6).nonzero()[0]
        self._hit = some[hit]
        self.dose[self._hit] += rate[hit] * (dt / 60.0)

    def _quiet(self, people: People, fire: ResidentialFire, now: float) -> bool:
        """Tell whether the fire is out, the smoke too thin to see, and nobody on his way."""
        if not fire.is_out(now) or (people.state == LEAVING).any():
            return False
        state = fire.state(now)
        worst = max(self.air[:, SOOT].max(), state.lobby[:, SOOT].max(), state.stair[:, SOOT].max())
        return bool(worst < CLEAN_KG_M3)

    def _felt(self, people: People, stair: Floats, lobby: Floats) -> Floats:
        """Give the air around everybody, (n, 5)."""
        felt = self.air.copy(order="K")
        where = self.way.where
        on = (where == STAIR).nonzero()[0]
        if on.size:
            felt[on] = stair[self.way.storey(on) + 1] if stair.shape[0] > 1 else 0.0
        queue = (where == QUEUE).nonzero()[0]
        if queue.size:
            felt[queue] = lobby[self.floor[queue] - 1]
        felt.T[:, ((where == OUT) | (people.state == CLEAR)).nonzero()[0]] = 0.0
        return felt

    def _fill_rooms(
        self, people: People, fire: ResidentialFire, lobby: Floats, now: float, dt: float
    ) -> None:
        """Exchange the air of flats with lobby and light well; shut ones exchange less."""
        constants, air = self.world.figures.constants, self.air.T
        tight = np.where(people.state == SHELTERING, constants["stuffed-door-factor"].value, 1.0)
        door = constants["flat-door-ach"].value * tight
        floor = self.floor - 1
        source = lobby.T.take(floor, axis=1)
        if self.spec.seat == "row":
            burnt_s = fire.state(now).fire.age_s.take(floor)
            door = np.where(burnt_s > barrier_s("timber-wall"), 60.0, door)
            total = door = door * np.where(burnt_s >= 0.0, 4, 1)
            mixed = door * source / total
        else:
            window, outside = self._windows(fire, floor, tight, now)
            total = door + window
            mixed = (door * source + window * outside) / total
        air += (mixed - air) * -np.expm1(-total * dt / 3600.0)
        if self.spec.seat != "row":
            mine = self._in_burning_flat(fire, now)
            if mine.size:
                self.air[mine] = np.maximum(self.air[mine], fire.burning_flat(now))
            air[HEAT] *= np.exp(-dt / 300.0)

    def _windows(
        self, fire: ResidentialFire, floor: Groups, tight: Floats, now: float
    ) -> tuple[Floats, Floats]:
        """Give the air exchange by the windows, (n,) 1/h, and what the air before them holds."""
        constants, well = self.world.figures.constants, fire.well(now)[:, None]
        clean = np.zeros((5, 1))
        gap = constants["flat-window-ach"].value * tight
        by_storey = fire.state(now).broken_s <= now
        if not by_storey.any():
            return gap, np.where(self.home.facing, well, 0.0) if well.any() else clean
        broken = by_storey.take(floor)
        facing = self.home.facing | broken if self.spec.seat == "flat" else self.home.facing
        window = np.where(broken & facing, constants["broken-window-ach"].value, gap)
        outside = np.where(facing, well, 0.0) if well.any() else clean
        if self.spec.seat == "flat":
            outside = outside + 0.05 * fire.burning_space(now)[:, None] * broken
        return window, outside

    def _in_burning_flat(self, fire: ResidentialFire, now: float) -> Groups:
        """Give who is in a flat that burns: the first of its storey."""
        some = self._first_flats
        burning = fire.alight(now)[self.home.floor[some] - 1]
        return np.asarray(some[burning & (self.way.where[some] == ROOM)])

    @property
    def _lowest(self) -> int:
        return 1 if self.spec.seat == "ground-floor" else 0

    # --- on the way -------------------------------------------------------------------------

    def _walk(
        self, people: People, fire: ResidentialFire, stair: Floats, lobby: Floats,
        now: float, dt: float,
    ) -> None:  # fmt: skip
        """Let leavers out of their flats, down the stair and out; turn back whom smoke stops."""
        leaving = people.state == LEAVING
        if not leaving.any():
            return
        away = self.way.where == OUT
        self._come_out(people, (leaving & away & (people.arrive_s > now + FAR_S)).nonzero()[0], now)
        fresh = (leaving & (self.way.where == ROOM)).nonzero()[0]
        if fresh.size:
            extinction, rise = fire.thickness_and_rise(lobby)
            at = self.floor[fresh] - 1
            thick = extinction[at] > self.turn_per_m[fresh]
            hot = rise[at] > self.world.figures.constants["barring-rise"].value
            self._turn_back(people, self._by_the_window(people, fresh[thick | hot], now), now)
            go = fresh[~(thick | hot)]
            low = (self.floor[go] == 1) | (self.spec.seat == "row")
            ground, up = go[low], go[~low]
            self.way.where[ground] = OUT
            self.way.enter(up, self.floor[up], now)
            self._come_out(people, ground, now)
        if self.spec.seat == "row":
            return
        walks = leaving & (people.state == LEAVING)
        extinction, rise = fire.thickness_and_rise(stair)
        self._meet_smoke(people, fire, extinction, rise, now)
        self._come_out(people, self.way.step(dt, extinction, walks), now)

    def _by_the_window(self, people: People, groups: Groups, now: float) -> Groups:
        """Let people of low houses out by the window; gives those who must stay."""
        if self.spec.seat != "row":
            return groups
        share = self.world.figures.shares["by-the-window"].value
        jumps = self.goes[groups] < share
        self.way.where[groups[jumps]] = OUT
        self._come_out(people, groups[jumps], now)
        return np.asarray(groups[~jumps])

    def _meet_smoke(
        self, people: People, fire: ResidentialFire, extinction: Floats, rise: Floats, now: float
    ) -> None:
        """Turn back people before whom the stair is too thick, or the way out burns."""
        way = self.way
        on = ((way.where >= QUEUE) & (way.where <= STAIR)).nonzero()[0]
        on = on[people.state[on] == LEAVING]
        if not on.size:
            return
        storey = way.storey(on)
        ahead = np.maximum(storey - 1, 0) + 1
        here = np.maximum(storey, 0) + 1
        worst = np.maximum(extinction[here], extinction[ahead])
        stop = (worst > self.turn_per_m[on]) | (rise[ahead] > 60.0)
        if self.spec.building.exit_through_fire and fire.heat_kw(now) > SEEN_KW:
            stop |= storey <= 0
        back = on[stop]
        self.floor[back] = np.where(way.where[back] == STAIR, storey[stop] + 2, self.floor[back])
        way.leave_for_room(back)
        self._turn_back(people, back, now)

    def _turn_back(self, people: People, groups: Groups, now: float) -> None:
        """They shut themselves into a flat of the storey where they are."""
        if not groups.size:
            return
        people.state[groups] = SHELTERING
        people.left_s[groups] = np.inf
        people.outdoors[groups] = False
        self.barred[groups] = True
        # the door stood open a moment: a tenth of the lobby's air came in
        lobby = self.fire.held("lobby", now)[self.floor[groups] - 1]
        self.air[groups] += 0.1 * np.maximum(lobby - self.air[groups], 0.0)

    def _come_out(self, people: People, groups: Groups, now: float) -> None:
        """Whoever passes the exit is clear, or walks on to the shelter he was sent to."""
        if not groups.size:
            return
        walk = self.world.figures.constants["walk-mps"].value
        spot = np.column_stack([people.x[groups], people.y[groups]])
        people.start_xy[groups] = spot
        people.left_s[groups] = now
        people.arrive_s[groups] = now + np.hypot(*(people.dest[groups] - spot).T) / walk

    # --- waking -----------------------------------------------------------------------------

    def _wake(self, people: People, fire: ResidentialFire, now: float) -> None:
        """Start the clock of whoever meets a cue and has not been told what to do."""
        heat, idle = fire.heat_kw(now), IDLE[people.state]
        seen = (self.inside > fire.notice_level) & (self.way.where == ROOM)
        if self.spec.seat != "row" and heat > SEEN_KW:
            seen[self._in_burning_flat(fire, now)] = True
        cues = {"see-fire": seen & idle}
        if self.world.truth.get("bell"):
            cues["bell"] = idle
        if heat > LOUD_KW:
            cues["flat-alarm" if self.spec.seat == "row" else "hearsay"] = idle
        # nobody stays in a house of boards
        row = self.spec.seat == "row"
        share = 1.0 if row else self.world.figures.shares["leave-by-themselves"].value
        for cue, meets in cues.items():
            fresh = (meets & ~self.cued[cue]).nonzero()[0]
            if not fresh.size:
                continue
            self.cued[cue][fresh] = True
            start = now + self.cues[cue][fresh]
            sooner = fresh[(start < people.act_at[fresh]) & ~people.reached[fresh]]
            people.act_at[sooner] = now + self.cues[cue][sooner]
            people.act[sooner] = np.where(self.goes[sooner] < share, LEAVE, SHELTER)

    # --- what it did ------------------------------------------------------------------------

    def judge(self, breathes: Flags) -> None:
        """Whose dose has passed a limit counts as hurt by smoke."""
        del breathes
        self.exposed |= self.dose >= HURT_FED
        self.severe |= self.dose >= GRAVE_FED

    def crippled(self) -> Groups:
        """Give those in smoke whose dose stops them."""
        hit = self._hit
        return np.asarray(hit[self.dose[hit] >= self.crippling[hit]])

    def killed(self, groups: Groups) -> Groups:
        """Give those whose dose has passed their own lethal one."""
        return np.asarray(groups[self.dose[groups] >= self.lethal[groups]])

    def arrival_s(self) -> Floats:
        """Give when lobby or stair of each storey becomes hazardous if nobody acts, or did, s."""
        memo = self.world.scenario.memo
        key = "floor-arrival"
        if self.spec.seat == "row" or key not in memo:
            memo[key] = self._arrival(self.first)
        return np.asarray(np.minimum(memo[key], self._arrival(self.fire)))

    def _arrival(self, fire: ResidentialFire) -> Floats:
        floors = np.array([int(p.id[1:]) for p in self.settlement.places]) - 1
        found = np.full(floors.size, np.inf)
        until = min(ARRIVAL_UNTIL_S, self.spec.horizon)
        for t_s in np.arange(0.0, until, ARRIVAL_STEP_S):
            stair, lobby = (fire.extinction(space, float(t_s)) for space in ("stair", "lobby"))
            worst = np.maximum(stair, lobby)[floors]
            fresh = (worst >= fire.harmful_level) & ~np.isfinite(found)
            found[fresh] = t_s
        return found

    def endangers(self, groups: Groups) -> Flags:
        """Tell where smoke or heat stops a crew without breathing apparatus."""
        return np.asarray(self.level[groups] > self.fire.notice_level)

    def way_in_s(self, groups: Groups) -> float:
        """Give the climb to the highest of them and the way down again, s."""
        if not groups.size or self.spec.seat == "row":
            return 0.0
        top = float(self.floor[groups].max())
        return 2.0 * float(climb_s(top))


def down_the_stair(
    people: People, groups: Groups, to: tuple[float, float] | None
) -> tuple[Floats, Floats]:
    """Leave by the stair; how long it takes shows on the way, so no time is promised here."""
    here = np.column_stack([people.x[groups], people.y[groups]])
    outside = here + np.array([40.0, 0.0])
    spot = outside if to is None else np.broadcast_to(np.asarray(to), here.shape)
    return spot, np.full(groups.size, 1e7)
