"""Where deliveries come in, and where they wait.

A note that lands in the bucket becomes an event, and the event a message: what fails is tried
again, and what fails for good is laid aside, with an alarm.
"""

from aws_cdk import Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk.aws_events_targets import SqsQueue
from constructs import Construct

from stacks.config import DisseminationUnit
from stacks.parts.bucket import BucketSpec, bucket
from stacks.parts.permissions import allow
from stacks.parts.queue import Queue, QueueSpec
from stacks.unit.storage import Storage
from stacks.unit.tables import Tables

NOTES = ("/delivery.json", "/delivery.xml")
NOTE = QueueSpec(interval_s=360, attempts=5)
# Each look whether it is its turn counts. These are more than 16 hours, and the state machine
# ends after 15, however often it has tried: within minutes the turn has ended too.
TURN = QueueSpec(interval_s=60, attempts=1000, in_order=True)


class Deliveries(Construct):
    """The bucket of deliveries, and two queues: of notes, and of deliveries that wait.

    Attributes:
        incoming: `incoming/{producer}/{delivery_id}/` with the files, the note, and the response;
            all of it expires.
        notes: what EventBridge tells of notes.
        waiting: a group for each dataset.
    """

    def __init__(self, scope: Construct, unit: DisseminationUnit) -> None:
        super().__init__(scope, "Deliveries")
        expire = s3.LifecycleRule(
            id="expire-deliveries", expiration=Duration.days(unit.publication.keep_days)
        )
        spec = BucketSpec(unit.removal, (expire,), origins=unit.origins, for_uploads=True)
        self.incoming = bucket(self, "Incoming", spec)
        self.notes = Queue(self, "Notes", NOTE)
        self.waiting = Queue(self, "Waiting", TURN)
        landed = events.EventPattern(
            source=["aws.s3"],
            detail_type=["Object Created"],
            detail={
                "bucket": {"name": [self.incoming.bucket_name]},
                "object": {"key": [{"suffix": name} for name in NOTES]},
            },
        )
        to_notes = SqsQueue(self.notes.queue, dead_letter_queue=self.notes.failed)
        events.Rule(self, "NoteLanded", event_pattern=landed, targets=[to_notes])

    @property
    def environment(self) -> dict[str, str]:
        """The same as settings of a function."""
        return {
            "INCOMING_BUCKET": self.incoming.bucket_name,
            "DELIVERY_QUEUE_URL": self.waiting.queue.queue_url,
            "PUBLICATION_MACHINE_ARN": publication_arn(self),
        }

    @property
    def uploads(self) -> str:
        """ARN of everything that producers upload."""
        return self.incoming.arn_for_objects("incoming/*")

    @property
    def respond(self) -> iam.PolicyStatement:
        """Put a response beside a note."""
        return allow(["s3:PutObject"], [self.incoming.arn_for_objects("incoming/*/response.json")])

    def let_offer(self, door: lambda_.IFunction, tables: Tables, storage: Storage) -> None:
        """Let the door take settings, offer addresses, and tell what became of deliveries."""
        settings = {"StringLike": {"s3:prefix": "products/*"}}
        for statement in (
            allow(["s3:GetObject", "s3:PutObject"], [storage.products]),
            allow(["s3:ListBucket"], [storage.data.bucket_arn], settings),
            # A signed URL lends this permission to whoever holds it.
            allow(["s3:PutObject"], [self.uploads]),
            allow(["dynamodb:GetItem"], [tables.deliveries.table_arn]),
            allow(["dynamodb:Query"], tables.listed_deliveries),
        ):
            door.add_to_role_policy(statement)


def publication_name(scope: Construct) -> str:
    """Name the state machine by its stack, so that its ARN is known before it is made."""
    return f"{Stack.of(scope).stack_name}-publication"


def publication_arn(scope: Construct) -> str:
    """ARN of the state machine: said, not referred to, as its functions' settings hold it too."""
    return Stack.of(scope).format_arn(
        service="states", resource=f"stateMachine:{publication_name(scope)}"
    )
