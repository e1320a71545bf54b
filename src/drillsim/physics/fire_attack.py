"""Water on a fire: how much it needs, what hose, pump and hydrant give, how high crews reach."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.data.room_fire import constant

Floats = NDArray[np.float64]

LPM_PER_GPM, M_PER_FT = 3.785411784, 0.3048
# Heating water from 10 C to steam at 100 C takes 2.6 MJ/kg.
WATER_MJ_KG = 2.6
G, WATER_KG_M3 = 9.80665, 1000.0


def nfa_flow_lpm(
    length_m: ArrayLike, width_m: ArrayLike, involved: ArrayLike, floors: ArrayLike = 1.0
) -> Any:
    """Give the flow a building fire needs, L/min: length x width / 3 gpm per ft2, by involvement.

    `involved` share of the area on fire in [0, 1], `floors` on fire; shapes that broadcast, a
    float for scalars. Exposures add a quarter each (not here). ValueError for a share outside.
    Range: offensive attack, to half of a building involved and 4,000 L/min.
    Source: US National Fire Academy formula.
    Verified: yes
    Test: tests/physics/test_fire_attack.py
    """
    share = np.asarray(involved, dtype=float)
    if np.any((share < 0.0) | (share > 1.0)):
        raise ValueError("the share involved must lie in [0, 1]")
    area_ft2 = np.asarray(length_m, dtype=float) * np.asarray(width_m, dtype=float) / M_PER_FT**2
    return (area_ft2 / 3.0 * share * np.asarray(floors, dtype=float) * LPM_PER_GPM)[()]


def iowa_flow_lpm(volume_m3: ArrayLike) -> Any:
    """Give the flow that darkens a closed room at once, L/min: cubic feet over 100, in gpm.

    `volume_m3` >= 0 any shape; a float for a scalar.
    Range: single closed rooms.
    Source: Royer & Nelson 1959, Iowa State University.
    Verified: yes
    Test: tests/physics/test_fire_attack.py
    """
    return (np.asarray(volume_m3, dtype=float) / M_PER_FT**3 / 100.0 * LPM_PER_GPM)[()]


def iso_flow_lpm(area_m2: float, factor: float = 1.0, occupancy: float = 1.0) -> float:
    """Give the flow a whole building needs for defence, L/min: 18 F sqrt(A) gpm, by occupancy.

    `factor` of construction (1.5 timber frame, 1.0 joisted masonry, 0.8 masonry, 0.6 fire
    resistive), `occupancy` 0.75 to 1.25; between 500 and 8,000 gpm. ValueError for no area.
    Range: buildings from 100 m2; hydrant planning, not the first attack.
    Source: ISO Fire Suppression Rating Schedule, needed fire flow.
    Verified: no (factors from memory; not rounded to 250 gpm as the schedule does)
    Test: tests/physics/test_fire_attack.py
    """
    if area_m2 <= 0.0:
        raise ValueError("a building has an area above 0 m2")
    gpm = 18.0 * factor * math.sqrt(area_m2 / M_PER_FT**2) * occupancy
    return min(max(gpm, 500.0), 8000.0) * LPM_PER_GPM


def tactical_flow_lpm(area_m2: ArrayLike, lpm_m2: float = 5.0) -> Any:
    """Give the flow crews put on a fire of an area, L/min: 4 to 6 L/min for each m2.

    `area_m2` >= 0 any shape; a float for a scalar.
    Range: fires of 50 to 600 m2 in buildings.
    Source: Grimwood 1999-2015, tactical flow rate.
    Verified: no (4 to 6 L/min m2)
    Test: tests/physics/test_fire_attack.py
    """
    return (np.asarray(area_m2, dtype=float) * lpm_m2)[()]


def absorbed_kw(flow_lpm: ArrayLike, efficiency: float | None = None) -> Any:
    """Give the heat that a flow of water takes up, kW: 2.6 MJ/kg times the share that evaporates.

    `flow_lpm` >= 0 any shape; `efficiency` in (0, 1], by default the table's 0.4; a float for a
    scalar. ValueError for an efficiency outside.
    Range: efficiency 0.2 (jet through a window) to 0.7 (fog in a room).
    Source: enthalpy of water and steam; Barnett 1990, Särdqvist 1998 for the efficiency.
    Verified: no (efficiency 0.2 to 0.7)
    Test: tests/physics/test_fire_attack.py
    """
    share = constant("water-efficiency") if efficiency is None else efficiency
    if not 0.0 < share <= 1.0:
        raise ValueError("the efficiency of water must lie in (0, 1]")
    return (np.asarray(flow_lpm, dtype=float) / 60.0 * WATER_MJ_KG * 1000.0 * share)[()]


def needed_flow_lpm(heat_kw: ArrayLike, efficiency: float | None = None) -> Any:
    """Give the flow that takes up a heat release, L/min; the inverse of `absorbed_kw`.

    Range: as `absorbed_kw`.
    Source: as `absorbed_kw`.
    Verified: no (efficiency 0.2 to 0.7)
    Test: tests/physics/test_fire_attack.py
    """
    return (np.asarray(heat_kw, dtype=float) / absorbed_kw(1.0, efficiency))[()]


def suppressed_kw(
    heat_kw: ArrayLike, free_kw: ArrayLike, flow_lpm: ArrayLike, dt_s: float
) -> Floats:
    """Carry burning rooms over a step under water: the heat release at its end, kW.

    `heat_kw` now, `free_kw` what the fire would give at the end of the step if nobody acted (its
    own growth or decay), `flow_lpm` onto it; shapes that broadcast; `dt_s` > 0. Water that takes
    up more than the fire gives (surplus) brings it down: dQ/dt = -(surplus) / `knockdown-s`; water
    that falls short only slows the growth by the share it takes up. Out stays out. Own rule.
    ValueError for `dt_s` <= 0.
    Range: interior attack with water on the seat; checked on knock-down in 1 to 3 min at twice the
      need.
    Source: heat balance; knock-down time after FireCARES, suppression U(60, 180) s.
    Verified: no (own rule; knock-down 30 to 240 s)
    Test: tests/physics/test_fire_attack.py
    """
    if dt_s <= 0.0:
        raise ValueError("a step must last longer than 0 s")
    heat, free = np.asarray(heat_kw, dtype=float), np.asarray(free_kw, dtype=float)
    taken = np.asarray(absorbed_kw(flow_lpm))
    growth = np.exp(dt_s / constant("knockdown-s"))
    # Exact for dQ/dt = (Q - A) / tau: below A it falls to nothing in a finite time.
    beaten = np.maximum(taken + (heat - taken) * growth, 0.0)
    share = np.clip(taken / np.maximum(heat, 1e-9), 0.0, 1.0)
    slowed = heat + np.maximum(free - heat, 0.0) * (1.0 - share)
    falling = np.minimum(free, heat)
    held = np.where(free > heat, slowed, falling)
    left = np.where(taken > heat, np.minimum(beaten, free), held)
    return np.asarray(np.where((heat <= 0.0) & (taken > 0.0), 0.0, left))


def knockdown_s(heat_kw: float, flow_lpm: float) -> float:
    """Give the time to bring a steady fire down with a flow, s; inf when the flow falls short.

    tau ln(A / (A - Q)) with A the heat taken up: the closed form of `suppressed_kw`.
    Range: as `suppressed_kw`.
    Source: as `suppressed_kw`.
    Verified: no (own rule; tau 30 to 240 s)
    Test: tests/physics/test_fire_attack.py
    """
    taken = float(absorbed_kw(flow_lpm))
    if taken <= heat_kw:
        return math.inf
    return constant("knockdown-s") * math.log(taken / (taken - heat_kw))


def hose_loss_pa(
    flow_lpm: ArrayLike, length_m: ArrayLike, bore_m: float, roughness: float | None = None
) -> Any:
    """Give the friction loss of a hose or pipe, Pa: Hazen-Williams.

    h = 10.67 L Q^1.852 / (C^1.852 d^4.87) m of water, Q in m3/s; `bore_m` inner diameter,
    `roughness` C (140 lined hose, 120 steel riser); shapes that broadcast, a float for scalars.
    ValueError for a bore of 0 or less.
    Range: water, 25 to 150 mm, 0.5 to 8 m/s.
    Source: Hazen & Williams; NFPA 13 ch. 28 in SI units.
    Verified: yes
    Test: tests/physics/test_fire_attack.py
    """
    if bore_m <= 0.0:
        raise ValueError("the bore of a hose must be above 0 m")
    c = constant("hose-roughness") if roughness is None else roughness
    flow = np.asarray(flow_lpm, dtype=float) / 60_000.0
    head = 10.67 * np.asarray(length_m, dtype=float) * (flow / c) ** 1.852 / bore_m**4.87
    return (head * WATER_KG_M3 * G)[()]


@dataclass(frozen=True, slots=True)
class Pump:
    """A pump by one rated point: `rated_lpm` at `rated_pa`, and its pressure at no flow.

    The curve is a parabola through both, p = shut - (shut - rated) (Q/Q_rated)^2, down to 0.
    Range: centrifugal pumps between no flow and 1.5 times the rated flow.
    Source: affinity of centrifugal pumps; EN 1028 classes.
    Verified: yes
    Test: tests/physics/test_fire_attack.py
    """

    rated_lpm: float = 2000.0
    rated_pa: float = 10e5
    shut_pa: float = 14e5

    def __post_init__(self) -> None:
        """Refuse a pump whose pressure does not fall with flow."""
        if not 0.0 < self.rated_pa < self.shut_pa or self.rated_lpm <= 0.0:
            raise ValueError("a pump gives less pressure at its rated flow than at none")

    def pressure_pa(self, flow_lpm: float) -> float:
        """Give the pressure at a flow, Pa."""
        fall = (self.shut_pa - self.rated_pa) * (flow_lpm / self.rated_lpm) ** 2
        return max(self.shut_pa - fall, 0.0)


def delivered_lpm(
    pump: Pump,
    hose_m: float,
    bore_m: float,
    lift_m: float,
    nozzle_lpm: float,
    nozzle_pa: float = 6e5,
    lines: int = 1,
) -> float:
    """Give what reaches the nozzles through a hose or riser, L/min; 0 when the pump is too weak.

    `lift_m` of the nozzles over the pump; each of `lines` nozzles passes `nozzle_lpm` at
    `nozzle_pa` and falls with the root of the pressure. The working point is where pump, friction
    (all water in one hose) and nozzles agree. ValueError for no line or nozzle.
    Range: one pump, one supply line.
    Source: hydraulics; pump classes as EN 1028 (FPN 10-2000).
    Verified: yes
    Test: tests/physics/test_fire_attack.py
    """
    if lines < 1 or nozzle_lpm <= 0.0 or nozzle_pa <= 0.0:
        raise ValueError("a line has at least one nozzle with a flow and a pressure")

    def surplus(flow: float) -> float:
        at_nozzle = nozzle_pa * (flow / (lines * nozzle_lpm)) ** 2
        lost = float(hose_loss_pa(flow, hose_m, bore_m)) + WATER_KG_M3 * G * lift_m
        return pump.pressure_pa(flow) - lost - at_nozzle

    if surplus(0.0) <= 0.0:
        return 0.0
    low, high = 0.0, 4.0 * max(pump.rated_lpm, lines * nozzle_lpm)
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if surplus(middle) > 0.0 else (low, middle)
    return low


def relay_spacing_m(pump: Pump, flow_lpm: float, bore_m: float, arrive_pa: float = 1e5) -> float:
    """Give how far apart pumps of a relay may stand, m, so that `arrive_pa` is left at the next.

    On level ground with one hose; 0 when the flow is beyond the pump.
    Range: as `hose_loss_pa`.
    Source: hydraulics.
    Verified: yes
    Test: tests/physics/test_fire_attack.py
    """
    spare = pump.pressure_pa(flow_lpm) - arrive_pa
    return max(spare, 0.0) / float(hose_loss_pa(flow_lpm, 1.0, bore_m))


def hydrant_lpm(tested_lpm: float, static_pa: float, tested_pa: float, residual_pa: float) -> float:
    """Give what a hydrant yields at a residual pressure, L/min: Q2 = Q1 (dp2 / dp1)^0.54.

    From a test at `tested_lpm` with `tested_pa` left of `static_pa`. ValueError unless the tested
    pressure lies below the static one; 0 for a residual at or above the static pressure.
    Range: street mains.
    Source: NFPA 291.
    Verified: yes
    Test: tests/physics/test_fire_attack.py
    """
    if tested_pa >= static_pa:
        raise ValueError("a test leaves less than the static pressure")
    drop = max(static_pa - residual_pa, 0.0)
    return float(tested_lpm * (drop / (static_pa - tested_pa)) ** 0.54)


def ladder_floor(
    ladder_m: float,
    setback_m: float,
    storey_m: float = 2.9,
    sill_m: float = 0.9,
    base_m: float = 2.0,
) -> int:
    """Give the highest floor whose window sill a ladder reaches (1 = ground); 0 for none.

    `ladder_m` extended, `setback_m` of its turntable from the wall, `base_m` of the turntable over
    the ground. What stands in the lane adds to the setback. ValueError for no storey height.
    Range: turntable ladders and platforms, 18 to 60 m.
    Source: geometry.
    Verified: yes
    Test: tests/physics/test_fire_attack.py
    """
    if storey_m <= 0.0:
        raise ValueError("a storey has a height above 0 m")
    if setback_m >= ladder_m:
        return 0
    top = base_m + math.sqrt(ladder_m**2 - max(setback_m, 0.0) ** 2)
    return max(math.floor((top - sill_m) / storey_m) + 1, 0)


def climb_s(floor: ArrayLike) -> Any:
    """Give the time of a crew up the stairs to a floor with its gear, s: 0.644 n^2 + 30.222 n.

    n = floor - 2, `floor` counted from 1 = ground and any shape; 0 up to the second floor; a float
    for a scalar.
    Range: to some 30 floors; NIST: fire lifts save 2 to 4 min at the tenth.
    Source: FireCARES, after NIST TN 1797.
    Verified: yes
    Test: tests/physics/test_fire_attack.py
    """
    n = np.maximum(np.asarray(floor, dtype=float) - 2.0, 0.0)
    return (0.644 * n**2 + 30.222 * n)[()]


def riser_fill_s(height_m: float, bore_m: float, flow_lpm: float) -> float:
    """Give the time to fill a dry riser up to an outlet, s.

    ValueError without flow.
    Range: dry risers.
    Source: volume of the pipe.
    Verified: yes
    Test: tests/physics/test_fire_attack.py
    """
    if flow_lpm <= 0.0:
        raise ValueError("a riser fills with a flow above 0 L/min")
    return math.pi / 4.0 * bore_m**2 * height_m * 60_000.0 / flow_lpm


def air_minutes(
    litres: float = 6.8, bar: float = 300.0, lpm: float = 55.0, kept: float = 0.25
) -> float:
    """Give how long a breathing set lasts until its wearer must turn back or be out, min.

    `litres` of the bottle at `bar`, `lpm` breathed at hard work, `kept` share in reserve.
    Range: 40 L/min light to 80 L/min on stairs.
    Source: ideal gas; consumption from fire service practice.
    Verified: no (40 to 80 L/min)
    Test: tests/physics/test_fire_attack.py
    """
    if lpm <= 0.0 or not 0.0 <= kept < 1.0:
        raise ValueError("breathing is above 0 L/min and the reserve a share below 1")
    return litres * bar * (1.0 - kept) / lpm
