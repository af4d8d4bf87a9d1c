"""A quote is taken up, sent twice, watched, labelled and ordered again; on the emulator."""

import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import pytest

from stacks.local.orders import POLL_INTERVAL_S, UNDER_WAY, Customer
from tests.journeys.local import BOX, WHOLE, Local

pytestmark = pytest.mark.slow

EXECUTION = "/processes/subset/execution"


@pytest.fixture
def ann(local: Local) -> Customer:
    return local.customer("ann")


def quoted(ann: Customer, inputs: Mapping[str, object]) -> dict[str, Any]:
    answer = ann.ask("POST", "/quotes", {"inputs": inputs})
    assert answer.status == HTTPStatus.OK, answer.body
    quote: dict[str, Any] = answer.json()
    return quote


def test_a_quote_is_what_is_delivered_once_however_often_it_is_sent(ann: Customer) -> None:
    quote = quoted(ann, BOX)
    assert quote["accepted"]
    document = {"quote": quote["quote"]["token"]}
    key = {"idempotency_key": f"journey-{quote['quote']['valid_until']}"}
    first, again = (ann.ask("POST", EXECUTION, document, **key) for _ in range(2))
    assert first.status == HTTPStatus.ACCEPTED, first.body
    job_id = first.json()["jobID"]
    assert again.json().get("jobID", job_id) == job_id
    status = ann.wait(job_id)
    assert (status["status"], status["progress"]) == ("successful", 100)
    assert (status["revision"], status["output_bytes"]) == (
        quote["revision"],
        quote["output_bytes"],
    )
    assert ann.ask("POST", EXECUTION, document, **key).json()["subset"]["href"]


def test_anothers_token_is_refused(local: Local, ann: Customer) -> None:
    document = {"quote": quoted(ann, BOX)["quote"]["token"]}
    answer = local.customer("nav").ask("POST", EXECUTION, document)
    assert (answer.status, answer.json()["reason"]) == (400, "another-account")


def test_a_job_made_in_parts_is_watched(ann: Customer) -> None:
    job_id = ann.order(WHOLE, cache_control="no-cache").json()["jobID"]
    seen = []
    while (status := ann.status(job_id))["status"] in UNDER_WAY:
        seen.append((status["progress"], status.get("parts")))
        time.sleep(POLL_INTERVAL_S)
    assert status["status"] == "successful", status
    told = [(progress, parts) for progress, parts in seen if parts]
    assert told
    assert told == sorted(told, key=lambda one: one[0])
    assert {parts["total"] for _, parts in told} == {2}


def test_a_job_is_labelled_found_and_ordered_again(ann: Customer) -> None:
    job_id = ann.order(BOX).json()["jobID"]
    labelled = ann.ask("PATCH", f"/jobs/{job_id}", {"label": "a journey"})
    assert labelled.json()["label"] == "a journey"
    again = ann.ask("POST", f"/jobs/{job_id}/resubmission")
    assert again.status in {HTTPStatus.OK, HTTPStatus.ACCEPTED}
    found = ann.ask("GET", "/jobs?label=a%20journey").json()["jobs"]
    assert len(found) == 2
    assert job_id in {job["jobID"] for job in found}
    me = ann.ask("GET", "/me").json()
    assert me["balance"]["settled_bytes"] > 0
