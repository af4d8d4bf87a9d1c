"""The end of a job."""

import json

import pytest

from atoll.errors import DataError, Unavailable, WorkerLost
from atoll.model.job import Job, Outcome, Reason, Tier, result_key
from atoll.ports import Ends
from atoll.services.completion import release_job, settle_job
from atoll.services.submit import Placement, submit
from tests.services.orders import BOB, ordered
from tests.services.test_subset import BOX
from tests.world import ANN, World


def world_with_job() -> tuple[World, Job, Ends]:
    world = World()
    job = submit(BOX, ANN, Placement("c"), world.ports).job
    return world, job, world.ports.ends


def test_settling_turns_the_reservation_into_the_bytes_really_made():
    world, job, ends = world_with_job()
    (delivery,) = settle_job(job.job_id, world.make_result(job.job_id, b"12345"), ends)
    ended = world.ledger.rows[job.job_id]
    assert ended.status == "successful"
    assert ended.deliveries == (delivery,)
    assert (delivery.media_type, delivery.file_name) == ("application/x-netcdf", "subset.nc")
    balance = world.accounts.balance("ann-id", "2026-11")
    assert (balance.reserved_bytes, balance.settled_bytes) == (0, 5)


def test_a_store_is_settled_with_its_manifest():
    world, job, ends = world_with_job()
    (delivery,) = settle_job(job.job_id, world.make_result(job.job_id, name="a.zarr.zip"), ends)
    assert delivery.manifest is not None
    assert delivery.manifest.key == result_key(job.job_id, "a.zarr.json")
    assert (delivery.manifest.media_type, delivery.manifest.file_name) == (
        "application/json",
        "a.zarr.json",
    )


def test_a_manifest_that_is_named_must_be_there():
    world, job, ends = world_with_job()
    outcome = world.make_result(job.job_id, name="a.zarr.zip")
    del world.results.objects[result_key(job.job_id, "a.zarr.json")]
    with pytest.raises(DataError, match="manifest of the stored result is not there"):
        settle_job(job.job_id, outcome, ends)
    assert world.ledger.rows[job.job_id].status == "accepted"


@pytest.mark.parametrize("job_id", ["another", None])
def test_a_manifest_that_lies_elsewhere_is_no_results(job_id: str | None):
    """Nobody is given an address of another job's objects, nor of another one of his own."""
    world, job, ends = world_with_job()
    elsewhere = world.make_result(job_id or job.job_id, name="b.zarr.zip").manifest_key
    outcome = world.make_result(job.job_id, name="a.zarr.zip")
    with pytest.raises(DataError, match="does not lie beside"):
        settle_job(job.job_id, outcome.model_copy(update={"manifest_key": elsewhere}), ends)
    assert world.ledger.rows[job.job_id].status == "accepted"


def test_settling_twice_settles_once():
    world, job, ends = world_with_job()
    outcome = world.make_result(job.job_id, b"12345")
    assert len(settle_job(job.job_id, outcome, ends)) == 1
    assert settle_job(job.job_id, outcome, ends) == ()
    assert world.accounts.balance("ann-id", "2026-11").settled_bytes == 5


def test_a_workers_report_stands_for_its_answer():
    world, job, ends = world_with_job()
    world.results.reports[job.job_id] = (world.make_result(job.job_id),)
    (delivery,) = settle_job(job.job_id, None, ends)
    assert delivery.output_bytes == 3


def job_of_files(world: World, job: Job, files: int) -> tuple[Outcome, ...]:
    """What an extraction of a set of files leaves, one byte more in each."""
    world.ledger.rows[job.job_id] = job.model_copy(update={"tier": "big", "files": files})
    return tuple(
        world.make_result(job.job_id, bytes(number), name=f"box_{number:04}.nc")
        for number in range(1, files + 1)
    )


