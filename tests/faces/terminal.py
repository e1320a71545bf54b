"""Running the command line in a test: in this process, or in one of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from drillsim.cli import cities, files, runs  # noqa: F401 - importing them registers the commands
from drillsim.cli.app import app

SRC = Path(__file__).resolve().parents[2] / "src"
HAN = re.compile(r"[\u4e00-\u9fff]")
MAIN = "import sys; sys.argv[0] = 'drillsim'; from drillsim.cli import main; main()"


def drillsim(*args: object) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, [str(a) for a in args], prog_name="drillsim")


def command(*args: object) -> list[str]:
    """Give the command line of a process of its own."""
    return [sys.executable, "-c", MAIN, *map(str, args)]


def environment(**more: str) -> dict[str, str]:
    """Give its environment: English unless said otherwise, warnings shown as they are."""
    return {**os.environ, "PYTHONPATH": str(SRC), "LC_ALL": "en_US.UTF-8", **more}


def spawned(*args: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own and wait for it."""
    return subprocess.run(
        command(*args), env=environment(**more), capture_output=True, text=True,
        encoding="utf-8", check=False, timeout=240,
    )  # fmt: skip


def written(folder: Path) -> list[str]:
    """Give everything in a folder, to see that nothing was added."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))


def fault_lines(text: str) -> Sequence[str]:
    """Give the lines of stderr that name a fault; the first line counts them."""
    first, *rest = text.strip().splitlines()
    assert first.startswith(f"faults in the input: {len(rest)};"), text
    return rest


def strict(text: str) -> Any:
    """Read JSON as the standard has it: no NaN, no Infinity."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    return json.loads(text, parse_constant=refuse)
