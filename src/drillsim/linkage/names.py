"""Names of bodies resolved by date: what is valid, what is an alias, what went out of use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from drillsim.plans.organisations import Organisation

HISTORY = ("原", "前身", "更名前", "formerly ", "former ")
"""Words before a former name that make it a remark on history, not an addressee."""


def valid_names(org: Organisation) -> tuple[str, ...]:
    """Give every name by which an organisation may be called, the longest first."""
    names = {org.name.zh, org.name.en, *org.aliases}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def stale_names(
    sentence: str, organisations: Iterable[Organisation], day: date
) -> Iterator[tuple[str, str]]:
    """Give (organisation id, former name) for each name in a sentence that was gone on a day.

    A name that stands inside a name valid for some organisation, or in a remark on history, is
    left out: both plates of a renamed body may be in use.
    """
    for org_id, former, until, valid in _former(tuple(organisations)):
        if until >= day or former not in sentence:
            continue
        if _used(sentence, former, valid):
            yield org_id, former


@lru_cache(maxsize=16)
def _former_cached(
    key: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, date], ...]], ...],
) -> tuple[tuple[str, str, date, tuple[str, ...]], ...]:
    every = [name for _, names, _ in key for name in names]
    return tuple(
        (org_id, former, until, tuple(n for n in every if former in n))
        for org_id, _, formers in key
        for former, until in formers
    )


def _former(
    organisations: tuple[Organisation, ...],
) -> tuple[tuple[str, str, date, tuple[str, ...]], ...]:
    return _former_cached(
        tuple(
            (o.id, valid_names(o), tuple((f.name, f.until) for f in o.former_names))
            for o in organisations
        )
    )


def _used(sentence: str, former: str, valid: tuple[str, ...]) -> bool:
    """Tell whether one occurrence is neither part of a valid name nor a remark on history."""
    start = sentence.find(former)
    while start >= 0:
        inside = any(
            sentence.startswith(name, at)
            for name in valid
            for at in range(max(0, start - len(name)), start + 1)
            if at + len(name) >= start + len(former)
        )
        if not inside and not sentence[:start].endswith(HISTORY):
            return True
        start = sentence.find(former, start + 1)
    return False
