"""The HTTP API: open to the function or guarded by the gateway, logged, throttled."""

import json
import re

import pytest

from atoll.dialects.rest.prefer import LONGEST_WAIT_S
from stacks.unit.api import REST_API
from tests.stacks.synthesis import central, unit

pytestmark = pytest.mark.slow

GATEWAY_LIMIT_S = 30

CLASSIC = {
    *("ANY /motu-web", "ANY /motu-web/{proxy+}", "ANY /motu-open", "ANY /motu-open/{proxy+}"),
    *("ANY /wcs", "ANY /motu-web/wcs"),
}
GUARDED = {
    "POST /processes/subset/execution",
    "POST /quotes",
    "GET /deliveries",
    "GET /deliveries/{proxy+}",
    "POST /deliveries",
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


def test_without_authorizer_every_request_reaches_a_function():
    assert routes("levitus") == dict.fromkeys({"$default", *CLASSIC}, "NONE")
    assert not unit("levitus").of_type("AWS::ApiGatewayV2::Authorizer")


def test_with_authorizer_what_needs_identity_is_guarded():
    without = dict.fromkeys({"$default", *CLASSIC}, "NONE")
    assert routes("navy") == {**without, **dict.fromkeys(GUARDED, "JWT")}


def test_no_preflight_is_asked_for_a_token():
    guarded = [key for key, kind in routes("navy").items() if kind == "JWT"]
    assert not [key for key in guarded if key.startswith(("ANY", "OPTIONS"))]


@pytest.mark.parametrize(
    ("route", "function"),
    [
        ("ANY /motu-web/{proxy+}", "MotuApi"),
        ("ANY /motu-open/{proxy+}", "MotuApi"),
        ("ANY /motu-web/wcs", "WcsApi"),
        ("ANY /wcs", "WcsApi"),
        ("$default", "RestApi"),
    ],
)
def test_each_door_has_its_function(route: str, function: str):
    integrations = unit().of_type("AWS::ApiGatewayV2::Integration")
    (target,) = [
        each["Properties"]["Target"]["Fn::Join"][1][1]["Ref"]
        for each in unit().of_type("AWS::ApiGatewayV2::Route").values()
        if each["Properties"]["RouteKey"] == route
    ]
    assert integrations[target]["Properties"]["IntegrationUri"]["Fn::GetAtt"][0].startswith(
        function
    )


def test_the_classic_doors_are_told_whom_they_serve_and_where_they_are():
    for name, guests in (("levitus", "true"), ("navy", "false")):
        api, _ = unit(name).only("AWS::ApiGatewayV2::Api")
        told = {
            door: unit(name).only("AWS::Lambda::Function", door)[1]["Properties"]["Environment"][
                "Variables"
            ]
            for door in ("MotuApi", "WcsApi")
        }
        for settings in told.values():
            assert settings["GUESTS"] == guests
            assert settings["API_URL"] == {"Fn::GetAtt": [api, "ApiEndpoint"]}
        assert told["MotuApi"]["CAS_URL"] == {"Ref": "CasUrl"}
        assert "CAS_URL" not in told["WcsApi"]


def test_the_rest_door_is_told_where_it_is():
    api, _ = unit().only("AWS::ApiGatewayV2::Api")
    door = unit().only("AWS::Lambda::Function", "RestApi")[1]["Properties"]
    assert door["Environment"]["Variables"]["API_URL"] == {"Fn::GetAtt": [api, "ApiEndpoint"]}


def test_a_unit_may_be_without_cas():
    parameter = unit().body["Parameters"]["CasUrl"]
    assert parameter["Default"] == ""
    accepted = re.compile(parameter["AllowedPattern"])
    assert accepted.fullmatch("")
    assert accepted.fullmatch("https://central.example/cas")
    assert not accepted.fullmatch("https://central.example/cas/")


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


def test_no_log_of_a_gateway_has_queries():
    """A query may be a CAS ticket; `$context.path` is the path alone."""
    for template in (unit(), central()):
        _, stage = template.only("AWS::ApiGatewayV2::Stage")
        logged = json.loads(stage["Properties"]["AccessLogSettings"]["Format"])
        assert logged.get("path", "$context.path") == "$context.path"
        assert not [value for value in logged.values() if "query" in value.lower()]


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


@pytest.mark.parametrize("name", ["RestApi", "MotuApi", "WcsApi"])
def test_the_gateway_outlasts_the_function(name: str):
    _, function = unit().only("AWS::Lambda::Function", name)
    assert function["Properties"]["Timeout"] < 30


def test_the_function_outlives_the_longest_wait_and_the_gateway_outlives_the_function():
    assert LONGEST_WAIT_S + 3 < REST_API.timeout_s < GATEWAY_LIMIT_S
