"""The command line: help, languages, contracts of the JSON, exit codes, replay."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from terminal import HAN, drillsim, fault_lines, spawned, strict, written

from drillsim.cli.app import app
from drillsim.cli.decisions import content_of, read_decisions
from drillsim.cli.shipped import shipped_scenarios
from drillsim.engine.behaviour import VARIANTS
from drillsim.engine.session import Decision, Session, run
from drillsim.log.runlog import read_log
from drillsim.scenario import Scenario

LONGCHENG = Path(__file__).resolve().parents[2] / "scenarios" / "longcheng"


def commands() -> list[tuple[str, ...]]:
    found = [(c.name or c.callback.__name__,) for c in app.registered_commands if c.callback]
    for group in app.registered_groups:
        inner = group.typer_instance
        assert inner is not None
        found += [(str(group.name), str(c.name)) for c in inner.registered_commands]
    return sorted(found)


# --- help ----------------------------------------------------------------------------------------


def test_the_commands_are_those_of_the_readme() -> None:
    names = {" ".join(c) for c in commands()}
    assert {"demo", "run", "check", "schema", "city show", "city import", "city generate"} <= names
    readme = (LONGCHENG.parents[1] / "README.md").read_text("utf-8")
    told = set(re.findall(r"drillsim (demo|run|check|schema|city \w+)", readme))
    assert told <= names


@pytest.mark.parametrize("names", commands(), ids=" ".join)
def test_every_command_has_help_with_an_example(names: tuple[str, ...]) -> None:
    result = drillsim(*names, "--help")
    assert result.exit_code == 0
    text = " ".join(result.output.split())
    assert f"Example: drillsim {' '.join(names)}" in text
    assert "--lang" in text


@pytest.mark.parametrize("names", [c for c in commands() if c != ("schema",)], ids=" ".join)
def test_every_command_that_prints_results_has_json(names: tuple[str, ...]) -> None:
    assert "--json" in drillsim(*names, "--help").output


def test_the_version_is_that_of_the_project() -> None:
    project = (LONGCHENG.parents[1] / "pyproject.toml").read_text("utf-8")
    version = re.search(r'^version = "(.+)"', project, re.MULTILINE)
    assert version
    assert drillsim("--version").output.strip() == f"drillsim {version.group(1)}"


# --- languages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("args", [("run",), ("check",)])
def test_output_speaks_the_language_asked_for(tiny_files: Path, args: tuple[str, ...]) -> None:
    english = drillsim(*args, tiny_files, "--lang", "en").output
    chinese = drillsim(*args, tiny_files, "--lang", "zh").output
    assert not HAN.search(english)
    assert HAN.search(chinese)
    for line in chinese.splitlines():
        words = re.sub(r"[a-z0-9-]+|±|%", "", line)
        assert HAN.search(line) or not re.search(r"[A-Za-z]{3}", words), line


def test_faults_speak_the_language_asked_for(tiny_files: Path) -> None:
    text = tiny_files.read_text("utf-8")
    tiny_files.write_text(text.replace("horizon: 30 min", "horizon: 30"), "utf-8")
    assert not HAN.search(drillsim("run", tiny_files, "--lang", "en").stderr)
    chinese = drillsim("run", tiny_files, "--lang", "zh").stderr.splitlines()
    assert len(chinese) == 2
    assert all(HAN.search(line) for line in chinese)
    assert os.environ["LC_ALL"] == "en_US.UTF-8", "the language of one command is not kept"


@pytest.mark.parametrize(("locale", "han"), [("zh_CN.UTF-8", True), ("en_US.UTF-8", False)])
def test_without_lang_the_locale_decides(
    tiny_files: Path, monkeypatch: pytest.MonkeyPatch, locale: str, han: bool
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    assert bool(HAN.search(drillsim("check", tiny_files).output)) is han


# --- run -----------------------------------------------------------------------------------------

LOSS_KEYS = {"deaths", "serious_injuries", "exposed", "property", "environment"}
PILLARS = ("accuracy", "effectiveness", "linkage", "capability")


def test_run_json_keeps_its_contract(tiny_files: Path, tiny: Scenario) -> None:
    result = drillsim("run", tiny_files, "--seed", 3, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = strict(result.stdout)
    assert {"scenario", "plan_set", "seed", "variant", "scenario_digest", "log_digest", "scores",
            "losses", "findings", "events"} <= set(found)  # fmt: skip
    log = run(tiny, 3)
    assert (found["scenario"], found["plan_set"]) == (tiny.id, tiny.plan_set.head.name)
    assert (found["seed"], found["variant"]) == (3, "behavioural")
    assert found["scenario_digest"] == tiny.digest
    assert found["log_digest"] == log.digest == found["log_digests"]["behavioural"]
    assert found["events"] == len(log.events)
    assert list(found["log_digests"]) == list(found["losses"]) == list(VARIANTS)
    assert all(set(loss) == LOSS_KEYS for loss in found["losses"].values())
    assert set(found["scores"]) == {*PILLARS, "composite", "grade"}
    for name in PILLARS:
        pillar = found["scores"][name]
        assert pillar["value"] is None or pillar["value"] <= 1
        assert (pillar["value"] is None) == bool(pillar["skipped"])
        assert all({"id", "value", "weight"} <= set(part) for part in pillar["parts"])
    assert 0 <= found["scores"]["composite"]["value"] <= 1
    assert isinstance(found["scores"]["grade"], str)


def test_with_several_replications_scores_have_mean_interval_and_n(tiny_files: Path) -> None:
    found = strict(drillsim("run", tiny_files, "--reps", 3, "--json").stdout)
    assert found["reps"] == 3
    for name in (*PILLARS, "composite"):
        score = found["scores"][name]
        assert {"mean", "interval", "n"} <= set(score)
        if score["mean"] is not None:
            low, high = score["interval"]
            assert score["n"] == 3
            assert low <= score["mean"] <= high


@pytest.mark.parametrize("variant", list(VARIANTS))
def test_one_variant_alone(tiny_files: Path, tiny: Scenario, variant: str) -> None:
    found = strict(drillsim("run", tiny_files, "--variant", variant, "--json").stdout)
    assert found["variant"] == variant
    assert found["log_digest"] == run(tiny, 1, 0, variant).digest
    assert list(found["losses"]) == [variant]


def test_out_holds_the_report_and_whole_logs(tiny_files: Path, tiny: Scenario) -> None:
    out = tiny_files.parent / "out"
    result = drillsim("run", tiny_files, "--reps", 2, "--out", out)
    assert result.exit_code == 0
    assert "wrote" in result.stderr
    assert "wrote" not in result.stdout
    logs = [f"tiny-leak-{v}-{rep}.jsonl.gz" for v in VARIANTS for rep in (0, 1)]
    assert written(out) == sorted(["report.html", *logs])
    assert read_log(out / "tiny-leak-behavioural-1.jsonl.gz").digest == run(tiny, 1, 1).digest
    assert "EXERCISE" in (out / "report.html").read_text("utf-8")


def test_two_processes_give_what_one_gives(tiny_files: Path) -> None:
    """Run as a user does: worker processes need a main module of their own."""
    args = ("run", tiny_files, "--reps", 3, "--json")
    one, two = spawned(*args), spawned(*args, "--jobs", 2)
    assert (one.returncode, two.returncode) == (0, 0)
    assert one.stdout == two.stdout
    assert one.stderr == two.stderr == ""


def test_a_plan_set_is_named_by_folder_or_beside_the_scenario(tiny_files: Path) -> None:
    beside = tiny_files.parent / "plans" / "other"
    beside.mkdir()
    (beside / "planset.yaml").write_text(
        "name: other\ntitle: {zh: 另一套, en: other}\nrevision: b\ndate: 2026-01-01\nbase: ..\n",
        "utf-8",
    )
    for named in ("other", beside):
        found = strict(drillsim("run", tiny_files, "--plans", named, "--json").stdout)
        assert found["plan_set"] == "other"


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("run", "cl-9"), ["cl-9", *shipped_scenarios()]),
        (("check", "cl-9"), ["cl-9", *shipped_scenarios()]),
        (("run", "cl-1", "--plans", "2026-draf"), ["did you mean '2026-draft'", "2024"]),
        (("run", "cl-1", "--variant", "perfekt"), ["did you mean 'perfect'", *VARIANTS]),
        (("run", "cl-1", "--seed", "-1"), ["--seed"]),
        (("run", "cl-1", "--reps", "0"), ["--reps"]),
        (("run", "cl-1", "--lang", "fr"), ["--lang"]),
        (("run", "cl-1", "--decisions", "x.yaml", "--reps", "2"), ["--decisions"]),
        (("run", "cl-1", "--decisions", "x.yaml", "--variant", "none"), ["--decisions"]),
        (("run", "absent.yaml"), ["absent.yaml:1:1: there is no such file"]),
        (("schema", "poem"), ["scenario", "plan"]),
        (("dance",), ["dance"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_argument_ends_with_2_and_says_what_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], told: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = drillsim(*args, *(("--out", "out") if args[0] == "run" else ()))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert all(word in result.stderr for word in told)
    assert "Traceback" not in result.stderr
    assert written(tmp_path) == []


def test_an_output_folder_that_cannot_be_is_refused_before_the_run(tiny_files: Path) -> None:
    file = tiny_files.parent / "file"
    file.write_text("mine", "utf-8")
    for out in (file, file / "deeper"):
        result = drillsim("run", tiny_files, "--out", out)
        assert result.exit_code == 2
        assert fault_lines(result.stderr) == [
            f"{file}:1:1: --out: this is a file, a folder is expected"
        ]
    assert file.read_text("utf-8") == "mine"


def test_our_own_fault_is_3_without_a_traceback(
    tiny_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a wheel\ncame off")

    monkeypatch.setattr("drillsim.cli.runs.score_many", broken)
    result = drillsim("run", tiny_files)
    assert result.exit_code == 3
    assert "RuntimeError: a wheel came off" in result.stderr
    assert "Traceback" not in result.stderr
    monkeypatch.setenv("DRILLSIM_DEBUG", "1")
    assert isinstance(drillsim("run", tiny_files).exception, RuntimeError)


# --- played exercises ----------------------------------------------------------------------------

CALL = "p-works/n-call"


@pytest.fixture
def played(tiny: Scenario, tiny_files: Path) -> tuple[Path, str]:
    """A scripted exercise, saved: its file and the digest of its log."""
    session = Session(tiny, 5)
    session.decide(Decision(seq=0, t=0.0, role="works/operator", action="take-over"))
    while not session.inbox:
        session.advance(session.now + 10.0)
    late = round(session.now + 45.5, 1)
    session.decide(Decision(seq=1, t=late, role="works/operator", action="do", element=CALL))
    session.decide(
        Decision(
            seq=2, t=late + 90, role="works/operator", action="tell", to=("bureau",),
            kind="report", content=("location",),
        )
    )  # fmt: skip
    log = session.finish()
    file = tiny_files.parent / "decisions.yaml"
    with file.open("w", encoding="utf-8") as stream:
        YAML().dump(content_of(session.decisions), stream)
    assert read_decisions(file)[1] == session.decisions
    return file, log.digest


def test_saved_decisions_replay_to_the_digest_of_the_exercise(
    tiny_files: Path, tiny: Scenario, played: tuple[Path, str]
) -> None:
    file, digest = played
    result = drillsim("run", tiny_files, "--seed", 5, "--decisions", file, "--json")
    assert result.exit_code == 0
    found = strict(result.stdout)
    assert found["log_digest"] == digest != run(tiny, 5).digest
    assert found["log_digests"]["none"] == run(tiny, 5, 0, "none").digest


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "role: works/operator",
            "role: works/nobody",
            "decisions[0]: decision 0 (works/nobody, take-over, 0.0 s): there is no role",
        ),
        ("element: p-works/n-call", "element: p-works/n-cal", "no element 'p-works/n-cal'"),
        ("action: do", "action: dance", "decisions[1].action"),
        ("action: do", "acton: do", "decisions[1].acton: unknown field; did you mean 'action'"),
        ("seq: 2", "seq: 1", "decisions[2].seq: the seq 1 is used twice"),
        ("t: 0.0", "t: 5400", "beyond the horizon"),
        ("t: 0.0", "t: 5 min", "decisions[0].t"),
        ("action: take-over", "action: release", "nobody has taken this role over"),
    ],
)
def test_wrong_decisions_are_told_at_their_place(
    tiny_files: Path, played: tuple[Path, str], old: str, new: str, told: str
) -> None:
    file, _ = played
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    before = written(tiny_files.parent)
    result = drillsim(
        "run", tiny_files, "--seed", 5, "--decisions", file, "--out", tiny_files.parent / "out"
    )
    assert (result.exit_code, result.stdout) == (2, "")
    lines = fault_lines(result.stderr)
    assert all(re.match(rf"{re.escape(str(file))}:\d+:\d+: decisions\[\d\]", one) for one in lines)
    assert any(told in one for one in lines)
    assert written(tiny_files.parent) == before
