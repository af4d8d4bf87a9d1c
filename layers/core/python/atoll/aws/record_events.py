"""The federation's bus, by which units tell central of their records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atoll.aws.faults import answering, unavailable
from atoll.model.announcement import source_of

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient

    from atoll.model.announcement import Telling

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

    def announce(self, telling: Telling) -> None:
        """Tell of a record; see `ports.RecordEvents`."""
        unit = telling.announcement.record.publisher.name
        with answering(BUS):
            answer = self._events.put_events(
                Entries=[
                    {
                        "Source": source_of(unit),
                        "DetailType": PUBLISHED,
                        "Detail": telling.model_dump_json(),
                        "EventBusName": self._bus_arn,
                    }
                ]
            )
        if answer["FailedEntryCount"]:
            raise unavailable(BUS)
