"""Queues small enough to be understood, and the rule of order in its plainest form."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from atoll.admission.queue import Allowances
from atoll.model.job import Tier
from atoll.model.policy import Allowance, PerTier, QueueRules, Slots
from atoll.model.queue import Held, Waiting

T0 = datetime(2026, 11, 1, 12, tzinfo=UTC)

# Of each slot that is held: account, and since when.
type Running = list[tuple[str, datetime]]


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


def holds(number: int, account_id: str, tier: Tier = "small", held_s: float = 0) -> Held:
    """A slot of a job of its own, at T0 held so long."""
    return Held(
        tier=tier,
        number=number,
        job_id=f"{tier}-{number}",
        account_id=account_id,
        claimed_at=T0 - timedelta(seconds=held_s),
    )


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
    running = [(one.account_id, one.claimed_at) for one in held]
    newest = max(
        [job.since for job in left] + [claimed_at for _, claimed_at in running], default=T0
    )
    order = []
    while len(running) < said.slots.small:
        may = [job for job in left if _may(job, running, allowances)]
        if not may:
            break
        best = min(may, key=lambda job: _key(job, running, allowances, said))
        left.remove(best)
        running.append((best.account_id, newest))
        order.append(best.job_id)
    return order


def _may(job: Waiting, running: Running, allowances: Allowances) -> bool:
    limit = allowances(job.profiles).running.small
    return limit is None or _count(job, running) < limit


def _key(
    job: Waiting, running: Running, allowances: Allowances, said: QueueRules
) -> tuple[Fraction, datetime, str]:
    served = [claimed_at for account_id, claimed_at in running if account_id == job.account_id]
    waited_s = Fraction((T0 - max([job.since, *served])) / timedelta(microseconds=1)) / 1_000_000
    head_start_s = Fraction(allowances(job.profiles).head_start_s)
    aged = (waited_s + head_start_s) / Fraction(said.ageing_s)
    return _count(job, running) - aged, job.since, job.job_id


def _count(job: Waiting, running: Running) -> int:
    return [account_id for account_id, _ in running].count(job.account_id)
