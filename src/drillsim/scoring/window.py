"""The span of a run that is judged, its epochs, and names of what is judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from drillsim.i18n import Text
from drillsim.linkage.interfaces import InterfaceRun, detection, interface_runs
from drillsim.linkage.truth import Truth
from drillsim.log.events import Event
from drillsim.log.runlog import RunLog
from drillsim.scenario import Scenario

EPOCH_S = 300.0
AFTER_S = 1800.0
"""How long after the end of the release command and levels are still judged (ours)."""


@dataclass(frozen=True, eq=False)
class Window:
    """One run of a scenario as the scores read it; what several parts need is worked out once.

    The incident runs from detection to half an hour after the release was stopped, or to the end
    of the response or of the log, whichever comes first. It does not depend on who commands or
    tells whom.
    """

    scenario: Scenario
    log: RunLog

    @cached_property
    def detection(self) -> Event | None:
        """Give the fact that counts as detection."""
        return detection(self.log)

    @cached_property
    def truth(self) -> Truth:
        """Give what was true when."""
        return Truth(self.log)

    @cached_property
    def interfaces(self) -> tuple[InterfaceRun, ...]:
        """Give the required interfaces as this run served them."""
        return interface_runs(self.scenario, self.log)

    @property
    def start_s(self) -> float:
        """Give the drill time of detection in s (the end of the log when never)."""
        return self.detection.t if self.detection is not None else self.log.end_s

    @cached_property
    def end_s(self) -> float:
        """Give the drill time at which the incident ends, in s."""
        ends = [self.log.end_s]
        ends += [event.t for event in self.log.of("ended") if event.subject == "response"][:1]
        ends += [
            event.t + AFTER_S
            for event in self.log.of("truth")
            if event.subject == "isolated" and event.data["value"]
        ][:1]
        return max(self.start_s, min(ends))

    def epochs(self) -> Iterator[float]:
        """Give the decision epochs, every 5 min from 5 min after detection."""
        t_s = self.start_s + EPOCH_S
        while t_s <= self.end_s + 1e-9:
            yield t_s
            t_s += EPOCH_S


def place_name(scenario: Scenario, place: str) -> Text:
    """Give the name of a facility or a residential zone; its id when it has none."""
    if place in scenario.city.facilities:
        return scenario.city.facilities[place].name
    zones = scenario.city.zones
    if place in zones.id:
        return zones.name[zones.id.index(place)]
    return Text(zh=place, en=place)


def org_name(scenario: Scenario, org: str) -> Text:
    """Give the name of an organisation; its id when it has none."""
    found = scenario.plan_set.organisations.get(org)
    return found.name if found is not None else Text(zh=org, en=org)


def joined(texts: list[Text]) -> Text:
    """Join names for a sentence."""
    return Text(zh="、".join(t.zh for t in texts), en=", ".join(t.en for t in texts))
