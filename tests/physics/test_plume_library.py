import math

import numpy as np
import pytest

from drillsim.data.substances import substance
from drillsim.physics import densegas
from drillsim.physics.atmosphere import Air
from drillsim.physics.densegas import PlumeSource
from drillsim.physics.plume import GRID_X_M
from drillsim.physics.plume_library import PlumeLibrary, cache_folder

CHLORINE = substance("chlorine")
SOURCE = PlumeSource("jet", 1.93, CHLORINE.boiling_k, 0.84, 25.0, 1.0, 1.0)


def air(wind=3.0, stability="D"):
    return Air(wind, stability, 298.15, 0.6, 0.1)


def test_interpolated_plume_equals_a_fresh_solution(tmp_path, gate):
    library = PlumeLibrary(tmp_path)
    far = (GRID_X_M > 50.0) & (GRID_X_M < 10_000.0)
    worst = 0.0
    for wind, rate, stability in (
        (2.71, 1.93, "D"),
        (4.4, 0.31, "D"),
        (1.9, 7.7, "E"),
        (1.4, 0.6, "F"),
        (5.0, 2.2, "B"),
    ):
        source = PlumeSource("jet", rate, CHLORINE.boiling_k, 0.84, 25.0, 1.0, 1.0)
        here = air(wind, stability)
        fresh = densegas.steady_plume(CHLORINE, source, here)
        kept = library.plume(CHLORINE, source, here)
        shown = far & (fresh.log_ppm > math.log(0.01))
        worst = max(worst, float(np.abs(fresh.log_ppm - kept.log_ppm)[shown].max()))
        assert kept.travel_s == pytest.approx(fresh.travel_s, rel=0.03)
    gate("plume library, worst |ln(interpolated / solved)|", worst, 0.0, 0.05)


def test_error_is_measured_in_the_middle_of_the_bin(tmp_path):
    library = PlumeLibrary(tmp_path)
    assert library.interpolation_error == 0.0
    error = library.measure(CHLORINE, SOURCE, air())
    assert 0.0 < error < 0.05
    assert library.interpolation_error == error


def test_kept_on_disk(tmp_path):
    first = PlumeLibrary(tmp_path)
    plume = first.plume(CHLORINE, SOURCE, air())
    assert first.solves == 4
    second = PlumeLibrary(tmp_path)
    again = second.plume(CHLORINE, SOURCE, air())
    assert second.solves == 0
    assert np.array_equal(plume.log_ppm, again.log_ppm)
    assert np.array_equal(plume.travel_s, again.travel_s)
    assert not list(tmp_path.glob("*.tmp"))


@pytest.mark.parametrize("damage", [b"", b"not a zip file", b"PK\x03\x04 cut off"])
def test_a_damaged_file_is_solved_again(tmp_path, damage):
    whole = PlumeLibrary(tmp_path).plume(CHLORINE, SOURCE, air())
    for path in tmp_path.glob("*.npz"):
        path.write_bytes(damage)
    library = PlumeLibrary(tmp_path)
    again = library.plume(CHLORINE, SOURCE, air())
    assert library.solves == 4
    assert np.array_equal(whole.log_ppm, again.log_ppm)
    healed = PlumeLibrary(tmp_path)
    healed.plume(CHLORINE, SOURCE, air())
    assert healed.solves == 0


def test_other_figures_are_other_files(tmp_path):
    library = PlumeLibrary(tmp_path)
    library.plume(CHLORINE, SOURCE, air())
    heat = CHLORINE.vaporisation_heat_j_kg.model_copy(update={"value": 285_000.0})
    other = CHLORINE.model_copy(update={"vaporisation_heat_j_kg": heat})
    library.plume(other, SOURCE, air())
    assert library.solves == 8


def test_a_wind_range_shares_its_bins(tmp_path):
    library = PlumeLibrary(tmp_path)
    for wind in np.linspace(2.25, 3.75, 60):
        library.plume(CHLORINE, SOURCE, air(float(wind)))
    assert library.solves <= 12


def test_unwritable_folder_costs_only_speed(tmp_path):
    blocked = tmp_path / "a-file"
    blocked.write_text("in the way", encoding="utf-8")
    library = PlumeLibrary(blocked / "plumes")
    assert library.plume(CHLORINE, SOURCE, air()).model == "slab"


def test_folder_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("DRILLSIM_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path / "plumes"
    monkeypatch.delenv("DRILLSIM_CACHE")
    assert cache_folder().parts[-2:] == ("drillsim", "plumes")


def test_a_light_cloud_comes_from_the_gaussian_model(tmp_path):
    library = PlumeLibrary(tmp_path)
    vapour = PlumeSource("jet", 0.5, 298.15, 0.0, 50.0)
    plume = library.plume(substance("ammonia"), vapour, air())
    assert plume.model == "gaussian"
    assert library.solves == 0


def test_a_bin_corner_without_solution_is_gone_round(tmp_path, monkeypatch):
    library, honest = PlumeLibrary(tmp_path), densegas.solve
    asked = []

    def fails_in_light_wind(slab, ours, source, atmosphere, *rest):
        asked.append(atmosphere.u_ref)
        if atmosphere.u_ref < 2.9:
            raise RuntimeError("no convergence")
        return honest(slab, ours, source, atmosphere, *rest)

    monkeypatch.setattr(densegas, "solve", fails_in_light_wind)
    plume = library.plume(CHLORINE, SOURCE, air(3.0))
    fresh = densegas.steady_plume(CHLORINE, SOURCE, air(3.0))
    far = GRID_X_M > 50.0
    assert plume.log_ppm[far] == pytest.approx(fresh.log_ppm[far], abs=0.01)
    before = len(asked)
    library.plume(CHLORINE, SOURCE, air(3.0))
    assert len(asked) == before, "neither success nor failure is tried twice"
    with pytest.raises(RuntimeError, match="no convergence"):
        library.plume(CHLORINE, SOURCE, air(2.5))
