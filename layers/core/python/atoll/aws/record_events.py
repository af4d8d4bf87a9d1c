"""The federation's bus, by which units tell central of their records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atoll.aws.faults import answering, unavailable
from atoll.model.announcement import Announcement

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient

    from atoll.model.record import Record

SOURCE = "atoll.unit"
PUBLISHED = "record.published"
BUS = "bus of records"


class EventBridgeRecordEvents:
    """The RecordEvents port."""

    def __init__(self, events: EventBridgeClient, bus_arn: str) -> None:
        """Remember the bus.

        Args:
            events: of the bus's own region: EventBridge takes events of no other.
            bus_arn: which.
        """
        self._events = events
        self._bus_arn = bus_arn

    def announce(self, record: Record, visible_to: tuple[str, ...] | None) -> None:
        """Tell of a record; see `ports.RecordEvents`."""
        told = Announcement(record=record, visible_to=visible_to)
        with answering(BUS):
            answer = self._events.put_events(
                Entries=[
                    {
                        "Source": SOURCE,
                        "DetailType": PUBLISHED,
                        "Detail": told.model_dump_json(),
                        "EventBusName": self._bus_arn,
                    }
                ]
            )
        if answer["FailedEntryCount"]:
            raise unavailable(BUS)
