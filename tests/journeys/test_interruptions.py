"""What is killed, cancelled or restarted on the way loses no job and no byte of quota."""

import json
import os
from http import HTTPStatus
from pathlib import Path

import pytest

from stacks.local.lifecycle import start_servers, stop_servers
from stacks.local.orders import UNDER_WAY
from stacks.local.seed import is_published
from tests.journeys.local import BOX, WHOLE, Local, eventually, kill
from tests.journeys.test_orders import assert_equal_to_source

pytestmark = pytest.mark.slow


def test_another_worker_makes_what_a_killed_one_has_not(local: Local, tmp_path: Path) -> None:
    ann = local.customer("ann")
    job_id = ann.order(WHOLE).json()["jobID"]
    worker = local.stopped_worker()
    assert ann.status(job_id)["status"] == "running"
    assert local.reserved_bytes() == ann.status(job_id)["reserved_bytes"] > 0
    kill(worker)
    status = ann.wait(job_id)
    assert status["status"] == "successful", status
    ann.download(job_id, tmp_path / "whole.nc")
    assert_equal_to_source(tmp_path / "whole.nc")
    assert (local.reserved_bytes(), local.uploads()) == (0, [])


def test_workers_that_are_always_killed_fail_the_job_and_free_its_bytes(local: Local) -> None:
    ann = local.customer("ann")
    job_id = ann.order(WHOLE).json()["jobID"]
    while ann.status(job_id)["status"] in UNDER_WAY:
        for worker in local.worker_pids():
            kill(worker)
    status = ann.status(job_id)
    assert status["status"] == "failed"
    assert status["problem"]["type"] == "urn:atoll:error:worker-lost"
    assert (status["reserved_bytes"], local.reserved_bytes()) == (0, 0)
    eventually(lambda: local.uploads() == [])
    answer = ann.ask("GET", f"/jobs/{job_id}/results")
    assert answer.status == HTTPStatus.NOT_FOUND


def test_a_cancelled_job_stays_cancelled(local: Local) -> None:
    ann = local.customer("ann")
    job_id = ann.order(WHOLE).json()["jobID"]
    local.stopped_worker()
    cancelled = ann.ask("DELETE", f"/jobs/{job_id}")
    assert (cancelled.status, cancelled.json()["status"]) == (HTTPStatus.OK, "dismissed")
    eventually(lambda: local.worker_pids() == [])
    assert ann.status(job_id)["status"] == "dismissed"
    assert (local.reserved_bytes(), local.uploads()) == (0, [])
    again = ann.ask("DELETE", f"/jobs/{job_id}")
    assert again.status == HTTPStatus.CONFLICT
    assert again.json()["type"] == "urn:atoll:error:job-already-ended"


def test_a_cancelled_job_is_not_resurrected(local: Local) -> None:
    """Neither by an execution that begins late, nor by a worker that reports late."""
    ann = local.customer("ann")
    job_id = ann.order(WHOLE).json()["jobID"]
    local.stopped_worker()
    ann.ask("DELETE", f"/jobs/{job_id}")
    machine = local.stacks["levitus"].outputs["StateMachineArn"]
    states = local.client("stepfunctions")
    execution = machine.replace(":stateMachine:", ":execution:") + f":{job_id}"
    work = states.describe_execution(executionArn=execution)["input"]
    late = states.start_execution(stateMachineArn=machine, name=f"{job_id}-late", input=work)
    eventually(
        lambda: (
            states.describe_execution(executionArn=late["executionArn"])["status"] == "SUCCEEDED"
        )
    )
    outcome = {"key": f"results/{job_id}/x.nc", "output_bytes": 1, "sha256": "0" * 64}
    event = {
        "job_id": job_id,
        "correlation_id": "late",
        "outcome": outcome | {"cells_with_data": 1},
    }
    local.client("lambda").invoke(
        FunctionName=local.function("settle_job"), Payload=json.dumps(event).encode()
    )
    assert ann.status(job_id)["status"] == "dismissed"
    assert local.reserved_bytes() == 0


def test_state_survives_a_restart(local: Local, tmp_path: Path) -> None:
    ann = local.customer("ann")
    job_id = ann.order(BOX).json()["jobID"]
    before = ann.wait(job_id)
    stop_servers(local.place)
    start_servers(local.place)
    ann = local.customer("ann")
    assert ann.status(job_id) == before
    ann.download(job_id, tmp_path / "box.nc")
    assert is_published(local.stacks["navy"], "navy-winds")
    assert ann.wait(ann.order(BOX).json()["jobID"])["status"] == "successful"


def test_an_accepted_job_survives_a_crash_of_everything(local: Local) -> None:
    """Nothing is saved after SIGKILL; what was saved before is taken up again."""
    ann = local.customer("ann")
    job_id = ann.order(WHOLE).json()["jobID"]
    local.stopped_worker()
    state = local.place.directory / "state"
    for name in ("dynamodb.json", "stepfunctions.json"):
        eventually(lambda: job_id in (state / name).read_text(encoding="utf-8"))  # noqa: B023 (called at once)
    emulator = int((local.place.directory / "emulator.pid").read_text(encoding="ascii"))
    workers = local.worker_pids()
    for pid in (emulator, *workers):
        kill(pid)
    eventually(lambda: not running(emulator))
    start_servers(local.place)
    assert local.customer("ann").wait(job_id)["status"] == "successful"
    assert local.reserved_bytes() == 0


def running(pid: int) -> bool:
    """Whether the process is alive; our own dead child is taken from the process table."""
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False
