"""S01, S02, S06: every message has a receiver, a sender and the content."""

from __future__ import annotations

from collections.abc import Iterator

from drillsim.data.statutes import statutes
from drillsim.i18n import catalogue
from drillsim.linkage.findings import Basis, Finding, Skipped, joined, said
from drillsim.linkage.rules.context import Linked, Said, conditions_true, org_of
from drillsim.linkage.rules.rule import Rule, named
from drillsim.plans.conditions import Atom
from drillsim.plans.facts import FACTS

catalogue(
    {
        "s01.finding": (
            "{sender}向{receiver}发出“{kind}”，而{receiver}的预案没有任何条款接收它",
            "{sender} tells {receiver} ({kind}), but no plan of {receiver} takes it up",
        ),
        "s01.edit": (
            "在{receiver}预案的启动条件中增加“或接到{sender}的{kind}”",
            "add to a trigger in the plan of {receiver}: or told {kind} by {sender}",
        ),
        "s01.skipped": (
            "未提供{receiver}的预案，无法判断其是否接收通报",
            "the plans of {receiver} were not supplied, so nobody can tell whether they take it up",
        ),
        "s02.finding": (
            "{waiter}要等{sender}的“{kind}”才行动，而没有任何预案规定发出它",
            "{waiter} waits for {kind} from {sender}, and no plan says that it is sent",
        ),
        "s02.anybody": ("任何单位", "anybody"),
        "s02.edit": (
            "在{sender}的预案中增加向{waiter}发出“{kind}”的通报，或给{waiter}增加另一启动条件",
            "let the plan of {sender} tell {waiter} ({kind}), or give {waiter} another trigger",
        ),
        "s02.skipped": (
            "未提供{sender}的预案，无法判断其是否发出“{kind}”",
            "the plans of {sender} were not supplied, so nobody can tell whether {kind} is sent",
        ),
        "s06.legal": (
            "{sender}的法定报告缺少：{facts}",
            "the legal report of {sender} lacks: {facts}",
        ),
        "s06.action": (
            "{receiver}凭“{kind}”行动，但没有任何消息告知：{facts}",
            "{receiver} acts on {kind}, but no message tells it: {facts}",
        ),
        "s06.edit": ("在通报内容中增加：{facts}", "add to the content: {facts}"),
    }
)

COPY = 2
"""Criticality up to which a repeated message is a copy for information (ours, unverified)."""
CRITICAL = 4
"""Criticality from which a missing link is critical (ours, unverified)."""


def _accepts(on: Linked, receiver: str, note: Said) -> bool:
    """Tell whether a body does anything on a message, or on a fact that it carries.

    The kind counts as taken up, too, when the body takes it from another sender who sends it.
    """
    kind, facts = note.element.kind, on.content(note.element)
    for one in on.acting(receiver):
        for atom in one.atoms if on.overlap(one.plan, note.plan) else ():
            head, _, rest = atom.key.partition(":")
            if head == "told" and rest == kind and not atom.negated:
                if on.named(atom.senders, note.element.by) or on.sent(kind, receiver, atom.senders):
                    return True
            elif atom.key in facts or (head == "level" and "level" in facts and ":" in rest):
                return True
    return any(_joins(on, receiver, group, note) for group in on.section("groups"))


def _joins(on: Linked, receiver: str, group: Said, note: Said) -> bool:
    """Tell whether a message forms a working group of which a body is a member or the lead."""
    bodies = [org_of(address) for address in (group.element.lead, *group.element.members)]
    return (
        any(on.desks(receiver, body) for body in bodies)
        and on.overlap(group.plan, note.plan)
        and any(
            atom.key == f"told:{note.element.kind}" and on.named(atom.senders, note.element.by)
            for atom in group.atoms
        )
    )


def _deaf(on: Linked, receiver: str) -> bool:
    """Tell whether a body starts on no message that anybody sends it, and on no fact it sees."""
    atoms = [atom for one in on.acting(receiver) for atom in one.atoms if not atom.negated]
    told = [a for a in atoms if a.key.startswith("told:")]
    heard = any(on.sent(a.key.partition(":")[2], receiver, a.senders) for a in told)
    return bool(told) and not heard and not any(a.key in FACTS for a in atoms)


def _begins(on: Linked, note: Said, receiver: str) -> bool:
    """Tell whether a message is meant to start something with a body.

    Critical ones and an enterprise's legal reports are; so is every kind that somebody in the set
    waits for, save the all-clear, a reply to whom asked, and a repeated copy of low criticality.
    """
    element = note.element
    lawful = element.law is not None and on.tier(org_of(element.by)) == "enterprise"
    if element.criticality >= CRITICAL or lawful:
        return True
    if element.kind not in on.awaited or "all-clear" in on.content(element):
        return False
    if element.every is not None and element.law is None and element.criticality <= COPY:
        return False
    return not any(
        atom.key.startswith("told:") and receiver in {org_of(s) for s in atom.senders}
        for atom in note.atoms
    )


