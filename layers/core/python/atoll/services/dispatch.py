"""Give free slots to those who wait, and start them. Any number of these may run at once."""

from collections.abc import Iterable
from contextlib import suppress
from typing import get_args

from atoll.admission.allowance import allowance_of
from atoll.admission.queue import free_slots, next_jobs
from atoll.errors import Unavailable, UnknownJob
from atoll.model.job import Job, Tier, Work
from atoll.model.policy import Allowance, Policy
from atoll.ports import Ends

TIERS: tuple[Tier, ...] = get_args(Tier.__value__)


def dispatch(ends: Ends, tiers: Iterable[Tier] = TIERS) -> list[str]:
    """Start what may start now.

    Two at once never start one job twice, nor exceed the slots: a claim is one step. A job
    whose start fails keeps its slot, and the reaper starts it.

    Args:
        ends: the impure parts.
        tiers: whose slots are given out.

    Returns:
        Ids of the jobs that were started.

    Raises:
        Unavailable: a part did not answer; what was started runs.
    """
    policy = ends.policies.current().policy
    return [job_id for tier in tiers for job_id in _dispatch_tier(tier, policy, ends)]


def _dispatch_tier(tier: Tier, policy: Policy, ends: Ends) -> list[str]:
    def allowances(profiles: tuple[str, ...]) -> Allowance:
        return allowance_of(policy, profiles)

    started, lost = [], True
    held = ends.queue.held()
    # The line may be long, and most orders come when all slots are held: it is not read in vain.
    waiting = ends.queue.waiting(tier) if free_slots(held, policy.queue, tier) else []
    while waiting and lost:
        lost = False
        for job, number in next_jobs(waiting, held, allowances, policy.queue, tier):
            waiting.remove(job)
            limit = allowances(job.profiles).running.of(tier)
            if not ends.queue.claim(job, number, limit, ends.now()):
                lost = True  # another was quicker, or it has ended: look again at what is left
                continue
            if _start(job.job_id, ends):
                started.append(job.job_id)
        held = ends.queue.held() if lost else held
    return started


def start_job(job: Job, ends: Ends) -> None:
    """Start the execution of a job that holds a slot, and begin to tell that it runs.

    Raises:
        Unavailable: it could not be started; nothing runs.
    """
    ends.workflow.start(Work.of(job))
    with suppress(Unavailable):  # it runs; that its start is told is worth no failure
        ends.notifier.notify(job.model_copy(update={"status": "running"}))


def _start(job_id: str, ends: Ends) -> bool:
    try:
        start_job(ends.ledger.get(job_id), ends)
    except UnknownJob:
        return False
    return True
