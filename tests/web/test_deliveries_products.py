"""Settings of datasets by HTTP."""

import pytest

from atoll.model.product import Product
from tests.dialects.delivery.builders import WINDS
from tests.web.builders import DoorUnderTest, token_of_groups

OPERATOR = token_of_groups("operators", sub="op-id")
PATH = "/admin/products/winds-daily"
YAML = b"id: WINDS\ntitle: Winds\nlicence: CC-BY-4.0\nproducers: [met]\n"


def test_settings_are_put_read_and_changed():
    door = DoorUnderTest()
    client = door.client(OPERATOR)
    first = client.put(PATH, content=YAML)
    assert first.status_code == 200
    read = client.get(PATH)
    assert (read.json(), read.headers["etag"]) == (first.json(), first.headers["etag"])
    assert Product.model_validate(read.json()).producers == ("met",)
    changed = client.put(
        PATH, content=WINDS.model_dump_json(), headers={"if-match": read.headers["etag"]}
    )
    assert changed.status_code == 200
    assert changed.headers["etag"] != read.headers["etag"]
    assert door.world.products.kept == {"winds-daily": WINDS}
    assert client.get("/admin/products").json() == {"datasets": ["winds-daily"]}


def test_the_same_again_needs_no_condition():
    client = DoorUnderTest().client(OPERATOR)
    answers = [client.put(PATH, content=YAML) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].headers["etag"] == answers[1].headers["etag"]


def test_what_is_read_can_be_put_as_it_is():
    client = DoorUnderTest().client(OPERATOR)
    client.put(PATH, content=WINDS.model_dump_json())
    read = client.get(PATH)
    assert client.put(PATH, content=read.content).headers["etag"] == read.headers["etag"]


@pytest.mark.parametrize(
    ("tag", "status", "code"),
    [
        (None, 428, "condition-missing"),
        (f'"{"0" * 32}"', 412, "product-changed"),
        ("*", 400, "invalid-parameter"),
        ('"1"', 400, "invalid-parameter"),
    ],
)
def test_a_change_says_what_it_was_based_on(tag, status, code):
    door = DoorUnderTest()
    client = door.client(OPERATOR)
    client.put(PATH, content=YAML)
    headers = {} if tag is None else {"if-match": tag}
    answer = client.put(PATH, content=WINDS.model_dump_json(), headers=headers)
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (status, f"urn:atoll:error:{code}")
    assert problem["parameter"] == "If-Match"
    assert door.world.products.kept["winds-daily"].producers == ("met",)


def test_what_was_changed_meanwhile_stays():
    door = DoorUnderTest()
    products = door.world.products
    keep = products.put

    def late(dataset, product, before):
        products.kept[dataset] = WINDS
        return keep(dataset, product, before)

    products.put = late  # type: ignore[method-assign]  # between two calls
    answer = door.client(OPERATOR).put(PATH, content=YAML)
    assert (answer.status_code, answer.json()["type"]) == (412, "urn:atoll:error:product-changed")
    assert products.kept == {"winds-daily": WINDS}


def test_a_tag_of_what_is_not_there():
    answer = (
        DoorUnderTest()
        .client(OPERATOR)
        .put(PATH, content=YAML, headers={"if-match": f'"{"0" * 32}"'})
    )
    assert answer.status_code == 412


@pytest.mark.parametrize(
    ("path", "body", "parameter", "accepted"),
    [
        (PATH, b"id: WINDS\ntitle: Winds", "licence", "line 1"),
        (PATH, YAML + b"colour: blue", "colour", "line 5"),
        (PATH, YAML + b"timeliness: {every: P0D}", "timeliness.every", "line 5"),
        (PATH, b"\xff", "product", "UTF-8"),
        (PATH, b"", "product", "mapping"),
        ("/admin/products/Winds", YAML, "dataset", "a-z0-9"),
        ("/admin/products/..%2Fwinds", YAML, None, None),
    ],
)
def test_bad_settings_are_refused_whole(path, body, parameter, accepted):
    door = DoorUnderTest()
    answer = door.client(OPERATOR).put(path, content=body)
    if parameter is None:
        assert answer.status_code == 404
    else:
        assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)
        assert accepted in answer.json()["accepted"]
    assert door.world.products.kept == {}


def test_settings_that_are_too_long_are_refused_unread():
    answer = DoorUnderTest().client(OPERATOR).put(PATH, content=b"x" * 131_073)
    assert answer.status_code == 413


def test_there_are_none():
    answer = DoorUnderTest().client(OPERATOR).get(PATH)
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:atoll:error:unknown-dataset")


@pytest.mark.parametrize(("bearer", "status"), [(None, 401), ("ann", 403), ("nav", 403)])
def test_only_operators_are_let_in(bearer, status):
    door = DoorUnderTest()
    client = door.client(bearer)
    answers = [
        client.get("/admin/products"),
        client.get(PATH),
        client.put(PATH, content=b"no settings at all"),
    ]
    assert [answer.status_code for answer in answers] == [status] * 3
    reader = token_of_groups("operators", sub="op-id", scope="atoll/read")
    assert door.client(reader).get("/admin/products").status_code == 200
    assert door.world.products.kept == {}


def test_where_the_store_is_away():
    door = DoorUnderTest()
    door.world.products.available = False
    client = door.client(OPERATOR)
    assert client.get("/admin/products").status_code == 503
    assert client.get(PATH).status_code == 503
    assert client.put(PATH, content=YAML).status_code == 503
