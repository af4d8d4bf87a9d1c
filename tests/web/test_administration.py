"""Policy and licences by HTTP."""

from dataclasses import replace

import pytest

from atoll.model.policy import Policy
from atoll.services.announced import AnnouncedPolicies
from tests.services.test_announcing import Unit
from tests.web.builders import DoorUnderTest, token_of_groups

OPERATOR = token_of_groups("operators", sub="op-id")
POLICY = """\
# Café
datasets: [{match: ['levitus-*'], licence: terms}]
licences: {terms: {title: Terms, revision: 2, url: 'https://example.org/terms'}}
"""
TERMS = {
    "id": "terms",
    "title": "Terms",
    "revision": 2,
    "url": "https://example.org/terms",
    "datasets": ["levitus-climatology"],
    "accepted": False,
    "accepted_revision": None,
}
BOX = {"inputs": {"dataset": "levitus-climatology", "depth": [0, 0]}}


def put(door: DoorUnderTest, text: str | bytes, tag: str | None, bearer: str | None = OPERATOR):
    headers = {} if tag is None else {"if-match": tag}
    return door.client(bearer).put("/admin/policy", content=text, headers=headers)


def ruled() -> DoorUnderTest:
    door = DoorUnderTest()
    assert put(door, POLICY, '"0"').status_code == 200
    return door


def test_a_policy_is_put_in_force_and_read_as_it_was_written():
    door = DoorUnderTest()
    client = door.client(OPERATOR)
    unwritten = client.get("/admin/policy")
    assert (unwritten.text, unwritten.headers["etag"]) == ("", '"0"')
    answer = put(door, POLICY, unwritten.headers["etag"])
    assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')

    written = client.get("/admin/policy")
    assert written.text == POLICY
    assert written.headers["content-type"] == "text/yaml; charset=utf-8"
    assert written.headers["etag"] == '"1"'
    as_json = client.get("/admin/policy", headers={"accept": "application/json"})
    assert as_json.json() == answer.json()
    assert (as_json.headers["etag"], as_json.headers["vary"]) == ('"1"', "Accept")
    told = as_json.json()
    assert (told["number"], told["author"], told["text"]) == (1, "op-id", POLICY)
    assert told["put_at"] == "2026-11-01T12:00:00Z"
    assert Policy.model_validate(told["policy"]).datasets[0].licence == "terms"


def test_a_policy_that_hides_a_dataset_is_told_to_the_federation_as_it_is_put():
    door = DoorUnderTest()
    unit = Unit(door.world.catalogue, door.world.policies)
    policies = AnnouncedPolicies(unit.policies, unit.announcer, unit.said.append)
    door.world.policies = policies  # type: ignore[assignment]
    assert put(door, "datasets: [{match: ['levitus-*'], see: [staff]}]", '"0"').status_code == 200
    assert unit.seen == {"levitus-climatology": ("staff",)}


def test_the_form_that_is_liked_best_is_answered():
    client = ruled().client(OPERATOR)
    for accept, expected in (
        ("*/*", "text/yaml"),
        ("image/png", "text/yaml"),
        ("text/yaml;q=0.5, application/json", "application/json"),
        ("text/yaml, application/json;q=0.5", "text/yaml"),
    ):
        answer = client.get("/admin/policy", headers={"accept": accept})
        assert answer.headers["content-type"].split(";")[0] == expected
    several = [("accept", "image/png"), ("accept", "application/json")]
    answer = client.get("/admin/policy", headers=several)
    assert answer.headers["content-type"] == "application/json"


def test_versions_are_listed_newest_first():
    door = ruled()
    assert put(door, "{}", '"1"').status_code == 200
    client = door.client(OPERATOR)
    listed = client.get("/admin/policy/versions").json()["versions"]
    assert [one["number"] for one in listed] == [2, 1]
    assert listed[1] == {"number": 1, "author": "op-id", "put_at": "2026-11-01T12:00:00Z"}
    assert len(client.get("/admin/policy/versions?limit=1").json()["versions"]) == 1
    assert client.get("/admin/policy/versions?limit=0").status_code == 400


@pytest.mark.parametrize(
    ("tag", "status", "code", "accepted"),
    [
        (None, 428, "condition-missing", "the ETag of GET /admin/policy"),
        ('"0"', 412, "policy-changed", '"1"'),
        ('"2"', 412, "policy-changed", '"1"'),
        ('"9999999999"', 412, "policy-changed", '"1"'),
        ("1", 400, "invalid-parameter", "the ETag of GET /admin/policy"),
        ("*", 400, "invalid-parameter", "the ETag of GET /admin/policy"),
        ('W/"1"', 400, "invalid-parameter", "the ETag of GET /admin/policy"),
        ('"1", "2"', 400, "invalid-parameter", "the ETag of GET /admin/policy"),
        ('"01"', 400, "invalid-parameter", "the ETag of GET /admin/policy"),
        ('"99999999999"', 400, "invalid-parameter", "the ETag of GET /admin/policy"),
    ],
)
def test_a_change_says_what_it_was_based_on(tag, status, code, accepted):
    door = ruled()
    answer = put(door, "{}", tag)
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (status, f"urn:atoll:error:{code}")
    assert problem["parameter"] == "If-Match"
    assert accepted in problem["accepted"]
    assert list(door.world.policies.kept) == [1]


