"""Which waiting jobs start next, and what holds the others. The one rule of every look.

The smallest rank starts first: slots that its account holds in the tier, less the time it has
waited (and its head start) in units of `ageing_s`. So whoever runs least comes first, among
equals whoever has waited longest, and nobody waits for ever.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import heapify, heappop, heappush
from itertools import takewhile

from atoll.model.job import Tier
from atoll.model.policy import Allowance, QueueRules
from atoll.model.queue import Held, Waiting

# What an account of these profiles may use.
type Allowances = Callable[[tuple[str, ...]], Allowance]

STARTS_NEXT = "it starts at the next look"
OTHERS_COME_FIRST = "the free slots of this tier go to jobs ahead of it"
NO_SLOTS = "this tier has no slots now"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job stands, as things are now; jobs that end or are ordered later change it.

    Attributes:
        ahead: waiting jobs that start before it.
        rule: that holds it, in words for its owner.
    """

    ahead: int
    rule: str


# Of jobs that are in no line: one that follows another, and one whose slot was just claimed.
SHARES = Place(0, "it waits for the same extraction of another order")
CLAIMED = Place(0, "it has its slot and is being started")


@dataclass(slots=True)
class _Lane:
    """Jobs that keep their order among themselves: those of one account with one allowance.

    Attributes:
        jobs: the one that has waited longest is the last.
        limit: jobs of the tier that the account may run at once; None = any number.
    """

    account_id: str
    profiles: tuple[str, ...]
    head_start_s: float
    limit: int | None
    jobs: list[Waiting]


def next_jobs(
    waiting: Iterable[Waiting],
    held: Sequence[Held],
    allowances: Allowances,
    rules: QueueRules,
    tier: Tier,
) -> list[tuple[Waiting, int]]:
    """Which jobs of a tier start now, in order, each with the number of its slot.

    The order does not depend on the time: as it goes on, all have waited longer alike.

    Args:
        waiting: jobs that wait for a slot; those of other tiers are left out.
        held: slots that are held, likewise.
        allowances: by profiles of an account.
        rules: slots and ageing.
        tier: which.
    """
    free = free_slots(held, rules, tier)
    if not free:
        return []
    order = _in_order(_lanes(waiting, allowances, tier), _running(held, tier), rules.ageing_s)
    return [(job, number) for number, job in zip(free, order, strict=False)]


def free_slots(held: Iterable[Held], rules: QueueRules, tier: Tier) -> list[int]:
    """Numbers of the slots that may be given out, from 0, rising.

    Where operators have taken slots away that are still held, those count.
    """
    slots = rules.slots.of(tier)
    taken = {one.number for one in held if one.tier == tier}
    free = [number for number in range(slots) if number not in taken]
    return free[: max(0, slots - len(taken))]


def place(
    job: Waiting,
    waiting: Iterable[Waiting],
    held: Sequence[Held],
    allowances: Allowances,
    rules: QueueRules,
) -> Place:
    """Where a waiting job stands in the line of its tier.

    What its own account may run counts in the rule, not in `ahead`: those of its jobs that come
    first are ahead of it whenever they start.

    Args:
        job: one that waits for a slot; `waiting` may not show it yet.
        waiting: see `next_jobs`.
        held: likewise.
        allowances: likewise.
        rules: likewise.
    """
    others = [one for one in waiting if one.job_id != job.job_id]
    lanes = _lanes([*others, job], allowances, job.tier)
    for lane in lanes:
        if (lane.account_id, lane.profiles) == (job.account_id, job.profiles):
            lane.limit = None
    running = _running(held, job.tier)
    order = _in_order(lanes, running.copy(), rules.ageing_s)
    ahead = [one.account_id for one in takewhile(lambda one: one.job_id != job.job_id, order)]
    limit = allowances(job.profiles).running.of(job.tier)
    own = _own_rule(limit, running[job.account_id], ahead.count(job.account_id))
    return Place(len(ahead), own or _rule_of_slots(len(ahead), held, rules, job.tier))


def _own_rule(limit: int | None, running: int, ahead: int) -> str | None:
    """What the account itself may run holds the job; None = it does not."""
    if limit is None or running + ahead < limit:
        return None
    if running < limit:
        return f"this account may run {limit} jobs at once, and others of its own come first"
    return f"this account runs {running} of the {limit} jobs it may"


def _rule_of_slots(ahead: int, held: Sequence[Held], rules: QueueRules, tier: Tier) -> str:
    slots = rules.slots.of(tier)
    if slots == 0:
        return NO_SLOTS
    free = free_slots(held, rules, tier)
    if not free:
        return f"all {slots} slots of this tier are taken"
    return STARTS_NEXT if ahead < len(free) else OTHERS_COME_FIRST


def _running(held: Iterable[Held], tier: Tier) -> Counter[str]:
    return Counter(one.account_id for one in held if one.tier == tier)


def _lanes(waiting: Iterable[Waiting], allowances: Allowances, tier: Tier) -> list[_Lane]:
    waiting_of: dict[tuple[str, tuple[str, ...]], list[Waiting]] = {}
    for job in waiting:
        if job.tier == tier:
            waiting_of.setdefault((job.account_id, job.profiles), []).append(job)
    allowance_of = cache(allowances)
    lanes = []
    for (account_id, profiles), jobs in waiting_of.items():
        allowance = allowance_of(profiles)
        jobs.sort(key=_longest_first, reverse=True)
        limit = allowance.running.of(tier)
        lanes.append(_Lane(account_id, profiles, allowance.head_start_s, limit, jobs))
    return lanes


def _longest_first(job: Waiting) -> tuple[float, str]:
    return job.since.timestamp(), job.job_id


def _in_order(lanes: list[_Lane], running: Counter[str], ageing_s: float) -> Iterator[Waiting]:
    """Take jobs out of the lanes one by one, as they start if slots come free and no job ends.

    Args:
        lanes: none of them empty.
        running: slots by account; it counts on.
        ageing_s: see QueueRules.
    """

    def entry(number: int) -> tuple[float, float, str, int]:
        """The lane's first job: (rank times ageing, as a moment; since; id) and the lane."""
        lane = lanes[number]
        since, job_id = _longest_first(lane.jobs[-1])
        rank = running[lane.account_id] * ageing_s + since - lane.head_start_s
        return rank, since, job_id, number

    heap = [entry(number) for number in range(len(lanes))]
    heapify(heap)
    while heap:
        first = heappop(heap)
        number = first[-1]
        lane = lanes[number]
        if lane.limit is not None and running[lane.account_id] >= lane.limit:
            continue  # for good: an account's slots only grow in number here
        if entry(number) == first:  # else another lane of its account was served meanwhile
            running[lane.account_id] += 1
            yield lane.jobs.pop()
        if lane.jobs:
            heappush(heap, entry(number))
