"""What looks after deliveries, called as Lambda calls it: what it does, and what it counts."""

import pytest

from tests.functions.environment import run

pytestmark = pytest.mark.slow

CALL = """
import sys
from datetime import datetime, timedelta, UTC
from types import SimpleNamespace
from moto import mock_aws
mock_aws().start()

from atoll.aws.clients import Clients
from atoll.bootstrap.deliveries import make_delivery_ports
from atoll.model.product import Timeliness
from tests.contract.deliveries import DATASET, receipt
from tests.contract.tables import create_tables
from tests.dialects.delivery.builders import WINDS

clients = Clients("eu-west-1", None, None)
create_tables(clients.dynamodb)
for bucket in ("data", "incoming"):
    clients.s3.create_bucket(
        Bucket=bucket, CreateBucketConfiguration={{"LocationConstraint": "eu-west-1"}})
queue = clients.sqs.create_queue(QueueName="deliveries.fifo", Attributes={{"FifoQueue": "true"}})
ports = make_delivery_ports()
promise = Timeliness(every="P1D")
ports.products.put(DATASET, WINDS.model_copy(update={{"timeliness": promise}}), None)
long_ago = datetime.now(UTC) - timedelta(days=3)
ports.deliveries.receive(receipt().model_copy(update={{"received_at": long_ago}}))

from watch_deliveries.handler import handler
context = SimpleNamespace(function_name="watch_deliveries", memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:watch_deliveries",
    aws_request_id="request-1", get_remaining_time_in_millis=lambda: 1000)
handler({{"look": "{look}"}}, context)
"""


@pytest.mark.parametrize(
    ("look", "metric"), [("deliveries", "MendedDeliveries"), ("timeliness", "LateDeliveries")]
)
def test_what_it_found_is_counted(look: str, metric: str):
    counted = run(
        CALL.format(look=look),
        POWERTOOLS_SERVICE_NAME="watch_deliveries",
        DELIVERY_QUEUE_URL="https://sqs.eu-west-1.amazonaws.com/123456789012/deliveries.fifo",
        DELIVERIES_TABLE="Deliveries",
        POWERTOOLS_TRACE_DISABLED="true",
    )
    (said,) = counted["_aws"]["CloudWatchMetrics"]
    assert said["Namespace"] == "Atoll"
    assert sorted(said["Dimensions"][0]) == ["service", "unit"]
    assert (counted["unit"], counted["service"]) == ("levitus", "watch_deliveries")
    assert counted[metric] == [1.0]
