"""Conditions of plans: trees of small sentences over what a role believes.

A sentence (`Atom`) is one line of text, so that a plan reads like a plan:

    detectors >= 2                     a believed fact compared with a value
    cloud-visible                      a believed flag
    deaths in [3, 10)                  half-open bounds
    release for 5 min                  true without a break for that long
    told leak-alarm by north-works        a message of a kind has come in (from one of these)
    level ii   /   level park:i        a level of this plan (or of another) is known to be active
    done isolate   /   failed isolate  a task of this plan
    holds overall                      this role holds a scope of command
    not ...                            the contrary
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from drillsim.errors import did_you_mean
from drillsim.i18n import Lang, catalogue, default_lang, say
from drillsim.plans.facts import FACTS
from drillsim.units import parse

catalogue(
    {
        "cond.unknown": (
            "条件中的事实 {fact!r} 不存在{hint}",
            "the condition names an unknown fact {fact!r}{hint}",
        ),
        "cond.syntax": (
            "看不懂的条件 {text!r}；例如：detectors >= 2、release for 5 min、"
            "told leak-alarm by north-works、level ii",
            "cannot read the condition {text!r}; for example: detectors >= 2, release for 5 min, "
            "told leak-alarm by north-works, level ii",
        ),
        "cond.needs-value": (
            "{fact!r} 需要比较值，例如 {fact} >= 3",
            "{fact!r} needs a value to compare with, for example {fact} >= 3",
        ),
        "cond.is": ("{fact}", "{fact}"),
        "cond.compare": ("{fact} {op} {value}", "{fact} {op} {value}"),
        "cond.for": ("{inner} 持续 {minutes:g} 分钟", "{inner} for {minutes:g} min"),
        "cond.told": ("收到{kind}{by}", "told {kind}{by}"),
        "cond.by": ("（来自 {who}）", " by {who}"),
        "cond.level": ("已启动 {level}", "level {level} active"),
        "cond.done": ("已完成 {task}", "{task} done"),
        "cond.failed": ("未能完成 {task}", "{task} failed"),
        "cond.holds": ("持有{scope}指挥权", "holds command of {scope}"),
        "cond.not": ("并非（{inner}）", "not ({inner})"),
        "cond.any": (" 或 ", " or "),
        "cond.all": (" 且 ", " and "),
        "cond.always": ("始终", "always"),
    }
)

Op = Literal["is", ">=", ">", "<", "<=", "==", "in"]
_COMPARISONS = {
    ">=": operator.ge,
    ">": operator.gt,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
}


class View(Protocol):
    """What a condition may ask of the believing role."""

    def value(self, key: str) -> float | str | None:
        """Give the believed value of a key, or None when it is unknown."""

    def since(self, atom: Atom) -> float | None:
        """Give the time (s) since when the inner sentence has held for the role, or None."""

    def now(self) -> float:
        """Give drill time in s."""


class Atom(BaseModel):
    """One sentence. `key` is the belief it reads; `held_s` asks for that many seconds unbroken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    op: Op = "is"
    value: float | str | None = None
    upper: float | None = None
    senders: tuple[str, ...] = ()
    held_s: float = 0.0
    negated: bool = False

    @property
    def text(self) -> str:
        """The sentence in one fixed wording, whatever the plan's spelling and units."""
        parts = [self.key, self.op, f"{self.value}", f"{self.upper}", ",".join(self.senders)]
        return " ".join((*parts, f"{self.held_s:g}", "not" if self.negated else ""))

    @cached_property
    def mentions(self) -> tuple[str, ...]:
        """The belief keys whose change can change the truth of this sentence."""
        return tuple(f"{self.key}@{sender}" for sender in self.senders) or (self.key,)

    def holds(self, view: View) -> bool:
        """Tell whether the sentence is true for the role now (unknown counts as false)."""
        true = self._true(view)
        if true and self.held_s:
            start = view.since(self)
            true = start is not None and view.now() - start >= self.held_s - 1e-6
        return true != self.negated

    def _true(self, view: View) -> bool:
        for key in self.mentions:
            believed = view.value(key)
            if believed is not None and self._compare(believed):
                return True
        return False

    def _compare(self, believed: float | str) -> bool:
        if self.op == "is":
            return believed == self.value if self.value is not None else bool(believed)
        if isinstance(believed, str) or not isinstance(self.value, int | float):
            return self.op == "==" and believed == self.value
        bound = float(self.value)
        if self.op == "in":
            return bound <= believed < (self.upper if self.upper is not None else float("inf"))
        return bool(_COMPARISONS[self.op](believed, bound))

    def atoms(self) -> Iterator[Atom]:
        """Give itself."""
        yield self

    def describe(self, lang: Lang) -> str:
        """Say the sentence to a person."""
        head, _, rest = self.key.partition(":")
        if head == "told":
            by = say("cond.by", lang, who=", ".join(self.senders)) if self.senders else ""
            out = say("cond.told", lang, kind=rest, by=by)
        elif head in {"level", "done", "failed", "holds"}:
            field = {"level": "level", "done": "task", "failed": "task", "holds": "scope"}[head]
            out = say(f"cond.{head}", lang, **{field: rest})
        else:
            name = FACTS[self.key].name.say(lang)
            shown = f"[{self.value:g}, {self.upper:g})" if self.op == "in" else self.value
            out = (
                say("cond.is", lang, fact=name)
                if self.op == "is" and self.value is None
                else say("cond.compare", lang, fact=name, op=self.op, value=shown)
            )
        if self.held_s:
            out = say("cond.for", lang, inner=out, minutes=self.held_s / 60)
        return say("cond.not", lang, inner=out) if self.negated else out


