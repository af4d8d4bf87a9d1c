"""Which waiting jobs start next, and what holds the others. The one rule of every look.

The smallest rank starts first: slots that its account holds in the tier, less the time it has
waited (and its head start) in units of `ageing_s`. So whoever runs least comes first, among
equals whoever has waited longest, and nobody waits for ever.

Waiting behind one's own jobs does not count: what an account's jobs have waited counts from when
the account was last given a slot that it still holds. Else a thousand orders of one account would
come before all later orders of others as soon as they have waited `ageing_s` for each slot.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
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
        head_start_s: see Allowance.
        limit: jobs of the tier that the account may run at once; None = any number.
        jobs: since when they wait, id and job; the one that has waited longest is the last.
    """

    account_id: str
    profiles: tuple[str, ...]
    head_start_s: float = 0
    limit: int | None = None
    jobs: list[tuple[float, str, Waiting]] = field(default_factory=list)


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
    order = _Line(_lanes(waiting, allowances, tier), held, rules.ageing_s, tier).in_order()
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
    line = _Line(lanes, held, rules.ageing_s, job.tier)
    running = line.running[job.account_id]
    first = takewhile(lambda one: one.job_id != job.job_id, line.in_order())
    ahead = [one.account_id for one in first]
    limit = allowances(job.profiles).running.of(job.tier)
    own = _own_rule(limit, running, ahead.count(job.account_id))
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


def _lanes(waiting: Iterable[Waiting], allowances: Allowances, tier: Tier) -> list[_Lane]:
    lanes: dict[tuple[str, tuple[str, ...]], _Lane] = {}
    for job in waiting:
        if job.tier != tier:
            continue
        key = (job.account_id, job.profiles)
        if key not in lanes:
            lanes[key] = _Lane(*key)
        lanes[key].jobs.append((job.since.timestamp(), job.job_id, job))
    allowance_of = cache(allowances)
    for lane in lanes.values():
        allowance = allowance_of(lane.profiles)
        lane.head_start_s, lane.limit = allowance.head_start_s, allowance.running.of(tier)
        lane.jobs.sort(reverse=True)
    return list(lanes.values())


class _Line:
    """The lanes of a tier, and the slots that their accounts hold.

    Attributes:
        running: slots by account.
    """

    def __init__(
        self, lanes: list[_Lane], held: Sequence[Held], ageing_s: float, tier: Tier
    ) -> None:
        of_tier = [one for one in held if one.tier == tier]
        self.running = Counter(one.account_id for one in of_tier)
        self._lanes = lanes
        self._ageing_s = ageing_s
        self._served: dict[str, float] = {}
        for one in of_tier:
            self._serve(one.account_id, one.claimed_at.timestamp())
        # It stands for now: nobody has waited since later.
        newest = (lane.jobs[0][0] for lane in lanes)
        self._newest = max((*newest, *self._served.values()), default=0.0)

    def in_order(self) -> Iterator[Waiting]:
        """Take jobs out one by one, as they start if slots come free and no job ends."""
        heap = [self._entry(number) for number in range(len(self._lanes))]
        heapify(heap)
        while heap:
            first = heappop(heap)
            lane = self._lanes[first[-1]]
            running = self.running[lane.account_id]
            if lane.limit is not None and running >= lane.limit:
                continue  # for good: an account's slots only grow in number here
            if self._entry(first[-1]) == first:  # else its account was served meanwhile
                self.running[lane.account_id] += 1
                self._serve(lane.account_id, self._newest)
                yield lane.jobs.pop()[-1]
            if lane.jobs:
                heappush(heap, self._entry(first[-1]))

    def _serve(self, account_id: str, moment: float) -> None:
        self._served[account_id] = max(moment, self._served.get(account_id, moment))

    def _entry(self, number: int) -> tuple[float, float, str, int]:
        """A lane's first job: (its rank as a moment: rank times ageing; since; id) and the lane."""
        lane = self._lanes[number]
        since, job_id, _ = lane.jobs[-1]
        counted = max(since, self._served.get(lane.account_id, since))
        rank = self.running[lane.account_id] * self._ageing_s + counted - lane.head_start_s
        return rank, since, job_id, number
