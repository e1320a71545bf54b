"""Scores over replications: means, intervals, and effectiveness as a ratio of mean losses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from drillsim.i18n import Text, catalogue
from drillsim.scoring.card import (
    LOSS_WEIGHTS,
    PILLAR_WEIGHTS,
    Grade,
    Pillar,
    Scorecard,
    composite_of,
    grade_of,
    said,
)
from drillsim.scoring.kernel import mean_interval, saved_share, wilson
from drillsim.scoring.linkage import RUNS_FOR_SEAMLESS, verdict_of
from drillsim.scoring.resample import Floats, Statistic, bca_interval

catalogue(
    {
        "many.name": ("综合得分", "composite"),
        "many.noise": (
            "可避免损失 {gain:.3g} 小于其自身误差 {half:.3g}，不评",
            "the avoidable loss {gain:.3g} is smaller than its own half-width {half:.3g}",
        ),
        "many.never": ("各次运行均未评分", "no replication could be scored"),
        "many.one": ("{done} / {n} 次有值", "a value in {done} of {n} runs"),
    }
)


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One score over replications: mean and 95 % interval; `low`, `high` None for one run.

    `id` is the pillar, `pillar.part` or "composite"; `n` counts the runs that had a value.
    """

    id: str
    name: Text
    mean: float | None
    low: float | None
    high: float | None
    n: int
    skipped: Text | None = None

    @property
    def half_width(self) -> float | None:
        """Give half the width of the interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2.0


@dataclass(frozen=True)
class ScoreTable:
    """All scores over replications of one scenario and plan set.

    `losses[variant][component]` is (mean, half-width or None), with `scalar` among the components;
    `interfaces[id]` is (criticality, times on time, times required); `worst_fifth` the mean scalar
    loss of the worst 20 % of runs by variant.
    """

    scenario: str
    plan_set: str
    n: int
    rows: tuple[ScoreRow, ...]
    grade: Grade
    losses: Mapping[str, Mapping[str, tuple[float, float | None]]]
    worst_fifth: Mapping[str, float]
    interfaces: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    verdict: str = "partial"

    def row(self, row_id: str) -> ScoreRow:
        """Give a row by id. Raises KeyError."""
        for row in self.rows:
            if row.id == row_id:
                return row
        raise KeyError(row_id)

    def say_verdict(self, lang: Any) -> str:
        """Say the verdict on linkage; below 35 runs that seamless was not judged."""
        verdict = said(f"verdict.{self.verdict}")
        if self.n >= RUNS_FOR_SEAMLESS or self.verdict == "broken":
            return verdict.say(lang)
        return said("verdict.not-judged", verdict=verdict, n=self.n).say(lang)

    def plain(self, lang: Any) -> dict[str, Any]:
        """Give the table as JSON-like data in a language."""
        return {
            "n": self.n,
            "scores": {
                row.id: {
                    "mean": row.mean, "low": row.low, "high": row.high, "n": row.n,
                    "skipped": row.skipped.say(lang) if row.skipped else None,
                }
                for row in self.rows
            },
            "grade": self.grade.say(lang),
            "losses": {
                v: {k: {"mean": m, "half_width": h} for k, (m, h) in parts.items()}
                for v, parts in self.losses.items()
            },
            "worst_fifth": dict(self.worst_fifth),
            "verdict": self.say_verdict(lang),
            "interfaces": {
                k: {
                    "criticality": c, "on_time": kept, "required": asked,
                    "wilson": list(wilson(kept, asked)),
                }
                for k, (c, kept, asked) in self.interfaces.items()
            },
        }  # fmt: skip


def score_many(cards: Sequence[Scorecard]) -> ScoreTable:
    """Join the scorecards of replications of one scenario under one plan set.

    Means with Student t intervals; effectiveness as a ratio of mean losses (so that E_total =
    E_plan x E_exec holds for the means) with a seed-paired BCa bootstrap of fixed draws, skipped
    where the mean avoidable loss is smaller than its own half-width.
    Raises ValueError without cards or for cards of different scenarios or plan sets.
    """
    kinds = sorted({(card.scenario, card.plan_set) for card in cards})
    if len(kinds) != 1:
        raise ValueError(f"cards of one scenario and plan set are needed, got {kinds}")
    rows: list[ScoreRow] = []
    pillars: list[Pillar] = []
    for position, pillar_id in enumerate(PILLAR_WEIGHTS):
        group = [card.pillars[position] for card in cards]
        if pillar_id == "effectiveness":
            found = _effectiveness_rows(cards)
        else:
            found = [
                _mean_row(pillar_id, group[0].name, [p.value for p in group], group[0].skipped)
            ]
            found += _part_rows(pillar_id, group)
        rows += found
        pillars.append(Pillar(pillar_id, group[0].name, found[0].mean, (), found[0].skipped))
    composite = composite_of(pillars)
    spread = _mean_row("composite", said("many.name"), [c.composite for c in cards], None)
    half = spread.half_width
    low = None if composite is None or half is None else max(0.0, composite - half)
    high = None if composite is None or half is None else min(1.0, composite + half)
    rows.append(ScoreRow("composite", said("many.name"), composite, low, high, spread.n))
    interfaces = _interfaces(cards)
    partial = any(pillar.value is None for pillar in pillars)
    return ScoreTable(
        *kinds[0], len(cards), tuple(rows), grade_of(composite, partial), _losses(cards),
        _worst(cards), interfaces, _verdict(cards, pillars[2].value, interfaces),
    )  # fmt: skip


def _mean_row(
    row_id: str, name: Text, values: Sequence[float | None], skipped: Text | None
) -> ScoreRow:
    live = [value for value in values if value is not None]
    if not live:
        return ScoreRow(row_id, name, None, None, None, 0, skipped or said("many.never"))
    mean, half = mean_interval(live)
    if half is None:
        return ScoreRow(row_id, name, mean, None, None, len(live))
    low, high = mean - half, mean + half
    if all(0.0 <= value <= 1.0 for value in live):
        low, high = max(0.0, low), min(1.0, high)
    return ScoreRow(row_id, name, mean, low, high, len(live))


def _part_rows(pillar_id: str, group: Sequence[Pillar]) -> list[ScoreRow]:
    rows = []
    ids = dict.fromkeys(part.id for pillar in group for part in pillar.parts)
    for part_id in ids:
        parts = [part for pillar in group for part in pillar.parts if part.id == part_id]
        values = [part.value for part in parts]
        rows.append(_mean_row(f"{pillar_id}.{part_id}", parts[0].name, values, parts[0].skipped))
    return rows


# --- effectiveness over seeds ---------------------------------------------------------------------


def _effectiveness_rows(cards: Sequence[Scorecard]) -> list[ScoreRow]:
    name = cards[0].effectiveness.name
    shared = sorted(set.intersection(*(set(card.losses) for card in cards)))
    for variant in ("none", "behavioural", "reference"):
        if variant not in shared:
            reason = said("score.no-run", variant=variant)
            return [ScoreRow("effectiveness", name, None, None, None, 0, reason)]
    loss = {v: np.array([card.losses[v].scalar for card in cards]) for v in shared}
    gain, half = mean_interval((loss["none"] - loss["reference"]).tolist())
    if gain <= max(half or 0.0, 1e-9):
        reason = said("many.noise", gain=gain, half=half or 0.0)
        return [ScoreRow("effectiveness", name, None, None, None, 0, reason)]
    rows = [_ratio_row("effectiveness", name, loss, _saved("behavioural"))]
    if "perfect" in loss:
        rows.append(_ratio_row("effectiveness.E_plan", said("e.plan"), loss, _saved("perfect")))
        if abs(float(np.mean(loss["none"] - loss["perfect"]))) > 1e-9:
            rows.append(_ratio_row("effectiveness.E_exec", said("e.exec"), loss, _executed))
    if "perfect" in loss and "ideal-links" in loss:
        lost = (loss["perfect"] - loss["ideal-links"]).tolist()
        rows.append(_mean_row("effectiveness.dL", said("e.link"), lost, None))
    return rows


def _saved(variant: str) -> Statistic:
    def of(means: Mapping[str, Floats]) -> Floats:
        return np.asarray(saved_share(means["none"], means[variant], means["reference"]))  # type: ignore[arg-type]

    return of


def _executed(means: Mapping[str, Floats]) -> Floats:
    return np.asarray((means["none"] - means["behavioural"]) / (means["none"] - means["perfect"]))


def _ratio_row(
    row_id: str, name: Text, loss: Mapping[str, Floats], statistic: Statistic
) -> ScoreRow:
    value = float(statistic({v: x.mean(keepdims=True) for v, x in loss.items()})[0])
    n = len(loss["none"])
    interval = bca_interval(loss, statistic, value)
    low, high = interval if interval is not None else (None, None)
    return ScoreRow(row_id, name, value, low, high, n)


# --- losses and linkage ---------------------------------------------------------------------------


def _losses(cards: Sequence[Scorecard]) -> dict[str, dict[str, tuple[float, float | None]]]:
    variants = dict.fromkeys(v for card in cards for v in card.losses)
    return {
        v: {
            key: mean_interval(
                [float(getattr(c.losses[v], key) or 0.0) for c in cards if v in c.losses]
            )
            for key in (*LOSS_WEIGHTS, "scalar")
        }
        for v in variants
    }


def _worst(cards: Sequence[Scorecard]) -> dict[str, float]:
    """Give the mean scalar loss of the worst fifth of the runs (CVaR 80 %)."""
    out = {}
    for variant in dict.fromkeys(v for card in cards for v in card.losses):
        scalars = sorted(
            (c.losses[variant].scalar for c in cards if variant in c.losses), reverse=True
        )
        kept = scalars[: max(1, round(len(scalars) / 5))]
        out[variant] = sum(kept) / len(kept)
    return out


def _interfaces(cards: Sequence[Scorecard]) -> dict[str, tuple[int, int, int]]:
    found: dict[str, tuple[int, int, int]] = {}
    for card in cards:
        for row_id, row in _k_rows(card).items():
            level, kept, asked = found.get(row_id, (int(row["criticality"]), 0, 0))
            found[row_id] = (level, kept + bool(row["on_time"]), asked + 1)
    return dict(sorted(found.items()))


def _k_rows(card: Scorecard) -> Mapping[str, Any]:
    for part in card.linkage.parts:
        if part.id == "K_D":
            rows: Mapping[str, Any] = part.detail.get("interfaces", {})
            return rows
    return {}


def _verdict(
    cards: Sequence[Scorecard], k: float | None, interfaces: Mapping[str, tuple[int, int, int]]
) -> str:
    gaps = [
        float(part.detail["G"])
        for card in cards
        for part in card.linkage.parts
        if part.id == "H" and part.value is not None
    ]
    gap = sum(gaps) / len(gaps) if gaps else 1.0
    broken = any(_broken(card) for card in cards)
    return verdict_of(interfaces, k, gap, len(cards), broken)


def _broken(card: Scorecard) -> bool:
    """Tell whether a life-saving interface that nobody declares went with a loss to linkage."""
    undeclared = any(
        row["criticality"] >= 5 and not row["declared"] for row in _k_rows(card).values()
    )
    losses = card.losses
    if not undeclared or not {"perfect", "ideal-links"} <= set(losses):
        return False
    return losses["perfect"].scalar > losses["ideal-links"].scalar
