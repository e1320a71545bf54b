"""Casualties: found, rescued, decontaminated, triaged, driven, treated; waiting costs lives."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from drillsim.engine.people import People
from drillsim.engine.states import State
from drillsim.engine.world import World

DEAD = int(State.DEAD)
STAGES = ("down", "rescued", "clean", "triaged", "on-the-way", "admitted")
ADMITTED = STAGES.index("admitted")


class Medical:
    """The way of every severe casualty from the ground to a bed, in order of need."""

    def __init__(self, world: World, people: People) -> None:
        """Nobody is hurt yet."""
        self.world = world
        self.people = people
        n = people.weight.size
        self.stage = np.full(n, -1, dtype=np.int8)
        self.since_s = np.full(n, np.inf)
        self.admitted_s = np.full(n, np.inf)
        self._noticed = 0
        # everybody who has ever been found on the ground, in order of group
        self._found: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        self.claimed = np.zeros(n, dtype=bool)
        self.colour = np.full(n, "", dtype=object)
        self.fell_s = np.full(n, np.inf)
        self.beds: dict[str, float] = {
            f.id: float(f.capacity.beds or 0) for f in world.scenario.city.of_kind("hospital")
        }

    def notice(self) -> None:
        """Everybody who has fallen since last time waits on the ground."""
        if self._noticed == self.people.falls:
            return
        self._noticed = self.people.falls
        fallen = np.flatnonzero((self.people.state == State.DOWN) & (self.stage < 0))
        self.stage[fallen] = 0
        self.since_s[fallen] = self.world.now
        self._found = np.union1d(self._found, fallen)

    def waiting(self, stage: str) -> NDArray[np.intp]:
        """Give the groups that wait at a stage, longest first."""
        self.notice()
        found: NDArray[np.intp] = self._found[self.stage[self._found] == STAGES.index(stage)]
        if not found.size:
            return found
        found = found[(self.people.state[found] != State.DEAD) & ~self.claimed[found]]
        return np.asarray(found[np.argsort(self.since_s[found], kind="stable")])

    def unfinished(self) -> bool:
        """Tell whether some living casualty has not reached a bed."""
        if not self._found.size:
            return False
        on_the_way = self.stage[self._found] < ADMITTED
        return bool((on_the_way & (self.people.state[self._found] != DEAD)).any())

    @contextmanager
    def claim(self, groups: NDArray[np.intp]) -> Iterator[None]:
        """Take groups in hand for a while, so that no other crew works on them meanwhile."""
        self.claimed[groups] = True
        try:
            yield
        finally:  # a crew that is driven off lets go
            self.claimed[groups] = False

    def advance(
        self,
        groups: Iterable[int],
        stage: str,
        subject: str,
        place: str,
        causes: Iterable[int],
        clause: str,
    ) -> float:
        """Bring groups to a stage and log it; gives the heads."""
        index = np.fromiter(groups, dtype=np.intp)
        index = index[self.people.state[index] != State.DEAD]
        if not index.size:
            return 0.0
        self.stage[index] = STAGES.index(stage)
        self.since_s[index] = self.world.now
        if stage == "rescued":
            self.people.state[index] = State.IN_CARE
        if stage == "admitted":
            self.admitted_s[index] = self.world.now
        heads = float(self.people.weight[index].sum())
        colours = [str(c) for c in self.colour[index] if c]
        colour = max(dict.fromkeys(colours), key=colours.count) if colours else ""
        data = {"n": heads, "place": place, "colour": colour}
        self.world.note("casualties", "world", subject, data, causes, clause)
        return heads

    def sort(self, groups: NDArray[np.intp], slips: float = 1.0) -> None:
        """Triage: red when the dose was grave, with the misclassification of the START study.

        `slips`: factor on the error rates by the crew's training.
        """
        shares = self.world.figures.shares
        for group in groups:
            grave = bool(self.people.serious[group])
            u = self.world.draws.at("triage", f"group-{int(group)}")
            right_share = shares["triage-sensitivity" if grave else "triage-specificity"].value
            right = u < 1.0 - min((1.0 - right_share) * slips, 1.0)
            if not self.world.behaviour.human:
                right = True
            self.colour[group] = "red" if grave == right else "yellow"

    def waiting_loss(self) -> float:
        """Give the expected further deaths among severe casualties by the wait until a bed.

        Deaths go on at a constant hourly rate (unverified figure) from falling to admission, or to
        the horizon and one hour beyond for those still waiting.
        """
        people = self.people
        hurt = np.flatnonzero(people.serious & (people.state != State.DEAD))
        if not hurt.size:
            return 0.0
        rate = self.world.figures.shares["red-death-per-hour"].value
        end = np.where(
            np.isfinite(self.admitted_s[hurt]), self.admitted_s[hurt], self.world.now + 3600.0
        )
        start = np.minimum(self.fell_s[hurt], end)
        hours = np.clip(end - start, 0.0, None) / 3600.0
        share = 1.0 - np.exp(math.log1p(-rate) * hours)
        return float((people.weight[hurt] * share).sum())

    def remember_falls(self) -> None:
        """Keep when each group fell; called after every step of people."""
        fresh = self.people.serious & ~np.isfinite(self.fell_s)
        self.fell_s[fresh] = self.world.now
