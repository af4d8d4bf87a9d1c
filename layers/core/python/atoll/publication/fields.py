"""What a NetCDF file, a delivery or a stored group holds, in one form; values are read late."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from atoll.errors import DataError
from atoll.model.coverage import Attributes, Role

type Numbers = npt.NDArray[np.generic]
type Region = tuple[slice, ...]
type Number = int | float

# Gives a region's numbers as stored, in fresh memory that the caller may change. A region has
# one slice with start and stop for each dimension.
type Reader = Callable[[Region], Numbers]


@dataclass(frozen=True, slots=True)
class Field:
    """One array.

    Attributes:
        dtype: of what `read` gives: stored numbers, not unpacked.
        attributes: of CF; of a repaired field without `_FillValue` and `missing_value`.
        fill_value: the one number that stands for "no value" (it may be NaN); None = none does.
    """

    name: str
    dimensions: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: np.dtype[np.generic]
    attributes: Attributes
    read: Reader
    fill_value: Number | None = None

    def whole(self) -> Numbers:
        """All numbers. For coordinates: data fields may be larger than memory."""
        return self.read(tuple(slice(0, size) for size in self.shape))

    def text(self, attribute: str) -> str:
        """An attribute that CF defines as text; empty where it is missing or a number."""
        value = self.attributes.get(attribute)
        return value.strip() if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Contents:
    """Fields that belong together.

    Attributes:
        origin: where they come from, for messages: a file's name.
        roles: dimension -> role; a dimension that is no axis (bounds' columns) is not in it.
        groups: paths of a file's groups that hold variables; these are not among the fields.
    """

    origin: str
    fields: Mapping[str, Field]
    attributes: Attributes
    roles: Mapping[str, Role] = field(default_factory=dict)
    groups: tuple[str, ...] = ()

    @property
    def sizes(self) -> dict[str, int]:
        """Dimension -> size, in order of appearance.

        Raises:
            DataError: two fields disagree.
        """
        sizes: dict[str, int] = {}
        for each in self.fields.values():
            for name, size in zip(each.dimensions, each.shape, strict=True):
                if sizes.setdefault(name, size) != size:
                    raise DataError(
                        f"{self.origin}: dimension {name} has {sizes[name]} and {size} nodes"
                    )
        return sizes

    @property
    def time(self) -> str | None:
        """The dimension that grows: the T axis."""
        return next((name for name, role in self.roles.items() if role == "T"), None)

    @property
    def time_field(self) -> Field | None:
        """The T axis's coordinate variable."""
        return self.fields[self.time] if self.time is not None else None


def same(left: Numbers, right: Numbers) -> bool:
    """Equal numbers, NaN equal to NaN."""
    floating = left.dtype.kind == "f" and right.dtype.kind == "f"
    return left.shape == right.shape and np.array_equal(left, right, equal_nan=floating)


def moved(region: Region, place: tuple[int, ...]) -> Region:
    """The region, as many nodes further on every dimension."""
    return tuple(
        slice(each.start + before, each.stop + before)
        for each, before in zip(region, place, strict=True)
    )
