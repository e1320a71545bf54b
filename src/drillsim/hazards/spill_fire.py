"""A split road tank of a flammable liquid as an immutable field of radiant heat.

The level is in W/m2 on a surface turned to the fire; before it is lit it is 0. `endangers` tells
whom a fire of the pool as it stands could harm. Kinds of `Change`: isolate and plug (outflow),
transfer (the tank is emptied), recover (the pools are sucked up), foam (share of the pools left
bare), flush (water on the deck), plug-drains (where: the outfall, else downpipes and gullies),
ignite, extinguish.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.data.fuels import fuel
from drillsim.hazards.field import Change, Milestone, Provenance
from drillsim.hazards.flame_table import bearings, flux_at
from drillsim.hazards.spill_course import (
    KNOTS,
    STEP_S,
    STORES,
    SpillCourse,
    flammable,
    knot_after,
)
from drillsim.hazards.weather import Weather
from drillsim.i18n import Lang, Text, catalogue, say, text
from drillsim.physics.thermal_harm import TOLERABLE_W_M2
from drillsim.units import clock

catalogue(
    {
        "roadspill.what": (
            "{name} {mass:.0f} t 槽车泄漏，{leak:.2f} kg/s{split}；未点燃时无热辐射，点燃后为池火",
            "{name} tanker of {mass:.0f} t leaks {leak:.2f} kg/s{split}; no heat until it is lit, "
            "then a pool fire",
        ),
        "roadspill.split": (
            "，{at} 罐体撕裂后 {rate:.1f} kg/s",
            ", {rate:.1f} kg/s once it splits at {at}",
        ),
        "roadspill.start": ("{name}开始泄漏", "{name} begins to leak"),
        "roadspill.splits": ("罐体撕裂", "the tank splits"),
        "roadspill.canal": ("液体到达排口", "the liquid reaches the outfall"),
        "roadspill.deck": (
            "热辐射不计桥面与车辆遮挡，近火源处偏大",
            "heat is not shaded by deck or vehicles: too high close to the fire",
        ),
    }
)  # fmt: skip

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Continuous exposure that unclothed people in the open cannot bear for long (API 521: 1.58 kW/m2).
NOTICE_W_M2 = 1580.0
ON_DECK_M = 20.0
CHEST_M = 1.5
# no fire worth a figure below this size; beyond so many diameters its heat is a few W/m2: left out
LEAST_FIRE_M, REACH_DIAMETERS = 1.0, 10.0
_QUANTITY = re.compile(r"^heat@\d+(\.\d+)?m/\d+(\.\d+)?s$")
DRAIN_WHERE = {"deck", "street", "outfall"}


@dataclass(frozen=True, eq=False)
class FireSpots:
    """Places worked out once, from either pool: square of the distance, m2, and `bearings`.

    `on_deck` tells who stands on the elevated road.
    """

    gap2: tuple[Floats, Floats]
    log_r: tuple[Floats, Floats]
    ray: tuple[Floats, Floats]
    on_deck: Flags

    def of(self, index: NDArray[np.intp]) -> FireSpots:
        """Give the places at `index` alone."""
        (a, b), (c, d), (e, f) = self.gap2, self.log_r, self.ray
        return FireSpots(
            (a[index], b[index]), (c[index], d[index]), (e[index], f[index]), self.on_deck[index]
        )

    def put(self, index: NDArray[np.intp], fresh: FireSpots) -> None:
        """Let the places at `index` be those of another set: who is there has moved."""
        for k in (0, 1):
            self.gap2[k][index] = fresh.gap2[k]
            self.log_r[k][index], self.ray[k][index] = fresh.log_r[k], fresh.ray[k]
        self.on_deck[index] = fresh.on_deck


@dataclass(frozen=True, eq=False)
class SpillFire:
    """The field: two pools (on the deck and on the street below), lit or not.

    `pools_xy` their centres; `deck_line` the two ends of the elevated road; `height_m` of the
    deck over the street; `outfall` the id of the place where the drain meets the water.
    """

    fuel_id: str
    name: Text
    source_xy: tuple[float, float]
    weather: Weather
    course: SpillCourse
    pools_xy: tuple[tuple[float, float], tuple[float, float]]
    deck_line: tuple[tuple[float, float], tuple[float, float]]
    height_m: float
    outfall: str = ""
    warnings: tuple[Text, ...] = field(default_factory=lambda: (text("roadspill.deck"),))
    figures: tuple[Provenance, ...] = field(default=(), repr=False)

    @property
    def notice_level(self) -> float:
        """What nobody unprotected stays in, W/m2."""
        return NOTICE_W_M2

    @property
    def harmful_level(self) -> float:
        """What hurts within seconds to a minute, W/m2 (ISO 13571: 2.5 kW/m2)."""
        return TOLERABLE_W_M2

    @property
    def polar(self) -> bool:
        """Tell whether the fuel mixes with water and destroys ordinary foam."""
        return self.course.data.water_limit > 0.0

    # --- places -----------------------------------------------------------------------------

    def at(self, places: ArrayLike) -> FireSpots:
        """Work out fixed places (n, 2) once, for `level_at`."""
        xy = np.asarray(places, dtype=float).reshape(-1, 2)
        east, north = self.weather.down_wind()
        gap2, log_r, ray = [], [], []
        for centre in self.pools_xy:
            off = xy - np.asarray(centre)
            down = off[:, 0] * east + off[:, 1] * north
            side = off[:, 1] * east - off[:, 0] * north
            gap2.append(down * down + side * side)
            bearing = bearings(down, side)
            log_r.append(bearing[0])
            ray.append(bearing[1])
        return FireSpots(
            (gap2[0], gap2[1]), (log_r[0], log_r[1]), (ray[0], ray[1]), self._on_deck(xy)
        )

    def _on_deck(self, xy: Floats) -> Flags:
        a, b = np.asarray(self.deck_line[0]), np.asarray(self.deck_line[1])
        along = b - a
        share = np.clip((xy - a) @ along / max(float(along @ along), 1e-9), 0.0, 1.0)
        gap = np.hypot(*(xy - (a + share[:, None] * along)).T)
        return np.asarray((gap <= ON_DECK_M) & (self.height_m > 0.0))

    def level_at(self, places: FireSpots, t_s: float) -> Floats:
        """Give the flux (n,) at one drill time, W/m2."""
        knot = min(int(t_s / STEP_S + 1e-9), KNOTS - 1)
        level = np.zeros(places.on_deck.size)
        for pool in (0, 1):
            if self.course.burns(pool, knot):
                level += self._pool_flux(places, pool, self.course.area_m2(pool, knot))
        return level

    def _pool_flux(self, places: FireSpots, pool: int, area_m2: float) -> Floats:
        """Give the flux of one pool of an area if it burns, by the storey of the receivers."""
        diameter = math.sqrt(4.0 * area_m2 / math.pi)
        base = self.height_m if pool == 0 else 0.0
        wind = self.weather.wind_speed
        out = np.zeros(places.on_deck.size)
        if diameter < LEAST_FIRE_M:
            return out
        log_r, ray = places.log_r[pool], places.ray[pool]
        reach = REACH_DIAMETERS * diameter
        near = places.gap2[pool] < reach * reach
        if not near.any():
            return out
        for here, stand in ((places.on_deck, self.height_m), (~places.on_deck, 0.0)):
            some = (near & here).nonzero()[0]
            if some.size:
                out[some] = flux_at(
                    self.fuel_id, diameter, wind, stand + CHEST_M - base, log_r[some], ray[some]
                )
        return out

    def level(self, quantity: str, places: ArrayLike, t_s: ArrayLike) -> Floats:
        """Give fluxes in W/m2: (n,) for one drill time, (m, n) for an array of m times.

        `quantity` such as "heat@1.5m/60s"; ValueError for another one.
        """
        if not _QUANTITY.match(quantity):
            raise ValueError(f"quantity {quantity!r}: expected heat@<height>m/<averaging>s")
        spots, times = self.at(places), np.asarray(t_s, dtype=float)
        if times.ndim == 0:
            return self.level_at(spots, float(times))
        return np.array([self.level_at(spots, float(t)) for t in times])

    def arrival_s(self, places: ArrayLike, level: float) -> Floats:
        """Give when places (n, 2) first reach a flux, s; inf where never."""
        spots = self.at(places)
        found = np.full(spots.on_deck.size, np.inf)
        lit = np.flatnonzero(self.course.alight)
        for knot in lit[:: max(1, lit.size // 60)]:
            fresh = (self.level_at(spots, knot * STEP_S) >= level) & np.isinf(found)
            found[fresh] = knot * STEP_S
        return found

    def endangers(self, places: ArrayLike, horizon_s: float) -> Flags:
        """Tell which places (n, 2) a fire of the widest pool up to the horizon would harm, (n,)."""
        spots = self.at(places)
        level = np.zeros(spots.on_deck.size)
        last = min(knot_after(horizon_s), KNOTS - 1)
        for pool in (0, 1):
            widest = max(
                (
                    self.course.area_m2(pool, k)
                    for k in range(0, last + 1, 3)
                    if flammable(self.course.data, *self.course.pool(pool, k))
                ),
                default=0.0,
            )  # fmt: skip
            level += self._pool_flux(spots, pool, widest)
        return np.asarray(level >= self.harmful_level)

    # --- the course -------------------------------------------------------------------------

    def drawn(self) -> dict[str, Any]:
        """Give source and first outflow."""
        return {"source": list(self.source_xy), "rate_kg_s": round(self.course.data.leak_kg_s, 6)}

    def emitted(self, t_s: float) -> dict[str, float]:
        """Give what has come out, burnt, evaporated, and run to the water, kg."""
        at = self.course
        out = sum(at.store(name, t_s) for name in (*STORES[1:7], "recovered"))
        return {
            "released_kg": round(out, 1),
            "burnt_kg": round(at.store("burnt", t_s), 1),
            "evaporated_kg": round(at.store("air", t_s), 1),
            "to_water_kg": round(at.store("canal", t_s), 1),
        }

    def milestones(self) -> tuple[Milestone, ...]:
        """Give what happens by itself: the leak, the split, the liquid at the outfall."""
        data, name = self.course.data, self.name
        out = [Milestone(data.start_s, "start", text("roadspill.start", name=name))]
        if math.isfinite(data.split_s):
            out.append(Milestone(data.split_s, "split", text("roadspill.splits")))
        wet = np.flatnonzero(self.course.mass[4] > 1.0)
        if wet.size:
            out.append(Milestone(float(wet[0] * STEP_S), "canal", text("roadspill.canal")))
        return tuple(sorted(out, key=lambda m: m.t_s))

    def after(self, change: Change, t_s: float) -> SpillFire:
        """Give the field with a change from the next knot (at most 20 s later) on."""
        kind, factor, course = change.kind, change.factor, self.course
        controls = course.controls
        if kind == "transfer":
            return replace(self, course=course.emptied(t_s))
        if kind == "recover":
            return replace(self, course=course.sucked_up(t_s))
        if kind in ("isolate", "plug"):
            new = replace(controls, leak=controls.leak * factor)
        elif kind == "foam":
            new = replace(controls, foam=factor)
        elif kind == "flush":
            new = replace(controls, water_kg_s=controls.water_kg_s + FLUSH_KG_S * factor)
        elif kind == "plug-drains" and change.where and change.where == self.outfall:
            new = replace(controls, outfall=controls.outfall and factor > 0.0)
        elif kind == "plug-drains":
            new = replace(controls, deck=controls.deck * factor, street=controls.street * factor)
        elif kind == "ignite":
            new = replace(controls, burning=True)
        elif kind == "extinguish":
            new = replace(controls, burning=False)
        else:
            return self
        return replace(self, course=course.changed(new, t_s))

    def describe(self, lang: Lang) -> str:
        """Say in a sentence what the hazard is."""
        data = self.course.data
        split = ""
        if math.isfinite(data.split_s):
            split = say("roadspill.split", lang, at=clock(data.split_s), rate=data.split_kg_s)
        return say(
            "roadspill.what", lang, name=self.name.say(lang), mass=data.mass_kg / 1000.0,
            leak=data.leak_kg_s, split=split,
        )  # fmt: skip

    def provenance(self) -> tuple[Provenance, ...]:
        """Give every figure behind the hazard with its source."""
        return (*self.figures, *_fuel_figures(self.fuel_id))


# Two hose lines of 6.5 L/s each.
FLUSH_KG_S = 13.0


def _fuel_figures(fuel_id: str) -> tuple[Provenance, ...]:
    return tuple(
        Provenance(
            name.replace("_", "-"), figure.value, name.rsplit("_", 1)[-1], figure.source,
            figure.verified, figure.low, figure.high,
        )
        for name, figure in sorted(fuel(fuel_id).figures().items())
    )  # fmt: skip
