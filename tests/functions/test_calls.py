"""What a small order costs in calls of AWS, from its POST to the fetched result."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from moto import mock_aws
from starlette.testclient import TestClient

from atoll.aws.catalogue import DynamoCatalogue
from atoll.aws.clients import Clients
from atoll.aws.descriptions import Descriptions
from atoll.aws.policies import DynamoPolicies
from atoll.bootstrap.settings import now
from atoll.model.job import Outcome, Work
from atoll.model.policy import Policy, PolicyVersion, QueueRules, Slots
from atoll.publication.publish import Delivery, publish
from atoll.publication.repository import Target
from atoll.services.completion import settle_job
from tests.contract.cloud import Cloud
from tests.contract.tables import DATASETS, LEDGER_TABLES, POLICIES
from tests.extraction.seaweed import seaweed
from tests.functions.counting import Calls, counted_clients, counted_server
from tests.functions.environment import ENVIRONMENT
from tests.publication.builders import LEVITUS, product
from tests.web.builders import CLIENT_ID, ISSUER, Issuer, token

pytestmark = pytest.mark.slow

BUCKET, REGION = "data", "eu-central-1"
MACHINE = Path(__file__).parents[2] / "stacks/state_machines/extraction.asl.json"
DATASET = "levitus-climatology"
EXECUTION = "/processes/subset/execution"
# An equal order is else served with the first one's result.
ANEW = {"cache-control": "no-cache"}
BOX = {
    "dataset": DATASET,
    "variables": ["sea_water_temperature", "sea_water_salinity"],
    "bbox": [-40, 30, 30, 60],
    "depth": [0, 500],
}
# Moto answers for all but S3, and keeps the credentials that the S3 server knows.
MOTO: Any = {"core": {"mock_credentials": False, "passthrough": {"services": ["s3"]}}}


@dataclass
class Unit:
    """The functions of a unit as they have just started.

    Attributes:
        cloud: its tables and its machine.
        calls: of all of them.
    """

    cloud: Cloud
    calls: Calls
    path: list[str] = field(default_factory=list)

    @cached_property
    def door(self) -> TestClient:
        from atoll.bootstrap.door import make_door  # noqa: PLC0415  reads the environment

        made = token(exp=int(time.time()) + 600)
        return TestClient(make_door(), headers={"authorization": f"Bearer {made}"})

    @cached_property
    def extract_small(self) -> Callable[[Work], Outcome]:
        from atoll.bootstrap.extraction import Buckets, make_extractor  # noqa: PLC0415

        return make_extractor(Buckets.open())

    @cached_property
    def settle(self) -> Callable[[str, Outcome], object]:
        from atoll.bootstrap.completion import make_ends  # noqa: PLC0415

        ends = make_ends()
        return lambda job_id, outcome: settle_job(job_id, outcome, ends)

    def run(self, job_id: str) -> None:
        """Walk the machine as the execution of a small job does."""
        work, outcome = self.work(job_id), None
        states, name = json.loads(MACHINE.read_text())["States"], "MarkRunning"
        self.path = [name]
        while "Next" in states[name] or "Choices" in states[name]:
            if name == "MarkRunning":
                self.cloud.begin(job_id, now())
            elif name == "ExtractSmall":
                outcome = self.extract_small(work)
            elif name == "SettleJob":
                assert outcome
                self.settle(job_id, outcome)
            name = states[name].get("Next") or states[name]["Choices"][0]["Next"]
            self.path.append(name)

    def work(self, job_id: str) -> Work:
        """What the execution was given; nobody's call."""
        held = list(self.calls.told)
        machines = self.cloud.stepfunctions.list_state_machines()["stateMachines"]
        arn = machines[0]["stateMachineArn"].replace(":stateMachine:", ":execution:")
        found = self.cloud.stepfunctions.describe_execution(executionArn=f"{arn}:{job_id}")
        self.calls.told = held
        return Work.model_validate_json(found["input"])

    def order(self) -> tuple[str, Counter[str], Counter[str], Counter[str]]:
        """One small order and its fetched result.

        Returns:
            The result's SHA-256; calls of the order, of the execution, of the result.
        """
        self.calls.taken()
        ordered = self.door.post(EXECUTION, json={"inputs": BOX}, headers=ANEW)
        assert ordered.status_code == 202, ordered.text
        job_id = ordered.json()["jobID"]
        placing = self.calls.taken()
        self.run(job_id)
        carrying_out = self.calls.taken()
        result = self.door.get(f"/jobs/{job_id}/results").json()["subset"]
        with urlopen(result["href"]) as answer:  # noqa: S310  our own server
            assert len(answer.read()) == result["size_bytes"]
        return result["sha256"], placing, carrying_out, self.calls.taken()


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Unit]]:
    """Functions that have just started, each time, on one published dataset."""
    folder, calls = tmp_path_factory.mktemp("calls"), Calls()
    keys = folder / "jwks.json"
    keys.write_text(json.dumps(Issuer().fetch()))
    with ExitStack() as opened:
        patch = opened.enter_context(pytest.MonkeyPatch.context())
        server = opened.enter_context(seaweed(folder / "s3", BUCKET))
        s3_url = opened.enter_context(counted_server(server.endpoint_url, calls))
        opened.enter_context(counted_clients(calls))
        opened.enter_context(mock_aws(config=MOTO))
        for name, value in (ENVIRONMENT | server.environment).items():
            patch.setenv(name, value)
        cloud = Cloud(Clients(REGION))
        for name, value in {
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL_S3": s3_url,
            "DATA_BUCKET": BUCKET,
            "RESULTS_BUCKET": BUCKET,
            "STATE_MACHINE_ARN": cloud.state_machine_arn,
            "JWKS_URL": keys.as_uri(),
            "ISSUER": ISSUER,
            "CLIENT_IDS": CLIENT_ID,
            "DATASETS_TABLE": DATASETS,
            "JOBS_TABLE": LEDGER_TABLES.jobs,
            "ACCOUNTS_TABLE": LEDGER_TABLES.accounts,
            "LEDGER_TABLE": LEDGER_TABLES.ledger,
            "SLOTS_TABLE": LEDGER_TABLES.slots,
            "SHARES_TABLE": LEDGER_TABLES.shares,
            "POLICIES_TABLE": POLICIES,
            "MASTER_SECRET_ARN": cloud.secret_arn,
        }.items():
            patch.setenv(name, value)
        descriptions = Descriptions(Clients(REGION, None, server.endpoint_url).s3, BUCKET)
        catalogue = DynamoCatalogue(cloud.dynamodb, DATASETS, descriptions)
        delivery = Delivery([LEVITUS], DATASET, product(DATASET))
        publish(delivery, Target(f"s3://{BUCKET}", server.endpoint_url, REGION), catalogue, now())
        yield lambda: Unit(cloud, calls)


