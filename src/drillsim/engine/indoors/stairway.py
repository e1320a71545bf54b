"""People on the stair of a burning building: queues, slow steps in smoke, turning back."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from drillsim.engine.settlement import Floats
from drillsim.physics.egress import Stair, smoke_factor, stair_step

Groups = NDArray[np.intp]
ROOM, QUEUE, STAIR, OUT = 0, 1, 2, 3


class Stairway:
    """Everybody's place on the way out; arrays (n,) of people.

    `where` is ROOM, QUEUE (at the stair door), STAIR or OUT; `z` the height above the exit in
    storeys for those on the stair. People move with the mean speed that the hydraulic model gives
    their storey, and pass its doors in order of arrival.
    """

    def __init__(self, floors: int, n: int, width_m: float, storey_m: float) -> None:
        """Put everybody into his room."""
        self.stair = Stair(max(floors - 1, 1), width_m=width_m, storey_m=storey_m)
        self.where = np.zeros(n, dtype=np.int8)
        self.z = np.zeros(n)
        self.since_s = np.full(n, np.inf)
        self.credit = np.zeros(self.stair.storeys)
        self.longest_step_s = self.stair.longest_step_s
        self.passed = 0.0

    def storey(self, groups: Groups) -> Groups:
        """Give the storey index (0 = the one over the exit) of people on the stair."""
        top = self.stair.storeys - 1
        whole = np.ceil(self.z[groups]) - 1.0
        return np.minimum(np.maximum(whole, 0.0), top).astype(np.intp)

    def enter(self, groups: Groups, floor: Groups, now: float) -> None:
        """Queue people at the stair door of their floors (2 = the first over the exit)."""
        self.where[groups] = QUEUE
        self.z[groups] = np.maximum(floor - 1, 0)
        self.since_s[groups] = now

    def leave_for_room(self, groups: Groups) -> None:
        """Take people off the stair into a flat beside it."""
        self.where[groups] = ROOM

    def step(self, dt_s: float, extinction_per_m: Floats, walks: NDArray[np.bool_]) -> Groups:
        """Carry everybody on the way down over a step; gives who has come out.

        `extinction_per_m` (floors,) of the stair by floor; `walks` (n,): not fallen on the way.
        """
        n = self.stair.storeys
        on: Groups = (((self.where == STAIR) | (self.where == QUEUE)) & walks).nonzero()[0]
        if not on.size:
            return on
        smoke = extinction_per_m[1:] if extinction_per_m.size > 1 else extinction_per_m
        slow = np.asarray(smoke_factor(smoke[:n]))
        count = max(1, math.ceil(dt_s / self.longest_step_s))
        out: list[Groups] = []
        for _ in range(count):
            some = self._sub_step(dt_s / count, slow, on)
            if some.size:
                out.append(some)
        return np.concatenate(out) if out else np.zeros(0, dtype=np.intp)

    def _sub_step(self, dt_s: float, slow: Floats, on: Groups) -> Groups:
        """Carry those who were on the way, `on`, over a part of a step."""
        stair, n = self.stair, self.stair.storeys
        where = self.where[on]
        moving: Groups = on[where == STAIR]
        queue: Groups = on[where == QUEUE]
        if not moving.size and not queue.size:
            return moving
        cell, door = self.storey(moving), self.storey(queue)
        here = np.bincount(cell, minlength=n).astype(float)
        wait = np.bincount(door, minlength=n).astype(float)
        after, still, out = stair_step(stair, here, wait, dt_s, slow)
        admitted = wait - still
        self.passed += out
        if moving.size:
            # what a storey lost to the one below, from the top down
            below = (here + admitted - after)[::-1].cumsum()[::-1]
            speed = below[cell] / here[cell]
            self.z[moving] -= np.minimum(speed, dt_s / self.longest_step_s)
        if queue.size:
            self.credit = np.where(wait > 0.0, self.credit + admitted, 0.0)
            self._admit(queue, door)
        else:
            self.credit[:] = 0.0
        gone_out: Groups = moving[self.z[moving] <= 0.0]
        self.where[gone_out] = OUT
        return gone_out

    def _admit(self, queue: Groups, door: Groups) -> None:
        """Let people through the doors of their storeys, first come first served."""
        for storey in (self.credit >= 1.0).nonzero()[0]:
            mine = queue[door == storey]
            mine = mine[np.argsort(self.since_s[mine], kind="stable")][: int(self.credit[storey])]
            self.where[mine] = STAIR
            self.credit[storey] -= mine.size
