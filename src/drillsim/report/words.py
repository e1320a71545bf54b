"""The words that all parts of a report share: names of bodies, verbs, scopes, times."""

from __future__ import annotations

from datetime import timedelta

from drillsim.i18n import Lang, catalogue, messages, say
from drillsim.report.storeys import storey_no, storeys_name
from drillsim.scenario import RequiredInterface, Scenario

catalogue(
    {
        "report.variant.none": ("无预案（群众自救）", "no plan (people save themselves)"),
        "report.variant.behavioural": (
            "实际执行（人与通信如常）", "as executed (people as they are)"
        ),
        "report.variant.perfect": ("照预案执行（人无差错）", "plans carried out perfectly"),
        "report.variant.ideal-links": ("无缝衔接（信息共享）", "ideal links (one shared picture)"),
        "report.variant.reference": ("参照最优（不依赖预案）", "reference-best (needs no plan)"),
        "report.short.none": ("无预案", "no plan"),
        "report.short.behavioural": ("实际执行", "as executed"),
        "report.short.perfect": ("照预案", "perfect"),
        "report.short.ideal-links": ("无缝衔接", "ideal links"),
        "report.short.reference": ("参照最优", "reference"),
        "report.verb.size-up": ("侦检研判", "size-up"),
        "report.verb.close-valve": ("关阀断料", "close valve"),
        "report.verb.plug-leak": ("堵漏", "plug the leak"),
        "report.verb.water-curtain": ("水幕稀释", "water curtain"),
        "report.verb.monitor-air": ("空气监测", "air monitoring"),
        "report.verb.set-cordon": ("设置警戒", "cordon"),
        "report.verb.close-road": ("封闭道路", "close road"),
        "report.verb.set-gates": ("大门管制", "gates"),
        "report.verb.warn-public": ("告知群众", "warn the public"),
        "report.verb.instruct-occupants": ("指令场所人员", "instruct occupants"),
        "report.verb.bus-evacuation": ("车辆转移", "evacuate by bus"),
        "report.verb.open-shelter": ("开放安置点", "open shelter"),
        "report.verb.search-rescue": ("搜救", "search and rescue"),
        "report.verb.decontaminate": ("洗消", "decontaminate"),
        "report.verb.triage": ("检伤分类", "triage"),
        "report.verb.transport-casualties": ("转送伤员", "transport casualties"),
        "report.verb.receive-casualties": ("收治伤员", "receive casualties"),
        "report.verb.muster": ("清点人数", "muster"),
        "report.verb.collect-firewater": ("收集消防废水", "collect firewater"),
        "report.verb.set-command-post": ("设现场指挥部", "command post"),
        "report.verb.publish": ("发布信息", "publish"),
        "report.verb.terminate": ("终止响应", "end the response"),
        "report.action.shelter": ("就地避险", "shelter indoors"),
        "report.action.leave-crosswind": ("横风撤离", "leave cross wind"),
        "report.action.evacuate": ("疏散转移", "evacuate"),
        "report.action.gather-outdoors": ("室外集合", "gather outdoors"),
        "report.action.return": ("通风返回", "ventilate and return"),
        "report.action.none": ("未采取", "none"),
        "report.scope.overall": ("总指挥", "overall"),
        "report.scope.fire": ("抢险救援", "fire and rescue"),
        "report.scope.process": ("工艺处置", "process"),
        "report.scope.on-site": ("本单位现场", "on site"),
        "report.scope.on-water": ("水上", "on water"),
        "report.scope.medical": ("医疗", "medical"),
        "report.scope.traffic": ("交通", "traffic"),
        "report.scope.environment": ("环境", "environment"),
        "report.scope.public-information": ("信息发布", "public information"),
        "report.scope.tasks": ("任务清单", "task lists"),
        "report.public": ("群众", "the public"),
        "report.why.busy": ("占线", "busy"),
        "report.why.unanswered": ("无人接听", "unanswered"),
        "report.why.outage": ("通信中断", "outage"),
        "report.why.off-duty": ("不在岗", "off duty"),
        "report.why.no-answer": ("无应答", "no answer"),
        "report.why.lost": ("信号丢失", "lost on the way"),
        "report.why.already-isolated": ("泄漏已切断", "already isolated"),
        "report.why.already-out": ("火已扑灭", "already out"),
        "report.why.approval": ("等待批准", "waits for approval"),
        "report.why.close-road": ("无权封闭道路", "no power to close the road"),
        "report.why.order-evacuation": ("无权下令疏散", "no power to order people out"),
        "report.why.entries-failed": ("多次进入未成", "entries failed"),
        "report.why.fans-fail": ("风机故障", "the fans fail"),
        "report.why.foam-destroyed": ("泡沫被破坏", "foam destroyed"),
        "report.why.gas": ("现场危险，无法作业", "too dangerous at the place"),
        "report.why.if-needed": ("“必要时”未执行", "worded 'if needed', left out"),
        "report.why.may": ("“可以”未执行", "worded 'may', left out"),
        "report.why.should": ("“宜”未执行", "worded 'should', left out"),
        "report.why.must": ("未执行", "left out"),
        "report.why.lane-blocked": ("消防通道被占", "fire lane blocked"),
        "report.why.no-crew": ("没有可派力量", "no crew free"),
        "report.why.no-pool": ("没有液池", "no pool"),
        "report.why.no-power": ("无权限", "no power"),
        "report.why.no-protection": ("缺防护装备", "no protection"),
        "report.why.no-water": ("缺水", "no water"),
        "report.why.nobody-there": ("无人值守", "nobody there"),
        "report.why.nobody-to-drive": ("没有伤员需转送", "nobody to transport"),
        "report.why.nobody-to-sort": ("没有伤员需检伤", "nobody to triage"),
        "report.why.nobody-to-wash": ("没有人需洗消", "nobody to decontaminate"),
        "report.why.nobody-trapped": ("无人被困", "nobody trapped"),
        "report.why.nothing-to-cool": ("没有容器需冷却", "nothing to cool"),
        "report.why.nothing-to-foam": ("没有火需泡沫扑救", "nothing to foam"),
        "report.why.player": ("参演者决定", "a player's decision"),
        "report.why.valve-failed": ("紧急切断失效", "the emergency valve failed"),
        "report.world": ("现场", "the scene"),
        "report.hazard.isolate": ("切断泄漏", "release isolated"),
        "report.hazard.plug": ("堵漏", "leak plugged"),
        "report.hazard.curtain": ("水幕", "water curtain"),
        "report.why.command:overall": ("等待总指挥", "waits for overall command"),
        "report.hazard.foam": ("泡沫覆盖", "foam laid"),
        "report.hazard.flush": ("冲洗稀释", "flushed with water"),
        "report.hazard.recover": ("回收液池", "pool recovered"),
        "report.hazard.plug-drains": ("封堵雨水口", "drains plugged"),
        "report.cas.extricated": ("破拆救出", "cut free"),
        "report.cas.hurt": ("受伤", "hurt"),
        "report.cas.found": ("找到", "found"),
        "report.cas.rescued": ("救出", "rescued"),
        "report.cas.decontaminated": ("已洗消", "decontaminated"),
        "report.cas.triaged": ("已检伤", "triaged"),
        "report.cas.transported": ("已转送", "transported"),
        "report.cas.admitted": ("已入院", "admitted"),
        "report.cas.died": ("死亡", "died"),
        "report.crew-people": ("救援人员：{name}", "crew: {name}"),
        "report.all": ("全部人员", "everybody"),
        "report.never": ("从未", "never"),
        "report.none": ("—", "—"),
    }
)  # fmt: skip

