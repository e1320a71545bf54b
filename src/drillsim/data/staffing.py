"""What staffing, training and supplies do to a crew: task-time factors, and the six 到位.

Six respects make an organisation ready 六到位: body 机构, posts 岗位, people 人员, equipment 装备,
funds 经费 and premises 场所. `Readiness` states them; `effects_of` turns them into what a run can
use: factors on task times and error rates, capabilities kept and lost, vacant posts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from itertools import pairwise
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, model_validator

from drillsim.data.substances import Figure
from drillsim.yamlio import Id, Model, read_yaml

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Training = Literal["none", "briefed", "trained", "drilled"]
NO_CREW_FACTOR = float("inf")


class Setting(Model):
    """Task time by crew size in one kind of incident, over that of a crew of 4."""

    crews: dict[int, Figure]


class StaffingFigures(Model):
    """The whole file `staffing.yaml`."""

    sources: dict[str, str]
    settings: dict[Id, Setting]
    high_rise_minutes: dict[int, Figure]
    high_rise_base_min: Figure
    training: dict[Training, Figure]
    no_body_factor: Figure
    vacant_post_factor: Figure

    @model_validator(mode="after")
    def _cited(self) -> StaffingFigures:
        rows = [row for setting in self.settings.values() for row in setting.crews.values()]
        rows += [*self.high_rise_minutes.values(), *self.training.values()]
        rows += [self.high_rise_base_min, self.no_body_factor, self.vacant_post_factor]
        if unknown := sorted({row.source for row in rows} - set(self.sources)):
            raise ValueError(f"no such source: {', '.join(unknown)}")
        return self


class Readiness(Model):
    """How ready a team is, in the six respects 六到位.

    `body` 机构: a leading body is set up; `posts` 岗位: each post and whether somebody holds it;
    `people` 人员: crew on duty against `crew_planned`, and `training`; `equipment` 装备: what is
    there and works, against what each capability `needs`; `funds` 经费: share of the consumables
    and hire that is paid for; `premises` 场所: each place a capability needs and whether it is fit
    for use, by the capability it serves.
    """

    body: bool = True
    posts: dict[str, bool] = {}
    people: Annotated[int, Field(ge=0)] = 4
    crew_planned: Annotated[int, Field(ge=1)] = 4
    training: Training = "trained"
    equipment: frozenset[str] = frozenset()
    needs: dict[str, frozenset[str]] = {}
    funds: Share = 1.0
    premises: dict[str, bool] = {}

    @model_validator(mode="after")
    def _consistent(self) -> Readiness:
        if self.people > 3 * self.crew_planned:
            raise ValueError(
                f"{self.people} people for a planned crew of {self.crew_planned}: state one crew"
            )
        if unknown := sorted(set(self.premises) - set(self.needs)):
            raise ValueError(f"premises serve no stated capability: {', '.join(unknown)}")
        return self


@dataclass(frozen=True, slots=True)
class Effects:
    """What readiness does in a run.

    `time_factor` on task times (inf: the crew cannot work), `error_factor` on error rates,
    `capabilities` kept, `lost` capability -> why, `vacant` posts, and `supply_share`, the share
    of planned consumables that is there.

    Range: factors of 0.7 and more
    Source: as `effects_of`
    Verified: yes (a definition)
    Test: tests/unit/test_staffing.py
    """

    time_factor: float
    error_factor: float
    capabilities: frozenset[str]
    lost: Mapping[str, tuple[str, ...]]
    vacant: tuple[str, ...]
    supply_share: float


@cache
def staffing() -> StaffingFigures:
    """Read the shipped staffing figures (once a process).

    Range: not applicable (a table)
    Source: NIST TN 1661 and TN 1797, HEART; see drillsim/data/staffing.yaml
    Verified: no (figure by figure; the unverified ones carry a range)
    Test: tests/unit/test_staffing.py
    """
    with as_file(files("drillsim.data") / "staffing.yaml") as path:
        return read_yaml(path, StaffingFigures, shown="drillsim/data/staffing.yaml")


def crew_time_factor(setting: str, crew: float) -> float:
    """Give the factor on task times for a crew, over a crew of 4.

    `setting` "residential" (all tasks), "residential-water" (time to water) or "high-rise";
    `crew` persons, a line between the sizes tested, held beyond the largest; below the smallest
    it grows as the smallest over the crew; inf for a crew of 0. KeyError for another setting,
    ValueError for a negative crew.

    Range: 2 to 5 (residential) or 3 to 6 (high-rise); the 2-person high-rise crew is drawn on
    Source: NIST TN 1661 (2010), 22 tasks; NIST TN 1797 (2013), 14 critical tasks
    Verified: no (residential crews of 2 to 4 are, in NIST's release; the crew of 5 and the base of
        48 min for high-rise are from memory)
    Test: tests/unit/test_staffing.py
    """
    rows = staffing().settings[setting].crews
    if crew < 0.0:
        raise ValueError("a crew must be 0 persons or more")
    if crew == 0.0:
        return NO_CREW_FACTOR
    sizes = sorted(rows)
    if crew <= sizes[0]:
        return rows[sizes[0]].value * sizes[0] / crew
    for low, high in pairwise(sizes):
        if crew <= high:
            part = (crew - low) / (high - low)
            return rows[low].value + part * (rows[high].value - rows[low].value)
    return rows[sizes[-1]].value


def error_factor(training: Training) -> float:
    """Give the factor on a crew's error rates by its training, over a trained crew.

    "none" 3, "briefed" 2, "trained" 1, "drilled" 0.7. KeyError for another level.

    Range: none 1.5 to 8, briefed 1.2 to 4, drilled 0.4 to 1
    Source: Williams (1986), HEART, operator inexperience; steps between are judgement
    Verified: no (from memory)
    Test: tests/unit/test_staffing.py
    """
    return staffing().training[training].value


def effects_of(readiness: Readiness, setting: str = "residential") -> Effects:
    """Give what a team's readiness does in a run.

    Time factor: the crew on duty against the planned one in `setting`, times 1.3 without a
    leading body. A capability is lost when equipment it needs is missing, its premises are not
    fit, or nobody is on duty. Vacant posts are listed for the engine, which lets a deputy or a
    call-in take over their duties. A fully ready team has factors of 1 and loses nothing.

    Range: as `crew_time_factor` and `error_factor`; body 1 to 2
    Source: as `crew_time_factor` and `error_factor`; the effect of a missing body is judgement
    Verified: no (body factor is judgement)
    Test: tests/unit/test_staffing.py
    """
    data = staffing()
    planned = crew_time_factor(setting, readiness.crew_planned)
    factor = crew_time_factor(setting, readiness.people) / planned
    if not readiness.body:
        factor *= data.no_body_factor.value
    lost: dict[str, tuple[str, ...]] = {}
    for capability in sorted(readiness.needs):
        reasons = [f"equipment: {item}" for item in sorted(readiness.needs[capability])
                   if item not in readiness.equipment]  # fmt: skip
        if not readiness.premises.get(capability, True):
            reasons.append("premises")
        if readiness.people == 0:
            reasons.append("people")
        if reasons:
            lost[capability] = tuple(reasons)
    return Effects(
        time_factor=factor,
        error_factor=error_factor(readiness.training),
        capabilities=frozenset(readiness.needs) - set(lost),
        lost=MappingProxyType(lost),
        vacant=tuple(sorted(post for post, held in readiness.posts.items() if not held)),
        supply_share=readiness.funds,
    )


def vacant_post_factor() -> float:
    """Give the factor on the time of a duty whose post is vacant and taken over by another.

    Range: 1 to 3
    Source: judgement
    Verified: no (judgement)
    Test: tests/unit/test_staffing.py
    """
    return staffing().vacant_post_factor.value
