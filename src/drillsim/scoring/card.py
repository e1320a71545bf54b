"""The scorecard: four pillars with their parts, losses, what was lost and which clause did it."""

from __future__ import annotations

import builtins
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from drillsim.i18n import Text, catalogue, say
from drillsim.log.runlog import RunLog
from drillsim.plans.sets import PlanSet
from drillsim.scoring.kernel import geometric_mean

catalogue(
    {
        "score.accuracy": ("精准度", "accuracy"),
        "score.effectiveness": ("有效性", "effectiveness"),
        "score.linkage": ("衔接度", "linkage"),
        "score.capability": ("综合处置能力", "capability"),
        "grade.excellent": ("优", "excellent"),
        "grade.good": ("良", "good"),
        "grade.fair": ("一般", "fair"),
        "grade.poor": ("差", "poor"),
        "grade.none": ("未评分", "not graded"),
        "grade.partial": ("{grade}（部分）", "{grade} (partial)"),
        "score.no-run": (
            "缺少运行方案“{variant}”",
            "the run variant “{variant}” is missing",
        ),
        "score.no-parts": ("没有可评分的分项", "no part could be scored"),
        "score.no-detection": (
            "事故未被发现，无从评分",
            "nothing was detected, so nothing is asked",
        ),
    }
)

LOSS_WEIGHTS: Mapping[str, float] = {
    "deaths": 1.0, "serious": 0.3, "exposed": 0.003, "environment": 0.02,
}  # fmt: skip
"""1 death = 10/3 serious injuries (equal lower bounds of 较大, Order 493 art. 3); 1 exposed person
0.003, 1 t of loss to waters 0.02 (both ours, unverified)."""

_LOST_FIELDS = ("pillar", "part", "points", "clause", "where")

PILLAR_WEIGHTS: Mapping[str, float] = {
    "accuracy": 0.25, "effectiveness": 0.30, "linkage": 0.25, "capability": 0.20,
}  # fmt: skip
GRADES: tuple[tuple[float, str], ...] = ((0.90, "excellent"), (0.75, "good"), (0.60, "fair"))
FLOOR = 0.01
"""What a pillar counts at least in the composite, so that one bad pillar does not erase all."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What a run cost: deaths, seriously hurt, people above AEGL-2.

    `environment` is in t of what the family's own account counts, None where nothing keeps one;
    property (yuan) stays None until it has a model.
    """

    deaths: float
    serious: float
    exposed: float
    property: float | None = None
    environment: float | None = None

    @builtins.property  # the field `property` hides the plain name here
    def scalar(self) -> float:
        """Give the weighted sum (`LOSS_WEIGHTS`), in deaths; never show it without the vector."""
        return sum(weight * self.part(key) for key, weight in LOSS_WEIGHTS.items())

    def part(self, key: str) -> float:
        """Give one component; one that is not modelled counts nothing."""
        return float(getattr(self, key) or 0.0)


