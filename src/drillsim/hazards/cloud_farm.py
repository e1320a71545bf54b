"""A tank farm with a vapour cloud over it: gas until something lights it, then fires as ever.

Kinds of change beside those of the tank farm: ignite (`where` names what lit it), power (that of
the place `where` is cut), traffic (the road `where` is closed). Shutting the valve or plugging
thins the gas as well. The level is that of the tank farm; gas that has not burnt yet counts as the
heat nobody stays in where it is at half its lower limit, and in proportion, so that crews and
people shun it alike. Igniting is the one change that raises later levels of heat.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.hazards.field import Change, Milestone, Provenance
from drillsim.hazards.tank_course import Act, Floats, solve
from drillsim.hazards.tank_farm import HORIZON_S, NOTICE_W_M2, HeatSpots, TankFarm
from drillsim.hazards.toxic_release import ReceptorField
from drillsim.hazards.vapour_cloud import CREW_SHARE, IgnitionSpec, VapourCloud, offset
from drillsim.i18n import Lang, Text, catalogue, say, text
from drillsim.physics.domino import blast_damage_share

catalogue(
    {
        "cloud.what": (
            "{name}泄漏 {rate:.1f} kg/s，尚未点燃，可燃气云下风向约 {reach:.0f} m；",
            "{name} leaks at {rate:.1f} kg/s, not lit; the cloud is flammable to some {reach:.0f} "
            "m down wind; ",
        ),
        "cloud.starts": ("{name}开始泄漏", "{name} begins to leak"),
        "cloud.full": (
            "可燃气云达到最大范围，约 {reach:.0f} m",
            "the flammable cloud has its full reach of some {reach:.0f} m",
        ),
        "cloud.shape": (
            "可燃气云按平坦地面计，不计储罐和围堰的阻挡；可燃质量按轴线浓度计，偏大",
            "the cloud is that over flat ground, tanks and bunds do not hold it; the flammable "
            "mass is reckoned by the axis, an upper bound",
        ),
    }
)
FAILS_BY_BLAST = 0.5


@dataclass(frozen=True, eq=False)
class CloudSpots(HeatSpots):
    """Places worked out once, with the gas there."""

    gas: ReceptorField

    def of(self, index: NDArray[np.intp]) -> CloudSpots:
        """Give the places at `index` alone."""
        return CloudSpots(self.flux[:, index], self.gap[:, index], self.gas.of(index))

    def put(self, index: NDArray[np.intp], fresh: HeatSpots) -> None:
        """Let the places at `index` be those of another field: who is there has moved."""
        assert isinstance(fresh, CloudSpots)
        super().put(index, fresh)
        self.gas.put(index, fresh.gas)


@dataclass(frozen=True, eq=False)
class CloudFarm(TankFarm):
    """The field of a tank farm under a cloud; `lit_s` when it was lit, inf before.

    `off` the ids of what can light it no more.
    """

    cloud: VapourCloud = field(repr=False)
    lit_s: float = math.inf
    off: frozenset[str] = frozenset()

    # --- levels -----------------------------------------------------------------------------

    def at(self, places: ArrayLike) -> CloudSpots:
        """Work out fixed outdoor places (n, 2) once, for `level_at`."""
        heat = super().at(places)
        return CloudSpots(heat.flux, heat.gap, self.cloud.gas.at(places, self.cloud.quantity))

    def gas_ppm(self, places: HeatSpots, t_s: float) -> Floats:
        """Give the unburnt gas (n,) at a time, volume ppm; none once it is lit."""
        assert isinstance(places, CloudSpots)
        if t_s >= self.lit_s:
            return np.zeros(places.gas.steady_ppm.shape)
        return self.cloud.gas.level_at(places.gas, t_s)

    def shunned(self, places: HeatSpots, t_s: float) -> Floats:
        """Give the gas (n,) on the scale of the level: half the lower limit is what one flees."""
        return NOTICE_W_M2 * self.gas_ppm(places, t_s) / (CREW_SHARE * self.cloud.lfl_ppm)

    def level_at(self, places: HeatSpots, t_s: float) -> Floats:
        """Give the greater of heat and gas (n,) at one drill time, on the scale of heat."""
        return np.maximum(super().level_at(places, t_s), self.shunned(places, t_s))

    def level(self, quantity: str, places: ArrayLike, t_s: ArrayLike) -> Floats:
        """Give heat@1.5m/1s in W/m2, or the gas by its own quantity in ppm: (n,) or (m, n)."""
        spots, times = self.at(places), np.asarray(t_s, dtype=float)
        if quantity == self.cloud.quantity:
            found = [self.gas_ppm(spots, float(t)) for t in times.ravel()]
        elif quantity.startswith("heat@"):
            found = [TankFarm.level_at(self, spots, float(t)) for t in times.ravel()]
        else:
            raise ValueError(
                f"quantity {quantity!r}: expected heat@1.5m/1s or {self.cloud.quantity}"
            )
        return np.array(found) if times.ndim else found[0]

    def burns_where(self, places: HeatSpots) -> NDArray[np.bool_]:
        """Tell which places (n,) were within the lower limit when it was lit."""
        assert isinstance(places, CloudSpots)
        if not math.isfinite(self.lit_s):
            return np.zeros(places.gas.steady_ppm.shape, dtype=bool)
        level = self.cloud.gas.level_at(places.gas, self.lit_s)
        return np.asarray(level >= self.cloud.lfl_ppm)

    def arrival_s(self, places: ArrayLike, level: float) -> Floats:
        """Give when places (n, 2) first reach a level of heat or, unlit, its like in gas, s."""
        heat = super().arrival_s(places, level)
        gas = self.cloud.gas.arrival_s(places, self.cloud.lfl_ppm, self.cloud.quantity)
        return np.minimum(heat, np.where(gas < self.lit_s, gas, np.inf))

    def endangers(self, places: ArrayLike, horizon_s: float) -> NDArray[np.bool_]:
        """Tell where (n, 2) the heat burns, or the cloud is flammable up to the horizon."""
        gas = self.cloud.gas.arrival_s(places, self.cloud.lfl_ppm, self.cloud.quantity)
        within = gas < min(self.lit_s, horizon_s + 1.0)
        return np.asarray(super().endangers(places, horizon_s) | within)

    # --- ignition ---------------------------------------------------------------------------

    def threatens(self, t_s: float) -> bool:
        """Tell whether unburnt gas may still be lit."""
        return t_s < self.lit_s and t_s < self.cloud.gone_s()

    def sources(self) -> tuple[IgnitionSpec, ...]:
        """Give what can still light it."""
        return tuple(s for s in self.cloud.spec.ignition if s.id not in self.off)

    def covered(self, t_s: float) -> dict[str, bool]:
        """Tell which of them stand within the flammable cloud at a time, by id."""
        level = self.cloud.gas.level_at(self.cloud.sparks, t_s) >= self.cloud.lfl_ppm
        within = t_s < self.lit_s
        return {
            s.id: within and bool(there)
            for s, there in zip(self.cloud.spec.ignition, level, strict=True)
            if s.id not in self.off
        }

    def bars_entry(self, t_s: float) -> bool:
        """Tell whether the gas at the valve is above half its lower limit: nobody goes in."""
        valve = self.cloud.spec.valve
        if valve is None or not self.threatens(t_s):
            return False
        level = self.cloud.level_ppm([offset(valve.bearing, valve.distance)], t_s)
        return bool(level[0] >= CREW_SHARE * self.cloud.lfl_ppm)

    # --- doing ------------------------------------------------------------------------------

    def after(self, change: Change, t_s: float) -> CloudFarm:
        """Give the field with a change acting from a drill time on; unknown kinds do nothing."""
        if change.kind == "ignite":
            return self._lit(change.where, t_s) if self.threatens(t_s) else self
        if change.kind in ("power", "traffic"):
            kind = "electrical" if change.kind == "power" else "vehicle"
            ended = {
                s.id for s in self.cloud.spec.ignition
                if s.kind == kind and s.off_by == change.where
            }  # fmt: skip
            return replace(self, off=self.off | ended)
        found = super().after(change, t_s)
        assert isinstance(found, CloudFarm)
        if change.kind not in ("isolate", "plug", "curtain"):
            return found
        gas = self.cloud.gas.after(change, t_s)
        return replace(found, cloud=VapourCloud(self.cloud.spec, gas))

    def _lit(self, by: str, t_s: float) -> CloudFarm:
        """Burn the cloud: what still leaks goes on as a fire, its blast breaks vessels."""
        emission = self.cloud.gas.emission
        left = emission.last_s - t_s if emission.share_at(t_s) > 0.0 else 0.0
        flames = self.flames
        if left > 0.0:
            flames = tuple(
                replace(f, course=replace(f.course, start_s=t_s, lasts_s=left))
                if f.course.name == self.cloud.spec.burns_as
                else f
                for f in flames
            )
        acts = [Act(t_s, "ignite", 0.0, by)]
        centre = self.cloud.centre
        for vessel in self.vessels:
            gap = np.array([math.dist(vessel.xy, centre)])
            share = blast_damage_share(vessel.of, self.cloud.blast_pa(gap, t_s))
            if float(share[0]) >= FAILS_BY_BLAST:
                acts.append(Act(t_s, "shatter", 0.0, vessel.name))
        every = tuple(sorted((*self.acts, *acts), key=lambda a: a.t_s))
        course = solve([f.course for f in flames], self.vessels, self.wall_w_m2, every, HORIZON_S)
        return replace(self, flames=flames, acts=every, course=course, lit_s=t_s)

    # --- telling ----------------------------------------------------------------------------

    @property
    def warnings(self) -> tuple[Text, ...]:
        """What the reader must know."""
        return (*super().warnings, text("cloud.shape"), *self.cloud.gas.warnings)

    def drawn(self) -> dict[str, Any]:
        """Give source, rate and how far the cloud is flammable."""
        cloud = {"rate_kg_s": round(self.cloud.gas.rate_kg_s, 6),
                 "flammable_m": round(self.cloud.reach_m, 1)}  # fmt: skip
        return {**super().drawn(), **cloud}

    def emitted(self, t_s: float) -> dict[str, float]:
        """Give gas released before it was lit, and what else burnt and ran off."""
        released = self.cloud.gas.released_kg(min(t_s, self.lit_s))
        return {**super().emitted(t_s), "released_kg": round(released, 1)}

    def milestones(self) -> tuple[Milestone, ...]:
        """Give the leak, its full cloud, fires and failures, in order of time."""
        first = self.cloud.gas.emission.edges[0]
        fire = next(f for f in self.spec.fires if f.id == self.cloud.spec.burns_as)
        reach = self.cloud.reach_m
        own = [
            Milestone(first, "release-starts", Text(
                zh=say("cloud.starts", "zh", name=fire.name.zh),
                en=say("cloud.starts", "en", name=fire.name.en),
            )),
            Milestone(first + self.cloud.ages_s[1], "cloud-full", text("cloud.full", reach=reach),
                      {"distance_m": reach}),
        ]  # fmt: skip
        own = [m for m in own if m.t_s <= self.lit_s]
        return tuple(sorted([*own, *super().milestones()], key=lambda m: (m.t_s, m.name)))

    def describe(self, lang: Lang) -> str:
        """Say in a sentence what leaks, and what would burn."""
        return say(
            "cloud.what", lang, name=self.cloud.gas.of.name.say(lang),
            rate=self.cloud.gas.rate_kg_s, reach=self.cloud.reach_m,
        ) + super().describe(lang)  # fmt: skip

    def provenance(self) -> tuple[Provenance, ...]:
        """Give every figure behind the field with its source."""
        return (*super().provenance(), *self.cloud.provenance())


def under_cloud(farm: TankFarm, cloud: VapourCloud) -> CloudFarm:
    """Give a farm with a cloud over it: the fire that the leak would be waits for a spark."""
    flames = tuple(
        replace(f, course=replace(f.course, start_s=math.inf))
        if f.course.name == cloud.spec.burns_as
        else f
        for f in farm.flames
    )
    known = {f.name: getattr(farm, f.name) for f in fields(farm)}
    known["flames"] = flames
    known["course"] = solve(
        [f.course for f in flames], farm.vessels, farm.wall_w_m2, farm.acts, HORIZON_S
    )
    return CloudFarm(**known, cloud=cloud)
