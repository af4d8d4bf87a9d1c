"""Record batches as a file in Arrow's stream format, made while it is read.

So a library that takes a stream of batches is given one batch at a time, and memory is
bounded; handed an iterable of batches, it collects all of them first.
"""

import io
from collections.abc import Buffer, Iterator

from arro3.core import RecordBatch, Schema, Table
from arro3.io import write_ipc_stream

END = b"\xff\xff\xff\xff\0\0\0\0"


class ArrowStream(io.RawIOBase):
    """The file.

    Attributes:
        failed: what the batches have raised; None = nothing yet.
    """

    def __init__(self, schema: Schema, batches: Iterator[RecordBatch]) -> None:
        """Begin.

        Args:
            schema: of all batches.
            batches: taken one by one.
        """
        self.failed: BaseException | None = None
        self._begin = _stream(schema.empty_table())[: -len(END)]
        self._parts = self._messages(batches)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Read on."""
        if not self._rest:
            self._rest = memoryview(next(self._parts, b""))
        view = memoryview(buffer)
        given = self._rest[: view.nbytes]
        view[: given.nbytes] = given
        self._rest = self._rest[given.nbytes :]
        return given.nbytes

    def _messages(self, batches: Iterator[RecordBatch]) -> Iterator[bytes]:
        yield self._begin
        try:
            for batch in batches:
                yield _stream(batch)[len(self._begin) : -len(END)]
        except BaseException as error:
            self.failed = error
            raise
        yield END


def _stream(what: RecordBatch | Table) -> bytes:
    file = io.BytesIO()
    write_ipc_stream(what, file)
    return file.getvalue()
