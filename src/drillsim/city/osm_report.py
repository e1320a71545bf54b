"""What an import found, what it left out, and what a person must add before a drill can run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from drillsim.city.facilities import FACILITY_KINDS
from drillsim.i18n import Lang, Text, catalogue, say

ATTRIBUTION = Text(
    zh="地图数据 © OpenStreetMap 贡献者，开放数据库许可 ODbL 1.0；由其导出的数据库须以同样方式共享",
    en="Map data © OpenStreetMap contributors, Open Database License (ODbL) 1.0; databases derived "
    "from it are shared alike",
)

# What a drill needs and no map can tell; a kind that the map may hold is asked for when absent.
NEEDED_KINDS = (
    *("fire-station", "special-station", "hospital", "ambulance-post", "police-station"),
    *("traffic-police", "duty-office", "em-office", "ecology-office", "environment-station"),
    *("school", "shelter", "bus-depot", "plant", "release-point", "intake"),
)

catalogue(
    {
        "osm.title": ("城市导入报告：{name}", "City import report: {name}"),
        "osm.found": ("找到", "Found"),
        "osm.left": ("未采用", "Left out"),
        "osm.hand": ("须人工补充", "To be added by hand"),
        "osm.roads": (
            "{nodes} 个道路节点，{edges} 条有向路段，{km:.0f} 公里，桥 {bridges} 处",
            "{nodes} road nodes, {edges} directed edges, {km:.0f} km, {bridges} bridge edges",
        ),
        "osm.water": (
            "{nodes} 个水路节点，{edges} 条有向水路段（能否通航须核实）",
            "{nodes} water nodes, {edges} directed water edges (navigability to be confirmed)",
        ),
        "osm.no-water": (
            "没有河道或运河：水上运输情景不可用",
            "no river or canal: waterway scenarios cannot run",
        ),
        "osm.speed": (
            "{share:.0%} 的路段有限速标注；其余按道路等级取行程车速（判断值，未核实）",
            "{share:.0%} of road edges carry a posted speed; the others take the journey speed of "
            "their class (judgement, unverified)",
        ),
        "osm.kind": ("{name} {count} 处", "{name}: {count}"),
        "osm.footpaths": (
            "{count} 条步道、非机动车道、停车通道、私有道路等（机动车不可通行）",
            "{count} footways, cycleways, parking aisles, private roads and so on (not for cars)",
        ),
        "osm.gaps": (
            "{count} 处在图幅边缘被截断的道路已在缺口处断开",
            "{count} ways cut at the edge of the extract were split at the gap",
        ),
        "osm.islands": (
            "{count} 个道路节点不能往返主路网，已去除",
            "{count} road nodes that cannot be reached to and fro were dropped",
        ),
        "osm.unread": (
            "{count} 个限速值无法识别",
            "{count} posted speeds could not be read",
        ),
        "osm.turns": (
            "禁止转弯规则、限高限重未采用",
            "turn restrictions and height or weight limits are not used",
        ),
        "osm.need-kind": ("{name}：地图中没有", "{name}: none on the map"),
        "osm.need-beds": (
            "{count} 家医院的床位数",
            "the beds of {count} hospitals",
        ),
        "osm.need-heads": (
            "{count} 处学校、养老等场所的昼夜人数",
            "the people by day and night in {count} schools, homes and other buildings",
        ),
        "osm.need-zones": (
            "居民区与人口（zones）：地图数据不含人口",
            "residential zones and residents (`zones`): the map holds no people",
        ),
        "osm.need-districts": (
            "区与街道（districts）及各机构归属（org）",
            "districts and streets (`districts`) and which organisation each place belongs to",
        ),
        "osm.how": (
            "请另写一个 city.yaml，以 `base:` 指向本文件夹并补充以上内容；不要改动导入的文件",
            "write your own city.yaml with `base:` naming this folder and add the above there; "
            "leave the imported files as they are",
        ),
    }
)


@dataclass(frozen=True)
class ImportReport:
    """The account of one import.

    `kinds` counts the facilities found by kind; `posted_share` is the share of road edges with a
    posted speed; `gaps` ways split where the extract cuts them.
    """

    name: str
    road_nodes: int
    road_edges: int
    road_km: float
    bridges: int
    water_nodes: int
    water_edges: int
    posted_share: float
    kinds: Mapping[str, int]
    without_beds: int
    without_heads: int
    footpaths: int
    gaps: int
    islands: int
    unread_speeds: int

    def found(self, lang: Lang) -> list[str]:
        """Say what was found."""
        lines = [
            say(
                "osm.roads",
                lang,
                nodes=self.road_nodes,
                edges=self.road_edges,
                km=self.road_km,
                bridges=self.bridges,
            )
        ]
        if self.water_edges:
            lines.append(say("osm.water", lang, nodes=self.water_nodes, edges=self.water_edges))
        lines.append(say("osm.speed", lang, share=self.posted_share))
        lines += [
            say("osm.kind", lang, name=FACILITY_KINDS[kind].say(lang), count=count)
            for kind, count in self.kinds.items()
        ]
        return lines

    def left_out(self, lang: Lang) -> list[str]:
        """Say what was left out of the city."""
        counted = {
            "osm.footpaths": self.footpaths,
            "osm.gaps": self.gaps,
            "osm.islands": self.islands,
            "osm.unread": self.unread_speeds,
        }
        lines = [say(key, lang, count=count) for key, count in counted.items() if count]
        return [*lines, say("osm.turns", lang)]

    def to_add(self, lang: Lang) -> list[str]:
        """Say what must be added by hand before a drill can run."""
        lines = [say("osm.need-zones", lang), say("osm.need-districts", lang)]
        if not self.water_edges:
            lines.append(say("osm.no-water", lang))
        lines += [
            say("osm.need-kind", lang, name=FACILITY_KINDS[kind].say(lang))
            for kind in NEEDED_KINDS
            if not self.kinds.get(kind)
        ]
        if self.without_beds:
            lines.append(say("osm.need-beds", lang, count=self.without_beds))
        if self.without_heads:
            lines.append(say("osm.need-heads", lang, count=self.without_heads))
        return [*lines, say("osm.how", lang)]

    def missing_kinds(self) -> tuple[str, ...]:
        """Give the needed facility kinds of which the map holds none."""
        return tuple(kind for kind in NEEDED_KINDS if not self.kinds.get(kind))

    def say(self, lang: Lang) -> str:
        """Give the whole report as Markdown."""
        parts = [f"# {say('osm.title', lang, name=self.name)}", "", ATTRIBUTION.say(lang), ""]
        for key, lines in (
            ("osm.found", self.found(lang)),
            ("osm.left", self.left_out(lang)),
            ("osm.hand", self.to_add(lang)),
        ):
            parts += [f"## {say(key, lang)}", "", *(f"- {line}" for line in lines), ""]
        return "\n".join(parts)

    def as_dict(self) -> dict[str, Any]:
        """Give the report for `--json`."""
        return {
            **{k: v for k, v in vars(self).items() if k != "kinds"},
            "kinds": dict(self.kinds),
            "missing_kinds": list(self.missing_kinds()),
            "attribution": ATTRIBUTION.en,
        }
