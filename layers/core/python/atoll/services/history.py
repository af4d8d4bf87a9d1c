"""What became of the jobs of the last days: what estimates are concluded from."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from atoll.admission.estimates import Past
from atoll.errors import Unavailable
from atoll.model.entry import Entry
from atoll.ports import Ports

BELIEVED_FOR = timedelta(seconds=60)
# Each is four queries.
DAYS = 3
# So many lines tell enough; the days before are then left alone.
ENOUGH_LINES = 1000


class History:
    """Jobs that have succeeded, looked up once a minute in a process."""

    def __init__(self, ports: Ports) -> None:
        self._journal = ports.journal
        self._now = ports.now
        self._past: tuple[Past, ...] = ()
        self._read_at: datetime | None = None

    def past(self) -> tuple[Past, ...]:
        """The newest of them. Where the ledger does not answer, those that are known."""
        now = self._now()
        if self._read_at is None or now - self._read_at > BELIEVED_FOR:
            self._read_at = now
            with suppress(Unavailable):  # an estimate is no reason to refuse an answer
                self._past = past_of(self._lines(now))
        return self._past

    def _lines(self, now: datetime) -> list[Entry]:
        today, lines = now.astimezone(UTC).date(), list[Entry]()
        for ago in range(DAYS):
            left = ENOUGH_LINES - len(lines)
            if left > 0:
                lines += self._journal.newest(today - timedelta(days=ago), left)
        return lines


def past_of(lines: Iterable[Entry]) -> tuple[Past, ...]:
    """The jobs that were made and delivered, of lines of the ledger."""
    return tuple(
        Past(line.tier, line.waited_s, line.ran_s, line.reserved_bytes)
        for line in lines
        if line.kind == "settled" and line.leader is None and line.started_at is not None
    )
