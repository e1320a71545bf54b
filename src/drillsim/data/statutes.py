"""Dated legal parameters for linkage rules: deadlines, recipients, validity of laws, intervals."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

from drillsim.i18n import Text
from drillsim.units import Duration
from drillsim.yamlio import Model, read_yaml


class Dated(Model):
    """Something that holds from one day until another (both included; `until` may be open)."""

    since: date
    until: date | None = None
    verified: bool

    def holds(self, day: date) -> bool:
        """Tell whether it is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


class CitedLaw(Dated):
    """One edition of a law, standard or higher plan."""

    name: str
    version: str
    successor: str = ""
    source: str


class ReportDeadline(Dated):
    """The longest time for a report between bodies of these tiers, kinds and levels."""

    from_tier: str | None = None
    from_kind: str | None = None
    from_level: str | None = None
    to_kind: str
    to_level: str
    within: Duration
    basis: str


class Recipient(Dated):
    """A kind of body that must be told of an accident of a family."""

    family: str
    kind: str
    desk: bool
    basis: str


class ReportItems(Dated):
    """Facts that a report under a cited article must contain."""

    match: tuple[str, ...]
    facts: tuple[str, ...]
    basis: str


class DrillInterval(Dated):
    """Months that may pass between drills of a plan of a tier and kind.

    `high_risk`: only where an accident with a hazardous substance can begin at the owner.
    """

    tier: str
    kind: str | None = None
    high_risk: bool = False
    months: int
    basis: str


class Filing(Dated):
    """Working days between issue and filing."""

    tier: str
    working_days: int
    basis: str


class EnvironmentDuty(Dated):
    """What a family of accidents asks for because of what runs into air and water.

    `contain`, `measure`: verbs of which one is needed; `ask`: kinds of messages that ask somebody
    to measure. `tell_at`: kinds of facilities whose owners are told (`each` of them, else one);
    `tell_kinds`: kinds of bodies of which one is told; `neighbour`: so is a duty office outside.
    """

    family: str
    name: Text
    contain: tuple[str, ...] = ()
    measure: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    tell_at: tuple[str, ...] = ()
    each: bool = False
    neighbour: bool = False
    tell_kinds: tuple[str, ...] = ()
    basis: str


class Clash(Model):
    """A state that some verbs take away and others need at the same time."""

    state: str
    name: Text
    taken_by: tuple[str, ...]
    needed_by: tuple[str, ...]
    grave: bool
    source: str
    verified: bool


class Deciding(Model):
    """A fact that decides how a work is done: its agent, its protection or its zone."""

    fact: str
    verbs: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    grave: bool
    source: str
    verified: bool


class ContactAge(Model):
    """Months after which a contact list counts as stale."""

    months: int
    source: str
    verified: bool


class Statutes(Model):
    """The whole file `statutes.yaml`."""

    laws: tuple[CitedLaw, ...]
    deadlines: tuple[ReportDeadline, ...]
    recipients: tuple[Recipient, ...]
    report_items: tuple[ReportItems, ...]
    drills: tuple[DrillInterval, ...]
    filing: Filing
    contacts: ContactAge
    inputs: dict[str, tuple[str, ...]]
    not_asked: dict[str, tuple[str, ...]] = {}
    required_verbs: dict[str, tuple[str, ...]]
    environment: tuple[EnvironmentDuty, ...] = ()
    clashes: tuple[Clash, ...] = ()
    deciding: tuple[Deciding, ...] = ()

    def law(self, name: str, version: str) -> CitedLaw | None:
        """Give an edition of a law by the name and version that a plan cites, or None."""
        return next((w for w in self.laws if (w.name, w.version) == (name, version)), None)


@cache
def statutes() -> Statutes:
    """Read the shipped table (once)."""
    path = Path(str(resources.files("drillsim.data") / "statutes.yaml"))
    return read_yaml(path, Statutes)
