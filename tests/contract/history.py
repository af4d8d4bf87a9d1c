"""A unit in which anything happens in any order, and is broken off anywhere."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

from atoll.errors import BrokerError, DataError, UnknownJob, WorkerLost
from atoll.model.job import ENDED, Account, Tier
from atoll.model.policy import Allowance, PerTier, Policy, PolicyVersion, QueueRules, Slots
from atoll.model.request import Interval, LongitudeInterval, SubsetRequest
from atoll.ports import Ports
from atoll.services.completion import release_job, settle_job
from atoll.services.dispatch import TIERS, dispatch
from atoll.services.jobs import dismiss_job
from atoll.services.reaper import reap
from atoll.services.submit import Placement, submit
from tests.contract.books import Books, Row
from tests.contract.crashes import Crash, Fuse, crash, go_away, guarded
from tests.contract.rig import Rig
from tests.fakes import FakeCatalogue, FakeNotifier
from tests.planning.builders import levitus_coverage
from tests.world import World

# What happens: the name of a method of `Unit`, and what it is given.
type Happening = tuple[str, tuple[Any, ...]]

ACCOUNTS = [Account(account_id=f"{name}-id", profiles=("public",)) for name in ("ann", "bo")]
BOX = SubsetRequest(
    dataset="levitus-climatology",
    longitude=LongitudeInterval(west=-40, east=30),
    latitude=Interval(lower=30, upper=60),
)
REQUESTS = [
    BOX,
    BOX.model_copy(update={"depth": Interval(lower=0, upper=500)}),
    SubsetRequest(dataset="levitus-climatology"),
]
EVENTS = {"crash": crash, "away": go_away}
# Correlation id of orders that may share an extraction.
SHARES = "shares"
NOT_STARTED = "The job could not be started."
CATALOGUE = FakeCatalogue(levitus_coverage())


def policy(slots: int, running: int | None, waiting: int | None, quota: int | None) -> Policy:
    """The same numbers for all tiers and accounts."""

    def each(number: int | None) -> PerTier:
        return PerTier(small=number, medium=number, big=number)

    allowance = Allowance(bytes_per_month=quota, running=each(running), waiting=each(waiting))
    rules = QueueRules(slots=Slots(small=slots, medium=slots, big=slots))
    return Policy(allowances={"default": allowance}, queue=rules)


POLICIES = [
    policy(2, 1, 2, None),
    policy(1, None, None, None),
    policy(3, 2, 0, 40_000_000),
    policy(0, 1, 3, None),
]
GENEROUS = policy(50, None, None, None)


@dataclass
class Unit:
    """One unit; what is done goes by the services and by guarded ports.

    Attributes:
        rig: ledger, queue and accounts.
        look: reads all tables.
        ended: rows of all jobs that have ended, as they ended.
        started, begun, failed, lost: ids of jobs whose execution was; a lost one tells nobody.
        limits: policies that were in force during the last step.
    """

    rig: Rig
    look: Callable[[], Books]
    world: World = field(
        default_factory=lambda: World(catalogue=CATALOGUE, notifier=FakeNotifier(topic=True))
    )
    fuse: Fuse = field(default_factory=Fuse)
    ended: dict[str, Row] = field(default_factory=dict)
    started: set[str] = field(default_factory=set)
    begun: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    limits: list[Policy] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.put_policy(POLICIES[0])
        self.books = self.look()

    @cached_property
    def ports(self) -> Ports:
        ports = self.world.ports
        return replace(
            ports,
            ledger=guarded(self.rig.ledger, self.fuse),
            queue=guarded(self.rig.queue, self.fuse),
            accounts=guarded(self.rig.accounts, self.fuse),
            workflow=guarded(ports.workflow, self.fuse),
            results=guarded(ports.results, self.fuse),
            notifier=guarded(ports.notifier, self.fuse),
        )

    # What may happen

    def submit(self, who: int, what: int, key: str | None, shares: bool) -> None:  # noqa: FBT001
        placement = Placement(SHARES if shares else "alone", key, shares=shares)
        submit(REQUESTS[what], ACCOUNTS[who], placement, self.ports)

    def dismiss(self, which: int) -> None:
        if self.books.rows:
            job_id, row = sorted(self.books.rows.items())[which % len(self.books.rows)]
            dismiss_job(job_id, Account(account_id=row.account_id), self.ports)

    def execute(self, which: int, how: str) -> None:
        """Let an execution that is under way go on, or end."""
        under_way = self.under_way()
        if under_way:
            self._execute(under_way[which % len(under_way)], how)

    def dispatch(self) -> None:
        dispatch(self.ports.ends)

    def reap(self) -> None:
        reap(self.ports.ends)

    def wait(self, seconds: float) -> None:
        self.world.later(seconds)

    def forget(self) -> None:
        self.rig.forget(self.world.time)

    def put_policy(self, changed: Policy) -> None:
        number = len(self.world.policies.kept) + 1
        version = PolicyVersion(number=number, policy=changed, text="", author="")
        self.world.policies.put(version)
        self.limits.append(changed)

    def under_way(self) -> list[str]:
        """Ids of jobs whose execution runs."""
        workflow = self.world.workflow
        return sorted(name for name in workflow.started if workflow.state(name) == "running")

    def _execute(self, job_id: str, how: str) -> None:
        if self._is_over(job_id):
            how = "over"  # MarkRunning says so
        elif job_id not in self.begun:
            self.rig.begin(job_id, self.world.time)
            self.begun.add(job_id)
        if how == "succeed":
            settle_job(job_id, self.world.make_result(job_id, b"CDF"), self.ports.ends)
        elif how == "fail":
            self.failed.add(job_id)
            release_job(job_id, "States.TaskFailed", "", self.ports.ends)
        elif how == "lost":
            self.lost.add(job_id)
        if how != "begin":
            self.world.workflow.ended.add(job_id)

    def _is_over(self, job_id: str) -> bool:
        """Whether an execution has nothing to do: one that is tried again finishes its end."""
        try:
            ended = self.rig.ledger.get(job_id).status in ENDED
        except UnknownJob:
            return True
        return ended and job_id not in self.begun

    # That it happens, and what must be so afterwards

    def happen(self, happening: Happening, steps: int | None, trouble: str | Happening) -> None:
        """Let it happen, and something come between after so many steps of ports."""
        self.limits = self.limits[-1:]
        between = EVENTS[trouble] if isinstance(trouble, str) else partial(self._do, trouble)
        self.fuse.light(steps, between)
        with suppress(Crash):
            self._do(happening)
        self.fuse.left = None
        self.check()

    def _do(self, happening: Happening) -> None:
        name, given = happening
        try:
            getattr(self, name)(*given)
        except (DataError, WorkerLost):
            raise
        except BrokerError:
            pass
        except ExceptionGroup as group:
            assert group.split(BrokerError)[1] is None  # noqa: PT017

    def check(self) -> None:
        before, self.books = self.books, self.look()
        self.books.demand_agreement()
        for tier in TIERS:
            self._demand_limits(before, tier)
        over = {name: row for name, row in self.books.rows.items() if not row.is_active}
        for job_id, row in over.items():
            assert self.ended.setdefault(job_id, row) == row, "what has ended changes no more"
        for job_id, row in self.books.rows.items():
            if job_id in over:
                assert row.status != "failed" or self._has_failed(job_id, row)
            elif row.leader is not None:
                leader = self.books.rows.get(row.leader)
                assert leader is None or not leader.is_active or leader.leader is None
        self._demand_starts()
        self._demand_one_leader()

    def _has_failed(self, job_id: str, row: Row) -> bool:
        """Whether there is a reason to: no job fails whose execution goes on."""
        own = job_id in self.failed | self.lost or row.detail == NOT_STARTED
        return own or (row.leader is not None and self.ended[row.leader].status == "failed")

    def _demand_limits(self, before: Books, tier: Tier) -> None:
        """Nothing grows beyond what a policy allowed that was in force meanwhile."""
        slots = max(one.queue.slots.of(tier) for one in self.limits)
        assert self.books.held(tier) <= max(slots, before.held(tier)), "slots"
        for state in ("running", "waiting"):
            most = [getattr(one.allowances["default"], state).of(tier) for one in self.limits]
            if None in most or (state == "waiting" and self.promoted(before)):
                continue
            for account_id, counters in self.books.counters.items():
                name = f"{state} {tier}"
                were = before.counters.get(account_id, {}).get(name, 0)
                assert counters.get(name, 0) <= max(*most, were, 0), (account_id, name)

    def promoted(self, before: Books) -> bool:
        """Whether a follower has become a leader: it then waits, whatever its account may."""
        rows = self.books.rows
        return any(
            row.leader is not None and name in rows and rows[name].leader is None
            for name, row in before.rows.items()
        )

    def _demand_starts(self) -> None:
        """What is started holds a slot, or has ended since."""
        for job_id in self.world.workflow.started.keys() - self.started:
            row = self.books.rows.get(job_id)
            assert row is None or not row.is_active or row.slot is not None
            self.started.add(job_id)

    def _demand_one_leader(self) -> None:
        """What may be shared is made once at a time; a place to lead is kept a lifetime long."""
        leaders = Counter(
            row.fingerprint
            for row in self.books.active.values()
            if row.leader is None
            and row.correlation_id == SHARES
            and row.expires_at >= self.world.time.timestamp()
        )
        assert set(leaders.values()) <= {1}

    def quiesce(self) -> None:
        """Let all executions succeed and the unit look after itself: then nothing is left."""
        self.put_policy(GENEROUS)
        for _ in range(8):
            self.wait(61)
            self.reap()
            self.dispatch()
            for job_id in self.under_way():
                self._execute(job_id, "succeed")
            self.check()
            if not self.books.active:
                break
        assert self.books.active == {}
        assert not any(reserved for reserved, _ in self.books.balances.values())
        assert self.under_way() == []
        self._demand_told()
        self._demand_delivered()

    def _demand_delivered(self) -> None:
        """What is delivered is there, whoever has made it and whoever else was ended."""
        for job_id, row in self.books.rows.items():
            if row.status == "successful":
                for one in self.rig.ledger.get(job_id).deliveries:
                    assert self.world.results.size(one.key) == one.output_bytes

    def _demand_told(self) -> None:
        """Of every job that an execution of its own or another's has ended, the topic was told."""
        told = {(one.job_id, one.event) for one in self.world.notifier.notices}
        for job_id, row in self.books.rows.items():
            by_execution = job_id in self.begun - self.lost or row.leader is not None
            # Who was answered that his order could not be started knows it.
            if row.status != "dismissed" and by_execution and row.detail != NOT_STARTED:
                assert (job_id, f"job.{row.status}") in told
