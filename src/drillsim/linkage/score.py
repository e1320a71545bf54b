"""K_S from the findings: how well the plans are linked on paper, and the verdict over all parts.

Source: the scoring rules of this product (K = 0.35 K_S + 0.45 K_D + 0.20 H(1 - G)); weights and
losses by severity are ours, unverified, and stand in two tables here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from drillsim.linkage.findings import Finding, Severity
from drillsim.linkage.interfaces import org_of
from drillsim.linkage.rules.context import Linked, Said
from drillsim.scenario import RequiredHandover, RequiredInterface

LOSS: Mapping[Severity, float] = {"critical": 1.0, "high": 0.5, "medium": 0.2, "low": 0.05}
"""Share p of an interface that one open finding costs."""
WEIGHTS: Mapping[str, float] = {"K_S": 0.35, "K_D": 0.45, "H": 0.20}
RUNS_FOR_SEAMLESS = 35
BASIC_K, SEAMLESS_RATE, SEAMLESS_GAP, CRITICAL = 0.75, 0.90, 0.02, 4
Verdict = Literal["seamless", "basic", "partial", "broken", "not-judged"]


@dataclass(frozen=True, slots=True)
class StaticInterface:
    """One required interface on paper.

    `value` v in [0, 1]; `declared` the elements (`plan/element`) that promise it; `silent` the
    receivers that no plan lets anybody tell; `findings` the places in the list of findings.
    """

    id: str
    dimension: str
    pair: str
    criticality: int
    value: float
    declared: tuple[str, ...]
    silent: tuple[str, ...]
    findings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StaticScore:
    """K_S with its interfaces and the matrix of means by pair class and dimension.

    `value` is None when no scenario beside the plans requires any interface.
    """

    value: float | None
    interfaces: tuple[StaticInterface, ...]
    matrix: Mapping[tuple[str, str], float]


def static_score(
    on: Linked, findings: Sequence[Finding], handovers: Iterable[RequiredHandover] = ()
) -> StaticScore:
    """Give K_S = sum w v / sum w over the required interfaces; w is their criticality 1 to 5.

    The interfaces and their weights come from law and scenario alone. v is the mean over receivers
    of the best promised way to tell each: the product of (1 - p) over the open findings on that way
    or on the seam between the two bodies; 0 where nobody promises it. So deleting a duty never
    helps, and one more proper way or receiver never hurts. Handovers count alike, by scope, giver
    and taker.
    """
    by_ref: dict[str, list[int]] = {}
    for n, finding in enumerate(findings):
        for ref in dict.fromkeys(place.ref for place in finding.places):
            by_ref.setdefault(ref, []).append(n)
    rows = [_row(on, interface, findings, by_ref) for interface in on.interfaces]
    rows += [_handover(on, handover, findings, by_ref) for handover in handovers]
    total = sum(row.criticality for row in rows)
    value = sum(row.criticality * row.value for row in rows) / total if total else None
    return StaticScore(value, tuple(rows), matrix_of(rows))


def matrix_of(rows: Iterable[StaticInterface]) -> dict[tuple[str, str], float]:
    """Give the weighted mean of v for each (pair class, dimension), ordered."""
    cells: dict[tuple[str, str], list[StaticInterface]] = {}
    for row in rows:
        cells.setdefault((row.pair, row.dimension), []).append(row)
    return {
        key: sum(r.criticality * r.value for r in found) / sum(r.criticality for r in found)
        for key, found in sorted(cells.items())
    }


def _row(
    on: Linked,
    interface: RequiredInterface,
    findings: Sequence[Finding],
    by_ref: Mapping[str, Sequence[int]],
) -> StaticInterface:
    shares: list[float] = []
    used: set[int] = set()
    declared: list[str] = []
    silent: list[str] = []
    for receiver in interface.receivers:
        ways = [
            note
            for kind in dict.fromkeys(interface.kinds)
            for note in _ways(on, interface, kind, receiver)
        ]
        if not ways:
            silent.append(receiver)
            shares.append(0.0)
            continue
        judged = []
        for note in ways:
            hit = _hits(on, note, receiver, findings, by_ref)
            judged.append((_worth(findings, hit), note.ref, hit))
        value, _, hit = max(judged, key=lambda row: (row[0], row[1]))
        shares.append(value)
        declared += [row[1] for row in judged]
        used |= hit
    return StaticInterface(
        interface.id, interface.dimension, interface.pair, interface.criticality,
        sum(shares) / len(shares), tuple(dict.fromkeys(declared)), tuple(silent),
        tuple(sorted(used)),
    )  # fmt: skip


def _ways(on: Linked, interface: RequiredInterface, kind: str, receiver: str) -> list[Said]:
    return [
        note
        for note in on.notes.get(kind, ())
        if org_of(note.element.by) in interface.senders
        and receiver in {org_of(to) for to in note.element.to}
    ]


def _hits(
    on: Linked,
    note: Said,
    receiver: str,
    findings: Sequence[Finding],
    by_ref: Mapping[str, Sequence[int]],
) -> set[int]:
    """Give the findings on a way: on its sentence, on the level that wakes it, on the seam."""
    plan, sender = note.plan.head.id, org_of(note.element.by)
    hit = set(by_ref.get(note.ref, ()))
    for atom in note.atoms:
        if atom.key.startswith("level:") and not atom.negated:
            owner, _, level = atom.key.removeprefix("level:").rpartition(":")
            found = by_ref.get(f"{owner or plan}/{level}", ())
            hit |= {n for n in found if findings[n].rule in OF_LEVELS}
    return {n for n in hit if _concerns(on, findings[n], note, receiver)} | {
        n for n, f in enumerate(findings) if _on_seam(f, sender, receiver)
    }


def _concerns(on: Linked, finding: Finding, note: Said, receiver: str) -> bool:
    """Tell whether a finding that names a seam names this receiver's."""
    sender, arrow, told = finding.interface.partition(" > ")
    if not arrow or org_of(note.element.by) not in sender.split("|"):
        return True
    named = {org_of(part) for part in told.split(" ")[0].split("|")}
    known = named & on.plan_set.organisations.keys()
    return not known or receiver in known


