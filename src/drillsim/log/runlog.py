"""The log of one run: what scores, reports and replays are made from."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from drillsim.log.events import KINDS, Event


@dataclass(frozen=True)
class RunLog:
    """All facts of one run, in order, with the names of what was run.

    The digest covers the facts alone: neither seed nor input digests.
    """

    scenario: str
    plan_set: str
    variant: str
    seed: int
    rep: int
    events: tuple[Event, ...] = field(repr=False)

    @cached_property
    def digest(self) -> str:
        """Give the SHA-256 of the facts (first 32 hex digits)."""
        lines = "\n".join(_line(event) for event in self.events)
        return sha256(lines.encode()).hexdigest()[:32]

    @cached_property
    def _by_kind(self) -> Mapping[str, tuple[Event, ...]]:
        table: dict[str, list[Event]] = {kind: [] for kind in KINDS}
        for event in self.events:
            table[event.kind].append(event)
        return {kind: tuple(found) for kind, found in table.items()}

    def of(self, *kinds: str) -> tuple[Event, ...]:
        """Give the events of these kinds in order. Raises KeyError for an unknown kind."""
        if len(kinds) == 1:
            return self._by_kind[kinds[0]]
        found = [event for kind in kinds for event in self._by_kind[kind]]
        return tuple(sorted(found, key=lambda event: event.id))

    def chain(self, event_id: int) -> Iterator[Event]:
        """Walk back through the causes of an event, nearest first, each once."""
        seen: set[int] = set()
        queue = [event_id]
        while queue:
            current = queue.pop(0)
            if current in seen:
                continue
            seen.add(current)
            event = self.events[current]
            yield event
            queue.extend(sorted(event.causes, reverse=True))

    @property
    def end_s(self) -> float:
        """Give the drill time of the last fact in s."""
        return self.events[-1].t if self.events else 0.0

    def write(self, path: Path) -> None:
        """Write the log as JSON lines (gzip when the name ends in .gz), whole or not at all."""
        lines = [json.dumps(head_of(self), ensure_ascii=False, sort_keys=True)]
        lines += [_line(event) for event in self.events]
        raw = ("\n".join(lines) + "\n").encode()
        if path.suffix == ".gz":
            raw = gzip.compress(raw, mtime=0)
        part = path.with_name(path.name + ".part")
        part.write_bytes(raw)
        part.replace(path)


def head_of(log: RunLog) -> dict[str, Any]:
    """Give the names of a log without its events."""
    return {
        "scenario": log.scenario,
        "plan_set": log.plan_set,
        "variant": log.variant,
        "seed": log.seed,
        "rep": log.rep,
        "log_digest": log.digest,
    }


def read_log(path: Path) -> RunLog:
    """Read a log written by `RunLog.write`. Raises ValueError when the digest does not fit."""
    raw = path.read_bytes()
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    head, *rest = (json.loads(line) for line in raw.decode().splitlines())
    events = tuple(Event(**{**row, "causes": tuple(row["causes"])}) for row in rest)
    digest = head.pop("log_digest")
    log = RunLog(events=events, **head)
    if log.digest != digest:
        raise ValueError(f"{path}: the log was changed after it was written")
    return log


def _line(event: Event) -> str:
    return json.dumps(
        event._asdict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=float
    )
