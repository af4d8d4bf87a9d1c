"""Fifty kills at random moments: every job ends right, or is said to have failed."""

import random
import threading
from pathlib import Path

import pytest

from atoll.model.job import Tier
from stacks.local.orders import UNDER_WAY
from tests.journeys.local import WHOLE, Local, eventually, kill
from tests.journeys.test_orders import assert_equal_to_source
from tests.journeys.tiers import orders_in

pytestmark = pytest.mark.slow

SEED = 20_261_123
KILLS = 50
SHORTEST_S, LONGEST_S = 0.1, 1.2
AT_ONCE: tuple[Tier, ...] = ("small", "medium", "big", "medium")
FUNCTIONS = (
    *("extract_small", "begin_parts", "extract_part", "assemble_parts"),
    *("settle_job", "release_job"),
)
ENDS_LOST = {"urn:atoll:error:worker-lost", "urn:atoll:error:unavailable"}


def test_whatever_is_killed_every_job_ends(local: Local, tmp_path: Path) -> None:
    chance, killed = random.Random(SEED), 0  # noqa: S311 -- repeatable, not secret
    ann, ended = local.customer("ann"), set[str]()
    with orders_in(local) as orders:
        under_way = {orders.place(WHOLE, tier).job_id for tier in AT_ONCE}
        while under_way:
            threading.Event().wait(chance.uniform(SHORTEST_S, LONGEST_S))
            victims = [*local.worker_pids(), *local.function_pids(*FUNCTIONS)]
            if victims and killed < KILLS:
                kill(chance.choice(victims))
                killed += 1
            done = {each for each in under_way if ann.status(each)["status"] not in UNDER_WAY}
            under_way -= done
            ended |= done
            if killed < KILLS:
                under_way |= {orders.place(WHOLE, chance.choice(AT_ONCE)).job_id for _ in done}
    assert killed == KILLS
    for job_id in ended:
        status = ann.status(job_id)
        if status["status"] == "successful":
            ann.download(job_id, tmp_path / job_id)
            assert_equal_to_source(tmp_path / job_id)
            (tmp_path / job_id).unlink()
        else:
            assert (status["status"], status["problem"]["type"] in ENDS_LOST) == ("failed", True)
    eventually(lambda: local.uploads() == [])
    assert local.reserved_bytes() == 0
