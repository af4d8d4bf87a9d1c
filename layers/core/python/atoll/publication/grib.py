"""Reads GRIB 1 and 2 as fields, by labels: every message has its place, and every place one."""

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import partial
from pathlib import Path
from typing import BinaryIO

import eccodes
import numpy as np
import numpy.typing as npt

from atoll.errors import DataError, InvalidParameter
from atoll.model.coverage import Attributes
from atoll.model.product import Product
from atoll.publication.fields import Contents, Field, Numbers, Region
from atoll.publication.grib_axes import Axes, axes_of
from atoll.publication.grib_grid import Frame, Grid, grid_of
from atoll.publication.grib_kept import Kept
from atoll.publication.grib_labels import (
    Label,
    Parameter,
    is_selected,
    label_of,
    opened,
)
from atoll.publication.grib_messages import FieldBytes, fields_of

_MISSING = -1e300  # no number of a field: the bitmap's points, until they are NaN
_MOST_SHOWN = 5

_DTYPE = np.dtype("<f4")

type Map = npt.NDArray[np.float32]

# Of all open files: several regions may look at one map, and files of one product lie on one grid.
_MAPS = Kept[Map](64 * 1024**2)
_GRIDS = Kept[Grid](32 * 1024**2)


@contextmanager
def open_grib(path: Path, product: Product) -> Iterator[Contents]:
    """Open one file; its fields can be read as long as the context lasts.

    Numbers are float32, as all readers of GRIB give them: it stores at most 24 significant bits
    as a rule. Missing ones are NaN.

    Raises:
        InvalidParameter: there is no such file.
        DataError: it is no GRIB, it is cut off, or its messages are not one field for each
            parameter, level, time and member.
    """
    if not path.is_file():
        raise InvalidParameter("FILE", str(path), "a GRIB file that exists is needed")
    with path.open("rb") as file:
        yield _File(file, path, product).contents()


@dataclass(frozen=True, slots=True)
class _File:
    """An open file.

    Attributes:
        mark: of what is kept of it; no other file has it, before or after.
    """

    file: BinaryIO
    path: Path
    product: Product
    mark: object = attribute(default_factory=object)

    def contents(self) -> Contents:
        index, first = self._index()
        label = next(iter(index))
        again = partial(self._grid, first, (first.edition, label.grid) if label.grid else self.mark)
        grid = again()
        with opened(self.file, first, self.path.name) as handle:
            centre = str(eccodes.codes_get_string(handle, "centreDescription"))
        axes = axes_of(list(index), self.path.name)
        places = _places(index, axes, self.path.name)
        fields = {each.name: each for each in (*axes.fields(), *grid.fields(again))}
        for parameter, found in places.items():
            fields[parameter.name] = self._field(parameter, found, axes, grid.frame)
        attributes: Attributes = {"Conventions": "CF-1.11", "institution": centre}
        return Contents(origin=self.path.name, fields=fields, attributes=attributes)

    def _index(self) -> tuple[Mapping[Label, FieldBytes], FieldBytes]:
        """Every field that the product selects, by its label; and the first of them."""
        index: dict[Label, FieldBytes] = {}
        for field in fields_of(self.file, self.path):
            with opened(self.file, field, self.path.name) as handle:
                label = label_of(handle) if is_selected(handle, self.product.grib) else None
            if label is None:
                continue
            if label in index:
                raise DataError(
                    f"{self.path.name}: fields {index[label].number} and {field.number} are both"
                    f" {label.told}; select one kind by grib.select in the product",
                    {"variable": label.parameter.name},
                )
            index[label] = field
        if not index:
            raise DataError(
                f"{self.path.name}: grib.select takes none of its fields; there are"
                f" {', '.join(self._kinds()) or 'none'}"
            )
        return index, next(iter(index.values()))

    def _kinds(self) -> list[str]:
        """What the file holds, selected or not."""
        kinds: set[str] = set()
        for field in fields_of(self.file, self.path):
            with opened(self.file, field, self.path.name) as handle:
                kinds.add(label_of(handle).parameter.told)
        return sorted(kinds)

    def _field(
        self, parameter: Parameter, places: Sequence[FieldBytes], axes: Axes, frame: Frame
    ) -> Field:
        dimensions = axes.dimensions(parameter)
        outer = tuple(axes.size(name) for name in dimensions)
        attributes: Attributes = {**dict(parameter.attributes), "_FillValue": "nan"}
        if coordinates := axes.coordinates(parameter):
            attributes["coordinates"] = coordinates
        numbers = np.arange(len(places)).reshape(outer)

        def read(region: Region) -> Numbers:
            wanted = numbers[region[: len(outer)]]
            inside = region[len(outer) :]
            sizes = [each.stop - each.start for each in inside]
            found = np.empty((wanted.size, *sizes), _DTYPE)
            for place, number in enumerate(wanted.ravel().tolist()):
                found[place] = self._map(places[number], frame)[inside]
            return found.reshape(*wanted.shape, *sizes)

        shape = (*outer, *frame.shape)
        return Field(
            parameter.name, (*dimensions, *frame.dimensions), shape, _DTYPE, attributes, read
        )

    def _grid(self, first: FieldBytes, key: Hashable) -> Grid:
        """The grid of the first field, and so of all."""

        def decoded() -> Grid:
            with opened(self.file, first, self.path.name) as handle:
                return grid_of(handle, self.path.name)

        return _GRIDS.get(key, decoded)

    def _map(self, field: FieldBytes, frame: Frame) -> Map:
        return _MAPS.get((self.mark, field.number), partial(self._decoded, field, frame))

    def _decoded(self, field: FieldBytes, frame: Frame) -> Map:
        with opened(self.file, field, self.path.name) as handle:
            eccodes.codes_set_double(handle, "missingValue", _MISSING)
            values = np.asarray(eccodes.codes_get_values(handle))
        if values.size != math.prod(frame.shape):
            raise DataError(
                f"{self.path.name}: field {field.number} has {values.size} numbers for"
                f" {math.prod(frame.shape)} points"
            )
        values[values == _MISSING] = np.nan
        return frame.arranged(values).astype(_DTYPE)


def _places(
    index: Mapping[Label, FieldBytes], axes: Axes, origin: str
) -> dict[Parameter, list[FieldBytes]]:
    """The fields of each parameter, in the order of its cells: as many as there are, and no more.

    Raises:
        DataError: some are missing.
    """
    grid = next(iter(index)).grid
    parameters = dict.fromkeys(label.parameter for label in index)
    wanted = {each: axes.labels(each, grid) for each in parameters}
    missing = [label for labels in wanted.values() for label in labels if label not in index]
    if missing:
        shown = ", ".join(label.told for label in missing[:_MOST_SHOWN])
        more = f" and {len(missing) - _MOST_SHOWN} more" if len(missing) > _MOST_SHOWN else ""
        expected = sum(len(labels) for labels in wanted.values())
        raise DataError(
            f"{origin}: {len(index)} fields for {expected} places, missing are {shown}{more};"
            " deliver them, or choose by grib.select in the product what is complete",
            {"variable": missing[0].parameter.name},
        )
    return {each: [index[label] for label in labels] for each, labels in wanted.items()}
