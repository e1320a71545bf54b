"""YAML at the edge: places of faults, and files that mean harm."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from pydantic import Field

from drillsim import yamlio
from drillsim.errors import InputError
from drillsim.units import Duration
from drillsim.yamlio import Id, Model, digest_of, dotted, load, plain, read_yaml


class Crew(Model):
    id: Id
    turnout: Duration
    members: int = 4


class Station(Model):
    id: Id
    crews: tuple[Crew, ...] = ()
    opened: str = ""
    names: dict[str, str] = {}
    share: float = Field(1.0, ge=0)


GOOD = """\
# a station
id: north
crews:
  - id: engine
    turnout: 60 s
  - {id: ladder, turnout: 2 min, members: 6}
opened: 1:30
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "station.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults(folder: Path, text: str | bytes) -> list[str]:
    path = write(folder, text)
    with pytest.raises(InputError) as caught:
        read_yaml(path, Station, shown="s.yaml")
    assert [p.name for p in folder.iterdir()] == ["station.yaml"], "reading writes nothing"
    return [str(fault) for fault in caught.value.faults]


def test_reads_yaml_1_2(tmp_path: Path) -> None:
    """`1:30` stays text and `no` stays a word: YAML 1.1 would make 90 and False of them."""
    station = read_yaml(write(tmp_path, GOOD), Station)
    assert station.crews == (
        Crew(id="engine", turnout="60 s"), Crew(id="ladder", turnout="2 min", members=6),
    )  # fmt: skip
    assert station.opened == "1:30"
    norway = read_yaml(write(tmp_path, "id: 'no'\nopened: no\n"), Station)
    assert (norway.id, norway.opened) == ("no", "no")


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert read_yaml(write(tmp_path, text), Station).id == "north"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("turnout: 60 s", "turnuot: 60 s",
         ["s.yaml:4:5: crews[0].turnout: this field is required",
          "s.yaml:5:5: crews[0].turnuot: unknown field; did you mean 'turnout'?"]),
        ("turnout: 60 s", "turnout: 60",
         ["s.yaml:5:14: crews[0].turnout: 60 has no unit; write for example '5 min' "
          "(units: s, min, h, d)"]),
        ("turnout: 60 s", "turnout: 60 km",
         ["s.yaml:5:14: crews[0].turnout: '60 km' has a unit that does not fit; units: "
          "s, min, h, d, for example '5 min'"]),
        ("members: 6", "members: six",
         ["s.yaml:6:43: crews[1].members: Input should be a valid integer, "
          "unable to parse string as an integer"]),
        ("id: north", "id: North",
         ["s.yaml:2:5: id: String should match pattern '^[a-z0-9][a-z0-9-]*$'"]),
        ("opened: 1:30", "share: -1",
         ["s.yaml:7:8: share: Input should be greater than or equal to 0"]),
        ("crews:\n", "crews: none\nnames:\n", None),
        ("opened: 1:30", "id: south",
         ["s.yaml:7:1: yaml: the key 'id' occurs twice"]),
        ("opened: 1:30", "opened: [1, 2", None),
        ("    turnout: 60 s", "\tturnout: 60 s", None),
        ("opened: 1:30", "opened: !!python/object:os.system 'x'\nids: x", None),
    ],
)  # fmt: skip
def test_every_fault_has_its_place(
    tmp_path: Path, old: str, new: str, told: list[str] | None
) -> None:
    assert old in GOOD
    found = faults(tmp_path, GOOD.replace(old, new, 1))
    assert all(line.startswith("s.yaml:") for line in found)
    if told is not None:
        assert found == told


def test_all_faults_of_a_file_at_once_in_order(tmp_path: Path) -> None:
    found = faults(tmp_path, "crews:\n  - {id: A, turnout: 5}\n  - {turnout: x}\nkolor: red\n")
    assert [line.split(": ")[1] for line in found] == [
        "id", "crews[0].id", "crews[0].turnout", "crews[1].id", "crews[1].turnout", "kolor",
    ]  # fmt: skip
    assert [line.split(":")[1] for line in found] == ["1", "2", "2", "3", "3", "4"]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "{}"])
