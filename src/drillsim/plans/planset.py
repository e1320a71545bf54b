"""Plan sets: folders of YAML joined by plan id, laid over one another, with every name resolved."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from drillsim.errors import Fault, InputError
from drillsim.i18n import catalogue, default_lang, say
from drillsim.plans.model import (
    SECTIONS,
    Contact,
    Element,
    PlanFile,
    PlanHead,
    SetHead,
)
from drillsim.plans.organisations import Organisation, Resource
from drillsim.plans.references import Place, check_contacts, check_references
from drillsim.plans.sets import Key, Origin, Plan, PlanSet
from drillsim.yamlio import Source, load, validate

catalogue(
    {
        "set.no-folder": ("没有该预案集文件夹", "there is no such plan set folder"),
        "set.no-head": (
            "缺少 planset.yaml；预案集文件夹必须含有它",
            "planset.yaml is missing; a plan set folder must contain it",
        ),
        "set.no-plan": (
            "本文件的要素不属于任何预案；请写 `of: 预案编号` 或 `plan:`",
            "the elements belong to no plan; write `of: <plan id>` or `plan:`",
        ),
        "set.twice": (
            "{name!r} 已在 {file}:{line} 定义",
            "{name!r} is already defined at {file}:{line}",
        ),
        "set.loop": ("base 形成循环", "`base` leads back to this set"),
        "set.remove": (
            "要删除的要素 {name!r} 不存在",
            "there is no element {name!r} to remove",
        ),
    }
)


@dataclass
class _Draft:
    """What has been read so far: the only mutable thing here, and gone after reading."""

    head: SetHead
    organisations: dict[str, Organisation] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    heads: dict[str, PlanHead] = field(default_factory=dict)
    elements: dict[Key, tuple[str, Element]] = field(default_factory=dict)
    contacts: dict[str, tuple[Contact, ...]] = field(default_factory=dict)
    places: dict[Key, Place] = field(default_factory=dict)
    covers: dict[Key, tuple[str, ...]] = field(default_factory=dict)
    contact_places: list[tuple[Source, tuple[str | int, ...], str, str]] = field(
        default_factory=list
    )
    faults: list[Fault] = field(default_factory=list)


def read_plan_set(
    folder: Path, facilities: Collection[str] | None = None, families: Collection[str] = ()
) -> PlanSet:
    """Read a plan set folder, its base sets and its organisations.

    With `facilities` (ids of the city) places are resolved too. With `families` only what is for
    those families of accidents is given, and only its places need exist in the city.
    Raises InputError with every fault of the first failing stage (text, schema, references).
    """
    draft = _read(folder, ())
    if draft.faults:
        raise InputError(draft.faults)
    whole = plan_set = _build(draft)
    faults = _reference_faults(draft, whole, whole, None if families else facilities)
    if families:
        plan_set = whole.covering(*families)
        faults += _reference_faults(draft, whole, plan_set, facilities)
    if faults:
        raise InputError(list(dict.fromkeys(faults)))
    return plan_set


def _reference_faults(
    draft: _Draft, whole: PlanSet, plan_set: PlanSet, facilities: Collection[str] | None
) -> list[Fault]:
    """Give a fault for every name in a plan set that does not exist in it or in the city.

    What `covering` has left out is not looked at; its plans may still be named.
    """
    has: dict[str, Collection[str]] = {
        "organisation": plan_set.organisations, "resource": plan_set.resources,
        "plan": plan_set.plans,
    }  # fmt: skip
    gone = whole.plans.keys() - plan_set.plans.keys()
    places = {
        (kind, name): place
        for (kind, name), place in draft.places.items()
        if kind not in gone and name in has.get(kind, (name,))
    }
    known = replace(plan_set, plans=whole.plans)
    tags = {tag for crew in whole.resources.values() for tag in crew.capabilities}
    faults = list(check_references(known, draft.elements, places, facilities, tags))
    contacts = [row for row in draft.contact_places if row[2] not in gone]
    return faults + list(check_contacts(known, contacts))


def _read(folder: Path, seen: tuple[Path, ...]) -> _Draft:
    lang = default_lang()
    resolved = folder.resolve()
    head_file = folder / "planset.yaml"
    if not folder.is_dir():
        raise InputError([Fault(str(folder), 1, 1, "", say("set.no-folder", lang))])
    if not head_file.is_file():
        raise InputError([Fault(str(head_file), 1, 1, "", say("set.no-head", lang))])
    source = load(head_file)
    head = validate(source, SetHead)
    if resolved in seen:
        raise InputError([source.fault(("base",), say("set.loop", lang))])
    draft = _read(_beside(folder, head.base), (*seen, resolved)) if head.base else _Draft(head)
    draft.head = head.model_copy(
        update={
            "forms": {**draft.head.forms, **head.forms},
            "kinds": {**draft.head.kinds, **head.kinds},
        }
    )
    files = sorted(p for p in folder.glob("*.yaml") if p.name != "planset.yaml")
    if head.organisations:
        files = sorted(_beside(folder, head.organisations).glob("*.yaml")) + files
    _add_files(draft, files)
    return draft


def _beside(folder: Path, way: str) -> Path:
    """Give another folder without any `..`: one file has one name, however a set comes to it."""
    return Path(os.path.normpath(folder / way))


@lru_cache(maxsize=256)
def _read_file(path: Path, _mtime_ns: int, _size: int) -> tuple[Source, PlanFile]:
    """Read one file; two sets that share a base read it once, a changed file anew."""
    source = load(path)
    return source, validate(source, PlanFile)


def _add_files(draft: _Draft, files: list[Path]) -> None:
    """Lay the files of one set over the draft; the same id twice within one set is a fault."""
    here: dict[Key, Place] = {}
    read: list[tuple[Source, PlanFile]] = []
    for path in files:
        try:
            stat = path.stat()
            read.append(_read_file(path, stat.st_mtime_ns, stat.st_size))
        except InputError as error:
            draft.faults += error.faults
    for source, content in read:  # what the base says goes first, whatever the files are called
        _remove(draft, source, content)
    for source, content in read:
        _add_file(draft, here, source, content)


def _remove(draft: _Draft, source: Source, content: PlanFile) -> None:
    plan_id = content.plan.id if content.plan else content.of or ""
    for index, element_id in enumerate(content.remove):
        if draft.elements.pop((plan_id, element_id), None) is None:
            message = say("set.remove", default_lang(), name=element_id)
            draft.faults.append(source.fault(("remove", index), message))


def _add_file(draft: _Draft, here: dict[Key, Any], source: Source, content: PlanFile) -> None:
    lang = default_lang()

    def claim(key: Key, loc: tuple[str | int, ...]) -> bool:
        if key in here:
            first, first_loc = here[key]
            line = first.place(first_loc)[0]
            message = say("set.twice", lang, name=key[1], file=first.file, line=line)
            draft.faults.append(source.fault(loc, message))
            return False
        here[key] = draft.places[key] = (source, loc)
        return True

    def cover(key: Key) -> None:
        draft.covers.pop(key, None)
        if content.covers:
            draft.covers[key] = content.covers

    for index, org in enumerate(content.organisations):
        if claim(("organisation", org.id), ("organisations", index)):
            draft.organisations[org.id] = org
            cover(("organisation", org.id))
    for index, resource in enumerate(content.resources):
        if claim(("resource", resource.id), ("resources", index)):
            draft.resources[resource.id] = resource
            cover(("resource", resource.id))
    plan_id = content.plan.id if content.plan else content.of
    if content.plan and claim(("plan", content.plan.id), ("plan",)):
        draft.heads[content.plan.id] = content.plan
    if plan_id is None:
        if any(getattr(content, section) for section in SECTIONS) or content.remove:
            draft.faults.append(source.fault((), say("set.no-plan", lang)))
        return
    for section in SECTIONS:
        for index, element in enumerate(getattr(content, section)):
            if claim((plan_id, element.id), (section, index)):
                draft.elements[plan_id, element.id] = (section, element)
    for index, contact in enumerate(content.contacts):
        if ("contacts", plan_id) not in here:  # the first of this set replaces the base's list
            here["contacts", plan_id] = (source, ("contacts",))
            draft.contacts[plan_id] = ()
        draft.contacts[plan_id] += (contact,)
        draft.contact_places.append((source, ("contacts", index), plan_id, contact.of))


def _build(draft: _Draft) -> PlanSet:
    plans = {}
    for plan_id, head in sorted(draft.heads.items()):
        sections: dict[str, list[Element]] = {}
        for (owner, _), (section, element) in sorted(draft.elements.items()):
            if owner == plan_id:
                sections.setdefault(section, []).append(element)
        plans[plan_id] = Plan(
            head, {s: tuple(e) for s, e in sections.items()}, draft.contacts.get(plan_id, ())
        )
    origins = {
        key: Origin(source.file, source.place(loc)[0])
        for key, (source, loc) in draft.places.items()
    }
    return PlanSet(
        draft.head,
        dict(sorted(draft.organisations.items())),
        dict(sorted(draft.resources.items())),
        plans,
        origins,
        dict(sorted(draft.covers.items())),
    )
