"""What the two READMEs tell a newcomer to type, and what the demo gives."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from terminal import HAN, drillsim, strict, written

from drillsim.cli import runs
from drillsim.engine.behaviour import VARIANTS

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh-CN.md")


def typed(name: str) -> list[str]:
    """Give the lines of a README's code blocks, without their comments."""
    text = (ROOT / name).read_text("utf-8")
    blocks = re.findall(r"```(?:sh|bat)\n(.*?)```", text, re.DOTALL)
    lines = [
        line.split("  #")[0].split(" # ")[0].strip() for b in blocks for line in b.splitlines()
    ]
    return [line for line in lines if line]


def test_both_languages_tell_the_same_commands() -> None:
    assert typed("README.md") == typed("README.zh-CN.md")


@pytest.mark.parametrize("name", READMES)
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text("utf-8")):
        if "://" not in target and not (ROOT / target).exists():
            pytest.fail(f"{name}: {target}")


@pytest.mark.slow
def test_the_commands_of_the_readme_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    lines = [line for line in typed("README.md") if line.startswith("drillsim ")]
    assert len(lines) >= 2
    for line in lines:
        result = drillsim(*shlex.split(line)[1:])
        assert result.exit_code == 0, (line, result.output)


def test_the_demo_compares_both_revisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one replication in two variants; it ships six in all five."""
    monkeypatch.setattr(runs, "DEMO_REPS", 1)
    monkeypatch.setattr(runs, "VARIANTS", {v: VARIANTS[v] for v in ("none", "behavioural")})
    out = tmp_path / "demo"
    result = drillsim("demo", "--out", out, "--jobs", 1, "--lang", "zh", "--json")
    assert result.exit_code == 0, result.stderr
    found = strict(result.stdout)["runs"]
    assert [run["plan_set"] for run in found] == ["longcheng-2024", "longcheng-2026-draft"]
    before, after = (run["scores"]["linkage"]["value"] for run in found)
    assert before < after
    # the same draws: where nobody acts on a plan, the plans make no difference to people
    assert found[0]["losses"]["none"] == found[1]["losses"]["none"]
    assert written(out) == ["report.html"]
    page = (out / "report.html").read_text("utf-8")
    assert HAN.search(page)
    assert {"2024", "2026-draft"} <= set(re.findall(r"2024|2026-draft", page))
