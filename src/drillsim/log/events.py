"""Facts of a run: one kind of record, a closed list of kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from drillsim.i18n import Text


class Event(NamedTuple):
    """One fact of the log.

    `id` counts from 0 in order of happening; `t` is drill time in s; `who` is the body that did
    or noticed it ("world" for nature); `subject` is what it is about; `causes` are ids of earlier
    events; `clause` is `plan/element` when a plan asked for it, else "".
    """

    id: int
    t: float
    kind: str
    who: str
    subject: str
    data: Mapping[str, Any]
    causes: tuple[int, ...]
    clause: str


KINDS: dict[str, Text] = {
    key: Text(zh=zh, en=en)
    for key, zh, en in (
        # the world; data of each kind is told in docs/concepts.md
        ("drawn", "抽样", "drawn"),
        ("truth", "实情", "truth"),
        ("hazard-changed", "危害变化", "hazard changed"),
        ("inject", "情景注入", "inject"),
        # knowing
        ("believed", "认知", "believed"),
        # plans
        ("duty-woken", "职责触发", "duty woken"),
        ("duty-omitted", "未履行", "duty omitted"),
        ("duty-refused", "无权实施", "refused, no power"),
        ("duty-waiting", "等待", "waiting"),
        ("decision", "参演决策", "player's decision"),
        ("level-activated", "启动响应", "level activated"),
        ("level-missed", "无人启动", "nobody to activate"),
        ("approval-asked", "请示", "approval asked"),
        ("approval-given", "批准", "approval given"),
        # messages
        ("message-sent", "发出", "message sent"),
        ("message-failed", "未接通", "message failed"),
        ("message-delivered", "送达", "message delivered"),
        ("message-acknowledged", "确认", "message acknowledged"),
        # command
        ("post-lost", "驻地撤离", "post driven out"),
        ("command-taken", "接管指挥", "command taken"),
        ("command-lost", "指挥空缺", "command lost"),
        ("command-contested", "指挥冲突", "two commanders"),
        ("handover-started", "开始移交", "handover started"),
        ("handover-done", "完成移交", "handover done"),
        ("group-formed", "工作组成立", "working group formed"),
        # work
        ("crew-assigned", "调派", "crew assigned"),
        ("crew-departed", "出动", "crew departed"),
        ("crew-arrived", "到场", "crew arrived"),
        ("crew-freed", "力量释放", "crew freed"),
        ("crew-unavailable", "无力量可派", "no crew available"),
        ("task-started", "开始作业", "task started"),
        ("task-done", "完成作业", "task done"),
        ("task-failed", "作业失败", "task failed"),
        ("road-closed", "封闭道路", "road closed"),
        # people
        ("zone-ordered", "防护指令", "protective order"),
        ("warned", "告知群众", "people warned"),
        ("people", "人员状态", "people"),
        ("casualties", "伤员", "casualties"),
        ("people-final", "人员结果", "people, final"),
        ("ended", "响应终止", "response ended"),
        ("horizon", "时限到", "horizon"),
    )
}
