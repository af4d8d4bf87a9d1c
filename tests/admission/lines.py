"""Queues small enough to be understood, and the rule of order in its plainest form."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from atoll.admission.queue import Allowances
from atoll.model.job import Tier
from atoll.model.policy import Allowance, PerTier, QueueRules, Slots
from atoll.model.queue import Held, Waiting

T0 = datetime(2026, 11, 1, 12, tzinfo=UTC)


def waits(job_id: str, account_id: str, waited_s: float = 0, *profiles: str) -> Waiting:
    """A small job that at T0 has waited so long."""
    since = T0 - timedelta(seconds=waited_s)
    return Waiting(
        job_id=job_id,
        account_id=account_id,
        tier="small",
        since=since,
        profiles=profiles,
        work_bytes=1,
    )


def holds(number: int, account_id: str, tier: Tier = "small") -> Held:
    """A slot of a job of its own."""
    job_id = f"{tier}-{number}"
    return Held(tier=tier, number=number, job_id=job_id, account_id=account_id, claimed_at=T0)


def rules(slots: int, ageing_s: float = 600) -> QueueRules:
    return QueueRules(slots=Slots(small=slots), ageing_s=ageing_s)


def may_run(limit: int | None, head_start_s: float = 0) -> Allowance:
    return Allowance(running=PerTier(small=limit), head_start_s=head_start_s)


def unlimited(_profiles: tuple[str, ...]) -> Allowance:
    return Allowance()


def plainly(
    waiting: Iterable[Waiting], held: Sequence[Held], allowances: Allowances, said: QueueRules
) -> list[str]:
    """Ids in the order in which jobs start, one by one, each time looking at all anew."""
    left = list(waiting)
    running = [one.account_id for one in held]
    order = []
    while len(running) < said.slots.small:
        may = [job for job in left if _may(job, running, allowances)]
        if not may:
            break
        best = min(may, key=lambda job: _key(job, running, allowances, said))
        left.remove(best)
        running.append(best.account_id)
        order.append(best.job_id)
    return order


def _may(job: Waiting, running: list[str], allowances: Allowances) -> bool:
    limit = allowances(job.profiles).running.small
    return limit is None or running.count(job.account_id) < limit


def _key(
    job: Waiting, running: list[str], allowances: Allowances, said: QueueRules
) -> tuple[Fraction, Fraction, str]:
    waited_s = Fraction((T0 - job.since) / timedelta(microseconds=1)) / 1_000_000
    head_start_s = Fraction(allowances(job.profiles).head_start_s)
    aged = (waited_s + head_start_s) / Fraction(said.ageing_s)
    return running.count(job.account_id) - aged, -waited_s, job.job_id
