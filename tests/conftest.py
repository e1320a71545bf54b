"""The tiny city of the hand-computed drill, and Longcheng, read once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from drillsim.city.network import Edge, network_from_edges, write_network
from drillsim.scenario import Scenario, read_scenario

ROOT = Path(__file__).resolve().parents[1]
TINY = Path(__file__).parent / "data" / "tiny"
LONGCHENG = ROOT / "scenarios" / "longcheng"

# every run of the tests tries the same examples
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session", autouse=True)
def _plume_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep solved plumes away from the user's own cache."""
    os.environ["DRILLSIM_CACHE"] = str(tmp_path_factory.getbasetemp() / "plume-cache")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are asserted in English, whatever the locale of the machine."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def write_tiny_network(path: Path) -> None:
    """Two straight roads: 2,500 m and 3,000 m, 10 m/s at every hour, siren or not."""
    xy = np.array([[500.0, 0.0], [3000.0, 0.0], [500.0, 3000.0]])
    roads = [(0, 1, 2500.0), (0, 2, 3000.0)]
    edges = [
        Edge(u, v, "plant", length, speed_mps=10.0)
        for a, b, length in roads
        for u, v in ((a, b), (b, a))
    ]
    write_network(network_from_edges(xy, edges, {}), path)


def copy_tiny(folder: Path) -> Path:
    """Copy the tiny drill into a folder that a test may change; gives its scenario file."""
    shutil.copytree(TINY, folder, dirs_exist_ok=True)
    write_tiny_network(folder / "network.npz")
    return folder / "drill.yaml"


@pytest.fixture
def tiny_files(tmp_path: Path) -> Path:
    """Scenario file of a fresh copy of the tiny drill."""
    return copy_tiny(tmp_path / "tiny")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """The tiny drill; frozen, shared by all tests."""
    return read_scenario(copy_tiny(tmp_path_factory.mktemp("tiny")))


@pytest.fixture(scope="session")
def longcheng_path() -> Path:
    """The shipped chlorine drill."""
    return LONGCHENG / "cl-1.yaml"


@pytest.fixture(scope="session")
def longcheng(longcheng_path: Path) -> Scenario:
    """The shipped chlorine drill, read once."""
    return read_scenario(longcheng_path)


@pytest.fixture(scope="session")
def get_tiny(tiny: Scenario) -> Callable[[], Scenario]:
    """The tiny drill for hypothesis, which would print half a megabyte of city."""
    return lambda: tiny


@pytest.fixture(scope="session")
def get_longcheng(longcheng: Scenario) -> Callable[[], Scenario]:
    """The shipped drill for hypothesis."""
    return lambda: longcheng