def test_an_empty_file_is_told_what_to_hold(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text) == [
        "s.yaml:1:1: the file is empty; expected keys: id, crews, opened, names, share"
    ]


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n", "42\n"])
def test_a_file_that_is_no_map_is_refused(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text) == ["s.yaml:1:1: expected `key: value` lines"]


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12)
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LAUGHS, "s.yaml:1:4: YAML anchors and aliases are not allowed; write the value out"),
        ("id: a\nopened: *b\n", "s.yaml:2:9: YAML anchors and aliases are not allowed"),
        ("opened: " + "x" * 1_000_000, "s.yaml:1:1: the line has 1000008 characters, the limit"),
        ("a: " + "[" * 5000, "s.yaml:1:1: nested too deeply"),
        ("\n".join(" " * n + "a:" for n in range(200)), ": nested too deeply"),
        (b"id: \xff\xfe\x00\x01", "s.yaml:1:1: this is not UTF-8 text (from byte 4)"),
        (bytes(range(256)) * 4, "s.yaml:1:1: this is not UTF-8 text"),
        (b"\x00" * 10_000, "s.yaml:1:1: contains a control character"),
        (b"id: a\nopened: x\x1b[31m", "s.yaml:2:1: contains a control character"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 20, "s.yaml:1:1: this is not UTF-8 text (from byte 0)"),
        (GOOD.encode("utf-16"), "s.yaml:1:1: this is not UTF-8 text (from byte 0)"),
        ("id: a\n--- \nid: b\n", "s.yaml:2:1: yaml: but found another document"),
        ("id: 'a\n", None),
        ("%YAML 9.9\n---\nid: a\nmore: x", None),
        ("? [a, b]\n: c\n", None),
        ("id: a\n\"\\uD800\": x\n", None),
    ],
)  # fmt: skip
def test_a_hostile_file_ends_in_a_fault_and_soon(
    tmp_path: Path, text: str | bytes, told: str | None
) -> None:
    begun = time.perf_counter()
    found = faults(tmp_path, text)
    assert time.perf_counter() - begun < 5.0
    assert found
    assert all(line.startswith("s.yaml:") for line in found)
    if told:
        assert told in found[0]


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"x\.yaml:1:1: there is no such file"):
        load(tmp_path / "x.yaml")
    with pytest.raises(InputError, match="this is a folder, a file is expected"):
        load(tmp_path)


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamlio, "MAX_BYTES", 100)
    assert faults(tmp_path, "a: b\n" * 50) == ["s.yaml:1:1: 250 bytes, the limit is 100"]


def test_faults_name_the_path_as_given(tmp_path: Path) -> None:
    path = write(tmp_path, "x: 1\n")
    with pytest.raises(InputError) as caught:
        read_yaml(path, Station)
    assert {fault.file for fault in caught.value.faults} == {str(path)}


def test_places(tmp_path: Path) -> None:
    source = load(write(tmp_path, GOOD))
    assert source.place(("id",)) == (2, 5)
    assert source.place(("id",), key=True) == (2, 1)
    assert source.place(("crews", 1, "members")) == (6, 43)
    assert source.place(("crews", 1, "colour")) == (6, 5), "the nearest parent"
    assert source.place(("nothing", "here")) == (1, 1)


def test_dotted() -> None:
    assert dotted(("tasks", 1, "needs", 0)) == "tasks[1].needs[0]"
    assert dotted(()) == ""


def test_plain_strips_everything_of_the_parser(tmp_path: Path) -> None:
    data = plain(load(write(tmp_path, "a: 'x'\nb: [1, 2.50, true, null]\nc: {d: \"e\"}\n")).data)
    assert data == {"a": "x", "b": [1, 2.5, True, None], "c": {"d": "e"}}
    assert [type(v) for v in (data["a"], data["b"][0], data["b"][1])] == [str, int, float]


def test_digests_do_not_see_the_order_of_keys() -> None:
    assert digest_of({"a": 1, "b": [1, 2]}) == digest_of({"b": [1, 2], "a": 1})
    assert digest_of({"a": [1, 2]}) != digest_of({"a": [2, 1]})
    assert Crew(id="a", turnout="60 s").digest() == Crew(turnout="1 min", id="a").digest()
    assert len(digest_of({})) == 32
