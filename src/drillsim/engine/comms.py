"""Messages: who answers when, over which channel, with what delay, and what gets across."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import simpy

from drillsim.engine.minds import Minds
from drillsim.engine.world import Process, World
from drillsim.plans.organisations import Organisation, Role
from drillsim.plans.sets import PlanSet

TRIES_PER_CHANNEL = 3
RING_S = 30.0
MIN_CALL_IN_S = 30.0
HORIZON_OF_OUTAGE_S = 7200.0
Listener = Callable[[str, str, str, int], None]


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be told: kind, the facts it carries, channels in order, clause, when woken."""

    kind: str
    content: tuple[str, ...]
    channels: tuple[str, ...]
    clause: str
    woken_s: float
    ack: bool


def open_at(hours: str, hour: float) -> bool:
    """Tell whether a desk with these hours is staffed at a clock hour."""
    if hours == "24h":
        return True
    start, _, end = hours.partition("-")
    first, last = (int(p[:2]) + int(p[3:]) / 60 for p in (start, end))
    return first <= hour < last if first < last else (hour >= first or hour < last)


class Staff:
    """Who is there: desks and roles by clock hour, deputies, absence."""

    def __init__(self, world: World, plan_set: PlanSet) -> None:
        """Index the bodies."""
        self.world = world
        self._orgs = plan_set.organisations
        self._roles: dict[str, Role] = {
            f"{org.id}/{role.id}": role for org in self._orgs.values() for role in org.roles
        }
        self._absent = frozenset(world.scenario.file.staff.absent)
        self._gone_until_s: dict[str, float] = {}

    def org(self, address: str) -> Organisation:
        """Give the organisation of an address."""
        return self._orgs[address.partition("/")[0]]

    def children(self, org_id: str) -> list[str]:
        """Give the bodies whose parent this is."""
        return [o.id for o in self._orgs.values() if o.parent == org_id]

    def role(self, address: str) -> Role | None:
        """Give the role, or None for a desk."""
        return self._roles.get(address)

    def place(self, address: str) -> str | None:
        """Give the facility where the address works."""
        role = self.role(address)
        return (role.place if role else None) or self.org(address).place

    def there(self, address: str) -> bool:
        """Tell whether somebody is at the post now."""
        if address in self._absent or self.driven_out(address):
            return False
        role = self.role(address)
        hours = role.hours if role else self.org(address).desk
        return open_at(hours, self.world.hour)

    def driven_out(self, address: str) -> bool:
        """Tell whether gas has driven the post out of its place and it is still on the move."""
        place = self.place(address)
        return place is not None and self.world.now < self._gone_until_s.get(place, 0.0)

    def drive_out(self, place: str, seconds: float) -> None:
        """A place must be left: nobody answers there until the post works elsewhere."""
        self._gone_until_s[place] = self.world.now + seconds

    def stand_in(self, address: str) -> str | None:
        """Give the first deputy who is there, or None."""
        role = self.role(address)
        return next((d for d in (role.deputies if role else ()) if self.there(d)), None)

    def absent(self, address: str) -> bool:
        """Tell whether nobody will answer at all."""
        return address in self._absent

    def can(self, address: str, power: str) -> bool:
        """Tell whether the body or the role holds a power by itself."""
        role = self.role(address)
        return power in self.org(address).powers or (role is not None and power in role.powers)

    def leads(self, address: str) -> bool:
        """Tell whether the role decides over people, levels or roads (slower than a desk)."""
        role = self.role(address)
        return role is not None and any(p != "withdraw-crews" for p in role.powers)


