"""Command by scope: clean when both plans declare it, contested when not, a gap for who waits."""

from __future__ import annotations

from typing import Any

import pytest

from drillsim.engine.session import Session, run
from drillsim.i18n import Text
from drillsim.log.runlog import RunLog
from drillsim.plans.conditions import read_atom
from drillsim.plans.model import Command, Handover, Level, Protective, Task
from drillsim.plans.sets import with_elements
from drillsim.scenario import Scenario

pytestmark = pytest.mark.usefixtures("constant_times")

# the brigade takes command of the fire scope when told (93 s), the bureau when told (206 s)
FIRST = Command(id="c-1", scope="fire", by="brigade", when=read_atom("told fire-call"))
SECOND = Command(id="c-2", scope="fire", by="bureau", when=read_atom("told report"))
BRIEF = Handover(
    id="h", scope="fire", giver="brigade", taker="bureau", when=read_atom("told report"),
    brief=("location", "hurt"), limit="10 min",
)  # fmt: skip


def with_all(scenario: Scenario, **elements: Any) -> Scenario:
    """Add elements by `plan__id=(section, element)`."""
    changes = {key.replace("__", "/").replace("_", "-"): e for key, e in elements.items()}
    return scenario.with_plans(with_elements(scenario.plan_set, changes))


def command(log: RunLog) -> list[tuple[float, str, str]]:
    kinds = (
        "command-taken",
        "command-contested",
        "command-lost",
        "handover-started",
        "handover-done",
    )
    return [(e.t, e.kind, e.who) for e in log.of(*kinds)]


def best(tiny: Scenario, figure: str) -> float:
    return Session(tiny, 1).drill.world.figures.figures[figure].best


def test_the_first_who_claims_holds(tiny: Scenario) -> None:
    scenario = with_all(tiny, p_brigade__c_1=("commands", FIRST))
    log = run(scenario, 1, variant="perfect")
    assert command(log) == [(93.0, "command-taken", "brigade")]
    (taken,) = log.of("command-taken")
    assert (taken.data["from"], taken.data["clean"]) == (None, True)
    assert [e.t for e in log.of("believed") if e.subject == "holds:fire"] == [93.0]


def both(tiny: Scenario, **more: Any) -> Scenario:
    return with_all(
        tiny, p_brigade__c_1=("commands", FIRST), p_bureau__c_2=("commands", SECOND), **more
    )


def test_two_claims_without_a_handover_are_contested(tiny: Scenario) -> None:
    """The bureau (city) outranks the brigade (county): a quarrel of `settle`, and no brief."""
    settle = best(tiny, "settle")
    log = run(both(tiny), 1, variant="perfect")
    assert command(log) == [
        (93.0, "command-taken", "brigade"), (206.0, "command-contested", "bureau"),
        (206.0 + settle, "command-taken", "bureau"),
    ]  # fmt: skip
    taken = log.of("command-taken")[-1]
    assert (taken.data["from"], taken.data["clean"], taken.data["asked"]) == ("brigade", False, 0)


@pytest.mark.parametrize("sides", ["giver", "taker", "both"])
def test_a_handover_is_clean_when_both_plans_declare_it(tiny: Scenario, sides: str) -> None:
    declared: dict[str, Any] = {}
    if sides in {"giver", "both"}:
        declared["p_brigade__h"] = ("handovers", BRIEF)
    if sides in {"taker", "both"}:
        declared["p_bureau__h"] = ("handovers", BRIEF)
    log = run(with_all(tiny, p_brigade__c_1=("commands", FIRST), **declared), 1, variant="perfect")
    taken = log.of("command-taken")[-1]
    assert taken.who == "bureau"
    if sides != "both":
        assert taken.data["clean"] is False
        assert log.of("handover-done") == ()
        return
    # told at 206, then the two-sided brief
    assert [(e.t, e.kind) for e in log.of("handover-started", "handover-done")] == [
        (206.0, "handover-started"), (206.0 + best(tiny, "brief"), "handover-done"),
    ]  # fmt: skip
    (done,) = log.of("handover-done")
    assert done.data["brief"] == {"location": "valve-house", "hurt": None}
    assert (taken.data["clean"], taken.data["asked"], taken.data["known"]) == (True, 2, 1)
    assert done.id in taken.causes


