"""More help, or help earlier, costs nobody anything: 200 fixed paired replications, slow."""

from __future__ import annotations

from pathlib import Path

import pytest

from drillsim.experiments.directions import DIRECTIONS, direction
from drillsim.scenario import read_scenario

LONGCHENG = Path(__file__).parents[2] / "scenarios" / "longcheng"


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(DIRECTIONS))
@pytest.mark.parametrize("scenario", ["cl-1", "cl-2"])
def test_direction_holds(scenario: str, name: str) -> None:
    found = direction(read_scenario(LONGCHENG / f"{scenario}.yaml"), DIRECTIONS[name], 200)
    print(f"{scenario} {name}: {found}")
    assert found.holds, found
