"""Whom an order wants told, as it says so."""

import json

import pytest

from atoll.dialects.rest.parse import parse_execute
from atoll.errors import InvalidParameter
from atoll.model.subscriber import Subscriber

HOOK = "https://hooks.example.org/atoll?token=hunter2"


def body(subscriber: object) -> bytes:
    return json.dumps({"inputs": {"dataset": "d"}, "subscriber": subscriber}).encode()


def test_an_order_without_subscriber_tells_nobody():
    assert parse_execute(b'{"inputs": {"dataset": "d"}}').subscriber is None


def test_every_member_has_its_place():
    said = {"successUri": HOOK, "inProgressUri": f"{HOOK}1", "failedUri": f"{HOOK}2"}
    ordered = parse_execute(body(said))
    assert ordered.subscriber == Subscriber(
        success_uri=HOOK, in_progress_uri=f"{HOOK}1", failed_uri=f"{HOOK}2"
    )
    assert ordered.request is not None
    assert ordered.request.dataset == "d"
    assert parse_execute(body({"successUri": HOOK})).subscriber == Subscriber(success_uri=HOOK)


@pytest.mark.parametrize("member", ["successUri", "inProgressUri", "failedUri"])
@pytest.mark.parametrize(
    "uri",
    [
        "http://hooks.example.org/",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://2130706433/",
        "https://ann:hunter2@hooks.example.org/",
        "https://hooks.example.org:22/",
        "",
    ],
)
def test_an_address_that_may_not_be_called_is_refused_by_its_members_name(member, uri):
    said = {"successUri": HOOK} | {member: uri}
    with pytest.raises(InvalidParameter, match="give an https address") as caught:
        parse_execute(body(said))
    assert caught.value.facts["parameter"] == f"subscriber.{member}"
    assert "hunter2" not in f"{caught.value} {caught.value.facts}"


@pytest.mark.parametrize(
    ("said", "parameter", "accepted"),
    [
        ({}, "subscriber.successUri", "field required"),
        ({"failedUri": HOOK}, "subscriber.successUri", "field required"),
        ({"successUri": 7}, "subscriber.successUri", "valid string"),
        ({"successUri": None}, "subscriber.successUri", "valid string"),
        ({"successUri": [HOOK]}, "subscriber.successUri", "valid string"),
        (
            {"successUri": HOOK, "successURI": HOOK},
            "subscriber.successURI",
            "subscriber has: successUri, inProgressUri, failedUri",
        ),
        (HOOK, "subscriber", "valid dictionary"),
        ([HOOK], "subscriber", "valid dictionary"),
    ],
)
def test_a_malformed_subscriber_is_refused_and_not_repeated(said, parameter, accepted):
    with pytest.raises(InvalidParameter, match=accepted) as caught:
        parse_execute(body(said))
    assert caught.value.facts["parameter"] == parameter
    assert "hunter2" not in f"{caught.value} {caught.value.facts}"


@pytest.mark.parametrize(
    "sent",
    [
        {"inputs": {"dataset": "d"}, "Subscriber": {"successUri": HOOK}},
        {"inputs": {"dataset": "d", "subscriber": {"successUri": HOOK}}},
        {"inputs": HOOK},
        [{"successUri": HOOK}],
    ],
)
def test_an_address_in_a_wrong_place_is_not_repeated(sent):
    with pytest.raises(InvalidParameter) as caught:
        parse_execute(json.dumps(sent).encode())
    assert "hunter2" not in f"{caught.value} {caught.value.facts}"


def test_an_unknown_member_beside_the_inputs_is_told_what_may_stand_there():
    sent = json.dumps({"inputs": {"dataset": "d"}, "response": "raw"}).encode()
    with pytest.raises(
        InvalidParameter, match="request has: inputs, quote, subscriber; inputs has"
    ):
        parse_execute(sent)
