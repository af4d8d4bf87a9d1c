"""How long orders would wait under a policy: the queue's own rule, run through a day in seconds."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from heapq import heappop, heappush
from itertools import chain

from atoll.admission.allowance import allowance_of
from atoll.admission.queue import Allowances, next_jobs
from atoll.model.job import Tier
from atoll.model.policy import Allowance, Policy, QueueRules
from atoll.model.queue import Held, Waiting

TIERS: tuple[Tier, ...] = ("small", "medium", "big")

# What `next_jobs` is; a simulation may be given another rule to compare it with.
type Rule = Callable[
    [Iterable[Waiting], Sequence[Held], Allowances, QueueRules, Tier], list[tuple[Waiting, int]]
]


@dataclass(frozen=True, slots=True)
class Order:
    """An order that was placed, or might be.

    Attributes:
        profiles: of its account.
        ran_s: so long its execution takes.
    """

    created_at: datetime
    account_id: str
    profiles: tuple[str, ...]
    tier: Tier
    ran_s: float


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an order.

    Attributes:
        waited_s: for its slot; None = it never got one.
        refused: its account had as many waiting as it may.
    """

    order: Order
    waited_s: float | None
    refused: bool = False


def simulate(orders: Iterable[Order], policy: Policy, rule: Rule = next_jobs) -> list[Fate]:
    """What becomes of orders under a policy; tier by tier, as they were placed.

    Limits on jobs that run and wait count, those on bytes and requests do not: an order that
    they refuse never comes to the queue. An execution that was started runs to its end.

    Args:
        orders: of one dissemination unit, in any order.
        policy: in force all the time.
        rule: says which jobs start.
    """
    placed = sorted(orders, key=lambda order: order.created_at)

    @cache
    def allowances(profiles: tuple[str, ...]) -> Allowance:
        return allowance_of(policy, profiles)

    of_tiers = (
        _Tier(tier, allowances, policy.queue, rule).run(
            [order for order in placed if order.tier == tier]
        )
        for tier in TIERS
    )
    return list(chain.from_iterable(of_tiers))


@dataclass(slots=True)
class _Tier:
    """One tier at one moment. Jobs are numbered as they come, which is what their ids are."""

    tier: Tier
    allowances: Allowances
    rules: QueueRules
    rule: Rule
    waiting: dict[str, Waiting] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    held: dict[int, Held] = field(default_factory=dict)
    ends: list[tuple[datetime, int]] = field(default_factory=list)
    started: dict[str, datetime] = field(default_factory=dict)
    runs_s: dict[str, float] = field(default_factory=dict)

    def run(self, orders: Sequence[Order]) -> list[Fate]:
        """What becomes of these, the earliest first."""
        refused = set()
        self.runs_s = {f"{number:09d}": order.ran_s for number, order in enumerate(orders)}
        for job_id, order in zip(self.runs_s, orders, strict=True):
            self._end_until(order.created_at)
            if not self._arrive(job_id, order):
                refused.add(job_id)
        self._end_until(None)
        return [
            Fate(order, self._waited_s(job_id, order), job_id in refused)
            for job_id, order in zip(self.runs_s, orders, strict=True)
        ]

    def _arrive(self, job_id: str, order: Order) -> bool:
        """Let it start or wait; False where it may do neither."""
        account_id = order.account_id
        self.waiting[job_id] = Waiting(
            job_id=job_id,
            account_id=account_id,
            tier=self.tier,
            since=order.created_at,
            profiles=order.profiles,
            work_bytes=0,
        )
        self.counts[account_id] += 1
        self._look(order.created_at)
        limit = self.allowances(order.profiles).waiting.of(self.tier)
        if limit is None or job_id in self.started or self.counts[account_id] <= limit:
            return True
        del self.waiting[job_id]
        self.counts[account_id] -= 1
        return False

    def _end_until(self, moment: datetime | None) -> None:
        """Let executions end, and others start in their slots; None = all of them."""
        while self.ends and (moment is None or self.ends[0][0] <= moment):
            now, number = heappop(self.ends)
            del self.held[number]
            self._look(now)

    def _look(self, now: datetime) -> None:
        if not self.waiting:
            return
        held = list(self.held.values())
        for job, number in self.rule(
            self.waiting.values(), held, self.allowances, self.rules, self.tier
        ):
            del self.waiting[job.job_id]
            self.counts[job.account_id] -= 1
            self.started[job.job_id] = now
            self.held[number] = Held(
                tier=self.tier,
                number=number,
                job_id=job.job_id,
                account_id=job.account_id,
                claimed_at=now,
            )
            heappush(self.ends, (now + timedelta(seconds=self.runs_s[job.job_id]), number))

    def _waited_s(self, job_id: str, order: Order) -> float | None:
        started = self.started.get(job_id)
        return None if started is None else (started - order.created_at).total_seconds()
