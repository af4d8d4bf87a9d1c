"""Readers while deliveries come: each read is of one state, and none fails."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier, Event

import numpy as np
import pytest
import zarr

from atoll.publication.repository import open_repository
from tests.publication.builders import Grid, put, replace, steps

pytestmark = pytest.mark.slow

READERS = 100
DELIVERIES = 20
EVERY = 5  # a reader reads during every fifth delivery


@dataclass
class Course:
    """How far a delivery is.

    Attributes:
        halfway: all is written, `main` is what it was, and readers have read half of it.
        ended: `main` is another.
    """

    halfway: Barrier = field(default_factory=lambda: Barrier(1 + READERS // EVERY, timeout=120))
    ended: Event = field(default_factory=Event)

    def hear(self, step):
        if step == "verifying":
            self.halfway.wait()


def read(root, layout):
    """Times and numbers of a layout, as bytes."""
    group = root[layout]
    return group["time"][:].tobytes(), group["t2m"][:].tobytes()


def read_on(number, target, courses):
    """Read `main` while deliveries move it: half of it before, half afterwards."""
    repository = open_repository(target, "d")
    seen = []
    for course in courses[number % EVERY :: EVERY]:
        session = repository.readonly_session("main")
        root = zarr.open_group(session.store, mode="r")
        half = read(root, "geo")
        course.halfway.wait()
        course.ended.wait()
        seen.append((session.snapshot_id, half, read(root, "time")))
    return seen


def deliveries(folder):
    """New days at the end, in gaps and before the beginning; and corrections."""
    for number in range(DELIVERIES):
        day = (number, -number, number // 2)[number % 3]
        days = [day] if number % 3 else [2 * number, 2 * number + 1]
        grid = Grid(steps(len(days), number), days)
        yield (
            replace(grid.write(folder / f"{number}.nc")),
            dict(zip(days, grid.values, strict=True)),
        )


def state_of(days):
    """What a read of these days gives."""
    times = np.array(sorted(days), "f8").tobytes()
    return times, np.stack([days[day] for day in sorted(days)]).tobytes()


def test_a_hundred_readers_during_twenty_deliveries(tmp_path, bench):
    days = {100: steps(1, 100)[0]}
    bench.deliver(put(Grid(steps(1, 100), [100]).write(tmp_path / "first.nc")))
    states = {bench.head(): state_of(days)}
    courses = [Course() for _ in range(DELIVERIES)]
    with ThreadPoolExecutor(READERS) as pool:
        readers = [pool.submit(read_on, number, bench.target, courses) for number in range(READERS)]
        for course, (change, values) in zip(courses, deliveries(tmp_path), strict=True):
            try:
                outcome = bench.deliver(change, on_step=course.hear)
            finally:
                course.ended.set()
            days.update(values)
            states[outcome.revision] = state_of(days)
    reads = [seen for reader in readers for seen in reader.result()]
    assert len(states) == 1 + DELIVERIES
    assert len(reads) == READERS * DELIVERIES / EVERY
    assert len({snapshot for snapshot, _, _ in reads}) >= DELIVERIES // EVERY
    for snapshot, early, late in reads:
        assert early == late == states[snapshot]
