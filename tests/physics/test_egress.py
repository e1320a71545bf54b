import math
import time

import numpy as np
import pytest

from drillsim.physics import egress as eg


def test_sfpe_golden(golden):
    row = golden["evac.sfpe"]
    assert row["inputs"]["a"] == eg.A
    assert eg.most_flow(row["inputs"]["k"]) == pytest.approx(
        row["expected"]["Fs_max_level"], rel=1e-3
    )
    assert row["expected"]["door"] == eg.DOOR_FLOW
    # 7/11 inch: k 1.08 m/s and 0.94 to 1.02 persons/(s m) in the handbook's tables.
    k = eg.stair_k_mps(0.1778, 0.2794)
    assert k == pytest.approx(1.08, abs=0.005)
    assert eg.most_flow(k) == pytest.approx(1.01, abs=0.01)


def test_speed_and_flow_over_density():
    assert eg.walking_mps(0.0) == eg.walking_mps(0.54) == pytest.approx(1.199, abs=0.001)
    assert eg.walking_mps(1.0) == pytest.approx(1.4 * 0.734)
    assert eg.walking_mps(3.8) == 0.0
    density = np.linspace(0.0, 3.76, 500)
    flow = eg.specific_flow(density)
    assert flow.max() == pytest.approx(eg.most_flow(), rel=1e-4)
    assert density[flow.argmax()] == pytest.approx(eg.BEST_DENSITY, abs=0.01)


def test_widths():
    assert eg.effective_width_m(0.9, "door") == pytest.approx(0.6)
    assert eg.effective_width_m(1.2, "corridor") == pytest.approx(0.8)
    assert eg.effective_width_m(0.2, "stair") == 0.0
    with pytest.raises(ValueError, match="use"):
        eg.Stair(3, width_m=0.3)


def test_smoke_slows():
    assert eg.smoke_factor(0.0) == 1.0
    assert eg.smoke_factor(3.0) == pytest.approx(0.758, abs=0.001)
    assert eg.smoke_factor(50.0) == 0.1


def test_reactions_follow_their_figures():
    for cue in ("see-fire", "flat-alarm", "bell", "broadcast", "door-knock", "hearsay"):
        for night in (False, True):
            figure = eg.reaction(cue, night)
            assert figure.low <= figure.median <= figure.high
            assert not figure.verified
            assert eg.started_share(figure.median, cue, night) == pytest.approx(0.5)
            assert eg.started_share(figure.p90, cue, night) == pytest.approx(0.9)
            assert eg.started_share(-5.0, cue, night) == pytest.approx(0.0, abs=1e-9)
        assert eg.reaction(cue, True).median > eg.reaction(cue, False).median
    knocked, bell = eg.reaction("door-knock", True), eg.reaction("bell", True)
    assert knocked.median < bell.median < eg.reaction("hearsay", True).median


def at_once(people: float, stair: eg.Stair, t_s: np.ndarray) -> np.ndarray:
    return np.full((t_s.size, stair.storeys), people)


def test_a_handbook_office_empties_at_the_stair_s_capacity():
    # SFPE Handbook's nine-storey office: 150 people a floor on each 44-inch stair of 7/11 inch, 36-
    # inch doors: 1,200 people at 48 a minute by the door are 25 min.
    stair = eg.Stair(8, 1.118, 3.66, 2.4, 0.1778, 0.2794, 0.914, 0.914)
    t_s = np.arange(0.0, 3600.0, 10.0)
    run = eg.clearance(stair, at_once(150.0, stair, t_s), t_s)
    door = eg.DOOR_FLOW * 0.614
    capacity = min(door, float(eg.most_flow(stair.k_mps)) * stair.used_m)
    assert 1200.0 / capacity == pytest.approx(25.0 * 60.0, rel=0.02)
    # the last per cent trickles out of a cell model; the flow itself is the door's
    assert run.out_by_s(0.98) == pytest.approx(0.98 * 1200.0 / capacity, rel=0.06)


