"""Parquet: the long table in row groups, compressed.

Global attributes are the file's key-value metadata; what a column is, is its Arrow field's
metadata and, for readers that know no Arrow, JSON under the key `columns`.
"""

import json
from collections.abc import Iterator
from typing import IO, cast

from arro3.io import read_ipc_stream, write_parquet

from atoll.extraction.formats.arrow_stream import ArrowStream
from atoll.extraction.formats.columns import as_text
from atoll.extraction.formats.long_table import LongTable
from atoll.extraction.formats.pulled import pulled
from atoll.extraction.writers import Taken

ROW_GROUP_ROWS = 2**20
COMPRESSION = "zstd(1)"
MOST_CELL_BYTES = 40  # text of moments; numbers have 8 at most, and a page's header is little
FOOTER_BYTES = 2**20


class Parquet:
    """See `writers.Streamed`."""

    def __init__(self, taken: Taken) -> None:
        """Prepare.

        Raises:
            FormatUnfit, DataError, Unavailable: see LongTable.
        """
        self._table = LongTable(taken)
        schema = self._table.schema
        columns = {name: schema.field(name).metadata_str for name in schema.names}
        self._said = {name: as_text(value) for name, value in taken.attributes.items()}
        self._said["columns"] = json.dumps(columns, ensure_ascii=False)

    @property
    def most_bytes(self) -> int:
        """See `writers.Streamed`."""
        said_bytes = sum(map(len, self._said.values()))
        cells = len(self._table.schema) * self._table.most_rows
        return FOOTER_BYTES + 4 * said_bytes + cells * MOST_CELL_BYTES

    @property
    def cells_with_data(self) -> int:
        """See `writers.Streamed`."""
        return self._table.cells_with_data

    def blocks(self) -> Iterator[bytes]:
        """See `writers.Streamed`."""
        return pulled(self._write)

    def _write(self, file: IO[bytes]) -> None:
        rows = ArrowStream(self._table.schema, self._table.batches())
        try:
            write_parquet(
                read_ipc_stream(cast("IO[bytes]", rows)),
                file,
                compression=COMPRESSION,
                max_row_group_size=ROW_GROUP_ROWS,
                key_value_metadata=self._said,
            )
        except Exception as error:
            if rows.failed is None:
                raise
            raise rows.failed from error  # the library tells its name alone
