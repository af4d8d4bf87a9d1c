"""The REST door's process."""

import json
import urllib.request
from http.client import HTTPException

from fastapi import FastAPI

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
from atoll.bootstrap.notifier import make_notifier, make_secrets
from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.settings import DoorSettings, new_id, now
from atoll.ports import Ports
from atoll.web.app import make_app
from atoll.web.identity import Keys, TokenVerifier, keys_unavailable
from atoll.web.telemetry import PowertoolsTelemetry

KEYS_TIMEOUT_S = 3


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
    address = settings.jwks_url or f"{settings.issuer}/.well-known/jwks.json"

    def fetch_keys() -> Keys:
        try:
            with urllib.request.urlopen(address, timeout=KEYS_TIMEOUT_S) as answer:  # noqa: S310  the operator's own setting
                keys: Keys = json.load(answer)
        except (OSError, ValueError, HTTPException) as fault:
            raise keys_unavailable() from fault
        return keys

    clients = frozenset(settings.client_ids.split(","))
    return TokenVerifier(settings.issuer, clients, fetch_keys, now)


def make_door() -> FastAPI:
    """The application, from the environment."""
    settings = DoorSettings.read()
    return make_app(
        make_ports(settings),
        make_verifier(settings),
        PowertoolsTelemetry(logger, metrics),
    )
