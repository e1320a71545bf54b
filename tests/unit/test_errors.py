"""Faults: how they read, how they sort, and what they suggest."""

from __future__ import annotations

import pytest

from drillsim.errors import Fault, InputError, did_you_mean, unknown_field, unknown_reference

ALLOWED = ["deadline", "criticality", "channels", "content"]


def test_a_fault_reads_as_editors_like_it() -> None:
    fault = Fault("plans/p1.yaml", 12, 5, "tasks[0].deadline", "has no unit")
    assert str(fault) == "plans/p1.yaml:12:5: tasks[0].deadline: has no unit"
    assert str(Fault("a.yaml", 1, 1, "", "is empty")) == "a.yaml:1:1: is empty"


def test_all_faults_sorted_by_place_and_without_repeats() -> None:
    late, early = Fault("a.yaml", 10, 1, "x", "m"), Fault("a.yaml", 9, 1, "x", "m")
    other = Fault("B.yaml", 99, 1, "x", "m")
    error = InputError(iter([late, early, other, late]))
    assert error.faults == (other, early, late)
    assert str(error) == "\n".join(map(str, error.faults))
    assert isinstance(error, ValueError)


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("deadlnie", "; did you mean 'deadline'?"),
        ("chanels", "; did you mean 'channels'?"),
        ("kontent", "; did you mean 'content'?"),
        ("xyzzy", ""),
        ("", ""),
    ],
)
def test_did_you_mean(word: str, hint: str) -> None:
    assert did_you_mean(word, ALLOWED) == hint


def test_two_near_words_are_both_named() -> None:
    assert did_you_mean("p12a", ["p12", "p12b", "zz"]) == "; did you mean 'p12' / 'p12b'?"


def test_nothing_to_choose_from() -> None:
    assert did_you_mean("deadline", []) == ""


def test_the_sentences() -> None:
    assert unknown_field("deadlnie", ALLOWED) == "unknown field; did you mean 'deadline'?"
    assert unknown_reference("role", "chef", ["chief"]) == (
        "there is no role called 'chef'; did you mean 'chief'?"
    )
    assert unknown_reference("role", "q", ["chief"]) == "there is no role called 'q'"


def test_the_sentences_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert unknown_field("deadlnie", ALLOWED) == "未知字段；是否想写 'deadline'？"
    assert (
        unknown_reference("岗位", "chef", ["chief"]) == "没有名为 'chef' 的岗位；是否想写 'chief'？"
    )
