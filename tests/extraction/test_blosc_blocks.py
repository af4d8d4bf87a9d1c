"""Some blocks of a blosc frame decode to what blosc makes of all of them, or are refused."""

from itertools import product
from typing import Any

import numcodecs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numcodecs import blosc
from numpy.typing import NDArray

from atoll.extraction.blosc_blocks import Frame, decode_nodes, touched
from atoll.extraction.codecs import Chain, scratch

type Array = NDArray[np.generic]

SHUFFLES = (blosc.NOSHUFFLE, blosc.SHUFFLE, blosc.BITSHUFFLE)


def encoded(values: Array, **options: Any) -> bytes:
    return bytes(numcodecs.Blosc(**{"blocksize": 4096} | options).encode(values))


def chain_of(values: Array, order: tuple[int, ...] | None = None) -> Chain:
    decoders = (numcodecs.Blosc(),)
    return Chain(values.dtype, values.shape, order or tuple(range(values.ndim)), decoders)


def smooth(shape: tuple[int, ...], dtype: str) -> Array:
    return np.cumsum(np.random.default_rng(0).integers(0, 3, shape), axis=-1).astype(dtype)


def check(values: Array, stored: bytes, nodes: tuple[slice, ...]) -> None:
    scratch(values.nbytes)[:] = 0xAB
    found = decode_nodes(chain_of(values), stored, [nodes])
    assert np.array_equal(found[nodes], values[nodes])


@st.composite
def selections(draw: st.DrawFn, shape: tuple[int, ...]) -> tuple[slice, ...]:
    found = []
    for length in shape:
        start = draw(st.integers(0, length - 1))
        stop = draw(st.integers(start + 1, length))
        step = draw(st.integers(1, 7))
        backwards = slice(stop - 1, start - 1 if start else None, -step)
        found.append(draw(st.sampled_from([slice(start, stop, step), backwards, slice(None)])))
    return tuple(found)


ENCODINGS = st.fixed_dictionaries(
    {
        "cname": st.sampled_from(["lz4", "zstd", "blosclz", "zlib", "lz4hc"]),
        "shuffle": st.sampled_from(SHUFFLES),
        "blocksize": st.sampled_from([0, 256, 4096, 5000, 16384]),
    }
)


@settings(deadline=None, max_examples=60)
@given(
    data=st.data(),
    shape=st.sampled_from([(30_000,), (3, 70, 101), (2, 5, 60, 17), (400, 1, 37)]),
    dtype=st.sampled_from(["<i2", ">f4", "<f8", "|u1"]),
    options=ENCODINGS,
)
def test_any_nodes_of_any_frame(
    data: st.DataObject, shape: tuple[int, ...], dtype: str, options: dict[str, Any]
) -> None:
    values = smooth(shape, dtype)
    check(values, encoded(values, **options), data.draw(selections(shape)))


@pytest.mark.parametrize(("clevel", "shuffle"), [*product((0, 1, 5, 9), SHUFFLES)])
def test_noise_is_stored_as_it_is(clevel: int, shuffle: int) -> None:
    values = np.random.default_rng(1).integers(0, 2**32, (50, 1001), "<u4")
    stored = encoded(values, cname="lz4", clevel=clevel, shuffle=shuffle)
    assert len(stored) >= values.nbytes
    for nodes in (slice(0, 3), slice(20, 25), slice(49, 50), slice(None, None, 40)):
        check(values, stored, (nodes, slice(None)))


def test_blocks_of_which_some_are_noise() -> None:
    values = np.zeros((64, 1024), "<f4")
    values[10:20] = np.random.default_rng(2).random((10, 1024))
    stored = encoded(values, cname="lz4")
    for row in range(64):
        check(values, stored, (slice(row, row + 1), slice(5, 9)))


