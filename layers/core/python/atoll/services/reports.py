"""What was ordered and delivered, by whom and of what: added up from the ledger's lines."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from atoll.admission.entitlement import demand_operator
from atoll.admission.estimates import Spread
from atoll.errors import InvalidParameter
from atoll.model.entry import Entry
from atoll.model.job import Account
from atoll.ports import Ports

type Key = Literal["account", "dataset", "tier", "month", "day", "door", "format", "status"]

LONGEST_DAYS = 366
# The door has 29 s; the ledger is read for so long, at some thousand lines a second.
LONGEST_READING = timedelta(seconds=20)
# An answer has 6 MiB at most; that of so many rows has 4.
MOST_ROWS = 10_000

KEYS: Mapping[Key, Callable[[Entry], str]] = {
    "account": lambda line: line.account_id,
    "dataset": lambda line: line.dataset,
    "tier": lambda line: line.tier,
    "month": lambda line: line.day[:7],
    "day": lambda line: line.day,
    "door": lambda line: line.origin.door,
    "format": lambda line: line.format,
    "status": lambda line: line.status,
}


@dataclass(frozen=True, slots=True)
class Span:
    """Days (UTC), from the first to the last.

    Attributes:
        first, last: both included.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse what nobody can mean, or wait for.

        Raises:
            InvalidParameter: the last day is before the first, or LONGEST_DAYS after it.
        """
        if self.last < self.first:
            accepted = f"a day not before `from`, {self.first.isoformat()}, is"
            raise InvalidParameter("to", self.last.isoformat(), accepted)
        if self.count > LONGEST_DAYS:
            accepted = f"up to {LONGEST_DAYS} days to {self.last.isoformat()} are, not {self.count}"
            raise InvalidParameter("from", self.first.isoformat(), accepted)

    @property
    def count(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def days(self) -> Iterator[date]:
        """Each of them."""
        return (self.first + timedelta(days=number) for number in range(self.count))


@dataclass(frozen=True, slots=True)
class Asked:
    """A report that is asked for.

    Attributes:
        by: what each row is of; none = one row of all.
        span: the days.
        dataset, account: only of this one; empty = of all.
    """

    by: tuple[Key, ...]
    span: Span
    dataset: str = ""
    account: str = ""


@dataclass(slots=True)
class Tally:
    """Jobs added up; each counts once, by the last that the ledger says of it.

    Attributes:
        jobs: all of them: `successful`, `failed`, `dismissed` and those still under way.
        settled_bytes: delivered.
        reserved_bytes: held for jobs under way when the last of the days was over.
        read_bytes: of the source, decoded.
        waited_s, ran_s: of each job that had an extraction of its own.
    """

    jobs: int = 0
    successful: int = 0
    failed: int = 0
    dismissed: int = 0
    settled_bytes: int = 0
    reserved_bytes: int = 0
    read_bytes: int = 0
    waited_s: list[float] = field(default_factory=list)
    ran_s: list[float] = field(default_factory=list)

    def add(self, line: Entry) -> None:
        """Count the job whose last line this is."""
        self.jobs += 1
        self.successful += line.status == "successful"
        self.failed += line.status == "failed"
        self.dismissed += line.status == "dismissed"
        self.settled_bytes += line.settled_bytes
        if line.kind == "reserved":
            self.reserved_bytes += line.reserved_bytes
        elif line.started_at is not None:
            self.read_bytes += line.read_bytes
            self.waited_s.append(line.waited_s)
            self.ran_s.append(line.ran_s)

    @property
    def waited(self) -> Spread | None:
        """How long they waited; None = none had an extraction of its own."""
        return Spread.of(self.waited_s) if self.waited_s else None

    @property
    def ran(self) -> Spread | None:
        """How long their extractions took."""
        return Spread.of(self.ran_s) if self.ran_s else None


type Rows = dict[tuple[str, ...], Tally]


def report(lines: Iterable[Entry], by: Sequence[Key]) -> Rows:
    """Add lines up.

    A job counts where its end says, a job that has not ended where its order says.

    Args:
        lines: in any order; of a job its order, its end, or both.
        by: what the rows are told apart by.

    Returns:
        The values of `by` -> the jobs that have them, in order of the values.

    Raises:
        InvalidParameter: there would be more than MOST_ROWS rows.
    """
    rows: Rows = {}
    for line in _last(lines):
        values = tuple(KEYS[key](line) for key in by)
        if values not in rows and len(rows) == MOST_ROWS:
            accepted = f"what makes up to {MOST_ROWS} rows is; ask for fewer days, or less apart"
            raise InvalidParameter("by", ",".join(by), accepted)
        rows.setdefault(values, Tally()).add(line)
    return dict(sorted(rows.items()))


def report_for(account: Account, asked: Asked, ports: Ports) -> Rows:
    """The report that an operator asks for.

    Raises:
        NotEntitled: the account is no operator.
        InvalidParameter: see `report`; or there is more to read than LONGEST_READING allows.
        Unavailable: the ledger did not answer.
    """
    demand_operator(account, ports.limits.operators)
    wanted = (
        line
        for line in _read(asked.span, ports)
        if asked.dataset in {"", line.dataset} and asked.account in {"", line.account_id}
    )
    return report(wanted, asked.by)


def _read(span: Span, ports: Ports) -> Iterator[Entry]:
    """The lines of the days, for as long as whoever asks would wait."""
    until = ports.now() + LONGEST_READING
    for day in span.days:
        _demand_time(until, day, span, ports)
        for line in ports.journal.of_day(day):
            _demand_time(until, day, span, ports)
            yield line


def _demand_time(until: datetime, day: date, span: Span, ports: Ports) -> None:
    """Refuse to go on with a day when the time is up."""
    if ports.now() > until:
        accepted = (
            f"fewer days are: in {LONGEST_READING.seconds} s the ledger could not be read beyond "
            f"{day.isoformat()}; the nightly export has all of it"
        )
        raise InvalidParameter("from", span.first.isoformat(), accepted)


def _last(lines: Iterable[Entry]) -> Iterator[Entry]:
    """Of each job its end, or its order where there is no end."""
    ordered: dict[str, Entry] = {}
    ended: set[str] = set()
    for line in lines:
        if line.kind != "reserved":
            if ordered.pop(line.job_id, None) is None:
                ended.add(line.job_id)  # its order is of another day, or comes yet
            yield line
        elif line.job_id not in ended:
            ordered[line.job_id] = line
    yield from ordered.values()
