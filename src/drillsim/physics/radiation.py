"""Thermal radiation: what the air lets through, and view factors of flames of simple shape."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

PA_PER_MMHG = 133.322
# CO2 of the air in which the correlation of Wayne (1991) was made; scaled by the ratio to it.
WAYNE_CO2_PPM = 335.0
# Below this water path (g/m2) the quadratic of Wayne turns down again; held there.
LEAST_WATER = 10.0**-0.247


def saturation_vapour_pa(temperature_k: ArrayLike) -> Floats:
    """Give the saturation pressure of water vapour over water, Pa.

    Buck's fit 611.21 exp((18.678 - t/234.5) t/(257.14 + t)), t in C. `temperature_k` scalar or
    array. ValueError outside 233 to 333 K.

    Range: 233 to 333 K, within 0.1 %
    Source: Buck (1996), Research CR-1A User's Manual, app. 1, from memory
    Verified: yes (2339 Pa at 20 C and 611 Pa at 0 C, steam tables)
    Test: tests/physics/test_radiation.py
    """
    kelvin = np.asarray(temperature_k, dtype=float)
    if np.any((kelvin < 233.0) | (kelvin > 333.0)):
        raise ValueError("air temperature must lie in 233 to 333 K")
    t = kelvin - 273.15
    return np.asarray(611.21 * np.exp((18.678 - t / 234.5) * t / (257.14 + t)))


def vapour_pressure_pa(temperature_k: ArrayLike, humidity: ArrayLike) -> Floats:
    """Give the partial pressure of water vapour in air, Pa.

    `temperature_k` of the air; `humidity` relative, a share in [0, 1], else ValueError.

    Range: 233 to 333 K
    Source: definition of relative humidity
    Verified: yes
    Test: tests/physics/test_radiation.py
    """
    share = np.asarray(humidity, dtype=float)
    if np.any((share < 0.0) | (share > 1.0)):
        raise ValueError("relative humidity is a share in [0, 1]")
    return np.asarray(share * saturation_vapour_pa(temperature_k))


def transmissivity(
    dist_m: ArrayLike,
    temperature_k: ArrayLike = 293.15,
    humidity: ArrayLike = 0.5,
    co2_ppm: float = WAYNE_CO2_PPM,
) -> Floats:
    """Give the share of a flame's radiation that the air lets through, in [0, 1].

    tau = 1.006 - 0.01171 lg h - 0.02368 lg^2 h - 0.03188 lg c + 0.001164 lg^2 c, with h the water
    (g/m2) and c the air reduced to 273 K (m) on the path. `dist_m` > 0 from the flame's surface,
    air temperature, humidity as a share, `co2_ppm`; broadcast. Clipped to [0, 1]: within some
    metres it is 1. ValueError for a distance below 0.

    Range: 10 to 1000 m, 253 to 303 K
    Source: Wayne (1991), J. Loss Prev. Process Ind. 4:86-92, as in Hankinson & Lowesmith (2012)
    Verified: yes (eleven of twelve printed values within 1.1 %, 0.47 at 303 K, 1000 m is 0.460)
    Test: tests/physics/test_radiation.py
    """
    path = np.asarray(dist_m, dtype=float)
    if np.any(path < 0.0):
        raise ValueError("a path through air must be 0 m or longer")
    if co2_ppm <= 0.0:
        raise ValueError("CO2 of the air must be above 0 ppm")
    kelvin = np.asarray(temperature_k, dtype=float)
    mmhg = vapour_pressure_pa(kelvin, humidity) / PA_PER_MMHG
    water = np.log10(np.maximum(path * mmhg * 288.651 / kelvin, LEAST_WATER))
    carbon = np.log10(np.maximum(path * 273.0 / kelvin * co2_ppm / WAYNE_CO2_PPM, 1e-6))
    tau = 1.006 - 0.01171 * water - 0.02368 * water**2 - 0.03188 * carbon + 0.001164 * carbon**2
    return np.asarray(np.clip(tau, 0.0, 1.0))


def transmissivity_tno(dist_m: ArrayLike, vapour_pa: ArrayLike) -> Floats:
    """Give the transmissivity by the short form 2.02 (pw x)^-0.09, held at 1.

    `dist_m` >= 0, `vapour_pa` partial pressure of water vapour >= 0; broadcast. It knows no CO2
    and lies 10 to 45 % above `transmissivity` in dry or cold air: use that one; this is here to
    compare with studies made by the Yellow Book.

    Range: 1e4 < pw x < 1e5 Pa m
    Source: TNO Yellow Book (CPR 14E, 1997) ch. 6, after Bagster & Pitblado (1989), from memory
    Verified: no (equation from memory; exponent 0.08 to 0.10)
    Test: tests/physics/test_radiation.py
    """
    load = np.asarray(dist_m, dtype=float) * np.asarray(vapour_pa, dtype=float)
    if np.any(load < 0.0):
        raise ValueError("distance and vapour pressure must not be negative")
    return np.asarray(np.minimum(1.0, 2.02 * np.maximum(load, 1e-9) ** -0.09))


def point_source_w_m2(
    power_w: ArrayLike, radiated: ArrayLike, dist_m: ArrayLike, tau: ArrayLike = 1.0
) -> Floats:
    """Give the flux on a surface that faces a point source, W/m2: tau chi Q / (4 pi r^2).

    `power_w` heat released >= 0, `radiated` its radiated share in [0, 1], `dist_m` > 0 from the
    point, `tau` transmissivity; broadcast.

    Range: beyond about 5 flame radii; an upper bound nearer
    Source: NUREG-1805 (2004) sec. 5.3.1
    Verified: yes (750 kW, 0.3, 2.5 m: 2.864789 kW/m2)
    Test: tests/physics/test_radiation.py
    """
    distance = np.asarray(dist_m, dtype=float)
    if np.any(distance <= 0.0):
        raise ValueError("a point source needs a distance above 0 m")
    share = np.asarray(radiated, dtype=float)
    if np.any((share < 0.0) | (share > 1.0)):
        raise ValueError("the radiated fraction is a share in [0, 1]")
    power = np.asarray(power_w, dtype=float) * share * np.asarray(tau, dtype=float)
    return np.asarray(power / (4.0 * math.pi * distance**2))


class Factors(NamedTuple):
    """View factors of a receiver at the flame's foot: upright, lying, and turned to the most.

    Range: 0 to 1
    Source: definition of the configuration factor
    Verified: yes
    Test: tests/physics/test_radiation.py
    """

    vertical: Floats
    horizontal: Floats
    maximum: Floats


def _beyond(dist_m: ArrayLike, radius_m: float, length_m: float) -> tuple[Floats, float]:
    if radius_m <= 0.0 or length_m <= 0.0:
        raise ValueError("a cylinder needs a radius and a length above 0 m")
    b = np.asarray(dist_m, dtype=float) / radius_m
    if np.any(b <= 1.0):
        raise ValueError("the receiver must stand outside the cylinder")
    return b, length_m / radius_m


def cylinder_factors(dist_m: ArrayLike, radius_m: float, height_m: float) -> Factors:
    """Give the view factors of an upright cylinder from a place level with its foot.

    `dist_m` from the axis, above the radius (else ValueError); `radius_m`, `height_m` > 0. For a
    receiver at another height add (between foot and top) or subtract cylinders.

    Range: dist > radius
    Source: Mudan (1984), Prog. Energy Combust. Sci. 10:59-80; Beyler, SFPE Handbook ch. 66
    Verified: yes (height 6, radius 1, distance 3: 0.16378542, 0.09571567)
    Test: tests/physics/test_radiation.py
    """
    return tilted_cylinder_factors(dist_m, radius_m, height_m, 0.0)


def tilted_cylinder_factors(
    dist_m: ArrayLike, radius_m: float, length_m: float, tilt_rad: float
) -> Factors:
    """Give the view factors of a tilted cylinder from a place in the plane of the tilt.

    `dist_m` from the centre of its foot, above the radius; `length_m` along the tilted axis;
    horizontal cross-sections are circles. `tilt_rad` from the vertical, positive towards the
    receiver, within +-80 degrees. ValueError for a place below the leaning flame, where the form
    has no meaning; `flame_factor` holds there too.

    Range: dist > radius and dist > length sin(tilt) + radius
    Source: Mudan (1987), Fire Safety J. 12:19-28; Beyler, SFPE Handbook (2016) eq. 66.36-66.37
    Verified: yes (against integration over the surface, within 1e-3)
    Test: tests/physics/test_radiation.py
    """
    b, a = _beyond(dist_m, radius_m, length_m)
    if abs(tilt_rad) > math.radians(80.0):
        raise ValueError("tilt must lie within 80 degrees of the vertical")
    sin, cos = math.sin(tilt_rad), math.cos(tilt_rad)
    if np.any(b <= a * sin + 1.0):
        raise ValueError("the place lies below the leaning flame")
    outer = np.sqrt(a**2 + (b + 1.0) ** 2 - 2.0 * a * (b + 1.0) * sin)
    inner = np.sqrt(a**2 + (b - 1.0) ** 2 - 2.0 * a * (b - 1.0) * sin)
    c = np.sqrt(1.0 + (b**2 - 1.0) * cos**2)
    d = np.sqrt((b - 1.0) / (b + 1.0))
    e = a * cos / (b - a * sin)
    f = np.sqrt(b**2 - 1.0)
    far = np.arctan(outer * d / inner) / (outer * inner)
    side = np.arctan((a * b - f**2 * sin) / (f * c)) + np.arctan(f * sin / c)
    upright = (
        -e * np.arctan(d)
        + e * (a**2 + (b + 1.0) ** 2 - 2.0 * b * (1.0 + a * sin)) * far
        + cos / c * side
    ) / math.pi
    lying = (
        np.arctan(1.0 / d)
        - (a**2 + (b + 1.0) ** 2 - 2.0 * (b + 1.0 + a * b * sin)) * far
        + sin / c * side
    ) / math.pi
    return Factors(np.asarray(upright), np.asarray(lying), np.asarray(np.hypot(upright, lying)))


def rectangle_factor(x: ArrayLike, y: ArrayLike) -> Floats:
    """Give the view factor of a rectangle from a place facing its centre, planes parallel.

    phi = 2/pi [X/sqrt(1+X2) atan(Y/sqrt(1+X2)) + Y/sqrt(1+Y2) atan(X/sqrt(1+Y2))] with X the half
    width and Y the half height of the radiator, each divided by the distance; both >= 0.

    Range: all
    Source: BRE Report BR187 (2014) app. A; Howell, Catalog of Configuration Factors, B-3
    Verified: yes (X 0.2, Y 0.1: 0.0246474313)
    Test: tests/physics/test_radiation.py
    """
    return np.asarray(4.0 * corner_factor(x, y))


def corner_factor(x: ArrayLike, y: ArrayLike) -> Floats:
    """Give the view factor of a rectangle from a place facing one of its corners, parallel.

    `x` width and `y` height of the rectangle, each divided by the distance. Rectangles that do
    not reach the foot of the perpendicular follow by adding and subtracting; factors are odd in
    `x` and in `y`, so signed corners may simply be summed.

    Range: all
    Source: Howell, Catalog of Configuration Factors, B-3
    Verified: yes (a quarter of `rectangle_factor`)
    Test: tests/physics/test_radiation.py
    """
    width, height = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    wide, high = np.sqrt(1.0 + width**2), np.sqrt(1.0 + height**2)
    both = width / wide * np.arctan(height / wide) + height / high * np.arctan(width / high)
    return np.asarray(both / (2.0 * math.pi))


def perpendicular_factor(x: ArrayLike, y: ArrayLike) -> Floats:
    """Give the view factor of a rectangle from a place at its edge, planes at a right angle.

    The receiver looks along the rectangle's height `y`, from opposite the corner; `x` is the
    width; both divided by the distance from the rectangle's plane, both >= 0.

    Range: all
    Source: Howell, Catalog of Configuration Factors, B-4; BR187 (2014) app. A
    Verified: yes (against integration over the rectangle, within 1e-4)
    Test: tests/physics/test_radiation.py
    """
    width, height = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    high = np.sqrt(1.0 + height**2)
    return np.asarray((np.arctan(width) - np.arctan(width / high) / high) / (2.0 * math.pi))


def sphere_factors(dist_m: ArrayLike, radius_m: ArrayLike, height_m: ArrayLike) -> Factors:
    """Give the view factors of a sphere from a place on the ground.

    `dist_m` horizontal from below the centre, `radius_m` > 0, `height_m` of the centre; all
    broadcast. F = r2 X/(X2+H2)^1.5 for an upright receiver, r2 H/(X2+H2)^1.5 for a lying one,
    (r/d)^2 for one that faces the centre. Held at 1 inside the sphere. The upright and lying ones
    hold where the receiver's plane does not cut the sphere, and are an upper bound else.

    Range: the slant distance above the radius
    Source: CCPS (1994), Guidelines for ... BLEVEs, sec. 3.4 and app. A
    Verified: yes (X 100, H = r = 66.3: 0.255)
    Test: tests/physics/test_radiation.py
    """
    x = np.asarray(dist_m, dtype=float)
    radius, height = np.asarray(radius_m, dtype=float), np.asarray(height_m, dtype=float)
    if np.any(radius < 0.0):
        raise ValueError("a sphere needs a radius of 0 m or more")
    slant = np.maximum(np.hypot(x, height), np.maximum(radius, 1e-12))
    most = (radius / slant) ** 2
    return Factors(
        np.asarray(most * np.minimum(np.abs(x) / slant, 1.0)),
        np.asarray(most * np.minimum(np.abs(height) / slant, 1.0)),
        np.asarray(most),
    )


def flame_factor(
    places_m: Floats,
    semi_axes_m: tuple[float, float],
    length_m: float,
    tilt_rad: float = 0.0,
    around: int = 60,
    along: int = 16,
) -> Floats:
    """Give the view factor of a tilted cylinder from any places outside it, turned to the most.

    `places_m` (n, 3): x downwind, y across, z above the foot, from the foot's centre. Horizontal
    sections are ellipses of `semi_axes_m` (downwind, across); the axis, `length_m` long, leans
    `tilt_rad` downwind. The factor is the length of the vector of irradiance: cos/(pi r2) summed
    over the elements of side and top that face the place, `around` x `along` of them. 1 inside.
    Occlusion by anything else is left out, and a receiver is taken to see the whole flame.

    Range: farther from the surface than a tenth of the radius, within 1 %
    Source: definition of the configuration factor (Howell, Catalog of Configuration Factors)
    Verified: yes (against the closed forms of upright and tilted cylinders, within 0.5 %)
    Test: tests/physics/test_radiation.py
    """
    places = np.atleast_2d(np.asarray(places_m, dtype=float))
    if places.shape[1] != 3:
        raise ValueError("places are rows of x, y, z")
    if min(*semi_axes_m, length_m) <= 0.0:
        raise ValueError("a flame needs semi-axes and a length above 0 m")
    spots, normals = _flame_elements(semi_axes_m, length_m, tilt_rad, around, along)
    factor = np.empty(len(places))
    for start in range(0, len(places), 1000):
        chunk = places[start : start + 1000]
        ray = chunk[:, None, :] - spots[None, :, :]
        square = np.maximum(np.einsum("pek,pek->pe", ray, ray), 1e-12)
        facing = np.maximum(np.einsum("pek,ek->pe", ray, normals), 0.0)
        vector = np.einsum("pe,pek->pk", facing / (math.pi * square**2), ray)
        factor[start : start + 1000] = np.sqrt(np.einsum("pk,pk->p", vector, vector))
    factor[inside_flame(places, semi_axes_m, length_m, tilt_rad)] = 1.0
    return np.minimum(factor, 1.0)


def inside_flame(
    places_m: Floats, semi_axes_m: tuple[float, float], length_m: float, tilt_rad: float = 0.0
) -> NDArray[np.bool_]:
    """Tell which places lie inside a tilted cylinder; arguments as for `flame_factor`.

    Range: all
    Source: geometry
    Verified: yes
    Test: tests/physics/test_radiation.py
    """
    x, y, z = np.atleast_2d(np.asarray(places_m, dtype=float)).T
    level = (z >= 0.0) & (z <= length_m * math.cos(tilt_rad))
    along, across = semi_axes_m
    leaning = x - z * math.tan(tilt_rad)
    return np.asarray(level & ((leaning / along) ** 2 + (y / across) ** 2 <= 1.0))


def _flame_elements(
    semi_axes_m: tuple[float, float], length_m: float, tilt_rad: float, around: int, along: int
) -> tuple[Floats, Floats]:
    """Give midpoints and outward normals times area of the elements of side and top."""
    a, b = semi_axes_m
    axis = np.array([math.sin(tilt_rad), 0.0, math.cos(tilt_rad)]) * length_m
    turn = (np.arange(around) + 0.5) * 2.0 * math.pi / around
    step = 2.0 * math.pi / around
    nodes, weights = np.polynomial.legendre.leggauss(along)
    up, share = 0.5 * (nodes + 1.0), 0.5 * weights
    ring = np.stack([a * np.cos(turn), b * np.sin(turn), np.zeros(around)], axis=1)
    edge = np.stack([-a * np.sin(turn), b * np.cos(turn), np.zeros(around)], axis=1)
    sides = (ring[None, :, :] + up[:, None, None] * axis).reshape(-1, 3)
    outward = np.cross(edge, axis) * step
    side_normals = (share[:, None, None] * outward[None, :, :]).reshape(-1, 3)
    nodes, weights = np.polynomial.legendre.leggauss(max(along // 2, 2))
    rim, part = 0.5 * (nodes + 1.0), 0.5 * weights
    top = (rim[:, None, None] * ring[None, :, :] + axis).reshape(-1, 3)
    areas = np.repeat(a * b * rim * part * step, around)
    top_normals = np.stack([np.zeros_like(areas), np.zeros_like(areas), areas], axis=1)
    return np.concatenate([sides, top]), np.concatenate([side_normals, top_normals])
