"""What static linkage finds: a broken seam with its places, or a rule that could not be judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from drillsim.i18n import LANGS, Text, say

Severity = Literal["critical", "high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
SYSTEMIC = 3
"""A finding with at least so many places is called systemic."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rule or a finding rests on; `verified` only when the text itself was read."""

    text: str
    verified: bool


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A sentence of a plan: its file and line, its words, and its `plan/element`."""

    file: str
    line: int
    quote: str
    ref: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause, with every place where it shows.

    `interface` names the seam (sender > receiver, or the plan) in ids; `explained_by` the rules
    that state the cause more directly; `edit` a suggested change of wording, never applied.
    """

    rule: str
    severity: Severity
    interface: str
    message: Text
    basis: Basis
    places: tuple[Place, ...]
    explained_by: tuple[str, ...] = ()
    edit: Text | None = None

    @property
    def systemic(self) -> bool:
        """Tell whether it shows in at least three places."""
        return len(self.places) >= SYSTEMIC

    @property
    def order(self) -> tuple[int, str, str, tuple[Place, ...]]:
        """Give the key by which findings are listed: gravest first, then rule and seam."""
        return SEVERITIES.index(self.severity), self.rule, self.interface, self.places


@dataclass(frozen=True, slots=True)
class Skipped:
    """What a rule could not judge, and why; never counted as good."""

    rule: str
    reason: Text


def said(key: str, /, **fields: object) -> Text:
    """Fill a catalogue entry in both languages; fields that are Text speak their own language."""

    def filled(lang: Literal["zh", "en"]) -> str:
        values = {k: v.say(lang) if isinstance(v, Text) else v for k, v in fields.items()}
        return say(key, lang, **values)

    zh, en = (filled(lang) for lang in LANGS)
    return Text(zh=zh, en=en)


def joined(names: list[Text]) -> Text:
    """Join names as a list in both languages; repeats are left out."""
    names = list({name.zh: name for name in names}.values())
    return Text(zh="、".join(n.zh for n in names), en=", ".join(n.en for n in names))