def test_nobody_is_lost_and_queues_grow_upwards():
    stair = eg.Stair(32)
    t_s = np.arange(0.0, 5400.0, 30.0)
    share = eg.started_share(t_s, "broadcast", True)
    come = share[:, None] * np.full(32, 21.0)
    run = eg.clearance(stair, come, t_s)
    whole = run.out + run.on_stair.sum(axis=1) + run.waiting.sum(axis=1)
    assert whole == pytest.approx(come.sum(axis=1), rel=1e-9)
    assert np.all(np.diff(run.out) >= -1e-12)
    assert np.all(run.on_stair >= -1e-9)
    assert np.all(run.waiting >= -1e-9)
    most = stair.used_m * stair.walk_m / eg.A
    assert run.on_stair.max() <= most
    assert run.out_by_s(0.5) < run.out_by_s(0.95)


def test_zoned_evacuation_is_done_sooner_than_all_at_once():
    stair = eg.Stair(32)
    t_s = np.arange(0.0, 5400.0, 30.0)
    everybody = eg.clearance(stair, at_once(21.0, stair, t_s), t_s)
    zone = np.where((np.arange(32) >= 9) & (np.arange(32) <= 12), 21.0, 0.0)
    zoned = eg.clearance(stair, np.tile(zone, (t_s.size, 1)), t_s)
    assert zoned.out_by_s(0.99) < 0.5 * everybody.out_by_s(0.99)


def test_smoke_crews_and_narrow_stairs_cost_time():
    t_s = np.arange(0.0, 5400.0, 30.0)
    plain = eg.Stair(12)
    come = at_once(20.0, plain, t_s)
    base = eg.clearance(plain, come, t_s).out_by_s(0.99)
    crews = eg.clearance(eg.Stair(12, lost_width_m=0.4), come, t_s).out_by_s(0.99)
    smoky = eg.clearance(plain, come, t_s, factor=0.5).out_by_s(0.99)
    assert base < crews < math.inf
    assert smoky == pytest.approx(2.0 * base, rel=0.15)
    barred = np.ones(12)
    barred[4] = 0.0
    stuck = eg.clearance(plain, come, t_s, factor=barred)
    # Storeys 0 to 3 get out; all above the barred storey stay.
    assert stuck.out[-1] == pytest.approx(80.0, rel=1e-6)
    assert stuck.out_by_s(0.99) == math.inf


def test_a_lone_walker_needs_the_walking_time():
    stair = eg.Stair(10)
    t_s = np.arange(0.0, 900.0, 2.0)
    come = np.zeros((t_s.size, 10))
    come[:, 9] = 1.0
    run = eg.clearance(stair, come, t_s)
    assert run.out_by_s(0.5) == pytest.approx(10 * stair.longest_step_s, rel=0.1)


def test_shares_at_a_full_door(gate):
    stair = eg.Stair(2, door_width_m=1.2)
    on_stair, waiting = np.array([20.0, 20.0]), np.array([50.0, 50.0])
    even, _, _ = eg.stair_step(stair, on_stair, waiting, 2.0, floor_share=0.5)
    _, kept, _ = eg.stair_step(stair, on_stair, waiting, 2.0, floor_share=0.0)
    _, pushed, _ = eg.stair_step(stair, on_stair, waiting, 2.0, floor_share=1.0)
    assert pushed[0] < kept[0]
    assert even.sum() > 0.0
    begun = time.process_time()
    tall = eg.Stair(33)
    people = np.full(33, 5.0)
    for _ in range(100):
        eg.stair_step(tall, people, people, 5.0)
    gate(
        "egress: a step of 33 storeys, ms",
        (time.process_time() - begun) * 10.0,
        0.0,
        1.0,
        soft=True,
    )


def test_refusals():
    stair = eg.Stair(3)
    with pytest.raises(ValueError, match="step"):
        eg.stair_step(stair, np.zeros(3), np.zeros(3), 60.0)
    with pytest.raises(ValueError, match="never fall"):
        eg.clearance(stair, [[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]], [0.0, 10.0])
    with pytest.raises(ValueError, match="above 0"):
        eg.stair_k_mps(0.0, 0.3)
    with pytest.raises(KeyError):
        eg.reaction("rumour", True)
