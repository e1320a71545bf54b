"""A scenario joins city, plans, hazard, weather and the yardstick, with every name resolved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from drillsim.city.model import City, read_city
from drillsim.errors import Fault, InputError, unknown_reference
from drillsim.hazards import HAZARDS, Hazard, Weather
from drillsim.i18n import Text, catalogue, default_lang, say
from drillsim.plans.conditions import Condition
from drillsim.plans.model import Family, Law, Scope, Verb
from drillsim.plans.organisations import Address
from drillsim.plans.planset import read_plan_set
from drillsim.plans.sets import PlanSet
from drillsim.units import Duration, Share
from drillsim.yamlio import Id, Model, Source, digest_of, load, validate

catalogue(
    {
        "scenario.family": ("未知事故类型", "unknown hazard family"),
        "scenario.no-file": ("文件不存在：{path}", "there is no such file: {path}"),
        "kind.address": ("机构或岗位", "organisation or role"),
        "kind.family": ("事故类型", "hazard family"),
    }
)

Dimension = Literal["LD1", "LD2", "LD3", "LD4", "LD5", "LD6", "LD7", "LD8"]


# --- the yardstick: what law and hazard require, whatever the plans say -------------------------


class RequiredInterface(Model):
    """A message that law or hazard requires between bodies.

    It counts as done when any body of `senders` tells every body of `receivers` by a message of
    one of `kinds`. `need` counts from detection and is the latest useful delivery.
    """

    id: Id
    dimension: Dimension
    pair: str
    senders: tuple[Id, ...]
    receivers: tuple[Id, ...]
    kinds: tuple[Id, ...]
    criticality: Annotated[int, Field(ge=1, le=5)]
    law: Law | None = None
    need: Duration | None = None
    need_source: str = ""
    required_when: Condition | None = None
    content: tuple[str, ...] = ()


class RequiredHandover(Model):
    """A passing of command that the course of events requires."""

    id: Id
    scope: Scope
    givers: tuple[Id, ...]
    takers: tuple[Id, ...]
    criticality: Annotated[int, Field(ge=1, le=5)]
    required_when: Condition | None = None
    brief: tuple[str, ...] = ()


class RequiredLevel(Model):
    """The gravest leading criterion true at a minute sets the level a body should have."""

    owner: Id
    plans: tuple[Id, ...]
    severity: Annotated[int, Field(ge=0, le=4)]
    when: Condition


class RequiredResource(Model):
    """Units of a capability that the scenario needs at the scene within a time of detection."""

    capability: Id
    units: Annotated[int, Field(ge=1)]
    within: Duration
    weight: Annotated[float, Field(gt=0)] = 1.0
    source: str = ""


class ScoredTask(Model):
    """A task that counts for handling ability; `after` are verbs that must come first."""

    verb: Verb
    group: Literal[
        "reporting", "mobilisation", "assessment", "command", "handling", "resources",
        "communication", "publicity", "protection", "cordon", "medical", "recovery", "other",
    ]  # fmt: skip
    criticality: Annotated[int, Field(ge=1, le=5)]
    within: Duration | None = None
    safety: bool = False
    after: tuple[Verb, ...] = ()


class Yardstick(Model):
    """All of it, in one file that no plan can change."""

    id: Id
    interfaces: tuple[RequiredInterface, ...] = ()
    handovers: tuple[RequiredHandover, ...] = ()
    required_levels: tuple[RequiredLevel, ...] = ()
    required_resources: tuple[RequiredResource, ...] = ()
    scored_tasks: tuple[ScoredTask, ...] = ()


# --- the scenario file ---------------------------------------------------------------------------


class Isolation(Model):
    """What stopping the leak takes: a valve if it works, else hands at the place.

    `work`: hands-on time of a crew that is dressed and at the place. `dress`: time to dress.
    `plug_work`: the same for plugging, with capability `plug-kit`.
    """

    emergency_valve: Literal["works", "fails", "none"]
    valve_time: Duration
    needs: tuple[Id, ...]
    dress: Duration
    work: Duration
    plug_needs: tuple[Id, ...] = ()
    plug_work: Duration | None = None
    scrubber: Literal["works", "out"] = "works"


class Occupancy(Model):
    """Key-period factor on everyone who is at home."""

    factor: Annotated[float, Field(gt=0, le=3)] = 1.0


class Staff(Model):
    """Who is not there: a factor on crews and addresses that nobody answers."""

    factor: Annotated[float, Field(gt=0, le=1)] = 1.0
    absent: tuple[Address, ...] = ()
    contact_failure: Share = 0.0


class Circumstances(Model):
    """What a key period changes in how bodies work; neutral as it stands.

    `travel`, `sailing`: factors on the time of crews on roads and on the water. `alarm_delay`:
    instruments reach their desks this much later. `sign_off`: publishing waits this much longer.
    `committed`: share of the units with a capability that are busy elsewhere.
    """

    travel: Annotated[float, Field(ge=1.0, le=100.0)] = 1.0
    sailing: Annotated[float, Field(ge=1.0, le=100.0)] = 1.0
    alarm_delay: Duration = 0.0
    sign_off: Duration = 0.0
    committed: dict[Id, Share] = {}


class Inject(Model):
    """Something that changes the world or somebody's information at a time."""

    id: Id
    at: Duration
    text: Text
    to: tuple[Address, ...] = ()
    tell: dict[str, float | str] = {}
    close: tuple[Id, ...] = ()
    outage: tuple[str, ...] = ()
    lasts: Duration | None = None


