import pytest

from drillsim.physics import britter_mcquaid as bm

R_GAS, M_AIR = 8.314462, 0.02896


def lng_plume(given: dict) -> bm.HeavyCloud:
    return bm.HeavyCloud(
        density_kg_m3=given["rho_g"],
        air_density_kg_m3=101_325 * M_AIR / R_GAS / given["Ta_K"],
        wind_mps=given["u10"],
        flow_m3_s=given["Vliq_m3_s"] * given["rho_l"] / given["rho_g"],
        gas_k=given["T_rel_K"],
        air_k=given["Ta_K"],
    )


@pytest.mark.parametrize("distance", ["45.2", "367", "1200"])
def test_plume_worked_example_with_the_cold_correction(golden, distance):
    row = golden[f"disp.bm_plume.{distance}"]
    cloud = lng_plume(row["inputs"])
    share = bm.plume_share(cloud, row["inputs"]["x_m"], cold_correction=True)
    assert share == pytest.approx(row["expected"]["c_vv"], rel=row["rel_tol"])
    # Without it, which is how it is used, the cloud is leaner.
    assert bm.plume_share(cloud, row["inputs"]["x_m"]) < share


@pytest.mark.parametrize("case", ["160.200", "333.124"])
def test_puff_worked_example(golden, case):
    row = golden[f"disp.bm_puff.{case}"]
    given = row["inputs"]
    cloud = bm.HeavyCloud(
        given["rho0"], 101_325 * M_AIR / R_GAS / 293.15, given["u10"], volume_m3=given["V0_m3"]
    )
    share = bm.puff_share(cloud, given["x_m"], given["t_s"])
    assert share / 16.4 == pytest.approx(row["expected"]["c_vv"], rel=row["rel_tol"])


def test_correlation_knots():
    plume = [beta for _, beta in bm.betas("plume", -0.75)]
    assert plume == pytest.approx([1.75, 1.92, 2.08, 2.25, 2.40, 2.60])
    plume = [beta for _, beta in bm.betas("plume", 0.0)]
    assert plume == pytest.approx([1.78, 1.96, 2.16, 2.35, 2.56, 2.71])
    puff = [beta for _, beta in bm.betas("puff", 0.0)]
    assert puff == pytest.approx([0.81, 1.0, 1.19, 1.39, 1.62, 1.83, 2.05])


def test_out_of_range_is_refused():
    with pytest.raises(ValueError, match="range of 1"):
        bm.betas("plume", 1.1)


def test_concentration_falls_with_distance():
    cloud = bm.HeavyCloud(1.76, 1.18, 10.9, flow_m3_s=55.6)
    shares = [bm.plume_share(cloud, x) for x in (0.0, 10, 50, 100, 200, 400, 800, 2000, 5000)]
    assert shares == sorted(shares, reverse=True)
    assert bm.plume_share(cloud, bm.distance_to(cloud, 0.05)) == pytest.approx(0.05, rel=1e-3)
