"""CSV and Parquet hold the rows that pandas makes of the NetCDF-4 result in physical values."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from atoll.errors import FormatUnfit
from atoll.extraction.formats import columns
from atoll.model.plan import Piece
from atoll.model.request import Format
from tests.extraction.builders import Field, axis_of
from tests.extraction.datasets import GRID, PACKED, curvilinear, ocean, publish
from tests.extraction.made import Order
from tests.extraction.stores import Shelf

pytestmark = pytest.mark.slow

TABLES: list[Format] = ["csv", "parquet"]
ACROSS = {
    "longitude": (Piece(start=32, stop=36, shift=-360.0), Piece(start=0, stop=30)),
    "latitude": (Piece(start=17, stop=4, step=-2),),
    "time": (Piece(start=1, stop=6),),
}


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)


def in_order(frame: pd.DataFrame, dimensions: list[str]) -> pd.DataFrame:
    """Rows in order of place; moments as text, the one form that all calendars have."""
    if not pd.api.types.is_numeric_dtype(frame["time"]):
        texts = [each if isinstance(each, str) else each.isoformat() for each in frame["time"]]
        frame = frame.assign(time=[text[:19] for text in texts])
    return frame.sort_values(dimensions).reset_index(drop=True)


def assert_rows(path: Path, order: Order, dimensions: list[str], names: list[str]) -> pd.DataFrame:
    """The file has the rows of the oracle, equal to the last bit; give them."""
    opened = order.decoded()[names]
    expected = opened.to_dataframe().dropna(how="all", subset=names).reset_index()
    found = read(path)
    assert list(found.columns[: len(dimensions)]) == dimensions
    kinds = {name: expected[name].dtype for name in found.columns if name != "time"}
    found, expected = (in_order(one, dimensions) for one in (found.astype(kinds), expected))
    pd.testing.assert_frame_equal(found, expected[[*found]], rtol=0, atol=0, check_dtype=False)
    return found


@pytest.mark.parametrize("slab_bytes", [8 * 2**20, 3000])
@pytest.mark.parametrize("taken", [{}, ACROSS], ids=["whole", "across"])
@pytest.mark.parametrize("form", TABLES)
def test_every_cell_with_data_is_a_row(form, taken, slab_bytes, shelf, folder):
    order = Order(ocean(shelf), folder, taken)
    path, with_data = order.made(form, slab_bytes=slab_bytes)
    found = assert_rows(path, order, list(GRID), ["thetao", "so"])
    assert list(found) == [*GRID, "thetao", "so"]
    assert with_data == found["thetao"].count() + found["so"].count() > 1000


@pytest.mark.parametrize("in_memory", [columns.IN_MEMORY_CELLS, 0])
@pytest.mark.parametrize("form", TABLES)
def test_coordinates_of_a_2d_grid_are_columns(form, in_memory, shelf, folder, monkeypatch):
    monkeypatch.setattr(columns, "IN_MEMORY_CELLS", in_memory)
    order = Order(curvilinear(shelf), folder, {"y": (Piece(start=3, stop=20, step=2),)})
    path = order.file(form, slab_bytes=500)
    found = read(path)
    assert list(found) == ["time", "y", "x", "nav_lon", "nav_lat", "tos"]
    assert sorted(set(found["y"])) == list(range(3, 20, 2))  # nodes of the native grid
    assert_rows_of_nodes(found, order)


def assert_rows_of_nodes(found: pd.DataFrame, order: Order) -> None:
    opened = order.decoded()
    times = sorted(set(found["time"]))
    assert times == [f"2000-01-0{day}T00:00:00Z" for day in (1, 2, 3, 4)]  # of 360 days a year
    place = (
        found["time"].map(times.index).to_numpy(),
        (found["y"].to_numpy() - 3) // 2,
        found["x"].to_numpy(),
    )
    assert len(found) == opened["tos"].size
    assert np.array_equal(found["tos"].astype("f4"), opened["tos"].to_numpy()[place])
    for name in ("nav_lon", "nav_lat"):
        assert np.array_equal(found[name], opened[name].to_numpy()[place[1:]])


@pytest.mark.parametrize("form", TABLES)
def test_a_cell_that_one_variable_lacks_is_empty_there(form, shelf, folder):
    a = np.array([[1, -1, 3], [-1, -1, 6]], "<i4")
    b = np.array([[np.nan, 2, 3], [np.nan, 5, 1e20]], "<f8")
    fields = {
        "a": Field(("time", "x"), a, {"_FillValue": -1}),
        "b": Field(("time", "x"), b, {"missing_value": 1e20}),
    }
    order = Order(publish(shelf, fields, [axis_of("time", (0, 1)), axis_of("x", "123")]), folder)
    path, with_data = order.made(form)
    found = read(path)
    assert with_data == 6
    assert found["x"].tolist() == [1, 2, 3, 2, 3]
    assert found["a"].astype(object).where(found["a"].notna(), None).tolist() == [
        1,
        None,
        3,
        None,
        6,
    ]
    assert found["b"].astype(object).where(found["b"].notna(), None).tolist() == [
        None,
        2,
        3,
        5,
        None,
    ]


@pytest.mark.parametrize("form", TABLES)
def test_without_any_data_there_are_columns_and_no_row(form, shelf, folder):
    fields = {"v": Field(("time", "x"), np.full((2, 3), np.nan, "<f4"))}
    order = Order(publish(shelf, fields, [axis_of("time", (0, 1)), axis_of("x", "123")]), folder)
    path, with_data = order.made(form)
    assert (list(read(path)), len(read(path)), with_data) == (["time", "x", "v"], 0, 0)


@pytest.mark.parametrize("form", TABLES)
def test_bits_are_shown_with_the_sign_that_they_have(form, shelf, folder):
    fields = {
        "flags": Field(("x",), np.array([1, -1, -128, 7], "<i1"), {"_Unsigned": "true"}),
        "count": Field(("x",), np.array([1, 2, 3, 2**53], "<u8"), {"_FillValue": 3}),
        "packed": Field(
            ("x",),
            np.array([1, -1, -2, 7], "<i2"),
            {"_Unsigned": "true", "scale_factor": 0.001, "add_offset": 20.0, "_FillValue": -2},
            packed=PACKED,
        ),
    }
    found = read(Order(publish(shelf, fields, [axis_of("x", "1234")]), folder).file(form))
    assert found["flags"].tolist() == [1, 255, 128, 7]
    assert found["count"].notna().tolist() == [True, True, False, True]
    physical = np.array([20.001, 85.535, np.nan, 20.007], "<f4")
    assert np.array_equal(found["packed"].astype("f4"), physical, equal_nan=True)


@pytest.mark.parametrize("form", TABLES)
def test_places_without_coordinates_are_numbered(form, shelf, folder):
    """A band, a scalar coordinate, a coordinate along one axis."""
    fields = {
        "v": Field(("x", "band"), np.arange(6, dtype="<i4").reshape(3, 2)),
        "height": Field((), np.array(2.0, "<f8"), {"units": "m"}, role="auxiliary"),
        "name": Field(("x",), np.array([7, 8, 9], "<i2"), role="auxiliary"),
        "other": Field(("corner",), np.array([7, 8], "<i2"), role="auxiliary"),
        "band_bnds": Field(("band", "corner"), np.zeros((2, 2)), role="bounds"),
    }
    found = read(Order(publish(shelf, fields, [axis_of("x", (5, 6, 7))]), folder).file(form))
    assert found.to_dict("list") == {
        "x": [5, 5, 6, 6, 7, 7],
        "band": [0, 1, 0, 1, 0, 1],
        "height": [2.0] * 6,
        "name": [7, 7, 8, 8, 9, 9],
        "v": [0, 1, 2, 3, 4, 5],
    }


@pytest.mark.parametrize("form", TABLES)
def test_a_single_number_is_one_row(form, shelf, folder):
    found = read(Order(publish(shelf, {"v": Field((), np.array(4.5))}, []), folder).file(form))
    assert found.to_dict("list") == {"v": [4.5]}


TIMES: dict[str, Any] = {
    "usual": (
        {"units": "hours since 1999-12-31 22:30"},
        [1.5, 2],
        ["2000-01-01", "2000-01-01 00:30"],
    ),
    "milliseconds": (
        {"units": "s since 1970-01-01"},
        [0.25, 1e9],
        ["1970-01-01 00:00:00.250", "2001-09-09 01:46:40"],
    ),
    "proleptic": (
        {"calendar": "proleptic_gregorian", "units": "days since 0001-01-01"},
        [0],
        ["0001-01-01"],
    ),
}
TEXTS: dict[str, Any] = {
    "julian days": (
        {"units": "days since 1582-10-04"},
        [0, 1],
        ["1582-10-04T00:00:00Z", "1582-10-15T00:00:00Z"],
    ),
    "360_day": ({"calendar": "360_day"}, [59], ["2000-02-30T00:00:00Z"]),
    "far": (
        {"calendar": "proleptic_gregorian", "units": "days since 9999-12-31"},
        [0, 1],
        ["9999-12-31T00:00:00Z", "10000-01-01T00:00:00Z"],
    ),
    "climatology": ({"climatology": True}, [15.5], [15.5]),
    "months": ({"units": "months since 2000-01-01"}, [0, 1], [0, 1]),
}


def times(shelf: Shelf, folder: Path, said: dict[str, Any], values: list[float]) -> Order:
    attributes = {name: value for name, value in said.items() if name != "climatology"}
    axis = axis_of("time", values, attributes=attributes, **said)
    fields = {"v": Field(("time",), np.arange(len(values), dtype="<i4"))}
    return Order(publish(shelf, fields, [axis]), folder)


@pytest.mark.parametrize("case", TIMES)
def test_times_of_the_usual_calendar_are_instants(case, shelf, folder):
    said, values, moments = TIMES[case]
    order = times(shelf, folder, said, values)
    expected = [pd.Timestamp(moment, tz="UTC") for moment in moments]
    assert pd.read_parquet(order.file("parquet"))["time"].tolist() == expected
    texts = pd.read_csv(order.file("csv"))["time"].tolist()
    assert [pd.Timestamp(text) for text in texts] == expected


@pytest.mark.parametrize("form", TABLES)
@pytest.mark.parametrize("case", TEXTS)
def test_other_times_are_text_or_the_numbers_that_they_are(case, form, shelf, folder):
    said, values, shown = TEXTS[case]
    assert read(times(shelf, folder, said, values).file(form))["time"].tolist() == shown


@pytest.mark.parametrize("form", TABLES)
def test_variables_of_two_grids_are_no_table(form, shelf, folder):
    fields = {
        "v": Field(("x",), np.zeros(3)),
        "w": Field(("time", "x"), np.zeros((2, 3))),
    }
    axes = [axis_of("time", (0, 1)), axis_of("x", (5, 6, 7))]
    with pytest.raises(FormatUnfit, match=r"v\(x\), w\(time, x\)"):
        Order(publish(shelf, fields, axes), folder).file(form)
