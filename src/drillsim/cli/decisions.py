"""Saved exercises: the decisions of the players in a file, checked and replayed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field

from drillsim.engine.session import Decision, Session
from drillsim.errors import Fault, InputError
from drillsim.i18n import catalogue, default_lang, say
from drillsim.log.runlog import RunLog
from drillsim.scenario import Scenario
from drillsim.yamlio import Model, Source, load, validate

catalogue(
    {
        "decisions.twice": ("编号 {seq} 重复", "the seq {seq} is used twice"),
    }
)


class DecisionFile(Model):
    """A played exercise: `drillsim run SCENARIO --decisions FILE` with its seed repeats it.

    One row a decision: `seq` (its number), `t` (drill time in s, on a 0.1 s grid), `role`
    (`body` or `body/role`), `action`, and what the action needs: `element` (`plan/element`), or
    `to`, `kind`, `content` and `channel` of a message.
    """

    decisions: tuple[Decision, ...] = Field(min_length=1)


def read_decisions(path: Path) -> tuple[Source, tuple[Decision, ...]]:
    """Read a file of decisions. Raises InputError with every fault of the file."""
    source = load(path)
    rows = validate(source, DecisionFile).decisions
    seen: set[int] = set()
    faults = []
    for n, row in enumerate(rows):
        if row.seq in seen:
            message = say("decisions.twice", default_lang(), seq=row.seq)
            faults.append(source.fault(("decisions", n, "seq"), message))
        seen.add(row.seq)
    if faults:
        raise InputError(faults)
    return source, rows


def replay(scenario: Scenario, seed: int, path: Path) -> RunLog:
    """Repeat a played exercise.

    Raises InputError with every decision that cannot be applied, each at its place.
    """
    source, rows = read_decisions(path)
    session = Session(scenario, seed)
    faults: list[Fault] = []
    for n, row in sorted(enumerate(rows), key=lambda pair: (pair[1].t, pair[1].seq)):
        try:
            session.decide(row)
        except ValueError as error:
            faults.append(source.fault(("decisions", n), str(error)))
    if faults:
        raise InputError(faults)
    return session.finish()


def content_of(decisions: tuple[Decision, ...]) -> dict[str, Any]:
    """Give the decisions of a session as the content of a file that `read_decisions` reads."""
    return {"decisions": [row.model_dump(mode="json", exclude_defaults=True) for row in decisions]}
