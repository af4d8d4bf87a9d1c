"""What every door of a unit is made of; each has a module of its own, which loads no other's."""

from atoll.aws.accounts import DynamoAccounts
from atoll.aws.catalogue import DynamoCatalogue
from atoll.aws.descriptions import Descriptions
from atoll.aws.journal import DynamoJournal
from atoll.bootstrap.completion import (
    make_clients,
    make_ledger,
    make_policies,
    make_queue,
    make_results,
    make_workflow,
)
from atoll.bootstrap.identity import make_token_verifier
from atoll.bootstrap.notifier import make_notifier, make_secrets
from atoll.bootstrap.settings import DoorSettings, new_id, now
from atoll.ports import Ports
from atoll.web.identity import TokenVerifier


def make_ports(settings: DoorSettings) -> Ports:
    """Everything impure, on AWS."""
    clients = make_clients()
    descriptions = Descriptions(clients.s3, settings.data_bucket)
    return Ports(
        catalogue=DynamoCatalogue(clients.dynamodb, settings.datasets_table, descriptions),
        ledger=make_ledger(clients, settings),
        accounts=DynamoAccounts(clients.dynamodb, settings.accounts_table),
        queue=make_queue(clients, settings),
        policies=make_policies(clients, settings),
        journal=DynamoJournal(clients.dynamodb, settings.ledger_table),
        workflow=make_workflow(clients, settings),
        results=make_results(clients, settings),
        notifier=make_notifier(clients),
        secrets=make_secrets(clients),
        limits=settings.limits(),
        now=now,
        new_id=new_id,
    )


def make_verifier(settings: DoorSettings) -> TokenVerifier:
    """Tokens of the central user pool."""
    clients = frozenset(settings.client_ids.split(","))
    return make_token_verifier(settings.issuer, settings.jwks_url, clients)