CREW = "crew-"
"""How the ids of places begin that stand for the people of a crew."""
VARIANTS: tuple[str, ...] = ("none", "behavioural", "perfect", "ideal-links", "reference")


def named(group: str, key: str, lang: Lang) -> str:
    """Give the name of a verb, action, scope, ... ; a word nobody listed stays as it is."""
    full = f"report.{group}.{key}"
    return say(full, lang) if full in messages() else key


def minute(t_s: float | None, lang: Lang) -> str:
    """Print a drill time in minutes, with a decimal below ten; a dash for none."""
    if t_s is None:
        return say("report.none", lang)
    return f"{t_s / 60:.1f}" if t_s < 600 else f"{t_s / 60:.0f}"


def clock_at(scenario: Scenario, t_s: float) -> str:
    """Print the clock at a drill time, such as 10:32."""
    return (scenario.file.start + timedelta(seconds=t_s)).strftime("%H:%M")


def org_of(address: str) -> str:
    """Give the organisation of an address."""
    return address.partition("/")[0]


def org_name(scenario: Scenario, org_id: str, lang: Lang) -> str:
    """Give the name of an organisation; the city's name in front is left out, as in speech."""
    org = scenario.plan_set.organisations.get(org_id)
    if org is None:
        return say(f"report.{org_id}", lang) if org_id in ("world", "public") else org_id
    name = org.name.say(lang)
    city = scenario.city.name.say(lang)
    if lang == "zh" and name.startswith(city):
        return name.removeprefix(city.removesuffix("市"))
    shorter = name.removeprefix(city).strip()
    return shorter[:1].upper() + shorter[1:] if shorter else name


