import pytest
from pydantic import ValidationError

from drillsim.data.transport import Oil, TransportFigures, oil, transport


def test_residual_capacity_is_the_published_table():
    # FHWA-HOP-13042, appendix C, table 40, four rows by hand
    rows = transport().road.residual
    assert rows[2] == (0.95, 0.81, 0.35, 0.0)
    assert rows[3] == (0.99, 0.83, 0.49, 0.17, 0.0)
    assert rows[4] == (0.99, 0.85, 0.58, 0.25, 0.13)
    assert rows[8] == (0.99, 0.93, 0.78, 0.63, 0.41)
    for row in rows.values():
        assert list(row) == sorted(row, reverse=True)


def test_more_lanes_keep_more_capacity():
    rows = transport().road.residual
    for kind in range(4):
        column = [rows[lanes][kind] for lanes in sorted(rows)]
        assert column == sorted(column)


def test_every_unverified_figure_lies_in_its_range():
    data = transport()
    for row in (*data.road.duration.values(),):
        assert row.low_s <= row.mean_s <= row.high_s
    for row in data.leeway.values():
        assert row.low <= row.downwind <= row.high


def test_oils_are_found_by_id_and_a_wrong_one_is_named():
    assert oil("light-crude").density_kg_m3 == 848
    assert oil(oil("light-crude")).name.en == "light crude oil"
    with pytest.raises(KeyError, match="known: heavy-fuel-oil, light-crude"):
        oil("olive")


def test_a_table_that_cites_nothing_is_refused():
    raw = transport().model_dump(mode="json")
    raw["oils"]["light-crude"]["source"] = "hearsay"
    with pytest.raises(ValidationError, match="no such source: hearsay"):
        TransportFigures.model_validate(raw)
    cuts = transport().oils["light-crude"].model_dump(mode="json") | {
        "cuts": [[0.1, 50], [0.1, 60]]
    }
    with pytest.raises(ValidationError, match="must rise"):
        Oil.model_validate(cuts)
