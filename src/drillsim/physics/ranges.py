"""Where the models have been tested; outside, a warning that names the range."""

from __future__ import annotations

import math

import numpy as np

from drillsim.i18n import Text, catalogue, text
from drillsim.physics.atmosphere import Air
from drillsim.physics.densegas import PlumeSource
from drillsim.physics.plume import GRID_X_M, Plume

catalogue(
    {
        "range.wind": (
            "风速 {value:.1f} m/s 超出{model}的验证范围 {low:g}-{high:g} m/s{held}",
            "wind {value:.1f} m/s is outside the tested range of {model}, {low:g}-{high:g} "
            "m/s{held}",
        ),
        "range.held": ("，按 {at:g} m/s 计算", "; {at:g} m/s was used"),
        "range.roughness": (
            "地面粗糙度 {value:g} m 超出{model}的验证范围 {low:g}-{high:g} m；模型不含建筑物",
            "roughness {value:g} m is outside the tested range of {model}, {low:g}-{high:g} m; "
            "the model knows no buildings",
        ),
        "range.height": (
            "泄漏高度 {value:g} m 超出{model}的适用范围 0-{high:g} m",
            "release height {value:g} m is outside the range of {model}, 0-{high:g} m",
        ),
        "range.far": (
            "影响距离达 {value:.0f} m，超出 {low:g}-{high:g} m 的适用范围，远处数值仅供参考",
            "the effect reaches {value:.0f} m, beyond the range {low:g}-{high:g} m; "
            "treat the far end as an indication",
        ),
        "range.class-f": (
            "稳定度 F 且小风（{value:.1f} m/s）时 SLAB 反应过强；F 类建议风速不低于 {low:g} m/s",
            "SLAB over-reacts to class F in light wind ({value:.1f} m/s); its trials in stable air "
            "begin at {low:g} m/s",
        ),
        "range.solve": (
            "SLAB 无解（{why}），改用中性高斯模型，不适用于重气",
            "SLAB found no solution ({why}); the neutral Gaussian model was used, which is not "
            "made for a heavy gas",
        ),
        "range.rate": (
            "泄漏速率 {value:.3g} kg/s 超出验证范围 {low:g}-{high:g} kg/s",
            "release rate {value:.3g} kg/s is outside the tested range {low:g}-{high:g} kg/s",
        ),
        "range.jet": (
            "射流速度 {value:.0f} m/s 按 {high:g} m/s 计算（声速附近的膨胀区不在模型内）",
            "jet speed {value:.0f} m/s was taken as {high:g} m/s (the expansion zone near sound "
            "speed is not in the model)",
        ),
        "range.low": (
            "{value:.0f} m 以外 SLAB 浓度不到中性模型的 {share:.0%}（云团极宽或抬升），可能偏低",
            "beyond {value:.0f} m SLAB gives less than {share:.0%} of the neutral model (a very "
            "wide or lifting cloud); it may be too low",
        ),
        "model.slab": ("重气模型 SLAB", "SLAB (dense gas)"),
        "model.gaussian": ("高斯模型", "the Gaussian model"),
    }
)

SLAB_WIND_MPS = (1.0, 12.0)
SLAB_ROUGHNESS_M = (1e-5, 0.1)
GAUSSIAN_WIND_MPS = (1.0, 12.0)
GAUSSIAN_ROUGHNESS_M = (1e-3, 1.0)
RANGE_M = (50.0, 10_000.0)
HEIGHT_M = 20.0
# From the smallest LNG and ammonia jets of the trials to the largest rate of RMP table 9.
RATE_KG_S = (0.05, 250.0)
CLASS_F_WIND_MPS = 1.5
# SLAB's source region runs away for dense jets slower than some 5 m/s in light wind; beyond 100 m
# the speed of a jet hardly matters, so slow ones are run at the lower end.
JET_SPEED_MPS = (10.0, 150.0)
# A dense plume far below the neutral one has either spread very wide or lifted off.
LOW_SHARE, LOW_FROM_M = 0.1, 200.0


