"""Edits applied to a set in memory, and the keyed draw of which edits a run makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import zip_longest
from typing import Any, get_args

from benchmarks.linkage.worlds import Edit, World
from pydantic import ValidationError

from drillsim.plans.model import SECTIONS, Contact, PlanFile, PlanHead
from drillsim.plans.organisations import Organisation, Resource
from drillsim.plans.references import check_references
from drillsim.plans.sets import Origin, Plan, PlanSet
from drillsim.yamlio import Source

MODELS: dict[str, Any] = {
    **{s: get_args(PlanFile.model_fields[s].annotation)[0] for s in SECTIONS},
    "plan": PlanHead,
    "organisations": Organisation,
    "resources": Resource,
}


class RefusedError(Exception):
    """The edited set would not be read: no test of linkage."""


@dataclass(frozen=True)
class Seeded:
    """An edit of a clean set: the data it changes, and the names a finding of it may carry.

    `shift`: elements that only move to another file of the same plan. `also`: other rules that may
    rightly speak for this one.
    """

    edits: tuple[Edit, ...]
    names: tuple[str, ...]
    note: str
    shift: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


Operator = Callable[[World], Iterator[Seeded]]


@dataclass(frozen=True)
class Drawn:
    """One edit that a run makes, with the edited set."""

    rule: str
    world: World
    operator: str
    seeded: Seeded
    plan_set: PlanSet


def seeded(
    *edits: Edit, names: Sequence[str] = (), note: str = "", also: tuple[str, ...] = ()
) -> Seeded:
    """Make an edit; the things it changes are always among its names."""
    return Seeded(edits, tuple(dict.fromkeys((*(e.ref for e in edits), *names))), note, (), also)


def applied(world: World, change: Seeded) -> PlanSet:
    """Give the set after the edits. Raises RefusedError when it could not be read."""
    base = world.full
    plans: dict[str, Plan] = dict(base.plans)
    bodies: dict[str, dict[str, Any]] = {
        "organisations": dict(base.organisations),
        "resources": dict(base.resources),
    }
    origins = dict(base.origins)
    try:
        for edit in change.edits:
            _apply(edit, plans, bodies, origins)
    except (ValidationError, ValueError) as error:
        raise RefusedError(str(error)) from error
    for ref in change.shift:
        plan, _, name = ref.partition("/")
        old = origins[plan, name]
        origins[plan, name] = Origin(old.file.replace(".yaml", "-2.yaml"), 1)
    out = replace(
        base,
        plans=plans,
        origins=origins,
        organisations=bodies["organisations"],
        resources=bodies["resources"],
    )
    _check_names(world, out, change.edits)
    return out


def _apply(
    edit: Edit, plans: dict[str, Plan], bodies: dict[str, dict[str, Any]], origins: dict[Any, Any]
) -> None:
    kind, plan_id, name = edit.key
    if kind in bodies:
        bodies[kind][name] = MODELS[kind].model_validate(edit.value)
        return
    plan = plans[plan_id]
    if kind == "plan":
        plans[plan_id] = replace(plan, head=PlanHead.model_validate(edit.value))
    elif kind == "contacts":
        lines = tuple(Contact.model_validate(c) for c in edit.value)
        plans[plan_id] = replace(plan, contacts=lines)
    else:
        kept = [e for e in plan.of(kind) if e.id != name]
        if edit.value is not None:
            kept.append(MODELS[kind].model_validate(edit.value))
            origins.setdefault((plan_id, name), origins["plan", plan_id])
        ordered = tuple(sorted(kept, key=lambda e: e.id))
        plans[plan_id] = replace(plan, sections={**plan.sections, kind: ordered})


class _NoFile(Source):
    """A place for faults of data that stands in no file."""

    def place(self, loc: Sequence[str | int], key: bool = False) -> tuple[int, int]:
        """Give the first line, whatever is asked."""
        del loc, key
        return 1, 1


_NOWHERE = (_NoFile("seeded", {}), ())


def _check_names(world: World, plan_set: PlanSet, edits: Sequence[Edit]) -> None:
    """Resolve the names of what was edited; of everything, when something named is gone."""
    gone = any(e.value is None and e.key[0] in {"tasks", "levels", "protective"} for e in edits)
    touched = {e.key[1:] for e in edits}
    elements = {
        (plan_id, e.id): (section, e)
        for plan_id, plan in plan_set.plans.items()
        for section, e in plan.elements()
        if gone or (plan_id, e.id) in touched
    }
    places: dict[Any, Any] = {
        **{("organisation", k): _NOWHERE for k in plan_set.organisations},
        **{("resource", k): _NOWHERE for k in plan_set.resources},
        **dict.fromkeys(elements, _NOWHERE),
        **{("plan", k): _NOWHERE for k in plan_set.plans},
    }
    fault = next(iter(check_references(plan_set, elements, places, world.city.facilities)), None)
    if fault is not None:
        raise RefusedError(str(fault))


def keyed(*parts: object) -> str:
    """Give the hash by which things are put in order: a pure function of its parts."""
    return blake2b("\x1f".join(map(str, parts)).encode(), digest_size=12).hexdigest()


LARGE = 30
"""A set of more plans is slow to check: a quarter of a sample, where others can fill it."""


def draw(
    rule: str,
    operators: Sequence[Operator],
    worlds: Sequence[World],
    count: int,
    seed: int,
    refused: list[str],
    only_rule: bool = False,
) -> list[Drawn]:
    """Draw edits of a rule: by turns over sets and operators, each thing once before any twice.

    Things that stand in a finding of the clean set are left alone (`only_rule`: of this rule).
    """
    lists = []
    for world in worlds:
        for op in operators:
            found = sorted(
                op(world), key=lambda s: keyed(seed, rule, world.name, op.__name__, s.names, s.note)
            )
            if found:
                lists.append([(world, op.__name__, s) for s in found])
    lists.sort(key=lambda one: keyed(seed, rule, one[0][0].name, one[0][1]))
    turns = [c for row in zip_longest(*lists) for c in row if c is not None]
    out: list[Drawn] = []
    taken: set[tuple[str, str]] = set()
    left = []
    dirty = {
        w.name: {p.ref for f in w.base if not only_rule or f.rule == rule for p in f.places}
        for w in worlds
    }
    turns = [t for t in turns if not dirty[t[0].name] & {e.ref for e in t[2].edits}]
    for world, name, change in turns:
        mark = (world.name, change.names[0])
        many = len(world.scope.plans) > LARGE and sum(d.world is world for d in out) >= count // 4
        if mark in taken or many:
            left.append((world, name, change))
        elif len(out) < count and _made(out, refused, rule, world, name, change):
            taken.add(mark)
    for world, name, change in left:
        if len(out) < count:
            _made(out, refused, rule, world, name, change)
    return out


def _made(
    out: list[Drawn], refused: list[str], rule: str, world: World, name: str, change: Seeded
) -> bool:
    try:
        out.append(Drawn(rule, world, name, change, applied(world, change)))
    except RefusedError as why:
        refused.append(f"{rule} {world.name} {name} {change.names[0]}: {why}")
        return False
    return True
