"""Deliveries in AWS: for the door, and for every process that a delivery passes through."""

from atoll.aws.deliveries import DynamoDeliveries
from atoll.aws.delivery_queue import SqsDeliveryQueue
from atoll.aws.delivery_workflow import StepFunctionsDeliveryWorkflow
from atoll.aws.incoming import S3Incoming
from atoll.aws.products import S3Products
from atoll.bootstrap.completion import make_clients
from atoll.bootstrap.settings import DeliverySettings, now
from atoll.dialects.delivery import Documents
from atoll.ports.deliveries import DeliveryPorts


def make_delivery_ports() -> DeliveryPorts:
    """What deliveries need, from the environment."""
    settings, clients = DeliverySettings.read(), make_clients()
    return DeliveryPorts(
        products=S3Products(clients.s3, settings.data_bucket),
        deliveries=DynamoDeliveries(clients.dynamodb, settings.deliveries_table),
        incoming=S3Incoming(clients.s3, settings.incoming_bucket),
        queue=SqsDeliveryQueue(clients.sqs, settings.delivery_queue_url),
        workflow=StepFunctionsDeliveryWorkflow(
            clients.stepfunctions, settings.publication_machine_arn
        ),
        documents=Documents(),
        operators=settings.operators,
        now=now,
    )
