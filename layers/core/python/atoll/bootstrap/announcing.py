"""How processes of a unit tell the federation's catalogue."""

import re
from collections.abc import Callable

from pydantic import ValidationError

from atoll.aws.clients import Clients
from atoll.aws.faults import told_to_operator
from atoll.aws.policies import DynamoPolicies
from atoll.aws.record_events import EventBridgeRecordEvents
from atoll.bootstrap.completion import make_clients
from atoll.bootstrap.settings import Place, Settings, now
from atoll.dialects.access_points import access_points
from atoll.errors import DataError, InvalidParameter
from atoll.model.announcement import Telling
from atoll.model.policy import UNWRITTEN, PolicyVersion
from atoll.model.record import Publisher
from atoll.ports import Catalogue, Policies
from atoll.ports.records import RecordEvents
from atoll.services.announced import AnnouncedCatalogue, AnnouncedPolicies
from atoll.services.announcing import Announcer

_BUS = re.compile(r"arn:[a-z-]+:events:(?P<region>[a-z0-9-]+):\d{12}:event-bus/\S+")


class AnnouncingSettings(Settings):
    """Whom to tell, and who tells; beside a bus all others are needed.

    Attributes:
        records_bus: ARN; empty = there is nobody to be told.
        api_url: of the unit's doors, without a slash at its end.
        policies_table: whose newest policy says who may see what; without it all would be shown.
    """

    records_bus: str = ""
    atoll_unit: str = ""
    api_url: str = ""
    policies_table: str = ""


class _ToldToOperator:
    """The RecordEvents port, every fault of which is one that an operator reads of."""

    def __init__(self, events: RecordEvents) -> None:
        self._events = events

    def announce(self, telling: Telling) -> None:
        """See `ports.RecordEvents`."""
        with told_to_operator("bus of records"):
            self._events.announce(telling)


def announced(catalogue: Catalogue, say: Callable[[str], None]) -> Catalogue:
    """A unit's catalogue, whose federation is told of what is published, where there is one.

    Args:
        catalogue: of the unit.
        say: see `AnnouncedCatalogue`.
    """
    settings = AnnouncingSettings.read()
    if not settings.records_bus:
        return catalogue
    return AnnouncedCatalogue(catalogue, make_announcer(settings, catalogue), say)


def announced_policies(
    policies: Policies, catalogue: Catalogue, say: Callable[[str], None]
) -> Policies:
    """A unit's policies, whose federation is told of what they hide and show, where there is one.

    Args:
        policies: of the unit.
        catalogue: of the unit.
        say: see `AnnouncedCatalogue`.
    """
    settings = AnnouncingSettings.read()
    if not settings.records_bus:
        return policies
    return AnnouncedPolicies(policies, make_announcer(settings, catalogue), say)


def make_announcer(settings: AnnouncingSettings, catalogue: Catalogue) -> Announcer:
    """What tells of a unit's datasets.

    Raises:
        InvalidParameter: a setting is missing or malformed.
    """
    for name in ("atoll_unit", "api_url", "policies_table"):
        if not getattr(settings, name):
            raise InvalidParameter(name.upper(), "", "set it in the environment beside RECORDS_BUS")
    place, bus = Place.read(), _BUS.fullmatch(settings.records_bus)
    if bus is None:
        raise InvalidParameter("RECORDS_BUS", settings.records_bus, "the ARN of a bus is")
    # EventBridge takes events in the bus's own region alone.
    events = Clients(bus["region"], place.endpoint_url).events
    return Announcer(
        events=_ToldToOperator(EventBridgeRecordEvents(events, settings.records_bus)),
        publisher=Publisher(name=settings.atoll_unit, url=settings.api_url.rstrip("/")),
        catalogue=catalogue,
        policy=_newest(settings.policies_table),
        doors=access_points,
        now=now,
    )


def _newest(table: str) -> Callable[[], PolicyVersion]:
    policies = DynamoPolicies(make_clients().dynamodb, table, now)

    def read() -> PolicyVersion:
        with told_to_operator(f"policy in table {table}"):
            try:
                return next(iter(policies.versions(1)), UNWRITTEN)
            except (ValidationError, KeyError) as fault:
                raise DataError(f"The policy in table {table} cannot be read: {fault}") from fault

    return read
