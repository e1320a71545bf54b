"""Same seed, same log: in one process, in a pool, in any order; another seed, another log."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from drillsim.engine.session import run
from drillsim.log.runlog import read_log
from drillsim.scenario import Scenario, read_scenario

JOBS = [(1, 0, "behavioural"), (1, 1, "behavioural"), (2, 0, "behavioural"), (1, 0, "perfect")]


def digests(path: Path, jobs: list[tuple[int, int, str]]) -> list[str]:
    """Read the scenario afresh and run the jobs; also called in the workers of the pool."""
    scenario = read_scenario(path)
    return [run(scenario, seed, rep, variant).digest for seed, rep, variant in jobs]


def test_one_process_and_a_pool_agree(longcheng_path: Path, longcheng: Scenario) -> None:
    here = [run(longcheng, seed, rep, variant).digest for seed, rep, variant in JOBS]
    assert len(set(here)) == len(JOBS), "another seed, rep or variant must give another log"
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        forth = pool.submit(digests, longcheng_path, JOBS[:2])
        back = pool.submit(digests, longcheng_path, [*reversed(JOBS)])
        assert forth.result() == here[:2]
        assert back.result() == [*reversed(here)]


def test_a_run_leaves_no_trace_in_the_next(longcheng: Scenario) -> None:
    first = run(longcheng, 7).digest
    run(longcheng, 8, variant="reference")
    run(longcheng, 7, variant="ideal-links")
    assert run(longcheng, 7).digest == first


@pytest.mark.parametrize("name", ["log.jsonl", "log.jsonl.gz"])
def test_a_log_is_read_back_as_written(tiny: Scenario, tmp_path: Path, name: str) -> None:
    log = run(tiny, 3)
    log.write(tmp_path / name)
    again = read_log(tmp_path / name)
    assert again.digest == log.digest
    assert again == log
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_log_changed_by_hand_is_refused(tiny: Scenario, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    run(tiny, 3).write(path)
    path.write_text(path.read_text("utf-8").replace('"brigade"', '"bureau"'), "utf-8")
    with pytest.raises(ValueError, match="changed after it was written"):
        read_log(path)


def test_the_digest_covers_facts_not_names(tiny: Scenario) -> None:
    """Constant times: another seed gives the same facts, hence the same digest."""
    one, other = (run(tiny, seed, variant="perfect") for seed in (1, 2))
    assert one.seed != other.seed
    # the traits of people are drawn, and are facts
    assert one.digest != other.digest
    facts = [[e for e in log.events if e.subject != "people"] for log in (one, other)]
    assert facts[0] == facts[1]


def test_an_unknown_variant_is_refused(tiny: Scenario) -> None:
    with pytest.raises(KeyError, match="best"):
        run(tiny, 1, variant="best")
