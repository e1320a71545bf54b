"""The road after a crash: the queue behind it, who can still get through, and the way of crews.

The queue is that of `physics.traffic_queue` with the lanes the wreck blocks. A crew bound for the
wreck comes in the direction of travel and must get past the standing vehicles; once a corridor
has been opened it may come against the empty carriageway from the other side. Nobody drives
through the wreck. Vehicles that wait elsewhere in the town are left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from drillsim.city.mirror import Closures, Mode
from drillsim.city.model import City
from drillsim.city.routing import Route, Router
from drillsim.data.figures import HumanFigures
from drillsim.engine.drill import Drill
from drillsim.engine.settlement import Floats
from drillsim.hazards.road_transport import RoadSpec, Stored
from drillsim.physics.traffic_queue import (
    Queue,
    Steps,
    incident_capacity,
    queue_curves,
    queue_length_m,
    stored_vehicles,
)

HORIZON_S = 14_400.0
FREE_MPS = 12.0


@dataclass
class Traffic:
    """The state of the road in one run.

    `shut_s`: when each entry was closed (road point -> s). `trapped`: groups still in the metal,
    gravest first; `in_hand`: those whom a team is cutting free.
    """

    spec: RoadSpec
    wreck_xy: tuple[float, float]
    up_xy: tuple[float, float]
    down_xy: tuple[float, float]
    push_mps: float
    contraflow_mps: float
    shut_s: dict[str, float] = field(default_factory=dict)
    trapped: list[int] = field(default_factory=list)
    in_hand: set[int] = field(default_factory=set)
    corridor_s: float = math.inf
    now_s: float = 0.0

    @classmethod
    def of(cls, spec: RoadSpec, city: City, at: str, figures: HumanFigures) -> Traffic:
        """Give the road as the crash leaves it."""
        wreck, up, down = (city.facilities[p].xy for p in (at, spec.upstream, spec.downstream))
        push, contraflow = figures.constants["queue-push-mps"], figures.constants["contraflow-mps"]
        return cls(spec, wreck, up, down, push.value, contraflow.value)

    def queue(self, stretch: Stored | None = None) -> Queue:
        """Give the queue on a stretch, or on the travelled direction; none come once it is shut."""
        flow = self.spec.flow if stretch is None else stretch.flow
        lanes = self.spec.lanes if stretch is None else stretch.lanes
        blocked = self.spec.blocked if stretch is None else lanes
        entry = self.spec.upstream if stretch is None else stretch.entry
        shut = self.shut_s.get(entry, math.inf)
        return _queue(flow, lanes, min(blocked, lanes), shut)

    def standing_m(self, t_s: float) -> float:
        """Give the length of the queue before the wreck at a drill time, m, held at the ramp."""
        length = float(queue_length_m(self.queue().vehicles(t_s), self.spec.lanes))
        return min(length, math.dist(self.up_xy, self.wreck_xy))

    def stands_from_s(self, stretch: Stored, away_m: Floats) -> Floats:
        """Give when somebody comes to stand at distances from the wreck, s; inf: nobody does."""
        queue = self.queue(stretch)
        waiting = queue.arrived - queue.departed
        most = int(np.argmax(waiting))
        need = np.asarray([stored_vehicles(float(m), stretch.lanes) for m in away_m])
        times = np.interp(need, waiting[: most + 1], queue.t_s[: most + 1], right=np.inf)
        return np.asarray(np.where(need <= waiting[most] + 1e-9, times, np.inf))

    def push_s(self, t_s: float) -> float:
        """Give the time from the upstream point to the wreck in the direction of travel, s."""
        whole = math.dist(self.up_xy, self.wreck_xy)
        jam = self.standing_m(t_s)
        return (whole - jam) / FREE_MPS + jam / self.push_mps

    def reverse_s(self) -> float:
        """Give the time from the downstream point against the empty carriageway, s."""
        return math.dist(self.down_xy, self.wreck_xy) / self.contraflow_mps

    def leave_s(self) -> float:
        """Give the time from the wreck to the downstream point, s."""
        return math.dist(self.down_xy, self.wreck_xy) / FREE_MPS

    @property
    def corridor(self) -> bool:
        """Tell whether crews may come against the traffic's direction."""
        return self.now_s >= self.corridor_s


