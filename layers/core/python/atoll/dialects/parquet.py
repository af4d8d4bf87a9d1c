"""Rows of a table as a Parquet file. Whoever needs none should not load this: it loads Arrow."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import batched

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema, list_array
from arro3.io import write_parquet

from atoll.dialects.tables import Cell, Column, Kind

COMPRESSION = "zstd(3)"
# So many at a time are Python's objects; as Arrow's they take a tenth of the memory.
BATCH_ROWS = 8192
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

TYPES: Mapping[Kind, DataType] = {
    "text": DataType.string(),
    "texts": DataType.list(Field("item", DataType.string(), nullable=True)),
    "integer": DataType.int64(),
    "number": DataType.float64(),
    "flag": DataType.bool(),
    "time": DataType.timestamp("us", tz="UTC"),
}


def parquet_bytes[Row](columns: Sequence[Column[Row]], rows: Iterable[Row]) -> bytes:
    """A file; the same rows give the same bytes."""
    schema = Schema([Field(column.name, TYPES[column.kind], nullable=True) for column in columns])
    batches = [
        RecordBatch.from_arrays(
            [_array(column.kind, [column.cell(row) for row in batch]) for column in columns],
            schema=schema,
        )
        for batch in batched(rows, BATCH_ROWS, strict=False)
    ]
    file = io.BytesIO()
    write_parquet(RecordBatchReader.from_batches(schema, batches), file, compression=COMPRESSION)
    return file.getvalue()


def _array(kind: Kind, cells: Sequence[Cell]) -> Array:
    if kind == "time":
        counts = [_microseconds(cell) for cell in cells]
        return Array(counts, DataType.int64()).cast(TYPES[kind])
    if kind == "texts":
        return _lists([cell if isinstance(cell, tuple) else () for cell in cells])
    return Array(list(cells), TYPES[kind])


def _lists(cells: Sequence[tuple[str, ...]]) -> Array:
    offsets = [0]
    for texts in cells:
        offsets.append(offsets[-1] + len(texts))
    flat = Array([text for texts in cells for text in texts], DataType.string())
    return list_array(Array(offsets, DataType.int32()), flat, type=TYPES["texts"])


def _microseconds(cell: Cell) -> int | None:
    return (cell - EPOCH) // timedelta(microseconds=1) if isinstance(cell, datetime) else None
