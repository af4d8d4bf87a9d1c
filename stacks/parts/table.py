"""The one way to make a DynamoDB table: on demand, recoverable to any second, hard to delete.

Encrypted with the key that DynamoDB owns: always on, free, and no role needs a grant for it.
"""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from stacks.config import Removal


def text(name: str) -> dynamodb.Attribute:
    """A key attribute of type string."""
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


def table(
    scope: Construct,
    name: str,
    keys: tuple[str] | tuple[str, str],
    *,
    removal: Removal,
    expires: str | None = None,
) -> dynamodb.Table:
    """Make a table.

    Args:
        scope: the construct it belongs to.
        name: its id in the stack; the physical name is CloudFormation's.
        keys: partition key and, where there is one, sort key; both text.
        removal: `retain` also protects it against being deleted by hand.
        expires: the attribute (epoch seconds) after which an item is deleted.
    """
    return dynamodb.Table(
        scope,
        name,
        partition_key=text(keys[0]),
        sort_key=text(keys[1]) if len(keys) > 1 else None,
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True
        ),
        time_to_live_attribute=expires,
        deletion_protection=removal == "retain",
        removal_policy=removal_policy(removal),
    )


def removal_policy(removal: Removal) -> RemovalPolicy:
    """What becomes of a resource that holds data when its stack is deleted."""
    return RemovalPolicy.RETAIN if removal == "retain" else RemovalPolicy.DESTROY
