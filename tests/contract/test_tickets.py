"""The Tickets port: one suite for the fake and for DynamoDB."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from types_boto3_dynamodb.type_defs import CreateTableInputTypeDef

from atoll.aws.tickets import DynamoTickets
from atoll.errors import Unavailable
from atoll.model.ticket import Attempts, Grant, PendingLogin, ServiceTicket
from atoll.ports.sign_in import Tickets
from tests.contract.cloud import Cloud, Faults
from tests.fakes.tickets import FakeTickets
from tests.sign_in_world import ANN, SERVICE
from tests.world import T0

# As stacks/central makes it: time to live reads `expires_at`.
TABLE: CreateTableInputTypeDef = {
    "TableName": "Tickets",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "ticket", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "ticket", "KeyType": "HASH"}],
}
GRANT = Grant(identity=ANN, authenticated_at=T0)
TICKET = ServiceTicket(identity=ANN, authenticated_at=T0, service=SERVICE, is_from_new_login=True)
LOGIN = PendingLogin(service=SERVICE, verifier="verifier")
SOON = T0 + timedelta(seconds=60)


class Clock:
    """Stands until it is moved; one for both."""

    time = T0

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def aws_tickets(aws: Cloud, clock: Clock) -> DynamoTickets:
    aws.dynamodb.create_table(**TABLE)
    return DynamoTickets(aws.dynamodb, "Tickets", clock.now)


@pytest.fixture(params=["fake", "aws"])
def tickets(request: pytest.FixtureRequest, clock: Clock) -> Tickets:
    if request.param == "fake":
        return FakeTickets(clock.now)
    return aws_tickets(request.getfixturevalue("aws"), clock)


def test_what_is_kept_is_found_until_it_expires(tickets: Tickets, clock: Clock) -> None:
    tickets.keep("grant#1", GRANT, SOON)
    assert tickets.find("grant#1", Grant) == GRANT
    assert tickets.find("grant#2", Grant) is None
    clock.time = SOON - timedelta(seconds=1)
    assert tickets.find("grant#1", Grant) == GRANT
    clock.time = SOON
    assert tickets.find("grant#1", Grant) is None


def test_what_is_kept_again_is_the_new_one(tickets: Tickets) -> None:
    tickets.keep("login#1", LOGIN, SOON)
    other = PendingLogin(service="", verifier="other")
    tickets.keep("login#1", other, SOON)
    assert tickets.find("login#1", PendingLogin) == other


def test_what_was_taken_is_gone(tickets: Tickets) -> None:
    tickets.keep("ticket#1", TICKET, SOON)
    assert tickets.take("ticket#1", ServiceTicket) == TICKET
    assert tickets.take("ticket#1", ServiceTicket) is None
    assert tickets.find("ticket#1", ServiceTicket) is None
    assert tickets.take("ticket#2", ServiceTicket) is None


def test_what_has_expired_is_not_taken(tickets: Tickets, clock: Clock) -> None:
    tickets.keep("ticket#1", TICKET, SOON)
    clock.time = SOON
    assert tickets.take("ticket#1", ServiceTicket) is None


def test_of_many_who_take_one_gets_it(tickets: Tickets) -> None:
    tickets.keep("ticket#1", TICKET, SOON)
    together, taken = Barrier(6), list[ServiceTicket | None]()

    def take() -> None:
        together.wait()
        taken.append(tickets.take("ticket#1", ServiceTicket))

    threads = [Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 6
    assert [one for one in taken if one is not None] == [TICKET]


def test_what_is_forgotten_is_gone_and_may_be_so_before(tickets: Tickets) -> None:
    tickets.keep("grant#1", GRANT, SOON)
    for _ in range(2):
        tickets.forget("grant#1")
        assert tickets.find("grant#1", Grant) is None


def test_who_has_seen_it_may_replace_it(tickets: Tickets) -> None:
    one = Attempts().begun("a", T0 + timedelta(microseconds=1))
    two = one.ended("a", T0, failed=True)
    assert tickets.replace("user#1", None, one, SOON)
    assert not tickets.replace("user#1", None, two, SOON)
    assert not tickets.replace("user#1", two, one, SOON)
    assert tickets.find("user#1", Attempts) == one
    assert tickets.replace("user#1", tickets.find("user#1", Attempts), two, SOON)
    assert tickets.find("user#1", Attempts) == two


def test_what_has_expired_is_replaced_as_nothing(tickets: Tickets, clock: Clock) -> None:
    one, two = Attempts().begun("a", T0), Attempts().begun("b", T0)
    assert tickets.replace("user#1", None, one, SOON)
    clock.time = SOON - timedelta(seconds=1)
    assert not tickets.replace("user#1", None, two, SOON + timedelta(seconds=60))
    clock.time = SOON
    assert tickets.replace("user#1", None, two, SOON + timedelta(seconds=60))
    assert tickets.find("user#1", Attempts) == two


def test_what_was_forgotten_is_not_replaced(tickets: Tickets) -> None:
    one = Attempts().begun("a", T0)
    assert tickets.replace("user#1", None, one, SOON)
    tickets.forget("user#1")
    assert not tickets.replace("user#1", one, Attempts(), SOON)
    assert tickets.find("user#1", Attempts) is None


def test_the_item_is_what_time_to_live_reads(aws: Cloud, clock: Clock) -> None:
    aws_tickets(aws, clock).keep("grant#1", GRANT, SOON + timedelta(microseconds=1))
    (item,) = aws.dynamodb.scan(TableName="Tickets")["Items"]
    assert item["expires_at"] == {"N": str(int(SOON.timestamp()) + 1)}
    assert item.keys() == {"ticket", "document", "expires_at"}


ASKED: dict[str, Callable[[Tickets], object]] = {
    "PutItem": lambda tickets: tickets.keep("grant#1", GRANT, SOON),
    "GetItem": lambda tickets: tickets.find("grant#1", Grant),
    "DeleteItem": lambda tickets: tickets.take("ticket#1", ServiceTicket),
}


@pytest.mark.parametrize("operation", ASKED)
def test_where_the_table_does_not_answer_it_is_unavailable(
    aws: Cloud, clock: Clock, faults: Faults, operation: str
) -> None:
    tickets = aws_tickets(aws, clock)
    faults.break_off("dynamodb", operation, ConnectTimeoutError(endpoint_url="tickets"))
    with pytest.raises(Unavailable, match="ticket store"):
        ASKED[operation](tickets)


CONDITIONAL: dict[str, Callable[[Tickets], object]] = {
    "PutItem": lambda tickets: tickets.replace("user#1", None, Attempts(), SOON),
    "DeleteItem": lambda tickets: tickets.take("ticket#1", ServiceTicket),
}


@pytest.mark.parametrize("operation", CONDITIONAL)
def test_an_error_of_the_table_is_not_taken_for_a_condition(
    aws: Cloud, clock: Clock, faults: Faults, operation: str
) -> None:
    tickets = aws_tickets(aws, clock)
    faults.refuse("dynamodb", operation, "AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDenied"):
        CONDITIONAL[operation](tickets)
