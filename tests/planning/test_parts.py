"""Plans cut into parts: the same parts for everyone, whole, in order, neither large nor many."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atoll.errors import DataError
from atoll.model.coverage import Coverage
from atoll.model.parts import LEAST_UPLOAD_BYTES, MOST_PARTS
from atoll.model.plan import SubsetPlan
from atoll.planning.cut import Box
from atoll.planning.parts import Part, split, streamed, variable_cut, variable_pieces
from tests.planning.builders import (
    coverage,
    depth_axis,
    latitude_axis,
    longitude_axis,
    packed_variable,
    regular,
    time_axis,
    variable,
)
from tests.planning.rich import LEVITUS, RICH, ask

MIB = 2**20
FIELD = ("time", "depth", "latitude", "longitude")


def ocean(steps: int = 400) -> Coverage:
    """Packed and plain fields on a global grid, kept as maps and as series, and a flat mask."""
    return coverage(
        [
            time_axis(regular(0, 24, steps), attributes={"bounds": "time_bnds"}),
            depth_axis(list(range(6))),
            latitude_axis(regular(-89.5, 1, 180)),
            longitude_axis(regular(0.5, 1, 360)),
        ],
        [
            packed_variable(
                "thetao",
                FIELD,
                {"geo": (5, 1, 180, 360), "time": (300, 2, 8, 9)},
                companions=("crs",),
            ),
            variable("uo", FIELD, {"geo": (1, 1, 90, 100)}),
            variable("mask", FIELD[1:], dtype="|u1"),
            variable("time_bnds", ("time", "bnds"), role="bounds", dtype="<f8"),
            variable("crs", (), role="grid_mapping", dtype="<i4"),
        ],
        layouts=("geo", "time"),
        other_dimensions={"bnds": 2},
    )


OCEAN = ocean()

requests = st.fixed_dictionaries(
    {
        "format": st.sampled_from(["netcdf4", "netcdf3", "zarr"]),
        "packing": st.sampled_from(["keep", "decode"]),
        "longitude": st.fixed_dictionaries(
            {"west": st.integers(-400, 400), "east": st.integers(-400, 400)}
        ),
        "stride": st.fixed_dictionaries(
            {}, optional={w: st.integers(1, 6) for w in ("time", "latitude", "longitude")}
        ),
        "variables": st.sampled_from([(), ("thetao",), ("mask", "uo")]),
    }
)


def slabs_of(parts: tuple[Part, ...]) -> Iterator[tuple[str, Box]]:
    return ((slab.variable, slab.box) for part in parts for slab in part.slabs)


def lengths(plan: SubsetPlan, one: Coverage, name: str) -> tuple[int, ...]:
    pieces = variable_pieces(plan, one, one.variable_by_name[name])
    return tuple(sum(len(piece.indices) for piece in run) for run in pieces)


def itemsize(plan: SubsetPlan, one: Coverage, name: str) -> int:
    """Of the file, told once more: these datasets have nothing else."""
    stored = one.variable_by_name[name]
    dtype = np.dtype(stored.packed.dtype if stored.packed and plan.packing == "decode"
                     else stored.dtype)  # fmt: skip
    return 2 if plan.format == "netcdf3" and dtype == np.uint8 else dtype.itemsize


def nbytes(plan: SubsetPlan, one: Coverage, part: Part) -> int:
    return sum(prod(map(len, slab.box)) * itemsize(plan, one, slab.variable) for slab in part.slabs)


def assert_whole(plan: SubsetPlan, one: Coverage, parts: tuple[Part, ...]) -> None:
    """Every cell of every streamed variable lies in one box: borders make a coarse grid."""
    wanted = [planned.name for planned in plan.variables if streamed(plan, one, planned)]
    assert list(dict.fromkeys(name for name, _ in slabs_of(parts))) == wanted
    for name in wanted:
        boxes = [box for variable, box in slabs_of(parts) if variable == name]
        shape = lengths(plan, one, name)
        ends = [
            sorted({0, n} | {at for box in boxes for at in (box[d].start, box[d].stop)})
            for d, n in enumerate(shape)
        ]
        seen = np.zeros([len(along) - 1 for along in ends], int)
        for box in boxes:
            seen[
                tuple(
                    slice(along.index(nodes.start), along.index(nodes.stop))
                    for along, nodes in zip(ends, box, strict=True)
                )
            ] += 1
        assert (seen == 1).all()


@settings(max_examples=60)
@given(fields=requests, part_mib=st.integers(5, 64))
def test_parts_are_whole_in_order_and_of_the_size_asked_for(
    fields: dict[str, object], part_mib: int
) -> None:
    plan = ask(OCEAN, **fields)
    parts = split(plan, OCEAN, part_mib * MIB)
    assert parts == split(plan, OCEAN, part_mib * MIB)
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    assert_whole(plan, OCEAN, parts)
    cuts = {one.name: variable_cut(plan, OCEAN, one, 8 * MIB) for one in plan.variables}
    for name, box in slabs_of(parts):
        for nodes, step, length in zip(box, cuts[name].chunk, cuts[name].shape, strict=True):
            assert nodes.start % step == 0
            assert nodes.stop % step == 0 or nodes.stop == length
    for part in parts:
        assert nbytes(plan, OCEAN, part) <= part_mib * MIB + (
            LEAST_UPLOAD_BYTES if plan.format == "netcdf3" else 0
        )
    # None could have joined the one before it.
    pairs = pairwise(nbytes(plan, OCEAN, part) for part in parts)
    assert all(one + other > part_mib * MIB / 2 for one, other in pairs)


@settings(max_examples=40)
@given(fields=requests, part_mib=st.integers(5, 40))
def test_parts_of_netcdf_3_are_runs_of_the_files_bytes(
    fields: dict[str, object], part_mib: int
) -> None:
    plan = ask(OCEAN, **(fields | {"format": "netcdf3"}))
    parts = split(plan, OCEAN, part_mib * MIB)
    assert all(nbytes(plan, OCEAN, part) >= LEAST_UPLOAD_BYTES for part in parts[:-1])
    reached: dict[str, int] = {}
    for name, box in slabs_of(parts):
        shape = lengths(plan, OCEAN, name)
        first = int(np.ravel_multi_index([nodes.start for nodes in box], shape))
        last = int(np.ravel_multi_index([nodes.stop - 1 for nodes in box], shape))
        assert first == reached.get(name, 0)
        assert last - first + 1 == prod(map(len, box))
        reached[name] = last + 1


def sources(plan: SubsetPlan, one: Coverage, name: str, box: Box) -> set[tuple[int, ...]]:
    """Stored chunks that a box needs, each marked."""
    (planned,) = [each for each in plan.variables if each.name == name]
    stored = one.variable_by_name[name]
    runs = variable_pieces(plan, one, stored)
    taken = [[i for piece in pieces for i in piece.indices] for pieces in runs]
    along = [
        {node // chunk for node in nodes[within.start : within.stop]}
        for nodes, chunk, within in zip(
            taken, stored.grids[planned.layout].chunk_shape, box, strict=True
        )
    ]
    return set(product(*along))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"longitude": {"west": -20, "east": 90}},
        {"time": {"start": {"year": 1982, "month": 1, "day": 6}}},
        {"stride": {"time": 5}},
        {"stride": {"longitude": 2}, "longitude": {"west": 7, "east": 310}},
    ],
)
@pytest.mark.parametrize("name", ["thetao", "uo"])
def test_no_stored_chunk_is_read_for_two_parts(name: str, fields: dict[str, object]) -> None:
    plan = ask(OCEAN, variables=(name,), **fields)
    parts = split(plan, OCEAN, 5 * MIB)
    assert len(parts) > 1
    seen: set[tuple[int, ...]] = set()
    for part in parts:
        needed = set().union(*(sources(plan, OCEAN, name, slab.box) for slab in part.slabs))
        assert not needed & seen
        seen |= needed


def test_where_borders_never_meet_a_stored_chunk_is_read_for_two_parts_at_most() -> None:
    """Chunks of 5 steps that begin 2 steps off the output's."""
    start = {"year": 1982, "month": 1, "day": 4}
    plan = ask(OCEAN, variables=("thetao",), time={"start": start})
    parts = split(plan, OCEAN, 12 * MIB)
    needed = Counter(
        source for name, box in slabs_of(parts) for source in sources(plan, OCEAN, name, box)
    )
    assert max(needed.values()) == 2
    assert sum(needed.values()) < 1.25 * len(needed)


