"""The HTTP API: open to the function or guarded by the gateway, logged, throttled."""

import json

import pytest

from atoll.dialects.rest.prefer import LONGEST_WAIT_S
from stacks.unit.api import REST_API
from tests.stacks.synthesis import unit

GATEWAY_LIMIT_S = 30

GUARDED = {
    "POST /processes/subset/execution",
    "POST /quotes",
    "GET /jobs",
    "GET /jobs/{proxy+}",
    "POST /jobs/{proxy+}",
    "PATCH /jobs/{proxy+}",
    "DELETE /jobs/{proxy+}",
    "GET /me",
    "GET /me/{proxy+}",
    "PUT /me/{proxy+}",
    "GET /admin/{proxy+}",
    "PUT /admin/{proxy+}",
}


def routes(name: str) -> dict[str, str]:
    """Return each route's key with its kind of authorization."""
    found = unit(name).of_type("AWS::ApiGatewayV2::Route").values()
    return {
        route["Properties"]["RouteKey"]: route["Properties"].get("AuthorizationType", "NONE")
        for route in found
    }


def test_without_authorizer_every_request_reaches_the_function():
    assert routes("levitus") == {"$default": "NONE"}
    assert not unit("levitus").of_type("AWS::ApiGatewayV2::Authorizer")


def test_with_authorizer_what_needs_identity_is_guarded():
    assert routes("navy") == {"$default": "NONE", **dict.fromkeys(GUARDED, "JWT")}


def test_no_preflight_is_asked_for_a_token():
    assert not [key for key in routes("navy") if key.startswith(("ANY", "OPTIONS"))]


def test_the_authorizer_takes_issuer_and_clients_from_the_parameters():
    _, authorizer = unit("navy").only("AWS::ApiGatewayV2::Authorizer")
    assert authorizer["Properties"]["JwtConfiguration"] == {
        "Issuer": {"Ref": "Issuer"},
        "Audience": {"Ref": "ClientIds"},
    }


@pytest.mark.parametrize("name", ["levitus", "navy"])
def test_every_request_is_logged_as_one_document(name: str):
    _, stage = unit(name).only("AWS::ApiGatewayV2::Stage")
    settings = stage["Properties"]["AccessLogSettings"]
    logged = json.loads(settings["Format"])
    assert {"request_id", "route", "status", "latency_ms", "authorizer_error"} <= set(logged)
    assert "Arn" in json.dumps(settings["DestinationArn"])


@pytest.mark.parametrize("name", ["levitus", "navy"])
def test_requests_are_throttled(name: str):
    _, stage = unit(name).only("AWS::ApiGatewayV2::Stage")
    settings = stage["Properties"]["DefaultRouteSettings"]
    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (100, 200)


def test_a_page_may_call_the_api_and_read_where_its_job_is():
    _, api = unit().only("AWS::ApiGatewayV2::Api")
    cors = api["Properties"]["CorsConfiguration"]
    assert cors["AllowOrigins"] == ["*"]
    assert "authorization" in cors["AllowHeaders"]
    assert "location" in cors["ExposeHeaders"]


def test_a_page_may_read_the_policy_and_put_another_in_its_place():
    _, api = unit().only("AWS::ApiGatewayV2::Api")
    cors = api["Properties"]["CorsConfiguration"]
    assert "PUT" in cors["AllowMethods"]
    assert "if-match" in cors["AllowHeaders"]
    assert "etag" in cors["ExposeHeaders"]


def test_a_page_may_order_once_order_anew_and_label():
    _, api = unit().only("AWS::ApiGatewayV2::Api")
    cors = api["Properties"]["CorsConfiguration"]
    assert "PATCH" in cors["AllowMethods"]
    assert {"idempotency-key", "cache-control", "prefer"} <= set(cors["AllowHeaders"])


def test_the_gateway_outlasts_the_function():
    _, function = unit().only("AWS::Lambda::Function", "RestApi")
    assert function["Properties"]["Timeout"] < 30


def test_the_function_outlives_the_longest_wait_and_the_gateway_outlives_the_function():
    assert LONGEST_WAIT_S + 3 < REST_API.timeout_s < GATEWAY_LIMIT_S
