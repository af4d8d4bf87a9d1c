"""What begins to tell of a job, and the unit's secret: for every process that needs them."""

from atoll.aws.clients import Clients
from atoll.aws.notifier import StepFunctionsNotifier
from atoll.aws.secrets import MasterSecret
from atoll.bootstrap.settings import Settings


class NotifierSettings(Settings):
    """What begins to tell of a job.

    Attributes:
        topic_arn: empty = the unit has none.
    """

    notification_machine_arn: str
    topic_arn: str = ""


class SecretSettings(Settings):
    """Where the unit's secret is kept."""

    master_secret_arn: str


def make_notifier(clients: Clients) -> StepFunctionsNotifier:
    """The notification state machine, from the environment."""
    settings = NotifierSettings.read()
    return StepFunctionsNotifier(
        clients.stepfunctions, settings.notification_machine_arn, topic=bool(settings.topic_arn)
    )


def make_secrets(clients: Clients) -> MasterSecret:
    """The unit's secret, from the environment; it is read when a key is first needed."""
    return MasterSecret(clients.secretsmanager, SecretSettings.read().master_secret_arn)
