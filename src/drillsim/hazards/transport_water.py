"""Transport on water: from the `hazard:` block to a spill, its channel and who drinks from it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from drillsim.city.model import City
from drillsim.data.drinking_water import drinking_water
from drillsim.data.substances import Figure
from drillsim.data.transport import transport
from drillsim.errors import did_you_mean
from drillsim.hazards.field import Provenance
from drillsim.hazards.river_spill import RiverSpill, Supply
from drillsim.hazards.water_course import Course, course_below
from drillsim.hazards.weather import Weather
from drillsim.i18n import Text, catalogue, text
from drillsim.physics.oil_slick import skimmer_rate_m3_s
from drillsim.physics.river_plume import FlowClock
from drillsim.physics.river_transport import Release
from drillsim.units import Duration, Frequency, Length, Mass, Share, Temperature, VolumeRate
from drillsim.yamlio import Id, Model

catalogue(
    {
        "spill.mixing": (
            "取水口距事故点 {near:.0f} m，小于横向混合长度 {mixing:.0f} km：断面平均浓度，"
            "岸边取水口可能偏高或偏低",
            "the intake lies {near:.0f} m below the spill, nearer than the mixing length of "
            "{mixing:.0f} km: levels are means over the section, an intake at a bank may see more "
            "or less",
        ),
        "spill.fire": (
            "未模拟水面火灾、蒸气和油污对岸线的影响",
            "fire and vapour on the water and oil on the banks are not modelled",
        ),
    }
)


class SupplySpec(Model):
    """An area that drinks from an intake: its place, heads, and the works between them.

    `detention`: plug flow through the works; `store`: time constant of the mixed clear-water
    tanks. `abroad`: the intake of a neighbour `of`, who shuts it when he is told.
    """

    area: Id
    intake: Id
    heads: int = Field(gt=0)
    detention: Duration = Field(default=3600.0, ge=60.0)
    store: Duration = Field(default=7200.0, ge=600.0)
    abroad: bool = False
    of: Id | None = None


class WaterTransportSpec(Model):
    """The `hazard:` block of the family water-transport.

    `cargo` (a dissolved substance of the table) comes out steadily within `cargo_time`; `oil` at
    once. `pumping`: factor on the current while the sluice `sluice` pumps, from before the
    accident until somebody stops it (1: no pumps). `in_water`: people overboard at once, with a
    share of `jackets`; `aboard_next`: crew of the vessel that runs into the wreck, if one does:
    `passing` vessels come by until each of `channel_ends` is shut, and each strikes with
    `strike_share`. `boom_length` is what one boom crew brings, `skimmer` the nameplate of one.
    `caller` sees it from the bank and rings `call_to`.
    """

    family: Literal["water-transport"] = "water-transport"
    at: Id
    cargo: Id | None = None
    cargo_mass: Mass = Field(default=0.0, ge=0.0)
    cargo_time: Duration = Field(default=1800.0, ge=60.0)
    oil: Id | None = None
    oil_mass: Mass = Field(default=0.0, ge=0.0)
    pumping: float = Field(default=1.0, ge=1.0, le=4.0)
    sluice: Id | None = None
    in_water: int = Field(default=0, ge=0, le=500)
    jackets: Share = Field(default=0.5, ge=0.0, le=1.0)
    aboard_next: int = Field(default=0, ge=0, le=50)
    water_temperature: Temperature = 285.15
    passing: Frequency = Field(default=0.0, ge=0.0)
    strike_share: Share = Field(default=0.0, ge=0.0, le=0.2)
    channel_ends: tuple[Id, ...] = ()
    supplies: tuple[SupplySpec, ...] = ()
    landing: Id | None = None
    boom_length: Length = Field(default=600.0, gt=0.0)
    skimmer: VolumeRate = Field(default=0.0, ge=0.0)
    caller: Id | None = None
    call_to: Id | None = None

    @model_validator(mode="after")
    def _possible(self) -> WaterTransportSpec:
        for name, value, known in (
            ("cargo", self.cargo, drinking_water().dissolved),
            ("oil", self.oil, transport().oils),
        ):
            if value is not None and value not in known:
                allowed = sorted(known)
                raise ValueError(
                    f"{name}: unknown {value!r}; allowed: {', '.join(allowed)}"
                    + did_you_mean(value, allowed)
                )
        if (self.cargo is None) != (self.cargo_mass == 0.0):
            raise ValueError("cargo: needs cargo_mass, and a cargo_mass needs its cargo")
        if (self.oil is None) != (self.oil_mass == 0.0):
            raise ValueError("oil: needs oil_mass, and an oil_mass needs its oil")
        if not -2.0 <= self.water_temperature - 273.15 <= 40.0:
            raise ValueError("water_temperature: allowed are -2 C to 40 C")
        return self


def build(spec: WaterTransportSpec, city: City, weather: Weather) -> RiverSpill:
    """Build the immutable field of a spec in a city's waters and a (drawn) weather.

    ValueError when no current leaves the place, or an intake does not lie below it.
    """
    course = course_below(city, spec.at)
    supplies = tuple(_supply(s, city, course, spec.at) for s in spec.supplies)
    clock = FlowClock((0.0,), (spec.pumping,)) if spec.pumping > 1.0 else FlowClock()
    releases = (Release(spec.cargo_mass, 0.0, spec.cargo_time),) if spec.cargo else ()
    skim = 0.0
    if spec.oil is not None:
        skim = skimmer_rate_m3_s(spec.skimmer) * transport().oils[spec.oil].density_kg_m3
    return RiverSpill(
        source_xy=city.facilities[spec.at].xy, weather=weather, course=course,
        cargo_id=spec.cargo or "", releases=releases, oil_id=spec.oil or "", oil_kg=spec.oil_mass,
        water_k=spec.water_temperature, clock=clock, pumping=spec.pumping, supplies=supplies,
        skim_kg_s=skim, warnings=_warnings(course, supplies), figures=_figures(spec),
    )  # fmt: skip


def _supply(spec: SupplySpec, city: City, course: Course, at: str) -> Supply:
    for name, place in (("area", spec.area), ("intake", spec.intake)):
        if place not in city.facilities:
            raise ValueError(f"supplies: {name} {place!r} is no facility of the city")
    if course.marks.get(spec.intake, 0) <= 0:
        below = ", ".join(sorted(course.marks))
        raise ValueError(f"supplies: {spec.intake!r} does not lie below {at!r}; below it: {below}")
    return Supply(
        spec.area, city.facilities[spec.area].xy, spec.intake, spec.heads, spec.detention,
        spec.store, spec.abroad,
    )  # fmt: skip


def _warnings(course: Course, supplies: tuple[Supply, ...]) -> tuple[Text, ...]:
    found = [text("spill.fire")]
    near = [float(course.dist_m[course.marks[s.intake]]) for s in supplies]
    mixing = course.mixing_m()
    if near and min(near) < mixing:
        found.append(text("spill.mixing", near=min(near), mixing=mixing / 1000.0))
    return tuple(found)


def _figures(spec: WaterTransportSpec) -> tuple[Provenance, ...]:
    water, slick = drinking_water(), transport()

    def row(name: str, unit: str, figure: Figure, sources: dict[str, str]) -> Provenance:
        source = sources.get(figure.source, figure.source)
        low, high = figure.low, figure.high
        return Provenance(name, figure.value, unit, source, figure.verified, low, high)

    out = [row("Manning's n", "s/m^(1/3)", slick.river.manning_n, slick.sources)]
    if spec.cargo is not None:
        of = water.dissolved[spec.cargo]
        out += [
            row("drinking-water limit", "mg/L", of.limit_mg_l, water.sources),
            row("acute dose", "mg", of.acute_mg, water.sources),
            row("transfer to the air", "m/s", of.transfer_mps, water.sources),
            row("raw water a head and day", "m3", water.raw_m3_head_day, water.sources),
        ]
    if spec.oil is not None:
        out += [
            row("oil limit", "mg/L", water.oil_limit_mg_l, water.sources),
            row("oil mixed under the film", "1", water.oil_entrained, water.sources),
            row("oil recoverable behind a boom", "1", water.oil_recoverable, water.sources),
            row("share of the wind in slick drift", "1", slick.slick.wind_share, slick.sources),
            row("first loss of a boom", "m/s", slick.slick.boom_loss_mps, slick.sources),
        ]
    return tuple(out)
