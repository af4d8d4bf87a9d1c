"""Which layout is read: against each chunk marked one by one, and as a person would choose."""

from itertools import pairwise, product
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.errors import DataError
from atoll.extraction import fetches
from atoll.model.coverage import ChunkGrid, Variable
from atoll.model.plan import Piece
from atoll.planning.costs import RUN_BYTES, reading_s, request_count, stored_bytes, times_read
from atoll.planning.layout import cheapest_reading
from tests.planning.builders import variable
from tests.planning.rich import LEVITUS, ask

type Shape = tuple[int, ...]

FIELD = ("time", "depth", "latitude", "longitude")
OCEAN = (3650, 50, 681, 1440)
MAP, SERIES = (1, 1, 681, 1440), (3650, 1, 16, 16)
POINT, WHOLE = (7, 1), (0, None)


def grid(chunk_shape: Shape, shard_shape: Shape | None = None, stored_bytes: int = 0) -> ChunkGrid:
    return ChunkGrid(path="v", chunk_shape=chunk_shape, shard_shape=shard_shape,
                     stored_bytes=stored_bytes, metadata="{}")  # fmt: skip


def stored_as(**grids: ChunkGrid) -> Variable:
    return variable("v", FIELD).model_copy(update={"grids": grids})


def box(*runs: tuple[int, int | None], shape: Shape = OCEAN) -> list[tuple[Piece, ...]]:
    """(first, count) along each dimension; a count of None is all of it."""
    return [
        (Piece(start=first, stop=size if count is None else first + count),)
        for (first, count), size in zip(runs, shape, strict=True)
    ]


OCEANS = stored_as(geo=grid(MAP), time=grid(SERIES))


@pytest.mark.parametrize(
    ("asked", "layout"),
    [
        (box(POINT, POINT, WHOLE, WHOLE), "geo"),
        (box((7, 10), (0, 12), WHOLE, WHOLE), "geo"),
        (box(POINT, POINT, (100, 200), (100, 300)), "geo"),
        (box(WHOLE, POINT, POINT, POINT), "time"),
        (box((0, 365), POINT, (9, 12), (9, 12)), "time"),
        (box(WHOLE, WHOLE, POINT, POINT), "time"),
    ],
)
def test_maps_are_read_from_maps_and_series_from_series(
    asked: list[tuple[Piece, ...]], layout: str
) -> None:
    assert cheapest_reading(OCEANS, asked, OCEAN).layout == layout


def test_many_small_requests_cost_more_than_some_bytes() -> None:
    """One chunk of 64 KiB or 50 of 1 KiB: fewest bytes is not soonest."""
    one = variable("v", ("x",)).model_copy(
        update={"grids": {"few": grid((16_384,)), "many": grid((256,))}}
    )
    asked = box((0, 50 * 256), shape=(16_384,))
    found = cheapest_reading(one, asked, (16_384,))
    assert (found.layout, found.chunks) == ("few", 1)
    assert found.read_bytes > 50 * 256 * 4


def test_bytes_count_as_they_are_stored_where_all_layouts_say_so() -> None:
    asked = box(WHOLE, WHOLE, (0, 16), (0, 16))
    decoded = cheapest_reading(OCEANS, asked, OCEAN)
    assert decoded.layout == "time"
    nbytes = 4 * int(np.prod(OCEAN))
    tight, loose = grid(MAP, stored_bytes=1), grid(SERIES, stored_bytes=10**6 * nbytes)
    assert cheapest_reading(stored_as(geo=tight, time=loose), asked, OCEAN).layout == "geo"
    unknown = loose.model_copy(update={"stored_bytes": 0})
    assert cheapest_reading(stored_as(geo=tight, time=unknown), asked, OCEAN).layout == "time"


@given(
    counts=st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), min_size=1, max_size=3),
    total=st.integers(1, 10**9),
)
def test_stored_bytes_of_all_chunks_are_those_measured(
    counts: list[tuple[int, int]], total: int
) -> None:
    shape, chunk_shape = zip(*counts, strict=True)
    chunks = int(np.prod([ceil(n / c) for n, c in counts]))
    measured = grid(chunk_shape, stored_bytes=total)
    assert stored_bytes(measured, chunks, shape) == total
    assert stored_bytes(measured, 1, shape) == pytest.approx(total / chunks)


