"""Chunks and bytes against a boolean grid on which every chunk read is marked."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.errors import DataError
from atoll.model.plan import Piece
from atoll.planning.axes import piece_of
from atoll.planning.chunks import chunk_count, chunk_span
from atoll.planning.layout import cheapest_reading
from atoll.planning.size import item_bytes
from tests.planning.builders import Chunks, variable, with_grids

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
    chunks=st.lists(
        st.tuples(st.integers(1, 5), st.integers(1, 10), st.integers(1, 12)),
        min_size=1,
        max_size=3,
    ),
    dtype=st.sampled_from(["<i2", "<f4", "<f8"]),
)
def test_the_layout_is_the_one_that_reads_fewest_bytes(
    data: st.DataObject,
    shape: tuple[int, int, int],
    chunks: list[tuple[int, int, int]],
    dtype: str,
) -> None:
    pieces = [data.draw(runs(size)) for size in shape]
    layouts: Chunks = {f"layout{i}": chunk_shape for i, chunk_shape in enumerate(chunks)}
    one = variable("v", ("z", "y", "x"), layouts, dtype=dtype)
    costs = []
    for name, chunk_shape in layouts.items():
        grid = np.zeros([math.ceil(n / c) for n, c in zip(shape, chunk_shape, strict=True)], bool)
        marks = [sorted(touched(p, c)) for p, c in zip(pieces, chunk_shape, strict=True)]
        grid[np.ix_(*marks)] = True
        marked = int(grid.sum())
        bytes_of_all = sum(np.empty(chunk_shape, dtype).nbytes for _ in range(marked))
        costs.append((bytes_of_all, marked, name))
    best = min(costs)
    found = cheapest_reading(one, pieces)
    assert (found.read_bytes, found.chunks, found.layout) == best


def test_a_scalar_is_one_chunk() -> None:
    one = with_grids(variable("crs", (), dtype="<i4"), {}, ["geo"])
    found = cheapest_reading(one, [])
    assert (found.read_bytes, found.chunks) == (4, 1)


def test_a_variable_stored_nowhere_is_a_fault_of_the_description() -> None:
    with pytest.raises(DataError, match="lost is stored in no layout"):
        cheapest_reading(variable("lost", ()), [])


@pytest.mark.parametrize(
    "dtype", ["<f4", ">f8", "|i1", "|u1", "<i8", "|S7", "<U3", "<M8[ns]", "?1"]
)
def test_bytes_of_a_value(dtype: str) -> None:
    assert item_bytes(dtype) == (1 if dtype == "?1" else np.dtype(dtype).itemsize)


@pytest.mark.parametrize("dtype", ["|O", "string", ""])
def test_values_without_a_fixed_size_are_refused(dtype: str) -> None:
    with pytest.raises(DataError, match="no fixed size"):
        item_bytes(dtype)
