"""A fire in a residential building as an immutable field: heat and smoke by storey and space."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.data.room_fire import constant, room_fire
from drillsim.hazards import dwelling_smoke as smoke
from drillsim.hazards.dwelling import ResidentialFireSpec
from drillsim.hazards.dwelling_smoke import AIR_KG_M3, GASES, HEAT, Controls, Course, Snapshot
from drillsim.hazards.field import Change, Milestone, Provenance
from drillsim.hazards.weather import Weather
from drillsim.i18n import Lang, Text, catalogue, say, text
from drillsim.physics.stair_smoke import gas_dose_per_min
from drillsim.physics.tenability import heat_rate_per_min

catalogue(
    {
        "resfire.ground-floor": (
            "架空层电动自行车火灾（{bikes} 辆），楼高 {floors} 层，最大热释放速率 {peak:.1f} MW",
            "fire of {bikes} electric bicycles under the open ground floor of {floors} storeys, "
            "at most {peak:.1f} MW",
        ),
        "resfire.flat": (
            "第 {floor} 层住户火灾，楼高 {floors} 层，最大热释放速率 {peak:.1f} MW",
            "fire in a flat on floor {floor} of {floors}, at most {peak:.1f} MW",
        ),
        "resfire.row": (
            "老旧街区连片火灾，共 {floors} 户，巷宽 {lane:.1f} m，最大热释放速率 {peak:.1f} MW",
            "fire in a row of {floors} houses in a lane of {lane:.1f} m, at most {peak:.1f} MW",
        ),
        "resfire.start": ("起火", "ignition"),
        "resfire.alight": ("第 {n} 户（层）起火", "house or floor {n} catches fire"),
        "resfire.end": ("可燃物烧尽或被扑灭", "burnt out or put out"),
        "resfire.outdoors": (
            "户外烟气、飞火与辐射对街上人员的伤害未建模",
            "smoke, brands and radiation on people in the street are not modelled",
        ),
        "resfire.mixed": (
            "楼梯间按层均匀混合，前室与走道不分层；门前烟气份额 {share:.2f}（0.2 至 1）",
            "each storey of the stair is well mixed and lobbies have no layers; the door sees "
            "{share:.2f} (0.2 to 1) of the smoke under the ceiling",
        ),
    }
)

Floats = NDArray[np.float64]
Space = Literal["stair", "lobby"]

# Water of a change is told as the share of this flow that is not on the fire, L/min.
MOST_LPM = 12_000.0
# A building feels the temperature of the air outside, not the wind.
STILL = {"wind_from": 0.0, "wind_speed": 1.0}
# A rise below this, K, is no heat to speak of (ours).
WARM_K = 5.0
# Extinction at which a way counts as hazardous: 6 m of sight to a lit sign (8 / K).
HARMFUL_PER_M, NOTICE_PER_M = 1.33, 0.3
KINDS = ("water", "fans-on", "power-cut", "gas-off", "foot-door", "lobby-door", "roof", "traffic")
JUDGED: tuple[Provenance, ...] = (
    Provenance("smoke-at-the-door", smoke.LAYER_AT_DOOR, "1", "judgement", False, 0.2, 1.0),
    Provenance("stair-heat-lost-in", smoke.WALL_LOSS_S, "s", "judgement", False, 45.0, 240.0),
    Provenance("stair-fan", smoke.FAN_KG_S, "kg/s", "GB 51251 order of size", False, 4.0, 14.0),
    Provenance("lobby-air", smoke.LOBBY_AIR_PER_H, "1/h", "judgement", False, 0.5, 5.0),
    Provenance("burning-space-clears-in", smoke.CLEARING_S, "s", "judgement", False, 40.0, 240.0),
)


@dataclass(frozen=True, slots=True)
class Levels:
    """What one space does to people at one time, by storey (n,).

    `extinction_per_m` of the smoke, `gas_per_min` and `heat_per_min` fractional effective doses a
    minute, `rise_k` above room temperature.
    """

    extinction_per_m: Floats
    gas_per_min: Floats
    heat_per_min: Floats
    rise_k: Floats


@dataclass(frozen=True, eq=False)
class ResidentialFire:
    """A residential fire: its spec, its weather, and the course of fire and smoke so far solved."""

    spec: ResidentialFireSpec
    source_xy: tuple[float, float]
    weather: Weather
    course: Course = field(repr=False)
    changes: tuple[tuple[float, Change], ...] = ()

    @property
    def notice_level(self) -> float:
        """The extinction from which somebody notices smoke, 1/m."""
        return NOTICE_PER_M

    @property
    def harmful_level(self) -> float:
        """The extinction from which a way out counts as hazardous, 1/m."""
        return HARMFUL_PER_M

    @property
    def warnings(self) -> tuple[Text, ...]:
        """What the reader must know of the model."""
        return (text("resfire.outdoors"), text("resfire.mixed", share=smoke.LAYER_AT_DOOR))

    # --- in the building --------------------------------------------------------------------

    @property
    def controls(self) -> Controls:
        """Give what has been done so far, whether it acts yet or from the next step on."""
        return self.course.controls[-1][1]

    def heat_kw(self, t_s: float) -> float:
        """Give the heat release at a time, kW."""
        before, after, share = self.course.at(t_s)
        return before.fire.total_kw + share * (after.fire.total_kw - before.fire.total_kw)

    def is_out(self, t_s: float) -> bool:
        """Tell whether the fire is out at a time."""
        return self.course.at(t_s)[0].fire.out

    def alight(self, t_s: float) -> NDArray[np.bool_]:
        """Tell which cells (storeys or houses, (n,)) have caught fire by a time."""
        return self.course.at(t_s)[0].fire.alight

    def state(self, t_s: float) -> Snapshot:
        """Give fire and smoke at the last solved step before a time."""
        return self.course.at(t_s)[0]

    def held(self, space: Space, t_s: float) -> Floats:
        """Give what the air of a space holds by storey, (n, 5): soot, CO, CO2, HCN, heat."""
        before, after, share = self.course.at(t_s)
        a, b = getattr(before, space), getattr(after, space)
        return np.array(a) if a is b else np.asarray(a + share * (b - a))

    def well(self, t_s: float) -> Floats:
        """Give what the air of the light well holds, (5,)."""
        before, after, share = self.course.at(t_s)
        return np.asarray(before.well + share * (after.well - before.well))

    def burning_space(self, t_s: float) -> Floats:
        """Give what the gas of the burning space holds, (5,)."""
        before, after, share = self.course.at(t_s)
        return np.asarray(before.space + share * (after.space - before.space))

    def burning_flat(self, t_s: float) -> Floats:
        """Give what the air of a burning flat holds, (5,): full of its own smoke, and hot."""
        if self.spec.seat == "flat":
            return self.burning_space(t_s)
        return smoke.FLASHED

    def extinction(self, space: Space, t_s: float) -> Floats:
        """Give the extinction in a space by storey, (n,) 1/m: all that a look needs."""
        return np.asarray(constant("smoke-extinction") * self.held(space, t_s)[:, smoke.SOOT])

    def thickness_and_rise(self, held: Floats) -> tuple[Floats, Floats]:
        """Give the extinction (1/m) and the rise (K) of air that holds (n, 5): both (n,)."""
        rise = np.minimum(held[:, HEAT] / AIR_KG_M3, 900.0)
        return constant("smoke-extinction") * held[:, smoke.SOOT], rise

    def levels(self, held: Floats) -> Levels:
        """Give what air that holds (n, 5) does to people in it."""
        extinction, rise = self.thickness_and_rise(held)
        air_k = self.spec.indoor + rise
        gas = gas_dose_per_min(held[:, GASES], air_k)
        return Levels(extinction, gas, heat_rate_per_min(air_k), rise)

    def dose_per_min(self, held: Floats) -> Floats:
        """Give the dose of gas, and of heat where air is warm at all, taken in a minute, (n,)."""
        rise = np.minimum(held[:, HEAT] / AIR_KG_M3, 900.0)
        air_k = self.spec.indoor + rise
        rate = gas_dose_per_min(held[:, GASES], air_k)
        warm = (rise > WARM_K).nonzero()[0]
        if warm.size:
            rate[warm] += heat_rate_per_min(air_k[warm])
        return rate

    # --- the protocol -----------------------------------------------------------------------

    def level(self, quantity: str, places: ArrayLike, t_s: ArrayLike) -> Floats:
        """Give levels at storeys: (n,) for one drill time, (m, n) for m times.

        `quantity` is `<what>@<space>`: extinction (1/m), gas or heat (FED a minute) or rise (K) at
        stair or lobby; `places` (n,) storeys from 1 (at a row: houses). Outdoors there is none.
        ValueError for a quantity that cannot be read.
        """
        what, _, space = quantity.partition("@")
        names = {"extinction": "extinction_per_m", "gas": "gas_per_min", "heat": "heat_per_min"}
        if space not in {"stair", "lobby"} or (what not in names and what != "rise"):
            raise ValueError(
                f"quantity {quantity!r}: expected extinction, gas, heat or rise @ stair or lobby, "
                "for example extinction@stair"
            )
        floors = np.asarray(places, dtype=int).reshape(-1) - 1
        times = np.asarray(t_s, dtype=float)
        rows = [
            getattr(self.levels(self.held(space, float(t))), names.get(what, "rise_k"))[floors]  # type: ignore[arg-type]
            for t in times.reshape(-1)
        ]
        return np.array(rows) if times.ndim else np.asarray(rows[0])

    def at(self, places: ArrayLike) -> Any:
        """Give the number of outdoor places (n, 2): the smoke outdoors is not modelled."""
        return len(np.asarray(places, dtype=float).reshape(-1, 2))

    def level_at(self, places: Any, t_s: float) -> Floats:
        """Give 0 outdoors, (n,)."""
        del t_s
        return np.zeros(int(places))

    def arrival_s(self, places: ArrayLike, level: float) -> Floats:
        """Give inf outdoors, (n,) s."""
        del level
        return np.full(self.at(places), np.inf)

    def endangers(self, places: ArrayLike, horizon_s: float) -> NDArray[np.bool_]:
        """Tell that nobody outdoors is in danger, (n,)."""
        del horizon_s
        return np.zeros(self.at(places), dtype=bool)

    def drawn(self) -> dict[str, Any]:
        """Give seat, place and what the building is like."""
        house = self.spec.building
        return {
            "source": list(self.source_xy), "seat": self.spec.seat, "floor": self.spec.floor,
            "floors": house.floors, "stair_door": house.stair_door, "fans": house.fans,
        }  # fmt: skip

    def emitted(self, t_s: float) -> dict[str, float]:
        """Give what has burnt, MJ, and how many cells have caught fire."""
        state = self.state(t_s).fire
        alight = float(np.count_nonzero(state.alight)) if self.spec.seat != "ground-floor" else 1.0
        return {"burnt_mj": round(float(state.burnt_mj.sum()), 1), "alight": alight}

    def milestones(self) -> tuple[Milestone, ...]:
        """Give ignition, each cell that catches fire, and the end, if nothing more is done."""
        found = [Milestone(0.0, "ignition", text("resfire.start"))]
        known = self.course.states[0].fire.alight
        steps = int(min(self.spec.horizon, 7200.0) / smoke.STEP_S)
        for k in range(1, steps):
            self.course.reach(k)
            fire = self.course.states[k].fire
            for n in np.flatnonzero(fire.alight & ~known):
                words = text("resfire.alight", n=int(n) + 1)
                found.append(Milestone(k * smoke.STEP_S, "alight", words, {"n": int(n) + 1}))
            known = fire.alight
            if fire.out:
                found.append(Milestone(k * smoke.STEP_S, "out", text("resfire.end")))
                break
        return tuple(found)

    def after(self, change: Change, t_s: float) -> ResidentialFire:
        """Give the fire with a change acting from a drill time on.

        water: the factor is the share of 12,000 L/min that is not on the fire; fans-on starts the
        pressurisation (when the building's works); power-cut stops fans for good; gas-off; the
        factor of foot-door, lobby-door, roof and traffic is the share of the doors that is open.
        What was before stays; the state at `t_s` is carried on under the new conditions. ValueError
        for a kind that a building does not know.
        """
        if change.kind == "none":
            return self
        if change.kind not in KINDS:
            raise ValueError(f"{change.kind!r} is nothing done to a building: {', '.join(KINDS)}")
        now, share = self.controls, change.factor
        works = self.spec.building.fans == "works"
        fresh = {
            "water": lambda: replace(now, lpm=(1.0 - share) * MOST_LPM),
            "fans-on": lambda: replace(now, fans=works),
            "power-cut": lambda: replace(now, power=False),
            "gas-off": lambda: replace(now, gas=False),
            "foot-door": lambda: replace(now, foot=share),
            "lobby-door": lambda: replace(now, lobby=share),
            "roof": lambda: replace(now, roof=share),
            "traffic": lambda: replace(now, traffic=share),
        }[change.kind]()
        if fresh == now:
            return self
        course = self.course.forked(fresh, t_s)
        return replace(self, course=course, changes=(*self.changes, (t_s, change)))

    def describe(self, lang: Lang) -> str:
        """Say in a sentence what burns where."""
        house = self.spec.building
        self.course.reach(int(min(self.spec.horizon, 7200.0) / smoke.STEP_S))
        known = max(state.fire.total_kw for state in self.course.states)
        return say(
            f"resfire.{self.spec.seat}", lang, floors=house.floors, floor=self.spec.floor,
            bikes=self.spec.bikes, lane=house.lane, peak=known / 1000.0,
        )  # fmt: skip

    def provenance(self) -> tuple[Provenance, ...]:
        """Give the judged figures of the model and those of the table behind the fire."""
        rows = [
            Provenance(name, n.value, "", n.source, n.verified, n.low, n.high)
            for name, n in room_fire().constants.items()
        ]
        return (*JUDGED, *rows)


def build(
    spec: ResidentialFireSpec, source_xy: tuple[float, float], weather: Weather
) -> ResidentialFire:
    """Build the field of a spec at a place (m east and north) in a drawn weather."""
    # the wind moves fire from house to house; in a building it has no part, so that what nobody
    # has changed yet is the same in every replication
    felt = weather if spec.seat == "row" else weather.model_copy(update=STILL)
    return replace(_alone(spec, felt), source_xy=source_xy, weather=weather)


@lru_cache(maxsize=8)
def _alone(spec: ResidentialFireSpec, weather: Weather) -> ResidentialFire:
    """Give the fire that nobody has touched; its course is solved once for all that share it."""
    fire = ResidentialFire(spec, (0.0, 0.0), weather, Course(spec, weather))
    if spec.building.auto_fans and spec.building.fans == "works":
        return fire.after(Change("fans-on", 1.0), 120.0)
    return fire


__all__ = ["MOST_LPM", "Levels", "ResidentialFire", "ResidentialFireSpec", "build"]
