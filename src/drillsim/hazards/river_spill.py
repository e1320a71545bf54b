"""A spill into a river or canal as an immutable field: dissolved cargo, slick, intakes, taps.

What reaches people is tap water: `level_at` is the level at the tap of a supply area, in
multiples of the drinking-water limit (dissolved cargo and oil added), and 0 anywhere else; nobody
breathes or touches the water on the bank. The water itself is read by `level` ("methanol@water",
"oil@water", mg/L) and by `slick`. Changes take effect at the next whole minute.

Left out: fire and vapour on the water, ice, mixing across the river (a warning says up to where),
decay in the works. A works draws steadily; what it draws comes out of the tap after the detention
of its tanks (plug flow) and a mixed clear-water store.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.data.drinking_water import Dissolved, drinking_water
from drillsim.hazards.field import Change, Milestone, Provenance
from drillsim.hazards.slick_drift import GRID_S, STEP_S, Boom, Slick, drift
from drillsim.hazards.water_carried import carried, cut, passed
from drillsim.hazards.water_course import Course
from drillsim.hazards.weather import Weather
from drillsim.i18n import Lang, Text, catalogue, say, text
from drillsim.physics.people_in_water import leeway
from drillsim.physics.river_plume import FlowClock, concentration_kg_m3
from drillsim.physics.river_transport import Release, volatilisation_per_s

catalogue(
    {
        "spill.what": (
            "{cargo}{oil}进入水体；流速 {current:.2f} m/s{pumps}；风来自 "
            "{direction:.0f}°，{wind:.1f} m/s；一维平流离散与油膜漂移",
            "{cargo}{oil} into the water; current {current:.2f} m/s{pumps}; wind from "
            "{direction:.0f} deg, {wind:.1f} m/s; one-dimensional transport and slick drift",
        ),
        "spill.cargo": ("{name} {mass:.0f} t（{minutes:.0f} 分钟内漏完）、",
                        "{mass:.0f} t of {name} in {minutes:.0f} min and "),
        "spill.pumps": (
            "（闸泵引水时 {fast:.2f} m/s）", " ({fast:.2f} m/s while the sluice pumps)"
        ),
        "spill.oil": ("油类 {mass:.0f} t", "{mass:.0f} t of oil"),
        "spill.start": ("开始泄漏入水", "the spill begins"),
        "spill.end": ("泄漏结束", "the spill ends"),
        "spill.intake": (
            "{where}：水中浓度达到饮用水限值（若无人处置）",
            "{where}: the water reaches the drinking-water limit, if nobody acts",
        ),
        "spill.boundary": (
            "{where}：前锋到达（若无人处置）", "{where}: the leading edge arrives, if nobody acts"
        ),
    }
)  # fmt: skip

Floats = NDArray[np.float64]
AT_PLACE_M = 60.0
WINDOW_M = 300.0
SKIP = -1
# a loss to the air below this share in twelve hours is not worth the slices it costs
NEGLIGIBLE = 0.01
KINDS = frozenset(
    {"none", "stop-sluice", "close-intake", "deploy-boom", "skim-oil", "stop-leak", "close-channel",
     "tow-vessel"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Supply:
    """Who drinks from an intake: area (a place), its heads, the works' detention and store, s.

    `abroad`: the intake of a neighbour; what passes it while it stands open counts as loss.
    """

    area: str
    xy: tuple[float, float]
    intake: str
    heads: int
    detention_s: float
    store_s: float
    abroad: bool = False


@dataclass(frozen=True, eq=False)
class RiverSpill:
    """One accident's spill; `closings` are (intake, from s), `changes` what was done when."""

    source_xy: tuple[float, float]
    weather: Weather
    course: Course
    cargo_id: str
    releases: tuple[Release, ...]
    oil_id: str
    oil_kg: float
    water_k: float
    clock: FlowClock
    pumping: float
    supplies: tuple[Supply, ...]
    closings: tuple[tuple[str, float], ...] = ()
    booms: tuple[Boom, ...] = ()
    skims: tuple[tuple[float, float], ...] = ()
    skim_kg_s: float = 0.0
    warnings: tuple[Text, ...] = ()
    figures: tuple[Provenance, ...] = field(default=(), repr=False)

    # --- what it is to the rest of the program ----------------------------------------------

    @property
    def cargo(self) -> Dissolved | None:
        """The dissolved cargo, if any."""
        return drinking_water().dissolved[self.cargo_id] if self.cargo_id else None

    @property
    def notice_level(self) -> float:
        """Where tap water is tasted, in multiples of the limit; methanol is hardly tasted."""
        if self.cargo is not None:
            return self.cargo.taste_mg_l.value / self.cargo.limit_mg_l.value
        return drinking_water().oil_taste_mg_l.value / drinking_water().oil_limit_mg_l.value

    @property
    def harmful_level(self) -> float:
        """The drinking-water limit: 1 by definition."""
        return 1.0

    @cached_property
    def slick(self) -> Slick | None:
        """The floating oil on its way, if any was spilled."""
        if not self.oil_id:
            return None
        east, north = self.weather.down_wind()
        wind = (east * self.weather.wind_speed, north * self.weather.wind_speed)
        return drift(
            self.course, self.oil_id, self.oil_kg, self.clock, wind, self.water_k, self.booms,
            self.skims,
        )  # fmt: skip

    def cargo_mg_l(self, node: int, t_s: ArrayLike) -> Floats:
        """Give the dissolved cargo in the water at a node of the course, mg/L, any times."""
        times = np.asarray(t_s, dtype=np.float64)
        if self.cargo is None or node <= 0 or not self.releases:
            return np.zeros_like(times)
        loss = volatilisation_per_s(self.cargo.transfer_mps.value, float(self.course.depth_m[0]))
        if loss * GRID_S[-1] < NEGLIGIBLE:
            loss = 0.0
        ways = self.course.ways[node]
        if times is GRID_S:
            return 1000.0 * carried(ways, self.releases, loss, self.clock)
        return 1000.0 * concentration_kg_m3(ways, self.releases, times, loss, self.clock)

    def oil_mg_l(self, node: int) -> Floats:
        """Give the oil mixed into the water below the film at a node, mg/L, on `GRID_S`."""
        if self.slick is None:
            return np.zeros_like(GRID_S)
        reach = min(node, len(self.course.width_m) - 1)
        section = float(self.course.width_m[reach] * self.course.depth_m[reach])
        film = self.slick.line_kg_m(float(self.course.dist_m[node]), WINDOW_M)
        return 1000.0 * film * drinking_water().oil_entrained.value / section

    @cached_property
    def raws(self) -> dict[str, Floats]:
        """Give the level of the raw water at every intake, multiples of the limit, on `GRID_S`."""
        return {s.intake: self.raw(self.course.marks[s.intake]) for s in self.supplies}

    def raw(self, node: int) -> Floats:
        """Give the level of the raw water at a node, multiples of the limit, on `GRID_S`."""
        level = self.oil_mg_l(node) / drinking_water().oil_limit_mg_l.value
        if self.cargo is not None:
            level = level + self.cargo_mg_l(node, GRID_S) / self.cargo.limit_mg_l.value
        return level

    def open_share(self, intake: str) -> Floats:
        """Give whether an intake stands open, 1 or 0, on `GRID_S`."""
        shut = min((t for name, t in self.closings if name == intake), default=math.inf)
        return (shut > GRID_S).astype(np.float64)

    @cached_property
    def taps(self) -> Floats:
        """Give the level at the tap of every supply area, multiples of the limit, (areas, t)."""
        rows = []
        for supply in self.supplies:
            drawn = self.raws[supply.intake] * self.open_share(supply.intake)
            late = np.interp(GRID_S - supply.detention_s, GRID_S, drawn, left=0.0)
            share, level, tap = -math.expm1(-STEP_S / supply.store_s), 0.0, [0.0]
            for arrives in late[:-1].tolist():
                level += share * (arrives - level)
                tap.append(level)
            rows.append(tap)
        return np.array(rows).reshape(len(self.supplies), len(GRID_S))

    @cached_property
    def _clean_until_s(self) -> float:
        """Give up to when no tap has any of it, s; inf when none ever has."""
        foul = np.flatnonzero(self.taps.any(axis=0))
        return float(GRID_S[max(int(foul[0]) - 1, 0)]) if foul.size else math.inf

    def at(self, places: ArrayLike) -> NDArray[np.intp]:
        """Give, for places (n, 2), the supply area that each one is, -1 for none."""
        xy = np.asarray(places, dtype=np.float64).reshape(-1, 2)
        found = np.full(len(xy), SKIP, dtype=np.intp)
        for index, supply in enumerate(self.supplies):
            found[np.hypot(*(xy - np.asarray(supply.xy)).T) <= AT_PLACE_M] = index
        return found

    def level_at(self, places: NDArray[np.intp], t_s: float) -> Floats:
        """Give the level at the tap (n,), multiples of the limit; 0 where nobody is supplied."""
        if t_s <= self._clean_until_s:
            return np.zeros(len(places))
        taps, last = self.taps, len(GRID_S) - 1
        k = min(max(int(t_s / STEP_S), 0), last - 1)
        if STEP_S * k > t_s:  # a time just under a minute may come out as the minute
            k = max(k - 1, 0)
        past = min(max(t_s, 0.0), STEP_S * last) - STEP_S * k
        now = np.zeros(len(taps) + 1)
        now[:-1] = taps[:, k + 1]
        if past < STEP_S:
            now[:-1] = (now[:-1] - taps[:, k]) / STEP_S * past + taps[:, k]
        return now.take(places, mode="wrap")

    def level(self, quantity: str, places: ArrayLike, t_s: ArrayLike) -> Floats:
        """Give "<cargo>@water" or "oil@water", mg/L, or "tap", multiples of the limit.

        `places` (n, 2): the nearest point of the course within 400 m, 0 elsewhere (for "tap" the
        supply area); (n,) for one drill time, (m, n) for m times. ValueError for another quantity.
        """
        times = np.asarray(t_s, dtype=np.float64)
        xy = np.asarray(places, dtype=np.float64).reshape(-1, 2)
        if quantity == "tap":
            at = self.at(xy)
            rows = np.array([self.level_at(at, float(t)) for t in np.atleast_1d(times)])
            return rows[0] if times.ndim == 0 else rows
        if quantity not in {f"{self.cargo_id}@water", "oil@water"}:
            raise ValueError(f"quantity {quantity!r}: expected <cargo>@water, oil@water or tap")
        columns = []
        for node in self.course.node_at(xy).tolist():
            if node < 0:
                columns.append(np.zeros_like(times))
            elif quantity == "oil@water":
                columns.append(np.interp(times, GRID_S, self.oil_mg_l(node)))
            else:
                columns.append(self.cargo_mg_l(node, times))
        return np.stack(columns, axis=-1)

    def arrival_s(self, places: ArrayLike, level: float) -> Floats:
        """Give when each place's tap first reaches a level, s; inf where never in 12 hours."""
        out = []
        for index in self.at(places):
            over = np.flatnonzero(self.taps[index] >= level) if index >= 0 else np.zeros(0)
            out.append(float(GRID_S[over[0]]) if over.size else math.inf)
        return np.array(out)

    def endangers(self, places: ArrayLike, horizon_s: float) -> NDArray[np.bool_]:
        """Tell whose tap water passes the limit up to the horizon."""
        return np.asarray(self.arrival_s(places, self.harmful_level) <= horizon_s)

    def over_limit_s(self, mark: str) -> float:
        """Give when the water at a facility first passes the limit, s; inf when never."""
        raw = self.raws[mark] if mark in self.raws else self.raw(self.course.marks[mark])
        over = np.flatnonzero(raw >= 1.0)
        return float(GRID_S[over[0]]) if over.size else math.inf

    def drawn(self) -> dict[str, Any]:
        """Give the source."""
        return {"source": [round(v, 1) for v in self.source_xy], "pumping": self.pumping}

    def emitted(self, t_s: float) -> dict[str, float]:
        """Give kg let out, drawn into works, carried past the open neighbour, recovered."""
        out = {"cargo_kg": self._let_out_kg(t_s), "oil_kg": self.oil_kg}
        for name, row in self.losses.items():
            out[name] = float(np.interp(t_s, GRID_S, row))
        return {name: round(value, 1) for name, value in out.items()}

    def _let_out_kg(self, t_s: float) -> float:
        total = 0.0
        for release in self.releases:
            share = (t_s - release.start_s) / max(release.duration_s, 1e-9)
            total += release.mass_kg * min(max(share, 0.0), 1.0)
        return total

    def passed_kg(self, mark: str) -> Floats:
        """Give cargo and floating oil that have gone past a facility, kg, on `GRID_S`."""
        node = self.course.marks[mark]
        gone = np.zeros_like(GRID_S)
        if self.releases and node > 0:
            gone = gone + passed(self.course.ways[node], self.releases, self.clock)
        if self.slick is not None:
            gone = gone + self.slick.passed_kg(float(self.course.dist_m[node]))
        return gone

    @cached_property
    def losses(self) -> dict[str, Floats]:
        """Give what went where over time, kg on `GRID_S`, by name.

        `drawn_kg` into the city's own works, `past_open_kg` past a neighbour's open intake,
        `boundary_kg` past it in all, `recovered_kg` and `left_kg` of the oil.
        """
        zero = np.zeros_like(GRID_S)
        out = {"drawn_kg": zero, "past_open_kg": zero, "boundary_kg": zero}
        cubic = drinking_water().raw_m3_head_day.value / 86_400.0
        for supply in self.supplies:
            opened = self.open_share(supply.intake)
            if supply.abroad:
                passed = np.maximum.accumulate(self.passed_kg(supply.intake))
                out["boundary_kg"] = out["boundary_kg"] + passed
                step = np.diff(passed, prepend=0.0) * opened
                out["past_open_kg"] = out["past_open_kg"] + np.cumsum(step)
            else:
                flow = supply.heads * cubic
                mg_l = self.cargo_mg_l(self.course.marks[supply.intake], GRID_S) * opened
                out["drawn_kg"] = out["drawn_kg"] + np.cumsum(mg_l * 1e-3 * flow * STEP_S)
        if self.slick is not None:
            out["recovered_kg"], out["left_kg"] = self.slick.recovered_kg, self.slick.left_kg()
        return out

    # --- what can be done to it ---------------------------------------------------------------

    def after(self, change: Change, t_s: float) -> RiverSpill:
        """Give the spill with a change from the next whole minute on; the past stays as it was.

        stop-sluice: the pumps stop and the current falls back. close-intake: `where` draws no
        more (an empty `where`: all). deploy-boom: oil that comes to `where` from then on passes
        by the share `factor`; dissolved cargo does not care. skim-oil: a skimmer begins to take
        oil from booms. stop-leak: what is still aboard stays there, but for the share `factor`.
        ValueError for another kind.
        """
        if change.kind not in KINDS:
            raise ValueError(f"a spill knows no change {change.kind!r}; allowed: {sorted(KINDS)}")
        t = math.ceil(t_s / STEP_S - 1e-9) * STEP_S
        if change.kind == "stop-sluice" and float(self.clock.factor(t + 1.0)) > 1.0:
            early = [(c, f) for c, f in zip(self.clock.changes_s, self.clock.factors, strict=True)
                     if c < t]  # fmt: skip
            steps = [*early, (t, 1.0)]
            times, factors = zip(*steps, strict=True)
            return replace(self, clock=FlowClock(times, factors))
        if change.kind == "close-intake":
            names = [s.intake for s in self.supplies] if not change.where else [change.where]
            return replace(self, closings=(*self.closings, *((name, t) for name in names)))
        if change.kind == "deploy-boom" and change.where in self.course.marks:
            dist = float(self.course.dist_m[self.course.marks[change.where]])
            return replace(self, booms=(*self.booms, Boom(change.where, dist, t, change.factor)))
        if change.kind == "skim-oil":
            return replace(self, skims=(*self.skims, (t, self.skim_kg_s)))
        if change.kind == "stop-leak":
            return replace(self, releases=cut(self.releases, t, change.factor))
        return self

    def milestones(self) -> tuple[Milestone, ...]:
        """Give begin and end of the spill, and when each intake passes the limit."""
        found = [Milestone(0.0, "spill-starts", text("spill.start"))]
        if self.releases:
            end = max(r.start_s + r.duration_s for r in self.releases)
            found.append(Milestone(end, "spill-ends", text("spill.end")))
        for supply in self.supplies:
            when = self.over_limit_s(supply.intake)
            if math.isfinite(when):
                key = "spill.boundary" if supply.abroad else "spill.intake"
                words = text(key, where=supply.intake)
                found.append(Milestone(when, "arrival", words, {"where": supply.intake}))
        return tuple(sorted(found, key=lambda m: (m.t_s, m.name)))

    def drifted_m(self, t_s: float, since_s: float = 0.0) -> float:
        """Give how far down-stream somebody has drifted who went in at a time, m."""
        along = self.course.heading[0] @ np.asarray(self.weather.down_wind())
        wind = float(along) * self.weather.wind_speed
        speed = math.copysign(leeway("person-in-jacket", abs(wind)).downwind_mps, wind)
        water = float(self.clock.reading(t_s) - self.clock.reading(since_s))
        way = self.course.current_mps[0] * water + speed * (t_s - since_s)
        return min(max(float(way), 0.0), float(self.course.dist_m[-1]))

    def describe(self, lang: Lang) -> str:
        """Say in a sentence what was spilled, into which current."""
        cargo = ""
        if self.cargo is not None and self.releases:
            mass = sum(r.mass_kg for r in self.releases) / 1e3
            minutes = self.releases[0].duration_s / 60.0
            name = self.cargo.name.say(lang)
            cargo = say("spill.cargo", lang, name=name, mass=mass, minutes=minutes)
        current = float(self.course.current_mps[0])
        pumps = ""
        if self.pumping > 1.0:
            pumps = say("spill.pumps", lang, fast=current * self.pumping)
        return say(
            "spill.what", lang, cargo=cargo, oil=say("spill.oil", lang, mass=self.oil_kg / 1e3),
            current=current, pumps=pumps, direction=self.weather.wind_from,
            wind=self.weather.wind_speed,
        )  # fmt: skip

    def provenance(self) -> tuple[Provenance, ...]:
        """Give every figure behind the spill with source, verified flag and range."""
        return self.figures
