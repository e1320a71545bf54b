import math

import numpy as np
import pytest
from scipy.linalg import solve_banded
from scipy.stats import invgauss

from drillsim.physics.river_network import Channel, passages, ways_down
from drillsim.physics.river_plume import (
    FlowClock,
    concentration_kg_m3,
    exceedance,
    held_back,
    passed_mass_kg,
    slick_arrival_s,
)
from drillsim.physics.river_transport import (
    Reach,
    Release,
    fischer_dispersion_m2_s,
    mixing_length_m,
    passage_through,
    passed_share,
    passing_density_per_s,
    shear_velocity_mps,
    slug_concentration_kg_m3,
    volatilisation_per_s,
)

CANAL = Reach(4800.0, 60.0, 3.5, 0.25)
SPILL = (Release(80_000.0, 0.0, 1800.0),)


def numerical_flux(reaches, end_s, dt_s, cells):
    """Flux concentration at the end of a chain, kg/m3 per kg released, by Crank-Nicolson."""
    tail = Reach(reaches[-1].length_m, reaches[-1].width_m, reaches[-1].depth_m,
                 reaches[-1].current_mps, reaches[-1].dispersion)  # fmt: skip
    chain = [*reaches, tail]
    length = sum(r.length_m for r in chain)
    dx = length / cells
    middle = (np.arange(cells) + 0.5) * dx
    bounds = np.cumsum([r.length_m for r in chain])
    which = np.searchsorted(bounds, middle)
    area = np.array([chain[k].area_m2 for k in which])
    flow = chain[0].flow_m3_s
    spread = np.array([chain[k].dispersion * chain[k].area_m2 for k in which])
    face = 2.0 * spread[1:] * spread[:-1] / (spread[1:] + spread[:-1]) / dx
    # d(A dx c)/dt = inflow - outflow, face flux Q (c_l + c_r)/2 - face (c_r - c_l)
    low, main, high = np.zeros(cells), np.zeros(cells), np.zeros(cells)
    main[:-1] -= 0.5 * flow + face
    high[1:] -= 0.5 * flow - face
    main[1:] += 0.5 * flow - face
    low[:-1] += 0.5 * flow + face
    main[-1] -= flow
    scale = area * dx / dt_s
    level = np.zeros(cells)
    level[0] = 1.0 / (area[0] * dx)
    at = int(np.searchsorted(middle, sum(r.length_m for r in reaches)))
    times, out = [], []
    for step in range(int(end_s / dt_s)):
        half = 1.0 if step < 4 else 0.5  # a few implicit steps damp the sudden start
        right = scale * level
        if half < 1.0:
            change = main * level
            change[1:] += low[:-1] * level[:-1]
            change[:-1] += high[1:] * level[1:]
            right = right + 0.5 * change
        bands = np.vstack([-half * high, scale - half * main, -half * low])
        level = solve_banded((1, 1), bands, right)
        times.append((step + 1) * dt_s)
        out.append(
            0.5 * (level[at - 1] + level[at]) - face[at - 1] / flow * (level[at] - level[at - 1])
        )
    return np.array(times), np.array(out)


def test_fischer_by_hand():
    # Manning n 0.025, 0.25 m/s, 3.5 m: u* = 0.25 x 0.025 x 3.1316 / 1.2322 = 0.015884 m/s.
    shear = shear_velocity_mps(0.25, 3.5, 0.025)
    assert shear == pytest.approx(0.015884, rel=1e-3)
    # 0.011 x 0.0625 x 3600 / (3.5 x 0.015884) = 44.52 m2/s
    assert fischer_dispersion_m2_s(0.25, 60.0, 3.5, shear) == pytest.approx(44.52, rel=1e-3)
    assert fischer_dispersion_m2_s(0.0, 60.0, 3.5, 0.0) == 0.0
    assert CANAL.dispersion == pytest.approx(44.52, rel=1e-3)
    # twice the width: four times the dispersion and the mixing length
    wide = fischer_dispersion_m2_s(0.25, 120.0, 3.5, shear)
    assert wide / CANAL.dispersion == pytest.approx(4.0)
    length = mixing_length_m(0.25, 60.0, 3.5, shear)
    assert length == pytest.approx(2698.0, rel=1e-3)
    assert mixing_length_m(0.25, 120.0, 3.5, shear) == pytest.approx(4.0 * length)


