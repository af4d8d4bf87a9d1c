"""What the actions of the Motu door share, and what one request says."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi.responses import Response

from atoll.dialects.motu.query import Query
from atoll.errors import NotAuthenticated
from atoll.model.job import Account, Job, Origin
from atoll.ports import Ports
from atoll.services.history import History
from atoll.web.context import Pause
from atoll.web.observability import Telemetry

VERSION = "1.0.0"
# Where everybody is a guest.
OPEN = "/motu-open"

# (address that the ticket was asked for, ticket) -> whose it is.
type CheckTicket = Callable[[str, str], Account]


@dataclass(frozen=True, slots=True)
class Welcome:
    """Whom the door serves.

    Attributes:
        url: of the unit, without a slash at its end: what absolute links are made of.
        guests: whether those are served who have not signed in.
        cas_url: of the sign-in, up to `/cas`; empty = there is none.
        check_ticket: asks the sign-in; it is not called where there is none.
    """

    url: str
    guests: bool
    cas_url: str
    check_ticket: CheckTicket

    def signs_in(self, path: str) -> bool:
        """Whether one signs in at the door of that path."""
        return bool(self.cas_url) and not path.startswith(OPEN)


@dataclass(frozen=True, slots=True)
class MotuDoor:
    """What the actions share.

    Attributes:
        ports: everything impure.
        welcome: see Welcome.
        telemetry: where refusals and faults are told.
        pause: waits so many seconds, and lets other requests pass.
        history: of past jobs, which a quote looks at.
    """

    ports: Ports
    welcome: Welcome
    telemetry: Telemetry
    pause: Pause
    history: History


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    Attributes:
        path: of the door that it came through, e.g. `/motu-web/Motu`.
        query: its parameters.
        account: whose it is; None = that was not asked.
        origin: see Origin.
        correlation_id: of the request.
    """

    door: MotuDoor
    path: str
    query: Query
    account: Account | None
    origin: Origin
    correlation_id: str

    @property
    def caller(self) -> Account:
        """Whose it is.

        Raises:
            NotAuthenticated: nobody's.
        """
        if self.account is None:
            raise NotAuthenticated("This action needs somebody to have signed in.")
        return self.account

    @property
    def is_by_cas(self) -> bool:
        """Whether one signs in at this door."""
        return self.door.welcome.signs_in(self.path)

    @property
    def script_version(self) -> str:
        """As the client has sent it."""
        return self.query.plain("scriptVersion")

    def url(self, query: str) -> str:
        """An address of this same door, absolute.

        Args:
            query: without its question mark.
        """
        return f"{self.door.welcome.url}{self.path}?{query}"


@dataclass(frozen=True, slots=True)
class Held:
    """An answer that waits for a job's end.

    Attributes:
        wait_s: at most, since the order.
        finish: makes the answer, of the job as it was seen last.
    """

    job: Job
    wait_s: int
    finish: Callable[[Call, Job], Response]


type Reply = Response | Held
