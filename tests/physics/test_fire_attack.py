import math

import numpy as np
import pytest

from drillsim.physics import fire_attack as fa

FT, GPM = 0.3048, 3.785411784


def test_nfa_golden(golden):
    row = golden["harm.fire_flow"]
    given = row["inputs"]
    for share, gpm in zip(given["involv"], row["expected"]["gpm"], strict=True):
        flow = fa.nfa_flow_lpm(given["L_ft"] * FT, given["W_ft"] * FT, share)
        assert flow / GPM == pytest.approx(gpm, rel=row["rel_tol"])
    assert fa.nfa_flow_lpm(10.0, 10.0, 1.0, 3.0) == pytest.approx(
        3.0 * fa.nfa_flow_lpm(10.0, 10.0, 1.0)
    )
    with pytest.raises(ValueError, match="share"):
        fa.nfa_flow_lpm(10.0, 10.0, 1.5)


def test_iowa_and_iso_and_tactical():
    # 10,000 ft3: 100 gpm.
    assert fa.iowa_flow_lpm(10_000.0 * FT**3) / GPM == pytest.approx(100.0)
    # 18 x 1.0 x sqrt(10,000 ft2) = 1,800 gpm.
    assert fa.iso_flow_lpm(10_000.0 * FT**2) / GPM == pytest.approx(1800.0)
    assert fa.iso_flow_lpm(1.0) / GPM == pytest.approx(500.0)
    assert fa.tactical_flow_lpm(100.0) == pytest.approx(500.0)
    with pytest.raises(ValueError, match="above 0"):
        fa.iso_flow_lpm(0.0)


def test_water_takes_up_heat():
    # 1 kg/s at full use takes 2.6 MW; 40 % of it 1.04 MW.
    assert fa.absorbed_kw(60.0, 1.0) == pytest.approx(2600.0)
    assert fa.absorbed_kw(60.0) == pytest.approx(1040.0)
    assert fa.needed_flow_lpm(1040.0) == pytest.approx(60.0)
    with pytest.raises(ValueError, match="efficiency"):
        fa.absorbed_kw(60.0, 0.0)


def test_enough_water_knocks_down_within_the_published_minutes():
    need = float(fa.needed_flow_lpm(3000.0))
    assert 60.0 <= fa.knockdown_s(3000.0, 2.0 * need) <= 180.0
    assert fa.knockdown_s(3000.0, 0.9 * need) == math.inf
    heat, t_s = 3000.0, 0.0
    while heat > 0.0:
        heat = float(fa.suppressed_kw(heat, 3000.0, 2.0 * need, 1.0))
        t_s += 1.0
    assert t_s == pytest.approx(fa.knockdown_s(3000.0, 2.0 * need), abs=1.5)
    assert fa.knockdown_s(3000.0, 4.0 * need) < fa.knockdown_s(3000.0, 2.0 * need)


def test_too_little_water_only_slows_the_fire():
    flow = np.linspace(0.0, float(fa.needed_flow_lpm(2000.0)) * 0.99, 20)
    after = fa.suppressed_kw(2000.0, 2400.0, flow, 30.0)
    assert after[0] == pytest.approx(2400.0)
    assert np.all(np.diff(after) < 0.0)
    assert np.all(after >= 2000.0)


def test_water_never_feeds_a_fire_and_out_stays_out():
    draw = np.random.default_rng(8)
    heat, free, flow = draw.uniform(0.0, 5000.0, (3, 500))
    with_water = fa.suppressed_kw(heat, free, flow, 20.0)
    without = fa.suppressed_kw(heat, free, 0.0, 20.0)
    assert np.all(with_water <= without + 1e-9)
    assert np.all(with_water >= 0.0)
    assert fa.suppressed_kw(0.0, 500.0, 100.0, 10.0) == 0.0
    with pytest.raises(ValueError, match="0 s"):
        fa.suppressed_kw(1.0, 1.0, 1.0, 0.0)


