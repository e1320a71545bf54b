"""A network of reaches: the ways from a release to a place, split by flow at each junction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from drillsim.physics.river_transport import Passage, Reach, passage_through

MOST_WAYS = 1000


@dataclass(frozen=True, slots=True)
class Channel:
    """One reach between two nodes, from up-stream `tail` to down-stream `head`.

    Range: as `Reach`
    Source: the water edges of a city graph whose current is along the edge
    Verified: yes (a definition)
    Test: tests/physics/test_river_transport.py
    """

    tail: int
    head: int
    reach: Reach


def ways_down(
    channels: Sequence[Channel], source: int, place: int
) -> list[tuple[tuple[Reach, ...], float]]:
    """Give every way down-stream from a node to a node, and the share of the mass that takes it.

    At each junction the mass splits as the flow of the channels that leave it; a still or closed
    channel takes none. Shares of all ways from a source to all outlets add up to 1 (unless every
    channel out of a node is closed: then it stays there). ValueError above 1,000 ways.

    Range: networks whose currents make no circle; a way never passes a node twice
    Source: full mixing at junctions
    Verified: yes (shares add up in the test)
    Test: tests/physics/test_river_transport.py
    """
    leaving: dict[int, list[Channel]] = {}
    for channel in channels:
        if channel.reach.flow_m3_s > 0.0:
            leaving.setdefault(channel.tail, []).append(channel)
    found: list[tuple[tuple[Reach, ...], float]] = []
    stack: list[tuple[int, tuple[Reach, ...], float, frozenset[int]]] = [
        (source, (), 1.0, frozenset({source}))
    ]
    while stack:
        node, way, share, seen = stack.pop()
        if node == place and way:
            found.append((way, share))
            if len(found) > MOST_WAYS:
                raise ValueError(f"more than {MOST_WAYS} ways from {source} to {place}")
            continue
        out = leaving.get(node, [])
        flow = sum(channel.reach.flow_m3_s for channel in out)
        for channel in reversed(out):
            if channel.head not in seen:
                part = share * channel.reach.flow_m3_s / flow
                stack.append((channel.head, (*way, channel.reach), part, seen | {channel.head}))
    return found


def passages(channels: Sequence[Channel], source: int, place: int) -> tuple[Passage, ...]:
    """Give the passages from a node to a node, ready for `river_plume.concentration_kg_m3`.

    The flow at the place is that of all channels that enter it, so a tributary dilutes and ways
    that meet again add their mass to one flow. Empty when no water gets there.

    Range: as `ways_down`
    Source: as `river_transport.passage_through`, full mixing at junctions
    Verified: yes (mass over all outlets in the test)
    Test: tests/physics/test_river_transport.py
    """
    entering = sum(c.reach.flow_m3_s for c in channels if c.head == place)
    return tuple(
        replace(passage_through(way, share), flow_m3_s=entering)
        for way, share in ways_down(channels, source, place)
    )
