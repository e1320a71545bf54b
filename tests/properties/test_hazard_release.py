"""Properties of every toxic release: causality, monotony, conservation."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drillsim.hazards import Change, ChemicalStorageSpec, Weather, build
from drillsim.hazards.emission import Emission, lag_bounds
from drillsim.physics.plume_library import PlumeLibrary

QUANTITY = "cl2@1.5m/60s"
moments = st.floats(0.0, 4000.0, allow_nan=False)
shares = st.floats(0.0, 1.0, allow_nan=False)
changes = st.one_of(
    st.just(Change("isolate")),
    shares.map(lambda f: Change("plug", factor=f)),
    shares.map(lambda f: Change("curtain", factor=f)),
    st.just(Change("none", factor=1.0)),
)
history = st.lists(st.tuples(changes, moments), max_size=5)


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    library = PlumeLibrary(tmp_path_factory.mktemp("plumes"))
    spec = ChemicalStorageSpec(
        substance="chlorine",
        at="plant",
        hole="10 mm",
        inventory="6 t",
        temperature="20 C",
        start="5 min",
    )
    weather = Weather(wind_from="70 deg", wind_speed="3 m/s", stability="D", temperature="25 C")
    return build(spec, (0.0, 0.0), weather, library)


@pytest.fixture(scope="module")
def places():
    rng = np.random.default_rng(7)
    along = rng.uniform(5.0, 5000.0, 80)
    across = rng.normal(0.0, 1.0, 80) * 0.1 * along
    wind = np.array([-np.sin(np.radians(70.0)), -np.cos(np.radians(70.0))])
    side = np.array([-wind[1], wind[0]])
    return along[:, None] * wind + across[:, None] * side


TIMES = np.concatenate([np.arange(0.0, 8000.0, 97.0), [1e4, 2e4]])


@given(history=history, change=changes, at_s=moments)
@settings(max_examples=60, deadline=None)
def test_no_change_raises_a_level_or_touches_the_past(release, places, history, change, at_s):
    before = release
    for earlier, moment in history:
        before = before.after(earlier, moment)
    after = before.after(change, at_s)
    was, now = before.level(QUANTITY, places, TIMES), after.level(QUANTITY, places, TIMES)
    assert np.all(now <= was * (1.0 + 1e-9) + 1e-9)
    past = at_s >= TIMES
    assert np.array_equal(was[past], now[past])


@given(at_s=moments, later_s=moments)
@settings(max_examples=40, deadline=None)
def test_isolating_later_is_never_better(release, places, at_s, later_s):
    first, second = sorted((at_s, later_s))
    early = release.after(Change("isolate"), first).level(QUANTITY, places, TIMES)
    late = release.after(Change("isolate"), second).level(QUANTITY, places, TIMES)
    assert np.all(early <= late * (1.0 + 1e-9) + 1e-9)


@given(at_s=moments)
@settings(max_examples=40, deadline=None)
def test_what_was_emitted_travels_on(release, places, at_s):
    """After isolation a far place still sees, unchanged, all that left before."""
    shut = release.after(Change("isolate"), at_s)
    field = release.at(places, QUANTITY)
    for t in (at_s + 30.0, at_s + 300.0, at_s + 900.0):
        untouched = field.lag_lo_s >= t - at_s
        was, now = release.level(QUANTITY, places, t), shut.level(QUANTITY, places, t)
        assert now[untouched] == pytest.approx(was[untouched], rel=1e-12, abs=1e-12)


@given(history=history)
@settings(max_examples=40, deadline=None)
def test_dose_equals_what_was_emitted(release, places, history):
    """The integral of the level over all time is steady level times seconds of emission."""
    changed = release
    for change, moment in history:
        changed = changed.after(change, moment)
    field = changed.at(places[:6], QUANTITY)
    emitted = changed.emission.emitted_s(1e9)
    # Exact: the kernel is piecewise linear in time, so integrate on a fine even grid.
    times = np.linspace(0.0, changed.emission.edges[-1] + float(field.lag_hi_s.max()), 40_001)
    dose = np.trapezoid(changed.level(QUANTITY, places[:6], times), times, axis=0)
    assert dose == pytest.approx(field.steady_ppm * emitted, rel=2e-3, abs=1e-2)


@given(history=history, t=moments)
@settings(max_examples=40, deadline=None)
def test_released_mass_never_falls_and_never_exceeds(release, history, t):
    changed = release
    for change, moment in history:
        changed = changed.after(change, moment)
    assert changed.released_kg(t) <= changed.released_kg(t + 60.0) + 1e-9
    assert changed.released_kg(t) <= release.released_kg(t) * (1 + 1e-12) + 1e-9
    assert release.released_kg(1e9) == pytest.approx(6000.0)


@given(
    travel=st.floats(0.0, 1e5),
    spread=st.floats(0.0, 1e5),
)
def test_gas_never_arrives_before_it_has_left(travel, spread):
    low, high = lag_bounds(np.array([travel]), np.array([spread]))
    assert 0.0 < low[0] < high[0]


@given(t=moments, share=shares, second=moments)
def test_scaling_an_emission_twice_multiplies(t, share, second):
    whole = Emission((100.0, 3000.0), (1.0,))
    twice = whole.scaled_from(t, share).scaled_from(second, 0.5)
    other = whole.scaled_from(second, 0.5).scaled_from(t, share)
    for moment in (50.0, 100.0, 1000.0, t, second, 2999.0, 3000.0):
        assert twice.share_at(moment) == pytest.approx(other.share_at(moment))
    assert twice.edges[-1] == 3000.0


def test_a_place_moved_with_the_wind_sees_the_same(release):
    """Turning wind and place together changes nothing; moving source and place neither."""
    place = np.array([[-700.0, -200.0]])
    angle = np.radians(-35.0)  # compass bearings turn clockwise
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    weather = release.weather.model_copy(update={"wind_from": release.weather.wind_from + 35.0})
    turned = replace(release, weather=weather)
    moved = replace(release, source_xy=(500.0, -90.0))
    level = release.level(QUANTITY, place, 1500.0)
    assert level[0] > 0.0
    assert turned.level(QUANTITY, place @ turn.T, 1500.0) == pytest.approx(level)
    assert moved.level(QUANTITY, place + np.array([500.0, -90.0]), 1500.0) == pytest.approx(level)
