"""A small town in which the cases of the rules stand, and the reading of case files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from drillsim.city.model import City, read_city
from drillsim.city.network import Edge, network_from_edges, write_network
from drillsim.linkage.rules import Linked
from drillsim.linkage.rules.cases import Case
from drillsim.plans.planset import read_plan_set
from drillsim.yamlio import load, plain

HERE = Path(__file__).parent
WORLD = HERE / "world"
CASES = HERE / "cases"
ON = date(2026, 6, 1)
TIERS = {
    "works": ("enterprise", "ent-special"), "mill": ("enterprise", "ent-special"),
    "park": ("government", "park"), "county": ("government", "gov-special"),
    "city": ("government", "gov-special"), "street": ("government", "township"),
    "school": ("community", "community"),
}  # fmt: skip


@dataclass(frozen=True)
class RuleCase:
    """One plan set and what a rule says of it."""

    rule: str
    name: str
    good: bool
    plans: tuple[dict[str, Any], ...]
    on: date
    ground: bool
    expect: Mapping[str, Any]


def read_rule_cases() -> list[RuleCase]:
    """Read every case file: `fail` and `pass` lists of plan files."""
    out = []
    for path in sorted(CASES.glob("S*.yaml")):
        data = plain(load(path).data)
        for verdict in ("fail", "pass"):
            for n, row in enumerate(data[verdict]):
                out.append(
                    RuleCase(
                        path.stem, f"{path.stem}-{verdict}-{n}", verdict == "pass",
                        tuple(row["plans"]), row.get("on", ON), row.get("ground", True),
                        row.get("expect", {}),
                    )
                )  # fmt: skip
    return out


def full(content: dict[str, Any]) -> dict[str, Any]:
    """Fill the head of a plan that a case leaves short: `plan: {id: p-works, owner: works}`."""
    head = content["plan"]
    tier, kind = TIERS.get(head["owner"], ("department", "dept"))
    title = {"zh": f"{head['owner']}预案", "en": f"plan of {head['owner']}"}
    rest = {"title": title, "tier": tier, "kind": kind, "revision": {"issued": "2026-01-01"}}
    return {**content, "plan": {**rest, **head}}


def set_folder(plans: tuple[dict[str, Any], ...], folder: Path) -> Path:
    """Write a plan set; JSON is YAML."""
    folder.mkdir(parents=True)
    for name in ("bodies.yaml", "planset.yaml"):
        shutil.copy(WORLD / name, folder / name)
    for content in plans:
        text = json.dumps(full(content), ensure_ascii=False, default=str, indent=1)
        (folder / f"{content['plan']['id']}.yaml").write_text(text, "utf-8")
    return folder


@cache
def town(folder: Path) -> City:
    """Read the town, its two roads laid out first: 3,000 m each at 10 m/s."""
    folder.mkdir(parents=True, exist_ok=True)
    xy = np.array([[3000.0, 0.0], [3000.0, 3000.0], [500.0, 2200.0]])
    pairs = [(0, 1, 3000.0), (1, 2, 3000.0)]
    edges = [
        Edge(u, v, "plant", length, speed_mps=10.0)
        for a, b, length in pairs
        for u, v in ((a, b), (b, a))
    ]
    write_network(network_from_edges(xy, edges, {}), folder / "network.npz")
    shutil.copy(WORLD / "city.yaml", folder / "city.yaml")
    return read_city(folder)


def linked(case: RuleCase, folder: Path, city: City) -> Linked:
    """Join a case with the town, or leave it a bare plan set."""
    plan_set = read_plan_set(set_folder(case.plans, folder), city.facilities)
    if not case.ground:
        return Linked(plan_set, case.on)
    front = tuple((100.0 * n, 33.0 * n) for n in range(1, 41))  # some 3 m/s
    cloud = Case("cloud", "chemical-storage", "tank", (60.0, 80.0), ON, front)
    return Linked(plan_set, case.on, city, (cloud,))
