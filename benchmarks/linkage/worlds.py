"""The clean sets: plans as plain data and as objects, the city and accidents they stand beside."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from drillsim.city.model import City, read_city
from drillsim.linkage.findings import Finding
from drillsim.linkage.rules import (
    Linked,
    check_linkage,
    judged_on,
    read_cases,
    read_interfaces,
)
from drillsim.plans.model import SECTIONS
from drillsim.plans.planset import read_plan_set
from drillsim.plans.sets import PlanSet
from drillsim.yamlio import load, plain

ROOT = Path(__file__).resolve().parents[2]
SETS = (
    ("longcheng", ROOT / "scenarios/longcheng", "2026-draft"),
    ("qinghe", ROOT / "scenarios/qinghe", "2026"),
)
"""City, its folder and its clean set."""
FAMILIES = (
    "chemical-storage", "residential-fire", "road-transport", "water-transport", "storage-fire",
)  # fmt: skip
Key = tuple[str, str, str]
"""Kind of thing (a section, `plan`, `contacts`, `organisations`, `resources`), plan id, id."""
Raw = Mapping[Key, Any]


@dataclass(frozen=True)
class Edit:
    """One thing of the set as plain data after the edit; `value` None takes it away."""

    key: Key
    value: Any

    @property
    def ref(self) -> str:
        """Name it as findings do: `plan/element`, or the id of a body, resource or plan."""
        kind, plan, name = self.key
        return f"{plan}/{name}" if kind in SECTIONS else name or plan


@dataclass(frozen=True)
class Item:
    """One element of a set: its plain data and its object."""

    section: str
    plan: str
    raw: Mapping[str, Any]
    it: Any

    @property
    def id(self) -> str:
        return str(self.raw["id"])

    @property
    def ref(self) -> str:
        return f"{self.plan}/{self.id}"

    @property
    def key(self) -> Key:
        return self.section, self.plan, self.id

    def set(self, **fields: Any) -> Edit:
        """Give the edit that writes these fields; a field that is None is taken away."""
        raw = {k: v for k, v in {**self.raw, **fields}.items() if v is not None}
        return Edit(self.key, raw)

    def gone(self) -> Edit:
        return Edit(self.key, None)


def house(address: str) -> str:
    """Give the organisation of an address."""
    return address.partition("/")[0]


@dataclass(frozen=True)
class World:
    """A clean set, whole or as far as it covers one family of accidents."""

    name: str
    full: PlanSet
    raw: Raw
    city: City
    cases: tuple[Any, ...]
    interfaces: tuple[Any, ...]
    family: str | None = None
    on: date = date.min
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def scope(self) -> PlanSet:
        return self.full.covering(self.family) if self.family else self.full

    def check(self, plan_set: PlanSet) -> tuple[Finding, ...]:
        """Give the findings of all rules on a variant of this set."""
        if self.family:
            plan_set = plan_set.covering(self.family)
        linked = Linked(plan_set, self.on, self.city, self.cases, self.interfaces)
        return tuple(check_linkage(linked).findings)

    @cached_property
    def base(self) -> tuple[Finding, ...]:
        return self.check(self.full)

    def items(self, *sections: str) -> tuple[Item, ...]:
        """Give the elements of some sections (all when none is named), by plan and id."""
        chosen = sections or SECTIONS
        key = ",".join(chosen)
        if key not in self.memo:
            self.memo[key] = tuple(
                Item(s, plan_id, self.raw[s, plan_id, e.id], e)
                for s in chosen
                for plan_id, plan in sorted(self.scope.plans.items())
                for e in sorted(plan.of(s), key=lambda e: e.id)
            )
        found: tuple[Item, ...] = self.memo[key]
        return found

    def find(self, section: str, plan: str, name: str) -> Item | None:
        return next((i for i in self.items(section) if (i.plan, i.id) == (plan, name)), None)

    def add(self, section: str, plan: str, raw: Mapping[str, Any]) -> Edit:
        """Give the edit that adds an element under a free id."""
        name = str(raw["id"])
        while any((s, plan, name) in self.raw for s in SECTIONS):
            name += "-x"
        return Edit((section, plan, name), {**raw, "id": name})

    def head(self, plan: str, **fields: Any) -> Edit:
        key = ("plan", plan, "")
        raw = {k: v for k, v in {**self.raw[key], **fields}.items() if v is not None}
        return Edit(key, raw)

    def revision(self, plan: str, **fields: Any) -> Edit:
        """Give the edit of a plan's dates and signature."""
        old = self.raw["plan", plan, ""]["revision"]
        new = {k: v for k, v in {**old, **fields}.items() if v is not None}
        return self.head(plan, revision=new)

    def contacts(self, plan: str) -> list[dict[str, Any]]:
        return [dict(c) for c in self.raw.get(("contacts", plan, ""), ())]

    def body(self, name: str, **fields: Any) -> Edit:
        """Give the edit of an organisation."""
        key = ("organisations", "", name)
        return Edit(key, {k: v for k, v in {**self.raw[key], **fields}.items() if v is not None})

    def crew(self, name: str, **fields: Any) -> Edit:
        """Give the edit of a resource."""
        key = ("resources", "", name)
        return Edit(key, {k: v for k, v in {**self.raw[key], **fields}.items() if v is not None})

    @cached_property
    def owners(self) -> dict[str, tuple[str, ...]]:
        """Plans by owner."""
        out: dict[str, list[str]] = {}
        for plan_id, plan in sorted(self.scope.plans.items()):
            out.setdefault(plan.head.owner, []).append(plan_id)
        return {k: tuple(v) for k, v in out.items()}

    def kin(self, org: str) -> frozenset[str]:
        """Give a body with the body above it and those below it."""
        if "kin" not in self.memo:
            pairs = [(k, o.parent) for k, o in self.full.organisations.items() if o.parent]
            kin = {k: {k} for k in self.full.organisations}
            for child, parent in pairs:
                kin[child].add(parent)
                kin[parent].add(child)
            self.memo["kin"] = {k: frozenset(v) for k, v in kin.items()}
        near: frozenset[str] = self.memo["kin"][org]
        return near

    def together(self, one: str, other: str) -> bool:
        """Tell whether two plans can be in force at one accident."""
        a, b = (set(self.full.plans[p].head.covers) for p in (one, other))
        return not a or not b or bool(a & b)

    def plan_beside(self, body: str, plan: str) -> str | None:
        """Give the first plan of a body that can be in force together with another plan."""
        return next((p for p in self.owners.get(body, ()) if self.together(p, plan)), None)

    def actors(self, item: Item) -> frozenset[str]:
        """Give the bodies that act in an element."""
        fields = ("by", "activator", "lead", "taker", "giver", "confirm_by")
        found = {house(v) for f in fields if isinstance(v := getattr(item.it, f, None), str)}
        return frozenset(found or {self.scope.plans[item.plan].head.owner})

    def where(self, facility: str, case: Any) -> tuple[float, float]:
        """Give distance (m) from the accident and the angle (deg) off the down-wind axis' range."""
        a, b = self.city.facilities[case.at].xy, self.city.facilities[facility].xy
        east, north = b[0] - a[0], b[1] - a[1]
        bearing = math.degrees(math.atan2(east, north)) % 360
        low, high = case.wind
        middle = ((low + high) / 2 + 180) % 360
        off = abs((bearing - middle + 180) % 360 - 180)
        return math.hypot(east, north), off

    @cached_property
    def chemical(self) -> tuple[Any, ...]:
        return tuple(c for c in self.cases if c.family == "chemical-storage")


