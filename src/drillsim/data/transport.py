"""Transport figures: traffic, crash, oils, slicks, people in water, triage, with sources."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from drillsim.data.substances import Figure
from drillsim.i18n import Text
from drillsim.yamlio import Id, Model, read_yaml

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Span = tuple[float, float]


class Duration(Model):
    """How long an incident blocks the road: mean and standard deviation, s, and its range."""

    mean_s: float
    sd_s: float
    low_s: float
    high_s: float
    source: str
    verified: bool


class Road(Model):
    """Capacity left at an incident, its duration, and the density of standing traffic.

    `residual[lanes]` holds the share of the capacity left after a shoulder disablement, a
    shoulder accident, and one, two and three lanes blocked.
    """

    residual_source: str
    residual_verified: bool
    residual: dict[int, tuple[Share, ...]]
    duration: dict[Id, Duration]
    capacity_veh_s_lane: Figure
    jam_density_veh_m_lane: Figure


class Crash(Model):
    """Extrication times from cars, s: spread of whole operations and terms of the prediction."""

    extrication_median_s: Figure
    extrication_q1_s: Figure
    extrication_q3_s: Figure
    base_s: Figure
    obstruction_s: Figure
    physically_trapped_s: Figure
    medically_trapped_s: Figure
    rapid_access_s: Figure
    on_roof_s: Figure


class Oil(Model):
    """One oil at 15 C: density, viscosity, interfacial tension, distillation cuts.

    `cuts` are (share distilled by mass, boiling temperature in C), rising in both.
    """

    name: Text
    source: str
    verified: bool
    density_kg_m3: float
    viscosity_m2_s: float
    viscosity_note: str
    tension_n_m: Figure
    emulsion_water_max: Figure
    cuts: tuple[tuple[Share, float], ...]

    @model_validator(mode="after")
    def _rising(self) -> Oil:
        pairs = list(pairwise(self.cuts))
        if not pairs or any(b[0] <= a[0] or b[1] <= a[1] for a, b in pairs):
            raise ValueError("the cuts must rise in share and temperature")
        return self


class Slick(Model):
    """Constants of spreading, drift, booms and skimmers."""

    fay_inertial: Figure
    fay_transition: Figure
    fay_viscous: Figure
    fay_tension: Figure
    line_viscous: Figure
    line_tension: Figure
    final_area_factor: Figure
    film_thin_m: Figure
    film_thick_m: Figure
    wind_share: Figure
    boom_loss_mps: Figure
    boom_all_lost_factor: Figure
    skimmer_share: Figure


class River(Model):
    """Bed roughness of an earth canal."""

    manning_n: Figure


class SurvivalRow(Model):
    """One band of water temperature (F): times to exhaustion and to death, s, low and high."""

    low_f: float
    high_f: float
    exhaustion: Span
    survival: Span


class WaterSurvival(Model):
    """The cold-water table, and what it does not say: first losses and people who cannot swim."""

    source: str
    verified: bool
    rows: tuple[SurvivalRow, ...]
    first_loss_cold: Figure
    first_loss_warm: Figure
    first_loss_jacket: Figure
    first_loss_s: Figure
    non_swimmer_share: Figure
    non_swimmer_s: Figure


class Leeway(Model):
    """Drift of an object relative to the water: shares of the wind at 10 m, spread in m/s."""

    downwind: float
    downwind_sd_mps: float
    crosswind: float
    crosswind_sd_mps: float
    source: str
    verified: bool
    low: float
    high: float


class Triage(Model):
    """Tags given against tags needed, and survival by RPM score and waiting time."""

    tags_source: str
    tags_verified: bool
    tags: dict[Id, tuple[float, float, float, float]]
    black_source: str
    rpm_source: str
    rpm_verified: bool
    rpm_survival: tuple[Share, ...]
    rpm_later: tuple[tuple[int, ...], ...]
    class_source: str
    class_rpm: dict[Id, tuple[int, int]]

    @model_validator(mode="after")
    def _square(self) -> Triage:
        if len(self.rpm_survival) != 13 or [len(row) for row in self.rpm_later] != [12] * 13:
            raise ValueError("RPM needs 13 survival values and 13 rows of 12 later scores")
        return self


class Hull(Model):
    """Discharge coefficient of a hole, and the share of reserve buoyancy that may flood."""

    discharge: Figure
    reserve_share: Figure


class TransportFigures(Model):
    """The whole file `transport.yaml`."""

    sources: dict[str, str]
    road: Road
    crash: Crash
    oils: dict[Id, Oil]
    slick: Slick
    river: River
    water_survival: WaterSurvival
    leeway: dict[Id, Leeway]
    triage: Triage
    hull: Hull

    @model_validator(mode="after")
    def _cited(self) -> TransportFigures:
        named = set(_sources(self))
        if unknown := sorted(named - set(self.sources)):
            raise ValueError(f"no such source: {', '.join(unknown)}")
        return self


def _sources(model: object) -> Iterator[str]:
    if isinstance(model, Model):
        for name in type(model).model_fields:
            value = getattr(model, name)
            if isinstance(value, str) and (name == "source" or name.endswith("_source")):
                yield value
            yield from _sources(value)
    elif isinstance(model, dict):
        for key, value in model.items():
            if key != "sources":
                yield from _sources(value)
    elif isinstance(model, tuple):
        for value in model:
            yield from _sources(value)


@cache
def transport() -> TransportFigures:
    """Read the shipped transport figures (once a process).

    Range: not applicable (a table)
    Source: each figure names its own, see drillsim/data/transport.yaml
    Verified: no (figure by figure; the unverified ones carry a range)
    Test: tests/physics/test_transport_data.py
    """
    with as_file(files("drillsim.data") / "transport.yaml") as path:
        return read_yaml(path, TransportFigures, shown="drillsim/data/transport.yaml")


def oil(name: str | Oil) -> Oil:
    """Give an oil by id ("marine-gas-oil"); an `Oil` passes through.

    Raises KeyError naming the known ids.

    Range: not applicable (a table)
    Source: NOAA ADIOS oil database (CC0), the record named in each row
    Verified: yes (read in the records; tension and water uptake are not, and carry a range)
    Test: tests/physics/test_transport_data.py
    """
    if isinstance(name, Oil):
        return name
    table = transport().oils
    if name not in table:
        raise KeyError(f"unknown oil {name!r}; known: {', '.join(sorted(table))}")
    return table[name]
