"""What a repository holds, in the same form as what files hold."""

import base64
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import zarr
from icechunk import IcechunkStore
from zarr.core.metadata import ArrayV2Metadata, ArrayV3Metadata
from zarr.errors import GroupNotFoundError

from atoll.errors import DataError
from atoll.model.coverage import Attributes
from atoll.model.product import LayoutName, Product
from atoll.publication.axes import find_roles
from atoll.publication.fields import Contents, Field, Number, Numbers, Region
from atoll.publication.source import plain

type Arrays = Mapping[str, zarr.Array[ArrayV3Metadata]]

LAYOUTS: tuple[LayoutName, ...] = ("geo", "time")
# Of the repository's root: which fields there are, in order; and the product's settings.
FIELDS_ATTRIBUTE = "fields"
PRODUCT_ATTRIBUTE = "product"


@dataclass(frozen=True, slots=True)
class Stored:
    """A dataset as it is.

    Attributes:
        contents: of the first layout: all hold the same.
        arrays: layout -> name -> array.
        mode: whether they hold the numbers, or refer to them.
    """

    contents: Contents
    arrays: Mapping[LayoutName, Arrays]
    mode: str

    def of(self, layout: LayoutName) -> Contents:
        """The same contents, read from a layout's own arrays."""
        arrays = self.arrays[layout]
        fields = {name: _field(array, name) for name, array in arrays.items()}
        return replace(self.contents, fields=fields)


def read_stored(store: IcechunkStore, product: Product) -> Stored | None:
    """What is stored; None = nothing yet.

    Raises:
        DataError: its axes cannot be told with this product.
    """
    try:
        root = zarr.open_group(store, mode="r", zarr_format=3)
    except GroupNotFoundError:
        return None
    names = root.attrs.get(FIELDS_ATTRIBUTE)
    if not isinstance(names, list):
        return None
    ordered = [str(name) for name in names]
    arrays = {layout: _arrays(root, layout, ordered) for layout in LAYOUTS if layout in root}
    attributes = group_of(root, LAYOUTS[0]).attrs.asdict()
    contents = Contents(
        origin="the dataset",
        fields={name: _field(array, name) for name, array in arrays[LAYOUTS[0]].items()},
        attributes={key: plain(value) for key, value in attributes.items()},
    )
    told = root.attrs.get(PRODUCT_ATTRIBUTE)
    mode = str(told.get("mode", "copy")) if isinstance(told, dict) else "copy"
    return Stored(replace(contents, roles=find_roles(contents, product.roles)), arrays, mode)


def group_of(root: zarr.Group, layout: LayoutName) -> zarr.Group:
    """A layout's group.

    Raises:
        DataError: there is none.
    """
    group = root.get(layout)
    if not isinstance(group, zarr.Group):
        raise DataError(f"the repository has no group {layout}")
    return group


def _arrays(root: zarr.Group, layout: LayoutName, names: list[str]) -> Arrays:
    arrays = dict(group_of(root, layout).arrays())
    return {name: arrays[name] for name in names}


def _field(array: zarr.Array[ArrayV3Metadata], name: str) -> Field:
    attributes = {key: plain(value) for key, value in array.attrs.asdict().items()}

    def read(region: Region) -> Numbers:
        return np.array(array[region], dtype=array.dtype)

    return Field(
        name=name,
        dimensions=_dimensions(array.metadata),
        shape=array.shape,
        dtype=array.dtype,
        attributes={key: value for key, value in attributes.items() if key != "_FillValue"},
        read=read,
        fill_value=_fill_value(attributes, array.dtype),
    )


def _dimensions(metadata: ArrayV2Metadata | ArrayV3Metadata) -> tuple[str, ...]:
    names = metadata.dimension_names if isinstance(metadata, ArrayV3Metadata) else None
    return tuple(name or "" for name in names or ())


def _fill_value(attributes: Attributes, dtype: np.dtype[np.generic]) -> Number | None:
    told = attributes.get("_FillValue")
    if isinstance(told, str) and dtype.kind == "f":
        number: float = struct.unpack("<d", base64.standard_b64decode(told))[0]
        return number
    return int(told) if isinstance(told, int | float) else None
