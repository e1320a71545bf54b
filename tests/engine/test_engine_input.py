"""Bad scenarios and cities: every fault at its place, nothing run, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from drillsim.city.model import read_city
from drillsim.errors import InputError
from drillsim.scenario import read_scenario


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def snapshot(folder: Path) -> list[tuple[Path, int, int]]:
    return sorted((p, p.stat().st_mtime_ns, p.stat().st_size) for p in folder.rglob("*"))


def faults(path: Path) -> list[str]:
    before = snapshot(path.parent)
    with pytest.raises(InputError) as caught:
        read_scenario(path)
    assert snapshot(path.parent) == before, "reading writes nothing"
    root = path.parent.as_posix() + "/"
    return [str(f).replace("\\", "/").removeprefix(root) for f in caught.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("horizon: 30 min", "horizn: 30 min",
         ["drill.yaml:1:1: horizon: this field is required",
          "drill.yaml:22:1: horizn: unknown field; did you mean 'horizon'?"]),
        ("horizon: 30 min", "horizon: 30",
         ["drill.yaml:22:10: horizon: 30 has no unit; write for example '5 min' "
          "(units: s, min, h, d)"]),
        ("wind_speed: 3 m/s", "wind_speed: 3 m",
         ["drill.yaml:18:15: weather.wind_speed: '3 m' has a unit that does not fit; units: "
          "m/s, km/h, kn, for example '3 m/s'"]),
        ("wind_speed: 3 m/s", "wind_speed: 0 m/s",
         ["drill.yaml:18:15: weather.wind_speed: Input should be greater than 0"]),
        ("stability: D", "stability: G", None),
        ("family: chemical-storage\ncity", "family: chemical-stroage\ncity", None),
        ("city: city.yaml", "city: ctiy.yaml",
         ["drill.yaml:6:7: city: there is no such file"]),
        ("plans: plans", "plans: plnas", None),
        ("yardstick: yardstick.yaml", "yardstick: nothing.yaml",
         ["drill.yaml:8:12: yardstick: there is no such file"]),
        ("at: valve-house", "at: valve-huose",
         ["drill.yaml:12:7: hazard.at: there is no facility called 'valve-huose'; "
          "did you mean 'valve-house'?"]),
        ("  hole: 0.1 mm", "  hoel: 0.1 mm", None),
        ("  hole: 0.1 mm", "  hole: 0.1", None),
        ("substance: chlorine", "substance: chlorin", None),
        ("start: 2026-09-15 10:20:00", "start: yesterday", None),
        ("needs: [entry]", "needs: entry", None),
        ("horizon: 30 min", "horizon: 30 min\nhorizon: 40 min",
         ["drill.yaml:23:1: yaml: the key 'horizon' occurs twice"]),
        ("horizon: 30 min", "horizon: 30 min\nstaff: {absent: [nobody, works/operator]}",
         ["drill.yaml:23:18: staff.absent[0]: there is no organisation or role called 'nobody'"]),
        ("horizon: 30 min", "horizon: 30 min\ninjects:\n  - {id: a, at: 5 min, close: [moon], "
         "text: {zh: 甲, en: a}}",
         ["drill.yaml:24:32: injects[0].close[0]: there is no facility called 'moon'"]),
    ],
)  # fmt: skip
def test_a_fault_of_the_scenario_is_told_at_its_place(
    tiny_files: Path, old: str, new: str, told: list[str] | None
) -> None:
    change(tiny_files, old, new)
    found = faults(tiny_files)
    assert found
    assert all(":" in line for line in found)
    if told is not None:
        assert [line[: len(t)] for line, t in zip(found, told, strict=True)] == told
    else:
        assert all(line.startswith(("drill.yaml:", "plnas:")) for line in found)


def test_all_faults_of_the_first_failing_stage_at_once(tiny_files: Path) -> None:
    change(tiny_files, "horizon: 30 min", "horizon: 30")
    change(tiny_files, "stability: D", "stability: H")
    change(tiny_files, "dress: 2 min", "dres: 2 min")
    assert [line.split(": ")[1] for line in faults(tiny_files)] == [
        "weather.stability", "horizon", "isolation.dress", "isolation.dres",
    ]  # fmt: skip


@pytest.mark.parametrize("file", ["drill.yaml", "city.yaml", "yardstick.yaml",
                                  "plans/works.yaml", "plans/planset.yaml"])  # fmt: skip
@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x00\x01\x02" * 50, b"\xff" * 100, b"a: " + b"x" * 1_000_000,
        b"a: &a [x]\nb: *a\n", b"- 1\n- 2\n", b"a: 1\na: 2\n", b"a: [1, 2\n", b"nonsense: 1\n",
    ],
    ids=["empty", "control", "binary", "long-line", "alias", "list", "duplicate", "cut", "unknown"],
)  # fmt: skip
def test_junk_in_any_file_is_told_by_its_name(tiny_files: Path, file: str, content: bytes) -> None:
    (tiny_files.parent / file).write_bytes(content)
    found = faults(tiny_files)
    assert found
    assert all(line.startswith(f"{file}:") for line in found)


@pytest.mark.parametrize("file", ["drill.yaml", "city.yaml", "yardstick.yaml", "plans/planset.yaml",
                                  "network.npz"])  # fmt: skip
def test_a_missing_file_is_told(tiny_files: Path, file: str) -> None:
    (tiny_files.parent / file).unlink()
    (found,) = faults(tiny_files)
    assert found.split(":")[0] in {file, "drill.yaml"}
    assert Path(file).name.split(".")[0] in found


def test_junk_for_a_network_is_told(tiny_files: Path) -> None:
    (tiny_files.parent / "network.npz").write_bytes(b"PK\x03\x04 not a network")
    (found,) = faults(tiny_files)
    assert found.startswith("network.npz:1:1: the network file cannot be read")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kind: estate", "kind: estaet", "no facility kind 'estaet'"),
        ("id: hamlet", "id: hall", "city.yaml:11:9: facilities[3].id: the id 'hall' is used twice"),
        ("x: 3000 m\n", "x: 3000\n", "facilities[3].x: 3000 has no unit"),
        ("x: 3000 m\n", "x: 3 min\n", "facilities[3].x: '3 min' has a unit that does not fit"),
        ("    x: 3000 m\n    y: 2000 m\n", "    from: nowhere\n    bearing: 0 deg\n"
         "    distance: 1 km\n", "facilities[3].from: there is no from called 'nowhere'"),
        ("    y: 2000 m\n", "", "give the place in exactly one way"),
        ("    y: 2000 m\n", "    y: 2000 m\n    lat: 31.5\n", "exactly one way"),
        ("heads: {day: 60", "heads: {day: -60", "greater than or equal to 0"),
        ("network: {file: network.npz}", "base: .", "base"),
        ("network: {file: network.npz}\n", "", "give exactly one of network and base"),
    ],
)  # fmt: skip
def test_a_fault_of_the_city_is_told_at_its_place(
    tiny_files: Path, old: str, new: str, told: str
) -> None:
    path = tiny_files.parent / "city.yaml"
    change(path, old, new)
    with pytest.raises(InputError) as caught:
        read_city(path)
    assert told in str(caught.value)
    assert all(
        fault.line >= 1 and fault.file.endswith("city.yaml") for fault in caught.value.faults
    )
    assert all(line.startswith("city.yaml:") for line in faults(tiny_files))


def test_a_fault_of_the_yardstick_is_told_at_its_place(tiny_files: Path) -> None:
    change(tiny_files.parent / "yardstick.yaml", "receivers: [brigade]", "receivers: [brigad]")
    assert faults(tiny_files) == [
        "yardstick.yaml:7:17: interfaces[0].receivers[0]: there is no organisation called "
        "'brigad'; did you mean 'brigade'?"
    ]


def test_no_run_of_a_bad_scenario(tiny_files: Path) -> None:
    """A dangling name in one plan stops everything: no scenario object, hence no log."""
    change(tiny_files.parent / "plans" / "works.yaml", "to: [brigade]", "to: [brigad]")
    assert faults(tiny_files) == [
        "plans/works.yaml:15:10: notifications[0].to[0]: there is no organisation called "
        "'brigad'; did you mean 'brigade'?"
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [("horizon: 30 min", "horizon: -30 min"), ("horizon: 30 min", "horizon: 0 s"),
     ("dress: 2 min", "dress: -2 min"), ("work: 3 min", "work: -3 min")],
)  # fmt: skip
def test_a_negative_time_is_refused(tiny_files: Path, old: str, new: str) -> None:
    change(tiny_files, old, new)
    assert all(line.startswith("drill.yaml:") for line in faults(tiny_files))


def test_a_negative_deadline_is_refused(tiny_files: Path) -> None:
    change(tiny_files.parent / "plans" / "works.yaml", "deadline: 1 min", "deadline: -1 min")
    assert faults(tiny_files)[0].startswith("plans/works.yaml:14:15: notifications[0].deadline")
