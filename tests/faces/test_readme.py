"""What the two READMEs tell a newcomer to type, and what the demo gives."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from terminal import HAN, drillsim, strict, written

from drillsim.cli import runs
from drillsim.cli.shipped import shipped_scenarios
from drillsim.engine.behaviour import VARIANTS
from drillsim.scenario import read_scenario

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


def shipped(scenario_id: str) -> str:
    """Give the family of a shipped scenario."""
    return str(read_scenario(shipped_scenarios()[scenario_id]).file.family)


@pytest.mark.slow
def test_the_commands_of_the_readme_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    lines = [line for line in typed("README.md") if line.startswith("drillsim ")]
    assert len(lines) >= 2
    for line in lines:
        result = drillsim(*shlex.split(line)[1:])
        assert result.exit_code == 0, (line, result.output)


def test_the_demo_compares_both_revisions_in_every_family(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one replication in two variants; it ships several in all five."""
    monkeypatch.setattr(runs, "DEMO_SCENARIOS", dict.fromkeys(runs.DEMO_SCENARIOS, 1))
    monkeypatch.setattr(runs, "VARIANTS", {v: VARIANTS[v] for v in ("none", "behavioural")})
    out = tmp_path / "demo"
    result = drillsim("demo", "--out", out, "--jobs", 1, "--lang", "zh", "--json")
    assert result.exit_code == 0, result.stderr
    found = strict(result.stdout)["runs"]
    assert [run["plan_set"] for run in found] == ["longcheng-2024", "longcheng-2026-draft"] * 3
    families = [shipped(run["scenario"]) for run in found[::2]]
    assert families == ["chemical-storage", "residential-fire", "water-transport"]
    for old, new in zip(found[::2], found[1::2], strict=True):
        assert old["scenario"] == new["scenario"]
        assert old["scores"]["linkage"]["value"] < new["scores"]["linkage"]["value"]
        # the same draws: where nobody acts on a plan, the plans make no difference to people
        assert old["losses"]["none"] == new["losses"]["none"]
    assert written(out) == ["report.html"]
    page = (out / "report.html").read_text("utf-8")
    assert HAN.search(page)
    assert {"2024", "2026-draft"} <= set(re.findall(r"2024|2026-draft", page))


def test_the_demo_says_how_many_replications_it_rests_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "DEMO_SCENARIOS", {"rf-1": 1})
    monkeypatch.setattr(runs, "VARIANTS", {v: VARIANTS[v] for v in ("none", "behavioural")})
    result = drillsim("demo", "--out", tmp_path / "demo", "--jobs", 1, "--lang", "en")
    assert result.exit_code == 0, result.stderr
    said = " ".join(result.stdout.split())
    assert (
        "1 replications (seed 1) of the scenarios (1) under each plan set (2), in 2 variants"
        in said
    )
    assert "harmed by smoke" in said
    assert "AEGL" not in said
