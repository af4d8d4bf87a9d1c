"""Central's CAS: a door of its own, with its tickets, its secret and its client."""

import json
import re

import pytest

from tests.stacks.synthesis import Document, central, listed

pytestmark = pytest.mark.slow

TOLD = {
    *("ATOLL_UNIT", "USER_POOL_ID", "USER_POOL_CLIENT_ID", "ISSUER", "JWKS_URL"),
    *("HOSTED_LOGIN_URL", "HOSTED_CLIENT_ID", "CAS_URL", "CAS_SERVICES", "TICKETS_TABLE"),
    *("MASTER_SECRET_ARN", "LOG_LEVEL", "POWERTOOLS_METRICS_NAMESPACE"),
    "POWERTOOLS_SERVICE_NAME",
}


def function() -> Document:
    _, found = central().only("AWS::Lambda::Function", "CasApi")
    properties: Document = found["Properties"]
    return properties


def told() -> Document:
    variables: Document = function()["Environment"]["Variables"]
    return variables


def client() -> Document:
    _, found = central().only("AWS::Cognito::UserPoolClient", "PoolCas")
    properties: Document = found["Properties"]
    return properties


def test_cas_may_use_its_tickets_and_its_secret_and_nothing_else():
    role = function()["Role"]["Fn::GetAtt"][0]
    tickets, _ = central().only("AWS::DynamoDB::Table")
    secret, _ = central().only("AWS::SecretsManager::Secret")
    allowed = {
        (action, json.dumps(statement["Resource"]))
        for statement in central().statements(role)
        for action in listed(statement["Action"])
        if action.split(":")[0] not in {"logs", "xray"}
    }
    table = json.dumps({"Fn::GetAtt": [tickets, "Arn"]})
    assert allowed == {
        *((f"dynamodb:{verb}Item", table) for verb in ("Get", "Put", "Update", "Delete")),
        ("secretsmanager:GetSecretValue", json.dumps({"Ref": secret})),
    }


def test_what_cas_is_told():
    assert set(told()) == TOLD
    _, command = central().only("AWS::Cognito::UserPoolClient", "PoolCommand")
    assert "ALLOW_USER_PASSWORD_AUTH" in command["Properties"]["ExplicitAuthFlows"]
    assert "PoolCommand" in told()["USER_POOL_CLIENT_ID"]["Ref"]
    assert told()["CAS_SERVICES"] == {"Ref": "CasServices"}
    assert "PoolCas" in told()["HOSTED_CLIENT_ID"]["Ref"]


def test_cas_knows_its_own_address_and_tells_it_to_the_operator():
    api, _ = central().only("AWS::ApiGatewayV2::Api")
    address = {"Fn::Join": ["", [{"Fn::GetAtt": [api, "ApiEndpoint"]}, "/cas"]]}
    assert told()["CAS_URL"] == address
    assert central().body["Outputs"]["CasUrl"]["Value"] == address


def test_people_in_browsers_are_led_back_to_cas():
    assert client()["AllowedOAuthFlows"] == ["code"]
    assert client()["GenerateSecret"] is False
    assert client()["PreventUserExistenceErrors"] == "ENABLED"
    assert "ALLOW_USER_PASSWORD_AUTH" not in client().get("ExplicitAuthFlows", [])
    api, _ = central().only("AWS::ApiGatewayV2::Api")
    endpoint = {"Fn::GetAtt": [api, "ApiEndpoint"]}
    assert client()["CallbackURLs"] == [{"Fn::Join": ["", [endpoint, "/cas/callback"]]}]
    assert client()["LogoutURLs"] == [{"Fn::Join": ["", [endpoint, "/cas/signed-out"]]}]


def test_tokens_of_that_client_are_accepted_by_no_unit():
    assert "PoolCas" not in json.dumps(central().body["Outputs"]["ClientIds"])


def test_tickets_are_forgotten():
    _, tickets = central().only("AWS::DynamoDB::Table")
    properties = tickets["Properties"]
    assert [key["AttributeName"] for key in properties["KeySchema"]] == ["ticket"]
    expiry = {"AttributeName": "expires_at", "Enabled": True}
    assert properties["TimeToLiveSpecification"] == expiry
    assert properties["BillingMode"] == "PAY_PER_REQUEST"


def test_the_access_log_has_no_ticket():
    _, stage = central().only("AWS::ApiGatewayV2::Stage")
    logged = json.loads(stage["Properties"]["AccessLogSettings"]["Format"])
    assert "$context.path" not in logged.values()
    assert logged["source"] == "$context.identity.sourceIp"


def test_the_door_is_throttled_and_no_other_page_calls_it():
    _, api = central().only("AWS::ApiGatewayV2::Api")
    assert "CorsConfiguration" not in api["Properties"]
    _, stage = central().only("AWS::ApiGatewayV2::Stage")
    assert stage["Properties"]["DefaultRouteSettings"]["ThrottlingRateLimit"] == 500
    (route,) = central().of_type("AWS::ApiGatewayV2::Route").values()
    assert route["Properties"]["RouteKey"] == "$default"


def test_services_are_prefixes_that_end_a_hosts_name():
    parameter = central().body["Parameters"]["CasServices"]
    assert parameter["Default"] == ""
    accepted = re.compile(parameter["AllowedPattern"])
    for good in ("", "https://a.example/", "https://a.example/motu-web/,http://127.0.0.1:4600/x"):
        assert accepted.fullmatch(good)
    for bad in ("https://a.example", "a.example/", "https://a.example/,https://b.example"):
        assert not accepted.fullmatch(bad)
