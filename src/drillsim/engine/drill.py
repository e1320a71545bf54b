"""One running drill: all its parts in one place, handed to every action."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from drillsim.engine.command import CommandTable
from drillsim.engine.comms import Comms, Staff
from drillsim.engine.crews import Crews, Unit
from drillsim.engine.medical import Medical
from drillsim.engine.minds import Minds
from drillsim.engine.people import People
from drillsim.engine.world import World
from drillsim.plans.model import Protective, Task
from drillsim.plans.sets import PlanSet

if TYPE_CHECKING:
    from drillsim.engine.duties import Duties
    from drillsim.engine.scene import Scene


@dataclass(frozen=True, slots=True)
class Order:
    """A protective order as given: who it is for and what they do, from the decider's belief."""

    ref: str
    by: str
    action: str
    near_m: float
    far_m: float
    sector_deg: float
    bearing_deg: float | None
    sites: tuple[str, ...]
    margin_s: float | None
    given_s: float
    event: int


@dataclass(slots=True)
class Job:
    """A task at work: its plan, who leads, where, with which crews, and why."""

    plan_id: str
    task: Task
    where: str
    causes: tuple[int, ...]
    units: list[Unit] = field(default_factory=list)
    event: int = -1

    @property
    def clause(self) -> str:
        """The sentence that asked for it."""
        return f"{self.plan_id}/{self.task.id}"

    @property
    def pace(self) -> float:
        """The factor on the time of its work: that of the least ready crew; 1 without crews."""
        return max((unit.effects.time_factor for unit in self.units), default=1.0)

    @property
    def slips(self) -> float:
        """The factor on its error rates: that of the least trained crew; 1 without crews."""
        return max((unit.effects.error_factor for unit in self.units), default=1.0)


@dataclass
class Drill:
    """The parts of one run."""

    world: World
    plan_set: PlanSet
    minds: Minds
    staff: Staff
    comms: Comms
    command: CommandTable
    crews: Crews
    people: People
    medical: Medical
    orders: dict[str, Order] = field(default_factory=dict)
    protective: dict[str, Protective] = field(default_factory=dict)
    shelters_open: dict[str, float] = field(default_factory=dict)
    roads_closed: set[str] = field(default_factory=set)
    observers: dict[str, str] = field(default_factory=dict)
    delegations: dict[str, set[str]] = field(default_factory=dict)
    passing: dict[str, float] = field(default_factory=dict)
    crossed: dict[str, float] = field(default_factory=dict)
    washing: bool = False
    response_ended: bool = False
    hospitals_ready: set[str] = field(default_factory=set)
    _held_until_s: float = 0.0
    _duties: Duties | None = None
    _scene: Scene | None = None

    @property
    def duties(self) -> Duties:
        """The duties of all plans."""
        assert self._duties is not None
        return self._duties

    @property
    def scene(self) -> Scene:
        """What is so at the scene and who sees it."""
        assert self._scene is not None
        return self._scene

    def may(self, address: str, power: str) -> bool:
        """Tell whether a body may use a power, by itself or by a delegation paper."""
        if self.staff.can(address, power):
            return True
        org = address.partition("/")[0]
        return bool({address, org} & self.delegations.get(power, set()))

    def source(self) -> str:
        """Give the facility where the accident is."""
        return str(self.world.scenario.spec.at)

    def node(self, facility: str) -> int:
        """Give the road node of a facility."""
        return self.crews.node(facility)

    # --- shelters, hospitals, doors ---------------------------------------------------------

    def best_shelter(self, sites: tuple[str, ...] = ()) -> str | None:
        """Give the open shelter with room that is nearest to the scene, among `sites` if given."""
        fit = [
            s for s, room in self.shelters_open.items() if room > 0 and (not sites or s in sites)
        ]
        node = self.node(self.source())

        def drive(site: str) -> float:
            return self.crews.router.travel_time(node, self.node(site), self.world.hour)

        return min(fit, key=lambda s: (drive(s), s), default=None)

    def best_hospital(self, place: str) -> tuple[str | None, float]:
        """Give the hospital with a free bed that is nearest by ambulance, and the drive (s)."""
        free = [h for h, beds in self.medical.beds.items() if beds >= 1.0]
        nodes = [self.node(h) for h in free]
        times = self.crews.router.travel_times(
            self.node(place), nodes, self.world.hour, emergency=True
        )
        return min(
            zip(free, times.tolist(), strict=True), key=lambda h: (h[1], h[0]), default=(None, 0.0)
        )

    def decon_running(self) -> bool:
        """Tell whether some crew has begun to wash people."""
        return self.washing

    def hold_door_knocking(self, seconds: float) -> None:
        """A new lead starts from the first block again: door to door loses this much time."""
        self._held_until_s = max(self._held_until_s, self.world.now + seconds)

    def knocking_held_s(self, channel: str) -> float:
        """Give how long door-to-door work is still held up (s)."""
        return max(0.0, self._held_until_s - self.world.now) if channel == "door-to-door" else 0.0

    def refuge(self) -> tuple[float, float] | None:
        """Give where evacuees walk: the nearest open shelter with room, else nowhere."""
        site = self.best_shelter()
        return None if site is None else self.world.scenario.city.facilities[site].xy

    def take_room(self, xy: tuple[float, float], heads: float) -> float:
        """Take up to `heads` places in the shelter at a spot; gives the places got."""
        for site, room in self.shelters_open.items():
            if self.world.scenario.city.facilities[site].xy == xy:
                got = min(room, heads)
                self.shelters_open[site] = room - got
                return got
        return 0.0
