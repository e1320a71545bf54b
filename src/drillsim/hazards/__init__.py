"""Hazards as immutable fields; `HAZARDS` names the families that a scenario may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from drillsim.city.model import City
from drillsim.hazards.chemical_storage import ChemicalStorageSpec, build
from drillsim.hazards.field import Change, Floats, Hazard, Milestone, Provenance
from drillsim.hazards.toxic_release import ReceptorField, ToxicRelease
from drillsim.hazards.weather import Weather
from drillsim.yamlio import Model


@dataclass(frozen=True, slots=True)
class HazardFamily:
    """One family: the model of its `hazard:` block, and how that becomes a field in a city."""

    spec: type[Model]
    build: Callable[[Any, City, Weather], Hazard]


def _storage(spec: ChemicalStorageSpec, city: City, weather: Weather) -> Hazard:
    return build(spec, city.facilities[spec.at].xy, weather)


HAZARDS: dict[str, HazardFamily] = {
    "chemical-storage": HazardFamily(ChemicalStorageSpec, _storage),
}

__all__ = [
    "HAZARDS",
    "Change",
    "ChemicalStorageSpec",
    "Floats",
    "Hazard",
    "HazardFamily",
    "Milestone",
    "Provenance",
    "ReceptorField",
    "ToxicRelease",
    "Weather",
    "build",
]
