"""Names of the figures behind a run, and the kinds of harm in which each plays a part.

A figure of `human.yaml` that no row of `OWN` claims belongs to every run. The names are those of
the shipped figures; one that is not listed is printed by its id.
"""

from __future__ import annotations

from collections.abc import Mapping

from drillsim.i18n import Lang, catalogue, messages, say
from drillsim.report.harm import Harm

OWN: Mapping[tuple[Harm, ...], tuple[str, ...]] = {
    ("gas",): (
        "detector-low-mg", "detector-high-mg", "sheltered-ach", "ventilated-ach", "curtain",
        "emergency-valve", "suit-up", "wash-patience", "entry-fails", "notice", "self-protect",
        "flee", "sector-m", "sector-deg", "monitor", "mobilise-shelter", "relocate", "barrier",
    ),
    ("gas", "road-heat"): ("serious-factor",),
    ("road-heat",): (
        "public-call", "lay-foam", "foam-out", "flush", "plug-drain", "transfer-cargo",
        "recover-pool", "corridor", "open-stairs", "first-desk", "queue-push-mps",
        "contraflow-mps", "heat-pain-dose", "heat-burn-dose", "stair-people-s", "ignition-per-min",
        "hot-vehicles", "foam-m2",
    ),
    ("road-heat", "tank-heat"): ("heat-indoors",),
    ("tank-heat",): (
        "open-spray", "set-monitor", "tank-foam-out", "shut-drain", "withdraw", "monitor-hits",
        "monitor-wets", "spray-wets", "spray-fails", "lashed-share", "monitor-lps", "foam-rate",
        "foam-unit-lpm", "foam-unit-s", "fire-gear-share",
    ),
    ("cloud-fire",): ("flash-kills-open", "flash-kills-gear", "flash-kills-indoors"),
    ("smoke", "row"): (
        "caller-day", "caller-night", "hose-line", "hose-far", "riser-line", "start-fans",
        "shut-doors", "switch-off", "shut-gas", "clear-lane", "search-floor", "ladder-set",
        "ladder-trip", "roll-call", "by-the-window", "turns-back", "leave-by-themselves",
        "flat-door-ach", "flat-window-ach", "broken-window-ach", "stuffed-door-factor",
        "turn-back-extinction", "blind-extinction", "barring-rise", "engine-lpm", "light-pump-lpm",
        "hand-line-lpm",
    ),
    ("water",): (
        "bank-call", "stop-pumps", "close-intake", "close-channel", "lay-boom", "set-skimmer",
        "climb-out", "find-person", "pick-up", "sample-water", "tow", "faint-share",
    ),
}  # fmt: skip
"""Figures of one or some kinds of harm alone, after the engine's modules that read them."""

ROAD_TOO = (
    "public-call", "transfer-cargo", "corridor", "open-stairs", "first-desk", "queue-push-mps",
    "contraflow-mps",
)  # fmt: skip
"""Those of the road itself, whatever the cargo is."""
ALSO: Mapping[str, tuple[Harm, ...]] = {
    "public-call": ("tank-heat",), "lay-foam": ("tank-heat",), "switch-off": ("tank-heat",),
    "notice": ("smoke", "row", "water"), "barrier": ("road-heat", "tank-heat"),
    "sector-m": ("tank-heat",), "sector-deg": ("tank-heat",), "self-protect": ("tank-heat",),
}  # fmt: skip
"""Further kinds of harm in which a figure of `OWN` plays a part."""

UNITS: Mapping[str, str] = {
    "-mps": "m/s", "-ach": "1/h", "-lpm": "L/min", "-lps": "L/s", "-mg": "mg/m³", "-deg": "°",
    "-m": "m", "-m2": "m²", "-per-min": "1/min", "-per-hour": "1/h", "-dose": "(kW/m²)^(4/3)·s",
    "-extinction": "1/m", "foam-rate": "L/(min·m²)", "foam-unit-s": "s", "barring-rise": "K",
    "stair-people-s": "1/s", "-kg-m3": "kg/m³", "-j-kgk": "J/(kg·K)", "-j-kg": "J/kg",
    "-kg-mol": "kg/mol", "-k": "K", "-kw-m2": "kW/m²", "-kg-m2s": "kg/(m²·s)", "-per-m": "1/m",
    "-ppm": "ppm", "-s": "s",
}  # fmt: skip
"""Unit by the end of an id, for figures that carry none; the longest end that fits counts."""


