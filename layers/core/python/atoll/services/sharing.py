"""Equal orders share one extraction: one leads, the others wait for its result.

Whatever is broken off in the middle is done again, by the reaper at the latest.
"""

from datetime import timedelta

from atoll.errors import UnknownJob
from atoll.model.job import ENDED, Job
from atoll.ports import Ends


def is_worth_following(leader: Job, job: Job) -> bool:
    """Whether a job can be served from what another makes, or has made.

    A result that is there already must live for half of what a new one would.
    """
    if leader.status not in ENDED:
        return True
    lifetime = job.expires_at - job.created_at
    left = leader.expires_at - job.created_at
    return leader.status == "successful" and left >= max(lifetime / 2, timedelta())


def end_followers(leader: Job, ends: Ends) -> list[Job]:
    """End those who wait for a job that has ended; or let one of them lead, if it was dismissed.

    Returns:
        The jobs that have ended by this.

    Raises:
        Unavailable: a part did not answer; some may wait still.
    """
    found = (ends.ledger.get(job_id) for job_id in ends.ledger.followers(leader.fingerprint))
    waiting = [job for job in found if job.leader == leader.job_id and job.status not in ENDED]
    waiting.sort(key=lambda job: (job.created_at, job.job_id))
    return [ends.ledger.get(job.job_id) for job in waiting if end_follower(job, leader, ends)]


def end_follower(job: Job, leader: Job, ends: Ends) -> bool:
    """Do with one follower what the end of its leader means for it.

    Returns:
        Whether the job has ended by this.
    """
    now = ends.now()
    if leader.status == "successful":
        return ends.ledger.settle(job, leader.deliveries, now, leader.expires_at)
    if leader.reason is not None:
        return ends.ledger.release(job, leader.reason, now)
    leads = ends.ledger.leader(job.fingerprint)
    if leads == leader.job_id or leads is None:
        ends.ledger.promote(job, now)
    elif leads != job.job_id:
        ends.ledger.follow(job, leads)
    return False


def leader_of(job: Job, ends: Ends) -> Job | None:
    """The job that leads a job's extraction; None = there is none, or it is forgotten."""
    leads = ends.ledger.leader(job.fingerprint)
    if leads is None:
        return None
    try:
        return ends.ledger.get(leads)
    except UnknownJob:
        return None
