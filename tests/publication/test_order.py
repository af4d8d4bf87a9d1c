"""Notes that come late: an older forecast does not overwrite a newer one."""

import numpy as np
import pytest

from atoll.errors import InvalidParameter
from atoll.publication.ingest import ingest
from atoll.publication.repository import open_repository
from atoll.publication.work import Work
from tests.publication.builders import PLAIN, T0, Grid, put, replace, steps

pytestmark = pytest.mark.slow

MONDAY, TUESDAY = "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"
NOON = "2026-11-23T12:00:00.5Z"


@pytest.fixture
def deliver(tmp_path, bench):
    """Two days, as often as it is called, with other numbers each time."""
    count = iter(range(9))

    def act(action, **told):
        seed = next(count)
        path = Grid(steps(2, seed), [0, 1]).write(tmp_path / f"{seed}.nc")
        work = Work("d", PLAIN, (action(path),), f"delivery-{seed}", **told)
        return ingest(work, bench.target, T0)

    return act


@pytest.mark.parametrize(
    ("first", "late", "name"),
    [
        ({"reference_time": TUESDAY}, {"reference_time": MONDAY}, "reference_time"),
        ({"reference_time": NOON}, {"reference_time": MONDAY}, "reference_time"),
        ({"production_time": TUESDAY}, {"production_time": MONDAY}, "production_time"),
        (
            {"reference_time": MONDAY, "production_time": TUESDAY},
            {"production_time": MONDAY},
            "production_time",
        ),
        (
            {"reference_time": TUESDAY, "production_time": MONDAY},
            {"reference_time": MONDAY, "production_time": TUESDAY},
            "reference_time",
        ),
    ],
)
def test_what_is_older_replaces_nothing(bench, deliver, first, late, name):
    deliver(put, **first)
    deliver(replace)  # which tells of no time
    before, values = bench.head(), bench.open()["t2m"].values
    with pytest.raises(InvalidParameter) as raised:
        deliver(replace, **late)
    assert raised.value.facts["parameter"] == name
    assert f"{first[name]} or later" in raised.value.detail
    assert bench.head() == before
    assert np.array_equal(bench.open()["t2m"].values, values)
    assert bench.branches() == {"main"}


@pytest.mark.parametrize(
    ("first", "late"),
    [
        ({"reference_time": MONDAY}, {"reference_time": TUESDAY}),
        ({"reference_time": MONDAY}, {"reference_time": MONDAY}),
        ({"reference_time": TUESDAY}, {"production_time": MONDAY}),
        ({"reference_time": TUESDAY}, {}),
        ({}, {"reference_time": MONDAY}),
    ],
)
def test_what_is_not_known_to_be_older_replaces(bench, deliver, first, late):
    deliver(put, **first)
    deliver(replace, **late)
    assert np.array_equal(bench.open()["t2m"].values, steps(2, 1))


def test_the_same_delivery_again_is_done_whatever_came_after(deliver, bench, tmp_path):
    first = deliver(put, reference_time=MONDAY)
    deliver(replace, reference_time=TUESDAY)
    gone = (replace(tmp_path / "gone.nc"),)
    again = Work("d", PLAIN, gone, "delivery-0", reference_time=MONDAY)
    assert ingest(again, bench.target, T0).revision == first.revision


def test_new_times_may_come_in_any_order(tmp_path, bench, deliver):
    deliver(put, reference_time=TUESDAY)
    path = Grid(steps(1, 7), [5]).write(tmp_path / "late.nc")
    ingest(Work("d", PLAIN, (put(path),), reference_time=MONDAY), bench.target, T0)
    assert bench.open()["t2m"].shape[0] == 3


def test_a_commit_tells_when_its_data_are_from(bench, deliver):
    revision = deliver(put, reference_time=MONDAY, production_time=NOON).revision
    metadata = open_repository(bench.target, "d").lookup_snapshot(revision).metadata
    assert (metadata["reference_time"], metadata["production_time"]) == (MONDAY, NOON)
