"""Who sleeps on which storey when a residential fire starts: one group a person, flat by flat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drillsim.engine.settlement import Floats, Place, Settlement
from drillsim.hazards.residential_fire import ResidentialFireSpec
from drillsim.scenario import Scenario

# Sizes of households in turn, 2.6 on average, and which of 20 people cannot walk (ours).
HOUSEHOLDS = (1, 2, 3, 4, 2, 3, 3, 3)
# Flats of a storey that face the light well: every other one.
FACING_EVERY = 2


@dataclass(frozen=True, eq=False)
class Residents:
    """Where everybody of the settlement lives: arrays (n,).

    `floor` counts from 1 (house of a row likewise), `flat` counts through the building from 0,
    `facing`: the flat's windows look into the light well.
    """

    floor: NDArray[np.intp]
    flat: NDArray[np.intp]
    facing: NDArray[np.bool_]


def settle(scenario: Scenario) -> Settlement:
    """Give the residents of the building (once a scenario)."""
    known = scenario.memo.get("settlement")
    if isinstance(known, Settlement):
        return known
    settlement, residents = _settle(scenario)
    scenario.memo["settlement"] = settlement
    scenario.memo["residents"] = residents
    return settlement


def residents_of(scenario: Scenario) -> Residents:
    """Give where everybody lives."""
    settle(scenario)
    found = scenario.memo["residents"]
    assert isinstance(found, Residents)
    return found


def household_heads(flats: int, heads: int) -> NDArray[np.intp]:
    """Give the people of each flat, (flats,): households of usual sizes that add up to `heads`."""
    wanted = np.resize(np.array(HOUSEHOLDS, dtype=float), flats)
    exact = wanted / wanted.sum() * heads
    whole = np.floor(exact).astype(np.intp)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: heads - int(whole.sum())]] += 1
    return np.asarray(whole, dtype=np.intp)


def _settle(scenario: Scenario) -> tuple[Settlement, Residents]:
    spec = scenario.spec
    assert isinstance(spec, ResidentialFireSpec)
    house = spec.building
    facility = scenario.city.facilities[spec.at]
    lowest = 2 if spec.seat == "ground-floor" else 1
    storeys = np.arange(lowest, house.floors + 1)
    heads = round(facility.heads_at(scenario.hour) * scenario.file.occupancy.factor)
    flats = household_heads(storeys.size * house.flats, max(heads, 1))
    flat = np.repeat(np.arange(flats.size), flats)
    row = flat // house.flats
    n = flat.size
    places = tuple(
        Place(
            house.place_id(int(storey)), "floor", facility.org, *facility.xy,
            int(flats[k * house.flats : (k + 1) * house.flats].sum()), 0.5, 0.2, facility.mobility,
        )
        for k, storey in enumerate(storeys)
    )  # fmt: skip
    every = round(1.0 / facility.mobility) if facility.mobility > 0.0 else n + 1
    still = np.arange(n) % every == every - 1
    x, y = facility.xy
    settlement = Settlement(
        places, row.astype(np.intp), np.ones(n), np.full(n, x), np.full(n, y),
        np.zeros(n, dtype=bool), np.full(n, 0.5), np.full(n, 0.2), still,
    )  # fmt: skip
    facing = (flat % FACING_EVERY == 0) & (house.well_side > 0.0)
    return settlement, Residents(storeys[row].astype(np.intp), flat, facing)


def flat_trait(scenario: Scenario, draws: Floats) -> Floats:
    """Give everybody the draw of his household: `draws` (flats,)."""
    return np.asarray(draws[residents_of(scenario).flat])
