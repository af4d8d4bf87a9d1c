"""Jobs, balances, slots and entries in memory: what one set of tables holds."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock

from atoll.errors import InvalidParameter, UnknownJob
from atoll.model.entry import Entry, Kind
from atoll.model.job import ENDED, Delivery, Job, JobStatus, Reason, Tier
from atoll.model.policy import PerTier
from atoll.model.queue import Held, Waiting
from atoll.ports import NO_TERMS, Balance, Counts, Hindrance, JobPage, Terms, Wanted
from tests.fakes.available import demand_up

KEY_LIFETIME = timedelta(days=1)


@dataclass
class FakeLedger:
    """The ports Ledger and Queue; `tests.fakes.accounts` looks at the same state.

    Attributes:
        rows: jobs by id.
        balances: by (account id, month).
        entries: in the order of writing.
        slots: by (tier, number).
        leaders: job id by fingerprint, and when that is forgotten.
        keys: job id by (account id, key), and when that is forgotten.
    """

    available: bool = True
    rows: dict[str, Job] = field(default_factory=dict)
    balances: dict[tuple[str, str], Balance] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    slots: dict[tuple[Tier, int], Held] = field(default_factory=dict)
    leaders: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    keys: dict[tuple[str, str], tuple[str, datetime]] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)

    def admit(self, job: Job, terms: Terms = NO_TERMS) -> frozenset[Hindrance]:
        demand_up("ledger", available=self.available)
        with self.lock:
            if job.job_id in self.rows:
                if self.rows[job.job_id].account_id != job.account_id:
                    raise RuntimeError(f"job id {job.job_id} is taken by another account's job")
                return frozenset({"repeated"})
            hindrances = frozenset(self._hindrances(job, terms))
            if hindrances:
                return hindrances
            self.rows[job.job_id] = job
            if job.slot is not None:
                self._take(job, job.slot, job.created_at)
            if job.leader is None and terms.shares:
                self.leaders[job.fingerprint] = (job.job_id, job.expires_at)
            if terms.key is not None:
                held = (job.job_id, job.created_at + KEY_LIFETIME)
                self.keys[job.account_id, terms.key] = held
            self._book(job, "reserved", job.created_at)
        return frozenset()

    def get(self, job_id: str) -> Job:
        demand_up("ledger", available=self.available)
        if job_id not in self.rows:
            raise UnknownJob(f"there is no job {job_id!r}", {"job_id": job_id})
        return self.rows[job_id]

    def jobs(self, account_id: str, wanted: Wanted) -> JobPage:
        demand_up("ledger", available=self.available)
        mine = [job for job in self.rows.values() if job.account_id == account_id]
        mine.sort(key=lambda job: (job.created_at, job.job_id), reverse=True)
        cursors = [f"after-{job.job_id}" for job in mine]
        if wanted.cursor is not None and wanted.cursor not in cursors:
            raise InvalidParameter("cursor", wanted.cursor, "take the one of the page before")
        first = 0 if wanted.cursor is None else cursors.index(wanted.cursor) + 1
        found = [
            job
            for job in mine[first:]
            if (not wanted.status or job.status in wanted.status)
            and wanted.dataset in {"", job.plan.dataset}
            and wanted.label in {"", job.label}
        ]
        jobs = tuple(found[: wanted.limit])
        return JobPage(
            jobs=jobs,
            cursor=f"after-{jobs[-1].job_id}" if len(found) > wanted.limit else None,
        )

    def settle(
        self,
        job: Job,
        deliveries: tuple[Delivery, ...],
        now: datetime,
        until: datetime | None = None,
    ) -> bool:
        update: dict[str, object] = {"status": "successful", "deliveries": deliveries}
        update |= {"expires_at": until} if until else {}
        return self._end(job, update, "settled", now)

    def release(self, job: Job, reason: Reason, now: datetime) -> bool:
        return self._end(job, {"status": "failed", "reason": reason}, "released", now)

    def dismiss(self, job: Job, now: datetime) -> bool:
        return self._end(job, {"status": "dismissed"}, "released", now)

    def forfeit(self, entry: Entry, now: datetime) -> bool:
        demand_up("ledger", available=self.available)
        with self.lock:
            ended = {one.job_id for one in self.entries if one.kind != "reserved"}
            if entry.job_id in self.rows or entry.job_id in ended:
                return False
            self._note(entry.lost(now))
        return True

    def relabel(self, job: Job, label: str | None) -> Job:
        with self.lock:
            changed = self.get(job.job_id).model_copy(update={"label": label or None})
            self.rows[job.job_id] = changed
        return changed

    def promote(self, job: Job, now: datetime) -> bool:
        del now
        with self.lock:
            leads, _ = self.leaders.get(job.fingerprint, (None, None))
            if not self._follows(job) or leads not in {None, job.leader}:
                return False
            self.rows[job.job_id] = self.rows[job.job_id].model_copy(update={"leader": None})
            self.leaders[job.fingerprint] = (job.job_id, job.expires_at)
        return True

    def follow(self, job: Job, leader: str) -> bool:
        with self.lock:
            if not self._follows(job):
                return False
            self.rows[job.job_id] = self.rows[job.job_id].model_copy(update={"leader": leader})
        return True

    def leader(self, fingerprint: str) -> str | None:
        demand_up("ledger", available=self.available)
        return self.leaders.get(fingerprint, (None, None))[0]

    def followers(self, fingerprint: str) -> list[str]:
        demand_up("ledger", available=self.available)
        return [
            job.job_id
            for job in self.rows.values()
            if job.fingerprint == fingerprint and self._follows(job)
        ]

    def keyed(self, account_id: str, key: str) -> str | None:
        demand_up("ledger", available=self.available)
        return self.keys.get((account_id, key), (None, None))[0]

    def waiting(self, tier: Tier) -> list[Waiting]:
        demand_up("ledger", available=self.available)
        return [
            Waiting(
                job_id=job.job_id,
                account_id=job.account_id,
                tier=job.tier,
                since=job.created_at,
                profiles=job.profiles,
                work_bytes=job.reserved_bytes,
            )
            for job in self._active()
            if job.tier == tier and job.slot is None and job.leader is None
        ]

    def following(self) -> list[str]:
        demand_up("ledger", available=self.available)
        return [job.job_id for job in self._active() if job.leader is not None]

    def held(self) -> list[Held]:
        demand_up("ledger", available=self.available)
        return list(self.slots.values())

    def claim(
        self, waiting: Waiting, number: int, running_limit: int | None, now: datetime
    ) -> bool:
        demand_up("ledger", available=self.available)
        with self.lock:
            job = self.rows.get(waiting.job_id)
            full = (
                running_limit is not None
                and (self.count(waiting.account_id).running.of(waiting.tier) or 0) >= running_limit
            )
            waits = job is not None and job.status == "accepted"
            if job is None or not waits or job.slot is not None or job.leader is not None:
                return False
            if full or (waiting.tier, number) in self.slots:
                return False
            self._take(job, number, now)
        return True

    def begin(self, job_id: str, now: datetime) -> None:
        """Mark an accepted job as running, as the workflow's first state does in the table."""
        job = self.get(job_id)
        if job.status not in ENDED:
            self.rows[job_id] = job.model_copy(update={"status": "running", "started_at": now})

    def statuses(self) -> dict[str, JobStatus]:
        """Job id -> status."""
        return {job_id: job.status for job_id, job in self.rows.items()}

    def count(self, account_id: str) -> Counts:
        """Jobs of an account that have not ended."""
        mine = [
            job
            for job in self._active()
            if job.account_id == account_id and (job.leader is None or job.slot is not None)
        ]

        def of(*, running: bool) -> PerTier:
            tiers = [job.tier for job in mine if (job.slot is not None) == running]
            return PerTier(**{tier: tiers.count(tier) for tier in ("small", "medium", "big")})

        return Counts(waiting=of(running=False), running=of(running=True))

    def _active(self) -> list[Job]:
        return [job for job in list(self.rows.values()) if job.status not in ENDED]

    def _follows(self, job: Job) -> bool:
        """Whether it still follows the leader that it had when it was read."""
        now = self.rows.get(job.job_id)
        follows = now is not None and now.status == "accepted" and now.leader is not None
        return follows and now is not None and now.leader == job.leader

    def _hindrances(self, job: Job, terms: Terms) -> list[Hindrance]:
        allowance, counts = terms.allowance, self.count(job.account_id)
        balance = self.balances.get((job.account_id, _month(job)), Balance())
        used_bytes = balance.reserved_bytes + balance.settled_bytes + job.reserved_bytes
        most_bytes = allowance.bytes_per_month
        held, tier = self.keys.get((job.account_id, terms.key or "")), job.tier
        runs, waits = job.slot is not None, job.slot is None and job.leader is None
        found: dict[Hindrance, bool] = {
            "quota": most_bytes is not None and used_bytes > most_bytes,
            "running": runs and _full(counts.running.of(tier), allowance.running.of(tier)),
            "waiting": waits and _full(counts.waiting.of(tier), allowance.waiting.of(tier)),
            "slot": (tier, job.slot) in self.slots,
            "key": held is not None and held[0] != terms.retried and held[1] >= job.created_at,
            "share": terms.shares and not self._may_share(job, terms),
        }
        return [name for name, hinders in found.items() if hinders]

    def _may_share(self, job: Job, terms: Terms) -> bool:
        leads, expires_at = self.leaders.get(job.fingerprint, (None, job.created_at))
        if job.leader is None:
            return leads in {None, terms.instead_of} or expires_at < job.created_at
        leader = self.rows.get(job.leader)
        in_vain = leader is None or leader.status in {"failed", "dismissed"}
        return leads == job.leader and not in_vain

    def _take(self, job: Job, number: int, now: datetime) -> None:
        self.slots[job.tier, number] = Held(
            tier=job.tier,
            number=number,
            job_id=job.job_id,
            account_id=job.account_id,
            claimed_at=now,
        )
        self.rows[job.job_id] = job.model_copy(update={"slot": number})

    def _end(self, seen: Job, update: dict[str, object], kind: Kind, now: datetime) -> bool:
        demand_up("ledger", available=self.available)
        with self.lock:
            job = self.rows.get(seen.job_id)
            if job is None or job.status in ENDED:
                return False
            self.slots = {
                slot: held for slot, held in self.slots.items() if held.job_id != job.job_id
            }
            forgotten = {"expires_at": now + (job.expires_at - job.created_at)}
            ended = forgotten | update | {"slot": None, "finished_at": now}
            self.rows[job.job_id] = job.model_copy(update=ended)
            self._book(self.rows[job.job_id], kind, now)
            return True

    def _book(self, job: Job, kind: Kind, now: datetime) -> None:
        self._note(Entry.of(job, kind, now))

    def _note(self, entry: Entry) -> None:
        key = (entry.account_id, entry.month)
        before = self.balances.get(key, Balance())
        reserved = entry.reserved_bytes if entry.kind == "reserved" else -entry.reserved_bytes
        self.balances[key] = Balance(
            reserved_bytes=before.reserved_bytes + reserved,
            settled_bytes=before.settled_bytes + entry.settled_bytes,
        )
        self.entries.append(entry)


def _month(job: Job) -> str:
    return job.created_at.astimezone(UTC).strftime("%Y-%m")


def _full(number: int | None, limit: int | None) -> bool:
    return limit is not None and (number or 0) >= limit
