"""What was decoded and may be looked at again: of all files that are open, up to so many bytes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Protocol

_ENTRY_BYTES = 512  # about what Python needs beside an array's numbers


class Weighed(Protocol):
    """Arrays, and what consists of them."""

    @property
    def nbytes(self) -> int:
        """Of its numbers."""


class Kept[T: Weighed]:
    """Values by key; what was not asked for longest goes first, and the last one stays.

    Attributes:
        held_bytes: of all of them.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self.held_bytes = 0

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key; it is made where it is not there."""
        if key in self._values:
            self._values.move_to_end(key)
            return self._values[key]
        value = self._values[key] = make()
        self.held_bytes += value.nbytes + _ENTRY_BYTES
        while self.held_bytes > self._most_bytes and len(self._values) > 1:
            _, gone = self._values.popitem(last=False)
            self.held_bytes -= gone.nbytes + _ENTRY_BYTES
        return value