def body_name(scenario: Scenario, address: str, lang: Lang) -> str:
    """Give the name of a desk or of a role with its organisation."""
    org_id, _, role_id = address.partition("/")
    name = org_name(scenario, org_id, lang)
    if not role_id or org_id not in scenario.plan_set.organisations:
        return name
    roles = scenario.plan_set.organisations[org_id].roles
    role = next((r.name.say(lang) for r in roles if r.id == role_id), role_id)
    return f"{name}{role}" if lang == "zh" else f"{name}, {role}"


def place_name(scenario: Scenario, place_id: str, lang: Lang) -> str:
    """Give the name of a facility, a residential zone, a storey, or of a crew's own people."""
    city = scenario.city
    number = storey_no(scenario, place_id)
    if number is not None:
        return storeys_name(scenario, number, number, lang)
    crew = scenario.plan_set.resources.get(place_id.removeprefix(CREW))
    if crew is not None and place_id.startswith(CREW):
        return say("report.crew-people", lang, name=crew.name.say(lang))
    if place_id in city.facilities:
        return city.facilities[place_id].name.say(lang)
    if place_id in city.zones.id:
        return city.zones.name[city.zones.id.index(place_id)].say(lang)
    return place_id


def place_xy(scenario: Scenario, place_id: str) -> tuple[float, float] | None:
    """Give where a facility or a residential zone is, metres; None for an unknown one."""
    city = scenario.city
    if place_id in city.facilities:
        return city.facilities[place_id].xy
    if place_id in city.zones.id:
        k = city.zones.id.index(place_id)
        return float(city.zones.x[k]), float(city.zones.y[k])
    return None


def message_name(scenario: Scenario, kind: str, lang: Lang) -> str:
    """Give the name of a kind of message."""
    known = scenario.plan_set.head.kinds.get(kind)
    return known.say(lang) if known else kind


def kinds_name(scenario: Scenario, interface: RequiredInterface, lang: Lang) -> str:
    """Give the names of the messages that would serve a required interface."""
    return " / ".join(dict.fromkeys(message_name(scenario, k, lang) for k in interface.kinds))


def interface_name(scenario: Scenario, interface: RequiredInterface, lang: Lang) -> str:
    """Give number and message of a required interface; with the receivers where several share it.

    An id such as `n07-school` is one of several of number n07, told apart by who receives it.
    """
    number, mark, _ = interface.id.partition("-")
    name = f"{number} {kinds_name(scenario, interface, lang)}"
    if not mark:
        return name
    who = ("、" if lang == "zh" else ", ").join(
        org_name(scenario, org, lang) for org in interface.receivers[:2]
    )
    return f"{name}（{who}）" if lang == "zh" else f"{name} ({who})"


def level_name(scenario: Scenario, ref: str, lang: Lang) -> str:
    """Give the name of a level `plan:level`."""
    plan_id, _, level_id = ref.partition(":")
    plan = scenario.plan_set.plans.get(plan_id)
    for level in plan.of("levels") if plan else ():
        if level.id == level_id:
            return str(level.name.say(lang))
    return ref


def clause_name(scenario: Scenario, ref: str) -> str:
    """Give plan and number of the clause of an element `plan/element`; its id where it has none."""
    try:
        _, element = scenario.plan_set.find(ref)
    except KeyError:
        return ref
    return f"{ref.partition('/')[0]} {element.clause}" if element.clause else ref


def element_name(scenario: Scenario, ref: str, lang: Lang) -> str:
    """Say in a few words what a plan element `plan/element` is about."""
    try:
        section, element = scenario.plan_set.find(ref)
    except KeyError:
        return ref
    if section == "levels":
        return str(element.name.say(lang))
    for attribute, group in (("verb", "verb"), ("action", "action"), ("scope", "scope")):
        if getattr(element, attribute, None):
            return named(group, getattr(element, attribute), lang)
    if section == "notifications":
        return message_name(scenario, element.kind, lang)
    return ref