def test_a_lower_body_does_not_take_from_a_higher(tiny: Scenario) -> None:
    late = Command(id="c-3", scope="fire", by="works/operator", when=read_atom("isolated"))
    scenario = with_all(tiny, p_brigade__c_1=("commands", FIRST), p_works__c_3=("commands", late))
    assert command(run(scenario, 1, variant="perfect")) == [(93.0, "command-taken", "brigade")]


def test_work_that_needs_command_waits_for_it(tiny: Scenario) -> None:
    """The brigade's task needs the fire scope, which the bureau takes at 206 s."""
    _, task = tiny.plan_set.find("p-brigade/t-close")
    waits = task.model_copy(update={"scope": "fire"})
    alone = with_all(tiny, p_brigade__t_close=("tasks", waits))
    log = run(alone, 1, variant="perfect")
    assert [(e.t, e.data["why"]) for e in log.of("duty-waiting")] == [(108.0, "command:fire")]
    assert log.of("crew-assigned") == ()
    held = with_all(alone, p_bureau__c_2=("commands", SECOND))
    assert [e.t for e in run(held, 1, variant="perfect").of("crew-assigned")] == [206.0]


def test_ideal_links_pass_command_at_once(tiny: Scenario) -> None:
    log = run(both(tiny), 1, variant="ideal-links")
    assert log.of("command-contested") == ()
    assert all(e.data["clean"] for e in log.of("command-taken"))


# --- powers, approvals, levels -------------------------------------------------------------------

ORDER = Protective(
    id="pa", by="bureau", when=read_atom("told report"), action="shelter", far="3 km"
)


def with_powers(scenario: Scenario, org: str, *powers: str) -> Scenario:
    from dataclasses import replace

    bodies = dict(scenario.plan_set.organisations)
    bodies[org] = bodies[org].model_copy(update={"powers": powers})
    return scenario.with_plans(replace(scenario.plan_set, organisations=bodies))


def test_an_order_needs_the_power(tiny: Scenario) -> None:
    """Told 206, 30 s for a leader's decision; without the power it is refused and nobody moves."""
    scenario = with_all(tiny, p_bureau__pa=("protective", ORDER))
    log = run(scenario, 1, variant="perfect")
    assert [(e.t, e.data["why"]) for e in log.of("duty-refused")] == [(236.0, "order-evacuation")]
    assert log.of("zone-ordered") == ()
    allowed = with_powers(scenario, "bureau", "order-evacuation")
    (order,) = run(allowed, 1, variant="perfect").of("zone-ordered")
    # nobody told the bureau the wind: a full circle, and the hamlet (2 km) is inside
    assert (order.t, order.data["heads"], order.data["sector_deg"]) == (236.0, 60, 360.0)


@pytest.mark.parametrize(("near", "far", "heads"), [
    ("0 m", "2 km", 0), ("2 km", "3 km", 60), ("0 m", "2001 m", 60), ("2001 m", "9 km", 0),
])  # fmt: skip
def test_distances_are_half_open(tiny: Scenario, near: str, far: str, heads: int) -> None:
    """The hamlet stands exactly 2,000 m away: inside [2 km, ...), outside [..., 2 km)."""
    ring = Protective(
        id="pa", by="bureau", when=read_atom("told report"), action="shelter", near=near, far=far
    )
    scenario = with_powers(
        with_all(tiny, p_bureau__pa=("protective", ring)), "bureau", "order-evacuation"
    )
    (order,) = run(scenario, 1, variant="perfect").of("zone-ordered")
    assert order.data["heads"] == heads


