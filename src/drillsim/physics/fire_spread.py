"""How fire gets on: by radiation, from thing to thing, through barriers, up a wall, along rows."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.data.room_fire import IgnitionRow, constant, room_fire
from drillsim.physics.design_fire import DesignFire

Floats = NDArray[np.float64]
Side = Literal["down", "across", "up"]

# Emitted by the openings of a burning building (reduced and normal fire load), and what may fall
# on the face of another, W/m2: BR 187.
EMITTED_LOW_W_M2, EMITTED_W_M2, CRITICAL_W_M2 = 84_000.0, 168_000.0, 12_600.0


def centre_factor(x: ArrayLike, y: ArrayLike) -> Any:
    """Give the share of a rectangle's radiation that falls on a point facing its centre.

    `x` = width / (2 distance) and `y` = height / (2 distance), >= 0, shapes that broadcast; 0 to 1,
    a float for scalars.
    Range: parallel faces.
    Source: BR 187 appendix A, eq. A3.
    Verified: yes
    Test: tests/physics/test_fire_spread.py
    """
    return (4.0 * _corner(np.asarray(x, dtype=float), np.asarray(y, dtype=float)))[()]


def rectangle_factor(
    left_m: ArrayLike, right_m: ArrayLike, below_m: ArrayLike, above_m: ArrayLike, gap_m: ArrayLike
) -> Any:
    """Give the share of a rectangle's radiation that falls on a point opposite to any place.

    Edges measured from the foot of the perpendicular: `left_m` and `right_m` along, `below_m` and
    `above_m` up (left < right, below < above; negative on the other side); `gap_m` > 0; shapes
    that broadcast, a float for scalars. ValueError for no gap.
    Range: parallel faces.
    Source: BR 187 appendix A, superposition of corners.
    Verified: yes
    Test: tests/physics/test_fire_spread.py
    """
    gap = np.asarray(gap_m, dtype=float)
    if np.any(gap <= 0.0):
        raise ValueError("the gap between two faces must be above 0 m")
    left, right, low, top = (
        np.asarray(v, dtype=float) / gap for v in (left_m, right_m, below_m, above_m)
    )
    whole = _corner(right, top) - _corner(left, top) - _corner(right, low) + _corner(left, low)
    return whole[()]


def received_w_m2(
    width_m: float, height_m: float, gap_m: ArrayLike, emitted_w_m2: float, open_share: float = 1.0
) -> Any:
    """Give the flux on a face opposite to the middle of a burning face, W/m2.

    `open_share` of the face that is windows and burns through, in [0, 1]; `gap_m` > 0 any shape, a
    float for a scalar. ValueError for no gap or a share outside.
    Range: fully developed fire; flames out of windows are not added.
    Source: BR 187 (84 and 168 kW/m2).
    Verified: no (emissive powers from memory)
    Test: tests/physics/test_fire_spread.py
    """
    if not 0.0 <= open_share <= 1.0:
        raise ValueError("the open share of a face must lie in [0, 1]")
    half, high = 0.5 * width_m, 0.5 * height_m
    return rectangle_factor(-half, half, -high, high, gap_m) * emitted_w_m2 * open_share


def safe_gap_m(
    width_m: float,
    height_m: float,
    emitted_w_m2: float = EMITTED_W_M2,
    open_share: float = 1.0,
    critical_w_m2: float = CRITICAL_W_M2,
) -> float:
    """Give the gap from which a burning face cannot light the opposite one with a pilot, m.

    The boundary of BR 187 lies at half of it. 0 when even contact gives less.
    Range: as `received_w_m2`.
    Source: BR 187 (12.6 kW/m2).
    Verified: no (as `received_w_m2`)
    Test: tests/physics/test_fire_spread.py
    """
    if emitted_w_m2 * open_share <= critical_w_m2:
        return 0.0
    low, high = 1e-3, 100.0 * max(width_m, height_m, 1.0)
    for _ in range(80):
        middle = math.sqrt(low * high)
        flux = received_w_m2(width_m, height_m, middle, emitted_w_m2, open_share)
        low, high = (middle, high) if flux > critical_w_m2 else (low, middle)
    return high


def ignition_thin_s(
    density_kg_m3: float,
    heat_j_kgk: float,
    thickness_m: float,
    ignition_k: float,
    start_k: float,
    flux_w_m2: float,
) -> float:
    """Give the time to ignition of a thin sheet, s: rho c d (T_ig - T_0) / q. ValueError: no flux.

    Range: sheets to some 2 mm.
    Source: Drysdale, Introduction to Fire Dynamics, eq. 6.33.
    Verified: yes
    Test: tests/physics/test_fire_spread.py
    """
    if flux_w_m2 <= 0.0:
        raise ValueError("the flux that heats must be above 0 W/m2")
    return density_kg_m3 * heat_j_kgk * thickness_m * (ignition_k - start_k) / flux_w_m2


def ignition_thick_s(
    inertia: ArrayLike, ignition_k: ArrayLike, start_k: float, flux_w_m2: ArrayLike
) -> Any:
    """Give the time to ignition of a thick solid, s: pi/4 k rho c ((T_ig - T_0) / q)^2.

    `inertia` k rho c in W2 s/(m4 K2), `flux_w_m2` net, shapes that broadcast; inf for no flux; a
    float for scalars.
    Range: solids thicker than 2 sqrt(a t); fluxes well above the critical one.
    Source: Drysdale, Introduction to Fire Dynamics, eq. 6.32; Carslaw & Jaeger.
    Verified: yes
    Test: tests/physics/test_fire_spread.py
    """
    flux = np.maximum(np.asarray(flux_w_m2, dtype=float), 1e-30)
    warm = np.asarray(ignition_k, dtype=float) - start_k
    time = math.pi / 4.0 * np.asarray(inertia, dtype=float) * (warm / flux) ** 2
    return np.where(np.asarray(flux_w_m2, dtype=float) > 0.0, time, np.inf)[()]


def ignites_s(material: str, flux_w_m2: ArrayLike, start_k: float = 293.15) -> Any:
    """Give the time until a material of the table catches fire under a steady flux, s.

    `material`: timber, fabric, plastic (KeyError otherwise); inf below its critical flux; a float
    for a scalar.
    Range: piloted ignition, to 60 kW/m2.
    Source: `ignition_thick_s`; rows of the table, BR 187 for timber.
    Verified: no (material figures +-50 %)
    Test: tests/physics/test_fire_spread.py
    """
    row = room_fire().ignition[material]
    flux = np.asarray(flux_w_m2, dtype=float)
    time = ignition_thick_s(row.inertia, row.ignition_k, start_k, flux)
    return np.where(flux >= row.critical_w_m2, time, np.inf)[()]


def item_ignitions_s(
    places_m: ArrayLike,
    first: int,
    fire: DesignFire,
    material: str = "plastic",
    horizon_s: float = 3600.0,
    radiant_share: float = 0.35,
    start_k: float = 293.15,
) -> Floats:
    """Give when each of many equal things catches fire after the first, s; inf for never.

    `places_m` (n, 2) of their middles, `first` the index that burns at 0. Each burning thing is a
    point source of `radiant_share` of its heat; a thing ignites when its face, a thick solid under
    the flux of all, reaches the ignition temperature and the flux the critical one. Things closer
    than 0.3 m count as 0.3 m apart; flame contact, burning tyres on the ground and a low ceiling
    would be faster, so these times are an upper bound. ValueError for an index outside.
    Range: furniture, parked e-bikes; to some 100 things.
    Source: point source, SFPE Handbook; superposition of Carslaw & Jaeger's thick solid.
    Verified: no (material and fire figures)
    Test: tests/physics/test_fire_spread.py
    """
    places = np.asarray(places_m, dtype=float)
    if not 0 <= first < len(places):
        raise ValueError(f"there is no thing number {first} among {len(places)}")
    row: IgnitionRow = room_fire().ignition[material]
    apart = np.linalg.norm(places[:, None] - places[None], axis=-1)
    share = radiant_share * 1000.0 / (4.0 * math.pi * np.maximum(apart, 0.3) ** 2)
    np.fill_diagonal(share, 0.0)
    dt = 5.0
    steps = max(math.ceil(horizon_s / dt), 1)
    ages = np.arange(steps + 1)[::-1] * dt
    # Mean of 1/sqrt over each step, exact at the present one.
    kernel = 2.0 * (np.sqrt(ages[:-1]) - np.sqrt(ages[1:])) / math.sqrt(math.pi * row.inertia)
    ignited = np.full(len(places), np.inf)
    ignited[first] = 0.0
    flux = np.zeros((steps, len(places)))
    for step in range(steps):
        now = (step + 1) * dt
        alight = np.isfinite(ignited)
        flux[step] = share[:, alight] @ fire.heat_kw(now - 0.5 * dt - ignited[alight])
        if alight.all():
            break
        rise = kernel[steps - step - 1 :] @ flux[: step + 1]
        hot = (start_k + rise >= row.ignition_k) & (flux[step] >= row.critical_w_m2)
        ignited = np.where(hot & ~alight, now, ignited)
    return ignited


def barrier_s(name: str, is_open: bool = False) -> float:
    """Give how long a barrier holds a fully developed fire after flashover, s; 0 when open.

    `name` of the table: timber-door, steel-door, fire-door, concrete-slab, brick-wall,
    timber-wall, window; KeyError otherwise.
    Range: standard fire; a furnace minute for a minute of flashed-over room.
    Source: the table's rows (GB 12955, GB 50016, judgement).
    Verified: no (ranges in the table)
    Test: tests/physics/test_fire_spread.py
    """
    return 0.0 if is_open else room_fire().barriers[name].minutes.value * 60.0


def earliest_s(start_s: ArrayLike, delay_s: ArrayLike) -> Floats:
    """Give when fire reaches each room, house or thing by the quickest way, s; inf for never.

    `start_s` (n,) of fires that start by themselves (inf elsewhere), `delay_s` (n, n) from row to
    column after the row is alight, inf where nothing leads. ValueError for a negative delay.
    Range: delays that do not depend on how many neighbours burn.
    Source: shortest paths (Bellman-Ford).
    Verified: yes
    Test: tests/physics/test_fire_spread.py
    """
    times, delay = np.asarray(start_s, dtype=float).copy(), np.asarray(delay_s, dtype=float)
    if np.any(delay < 0.0):
        raise ValueError("fire takes at least 0 s from one place to the next")
    for _ in range(times.size):
        sooner = np.minimum(times, (times[:, None] + delay).min(axis=0))
        if np.array_equal(sooner, times):
            break
        times = sooner
    return times


def window_flame_m(outside_kw: ArrayLike, width_m: float, height_m: float) -> Any:
    """Give how high a flame stands over the head of a window, m: 1.9 (Q/w)^(2/3) - h, Q in MW.

    `outside_kw` the whole heat release of the room after flashover, any shape; at least 0; a float
    for a scalar. ValueError for no width.
    Range: no through draught; windows, not doors to a corridor.
    Source: EN 1991-1-2 annex B (B.7), after Law & O'Brien 1981.
    Verified: no (from memory)
    Test: tests/physics/test_fire_spread.py
    """
    if width_m <= 0.0:
        raise ValueError("a window has a width above 0 m")
    heat = np.maximum(np.asarray(outside_kw, dtype=float), 0.0) / 1000.0
    return np.maximum(1.9 * (heat / width_m) ** (2 / 3) - height_m, 0.0)[()]


def facade_s(
    floors: int, start_floor: int, flame_m: float, spandrel_m: float, combustible: bool
) -> Floats:
    """Give when fire enters each storey by the facade after flashover below, s; inf for never.

    (floors,) from the ground up, 0 at `start_floor` (index from 0), inf below it. On plain walls
    the flame must reach over `spandrel_m` to the next window, which then takes `facade-storey-s`
    to break and light the room behind; combustible insulation carries it in `cladding-storey-s` a
    storey. Downward spread by falling pieces is not in it. ValueError for a floor outside.
    Range: residential facades.
    Source: judgement from facade fires; flame height after EN 1991-1-2.
    Verified: no (240 to 1,200 s and 20 to 180 s a storey)
    Test: tests/physics/test_fire_spread.py
    """
    if not 0 <= start_floor < floors:
        raise ValueError(f"there is no floor {start_floor} among {floors}")
    above = np.arange(floors, dtype=float) - start_floor
    if combustible:
        a_storey = constant("cladding-storey-s")
    else:
        a_storey = constant("facade-storey-s") if flame_m >= spandrel_m else math.inf
    climb = np.where(above > 0.0, above, 1.0) * a_storey
    return np.asarray(np.where(above < 0.0, np.inf, np.where(above == 0.0, 0.0, climb)))


def hamada_s(
    side_m: ArrayLike,
    gap_m: ArrayLike,
    wind_mps: ArrayLike,
    fire_resistant: ArrayLike = 0.0,
    way: Side = "down",
) -> Any:
    """Give the time from a house alight to the next one alight, s.

    `side_m` of a house, `gap_m` between houses, `fire_resistant` share of houses in [0, 1],
    broadcast; `way` with the wind, across or against it; a float for scalars. ValueError for a
    negative size.
    Range: dense low houses of wood or mortar in Japan, winds to 15 m/s.
    Source: Hamada 1951, in the form of firebench.
    Verified: no (secondary source; treat as a trend)
    Test: tests/physics/test_fire_spread.py
    """
    side, gap, wind, hard = (
        np.asarray(v, float) for v in (side_m, gap_m, wind_mps, fire_resistant)
    )
    if np.any(side < 0.0) or np.any(gap < 0.0) or np.any(wind < 0.0):
        raise ValueError("sizes and wind must be at least 0")
    reach, quick = {
        "down": (25.0 + 2.5 * wind, 1.5 * (1.0 + 0.1 * wind + 0.007 * wind**2)),
        "across": (5.0 + 0.25 * wind, 1.0 + 0.005 * wind**2),
        "up": (5.0 + 0.2 * wind, 1.0 + 0.002 * wind**2),
    }[way]
    soft = 3.0 + 0.375 * side + 8.0 * gap / reach
    firm = 5.0 + 0.625 * side + 16.0 * gap / reach
    return (60.0 * ((1.0 - hard) * soft + hard * firm) / quick)[()]


def house_delays_s(
    places_m: ArrayLike,
    side_m: float,
    wind_mps: float,
    wind_to_deg: float,
    fire_resistant: float = 0.0,
    reach_m: float = 12.0,
) -> Floats:
    """Give the delays of fire between the houses of a quarter, (n, n) s, for `earliest_s`.

    `places_m` (n, 2) middles, m east and north; `wind_to_deg` clockwise from north that the wind
    blows to; gaps beyond `reach_m` are not crossed. Hamada's times with, across and against the
    wind, joined by an ellipse in between.
    Range: as `hamada_s`; no brands.
    Source: Hamada 1951; ellipse as in firebench.
    Verified: no (as `hamada_s`)
    Test: tests/physics/test_fire_spread.py
    """
    places = np.asarray(places_m, dtype=float)
    step = places[None] - places[:, None]
    far = np.linalg.norm(step, axis=-1)
    gap = np.maximum(far - side_m, 0.0)
    down, across, up = (
        hamada_s(side_m, gap, wind_mps, fire_resistant, way) for way in ("down", "across", "up")
    )  # fmt: skip
    angle = math.radians(wind_to_deg)
    along = step @ np.array([math.sin(angle), math.cos(angle)]) / np.maximum(far, 1e-9)
    ahead = np.where(along >= 0.0, down, up)
    delay = np.sqrt((ahead * along) ** 2 + across**2 * (1.0 - along**2))
    np.fill_diagonal(delay, np.inf)
    return np.asarray(np.where(gap > reach_m, np.inf, delay))


def _corner(x: Floats, y: Floats) -> Floats:
    """Give the configuration factor of a rectangle with one corner at the foot; odd in x and y."""
    a, b = np.sqrt(1.0 + x * x), np.sqrt(1.0 + y * y)
    return np.asarray((x / a * np.arctan(y / a) + y / b * np.arctan(x / b)) / (2.0 * math.pi))
