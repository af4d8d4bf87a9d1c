"""What a unit tells the central catalogue of a dataset: its record, and who may see it."""

import re

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


class KeptRecord(Value):
    """An announcement as central keeps it.

    Attributes:
        announced_at: ISO 8601, UTC: what is told twice may come in any order.
    """

    announcement: Announcement
    announced_at: str
