"""A long table: one row a cell of the grid that the data variables share.

Rows come box by box, as the source is stored, and in C order within each. An empty cell is
null; where no data variable has data there is no row.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from arro3.core import Field, RecordBatch, Schema
from numpy.typing import NDArray

from atoll.extraction.array_reader import Workers
from atoll.extraction.formats.cells import Filling, Known, Read
from atoll.planning.cut import Box

BATCH_ROWS = 2**16
BEGUN = 2  # boxes under way


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        field: its name, its type and what it is.
        dimensions: of its cells, in order; all of them are the grid's.
        source: all of its cells, or what reads them box by box.
        is_data: a row has one such cell at least that is not empty.
    """

    field: Field
    dimensions: tuple[str, ...]
    source: Known | Read
    is_data: bool = False


class Table:
    """Its columns, and its rows in batches.

    Attributes:
        schema: names and types of the columns, and what they are.
        cells_with_data: of all data variables, in the rows given so far.
    """

    def __init__(self, dimensions: tuple[str, ...], columns: Sequence[Column]) -> None:
        """Prepare.

        Args:
            dimensions: of the grid, in order.
            columns: in order; those with data are read, and have all dimensions.
        """
        self.schema = Schema([column.field for column in columns])
        self.cells_with_data = 0
        self._dimensions = dimensions
        self._columns = columns

    def batches(self, boxes: Iterator[Box], workers: Workers) -> Iterator[RecordBatch]:
        """The rows of some boxes of the grid, at most `BATCH_ROWS` at a time.

        Raises:
            DataError, Unavailable: see ArrayReader.
        """
        waiting = ((box, self._begin(box, workers)) for box in boxes)
        begun = deque(islice(waiting, BEGUN))
        while begun:
            box, fillings = begun.popleft()
            yield from self._rows(box, fillings)
            begun.extend(islice(waiting, 1))

    def _begin(self, box: Box, workers: Workers) -> list[Known | Filling]:
        along = dict(zip(self._dimensions, box, strict=True))
        return [
            column.source
            if isinstance(column.source, Known)
            else column.source.begin(tuple(along[name] for name in column.dimensions), workers)
            for column in self._columns
        ]

    def _rows(self, box: Box, fillings: list[Known | Filling]) -> Iterator[RecordBatch]:
        known = [filling if isinstance(filling, Known) else filling.known() for filling in fillings]
        full = [
            ~cells.empty
            for column, cells in zip(self._columns, known, strict=True)
            if column.is_data and cells.empty is not None
        ]
        self.cells_with_data += sum(int(np.count_nonzero(one)) for one in full)
        rows = np.flatnonzero(np.logical_or.reduce(full))
        for at in range(0, rows.size, BATCH_ROWS):
            yield self._batch(box, known, rows[at : at + BATCH_ROWS])

    def _batch(self, box: Box, known: list[Known], rows: NDArray[np.intp]) -> RecordBatch:
        within = np.unravel_index(rows, tuple(map(len, box))) if box else ()
        nodes = {
            name: taken + along.start
            for name, taken, along in zip(self._dimensions, within, box, strict=True)
        }
        cells = [
            one.at([nodes[name] for name in column.dimensions], rows.size)
            for column, one in zip(self._columns, known, strict=True)
        ]
        return RecordBatch.from_arrays(cells, schema=self.schema)