def s01(on: Linked) -> Iterator[Finding | Skipped]:
    """No receiver: a message to another body that nothing in the set takes up.

    Existence is searched over all plans in which the receiver or its desk acts: a trigger, level,
    task, handover or relay waiting for this kind, or reading a fact that the message carries, or a
    working group that forms on it and has the receiver in it. Judged for messages that begin
    something: criticality 4 and more, an enterprise's legal report, or a kind that somebody in the
    set waits for. The all-clear, a reply to whom asked and a repeated copy begin nothing; of such,
    and of kinds nobody waits for, only a receiver that starts on nothing at all is a finding. A
    receiver of whom the set holds no plan is skipped.

    Bad:

        # plan of the works                      # plan of the ambulance service
        notifications:                           tasks:
          - {id: n1, kind: medical-call,           - {id: t1, verb: triage,
             by: works, to: [ambulance], ...}         when: told order by bureau, ...}

    Good: the ambulance service starts on either message.

        when: {any: [told order by bureau, told medical-call by works]}
    """
    lost: dict[tuple[str, str, str], list[Said]] = {}
    unknown: set[str] = set()
    for note in on.section("notifications"):
        sender = org_of(note.element.by)
        for receiver in dict.fromkeys(org_of(to) for to in note.element.to):
            own = receiver in on.owners or not any(
                one.plan is note.plan for one in on.speaking.get(receiver, ())
            )
            if on.related(receiver, sender) or not own:
                continue  # within one body, or within one plan that speaks for both
            if not on.supplied(receiver, note.plan):
                unknown.add(receiver)
            elif not _accepts(on, receiver, note) and (
                _begins(on, note, receiver) or _deaf(on, receiver)
            ):
                lost.setdefault((sender, receiver, note.element.kind), []).append(note)
    for (sender, receiver, kind), notes in sorted(lost.items()):
        words = {
            "sender": on.name(sender), "receiver": on.name(receiver), "kind": on.kind_name(kind),
        }  # fmt: skip
        grave = max(note.element.criticality for note in notes) >= CRITICAL
        yield S01.finding(
            "s01.finding", f"{sender} > {receiver}", on.places(notes),
            "critical" if grave else "high", said("s01.edit", **words), **words,
        )  # fmt: skip
    for receiver in sorted(unknown):
        yield S01.skipped("s01.skipped", receiver=on.name(receiver))


def _missing(on: Linked, one: Said) -> set[Atom]:
    """Give the messages that an element waits for and nobody sends to any body of its own."""
    return {
        atom
        for atom in one.atoms
        if atom.key.startswith("told:")
        and not atom.negated
        and not any(
            on.sent(atom.key.partition(":")[2], listener, atom.senders)
            for listener in on.listeners(one)
        )
    }


def blocked(on: Linked) -> dict[str, set[Atom]]:
    """Give, by `plan/element`, the unsent messages without which the element never starts."""
    out: dict[str, set[Atom]] = {}
    for one in on.elements:
        missing = _missing(on, one) if one.actor else set()
        if missing and not conditions_true(one.element.when, missing):
            out[one.ref] = missing
    return out


def _weight(on: Linked, one: Said) -> int:
    """Give the criticality of an element; a level counts as much as what hangs on it."""
    if one.section == "protective":
        return 5
    if one.section != "levels":
        return int(getattr(one.element, "criticality", 3))
    key = f"level:{one.element.id}"
    hanging = [
        int(getattr(other.element, "criticality", 3))
        for other in on.elements
        if other.plan is one.plan and any(atom.key == key for atom in other.atoms)
    ]
    return max(hanging, default=3)


def s02(on: Linked) -> Iterator[Finding | Skipped]:
    """No sender: something waits for a message that no plan says is sent.

    One alternative that can come true is enough, so `any: [smell, told order by bureau]` is no
    finding; nor is a wait of an emergency number for anybody's call. Waits of one body for one kind
    are one finding. A sender of whom the set holds no plan is skipped.

    Bad:

        # plan of the traffic police             # plan of the maritime office: no such message
        tasks:
          - {id: t1, verb: close-road, when: told road-request by maritime, ...}

    Good: the maritime office says so as well.

        notifications:
          - {id: n1, by: maritime, to: [traffic], kind: road-request, ...}
    """
    waits: dict[tuple[str, str], dict[str, list[Said]]] = {}
    unknown: set[tuple[str, str]] = set()
    stuck = blocked(on)
    for one in on.elements:
        for atom in sorted(stuck.get(one.ref, ()), key=lambda a: a.text):
            kind, senders = atom.key.partition(":")[2], atom.senders
            known = tuple(
                s for s in senders if on.supplied(org_of(s), one.plan) or org_of(s) in on.owners
            )
            if senders and not known:
                unknown |= {(org_of(s), kind) for s in senders}
            elif senders or not on.takes_public_calls(org_of(one.actor)):
                found = waits.setdefault((org_of(one.actor), kind), {})
                for sender in known or ("",):
                    found.setdefault(sender, []).append(one)
    for (waiter, kind), found in sorted(waits.items()):
        senders = tuple(sorted(filter(None, found)))
        saids = [one for ones in found.values() for one in ones]
        elsewhere = [
            n for n in on.notes.get(kind, ()) if senders and on.named(senders, n.element.by)
        ]
        who = joined([on.name(s) for s in senders]) if senders else S02_ANYBODY
        words: dict[str, object] = {
            "waiter": on.name(waiter), "sender": who, "kind": on.kind_name(kind),
        }  # fmt: skip
        grave = max(_weight(on, one) for one in saids) >= CRITICAL
        yield S02.finding(
            "s02.finding", f"{'|'.join(senders) or '*'} > {waiter}",
            on.places([*saids, *elsewhere]), "critical" if grave else "high",
            said("s02.edit", **words), **words,
        )  # fmt: skip
    for sender, kind in sorted(unknown):
        yield S02.skipped("s02.skipped", sender=on.name(sender), kind=on.kind_name(kind))


