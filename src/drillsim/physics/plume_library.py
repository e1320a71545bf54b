"""Steady plumes on fixed bins, solved once and kept on disk; in between, interpolated in logs.

A batch draws a new wind speed for every replication; solving SLAB each time would cost more than
the rest of the run. Bins are powers of `WIND_STEP` in wind speed and of `RATE_STEP` in release
rate, solved only when a neighbour is asked for. What is kept is SLAB's own trajectory, so every
height and averaging time follows from one solution.
"""

from __future__ import annotations

import contextlib
import io
import math
import os
import sys
import tempfile
import zipfile
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
from slabx.core.trajectory import Trajectory

from drillsim.data.substances import Substance
from drillsim.physics import densegas, neutral
from drillsim.physics.atmosphere import Air
from drillsim.physics.densegas import PlumeSource
from drillsim.physics.plume import GRID_X_M, TINY_PPM, X_MAX_M, Plume
from drillsim.yamlio import digest_of

LAYOUT = 1
WIND_STEP = 2.0**0.25
RATE_STEP = 10.0**0.125
# Where the interpolation error is measured: what a receptor cares about.
ERROR_FROM_M, ERROR_TO_M, ERROR_ABOVE_PPM = 50.0, 10_000.0, 0.01
_CORRUPT = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, TypeError)


def cache_folder() -> Path:
    """Give the folder of solved plumes: DRILLSIM_CACHE, or the platform's user cache.

    Range: not applicable (files)
    Source: own
    Verified: yes (follows the environment)
    Test: tests/physics/test_plume_library.py
    """
    if named := os.environ.get("DRILLSIM_CACHE"):
        return Path(named) / "plumes"
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "drillsim" / "plumes"


@dataclass(frozen=True, slots=True)
class _Node:
    """One solved bin corner: substance, source and air at the bin's wind and rate."""

    of: Substance
    source: PlumeSource
    air: Air
    digest: str


_Corners = tuple[_Node, _Node, _Node, _Node]


class PlumeLibrary:
    """Steady plumes by substance, source, stability, wind and rate; lazy, in memory and on disk.

    Range: fixed bins of stability, wind and log rate
    Source: interpolation between solved plumes; error measured
    Verified: yes (against fresh solutions, and in the middle of a bin)
    Test: tests/physics/test_plume_library.py
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Keep solved bins under `folder` (default `cache_folder()`); made when first written."""
        self._folder = folder
        self._solved: dict[str, Trajectory] = {}
        self._plumes: dict[tuple[str, float, float], Plume] = {}
        self._errors: dict[str, float] = {}
        # Keyed by identity for speed; the nodes hold the substance, so an id is never reused.
        self._cells: dict[tuple[int, PlumeSource, Air], _Corners] = {}
        self._unsolved: dict[str, str] = {}
        self.solves = 0

    @property
    def folder(self) -> Path:
        """Folder of the disk cache."""
        return self._folder if self._folder is not None else cache_folder()

    @property
    def interpolation_error(self) -> float:
        """Largest error measured so far at the middle of a bin, as |ln(interpolated/solved)|."""
        return max(self._errors.values(), default=0.0)

    def plume(
        self,
        of: Substance,
        source: PlumeSource,
        air: Air,
        z_m: float = 1.5,
        averaging_s: float = 600.0,
    ) -> Plume:
        """Give the steady plume of a source in some air, in volume ppm.

        Dense by the Britter-McQuaid criterion: SLAB, interpolated between four solved bins;
        otherwise the Gaussian plume itself. Where a corner has no solution the release itself is
        solved; RuntimeError when SLAB finds none there either.
        """
        if not neutral.is_dense(of, source, air):
            return neutral.steady_plume(of, source, air, z_m, averaging_s)
        corners, wind_share, rate_share = self._corners(of, source, air)
        try:
            plumes = [self._node_plume(node, z_m, averaging_s) for node in corners]
        except RuntimeError:
            # A corner without solution says nothing about the release itself: solve that.
            return self._node_plume(_node(of, source, air), z_m, averaging_s)
        low = _mix(plumes[0], plumes[1], rate_share)
        high = _mix(plumes[2], plumes[3], rate_share)
        return _mix(low, high, wind_share)

    def measure(self, of: Substance, source: PlumeSource, air: Air) -> float:
        """Measure and give the interpolation error in the bin of this source and air.

        Solves the bin's middle afresh and compares centreline concentrations (1.5 m, 600 s) from
        50 m to 10 km wherever above 0.01 ppm; the largest |ln ratio|, inf where the middle has no
        solution. Kept by bin.
        """
        if not neutral.is_dense(of, source, air):
            return 0.0
        corners, _, _ = self._corners(of, source, air)
        cell = digest_of([node.digest for node in corners])
        if cell not in self._errors:
            low, high = corners[0], corners[3]
            middle = _node(
                of,
                replace(source, rate_kg_s=math.sqrt(low.source.rate_kg_s * high.source.rate_kg_s)),
                replace(air, wind_mps=math.sqrt(low.air.wind_mps * high.air.wind_mps)),
            )
            try:
                exact = self._node_plume(middle, 1.5, 600.0)
            except RuntimeError:
                return math.inf
            guess = self.plume(of, middle.source, middle.air, 1.5, 600.0)
            far = (GRID_X_M >= ERROR_FROM_M) & (GRID_X_M <= ERROR_TO_M)
            far &= exact.log_ppm > math.log(ERROR_ABOVE_PPM)
            gap = np.abs(exact.log_ppm - guess.log_ppm)[far]
            self._errors[cell] = float(gap.max()) if gap.size else 0.0
        return self._errors[cell]

    def _corners(
        self, of: Substance, source: PlumeSource, air: Air
    ) -> tuple[_Corners, float, float]:
        wind_low, wind_high, wind_share = _bin(air.wind_mps, WIND_STEP)
        rate_low, rate_high, rate_share = _bin(source.rate_kg_s, RATE_STEP)
        key = (id(of), replace(source, rate_kg_s=rate_low), replace(air, wind_mps=wind_low))
        if key not in self._cells:

            def at(wind: float, rate: float) -> _Node:
                return _node(of, replace(source, rate_kg_s=rate), replace(air, wind_mps=wind))

            self._cells[key] = (
                at(wind_low, rate_low),
                at(wind_low, rate_high),
                at(wind_high, rate_low),
                at(wind_high, rate_high),
            )
        return self._cells[key], wind_share, rate_share

    def _node_plume(self, node: _Node, z_m: float, averaging_s: float) -> Plume:
        key = (node.digest, z_m, averaging_s)
        if key not in self._plumes:
            atmosphere = densegas.slab_atmosphere(node.air)
            self._plumes[key] = densegas.plume_from(
                self._trajectory(node), atmosphere, node.source.rate_kg_s, z_m, averaging_s
            )
        return self._plumes[key]

    def _trajectory(self, node: _Node) -> Trajectory:
        if node.digest in self._solved:
            return self._solved[node.digest]
        path = self.folder / f"{node.digest}.npz"
        trajectory = _read(path)
        if trajectory is None:
            if node.digest in self._unsolved:
                raise RuntimeError(self._unsolved[node.digest])
            self.solves += 1
            try:
                trajectory = densegas.solve(
                    densegas.slab_substance(node.of),
                    node.of,
                    node.source,
                    densegas.slab_atmosphere(node.air),
                )
            except (RuntimeError, ArithmeticError, ValueError) as why:
                self._unsolved[node.digest] = str(why)
                raise RuntimeError(str(why)) from why
            _write(path, trajectory)
        self._solved[node.digest] = trajectory
        return trajectory


