"""What central is told of records, as EventBridge puts it into a queue."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from atoll.errors import InvalidParameter, NotEntitled
from atoll.model.announcement import Announcement, KeptRecord


class _Event(BaseModel):
    """What is read of an event; its envelope is EventBridge's word, its detail a unit's."""

    model_config = ConfigDict(extra="ignore")

    account: str
    time: str
    detail_type: str = Field(alias="detail-type", pattern=r"^record\.published$")
    detail: Announcement


def parse_event(text: str, accounts: Mapping[str, str]) -> KeptRecord:
    """What is to be kept.

    Args:
        text: the event.
        accounts: unit -> the account of AWS that speaks for it.

    Raises:
        InvalidParameter: it is no such event.
        NotEntitled: another speaks for the unit.
    """
    try:
        event = _Event.model_validate_json(text)
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "event"
        raise InvalidParameter(place, first["input"], first["msg"].lower()) from fault
    event.detail.check()
    unit = event.detail.record.publisher.name
    if accounts.get(unit) != event.account:
        raise NotEntitled(
            f"Account {event.account} does not speak for unit {unit}.",
            {"unit": unit, "account": event.account},
        )
    return KeptRecord(announcement=event.detail, announced_at=event.time)
