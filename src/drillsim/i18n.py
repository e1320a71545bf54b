"""The message catalogue: every sentence a user reads exists in Chinese and in English.

Names inside plans carry both languages themselves (`Text`); the product's own sentences are
catalogue entries, registered next to the code that speaks them with `catalogue({...})`.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")

_MESSAGES: dict[str, tuple[str, str]] = {}


class Text(BaseModel):
    """A name or sentence in both languages.

    `zh` and `en` are both required: a half-translated plan is a fault of the file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str

    def say(self, lang: Lang) -> str:
        """Give the text in one language."""
        return self.zh if lang == "zh" else self.en


def catalogue(entries: Mapping[str, tuple[str, str]]) -> None:
    """Register messages as `key: (zh, en)`; `{name}` fields are filled by `say`.

    Raises ValueError when a key is registered twice with different wording.
    """
    for key, pair in entries.items():
        if _MESSAGES.get(key, pair) != pair:
            raise ValueError(f"message {key!r} registered twice with different wording")
        _MESSAGES[key] = pair


def say(key: str, lang: Lang, /, **fields: object) -> str:
    """Give the message `key` in `lang` with its fields filled.

    Raises KeyError for an unknown key, so that a missing translation fails in tests.
    """
    zh, en = _MESSAGES[key]
    template = zh if lang == "zh" else en
    return template.format(**fields) if fields else template


def text(key: str, /, **fields: object) -> Text:
    """Give the message `key` in both languages at once."""
    return Text(zh=say(key, "zh", **fields), en=say(key, "en", **fields))


def messages() -> Mapping[str, tuple[str, str]]:
    """Give every registered message, for tests of completeness."""
    return dict(_MESSAGES)


def default_lang() -> Lang:
    """Give the language of the user's locale: `zh` for any Chinese locale, else `en`."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "zh" if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"
