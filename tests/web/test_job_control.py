"""What an account does with its jobs by HTTP: once, again, labelled, filtered, explained."""

import json
from typing import Any

import pytest

from atoll.model.parts import Progress
from atoll.model.policy import Policy, PolicyVersion, QueueRules, Slots
from atoll.services.completion import settle_job
from tests.web.builders import DoorUnderTest, token
from tests.web.test_rest import BOX

EXECUTION = "/processes/subset/execution"
ORDER = {"inputs": BOX}
ANEW = {"cache-control": "no-cache"}


def order(door: DoorUnderTest, bearer: str = "ann", **headers: str) -> Any:
    return door.client(bearer).post(EXECUTION, json=ORDER, headers=headers)


def job_of(door: DoorUnderTest) -> str:
    job_id: str = order(door, **ANEW).json()["jobID"]
    return job_id


def with_slots(number: int) -> DoorUnderTest:
    door = DoorUnderTest()
    policy = Policy(queue=QueueRules(slots=Slots(small=number)))
    door.world.policies.put(PolicyVersion(number=1, policy=policy, text="", author="op-id"))
    return door


def settle(door: DoorUnderTest, job_id: str) -> None:
    settle_job(job_id, door.world.make_result(job_id), door.world.ports.ends)


# once -----------------------------------------------------------------------------------------


def test_an_order_sent_twice_with_one_key_is_one_job():
    door = DoorUnderTest()
    first, again = (order(door, **{"idempotency-key": "k-1"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["jobID"] == again.json()["jobID"]
    assert first.headers["location"] == again.headers["location"]
    assert door.heard.orders == [first.json()["jobID"]]


def test_an_order_that_has_ended_meanwhile_is_answered_with_its_result():
    door = DoorUnderTest()
    key = {"idempotency-key": "k-1"}
    settle(door, order(door, **key).json()["jobID"])
    again = order(door, **key)
    assert again.status_code == 200
    assert again.json()["subset"]["href"]


def test_a_key_of_another_order_is_a_conflict():
    door = DoorUnderTest()
    key = {"idempotency-key": "k-1"}
    order(door, **key)
    other = {"inputs": BOX | {"format": "zarr"}}
    answer = door.client().post(EXECUTION, json=other, headers=key)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:atoll:error:key-reused")


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "é"])
def test_a_key_is_of_visible_ascii(key: str):
    door = DoorUnderTest()
    answer = order(door, **{"idempotency-key": key.encode("latin-1")})  # type: ignore[arg-type]
    problem = answer.json()
    assert (answer.status_code, problem["parameter"]) == (400, "Idempotency-Key")
    assert door.world.untouched()


@pytest.mark.parametrize("key", ["x" * 255, "!~"])
def test_every_visible_key_is_taken(key: str):
    assert order(DoorUnderTest(), **{"idempotency-key": key}).status_code == 202


def test_where_an_order_came_from_is_kept():
    door = DoorUnderTest()
    job_id = order(door, **{"user-agent": "a" * 300}).json()["jobID"]
    origin = door.world.ledger.rows[job_id].origin
    assert (origin.door, origin.agent, origin.host) == ("rest", "a" * 200, "")


# again ----------------------------------------------------------------------------------------


def test_a_job_is_ordered_once_more():
    door = DoorUnderTest()
    job_id = job_of(door)
    answer = door.client().post(f"/jobs/{job_id}/resubmission", headers=ANEW)
    assert answer.status_code == 202
    again = answer.json()
    assert again["jobID"] != job_id
    followed = door.client().get(str(answer.request.url.join(answer.headers["location"])))
    assert followed.json()["jobID"] == again["jobID"]
    rows = door.world.ledger.rows
    assert rows[again["jobID"]].request == rows[job_id].request
    assert door.heard.orders == [job_id, again["jobID"]]


@pytest.mark.parametrize(
    "said",
    [
        [("cache-control", "No-Cache")],
        [("cache-control", "max-age=0, no-cache")],
        [("cache-control", "max-age=0"), ("cache-control", "no-cache")],
    ],
)
def test_what_is_to_be_made_anew_shares_nothing(said):
    door = DoorUnderTest()
    shared = [order(door).json()["shared"] for _ in range(2)]
    anew = door.client().post(EXECUTION, json=ORDER, headers=said).json()["shared"]
    assert [*shared, anew] == [False, True, False]


def test_nobody_orders_or_labels_what_is_anothers():
    door = DoorUnderTest()
    job_id, nav = job_of(door), door.client("nav")
    answers = [
        nav.post(f"/jobs/{job_id}/resubmission"),
        nav.patch(f"/jobs/{job_id}", json={"label": "mine"}),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:atoll:error:unknown-job")
    assert list(door.world.ledger.rows) == [job_id]


def test_who_may_only_read_neither_labels_nor_orders_again():
    door = DoorUnderTest()
    job_id, reader = job_of(door), door.client(token(scope="atoll/read"))
    for answer in (
        reader.post(f"/jobs/{job_id}/resubmission"),
        reader.patch(f"/jobs/{job_id}", json={"label": "mine"}),
    ):
        assert answer.status_code == 403


# labels and lists -----------------------------------------------------------------------------


def test_a_job_is_labelled_found_and_unlabelled():
    door = DoorUnderTest()
    client, job_id = door.client(), job_of(door)
    job_of(door)
    labelled = client.patch(f"/jobs/{job_id}", json={"label": "wärmer & co"})
    assert labelled.json()["label"] == "wärmer & co"
    found = client.get("/jobs", params={"label": "wärmer & co"}).json()["jobs"]
    assert [job["jobID"] for job in found] == [job_id]
    assert client.patch(f"/jobs/{job_id}", json={"label": None}).json()["label"] is None
    assert client.get("/jobs", params={"label": "wärmer & co"}).json()["jobs"] == []


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        (b'{"label": ""}', "label"),
        (json.dumps({"label": "x" * 201}).encode(), "label"),
        (b'{"label": 7}', "label"),
        (b"{}", "label"),
        (b'{"label": "a", "status": "failed"}', "status"),
        (b"[]", "body"),
        (b"{", "body"),
    ],
)
def test_a_change_that_is_none_is_refused(body: bytes, parameter: str):
    door = DoorUnderTest()
    job_id = job_of(door)
    answer = door.client().patch(f"/jobs/{job_id}", content=body)
    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)
    assert door.world.ledger.rows[job_id].label is None


