"""The process that tells people of their jobs."""

from atoll.aws.clients import Clients
from atoll.aws.topics import SnsTopic
from atoll.bootstrap.completion import make_clients, make_ledger
from atoll.bootstrap.notifier import make_secrets
from atoll.bootstrap.settings import TableSettings, now
from atoll.dialects.rest.render import render_job
from atoll.model.job import Job
from atoll.notification.webhooks import HttpsWebhooks, the_internet
from atoll.services.notify import Notifying


class NotificationSettings(TableSettings):
    """What telling needs.

    Attributes:
        api_url: of the door, whose documents are pointed to.
        topic_arn: empty = the unit has none.
    """

    api_url: str
    topic_arn: str = ""


def make_notifying() -> Notifying:
    """What telling needs, from the environment."""
    settings, clients = NotificationSettings.read(), make_clients()
    return Notifying(
        ledger=make_ledger(clients, settings),
        secrets=make_secrets(clients),
        webhooks=HttpsWebhooks(the_internet()),
        topic=_topic(clients, settings.topic_arn),
        write=lambda job: write_job(job, settings.api_url),
        now=now,
    )


def write_job(job: Job, api_url: str) -> str:
    """A job as the door tells it, with links from anywhere.

    Args:
        job: the job.
        api_url: of the door, with or without a slash at its end.
    """
    return render_job(job, f"{api_url.rstrip('/')}/").model_dump_json(exclude_none=True)


def _topic(clients: Clients, topic_arn: str) -> SnsTopic | None:
    return SnsTopic(clients.sns, topic_arn) if topic_arn else None
