"""Directions that must hold: more help, or help earlier, never costs more, within a stated bound.

Each direction is one change of a scenario that ought not to harm anybody. Both arms are run under
common random numbers; the direction holds when the one-sided 95 % bound of the mean difference of
the loss is at most 1 % of the loss when nobody acts. A genuine counter-example is kept and told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import sqrt
from statistics import fmean, stdev
from typing import Any

from scipy.stats import t as student

from drillsim.engine.session import run
from drillsim.plans.model import Element
from drillsim.plans.sets import with_elements
from drillsim.scenario import Scenario
from drillsim.scoring.card import losses_of

ALLOWED_SHARE = 0.01
PUBLIC = frozenset({"warn-public", "instruct-occupants"})
Change = Callable[[Scenario], Scenario]


@dataclass(frozen=True, slots=True)
class Direction:
    """A paired difference of the loss (changed minus as it is) over `n` replications.

    `upper` is its one-sided 95 % bound, `idle` the mean loss when nobody acts on a plan.
    """

    n: int
    mean: float
    upper: float
    idle: float

    @property
    def holds(self) -> bool:
        """Tell whether more help costs at most 1 % of the loss of doing nothing."""
        return self.upper <= ALLOWED_SHARE * self.idle


def direction(scenario: Scenario, change: Change, reps: int, seed: int = 1) -> Direction:
    """Run both arms over replications 0..reps-1 (at least 2) and give the paired difference."""
    other = change(scenario)
    changed, idle = [], []
    for rep in range(reps):
        as_is, more = (_loss(s, seed, rep, "behavioural") for s in (scenario, other))
        changed.append(more - as_is)
        idle.append(_loss(scenario, seed, rep, "none"))
    error = stdev(changed) / sqrt(reps)
    upper = fmean(changed) + float(student.ppf(0.95, reps - 1)) * error
    return Direction(reps, fmean(changed), upper, fmean(idle))


def _loss(scenario: Scenario, seed: int, rep: int, variant: str) -> float:
    log = run(scenario, seed, rep, variant)
    return losses_of({variant: log})[variant].scalar


def one_more_crew(scenario: Scenario) -> Scenario:
    """Give every house one unit more of everything it has, by day and by night."""
    plan_set = scenario.plan_set
    more = {
        key: crew.model_copy(
            update={
                "units": crew.units + 1,
                "night_units": None if crew.night_units is None else crew.night_units + 1,
            }
        )
        for key, crew in plan_set.resources.items()
    }
    return scenario.with_plans(replace(plan_set, resources=more))


def earlier_warning(scenario: Scenario) -> Scenario:
    """Let every warning go out within a minute and without leave; the public is told to stay in.

    Whoever stands at the source keeps the instruction of his own plan: sheltering there is worse
    than leaving, and made this very direction fail while it applied to him too.
    """
    sooner: dict[str, Any] = {"deadline": 60.0, "approval": None}
    changes: dict[str, tuple[str, Element] | None] = {}
    for section in ("protective", "tasks", "notifications"):
        for plan, duty in scenario.plan_set.elements(section):
            update = dict(sooner)
            if section == "protective":
                update["action"] = "shelter"
            elif section == "tasks":
                if duty.verb not in PUBLIC:
                    continue
                if duty.verb == "warn-public":
                    update["action"] = "shelter"
            else:
                if not (duty.kind.endswith("alarm") or duty.kind == "protective-order"):
                    continue
                update["verify_first"] = False
            changes[f"{plan.head.id}/{duty.id}"] = (section, duty.model_copy(update=update))
    return scenario.with_plans(with_elements(scenario.plan_set, changes))


DIRECTIONS: dict[str, Change] = {
    "one more crew": one_more_crew,
    "earlier warning, shelter": earlier_warning,
}
