"""The chunk rule, by its numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.model.coverage import Role
from atoll.publication.chunks import LARGEST_CHUNK_BYTES, Chunks, chunk_shape, layouts_of, regions
from atoll.publication.fields import Contents, Field

ROLES: dict[str, Role] = {"time": "T", "depth": "Z", "latitude": "Y", "longitude": "X"}


def field(dtype="f4", **sizes):
    shape = tuple(sizes.values())

    def read(region):
        raise AssertionError(f"{region} is not needed to cut chunks")

    return Field("v", tuple(sizes), shape, np.dtype(dtype), {}, read)


@pytest.mark.parametrize(
    ("sizes", "geo", "time"),
    [
        ({"time": 30, "depth": 12, "latitude": 681, "longitude": 1440},
         (1, 1, 681, 1440), (30, 12, 26, 26)),
        ({"depth": 20, "latitude": 180, "longitude": 360}, (1, 180, 360), (20, 90, 90)),
        ({"time": 132, "latitude": 73, "longitude": 144}, (1, 73, 144), (132, 37, 36)),
        ({"time": 3650, "depth": 2, "latitude": 2, "longitude": 2},
         (3650, 2, 2, 2), (3650, 2, 2, 2)),
        ({"time": 1, "latitude": 4320, "longitude": 8640}, (1, 540, 1080), (64, 64, 64)),
        ({"time": 15, "latitude": 73, "longitude": 144}, (1, 73, 144), (64, 37, 48)),
        ({"time": 9}, (4096,), (4096,)),
        ({"latitude": 73, "longitude": 144}, (73, 144), (73, 144)),
        ({"depth": 20, "bnds": 2}, (20, 2), (20, 2)),
        ({"latitude": 330, "longitude": 360, "nvertex": 4}, (330, 360, 4), (165, 180, 4)),
        ({}, (), ()),
    ],
)  # fmt: skip
def test_the_rule(sizes, geo, time):
    assert chunk_shape(field(**sizes), "geo", ROLES, {}) == geo
    assert chunk_shape(field(**sizes), "time", ROLES, {}) == time


def test_the_product_s_own_lengths_win():
    sizes = {"time": 132, "latitude": 73, "longitude": 144}
    told: Chunks = {"geo": {"time": 12}, "time": {"latitude": 5, "longitude": 6}}
    assert chunk_shape(field(**sizes), "geo", ROLES, told) == (12, 73, 144)
    assert chunk_shape(field(**sizes), "time", ROLES, told) == (132, 5, 6)


@pytest.mark.parametrize(
    ("sizes", "layouts"),
    [
        ({"time": 1, "latitude": 73, "longitude": 144}, ("geo", "time")),
        ({"depth": 16, "latitude": 180, "longitude": 360}, ("geo", "time")),
        ({"depth": 15, "latitude": 180, "longitude": 360}, ("geo",)),
        ({"latitude": 180, "longitude": 360}, ("geo",)),
    ],
)
def test_series_are_laid_out_where_they_are_worth_it(sizes, layouts):
    roles = {name: ROLES[name] for name in sizes}
    assert layouts_of(Contents("", {"v": field(**sizes)}, {}, roles)) == layouts


@given(
    sizes=st.fixed_dictionaries(
        {"time": st.integers(1, 9000), "depth": st.integers(1, 200),
         "latitude": st.integers(1, 9000), "longitude": st.integers(1, 9000)}),
    layout=st.sampled_from(["geo", "time"]),
    dtype=st.sampled_from(["i2", "f4", "f8"]),
)  # fmt: skip
def test_no_chunk_is_larger_than_4_mib_or_empty(sizes, layout, dtype):
    chunk = chunk_shape(field(dtype, **sizes), layout, ROLES, {})
    assert min(chunk) >= 1
    assert math.prod(chunk) * np.dtype(dtype).itemsize <= LARGEST_CHUNK_BYTES


@given(
    cut=st.lists(st.tuples(st.integers(1, 12), st.integers(1, 7)), min_size=1, max_size=4),
    budget=st.integers(1, 400),
)
def test_regions_hold_every_number_once_and_whole_chunks(cut, budget):
    shape, chunks = tuple(size for size, _ in cut), tuple(length for _, length in cut)
    seen = np.zeros(shape, int)
    for region in regions(shape, chunks, 2, 2 * budget):
        seen[region] += 1
        assert all(each.start % length == 0 and (each.stop % length == 0 or each.stop == size)
                   for each, length, size in zip(region, chunks, shape, strict=True))  # fmt: skip
        numbers = math.prod(each.stop - each.start for each in region)
        assert numbers <= max(budget, math.prod(chunks))
    assert (seen == 1).all()


def test_regions_of_a_scalar():
    assert regions((), (), 8) == [()]
