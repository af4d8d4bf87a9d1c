"""Parquet: the long table in row groups, compressed.

Global attributes are metadata of the Arrow schema, a variable's of its field. Readers that know
no Arrow find all of them as JSON under one key of the file's own metadata, `attributes`. One:
the library writes several in an order of chance, and the same work must give the same bytes.
"""

import json
from collections.abc import Iterator
from typing import IO, cast

from arro3.io import read_ipc_stream, write_parquet

from atoll.extraction.formats.arrow_stream import ArrowStream
from atoll.extraction.formats.long_table import LongTable
from atoll.extraction.formats.pulled import pulled
from atoll.extraction.formats.texts import as_text
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
        said = {name: as_text(value) for name, value in taken.attributes.items()}
        columns = {name: schema.field(name).metadata_str for name in schema.names}
        self._schema = schema.with_metadata(said)
        everything = {"global": said, "columns": columns}
        self._attributes = json.dumps(everything, ensure_ascii=False, sort_keys=True)

    @property
    def most_bytes(self) -> int:
        """See `writers.Streamed`."""
        cells = len(self._schema) * self._table.most_rows
        return FOOTER_BYTES + 8 * len(self._attributes) + cells * MOST_CELL_BYTES

    @property
    def cells_with_data(self) -> int:
        """See `writers.Streamed`."""
        return self._table.cells_with_data

    def blocks(self) -> Iterator[bytes]:
        """See `writers.Streamed`."""
        return pulled(self._write)

    def _write(self, file: IO[bytes]) -> None:
        batches = (batch.with_schema(self._schema) for batch in self._table.batches())
        rows = ArrowStream(self._schema, batches)
        try:
            write_parquet(
                read_ipc_stream(cast("IO[bytes]", rows)),
                file,
                compression=COMPRESSION,
                max_row_group_size=ROW_GROUP_ROWS,
                key_value_metadata={"attributes": self._attributes},
            )
        except Exception as error:
            if rows.failed is None:
                raise
            raise rows.failed from error  # the library tells its name alone
