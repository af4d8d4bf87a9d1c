"""Five hundred orders of twenty users at once; then fewer, and whoever serves them is killed."""

import random
import threading
import time
from collections import Counter

import pytest

from atoll.model.entry import Entry
from stacks.local.orders import UNDER_WAY
from tests.journeys.crowd import RUNNING, SLOTS, Crowd, crowd_in, most_at_once
from tests.journeys.local import Local, kill

pytestmark = pytest.mark.slow

USERS, JOBS, LIMIT_S = 20, 500, 400
SEED, KILLS, JOBS_AMONG_KILLS = 20_261_123, 20, 100
SERVANTS = ("extract_small", "settle_job", "dispatch_jobs", "reap_jobs")


def ended(crowd: Crowd, jobs: set[str]) -> list[Entry]:
    """Wait for the end of all; the last line of each."""
    deadline = time.monotonic() + LIMIT_S
    while True:
        lines = [line for line in crowd.entries() if line.job_id in jobs]
        ends = [line for line in lines if line.kind != "reserved"]
        if len(ends) >= len(jobs):
            return ends
        assert time.monotonic() < deadline, jobs - {line.job_id for line in ends}
        threading.Event().wait(2)


def assert_exact(crowd: Crowd, ends: list[Entry]) -> None:
    """No limit was exceeded, every job ended once, and all bytes are where they belong."""
    assert set(Counter(line.job_id for line in ends).values()) == {1}
    assert max(most_at_once(ends, lambda line: line.account_id).values()) <= RUNNING
    assert most_at_once(ends, lambda line: line.tier)["small"] <= SLOTS
    settled = {line.job_id: line.settled_bytes for line in ends if line.status == "successful"}
    assert settled == crowd.local.result_bytes({line.job_id for line in ends})
    assert crowd.local.reserved_bytes() == 0
    assert crowd.local.held_slots() == []
    assert crowd.local.counted_jobs() == 0


def test_five_hundred_orders_of_twenty_users_end_within_every_limit(local: Local) -> None:
    with crowd_in(local, USERS) as crowd:
        jobs = set(crowd.order(range(JOBS)).values())
        ends = ended(crowd, jobs)
    assert len(jobs) == JOBS
    assert {line.status for line in ends} == {"successful"}
    assert max(most_at_once(ends, lambda line: line.tier).values()) > 1
    assert_exact(crowd, ends)


def test_whoever_is_killed_no_job_is_lost_or_run_twice(local: Local) -> None:
    chance = random.Random(SEED)  # noqa: S311 -- repeatable, not secret
    with crowd_in(local, USERS) as crowd:
        jobs = set(crowd.order(range(JOBS, JOBS + JOBS_AMONG_KILLS)).values())
        killed = 0
        while killed < KILLS:
            threading.Event().wait(chance.uniform(0.1, 1.0))
            under_way = [line for line in crowd.entries() if line.job_id in jobs]
            assert under_way, "the jobs ended before they could be disturbed"
            victims = local.function_pids(*SERVANTS)
            if victims:
                kill(chance.choice(victims))
                killed += 1
        ends = ended(crowd, jobs)
    statuses = Counter(line.status for line in ends)
    assert statuses["successful"] > JOBS_AMONG_KILLS // 2
    assert set(statuses) <= {"successful", "failed"}
    assert local.executions(jobs) == Counter(dict.fromkeys(jobs, 1))
    assert_exact(crowd, ends)
    assert not UNDER_WAY.intersection(statuses)
