"""A Motu door over a world of fakes, and a sign-in that remembers its tickets."""

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from httpx2 import Response
from lxml import etree
from starlette.testclient import TestClient

from atoll.errors import DataError, NotAuthenticated, Unavailable
from atoll.model.coverage import Coverage
from atoll.model.job import Account, Job
from atoll.services.completion import settle_job
from atoll.web.motu.app import make_motu_app
from atoll.web.motu.door import Welcome
from tests.fakes import FakeCatalogue
from tests.planning.builders import levitus_coverage, navy_coverage
from tests.web.builders import Heard
from tests.web.meanwhile import Meanwhile
from tests.world import ANN, World

URL = "https://motu.test"
CAS_URL = "https://central.test/cas"
OPEN, CLOSED = "/motu-open/Motu", "/motu-web/Motu"
# As motuclient 3.0.0 sends it, in its order.
BOX = (
    "service=Levitus-TDS&product=levitus-climatology&x_lo=-40.0&x_hi=30.0&y_lo=30.0&y_hi=60.0"
    "&z_lo=0.0&z_hi=500.0&output=netcdf&t_hi=2026-11-01%2000:00:00"
    "&variable=sea_water_temperature&variable=SALT"
)
ORDER = f"action=productdownload&scriptVersion=3.0.0&mode=status&{BOX}"


@dataclass
class Cas:
    """A sign-in.

    Attributes:
        tickets: what each is good for, and whose it is; each once.
        fault: that it answers with.
        asked: how often.
    """

    tickets: dict[str, tuple[str, Account]] = field(default_factory=dict)
    fault: Unavailable | DataError | None = None
    asked: int = 0

    def issue(self, service: str, account: Account = ANN) -> str:
        ticket = f"ST-{len(self.tickets) + 1}-{self.asked}"
        self.tickets[ticket] = (service, account)
        return ticket

    def check(self, service: str, ticket: str) -> Account:
        self.asked += 1
        if self.fault:
            raise self.fault
        vouched, account = self.tickets.pop(ticket, (None, None))
        if account is None or vouched != service:
            raise NotAuthenticated("The ticket is not valid: INVALID_TICKET: not recognised")
        return account


def demo_coverages() -> tuple[Coverage, ...]:
    """Of two services: one public, one restricted to the profile `navy`."""
    return levitus_coverage(product="levitus"), navy_coverage(product="navy", profiles=("navy",))


@dataclass
class MotuUnderTest(Meanwhile):
    """The application."""

    world: World = field(default_factory=lambda: World(FakeCatalogue(*demo_coverages())))
    cas: Cas = field(default_factory=Cas)
    heard: Heard = field(default_factory=Heard)
    guests: bool = True
    cas_url: str = CAS_URL

    @property
    def client(self) -> TestClient:
        welcome = Welcome(URL, self.guests, self.cas_url, self.cas.check)
        app = make_motu_app(self.world.ports, welcome, self.heard, self.pause)
        return TestClient(app, base_url=URL, follow_redirects=False)

    def ask(self, query: str, path: str = OPEN, **sent: Any) -> Response:
        """One request, signed in by a ticket as Ann where that is needed."""
        if path == CLOSED and self.cas_url:
            account = sent.pop("account", ANN)
            query += f"&ticket={self.cas.issue(f'{URL}{path}?{query}', account)}"
        answer: Response = self.client.get(f"{path}?{query}", **sent)
        return answer

    def say(self, query: str, path: str = OPEN, **sent: Any) -> dict[str, str]:
        """The attributes of an answer in XML, which is 200 whatever it says."""
        return attributes(self.ask(query, path, **sent))

    def order(self, query: str = ORDER, path: str = OPEN, **sent: Any) -> str:
        """An accepted order; its id."""
        told = self.say(query, path, **sent)
        assert told["status"] == "0", told
        return told["requestId"]

    def poll(self, job_id: str, path: str = OPEN, **sent: Any) -> dict[str, str]:
        """A poll as motuclient makes it."""
        return self.say(f"{polling(job_id)}&service=Levitus-TDS&product=x", path, **sent)

    def settle(self, job_id: str) -> None:
        """The job ends with a file."""
        settle_job(job_id, self.world.make_result(job_id), self.world.ports.ends)

    def change(self, job_id: str, **changed: object) -> Job:
        """The job's row becomes another."""
        rows = self.world.ledger.rows
        rows[job_id] = rows[job_id].model_copy(update=changed)
        return rows[job_id]

    def limited(self, **limits: object) -> None:
        """The operator sets other limits."""
        self.world.limits = replace(self.world.limits, **limits)  # type: ignore[arg-type]


def polling(job_id: str) -> str:
    return urlencode({"action": "getreqstatus", "requestid": job_id})


def element(answer: Response) -> Any:
    """The root of an answer in XML."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/xml; charset=UTF-8"
    assert answer.headers["cache-control"] == "no-store"
    return etree.fromstring(answer.content)


def attributes(answer: Response) -> dict[str, str]:
    return dict(element(answer).attrib)
