"""The Motu door behind its two fronts: events of API Gateway and of a load balancer."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import etree
from mangum import Mangum

from atoll.web.motu.parameters import balanced_query, by_name
from tests.functions.environment import run
from tests.web.motu.builders import CAS_URL, CLOSED, OPEN, ORDER, URL, MotuUnderTest

EVENTS = Path(__file__).parent / "events"
FRONTS = ("http_api", "load_balancer")
ODD = "action=describeProduct&b=2020-01-01%2000:00:00&a=%2B&service=a%2523b&empty=&p=(x),y;z!'~"

CALL = """
import json
from types import SimpleNamespace
from motu_api.handler import handler
context = SimpleNamespace(function_name="motu_api", memory_limit_in_mb=1024,
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:motu_api",
    aws_request_id="request-1", get_remaining_time_in_millis=lambda: 1000)
print()
print(json.dumps(handler(json.loads({event!r}), context)))
"""


def event(front: str, raw: str, path: str = CLOSED, body: str | None = None) -> dict[str, Any]:
    """What a front makes of a request; a load balancer keeps no order of names."""
    made: dict[str, Any] = json.loads((EVENTS / f"{front}.json").read_text())
    method = "GET" if body is None else "POST"
    if front == "http_api":
        made |= {"rawPath": path, "rawQueryString": raw}
        made["requestContext"]["http"] |= {"path": path, "method": method}
    else:
        sent: dict[str, list[str]] = {}
        for name, _, value in (part.partition("=") for part in raw.split("&")):
            sent.setdefault(name, []).append(value)
        shuffled = {name: sent[name] for name in sorted(sent, key=lambda name: name[::-1])}
        made |= {"path": path, "httpMethod": method, "multiValueQueryStringParameters": shuffled}
    if body is not None:
        made |= {"body": b64encode(body.encode()).decode(), "isBase64Encoded": True}
    return made


@pytest.fixture
def loop() -> Iterator[None]:
    """Mangum runs on the thread's own."""
    made = asyncio.new_event_loop()
    asyncio.set_event_loop(made)
    yield
    made.close()
    asyncio.set_event_loop(None)


def answer(door: MotuUnderTest, sent: dict[str, Any]) -> dict[str, Any]:
    """The function's answer, its headers by one name each."""
    app: Any = door.client.app
    context: Any = SimpleNamespace()
    answered = Mangum(app, lifespan="off")(sent, context)
    several = answered.get("multiValueHeaders", {})
    headers = answered.get("headers") or {name: values[0] for name, values in several.items()}
    return answered | {"headers": headers}


def attributes(answered: dict[str, Any]) -> dict[str, str]:
    assert answered["statusCode"] == 200
    assert not answered["isBase64Encoded"]
    root: Any = etree.fromstring(answered["body"].encode())
    return dict(root.attrib)


@pytest.mark.usefixtures("loop")
@pytest.mark.parametrize("front", FRONTS)
def test_repeated_variables_and_encoded_times_arrive(front):
    door = MotuUnderTest()
    told = attributes(answer(door, event(front, ORDER, OPEN)))
    assert told["status"] == "0"
    job = door.world.ledger.rows[told["requestId"]]
    assert job.request.variables == ("sea_water_temperature", "SALT")
    assert job.origin.agent == "motuclient-python/3.0.0 (script 3.0.0)"


@pytest.mark.usefixtures("loop")
@pytest.mark.parametrize("front", FRONTS)
def test_the_last_hop_s_address_is_kept_where_the_operator_keeps_it(front):
    door = MotuUnderTest()
    door.limited(keeps_hosts=True)
    told = attributes(answer(door, event(front, ORDER, OPEN)))
    assert door.world.ledger.rows[told["requestId"]].origin.host == "192.0.2.1"


@pytest.mark.usefixtures("loop")
@pytest.mark.parametrize("raw", [ORDER, ODD])
@pytest.mark.parametrize("front", FRONTS)
def test_a_ticket_is_for_the_address_that_was_sent_to_sign_in(front, raw):
    door = MotuUnderTest()
    sent = answer(door, event(front, raw))
    assert sent["statusCode"] == 302
    location = sent["headers"]["location"]
    assert location.startswith(f"{CAS_URL}/login?service=")
    (service,) = parse_qs(urlsplit(location).query)["service"]
    parts = urlsplit(service)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{URL}{CLOSED}"
    # Nothing was decoded, encoded or lost.
    assert sorted(parts.query.split("&")) == sorted(raw.split("&"))
    ticket = door.cas.issue(service)
    told = attributes(answer(door, event(front, f"{parts.query}&ticket={ticket}")))
    assert told["code"] == ("010-0" if raw == ORDER else "006-26")
    assert door.cas.tickets == {}


