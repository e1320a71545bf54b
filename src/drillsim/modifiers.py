"""Key-period modifiers: any scenario, taken at another time or under other circumstances."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from drillsim.data.key_periods import KeyPeriod, key_periods
from drillsim.errors import did_you_mean
from drillsim.i18n import catalogue, default_lang, say
from drillsim.scenario import Circumstances, Scenario, ScenarioFile

catalogue(
    {
        "modifier.unknown": (
            "没有这样的重点时段：{name}{hint}；可用：{known}",
            "there is no such key period: {name}{hint}; allowed: {known}",
        ),
        "modifier.impossible": (
            "重点时段 {name} 不适用于该情景：{why}",
            "the key period {name} does not fit this scenario: {why}",
        ),
    }
)


def modified(scenario: Scenario, names: Iterable[str]) -> Scenario:
    """Give the scenario under key periods, applied in the order of their ids, each once.

    Factors multiply, probabilities and times add up, a set field replaces the scenario's own. The
    names stand in the file's `modifiers`, so the digest knows them. Raises ValueError for an
    unknown name, or where a change is outside what the scenario's own rules allow.
    """
    known = key_periods()
    wanted = sorted(set(names))
    for name in wanted:
        if name not in known:
            told = {"name": name, "hint": did_you_mean(name, list(known))}
            message = say(
                "modifier.unknown", default_lang(), **told, known=", ".join(sorted(known))
            )
            raise ValueError(message)
        try:
            scenario = _under(scenario, name, known[name])
        except ValueError as error:
            message = say("modifier.impossible", default_lang(), name=name, why=error)
            raise ValueError(message) from error
    return scenario


def _under(scenario: Scenario, name: str, period: KeyPeriod) -> Scenario:
    file = scenario.file
    changes: dict[str, Any] = {
        "modifiers": (*file.modifiers, name),
        "weather": _weather(file, period),
        "occupancy": file.occupancy.model_copy(
            update={"factor": min(file.occupancy.factor * period.occupancy, 3.0)}
        ),
        "staff": _staff(scenario, period),
        "circumstances": _circumstances(file.circumstances, period),
    }
    if period.start_hour is not None:
        midnight = file.start.replace(hour=0, minute=0, second=0)
        changes["start"] = midnight + timedelta(hours=period.start_hour)
    if file.isolation is not None and period.isolation:
        changes["isolation"] = file.isolation.model_copy(
            update={str(field): value for field, value in period.isolation.items()}
        )
    spec = scenario.spec
    fields = {k: v for k, v in period.hazard.items() if k in type(spec).model_fields}
    if getattr(spec, "temperature", None) is not None and period.temperature:
        fields["temperature"] = f"{spec.temperature + period.temperature:g} K"
    if fields:
        changes["hazard"] = {**file.hazard, **fields}
        spec = type(spec).model_validate(changes["hazard"])
    return replace(scenario, file=file.model_copy(update=changes), spec=spec, memo={})


def _weather(file: ScenarioFile, period: KeyPeriod) -> Any:
    weather = file.weather
    return weather.model_copy(
        update={
            "temperature": min(max(weather.temperature + period.temperature, 201.0), 329.0),
            "wind_speed": max(weather.wind_speed * period.wind, 0.5),
            "stability": period.stability or weather.stability,
            "direction_sd": min(weather.direction_sd + period.direction_sd, 90.0),
        }
    )


def _staff(scenario: Scenario, period: KeyPeriod) -> Any:
    staff = scenario.file.staff
    absent = staff.absent
    if period.principals == "away":
        plan_set = scenario.plan_set
        with_deputy = [
            address
            for address in plan_set.addresses()
            if (role := plan_set.role(address)) is not None and role.deputies
        ]
        absent = tuple(dict.fromkeys((*absent, *with_deputy)))
    return staff.model_copy(
        update={
            "factor": staff.factor * period.staff,
            "contact_failure": min(staff.contact_failure + period.contact_failure, 1.0),
            "absent": absent,
        }
    )


def _circumstances(now: Circumstances, period: KeyPeriod) -> Circumstances:
    committed = dict(now.committed)
    for capability, share in period.committed.items():
        committed[capability] = 1.0 - (1.0 - committed.get(capability, 0.0)) * (1.0 - share)
    return now.model_copy(
        update={
            "travel": now.travel * period.travel,
            "sailing": now.sailing * period.sailing,
            "alarm_delay": now.alarm_delay + period.alarm_delay,
            "sign_off": now.sign_off + period.sign_off,
            "committed": committed,
        }
    )
