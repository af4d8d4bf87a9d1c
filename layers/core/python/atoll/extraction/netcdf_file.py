"""What a file will hold, before a byte of it is laid out."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

type AttributeValue = str | list[str] | NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class FileVariable:
    """One variable.

    Attributes:
        name: of the variable.
        dtype: as it will be stored.
        dimensions: names, in order.
        attributes: in order; a NumPy array carries the attribute's exact type.
        values: small variables are written with the header; None = in chunks, elsewhere.
        chunk_shape: of a variable in chunks.
        fill: value of cells never written; None = the format's default.
    """

    name: str
    dtype: np.dtype[np.generic]
    dimensions: tuple[str, ...]
    attributes: dict[str, AttributeValue] = field(default_factory=dict)
    values: NDArray[np.generic] | None = None
    chunk_shape: tuple[int, ...] | None = None
    fill: NDArray[np.generic] | None = None


@dataclass(frozen=True, slots=True)
class FileContent:
    """One file.

    Attributes:
        dimensions: name -> length, in the order of their ids.
        variables: in order; one named like a dimension is its coordinate variable.
        attributes: global.
    """

    dimensions: dict[str, int]
    variables: tuple[FileVariable, ...]
    attributes: dict[str, AttributeValue]


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk that is encoded already.

    Attributes:
        variable: its name.
        origin: of its first cell.
        nbytes: as stored.
        crc32: of its bytes, where the format needs it.
    """

    variable: str
    origin: tuple[int, ...]
    nbytes: int
    crc32: int = 0
