"""The drill as it stood at a time: orders, crews, places reached and warned, read from the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from drillsim.log.events import Event
from drillsim.log.runlog import RunLog
from drillsim.plans.organisations import Resource
from drillsim.scenario import Scenario

State = Literal["quiet", "warned", "late", "hit"]

# The first capability a crew has in this order gives its service.
SERVICES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("plant", ("process-entry",)),
    ("medical", ("ambulance", "treat")),
    ("police", ("traffic",)),
    ("bus", ("bus",)),
    ("water", ("patrol-boat", "boom", "skimmer", "tug")),
    ("fire", ("engine", "level-a", "plug-kit", "water-curtain", "foam", "decon", "ba-team",
              "ladder", "hand-line", "light-pump", "cutting", "command-car", "water-rescue")),
    ("monitoring", ("recon-air", "sample-water")),
)  # fmt: skip


@dataclass(frozen=True)
class Receptor:
    """A place with people and what became of them; times in s, None for never."""

    id: str
    heads: float
    arrival_s: float | None
    warned_s: float | None
    action: str
    hazardous: bool
    exposed: float
    serious: float
    deaths: float

    def state(self, t_s: float) -> State:
        """Tell how the place stands at a time.

        quiet: no order yet and no cloud; warned: told before the cloud; late: told, but after the
        cloud had come; hit: the cloud is there and nobody told them.
        """
        warned = self.warned_s is not None and self.warned_s <= t_s
        reached = self.arrival_s is not None and self.arrival_s <= t_s
        if not warned:
            return "hit" if reached else "quiet"
        assert self.warned_s is not None
        late = self.arrival_s is not None and self.warned_s > self.arrival_s
        return "late" if late else "warned"


@dataclass(frozen=True)
class CrewPlace:
    """Where one unit is at a time, and the way it has come (metres)."""

    resource: str
    unit: str
    service: str
    x: float
    y: float
    moving: bool
    track: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Zone:
    """A protective order that stands: [near, far) metres, sector about a bearing, or all round."""

    action: str
    near_m: float
    far_m: float
    sector_deg: float | None
    bearing_deg: float
    t_s: float
    who: str
    clause: str


def service_of(resource: Resource | None) -> str:
    """Give the service of a crew from its capabilities: fire, medical, police, ..."""
    if resource is None:
        return "other"
    return next(
        (name for name, tags in SERVICES if set(tags) & set(resource.capabilities)), "other"
    )


def receptors(log: RunLog) -> tuple[Receptor, ...]:
    """Give every place of `people-final` with people or cloud, by arrival, then by id."""
    first: dict[str, Event] = {}
    for event in log.of("warned"):
        first.setdefault(event.subject, event)
    found = []
    for event in log.of("people-final"):
        if event.subject == "all":
            continue
        data, told = event.data, first.get(event.subject)
        found.append(
            Receptor(
                id=event.subject,
                heads=float(data.get("heads", 0)),
                arrival_s=data.get("arrival_s"),
                warned_s=None if told is None else told.t,
                action=str((told.data.get("action") if told else data.get("action")) or ""),
                hazardous=bool(data.get("hazardous")),
                exposed=float(data.get("exposed", 0)),
                serious=float(data.get("serious", 0)),
                deaths=float(data.get("deaths", 0)),
            )
        )
    return tuple(sorted(found, key=lambda r: (r.arrival_s is None, r.arrival_s or 0.0, r.id)))


def zones_at(log: RunLog, t_s: float) -> tuple[Zone, ...]:
    """Give the zones ordered up to a time, each different one once, latest order of it first."""
    found: dict[tuple[object, ...], Zone] = {}
    for event in log.of("zone-ordered"):
        if event.t > t_s:
            break
        data = event.data
        zone = Zone(
            action=event.subject,
            near_m=float(data.get("near_m") or 0.0),
            far_m=float(data.get("far_m") or 0.0),
            sector_deg=data.get("sector_deg"),
            bearing_deg=float(data.get("bearing_deg") or 0.0),
            t_s=event.t,
            who=event.who,
            clause=event.clause,
        )
        key = (zone.action, zone.near_m, zone.far_m, zone.sector_deg)
        found.setdefault(key, zone)
    return tuple(found.values())


def crews_at(scenario: Scenario, log: RunLog, t_s: float) -> tuple[CrewPlace, ...]:
    """Give every unit that has set out by a time, where it is, ordered by resource and unit."""
    trips: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    for event in log.of("crew-departed", "crew-arrived"):
        if event.t > t_s:
            break
        key = (event.subject, str(event.data.get("unit", 0)))
        way = trips.setdefault(key, [])
        if event.kind == "crew-departed":
            way += [(float(p[0]), float(p[1]), float(p[2])) for p in event.data.get("path") or ()]
        elif event.data.get("x") is not None:
            way.append((event.t, float(event.data["x"]), float(event.data["y"])))
    found = []
    for (resource, unit), way in sorted(trips.items()):
        if not way:
            continue
        x, y, moving, track = _along(sorted(way), t_s)
        service = service_of(scenario.plan_set.resources.get(resource))
        found.append(CrewPlace(resource, unit, service, x, y, moving, track))
    return tuple(found)


def _along(
    way: Sequence[tuple[float, float, float]], t_s: float
) -> tuple[float, float, bool, tuple[tuple[float, float], ...]]:
    """Give the place on a timed way, whether it moves there, and the way up to it."""
    if t_s <= way[0][0]:
        return way[0][1], way[0][2], False, ((way[0][1], way[0][2]),)
    track = [(way[0][1], way[0][2])]
    for (t0, x0, y0), (t1, x1, y1) in pairwise(way):
        if t_s < t1:
            share = (t_s - t0) / (t1 - t0)
            x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
            return x, y, (x0, y0) != (x1, y1), (*track, (x, y))
        track.append((x1, y1))
    return way[-1][1], way[-1][2], False, tuple(track)


def closures_at(log: RunLog, t_s: float) -> tuple[Event, ...]:
    """Give the road closures made up to a time."""
    return tuple(event for event in log.of("road-closed") if event.t <= t_s)


def detected_s(log: RunLog) -> float | None:
    """Give when the first detector told of the accident, or the first belief in a release, s."""
    for event in log.of("truth"):
        if event.subject == "detectors" and event.data.get("value"):
            return event.t
    believed = [e.t for e in log.of("believed") if e.subject in ("release", "smell")]
    return min(believed, default=None)


TIMES_MIN: Mapping[str, tuple[float, ...]] = {
    "hour": (5, 10, 20, 30, 45, 60), "hours": (15, 30, 60, 120, 240, 480),
}  # fmt: skip


def frame_times(log: RunLog, span: str = "hour") -> tuple[float, ...]:
    """Choose the times of the maps (s), closer together early, when most is decided.

    `span`: "hour" for what is decided in an hour, "hours" for what drifts down a river.
    """
    times = [60.0 * m for m in TIMES_MIN[span] if 60.0 * m <= log.end_s]
    return tuple(times) or (log.end_s,)
