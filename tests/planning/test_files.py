"""Plans cut into files: every node once, in order, small enough, whatever is asked for."""

from itertools import pairwise
from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.errors import InvalidParameter
from atoll.model.coverage import Coverage
from atoll.model.parts import MOST_FILES
from atoll.model.plan import SubsetPlan, VariablePlan
from atoll.planning.files import CHUNKS_A_FILE, file_plan, files_of, largest_file_bytes
from tests.planning.builders import (
    coverage,
    latitude_axis,
    regular,
    time_axis,
    values_of,
    variable,
)
from tests.planning.rich import RICH, ask
from tests.planning.test_parts import OCEAN, requests

pytestmark = pytest.mark.slow

KIB = 2**10


def files(plan: SubsetPlan, dataset: Coverage, file_bytes: int) -> list[SubsetPlan]:
    count = files_of(plan, dataset, file_bytes)
    return [file_plan(plan, dataset, count, number) for number in range(1, count + 1)]


def nodes(plan: SubsetPlan, name: str) -> list[int]:
    """Of one axis, in the order of the output."""
    (axis,) = (one for one in plan.axes if one.name == name)
    return [index for piece in axis.pieces for index in piece.indices]


def all_nodes(found: list[SubsetPlan]) -> list[int]:
    """Of time, file by file."""
    return [index for one in found for index in nodes(one, "time")]


