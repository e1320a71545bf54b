"""Actions: one generator per verb; departments and enterprises are data, work is functions."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from drillsim.engine.actions import (
    building_people,
    care,
    fire_work,
    protect,
    road,
    scene_work,
    source,
    tank_work,
    water,
)
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
    "attack-fire": fire_work.attack_fire,
    "start-fans": fire_work.start_fans,
    "shut-doors": fire_work.shut_doors,
    "cut-power": fire_work.cut_power,
    "cut-load": fire_work.cut_load,
    "shut-gas": fire_work.shut_gas,
    "clear-lane": fire_work.clear_lane,
    "broadcast-all": building_people.broadcast_all,
    "broadcast-zoned": building_people.broadcast_zoned,
    "search-floors": building_people.search_floors,
    "ladder-rescue": building_people.ladder_rescue,
    "count-residents": building_people.count_residents,
    "stop-sluice": water.stop_sluice,
    "close-intake": water.close_intake,
    "deploy-boom": water.deploy_boom,
    "skim-oil": water.skim_oil,
    "close-channel": water.close_channel,
    "tow-vessel": water.tow_vessel,
    "rescue-water": water.rescue_water,
    "monitor-water": water.monitor_water,
    "notify-consumers": water.notify_consumers,
    "extricate": road.extricate,
    "foam": road.foam,
    "flush": road.flush,
    "plug-drains": road.plug_drains,
    "transfer-cargo": road.transfer_cargo,
    "open-corridor": road.open_corridor,
    "walk-off": road.walk_off,
    "cool-vessel": tank_work.cool_vessel,
    "foam-attack": tank_work.foam_attack,
    "shut-drains": tank_work.shut_drains,
    "cut-plant-power": tank_work.cut_plant_power,
    "withdraw": tank_work.withdraw,
}
