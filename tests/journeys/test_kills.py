"""Fifty kills at random moments: every job ends right, or is said to have failed."""

import random
import threading
import time
from pathlib import Path

import pytest

from atoll.model.job import Tier
from stacks.local.orders import UNDER_WAY, Customer
from tests.journeys.local import WHOLE, Local, eventually, kill
from tests.journeys.test_orders import assert_equal_to_source
from tests.journeys.tiers import Orders, orders_in

pytestmark = pytest.mark.slow

SEED = 20_261_123
KILLS = 50
SHORTEST_S, LONGEST_S = 0.1, 1.2
LIMIT_S = 400
AT_ONCE: tuple[Tier, ...] = ("small", "medium", "big", "medium")
FUNCTIONS = ("extract_small", "begin_parts", "extract_part", "assemble_parts")
# The S3 server here keeps the beginning of a document whose writer was killed; S3 does not.
DAMAGED = "urn:atoll:error:data-error"
ENDS_LOST = {"urn:atoll:error:worker-lost", "urn:atoll:error:unavailable"}


class Killer:
    """Kills workers at random moments, always the same."""

    def __init__(self, local: Local) -> None:
        self.killed = 0
        self.chance = random.Random(SEED)  # noqa: S311 -- repeatable, not secret
        self._local = local

    def strike(self) -> None:
        """Wait a while; end one of the workers, if there is any."""
        threading.Event().wait(self.chance.uniform(SHORTEST_S, LONGEST_S))
        victims = [*self._local.worker_pids(), *self._local.function_pids(*FUNCTIONS)]
        if victims and self.killed < KILLS:
            kill(self.chance.choice(victims))
            self.killed += 1


def order_among_kills(killer: Killer, orders: Orders, ann: Customer) -> set[str]:
    """Always some jobs under way, until there were kills enough. Returns: ids of all."""
    deadline, ended = time.monotonic() + LIMIT_S, set[str]()
    under_way = {orders.place(WHOLE, tier).job_id for tier in AT_ONCE}
    while under_way:
        assert time.monotonic() < deadline, under_way
        killer.strike()
        done = {each for each in under_way if ann.status(each)["status"] not in UNDER_WAY}
        ended |= done
        under_way -= done
        if killer.killed < KILLS:
            tiers = [killer.chance.choice(AT_ONCE) for _ in done]
            under_way |= {orders.place(WHOLE, tier).job_id for tier in tiers}
    return ended


def test_whatever_is_killed_every_job_ends(local: Local, tmp_path: Path) -> None:
    ann, killer = local.customer("ann"), Killer(local)
    with orders_in(local) as orders:
        ended = {each: ann.status(each) for each in order_among_kills(killer, orders, ann)}
    assert killer.killed == KILLS
    statuses = {status["status"] for status in ended.values()}
    assert "successful" in statuses <= {"successful", "failed"}
    for job_id, status in ended.items():
        if status["status"] == "successful":
            ann.download(job_id, tmp_path / "whole.nc")
            assert_equal_to_source(tmp_path / "whole.nc")
        else:
            problem = status["problem"]
            damaged = problem["type"] == DAMAGED and "damaged" in problem["detail"]
            assert damaged or problem["type"] in ENDS_LOST, problem
    eventually(lambda: local.uploads() == [])
    assert local.reserved_bytes() == 0
