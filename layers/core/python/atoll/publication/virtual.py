"""A layout whose numbers stay in their producer's files: it refers to the chunks that lie there.

Coordinates, and whatever is no data, are copied: they are few, and may be repaired. Data must be
stored in all files alike, and is shown as it is stored.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import icechunk
import numpy as np
import zarr
from zarr.codecs import BytesCodec

from atoll.errors import DataError
from atoll.publication.companions import variable_roles
from atoll.publication.fields import Contents, Field, Number, Numbers, Region, moved, same
from atoll.publication.layout import Array, Layout, stored_attributes, time_axis
from atoll.publication.merge import Merged
from atoll.publication.timeline import STORED, Run
from atoll.publication.virtual_chunks import FileChunks
from atoll.publication.virtual_files import VirtualFiles


@dataclass(frozen=True)
class VirtualLayout(Layout):
    """A layout of chunks that lie in an archive.

    Attributes:
        files: of the delivery.
        merged: the dataset as it shall be.
    """

    files: VirtualFiles
    merged: Merged

    def _create(self, group: zarr.Group, field: Field, wanted: Contents) -> Array:
        if not self._is_referred(field.name):
            return super()._create(group, field, wanted)
        chunks = self._chunks(next(self._runs(range(1))).source, field)
        return group.create_array(
            field.name,
            shape=field.shape,
            dtype=field.dtype,
            chunks=chunks.lengths,
            serializer=BytesCodec(endian=chunks.endian),
            compressors=[dict(codec) for codec in chunks.codecs] or None,
            fill_value=_fill_value(field),
            attributes=dict(stored_attributes(field)),
            dimension_names=field.dimensions,
        )

    def _fill(self, array: Array, field: Field, region: Region, values: Numbers) -> None:
        if not self._is_referred(field.name):
            super()._fill(array, field, region, values)
            return
        references = list(self._references(array, field, region))
        self._check_numbers(field, region, values)
        self.session.store.set_virtual_refs(array.path, references)

    def _is_referred(self, name: str) -> bool:
        newest = self.merged.newest
        grows = self.merged.timeline is None or newest.time in newest.fields[name].dimensions
        return grows and variable_roles(newest).get(name) == "data"

    def _chunks(self, number: int, field: Field) -> FileChunks:
        return self.files.chunks(number, field.name, time_axis(field, self.merged))

    def _runs(self, steps: range) -> Iterator[Run]:
        """Which files steps are from; a dataset without a T axis is the newest file's."""
        if self.merged.timeline is None:
            yield Run(steps, len(self.files.paths), 0)
        else:
            yield from self.merged.timeline.runs(steps)

    def _references(
        self, array: Array, field: Field, region: Region
    ) -> Iterator[icechunk.VirtualChunkSpec]:
        """Of every chunk of a region that its file has written."""
        axis = time_axis(field, self.merged)
        grid = [range(each.start // length, -(-each.stop // length))
                for each, length in zip(region, array.chunks, strict=True)]  # fmt: skip
        for number in (0,) if axis is None else grid[axis]:
            run = self._origin(array, field, number)
            chunks, archived = self._chunks(run.source, field), self.files.archived(run.source)
            _check_alike(array, field, chunks)
            if axis is not None:
                grid[axis] = range(number, number + 1)
            for index in product(*grid):
                shift = 0 if axis is None else run.place // array.chunks[axis] - number
                place = chunks.places.get(
                    tuple(at + shift * (each == axis) for each, at in enumerate(index))
                )
                if place is not None:
                    yield icechunk.VirtualChunkSpec(
                        list(index), archived.url, place.offset, place.nbytes, archived.etag
                    )

    def _origin(self, array: Array, field: Field, number: int) -> Run:
        """The file's steps that a chunk along time is.

        Raises:
            DataError: it is not one file's chunk.
        """
        axis = time_axis(field, self.merged)
        if axis is None:
            return next(self._runs(range(1)))
        length = array.chunks[axis]
        steps = range(number * length, min((number + 1) * length, field.shape[axis]))
        run, *others = self._runs(steps)
        if others or run.source == STORED or run.place % length:
            raise DataError(
                f"{field.name}: times {steps.start} to {steps.stop - 1} would lie in one chunk of"
                f" {length}, which is not one of a file's: virtual datasets do not divide chunks",
                {"variable": field.name, "chunk_shape": [str(each) for each in array.chunks]},
            )
        return run

    def _check_numbers(self, field: Field, region: Region, values: Numbers) -> None:
        """The dataset's numbers are those of the files, bit for bit."""
        axis = time_axis(field, self.merged)
        begin = tuple(-each.start for each in region)
        steps = range(1) if axis is None else range(region[axis].start, region[axis].stop)
        for run in self._runs(steps):
            here, there = list(region), list(region)
            if axis is not None:
                here[axis] = slice(run.steps.start, run.steps.stop)
                there[axis] = slice(run.place, run.place + len(run.steps))
            stored = self.files.numbers(run.source, field.name, tuple(there))
            if not same(values[moved(tuple(here), begin)], stored):
                raise DataError(
                    f"{field.name}: the dataset would hold other numbers than its file: it has"
                    " several for no value, NaN beside its _FillValue, or the product sets"
                    " missing_values or fill_values; a virtual dataset has the file's own",
                    {"variable": field.name},
                )


def _fill_value(field: Field) -> Number:
    """Of chunks that were never written."""
    return 0 if field.fill_value is None else field.fill_value


def _check_alike(array: Array, field: Field, chunks: FileChunks) -> None:
    """A file's chunks are such as the array says.

    Raises:
        DataError: they are not.
    """
    metadata: Any = array.metadata.to_dict()
    serializer, *codecs = map(dict, metadata["codecs"])
    endian = serializer.get("configuration", {}).get("endian", chunks.endian)
    fill = [np.asarray(each, field.dtype) for each in (chunks.fill_value, _fill_value(field))]
    for what, there, here in (
        ("numbers of type", chunks.dtype.newbyteorder("="), field.dtype),
        ("byte order", chunks.endian, endian),
        ("chunks of", chunks.lengths, array.chunks),
        ("codecs", list(chunks.codecs), codecs),
    ):
        if there != here:
            raise DataError(
                f"{field.name}: {chunks.origin} has {what} {there}, the dataset {here};"
                " a virtual dataset needs files that are stored alike",
                {"variable": field.name},
            )
    if not chunks.is_whole and not same(*fill):
        raise DataError(
            f"{field.name}: {chunks.origin} has chunks that were never written, which mean"
            f" {fill[0]}, and in the dataset {fill[1]}",
            {"variable": field.name},
        )
