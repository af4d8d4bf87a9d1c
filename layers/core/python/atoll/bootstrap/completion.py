"""The processes that end jobs: no door, no planning, no arrays."""

from atoll.aws.clients import Clients
from atoll.aws.ledger import DynamoLedger
from atoll.aws.policies import DynamoPolicies
from atoll.aws.queue import DynamoQueue
from atoll.aws.results import S3Results
from atoll.aws.workflow import StepFunctionsWorkflow
from atoll.aws.writes import LedgerTables
from atoll.bootstrap.notifier import make_notifier
from atoll.bootstrap.settings import Place, QueueSettings, TableSettings, now
from atoll.ports import Ends


def make_clients() -> Clients:
    """Clients of the place that the environment names."""
    place = Place.read()
    return Clients(place.region, place.endpoint_url, place.s3_endpoint_url)


def make_ledger(clients: Clients, settings: TableSettings) -> DynamoLedger:
    """The ledger."""
    return DynamoLedger(clients.dynamodb, ledger_tables(settings))


def ledger_tables(settings: TableSettings) -> LedgerTables:
    """The tables that change together."""
    return LedgerTables(
        jobs=settings.jobs_table,
        accounts=settings.accounts_table,
        ledger=settings.ledger_table,
        slots=settings.slots_table,
        shares=settings.shares_table,
    )


def make_queue(clients: Clients, settings: TableSettings) -> DynamoQueue:
    """Who waits, and who holds the slots."""
    return DynamoQueue(clients.dynamodb, ledger_tables(settings))


def make_policies(clients: Clients, settings: TableSettings) -> DynamoPolicies:
    """The unit's policy."""
    return DynamoPolicies(clients.dynamodb, settings.policies_table, now)


def make_workflow(clients: Clients, settings: QueueSettings) -> StepFunctionsWorkflow:
    """The state machine."""
    return StepFunctionsWorkflow(clients.stepfunctions, settings.state_machine_arn)


def make_results(clients: Clients, settings: TableSettings) -> S3Results:
    """The results bucket."""
    return S3Results(clients.s3, settings.results_bucket)


def make_ends() -> Ends:
    """What ending a job needs, and starting those that wait, from the environment."""
    settings, clients = QueueSettings.read(), make_clients()
    return Ends(
        ledger=make_ledger(clients, settings),
        queue=make_queue(clients, settings),
        policies=make_policies(clients, settings),
        workflow=make_workflow(clients, settings),
        results=make_results(clients, settings),
        notifier=make_notifier(clients),
        now=now,
    )
