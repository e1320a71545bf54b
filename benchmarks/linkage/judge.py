"""What counts as found and as a false alarm: new findings against the clean set."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.linkage.seeding import Drawn

from drillsim.linkage.findings import Finding


@dataclass(frozen=True)
class Verdict:
    """One drawn edit, judged: found by its rule, alarms of any rule, found by each baseline."""

    drawn: Drawn
    found: bool
    alarms: tuple[str, ...]
    baselines: dict[str, bool]


def _seen(findings: Iterable[Finding]) -> dict[tuple[str, str], set[str]]:
    out: dict[tuple[str, str], set[str]] = {}
    for finding in findings:
        refs = {place.ref for place in finding.places}
        out.setdefault((finding.rule, finding.interface), set()).update(refs)
    return out


def fresh(base: Iterable[Finding], after: Iterable[Finding]) -> tuple[Finding, ...]:
    """Give the findings that the clean set has not: another seam, or a place added to one."""
    seen = _seen(base)
    out = []
    for finding in after:
        old = seen.get((finding.rule, finding.interface))
        if old is None or {place.ref for place in finding.places} - old:
            out.append(finding)
    return tuple(out)


def names_it(finding: Finding, names: Iterable[str]) -> bool:
    """Tell whether a finding names one of the touched things or its pair, in place or seam."""
    refs = {place.ref for place in finding.places}
    refs |= {ref.partition("/")[0] for ref in refs}
    refs |= set(re.split(r"[\s,/:()]+", finding.interface)) | {finding.interface}
    return any(name in refs or name in finding.interface for name in names)


def detected(drawn: Drawn, news: Iterable[Finding]) -> bool:
    """Tell whether the rule of the edit found it."""
    rules = {drawn.rule, *drawn.seeded.also}
    return any(f.rule in rules and names_it(f, drawn.seeded.names) for f in news)


def told(finding: Finding) -> str:
    """Say a finding in one line."""
    where = ", ".join(place.ref for place in finding.places[:3])
    return f"{finding.rule} [{finding.interface}] {finding.message.en} ({where})"
