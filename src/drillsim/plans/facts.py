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
    )
}
