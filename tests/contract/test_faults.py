"""What AWS says, in the broker's words: what passes is Unavailable, the unknown stays itself."""

import itertools
from collections.abc import Callable
from typing import Any, cast

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from types_boto3_dynamodb import DynamoDBClient

from atoll.aws.catalogue import DynamoCatalogue
from atoll.aws.descriptions import Descriptions
from atoll.aws.ledger import DynamoLedger
from atoll.aws.results import S3Results
from atoll.aws.secrets import MasterSecret
from atoll.aws.sign_in import CognitoSignIn
from atoll.aws.tickets import DynamoTickets
from atoll.aws.topics import SnsTopic
from atoll.aws.transactions import ATTEMPTS, LONGEST_PAUSE_S, Transactions
from atoll.aws.workflow import StepFunctionsWorkflow
from atoll.errors import Unavailable, UnknownDataset
from atoll.model.job import result_key
from atoll.model.notice import Letter
from atoll.ports import Balance, Wanted
from tests.contract.accounts import accounts_of
from tests.contract.builders import MONTH, job, work
from tests.contract.cloud import DATA_BUCKET, RESULTS_BUCKET, Cloud, Faults, Service
from tests.contract.tables import DATASETS, LEDGER_TABLES
from tests.planning.builders import levitus_coverage
from tests.world import T0

LETTER = Letter(event="job.failed", delivery_id="d", body="{}")

type Call = Callable[[Cloud], object]


def catalogue(aws: Cloud) -> DynamoCatalogue:
    descriptions = Descriptions(aws.s3, DATA_BUCKET)
    return DynamoCatalogue(aws.dynamodb, DATASETS, descriptions)


def ledger(aws: Cloud) -> DynamoLedger:
    dynamodb = aws.dynamodb
    return DynamoLedger(dynamodb, LEDGER_TABLES, Transactions(dynamodb, pause=lambda _: None))


def workflow(aws: Cloud) -> StepFunctionsWorkflow:
    return StepFunctionsWorkflow(aws.stepfunctions, aws.state_machine_arn)


def tickets(aws: Cloud) -> DynamoTickets:
    return DynamoTickets(aws.dynamodb, "Tickets", lambda: T0)


def results(aws: Cloud) -> S3Results:
    return S3Results(aws.s3, RESULTS_BUCKET)


def remove_finished(aws: Cloud) -> None:
    aws.s3.put_object(Bucket=RESULTS_BUCKET, Key=result_key("job-1", "subset.nc"), Body=b"CDF")
    results(aws).remove("job-1")


# operation -> the client that makes it, and how a port comes to make it
CALLS: dict[str, tuple[Service, Call]] = {
    "Scan": ("dynamodb", lambda aws: catalogue(aws).entries()),
    "GetItem": ("dynamodb", lambda aws: catalogue(aws).entry("levitus-climatology")),
    "GetObject": ("s3", lambda aws: catalogue(aws).describe("levitus-climatology", "R1")),
    "PutObject": ("s3", lambda aws: catalogue(aws).publish(levitus_coverage())),
    "PutItem": ("dynamodb", lambda aws: catalogue(aws).publish(levitus_coverage())),
    "DeleteItem": ("dynamodb", lambda aws: tickets(aws).forget("grant#1")),
    "InitiateAuth": (
        "cognito",
        lambda aws: CognitoSignIn(aws.cognito, "client").check_password("ann", "word"),
    ),
    "TransactWriteItems": ("dynamodb", lambda aws: ledger(aws).admit(job())),
    "Query": ("dynamodb", lambda aws: ledger(aws).jobs("ann-id", Wanted(10))),
    "StartExecution": ("stepfunctions", lambda aws: workflow(aws).start(work())),
    "StopExecution": ("stepfunctions", lambda aws: workflow(aws).stop("job-1")),
    "HeadObject": ("s3", lambda aws: results(aws).size("results/job-1/subset.nc")),
    "GetSecretValue": (
        "secretsmanager",
        lambda aws: MasterSecret(aws.secretsmanager, aws.secret_arn).derived_key("webhook", "ann"),
    ),
    "Publish": ("sns", lambda aws: SnsTopic(aws.sns, aws.topic_arn).publish(LETTER)),
    "ListObjectsV2": ("s3", lambda aws: results(aws).remove("job-1")),
    "DeleteObject": ("s3", remove_finished),
    "ListMultipartUploads": ("s3", lambda aws: results(aws).discard("job-1")),
}
ENDPOINT = "http://127.0.0.1:1"


@pytest.mark.parametrize("operation", CALLS)
def test_no_answer_is_unavailable(aws: Cloud, faults: Faults, operation: str) -> None:
    service, call = CALLS[operation]
    fault = EndpointConnectionError(endpoint_url=ENDPOINT)
    faults.break_off(service, operation, fault)

    with pytest.raises(Unavailable) as raised:
        call(aws)

    assert raised.value.__cause__ is fault
    assert ENDPOINT not in raised.value.detail


@pytest.mark.parametrize("operation", CALLS)
def test_a_throttle_is_unavailable(aws: Cloud, faults: Faults, operation: str) -> None:
    service, call = CALLS[operation]
    faults.refuse(service, operation, "ThrottlingException")

    with pytest.raises(Unavailable):
        call(aws)


