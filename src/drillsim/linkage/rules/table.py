"""The table of static rules, and the check of a plan set against all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from drillsim.linkage.findings import SEVERITIES, Finding, Severity, Skipped
from drillsim.linkage.rules import (
    chains,
    channels,
    clashes,
    command,
    duties,
    endings,
    facts,
    levels,
    messages,
    owners,
    posts,
    powers,
    resources,
    upkeep,
    waits,
    zones,
)
from drillsim.linkage.rules.context import Linked
from drillsim.linkage.rules.rule import Rule

PLANNED = 38
"""Static rules that the domain reference states; those not in the table are not judged."""

RULES: Mapping[str, Rule] = {
    rule.id: rule
    for rule in sorted(
        chain(
            chains.RULES, channels.RULES, clashes.RULES, endings.RULES, messages.RULES,
            duties.RULES, levels.RULES, command.RULES, owners.RULES, waits.RULES, resources.RULES,
            zones.RULES, posts.RULES, upkeep.RULES, facts.RULES, powers.RULES,
        ),
        key=lambda rule: rule.id,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """What the rules found and what they could not judge, both ordered and without repeats."""

    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]

    def count(self, severity: Severity) -> int:
        """Give the number of findings of a severity."""
        return sum(finding.severity == severity for finding in self.findings)

    def at_least(self, severity: Severity) -> bool:
        """Tell whether some finding is of that severity or graver."""
        grave = SEVERITIES[: SEVERITIES.index(severity) + 1]
        return any(finding.severity in grave for finding in self.findings)


def check_linkage(on: Linked, rules: Iterable[Rule] = tuple(RULES.values())) -> Checked:
    """Judge a plan set by rules; the same result whatever the order of its files."""
    findings: list[Finding] = []
    skipped: dict[tuple[str, str], Skipped] = {}
    for rule in rules:
        for found in rule.judge(on):
            if isinstance(found, Finding):
                findings.append(found)
            else:
                skipped[found.rule, found.reason.en] = found
    return Checked(
        tuple(sorted(findings, key=lambda f: f.order)),
        tuple(skipped[key] for key in sorted(skipped)),
    )