def test_small_variables_that_follow_each_other_share_a_part() -> None:
    plan = ask(LEVITUS)
    (part,) = split(plan, LEVITUS, 64 * MIB)
    assert [slab.variable for slab in part.slabs] == ["TEMP", "SALT"]
    assert len(split(plan, LEVITUS, 5 * MIB)) == 2


@pytest.mark.parametrize("form", ["netcdf4", "netcdf3"])
def test_there_are_never_more_parts_than_an_upload_has_room_for(form: str) -> None:
    """Of 1e12 chunks: whoever listed them would not come back."""
    century = coverage(
        [
            time_axis(regular(0, 1, 10**9)),
            depth_axis(list(range(50))),
            latitude_axis(regular(-80, 1 / 12, 2041)),
            longitude_axis(regular(-180, 1 / 12, 4320)),
        ],
        [
            packed_variable("thetao", FIELD, {"geo": (1, 1, 681, 1440)}),
            variable("zos", ("time", *FIELD[2:]), {"geo": (1, 681, 1440)}),
        ],
    )
    plan = ask(century).model_copy(update={"format": form})
    parts = split(plan, century, 64 * MIB)
    assert MOST_PARTS / 2 < len(parts) <= MOST_PARTS


def test_what_is_small_goes_with_the_header() -> None:
    plan = ask(OCEAN)
    of = {one.name: streamed(plan, OCEAN, one) for one in plan.variables}
    assert of == {"thetao": True, "uo": True, "mask": True, "time_bnds": False, "crs": False}
    long = ocean(steps=4097)
    plan = ask(long, variables=("thetao",))
    bounds = next(one for one in plan.variables if one.name == "time_bnds")
    assert bounds.output_bytes == 64 * 2**10 + 16
    assert streamed(plan, long, bounds)


def test_a_data_variable_is_streamed_however_small_unless_it_is_a_scalar() -> None:
    tiny = coverage([time_axis([0, 1])], [variable("v", ("time",)), variable("s", (), dtype="<f8")])
    plan = ask(tiny)
    assert [streamed(plan, tiny, one) for one in plan.variables] == [True, False]
    (part,) = split(plan, tiny, MIB)
    assert [slab.box for slab in part.slabs] == [(range(2),)]


def test_nothing_to_stream_is_no_part() -> None:
    scalar = coverage([], [variable("s", ())])
    assert split(ask(scalar), scalar, MIB) == ()


def test_a_plan_of_something_else_is_a_fault_of_the_description() -> None:
    plan = ask(RICH)
    with pytest.raises(DataError, match="no variable 'thetao' in the layout 'time'"):
        split(plan, coverage([], [variable("s", ())]), MIB)
    with pytest.raises(DataError, match="nothing of axis 'depth'"):
        split(plan.model_copy(update={"axes": plan.axes[:1]}), RICH, MIB)
