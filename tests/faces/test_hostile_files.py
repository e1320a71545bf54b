"""Hostile files through the command line: exit 2, every fault at its place, nothing written."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from terminal import drillsim, fault_lines, written


@dataclass(frozen=True)
class Fault:
    """A change of a file, where in the new text the fault is told, and how."""

    old: str
    new: str
    at: str
    told: str


@dataclass(frozen=True)
class Kind:
    """A kind of file: where it stands and what is done to it."""

    file: str
    misspelt: Fault
    unit: Fault
    dangling: Fault
    duplicate: Fault


DECISIONS = """\
decisions:
  - {seq: 0, t: 0.0, role: works/operator, action: take-over}
  - seq: 1
    t: 60.0
    role: works/operator
    action: do
    element: p-works/n-call
"""
KINDS = {
    "scenario": Kind(
        "drill.yaml",
        Fault("dress: 2 min", "dres: 2 min", "dres",
              "isolation.dres: unknown field; did you mean 'dress'?"),
        Fault("wind_speed: 3 m/s", "wind_speed: 3 m", "3 m", "weather.wind_speed: '3 m' has"),
        Fault("at: valve-house", "at: valve-huose", "valve", "hazard.at: there is no facility"),
        Fault("horizon: 30 min", "horizon: 30 min\nhorizon: 40 min", "horizon: 40",
              "yaml: the key 'horizon' occurs twice"),
    ),
    "plan": Kind(
        "plans/works.yaml",
        Fault("ack: 2 min", "akc: 2 min", "akc",
              "notifications[0].akc: unknown field; did you mean 'ack'?"),
        Fault("deadline: 1 min", "deadline: 1", "1", "notifications[0].deadline: 1 has no unit"),
        Fault("to: [brigade]", "to: [brigad]", "brigad",
              "notifications[0].to[0]: there is no organisation called 'brigad'"),
        Fault("kind: fire-call", "kind: fire-call\n    kind: report", "kind: report",
              "yaml: the key 'kind' occurs twice"),
    ),
    "city": Kind(
        "city.yaml",
        Fault("heads: {day", "haeds: {day", "haeds",
              "facilities[3].haeds: unknown field; did you mean 'heads'?"),
        Fault("x: 3000 m\n", "x: 3 min\n", "3 min", "facilities[3].x: '3 min' has a unit that"),
        Fault("x: 3000 m\n    y: 2000 m\n",
              "from: nowhere\n    bearing: 0 deg\n    distance: 1 km\n", "nowhere",
              "facilities[3].from: there is no "),
        Fault("kind: estate", "kind: estate\n    kind: school", "kind: school",
              "yaml: the key 'kind' occurs twice"),
    ),
    "organisations": Kind(
        "plans/bodies.yaml",
        Fault("capabilities: [entry]", "capabilites: [entry]", "capabilites",
              "resources[0].capabilites: unknown field; did you mean 'capabilities'?"),
        Fault("day: 60 s", "day: 60 m", "60 m", "resources[0].turnout.day: '60 m' has a unit"),
        Fault("home: fire-house", "home: fire-huose", "fire",
              "resources[0].home: there is no facility called 'fire-huose'"),
        Fault("owner: brigade", "owner: brigade\n    owner: bureau", "owner: bureau",
              "yaml: the key 'owner' occurs twice"),
    ),
    "decisions": Kind(
        "decisions.yaml",
        Fault("element: p-works", "elment: p-works", "elment",
              "decisions[1].elment: unknown field; did you mean 'element'?"),
        Fault("t: 60.0", "t: 1 min", "1 min", "decisions[1].t: "),
        Fault("seq: 1\n    t: 60.0\n    role: works/operator",
              "seq: 1\n    t: 60.0\n    role: works/opera", "seq: 1",
              "decisions[1]: decision 1 (works/opera, do, 60.0 s): there is no role"),
        Fault("action: do", "action: do\n    action: skip", "action: skip",
              "yaml: the key 'action' occurs twice"),
    ),
}  # fmt: skip
WHOLE = [pytest.param(kind, id=kind) for kind in KINDS]


@pytest.fixture
def drill(tiny_files: Path) -> Path:
    """The folder of a sound drill with a sound file of decisions."""
    (tiny_files.parent / "decisions.yaml").write_text(DECISIONS, "utf-8")
    return tiny_files.parent


def run(folder: Path) -> tuple[int, list[str]]:
    """Run the drill and give exit code and faults, with paths as seen from its folder."""
    before = written(folder)
    out, start = folder / "out", time.monotonic()
    result = drillsim(
        "run", folder / "drill.yaml", "--decisions", folder / "decisions.yaml", "--out", out
    )
    assert time.monotonic() - start < 20, "a hostile file ends at once"
    if result.exit_code == 0:
        return 0, []
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert written(folder) == before, "nothing is written"
    lines = [line.replace("\\", "/") for line in fault_lines(result.stderr)]
    assert all(re.search(r"^.+?:\d+:\d+: \S", line) for line in lines)
    return result.exit_code, [line.removeprefix(f"{folder.as_posix()}/") for line in lines]


def change(folder: Path, file: str, *faults: Fault) -> list[str]:
    """Put faults into a file and give the lines that must tell them, from their beginning."""
    text = (folder / file).read_text("utf-8")
    for fault in faults:
        assert text.count(fault.old) == 1
        text = text.replace(fault.old, fault.new)
    (folder / file).write_text(text, "utf-8", newline="\n")
    lines = []
    for fault in faults:
        where = text.index(fault.new) + fault.new.index(fault.at)
        line, col = text.count("\n", 0, where) + 1, where - text.rfind("\n", 0, where)
        lines.append(f"{file}:{line}:{col}: {fault.told}")
    return lines


def all_told(expected: list[str], lines: list[str]) -> bool:
    return all(any(line.startswith(told) for line in lines) for told in expected)


def test_the_sound_drill_runs(drill: Path) -> None:
    """Else every refusal below could have another reason."""
    assert run(drill) == (0, [])
    assert "report.html" in written(drill / "out")


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("what", ["misspelt", "unit", "dangling", "duplicate"])
def test_a_wrong_line_is_told_at_its_place(drill: Path, name: str, what: str) -> None:
    kind = KINDS[name]
    expected = change(drill, kind.file, getattr(kind, what))
    code, lines = run(drill)
    assert code == 2
    assert all_told(expected, lines), (expected, lines)
    if what != "misspelt":  # a misspelt key may leave a required one missing, which is told too
        assert len(lines) == 1, lines


@pytest.mark.parametrize("name", WHOLE)
def test_several_faults_of_one_file_are_told_at_once(drill: Path, name: str) -> None:
    kind = KINDS[name]
    expected = change(drill, kind.file, kind.unit, kind.misspelt)
    code, lines = run(drill)
    assert code == 2
    assert len(lines) >= 2
    assert all_told(expected, lines), (expected, lines)


def test_faults_of_several_plan_files_are_told_at_once(drill: Path) -> None:
    expected = change(drill, "plans/works.yaml", KINDS["plan"].unit)
    expected += change(drill, "plans/bodies.yaml", KINDS["organisations"].unit)
    assert all_told(expected, run(drill)[1])


def test_dangling_references_of_several_files_are_told_at_once(drill: Path) -> None:
    expected = change(drill, "plans/works.yaml", KINDS["plan"].dangling)
    expected += change(drill, "plans/bodies.yaml", KINDS["organisations"].dangling)
    assert all_told(expected, run(drill)[1])


def test_decisions_that_cannot_be_applied_are_told_at_once(drill: Path) -> None:
    """The first was never taken over; the second is of no role; both stand at their rows."""
    text = DECISIONS.replace("take-over}", "release}")
    (drill / "decisions.yaml").write_text(text, "utf-8")
    code, lines = run(drill)
    assert code == 2
    assert [line.split(" decision ")[0] for line in lines] == [
        "decisions.yaml:2:5: decisions[0]:", "decisions.yaml:3:5: decisions[1]:",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["scenario", "plan", "city", "organisations"])
def test_check_tells_the_same_as_run(drill: Path, name: str) -> None:
    kind = KINDS[name]
    change(drill, kind.file, kind.dangling)
    _, lines = run(drill)
    result = drillsim("check", drill / kind.file)
    assert result.exit_code == 2
    told = [line.replace("\\", "/") for line in fault_lines(result.stderr)]
    assert [line.removeprefix(f"{drill.as_posix()}/") for line in told] == lines


LAUGHS = "a: &a [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n" + "".join(
    f"{x}: &{x} [{', '.join([f'*{y}'] * 9)}]\n" for y, x in zip("abcdefgh", "bcdefghi", strict=True)
)
JUNK = {
    "empty": b"",
    "only a comment": b"# nothing here\n",
    "long line": b"id: " + b"x" * 1_000_000 + b"\n",
    "billion laughs": LAUGHS.encode(),
    "binary": bytes(range(256)) * 40,
    "not utf-8": "编号: 1\n".encode("gbk"),
    "a list": b"- 1\n- 2\n",
    "cut off": b"a: [1, 2\n",
    "deep": b"a: " + b"[" * 5000,
    "a tag": b"a: !!python/object/apply:os.system ['true']\n",
    "two documents": b"a: 1\n---\nb: 2\n",
}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("junk", list(JUNK))
def test_junk_is_told_by_the_name_of_its_file(drill: Path, name: str, junk: str) -> None:
    file = KINDS[name].file
    (drill / file).write_bytes(JUNK[junk])
    code, lines = run(drill)
    assert code == 2
    assert all(line.startswith(f"{file}:") for line in lines), lines
    assert all(len(line) < 2000 for line in lines), "a fault is a line, not a page"


@pytest.mark.parametrize("file", ["drill.yaml", "city.yaml", "yardstick.yaml", "plans/planset.yaml",
                                  "decisions.yaml", "network.npz"])  # fmt: skip
def test_a_missing_file_is_told(drill: Path, file: str) -> None:
    (drill / file).unlink()
    code, lines = run(drill)
    assert code == 2
    assert len(lines) == 1
    assert Path(file).name in lines[0] or "there is no such file" in lines[0]


def test_missing_organisations_are_told_where_they_are_named(drill: Path) -> None:
    (drill / "plans/bodies.yaml").unlink()
    code, lines = run(drill)
    assert code == 2
    files = {line.split(":")[0] for line in lines}
    assert {"plans/works.yaml", "plans/bureau.yaml"} <= files


@pytest.mark.parametrize("name", WHOLE)
def test_a_folder_in_place_of_a_file_is_told(drill: Path, name: str) -> None:
    path = drill / KINDS[name].file
    path.unlink()
    path.mkdir()
    code, lines = run(drill)
    assert code == 2
    assert any("folder" in line for line in lines)


@pytest.mark.parametrize("name", WHOLE)
def test_check_of_junk_ends_with_2(drill: Path, name: str) -> None:
    file = drill / KINDS[name].file
    for content in JUNK.values():
        file.write_bytes(content)
        result = drillsim("check", file)
        assert result.exit_code == 2
        assert "Traceback" not in result.stderr
        assert all(str(file) in line for line in fault_lines(result.stderr))
