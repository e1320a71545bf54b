"""The nouns of a plan set: organisations, plans and their elements, all frozen data.

Every element has an id that is unique within its plan, may carry the `clause` and `quote` of the
paper plan, and is joined by plan id from any number of files. What each field changes in a run is
told by `plans.effects`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from drillsim.i18n import Text
from drillsim.plans.conditions import Condition
from drillsim.plans.organisations import Address, Hours, Organisation, Power, Resource
from drillsim.units import Angle, Duration, Length
from drillsim.yamlio import Id, Model

LevelRef = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*:[a-z0-9][a-z0-9-]*$")]
Tier = Literal["government", "department", "enterprise", "community"]
PlanKind = Literal[
    "gov-overall", "gov-special", "dept", "park", "township", "community",
    "ent-comprehensive", "ent-special", "ent-environment", "onsite", "response-card",
    "work-manual", "action-plan",
]  # fmt: skip
Scope = Literal[
    "overall", "fire", "process", "on-site", "on-water", "medical", "traffic", "environment",
    "public-information", "tasks",
]  # fmt: skip
Family = Literal[
    "chemical-storage", "water-transport", "residential-fire", "road-transport", "storage-fire"
]  # fmt: skip
Modality = Literal["must", "should", "may", "if-needed"]
Channel = Literal[
    "phone", "hotline", "radio", "public-address", "siren", "data-link", "group-call", "robot-call",
    "conference", "platform", "fax", "tone-alert", "chat-group", "loudspeaker", "sms",
    "door-to-door", "in-person", "network", "map-desk",
]  # fmt: skip
Verb = Literal[
    "size-up", "close-valve", "plug-leak", "water-curtain", "monitor-air", "set-cordon",
    "close-road", "set-gates", "warn-public", "instruct-occupants", "bus-evacuation",
    "open-shelter", "search-rescue", "decontaminate", "triage", "transport-casualties",
    "receive-casualties", "muster", "collect-firewater", "set-command-post", "publish",
    "terminate",
    "extricate", "foam", "flush", "plug-drains", "transfer-cargo", "open-corridor", "walk-off",
    "attack-fire", "start-fans", "shut-doors", "cut-power", "cut-load", "shut-gas", "clear-lane",
    "broadcast-all", "broadcast-zoned", "search-floors", "ladder-rescue", "count-residents",
    "stop-sluice", "close-intake", "deploy-boom", "skim-oil", "close-channel", "tow-vessel",
    "rescue-water", "monitor-water", "notify-consumers",
    "cool-vessel", "foam-attack", "shut-drains", "cut-plant-power", "withdraw",
]  # fmt: skip
PeopleAction = Literal["shelter", "leave-crosswind", "evacuate", "gather-outdoors", "return"]


class Element(Model):
    """Anything a plan says, with its place in the paper plan."""

    id: Id
    clause: str = ""
    quote: str = ""


class Law(Model):
    """A legal duty behind an element. `within` absent means "at once, no number of minutes"."""

    basis: str
    within: Duration | None = None
    verified: bool = False


class Duty(Element):
    """Something a role must do once it believes a condition."""

    by: Address
    when: Condition
    modality: Modality = "must"
    deadline: Duration | None = None
    criticality: Annotated[int, Field(ge=1, le=5)] = 3
    approval: Address | None = None
    law: Law | None = None


class Notification(Duty):
    """Telling somebody: a message of a `kind` with `content`, over channels tried in order.

    `verify_first`: the sender checks the facts before it tells. `every`: repeated so often until
    the all-clear. `ack`: the receiver must confirm; within which
    time is not acted on yet, an unconfirmed message is not repeated.
    """

    to: Annotated[tuple[Address, ...], Field(min_length=1)]
    kind: Id
    form: Id | None = None
    content: tuple[str, ...] = ()
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)] = ("phone",)
    ack: Duration | None = None
    every: Duration | None = None
    verify_first: bool = False


class Level(Element):
    """A response level of one plan; `rank` 1 is the gravest of the scheme.

    `severity` places it on the common yardstick 0 (none) to 4 (gravest) used only for scoring.
    `substitutes` may activate when the activator is not reached within `substitute_after`.
    """

    name: Text
    rank: Annotated[int, Field(ge=1, le=9)]
    severity: Annotated[int, Field(ge=0, le=4)]
    when: Condition | None = None
    activator: Address
    approval: Address | None = None
    substitutes: tuple[Address, ...] = ()
    substitute_after: Duration | None = None
    deadline: Duration | None = None


class Mapping(Element):
    """A level of another plan that makes this plan start one of its own."""

    source: LevelRef
    target: Id
    within: Duration | None = None
    confirm_by: Address | None = None


class Task(Duty):
    """Work: a verb done by a lead role, with crews that have the needed capabilities.

    `scope`: the work waits for an order of whoever holds that scope. `after`: tasks of the same
    plan that must be done first. `where`: a facility id, `scene` or `upwind`. `zone`: the
    protective action that says for whom (warn-public, bus-evacuation). `sites`: facilities the
    verb acts on (roads to close, shelters to open, gates for crews). `action`: what occupants of
    `where` are told to do (instruct-occupants).
    """

    verb: Verb
    support: tuple[Address, ...] = ()
    needs: tuple[Id, ...] = ()
    crews: Annotated[int, Field(ge=0, le=100)] = 1
    where: Id | None = None
    after: tuple[Id, ...] = ()
    scope: Scope | None = None
    sites: tuple[Id, ...] = ()
    zone: Id | None = None
    channel: Channel | None = None
    action: PeopleAction | None = None
    protected: bool = False


class Protective(Duty):
    """A decision about people: who, within which distances of the source, does what.

    Distances from the release point are half-open [near, far); `sector` is the full angle of the
    down-wind sector (absent: a full circle). `margin`: leave only where at least that much time
    remains before the cloud, else shelter.
    """

    action: PeopleAction
    near: Length = 0.0
    far: Length
    sector: Angle | None = None
    sites: tuple[Id, ...] = ()
    margin: Duration | None = None


class Command(Element):
    """Who commands a scope once a condition is believed."""

    scope: Scope
    by: Address
    when: Condition


class Handover(Element):
    """Passing command of a scope. Clean only when the plans of both sides declare it.

    Two declarations meet when scope, `giver` and `taker` are equal; the meeting uses the shorter
    limit and the union of both briefs.
    """

    scope: Scope
    giver: Address
    taker: Address
    when: Condition
    place: Id | None = None
    brief: tuple[str, ...] = ()
    limit: Duration | None = None
    confirm: bool = True
    fallback: Address | None = None
    stays: str = ""


class Group(Element):
    """A working group under the field command that takes over verbs from the departments."""

    name: Text
    lead: Address
    members: tuple[Address, ...] = ()
    when: Condition
    verbs: tuple[Verb, ...] = ()


class Delegation(Element):
    """A paper by which the holder of a power lets others use it until a handover."""

    power: Power
    holder: Id
    to: tuple[Address, ...]
    until: Id | None = None


class Promise(Element):
    """What one body has promised another: units of a resource at a place within a time."""

    by: Id
    to: Id
    resource: Id
    units: Annotated[int, Field(ge=1, le=500)] = 1
    at: Id
    within: Duration
    exclusive: bool = False
    signed_by: tuple[Id, ...] = ()
    expires: date | None = None


class Feed(Element):
    """An instrument whose fact reaches a role by itself, after a delay."""

    fact: str
    to: Address
    delay: Duration


class Statement(Element):
    """A figure the plan states about the world, checked against the city.

    `quantity`: heads-day, heads-night, units, places, beds, travel-time (min), distance (m).
    """

    about: Id
    quantity: Literal["heads-day", "heads-night", "units", "places", "beds", "travel", "distance"]
    value: float
    to: Id | None = None


class Contact(Model):
    """A line of the plan's contact list, as printed (numbers masked)."""

    of: Address
    printed_name: str = ""
    hours: Hours = "24h"
    verified_on: date | None = None


