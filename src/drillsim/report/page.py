"""The report as one self-contained HTML file: no script, no font, no request to anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from drillsim.data.key_periods import key_periods
from drillsim.i18n import Lang, say
from drillsim.report.assessment import LostRow, PillarRow, lost_rows, pillar_rows, runs_note
from drillsim.report.captions import LIMITS, words_of
from drillsim.report.compare import comparisons
from drillsim.report.figure_table import FigureRow, figure_rows
from drillsim.report.figures import CSS_FAMILY
from drillsim.report.footprint import hazard_of
from drillsim.report.harm import harm_of, harm_say, harm_words
from drillsim.report.lanes import panels
from drillsim.report.levels import levels_chart
from drillsim.report.losses import LossRow, loss_chart, loss_rows
from drillsim.report.map import map_ground, scene_map
from drillsim.report.map_key import legend
from drillsim.report.map_scene import scene_of
from drillsim.report.model import ScenarioRun
from drillsim.report.pictures import pictures
from drillsim.report.scene import Receptor
from drillsim.report.summary import Headline, headline
from drillsim.report.tables import (
    CrewRow,
    PlaceRow,
    crew_rows,
    place_rows,
)
from drillsim.report.timeline import Row, axis, timeline
from drillsim.report.ways import city_map

__all__ = ["html", "write_report"]


@dataclass(frozen=True)
class Section:
    """Everything one scenario shows; drawings are finished SVG."""

    mark: str
    run: ScenarioRun
    headline: Headline
    pillars: Sequence[PillarRow]
    lost: Sequence[LostRow]
    lost_rest: str
    losses: Sequence[LossRow]
    loss_chart: Markup
    hazard: str
    weather: dict[str, str]
    warnings: Sequence[str]
    ground: Markup
    big_map: Markup
    small_maps: Sequence[Markup]
    legend: Sequence[tuple[str, Sequence[tuple[Markup, str]]]]
    city_map: Markup
    pictures: Sequence[tuple[str, Markup]]
    places: Sequence[PlaceRow]
    crews: Sequence[CrewRow]
    timeline: Sequence[Row]
    axis: Markup
    lanes: Sequence[tuple[str, Markup]]
    levels: Markup
    figures: Sequence[FigureRow]
    harm: Callable[..., str]
    limits: Sequence[str]
    numbered: bool
    kept: bool
    verified: int
    runs_note: str
    periods: Sequence[str]


def write_report(path: Path, runs: Sequence[ScenarioRun], lang: Lang) -> None:
    """Write the assessment of one or more scenarios to a file, whole or not at all.

    Raises ValueError when there is nothing to report.
    """
    if not runs:
        raise ValueError("a report needs at least one run")
    page = html(runs, lang)
    part = path.with_name(path.name + ".part")
    part.write_text(page, encoding="utf-8", newline="\n")
    part.replace(path)


def html(runs: Sequence[ScenarioRun], lang: Lang) -> str:
    """Give the whole page as text."""
    sections = [_section(run, f"s{k}", lang) for k, run in enumerate(runs, 1)]

    side_by_side = comparisons([(s.run, s.timeline) for s in sections], lang)
    template = _environment().get_template("report.html.j2")
    return template.render(
        sections=sections, lang=lang, t=words_of(lang), family=Markup(CSS_FAMILY), share=_share,
        minutes=_minutes, comparisons=side_by_side, affected=_affected(sections, lang),
    )  # fmt: skip


def _affected(sections: Sequence[Section], lang: Lang) -> str:
    """Say what counts as affected in each kind of accident of the page."""
    found = {harm_of(s.run.scenario): s.run.scenario for s in sections}
    names = dict.fromkeys(harm_say(scenario, "exposed", lang) for scenario in found.values())
    return ("；" if lang == "zh" else "; ").join(names)


def _limits(run: ScenarioRun, lang: Lang) -> list[str]:
    """Give what the simulation cannot say: of this family first, then of every run."""
    judged = any(part.id == "K_S" and part.value is not None for part in run.card.linkage.parts)
    common = [key for key in LIMITS if not (key == "static" and judged)]
    own = harm_say(run.scenario, "limits", lang)
    return [own, *(say(f"limits.{key}", lang) for key in common)]


def _share(value: float | None) -> str:
    """Print a score or share in hundredths; a dash when there is none."""
    return "—" if value is None else f"{100 * value:.0f}"


def _minutes(value: float | None) -> str:
    """Print minutes; a dash when there are none."""
    return "—" if value is None else f"{value:.1f}" if value < 10 else f"{value:.0f}"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("drillsim.report", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def _section(run: ScenarioRun, mark: str, lang: Lang) -> Section:
    scenario, log = run.scenario, run.shown
    hazard = hazard_of(scenario, log)
    scene = scene_of(scenario, log)
    times = scene.times_s
    rows = timeline(run, lang)
    lost, rest = lost_rows(run, lang)
    figures, verified = figure_rows(scenario, hazard, lang)
    key = [(title, [(Markup(m), w) for m, w in marks]) for title, marks in legend(scene, lang)]
    base = f"{mark}-ground"
    return Section(
        mark=mark,
        run=run,
        headline=headline(run, rows, lang),
        pillars=pillar_rows(run, lang),
        lost=lost,
        lost_rest=rest,
        losses=loss_rows(run.losses, lang),
        loss_chart=Markup(loss_chart(run.losses, harm_say(scenario, "exposed", lang), lang)),
        hazard=hazard.describe(lang),
        weather=_weather(run),
        warnings=[text.say(lang) for text in hazard.warnings],
        ground=Markup(map_ground(scene, base)),
        big_map=Markup(scene_map(scene, _telling(scene.places, times), base, lang, big=True)),
        small_maps=[Markup(scene_map(scene, t, base, lang, big=False)) for t in times],
        legend=key,
        pictures=[(caption, Markup(drawing)) for caption, drawing in pictures(run, lang)],
        city_map=Markup(city_map(scenario, log, lang)),
        places=place_rows(scene, lang),
        crews=crew_rows(scenario, log, lang),
        timeline=rows,
        axis=Markup(axis(rows, lang)),
        lanes=[(title, Markup(content)) for title, content in panels(scenario, log, lang)],
        levels=Markup(levels_chart(scenario, log, lang)),
        figures=figures,
        harm=harm_words(scenario, lang),
        limits=_limits(run, lang),
        numbered=bool(scene.places),
        kept=any(loss.environment is not None for loss in run.card.losses.values()),
        verified=verified,
        runs_note=runs_note(run, lang),
        periods=[_period(name, lang) for name in scenario.file.modifiers],
    )


def _period(name: str, lang: Lang) -> str:
    """Say what a key period changed: its name and, in a sentence, its effects."""
    period = key_periods()[name]
    return f"{period.name.say(lang)}: {period.text.say(lang)}"


def _telling(places: Sequence[Receptor], times: Sequence[float]) -> float:
    """Choose the time for the large map: when most people are in harm unwarned or late.

    The middle one when nobody is.
    """

    def caught(t_s: float) -> float:
        return sum(p.heads for p in places if p.state(t_s) in ("hit", "late"))

    worst = max(times, key=lambda t_s: (caught(t_s), -t_s))
    return worst if caught(worst) > 0 else times[len(times) // 2]


def _weather(run: ScenarioRun) -> dict[str, str]:
    """Print the drawn weather; the scenario's own where nothing was drawn."""
    weather = run.scenario.file.weather
    drawn: dict[str, Any] = {
        "wind_from_deg": weather.wind_from, "wind_mps": weather.wind_speed,
        "stability": weather.stability, "temperature_k": weather.temperature,
    }  # fmt: skip
    for event in run.shown.of("drawn"):
        if event.subject == "weather":
            drawn.update(event.data)
    return {
        "wind": f"{float(drawn['wind_from_deg']):.0f}°",
        "speed": f"{float(drawn['wind_mps']):.1f} m/s",
        "stability": str(drawn["stability"]),
        "temperature": f"{float(drawn['temperature_k']) - 273.15:.0f} °C",
    }
