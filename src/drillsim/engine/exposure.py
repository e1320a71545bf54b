"""What a hazard does to people, and how people get out of its way: what each family supplies."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from drillsim.engine.settlement import Floats

if TYPE_CHECKING:
    from drillsim.engine.people import People

Groups = NDArray[np.intp]
Flags = NDArray[np.bool_]


class Exposure(Protocol):
    """The harm done to every group so far; arrays of shape (n,) as in the settlement.

    `level` is what each group feels now and `inside` what it would feel in its room, in the unit
    of the hazard; `notice_level` is where it starts to protect itself without being told.
    """

    level: Floats
    inside: Floats
    exposed: Flags
    severe: Flags
    notice_level: float

    def doors_changed(self) -> None:
        """Somebody opened or shut windows or doors."""

    def set_down(self) -> None:
        """Somebody was carried elsewhere at once."""

    def step(self, people: People, going: Groups, now: float, dt: float) -> None:
        """Take in a step of `dt` s that ends now; `going` are the groups on the move."""

    def judge(self, breathes: Flags) -> None:
        """Bring `exposed` and `severe` up to date among those who still live free."""

    def crippled(self) -> Groups:
        """Give the groups that cannot help themselves any more."""

    def killed(self, groups: Groups) -> Groups:
        """Give those of the crippled groups who die of it."""

    def arrival_s(self) -> Floats:
        """Give when each place of the settlement becomes hazardous, s; inf where never."""

    def endangers(self, groups: Groups) -> Flags:
        """Tell for each group whether a crew without protection cannot go where it lies."""

    def way_in_s(self, groups: Groups) -> float:
        """Give the extra time a rescue crew needs to reach the farthest of them and back, s."""


Way = Callable[["People", Groups, tuple[float, float] | None], tuple[Floats, Floats]]
"""How groups leave: (people, groups, refuge or None) -> targets (k, 2) and durations (k,), s."""
