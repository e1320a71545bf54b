"""Units at the edge: what is read, what is refused, and what the refusal says."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from drillsim import units
from drillsim.units import clock, kind_of, parse
from drillsim.yamlio import Model


@pytest.mark.parametrize(
    ("written", "kind", "si"),
    [
        ("5 min", "duration", 300.0),
        ("1.5 h", "duration", 5400.0),
        ("30s", "duration", 30.0),
        ("2 d", "duration", 172800.0),
        ("300 m", "length", 300.0),
        ("10 mm", "length", 0.01),
        ("0.3 km", "length", 300.0),
        ("1 mi", "length", 1609.344),
        ("36 km/h", "speed", 10.0),
        ("10 kn", "speed", 5.14444),
        ("40 t", "mass", 40000.0),
        ("500 g", "mass", 0.5),
        ("1.9 kg/s", "mass-rate", 1.9),
        ("3.6 t/h", "mass-rate", 1.0),
        ("25 C", "temperature", 298.15),
        ("25 ℃", "temperature", 298.15),
        ("-34 C", "temperature", 239.15),
        ("300 K", "temperature", 300.0),
        ("6 bar", "pressure", 6e5),
        ("0.6 MPa", "pressure", 6e5),
        ("70 deg", "angle", 70.0),
        ("12 m3", "volume", 12.0),
        ("8 L/s", "volume-rate", 0.008),
        ("3600 /h", "frequency", 1.0),
        ("15 %", "share", 0.15),
        ("0.15", "share", 0.15),
        (0.15, "share", 0.15),
        ("1 mg/m3", "mass-concentration", 1.0),
        ("20 ppm", "fraction", 20.0),
        ("5 分钟", "duration", 300.0),
        ("2 公里", "length", 2000.0),
        ("1e3 m", "length", 1000.0),
    ],
)
def test_reads(written: object, kind: str, si: float) -> None:
    assert parse(written, kind) == pytest.approx(si, rel=1e-12)


@pytest.mark.parametrize("n", [1, 3, 7, 20, 90, 1000])
def test_equal_quantities_are_equal_floats(n: int) -> None:
    """Conversion must not leave a last bit behind, or digests would differ."""
    assert parse(f"{n} min", "duration") == parse(f"{n * 60} s", "duration")
    assert parse(f"{n / 60:.17g} h", "duration") == parse(f"{n} min", "duration")
    assert parse(f"{n * 3.6:.17g} km/h", "speed") == parse(f"{n} m/s", "speed")
    assert parse(f"{n / 1000:.17g} km", "length") == parse(f"{n} m", "length")


@pytest.mark.parametrize("bare", [5, 5.0, "5", " 5 ", "-3", 0])
@pytest.mark.parametrize("kind", ["duration", "length", "temperature", "angle", "mass"])
def test_a_bare_number_is_refused_with_an_example(bare: object, kind: str) -> None:
    with pytest.raises(ValueError, match="has no unit; write for example"):
        parse(bare, kind)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("5 km", "duration"), ("5 min", "length"), ("5 Min", "duration"), ("5 minutes", "duration"),
        ("min", "duration"), ("", "duration"), ("5 5 min", "duration"), ("five min", "duration"),
        ("nan min", "duration"), ("inf s", "duration"), ("5 F", "temperature"), ("5 M", "length"),
        (True, "duration"), (None, "duration"), ([5, "min"], "duration"), ({"min": 5}, "duration"),
        ("１ m", "mass"), ("5 % ", "length"),
    ],
)  # fmt: skip
def test_a_wrong_unit_is_refused_with_what_is_allowed(written: object, kind: str) -> None:
    with pytest.raises(ValueError, match=r"units: .*for example|has no unit"):
        parse(written, kind)


def test_the_refusal_names_the_units_and_an_example() -> None:
    with pytest.raises(ValueError, match=r"units: s, min, h, d, for example '5 min'"):
        parse("5 km", "duration")
    with pytest.raises(ValueError, match=r"units: C, K, for example '25 C'"):
        parse("5 km", "temperature")


def test_the_refusal_speaks_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with pytest.raises(ValueError, match="没有单位；请写成例如 '5 min'"):
        parse(5, "duration")


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("T+01:30", 5400.0), ("T+00:05", 300.0), ("T+01:30:15", 5415.0), ("T+100:00", 360000.0)],
)
def test_drill_time_is_hours_and_minutes(written: str, seconds: float) -> None:
    assert parse(written, "duration") == seconds


@pytest.mark.parametrize("written", ["1:30", "01:30", "T+1:60", "T+1:3", "T-01:30", "T+01:30 min"])
def test_a_time_of_day_is_no_duration(written: str) -> None:
    """YAML 1.1 would read 1:30 as 90; it is refused, and so is every half-way spelling."""
    with pytest.raises(ValueError, match="unit"):
        parse(written, "duration")


def test_drill_time_is_for_durations_only() -> None:
    with pytest.raises(ValueError, match="unit"):
        parse("T+01:30", "length")


@pytest.mark.parametrize(
    ("t_s", "said"),
    [(0.0, "T+00:00"), (59.4, "T+00:59"), (59.6, "T+01:00"), (3599.0, "T+59:59"),
     (3600.0, "T+1:00:00"), (5415.0, "T+1:30:15")],
)  # fmt: skip
def test_clock(t_s: float, said: str) -> None:
    assert clock(t_s) == said


@given(st.integers(0, 359_999))
def test_a_long_clock_reads_back(t_s: int) -> None:
    """From the first hour on the printed time is the one that files accept."""
    if t_s >= 3600:
        assert parse(clock(float(t_s)), "duration") == t_s


@given(st.floats(0, 1e9, allow_nan=False), st.sampled_from(["s", "min", "h", "d"]))
def test_any_finite_number_is_read(number: float, unit: str) -> None:
    seconds = parse(f"{number!r} {unit}", "duration")
    assert math.isfinite(seconds)
    assert seconds >= 0.0


@pytest.mark.parametrize(
    ("written", "kind"),
    [("5 min", "duration"), ("300 m", "length"), ("1 mg/m3", "mass-concentration"),
     ("20 ppm", "fraction"), ("15 %", "share"), ("2 kg/s", "mass-rate")],
)  # fmt: skip
def test_kind_of_a_written_quantity(written: str, kind: str) -> None:
    found = kind_of(written)
    assert found is not None
    assert found[1] == kind
    assert found[0] == pytest.approx(parse(written, kind))


def test_no_kind_for_a_word() -> None:
    assert kind_of("soon") is None


class Bag(Model):
    wait: units.Duration
    heat: units.Temperature = 300.0


def test_in_a_model() -> None:
    assert Bag(wait="5 min").wait == 300.0
    assert Bag.model_validate({"wait": "1 h", "heat": "0 C"}).heat == 273.15
    with pytest.raises(ValidationError, match="has no unit"):
        Bag(wait=300)


def test_the_schema_shows_an_example() -> None:
    schema = TypeAdapter(units.Duration).json_schema()
    assert schema == {"type": "string", "examples": ["5 min"], "description": "duration"}
    assert TypeAdapter(units.Share).json_schema()["type"] == ["string", "number"]


def test_an_infinite_quantity_is_refused() -> None:
    with pytest.raises(ValueError, match="units"):
        parse("1e999 min", "duration")
