"""The REST door's process."""

import json
import urllib.request

from fastapi import FastAPI

from atoll.aws.catalogue import DynamoCatalogue
from atoll.aws.clients import dynamodb_client, s3_client, stepfunctions_client
from atoll.aws.ledger import DynamoLedger
from atoll.aws.results import S3Results
from atoll.aws.workflow import StepFunctionsWorkflow
from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.settings import DoorSettings, Place, new_id, now
from atoll.errors import Unavailable
from atoll.ports import Ports
from atoll.web.app import make_app
from atoll.web.identity import Keys, TokenVerifier
from atoll.web.telemetry import PowertoolsTelemetry

KEYS_TIMEOUT_S = 3


def make_ports(settings: DoorSettings, place: Place) -> Ports:
    """Everything impure, on AWS."""
    dynamodb = dynamodb_client(place.region, place.endpoint_url)
    s3 = s3_client(place.region, place.s3_endpoint_url)
    states = stepfunctions_client(place.region, place.endpoint_url)
    return Ports(
        catalogue=DynamoCatalogue(dynamodb, s3, settings.datasets_table, settings.data_bucket),
        ledger=DynamoLedger(
            dynamodb, settings.jobs_table, settings.accounts_table, settings.ledger_table
        ),
        workflow=StepFunctionsWorkflow(states, settings.state_machine_arn),
        results=S3Results(s3, settings.results_bucket),
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
        except OSError as fault:
            raise Unavailable("The sign-in's keys cannot be read now; try again.") from fault
        return keys

    clients = frozenset(settings.client_ids.split(","))
    return TokenVerifier(settings.issuer, clients, fetch_keys, now)


def make_door() -> FastAPI:
    """The application, from the environment."""
    settings = DoorSettings.read()
    return make_app(
        make_ports(settings, Place.read()),
        make_verifier(settings),
        PowertoolsTelemetry(logger, metrics),
    )
