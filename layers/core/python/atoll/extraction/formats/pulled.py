"""The output of a writer that pushes, as an iterator: it writes on a thread of its own."""

import io
from collections.abc import Buffer, Callable, Generator
from queue import Queue
from threading import Event, Thread
from typing import IO, cast

BLOCKS_WAITING = 4


class _Stopped(Exception):
    """Whoever pulled has gone."""


class _Sink(io.RawIOBase):
    """A file that hands on what is written to it, when there is room."""

    def __init__(self, blocks: "Queue[bytes | None]", stopped: Event) -> None:
        self._blocks = blocks
        self._stopped = stopped

    def writable(self) -> bool:
        """It can be written."""
        return True

    def write(self, data: Buffer) -> int:
        """Hand on.

        Raises:
            _Stopped: nobody wants it.
        """
        if self._stopped.is_set():
            raise _Stopped
        block = bytes(data)
        self._blocks.put(block)
        return len(block)


def pulled(write: Callable[[IO[bytes]], object]) -> Generator[bytes]:
    """What `write` writes, in order; a few blocks ahead of whoever asks for them.

    Raises:
        Exception: what `write` raises.
    """
    blocks: Queue[bytes | None] = Queue(BLOCKS_WAITING)
    stopped = Event()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            write(cast("IO[bytes]", _Sink(blocks, stopped)))
        except BaseException as error:  # noqa: BLE001 -- raised again where it is pulled
            failed.append(error)
        finally:
            blocks.put(None)

    thread = Thread(target=work, name="writer", daemon=True)
    thread.start()
    try:
        yield from iter(blocks.get, None)
    except BaseException:
        stopped.set()
        for _ in iter(blocks.get, None):
            pass  # it may wait for room
        raise
    if failed:
        raise failed[0]