def test_a_set_of_files_is_settled_with_the_bytes_of_all_in_their_order():
    world, job, ends = world_with_job()
    world.results.reports[job.job_id] = job_of_files(world, job, 3)
    deliveries = settle_job(job.job_id, None, ends)
    names = [one.file_name for one in deliveries]
    assert names == ["box_0001.nc", "box_0002.nc", "box_0003.nc"]
    assert world.ledger.rows[job.job_id].deliveries == deliveries
    balance = world.accounts.balance("ann-id", "2026-11")
    assert (balance.reserved_bytes, balance.settled_bytes) == (0, 1 + 2 + 3)


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_set_of_which_a_file_is_not_there_is_no_success(lost: int):
    world, job, ends = world_with_job()
    made = job_of_files(world, job, 3)
    world.results.reports[job.job_id] = made
    del world.results.objects[made[lost].key]
    with pytest.raises(DataError, match="has None bytes"):
        settle_job(job.job_id, None, ends)
    assert world.ledger.rows[job.job_id].status == "accepted"


def test_a_set_has_as_many_files_as_were_planned_and_none_twice():
    world, job, ends = world_with_job()
    made = job_of_files(world, job, 3)
    for reported in (made[:2], (*made[:2], made[0]), (*made, made[0])):
        world.results.reports[job.job_id] = reported
        with pytest.raises(DataError, match="files, not 3"):
            settle_job(job.job_id, None, ends)
    assert world.ledger.rows[job.job_id].status == "accepted"


def test_a_worker_that_left_nothing_is_lost():
    _, job, ends = world_with_job()
    with pytest.raises(WorkerLost):
        settle_job(job.job_id, None, ends)


def test_a_reported_failure_is_the_jobs_reason():
    world, job, ends = world_with_job()
    reason = Reason(code="data-error", detail="TEMP chunk 3/0/0 is broken", facts={"chunk": "3"})
    world.results.reports[job.job_id] = reason
    with pytest.raises(DataError, match="TEMP chunk"):
        settle_job(job.job_id, None, ends)
    release_job(job.job_id, "DataError", "{}", ends)
    assert world.ledger.rows[job.job_id].reason == reason


@pytest.mark.parametrize("stored", [None, b"", b"1234"])
def test_an_object_that_is_not_what_was_made_is_never_called_a_success(stored):
    world, job, ends = world_with_job()
    outcome = world.make_result(job.job_id, b"12345")
    if stored is None:
        world.results.objects.clear()
    else:
        world.results.objects[outcome.key] = stored
    with pytest.raises(DataError):
        settle_job(job.job_id, outcome, ends)
    assert world.ledger.rows[job.job_id].status == "accepted"


def test_a_result_in_anothers_place_is_refused():
    world, job, ends = world_with_job()
    outcome = world.make_result("another", b"12345")
    with pytest.raises(DataError):
        settle_job(job.job_id, Outcome.model_validate(outcome.model_dump()), ends)


@pytest.mark.parametrize(
    ("error", "cause", "code", "detail"),
    [
        ("DataError", json.dumps({"errorMessage": "chunk 1"}), "data-error", "chunk 1"),
        ("Unavailable", "plain words", "unavailable", "plain words"),
        ("States.TaskFailed", '{"StoppedReason": "..."}', "worker-lost", None),
        ("States.Timeout", "", "worker-lost", None),
        ("Lambda.Unknown", "", "worker-lost", None),
        ("Runtime.OutOfMemory", "", "worker-lost", None),
        ("States.ExceedToleratedFailureThreshold", "", "unavailable", None),
        ("KeyError", json.dumps({"errorMessage": "arn:aws:s3:::secret"}), "internal-error", None),
    ],
)
def test_the_reason_of_a_failed_job(error, cause, code, detail):
    world, job, ends = world_with_job()
    reason = release_job(job.job_id, error, cause, ends)
    assert reason is not None
    assert reason.code == code
    assert detail is None or reason.detail == detail
    assert "arn:" not in reason.model_dump_json()
    ended = world.ledger.rows[job.job_id]
    assert (ended.status, ended.reason) == ("failed", reason)
    assert world.accounts.balance("ann-id", "2026-11").reserved_bytes == 0


