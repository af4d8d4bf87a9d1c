"""What is sent to DynamoDB is what it takes, where moto would take more."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from types_boto3_dynamodb import DynamoDBClient

from atoll.model.job import Job
from atoll.model.policy import Allowance, PerTier
from atoll.ports import Terms, Wanted
from tests.contract.builders import REASON, T0, delivery, job
from tests.contract.cloud import Cloud
from tests.contract.rig import Rig, dynamo_rig
from tests.contract.tables import SHAPES

EXPRESSIONS = (
    "UpdateExpression",
    "ConditionExpression",
    "KeyConditionExpression",
    "FilterExpression",
    "ProjectionExpression",
)
SAME = "f" * 64
LATER = T0 + timedelta(minutes=5)


class Recorder:
    """A client that keeps what it is asked."""

    def __init__(self, client: DynamoDBClient) -> None:
        self.requests: list[tuple[str, Mapping[str, Any]]] = []
        self._client = client

    def __getattr__(self, name: str) -> Any:
        called = getattr(self._client, name)
        if name in {"exceptions", "get_paginator"}:
            return called if name == "exceptions" else self._paginator

        def call(**request: Any) -> Any:
            self.requests.append((name, request))
            return called(**request)

        return call

    def _paginator(self, operation: Any) -> Any:
        client, requests = self._client, self.requests

        class Pages:
            def paginate(self, **request: Any) -> Any:
                requests.append((operation, request))
                return client.get_paginator(operation).paginate(**request)

        return Pages()

    def writes(self) -> Iterator[Mapping[str, Any]]:
        """All requests, and the parts of those that have parts."""
        for _, request in self.requests:
            yield request
            yield from (next(iter(one.values())) for one in request.get("TransactItems", []))


def everything(rig: Rig) -> None:
    """Each way that the ports have of writing and reading."""
    limits = PerTier(small=9, medium=0, big=9)
    allowance = Allowance(bytes_per_month=2**40, running=limits, waiting=limits)
    terms = Terms(allowance, "key", "nobody")
    leads = job("leads").model_copy(update={"fingerprint": SAME, "slot": 0, "label": "x"})
    rig.ledger.admit(leads, terms)
    for name in ("a", "b", "c"):
        rig.admit(leads.model_copy(update={"job_id": name, "slot": None, "leader": "leads"}))
    rig.ledger.admit(job("waits"), replace(terms, key=None))
    rig.ledger.admit(job("too much"), Terms(Allowance(bytes_per_month=0)))
    rig.queue.claim(rig.waiting()["waits"], 1, 5, LATER)
    rig.ledger.dismiss(rig.ledger.get("leads"), LATER)
    rig.ledger.promote(rig.ledger.get("a"), LATER)
    rig.ledger.follow(rig.ledger.get("b"), "a")
    rig.ledger.release(rig.ledger.get("b"), REASON, LATER)
    rig.ledger.settle(rig.ledger.get("waits"), (delivery("waits"),), LATER)
    around(rig, leads)


def around(rig: Rig, leads: Job) -> None:
    """What neither admits nor ends a job."""
    for label in ("new", None):
        rig.ledger.relabel(leads, label)
    chosen = Wanted(1, status=frozenset({"dismissed", "failed"}), dataset="x", label="y")
    for wanted in (Wanted(1), chosen):
        rig.ledger.jobs("ann-id", wanted)
    rig.ledger.keyed("ann-id", "key")
    rig.ledger.followers(SAME)
    rig.queue.following()
    rig.queue.held()
    rig.accounts.count_request("ann-id", T0, 3)
    rig.accounts.accept_licence("ann-id", "navy", 1, T0)
    rig.accounts.licences("ann-id")
    rig.counts()
    rig.balance()


@pytest.fixture
def recorder(aws: Cloud) -> Recorder:
    recorder = Recorder(aws.dynamodb)
    everything(dynamo_rig(aws, cast("DynamoDBClient", recorder)))
    assert len(recorder.requests) > 30
    return recorder


def test_what_is_declared_is_used_and_what_is_used_is_declared(recorder: Recorder) -> None:
    for request in recorder.writes():
        said = " ".join(request.get(name, "") for name in EXPRESSIONS)
        declared = {
            *request.get("ExpressionAttributeNames", {}),
            *request.get("ExpressionAttributeValues", {}),
        }
        assert set(re.findall(r"[#:]\w+", said)) == declared, request


def test_no_key_is_empty_and_no_transaction_meets_an_item_twice(recorder: Recorder) -> None:
    for _, request in recorder.requests:
        parts = [next(iter(one.values())) for one in request.get("TransactItems", [])]
        keys = [_key(part) for part in parts]
        assert len(keys) == len(set(keys)) <= 100
        assert all(part for key in keys for part in key)


def _key(write: Mapping[str, Any]) -> tuple[str, ...]:
    names = [one["AttributeName"] for one in SHAPES[write["TableName"]]["KeySchema"]]
    key = write.get("Key") or write["Item"]
    return (write["TableName"], *(key[name]["S"] for name in names))
