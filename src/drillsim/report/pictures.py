"""The picture that only one family has: a section of the building, a reach of the river."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from drillsim.i18n import Lang
from drillsim.report import building, cloud_picture, river, road
from drillsim.report.model import ScenarioRun

Picture = tuple[str, str]
"""A caption and a finished SVG."""


PICTURES: dict[str, Callable[[ScenarioRun, Lang], Sequence[Picture]]] = {
    "road-transport": road.draw,
    "residential-fire": building.building_pictures,
    "water-transport": river.pictures_of,
    "storage-fire": cloud_picture.draw,
}


def pictures(run: ScenarioRun, lang: Lang) -> list[Picture]:
    """Give the pictures of a run's family; none for a family that the maps show in full."""
    draw = PICTURES.get(run.scenario.file.family)
    return [] if draw is None else list(draw(run, lang))