def brute(plan: SubsetPlan, dataset: Coverage, planned: VariablePlan) -> tuple[int, int]:
    """Cells of one variable, and its stored chunks, counted one by one."""
    stored = dataset.variable_by_name[planned.name]
    cells = chunks = 1
    for name, step in zip(stored.dimensions, stored.grids[planned.layout].chunk_shape, strict=True):
        known = dataset.other_dimensions.get(name)
        taken = list(range(known)) if known else nodes(plan, name)
        cells *= len(taken)
        chunks *= len({index // step for index in taken})
    return cells, chunks


def assert_true(plan: SubsetPlan, whole: SubsetPlan, dataset: Coverage) -> None:
    """What the plan of a file says of itself is so."""
    before = {one.name: (one, *brute(whole, dataset, one)) for one in whole.variables}
    for one in plan.variables:
        cells, chunks = brute(plan, dataset, one)
        of_all, all_cells, all_chunks = before[one.name]
        assert one.layout == of_all.layout
        assert one.chunks == chunks
        assert one.read_bytes * all_chunks == of_all.read_bytes * chunks
        assert one.output_bytes * all_cells == of_all.output_bytes * cells
    assert plan.chunks == sum(one.chunks for one in plan.variables)
    assert plan.read_bytes == sum(one.read_bytes for one in plan.variables)
    values = values_of(dataset.axis_by_name["time"])
    (time,) = (axis for axis in plan.axes if axis.name == "time")
    taken = nodes(plan, "time")
    assert (time.first, time.last) == (values[taken[0]], values[taken[-1]])


def assert_divided(plan: SubsetPlan, dataset: Coverage, file_bytes: int) -> None:
    """Behind each other the files are the result; apart they are small, if a step is."""
    found = files(plan, dataset, file_bytes)
    assert all_nodes(found) == nodes(plan, "time")
    for one in found:
        assert [a for a in one.axes if a.name != "time"] == [
            a for a in plan.axes if a.name != "time"
        ]
        assert_true(one, plan, dataset)
        as_whole = one.model_dump(exclude={"axes", "variables", *SIZES})
        assert as_whole == plan.model_dump(exclude={"axes", "variables", *SIZES})
    sizes = [one.output_bytes for one in found]
    assert max(sizes) == largest_file_bytes(plan, dataset, len(found))
    most = min(MOST_FILES, len(nodes(plan, "time")))
    assert len(found) <= most
    assert max(sizes) <= file_bytes or len(found) == most


SIZES = ("output_bytes", "read_bytes", "chunks")


@given(asked=requests, share=st.floats(0.01, 1.2))
def test_files_are_the_result_behind_each_other(asked: dict[str, Any], share: float):
    plan = ask(OCEAN, **asked)
    if any(axis.name == "time" for axis in plan.axes):
        assert_divided(plan, OCEAN, ceil(plan.output_bytes * share))


@given(
    share=st.floats(0.05, 1.0), start=st.integers(0, 9), count=st.integers(1, 10),
    step=st.integers(1, 4),
)  # fmt: skip
def test_companions_go_with_every_file(share: float, start: int, count: int, step: int):
    bounds = {"lower": start * 24.0, "upper": (start + count - 1) * 24.0}
    plan = ask(RICH, trims={"time": bounds}, stride={"time": step})
    assert_divided(plan, RICH, ceil(plan.output_bytes * share))
    for one in files(plan, RICH, ceil(plan.output_bytes * share)):
        assert [v.name for v in one.variables] == [v.name for v in plan.variables]


def series(steps: int, chunk: int, **stored: Any) -> Coverage:
    """One variable of 1 KiB a step."""
    return coverage(
        [time_axis(regular(0, 1, steps), **stored), latitude_axis(regular(-63.5, 0.5, 255))],
        [variable("v", ("time", "latitude"), {"geo": (chunk, 255)})],
    )


@pytest.mark.parametrize(
    ("chunk", "count", "clean"),
    [(1, 11, True), (10, 12, True), (25, 11, False), (1000, 11, False)],
)
def test_files_end_where_stored_chunks_do_if_these_are_short(
    chunk: int, count: int, *, clean: bool
):
    dataset = series(1000, chunk)
    plan = ask(dataset)
    found = files(plan, dataset, 95 * KIB)
    assert len(found) == count
    assert (1000 / chunk >= CHUNKS_A_FILE * count) == clean
    assert all(nodes(one, "time")[0] % chunk == 0 for one in found) == clean
    assert (sum(one.read_bytes for one in found) == plan.read_bytes) == clean
    lengths = [len(nodes(one, "time")) for one in found]
    assert max(lengths) - min(lengths) <= (chunk if clean else 1)


def test_a_result_that_fits_is_one_file_and_its_plan_the_whole_one():
    dataset = series(100, 1)
    plan = ask(dataset)
    assert files_of(plan, dataset, plan.output_bytes) == 1
    assert files_of(plan, dataset, plan.output_bytes - 1) == 2
    assert file_plan(plan, dataset, 1, 1) is plan


def test_what_has_no_time_or_no_parts_is_one_file():
    assert files_of(ask(OCEAN, variables=("mask",)), OCEAN, 10) == 1
    assert files_of(ask(OCEAN, variables=("uo",), format="csv"), OCEAN, 10) == 1


def test_there_are_no_more_files_than_steps_nor_than_an_execution_makes():
    few, many = series(7, 1), series(100_000, 1)
    assert files_of(ask(few), few, 10) == 7
    assert files_of(ask(many), many, 10) == MOST_FILES


def test_a_million_steps_are_divided_without_a_list_of_them():
    dataset = series(2_000_000, 5)
    plan = ask(dataset)
    found = files(plan, dataset, ceil(plan.output_bytes / 40))
    ranges = [piece.indices for one in found for axis in one.axes if axis.name == "time"
              for piece in axis.pieces]  # fmt: skip
    assert (ranges[0].start, ranges[-1].stop) == (0, 2_000_000)
    assert all(here.stop == there.start for here, there in pairwise(ranges))


def test_steps_that_are_read_backwards_are_cut_too():
    dataset = series(10, 3)
    plan = ask(dataset)
    (time, *others) = plan.axes
    backwards = time.model_copy(
        update={"pieces": (time.pieces[0].model_copy(update={"start": 9, "stop": -1, "step": -1}),)}
    )
    plan = plan.model_copy(update={"axes": (backwards, *others)})
    found = files(plan, dataset, 4 * KIB)
    assert all_nodes(found) == list(range(9, -1, -1))


@pytest.mark.parametrize("number", [0, 4, -1])
def test_a_file_that_there_is_not_is_refused(number: int):
    dataset = series(100, 1)
    with pytest.raises(InvalidParameter, match="files 1 to 3"):
        file_plan(ask(dataset), dataset, 3, number)
