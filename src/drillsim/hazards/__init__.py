"""Hazards as immutable fields; `HAZARDS` names the families that a scenario may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from drillsim.city.model import City
from drillsim.hazards import road_transport, storage_fire, transport_water
from drillsim.hazards.chemical_storage import ChemicalStorageSpec, build
from drillsim.hazards.field import Change, Floats, Hazard, Milestone, Provenance
from drillsim.hazards.residential_fire import ResidentialFireSpec
from drillsim.hazards.residential_fire import build as build_fire
from drillsim.hazards.road_transport import RoadTransportSpec
from drillsim.hazards.toxic_release import ReceptorField, ToxicRelease
from drillsim.hazards.transport_water import WaterTransportSpec
from drillsim.hazards.weather import Weather
from drillsim.yamlio import Model


@dataclass(frozen=True, slots=True)
class HazardFamily:
    """One family: the model of its `hazard:` block, and how that becomes a field in a city."""

    spec: type[Model]
    build: Callable[[Any, City, Weather], Hazard]


def _storage(spec: ChemicalStorageSpec, city: City, weather: Weather) -> Hazard:
    return build(spec, city.facilities[spec.at].xy, weather)


def _residential(spec: ResidentialFireSpec, city: City, weather: Weather) -> Hazard:
    return build_fire(spec, city.facilities[spec.at].xy, weather)


HAZARDS: dict[str, HazardFamily] = {
    "storage-fire": HazardFamily(storage_fire.StorageFireSpec, storage_fire.build),
    "road-transport": HazardFamily(RoadTransportSpec, road_transport.build),
    "chemical-storage": HazardFamily(ChemicalStorageSpec, _storage),
    "residential-fire": HazardFamily(ResidentialFireSpec, _residential),
    "water-transport": HazardFamily(WaterTransportSpec, transport_water.build),
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
