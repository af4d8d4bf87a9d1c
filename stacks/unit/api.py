"""The REST door of a unit: an HTTP API in front of rest_api, and what that function may do."""

from aws_cdk import Stack
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.config import DisseminationUnit
from stacks.parts.function import FunctionSpec, PythonFunction, Surroundings, log_group
from stacks.parts.http_api import FunctionApi, GatewaySpec
from stacks.parts.permissions import allow
from stacks.unit.notification import notification_arn
from stacks.unit.parameters import Identity
from stacks.unit.settings import executions_arn, machine_arn
from stacks.unit.storage import Storage
from stacks.unit.tables import Tables

# The gateway waits no longer than 30 s for its function.
REST_API = FunctionSpec("rest_api", ("core", "web"), memory_mib=1024, timeout_s=29)
NEED_IDENTITY = (
    (gateway.HttpMethod.POST, "/processes/subset/execution"),
    (gateway.HttpMethod.POST, "/quotes"),
    (gateway.HttpMethod.GET, "/jobs"),
    (gateway.HttpMethod.GET, "/jobs/{proxy+}"),
    (gateway.HttpMethod.POST, "/jobs/{proxy+}"),
    (gateway.HttpMethod.PATCH, "/jobs/{proxy+}"),
    (gateway.HttpMethod.DELETE, "/jobs/{proxy+}"),
    (gateway.HttpMethod.GET, "/me"),
    (gateway.HttpMethod.GET, "/me/{proxy+}"),
    (gateway.HttpMethod.PUT, "/me/{proxy+}"),
    (gateway.HttpMethod.POST, "/deliveries"),
    (gateway.HttpMethod.GET, "/deliveries"),
    (gateway.HttpMethod.GET, "/deliveries/{proxy+}"),
    (gateway.HttpMethod.GET, "/admin/{proxy+}"),
    (gateway.HttpMethod.PUT, "/admin/{proxy+}"),
)


def rest_door(
    stack: Stack, unit: DisseminationUnit, around: Surroundings, tables: Tables, storage: Storage
) -> FunctionApi:
    """Make rest_api and its gateway.

    The function verifies tokens itself, since public datasets need none and a refusal is said
    as problem+json.
    """
    statements = [
        *door_statements(stack, tables, storage),
        allow(["dynamodb:PutItem"], [tables.policies.table_arn]),
        # An account's own use of a month, and operators' reports.
        allow(["dynamodb:Query"], [tables.ledger.table_arn]),
    ]
    door = PythonFunction(stack, REST_API, around, statements)
    spec = GatewaySpec(
        stack.stack_name, unit.origins, unit.limits.requests_per_s, unit.limits.burst_requests
    )
    log = log_group(stack, "AccessLog", unit.log_retention_days, f"apis/{stack.stack_name}")
    api = FunctionApi(stack, spec, door.function, log)
    # What absolute links in records are made of.
    door.function.add_environment("API_URL", api.url)
    return api


def guard(api: FunctionApi, identity: Identity) -> None:
    """Let the gateway refuse bad tokens on the routes that need identity."""
    api.require_token(NEED_IDENTITY, identity.issuer, identity.client_ids)


def door_statements(
    scope: Construct, tables: Tables, storage: Storage
) -> list[iam.PolicyStatement]:
    """What any door needs: describe, quote, order, see a job, cancel it, hand out its result."""
    return [
        allow(["dynamodb:GetItem", "dynamodb:Scan"], [tables.datasets.table_arn]),
        *tables.change_jobs,
        allow(["dynamodb:Query"], [tables.jobs_by_account, tables.accounts.table_arn]),
        # What estimates are made of.
        allow(["dynamodb:Query"], [tables.entries_by_day]),
        # A signed URL lends this permission to whoever holds it.
        allow(["s3:GetObject"], [storage.descriptions, storage.result_objects]),
        allow(["states:StartExecution"], [machine_arn(scope), notification_arn(scope)]),
        allow(["states:StopExecution"], [executions_arn(scope)]),
        *storage.see_parts,
        *storage.remove_results,
    ]
