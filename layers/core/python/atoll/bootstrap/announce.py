"""All datasets of a unit, told to the federation's catalogue: `atoll announce`, and on schedule."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence

from atoll.aws.catalogue import DynamoCatalogue
from atoll.aws.descriptions import Descriptions
from atoll.aws.faults import told_to_operator
from atoll.bootstrap.announcing import AnnouncingSettings, make_announcer
from atoll.bootstrap.completion import make_clients
from atoll.bootstrap.settings import PublicationSettings, Settings
from atoll.errors import InvalidParameter
from atoll.services.announcing import announce_all


def announce_unit(said: Mapping[str, str] | None = None) -> Sequence[str]:
    """Tell of all datasets of a unit.

    Args:
        said: settings that are not as the environment's, by name.

    Returns:
        Their ids; none where there is nobody to be told.

    Raises:
        BrokerError: a setting is missing, somebody did not answer, or something of it cannot be
            told.
    """
    given = said or {}
    settings = AnnouncingSettings.read(_of(AnnouncingSettings, given))
    if not settings.records_bus:
        return []
    stores = PublicationSettings.read(_of(PublicationSettings, given))
    clients = make_clients()
    descriptions = Descriptions(clients.s3, stores.data_bucket)
    catalogue = DynamoCatalogue(clients.dynamodb, stores.datasets_table, descriptions)
    with told_to_operator(f"catalogue in table {stores.datasets_table}"):
        return announce_all(make_announcer(settings, catalogue))


def announce_command(argv: Sequence[str]) -> int:
    """Tell the federation's catalogue of all datasets of a unit, and print their ids as JSON.

    Raises:
        BrokerError: see `announce_unit`; or no bus was named.
    """
    said = {name: text for name, text in _parse(argv).items() if text}
    if not AnnouncingSettings.read(_of(AnnouncingSettings, said)).records_bus:
        raise InvalidParameter("--records-bus", "", "the ARN of a bus, or RECORDS_BUS, is")
    sys.stdout.write(json.dumps({"announced": list(announce_unit(said))}) + "\n")
    return 0


def _of(kind: type[Settings], said: Mapping[str, str]) -> dict[str, str]:
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
