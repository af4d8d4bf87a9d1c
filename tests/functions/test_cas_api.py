"""The CAS function, imported as Lambda imports it, and called with events of the gateway."""

import base64
import json
from http import HTTPMethod
from urllib.parse import quote

import pytest

from tests.functions.environment import run

pytestmark = pytest.mark.slow

SETTINGS = {
    "ATOLL_UNIT": "central",
    "USER_POOL_CLIENT_ID": "command",
    "HOSTED_LOGIN_URL": "https://login.example.org",
    "HOSTED_CLIENT_ID": "hosted",
    "CAS_URL": "https://cas.example.org/cas",
    "CAS_SERVICES": "https://unit.example.org/motu-web,http://127.0.0.1:8080/",
    "TICKETS_TABLE": "tickets",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",  # nobody is there
}
SERVICE = quote("https://unit.example.org/motu-web/Motu?action=ping", safe="")
CALL = """
import json, sys
from types import SimpleNamespace
from cas_api.handler import handler
context = SimpleNamespace(function_name="cas_api", memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:cas_api",
    aws_request_id="request-1", get_remaining_time_in_millis=lambda: 1000)
answers = [handler(event, context) for event in json.loads({events!r})]
print()
print(json.dumps({{"answers": answers, "modules": sorted(sys.modules)}}))
"""


def event(method: HTTPMethod, path: str, query: str = "", body: bytes | None = None) -> object:
    """An HTTP API event, payload format 2.0; a form comes base64-encoded."""
    sent = {} if body is None else {
        "body": base64.b64encode(body).decode(), "isBase64Encoded": True,
    }  # fmt: skip
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {
            "host": "cas.example.org",
            "content-type": "application/x-www-form-urlencoded",
            "x-forwarded-for": "198.51.100.1",
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "cas.example.org",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "Python-urllib/3.11",
            },
            "requestId": "gateway-id-1",
            "routeKey": "$default",
            "stage": "$default",
            "time": "01/Nov/2026:12:00:00 +0000",
            "timeEpoch": 1_793_534_400_000,
        },
        "isBase64Encoded": False,
    } | sent


def test_the_door_answers_events_of_the_gateway():
    post, get = HTTPMethod.POST, HTTPMethod.GET
    events = [
        event(get, "/cas/login", f"service={SERVICE}"),
        event(post, "/cas/v1/tickets", body=b"username=ann"),
        event(post, "/cas/v1/tickets", body=b"username=ann&password=secret-word"),
        event(post, "/cas/v1/tickets", body=b"x" * 20_000),
        event(get, "/cas/serviceValidate", f"service={SERVICE}"),
        event(get, "/cas/logout", f"service={SERVICE}"),
    ]
    found = run(CALL.format(events=json.dumps(events)), **SETTINGS)
    answers = found["answers"]
    # There is no AWS here: a sign-in that is away is to be tried again.
    assert [one["statusCode"] for one in answers] == [200, 400, 503, 413, 200, 302]
    page, lacking, away, _, invalid, out = answers
    assert f"https://cas.example.org/cas/hosted?service={SERVICE}" in page["body"]
    assert lacking["body"].startswith("password: ")
    assert "secret-word" not in json.dumps(found)
    assert away["headers"]["retry-after"] == "5"
    assert 'code="INVALID_REQUEST"' in invalid["body"]
    assert out["headers"]["location"].startswith("https://login.example.org/logout?")
    assert {one["headers"]["cache-control"] for one in answers} == {"no-store"}
    assert {"numpy", "xarray", "arro3", "yaml", "dask"}.isdisjoint(found["modules"])


@pytest.mark.parametrize(
    ("name", "value"),
    [("TICKETS_TABLE", ""), ("CAS_SERVICES", "unit.example.org")],
)
def test_a_missing_or_malformed_setting_is_named(name, value):
    with pytest.raises(AssertionError, match=f"InvalidParameter: {name}"):
        run("import cas_api.handler", **(SETTINGS | {name: value}))
