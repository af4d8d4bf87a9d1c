"""The catalogue's functions, imported as Lambda imports them, and called with AWS's events."""

import json

import pytest

from tests.functions.environment import run

pytestmark = pytest.mark.slow

SETTINGS = {
    "ATOLL_UNIT": "central",
    "CATALOGUE_BUCKET": "catalogue",
    "CATALOGUE_TITLE": "Catalogue",
    "CATALOGUE_ABSTRACT": "Records.",
    "CATALOGUE_PROVIDER": "Central",
    "UNITS": "levitus=123456789012",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",  # nobody is there
}
CALL = """
import json, sys, warnings
warnings.filterwarnings("ignore", "module 'sre_", DeprecationWarning)  # as in pyproject.toml
warnings.filterwarnings("ignore", category=DeprecationWarning, module="pycsw")
from types import SimpleNamespace
from {name}.handler import handler
context = SimpleNamespace(function_name="{name}", memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:{name}",
    aws_request_id="request-1", get_remaining_time_in_millis=lambda: 1000)
answers = [handler(event, context) for event in json.loads({events!r})]
print()
print(json.dumps({{"answers": answers, "modules": sorted(sys.modules)}}))
"""


def called(name: str, *events: object):
    found = run(CALL.format(name=name, events=json.dumps(events)), **SETTINGS)
    assert not {"xarray", "zarr", "icechunk", "h5py"} & set(found["modules"])
    return found["answers"]


def get(path: str) -> object:
    """An HTTP API event, payload format 2.0."""
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "service=CSW&request=GetCapabilities",
        "headers": {"host": "catalogue.example.org"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "catalogue.example.org",
            "http": {
                "method": "GET",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "198.51.100.1",
                "userAgent": "test",
            },
            "requestId": "request-1",
            "stage": "$default",
            "timeEpoch": 1763899200000,
        },
        "isBase64Encoded": False,
    }


def test_doors_answer_in_their_own_words_while_the_catalogue_is_away():
    csw, stac, conformance = called(
        "catalogue_api", get("/csw"), get("/stac"), get("/stac/conformance")
    )
    assert (csw["statusCode"], stac["statusCode"]) == (503, 503)
    assert "ExceptionReport" in csw["body"]
    assert json.loads(stac["body"])["code"] == "NoApplicableCode"
    assert conformance["statusCode"] == 200
    assert "item-search" in conformance["body"]


def test_messages_that_cannot_be_kept_are_named():
    batch = {"Records": [{"messageId": name, "body": "no event"} for name in ("a", "b")]}
    (answer,) = called("index_records", batch)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "b"}]}
