"""Key periods: what each of them changes, in the file and in a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from drillsim.data.key_periods import key_periods
from drillsim.engine.session import run
from drillsim.modifiers import modified
from drillsim.scenario import Scenario, read_scenario

CL_1 = Path(__file__).parents[2] / "scenarios" / "longcheng" / "cl-1.yaml"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario(CL_1)


def events(scenario: Scenario, kind: str) -> list:
    return list(run(scenario, 1, 0, "behavioural").of(kind))


def test_no_key_period_changes_nothing(scenario: Scenario) -> None:
    assert modified(scenario, ()) is scenario


@pytest.mark.parametrize("name", sorted(key_periods()))
def test_every_key_period_is_known_by_the_digest(scenario: Scenario, name: str) -> None:
    changed = modified(scenario, [name])
    assert changed.file.modifiers == (name,)
    assert changed.digest != scenario.digest
    assert scenario.file.modifiers == ()


def test_order_and_repetition_do_not_matter(scenario: Scenario) -> None:
    one = modified(scenario, ["fog", "spring-festival"])
    other = modified(scenario, ["spring-festival", "fog", "fog"])
    assert one.digest == other.digest
    assert one.file.circumstances.travel == pytest.approx(1.5 * 1.3)


def test_heat_raises_tank_and_air_and_so_the_outflow(scenario: Scenario) -> None:
    hot = modified(scenario, ["heat-wave"])
    assert hot.spec.temperature == pytest.approx(scenario.spec.temperature + 12)
    cool_rate, hot_rate = (
        next(e.data["rate_kg_s"] for e in events(s, "drawn") if e.subject == "weather")
        for s in (scenario, hot)
    )
    assert hot_rate > 1.1 * cool_rate


def test_fog_slows_every_drive_by_half(scenario: Scenario) -> None:
    def drives(of: Scenario) -> dict[str, float]:
        legs: dict[str, float] = {}
        for event in events(of, "crew-departed"):
            leg = f"{event.data['unit']} {event.data['place']} {event.data['path'][0][1:]}"
            legs.setdefault(leg, event.data["eta_s"] - event.t)
        return legs

    clear, foggy = drives(scenario), drives(modified(scenario, ["fog"]))
    ratios = [foggy[leg] / clear[leg] for leg in clear.keys() & foggy.keys() if clear[leg] > 120]
    assert len(ratios) > 5
    assert sorted(ratios)[len(ratios) // 2] == pytest.approx(1.5, rel=0.02)


def test_at_night_the_start_moves_and_principals_are_away(scenario: Scenario) -> None:
    night = modified(scenario, ["night"])
    assert (night.file.start.hour, night.file.start.minute) == (2, 30)
    assert night.night
    away = set(night.file.staff.absent) - set(scenario.file.staff.absent)
    assert away
    for address in away:
        role = scenario.plan_set.role(address)
        assert role is not None
        assert role.deputies


def test_bypassed_alarms_reach_their_desks_later(scenario: Scenario) -> None:
    def first_alarm(of: Scenario) -> float:
        found = [e for e in events(of, "believed") if e.subject == "detectors"]
        return min(e.t for e in found if e.data["source"] == "own")

    later = first_alarm(modified(scenario, ["restart"])) - first_alarm(scenario)
    assert later == pytest.approx(300.0)


def test_a_major_event_ties_up_units_and_slows_publishing(scenario: Scenario) -> None:
    from drillsim.engine.session import Session

    def units(of: Scenario) -> int:
        crews = Session(of, 1).drill.crews.units
        return sum("cordon" in u.resource.capabilities for u in crews)

    busy = modified(scenario, ["major-event"])
    assert units(busy) < units(scenario)
    assert busy.file.circumstances.sign_off == 600.0


def test_an_unknown_key_period_is_refused_with_a_hint(scenario: Scenario) -> None:
    with pytest.raises(ValueError, match="fog"):
        modified(scenario, ["fogg"])
