"""What the hazard of a run does to people, and the words for it: gas, smoke, heat, water.

The counts of a run carry the same names in every family (`exposed`, `arrival_s`); what they count
is the family's own. This table says it, so that no page speaks of a cloud where a stair fills
with smoke. `exposed` and `arrival` follow the exposure of each family in the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from drillsim.i18n import Lang, catalogue, say
from drillsim.scenario import Scenario

Harm = Literal["gas", "smoke", "row", "road-heat", "tank-heat", "cloud-fire", "water"]
"""gas: a toxic cloud; smoke: a building of storeys; row: a row of houses; road-heat: a pool on a
road that may burn; tank-heat: fires and bursts in a tank farm; cloud-fire: a cloud over it that
may be lit; water: a spill on a waterway."""


def harm_of(scenario: Scenario) -> Harm:
    """Tell what harms people in a scenario."""
    family, spec = scenario.file.family, scenario.spec
    if family == "residential-fire":
        return "row" if spec.seat == "row" else "smoke"
    if family == "road-transport":
        return "road-heat" if spec.cargo == "flammable" else "gas"
    if family == "storage-fire":
        return "tank-heat" if spec.cloud is None else "cloud-fire"
    return "water" if family == "water-transport" else "gas"


def harm_say(scenario: Scenario, key: str, lang: Lang, /, **fields: object) -> str:
    """Say a sentence of this table in the words of a scenario's harm."""
    return say(f"harm.{harm_of(scenario)}.{key}", lang, **fields)


def harm_words(scenario: Scenario, lang: Lang) -> Callable[..., str]:
    """Give the function by which templates say the words of a scenario's harm."""

    def words(key: str, **fields: object) -> str:
        return harm_say(scenario, key, lang, **fields)

    return words


_EXPOSED: dict[Harm, dict[str, tuple[str, str]]] = {
    "gas": {
        "exposed": ("超 AEGL-2", "above AEGL-2"),
        "exposed-note": (
            "“超 AEGL-2”：各人按自己的接触时间判定（含室内），另计救援人员和过路者。",
            "Above AEGL-2: judged for each person by their own exposure time, indoors too; crews "
            "and passers-by are counted as well.",
        ),
        "count": ("{n} 人超过 AEGL-2", "{n} people above AEGL-2"),
    },
    "smoke": {
        "exposed": ("吸入有害烟气", "harmed by smoke"),
        "exposed-note": (
            "“吸入有害烟气”：累计烟气剂量 FED 达 0.1 及以上（约百分之一的人会因此丧失行动能力）。",
            "Harmed by smoke: a fractional effective dose (FED) of 0.1 or more, which would stop "
            "about one person in a hundred.",
        ),
        "count": ("{n} 人吸入有害烟气", "{n} people harmed by smoke"),
    },
    "road-heat": {
        "exposed": ("受热灼痛以上", "burnt, pain or worse"),
        "exposed-note": (
            "“受热灼痛以上”：热辐射剂量达到疼痛阈值及以上。",
            "Burnt, pain or worse: the dose of radiant heat has reached that of pain.",
        ),
        "count": ("{n} 人受热灼痛或更重", "{n} people burnt to pain or worse"),
    },
    "tank-heat": {
        "exposed": ("一度烧伤以上", "first-degree burns or worse"),
        "exposed-note": (
            "“一度烧伤以上”：热辐射剂量达到一度烧伤及以上，含救援人员。",
            "First-degree burns or worse: judged by the dose of radiant heat, crews included.",
        ),
        "count": ("{n} 人一度烧伤或更重", "{n} people with first-degree burns or worse"),
    },
    "cloud-fire": {
        "exposed": ("一度烧伤以上（含闪火）", "burnt, flash included"),
        "exposed-note": (
            "“一度烧伤以上（含闪火）”：热辐射剂量达到一度烧伤及以上，或身处闪火之中，含救援人员。",
            "Burnt, flash included: first-degree burns or worse by radiant heat, or within the "
            "flash of the cloud; crews included.",
        ),
    },
    "water": {
        "exposed": ("饮水超急性剂量", "over the acute dose"),
        "exposed-note": (
            "“饮水超急性剂量”：到推演结束时从水龙头饮入的量超过急性参考剂量，是需要关注的剂量，"
            "不等于发病；落水者只计死亡和重伤。",
            "Over the acute dose: drank more than the acute reference dose from the tap by the "
            "end; a dose to worry about, not an illness. People in the water count as deaths and "
            "seriously hurt alone.",
        ),
        "count": ("{n} 人饮水超过急性参考剂量", "{n} people over the acute dose from the tap"),
    },
}  # fmt: skip

