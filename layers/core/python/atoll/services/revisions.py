"""How long a dataset's old revisions are kept, and which of them jobs still read."""

from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from typing import get_args

from atoll.errors import UnknownJob
from atoll.model.job import ENDED, Tier
from atoll.ports import Ledger, Queue

# A job that takes longer, or waits longer, is not harmed: what it reads is held while it lasts.
LONGEST_JOB = timedelta(days=2)


def kept_for(result_lifetime_s: int, url_lifetime_s: int) -> timedelta:
    """How long a revision is kept after another has become `main`.

    What is ordered until then is made and fetched, and, as long as its result is there, can be
    ordered again as it was. It is longer than any delivery takes.

    Args:
        result_lifetime_s: seconds that a result is kept.
        url_lifetime_s: seconds that an address of it is good for.
    """
    return LONGEST_JOB + timedelta(seconds=result_lifetime_s + url_lifetime_s)


def revisions_read(queue: Queue, ledger: Ledger) -> dict[str, frozenset[str]]:
    """Which revisions of which datasets jobs will read that follow, wait or run.

    A job that was ordered, or changed its place, just now may be missing.

    Raises:
        Unavailable: the ledger did not answer.
    """
    # In the order in which jobs go on: one that does so meanwhile is seen in its next place.
    following = queue.following()
    waiting = [one.job_id for tier in get_args(Tier.__value__) for one in queue.waiting(tier)]
    held = [one.job_id for one in queue.held()]
    found: defaultdict[str, set[str]] = defaultdict(set)
    for job_id in {*following, *waiting, *held}:
        with suppress(UnknownJob):
            job = ledger.get(job_id)
            if job.status not in ENDED:
                found[job.plan.dataset].add(job.plan.revision)
    return {dataset: frozenset(revisions) for dataset, revisions in found.items()}
