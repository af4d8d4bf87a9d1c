"""A delivery that is decoded first is the same delivery, read from its files once."""

import errno
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.errors import Unavailable
from atoll.publication.merge import merge
from atoll.publication.scratch import LEFT_FREE_BYTES, as_read_for
from atoll.publication.work import Change
from tests.publication.memory import contents

SHAPE = (7, 5, 6)
VALUES = np.random.default_rng(0).integers(-9, 9, SHAPE).astype("i2")


def slices(size):
    ends = st.tuples(st.integers(0, size), st.integers(0, size)).map(sorted)
    return ends.map(lambda pair: slice(*pair))


def merged(read_bytes=None):
    """One file; how many bytes are read from it is counted."""
    file = contents(VALUES, range(7))
    field = file.fields["v"]

    def read(region):
        values = field.read(region)
        if read_bytes is not None:
            read_bytes.append(values.nbytes)
        return values

    fields = {**file.fields, "v": replace(field, read=read)}
    return merge(None, [(Change("put"), replace(file, fields=fields))])


@given(region=st.tuples(*map(slices, SHAPE)))
def test_any_region_is_what_it_was(region):
    with as_read_for("time", merged(), 0) as decoded:
        field = decoded.contents(None).fields["v"]
        found = field.read(region)
        assert np.array_equal(found, VALUES[region])
        assert found.flags.writeable
        assert np.array_equal(field.whole(), VALUES)


def test_columns_are_decoded_once(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read_bytes: list[int] = []
    with as_read_for("time", merged(read_bytes), 0) as decoded:
        field = decoded.contents(None).fields["v"]
        for column in range(6):
            field.read((slice(0, 7), slice(0, 5), slice(column, column + 1)))
        assert list(tmp_path.iterdir())
    assert sum(read_bytes) == VALUES.nbytes
    assert list(tmp_path.iterdir()) == []


def test_what_is_small_or_read_as_maps_is_read_where_it_is():
    whole = merged()
    with as_read_for("time", whole, VALUES.nbytes) as same:
        assert same is whole
    with as_read_for("geo", whole, 0) as same:
        assert same is whole
    with as_read_for("time", whole, VALUES.nbytes - 1) as other:
        assert other is not whole


@pytest.mark.parametrize(("short_bytes", "direct"), [(0, False), (1, True)])
def test_what_the_disk_has_no_room_for_is_read_where_it_is(monkeypatch, short_bytes, direct):
    free_bytes = VALUES.nbytes + LEFT_FREE_BYTES - short_bytes
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free_bytes))
    whole = merged()
    with as_read_for("time", whole, 0) as found:
        assert (found is whole) == direct
        assert np.array_equal(found.contents(None).fields["v"].whole(), VALUES)


def test_a_disk_that_is_filled_meanwhile_is_worth_another_try(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(Path, "open", lambda _, mode: open("/dev/full", mode))  # noqa: PTH123, SIM115
    with (
        pytest.raises(Unavailable, match="no room to decode a delivery"),
        as_read_for("time", merged(), 0),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_another_fault_of_the_disk_is_no_lack_of_room(monkeypatch):
    def broken(*_):
        raise OSError(errno.EIO, "it is broken")

    monkeypatch.setattr(Path, "open", broken)
    with pytest.raises(OSError, match="it is broken"), as_read_for("time", merged(), 0):
        pass
