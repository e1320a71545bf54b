"""The plan set as an object: plans by id, elements by section, all frozen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from drillsim.plans.model import SECTIONS, Contact, Element, PlanHead, SetHead
from drillsim.plans.organisations import Organisation, Resource, Role
from drillsim.yamlio import digest_of

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an element was read: outside digest and equality."""

    file: str
    line: int


@dataclass(frozen=True)
class Plan:
    """One plan: its head and its elements by section, in the order of the files."""

    head: PlanHead
    sections: Mapping[str, tuple[Element, ...]]
    contacts: tuple[Contact, ...] = ()

    def of(self, section: str) -> tuple[Any, ...]:
        """Give the elements of a section ("notifications", "levels", ...)."""
        return self.sections.get(section, ())

    def elements(self) -> Iterator[tuple[str, Any]]:
        """Give (section, element) of the whole plan."""
        for section in SECTIONS:
            for element in self.of(section):
                yield section, element


@dataclass(frozen=True)
class PlanSet:
    """All plans of a city at one revision, with the bodies and crews they speak of.

    `covers`: the accident families of those bodies and crews that are not for all of them.
    """

    head: SetHead
    organisations: Mapping[str, Organisation]
    resources: Mapping[str, Resource]
    plans: Mapping[str, Plan]
    origins: Mapping[Key, Origin] = field(default_factory=dict, compare=False, repr=False)
    covers: Mapping[Key, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def digest(self) -> str:
        """Give the hash of the content; the order of files and of elements does not matter."""
        return digest_of(
            {
                "forms": {k: list(v) for k, v in self.head.forms.items()},
                "organisations": {
                    k: o.model_dump(mode="json") for k, o in _sorted(self.organisations)
                },
                "resources": {k: r.model_dump(mode="json") for k, r in _sorted(self.resources)},
                "plans": {
                    k: {
                        "head": p.head.model_dump(mode="json"),
                        "elements": {e.id: [s, e.model_dump(mode="json")] for s, e in p.elements()},
                        "contacts": sorted(
                            (c.model_dump(mode="json") for c in p.contacts), key=str
                        ),
                    }
                    for k, p in _sorted(self.plans)
                },
            }
        )

    def elements(self, section: str) -> Iterator[tuple[Plan, Any]]:
        """Give (plan, element) of one section over all plans, ordered by plan and element id."""
        for _, plan in _sorted(self.plans):
            for element in sorted(plan.of(section), key=lambda e: e.id):
                yield plan, element

    def find(self, ref: str) -> tuple[str, Any]:
        """Give (section, element) for `plan/element`. Raises KeyError when there is none."""
        plan_id, _, element_id = ref.partition("/")
        for section, element in self.plans[plan_id].elements():
            if element.id == element_id:
                return section, element
        raise KeyError(ref)

    def role(self, address: str) -> Role | None:
        """Give the role of `org/role`; None for a duty desk."""
        org_id, _, role_id = address.partition("/")
        if not role_id:
            return None
        return next(r for r in self.organisations[org_id].roles if r.id == role_id)

    def covering(self, *families: str) -> PlanSet:
        """Give the set with only what is for any of some families of accidents."""
        asked = set(families)
        plans = {k: p for k, p in self.plans.items() if asked.intersection(p.head.covers or asked)}
        other = {key for key, covers in self.covers.items() if not asked.intersection(covers)}
        bodies = {k: o for k, o in self.organisations.items() if ("organisation", k) not in other}
        crews = {k: r for k, r in self.resources.items() if ("resource", k) not in other}
        return replace(self, plans=plans, organisations=bodies, resources=crews)

    def addresses(self) -> list[str]:
        """List every desk and role, ordered."""
        out = []
        for org_id, org in _sorted(self.organisations):
            out.append(org_id)
            out += [f"{org_id}/{role.id}" for role in sorted(org.roles, key=lambda r: r.id)]
        return out


def _sorted(mapping: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return sorted(mapping.items())


def with_elements(plan_set: PlanSet, changes: Mapping[str, tuple[str, Element] | None]) -> PlanSet:
    """Give a copy in which `plan/element` refs are replaced, added, or (None) removed."""
    plans = dict(plan_set.plans)
    for ref, change in changes.items():
        plan_id, _, element_id = ref.partition("/")
        plan = plans[plan_id]
        sections = {
            s: tuple(e for e in elements if e.id != element_id)
            for s, elements in plan.sections.items()
        }
        if change is not None:
            section, element = change
            grown = (*sections.get(section, ()), element)
            sections[section] = tuple(sorted(grown, key=lambda e: e.id))
        plans[plan_id] = replace(plan, sections=sections)
    return replace(plan_set, plans=plans)
