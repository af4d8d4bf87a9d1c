"""What the CAS door keeps, in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from atoll.model.ticket import Attempts, Kept
from atoll.model.value import Value
from tests.fakes.available import demand_up


@dataclass
class FakeTickets:
    """The port Tickets.

    Attributes:
        items: key -> what is kept as text, and until when.
    """

    now: Callable[[], datetime]
    available: bool = True
    items: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def keep(self, key: str, kept: Kept, expires_at: datetime) -> None:
        demand_up("ticket store", available=self.available)
        self.items[key] = (kept.model_dump_json(), expires_at)

    def find[K: Value](self, key: str, kind: type[K]) -> K | None:
        demand_up("ticket store", available=self.available)
        return self._meaning(self.items.get(key), kind)

    def take[K: Value](self, key: str, kind: type[K]) -> K | None:
        demand_up("ticket store", available=self.available)
        return self._meaning(self.items.pop(key, None), kind)

    def replace(self, key: str, seen: Attempts | None, new: Attempts, expires_at: datetime) -> bool:
        demand_up("ticket store", available=self.available)
        with self.lock:
            if self.find(key, Attempts) != seen:
                return False
            self.keep(key, new, expires_at)
            return True

    def forget(self, key: str) -> None:
        demand_up("ticket store", available=self.available)
        self.items.pop(key, None)

    def _meaning[K: Value](self, item: tuple[str, datetime] | None, kind: type[K]) -> K | None:
        if item is None or item[1] <= self.now():
            return None
        return kind.model_validate_json(item[0])
