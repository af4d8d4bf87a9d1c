"""What tells the federation's catalogue, called as Lambda calls it."""

import pytest

from tests.functions.environment import run

pytestmark = pytest.mark.slow

BUS = "arn:aws:events:eu-west-1:123456789012:event-bus/records"
CALL = """
import json
from types import SimpleNamespace
from moto import mock_aws
mock_aws().start()

from atoll.aws.catalogue import DynamoCatalogue
from atoll.aws.clients import Clients
from atoll.aws.descriptions import Descriptions
from tests.contract.tables import DATASETS, create_tables
from tests.planning.builders import levitus_coverage

clients = Clients("eu-west-1", None, None)
create_tables(clients.dynamodb)
clients.s3.create_bucket(
    Bucket="data", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
DynamoCatalogue(clients.dynamodb, DATASETS, Descriptions(clients.s3, "data")).publish(
    levitus_coverage())
clients.events.create_event_bus(Name="records")

from announce_records.handler import handler
context = SimpleNamespace(function_name="announce_records", memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:announce_records",
    aws_request_id="request-1", get_remaining_time_in_millis=lambda: 1000)
handler({}, context)
"""


@pytest.mark.parametrize(("bus", "announced"), [(BUS, 1.0), ("", 0.0)])
def test_all_that_is_published_is_told_of_where_there_is_somebody(bus: str, announced: float):
    counted = run(
        CALL,
        RECORDS_BUS=bus,
        DATASETS_TABLE="Datasets",
        POLICIES_TABLE="Policies",
        POWERTOOLS_SERVICE_NAME="announce_records",
    )
    assert (counted["unit"], counted["service"]) == ("levitus", "announce_records")
    assert counted["AnnouncedRecords"] == [announced]


@pytest.mark.parametrize("name", ["rest_api", "announce_records"])
def test_who_tells_without_knowing_who_may_see_what_does_not_start(name: str):
    code = f"import {name}.handler as it; getattr(it, 'announce_unit', list)()"
    with pytest.raises(AssertionError, match="InvalidParameter: POLICIES_TABLE"):
        run(code, RECORDS_BUS=BUS, POLICIES_TABLE="")
