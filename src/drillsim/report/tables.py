"""Rows of the tables of a report: places with people, crews, figures nobody verified."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from drillsim.data.figures import human
from drillsim.hazards import Hazard
from drillsim.i18n import Lang, catalogue, say
from drillsim.log.runlog import RunLog
from drillsim.report.footprint import source_xy
from drillsim.report.losses import shown
from drillsim.report.map import SERVICE_COLOURS, Scene
from drillsim.report.scene import Receptor, detected_s, receptors, service_of
from drillsim.report.words import minute, named, org_name, place_name, place_xy
from drillsim.scenario import Scenario

catalogue(
    {
        "table.before": ("早 {n} 分", "{n} min before"),
        "table.after": ("晚 {n} 分", "{n} min after"),
        "table.untold": ("未告知", "not told"),
        "table.no-cloud": ("云团未到", "no cloud"),
        "table.others": ("其余 {n} 处", "{n} other places"),
    }
)


@dataclass(frozen=True)
class PlaceRow:
    """A place with people as the table prints it; `tone` colours the row."""

    number: str
    name: str
    distance: str
    heads: str
    arrival: str
    warned: str
    lead: str
    action: str
    exposed: str
    serious: str
    deaths: str
    tone: str


def place_rows(scene: Scene, lang: Lang, most: int = 40) -> list[PlaceRow]:
    """Give the places that the cloud reached, or that were warned, or lie near, nearest first."""
    numbers = {place.id: str(k) for k, place in enumerate(scene.places, 1)}
    found = [
        r
        for r in receptors(scene.log)
        if r.id in numbers or r.arrival_s is not None or r.exposed or r.deaths
    ]
    found.sort(key=lambda r: (_distance(scene.scenario, r.id), r.id))
    rows = [_place_row(scene.scenario, r, numbers.get(r.id, ""), lang) for r in found[:most]]
    rest = found[most:]
    if rest:
        rows.append(_rest_row(rest, lang))
    return rows


def _distance(scenario: Scenario, place_id: str) -> float:
    xy, centre = place_xy(scenario, place_id), source_xy(scenario)
    if xy is None:
        return float("inf")
    return float(((xy[0] - centre[0]) ** 2 + (xy[1] - centre[1]) ** 2) ** 0.5)


def _place_row(scenario: Scenario, place: Receptor, number: str, lang: Lang) -> PlaceRow:
    far = _distance(scenario, place.id)
    arrival, warned = place.arrival_s, place.warned_s
    lead, tone = "", "quiet"
    if arrival is None:
        lead = say("table.no-cloud", lang)
    elif warned is None:
        lead, tone = say("table.untold", lang), "hit"
    else:
        early = warned <= arrival
        key = "table.before" if early else "table.after"
        lead, tone = say(key, lang, n=f"{abs(arrival - warned) / 60:.1f}"), "warned"
        tone = "warned" if early else "late"
    return PlaceRow(
        number=number,
        name=place_name(scenario, place.id, lang),
        distance=f"{far:,.0f}" if far < 1e6 else "",
        heads=shown(place.heads),
        arrival=minute(arrival, lang),
        warned=minute(warned, lang),
        lead=lead,
        action=named("action", place.action or "none", lang),
        exposed=shown(place.exposed),
        serious=shown(place.serious),
        deaths=shown(place.deaths),
        tone=tone,
    )


def _rest_row(rest: Iterable[Receptor], lang: Lang) -> PlaceRow:
    rest = tuple(rest)
    dash = say("report.none", lang)
    return PlaceRow(
        "", say("table.others", lang, n=len(rest)), "", shown(sum(r.heads for r in rest)),
        dash, dash, "", "", shown(sum(r.exposed for r in rest)),
        shown(sum(r.serious for r in rest)), shown(sum(r.deaths for r in rest)), "quiet",
    )  # fmt: skip


@dataclass(frozen=True)
class CrewRow:
    """Units of one resource: how many came, when the first was there, what was promised."""

    name: str
    owner: str
    colour: str
    units: int
    assigned: str
    departed: str
    arrived: str
    took: str
    place: str
    promised: str
    clause: str
    late: bool


def crew_rows(scenario: Scenario, log: RunLog, lang: Lang) -> list[CrewRow]:
    """Give every resource that was sent, by its first arrival; promises are of its plans."""
    zero = detected_s(log) or 0.0
    first: dict[str, dict[str, float]] = {}
    units: dict[str, set[str]] = {}
    places: dict[str, str] = {}
    for event in log.of("crew-assigned", "crew-departed", "crew-arrived"):
        first.setdefault(event.subject, {}).setdefault(event.kind, event.t)
        if event.kind == "crew-arrived":
            units.setdefault(event.subject, set()).add(str(event.data.get("unit")))
            places.setdefault(event.subject, str(event.data.get("place", "")))
    promises: dict[str, tuple[float, str]] = {}
    for plan, promise in scenario.plan_set.elements("promises"):
        found = (float(promise.within), f"{plan.head.id}/{promise.id}")
        promises[promise.resource] = min(promises.get(promise.resource, found), found)
    rows = []
    for resource_id, times in first.items():
        resource = scenario.plan_set.resources.get(resource_id)
        arrived, assigned = times.get("crew-arrived"), times.get("crew-assigned")
        within, clause = promises.get(resource_id, (None, ""))
        took = None if arrived is None else arrived - (zero if assigned is None else assigned)
        rows.append((
            arrived if arrived is not None else float("inf"),
            CrewRow(
                name=resource.name.say(lang) if resource else resource_id,
                owner=org_name(scenario, resource.owner, lang) if resource else "",
                colour=SERVICE_COLOURS[service_of(resource)],
                units=len(units.get(resource_id, ())),
                assigned=minute(assigned, lang),
                departed=minute(times.get("crew-departed"), lang),
                arrived=minute(arrived, lang),
                took=minute(took, lang),
                place=place_name(scenario, places.get(resource_id, ""), lang),
                promised=minute(within, lang),
                clause=clause,
                late=within is not None and (took is None or took > within),
            ),
        ))  # fmt: skip
    return [row for _, row in sorted(rows, key=lambda pair: (pair[0], pair[1].name))]


@dataclass(frozen=True)
class FigureRow:
    """A figure behind the run that nobody verified, with its range and source."""

    name: str
    value: str
    low: str
    high: str
    unit: str
    source: str


def figure_rows(hazard: Hazard) -> tuple[list[FigureRow], int]:
    """Give the unverified figures behind a run, and how many verified ones stand beside them.

    Those of the hazard, then human and office times, shares and constants of the engine.
    """
    rows, verified = [], 0
    for figure in hazard.provenance():
        if figure.verified:
            verified += 1
            continue
        rows.append(
            FigureRow(
                figure.figure, _figure(figure.value), _figure(figure.low), _figure(figure.high),
                figure.unit, figure.source,
            )
        )  # fmt: skip
    table = human()
    for name, time in table.figures.items():
        verified += time.verified
        if not time.verified:
            rows.append(
                FigureRow(name, _figure(time.median), _figure(time.low), _figure(time.high), "s",
                          time.source)
            )  # fmt: skip
    for name, number in (*table.shares.items(), *table.constants.items()):
        verified += number.verified
        if not number.verified:
            rows.append(
                FigureRow(name, _figure(number.value), _figure(number.low), _figure(number.high),
                          "1", number.source)
            )  # fmt: skip
    return rows, verified


def _figure(value: float | str | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:.4g}"
