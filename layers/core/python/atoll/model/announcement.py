"""What a unit tells the central catalogue of a dataset: its record, and who may see it."""

import re
from datetime import datetime
from typing import Self

from pydantic import AwareDatetime, Field, model_validator

from atoll.errors import InvalidParameter
from atoll.model.names import check_dataset_id
from atoll.model.record import Record
from atoll.model.value import Value

_UNIT = re.compile(r"[a-z][a-z0-9-]{1,19}")
_PROFILE = re.compile(r"[\w+=,.@-]{1,128}")  # what a user pool's group may be called


class Announcement(Value):
    """One record, for everybody or for some.

    Attributes:
        record: of the dataset's present revision.
        visible_to: profiles that may see that there is such a dataset; None = everybody.
    """

    record: Record
    visible_to: tuple[str, ...] | None = None

    def check(self) -> None:
        """Refuse what cannot be kept: names are parts of keys, of URLs and of queries.

        Raises:
            InvalidParameter: naming the part.
        """
        check_dataset_id("record.identifier", self.record.identifier)
        unit = self.record.publisher.name
        if not _UNIT.fullmatch(unit):
            raise InvalidParameter(
                "record.publisher.name", unit, "2 to 20 of [a-z0-9-] are, the first a letter"
            )
        for profile in self.visible_to or ():
            if not _PROFILE.fullmatch(profile):
                raise InvalidParameter("visible_to", profile, "names of groups are")


class Telling(Value):
    """An announcement as it is told and kept: with what says whether another one is newer.

    The order is that in which its state was read, not that in which it was sent or came. Whoever
    changes a dataset or the policy tells of it afterwards, having read both: so the last telling
    in this order has the last state.

    Attributes:
        policy_version: number of the policy that `visible_to` was made by.
        told_at: an instant before any of it was read, by the unit's clock.
    """

    announcement: Announcement
    policy_version: int = Field(ge=0)
    told_at: AwareDatetime

    @model_validator(mode="after")
    def _has_an_order(self) -> Self:
        if datetime.fromisoformat(self.announcement.record.updated_at).tzinfo is None:
            raise ValueError("updated_at of a record has no time zone")
        return self

    def is_older_than(self, other: Self) -> bool:
        """Whether another one of the same dataset takes the place of this one."""
        return self._order < other._order

    @property
    def _order(self) -> tuple[datetime, int, datetime]:
        updated_at = datetime.fromisoformat(self.announcement.record.updated_at)
        return updated_at, self.policy_version, self.told_at


def source_of(unit: str) -> str:
    """What a unit's events have as their source: the bus takes them from this unit alone."""
    return f"atoll.unit.{unit}"
