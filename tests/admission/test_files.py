"""Into how many files a result goes, and which is too large for any number of them."""

from dataclasses import replace

import pytest

from atoll.admission.decide import Decision, Limits, decide
from atoll.errors import TooLarge
from atoll.model.coverage import Coverage
from atoll.model.parts import MOST_FILE_BYTES, MOST_FILES
from atoll.planning.files import file_plan
from tests.planning.builders import coverage, index_axis, regular, time_axis, variable
from tests.planning.rich import ask
from tests.world import LIMITS as SMALL

GIB = 2**30
LIMITS: Limits = replace(SMALL, file_bytes=MOST_FILE_BYTES)


def ocean(steps: int, step_bytes: int) -> Coverage:
    """So many steps of so many bytes, and their times besides."""
    axes = [time_axis(regular(0, 1, steps)), index_axis("cell", step_bytes // 4)]
    return coverage(axes, [variable("v", ("time", "cell"), {"geo": (1, 2**20)})])


def decided(dataset: Coverage, limits: Limits = LIMITS, **asked: str) -> Decision:
    return decide(ask(dataset, **asked), dataset, limits)


@pytest.mark.parametrize("form", ["netcdf4", "zarr"])
def test_what_one_file_cannot_hold_goes_into_several(form: str):
    dataset = ocean(5_000, 4 * GIB)
    decision = decided(dataset, format=form)
    assert (decision.tier, decision.files, decision.refusals) == ("big", 5, ())
    plan = ask(dataset, format=form)
    files = [file_plan(plan, dataset, 5, number) for number in range(1, 6)]
    assert max(file.output_bytes for file in files) <= MOST_FILE_BYTES
    assert sum(file.output_bytes for file in files) == plan.output_bytes == decision.cost_bytes


def test_a_byte_more_than_a_file_takes_is_a_second_file():
    dataset = ocean(1024, 4 * GIB)
    plan = ask(dataset)
    for limit, files in ((plan.output_bytes, 1), (plan.output_bytes - 1, 2)):
        assert decide(plan, dataset, replace(LIMITS, file_bytes=limit)).files == files


def test_a_file_as_an_operator_wants_it():
    limits = replace(LIMITS, file_bytes=1000 * GIB)
    assert decided(ocean(1024, 4 * GIB), limits).files == 5


def test_a_small_result_is_one_file_whatever_an_operator_wants():
    limits = replace(LIMITS, small_bytes=10 * GIB, file_bytes=1)
    assert decided(ocean(8, GIB), limits).files == 1


@pytest.mark.parametrize(
    ("dataset", "form", "remedy"),
    [
        (ocean(2048, 4 * GIB), "csv", "order it as netcdf3, netcdf4, zarr, or in several"),
        (ocean(3, 5000 * GIB), "netcdf4", "cannot be divided along time any further"),
        (ocean(100_000, 4 * GIB), "zarr", f"{MOST_FILES} files at most"),
    ],
)
def test_what_cannot_be_divided_is_refused_with_the_reason(
    dataset: Coverage, form: str, remedy: str
):
    (refusal,) = decided(dataset, format=form).refusals
    assert isinstance(refusal, TooLarge)
    assert remedy in refusal.detail
    assert refusal.facts["limit_bytes"] == MOST_FILE_BYTES
    assert int(str(refusal.facts["file_bytes"])) > MOST_FILE_BYTES


def test_files_are_larger_than_an_operator_wants_before_anything_is_refused():
    decision = decided(ocean(10_000, GIB), replace(LIMITS, file_bytes=GIB))
    assert (decision.files, decision.refusals) == (MOST_FILES, ())
