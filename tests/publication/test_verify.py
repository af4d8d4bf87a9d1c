"""What is read back is what the files hold, or `main` does not get it."""

from dataclasses import replace

import numpy as np
import pytest

from atoll.errors import DataError
from atoll.publication.merge import merge
from atoll.publication.stored import read_stored
from atoll.publication.verify import verify
from atoll.publication.work import Change
from tests.publication.builders import PLAIN
from tests.publication.memory import Memory, contents


def stored(values, times=(0, 1)):
    """The merged dataset, what is written of it, and the ranges that were recorded."""
    merged, session, recorded = Memory().write((Change("put"), contents(values, times)))
    return merged, read_stored(session.store, PLAIN), recorded


def test_what_was_written_is_found():
    merged, after, recorded = stored(np.arange(12, dtype="i2").reshape(2, 2, 3))
    verify(merged, None, after, recorded)
    assert recorded.found == {"v": (0, 11)}


def test_numbers_that_the_stored_type_cannot_hold_are_noticed():
    merged, after, recorded = stored(np.full((2, 2, 3), 70_000, "i4"))
    with pytest.raises(DataError, match="v: what was read back is not what was written"):
        verify(merged, None, after, recorded)


@pytest.mark.parametrize("layout", ["geo", "time"])
@pytest.mark.parametrize(
    ("name", "message"), [("v", "v: what was read back"), ("time", "time: what was read back")]
)
def test_one_wrong_number_in_one_layout_is_noticed(layout, name, message):
    merged, after, recorded = stored(np.arange(12, dtype="i2").reshape(2, 2, 3))
    array = after.arrays[layout][name]
    place = (1,) * array.ndim
    array[place] = array[place] + 1
    with pytest.raises(DataError, match=message):
        verify(merged, None, after, recorded)


def test_a_step_that_is_missing_is_noticed():
    merged, after, recorded = stored(np.arange(12, dtype="i2").reshape(2, 2, 3))
    wanted = merge(None, [(Change("put"), contents(np.zeros((3, 2, 3), "i2"), (0, 1, 2)))])
    with pytest.raises(DataError, match=r"time: \[2\] nodes were read back, \[3\] were written"):
        verify(wanted, None, after, recorded)
    other = replace(recorded, found={"v": (0, 12)})
    with pytest.raises(DataError, match=r"ranges over \{'v': \(0, 11\)\}"):
        verify(merged, None, after, other)
