"""Quotes and the tokens that bind them, by HTTP."""

import pytest

from atoll.model.policy import Allowance, PerTier, Policy, PolicyVersion
from tests.web.builders import DoorUnderTest, token
from tests.web.test_rest import BOX

EXECUTION = "/processes/subset/execution"
ORDER = {"inputs": BOX}


def allowed(**limits: object) -> DoorUnderTest:
    """A door where everybody may use so much."""
    door = DoorUnderTest()
    policy = Policy(allowances={"default": Allowance.model_validate(limits)})
    door.world.policies.put(PolicyVersion(number=1, policy=policy, text="", author="op-id"))
    return door


def token_of(door: DoorUnderTest) -> str:
    text: str = door.client().post("/quotes", json=ORDER).json()["quote"]["token"]
    return text


def test_a_quote_says_what_an_order_costs_and_leaves():
    door = allowed(bytes_per_month=10**9)
    quoted = door.client().post("/quotes", json=ORDER).json()
    assert quoted["cost_bytes"] == quoted["output_bytes"]
    left = 10**9 - quoted["cost_bytes"]
    assert quoted["quota"] == {
        "limit_bytes": 10**9,
        "used_bytes": 0,
        "left_after_bytes": left,
    }
    assert quoted["expected"] is None
    assert quoted["quote"]["valid_until"] == "2026-11-01T12:15:00.000Z"
    assert DoorUnderTest().client().post("/quotes", json=ORDER).json()["quota"] is None


def test_a_refused_quote_names_every_refusal_and_binds_nobody():
    door = allowed(bytes_per_month=10, bytes_per_job=10)
    quoted = door.client().post("/quotes", json=ORDER).json()
    assert (quoted["accepted"], quoted["quote"]) == (False, None)
    assert [one["type"] for one in quoted["refusals"]] == [
        "urn:atoll:error:too-large",
        "urn:atoll:error:quota-exceeded",
    ]
    assert quoted["quota"]["left_after_bytes"] == 10 - quoted["cost_bytes"]


@pytest.mark.parametrize("beside", [{}, ORDER])
def test_an_order_takes_up_a_quote(beside):
    door = DoorUnderTest()
    answer = door.client().post(EXECUTION, json={"quote": token_of(door)} | beside)
    assert answer.status_code == 202, answer.text
    assert door.world.ledger.rows[answer.json()["jobID"]].request.revision != "main"


@pytest.mark.parametrize(
    ("bearer", "sent", "reason"),
    [
        ("nav", {}, "another-account"),
        ("ann", {"inputs": BOX | {"format": "zarr"}}, "another-request"),
        ("ann", {"quote": "AAAA"}, "altered"),
        ("ann", {"quote": ""}, "altered"),
    ],
)
def test_a_token_that_does_not_hold_is_refused_with_the_reason(bearer, sent, reason):
    door = DoorUnderTest()
    answer = door.client(bearer).post(EXECUTION, json={"quote": token_of(door)} | sent)
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (400, "urn:atoll:error:quote-invalid")
    assert (problem["parameter"], problem["reason"]) == ("quote", reason)
    assert door.world.untouched()


def test_an_expired_token_is_told_when_it_was_good():
    door = DoorUnderTest()
    text = token_of(door)
    door.world.later(901)
    problem = door.client().post(EXECUTION, json={"quote": text}).json()
    assert problem["reason"] == "expired"
    assert "2026-11-01T12:15:00" in problem["detail"]


def test_who_may_only_read_cannot_take_up_a_quote():
    door = DoorUnderTest()
    reader = door.client(token(scope="atoll/read"))
    answer = reader.post(EXECUTION, json={"quote": token_of(door)})
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:atoll:error:not-entitled")


@pytest.mark.parametrize(
    ("sent", "parameter"),
    [
        ({"quote": "x" * 4097}, "quote"),
        ({"quote": 7}, "quote"),
        ({}, "inputs"),
        ({"inputs": None}, "inputs"),
        ({"quote": None}, "inputs"),
    ],
)
def test_an_order_of_nothing_is_refused(sent, parameter):
    problem = DoorUnderTest().client().post(EXECUTION, json=sent).json()
    assert problem["type"] == "urn:atoll:error:invalid-parameter"
    assert problem["parameter"] == parameter


def test_a_quote_is_made_of_inputs():
    door = DoorUnderTest()
    problem = door.client().post("/quotes", json={"quote": token_of(door)}).json()
    assert (problem["status"], problem["parameter"]) == (400, "inputs")


def test_who_asks_too_often_is_told_when_to_go_on():
    door = allowed(requests_per_minute=1)
    door.world.later(17)
    client = door.client()
    assert client.post("/quotes", json=ORDER).status_code == 200
    for path in ("/quotes", EXECUTION):
        answer = client.post(path, json=ORDER)
        problem = answer.json()
        assert (answer.status_code, problem["limit"]) == (429, 1)
        assert answer.headers["retry-after"] == "43"
    # Looks are never counted.
    assert client.get("/jobs").status_code == 200


def test_who_lets_too_many_wait_is_told_to_come_again():
    door = allowed(waiting=PerTier(small=0), running=PerTier(small=0))
    answer = door.client().post(EXECUTION, json=ORDER)
    assert (answer.status_code, answer.json()["type"]) == (429, "urn:atoll:error:too-many-jobs")
    assert answer.headers["retry-after"] == "30"
