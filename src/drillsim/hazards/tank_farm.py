"""A tank farm on fire as an immutable field of radiant heat, with its vessels at risk.

The level is in W/m2 on a surface turned to the fire. What may be done to it (kinds of change):
deluge and monitors (share of the heat that still gets into a vessel; a loss of cooling is the same
kind with 1), knock (share of a pool fire left), isolate (a jet's valve is shut), water (m3/s
applied by one body, of 1 m3/s), drain (share of run-off that misses the basin). Only a loss of
cooling can ever raise a later level; nothing changes an earlier one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.hazards.field import Change, Milestone, Provenance
from drillsim.hazards.flame_table import flux_w_m2
from drillsim.hazards.tank_course import (
    ENGULFING_W_M2,
    PIPE_S,
    Act,
    Burning,
    Course,
    Floats,
    Standing,
    ball_dose,
    ball_life_s,
    bare_lasts_s,
    cooling,
    solve,
)
from drillsim.hazards.tank_water import firewater
from drillsim.hazards.weather import Weather
from drillsim.i18n import Lang, Text, catalogue, say, text
from drillsim.physics.domino import COOLED_SHARE, VOLUMES_M3, absorbed_w_m2
from drillsim.physics.firewater import Basin
from drillsim.physics.jet_fire import JetFire
from drillsim.physics.thermal_harm import burn_share

if TYPE_CHECKING:
    from drillsim.hazards.storage_fire import StorageFireSpec

catalogue(
    {
        "tankfire.what": (
            "{fires}；受热容器：{vessels}；风来自 {direction:.0f}°，{wind:.1f} m/s",
            "{fires}; vessels in the heat: {vessels}; wind from {direction:.0f} deg, "
            "{wind:.1f} m/s",
        ),
        "tankfire.one": ("{name}（{rate:.1f} kg/s）", "{name} ({rate:.1f} kg/s)"),
        "tankfire.none": ("无", "none"),
        "tankfire.starts": ("{name}起火", "{name} burns"),
        "tankfire.fails": ("{name}失效", "{name} fails"),
        "tankfire.volume": (
            "{name}容积超出失效时间公式的范围（{low:g}—{high:g} m³），按边界取值",
            "{name} is outside the volumes that the times to failure were made for "
            "({low:g} to {high:g} m3): the nearest is taken",
        ),
        "tankfire.shade": (
            "热辐射不计储罐和建筑遮挡，近处偏大；火球按全部装料计",
            "heat is not shaded by tanks or buildings, too high close by; a fireball takes the "
            "whole content",
        ),
    }
)

NOTICE_W_M2 = 1580.0
HARMFUL_W_M2 = 5000.0
HORIZON_S = 6 * 3600.0
CHEST_M = 1.5
BURNT_SHARE = 0.01
KINDS = frozenset({"deluge", "monitors", "knock", "isolate", "water", "drain"})


@dataclass(frozen=True, eq=False)
class Flame:
    """One fire as a radiator: a pool of a fuel and size, or a jet aimed along a bearing."""

    course: Burning
    xy: tuple[float, float]
    fuel: str
    diameter_m: float
    base_m: float
    jet: JetFire | None
    aim_deg: float

    def turned(self, gap: Floats, weather: Weather) -> tuple[Floats, Floats]:
        """Give gaps (n, 2) east and north as along and across the flame's own axis."""
        if self.jet is None:
            east, north = weather.down_wind()
        else:
            aim = math.radians(self.aim_deg)
            east, north = math.sin(aim), math.cos(aim)
        return gap[:, 0] * east + gap[:, 1] * north, gap[:, 1] * east - gap[:, 0] * north

    def flux_w_m2(self, gap: Floats, weather: Weather) -> Floats:
        """Give the flux (n,) at gaps (n, 2) from the fire, 1.5 m above ground."""
        along, across = self.turned(gap, weather)
        if self.jet is not None:
            return self.jet.flux_w_m2(along, across, CHEST_M)
        up = max(CHEST_M - self.base_m, 0.0)
        return flux_w_m2(self.fuel, self.diameter_m, weather.wind_speed, up, along, across)


@dataclass(frozen=True, eq=False)
class HeatSpots:
    """Places worked out once: flux of every full fire (fires, n), distance to vessels (v, n)."""

    flux: Floats
    gap: Floats

    def of(self, index: NDArray[np.intp]) -> HeatSpots:
        """Give the places at `index` alone."""
        return HeatSpots(self.flux[:, index], self.gap[:, index])

    def put(self, index: NDArray[np.intp], fresh: HeatSpots) -> None:
        """Let the places at `index` be those of another field: who is there has moved."""
        self.flux[:, index], self.gap[:, index] = fresh.flux, fresh.gap


