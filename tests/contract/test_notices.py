"""The ports that tell of jobs: one suite for each fake and for what is real."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from moto.sns.models import sns_backends

from atoll.aws.notifier import StepFunctionsNotifier
from atoll.aws.secrets import MasterSecret
from atoll.aws.topics import SnsTopic
from atoll.errors import Unavailable
from atoll.model.job import Job
from atoll.model.keys import derive_key
from atoll.model.notice import Letter, Notice
from atoll.model.subscriber import Subscriber
from atoll.ports import Notifier, Secrets
from tests.contract.builders import job
from tests.contract.cloud import REGION, SECRET, Cloud, Faults
from tests.fakes import FakeNotifier, FakeSecrets

HOOK = "https://hooks.example.org/"
DONE: Job = job().model_copy(
    update={"status": "successful", "subscriber": Subscriber(success_uri=HOOK)}
)


@dataclass(frozen=True)
class Rig:
    """A notifier of a unit with a topic, and what it has begun."""

    notifier: Notifier
    begun: Callable[[], list[Notice]]


@pytest.fixture(params=["fake", "stepfunctions"])
def rig(request: pytest.FixtureRequest) -> Rig:
    if request.param == "fake":
        fake = FakeNotifier(topic=True)
        return Rig(fake, lambda: sorted(fake.notices, key=lambda notice: notice.channel))
    aws: Cloud = request.getfixturevalue("aws")
    notifier = StepFunctionsNotifier(aws.stepfunctions, aws.state_machine_arn, topic=True)
    return Rig(notifier, lambda: begun(aws))


def begun(aws: Cloud) -> list[Notice]:
    client, arn = aws.stepfunctions, aws.state_machine_arn
    executions = client.list_executions(stateMachineArn=arn)["executions"]
    inputs = [
        client.describe_execution(executionArn=one["executionArn"])["input"] for one in executions
    ]
    found = [Notice.model_validate_json(given) for given in inputs]
    return sorted(found, key=lambda notice: notice.channel)


def test_each_way_is_begun_by_itself(rig: Rig) -> None:
    rig.notifier.notify(DONE)

    assert [(one.job_id, one.event, one.channel) for one in rig.begun()] == [
        (DONE.job_id, "job.successful", "topic"),
        (DONE.job_id, "job.successful", "webhook"),
    ]
    assert {one.correlation_id for one in rig.begun()} == {DONE.correlation_id}


def test_the_same_again_begins_nothing(rig: Rig) -> None:
    rig.notifier.notify(DONE)
    rig.notifier.notify(DONE)

    assert len(rig.begun()) == 2


def test_other_jobs_and_other_events_are_begun_too(rig: Rig) -> None:
    rig.notifier.notify(DONE)
    rig.notifier.notify(DONE.model_copy(update={"job_id": "job-2"}))
    rig.notifier.notify(DONE.model_copy(update={"status": "failed"}))

    assert len(rig.begun()) == 2 + 2 + 1


@pytest.mark.parametrize("status", ["accepted", "running", "dismissed"])
def test_what_nobody_wants_to_know_begins_nothing(rig: Rig, status: str) -> None:
    rig.notifier.notify(DONE.model_copy(update={"status": status}))

    assert rig.begun() == []


def test_what_is_begun_holds_no_address(aws: Cloud) -> None:
    """Whoever may look at executions would read it, and it may be a secret."""
    notifier = StepFunctionsNotifier(aws.stepfunctions, aws.state_machine_arn, topic=False)

    notifier.notify(DONE)

    (one,) = begun(aws)
    assert "hooks" not in one.model_dump_json()


def test_a_notifier_that_does_not_answer_is_unavailable(aws: Cloud, faults: Faults) -> None:
    faults.refuse("stepfunctions", "StartExecution", "ThrottlingException")

    with pytest.raises(Unavailable):
        StepFunctionsNotifier(aws.stepfunctions, aws.state_machine_arn, topic=False).notify(DONE)


@pytest.fixture(params=["fake", "secretsmanager"])
def secrets(request: pytest.FixtureRequest) -> Secrets:
    if request.param == "fake":
        return FakeSecrets(master=SECRET.encode())
    aws: Cloud = request.getfixturevalue("aws")
    return MasterSecret(aws.secretsmanager, aws.secret_arn)


def test_a_key_is_derived_of_the_secret(secrets: Secrets) -> None:
    expected = derive_key(SECRET.encode(), "webhook", "ann-id")

    assert secrets.derived_key("webhook", "ann-id") == expected
    assert secrets.derived_key("quote", "ann-id") != expected


def test_the_secret_is_read_once(aws: Cloud, faults: Faults) -> None:
    secrets = MasterSecret(aws.secretsmanager, aws.secret_arn)
    key = secrets.derived_key("webhook", "ann-id")
    faults.refuse("secretsmanager", "GetSecretValue", "ThrottlingException")

    assert secrets.derived_key("webhook", "ann-id") == key


def test_a_secret_that_could_not_be_read_is_read_later(aws: Cloud, faults: Faults) -> None:
    secrets = MasterSecret(aws.secretsmanager, aws.secret_arn)
    faults.refuse("secretsmanager", "GetSecretValue", "InternalServiceError", status=500)
    with pytest.raises(Unavailable):
        secrets.derived_key("webhook", "ann-id")
    faults.end()

    assert len(secrets.derived_key("webhook", "ann-id")) == 32


def test_a_letter_is_published_with_what_subscriptions_are_filtered_by(aws: Cloud) -> None:
    letter = Letter(event="job.failed", delivery_id="delivery-1", body='{"jobID": "job-1"}')

    SnsTopic(aws.sns, aws.topic_arn).publish(letter)

    topic = sns_backends["123456789012"][REGION].topics[aws.topic_arn]
    ((_, message, _, attributes, _),) = topic.sent_notifications
    assert attributes is not None
    assert message == '{"jobID": "job-1"}'
    assert {name: each["Value"] for name, each in attributes.items()} == {
        "event": "job.failed",
        "delivery": "delivery-1",
    }
