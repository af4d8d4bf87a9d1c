"""The long table of a request, whatever file it is written to."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import prod

from arro3.core import RecordBatch, Schema

from atoll.extraction.formats.columns import columns_of
from atoll.extraction.formats.table import Column, Table
from atoll.extraction.writers import Taken


class LongTable:
    """Its schema and its rows.

    Attributes:
        most_rows: cells of the grid.
    """

    def __init__(
        self, taken: Taken, shown: Callable[[Column], Column] = lambda column: column
    ) -> None:
        """Prepare.

        Values are physical whatever the request says of packing: a table has no place for it.

        Args:
            taken: what is to be written.
            shown: a column as the file wants it.

        Raises:
            FormatUnfit: the data variables have not all the same dimensions.
            DataError, Unavailable: see ArrayReader.
        """
        plan = taken.prepared.plan.model_copy(update={"packing": "decode"})
        data = sum(map(taken.prepared.is_data, taken.streams))
        slab_bytes = taken.prepared.slab_bytes // max(1, data)  # a box of each is read at once
        prepared = replace(taken.prepared, plan=plan, slab_bytes=slab_bytes)
        streams = [prepared.stream(planned) for planned in plan.variables]
        self._workers = taken.crew.workers
        self._cut = next(stream.cut for stream in streams if prepared.is_data(stream))
        dimensions, columns = columns_of(prepared, streams, self._workers)
        self._table = Table(dimensions, list(map(shown, columns)))
        self.most_rows = prod(self._cut.shape)

    @property
    def schema(self) -> Schema:
        """Names and types of the columns, and what they are."""
        return self._table.schema

    @property
    def cells_with_data(self) -> int:
        """Of all data variables, in the rows given so far."""
        return self._table.cells_with_data

    def batches(self) -> Iterator[RecordBatch]:
        """All rows, see `Table`."""
        return self._table.batches(self._cut.slabs(), self._workers)
