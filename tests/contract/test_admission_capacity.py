"""A hundred orders a second: no partition of any table or index gets too many writes."""

from dataclasses import replace
from typing import cast

import pytest
from types_boto3_dynamodb import DynamoDBClient

from atoll.model.job import Account
from atoll.model.policy import Allowance, Policy, PolicyVersion, QueueRules, Slots
from atoll.model.request import Interval, LongitudeInterval, SubsetRequest
from atoll.ports import Ports
from atoll.services.completion import settle_job
from atoll.services.dispatch import dispatch
from atoll.services.submit import Placement, submit
from tests.contract.cloud import Cloud
from tests.contract.meter import LIMIT_WCU, Metered
from tests.contract.rig import dynamo_rig
from tests.world import World

pytestmark = pytest.mark.slow

# What is ordered in half a second; in a whole one everything is written twice.
ORDERS = 50
ORDERS_PER_S = 2 * ORDERS
# What `UNWRITTEN` lets one account order.
ONE_ACCOUNTS_ORDERS_PER_S = 10


def request(number: int) -> SubsetRequest:
    """A box unlike that of any other number."""
    return SubsetRequest(
        dataset="levitus-climatology",
        longitude=LongitudeInterval(west=number, east=number + 30),
        latitude=Interval(lower=30, upper=60),
        depth=Interval(lower=0, upper=500),
    )


class Lives:
    """Orders from beginning to end: what so many write is written in the time in which so many
    are ordered.
    """

    def __init__(self, aws: Cloud) -> None:
        self.meter = Metered(aws.dynamodb)
        self.rig = dynamo_rig(aws, cast("DynamoDBClient", self.meter))
        self.world = World()
        self.ended: set[str] = set()
        self.ports: Ports = replace(
            self.world.ports,
            ledger=self.rig.ledger,
            queue=self.rig.queue,
            accounts=self.rig.accounts,
        )

    def put_slots(self, slots: int) -> None:
        policy = Policy(
            allowances={"default": Allowance(bytes_per_month=2**50, requests_per_minute=100_000)},
            queue=QueueRules(slots=Slots(small=slots)),
        )
        number = self.world.policies.current().number + 1
        version = PolicyVersion(number=number, policy=policy, text="", author="")
        assert self.world.policies.put(version)

    def order(self, number: int, which: int, account: int) -> None:
        self.world.later(1 / ORDERS_PER_S)
        placement = Placement("correlation", f"key-{number}")
        who = Account(account_id=f"account-{account}")
        submit(request(which), who, placement, self.ports)

    def end_all(self) -> None:
        """Let every execution begin and succeed, and what those ends start."""
        while under_way := self.world.workflow.started.keys() - self.ended:
            for job_id in sorted(under_way):
                self.rig.begin(job_id, self.world.time)
                settle_job(job_id, self.world.make_result(job_id), self.ports.ends)
                self.ended.add(job_id)

    def hottest(self, name: str, most: int = 8) -> int:
        """Print the partitions that are written most; WCU a second of the first."""
        wcu = self.meter.wcu.most_common(most)
        for (where, key), units in wcu:
            print(f"{name:12} {2 * units:4} WCU/s {where:16} {key[:24]}")  # noqa: T201
        return 2 * wcu[0][1]


@pytest.fixture
def lives(aws: Cloud) -> Lives:
    return Lives(aws)


def test_a_hundred_orders_a_second_that_all_wait(lives: Lives) -> None:
    """The dearest way of an order: into the line, out of it into a slot, to its end."""
    lives.put_slots(0)
    for number in range(ORDERS):
        lives.order(number, number, number)
    lives.put_slots(ORDERS)
    dispatch(lives.ports.ends)
    lives.end_all()
    assert lives.hottest("all wait") < LIMIT_WCU / 2


def test_a_hundred_equal_orders_a_second(lives: Lives) -> None:
    lives.put_slots(10)
    for number in range(ORDERS):
        lives.order(number, 0, number)
    lives.end_all()
    assert len(lives.ended) == 1
    assert lives.hottest("all equal") < LIMIT_WCU


def test_as_many_of_one_account_as_it_may_order(lives: Lives) -> None:
    lives.put_slots(10)
    for number in range(ONE_ACCOUNTS_ORDERS_PER_S // 2):
        lives.order(number, number, 0)
    lives.end_all()
    assert lives.hottest("one account") < LIMIT_WCU / 2
