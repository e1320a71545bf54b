"""S07: a critical message has a way that does not fail at once, and somebody at its end."""

from __future__ import annotations

from collections.abc import Iterator

from drillsim.data.figures import human
from drillsim.i18n import catalogue
from drillsim.linkage.findings import Basis, Finding, Skipped, joined
from drillsim.linkage.rules.context import Linked, Said, org_of
from drillsim.linkage.rules.messages import CRITICAL
from drillsim.linkage.rules.rule import Rule, named

catalogue(
    {
        "s07.finding": (
            "{n}个关键通报只依靠同一通信载体（{channels}）；载体中断则全部失效",
            "{n} critical links hang on one carrier alone ({channels}); one outage silences all",
        ),
        "s07.shut": (
            "关键通报要靠{who}接听，而其值班只到{hours}，又没有24小时的岗位可打",
            "critical links need {who} to answer, whose desk is staffed {hours} only, and no post "
            "of it answers at all hours",
        ),
    }
)

STURDY = frozenset({"pstn", "hotline", "radio"})
"""Carriers good enough alone where somebody always listens: a line, or sets at the scene."""


def s07(on: Linked) -> Iterator[Finding | Skipped]:
    """Fragile channel: all channels of a critical link between two bodies share one carrier.

    All messages of one kind from one body to another are taken together. Fragile is a link whose
    back-up falls out with the first channel; a single network channel; and a link to a body at
    which nobody answers at night, though people are there then. A single line to a desk that is
    always staffed is no finding. Links on one carrier are one finding, as are those to one desk.

    Bad: `channels: [group-call, robot-call]` (both ride on one mobile network)

    Good: `channels: [group-call, radio]`
    """
    carriers = {name: figure.carrier for name, figure in human().channels.items()}
    links: dict[tuple[str, str, str], list[Said]] = {}
    for note in on.section("notifications"):
        sender = org_of(note.element.by)
        for receiver in dict.fromkeys(org_of(to) for to in note.element.to):
            if not on.desks(sender, receiver):
                links.setdefault((sender, receiver, note.element.kind), []).append(note)
    weak: dict[str, list[list[Said]]] = {}
    shut: set[tuple[str, str]] = set()
    for (_, receiver, _), notes in links.items():
        if max(note.element.criticality for note in notes) < CRITICAL:
            continue
        channels = {channel for note in notes for channel in note.element.channels}
        used = {carriers[channel] for channel in channels}
        if "none" not in used:
            shut |= {(receiver, note.ref) for note in notes if not _answered(on, receiver, note)}
        if len(used) > 1 or "none" in used:
            continue
        sturdy = len(channels) == 1 and used <= STURDY
        if not sturdy:
            weak.setdefault(next(iter(used)), []).append(notes)
    for carrier, found in sorted(weak.items()):
        notes = [note for link in found for note in link]
        ways = joined([human().channels[c].name for note in notes for c in note.element.channels])
        yield S07.finding(
            "s07.finding", f"carrier {carrier}", on.places(notes), n=len(found), channels=ways
        )
    for receiver in sorted({receiver for receiver, _ in shut}):
        refs = {ref for who, ref in shut if who == receiver}
        yield S07.finding(
            "s07.shut", receiver,
            on.places(note for note in on.section("notifications") if note.ref in refs),
            who=on.name(receiver), hours=on.plan_set.organisations[receiver].desk,
        )  # fmt: skip


def _answered(on: Linked, receiver: str, note: Said) -> bool:
    """Tell whether somebody of a body answers a message at every hour when people are there."""
    mine = [to for to in note.element.to if org_of(to) == receiver]
    return any(on.answers(to) for to in mine) or not on.people_at_night(receiver)


S07 = Rule(
    "S07", named("渠道脆弱", "fragile channel"), "high",
    Basis("Order 708 art. 14; carriers of channels from memory", False), s07,
)  # fmt: skip
RULES = (S07,)
