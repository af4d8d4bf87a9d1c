"""All that a unit's tables say, in one form, and whether one part of it says what the others do."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from atoll.model.job import ENDED
from tests.contract.rig import counted
from tests.fakes import FakeLedger


@dataclass(frozen=True, slots=True)
class Row:
    """A job."""

    account_id: str
    tier: str
    status: str
    slot: int | None
    leader: str | None
    fingerprint: str
    month: str
    reserved_bytes: int
    settled_bytes: int
    correlation_id: str
    expires_at: float
    detail: str

    @property
    def is_active(self) -> bool:
        return self.status not in ENDED

    @property
    def line(self) -> str | None:
        """Where it waits: for a slot of its tier, or for another's extraction."""
        if not self.is_active or self.slot is not None:
            return None
        return self.tier if self.leader is None else "shared"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger."""

    account_id: str
    month: str
    job_id: str
    kind: str
    reserved_bytes: int
    settled_bytes: int


@dataclass(frozen=True, slots=True)
class Books:
    """What is written at one moment.

    Attributes:
        lines: where each job is found that waits.
        balances: reserved and settled bytes by account and month.
        counters: of accounts, by name; none is 0.
        slots: (tier, number) -> (job, account).
        followers: (fingerprint, job).
    """

    rows: Mapping[str, Row]
    lines: Mapping[str, str]
    entries: tuple[Line, ...]
    balances: Mapping[tuple[str, str], tuple[int, int]]
    counters: Mapping[str, Mapping[str, int]]
    slots: Mapping[tuple[str, int], tuple[str, str]]
    followers: frozenset[tuple[str, str]]

    @property
    def active(self) -> dict[str, Row]:
        return {job_id: row for job_id, row in self.rows.items() if row.is_active}

    def held(self, tier: str) -> int:
        """Slots of a tier that are held."""
        return sum(one == tier for one, _ in self.slots)

    def demand_agreement(self) -> None:
        """Every number is the sum of what it counts, and every place is held by who says so."""
        active = self.active
        assert self.lines == {name: row.line for name, row in active.items() if row.line}
        assert self.slots == {
            (row.tier, row.slot): (name, row.account_id)
            for name, row in active.items()
            if row.slot is not None
        }
        assert self.followers == {
            (row.fingerprint, name) for name, row in active.items() if row.line == "shared"
        }
        assert self.counters == _counters(active.values())
        self._demand_bytes()

    def _demand_bytes(self) -> None:
        reserved, settled, open_bytes = Counter[Any](), Counter[Any](), Counter[Any]()
        for row in self.active.values():
            reserved[row.account_id, row.month] += row.reserved_bytes
        for line in self.entries:
            sign = 1 if line.kind == "reserved" else -1
            open_bytes[line.account_id, line.month] += sign * line.reserved_bytes
            settled[line.account_id, line.month] += line.settled_bytes
        for key, balance in self.balances.items():
            assert balance == (reserved[key], settled[key]), key
            assert open_bytes[key] == reserved[key], key
        assert {*reserved, *settled} <= {*self.balances}
        kinds = Counter((line.job_id, line.kind == "reserved") for line in self.entries)
        assert set(kinds.values()) <= {1}, "a job has one line of each sort"
        for name, row in self.rows.items():
            assert kinds[name, True] == 1
            assert kinds[name, False] == (0 if row.is_active else 1)
        ends = {line.job_id: line.settled_bytes for line in self.entries if line.kind != "reserved"}
        assert all(
            ends[name] == row.settled_bytes for name, row in self.rows.items() if name in ends
        )


def _counters(rows: Iterable[Row]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for row in rows:
        if row.line != "shared":
            state = "running" if row.slot is not None else "waiting"
            found.setdefault(row.account_id, Counter())[f"{state} {row.tier}"] += 1
    return {account_id: dict(numbers) for account_id, numbers in found.items()}


def books_in_memory(fake: FakeLedger) -> Books:
    rows = {
        job_id: Row(
            job.account_id,
            job.tier,
            job.status,
            job.slot,
            job.leader,
            job.fingerprint,
            f"{job.created_at:%Y-%m}",
            job.reserved_bytes,
            sum(one.output_bytes for one in job.deliveries),
            job.correlation_id,
            job.expires_at.timestamp(),
            job.reason.detail if job.reason else "",
        )
        for job_id, job in fake.rows.items()
    }
    names = {row.account_id for row in rows.values()}
    counters = {name: counted(fake.count(name)) for name in names}
    lines: dict[str, str] = {}
    for tier in ("small", "medium", "big"):
        lines |= {one.job_id: tier for one in fake.waiting(tier)}
    lines |= dict.fromkeys(fake.following(), "shared")
    return Books(
        rows,
        lines,
        tuple(
            Line(
                one.account_id,
                one.month,
                one.job_id,
                one.kind,
                one.reserved_bytes,
                one.settled_bytes,
            )
            for one in fake.entries
        ),
        {key: (one.reserved_bytes, one.settled_bytes) for key, one in fake.balances.items()},
        {name: numbers for name, numbers in counters.items() if numbers},
        {key: (one.job_id, one.account_id) for key, one in fake.slots.items()},
        frozenset(
            (rows[name].fingerprint, name)
            for leads in {row.fingerprint for row in rows.values()}
            for name in fake.followers(leads)
        ),
    )


def books_in_tables(tables: Mapping[str, Mapping[tuple[str, ...], Mapping[str, Any]]]) -> Books:
    """Of the items as they are: what reads them in the adapters is not asked."""
    accounts = tables["Accounts"]
    jobs = {job_id: item for (job_id,), item in tables["Jobs"].items()}
    counters = {
        account_id: {
            name.replace("_", " "): number
            for name, number in item.items()
            if name.startswith(("waiting_", "running_")) and number
        }
        for (account_id, name), item in accounts.items()
        if name == "queue"
    }
    slots = tables["Slots"].values()
    return Books(
        {job_id: _row(item) for job_id, item in jobs.items()},
        {
            job_id: item["queue"].rpartition("#")[0]
            for job_id, item in jobs.items()
            if "queue" in item
        },
        tuple(_line(item) for item in tables["Ledger"].values()),
        {
            (account_id, name.removeprefix("month#")): _balance(item)
            for (account_id, name), item in accounts.items()
            if name.startswith("month#")
        },
        {account_id: numbers for account_id, numbers in counters.items() if numbers},
        {(one["tier"], one["number"]): (one["job_id"], one["account_id"]) for one in slots},
        frozenset(key for key in tables["Shares"] if key[1] != "leader"),  # type: ignore[misc]
    )


def _row(item: Mapping[str, Any]) -> Row:
    document = json.loads(item["document"])
    deliveries = json.loads(item.get("deliveries", "[]"))
    return Row(
        item["account_id"],
        document["tier"],
        item["status"],
        item.get("slot"),
        item.get("leader"),
        document["fingerprint"],
        item["created_at"][:7],
        document["reserved_bytes"],
        sum(one["output_bytes"] for one in deliveries),
        document["correlation_id"],
        item.get("expires_at", datetime.fromisoformat(document["expires_at"]).timestamp()),
        json.loads(item.get("reason", '{"detail": ""}'))["detail"],
    )


def _line(item: Mapping[str, Any]) -> Line:
    return Line(
        item["account_id"],
        item["entry_id"][:7],
        item["job_id"],
        item["kind"],
        item["reserved_bytes"],
        item["settled_bytes"],
    )


def _balance(item: Mapping[str, Any]) -> tuple[int, int]:
    assert item["used_bytes"] == item["reserved_bytes"] + item["settled_bytes"]
    return item["reserved_bytes"], item["settled_bytes"]
