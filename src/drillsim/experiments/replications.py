"""One replication of a scenario in several variants, under the same draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from drillsim.log.runlog import RunLog
from drillsim.scoring.card import Scorecard

Logs = Mapping[str, RunLog]


@dataclass(frozen=True, slots=True)
class Replication:
    """One replication: its logs by variant and its scores."""

    rep: int
    logs: Logs
    card: Scorecard
