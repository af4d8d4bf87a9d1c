"""The unit's SNS topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atoll.aws.faults import answering

if TYPE_CHECKING:
    from types_boto3_sns import SNSClient

    from atoll.model.notice import Letter


class SnsTopic:
    """The Topic port. Subscriptions can be filtered by the attribute `event`."""

    def __init__(self, sns: SNSClient, topic_arn: str) -> None:
        self._sns = sns
        self._topic_arn = topic_arn

    def publish(self, letter: Letter) -> None:
        """Send to all subscribers; see `ports.Topic`."""
        with answering("topic"):
            self._sns.publish(
                TopicArn=self._topic_arn,
                Message=letter.body,
                MessageAttributes={
                    "event": {"DataType": "String", "StringValue": letter.event},
                    "delivery": {"DataType": "String", "StringValue": letter.delivery_id},
                },
            )
