import csv
import math

import numpy as np
import pytest

from drillsim.physics import room_temperature as rt
from drillsim.physics.design_fire import Opening, opening_factor_m52


def test_mqh_golden(golden):
    row = golden["room.mqh"]
    given = row["inputs"]
    factor = sum(a * math.sqrt(h) for a, h in zip(given["Av"], given["Hv"], strict=True))
    rise = rt.mqh_rise_k(given["Q_kW"], given["AT"], factor, given["hk"])
    assert rise == pytest.approx(row["expected"]["dT_K"], rel=row["rel_tol"])


def test_closed_room_against_a_published_example():
    # openfire's example of NUREG-1805 eq. 2-6.
    walls = rt.Lining(2.0, 2400.0, 1170.0, 0.2)
    assert rt.closed_rise_k(500.0, 60.0, walls, 100.0) == pytest.approx(285.8385048, rel=1e-6)
    assert rt.closed_rise_k(250.0, 60.0, walls, 100.0) == pytest.approx(142.9192524, rel=1e-6)
    # Before the walls take anything: Q t / (m c).
    assert rt.closed_rise_k(100.0, 0.01, walls, 100.0) == pytest.approx(0.01, rel=0.01)


def test_smoke_filling_against_a_published_example():
    assert rt.filling_height_m(1000.0, 90.0, 250.0, 4.5) == pytest.approx(1.886933556, rel=1e-6)
    assert rt.filling_height_m(1000.0, 0.0, 250.0, 4.5) == pytest.approx(4.5)


def test_wall_losses_of_gypsum_by_hand():
    board = rt.lining("gypsum-board")
    # 960 x 1100 / 0.17 x 0.00625^2 = 242.6 s; k/thickness = 13.6 W/m2K.
    assert rt.penetration_s(board) == pytest.approx(242.6, abs=0.1)
    assert rt.hk_kw_m2k(board, 1e4) == pytest.approx(0.0136, rel=1e-6)
    assert rt.hk_kw_m2k(board, 100.0) == pytest.approx(math.sqrt(0.17 * 960 * 1100 / 100) / 1e3)
    early = rt.hk_kw_m2k(board, np.linspace(1.0, 240.0, 50))
    assert np.all(np.diff(early) < 0.0)
    with pytest.raises(ValueError, match="0 s"):
        rt.hk_kw_m2k(board, 0.0)


def test_mqh_on_the_steckler_room(reference, gate):
    # hk 7.87 W/m2K; the shared notes give bias 1.25, sigma 0.133 on all 55 tests.
    with (reference / "steckler_public.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ratio = [
        float(rt.mqh_rise_k(
            float(r["Q"]), float(r["AT"]),
            opening_factor_m52((Opening(float(r["W"]), float(r["H"])),)), 0.00787,
        )) / (float(r["Tup"]) - float(r["Tamb"]))
        for r in rows
    ]  # fmt: skip
    gate("room_temperature: MQH on Steckler, bias", float(np.mean(ratio)), 1.1, 1.4)
    gate(
        "room_temperature: MQH on Steckler, sigma", float(np.std(ratio) / np.mean(ratio)), 0.0, 0.2
    )


def test_mqh_powers_and_refusals():
    base = rt.mqh_rise_k(500.0, 60.0, 2.5, 0.03)
    assert rt.mqh_rise_k(1000.0, 60.0, 2.5, 0.03) == pytest.approx(base * 2 ** (2 / 3))
    assert rt.mqh_rise_k(500.0, 60.0, 5.0, 0.03) < base
    with pytest.raises(ValueError, match="above 0"):
        rt.mqh_rise_k(500.0, 60.0, 0.0, 0.03)
    with pytest.raises(ValueError, match="above 0"):
        rt.Lining(1.0, 1.0, 0.0, 1.0)


