"""Formats that one worker streams from the first byte to the last: tables and rasters."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from atoll.extraction.netcdf_file import AttributeValue
from atoll.extraction.prepare import Preparation
from atoll.extraction.stream import Crew, Stream


@dataclass(frozen=True, slots=True)
class Taken:
    """What is to be written.

    Attributes:
        prepared: plan and description.
        streams: of all planned variables, in the plan's order.
        attributes: global ones of the file.
        crew: threads to read and encode with.
    """

    prepared: Preparation
    streams: tuple[Stream, ...]
    attributes: dict[str, AttributeValue]
    crew: Crew


class Streamed(Protocol):
    """A file on its way. Memory does not grow with the request."""

    @property
    def most_bytes(self) -> int:
        """The file is no larger; only the size of its pieces on the way depends on it."""
        ...

    @property
    def cells_with_data(self) -> int:
        """Cells of data variables that are not fill, among what has been written so far."""
        ...

    def blocks(self) -> Iterator[bytes]:
        """The file's bytes in order, in pieces of any size.

        Raises:
            DataError, Unavailable: see ArrayReader.
            FormatUnfit: the format cannot hold them.
            TooLarge: the result does not fit on the worker's disk.
        """
        ...
