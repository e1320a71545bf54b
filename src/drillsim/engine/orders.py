"""Protective orders: who gives them about whom, and how institutions take them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from drillsim.engine.drill import Drill, Order
from drillsim.engine.settlement import HOME_KINDS, Place
from drillsim.plans.model import Protective

POWER_OF_VERB: dict[str, str] = {
    "close-road": "close-road",
    "publish": "publish",
    "terminate": "terminate",
    "open-shelter": "open-shelter",
    "warn-public": "off-site-alarm",
}


def bearing_of_wind(wind: str) -> float | None:
    """Give the bearing (deg) towards which a believed wind blows; None when it is not known.

    The fact `wind` is written `70 deg 3.0 m/s`: whence it comes and how fast.
    """
    head = wind.split(" ", 1)[0]
    try:
        return (float(head) + 180.0) % 360.0
    except ValueError:
        return None


def give_order(drill: Drill, duty: Protective, clause: str, causes: tuple[int, ...]) -> Order:
    """Give an order as the decider sees the wind; without a known wind it is a full circle."""
    wind = drill.minds.value(duty.by, "wind")
    bearing = bearing_of_wind(str(wind)) if wind else None
    sector = duty.sector if duty.sector is not None and bearing is not None else 360.0
    data = {
        "near_m": duty.near, "far_m": duty.far, "sector_deg": sector, "bearing_deg": bearing,
        "sites": list(duty.sites), "margin_s": duty.margin,
    }  # fmt: skip
    draft = Order(
        clause, duty.by, duty.action, duty.near, duty.far, sector, bearing, duty.sites,
        duty.margin, drill.world.now, -1,
    )  # fmt: skip
    heads = sum(p.heads for p in drill.people.of.places if covers(drill, draft, p))
    event = drill.world.note(
        "zone-ordered", duty.by, duty.action, {**data, "heads": heads}, causes, clause
    )
    order = replace(draft, event=event)
    drill.orders[clause] = order
    known = str(drill.minds.value(duty.by, "zone-order") or "")
    merged = ",".join(sorted({*filter(None, known.split(",")), clause}))
    for address in drill.minds.body(duty.by.partition("/")[0]):
        drill.minds.believe(address, "zone-order", merged, "own", (event,))
    return order


def covers(drill: Drill, order: Order, place: Place) -> bool:
    """Tell whether an order speaks of a place: by name, or by distance and sector."""
    if order.sites:
        return place.id in order.sites
    source = drill.world.scenario.city.facilities[drill.source()].xy
    east, north = place.x - source[0], place.y - source[1]
    distance = math.hypot(east, north)
    if not order.near_m <= distance < order.far_m:
        return False
    if order.bearing_deg is None or order.sector_deg >= 360.0:
        return True
    off = (math.degrees(math.atan2(east, north)) - order.bearing_deg + 180.0) % 360.0 - 180.0
    return abs(off) <= order.sector_deg / 2


def orders_for(drill: Drill, address: str, place: Place) -> list[Order]:
    """Give the orders a body has been told of that speak of a place, latest last."""
    refs = str(drill.minds.value(address, "zone-order") or "").split(",")
    found = [drill.orders[r] for r in refs if r in drill.orders]
    return sorted((o for o in found if covers(drill, o, place)), key=lambda o: (o.given_s, o.ref))


def action_now(drill: Drill, order: Order, place: Place) -> str:
    """Give what the order means at a place now: too late to leave means shelter."""
    if order.margin_s is None or order.action == "shelter":
        return order.action
    wind_mps = max(drill.world.hazard.weather.wind_speed * 0.5, 0.3)
    source = drill.world.scenario.city.facilities[drill.source()].xy
    arrival = math.hypot(place.x - source[0], place.y - source[1]) / wind_mps
    return order.action if arrival - drill.world.now >= order.margin_s else "shelter"


def follow(
    drill: Drill, place_id: str, action: str, groups: NDArray[np.intp], start_s: float
) -> None:
    """Let groups of one place act after their mobilisation; who leaves far walks to a shelter."""
    delay = drill.people.mobilisation(place_id, groups.size, action)
    drill.people.instruct(groups, action, start_s + delay)


def institution_hears(drill: Drill, receiver: str, kind: str, event: int) -> None:
    """An institution without a plan of its own does what the message says, or shuts its windows."""
    alarm = kind.endswith("alarm") or kind in {"protective-order", "public-warning"}
    if drill.world.ended or not alarm:
        return
    org = receiver.partition("/")[0]
    if any(plan.head.owner == org for plan in drill.plan_set.plans.values()):
        return
    # a community's desk is not its residents: homes hear public warnings only
    mine = [p for p in drill.people.of.places if p.org == org]
    places = [p for p in mine if p.kind not in HOME_KINDS]
    for place in places:
        orders = orders_for(drill, receiver, place)
        action = action_now(drill, orders[-1], place) if orders else "shelter"
        delay = drill.world.delay("institution", org, place.id)
        groups = drill.people.members(place.id)
        data = {"channel": "message", "action": action, "heads": float(place.heads)}
        drill.world.note("warned", org, place.id, data, (event,))
        follow(drill, place.id, action, groups, drill.world.now + delay)


def all_clear_reaches(drill: Drill, receiver: str, event: int) -> None:
    """Whoever is told the end airs the rooms and goes back to normal."""
    org = receiver.partition("/")[0]
    for place in drill.people.of.places:
        if place.org == org and place.kind not in HOME_KINDS:
            groups = drill.people.members(place.id)
            drill.people.instruct(groups, "return", drill.world.now + 60.0)
            data = {"channel": "message", "action": "return", "heads": float(place.heads)}
            drill.world.note("warned", org, place.id, data, (event,))
