"""Telling of a job: whom, what, and that it is true. It never changes a job."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from atoll.admission.entitlement import demand_ordering
from atoll.errors import Unavailable
from atoll.model.job import Account, Job, JobStatus
from atoll.model.notice import Channel, Event, Letter, Notice, signature, webhook_secret
from atoll.model.subscriber import Subscriber
from atoll.model.webhook import Webhook
from atoll.ports.ledger import Ledger
from atoll.ports.notices import Secrets, Topic, Webhooks

TOLD: dict[JobStatus, Event] = {
    "running": "job.running",
    "successful": "job.successful",
    "failed": "job.failed",
}


@dataclass(frozen=True, slots=True)
class Notifying:
    """The ports that telling needs.

    Attributes:
        topic: None = the unit has none.
        write: a job as a JSON document with absolute links.
    """

    ledger: Ledger
    secrets: Secrets
    webhooks: Webhooks
    topic: Topic | None
    write: Callable[[Job], str]
    now: Callable[[], datetime]


def notices_of(job: Job, *, topic: bool) -> tuple[Notice, ...]:
    """Everything that is to be told of a job as it is.

    One that was dismissed is told of nowhere: whoever did it knows.

    Args:
        job: as it is now.
        topic: whether the unit has one; it is told of ends alone.
    """
    event = TOLD.get(job.status)
    if event is None:
        return ()
    channels: list[Channel] = ["webhook"] if _address(job.subscriber, event) else []
    if topic and event != "job.running":
        channels.append("topic")
    return tuple(
        Notice(job_id=job.job_id, event=event, channel=each, correlation_id=job.correlation_id)
        for each in channels
    )


def notify(notice: Notice, ports: Notifying) -> bool:
    """Tell of one event, by one way.

    Args:
        notice: what and how.
        ports: the impure parts.

    Returns:
        False where there is nothing to tell any more: the job has gone on, or nobody wants it.

    Raises:
        UnknownJob: the job was forgotten meanwhile.
        InvalidParameter: the address may not be called.
        Unavailable: it was not told, or is not so yet; trying again is right.
    """
    job = ports.ledger.get(notice.job_id)
    _demand_so_far(job, notice.event)
    if TOLD.get(job.status) != notice.event:
        return False
    letter = Letter(event=notice.event, delivery_id=notice.delivery_id, body=ports.write(job))
    if notice.channel == "topic":
        return _publish(letter, ports.topic)
    return _post(letter, job, ports)


def own_secret(account: Account, secrets: Secrets) -> str:
    """What messages to the account's webhooks are signed with.

    Raises:
        NotAuthenticated, NotEntitled: see `demand_ordering`; who may only look could otherwise
            write in our name.
        Unavailable: the secret cannot be read now.
    """
    demand_ordering(account)
    return webhook_secret(secrets.derived_key("webhook", account.account_id))


def _demand_so_far(job: Job, event: Event) -> None:
    """That something will be so is known before it is so."""
    if job.status == "accepted":
        raise Unavailable("The job has not begun yet.", {"job_id": job.job_id})
    if job.status == "running" and event != "job.running":
        raise Unavailable("The job has not ended yet.", {"job_id": job.job_id})


def _address(subscriber: Subscriber | None, event: Event) -> str | None:
    if subscriber is None:
        return None
    return {
        "job.running": subscriber.in_progress_uri,
        "job.successful": subscriber.success_uri,
        "job.failed": subscriber.failed_uri,
    }[event]


def _publish(letter: Letter, topic: Topic | None) -> bool:
    if topic is None:  # taken away since the job ended
        return False
    topic.publish(letter)
    return True


def _post(letter: Letter, job: Job, ports: Notifying) -> bool:
    address = _address(job.subscriber, letter.event)
    if address is None:
        return False
    body = letter.body.encode()
    secret = webhook_secret(ports.secrets.derived_key("webhook", job.account_id))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "atoll",
        "Atoll-Event": letter.event,
        "Atoll-Delivery": letter.delivery_id,
        "Atoll-Signature": signature(secret, int(ports.now().timestamp()), body),
    }
    ports.webhooks.post(Webhook.parse("subscriber", address), body, headers)
    return True
