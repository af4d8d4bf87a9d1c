"""The files of a delivery that a virtual dataset refers to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import icechunk
import numpy as np

from atoll.model.product import Product
from atoll.publication.classic import read_classic
from atoll.publication.companions import variable_roles
from atoll.publication.fields import Contents, Numbers, Region
from atoll.publication.merge import Opened
from atoll.publication.repository import Target
from atoll.publication.times import in_units_of
from atoll.publication.virtual_archive import ArchiveBucket, Archived
from atoll.publication.virtual_chunks import FileChunks, NetCDF4File
from atoll.publication.virtual_classic import ClassicNumbers
from atoll.publication.work import Work

# Icechunk's `kind` of a chunk whose file is another one now; of one whose file is gone only S3's
# own word tells.
_CHANGED, _GONE = "virtual-chunk-modified", "NoSuchKey"


@dataclass(slots=True)
class VirtualFiles:
    """Files by number from 1, in the order of the delivery; variables by the dataset's names.

    Attributes:
        bucket: where they lie.
        product: its settings.
        paths: the same files on this machine.
    """

    bucket: ArchiveBucket
    product: Product
    paths: tuple[Path, ...]
    _found: dict[int, Archived] = field(default_factory=dict)
    _known: dict[tuple[int, str], FileChunks] = field(default_factory=dict)

    def archived(self, number: int) -> Archived:
        """Where a file lies in the bucket; asked once.

        Raises:
            DataError: it does not, or another one does.
            Unavailable: the bucket does not answer.
        """
        if number not in self._found:
            self._found[number] = self.bucket.find(self.paths[number - 1])
        return self._found[number]

    def chunks(self, number: int, name: str, axis: int | None) -> FileChunks:
        """Where a variable's chunks lie in a file; looked at once.

        Args:
            number: of the file.
            name: of the variable.
            axis: the T axis among its dimensions; None = it does not depend on time.

        Raises:
            DataError: it is stored in a way that cannot be referred to.
        """
        if (number, name) not in self._known:
            with _open(self.paths[number - 1]) as file:
                self._known[number, name] = file.chunks(self._in_file(name), axis)
        return self._known[number, name]

    def numbers(self, number: int, name: str, region: Region) -> Numbers:
        """A region's numbers, as a file holds them."""
        with _open(self.paths[number - 1]) as file:
            return file.read(self._in_file(name), region)

    def _in_file(self, name: str) -> str:
        return next((old for old, new in self.product.names.items() if new == name), name)


def _open(path: Path) -> NetCDF4File | ClassicNumbers:
    header = read_classic(path)
    return NetCDF4File(path) if header is None else ClassicNumbers(path, header)


def files_of(work: Work, target: Target) -> VirtualFiles | None:
    """The files of a delivery to a virtual dataset; None = the dataset is a copy."""
    archive = work.product.archive
    if archive is None:
        return None
    return VirtualFiles(ArchiveBucket(archive, target), work.product, work.files)


def refreshed(stored: Contents | None, operations: Sequence[Opened]) -> list[Opened]:
    """The operations of a delivery to a virtual dataset.

    A file that has changed in the archive, or has moved, cannot be compared with what it was,
    which is nowhere any more: to put it is to replace it.

    Args:
        stored: the dataset as it is; None = there is none yet.
        operations: each with its file's contents.
    """
    return [
        (replace(change, action="replace"), contents)
        if change.action == "put" and stored and contents and _is_lost(stored, contents)
        else (change, contents)
        for change, contents in operations
    ]


def _is_lost(stored: Contents, contents: Contents) -> bool:
    """Whether numbers at one of a file's times can no longer be read."""
    roles = variable_roles(stored)
    name = next(each for each, role in roles.items() if role == "data")
    read = stored.fields[name].read
    try:
        for region in _first_numbers(name, stored, contents):
            read(region)
    except icechunk.IcechunkError as error:
        if getattr(error, "kind", "") == _CHANGED or _GONE in str(error):
            return True
        raise
    return False


def _first_numbers(name: str, stored: Contents, contents: Contents) -> Iterator[Region]:
    """The first number of a variable at each time that is stored, and that a file has."""
    field, time = stored.fields[name], stored.time_field
    first = [slice(0, 1) for _ in field.shape]
    coming = in_units_of(contents, stored).time_field
    if time is None or coming is None:
        yield tuple(first)
        return
    axis = field.dimensions.index(time.name)
    for step in np.flatnonzero(np.isin(time.whole(), coming.whole())).tolist():
        yield (*first[:axis], slice(step, step + 1), *first[axis + 1 :])
