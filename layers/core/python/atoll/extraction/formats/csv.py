"""CSV (RFC 4180): one line of names, then one a row. Empty cells have no text.

Numbers are the shortest text that gives the same number in the variable's type.
"""

import csv
import io
from collections.abc import Iterator

from arro3.io import write_csv

from atoll.extraction.formats.columns import in_words
from atoll.extraction.formats.long_table import LongTable
from atoll.extraction.writers import Taken

MOST_CELL_BYTES = 32  # a double has 24 characters, a moment up to 27; and what separates


class CSV:
    """See `writers.Streamed`."""

    def __init__(self, taken: Taken) -> None:
        """Prepare.

        Raises:
            FormatUnfit, DataError, Unavailable: see LongTable.
        """
        self._table = LongTable(taken, in_words)
        names = io.StringIO()
        csv.writer(names).writerow(self._table.schema.names)
        self._first_line = names.getvalue().encode()

    @property
    def most_bytes(self) -> int:
        """See `writers.Streamed`."""
        row_bytes = len(self._table.schema) * MOST_CELL_BYTES
        return len(self._first_line) + self._table.most_rows * row_bytes

    @property
    def cells_with_data(self) -> int:
        """See `writers.Streamed`."""
        return self._table.cells_with_data

    def blocks(self) -> Iterator[bytes]:
        """See `writers.Streamed`."""
        yield self._first_line
        for batch in self._table.batches():
            lines = io.BytesIO()
            write_csv(batch, lines, header=False)
            # No cell has a line feed in it: they are numbers and moments.
            yield lines.getvalue().replace(b"\n", b"\r\n")
