"""Dissolved substances carried down a river or canal: one dimension, well mixed across.

A release moves with the current and spreads by longitudinal dispersion. Each reach has a travel
time with the mean L/u and the variance 2 D L / u^3; over a chain of reaches means and variances
add, and the distribution of travel times is the inverse Gaussian with that mean and variance,
which is the exact first-passage law of one uniform reach. Concentration is mass flux over flow,
so mass is conserved, and nothing arrives before it is released. Not modelled: mixing across the
river (see `mixing_length_m`), density currents, dead zones and their long tails.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erfcx, ndtr

from drillsim.data.transport import transport

G = 9.80665
Floats = NDArray[np.float64]


def shear_velocity_mps(current_mps: float, depth_m: float, manning_n: float) -> float:
    """Give the shear velocity of a wide channel, m/s: u* = u n sqrt(g) / h^(1/6).

    `current_mps` mean over the section, `depth_m` > 0, `manning_n` in s/m^(1/3). ValueError for a
    depth or roughness that is not above zero.

    Range: wide channels (width over ten depths); n 0.01 to 0.1
    Source: Manning's equation in u* = sqrt(g h S); Chow (1959) for n, unverified, 0.018 to 0.035
    Verified: no (textbook formula, from memory)
    Test: tests/physics/test_river_transport.py
    """
    if depth_m <= 0.0 or manning_n <= 0.0:
        raise ValueError("depth and Manning's n must be above 0")
    return float(abs(current_mps) * manning_n * math.sqrt(G) / depth_m ** (1 / 6))


def fischer_dispersion_m2_s(
    current_mps: float, width_m: float, depth_m: float, shear_mps: float
) -> float:
    """Give the longitudinal dispersion of a river, m2/s: 0.011 u^2 W^2 / (h u*).

    `current_mps` mean, `width_m`, `depth_m`, `shear_mps` shear velocity; 0 in still water.
    ValueError for a width or depth that is not above zero.

    Range: natural rivers, within a factor of about 4; too high for straight canals, so arrival
        comes out early
    Source: Fischer et al. (1979), Mixing in Inland and Coastal Waters, eq. 5.19
    Verified: no (from memory; the factor of 4 is the authors')
    Test: tests/physics/test_river_transport.py
    """
    if width_m <= 0.0 or depth_m <= 0.0:
        raise ValueError("width and depth must be above 0")
    if current_mps == 0.0 or shear_mps <= 0.0:
        return 0.0
    return 0.011 * current_mps**2 * width_m**2 / (depth_m * shear_mps)


def mixing_length_m(current_mps: float, width_m: float, depth_m: float, shear_mps: float) -> float:
    """Give the distance within which a release is not yet mixed across the river, m.

    L = 0.1 u W^2 / (0.6 h u*), for a release in mid-stream; four times that from the bank. Nearer
    to the source the one-dimensional concentration is a mean over the section: a stream-side
    intake may see less or more. ValueError for a depth or shear velocity that is not above zero.

    Range: gently curved channels, transverse mixing 0.6 h u*, within +-50 %
    Source: Fischer et al. (1979), eqs. 5.6 and 5.10
    Verified: no (from memory)
    Test: tests/physics/test_river_transport.py
    """
    if depth_m <= 0.0 or shear_mps <= 0.0:
        raise ValueError("depth and shear velocity must be above 0")
    return 0.1 * abs(current_mps) * width_m**2 / (0.6 * depth_m * shear_mps)


@dataclass(frozen=True, slots=True)
class Reach:
    """One uniform reach, along its current: length, width, depth, m; mean current, m/s.

    `dispersion_m2_s` overrides Fischer's estimate; `manning_n` overrides the default roughness;
    a closed lock (`lock_closed`) lets nothing through. ValueError for sizes that are not above
    zero or a current against the reach.

    Range: current 0.02 to 3 m/s, length over about 5 depths
    Source: geometry from the city graph; dispersion as in `fischer_dispersion_m2_s`
    Verified: no (roughness and dispersion are estimates)
    Test: tests/physics/test_river_transport.py
    """

    length_m: float
    width_m: float
    depth_m: float
    current_mps: float
    dispersion_m2_s: float | None = None
    manning_n: float | None = None
    lock_closed: bool = False

    def __post_init__(self) -> None:
        if min(self.length_m, self.width_m, self.depth_m) <= 0.0:
            raise ValueError("length, width and depth of a reach must be above 0")
        if self.current_mps < 0.0:
            raise ValueError("the current runs against this reach: turn the reach round")

    @property
    def area_m2(self) -> float:
        """Cross-section, m2."""
        return self.width_m * self.depth_m

    @property
    def flow_m3_s(self) -> float:
        """Flow, m3/s; 0 behind a closed lock."""
        return 0.0 if self.lock_closed else self.area_m2 * self.current_mps

    @property
    def shear_mps(self) -> float:
        """Shear velocity, m/s."""
        rough = transport().river.manning_n.value if self.manning_n is None else self.manning_n
        return shear_velocity_mps(self.current_mps, self.depth_m, rough)

    @property
    def dispersion(self) -> float:
        """Longitudinal dispersion, m2/s."""
        if self.dispersion_m2_s is not None:
            return self.dispersion_m2_s
        return fischer_dispersion_m2_s(self.current_mps, self.width_m, self.depth_m, self.shear_mps)

    def cut(self, length_m: float) -> Reach:
        """Give the first `length_m` of this reach: the way to a place part-way along it."""
        if not 0.0 < length_m <= self.length_m:
            raise ValueError(f"a cut must lie in (0, {self.length_m:g}] m")
        return replace(self, length_m=length_m)


@dataclass(frozen=True, slots=True)
class Release:
    """Mass let into the river at a constant rate: kg from `start_s` for `duration_s` (0: at once).

    Range: mass and duration of 0 or more
    Source: scenario
    Verified: yes (a definition)
    Test: tests/physics/test_river_transport.py
    """

    mass_kg: float
    start_s: float = 0.0
    duration_s: float = 0.0

    def __post_init__(self) -> None:
        if self.mass_kg < 0.0 or self.duration_s < 0.0:
            raise ValueError("mass and duration of a release must be 0 or more")


@dataclass(frozen=True, slots=True)
class Passage:
    """The way from a release to a place: travel time and how much of the release takes it.

    `mean_s` and `variance_s2` of the travel time; `share` of the mass that comes this way;
    `flow_m3_s` at the place. A share of 0 means that nothing comes through.

    Range: mean above 0, variance 0 or more
    Source: moments of advection and dispersion, see `passage_through`
    Verified: yes (identity)
    Test: tests/physics/test_river_transport.py
    """

    mean_s: float
    variance_s2: float
    share: float
    flow_m3_s: float


def passage_through(reaches: Sequence[Reach], share: float = 1.0) -> Passage:
    """Give the passage through reaches one after another, to the end of the last.

    Mean L/u and variance 2 D L / u^3 of each reach add up. `share` is the part of the mass that
    enters the chain. A still or closed reach gives a share of 0. ValueError for an empty chain.

    Range: Peclet number u L / D of the whole chain above about 3
    Source: moments of the one-dimensional advection-dispersion equation; Fischer et al. (1979),
        sec. 2.4; first passage: Cox & Miller (1965), sec. 5.7
    Verified: yes (reproduced by a numerical solution in the test)
    Test: tests/physics/test_river_transport.py
    """
    if not reaches:
        raise ValueError("a passage needs at least one reach")
    if any(reach.flow_m3_s == 0.0 for reach in reaches):
        return Passage(math.inf, 0.0, 0.0, reaches[-1].flow_m3_s)
    mean = sum(reach.length_m / reach.current_mps for reach in reaches)
    variance = sum(
        2.0 * reach.dispersion * reach.length_m / reach.current_mps**3 for reach in reaches
    )
    return Passage(mean, variance, share, reaches[-1].flow_m3_s)


def passed_share(passage: Passage, age_s: ArrayLike) -> Floats:
    """Give the share of an instantaneous release that has passed the place by an age, 0 to 1.

    `age_s` any shape, seconds since the release. The inverse Gaussian distribution function with
    the passage's mean and variance; a step at the mean when the variance is 0.

    Range: any age; 0 at and before the release
    Source: Cox & Miller (1965), The Theory of Stochastic Processes, sec. 5.7
    Verified: yes (scipy's inverse Gaussian in the test)
    Test: tests/physics/test_river_transport.py
    """
    age = np.asarray(age_s, dtype=np.float64)
    if passage.share == 0.0:
        return np.zeros_like(age)
    if passage.variance_s2 == 0.0:
        return np.asarray(np.where(age >= passage.mean_s, passage.share, 0.0))
    shape = passage.mean_s**3 / passage.variance_s2
    late = np.maximum(age, 1e-12)
    root = np.sqrt(shape / late)
    low = root * (late / passage.mean_s - 1.0)
    high = root * (late / passage.mean_s + 1.0)
    # exp(2 shape/mean) Phi(-high) without overflow
    tail = 0.5 * erfcx(high / math.sqrt(2.0)) * np.exp(-0.5 * low**2)
    return np.asarray(np.where(age > 0.0, passage.share * (ndtr(low) + tail), 0.0))


def passing_density_per_s(passage: Passage, age_s: ArrayLike) -> Floats:
    """Give the rate at which an instantaneous release passes the place, share per second.

    `age_s` any shape, seconds since the release. ValueError without dispersion, where the rate
    is not finite.

    Range: any age; 0 at and before the release
    Source: inverse Gaussian density; Cox & Miller (1965), sec. 5.7
    Verified: yes (scipy's inverse Gaussian in the test)
    Test: tests/physics/test_river_transport.py
    """
    age = np.asarray(age_s, dtype=np.float64)
    if passage.share == 0.0:
        return np.zeros_like(age)
    if passage.variance_s2 <= 0.0:
        raise ValueError("an instantaneous release without dispersion has no finite peak")
    shape = passage.mean_s**3 / passage.variance_s2
    late = np.maximum(age, 1e-12)
    power = -shape * (late - passage.mean_s) ** 2 / (2.0 * passage.mean_s**2 * late)
    density = np.sqrt(shape / (2.0 * math.pi * late**3)) * np.exp(power)
    return np.asarray(np.where(age > 0.0, passage.share * density, 0.0))


def slug_concentration_kg_m3(
    mass_kg: float, reach: Reach, dist_m: ArrayLike, t_s: ArrayLike
) -> Floats:
    """Give the concentration in one endless reach after a sudden release, kg/m3.

    c = M / (A sqrt(4 pi D t)) exp(-(x - u t)^2 / (4 D t)); `dist_m` down-stream of the release and
    `t_s` after it broadcast together; 0 at t = 0.

    Range: beyond `mixing_length_m`; t above 0
    Source: Fischer et al. (1979), eq. 2.14 with advection
    Verified: yes (mass, mean and variance in the test)
    Test: tests/physics/test_river_transport.py
    """
    time = np.asarray(t_s, dtype=np.float64)
    dist = np.asarray(dist_m, dtype=np.float64)
    late = np.maximum(time, 1e-9)
    spread = 4.0 * reach.dispersion * late
    if reach.dispersion <= 0.0:
        raise ValueError("this reach has no dispersion: the slug stays a point")
    shape = np.exp(-((dist - reach.current_mps * late) ** 2) / spread)
    concentration = mass_kg / (reach.area_m2 * np.sqrt(math.pi * spread)) * shape
    return np.asarray(np.where(time > 0.0, concentration, 0.0))


def volatilisation_per_s(transfer_mps: float, depth_m: float) -> float:
    """Give the first-order loss to the air of a dissolved volatile, 1/s: k = K / h.

    `transfer_mps` overall transfer velocity of the substance, `depth_m` > 0.

    Range: K 1e-7 (methanol) to 5e-5 m/s (benzene), by substance
    Source: two-film model, Schwarzenbach et al. (2003), ch. 20
    Verified: no (K from memory)
    Test: tests/physics/test_river_transport.py
    """
    if depth_m <= 0.0 or transfer_mps < 0.0:
        raise ValueError("depth must be above 0 and the transfer velocity 0 or more")
    return transfer_mps / depth_m
