"""Facilities 场所: what stands where, who is in it by day and night, what it can take."""

from __future__ import annotations

from types import MappingProxyType
from typing import Self

from pydantic import Field, model_validator

from drillsim.i18n import Text, catalogue, default_lang, say
from drillsim.units import Angle, Frequency, Length, Mass, Share
from drillsim.yamlio import Id, Model

catalogue(
    {
        "facility.place": (
            "位置要且只要一种写法：x 与 y；lat 与 lon；或 from、bearing、distance",
            "give the place in exactly one way: x and y; lat and lon; or from, bearing, distance",
        ),
        "facility.kind": (
            "没有场所类型 {value!r}；可用：{allowed}",
            "there is no facility kind {value!r}; allowed: {allowed}",
        ),
    }
)


def _kinds(table: str) -> MappingProxyType[str, Text]:
    rows = [line.split("|") for line in table.strip().splitlines()]
    return MappingProxyType({k.strip(): Text(zh=z.strip(), en=e.strip()) for k, z, e in rows})


FACILITY_KINDS = _kinds(
    """
    fire-station | 消防救援站 | fire station
    special-station | 特勤消防站 | special fire station (level-A suits, plugging)
    park-brigade | 园区专职消防站 | park fire brigade
    micro-station | 微型消防站 | community micro fire station
    hospital | 医院 | hospital
    ambulance-post | 急救分站 | ambulance post
    health-office | 卫生健康机构 | health office
    school | 学校 | school
    kindergarten | 幼儿园 | kindergarten
    nursing-home | 护理院 | nursing home
    shelter | 避难安置场所 | shelter
    bus-depot | 公交场站 | bus depot
    police-station | 派出所 | police station
    police-office | 公安机关 | police office
    traffic-police | 交警大队 | traffic police base
    duty-office | 总值班室 | duty office
    government-office | 政府机关 | government office
    street-office | 街道办事处 | street office
    community-office | 社区居委会 | community office
    em-office | 应急管理局 | emergency management office
    ecology-office | 生态环境局 | ecology office
    environment-station | 环境监测站 | environment monitoring station
    maritime-yangtze | 长江海事机构 | Yangtze maritime office (central line)
    maritime-local | 地方海事机构 | local maritime office (canal)
    transport-office | 交通运输机构 | transport office
    utility | 供水供电供气企业 | utility company
    works-depot | 市政养护基地 | works and towing depot
    plant | 化工企业 | chemical plant
    release-point | 装置或储罐 | unit, tank or bay
    control-room | 中控室 | control room
    emergency-centre | 园区应急响应中心 | park emergency centre
    camp | 承包商营地 | contractors' camp
    vehicle-queue | 车辆待检区 | vehicle queue
    gate | 园区大门 | gate
    forecourt | 门前场地 | gate forecourt
    muster-point | 集合点 | muster point
    command-post-site | 指挥部预设点 | command post site
    detector | 气体探测器 | gas detector
    road-point | 道路断面 | road point
    estate | 居民小区 | residential estate
    building | 高层住宅 | residential tower
    old-quarter | 老旧街区 | old quarter
    market | 市场 | market
    sports-hall | 体育馆 | sports hall
    intake | 取水口 | water intake
    lock | 船闸 | lock
    sluice | 水闸泵站 | sluice with pumps
    berth | 码头泊位 | berth
    outfall | 雨水排口 | storm-water outfall
    water-point | 水域断面 | point on the water
    boom-store | 围油栏物资库 | boom store
    boundary | 行政交界断面 | boundary section
    out-of-town | 市外力量驻地 | base out of town
    """
)


