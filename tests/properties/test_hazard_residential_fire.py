"""Properties of every fire in a building: the past stays, nothing burns twice, water helps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drillsim.hazards import Change, Weather
from drillsim.hazards.residential_fire import (
    KINDS,
    MOST_LPM,
    ResidentialFire,
    ResidentialFireSpec,
    build,
)
from drillsim.physics.design_fire import item_fire

FROST = Weather(wind_from="40 deg", wind_speed="2 m/s", stability="E", temperature="-2 C")
TOWER: dict[str, Any] = {
    "floors": 18, "well_side": "4 m", "to_well": "50 %", "exit_through_fire": True,
}  # fmt: skip
ROW = {"floors": 10, "flat_side": "7 m", "gap": "0.3 m", "lane": "2.6 m", "fans": "none"}
SEATS: dict[str, Callable[[], ResidentialFire]] = {
    "tower": lambda: fire(seat="ground-floor", bikes=20, building=TOWER),
    "flat": lambda: fire(seat="flat", floor=6, growth="fast", building={"floors": 18}),
    "row": lambda: fire(seat="row", floor=5, growth="fast", building=ROW),
}
FEW = settings(max_examples=12, deadline=None, database=None, derandomize=True)
seats = st.sampled_from(sorted(SEATS))
moments = st.floats(0.0, 3000.0, allow_nan=False)
changes = st.builds(Change, st.sampled_from(KINDS), st.floats(0.0, 1.0, allow_nan=False))
TIMES = np.arange(0.0, 4200.0, 170.0)


def fire(**block: Any) -> ResidentialFire:
    spec = ResidentialFireSpec(at="here", **block)
    return build(spec, (0.0, 0.0), FROST)


def picture(of: ResidentialFire) -> np.ndarray:
    """Everything there is at the looked-at times, one row a time."""
    rows = [
        np.concatenate(
            [
                of.held("stair", t).ravel(), of.held("lobby", t).ravel(), of.well(t),
                [of.heat_kw(t)],
            ]
        )
        for t in TIMES.tolist()
    ]  # fmt: skip
    return np.array(rows)


def water(lpm: float) -> Change:
    return Change("water", 1.0 - lpm / MOST_LPM)


@FEW
@given(
    seat=seats, history=st.lists(st.tuples(changes, moments), max_size=3), last=changes, at=moments
)
def test_no_change_touches_the_past(seat, history, last, at) -> None:
    before = SEATS[seat]()
    for earlier, moment in sorted(history, key=lambda h: h[1]):
        before = before.after(earlier, moment)
    at = max([at, *(moment for _, moment in history)])
    was = picture(before)
    now = picture(before.after(last, at))
    assert np.array_equal(was[at >= TIMES], now[at >= TIMES])
    assert np.array_equal(picture(before), was), "the field itself is not changed either"


@FEW
@given(seat=seats, lpm=st.floats(0.0, 6000.0), more=st.floats(100.0, 4000.0), at=moments)
def test_more_water_never_burns_more(seat, lpm, more, at) -> None:
    little = SEATS[seat]().after(water(lpm), at)
    much = SEATS[seat]().after(water(lpm + more), at)
    end = float(TIMES[-1])
    burnt_little = little.state(end).fire.burnt_mj.sum()
    burnt_much = much.state(end).fire.burnt_mj.sum()
    assert burnt_much <= burnt_little * (1.0 + 1e-9) + 1e-6


@FEW
@given(seat=seats, history=st.lists(st.tuples(changes, moments), max_size=3))
def test_levels_are_finite_and_never_negative(seat, history) -> None:
    of = SEATS[seat]()
    for change, moment in sorted(history, key=lambda h: h[1]):
        of = of.after(change, moment)
    seen = picture(of)
    assert np.isfinite(seen).all()
    assert seen.min() >= -1e-12


def test_bicycles_give_all_they_hold_and_no_more() -> None:
    """Energy: twenty bicycles left alone give their table heat, within the step's error."""
    alone = fire(seat="ground-floor", bikes=20, building={"floors": 5})
    given_mj = float(alone.state(5400.0).fire.burnt_mj[0])
    assert given_mj == pytest.approx(20 * item_fire("e-bike").fuel_mj, rel=0.03)
    assert alone.is_out(5400.0)


@pytest.mark.parametrize("seat", ["flat", "row"])
def test_no_cell_burns_more_than_its_fuel(seat: str) -> None:
    of = SEATS[seat]()
    fuel = of.course.fire.fuel_mj  # type: ignore[attr-defined]
    assert (of.state(7200.0).fire.burnt_mj <= fuel * (1.0 + 1e-9)).all()


def test_fans_keep_the_stair_clear_and_a_power_cut_ends_that() -> None:
    start = SEATS["tower"]()
    fans = start.after(Change("fans-on", 1.0), 60.0)
    dark = fans.after(Change("power-cut", 0.0), 400.0)
    floors = np.arange(2, 19)

    def stair(of: ResidentialFire) -> float:
        return float(of.level("extinction@stair", floors, 720.0).max())

    assert stair(fans) < 0.5 < stair(dark) < stair(start)


def test_fans_that_do_not_work_change_nothing() -> None:
    broken = fire(seat="ground-floor", bikes=20, building={**TOWER, "fans": "fails"})
    assert broken.after(Change("fans-on", 1.0), 60.0) is broken


def test_a_shut_foot_door_keeps_smoke_out() -> None:
    start = SEATS["tower"]()
    shut = start.after(Change("foot-door", 0.0), 60.0)
    there = np.array([4, 8, 12])
    a = start.level("extinction@stair", there, [600.0])
    b = shut.level("extinction@stair", there, [600.0])
    assert (b < 0.6 * a).all()


def test_a_fire_that_is_put_out_stays_out() -> None:
    out = SEATS["row"]().after(water(MOST_LPM), 240.0)
    assert not out.is_out(200.0)
    assert out.is_out(900.0)
    dry = out.after(water(0.0), 1000.0)
    assert dry.heat_kw(4000.0) == 0.0
    assert int(dry.alight(4000.0).sum()) == int(out.alight(900.0).sum())


def test_gas_keeps_a_fire_alight_until_it_is_shut() -> None:
    lit = fire(seat="flat", floor=3, gas=True, building={"floors": 6}).after(water(3000.0), 300.0)
    assert not lit.is_out(3000.0)
    assert lit.after(Change("gas-off", 0.0), 1500.0).is_out(2400.0)


def test_what_a_building_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing done to a building"):
        SEATS["flat"]().after(Change("isolate"), 10.0)
    with pytest.raises(ValueError, match="expected extinction, gas, heat or rise"):
        SEATS["flat"]().level("co@stair", [1], 0.0)
    with pytest.raises(ValueError, match="the building has 6"):
        ResidentialFireSpec(at="here", seat="flat", floor=7, building={"floors": 6})


def test_outdoors_there_is_no_level() -> None:
    of = SEATS["tower"]()
    spots = [[0.0, 0.0], [50.0, 20.0]]
    assert of.level_at(of.at(spots), 600.0).tolist() == [0.0, 0.0]
    assert np.isinf(of.arrival_s(spots, 1.0)).all()
    assert not of.endangers(spots, 3600.0).any()
