"""Deliveries by HTTP."""

import json

import pytest
from starlette.testclient import TestClient

from atoll.model.delivery import LONGEST_NOTE_BYTES
from atoll.services.deliveries import close, receive
from atoll.web.app import make_app
from tests.dialects.delivery.builders import (
    DATASET,
    DELIVERY_ID,
    FOLDER,
    NOTE_KEY,
    WINDS,
    document,
    put_of,
    text,
)
from tests.web.builders import PUBLISHER, DoorUnderTest, token_of_groups

MET = token_of_groups("met", sub="met-id")
OTHER = token_of_groups("other", sub="other-id")
OPERATOR = token_of_groups("operators", sub="op-id")


def door() -> DoorUnderTest:
    made = DoorUnderTest()
    made.world.products.kept[DATASET] = WINDS
    return made


def delivered() -> DoorUnderTest:
    """A door at which a delivery was offered, and which has received it."""
    made = door()
    note = document()
    assert made.client(MET).post("/deliveries", json=note).status_code == 201
    made.world.incoming.objects[NOTE_KEY] = json.dumps(note).encode()
    assert receive(NOTE_KEY, made.world.delivery_ports)
    return made


def test_an_offer_is_answered_with_addresses():
    answer = door().client(MET).post("/deliveries", json=document(operations=[put_of(1)]))
    assert (answer.status_code, answer.headers["location"]) == (201, f"deliveries/{DELIVERY_ID}")
    said = answer.json()
    (upload,) = said["uploads"]
    assert (said["delivery_id"], said["received"]) == (DELIVERY_ID, False)
    assert upload["path"] == "2026/001.nc"
    assert upload["url"].startswith(f"https://incoming.test/{FOLDER}2026/001.nc?")
    assert upload["headers"] == {
        "if-none-match": "*",
        "x-amz-checksum-sha256": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=",
    }
    assert said["note"]["path"] == "delivery.json"
    assert said["note"]["headers"] == {"if-none-match": "*"}


def test_what_becomes_of_it_is_the_response_beside_the_note():
    made = delivered()
    client = made.client(MET)
    said = client.get(f"/deliveries/{DELIVERY_ID}").json()
    assert (said["schema"], said["status"], said["dataset"]) == ("dr/1", "received", DATASET)
    again = client.post("/deliveries", json=document())
    assert (again.status_code, again.headers["location"]) == (200, f"deliveries/{DELIVERY_ID}")
    assert (again.json()["received"], again.json()["note"], again.json()["uploads"]) == (
        True,
        None,
        [],
    )
    close(DELIVERY_ID, "", made.world.delivery_ports)
    left = json.loads(made.world.incoming.objects[f"{FOLDER}response.json"])
    assert client.get(f"/deliveries/{DELIVERY_ID}").json() == left
    assert left["status"] == "failed"


def test_an_id_that_stands_for_another_note():
    made = delivered()
    answer = made.client(MET).post("/deliveries", json=document(operations=[put_of(2)]))
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:atoll:error:delivery-reused")
    assert answer.json()["parameter"] == "delivery_id"


def test_deliveries_are_listed():
    made = delivered()
    for bearer, expected in ((MET, [DELIVERY_ID]), (OPERATOR, [DELIVERY_ID]), (OTHER, [])):
        answer = made.client(bearer).get(f"/deliveries?dataset={DATASET}")
        assert [one["delivery_id"] for one in answer.json()["deliveries"]] == expected


@pytest.mark.parametrize("bearer", [OTHER, "ann"])
def test_what_is_anothers_looks_as_if_it_were_not_there(bearer):
    made = delivered()
    client = made.client(bearer)
    answers = [client.get(f"/deliveries/{name}") for name in (DELIVERY_ID, "nosuch-delivery")]
    problems = [answer.json() for answer in answers]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert problems[0]["detail"].replace(DELIVERY_ID, "X") == problems[1]["detail"].replace(
        "nosuch-delivery", "X"
    )
    if bearer == "ann":
        for request in (
            client.get(f"/deliveries?dataset={DATASET}"),
            client.post("/deliveries", json=document()),
        ):
            assert (request.status_code, request.json()["type"]) == (
                404,
                "urn:atoll:error:unknown-dataset",
            )


@pytest.mark.parametrize(
    ("body", "parameter", "accepted"),
    [
        (b"", "note", "JSON"),
        (b"{", "note", "JSON"),
        (b"\xff", "note", "JSON"),
        (text(schema="dn/2"), "schema", "dn/1"),
        (text(colour="blue"), "colour", "operations"),
        (text(producer="other"), "producer", "one of met"),
        (text(product="WAVES"), "product", "WINDS"),
        (
            text(operations=[*(put_of(i) for i in range(3)), put_of(path="../a.nc")]),
            "operations.3.path",
            "'..'",
        ),
        (text(operations=[put_of(bytes="1000")]), "operations.0.bytes", "integer"),
        (text(operations=[put_of(i) for i in range(501)]), "operations", "1 to 500"),
    ],
)
def test_bad_notes(body, parameter, accepted):
    made = door()
    answer = made.client(MET).post("/deliveries", content=body)
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (400, "urn:atoll:error:invalid-parameter")
    assert problem["parameter"] == parameter
    assert accepted in problem["accepted"]
    assert made.world.deliveries.receipts == {}
    assert made.world.incoming.objects == {}
    assert made.heard.faults == []


def test_a_note_that_is_too_long_is_refused_unread():
    answer = door().client(MET).post("/deliveries", content=b"x" * (LONGEST_NOTE_BYTES + 1))
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:atoll:error:request-too-long")


@pytest.mark.parametrize("limit", ["0", "101", "x"])
def test_bad_limits(limit):
    answer = door().client(MET).get(f"/deliveries?dataset={DATASET}&limit={limit}")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "limit")


def test_deliveries_need_a_sign_in():
    client = door().client(None)
    assert client.post("/deliveries", json=document()).status_code == 401
    assert client.get(f"/deliveries/{DELIVERY_ID}").status_code == 401
    assert client.get(f"/deliveries?dataset={DATASET}").status_code == 401


def test_a_door_that_takes_none_has_no_such_routes():
    made = door()
    app = make_app(made.world.ports, made.verifier, made.heard, PUBLISHER, made.pause)
    client = TestClient(app, headers={"authorization": f"Bearer {MET}"})
    for path in ("/deliveries/x", "/admin/products", "/sla"):
        assert client.get(path).status_code == 404
        assert path not in client.get("/api").json()["paths"]
