"""The unit's master secret in Secrets Manager, read once in a process."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from atoll.aws.faults import answering
from atoll.model.keys import derive_key

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

    from atoll.model.keys import Purpose


class MasterSecret:
    """The Secrets port."""

    def __init__(self, secretsmanager: SecretsManagerClient, secret_arn: str) -> None:
        self._secretsmanager = secretsmanager
        self._secret_arn = secret_arn

    def derived_key(self, purpose: Purpose, subject: str) -> bytes:
        """The key of a subject for a purpose; see `ports.Secrets`."""
        return derive_key(self._master, purpose, subject)

    @cached_property
    def _master(self) -> bytes:
        with answering("secret store"):
            answer = self._secretsmanager.get_secret_value(SecretId=self._secret_arn)
        return answer["SecretString"].encode()
