"""What is so at the scene, and who sees it: instruments, people on the spot, crews."""

from __future__ import annotations

import math

import numpy as np

from drillsim.engine.drill import Drill
from drillsim.engine.orders import bearing_of_wind
from drillsim.plans.conditions import AllOf, Atom
from drillsim.plans.model import Feed

SEEN_ON_SPOT = (
    "smell", "release", "cloud-visible", "location", "substance", "state", "wind", "valve-failed",
    "isolated", "hurt", "symptoms", "deaths", "cloud-over-fence",
)  # fmt: skip
SEEN_BY_CREWS = (*SEEN_ON_SPOT, "missing", "access", "measures")
JUDGED = ("sector", "to-protect", "sensitive-site")
SENSITIVE = frozenset({"school", "kindergarten", "hospital", "nursing-home"})
CREW_SEES_S = 30.0
EYES_REACH_M = 400.0


class Scene:
    """Watches the world and puts what can be seen into the minds of those who can see it."""

    def __init__(self, drill: Drill) -> None:
        """Find out who watches what."""
        self.drill = drill
        self.world = drill.world
        self.hazard = drill.world.hazard
        self.city = drill.world.scenario.city
        self.witnesses = self._witnesses()
        self.feeds: dict[str, list[Feed]] = {}
        for _, feed in drill.plan_set.elements("feeds"):
            self.feeds.setdefault(feed.fact, []).append(feed)
        self.world.watch(self._changed)

    def _witnesses(self) -> list[str]:
        """Roles that stand at the plant and have eyes and noses."""
        found = []
        staff = self.drill.staff
        for address in self.drill.minds.of:
            role = staff.role(address)
            if address in self.world.scenario.file.witnesses:
                found.append(address)
                continue
            if role is None or not role.senses or not staff.there(address):
                continue
            place = staff.place(address)
            spot = self.city.facilities[place].xy if place else self.hazard.source_xy
            if math.dist(spot, self.hazard.source_xy) <= EYES_REACH_M:
                found.append(address)
        return found

    # --- seeing -----------------------------------------------------------------------------

    def _changed(self, fact: str, value: object, event: int) -> None:
        """A true fact changed: instruments report it, people on the spot notice it."""
        late = self.world.scenario.file.circumstances.alarm_delay
        for feed in self.feeds.get(fact, ()):
            self._later(feed.to, fact, value, "own", event, feed.delay + late)
        if not self.world.behaviour.plans:
            return
        if fact in SEEN_ON_SPOT:
            for address in self.witnesses:
                delay = self.world.delay("notice", address, fact)
                self._later(address, fact, value, "own", event, delay)
        if fact in SEEN_BY_CREWS:
            self._crews_see(fact, value, event)

    def _later(
        self, address: str, fact: str, value: object, source: str, event: int, delay: float
    ) -> None:
        seen_s = self.world.now

        def learn() -> None:
            self.drill.minds.believe(address, fact, value, source, (event,), seen_s)

        self.world.after(delay, learn)

    def _crews_see(self, fact: str, value: object, event: int) -> None:
        """Everybody who has looked round sees it a little later, in one moment for all."""
        seen_s, seers = self.world.now, tuple(self.drill.observers)
        if not seers:
            return

        def learn() -> None:
            for address in seers:
                self.drill.minds.believe(address, fact, value, "crew", (event,), seen_s)

        self.world.after(CREW_SEES_S, learn)

    def sized_up(self, address: str, event: int) -> None:
        """A crew has looked round: its leader knows the scene, and goes on seeing it."""
        for fact in SEEN_BY_CREWS:
            if fact in self.world.truth:
                self.drill.minds.believe(address, fact, self.world.truth[fact], "crew", (event,))
        self.drill.observers.setdefault(address, address)

    def let_judges_judge(self) -> None:
        """Whoever decides by heads in the sector works them out once place and wind are known."""
        minds = self.drill.minds
        needed = AllOf(all=(Atom(key="location"), Atom(key="wind")))
        for address, mind in minds.of.items():
            wants = [fact for fact in JUDGED if fact in mind.triggers]
            if wants or self.drill.staff.leads(address):
                minds.wait_for(address, needed, self._judge(address))

    def _judge(self, address: str):  # type: ignore[no-untyped-def]
        def start(causes: tuple[int, ...]) -> None:
            def done() -> None:
                wind = str(self.drill.minds.value(address, "wind"))
                for fact, value in self.sector(wind).items():
                    self.drill.minds.believe(address, fact, value, "own", causes)

            self.world.after(self.world.delay("judge", address), done)

        return start

    def sector(self, wind: str) -> dict[str, float | str]:
        """Give what a wind means on the map: sector, heads and sensitive sites inside it."""
        constants = self.world.figures.constants
        bearing = bearing_of_wind(wind)
        if bearing is None:
            return {}
        source = np.array(self.city.facilities[self.drill.source()].xy)
        heads, sensitive = 0, False
        for place in self.drill.people.of.places:
            east, north = place.x - source[0], place.y - source[1]
            off = (np.degrees(np.arctan2(east, north)) - bearing + 180.0) % 360.0 - 180.0
            near = np.hypot(east, north) < constants["sector-m"].value
            if near and abs(off) <= constants["sector-deg"].value / 2:
                heads += place.heads
                sensitive = sensitive or place.kind in SENSITIVE
        return {
            "sector": f"{bearing:.0f} deg", "to-protect": float(heads),
            "sensitive-site": float(sensitive),
        }  # fmt: skip

    def upwind_gate(self) -> str:
        """Give the gate farthest up wind of the source."""
        east, north = self.hazard.weather.down_wind()
        gates = self.city.of_kind("gate")
        if not gates:
            return self.drill.source()
        return min(gates, key=lambda g: (g.xy[0] * east + g.xy[1] * north, g.id)).id

    def ran_dry(self) -> None:
        """The release ends by itself when nothing is left to come out."""
        if not self.world.truth.get("isolated"):
            self.world.become("isolated", 1.0)
