"""Sentences of the scores as a reader says them: ids in quotation marks become names.

The scores stand below the report and know bodies and places by name, but tasks, scopes, facts,
capabilities and required messages by id only. Their sentences set every such id in “ ”; here it is
replaced by what the page calls it. A word that nobody knows stays as it is.
"""

from __future__ import annotations

import re

from drillsim.i18n import Lang, Text, catalogue, messages, say
from drillsim.plans.facts import FACTS
from drillsim.report.telling import fact_name
from drillsim.report.words import interface_name, org_name, place_name
from drillsim.scenario import Scenario

catalogue(
    {
        "spoken.within": ("{org}内部", "within {org}"),
        "report.capability.ambulance": ("救护车", "ambulance"),
        "report.capability.ba-team": ("内攻搜救组", "breathing-apparatus team"),
        "report.capability.boom": ("围油栏", "boom"),
        "report.capability.bus": ("客车", "bus"),
        "report.capability.command-car": ("指挥车", "command car"),
        "report.capability.cordon": ("警戒", "cordon"),
        "report.capability.cutting": ("破拆", "cutting gear"),
        "report.capability.decon": ("洗消", "decontamination"),
        "report.capability.door-knock": ("上门通知", "going from door to door"),
        "report.capability.drain-gate": ("雨水闸门", "drain gates"),
        "report.capability.drain-plugs": ("雨水口封堵", "drain plugs"),
        "report.capability.engine": ("消防车", "fire engine"),
        "report.capability.first-aid": ("急救", "first aid"),
        "report.capability.foam": ("泡沫", "foam"),
        "report.capability.foam-ar": ("抗溶泡沫", "alcohol-resistant foam"),
        "report.capability.gas-crew": ("燃气抢险", "gas crew"),
        "report.capability.hand-line": ("手持水枪", "hand line"),
        "report.capability.heat-entry": ("隔热进入", "entry in heat suits"),
        "report.capability.ladder": ("云梯车", "ladder"),
        "report.capability.level-a": ("A级防护", "level A suits"),
        "report.capability.light-pump": ("手抬泵", "portable pump"),
        "report.capability.patrol-boat": ("巡逻艇", "patrol boat"),
        "report.capability.plug-kit": ("堵漏器材", "plugging kit"),
        "report.capability.power-switch": ("断电", "power switching"),
        "report.capability.process-entry": ("工艺处置", "process entry"),
        "report.capability.push-cars": ("推移车辆", "moving cars by hand"),
        "report.capability.recon-air": ("空气监测", "air monitoring"),
        "report.capability.rescue-boat": ("救援艇", "rescue boat"),
        "report.capability.sample-water": ("水质采样", "water sampling"),
        "report.capability.skimmer": ("收油机", "skimmer"),
        "report.capability.tow": ("清障车", "tow truck"),
        "report.capability.traffic": ("交通管制", "traffic control"),
        "report.capability.transfer": ("倒罐", "cargo transfer"),
        "report.capability.treat": ("医疗救治", "treatment"),
        "report.capability.tug": ("拖轮", "tug"),
        "report.capability.water-curtain": ("水幕", "water curtain"),
        "report.capability.water-rescue": ("水上救援", "rescue on water"),
        "report.capability.welfare": ("生活保障", "welfare"),
    }
)

_QUOTED = re.compile("“([^“”]*)”")
_LISTED = re.compile("、|, ")


def spoken(scenario: Scenario, sentence: Text, lang: Lang) -> str:
    """Say a sentence of the scores in a language, with names for the ids that it quotes."""
    comma = "、" if lang == "zh" else ", "

    def named(found: re.Match[str]) -> str:
        names = [name_of_id(scenario, word, lang) for word in _LISTED.split(found[1])]
        return f"“{comma.join(dict.fromkeys(names))}”"

    said = _QUOTED.sub(named, sentence.say(lang))
    head, mark, rest = said.partition("：" if lang == "zh" else ": ")
    if mark and " " not in head and head.isascii():
        said = f"{place_name(scenario, head, lang)}{mark}{rest}"
    return said


def name_of_id(scenario: Scenario, word: str, lang: Lang) -> str:
    """Give what the page calls an id: a required message, verb, handover, scope, ..."""
    for interface in scenario.yardstick.interfaces:
        if interface.id == word:
            return interface_name(scenario, interface, lang)
    for handover in scenario.yardstick.handovers:
        if handover.id == word:
            ends = (handover.givers[:1], handover.takers[:1])
            names = [org_name(scenario, org, lang) for end in ends for org in end]
            same = len(set(names)) == 1
            return say("spoken.within", lang, org=names[0]) if same else " → ".join(names)
    for group in ("verb", "scope", "capability", "short"):
        if f"report.{group}.{word}" in messages():
            return say(f"report.{group}.{word}", lang)
    return fact_name(scenario, word, lang) if word in FACTS else place_name(scenario, word, lang)