@pytest.mark.parametrize(
    ("text", "line", "parameter", "accepted"),
    [
        ("queue: {}\ndatasets: [{match: [nosuch]}]", 2, "datasets[0].match[0]", "levitus"),
        ("queue: {slots: {small: -1}}", 1, "queue.slots.small", "greater than or equal to 0"),
        ("", 1, "policy", "a mapping is needed"),
        (b"queue: {}\n# caf\xe9", 2, "policy", "UTF-8"),
        ("# " + "x" * 70_000, 1, "policy", "65536 bytes"),
    ],
)
def test_an_invalid_policy_is_refused_whole_with_its_line(text, line, parameter, accepted):
    door = ruled()
    answer = put(door, text, '"1"')
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (400, "urn:atoll:error:policy-invalid")
    assert (problem["line"], problem["parameter"]) == (line, parameter)
    assert accepted in problem["accepted"]
    assert list(door.world.policies.kept) == [1]


@pytest.mark.parametrize(("bearer", "status"), [(None, 401), ("ann", 403), ("nav", 403)])
def test_only_operators_are_let_in(bearer, status):
    door = DoorUnderTest()
    client = door.client(bearer)
    answers = [
        client.get("/admin/policy"),
        client.get("/admin/policy/versions"),
        put(door, "{", '"0"', bearer),
    ]
    assert [answer.status_code for answer in answers] == [status] * 3
    assert door.world.policies.kept == {}


def test_who_operates_is_a_setting():
    door = DoorUnderTest()
    door.world.limits = replace(door.world.limits, operators="navy")
    assert door.client("nav").get("/admin/policy").status_code == 200
    assert door.client(OPERATOR).get("/admin/policy").status_code == 403


def test_a_licence_is_read_accepted_and_then_ordered_under():
    door = ruled()
    client = door.client()
    assert client.get("/me/licences").json() == {"licences": [TERMS]}
    refused = client.post("/processes/subset/execution", json=BOX)
    problem = refused.json()
    assert (refused.status_code, problem["type"]) == (403, "urn:atoll:error:licence-not-accepted")
    assert (problem["licence"], problem["accept"]) == ("terms", "PUT /me/licences/terms")
    (shown,) = client.post("/quotes", json=BOX).json()["refusals"]
    assert shown["type"] == problem["type"]

    accepted = client.put("/me/licences/terms", json={"revision": 2})
    assert accepted.json() == TERMS | {"accepted": True, "accepted_revision": 2}
    assert client.get("/me/licences").json() == {"licences": [accepted.json()]}
    assert client.post("/processes/subset/execution", json=BOX).status_code == 202
    assert door.client("nav").get("/me/licences").json() == {"licences": [TERMS]}


@pytest.mark.parametrize(
    ("licence", "body", "parameter", "accepted"),
    [
        ("nosuch", b'{"revision": 2}', "licence", "terms"),
        ("terms", b'{"revision": 1}', "revision", "the present one is 2"),
        ("terms", b'{"revision": 3}', "revision", "https://example.org/terms"),
        ("terms", b'{"revision": "2"}', "revision", "a whole number"),
        ("terms", b'{"revision": true}', "revision", "a whole number"),
        ("terms", b"{}", "revision", '{"revision": 1}'),
        ("terms", b'{"revision": 2, "all": 1}', "all", '{"revision": 1}'),
        ("terms", b"", "body", '{"revision": 1}'),
        ("terms", b"\xff", "body", '{"revision": 1}'),
        ("terms", b"[]", "body", '{"revision": 1}'),
    ],
)
def test_what_cannot_be_accepted_is_refused(licence, body, parameter, accepted):
    door = ruled()
    answer = door.client().put(f"/me/licences/{licence}", content=body)
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (400, "urn:atoll:error:invalid-parameter")
    assert problem["parameter"] == parameter
    assert accepted in problem["accepted"]
    assert door.world.accounts.accepted == {}


def test_licences_need_a_sign_in():
    client = DoorUnderTest().client(None)
    assert client.get("/me/licences").status_code == 401
    assert client.put("/me/licences/terms", json={"revision": 1}).status_code == 401


def test_where_the_policy_is_away_nothing_is_let_through():
    door = DoorUnderTest()
    door.world.policies.available = False
    client = door.client()
    assert client.get("/datasets").status_code == 503
    assert client.post("/quotes", json=BOX).status_code == 503
    assert door.client(OPERATOR).get("/admin/policy").status_code == 503
