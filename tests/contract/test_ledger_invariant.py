"""Whatever is done to jobs, in any order and again: no byte appears, none is lost."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from atoll.aws.ledger import DynamoLedger
from atoll.model.job import ENDED, Job, JobStatus
from atoll.ports import Balance, Ledger
from tests.contract.accounts import accounts_of
from tests.contract.builders import MONTH, REASON, T0, delivery, job
from tests.contract.cloud import Cloud
from tests.contract.tables import LEDGER_TABLES
from tests.fakes import FakeLedger

pytestmark = pytest.mark.slow

NUMBERS = itertools.count()
BYTES = st.integers(0, 2**45)


class Accounting(RuleBasedStateMachine):
    """Two accounts order; a model of four dictionaries says what must come of it."""

    jobs = Bundle("jobs")

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self.ledger = ledger
        self.statuses: dict[str, JobStatus] = {}
        self.reserved: dict[str, dict[str, int]] = {}
        self.settled: dict[str, int] = {}

    @initialize()
    def two_new_accounts(self) -> None:
        # The store outlives the example: names of their own keep examples apart.
        names = [f"account-{next(NUMBERS)}" for _ in range(2)]
        self.reserved = {name: {} for name in names}
        self.settled = dict.fromkeys(names, 0)

    @rule(target=jobs, which=st.integers(0, 1), reserved_bytes=BYTES)
    def admit(self, which: int, reserved_bytes: int) -> Job:
        account_id = list(self.reserved)[which]
        admitted = job(f"job-{next(NUMBERS)}", account_id, reserved_bytes)
        self.ledger.admit(admitted)
        self.reserved[account_id][admitted.job_id] = reserved_bytes
        self.statuses[admitted.job_id] = "accepted"
        return admitted

    @rule(admitted=jobs)
    def admit_again(self, admitted: Job) -> None:
        self.ledger.admit(admitted)

    @rule(ended=jobs, output_bytes=BYTES)
    def settle(self, ended: Job, output_bytes: int) -> None:
        made = (delivery(ended.job_id, output_bytes),)
        changed = self.ledger.settle(ended, made, T0 + timedelta(hours=1))
        if self._ends(ended, "successful", changed=changed):
            self.settled[ended.account_id] += output_bytes

    @rule(ended=jobs)
    def release(self, ended: Job) -> None:
        changed = self.ledger.release(ended, REASON, T0 + timedelta(hours=2))
        self._ends(ended, "failed", changed=changed)

    @rule(ended=jobs)
    def dismiss(self, ended: Job) -> None:
        changed = self.ledger.dismiss(ended, T0 + timedelta(hours=3))
        self._ends(ended, "dismissed", changed=changed)

    @invariant()
    def every_byte_is_where_the_model_says(self) -> None:
        for account_id, reserved in self.reserved.items():
            assert accounts_of(self.ledger).balance(account_id, MONTH) == Balance(
                reserved_bytes=sum(reserved.values()), settled_bytes=self.settled[account_id]
            )

    def teardown(self) -> None:
        # Every job ended as it was ended first, whatever was tried on it afterwards.
        assert {one: self.ledger.get(one).status for one in self.statuses} == self.statuses

    def _ends(self, ended: Job, status: JobStatus, *, changed: bool) -> bool:
        assert changed == (self.statuses[ended.job_id] not in ENDED)
        if changed:
            self.statuses[ended.job_id] = status
            del self.reserved[ended.account_id][ended.job_id]
        return changed


def _run(ledger: Ledger, **options: Any) -> None:
    class OnThisLedger(Accounting):
        def __init__(self) -> None:
            super().__init__(ledger)

    unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    run_state_machine_as_test(OnThisLedger, settings=settings(unhurried, **options))


def test_no_byte_is_lost_in_the_fake() -> None:
    _run(FakeLedger(), max_examples=60)


def test_no_byte_is_lost_in_dynamodb(aws: Cloud) -> None:
    _run(DynamoLedger(aws.dynamodb, LEDGER_TABLES), max_examples=8, stateful_step_count=15)


def test_the_ledger_says_line_by_line_what_the_balance_says_in_sum(aws: Cloud) -> None:
    ledger = DynamoLedger(aws.dynamodb, LEDGER_TABLES)
    for name in ("a", "b", "c", "d"):
        ledger.admit(job(name, reserved_bytes=1000))
    ledger.settle(ledger.get("a"), (delivery("a", output_bytes=800),), T0)
    ledger.release(ledger.get("b"), REASON, T0)
    ledger.dismiss(ledger.get("c"), T0)

    lines = aws.dynamodb.scan(TableName=LEDGER_TABLES.ledger)["Items"]

    assert {line["entry_id"]["S"]: line["status"]["S"] for line in lines} == {
        "2026-11#a#reserved": "accepted",
        "2026-11#a#settled": "successful",
        "2026-11#b#reserved": "accepted",
        "2026-11#b#released": "failed",
        "2026-11#c#reserved": "accepted",
        "2026-11#c#released": "dismissed",
        "2026-11#d#reserved": "accepted",
    }
    signs = {"reserved": 1, "settled": -1, "released": -1}
    assert accounts_of(ledger).balance("ann-id", MONTH) == Balance(
        reserved_bytes=sum(
            signs[line["kind"]["S"]] * int(line["reserved_bytes"]["N"]) for line in lines
        ),
        settled_bytes=sum(int(line["settled_bytes"]["N"]) for line in lines),
    )