class Card(Model):
    """The scenario summary card 情景简表."""

    initiator: Text
    evolution: tuple[Text, ...] = ()
    worst: Text
    likely: Text
    tasks_required: tuple[Text, ...] = ()
    capabilities_required: tuple[Id, ...] = ()


class ScenarioFile(Model):
    """The file of one scenario; paths are relative to it.

    `witnesses`: roles that happen to stand at the place, whatever their post. `modifiers`: the key
    periods it has been put under, written by `modifiers.modified`.
    """

    id: Id
    name: Text
    family: Family
    city: str
    plans: str
    yardstick: str
    hazard: dict[str, Any]
    weather: Weather
    start: datetime
    horizon: Annotated[Duration, Field(gt=0)]
    isolation: Isolation | None = None
    occupancy: Occupancy = Occupancy()
    staff: Staff = Staff()
    circumstances: Circumstances = Circumstances()
    modifiers: tuple[Id, ...] = ()
    witnesses: tuple[Address, ...] = ()
    injects: tuple[Inject, ...] = ()
    ranges: dict[str, tuple[str, str]] = {}
    card: Card | None = None


_NAMES = {"city", "plans", "yardstick", "hazard"}


@dataclass(frozen=True)
class Scenario:
    """A drill ready to run: everything read, checked and resolved.

    `memo` keeps what is worked out once from the definitions alone (never from a run).
    """

    file: ScenarioFile
    city: City
    plan_set: PlanSet
    spec: Any
    yardstick: Yardstick
    path: Path
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def id(self) -> str:
        """Give the scenario's id."""
        return self.file.id

    @property
    def isolation(self) -> Isolation:
        """Give what stopping the leak takes; ValueError for a hazard without a leak."""
        if self.file.isolation is None:
            raise ValueError(f"scenario {self.id} says nothing of stopping a leak")
        return self.file.isolation

    @property
    def hour(self) -> float:
        """Give the clock hour of the start, 0 to 24."""
        return self.file.start.hour + self.file.start.minute / 60

    @property
    def night(self) -> bool:
        """Tell whether it starts between 19:00 and 07:00."""
        return not 7.0 <= self.hour < 19.0

    def clock_hour(self, t_s: float) -> float:
        """Give the clock hour at drill time `t_s`."""
        return (self.hour + t_s / 3600) % 24

    def hazard(self, weather: Weather | None = None) -> Hazard:
        """Give the hazard field under the (drawn) weather."""
        family = HAZARDS[self.file.family]
        return family.build(self.spec, self.city, weather or self.file.weather)

    def with_plans(self, plan_set: PlanSet) -> Scenario:
        """Give the same scenario under another plan set."""
        return replace(self, plan_set=plan_set.covering(self.file.family), memo=dict(self.memo))

    @cached_property
    def digest(self) -> str:
        """Give the hash of everything that can change a run."""
        return digest_of(
            {
                "file": self.file.model_dump(mode="json", exclude=_NAMES),
                "hazard": self.spec.model_dump(mode="json"),
                "city": self.city.digest,
                "plans": self.plan_set.digest,
                "yardstick": self.yardstick.digest(),
            }
        )


