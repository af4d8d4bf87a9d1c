"""A process that is killed anywhere: readers see the old or the new; a second run completes it."""

import subprocess
import sys

import numpy as np
import pytest

from atoll.publication.ingest import ingest
from atoll.publication.repository import open_repository
from tests.publication.builders import LATER, ROOT, Grid, put, steps
from tests.publication.killed import DELIVERY_ID, EXIT, work_of

pytestmark = pytest.mark.slow

# Function, and which of its returns: a generator's first one is when it yields.
BEFORE = [
    ("merge", 1),
    ("delivery_branch", 1),
    ("Ranges.see", 2),
    ("Layout.write", 1),
    ("Layout.write", 2),
    ("_Ingestion._commit", 1),
    ("_compare", 3),
    ("verify", 1),
]
AFTER = [("move_main", 1), ("delivery_branch", 2)]


@pytest.fixture
def files(tmp_path):
    return [Grid(steps(2, 1), [-2, -1]).write(tmp_path / "before.nc"),
            Grid(steps(3, 2), [1, 4, 6]).write(tmp_path / "other.nc")]  # fmt: skip


@pytest.fixture
def old(tmp_path, bench):
    bench.deliver(put(Grid(steps(6), range(6)).write(tmp_path / "old.nc")))
    return list(range(6)), steps(6)


def new():
    first, other = steps(6), steps(3, 2)
    values = [*steps(2, 1), first[0], other[0], first[3], other[1], first[5], other[2]]
    return [-2, -1, 0, 1, 3, 4, 5, 6], np.stack(values)


def assert_main_is(bench, state):
    times, values = state
    for layout in ("geo", "time"):
        found = bench.open(layout, decode_times=False)
        assert found["time"].values.tolist() == times
        assert np.array_equal(found["t2m"].values, values)


@pytest.mark.parametrize(("function", "times"), [*BEFORE, *AFTER])
def test_killed_and_run_again(bench, old, files, function, times):
    words = [
        sys.executable,
        "-m",
        "tests.publication.killed",
        bench.folder,
        function,
        times,
        *files,
    ]
    done = subprocess.run([str(word) for word in words], cwd=ROOT, check=False, capture_output=True)
    assert done.returncode == EXIT, done.stderr.decode()
    killed_at = bench.head()
    assert_main_is(bench, old if (function, times) in BEFORE else new())

    outcome = ingest(work_of(files), bench.target, LATER)
    assert_main_is(bench, new())
    assert outcome.revision == bench.head()
    times = outcome.coverage.axis_of("T")
    assert times is not None
    assert times.size == 8
    assert bench.branches() == {"main"}
    history = open_repository(bench.target, "d").ancestry(branch="main")
    delivered = [each for each in history if each.metadata.get("delivery_id") == DELIVERY_ID]
    assert [each.id for each in delivered] == [outcome.revision]
    if (function, times) in AFTER:
        assert outcome.revision == killed_at
