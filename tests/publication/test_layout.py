"""What is read back is what the files hold, or nothing is committed."""

import icechunk
import numpy as np
import pytest

from atoll.errors import DataError
from atoll.publication.fields import Contents, Field
from atoll.publication.layout import Layout


def test_numbers_that_the_stored_type_cannot_hold_are_noticed():
    wide = np.array([1, 70_000], "i4")
    field = Field("v", ("x",), (2,), np.dtype("i2"), {}, lambda region: wide[region])
    store = icechunk.Repository.create(icechunk.in_memory_storage()).writable_session("main").store
    with pytest.raises(DataError, match="v: what was read back is not what was written"):
        Layout(store, "geo", {}).write(Contents("f", {"v": field}, {}, {"x": "X"}), 0)
