"""The unit's policy, in versions."""

from typing import Protocol

from atoll.model.policy import PolicyVersion


class Policies(Protocol):
    """Every version that was ever put in force."""

    def current(self) -> PolicyVersion:
        """The version in force; `UNWRITTEN` where none was put. It may be some seconds old.

        Raises:
            Unavailable: the store did not answer.
        """
        ...

    def put(self, version: PolicyVersion) -> bool:
        """Put a version in force.

        Returns:
            False where its number is taken; nothing was changed.
        """
        ...

    def versions(self, limit: int) -> list[PolicyVersion]:
        """The newest versions, the newest first."""
        ...