def test_slug_keeps_mass_mean_and_variance():
    x = np.linspace(-4000.0, 12_000.0, 16_001)
    t = 15_000.0
    level = slug_concentration_kg_m3(1000.0, CANAL, x, t)
    dx = float(x[1] - x[0])
    mass = level.sum() * dx * CANAL.area_m2
    assert mass == pytest.approx(1000.0, rel=1e-6)
    mean = (level * x).sum() / level.sum()
    assert mean == pytest.approx(0.25 * t, rel=1e-6)
    variance = (level * (x - mean) ** 2).sum() / level.sum()
    assert variance == pytest.approx(2.0 * CANAL.dispersion * t, rel=1e-3)
    assert slug_concentration_kg_m3(1000.0, CANAL, 100.0, 0.0) == 0.0


def test_travel_times_are_inverse_gaussian():
    way = passage_through([CANAL])
    shape = way.mean_s**3 / way.variance_s2
    law = invgauss(mu=way.mean_s / shape, scale=shape)
    age = np.array([1800.0, 7200.0, 19_200.0, 60_000.0])
    assert passed_share(way, age) == pytest.approx(law.cdf(age), rel=1e-9)
    assert passing_density_per_s(way, age) == pytest.approx(law.pdf(age), rel=1e-9)
    assert way.mean_s == pytest.approx(19_200.0)
    assert law.var() == pytest.approx(way.variance_s2)
    # a sharp passage (Peclet number 2.7 million) must not overflow
    sharp = passage_through([Reach(4800.0, 60.0, 3.5, 0.25, dispersion_m2_s=0.00045)])
    assert passed_share(sharp, [19_000.0, 19_400.0]) == pytest.approx([0.0, 1.0], abs=1e-6)
    still = passage_through([Reach(4800.0, 60.0, 3.5, 0.25, dispersion_m2_s=0.0)])
    assert passed_share(still, [19_199.0, 19_201.0]).tolist() == [0.0, 1.0]


def test_one_reach_against_a_numerical_solution(gate):
    times, numerical = numerical_flux([CANAL], 50_000.0, 25.0, 1600)
    ours = concentration_kg_m3([passage_through([CANAL])], [Release(1.0)], times)
    worst = float(np.abs(ours - numerical).max() / numerical.max())
    gate("river: one reach against Crank-Nicolson, worst/peak", worst, 0.0, 0.02)


def test_moments_of_unlike_reaches_against_a_numerical_solution(gate):
    # same flow 52.5 m3/s through a narrow fast, a wide slow and a middling reach
    chain = [
        Reach(2000.0, 40.0, 3.0, 0.4375),
        Reach(2000.0, 80.0, 3.5, 0.1875),
        Reach(2500.0, 60.0, 3.5, 0.25),
    ]
    times, numerical = numerical_flux(chain, 80_000.0, 40.0, 1700)
    ours = concentration_kg_m3([passage_through(chain)], [Release(1.0)], times)
    gate("river: three reaches, peak over numerical", float(ours.max() / numerical.max()), 0.9, 1.1)
    when = float(times[ours.argmax()] / times[numerical.argmax()])
    gate("river: three reaches, time of peak over numerical", when, 0.93, 1.07)
    limit = 0.01 * numerical.max()
    first = float(times[ours > limit][0] / times[numerical > limit][0])
    gate("river: three reaches, arrival at 1 % over numerical", first, 0.9, 1.1)


def test_cutting_a_reach_changes_nothing():
    pieces = [Reach(1600.0, 60.0, 3.5, 0.25)] * 3
    whole, cut = passage_through([CANAL]), passage_through(pieces)
    assert (cut.mean_s, cut.variance_s2) == pytest.approx((whole.mean_s, whole.variance_s2))
    assert CANAL.cut(1200.0).length_m == 1200.0
    with pytest.raises(ValueError, match="cut"):
        CANAL.cut(9000.0)


def test_mass_passes_whole_and_never_early():
    way = passage_through([CANAL])
    t = np.linspace(0.0, 400_000.0, 40_001)
    late = (Release(80_000.0, 7200.0, 1800.0), Release(500.0, 9000.0))
    level = concentration_kg_m3([way], late, t)
    assert np.trapezoid(level, t) * way.flow_m3_s == pytest.approx(80_500.0, rel=1e-4)
    assert level[t <= 7200.0].max() == 0.0
    passed = passed_mass_kg([way], late, t)
    assert passed[-1] == pytest.approx(80_500.0, rel=1e-4)
    assert (np.diff(passed) >= -1e-9).all()


