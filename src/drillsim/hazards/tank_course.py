"""The race in a tank farm: which vessel fails when, under fires, cooling and blast.

Everything between two events is steady, so the course is worked out from event to event: a fire
begins or ends, somebody cools or foams, a vessel fails and lights or bursts the next. What was
done at a time acts from that time on; the same history gives the same past.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from drillsim.physics.domino import Vessel, blast_damage_share
from drillsim.physics.domino import time_to_failure_s as ttf_s
from drillsim.physics.explosion import boiling_energy_j, burst_energy_j, burst_tnt_kg
from drillsim.physics.explosion import tnt_overpressure_pa as overpressure_pa
from drillsim.physics.fireball import Fireball

Floats = NDArray[np.float64]

# Full flame contact of a pool fire, W/m2 (Landucci et al. 2009 use 80 to 150; from memory,
# unverified).
ENGULFING_W_M2 = 100e3
# Burst of a vessel of LPG: pressure at 1.2 times the usual setting of the relief valve, superheat
# of liquid at 330 K over its boiling point (2.5 kJ/kg K); from memory, unverified.
BURST_PA, SUPERHEAT_J_KG, GAS_GAMMA = 1.9e6, 245e3, 1.13
# A jet goes on from the pipe behind a shut valve for so long, s; judgement, 5 to 60.
PIPE_S = 20.0
FAILS_BY_BLAST = 0.5
# 0.7 of the heat (NFPA 15) on the 0.9 of the wall that water reaches at best; unverified.
MOST_KEPT_OFF = 0.63
BALL_POINTS = 80


@dataclass(frozen=True, slots=True)
class Standing:
    """A vessel: where its centre is (m from the source, east and north), what is in it.

    `combustion_heat_j_kg` and `mass_kg` make the fireball of a liquefied gas (`bursts`).
    """

    name: str
    of: Vessel
    xy: tuple[float, float]
    area_m2: float
    mass_kg: float
    bursts: bool
    combustion_heat_j_kg: float
    temperature_k: float
    humidity: float

    @property
    def ball(self) -> Fireball:
        """Give the fireball of the whole content (an upper bound)."""
        return _ball(self.mass_kg, self.combustion_heat_j_kg, self.temperature_k, self.humidity)

    def blast_pa(self, dist_m: Floats) -> Floats:
        """Give the overpressure of its burst at distances, Pa; 0 where nothing bursts."""
        if not self.bursts:
            return np.zeros(np.shape(dist_m))
        gas_m3 = max(self.of.volume_m3 - self.mass_kg / 500.0, 0.1 * self.of.volume_m3)
        energy = burst_energy_j(BURST_PA, gas_m3, GAS_GAMMA)
        energy += boiling_energy_j(self.mass_kg, SUPERHEAT_J_KG)
        return overpressure_pa(np.maximum(dist_m, 1.0), burst_tnt_kg(energy))


@dataclass(frozen=True, slots=True)
class Burning:
    """A fire: when it may start and how long its fuel lasts.

    `after`: the vessel whose failure lights it (empty: it starts at `start_s`). `jet`: it ends when
    its valve is shut; else foam can put it out.
    """

    name: str
    start_s: float
    lasts_s: float
    rate_kg_s: float
    after: str
    jet: bool


@dataclass(frozen=True, slots=True)
class Act:
    """Something done: from `t_s` on `kind` has `factor`, at `where` (empty: everywhere)."""

    t_s: float
    kind: str
    factor: float
    where: str

    def at(self, name: str) -> bool:
        """Tell whether it speaks of a fire or vessel; what follows a stroke names who does it."""
        return self.where == "" or self.where.partition("/")[0] == name


@dataclass(frozen=True, eq=False)
class Course:
    """What comes of it: shares of each fire from times on, failures, damage from time to time.

    `edges` (m,) times; `burns` (m, fires) share of the full fire from each edge on; `failed_s` by
    vessel, inf if never; `curve` (k, 1 + vessels) time and damage at every event.
    """

    edges: Floats
    burns: Floats
    failed_s: tuple[float, ...]
    curve: Floats

    def shares(self, t_s: float) -> Floats:
        """Give the share of every fire at a time."""
        at = int(self.edges.searchsorted(t_s, side="right")) - 1
        return self.burns[at] if at >= 0 else np.zeros(self.burns.shape[1])

    def damage(self, t_s: float) -> tuple[float, ...]:
        """Give the damage of every vessel at a time, 0 to 1; grows evenly between events."""
        times = self.curve[:, 0]
        at = min(max(int(times.searchsorted(t_s, side="right")) - 1, 0), times.size - 2)
        if at < 0 or t_s >= times[-1]:
            return tuple(self.curve[-1, 1:].tolist())
        (before_s, *before), (after_s, *after) = self.curve[at : at + 2].tolist()
        past = max(t_s - before_s, 0.0)
        return tuple(
            (b - a) / (after_s - before_s) * past + a for a, b in zip(before, after, strict=True)
        )


@lru_cache(maxsize=512)
def bare_lasts_s(of: Vessel, flux_w_m2: float) -> float:
    """Give the time to failure of a fresh bare vessel under a steady flux, s; inf for never."""
    return float(ttf_s(of, flux_w_m2))


def cooling(acts: Sequence[Act], vessel: str, t_s: float) -> float:
    """Give the share of the heat that gets into a vessel at a time.

    What spray and monitors of all crews keep off adds up, to no more than `MOST_KEPT_OFF`.
    """
    kept: dict[tuple[str, str], float] = {}
    for act in acts:
        if act.kind in ("deluge", "monitors") and act.t_s <= t_s and act.at(vessel):
            kept[act.kind, act.where] = act.factor
    return 1.0 - min(sum(1.0 - share for share in kept.values()), MOST_KEPT_OFF)


def burning(acts: Sequence[Act], fire: Burning, start_s: float, t_s: float) -> float:
    """Give the share of a fire at a time: 0 before it starts and after it ends."""
    if not start_s <= t_s < end_s(acts, fire, start_s):
        return 0.0
    share = 1.0
    for act in acts:
        if act.kind == "knock" and act.t_s <= t_s and act.at(fire.name) and not fire.jet:
            share *= act.factor
    return share


def end_s(acts: Sequence[Act], fire: Burning, start_s: float) -> float:
    """Give when a fire ends: its fuel is gone, or its valve is shut and the pipe empty."""
    ends = [start_s + fire.lasts_s]
    if fire.jet:
        ends += [max(a.t_s, start_s) + PIPE_S for a in acts if a.kind == "isolate" and a.factor == 0
                 and a.at(fire.name)]  # fmt: skip
    return min(ends)


@dataclass
class _State:
    """Where the reckoning stands; lives only in `solve`."""

    t_s: float
    damage: list[float]
    spent_s: list[float]
    failed_s: list[float]
    start_s: list[float]


def solve(
    fires: Sequence[Burning],
    vessels: Sequence[Standing],
    flux_w_m2: Floats,
    acts: Sequence[Act],
    horizon_s: float,
) -> Course:
    """Follow fires and vessels from event to event up to the horizon.

    `flux_w_m2` (fires, vessels) on the bare wall nearest to each full fire. Damage adds up by
    Miner's rule; a vessel that has failed stays failed; the blast of a burst fails those others of
    which half would fail.
    """
    now = _State(
        0.0, [0.0] * len(vessels), [0.0] * len(vessels), [math.inf] * len(vessels),
        [math.inf if fire.after else fire.start_s for fire in fires],
    )  # fmt: skip
    edges, burns, curve = [], [], []
    while True:
        hit = _shattered(now, vessels, acts)
        if hit:
            # the damage up to now stays as it was
            curve.append([now.t_s, *now.damage])
        for n in hit:
            _fail(now, fires, vessels, n)
        shares = [burning(acts, f, s, now.t_s) for f, s in zip(fires, now.start_s, strict=True)]
        edges.append(now.t_s)
        burns.append(shares)
        curve.append([now.t_s, *now.damage])
        if now.t_s >= horizon_s:
            break
        _advance(now, fires, vessels, np.asarray(shares) @ flux_w_m2, acts, horizon_s)
    return Course(
        np.array(edges), np.array(burns).reshape(len(edges), len(fires)),
        tuple(now.failed_s), np.array(curve),
    )  # fmt: skip


def _advance(
    now: _State,
    fires: Sequence[Burning],
    vessels: Sequence[Standing],
    flux: Floats,
    acts: Sequence[Act],
    horizon_s: float,
) -> None:
    """Go on to the next event."""
    moments = [horizon_s, *(a.t_s for a in acts)]
    for fire, start in zip(fires, now.start_s, strict=True):
        moments += [start, end_s(acts, fire, start)]
    until = min(m for m in moments if m > now.t_s + 1e-9)
    pace = []
    for n, vessel in enumerate(vessels):
        absorbed = float(flux[n]) * cooling(acts, vessel.name, now.t_s)
        lasts = bare_lasts_s(vessel.of, absorbed)
        pace.append(lasts)
        if math.isfinite(now.failed_s[n]) or not math.isfinite(lasts):
            continue
        coat = max(vessel.of.protected_s - now.spent_s[n], 0.0)
        # the fireproofing gives way, or the bare wall fails
        until = min(until, now.t_s + (coat if coat > 1e-9 else (1.0 - now.damage[n]) * lasts))
    step = until - now.t_s
    for n, vessel in enumerate(vessels):
        if math.isfinite(pace[n]) and not math.isfinite(now.failed_s[n]):
            coat = max(vessel.of.protected_s - now.spent_s[n], 0.0)
            now.spent_s[n] += step
            if coat <= 1e-9:
                now.damage[n] = min(now.damage[n] + step / pace[n], 1.0)
    now.t_s = until
    for n in range(len(vessels)):
        if now.damage[n] >= 1.0 - 1e-9 and not math.isfinite(now.failed_s[n]):
            _fail(now, fires, vessels, n)


def _shattered(now: _State, vessels: Sequence[Standing], acts: Sequence[Act]) -> list[int]:
    """Give the standing vessels that a blast from elsewhere breaks at this moment (`shatter`)."""
    hit = {act.where for act in acts if act.kind == "shatter" and act.t_s == now.t_s}
    return [
        n for n, vessel in enumerate(vessels)
        if vessel.name in hit and not math.isfinite(now.failed_s[n])
    ]  # fmt: skip


def _fail(now: _State, fires: Sequence[Burning], vessels: Sequence[Standing], n: int) -> None:
    """Let a vessel fail: its fire starts, its blast may break others at the same moment."""
    now.failed_s[n], now.damage[n] = now.t_s, 1.0
    for k, fire in enumerate(fires):
        if fire.after == vessels[n].name:
            now.start_s[k] = now.t_s + fire.start_s
    if not vessels[n].bursts:
        return
    for m, other in enumerate(vessels):
        if math.isfinite(now.failed_s[m]):
            continue
        gap = math.dist(vessels[n].xy, other.xy)
        share = blast_damage_share(other.of, vessels[n].blast_pa(np.array([gap])))
        if float(share[0]) >= FAILS_BY_BLAST:
            _fail(now, fires, vessels, m)


@lru_cache(maxsize=64)
def _ball(mass_kg: float, heat_j_kg: float, temperature_k: float, humidity: float) -> Fireball:
    return Fireball(mass_kg, heat_j_kg, temperature_k=temperature_k, humidity=humidity)


@lru_cache(maxsize=64)
def ball_life_s(ball: Fireball) -> float:
    """Give how long a fireball lives, s."""
    return ball.life_s


@lru_cache(maxsize=64)
def ball_dose(ball: Fireball) -> tuple[Floats, Floats]:
    """Give distances (m) and the thermal dose of who stays through a fireball's whole life."""
    dist = np.geomspace(1.0, 12.0 * ball.diameter_m, BALL_POINTS)
    return dist, ball.dose(dist)