def test_jobs_are_filtered_and_the_next_page_is_of_the_same():
    door = DoorUnderTest()
    ids = [job_of(door) for _ in range(6)]
    for job_id in ids[::2]:
        door.world.ledger.begin(job_id, door.world.now())
    settle(door, ids[0])
    client, seen = door.client(), []
    path = "/jobs?status=running&status=successful&dataset=levitus-climatology&limit=1"
    while path:
        page = client.get(path).json()
        seen += [job["jobID"] for job in page["jobs"]]
        path = next((f"/{li['href']}" for li in page["links"] if li["rel"] == "next"), "")
    assert sorted(seen) == sorted(ids[::2])
    assert client.get("/jobs?dataset=navy-winds").json()["jobs"] == []


@pytest.mark.parametrize(
    ("query", "parameter", "accepted"),
    [
        ("status=done", "status", "'dismissed'"),
        ("status=", "status", "'accepted'"),
        ("limit=0", "limit", "1"),
        ("limit=many", "limit", "integer"),
        ("cursor=x", "cursor", "page before"),
        ("label=" + "x" * 201, "label", "200"),
    ],
)
def test_a_filter_that_means_nothing_is_refused(query: str, parameter: str, accepted: str):
    answer = DoorUnderTest().client().get(f"/jobs?{query}")
    problem = answer.json()
    assert (answer.status_code, problem["parameter"]) == (400, parameter)
    assert accepted in problem["accepted"]


# explained ------------------------------------------------------------------------------------


def test_a_waiting_job_is_told_its_place_and_when_it_may_start():
    door = with_slots(1)
    for _ in range(5):
        job_id = job_of(door)
        door.world.later(10)
        door.world.ledger.begin(job_id, door.world.now())
        door.world.later(100)
        settle(door, job_id)
    job_of(door)
    waiting = job_of(door)
    told = door.client().get(f"/jobs/{waiting}").json()
    assert (told["status"], told["progress"]) == ("accepted", 0)
    assert told["queue"] == {"ahead": 0, "rule": "all 1 slots of this tier are taken"}
    assert told["expected"] == {
        "start": {"p50": "2026-11-01T12:09:20.000Z", "p95": "2026-11-01T12:09:20.000Z"},
        "end": {"p50": "2026-11-01T12:11:00.000Z", "p95": "2026-11-01T12:11:00.000Z"},
        "estimate": True,
    }


def test_a_running_job_is_told_how_far_it_is():
    door = DoorUnderTest()
    whole = {"inputs": {"dataset": "levitus-climatology"}}
    job = door.client().post(EXECUTION, json=whole).json()
    assert job["tier"] == "big"
    door.world.ledger.begin(job["jobID"], door.world.now())
    door.world.results.parts[job["jobID"]] = Progress(made=1, planned=4, files_begun=1)
    told = door.client().get(f"/jobs/{job['jobID']}").json()
    assert (told["progress"], told["parts"]) == (25, {"made": 1, "total": 4})
    total = job["output_bytes"]
    assert told["bytes"] == {"made": total // 4, "total": total}
    assert "queue" not in told


def test_an_ended_job_is_told_no_place_and_no_time():
    door = DoorUnderTest()
    job_id = job_of(door)
    settle(door, job_id)
    told = door.client().get(f"/jobs/{job_id}").json()
    assert told["progress"] == 100
    assert told["expires"] == "2026-11-02T12:00:00.000Z"
    assert told.keys().isdisjoint({"queue", "expected", "parts", "bytes"})


def test_a_follower_is_told_that_it_shares_and_not_with_whom():
    door = DoorUnderTest()
    leader, follower = order(door, "nav").json(), order(door).json()
    told = door.client().get(f"/jobs/{follower['jobID']}")
    assert told.json()["shared"] is True
    assert "same extraction" in told.json()["queue"]["rule"]
    assert leader["jobID"] not in told.text
    assert leader["shared"] is False


# the caller -----------------------------------------------------------------------------------


def test_the_caller_is_told_who_it_is_and_what_it_may_use():
    door = DoorUnderTest()
    job = order(door).json()
    told = door.client().get("/me").json()
    assert (told["account"], told["profiles"], told["may_order"]) == ("ann-id", ["public"], True)
    assert told["month"] == "2026-11"
    assert told["balance"] == {"reserved_bytes": job["reserved_bytes"], "settled_bytes": 0}
    assert told["allowance"]["requests_per_minute"] == 600
    assert (told["waiting"]["small"], told["running"]["small"]) == (0, 1)
    assert door.client(token(scope="atoll/read")).get("/me").json()["may_order"] is False
    assert door.client(None).get("/me").status_code == 401