def test_nothing_is_left_of_the_upload_of_a_job_that_failed():
    world, job, ends = world_with_job()
    world.results.uploads = [result_key(job.job_id, "a.nc"), result_key("another", "a.nc")]
    release_job(job.job_id, "States.Timeout", "", ends)
    assert world.results.uploads == [result_key("another", "a.nc")]


def test_nothing_is_left_of_what_a_job_that_failed_has_finished():
    world, job, ends = world_with_job()
    own, others = world.make_result(job.job_id), world.make_result("another")
    release_job(job.job_id, "States.Timeout", "", ends)
    assert set(world.results.objects) == {others.key}
    assert own.key != others.key


def test_settling_a_job_whose_result_was_removed_with_its_end_changes_nothing():
    world, job, ends = world_with_job()
    made = world.make_result(job.job_id)
    release_job(job.job_id, "States.Timeout", "", ends)
    assert settle_job(job.job_id, made, ends) == ()
    assert world.ledger.rows[job.job_id].status == "failed"


def test_a_result_that_is_delivered_is_never_removed():
    """Neither that of a job whose workflow then fails, nor one that another is served from."""
    world = World()
    leader, follower = ordered(world, 100), ordered(world, 100, BOB)
    made = world.make_result(leader.job_id)
    settle_job(leader.job_id, made, world.ports.ends)
    for job in (leader, follower):
        assert release_job(job.job_id, "States.Timeout", "", world.ports.ends) is None
    assert world.ledger.rows[follower.job_id].deliveries[0].key == made.key
    assert set(world.results.objects) == {made.key}


def test_a_job_ends_for_all_though_its_result_cannot_be_removed():
    """It is tried again; and what lies there is nobody's."""
    world = World()
    leader, follower = ordered(world, 100), ordered(world, 100, BOB)
    made = world.make_result(leader.job_id)
    world.results.report = lambda _job_id: None  # type: ignore[method-assign,assignment]
    world.results.available = False
    with pytest.raises(Unavailable):
        release_job(leader.job_id, "States.Timeout", "", world.ports.ends)
    assert world.ledger.rows[follower.job_id].status == "failed"
    assert set(world.results.objects) == {made.key}
    world.results.available = True
    assert release_job(leader.job_id, "States.Timeout", "", world.ports.ends) is None
    assert not world.results.objects


def test_bytes_are_free_before_the_results_store_answers():
    world, job, ends = world_with_job()
    world.results.report = lambda _job_id: None  # type: ignore[method-assign,assignment]
    world.results.available = False
    with pytest.raises(Unavailable):
        release_job(job.job_id, "States.Timeout", "", ends)
    assert world.accounts.balance("ann-id", "2026-11").reserved_bytes == 0


@pytest.mark.parametrize(("tier", "left"), [("small", 1), ("medium", 0), ("big", 0)])
def test_a_result_that_many_began_leaves_one_object_and_no_upload(tier: Tier, left: int):
    world, job, ends = world_with_job()
    world.ledger.rows[job.job_id] = job.model_copy(update={"tier": tier})
    outcome = world.make_result(job.job_id, b"12345")
    world.results.uploads = [outcome.key]
    assert settle_job(job.job_id, outcome, ends)
    assert len(world.results.uploads) == left


def test_a_damaged_report_does_not_keep_a_job_from_being_released():
    world, job, ends = world_with_job()

    def damaged(_job_id: str) -> None:
        raise DataError("The worker's report is damaged.")

    world.results.report = damaged  # type: ignore[method-assign,assignment]
    release_job(job.job_id, "States.TaskFailed", "", ends)
    ended = world.ledger.rows[job.job_id]
    assert (ended.status, ended.reason and ended.reason.code) == ("failed", "worker-lost")


def test_releasing_a_job_that_has_ended_changes_nothing():
    world, job, ends = world_with_job()
    settle_job(job.job_id, world.make_result(job.job_id), ends)
    assert release_job(job.job_id, "States.Timeout", "", ends) is None
    assert world.ledger.rows[job.job_id].status == "successful"
