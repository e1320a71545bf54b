"""Every name that a plan set mentions, resolved: bodies, roles, levels, tasks, places, facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from drillsim.errors import Fault, unknown_reference
from drillsim.i18n import catalogue, default_lang, say
from drillsim.plans.conditions import Atom
from drillsim.plans.facts import FACTS
from drillsim.plans.model import Element
from drillsim.plans.organisations import Organisation
from drillsim.plans.sets import Key, PlanSet
from drillsim.yamlio import Source

catalogue(
    {
        "kind.organisation": ("机构", "organisation"),
        "kind.role": ("岗位", "role"),
        "kind.plan": ("预案", "plan"),
        "kind.level": ("级别", "level"),
        "kind.task": ("任务", "task"),
        "kind.facility": ("场所", "facility"),
        "kind.resource": ("资源", "resource"),
        "kind.form": ("信息格式", "form"),
        "kind.fact": ("事实", "fact"),
        "kind.message": ("消息种类", "message kind"),
        "kind.capability": ("能力", "capability"),
        "kind.protective": ("防护行动", "protective action"),
    }
)

Place = tuple[Source, tuple[str | int, ...]]

_ADDRESS_FIELDS = (
    "by",
    "activator",
    "approval",
    "giver",
    "taker",
    "fallback",
    "lead",
    "confirm_by",
)
_ADDRESS_LISTS = ("to", "substitutes", "support", "members", "deputies")
_PLACE_FIELDS = ("where", "place", "at", "about")
_RELATIVE_PLACES = {"scene", "upwind"}


def check_references(
    plan_set: PlanSet,
    elements: Mapping[Key, tuple[str, Element]],
    places: Mapping[Key, Place],
    facilities: Collection[str] | None,
    capabilities: Collection[str] = (),
) -> Iterator[Fault]:
    """Give a fault for every name that does not exist, at its place in the file.

    `capabilities`: those of crews that the set given here has left out.
    """
    known = _Names(plan_set, facilities, capabilities)
    for org_id, org in plan_set.organisations.items():
        place = places["organisation", org_id]
        yield from known.check_organisation(org, place)
    for resource in plan_set.resources.values():
        place = places["resource", resource.id]
        yield from known.one(place, ("owner",), "organisation", resource.owner)
        yield from known.one(place, ("home",), "facility", resource.home)
    for (owner, element_id), place in places.items():
        if owner == "plan":
            body = plan_set.plans[element_id].head.owner
            yield from known.one(place, ("owner",), "organisation", body)
        if owner in {"organisation", "resource", "plan"}:
            continue
        if owner not in plan_set.plans:
            yield from known.one(place, (), "plan", owner)
            continue
        found = elements.get((owner, element_id))
        if found:
            yield from known.check_element(owner, found[1], place)


def check_contacts(
    plan_set: PlanSet, places: Iterable[tuple[Source, tuple[str | int, ...], str, str]]
) -> Iterator[Fault]:
    """Give a fault for every contact of a plan or a body that does not exist."""
    known = _Names(plan_set, None)
    for source, loc, plan_id, address in places:
        if plan_id not in plan_set.plans:
            yield from known.one((source, ()), ("of",), "plan", plan_id)
        else:
            yield from known.address((source, loc), ("of",), address)


class _Names:
    """The names that exist, and faults for those that do not."""

    def __init__(
        self,
        plan_set: PlanSet,
        facilities: Collection[str] | None,
        capabilities: Collection[str] = (),
    ) -> None:
        self.set = plan_set
        self.roles = {o: [r.id for r in org.roles] for o, org in plan_set.organisations.items()}
        tags = {c for r in plan_set.resources.values() for c in r.capabilities}
        tags.update(capabilities)
        self.names: dict[str, list[str] | None] = {
            "organisation": sorted(plan_set.organisations),
            "plan": sorted(plan_set.plans),
            "resource": sorted(plan_set.resources),
            "form": sorted(plan_set.head.forms),
            "message": sorted(plan_set.head.kinds),
            "capability": sorted(tags),
            "fact": sorted(FACTS),
            "facility": sorted(facilities) if facilities is not None else None,
        }

    def one(self, place: Any, loc: tuple[str | int, ...], kind: str, value: str) -> Iterator[Fault]:
        """Give a fault when there is no such name."""
        allowed = self.names[kind]
        if allowed is not None and value not in allowed:
            yield self._fault(place, loc, kind, value, allowed)

    @staticmethod
    def _fault(
        place: Any, loc: tuple[str | int, ...], kind: str, value: str, allowed: list[str]
    ) -> Fault:
        source, base = place
        fault: Fault = source.fault(
            (*base, *loc), unknown_reference(say(f"kind.{kind}", default_lang()), value, allowed)
        )
        return fault

    def address(self, place: Any, loc: tuple[str | int, ...], value: str) -> Iterator[Fault]:
        """Give a fault when the organisation or the role does not exist."""
        org, _, role = value.partition("/")
        if org not in self.roles:
            yield self._fault(place, loc, "organisation", org, sorted(self.roles))
        elif role and role not in self.roles[org]:
            yield self._fault(place, loc, "role", role, self.roles[org])

    def check_organisation(self, org: Organisation, place: Any) -> Iterator[Fault]:
        """Check parent, place and the deputies and places of roles."""
        if org.parent:
            yield from self.one(place, ("parent",), "organisation", org.parent)
        if org.place:
            yield from self.one(place, ("place",), "facility", org.place)
        for index, role in enumerate(org.roles):
            if role.place:
                yield from self.one(place, ("roles", index, "place"), "facility", role.place)
            for d, deputy in enumerate(role.deputies):
                yield from self.address(place, ("roles", index, "deputies", d), deputy)

    def check_element(self, plan_id: str, element: Any, place: Any) -> Iterator[Fault]:
        """Check every name that an element mentions."""
        is_promise = type(element).__name__ in {"Promise", "Statement"}
        for name in _ADDRESS_FIELDS:
            value = getattr(element, name, None)
            if value:
                yield from self.address(place, (name,), value)
        for name in _ADDRESS_LISTS:
            values = getattr(element, name, None) or ()
            if isinstance(values, str):
                values = () if type(element).__name__ == "Statement" else (values,)
            for index, value in enumerate(values):
                yield from self.address(place, (name, index), value)
        for name in _PLACE_FIELDS:
            value = getattr(element, name, None)
            if value and value not in _RELATIVE_PLACES:
                if is_promise and name == "about" and value in self.set.resources:
                    continue
                yield from self.one(place, (name,), "facility", value)
        for index, site in enumerate(getattr(element, "sites", ())):
            yield from self.one(place, ("sites", index), "facility", site)
        for name in ("content", "brief"):
            for index, fact in enumerate(getattr(element, name, ())):
                yield from self.one(place, (name, index), "fact", fact)
        for name, kind in (
            ("form", "form"), ("kind", "message"), ("resource", "resource"), ("fact", "fact"),
            ("holder", "organisation"),
        ):  # fmt: skip
            value = getattr(element, name, None)
            if value:
                yield from self.one(place, (name,), kind, value)
        for index, need in enumerate(getattr(element, "needs", ())):
            yield from self.one(place, ("needs", index), "capability", need)
        yield from self._own_names(plan_id, element, place)
        for atom in element.when.atoms() if getattr(element, "when", None) else ():
            yield from self._atom(plan_id, atom, place)

    def _own_names(self, plan_id: str, element: Any, place: Any) -> Iterator[Fault]:
        plan = self.set.plans[plan_id]
        tasks = sorted(e.id for e in plan.of("tasks"))
        for index, after in enumerate(getattr(element, "after", ())):
            if after not in tasks:
                yield self._fault(place, ("after", index), "task", after, tasks)
        zone = getattr(element, "zone", None)
        zones = sorted(e.id for e in plan.of("protective"))
        if zone and zone not in zones:
            yield self._fault(place, ("zone",), "protective", zone, zones)
        if source := getattr(element, "source", None):
            yield from self._level(plan_id, str(source), place, ("source",))
            yield from self._level(plan_id, element.target, place, ("target",))

    def _atom(self, plan_id: str, atom: Atom, place: Any) -> Iterator[Fault]:
        head, _, rest = atom.key.partition(":")
        if head == "told":
            yield from self.one(place, ("when",), "message", rest)
            for sender in atom.senders:
                yield from self.address(place, ("when",), sender)
        elif head == "level":
            yield from self._level(plan_id, rest, place, ("when",))
        elif head in {"done", "failed"}:
            owner, _, task = rest.rpartition(":")
            plan = self.set.plans.get(owner or plan_id)
            tasks = sorted(e.id for e in plan.of("tasks")) if plan else []
            if task not in tasks:
                yield self._fault(place, ("when",), "task", rest, tasks)

    def _level(
        self, plan_id: str, ref: str, place: Any, loc: tuple[str | int, ...]
    ) -> Iterator[Fault]:
        owner, _, level = ref.rpartition(":")
        plan = self.set.plans.get(owner or plan_id)
        if plan is None:
            yield self._fault(place, loc, "plan", owner, sorted(self.set.plans))
            return
        levels = sorted(e.id for e in plan.of("levels"))
        if level not in levels:
            yield self._fault(place, loc, "level", level, levels)
