"""Scores: pure functions of a scenario and its logs."""

from __future__ import annotations

from drillsim.scoring.card import (
    Grade,
    Loss,
    LostPoint,
    Part,
    Pillar,
    Scorecard,
)
from drillsim.scoring.many import ScoreRow, ScoreTable, score_many
from drillsim.scoring.score import VARIANTS, score

__all__ = [
    "VARIANTS",
    "Grade",
    "Loss",
    "LostPoint",
    "Part",
    "Pillar",
    "ScoreRow",
    "ScoreTable",
    "Scorecard",
    "score",
    "score_many",
]
