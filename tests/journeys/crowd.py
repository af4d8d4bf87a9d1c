"""Many users at one unit at once, and what its ledger says of them afterwards."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from atoll.aws.clients import Clients
from atoll.aws.journal import DynamoJournal
from atoll.aws.policies import FRESH_FOR, DynamoPolicies
from atoll.bootstrap.settings import now
from atoll.model.entry import Entry
from atoll.model.policy import Allowance, PerTier, Policy, PolicyVersion, QueueRules, Slots
from stacks.local.door import sign_in
from stacks.local.endpoints import Endpoints, User
from stacks.local.orders import Customer
from stacks.local.seed import make_user
from tests.journeys.local import Anew, Local

SLOTS, RUNNING = 4, 1
# Every limit is met: four run, one of each user, the others wait.
CROWDED = Policy(
    allowances={"default": Allowance(running=PerTier(small=RUNNING), waiting=PerTier(small=100))},
    queue=QueueRules(slots=Slots(small=SLOTS)),
)
FREE = Policy()


@dataclass(frozen=True)
class Crowd:
    """Users who have signed in.

    Attributes:
        customers: user name -> their way to the unit's door.
    """

    local: Local
    customers: Mapping[str, Customer]
    clients: Clients

    def order(self, numbers: Iterable[int]) -> dict[int, str]:
        """Order so many different small boxes at once, each user in turn. Returns: job ids."""
        customers = list(self.customers.values())

        def place(number: int) -> tuple[int, str]:
            answer = customers[number % len(customers)].order(box(number))
            assert answer.status == 202, answer.body
            return number, str(answer.json()["jobID"])

        with ThreadPoolExecutor(len(customers)) as pool:
            return dict(pool.map(place, numbers))

    def entries(self, day: date | None = None) -> list[Entry]:
        """The ledger's lines of a day; None = today."""
        table = self.local.stacks["levitus"].outputs["LedgerTable"]
        journal = DynamoJournal(self.clients.dynamodb, table)
        return list(journal.of_day(day or datetime.now(UTC).date()))


@contextmanager
def crowd_in(local: Local, users: int) -> Iterator[Crowd]:
    """So many users, while a policy holds under which they must queue."""
    central, endpoints = local.stacks["central"], Endpoints.read(local.place)
    names = [f"user-{number:02}" for number in range(users)]
    with local.credentials():
        clients = Clients("eu-west-1", local.place.endpoint, local.place.s3_endpoint)
        policies = DynamoPolicies(
            clients.dynamodb, local.stacks["levitus"].outputs["PoliciesTable"], now
        )
        customers = {}
        for name in names:
            make_user(central, User(username=name, password=PASSWORD, profile="public"))
            token = sign_in(endpoints.central, endpoints.client_id, name, PASSWORD)
            customers[name] = Anew(endpoints.units["levitus"], token)
        _put(policies, CROWDED)
        try:
            yield Crowd(local, customers, clients)
        finally:
            _put(policies, FREE)


PASSWORD = "A-crowd-of-20-users!"  # noqa: S105  of an emulator that ends with the tests


def box(number: int) -> dict[str, object]:
    """A small box that no other number has."""
    west, south = -170 + number % 300, 10 + number // 300
    return {
        "dataset": "levitus-climatology",
        "variables": ["sea_water_temperature"],
        "bbox": [west, south, west + 10, south + 10],
        "depth": [0, 10],
    }


def most_at_once(entries: Iterable[Entry], whose: Callable[[Entry], str]) -> Counter[str]:
    """How many jobs ran at the same time, at most: by what `whose` says of their last lines."""
    moments = []
    for entry in entries:
        if entry.kind != "reserved" and entry.started_at is not None:
            moments += [(entry.started_at, 1, whose(entry)), (entry.at, -1, whose(entry))]
    running, most = Counter[str](), Counter[str]()
    for _, change, name in sorted(moments):  # of one moment, ends come before starts
        running[name] += change
        most[name] = max(most[name], running[name])
    return most


def _put(policies: DynamoPolicies, policy: Policy) -> None:
    number = policies.current().number + 1
    version = PolicyVersion(number=number, policy=policy, text="", author="a test")
    assert policies.put(version)
    # Functions believe what they have read for a while.
    threading.Event().wait(FRESH_FOR.total_seconds() + 1)
