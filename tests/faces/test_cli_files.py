"""The commands that look at files: `check`, `schema` and `city`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from terminal import HAN, drillsim, fault_lines, strict, written

from drillsim.cli.kinds import KINDS

LONGCHENG = Path(__file__).resolve().parents[2] / "scenarios" / "longcheng"


# --- check and schema ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("drill.yaml", "scenario small leak"), ("plans", "3 plans"),
        ("plans/works.yaml", "3 plans"), ("plans/bodies.yaml", "3 organisations"),
        ("plans/planset.yaml", "3 plans"), ("city.yaml", "facilities"),
        ("yardstick.yaml", "scenario small leak"), (".", "scenario small leak"),
    ],
)  # fmt: skip
def test_check_takes_any_kind_of_path(tiny_files: Path, path: str, told: str) -> None:
    target = tiny_files.parent / path
    result = drillsim("check", target)
    assert (result.exit_code, result.stderr) == (0, "")
    assert told in result.stdout
    found = strict(drillsim("check", target, "--format", "json").stdout)
    assert found["counts"] == {"faults": 0, "critical": 0, "high": 0, "medium": 0, "low": 0}
    assert found["findings"] == []
    assert found["skipped"]
    assert all(set(one) == {"rule", "reason"} for one in found["skipped"])


def test_check_of_a_shipped_id_and_of_the_shared_organisations() -> None:
    assert "no faults" in drillsim("check", "cl-4").stdout
    shared = drillsim("check", LONGCHENG / "organisations" / "resources.yaml")
    assert shared.exit_code == 0
    assert shared.stdout.count("plan set longcheng-") == 2


def test_check_of_a_folder_tells_the_faults_of_all_that_is_in_it(tiny_files: Path) -> None:
    folder = tiny_files.parent
    for name, old, new in (
        ("drill.yaml", "horizon: 30 min", "horizon: 30"),
        ("yardstick.yaml", "receivers: [brigade]", "receivers: [brigad]"),
        ("city.yaml", "kind: estate", "kind: estaet"),
    ):
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    result = drillsim("check", folder, "--json")
    assert result.exit_code == 2
    found = strict(result.stdout)
    assert found["counts"]["faults"] == len(found["faults"]) >= 2
    files = {Path(f["file"]).name for f in found["faults"]}
    assert files == {"city.yaml", "drill.yaml"}
    assert all({"file", "line", "col", "field", "message"} == set(f) for f in found["faults"])


@pytest.mark.parametrize("content", ["", "poem: 1\n", "id: x\nname: {zh: 甲, en: a}\n"])
def test_a_file_of_no_kind_is_told(tmp_path: Path, content: str) -> None:
    file = tmp_path / "odd.yaml"
    file.write_text(content, "utf-8")
    (line,) = fault_lines(drillsim("check", file).stderr)
    assert line.startswith(f"{file}:1:1: cannot tell what this file is")
    (line,) = fault_lines(drillsim("check", tmp_path).stderr)
    assert "neither a planset.yaml nor a city.yaml" in line


def nodes(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(n for v in value.values() for n in nodes(v))]
    return [n for v in value for n in nodes(v)] if isinstance(value, list) else []


@pytest.mark.parametrize("kind", list(KINDS))
def test_schemas_are_whole_and_described(kind: str) -> None:
    found = strict(drillsim("schema", kind).stdout)
    assert found["$schema"].endswith("2020-12/schema")
    assert found["type"] == "object"
    assert found["additionalProperties"] is False
    assert found["description"]
    types = {"object", "array", "string", "number", "integer", "boolean", "null"}
    for node in nodes(found):
        if isinstance(ref := node.get("$ref"), str):
            assert ref.removeprefix("#/$defs/") in found["$defs"]
        if isinstance(kinds := node.get("type"), str | list):
            assert {kinds} <= types if isinstance(kinds, str) else set(kinds) <= types
        if isinstance(required := node.get("required"), list):
            assert set(required) <= set(node["properties"])
    for name, model in found.get("$defs", {}).items():
        assert model.get("description") or "enum" in model, name


def test_a_schema_asks_for_quantities_as_they_are_written() -> None:
    found = strict(drillsim("schema", "scenario").stdout)
    horizon = found["properties"]["horizon"]
    assert horizon["type"] == "string"
    assert horizon["examples"] == ["5 min"]
    assert issubclass(KINDS["scenario"], BaseModel)


# --- cities --------------------------------------------------------------------------------------


def test_city_show_counts(tiny_files: Path) -> None:
    found = strict(drillsim("city", "show", tiny_files.parent, "--json").stdout)
    assert found["id"] == "tiny"
    assert HAN.search(drillsim("city", "show", tiny_files.parent, "--lang", "zh").stdout)


def test_city_generate_writes_a_city_once(tmp_path: Path) -> None:
    out = tmp_path / "mine"
    assert drillsim("city", "generate", "--out", out, "--seed", 4).exit_code == 0
    assert written(out) == ["city.yaml"]
    again = drillsim("city", "generate", "--out", out, "--seed", 4)
    assert again.exit_code == 2
    assert "already holds a city" in again.stderr


def test_city_import_of_no_extract_writes_nothing(tmp_path: Path) -> None:
    odd = tmp_path / "map.osm"
    odd.write_bytes(b"<osm")
    for name in ("map.osm", "absent.osm", "map.txt"):
        result = drillsim("city", "import", tmp_path / name, "--out", tmp_path / "out")
        assert result.exit_code == 2
        assert fault_lines(result.stderr)[0].startswith(f"{tmp_path / name}:1:1:")
    assert written(tmp_path) == ["map.osm"]
