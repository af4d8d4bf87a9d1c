"""The one way to make a secret of which a stack's functions derive their keys."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.config import Removal
from stacks.parts.permissions import allow
from stacks.parts.table import removal_policy

CHARACTERS = 64


def master_secret(scope: Construct, of: str, removal: Removal) -> secretsmanager.Secret:
    """Make a secret that nobody has chosen or seen.

    Args:
        scope: the construct it belongs to; its id there is `Master`.
        of: for a person's eye, whose keys these are.
        removal: what becomes of it when its stack is deleted.
    """
    return secretsmanager.Secret(
        scope,
        "Master",
        description=f"Of this all signing keys of {of} are derived",
        generate_secret_string=secretsmanager.SecretStringGenerator(
            password_length=CHARACTERS, exclude_punctuation=True
        ),
        removal_policy=removal_policy(removal),
    )


def read_secret(secret: secretsmanager.Secret) -> iam.PolicyStatement:
    """Read it, and nothing else of it."""
    return allow(["secretsmanager:GetSecretValue"], [secret.secret_arn])
