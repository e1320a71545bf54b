"""The course of a toxic release at the scene: what becomes true by itself, and when."""

from __future__ import annotations

import numpy as np

from drillsim.engine.scene import Scene
from drillsim.engine.world import Process
from drillsim.hazards.toxic_release import ToxicRelease
from drillsim.physics.harm import mg_m3_to_ppm

PROCESS_AREA_M = 90.0
VISIBLE_S, FENCE_M, EDGE_PPM = 20.0, 150.0, 1.0


def _release(scene: Scene) -> ToxicRelease:
    hazard = scene.world.hazard
    assert isinstance(hazard, ToxicRelease)
    return hazard


def unfold(scene: Scene) -> Process:
    """Make the facts of the scene true, each at its time."""
    world, spec, release = scene.world, scene.world.scenario.spec, _release(scene)
    weather = release.weather
    wind = f"{weather.wind_from:.0f} deg {weather.wind_speed:.1f} m/s"
    first = {
        "location": scene.drill.source(), "substance": spec.substance, "state": str(spec.phase),
        "wind": wind, "release": 1.0, "smell": 1.0, "access": scene.upwind_gate(),
    }  # fmt: skip
    if world.scenario.isolation.scrubber == "out":
        first["scrubber-out"] = 1.0
    for fact, value in {**first, **scene.sector(wind)}.items():
        world.become(fact, value)
    world.start(_detectors(scene))
    world.after(release.emission.last_s, scene.ran_dry)
    yield world.wait(VISIBLE_S)
    world.become("cloud-visible", 1.0)
    edge = np.asarray(release.source_xy) + FENCE_M * np.asarray(weather.down_wind())
    arrival = float(release.arrival_s([edge], EDGE_PPM)[0])
    if np.isfinite(arrival):
        yield world.wait(arrival - world.now)
        quantity = f"{release.of.short}@1.5m/60s"
        there = _release(scene).level(quantity, [edge], world.now)[0] > 0
        if there or not world.truth.get("isolated"):
            world.become("cloud-over-fence", 1.0)


def _detectors(scene: Scene) -> Process:
    """Detectors alarm when the cloud as it stands reaches them."""
    world, release = scene.world, _release(scene)
    constants = world.figures.constants
    found = scene.city.of_kind("detector")
    if not found:
        return
    xy = np.array([d.xy for d in found])
    source = np.asarray(release.source_xy)
    owner = scene.city.facilities[scene.drill.source()].org
    own = np.array([d.org == owner for d in found])
    process = own & (np.hypot(*(xy - source).T) < PROCESS_AREA_M)
    moments: list[tuple[float, str, int]] = []
    for fact, limit_mg, those in (
        ("detectors", constants["detector-low-mg"].value, process),
        ("detectors-high", constants["detector-high-mg"].value, process),
        ("fence-alarms", constants["detector-low-mg"].value, ~process),
    ):
        limit = float(mg_m3_to_ppm(release.of, limit_mg, release.weather.temperature))
        for index, t_s in enumerate(release.arrival_s(xy, limit)):
            if those[index] and np.isfinite(t_s):
                moments.append((float(t_s), fact, index))
    counts: dict[str, float] = {}
    for t_s, fact, index in sorted(moments):
        yield world.wait(t_s - world.now)
        if _release(scene).arrival_s(xy[index : index + 1], 1e-3)[0] <= world.now:
            counts[fact] = counts.get(fact, 0.0) + 1.0
            world.become(fact, counts[fact])
