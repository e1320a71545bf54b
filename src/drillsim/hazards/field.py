"""What every hazard is to the rest of the program: an immutable field in space and time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.hazards.weather import Weather
from drillsim.i18n import Lang, Text

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Change:
    """Something done to a hazard: what, and the share of the emission that is left, in [0, 1].

    isolate: the valve is shut (0). plug: the hole is stopped in part. curtain: a water curtain at
    the source takes gas out of the cloud. none: nothing. Other families have kinds of their own,
    told where they are used. `where` names the place acted on.
    """

    kind: str
    factor: float = 0.0
    where: str = ""

    def __post_init__(self) -> None:
        """Refuse a factor that would raise the emission."""
        if not 0.0 <= self.factor <= 1.0:
            raise ValueError(f"the remaining share must lie in [0, 1], got {self.factor}")
        if self.kind == "isolate" and self.factor != 0.0:
            raise ValueError("an isolated release leaves nothing: factor must be 0")
        if self.kind == "none" and self.factor != 1.0:
            raise ValueError("a change of kind 'none' leaves everything: factor must be 1")


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that happens to a hazard by itself, at a drill time in s."""

    t_s: float
    name: str
    text: Text
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one figure behind a hazard comes from; an unverified one with its range."""

    figure: str
    value: float | str
    unit: str
    source: str
    verified: bool
    low: float | None = None
    high: float | None = None


class Hazard(Protocol):
    """An immutable hazard field; `after` gives another one and leaves the past as it was."""

    @property
    def source_xy(self) -> tuple[float, float]:
        """Where it is, metres east and north."""

    @property
    def weather(self) -> Weather:
        """The weather it stands in."""

    @property
    def notice_level(self) -> float:
        """The level from which somebody unprotected notices and gets out."""

    @property
    def harmful_level(self) -> float:
        """The level from which a place counts as hazardous."""

    @property
    def warnings(self) -> tuple[Text, ...]:
        """What the reader of a result must know: models outside their range, with the range."""

    def level(self, quantity: str, places: ArrayLike, t_s: ArrayLike) -> Floats:
        """Give levels at places (n, 2) in metres east and north: (n,) or (m, n) for m times."""

    def at(self, places: ArrayLike) -> Any:
        """Work out fixed outdoor places (n, 2) once, for `level_at`."""

    def level_at(self, places: Any, t_s: float) -> Floats:
        """Give outdoor levels (n,) at one drill time, at places worked out by `at`."""

    def arrival_s(self, places: ArrayLike, level: float) -> Floats:
        """Give when outdoor places (n, 2) first reach a level, s; inf where never."""

    def endangers(self, places: ArrayLike, horizon_s: float) -> NDArray[np.bool_]:
        """Tell which outdoor places (n, 2) it harms up to the horizon if nobody acts, (n,)."""

    def drawn(self) -> dict[str, Any]:
        """Give what the log must say so that the hazard can be rebuilt and understood."""

    def emitted(self, t_s: float) -> dict[str, float]:
        """Give what has come out or burnt up to a drill time, by name with unit."""

    def milestones(self) -> tuple[Milestone, ...]:
        """Give what happens by itself, in order of time."""

    def after(self, change: Change, t_s: float) -> Hazard:
        """Give the hazard with a change acting from a drill time on."""

    def describe(self, lang: Lang) -> str:
        """Say in a sentence what the hazard is."""

    def provenance(self) -> tuple[Provenance, ...]:
        """Give every figure behind the hazard with its source."""
