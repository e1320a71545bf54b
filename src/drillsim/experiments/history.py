"""Accidents on record, run through the product's own hazard families without any fitting.

A record (`record.yaml` in a folder of its own) holds what is documented, the inputs of the run
with the source of each, and the range of every input that is not documented. `cases` gives the run
as stated, then one run with each such input at each end of its range, the others as stated.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from drillsim.city.facilities import Facility
from drillsim.city.model import City
from drillsim.city.network import Edge, graph_from_network, network_from_edges
from drillsim.city.population import no_zones
from drillsim.engine.session import Session
from drillsim.hazards import HAZARDS, Hazard, Weather
from drillsim.i18n import Text
from drillsim.log.runlog import RunLog
from drillsim.plans.model import Family
from drillsim.scenario import Scenario, ScenarioFile, read_scenario
from drillsim.units import Duration, Length, Share, VolumeRate
from drillsim.yamlio import Id, Model, load, plain, validate

SEED = 1
VARIANTS = ("none", "behavioural")


class SourceRow(Model):
    """A source; `read`: an excerpt of it was read, not only remembered."""

    text: str
    read: bool


class Fact(Model):
    """What is on record about one measure: from `low` to `high` (nothing: no number exists).

    `at` names the place, address or variant that the measure speaks of. `verified`: read in an
    official text.
    """

    measure: Id
    at: str = ""
    what: str
    low: float | None = None
    high: float | None = None
    source: Id
    verified: bool
    note: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Fact:
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high belong together")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low lies above high")
        return self


class Basis(Model):
    """Where an input comes from."""

    input: str
    says: str
    source: Id
    verified: bool


class Crowd(Model):
    """People spread evenly over a disc around the source, who stay for a while.

    `outdoors` is the share in the open; the others sit in cars or rooms of `ach` air changes an
    hour. `stay` counts in the worst part of the passage.
    """

    heads: int = Field(gt=0)
    radius: Length = Field(gt=0.0)
    outdoors: Share = Field(ge=0.0, le=1.0)
    ach: float = Field(gt=0.0, le=60.0)
    stay: Duration = Field(ge=60.0)


class ReachRow(Model):
    """One reach of a river down to the place `to`; `slope` of its surface."""

    to: Id
    length: Length = Field(gt=0.0)
    width: Length = Field(gt=0.0)
    flow: VolumeRate = Field(gt=0.0)
    slope: float = Field(gt=0.0, lt=0.05)


class River(Model):
    """A river from `start` down: its depth and current follow from flow, slope and roughness."""

    start: Id
    manning_n: float = Field(ge=0.01, le=0.1)
    reaches: tuple[ReachRow, ...] = Field(min_length=1)


class Accident(Model):
    """One record. Either `run` (hazard and weather) or `drill` (a scenario file beside it).

    `after`: what was understood once the first run had been seen; no input was changed by it.
    """

    id: Id
    name: Text
    date: date
    family: Family
    told: tuple[str, ...]
    sources: dict[Id, SourceRow]
    record: tuple[Fact, ...] = Field(min_length=1)
    run: dict[str, Any] = {}
    drill: str = ""
    replications: int = Field(default=1, ge=1, le=100)
    crowd: Crowd | None = None
    river: River | None = None
    limit_mg_l: float = Field(default=0.0, ge=0.0)
    basis: tuple[Basis, ...]
    ranges: dict[str, tuple[str, ...]] = {}
    after: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Accident:
        if bool(self.run) == bool(self.drill):
            raise ValueError("give exactly one of run and drill")
        said = [(f.source, f.verified) for f in self.record]
        said += [(b.source, b.verified) for b in self.basis]
        for source, verified in said:
            if source not in self.sources:
                raise ValueError(f"source: {source!r} is not among {sorted(self.sources)}")
            if verified and not self.sources[source].read:
                raise ValueError(f"{source!r} was not read, so nothing is verified by it")
        return self


@dataclass(frozen=True, eq=False)
class Case:
    """One run of a record: `hazard` if it runs alone, `ends` and `logs` if people act.

    `logs` and `ends` (the hazard as it stood at the end) are by variant, one a replication.
    `memo` keeps what several measures share.
    """

    accident: Accident
    inputs: Mapping[str, Any]
    hazard: Hazard | None
    logs: Mapping[str, Sequence[RunLog]]
    ends: Mapping[str, Sequence[Hazard]]
    city: City
    memo: dict[str, Any] = field(default_factory=dict)

    @property
    def crowd(self) -> Crowd:
        """Give the people around the source; ValueError for a record without."""
        if "crowd" not in self.inputs:
            raise ValueError(f"{self.accident.id}: this measure needs a crowd")
        return Crowd.model_validate(self.inputs["crowd"])


def read_accidents(folder: Path) -> list[tuple[Accident, Path]]:
    """Read every `*/record.yaml` of a folder, in order of name.

    Raises InputError with every fault of the first file that has one; FileNotFoundError for none.
    """
    paths = sorted(folder.glob("*/record.yaml"))
    if not paths:
        raise FileNotFoundError(f"{folder}: no */record.yaml here")
    return [(validate(load(path), Accident), path.parent) for path in paths]


def cases(accident: Accident, folder: Path) -> Iterator[tuple[str, str, Case]]:
    """Give (input, value, case): first as stated ("", ""), then each input of `ranges` changed.

    `folder` is where the record lies. KeyError for a range of an input that cannot be named.
    """
    inputs = inputs_of(accident, folder)
    scenario = read_scenario(folder / accident.drill) if accident.drill else None
    yield "", "", _case(accident, inputs, scenario)
    for path, values in accident.ranges.items():
        for value in values:
            yield path, value, _case(accident, changed(inputs, path, value), scenario)


def inputs_of(accident: Accident, folder: Path) -> dict[str, Any]:
    """Give all inputs of the run as plain data, as a path of `ranges` names them."""
    if accident.drill:
        return dict(plain(load(folder / accident.drill).data))
    source = plain(load(folder / "record.yaml").data)
    kept = {key: source[key] for key in ("crowd", "river") if key in source}
    return {**source["run"], **kept}


def changed(inputs: Mapping[str, Any], path: str, value: str) -> dict[str, Any]:
    """Give the inputs with one of them (`weather.wind_speed`, `river.reaches.0.flow`) replaced.

    A last step that is not there is added (a default of the model is changed); KeyError when an
    earlier step is missing.
    """
    head, _, rest = path.partition(".")
    if not rest:
        return {**inputs, head: value}
    inner = inputs[head]
    if isinstance(inner, list):
        step, _, rest = rest.partition(".")
        row = changed(inner[int(step)], rest, value)
        return {**inputs, head: [*inner[: int(step)], row, *inner[int(step) + 1 :]]}
    return {**inputs, head: changed(inner, rest, value)}


def _case(accident: Accident, inputs: Mapping[str, Any], scenario: Scenario | None) -> Case:
    family = HAZARDS[accident.family]
    if scenario is None:
        spec = family.spec.model_validate(inputs["hazard"])
        weather = Weather.model_validate(inputs["weather"])
        city = river_city(accident, inputs) if "river" in inputs else open_ground(accident)
        return Case(accident, inputs, family.build(spec, city, weather), {}, {}, city)
    file = ScenarioFile.model_validate(inputs)
    spec = family.spec.model_validate(inputs["hazard"])
    drill = replace(scenario, file=file, spec=spec, memo={})
    logs: dict[str, list[RunLog]] = {}
    ends: dict[str, list[Hazard]] = {}
    for variant in VARIANTS:
        for rep in range(accident.replications):
            session = Session(drill, SEED, rep, variant)
            logs.setdefault(variant, []).append(session.finish())
            ends.setdefault(variant, []).append(session.drill.world.hazard)
    return Case(accident, inputs, None, logs, ends, drill.city)


# --- where it happens ----------------------------------------------------------------------------


def open_ground(accident: Accident) -> City:
    """Give a city that is one place called `source` on open ground."""
    edges = [Edge(0, 1, "county", 1000.0)]
    places = {"source": ("release-point", 0.0)}
    return _city(accident, np.array([[0.0, 0.0], [1000.0, 0.0]]), edges, places)


def normal_depth_m(flow_m3_s: float, width_m: float, slope: float, manning_n: float) -> float:
    """Give the depth of even flow in a wide channel, m: (Q n / (W sqrt S))^(3/5), by Manning."""
    return float((flow_m3_s * manning_n / (width_m * math.sqrt(slope))) ** 0.6)


def river_city(accident: Accident, inputs: Mapping[str, Any]) -> City:
    """Give a city that is one river drawn straight, with an intake at each place."""
    river = River.model_validate(inputs["river"])
    far = np.concatenate([[0.0], np.cumsum([row.length for row in river.reaches])])
    edges = []
    for k, row in enumerate(river.reaches):
        depth = normal_depth_m(row.flow, row.width, row.slope, river.manning_n)
        current = row.flow / (row.width * depth)
        edges.append(
            Edge(k, k + 1, "river", row.length, width_m=row.width, depth_m=depth,
                 current_mps=current)
        )  # fmt: skip
    names = [river.start, *(row.to for row in river.reaches)]
    places = {name: ("intake", float(x)) for name, x in zip(names, far, strict=True)}
    return _city(accident, np.column_stack([far, np.zeros(far.size)]), edges, places)


def _city(
    accident: Accident,
    xy: NDArray[np.float64],
    edges: Sequence[Edge],
    places: Mapping[str, tuple[str, float]],
) -> City:
    network = network_from_edges(xy, edges, {})
    facilities = {
        name: Facility(id=name, kind=kind, name=Text(zh=name, en=name), x=f"{x!r} m", y="0 m")
        for name, (kind, x) in places.items()
    }
    return City(
        id=accident.id, name=accident.name, crs="local plane, metres", origin=None,
        graph=graph_from_network(network), facilities=facilities, zones=no_zones(), districts=(),
        digest=network.digest(), network=network,
    )  # fmt: skip
