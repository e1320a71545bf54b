"""The figures behind a run that nobody verified, with range and source, of its family alone."""

from __future__ import annotations

from dataclasses import dataclass

from drillsim.data.figures import Figure, Number, human
from drillsim.hazards import Hazard
from drillsim.i18n import Lang
from drillsim.report.figure_names import figure_name, plays_a_part, unit_of
from drillsim.report.harm import harm_of
from drillsim.scenario import Scenario


@dataclass(frozen=True)
class FigureRow:
    """A figure behind the run that nobody verified, with its range and source."""

    name: str
    value: str
    low: str
    high: str
    unit: str
    source: str


def figure_rows(scenario: Scenario, hazard: Hazard, lang: Lang) -> tuple[list[FigureRow], int]:
    """Give the unverified figures behind a run, and how many verified ones stand beside them.

    Those of the hazard, then human and office times, shares and constants of the engine that play
    a part in the family of the scenario.
    """
    rows, verified = [], 0
    for known in hazard.provenance():
        if known.verified:
            verified += 1
            continue
        rows.append(
            FigureRow(
                figure_name(known.figure, lang), _figure(known.value), _figure(known.low),
                _figure(known.high), unit_of(known.figure, known.unit), known.source,
            )
        )  # fmt: skip
    table, harm = human(), harm_of(scenario)
    road = scenario.file.family == "road-transport"
    bare: list[tuple[str, float, Figure | Number, str]] = [
        *((name, time.median, time, "s") for name, time in table.figures.items()),
        *((name, share.value, share, "") for name, share in table.shares.items()),
        *((name, number.value, number, "") for name, number in table.constants.items()),
    ]
    for name, value, figure, unit in bare:
        if not plays_a_part(name, harm, road):
            continue
        verified += figure.verified
        if not figure.verified:
            rows.append(
                FigureRow(
                    figure_name(name, lang), _figure(value), _figure(figure.low),
                    _figure(figure.high), unit or unit_of(name, ""), figure.source,
                )
            )  # fmt: skip
    return rows, verified


def _figure(value: float | str | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:.4g}"