PLACING = {
    "dynamodb:UpdateItem": 1,  # the request is counted
    "dynamodb:GetItem": 1,
    "dynamodb:Scan": 1,  # of the slots that are held
    "dynamodb:TransactWriteItems": 1,
    "sfn:StartExecution": 1,
}
# Looked up every ten seconds.
POLICY = {"dynamodb:Query": 1}
ENDING = {
    "dynamodb:UpdateItem": 1,
    "dynamodb:GetItem": 2,
    "dynamodb:TransactWriteItems": 1,
    "dynamodb:Query": 5,  # who shares the extraction, who waits for the slot
    "dynamodb:Scan": 1,
    "s3:PUT results": 1,
    "s3:HEAD results": 1,
}
CHUNKS = {"s3:GET datasets": 4}  # of two variables, on both sides of the data's seam
FETCHING = {"dynamodb:GetItem": 1, "s3:GET results": 1}
# The request is counted; the dataset's line, and how many jobs wait.
QUOTING = {"dynamodb:UpdateItem": 1, "dynamodb:GetItem": 2}
# Of three days, each in four shards; once a minute.
HISTORY = {"dynamodb:Query": 12}
# Of Icechunk: the repository, its configuration, the snapshot, a manifest or two a variable.
MOST_TO_OPEN = 9


def test_a_small_order_of_functions_that_have_run_before_costs_23_calls(started):
    unit = started()
    sha256, *_ = unit.order()
    again, placing, carrying_out, fetching = unit.order()
    assert again == sha256
    assert placing == PLACING
    assert carrying_out == ENDING | CHUNKS
    assert fetching == FETCHING
    assert sum((placing + carrying_out + fetching).values()) == 23
    assert unit.path == ["MarkRunning", "ChooseTier", "ExtractSmall", "SettleJob", "JobEnded"]


def test_functions_that_have_just_started_read_the_description_and_open_the_repository(started):
    _, placing, carrying_out, fetching = started().order()
    assert placing == PLACING | POLICY | {"s3:GET descriptions": 1}
    opening = carrying_out.pop("s3:GET datasets") - CHUNKS["s3:GET datasets"]
    assert 0 < opening <= MOST_TO_OPEN
    assert carrying_out == Counter(ENDING) + Counter(POLICY) + Counter({"s3:GET descriptions": 1})
    assert fetching == FETCHING


def test_a_look_at_a_job_costs_one_call(started):
    unit = started()
    unit.order()
    job_id = unit.door.get("/jobs").json()["jobs"][0]["jobID"]
    unit.calls.taken()
    assert unit.door.get(f"/jobs/{job_id}").json()["status"] == "successful"
    assert unit.calls.taken() == {"dynamodb:GetItem": 1}


def test_a_quote_counts_the_request_and_once_looks_up_secret_and_history(started):
    unit = started()
    box = {"inputs": BOX}
    assert unit.door.post("/quotes", json=box).json()["quote"]["token"]
    first = unit.calls.taken()
    assert first - Counter(QUOTING) == Counter(POLICY) + Counter(HISTORY) + Counter(
        {"secrets-manager:GetSecretValue": 1, "s3:GET descriptions": 1}
    )
    unit.door.post("/quotes", json=box)
    assert unit.calls.taken() == QUOTING


def test_a_look_at_a_job_that_waits_is_also_one_at_the_queue(started):
    unit = started()
    no_slots = Policy(queue=QueueRules(slots=Slots(small=0)))
    version = PolicyVersion(number=1, policy=no_slots, text="", author="op-id")
    assert DynamoPolicies(unit.cloud.dynamodb, POLICIES, now).put(version)
    waiting = unit.door.post(EXECUTION, json={"inputs": BOX}, headers=ANEW).json()["jobID"]
    unit.door.get(f"/jobs/{waiting}")
    unit.calls.taken()
    assert unit.door.get(f"/jobs/{waiting}").json()["queue"]["ahead"] == 0
    assert unit.calls.taken() == {
        "dynamodb:GetItem": 1,
        "dynamodb:Query": 4,
        "dynamodb:Scan": 1,
    }
