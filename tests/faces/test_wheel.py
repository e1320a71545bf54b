"""The wheel: built, installed elsewhere, run from another folder; it carries the shipped city."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from terminal import drillsim, written

from drillsim.cli import shipped

ROOT = Path(__file__).resolve().parents[2]
IDS = [
    *("cl-1", "cl-2", "cl-3", "cl-4", "cl-5", "rf-1", "rf-2", "rf-3", "rf-4"),
    *("rt-1", "rt-2", "sf-1", "sf-2", "sf-3", "ww-1", "ww-2"),
]
SECOND_CITY = ["nh3-1"]


def test_the_wheel_is_told_to_carry_the_scenarios() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["src/drillsim"]
    assert wheel["force-include"] == {"scenarios": "drillsim/scenarios"}
    assert project["project"]["scripts"] == {"drillsim": "drillsim.cli:main"}
    ignored = (ROOT / ".gitignore").read_text("utf-8")
    assert "scenarios" not in ignored, "what git ignores the builder leaves out"


@pytest.mark.parametrize("layout", ["sources", "wheel"])
def test_shipped_scenarios_are_found_in_both_layouts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: str
) -> None:
    """Beside the sources, `scenarios/` stands two above the package; in a wheel, inside it."""
    package = tmp_path / "src" / "drillsim" if layout == "sources" else tmp_path / "drillsim"
    (package / "cli").mkdir(parents=True)
    home = tmp_path if layout == "sources" else package
    shutil.copytree(ROOT / "scenarios", home / "scenarios")
    monkeypatch.setattr(shipped, "__file__", str(package / "cli" / "shipped.py"))
    found = shipped.shipped_scenarios()
    assert list(found) == [*IDS, *SECOND_CITY]
    assert all(path.is_relative_to(home) and path.is_file() for path in found.values())
    assert drillsim("check", "cl-1").exit_code == 0
    assert shipped.plans_folder("2026-draft", found["cl-1"]) is not None


def test_only_scenarios_are_shipped_as_scenarios() -> None:
    """The folder also holds the city, the yardstick and the table of seams."""
    beside = {p.stem for p in (ROOT / "scenarios" / "longcheng").glob("*.yaml")}
    assert beside > set(IDS)
    assert list(shipped.shipped_scenarios()) == [*IDS, *SECOND_CITY]


# --- slow: the wheel itself ----------------------------------------------------------------------


def called(*args: object, cwd: Path) -> str:
    """Run a program away from the sources and give what it prints; its stderr on failure."""
    keep = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    result = subprocess.run(
        [str(a) for a in args], cwd=cwd, env={**keep, "LC_ALL": "en_US.UTF-8"}, check=False,
        capture_output=True, text=True, encoding="utf-8", timeout=900,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr + result.stdout
    return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the sources by pip."""
    out = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    called(*pip, "wheel", ROOT, "--no-deps", "--wheel-dir", out, cwd=out)
    (found,) = out.glob("drillsim-*.whl")
    return found


@pytest.mark.slow
def test_the_wheel_holds_what_is_needed_and_no_more(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped_files = [
        p.relative_to(ROOT).as_posix()
        for p in (ROOT / "scenarios").rglob("*")
        if p.is_file() and p.suffix != ".pyc"
    ]
    assert {f"drillsim/{name}" for name in shipped_files} <= names
    sources = {
        p.relative_to(ROOT / "src").as_posix()
        for p in (ROOT / "src" / "drillsim").rglob("*")
        if p.is_file() and "__pycache__" not in p.parts
    }
    assert sources <= names
    top = {name.split("/")[0] for name in names}
    assert top == {"drillsim", next(n for n in top if n.endswith(".dist-info"))}
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert wheel.stat().st_size < 3_000_000


@pytest.mark.slow
def test_the_wheel_runs_in_a_fresh_environment(wheel: Path, tmp_path: Path) -> None:
    env, away = tmp_path / "env", tmp_path / "away"
    away.mkdir()
    called(sys.executable, "-m", "venv", env, cwd=away)
    bin_ = env / ("Scripts" if sys.platform == "win32" else "bin")
    pip = (bin_ / "python", "-m", "pip", "--disable-pip-version-check", "--quiet")
    called(*pip, "install", "-c", ROOT / "constraints.txt", wheel, cwd=away)
    assert "no faults" in called(bin_ / "drillsim", "check", "cl-1", cwd=away)
    shown = called(bin_ / "drillsim", "run", "cl-4", "--variant", "perfect", cwd=away)
    assert "EXERCISE" in shown
    assert "perfect" in shown
    here = called(bin_ / "python", "-c", "import drillsim; print(drillsim.__file__)", cwd=away)
    assert Path(here.strip()).is_relative_to(env)
    assert written(away) == [], "nothing is written where nothing was asked for"
