"""What a rule is: its name, its weight, what it rests on, and the function that judges."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from drillsim.i18n import Text
from drillsim.linkage.findings import Basis, Finding, Place, Severity, Skipped, said
from drillsim.linkage.rules.context import Linked

Judge = Callable[[Linked], Iterable[Finding | Skipped]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One static rule; the docstring of `judge` tells it with a bad and a good snippet."""

    id: str
    name: Text
    severity: Severity
    basis: Basis
    judge: Judge

    def finding(
        self,
        key: str,
        interface: str,
        places: tuple[Place, ...],
        severity: Severity | None = None,
        edit: Text | None = None,
        **fields: object,
    ) -> Finding:
        """Make a finding of this rule from a catalogue entry."""
        return Finding(
            self.id, severity or self.severity, interface, said(key, **fields), self.basis, places,
            (), edit,
        )  # fmt: skip

    def skipped(self, key: str, **fields: object) -> Skipped:
        """Make a note of what could not be judged."""
        return Skipped(self.id, said(key, **fields))


def named(zh: str, en: str) -> Text:
    """Give a name in both languages."""
    return Text(zh=zh, en=en)
