"""Run variants: the same draws and the same plans, under other assumptions about people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Variant = Literal["none", "perfect", "ideal-links", "behavioural", "reference"]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a variant assumes.

    `plans`: duties of plans are done. `human`: delays are drawn; else the best case holds.
    `omission`: weakly worded duties may be left out. `faulty_channels`: busy, unanswered,
    outages; else calls queue and get through. `shared`: one belief store for all bodies, required
    interfaces served at once and command passed without loss. `clairvoyant`: a plan-free policy
    acts from the truth at detection.
    """

    plans: bool
    human: bool
    omission: bool
    faulty_channels: bool
    shared: bool
    clairvoyant: bool


VARIANTS: dict[str, Behaviour] = {
    "none": Behaviour(
        plans=False, human=True, omission=False, faulty_channels=False, shared=False,
        clairvoyant=False,
    ),
    "perfect": Behaviour(
        plans=True, human=False, omission=False, faulty_channels=False, shared=False,
        clairvoyant=False,
    ),
    "ideal-links": Behaviour(
        plans=True, human=False, omission=False, faulty_channels=False, shared=True,
        clairvoyant=False,
    ),
    "behavioural": Behaviour(
        plans=True, human=True, omission=True, faulty_channels=True, shared=False,
        clairvoyant=False,
    ),
    "reference": Behaviour(
        plans=False, human=False, omission=False, faulty_channels=False, shared=False,
        clairvoyant=True,
    ),
}  # fmt: skip
