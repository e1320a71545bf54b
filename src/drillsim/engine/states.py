"""Where a group of people stands, and what it can be told to do."""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class State(IntEnum):
    """Where a group stands; it is in exactly one of these."""

    NORMAL = 0
    SHELTERING = 1
    LEAVING = 2
    CLEAR = 3
    GATHERED = 4
    DOWN = 5
    IN_CARE = 6
    DEAD = 7
    WAITING_TRANSPORT = 8


ACTIONS = ("shelter", "leave-crosswind", "evacuate", "gather-outdoors", "return")
# lookup by state: may still be told and act; may fall; is idle enough to react by itself
ABLE = np.array([True, True, True, True, True, False, False, False, True])
IDLE = np.isin(np.arange(9), (State.NORMAL, State.GATHERED))
BREATHES = ~np.isin(np.arange(9), (State.DEAD, State.IN_CARE))
OPEN_AIR_KINDS = frozenset({"road-point", "vehicle-queue", "gate", "release-point"})
STATE_NAMES = tuple(state.name.lower().replace("_", "-") for state in State)
