"""What every variant of the run cost, as a table and as small bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drillsim.i18n import Lang, catalogue, say
from drillsim.report import svg
from drillsim.report.svg import BLUE, GREEN, ORANGE, RED, SOFT
from drillsim.report.words import VARIANTS, named
from drillsim.scoring.card import Loss

catalogue(
    {
        "loss.deaths": ("死亡", "deaths"),
        "loss.serious": ("重伤", "seriously hurt"),
        "loss.environment": ("环境损失（吨）", "environment, t"),
        "loss.label": ("各方案损失", "losses by variant"),
    }
)

MEASURES = ("deaths", "serious", "exposed", "environment")
COLOURS = {
    "none": "#8a949e", "behavioural": RED, "perfect": ORANGE, "ideal-links": BLUE,
    "reference": GREEN,
}  # fmt: skip
WIDTH, PANEL, LEFT, ROW = 900.0, 262.0, 108.0, 24.0


@dataclass(frozen=True)
class LossRow:
    """One variant: its name and its losses as shown."""

    variant: str
    name: str
    deaths: str
    serious: str
    exposed: str
    environment: str
    scalar: str


def loss_rows(losses: Mapping[str, Loss], lang: Lang) -> list[LossRow]:
    """Give the variants in the fixed order, from no plan to the reference."""
    return [
        LossRow(
            variant, named("variant", variant, lang), shown(losses[variant].deaths),
            shown(losses[variant].serious), shown(losses[variant].exposed),
            tonnes(losses[variant].part("environment")) if with_waters(losses) else "",
            f"{losses[variant].scalar:.2f}",
        )
        for variant in _order(losses)
    ]  # fmt: skip


def with_waters(losses: Mapping[str, Loss]) -> bool:
    """Tell whether the family keeps an account of the environment and something was lost."""
    return any(loss.part("environment") > 0.0 for loss in losses.values())


def shown(value: float) -> str:
    """Print a number of people: a decimal only below ten, where expected deaths are fractions."""
    return f"{value:,.1f}" if abs(value) < 10 and value != int(value) else f"{value:,.0f}"


def tonnes(value: float) -> str:
    """Print a mass in t: two decimals below ten, where grams matter to nobody."""
    return f"{value:.2f}" if 0.0 < abs(value) < 10.0 else f"{value:,.0f}"


def _order(losses: Mapping[str, Loss]) -> Sequence[str]:
    return [v for v in VARIANTS if v in losses] + sorted(set(losses) - set(VARIANTS))


def loss_chart(losses: Mapping[str, Loss], exposed: str, lang: Lang) -> str:
    """Draw one group of bars for each measure, each with its own scale from 0.

    `exposed` says what counts as exposed in this family.
    """
    order = _order(losses)
    out = []
    measures = MEASURES if with_waters(losses) else MEASURES[:-1]
    panel = PANEL * 3 / len(measures)
    for k, measure in enumerate(measures):
        x0 = LEFT + panel * k
        heading = exposed if measure == "exposed" else say(f"loss.{measure}", lang)
        heading = svg.shortened(heading, 12, panel - 8)
        out.append(svg.words(x0, 16, heading, 12, weight="700"))
        values = {v: losses[v].part(measure) for v in order}
        top = max([*values.values(), 1e-9])
        print_as = tonnes if measure == "environment" else shown
        for row, variant in enumerate(order):
            y = 26 + ROW * row
            if k == 0:
                name = named("short", variant, lang)
                out.append(svg.words(x0 - 8, y + 14, name, 11, SOFT, "end"))
            wide = (panel - 84) * values[variant] / top
            out.append(svg.box(x0, y + 2, max(wide, 1.0), ROW - 7, fill=COLOURS.get(variant, SOFT)))
            out.append(svg.words(x0 + wide + 5, y + 14, print_as(values[variant]), 11))
    height = 32 + ROW * len(order)
    return svg.drawing(WIDTH, height, "".join(out), say("loss.label", lang))
