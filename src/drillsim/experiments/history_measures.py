"""What is read off a run of an accident on record, to be set beside the record."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from drillsim.data.figures import human
from drillsim.experiments.history import Case
from drillsim.hazards import Hazard, ToxicRelease
from drillsim.hazards.residential_fire import ResidentialFire
from drillsim.hazards.river_spill import RiverSpill
from drillsim.log.runlog import RunLog
from drillsim.physics.harm import (
    aegl_ppm,
    indoor_step,
    ppm_to_mg_m3,
    probit_fatality,
    toxic_load_rate,
)

Floats = NDArray[np.float64]
Measure = Callable[[Case, str], float]

STEP_S = 10.0
SPOTS = 400
AXIS_M: Floats = np.geomspace(10.0, 20_000.0, 500)
ONE_IN_A_HUNDRED = 0.01
BREATHED_PPM = 0.05
SHORTEST_AEGL_S = 600.0
# A river is looked at every half hour for 40 days.
RIVER_S: Floats = np.arange(0.0, 40 * 86_400.0, 1800.0)
ACTING = "behavioural"


# --- a toxic cloud -------------------------------------------------------------------------------


def _cloud(case: Case) -> ToxicRelease:
    if not isinstance(case.hazard, ToxicRelease):
        raise ValueError(f"{case.accident.id}: this measure needs a toxic cloud")
    return case.hazard


def _released_t(case: Case, at: str) -> float:
    del at
    return _cloud(case).released_kg(math.inf) / 1000.0


def _rate_kg_s(case: Case, at: str) -> float:
    del at
    return _cloud(case).rate_kg_s


def _empty_s(case: Case, at: str) -> float:
    del at
    edges = _cloud(case).emission
    return edges.last_s - edges.edges[0]


def _times(cloud: ToxicRelease, places: Floats) -> Floats:
    """Give times from the first gas at the places to the last, every `STEP_S`."""
    spots = cloud.at(places)
    return np.arange(0.0, cloud.emission.last_s + float(spots.lag_hi_s.max()) + STEP_S, STEP_S)


def _levels(cloud: ToxicRelease, places: Floats) -> Floats:
    """Give outdoor levels (times, places) of the whole passage, ppm."""
    return cloud.level(f"{cloud.of.short}@1.5m/60s", places, _times(cloud, places))


def worst_load(cloud: ToxicRelease, ppm: Floats, stay_s: float) -> Floats:
    """Give the toxic load of the worst `stay_s` of a passage, (mg/m3)^n min, at each place.

    `ppm` (times, places) every `STEP_S`.
    """
    mg = ppm_to_mg_m3(cloud.of, ppm, cloud.weather.temperature)
    taken = np.cumsum(toxic_load_rate(cloud.of, mg) * (STEP_S / 60.0), axis=0)
    steps = max(1, round(stay_s / STEP_S))
    before = np.zeros_like(taken)
    before[steps:] = taken[:-steps]
    return np.asarray((taken - before).max(axis=0))


def _shares(cloud: ToxicRelease, load: Floats) -> tuple[Floats, Floats]:
    """Give the shares that die, and that are badly hurt or die, of a load."""
    probit = cloud.of.probit
    harder = human().constants["serious-factor"].value ** (probit.n if probit else 1.0)
    return probit_fatality(cloud.of, load), probit_fatality(cloud.of, load * harder)


def exposed(cloud: ToxicRelease, ppm: Floats, stay_s: float) -> NDArray[np.bool_]:
    """Tell where the mean level over the time breathed is above the AEGL-2 of that time.

    The time breathed is at most `stay_s` and counts as 10 min at least.
    """
    inside = ppm > BREATHED_PPM
    steps = np.minimum(inside.sum(axis=0), max(1, round(stay_s / STEP_S)))
    taken = np.cumsum(ppm * inside, axis=0)
    count = max(1, round(stay_s / STEP_S))
    before = np.zeros_like(taken)
    before[count:] = taken[:-count]
    most = (taken - before).max(axis=0)
    span = np.maximum(steps * STEP_S, SHORTEST_AEGL_S)
    return np.asarray(most * STEP_S / span >= aegl_ppm(cloud.of, 2, span))


def _crowd(case: Case) -> dict[str, float]:
    """Give the expected dead, badly hurt (alive) and exposed (all of them) of the crowd."""
    if "crowd" in case.memo:
        return dict(case.memo["crowd"])
    cloud, crowd = _cloud(case), case.crowd
    turn = math.pi * (3.0 - math.sqrt(5.0))
    k = np.arange(SPOTS)
    far = crowd.radius * np.sqrt((k + 0.5) / SPOTS)
    places = np.column_stack([far * np.cos(k * turn), far * np.sin(k * turn)])
    open_air = _levels(cloud, places + np.asarray(cloud.source_xy))
    room, inside = np.zeros(SPOTS), np.zeros_like(open_air)
    for step, outside in enumerate(open_air):
        room = np.asarray(indoor_step(room, outside, crowd.ach, STEP_S))
        inside[step] = room
    out = {"dead": 0.0, "serious": 0.0, "exposed": 0.0}
    for share, ppm in ((crowd.outdoors, open_air), (1.0 - crowd.outdoors, inside)):
        dead, worse = _shares(cloud, worst_load(cloud, ppm, crowd.stay))
        touched = np.maximum(worse, exposed(cloud, ppm, crowd.stay))
        heads = crowd.heads * share / SPOTS
        out["dead"] += heads * float(dead.sum())
        out["serious"] += heads * float((worse - dead).sum())
        out["exposed"] += heads * float(touched.sum())
    case.memo["crowd"] = out
    return dict(out)


def _of_crowd(what: str) -> Measure:
    def measure(case: Case, at: str) -> float:
        del at
        return _crowd(case)[what]

    return measure


def _axis(case: Case) -> tuple[ToxicRelease, Floats]:
    """Give the cloud and the load on its axis in the open, at `AXIS_M`."""
    cloud = _cloud(case)
    if "axis" not in case.memo:
        places = np.asarray(cloud.source_xy) + np.outer(AXIS_M, cloud.weather.down_wind())
        ppm = cloud.level(f"{cloud.of.short}@1.5m/60s", places, _times(cloud, places))
        case.memo["axis"] = worst_load(cloud, ppm, case.crowd.stay)
    return cloud, case.memo["axis"]


def _farthest(share: Floats) -> float:
    hit = np.flatnonzero(share >= ONE_IN_A_HUNDRED)
    return float(AXIS_M[hit[-1]]) if hit.size else 0.0


def _lethal_reach_m(case: Case, at: str) -> float:
    del at
    return _farthest(_shares(*_axis(case))[0])


def _serious_reach_m(case: Case, at: str) -> float:
    del at
    return _farthest(_shares(*_axis(case))[1])


def _distress_reach_m(case: Case, at: str) -> float:
    del at
    cloud = _cloud(case)
    return float(cloud.plumes.get(1.5, 600.0).distance_to(aegl_ppm(cloud.of, 2, 3600.0)))


def _clear_min(case: Case, at: str) -> float:
    """Give when the last place of the axis up to `at` metres is below the 10-min AEGL-2, min."""
    cloud = _cloud(case)
    near = AXIS_M[: int(np.searchsorted(AXIS_M, float(at), side="right"))]
    places = np.asarray(cloud.source_xy) + np.outer(near, cloud.weather.down_wind())
    over = (_levels(cloud, places) >= cloud.harmful_level).any(axis=1)
    hit = np.flatnonzero(over)
    return float((hit[-1] + 1) * STEP_S / 60.0) if hit.size else 0.0


# --- a river -------------------------------------------------------------------------------------


def _water(case: Case, at: str) -> Floats:
    """Give the dissolved cargo at a place over `RIVER_S`, mg/L."""
    spill = case.hazard
    if not isinstance(spill, RiverSpill):
        raise ValueError(f"{case.accident.id}: this measure needs a river")
    key = f"water {at}"
    if key not in case.memo:
        case.memo[key] = spill.cargo_mg_l(spill.course.marks[at], RIVER_S)
    return np.asarray(case.memo[key])


def _passes_limit_h(case: Case, at: str) -> float:
    hit = np.flatnonzero(_water(case, at) >= case.accident.limit_mg_l)
    return float(RIVER_S[hit[0]] / 3600.0) if hit.size else math.inf


def _hours_over_limit(case: Case, at: str) -> float:
    over = _water(case, at) >= case.accident.limit_mg_l
    return float(over.sum() * (RIVER_S[1] - RIVER_S[0]) / 3600.0)


def _peak_h(case: Case, at: str) -> float:
    return float(RIVER_S[int(_water(case, at).argmax())] / 3600.0)


def _peak_mg_l(case: Case, at: str) -> float:
    return float(_water(case, at).max())


# --- a run with people ---------------------------------------------------------------------------


def _final(log: RunLog, what: str) -> float:
    return float([e for e in log.of("people-final") if e.subject == "all"][-1].data[what])


def _mean(case: Case, variant: str, of: Callable[[RunLog], float]) -> float:
    logs = case.logs.get(variant or ACTING)
    if not logs:
        raise ValueError(f"{case.accident.id}: this measure needs a drill")
    return fmean(of(log) for log in logs)


def _dead(case: Case, at: str) -> float:
    return _mean(case, at, lambda log: _final(log, "deaths"))


def _serious(case: Case, at: str) -> float:
    return _mean(case, at, lambda log: _final(log, "serious"))


def _hurt(case: Case, at: str) -> float:
    return _mean(case, at, lambda log: max(_final(log, "exposed") - _final(log, "deaths"), 0.0))


def _call_min(case: Case, at: str) -> float:
    """Give when the desk `at` first took a message, minutes; the end of the run if it never did."""

    def first(log: RunLog) -> float:
        heard = [e.t for e in log.of("message-delivered") if e.who.partition("/")[0] == at]
        return min(heard, default=log.end_s) / 60.0

    return _mean(case, "", first)


def _out_min(case: Case, at: str) -> float:
    """Give when the fire was out, minutes; the end of the run if it never was."""

    def out(log: RunLog) -> float:
        found = [e.t for e in log.of("truth") if e.subject == "fire-out"]
        return min(found, default=log.end_s) / 60.0

    return _mean(case, at, out)


def _storeys_alight(case: Case, at: str) -> float:
    """Give how many storeys above the ground floor have burnt by the end of the run."""

    def alight(fire: Hazard) -> float:
        if not isinstance(fire, ResidentialFire):
            raise ValueError(f"{case.accident.id}: this measure needs a fire in a building")
        return float(np.count_nonzero(fire.alight(fire.spec.horizon)[1:]))

    return fmean(alight(fire) for fire in case.ends[at or ACTING])


MEASURES: dict[str, Measure] = {
    "released-t": _released_t,
    "rate-kg-s": _rate_kg_s,
    "empty-s": _empty_s,
    "crowd-dead": _of_crowd("dead"),
    "crowd-serious": _of_crowd("serious"),
    "crowd-exposed": _of_crowd("exposed"),
    "lethal-reach-m": _lethal_reach_m,
    "serious-reach-m": _serious_reach_m,
    "distress-reach-m": _distress_reach_m,
    "clear-min": _clear_min,
    "passes-limit-h": _passes_limit_h,
    "hours-over-limit": _hours_over_limit,
    "peak-h": _peak_h,
    "peak-mg-l": _peak_mg_l,
    "dead": _dead,
    "serious": _serious,
    "hurt": _hurt,
    "call-min": _call_min,
    "out-min": _out_min,
    "storeys-alight": _storeys_alight,
}
