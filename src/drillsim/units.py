"""Units at the edge: files write "5 min" or "300 m", the inside holds SI floats."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from drillsim.i18n import catalogue, default_lang, say

catalogue(
    {
        "unit.bare": (
            "{value} 没有单位；请写成例如 {example!r}（可用单位：{units}）",
            "{value} has no unit; write for example {example!r} (units: {units})",
        ),
        "unit.range": (
            "{value!r} 超出范围；例如 {example!r}（可用单位：{units}）",
            "{value!r} is out of range; for example {example!r} (units: {units})",
        ),
        "unit.wrong": (
            "{value!r} 的单位不适用；可用单位：{units}，例如 {example!r}",
            "{value!r} has a unit that does not fit; units: {units}, for example {example!r}",
        ),
    }
)

_LINEAR: dict[str, dict[str, float]] = {
    "duration": {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0},
    "length": {"m": 1.0, "mm": 1e-3, "cm": 1e-2, "km": 1e3, "mi": 1609.344},
    "speed": {"m/s": 1.0, "km/h": 1 / 3.6, "kn": 0.514444},
    "mass": {"kg": 1.0, "g": 1e-3, "t": 1e3},
    "mass-rate": {"kg/s": 1.0, "kg/min": 1 / 60, "kg/h": 1 / 3600, "t/h": 1 / 3.6},
    "pressure": {"Pa": 1.0, "kPa": 1e3, "MPa": 1e6, "bar": 1e5},
    "angle": {"deg": 1.0},
    "volume": {"m3": 1.0, "L": 1e-3},
    "volume-rate": {"m3/s": 1.0, "L/s": 1e-3, "L/min": 1e-3 / 60},
    "frequency": {"/h": 1 / 3600, "/min": 1 / 60, "/s": 1.0},
    "share": {"": 1.0, "%": 0.01},
    "mass-concentration": {"mg/m3": 1.0, "g/m3": 1e3, "kg/m3": 1e6},
    "fraction": {"ppm": 1.0},
}
_EXAMPLE: dict[str, str] = {
    "duration": "5 min",
    "length": "300 m",
    "speed": "3 m/s",
    "mass": "40 t",
    "mass-rate": "1.9 kg/s",
    "pressure": "6 bar",
    "angle": "70 deg",
    "volume": "12 m3",
    "volume-rate": "8 L/s",
    "frequency": "1900 /h",
    "share": "15 %",
    "temperature": "25 C",
    "mass-concentration": "1 mg/m3",
    "fraction": "20 ppm",
}
_ALIASES = {"分钟": "min", "小时": "h", "秒": "s", "米": "m", "公里": "km", "°C": "C", "℃": "C"}
_QUANTITY = re.compile(r"^\s*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(\S*)\s*$")
_CLOCK = re.compile(r"^T\+(\d{1,3}):([0-5]\d)(?::([0-5]\d))?$")


def _units(kind: str) -> list[str]:
    return ["C", "K"] if kind == "temperature" else [u for u in _LINEAR[kind] if u]


def parse(value: object, kind: str) -> float:
    """Read a quantity of a kind ("duration", "length", ...) into its SI float.

    A bare number is refused except for shares; durations also accept `T+01:30` (h:min[:s]).
    Raises ValueError with the allowed units and an example.
    """
    allowed = ", ".join(_units(kind))
    lang = default_lang()
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(
            say("unit.wrong", lang, value=value, units=allowed, example=_EXAMPLE[kind])
        )
    if not isinstance(value, str):
        if kind == "share" and math.isfinite(value):
            return float(value)
        raise ValueError(say("unit.bare", lang, value=value, units=allowed, example=_EXAMPLE[kind]))
    if kind == "duration" and (clock := _CLOCK.match(value)):
        hours, minutes, seconds = (int(g or 0) for g in clock.groups())
        return float(hours * 3600 + minutes * 60 + seconds)
    match = _QUANTITY.match(value)
    if match:
        number, unit = float(match.group(1)), _ALIASES.get(match.group(2), match.group(2))
        if not unit and kind != "share":
            raise ValueError(
                say("unit.bare", lang, value=value, units=allowed, example=_EXAMPLE[kind])
            )
        if not math.isfinite(number) or (kind == "duration" and number < 0.0):
            raise ValueError(
                say("unit.range", lang, value=value, units=allowed, example=_EXAMPLE[kind])
            )
        if kind == "temperature" and unit in {"C", "K"}:
            return number + 273.15 if unit == "C" else number
        if kind != "temperature" and unit in _LINEAR[kind]:
            # 12 digits: far finer than any input, and equal quantities in other units stay equal
            return float(f"{number * _LINEAR[kind][unit]:.12g}")
    raise ValueError(say("unit.wrong", lang, value=value, units=allowed, example=_EXAMPLE[kind]))


def _quantity(kind: str) -> Any:
    def read(value: object) -> float:
        return parse(value, kind)

    schema = {"type": ["string", "number"] if kind == "share" else "string"}
    return (
        BeforeValidator(read),
        WithJsonSchema({**schema, "examples": [_EXAMPLE[kind]], "description": kind}),
    )


Duration = Annotated[float, *_quantity("duration")]
Length = Annotated[float, *_quantity("length")]
Speed = Annotated[float, *_quantity("speed")]
Mass = Annotated[float, *_quantity("mass")]
MassRate = Annotated[float, *_quantity("mass-rate")]
Temperature = Annotated[float, *_quantity("temperature")]
Pressure = Annotated[float, *_quantity("pressure")]
Angle = Annotated[float, *_quantity("angle")]
Volume = Annotated[float, *_quantity("volume")]
VolumeRate = Annotated[float, *_quantity("volume-rate")]
Frequency = Annotated[float, *_quantity("frequency")]
Share = Annotated[float, *_quantity("share")]
MassConcentration = Annotated[float, *_quantity("mass-concentration")]
Ppm = Annotated[float, *_quantity("fraction")]


def kind_of(value: str) -> tuple[float, str] | None:
    """Guess the kind of a written quantity from its unit: (SI value, kind), or None."""
    for kind in ("duration", "length", "mass-concentration", "fraction", "share", "mass-rate"):
        try:
            return parse(value, kind), kind
        except ValueError:
            continue
    return None


def clock(t_s: float) -> str:
    """Print drill time as `T+mm:ss`, or `T+h:mm:ss` from the first hour on."""
    total = round(t_s)
    hours, rest = divmod(total, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"T+{hours}:{minutes:02d}:{seconds:02d}" if hours else f"T+{minutes:02d}:{seconds:02d}"
