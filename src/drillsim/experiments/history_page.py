"""The page docs/history.md: accidents on record beside the model, as it came out.

python -m drillsim.experiments.history_page scenarios/history > docs/history.md
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from drillsim.experiments.history import Accident, Case, Fact, cases, inputs_of, read_accidents
from drillsim.experiments.history_measures import MEASURES

HEAD = """# Accidents on record beside the model

One documented accident of each family, run through the same hazard families as every drill, with
nothing fitted. The records and the inputs of each run, with their sources and ranges, lie in
`scenarios/history`. The inputs were written down before the model was run with them; the record
itself was known by then. After the first look neither inputs nor ranges nor model were changed.
Where model and record disagree, the table says so, and the lines below it say why we think they do.

**Model** is the run with the inputs as stated. **Range** is what comes out when each undocumented
input is set to either end of its range, one at a time, the others as stated; **most by** names the
one that does most. It holds no error of the model itself. **Says**: *meets* when the model as
stated lies within the record, *in range* when the range touches it, else by which factor the
nearest end of the range lies off. *read* marks a figure read in an official text, *told* one from
the press, from others who retell it, or from memory (unverified).

Made by `python -m drillsim.experiments.history_page scenarios/history > docs/history.md`.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One fact beside the model: as stated, the range, and the input that moves it most.

    `single`: the least and the most of single replications of a drill with the inputs as stated.
    """

    fact: Fact
    stated: float
    low: float
    high: float
    most_by: str
    single: tuple[float, float] | None = None

    @property
    def says(self) -> str:
        """Say in a word how model and record stand to each other."""
        if self.fact.low is None or self.fact.high is None:
            return "no record"
        low, high = self.fact.low, self.fact.high
        if low <= round_as_shown(self.stated) <= high:
            return "meets"
        if self.low <= high and self.high >= low:
            return "in range"
        near, edge = (self.low, high) if self.low > high else (self.high, low)
        if near <= 0.0 or edge <= 0.0 or not math.isfinite(near):
            return "off"
        factor = max(near / edge, edge / near)
        return f"model {'above' if near > edge else 'below'} by a factor of {factor:.2g}"


def compared(accident: Accident, folder: Path) -> tuple[list[Row], list[str]]:
    """Run a record; give each of its facts beside the model, and what the model warns of."""
    found: list[list[tuple[float, str]]] = [[] for _ in accident.record]
    stated: list[Case] = []
    for path, _, case in cases(accident, folder):
        if not path:
            stated.append(case)
        for values, fact in zip(found, accident.record, strict=True):
            values.append((MEASURES[fact.measure](case, fact.at), path))
    first = stated[0]
    rows = []
    for values, fact in zip(found, accident.record, strict=True):
        middle = values[0][0]
        numbers = [value for value, _ in values]
        most = max(values, key=lambda v: abs(v[0] - middle))
        moved = most[1] if abs(most[0] - middle) > 1e-9 * max(abs(middle), 1.0) else ""
        single = _single(first, fact) if accident.drill else None
        rows.append(Row(fact, middle, min(numbers), max(numbers), moved, single))
    ends = [first.hazard] if first.hazard is not None else [e[0] for e in first.ends.values()]
    warnings = dict.fromkeys(w.en for end in ends for w in end.warnings)
    return rows, list(warnings)


def _single(case: Case, fact: Fact) -> tuple[float, float]:
    """Give the least and the most of a measure in single replications."""
    values = []
    for rep in range(case.accident.replications):
        logs = {variant: found[rep : rep + 1] for variant, found in case.logs.items()}
        ends = {variant: found[rep : rep + 1] for variant, found in case.ends.items()}
        one = replace(case, logs=logs, ends=ends, memo={})
        values.append(MEASURES[fact.measure](one, fact.at))
    return min(values), max(values)


def round_as_shown(value: float) -> float:
    """Give a number as the page shows it: three figures."""
    if not math.isfinite(value) or value == 0.0:
        return value
    return round(value, 2 - math.floor(math.log10(abs(value))))


def _number(value: float) -> str:
    return f"{round_as_shown(value):.6g}" if math.isfinite(value) else "never"


def _span(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "none"
    ends = (_number(low), _number(high))
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _table(rows: Sequence[Row]) -> list[str]:
    lines = [
        "| | record | model | range | most by | says |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        fact = row.fact
        record = "none"
        if fact.low is not None:
            note = f"; {fact.note}" if fact.note else ""
            how = "read" if fact.verified else "told"
            record = f"{_span(fact.low, fact.high)} ({how}: {fact.source}{note})"
        by = f"`{row.most_by}`" if row.most_by else "nothing"
        lines.append(
            f"| {fact.what} | {record} | {_number(row.stated)} | {_span(row.low, row.high)} | "
            f"{by} | {row.says} |"
        )
    alone = [f"{r.fact.what} {_span(*r.single)}" for r in rows if r.single is not None]
    if alone:
        lines += ["", f"Single replications with the inputs as stated: {'; '.join(alone)}."]
    return [*lines, ""]


def _value(inputs: Any, path: str) -> str:
    for step in path.split("."):
        if isinstance(inputs, list):
            inputs = inputs[int(step)]
        else:
            inputs = inputs.get(step, "as the model has it")
        if inputs == "as the model has it":
            break
    return str(inputs)


def _inputs(accident: Accident, inputs: Any) -> list[str]:
    lines = ["| input | stated | range | why | source |", "|---|---|---|---|---|"]
    said = {b.input: b for b in accident.basis}
    for path in [*said, *(p for p in accident.ranges if p not in said)]:
        basis = said.get(path)
        span = ", ".join(accident.ranges.get(path, ()))
        why, source = "", "as the rows above"
        if basis is not None:
            why, source = basis.says, f"{basis.source} ({'read' if basis.verified else 'told'})"
        lines.append(f"| `{path}` | {_value(inputs, path)} | {span} | {why} | {source} |")
    return [*lines, ""]


def section(accident: Accident, folder: Path) -> str:
    """Give the part of the page about one accident."""
    return _part(accident, folder)[0]


def _part(accident: Accident, folder: Path) -> tuple[str, list[Row]]:
    stated = inputs_of(accident, folder)
    lines = [f"## {accident.name.en}, {accident.date.isoformat()} / {accident.name.zh}", ""]
    lines += [f"Family `{accident.family}`. {accident.told[0]}", ""]
    for text in accident.told[1:]:
        lines += [text, ""]
    if accident.drill:
        lines += [f"Mean of {accident.replications} replications.", ""]
    rows, warnings = compared(accident, folder)
    lines += _table(rows)
    if warnings:
        lines += [f"The model itself warns: {'; '.join(warnings)}.", ""]
    lines += ["Seen after the run:", "", *(f"- {text}" for text in accident.after), ""]
    lines += _inputs(accident, stated)
    sources = (
        f"*{name}*: {row.text}{'' if row.read else ' (unverified)'}"
        for name, row in accident.sources.items()
    )
    return "\n".join([*lines, "Sources. " + "; ".join(sources) + ".", ""]), rows


def _summary(parts: Sequence[tuple[Accident, Sequence[Row]]]) -> str:
    """Give a table of how many facts of each record the model meets, reaches or misses."""
    lines = ["| family | accident | meets | in range | off |", "|---|---|---|---|---|"]
    for accident, rows in parts:
        said = [row.says for row in rows if row.says != "no record"]
        met, near = said.count("meets"), said.count("in range")
        name = f"{accident.name.en}, {accident.date.year}"
        lines.append(f"| {accident.family} | {name} | {met} | {near} | {len(said) - met - near} |")
    return "\n".join([*lines, ""])


def page(folder: Path) -> str:
    """Give the whole page from a folder of records."""
    found = [(accident, *_part(accident, where)) for accident, where in read_accidents(folder)]
    summary = _summary([(accident, rows) for accident, _, rows in found])
    return "\n".join([HEAD, summary, *(text for _, text, _ in found)])


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    sys.stdout.write(page(Path(sys.argv[1])))
