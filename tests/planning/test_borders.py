"""Borders of stored chunks, and boxes cut along them, against every chunk that is read."""

from math import prod

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from atoll.model.plan import Piece
from atoll.planning.borders import clean_borders, stored_nodes, widest_gap
from atoll.planning.chunks import chunk_span
from atoll.planning.cut import Box, Cut, trailing
from atoll.planning.runs import Ruler, contiguous_boxes, free_boxes
from tests.planning.test_chunks import runs

pytestmark = pytest.mark.slow

type Pieces = tuple[Piece, ...]

chunks = st.integers(1, 12)


def chunks_of(pieces: Pieces, chunk: int) -> list[int]:
    """The stored chunk of each node of the output."""
    return [i // chunk for piece in pieces for i in piece.indices]


def really_clean(pieces: Pieces, chunk: int, unit: int) -> list[int]:
    found = chunks_of(pieces, chunk)
    return [at for at in range(unit, len(found), unit) if not set(found[:at]) & set(found[at:])]


@given(pieces=st.integers(1, 60).flatmap(runs), chunk=chunks, unit=chunks)
def test_clean_borders_have_no_stored_chunk_on_both_sides(
    pieces: Pieces, chunk: int, unit: int
) -> None:
    found = [at for some in clean_borders(pieces, chunk, unit) for at in some]
    real = really_clean(pieces, chunk, unit)
    assert found == sorted(set(found))
    assert set(found) <= set(real)
    regular = all(chunk % abs(piece.step) == 0 or abs(piece.step) >= chunk for piece in pieces)
    shared = len(set(chunks_of(pieces, chunk))) < sum(
        len(set(chunks_of((piece,), chunk))) for piece in pieces
    )
    assert not (shared and found)
    if regular and not shared:
        assert found == real


@given(pieces=st.integers(1, 60).flatmap(runs), chunk=chunks, unit=chunks)
def test_the_widest_gap_is_the_widest(pieces: Pieces, chunk: int, unit: int) -> None:
    borders = clean_borders(pieces, chunk, unit)
    length = sum(len(piece.indices) for piece in pieces)
    ends = [0, *(at for some in borders for at in some), length]
    assert widest_gap(borders, length) == max(np.diff(ends))


@given(pieces=st.integers(1, 60).flatmap(runs), chunk=chunks)
def test_a_stored_chunk_gives_no_more_nodes_than_said(pieces: Pieces, chunk: int) -> None:
    for piece in pieces:
        counts = np.bincount(chunks_of((piece,), chunk))
        assert counts.max() <= stored_nodes(pieces, chunk)
        assert len(counts) == chunk_span(piece.indices, chunk).stop


def test_a_billion_borders_are_one_range() -> None:
    (found,) = clean_borders([Piece(start=5, stop=10**12, step=2)], 24, 5)
    assert len(found) > 10**9
    assert all((5 + 2 * at) // 24 > (5 + 2 * (at - 1)) // 24 for at in found[:1000])


@st.composite
def grids(draw: st.DrawFn) -> tuple[list[Pieces], list[int], list[Ruler]]:
    """Pieces, stored chunk and ruler of each dimension."""
    pieces = draw(st.lists(st.integers(1, 16).flatmap(runs), min_size=1, max_size=3))
    stored = [draw(st.integers(1, 9)) for _ in pieces]
    units = [draw(st.integers(1, 6)) for _ in pieces]
    rulers = [
        Ruler.of(some, chunk, min(unit, sum(len(p.indices) for p in some)))
        for some, chunk, unit in zip(pieces, stored, units, strict=True)
    ]
    return pieces, stored, rulers


def marked(pieces: list[Pieces], stored: list[int], box: Box) -> set[tuple[int, ...]]:
    """Stored chunks that a box needs."""
    along = [
        np.array(chunks_of(some, chunk))[list(nodes)]
        for some, chunk, nodes in zip(pieces, stored, box, strict=True)
    ]
    return {
        tuple(map(int, index)) for index in np.stack(np.meshgrid(*along), -1).reshape(-1, len(box))
    }


@given(grid=grids(), most=st.integers(0, 700))
def test_boxes_cover_the_output_once_between_borders_of_its_chunks(
    grid: tuple[list[Pieces], list[int], list[Ruler]], most: int
) -> None:
    _, _, rulers = grid
    seen = np.zeros([ruler.length for ruler in rulers], int)
    for box in free_boxes(rulers, most):
        seen[np.ix_(*box)] += 1
        assert prod(map(len, box)) <= max(most, prod(ruler.unit for ruler in rulers))
        for nodes, ruler in zip(box, rulers, strict=True):
            assert nodes.start % ruler.unit == 0
            assert nodes.stop % ruler.unit == 0 or nodes.stop == ruler.length
    assert (seen == 1).all()


@given(grid=grids(), most=st.integers(0, 700))
def test_no_stored_chunk_is_read_for_two_boxes_where_clean_ones_fit(
    grid: tuple[list[Pieces], list[int], list[Ruler]], most: int
) -> None:
    pieces, stored, rulers = grid
    gaps = [
        max(np.diff([0, *really_clean(some, chunk, ruler.unit), ruler.length]))
        for some, chunk, ruler in zip(pieces, stored, rulers, strict=True)
    ]
    assume(gaps == [ruler.clean_gap for ruler in rulers])
    assume(prod(gaps) <= most)
    seen: set[tuple[int, ...]] = set()
    for box in free_boxes(rulers, most):
        needed = marked(pieces, stored, box)
        assert not needed & seen
        seen |= needed


@given(shape=st.lists(st.integers(1, 9), min_size=1, max_size=4).map(tuple), data=st.data())
def test_contiguous_boxes_lie_one_behind_the_other(
    shape: tuple[int, ...], data: st.DataObject
) -> None:
    chunk = trailing(shape, data.draw(st.integers(1, 300)))
    order = np.arange(prod(shape)).reshape(shape)
    most = data.draw(st.integers(0, 900))
    found = [
        order[np.ix_(*box)].ravel() for box in contiguous_boxes(Cut(shape, chunk, chunk), most)
    ]
    assert np.array_equal(np.concatenate(found), order.ravel())
    assert all(len(run) <= max(most, prod(chunk)) for run in found)
