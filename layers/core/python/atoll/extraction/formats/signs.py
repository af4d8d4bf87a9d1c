"""Integers whose sign is an attribute (NUG: `_Unsigned`), for formats that know no attribute."""

import numpy as np

from atoll.model.coverage import Variable


def shown_dtype(variable: Variable, dtype: np.dtype[np.generic]) -> np.dtype[np.generic]:
    """The type in which the bits of written values mean what the source means."""
    unsigned = str(variable.attributes.get("_Unsigned")).lower() == "true"
    return np.dtype(f"u{dtype.itemsize}") if unsigned and dtype.kind == "i" else dtype
