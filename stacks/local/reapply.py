"""What the emulator drops of a template when it makes a resource, set through the service's API.

Derived from the template, so that it cannot drift. Buckets are made on the S3 server as well,
where their objects lie.
"""

from collections.abc import Callable, Mapping
from typing import Any

from stacks.local.cloud import Cloud, DeployedStack

type Apply = Callable[[Cloud, str, dict[str, Any]], None]


def reapply(stack: DeployedStack) -> None:
    """Apply every dropped property of a deployed stack; doing it again changes nothing."""
    for logical, kind in stack.types.items():
        apply = DROPPED.get(kind)
        if apply is not None:
            apply(stack.cloud, stack.physical[logical], stack.properties[logical])


def time_to_live(cloud: Cloud, table: str, properties: dict[str, Any]) -> None:
    """Rows that expire."""
    wanted = properties.get("TimeToLiveSpecification")
    if wanted is None:
        return
    dynamodb = cloud.client("dynamodb")
    state = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if state["TimeToLiveStatus"] == "DISABLED":
        specification = {"Enabled": True, "AttributeName": wanted["AttributeName"]}
        dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=specification)


def cross_origin(cloud: Cloud, api: str, properties: dict[str, Any]) -> None:
    """Pages of other origins may call the API."""
    wanted = properties.get("CorsConfiguration")
    if wanted is not None:
        cloud.client("apigatewayv2").update_api(ApiId=api, CorsConfiguration=wanted)


def bucket(cloud: Cloud, name: str, properties: dict[str, Any]) -> None:
    """The bucket itself, with versioning and cross-origin rules."""
    s3 = cloud.client("s3")
    cloud.make_bucket(name)
    versioning = properties.get("VersioningConfiguration")
    if versioning is not None:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)
    rules = properties.get("CorsConfiguration", {}).get("CorsRules", [])
    if rules:
        cors = {"CORSRules": [_cors_rule(rule) for rule in rules]}
        s3.put_bucket_cors(Bucket=name, CORSConfiguration=cors)


DROPPED: Mapping[str, Apply] = {
    "AWS::DynamoDB::Table": time_to_live,
    "AWS::ApiGatewayV2::Api": cross_origin,
    "AWS::S3::Bucket": bucket,
}


def _cors_rule(rule: dict[str, Any]) -> dict[str, Any]:
    """CloudFormation's words for a rule as the S3 API's."""
    words = {"ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds", "Id": "ID"}
    return {words.get(key, key): value for key, value in rule.items()}
