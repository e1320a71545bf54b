"""What a city holds, in a page: for `drillsim city show` and for reports."""

from __future__ import annotations

from collections import Counter
from typing import Any

from drillsim.city.facilities import FACILITY_KINDS
from drillsim.city.model import City
from drillsim.city.road_classes import ROAD_CLASSES
from drillsim.i18n import Lang, catalogue, say

catalogue(
    {
        "city.title": ("{name}（{id}），{crs}", "{name} ({id}), {crs}"),
        "city.roads": (
            "道路：{nodes} 个节点，{km:.0f} 公里，桥 {bridges} 处",
            "roads: {nodes} nodes, {km:.0f} km, {bridges} bridges",
        ),
        "city.water": (
            "水路：{nodes} 个节点，{km:.0f} 公里，船闸 {locks} 座",
            "waterways: {nodes} nodes, {km:.0f} km, {locks} locks",
        ),
        "city.kind": ("{name} {count} 处", "{name}: {count}"),
        "city.people": (
            "居民区 {zones} 个，{residents} 人；{districts} 个区",
            "{zones} residential zones, {residents} people; {districts} districts",
        ),
    }
)


def summary(city: City) -> dict[str, Any]:
    """Give the counts of a city: nodes, kilometres by class, facilities by kind, people."""
    lengths: Counter[str] = Counter()
    bridges = locks = 0.0
    for u, v, data in city.graph.edges(data=True):
        # both directions are one road
        share = 0.5 if city.graph.has_edge(v, u) else 1.0
        lengths[data["road_class"]] += share * data["length_m"] / 1000
        bridges += share * bool(data["bridge"])
        locks += share * bool(data.get("lock"))
    modes = Counter(mode for _, mode in city.graph.nodes(data="mode"))
    kinds = Counter(facility.kind for facility in city.facilities.values())
    return {
        "id": city.id,
        "name": city.name.model_dump(),
        "crs": city.crs,
        "digest": city.digest,
        "attribution": city.attribution.model_dump() if city.attribution else None,
        "road_nodes": modes["road"],
        "water_nodes": modes["water"],
        "bridges": round(bridges),
        "locks": round(locks),
        "km": {name: round(lengths[name], 1) for name in ROAD_CLASSES if lengths[name]},
        "facilities": {kind: kinds[kind] for kind in FACILITY_KINDS if kinds[kind]},
        "zones": len(city.zones),
        "residents": int(city.zones.residents.sum()),
        "districts": [district.id for district in city.districts],
    }


def describe(city: City, lang: Lang) -> list[str]:
    """Give the same as lines of text."""
    facts = summary(city)
    wet = {"river", "canal", "branch", "lock"}
    road_km = sum(km for name, km in facts["km"].items() if name not in wet)
    water_km = sum(km for name, km in facts["km"].items() if name in wet)
    lines = [
        say("city.title", lang, name=city.name.say(lang), id=city.id, crs=city.crs),
        say("city.roads", lang, nodes=facts["road_nodes"], km=road_km, bridges=facts["bridges"]),
        say("city.water", lang, nodes=facts["water_nodes"], km=water_km, locks=facts["locks"]),
        say(
            "city.people", lang, zones=facts["zones"], residents=facts["residents"],
            districts=len(city.districts),
        ),
        *(
            say("city.kind", lang, name=FACILITY_KINDS[kind].say(lang), count=count)
            for kind, count in facts["facilities"].items()
        ),
    ]  # fmt: skip
    if city.attribution:
        lines.append(city.attribution.say(lang))
    return lines