@dataclass(frozen=True, slots=True)
class LostPoint:
    """A piece of a pillar that was lost, and why.

    `points` are points of the pillar's value; those of one part add up to what the part lost.
    `events` are (variant, event id); `clause` is `plan/element`, or "" when no plan says it;
    `where` is `file:line` of that element, or "".
    """

    pillar: str
    part: str
    points: float
    message: Text
    events: tuple[tuple[str, int], ...] = ()
    clause: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Blame:
    """A reason for a loss with its share of blame (any unit), before it becomes points."""

    share: float
    message: Text
    events: tuple[tuple[str, int], ...] = ()
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a pillar: its value in [0, 1], or why it was skipped. Weight 0: only shown."""

    id: str
    name: Text
    value: float | None
    weight: float
    skipped: Text | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    blames: tuple[Blame, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Pillar:
    """One of the four scores, the weighted mean of its parts (see each pillar's module)."""

    id: str
    name: Text
    value: float | None
    parts: tuple[Part, ...] = ()
    skipped: Text | None = None

    def part(self, part_id: str) -> Part:
        """Give a part by id. Raises KeyError."""
        for part in self.parts:
            if part.id == part_id:
                return part
        raise KeyError(part_id)


@dataclass(frozen=True, slots=True)
class Grade:
    """优 良 一般 差; `partial` when a pillar was skipped."""

    id: str
    partial: bool

    def say(self, lang: Any) -> str:
        """Give the grade in a language."""
        name = say(f"grade.{self.id}", lang)
        return say("grade.partial", lang, grade=name) if self.partial else name


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All scores of one replication of a scenario."""

    scenario: str
    plan_set: str
    seed: int
    rep: int
    accuracy: Pillar
    effectiveness: Pillar
    linkage: Pillar
    capability: Pillar
    composite: float | None
    grade: Grade
    losses: Mapping[str, Loss]
    lost: tuple[LostPoint, ...]

    @property
    def pillars(self) -> tuple[Pillar, Pillar, Pillar, Pillar]:
        """Give the four pillars in order."""
        return (self.accuracy, self.effectiveness, self.linkage, self.capability)

    def plain(self, lang: Any) -> dict[str, Any]:
        """Give the card as JSON-like data in a language."""
        return {
            **{pillar.id: _plain_pillar(pillar, lang) for pillar in self.pillars},
            "composite": self.composite,
            "grade": self.grade.say(lang),
            "losses": {k: {**asdict(v), "scalar": v.scalar} for k, v in self.losses.items()},
            "loss_weights": dict(LOSS_WEIGHTS),
            "lost": [
                {
                    **{key: getattr(point, key) for key in _LOST_FIELDS},
                    "message": point.message.say(lang),
                    "events": [list(event) for event in point.events],
                }
                for point in self.lost
            ],
        }  # fmt: skip


def _plain_pillar(pillar: Pillar, lang: Any) -> dict[str, Any]:
    return {
        "name": pillar.name.say(lang),
        "value": pillar.value,
        "skipped": pillar.skipped.say(lang) if pillar.skipped else None,
        "parts": [
            {
                "id": part.id,
                "name": part.name.say(lang),
                "value": part.value,
                "weight": part.weight,
                "skipped": part.skipped.say(lang) if part.skipped else None,
                "detail": _spoken(part.detail, lang),
            }
            for part in pillar.parts
        ],
    }


def _spoken(value: Any, lang: Any) -> Any:
    if isinstance(value, Text):
        return value.say(lang)
    if isinstance(value, Mapping):
        return {str(k): _spoken(v, lang) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_spoken(v, lang) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def said(key: str, /, **fields: Any) -> Text:
    """Give a catalogue message in both languages; `Text` fields are said in each."""
    both = {
        lang: say(
            key, lang, **{k: v.say(lang) if isinstance(v, Text) else v for k, v in fields.items()}
        )
        for lang in ("zh", "en")
    }  # fmt: skip
    return Text(zh=both["zh"], en=both["en"])


def pillar_of(pillar_id: str, parts: Sequence[Part], cap: float | None = None) -> Pillar:
    """Join parts by weight; a skipped part's weight is shared among the others of its pillar."""
    live = [part for part in parts if part.value is not None and part.weight > 0.0]
    name = said(f"score.{pillar_id}")
    if not live:
        return Pillar(pillar_id, name, None, tuple(parts), said("score.no-parts"))
    whole = sum(part.weight for part in live)
    value = sum(part.weight * (part.value or 0.0) for part in live) / whole
    if cap is not None:
        value = min(value, cap)
    return Pillar(pillar_id, name, value, tuple(parts))


def skipped_pillar(pillar_id: str, reason: Text) -> Pillar:
    """Give a pillar that could not be scored, with the reason."""
    return Pillar(pillar_id, said(f"score.{pillar_id}"), None, (), reason)


def lost_points(pillars: Iterable[Pillar], plan_set: PlanSet) -> tuple[LostPoint, ...]:
    """Turn the blames of all parts into points, the largest first.

    The points of a part are shared by blame and add up to weight x (1 - value) exactly, so that
    nothing lost goes unexplained and nothing is explained twice.
    """
    out = []
    for pillar in pillars:
        live = [part for part in pillar.parts if part.value is not None and part.weight > 0.0]
        whole = sum(part.weight for part in live)
        for part in live:
            lost = part.weight / whole * (1.0 - (part.value or 0.0))
            blames = [blame for blame in part.blames if blame.share > 0.0]
            total = sum(blame.share for blame in blames)
            if lost <= 1e-12 or total <= 0.0:
                continue
            out += [
                LostPoint(
                    pillar.id, part.id, lost * blame.share / total, blame.message, blame.events,
                    blame.clause, origin(plan_set, blame.clause),
                )
                for blame in blames
            ]  # fmt: skip
    return tuple(sorted(out, key=lambda p: (-p.points, p.pillar, p.part, p.message.en)))


def origin(plan_set: PlanSet, clause: str) -> str:
    """Give `file:line` of an element `plan/element`, or "" when it has none."""
    plan_id, _, element_id = clause.partition("/")
    found = plan_set.origins.get((plan_id, element_id))
    return f"{found.file}:{found.line}" if found else ""


def losses_of(logs: Mapping[str, RunLog]) -> dict[str, Loss]:
    """Give the loss of every variant from its `people-final` totals and its account of waters."""
    out = {}
    for variant, log in sorted(logs.items()):
        totals = [e.data for e in log.of("people-final") if e.subject == "all"]
        if totals:
            last = totals[-1]
            waters = [
                float(e.data["value"]) for e in log.of("truth") if e.subject == "environment-loss"
            ]
            out[variant] = Loss(
                float(last["deaths"]), float(last["serious"]), float(last["exposed"]),
                environment=waters[-1] if waters else None,
            )  # fmt: skip
    return out


def composite_of(pillars: Iterable[Pillar]) -> float | None:
    """Give the weighted geometric mean of the pillars that have a value, in (0, 1].

    One bad pillar must show, which an arithmetic mean would hide. Each value is held within
    [0.01, 1]; with a skipped pillar the other weights are renormalised.
    """
    rows = [(PILLAR_WEIGHTS[p.id], p.value) for p in pillars if p.value is not None]
    return geometric_mean(rows, FLOOR)


def grade_of(composite: float | None, partial: bool, harmed: bool = False) -> Grade:
    """Give the grade of a composite; `harmed` (an open critical finding hurt people) caps it.

    Bands of a Chinese enterprise drill form: 0.90, 0.75, 0.60, half-open.
    """
    if composite is None:
        return Grade("none", partial)
    name = next((grade for bound, grade in GRADES if composite >= bound), "poor")
    if harmed and name in {"excellent", "good"}:
        name = "fair"
    return Grade(name, partial)