def read_scenario(path: Path, plans: Path | None = None, known: Scenario | None = None) -> Scenario:
    """Read a scenario file with all it names; `plans` replaces its plan set.

    `known`: a scenario read before; where it plays in the same city, its city is taken over.

    Raises InputError with every fault of the first failing stage.
    """
    source = load(path)
    file = validate(source, ScenarioFile)
    folder = path.parent
    spec = _hazard_spec(source, file)
    city_path, yard_path = folder / file.city, folder / file.yardstick
    missing = [
        source.fault((key,), say("scenario.no-file", default_lang(), path=p))
        for key, p in (("city", city_path), ("yardstick", yard_path))
        if not p.is_file()
    ]
    if missing:
        raise InputError(missing)
    at_home = known is not None and known.path.parent / known.file.city == city_path
    city = known.city if known is not None and at_home else read_city(city_path)
    plan_set = read_plan_set(plans or folder / file.plans, city.facilities, [file.family])
    yard_source = load(yard_path)
    yardstick = validate(yard_source, Yardstick)
    scenario = Scenario(file, city, plan_set, spec, yardstick, path)
    faults = [*_scenario_faults(scenario, source), *_yardstick_faults(scenario, yard_source)]
    if faults:
        raise InputError(faults)
    return scenario


def _hazard_spec(source: Source, file: ScenarioFile) -> Any:
    block = Source(source.file, source.data["hazard"])
    return validate(block, HAZARDS[file.family].spec)


def _scenario_faults(scenario: Scenario, source: Source) -> list[Fault]:
    faults = []
    facilities = sorted(scenario.city.facilities)
    kind = say("kind.facility", default_lang())
    if scenario.spec.at not in scenario.city.facilities:
        message = unknown_reference(kind, scenario.spec.at, facilities)
        faults.append(source.fault(("hazard", "at"), message))
    known = scenario.plan_set.addresses()
    for loc, addresses in (
        (("staff", "absent"), scenario.file.staff.absent),
        (("witnesses",), scenario.file.witnesses),
    ):
        for index, address in enumerate(addresses):
            if address not in known:
                message = unknown_reference(say("kind.address", default_lang()), address, known)
                faults.append(source.fault((*loc, index), message))
    for i, inject in enumerate(scenario.file.injects):
        for j, site in enumerate(inject.close):
            if site not in scenario.city.facilities:
                message = unknown_reference(kind, site, facilities)
                faults.append(source.fault(("injects", i, "close", j), message))
    return faults


def _yardstick_faults(scenario: Scenario, source: Source) -> list[Fault]:
    faults = []
    known = sorted(scenario.plan_set.organisations)
    kind = say("kind.organisation", default_lang())
    for section, fields in (
        ("interfaces", ("senders", "receivers")),
        ("handovers", ("givers", "takers")),
    ):
        for i, item in enumerate(getattr(scenario.yardstick, section)):
            for name in fields:
                for j, body in enumerate(getattr(item, name)):
                    if body not in known:
                        message = unknown_reference(kind, body, known)
                        faults.append(source.fault((section, i, name, j), message))
    return faults
