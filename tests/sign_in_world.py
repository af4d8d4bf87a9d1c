"""A world of fakes for the CAS door: a user pool with Ann in it, tickets, a clock that stands."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from atoll.model.job import Account
from atoll.model.service_url import AllowedServices
from atoll.model.ticket import Identity
from atoll.ports.sign_in import SignInPorts
from atoll.services.passwords import Credentials
from tests.fakes import FakeSecrets
from tests.fakes.sign_in import FakeHostedLogin, FakeSignIn
from tests.fakes.tickets import FakeTickets
from tests.world import T0

PASSWORD = "Grüße aus 東京 & mehr=+%2e"  # noqa: S105
SERVICES = "https://unit.test/motu-web,http://127.0.0.1:8080/motu-web/"
SERVICE = "https://unit.test/motu-web/Motu?action=productdownload&t_lo=2020-01-01%2000:00:00"
ANN = Identity(username="ann", account=Account(account_id="ann-id", profiles=("public", "navy")))
HOST = "192.0.2.7"


@dataclass
class SignInWorld:
    """All ports of the CAS door."""

    sign_in: FakeSignIn = field(default_factory=FakeSignIn)
    hosted_login: FakeHostedLogin = field(default_factory=FakeHostedLogin)
    secrets: FakeSecrets = field(default_factory=FakeSecrets)
    services: str = SERVICES
    time: datetime = T0
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.sign_in.add("ann", PASSWORD, "public", "navy")

    @cached_property
    def tickets(self) -> FakeTickets:
        return FakeTickets(self.now)

    def now(self) -> datetime:
        return self.time

    def later(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def new_id(self) -> str:
        return f"id-{next(self.numbers):05d}"

    def new_secret(self) -> str:
        """As long as a real one, its number in front: an attempt's id is its beginning."""
        return f"{next(self.numbers):08x}".ljust(64, "a")

    @cached_property
    def ports(self) -> SignInPorts:
        return SignInPorts(
            self.tickets,
            self.sign_in,
            self.hosted_login,
            self.secrets,
            AllowedServices.parse(self.services),
            self.now,
            self.new_id,
            self.new_secret,
        )

    def held(self) -> str:
        """All that the table holds, as one text."""
        return "\n".join(f"{key} {text}" for key, (text, _) in self.tickets.items.items())


def credentials(
    password: str = PASSWORD, username: str = "ann", address: str = HOST
) -> Credentials:
    return Credentials(username, password, address)
