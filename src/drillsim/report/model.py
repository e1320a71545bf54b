"""What a report is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from drillsim.log.runlog import RunLog
from drillsim.scenario import Scenario
from drillsim.scoring.card import Loss, Scorecard
from drillsim.scoring.many import ScoreTable


@dataclass(frozen=True)
class ScenarioRun:
    """One scenario with the logs of its variants and their scores.

    `logs` maps a variant ("behavioural", "perfect", ...) to its log of the replication shown;
    `table` holds means and intervals when more than one replication was run, else None.
    """

    scenario: Scenario
    logs: Mapping[str, RunLog]
    card: Scorecard
    table: ScoreTable | None = None

    @property
    def shown(self) -> RunLog:
        """Give the log the pictures show: people as they are, else the first there is."""
        return self.logs.get("behavioural") or next(iter(self.logs.values()))

    @property
    def planned(self) -> RunLog | None:
        """Give the log in which everyone does what the plans say, if it was run."""
        return self.logs.get("perfect")

    @property
    def losses(self) -> Mapping[str, Loss]:
        """Give the losses by variant: means over replications when there are several."""
        if self.table is None or self.table.n < 2:
            return self.card.losses
        return {
            variant: Loss(
                parts["deaths"][0],
                parts["serious"][0],
                parts["exposed"][0],
                environment=parts["environment"][0],
            )
            for variant, parts in self.table.losses.items()
        }
