"""Chunks and bytes against a boolean grid on which every chunk read is marked."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.errors import DataError
from atoll.model.plan import Piece
from atoll.planning.axes import piece_of
from atoll.planning.chunks import chunk_count, chunk_span, reading
from atoll.planning.size import item_bytes
from tests.planning.builders import variable, with_grids

strides = st.integers(1, 9)


@st.composite
def runs(draw: st.DrawFn, size: int) -> tuple[Piece, ...]:
    """One run of an axis, or two as the seam cuts them: the far end, then the near one."""
    stride = draw(strides)
    low, high = sorted([draw(st.integers(0, size - 1)), draw(st.integers(0, size - 1))])
    pieces = [range(low, high + 1, stride)]
    if low != high and draw(st.booleans()):
        pieces = [range(high, size, stride), range(draw(st.integers(0, low)), low + 1, stride)]
    if draw(st.booleans()):
        pieces = [run[::-1] for run in pieces]
    return tuple(piece_of(run) for run in pieces)


def touched(pieces: tuple[Piece, ...], chunk: int) -> set[int]:
    return {i // chunk for piece in pieces for i in piece.indices}


@given(data=st.data(), size=st.integers(1, 60), chunk=st.integers(1, 20))
def test_chunks_of_one_axis(data: st.DataObject, size: int, chunk: int) -> None:
    pieces = data.draw(runs(size))
    assert chunk_count(pieces, chunk) == len(touched(pieces, chunk))
    for piece in pieces:
        marked = touched((piece,), chunk)
        assert chunk_span(piece.indices, chunk) == range(min(marked), max(marked) + 1)


@pytest.mark.parametrize("chunk", range(1, 9))
@pytest.mark.parametrize("stride", range(1, 19))
def test_every_stride_over_every_chunk(chunk: int, stride: int) -> None:
    for start in range(chunk):
        pieces = (piece_of(range(start, 60, stride)),)
        assert chunk_count(pieces, chunk) == len(touched(pieces, chunk))


def test_a_chunk_that_both_sides_of_the_seam_need_is_read_once() -> None:
    pieces = (Piece(start=350, stop=360, shift=-360), Piece(start=0, stop=10))
    assert chunk_count(pieces, 360) == 1
    assert chunk_count(pieces, 180) == 2
    assert chunk_count(pieces, 7) == 4


@given(
    data=st.data(),
    shape=st.tuples(st.integers(1, 9), st.integers(1, 20), st.integers(1, 30)),
    chunk_shape=st.tuples(st.integers(1, 5), st.integers(1, 10), st.integers(1, 12)),
    dtype=st.sampled_from(["<i2", "<f4", "<f8"]),
)
def test_chunks_and_bytes_of_a_reading_are_those_marked(
    data: st.DataObject,
    shape: tuple[int, int, int],
    chunk_shape: tuple[int, int, int],
    dtype: str,
) -> None:
    pieces = [data.draw(runs(size)) for size in shape]
    one = variable("v", ("z", "y", "x"), {"geo": chunk_shape}, dtype=dtype)
    grid = np.zeros([math.ceil(n / c) for n, c in zip(shape, chunk_shape, strict=True)], bool)
    grid[np.ix_(*(sorted(touched(p, c)) for p, c in zip(pieces, chunk_shape, strict=True)))] = True
    found = reading("geo", one.grids["geo"], pieces, dtype)
    assert found.chunks == int(grid.sum())
    assert found.read_bytes == sum(np.empty(chunk_shape, dtype).nbytes for _ in range(grid.sum()))


def test_a_scalar_is_one_chunk() -> None:
    one = with_grids(variable("crs", (), dtype="<i4"), {}, ["geo"])
    found = reading("geo", one.grids["geo"], [], one.dtype)
    assert (found.read_bytes, found.chunks) == (4, 1)


@pytest.mark.parametrize(
    "dtype", ["<f4", ">f8", "|i1", "|u1", "<i8", "|S7", "<U3", "<M8[ns]", "?1"]
)
def test_bytes_of_a_value(dtype: str) -> None:
    assert item_bytes(dtype) == (1 if dtype == "?1" else np.dtype(dtype).itemsize)


@pytest.mark.parametrize("dtype", ["|O", "string", ""])
def test_values_without_a_fixed_size_are_refused(dtype: str) -> None:
    with pytest.raises(DataError, match="no fixed size"):
        item_bytes(dtype)