def held_wind(wind_mps: float) -> float:
    """Give the wind speed a model is run with: below 1 m/s both are run at 1 m/s.

    Range: wind of 0 and more
    Source: tested range of the dispersion models
    Verified: yes (a definition)
    Test: tests/physics/test_chemical_storage.py
    """
    return max(wind_mps, SLAB_WIND_MPS[0])


def release_warnings(
    source: PlumeSource, air: Air, dense: bool, reach_m: float, jet_mps: float
) -> tuple[Text, ...]:
    """Give a warning for each tested range that a release leaves, naming model and range.

    `air` as asked, before `held_wind`; `reach_m` the farthest distance that matters; `jet_mps`
    the jet's speed before it is held at `JET_SPEED_MPS`.

    Range: any release
    Source: tested ranges of the models named in the warning
    Verified: yes (each range is left in the test)
    Test: tests/physics/test_chemical_storage.py
    """
    model = text("model.slab" if dense else "model.gaussian")
    winds = SLAB_WIND_MPS if dense else GAUSSIAN_WIND_MPS
    roughness = SLAB_ROUGHNESS_M if dense else GAUSSIAN_ROUGHNESS_M
    found: list[Text] = []
    wind = air.wind_at(10.0)
    if not winds[0] <= wind <= winds[1]:
        held = text("range.held", at=winds[0]) if wind < winds[0] else Text(zh="", en="")
        found.append(_both("range.wind", model, held=held, value=wind, low=winds[0], high=winds[1]))
    if not roughness[0] <= air.roughness_m <= roughness[1]:
        found.append(
            _both(
                "range.roughness", model, value=air.roughness_m, low=roughness[0], high=roughness[1]
            )
        )
    if source.height_m > HEIGHT_M:
        found.append(_both("range.height", model, value=source.height_m, high=HEIGHT_M))
    if not RATE_KG_S[0] <= source.rate_kg_s <= RATE_KG_S[1]:
        found.append(
            text("range.rate", value=source.rate_kg_s, low=RATE_KG_S[0], high=RATE_KG_S[1])
        )
    if dense and air.stability == "F" and wind < CLASS_F_WIND_MPS:
        found.append(text("range.class-f", value=wind, low=CLASS_F_WIND_MPS))
    if dense and jet_mps > JET_SPEED_MPS[1]:
        found.append(text("range.jet", value=jet_mps, high=JET_SPEED_MPS[1]))
    if reach_m > RANGE_M[1]:
        found.append(text("range.far", value=reach_m, low=RANGE_M[0], high=RANGE_M[1]))
    return tuple(found)


def held_jet(speed_mps: float) -> float:
    """Give the jet speed that SLAB is run with.

    Range: jets of 0 m/s and more
    Source: range in which SLAB was tried with fast jets
    Verified: yes (near field in the test)
    Test: tests/physics/test_dense_gas.py
    """
    return min(max(speed_mps, JET_SPEED_MPS[0]), JET_SPEED_MPS[1])


def low_warning(dense: Plume, passive: Plume, level_ppm: float) -> tuple[Text, ...]:
    """Warn when a dense plume lies far below the neutral one where that still matters.

    Compared on the axis from 200 m to 10 km wherever the neutral plume reaches `level_ppm`.

    Range: steady plumes, 200 m to 10 km
    Source: comparison with the neutral plume
    Verified: yes (agreement far away in the test)
    Test: tests/physics/test_dense_gas.py
    """
    near, far = np.searchsorted(GRID_X_M, (LOW_FROM_M, RANGE_M[1]))
    matters = np.zeros(GRID_X_M.shape, dtype=bool)
    matters[near:far] = True
    matters &= passive.log_ppm >= math.log(level_ppm)
    low = matters & (dense.log_ppm - passive.log_ppm < math.log(LOW_SHARE))
    if not low.any():
        return ()
    return (text("range.low", value=float(GRID_X_M[low.argmax()]), share=LOW_SHARE),)


def _both(key: str, model: Text, held: Text | None = None, **fields: object) -> Text:
    """Fill a message whose fields are themselves in two languages."""
    extra = held or Text(zh="", en="")
    zh = text(key, model=model.zh, held=extra.zh, **fields)
    en = text(key, model=model.en, held=extra.en, **fields)
    return Text(zh=zh.zh, en=en.en)
