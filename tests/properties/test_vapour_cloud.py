"""Properties of every vapour cloud over a tank farm: causality, conservation, what gives blast."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drillsim.data.fuels import fuel
from drillsim.hazards import Change
from drillsim.hazards.cloud_farm import CloudFarm
from drillsim.hazards.storage_fire import StorageFireSpec, build
from drillsim.hazards.weather import Weather

NAME = {"zh": "名", "en": "name"}
PLACES = np.array([[-20.0, 0.0], [-60.0, 10.0], [-120.0, 0.0], [30.0, 5.0], [-300.0, 20.0]])
HEAT_J_KG = fuel("lpg").combustion_heat_j_kg.value
CONGESTED = {
    "name": NAME, "bearing": "270 deg", "distance": "50 m", "radius": "10 m", "volume": "900 m3",
    "congestion": "medium",
}  # fmt: skip


def farm_with(congested: dict | None, **cloud) -> CloudFarm:
    """Build a leak of propane from the east side, wind from the east, by a tank and a sphere."""

    class Here:
        xy = (0.0, 0.0)

    class City:
        facilities = {"here": Here()}

    block = {
        "substance": "propane", "hole": "30 mm", "inventory": "20 t", "burns_as": "jet",
        "ignition": [
            {"id": "motor", "name": NAME, "kind": "vehicle", "bearing": "270 deg",
             "distance": "60 m", "chance": "10 %", "off_by": "road"},
            {"id": "switch", "name": NAME, "kind": "electrical", "bearing": "270 deg",
             "distance": "40 m", "chance": "10 %", "off_by": "plant"},
            {"id": "flame", "name": NAME, "kind": "flame", "bearing": "90 deg",
             "distance": "80 m", "chance": "50 %"},
        ],
        **({"congested": congested} if congested else {}), **cloud,
    }  # fmt: skip
    spec = StorageFireSpec.model_validate(
        {
            "at": "here", "plant": "here", "stand": "here", "substance": "lpg",
            "fires": [
                {"id": "jet", "kind": "jet", "fuel": "lpg", "name": NAME, "hole": "30 mm",
                 "aim": "90 deg", "inventory": "20 t"},
                {"id": "tank-fire", "fuel": "gasoline", "name": NAME, "diameter": "10 m",
                 "base": "8 m", "inventory": "300 t", "after": "tank"},
            ],
            "vessels": [
                {"id": "sphere", "name": NAME, "kind": "pressurised", "volume": "200 m3",
                 "diameter": "7.3 m", "content": "lpg", "mass": "80 t", "bearing": "90 deg",
                 "distance": "20 m", "fireproofing": "5 min"},
                {"id": "tank", "name": NAME, "kind": "atmospheric", "volume": "1000 m3",
                 "diameter": "11 m", "content": "gasoline", "mass": "600 t",
                 "bearing": "270 deg", "distance": "66 m"},
            ],
            "basin": {"capacity": "100 m3"},
            "cloud": block,
        }
    )  # fmt: skip
    weather = Weather(wind_from="90 deg", wind_speed="2 m/s", stability="E", temperature="20 C")
    found = build(spec, City(), weather)  # type: ignore[arg-type]
    assert isinstance(found, CloudFarm)
    return found


@pytest.fixture(scope="module")
def farm() -> CloudFarm:
    return farm_with(CONGESTED)


moments = st.floats(1.0, 1500.0, allow_nan=False)
SHUT = Change("isolate", 0.0, "here")


@given(early=moments, late=moments, t_s=st.floats(0.0, 3000.0))
@settings(max_examples=60, deadline=None)
def test_shutting_earlier_never_leaves_a_larger_cloud(farm, early, late, t_s):
    early, late = sorted((early, late))
    sooner, later = farm.after(SHUT, early), farm.after(SHUT, late)
    assert sooner.cloud.flammable_kg(t_s) <= later.cloud.flammable_kg(t_s) + 1e-6
    gas = farm.cloud.quantity
    assert (sooner.level(gas, PLACES, t_s) <= later.level(gas, PLACES, t_s) + 1e-6).all()
    assert sooner.cloud.blast_j(t_s) <= later.cloud.blast_j(t_s) + 1e-6


@given(
    change=st.sampled_from([SHUT, Change("plug", 0.1), Change("ignite", 0.0, "motor"),
                            Change("power", 0.0, "plant"), Change("traffic", 0.0, "road")]),
    at_s=moments,
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_no_change_touches_the_past(farm, change, at_s):
    after = farm.after(change, at_s)
    for t_s in np.linspace(0.0, at_s - 1e-6, 7):
        for quantity in (farm.cloud.quantity, "heat@1.5m/1s"):
            before = farm.level(quantity, PLACES, t_s)
            assert np.array_equal(before, after.level(quantity, PLACES, t_s))
        assert farm.course.damage(t_s) == after.course.damage(t_s)


@given(shut=moments, t_s=st.floats(0.0, 3000.0))
@settings(max_examples=40, deadline=None)
def test_nothing_burns_that_was_not_released(farm, shut, t_s):
    cloud = farm.after(SHUT, shut).cloud
    mass, released = cloud.flammable_kg(t_s), cloud.gas.released_kg(t_s)
    assert 0.0 <= mass <= released + 1e-6
    assert released <= cloud.spec.inventory * (1.0 + 1e-9)
    assert cloud.blast_j(t_s) <= mass * HEAT_J_KG * (1.0 + 1e-9)


def test_gas_alone_heats_nobody(farm):
    assert not farm.level("heat@1.5m/1s", PLACES, np.arange(0.0, 2000.0, 100.0)).any()
    assert farm.course.failed_s == (math.inf, math.inf)


def test_half_the_limit_is_where_nobody_stays(farm):
    reach = farm.cloud.gas.plume(farm.cloud.quantity).distance_to(0.5 * farm.cloud.lfl_ppm)
    spots = farm.at([[-0.9 * reach, 0.0], [-1.1 * reach, 0.0]])
    steady = farm.level_at(spots, farm.cloud.gas.emission.last_s - 1.0)
    assert steady[0] > farm.notice_level > steady[1]


def test_the_cloud_ends_when_it_is_lit_and_the_leak_goes_on_as_a_jet(farm):
    lit = farm.after(Change("ignite", 0.0, "motor"), 200.0)
    assert farm.level(farm.cloud.quantity, PLACES, 199.0).any()
    assert not lit.level(lit.cloud.quantity, PLACES, 201.0).any()
    assert lit.course.shares(199.9)[0] == 0.0
    assert lit.course.shares(200.1)[0] == 1.0
    end = farm.cloud.gas.emission.last_s
    assert lit.course.shares(end - 1.0)[0] == 1.0
    assert lit.course.shares(end + 1.0)[0] == 0.0
    # it is lit once, and the valve ends the jet as it would have ended the cloud
    assert lit.after(Change("ignite", 0.0, "switch"), 300.0).lit_s == 200.0
    assert lit.after(SHUT, 400.0).course.shares(421.0)[0] == 0.0


def test_what_was_shut_before_only_flashes(farm):
    flash = farm.after(SHUT, 150.0).after(Change("ignite", 0.0, "motor"), 160.0)
    assert flash.lit_s == 160.0
    assert flash.burns_where(flash.at(PLACES)).any()
    assert not flash.course.shares(170.0)[0]


def test_gas_that_has_thinned_out_cannot_be_lit(farm):
    gone = farm.after(SHUT, 100.0)
    late = gone.cloud.gone_s() + 1.0
    assert gone.cloud.flammable_kg(late) == 0.0
    assert gone.after(Change("ignite", 0.0, "motor"), late) is gone


def test_an_open_cloud_gives_no_blast_and_a_congested_one_more_the_denser_it_is(farm):
    gaps = np.array([5.0, 20.0, 60.0, 200.0])
    open_air = farm_with(None)
    assert not open_air.cloud.blast_pa(gaps, 600.0).any()
    lit = open_air.after(Change("ignite", 0.0, "motor"), 600.0)
    assert lit.course.failed_s[1] == math.inf
    before = np.zeros(gaps.size)
    for congestion in ("none", "low", "medium", "high"):
        now = farm_with({**CONGESTED, "congestion": congestion}).cloud.blast_pa(gaps, 600.0)
        assert (now >= before).all()
        assert now.any() == (congestion != "none")
        before = now
    assert (np.diff(before) <= 0.0).all()


def test_its_blast_breaks_the_tank_beside_it_and_lights_what_that_holds(farm):
    assert farm.cloud.filled_share(600.0) > 0.9
    lit = farm.after(Change("ignite", 0.0, "motor"), 600.0)
    assert lit.course.failed_s[1] == 600.0
    assert lit.course.failed_s[0] > 600.0
    assert lit.course.damage(599.0)[1] == 0.0
    assert lit.course.shares(601.0)[1] == 1.0
    # before the cloud is there it has nothing to burn
    assert farm.after(Change("ignite", 0.0, "motor"), 3.0).course.failed_s[1] == math.inf


def test_what_is_switched_off_lights_nothing_any_more(farm):
    ids = [s.id for s in farm.sources()]
    assert ids == ["motor", "switch", "flame"]
    assert [s.id for s in farm.after(Change("power", 0.0, "plant"), 10.0).sources()] == [
        "motor", "flame",
    ]  # fmt: skip
    assert [s.id for s in farm.after(Change("traffic", 0.0, "road"), 10.0).sources()] == [
        "switch", "flame",
    ]  # fmt: skip
    assert farm.after(Change("power", 0.0, "elsewhere"), 10.0).sources() == farm.sources()
    assert farm.covered(600.0) == {"motor": True, "switch": True, "flame": False}
    assert not any(farm.covered(1.0).values())


def test_nobody_works_at_a_valve_within_the_gas():
    inside = farm_with(None, valve={"bearing": "270 deg", "distance": "30 m"})
    outside = farm_with(None, valve={"bearing": "90 deg", "distance": "30 m"})
    assert not inside.bars_entry(0.0)
    assert inside.bars_entry(300.0)
    assert not outside.bars_entry(300.0)
    assert not inside.after(Change("ignite", 0.0, "motor"), 250.0).bars_entry(300.0)


def test_gasoline_makes_a_cloud_from_its_pool():
    pool = farm_with(None, substance="gasoline", head="8 m", hole="100 mm", bund_diameter="20 m")
    assert pool.cloud.gas.source.kind == "pool"
    assert pool.cloud.lfl_ppm == pytest.approx(14_000.0)
    assert 0.0 < pool.cloud.reach_m < 200.0


def test_faults_of_the_block_are_told():
    with pytest.raises(ValueError, match="burns_as: 'tank-fire' is none of the fires"):
        farm_with(None, burns_as="tank-fire")
    spark = {"id": "x", "name": NAME, "kind": "flame", "bearing": "0 deg", "distance": "5 m",
             "chance": "10 %", "off_by": "plant"}  # fmt: skip
    with pytest.raises(ValueError, match="an open flame is ended by nothing"):
        farm_with(None, ignition=[spark])
    with pytest.raises(ValueError, match="needs an id of its own"):
        farm_with(None, ignition=[{**spark, "kind": "vehicle"}, {**spark, "kind": "vehicle"}])
