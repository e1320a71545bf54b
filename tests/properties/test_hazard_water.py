"""A spill on water as a field: mass, causality, changes that never touch the past."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drillsim.city.model import City, read_city
from drillsim.hazards import Change, Weather
from drillsim.hazards.river_spill import RiverSpill
from drillsim.hazards.slick_drift import GRID_S
from drillsim.hazards.transport_water import WaterTransportSpec, build
from drillsim.physics.river_plume import exceedance
from drillsim.physics.river_transport import Release

ROOT = Path(__file__).resolve().parents[2]
MINE, THEIRS = "standby-intake", "xitang-boundary"
CHANGES = ["stop-sluice", "close-intake", "deploy-boom", "skim-oil", "stop-leak"]
FEW = settings(max_examples=15, deadline=None, database=None, derandomize=True)


@pytest.fixture(scope="module")
def city() -> City:
    return read_city(ROOT / "scenarios" / "longcheng" / "city.yaml")


def spec(**more: object) -> WaterTransportSpec:
    block = {
        "at": "collision-point", "cargo": "methanol", "cargo_mass": "80 t", "oil_mass": "12 t",
        "oil": "marine-gas-oil", "pumping": 1.8, "in_water": 2, "skimmer": "0.01 m3/s",
        "supplies": [
            {"area": "east-supply", "intake": MINE, "heads": 180_000},
            {"area": "xitang-supply", "intake": THEIRS, "heads": 60_000, "abroad": True},
        ],
    }  # fmt: skip
    return WaterTransportSpec.model_validate({**block, **more})


def weather(wind_from: float = 290.0, speed: float = 3.0) -> Weather:
    text = {"wind_from": f"{wind_from} deg", "wind_speed": f"{speed} m/s", "stability": "D"}
    return Weather.model_validate(text)


@pytest.fixture(scope="module")
def spill(city: City) -> RiverSpill:
    return build(spec(), city, weather())


def spots(spill: RiverSpill) -> np.ndarray:
    return np.array([s.xy for s in spill.supplies])


@pytest.mark.parametrize(("pumping", "hours", "peak"), [(1.0, 2.4, 113.0), (1.8, 1.4, 113.0)])
def test_arrival_at_the_intake_is_that_of_the_hand_estimate(
    city: City, pumping: float, hours: float, peak: float
) -> None:
    """1 mg/L of 80 t of methanol, 4.8 km down: 2.4 h, with pumps 1.4 h (here 4.74 km)."""
    spill = build(spec(pumping=pumping), city, weather())
    node = spill.course.marks[MINE]
    assert spill.course.dist_m[node] == pytest.approx(4800.0, rel=0.03)
    found = exceedance(
        spill.course.ways[node], [Release(80_000.0, 0.0, 1800.0)], 1e-3, 12 * 3600.0,
        clock=spill.clock,
    )  # fmt: skip
    assert found.first_s is not None
    assert found.first_s / 3600.0 == pytest.approx(hours, rel=0.15)
    assert found.peak_kg_m3 * 1000.0 == pytest.approx(peak, rel=0.2)


def test_all_the_cargo_comes_past_in_the_end(spill: RiverSpill) -> None:
    dissolved = build_without_oil(spill)
    passed = dissolved.passed_kg(MINE)
    assert (np.diff(passed) >= -1e-6).all()
    assert passed[-1] == pytest.approx(80_000.0, rel=1e-3)


def build_without_oil(spill: RiverSpill) -> RiverSpill:
    from dataclasses import replace

    return replace(spill, oil_id="", oil_kg=0.0)


def test_nothing_comes_before_it_is_let_out(spill: RiverSpill) -> None:
    node = spill.course.marks[MINE]
    assert spill.cargo_mg_l(node, np.array([-60.0, 0.0])).tolist() == [0.0, 0.0]
    assert spill.level("tap", spots(spill), 0.0).tolist() == [0.0, 0.0]


def test_oil_is_conserved(spill: RiverSpill) -> None:
    acted = spill.after(Change("deploy-boom", 0.1, MINE), 3600.0)
    acted = acted.after(Change("skim-oil"), 7200.0)
    slick = acted.slick
    assert slick is not None
    total = slick.left_kg() + slick.recovered_kg + slick.weathered_kg()
    assert total == pytest.approx(np.full(len(GRID_S), 12_000.0), rel=1e-9)
    assert (np.diff(slick.recovered_kg) >= 0.0).all()
    assert (slick.weathered_kg() >= -1e-6).all()
    assert (np.diff(slick.weathered_kg()) >= -1e-6).all()
    assert slick.recovered_kg[-1] > 1000.0
    assert (slick.held_kg >= -1e-6).all()


@FEW
@given(
    kind=st.sampled_from(CHANGES), minute=st.floats(0.0, 420.0), factor=st.floats(0.0, 1.0),
    probe=st.floats(0.0, 420.0),
)  # fmt: skip
def test_the_past_stays_as_it_was(
    spill: RiverSpill, kind: str, minute: float, factor: float, probe: float
) -> None:
    t_s, before_s = minute * 60.0, min(minute, probe) * 60.0
    other = spill.after(Change(kind, factor, MINE), t_s)
    for quantity in ("tap", "methanol@water", "oil@water"):
        places = spots(spill) if quantity == "tap" else spill.course.xy[[5, 19, 42]]
        was = spill.level(quantity, places, before_s)
        assert other.level(quantity, places, before_s) == pytest.approx(was, rel=1e-9, abs=1e-12)


@FEW
@given(minute=st.floats(0.0, 400.0), later=st.floats(0.0, 200.0))
def test_shutting_earlier_never_raises_a_tap(
    spill: RiverSpill, minute: float, later: float
) -> None:
    early = spill.after(Change("close-intake", 0.0, MINE), minute * 60.0).taps
    late = spill.after(Change("close-intake", 0.0, MINE), (minute + later) * 60.0).taps
    assert (early <= late + 1e-9).all()
    assert (late <= spill.taps + 1e-9).all()


@FEW
@given(minute=st.floats(0.0, 300.0))
def test_stopping_the_pumps_never_hastens_the_plume(spill: RiverSpill, minute: float) -> None:
    slow = spill.after(Change("stop-sluice"), minute * 60.0)
    for mark in (MINE, THEIRS):
        assert slow.over_limit_s(mark) >= spill.over_limit_s(mark)
        assert (slow.passed_kg(mark) <= spill.passed_kg(mark) + 1e-6).all()


@FEW
@given(minute=st.floats(0.0, 300.0), passes=st.floats(0.0, 1.0), more=st.floats(0.0, 1.0))
def test_a_tighter_boom_lets_less_oil_past_and_no_less_methanol(
    spill: RiverSpill, minute: float, passes: float, more: float
) -> None:
    def past(share: float) -> RiverSpill:
        return spill.after(Change("deploy-boom", share, MINE), minute * 60.0)

    tight, loose = past(passes * more), past(passes)
    assert tight.slick is not None
    assert loose.slick is not None
    dist = float(spill.course.dist_m[spill.course.marks[THEIRS]])
    assert (tight.slick.passed_kg(dist) <= loose.slick.passed_kg(dist) + 1e-6).all()
    node = spill.course.marks[THEIRS]
    same = spill.cargo_mg_l(node, GRID_S)
    assert tight.cargo_mg_l(node, GRID_S) == pytest.approx(same)


@FEW
@given(minute=st.floats(0.0, 29.0))
def test_stopping_the_leak_keeps_the_rest_aboard(spill: RiverSpill, minute: float) -> None:
    other = spill.after(Change("stop-leak", 0.0), minute * 60.0)
    minutes = np.ceil(minute - 1e-9)
    assert other.emitted(3600.0)["cargo_kg"] == pytest.approx(80_000.0 * minutes / 30.0, abs=0.1)
    assert (other.raws[MINE] <= spill.raws[MINE] + 1e-9).all()


def test_only_tap_water_reaches_people(spill: RiverSpill) -> None:
    bank = np.array([spill.source_xy, (23_990.0, 11_800.0)])
    assert spill.level_at(spill.at(bank), 4 * 3600.0).tolist() == [0.0, 0.0]
    assert spill.endangers(spots(spill), 8 * 3600.0).all()
    assert not spill.endangers(bank, 8 * 3600.0).any()


def test_faults_are_told() -> None:
    for wrong, word in (
        ({"cargo": "methanl"}, "did you mean 'methanol'"),
        ({"cargo": None}, "cargo_mass needs its cargo"),
        ({"oil": "diesel"}, "oil: unknown"),
        ({"water_temperature": "60 C"}, "-2 C to 40 C"),
    ):
        with pytest.raises(ValueError, match=word):
            spec(**wrong)


def test_an_intake_must_lie_below(city: City) -> None:
    above = [{"area": "east-supply", "intake": "yangtze-intake", "heads": 10}]
    with pytest.raises(ValueError, match="does not lie below"):
        build(spec(supplies=above), city, weather())


def test_an_unknown_change_is_refused(spill: RiverSpill) -> None:
    with pytest.raises(ValueError, match="no change 'water-curtain'"):
        spill.after(Change("water-curtain", 0.5), 60.0)


def test_every_figure_names_its_source(spill: RiverSpill) -> None:
    rows = spill.provenance()
    assert len(rows) >= 8
    assert all(row.source and len(row.source) > 10 for row in rows)
    assert all(row.verified or (row.low is not None and row.high is not None) for row in rows)
    assert len({w.en for w in spill.warnings}) == 2
    assert spill.describe("zh") != spill.describe("en")