_ARRIVAL: dict[Harm, dict[str, tuple[str, str]]] = {
    "gas": {
        "arrival": ("云团到达", "cloud there"),
        "arrival-note": (
            "云团到达：室外首次超过 10 分钟 AEGL-2 值。",
            "Cloud there: the outdoor air first passes the 10-minute AEGL-2.",
        ),
        "not-there": ("云团未到", "no cloud"),
        "faint": ("未达 10 分钟值", "below the 10-min level"),
        "people": (
            "云团所及 {places} 处 {heads} 人中，{early} 人在云团到达前得到告知，{late} 人晚于云团，"
            "{never} 人始终无人告知。",
            "Of {heads} people at {places} places that the cloud reached, {early} were told before "
            "it, {late} after it, {never} never.",
        ),
        "state.quiet": ("尚未告知、云团未到", "not told yet, no cloud"),
        "state.warned": ("云团到达前已告知", "told before the cloud"),
        "state.late": ("告知晚于云团", "told after the cloud came"),
        "state.hit": ("云团已到、无人告知", "cloud there, nobody told"),
        "told-note": (
            "绿：云团到达前已告知；橙：晚于云团。",
            "Green: told before the cloud; orange: after it.",
        ),
    },
    "smoke": {
        "arrival": ("烟气到达", "smoke there"),
        "arrival-note": (
            "烟气到达：若无人处置，该层走道或楼梯间首次浓到看发光标志不足 6 m 的分钟。",
            "Smoke there: the minute at which one sees a lit sign in the storey's lobby or stair "
            "from less than 6 m, if nobody acts.",
        ),
        "not-there": ("烟气未到", "no smoke"),
        "faint": ("烟气较淡", "thin smoke"),
        "people": (
            "若无人处置，烟气会封住 {places} 个楼层 {heads} 人的出路；"
            "其中 {early} 人在此之前得到告知，{late} 人更晚，{never} 人始终无人告知。",
            "If nobody acted smoke would shut the way out of {heads} people on {places} storeys; "
            "{early} of them were told before that, {late} after it, {never} never.",
        ),
        "state.quiet": ("尚未告知、烟气未到", "not told yet, no smoke"),
        "state.warned": ("烟气到达前已告知", "told before the smoke"),
        "state.late": ("告知晚于烟气", "told after the smoke came"),
        "state.hit": ("烟气已到、无人告知", "smoke there, nobody told"),
        "told-note": (
            "绿：烟气到达前已告知；橙：晚于烟气。",
            "Green: told before the smoke; orange: after it.",
        ),
    },
    "row": {
        "arrival-note": (
            "烟气到达：该户室内首次浓到看发光标志不足 6 m 的分钟（无人处置或实际如此）。",
            "Smoke there: the minute at which one sees a lit sign in the house from less than 6 m, "
            "if nobody acts or as it went.",
        ),
        "people": (
            "烟火所及 {places} 户 {heads} 人中，{early} 人在烟气到达前得到告知，{late} 人更晚，"
            "{never} 人始终无人告知。",
            "Of {heads} people in {places} houses that smoke reached, {early} were told before it, "
            "{late} after it, {never} never.",
        ),
    },
    "road-heat": {
        "arrival": ("热辐射到达", "heat there"),
        "arrival-note": (
            "热辐射到达：首次达到 2.5 kW/m²；未点燃则始终不到。",
            "Heat there: the flux first reaches 2.5 kW/m²; never, unless the spill is lit.",
        ),
        "not-there": ("热未及", "no heat"),
        "faint": ("热辐射较弱", "weak heat"),
        "people": (
            "热辐射所及 {places} 处 {heads} 人中，{early} 人事先得到告知，{late} 人在起火之后，"
            "{never} 人始终无人告知。",
            "Of {heads} people at {places} places that the heat reached, {early} were told before "
            "it, {late} after it, {never} never.",
        ),
        "state.quiet": ("尚未告知、热未及", "not told yet, no heat"),
        "state.warned": ("受热前已告知", "told before the heat"),
        "state.late": ("受热后才告知", "told after the heat came"),
        "state.hit": ("已受热、无人告知", "in the heat, nobody told"),
        "told-note": (
            "绿：受热前已告知；橙：受热之后。",
            "Green: told before the heat; orange: after it.",
        ),
    },
    "tank-heat": {
        "arrival-note": (
            "热辐射到达：首次达到 5 kW/m²，火灾蔓延与容器破裂的火球都计入。",
            "Heat there: the flux first reaches 5 kW/m², by fires that spread or by the fireball "
            "of a vessel that bursts.",
        ),
    },
    "cloud-fire": {
        "arrival": ("气云或热到达", "gas or heat there"),
        "arrival-note": (
            "气云或热到达：首次处于可燃气云内（未点燃时），或热辐射首次达到 5 kW/m²。",
            "Gas or heat there: first within the flammable cloud while it is not lit, or the flux "
            "first reaches 5 kW/m².",
        ),
        "not-there": ("气云未到", "no gas"),
        "people": (
            "可燃气云或热辐射所及 {places} 处 {heads} 人中，{early} 人事先得到告知，{late} 人更晚，"
            "{never} 人始终无人告知。",
            "Of {heads} people at {places} places that flammable gas or heat reached, {early} were "
            "told before it, {late} after it, {never} never.",
        ),
        "state.quiet": ("尚未告知、气云未到", "not told yet, no gas"),
        "state.warned": ("气云或热到达前已告知", "told before gas or heat"),
        "state.late": ("气云或热到达后才告知", "told after gas or heat came"),
        "state.hit": ("气云或热已到、无人告知", "gas or heat there, nobody told"),
        "told-note": (
            "绿：气云或热到达前已告知；橙：到达之后。",
            "Green: told before gas or heat; orange: after it.",
        ),
    },
    "water": {
        "arrival": ("水龙头超限", "tap above limit"),
        "arrival-note": (
            "水龙头超限：该片区水龙头的水首次超过限值（饮用水限值的倍数）。落水者列在事故点。",
            "Tap above limit: the water at the taps of the area first passes the limit. People "
            "overboard stand at the place of the accident.",
        ),
        "not-there": ("未超限", "within the limit"),
        "faint": ("未超限", "within the limit"),
        "people": (
            "水龙头超限的 {places} 处 {heads} 人中，{early} 人在超限前得到停用通知，"
            "{late} 人在其后，{never} 人始终无人告知。",
            "Of {heads} people in {places} areas whose tap water passed the limit, {early} were "
            "told before it, {late} after it, {never} never.",
        ),
        "state.quiet": ("尚未告知、水质未超限", "not told yet, water within the limit"),
        "state.warned": ("超限前已告知", "told before the limit was passed"),
        "state.late": ("超限后才告知", "told after the limit was passed"),
        "state.hit": ("已超限、无人告知", "above the limit, nobody told"),
        "told-note": (
            "绿：水质超限前已告知；橙：超限之后。",
            "Green: told before the water passed the limit; orange: after it.",
        ),
    },
}  # fmt: skip