def test_a_slab_conducts_like_a_thick_wall_at_first():
    # Constant flux on a thick wall: face rises by 2 q sqrt(t / (pi k rho c)) (Carslaw & Jaeger).
    wall = rt.lining("concrete", 0.3)
    slab = rt.Slab(wall, 293.0, 293.0)
    for _ in range(600):
        slab.step(1.0, 293.0, 1e-9, 5000.0)
    inertia = wall.conductivity_w_mk * wall.density_kg_m3 * wall.heat_j_kgk
    exact = 2.0 * 5000.0 * math.sqrt(600.0 / (math.pi * inertia))
    assert slab.face_k(293.0, 1e-9, 5000.0) - 293.0 == pytest.approx(exact, rel=0.05)


def test_a_slab_keeps_its_heat_account():
    slab = rt.Slab(rt.lining("fibreboard"), 300.0, 300.0)
    into, lost = 0.0, 0.0
    for _ in range(400):
        flux = slab.step(5.0, 450.0, 12.0, 800.0)
        into += 5.0 * (flux + 800.0)
        lost += 5.0 * slab.back_w_m2()
    assert slab.stored_j_m2 + lost == pytest.approx(into, rel=1e-9)
    # In the end it passes on all it takes: 1/(1/12 + 0.013/0.1 + 1/10) from 450 K and the flux.
    face = slab.face_k(450.0, 12.0, 800.0)
    assert (12.0 * (450.0 - face) + 800.0) == pytest.approx(slab.back_w_m2(), rel=0.01)


def test_vent_flows_of_an_isothermal_leak_and_of_a_door():
    # 4 Pa on 1 m2: 0.7 sqrt(2 x 1.2 x 4) = 2.169 kg/s either way.
    leak = [(1.0, 0.0, 1.0)]
    assert rt.vent_flows(leak, 4.0, 0.0, 1.2, 1.2, 1.2)[0] == pytest.approx(2.169, rel=1e-3)
    assert rt.vent_flows(leak, -4.0, 0.5, 1.2, 1.2, 1.2)[2] == pytest.approx(2.169, rel=1e-3)
    # A door full of hot gas, neutral at mid-height: 2/3 Cd w sqrt(2 rho g drho) h^1.5 each way.
    drho, half = 0.6, 1.0
    out, low, back, above = rt.vent_flows([(0.9, 0.0, 2.0)], -9.81 * drho, 0.0, 0.6, 1.2, 1.2)
    way = 2 / 3 * 0.7 * 0.9 * half**1.5
    assert out == pytest.approx(way * math.sqrt(2 * 0.6 * 9.81 * drho), rel=1e-9)
    assert back == above == pytest.approx(way * math.sqrt(2 * 1.2 * 9.81 * drho), rel=1e-9)
    assert low == 0.0


def test_flows_fall_and_rise_with_pressure():
    vents = [(0.9, 0.0, 2.0), (1.2, 0.9, 2.2)]
    net = []
    for pressure in np.linspace(-20.0, 20.0, 81):
        out, low, back, above = rt.vent_flows(vents, float(pressure), 1.1, 0.5, 1.15, 1.2)
        assert 0.0 <= above <= back
        net.append(out + low - back)
    assert net == sorted(net)


def test_the_root_of_a_rising_function():
    for shift in (-300.0, -1.0, 0.0, 2.0, 1e4):
        place, slope = rt.rising_root(
            lambda x, s=shift: math.copysign(abs(x - s) ** 0.6, x - s), 0.0, 1.0, 1e-6
        )
        assert place == pytest.approx(shift, abs=1e-6)
        assert slope > 0.0


def test_a_sealed_room_golden(golden):
    row = golden["room.cfast_sealed"]["expected"]
    kelvin, rise = rt.sealed_room(100.0, 125.0, 60.0, 293.15)
    assert kelvin - 273.15 == pytest.approx(row["T_C"], rel=0.01)
    assert rise == pytest.approx(row["dp_Pa"], rel=0.01)
