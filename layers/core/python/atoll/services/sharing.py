"""Equal orders share one extraction: one leads, the others wait for its result.

Whatever is broken off in the middle is done again, by the reaper at the latest.
"""

from datetime import timedelta

from atoll.errors import UnknownJob
from atoll.model.job import ENDED, Job
from atoll.ports import Ends


def is_worth_following(leader: Job, job: Job) -> bool:
    """Whether a job can be served from what another makes, or has made.

    It must have as many files: their size may have been set anew meanwhile. A result that is
    there already must live for half of what a new one would.
    """
    if leader.files != job.files:
        return False
    if leader.status not in ENDED:
        return True
    lifetime = job.expires_at - job.created_at
    left = leader.expires_at - job.created_at
    return leader.status == "successful" and left >= max(lifetime / 2, timedelta())


def end_followers(leader: Job, ends: Ends) -> None:
    """End those who wait for a job that has ended; or let one of them lead, if it was dismissed.

    Raises:
        Unavailable: a part did not answer; some may wait still.
    """
    found = (known(job_id, ends) for job_id in ends.ledger.followers(leader.fingerprint))
    waiting = [job for job in found if job is not None and _waits_for(leader, job)]
    for job in sorted(waiting, key=lambda one: (one.created_at, one.job_id)):
        end_follower(job, leader, ends)


def end_follower(job: Job, leader: Job, ends: Ends) -> None:
    """Do with one follower what the end of its leader means for it.

    A result that has expired by now is none: then it leads, as if its leader was dismissed.

    Raises:
        Unavailable: a part did not answer; it may wait still.
    """
    now = ends.now()
    is_made = leader.status == "successful" and leader.expires_at > now
    if is_made or leader.reason is not None:
        # Before it ends: once it has, nobody looks at it again. What is told waits for the end.
        ends.notifier.notify(job.model_copy(update={"status": leader.status}))
    if is_made:
        ends.ledger.settle(job, leader.deliveries, now, leader.expires_at)
    elif leader.reason is not None:
        ends.ledger.release(job, leader.reason, now)
    elif not ends.ledger.promote(job, now):
        _follow_successor(job, ends)


def look_after(job: Job, ends: Ends) -> None:
    """Do what was missed, where a follower waits for a job that has ended or is forgotten.

    Raises:
        Unavailable: a part did not answer.
    """
    leader = known(job.leader or job.job_id, ends)
    if leader is None:
        if not ends.ledger.promote(job, ends.now()):
            _follow_successor(job, ends)
    elif leader.status in ENDED:
        end_follower(job, leader, ends)


def _follow_successor(job: Job, ends: Ends) -> None:
    """Let a follower wait for whoever leads now."""
    leads = ends.ledger.leader(job.fingerprint)
    if leads not in {None, job.leader, job.job_id}:
        ends.ledger.follow(job, str(leads))


def known(job_id: str | None, ends: Ends) -> Job | None:
    """The job of an id; None = there is none, or it is forgotten."""
    if job_id is None:
        return None
    try:
        return ends.ledger.get(job_id)
    except UnknownJob:
        return None


def _waits_for(leader: Job, job: Job) -> bool:
    return job.leader == leader.job_id and job.status not in ENDED