@pytest.mark.parametrize("operation", CALLS)
def test_what_nobody_foresaw_stays_itself(aws: Cloud, faults: Faults, operation: str) -> None:
    service, call = CALLS[operation]
    faults.refuse(service, operation, "UnrecognizedClientException")

    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        call(aws)


@pytest.mark.parametrize(
    "fault",
    [ConnectTimeoutError(endpoint_url=ENDPOINT), ReadTimeoutError(endpoint_url=ENDPOINT)],
    ids=["connecting", "reading"],
)
def test_an_answer_that_comes_too_late_is_unavailable(
    aws: Cloud, faults: Faults, fault: Exception
) -> None:
    faults.break_off("dynamodb", "GetItem", fault)

    with pytest.raises(Unavailable):
        ledger(aws).get("job-1")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_fault_of_the_service_is_unavailable_whatever_its_name(
    aws: Cloud, faults: Faults, status: int
) -> None:
    faults.refuse("s3", "HeadObject", str(status), status=status)

    with pytest.raises(Unavailable):
        results(aws).size("results/job-1/subset.nc")


def test_what_may_not_be_listed_is_absent_where_s3_says_forbidden(
    aws: Cloud, faults: Faults
) -> None:
    faults.refuse("s3", "GetObject", "AccessDenied", status=403)
    faults.refuse("s3", "HeadObject", "403", status=403)

    assert results(aws).report("job-1") is None
    assert results(aws).size("results/job-1/subset.nc") is None
    with pytest.raises(UnknownDataset):
        catalogue(aws).describe("levitus-climatology", "R1")


def test_a_start_that_failed_started_nothing(aws: Cloud, faults: Faults) -> None:
    faults.refuse("stepfunctions", "StartExecution", "ExecutionLimitExceeded")

    with pytest.raises(Unavailable):
        workflow(aws).start(work())

    listed = aws.stepfunctions.list_executions(stateMachineArn=aws.state_machine_arn)
    assert listed["executions"] == []


class Meeting:
    """A client whose transactions are cancelled for a while, for these reasons."""

    def __init__(self, client: DynamoDBClient, times: int, *reasons: str) -> None:
        self.calls = 0
        self._client = client
        self._times = times
        self._reasons = reasons

    def transact_write_items(self, **request: Any) -> Any:
        self.calls += 1
        if self.calls > self._times:
            return self._client.transact_write_items(**request)
        error = {"Code": "TransactionCanceledException", "Message": "as the test demands"}
        reasons = [{"Code": reason} for reason in self._reasons]
        response: Any = {"Error": error, "CancellationReasons": reasons}
        raise ClientError(response, "TransactWriteItems")

    def get_item(self, **request: Any) -> Any:
        return self._client.get_item(**request)


def meeting(aws: Cloud, times: int, *reasons: str) -> tuple[Meeting, DynamoLedger, list[float]]:
    client = Meeting(aws.dynamodb, times, *reasons)
    pauses: list[float] = []
    typed = cast("DynamoDBClient", client)
    return client, DynamoLedger(typed, LEDGER_TABLES, Transactions(typed, pauses.append)), pauses


@pytest.mark.parametrize(
    "reasons",
    [
        ("None", "TransactionConflict", "None"),
        ("ThrottlingError", "None", "None"),
        ("None", "ProvisionedThroughputExceeded", "None"),
        # The row's condition may have failed because of the one it conflicts with.
        ("ConditionalCheckFailed", "None", "TransactionConflict"),
    ],
)
def test_who_meets_another_tries_again(aws: Cloud, reasons: tuple[str, ...]) -> None:
    client, contended, pauses = meeting(aws, 3, *reasons)

    contended.admit(job())

    assert contended.get("job-1") == job()
    assert client.calls == 4
    assert len(pauses) == 3


def test_who_meets_others_for_ever_gives_up_and_has_changed_nothing(aws: Cloud) -> None:
    client, contended, pauses = meeting(aws, 10**9, "None", "TransactionConflict", "None")

    with pytest.raises(Unavailable):
        contended.admit(job())

    assert client.calls == ATTEMPTS
    assert all(0 <= pause <= LONGEST_PAUSE_S for pause in pauses)
    assert accounts_of(contended).balance("ann-id", MONTH) == Balance()


def test_a_cancellation_that_nobody_foresaw_stays_itself(aws: Cloud) -> None:
    client, contended, _ = meeting(aws, 10**9, "None", "ValidationError", "TransactionConflict")

    with pytest.raises(ClientError, match="TransactionCanceled"):
        contended.admit(job())

    assert client.calls == 1


def test_an_answer_that_was_lost_does_not_count_twice(aws: Cloud) -> None:
    class Deaf(Meeting):
        """Writes, and hears no answer the first time."""

        answers = itertools.count()

        def transact_write_items(self, **request: Any) -> Any:
            answer = super().transact_write_items(**request)
            if next(self.answers) == 0:
                raise ReadTimeoutError(endpoint_url=ENDPOINT)
            return answer

    deaf = DynamoLedger(cast("DynamoDBClient", Deaf(aws.dynamodb, 0)), LEDGER_TABLES)
    with pytest.raises(Unavailable):
        deaf.admit(job())
    deaf.admit(job())

    assert accounts_of(deaf).balance("ann-id", MONTH) == Balance(reserved_bytes=1000)
