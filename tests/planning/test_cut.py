"""Chunks and slabs of an output: what users' readers and workers' memory rely on."""

from math import ceil, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.planning.cut import Cut, Shape, contiguous_cut, cut, grown, trailing

MIB = 2**20
sizes = st.sampled_from([1, 2, 4, 8])
slabs = st.integers(0, 64 * MIB)


@st.composite
def shapes(draw: st.DrawFn, longest: int = 5000) -> tuple[Shape, Shape]:
    """An output, and nodes of it that a stored chunk may give: fewer, or more."""
    lengths = st.integers(1, draw(st.sampled_from([3, 50, longest])))
    shape = draw(st.lists(lengths, max_size=4))
    stored = [draw(st.integers(1, 2 * length)) for length in shape]
    return tuple(shape), tuple(stored)


def is_multiple(of: Shape, taken: Shape, shape: Shape) -> bool:
    return all(t == whole or t % step == 0 for step, t, whole in zip(of, taken, shape, strict=True))


@given(asked=shapes(), itemsize=sizes, slab_bytes=slabs)
def test_a_chunk_has_1_to_4_mib_where_there_is_so_much(
    asked: tuple[Shape, Shape], itemsize: int, slab_bytes: int
) -> None:
    shape, stored = asked
    for found in (
        cut(shape, stored, itemsize, slab_bytes),
        contiguous_cut(shape, itemsize, slab_bytes),
    ):
        nbytes = prod(found.chunk) * itemsize
        assert min(MIB, prod(shape) * itemsize) <= nbytes <= 4 * MIB
        assert all(1 <= c <= n for c, n in zip(found.chunk, shape, strict=True))
        assert is_multiple(found.chunk, found.slab, shape)


@given(asked=shapes(), itemsize=sizes, one=slabs, other=slabs)
def test_a_chunk_does_not_depend_on_the_machine(
    asked: tuple[Shape, Shape], itemsize: int, one: int, other: int
) -> None:
    assert cut(*asked, itemsize, one).chunk == cut(*asked, itemsize, other).chunk
    shape = asked[0]
    assert (
        contiguous_cut(shape, itemsize, one).chunk == contiguous_cut(shape, itemsize, other).chunk
    )


@given(asked=shapes(), itemsize=sizes, slab_bytes=slabs)
def test_a_slab_is_as_large_as_memory_allows_or_as_one_stored_chunk(
    asked: tuple[Shape, Shape], itemsize: int, slab_bytes: int
) -> None:
    shape, stored = asked
    found = cut(shape, stored, itemsize, slab_bytes)
    taken = tuple(
        min(n, ceil(s / c) * c) for n, s, c in zip(shape, stored, found.chunk, strict=True)
    )
    assert prod(found.slab) * itemsize <= max(slab_bytes, prod(taken) * itemsize)
    assert all(s >= t for s, t in zip(found.slab, taken, strict=True))


@pytest.mark.parametrize(
    ("shape", "stored", "chunk"),
    [
        # one map of 1.4 MiB is a chunk, as it is stored
        ((40, 12, 681, 540), (1, 1, 681, 540), (1, 1, 681, 540)),
        # many small maps: whole ones, together
        ((100, 180, 360), (1, 90, 180), (8, 180, 360)),
        # series: the stored chunk's side, joined along the last dimension
        ((1000, 180, 360), (1000, 10, 10), (1000, 10, 50)),
        # a stored chunk of 12 MiB: rows of it, without a rest
        ((9, 1536, 2048), (1, 1536, 2048), (1, 512, 2048)),
        ((5,), (7,), (5,)),
        ((), (), ()),
    ],
)
def test_chunks_that_a_person_would_choose(shape: Shape, stored: Shape, chunk: Shape) -> None:
    assert cut(shape, stored, 4, 8 * MIB).chunk == chunk


@st.composite
def small_cuts(draw: st.DrawFn) -> Cut:
    shape = draw(st.lists(st.integers(1, 7), max_size=4).map(tuple))
    chunk = tuple(draw(st.integers(1, length)) for length in shape)
    return Cut(shape, chunk, grown(shape, chunk, draw(st.integers(0, 300))))


@given(cut=small_cuts())
def test_slabs_and_their_chunks_cover_the_output_once(cut: Cut) -> None:
    seen = np.zeros(cut.shape, int)
    for slab in cut.slabs():
        for chunk in cut.chunks(slab):
            assert all(
                nodes.start % step == 0 and (len(nodes) == step or nodes.stop == length)
                for nodes, step, length in zip(chunk, cut.chunk, cut.shape, strict=True)
            )
            seen[np.ix_(*chunk)] += 1
    assert (seen == 1).all()


@given(shape=st.lists(st.integers(1, 12), min_size=1, max_size=4), most=st.integers(1, 600))
def test_a_run_in_c_order_has_a_quarter_of_what_is_allowed_or_more(
    shape: list[int], most: int
) -> None:
    found = trailing(shape, most)
    assert prod(found) <= most
    assert 4 * prod(found) >= min(most, prod(shape))
    assert_contiguous(Cut(tuple(shape), found, found))


@given(shape=st.lists(st.integers(1, 8), max_size=4).map(tuple), data=st.data())
def test_contiguous_chunks_and_slabs_lie_one_behind_the_other(
    shape: Shape, data: st.DataObject
) -> None:
    chunk = trailing(shape, data.draw(st.integers(1, 500)))
    assert_contiguous(Cut(shape, chunk, grown(shape, chunk, data.draw(st.integers(0, 900)))))


def assert_contiguous(cut: Cut) -> None:
    order = np.arange(prod(cut.shape)).reshape(cut.shape)
    written = [order[np.ix_(*c)].ravel() for slab in cut.slabs() for c in cut.chunks(slab)]
    assert np.array_equal(np.concatenate(written), order.ravel())
