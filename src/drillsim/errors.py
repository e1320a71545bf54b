"""Faults of input files: where, what, what is allowed, what to do, all of them at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from drillsim.i18n import catalogue, default_lang, say

catalogue(
    {
        "fault.unknown-field": ("未知字段{hint}", "unknown field{hint}"),
        "fault.did-you-mean": ("；是否想写 {words}？", "; did you mean {words}?"),
        "fault.unknown-ref": (
            "没有名为 {value!r} 的{kind}{hint}",
            "there is no {kind} called {value!r}{hint}",
        ),
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of one file, at a place.

    `line` and `col` count from 1; `field` is the dotted path of the value ("" for the whole file).
    """

    file: str
    line: int
    col: int
    field: str
    message: str

    def __str__(self) -> str:
        """Give the fault as `file:line:col: field: message`."""
        place = f"{self.file}:{self.line}:{self.col}:"
        return f"{place} {self.field}: {self.message}" if self.field else f"{place} {self.message}"


class InputError(ValueError):
    """The input is wrong; carries every fault found, sorted by place. Exit code 2."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults sorted and without repeats."""
        self.faults: tuple[Fault, ...] = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def did_you_mean(word: str, allowed: Sequence[str]) -> str:
    """Give "; did you mean 'x'?" for the nearest allowed words, or "" when none is near."""
    near = difflib.get_close_matches(word, list(allowed), n=2, cutoff=0.6)
    if not near:
        return ""
    return say("fault.did-you-mean", default_lang(), words=" / ".join(repr(w) for w in near))


def unknown_field(word: str, allowed: Sequence[str]) -> str:
    """Give the message for a key that the schema does not know."""
    return say("fault.unknown-field", default_lang(), hint=did_you_mean(word, allowed))


def unknown_reference(kind: str, value: str, allowed: Sequence[str]) -> str:
    """Give the message for a reference to something that does not exist."""
    return say(
        "fault.unknown-ref",
        default_lang(),
        kind=kind,
        value=value,
        hint=did_you_mean(value, allowed),
    )
