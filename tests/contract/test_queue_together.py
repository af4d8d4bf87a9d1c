"""Many who give out slots at once: never more than there are, and each job starts once."""

from collections import Counter
from dataclasses import replace
from typing import cast

import pytest
from types_boto3_dynamodb import DynamoDBClient

from atoll.model.job import Work
from atoll.model.policy import Allowance, PerTier, Policy, PolicyVersion, QueueRules, Slots
from atoll.ports import Ends, Terms
from atoll.services.dispatch import dispatch
from tests.contract.books import Books, books_in_memory, books_in_tables
from tests.contract.builders import T0, job
from tests.contract.cloud import Cloud
from tests.contract.contended import Contended, at_once
from tests.contract.rig import Rig, dynamo_rig, fake_rig
from tests.fakes import FakeLedger, FakeWorkflow
from tests.world import World

pytestmark = pytest.mark.slow

ACCOUNTS = ("ann-id", "bo-id", "cy-id")


@pytest.fixture(params=["fake", "dynamodb"])
def rig(request: pytest.FixtureRequest) -> Rig:
    if request.param == "fake":
        return fake_rig()
    aws: Cloud = request.getfixturevalue("aws")
    return dynamo_rig(aws, cast("DynamoDBClient", Contended(aws.dynamodb)))


def books_of(rig: Rig) -> Books:
    if isinstance(rig.ledger, FakeLedger):
        return books_in_memory(rig.ledger)
    return books_in_tables(rig.state())


def a_line(rig: Rig, length: int) -> None:
    """So many jobs wait, of three accounts."""
    for number in range(length):
        rig.admit(job(f"job-{number:02}", ACCOUNTS[number % 3]))


def test_claims_at_once_exceed_neither_slots_nor_what_an_account_may_run(rig: Rig) -> None:
    a_line(rig, 24)
    waiting = rig.waiting()
    claims = [(one, number) for one in waiting.values() for number in range(3)]
    claimed = at_once(lambda claim: rig.queue.claim(*claim, 2, T0), claims)

    assert sum(claimed) == 3
    assert {number for _, number in rig.slots()} == {0, 1, 2}
    books = books_of(rig)
    books.demand_agreement()
    assert max(Counter(account for _, account in books.slots.values()).values()) <= 2


def test_one_account_gets_no_more_slots_than_it_may_hold(rig: Rig) -> None:
    for number in range(8):
        rig.admit(job(f"job-{number}"))
    claims = [(one, number) for one in rig.waiting().values() for number in range(3)]
    claimed = at_once(lambda claim: rig.queue.claim(*claim, 2, T0), claims)
    assert (sum(claimed), rig.counts()["running small"]) == (2, 2)
    books_of(rig).demand_agreement()


def test_orders_at_once_exceed_no_limit(rig: Rig) -> None:
    terms = Terms(Allowance(bytes_per_month=10_500, waiting=PerTier(small=12)))
    new = [job(f"job-{number:02}") for number in range(24)]
    hindered = at_once(lambda one: rig.ledger.admit(one, terms), new)
    assert hindered.count(frozenset()) == 10
    assert rig.balance().reserved_bytes == 10_000
    books_of(rig).demand_agreement()


class CountingWorkflow(FakeWorkflow):
    """Counts every call, not only those that begin something."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: Counter[str] = Counter()

    def start(self, work: Work) -> None:
        self.calls[work.job_id] += 1
        super().start(work)


def ends_of(rig: Rig, workflow: FakeWorkflow) -> Ends:
    allowance = Allowance(running=PerTier(small=2))
    policy = Policy(
        allowances={"default": allowance}, queue=QueueRules(slots=Slots(small=5, medium=0, big=0))
    )
    world = World(workflow=workflow)
    world.policies.put(PolicyVersion(number=1, policy=policy, text="", author=""))
    return replace(world.ports.ends, ledger=rig.ledger, queue=rig.queue)


def test_dispatchers_at_once_start_each_job_once_and_fill_the_slots(rig: Rig) -> None:
    a_line(rig, 12)
    workflow = CountingWorkflow()
    ends = ends_of(rig, workflow)

    told = at_once(lambda _: dispatch(ends, ("small",)), range(6))

    assert set(workflow.calls.values()) == {1}
    assert {name for names in told for name in names} <= {*workflow.calls}
    books = books_of(rig)
    books.demand_agreement()
    assert {name for name, _ in books.slots.values()} == {*workflow.calls}
    assert (books.held("small"), len(books.lines)) == (5, 7)
    assert max(Counter(account for _, account in books.slots.values()).values()) <= 2


def test_jobs_that_end_while_slots_are_given_out_leave_none_held(rig: Rig) -> None:
    a_line(rig, 12)
    ends = ends_of(rig, CountingWorkflow())

    def end_or_give(number: int) -> None:
        if number % 3:
            dispatch(ends, ("small",))
        for name in (f"job-{number:02}", f"job-{11 - number:02}"):
            rig.ledger.dismiss(rig.ledger.get(name), T0)

    at_once(end_or_give, range(12))

    books = books_of(rig)
    books.demand_agreement()
    assert (books.active, books.slots, books.lines) == ({}, {}, {})