def test_a_file_in_c_order_is_not_made_from_series_read_again_for_each_map() -> None:
    whole = box(WHOLE, POINT, WHOLE, WHOLE)
    maps_cost_more = stored_as(
        geo=grid(MAP, stored_bytes=40 * 10**9), time=grid(SERIES, stored_bytes=10**9)
    )
    assert cheapest_reading(maps_cost_more, whole, OCEAN).layout == "time"
    assert cheapest_reading(maps_cost_more, whole, OCEAN, (1, 1, 681, 1440)).layout == "geo"
    layouts = [ask(LEVITUS, format=form).variables[0].layout for form in ("netcdf4", "netcdf3")]
    assert layouts == ["time", "geo"]


@given(
    dims=st.lists(
        st.tuples(st.integers(1, 30), st.integers(1, 9), st.integers(1, 9)),
        min_size=1, max_size=3,
    )
)  # fmt: skip
def test_chunks_are_read_at_least_as_often_as_said(dims: list[tuple[int, int, int]]) -> None:
    lengths, chunk_shape, slab = zip(*dims, strict=True)
    whole = box(*[WHOLE] * len(dims), shape=lengths)
    said = times_read(grid(chunk_shape), whole, slab)
    pairs = [len({(at // c, at // s) for at in range(n)}) for n, c, s in dims]
    chunks = [ceil(n / c) for n, c, _ in dims]
    assert 1 <= said <= np.prod(pairs) / np.prod(chunks) + 1e-9
    if all(s % c == 0 or c % s == 0 for _, c, s in dims):
        assert said == pytest.approx(np.prod(pairs) / np.prod(chunks))


def test_equal_costs_are_decided_by_name() -> None:
    same = stored_as(b=grid(MAP), a=grid(MAP))
    assert cheapest_reading(same, box(POINT, POINT, POINT, POINT), OCEAN).layout == "a"


def test_a_variable_stored_nowhere_is_a_fault_of_the_description() -> None:
    with pytest.raises(DataError, match="lost is stored in no layout"):
        cheapest_reading(variable("lost", ()), [], ())


def runs_in_shards(within: Shape, boxes: list[range]) -> tuple[int, int]:
    """Shards, and runs of neighbours in them, each inner chunk marked in C order."""
    marks: dict[Shape, list[int]] = {}
    for index in product(*boxes):
        shard = tuple(i // n for i, n in zip(index, within, strict=True))
        inside = [i % n for i, n in zip(index, within, strict=True)]
        marks.setdefault(shard, []).append(int(np.ravel_multi_index(inside, within)))
    runs = sum(1 + sum(b - a > 1 for a, b in pairwise(sorted(places))) for places in marks.values())
    return len(marks), runs


@given(
    dims=st.lists(
        st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(0, 8), st.integers(1, 8)),
        min_size=1, max_size=3,
    )
)  # fmt: skip
def test_requests_of_shards_are_an_index_each_and_the_runs_of_neighbours(
    dims: list[tuple[int, int, int, int]],
) -> None:
    inner, within, first, count = zip(*dims, strict=True)
    sharded = grid(inner, tuple(i * w for i, w in zip(inner, within, strict=True)))
    taken = [range(a, a + n) for a, n in zip(first, count, strict=True)]
    pieces = [
        (Piece(start=nodes.start * i, stop=nodes.stop * i),)
        for nodes, i in zip(taken, inner, strict=True)
    ]
    shards, runs = runs_in_shards(within, taken)
    asked = request_count(sharded, pieces, 0)
    chunks = int(np.prod(count))
    assert shards + runs <= asked <= shards + chunks
    if all(n.start % w == 0 == n.stop % w for n, w in zip(taken, within, strict=True)):
        assert asked == shards + runs


def test_long_runs_are_several_requests_but_no_more_than_chunks() -> None:
    sharded = grid((1, 100), (10, 1000))
    pieces = box((0, 10), (0, 1000), shape=(10, 1000))
    assert request_count(sharded, pieces, 0) == 1 + 1
    assert request_count(sharded, pieces, 5 * RUN_BYTES) == 1 + 5
    assert request_count(sharded, pieces, 10**12) == 1 + 100


def test_runs_are_as_long_as_they_are_fetched() -> None:
    assert RUN_BYTES == fetches.RUN_BYTES


def test_a_request_costs_what_a_fifth_of_a_megabyte_costs() -> None:
    one, two = ([(Piece(start=0, stop=count),)] for count in (1, 2))
    more_s = reading_s(grid((1,)), two, 0) - reading_s(grid((1,)), one, 0)
    assert more_s == pytest.approx(
        reading_s(grid((1,)), one, 187_500) - reading_s(grid((1,)), one, 0)
    )
