"""Numbers that shall not change are compared a piece at a time."""

import numpy as np
import pytest

from atoll.errors import DataError
from atoll.publication.alike import check_alike
from atoll.publication.chunks import COPIED_AT_ONCE_BYTES
from atoll.publication.compare import check_fixed
from atoll.publication.fields import Contents, Field

SHAPE = (2, 8192, 8192)  # bytes: twice what is read at once


def file(last=0, shape=SHAPE, looks=None):
    """One variable without time, 0 but for its last number; how much each look reads is kept."""

    def read(region):
        values = np.zeros([each.stop - each.start for each in region], "i1")
        if [each.stop for each in region] == list(shape):
            values[-1, -1, -1] = last
        if looks is not None:
            looks.append(values.nbytes)
        return values

    field = Field("depth", ("level", "y", "x"), shape, np.dtype("i1"), {"units": "m"}, read)
    return Contents("f", {"depth": field}, {}, {})


@pytest.mark.parametrize("check", [check_fixed, check_alike])
def test_a_field_without_time_is_never_read_at_once(check):
    looks: list[int] = []
    check(file(looks=looks), file(looks=looks))
    assert sum(looks) == 2 * np.prod(SHAPE)
    assert max(looks) <= COPIED_AT_ONCE_BYTES


@pytest.mark.parametrize(
    ("check", "told"), [(check_fixed, "depth has other values"), (check_alike, "depth differs")]
)
def test_the_last_number_counts_and_so_does_the_size(check, told):
    for other in (file(last=1), file(shape=(2, 8192, 1))):
        with pytest.raises(DataError, match=told):
            check(other, file())


@pytest.mark.parametrize("check", [check_fixed, check_alike])
@pytest.mark.parametrize("shape", [(), (0,), (3,)])
def test_missing_numbers_are_equal_in_any_shape(check, shape):
    def read(region):
        return np.full([each.stop - each.start for each in region], np.nan)

    names = ("x",)[: len(shape)]
    field = Field("depth", names, shape, np.dtype("f8"), {}, read, np.nan)
    check(Contents("a", {"depth": field}, {}, {}), Contents("b", {"depth": field}, {}, {}))
