"""Command in a run: clean handovers, and the time with no commander or with two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from drillsim.i18n import Text, catalogue
from drillsim.linkage.interfaces import org_of
from drillsim.scenario import RequiredHandover
from drillsim.scoring.card import Blame, Part, said
from drillsim.scoring.window import Window

catalogue(
    {
        "h.name": ("指挥权移交与连续", "handover and continuity of command"),
        "h.none": ("本次过程不要求移交指挥权", "the course of events required no handover"),
        "h.undeclared": (
            "指挥权“{scope}”的移交（“{id}”）未发生；没有任何预案规定此事",
            "handover of “{scope}” (“{id}”) did not take place; nobody declares it",
        ),
        "h.missing": (
            "指挥权“{scope}”的移交（“{id}”）有预案规定但未完成",
            "handover of “{scope}” (“{id}”) is declared but was not completed",
        ),
        "h.unclean": (
            "指挥权“{scope}”的移交（“{id}”）只有一方的预案规定，情况未交接",
            "handover of “{scope}” (“{id}”) is declared by one side only; no brief was passed",
        ),
        "h.brief": (
            "指挥权“{scope}”移交（“{id}”）时未交代“{missing}”",
            "handover of “{scope}” (“{id}”) lacked “{missing}”",
        ),
        "h.gap": (
            "指挥权“{scope}”空缺 {minutes:.0f} 分钟",
            "nobody held command of “{scope}” for {minutes:.0f} min",
        ),
        "h.two": (
            "指挥权“{scope}”由两方争执 {minutes:.0f} 分钟",
            "two bodies claimed command of “{scope}” for {minutes:.0f} min",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in which a scope had no holder, or two; `event` is what began it."""

    scope: str
    start_s: float
    end_s: float
    kind: Literal["gap", "two"]
    event: int | None
    clause: str

    @property
    def lasted_s(self) -> float:
        """Give its length in s."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class HandoverRun:
    """One required handover in one run.

    `value` is 0 unless both sides' plans declare it, and then the share of the required brief
    that was passed on.
    """

    handover: RequiredHandover
    event: int | None
    both_sides: bool
    missing: tuple[str, ...]
    declared: tuple[str, ...]

    @property
    def value(self) -> float:
        """Give how clean it was, in [0, 1]."""
        if self.event is None or not self.both_sides:
            return 0.0
        asked = len(self.handover.brief)
        return 1.0 - len(self.missing) / asked if asked else 1.0


def handover_runs(window: Window) -> tuple[HandoverRun, ...]:
    """Give every handover that the course of the run required, in file order."""
    out = []
    for handover in window.scenario.yardstick.handovers:
        when = handover.required_when
        if when is not None and window.truth.first(when, window.log.end_s) is None:
            continue
        declared = tuple(
            f"{plan.head.id}/{element.id}"
            for plan, element in window.scenario.plan_set.elements("handovers")
            if element.scope == handover.scope
            and org_of(element.giver) in handover.givers
            and org_of(element.taker) in handover.takers
        )
        done = [
            event
            for event in window.log.of("handover-done")
            if event.subject == handover.scope
            and org_of(str(event.data["giver"])) in handover.givers
            and org_of(event.who) in handover.takers
        ]
        if not done:
            out.append(HandoverRun(handover, None, False, handover.brief, declared))
            continue
        best = max(done, key=lambda e: (bool(e.data["both_sides"]), -e.id))
        brief = best.data.get("brief", {})
        missing = tuple(fact for fact in handover.brief if brief.get(fact) is None)
        out.append(HandoverRun(handover, best.id, bool(best.data["both_sides"]), missing, declared))
    return tuple(out)


def judged_scopes(window: Window) -> tuple[str, ...]:
    """Give the scopes whose continuity counts: overall, and those with a required handover."""
    scopes = [run.handover.scope for run in handover_runs(window)]
    return tuple(dict.fromkeys(["overall", *(scope for scope in scopes if scope != "tasks")]))


def stretches(window: Window, scope: str) -> tuple[float, tuple[Stretch, ...]]:
    """Give the judged time of a scope in s, and the stretches in it without one clear holder.

    `overall` counts from detection; other scopes from when somebody first held them (nobody ever:
    from detection), because a scene has no medical command before anybody is hurt.
    """
    events = [
        event
        for event in window.log.of("command-taken", "command-lost", "command-contested")
        if event.subject == scope
    ]
    start = window.start_s
    if scope != "overall" and events:
        start = max(start, events[0].t)
    out: list[Stretch] = []

    def add(begin: float, end: float, kind: Literal["gap", "two"], event: int | None) -> None:
        begin, end = max(begin, start), min(end, window.end_s)
        if end > begin:
            clause = window.log.events[event].clause if event is not None else ""
            out.append(Stretch(scope, begin, end, kind, event, clause))

    held, since, cause = False, start, None
    for event in events:
        if event.kind == "command-contested":
            add(event.t, float(event.data["until_s"]), "two", event.id)
        elif event.kind == "command-lost":
            held, since, cause = False, event.t, event.id
        elif not held:
            add(since, event.t, "gap", cause)
            held = True
    if not held:
        add(since, window.end_s, "gap", cause)
    return max(0.0, window.end_s - start), tuple(out)


def command_part(window: Window, weight: float) -> Part:
    """Give H(1 - G): share of clean handovers times the share of time under one clear commander.

    H is the mean over required handovers; G the time without or with two holders over the judged
    time of all scopes. Without a required handover the part is 1 - G.
    """
    name = said("h.name")
    if window.detection is None:
        return Part("H", name, None, weight, said("score.no-detection"))
    runs = handover_runs(window)
    clean = sum(run.value for run in runs) / len(runs) if runs else 1.0
    judged = {scope: stretches(window, scope) for scope in judged_scopes(window)}
    whole = sum(time for time, _ in judged.values())
    bad = [stretch for _, found in judged.values() for stretch in found]
    gap = min(1.0, sum(s.lasted_s for s in bad) / whole) if whole > 0.0 else 0.0
    hours = max((window.end_s - window.start_s) / 3600.0, 1e-9)
    detail = {
        "H": clean if runs else None, "G": gap, "required": len(runs),
        "handovers": {r.handover.id: r.value for r in runs},
        "conflicts_per_hour": len(window.log.of("command-contested")) / hours,
        "gap_min": {
            scope: sum(s.lasted_s for s in found) / 60.0 for scope, (_, found) in judged.items()
        },
    }  # fmt: skip
    blames = [_handover_blame(window, r, (1.0 - r.value) / len(runs)) for r in runs]
    blames += [_gap_blame(window, s, clean * s.lasted_s / whole) for s in bad]
    return Part("H", name, clean * (1.0 - gap), weight, None, detail, tuple(blames))


def _handover_blame(window: Window, run: HandoverRun, share: float) -> Blame:
    fields = {"id": run.handover.id, "scope": run.handover.scope}
    clause = run.declared[0] if run.declared else ""
    events = ((window.log.variant, run.event),) if run.event is not None else ()
    if run.event is None:
        key = "h.missing" if run.declared else "h.undeclared"
        return Blame(share, said(key, **fields), events, clause)
    if not run.both_sides:
        return Blame(share, said("h.unclean", **fields), events, clause)
    missing = Text(zh="、".join(run.missing), en=", ".join(run.missing))
    return Blame(share, said("h.brief", missing=missing, **fields), events, clause)


def _gap_blame(window: Window, stretch: Stretch, share: float) -> Blame:
    message = said(f"h.{stretch.kind}", scope=stretch.scope, minutes=stretch.lasted_s / 60.0)
    events = ((window.log.variant, stretch.event),) if stretch.event is not None else ()
    return Blame(share, message, events, stretch.clause)