def test_decay_loses_what_the_ages_say():
    way = passage_through([CANAL])
    k = 5e-5
    t = np.linspace(0.0, 400_000.0, 40_001)
    level = concentration_kg_m3([way], SPILL, t, decay_per_s=k)
    left = np.trapezoid(level, t) * way.flow_m3_s / 80_000.0
    # Laplace transform of the inverse Gaussian, from the middle of the release on
    shape = way.mean_s**3 / way.variance_s2
    factor = math.exp(shape / way.mean_s * (1.0 - math.sqrt(1.0 + 2.0 * way.mean_s**2 * k / shape)))
    assert left == pytest.approx(factor, rel=2e-3)
    assert volatilisation_per_s(3.5e-5, 3.5) == pytest.approx(1e-5)
    with pytest.raises(ValueError, match="decay"):
        concentration_kg_m3([way], SPILL, t, decay_per_s=-1.0)


@pytest.mark.parametrize(
    ("current", "hours_at_intake", "hours_at_boundary"), [(0.25, 2.4, 7.3), (0.45, 1.4, 4.1)]
)
def test_methanol_above_the_intake(gate, current, hours_at_intake, hours_at_boundary):
    # 80 t methanol in 30 min into 60 m x 3.5 m: an independent one-dimensional estimate gives the
    # times at which 1 mg/L is passed 4.8 km and 11 km down, and a peak of 113 mg/L at the first.
    ways = [passage_through([Reach(d, 60.0, 3.5, current)]) for d in (4800.0, 11_000.0)]
    intake, boundary = (exceedance([way], SPILL, 1e-3, 48 * 3600.0) for way in ways)
    name = f"river: 1 mg/L at {current} m/s"
    gate(f"{name}, 4.8 km, over the estimate", intake.first_s / 3600 / hours_at_intake, 0.85, 1.15)
    gate(f"{name}, 11 km", boundary.first_s / 3600 / hours_at_boundary, 0.85, 1.15)
    gate(f"{name}, peak at 4.8 km over 113 mg/L", intake.peak_kg_m3 * 1000 / 113.0, 0.8, 1.2)
    assert intake.first_s < intake.peak_s < intake.last_s
    assert 0.0 < intake.seconds <= intake.last_s - intake.first_s + 1.0
    assert exceedance([ways[0]], SPILL, 1.0, 48 * 3600.0).first_s is None


def test_exceedance_edges_lie_on_the_limit():
    way = passage_through([CANAL])
    found = exceedance([way], SPILL, 0.02, 48 * 3600.0)
    edge = concentration_kg_m3([way], SPILL, np.array([found.first_s, found.last_s]))
    assert edge == pytest.approx([0.02, 0.02], rel=1e-3)
    assert found.seconds == pytest.approx(found.last_s - found.first_s, abs=1.0)


def test_a_flow_clock_equals_the_changed_current():
    slow, fast = passage_through([CANAL]), passage_through([Reach(4800.0, 60.0, 3.5, 0.45)])
    t = np.linspace(0.0, 100_000.0, 501)
    clock = FlowClock((-1.0,), (1.8,))
    by_clock = concentration_kg_m3([slow], SPILL, t, clock=clock)
    assert by_clock == pytest.approx(concentration_kg_m3([fast], SPILL, t), rel=1e-6, abs=1e-12)


def test_stopping_the_pumps_delays_the_front_and_changes_nothing_before():
    way = passage_through([Reach(4800.0, 60.0, 3.5, 0.45)])
    stop = FlowClock((2700.0,), (0.25 / 0.45,))
    t = np.linspace(0.0, 60_000.0, 601)
    pumped = concentration_kg_m3([way], SPILL, t)
    stopped = concentration_kg_m3([way], SPILL, t, clock=stop)
    assert stopped[t <= 2700.0] == pytest.approx(pumped[t <= 2700.0])
    first = exceedance([way], SPILL, 1e-3, 60_000.0)
    later = exceedance([way], SPILL, 1e-3, 60_000.0, clock=stop)
    assert first.first_s + 900.0 < later.first_s < first.first_s * 1.8
    dead = FlowClock((2700.0,), (0.0,))
    assert exceedance([way], SPILL, 1e-3, 60_000.0, clock=dead).first_s is None
    with pytest.raises(ValueError, match="rising"):
        FlowClock((5.0, 1.0), (1.0, 1.0))


def network():
    """One river, an island (two ways that meet), an outlet branch, and a clean tributary."""
    main = Reach(1000.0, 60.0, 3.5, 0.25)  # 52.5 m3/s
    return [
        Channel(0, 1, main),
        Channel(1, 2, Reach(2000.0, 40.0, 3.0, 0.25)),  # 30
        Channel(1, 3, Reach(3000.0, 30.0, 2.5, 0.2)),  # 15
        Channel(3, 2, Reach(500.0, 30.0, 2.5, 0.2)),
        Channel(1, 9, Reach(1000.0, 15.0, 2.0, 0.25)),  # 7.5, leaves the system
        Channel(7, 2, Reach(1000.0, 30.0, 2.5, 0.2)),  # 15 of clean water
        Channel(2, 4, Reach(1000.0, 60.0, 4.0, 0.25)),  # 60
    ]


