"""A small city with a rich plan set, and ways to change one field of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from drillsim.city.network import Edge, network_from_edges, write_network
from drillsim.log.runlog import RunLog
from drillsim.plans.conditions import read_atom
from drillsim.plans.sets import PlanSet, with_elements
from drillsim.scenario import Scenario

FOLDER = Path(__file__).resolve().parents[1] / "data" / "effects"
Patch = Callable[[PlanSet], PlanSet]
# what the log only repeats from a plan, and what tells nothing but that it was confirmed
REPEATED = frozenset(
    {"deadline_s", "severity", "rank", "members", "verbs", "woken_s", "near_m", "far_m",
     "sector_deg", "margin_s", "sites", "brief", "asked", "state_kept", "both_sides", "clean"}
)  # fmt: skip
UNTOLD = frozenset({"message-acknowledged"})
NAMED_BY_ID = frozenset(
    {"duty-woken", "duty-omitted", "duty-refused", "duty-waiting", "approval-asked",
     "approval-given", "group-formed"}
)  # fmt: skip


def write_effects_network(path: Path) -> None:
    """Five crossings; plant roads inside the fence, county roads outside (a siren helps there)."""
    xy = np.array([[500, 0], [2600, 0], [3000, 0], [500, 3000], [3000, 600]], dtype=float)
    roads = [
        (0, 1, "county", 2100.0), (1, 2, "plant", 400.0), (0, 3, "county", 3000.0),
        (3, 4, "county", 3500.0), (4, 2, "plant", 600.0),
    ]  # fmt: skip
    edges = [
        Edge(u, v, kind, length, speed_mps=10.0)
        for a, b, kind, length in roads
        for u, v in ((a, b), (b, a))
    ]
    write_network(network_from_edges(xy, edges, {}), path)


def copy_effects(folder: Path) -> Path:
    """Copy the world into a folder that a test may change; gives its scenario file."""
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    write_effects_network(folder / "network.npz")
    return folder / "drill.yaml"


# --- changing one field --------------------------------------------------------------------------


def element(ref: str, **values: Any) -> Patch:
    """Change fields of `plan/element`; a sentence for `when` is read as in a plan."""
    values = {k: read_atom(v) if k == "when" and v else v for k, v in values.items()}

    def patch(plan_set: PlanSet) -> PlanSet:
        section, found = plan_set.find(ref)
        plan_id = ref.partition("/")[0]
        changed = found.model_copy(update=values)
        renamed = {ref: None} if changed.id != found.id else {}
        return with_elements(plan_set, {**renamed, f"{plan_id}/{changed.id}": (section, changed)})

    return patch


def both(*patches: Patch) -> Patch:
    """Do one change after the other."""

    def patch(plan_set: PlanSet) -> PlanSet:
        for one in patches:
            plan_set = one(plan_set)
        return plan_set

    return patch


def added(section: str, plan_id: str, new: Any) -> Patch:
    """Add an element to a plan."""
    return lambda plan_set: with_elements(plan_set, {f"{plan_id}/{new.id}": (section, new)})


def removed(ref: str) -> Patch:
    """Leave an element out."""
    return lambda plan_set: with_elements(plan_set, {ref: None})


def body(org_id: str, **values: Any) -> Patch:
    """Change fields of an organisation."""

    def patch(plan_set: PlanSet) -> PlanSet:
        return replace(plan_set, organisations=_changed(plan_set.organisations, org_id, values))

    return patch


def role(address: str, **values: Any) -> Patch:
    """Change fields of a role."""
    org_id, _, role_id = address.partition("/")

    def patch(plan_set: PlanSet) -> PlanSet:
        roles = tuple(
            r.model_copy(update=values) if r.id == role_id else r
            for r in plan_set.organisations[org_id].roles
        )
        return body(org_id, roles=roles)(plan_set)

    return patch


def crew(resource_id: str, **values: Any) -> Patch:
    """Change fields of a resource."""

    def patch(plan_set: PlanSet) -> PlanSet:
        return replace(plan_set, resources=_changed(plan_set.resources, resource_id, values))

    return patch


def cover(plan_id: str, **values: Any) -> Patch:
    """Change fields of a plan's head."""

    def patch(plan_set: PlanSet) -> PlanSet:
        plan = plan_set.plans[plan_id]
        changed = replace(plan, head=plan.head.model_copy(update=values))
        plans = {k: p for k, p in plan_set.plans.items() if k != plan_id}
        return replace(plan_set, plans=dict(sorted({**plans, changed.head.id: changed}.items())))

    return patch


def set_head(**values: Any) -> Patch:
    """Change fields of the plan set's head."""
    return lambda plan_set: replace(plan_set, head=plan_set.head.model_copy(update=values))


def _changed(table: Mapping[str, Any], key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    found = table[key].model_copy(update=dict(values))
    rest = {k: v for k, v in table.items() if k != key}
    return dict(sorted({**rest, found.id: found}.items()))


def patched(scenario: Scenario, *patches: Patch) -> Scenario:
    """Give the scenario under changed plans."""
    return scenario.with_plans(both(*patches)(scenario.plan_set))


# --- what happened, without the names that plans give it -----------------------------------------


def course(log: RunLog) -> list[tuple[Any, ...]]:
    """Give the facts of a run without ids, clauses, and data that only repeat the plan."""
    return [
        (
            e.t, e.kind, e.who, "" if e.kind in NAMED_BY_ID else e.subject,
            {k: v for k, v in e.data.items() if k not in REPEATED},
        )
        for e in log.events
        if e.kind not in UNTOLD
    ]  # fmt: skip