class Comms:
    """Carries messages from mind to mind."""

    def __init__(self, world: World, minds: Minds, staff: Staff) -> None:
        """Draw outages and give every address its telephone lines."""
        self.world = world
        self.minds = minds
        self.staff = staff
        self.listeners: list[Listener] = []
        self.levels: dict[str, list[str]] = {}
        self._lines: dict[str, simpy.Resource] = {}
        self.outages = self._draw_outages()

    def _draw_outages(self) -> dict[str, tuple[float, float]]:
        """One draw a carrier: down for a while somewhere in the first two hours, or not."""
        world = self.world
        carriers = sorted({c.carrier for c in world.figures.channels.values()} - {"none"})
        share = world.figures.shares["outage"].value
        outages = {}
        for carrier in carriers if world.behaviour.faulty_channels else ():
            if world.draws.at("outage", carrier) < share:
                start = world.draws.at("outage-start", carrier) * 1800.0
                outages[carrier] = (start, start + HORIZON_OF_OUTAGE_S)
        for inject in world.scenario.file.injects:
            lasts = inject.lasts if inject.lasts is not None else HORIZON_OF_OUTAGE_S
            outages.update(dict.fromkeys(inject.outage, (inject.at, inject.at + lasts)))
        return outages

    def lines(self, address: str) -> simpy.Resource:
        """Give the lines of a desk, or the one telephone of a person."""
        if address not in self._lines:
            count = 1 if "/" in address else self.staff.org(address).lines
            self._lines[address] = simpy.Resource(self.world.env, capacity=count)
        return self._lines[address]

    def tell(
        self, sender: str, receivers: Iterable[str], message: Message, causes: Iterable[int]
    ) -> Process:
        """Tell every receiver: one after the other by telephone, at once where the channel can."""
        causes = tuple(causes)
        together: list[str] = []
        single: list[str] = []
        for receiver in receivers:
            first = self.world.figures.channels[message.channels[0]]
            (together if first.many else single).append(receiver)
        parts = [
            self.world.start(self._one(sender, receiver, message, causes)) for receiver in together
        ]
        for receiver in single:
            yield self.world.start(self._one(sender, receiver, message, causes))
        if parts:
            yield simpy.AllOf(self.world.env, parts)

    def _one(
        self, sender: str, receiver: str, message: Message, causes: tuple[int, ...]
    ) -> Process:
        attempt = 0
        for channel in message.channels:
            for _ in range(TRIES_PER_CHANNEL):
                attempt += 1
                data = {
                    "to": receiver, "channel": channel, "attempt": attempt,
                    "woken_s": round(message.woken_s, 3),
                }  # fmt: skip
                sent = self.world.note(
                    "message-sent", sender, message.kind, data, causes, message.clause
                )
                why = yield from self._try(sender, receiver, channel, message, sent)
                if why is None:
                    return
                self.world.note(
                    "message-failed",
                    sender,
                    message.kind,
                    {**data, "why": why},
                    (sent,),
                    message.clause,
                )
                if why in {"outage", "no-answer"}:
                    break
                yield self.world.wait(self.world.delay("retry", sender, receiver))

    def _try(
        self, sender: str, receiver: str, channel: str, message: Message, sent: int
    ) -> Process:
        """One attempt; the value is None when it got across, else why it did not."""
        world, spec = self.world, self.world.figures.channels[channel]
        if self.carrier_down(spec.carrier):
            yield world.wait(RING_S)
            return "outage"
        if not world.behaviour.human:
            setup = spec.best
        else:
            setup = world.spread("set-up", sender, f"{channel}>{receiver}", spec.median, spec.p90)
        if not spec.lines:
            yield world.wait(setup)
            failed = world.chance("channel-fails", channel, receiver, spec.fail)
            if world.behaviour.faulty_channels and failed:
                return "lost"
            if not self._walks_to_all(channel):
                answered = yield from self.raise_person(receiver)
                if not answered:
                    return "no-answer"
            self.deliver(sender, receiver, channel, message, sent)
            return None
        with self.lines(sender).request() as mine:
            yield mine
            yield world.wait(setup)
            return (yield from self._call(sender, receiver, channel, message, sent))

    @staticmethod
    def _walks_to_all(channel: str) -> bool:
        """Sirens and loudspeakers are heard by whoever is at the place."""
        return channel in {"siren", "public-address", "loudspeaker"}

    def _call(
        self, sender: str, receiver: str, channel: str, message: Message, sent: int
    ) -> Process:
        world = self.world
        theirs = self.lines(receiver)
        if world.behaviour.faulty_channels:
            if theirs.count >= theirs.capacity:
                return "busy"
            night = "unanswered-night" if world.night else "unanswered-day"
            share = world.figures.shares[night].value + world.scenario.file.staff.contact_failure
            missed = world.chance("unanswered", receiver, sender, share)
            if missed and self.staff.there(receiver):
                yield world.wait(RING_S)
                return "unanswered"
        answered = yield from self.raise_person(receiver)
        if not answered:
            yield world.wait(RING_S)
            return "no-answer"
        with theirs.request() as line:
            yield line
            yield world.wait(world.delay("call", sender, receiver))
            self.deliver(sender, receiver, channel, message, sent)
        return None

    def carrier_down(self, carrier: str) -> bool:
        """Tell whether a carrier is down now."""
        if carrier not in self.outages:
            return False
        start, end = self.outages[carrier]
        return start <= self.world.now < end

    def raise_person(self, address: str) -> Process:
        """Get somebody to answer: at the post, a deputy, or called in. The value tells success."""
        staff, world = self.staff, self.world
        if staff.there(address):
            return True
        if staff.stand_in(address) is not None:
            yield world.wait(RING_S)
            return True
        if staff.absent(address):
            role = staff.role(address)
            reachable = [d for d in (role.deputies if role else ()) if not staff.absent(d)]
            if not reachable:
                return False
        figure = "call-in-night" if world.night else "call-in-day"
        failure = world.scenario.file.staff.contact_failure
        if world.behaviour.faulty_channels and world.chance("contact", address, "", failure):
            return False
        yield world.wait(max(world.delay(figure, address), MIN_CALL_IN_S))
        return True

    def deliver(self, sender: str, receiver: str, channel: str, message: Message, sent: int) -> int:
        """Put the message into the receiver's mind: that it came, and what the sender knew."""
        content = {fact: self._known(sender, fact) for fact in message.content}
        data = {
            "sender": sender, "channel": channel, "woken_s": round(message.woken_s, 3),
            "content": {fact: told[0] if told else None for fact, told in content.items()},
        }  # fmt: skip
        event = self.world.note(
            "message-delivered", receiver, message.kind, data, (sent,), message.clause
        )
        if message.ack:
            ack = {"sender": sender, "channel": channel, "woken_s": round(message.woken_s, 3)}
            self.world.note(
                "message-acknowledged", receiver, message.kind, ack, (event,), message.clause
            )
        org = sender.partition("/")[0]
        believe = self.minds.believe
        for fact, told in content.items():
            if told is None:
                continue
            value, seen_s = told
            if fact == "level":
                for level in str(value).split(","):
                    believe(receiver, f"level:{level}", True, "message", (event,), seen_s)
            elif fact == "zone-order":
                known = str(self.minds.value(receiver, fact) or "")
                merged = sorted({*filter(None, known.split(",")), *str(value).split(",")})
                believe(receiver, fact, ",".join(merged), "message", (event,))
            else:
                believe(receiver, fact, value, "message", (event,), seen_s)
        for key in dict.fromkeys(
            (f"told:{message.kind}@{sender}", f"told:{message.kind}@{org}", f"told:{message.kind}")
        ):
            believe(receiver, key, True, "message", (event,))
        for listener in self.listeners:
            listener(receiver, message.kind, sender, event)
        return event

    def _known(self, sender: str, fact: str) -> tuple[Any, float] | None:
        if fact == "level":
            active = self.levels.get(sender.partition("/")[0], [])
            return (",".join(active), self.world.now) if active else None
        belief = self.minds.of[sender].beliefs.get(fact)
        return None if belief is None else (belief.value, belief.observed_s)
