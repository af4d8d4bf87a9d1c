"""Who waits, and who holds the slots."""

from datetime import datetime
from typing import Protocol

from atoll.model.job import Tier
from atoll.model.queue import Held, Waiting


class Queue(Protocol):
    """Jobs that wait for a slot, and slots that are held."""

    def waiting(self, tier: Tier) -> list[Waiting]:
        """Jobs that wait for a slot of a tier. One that began to wait just now may be missing."""
        ...

    def held(self) -> list[Held]:
        """Every slot that is held, of all tiers, at this moment."""
        ...

    def following(self) -> list[str]:
        """Ids of all jobs that wait for another's extraction; as current as `waiting`."""
        ...

    def claim(
        self, waiting: Waiting, number: int, running_limit: int | None, now: datetime
    ) -> bool:
        """Give a waiting job a slot.

        Args:
            waiting: the job.
            number: of the slot.
            running_limit: jobs of this tier that its account may run at once; None = any.
            now: when.

        Returns:
            False where the slot is held, the job does not wait, or the account runs so many;
            nothing was changed.
        """
        ...