def test_a_level_waits_for_its_approval(tiny: Scenario) -> None:
    """Asked at 236 (206 + 30), reached at once, 60 s to put the case, then `approve`."""
    _, level = tiny.plan_set.find("p-bureau/i")
    asks = level.model_copy(update={"approval": "brigade"})
    log = run(with_all(tiny, p_bureau__i=("levels", asks)), 1, variant="perfect")
    approve = best(tiny, "approve")
    assert [(e.t, e.who) for e in log.of("approval-asked")] == [(236.0, "brigade")]
    assert [e.t for e in log.of("approval-given")] == [296.0 + approve]
    assert [e.t for e in log.of("level-activated") if e.who == "bureau"] == [296.0 + approve]


def test_a_substitute_acts_after_the_wait(tiny: Scenario) -> None:
    """The activator is away for good: the substitute waits 2 min, then decides (30 s)."""
    from dataclasses import replace

    from drillsim.plans.organisations import Role

    name = Text(zh="职", en="post")
    roles = (Role(id="chief", name=name), Role(id="deputy", name=name))
    bodies = dict(tiny.plan_set.organisations)
    bodies["bureau"] = bodies["bureau"].model_copy(update={"roles": roles})
    _, level = tiny.plan_set.find("p-bureau/i")
    asks = level.model_copy(
        update={
            "activator": "bureau/chief", "substitutes": ("bureau/deputy",),
            "substitute_after": 120.0, "when": read_atom("told report"),
        }
    )  # fmt: skip
    _, report = tiny.plan_set.find("p-brigade/n-report")
    to = report.model_copy(update={"to": ("bureau/deputy",)})
    staff = tiny.file.staff.model_copy(update={"absent": ("bureau/chief",)})
    scenario = replace(
        tiny, file=tiny.file.model_copy(update={"staff": staff}), memo={},
        plan_set=with_elements(
            replace(tiny.plan_set, organisations=bodies),
            {"p-bureau/i": ("levels", asks), "p-brigade/n-report": ("notifications", to)},
        ),
    )  # fmt: skip
    log = run(scenario, 1, variant="perfect")
    (level_fact,) = [e for e in log.of("level-activated") if e.subject == "p-bureau:i"]
    assert (level_fact.t, level_fact.who) == (206.0 + 120.0 + 30.0, "bureau/deputy")


def test_a_graver_level_includes_the_lesser_but_not_the_other_way(tiny: Scenario) -> None:
    name = Text(zh="级", en="level")
    levels = {
        rank: Level(id=f"r{rank}", name=name, rank=rank, severity=4 - rank, activator="bureau",
                    when=read_atom("told report" if rank == 2 else "deaths >= 9"))
        for rank in (1, 2, 3)
    }  # fmt: skip
    scenario = with_all(tiny, **{f"p_bureau__r{r}": ("levels", x) for r, x in levels.items()},
                        p_bureau__i=None)  # fmt: skip
    log = run(scenario, 1, variant="perfect")
    assert [e.subject for e in log.of("level-activated") if e.who == "bureau"] == ["p-bureau:r2"]
    known = {e.subject for e in log.of("believed") if e.who == "bureau"}
    assert {"level:p-bureau:r2", "level:p-bureau:r3"} <= known
    assert "level:p-bureau:r1" not in known


def test_a_desk_that_decides_by_heads_in_the_sector_works_them_out(tiny: Scenario) -> None:
    """The operator's desk waits for `to-protect`: place and wind are known, so it judges."""
    look = Task(id="t-look", by="works/operator", when=read_atom("to-protect < 1"), verb="size-up")
    log = run(with_all(tiny, p_works__t_look=("tasks", look)), 1, variant="perfect")
    judged = [e for e in log.of("believed") if e.subject == "to-protect"]
    assert [(e.t, e.who, e.data["value"]) for e in judged] == [
        (10.0 + best(tiny, "judge"), "works/operator", 0.0)
    ]
    assert log.of("task-done")
