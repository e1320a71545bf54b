"""Actions: one generator per verb; departments and enterprises are data, work is functions."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from drillsim.engine.actions import care, protect, scene_work, source
from drillsim.engine.drill import Drill, Job

Action = Callable[[Drill, Job], Generator[Any, Any, Any]]

ACTIONS: dict[str, Action] = {
    "size-up": scene_work.size_up,
    "close-valve": source.close_valve,
    "plug-leak": source.plug_leak,
    "water-curtain": source.water_curtain,
    "monitor-air": scene_work.monitor_air,
    "set-cordon": scene_work.set_cordon,
    "close-road": scene_work.close_road,
    "set-gates": scene_work.set_gates,
    "set-command-post": scene_work.set_command_post,
    "muster": scene_work.muster,
    "collect-firewater": scene_work.collect_firewater,
    "terminate": scene_work.terminate,
    "warn-public": protect.warn_public,
    "publish": protect.warn_public,
    "instruct-occupants": protect.instruct_occupants,
    "bus-evacuation": protect.bus_evacuation,
    "open-shelter": protect.open_shelter,
    "search-rescue": care.search_rescue,
    "decontaminate": care.decontaminate,
    "triage": care.triage,
    "transport-casualties": care.transport_casualties,
    "receive-casualties": care.receive_casualties,
}