def sentences(when: Any) -> Iterator[str]:
    """Give every sentence of a condition as written."""
    if isinstance(when, Mapping):
        for part in next(iter(when.values())):
            yield from sentences(part)
    elif when is not None:
        yield str(when)


def rewritten(when: Any, change: Any) -> Any:
    """Give a condition with `change` applied to each sentence; None takes a sentence away."""
    if isinstance(when, Mapping):
        key, parts = next(iter(when.items()))
        kept = [new for part in parts if (new := rewritten(part, change)) is not None]
        return {key: kept} if kept else None
    return change(str(when))


_TOLD = re.compile(r"^told\s+([a-z0-9-]+)(?:\s+by\s+(.+?))?(?:\s+for\s+.+)?$")


def told(sentence: str) -> tuple[str, tuple[str, ...]] | None:
    """Give kind and senders that a sentence waits for; None when it waits for no message."""
    match = _TOLD.match(sentence.strip())
    if not match:
        return None
    senders = (s.strip() for s in (match.group(2) or "").split(","))
    return match.group(1), tuple(s for s in senders if s)


def read_worlds(names: tuple[str, ...] = ()) -> tuple[World, ...]:
    """Read the clean sets: each whole, and Longcheng's also by family of accidents."""
    out: list[World] = []
    for name, folder, revision in SETS:
        if names and not any(n.startswith(name) for n in names):
            continue
        if not (folder / "city.yaml").is_file():
            continue
        out += _worlds(name, folder, revision)
    return tuple(w for w in out if not names or w.name in names)


