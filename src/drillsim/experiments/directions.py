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
Arms = tuple[Change, Change]
"""What is changed in the arm with less help, and in the one with more."""


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


def direction(scenario: Scenario, arms: Arms, reps: int, seed: int = 1) -> Direction:
    """Run both arms over replications 0..reps-1 (at least 2) and give the paired difference."""
    less, more = (change(scenario) for change in arms)
    changed, idle = [], []
    for rep in range(reps):
        before, after = (_loss(s, seed, rep, "behavioural") for s in (less, more))
        changed.append(after - before)
        idle.append(_loss(less, seed, rep, "none"))
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


def earlier_word(scenario: Scenario) -> Scenario:
    """Let every message to anybody go out within a minute, unverified and without leave."""
    sooner: dict[str, Any] = {"deadline": 60.0, "approval": None, "verify_first": False}
    changes: dict[str, tuple[str, Element] | None] = {
        f"{plan.head.id}/{note.id}": ("notifications", note.model_copy(update=sooner))
        for plan, note in scenario.plan_set.elements("notifications")
    }
    return scenario.with_plans(with_elements(scenario.plan_set, changes))


def more_cooling(scenario: Scenario) -> Scenario:
    """Give every vessel that has a fixed water spray half as much water again."""
    vessels = tuple(
        vessel.model_copy(update={"deluge": min(1.5 * vessel.deluge, 1.0)})
        for vessel in scenario.spec.vessels
    )
    return replace(scenario, spec=scenario.spec.model_copy(update={"vessels": vessels}), memo={})


def wider_boom(scenario: Scenario) -> Scenario:
    """Give every boom crew twice the length of boom."""
    longer = {"boom_length": 2.0 * scenario.spec.boom_length}
    return replace(scenario, spec=scenario.spec.model_copy(update=longer), memo={})


def wider_stair(scenario: Scenario) -> Scenario:
    """Make the stair of a building half as wide again, its shaft with it."""
    building = scenario.spec.building
    wider = building.model_copy(update={"stair_width": 1.5 * building.stair_width})
    return replace(scenario, spec=scenario.spec.model_copy(update={"building": wider}), memo={})


def every_second_stair(scenario: Scenario) -> Scenario:
    """Leave a bridge every second of its stairs only."""
    road = scenario.spec.road
    fewer = road.model_copy(update={"stairs": road.stairs[::2]})
    return replace(scenario, spec=scenario.spec.model_copy(update={"road": fewer}), memo={})


def as_it_is(scenario: Scenario) -> Scenario:
    """Change nothing."""
    return scenario


CREW: Arms = (as_it_is, one_more_crew)
WORD: Arms = (as_it_is, earlier_word)
DIRECTIONS: dict[str, dict[str, Arms]] = {
    "chemical-storage": {
        "one more crew": CREW, "earlier warning, shelter": (as_it_is, earlier_warning),
    },
    "residential-fire": {
        "one more crew": CREW, "earlier word": WORD, "wider stair": (as_it_is, wider_stair),
    },
    "road-transport": {
        "one more crew": CREW, "earlier word": WORD, "more stairs": (every_second_stair, as_it_is),
    },
    "storage-fire": {
        "one more crew": CREW, "earlier word": WORD, "more cooling": (as_it_is, more_cooling),
    },
    "water-transport": {
        "one more crew": CREW, "earlier word": WORD, "wider boom": (as_it_is, wider_boom),
    },
}  # fmt: skip
"""The directions by accident family, each with what it changes in the one arm and in the other."""
