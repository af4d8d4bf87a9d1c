"""An order whose answer waits for its result, through the gateway and the workflow."""

import time
from http import HTTPStatus
from typing import Any

import pytest

from stacks.local.orders import job_url
from tests.journeys.local import BOX, WHOLE, Local

pytestmark = pytest.mark.slow


def without_address(document: dict[str, Any]) -> dict[str, Any]:
    """A results document but for the address, which is made anew for each answer."""
    return {name: value for name, value in document["subset"].items() if name != "href"}


def test_a_small_order_is_answered_with_its_result(local: Local):
    ann = local.customer("ann")
    # Functions that run for the first time may take longer than anybody waits.
    ann.wait(ann.order(BOX).json()["jobID"])
    ordered = ann.order(BOX, prefer="wait=25")
    assert ordered.status == HTTPStatus.OK, ordered.body
    assert ordered.headers["Preference-Applied"] == "wait=25"
    job_id = job_url(ordered, ann.unit).rpartition("/")[2]
    assert ann.status(job_id)["status"] == "successful"
    results = ann.ask("GET", f"/jobs/{job_id}/results").json()
    assert without_address(results) == without_address(ordered.json())


def test_an_order_that_takes_longer_is_followed_as_without_waiting(local: Local):
    ann, begun = local.customer("ann"), time.monotonic()
    ordered = ann.order(WHOLE, prefer="wait=1")
    assert ordered.status == HTTPStatus.ACCEPTED
    assert time.monotonic() - begun > 1
    assert ann.wait(ordered.json()["jobID"])["status"] == "successful"