def test_blocks_in_the_order_in_which_threads_have_written_them() -> None:
    values = smooth((64, 1024), "<f4")
    stored = encoded(values)
    frame = Frame.of(memoryview(stored))
    assert frame is not None
    order = np.random.default_rng(3).permutation(len(frame.starts))
    behind, starts = bytearray(stored[: 16 + 4 * len(order)]), np.zeros(len(order), "<i4")
    for number in order:
        starts[number] = len(behind)
        behind += stored[frame.starts[number] : frame.stops[number]]
    behind[16 : 16 + starts.nbytes] = starts.tobytes()
    assert np.array_equal(np.frombuffer(blosc.decompress(bytes(behind)), "<f4"), values.ravel())
    for row in (0, 17, 63):
        check(values, bytes(behind), (slice(row, row + 1), slice(None)))


def test_other_blocks_are_left_alone() -> None:
    values = smooth((128, 1024), "<f4")
    stored = encoded(values)
    frame = Frame.of(memoryview(stored))
    assert frame is not None
    rows = frame.block_bytes // 4096  # of a block
    assert 1 <= rows <= 16
    scratch(values.nbytes)[:] = 0xAB
    found = decode_nodes(chain_of(values), stored, [(slice(rows, 2 * rows), slice(None))])
    assert np.array_equal(found[rows : 2 * rows], values[rows : 2 * rows])
    left = np.concatenate([found[:rows], found[2 * rows :]])
    assert set(left.view("u1").ravel()) == {0xAB}


def test_transposed_chunks() -> None:
    values = smooth((6, 70, 90), "<i2")
    order = (2, 0, 1)
    stored = encoded(np.ascontiguousarray(values.transpose(order)))
    nodes = slice(1, 5), slice(7, 60, 3), slice(30, 33)
    found = decode_nodes(chain_of(values, order), stored, [nodes])
    assert np.array_equal(found[nodes], values[nodes])


def test_two_copies_out_of_one_chunk() -> None:
    values = smooth((8, 60, 128), "<f4")
    copies = [
        (slice(2, 3), slice(0, 60), slice(120, 128)),
        (slice(5, 6), slice(3, 4), slice(0, 4)),
    ]
    found = decode_nodes(chain_of(values), encoded(values), copies)
    for nodes in copies:
        assert np.array_equal(found[nodes], values[nodes])


def test_only_blocks_with_a_node_are_touched() -> None:
    # 100 rows of 64 bytes in blocks of two rows.
    marks = touched((100, 32), 2, [(slice(3, 4), slice(0, 1)), (slice(96, None), slice(None))], 128)
    assert np.flatnonzero(marks).tolist() == [1, 48, 49]
    assert touched((20_000, 2), 8, [(slice(None), slice(0, 1))], 4096).all()


@pytest.mark.parametrize("at", [0, 4, 8, 12, 16, 20, 40])
@pytest.mark.parametrize("value", [0, 1, 255])
def test_a_damaged_frame_is_refused_or_right(at: int, value: int) -> None:
    values = smooth((64, 1024), "<f4")
    stored = bytearray(encoded(values))
    stored[at : at + 4] = bytes([value]) * 4
    try:
        found = decode_nodes(chain_of(values), stored, [(slice(8, 10), slice(None))])
    except (RuntimeError, ValueError):
        return
    assert np.array_equal(found[8:10], values[8:10])


@pytest.mark.parametrize("length", [0, 3, 15, 16, 30, 500])
def test_a_frame_that_is_cut_is_refused(length: int) -> None:
    values = smooth((64, 1024), "<f4")
    with pytest.raises((RuntimeError, ValueError)):
        decode_nodes(chain_of(values), encoded(values)[:length], [(slice(8, 10), slice(None))])


def test_a_frame_of_another_length_is_refused() -> None:
    values = smooth((64, 1024), "<f4")
    with pytest.raises(ValueError, match="were expected"):
        decode_nodes(chain_of(values), encoded(values[:60]), [(slice(8, 10), slice(None))])
