"""What was broken off is brought to its end: every minute, and safe to repeat at any moment."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from atoll.errors import WorkerLost
from atoll.model.job import ENDED
from atoll.model.queue import Held
from atoll.ports import Ends
from atoll.services.completion import clear_away, release_job
from atoll.services.dispatch import start_job
from atoll.services.faults import noted
from atoll.services.sharing import known, look_after

# Whoever claimed the slot has started the execution by then, or has been lost.
STARTED_AFTER = timedelta(seconds=60)
# An upload of a job that has ended just now is being discarded by whoever ended it.
DISCARDED_AFTER = timedelta(hours=1)
LOST = "The execution ended without a result; please order again."


def reap(ends: Ends) -> list[str]:
    """Look after slots, followers and uploads that nobody looks after any more.

    What cannot be looked after now keeps nobody from looking after the others.

    Args:
        ends: the impure parts.

    Returns:
        Ids of the jobs that were started or released.

    Raises:
        ExceptionGroup: of all errors that were met; the next look begins anew.
    """
    faults: list[Exception] = []
    touched: list[str] = []

    def each[Found](find: Callable[[], Iterable[Found]], look: Callable[[Found], None]) -> None:
        with noted(faults):
            for found in find():
                with noted(faults):
                    look(found)

    def look_at_slot(held: Held) -> None:
        if _look_after_slot(held, ends):
            touched.append(held.job_id)

    started_before = ends.now() - DISCARDED_AFTER
    each(ends.queue.held, look_at_slot)
    each(ends.queue.following, lambda job_id: _look_after_follower(job_id, ends))
    each(
        lambda: ends.results.uploading(started_before),
        lambda job_id: _look_after_upload(job_id, ends),
    )
    if faults:
        raise ExceptionGroup("left to the next look", faults)
    return touched


def _look_after_slot(held: Held, ends: Ends) -> bool:
    """Start what was claimed and never started; release what ended and never said so.

    Returns:
        Whether there was anything to do.
    """
    if ends.now() - held.claimed_at < STARTED_AFTER:
        return False
    state = ends.workflow.state(held.job_id)
    # Read after the execution: a job that its execution has ended since is seen to have ended.
    job = ends.ledger.get(held.job_id)
    if state == "running" or job.status in ENDED:
        return False
    if state is None:
        start_job(job, ends)
    else:
        # Before it ends: once it has, nobody looks at it again. What is told waits for the end.
        ends.notifier.notify(job.model_copy(update={"status": "failed"}))
        release_job(job.job_id, WorkerLost.__name__, LOST, ends)
    return True


def _look_after_follower(job_id: str, ends: Ends) -> None:
    job = known(job_id, ends)
    if job is not None and job.status not in ENDED:
        look_after(job, ends)


def _look_after_upload(job_id: str, ends: Ends) -> None:
    job = known(job_id, ends)
    if job is None:
        ends.results.discard(job_id)
    elif job.status in ENDED:
        clear_away(job, ends.results)
