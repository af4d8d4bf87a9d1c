"""A connection with an end: after a time, and after so many bytes of the answer."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Buffer


class Deadline:
    """A moment that comes, whatever anyone does to the clock."""

    def __init__(self, timeout_s: float) -> None:
        self._ends = time.monotonic() + timeout_s

    def left_s(self) -> float:
        """Seconds left.

        Raises:
            TimeoutError: none is left.
        """
        left_s = self._ends - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("the time is up")
        return left_s


class BoundedSocket:
    """As much of a socket as `http.client` uses, within a deadline and a number of bytes.

    A timeout of a socket is one of each call: whoever sends a byte a second would never meet it.
    """

    def __init__(self, connected: socket.socket, deadline: Deadline, most_bytes: int) -> None:
        """Take a socket over.

        Args:
            connected: it is closed with this one.
            deadline: of everything that is sent and received.
            most_bytes: that are received; more are a fault.
        """
        self._socket = connected
        self._deadline = deadline
        self._most_bytes = most_bytes

    def sendall(self, content: Buffer) -> None:
        """Send everything: a letter, which the system takes at once."""
        self._socket.settimeout(self._deadline.left_s())
        self._socket.sendall(content)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What is received, as a file."""
        return io.BufferedReader(_Received(self._socket, self._deadline, self._most_bytes))

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


class _Received(io.RawIOBase):
    def __init__(self, connected: socket.socket, deadline: Deadline, most_bytes: int) -> None:
        super().__init__()
        self._socket = connected
        self._deadline = deadline
        self._left_bytes = most_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        room = memoryview(buffer)
        if self._left_bytes == 0:
            raise OSError("the answer is too long")
        self._socket.settimeout(self._deadline.left_s())
        count = self._socket.recv_into(room, min(len(room), self._left_bytes))
        self._left_bytes -= count
        return count
