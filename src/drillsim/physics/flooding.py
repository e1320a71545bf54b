"""A holed hull: inflow through the hole, sinkage, and the time until it sinks or settles.

A box-shaped hull settles level (no trim, no list) as one compartment floods; the head over the
hole is the sea outside against the water inside. The hull is lost when the flooded volume passes
a share of its reserve buoyancy (loss of stability before the deck goes under), or when nothing of
the reserve is left. A screening estimate for a drill, not a stability calculation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from drillsim.data.transport import transport

G = 9.80665


def hole_flow_m3_s(area_m2: float, head_m: float, discharge: float | None = None) -> float:
    """Give the flow through a hole under water, m3/s: Cd A sqrt(2 g h); 0 without head.

    `area_m2` of the hole, `head_m` outside over inside, `discharge` coefficient, 0.61 by default.
    ValueError for a negative area.

    Range: sharp-edged holes; torn plates 0.5 to 0.8
    Source: Torricelli, hydraulics textbooks; coefficient from memory
    Verified: no (coefficient from memory, 0.5 to 0.8)
    Test: tests/physics/test_flooding.py
    """
    if area_m2 < 0.0:
        raise ValueError("the area of a hole must be 0 m2 or more")
    coefficient = transport().hull.discharge.value if discharge is None else discharge
    return coefficient * area_m2 * math.sqrt(2.0 * G * max(head_m, 0.0))


@dataclass(frozen=True, slots=True)
class HullBox:
    """A box-shaped hull: length, breadth, depth to the deck, mean draught, m; block coefficient.

    ValueError for sizes that are not above zero or a draught that is not below the depth.

    Range: barges and coasters, block coefficient 0.7 to 0.95
    Source: ship's papers or scenario
    Verified: yes (a definition)
    Test: tests/physics/test_flooding.py
    """

    length_m: float
    breadth_m: float
    depth_m: float
    draught_m: float
    block: float = 0.9

    def __post_init__(self) -> None:
        if min(self.length_m, self.breadth_m, self.depth_m, self.draught_m, self.block) <= 0.0:
            raise ValueError("the sizes of a hull must be above 0")
        if self.draught_m >= self.depth_m:
            raise ValueError("the draught must be below the depth to the deck")

    @property
    def plane_m2(self) -> float:
        """Water-plane area, m2."""
        return self.length_m * self.breadth_m * self.block

    @property
    def reserve_m3(self) -> float:
        """Reserve buoyancy: volume between the waterline and the deck, m3."""
        return self.plane_m2 * (self.depth_m - self.draught_m)


@dataclass(frozen=True, slots=True)
class Breach:
    """A hole into one compartment: area m2, depth of its middle under water m, room m3, floor m2.

    `floor_m2` is the compartment's plan area, `permeability` the share of it that water fills.

    Range: one compartment; a second one is a second breach of a sunk hull
    Source: scenario; permeability 0.6 (cargo) to 0.95 (empty)
    Verified: no (permeability is a choice)
    Test: tests/physics/test_flooding.py
    """

    area_m2: float
    under_m: float
    room_m3: float
    floor_m2: float
    permeability: float = 0.95


@dataclass(frozen=True, slots=True)
class Flooding:
    """How it ends: time to sink, s (inf: it floats), water taken, m3, sinkage, m, and when settled.

    Range: as `flood`
    Source: as `flood`
    Verified: yes (reading of the balance)
    Test: tests/physics/test_flooding.py
    """

    sinks_s: float
    water_m3: float
    sinkage_m: float
    settled_s: float


def flood(
    hull: HullBox,
    breach: Breach,
    pump_m3_s: float = 0.0,
    horizon_s: float = 86_400.0,
    step_s: float = 1.0,
) -> Flooding:
    """Follow the flooding of a hull in small steps.

    Outside head: depth of the hole plus sinkage; inside: the water standing over the hole, the
    compartment's bottom being level with the keel. Pumps take `pump_m3_s` while there is water.
    Lost when the water passes 85 % of the reserve buoyancy; settled when inflow and pumps
    balance, the compartment is full, or levels are equal. ValueError for a pump, horizon or step
    out of range.

    Range: minutes to a day; steps of 1 s
    Source: mass balance with `hole_flow_m3_s`; reserve-buoyancy limit is judgement
    Verified: no (limit 60 to 100 % of the reserve; box hull, level sinkage)
    Test: tests/physics/test_flooding.py
    """
    if pump_m3_s < 0.0 or horizon_s <= 0.0 or step_s <= 0.0:
        raise ValueError("pump must be 0 or more, horizon and step above 0")
    limit = hull.reserve_m3 * transport().hull.reserve_share.value
    room = breach.room_m3 * breach.permeability
    floor = breach.floor_m2 * breach.permeability
    keel_to_hole = hull.draught_m - breach.under_m
    water, now = 0.0, 0.0
    while now < horizon_s:
        sinkage = water / hull.plane_m2
        inside = max(water / floor - keel_to_hole, 0.0)
        head = breach.under_m + sinkage - inside
        entering = hole_flow_m3_s(breach.area_m2, head) if water < room else 0.0
        change = entering - (pump_m3_s if water > 0.0 else min(pump_m3_s, entering))
        after = min(max(water + change * step_s, 0.0), room)
        if after >= limit:
            part = (limit - water) / max(after - water, 1e-12)
            return Flooding(now + part * step_s, limit, limit / hull.plane_m2, math.inf)
        if abs(after - water) < 1e-7 * step_s * max(breach.area_m2, 1e-6):
            return Flooding(math.inf, after, after / hull.plane_m2, now)
        water, now = after, now + step_s
    return Flooding(math.inf, water, water / hull.plane_m2, math.inf)


def filling_time_s(
    area_m2: float, floor_m2: float, head_m: float, discharge: float | None = None
) -> float:
    """Give the time in which a compartment rises to the level outside, s.

    t = 2 A_floor sqrt(h) / (Cd A sqrt(2 g)): outside level held, hole at the compartment's floor.
    ValueError for an area or head that is not above zero.

    Range: large hulls, whose sinkage is small
    Source: Torricelli, integrated
    Verified: yes (closed form; the stepped solution meets it in the test)
    Test: tests/physics/test_flooding.py
    """
    if area_m2 <= 0.0 or floor_m2 <= 0.0 or head_m <= 0.0:
        raise ValueError("areas and head must be above 0")
    return 2.0 * floor_m2 * head_m / hole_flow_m3_s(area_m2, head_m, discharge)
