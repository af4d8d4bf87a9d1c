"""How often a password may be tried: counted before it is asked for, so that many at once count.

What is counted are failures; what is under way takes a place among them until it has ended. So
no more are ever asked for in 15 minutes than may fail, however many come in the same moment.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv6Address, IPv6Network, ip_address

from atoll.errors import NotAuthenticated, Unavailable
from atoll.model.ticket import WINDOW, Attempts
from atoll.ports.sign_in import SignInPorts

FAILURES_PER_USER = 5
FAILURES_PER_ADDRESS = 100
# Of those who count at the same moment one gets through at a time.
TRIES = 10
LOCKED = (
    "Sign-in refused: too many failed attempts for this user or from this address. "
    "Try again in 15 minutes."
)
BUSY = "Too many sign-ins of this user are being checked at the same time; try again in a moment."


@dataclass(frozen=True, slots=True)
class Counter:
    """Where attempts are counted.

    Attributes:
        key: of the tickets' store.
        limit: failures in 15 minutes, at which it is locked.
    """

    key: str
    limit: int

    def demand_room(self, attempts: Attempts, ports: SignInPorts) -> None:
        """Refuse one attempt too many.

        Raises:
            NotAuthenticated: it is locked.
            Unavailable: it may be, when those under way have ended.
        """
        now = ports.now()
        if attempts.failures(now) >= self.limit:
            raise NotAuthenticated(LOCKED, {"reason": "locked"})
        if len(attempts.recent(now).made) >= self.limit:
            raise Unavailable(BUSY)


def counters_of(username: str, address: str, ports: SignInPorts) -> tuple[Counter, Counter]:
    """The user's and the address's.

    Args:
        username: as it was sent; the identity provider knows no capitals.
        address: of the caller.
        ports: whose secret hides both.
    """
    user = ports.secrets.derived_key("cas-user", username.casefold()).hex()
    host = ports.secrets.derived_key("cas-address", network_of(address)).hex()
    return (
        Counter(f"user#{user}", FAILURES_PER_USER),
        Counter(f"address#{host}", FAILURES_PER_ADDRESS),
    )


def network_of(address: str) -> str:
    """The address itself, or of IPv6 the network that it is one's own in (RFC 6177).

    Args:
        address: as the gateway writes it; anything else stays as it is.
    """
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        return str(IPv6Network((int(known), 64), strict=False))
    return str(known)


def demand_unlocked(counters: tuple[Counter, ...], ports: SignInPorts) -> None:
    """Refuse where one of them is locked, or may be in a moment; nothing is counted.

    Raises:
        NotAuthenticated: it is.
        Unavailable: too many are under way, or the store did not answer.
    """
    for counter in counters:
        counter.demand_room(ports.tickets.find(counter.key, Attempts) or Attempts(), ports)


@contextmanager
def attempt(counters: tuple[Counter, ...], ports: SignInPorts) -> Iterator[str]:
    """Count an attempt while the block lasts; where the block breaks off it counts no more.

    Yields:
        The attempt's id, to be ended with `end_attempt`.

    Raises:
        NotAuthenticated: one of the counters is locked.
        Unavailable: too many are under way, or the store did not answer.
    """
    attempt_id, begun = ports.new_secret()[:16], list[Counter]()
    try:
        for counter in counters:
            _change(counter, partial(_begin, counter, attempt_id, ports), ports)
            begun.append(counter)
        yield attempt_id
    except BaseException:
        for counter in begun:
            end_attempt(counter, attempt_id, ports, failed=False)
        raise


def end_attempt(counter: Counter, attempt_id: str, ports: SignInPorts, *, failed: bool) -> None:
    """Say how an attempt has ended.

    Raises:
        Unavailable: the store did not answer; in a minute it counts as failed.
    """
    _change(counter, lambda seen: seen.ended(attempt_id, ports.now(), failed=failed), ports)


def _begin(counter: Counter, attempt_id: str, ports: SignInPorts, seen: Attempts) -> Attempts:
    counter.demand_room(seen, ports)
    return seen.begun(attempt_id, ports.now())


def _change(counter: Counter, change: Callable[[Attempts], Attempts], ports: SignInPorts) -> None:
    for _ in range(TRIES):
        now = ports.now()
        seen = ports.tickets.find(counter.key, Attempts)
        new = change((seen or Attempts()).recent(now))
        if ports.tickets.replace(counter.key, seen, new, now + WINDOW):
            return
    raise Unavailable(BUSY)
