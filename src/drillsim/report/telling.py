"""One fact of a run told in a line: who, what kind of fact, about what."""

from __future__ import annotations

from drillsim.data.fuels import fuel_table
from drillsim.data.substances import substance_table
from drillsim.data.transport import transport
from drillsim.i18n import Lang, catalogue, messages, say
from drillsim.log.events import KINDS, Event
from drillsim.plans.facts import FACTS
from drillsim.report.words import (
    body_name,
    element_name,
    level_name,
    message_name,
    named,
    place_name,
)
from drillsim.scenario import Scenario

catalogue(
    {
        "telling.done": ("已完成：{what}", "done: {what}"),
        "telling.failed": ("未能完成：{what}", "failed: {what}"),
        "telling.holds": ("掌握指挥权：{what}", "holds command: {what}"),
        "report.value.gas": ("气相", "gas"),
        "report.value.liquid": ("液相", "liquid"),
        "report.value.water": ("出水", "water"),
        "report.value.water-curtain": ("水幕", "water curtain"),
        "report.value.flushing": ("冲洗稀释", "flushing"),
        "report.hazard.road-transport.ignite": ("液体着火", "spill lit"),
        "report.fact.residential-fire.trapped": ("被困待援人数", "people behind their doors"),
    }
)

_GROUPS = {
    "zone-ordered": "action", "casualties": "cas", "hazard-changed": "hazard",
    "task-started": "verb", "task-done": "verb", "task-failed": "verb", "crew-unavailable": "verb",
}  # fmt: skip


def subject_name(scenario: Scenario, event: Event, lang: Lang) -> str:
    """Say what an event is about."""
    subject, kind = event.subject, event.kind
    if kind.startswith("message-"):
        return message_name(scenario, subject, lang)
    if kind.startswith("level-"):
        return level_name(scenario, subject, lang)
    if kind in ("command-taken", "command-lost", "command-contested") or "handover" in kind:
        return named("scope", subject, lang)
    if kind.startswith("crew-") and subject in scenario.plan_set.resources:
        return scenario.plan_set.resources[subject].name.say(lang)
    if kind.startswith(("duty-", "approval-")):
        ref = event.clause or subject
        return element_name(scenario, ref, lang) if "/" in ref else subject
    if kind in ("believed", "truth"):
        return _belief_name(scenario, subject, event.data.get("value"), lang)
    if kind in ("warned", "people-final", "road-closed"):
        return say("report.all", lang) if subject == "all" else place_name(scenario, subject, lang)
    return _of_group(scenario, _GROUPS[kind], subject, lang) if kind in _GROUPS else subject


def _of_group(scenario: Scenario, group: str, subject: str, lang: Lang) -> str:
    """Give the name of a verb, action, change, ... as the family calls it, else as all do."""
    own = named(f"{group}.{scenario.file.family}", subject, lang)
    return named(group, subject, lang) if own == subject else own


def event_line(scenario: Scenario, event: Event, lang: Lang) -> str:
    """Tell one fact in a line: minute, who, what kind, about what."""
    who = body_name(scenario, event.who, lang)
    about = subject_name(scenario, event, lang)
    detail = ""
    if event.kind in ("message-sent", "message-failed"):
        detail = f" → {body_name(scenario, str(event.data.get('to', '')), lang)}"
    elif event.kind == "message-delivered":
        detail = f" ← {body_name(scenario, str(event.data.get('sender', '')), lang)}"
    if event.data.get("why"):
        detail += f" ({named('why', str(event.data['why']), lang)})"
    return f"{who} · {KINDS[event.kind].say(lang)} · {about}{detail}"


def _belief_name(scenario: Scenario, key: str, value: object, lang: Lang) -> str:
    """Name what is believed: a fact, a message received, a level known, work that is done."""
    head, _, rest = key.partition("@")[0].partition(":")
    if head == "told":
        return message_name(scenario, rest, lang)
    if head == "level":
        return level_name(scenario, rest, lang)
    if head == "holds":
        return say("telling.holds", lang, what=named("scope", rest, lang))
    if head in ("done", "failed"):
        ref = rest.replace(":", "/", 1)
        return say(f"telling.{head}", lang, what=element_name(scenario, ref, lang))
    name = fact_name(scenario, head, lang)
    if value is None or isinstance(value, bool) or value == 1:
        return name
    if isinstance(value, str):
        return f"{name}: {_value_name(scenario, value, lang)}"
    return f"{name} = {value:g}" if isinstance(value, float) else f"{name} = {value}"


def fact_name(scenario: Scenario, fact_id: str, lang: Lang) -> str:
    """Give the name of a fact as the family of the scenario calls it."""
    own = f"report.fact.{scenario.file.family}.{fact_id}"
    if own in messages():
        return say(own, lang)
    fact = FACTS.get(fact_id)
    return fact.name.say(lang) if fact else fact_id


def _value_name(scenario: Scenario, value: str, lang: Lang) -> str:
    """Name a believed word: places, plan elements, substances, or the word itself."""
    parts = value.split(",")
    if len(parts) > 1:
        names = [_value_name(scenario, part, lang) for part in parts]
        return ("、" if lang == "zh" else ", ").join(dict.fromkeys(names))
    if "/" in value and " " not in value:
        return element_name(scenario, value, lang)
    for table in (substance_table().substances, fuel_table().fuels, transport().oils):
        if value in table:
            return str(table[value].name.say(lang))
    own = named("value", value, lang)
    if own != value:
        return own
    return place_name(scenario, value, lang).replace(" deg", "°")
