"""Whom was told what, in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from atoll.errors import InvalidParameter
from atoll.model.job import Job
from atoll.model.keys import Purpose, derive_key
from atoll.model.notice import Letter, Notice
from atoll.model.webhook import Webhook
from atoll.services.notify import notices_of
from tests.fakes.available import demand_up


@dataclass
class FakeNotifier:
    """What is going to be told, each once.

    Attributes:
        topic: whether the unit has one.
        notices: in the order in which they were begun.
    """

    available: bool = True
    topic: bool = False
    notices: list[Notice] = field(default_factory=list)

    def notify(self, job: Job) -> None:
        demand_up("notification", available=self.available)
        begun = notices_of(job, topic=self.topic)
        self.notices.extend(notice for notice in begun if notice not in self.notices)


@dataclass
class FakeSecrets:
    """A secret that everybody knows."""

    available: bool = True
    master: bytes = b"master"

    def derived_key(self, purpose: Purpose, subject: str) -> bytes:
        demand_up("secret store", available=self.available)
        return derive_key(self.master, purpose, subject)


@dataclass
class FakeWebhooks:
    """Servers of users.

    Attributes:
        private: hosts that are not public.
        posts: what arrived: where, body, headers.
    """

    available: bool = True
    private: frozenset[str] = frozenset()
    posts: list[tuple[Webhook, bytes, dict[str, str]]] = field(default_factory=list)

    def post(self, webhook: Webhook, body: bytes, headers: Mapping[str, str]) -> None:
        demand_up("webhook", available=self.available)
        if webhook.host in self.private:
            raise InvalidParameter("subscriber", webhook.host, "give a public host")
        self.posts.append((webhook, body, dict(headers)))


@dataclass
class FakeTopic:
    """The unit's own subscribers.

    Attributes:
        letters: that they were sent.
    """

    available: bool = True
    letters: list[Letter] = field(default_factory=list)

    def publish(self, letter: Letter) -> None:
        demand_up("topic", available=self.available)
        self.letters.append(letter)
