"""Orders whose tier is chosen, whatever their size: everything but the limits is the door's."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from atoll.admission.decide import Limits
from atoll.aws.accounts import DynamoAccounts
from atoll.aws.catalogue import DynamoCatalogue
from atoll.aws.clients import Clients
from atoll.aws.descriptions import Descriptions
from atoll.aws.journal import DynamoJournal
from atoll.aws.ledger import DynamoLedger
from atoll.aws.policies import DynamoPolicies
from atoll.aws.queue import DynamoQueue
from atoll.aws.results import S3Results
from atoll.aws.workflow import StepFunctionsWorkflow
from atoll.aws.writes import LedgerTables
from atoll.bootstrap.settings import new_id, now
from atoll.dialects.rest.parse import parse_execute
from atoll.model.job import Account, Job, Tier
from atoll.model.parts import MOST_FILE_BYTES
from atoll.ports import Ports
from atoll.services.submit import Placement, submit
from tests.fakes import FakeNotifier, FakeSecrets
from tests.journeys.local import Local
from tests.journeys.test_tokens import part

BOUNDS: dict[Tier, tuple[int, int]] = {"small": (2**60, 2**60), "medium": (0, 2**60), "big": (0, 0)}

TABLES = ("jobs", "accounts", "ledger", "slots", "shares")


class Orders:
    """Orders of a user's at a unit, whose jobs can be followed at its door."""

    def __init__(self, local: Local, username: str, unit: str) -> None:
        said = part(local.customer(username, unit).token, 1)
        self._account = Account(account_id=said["sub"], profiles=tuple(said["cognito:groups"]))
        self._outputs = local.stacks[unit].outputs
        place = local.place
        self._clients = Clients("eu-west-1", place.endpoint, place.s3_endpoint)

    def place(self, inputs: dict[str, Any], tier: Tier, file_bytes: int = MOST_FILE_BYTES) -> Job:
        """Order."""
        request = parse_execute(json.dumps({"inputs": inputs}).encode()).request
        assert request is not None
        placement, ports = Placement(f"{tier}-journey", shares=False), self._ports(tier, file_bytes)
        return submit(request, self._account, placement, ports).job

    def _ports(self, tier: Tier, file_bytes: int) -> Ports:
        outputs, clients = self._outputs, self._clients
        small_bytes, medium_bytes = BOUNDS[tier]
        descriptions = Descriptions(clients.s3, outputs["DataBucket"])
        names = {name: outputs[f"{name.title()}Table"] for name in TABLES}
        tables = LedgerTables(**names)
        return Ports(
            catalogue=DynamoCatalogue(clients.dynamodb, outputs["DatasetsTable"], descriptions),
            ledger=DynamoLedger(clients.dynamodb, tables),
            accounts=DynamoAccounts(clients.dynamodb, tables.accounts),
            queue=DynamoQueue(clients.dynamodb, tables),
            journal=DynamoJournal(clients.dynamodb, tables.ledger),
            policies=DynamoPolicies(clients.dynamodb, outputs["PoliciesTable"], now),
            workflow=StepFunctionsWorkflow(clients.stepfunctions, outputs["StateMachineArn"]),
            results=S3Results(clients.s3, outputs["ResultsBucket"]),
            notifier=FakeNotifier(),
            secrets=FakeSecrets(),
            limits=Limits(small_bytes, medium_bytes, file_bytes, None, 86_400, 900),
            now=now,
            new_id=new_id,
        )


@contextmanager
def orders_in(local: Local, username: str = "ann", unit: str = "levitus") -> Iterator[Orders]:
    """Orders in a place, with the credentials that are good there."""
    with local.credentials():
        yield Orders(local, username, unit)
