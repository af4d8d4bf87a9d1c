"""How processes of a unit tell the federation's catalogue; and the verb `atoll announce`."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence

from atoll.aws.catalogue import DynamoCatalogue
from atoll.aws.clients import Clients
from atoll.aws.descriptions import Descriptions
from atoll.aws.faults import told_to_operator
from atoll.aws.policies import DynamoPolicies
from atoll.aws.record_events import EventBridgeRecordEvents
from atoll.bootstrap.completion import make_clients
from atoll.bootstrap.settings import Place, PublicationSettings, Settings, now
from atoll.dialects.access_points import access_points
from atoll.errors import InvalidParameter
from atoll.model.policy import Policy
from atoll.model.record import Publisher, Record
from atoll.ports import Catalogue
from atoll.ports.records import RecordEvents
from atoll.services.announcing import AnnouncedCatalogue, Announcer, announce_all

_BUS = re.compile(r"arn:[a-z-]+:events:(?P<region>[a-z0-9-]+):\d{12}:event-bus/\S+")


class AnnouncingSettings(Settings):
    """Whom to tell, and who tells.

    Attributes:
        records_bus: ARN; empty = there is nobody to be told.
        api_url: of the unit's doors, without a slash at its end.
        policies_table: empty = the unit has no policy.
    """

    records_bus: str = ""
    atoll_unit: str = ""
    api_url: str = ""
    policies_table: str = ""


class _ToldToOperator:
    """The RecordEvents port, every fault of which is one that an operator reads of."""

    def __init__(self, events: RecordEvents) -> None:
        self._events = events

    def announce(self, record: Record, visible_to: tuple[str, ...] | None) -> None:
        """See `ports.RecordEvents`."""
        with told_to_operator("bus of records"):
            self._events.announce(record, visible_to)


def announced(catalogue: Catalogue, say: Callable[[str], None]) -> Catalogue:
    """A unit's catalogue, whose federation is told of what is published, where there is one.

    Args:
        catalogue: of the unit.
        say: see `AnnouncedCatalogue`.
    """
    settings = AnnouncingSettings.read()
    if not settings.records_bus:
        return catalogue
    return AnnouncedCatalogue(catalogue, make_announcer(settings), say)


def make_announcer(settings: AnnouncingSettings) -> Announcer:
    """What tells.

    Raises:
        InvalidParameter: a setting is missing or malformed.
    """
    for name in ("atoll_unit", "api_url"):
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
        policy=_policy(settings),
        doors=access_points,
    )


def _policy(settings: AnnouncingSettings) -> Callable[[], Policy]:
    if not settings.policies_table:
        return Policy
    policies = DynamoPolicies(make_clients().dynamodb, settings.policies_table, now)
    return lambda: policies.current().policy


def announce_command(argv: Sequence[str]) -> int:
    """Tell the federation's catalogue of all datasets of a unit, and print their ids as JSON.

    Raises:
        BrokerError: a setting is missing, or somebody did not answer.
    """
    said = {name: text for name, text in _parse(argv).items() if text}
    settings = AnnouncingSettings.read(_of(AnnouncingSettings, said))
    stores = PublicationSettings.read(_of(PublicationSettings, said))
    clients = make_clients()
    descriptions = Descriptions(clients.s3, stores.data_bucket)
    catalogue = DynamoCatalogue(clients.dynamodb, stores.datasets_table, descriptions)
    with told_to_operator(f"catalogue in table {stores.datasets_table}"):
        told = announce_all(catalogue, make_announcer(settings))
    sys.stdout.write(json.dumps({"announced": list(told)}) + "\n")
    return 0


def _of(kind: type[Settings], said: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in said.items() if name in kind.model_fields}


def _parse(argv: Sequence[str]) -> dict[str, str | None]:
    parser = argparse.ArgumentParser(
        prog="atoll announce",
        description="Tell the federation's catalogue of all datasets of a unit, once more.",
        allow_abbrev=False,
    )
    usual = "default: the environment's"
    for flag, name, meta in (
        ("--records-bus", "records_bus", "ARN"),
        ("--unit", "atoll_unit", "NAME"),
        ("--url", "api_url", "URL"),
        ("--data-bucket", "data_bucket", "NAME"),
        ("--datasets-table", "datasets_table", "NAME"),
        ("--policies-table", "policies_table", "NAME"),
    ):
        parser.add_argument(flag, dest=name, metavar=meta, help=usual)
    return vars(parser.parse_args(argv))
