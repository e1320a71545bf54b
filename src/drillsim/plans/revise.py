"""The difference of two revisions, and sets made of one revision with parts of another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from drillsim.errors import did_you_mean
from drillsim.plans.sets import PlanSet, with_elements


@dataclass(frozen=True, slots=True)
class Change:
    """One element that differs between two revisions; `ref` is `plan/element`."""

    ref: str
    section: str
    what: Literal["added", "removed", "changed"]
    before: Any
    after: Any


def diff(before: PlanSet, after: PlanSet) -> tuple[Change, ...]:
    """List the elements that differ, ordered by plan and element id."""
    old, new = _by_ref(before), _by_ref(after)
    changes = []
    for ref in sorted(old.keys() | new.keys()):
        was, now = old.get(ref), new.get(ref)
        if was == now:
            continue
        what: Literal["added", "removed", "changed"] = (
            "added" if was is None else "removed" if now is None else "changed"
        )
        section = (now or was or ("", None))[0]
        changes.append(Change(ref, section, what, was and was[1], now and now[1]))
    return tuple(changes)


def graft(base: PlanSet, scion: PlanSet, refs: Iterable[str]) -> PlanSet:
    """Give `base` with the named elements (and `resource:id`) as they are in `scion`.

    An element that `scion` does not have is removed from `base`.
    Raises KeyError with a suggestion for a name that neither set has.
    """
    old, new = _by_ref(base), _by_ref(scion)
    resources = dict(base.resources)
    changes: dict[str, Any] = {}
    for ref in refs:
        if ref.startswith("resource:"):
            name = ref.removeprefix("resource:")
            resources[name] = scion.resources[name]
        elif ref not in old and ref not in new:
            raise KeyError(f"{ref}{did_you_mean(ref, sorted(old.keys() | new.keys()))}")
        else:
            changes[ref] = new.get(ref)
    head = base.head.model_copy(
        update={
            "forms": {**scion.head.forms, **base.head.forms},
            "kinds": {**scion.head.kinds, **base.head.kinds},
        }
    )
    return replace(with_elements(base, changes), resources=resources, head=head)


def without(plan_set: PlanSet, refs: Iterable[str]) -> PlanSet:
    """Give the set without the named elements. Raises KeyError when one does not exist."""
    known = _by_ref(plan_set)
    refs = list(refs)
    for ref in refs:
        if ref not in known:
            raise KeyError(f"{ref}{did_you_mean(ref, sorted(known))}")
    return with_elements(plan_set, dict.fromkeys(refs))


def _by_ref(plan_set: PlanSet) -> dict[str, tuple[str, Any]]:
    return {
        f"{plan_id}/{element.id}": (section, element)
        for plan_id, plan in plan_set.plans.items()
        for section, element in plan.elements()
    }
