"""The processes that end jobs: no door, no planning, no arrays."""

from atoll.aws.clients import Clients
from atoll.aws.ledger import DynamoLedger, LedgerTables
from atoll.aws.results import S3Results
from atoll.bootstrap.settings import Place, TableSettings, now
from atoll.services.completion import Ends


def make_clients() -> Clients:
    """Clients of the place that the environment names."""
    place = Place.read()
    return Clients(place.region, place.endpoint_url, place.s3_endpoint_url)


def make_ledger(clients: Clients, settings: TableSettings) -> DynamoLedger:
    """The ledger, on its three tables."""
    tables = LedgerTables(settings.jobs_table, settings.accounts_table, settings.ledger_table)
    return DynamoLedger(clients.dynamodb, tables)


def make_results(clients: Clients, settings: TableSettings) -> S3Results:
    """The results bucket."""
    return S3Results(clients.s3, settings.results_bucket)


def make_ends() -> Ends:
    """What ending a job needs, from the environment."""
    settings, clients = TableSettings.read(), make_clients()
    return Ends(
        ledger=make_ledger(clients, settings), results=make_results(clients, settings), now=now
    )
