"""Triage: START tags, how often they are wrong, and survival by score and waiting time.

Expected counts only: who gets which tag in a run is the engine's draw. The RPM score
(respiration, pulse, motor response, 0 to 12) carries survival over time; a class stands for the
mean of its scores.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drillsim.data.transport import transport

CLASSES = ("green", "yellow", "red", "black")
"""Triage classes from the lightest to the gravest."""
STEP_S = 1800.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Vitals:
    """What a triage officer sees in under a minute.

    `breathes` by itself, `breathes_after_airway` once the airway is opened, `breaths_per_min`,
    `perfused` (radial pulse, or capillary refill within 2 s), `obeys` simple commands.

    Range: adults
    Source: START, Newport Beach / Hoag Hospital (1983, 1994)
    Verified: yes (a definition)
    Test: tests/physics/test_triage.py
    """

    walks: bool = False
    breathes: bool = True
    breathes_after_airway: bool = True
    breaths_per_min: float = 16.0
    perfused: bool = True
    obeys: bool = True


def start_class(seen: Vitals) -> str:
    """Give the START tag: "green", "yellow", "red" or "black".

    Walking: green. Not breathing: red if breathing returns when the airway is opened, else black.
    More than 30 breaths a minute, no radial pulse (refill over 2 s), or not obeying: red. Else
    yellow. ValueError for a negative rate.

    Range: adults; children by another scheme
    Source: START, Newport Beach / Hoag Hospital (1983, 1994)
    Verified: no (universally published; primary not read)
    Test: tests/physics/test_triage.py
    """
    if seen.breaths_per_min < 0.0:
        raise ValueError("breaths per minute must be 0 or more")
    if seen.walks:
        return "green"
    if not seen.breathes:
        return "red" if seen.breathes_after_airway else "black"
    if seen.breaths_per_min > 30.0 or not seen.perfused or not seen.obeys:
        return "red"
    return "yellow"


def tag_shares() -> Floats:
    """Give how often each need gets each tag, shape (4, 4): rows need, columns tag, in `CLASSES`.

    Each row adds up to 1.

    Range: one train crash, 148 victims, 2 truly red: red and yellow rows are weak
    Source: Kahn et al. (2009), Ann. Emerg. Med. 54:424-430; the table follows from its margins
    Verified: yes (abstract read; the black row is judgement)
    Test: tests/physics/test_triage.py
    """
    rows = np.array([transport().triage.tags[name] for name in CLASSES], dtype=np.float64)
    return np.asarray(rows / rows.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True)
class Tagged:
    """Expected tags: `counts` (4, 4), rows need, columns tag; shares over- and under-triaged.

    Range: as `tag_shares`
    Source: as `tag_shares`
    Verified: yes (reading of the table)
    Test: tests/physics/test_triage.py
    """

    counts: Floats
    over_share: float
    under_share: float

    def tagged(self) -> dict[str, float]:
        """Give the expected number of each tag."""
        return dict(zip(CLASSES, self.counts.sum(axis=0).tolist(), strict=True))


def expected_tags(needs: Mapping[str, float], shares: Floats | None = None) -> Tagged:
    """Give the tags to be expected for a number of persons of each need.

    `needs` persons by class, a class left out counts 0; `shares` (4, 4) replaces the shipped
    table, e.g. for a trained team. Persons are conserved. ValueError for an unknown class, a
    negative number, or shares whose rows do not add up to 1.

    Range: as `tag_shares`
    Source: as `tag_shares`
    Verified: yes (the study's own margins come back in the test)
    Test: tests/physics/test_triage.py
    """
    if unknown := sorted(set(needs) - set(CLASSES)):
        raise ValueError(f"no such class: {', '.join(unknown)}; known: {', '.join(CLASSES)}")
    table = tag_shares() if shares is None else np.asarray(shares, dtype=np.float64)
    persons = np.array([needs.get(name, 0.0) for name in CLASSES], dtype=np.float64)
    if (persons < 0.0).any():
        raise ValueError("numbers of persons must be 0 or more")
    if table.shape != (4, 4) or (table < 0.0).any() or np.abs(table.sum(axis=1) - 1.0).max() > 1e-9:
        raise ValueError("shares must be a 4 x 4 table whose rows add up to 1")
    counts = persons[:, None] * table
    total = max(float(persons.sum()), 1e-12)
    over = float(np.triu(counts, 1).sum()) / total
    under = float(np.tril(counts, -1).sum()) / total
    return Tagged(counts, over, under)


def rpm_score(breaths_per_min: float, pulse_per_min: float, motor: int) -> int:
    """Give the RPM score, 0 (worst) to 12, from breaths and pulse a minute and motor response.

    `motor`: 0 none, 1 extends or flexes, 2 withdraws, 3 localises pain, 4 obeys. ValueError for
    negative rates or another motor code.

    Range: adults with blunt injury
    Source: Sacco et al. (2005), Acad. Emerg. Med. 12:759-770, coding table
    Verified: no (coding from memory)
    Test: tests/physics/test_triage.py
    """
    if breaths_per_min < 0.0 or pulse_per_min < 0.0 or motor not in range(5):
        raise ValueError("rates must be 0 or more and the motor code 0 to 4")
    breaths = {0.0: 0, 1.0: 1, 10.0: 4, 25.0: 3, 36.0: 2}
    pulses = {0.0: 0, 1.0: 1, 41.0: 2, 61.0: 4, 121.0: 3}
    coded = (
        next(points for low, points in reversed(codes.items()) if rate >= low)
        for rate, codes in ((breaths_per_min, breaths), (pulse_per_min, pulses))
    )
    return sum(coded) + motor


def survival_by_rpm(score: int, waiting_s: ArrayLike) -> Floats:
    """Give the chance to survive when treated after waiting, 0 to 1, by RPM score now.

    `score` 0 to 12, `waiting_s` any shape. The score falls by the published steps of 30 min; the
    chance is drawn in a line between them and held after 6 h. ValueError for a score or wait out
    of range.

    Range: blunt injury, waiting up to 6 h (held beyond, thus too high)
    Source: Sacco et al. (2005), Acad. Emerg. Med. 12:759-770: survival of 76,459 patients; fall
        of the score by Delphi panel
    Verified: no (two open secondary transcriptions agree; primary not read)
    Test: tests/physics/test_triage.py
    """
    if score not in range(13):
        raise ValueError(f"an RPM score is a whole number from 0 to 12, not {score}")
    waiting = np.asarray(waiting_s, dtype=np.float64)
    if (waiting < 0.0).any():
        raise ValueError("waiting must be 0 s or more")
    data = transport().triage
    scores = (score, *data.rpm_later[score])
    chances = [data.rpm_survival[later] for later in scores]
    return np.asarray(np.interp(waiting, STEP_S * np.arange(len(scores)), chances))


def survival_by_class(name: str, waiting_s: ArrayLike, spread: str = "mean") -> Floats:
    """Give the chance to survive when treated after waiting, 0 to 1, for a triage class.

    `name` of the class by need (not by tag), `waiting_s` any shape; `spread` "mean" of the
    class's scores, or its "low" or "high" end. KeyError for another class, ValueError for another
    spread.

    Range: as `survival_by_rpm`; low and high ends of the class are its unverified range
    Source: as `survival_by_rpm`; classes as scores (red 1-6, yellow 7-9, green 10-12) are judgement
    Verified: no (mapping is judgement)
    Test: tests/physics/test_triage.py
    """
    low, high = transport().triage.class_rpm[name]
    scores = {"mean": range(low, high + 1), "low": (low,), "high": (high,)}
    if spread not in scores:
        raise ValueError(f"spread must be mean, low or high, not {spread!r}")
    return np.asarray(np.mean([survival_by_rpm(s, waiting_s) for s in scores[spread]], axis=0))