@dataclass(frozen=True, eq=False)
class TankFarm:
    """The field of one tank farm; `after` gives another and leaves the past as it was."""

    spec: StorageFireSpec
    source_xy: tuple[float, float]
    weather: Weather
    flames: tuple[Flame, ...]
    vessels: tuple[Standing, ...]
    wall_w_m2: Floats
    engulfed: NDArray[np.bool_]
    acts: tuple[Act, ...]
    course: Course = field(repr=False)

    @classmethod
    def start(
        cls, spec: StorageFireSpec, source_xy: tuple[float, float], weather: Weather,
        flames: tuple[Flame, ...], vessels: tuple[Standing, ...], wall_w_m2: Floats,
        engulfed: NDArray[np.bool_],
    ) -> TankFarm:  # fmt: skip
        """Give the field before anybody has done anything."""
        course = solve([f.course for f in flames], vessels, wall_w_m2, (), HORIZON_S)
        return cls(
            spec, source_xy, weather, flames, vessels, wall_w_m2, engulfed, (), course
        )  # fmt: skip

    @property
    def notice_level(self) -> float:
        """What nobody unprotected stays in for long (API 521), W/m2."""
        return NOTICE_W_M2

    @property
    def harmful_level(self) -> float:
        """Second-degree burns within a minute (GB 50160 and others use 4 to 5 kW/m2), W/m2."""
        return HARMFUL_W_M2

    @property
    def warnings(self) -> tuple[Text, ...]:
        """What the reader must know."""
        found = [text("tankfire.shade")]
        for known, vessel in zip(self.spec.vessels, self.vessels, strict=True):
            kind = "atmospheric" if known.kind == "atmospheric" else "pressurised"
            low, high = VOLUMES_M3[kind]
            if not low <= vessel.of.volume_m3 <= high:
                zh, en = (known.name.say(lang) for lang in ("zh", "en"))
                found.append(
                    Text(
                        zh=say("tankfire.volume", "zh", name=zh, low=low, high=high),
                        en=say("tankfire.volume", "en", name=en, low=low, high=high),
                    )
                )
        return tuple(found)

    # --- heat -------------------------------------------------------------------------------

    def at(self, places: ArrayLike) -> HeatSpots:
        """Work out fixed outdoor places (n, 2) once, for `level_at`."""
        xy = np.asarray(places, dtype=float).reshape(-1, 2) - np.asarray(self.source_xy)
        flux = np.zeros((len(self.flames), len(xy)))
        for k, flame in enumerate(self.flames):
            flux[k] = flame.flux_w_m2(xy - np.asarray(flame.xy), self.weather)
        gap = np.array([np.hypot(*(xy - np.asarray(v.xy)).T) for v in self.vessels])
        return HeatSpots(flux, gap.reshape(len(self.vessels), len(xy)))

    def level_at(self, places: HeatSpots, t_s: float) -> Floats:
        """Give the flux (n,) at one drill time: of every fire, and of fireballs that live."""
        level = self.course.shares(t_s) @ places.flux
        for n, vessel in enumerate(self.vessels):
            since = t_s - self.course.failed_s[n]
            if vessel.bursts and 0.0 <= since <= ball_life_s(vessel.ball):
                level = level + vessel.ball.flux_w_m2(places.gap[n], since)
        return np.asarray(level)

    def level(self, quantity: str, places: ArrayLike, t_s: ArrayLike) -> Floats:
        """Give the flux in W/m2: (n,) for one time, (m, n) for m; `quantity` is heat@1.5m/1s."""
        if not quantity.startswith("heat@"):
            raise ValueError(f"quantity {quantity!r}: expected heat@1.5m/1s")
        spots, times = self.at(places), np.asarray(t_s, dtype=float)
        if times.ndim == 0:
            return self.level_at(spots, float(times))
        return np.array([self.level_at(spots, float(t)) for t in times])

    def bursts(self, t0_s: float, t1_s: float) -> list[int]:
        """Give the vessels that burst in (t0, t1]."""
        return [
            n for n, vessel in enumerate(self.vessels)
            if vessel.bursts and t0_s < self.course.failed_s[n] <= t1_s
        ]  # fmt: skip

    def ball_dose(self, n: int, gap_m: Floats) -> Floats:
        """Give the thermal dose of vessel n's fireball on who stays, (W/m2)^(4/3) s."""
        dist, dose = ball_dose(self.vessels[n].ball)
        return np.interp(gap_m, dist, dose, right=0.0)

    def arrival_s(self, places: ArrayLike, level: float) -> Floats:
        """Give when places (n, 2) first reach a level, s; inf where never."""
        spots = self.at(places)
        found = np.full(spots.flux.shape[1], np.inf)
        for t_s, shares in zip(self.course.edges, self.course.burns, strict=True):
            new = (shares @ spots.flux >= level) & ~np.isfinite(found)
            found[new] = t_s
        for n, vessel in enumerate(self.vessels):
            failed = self.course.failed_s[n]
            if vessel.bursts and math.isfinite(failed):
                grown = vessel.ball.life_s / 3.0
                hit = vessel.ball.flux_w_m2(spots.gap[n], grown) >= level
                found[hit] = np.minimum(found[hit], failed)
        return found

    def endangers(self, places: ArrayLike, horizon_s: float) -> NDArray[np.bool_]:
        """Tell where (n, 2) one in a hundred in the open gets second-degree burns.

        A minute at the steady flux of the fires, or the whole of a fireball, up to the horizon.
        """
        spots = self.at(places)
        dose = np.zeros(spots.flux.shape[1])
        for t_s, shares in zip(self.course.edges, self.course.burns, strict=True):
            if t_s <= horizon_s:
                dose = np.maximum(dose, 60.0 * (shares @ spots.flux) ** (4.0 / 3.0))
        for n in self.bursts(-1.0, horizon_s):
            dose = np.maximum(dose, self.ball_dose(n, spots.gap[n]))
        return np.asarray(burn_share(dose, 2) >= BURNT_SHARE)

    # --- doing ------------------------------------------------------------------------------

    def after(self, change: Change, t_s: float) -> TankFarm:
        """Give the field with a change acting from a drill time on; unknown kinds do nothing."""
        if change.kind not in KINDS:
            return self
        where = change.where
        fires = [f.course for f in self.flames]
        if change.kind in ("isolate", "knock") and where not in {f.name for f in fires}:
            where = ""  # a place, not a fire: every fire there
        acts = (*self.acts, Act(t_s, change.kind, change.factor, where))
        acts = tuple(sorted(acts, key=lambda a: a.t_s))
        if change.kind in ("water", "drain"):
            return replace(self, acts=acts)
        return replace(
            self, acts=acts, course=solve(fires, self.vessels, self.wall_w_m2, acts, HORIZON_S)
        )

    def cooled_share(self, vessel: str, water_m3_s: float, wetted: float) -> float:
        """Give the share of the heat that water on a vessel lets in, in [0, 1].

        `water_m3_s` that reaches the wall, spread over the half that faces the fire; `wetted` share
        of that half.
        """
        n = self.number(vessel)
        rate = water_m3_s * 60e3 / (0.5 * self.vessels[n].area_m2)
        kind = "engulfed" if self.engulfed[:, n].any() else "radiation"
        heat = ENGULFING_W_M2
        return float(absorbed_w_m2(heat, rate, min(wetted, 1.0), kind) / heat)  # type: ignore[arg-type]

    def number(self, vessel: str) -> int:
        """Give the number of a vessel; KeyError for one that is not there."""
        for n, known in enumerate(self.vessels):
            if known.name == vessel:
                return n
        raise KeyError(vessel)

    def heated(self, t_s: float) -> list[int]:
        """Give the standing vessels whose bare wall takes harm now, the worst first."""
        shares = self.course.shares(t_s)
        if not self.vessels or not shares.any():
            return []
        heat = (shares @ self.wall_w_m2).tolist()
        able = [
            (self.lasts_s(n, heat[n]), n) for n in range(len(self.vessels))
            if self.course.failed_s[n] > t_s
        ]  # fmt: skip
        return [n for lasts, n in sorted(able) if lasts < math.inf]

    def lasts_s(self, n: int, flux: float) -> float:
        """Give the time to failure of a fresh bare vessel under a flux, s."""
        return bare_lasts_s(self.vessels[n].of, flux)

    def cooling(self, n: int, t_s: float) -> float:
        """Give the share of the heat that gets into a vessel at a time."""
        return cooling(self.acts, self.vessels[n].name, t_s)

    def burns(self, t_s: float) -> bool:
        """Tell whether any fire still burns."""
        return bool(self.course.shares(t_s).any())

    # --- telling ----------------------------------------------------------------------------

    def drawn(self) -> dict[str, Any]:
        """Give source, and when vessels fail if nobody acts."""
        fails = {
            v.name: round(t, 1)
            for v, t in zip(self.vessels, self.course.failed_s, strict=True)
            if math.isfinite(t)
        }
        return {"source": list(self.source_xy), "fails_s": fails}

    def emitted(self, t_s: float) -> dict[str, float]:
        """Give fuel burnt, firewater applied and what of it reached the waterway."""
        edges = np.append(self.course.edges, max(t_s, self.course.edges[-1]))
        spans = np.clip(np.diff(np.minimum(edges, t_s)), 0.0, None)
        rates = np.array([f.course.rate_kg_s for f in self.flames])
        burnt = float(spans @ (self.course.burns @ rates))
        water = self.firewater(t_s)
        return {"burnt_kg": round(burnt, 1), **water}

    def firewater(self, t_s: float) -> dict[str, float]:
        """Give m3 of firewater applied, held and run off, and kg of pollutant in the waterway."""
        wall = 0.5 * sum(
            float(self.wall_w_m2[:, n].max(initial=0.0)) * v.area_m2
            for n, v in enumerate(self.vessels)
        )
        known = self.spec.basin
        basin = Basin(max(known.capacity, known.stored), known.stored)
        return firewater(self.acts, basin, known.wash, wall, t_s)

    def milestones(self) -> tuple[Milestone, ...]:
        """Give starts of fires and failures of vessels, in order of time."""
        names = {x.id: x.name for x in self.spec.fires}
        names |= {x.id: x.name for x in self.spec.vessels}
        found = []
        for k, flame in enumerate(self.flames):
            lit = np.flatnonzero(self.course.burns[:, k] > 0.0)
            if lit.size:
                found.append((float(self.course.edges[lit[0]]), "starts", flame.course.name))
        for vessel, t_s in zip(self.vessels, self.course.failed_s, strict=True):
            if math.isfinite(t_s):
                found.append((t_s, "fails", vessel.name))
        return tuple(
            Milestone(
                t_s, f"{what}-{name}",
                Text(
                    zh=say(f"tankfire.{what}", "zh", name=names[name].zh),
                    en=say(f"tankfire.{what}", "en", name=names[name].en),
                ),
                {"name": name},
            )
            for t_s, what, name in sorted(found)
        )  # fmt: skip

    def describe(self, lang: Lang) -> str:
        """Say in a sentence what burns and what stands in the heat."""
        comma = "、" if lang == "zh" else ", "
        fires = comma.join(
            say("tankfire.one", lang, name=s.name.say(lang), rate=f.course.rate_kg_s)
            for s, f in zip(self.spec.fires, self.flames, strict=True)
        )
        vessels = comma.join(v.name.say(lang) for v in self.spec.vessels)
        return say(
            "tankfire.what", lang, fires=fires, vessels=vessels or say("tankfire.none", lang),
            direction=self.weather.wind_from, wind=self.weather.wind_speed,
        )  # fmt: skip

    def provenance(self) -> tuple[Provenance, ...]:
        """Give every figure behind the field with its source."""
        rows = [
            Provenance("engulfing-heat", ENGULFING_W_M2, "W/m2", "Landucci et al. (2009), Accid. "
                       "Anal. Prev. 41:1206, from memory", False, 80e3, 150e3),
            Provenance("cooled-share", COOLED_SHARE, "share", "NFPA 15, from memory", False, 0.2,
                       0.5),
            Provenance("pipe-after-valve", PIPE_S, "s", "judgement", False, 5.0, 60.0),
            Provenance("run-off-pollutant", self.spec.basin.wash, "kg/m3",
                       "judgement: fuel and foam washed in", False, 0.5, 10.0),
        ]  # fmt: skip
        for k, flame in enumerate(self.flames):
            name = flame.course.name
            rows.append(Provenance(f"burning-{name}", round(flame.course.rate_kg_s, 2), "kg/s",
                                   "computed from pool or hole", True))  # fmt: skip
            for n, vessel in enumerate(self.vessels):
                rows.append(Provenance(f"heat-{name}-on-{vessel.name}",
                                       round(float(self.wall_w_m2[k, n])), "W/m2",
                                       "computed by the solid flame or the jet", True))  # fmt: skip
        return tuple(rows)
