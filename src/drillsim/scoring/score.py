"""One scorecard from a scenario and the logs of its run variants."""

from __future__ import annotations

from collections.abc import Mapping

from drillsim.log.runlog import RunLog
from drillsim.scenario import Scenario
from drillsim.scoring.accuracy import accuracy_pillar
from drillsim.scoring.capability import capability_pillar
from drillsim.scoring.card import (
    Scorecard,
    composite_of,
    grade_of,
    losses_of,
    lost_points,
)
from drillsim.scoring.effectiveness import effectiveness_pillar
from drillsim.scoring.linkage import linkage_pillar
from drillsim.scoring.window import Window

VARIANTS: tuple[str, ...] = ("none", "perfect", "ideal-links", "behavioural", "reference")


def score(scenario: Scenario, logs: Mapping[str, RunLog]) -> Scorecard:
    """Give the scorecard of one replication; a pure function of its arguments.

    `logs` maps run variants (any of `VARIANTS`) to the logs of one seed and replication; what a
    missing variant would have told is skipped with that reason.
    Raises ValueError without a log, for an unknown variant or for logs of different draws.
    """
    unknown = sorted(set(logs) - set(VARIANTS))
    if not logs or unknown:
        raise ValueError(f"logs by variant are needed ({', '.join(VARIANTS)}), got {unknown}")
    draws = sorted({(log.seed, log.rep) for log in logs.values()})
    if len(draws) > 1:
        raise ValueError(f"the logs belong to different draws: {draws}")
    windows = {variant: Window(scenario, log) for variant, log in sorted(logs.items())}
    losses = losses_of(logs)
    pillars = (
        accuracy_pillar(windows),
        effectiveness_pillar(windows, losses),
        linkage_pillar(windows),
        capability_pillar(windows),
    )
    composite = composite_of(pillars)
    partial = any(pillar.value is None for pillar in pillars)
    first = next(iter(windows.values())).log
    return Scorecard(
        scenario.id, first.plan_set, first.seed, first.rep, *pillars, composite,
        grade_of(composite, partial), losses, lost_points(pillars, scenario.plan_set),
    )  # fmt: skip