def test_a_junction_splits_by_flow_and_a_tributary_dilutes():
    channels = network()
    assert sorted(share for _, share in ways_down(channels, 0, 2)) == pytest.approx(
        [15 / 52.5, 30 / 52.5]
    )
    to_end, to_side = passages(channels, 0, 4), passages(channels, 0, 9)
    assert sum(p.share for p in (*to_end, *to_side)) == pytest.approx(1.0)
    t = np.linspace(0.0, 300_000.0, 30_001)
    mass = 0.0
    for ways in (to_end, to_side):
        level = concentration_kg_m3(ways, SPILL, t)
        mass += np.trapezoid(level, t) * ways[0].flow_m3_s
    assert mass == pytest.approx(80_000.0, rel=1e-4)
    clean = [c for c in channels if c.tail != 7]
    undiluted = concentration_kg_m3(passages(clean, 0, 2), SPILL, t).max()
    diluted = concentration_kg_m3(passages(channels, 0, 2), SPILL, t).max()
    assert diluted / undiluted == pytest.approx(45.0 / 60.0)
    assert passages(channels, 4, 0) == ()


def test_a_closed_lock_stops_everything():
    shut = Reach(1000.0, 60.0, 3.5, 0.25, lock_closed=True)
    way = passage_through([CANAL, shut])
    assert way.share == 0.0
    t = np.linspace(0.0, 1e6, 101)
    assert concentration_kg_m3([way], SPILL, t).max() == 0.0
    assert passages([Channel(0, 1, shut)], 0, 1) == ()


def test_a_lock_that_closes_lets_the_rest_travel_on():
    to_lock, beyond = passage_through([CANAL]), passage_through([Reach(3000.0, 60.0, 3.5, 0.25)])
    t = np.linspace(0.0, 400_000.0, 8001)
    through = held_back([to_lock], SPILL, 15_000.0)
    passed = float(passed_mass_kg([to_lock], SPILL, np.array(15_000.0)))
    assert sum(r.mass_kg for r in through) == pytest.approx(passed)
    below = concentration_kg_m3([beyond], through, t)
    assert np.trapezoid(below, t) * beyond.flow_m3_s == pytest.approx(passed, rel=1e-3)
    # never closed: as if there were no lock
    free = held_back([to_lock], SPILL, 400_000.0, bins=800)
    open_way = passage_through([CANAL, Reach(3000.0, 60.0, 3.5, 0.25)])
    expected = concentration_kg_m3([open_way], SPILL, t)
    found = concentration_kg_m3([beyond], free, t)
    assert found == pytest.approx(expected, abs=0.01 * expected.max())
    assert (below <= found + 1e-9).all()
    assert held_back([to_lock], SPILL, 0.0) == ()


def test_slick_drifts_with_current_and_three_percent_of_the_wind():
    # 1,200 m at 0.25 + 0.03 x 5 = 0.40 m/s: 3,000 s.
    assert slick_arrival_s([CANAL.cut(1200.0)], 5.0) == pytest.approx(3000.0)
    two = [CANAL.cut(1200.0), CANAL.cut(600.0)]
    assert slick_arrival_s(two, [5.0, -5.0]) == pytest.approx(3000.0 + 6000.0)
    assert slick_arrival_s([CANAL.cut(1200.0)], 5.0, lead_m=200.0) == pytest.approx(2500.0)
    assert slick_arrival_s([CANAL], -9.0) == math.inf
    with pytest.raises(ValueError, match="winds"):
        slick_arrival_s(two, [1.0])


def test_wrong_inputs_are_named():
    with pytest.raises(ValueError, match="above 0"):
        Reach(0.0, 60.0, 3.5, 0.25)
    with pytest.raises(ValueError, match="turn the reach"):
        Reach(10.0, 60.0, 3.5, -0.25)
    with pytest.raises(ValueError, match="release"):
        Release(-1.0)
    with pytest.raises(ValueError, match="at least one"):
        passage_through([])
    with pytest.raises(ValueError, match="no finite peak"):
        passing_density_per_s(passage_through([Reach(10.0, 6.0, 3.5, 0.25, 0.0)]), [5.0])
    with pytest.raises(ValueError, match="limit"):
        exceedance([], [], 0.0, 10.0)