def _worlds(name: str, folder: Path, revision: str) -> Iterator[World]:
    city = read_city(folder)
    path = folder / "plans" / revision
    plan_set = read_plan_set(path, city.facilities)
    raw: dict[Key, Any] = {}
    _read_raw(path, raw)
    cases, interfaces = read_cases(folder), read_interfaces(folder)
    day = judged_on(plan_set, cases)
    whole = World(name, plan_set, raw, city, cases, interfaces, None, day)
    yield whole
    covered = {c.family for c in cases}
    for family in FAMILIES:
        scope = plan_set.covering(family)
        if family in covered and len(scope.plans) < len(plan_set.plans):
            own = tuple(c for c in cases if c.family == family)
            yield World(f"{name}:{family}", plan_set, raw, city, own, interfaces, family, day)


def _read_raw(folder: Path, raw: dict[Key, Any]) -> None:
    """Read the same folders as `read_plan_set`, base first, and keep the plain data."""
    head = plain(load(folder / "planset.yaml").data)
    if head.get("base"):
        _read_raw(folder / head["base"], raw)
    files = sorted(p for p in folder.glob("*.yaml") if p.name != "planset.yaml")
    if head.get("organisations"):
        files = sorted((folder / head["organisations"]).glob("*.yaml")) + files
    content = [plain(load(path).data) for path in files]
    for data in content:
        plan_id = (data.get("plan") or {}).get("id") or data.get("of", "")
        for name in data.get("remove", ()):
            for section in SECTIONS:
                raw.pop((section, plan_id, name), None)
    fresh: set[str] = set()
    for data in content:
        _add_raw(data, raw, fresh)


def _add_raw(data: Mapping[str, Any], raw: dict[Key, Any], fresh: set[str]) -> None:
    plan_id = (data.get("plan") or {}).get("id") or data.get("of", "")
    if data.get("plan"):
        raw["plan", plan_id, ""] = data["plan"]
    for kind in ("organisations", "resources"):
        for entry in data.get(kind, ()):
            raw[kind, "", entry["id"]] = entry
    for section in SECTIONS:
        for entry in data.get(section, ()):
            for other in SECTIONS:
                raw.pop((other, plan_id, entry["id"]), None)
            raw[section, plan_id, entry["id"]] = entry
    if data.get("contacts"):
        kept = raw.get(("contacts", plan_id, ""), []) if plan_id in fresh else []
        raw["contacts", plan_id, ""] = [*kept, *data["contacts"]]
        fresh.add(plan_id)