@lru_cache(maxsize=64)
def _queue(flow: float, lanes: int, blocked: int, shut_s: float) -> Queue:
    """Give the queue behind blocked lanes when nobody comes any more from `shut_s` on."""
    arrival = Steps((0.0,), (flow,))
    if 0.0 < shut_s < HORIZON_S:
        arrival = Steps((0.0, shut_s), (flow, 0.0))
    elif shut_s <= 0.0:
        arrival = Steps((0.0,), (0.0,))
    return queue_curves(arrival, incident_capacity(lanes, ((0.0, blocked),)), HORIZON_S)


class RoadRouter(Router):
    """A router that knows the wreck: the way to it leads past the queue or by the corridor."""

    __slots__ = ("down", "traffic", "up", "wreck")

    def __init__(
        self,
        city: City,
        traffic: Traffic,
        nodes: tuple[int, int, int],
        closures: Iterable[int] = (),
    ) -> None:
        """Route in a city; `nodes` of the wreck, the upstream and the downstream point."""
        super().__init__(city, closures)
        self.closures = frozenset(closures) | frozenset(self.edges_at(*traffic.wreck_xy))
        self.traffic = traffic
        self.wreck, self.up, self.down = nodes

    def _view(self, closures: Closures) -> RoadRouter:
        other = RoadRouter.__new__(RoadRouter)
        other._mirror, other.closures, other.traffic = self._mirror, closures, self.traffic
        other.wreck, other.up, other.down = self.wreck, self.up, self.down
        return other

    def _legs(self, src: int, hour: float, emergency: bool) -> tuple[float, int, float]:
        """Give the quickest way to the wreck: whole time, road point passed, time from there."""
        row = self._mirror.row_of
        times = self.times_from(src, hour, emergency)
        push = self.traffic.push_s(self.traffic.now_s + float(times[row[self.up]]))
        best = (float(times[row[self.up]]) + push, self.up, push)
        if self.traffic.corridor:
            back = self.traffic.reverse_s()
            best = min(best, (float(times[row[self.down]]) + back, self.down, back))
        return best

    def travel_time(
        self, src: int, dst: int, hour: float, emergency: bool = False, mode: Mode = "road"
    ) -> float:
        """Give the travel time between two nodes, by the legs when one of them is the wreck."""
        if mode != "road" or src == dst or self.wreck not in (src, dst):
            return super().travel_time(src, dst, hour, emergency, mode)
        if dst == self.wreck:
            return self._legs(src, hour, emergency)[0]
        return self.traffic.leave_s() + super().travel_time(self.down, dst, hour, emergency, mode)

    def travel_times(
        self,
        src: int,
        dst: Sequence[int],
        hour: float,
        emergency: bool = False,
        mode: Mode = "road",
    ) -> Floats:
        """Give the travel times (k,) from a node to others, by the legs at the wreck."""
        return np.array([self.travel_time(src, node, hour, emergency, mode) for node in dst])

    def route(
        self, src: int, dst: int, hour: float, emergency: bool = False, mode: Mode = "road"
    ) -> Route | None:
        """Give the quickest route, with the last leg past the queue or by the corridor."""
        if mode != "road" or src == dst or self.wreck not in (src, dst):
            return super().route(src, dst, hour, emergency, mode)
        if dst == self.wreck:
            _, via, last = self._legs(src, hour, emergency)
            whole = super().route(src, via, hour, emergency, mode)
            return None if whole is None else _joined(whole, None, last, dst, self._spot)
        first = self.traffic.leave_s()
        rest = super().route(self.down, dst, hour, emergency, mode)
        return None if rest is None else _joined(None, rest, first, src, self._spot)

    @property
    def _spot(self) -> tuple[float, float]:
        return self.traffic.wreck_xy


def traffic_of(drill: Drill) -> Traffic | None:
    """Give the road of a run; None when no road accident set it up."""
    router = drill.crews.router
    return router.traffic if isinstance(router, RoadRouter) else None


def _joined(
    before: Route | None, behind: Route | None, leg_s: float, wreck: int, xy: tuple[float, float]
) -> Route:
    """Give a route with the leg to or from the wreck put at its end or beginning."""
    spot = np.array([xy])
    if before is not None:
        end = float(before.times_s[-1]) + leg_s
        return Route(
            (*before.nodes, wreck), before.edges, np.append(before.times_s, end), before.length_m,
            np.vstack([before.line, spot]), np.append(before.line_times_s, end),
        )  # fmt: skip
    assert behind is not None
    return Route(
        (wreck, *behind.nodes), behind.edges, np.append(0.0, behind.times_s + leg_s),
        behind.length_m, np.vstack([spot, behind.line]),
        np.append(0.0, behind.line_times_s + leg_s),
    )  # fmt: skip
