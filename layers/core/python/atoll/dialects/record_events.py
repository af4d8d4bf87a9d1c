"""What central is told of records, as EventBridge puts it into a queue."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from atoll.errors import InvalidParameter, NotEntitled
from atoll.model.announcement import Telling, source_of


class _Event(BaseModel):
    """What is read of an event; its envelope is EventBridge's word, its detail a unit's."""

    model_config = ConfigDict(extra="ignore")

    account: str
    source: str
    detail_type: str = Field(alias="detail-type", pattern=r"^record\.published$")
    detail: Telling


def parse_event(text: str, accounts: Mapping[str, str]) -> Telling:
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
    event.detail.announcement.check()
    unit = event.detail.announcement.record.publisher.name
    # Units may share an account: the bus lets each say its own source alone.
    if accounts.get(unit) != event.account or event.source != source_of(unit):
        raise NotEntitled(
            f"{event.source} of account {event.account} does not speak for unit {unit}.",
            {"unit": unit, "account": event.account, "source": event.source},
        )
    return event.detail
