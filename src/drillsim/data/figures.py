"""Human and office times, shares and channels: figures with source, range and verified flag."""

from __future__ import annotations

import math
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from drillsim.i18n import Text
from drillsim.rng import lognormal
from drillsim.units import Duration
from drillsim.yamlio import Model, read_yaml

Z90 = 1.2815515655446004


class Figure(Model):
    """A time: `median` and `p90` of a log-normal, the `best` case, and where it may lie (s)."""

    median: Duration
    p90: Duration
    best: Duration
    low: Duration
    high: Duration
    source: str
    verified: bool

    def draw(self, u: float, cap: float | None = None) -> float:
        """Give the u-quantile in s; `cap` lowers the median, keeping the spread."""
        median = self.median if cap is None else min(self.median, cap)
        return lognormal(u, median, median * self.p90 / self.median)

    def draws(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the u-quantiles of many draws in s."""
        spread = math.log(max(self.p90, self.median) / self.median) / Z90
        return np.asarray(self.median * np.exp(ndtri(u) * spread))


class Number(Model):
    """A share or constant with its range."""

    value: float
    low: float
    high: float
    source: str
    verified: bool


class ChannelFigure(Model):
    """A channel: set-up time, chance to fail at one try, the carrier it hangs on.

    `many`: reaches all receivers at once; `lines`: holds a line at both ends for the call.
    """

    many: bool
    lines: bool
    median: Duration
    p90: Duration
    best: Duration
    fail: float
    carrier: str
    zh: str
    en: str

    @property
    def name(self) -> Text:
        """Give the channel's name."""
        return Text(zh=self.zh, en=self.en)


class WarningFigure(Model):
    """How a public warning spreads: times of half and nine tenths of those reached (s)."""

    t50: Duration
    t90: Duration
    reach: float
    source: str
    verified: bool


class HumanFigures(Model):
    """The whole file `human.yaml`."""

    figures: dict[str, Figure]
    shares: dict[str, Number]
    constants: dict[str, Number]
    channels: dict[str, ChannelFigure]
    warning: dict[str, WarningFigure]


@cache
def human() -> HumanFigures:
    """Read the shipped figures (once)."""
    with resources.as_file(resources.files("drillsim.data") / "human.yaml") as path:
        return read_yaml(Path(path), HumanFigures, shown="human.yaml")
