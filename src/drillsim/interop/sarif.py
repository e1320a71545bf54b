"""Findings as SARIF 2.1.0, so that an editor or a code-review page shows them on the plan's lines.

Source: OASIS, Static Analysis Results Interchange Format 2.1.0 (names of properties from memory,
unverified; checked by tests for structure only).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from drillsim.i18n import Lang
from drillsim.linkage.findings import Finding, Place, Severity, Skipped
from drillsim.linkage.rules import Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: Mapping[Severity, str] = {
    "critical": "error", "high": "error", "medium": "warning", "low": "note",
}  # fmt: skip
RANKS: Mapping[Severity, float] = {"critical": 100.0, "high": 75.0, "medium": 50.0, "low": 25.0}


def sarif_log(
    findings: Sequence[Finding],
    skipped: Iterable[Skipped],
    rules: Mapping[str, Rule],
    lang: Lang,
    version: str,
) -> dict[str, Any]:
    """Give one SARIF log with one run; the first place of a finding is where it is shown.

    `rules` describe the findings and must hold the rule of each (KeyError otherwise).
    """
    order = {rule_id: n for n, rule_id in enumerate(rules)}
    notes = [
        {"level": "note", "descriptor": {"id": s.rule}, "message": {"text": s.reason.say(lang)}}
        for s in skipped
    ]
    driver = {
        "name": "drillsim",
        "version": version,
        "rules": [_described(rule, lang) for rule in rules.values()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "results": [_result(finding, order[finding.rule], lang) for finding in findings],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _described(rule: Rule, lang: Lang) -> dict[str, Any]:
    status = "verified" if rule.basis.verified else "unverified"
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.name.say(lang)},
        "help": {"text": f"{rule.basis.text} ({status})"},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _result(finding: Finding, index: int, lang: Lang) -> dict[str, Any]:
    text = finding.message.say(lang)
    if finding.edit is not None:
        text = f"{text}\n{finding.edit.say(lang)}"
    places = [_location(place, n) for n, place in enumerate(finding.places)]
    seal = "\n".join((finding.rule, finding.interface, *(p.ref for p in finding.places)))
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "rank": RANKS[finding.severity],
        "message": {"text": text},
        "locations": places[:1],
        "relatedLocations": places[1:],
        "partialFingerprints": {"seam/v1": hashlib.sha256(seal.encode()).hexdigest()[:32]},
        "properties": {
            "severity": finding.severity,
            "interface": finding.interface,
            "basis": finding.basis.text,
            "basisVerified": finding.basis.verified,
        },
    }


def _location(place: Place, number: int) -> dict[str, Any]:
    path = PurePath(place.file)
    uri = path.as_uri() if path.is_absolute() else path.as_posix()
    return {
        "id": number,
        "physicalLocation": {
            "artifactLocation": {"uri": uri},
            "region": {"startLine": max(place.line, 1)},
        },
        "message": {"text": place.quote or place.ref},
    }
