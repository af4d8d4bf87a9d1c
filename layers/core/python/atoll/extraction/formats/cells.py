"""Cells of a grid on their way into a table: read by box, then taken by node."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
from arro3.core import Array as Cells
from arro3.core import ChunkedArray
from numpy.typing import NDArray

from atoll.extraction.array_reader import Workers
from atoll.extraction.stream import Array, Stream
from atoll.planning.cut import Box


@dataclass(frozen=True, slots=True)
class Known:
    """Cells in memory.

    Attributes:
        cells: of a box in C order; one null behind them where some may be empty.
        empty: which of them are; None = none is.
        box: nodes of the output, one range for each dimension of the cells.
    """

    cells: Cells
    empty: NDArray[np.bool_] | None
    box: Box

    def at(self, nodes: Sequence[NDArray[np.intp]], rows: int) -> Cells:
        """Those of some rows, null where they are empty.

        Args:
            nodes: of the output, of each row along each dimension.
            rows: how many.
        """
        where = np.zeros(rows, np.intp)
        for along, taken in zip(self.box, nodes, strict=True):
            where = where * len(along) + (taken - along.start)
        if self.empty is not None:
            where = np.where(self.empty[where], self.empty.size, where)
        return self.cells.take(Cells.from_numpy(where))


@dataclass(frozen=True, slots=True)
class Filling:
    """Cells of a box, while they are read."""

    read: "Read"
    box: Box
    stored: Array
    futures: list[Future[None]]

    def known(self) -> Known:
        """Wait for them.

        Raises:
            DataError, Unavailable: see ArrayReader.
        """
        for future in self.futures:
            future.result()
        stream = self.read.stream
        values = np.ascontiguousarray(stream.finish(self.box, self.stored)).reshape(-1)
        cells = Cells.from_numpy(values.view(self.read.dtype))
        nullable = ChunkedArray([cells, Cells([None], type=cells.type)]).combine_chunks()
        return Known(nullable, stream.meant.empty(self.stored).reshape(-1), self.box)


@dataclass(frozen=True, slots=True)
class Read:
    """Cells that are read when they are wanted.

    Attributes:
        stream: reads them.
        dtype: in which the bits of what is written are shown.
    """

    stream: Stream
    dtype: np.dtype[np.generic]

    def begin(self, box: Box, workers: Workers) -> Filling:
        """Begin to read a box."""
        stored = np.empty(tuple(map(len, box)), self.stream.stored_dtype)
        return Filling(self, box, stored, self.stream.reader.fill(box, stored, workers))