class Basis(Model):
    """A law, standard or plan that the plan cites."""

    name: str
    number: str = ""
    version: str = ""


class Revision(Model):
    """Dates of the plan's own life."""

    issued: date
    filed: date | None = None
    filed_with: Id | None = None
    signed_by: str = ""
    last_drill: date | None = None
    drilled_with: tuple[Id, ...] = ()


class PlanHead(Model):
    """The cover of a plan. `scheme`: levels coupled to tiers of government, or its own scale.

    `covers`: the accident families it is for 适用范围; all when nothing is said.
    """

    id: Id
    title: Text
    kind: PlanKind
    tier: Tier
    owner: Id
    scheme: Literal["coupled", "own"] = "own"
    revision: Revision
    parents: tuple[Id, ...] = ()
    cites: tuple[Basis, ...] = ()
    covers: tuple[Family, ...] = ()
    field_command: bool = False


class PlanFile(Model):
    """One file of a plan set: any of the sections below, for one plan or for the set.

    `plan` may be a full head in one file and is named by `of` in the others. `covers`: the
    accident families whose runs the organisations and resources of this file take part in.
    """

    covers: tuple[Family, ...] = ()
    plan: PlanHead | None = None
    of: Id | None = None
    levels: tuple[Level, ...] = ()
    mappings: tuple[Mapping, ...] = ()
    notifications: tuple[Notification, ...] = ()
    tasks: tuple[Task, ...] = ()
    protective: tuple[Protective, ...] = ()
    commands: tuple[Command, ...] = ()
    handovers: tuple[Handover, ...] = ()
    groups: tuple[Group, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    promises: tuple[Promise, ...] = ()
    feeds: tuple[Feed, ...] = ()
    statements: tuple[Statement, ...] = ()
    contacts: tuple[Contact, ...] = ()
    remove: tuple[Id, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    resources: tuple[Resource, ...] = ()


SECTIONS: tuple[str, ...] = (
    "levels", "mappings", "notifications", "tasks", "protective", "commands", "handovers",
    "groups", "delegations", "promises", "feeds", "statements",
)  # fmt: skip


class SetHead(Model):
    """`planset.yaml`: what the set is, which set it overlays, its message forms and terms."""

    name: Id
    title: Text
    revision: str
    date: date
    base: str | None = None
    organisations: str | None = None
    forms: dict[Id, tuple[str, ...]] = {}
    kinds: dict[Id, Text] = {}
