"""A toxic cloud as an immutable field: steady plume times what arrives of the emission."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.data.substances import Substance
from drillsim.hazards.emission import Emission, lag_bounds
from drillsim.hazards.field import Change, Milestone, Provenance
from drillsim.hazards.weather import Weather
from drillsim.i18n import Lang, Text, catalogue, say, text
from drillsim.physics import harm
from drillsim.physics.densegas import PlumeSource
from drillsim.physics.plume import GRID_X_M, Plume
from drillsim.units import clock

catalogue(
    {
        "toxic.what": (
            "{name}泄漏 {rate:.2f} kg/s，{how}，{start} 起至 {end}，共 {mass:.2f} t；"
            "风来自 {direction:.0f}°，{wind:.1f} m/s，稳定度 {stability}；{model}",
            "{name} release of {rate:.2f} kg/s, {how}, from {start} to {end}, {mass:.2f} t in all; "
            "wind from {direction:.0f} deg, {wind:.1f} m/s, class {stability}; {model}",
        ),
        "toxic.jet": ("液化气体闪蒸射流", "flashing jet"),
        "toxic.gas": ("气体射流", "gas jet"),
        "toxic.pool": ("液池蒸发", "evaporating pool"),
        "toxic.start": (
            "{name}开始泄漏，{rate:.2f} kg/s",
            "{name} begins to leak, {rate:.2f} kg/s",
        ),
        "toxic.end": ("泄漏结束，共 {mass:.2f} t", "the release ends after {mass:.2f} t"),
        "toxic.arrival": (
            "云团前缘到达下风向 {distance:.0f} m，稳定浓度 {ppm:.3g} ppm",
            "the cloud reaches {distance:.0f} m down-wind, {ppm:.3g} ppm once steady",
        ),
    }
)

_QUANTITY = re.compile(r"^([a-z0-9]+)@(\d+(?:\.\d+)?)m/(\d+(?:\.\d+)?)s$")
ARRIVALS_M: tuple[float, ...] = (150, 300, 500, 800, 1100, 1400, 1800, 2200, 3000, 5000)
ZONE_EXPOSURE_S = 1800.0
# for a substance whose row says nothing: that of chlorine
DEFAULT_IRRITATION_PPM = 3.0
# level from which a passage counts as time in the cloud; as the people of a run count it
BREATHED_PPM, ENVELOPE_STEP_S = 0.05, 60.0
MAP_HEIGHT_M, MAP_AVERAGING_S = 1.5, 600.0
Floats = NDArray[np.float64]
PlumeGetter = Callable[[float, float], Plume]


@cache
def _parts(quantity: str) -> tuple[str, float, float]:
    """Give gas, height (m) and averaging time (s) of a quantity; an empty gas if unreadable."""
    match = _QUANTITY.match(quantity)
    return (match[1], float(match[2]), float(match[3])) if match else ("", 0.0, 0.0)


@dataclass(frozen=True, eq=False)
class ReceptorField:
    """What a release does at fixed places, worked out once: arrays of shape (n,).

    `steady_ppm` the level once steady (outdoors, volume ppm), `lag_lo_s` and `lag_hi_s` the
    shortest and longest travel time from the source.
    """

    steady_ppm: Floats
    lag_lo_s: Floats
    lag_hi_s: Floats
    quantity: str

    def of(self, index: NDArray[np.intp]) -> ReceptorField:
        """Give the field of the places at `index` alone."""
        return ReceptorField(
            self.steady_ppm[index], self.lag_lo_s[index], self.lag_hi_s[index], self.quantity
        )

    def put(self, index: NDArray[np.intp], fresh: ReceptorField) -> None:
        """Let the places at `index` be those of another field: who is there has moved."""
        self.steady_ppm[index] = fresh.steady_ppm
        self.lag_lo_s[index] = fresh.lag_lo_s
        self.lag_hi_s[index] = fresh.lag_hi_s


@dataclass(eq=False)
class PlumeSet:
    """The steady plumes of one release by height and averaging time, got when first asked."""

    solve: PlumeGetter
    known: dict[tuple[float, float], Plume] = field(default_factory=dict)

    def get(self, z_m: float, averaging_s: float) -> Plume:
        """Give the plume at a height (m) and averaging time (s)."""
        key = (z_m, averaging_s)
        if key not in self.known:
            self.known[key] = self.solve(z_m, averaging_s)
        return self.known[key]


@dataclass(frozen=True, eq=False)
class ToxicRelease:
    """A toxic release: one source, one weather, an emission history, steady plumes by quantity.

    `rate_kg_s` is the full airborne rate; `feed_ratio` outflow over airborne rate (1 for a jet,
    above 1 for a pool that outlives its leak).
    """

    of: Substance
    source_xy: tuple[float, float]
    weather: Weather
    source: PlumeSource
    emission: Emission
    plumes: PlumeSet
    dense: bool
    feed_ratio: float = 1.0
    warnings: tuple[Text, ...] = ()
    figures: tuple[Provenance, ...] = field(default=(), repr=False)

    @property
    def rate_kg_s(self) -> float:
        """Full airborne release rate, kg/s."""
        return self.source.rate_kg_s

    @property
    def notice_level(self) -> float:
        """What irritates eyes and throat, ppm."""
        row = self.of.irritation_ppm
        return DEFAULT_IRRITATION_PPM if row is None else row.value

    @cached_property
    def harmful_level(self) -> float:
        """The AEGL-2 of 10 minutes, ppm; 1 ppm for a substance without."""
        return float(harm.aegl_ppm(self.of, 2, 600.0)) if 2 in self.of.aegl_ppm else 1.0

    @property
    def curtain_removal(self) -> float:
        """The share of the gas that a water curtain takes out."""
        return self.of.curtain_removal.value if self.of.curtain_removal is not None else 0.0

    def drawn(self) -> dict[str, Any]:
        """Give source and full rate."""
        return {"source": list(self.source_xy), "rate_kg_s": round(self.rate_kg_s, 6)}

    def emitted(self, t_s: float) -> dict[str, float]:
        """Give the mass released, kg."""
        return {"released_kg": round(self.released_kg(t_s), 1)}

    def released_kg(self, t_s: float) -> float:
        """Give the mass that went into the air up to a drill time, kg."""
        return self.rate_kg_s * self.emission.emitted_s(t_s)

    @property
    def _origin_s(self) -> float:
        return self.emission.edges[0]

    def axes(self, places: ArrayLike) -> tuple[Floats, Floats]:
        """Give down-wind and cross-wind distances of places (n, 2), metres."""
        xy = np.asarray(places, dtype=float).reshape(-1, 2) - np.asarray(self.source_xy)
        east, north = self.weather.down_wind()
        return xy[:, 0] * east + xy[:, 1] * north, xy[:, 1] * east - xy[:, 0] * north

    def at(self, places: ArrayLike, quantity: str | None = None) -> ReceptorField:
        """Work out fixed places (n, 2) once, for `level_at`; default quantity gas@1.5m/60s."""
        quantity = quantity or f"{self.of.short}@1.5m/60s"
        plume = self.plume(quantity)
        steady, *travel = plume.reception(*self.axes(places))
        return ReceptorField(steady, *lag_bounds(*travel), quantity)

    def level_at(self, places: ReceptorField, t_s: float) -> Floats:
        """Give outdoor levels (n,) in ppm at one drill time, at places worked out by `at`."""
        share = self.emission.arriving(t_s, places.lag_lo_s, places.lag_hi_s)
        return np.asarray(places.steady_ppm * share)

    def level(self, quantity: str, places: ArrayLike, t_s: ArrayLike) -> Floats:
        """Give outdoor levels in ppm: (n,) for one drill time, (m, n) for an array of m times.

        `quantity` such as "cl2@1.5m/60s": gas, height, averaging time. `places` (n, 2) metres
        east and north in the city's frame. The level at t depends on the emission before t alone.
        The averaging time widens the plume by meander; it does not smooth the passage in time.
        ValueError for another gas or a quantity that cannot be read.
        """
        worked_out = self.at(places, quantity)
        times = np.asarray(t_s, dtype=float)
        if times.ndim == 0:
            return self.level_at(worked_out, float(times))
        low, high = worked_out.lag_lo_s, worked_out.lag_hi_s
        return np.asarray(worked_out.steady_ppm * self.emission.arriving(times[:, None], low, high))

    def plume(self, quantity: str) -> Plume:
        """Give the steady plume behind a quantity."""
        gas, height, averaging = _parts(quantity)
        if gas != self.of.short:
            raise ValueError(
                f"quantity {quantity!r}: expected {self.of.short}@<height>m/<averaging>s, "
                f"for example {self.of.short}@1.5m/60s"
            )
        return self.plumes.get(height, averaging)

    def after(self, change: Change, t_s: float) -> ToxicRelease:
        """Give the release with a change from drill time `t_s` on; nothing is solved again.

        Emissions before `t_s` travel on, those from `t_s` on are scaled by `change.factor`, on top
        of earlier changes, so no change ever raises a level or alters one at or before `t_s`. The
        end stays where it was, though a plugged vessel would last longer. Isolating a pool stops
        its feed: it evaporates at its full rate until what was spilled is gone.
        """
        if change.kind == "none" or change.factor == 1.0:
            return self
        moment, share = t_s, change.factor
        if change.kind in ("isolate", "plug") and self.feed_ratio > 1.0:
            supply = change.factor * self.feed_ratio
            if supply >= 1.0:
                return self
            stored_s = (self.feed_ratio - 1.0) * max(t_s - self._origin_s, 0.0)
            moment, share = t_s + stored_s / (1.0 - supply), supply
        return replace(self, emission=self.emission.scaled_from(moment, share))

    def milestones(self, distances_m: tuple[float, ...] = ARRIVALS_M) -> tuple[Milestone, ...]:
        """Give what happens by itself: start, end, and arrivals of the cloud's edge on the axis.

        An arrival counts where the steady level reaches AEGL-2 of 30 min (1 ppm if none).
        """
        start, end = self._origin_s, self.emission.last_s
        name = self.of.name
        started = Text(
            zh=say("toxic.start", "zh", name=name.zh, rate=self.rate_kg_s),
            en=say("toxic.start", "en", name=name.en, rate=self.rate_kg_s),
        )
        mass = self.released_kg(end)
        found = [
            Milestone(start, "release-starts", started, {"rate_kg_s": self.rate_kg_s}),
            Milestone(
                end, "release-ends", text("toxic.end", mass=mass / 1e3), {"released_kg": mass}
            ),
        ]
        plume = self.plumes.get(MAP_HEIGHT_M, MAP_AVERAGING_S)
        threshold = self.zone_level_ppm(2)
        at = np.asarray(distances_m, dtype=float)
        low, _ = lag_bounds(*plume.travel(at))
        for distance, lag, ppm in zip(at, low, plume.centreline_ppm(at), strict=True):
            if ppm >= threshold and end > start:
                words = text("toxic.arrival", distance=float(distance), ppm=float(ppm))
                data = {"distance_m": float(distance), "steady_ppm": float(ppm)}
                found.append(Milestone(start + float(lag), "arrival", words, data))
        return tuple(sorted(found, key=lambda m: (m.t_s, m.name)))

    def zone_level_ppm(self, tier: int) -> float:
        """Give the AEGL of a tier for 30 min, ppm; 1 ppm when the substance has none."""
        if tier not in self.of.aegl_ppm:
            return 1.0
        return float(harm.aegl_ppm(self.of, tier, ZONE_EXPOSURE_S))

    def footprint(self, level_ppm: float, t_avg_s: float = MAP_AVERAGING_S) -> Floats:
        """Give the outline (k, 2), metres east and north, where the steady plume has a level.

        At 1.5 m height; goes down one side and back up the other. (0, 2) when never reached.
        """
        plume = self.plumes.get(MAP_HEIGHT_M, t_avg_s)
        reach = plume.distance_to(level_ppm)
        if reach <= 0.0:
            return np.zeros((0, 2))
        x = np.append(GRID_X_M[reach > GRID_X_M], reach)
        half = plume.half_width(x, level_ppm)
        half[-1] = 0.0
        down = np.concatenate([[0.0], x, x[::-1][1:], [0.0]])
        across = np.concatenate([[half[0]], half, -half[::-1][1:], [-half[0]]])
        east, north = self.weather.down_wind()
        return np.column_stack(
            [
                self.source_xy[0] + down * east - across * north,
                self.source_xy[1] + down * north + across * east,
            ]
        )

    def arrival_s(self, places: ArrayLike, level_ppm: float, quantity: str | None = None) -> Floats:
        """Give the first drill time at which places (n, 2) reach a level; inf where never, s.

        Found on 400 steps between the first gas and the last, then linear in between.
        """
        worked_out = self.at(places, quantity)
        found = np.full(worked_out.steady_ppm.shape, np.inf)
        at = np.flatnonzero(worked_out.steady_ppm >= level_ppm)
        if at.size == 0:
            return found
        steady = worked_out.steady_ppm[at]
        low, high = worked_out.lag_lo_s[at], worked_out.lag_hi_s[at]
        first, last = self._origin_s + low, self.emission.last_s + high
        share = np.linspace(0.0, 1.0, 401)[:, None]
        times = first + share * (last - first)
        level = steady * self.emission.arriving(times, low, high)
        above = level >= level_ppm
        reached = above.any(axis=0)
        k = np.maximum(above.argmax(axis=0), 1)
        column = np.arange(at.size)
        before, after = level[k - 1, column], level[k, column]
        part = (level_ppm - before) / np.maximum(after - before, 1e-30)
        exact = times[k - 1, column] + np.clip(part, 0.0, 1.0) * (
            times[k, column] - times[k - 1, column]
        )
        found[at[reached]] = exact[reached]
        return found

    def endangers(self, places: ArrayLike, horizon_s: float) -> NDArray[np.bool_]:
        """Tell where (n, 2) the mean of the passage is above the AEGL-2 of its length.

        Looked at every minute up to `horizon_s`; a passage shorter than 10 min counts as 10 min.
        """
        times = np.arange(0.0, horizon_s + ENVELOPE_STEP_S, ENVELOPE_STEP_S)
        level = self.level(f"{self.of.short}@1.5m/{MAP_AVERAGING_S:g}s", places, times)
        inside = level > BREATHED_PPM
        span = np.maximum(inside.sum(axis=0) * ENVELOPE_STEP_S, MAP_AVERAGING_S)
        mean = (level * inside).sum(axis=0) * ENVELOPE_STEP_S / span
        return np.asarray(mean >= np.asarray(harm.aegl_ppm(self.of, 2, span)))

    def describe(self, lang: Lang) -> str:
        """Say in a sentence what leaks, how, how long, in which weather, by which model."""
        how = (
            "toxic.pool"
            if self.source.kind == "pool"
            else ("toxic.jet" if self.source.liquid_fraction > 0.0 else "toxic.gas")
        )
        end = self.emission.last_s
        return say(
            "toxic.what",
            lang,
            name=self.of.name.say(lang),
            rate=self.rate_kg_s,
            how=say(how, lang),
            start=clock(self._origin_s),
            end=clock(end),
            mass=self.released_kg(end) / 1e3,
            direction=self.weather.wind_from,
            wind=self.weather.wind_speed,
            stability=self.weather.stability,
            model=say("model.slab" if self.dense else "model.gaussian", lang),
        )

    def provenance(self) -> tuple[Provenance, ...]:
        """Give every figure behind the release with source, verified flag and range."""
        return self.figures
