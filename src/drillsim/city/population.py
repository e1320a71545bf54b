"""Residential zones: who lives where, and how many of them are there at each hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from drillsim.city.grid import density
from drillsim.city.plane import Floats, inside, to_segments
from drillsim.city.spec import CanalCity, District
from drillsim.i18n import Text
from drillsim.rng import Draws

# Share of the residents at home, on a working day. Judgement, unverified (range +-0.08): shaped
# like the time-use surveys of Chinese cities, all at home at night, least at 10:00 and 15:00.
HOME_SHARE = (
    *(1.0, 1.0, 1.0, 1.0, 1.0, 0.98, 0.93, 0.78),
    *(0.56, 0.47, 0.46, 0.48, 0.52, 0.50, 0.46, 0.45),
    *(0.48, 0.58, 0.70, 0.79, 0.86, 0.92, 0.97, 1.0),
)
# Share of those present in a zone who are out of doors. Judgement, unverified (range x0.5 to x2).
OUTDOOR_SHARE = (
    *(0.005, 0.003, 0.002, 0.002, 0.005, 0.03, 0.08, 0.13),
    *(0.13, 0.10, 0.10, 0.10, 0.09, 0.07, 0.09, 0.10),
    *(0.11, 0.14, 0.15, 0.14, 0.10, 0.05, 0.02, 0.01),
)

_NAME_HEADS = "永和新平安康福泰兴宁长清文昌金玉云龙翠桂"
_NAME_TAILS = "园桥庭浜苑巷里湾塘村圩埠"
_EN_HEADS = [
    "Yong",
    "He",
    "Xin",
    "Ping",
    "An",
    "Kang",
    "Fu",
    "Tai",
    "Xing",
    "Ning",
    "Chang",
    "Qing",
    "Wen",
    "Sheng",
    "Jin",
    "Yu",
    "Yun",
    "Long",
    "Cui",
    "Gui",
]
_EN_TAILS = [
    "yuan",
    "qiao",
    "ting",
    "bang",
    "yuan",
    "xiang",
    "li",
    "wan",
    "tang",
    "cun",
    "wei",
    "bu",
]


@dataclass(frozen=True, eq=False)
class Zones:
    """Residential zones (communities 社区) as arrays of length n.

    `x`, `y` metres; `residents` people; `jobs` people at work or school there at the height of
    the day (sums to the residents); `node` the road node; `district`, `street` ids.
    """

    id: tuple[str, ...]
    name: tuple[Text, ...]
    x: Floats
    y: Floats
    residents: NDArray[np.int64]
    jobs: Floats
    district: tuple[str, ...]
    street: tuple[str, ...]
    node: NDArray[np.int64]

    def __len__(self) -> int:
        """Give the number of zones."""
        return len(self.id)

    def people_at(self, hour: float) -> NDArray[np.int64]:
        """Give the people in each zone (n,) at an hour in [0, 24) of a working day.

        At night everyone is at home. Those not at home are where the jobs and schools are; the
        total over all zones is the same at every hour (rounded by largest remainder).
        """
        home = home_share(hour)
        exact = home * self.residents + (1.0 - home) * self.jobs
        return whole(exact, int(self.residents.sum()))

    def outdoors_at(self, hour: float) -> float:
        """Give the share of people out of doors at an hour, in [0, 1]."""
        return float(_between(OUTDOOR_SHARE, hour))


def home_share(hour: float) -> float:
    """Give the share of residents at home at an hour, linear between whole hours."""
    return float(_between(HOME_SHARE, hour))


def _between(table: tuple[float, ...], hour: float) -> float:
    return float(np.interp(hour % 24, np.arange(25), (*table, table[0])))


def whole(exact: Floats, total: int) -> NDArray[np.int64]:
    """Round to whole numbers with a given total (largest remainder; ties by position)."""
    low = np.floor(exact).astype(np.int64)
    rest = total - int(low.sum())
    order = np.argsort(-(exact - low), kind="stable")
    low[order[:rest]] += 1
    return low


def no_zones() -> Zones:
    """Give the zones of a city that has none yet."""
    none = np.zeros(0)
    heads = np.zeros(0, dtype=np.int64)
    return Zones((), (), none, none, heads, none, (), (), heads)


def settle(
    spec: CanalCity, districts: Sequence[District], xy: Floats, road_node: NDArray[np.int64]
) -> Zones:
    """Spread the residents of a specification over zones.

    `xy` (n, 2) are the places of the street nodes `road_node` (n,). Zones stand on them, drawn
    evenly along the built-up density, never in water, in a fenced site or in a `keep_clear`
    circle. Raises ValueError when there is no room for them.
    """
    draws = Draws(spec.seed, 0)
    weight = density(spec, xy) * _spacing(xy)
    weight[~_habitable(spec, xy)] = 0.0
    picked = _spread(weight, xy, spec.residents.count, spec.block)
    x, y = xy[picked, 0], xy[picked, 1]
    luck = draws.many("residents", "zones", len(picked))
    crowd = density(spec, xy[picked]) ** 0.5 * np.exp(0.7 * (luck - 0.5))
    residents = whole(crowd / crowd.sum() * spec.residents.people, spec.residents.people)
    # jobs gather in the centres more than people do
    pull = density(spec, xy[picked]) ** 1.3 * np.exp(
        1.2 * (draws.many("jobs", "zones", len(picked)) - 0.5)
    )
    where = nearest_street(districts, xy[picked])
    return Zones(
        id=tuple(f"z{n + 1:03d}" for n in range(len(picked))),
        name=tuple(_community_name(n) for n in range(len(picked))),
        x=x,
        y=y,
        residents=residents,
        jobs=pull / pull.sum() * spec.residents.people,
        district=tuple(district for district, _ in where),
        street=tuple(street for _, street in where),
        node=road_node[picked],
    )


def nearest_street(districts: Sequence[District], xy: Floats) -> list[tuple[str, str]]:
    """Give the (district, street) ids whose seat is nearest to each point (n, 2)."""
    seats = [(d.id, s.id) for d in districts for s in d.streets]
    if not seats:
        return [("", "")] * len(xy)
    places = np.array([s.seat[0] for d in districts for s in d.streets])
    gaps = np.hypot(xy[:, None, 0] - places[None, :, 0], xy[:, None, 1] - places[None, :, 1])
    return [seats[int(k)] for k in np.argmin(gaps, axis=1)]


def _habitable(spec: CanalCity, xy: Floats) -> NDArray[np.bool_]:
    good = np.ones(len(xy), dtype=np.bool_)
    for clear in spec.residents.keep_clear:
        good &= np.hypot(*(xy - np.array(clear.at[0])).T) > clear.radius
    for compound in spec.compounds:
        (x0, y0), (x1, y1) = compound.fence
        good &= ~inside(xy, [(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    for lake in spec.lakes:
        good &= ~inside(xy, lake.shore)
    for water in spec.waterways:
        good &= to_segments(xy, water.line)[0] > water.width / 2
    return good & (xy >= 0).all(axis=1) & (xy <= (spec.width, spec.height)).all(axis=1)


def _spacing(xy: Floats) -> Floats:
    """Give the ground each node stands for (m2): the square of the gap to its third neighbour."""
    gaps, _ = cKDTree(xy).query(xy, k=min(4, len(xy)))
    result: Floats = np.minimum(gaps[:, -1] ** 2, 600.0**2)
    return result


def _spread(weight: Floats, xy: Floats, count: int, block: float) -> NDArray[np.int64]:
    """Pick `count` nodes evenly along the cumulated weight, walking the map block by block."""
    usable = np.flatnonzero(weight > 0)
    if len(usable) < count:
        raise ValueError(f"room for {len(usable)} residential zones, {count} are asked for")
    column = (xy[usable, 0] // block).astype(np.int64)
    row = (xy[usable, 1] // block).astype(np.int64)
    snake = np.where(column % 2 == 0, row, -row)
    order = usable[np.lexsort((xy[usable, 1], xy[usable, 0], snake, column))]
    share = np.cumsum(weight[order])
    targets = (np.arange(count) + 0.5) / count * share[-1]
    at = np.searchsorted(share, targets)
    # a heavy node may be hit twice: move on to the next free one
    for n in range(1, count):
        at[n] = max(at[n], at[n - 1] + 1)
    at = np.minimum(at, len(order) - 1 - np.arange(count)[::-1])
    picked: NDArray[np.int64] = order[at]
    return picked


def _community_name(n: int) -> Text:
    a, b = n % len(_NAME_HEADS), n // len(_NAME_HEADS)
    c, round_ = b % len(_NAME_TAILS), b // len(_NAME_TAILS)
    zh = f"{_NAME_HEADS[a]}{_NAME_TAILS[(a + c) % len(_NAME_TAILS)]}"
    en = f"{_EN_HEADS[a]}{_EN_TAILS[(a + c) % len(_NAME_TAILS)]}"
    if round_ == 0:
        return Text(zh=f"{zh}社区", en=f"{en} community")
    return Text(zh=f"{zh}第{round_ + 1}社区", en=f"{en} community {round_ + 1}")
