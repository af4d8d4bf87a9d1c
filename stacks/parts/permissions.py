"""Statements of least privilege, as plain as in a policy document."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct


def allow(
    actions: Sequence[str],
    resources: Sequence[str],
    conditions: Mapping[str, Mapping[str, object]] | None = None,
) -> iam.PolicyStatement:
    """Allow these actions on these resources, and nothing else."""
    return iam.PolicyStatement(
        actions=list(actions), resources=list(resources), conditions=conditions
    )


def role_for(
    scope: Construct, service: str, statements: Sequence[iam.PolicyStatement] = ()
) -> iam.Role:
    """Make the role of one thing; `service` is who may take it, e.g. `lambda.amazonaws.com`."""
    role = iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal(service))
    for statement in statements:
        role.add_to_policy(statement)
    return role
