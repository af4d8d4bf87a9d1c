"""The one way to make a queue: encrypted, TLS only, with a place for what fails and an alarm."""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.parts.permissions import allow

KEPT = Duration.days(14)  # the longest that SQS keeps anything


@dataclass(frozen=True, slots=True)
class QueueSpec:
    """What distinguishes one queue from another.

    Attributes:
        interval_s: after which what was taken, and not done, is taken again; longer than the
            function runs that takes it.
        attempts: before it is laid aside.
        in_order: of one group, what is not done holds up what came after it.
    """

    interval_s: int
    attempts: int
    in_order: bool = False


class Queue(Construct):
    """A queue, and one for what failed in the end, whose alarm rings for the first of it.

    Attributes:
        queue: that is taken from.
        failed: what was laid aside; an operator sends it back.
    """

    def __init__(self, scope: Construct, name: str, spec: QueueSpec) -> None:
        super().__init__(scope, name)
        self.failed = _queue(self, "Failed", spec)
        self.queue = _queue(
            self,
            "Queue",
            spec,
            sqs.DeadLetterQueue(queue=self.failed, max_receive_count=spec.attempts),
        )
        cloudwatch.Alarm(
            self,
            "Alarm",
            metric=self.failed.metric_approximate_number_of_messages_visible(statistic="Maximum"),
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    @property
    def consume(self) -> iam.PolicyStatement:
        """What Lambda asks of the queue in the name of a function that it calls."""
        actions = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
        return allow([f"sqs:{action}" for action in actions], [self.queue.queue_arn])

    def call(self, function: lambda_.Function) -> None:
        """Let a function be called with each message, one at a time."""
        function.add_event_source_mapping(
            self.node.id, event_source_arn=self.queue.queue_arn, batch_size=1
        )

    def call_with_many(self, function: lambda_.Function, most: int, within_s: int) -> None:
        """Let a function be called with what comes within some seconds, by two at once at most.

        It names the messages that are to come again.

        Args:
            function: that is called.
            most: messages of a call.
            within_s: seconds that the first one waits for others.
        """
        function.add_event_source_mapping(
            self.node.id,
            event_source_arn=self.queue.queue_arn,
            batch_size=most,
            max_batching_window=Duration.seconds(within_s),
            report_batch_item_failures=True,
            max_concurrency=2,  # the least that Lambda knows
        )


def _queue(
    scope: Construct, name: str, spec: QueueSpec, failing: sqs.DeadLetterQueue | None = None
) -> sqs.Queue:
    return sqs.Queue(
        scope,
        name,
        fifo=spec.in_order or None,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        retention_period=KEPT,
        visibility_timeout=Duration.seconds(spec.interval_s),
        dead_letter_queue=failing,
    )
