"""Ways to tell people of their jobs, and the keys that prove who tells it."""

from collections.abc import Mapping
from typing import Protocol

from atoll.model.job import Job
from atoll.model.keys import Purpose
from atoll.model.notice import Letter
from atoll.model.webhook import Webhook


class Notifier(Protocol):
    """Sees to it that people are told of their jobs; they need not be reached at this moment."""

    def notify(self, job: Job) -> None:
        """Begin to tell whoever wants to know of the job as it is: that it runs, or has ended.

        The same again changes nothing; so it is called whenever a job may have got so far, also
        where another has seen to that before.

        Raises:
            Unavailable: nobody may ever be told; to be tried again.
        """
        ...


class Secrets(Protocol):
    """The unit's secret, of which nothing is seen but what is derived of it."""

    def derived_key(self, purpose: Purpose, subject: str) -> bytes:
        """The key of a subject for a purpose; see `model.keys`.

        Raises:
            Unavailable: the store did not answer.
        """
        ...


class Webhooks(Protocol):
    """Servers of users."""

    def post(self, webhook: Webhook, body: bytes, headers: Mapping[str, str]) -> None:
        """Send once.

        Args:
            webhook: where to.
            body: what.
            headers: beside those of HTTP itself.

        Raises:
            InvalidParameter: its host is not a public one; trying again is vain.
            Unavailable: it was not reached, or did not answer with success in time.
        """
        ...


class Topic(Protocol):
    """The unit's own subscribers."""

    def publish(self, letter: Letter) -> None:
        """Send to all of them.

        Raises:
            Unavailable: nothing was sent.
        """
        ...
