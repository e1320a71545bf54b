"""The seeded-defect benchmark: `python -m benchmarks.linkage --help`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.linkage import baselines, judge
from benchmarks.linkage.plain_twins import PLAIN
from benchmarks.linkage.seeding import Drawn, draw
from benchmarks.linkage.table import CROSS_PLAN, MUTANTS, TWINS
from benchmarks.linkage.worlds import World, read_worlds

from drillsim.linkage.rules import RULES

ALL = tuple(f"S{n:02d}" for n in range(1, 39))


def drawn_for(
    rule: str, worlds: Sequence[World], count: int, seed: int, refused: list[str]
) -> tuple[list[Drawn], list[Drawn]]:
    """Draw mutants and as many twins of a rule; twins are filled up with plain edits."""
    mutants = draw(rule, MUTANTS.get(rule, ()), worlds, count, seed, refused, only_rule=True)
    own = TWINS.get(rule, ())
    twins = draw(rule, own, worlds, max(count * 3 // 4, 1), seed + 1, refused) if own else []
    rest = len(mutants) - len(twins)
    twins = twins[: len(mutants)] + draw(rule, PLAIN, worlds, max(rest, 0), seed + 2, refused)
    return mutants, twins


def judged(drawn: Drawn, with_baselines: bool) -> judge.Verdict:
    """Check one edited set."""
    world = drawn.world
    news = judge.fresh(world.base, world.check(drawn.plan_set))
    marks = {}
    if with_baselines:
        marks["schema"] = False  # what the schema refuses was never made into a mutant
        for name, checker in (("reachability", baselines.reachability), ("alone", baselines.alone)):
            key = f"baseline {name}"
            if key not in world.memo:
                world.memo[key] = checker(world, world.full)
            marks[name] = bool(checker(world, drawn.plan_set) - world.memo[key])
    return judge.Verdict(
        drawn, judge.detected(drawn, news), tuple(judge.told(f) for f in news), marks
    )


def run(
    rules: Sequence[str],
    worlds: Sequence[World],
    count: int,
    seed: int = 0,
    tell: Callable[[str], object] = lambda _: None,
) -> dict[str, Any]:
    """Run the benchmark; gives a plain object, ready for JSON. `tell` hears of each rule done."""
    refused: list[str] = []
    rows, missed, alarmed = [], [], []
    for rule in rules:
        mutants, twins = drawn_for(rule, worlds, count, seed, refused)
        found = [judged(d, True) for d in mutants]
        still = [judged(d, False) for d in twins]
        rows.append(_row(rule, found, still))
        row = rows[-1]
        tell(
            f"{rule} {row['found']}/{row['mutants']}, false alarms {row['alarms']}/{row['twins']}\n"
        )
        missed += [_told(v) for v in found if not v.found]
        alarmed += [_told(v) for v in still if v.alarms]
    return {
        "seed": seed,
        "worlds": {w.name: {"plans": len(w.scope.plans), "findings": len(w.base)} for w in worlds},
        "rules": rows,
        "overall": _overall(rows),
        "missed": missed,
        "false_alarms": alarmed,
        "refused": len(refused),
        "refused_for": refused,
    }


def _row(
    rule: str, found: Sequence[judge.Verdict], still: Sequence[judge.Verdict]
) -> dict[str, Any]:
    hits, alarms = sum(v.found for v in found), sum(bool(v.alarms) for v in still)
    beside = {
        name: sum(v.baselines[name] for v in found) / len(found) if found else None
        for name in baselines.BASELINES
    }
    recall = hits / len(found) if found else None
    best = max((b for b in beside.values() if b is not None), default=None)
    beaten = None if recall is None or best is None else recall > best
    return {
        "rule": rule,
        "implemented": rule in RULES,
        "cross_plan": rule in CROSS_PLAN,
        "mutants": len(found),
        "found": hits,
        "recall": recall,
        "twins": len(still),
        "alarms": alarms,
        "precision": hits / (hits + alarms) if hits + alarms else None,
        "baselines": beside,
        "beaten": beaten,
    }


def _overall(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    live = [r for r in rows if r["implemented"] and r["mutants"]]
    mutants, hits = sum(r["mutants"] for r in live), sum(r["found"] for r in live)
    alarms = sum(r["alarms"] for r in live)
    cross = [r for r in live if r["cross_plan"]]
    return {
        "rules": len(live),
        "mutants": mutants,
        "recall": hits / mutants if mutants else None,
        "twins": sum(r["twins"] for r in live),
        "false_alarms": alarms,
        "precision": hits / (hits + alarms) if hits + alarms else None,
        "baselines": {
            name: sum(r["baselines"][name] * r["mutants"] for r in live) / mutants
            if mutants
            else None
            for name in baselines.BASELINES
        },
        "below_0.95": [r["rule"] for r in live if r["recall"] < 0.95],
        "imprecise": [r["rule"] for r in live if (r["precision"] or 0) < 0.95],
        "not_beaten": [r["rule"] for r in cross if not r["beaten"]],
    }


def _told(verdict: judge.Verdict) -> dict[str, Any]:
    drawn = verdict.drawn
    return {
        "rule": drawn.rule,
        "world": drawn.world.name,
        "operator": drawn.operator,
        "note": drawn.seeded.note,
        "edits": [{"what": list(e.key), "value": e.value} for e in drawn.seeded.edits],
        "names": list(drawn.seeded.names),
        "new_findings": list(verdict.alarms),
    }


def _share(value: float | None) -> str:
    return "    -" if value is None else f"{value:5.2f}"


def show(result: dict[str, Any], out: Any) -> None:
    """Print the table."""
    out.write("rule  mutants recall  twins alarms precision | schema reach alone\n")
    for r in result["rules"]:
        mark = "" if r["implemented"] else "  (rule not implemented)"
        mark += "  not beaten" if r["cross_plan"] and r["beaten"] is False else ""
        b = r["baselines"]
        out.write(
            f"{r['rule']}   {r['mutants']:6d} {_share(r['recall'])}  {r['twins']:6d} "
            f"{r['alarms']:5d}     {_share(r['precision'])} | {_share(b['schema'])} "
            f"{_share(b['reachability'])} {_share(b['alone'])}{mark}\n"
        )
    o = result["overall"]
    out.write(
        f"all   {o['mutants']:7d} {_share(o['recall'])}  {o['twins']:6d} {o['false_alarms']:5d}"
        f"     {_share(o['precision'])} | "
        + " ".join(_share(v) for v in o["baselines"].values())
        + "\n"
    )
    for name, world in result["worlds"].items():
        out.write(f"clean set {name}: {world['plans']} plans, {world['findings']} findings\n")
    out.write(f"edits refused by schema or references, and not used: {result['refused']}\n")
    for key in ("below_0.95", "imprecise", "not_beaten"):
        out.write(f"{key}: {', '.join(o[key]) or 'none'}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line; 0 when all goals are met, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.linkage", description=__doc__)
    parser.add_argument("--rule", action="append", help="only this rule, e.g. S12 (repeatable)")
    parser.add_argument("--count", type=int, default=20, help="mutants and twins a rule")
    parser.add_argument("--seed", type=int, default=0, help="another sample of the same size")
    parser.add_argument("--world", action="append", default=[], help="only this clean set")
    parser.add_argument("--json", type=Path, help="write the whole result here")
    parser.add_argument("--show", action="store_true", help="print each miss and false alarm")
    args = parser.parse_args(argv)
    start = time.perf_counter()
    worlds = read_worlds(tuple(args.world))
    result = run(args.rule or ALL, worlds, args.count, args.seed, sys.stderr.write)
    show(result, sys.stdout)
    sys.stdout.write(f"{time.perf_counter() - start:.0f} s\n")
    if args.show:
        for key in ("missed", "false_alarms"):
            for one in result[key]:
                sys.stdout.write(f"{key} {json.dumps(one, ensure_ascii=False, default=str)}\n")
    if args.json:
        text = json.dumps(result, ensure_ascii=False, indent=1, default=str)
        args.json.write_text(text + "\n", encoding="utf-8")
    o = result["overall"]
    return 1 if o["below_0.95"] or o["imprecise"] or o["not_beaten"] else 0
