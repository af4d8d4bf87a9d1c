"""Holding an answer until a job has ended."""

from contextlib import suppress
from datetime import timedelta
from typing import Protocol

from fastapi.concurrency import run_in_threadpool

from atoll.errors import Unavailable
from atoll.model.job import ENDED, Job
from atoll.ports import Ports
from atoll.web.context import Pause

# Soon at first: a small job on warm functions takes about a second.
FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 2.0
GROWTH = 1.5


class Holding(Protocol):
    """What a door holds answers with."""

    @property
    def ports(self) -> Ports:
        """Its ledger and clock."""
        ...

    @property
    def pause(self) -> Pause:
        """Waits so many seconds, and lets other requests pass."""
        ...


async def job_until(job: Job, wait_s: int, door: Holding) -> Job:
    """Look at a job until it has ended, or time is up; no thread is held meanwhile.

    A ledger that does not answer ends no order: the job is then what it was at the last look.

    Args:
        job: as it is known now.
        wait_s: time that it has, in seconds since the order.
        door: its ledger, clock and pause.

    Returns:
        The job as it was seen last.
    """
    deadline, pause_s = job.created_at + timedelta(seconds=wait_s), FIRST_PAUSE_S
    while job.status not in ENDED:
        left_s = (deadline - door.ports.now()).total_seconds()
        if left_s <= 0:
            break
        await door.pause(min(pause_s, left_s))
        pause_s = min(pause_s * GROWTH, LONGEST_PAUSE_S)
        with suppress(Unavailable):
            job = await run_in_threadpool(door.ports.ledger.get, job.job_id)
    return job
