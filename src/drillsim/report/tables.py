"""Rows of the tables of a report: places with people, crews."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from drillsim.i18n import Lang, catalogue, say
from drillsim.log.runlog import RunLog
from drillsim.report.footprint import source_xy
from drillsim.report.harm import harm_say
from drillsim.report.losses import shown
from drillsim.report.map import SERVICE_COLOURS
from drillsim.report.map_scene import Scene
from drillsim.report.scene import Receptor, detected_s, receptors, service_of
from drillsim.report.storeys import runs_alike, storey_no, storeys_name
from drillsim.report.words import minute, named, org_name, place_name, place_xy
from drillsim.scenario import Scenario

catalogue(
    {
        "table.before": ("早 {n} 分", "{n} min before"),
        "table.after": ("晚 {n} 分", "{n} min after"),
        "table.untold": ("未告知", "not told"),
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
    inside = [(n, r) for r in found if (n := storey_no(scene.scenario, r.id)) is not None]
    if inside:
        return _storey_rows(scene.scenario, inside, lang)
    rows = [_place_row(scene.scenario, r, numbers.get(r.id, ""), lang) for r in found[:most]]
    rest = found[most:]
    if rest:
        rows.append(_rest_row(rest, lang))
    return rows


def _storey_rows(
    scenario: Scenario, found: Iterable[tuple[int, Receptor]], lang: Lang
) -> list[PlaceRow]:
    """Give the storeys of a building from the lowest; neighbours that fared alike in one row."""

    def likeness(place: Receptor) -> tuple[object, ...]:
        harmed = place.exposed or place.serious or place.deaths
        row = _place_row(scenario, place, "", lang)
        return (place.id if harmed else "", row.warned, row.action, row.tone)

    rows = []
    for first, last, alike in runs_alike(found, likeness):
        row = _place_row(scenario, alike[0], "", lang)
        if last > first:
            row = replace(
                row, name=storeys_name(scenario, first, last, lang),
                heads=shown(sum(r.heads for r in alike)),
                arrival=_from_to([r.arrival_s for r in alike], lang),
                lead="" if row.tone in ("warned", "late") else row.lead,
            )  # fmt: skip
        rows.append(row)
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
        lead = harm_say(scenario, "faint" if place.exposed else "not-there", lang)
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


def _from_to(times_s: Sequence[float | None], lang: Lang) -> str:
    """Print the first and the last of several times, one alone when they print the same."""
    known = sorted(t for t in times_s if t is not None)
    ends = dict.fromkeys(minute(t, lang) for t in (known[:1] + known[-1:]))
    return " – ".join(ends) or minute(None, lang)


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
