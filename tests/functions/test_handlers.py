"""Every function's module, imported as Lambda imports it: alone, with its environment."""

import json
from base64 import b64decode

import pytest

from tests.client.test_report import served
from tests.functions.environment import run
from tests.web.builders import token

pytestmark = pytest.mark.slow

IMPORT = """
import json, sys
from {name}.handler import handler
print(json.dumps({{"callable": callable(handler), "modules": sorted(sys.modules)}}))
"""
ARRAYS = {"numpy", "xarray", "zarr", "pandas", "icechunk", "dask", "s3fs"}
SLOW = {"xarray", "pandas", "dask", "s3fs", "fastapi"}
FOREIGN = {
    "rest_api": ARRAYS | {"arro3"},
    "motu_api": ARRAYS | {"arro3", "joserfc", "atoll.web.app"},
    "export_ledger": ARRAYS | {"fastapi", "starlette"},
    "settle_job": ARRAYS | {"fastapi", "starlette"},
    "release_job": ARRAYS | {"fastapi", "starlette"},
    "dispatch_jobs": ARRAYS | {"fastapi", "starlette"},
    "reap_jobs": ARRAYS | {"fastapi", "starlette"},
    "receive_delivery": ARRAYS | {"fastapi", "starlette"},
    "start_delivery": ARRAYS | {"fastapi", "starlette"},
    "close_delivery": ARRAYS | {"fastapi", "starlette"},
    "watch_deliveries": ARRAYS | {"fastapi", "starlette"},
    "announce_records": ARRAYS | {"fastapi", "starlette", "boto3", "aws_xray_sdk"},
    # Of the X-Ray SDK see its handler; AWS is asked for nothing before there is a notice.
    "notify_job": ARRAYS | {"fastapi", "starlette", "aws_xray_sdk", "boto3"},
    "retain_revisions": SLOW | {"boto3", "starlette", "aws_xray_sdk"},
    "extract_small": SLOW | {"boto3"},
    "begin_parts": SLOW | {"boto3"},
    "extract_part": SLOW | {"boto3"},
    "assemble_parts": SLOW | {"boto3"},
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_handler_imports_alone_and_loads_nothing_foreign(name):
    found = run(IMPORT.format(name=name))
    assert found["callable"]
    assert FOREIGN[name].isdisjoint(found["modules"])


CALL = """
import json, sys
from types import SimpleNamespace
from rest_api.handler import handler
context = SimpleNamespace(function_name="rest_api", memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:rest_api",
    aws_request_id="request-1", get_remaining_time_in_millis=lambda: 1000)
print()
print(json.dumps(handler(json.loads({event!r}), context)))
"""


def event(method: str, path: str, **headers: str) -> str:
    """An HTTP API event, payload format 2.0, as API Gateway documents it."""
    return json.dumps(
        {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": "",
            "headers": {"host": "api.test", **headers},
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "api",
                "domainName": "api.test",
                "http": {
                    "method": method,
                    "path": path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": "192.0.2.1",
                    "userAgent": "test",
                },
                "requestId": "gateway-id-1",
                "routeKey": "$default",
                "stage": "$default",
                "time": "01/Nov/2026:12:00:00 +0000",
                "timeEpoch": 1_793_534_400_000,
            },
            "isBase64Encoded": False,
        }
    )


def test_the_door_answers_an_event_of_the_gateway():
    sent = event("GET", "/conformance", **{"x-correlation-id": "my-own-id-1"})
    answer = run(CALL.format(event=sent))
    assert answer["statusCode"] == 200
    assert answer["headers"]["x-correlation-id"] == "my-own-id-1"
    assert any("ogcapi-common" in uri for uri in json.loads(answer["body"])["conformsTo"])


def test_a_sign_in_that_answers_with_something_else_refuses_nobody():
    asked = event("GET", "/jobs", authorization=f"Bearer {token()}")
    with served(lambda *_: (200, b"<html>")) as url:
        answer = run(CALL.format(event=asked), JWKS_URL=url)
    assert (answer["statusCode"], json.loads(b64decode(answer["body"]))["type"]) == (
        503, "urn:atoll:error:unavailable",
    )  # fmt: skip


def test_the_door_refuses_in_its_own_format():
    answer = run(CALL.format(event=event("POST", "/quotes")))
    assert answer["statusCode"] == 401
    assert answer["headers"]["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["JOBS_TABLE", "SMALL_BYTES", "API_URL"])
def test_a_missing_or_malformed_setting_is_named(name):
    code = "import rest_api.handler"
    with pytest.raises(AssertionError, match=f"InvalidParameter: {name}"):
        run(code, **{name: "" if name == "JOBS_TABLE" else "many"})
