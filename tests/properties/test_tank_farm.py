"""Properties of every tank-farm fire: causality, monotony of the race, conservation of water."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drillsim.hazards import Change
from drillsim.hazards.tank_course import Act, Burning, Standing, Vessel, solve
from drillsim.physics.domino import time_to_failure_s

SPHERE = Vessel("pressurised", 200.0, protected_s=300.0)
TANK = Vessel("atmospheric", 1000.0)
TIMES = np.arange(0.0, 9000.0, 149.0)
PLACES = np.array([[30.0, 0.0], [-60.0, 20.0], [0.0, 120.0], [200.0, -200.0], [500.0, 0.0]])

moments = st.floats(0.0, 5000.0, allow_nan=False)
shares = st.floats(0.0, 1.0, allow_nan=False)
kinds = st.sampled_from(["deluge", "monitors", "knock", "isolate", "water", "drain"])
changes = st.tuples(kinds, shares, st.sampled_from(["", "sphere", "pool", "jet"])).map(
    lambda c: Change(c[0], 0.0 if c[0] == "isolate" else c[1], c[2])
)
history = st.lists(st.tuples(changes, moments), max_size=4)


@pytest.fixture(scope="module")
def farm():
    """Build a farm without a city: a pool fire beside a sphere, a jet on a tank."""
    from drillsim.hazards.storage_fire import StorageFireSpec, build
    from drillsim.hazards.weather import Weather

    name = {"zh": "名", "en": "name"}
    spec = StorageFireSpec.model_validate(
        {
            "at": "here", "plant": "here", "stand": "here", "substance": "gasoline",
            "fires": [
                {"id": "pool", "fuel": "gasoline", "name": name, "diameter": "12 m",
                 "inventory": "60 t"},
                {"id": "jet", "kind": "jet", "fuel": "lpg", "name": name, "hole": "15 mm",
                 "aim": "90 deg", "inventory": "20 t", "start": "3 min", "bearing": "0 deg",
                 "distance": "40 m"},
            ],
            "vessels": [
                {"id": "sphere", "name": name, "kind": "pressurised", "volume": "200 m3",
                 "diameter": "7.3 m", "content": "lpg", "mass": "80 t", "bearing": "90 deg",
                 "distance": "12 m", "fireproofing": "5 min", "deluge": "30 L/s"},
                {"id": "tank", "name": name, "kind": "atmospheric", "volume": "1000 m3",
                 "diameter": "11 m", "content": "gasoline", "mass": "600 t",
                 "bearing": "40 deg", "distance": "55 m"},
            ],
            "basin": {"capacity": "100 m3"},
        }
    )  # fmt: skip

    class Here:
        xy = (0.0, 0.0)

    class City:
        facilities = {"here": Here()}

    weather = Weather(wind_from="270 deg", wind_speed="4 m/s", stability="D")
    return build(spec, City(), weather)  # type: ignore[arg-type]


def levels(farm, until_s=math.inf):
    times = TIMES[until_s > TIMES]
    return farm.level("heat@1.5m/1s", PLACES, times) if times.size else np.zeros((0, 1))


@given(history=history, change=changes, at_s=moments)
@settings(max_examples=40, deadline=None)
def test_no_change_touches_the_past(farm, history, change, at_s):
    before = farm
    for earlier, moment in history:
        before = before.after(earlier, moment)
    after = before.after(change, at_s)
    assert np.array_equal(levels(before, at_s), levels(after, at_s))
    early = [t for t in before.course.failed_s if t < at_s]
    assert [t for t in after.course.failed_s if t < at_s] == early


@given(change=changes, at_s=moments)
@settings(max_examples=40, deadline=None)
def test_no_help_lets_a_vessel_fail_earlier(farm, change, at_s):
    after = farm.after(change, at_s)
    for was, now in zip(farm.course.failed_s, after.course.failed_s, strict=True):
        assert now >= was - 1e-6


@given(history=history, t_s=moments)
@settings(max_examples=40, deadline=None)
def test_water_is_kept_account_of(farm, history, t_s):
    for change, moment in history:
        farm = farm.after(change, moment)
    now, later = farm.emitted(t_s), farm.emitted(t_s + 600.0)
    assert 0.0 <= now["river_m3"] <= now["firewater_m3"] + 0.2
    assert now["river_kg"] <= farm.spec.basin.wash * now["river_m3"] + 0.5
    for key in now:
        assert later[key] >= now[key] - 0.2


def test_the_sphere_fails_when_its_coat_and_its_wall_are_spent(farm):
    heat = farm.wall_w_m2[:, 0]
    assert farm.engulfed[0, 0]
    assert farm.wall_w_m2[1, 0] < 45e3
    sphere = farm.vessels[0].of
    # before the jet starts at 3 min the pool alone heats it; then both
    expected = 300.0 + float(time_to_failure_s(sphere, heat.sum()))
    assert farm.course.failed_s[0] == pytest.approx(expected, rel=1e-6)


def test_cooling_from_the_start_saves_it_and_its_loss_does_not_go_back_in_time(farm):
    share = farm.cooled_share("sphere", 0.03, 0.9)
    assert share == pytest.approx(0.37, abs=1e-6)
    cooled = farm.after(Change("deluge", share, "sphere"), 60.0)
    assert cooled.course.failed_s[0] > farm.course.failed_s[0] + 600.0
    lost = cooled.after(Change("deluge", 1.0, "sphere"), 400.0)
    assert 400.0 < lost.course.failed_s[0] <= cooled.course.failed_s[0]
    assert lost.course.failed_s[0] > farm.course.failed_s[0]


def test_a_knocked_down_fire_and_a_shut_valve_end_the_heat(farm):
    out = farm.after(Change("knock", 0.0, "pool"), 100.0).after(Change("isolate", 0.0, ""), 250.0)
    assert out.course.failed_s == (math.inf, math.inf)
    assert not out.level("heat@1.5m/1s", PLACES, 271.0).any()
    assert out.level("heat@1.5m/1s", PLACES, 260.0).any()


def test_blast_breaks_the_neighbour_of_which_half_would_fail():
    sphere = Standing("a", SPHERE, (0.0, 0.0), 170.0, 80e3, True, 46e6, 300.0, 0.6)
    near = Standing("b", TANK, (30.0, 0.0), 500.0, 600e3, False, 43e6, 300.0, 0.6)
    far = Standing("c", TANK, (400.0, 0.0), 500.0, 600e3, False, 43e6, 300.0, 0.6)
    fires = [Burning("pool", 0.0, 5000.0, 10.0, "", False),
             Burning("tank-fire", 30.0, 5000.0, 10.0, "b", False)]  # fmt: skip
    flux = np.array([[100e3, 0.0, 0.0], [0.0, 0.0, 0.0]])
    course = solve(fires, [sphere, near, far], flux, (), 4000.0)
    fails = course.failed_s[0]
    assert fails == pytest.approx(300.0 + float(time_to_failure_s(SPHERE, 100e3)))
    assert course.failed_s[1] == fails
    assert course.failed_s[2] == math.inf
    assert course.shares(fails + 29.0)[1] == 0.0
    assert course.shares(fails + 31.0)[1] == 1.0
    half = solve(fires, [sphere, near, far], flux, [Act(0.0, "deluge", 0.5, "a")], 4000.0)
    assert half.failed_s[0] > fails
