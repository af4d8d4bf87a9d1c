"""Rows as CSV and Parquet, read back by Python's own reader and by PyArrow."""

import csv
import io
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atoll.dialects.ledger import COLUMNS
from atoll.dialects.parquet import BATCH_ROWS, parquet_bytes
from atoll.dialects.tables import Column, csv_text
from atoll.model.entry import Entry
from atoll.model.extent import AxisExtent, Extent
from tests.contract.builders import T0, delivery, job

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"))
ROWS = st.lists(
    st.tuples(
        st.none() | TEXT,
        st.lists(TEXT, max_size=3).map(tuple),
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.floats(allow_nan=False),
        st.none() | st.booleans(),
        st.none() | st.datetimes(timezones=st.just(UTC)),
    ),
    max_size=20,
)
EVERY_KIND: tuple[Column[Any], ...] = (
    Column("text", "text", lambda row: row[0]),
    Column("texts", "texts", lambda row: row[1]),
    Column("integer", "integer", lambda row: row[2]),
    Column("number", "number", lambda row: row[3]),
    Column("flag", "flag", lambda row: row[4]),
    Column("time", "time", lambda row: row[5]),
)


def read(content):
    return pyarrow.parquet.read_table(io.BytesIO(content))


@settings(deadline=None)  # PyArrow takes its time at first
@given(ROWS)
def test_parquet_has_every_cell_as_it_was(rows):
    table = read(parquet_bytes(EVERY_KIND, rows))
    assert table.column_names == [column.name for column in EVERY_KIND]
    found = [tuple(row.values()) for row in table.to_pylist()]
    assert [(row[0], tuple(row[1]), *row[2:]) for row in found] == rows


def test_many_rows_come_as_they_are_taken():
    numbers = Column("number", "integer", int)
    count = 2 * BATCH_ROWS + 1
    table = read(parquet_bytes((numbers,), iter(range(count))))
    assert table.column("number").to_pylist() == list(range(count))


def test_parquet_of_no_rows_has_its_columns():
    table = read(parquet_bytes(COLUMNS, []))
    assert (table.num_rows, table.column_names) == (0, [column.name for column in COLUMNS])


def test_the_same_rows_give_the_same_bytes():
    lines = [Entry.of(job(), "reserved", T0)]
    assert parquet_bytes(COLUMNS, lines) == parquet_bytes(COLUMNS, lines)


def test_moments_are_of_utc():
    east = datetime(2026, 11, 1, 12, tzinfo=timezone(timedelta(hours=9)))
    column: Column[Any] = Column("at", "time", lambda _: east)
    assert read(parquet_bytes((column,), [0])).column("at").to_pylist() == [
        datetime(2026, 11, 1, 3, tzinfo=UTC)
    ]


@given(st.lists(TEXT))
def test_csv_is_read_as_it_was_but_for_formulas(texts):
    lines = csv_text(
        (Column("text", "text", lambda text: text), Column("n", "integer", len)), texts
    )
    (head, *rows) = csv.reader(io.StringIO(lines, newline=""))
    assert head == ["text", "n"]
    assert [row[0].removeprefix("'") for row in rows] == [text.removeprefix("'") for text in texts]
    assert [int(row[1]) for row in rows] == [len(text) for text in texts]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C'!A0"])
def test_no_spreadsheet_runs_a_cell(text):
    column: Column[Any] = Column("text", "text", lambda _: text)
    (_, (cell,)) = csv.reader(io.StringIO(csv_text((column,), [0]), newline=""))
    assert cell == f"'{text}"


def test_numbers_below_nought_stay_numbers():
    columns = (Column[Any]("n", "number", lambda n: n), Column[Any]("one", "integer", lambda _: 1))
    assert csv_text(columns, [-1.5, None]) == "n,one\r\n-1.5,1\r\n,1\r\n"


def test_csv_of_moments_and_several_texts():
    columns: tuple[Column[Any], ...] = (
        Column("at", "time", lambda _: T0),
        Column("names", "texts", lambda _: ("=a", "b")),
    )
    assert csv_text(columns, [0]) == "at,names\r\n2026-11-01T12:00:00+00:00,'=a;b\r\n"


def axis(role, name, units, first, last, **texts):
    return AxisExtent(name=name, role=role, units=units, count=2, first=first, last=last, **texts)


EXTENT = Extent(
    axes=(
        axis("T", "time", "days since 2026-01-01", 0, 1, first_text="2026-01-01T00:00:00Z",
             last_text="2026-01-02T00:00:00Z", days=2),
        axis("Z", "depth", "m", 0, 500),
        axis("Y", "lat", "degrees_north", 30, 60),
        axis("X", "lon", "degrees_east", -40, 30),
    ),
    native_rectangle=False,
)  # fmt: skip


def row_of(extent):
    ended = job().model_copy(
        update={"extent": extent, "status": "successful", "deliveries": (delivery(),),
                "started_at": T0 + timedelta(seconds=2), "profiles": ("navy", "public")}
    )  # fmt: skip
    line = Entry.of(ended, "settled", T0 + timedelta(seconds=5))
    (row,) = read(parquet_bytes(COLUMNS, [line])).to_pylist()
    return row


def test_a_line_of_the_ledger_as_a_row():
    row = row_of(EXTENT)
    assert (row["longitude_first"], row["longitude_last"]) == (-40, 30)
    assert (row["latitude_first"], row["latitude_last"]) == (30, 60)
    assert (row["depth_first"], row["depth_last"], row["depth_units"]) == (0, 500, "m")
    assert (row["time_first"], row["time_last"]) == ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
    assert (row["time_days"], row["waited_s"], row["ran_s"], row["total_s"]) == (2, 2, 3, 5)
    assert (row["created_at"], row["profiles"], row["tier"]) == (T0, ["navy", "public"], "small")
    assert (row["settled_bytes"], row["result_keys"]) == (800, ["results/job-1/subset.nc"])
    assert (row["host"], row["anonymous"], row["code"]) == (None, False, None)


def test_rows_and_columns_of_a_2d_grid_are_no_degrees():
    row = row_of(EXTENT.model_copy(update={"native_rectangle": True}))
    assert (row["longitude_first"], row["latitude_last"], row["depth_last"]) == (None, None, 500)


def test_an_order_of_a_dataset_without_axes_has_no_bounds():
    row = row_of(None)
    assert {row[name] for name in ("longitude_first", "time_first", "time_days")} == {None}


def test_every_field_of_a_line_is_a_column():
    told = {column.name for column in COLUMNS} | {"origin", "extent"}
    assert set(Entry.model_fields) <= told
