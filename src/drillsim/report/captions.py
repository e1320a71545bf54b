"""The words of the page itself: headings, columns, and what the simulation cannot say."""

from __future__ import annotations

from collections.abc import Callable

from drillsim.i18n import Lang, catalogue, say

catalogue(
    {
        "page.banner": ("演练 / 模拟", "EXERCISE / SIMULATION"),
        "page.banner-more": (
            "非真实事件。本报告为推演分析建议，不是事故通报，也不替代主管部门的审定。",
            "Not a real event. This report is advice from a simulation; it reports no accident "
            "and replaces no decision of the authorities.",
        ),
        "page.title": ("应急预案推演评估报告", "Assessment of emergency plans by simulation"),
        "page.contents": ("目录", "Contents"),
        "page.overview": ("情景总览", "Scenarios at a glance"),
        "page.compare": ("预案修订前后对照：{name}", "Plan sets side by side: {name}"),
        "page.compare-note": (
            "同一事故、同一抽样。绿：及时；橙：迟到；红 ✕：从未告知或没有预案规定。"
            "多次重复时评分与损失为均值；分钟取图示的那一次。修订是否有效须看多次重复的配对差异。",
            "The same accident under the same draws. Green: in time; orange: late; red ✕: never "
            "told, or in no plan. Scores and losses are means where there are replications; the "
            "minutes are of the one shown. Whether a revision helps is for the paired difference.",
        ),
        "page.plan-set": ("预案集", "plan set"),
        "page.start": ("开始时间", "start"),
        "page.seed": ("种子 {seed}，第 {rep} 次重复", "seed {seed}, replication {rep}"),
        "page.grade": ("综合评价", "overall"),
        "page.conclusion": ("结论", "Conclusion"),
        "page.scenario": ("情景", "Scenario"),
        "page.initiator": ("起因", "what sets it off"),
        "page.evolution": ("演化", "how it goes on"),
        "page.worst": ("最坏可信", "worst credible"),
        "page.likely": ("最可能", "most likely"),
        "page.tasks": ("所需任务", "tasks required"),
        "page.hazard": ("危害", "hazard"),
        "page.wind": ("风来自", "wind from"),
        "page.speed": ("风速", "wind speed"),
        "page.stability": ("稳定度", "stability class"),
        "page.temperature": ("气温", "air temperature"),
        "page.weather": ("抽取的天气", "weather drawn"),
        "page.warnings": (
            "本次所用模型的简化与适用范围",
            "Simplifications and ranges of the models",
        ),
        "page.no-warnings": ("各模型均在其适用范围内。", "All models were within their range."),
        "page.scorecard": ("评分", "Scorecard"),
        "page.part": ("分项", "part"),
        "page.value": ("得分", "value"),
        "page.weight": ("权重", "weight"),
        "page.skipped": ("未评：{why}", "not scored: {why}"),
        "page.lost": ("失分与对应条款", "Lost points and the clauses behind them"),
        "page.lost-note": (
            "每分为该维度满分 100 中的一分。以下为建议核对、修订之处；引文为预案原文。",
            "A point is one hundredth of its pillar. These are suggestions of what to check and "
            "revise; quotations are the plans' own words.",
        ),
        "page.points": ("失分", "points"),
        "page.why": ("原因", "reason"),
        "page.sentences": ("预案原文", "what the plans say"),
        "page.chain": ("事实链", "chain of facts"),
        "page.no-clause": ("未对应到任何条款", "no clause could be tied to it"),
        "page.none-lost": ("没有失分。", "No points were lost."),
        "page.losses": ("各方案损失", "Losses by variant"),
        "page.variant": ("方案", "variant"),
        "page.deaths": ("死亡", "deaths"),
        "page.serious": ("重伤", "seriously hurt"),
        "page.exposed": ("受影响 *", "affected *"),
        "page.exposed-any": (
            "* 受影响的含义因事故类型而异：{meanings}。",
            "* What counts as affected depends on the kind of accident: {meanings}.",
        ),
        "page.environment": ("环境损失（吨）", "environment, t"),
        "page.scalar": ("损失指数", "loss index"),
        "page.losses-note": (
            "损失指数 = 死亡 ×1 + 重伤 ×0.3 + {exposed} ×0.003{environment}"
            "（权重为本工具约定，未经核实）。财产损失尚无模型，未计入。"
            "死亡数含期末仍在等待者的期望值，故可为小数。",
            "Loss index = deaths x 1 + seriously hurt x 0.3 + {exposed} x "
            "0.003{environment} (our weights, unverified). Property has no model yet and "
            "is left out. Deaths hold the expectation for those still waiting at the end, hence "
            "fractions.",
        ),
        "page.losses-environment": (
            " + 环境损失每吨 ×0.02",
            " + 0.02 for each t of loss to the environment",
        ),
        "page.maps": ("现场态势图", "Maps"),
        "page.maps-note": (
            "示意图，按城市数据中的路网绘制，无底图。",
            "A scheme drawn from the network in the city data, no base map.",
        ),
        "page.numbers": ("编号见下表。", "Numbers as in the table below."),
        "page.ways": ("力量来路", "How crews came"),
        "page.ways-note": (
            "用时自调派起算，与预案承诺比较。",
            "Times from the order, compared with what plans promise.",
        ),
        "page.crew": ("力量", "crew"),
        "page.owner": ("单位", "owner"),
        "page.units": ("到场数", "units"),
        "page.assigned": ("调派", "ordered"),
        "page.departed": ("出动", "set out"),
        "page.arrived": ("首批到达", "first there"),
        "page.took": ("用时", "took"),
        "page.place": ("地点", "place"),
        "page.promised": ("预案承诺", "promised"),
        "page.places": ("人员场所", "Places with people"),
        "page.no": ("编号", "no."),
        "page.name": ("名称", "name"),
        "page.distance": ("距离 m", "distance m"),
        "page.heads": ("人数", "people"),
        "page.warned": ("告知", "told"),
        "page.lead": ("提前量", "lead"),
        "page.action": ("行动", "action"),
        "page.minutes": ("时间均为推演开始后分钟数。", "Times are minutes from the drill's start."),
        "page.timeline": ("谁在第几分钟告诉谁", "Who told whom at which minute"),
        "page.timeline-note": (
            "分钟自发现起算；横轴为平方根刻度。浅绿区：仍来得及；绿线：最迟有用时刻；▽ 预案规定；"
            "○ 照预案执行；● 实际执行（绿 按时，橙 迟到，红 严重迟到）。",
            "Minutes from detection, square-root axis. Pale green: still useful; green line: "
            "latest useful minute; ▽ set by plans; ○ plans carried out perfectly; ● as executed "
            "(green in time, orange late, red very late).",
        ),
        "page.message": ("通报", "message"),
        "page.from-to": ("由 → 至", "from → to"),
        "page.law": ("法定", "law"),
        "page.plan": ("预案", "plan"),
        "page.need": ("需要", "need"),
        "page.perfect": ("照预案", "perfect"),
        "page.actual": ("实际", "actual"),
        "page.content": ("内容", "content"),
        "page.criticality": ("关键度", "weight"),
        "page.lanes": ("泳道图：信息、级别与作业", "Swim lanes: messages, levels, work"),
        "page.lanes-note": (
            "实线箭头为送达，红色虚线为未接通；旗为启动级别（按共同标尺着色）、★ 接管指挥、"
            "紫色为防护命令；青色条为作业；浅灰箭头为重复续报。鼠标停留可见条款。",
            "Solid arrows were delivered, dashed red ones failed; flags are levels (coloured by "
            "the common scale), ★ command taken, purple protective orders; teal bars are work; "
            "pale arrows repeat an earlier report. "
            "Rest the pointer on one to see its clause.",
        ),
        "page.levels": ("响应级别与指挥权", "Response levels and command"),
        "page.levels-note": (
            "各预案按自己的级别；上缘细带为当时实情应达等级，颜色为共同标尺 1（轻）至 4（最重）。"
            "✕ 应启动而无人启动。红条为指挥空缺或两人争指挥。",
            "Each plan in its own scale; the thin band above shows what the truth asked for, the "
            "colour is the common scale 1 (light) to 4 (gravest). ✕ nobody was there to activate. "
            "Red bars: nobody, or two, in command.",
        ),
        "page.limits": ("局限与未核实数据", "Limits and unverified figures"),
        "page.figures": (
            "未核实数据 {n} 项（另有 {verified} 项有出处并已核对）",
            "{n} unverified figures ({verified} more have a checked source)",
        ),
        "page.figures-note": (
            "来源保留原文；judgement 为经验判断，from memory 为凭记忆、待核实。",
            "Sources as cited; judgement is ours, from memory means still to be checked.",
        ),
        "page.figure": ("数据", "figure"),
        "page.number": ("数值", "value"),
        "page.more": ("其余 {n} 条（电子版可展开）", "{n} more (open on screen)"),
        "page.range": ("范围", "range"),
        "page.unit": ("单位", "unit"),
        "page.source": ("来源", "source"),
        "page.made": (
            "由 drillsim 生成。情景 {scenario}，情景摘要 {digest}，记录摘要 {log}。"
            "通讯录与电话不在报告中显示。",
            "Made by drillsim. Scenario {scenario}, scenario digest {digest}, log digest {log}. "
            "Contacts and telephone numbers are not shown.",
        ),
        "page.legend": ("图例", "Key"),
        "limits.people": (
            "人员反应与机构用时多为经验判断，列于下表并给出范围；同一情景应做多次重复并改变这些数据。",
            "Reactions of people and times of offices are mostly judgement, listed below with "
            "their ranges; repeat a scenario many times and vary them.",
        ),
        "limits.city": (
            "路网与场所为示意，除非由用户导入真实数据；地图不用于指挥实际救援。",
            "Roads and places are a scheme unless real data were imported; the maps are not for "
            "directing a real rescue.",
        ),
        "limits.reference": (
            "“参照最优”是不依赖预案的固定规则，并非可达到的最优。",
            "The reference-best is a fixed rule that needs no plan; it is no proven optimum.",
        ),
        "limits.static": (
            "静态衔接审查（逐条比对各预案文本）未包括在内，衔接度只依据推演过程。",
            "Static review of linkage (plan text against plan text) is not included; linkage is "
            "judged from the run alone.",
        ),
        "limits.law": (
            "法定时限以所列依据为准，标为未核实者须核对原文后引用。",
            "Legal time limits stand as cited; check the text before quoting one that is marked "
            "unverified.",
        ),
    }
)

LIMITS = ("people", "city", "reference", "static", "law")


def words_of(lang: Lang) -> Callable[..., str]:
    """Give the function by which templates say the page's words; "limits" lists the limits."""

    def words(key: str, **fields: object) -> str:
        return say(key if key.startswith("limits.") else f"page.{key}", lang, **fields)

    return words
