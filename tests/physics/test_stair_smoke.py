import time

import numpy as np
import pytest

from drillsim.physics import stair_smoke as ss
from drillsim.physics.tenability import gas_rate_per_min

COLD, WARM = 271.0, 293.0
SMOKE = np.array([2e-3, 5e-3, 0.1, 1e-4])


def balance(flow: ss.ShaftFlow, supply: float = 0.0) -> float:
    """Mass that comes in less what goes out; 0 in a shaft that neither gains nor loses."""
    return flow.foot_kg_s + supply - float(flow.out_kg_s.sum()) - float(flow.up_kg_s[-1])


def test_stack_effect_and_its_neutral_plane():
    # 33 storeys, -2 C outside, 20 C inside: 353 (1/271 - 1/293) x 9.81 = 0.0960 x 9.81 Pa/m.
    shaft = ss.Shaft(33)
    flow = ss.shaft_flow(shaft, 0.02, WARM, COLD)
    slope = np.diff(flow.over_pa) / shaft.storey_m
    assert slope == pytest.approx(np.full(32, 353.0 * (1 / COLD - 1 / WARM) * 9.81))
    # Klote & Milke: equal leaks have the neutral plane near mid-height.
    neutral = float(np.interp(0.0, flow.over_pa, shaft.middles_m))
    assert neutral == pytest.approx(0.5 * 33 * 2.9, rel=0.05)
    assert balance(flow) == pytest.approx(0.0, abs=1e-5)
    assert np.all(flow.out_kg_s[:16] < 0.0)
    assert np.all(flow.out_kg_s[17:] > 0.0)


def test_openings_pull_the_neutral_plane():
    def neutral(shaft: ss.Shaft, outside_k: float = COLD) -> float:
        flow = ss.shaft_flow(shaft, 0.02, WARM, outside_k)
        order = np.argsort(flow.over_pa)
        return float(np.interp(0.0, flow.over_pa[order], shaft.middles_m[order]))

    even = neutral(ss.Shaft(20))
    assert neutral(ss.Shaft(20, top_m2=1.0)) > even > neutral(ss.Shaft(20, foot_m2=2.0))
    calm = ss.shaft_flow(ss.Shaft(20, top_m2=1.0), 0.02, 288.0, 288.0)
    assert np.abs(calm.up_kg_s).max() < 1e-3
    # Warm outside: the stack turns over and air falls.
    assert ss.shaft_flow(ss.Shaft(20, top_m2=1.0), 0.02, 293.0, 310.0).up_kg_s[-2] < 0.0


def test_an_orifice_by_hand():
    # One storey, fan 1 kg/s, one leak of 0.2 m2: dp = (1 / (0.7 x 0.2))^2 / (2 rho).
    shaft = ss.Shaft(1)
    flow = ss.shaft_flow(shaft, 0.2, 293.0, 293.0, supply_kg_s=1.0)
    rho = 353.0 / 293.0
    assert flow.over_pa[0] == pytest.approx((1.0 / 0.14) ** 2 / (2.0 * rho), rel=1e-5)
    assert flow.out_kg_s[0] == pytest.approx(1.0, rel=1e-6)


def spread(fan: float, minutes: int = 20, door: float = 1.0) -> np.ndarray:
    shaft = ss.Shaft(33, top_m2=0.2)
    share = np.zeros(33)
    share[2] = door
    area = ss.door_area_m2(share)
    hot, over = np.full(33, WARM), np.zeros(33)
    hot[2], over[2] = 500.0, 5.0
    flow = ss.shaft_flow(shaft, area, WARM, COLD, hot, over, np.full(33, fan / 33.0))
    floors = np.zeros((33, 4))
    floors[2] = SMOKE
    held = np.zeros((33, 4))
    for _ in range(minutes * 6):
        held = ss.shaft_step(shaft, held, floors, flow, WARM, 10.0)
    return held


def test_smoke_rises_in_a_cold_night_and_a_shut_door_or_a_fan_keeps_it_out():
    opened, shut = spread(0.0), spread(0.0, door=0.0)
    assert opened[20, 0] > 1e-5
    assert opened[20:, 0].max() < SMOKE[0]
    assert shut[:, 0].max() < 0.2 * opened[:, 0].max()
    # 12 kg/s drive more out of the open door than the fire pushes in.
    fan = spread(14.0)
    assert fan[:, 0].max() < 0.02 * opened[:, 0].max()


