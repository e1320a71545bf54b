"""How OpenStreetMap tags are read: which ways are roads or waterways, which objects facilities."""

from __future__ import annotations

import re
from collections.abc import Mapping

Tags = Mapping[str, str]

# Highway values that carry cars, and the class each becomes. Footways, cycleways, steps, tracks
# and the like are left out: a fire engine must not be routed over a footbridge. Service roads
# stay, because they lead to the doors of estates and hospitals.
HIGHWAYS: dict[str, str] = {
    "motorway": "motorway",
    "trunk": "trunk",
    "primary": "primary",
    "secondary": "secondary",
    "tertiary": "secondary",
    "unclassified": "local",
    "residential": "local",
    "living_street": "lane",
    "road": "local",
    "service": "lane",
    "motorway_link": "ramp",
    "trunk_link": "ramp",
    "primary_link": "ramp",
    "secondary_link": "local",
    "tertiary_link": "local",
}
WATERWAYS: dict[str, str] = {"river": "river", "canal": "canal", "fairway": "river"}

# Width and depth where the map has none (judgement, unverified).
WATER_SIZE_M: dict[str, tuple[float, float]] = {"river": (120.0, 3.0), "canal": (30.0, 2.5)}

# Facility kinds by tag, first match wins.
FACILITIES: tuple[tuple[str, str, str], ...] = (
    ("amenity", "fire_station", "fire-station"),
    ("emergency", "ambulance_station", "ambulance-post"),
    ("amenity", "hospital", "hospital"),
    ("amenity", "police", "police-station"),
    ("amenity", "kindergarten", "kindergarten"),
    ("amenity", "school", "school"),
    ("amenity", "college", "school"),
    ("amenity", "nursing_home", "nursing-home"),
    ("social_facility", "nursing_home", "nursing-home"),
    ("social_facility", "assisted_living", "nursing-home"),
    ("emergency", "assembly_point", "shelter"),
    ("amenity", "townhall", "government-office"),
    ("amenity", "marketplace", "market"),
    ("amenity", "bus_station", "bus-depot"),
    ("leisure", "stadium", "sports-hall"),
    ("leisure", "sports_centre", "sports-hall"),
    ("man_made", "water_works", "utility"),
    ("power", "plant", "utility"),
    ("man_made", "works", "plant"),
    ("waterway", "lock_gate", "lock"),
    ("waterway", "sluice_gate", "sluice"),
    ("waterway", "water_point", "intake"),
)

_NO = frozenset({"no", "private", "agricultural", "forestry", "delivery"})
_NOT_THROUGH = frozenset({"parking_aisle", "drive-through", "driveway"})
_KMH = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(mph|knots|km/h|kmh)?\s*$")
_TO_MPS = {"mph": 0.44704, "knots": 0.514444}
_NUMBER = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*m?\s*$")

POSTED_TO_JOURNEY = 0.8
"""Journey speed as a share of the posted limit (judgement, unverified; range 0.65 to 0.95)."""


def road_class_of(tags: Tags) -> str | None:
    """Give the road class of a way, or None when cars do not drive there."""
    found = HIGHWAYS.get(tags.get("highway", ""))
    if found is None or tags.get("area") == "yes" or tags.get("service") in _NOT_THROUGH:
        return None
    for key in ("motorcar", "motor_vehicle", "vehicle", "access"):
        if key in tags:
            # the most specific rule decides: access=no with motor_vehicle=yes is open
            if tags[key] in _NO:
                return None
            break
    if found in {"trunk", "primary", "motorway"} and "高架" in tags.get("name", ""):
        return "elevated"
    return found


def water_class_of(tags: Tags) -> str | None:
    """Give the waterway class of a way, or None when no boat can pass."""
    if tags.get("boat") == "no" or tags.get("tunnel") in {"yes", "culvert"}:
        return None
    return WATERWAYS.get(tags.get("waterway", ""))


def facility_kind_of(tags: Tags) -> str | None:
    """Give the facility kind of an object, or None."""
    for key, value, kind in FACILITIES:
        if tags.get(key) == value:
            return kind
    return None


def directions(tags: Tags) -> tuple[bool, bool]:
    """Say whether a way may be driven forward and backward."""
    oneway = tags.get("oneway")
    if oneway in {"-1", "reverse"}:
        return False, True
    if oneway in {"yes", "1", "true"}:
        return True, False
    if oneway in {"no", "0", "false"}:
        return True, True
    implied = tags.get("highway") == "motorway" or tags.get("junction") in {
        "roundabout",
        "circular",
    }
    return True, not implied


def speed_of(tags: Tags) -> float | None:
    """Give the journey speed (m/s) from a posted limit, or None when none can be read.

    Of several limits ("50;60") the lowest counts; zone codes such as "CN:urban" give None.
    """
    found = []
    for part in re.split(r"[;,|]", tags.get("maxspeed", "")):
        match = _KMH.match(part)
        if match and float(match.group(1)) > 0:
            found.append(float(match.group(1)) * _TO_MPS.get(match.group(2) or "", 1 / 3.6))
    return POSTED_TO_JOURNEY * min(found) if found else None


def number_of(tags: Tags, key: str) -> float | None:
    """Give a positive number ("12", "12 m", "3;4": the first), or None."""
    match = _NUMBER.match(tags.get(key, "").split(";")[0])
    return float(match.group(1)) if match and float(match.group(1)) > 0 else None


def names_of(tags: Tags) -> tuple[str, str]:
    """Give the Chinese and the English name; each falls back on the local name, then on ""."""
    local = tags.get("name") or tags.get("ref", "")
    zh = tags.get("name:zh") or tags.get("name:zh-Hans") or local
    return zh, tags.get("name:en") or local