class Capacity(Model):
    """What a facility can take or do; each field is optional and whole."""

    beds: int | None = Field(None, ge=0, description="hospital beds / 床位")
    icu: int | None = Field(None, ge=0, description="intensive-care beds / 重症床位")
    ventilators: int | None = Field(None, ge=0, description="ventilators / 呼吸机")
    decon_per_h: int | None = Field(None, ge=0, description="persons decontaminated per hour")
    poison_ward: bool | None = Field(None, description="has a poison-treatment ward / 中毒病区")
    places: int | None = Field(None, ge=0, description="shelter or school places / 可安置人数")
    flats: int | None = Field(None, ge=0, description="dwellings / 户数")
    vehicles: int | None = Field(None, ge=0, description="engines, ambulances, buses / 车辆数")
    suits: int | None = Field(None, ge=0, description="usable level-A suits / 重型防化服")


class Outdoors(Model):
    """Share of the people that is out of doors, by day and by night."""

    day: Share = Field(0.1, ge=0, le=1)
    night: Share = Field(0.0, ge=0, le=1)


class Heads(Model):
    """How many people are there by day (07:00-19:00) and by night, and how many are outdoors."""

    day: int = Field(0, ge=0)
    night: int = Field(0, ge=0)
    outdoors: Outdoors = Outdoors()


class Facility(Model):
    """One facility.

    The place is given in exactly one way: `x`, `y` (metres east and north of the city's origin),
    `lat`, `lon` (WGS-84 degrees, cities with a geographic crs only), or `from` another facility by
    compass `bearing` and `distance`. A read city has every place resolved to `x` and `y`.
    """

    id: Id
    kind: str
    name: Text
    x: Length | None = None
    y: Length | None = None
    lat: float | None = Field(None, ge=-90, le=90)
    lon: float | None = Field(None, ge=-180, le=180)
    from_: Id | None = Field(None, alias="from")
    bearing: Angle | None = Field(None, ge=0, lt=360)
    distance: Length | None = Field(None, ge=0)
    extent: Length = Field(0.0, ge=0, description="spread along the bearing from another facility")
    height: Length = Field(0.0, ge=0, description="height above ground of a detector or window")
    width: Length | None = Field(None, gt=0, description="clear width of a lane or gate")
    district: Id | None = None
    street: Id | None = None
    org: Id | None = None
    capacity: Capacity = Capacity()
    heads: Heads = Heads()
    ach: float = Field(0.5, gt=0, le=60, description="air changes per hour, windows shut")
    ach_open: float = Field(3.0, gt=0, le=120, description="air changes per hour, windows open")
    mobility: Share = Field(0.0, ge=0, le=1, description="share that cannot walk alone")
    floors: int | None = Field(None, ge=1, le=120)
    flow: Frequency | None = Field(
        None, ge=0, description="vehicles passing by day (inside: per second)"
    )
    flow_night: Frequency | None = Field(None, ge=0, description="vehicles passing by night")
    inventory: Mass | None = Field(None, ge=0, description="hazardous substance held")
    snap_to: Id | None = Field(None, description="road class it opens on, e.g. elevated")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.kind not in FACILITY_KINDS:
            allowed = ", ".join(FACILITY_KINDS)
            raise ValueError(say("facility.kind", default_lang(), value=self.kind, allowed=allowed))
        ways = (
            (self.x, self.y),
            (self.lat, self.lon),
            (self.from_, self.bearing, self.distance),
        )
        whole = [all(part is not None for part in way) for way in ways]
        touched = [any(part is not None for part in way) for way in ways]
        if sum(whole) != 1 or sum(touched) != 1:
            raise ValueError(say("facility.place", default_lang()))
        return self

    @property
    def xy(self) -> tuple[float, float]:
        """Give the place in metres; raises ValueError when it has not been resolved."""
        if self.x is None or self.y is None:
            raise ValueError(f"facility {self.id} has no resolved place")
        return self.x, self.y

    def heads_at(self, hour: float) -> int:
        """Give the people present at an hour: the day figure in [7, 19), else the night figure."""
        return self.heads.day if 7 <= hour % 24 < 19 else self.heads.night

    def outdoors_at(self, hour: float) -> float:
        """Give the share of people outdoors at an hour, in [0, 1]."""
        share = self.heads.outdoors
        return share.day if 7 <= hour % 24 < 19 else share.night
