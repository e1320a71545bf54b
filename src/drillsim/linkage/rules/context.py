"""The plan set as rules read it: who acts, who is told what, where people and sources are."""

from __future__ import annotations

import math
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from drillsim.city.facilities import Facility
from drillsim.city.model import City
from drillsim.i18n import Text
from drillsim.linkage.findings import Place
from drillsim.linkage.rules.cases import Case, front_in
from drillsim.plans.conditions import Atom
from drillsim.plans.sets import Origin, Plan, PlanSet
from drillsim.scenario import RequiredInterface

SPREAD_DEG = 30.0
"""Half angle of a down-wind sector; plans draw 60 degrees."""
TERRITORIAL = frozenset({"order-evacuation", "close-road", "close-waterway"})
"""Powers that the law divides by territory: two districts, two maritime offices."""
LEVELS = ("enterprise", "park", "township", "county", "city", "province", "national")
ACTORS = ("by", "activator", "giver", "lead")


def org_of(address: str) -> str:
    """Give the organisation of an address `org` or `org/role`."""
    return address.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Said:
    """An element in its plan."""

    plan: Plan
    section: str
    element: Any

    @property
    def ref(self) -> str:
        """Give `plan/element`."""
        return f"{self.plan.head.id}/{self.element.id}"

    @property
    def actor(self) -> str:
        """Give the address that acts, or an empty string; to be promised is not to act."""
        if self.section == "promises":
            return ""
        return next((getattr(self.element, a) for a in ACTORS if hasattr(self.element, a)), "")

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """Give the sentences of its condition."""
        when = getattr(self.element, "when", None)
        return tuple(when.atoms()) if when is not None else ()


