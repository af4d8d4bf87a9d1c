"""A job of which somebody wants to know, through the workflow of one machine."""

import json
from http import HTTPStatus
from typing import Any

import pytest

from tests.journeys.local import BOX, Local, eventually

pytestmark = pytest.mark.slow

ORDER = "/processes/subset/execution"
# A name that nobody ever has (RFC 6761).
NOBODY = "https://hooks.atoll.invalid/hook?token=hunter2"


def told(local: Local, job_id: str) -> list[tuple[str, list[str]]]:
    """Of each notice of a job: the event, and how its attempts have failed so far."""
    client = local.client("stepfunctions")
    arn = local.stacks["levitus"].outputs["StateMachineArn"].replace("-extraction", "-notification")
    found = []
    for each in client.list_executions(stateMachineArn=arn)["executions"]:
        described = client.describe_execution(executionArn=each["executionArn"])
        notice: dict[str, Any] = json.loads(described["input"])
        if notice["job_id"] == job_id:
            events = client.get_execution_history(executionArn=each["executionArn"])["events"]
            failed = [event.get("taskFailedEventDetails", {}).get("error") for event in events]
            found.append((notice["event"], [str(error) for error in failed if error]))
    return found


def test_a_webhook_that_nobody_answers_is_tried_again_and_the_job_is_none_the_worse(local: Local):
    ann = local.customer("ann")
    order = {"inputs": BOX, "subscriber": {"successUri": NOBODY}}
    ordered = ann.ask("POST", ORDER, order, Cache_Control="no-cache")
    assert ordered.status == HTTPStatus.ACCEPTED, ordered.body
    job_id = ordered.json()["jobID"]
    assert ann.wait(job_id)["status"] == "successful"
    eventually(lambda: any(failed for _, failed in told(local, job_id)))
    ((event, failed),) = told(local, job_id)
    assert (event, set(failed)) == ("job.successful", {"Unavailable"})
    assert ann.status(job_id)["status"] == "successful"
    lines = [line for line in local.log("") if "hunter2" in line]
    assert lines == []


def test_a_job_of_which_nobody_wants_to_know_costs_nothing(local: Local):
    ann = local.customer("ann")
    job_id = ann.order(BOX).json()["jobID"]
    assert ann.wait(job_id)["status"] == "successful"
    assert told(local, job_id) == []


def test_an_account_has_a_secret_of_its_own(local: Local):
    secrets = [
        local.customer(name).ask("GET", "/me/webhook-secret").json()["secret"]
        for name in ("ann", "ann", "nav")
    ]
    assert secrets[0] == secrets[1] != secrets[2]
    assert all(len(bytes.fromhex(secret)) == 32 for secret in secrets)
