"""Crews: where they are, who may send them, how they get there, and who pulls them back."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import simpy

from drillsim.city.routing import Route, Router
from drillsim.data.staffing import Effects, Readiness, effects_of, vacant_post_factor
from drillsim.engine.comms import Staff
from drillsim.engine.minds import Minds
from drillsim.engine.world import Process, World
from drillsim.hazards import Floats, Hazard
from drillsim.plans.organisations import Resource
from drillsim.plans.sets import PlanSet

PATH_POINTS = 12
FOOT_MPS = 1.2
FOOT_RANGE_M = 400.0
WATCHED_M2 = 8000.0**2  # crews farther from the source are not looked at


@dataclass(slots=True)
class Unit:
    """One crew: `node` where it stands, `job` while it is tasked."""

    name: str
    resource: Resource
    node: int
    x: float
    y: float
    busy: bool = False
    place: str = ""
    dose_ppm_s: float = 0.0
    hot_since: float | None = None
    process: simpy.Process | None = field(default=None, repr=False)
    effects: Effects = field(default_factory=lambda: effects_of(Readiness()), repr=False)

    @property
    def capabilities(self) -> frozenset[str]:
        """What it can do with the people and the equipment that are there."""
        return frozenset(self.resource.capabilities) - set(self.effects.lost)

    @property
    def served(self) -> float:
        """People an hour it can serve with the supplies that are there."""
        return self.resource.served * self.effects.supply_share


class Crews:
    """All crews of the city in one run."""

    def __init__(self, world: World, minds: Minds, staff: Staff, plan_set: PlanSet) -> None:
        """Line the crews up at their homes; at night, fewer of them."""
        self.world = world
        self.minds = minds
        self.staff = staff
        self.router = Router(world.scenario.city)
        self.gates_open: tuple[str, ...] | None = None
        self.units: list[Unit] = []
        self._freed: list[simpy.Event] = []
        # the spots of the crews watched last, and what the hazard does there
        self._spots: tuple[tuple[tuple[float, float], ...], Any] = ((), None)
        self._promised = {
            (promise.to, promise.by)
            for _, promise in plan_set.elements("promises")
            if promise.by in promise.signed_by
        }
        city, factor = world.scenario.city, world.scenario.file.staff.factor
        committed = world.scenario.file.circumstances.committed
        for resource in sorted(plan_set.resources.values(), key=lambda r: r.id):
            count = resource.units
            if world.night and resource.night_units is not None:
                count = resource.night_units
            busy = max((committed.get(c, 0.0) for c in resource.capabilities), default=0.0)
            count = math.ceil(count * factor * (1.0 - busy)) if count else 0
            effects = effects_of(resource.readiness)
            if not math.isfinite(effects.time_factor):
                continue  # nobody is on duty
            node = self.node(resource.home)
            x, y = city.facilities[resource.home].xy
            for index in range(count):
                unit = Unit(
                    f"{resource.id}#{index + 1}", resource, node, x, y, place=resource.home,
                    effects=effects,
                )  # fmt: skip
                self.units.append(unit)

    def node(self, facility: str) -> int:
        """Give the road node of a facility (worked out once a scenario)."""
        known = self.world.scenario.memo.setdefault("nodes", {})
        if facility not in known:
            known[facility] = self.world.scenario.city.node_of(facility)
        return int(known[facility])

    def route(self, src: int, dst: int, emergency: bool) -> Route | None:
        """Give the quickest route now; routes on the open network are kept for later runs."""
        hour = self.world.hour
        if self.router.closures:
            return self.router.route(src, dst, hour, emergency)
        known = self.world.scenario.memo.setdefault("routes", {})
        key = (src, dst, int(hour), emergency)
        if key not in known:
            known[key] = self.router.route(src, dst, int(hour), emergency)
        route: Route | None = known[key]
        return route

    # --- choosing ---------------------------------------------------------------------------

    def owners(self, lead: str, support: Iterable[str]) -> set[str]:
        """Give the bodies whose crews a lead may send: his own house, helpers, promisers."""
        orgs = {address.partition("/")[0] for address in (lead, *support)}
        house = set(orgs)
        for org_id in orgs:
            org = self.staff.org(org_id)
            house |= {org.parent} if org.parent else set()
            house |= set(self.staff.children(org_id))
        promisers = {by for to, by in self._promised if to in orgs}
        return house | promisers

    def able(self, needs: Iterable[str], owners: set[str]) -> list[Unit]:
        """Give every unit, busy or not, that could do the work."""
        wanted = set(needs)
        return [
            u for u in self.units if u.resource.owner in owners and wanted <= u.capabilities
        ]  # fmt: skip

    def get(
        self, needs: tuple[str, ...], owners: set[str], count: int, place: str, patience_s: float
    ) -> Process:
        """Wait for up to `count` free units, nearest by travel time; the value is the list."""
        deadline = self.world.now + patience_s
        while True:
            able = self.able(needs, owners)
            free = [u for u in able if not u.busy]
            if free:
                chosen = self._nearest(free, place)[:count]
                for unit in chosen:
                    unit.busy = True
                return chosen
            if not able or self.world.now >= deadline or self.world.ended:
                return []
            freed = self.world.env.event()
            self._freed.append(freed)
            yield freed | self.world.wait(deadline - self.world.now)

    def _nearest(self, units: list[Unit], place: str) -> list[Unit]:
        node = self.node(place)
        times = {}
        for unit in units:
            turnout = self._turnout(unit)
            travel = self.router.travel_time(
                unit.node, node, self.world.hour, unit.resource.emergency
            )
            times[unit.name] = (turnout if unit.place == unit.resource.home else 0.0) + travel
        return sorted(units, key=lambda u: (times[u.name], u.name))

    def _turnout(self, unit: Unit) -> float:
        turnout = unit.resource.turnout
        longer = vacant_post_factor() if unit.effects.vacant else 1.0
        return longer * (turnout.night if self.world.night else turnout.day)

    def free(self, unit: Unit, clause: str, causes: Iterable[int] = ()) -> None:
        """Let a unit go; it stays where it is and can be sent again."""
        unit.busy = False
        data = {"unit": unit.name}
        self.world.note("crew-freed", unit.resource.owner, unit.resource.id, data, causes, clause)
        waiting, self._freed = self._freed, []
        for event in waiting:
            if not event.triggered:
                event.succeed()

    # --- moving -----------------------------------------------------------------------------

    def send(
        self, unit: Unit, place: str, verb: str, clause: str, causes: Iterable[int]
    ) -> Process:
        """Turn out and drive to a place; the value is the arrival's event id, or None."""
        world, owner = self.world, unit.resource.owner
        data = {"unit": unit.name, "verb": verb, "place": place}
        assigned = world.note("crew-assigned", owner, unit.resource.id, data, causes, clause)
        if unit.place == unit.resource.home:
            turnout = self._turnout(unit)
            yield world.wait(world.spread("turnout", owner, unit.name, turnout, turnout * 1.4))
        xy = world.scenario.city.facilities[place].xy
        if np.hypot(unit.x - xy[0], unit.y - xy[1]) <= FOOT_RANGE_M:
            departed = self._note_departed(unit, place, None, assigned, clause)
            yield world.wait(float(np.hypot(unit.x - xy[0], unit.y - xy[1])) / FOOT_MPS)
            return self._arrive(unit, place, verb, departed, clause)
        node = self.node(place)
        route = self.route(unit.node, node, unit.resource.emergency)
        if route is None:
            world.note(
                "crew-unavailable",
                owner,
                verb,
                {"unit": unit.name, "where": place},
                (assigned,),
                clause,
            )
            return None
        luck = world.spread("travel", owner, unit.name, 1.0, 1.25)
        luck *= world.scenario.file.circumstances.travel
        departed = self._note_departed(unit, place, route, assigned, clause, luck)
        yield from self._drive(unit, route, luck, place)
        return self._arrive(unit, place, verb, departed, clause)

    def _drive(self, unit: Unit, route: Route, luck: float, place: str) -> Process:
        """Drive, with the stop at a shut barrier and the detour round the cloud at a gate."""
        world, city = self.world, self.world.scenario.city
        gate = self._gate_on(route)
        if gate is None:
            yield world.wait(route.duration_s * luck)
            return
        reach = route.delay_until(self.node(gate)) * luck
        yield world.wait(reach)
        unit.x, unit.y = city.facilities[gate].xy
        shut = self.gates_open is not None and gate not in self.gates_open
        # suits do not help an engine: nobody drives through the cloud, dressed or not
        foul = self._ppm(gate) > self.world.hazard.notice_level
        if not (shut or foul):
            yield world.wait(max(0.0, route.duration_s * luck - reach))
            return
        better = self._best_gate(gate)
        if better is None and foul:
            better = self._best_gate(gate, obey=False)
        if better is None or self._told_gate(unit) != better:
            # nobody has said where to go instead: that is settled at the barrier
            yield world.wait(world.delay("barrier", unit.resource.owner, unit.name))
        if better is None:
            yield world.wait(max(0.0, route.duration_s * luck - reach))
            return
        yield from self._round_to(unit, gate, better, place, luck)

    def _round_to(self, unit: Unit, gate: str, better: str, place: str, luck: float) -> Process:
        """Drive round to another gate and in through it."""
        world = self.world
        fast = unit.resource.emergency
        there = self.node(better)
        detour = self.router.travel_time(self.node(gate), there, world.hour, fast)
        yield world.wait(detour * luck if math.isfinite(detour) else 0.0)
        unit.x, unit.y = world.scenario.city.facilities[better].xy
        rest = self.router.travel_time(there, self.node(place), world.hour, fast)
        yield world.wait(rest * luck if math.isfinite(rest) else 0.0)

    def _gate_on(self, route: Route) -> str | None:
        city = self.world.scenario.city
        on_way = set(route.nodes)
        return next((g.id for g in city.of_kind("gate") if self.node(g.id) in on_way), None)

    def _best_gate(self, refused: str, obey: bool = True) -> str | None:
        """The open gate (or, not obeying, any) with the least gas, then by name; None if none."""
        city = self.world.scenario.city
        gates = [g.id for g in city.of_kind("gate") if g.id != refused]
        if obey and self.gates_open is not None:
            gates = [g for g in gates if g in self.gates_open]
        return min(gates, key=lambda g: (round(self._ppm(g), 3), g), default=None)

    def _told_gate(self, unit: Unit) -> str | None:
        for address in self.minds.body(unit.resource.owner):
            access = self.minds.value(address, "access")
            if access:
                return str(access)
        return None

    def _levels(self, units: list[Unit], hazard: Hazard) -> Floats:
        """Give the outdoor level where units stand; worked out anew when one of them moves."""
        spots = tuple((unit.x, unit.y) for unit in units)
        if spots != self._spots[0]:
            self._spots = (spots, hazard.at(spots))
        return hazard.level_at(self._spots[1], self.world.now)

    def _ppm(self, place: str) -> float:
        hazard, xy = self.world.hazard, self.world.scenario.city.facilities[place].xy
        return float(hazard.level_at(hazard.at([xy]), self.world.now)[0])

    def _note_departed(
        self,
        unit: Unit,
        place: str,
        route: Route | None,
        cause: int,
        clause: str,
        luck: float = 1.0,
    ) -> int:
        now = self.world.now
        if route is None:
            xy = self.world.scenario.city.facilities[place].xy
            eta = float(np.hypot(unit.x - xy[0], unit.y - xy[1])) / FOOT_MPS
            path = [
                [round(now, 1), round(unit.x), round(unit.y)],
                [round(now + eta, 1), round(xy[0]), round(xy[1])],
            ]
        else:
            eta = route.duration_s * luck
            keep = np.unique(np.linspace(0, len(route.line) - 1, PATH_POINTS).round().astype(int))
            path = [
                [
                    round(now + float(route.line_times_s[i]) * luck, 1),
                    round(float(x)),
                    round(float(y)),
                ]
                for i in keep
                for x, y in [route.line[i]]
            ]
        data = {"unit": unit.name, "place": place, "eta_s": round(now + eta, 1), "path": path}
        return self.world.note(
            "crew-departed", unit.resource.owner, unit.resource.id, data, (cause,), clause
        )

    def _arrive(self, unit: Unit, place: str, verb: str, cause: int, clause: str) -> int:
        city = self.world.scenario.city
        unit.place, unit.node = place, self.node(place)
        unit.x, unit.y = city.facilities[place].xy
        data = {"unit": unit.name, "place": place, "x": unit.x, "y": unit.y, "verb": verb}
        return self.world.note(
            "crew-arrived", unit.resource.owner, unit.resource.id, data, (cause,), clause
        )

    # --- exposure ---------------------------------------------------------------------------

    def watch_exposure(self) -> Iterator[None]:
        """Each minute: an unprotected crew in gas takes dose, and pulls back by itself."""
        world = self.world
        reaction = world.figures.figures["self-protect"]
        exposable = [u for u in self.units if not u.resource.protected]
        while True:
            yield
            hazard = world.hazard
            x, y = hazard.source_xy
            out = [u for u in exposable if u.busy and (u.x - x) ** 2 + (u.y - y) ** 2 < WATCHED_M2]
            if not out:
                continue
            limit = hazard.notice_level
            for unit, level in zip(out, self._levels(out, hazard), strict=True):
                unit.dose_ppm_s += float(level) * 60.0
                if level < limit:
                    unit.hot_since = None
                    continue
                if unit.hot_since is None:
                    unit.hot_since = world.now
                patience = reaction.draw(world.draws.at("crew-reaction", unit.name))
                working = unit.process is not None and unit.process.is_alive
                if world.now - unit.hot_since >= patience and working:
                    assert unit.process is not None
                    unit.process.interrupt("gas")
                    unit.process = None
