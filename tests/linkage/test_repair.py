"""Safe edits: shown as a diff, asked for file by file, and nothing else in a file changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from drillsim.cli import files  # noqa: F401 - importing it registers the command
from drillsim.cli.app import app
from drillsim.linkage.repair import Repair, diff, mended

CITY = Path(__file__).resolve().parents[2] / "scenarios" / "longcheng"
TEXT = """plan:
  cites:
    - {name: 某法, version: "2007"}   # a remark
    - {name: 另一法, version: "2007"}
tasks:
  # 市监测站 in a remark stays
  - id: t1\r
    quote: 市监测站30分钟到场。
  - {id: t2, quote: 请市监测站复核。}
"""


def test_only_the_words_change() -> None:
    wanted = [
        Repair("a.yaml", 1, "S29", "某法", 'version: "2007"', 'version: "2024"'),
        Repair("a.yaml", 7, "S25", "市监测站30分钟到场。", "市监测站", "省中心"),
        Repair("a.yaml", 1, "S25", "没有这句话", "市监测站", "省中心"),
    ]
    after, made = mended(TEXT, wanted)
    assert len(made) == 2
    before_lines, after_lines = TEXT.splitlines(keepends=True), after.splitlines(keepends=True)
    changed = [n for n, (a, b) in enumerate(zip(before_lines, after_lines, strict=True)) if a != b]
    assert changed == [2, 7]
    assert after_lines[2] == '    - {name: 某法, version: "2024"}   # a remark\n'
    assert after_lines[7] == "    quote: 省中心30分钟到场。\n"
    assert after_lines[6].endswith("\r\n")
    shown = diff("a.yaml", TEXT, after)
    assert '-    - {name: 某法, version: "2007"}' in shown
    assert "+    quote: 省中心30分钟到场。" in shown


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    (tmp_path / "plans").mkdir()
    shutil.copytree(CITY / "organisations", tmp_path / "organisations")
    shutil.copytree(CITY / "plans" / "2024", tmp_path / "plans" / "2024")
    return tmp_path / "plans" / "2024"


def run(folder: Path, answers: str) -> str:
    result = CliRunner().invoke(app, ["check", str(folder), "--fix", "--lang", "en"], input=answers)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_nothing_is_written_unasked(copied: Path) -> None:
    before = {p.name: p.read_bytes() for p in copied.iterdir()}
    told = run(copied, "n\n" * 20)
    assert "was left as it is" in told
    assert "+++ " in told
    assert {p.name: p.read_bytes() for p in copied.iterdir()} == before


def test_yes_mends_names_and_editions_and_keeps_remarks(copied: Path) -> None:
    before = (copied / "p09-ecology.yaml").read_text("utf-8")
    assert "S25 critical" in run(copied, "y\n" * 20)
    after = (copied / "p09-ecology.yaml").read_text("utf-8")
    assert "市环境监测中心站" in before
    assert "市环境监测中心站" not in "".join(
        line for line in after.splitlines() if not line.lstrip().startswith("#")
    )
    remarks = [line for line in before.splitlines() if line.startswith("#")]
    assert [line for line in after.splitlines() if line.startswith("#")] == remarks
    again = run(copied, "n\n" * 20)
    assert "S25" not in again
    assert "nothing that can be mended" in again
