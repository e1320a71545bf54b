"""Mechanical faults mended in the text of plan files: a name out of use, an edition out of force.

Only words inside one quoted sentence, one printed name or one `version:` are exchanged, where they
stand; comments, order and layout of the file stay as they are. Nothing is written here.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from drillsim.data.statutes import CitedLaw, statutes
from drillsim.linkage.names import stale_names
from drillsim.linkage.rules.context import Linked

REACH = 5000
"""Lines of a file, from where an element or a cover begins, in which its words are looked for."""


@dataclass(frozen=True, slots=True, order=True)
class Repair:
    """An exchange of words in a file, at or after a line; `within` is the text that holds them."""

    file: str
    line: int
    rule: str
    within: str
    old: str
    new: str


def repairs(on: Linked) -> tuple[Repair, ...]:
    """Give every safe edit of a plan set, ordered by file and line, each once."""
    found = [*_names(on), *_editions(on)]
    return tuple(sorted(dict.fromkeys(found)))


def _names(on: Linked) -> Iterator[Repair]:
    """Give the edits that write a body's present name for one that is out of use (S25)."""
    bodies = on.plan_set.organisations
    every = tuple(bodies.values())
    for plan in on.plans:
        issued = plan.head.revision.issued
        for _, element in plan.elements():
            origin = on.plan_set.origins.get((plan.head.id, element.id))
            for org, former in stale_names(element.quote, every, issued) if origin else ():
                assert origin is not None  # or there is nothing to loop over
                now = bodies[org].name.zh
                yield Repair(origin.file, origin.line, "S25", element.quote, former, now)
        cover = on.plan_set.origins.get(("plan", plan.head.id))
        for contact in plan.contacts if cover else ():
            assert cover is not None  # or there is nothing to loop over
            for org, former in stale_names(contact.printed_name, every, issued):
                now = bodies[org].name.zh
                yield Repair(cover.file, cover.line, "S25", "printed_name", former, now)


def _editions(on: Linked) -> Iterator[Repair]:
    """Give the edits that cite the edition in force of a law cited in an older one (S29)."""
    for plan in on.plans:
        cover = on.plan_set.origins.get(("plan", plan.head.id))
        for cite in plan.head.cites if cover else ():
            law = statutes().law(cite.name, cite.version)
            now = _in_force(on, cite.name)
            gone = law is not None and law.until is not None and law.until < on.on
            twice = any(c.name == cite.name and c.version != cite.version for c in plan.head.cites)
            if gone and now is not None and not twice:
                assert cover is not None  # or there is nothing to loop over
                old, new = (f'version: "{v}"' for v in (cite.version, now.version))
                yield Repair(cover.file, cover.line, "S29", cite.name, old, new)


def _in_force(on: Linked, name: str) -> CitedLaw | None:
    editions = [law for law in statutes().laws if law.name == name and law.holds(on.on)]
    return editions[-1] if editions else None


def mended(text: str, wanted: Iterable[Repair]) -> tuple[str, tuple[Repair, ...]]:
    """Give a file's text with the edits made, and those that found their words.

    An edit whose words do not stand there in one piece is left out; lines keep their ends.
    """
    lines = text.splitlines(keepends=True)
    done = []
    for one in sorted(wanted):
        spot = _spot(lines, one)
        if spot is not None:
            lines[spot] = lines[spot].replace(one.old, one.new)
            done.append(one)
    return "".join(lines), tuple(done)


def _spot(lines: list[str], one: Repair) -> int | None:
    """Give the line on which an edit's words stand, in the sentence that holds them."""
    head = re.split(r"[\r\n]", one.within)[0]
    for n in range(max(one.line - 1, 0), min(one.line - 1 + REACH, len(lines))):
        if one.old in lines[n] and (head in lines[n] or one.within in lines[n]):
            return n
    return None


def diff(file: str, before: str, after: str) -> str:
    """Give the difference of two texts of a file as a unified diff."""
    rows = difflib.unified_diff(
        before.splitlines(), after.splitlines(), file, file, lineterm="", n=1
    )
    return "\n".join(rows)
