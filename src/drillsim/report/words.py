"""The words that all parts of a report share: names of bodies, verbs, scopes, times."""

from __future__ import annotations

from datetime import timedelta

from drillsim.i18n import Lang, catalogue, messages, say
from drillsim.log.events import KINDS, Event
from drillsim.plans.facts import FACTS
from drillsim.scenario import Scenario

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
        "report.scope.on-site": ("厂内", "on site"),
        "report.scope.on-water": ("水上", "on water"),
        "report.scope.medical": ("医疗", "medical"),
        "report.scope.traffic": ("交通", "traffic"),
        "report.scope.environment": ("环境", "environment"),
        "report.scope.public-information": ("信息发布", "public information"),
        "report.scope.tasks": ("任务清单", "task lists"),
        "report.why.busy": ("占线", "busy"),
        "report.why.unanswered": ("无人接听", "unanswered"),
        "report.why.outage": ("通信中断", "outage"),
        "report.why.off-duty": ("不在岗", "off duty"),
        "report.why.no-answer": ("无应答", "no answer"),
        "report.why.lost": ("信号丢失", "lost on the way"),
        "report.world": ("现场", "the scene"),
        "report.hazard.isolate": ("切断泄漏", "release isolated"),
        "report.hazard.plug": ("堵漏", "leak plugged"),
        "report.hazard.curtain": ("水幕", "water curtain"),
        "report.cas.hurt": ("受伤", "hurt"),
        "report.cas.found": ("找到", "found"),
        "report.cas.rescued": ("救出", "rescued"),
        "report.cas.decontaminated": ("已洗消", "decontaminated"),
        "report.cas.triaged": ("已检伤", "triaged"),
        "report.cas.transported": ("已转送", "transported"),
        "report.cas.admitted": ("已入院", "admitted"),
        "report.cas.died": ("死亡", "died"),
        "report.all": ("全部人员", "everybody"),
        "report.never": ("从未", "never"),
        "report.none": ("—", "—"),
    }
)  # fmt: skip

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
        return say("report.world", lang) if org_id == "world" else org_id
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
    """Give the name of a facility or of a residential zone."""
    city = scenario.city
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


def level_name(scenario: Scenario, ref: str, lang: Lang) -> str:
    """Give the name of a level `plan:level`."""
    plan_id, _, level_id = ref.partition(":")
    plan = scenario.plan_set.plans.get(plan_id)
    for level in plan.of("levels") if plan else ():
        if level.id == level_id:
            return str(level.name.say(lang))
    return ref


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
    return named(_GROUPS[kind], subject, lang) if kind in _GROUPS else subject


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
    """Name what is believed: a fact, a message received, a level known."""
    head, _, rest = key.partition("@")[0].partition(":")
    if head == "told":
        return message_name(scenario, rest, lang)
    if head == "level":
        return level_name(scenario, rest, lang)
    fact = FACTS.get(head)
    name = fact.name.say(lang) if fact else key
    if value is None or isinstance(value, bool) or value == 1:
        return name
    if isinstance(value, str) and "/" in value:
        return f"{name}: {element_name(scenario, value, lang)}"
    return f"{name} = {value:g}" if isinstance(value, float) else f"{name} = {value}"
