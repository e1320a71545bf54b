"""Texts in two languages, and whose language it is."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from drillsim import i18n
from drillsim.i18n import Text, catalogue, default_lang, messages, say, text


def test_a_text_says_both() -> None:
    name = Text(zh="龙城", en="Longcheng")
    assert (name.say("zh"), name.say("en")) == ("龙城", "Longcheng")


@pytest.mark.parametrize("half", [{"zh": "龙城"}, {"en": "Longcheng"}, {}])
def test_a_half_translated_text_is_a_fault(half: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="Field required"):
        Text(**half)


def test_a_text_is_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Text(zh="a", en="b").zh = "c"  # type: ignore[misc]


@pytest.fixture
def own_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_MESSAGES", {})


@pytest.mark.usefixtures("own_messages")
def test_catalogue() -> None:
    catalogue({"greet": ("你好，{name}", "hello, {name}"), "set": ("集合 {{}}", "braces {{}}")})
    assert say("greet", "zh", name="李") == "你好，李"
    assert text("greet", name="Li") == Text(zh="你好，Li", en="hello, Li")
    assert say("set", "en") == "braces {{}}", "without fields the template stands as it is"
    catalogue({"greet": ("你好，{name}", "hello, {name}")})
    with pytest.raises(ValueError, match="'greet' registered twice"):
        catalogue({"greet": ("您好，{name}", "hello, {name}")})
    with pytest.raises(KeyError, match="bye"):
        say("bye", "en")
    with pytest.raises(KeyError, match="name"):
        say("greet", "en", nobody="x")


@pytest.mark.usefixtures("own_messages")
def test_messages_are_a_copy() -> None:
    catalogue({"a": ("甲", "a")})
    messages()["b"] = ("乙", "b")  # type: ignore[index]
    assert messages() == {"a": ("甲", "a")}


@pytest.mark.parametrize(
    ("env", "lang"),
    [
        ({"LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "zh_TW"}, "zh"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_MESSAGES": "zh_CN", "LANG": "en_US"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
    ],
)
def test_the_language_of_the_locale(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], lang: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert default_lang() == lang


@pytest.mark.parametrize(
    ("locale_name", "lang"),
    [("Chinese (Simplified)_China", "zh"), ("zh_CN", "zh"), ("en_US", "en"), (None, "en")],
)
def test_without_variables_the_system_decides(
    monkeypatch: pytest.MonkeyPatch, locale_name: str | None, lang: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(i18n.locale, "getlocale", lambda: (locale_name, None))
    assert default_lang() == lang