def s06(on: Linked) -> Iterator[Finding | Skipped]:
    """Content gap: a message does not carry what law or the receiver's first act asks for.

    Two things are judged. A report under a cited reporting article carries that article's items
    (dated table). A body that starts crews on a message learns from some message that does not
    itself wait for casualties what that work cannot begin without; all messages of the whole set
    to that body count.

    Bad: `{kind: activation-notice, to: [ambulance], content: [substance]}`, and nothing else
    tells the ambulance service where.

    Good: `content: [location, substance, wind, access]`
    """
    yield from _legal_content(on)
    wanted: dict[tuple[str, tuple[str, ...]], list[Said]] = {}
    for one in on.section("tasks"):
        covers = one.plan.head.covers
        spared = [frozenset(statutes().not_asked.get(family, ())) for family in covers]
        needed = set(statutes().inputs.get(one.element.verb, ()))
        needed -= frozenset.intersection(*spared) if spared else frozenset()
        receiver = org_of(one.actor)
        triggers = [
            note
            for atom in one.atoms
            if atom.key.startswith("told:") and not atom.negated
            for note in on.sent(atom.key.partition(":")[2], receiver, atom.senders)
            if org_of(note.element.by) != receiver
        ]
        told = _told(on, receiver)
        gap = tuple(sorted(needed - told))
        if triggers and gap:
            wanted.setdefault((receiver, gap), []).extend(triggers)
    for (receiver, gap), notes in sorted(wanted.items()):
        kinds = joined([on.kind_name(note.element.kind) for note in notes])
        facts = joined([FACTS[fact].name for fact in gap])
        sender = "|".join(sorted({org_of(note.element.by) for note in notes}))
        yield S06.finding(
            "s06.action", f"{sender} > {receiver}", on.places(notes),
            edit=said("s06.edit", facts=facts),
            receiver=on.name(receiver), kind=kinds, facts=facts,
        )  # fmt: skip


def _told(on: Linked, receiver: str) -> frozenset[str]:
    """Give every fact that some message not waiting for harm brings to an organisation."""
    facts: set[str] = set()
    for note in on.section("notifications"):
        if receiver not in {org_of(to) for to in note.element.to}:
            continue
        late = {a for a in note.atoms if a.key in FACTS and not FACTS[a.key].leading}
        if conditions_true(note.element.when, late):
            facts |= on.content(note.element)
    feeds = (one.element for one in on.section("feeds"))
    facts |= {feed.fact for feed in feeds if org_of(feed.to) == receiver}
    return frozenset(facts)


def _legal_content(on: Linked) -> Iterator[Finding]:
    for note in on.section("notifications"):
        law = note.element.law
        for items in statutes().report_items if law else ():
            if not items.holds(on.on) or not any(word in law.basis for word in items.match):
                continue
            gap = [fact for fact in items.facts if fact not in on.content(note.element)]
            if gap:
                facts = joined([FACTS[fact].name for fact in gap])
                sender = org_of(note.element.by)
                to = "|".join(dict.fromkeys(org_of(to) for to in note.element.to))
                yield S06.finding(
                    "s06.legal", f"{sender} > {to}", on.places([note]),
                    edit=said("s06.edit", facts=facts),
                    sender=on.name(sender), facts=facts,
                )  # fmt: skip


_LINKED = Basis("Order 88 art. 8(8); AQ/T 9011-2019: plan linkage", True)
S01 = Rule("S01", named("无接收方", "no receiver"), "critical", _LINKED, s01)
S02 = Rule("S02", named("无发送方", "no sender"), "critical", _LINKED, s02)
S02_ANYBODY = said("s02.anybody")
S06 = Rule(
    "S06", named("内容不足", "content gap"), "high",
    Basis("Order 493 art. 12; items of a first alarm (ours)", True), s06,
)  # fmt: skip
RULES = (S01, S02, S06)
