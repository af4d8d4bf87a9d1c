"""Results made by many: the same from every tier, resumed, cancelled, refused."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest

from atoll.model.job import Job, Tier
from atoll.model.parts import part_key
from stacks.local.lifecycle import start
from stacks.local.servers import object_server
from tests.journeys.local import WHOLE, Local, eventually, kill
from tests.journeys.test_orders import assert_equal_to_source
from tests.journeys.tiers import Orders, orders_in

pytestmark = pytest.mark.slow

TIERS: tuple[Tier, ...] = ("small", "medium", "big")


@pytest.fixture(scope="module")
def orders(local: Local) -> Iterator[Orders]:
    with orders_in(local) as orders:
        yield orders


def contents(path: Path) -> dict[str, Any]:
    """All of a file but its own history."""
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        return {
            name: (variable.dimensions, str(variable.dtype), variable.__dict__, variable[:])
            for name, variable in file.variables.items()
        }


def test_one_request_gives_one_result_whoever_makes_it(
    local: Local, orders: Orders, tmp_path: Path
) -> None:
    ann, jobs = local.customer("ann"), {tier: orders.place(WHOLE, tier) for tier in TIERS}
    for tier, job in jobs.items():
        status = ann.wait(job.job_id)
        assert (status["status"], status["tier"]) == ("successful", tier), status
        ann.download(job.job_id, tmp_path / tier)
        assert_equal_to_source(tmp_path / tier)
        assert len(made(local, job)) == (0 if tier == "small" else 2)
    small, *others = [contents(tmp_path / tier) for tier in TIERS]
    for other in others:
        np.testing.assert_equal(other, small)
    assert (local.reserved_bytes(), local.uploads()) == (0, [])


def made(local: Local, job: Job) -> dict[str, object]:
    """Lines of parts that are made -> when."""
    lines = {
        part_key(job.job_id, 1, number).removeprefix(f"parts/{job.job_id}/")
        for number in range(1, 10)
    }
    return {name: when for name, when in local.parts(job.job_id).items() if name in lines}


def test_an_execution_that_begins_anew_makes_no_part_twice(local: Local, orders: Orders) -> None:
    job = orders.place(WHOLE, "big")
    local.stopped_worker()
    eventually(lambda: len(made(local, job)) == 1)
    before = local.parts(job.job_id)
    states, machine = local.client("stepfunctions"), local.stacks["levitus"].outputs
    arn = machine["StateMachineArn"].replace(":stateMachine:", ":execution:") + f":{job.job_id}"
    states.stop_execution(executionArn=arn)
    eventually(lambda: local.worker_pids() == [])
    states.start_execution(
        stateMachineArn=machine["StateMachineArn"],
        name=f"{job.job_id}-again",
        input=states.describe_execution(executionArn=arn)["input"],
    )
    assert local.customer("ann").wait(job.job_id)["status"] == "successful"
    after = local.parts(job.job_id)
    assert len(made(local, job)) == 2
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize("tier", ["medium", "big"])
def test_a_job_that_is_cancelled_on_its_way_leaves_no_upload(
    local: Local, orders: Orders, tier: Tier
) -> None:
    ann, job = local.customer("ann"), orders.place(WHOLE, tier)
    eventually(lambda: signalled(local, signal.SIGSTOP) > 0 and local.uploads() != [])
    cancelled = ann.ask("DELETE", f"/jobs/{job.job_id}")
    assert cancelled.status == HTTPStatus.OK
    signalled(local, signal.SIGCONT)
    eventually(lambda: local.uploads() == [] and local.worker_pids() == [])
    assert ann.status(job.job_id)["status"] == "dismissed"
    assert local.reserved_bytes() == 0


def signalled(local: Local, what: signal.Signals) -> int:
    """Halt every process that makes parts, or let it go on. Returns: how many there are."""
    pids = [*local.worker_pids(), *local.function_pids("extract_part")]
    for pid in pids:
        os.kill(pid, what)
    return len(pids)


@contextmanager
def forbidden(local: Local, prefix: str) -> Iterator[None]:
    """Let the results bucket refuse whoever would write there, below a prefix."""
    s3, bucket = local.client("s3"), local.stacks["levitus"].outputs["ResultsBucket"]
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket}/{prefix}*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    try:
        yield
    finally:
        s3.delete_bucket_policy(Bucket=bucket)


def failures(local: Local, job: Job) -> list[str]:
    """Names of the errors that the job's execution has met so far."""
    machine = local.stacks["levitus"].outputs["StateMachineArn"]
    arn = machine.replace(":stateMachine:", ":execution:") + f":{job.job_id}"
    events = local.client("stepfunctions").get_execution_history(executionArn=arn)["events"]
    return [
        event["taskFailedEventDetails"]["error"]
        for event in events
        if "taskFailedEventDetails" in event
    ]


def test_a_bucket_that_refuses_for_a_while_delays_the_job(local: Local, orders: Orders) -> None:
    with forbidden(local, "parts/"):
        job = orders.place(WHOLE, "medium")
        eventually(lambda: "Unavailable" in failures(local, job))
    assert local.customer("ann").wait(job.job_id)["status"] == "successful"
    assert (local.reserved_bytes(), local.uploads()) == (0, [])


def test_a_bucket_that_refuses_for_good_fails_the_job(local: Local, orders: Orders) -> None:
    with forbidden(local, "results/"):
        job = orders.place(WHOLE, "medium")
        status = local.customer("ann").wait(job.job_id)
    assert status["status"] == "failed"
    assert status["problem"]["type"] == "urn:atoll:error:unavailable"
    assert (local.reserved_bytes(), local.uploads()) == (0, [])


def test_a_store_that_is_away_for_a_while_delays_the_job(
    local: Local, orders: Orders, tmp_path: Path
) -> None:
    job, server = orders.place(WHOLE, "big"), object_server(local.place)
    worker = local.stopped_worker()
    kill(int((local.place.directory / f"{server.name}.pid").read_text(encoding="ascii")))
    os.kill(worker, signal.SIGCONT)
    start(server, local.place)
    ann = local.customer("ann")
    assert ann.wait(job.job_id)["status"] == "successful"
    ann.download(job.job_id, tmp_path / "whole.nc")
    assert_equal_to_source(tmp_path / "whole.nc")
