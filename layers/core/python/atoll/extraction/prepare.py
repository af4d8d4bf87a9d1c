"""From a plan and a description to streams of values: what is read, how it is written."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from atoll.errors import DataError, FormatUnfit
from atoll.extraction.array_reader import ArrayReader
from atoll.extraction.attributes import in_type, numbers
from atoll.extraction.chunk_source import ChunkSource
from atoll.extraction.stored_array import StoredArray, parse_array
from atoll.extraction.stream import Reader, Stream
from atoll.extraction.values import Meaning, meaning, moved_as
from atoll.model.coverage import Coverage, Store, Variable
from atoll.model.plan import SubsetPlan, VariablePlan
from atoll.planning.parts import Pieces, streamed, variable_cut, variable_pieces

type OpenSource = Callable[[Store, str], ChunkSource]


@dataclass(frozen=True, slots=True)
class Preparation:
    """What every stream of one extraction shares.

    Attributes:
        coverage: of the plan's revision.
        plan: what is taken.
        open_source: store and revision -> source.
        slab_bytes: see `planning.cut`.
    """

    coverage: Coverage
    plan: SubsetPlan
    open_source: OpenSource
    slab_bytes: int

    def stream(self, planned: VariablePlan) -> Stream:
        """Prepare one variable.

        Raises:
            DataError: the description does not fit the plan, or itself.
            FormatUnfit: NetCDF has no such type.
            Unavailable: the store did not answer.
        """
        variable = self._variable(planned)
        pieces = variable_pieces(self.plan, self.coverage, variable)
        grid = variable.grids[planned.layout]
        array = parse_array(grid.path, grid.metadata)
        self._check_shape(variable, array)
        source = self.open_source(self.coverage.layouts[planned.layout], self.coverage.revision)
        label = f"{self.plan.dataset}/{variable.name}"
        reader, dtype = open_reader(label, array, pieces, source)
        if dtype.kind not in "iufb":
            raise FormatUnfit(f"{label}: values of type {dtype} cannot be written as NetCDF-4")
        meant = meaning(variable, dtype, self.plan.packing)
        shifts = self._shifts(variable, pieces)
        if shifts is not None and meant.unpack is None:
            still_packed = variable.packed is not None
            shifts = shifts / (variable.packed.scale_factor if variable.packed else 1.0)
            meant = replace(meant, dtype=moved_as(meant.dtype, packed=still_packed))
        return Stream(
            name=variable.name,
            reader=reader,
            stored_dtype=dtype,
            meant=meant,
            cut=variable_cut(self.plan, self.coverage, planned, self.slab_bytes),
            fill=fill_of(variable, meant),
            shifts=shifts,
        )

    def is_data(self, stream: Stream) -> bool:
        """Say whether users ask for it, and its cells are counted."""
        return self.coverage.variable_by_name[stream.name].role == "data"

    def in_chunks(self, stream: Stream) -> bool:
        """Say whether it is streamed, in chunks; small companions go with the header."""
        planned = next(one for one in self.plan.variables if one.name == stream.name)
        return streamed(self.plan, self.coverage, planned)

    def _variable(self, planned: VariablePlan) -> Variable:
        variable = self.coverage.variable_by_name.get(planned.name)
        if (
            variable is None
            or planned.layout not in variable.grids
            or planned.layout not in self.coverage.layouts
        ):
            raise DataError(
                f"{self.plan.dataset}: the description has no variable {planned.name!r} "
                f"in the layout {planned.layout!r}"
            )
        return variable

    def _check_shape(self, variable: Variable, array: StoredArray) -> None:
        lengths = self.coverage.other_dimensions | {
            axis.name: axis.size for axis in self.coverage.axes
        }
        described = tuple(lengths[name] for name in variable.dimensions)
        if array.shape != described:
            raise DataError(
                f"{self.plan.dataset}/{variable.name}: stored with shape {array.shape}, "
                f"described with {described}"
            )

    def _shifts(self, variable: Variable, pieces: Pieces) -> NDArray[np.float64] | None:
        """Degrees to add to bounds of longitudes that lie beyond the seam."""
        for axis, name in enumerate(variable.dimensions):
            coordinate = self.coverage.axis_by_name.get(name)
            bounds = coordinate.attributes.get("bounds") if coordinate else None
            if bounds == variable.name and any(piece.shift for piece in pieces[axis]):
                along = np.concatenate(
                    [np.full(len(piece.indices), piece.shift) for piece in pieces[axis]]
                )
                return along.reshape([-1 if d == axis else 1 for d in range(len(pieces))])
        return None


def open_reader(
    label: str, array: StoredArray, pieces: Pieces, source: ChunkSource
) -> tuple[Reader, np.dtype[np.generic]]:
    """A reader, and the type of what it reads. What is unknown here goes to zarr itself."""
    if array.chain is not None:
        return ArrayReader(label, array, array.chain, pieces, source), array.chain.dtype
    # Lazily: zarr costs more to import than all the rest, and is rarely needed.
    from atoll.extraction.zarr_reader import ZarrReader  # noqa: PLC0415

    reader = ZarrReader(label, array, pieces, source)
    return reader, reader.dtype


def fill_of(variable: Variable, meant: Meaning) -> NDArray[np.generic]:
    """What the rest of a chunk at the array's edge is full of, in the written type."""
    if meant.unpack is not None:
        return np.array(np.nan, meant.dtype)
    items = numbers(variable.attributes.get("_FillValue", [])) or []
    made = in_type(items[:1], meant.dtype)
    return np.zeros((), meant.dtype) if made is None or not made.size else made.reshape(())
