"""The Policies port: one suite for the fake and for DynamoDB."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ConnectTimeoutError

from atoll.aws.policies import DynamoPolicies
from atoll.dialects.policy import LONGEST_TEXT_BYTES, parse_policy
from atoll.errors import Unavailable
from atoll.model.policy import UNWRITTEN, Policy, PolicyVersion, QueueRules, Slots
from atoll.ports import Policies
from tests.contract.cloud import Cloud, Faults
from tests.contract.tables import POLICIES
from tests.fakes import FakePolicies

T0 = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.time = T0

    def now(self) -> datetime:
        return self.time

    def later(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def version(number: int, small: int = 7, text: str = "# text") -> PolicyVersion:
    policy = Policy(queue=QueueRules(slots=Slots(small=small)))
    return PolicyVersion(number=number, policy=policy, text=text, author="ann-id", put_at=T0)


def aws_policies(aws: Cloud, clock: Clock | None = None) -> DynamoPolicies:
    return DynamoPolicies(aws.dynamodb, POLICIES, (clock or Clock()).now)


@pytest.fixture(params=["fake", "aws"])
def policies(request: pytest.FixtureRequest) -> Policies:
    if request.param == "fake":
        return FakePolicies()
    return aws_policies(request.getfixturevalue("aws"))


def test_before_any_was_put_the_unwritten_one_holds(policies: Policies) -> None:
    assert policies.current() == UNWRITTEN
    assert policies.versions(5) == []


def test_what_was_put_is_in_force_at_once(policies: Policies) -> None:
    assert policies.current().number == 0
    assert policies.put(version(1))
    assert policies.current() == version(1)


def test_the_highest_number_counts_and_all_are_kept(policies: Policies) -> None:
    numbers = range(1, 13)  # as text, 9 would come after 12
    assert all(policies.put(version(number, small=number)) for number in numbers)
    assert policies.current() == version(12, small=12)
    assert [one.number for one in policies.versions(100)] == [*reversed(numbers)]
    assert policies.versions(3) == [version(number, small=number) for number in (12, 11, 10)]


def test_a_number_is_given_once(policies: Policies) -> None:
    first = version(1, small=1)
    assert policies.put(first)
    assert not policies.put(first)
    assert not policies.put(version(1, small=2))
    assert policies.current() == version(1, small=1)
    assert policies.versions(5) == [version(1, small=1)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    ["a{}: {{}}\n", 'a{}: {{"running": {{"small": 1}}}}\n', "'\" {}': {{bytes_per_job: 5}}\n"],
)
def test_the_longest_document_can_be_kept(policies: Policies, line: str) -> None:
    text = "allowances:\n"
    while len(text) < LONGEST_TEXT_BYTES - 100:
        text += f"  {line.format(len(text))}"
    longest = PolicyVersion(number=1, policy=parse_policy(text, ()), text=text, author="ann-id")
    assert policies.put(longest)
    assert policies.versions(1) == [longest]


def test_many_long_versions_are_all_listed(aws: Cloud) -> None:
    policies = aws_policies(aws)
    long = [version(number, text="x" * 300_000) for number in range(1, 7)]
    assert all(policies.put(one) for one in long)
    assert policies.versions(6) == long[::-1]


def test_it_is_read_anew_after_ten_seconds(aws: Cloud) -> None:
    clock = Clock()
    here, elsewhere = aws_policies(aws, clock), aws_policies(aws)
    assert here.current() == UNWRITTEN
    assert elsewhere.put(version(1))
    clock.later(10)
    assert here.current() == UNWRITTEN
    clock.later(0.001)
    assert here.current() == version(1)


def test_a_number_that_was_taken_elsewhere_is_seen_at_once(aws: Cloud) -> None:
    here, elsewhere = aws_policies(aws), aws_policies(aws)
    assert here.current() == UNWRITTEN
    assert elsewhere.put(version(1, small=1))
    assert not here.put(version(1, small=2))
    assert here.current() == version(1, small=1)


ASKED: dict[str, Callable[[Policies], object]] = {
    "PutItem": lambda policies: policies.put(version(1)),
    "Query": lambda policies: policies.current(),
}


@pytest.mark.parametrize("operation", ASKED)
def test_where_the_table_does_not_answer_it_is_unavailable(
    aws: Cloud, faults: Faults, operation: str
) -> None:
    policies = aws_policies(aws)
    faults.break_off("dynamodb", operation, ConnectTimeoutError(endpoint_url="policies"))
    with pytest.raises(Unavailable, match="policy"):
        ASKED[operation](policies)


def test_an_error_of_the_table_is_not_taken_for_a_number_that_is_taken(
    aws: Cloud, faults: Faults
) -> None:
    policies = aws_policies(aws)
    faults.refuse("dynamodb", "PutItem", "AccessDeniedException")
    with pytest.raises(Exception, match="AccessDenied"):
        policies.put(version(1))
    faults.end()
    assert policies.versions(1) == []