def _on_seam(finding: Finding, sender: str, receiver: str) -> bool:
    """Tell whether a finding that is about two bodies is about these two, either way."""
    one, arrow, other = finding.interface.partition(" > ")
    if not arrow or finding.rule not in BETWEEN:
        return False
    a = {org_of(part) for part in one.split("|")}
    b = {org_of(part) for part in other.split(" ")[0].split("|")}
    return (sender in a and receiver in b) or (receiver in a and sender in b)


BETWEEN = frozenset({"S02", "S03", "S30"})
"""Rules whose findings are about two bodies and may stand in no sentence of a message."""
OF_LEVELS = frozenset({"S08", "S09", "S10", "S11", "S32"})
"""Rules about a level, which weigh on what waits for it."""


def _handover(
    on: Linked,
    required: RequiredHandover,
    findings: Sequence[Finding],
    by_ref: Mapping[str, Sequence[int]],
) -> StaticInterface:
    ways = [
        one
        for one in on.section("handovers")
        if one.element.scope == required.scope
        and org_of(one.element.giver) in required.givers
        and org_of(one.element.taker) in required.takers
    ]
    judged = [(_worth(findings, set(by_ref.get(one.ref, ()))), one.ref) for one in ways]
    value, ref = max(judged, default=(0.0, ""))
    return StaticInterface(
        required.id, "LD3", _pair(on, required), required.criticality, value,
        tuple(sorted(row[1] for row in judged)), () if judged else required.takers,
        tuple(sorted(by_ref.get(ref, ()))),
    )  # fmt: skip


GOVERNMENT = frozenset({"government", "duty-office", "command", "park"})
"""Kinds of bodies that count as government in a pair class."""


def _pair(on: Linked, required: RequiredHandover) -> str:
    """Give the pair class of a handover, such as "G-E", government first."""
    letters = []
    for org in (required.takers[0], required.givers[0]):
        body = on.plan_set.organisations.get(org)
        if body is None or body.kind in GOVERNMENT:
            letters.append("G")
        else:
            letters.append("E" if body.level == "enterprise" else "D")
    return "-".join(sorted(letters, key="GDE".index))


def _worth(findings: Sequence[Finding], hit: Iterable[int]) -> float:
    value = 1.0
    for n in hit:
        value *= 1.0 - LOSS[findings[n].severity]
    return value


def linkage_score(parts: Mapping[str, float | None]) -> float | None:
    """Give K from "K_S", "K_D" and "H" (already H(1 - G)); a missing part shares out its weight."""
    known = {name: value for name in WEIGHTS if (value := parts.get(name)) is not None}
    total = sum(WEIGHTS[name] for name in known)
    return sum(WEIGHTS[name] * value for name, value in known.items()) / total if total else None


def linkage_verdict(
    findings: Iterable[Finding],
    k: float | None,
    *,
    gap: float | None = None,
    kept: Mapping[str, tuple[int, float]] | None = None,
    runs: int = 0,
    exercised: bool = False,
    harmed: bool = False,
) -> Verdict:
    """Give the verdict 无缝 / 基本 / 部分衔接 / 脱节 by open findings and runs.

    `kept`: for each interface (criticality, lower Wilson bound of being on time); `gap`: G;
    `exercised`: all interfaces were; `harmed`: a critical finding on a life-safety chain lowered
    effectiveness. With fewer than 35 runs "seamless" is not judged: what would need it says so.
    """
    critical = any(finding.severity == "critical" for finding in findings)
    if critical and harmed:
        return "broken"
    basic: Verdict = "basic" if not critical and k is not None and k >= BASIC_K else "partial"
    if critical or basic == "partial":
        return "partial"
    if runs < RUNS_FOR_SEAMLESS or kept is None or gap is None:
        return "not-judged" if runs else basic
    held = all(bound >= SEAMLESS_RATE for weight, bound in kept.values() if weight >= CRITICAL)
    return "seamless" if held and exercised and gap <= SEAMLESS_GAP else basic


def plain(score: StaticScore) -> dict[str, Any]:
    """Give the score as JSON values."""
    return {
        "k_s": score.value,
        "matrix": [
            {"pair": pair, "dimension": dimension, "value": value}
            for (pair, dimension), value in score.matrix.items()
        ],
        "interfaces": [
            {
                "id": row.id, "dimension": row.dimension, "pair": row.pair,
                "criticality": row.criticality, "value": row.value,
                "declared": list(row.declared), "silent": list(row.silent),
                "findings": list(row.findings),
            }
            for row in score.interfaces
        ],
    }  # fmt: skip