def led_to(answered: dict[str, Any]) -> str:
    """The query of the address that a browser will be sent back to from the sign-in."""
    assert answered["statusCode"] == 302
    (service,) = parse_qs(urlsplit(answered["headers"]["location"]).query)["service"]
    return str(urlsplit(service).query)


@pytest.mark.usefixtures("loop")
@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("raw", ["action=listservices&x=1&variable=a", "action=listservices"])
def test_a_stale_ticket_is_made_good_once_and_no_browser_goes_round(front, raw):
    door = MotuUnderTest()
    again = led_to(answer(door, event(front, f"{raw}&ticket=ST-stale")))
    ticket = door.cas.issue(f"{URL}{CLOSED}?{again}")
    good = answer(door, event(front, f"{again}&ticket={ticket}"))
    assert "Motu available services" in good["body"]
    bad = answer(door, event(front, f"{again}&ticket=ST-stale"))
    assert (bad["statusCode"], "014-2 : ticket: it is not valid" in bad["body"]) == (200, True)


@pytest.mark.usefixtures("loop")
@pytest.mark.parametrize("raw", [ORDER, f"{ORDER}&z&&a"])
def test_who_comes_by_the_gateway_may_come_back_by_the_load_balancer(raw):
    door = MotuUnderTest()
    onward = led_to(answer(door, event("http_api", raw)))
    ticket = door.cas.issue(f"{URL}{CLOSED}?{onward}")
    back = event("load_balancer", f"{onward}&ticket={ticket}")
    assert attributes(answer(door, back))["status"] == "0"


@pytest.mark.usefixtures("loop")
@pytest.mark.parametrize("front", FRONTS)
def test_a_form_comes_back_from_the_sign_in_as_the_address_that_its_ticket_is_for(front):
    door = MotuUnderTest()
    onward = led_to(answer(door, event(front, "zone=1", CLOSED, ORDER)))
    ticket = door.cas.issue(f"{URL}{CLOSED}?{onward}")
    assert attributes(answer(door, event(front, f"{onward}&ticket={ticket}")))["status"] == "0"


def test_a_load_balancer_s_query_does_not_depend_on_the_order_of_its_names():
    one, other = (
        {"multiValueQueryStringParameters": sent}
        for sent in ({"b": ["2", "1"], "a": ["%20"]}, {"a": ["%20"], "b": ["2", "1"]})
    )
    assert balanced_query(one) == balanced_query(other) == "a=%20&b=2&b=1"
    assert by_name("b=2&a&&b=1") == "a=&b=2&b=1"
    assert balanced_query({}) == balanced_query({"multiValueQueryStringParameters": {}}) == ""


@pytest.mark.usefixtures("loop")
@pytest.mark.parametrize("front", FRONTS)
def test_a_form_arrives(front):
    door = MotuUnderTest()
    told = attributes(answer(door, event(front, "scriptVersion=1", OPEN, ORDER)))
    assert (told["status"], told["scriptVersion"]) == ("0", "1")


@pytest.mark.usefixtures("loop")
@pytest.mark.parametrize("front", FRONTS)
def test_a_large_form_is_refused(front):
    told = attributes(answer(MotuUnderTest(), event(front, ORDER, OPEN, "a=1&" * 200_000)))
    assert (told["status"], told["code"]) == ("2", "010-26")


@pytest.mark.slow
@pytest.mark.parametrize("front", FRONTS)
def test_the_deployed_handler_answers_events(front):
    found = run(CALL.format(event=json.dumps(event(front, "action=ping"))))
    assert (found["statusCode"], found["body"]) == (200, "OK - response action=ping")
    sent = run(CALL.format(event=json.dumps(event(front, "action=about2"))))
    headers = sent.get("headers") or sent["multiValueHeaders"]
    location = headers["location"]
    assert "https://central.example.org/cas/login?service=https%3A%2F%2Fapi.example.org" in (
        location if isinstance(location, str) else location[0]
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CAS_URL", "http://central.example.org/cas"),
        ("CAS_URL", "https://central.example.org/cas/"),
        ("API_URL", "https://api.example.org/"),
        ("API_URL", ""),
        ("GUESTS", "perhaps"),
    ],
)
def test_a_missing_or_malformed_setting_is_named(name, value):
    with pytest.raises(AssertionError, match=f"InvalidParameter: {name}"):
        run("import motu_api.handler", **{name: value})
