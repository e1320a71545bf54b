"""Ratios, not seconds: one replication of every shipped scenario in units u.

u = 100,000 bare SimPy timeouts, measured in the same run, right beside each replication, so that a
noisy machine slows both. Printed are minimum, median and maximum of the ratios.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import simpy

from drillsim.cli.shipped import shipped_scenarios
from drillsim.engine.session import run
from drillsim.scenario import read_scenario
from drillsim.scoring.score import score

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios" / "longcheng"
GOAL_U = 2.0


def unit_s() -> float:
    """Time 100,000 bare timeouts (CPU seconds)."""
    env = simpy.Environment()

    def ticks() -> Iterator[simpy.Event]:
        for _ in range(100_000):
            yield env.timeout(1)

    env.process(ticks())
    start = time.process_time()
    env.run()
    return time.process_time() - start


def in_units(work: Callable[[int], object], reps: int) -> list[float]:
    """Time work(0), work(1), ... each beside its own unit; the sorted ratios."""
    ratios = []
    for rep in range(reps):
        before = unit_s()
        start = time.process_time()
        work(rep)
        spent = time.process_time() - start
        ratios.append(spent / ((before + unit_s()) / 2))
    return sorted(ratios)


def row(name: str, ratios: list[float], goal: float | None = None) -> None:
    """Print one line."""
    note = "" if goal is None else f"   goal <= {goal:g} u (median)"
    print(f"{name:44s} {ratios[0]:6.2f} {median(ratios):6.2f} {ratios[-1]:6.2f}{note}")


def main() -> None:
    """Run all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=15)
    reps = parser.parse_args().reps
    print(f"{'in u':44s} {'min':>6s} {'median':>6s} {'max':>6s}   n = {reps}")
    for path in shipped_scenarios().values():
        for plans in sorted(p.parent for p in path.parent.glob("plans/*/planset.yaml")):
            scenario = read_scenario(path, plans)
            for rep in range(reps):
                run(scenario, 1, rep, "behavioural")  # plumes and routes are loaded now
            ratios = in_units(lambda rep, s=scenario: run(s, 1, rep, "behavioural"), reps)
            row(f"{scenario.id} {plans.name} behavioural", ratios, GOAL_U)
    scenario = read_scenario(SCENARIOS / "cl-1.yaml")
    variants = ("none", "perfect", "ideal-links", "behavioural", "reference")
    logs = {v: run(scenario, 1, 0, v) for v in variants}
    score(scenario, logs)
    row("cl-1 scoring five logs", in_units(lambda _rep: score(scenario, logs), 5))
    row("cl-1 reading all files", in_units(lambda _rep: read_scenario(scenario.path), 3))


if __name__ == "__main__":
    main()
