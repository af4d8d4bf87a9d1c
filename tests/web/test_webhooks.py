"""Webhooks by HTTP: whom an order wants told, and what tells the receiver that it is from us."""

import hashlib
import hmac

import pytest

from atoll.model.subscriber import Subscriber
from tests.web.builders import DoorUnderTest, token

HOOK = "https://hooks.example.org/atoll?token=hunter2"
BOX = {"inputs": {"dataset": "levitus-climatology", "depth": [0, 0]}}
ORDER = "/processes/subset/execution"


def test_an_order_remembers_whom_to_tell():
    door = DoorUnderTest()
    answer = door.client().post(ORDER, json=BOX | {"subscriber": {"successUri": HOOK}})
    assert answer.status_code == 202
    job = door.world.ledger.rows[answer.json()["jobID"]]
    assert job.subscriber == Subscriber(success_uri=HOOK)
    assert "hunter2" not in answer.text


@pytest.mark.parametrize("path", [ORDER, "/quotes"])
def test_an_address_of_ours_is_refused_and_nothing_is_changed(path: str):
    door = DoorUnderTest()
    said = {"successUri": HOOK, "failedUri": "https://169.254.169.254/hunter2"}
    answer = door.client().post(path, json=BOX | {"subscriber": said})
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["parameter"] == "subscriber.failedUri"
    assert problem["value"] == "'https://169.254.169.254'"
    assert "https" in problem["accepted"]
    assert "hunter2" not in answer.text
    assert door.world.untouched()


def test_a_quote_tells_nobody():
    door = DoorUnderTest()
    answer = door.client().post("/quotes", json=BOX | {"subscriber": {"successUri": HOOK}})
    assert answer.status_code == 200
    assert door.world.notifier.notices == []


def test_an_account_is_shown_its_own_secret_and_no_cache_keeps_it():
    answer = DoorUnderTest().client().get("/me/webhook-secret")
    assert answer.status_code == 200
    expected = hmac.new(b"master", b"webhook\0ann-id", hashlib.sha256).hexdigest()
    assert answer.json() == {"secret": expected}
    assert answer.headers["cache-control"] == "no-store"


def test_nobody_in_particular_has_no_secret():
    assert DoorUnderTest().client(None).get("/me/webhook-secret").status_code == 401


def test_who_may_only_look_could_write_in_our_name():
    reader = token(scope="atoll/read")
    assert DoorUnderTest().client(reader).get("/me/webhook-secret").status_code == 403


def test_a_secret_that_cannot_be_read_now_is_asked_for_later():
    door = DoorUnderTest()
    door.world.secrets.available = False
    assert door.client().get("/me/webhook-secret").status_code == 503
