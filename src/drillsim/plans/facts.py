"""What bodies can know about an accident: the facts of beliefs, triggers and messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from drillsim.i18n import Text

FactKind = Literal["flag", "count", "duration", "word", "mass-concentration"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that a role may believe.

    `leading` marks facts that can be true before anyone is harmed; `observable` names how a
    deciding role can come to know it without being told: by its instruments, by being there,
    or not at all ("none": only by message or by somebody else's count).
    """

    id: str
    kind: FactKind
    name: Text
    leading: bool
    observable: Literal["instrument", "presence", "none", "unmeasured"]


def _fact(fact_id: str, kind: FactKind, leading: bool, how: str, zh: str, en: str) -> Fact:
    return Fact(fact_id, kind, Text(zh=zh, en=en), leading, how)  # type: ignore[arg-type]


FACTS: dict[str, Fact] = {
    fact.id: fact
    for fact in (
        _fact("smell", "flag", True, "presence", "闻到异味", "smell noticed"),
        _fact("release", "flag", True, "presence", "确认泄漏", "release confirmed"),
        _fact("detectors", "count", True, "instrument", "报警探头数", "detectors in alarm"),
        _fact(
            "detectors-high", "count", True, "instrument", "高报探头数", "detectors in high alarm"
        ),
        _fact(
            "fence-alarms", "count", True, "instrument", "厂界报警数", "fence detectors in alarm"
        ),
        _fact("cloud-visible", "flag", True, "presence", "可见气云", "visible cloud"),
        _fact("cloud-over-fence", "flag", True, "presence", "气云越过厂界", "cloud over the fence"),
        _fact("isolated", "flag", True, "presence", "泄漏已切断", "release isolated"),
        _fact("valve-failed", "flag", True, "presence", "紧急切断失效", "emergency valve failed"),
        _fact("scrubber-out", "flag", True, "instrument", "事故吸收停运", "scrubber out"),
        _fact("symptoms", "count", False, "presence", "出现症状人数", "people with symptoms"),
        _fact("hurt", "count", False, "presence", "受伤人数", "people hurt"),
        _fact("missing", "count", True, "presence", "失联被困人数", "missing or trapped"),
        _fact("deaths", "count", False, "presence", "死亡人数", "deaths"),
        _fact("likely-deaths", "count", True, "none", "可能死亡人数", "deaths likely"),
        _fact("location", "word", True, "presence", "地点", "place"),
        _fact("substance", "word", True, "presence", "物质", "substance"),
        _fact("state", "word", True, "presence", "液相或气相", "liquid or gas"),
        _fact("release-rate", "count", True, "unmeasured", "泄漏速率", "release rate"),
        _fact("wind", "word", True, "instrument", "风向风速", "wind"),
        _fact("sector", "word", True, "none", "下风向扇区", "down-wind sector"),
        _fact("measures", "word", True, "presence", "已采取措施", "measures taken"),
        _fact("access", "word", True, "presence", "进入路线与大门", "gate and route to use"),
        _fact("to-protect", "count", True, "none", "需防护人数", "people to protect"),
        _fact("sensitive-site", "flag", True, "none", "下风向敏感场所", "sensitive site in sector"),
        _fact("air-reading", "mass-concentration", True, "instrument", "监测浓度", "air reading"),
        _fact("air-clear", "flag", True, "instrument", "监测达标", "air below limit, twice"),
        _fact("beds", "count", True, "none", "可用床位", "beds free"),
        _fact("moved", "count", True, "none", "已转移人数", "people moved"),
        _fact("zone-order", "word", True, "none", "防护指令", "protective order"),
        _fact("all-clear", "flag", True, "none", "解除指令", "end, ventilate, return"),
        _fact("level", "word", True, "none", "响应级别", "response level"),
        # fires in buildings
        _fact("fire", "flag", True, "presence", "发现明火", "fire seen"),
        _fact("fire-floor", "count", True, "presence", "起火楼层", "floor of the fire"),
        _fact("flames-outside", "flag", True, "presence", "火势向上或邻户蔓延", "fire spreads"),
        _fact("smoke-in-stair", "flag", True, "presence", "楼梯间进烟", "smoke in the stair"),
        _fact("trapped", "count", True, "presence", "被困待援人数", "people behind their doors"),
        _fact("fire-out", "flag", True, "presence", "明火扑灭", "fire out"),
        _fact("lane-blocked", "flag", True, "presence", "消防通道被占", "fire lane blocked"),
        _fact("fans-running", "flag", True, "instrument", "加压送风运行", "stair fans running"),
        _fact("power-off", "flag", True, "instrument", "整楼断电", "power of the building cut"),
        _fact("load-off", "flag", True, "instrument", "非消防电源已切", "power of flats cut"),
        _fact("gas-shut", "flag", True, "instrument", "燃气已切断", "gas shut"),
        _fact("accounted", "flag", True, "none", "人员全部核清", "everybody accounted for"),
        _fact("bell", "flag", True, "presence", "楼内警铃", "bells in the building"),
        # accidents on roads
        _fact("crash", "flag", True, "presence", "道路交通事故", "road accident"),
        _fact("cargo", "word", True, "instrument", "运单货物", "cargo on the waybill"),
        _fact("trapped", "count", True, "presence", "车内被困人数", "trapped in vehicles"),
        _fact("spill-fire", "flag", True, "presence", "流淌火", "burning pool"),
        _fact("tank-split", "flag", True, "presence", "罐体撕裂", "tank split"),
        _fact("run-off", "flag", True, "presence", "液体流入雨水口", "liquid runs into drains"),
        _fact("in-canal", "flag", False, "presence", "液体入河", "liquid in the canal"),
        _fact("road-people", "count", True, "presence", "滞留人数", "people held on the road"),
        _fact("corridor", "flag", True, "presence", "应急通道已开", "corridor open"),
        _fact("stairs-open", "word", True, "presence", "疏散楼梯已开", "stairs open"),
        _fact("drains-plugged", "flag", True, "presence", "雨水口已封堵", "drains plugged"),
        # fires in tank farms
        _fact("flames-on-vessel", "flag", True, "presence", "容器受火", "flames on a vessel"),
        _fact("vessel-cooled", "flag", True, "presence", "容器已冷却", "vessel cooled"),
        _fact("venting", "flag", True, "presence", "安全阀起跳", "relief valve lifts"),
        _fact("failure-near", "flag", True, "presence", "爆炸征兆", "signs of bursting"),
        _fact("vessel-failed", "count", True, "presence", "容器破裂数", "vessels burst"),
        _fact("pumps-dead", "flag", True, "instrument", "消防泵停运", "fire pumps dead"),
        _fact("drains-shut", "flag", True, "presence", "雨排已关闭", "rain outlet shut"),
        # accidents on water
        _fact("collision", "flag", True, "presence", "船舶碰撞", "vessels in collision"),
        _fact("second-collision", "flag", True, "presence", "二次碰撞", "second collision"),
        _fact("in-water", "count", True, "presence", "落水人数", "people in the water"),
        _fact("oil-on-water", "flag", True, "presence", "水面油膜", "oil on the water"),
        _fact("wreck-cleared", "flag", True, "presence", "事故船拖离", "wreck towed away"),
        _fact("boom-laid", "flag", True, "presence", "围油栏布设", "boom laid"),
        _fact("vessels-passed", "count", True, "presence", "驶过船舶数", "vessels gone past"),
        _fact("sluice-stopped", "flag", True, "instrument", "闸泵已停", "sluice pumps stopped"),
        _fact("intake-shut", "flag", True, "instrument", "取水中断", "intake shut"),
        _fact("intake-alarm", "flag", True, "instrument", "取水口油膜报警", "oil at the intake"),
        _fact("intake-reached", "flag", True, "unmeasured", "取水口水质超限", "intake over limit"),
        _fact(
            "boundary-reached", "flag", True, "unmeasured", "市界水质超限", "boundary over limit"
        ),
        _fact("downstream-told", "flag", True, "none", "下游已关闭取水", "neighbour has shut"),
        _fact("water-reading", "count", True, "instrument", "水质超限倍数", "times the limit"),
        _fact("environment-loss", "count", False, "unmeasured", "环境损失", "loss to the water"),
    )
}
