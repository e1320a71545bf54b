"""Storage of hazardous chemicals: from the `hazard:` block to a toxic release."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

from pydantic import Field, model_validator

from drillsim.data.substances import P_ATM_PA, Substance, substance, substance_table
from drillsim.errors import did_you_mean
from drillsim.hazards.emission import Emission
from drillsim.hazards.field import Provenance
from drillsim.hazards.toxic_release import PlumeSet, ToxicRelease
from drillsim.hazards.weather import Weather
from drillsim.i18n import Text, text
from drillsim.physics import britter_mcquaid as bm
from drillsim.physics import neutral, ranges
from drillsim.physics.atmosphere import GRAVITY, Air
from drillsim.physics.densegas import ALONG_WIND, PlumeSource
from drillsim.physics.plume import Plume
from drillsim.physics.plume_library import PlumeLibrary, plume_library
from drillsim.physics.pool import FILM_M, evaporating_pool
from drillsim.physics.release import (
    Outflow,
    expanded,
    flashed,
    gas_orifice,
    liquid_orifice,
    two_phase_pipe,
)
from drillsim.units import Duration, Length, Mass, Pressure, Share, Temperature
from drillsim.yamlio import Id, Model

Phase = Literal["liquid", "gas", "two-phase"]
# Discharge coefficients (value, low, high): sharp hole for liquid 0.60-0.65, gas 0.8-1.0
# (CCPS 1999 sec. 2.1; TNO Yellow Book ch. 2), a pipe with the equilibrium rate model 1.
COEFFICIENT: dict[Phase, tuple[float, float, float]] = {
    "liquid": (0.62, 0.60, 0.65),
    "gas": (0.85, 0.80, 1.0),
    "two-phase": (1.0, 0.8, 1.0),
}
SCREENING_SHARE = 0.005
CCPS = "CCPS (1999), Guidelines for Consequence Analysis of Chemical Releases, sec. 2.1"


class ChemicalStorageSpec(Model):
    """The `hazard:` block of the family chemical-storage.

    The release rate follows from hole, pressure and temperature; it is never given. Without
    `pressure` a liquefied gas stands at its vapour pressure; without `temperature` at that of the
    air. `head` is liquid above the hole. `duration` ends the leak by itself; else the inventory
    does. `bund_diameter` bounds the pool of a liquid that does not boil.
    """

    family: Literal["chemical-storage"] = "chemical-storage"
    substance: Id
    at: Id
    phase: Phase = "liquid"
    hole: Length = Field(gt=0.0, le=0.5)
    inventory: Mass = Field(gt=0.0)
    pressure: Pressure | None = Field(default=None, gt=0.0)
    temperature: Temperature | None = None
    head: Length = Field(default=0.0, ge=0.0, le=50.0)
    height: Length = Field(default=1.0, ge=0.0, le=100.0)
    discharge_coefficient: Share | None = Field(default=None, gt=0.0, le=1.0)
    start: Duration = Field(default=0.0, ge=0.0)
    duration: Duration | None = Field(default=None, gt=0.0)
    bund_diameter: Length | None = Field(default=None, gt=0.0)

    @model_validator(mode="after")
    def _possible(self) -> ChemicalStorageSpec:
        known = sorted(substance_table().substances)
        if self.substance not in known:
            raise ValueError(
                f"substance: unknown {self.substance!r}; allowed: {', '.join(known)}"
                + did_you_mean(self.substance, known)
            )
        of = substance(self.substance)
        if not of.aegl_ppm:
            raise ValueError(f"substance: {of.name.en} has no toxic levels in the table")
        if self.temperature is not None:
            low, high = 0.6 * of.boiling_k, of.critical_temperature_k.value - 1.0
            if self.phase != "gas" and not low < self.temperature < high:
                raise ValueError(
                    f"temperature: {of.name.en} is liquid between {low - 273.15:.0f} C and "
                    f"{high - 273.15:.0f} C"
                )
        if self.pressure is not None and self.phase != "liquid" and self.pressure <= P_ATM_PA:
            raise ValueError("pressure: is absolute and must be above 1.01325 bar to drive a leak")
        return self


def build(
    spec: ChemicalStorageSpec,
    source_xy: tuple[float, float],
    weather: Weather,
    library: PlumeLibrary | None = None,
) -> ToxicRelease:
    """Build the immutable release field of a spec at a place in a weather.

    `source_xy` metres east and north; `weather` already drawn for the replication. Plumes come
    from `library` (default: the process's own). ValueError when the contents stand under no
    pressure and would not come out.
    """
    of = substance(spec.substance)
    kept = library if library is not None else plume_library()
    outflow, source, feed = source_term(spec, of, weather)
    fast = expanded(outflow, spec.hole).speed_mps
    asked = weather.air()
    air = _held(asked)
    dense = neutral.is_dense(of, source, air)
    plumes, trouble = _plumes(kept, of, source, air, dense)
    dense = dense and not trouble
    ratio = feed / source.rate_kg_s
    held = spec.inventory / feed
    leak_s = held if spec.duration is None else min(spec.duration, held)
    emission = Emission((spec.start, spec.start + ratio * leak_s), (1.0,))
    release = ToxicRelease(
        of=of,
        source_xy=source_xy,
        weather=weather,
        source=source,
        emission=emission,
        plumes=plumes,
        dense=dense,
        feed_ratio=ratio,
    )
    reach = plumes.get(1.5, 600.0).distance_to(release.zone_level_ppm(2))
    warnings = ranges.release_warnings(source, asked, dense, reach, fast) + trouble
    error = 0.0
    screened: tuple[Provenance, ...] = ()
    if dense:
        screened = _screening(of, source, air, plumes)
        error = min(kept.measure(of, source, air), math.log(10.0))
        passive = neutral.steady_plume(of, source, air, 1.5, 600.0)
        warnings += ranges.low_warning(plumes.get(1.5, 600.0), passive, release.zone_level_ppm(2))
    figures = _figures(spec, of, outflow, source, error) + screened
    return replace(release, warnings=warnings, figures=figures)


def source_term(
    spec: ChemicalStorageSpec, of: Substance, weather: Weather
) -> tuple[Outflow, PlumeSource, float]:
    """Give the outflow through the hole, the airborne source it makes, and the feed, kg/s.

    A superheated liquid flashes and all its droplets stay airborne (no rain-out: an upper bound;
    chlorine and ammonia aerosols of such jets rain out little); a liquid below its boiling point
    makes an evaporating pool; a gas expands to ambient pressure.
    """
    temperature = spec.temperature if spec.temperature is not None else weather.temperature
    coefficient = spec.discharge_coefficient or COEFFICIENT[spec.phase][0]
    outflow = _outflow(spec, of, temperature, coefficient)
    if outflow.rate_kg_s <= 0.0:
        raise ValueError(
            f"{of.name.en} at {temperature - 273.15:.0f} C stands under no pressure: give "
            "`pressure` or `head`"
        )
    if spec.phase == "liquid" and temperature <= of.boiling_k:
        bund = None if spec.bund_diameter is None else 0.25 * math.pi * spec.bund_diameter**2
        spilled = spec.inventory
        if spec.duration is not None:
            spilled = min(spilled, outflow.rate_kg_s * spec.duration)
        pool = evaporating_pool(
            of, outflow.rate_kg_s, spilled, temperature, weather.wind_speed, bund
        )
        source = PlumeSource(
            "pool", pool.rate_kg_s, temperature, area_m2=pool.area_m2, height_m=0.0
        )
        return outflow, source, pool.feed_kg_s
    jet = expanded(flashed(of, outflow), spec.hole)
    source = PlumeSource(
        "jet",
        jet.rate_kg_s,
        max(jet.temperature_k, of.boiling_k),
        liquid_fraction=jet.liquid_fraction,
        speed_mps=ranges.held_jet(jet.speed_mps),
        height_m=spec.height,
    )
    return outflow, source, jet.rate_kg_s


def _outflow(
    spec: ChemicalStorageSpec, of: Substance, temperature_k: float, coefficient: float
) -> Outflow:
    critical = of.critical_temperature_k.value
    saturated = of.saturation_pressure_pa(temperature_k) if temperature_k < critical else None
    if spec.phase == "two-phase":
        return two_phase_pipe(spec.hole, of, temperature_k, coefficient)
    if spec.phase == "gas":
        pressure = spec.pressure if spec.pressure is not None else saturated
        if pressure is None:
            raise ValueError(f"{of.name.en} is above its critical point: give `pressure`")
        return gas_orifice(
            spec.hole,
            pressure,
            temperature_k,
            of.molar_mass,
            of.heat_capacity_ratio.value,
            coefficient,
        )
    density = of.liquid_density_kg_m3(temperature_k)
    pressure = spec.pressure if spec.pressure is not None else max(saturated or 0.0, P_ATM_PA)
    return liquid_orifice(
        spec.hole, pressure + density * GRAVITY * spec.head, density, temperature_k, coefficient
    )


def _held(air: Air) -> Air:
    """Give the air the models are run with: not below the calmest wind they were tested in."""
    calmest = ranges.held_wind(air.wind_mps)
    if calmest == air.wind_mps:
        return air
    return replace(air, wind_mps=calmest)


def _plumes(
    library: PlumeLibrary, of: Substance, source: PlumeSource, air: Air, dense: bool
) -> tuple[PlumeSet, tuple[Text, ...]]:
    """Give the plume getter, and a warning when SLAB has to be replaced by the Gaussian model."""

    def neutral_plume(z_m: float, averaging_s: float) -> Plume:
        return neutral.steady_plume(of, source, air, z_m, averaging_s)

    def library_plume(z_m: float, averaging_s: float) -> Plume:
        return library.plume(of, source, air, z_m, averaging_s)

    if not dense:
        return PlumeSet(neutral_plume), ()
    plumes = PlumeSet(library_plume)
    try:
        plumes.get(1.5, 600.0)
    except RuntimeError as why:
        return PlumeSet(neutral_plume), (text("range.solve", why=why),)
    return plumes, ()


def _screening(
    of: Substance, source: PlumeSource, air: Air, plumes: PlumeSet
) -> tuple[Provenance, ...]:
    """Give the Britter-McQuaid bound beside the model's own distance to 0.5 % of pure gas.

    The correlation knows neither roughness nor stability and was fitted over smooth ground, so it
    bounds from above; nothing where its range (alpha up to 1) ends.
    """
    density = of.gas_density_kg_m3(of.boiling_k)
    cloud = bm.HeavyCloud(
        density, air.density_kg_m3, air.wind_at(10.0), flow_m3_s=source.rate_kg_s / density
    )
    if cloud.reduced_gravity <= 0.0 or bm.plume_alpha(cloud) > 1.0:
        return ()
    own = plumes.get(0.0, 10.0).distance_to(1e6 * SCREENING_SHARE)
    bound = bm.distance_to(cloud, SCREENING_SHARE)
    return (
        Provenance("distance-to-half-a-percent", round(own, 1), "m", "SLAB, 10 s, ground", True),
        Provenance(
            "screening-bound-to-half-a-percent",
            round(bound, 1),
            "m",
            "Britter & McQuaid (1988), HSE CRR 17, without the cold correction",
            True,
        ),
    )


def _figures(
    spec: ChemicalStorageSpec, of: Substance, outflow: Outflow, source: PlumeSource, error: float
) -> tuple[Provenance, ...]:
    coefficient, low, high = COEFFICIENT[spec.phase]
    used = spec.discharge_coefficient or coefficient
    rows = [
        Provenance("outflow", round(outflow.rate_kg_s, 4), "kg/s", f"computed; {CCPS}", True),
        Provenance("airborne-rate", round(source.rate_kg_s, 4), "kg/s", f"computed; {CCPS}", True),
        Provenance("discharge-coefficient", used, "1", CCPS, False, low, high),
        Provenance(
            "along-wind-spread",
            ALONG_WIND,
            "u* t",
            "Hanna & Franzese (2000), J. Appl. Meteorol. 39:1700; half of data within factor 2",
            True,
            1.0,
            4.0,
        ),
        Provenance(
            "plume-interpolation-error",
            round(math.expm1(error), 4),
            "share",
            "measured at the middle of the bin against a fresh SLAB solution",
            True,
        ),
    ]
    if source.liquid_fraction > 0.0:
        rows.append(
            Provenance(
                "airborne-share",
                1.0,
                "1",
                "judgement: no rain-out of the flashing jet",
                False,
                0.5,
                1.0,
            )
        )
    if source.kind == "pool":
        rows.append(
            Provenance(
                "film-thickness",
                FILM_M,
                "m",
                "TNO Yellow Book (CPR 14E) sec. 3.5, from memory",
                False,
                0.005,
                0.02,
            )
        )
    return (*rows, *_substance_figures(of))


def _substance_figures(of: Substance) -> tuple[Provenance, ...]:
    """Give every figure of the substance with its source."""
    sources = substance_table().sources
    rows = [
        Provenance(
            name.replace("_", "-"),
            figure.value,
            name.rsplit("_", 1)[-1],
            sources[figure.source],
            figure.verified,
            figure.low,
            figure.high,
        )
        for name, figure in sorted(of.figures().items())
    ]
    if of.probit is not None:
        rows.append(
            Provenance(
                "probit-a",
                of.probit.a,
                "1",
                sources[of.probit.source],
                of.probit.verified,
                of.probit.a_low,
                of.probit.a_high,
            )
        )
    rows.append(Provenance("aegl", "table", "ppm", sources[of.aegl_source], of.aegl_verified))
    return tuple(rows)
