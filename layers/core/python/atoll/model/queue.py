"""Jobs that wait for a slot, and slots that are held."""

from datetime import datetime

from atoll.model.job import Tier
from atoll.model.value import Value


class Waiting(Value):
    """A job that waits for a slot.

    Attributes:
        since: when it was ordered.
        profiles: of its account, when it was ordered.
        work_bytes: of its result, uncompressed.
    """

    job_id: str
    account_id: str
    tier: Tier
    since: datetime
    profiles: tuple[str, ...]
    work_bytes: int


class Held(Value):
    """A slot that a job holds.

    Attributes:
        number: of the slot, from 0; together with the tier its name.
        claimed_at: since when.
    """

    tier: Tier
    number: int
    job_id: str
    account_id: str
    claimed_at: datetime
