"""Sentences of plans: reading, bounds, clocks, negation, and what a wrong one is told."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from drillsim.engine.minds import localise
from drillsim.plans.conditions import AllOf, AnyOf, Atom, Condition, read_atom
from drillsim.plans.facts import FACTS

READ = TypeAdapter(Condition)


@dataclass
class Believer:
    """A role that believes some values, at a time."""

    beliefs: dict[str, float | str] = field(default_factory=dict)
    starts: dict[str, float] = field(default_factory=dict)
    t: float = 0.0

    def value(self, key: str) -> float | str | None:
        return self.beliefs.get(key)

    def since(self, atom: Atom) -> float | None:
        return self.starts.get(atom.text)

    def now(self) -> float:
        return self.t


def holds(written: object, **beliefs: float | str) -> bool:
    named = {key.replace("_", "-"): value for key, value in beliefs.items()}
    return READ.validate_python(written).holds(Believer(named))


# --- the grades of accidents by deaths: Order 493 of the State Council (2007), art. 3 -----------

GRADES = {
    "ordinary": "deaths < 3",
    "larger": "deaths in [3, 10)",
    "major": "deaths in [10, 30)",
    "extraordinary": "deaths >= 30",
}


@pytest.mark.parametrize(
    ("deaths", "grade"),
    [
        (0, "ordinary"), (2, "ordinary"), (3, "larger"), (9, "larger"), (10, "major"),
        (29, "major"), (30, "extraordinary"), (31, "extraordinary"), (1000, "extraordinary"),
    ],
)  # fmt: skip
def test_bounds_are_half_open_at_3_10_and_30_deaths(deaths: int, grade: str) -> None:
    assert [name for name, when in GRADES.items() if holds(when, deaths=float(deaths))] == [grade]


@given(st.floats(0, 1e6))
def test_the_grades_cover_every_count_once(deaths: float) -> None:
    assert sum(holds(when, deaths=deaths) for when in GRADES.values()) == 1


# --- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "atom"),
    [
        ("detectors >= 2", {"key": "detectors", "op": ">=", "value": 2.0}),
        ("detectors>=2", {"key": "detectors", "op": ">=", "value": 2.0}),
        ("hurt > 3", {"key": "hurt", "op": ">", "value": 3.0}),
        ("hurt<1", {"key": "hurt", "op": "<", "value": 1.0}),
        ("hurt <= 1", {"key": "hurt", "op": "<=", "value": 1.0}),
        ("substance == chlorine", {"key": "substance", "op": "==", "value": "chlorine"}),
        ("cloud-visible", {"key": "cloud-visible"}),
        ("not isolated", {"key": "isolated", "negated": True}),
        ("deaths in [3, 10)", {"key": "deaths", "op": "in", "value": 3.0, "upper": 10.0}),
        ("release for 5 min", {"key": "release", "held_s": 300.0}),
        ("not isolated for 300 s", {"key": "isolated", "held_s": 300.0, "negated": True}),
        ("detectors >= 2 for 1 min", {"key": "detectors", "op": ">=", "value": 2.0,
                                       "held_s": 60.0}),
        ("air-reading < 1 mg/m3", {"key": "air-reading", "op": "<", "value": 1.0}),
        ("air-reading < 1 g/m3", {"key": "air-reading", "op": "<", "value": 1000.0}),
        ("told leak-alarm", {"key": "told:leak-alarm"}),
        ("told leak-alarm by works", {"key": "told:leak-alarm", "senders": ("works",)}),
        ("told fire-call by works, brigade/chief",
         {"key": "told:fire-call", "senders": ("works", "brigade/chief")}),
        ("level ii", {"key": "level:ii"}),
        ("level p12:i", {"key": "level:p12:i"}),
        ("done isolate", {"key": "done:isolate"}),
        ("failed p14:t-valve", {"key": "failed:p14:t-valve"}),
        ("holds overall", {"key": "holds:overall"}),
    ],
)  # fmt: skip
def test_reads(written: str, atom: dict[str, object]) -> None:
    assert read_atom(written) == Atom(**atom)
    assert READ.validate_python(written) == read_atom(written)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("detectrs >= 2", "unknown fact 'detectrs'; did you mean 'detectors'"),
        ("cloud-visable", "unknown fact 'cloud-visable'; did you mean 'cloud-visible'"),
        ("detectors", "'detectors' needs a value to compare with, for example detectors >= 3"),
        ("air-reading", "needs a value"),
        ("air-reading < 1", "has no unit; write for example '1 mg/m3'"),
        ("air-reading < 1 km", "units: mg/m3, g/m3, kg/m3"),
        ("detectors >= two", "cannot read the condition"),
        ("deaths in [3, 10]", "cannot read the condition"),
        ("deaths in (3, 10)", "cannot read the condition"),
        ("deaths => 3", "cannot read the condition"),
        ("release for 5", "has no unit"),
        ("release for 5 km", "units: s, min, h, d"),
        ("told", "unknown fact 'told'"),
        ("", "cannot read the condition ''; for example: detectors >= 2"),
        ("Release", "cannot read"),
    ],
)
def test_a_wrong_sentence_is_told_what_is_allowed(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=why.replace("(", r"\(").replace("[", r"\[")):
        read_atom(written)


@pytest.mark.parametrize("wrong", [3, None, [], {"any": ["release"], "all": ["release"]}, {"x": 1}])
def test_what_is_no_condition_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        READ.validate_python(wrong)


@pytest.mark.parametrize("word", ["nan", "inf", "1e999"])
def test_a_bound_is_a_finite_number(word: str) -> None:
    with pytest.raises(ValueError, match="cannot read"):
        read_atom(f"deaths >= {word}")


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\[10, 3\)"):
        read_atom("deaths in [10, 3)")


@pytest.mark.parametrize("empty", [{"any": []}, {"all": []}])
def test_an_empty_tree_is_refused(empty: object) -> None:
    """`all: []` would always hold: a duty that wakes at once, without a reason."""
    with pytest.raises(ValidationError):
        READ.validate_python(empty)


def test_spelling_and_units_do_not_matter() -> None:
    assert read_atom("release for 5 min") == read_atom(" release   for 300 s")
    assert read_atom("air-reading<1000 mg/m3") == read_atom("air-reading < 1 g/m3")
    assert read_atom("deaths in [3,10)") == read_atom("deaths in [ 3.0 , 10 )")


# --- truth --------------------------------------------------------------------------------------


def test_what_is_unknown_is_false_and_its_contrary_true() -> None:
    assert not holds("release")
    assert holds("not release")
    assert not holds("detectors >= 0")
    assert not holds("detectors < 5")


def test_words_and_flags() -> None:
    assert holds("substance == chlorine", substance="chlorine")
    assert not holds("substance == chlorine", substance="ammonia")
    assert holds("release", release=1.0)
    assert not holds("release", release=0.0)
    assert holds("not release", release=0.0)


def test_trees() -> None:
    tree = {"all": ["release", {"any": ["hurt >= 1", "not isolated"]}]}
    assert holds(tree, release=1.0)
    assert not holds(tree, release=1.0, isolated=1.0)
    assert holds(tree, release=1.0, isolated=1.0, hurt=2.0)
    read = READ.validate_python(tree)
    assert isinstance(read, AllOf)
    assert isinstance(read.all[1], AnyOf)
    assert list(read.mentions) == ["release", "hurt", "isolated"]
    assert [a.key for a in read.atoms()] == ["release", "hurt", "isolated"]


def test_told_by_one_of_several() -> None:
    told = READ.validate_python("told report by works, brigade")
    assert list(told.mentions) == ["told:report@works", "told:report@brigade"]
    assert told.holds(Believer({"told:report@brigade": 1.0}))
    assert not told.holds(Believer({"told:report": 1.0}))


@pytest.mark.parametrize(("t", "held"), [(299.0, False), (300.0, True), (301.0, True)])
def test_a_clock_needs_the_whole_time(t: float, held: bool) -> None:
    atom = read_atom("release for 5 min")
    text = atom.text
    assert atom.holds(Believer({"release": 1.0}, {text: 0.0}, t)) is held
    assert not atom.holds(Believer({"release": 1.0}, {}, t)), "no clock, no time"
    assert not atom.holds(Believer({"release": 0.0}, {text: 0.0}, t))


def test_not_for_is_the_contrary_of_for() -> None:
    atom = read_atom("not isolated for 5 min")
    text = atom.text
    assert atom.holds(Believer({}, {}, 1.0))
    assert not atom.holds(Believer({"isolated": 1.0}, {text: 0.0}, 400.0))


def test_levels_and_tasks_are_bound_to_their_plan() -> None:
    tree = READ.validate_python({"any": ["level ii", "done t1", "level p9:i", "release"]})
    keys = [atom.key for atom in localise(tree, "p1").atoms()]
    assert keys == ["level:p1:ii", "done:p1:t1", "level:p9:i", "release"]


# --- saying it ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "en", "zh"),
    [
        ("detectors >= 2", "detectors in alarm >= 2.0", "报警探头数 >= 2.0"),
        ("deaths in [3, 10)", "deaths in [3, 10)", "死亡人数 in [3, 10)"),
        ("not isolated", "not (release isolated)", "并非（泄漏已切断）"),
        ("release for 5 min", "release confirmed for 5 min", "确认泄漏 持续 5 分钟"),
        ("told report by works", "told report by works", "收到report（来自 works）"),
        ("level p1:ii", "level p1:ii active", "已启动 p1:ii"),
        ("done p1:t", "p1:t done", "已完成 p1:t"),
        ("holds overall", "holds command of overall", "持有overall指挥权"),
    ],
)
def test_describe(written: str, en: str, zh: str) -> None:
    atom = read_atom(written)
    assert (atom.describe("en"), atom.describe("zh")) == (en, zh)


def test_describe_brackets_what_is_joined() -> None:
    tree = READ.validate_python({"all": ["release", {"any": ["smell", "not isolated"]}]})
    assert tree.describe("en") == "release confirmed and (smell noticed or not (release isolated))"


@given(st.sampled_from(sorted(FACTS)))
def test_every_fact_can_be_asked_and_said(fact: str) -> None:
    kind = FACTS[fact].kind
    tail = {"count": " >= 1", "mass-concentration": " >= 1 mg/m3", "duration": " >= 1 min"}
    atom = read_atom(fact + tail.get(kind, ""))
    assert atom.key == fact
    assert atom.describe("en")
    assert atom.describe("zh")