_PLACES: dict[Harm, dict[str, tuple[str, str]]] = {
    "gas": {
        "source": ("泄漏点", "release"),
        "maps-note": (
            "气云为室外 10 分钟 AEGL 等值线。",
            "The cloud is outlined at the 10-minute AEGLs.",
        ),
        "limits": (
            "浓度按平坦地面、稳定风向的模型计算，可信到约 2 倍；建筑、地形与风向摆动未计。",
            "Concentrations come from models on flat ground with a steady wind, to be trusted "
            "within about a factor of 2; buildings, terrain and shifts of wind are not modelled.",
        ),
    },
    "smoke": {
        "source": ("着火建筑", "the building on fire"),
        "maps-note": (
            "楼内情况见前面的剖面图；此处为力量到场过程。",
            "What happens inside is in the section above; here, how crews came.",
        ),
        "limits": (
            "烟气按楼层分区的混合模型计算，火势为设计火源；户型、门窗状态与外墙材料因楼而异，"
            "可信到约 2 倍。",
            "Smoke is computed by mixed zones storey by storey for a design fire, to be trusted "
            "within about a factor of 2: flats, doors, windows and cladding differ from building "
            "to building.",
        ),
    },
    "row": {
        "source": ("起火房屋", "the house on fire"),
        "limits": (
            "火势蔓延按户计算，相邻房屋只计辐射与直接接触；飞火未计，可信到约 2 倍。",
            "The fire spreads house by house through radiation and contact, without flying brands; "
            "to be trusted within about a factor of 2.",
        ),
    },
    "road-heat": {
        "source": ("事故点", "wreck"),
        "maps-note": (
            "液池、热辐射与车队见前面的路段图。",
            "Pools, heat and the queue are in the pictures of the road above.",
        ),
        "water": (
            "环境损失为流入河道的货物吨数。",
            "The environment's loss is the cargo that ran into the canal, t.",
        ),
        "limits": (
            "液池按平面铺展，热辐射为倾斜实心火焰；是否点燃为随机抽样，须看多次重复。",
            "The pool spreads on a plane and heat is that of a tilted solid flame; whether it is "
            "lit is drawn by lot, so look at many replications.",
        ),
    },
    "tank-heat": {
        "source": ("起火点", "fire"),
        "maps-note": (
            "热辐射范围与容器损伤见前面的罐区图。",
            "Heat and damage of the vessels are in the pictures of the tank farm above.",
        ),
        "water": (
            "环境损失为随消防废水流入河道的污染物吨数。",
            "The environment's loss is the pollutant that fire water carried into the river, t.",
        ),
        "limits": (
            "热辐射为实心火焰与点源模型，容器失效时间为经验公式，破裂先后误差可达一倍。",
            "Heat comes from solid-flame and point-source models, times to failure from empirical "
            "formulas: when a vessel bursts may be off by a factor of 2.",
        ),
    },
    "cloud-fire": {
        "source": ("泄漏点", "leak"),
        "maps-note": (
            "可燃气云、热辐射与容器损伤见前面的罐区图。",
            "Flammable cloud, heat and damage of the vessels are in the pictures above.",
        ),
        "limits": (
            "气云按平坦地面计算，是否点燃为随机抽样，须看多次重复；爆炸只计拥塞区，其余为闪火。",
            "The cloud is that over flat ground; whether it is lit is drawn by lot, so look at "
            "many replications. Blast comes from the congested part alone, elsewhere it flashes.",
        ),
    },
    "water": {
        "source": ("事故点", "collision"),
        "maps-note": (
            "蓝色河段：水中货物浓度超限；棕色河段：油膜所在。",
            "Blue stretch: cargo in the water above the limit; brown: where the slick floats.",
        ),
        "water": (
            "环境损失（吨）= 下游取水口敞开时流过的污染物 + 留在水面的油 + "
            "超限自来水每 10000 人·时折 1 吨（本工具约定，未经核实）。",
            "Loss to the environment, t = what passed a neighbour's open intake + oil left on the "
            "water + 1 t for 10,000 person-hours of tap water above the limit (ours, unverified).",
        ),
        "limits": (
            "水流按一维河网计算，浓度为断面平均；水面火灾、蒸气与岸线油污未计。",
            "The river is computed in one dimension, levels are means over the section; fire and "
            "vapour on the water and oil on the banks are not modelled.",
        ),
    },
}  # fmt: skip

# A kind of harm that has no words of its own for something takes those of the kind it is like.
_LIKE: dict[Harm, Harm] = {"row": "smoke", "tank-heat": "road-heat", "cloud-fire": "tank-heat"}
HARMS: tuple[Harm, ...] = (
    "gas", "smoke", "row", "road-heat", "tank-heat", "cloud-fire", "water",
)  # fmt: skip
_NO_WATER = (
    "本类情景的环境损失尚无模型，未计入。",
    "The environment has no model in this family and is left out.",
)


def _words_of(harm: Harm) -> dict[str, tuple[str, str]]:
    found = _words_of(_LIKE[harm]) if harm in _LIKE else {"water": _NO_WATER}
    for table in (_EXPOSED, _ARRIVAL, _PLACES):
        found |= table.get(harm, {})
    return found


for _harm in HARMS:
    catalogue({f"harm.{_harm}.{key}": pair for key, pair in _words_of(_harm).items()})
