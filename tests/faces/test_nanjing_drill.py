"""The drill on a real street graph: imported, completed by a user's own files, run and reported."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from terminal import drillsim, fault_lines, strict

from drillsim.city.model import City
from drillsim.engine.session import run
from drillsim.log.runlog import RunLog
from drillsim.report import ScenarioRun, write_report
from drillsim.scenario import Scenario, read_scenario
from drillsim.scoring.score import score

pytest.importorskip("osmium", reason="the extra [city] is not installed")

HERE = Path(__file__).resolve()
OWN = HERE.parents[1] / "data" / "nanjing"
SHIPPED = HERE.parents[2] / "scenarios" / "longcheng"
REFERENCE = os.environ.get("DRILLSIM_REFERENCE")
FASTEST_MPS = 33.0  # 120 km/h: no crew drives faster anywhere


def own_files(folder: Path) -> None:
    """Copy the user's files, with the way to the shipped plans as seen from there."""
    shutil.copytree(OWN, folder, dirs_exist_ok=True)
    for name in ("drill.yaml", "plans/planset.yaml"):
        text = (folder / name).read_text("utf-8")
        text, count = re.subn(r"(\.\./)+scenarios/longcheng", SHIPPED.as_posix(), text)
        assert count == 1
        (folder / name).write_text(text, "utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder: the imported city beside the user's own files."""
    if not REFERENCE:
        pytest.skip("DRILLSIM_REFERENCE is not set")
    extract = Path(REFERENCE) / "city" / "nanjing-xinjiekou.osm"
    if not extract.is_file():
        pytest.skip(f"{extract.name} is not among the reference data")
    out = tmp_path_factory.mktemp("nanjing")
    result = drillsim("city", "import", extract, "--out", out / "imported", "--lang", "en")
    assert result.exit_code == 0, result.stderr
    assert "fire station: none on the map" in result.stdout
    own_files(out)
    return out


@pytest.fixture(scope="module")
def scenario(folder: Path) -> Scenario:
    return read_scenario(folder / "drill.yaml")


@pytest.fixture(scope="module")
def logs(scenario: Scenario) -> dict[str, RunLog]:
    names = ("none", "behavioural", "perfect", "reference")
    return {name: run(scenario, 1, 0, name) for name in names}


def test_the_users_files_stand_where_the_guide_says() -> None:
    """Without the reference data too: the ways in the files lead to what is shipped."""
    for name in ("drill.yaml", "plans/planset.yaml"):
        (way,) = re.findall(r"(?:\.\./)+scenarios/longcheng\S*", (OWN / name).read_text("utf-8"))
        assert ((OWN / name).parent / way).exists()
    guide = (HERE.parents[2] / "docs" / "real-city.md").read_text("utf-8")
    assert "tests/data/nanjing" in guide


def test_all_that_is_missing_is_told_at_once(folder: Path, tmp_path: Path) -> None:
    """The imported city alone lacks every place that the plans name; each use is told."""
    text = (folder / "drill.yaml").read_text("utf-8")
    bare = tmp_path / "bare.yaml"
    bare.write_text(
        text.replace("city: city.yaml", f"city: {folder.as_posix()}/imported/city.yaml").replace(
            "plans: plans", f"plans: {folder.as_posix()}/plans"
        ),
        "utf-8",
    )
    result = drillsim("check", bare, "--lang", "en")
    assert result.exit_code == 2
    lines = fault_lines(result.stderr)
    named = {m.group(1) for line in lines if (m := re.search(r"called '([a-z0-9-]+)'", line))}
    assert {"huacheng-bay", "special-station", "hosp-1", "gate-e", "city-duty"} <= named
    assert len(named) > 80
    given = set(
        re.findall(r"- \{id: ([a-z0-9-]+), kind", (folder / "city.yaml").read_text("utf-8"))
    )
    assert named <= given, "the user's file gives all that was asked for"


def test_the_completed_city_is_whole(folder: Path, scenario: Scenario) -> None:
    assert drillsim("check", folder).exit_code == 0
    found = strict(drillsim("city", "show", folder / "city.yaml", "--json").stdout)
    assert found["zones"] == len(scenario.city.zones) == 12
    assert scenario.city.attribution is not None
    assert "OpenStreetMap" in scenario.city.attribution.en
    roads = np.array(
        [(d["x"], d["y"]) for _, d in scenario.city.graph.nodes(data=True) if d["mode"] == "road"]
    )
    far = {
        f.id for f in scenario.city.facilities.values()
        if np.hypot(*(roads - f.xy).T).min() > 300
    }  # fmt: skip
    assert far == set(), "no place is off the map"


@pytest.mark.parametrize("variant", ["none", "behavioural", "perfect", "reference"])
def test_it_ends_and_everyone_is_in_one_state(
    scenario: Scenario, logs: dict[str, RunLog], variant: str
) -> None:
    log = logs[variant]
    assert log.of("ended") or log.of("horizon")
    assert log.end_s <= scenario.file.horizon
    rows = {e.subject: e.data for e in log.of("people-final")}
    whole = rows.pop("all")
    assert set(rows) >= {"huacheng-bay", "binjiang-school", "zone-01"}
    for place, row in rows.items():
        assert sum(row["states"].values()) == pytest.approx(row["heads"]), place
    assert sum(row["heads"] for row in rows.values()) == whole["heads"] > 100_000
    for state in whole["states"]:
        total = sum(row["states"].get(state, 0) for row in rows.values())
        assert total == pytest.approx(whole["states"][state])


def street_pieces(city: City) -> tuple[np.ndarray, np.ndarray]:
    """Give the two ends of every straight piece of street."""
    pieces = []
    for u, v, data in city.graph.edges(data=True):
        if data["mode"] == "road":
            ends = [[city.graph.nodes[n]["x"], city.graph.nodes[n]["y"]] for n in (u, v)]
            line = np.vstack([ends[0], np.reshape(data.get("shape", []), (-1, 2)), ends[1]])
            pieces.append(np.hstack([line[:-1], line[1:]]))
    found = np.vstack(pieces)
    return found[:, :2], found[:, 2:]


def metres_off(point: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> float:
    """Give the distance of a point from the nearest piece of street."""
    along = ends - starts
    share = ((point - starts) * along).sum(1) / np.maximum((along**2).sum(1), 1e-9)
    feet = starts + np.clip(share, 0, 1)[:, None] * along
    return float(np.hypot(*(point - feet).T).min())


@pytest.mark.parametrize("variant", ["behavioural", "perfect"])
def test_crews_arrive_over_the_streets_of_the_map(
    scenario: Scenario, logs: dict[str, RunLog], variant: str
) -> None:
    """Every point of a drive lies on a street of the imported graph, and no drive is a flight.

    The last steps from the street to the place itself are walked.
    """
    log = logs[variant]
    places = {tuple(map(round, f.xy)) for f in scenario.city.facilities.values()}
    starts, ends = street_pieces(scenario.city)
    drives = 0
    for event in log.of("crew-departed"):
        path = event.data["path"]
        points = [np.array([x, y]) for _, x, y in path if (x, y) not in places]
        assert all(metres_off(point, starts, ends) < 2 for point in points)
        (t0, x0, y0), (t1, x1, y1) = path[0], path[-1]
        straight_m = float(np.hypot(x1 - x0, y1 - y0))
        if straight_m < 300:
            continue
        drives += 1
        assert t1 - t0 > straight_m / FASTEST_MPS
        assert t1 - t0 < 1800, "the extract is 4 km wide"
    assert drives >= 20
    owners = {e.who for e in log.of("crew-arrived")}
    assert {"fire-city", "ems-120", "bj-police", "park-fire"} <= owners
    first = min(e.t for e in log.of("crew-arrived") if e.who == "fire-city")
    assert first < 3600
    regional = [e.t for e in log.of("crew-departed") if e.subject == "reg-team-column"]
    assert all(t > 80 * 60 for t in regional), "laid over: 80 min of a drive off the map"


def test_plans_help_on_this_map_too(logs: dict[str, RunLog]) -> None:
    """Where nobody acts on a plan more die than where all do as written."""
    deaths = {
        name: next(e.data["deaths"] for e in log.of("people-final") if e.subject == "all")
        for name, log in logs.items()
    }
    assert deaths["none"] > deaths["perfect"] >= deaths["reference"] >= 0


def test_the_report_is_whole_and_asks_nobody(
    scenario: Scenario, logs: dict[str, RunLog], tmp_path: Path
) -> None:
    card = score(scenario, logs)
    assert card.composite is not None
    for lang in ("zh", "en"):
        path = tmp_path / f"{lang}.html"
        write_report(path, [ScenarioRun(scenario, logs, card, None)], lang)
        text = path.read_text("utf-8")
        assert scenario.file.name.say(lang) in text
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", text)
        assert len(text) < 3_000_000


def test_the_same_through_the_command_line(folder: Path, logs: dict[str, RunLog]) -> None:
    result = drillsim("run", folder / "drill.yaml", "--variant", "behavioural", "--json")
    assert result.exit_code == 0
    found = strict(result.stdout)
    assert found["log_digest"] == logs["behavioural"].digest
    assert found["plan_set"] == "nanjing-exercise"


def test_the_commands_of_the_guide_do_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """Typed in a copy of the tree, one after another; shell and pip lines are done by hand."""
    guide = (HERE.parents[2] / "docs" / "real-city.md").read_text("utf-8")
    typed = [
        line.split()[1:]
        for block in re.findall(r"```sh\n(.*?)```", guide, re.DOTALL)
        for line in block.splitlines()
        if line.startswith("drillsim ")
    ]
    assert [words[0] for words in typed] == ["city", "check", "city", "run"]
    assert "cp -r tests/data/nanjing out/cities/nanjing\n" in guide
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SHIPPED.parent, tmp_path / "scenarios")
    shutil.copytree(OWN, tmp_path / "out" / "cities" / "nanjing")
    assert REFERENCE
    shutil.copy(Path(REFERENCE) / "city" / "nanjing-xinjiekou.osm", tmp_path)
    for words in typed:
        result = drillsim(*words, "--lang", "en")
        assert result.exit_code == 0, (words, result.output)
        if words[0] == "check":
            assert result.stdout.startswith("no faults")
    assert (tmp_path / "out" / "nanjing" / "report.html").is_file()
    for figure in re.findall(r"(\d+) (?:road nodes|ways not for cars|nodes without)", guide):
        assert figure in (folder / "imported" / "import.md").read_text("utf-8")
