"""Attempts at passwords, counted in the fake and in DynamoDB alike."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Lock
from typing import Any, cast

import pytest
from types_boto3_dynamodb import DynamoDBClient

from atoll.aws.tickets import DynamoTickets
from atoll.errors import BrokerError, NotAuthenticated
from atoll.ports.sign_in import SignInPorts, Tickets
from atoll.services.attempts import FAILURES_PER_USER, LOCKED
from atoll.services.cas import grant_ticket, issue_ticket, validate_ticket
from atoll.services.passwords import WRONG, verify_password
from tests.contract.cloud import Cloud
from tests.contract.test_tickets import TABLE
from tests.sign_in_world import ANN, SERVICE, SignInWorld, credentials


@pytest.fixture
def world() -> SignInWorld:
    return SignInWorld()


@pytest.fixture(params=["fake", "aws"])
def ports(request: pytest.FixtureRequest, world: SignInWorld) -> SignInPorts:
    if request.param == "fake":
        return world.ports
    aws: Cloud = request.getfixturevalue("aws")
    aws.dynamodb.create_table(**TABLE)
    tickets = DynamoTickets(aws.dynamodb, "Tickets", world.now)
    return replace(world.ports, tickets=cast("Tickets", OneAtATime(tickets)))


class OneAtATime:
    """The same store, asked by one thread at a time.

    moto looks at a condition and writes in two steps, which DynamoDB does in one.
    """

    def __init__(self, tickets: DynamoTickets) -> None:
        self._tickets, self._lock = tickets, Lock()

    def __getattr__(self, name: str) -> Any:
        called = getattr(self._tickets, name)

        def call(*args: object, **named: object) -> object:
            with self._lock:
                return called(*args, **named)

        return call


def told(password: str, ports: SignInPorts) -> str:
    try:
        verify_password(credentials(password), ports)
    except BrokerError as fault:
        return fault.detail
    return "signed in"


def test_failures_lock_a_user_out_and_time_lets_him_in(
    world: SignInWorld, ports: SignInPorts
) -> None:
    words = [told(f"guess-{number}", ports) for number in range(FAILURES_PER_USER + 1)]
    assert words == [WRONG] * FAILURES_PER_USER + [LOCKED]
    world.later(900)
    assert verify_password(credentials(), ports) == ANN
    assert told("wrong", ports) == WRONG


def test_many_at_once_are_asked_no_oftener_than_may_fail(
    world: SignInWorld, ports: SignInPorts
) -> None:
    guesses = [f"guess-{number}" for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        words = [*pool.map(lambda guess: told(guess, ports), guesses)]
    assert words.count(WRONG) == len(world.sign_in.asked) <= FAILURES_PER_USER
    for _ in range(FAILURES_PER_USER):
        told("guess", ports)
    with pytest.raises(NotAuthenticated, match="too many"):
        verify_password(credentials(), ports)


class Counting:
    """A table's client that counts what it is asked."""

    def __init__(self, client: DynamoDBClient) -> None:
        self.client = client
        self.calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        self.calls[name] += name.endswith("_item")
        return getattr(self.client, name)


def test_what_a_poll_costs(world: SignInWorld, aws: Cloud) -> None:
    """Each of motuclient's polls, once the password is known: of Cognito nothing is asked."""
    aws.dynamodb.create_table(**TABLE)
    client = Counting(aws.dynamodb)
    tickets = DynamoTickets(cast("DynamoDBClient", client), "Tickets", world.now)
    ports = replace(world.ports, tickets=tickets)
    for _ in range(2):
        client.calls.clear()
        ticket = issue_ticket(grant_ticket(credentials(), ports), SERVICE, ports)
        validate_ticket(ticket or "", SERVICE, ports)
    assert +client.calls == {"get_item": 4, "put_item": 2, "delete_item": 1}
    assert world.sign_in.asked == ["ann"]


def test_the_way_of_a_password_to_an_account(world: SignInWorld, ports: SignInPorts) -> None:
    for _ in range(2):
        grant = grant_ticket(credentials(), ports)
        ticket = issue_ticket(grant, SERVICE, ports)
        assert ticket is not None
        answers = [validate_ticket(ticket, SERVICE, ports) for _ in range(2)]
        assert [type(one).__name__ for one in answers] == ["ServiceTicket", "InvalidTicket"]
    assert world.sign_in.asked == ["ann"]