@cache
def plume_library() -> PlumeLibrary:
    """Give the library of this process.

    Range: not applicable (one a process)
    Source: own
    Verified: yes (as `PlumeLibrary`)
    Test: tests/physics/test_plume_library.py
    """
    return PlumeLibrary()


def _bin(value: float, step: float) -> tuple[float, float, float]:
    """Give the bin ends around a value and its share of the way, all in logs."""
    position = math.log(value) / math.log(step)
    index = math.floor(position + 1e-12)
    return step**index, step ** (index + 1), min(max(position - index, 0.0), 1.0)


def _node(of: Substance, source: PlumeSource, air: Air) -> _Node:
    fixed = replace(
        source,
        temperature_k=round(source.temperature_k, 1),
        liquid_fraction=round(source.liquid_fraction, 3),
        speed_mps=float(f"{source.speed_mps:.2g}"),
        area_m2=float(f"{source.area_m2:.3g}"),
    )
    still = replace(
        air,
        temperature_k=round(2.0 * air.temperature_k) / 2.0,
        humidity=round(20.0 * air.humidity) / 20.0,
    )
    digest = digest_of(
        [
            LAYOUT,
            version("slabx"),
            version("numpy"),
            densegas.FIELD_STEPS,
            X_MAX_M,
            of.digest(),
            fixed.kind,
            f"{fixed.rate_kg_s:.9g}",
            fixed.temperature_k,
            fixed.liquid_fraction,
            fixed.speed_mps,
            fixed.area_m2,
            fixed.height_m,
            f"{still.wind_mps:.9g}",
            still.stability,
            still.temperature_k,
            still.humidity,
            still.roughness_m,
            still.wind_height_m,
            still.pressure_pa,
        ]
    )
    return _Node(of, fixed, still, digest)


def _mix(low: Plume, high: Plume, share: float) -> Plume:
    if low is high or share == 0.0:
        return low

    def between(a: densegas.Floats, b: densegas.Floats) -> densegas.Floats:
        return np.asarray(np.exp((1.0 - share) * np.log(a) + share * np.log(b)))

    return Plume(
        model=low.model,
        log_ppm=np.maximum((1.0 - share) * low.log_ppm + share * high.log_ppm, math.log(TINY_PPM)),
        flat_m=between(low.flat_m, high.flat_m),
        edge_m=between(low.edge_m, high.edge_m),
        travel_s=between(low.travel_s, high.travel_s),
        spread_s=between(low.spread_s, high.spread_s),
        height_m=low.height_m,
        averaging_s=low.averaging_s,
    )


def _read(path: Path) -> Trajectory | None:
    """Read a kept trajectory; anything wrong with the file means solving again."""
    try:
        # From memory: numpy leaves the file open when it is no archive.
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            return Trajectory(**{name: kept[name] for name in kept.files})
    except _CORRUPT:
        return None


def _write(path: Path, trajectory: Trajectory) -> None:
    """Keep a trajectory: whole or not at all. An unwritable folder costs speed, nothing else."""
    buffer = io.BytesIO()
    np.savez(buffer, **trajectory.to_dict())
    whole = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as part:
            whole = Path(part.name)
            part.write(buffer.getvalue())
        whole.replace(path)
    except OSError:
        # Full disk, read-only folder, or (Windows) another process is reading the same file.
        if whole is not None:
            with contextlib.suppress(OSError):
                whole.unlink(missing_ok=True)