def test_hose_friction_against_the_american_rule():
    # 2 1/2-inch lined hose, 250 gpm, 100 ft: 2 Q^2 + Q = 15 psi with Q in hundreds of gpm
    # (the underwriters' formula; the coefficient 2 Q^2 of modern smooth hose gives 12.5).
    loss = fa.hose_loss_pa(250.0 * GPM, 100.0 * FT, 0.0635)
    assert loss / 6894.76 == pytest.approx(15.0, rel=0.05)
    # NFPA 13's other form for the same pipe: 6.05e5 Q^1.85 / (C^1.85 d^4.87) bar/m, L/min and mm.
    bar = 6.05e5 * 1000.0**1.85 / (140.0**1.85 * 65.0**4.87)
    assert fa.hose_loss_pa(1000.0, 1.0, 0.065) / 1e5 == pytest.approx(bar, rel=0.02)
    assert fa.hose_loss_pa(2000.0, 100.0, 0.065) == pytest.approx(
        fa.hose_loss_pa(1000.0, 100.0, 0.065) * 2.0**1.852
    )
    with pytest.raises(ValueError, match="bore"):
        fa.hose_loss_pa(100.0, 10.0, 0.0)


def test_pump_hose_and_nozzle_agree_on_a_flow():
    pump = fa.Pump()
    assert pump.pressure_pa(2000.0) == pytest.approx(10e5)
    flow = fa.delivered_lpm(pump, 120.0, 0.065, 10.0, 400.0, lines=2)
    left = pump.pressure_pa(flow) - fa.hose_loss_pa(flow, 120.0, 0.065) - 9806.65 * 10.0
    assert left == pytest.approx(6e5 * (flow / 800.0) ** 2, rel=1e-6)
    higher = [
        fa.delivered_lpm(pump, 120.0, 0.065, z, 400.0) for z in (0.0, 30.0, 60.0, 90.0, 150.0)
    ]
    assert higher == sorted(higher, reverse=True)
    # 14 bar lift water some 143 m, not more.
    assert higher[-1] == 0.0
    assert higher[-2] > 0.0
    with pytest.raises(ValueError, match="nozzle"):
        fa.delivered_lpm(pump, 1.0, 0.065, 0.0, 0.0)
    with pytest.raises(ValueError, match="less pressure"):
        fa.Pump(2000.0, 10e5, 9e5)


def test_relay_and_hydrant():
    pump = fa.Pump()
    spacing = fa.relay_spacing_m(pump, 1000.0, 0.075)
    assert fa.hose_loss_pa(1000.0, spacing, 0.075) == pytest.approx(pump.pressure_pa(1000.0) - 1e5)
    assert fa.relay_spacing_m(pump, 2000.0, 0.075) < spacing
    # NFPA 291: at the tested pressure the tested flow; half of the drop gives 0.5^0.54.
    assert fa.hydrant_lpm(1000.0, 4e5, 2e5, 2e5) == pytest.approx(1000.0)
    assert fa.hydrant_lpm(1000.0, 4e5, 2e5, 3e5) == pytest.approx(1000.0 * 0.5**0.54)
    assert fa.hydrant_lpm(1000.0, 4e5, 2e5, 5e5) == 0.0
    with pytest.raises(ValueError, match="static"):
        fa.hydrant_lpm(1000.0, 2e5, 3e5, 1e5)


def test_ladders_reach_less_from_farther_away():
    # 32 m, 8 m off: 2 + 31 m; sills at 0.9 + 2.9 (n - 1): the twelfth floor.
    assert fa.ladder_floor(32.0, 8.0) == 12
    floors = [fa.ladder_floor(32.0, off) for off in (2.0, 10.0, 20.0, 31.0, 40.0)]
    assert floors == sorted(floors, reverse=True)
    assert floors[-1] == 0
    with pytest.raises(ValueError, match="storey"):
        fa.ladder_floor(32.0, 8.0, 0.0)


def test_high_rise_logistics():
    # n = 10: 64.4 + 302.22 s.
    assert fa.climb_s(12) == pytest.approx(366.62)
    assert np.all(fa.climb_s(np.array([1, 2])) == 0.0)
    assert np.all(np.diff(fa.climb_s(np.arange(2, 34))) > 0.0)
    # 100 mm, 60 m: 471 L at 1,000 L/min.
    assert fa.riser_fill_s(60.0, 0.1, 1000.0) == pytest.approx(28.3, abs=0.1)
    assert 20.0 < fa.air_minutes() < 35.0
    with pytest.raises(ValueError, match="flow"):
        fa.riser_fill_s(60.0, 0.1, 0.0)
    with pytest.raises(ValueError, match="share"):
        fa.air_minutes(kept=1.0)
