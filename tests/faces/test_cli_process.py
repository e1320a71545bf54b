"""The command line as a process: pipes, terminals, encodings, Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from terminal import HAN, command, environment, spawned, strict, written

from drillsim.engine.behaviour import VARIANTS
from drillsim.log.runlog import read_log

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes of POSIX")


@posix
@pytest.mark.parametrize("args", [("schema", "plan"), ("run", "SCENARIO", "--json", "--out", "OUT"),
                                  ("run", "SCENARIO"), ("check", "SCENARIO"), ("run", "--help")],
                         ids=" ".join)  # fmt: skip
def test_a_reader_that_leaves_ends_it_quietly(tiny_files: Path, args: tuple[str, ...]) -> None:
    """As in `drillsim ... | head -0`: the pipe is closed before the first line."""
    out = tiny_files.parent / "out"
    names = {"SCENARIO": str(tiny_files), "OUT": str(out)}
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run(
        command(*(names.get(a, a) for a in args)), env=environment(), stdout=writer,
        stderr=subprocess.PIPE, check=False, timeout=120,
    )  # fmt: skip
    os.close(writer)
    assert result.stderr == b""
    assert result.returncode in ({0, 1} if "--help" in args else {0})
    if "OUT" in args:
        assert "report.html" in written(out), "a closed pipe costs no file"


def heed_ctrl_c() -> None:
    """A runner started in the background ignores Ctrl-C and hands that on; a terminal does not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@posix
@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_leaves_what_is_finished(tiny_files: Path, jobs: int) -> None:
    out = tiny_files.parent / "out"
    process = subprocess.Popen(
        command("run", tiny_files, "--reps", 20000, "--jobs", jobs, "--out", out),
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, preexec_fn=heed_ctrl_c,  # noqa: PLW1509
    )  # fmt: skip
    until = time.monotonic() + 120
    while len(list(out.glob("*-9.jsonl.gz"))) < len(VARIANTS):
        assert process.poll() is None
        assert time.monotonic() < until, "not ten replications in two minutes"
        time.sleep(0.05)
    # to the whole group, workers included, as a terminal does
    os.killpg(process.pid, signal.SIGINT)
    shown, told = process.communicate(timeout=120)
    assert process.returncode == 130
    assert told.strip().splitlines()[-1] == "stopped; what is finished can be used."
    assert "Traceback" not in told
    match = re.search(r"replications: (\d+)", shown)
    assert match
    finished = int(match.group(1))
    assert 10 <= finished < 20000
    files = written(out)
    assert "report.html" in files
    logs = [name for name in files if name.endswith(".gz")]
    assert len(logs) == finished * len(VARIANTS), "each finished replication is there whole"
    assert len(files) == len(logs) + 1
    assert read_log(out / f"tiny-leak-none-{finished - 1}.jsonl.gz").rep == finished - 1


@posix
def test_ctrl_c_before_anything_is_finished_writes_nothing(tmp_path: Path) -> None:
    """The scenario is a named pipe, so that the signal surely comes while it is being read."""
    scenario = tmp_path / "slow.yaml"
    os.mkfifo(scenario)
    process = subprocess.Popen(
        command("run", scenario, "--out", tmp_path / "out"), env=environment(),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=heed_ctrl_c,  # noqa: PLW1509
    )  # fmt: skip
    with scenario.open("wb"):  # waits until the other side has opened it
        process.send_signal(signal.SIGINT)
        shown, told = process.communicate(timeout=60)
    assert (process.returncode, shown) == (130, "")
    assert told == "stopped; what is finished can be used.\n"
    assert written(tmp_path) == ["slow.yaml"]


@posix
def test_the_progress_bar_is_on_stderr_and_only_on_a_terminal(tiny_files: Path) -> None:
    import pty

    args = ("run", tiny_files, "--reps", 3)
    assert spawned(*args).stderr == ""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(*args), env=environment(TERM="xterm", COLUMNS="80"), stdout=subprocess.PIPE,
        stderr=theirs,
    )  # fmt: skip
    shown, _ = process.communicate(timeout=120)
    os.close(theirs)
    bar = os.read(ours, 1_000_000).decode()
    os.close(ours)
    assert process.returncode == 0
    assert "running" in bar
    assert f"/{3 * len(VARIANTS)}" in bar
    assert "runs/min" in bar
    assert b"running" not in shown
    assert shown.decode() == spawned(*args).stdout


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp1252"])
def test_a_console_without_the_characters_is_no_fault(tiny_files: Path, encoding: str) -> None:
    args = command("run", tiny_files, "--lang", "zh")
    result = subprocess.run(
        args, env=environment(PYTHONIOENCODING=encoding), capture_output=True, check=False,
        timeout=120,
    )  # fmt: skip
    assert (result.returncode, result.stderr) == (0, b"")
    result.stdout.decode(encoding)


def test_json_in_a_pipe_is_utf_8_whatever_the_console(tiny_files: Path) -> None:
    result = subprocess.run(
        command("run", tiny_files, "--lang", "zh", "--json"), capture_output=True, check=False,
        env=environment(PYTHONIOENCODING="gbk"), timeout=120,
    )  # fmt: skip
    assert HAN.search(strict(result.stdout.decode("utf-8"))["scores"]["accuracy"]["name"])