@dataclass(frozen=True)
class Linked:
    """Everything a rule may ask of a plan set.

    `city` and `cases` (accidents beside the plans) are absent for a bare plan set: rules that need
    them say that they were skipped. `on` is the day of judging.
    """

    plan_set: PlanSet
    on: date
    city: City | None = None
    cases: tuple[Case, ...] = ()
    interfaces: tuple[RequiredInterface, ...] = ()

    # --- who and what -------------------------------------------------------------------------

    @cached_property
    def plans(self) -> tuple[Plan, ...]:
        """Give the plans, ordered by id."""
        return tuple(plan for _, plan in sorted(self.plan_set.plans.items()))

    @cached_property
    def elements(self) -> tuple[Said, ...]:
        """Give every element, ordered by plan and id."""
        return tuple(
            Said(plan, section, element)
            for plan in self.plans
            for section, element in sorted(plan.elements(), key=lambda pair: pair[1].id)
        )

    @cached_property
    def _by_section(self) -> Mapping[str, tuple[Said, ...]]:
        out: dict[str, list[Said]] = {}
        for said in self.elements:
            out.setdefault(said.section, []).append(said)
        return {section: tuple(found) for section, found in out.items()}

    def section(self, name: str) -> tuple[Said, ...]:
        """Give the elements of one section over all plans."""
        return self._by_section.get(name, ())

    @cached_property
    def speaking(self) -> Mapping[str, tuple[Said, ...]]:
        """Give, for each organisation, the elements in which it acts."""
        out: dict[str, list[Said]] = {}
        for said in self.elements:
            if said.actor:
                out.setdefault(org_of(said.actor), []).append(said)
        return {org: tuple(found) for org, found in out.items()}

    @cached_property
    def owners(self) -> Mapping[str, tuple[Plan, ...]]:
        """Give the plans of each owner."""
        out: dict[str, list[Plan]] = {}
        for plan in self.plans:
            out.setdefault(plan.head.owner, []).append(plan)
        return {owner: tuple(plans) for owner, plans in out.items()}

    def supplied(self, org: str, by: Plan | None = None) -> bool:
        """Tell whether the set says what an organisation does in the accidents of a plan."""
        plans = [*self.owners.get(org, ()), *(one.plan for one in self.speaking.get(org, ()))]
        return any(by is None or self.overlap(plan, by) for plan in plans)

    def line(self, org: str) -> tuple[str, ...]:
        """Give an organisation and those above it, itself first."""
        found = [org]
        while (body := self.plan_set.organisations.get(found[-1])) and body.parent:
            if body.parent in found:
                break
            found.append(body.parent)
        return tuple(found)

    def related(self, one: str, other: str) -> bool:
        """Tell whether two organisations are the same or one stands above the other."""
        return one in self.line(other) or other in self.line(one)

    def desks(self, one: str, other: str) -> bool:
        """Tell whether two organisations are one body and its desk: in line and of one kind."""
        bodies = self.plan_set.organisations
        return self.related(one, other) and bodies[one].kind == bodies[other].kind

    def divided(self, one: str, other: str) -> bool:
        """Tell whether two bodies of one kind hold the same power over different territory."""
        a, b = (self.plan_set.organisations[org] for org in (one, other))
        same = a.kind == b.kind != "command"  # two headquarters of one city divide nothing
        return same and bool(set(a.powers) & set(b.powers) & TERRITORIAL)

    @cached_property
    def _taking(self) -> Mapping[str, tuple[Said, ...]]:
        out: dict[str, list[Said]] = {}
        for said in self.section("handovers"):
            out.setdefault(org_of(said.element.taker), []).append(said)
        return {org: tuple(found) for org, found in out.items()}

    def acting(self, org: str) -> tuple[Said, ...]:
        """Give the elements in which an organisation or a desk of the same body acts or takes."""
        found = dict.fromkeys((org, *self.speaking, *self._taking))
        return tuple(
            one
            for o in found
            if o == org or self.desks(o, org)
            for one in (*self.speaking.get(o, ()), *self._taking.get(o, ()))
        )

    def listeners(self, one: Said) -> tuple[str, ...]:
        """Give who may hear the message that an element waits for: at a handover either side."""
        sides = [one.actor, getattr(one.element, "taker", "")]
        return tuple(org_of(side) for side in sides if side)

    def answers(self, address: str, seen: tuple[str, ...] = ()) -> bool:
        """Tell whether an address or one of its deputies answers at every hour."""
        org = self.plan_set.organisations.get(org_of(address))
        if org is None or address in seen:
            return False
        role = self.plan_set.role(address) if "/" in address else None
        if role is None:
            return org.desk == "24h"
        return role.hours == "24h" or any(
            self.answers(deputy, (*seen, address)) for deputy in role.deputies
        )

    def takes_public_calls(self, org: str) -> bool:
        """Tell whether a body's desk answers a short emergency number, such as 110 or 12395."""
        body = self.plan_set.organisations.get(org)
        return body is not None and any(a.isdigit() and len(a) <= 5 for a in body.aliases)

    def plans_of(self, org: str) -> tuple[Plan, ...]:
        """Give the plans that speak for an organisation: its own, else those in which it acts."""
        if org in self.owners:
            return self.owners[org]
        found = {said.plan.head.id: said.plan for said in self.speaking.get(org, ())}
        return tuple(found.values())

    def tier(self, org: str) -> str:
        """Give "enterprise" or "public" for an organisation."""
        return "enterprise" if self.plan_set.organisations[org].level == "enterprise" else "public"

    def content(self, note: Any) -> frozenset[str]:
        """Give the facts that a notification carries, its form included."""
        form = self.plan_set.head.forms.get(note.form, ()) if note.form else ()
        return frozenset((*form, *note.content))

    @cached_property
    def notes(self) -> Mapping[str, tuple[Said, ...]]:
        """Give the notifications by kind."""
        out: dict[str, list[Said]] = {}
        for said in self.section("notifications"):
            out.setdefault(said.element.kind, []).append(said)
        return {kind: tuple(found) for kind, found in out.items()}

    @cached_property
    def awaited(self) -> frozenset[str]:
        """Give the kinds of messages that something in the set waits for."""
        keys = (atom.key for one in self.elements for atom in one.atoms if not atom.negated)
        return frozenset(key.removeprefix("told:") for key in keys if key.startswith("told:"))

    def rank(self, org: str) -> int:
        """Give how high a body stands: 0 for an enterprise up to 6 for the nation."""
        return LEVELS.index(self.plan_set.organisations[org].level)

    def people_at_night(self, org: str) -> bool:
        """Tell whether people are at a body's places at night; yes when nobody knows."""
        if self.city is None:
            return True
        places = [f for f in self.city.facilities.values() if f.org == org]
        mine = [f for f in places if f.heads.day or f.heads.night]
        return not mine or any(f.heads.night for f in mine)

    def named(self, senders: Sequence[str], by: str) -> bool:
        """Tell whether a list of named senders takes in an address; an empty list takes in all."""
        return not senders or any(
            s in {by, org_of(by)} or ("/" not in s and s in self.line(org_of(by))) for s in senders
        )

    def sent(self, kind: str, receiver: str, senders: Sequence[str]) -> tuple[Said, ...]:
        """Give the notifications of a kind to an organisation from one of the named senders."""
        return tuple(
            said
            for said in self.notes.get(kind, ())
            if any(self.desks(receiver, org_of(to)) for to in said.element.to)
            and self.named(senders, said.element.by)
        )

    def overlap(self, one: Plan, other: Plan) -> bool:
        """Tell whether two plans can be active together: they share a family of accidents."""
        a, b = set(one.head.covers), set(other.head.covers)
        return not a or not b or bool(a & b)

    def covers(self, plan: Plan, family: str) -> bool:
        """Tell whether a plan is for a family of accidents; one that names none is for all."""
        return not plan.head.covers or family in plan.head.covers

    @cached_property
    def families(self) -> tuple[str, ...]:
        """Give the families that plans of the set name, or one empty name when none does."""
        found: set[str] = {family for plan in self.plans for family in plan.head.covers}
        return tuple(sorted(found)) or ("",)

    def meant(self, family: str) -> bool:
        """Tell whether the set is for a family: some plan names it, or no plan names any."""
        return self.families == ("",) or family in self.families

    # --- names and places ---------------------------------------------------------------------

    def name(self, address: str) -> Text:
        """Give the name of an organisation or of its role."""
        org = self.plan_set.organisations.get(org_of(address))
        if org is None:
            return Text(zh=address, en=address)
        role = self.plan_set.role(address) if "/" in address else None
        if role is None:
            return org.name
        return Text(zh=f"{org.name.zh}{role.name.zh}", en=f"{org.name.en}, {role.name.en}")

    def kind_name(self, kind: str) -> Text:
        """Give the name of a kind of message."""
        return self.plan_set.head.kinds.get(kind, Text(zh=kind, en=kind))

    def title(self, plan: Plan) -> Text:
        """Give the title of a plan."""
        return Text(zh=f"《{plan.head.title.zh}》", en=plan.head.title.en)

    def place(self, said: Said) -> Place:
        """Give where an element stands and its sentence."""
        element = said.element
        origin = self.plan_set.origins.get((said.plan.head.id, element.id), Origin("", 1))
        clause = f"{element.clause} " if element.clause else ""
        return Place(tidy(origin.file), origin.line, f"{clause}{element.quote}".strip(), said.ref)

    def places(self, saids: Iterable[Said]) -> tuple[Place, ...]:
        """Give the places of several elements, each once, in order of plan and element."""
        return tuple(sorted({self.place(said) for said in saids}, key=lambda p: p.ref))

    def head_place(self, plan: Plan, quote: str = "") -> Place:
        """Give the cover of a plan as a place."""
        origin = self.plan_set.origins.get(("plan", plan.head.id), Origin("", 1))
        words = quote or plan.head.title.zh
        return Place(tidy(origin.file), origin.line, words, plan.head.id)

    # --- the ground ---------------------------------------------------------------------------

    @cached_property
    def sources(self) -> tuple[Case, ...]:
        """Give the accidents whose source the city knows, each source and wind once."""
        if self.city is None:
            return ()
        found = {
            (c.at, c.wind, c.family, self.front(c)): c
            for c in self.cases
            if c.at in self.city.facilities
        }
        return tuple(found[key] for key in sorted(found))

    def front(self, case: Case) -> tuple[tuple[float, float], ...]:
        """Give (distance m, seconds) of the harmful cloud of a case; empty where there is none."""
        return front_in(case, self.city) if self.city is not None else case.front

    def facility(self, place: str | None) -> Facility | None:
        """Give a facility of the city, or None for `scene`, `upwind` and the unknown."""
        return None if self.city is None or place is None else self.city.facilities.get(place)

    def distance(self, case: Case, place: Facility) -> float:
        """Give the distance in m of a facility from the source of an accident."""
        assert self.city is not None  # sources are empty without a city
        return math.dist(self.city.facilities[case.at].xy, place.xy)

    def down_wind(self, case: Case, place: Facility) -> bool:
        """Tell whether some wind of the case puts a facility into its down-wind sector."""
        assert self.city is not None  # sources are empty without a city
        x, y = self.city.facilities[case.at].xy
        px, py = place.xy
        if math.hypot(px - x, py - y) < 1.0:
            return True
        bearing = math.degrees(math.atan2(px - x, py - y)) % 360.0
        low, high = case.wind
        width = (high - low) % 360.0 + 2 * SPREAD_DEG
        return (bearing - (low + 180.0 - SPREAD_DEG)) % 360.0 <= min(width, 360.0)


def tidy(file: str) -> str:
    """Give a path without steps up and down again: overlays read the files of their base."""
    return posixpath.normpath(file.replace("\\", "/")) if file else ""


def conditions_true(when: Any, missing: set[Atom]) -> bool:
    """Tell whether a condition can come true when some of its sentences never do."""
    if isinstance(when, Atom):
        return when.negated or when not in missing
    if hasattr(when, "any"):
        return any(conditions_true(part, missing) for part in when.any)
    return all(conditions_true(part, missing) for part in when.all)