def test_smoke_comes_sooner_with_a_stronger_stack():
    shaft = ss.Shaft(33, top_m2=0.5, foot_m2=1.0)
    arrived = []
    for outside_k in (288.0, 271.0):
        flow = ss.shaft_flow(shaft, 0.02, WARM, outside_k)
        floors, held = np.zeros((33, 4)), np.zeros((33, 4))
        held[0] = SMOKE
        steps = 0
        while held[25, 0] < 1e-6 and steps < 720:
            held = ss.shaft_step(shaft, held, floors, flow, WARM, 5.0)
            steps += 1
        arrived.append(steps)
    assert arrived[1] < arrived[0]


def test_a_step_keeps_the_mass():
    shaft = ss.Shaft(12, top_m2=0.3, foot_m2=0.5)
    flow = ss.shaft_flow(shaft, ss.door_area_m2(0.1), WARM, COLD)
    draw = np.random.default_rng(5)
    held, floors = draw.uniform(0.0, 1e-3, (2, 12, 4))
    after = ss.shaft_step(shaft, held, floors, flow, WARM, 30.0)
    rho = 353.0 / WARM
    volume = shaft.plan_m2 * shaft.storey_m
    came = (np.maximum(-flow.out_kg_s, 0.0) + flow.swap_kg_s) @ floors / rho
    doors = (np.maximum(flow.out_kg_s, 0.0) + flow.swap_kg_s) @ after / rho
    ends = max(flow.up_kg_s[-1], 0.0) * after[-1] / rho + max(-flow.foot_kg_s, 0.0) * after[0] / rho
    assert (after - held).sum(axis=0) * volume == pytest.approx(
        30.0 * (came - doors - ends), rel=1e-6
    )
    assert np.all(after >= 0.0)
    assert after.max() <= max(held.max(), floors.max()) * (1.0 + 1e-9)
    less = ss.shaft_step(shaft, held, floors, flow, WARM, 30.0, [0.01, 0.0, 0.0, 0.0])
    assert np.all(less[:, 0] < after[:, 0])
    assert less[:, 1] == pytest.approx(after[:, 1])


def test_doors():
    assert ss.door_area_m2(0.0) == pytest.approx(0.02)
    assert ss.door_area_m2(1.0) == pytest.approx(1.8)
    assert ss.door_area_m2(0.0, leak_m2=0.01) == pytest.approx(0.01)
    with pytest.raises(ValueError, match="share"):
        ss.door_area_m2(1.2)
    with pytest.raises(ValueError, match="opening"):
        ss.shaft_flow(ss.Shaft(3), 0.0, WARM, COLD)
    with pytest.raises(ValueError, match="shaft"):
        ss.Shaft(0)


def test_a_corridor_fills_and_clears():
    volume, air = np.array([60.0, 60.0]), np.array([0.0, 0.5])
    held = np.zeros((2, 4))
    made = np.tile(SMOKE * 0.1, (2, 1))
    once = ss.mixed_step(held, volume, made, air, 60.0)
    twice = ss.mixed_step(ss.mixed_step(held, volume, made, air, 30.0), volume, made, air, 30.0)
    assert once == pytest.approx(twice)
    assert once[0] == pytest.approx(made[0] * 60.0 / 60.0, rel=1e-6)
    assert np.all(once[1] < once[0])
    endless = ss.mixed_step(held, volume, made, air, 1e5)
    assert endless[1] == pytest.approx(made[1] / 0.5)
    assert ss.mixed_step(once, volume, made * 0.0, air, 1e4)[1] == pytest.approx(
        np.zeros(4), abs=1e-12
    )
    with pytest.raises(ValueError, match="0 s"):
        ss.mixed_step(held, volume, made, air, 0.0)


def test_what_smoke_does():
    held = np.array([1e-4, 1.145e-3, 0.09, 0.0])
    sight, extinction, rate = ss.smoke_levels(held, np.asarray(298.15))
    assert sight == pytest.approx(9.2, abs=0.05)
    assert extinction == pytest.approx(0.87)
    # 1.145 g/m3 of CO are 1,000 ppm at 25 C; 90 g/m3 of CO2 are 5 %.
    assert rate == pytest.approx(gas_rate_per_min(1000.0, 5.0), rel=0.01)


def test_a_minute_of_a_tower_is_quick(gate):
    shaft = ss.Shaft(33, top_m2=0.2)
    area = ss.door_area_m2(np.linspace(0.0, 0.3, 33))
    held = np.zeros((33, 4))
    begun = time.process_time()
    for _ in range(50):
        flow = ss.shaft_flow(shaft, area, WARM, COLD)
        held = ss.shaft_step(shaft, held, np.tile(SMOKE, (33, 1)), flow, WARM, 60.0)
    took = (time.process_time() - begun) * 1000.0 / 50.0
    gate("stair_smoke: a step of 33 storeys, ms", took, 0.0, 1.0, soft=True)
    with pytest.raises(ValueError, match="0 s"):
        ss.shaft_step(shaft, held, held, flow, WARM, 0.0)
