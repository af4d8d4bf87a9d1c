"""The load balancer before the Motu door: where it is asked for, and for which clients."""

import json

import pytest

from tests.stacks.synthesis import CERTIFICATE, Document, fronted, unit

pytestmark = pytest.mark.slow

BALANCING = "AWS::ElasticLoadBalancingV2"


def listener(port: int) -> Document:
    (found,) = [
        each["Properties"]
        for each in fronted().of_type(f"{BALANCING}::Listener").values()
        if each["Properties"]["Port"] == port
    ]
    properties: Document = found
    return properties


def paths(action: str) -> list[str]:
    """Of the listener's rules that do so."""
    return [
        path
        for rule in fronted().of_type(f"{BALANCING}::ListenerRule").values()
        if [each["Type"] for each in rule["Properties"]["Actions"]] == [action]
        for condition in rule["Properties"]["Conditions"]
        for path in condition["PathPatternConfig"]["Values"]
    ]


@pytest.mark.parametrize("name", ["levitus", "navy"])
def test_the_demo_has_none(name: str):
    kinds = {resource["Type"] for resource in unit(name).body["Resources"].values()}
    assert not [kind for kind in kinds if kind.startswith((BALANCING, "AWS::WAFv2"))]


def test_who_sends_no_sni_is_shown_the_certificate_too():
    """Certificates beside the default one are shown to those alone who name their host."""
    assert listener(443)["Certificates"] == [{"CertificateArn": CERTIFICATE}]
    assert not fronted().of_type(f"{BALANCING}::ListenerCertificate")


def test_tls_1_2_is_still_spoken():
    assert listener(443)["Protocol"] == "HTTPS"
    assert listener(443)["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"


def test_plain_http_is_sent_on():
    (action,) = listener(80)["DefaultActions"]
    assert action["RedirectConfig"]["Protocol"] == "HTTPS"
    assert action["RedirectConfig"]["Port"] == "443"


def test_the_doors_own_function_answers_with_every_value_of_a_repeated_parameter():
    _, target = fronted().only(f"{BALANCING}::TargetGroup")
    function, _ = fronted().only("AWS::Lambda::Function", "MotuApi")
    assert target["Properties"]["TargetType"] == "lambda"
    assert target["Properties"]["Targets"] == [{"Id": {"Fn::GetAtt": [function, "Arn"]}}]
    attributes = target["Properties"]["TargetGroupAttributes"]
    assert {"Key": "lambda.multi_value_headers.enabled", "Value": "true"} in attributes
    assert "HealthCheckPath" not in target["Properties"]


def test_motu_is_there_wcs_is_sent_on_and_nothing_else_is_answered():
    doors = ["/motu-web", "/motu-web/*", "/motu-open", "/motu-open/*"]
    assert paths("forward") == doors
    assert paths("redirect") == ["/wcs", "/motu-web/wcs"]
    (action,) = listener(443)["DefaultActions"]
    assert action["FixedResponseConfig"]["StatusCode"] == "404"


def test_wcs_is_sent_to_the_gateway_before_motu_sees_it():
    first, second = sorted(
        (rule["Properties"] for rule in fronted().of_type(f"{BALANCING}::ListenerRule").values()),
        key=lambda rule: rule["Priority"],
    )
    (redirect,) = [action["RedirectConfig"] for action in first["Actions"]]
    assert "ApiEndpoint" in json.dumps(redirect["Host"])
    assert redirect["StatusCode"] == "HTTP_302"
    assert second["Actions"][0]["Type"] == "forward"


def test_links_lead_to_the_name_of_the_certificate():
    _, function = fronted().only("AWS::Lambda::Function", "MotuApi")
    assert function["Properties"]["Environment"]["Variables"]["API_URL"] == (
        "https://motu.example.org"
    )
    _, wcs = fronted().only("AWS::Lambda::Function", "WcsApi")
    assert "ApiEndpoint" in json.dumps(wcs["Properties"]["Environment"]["Variables"]["API_URL"])


def test_an_address_that_asks_too_often_is_told_429():
    balancer, _ = fronted().only(f"{BALANCING}::LoadBalancer")
    acl, firewall = fronted().only("AWS::WAFv2::WebACL")
    (rule,) = firewall["Properties"]["Rules"]
    assert rule["Statement"]["RateBasedStatement"] == {
        "Limit": 2000,
        "AggregateKeyType": "IP",
        "EvaluationWindowSec": 300,
    }
    assert rule["Action"]["Block"]["CustomResponse"]["ResponseCode"] == 429
    assert firewall["Properties"]["Scope"] == "REGIONAL"
    _, association = fronted().only("AWS::WAFv2::WebACLAssociation")
    assert association["Properties"] == {
        "ResourceArn": {"Ref": balancer},
        "WebACLArn": {"Fn::GetAtt": [acl, "Arn"]},
    }


def test_no_ticket_is_kept_by_balancer_or_firewall():
    _, balancer = fronted().only(f"{BALANCING}::LoadBalancer")
    attributes = {
        each["Key"]: each["Value"] for each in balancer["Properties"]["LoadBalancerAttributes"]
    }
    assert attributes.get("access_logs.s3.enabled", "false") == "false"
    assert int(attributes["idle_timeout.timeout_seconds"]) >= 60
    _, firewall = fronted().only("AWS::WAFv2::WebACL")
    (rule,) = firewall["Properties"]["Rules"]
    for seen in (rule["VisibilityConfig"], firewall["Properties"]["VisibilityConfig"]):
        assert seen["SampledRequestsEnabled"] is False
    assert not fronted().of_type("AWS::WAFv2::LoggingConfiguration")


def test_the_tasks_group_still_lets_nobody_in():
    groups = fronted().of_type("AWS::EC2::SecurityGroup")
    open_ports = {
        name: [rule["FromPort"] for rule in group["Properties"].get("SecurityGroupIngress", [])]
        for name, group in groups.items()
    }
    assert sorted(open_ports.values()) == [[], [80, 443]]
    assert not fronted().of_type("AWS::EC2::SecurityGroupIngress")
