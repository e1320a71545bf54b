"""Storeys of a building and houses of a row: their names, and neighbours alike told as one."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from drillsim.i18n import Lang, catalogue, say
from drillsim.scenario import Scenario

catalogue(
    {
        "storey.one": ("{first} 层", "floor {first}"),
        "storey.some": ("{first} 至 {last} 层", "floors {first} to {last}"),
        "house.one": ("{first} 号房", "house {first}"),
        "house.some": ("{first} 至 {last} 号房", "houses {first} to {last}"),
    }
)

_STOREY = re.compile(r"F(\d+)")
Kept = TypeVar("Kept")


def storey_no(scenario: Scenario, place_id: str) -> int | None:
    """Give the number of a storey or house of the building on fire; None for any other place."""
    found = _STOREY.fullmatch(place_id)
    if found is None or scenario.file.family != "residential-fire":
        return None
    return int(found[1])


def storeys_name(scenario: Scenario, first: int, last: int, lang: Lang) -> str:
    """Name the storeys (or houses of a row) from the first to the last."""
    group = "house" if scenario.spec.seat == "row" else "storey"
    many = "some" if last > first else "one"
    return say(f"{group}.{many}", lang, first=first, last=last)


def runs_alike(
    items: Iterable[tuple[int, Kept]], likeness: Callable[[Kept], Hashable]
) -> list[tuple[int, int, list[Kept]]]:
    """Put neighbours of equal likeness together: (first number, last number, members)."""
    out: list[tuple[int, int, list[Kept]]] = []
    for number, item in sorted(items, key=lambda pair: pair[0]):
        if out and number == out[-1][1] + 1 and likeness(out[-1][2][-1]) == likeness(item):
            out[-1] = (out[-1][0], number, [*out[-1][2], item])
        else:
            out.append((number, number, [item]))
    return out
