"""Constant human times, so that drills can be worked out by hand whatever the figures become."""

from __future__ import annotations

import pytest

from drillsim.data.figures import HumanFigures, human
from drillsim.engine import world

BEST_S = {
    "notice": 10.0, "on-the-spot": 15.0, "person": 15.0, "desk": 15.0, "leader": 30.0, "call": 60.0,
    "suit-up": 720.0, "rescue-trip": 360.0,
}  # fmt: skip
DIAL_S = 8.0


def constant_figures() -> HumanFigures:
    """Give the shipped figures with the best cases of `BEST_S` and 8 s to dial."""
    shipped = human()
    figures = {
        name: figure.model_copy(update={"best": BEST_S.get(name, figure.best)})
        for name, figure in shipped.figures.items()
    }
    phone = shipped.channels["phone"].model_copy(update={"best": DIAL_S})
    channels = {**shipped.channels, "phone": phone}
    return shipped.model_copy(update={"figures": figures, "channels": channels})


@pytest.fixture
def constant_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every run of a test use the constant figures."""
    figures = constant_figures()
    monkeypatch.setattr(world, "human", lambda: figures)