class AnyOf(BaseModel):
    """True when one of its parts is."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    any: Annotated[tuple[Condition, ...], Field(min_length=1)]

    @cached_property
    def mentions(self) -> tuple[str, ...]:
        """The belief keys of all parts."""
        return tuple(dict.fromkeys(key for part in self.any for key in part.mentions))

    def holds(self, view: View) -> bool:
        """Tell whether one part is true."""
        return any(part.holds(view) for part in self.any)

    def atoms(self) -> Iterator[Atom]:
        """Give every sentence inside."""
        for part in self.any:
            yield from part.atoms()

    def describe(self, lang: Lang) -> str:
        """Say the parts joined by "or"."""
        return say("cond.any", lang).join(_bracketed(part, lang) for part in self.any)


class AllOf(BaseModel):
    """True when all of its parts are."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    all: Annotated[tuple[Condition, ...], Field(min_length=1)]

    @cached_property
    def mentions(self) -> tuple[str, ...]:
        """The belief keys of all parts."""
        return tuple(dict.fromkeys(key for part in self.all for key in part.mentions))

    def holds(self, view: View) -> bool:
        """Tell whether every part is true."""
        return all(part.holds(view) for part in self.all)

    def atoms(self) -> Iterator[Atom]:
        """Give every sentence inside."""
        for part in self.all:
            yield from part.atoms()

    def describe(self, lang: Lang) -> str:
        """Say the parts joined by "and"."""
        return say("cond.all", lang).join(_bracketed(part, lang) for part in self.all)


def _bracketed(part: Condition, lang: Lang) -> str:
    said = part.describe(lang)
    return said if isinstance(part, Atom) else f"({said})"


_FOR = re.compile(r"^(.*\S)\s+for\s+(\d\S*\s*\S*)$")
_TOLD = re.compile(r"^told\s+([a-z0-9-]+)(?:\s+by\s+(.+))?$")
_STATE = re.compile(r"^(level|done|failed)\s+([a-z0-9-]+(?::[a-z0-9-]+)?)$")
_HOLDS = re.compile(r"^holds\s+([a-z-]+)$")
_RANGE = re.compile(r"^([a-z-]+)\s+in\s+\[\s*([\d.]+)\s*,\s*([\d.]+)\s*\)$")
_COMPARE = re.compile(r"^([a-z-]+)\s*(>=|<=|==|>|<)\s*(.+)$")
_FLAG = re.compile(r"^[a-z][a-z-]*$")


def read_atom(sentence: str) -> Atom:
    """Read one sentence. Raises ValueError that says what is allowed."""
    body, negated = sentence.strip(), False
    if body.startswith("not "):
        body, negated = body[4:].strip(), True
    held_s = 0.0
    if match := _FOR.match(body):
        body, held_s = match.group(1), parse(match.group(2), "duration")
    common: dict[str, Any] = {"held_s": held_s, "negated": negated}
    if match := _TOLD.match(body):
        senders = tuple(s.strip() for s in (match.group(2) or "").split(",") if s.strip())
        return Atom(key=f"told:{match.group(1)}", senders=senders, **common)
    if match := _STATE.match(body):
        return Atom(key=f"{match.group(1)}:{match.group(2)}", **common)
    if match := _HOLDS.match(body):
        return Atom(key=f"holds:{match.group(1)}", **common)
    if match := _RANGE.match(body):
        fact = _known(match.group(1))
        low, high = _value(fact, match.group(2)), _value(fact, match.group(3))
        if isinstance(low, str) or isinstance(high, str) or not low < high:
            raise ValueError(say("cond.syntax", default_lang(), text=sentence))
        return Atom(key=fact, op="in", value=low, upper=high, **common)
    if match := _COMPARE.match(body):
        fact = _known(match.group(1))
        return Atom(key=fact, op=match.group(2), value=_value(fact, match.group(3)), **common)
    if _FLAG.match(body):
        fact = _known(body)
        if FACTS[fact].kind in {"count", "mass-concentration"}:
            raise ValueError(say("cond.needs-value", default_lang(), fact=fact))
        return Atom(key=fact, **common)
    raise ValueError(say("cond.syntax", default_lang(), text=sentence))


def _known(fact: str) -> str:
    if fact not in FACTS:
        hint = did_you_mean(fact, list(FACTS))
        raise ValueError(say("cond.unknown", default_lang(), fact=fact, hint=hint))
    return fact


def _value(fact: str, written: str) -> float | str:
    kind = FACTS[fact].kind
    if kind in {"duration", "mass-concentration"}:
        return parse(written, kind)
    if kind == "word":
        return written.strip()
    try:
        number = float(written)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(say("cond.syntax", default_lang(), text=written))
    return number


def _read(value: object) -> object:
    if isinstance(value, str):
        return read_atom(value)
    if isinstance(value, Mapping) and set(value) == {"any"}:
        return AnyOf(any=value["any"])
    if isinstance(value, Mapping) and set(value) == {"all"}:
        return AllOf(all=value["all"])
    if isinstance(value, Atom | AnyOf | AllOf):
        return value
    if isinstance(value, Mapping) and "key" in value:
        return Atom(**value)
    raise ValueError(say("cond.syntax", default_lang(), text=value))


Condition = Annotated[
    Atom | AnyOf | AllOf,
    BeforeValidator(_read),
    WithJsonSchema(
        {
            "description": "a sentence, or {any: [...]} / {all: [...]} of sentences",
            "anyOf": [
                {
                    "type": "string",
                    "examples": ["detectors >= 2", "told leak-alarm by north-works"],
                },
                {"type": "object", "properties": {"any": {"type": "array"}}},
                {"type": "object", "properties": {"all": {"type": "array"}}},
            ],
        }
    ),
]
AnyOf.model_rebuild()
AllOf.model_rebuild()