def plays_a_part(figure: str, harm: Harm, on_a_road: bool) -> bool:
    """Tell whether a figure of `human.yaml` plays a part in a run of a kind of harm."""
    owners = [harms for harms, names in OWN.items() if figure in names]
    if not owners or harm in ALSO.get(figure, ()) or (on_a_road and figure in ROAD_TOO):
        return True
    # a cloud over a tank farm comes before the fires of one
    kinds = {harm, "tank-heat"} if harm == "cloud-fire" else {harm}
    return any(kinds & set(harms) for harms in owners)


def figure_name(figure: str, lang: Lang) -> str:
    """Give the name of a figure; its id in words when nobody listed it."""
    key = f"figure.{figure}"
    return say(key, lang) if key in messages() else figure.replace("-", " ")


def unit_of(figure: str, given: str) -> str:
    """Give the unit of a figure: by the end of its id, else as given; 1 for a bare number."""
    ends = sorted((end for end in UNITS if figure.endswith(end)), key=len, reverse=True)
    return UNITS[ends[0]] if ends else given or "1"


def _named(rows: Mapping[str, tuple[str, str]]) -> None:
    catalogue({f"figure.{name}": pair for name, pair in rows.items()})


_named(
    {
        "notice": ("现场人员发现异常", "somebody at the place notices"),
        "desk": ("值班台接报处理", "a duty desk deals with a call"),
        "person": ("岗位人员作出决定", "a role holder decides"),
        "leader": ("领导作出决定", "a leader decides"),
        "approve": ("批准人审批", "an approver says yes"),
        "sign-off": ("信息发布签发", "sign-off of a publication"),
        "verify": ("上报前核实", "checking before reporting"),
        "call-in-day": ("白天联系到离岗人员", "reaching somebody away, by day"),
        "call-in-night": ("夜间联系到离岗人员", "reaching somebody away, by night"),
        "call": ("一次通话", "one call"),
        "retry": ("重拨", "redialling"),
        "judge": ("判定影响范围与人数", "working out sector and heads"),
        "size-up": ("首批力量侦检", "size-up by the first crew"),
        "brief": ("指挥权移交交底", "command brief"),
        "settle": ("指挥关系理顺", "until command is settled"),
        "barrier": ("关卡放行耽搁", "held up at a barrier"),
        "group-handover": ("工作组接手任务", "a group takes over a task"),
        "travel-to-post": ("领导赶赴现场", "a leader drives to the post"),
        "institution": ("单位落实指令", "an institution acts on an order"),
        "mobilise-shelter": ("居民关窗避险", "people shut windows"),
        "mobilise-leave": ("居民动身撤离", "people set out to leave"),
        "self-protect": ("自行避险反应", "people react by themselves"),
        "flee": ("现场人员逃离", "people in the open run"),
        "on-the-spot": ("岗位就地处置", "acting on the spot"),
        "wash-patience": ("伤员等候洗消上限", "how long casualties wait for washing"),
        "relocate": ("驻地转移", "a post driven out works again"),
        "curtain": ("架设水幕", "setting a water curtain"),
        "cordon": ("设置警戒或封路", "closing a road or setting a cordon"),
        "gates": ("调整大门管制", "changing the gates"),
        "monitor": ("首次空气监测", "first air reading"),
        "triage": ("每名伤员检伤", "triage of one casualty"),
        "rescue-trip": ("一次进入救人", "one trip of rescuers"),
        "load": ("救护车装载或交接", "loading or handing over an ambulance"),
        "treat": ("一名重伤员占床", "bed time of a red casualty"),
        "open-shelter": ("开放安置点", "opening a shelter"),
        "suit-up": ("穿戴防护装备", "suiting up"),
        "board-bus": ("乘客上车", "loading a bus"),
        "muster": ("清点一个班组", "counting a shift"),
        "emergency-valve": ("紧急切断阀动作", "remote valve closes"),
        "caller-day": ("白天有人报警", "first call by day"),
        "caller-night": ("夜间有人报警", "first call by night"),
        "hose-line": ("出一支水枪", "first hose line"),
        "hose-far": ("远距离铺带", "lines laid by hand over a distance"),
        "riser-line": ("楼内立管出水", "line from the riser"),
        "start-fans": ("启动风机水泵", "starting fans and pumps"),
        "shut-doors": ("关闭防火门", "shutting a door"),
        "switch-off": ("切断电源", "switching off the power"),
        "shut-gas": ("关断燃气", "shutting the gas"),
        "clear-lane": ("清理通道车辆", "clearing cars from the lane"),
        "search-floor": ("搜索一层", "searching a storey"),
        "ladder-set": ("架设云梯", "setting up a ladder"),
        "ladder-trip": ("云梯一次接人", "one trip of the ladder"),
        "roll-call": ("清点居民", "roll call of residents"),
        "bank-call": ("岸上群众报警", "a call from the bank"),
        "stop-pumps": ("停泵关闸", "stopping pumps, shutting the sluice"),
        "close-intake": ("关闭取水口", "shutting an intake"),
        "close-channel": ("封航", "shutting the channel"),
        "lay-boom": ("布设围油栏", "laying a boom"),
        "set-skimmer": ("收油机就位", "setting up a skimmer"),
        "climb-out": ("落水者自行上岸", "climbing out of the water"),
        "find-person": ("水上找到落水者", "finding somebody in the water"),
        "pick-up": ("救起送岸", "taking somebody aboard and ashore"),
        "sample-water": ("首组水样结果", "first water samples"),
        "tow": ("拖离事故船", "towing the wreck"),
        "public-call": ("目击者报警", "a witness rings up"),
        "lay-foam": ("铺设首层泡沫", "first foam blanket"),
        "foam-out": ("泡沫灭池火", "pool fire out under foam"),
        "flush": ("出水冲洗", "hoses out to flush"),
        "plug-drain": ("封堵雨水口", "plugging a drain"),
        "transfer-cargo": ("倒罐", "transferring the cargo"),
        "recover-pool": ("抽吸回收液池", "sucking up a pool"),
        "corridor": ("开辟应急通道", "opening a corridor"),
        "open-stairs": ("打开疏散楼梯", "opening the stairs"),
        "open-spray": ("开启固定喷淋", "opening the fixed spray"),
        "set-monitor": ("架设移动炮", "setting a monitor"),
        "tank-foam-out": ("罐区泡沫灭火", "tank fire out under foam"),
        "shut-drain": ("手动关闭雨排", "shutting the rain outlet"),
        "withdraw": ("紧急撤离", "withdrawing"),
    }
)
_named(
    {
        "monitor-hits": ("炮水命中容器份额", "share of a monitor's water on the vessel"),
        "monitor-wets": ("炮水湿润受火面份额", "share of the wall that monitors wet"),
        "spray-wets": ("喷淋湿润受火面份额", "share of the wall that the spray wets"),
        "spray-fails": ("固定喷淋失效概率", "chance that the fixed spray fails"),
        "lashed-share": ("无人看守移动炮水量份额", "water of monitors left lashed"),
        "first-desk": ("事故首先报 110 的份额", "share of calls that go to 110 first"),
        "by-the-window": ("能到窗边的份额", "share of people who reach a window"),
        "turns-back": ("遇烟折返份额", "share who turn back in smoke"),
        "leave-by-themselves": ("自行下楼份额", "share who leave by themselves"),
        "omit-weak": ("“必要时”类职责漏做", "'if needed' duties left out"),
        "omit-should": ("“宜”类职责漏做", "'should' duties left out"),
        "unanswered-day": ("白天无人接听", "calls unanswered by day"),
        "unanswered-night": ("夜间无人接听", "calls unanswered by night"),
        "comply-shelter": ("听令避险份额", "share who shelter when told"),
        "comply-leave": ("听令撤离份额", "share who leave when told"),
        "triage-sensitivity": ("检伤灵敏度", "triage sensitivity"),
        "triage-specificity": ("检伤特异度", "triage specificity"),
        "red-death-per-hour": ("重伤员每小时死亡率", "deaths an hour among red casualties"),
        "entry-fails": ("进入处置失败概率", "chance that an entry fails"),
        "outage": ("通信载体中断概率", "chance that a carrier is down"),
        "detector-low-mg": ("探测器低报", "detector alarm"),
        "detector-high-mg": ("探测器高报", "detector high alarm"),
        "sheltered-ach": ("关窗后换气次数", "air changes, windows shut"),
        "ventilated-ach": ("开窗通风换气次数", "air changes, windows open"),
        "serious-factor": ("重伤与致死剂量之比", "lethal over crippling dose"),
        "walk-mps": ("步行速度", "walking speed"),
        "sector-deg": ("下风向扇区角", "angle of the down-wind sector"),
        "sector-m": ("下风向扇区长度", "length of the down-wind sector"),
        "flat-door-ach": ("经户门进入住户的换气", "air of a flat through its door"),
        "flat-window-ach": ("经窗缝进入住户的换气", "air of a flat through its windows"),
        "broken-window-ach": ("窗破后的换气", "air of a flat with broken windows"),
        "stuffed-door-factor": ("湿布塞门缝的折减", "smoke let in by a stuffed door"),
        "turn-back-extinction": ("遇烟折返的烟浓度", "smoke in which people turn back"),
        "blind-extinction": ("无法行走的烟浓度", "smoke in which nobody goes on"),
        "barring-rise": ("无法通过的温升", "rise of temperature that bars the way"),
        "engine-lpm": ("一辆消防车供水量", "water of one engine"),
        "light-pump-lpm": ("手抬泵供水量", "water of a portable pump"),
        "hand-line-lpm": ("室内消火栓水枪流量", "water of a cabinet hose"),
        "faint-share": ("落水后失去自救能力的时点份额", "share of survival time until helpless"),
        "queue-push-mps": ("消防车穿过车队速度", "speed of an engine through the queue"),
        "contraflow-mps": ("逆行速度", "speed against the traffic"),
        "heat-indoors": ("透窗热辐射份额", "share of heat that reaches people indoors"),
        "heat-pain-dose": ("疼痛热剂量", "thermal dose of pain"),
        "heat-burn-dose": ("二度烧伤热剂量", "thermal dose of second-degree burns"),
        "stair-people-s": ("楼梯通过人数", "flow of people on a stair"),
        "ignition-per-min": ("每分钟点燃概率", "chance of ignition a minute"),
        "hot-vehicles": ("事故车热部件数", "wrecked vehicles with hot parts"),
        "monitor-lps": ("移动炮流量", "flow of a monitor"),
        "foam-rate": ("泡沫供给强度", "foam application rate"),
        "foam-unit-lpm": ("一辆泡沫车流量", "flow of a foam engine"),
        "foam-unit-s": ("一辆泡沫车持续时间", "how long a foam engine lasts"),
        "fire-gear-share": ("防护服透过热辐射份额", "share of heat that gear lets through"),
        "foam-m2": ("一辆泡沫车覆盖面积", "area one foam engine covers"),
    }
)
_named(
    {
        "discharge-coefficient": ("流量系数", "discharge coefficient"),
        "airborne-share": ("进入气云的份额", "share that gets airborne"),
        "boiling-density-kg-m3": ("沸点密度", "density at the boiling point"),
        "boiling-point-k": ("沸点", "boiling point"),
        "critical-temperature-k": ("临界温度", "critical temperature"),
        "density-25c-kg-m3": ("25 °C 密度", "density at 25 °C"),
        "gas-heat-capacity-j-kgk": ("气体比热", "heat capacity of the gas"),
        "heat-capacity-ratio": ("比热比", "ratio of heat capacities"),
        "irritation-ppm": ("刺激浓度", "level that irritates"),
        "liquid-heat-capacity-j-kgk": ("液体比热", "heat capacity of the liquid"),
        "molar-mass-kg-mol": ("摩尔质量", "molar mass"),
        "saturation-b-k": ("饱和蒸气压参数 B", "vapour pressure, B"),
        "saturation-c-k": ("饱和蒸气压参数 C", "vapour pressure, C"),
        "vaporisation-heat-j-kg": ("汽化热", "heat of vaporisation"),
        "probit-a": ("致死概率函数 a", "probit a"),
        "aegl": ("AEGL 值", "AEGL values"),
        "curtain-removal": ("水幕去除率", "share a water curtain removes"),
        "smoke-at-the-door": ("门前烟气份额", "share of smoke at the door"),
        "stair-heat-lost-in": ("楼梯间散热时间", "stair loses its heat in"),
        "stair-fan": ("楼梯间送风量", "stair fan"),
        "lobby-air": ("走道换气", "air changes of a lobby"),
        "burning-space-clears-in": ("着火空间排烟时间", "burning space clears in"),
        "fatal-fed": ("致死与失能剂量之比", "fatal over disabling dose"),
        "decay-share": ("开始衰减时的燃尽份额", "share burnt when decay begins"),
        "dwelling-kw-m2": ("住宅火热释放强度", "heat release of dwellings"),
        "gas-emissivity": ("热烟发射率", "emissivity of hot gas"),
        "soot-absorption": ("烟尘吸收", "absorption by soot"),
        "facade-storey-s": ("沿外立面蔓延一层", "a storey up the facade"),
        "cladding-storey-s": ("沿可燃外墙蔓延一层", "a storey up burning cladding"),
        "mixing-mps": ("混合速度", "mixing speed"),
        "smoke-extinction": ("烟尘消光系数", "extinction of smoke"),
        "door-leak-m2": ("门缝面积", "leakage of a door"),
        "water-efficiency": ("射水利用率", "share of water that cools"),
        "knockdown-s": ("压制火势时间", "time to knock a fire down"),
        "hose-roughness": ("水带阻力", "roughness of hose"),
        "fuel-excess": ("燃料过剩系数", "excess of fuel"),
        "fuel-response-s": ("燃料响应时间", "response time of fuel"),
        "film-thickness": ("液膜厚度", "thickness of the film"),
        "deck-stay": ("桥面停留时间", "stay on the deck"),
        "street-stay": ("路面停留时间", "stay on the street"),
        "sewer-travel": ("雨水管流行时间", "travel in the sewer"),
        "water-limit": ("水中限值", "limit in water"),
        "burning-rate": ("燃烧速率", "burning rate"),
        "burning-rate-kg-m2s": ("燃烧速率", "burning rate"),
        "density-kg-m3": ("密度", "density"),
        "k-beta-per-m": ("火焰吸收系数", "absorption of the flame"),
        "radiated-fraction": ("辐射份额", "fraction radiated"),
        "soot-yield": ("烟尘产率", "soot yield"),
        "vapour-density-kg-m3": ("蒸气密度", "density of the vapour"),
        "Manning's n": ("曼宁糙率", "Manning's n"),
        "drinking-water limit": ("饮用水限值", "drinking-water limit"),
        "acute dose": ("急性参考剂量", "acute reference dose"),
        "transfer to the air": ("向空气传质速度", "transfer to the air"),
        "raw water a head and day": ("人均日用原水", "raw water a head and day"),
        "oil limit": ("石油类限值", "oil limit"),
        "oil mixed under the film": ("油膜下混入水中的油", "oil mixed under the film"),
        "oil recoverable behind a boom": ("围油栏后可回收份额", "oil recoverable behind a boom"),
        "share of the wind in slick drift": ("风对油膜漂移的份额", "share of the wind in drift"),
        "engulfing-heat": ("火焰包围热流", "heat of engulfing flames"),
        "cooled-share": ("冷却后剩余热流份额", "share of heat left on a cooled wall"),
        "pipe-after-valve": ("关阀后管内余料流出", "pipe empties after the valve shuts"),
        "run-off-pollutant": ("消防废水污染物浓度", "pollutant in fire water"),
    }
)
