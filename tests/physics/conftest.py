"""Reference data and the record of physics gates, printed at the end of the run."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

RECORD = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash.setdefault(RECORD, [])


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRILLSIM_CACHE", str(tmp_path_factory.getbasetemp() / "plume-cache"))


@pytest.fixture(scope="session")
def reference() -> Path:
    """Folder of the physics reference data; the test is skipped, and counted, without it."""
    named = os.environ.get("DRILLSIM_REFERENCE")
    if not named:
        pytest.skip("DRILLSIM_REFERENCE is not set: no reference data to compare with")
    for folder in (Path(named) / "physics", Path(named)):
        if (folder / "golden_numbers.json").is_file():
            return folder
    pytest.skip(f"no golden_numbers.json under {named}")


@pytest.fixture(scope="session")
def golden(reference: Path) -> dict[str, dict]:
    rows = json.loads((reference / "golden_numbers.json").read_text(encoding="utf-8"))
    return {row["id"]: row for row in rows}


@pytest.fixture
def gate(request: pytest.FixtureRequest):
    """Record a measured figure and hold it to its range, set before it was measured."""

    def held(name: str, value: float, low: float, high: float, soft: bool = False) -> None:
        inside = low <= value <= high
        word = "ok" if inside else ("outside (reported only)" if soft else "FAILED")
        request.config.stash[RECORD].append(
            f"{name:<58} {value:>9.4g}   [{low:g}, {high:g}]  {word}"
        )
        assert soft or inside, f"{name} = {value:.4g} is outside [{low:g}, {high:g}]"

    return held


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lines = terminalreporter.config.stash.get(RECORD, [])
    if lines:
        terminalreporter.section("physics gates")
        for line in lines:
            terminalreporter.write_line(line)
