"""More help, or help earlier, costs nobody anything: 200 fixed paired replications, slow."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from drillsim.experiments.directions import DIRECTIONS, direction
from drillsim.scenario import Scenario, read_scenario

LONGCHENG = Path(__file__).parents[2] / "scenarios" / "longcheng"
CHEMICAL = ("one more crew", "earlier warning, shelter")
DWELLING = ("one more crew", "earlier word")
HOLD = [
    *((scenario, "2024", name) for scenario in ("cl-1", "cl-2") for name in CHEMICAL),
    *((scenario, "2024", name) for scenario in ("rf-1", "rf-3") for name in DWELLING),
    *((scenario, "2024", "wider stair") for scenario in ("rf-1", "rf-3")),
    *(("rt-1", "2024", name) for name in ("one more crew", "earlier word")),
    ("rt-1", "2026-draft", "more stairs"),
    *(("sf-1", "2026-draft", name) for name in ("earlier word", "more cooling")),
    *(("ww-1", "2024", name) for name in ("one more crew", "earlier word")),
    ("ww-2", "2024", "wider boom"),
]
# Under the plans in force nobody calls crews back from a sphere about to burst: whoever comes more,
# or sooner, stands in the fireball. The draft withdraws them, and there the directions hold.
# More crews stay a gamble there too: mostly nothing, rarely one more crew in reach (mean -0.06,
# bound 2.1 % of the loss of doing nothing).
COUNTER = [
    *(("sf-1", "2024", name) for name in ("one more crew", "earlier word")),
    ("sf-1", "2026-draft", "one more crew"),
]


@cache
def shipped(name: str, plans: str) -> Scenario:
    return read_scenario(LONGCHENG / f"{name}.yaml", LONGCHENG / "plans" / plans)


@pytest.mark.parametrize(("name", "plans", "change"), [*HOLD, *COUNTER])
def test_the_arms_differ(name: str, plans: str, change: str) -> None:
    """A direction that changes nothing would hold for no reason."""
    scenario = shipped(name, plans)
    less, more = (arm(scenario) for arm in DIRECTIONS[scenario.file.family][change])
    assert less.digest != more.digest


@pytest.mark.slow
@pytest.mark.parametrize(("name", "plans", "change"), [*HOLD, *COUNTER])
def test_a_direction_holds_but_for_the_counter_examples(name: str, plans: str, change: str) -> None:
    scenario = shipped(name, plans)
    found = direction(scenario, DIRECTIONS[scenario.file.family][change], 200)
    print(f"{name} {plans} {change}: {found}")
    assert found.holds == ((name, plans, change) not in COUNTER), found
