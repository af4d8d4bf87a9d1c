"""What the end of a job means for others."""

from atoll.model.job import Job
from atoll.ports import Ends
from atoll.services.dispatch import dispatch
from atoll.services.sharing import end_followers


def after_end(job: Job, ends: Ends) -> None:
    """End those who shared its extraction, give its slot to who waits, and begin to tell of it.

    Safe to repeat: whoever ends a job that has ended already makes up for what may have been
    broken off then.

    Args:
        job: as it has ended.
        ends: the impure parts.

    Raises:
        Unavailable: a part did not answer; the reaper goes on from there.
    """
    end_followers(job, ends)
    dispatch(ends, (job.tier,))
    ends.notifier.notify(job)
