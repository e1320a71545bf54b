"""Hazards as immutable fields; `HAZARDS` names the families that a scenario may use."""

from __future__ import annotations

from drillsim.hazards.chemical_storage import ChemicalStorageSpec, build
from drillsim.hazards.field import Change, Hazard, Milestone, Provenance
from drillsim.hazards.toxic_release import ReceptorField, ToxicRelease
from drillsim.hazards.weather import Weather

HAZARDS: dict[str, type[ChemicalStorageSpec]] = {"chemical-storage": ChemicalStorageSpec}

__all__ = [
    "HAZARDS",
    "Change",
    "ChemicalStorageSpec",
    "Hazard",
    "Milestone",
    "Provenance",
    "ReceptorField",
    "ToxicRelease",
    "Weather",
    "build",
]
