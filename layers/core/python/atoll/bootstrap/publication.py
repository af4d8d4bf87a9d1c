"""The process that publishes: `atoll publish`."""

import json
import sys
from collections.abc import Sequence

from atoll.aws.catalogue import DynamoCatalogue
from atoll.aws.descriptions import Descriptions
from atoll.aws.faults import told_to_operator
from atoll.bootstrap.announcing import announced
from atoll.bootstrap.completion import make_clients
from atoll.bootstrap.settings import Place, PublicationSettings, now
from atoll.publication.arguments import Arguments, parse
from atoll.publication.product_file import load_product
from atoll.publication.publish import Delivery, publish
from atoll.publication.repository import Target


def publish_command(argv: Sequence[str]) -> int:
    """Publish files, and print the revision as JSON.

    Raises:
        BrokerError: they could not be published. If the catalogue failed at the very end, the
            data are committed and nobody sees them; publishing again is safe and completes it.
    """
    arguments = parse(argv)
    settings = _settings(arguments)
    place, clients = Place.read(), make_clients()
    kept = DynamoCatalogue(
        clients.dynamodb,
        settings.datasets_table,
        Descriptions(clients.s3, settings.data_bucket),
    )
    catalogue = announced(kept, lambda text: _ignored(sys.stderr.write(f"{text}\n")))
    target = Target(f"s3://{settings.data_bucket}", place.s3_endpoint_url, place.region)
    product = load_product(arguments.product)
    delivery = Delivery(arguments.files, arguments.dataset, product)
    with told_to_operator(f"catalogue in table {settings.datasets_table}"):
        coverage = publish(delivery, target, catalogue, now())
    answer = {
        "dataset": coverage.dataset,
        "revision": coverage.revision,
        "updated_at": coverage.updated_at,
        "variables": [v.name for v in coverage.variables if v.role == "data"],
        "layouts": sorted(coverage.layouts),
    }
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


def _ignored(_written: int) -> None:
    """Nobody asks how much was said."""


def _settings(arguments: Arguments) -> PublicationSettings:
    """The environment's, where the words say nothing."""
    said = arguments.model_dump(include={"data_bucket", "datasets_table"}, exclude_none=True)
    return PublicationSettings.read(said)
