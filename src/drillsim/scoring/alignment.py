"""Conformance: the cheapest way to make a run and a partial order of required work agree.

Adriansyah, van Dongen & van der Aalst (2011), "Conformance checking using cost-based fitness
analysis". Every required activity occurs once; a run is aligned with the linear order of the
model that suits it best. Moves in the log only and in the model only cost the activity's weight.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

IMPROVISED = 0.25
"""Cost of work outside the model for which a reason was given (ours, unverified)."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """The best agreement of a run with the model.

    `fitness` = 1 - cost / (weight of the run + weight of the model), in [0, 1]; 1 for nothing
    against nothing. `missing` activities of the model were not done, or not in order; `extra` are
    positions in the run that the model does not explain.
    """

    cost: float
    fitness: float
    missing: tuple[str, ...]
    extra: tuple[int, ...]


def align(
    run: Sequence[str],
    after: Mapping[str, Collection[str]],
    weight: Mapping[str, float] | None = None,
    reasons: Collection[int] = (),
) -> Alignment:
    """Align a run with a partial order.

    `run` lists activities in order of happening; `after` maps every activity of the model to the
    activities that must come before it (unknown ones are ignored, so that an order on work that
    is not required asks for nothing); `weight` is the cost of missing or adding one (default 1);
    `reasons` are positions of the run whose extra work has a recorded reason.
    Raises ValueError when the order has a cycle.
    """
    weights = dict(weight or {})
    before = _closure(after)
    steps = [i for i, name in enumerate(run) if name in before]
    clash = _clashes(run, steps, before)
    kept = _heaviest(steps, clash, {i: weights.get(run[i], 1.0) for i in steps})
    done = {run[i] for i in kept}
    missing = tuple(sorted(name for name in before if name not in done))
    extra = tuple(i for i in range(len(run)) if i not in kept)
    cost = sum(weights.get(name, 1.0) for name in missing)
    cost += sum(weights.get(run[i], 1.0) * (IMPROVISED if i in reasons else 1.0) for i in extra)
    whole = sum(weights.get(name, 1.0) for name in run)
    whole += sum(weights.get(name, 1.0) for name in before)
    return Alignment(cost, 1.0 - cost / whole if whole > 0.0 else 1.0, missing, extra)


def allowed_share(run: Collection[str], allowed: Collection[str]) -> float | None:
    """Give the share of the kinds of work done that the plans allow; None when none was done."""
    done = set(run)
    return len(done & set(allowed)) / len(done) if done else None


def chain(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Give the order in which each activity follows the one before it."""
    return {name: tuple(names[:k][-1:]) for k, name in enumerate(names)}


def _closure(after: Mapping[str, Collection[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}

    def visit(name: str, path: tuple[str, ...]) -> frozenset[str]:
        if name in path:
            raise ValueError(f"the order has a cycle: {' -> '.join([*path, name])}")
        if name not in found:
            near = [other for other in after[name] if other in after]
            far = [visit(other, (*path, name)) for other in near]
            found[name] = frozenset(near).union(*far)
        return found[name]

    for name in sorted(after):
        visit(name, ())
    return found


def _clashes(
    run: Sequence[str], steps: Sequence[int], before: Mapping[str, frozenset[str]]
) -> dict[int, frozenset[int]]:
    """Give, for each step, the others that cannot be matched together with it."""
    clash: dict[int, set[int]] = {i: set() for i in steps}
    for n, first in enumerate(steps):
        for later in steps[n + 1 :]:
            if run[first] == run[later] or run[later] in before[run[first]]:
                clash[first].add(later)
                clash[later].add(first)
    return {i: frozenset(others) for i, others in clash.items()}


def _heaviest(
    steps: Sequence[int], clash: Mapping[int, frozenset[int]], weight: Mapping[int, float]
) -> frozenset[int]:
    """Give the heaviest set of steps without a clash (exact; branch on the most contested)."""

    @cache
    def best(open_steps: frozenset[int]) -> tuple[float, frozenset[int]]:
        live = sorted(open_steps)
        tangled = [i for i in live if clash[i] & open_steps]
        free = frozenset(live) - frozenset(tangled)
        base = sum(weight[i] for i in free)
        if not tangled:
            return base, free
        pivot = max(tangled, key=lambda i: (len(clash[i] & open_steps), -i))
        rest = frozenset(tangled) - {pivot}
        without = best(rest)
        with_it = best(rest - clash[pivot])
        if with_it[0] + weight[pivot] >= without[0]:
            return base + with_it[0] + weight[pivot], free | with_it[1] | {pivot}
        return base + without[0], free | without[1]

    return best(frozenset(steps))[1]
