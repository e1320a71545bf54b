"""For every plan field that the table calls active, one change of it; for the others too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from effects_world import (
    Patch,
    added,
    body,
    both,
    cover,
    crew,
    element,
    removed,
    role,
    set_head,
)

from drillsim.data.staffing import Readiness
from drillsim.i18n import Text
from drillsim.plans.model import (
    Basis,
    Contact,
    Feed,
    Handover,
    Law,
    Promise,
    Revision,
)
from drillsim.plans.organisations import DayNight, FormerName

# without the gear, or the ground, for what the crew is said to be able to do
UNEQUIPPED = Readiness(needs={"hoses": frozenset({"pump"})})
UNHOUSED = UNEQUIPPED.model_copy(
    update={"equipment": frozenset({"pump"}), "premises": {"hoses": False}}
)
X = Text(zh="某", en="other")
NIGHT = "19:00-07:00"


@dataclass(frozen=True)
class Case:
    """A field, the patch that varies it, and patches that both arms share.

    `seeds`: the field must matter in one of them at least; `drawn`: in some of them only, because
    it changes a chance.
    """

    field: str
    vary: Patch
    given: tuple[Patch, ...] = ()
    seeds: Sequence[int] = (1,)
    drawn: bool = False
    night: bool = False


def off_duty(address: str) -> Patch:
    """Send a role home by day."""
    return role(address, hours=NIGHT)


def promise(**values: Any) -> Promise:
    """A promise of the volunteers to the brigade, signed."""
    fields = {
        "id": "p-aid", "by": "volunteers", "to": "brigade", "resource": "pickup",
        "at": "gate-west", "within": "20 min", "signed_by": ("volunteers", "brigade"),
    }  # fmt: skip
    return Promise(**{**fields, **values})


def back(**values: Any) -> Handover:
    """The street hands its list of work to the bureau."""
    fields = {"id": "h-list", "scope": "tasks", "giver": "street", "taker": "bureau",
              "when": "told order by bureau"}  # fmt: skip
    return Handover(**{**fields, **values})


HELPLESS = element("p-brigade/t-hose", support=())
AIDED = (HELPLESS, added("promises", "p-brigade", promise()))
# the works' chief decides, is at home, and his desk may stand in after two minutes
AT_HOME = (
    off_duty("works/chief"),
    element("p-works/ii", activator="works/chief", substitutes=("works",), substitute_after=60.0),
)
LISTED = (
    added("handovers", "p-street", back()),
    added("handovers", "p-bureau", back(id="h-list-2")),
)

RUN: tuple[Case, ...] = (
    # duties
    Case("Duty.by", element("p-works/n-report", by="works/chief")),
    Case("Duty.when", element("p-works/n-report", when="detectors >= 1")),
    Case(
        "Duty.modality",
        element("p-works/n-report", modality="if-needed"),
        seeds=range(10),
        drawn=True,
    ),
    Case(
        "Duty.modality", element("p-works/n-report", modality="should"), seeds=range(20), drawn=True
    ),
    *(
        Case("Duty.modality", element("p-works/n-report", modality=m), seeds=range(n), drawn=True)
        for m, n in (("if-needed", 8), ("may", 8), ("should", 16))
    ),
    Case("Duty.deadline", element("p-works/n-report", deadline=40.0)),
    Case("Duty.deadline", element("p-brigade/t-hose", deadline=40.0)),
    Case("Duty.deadline", element("p-bureau/z-near", deadline=120.0)),
    Case("Duty.approval", element("p-works/n-report", approval="works/chief")),
    Case("Notification.to", element("p-works/n-report", to=("bureau", "police"))),
    Case("Notification.kind", element("p-works/n-alarm", kind="note")),
    Case("Notification.form", element("p-works/n-call", form=None)),
    Case("Notification.content", element("p-works/n-report", content=("location",))),
    Case("Notification.channels", element("p-works/n-report", channels=("radio",))),
    Case("Notification.every", element("p-works/n-report", every=600.0)),
    Case("Notification.verify_first", element("p-works/n-report", verify_first=True)),
    # levels
    Case("Level.rank", element("p-works/ii", rank=1)),
    Case("Level.when", element("p-works/ii", when="detectors >= 1 for 2 min")),
    Case("Level.activator", element("p-works/ii", activator="works/chief")),
    Case("Level.approval", element("p-works/ii", approval="bureau")),
    Case("Level.substitutes", element("p-works/ii", substitutes=()), AT_HOME),
    Case("Level.substitute_after", element("p-works/ii", substitute_after=10.0), AT_HOME),
    Case("Level.substitute_after", element("p-works/ii", substitute_after=None), AT_HOME),
    Case("Level.deadline", element("p-works/ii", deadline=60.0)),
    Case("Mapping.source", element("p-bureau/m-works", source="p-brigade:ii")),
    Case("Mapping.target", element("p-bureau/m-works", target="iii")),
    Case("Mapping.within", element("p-bureau/m-works", within=60.0)),
    # tasks
    Case("Task.verb", element("p-works/t-muster", verb="collect-firewater")),
    Case("Task.support", HELPLESS),
    Case("Task.needs", element("p-brigade/t-hose", needs=("entry",))),
    Case("Task.crews", element("p-brigade/t-size", crews=2)),
    Case("Task.where", element("p-brigade/t-size", where="scene")),
    Case("Task.after", element("p-works/t-muster", after=())),
    Case("Task.scope", element("p-brigade/t-close", scope="fire")),
    Case("Task.sites", element("p-police/t-close", sites=())),
    Case("Task.zone", element("p-bureau/t-sms", zone="z-near")),
    Case("Task.zone", element("p-bureau/t-sms", zone=None)),
    Case("Task.channel", element("p-bureau/t-sms", channel="tone-alert")),
    Case("Task.action", element("p-works/t-inside", action="shelter")),
    # protective actions
    Case("Protective.action", element("p-bureau/z-near", action="shelter")),
    Case("Protective.near", element("p-bureau/z-near", near=1200.0)),
    Case("Protective.far", element("p-bureau/z-near", far=500.0)),
    Case(
        "Protective.sector",
        element("p-bureau/z-far", sector=60.0),
        (
            added(
                "feeds",
                "p-bureau",
                Feed(id="f-wind", fact="wind", to="bureau/director", delay="5 s"),
            ),
        ),
    ),
    Case("Protective.sites", element("p-bureau/z-far", sites=("town",))),
    Case("Protective.margin", element("p-bureau/z-near", margin=7200.0)),
    # command
    Case("Command.scope", element("p-works/c-process", scope="traffic")),
    Case("Command.by", element("p-works/c-process", by="works/chief")),
    Case("Command.when", element("p-works/c-process", when="detectors >= 1")),
    Case("Handover.scope", element("p-county/h-overall", scope="process")),
    Case("Handover.scope", element("p-bureau/h-list-2", scope="traffic"), LISTED),
    Case("Handover.giver", element("p-works/h-overall", giver="works/chief")),
    Case("Handover.taker", element("p-works/h-overall", taker="county")),
    Case("Handover.when", element("p-county/h-overall", when="told order by bureau")),
    Case("Handover.brief", element("p-county/h-overall", brief=("location", "wind", "detectors"))),
    Case("Handover.limit", element("p-county/h-overall", limit=240.0)),
    # groups, papers, promises, instruments
    Case("Group.lead", element("p-street/g-people", lead="bureau")),
    Case("Group.when", element("p-street/g-people", when="told leak-alarm by works")),
    Case("Group.verbs", element("p-street/g-people", verbs=("triage",)), seeds=range(6)),
    Case("Delegation.power", element("p-works/d-alarm", power="publish")),
    Case("Delegation.to", element("p-works/d-alarm", to=("police",))),
    Case(
        "Promise.by",
        element("p-brigade/p-aid", by="police", signed_by=("police", "volunteers")),
        AIDED,
    ),
    Case("Promise.to", element("p-brigade/p-aid", to="bureau"), AIDED),
    Case("Promise.signed_by", element("p-brigade/p-aid", signed_by=("brigade",)), AIDED),
    Case("Feed.fact", element("p-works/f-sniffer", fact="scrubber-out")),
    Case("Feed.to", element("p-works/f-sniffer", to="works/chief")),
    Case("Feed.delay", element("p-works/f-sniffer", delay=60.0)),
    # covers and sets
    Case("PlanHead.owner", cover("p-bureau", owner="mast")),
    Case("PlanHead.covers", cover("p-bureau", covers=("another-family",))),
    Case("SetHead.forms", set_head(forms={"first": ("location",)})),
    # bodies and roles
    Case(
        "Role.id",
        role("works/operator", id="hand"),
        (removed("p-works/n-call"), removed("p-works/t-valve")),
    ),
    Case("Role.hours", role("county/mayor", hours=NIGHT)),
    Case("Role.hours", role("works/operator", hours=NIGHT)),
    Case("Role.place", role("works/operator", place="hall")),
    Case(
        "Role.deputies",
        role("bureau/director", deputies=()),
        (off_duty("bureau/director"), element("p-works/n-report", to=("bureau/director",))),
    ),
    Case("Role.powers", role("bureau/director", powers=())),
    Case("Role.senses", role("works/operator", senses=False)),
    Case(
        "Organisation.id",
        both(body("school", id="academy"), element("p-works/n-alarm", to=("academy", "street"))),
        (element("p-bureau/n-clear", to=("street",)),),
    ),
    Case(
        "Organisation.kind",
        body("mast", kind="em"),
        (element("p-bureau/n-order", approval="bureau/deputy"),),
    ),
    Case("Organisation.level", body("county", level="enterprise")),
    Case("Organisation.parent", body("volunteers", parent="brigade"), (HELPLESS,)),
    Case("Organisation.place", body("county", place="school")),
    Case("Organisation.place", body("works", place="hall"), (role("works/operator", place=None),)),
    Case("Organisation.desk", body("brigade", desk=NIGHT)),
    Case("Organisation.lines", body("works", lines=5)),
    Case("Organisation.powers", body("police", powers=())),
    Case(
        "Organisation.roles",
        body("works", roles=()),
        (removed("p-works/n-call"), removed("p-works/t-valve")),
    ),
    # crews
    Case("DayNight.day", crew("engine", turnout=DayNight(day="5 min", night="90 s"))),
    Case("DayNight.night", crew("engine", turnout=DayNight(day="60 s", night="9 min")), night=True),
    Case("Resource.id", crew("engine", id="cart")),
    Case("Resource.owner", crew("pickup", owner="police")),
    Case("Resource.home", crew("engine", home="hall")),
    Case("Resource.capabilities", crew("pickup", capabilities=("rope",))),
    Case("Resource.units", crew("engine", units=1)),
    Case("Resource.members", crew("pickup", members=9)),
    Case("Resource.turnout", crew("engine", turnout=DayNight(day="5 min", night="90 s"))),
    Case("Resource.night_units", crew("engine", night_units=1), night=True),
    Case("Resource.protected", crew("pickup", protected=True)),
    Case("Resource.emergency", crew("bus", emergency=True)),
    Case("Resource.seats", crew("bus", seats=0)),
    Case("Resource.served", crew("washer", served=5.0)),
    Case("Resource.readiness", crew("engine", readiness=Readiness(people=2))),
    Case("Resource.readiness", crew("engine", readiness=Readiness(people=0))),
    Case("Resource.readiness", crew("engine", readiness=Readiness(body=False))),
    Case("Resource.readiness", crew("engine", readiness=Readiness(posts={"driver": False}))),
    Case("Resource.readiness", crew("washer", readiness=Readiness(funds=0.3))),
    Case("Resource.readiness", crew("pickup", readiness=UNEQUIPPED)),
    Case("Resource.readiness", crew("pickup", readiness=UNHOUSED)),
)

RECORD: tuple[Case, ...] = (
    Case("Element.id", element("p-works/n-report", id="n-other")),
    Case("Notification.ack", element("p-works/n-call", ack=None)),
    Case("Level.severity", element("p-works/ii", severity=4)),
    Case("Group.members", element("p-street/g-people", members=("health",))),
    Case("PlanHead.id", cover("p-county", id="p-aside")),
)

STATIC: tuple[Case, ...] = (
    Case("Element.clause", element("p-works/ii", clause="9.9")),
    Case("Element.quote", element("p-works/ii", quote="另一句")),
    Case("Law.basis", element("p-works/n-report", law=Law(basis="a", within="1 min")),
         (element("p-works/n-report", law=Law(basis="b", within="1 min")),)),
    Case("Law.within", element("p-works/n-report", law=Law(basis="b", within="2 min")),
         (element("p-works/n-report", law=Law(basis="b", within="1 min")),)),
    Case("Law.verified", element("p-works/n-report", law=Law(basis="b", verified=True)),
         (element("p-works/n-report", law=Law(basis="b")),)),
    Case("Duty.criticality", element("p-works/n-report", criticality=5)),
    Case("Duty.law", element("p-works/n-report", law=Law(basis="b", within="1 min"))),
    # its length is not read either: a promise to confirm within 1 s is kept by everybody
    Case("Notification.ack", element("p-works/n-call", ack=1.0)),
    Case("Level.name", element("p-works/ii", name=X)),
    Case("Mapping.confirm_by", element("p-bureau/m-works", confirm_by="bureau/director")),
    Case("Task.protected", element("p-brigade/t-rescue", protected=True)),
    Case("Handover.place", element("p-county/h-overall", place="gate-west")),
    Case("Handover.confirm", element("p-county/h-overall", confirm=False)),
    Case("Handover.fallback", element("p-county/h-overall", fallback="county")),
    Case("Handover.stays", element("p-county/h-overall", stays="水电")),
    Case("Group.name", element("p-street/g-people", name=X)),
    Case("Delegation.holder", element("p-works/d-alarm", holder="school")),
    Case("Delegation.until", element("p-works/d-alarm", until=None)),
    Case("Promise.resource", element("p-brigade/p-aid", resource="bus"), AIDED),
    Case("Promise.units", element("p-brigade/p-aid", units=9), AIDED),
    Case("Promise.at", element("p-brigade/p-aid", at="hall"), AIDED),
    Case("Promise.within", element("p-brigade/p-aid", within=60.0), AIDED),
    Case("Promise.exclusive", element("p-brigade/p-aid", exclusive=True), AIDED),
    Case("Promise.expires", element("p-brigade/p-aid", expires=date(2000, 1, 1)), AIDED),
    Case("Statement.about", element("p-brigade/s-engines", about="pickup")),
    Case("Statement.quantity", element("p-brigade/s-engines", quantity="travel")),
    Case("Statement.value", element("p-brigade/s-engines", value=5.0)),
    Case("Statement.to", element("p-brigade/s-engines", to="hall")),
    *(
        Case(f"Contact.{name}", lambda s, name=name, value=value: _contact(s, name, value))
        for name, value in (
            ("of", "police"), ("printed_name", "x"), ("hours", NIGHT),
            ("verified_on", date(2020, 1, 1)),
        )
    ),
    *(
        Case(
            f"Basis.{name}",
            cover("p-works", cites=(Basis(**{"name": "a", name: "z"}),)),
            (cover("p-works", cites=(Basis(name="a"),)),),
        )
        for name in Basis.model_fields
    ),
    *(
        Case(f"Revision.{name}",
             cover("p-works", revision=Revision(**{"issued": "2025-01-01", name: value})))
        for name, value in (
            ("issued", "1999-01-01"), ("filed", "1999-01-01"), ("filed_with", "bureau"),
            ("signed_by", "x"), ("last_drill", "1999-01-01"), ("drilled_with", ("brigade",)),
        )
    ),
    *(
        Case(f"PlanHead.{name}", cover("p-works", **{name: value}))
        for name, value in (
            ("title", X), ("kind", "park"), ("tier", "government"), ("scheme", "coupled"),
            ("revision", Revision(issued="1999-01-01")), ("parents", ("p-bureau",)),
            ("cites", (Basis(name="a"),)), ("field_command", True),
        )
    ),
    *(
        Case(f"SetHead.{name}", set_head(**{name: value}))
        for name, value in (
            ("name", "other"), ("title", X), ("revision", "9"), ("date", date(1999, 1, 1)),
            ("kinds", {}),
        )
    ),
    *(
        Case(f"FormerName.{name}",
             body("works", former_names=(FormerName(**{"name": "a", "until": "2020-01-01",
                                                       name: value}),)))
        for name, value in (("name", "brigade"), ("until", "2030-01-01"))
    ),
    Case("Role.name", role("works/operator", name=X)),
    *(
        Case(f"Organisation.{name}", body("brigade", **{name: value}))
        for name, value in (
            ("name", X), ("aliases", ("a",)), ("valid_from", date(2030, 1, 1)),
            ("former_names", (FormerName(name="a", until="2020-01-01"),)),
            ("valid_to", date(2000, 1, 1)),
        )
    ),
    Case("Resource.name", crew("engine", name=X)),
)  # fmt: skip


def _contact(plan_set: Any, name: str, value: Any) -> Any:
    """Change the one contact of the works' plan."""
    plan = plan_set.plans["p-works"]
    contact = Contact(of="brigade", printed_name="brigade").model_copy(update={name: value})
    plans = {**plan_set.plans, "p-works": replace(plan, contacts=(contact,))}
    return replace(plan_set, plans=plans)
